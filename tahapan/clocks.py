"""Clocks of procedures: calendar days, working days or hours, each with its first day and its last hour (`data/tenggat.toml`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.dates import Kalender, jam, tanggal
from tahapan.elections import ClockTime
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.reading import load

_FILE = Path(__file__).parent / "data" / "tenggat.toml"


class Tenggat(BaseModel):
    """One clock; ``lama`` in its ``satuan``, ``tambahan`` what may be added once, ``aturan`` where it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    nama: str
    satuan: Literal["kalender", "kerja", "jam"]
    lama: int = Field(gt=0)
    tambahan: int = 0
    mulai: Literal["hari-itu", "hari-berikutnya"]
    tutup: ClockTime
    dasar: tuple[str, ...]
    aturan: str
    keyakinan: Literal["h", "m", "l"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    tenggat: tuple[Tenggat, ...]


@lru_cache
def clocks() -> dict[str, Tenggat]:
    """Every clock by its id."""
    return {each.id: each for each in load(_Table, _FILE).tenggat}


def clock(wanted: str) -> Tenggat:
    """The clock of that id; NotKnown for none."""
    if wanted not in clocks():
        raise NotKnown(Problem(f"tenggat {wanted}", "tidak dikenal.", f"Yang ada: {', '.join(clocks())}."))
    return clocks()[wanted]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock stands: from one moment until another, both aware."""

    sejak: dt.datetime
    sampai: dt.datetime


def ends(
    of: Tenggat, start: dt.datetime, kalender: Kalender, *, added: int = 0, pauses: Iterable[Pause] = ()
) -> dt.datetime:
    """The moment at which the clock has run out, in the zone of ``start``; who comes at that very minute is in time.

    ``added``: units given beyond ``lama`` (DataError for more than ``tambahan``). The days of a pause are not counted: a
    day on which the clock stands at any hour. Hours run through nights and days off, and stand as long as a pause lasts.
    """
    if start.tzinfo is None:
        raise ValueError("a clock starts at an aware moment")
    if not 0 <= added <= of.tambahan:
        what = f"dapat ditambah paling banyak {of.tambahan} hari." if of.tambahan else "tidak dapat ditambah."
        raise DataError(Problem(f"tenggat {of.id}", what, "Periksa tambahannya."))
    length, stops = of.lama + added, sorted(pauses, key=lambda pause: pause.sejak)
    if of.satuan == "jam":
        end = start.astimezone(dt.UTC) + dt.timedelta(hours=length)
        for pause in stops:
            if pause.sejak < end:
                end += max(pause.sampai - max(pause.sejak, start), dt.timedelta())
        return end.astimezone(start.tzinfo)
    still = {
        day
        for pause in stops
        for day in _days(pause.sejak.astimezone(start.tzinfo).date(), pause.sampai.astimezone(start.tzinfo).date())
    }
    day, left = start.date(), length
    if of.mulai == "hari-berikutnya":
        day += dt.timedelta(days=1)
    while True:
        if day not in still and (of.satuan == "kalender" or kalender.is_working_day(day)):
            left -= 1
            if not left:
                break
        day += dt.timedelta(days=1)
    return _closing(day, of.tutup, start)


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _closing(day: dt.date, hour: str, start: dt.datetime) -> dt.datetime:
    if hour == "24:00":
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), start.tzinfo)
    return dt.datetime.combine(day, dt.time.fromisoformat(hour), start.tzinfo)


def said(end: dt.datetime) -> str:
    """``25 September 2024 pukul 16.00``; midnight as the end of its day."""
    if end.time() == dt.time():
        return f"{tanggal(end.date() - dt.timedelta(days=1))} pukul 24.00"
    return f"{tanggal(end.date())} pukul {jam(end.time())}"
