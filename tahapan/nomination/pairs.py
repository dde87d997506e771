"""The pairs that mean to stand: who, nominated by whom, and what the rules say of them from what is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from tahapan import record
from tahapan.characters import clean, named
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.home import Home
from tahapan.nomination import rules
from tahapan.nomination.norms import Norms, norms
from tahapan.nomination.rules import Figures, Hasil
from tahapan.plan import Plan
from tahapan.reading import load
from tahapan.store.engine import reading, writing

JENIS = "pasangan"
PARTIES = "parpol"  # the group of the directory
ALONE = "perseorangan"
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Orang(BaseModel):
    """One of a pair; None: not known yet. ``jabatan`` and ``surat`` as `rules.resignation_rule` has them."""

    model_config = _FROZEN

    nama: str = Field(min_length=1)
    lahir: dt.date | None = None
    ijazah: str | None = None
    jabatan: tuple[str, ...] | None = None
    surat: tuple[str, ...] = ()
    masa: tuple[tuple[dt.date, dt.date], ...] | None = None


class Pasangan(BaseModel):
    """A pair; ``partai`` are addresses of the group `parpol`, empty for one without party, None while that is not known.

    ``suara``: their valid votes; ``dukungan``, ``sebaran``: supporters of one without party, and in how many kecamatan.
    """

    model_config = _FROZEN

    calon: Orang
    wakil: Orang
    partai: tuple[str, ...] | None = None
    suara: int | None = None
    dukungan: int | None = None
    sebaran: int | None = None

    @property
    def nama(self) -> str:
        return f"{self.calon.nama} dan {self.wakil.nama}"

    @property
    def people(self) -> Mapping[str, Orang]:
        return {"calon": self.calon, "wakil": self.wakil}


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair in the records: its id, and the version that counts."""

    id: str
    versi: int
    isi: Pasangan


def pair_id(nama: str) -> str:
    """Both names as a short id of letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9 ]", "", nama.casefold()).split()
    return "-".join(words)[:60]


def add(
    home: Home, plan: Plan, isi: Mapping[str, Any], by: str, at: dt.datetime, *, alasan: str = "", wanted: str = ""
) -> Pair:  # fmt: skip
    """Write a pair down, or what is now known of one (``alasan``: what changed; ``wanted``: which, if its names did).

    DataError for a pair without vice, for numbers that are none; NotKnown for a party that is not on the ballot.
    """
    who, why = named(by), clean(alasan, "--alasan")
    pasangan = _checked(plan, isi)
    with writing(home.engine) as connection:
        if wanted:
            wanted = found(pairs(connection, plan), wanted).id
        wanted = wanted or pair_id(f"{pasangan.calon.nama} {pasangan.wakil.nama}")
        entry = record.write(
            connection, plan.office.profile.id, plan.election.id, JENIS, wanted,
            pasangan.model_dump(mode="json"), who, at, alasan=why,
        )  # fmt: skip
    return _pair(entry)


def pairs(connection: sa.Connection, plan: Plan) -> tuple[Pair, ...]:
    """Every pair, in the order in which they were written down."""
    return tuple(
        _pair(each) for each in record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    )  # fmt: skip


def all_pairs(home: Home, plan: Plan) -> tuple[Pair, ...]:
    """The same, outside a transaction."""
    with reading(home.engine) as connection:
        return pairs(connection, plan)


def found(among: Iterable[Pair], wanted: str) -> Pair:
    """The pair of that id, or whose names are these; NotKnown for none."""
    known = [*among]
    text = wanted.strip().casefold()
    for each in known:
        if text in (each.id, each.isi.nama.casefold()):
            return each
    there = ", ".join(f"{each.id} ({each.isi.nama})" for each in known) or "belum ada"
    raise NotKnown(Problem("pasangan", f"{wanted.strip() or '(kosong)'} tidak dikenal.", f"Yang ada: {there}."))


def _pair(entry: record.Entry) -> Pair:
    return Pair(entry.id, entry.versi, Pasangan.model_validate(dict(entry.isi)))


def _checked(plan: Plan, isi: Mapping[str, Any]) -> Pasangan:
    faults: list[Problem] = []
    for name, called in (("calon", "calon"), ("wakil", "calon wakil")):
        person = isi.get(name) or {}
        text = clean(str(person.get("nama") or ""), called)
        if not text:
            faults.append(Problem(called, "namanya kosong.", "Satu pasangan selalu dua orang."))
    parties = dict.fromkeys(isi.get("partai") or (), "")
    known = plan.office.directory.grup[PARTIES].anggota if PARTIES in plan.office.directory.grup else ()
    if strange := sorted(set(parties) - set(known)):
        what = f"{', '.join(strange)} bukan salah satu dari {len(known)} partai peserta Pemilu."
        raise NotKnown(Problem("partai", what, f"Pilih: {', '.join(known)}."))
    if faults:
        raise DataError(*faults)
    return Pasangan.model_validate(dict(isi))


def nominated_by(plan: Plan, pasangan: Pasangan) -> str:
    """Whose pair it is, as screens say it."""
    if pasangan.partai is None:
        return "belum diketahui"
    return ", ".join(party_names(plan)[each] for each in pasangan.partai) or ALONE


def party_names(plan: Plan) -> Mapping[str, str]:
    """The parties on the ballot by id, with the title of their local head as the directory has it."""
    book = plan.office.directory
    members = book.grup[PARTIES].anggota if PARTIES in book.grup else ()
    return {each: book.alamat[each].gelar[-1].jabatan for each in members}


def number(text: str, where: str) -> int | None:
    """``18.181`` or ``18181`` as a number, "" as None; DataError for what could be read in two ways."""
    bare = text.strip()
    if not bare:
        return None
    if re.fullmatch(r"\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+|\d+", bare):
        return int(re.sub(r"[.,]", "", bare))
    raise DataError(Problem(where, f"{bare!r} bukan bilangan bulat.", "Tulis seperti 18.181 atau 18181."))


# --- what the rules say ----------------------------------------------------------------------------


class _LastElection(BaseModel):
    """``angka.toml`` of the office: figures of the last Pemilu with where they come from."""

    model_config = _FROZEN

    dpt: int = Field(gt=0)
    suara_sah: int = Field(gt=0)
    kursi: int | None = Field(default=None, gt=0)
    sumber: str = Field(min_length=1)
    per: dt.date


class _FiguresFile(BaseModel):
    model_config = _FROZEN

    pemilu_terakhir: _LastElection


def region(home: Home, plan: Plan) -> tuple[Figures, str]:
    """The figures of the office's region, and their source; without its file only the kecamatan are known."""
    path, kecamatan = home.kantor / "angka.toml", len(plan.office.directory.area.kecamatan)
    if not path.is_file():
        return Figures(kecamatan=kecamatan), ""
    last = load(_FiguresFile, path).pemilu_terakhir
    return Figures(last.dpt, last.suara_sah, last.kursi, kecamatan), last.sumber


def judged(home: Home, plan: Plan, pair: Pair, on: dt.date, by: Norms | None = None) -> tuple[tuple[str, Hasil], ...]:
    """What each rule says of a pair with the law of that day: of whom (``pasangan``, ``calon``, ``wakil``), and what."""
    which, isi, (figures, _) = by or norms(), pair.isi, region(home, plan)
    if isi.partai is None:
        first = Hasil("pengusung", rules.UNKNOWN, "belum diketahui partai mana, atau perseorangan")
    elif isi.partai:
        first = rules.party_threshold(which, on, figures, isi.suara)
    else:
        first = rules.independent_support(which, on, figures, isi.dukungan, isi.sebaran)
    told = [("pasangan", first)]
    penetapan = plan.election.milestone("penetapan-paslon")
    for who, orang in isi.people.items():
        if penetapan:
            told.append((who, rules.age_rule(which, on, orang.lahir, penetapan)))
        told.append((who, rules.education_rule(which, on, orang.ijazah)))
        told.append((who, rules.terms_rule(which, on, orang.masa)))
        told.append((who, rules.resignation_rule(which, on, orang.jabatan, orang.surat)))
    return tuple(told)


def cited(plan: Plan, hasil: Hasil, on: dt.date) -> str:
    """The laws of a result that are surely in force on that day, short."""
    there = (plan.laws.by_id[each] for each in hasil.dasar if each in plan.laws.by_id)
    return ", ".join(law.singkat for law in there if law.force(on) == "berlaku")
