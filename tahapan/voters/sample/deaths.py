"""Death records for a synthetic roll: of persons on it, as clerks write them, and of others who only seem to be on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import NamedTuple

from tahapan.voters.sample.names import Names, Words
from tahapan.voters.sample.numbers import OLDEST, VOTING_AGE, Days, digit_wrong
from tahapan.voters.sample.places import neighbours, written_otherwise
from tahapan.voters.sample.roll import Person, Roll, hazard

COLUMNS = (
    "no_akta", "nik", "nama", "tanggal_lahir", "jenis_kelamin", "kecamatan", "nagari", "tanggal_meninggal", "bukti",
)  # fmt: skip
ON_ROLL, STRANGER, NAMESAKE = "ada", "tidak-di-daftar", "senama"
_SHARES = {ON_ROLL: 0.8, STRANGER: 0.1, NAMESAKE: 0.1}
_BUKTI = {"akta": 0.42, "nagari": 0.33, "rt": 0.15, "keluarga": 0.1}
_NO_NIK, _MISSPELT = 1 / 3, 1 / 6


class Death(NamedTuple):
    """One record before it gets its number, with the truth about it."""

    nik: str
    nama: str
    lahir: str
    sex: str
    kecamatan: str
    nagari: str
    ids: tuple[int, ...]
    noise: tuple[str, ...]


def kinds(rng: Random, deaths: int) -> list[str]:
    """What each record is to be, drawn independently."""
    return rng.choices([*_SHARES], [*_SHARES.values()], k=deaths)


class Deaths:
    """Makes the records once the roll is written."""

    def __init__(self, rng: Random, words: Words, roll: Roll, on: dt.date) -> None:
        self.rng, self.words, self.roll, self.on = rng, words, roll, on
        self.days: Days = roll.days
        self.names = Names(rng, words)
        self._near = neighbours(roll.places)
        self._again = {one: two for one, two, _ in roll.twice}
        ages = range(VOTING_AGE, OLDEST)
        self._ages = ages
        self._sums = list(accumulate(hazard(age) * 0.96 ** (age - VOTING_AGE) for age in ages))

    def records(self, drawn: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]]]:
        """The row of ``kematian.csv``, the ids in the roll, the kinds of noise; one for each of ``drawn``."""
        persons = iter(self.roll.persons())
        regency = self.roll.places[0].area[:4]
        for number, kind in enumerate(drawn, 1):
            match kind:
                case "ada":
                    death = self._known(next(persons))
                case "senama":
                    death = self._namesake(next(persons))
                case _:
                    death = self._stranger()
            bukti = self.rng.choices([*_BUKTI], [*_BUKTI.values()])[0]
            nama = death.nama.title() if bukti != "akta" and self.rng.random() < 0.3 else death.nama
            died = self.on - dt.timedelta(days=4 + int(self.rng.random() * 330))
            akta = f"CONTOH-{regency}-{self.on.year}-{number:06}"  # no form of any registry
            row = (
                akta,
                death.nik,
                nama,
                death.lahir,
                death.sex,
                death.kecamatan,
                death.nagari,
                died.isoformat(),
                bukti,
            )
            yield row, death.ids, death.noise

    def _known(self, who: Person) -> Death:
        """A person of the roll. Without NIK at most one of name, birth date and roll is wrong, and the nagari is right
        where the date is not: somebody who reads both can tell."""
        noise, chance = [who.noise] if who.noise else [], self.rng.random
        undated = who.noise == "daftar-tanggal-kosong"
        nik, nama, born = self._nik(who, noise), who.nama, self.days.date(who.born)
        if chance() < _MISSPELT and (nik or not undated):
            nama, how = self.names.misspelt(nama, who.sex)
            noise.append(how)
        lahir, before = self._written(born), len(noise)
        if nik or noise == ["tanpa-nik"]:
            lahir = self._lahir(lahir, born, noise, free=bool(nik), rare=" " in nama)
        place = who.place
        if chance() < 0.053 and (nik or not (undated or len(noise) > before)):
            place = self._elsewhere(place)
            noise += ["nagari-lain"] * (place != who.place)
        nagari = self.roll.places[place].nagari
        if chance() < 0.04:
            nagari = written_otherwise(self.rng, nagari, self.words.ejaan_nagari)
            noise.append("ejaan-nagari")
        ids = (who.id, self._again[who.id]) if who.id in self._again else (who.id,)
        noise += ["ganda"] * (len(ids) > 1)
        return Death(nik, nama, lahir, who.sex, self.roll.places[place].kecamatan, nagari, ids, tuple(noise))

    def _nik(self, who: Person, noise: list[str]) -> str:
        if self.rng.random() < _NO_NIK:
            noise.append("tanpa-nik")
            return ""
        share = self.rng.random()
        if share < 0.02:
            noise.append("nik-salah")
            return digit_wrong(self.rng, who.nik)
        if share < 0.026 and who.kin:
            noise.append("nik-keluarga")
            return who.kin
        return who.nik

    def _lahir(self, lahir: str, born: dt.date, noise: list[str], *, free: bool, rare: bool) -> str:
        """The birth date with a fault, or as it is. ``free``: a NIK tells who it is; ``rare``: the name has two words."""
        share = self.rng.random()
        if share < 0.06:  # a third of all days can be exchanged with their month
            if born.day <= 12 and born.day != born.month:
                noise.append("tanggal-tertukar")
                return self._written(born.replace(month=born.day, day=born.month))
        elif share < 0.082:
            noise.append("tanggal-salah")
            return self._written(self._wrong_day(born))
        elif share < 0.106 and (free or rare):
            noise.append("tahun-saja")
            return str(born.year)
        elif share < 0.118 and free:
            noise.append("tanpa-tanggal")
            return ""
        return lahir

    def _wrong_day(self, born: dt.date) -> dt.date:
        """One digit of the date wrong, still a date of somebody old enough."""
        text, latest = born.isoformat(), self.days.date(self.days.youngest)
        while True:
            place = self.rng.choice((3, 5, 6, 8, 9, 2))
            try:
                other = dt.date.fromisoformat(text[:place] + str(self.rng.randrange(10)) + text[place + 1 :])
            except ValueError:
                continue
            if other != born and self.days.first <= other <= latest:
                return other

    def _written(self, day: dt.date) -> str:
        return f"{day:%d-%m-%Y}" if self.rng.random() < 0.08 else day.isoformat()

    def _elsewhere(self, place: int) -> int:
        """Another nagari, mostly of the same kecamatan."""
        near, all_places = self._near[place], len(self.roll.places)
        if near and self.rng.random() < 0.8:
            return self.rng.choice(near)
        return (place + self.rng.randrange(1, all_places)) % all_places if all_places > 1 else place

    def _far(self, place: int) -> int | None:
        """A nagari of another kecamatan; None where there is only one."""
        places = self.roll.places
        for _ in range(50):
            other = self.rng.randrange(len(places))
            if places[other].area != places[place].area:
                return other
        return None

    def _stranger(self) -> Death:
        """Somebody who never stood on the roll, with a name that nobody there has."""
        sex = "L" if self.rng.random() < 0.5 else "P"
        born = self._some_day()
        nama = self.names.take(sex, born.year)
        for _ in range(200):
            if not self.roll.knows(nama):
                break
            nama = self.names.take(sex, born.year)
        else:
            nama = f"{nama} {self.names.take(sex, born.year)}"
        return self._unlisted(nama, sex, born, self.rng.randrange(len(self.roll.places)), (STRANGER,))

    def _namesake(self, of: Person) -> Death:
        """Another person with exactly the name of one on the roll, and more or less else in common."""
        rng, theirs = self.rng, self.days.date(of.born)
        sex = of.sex if rng.random() < 0.9 else "LP"[of.sex == "L"]
        place, share = self._elsewhere(of.place), rng.random()
        if share < 0.3:
            return self._unlisted(of.nama, sex, self._other_day(theirs), place, (STRANGER, NAMESAKE))
        if share < 0.6:
            kind = "nagari-sama"
            return self._unlisted(of.nama, sex, self._other_day(theirs), of.place, (STRANGER, NAMESAKE, kind))
        if share < 0.75:
            off = rng.choice((-3, -2, -1, 1, 2, 3, 5, 9, -365, 366, 731, -730, 1096))
            born = self._within(theirs + dt.timedelta(days=off), theirs)
            return self._unlisted(of.nama, sex, born, place, (STRANGER, NAMESAKE, "tanggal-dekat"))
        if share < 0.92 or (far := self._far(of.place)) is None:
            years = rng.choice((-12, -8, -7, -4, 4, 8, 11, 12, 16))
            born = self._within(_years_on(theirs, years), theirs)
            return self._unlisted(of.nama, sex, born, place, (STRANGER, NAMESAKE, "hari-bulan-sama"))
        return self._unlisted(of.nama, of.sex, theirs, far, (STRANGER, NAMESAKE, "tanggal-sama"), always=True)

    def _unlisted(
        self, nama: str, sex: str, born: dt.date, place: int, noise: tuple[str, ...], *, always: bool = False
    ) -> Death:
        """A record nobody on the roll belongs to; its NIK is nobody's there. ``always``: it has a NIK."""
        where = self.roll.places[place]
        nik = self.roll.numbers.nik(where.area, self.days.number(born), sex)
        if not always and self.rng.random() < _NO_NIK:
            nik, noise = "", (*noise, "tanpa-nik")
        return Death(nik, nama, self._written(born), sex, where.kecamatan, where.nagari, (), noise)

    def _some_day(self) -> dt.date:
        age = self.rng.choices(self._ages, cum_weights=self._sums)[0]
        born = self.days.youngest - int((age - VOTING_AGE) * 365.2425) - self.rng.randrange(365)
        return self.days.date(max(born, self.days.eldest))

    def _other_day(self, theirs: dt.date) -> dt.date:
        """Some day that could not be a slip of the pen for ``theirs``."""
        while True:
            day = self._some_day()
            if abs(day.year - theirs.year) > 1 and (day.day, day.month) != (theirs.day, theirs.month):
                return day

    def _within(self, day: dt.date, theirs: dt.date) -> dt.date:
        """``day`` when somebody old enough can be born on it, else as long before ``theirs``, else after."""
        for one in (day, theirs - (day - theirs)):
            if self.days.eldest <= self.days.number(one) <= self.days.youngest:
                return one
        return theirs - dt.timedelta(days=1)


def _years_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
