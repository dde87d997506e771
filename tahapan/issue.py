"""A letter from draft to paper: drafted, renewed, numbered, written to disk, verified."""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tahapan import journal, register
from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import MachineError, Problem, Refused
from tahapan.home import Home
from tahapan.letters.bundle import Bundle, keep, renderer_of, sha256, unpack
from tahapan.letters.compose import compose, office_code, text_of
from tahapan.letters.kinds import load_details
from tahapan.letters.letter import Letter
from tahapan.letters.pdf import Paper, renderer
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of drafting: the letter's id, or the labels of the fields nobody has filled in."""

    letter_id: str
    missing: tuple[str, ...] = ()
    changed: bool = False


def letter_id_of(duty: Duty, version: int = 1) -> str:
    """From the duty key and version, never from a counter: a killed run finds the same name again."""
    return f"{duty.key}.{version}"


def values_of(home: Home, plan: Plan, duty: Duty) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The letter's own fields, from the checklist and from the office's file, and the labels still missing."""
    assert duty.item.letter
    kind = home.words(plan).kind(duty.item.letter)
    given = {**duty.item.isi, **load_details(home.details, duty.short_key)}
    values = kind.checked(given, f"kantor/acara/{duty.short_key}.toml")
    return values, tuple(field.label for field in kind.missing(given))


def draft(home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> Drafted:
    """Draft the duty's letter, or renew its draft when words, people or calendar changed.

    The text is that of the day it is to go out (or of today, when it is late). A numbered letter is left alone.
    """
    assert duty.letter_on
    letter_id = letter_id_of(duty)
    values, missing = values_of(home, plan, duty)
    if missing:
        return Drafted(letter_id, missing)
    day = max(on, duty.letter_on) if not home.gladi else duty.letter_on
    row = _draft_row(duty, _compose(home, plan, duty, values, day, letter_id, None), day, home, plan)
    with writing(home.engine) as connection:
        office = plan.office.profile.id
        changed = register.save_draft(connection, office, row)
        if changed:
            journal.write(
                connection, office, at=at, who="tahapan", what="draf", subject=letter_id, detail={"hal": row.hal}
            )
    return Drafted(letter_id, changed=changed)


def approve(home: Home, plan: Plan, letter_id: str, on: dt.date, by: str, at: dt.datetime) -> LetterRow:
    """Number the letter on day ``on``: every check runs again, then number, hash and journal in one transaction.

    A letter that has its number keeps it: the call is safe to repeat. Refused, with nothing changed, when the text
    would differ from the draft that was read, when a later letter of the series has its number, or when an
    invitation would not be out before its meeting.
    """
    office = plan.office.profile.id
    try:
        with writing(home.engine) as connection:
            _sweep(home.surat)
            row = register.letter(connection, office, letter_id)
            if not row.numbered:
                half, row = _number(home, plan, connection, row, on, by, at)
                connection.commit()
                half.replace(home.surat / row.pdf)
    except BaseException:  # whatever failed after the file was written, the database full for one
        _drop(_half_of(home.surat / f"{letter_id}.pdf"))
        raise
    ensure_file(home, row)
    return row


def _number(
    home: Home, plan: Plan, connection: Any, row: LetterRow, on: dt.date, by: str, at: dt.datetime
) -> tuple[Path, LetterRow]:
    office = plan.office.profile.id
    duty = plan.duty(f"{row.stage}.{row.item}")
    if row.state not in register.UNNUMBERED:
        raise Refused(Problem(f"surat {row.id}", f"berstatus {row.state}.", "Hanya draf yang dapat disetujui."))
    if duty.item.surat_hari and on >= duty.act_on:
        raise Refused(
            Problem(
                f"surat {row.id}",
                f"undangan untuk rapat {hari_tanggal(duty.act_on)} tidak dapat bertanggal {tanggal(on)}.",
                "Undangan harus keluar sebelum rapatnya; tetapkan hari rapat yang baru.",
            )
        )
    values, _ = values_of(home, plan, duty)
    kind = home.words(plan).kind(row.kind)
    code = office_code(plan.office, kind)
    seri = register.series(plan.office.profile.nomor, row.klas, code, on)
    urut = register.next_urut(connection, office, seri, on)
    nomor = register.number(plan.office.profile.nomor, urut, row.klas, code, on)
    letter = _compose(home, plan, duty, values, on, row.id, nomor)
    _same_text(row, letter)
    pdf = home.paper.pdf(letter)
    half = _write_half(home.surat / row.pdf, pdf)
    register.assign(
        connection, office, row.id, seri=seri, urut=urut, nomor=nomor, on=on, by=by,
        content=letter.model_dump_json(), hal=letter.hal, bundle=keep(connection, bundle_of(home, row.kind)),
        pdf_sha256=sha256(pdf),
    )  # fmt: skip
    journal.write(
        connection, office, at=at, who=by, what="setuju dan nomor", subject=row.id,
        detail={"nomor": nomor, "tanggal": on.isoformat(), "pdf_sha256": sha256(pdf)},
    )  # fmt: skip
    return half, register.letter(connection, office, row.id)


def may_approve(plan: Plan, home: Home, row: LetterRow, name: str, on: dt.date) -> str:
    """The name as the office writes it; Refused unless that person holds the signing role on that day."""
    kind = home.words(plan).kind(row.kind)
    holder = plan.office.holder(kind.ttd, on)
    if name.casefold().split() != holder.nama.casefold().split():
        raise Refused(
            Problem(
                f"surat {row.id}",
                f"{name} bukan {plan.office.peran[kind.ttd].nama} pada {tanggal(on)}.",
                f"Yang berwenang: {holder.nama}.",
            )
        )
    return holder.nama


def unfinished(home: Home, plan: Plan) -> tuple[LetterRow, ...]:
    """Letters that wait for a number, or have one and not yet their file, in the order of work."""
    with reading(home.engine) as connection:
        rows = register.letters(connection, plan.office.profile.id, plan.election.id)
    return tuple(
        row
        for row in rows
        if row.state in register.UNNUMBERED or (row.numbered and not (home.surat / row.pdf).is_file())
    )


def ensure_file(home: Home, row: LetterRow) -> None:
    """Write the archive copy again when a killed run left it out; the same bytes, or MachineError."""
    path = home.surat / row.pdf
    if not row.numbered or path.is_file():
        return
    pdf = render_again(home, row)
    if pdf is None or sha256(pdf) != row.pdf_sha256:
        raise MachineError(
            Problem(str(path), "berkas hilang dan tidak dapat dibuat ulang sama persis.", "Ambil dari cadangan.")
        )
    _write_half(path, pdf).replace(path)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``sound``: the file on disk is the one that was approved; ``again``: what rendering it again gave."""

    letter_id: str
    sound: bool
    file: str
    again: str


def verify(home: Home, row: LetterRow) -> Verdict:
    """Hash the file on disk (that is the verdict), then render again where the recorded renderer is installed."""
    path = home.surat / row.pdf
    if not path.is_file():
        return Verdict(row.id, False, "berkas tidak ada", "-")
    sound = sha256(path.read_bytes()) == row.pdf_sha256
    pdf = render_again(home, row)
    if pdf is None:
        again = "tidak dapat dibuat ulang di sini (versi pembuat PDF lain)"
    else:
        again = "sama" if sha256(pdf) == row.pdf_sha256 else "berbeda"
    return Verdict(row.id, sound, "sama dengan buku" if sound else "BERBEDA dari buku", again)


def render_again(home: Home, row: LetterRow) -> bytes | None:
    """The PDF from the register row and its bundle; None where its renderer is not installed."""
    assert row.bundle
    letter = Letter.model_validate_json(row.content)
    if row.bundle == bundle_of(home, row.kind).hash:
        return home.paper.pdf(letter)
    with reading(home.engine) as connection, tempfile.TemporaryDirectory() as folder:
        if renderer_of(connection, row.bundle) != renderer():
            return None
        unpack(connection, row.bundle, Path(folder))
        return Paper(Path(folder) / "kertas").pdf(letter)


def preview(home: Home, row: LetterRow) -> bytes:
    """The PDF to look at: the archive copy of a numbered letter, otherwise the draft, marked as one."""
    if row.numbered:
        ensure_file(home, row)
        return (home.surat / row.pdf).read_bytes()
    return home.paper.pdf(Letter.model_validate_json(row.content))


def bundle_of(home: Home, kind: str) -> Bundle:
    """What a letter of this kind is made of today (2 MB read and hashed: some milliseconds)."""
    words = {f"kata/{path.name}": path.read_bytes() for path in _word_files(home, kind)}
    folder = home.paper.folder
    paper = {
        f"kertas/{path.relative_to(folder)}": path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return Bundle(renderer(), {**words, **paper})


def _word_files(home: Home, kind: str) -> Iterable[Path]:
    for folder in reversed(home.word_folders):
        yield from (
            path
            for path in sorted(folder.glob("*.md.j2"))
            if path.name[0] == "_" or path.stem in ("dasar.md", f"{kind}.md")
        )


def _compose(
    home: Home, plan: Plan, duty: Duty, values: dict[str, Any], on: dt.date, letter_id: str, nomor: str | None
) -> Letter:
    mark = "GLADI" if home.gladi else ("" if nomor else "DRAF")
    return compose(
        plan, home.words(plan), duty, values, on,
        letter_id=letter_id, mark=mark, nomor=nomor, without_glyph=home.paper.without_glyph,
    )  # fmt: skip


def _draft_row(duty: Duty, letter: Letter, day: dt.date, home: Home, plan: Plan) -> LetterRow:
    return LetterRow(
        id=letter.id, election=duty.election, stage=duty.stage.id, item=duty.item.id, version=1, kind=letter.kind,
        state="draf", letter_on=day, klas=home.words(plan).kind(letter.kind).klas, hal=letter.hal,
        content=letter.model_dump_json(), nomor=None, tanggal=None, approved_by=None, bundle=None, pdf_sha256=None,
        note="",
    )  # fmt: skip


def _same_text(row: LetterRow, letter: Letter) -> None:
    before, now = text_of(Letter.model_validate_json(row.content)), text_of(letter)
    if before == now:
        return
    changes = [
        line
        for line in difflib.unified_diff(before, now, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    raise Refused(
        Problem(
            f"surat {row.id}",
            "isinya berubah sejak draf dibaca:\n" + "\n".join(changes) + "\n",
            "Baca draf yang baru, lalu setujui lagi.",
        )
    )


def _write_half(path: Path, content: bytes) -> Path:
    """The file beside its place, complete on disk; the caller moves it there."""
    half = _half_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        _drop(half)
        raise MachineError(
            Problem(
                str(path),
                f"tidak dapat ditulis ({error.strerror}).",
                "Kosongkan disk, lalu ulangi; belum ada nomor yang terpakai.",
            )
        ) from None
    return half


def _half_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}{_HALF}")


def _drop(half: Path) -> None:
    with contextlib.suppress(OSError):  # what kept us from writing it may keep us from removing it
        half.unlink()


def _sweep(folder: Path) -> None:
    """Remove the halves of runs that were killed; those of living processes are theirs."""
    for half in folder.glob(f"*{_HALF}"):
        owner = half.name.removesuffix(_HALF).rpartition(".")[2]
        if not Path("/proc", owner).exists():
            half.unlink(missing_ok=True)


_HALF = ".baru"
