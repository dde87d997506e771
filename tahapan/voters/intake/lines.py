"""A list as text: its encoding, its separator and its rows, a block at a time, odd rows as well as good ones."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv

from tahapan.errors import DataError, Problem
from tahapan.voters.intake.columns import Kind
from tahapan.voters.intake.heading import MOST_COLUMNS, SAMPLE, best

_SEPARATORS = ",;\t|"
_CHUNK = _BLOCK = 1 << 20  # the reader is up to 32 blocks ahead
_AT_ONCE = 50_000  # rows
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAVE_AGAIN = "Buka di Excel, lalu simpan sebagai .xlsx atau CSV UTF-8."


@dataclass(frozen=True, slots=True)
class Lines:
    """A text file that was looked through once."""

    path: Path
    encoding: str
    separator: str
    quoted: bool  # whether there is any quotation mark
    sample: tuple[tuple[str, ...], ...]

    def width(self, after: int) -> int:
        """How many cells most rows after the heading have."""
        widths = Counter(len(row) for row in self.sample[after:] if any(cell.strip() for cell in row))
        return widths.most_common(1)[0][0] if widths else len(self.sample[after - 1])

    def blocks(self, width: int, last: int, pad: int) -> Iterator[pa.Table]:
        """The rows after row ``last``: ``baris``, ``lebar`` (None: as most), ``luar`` and ``pad`` cells c0, c1, ...

        ``luar`` is what an odd row has behind these cells.
        """
        odd: list[tuple[int, str]] = []

        def keep(row: Any) -> str:
            odd.append((row.number, row.text))
            return "skip"

        names = [f"c{n}" for n in range(width)]
        number, some = 0, list[pa.Table]()
        for batch in self._opened(names, keep):
            skipped = [row for row, _ in odd]
            numbers = _numbers(number + 1, batch.num_rows, set(skipped))
            number = max([number, *numbers[-1:], *skipped])
            some += [_regular(batch, numbers, last, pad), self._odd(odd, last, pad)]
            odd.clear()
            if sum(table.num_rows for table in some) >= _AT_ONCE:
                yield pa.concat_tables(some)
                some.clear()
        yield pa.concat_tables([*some, self._odd(odd, last, pad)])

    def _opened(self, names: list[str], keep: Any) -> Iterator[pa.RecordBatch]:
        try:
            reader = arrow_csv.open_csv(
                self.path,
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=_BLOCK, column_names=names,
                    encoding="utf8" if self.encoding == "utf-8-sig" else self.encoding,
                ),
                arrow_csv.ParseOptions(
                    delimiter=self.separator, newlines_in_values=self.quoted, ignore_empty_lines=False,
                    invalid_row_handler=keep,
                ),
                arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            )  # fmt: skip
            yield from reader
        except (pa.ArrowException, UnicodeError, OSError):
            what = 'satu baris terlalu panjang: tanda kutip (") mungkin tidak ditutup, atau berkas rusak.'
            raise DataError(Problem(self.path.name, what, _SAVE_AGAIN)) from None

    def _odd(self, odd: Sequence[tuple[int, str]], last: int, pad: int) -> pa.Table:
        rows = [(number, self._split(text)) for number, text in odd if number > last]
        return table_of([(number, len(cells), cells) for number, cells in rows], pad)

    def _split(self, text: str) -> list[str]:
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.separator), [])
        except csv.Error:
            return text.split(self.separator)


def table_of(rows: Sequence[tuple[int, int | None, Sequence[str | None]]], pad: int) -> pa.Table:
    """Rows of any length as a block: (number, how many cells it has, its cells)."""
    cells = [[row[n] if n < len(row) else None for _, _, row in rows] for n in range(pad)]
    outside = [" ".join(filter(None, row[pad:])).strip() or None for _, _, row in rows]
    arrays = [
        pa.array([number for number, _, _ in rows], pa.int64()), pa.array([width for _, width, _ in rows], pa.int32()),
        pa.array(outside, pa.string()), *(pa.array(column, pa.string()) for column in cells),
    ]  # fmt: skip
    return pa.table(arrays, ["baris", "lebar", "luar", *(f"c{n}" for n in range(pad))])


def _regular(batch: pa.RecordBatch, numbers: list[int], last: int, pad: int) -> pa.Table:
    rows = batch.num_rows
    missing = [pa.nulls(rows, pa.string())] * (pad - batch.num_columns)
    arrays = [
        pa.array(numbers, pa.int64()), pa.nulls(rows, pa.int32()), pa.nulls(rows, pa.string()),
        *batch.columns, *missing,
    ]  # fmt: skip
    whole = pa.table(arrays, ["baris", "lebar", "luar", *(f"c{n}" for n in range(pad))])
    return whole.slice(sum(1 for number in numbers[:last] if number <= last))


def _numbers(first: int, count: int, skipped: set[int]) -> list[int]:
    """The next row numbers that are not among the skipped ones."""
    if not skipped:
        return list(range(first, first + count))
    everything = (number for number in range(first, first + count + len(skipped)) if number not in skipped)
    return list(islice(everything, count))


def lines_of(path: Path, kind: Kind, columns: Mapping[str, str] | None) -> Lines:
    """The file looked through; DataError when it is no text, or has no rows."""
    encoding, quoted = _looked_through(path)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        text = file.read(_CHUNK)
        whole = not file.read(1)
    ways = [(separator, _rows(text, separator, whole=whole)) for separator in _SEPARATORS]
    separator, sample = max(ways, key=lambda way: best(way[1], kind, columns)[2])
    if any(len(row) > 2 * MOST_COLUMNS for row in sample):
        raise DataError(Problem(path.name, f"lebih dari {2 * MOST_COLUMNS} kolom.", "Hapus kolom yang tidak perlu."))
    return Lines(path, encoding, separator, quoted, sample)


def _rows(text: str, separator: str, *, whole: bool) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    try:
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), SAMPLE + 1):
            rows.append(tuple(row))  # noqa: PERF401 - what was read before an error counts
    except csv.Error:
        whole = True
    return tuple(rows if whole else rows[:-1])


def _looked_through(path: Path) -> tuple[str, bool]:
    """The encoding, and whether the file has quotation marks; it is read once from end to end."""
    with path.open("rb") as file:
        head = file.read(4096)
        ways = [name for mark, name in _MARKS if head.startswith(mark)] or _without_mark(head)
        for encoding in ways:
            file.seek(0)
            decoder, quoted = codecs.getincrementaldecoder(encoding)(), False
            try:
                while chunk := file.read(_CHUNK):
                    text = decoder.decode(chunk)
                    if "\0" in text:
                        break
                    quoted = quoted or '"' in text
                else:
                    decoder.decode(b"", final=True)
                    return encoding, quoted
            except UnicodeError:
                continue
    raise DataError(Problem(path.name, "isinya bukan teks (berkas lain atau rusak).", _SAVE_AGAIN))


def _without_mark(head: bytes) -> list[str]:
    if head[1::2].count(0) * 2 > len(head) // 2:
        return ["utf-16-le"]
    if head[::2].count(0) * 2 > len(head) // 2:
        return ["utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]
