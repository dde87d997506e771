"""A sheet with a row per unit, out and back: what is wrong is told row by row, and all of it is taken or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tahapan.book.outgoing import replace, text_sheet
from tahapan.book.sheet import Column, Row, day_of, rows_of, text_of
from tahapan.checklist import Duty
from tahapan.content import bare_name
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem, Refused
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.ticking import Kept, Post, Return, Roll, Ticked, roll, tick_units
from tahapan.units import Names, Unit

COLUMNS = {
    "Kode": 22,
    "Kecamatan": 26,
    "Nama": 40,
    "Selesai": 10,
    "Tanggal": 14,
    "Oleh": 28,
    "Bukti": 44,
    "Catatan": 40,
}
SHEET = "Unit"
YES, NO = ("ya", "sudah", "selesai", "x", "v", "1", "true"), ("", "tidak", "belum", "-", "0", "false")
_WANTED = (
    Column("Kode", ("kodeunit", "kodewilayah", "id")),
    Column("Selesai", ("status", "sudah", "masuk")),
    Column("Tanggal", ("tgl",), needed=False),
    Column("Oleh", ("petugas", "pengawas"), needed=False),
    Column("Bukti", ("berkas", "berkasbukti", "foto"), needed=False),
    Column("Catatan", ("keterangan",), needed=False),
)


def write(now: Roll, path: Path) -> int:
    """One row for each unit as it stands, every cell text; the number of rows. Refused for a duty without units."""
    if not now.posts:
        raise Refused(Problem(now.where, "tidak punya daftar unit.", "Hanya butir per unit yang dapat ditulis."))
    if path.suffix.lower() != ".xlsx":
        raise DataError(Problem(str(path), "bukan .xlsx.", "Tulis nama berkas berakhiran .xlsx."))
    replace(path, text_sheet(SHEET, COLUMNS, [_cells(post) for post in now.posts]))
    return len(now.posts)


def _cells(post: Post) -> list[str]:
    unit, tick = post.unit, post.tick
    done = ("ya", tick.finished_on.isoformat(), tick.finished_by, tick.note) if tick else ("", "", "", "")
    files = "; ".join(dict.fromkeys(piece.name for piece in post.evidence))
    return [unit.code, unit.kecamatan or "-", unit.nama, *done[:3], files, done[3]]


def read(home: Home, plan: Plan, duty: Duty, path: Path, by: str, on: dt.date, at: dt.datetime) -> Ticked:
    """Tick the units that the sheet calls done; their evidence lies beside it, or is filed already.

    DataError with every faulty row, and then nothing is taken. A row that says nothing new changes nothing.
    """
    now = roll(home, plan, duty)
    names = now.names
    posts = {post.unit.code: post for post in now.posts}
    said: dict[str, _Said] = {}
    faults: list[Problem] = []
    for row in rows_of(path, _WANTED):
        try:
            told = _read(row, now, names, on, path.parent)
            _fits(told, posts[told.unit.code], said.get(told.unit.code))
            said[told.unit.code] = told
        except DataError as error:
            faults += error.problems
    if faults:
        raise DataError(*faults)
    returns = list(_returns(home, said, posts))
    if not returns:
        raise Refused(Problem(path.name, "tidak ada yang baru.", "Isi kolom Selesai dengan ya pada baris yang masuk."))
    return tick_units(home, plan, duty, returns, by, on, at)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one row says."""

    row: Row
    unit: Unit
    done: bool
    on: dt.date
    by: str
    note: str
    files: tuple[Path, ...]


def _read(row: Row, now: Roll, names: Names, on: dt.date, folder: Path) -> _Said:
    """One row, with all its faults at once."""
    faults: list[Problem] = []

    def cell(column: str) -> str:
        try:
            return text_of(row.cells.get(column), row.place(column))
        except DataError as error:
            faults.extend(error.problems)
            return ""

    code, done, by, note, files = (cell(column) for column in ("Kode", "Selesai", "Oleh", "Catatan", "Bukti"))
    meant = names.meant(code) if code else ()
    if not (len(meant) == 1 or faults):
        unclear = now.unclear(code or "(kosong)", meant)
        faults.append(Problem(row.place("Kode"), f"{unclear.where} {unclear.what}", unclear.remedy))
    if done.casefold() not in (*YES, *NO):
        faults.append(Problem(row.place("Selesai"), f"{done!r} tidak jelas.", "Tulis ya, atau kosongkan."))
    day = on
    if row.cells.get("Tanggal") not in (None, ""):
        try:
            day = day_of(row.cells["Tanggal"], row.place("Tanggal"))
        except DataError as error:
            faults += error.problems
        if day > on:
            faults.append(Problem(row.place("Tanggal"), f"{tanggal(day)} belum tiba.", "Perbaiki tanggalnya."))
    paths = tuple(folder / bare_name(name) for name in re.split(r"[;\n]", files) if bare_name(name))
    if faults or not meant:
        raise DataError(*faults)
    return _Said(row, meant[0], done.casefold() in YES, day, by, note, paths)


def _fits(told: _Said, post: Post, other: _Said | None) -> None:
    """DataError for a unit that another row has, a row that would undo a tick, or a file neither here nor filed."""
    faults: list[Problem] = []
    if other:
        what = f"{told.unit.code} sudah ada di {other.row.where}."
        faults.append(Problem(told.row.place("Kode"), what, "Hapus salah satu."))
    filed = {piece.name for piece in post.evidence}
    if post.tick and not told.done:
        what = f"{post.unit.nama} sudah ditandai selesai {tanggal(post.tick.finished_on)}."
        faults.append(
            Problem(told.row.place("Selesai"), what, "Batalkan dengan `tahapan done BUTIR --batal --unit KODE`.")
        )
    lost = [path.name for path in told.files if path.name not in filed and not path.is_file()]
    if lost:
        what = f"berkas {', '.join(lost)} tidak ada di folder lembar ini."
        faults.append(Problem(told.row.place("Bukti"), what, "Taruh berkasnya di sana, atau perbaiki namanya."))
    if told.files and not told.done and not lost and any(path.name not in filed for path in told.files):
        faults.append(Problem(told.row.place("Selesai"), "kosong, padahal ada buktinya.", "Tulis ya."))
    if faults:
        raise DataError(*faults)


def _returns(home: Home, said: Mapping[str, _Said], posts: Mapping[str, Post]) -> Iterator[Return]:
    """What is new: units to tick, files to keep. The files of the whole sheet are kept together or not at all."""
    new: list[tuple[_Said, list[Path]]] = []
    for code, told in said.items():
        filed = {piece.name for piece in posts[code].evidence}
        files = [path for path in told.files if path.name not in filed and path.is_file()]
        if told.done and (files or posts[code].tick is None):
            new.append((told, files))
    kept = iter(_kept(home, new))
    for told, files in new:
        yield Return(told.unit, tuple(next(kept) for _ in files), told.by, told.on, told.note)


def _kept(home: Home, new: list[tuple[_Said, list[Path]]]) -> list[Kept]:
    arrivals = [Arrival.of_path(path) for _, files in new for path in files]
    where = [told.row.place("Bukti") for told, files in new for _ in files]
    return take_in(home, [Arrival(each.name, place, each.open) for each, place in zip(arrivals, where, strict=True)])
