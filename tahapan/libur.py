"""Days off in Indonesia: the `holidays` package (PUBLIC and GOVERNMENT), then the office's own file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tahapan.dates import Kalender, Libur
from tahapan.reading import load

_ESTIMATED = " (perkiraan)"  # the mark of the package for dates set by decree that had not come yet


class OwnLibur(BaseModel):
    """One line of ``libur.toml``: a day off, or with ``libur = false`` a day that is worked after all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tanggal: dt.date
    nama: str
    libur: bool = True


class LiburFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    libur: tuple[OwnLibur, ...] = ()


def load_kalender(years: Iterable[int], own: Path | None = None) -> Kalender:
    """The working days of these years; dates by decree (SKB 3 Menteri) as known to the package, else estimated."""
    days_off = {day: libur for year in years for day, libur in _of_year(year).items()}
    if own is not None and own.is_file():
        for line in load(LiburFile, own).libur:
            if line.libur:
                days_off[line.tanggal] = Libur(line.nama)
            else:
                days_off.pop(line.tanggal, None)
    return Kalender(days_off)


@cache
def _of_year(year: int) -> dict[dt.date, Libur]:
    from holidays.countries.indonesia import Indonesia

    found = Indonesia(years=year, categories=("public", "government"), language="id")
    return {day: Libur(name.replace(_ESTIMATED, ""), _ESTIMATED in name) for day, name in found.items()}
