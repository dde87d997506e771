"""A letter's words as staff changed them, read back from Markdown or Word; nothing around the words is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from docx.document import Document as DocumentObject

from tahapan.errors import DataError, Problem
from tahapan.letters.blocks import Annex, Block, Paragraph, Span
from tahapan.letters.edited_words import Cleaner, Slot, differences, without_dateline
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown, parse_blocks
from tahapan.letters.text import escape_markdown
from tahapan.letters.word.blocks import element_of
from tahapan.letters.word.looks import Edges, Measures, Sheets
from tahapan.letters.word.open import opened, readable
from tahapan.letters.word.read import Para, Reader
from tahapan.letters.word.words import Found, Item, blocks_of, sorted_out
from tahapan.letters.word.write import document_of


@dataclass(frozen=True, slots=True)
class Edited:
    """The words; ``ignored`` names what was changed around them and was not taken over."""

    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    ignored: tuple[str, ...]


# ---------------------------------------------------------------- Markdown
_BODY, _BODY_END = "isi", "akhir isi"
_ANNEXES, _ANNEXES_END = "lampiran", "akhir lampiran"
_MARKERS = {
    _BODY: "<!-- isi: ubah hanya di antara baris ini dan baris akhir isi -->",
    _BODY_END: "<!-- akhir isi -->",
    _ANNEXES: "<!-- lampiran: tiap lampiran mulai dengan baris `# Judul` -->",
    _ANNEXES_END: "<!-- akhir lampiran -->",
}
_MARKER = re.compile(r"\s*<!--\s*(isi|akhir isi|lampiran|akhir lampiran)\b[^>]*-->\s*", re.IGNORECASE)
_HERE = "\ue000isi\ue000"  # stands for the words while the frame is made; of private use, so no letter has it


def editable_markdown(letter: Letter) -> str:
    """The whole letter as ``letter_markdown`` gives it, with lines that say where the words begin and end."""
    return _framed(letter, *words_alone(letter))


def words_alone(letter: Letter) -> tuple[str, str]:
    """The words of the letter and those of its annexes, without what is data."""
    annexes = "\n\n".join(
        f"# {escape_markdown(annex.title)}\n\n{_markdown(letter, annex.blocks)}" for annex in letter.annexes
    )
    return _markdown(letter, letter.blocks).strip(), annexes.strip()


def read_words(body: str, annexes: str, letter: Letter, where: str) -> Edited:
    """What `words_alone` gave, changed; DataError as `read_markdown`."""
    return read_markdown(_framed(letter, body, annexes), letter, where)


def _framed(letter: Letter, body: str, annexes: str) -> str:
    before, after = _frame(letter)
    parts = (
        before, _MARKERS[_BODY], body, _MARKERS[_BODY_END], after, _MARKERS[_ANNEXES], annexes, _MARKERS[_ANNEXES_END],
    )  # fmt: skip
    return "\n\n".join(filter(None, parts)) + "\n"


def _frame(letter: Letter) -> tuple[str, str]:
    """What stands before and after the words."""
    words = (Paragraph(spans=(Span(text=_HERE),)),)
    before, _, after = letter_markdown(letter.model_copy(update={"blocks": words, "annexes": ()})).partition(_HERE)
    return before.strip(), after.strip()  # a press release: the dateline stands above the words


def _markdown(letter: Letter, blocks: tuple[Block, ...]) -> str:
    bare = letter.model_copy(update={"form": "naskah", "annexes": ()})  # the form that says nothing within the words
    before, after = letter_markdown(bare.model_copy(update={"blocks": (Paragraph(spans=(Span(text=_HERE),)),)})).split(
        _HERE
    )
    return letter_markdown(bare.model_copy(update={"blocks": blocks})).removeprefix(before).removesuffix(after)


def read_markdown(text: str, letter: Letter, where: str) -> Edited:
    """The words between the marker lines; DataError when a marker is missing or doubled, or the words are no letter's."""
    before, body, between, annexes, after = _parts(text.removeprefix("\ufeff").splitlines(), where)
    blocks, stray = parse_blocks(body, f"{where}, isi")
    loose, found = parse_blocks(annexes, f"{where}, lampiran")
    if stray:
        raise DataError(
            Problem(
                f"{where}, isi",
                "memuat baris `# Judul`.",
                "Lampiran ditulis di antara baris lampiran; judul bagian `## Judul`.",
            )
        )
    if loose:
        raise DataError(Problem(f"{where}, lampiran", "tidak mulai dengan baris `# Judul`.", "Tambahkan judulnya."))
    head, tail = _frame(letter)
    kept = [*_lines(head), *_lines(tail)]
    ignored = differences(kept, [*_lines(before), *_lines(between), *_lines(after)])
    return _edited(blocks, found, ignored, letter, where)


def _parts(lines: list[str], where: str) -> tuple[str, str, str, str, str]:
    places: dict[str, list[int]] = {name: [] for name in _MARKERS}
    for n, line in enumerate(lines):
        if marker := _MARKER.fullmatch(line):
            places[marker.group(1).lower()].append(n)
    faults = [
        Problem(where, f"baris penanda `{_MARKERS[name]}` {'tidak ada' if not found else 'lebih dari satu'}.", remedy)
        for name, found in places.items()
        if len(found) != 1
        for remedy in ("Kembalikan seperti semula, satu kali saja.",)
    ]
    if not faults and sorted(places, key=lambda name: places[name]) != list(_MARKERS):
        faults = [Problem(where, "urutan baris penanda berubah.", "Kembalikan seperti semula: isi, lalu lampiran.")]
    if faults:
        raise DataError(*faults)
    bounds = [-1, *(found[0] for found in places.values()), len(lines)]
    parts = ["\n".join(lines[a + 1 : b]) for a, b in pairwise(bounds)]
    return parts[0], parts[1], parts[2], parts[3], parts[4]


def _lines(text: str) -> Iterator[Slot]:
    """Lines outside the words: a row of a table by its label, others by their place."""
    for line in text.splitlines():
        said = re.sub(r"\\(?=[^\w\s])", "", line).replace("**", "").strip()
        cells = [cell.strip() for cell in said.strip("|").split("|")] if said.startswith("|") else []
        if len(cells) > 1 and cells[0].strip("-") and cells[0]:
            yield cells[0], " | ".join(cells[1:])
        elif said.strip("|- "):
            yield "Di luar isi", said


# ---------------------------------------------------------------- Word
# Only the texts of the frame are compared, so the paper may be any.
_ANY_PAPER = Measures(
    huruf="", huruf_word="Arial", ukuran_huruf=11, jarak_baris=1.25, antar_paragraf=0.65, menjorok=12, menjorok_butir=8,
    tepi=Edges(atas=23, kiri=30, kanan=22, bawah=22), lembar=Sheets(a4=(210, 297), f4=(215, 330)),
)  # fmt: skip


def read_docx(content: bytes, letter: Letter, where: str) -> Edited:
    """The words of a Word file that was made from ``letter``.

    DataError for a file that is damaged, of another letter or of nobody's, and for what a letter cannot hold.
    """
    document = opened(content, where)
    with readable(where):
        read = _read(document)
    _check_letter(read, letter, where)
    found = sorted_out(read.items, listed=letter.listed)
    blocks, annexes = blocks_of(found, where)
    plain = letter.model_copy(
        update={"blocks": (), "annexes": tuple(annex.model_copy(update={"blocks": ()}) for annex in annexes),
                "kop": letter.kop.model_copy(update={"logo": None}), "bernomor": False}
    )  # fmt: skip
    ours = _read(document_of(plain, _ANY_PAPER, Path()))
    kept = [*sorted_out(ours.items, listed=letter.listed).frame, *ours.kop]
    ignored = [*differences(kept, [*found.frame, *read.kop]), *found.notes]
    blocks, told = without_dateline(blocks, letter, _dateline(found))
    return _edited(blocks, annexes, [*told, *ignored], letter, where)


@dataclass(frozen=True, slots=True)
class _Read:
    items: list[Item]
    kop: list[Slot]
    ids: list[str]  # of the letter, by the properties of the file
    footers: list[str]


def _read(document: DocumentObject) -> _Read:
    reader = Reader(document)
    section, about = document.sections[0], document.core_properties
    kop = [("Kop", text) for text in _texts(reader.items(element_of(section.first_page_header)))]
    footers = (section.first_page_footer, section.footer)
    said = [text.split()[0] for footer in footers for text in _texts(reader.items(element_of(footer)))]
    ours = about.category.startswith("docx ")
    ids = [about.identifier, *([about.keywords] if ours else [])]
    return _Read(list(reader.items()), kop, [one for one in ids if one], said)


def _texts(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Para):
            yield from filter(None, (item.text.strip(),))
        else:
            yield from _texts(paragraph for row in item.rows for cell in row for paragraph in cell)


def _dateline(found: Found) -> str:
    """What stands at the beginning in the style of place and date."""
    first = found.body[0] if found.body else None
    return first.dateline if isinstance(first, Para) else ""


def _check_letter(read: _Read, letter: Letter, where: str) -> None:
    """By the properties of the file, or by the footer where a program has lost them."""
    own = {letter.id, letter.id[:255]}
    if own & {*read.ids, *(read.footers if not read.ids else ())}:
        return
    other = next(iter(read.ids), "")
    what = f"berkas ini milik surat {other}, bukan {letter.id}." if other else "berkas ini bukan surat dari tahapan."
    raise DataError(Problem(where, what, "Ambil berkas Word surat ini dari tahapan, lalu ubah berkas itu."))


# ---------------------------------------------------------------- both
def _edited(
    blocks: tuple[Block, ...], annexes: tuple[Annex, ...], ignored: list[str], letter: Letter, where: str
) -> Edited:
    cleaner = Cleaner(letter, where)
    body = cleaner.blocks(blocks, "isi")
    own = tuple(cleaner.annex(annex, n) for n, annex in enumerate(annexes, 1))
    if not body:
        cleaner.faults.append(Problem(where, "isi surat kosong.", "Tulis isinya."))
    if cleaner.faults:
        raise DataError(*cleaner.faults)
    return Edited(body, own, tuple(ignored))
