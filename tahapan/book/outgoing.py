"""The book out: every numbered letter as one row of an XLSX or CSV file, all cells text."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tahapan import register
from tahapan.characters import no_formula
from tahapan.errors import DataError, MachineError, Problem
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.register import LAIN, LetterRow
from tahapan.store.engine import reading

COLUMNS: dict[str, tuple[int, Callable[[LetterRow], str | None]]] = {
    "Nomor": (34, lambda row: row.nomor),
    "Tanggal": (12, lambda row: row.tanggal.isoformat() if row.tanggal else ""),
    "Klasifikasi": (12, lambda row: row.klas),
    "Perihal": (60, lambda row: row.hal),
    "Kepada": (50, lambda row: row.kepada),
    "Jenis": (24, lambda row: row.kind),
    "Status": (15, lambda row: row.state),
    "Penanda tangan": (28, lambda row: row.approved_by),
    "Keterangan": (40, lambda row: row.note),
    "Id": (40, lambda row: row.id),
    "SHA-256 PDF": (20, lambda row: row.pdf_sha256),
    "SHA-256 DOCX": (20, lambda row: row.docx_sha256),
}
SHEET = "Buku surat keluar"
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a spreadsheet would read as a character
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of the parts of the file, so that the same book has the same bytes
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def export_book(home: Home, plan: Plan, path: Path, year: int | None = None) -> int:
    """Write the book, of one year or whole, in the order of series, number and late insert; the number of rows."""
    write = {".xlsx": _xlsx, ".csv": _csv}.get(path.suffix.lower())
    if write is None:
        raise DataError(
            Problem(str(path), "bukan .xlsx dan bukan .csv.", "Tulis nama berkas berakhiran salah satunya.")
        )
    kinds = {name: file.kind.nama for name, file in home.kinds.items()} | {LAIN: "Ditulis di luar tahapan"}
    with reading(home.engine) as connection:
        rows = [
            _cells(row, kinds)
            for _, row in register.in_order(connection, plan.office.profile.id)
            if year is None or (row.tanggal and row.tanggal.year == year)
        ]
    replace(path, write(rows))
    return len(rows)


def _cells(row: LetterRow, kinds: Mapping[str, str]) -> list[str]:
    cells = {name: read(row) or "" for name, (_, read) in COLUMNS.items()}
    return list((cells | {"Jenis": kinds.get(row.kind, row.kind)}).values())


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark Excel looks for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(no_formula, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    return text_sheet(SHEET, {name: width for name, (width, _) in COLUMNS.items()}, rows)


def text_sheet(title: str, widths: Mapping[str, int], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet: named columns of these widths, every cell text, the same bytes for the same rows."""
    return text_book(widths, {title: rows})


def text_book(widths: Mapping[str, int], sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """The same with several sheets of these columns, by their titles."""
    from openpyxl import Workbook
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for n, width in enumerate(widths.values(), 1):
            sheet.column_dimensions[get_column_letter(n)].width = width
        sheet.freeze_panes = "A2"

        def text(value: str, sheet: Any = sheet) -> Cell:
            cell = WriteOnlyCell(sheet, as_text(value))
            cell.data_type, cell.number_format = "s", "@"
            return cell

        header = [text(name) for name in widths]
        for cell in header:
            cell.font = Font(bold=True)
        sheet.append(header)
        for row in rows:
            sheet.append([text(cell) for cell in row])
    raw = io.BytesIO()
    book.save(raw)
    return without_clock(raw)


def as_text(value: str) -> str:
    """What a cell of type text has to hold to be read as ``value``."""
    return _ESCAPED.sub("_x005F_", value)


def without_clock(raw: io.BytesIO) -> bytes:
    """The same package without the time it was written at."""
    stable = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            part = zipfile.ZipInfo(name, _MOMENT)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, content)
    return stable.getvalue()


def replace(path: Path, content: bytes) -> None:
    """Put the file there, whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}.baru")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise MachineError(
            Problem(
                str(path), f"tidak dapat ditulis ({error.strerror}).", "Periksa foldernya; tutup bila sedang dibuka."
            )
        ) from None
