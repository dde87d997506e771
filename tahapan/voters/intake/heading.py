"""Where a list begins: the row with the headers, one line or two, below whatever titles stand above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tahapan.errors import DataError, Problem
from tahapan.voters.intake.columns import NAMED, Kind, guess, known, masked, score

WITHIN = 20
SAMPLE = 200 + 2 * WITHIN  # rows to look at before a list is read
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """The headers, the place of each known column, and the last row (from 1) that is not yet data."""

    headers: tuple[str, ...]
    at: Mapping[str, int]
    last: int
    points: int


def heading(rows: Sequence[Sequence[str]], kind: Kind, columns: Mapping[str, str] | None, where: str) -> Heading:
    """The heading among the first rows; DataError when none names the columns, or two claim one place."""
    headers, last, points = best(rows, kind, columns)
    if not points:
        what = f"tidak ada baris judul {NAMED[kind]} di {WITHIN} baris pertama."
        raise DataError(Problem(where, what, "Tulis judul di atas kolomnya, paling sedikit: nama."))
    if len(headers) > MOST_COLUMNS:
        raise DataError(Problem(where, f"lebih dari {MOST_COLUMNS} kolom.", "Hapus kolom yang tidak perlu."))
    try:
        at = guess(headers, kind, columns)
    except DataError as error:
        raise DataError(*(Problem(f"{where}, {p.where}", p.what, p.remedy) for p in error.problems)) from None
    return Heading(headers, at, last + _numbered(rows[last : last + 1]), points)


def best(
    rows: Sequence[Sequence[str]], kind: Kind, columns: Mapping[str, str] | None
) -> tuple[tuple[str, ...], int, int]:
    """The headers of the row, or of the two, that name most columns, the last row of them, and how many they name."""
    first = rows[:WITHIN]
    points = [score(row, kind, columns) for row in first]
    found = max(range(len(first)), key=lambda n: points[n], default=0)
    chosen = (_trimmed(first[found]) if first else (), found + 1, points[found] if first else 0)
    for n, row in enumerate(first):
        if points[n] > 1 and n + 1 < len(rows):  # its merged cells have their own titles below
            both = _both(row, rows[n + 1], kind, columns)
            if (many := score(both, kind, columns)) > chosen[2]:
                chosen = both, n + 2, many
    return chosen


def _both(above: Sequence[str], below: Sequence[str], kind: Kind, columns: Mapping[str, str] | None) -> tuple[str, ...]:
    headers: list[str] = []
    over = ""
    for n in range(max(len(above), len(below))):
        one, two = (line[n].strip() if n < len(line) else "" for line in (above, below))
        over = one or over
        ways = [f"{over} {two}", f"{two} {over}", two, *filter(None, [one])] if two else [one]
        headers.append(next((way for way in ways if known(way, kind, columns)), ways[0]))
    return _trimmed(headers)


def _trimmed(headers: Sequence[str]) -> tuple[str, ...]:
    end = max((n for n, header in enumerate(headers, 1) if header.strip()), default=0)
    return tuple(" ".join(header.split()) for header in headers[:end])


def _numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Whether this row only counts the columns: *(1) (2) (3)*."""
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    counted = [match[1] for cell in cells if (match := re.fullmatch(r"\(?(\d{1,3})\)?", cell))]
    return len(cells) > 2 and counted == [str(n) for n in range(1, len(cells) + 1)]


def shown(headers: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    """These headers as they may be shown; one without a title by its place."""
    return tuple(masked(headers[n]) or f"(kolom ke-{n + 1})" for n in places)
