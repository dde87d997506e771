"""Evidence is copied under its hash, then written down: of a finished duty, of a signed letter."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tahapan import journal, progress, register
from tahapan.characters import clean
from tahapan.checklist import Duty
from tahapan.errors import DataError, MachineError, Problem, Refused
from tahapan.home import Home
from tahapan.letters.bundle import sha256
from tahapan.plan import Plan
from tahapan.register import ENDED, LetterRow
from tahapan.store.engine import writing
from tahapan.store.tables import surat_berkas

MOST_BYTES = 25 * 1024 * 1024
SIGNED = "ttd"
PICTURES = ("jpg", "png", "pdf")  # what can show a signature or a message


def tick(home: Home, plan: Plan, duty: Duty, files: Iterable[Path], by: str, on: dt.date, at: dt.datetime) -> None:
    """Finish the duty; Refused without the evidence it wants, DataError for a file that cannot be evidence."""
    name = clean(by, "--oleh")
    if not name:
        raise DataError(Problem("--oleh", "nama kosong.", "Tulis siapa yang menandai selesai."))
    evidence = keep(home, files, "--bukti")
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        progress.finish(connection, office, duty, on, name, evidence)
        journal.write(
            connection, office, at=at, who=name, what="butir selesai", subject=duty.key, detail={"bukti": evidence}
        )


def sign(home: Home, plan: Plan, letter_id: str, file: Path, by: str, on: dt.date, at: dt.datetime) -> LetterRow:
    """File the signed copy of a numbered letter; the same file again changes nothing."""
    who = clean(by, "--oleh")
    if not who:
        raise DataError(Problem("--oleh", "nama kosong.", "Tulis siapa yang memasukkan berkasnya."))
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        if not row.numbered or row.state in ENDED:
            what = f"berstatus {row.state}."
            remedy = "Hanya surat bernomor yang tidak batal dapat diberi berkas bertanda tangan."
            raise Refused(Problem(f"surat {row.id}", what, remedy))
        [(name, digest)] = keep(home, [file], "--file")
        filed = surat_berkas.c.office == office, surat_berkas.c.surat == row.id, surat_berkas.c.sha256 == digest
        if connection.execute(surat_berkas.select().where(*filed, surat_berkas.c.jenis == SIGNED)).first():
            return row
        connection.execute(
            surat_berkas.insert().values(
                office=office, surat=row.id, jenis=SIGNED, name=name, sha256=digest, filed_on=on, filed_by=who
            )
        )
        if row.state == "disetujui":
            register.set_state(connection, office, row.id, "ditandatangani", row.note)
        detail = {"berkas": name, "sha256": digest}
        journal.write(connection, office, at=at, who=who, what="ditandatangani", subject=row.id, detail=detail)
        return register.letter(connection, office, row.id)


def keep(home: Home, files: Iterable[Path], where: str, only: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Copies in ``bukti/``: name and hash of each file; DataError for every file that cannot be evidence.

    ``only``: the kinds of files that will do, others are refused.
    """
    paths = tuple(files)
    if faults := [fault for path in paths for fault in _faults(path)]:
        raise DataError(*faults)
    names = [clean(path.name, where) for path in paths]
    return [(name, _keep(home, path)) for name, path in zip(names, paths, strict=True)]


def _faults(path: Path) -> Iterable[Problem]:
    if not path.is_file():
        yield Problem(str(path), "berkas bukti tidak ada.", "Periksa nama dan foldernya.")
    elif not 0 < path.stat().st_size <= MOST_BYTES:
        yield Problem(str(path), "berkas bukti kosong atau lebih dari 25 MB.", "Kecilkan, atau pilih berkas lain.")


def _keep(home: Home, path: Path) -> str:
    """A copy in ``bukti/`` named by its content; the same file twice is kept once."""
    digest = sha256(path.read_bytes())
    target = home.bukti / f"{digest}{path.suffix.lower()}"
    if not target.exists():
        half = target.with_suffix(f".{os.getpid()}.baru")
        try:
            home.bukti.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, half)
            half.rename(target)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise MachineError(
                Problem(str(target), f"tidak dapat ditulis ({error.strerror}).", "Kosongkan disk.")
            ) from None
    return digest
