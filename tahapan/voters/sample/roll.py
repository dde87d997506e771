"""The rows of a synthetic voter list, family by family, and the persons among them who will die."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate
from math import exp, log
from random import Random
from typing import NamedTuple
from zlib import crc32

from tahapan.voters.sample.names import Names, Words
from tahapan.voters.sample.numbers import OLDEST, VOTING_AGE, Days, Numbers
from tahapan.voters.sample.places import Place, shares

COLUMNS = ("id", "nkk", "nik", "nama", "tempat_lahir", "tanggal_lahir", "status_kawin", "jenis_kelamin", "alamat", "rt", "rw",
           "kecamatan", "nagari", "tps")  # fmt: skip
Row = tuple[int, str, str, str, str, str, str, str, str, str, str, str, str, str]

_PER_TPS, _MOST_PER_TPS, _PER_RT, _RT_PER_RW = 458, 600, 60, 4  # 600: Pilkada 2024
_NOISY = 0.0167  # the sum of the shares in _noisy
_NAME_BITS = 25


class Person(NamedTuple):
    """Somebody on the roll, as he is: ``born`` is the true day, ``nik`` the whole number, ``noise`` what the roll hides."""

    id: int
    nik: str
    nama: str
    born: int
    sex: str
    place: int
    kin: str
    noise: str


class Again(NamedTuple):
    """Somebody who is to stand on the roll a second time, from row ``due`` on."""

    due: int
    id: int
    nkk: str
    nik: str
    nama: str
    birthplace: str
    born: int
    status: str
    sex: str


class Member(NamedTuple):
    born: int
    sex: str
    status: str
    nama: str


class Roll:
    """Makes the rows one place after the other, keeping only what the death records need."""

    def __init__(self, rng: Random, words: Words, places: Sequence[Place], voters: int, keep: int, days: Days) -> None:
        self.rng, self.words, self.places, self.voters, self.days = rng, words, places, voters, days
        self.names = Names(rng, words)
        self.numbers = Numbers(rng, days, sorted({place.area for place in places}), words.tempat.rantau)
        self.twice: list[tuple[int, int, str]] = []  # both ids, and what differs
        self.known = bytearray(1 << _NAME_BITS)  # marks names of the roll; a mark may stand for several names
        self._keep = keep
        self._kept: list[tuple[float, int, Person]] = []
        self._pending: list[Again] = []
        self._names = {sex: self.names.pools(sex) for sex in ("L", "P")}
        self._young_from = days.number(dt.date(words.lahir_muda, 1, 1))
        self._heads = _heads(rng)
        self._slow = [1 / hazard(age) for age in range(OLDEST + 2)]
        self._last_nik = ""

    def persons(self) -> list[Person]:
        """Those drawn to die or to have a namesake who does, the old more often; in random order."""
        drawn = [person for _, _, person in sorted(self._kept)]
        self.rng.shuffle(drawn)
        return drawn

    def knows(self, nama: str) -> bool:
        """Whether the name may stand on the roll; when not, it surely does not."""
        return bool(self.known[_mark(nama)])

    def rows(self) -> Iterator[list[Row]]:
        """All rows, some at a time."""
        number, end = 1, 1
        for place, count in enumerate(shares(self.rng, len(self.places), self.voters)):
            end += count
            if number < end:
                yield from self._of_place(place, number, end)
                number = end

    def _of_place(self, place: int, number: int, end: int) -> Iterator[list[Row]]:
        """The rows of one nagari, from ``number`` to before ``end``."""
        where, rng, count = self.places[place], self.rng, end - number
        begin, stations = number, _stations(count)
        kecamatan, nagari, area = where.kecamatan, where.nagari, where.area
        birthplaces = self._birthplaces(where)
        streets = rng.sample(self.words.tempat.jalan if where.kelurahan else self.words.tempat.jorong, 5)
        while number < end:
            past = number - begin
            rt = 1 + past // _PER_RT
            street = streets[past * 5 // count].upper()
            street = f"{street} NO. {int(rng.random() * 180) + 1}" if where.kelurahan else f"JORONG {street}"
            home = (
                street,
                f"{rt:03}",
                f"{1 + rt // _RT_PER_RW:03}",
                kecamatan,
                nagari,
                str(1 + past * stations // count),
            )
            rows: list[Row] = []
            while self._pending and self._pending[0].due <= number + len(rows) < end:
                rows.append(self._second(heappop(self._pending), number + len(rows), area, home))
            family = self._family()[: end - number - len(rows)]
            rows += self._of_family(family, number + len(rows), place, birthplaces, home)
            number += len(rows)
            yield rows

    def _of_family(
        self, family: list[Member], number: int, place: int, birthplaces: Sequence[str], home: tuple[str, ...]
    ) -> list[Row]:
        rng, numbers, area, texts = self.rng, self.numbers, self.places[place].area, self.days.roll
        random = rng.random
        nkk = numbers.nkk(area)
        niks = [numbers.nik(area, member.born, member.sex) for member in family]
        rows: list[Row] = []
        street, rt, rw, kecamatan, nagari, tps = home
        for n, (born, sex, status, nama) in enumerate(family):
            nik, noise = niks[n], ""
            birthplace = birthplaces[int(random() * len(birthplaces))]
            row = (number, nkk, nik, nama, birthplace, texts[born], status, sex, street, rt, rw, kecamatan, nagari, tps)
            if random() < _NOISY:
                row, nik, noise = self._noisy(row, born)
            rows.append(row)
            self.known[_mark(nama)] = 1
            if self._keep:
                age = (self.days.on - born) // 365
                key = log(1 - random()) * self._slow[age]
                if len(self._kept) < self._keep or key > self._kept[0][0]:
                    kin = niks[n - 1] if len(niks) > 1 else ""
                    self._consider(key, Person(number, nik, nama, born, sex, place, kin, noise))
            if random() < 0.00105:
                self._stand_again(row, nik, born)
            number += 1
        self._last_nik = niks[0] if niks else self._last_nik
        return rows

    def _consider(self, key: float, person: Person) -> None:
        """A weighted sample of fixed size from a stream (Efraimidis and Spirakis)."""
        if len(self._kept) < self._keep:
            self._kept.append((key, person.id, person))
            if len(self._kept) == self._keep:
                heapify(self._kept)
        else:
            heapreplace(self._kept, (key, person.id, person))

    def _noisy(self, row: Row, born: int) -> tuple[Row, str, str]:
        """The row with one fault, the true NIK, and the fault where it hides the person."""
        number, nkk, nik, nama, birthplace, day, *rest = row
        sex = row[7]
        share = self.rng.random() * _NOISY
        noise, true = "", nik
        if share < 0.003:
            day, noise = "00|00|0000" if share < 0.0015 else f"00|00|{day[6:]}", "daftar-tanggal-kosong"
        elif share < 0.005:
            rest[-1] = ""
        elif share < 0.010:
            nik, noise = nik[:12] + "****", "daftar-nik-samar"
        elif share < 0.0106:
            nik = self.rng.choice((nik[:12] + "0000", nik[:8] + "13" + nik[10:], nik[:6] + "00" + nik[8:], nik[:15]))
            noise = "daftar-nik-rusak"
        elif share < 0.0107:
            nik = true = self._last_nik or nik
            noise = "daftar-nik-kembar"
        elif share < 0.0117:  # the sex in the NIK is wrong since its first day
            nik = true = self.numbers.nik(nik[:6], born, "L" if sex == "P" else "P")
            noise = "nik-beda-kelamin"
        else:  # the birth date was corrected later, the NIK stays
            nik = true = self.numbers.nik(nik[:6], max(0, born - self.rng.randrange(1, 900)), sex)
            noise = "nik-beda-tanggal"
        status, _, street, rt, rw, kecamatan, nagari, tps = rest
        changed = (number, nkk, nik, nama, birthplace, day, status, sex, street, rt, rw, kecamatan, nagari, tps)
        return changed, true, noise

    def _stand_again(self, row: Row, nik: str, born: int) -> None:
        """Later, so that it is another TPS: mostly near by, sometimes anywhere."""
        span = 3_000 if self.rng.random() < 0.8 else self.voters // 2
        due = row[0] + _MOST_PER_TPS + int(self.rng.random() * span)
        if due < self.voters - 5:
            heappush(self._pending, Again(due, row[0], row[1], nik, row[3], row[4], born, row[6], row[7]))

    def _second(self, who: Again, number: int, area: str, home: tuple[str, ...]) -> Row:
        """The second row: the same NIK or another one, the name perhaps written otherwise."""
        nik, nama, noise = who.nik, who.nama, ["nik-sama"]
        if self.rng.random() < 0.3:
            nik, noise = self.numbers.nik(area, who.born, who.sex), ["nik-lain"]
        if self.rng.random() < 0.35:
            nama, how = self.names.misspelt(nama, who.sex)
            noise.append(how)
        nkk = who.nkk if self.rng.random() < 0.5 else self.numbers.nkk(area)
        self.known[_mark(nama)] = 1
        self.twice.append((who.id, number, "+".join(noise)))
        street, rt, rw, kecamatan, nagari, tps = home
        day = self.days.roll[who.born]
        return number, nkk, nik, nama, who.birthplace, day, who.status, who.sex, street, rt, rw, kecamatan, nagari, tps

    def _family(self) -> list[Member]:
        """A couple or one alone, with the children who may vote; one child in thousands may not yet."""
        random = self.rng.random
        age = next(self._heads)
        couple = random() < (0.86 if 24 < age < 62 else 0.5 if age < 75 else 0.25)
        if couple:
            family = [self._member(age, "L", "S"), self._member(max(VOTING_AGE, age - int(random() * 9) + 2), "P", "S")]
        else:
            status = "B" if random() < (0.75 if age < 32 else 0.12) else "P"
            family = [self._member(age, "L" if random() < 0.36 else "P", status)]
        if 38 <= age < 78:
            for _ in range(int(random() * 4.2)):
                child = age - 21 - int(random() * 13)
                if not VOTING_AGE <= child < 36:
                    continue
                one = self._member(child, "L" if random() < 0.53 else "P", "B" if child < 24 or random() < 0.6 else "S")
                family.append(one)
                if random() < 0.008:
                    family.append(one._replace(nama=self.names.of_twin(one.nama)))
            if age < 60 and random() < 0.0004:
                born = self.days.youngest + 1 + int(random() * 250)
                sex = "L" if random() < 0.5 else "P"
                family.append(Member(born, sex, "B", self.names.take(sex, self.days.year[born])))
        return family

    def _member(self, age: int, sex: str, status: str) -> Member:
        """Born on any day of the year, some of the old on the first of a month."""
        days = self.days
        born = days.youngest - int((age - VOTING_AGE) * 365.2425 + self.rng.random() * 365)
        if age > 58:
            if self.rng.random() < 0.02:
                born -= int(days.roll[born][:2]) - 1
            born = max(born, days.eldest)
        return Member(born, sex, status, next(self._names[sex][born >= self._young_from]))

    def _birthplaces(self, place: Place) -> list[str]:
        """A bag to draw from: mostly the nagari and its kecamatan, the rest from a list of towns."""
        towns = [town.upper() for town in self.rng.choices(self.words.tempat.lahir, k=40)]
        return [place.nagari.upper()] * 40 + [place.kecamatan.upper()] * 20 + towns


def hazard(age: int) -> float:
    """How likely death is in a year, roughly (Gompertz)."""
    return 0.0008 + 0.00003 * exp(0.092 * age)


def _heads(rng: Random) -> Iterator[int]:
    """Ages of heads of families without end, drawn by the batch."""
    ages = range(19, OLDEST + 1)
    weights = [_head_weight(age) for age in ages]
    sums = list(accumulate(weights))
    while True:
        yield from rng.choices(ages, cum_weights=sums, k=512)


def _head_weight(age: int) -> float:
    if age < 35:
        return 0.4 if age < 25 else 0.7
    return 1.1 if age < 56 else 0.95 if age < 66 else 0.8 * 0.92 ** (age - 66)


def _stations(count: int) -> int:
    """As many TPS as give each about 458 voters and none more than 600."""
    return max(1, round(count / _PER_TPS), -(-count // _MOST_PER_TPS))


def _mark(nama: str) -> int:
    return crc32(nama.encode()) & ((1 << _NAME_BITS) - 1)
