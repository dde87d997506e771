"""The rhythm of an office, as data: when somebody is reminded, how long a thing may wait, how long a claim holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.dates import Kalender
from tahapan.reading import load

_FROZEN = ConfigDict(frozen=True, extra="forbid")
SHIPPED = Path(__file__).parent / "data" / "pagi.toml"


class Rung(BaseModel):
    """One rung of the ladder: so many working days before a day (negative: after it), and to whom."""

    model_config = _FROZEN

    hari_kerja: int = Field(ge=-30, le=30)
    kepada: Literal["pj", "atasan"]

    def day(self, kalender: Kalender, deadline: dt.date) -> dt.date:
        if self.hari_kerja >= 0:
            return kalender.back(deadline, self.hari_kerja)
        return forward(kalender, deadline, -self.hari_kerja)


class Limits(BaseModel):
    """Beyond these a thing is named in the brief."""

    model_config = _FROZEN

    persetujuan_hari_kerja: int = Field(ge=1)
    formulir_hari_kerja: int = Field(ge=1)
    jalan_menit: int = Field(ge=1)
    mulai_menit: int = Field(ge=1)
    disk_gb: float = Field(ge=0)
    jam_menit: int = Field(ge=1)


class Claims(BaseModel):
    model_config = _FROZEN

    hari_kerja: int = Field(ge=0)


class Rhythm(BaseModel):
    """``pagi.toml``."""

    model_config = _FROZEN

    tangga: tuple[Rung, ...]
    atasan: dict[str, str]
    batas: Limits
    klaim: Claims


def load_rhythm(kantor: Path) -> Rhythm:
    """The office's own file, else the one we ship."""
    own = kantor / SHIPPED.name
    return load(Rhythm, own if own.is_file() else SHIPPED)


def forward(kalender: Kalender, day: dt.date, working_days: int) -> dt.date:
    """``working_days`` working days (hari kerja) after ``day``."""
    for _ in range(working_days):
        day = kalender.shift(day + dt.timedelta(days=1), "sesudah")
    return day
