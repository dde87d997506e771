"""Indonesian dates, working days and time zones; the day is always an argument."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BULAN = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
ROMAWI = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

Zona = Literal["WIB", "WITA", "WIT"]
ZONES: dict[Zona, str] = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}

BilaLibur = Literal["sebelum", "sesudah", "tetap"]


def tanggal(day: dt.date) -> str:
    """``21 Agustus 2024``."""
    return f"{day.day} {BULAN[day.month - 1]} {day.year}"


def hari_tanggal(day: dt.date) -> str:
    """``Rabu, 21 Agustus 2024``: the weekday is computed, never typed."""
    return f"{HARI[day.weekday()]}, {tanggal(day)}"


def rentang(start: dt.date, end: dt.date) -> str:
    """``18 s.d. 27 Agustus 2024``: a window, both ends inclusive."""
    if start == end:
        return tanggal(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} s.d. {tanggal(end)}"
    if start.year == end.year:
        return f"{start.day} {BULAN[start.month - 1]} s.d. {tanggal(end)}"
    return f"{tanggal(start)} s.d. {tanggal(end)}"


def jam(time: dt.time | str) -> str:
    """``16.00``: the official notation uses a full stop."""
    return (time if isinstance(time, str) else f"{time:%H:%M}").replace(":", ".")


@dataclass(frozen=True, slots=True)
class Libur:
    """A day off: its name, and whether its date was only estimated when it was published."""

    nama: str
    perkiraan: bool = False


@dataclass(frozen=True, slots=True)
class Kalender:
    """Working days of an office: Monday to Friday without the given days off.

    ``days_off`` maps a date to its day off; ``year`` s without data are named in ``years``.
    """

    days_off: Mapping[dt.date, Libur] = field(default_factory=dict)

    def is_working_day(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.days_off

    def why_off(self, day: dt.date) -> str | None:
        """Name of the day off (``Sabtu``, ``Maulid ... (perkiraan)``), or None on a working day."""
        if libur := self.days_off.get(day):
            return f"{libur.nama} (perkiraan)" if libur.perkiraan else libur.nama
        return HARI[day.weekday()] if day.weekday() >= 5 else None

    def shift(self, day: dt.date, bila_libur: BilaLibur) -> dt.date:
        """The working day that stands in for ``day``; ``tetap`` leaves it."""
        if bila_libur == "tetap":
            return day
        step = dt.timedelta(days=-1 if bila_libur == "sebelum" else 1)
        while not self.is_working_day(day):
            day += step
        return day

    def back(self, day: dt.date, working_days: int) -> dt.date:
        """``working_days`` working days (hari kerja) before ``day``."""
        for _ in range(working_days):
            day = self.shift(day - dt.timedelta(days=1), "sebelum")
        return day


_WRITTEN = re.compile(
    rf"\b({'|'.join(HARI)}|Jum'at|Ahad)\b\s*(?:,|\()\s*(?:tanggal\s+)?"
    rf"(\d{{1,2}})(?:\s+({'|'.join(BULAN)})\s+|[/-](\d{{1,2}})[/-])(\d{{4}})",
    re.IGNORECASE,
)
_ALIAS = {"jum'at": "jumat", "ahad": "minggu"}


def wrong_weekdays(text: str) -> Iterator[tuple[str, str]]:
    """Every written date in ``text`` that cannot be: (as written, what is right).

    ``Rabu, 20 Agustus 2024`` -> ``Selasa, 20 Agustus 2024``.
    """
    for found in _WRITTEN.finditer(text):
        weekday, day, month_name, month_number, year = found.groups()
        names = [name.lower() for name in BULAN]
        month = names.index(month_name.lower()) + 1 if month_name else int(month_number)
        try:
            right = dt.date(int(year), month, int(day))
        except ValueError:
            yield found.group(0), "tanggal itu tidak ada"
            continue
        if HARI[right.weekday()].lower() != _ALIAS.get(weekday.lower(), weekday.lower()):
            yield found.group(0), hari_tanggal(right)
