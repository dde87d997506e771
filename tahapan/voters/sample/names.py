"""Invented names: combined from common ones, with their spellings and titles, and misspelt as clerks do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random

from pydantic import BaseModel, ConfigDict

from tahapan.plan import DATA
from tahapan.reading import load

WORDS = DATA / "nama.toml"
_BATCH = 512
_CLOSE = {"A": "EO", "E": "AI", "I": "EY", "O": "UA", "U": "O", "Y": "I", "F": "PV", "P": "B", "V": "F", "D": "T", "T": "D",
          "K": "G", "Q": "K", "S": "Z", "Z": "SJ", "J": "Y", "N": "M", "M": "N", "R": "L", "L": "R", "B": "P", "G": "K",
          "H": "N", "W": "U", "C": "K", "X": "S"}  # fmt: skip


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Given(_Page):
    depan: tuple[str, ...]
    belakang: tuple[str, ...]


class OfSex(_Page):
    tua: Given
    muda: Given


class Variant(_Page):
    ejaan: tuple[str, ...]


class Twins(_Page):
    L: tuple[tuple[str, str], ...]
    P: tuple[tuple[str, str], ...]


class Hajj(_Page):
    L: tuple[str, ...]
    P: tuple[str, ...]


class Titles(_Page):
    haji: Hajj
    adat: tuple[str, ...]
    sarjana: tuple[str, ...]


class Where(_Page):
    lahir: tuple[str, ...]
    jorong: tuple[str, ...]
    jalan: tuple[str, ...]
    rantau: tuple[str, ...]


class Words(_Page):
    """``data/nama.toml``."""

    kemiringan: float
    lahir_muda: int
    berpasangan: frozenset[str]
    L: OfSex
    P: OfSex
    varian: tuple[Variant, ...]
    kembar: Twins
    gelar: Titles
    tempat: Where
    ejaan_nagari: dict[str, tuple[str, ...]]


def load_words() -> Words:
    return load(Words, WORDS)


class Names:
    """Names in capitals, as the voter list prints them; every draw from one ``rng``."""

    def __init__(self, rng: Random, words: Words) -> None:
        self.rng, self.words = rng, words
        self.young_from = words.lahir_muda
        self._spellings = {
            name.upper(): [other.upper() for other in variant.ejaan if other != name]
            for variant in words.varian
            for name in variant.ejaan
        }
        titles = words.gelar
        self._before = {"L": titles.haji.L[0].upper(), "P": titles.haji.P[0].upper()}
        self._behind = [title.upper() for title in titles.adat]
        self._twins = {
            one.upper(): other.upper()
            for pair in (*words.kembar.L, *words.kembar.P)
            for one, other in (pair, pair[::-1])
        }
        self._pools = {
            sex: (self._pool(sex, young=False), self._pool(sex, young=True)) for sex in ("L", "P")
        }  # nothing is drawn yet

    def take(self, sex: str, year: int) -> str:
        """The next name for somebody of this sex born in this year."""
        return next(self._pools[sex][year >= self.young_from])

    def pools(self, sex: str) -> tuple[Iterator[str], Iterator[str]]:
        """The same names as two streams, of the older and of the younger: for whoever needs millions."""
        return self._pools[sex]

    def _pool(self, sex: str, *, young: bool) -> Iterator[str]:
        """Names without end, drawn by the batch: one draw at a time is too slow for four million."""
        rng = self.rng
        given: OfSex = getattr(self.words, sex)
        first, last = (given.muda if young else given.tua).depan, (given.muda if young else given.tua).belakang
        first_sums, last_sums = self._skewed(first), self._skewed(last)
        lengths = (12, 87, 100) if young else (42, 94, 100)
        pair = self.words.berpasangan
        while True:
            batch = zip(
                rng.choices(first, cum_weights=first_sums, k=_BATCH),
                rng.choices(last, cum_weights=last_sums, k=_BATCH),
                rng.choices(last, cum_weights=last_sums, k=_BATCH),
                rng.choices((1, 2, 3), cum_weights=lengths, k=_BATCH),
                strict=True,
            )
            for one, two, three, words in batch:
                if words == 1 and one not in pair:
                    name = one
                elif words == 3 and two != three:
                    name = f"{one} {two} {three}"
                else:
                    name = f"{one} {two}"
                yield self._as_written(name.upper(), sex, young=young)

    def _skewed(self, names: Sequence[str]) -> list[float]:
        return list(accumulate((place + 3) ** -self.words.kemiringan for place in range(len(names))))

    def _as_written(self, name: str, sex: str, *, young: bool) -> str:
        """With another spelling of the first name (often for Muhammad), old spelling, a title."""
        rng = self.rng
        chance = rng.random()
        first, space, rest = name.partition(" ")
        if chance < 0.25 and (others := self._spellings.get(first)):
            name = others[int(len(others) * (chance * 4) ** 2)] + space + rest
        elif young:
            if chance > 0.985:
                name = f"{name}, {rng.choice(self.words.gelar.sarjana).upper()}"
        elif chance > 0.97:
            name = f"{self._before[sex]} {name}"
        elif chance > 0.955 and sex == "L":
            name = f"{name} {rng.choice(self._behind)}"
        elif chance > 0.93:
            name = old_spelling(name)
        return name

    def of_twin(self, name: str) -> str:
        """The other twin: *Rini* for *Rina*, else the last letter of the first name changed."""
        first, space, rest = name.partition(" ")
        if first in self._twins:
            other = self._twins[first]
        elif first[-1] in "AIEOU":
            other = first[:-1] + self.rng.choice([vowel for vowel in "AIO" if vowel != first[-1]])
        else:
            other = first + self.rng.choice("IA")
        return other + space + rest

    def misspelt(self, name: str, sex: str) -> tuple[str, str]:
        """The same name as a clerk wrote it, and what was done to it; never the name itself."""
        chance = self.rng.random()
        if chance < 0.25 and (other := self._variant(name)) != name:
            return other, "nama-varian"
        if chance < 0.45 and (other := self._shortened(name)) != name:
            return other, "nama-singkat"
        if chance < 0.62:
            return self._with_title(name, sex), "nama-gelar"
        other = self._edited(name)
        if chance > 0.9:
            other = self._edited(other)
        return (other if other != name else name + "H"), "nama-salah-ketik"

    def _variant(self, name: str) -> str:
        words = name.split(" ")
        known = [place for place, word in enumerate(words) if word in self._spellings]
        if not known:
            return old_spelling(name)
        place = self.rng.choice(known)
        words[place] = self.rng.choice(self._spellings[words[place]])
        return " ".join(words)

    def _shortened(self, name: str) -> str:
        """A word dropped or only its first letter left; what remains still names somebody."""
        words = name.partition(",")[0].split(" ")
        if len(words) < 2 or any(word.endswith(".") for word in words):
            return name
        place = self.rng.randrange(1, len(words))
        if len(words) > 2 and self.rng.random() < 0.5:
            del words[place]
        else:
            words[place] = words[place][0] + "."
        return " ".join(words)

    def _with_title(self, name: str, sex: str) -> str:
        """With a title, or without the one it has."""
        bare, comma, _ = name.partition(",")
        before = self._before[sex] + " "
        if comma:
            return bare
        if name.startswith(before):
            return name.removeprefix(before)
        for title in self._behind:
            if name.endswith(" " + title):
                return name.removesuffix(" " + title)
        if sex == "L" and self.rng.random() < 0.4:
            return f"{name} {self.rng.choice(self._behind)}"
        return before + name

    def _edited(self, name: str) -> str:
        """One letter exchanged for a near one, lost, doubled or swapped with the next."""
        rng = self.rng
        places = [n for n in range(1, len(name)) if name[n].isalpha() and name[n - 1].isalpha()]
        if not places:
            return name + "H"
        n = rng.choice(places)
        match rng.randrange(5):
            case 0:
                return name[:n] + name[n + 1 :]
            case 1:
                return name[:n] + name[n] + name[n:]
            case 2 if name[n - 1] != name[n]:
                return name[: n - 1] + name[n] + name[n - 1] + name[n + 1 :]
            case _:
                return name[:n] + rng.choice(_CLOSE[name[n]]) + name[n + 1 :]


def old_spelling(name: str) -> str:
    """The first name as before 1972 and 1947: *Djamaris*, *Soekri*."""
    first, space, rest = name.partition(" ")
    return first.replace("U", "OE").replace("J", "DJ") + space + rest
