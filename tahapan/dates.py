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

    ``days_off`` maps a date to its day off; in a year of which it says nothing only weekends are off.
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


BULAN_TERTULIS = {  # as people type them: in full, cut off, and as they are said
    **{name.lower(): number for number, name in enumerate(BULAN, 1)},
    **{name[:3].lower(): number for number, name in enumerate(BULAN, 1)},
    "agt": 8, "ags": 8, "agust": 8, "sept": 9, "pebruari": 2, "peb": 2, "nopember": 11, "nop": 11,
}  # fmt: skip
_ALIAS = {"jum'at": "jumat", "jum’at": "jumat", "ahad": "minggu"}
_HARI = r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|ahad|(?-i:Minggu|MINGGU|(?<=[Hh]ari\s)minggu))"  # minggu: a week
_WRITTEN = re.compile(
    rf"""\b(?:(?P<first>{_HARI})\s*(?:sampai(?:\s+dengan)?|hingga|s\.?\s?/?d\.?|[-–—])\s*)?
    (?P<weekday>{_HARI})\b(?:\s(?:pagi|siang|sore|petang|malam|ini|lalu|depan)\b)?
    [^\S\n]*(?:[,(/:–—-][^\S\n]*){{0,2}}(?:(?:pada\s+)?(?:tanggal|tgl\.?)\s*)?
    (?P<day>\d{{1,2}})(?:
        [\s/.-]*(?P<name>{"|".join(sorted(BULAN_TERTULIS, key=len, reverse=True))})\b
            (?:[\s/.,-]*(?P<year>(?:19|20)\d\d)\b)?
        |(?P<mark>\s*[/.-]\s*)(?P<month>\d{{1,2}})(?P=mark)(?P<year_of_numbers>(?:19|20)?\d\d)\b
        |\s?/\s?(?P<month_alone>\d{{1,2}})(?![\w/]|[.-]\d)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def wrong_weekdays(text: str, near: dt.date | None = None) -> Iterator[tuple[str, str]]:
    """Every written date in ``text`` that cannot be: (as written, what is right).

    ``Rabu, 20 Agustus 2024`` -> ``Selasa, 20 Agustus 2024``. ``near``: the day of the letter; a date without a year is
    of its year, or of the next or last one when that is nearer (in December ``Kamis, 2 Januari``). Without ``near``
    such dates pass. After a range (``Senin sampai Jumat, 20 Agustus``) any of its weekdays is right.
    """
    for found in _WRITTEN.finditer(text):
        written = found.group("year") or found.group("year_of_numbers")
        if not written and near is None:
            continue
        name = found.group("name")
        month = BULAN_TERTULIS[name.lower()] if name else int(found.group("month") or found.group("month_alone"))
        possible = list(_possible(int(found.group("day")), month, written, near))
        if not possible:
            if name or len(written or "") == 4:  # else 20/21/22: figures, not a date
                yield found.group(0), "tanggal itu tidak ada"
        elif not {day.weekday() for day in possible} & _weekdays(found.group("first"), found.group("weekday")):
            yield found.group(0), hari_tanggal(possible[0])


def _possible(day: int, month: int, written: str | None, near: dt.date | None) -> Iterator[dt.date]:
    """The days that a written date can mean, the likeliest first."""
    years = [int(written) + (2000 if len(written) == 2 else 0)] if written else []
    if not written and near:
        years = [near.year, near.year - 1, near.year + 1]
    for year in years:
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if written or near is None or year == near.year or abs(found - near) < _HALF_A_YEAR:
            yield found


_HALF_A_YEAR = dt.timedelta(days=183)


def _weekdays(first: str | None, last: str) -> set[int]:
    """``Senin``, ``Rabu`` -> {0, 1, 2}: a range of weekdays; without ``first`` the one."""
    names = [name.lower() for name in HARI]
    start, end = (names.index(_ALIAS.get(name.lower(), name.lower())) for name in (first or last, last))
    return {(start + n) % 7 for n in range((end - start) % 7 + 1)}
