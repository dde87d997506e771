"""How wide text is in Arial, near enough to share out the columns of a table as the PDF does."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Widths of the characters from space to ~ in thousandths of the size; everything else counts as a digit.
_ARIAL = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_OTHER, _BOLD = 556, 1.08
_POINT = 25.4 / 72
SIGNED = "tanda tangan"  # the column in which people sign
_SIGNATURE, _BY_HAND = 38.0, 24.0  # millimetres of a column for signatures, and of one that is filled in by hand
CELL, ASIDE = 10, 2 * 2.2 + 0.4  # size of the text in a table; white and rules beside it, millimetres


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Millimetres."""
    units = sum(_ARIAL[ord(c) - 32] if " " <= c <= "~" else _OTHER for c in text)
    return units / 1000 * size * _POINT * (_BOLD if bold else 1)


def label_width(labels: Sequence[str], size: float) -> float:
    """Of the widest label, at most 55 mm."""
    return min(55.0, max((text_width(label, size) for label in labels), default=0.0))


def columns(header: Sequence[str], rows: Sequence[Sequence[str]], total: float) -> list[float]:
    """Widths of the columns: none narrower than its longest word; what is left goes first to those that need least."""
    wants = [_wanted(head, [row[i] for row in rows]) for i, head in enumerate(header)]
    low, high = 0.0, total
    for _ in range(20):
        middle = (low + high) / 2
        if sum(_at_most(wants, middle)) <= total:
            low = middle
        else:
            high = middle
    found = _at_most(wants, low)
    weights = [max(0.01, width - 12) for width in found]  # a column of numbers stays narrow
    spare = total - sum(found)
    return [width + spare * weight / sum(weights) for width, weight in zip(found, weights, strict=True)]


def _at_most(wants: Sequence[tuple[float, float]], cap: float) -> list[float]:
    return [max(least, min(natural, cap)) for least, natural in wants]


def _wanted(head: str, cells: Sequence[str]) -> tuple[float, float]:
    """The least width of a column and the one it would like."""
    words = re.sub(r"/(?=[^\W\d_])", "/ ", " ".join((head, *cells))).split(" ")
    least = max(_inner(word, bold=True) for word in sorted(words, key=len)[-2:])
    natural = max([_inner(head, bold=True), *(_inner(cell) for cell in sorted(cells, key=len)[-2:])])
    if head.lower() == SIGNED:
        least = max(least, _SIGNATURE)
    return least, max(least, natural, _BY_HAND if not any(cells) else 0)


def _inner(text: str, *, bold: bool = False) -> float:
    return text_width(text, CELL, bold=bold) + ASIDE


_NUMBER = re.compile(r"(\d{1,3}(\.\d{3})*|\d+)(,\d+)?\s?%?")


def cell_style(head: str, cells: Sequence[str]) -> str:
    """Style of the cells of a column: in the middle for running numbers, right for amounts, else left."""
    if head.strip(".") in {"No", "Nomor urut"}:
        return "Sel tengah"
    numbers = [bool(_NUMBER.fullmatch(cell.strip())) for cell in cells]
    blank = [cell.strip() in {"", "-", "–"} for cell in cells]
    return "Sel angka" if any(numbers) and all(map(any, zip(numbers, blank, strict=True))) else "Sel tabel"
