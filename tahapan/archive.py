"""The archive copies in ``surat/``: written whole, verified against the register, made again byte for byte."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tahapan import register
from tahapan.errors import DataError, MachineError, Problem, Refused
from tahapan.home import Home
from tahapan.letters.bundle import Bundle, renderer_of, sha256, unpack
from tahapan.letters.compose import annexed_sheets
from tahapan.letters.letter import SEAL_WORD, Letter
from tahapan.letters.pdf import TYPST, Paper
from tahapan.letters.word.write import WRITER, docx
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tahapan.store.tables import surat_berkas


@dataclass(frozen=True, slots=True)
class Copies:
    """A letter on paper and as a Word file."""

    pdf: bytes
    docx: bytes


def render(paper: Paper, letter: Letter) -> Copies:
    """Both files of a letter; the same letter and paper give the same bytes."""
    return Copies(paper.pdf(letter), docx(letter, paper.folder))


def unfinished(home: Home, plan: Plan) -> tuple[LetterRow, ...]:
    """Letters that wait for a number, or have one and not yet their file, in the order of work."""
    return tuple(
        row
        for row in home.book(plan.election.id)
        if row.state in register.UNNUMBERED or any(not path.is_file() for path, _ in _copies(home, row))
    )


def _copies(home: Home, row: LetterRow) -> list[tuple[Path, str]]:
    """The files a numbered letter of ours has, with their hashes; none for one written elsewhere."""
    pair = ((row.pdf, row.pdf_sha256), (row.docx, row.docx_sha256))
    return [(home.surat / name, digest) for name, digest in pair if digest]


def ensure_file(home: Home, row: LetterRow) -> None:
    """Write the archive copies again when a killed run left them out; the same bytes, or MachineError."""
    lost = [(path, digest) for path, digest in _copies(home, row) if not path.is_file()]
    if not lost:
        return
    copies = render_again(home, row)
    for path, digest in lost:
        content = _of(copies, path) if copies else b""
        if sha256(content) != digest:
            what = "berkas hilang dan tidak dapat dibuat ulang sama persis."
            raise MachineError(Problem(str(path), what, "Ambil dari cadangan."))
        private = Letter.model_validate_json(row.content).confidential
        write_half(path, content, private=private).replace(path)


def _of(copies: Copies, path: Path) -> bytes:
    return copies.docx if path.suffix == ".docx" else copies.pdf


@dataclass(frozen=True, slots=True)
class Verdict:
    """``sound``: the files on disk are those that were approved; ``again``: what rendering them again gave."""

    letter_id: str
    sound: bool
    file: str
    again: str


def verify(home: Home, row: LetterRow) -> Verdict:
    """Hash the files on disk (that is the verdict), then render again where the recorded renderer is installed."""
    if not row.ours:
        return _verify_filed(home, row)
    wrong = [said for path, digest in _copies(home, row) if (said := _look(path, digest))]
    copies = render_again(home, row)
    if copies is None:
        again = "tidak dapat dibuat ulang di sini (versi pembuatnya lain)"
    else:
        same = all(sha256(_of(copies, path)) == digest for path, digest in _copies(home, row))
        again = "sama" if same else "berbeda"
    return Verdict(row.id, not wrong, "; ".join(wrong) or "sama dengan buku", again)


def _look(path: Path, digest: str) -> str:
    """What is wrong with a file; "" when it is the one of the book."""
    name = path.suffix[1:].upper()
    if not path.is_file():
        return f"{name} tidak ada"
    return "" if sha256(path.read_bytes()) == digest else f"{name} BERBEDA dari buku"


def _verify_filed(home: Home, row: LetterRow) -> Verdict:
    """A letter written elsewhere: the files that were handed in."""
    query = sa.select(surat_berkas.c.name, surat_berkas.c.sha256).where(
        surat_berkas.c.office == home.office.profile.id, surat_berkas.c.surat == row.id
    )
    with reading(home.engine) as connection:
        filed = connection.execute(query.order_by(surat_berkas.c.id)).all()
    wrong = [f"{name}: {said}" for name, digest in filed if (said := _look(home.kept(digest, name), digest))]
    said = "sama dengan buku" if filed else "ditulis di luar, tanpa berkas"
    return Verdict(row.id, not wrong, "; ".join(wrong) or said, "-")


def read_seal(home: Home, plan: Plan, text: str) -> LetterRow:
    """The letter that a QR speaks of; Refused when the book has none so, or its content is another."""
    where = "QR"
    parts = text.split()
    if len(parts) != 3 or parts[0] != SEAL_WORD:
        raise DataError(Problem(where, f"{text[:80]!r} bukan teks dari kaki surat.", "Pindai QR di kaki surat."))
    with reading(home.engine) as connection:
        row = register.letter(connection, plan.office.profile.id, parts[1])
    if not row.ours or Letter.model_validate_json(row.content).seal != " ".join(parts):
        said = "surat itu belum bernomor" if not row.numbered else f"isinya lain daripada surat {row.nomor} di buku"
        raise Refused(Problem(where, f"{said}.", "Surat ini mungkin diubah atau palsu: mintalah aslinya."))
    return row


def render_again(home: Home, row: LetterRow) -> Copies | None:
    """Both files from the register row and its bundle; None where its renderer is not installed."""
    with _paper_of(home, row) as paper:
        return render(paper, Letter.model_validate_json(row.content)) if paper else None


def single_copy(home: Home, row: LetterRow, penerima: str) -> bytes:
    """PDF of a numbered letter as one addressee gets it: under *Yth.* they alone, the seal that of the archive copy.

    MachineError where the renderer that made the archive copy is not installed.
    """
    letter = Letter.model_validate_json(row.content)
    alone = letter.model_copy(update={"kepada": tuple(who for who in letter.kepada if who.id == penerima)})
    with _paper_of(home, row) as paper:
        if paper is None:
            remedy = "Kirim salinan arsipnya, atau pasang versi lama."
            raise MachineError(Problem(f"surat {row.id}", "dibuat dengan versi pembuat yang lain.", remedy))
        return paper.pdf(alone.model_copy(update={"lampiran": annexed_sheets(alone)}), seal=letter.seal)


@contextlib.contextmanager
def _paper_of(home: Home, row: LetterRow) -> Generator[Paper | None]:
    """The paper that a numbered letter was made on; None where its renderer is not installed."""
    assert row.bundle
    if row.bundle == bundle_of(home, row.kind).hash:
        yield home.paper
        return
    with reading(home.engine) as connection, tempfile.TemporaryDirectory() as folder:
        if renderer_of(connection, row.bundle) != renderer():
            yield None
            return
        unpack(connection, row.bundle, Path(folder))
        yield Paper(Path(folder) / "kertas")


def preview(home: Home, row: LetterRow) -> Copies:
    """The files to look at: the archive copies of a numbered letter, otherwise the draft, marked as one."""
    if row.numbered and row.docx_sha256:
        ensure_file(home, row)
        return Copies((home.surat / row.pdf).read_bytes(), (home.surat / row.docx).read_bytes())
    return render(home.paper, Letter.model_validate_json(row.content))


def renderer() -> str:
    """Name and version of what makes the files: other versions may make them differently."""
    return f"{TYPST}; {WRITER}"


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


def write_half(path: Path, content: bytes, *, private: bool = False) -> Path:
    """The file beside its place, complete on disk; the caller moves it there. ``private``: only its owner reads it."""
    half = half_of(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as file:
            if private:
                os.fchmod(file.fileno(), 0o600)
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
