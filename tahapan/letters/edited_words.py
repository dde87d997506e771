"""Words that people changed, made fit for a letter: cleaned, the dateline taken off; differences told in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from tahapan.characters import clean
from tahapan.errors import DataError, Problem
from tahapan.letters.blocks import Annex, Block, Details, Heading, NumberedList, Paragraph, Span, Spans, Table
from tahapan.letters.letter import Letter

DASH = " – "
Slot = tuple[str, str]  # what it is, what it says


def place_and_date(letter: Letter) -> str:
    return ", ".join(filter(None, (letter.tempat, letter.tanggal)))


# ---------------------------------------------------------------- cleaning
class Cleaner:
    """Lets the letter's own words pass as they are, and everything else only as text from people may."""

    def __init__(self, letter: Letter, where: str) -> None:
        self.where = where
        self.faults: list[Problem] = []
        self._known = set(_all_spans(letter.blocks))
        self._known |= {spans for annex in letter.annexes for spans in _all_spans(annex.blocks)}
        self._titles = {annex.title for annex in letter.annexes} | set(_all_texts(letter))
        self._place = where

    def blocks(self, blocks: Sequence[Block], part: str) -> tuple[Block, ...]:
        cleaned: list[Block] = []
        for n, block in enumerate(blocks, 1):
            self._place = f"{self.where}, {part} bagian ke-{n}"
            cleaned.append(self._block(block))
        return tuple(block for block in cleaned if block != Paragraph(spans=()))

    def annex(self, annex: Annex, n: int) -> Annex:
        self._place = f"{self.where}, judul lampiran ke-{n}"
        title = self.text(annex.title)
        if not title:
            self.faults.append(Problem(self._place, "kosong.", "Tulis judulnya."))
        return Annex(title=title, blocks=self.blocks(annex.blocks, f"lampiran ke-{n}"))

    def _block(self, block: Block) -> Block:
        match block:
            case Paragraph():
                return Paragraph(spans=self.spans(block.spans))
            case Heading():
                return Heading(text=self.text(block.text))
            case NumberedList():
                return self._list(block)
            case Details():
                rows = (
                    row.model_copy(update={"label": self.text(row.label), "spans": self.spans(row.spans)})
                    for row in block.rows
                )
                return Details(rows=tuple(rows))
            case Table():
                header, *rows = (tuple(self.spans(cell) for cell in row) for row in (block.header, *block.rows))
                return Table(header=header, rows=tuple(rows))

    def _list(self, block: NumberedList) -> NumberedList:
        items = (
            item.model_copy(
                update={"spans": self.spans(item.spans), "below": self._list(item.below) if item.below else None}
            )
            for item in block.items
        )
        return NumberedList(style=block.style, items=tuple(items))

    def text(self, text: str) -> str:
        return text if text in self._titles else self._cleaned(text)

    def _cleaned(self, text: str) -> str:
        try:
            return clean(text, self._place)
        except DataError as error:
            self.faults += error.problems
            return text

    def spans(self, spans: Spans) -> Spans:
        """Cleaned as one text: a number may stand in two spans, a space at the border of two is one."""
        if spans in self._known:
            return spans
        faults = len(self.faults)
        self._cleaned("".join(span.text for span in spans))
        if len(self.faults) > faults:
            return spans
        cleaned: list[Span] = []
        for span in spans:
            text = clean(f"|{span.text}|", self._place)[1:-1]  # its spaces at the ends stay
            if not cleaned or cleaned[-1].text.endswith(" "):
                text = text.removeprefix(" ")
            if text:
                cleaned.append(span.model_copy(update={"text": text}))
        if cleaned:
            cleaned[-1] = cleaned[-1].model_copy(update={"text": cleaned[-1].text.removesuffix(" ")})
        return tuple(span for span in cleaned if span.text)


def _all_spans(blocks: Iterable[Block]) -> Iterator[Spans]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block.spans
            case Heading():
                pass
            case NumberedList():
                for item in block.items:
                    yield item.spans
                    yield from _all_spans((item.below,) if item.below else ())
            case Details():
                yield from (row.spans for row in block.rows)
            case Table():
                yield from (cell for row in (block.header, *block.rows) for cell in row)


def _all_texts(letter: Letter) -> Iterator[str]:
    """Headings and labels."""
    for block in (*letter.blocks, *(block for annex in letter.annexes for block in annex.blocks)):
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Details):
            yield from (row.label for row in block.rows)


# ---------------------------------------------------------------- the dateline of a press release
def without_dateline(blocks: tuple[Block, ...], letter: Letter, said: str) -> tuple[tuple[Block, ...], list[str]]:
    """Place and date before the first words of a press release are no words of it; ``said``: what stands there now."""
    if letter.form != "siaran-pers":
        return blocks, []
    kept, first = place_and_date(letter), blocks[0] if blocks else None
    text = "".join(span.text for span in first.spans) if isinstance(first, Paragraph) else ""
    if isinstance(first, Paragraph):
        if text.strip() == kept:
            return blocks[1:], []
        if text.startswith(kept + DASH):
            return (Paragraph(spans=_from(first.spans, len(kept + DASH))), *blocks[1:]), []
        if said and text.startswith(said):
            rest = _from(first.spans, len(said))
            told = [f"Tempat dan tanggal: tertulis {said.removesuffix(DASH)!r}, tetap {kept!r}"]
            return ((Paragraph(spans=rest), *blocks[1:]) if rest else blocks[1:]), told
    return blocks, [f"Tempat dan tanggal: dihapus, tetap {kept!r}"]


def _from(spans: Spans, n: int) -> Spans:
    """Without the first ``n`` characters."""
    rest: list[Span] = []
    for span in spans:
        cut, n = span.text[n:], max(0, n - len(span.text))
        if cut:
            rest.append(span.model_copy(update={"text": cut}))
    return tuple(rest)


# ---------------------------------------------------------------- differences
def differences(kept: Sequence[Slot], found: Sequence[Slot]) -> list[str]:
    """What was changed outside the words, in words: ``Nomor: tertulis '12/...', tetap '...'``."""
    told: list[str] = []
    for name in dict.fromkeys(name for name, _ in (*kept, *found)):
        ours, theirs = ([" ".join(text.split()) for slot, text in slots if slot == name] for slots in (kept, found))
        for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            if kind != "equal":
                told += _told(name, ours[a:b], theirs[c:d])
    return told


def _told(name: str, ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    both = min(len(ours), len(theirs))
    for old, new in zip(ours[:both], theirs[:both], strict=True):
        yield f"{name}: tertulis {_short(new)}, tetap {_short(old)}"
    for old in ours[both:]:
        yield f"{name}: dihapus, tetap {_short(old)}"
    for new in theirs[both:]:
        yield f"{name}: ditambah {_short(new)}, tidak diambil"


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "…")
