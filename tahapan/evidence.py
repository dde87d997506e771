"""Ticking a duty off: its evidence is copied under its hash, then the tick is written."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tahapan import journal, progress
from tahapan.characters import clean
from tahapan.checklist import Duty
from tahapan.errors import DataError, MachineError, Problem
from tahapan.home import Home
from tahapan.letters.bundle import sha256
from tahapan.plan import Plan
from tahapan.store.engine import writing

MOST_BYTES = 25 * 1024 * 1024


def tick(home: Home, plan: Plan, duty: Duty, files: Iterable[Path], by: str, on: dt.date, at: dt.datetime) -> None:
    """Finish the duty; Refused without the evidence it wants, DataError for a file that cannot be evidence."""
    name = clean(by, "--oleh")
    if not name:
        raise DataError(Problem("--oleh", "nama kosong.", "Tulis siapa yang menandai selesai."))
    paths = tuple(files)
    if faults := [fault for path in paths for fault in _faults(path)]:
        raise DataError(*faults)
    office = plan.office.profile.id
    names = [clean(path.name, "--bukti") for path in paths]
    evidence = [(name, _keep(home, path)) for name, path in zip(names, paths, strict=True)]
    with writing(home.engine) as connection:
        progress.finish(connection, office, duty, on, name, evidence)
        journal.write(
            connection, office, at=at, who=name, what="butir selesai", subject=duty.key, detail={"bukti": evidence}
        )


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
