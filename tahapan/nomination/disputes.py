"""The dispute desk: requests as they come in, registered, and the clocks that run for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from tahapan import record
from tahapan.characters import clean, named
from tahapan.clocks import Pause, clock, ends
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading, writing

JENIS = "sengketa"
DESK_OPENS, DESK_CLOSES = dt.time(8), dt.time(16)  # local interpretation (DOMAIN 1.6)
Keadaan = Literal["diterima", "diperbaiki", "diregister", "diputus", "tidak dapat diterima", "dicabut"]
KEADAAN: tuple[Keadaan, ...] = get_args(Keadaan)
NEXT: Mapping[Keadaan, tuple[Keadaan, ...]] = {
    "diterima": ("diperbaiki", "diregister", "tidak dapat diterima", "dicabut"),
    "diperbaiki": ("diregister", "tidak dapat diterima", "dicabut"),
    "diregister": ("diputus", "dicabut"),
    "diputus": (), "tidak dapat diterima": (), "dicabut": (),
}  # fmt: skip
# The clock that runs while a request stands at a state.
_CLOCKS: Mapping[Keadaan, str] = {"diregister": "putusan-sengketa", "diputus": "gugatan-pttun"}
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Permohonan(BaseModel):
    """A request: against which decision of which moment, brought when, and what became of it at which moment."""

    model_config = _MODEL

    pemohon: str  # in what capacity: bakal pasangan calon, partai; a name only where it is public
    keputusan: str
    keputusan_pada: dt.datetime
    diterima_pada: dt.datetime
    keadaan: Keadaan = "diterima"
    pada: dt.datetime
    nomor: str = ""
    catatan: str = ""
    berhenti: tuple[tuple[dt.datetime, dt.datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs for a request: until when."""

    nama: str
    sampai: dt.datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the register with its clocks."""

    id: str
    versi: int
    isi: Permohonan
    in_time: bool
    clocks: tuple[Running, ...]


def register(home: Home, plan: Plan) -> tuple[Request, ...]:
    """Every request, in the order in which they came."""
    with reading(home.engine) as connection:
        rows = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    return tuple(_request(plan, each) for each in rows)


def window(plan: Plan, decided: dt.datetime) -> dt.datetime:
    """Until when a request against a decision of that moment may be brought."""
    return ends(clock("permohonan-sengketa"), decided, plan.kalender)


def _request(plan: Plan, entry: record.Entry) -> Request:
    isi = Permohonan.model_validate(dict(entry.isi))
    return Request(
        entry.id, entry.versi, isi, isi.diterima_pada <= window(plan, isi.keputusan_pada), _clocks(plan, isi)
    )


def _clocks(plan: Plan, isi: Permohonan) -> tuple[Running, ...]:
    name = _CLOCKS.get(isi.keadaan)
    if name is None:
        return ()
    pauses = tuple(Pause(first, last) for first, last in isi.berhenti)
    return (Running(clock(name).nama, ends(clock(name), isi.pada, plan.kalender, pauses=pauses)),)


def receive(
    home: Home, plan: Plan, pemohon: str, keputusan: str, decided: dt.datetime, came: dt.datetime, by: str,
    at: dt.datetime,
) -> Request:  # fmt: skip
    """Write down a request that is brought; also one that comes too late, or while the desk is closed: a person decides.

    DataError for an empty field; Refused for a moment to come, or before the decision it is against.
    """
    who, names = named(by), {"pemohon": clean(pemohon, "pemohon"), "keputusan": clean(keputusan, "keputusan")}
    if empty := [name for name, text in names.items() if not text]:
        raise DataError(
            *(Problem(name, "belum diisi.", "Tulis siapa memohon, dan keputusan yang mana.") for name in empty)
        )
    if came > at:
        raise Refused(Problem("jam", "belum lewat.", "Catat sesudah permohonannya diterima."))
    if came < decided:
        raise Refused(Problem("jam", "mendahului keputusan yang dimohonkan.", "Periksa hari dan jamnya."))
    isi = Permohonan(
        pemohon=names["pemohon"], keputusan=names["keputusan"], keputusan_pada=decided, diterima_pada=came, pada=came
    )
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        for each in record.entries(connection, office, election, JENIS):
            old = Permohonan.model_validate(dict(each.isi))
            if (old.pemohon, old.keputusan, old.diterima_pada) == (isi.pemohon, isi.keputusan, isi.diterima_pada):
                return _request(plan, each)
        wanted = record.next_id(connection, office, election, JENIS)
        entry = record.write(connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at)
    return _request(plan, entry)


def move(
    home: Home, plan: Plan, wanted: str, keadaan: str, pada: dt.datetime, by: str, at: dt.datetime, *, nomor: str = "",
    catatan: str = "",
) -> Request:  # fmt: skip
    """The next state of a request and its moment; *diregister* needs its number, every end a note.

    Refused for a state that cannot follow, or a moment before the last one.
    """
    who, note, number = named(by), clean(catatan, "--catatan"), clean(nomor, "--nomor")
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = Permohonan.model_validate(dict(record.latest(connection, office, election, JENIS, wanted).isi))
        record.check_step(f"sengketa {wanted}", old.keadaan, NEXT[old.keadaan], keadaan, old.pada, pada, at)
        if keadaan == "diregister" and not number:
            raise DataError(Problem("--nomor", "kosong.", "Tulis nomor registernya."))
        if keadaan in ("diputus", "tidak dapat diterima", "dicabut") and not note:
            raise DataError(Problem("--catatan", "kosong.", "Tulis pokok putusan atau alasannya."))
        isi = old.model_copy(update={"keadaan": keadaan, "pada": pada, "nomor": number or old.nomor, "catatan": note})
        entry = record.write(
            connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at, alasan=keadaan
        )  # fmt: skip
    return _request(plan, entry)


def desk_is_open(plan: Plan, at: dt.datetime, decided: dt.datetime) -> bool:
    """Whether the desk takes requests at that moment: on the days of the window, 08.00 to 16.00 local time."""
    local = at.astimezone(ZoneInfo(plan.office.profile.timezone))
    return decided <= at <= window(plan, decided) and DESK_OPENS <= local.time() <= DESK_CLOSES
