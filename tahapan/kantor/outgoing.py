"""The office folder out: kantor.xlsx, one sheet for each thing people fill in."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from tahapan.book.outgoing import as_text, replace, without_clock
from tahapan.errors import DataError, Problem
from tahapan.kantor.files import OfficeFiles
from tahapan.kantor.sheets import SHEETS, Kolom, Lembar

HEADER = 3  # above it what the sheet is, and what each column is for
_SPARE = 200  # empty rows below with their list of choices
_FORMATS = {"teks": "@", "tanggal": "dd-mm-yyyy", "angka": "0"}
_SHADE, _GREY = "DCE6F1", "595959"


def export_office(folder: Path, path: Path) -> None:
    """Write the workbook; the same folder gives the same bytes."""
    from openpyxl import Workbook

    if path.suffix.lower() != ".xlsx":
        raise DataError(Problem(str(path), "bukan .xlsx.", "Tulis nama berkas berakhiran .xlsx."))
    files = OfficeFiles.read(folder)
    book = Workbook()
    book.remove(book.worksheets[0])
    for lembar in SHEETS:
        _fill(book.create_sheet(lembar.nama), lembar, files)
    raw = io.BytesIO()
    book.save(raw)
    replace(path, without_clock(raw))


def _fill(sheet: Any, lembar: Lembar, files: OfficeFiles) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(wrap_text=True, vertical="top")
    _put(sheet.cell(1, 1), lembar.arti).font = Font(bold=True)
    for n, kolom in enumerate(lembar.kolom, 1):
        column = sheet.column_dimensions[get_column_letter(n)]
        column.width, column.number_format = kolom.lebar, _FORMATS[kolom.jenis]  # also for the rows still empty
        column.alignment = wrapped
        what, header = _put(sheet.cell(2, n), kolom.arti), _put(sheet.cell(HEADER, n), kolom.nama)
        what.font, what.alignment = Font(italic=True, color=_GREY), wrapped
        header.font, header.fill = Font(bold=True), PatternFill("solid", fgColor=_SHADE)
    sheet.row_dimensions[2].height = 45
    rows = list(lembar.rows(files))
    for line, row in enumerate(rows, HEADER + 1):
        for n, (kolom, value) in enumerate(zip(lembar.kolom, row, strict=True), 1):
            cell = _put(sheet.cell(line, n), value if value != "" else None)
            cell.number_format, cell.alignment = _FORMATS[kolom.jenis], wrapped
            if kolom.arti in ("Hanya dibaca.", "Tidak diubah."):
                cell.font = Font(color=_GREY)
    _offer(sheet, lembar.kolom, HEADER + len(rows) + _SPARE)
    sheet.freeze_panes = f"A{HEADER + 1}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER}:{HEADER}"


def _put(cell: Any, value: str | int | dt.date | None) -> Any:
    """A text is never a formula, whatever it begins with."""
    cell.value = as_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _offer(sheet: Any, columns: tuple[Kolom, ...], last: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for n, kolom in enumerate(columns, 1):
        if kolom.pilihan:
            choice = DataValidation(type="list", formula1=f'"{",".join(kolom.pilihan)}"', allow_blank=True)
            letter = get_column_letter(n)
            choice.add(f"{letter}{HEADER + 1}:{letter}{last}")
            sheet.add_data_validation(choice)
