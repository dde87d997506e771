"""A spreadsheet in: its rows by the columns we know, whatever the file is; nothing is taken for what it is not."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tahapan.characters import clean
from tahapan.dates import BULAN_TERTULIS, wrong_weekdays
from tahapan.errors import DataError, Problem
from tahapan.workbook import chunks, opened

_MOST_COLUMNS, _MOST_ROWS, _HEADER_WITHIN = 60, 1_048_576, 30
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["'][A-Z]+(\d+):[A-Z]+(\d+)["']""")


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know: its name, and how its header is spelt elsewhere (letters and digits only)."""

    name: str
    spelt: tuple[str, ...]
    needed: bool = True
    instead: tuple[str, ...] = ()  # taken only when no other header fits: in most books *No.* counts the rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it is, and its cells by the names of their columns."""

    where: str
    number: int
    cells: Mapping[str, Any]

    def place(self, column: str) -> str:
        return f"{self.where}, kolom {column}"


class Formula(str):
    """What a cell computes; never taken for its result."""

    __slots__ = ()


def rows_of(path: Path, columns: Iterable[Column], named: str = "") -> Iterator[Row]:
    """Every filled row of every sheet with our columns, or of the sheet that is ``named``.

    DataError when the file is no XLSX, when no sheet has the columns, or for merged cells among the rows.
    """
    wanted = tuple(columns)
    with opened(path) as (book, archive):
        found, said = False, list[Problem]()
        sheets = [sheet for sheet in book.worksheets if not named or _plain(sheet.title) == _plain(named)]
        if named and not sheets:
            there = ", ".join(sheet.title for sheet in book.worksheets)
            raise DataError(Problem(path.name, f"tidak ada lembar {named}.", f"Yang ada: {there}. Ekspor lagi."))
        for sheet in sheets:
            sheet.reset_dimensions()  # some programs write a size that is not theirs
            where = f"lembar {sheet.title}, " if named or len(book.worksheets) > 1 else ""
            lines = sheet.iter_rows(max_col=_MOST_COLUMNS, max_row=_MOST_ROWS)
            at = _header(lines, wanted, where or "lembar pertama, ", said)
            if at is None:
                continue
            found = True
            _no_merged(archive, vars(sheet)["_worksheet_path"], at.row, where)  # openpyxl tells nobody else
            yield from _filled(lines, at, where, book.epoch)
        if not found:
            raise DataError(*said or (Problem(path.name, "tidak ada lembar kerja.", "Pilih berkas buku surat."),))


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[int, str]


def _filled(lines: Iterable[Any], at: _Header, where: str, epoch: dt.datetime) -> Iterator[Row]:
    for number, line in enumerate(lines, at.row + 1):
        cells = {name: _value(line[n], epoch) for n, name in at.columns.items() if n < len(line)}
        if any(cell not in (None, "") for cell in cells.values()):
            yield Row(f"{where}baris {number}", number, cells)


def _value(cell: Any, epoch: dt.datetime) -> Any:
    if cell.data_type == "f":
        return Formula(cell.value)
    if isinstance(cell.value, str):
        return cell.value.replace("_x000D_", " ").replace("_x005F_", "_").strip()
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return Serial(cell.value, epoch)
    return cell.value


@dataclass(frozen=True, slots=True)
class Serial:
    """A number in a cell, which may be a day as Excel counts them."""

    number: float
    epoch: dt.datetime

    def __str__(self) -> str:
        return f"{self.number:g}" if self.number != int(self.number) else f"{int(self.number)}"


def text_of(value: Any, where: str) -> str:
    """A cell as one line of text; DataError for formulas and errors of the spreadsheet."""
    if isinstance(value, Formula):
        raise DataError(Problem(where, "berisi rumus.", "Salin, lalu tempel sebagai nilai."))
    if isinstance(value, (dt.date, dt.time, bool)):
        raise DataError(
            Problem(where, f"berisi {value}, bukan teks.", "Format sel itu sebagai teks, lalu ketik ulang.")
        )
    text = clean(str(value), where) if value is not None else ""
    if re.fullmatch(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)", text):
        raise DataError(Problem(where, f"berisi kesalahan {text}.", "Ketik isinya."))
    return text


_NUMERIC = re.compile(
    r"(?:[a-zA-Z'’]+\s*,\s*)?(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"
)
_WORDS = re.compile(
    r"(?:[a-z'’]+\s*,\s*)?(?P<day>\d{1,2})[\s-]+(?P<name>[a-z]+)\.?[\s-]+(?P<year>\d{4})", re.IGNORECASE
)
_WANTED = "Tulis seperti 2024-08-21, 21-08-2024 atau 21 Agustus 2024."


def day_of(value: Any, where: str) -> dt.date:
    """The day in a cell: a date, Excel's serial number, or text (ISO, day-month-year, Indonesian); else DataError."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, Serial):
        if value.number == int(value.number) and 20_000 < value.number < 80_000:
            return (value.epoch + dt.timedelta(days=int(value.number))).date()
        raise DataError(Problem(where, f"{value} bukan tanggal.", _WANTED))
    text = text_of(value, where)
    if not text:
        raise DataError(Problem(where, "kosong.", "Isi."))
    if wrong := next(iter(wrong_weekdays(text)), None):
        raise DataError(Problem(where, f"tertulis {wrong[0]}: {wrong[1]}.", "Perbaiki harinya atau tanggalnya."))
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
        if found := _NUMERIC.fullmatch(text):
            return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
        if (found := _WORDS.fullmatch(text)) and (month := BULAN_TERTULIS.get(found["name"].lower())):
            return dt.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        raise DataError(Problem(where, f"tanggal {text} tidak ada.", "Perbaiki; hari ditulis sebelum bulan.")) from None
    raise DataError(Problem(where, f"{text!r} tidak jelas tanggalnya.", _WANTED))


def _header(lines: Iterator[Any], wanted: tuple[Column, ...], where: str, said: list[Problem]) -> _Header | None:
    """The first row that names the columns; what is missing is said of the row that comes nearest."""
    best: tuple[int, list[Problem]] = (0, [Problem(f"{where}baris 1", "tidak ada judul kolom.", _named(wanted))])
    for number, line in zip(range(1, _HEADER_WITHIN + 1), lines, strict=False):
        titles = {n: _plain(str(cell.value)) for n, cell in enumerate(line) if isinstance(cell.value, str)}
        columns, faults = _columns(titles, wanted, f"{where}baris {number}")
        if columns and not faults:
            return _Header(number, columns)
        if len(columns) > best[0]:
            best = len(columns), faults
    said += best[1]
    return None


def _columns(titles: Mapping[int, str], wanted: Iterable[Column], where: str) -> tuple[dict[int, str], list[Problem]]:
    found: dict[int, str] = {}
    faults: list[Problem] = []
    for column in wanted:
        places = [n for n, title in titles.items() if title in (_plain(column.name), *column.spelt)]
        places = places or [n for n, title in titles.items() if title in column.instead]
        if len(places) > 1:
            remedy = "Hapus salah satu, atau ganti judulnya."
            faults.append(Problem(where, f"ada {len(places)} kolom untuk {column.name}.", remedy))
        elif places:
            found[places[0]] = column.name
        elif column.needed:
            faults.append(Problem(where, f"tidak ada kolom {column.name}.", _named(wanted)))
    return found, faults


def _named(columns: Iterable[Column]) -> str:
    return f"Judul yang diperlukan: {', '.join(column.name for column in columns if column.needed)}."


def _plain(title: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", title).casefold() if sign.isalnum())


def _no_merged(archive: zipfile.ZipFile, part: str, header: int, where: str) -> None:
    for chunk in chunks(archive, archive.getinfo(part)):
        for found in _MERGED.finditer(chunk):
            if int(found[2]) >= header:
                what = f"ada sel yang digabung (baris {int(found[1])} sampai {int(found[2])})."
                raise DataError(
                    Problem(f"{where}baris {int(found[1])}", what, "Pisahkan selnya, lalu isi setiap baris.")
                )
