"""A list as a workbook: the rows of its first sheet that has a heading, a block at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from tahapan.errors import DataError, Problem
from tahapan.voters.intake.columns import Kind
from tahapan.voters.intake.heading import SAMPLE, Heading, best, heading
from tahapan.voters.intake.lines import table_of

MOST_BYTES, MOST_UNPACKED = 200 << 20, 3 << 30  # a million rows of fourteen columns are 1 GB of XML
_BLOCK = 20_000
_EXACT = 10**15  # Excel keeps fifteen digits of a number


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that is read, its first rows, and the names of others that have a heading too."""

    title: str
    sample: tuple[tuple[str, ...], ...]
    heading: Heading
    others: tuple[str, ...]
    book: Any

    def blocks(self, last: int, pad: int) -> Iterator[pa.Table]:
        """The filled rows after row ``last``, with ``pad`` cells."""
        lines = enumerate(_lines(self.book[self.title]), 1)
        rows = ((number, cells) for number, cells in lines if number > last and any(cells))
        while block := list(islice(rows, _BLOCK)):
            yield table_of([(number, None, cells) for number, cells in block], pad)


def sheet_of(book: Any, kind: Kind, columns: Mapping[str, str] | None, where: str) -> Sheet:
    """The first sheet with a heading; DataError of the one that comes nearest when there is none."""
    said: list[tuple[int, DataError]] = []
    found: Sheet | None = None
    others: list[str] = []
    for sheet in book.worksheets:
        sample = tuple(islice(_lines(sheet), SAMPLE))
        if found:
            others += [sheet.title] * (best(sample, kind, columns)[2] > 1)
            continue
        try:
            at = heading(sample, kind, columns, f"{where}, lembar {sheet.title}")
        except DataError as error:
            said.append((best(sample, kind, columns)[2], error))
        else:
            found = Sheet(sheet.title, sample, at, (), book)
    if found:
        return Sheet(found.title, found.sample, found.heading, tuple(others), book)
    if said:
        raise max(said, key=lambda one: one[0])[1]
    raise DataError(Problem(where, "tidak ada lembar kerja.", "Pilih berkas yang berisi daftarnya."))


def _lines(sheet: Any) -> Iterator[tuple[str, ...]]:
    sheet.reset_dimensions()  # some programs write a size that is not theirs
    for row in sheet.iter_rows(values_only=True):
        yield tuple([_written(value) for value in row])


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", " ").replace("_x005F_", "_") if "_x" in value else value
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for NaN
            return str(value)
        if value == int(value):
            whole = int(value)
            return f"{whole:.5E}" if abs(whole) >= _EXACT and whole % 10 == 0 else str(whole)
        return repr(value)
    return str(value)


def filled(rows: Sequence[Sequence[str]]) -> int:
    """The place behind the last filled cell of any of these rows."""
    return max((n for n, cell in chain.from_iterable(enumerate(row, 1) for row in rows) if cell.strip()), default=0)
