"""What was read from a Word file, as the blocks of a letter: words by their styles, the frame apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from tahapan.errors import DataError, Problem
from tahapan.letters.blocks import (
    Annex,
    Block,
    Detail,
    Details,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Span,
    Spans,
    Table,
)
from tahapan.letters.word.read import KINDS, Grid, Para, joined

# Styles in small letters, as Reader names them.
_PARAGRAPHS = {"isi surat", "isi surat lanjutan"}
_ENTRIES = {"butir 1", "butir 2", "strip 1", "strip 2"}
_OURS = {*_PARAGRAPHS, *_ENTRIES, "judul bagian"}
# What a clerk types or pastes without looking at styles is taken as a paragraph when it is plain text.
_PLAIN = {"normal", "body text", "list paragraph", "no spacing", "normal (web)", "text body", "default", "standard",
          "pemisah"}  # fmt: skip
_HEAD = {"judul surat", "nomor surat", "judul siaran", "garis nota", "alamat tujuan", "penerima", "di",
         "tempat tujuan", "salam pembuka"}  # fmt: skip
_TAIL = {"salam penutup", "tembusan", "butir tembusan", "penanda tangan", "nama penanda tangan"}
_RECIPIENTS = {"daftar penerima", "daftar penerima panjang"}
_ANNEX = {"lampiran", "keterangan lampiran", *_RECIPIENTS}
_TITLE, _RECIPIENTS_TITLE = "judul lampiran", "Daftar Penerima"
_NUMBER_BLOCK, _SIGNATURES, _DETAILS = "kepala surat", "tanda tangan", "rincian"
OUTSIDE = "Teks di luar isi"
Item = Para | Grid
Slot = tuple[str, str]  # what it is, what it says


@dataclass(slots=True)
class Found:
    """``frame``: what stands around the words; ``notes``: what was changed on the way."""

    body: list[Item] = field(default_factory=list[Item])
    annexes: list[tuple[str, list[Item]]] = field(default_factory=list[tuple[str, list[Item]]])
    frame: list[Slot] = field(default_factory=list[Slot])
    tracked: bool = False  # changes that are not yet accepted, wherever they stand
    notes: list[str] = field(default_factory=list[str])


def sorted_out(items: Sequence[Item], *, listed: bool) -> Found:
    """Words and frame by style and place: head, body, signatures, annexes."""
    found = Found(tracked=any("perubahan" in item.strange for item in items))
    if any("komentar" in item.strange for item in items):
        found.notes.append("Komentar: tidak diambil")
    items = [item for item in items if not _empty(item)]
    titles = [n for n, item in enumerate(items) if item.style == _TITLE]
    first_annex = next((n for n, item in enumerate(items) if item.style in {"lampiran", _TITLE}), len(items))
    signed = next((n for n, item in enumerate(items[:first_annex]) if item.style == _SIGNATURES), None)
    end = signed if signed is not None else _before_tail(items[:first_annex])
    start = _after_head(items[:end])
    for n, item in enumerate(items[:first_annex]):
        if start <= n < end and _is_words(item):
            found.body.append(item)
        else:
            found.frame += _slots(item)
    bounds = [*titles, len(items)]
    for item in items[first_annex : bounds[0]]:
        found.frame += _slots(item)
    for begin, stop in pairwise(bounds):
        _sort_annex(items[begin:stop], found, listed=listed)
    return found


def _sort_annex(items: Sequence[Item], found: Found, *, listed: bool) -> None:
    title, *rest = items
    assert isinstance(title, Para)
    named = title.text == _RECIPIENTS_TITLE
    holds = any(item.style in _RECIPIENTS for item in rest) and not any(map(_is_words, rest))
    if listed and (named or holds):
        found.frame += [slot for item in items for slot in _slots(item)]
        return
    found.annexes.append((title.text, [item for item in rest if _is_words(item)]))
    found.frame += [slot for item in rest if not _is_words(item) for slot in _slots(item)]


def _after_head(items: Sequence[Item]) -> int:
    """Where the words may begin: after the head, which ends before the first paragraph in a style of the words."""
    ours = next((n for n, item in enumerate(items) if item.style in _OURS or item.style == _DETAILS), len(items))
    heads = [n for n, item in enumerate(items[:ours]) if item.style in _HEAD or item.style == _NUMBER_BLOCK]
    return heads[-1] + 1 if heads else 0


def _before_tail(items: Sequence[Item]) -> int:
    return next((n for n, item in enumerate(items) if item.style in _TAIL), len(items))


def _empty(item: Item) -> bool:
    if isinstance(item, Grid):
        return not item.rows
    return not item.strange & KINDS.keys() and not item.text.strip()


def _is_words(item: Item) -> bool:
    """Also what has an unknown style, so that it is named and not lost."""
    if isinstance(item, Grid):
        return item.style not in {_NUMBER_BLOCK, _SIGNATURES}
    return item.style not in {*_HEAD, *_TAIL, *_ANNEX, _TITLE}


def _slots(item: Item) -> Iterator[Slot]:
    if isinstance(item, Para):
        name = OUTSIDE if _is_words(item) else item.style.capitalize()
        if item.text.strip():
            yield name, item.text
        for kind in sorted(item.strange & KINDS.keys()):
            yield name, f"({kind})"
        return
    for row in item.rows:
        cells = [" ".join(paragraph.text for paragraph in cell) for cell in row]
        if item.style == _NUMBER_BLOCK and len(cells) > 2:
            yield cells[0].strip() or "Kepala surat", cells[2]
            yield from (("Tempat dan tanggal", cell) for cell in cells[3:] if cell.strip())
        else:
            name = item.style.capitalize() if not _is_words(item) else OUTSIDE
            yield from ((name, paragraph.text) for cell in row for paragraph in cell if paragraph.text.strip())


# ---------------------------------------------------------------- blocks
def blocks_of(found: Found, where: str) -> tuple[tuple[Block, ...], tuple[Annex, ...]]:
    """DataError naming each kind of thing a letter cannot hold, once."""
    _refuse_strange(
        [*found.body, *(item for _, items in found.annexes for item in items)], where, tracked=found.tracked
    )
    body = _blocks(found.body, found.notes)
    annexes = tuple(Annex(title=title.strip(), blocks=_blocks(items, found.notes)) for title, items in found.annexes)
    return body, annexes


def _refuse_strange(items: Sequence[Item], where: str, *, tracked: bool) -> None:
    problems: dict[str, Problem] = {}
    if tracked:
        what, remedy = KINDS["perubahan"]
        problems["perubahan"] = Problem(where, f"berisi {what}.", remedy)
    for item in items:
        for kind in sorted(item.strange & KINDS.keys()):
            what, remedy = KINDS[kind]
            problems.setdefault(kind, Problem(where, f"berisi {what}{_near(item)}.", remedy))
        if isinstance(item, Grid):
            continue
        if item.style not in {*_OURS, *_PLAIN}:
            what = f"gaya {item.style!r} tidak dikenal{_near(item)}."
            remedy = "Pakai gaya Isi surat, Judul bagian, Butir 1, Butir 2, Strip 1 atau Strip 2."
            problems.setdefault(f"gaya {item.style}", Problem(where, what, remedy))
        if item.number and item.form not in {"number", "letter", "bullet"}:
            what = f"nomor butir berbentuk {item.form}{_near(item)}."
            problems.setdefault("bentuk", Problem(where, what, "Pakai gaya Butir 1, Butir 2, Strip 1 atau Strip 2."))
        if item.number and item.level > 1:
            what = f"daftar bertingkat lebih dari dua{_near(item)}."
            problems.setdefault("tingkat", Problem(where, what, "Ratakan daftarnya."))
    if problems:
        raise DataError(*problems.values())


def _near(item: Item) -> str:
    """The beginning of the paragraph, without digits that could be somebody's number."""
    text = item.text if isinstance(item, Para) else " ".join(p.text for row in item.rows for cell in row for p in cell)
    shown = "".join("…" if c.isdigit() else c for c in text.strip()[:40])
    return f", di dekat `{shown}`" if shown else ""


def _blocks(items: Sequence[Item], notes: list[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    entries: list[Para] = []

    def close() -> None:
        if entries:
            blocks.append(_list(entries))
            entries.clear()

    begun: set[tuple[str, str]] = set()
    for item in items:
        if isinstance(item, Para) and item.number:
            if entries and item.level == 0 and _begins(item, entries[0], begun):
                close()
            if not entries and item.form != "bullet" and _goes_on(item, begun):
                notes.append(f"Nomor daftar yang terputus mulai lagi dari awal{_near(item)}")
            begun |= {(item.number, ""), ("", item.family)}
            entries.append(item)
            continue
        close()
        blocks.append(_block(item))
    close()
    return tuple(blocks)


def _begins(item: Para, first: Para, begun: set[tuple[str, str]]) -> bool:
    """Whether a list begins here, right below another: with a number of its own that counts anew."""
    return item.form != first.form or (item.number != first.number and not _goes_on(item, begun))


def _goes_on(item: Para, begun: set[tuple[str, str]]) -> bool:
    """Whether its number counts on from what was before; LibreOffice restarts only the first entry of a list."""
    return (item.number, "") in begun or (not item.restarts and ("", item.family) in begun)


def _block(item: Item) -> Block:
    if isinstance(item, Grid):
        return _grid(item)
    if item.style == "judul bagian":
        return Heading(text=item.text)
    return Paragraph(spans=item.spans)


def _list(entries: Sequence[Para]) -> NumberedList:
    """Entries of the second level go below the entry before them; without one they are a list of their own."""
    top = min(entry.level for entry in entries[:1])
    items: list[ListItem] = []
    below: list[Para] = []

    def close() -> None:
        if below:
            items[-1] = items[-1].model_copy(update={"below": _flat(below)})
            below.clear()

    for entry in entries:
        if entry.level > top:
            below.append(entry)
        else:
            close()
            items.append(ListItem(spans=entry.spans))
    close()
    return NumberedList(style=_form(entries[0]), items=tuple(items))


def _flat(entries: Sequence[Para]) -> NumberedList:
    return NumberedList(style=_form(entries[0]), items=tuple(ListItem(spans=entry.spans) for entry in entries))


def _form(entry: Para) -> Literal["number", "letter", "bullet"]:
    return "bullet" if entry.form == "bullet" else "letter" if entry.form == "letter" else "number"


def _grid(grid: Grid) -> Table | Details:
    rows = [tuple(_cell(cell) for cell in row) for row in grid.rows]
    colons = all(len(row) == 3 and _text(row[1]).strip() == ":" for row in rows)
    if grid.style == _DETAILS or colons:
        details = [Detail(label=_text(row[0]), spans=row[-1]) for row in rows if any(map(_text, row[:1] + row[-1:]))]
        return Details(rows=tuple(details))
    header, *others = rows
    return Table(header=header, rows=tuple(others))


def _cell(paragraphs: Sequence[Para]) -> Spans:
    """One text; paragraphs of a cell are joined by a space."""
    spans: list[Span] = []
    for paragraph in paragraphs:
        if paragraph.text:
            spans += [Span(text=" "), *paragraph.spans] if spans else paragraph.spans
    return joined(spans)


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)
