"""The norms of nomination as data (`data/pencalonan/norma.toml`): figures, law, and the days between which each is applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from tahapan.reading import load

_FILE = Path(__file__).parent.parent / "data" / "pencalonan" / "norma.toml"


class Norma(BaseModel):
    """What every norm says of itself; ``sampai`` is the last day on which it is applied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sejak: dt.date
    sampai: dt.date | None = None
    dasar: tuple[str, ...]
    aturan: str
    keyakinan: Literal["h", "m", "l"]

    def holds(self, on: dt.date) -> bool:
        return self.sejak <= on and (self.sampai is None or on <= self.sampai)


class Jenjang(BaseModel):
    """A bracket: up to so many voters (open at the top), and its share in percent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sampai: int | None = None
    persen: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.persen) / 100


class Berjenjang(Norma):
    """A share by the number of voters."""

    jenjang: tuple[Jenjang, ...] = ()
    jenjang_provinsi: tuple[Jenjang, ...] = ()

    def bracket(self, voters: int, *, province: bool = False) -> Jenjang:
        steps = self.jenjang_provinsi if province else self.jenjang
        return next(each for each in steps if each.sampai is None or voters <= each.sampai)


class Partai(Berjenjang):
    """With brackets, or (before) a share of the seats or of the votes."""

    kursi_persen: Decimal | None = None
    suara_persen: Decimal | None = None


class Umur(Norma):
    bupati: int
    gubernur: int
    dihitung: Literal["penetapan"]


class Pendidikan(Norma):
    paling_rendah: str


class MasaJabatan(Norma):
    paling_banyak: int
    satu_masa_tahun: int


class Mundur(Norma):
    jabatan: tuple[str, ...]
    cuti: tuple[str, ...]


class MantanTerpidana(Norma):
    jeda_tahun: int
    ancaman_tahun: int
    dihitung: Literal["pendaftaran"]


class Mutasi(Norma):
    bulan: int


class Norms(BaseModel):
    """All of them; of each kind at most one holds on a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partai: tuple[Partai, ...]
    perseorangan: tuple[Berjenjang, ...]
    umur: tuple[Umur, ...]
    pendidikan: tuple[Pendidikan, ...]
    masa_jabatan: tuple[MasaJabatan, ...]
    mundur: tuple[Mundur, ...]
    mantan_terpidana: tuple[MantanTerpidana, ...]
    mutasi: tuple[Mutasi, ...]


@lru_cache
def norms() -> Norms:
    return load(Norms, _FILE)


N = TypeVar("N", bound=Norma)


def holding(of: Sequence[N], on: dt.date) -> N | None:
    """The norm that is applied on that day; None outside the time of all of them."""
    return next((each for each in of if each.holds(on)), None)
