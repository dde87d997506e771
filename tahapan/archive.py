"""The archive copies in ``surat/``: written whole, verified against the register, made again byte for byte."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tahapan import register
from tahapan.errors import MachineError, Problem
from tahapan.home import Home
from tahapan.letters.bundle import Bundle, renderer_of, sha256, unpack
from tahapan.letters.letter import Letter
from tahapan.letters.pdf import Paper, renderer
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading


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
    write_half(path, pdf).replace(path)


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


def write_half(path: Path, content: bytes) -> Path:
    """The file beside its place, complete on disk; the caller moves it there."""
    half = half_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        drop(half)
        raise MachineError(
            Problem(
                str(path),
                f"tidak dapat ditulis ({error.strerror}).",
                "Kosongkan disk, lalu ulangi; belum ada nomor yang terpakai.",
            )
        ) from None
    return half


def half_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}{_HALF}")


def drop(half: Path) -> None:
    with contextlib.suppress(OSError):  # what kept us from writing it may keep us from removing it
        half.unlink()


def sweep(folder: Path) -> None:
    """Remove the halves of runs that were killed; those of living processes are theirs."""
    for half in folder.glob(f"*{_HALF}"):
        owner = half.name.removesuffix(_HALF).rpartition(".")[2]
        if not Path("/proc", owner).exists():
            half.unlink(missing_ok=True)


_HALF = ".baru"
