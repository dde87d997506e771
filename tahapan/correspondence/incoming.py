"""The book of incoming letters: from whom, their number and day, what for; to whom it was given and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from tahapan import record, register
from tahapan.book.outgoing import replace, text_sheet
from tahapan.book.sheet import Column, day_of, rows_of, text_of
from tahapan.characters import clean, named
from tahapan.errors import DataError, NotKnown, Problem, Refused, TahapanError
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading, writing

JENIS = "surat masuk"
SHEET = "Buku surat masuk"
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Disposisi(BaseModel):
    """To which role, until which day, what to do; and when it was done by whom."""

    model_config = _MODEL

    peran: str
    sampai: dt.date
    catatan: str = ""
    selesai: dt.date | None = None
    oleh: str = ""


class Masuk(BaseModel):
    """A letter that came. ``menjawab``: the id of the letter of ours that it answers; ``acara``: a stage whose day it tells."""

    model_config = _MODEL

    dari: str
    nomor: str
    tanggal: dt.date
    diterima: dt.date
    perihal: str
    berkas: str = ""  # its hash
    nama_berkas: str = ""
    menjawab: str = ""
    acara: str = ""
    disposisi: tuple[Disposisi, ...] = ()

    @property
    def key(self) -> tuple[str, str, dt.date]:
        """What makes it the same letter: sender, number, day."""
        return self.dari.casefold(), self.nomor.casefold(), self.tanggal


@dataclass(frozen=True, slots=True)
class Incoming:
    """An entry of the book."""

    id: str
    versi: int
    isi: Masuk

    @property
    def open(self) -> tuple[Disposisi, ...]:
        """What has been given to somebody and is not done."""
        return tuple(each for each in self.isi.disposisi if each.selesai is None)


def book(home: Home, plan: Plan) -> tuple[Incoming, ...]:
    """Every letter that came, in the order in which they were written down."""
    with reading(home.engine) as connection:
        return _book(connection, plan)


def _book(connection: sa.Connection, plan: Plan) -> tuple[Incoming, ...]:
    rows = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    found = (Incoming(each.id, each.versi, Masuk.model_validate(dict(each.isi))) for each in rows)
    return tuple(sorted(found, key=lambda each: int(each.id)))


def take(
    home: Home, plan: Plan, given: Mapping[str, Any], by: str, on: dt.date, at: dt.datetime, *,
    berkas: Path | Arrival | None = None,
) -> Incoming:  # fmt: skip
    """Write a letter down; the same sender, number and day again is the entry that is there.

    ``given``: the fields of `Masuk` that a person fills in. DataError with every field that is missing or wrong; Refused
    for an answer to a letter that has no number.
    """
    who = named(by)
    isi = _checked(given, on)
    office, election = plan.office.profile.id, plan.election.id
    if isi.acara:
        plan.election.stage(isi.acara)
    kept = take_in(home, [Arrival.of(berkas)]) if berkas else []
    for name, digest in kept:
        isi = isi.model_copy(update={"berkas": digest, "nama_berkas": name})
    with writing(home.engine) as connection:
        for each in _book(connection, plan):
            if each.isi.key == isi.key:
                return each
        if isi.menjawab and not register.letter(connection, office, isi.menjawab).numbered:
            raise Refused(
                Problem("menjawab", f"surat {isi.menjawab} belum bernomor.", "Pilih surat yang sudah keluar.")
            )
        wanted = record.next_id(connection, office, election, JENIS)
        entry = record.write(connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at)
    return Incoming(entry.id, entry.versi, isi)


def _checked(given: Mapping[str, Any], on: dt.date) -> Masuk:
    faults: list[Problem] = []
    texts: dict[str, str] = {}
    for name in ("dari", "nomor", "perihal", "menjawab", "acara"):
        try:
            texts[name] = clean(str(given.get(name) or ""), name)
        except DataError as error:
            faults += error.problems
    faults += (
        Problem(name, "belum diisi.", "Salin dari suratnya.") for name in ("dari", "nomor", "perihal") if texts.get(name) == ""
    )  # fmt: skip
    written, came = given.get("tanggal"), given.get("diterima") or on
    if not isinstance(written, dt.date):
        faults.append(Problem("tanggal", "belum diisi.", "Salin tanggal suratnya."))
    elif not isinstance(came, dt.date) or came > on or written > came:
        faults.append(Problem("diterima", "bukan hari antara tanggal surat dan hari ini.", "Periksa kedua tanggalnya."))
    if faults:
        raise DataError(*faults)
    assert isinstance(written, dt.date) and isinstance(came, dt.date)
    return Masuk.model_validate({**texts, "tanggal": written, "diterima": came})


def give(
    home: Home, plan: Plan, wanted: str, peran: str, sampai: dt.date, catatan: str, by: str, on: dt.date, at: dt.datetime
) -> Incoming:  # fmt: skip
    """Give a letter to a role with a day. NotKnown for a role that is none, DataError for a day that is over."""
    if peran not in plan.office.peran:
        raise NotKnown(
            Problem("disposisi", f"peran {peran!r} tidak dikenal.", f"Pilih: {', '.join(plan.office.peran)}.")
        )
    if sampai < on:
        raise DataError(Problem("sampai", "sudah lewat.", "Tulis hari yang akan datang."))
    new = Disposisi(peran=peran, sampai=sampai, catatan=clean(catatan, "catatan"))

    def add(isi: Masuk) -> Masuk:
        return isi if new in isi.disposisi else isi.model_copy(update={"disposisi": (*isi.disposisi, new)})

    return _change(home, plan, wanted, add, f"disposisi kepada {peran}", by, at)


def finish(home: Home, plan: Plan, wanted: str, peran: str, by: str, on: dt.date, at: dt.datetime) -> Incoming:
    """What the role was given is done; Refused when it was given nothing that is open."""
    who = named(by)

    def done(isi: Masuk) -> Masuk:
        rows = [*isi.disposisi]
        for n, each in enumerate(rows):
            if each.peran == peran and each.selesai is None:
                rows[n] = each.model_copy(update={"selesai": on, "oleh": who})
                return isi.model_copy(update={"disposisi": tuple(rows)})
        raise Refused(Problem(f"surat masuk {wanted}", f"tidak ada disposisi {peran} yang terbuka.", "Lihat bukunya."))

    return _change(home, plan, wanted, done, f"disposisi {peran} selesai", by, at)


def _change(
    home: Home, plan: Plan, wanted: str, how: Callable[[Masuk], Masuk], why: str, by: str, at: dt.datetime
) -> Incoming:  # fmt: skip
    who, office, election = named(by), plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = record.latest(connection, office, election, JENIS, wanted)
        isi = how(Masuk.model_validate(dict(old.isi)))
        entry = record.write(
            connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at, alasan=why
        )  # fmt: skip
    return Incoming(entry.id, entry.versi, isi)


# --- the book as a workbook ------------------------------------------------------------------------

_WIDTHS = {
    "Agenda": 8,
    "Dari": 40,
    "Nomor": 34,
    "Tanggal": 12,
    "Diterima": 12,
    "Perihal": 60,
    "Menjawab": 40,
    "Disposisi": 50,
}
_WANTED = (
    Column("Dari", ("asal", "asalsurat", "pengirim")), Column("Nomor", ("nomorsurat", "nosurat", "no")),
    Column("Tanggal", ("tanggalsurat", "tglsurat", "tgl")), Column("Diterima", ("tanggalterima", "tglterima"), needed=False),
    Column("Perihal", ("hal", "isiringkas")),
)  # fmt: skip


def export(home: Home, plan: Plan, path: Path) -> int:
    """The book as .xlsx, every cell text; how many letters."""
    if path.suffix.lower() != ".xlsx":
        raise DataError(Problem(str(path), "bukan .xlsx.", "Tulis nama berkas berakhiran .xlsx."))
    rows = [_row(each) for each in book(home, plan)]
    replace(path, text_sheet(SHEET, _WIDTHS, rows))
    return len(rows)


def _row(each: Incoming) -> list[str]:
    isi = each.isi
    given = "; ".join(f"{d.peran} sampai {d.sampai}{' (selesai)' if d.selesai else ''}" for d in isi.disposisi)
    return [each.id, isi.dari, isi.nomor, isi.tanggal.isoformat(), isi.diterima.isoformat(), isi.perihal, isi.menjawab, given]  # fmt: skip


def import_book(home: Home, plan: Plan, path: Path, by: str, on: dt.date, at: dt.datetime) -> int:
    """Take over a book from a workbook, whole or not at all; how many letters were new. DataError with every faulty row."""
    who, office, election = named(by), plan.office.profile.id, plan.election.id
    faults: list[Problem] = []
    letters = [*_read(path, on, faults)]
    if faults:
        raise DataError(*faults)
    if not letters:
        raise Refused(Problem(path.name, "tidak ada satu surat pun.", "Isi Dari, Nomor, Tanggal, Perihal."))
    with writing(home.engine) as connection:
        there = _book(connection, plan)
        known = {each.isi.key for each in there}
        new = [isi for isi in letters if isi.key not in known]
        first = len(there) + 1
        for n, isi in enumerate(new, first):
            record.write(connection, office, election, JENIS, f"{n:03d}", isi.model_dump(mode="json"), who, at)
    return len(new)


def _read(path: Path, on: dt.date, faults: list[Problem]) -> Iterator[Masuk]:
    seen: dict[tuple[str, str, dt.date], str] = {}
    for row in rows_of(path, _WANTED):
        try:
            given: dict[str, Any] = {
                name.lower(): text_of(row.cells.get(name), row.place(name)) for name in ("Dari", "Nomor", "Perihal")
            }
            given["tanggal"] = day_of(row.cells.get("Tanggal"), row.place("Tanggal"))
            came = row.cells.get("Diterima")
            given["diterima"] = day_of(came, row.place("Diterima")) if came not in (None, "") else given["tanggal"]
            isi = _checked(given, on)
        except TahapanError as error:
            faults += (Problem(row.where, f"{p.where}: {p.what}", p.remedy) for p in error.problems)
            continue
        if (before := seen.setdefault(isi.key, row.where)) != row.where:
            faults.append(Problem(row.where, f"sama dengan {before}.", "Hapus salah satu."))
        else:
            yield isi
