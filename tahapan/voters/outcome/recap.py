"""The weekly recap of findings as a workbook to be printed: per kecamatan, and per village."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tahapan.book.outgoing import as_text, without_clock

Tallied = Mapping[tuple[str, ...], Mapping[str, int]]  # place and kind -> state -> how many


def recap(
    title: str, remark: str, states: Sequence[str], per_district: Tallied, per_village: Tallied, chart: bytes
) -> bytes:
    """XLSX: numbers as numbers, the rest as text; A4 landscape with its heading on every page; the same bytes for the same rows.

    Keys of ``per_district``: kecamatan, kind; of ``per_village``: kecamatan, village, kind. ``chart``: a PNG for a third
    sheet.
    """
    from openpyxl import Workbook
    from openpyxl.drawing.image import Image

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, heads, rows in (
        ("Per kecamatan", ("Kecamatan", "Pemeriksaan"), per_district),
        ("Per nagari", ("Kecamatan", "Nagari", "Pemeriksaan"), per_village),
    ):
        _sheet(
            book.create_sheet(name), title, remark, (*heads, *states, "Jumlah"), list(_lines(rows, states)), len(heads)
        )
    picture = Image(io.BytesIO(chart))
    picture.width, picture.height = picture.width // 2, picture.height // 2
    sheet = book.create_sheet("Grafik")
    sheet.add_image(picture, "A1")
    _landscape(sheet)
    raw = io.BytesIO()
    book.save(raw)
    return without_clock(raw)


def _lines(rows: Tallied, states: Sequence[str]) -> Iterable[tuple[str | int, ...]]:
    for place, counts in rows.items():
        numbers = [counts.get(state, 0) for state in states]
        yield (*(part or "(kosong)" for part in place), *numbers, sum(numbers))


def _sheet(
    sheet: Any, title: str, remark: str, heads: Sequence[str], rows: Sequence[tuple[str | int, ...]], texts: int
) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    edge = Border(**dict.fromkeys(("left", "right", "top", "bottom"), Side(style="thin", color="AAAAAA")))
    sheet.append([as_text(title)])
    sheet.append([as_text(remark)])
    sheet.append([])
    sheet.append([*heads])
    for row in rows:
        sheet.append([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    columns = zip(*(row[texts:] for row in rows), strict=True) if rows else ()
    sheet.append(["Jumlah", *[""] * (texts - 1), *map(sum, columns)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"].font = Font(color="666666")
    for line in sheet.iter_rows(min_row=4):
        for cell in line:
            cell.border = edge
            if isinstance(cell.value, str):
                cell.data_type = "s"
            else:
                cell.number_format = "#,##0"
    for line in (4, sheet.max_row):
        for cell in sheet[line]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="EEEEEE")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for n in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(n)].width = 36 if n <= texts else 14
    sheet.freeze_panes = sheet.cell(5, texts + 1)
    sheet.print_title_rows = "1:4"
    _landscape(sheet)


def _landscape(sheet: Any) -> None:
    """A4, as many pages long as it takes and one wide."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Halaman &P dari &N"
