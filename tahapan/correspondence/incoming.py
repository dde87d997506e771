"""The book of incoming letters: from whom, their number and day, what for; to whom it was given and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from tahapan import day, progress, record, register, ticking
from tahapan.book.outgoing import replace, text_sheet
from tahapan.book.sheet import Column, day_of, rows_of, text_of
from tahapan.characters import clean, named
from tahapan.dispositions import JENIS, STAGE, Disposisi, Given, given_in
from tahapan.errors import DataError, NotKnown, Problem, Refused, TahapanError
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.progress import DutyRow
from tahapan.register import ENDED
from tahapan.store.engine import reading, writing

SHEET = "Buku surat masuk"
ANSWERED = "dijawab"
_MODEL = ConfigDict(frozen=True, extra="forbid")


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
class Task:
    """A disposition as the duty that it is: when it was done and by whom, None while it is open."""

    given: Given
    selesai: dt.date | None
    oleh: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """An entry of the book, with what it was given to people for."""

    id: str
    versi: int
    isi: Masuk
    tasks: tuple[Task, ...] = ()

    @property
    def open(self) -> tuple[Given, ...]:
        """What has been given to somebody and is not done."""
        return tuple(each.given for each in self.tasks if each.selesai is None)


def book(home: Home, plan: Plan) -> tuple[Incoming, ...]:
    """Every letter that came, in the order in which they were written down."""
    with reading(home.engine) as connection:
        return _book(connection, plan)


def _book(connection: sa.Connection, plan: Plan) -> tuple[Incoming, ...]:
    office, election = plan.office.profile.id, plan.election.id
    duties = progress.duty_rows(connection, office, election)
    rows = sorted(record.entries(connection, office, election, JENIS), key=lambda row: int(row.id))
    return tuple(_incoming(row, duties) for row in rows)


def _incoming(row: record.Entry, duties: Mapping[str, DutyRow]) -> Incoming:
    tasks: list[Task] = []
    for given in given_in(row.id, row.isi):
        duty = duties.get(given.key)
        tasks.append(Task(given, duty.finished_on if duty else None, (duty.finished_by if duty else "") or ""))
    return Incoming(row.id, row.versi, Masuk.model_validate(dict(row.isi)), tuple(tasks))


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
        if isi.menjawab:
            _answered(connection, plan, isi.menjawab)
    return Incoming(entry.id, entry.versi, isi)


def _answered(connection: sa.Connection, plan: Plan, letter_id: str) -> None:
    """A letter of ours is `dijawab` when as many have answered as were asked."""
    row = register.letter(connection, plan.office.profile.id, letter_id)
    senders = {each.isi.dari.casefold() for each in _book(connection, plan) if each.isi.menjawab == letter_id}
    asked = len(Letter.model_validate_json(row.content).kepada) if row.ours else 1
    if len(senders) >= asked and row.state not in ENDED:
        register.set_state(connection, plan.office.profile.id, letter_id, ANSWERED, row.note)


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
    new = Disposisi(peran=peran, pada=on, sampai=sampai, catatan=clean(catatan, "catatan"))
    who, office, election = named(by), plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = record.latest(connection, office, election, JENIS, wanted)
        isi = Masuk.model_validate(dict(old.isi))
        if new not in isi.disposisi:
            isi = isi.model_copy(update={"disposisi": (*isi.disposisi, new)})
        said = isi.model_dump(mode="json")
        record.write(connection, office, election, JENIS, wanted, said, who, at, alasan=f"disposisi kepada {peran}")
    day.open_duties(home, home.plan(election), on, at, STAGE)
    return _one(home, plan, wanted)


def finish(home: Home, plan: Plan, wanted: str, peran: str, by: str, on: dt.date, at: dt.datetime) -> Incoming:
    """What the role was given is done; Refused when it was given nothing that is open."""
    found = next((each for each in _one(home, plan, wanted).open if each.disposisi.peran == peran), None)
    if found is None:
        raise Refused(Problem(f"surat masuk {wanted}", f"tidak ada disposisi {peran} yang terbuka.", "Lihat bukunya."))
    ticking.tick(home, home.plan(plan.election.id), home.plan(plan.election.id).duty(found.key), [], by, on, at)
    return _one(home, plan, wanted)


def _one(home: Home, plan: Plan, wanted: str) -> Incoming:
    with reading(home.engine) as connection:
        office, election = plan.office.profile.id, plan.election.id
        row = record.latest(connection, office, election, JENIS, wanted)
        return _incoming(row, progress.duty_rows(connection, office, election))


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
    given = "; ".join(
        f"{task.given.disposisi.peran} sampai {task.given.disposisi.sampai}{' (selesai)' if task.selesai else ''}"
        for task in each.tasks
    )
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
