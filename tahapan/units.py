"""The units of a duty done district by district, village by village, at each polling place or with each addressee."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tahapan.checklist import Item, Per
from tahapan.directory import AreaFile, Desa, Kecamatan

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_AREA_CODE = re.compile(r"(?P<kecamatan>\d\d\.\d\d\.\d\d)(?:\.\d{4})?$")


@dataclass(frozen=True, slots=True)
class Unit:
    """One place or addressee: its code, and how it is called in full, beside others, and otherwise."""

    code: str
    nama: str  # "Kurai", "TPS 003 Kurai", "Wali Nagari Kurai, Kecamatan Suliki"
    short: str  # in a list of one district
    kecamatan: str = ""
    desa: str = ""  # of a polling place
    number: int = 0  # of a polling place
    others: tuple[str, ...] = ()  # further names; of a polling place: those of its village


def word_of(per: Per, area: AreaFile) -> str:
    """What this office calls such a unit: a *desa* is a *nagari* here."""
    words = {"kecamatan": area.sebutan_kecamatan, "desa": area.sebutan_desa, "tps": "TPS", "penerima": "penerima"}
    return words[per]


def units_of(item: Item, area: AreaFile, letter: str = "") -> tuple[Unit, ...]:
    """The units of a duty in the order of their codes; none for a duty that is not done by units.

    ``letter``: the content of its numbered letter, as JSON, which names the addressees as of its day; before there is
    one, a duty done with each addressee has no units.
    """
    match item.per:
        case "kecamatan":
            return tuple(_district(kecamatan, area) for kecamatan in area.kecamatan)
        case "desa":
            return tuple(_village(desa, kecamatan, area) for kecamatan, desa in _villages(area))
        case "tps":
            return tuple(unit for kecamatan, desa in _villages(area) for unit in _polling_places(desa, kecamatan, area))
        case "penerima" if letter:
            return tuple(_addressees(json.loads(letter)["kepada"], area))
        case _:
            return ()


def _villages(area: AreaFile) -> Iterator[tuple[Kecamatan, Desa]]:
    return ((kecamatan, desa) for kecamatan in area.kecamatan for desa in kecamatan.desa)


def _district(kecamatan: Kecamatan, area: AreaFile) -> Unit:
    others = tuple(
        f"{word} {kecamatan.nama}"
        for word in ("Kecamatan", "Kec", area.sebutan_kecamatan, "Panwaslu Kecamatan", "Panwascam")
    )
    return Unit(kecamatan.kode, kecamatan.nama, kecamatan.nama, others=others)


def _village(desa: Desa, kecamatan: Kecamatan, area: AreaFile) -> Unit:
    others = tuple(_called(desa, kecamatan, ("", area.sebutan_desa, "desa", "kelurahan", "PKD")))
    return Unit(desa.kode, desa.nama, desa.nama, kecamatan.nama, others=others)


def _called(desa: Desa, kecamatan: Kecamatan, words: Iterable[str]) -> Iterator[str]:
    """How people write a village, with and without its district."""
    for word in dict.fromkeys(words):
        village = f"{word} {desa.nama}".strip()
        yield village
        for district in (kecamatan.nama, f"Kec {kecamatan.nama}", f"Kecamatan {kecamatan.nama}"):
            yield f"{village} {district}"
            yield f"{district} {village}"


def _polling_places(desa: Desa, kecamatan: Kecamatan, area: AreaFile) -> Iterator[Unit]:
    village = tuple(_called(desa, kecamatan, ("", area.sebutan_desa)))
    for n in range(1, (desa.tps or 0) + 1):
        name, short = f"TPS {n:03d} {desa.nama}", f"{desa.nama} {n:03d}"
        yield Unit(f"{desa.kode}-{n:03d}", name, short, kecamatan.nama, desa.nama, n, village)


def _addressees(kepada: Iterable[dict[str, str]], area: AreaFile) -> Iterator[Unit]:
    districts = {kecamatan.kode: kecamatan.nama for kecamatan in area.kecamatan}
    places = districts | {desa.kode: desa.nama for _, desa in _villages(area)}
    for who in kepada:
        short, found = who["jabatan"].split(",")[0], _AREA_CODE.search(who["id"])
        district = districts.get(found["kecamatan"], "") if found else ""
        others = (found[0], places[found[0]]) if found and found[0] in places else ()
        yield Unit(who["id"], who["jabatan"], short, district, others=(short, *others))


class Names:
    """Which unit somebody means, whatever the capitals, spaces and punctuation."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._names: defaultdict[str, dict[str, Unit]] = defaultdict(dict)
        for unit in units:
            for key in _keys(unit):
                self._names[key][unit.code] = unit

    def meant(self, said: str) -> tuple[Unit, ...]:
        """Every unit that may be meant: one when it is clear, more when the name is shared, none when unknown."""
        key = plain(said)
        return tuple(self._names[key].values()) if key in self._names else ()


def _keys(unit: Unit) -> Iterator[str]:
    code = plain(unit.code)
    yield from (code, code.replace(".", ""), plain(unit.nama))
    if not unit.number:
        yield from map(plain, (unit.short, *unit.others))
        return
    for number in {f"{unit.number:0{width}d}" for width in (1, 2, 3)}:
        yield f"{code.rpartition('.')[0]}.{number}"
        for village in map(plain, unit.others):
            yield from (f"tps{number}{village}", f"{village}tps{number}", f"{village}{number}")
        for district in map(plain, (unit.kecamatan, f"Kec {unit.kecamatan}", f"Kecamatan {unit.kecamatan}")):
            yield from (f"{plain(unit.desa)}{number}{district}", f"{plain(unit.desa)}tps{number}{district}")


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Letters and digits only, without accents; two numbers stay two: *Kurai 1 (1)* is not TPS 11."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(sign))
    words = _WORDS.findall(bare)
    glued = zip(["", *words], words, strict=False)
    return "".join(f".{word}" if last.isdigit() and word.isdigit() else word for last, word in glued)
