"""A list of voters or of deaths as people have it, into a table: every row, what is wrong with it told beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from tahapan.errors import DataError, Problem
from tahapan.voters.intake.columns import Kind, guess
from tahapan.voters.intake.filling import List, Taken, take
from tahapan.voters.intake.heading import heading
from tahapan.voters.intake.lines import lines_of
from tahapan.voters.intake.table import MOST_BYTES, MOST_UNPACKED, filled, sheet_of
from tahapan.workbook import opened

__all__ = ["Kind", "Taken", "guess", "read"]

_PACKAGE, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(
    con: duckdb.DuckDBPyConnection, path: Path, kind: Kind, table: str, columns: Mapping[str, str] | None = None
) -> Taken:
    """The list in ``table`` (made anew), its faults in ``masalah``, in one transaction; DataError when it is no such list.

    ``columns`` (column to header) says what the headers do not; an empty header: not to be read.
    """
    if _form(path) == "xlsx":
        with opened(path, MOST_BYTES, MOST_UNPACKED, computed=True) as (book, _):
            sheet = sheet_of(book, kind, columns, path.name)
            rows = List(path.name, kind, sheet.heading, sheet.sample, filled(sheet.sample[sheet.heading.last :]))
            return take(con, table, rows, sheet.blocks(sheet.heading.last, rows.cells), sheet.others)
    lines = lines_of(path, kind, columns)
    head = heading(lines.sample, kind, columns, path.name)
    rows = List(path.name, kind, head, lines.sample, lines.width(head.last), lines.separator if lines.quoted else "")
    return take(con, table, rows, lines.blocks(rows.usual, head.last, rows.cells))


def _form(path: Path) -> str:
    """``xlsx`` or ``teks`` by the content; DataError for any other."""
    import filetype

    if not path.is_file():
        raise DataError(Problem(str(path), "berkas tidak ada.", "Periksa nama dan foldernya."))
    with path.open("rb") as file:
        start = file.read(8192)
    remedy = "Simpan sebagai .xlsx atau CSV; mengganti akhiran nama saja tidak cukup."
    if not start.strip():
        raise DataError(Problem(path.name, "berkas kosong.", "Ambil lagi dari asalnya."))
    if start.startswith(_PACKAGE):
        return "xlsx"
    if start.startswith(_OLD_OFFICE):
        what = "berkas Excel lama (.xls) atau berkas bersandi."
        raise DataError(Problem(path.name, what, "Buka di Excel, lalu simpan sebagai .xlsx tanpa kata sandi."))
    if start.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise DataError(Problem(path.name, "isinya halaman web, bukan daftar.", f"Buka di Excel. {remedy}"))
    guessed = None if start.startswith((b"\xff\xfe", b"\xfe\xff")) else filetype.guess(start)
    if guessed:
        raise DataError(Problem(path.name, f"isinya {guessed.extension.upper()}, bukan daftar.", remedy))
    return "teks"
