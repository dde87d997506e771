"""Places of a synthetic roll: from the area codes, how many voters each has, how its name is written elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random

from tahapan.characters import safe
from tahapan.errors import NotKnown, Problem
from tahapan.kantor.fresh import area_of

_DISTRICT = 3  # level of a kecamatan; 1 is a province


@dataclass(frozen=True, slots=True)
class Place:
    """A nagari, desa or kelurahan: ``kode`` as ``13.07.01.2001``."""

    kode: str
    kecamatan: str
    nagari: str

    @property
    def area(self) -> str:
        """The six digits with which the NIK of those registered here begin."""
        return self.kode.replace(".", "")[:6]

    @property
    def kelurahan(self) -> bool:
        """A village of a town: streets instead of jorong."""
        return self.kode.rpartition(".")[2].startswith("1")


def province_places(kode: str) -> list[Place]:
    """Every desa and kelurahan of a province (``13``), regency (``13.07``) or kecamatan, in the order of their codes.

    NotKnown for a code that is none of these.
    """
    from lokal import wilayah  # late: it loads all villages of the country

    area = area_of(kode)
    if area is None or area.level > _DISTRICT:
        what = f"{safe(kode)!r} bukan kode provinsi, kabupaten, atau kecamatan."
        raise NotKnown(Problem("--kode", what, "Tulis seperti 13, 13.07, atau 13.07.05."))
    codes = [area.code]
    for _ in range(_DISTRICT - area.level):
        codes = [area.code for code in codes for area in wilayah.list_wilayah(code)]
    return [
        Place(village.code, wilayah.wilayah_name(code) or "", village.name)
        for code in codes
        for village in wilayah.list_wilayah(code)
    ]


def shares(rng: Random, count: int, total: int) -> list[int]:
    """``total`` divided among ``count`` places of unequal size."""
    sums = list(accumulate(rng.lognormvariate(0, 0.45) for _ in range(count)))
    ends = [0, *(round(total * part / sums[-1]) for part in sums)]
    return [end - start for start, end in pairwise(ends)]


def neighbours(places: Sequence[Place]) -> list[list[int]]:
    """For each place the numbers of the others in its kecamatan."""
    together: dict[str, list[int]] = {}
    for number, place in enumerate(places):
        together.setdefault(place.area, []).append(number)
    return [[other for other in together[place.area] if other != number] for number, place in enumerate(places)]


def written_otherwise(rng: Random, nagari: str, spellings: Mapping[str, Iterable[str]]) -> str:
    """The name as another hand writes it: *Guguk* for *Guguak*, *Tj.* for *Tanjuang*, else with a letter too few."""
    words = nagari.split()
    known = [place for place, word in enumerate(words) if word in spellings]
    if known:
        place = rng.choice(known)
        words[place] = rng.choice([*spellings[words[place]]])
    else:
        place = max(range(len(words)), key=lambda n: len(words[n]))
        word = words[place]
        gone = rng.randrange(1, len(word)) if len(word) > 2 else 0
        words[place] = word[:gone] + word[gone + 1 :] if gone else word + "h"
    return " ".join(words)
