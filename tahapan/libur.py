"""Days off in Indonesia: the `holidays` package (PUBLIC and GOVERNMENT), then the office's own file."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from tahapan.dates import Kalender, Libur
from tahapan.reading import load

_ESTIMATED = " (perkiraan)"  # the mark of the package for dates set by decree that had not come yet
_KEPT = TypeAdapter(dict[dt.date, tuple[str, bool]])


class OwnLibur(BaseModel):
    """One line of ``libur.toml``: a day off, or with ``libur = false`` a day that is worked after all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tanggal: dt.date
    nama: str
    libur: bool = True


class LiburFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    libur: tuple[OwnLibur, ...] = ()


def load_kalender(years: Iterable[int], own: Path | None = None, kept_in: Path | None = None) -> Kalender:
    """The working days of these years; dates by decree (SKB 3 Menteri) as known to the package, else estimated.

    ``kept_in``: a folder for what the package said; importing it takes longer than all the rest of ``due``. Where
    nothing can be written, the package is asked every time.
    """
    days_off = {day: libur for year in years for day, libur in _of_year(year, kept_in).items()}
    if own is not None and own.is_file():
        for line in load(LiburFile, own).libur:
            if line.libur:
                days_off[line.tanggal] = Libur(line.nama)
            else:
                days_off.pop(line.tanggal, None)
    return Kalender(days_off)


def _of_year(year: int, kept_in: Path | None) -> dict[dt.date, Libur]:
    if kept_in is None:
        return _ask_package(year)
    kept = kept_in / f"libur-{year}-{_package_stamp()}.json"
    try:
        return {day: Libur(*libur) for day, libur in _KEPT.validate_json(kept.read_bytes()).items()}
    except (OSError, ValueError):  # not there, or not what we wrote
        found = _ask_package(year)
    with suppress(OSError):
        kept_in.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}.baru")
        half.write_bytes(_KEPT.dump_json({day: (libur.nama, libur.perkiraan) for day, libur in found.items()}))
        half.replace(kept)
    return found


def _package_stamp() -> int:
    """Changes with every installation of the package, without importing it."""
    spec = find_spec("holidays")
    assert spec and spec.origin
    return Path(spec.origin).stat().st_mtime_ns


@cache
def _ask_package(year: int) -> dict[dt.date, Libur]:
    from holidays import country_holidays

    found = country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return {day: Libur(name.replace(_ESTIMATED, ""), _ESTIMATED in name) for day, name in found.items()}
