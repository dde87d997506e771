"""The rows of the workbook as texts, days and numbers; what they change, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from tahapan.book.sheet import Column, Row, Serial, day_of, rows_of, text_of
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem
from tahapan.kantor.files import Page, Step
from tahapan.kantor.sheets import KANTOR, NONE, SHEETS, Cell, Kolom, Lembar
from tahapan.reading import parse

M = TypeVar("M", bound=BaseModel)
ADDED, EDITED, CLOSED, REMOVED = "ditambah", "diubah", "ditutup", "dihapus"
RESTORE = "Kembalikan barisnya, atau ekspor lagi."
_LONGEST = 2000  # a group of all parties and offices takes some hundred


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that becomes different: on which sheet, of whom, and what it was."""

    lembar: str
    apa: str
    siapa: str
    kolom: str
    dulu: str
    kini: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its cells as texts, days and numbers, by the keys of its columns."""

    row: Row
    values: Mapping[str, Cell]

    def text(self, key: str) -> str:
        return str(self.values.get(key) or "")


@dataclass(slots=True)
class Found:
    """What a workbook says against the files: changes with the steps that make them, or faults."""

    changes: list[Change] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)

    def change(self, change: Change, file: str, do: Callable[[Page], None]) -> None:
        self.changes.append(change)
        self.steps.append(Step(file, do))

    def fault(self, where: str, what: str, remedy: str) -> None:
        self.faults.append(Problem(where, what, remedy))

    def model(self, model: type[M], data: Mapping[str, Any], line: Line, lembar: Lembar) -> M | None:
        """The row as the file knows it; its faults are told by column."""
        try:
            return parse(model, {key: value for key, value in data.items() if value is not None}, line.row.where)
        except DataError as error:
            self.faults += (replace(one, where=_by_column(one.where, lembar)) for one in error.problems)
            return None


def read_rows(path: Path) -> tuple[dict[str, list[Line]], list[Problem]]:
    """The rows of every sheet, and every cell that holds what it cannot; sheets with such cells are left out."""
    faults: list[Problem] = []
    read: dict[str, list[Line]] = {}
    for lembar in SHEETS:
        columns = [Column(kolom.nama, (), needed=bool(kolom.key) or lembar is KANTOR) for kolom in lembar.kolom]
        before = len(faults)
        try:
            lines = [_line(row, lembar, faults) for row in rows_of(path, columns, lembar.nama)]
        except DataError as error:
            faults += error.problems
        else:
            if len(faults) == before:
                read[lembar.nama] = lines
    return read, faults


def _line(row: Row, lembar: Lembar, faults: list[Problem]) -> Line:
    values: dict[str, Cell] = {}
    for kolom in lembar.kolom:
        try:
            values[kolom.key or kolom.nama] = _typed(kolom, row.cells.get(kolom.nama), row.place(kolom.nama))
        except DataError as error:
            faults += error.problems
    return Line(row, values)


def _typed(kolom: Kolom, value: Any, where: str) -> Cell:
    if value is None or value == "":
        return None
    if kolom.jenis == "tanggal":
        return day_of(value, where)
    if kolom.jenis == "angka":
        said = str(value) if isinstance(value, Serial) else text_of(value, where)
        if not re.fullmatch(r"\d{1,6}", said):
            raise DataError(Problem(where, f"{said!r} bukan angka bulat.", "Tulis seperti 12, tanpa titik atau koma."))
        return int(said)
    if isinstance(value, Serial):
        what = f"tertulis sebagai angka ({value}); angka nol di depan atau di belakang bisa hilang."
        raise DataError(Problem(where, what, "Format sel itu sebagai teks, lalu ketik ulang."))
    text = text_of(value, where)
    if len(text) > _LONGEST:
        raise DataError(Problem(where, f"terlalu panjang ({len(text)} huruf).", f"Persingkat sampai {_LONGEST} huruf."))
    return text or None


def _by_column(where: str, lembar: Lembar) -> str:
    """``baris 5, kunci telepon`` -> ``baris 5, kolom Telepon``."""
    return re.sub(r"kunci (\w+)", lambda found: f"kolom {lembar.kolom_of(found[1])}", where)


def spoken(value: Any) -> str:
    """A value as people read it in a table of changes."""
    if isinstance(value, dt.date):
        return tanggal(value)
    if isinstance(value, list):
        return ", ".join(value) or NONE
    return "" if value is None else str(value)
