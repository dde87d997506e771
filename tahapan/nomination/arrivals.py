"""Who came to register, at what hour, with what result; late or in time against the cut-off of that very day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from tahapan import day, details, record
from tahapan.characters import clean, named
from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, jam, tanggal
from tahapan.details import read_day
from tahapan.elections import Stage
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.nomination.pairs import Pair, found, pairs
from tahapan.nomination.papers import known, papers_of
from tahapan.plan import Plan
from tahapan.register import latest
from tahapan.store.engine import reading, writing

JENIS = "kedatangan"
LHP, RELEASE = "laporan-hasil-pengawasan", "siaran-pers"
LONGEST = 500
T = TypeVar("T")
_OURS = re.compile(
    r"[Pp]ukul \d\d\.\d\d \w+ .*datang mendaftar.*; dokumen pendaftarannya di|tidak ada yang datang mendaftar\.$"
)


def registration(plan: Plan) -> Stage:
    """The stage on whose days pairs come to register; NotKnown for an election without one."""
    return plan.election.stage(papers_of(plan).pendaftaran)


class Kedatangan(BaseModel):
    """One arrival; ``jam`` is the local hour, ``sebab`` why the papers went back, ``pengawas`` who watched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pasangan: str
    hari: dt.date
    jam: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    siapa: str = ""
    hasil: Literal["diterima", "dikembalikan"]
    sebab: str = ""
    pengawas: str
    batal: bool = False  # written by mistake


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry of the log with what follows from it."""

    id: str
    versi: int
    isi: Kedatangan
    pair: Pair
    tutup: str | None
    oleh: str
    at: dt.datetime
    alasan: str

    @property
    def late(self) -> bool:
        """After the hour at which that day closed; the closing minute itself is in time."""
        return self.tutup is not None and self.tutup != "24:00" and self.isi.jam > self.tutup

    @property
    def said(self) -> str:
        return f"terlambat (tutup {jam(self.tutup or '')})" if self.late else "tepat waktu"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form or a command was given."""

    pasangan: str
    hari: str
    jam: str
    siapa: str = ""
    hasil: str = "diterima"
    sebab: str = ""
    pengawas: str = ""


def log(home: Home, plan: Plan) -> tuple[Arrival, ...]:
    """Every arrival that counts, by its moment."""
    with reading(home.engine) as connection:
        return _log(connection, plan)


def _log(connection: sa.Connection, plan: Plan) -> tuple[Arrival, ...]:
    entries = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    there, stage = pairs(connection, plan), registration(plan)
    rows = (_arrival(stage, there, each) for each in entries)
    return tuple(
        sorted((row for row in rows if not row.isi.batal), key=lambda row: (row.isi.hari, row.isi.jam, row.id))
    )


def _arrival(stage: Stage, among: Iterable[Pair], entry: record.Entry) -> Arrival:
    isi = Kedatangan.model_validate(dict(entry.isi))
    tutup = stage.closes_at(isi.hari)
    return Arrival(entry.id, entry.versi, isi, found(among, isi.pasangan), tutup, entry.oleh, entry.at, entry.alasan)


def versions(home: Home, plan: Plan, wanted: str) -> tuple[Arrival, ...]:
    """How an entry was corrected, the first words first."""
    with reading(home.engine) as connection:
        there, stage = pairs(connection, plan), registration(plan)
        kept = record.versions(connection, plan.office.profile.id, plan.election.id, JENIS, wanted)
        return tuple(_arrival(stage, there, each) for each in kept)


def note(home: Home, plan: Plan, typed: Typed, by: str, on: dt.date, at: dt.datetime) -> Arrival:
    """Write an arrival down; the same one again is the one that is there.

    DataError with every field that is missing or wrong; Refused for a moment that is still to come, a day on which
    nobody registers, and a pair that is in the log at that minute with another result.
    """
    who = named(by)
    with writing(home.engine) as connection:
        isi = _checked(connection, plan, typed, who, on, at, home.gladi is not None)
        for each in _log(connection, plan):
            if (each.isi.pasangan, each.isi.hari, each.isi.jam) == (isi.pasangan, isi.hari, isi.jam):
                if each.isi == isi:
                    return each
                remedy = f"Betulkan catatan {each.id} itu, jangan mencatat dua kali."
                raise Refused(Problem("kedatangan", f"sudah tercatat dengan isi lain (catatan {each.id}).", remedy))
        office, election = plan.office.profile.id, plan.election.id
        wanted = record.next_id(connection, office, election, JENIS)
        entry = record.write(connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at)
        return _arrival(registration(plan), pairs(connection, plan), entry)


def correct(
    home: Home, plan: Plan, wanted: str, typed: Typed | None, alasan: str, by: str, on: dt.date, at: dt.datetime, *,
    seen: int | None = None,
) -> Arrival:  # fmt: skip
    """Put an entry right (``typed`` None: it should not be there); what was written before stays, with the reason."""
    who, why = named(by), clean(alasan, "alasan")
    if not why:
        raise DataError(Problem("alasan", "kosong.", "Tulis mengapa dibetulkan; catatan lama tetap tersimpan."))
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = record.latest(connection, office, election, JENIS, wanted)
        isi = (
            {**old.isi, "batal": True}
            if typed is None
            else _checked(connection, plan, typed, who, on, at, home.gladi is not None).model_dump(mode="json")
        )
        entry = record.write(connection, office, election, JENIS, wanted, isi, who, at, alasan=why, seen=seen)
        return _arrival(registration(plan), pairs(connection, plan), entry)


def _checked(
    connection: sa.Connection, plan: Plan, typed: Typed, who: str, on: dt.date, at: dt.datetime, rehearsed: bool
) -> Kedatangan:
    faults: list[Problem] = []

    def of(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DataError as error:
            faults.extend(error.problems)
            return None

    pair = found(pairs(connection, plan), typed.pasangan)
    when = of(lambda: read_day(typed.hari, "hari")) if typed.hari.strip() else None
    if when is None and not faults:
        faults.append(Problem("hari", "belum diisi.", "Tulis seperti 28 Agustus 2024."))
    hour = re.fullmatch(r"([01]?\d|2[0-3])[.:]([0-5]\d)", typed.jam.strip())
    if hour is None:
        said = "belum diisi." if not typed.jam.strip() else f"{typed.jam.strip()[:20]!r} bukan jam."
        faults.append(Problem("jam", said, "Tulis jam kedatangannya, seperti 11.25."))
    texts = {
        name: of(lambda name=name: clean(getattr(typed, name), name)) or "" for name in ("siapa", "sebab", "pengawas")
    }
    faults += (Problem(name, "terlalu panjang.", f"Paling banyak {LONGEST} huruf.") for name, text in texts.items() if len(text) > LONGEST)  # fmt: skip
    if typed.hasil not in ("diterima", "dikembalikan"):
        faults.append(Problem("hasil", "belum dipilih.", "Pilih diterima atau dikembalikan."))
    if typed.hasil == "dikembalikan" and not texts["sebab"]:
        faults.append(Problem("sebab", "belum diisi.", "Tulis mengapa berkasnya dikembalikan."))
    if faults:
        raise DataError(*faults)
    assert when and hour
    clock = f"{int(hour[1]):02}:{hour[2]}"
    _possible(plan, when, clock, on, at, rehearsed)
    return Kedatangan(
        pasangan=pair.id, hari=when, jam=clock, siapa=texts["siapa"], hasil="diterima" if typed.hasil == "diterima" else "dikembalikan", sebab=texts["sebab"],
        pengawas=texts["pengawas"] or who,
    )  # fmt: skip


def _possible(plan: Plan, when: dt.date, clock: str, on: dt.date, at: dt.datetime, rehearsed: bool) -> None:
    moment = dt.datetime.combine(when, dt.time.fromisoformat(clock), ZoneInfo(plan.office.profile.timezone))
    if when > on if rehearsed else moment > at:
        raise Refused(
            Problem("jam", f"{tanggal(when)} pukul {jam(clock)} belum lewat.", "Catat sesudah mereka datang.")
        )
    days = registration(plan).days
    if when not in days:
        open_days = ", ".join(map(tanggal, days))
        raise Refused(Problem("hari", f"{tanggal(when)} bukan hari pendaftaran.", f"Harinya: {open_days}."))


# --- what the log tells: the LHP of the day, the press release -------------------------------------


def sentence(arrival: Arrival, zone: str, calon: str) -> str:
    """One arrival in a full sentence, with the word of the day for who came."""
    isi, pair = arrival.isi, f"{calon} {arrival.pair.isi.nama}"
    came = f"{_inside(isi.siapa)} datang mendaftarkan {pair}" if isi.siapa else f"{pair} datang mendaftar"
    came = f"Pukul {jam(isi.jam)} {zone} {came}"
    if arrival.late:
        came += f", sesudah pendaftaran hari itu ditutup pukul {jam(arrival.tutup or '')} {zone}"
    done = "dokumen pendaftarannya diterima" if isi.hasil == "diterima" else "dokumen pendaftarannya dikembalikan"
    why = f" karena {isi.sebab.rstrip('.; ')}" if isi.sebab else ""
    return f"{came}; {done}{why}."


_COMMON = ("rombongan", "pengurus", "petugas", "tim", "ketua", "pimpinan", "partai", "perwakilan", "gabungan", "para")


def _inside(who: str) -> str:
    """Inside a sentence: a common word at the beginning is no name."""
    first = who.partition(" ")[0]
    return who[0].lower() + who[1:] if first.lower() in _COMMON else who


def report_days(plan: Plan) -> Mapping[str, dt.date]:
    """The reports of the registration, by their duty: of which day each is."""
    return {duty.short_key: duty.due for duty in _duties(plan, LHP) if duty.due in duty.stage.days}


def _duties(plan: Plan, letter: str) -> tuple[Duty, ...]:
    """The duties of the registration whose letter is of that kind."""
    stage = registration(plan).id
    return tuple(duty for duty in plan.duties if duty.stage.id == stage and duty.item.letter == letter)


def fill_report(home: Home, plan: Plan, duty: Duty, by: str, on: dt.date, at: dt.datetime) -> int:
    """Put the arrivals of its day into a report, or those of all days into the press release; how many.

    Only sentences that came from the log are replaced; what people wrote stays before them. Refused for another duty.
    """
    days, releases = report_days(plan), [each.short_key for each in _duties(plan, RELEASE)]
    of_day = days.get(duty.short_key)
    if of_day is None and duty.short_key not in releases:
        fit = ", ".join([*days, *releases])
        raise Refused(Problem(f"butir {duty.short_key}", "tidak memuat kedatangan.", f"Pilih: {fit}."))
    rows = [each for each in log(home, plan) if of_day in (None, each.isi.hari)]
    zone, calon = plan.office.profile.zona, plan.sebutan.on(on, plan.election)["calon"]
    lines = [sentence(each, zone, calon) for each in rows]
    if of_day is None:
        lines = [line.replace("Pukul", f"{hari_tanggal(each.isi.hari)}, pukul", 1) for line, each in zip(lines, rows, strict=True)]  # fmt: skip
    if of_day is not None and not rows:
        lines = [f"Sampai pendaftaran hari itu ditutup pukul {jam(registration(plan).closes_at(of_day) or '')} {zone}, tidak ada yang datang mendaftar."]  # fmt: skip
    field = "uraian" if of_day else "paragraf"
    fields = {each.id: each for each in details.form(home, plan, duty)}
    written = fields[field].value or ()
    own = [str(each) for each in written if not _OURS.search(str(each))]
    texts: dict[str, details.Typed] = {field: details.as_text([*own, *lines], fields[field].field)}
    day.fill_in(home, plan, duty, texts, by, on, at)
    return len(rows)


def fill_reports(home: Home, plan: Plan, by: str, on: dt.date, at: dt.datetime) -> list[str]:
    """`fill_report` for every day until ``on`` on which somebody came, and after the last one for the press release.

    What has its number is left alone. The faults, in words.
    """
    if not known(plan):
        return []
    came, stage = {each.isi.hari for each in log(home, plan)}, registration(plan)
    wanted = [plan.duty(key) for key, when in report_days(plan).items() if when <= on and when in came]
    if came and on >= stage.days[-1]:
        wanted += _duties(plan, RELEASE)
    faults: list[str] = []
    for duty in wanted:
        with reading(home.engine) as connection:
            row = latest(connection, plan.office.profile.id, duty)
        if row and row.numbered:
            continue
        try:
            fill_report(home, plan, duty, by, on, at)
        except TahapanError as error:
            faults += map(str, error.problems)
    return faults
