"""Legal instruments, the days they were in force, and how a letter cites them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from tahapan.dates import tanggal

Jenis = Literal[
    "Undang-Undang",
    "Putusan Mahkamah Konstitusi",
    "Peraturan Pemerintah",
    "Peraturan KPU",
    "Peraturan Bawaslu",
    "Keputusan Bersama",
    "Surat Edaran Bawaslu",
]
# The order in which a letter names them (DOMAIN 3.4: UU -> court decision -> PKPU -> Perbawaslu -> SE).
ORDER: tuple[Jenis, ...] = get_args(Jenis)
Force = Literal["berlaku", "belum dipastikan", "belum berlaku"]


class Law(BaseModel):
    """One instrument. ``paling_awal``/``paling_lambat`` bound the day it came into force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    jenis: Jenis
    nomor: str
    tahun: int
    tentang: str
    ditetapkan: dt.date | None = None
    berlaku_paling_awal: dt.date
    berlaku_paling_lambat: dt.date | None = None
    mengubah: str | None = None
    pokok: tuple[str, ...] = Field(min_length=1)
    keyakinan: Literal["tinggi", "sedang", "rendah"]
    catatan: str = ""

    def force(self, on: dt.date) -> Force:
        """Whether it may be cited on that day; between the two bounds nobody knows."""
        if on < self.berlaku_paling_awal:
            return "belum berlaku"
        if self.berlaku_paling_lambat is None or on < self.berlaku_paling_lambat:
            return "belum dipastikan"
        return "berlaku"

    @property
    def day_is_sure(self) -> bool:
        """Whether the two bounds are one day."""
        return self.berlaku_paling_awal == self.berlaku_paling_lambat

    @property
    def nama(self) -> str:
        """Full name without the title: ``Peraturan KPU Nomor 8 Tahun 2024``."""
        if self.jenis in ("Putusan Mahkamah Konstitusi", "Keputusan Bersama"):
            return f"{_PANJANG.get(self.jenis, self.jenis)} Nomor {self.nomor}/{self.tahun}"
        return f"{_PANJANG.get(self.jenis, self.jenis)} Nomor {self.nomor} Tahun {self.tahun}"

    @property
    def kutipan(self) -> str:
        """The instrument alone, as a letter cites it."""
        return _cite(self, [])

    @property
    def spellings(self) -> tuple[str, ...]:
        """How texts name it: the full name, the short ones, and a court decision by its number alone."""
        if self.jenis == "Putusan Mahkamah Konstitusi":
            return (f"{self.nomor}/{self.tahun}",)
        numbered = f"Nomor {self.nomor} Tahun {self.tahun}"
        short = (_SINGKAT[self.jenis], self.jenis)
        return (self.nama, self.singkat, *(f"{name} {numbered}" for name in short))

    @property
    def singkat(self) -> str:
        """Short name for screens: ``PKPU 8/2024``."""
        return f"{_SINGKAT[self.jenis]} {self.nomor}/{self.tahun}"


_PANJANG: dict[str, str] = {
    "Peraturan KPU": "Peraturan Komisi Pemilihan Umum",
    "Peraturan Bawaslu": "Peraturan Badan Pengawas Pemilihan Umum",
    "Surat Edaran Bawaslu": "Surat Edaran Badan Pengawas Pemilihan Umum",
}
_SINGKAT: dict[str, str] = {
    "Undang-Undang": "UU",
    "Putusan Mahkamah Konstitusi": "Putusan MK",
    "Peraturan Pemerintah": "PP",
    "Peraturan KPU": "PKPU",
    "Peraturan Bawaslu": "Perbawaslu",
    "Keputusan Bersama": "SKB",
    "Surat Edaran Bawaslu": "SE Bawaslu",
}


@dataclass(frozen=True, slots=True)
class Dasar:
    """The legal basis of one letter on one day."""

    kutipan: tuple[str, ...]  # full citations, in the order of the letter
    singkat: tuple[str, ...]  # the same for screens: every instrument cited, short
    belum_dipastikan: tuple[Law, ...]  # named to the drafter, never printed


class Laws:
    """All instruments known, by id."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self.by_id: Mapping[str, Law] = {law.id: law for law in laws}

    @property
    def subjects(self) -> frozenset[str]:
        return frozenset(subject for law in self.by_id.values() for subject in law.pokok)

    def dasar(self, subjects: Iterable[str], on: dt.date) -> Dasar:
        """The instruments on ``subjects`` surely in force on day ``on``, cited in full.

        An amendment is cited with what it amends ("sebagaimana telah diubah dengan ..."),
        the chain as it stood on that day (DOMAIN 11.7).
        """
        wanted = tuple(dict.fromkeys(subjects))
        chosen = [law for law in self.by_id.values() if set(law.pokok) & set(wanted)]
        sure = [law for law in chosen if law.force(on) == "berlaku"]
        heads = [law for law in sure if law.mengubah is None]
        heads.sort(key=lambda law: _place(law, wanted))
        cited = [(law, self._amendments(law, on)) for law in heads]
        return Dasar(
            kutipan=tuple(_cite(law, amendments) for law, amendments in cited),
            singkat=tuple(part.singkat for law, amendments in cited for part in (law, *amendments)),
            belum_dipastikan=tuple(law for law in chosen if law.force(on) == "belum dipastikan"),
        )

    def cite(self, law_id: str, on: dt.date) -> str:
        """Full citation of one instrument with its amendments as of ``on``."""
        law = self.by_id[law_id]
        return _cite(law, self._amendments(law, on))

    def entered(self, after: dt.date, until: dt.date, subjects: Iterable[str]) -> tuple[Law, ...]:
        """Instruments on the subjects that could not yet be cited on one day and can on the other."""
        wanted = set(subjects)
        return tuple(law for law in self._citable_between(after, until) if wanted & set(law.pokok))

    def new_between(self, after: dt.date, until: dt.date) -> tuple[Law, ...]:
        """Instruments that surely came into force after one day and not after the other."""
        between = self._citable_between(after, until)
        return tuple(law for law in between if law.day_is_sure)

    def _citable_between(self, after: dt.date, until: dt.date) -> tuple[Law, ...]:
        return tuple(
            law
            for law in self.by_id.values()
            if law.berlaku_paling_lambat is not None and after < law.berlaku_paling_lambat <= until
        )

    def _amendments(self, law: Law, on: dt.date) -> list[Law]:
        chain = [other for other in self.by_id.values() if other.mengubah == law.id and other.force(on) == "berlaku"]
        return sorted(chain, key=lambda other: (other.tahun, other.berlaku_paling_awal))


def _place(law: Law, wanted: tuple[str, ...]) -> tuple[int, int, int, int]:
    subject = min(wanted.index(subject) for subject in law.pokok if subject in wanted)
    return ORDER.index(law.jenis), subject, law.tahun, law.berlaku_paling_awal.toordinal()


def _cite(law: Law, amendments: list[Law]) -> str:
    if law.jenis == "Putusan Mahkamah Konstitusi":  # a decision has a subject, not a title
        return f"{law.nama} mengenai {law.tentang[0].lower()}{law.tentang[1:]}"
    head = f"{law.nama} tentang {law.tentang}"
    if not amendments:
        return head
    last = amendments[-1]
    verb = (
        "sebagaimana telah diubah dengan"
        if len(amendments) == 1
        else "sebagaimana telah beberapa kali diubah, terakhir dengan"
    )
    return f"{head}, {verb} {last.nama} tentang {last.tentang}"


def describe_bounds(law: Law) -> str:
    """``antara 1 Januari 2024 dan 30 September 2024`` for the drafter."""
    if law.berlaku_paling_lambat is None:
        return f"tidak sebelum {tanggal(law.berlaku_paling_awal)}"
    return f"antara {tanggal(law.berlaku_paling_awal)} dan {tanggal(law.berlaku_paling_lambat)}"
