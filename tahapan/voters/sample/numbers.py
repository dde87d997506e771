"""Days and numbers of a synthetic roll: birth days as the files write them, NIK and NKK counted per area and day."""

from __future__ import annotations

import datetime as dt
from array import array
from calendar import monthrange
from collections.abc import Sequence
from random import Random

OLDEST = 100
VOTING_AGE = 17


class Days:
    """Days as numbers from 1 January of the year of the oldest, with their texts made once."""

    def __init__(self, on: dt.date) -> None:
        self.first = dt.date(on.year - OLDEST - 1, 1, 1)
        self._zero = self.first.toordinal()
        self.on = self.number(on)
        self.year: list[int] = []
        self.roll: list[str] = []
        self.nik: dict[str, list[str]] = {"L": [], "P": []}  # DDMMYY, +40 for women (PP 40/2019)
        for year in range(self.first.year, on.year + 1):
            for month in range(1, 13):
                self._add(year, month)
        self.youngest = self.number(_years_before(on, VOTING_AGE))
        self.eldest = self.number(_years_before(on, OLDEST + 1)) + 1

    def _add(self, year: int, month: int) -> None:
        days, end = range(1, monthrange(year, month)[1] + 1), f"{month:02}{year % 100:02}"
        self.year += [year] * len(days)
        self.roll += [f"{day:02}|{month:02}|{year}" for day in days]
        self.nik["L"] += [f"{day:02}{end}" for day in days]
        self.nik["P"] += [f"{day + 40}{end}" for day in days]

    def number(self, day: dt.date) -> int:
        return day.toordinal() - self._zero

    def date(self, number: int) -> dt.date:
        return dt.date.fromordinal(self._zero + number)


def _years_before(day: dt.date, years: int) -> dt.date:
    """The birth day of who becomes that old on ``day`` at the latest."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


class Numbers:
    """NIK and NKK: area, day, and the next serial of that area and day; so no NIK is given twice."""

    def __init__(self, rng: Random, days: Days, areas: Sequence[str], abroad: Sequence[str]) -> None:
        self.rng, self.days = rng, days
        self._elsewhere = [*areas, *abroad, *abroad]
        self._niks: dict[str, array[int]] = {}
        self._nkks: dict[str, array[int]] = {}
        self._cards_from = days.on - 18 * 365

    def nik(self, area: str, born: int, sex: str) -> str:
        """A NIK first registered in this area, for 6 % in another."""
        if self.rng.random() < 0.06:
            area = self.rng.choice(self._elsewhere)
        serials = self._niks.get(area)
        if serials is None:
            serials = self._niks[area] = array("H", bytes(4 * (self.days.on + 1)))
        place = 2 * born + (sex == "P")
        serials[place] += 1
        return f"{area}{self.days.nik[sex][born]}{serials[place]:04}"

    def nkk(self, area: str) -> str:
        """The number of a family card, issued on some day of the last eighteen years."""
        issued = self._cards_from + int(self.rng.random() * 18 * 365)
        serials = self._nkks.get(area)
        if serials is None:
            serials = self._nkks[area] = array("H", bytes(2 * (self.days.on + 1)))
        serials[issued] += 1
        return f"{area}{self.days.nik['L'][issued]}{serials[issued]:04}"


def digit_wrong(rng: Random, number: str) -> str:
    """One digit wrong or two neighbours exchanged; never the same number."""
    place = rng.randrange(1, len(number))
    one, two = number[place - 1], number[place]
    if one != two and rng.random() < 0.4:
        return number[: place - 1] + two + one + number[place + 1 :]
    return number[:place] + str((int(two) + rng.randrange(1, 10)) % 10) + number[place + 1 :]
