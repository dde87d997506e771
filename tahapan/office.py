"""The office: its profile, and who held which role when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from tahapan import pola as number_pattern
from tahapan.dates import ZONES, Zona, tanggal
from tahapan.directory import AreaFile, Directory, DirectoryFile, Telepon, directory_faults, twice
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.reading import parse, parse_toml, read_text, shown

_FROZEN = ConfigDict(frozen=True, extra="forbid")
_DAY = dt.timedelta(days=1)


class Nomor(BaseModel):
    """How this office writes a letter number.

    ``pola`` is a format string over urut, klas, kantor, tanggal, bulan, bulan_romawi, tahun. ``seri`` names what a
    sequence is counted by. ``klas`` and ``pola_jenis`` are this office's class and pattern of single kinds; ``luar``
    the patterns of numbers given elsewhere (regular expressions, the whole number).
    """

    model_config = _FROZEN

    pola: str = "{urut:03d}/{klas}/{kantor}/{bulan:02d}/{tahun}"
    kantor_ketua: str
    kantor_sekretariat: str
    seri: tuple[Literal["klas", "tahun", "kantor"], ...] = ("klas", "tahun")
    klas: dict[str, str] = Field(default_factory=dict)
    pola_jenis: dict[str, str] = Field(default_factory=dict)
    luar: tuple[str, ...] = ()

    def pattern(self, kind: str, own: str = "") -> str:
        """How a letter of this kind is numbered: as the office says, else as its template does, else like all."""
        return self.pola_jenis.get(kind) or own or self.pola

    def code(self, kind: str, own: str) -> str:
        """The class code of a kind: the office's, else its template's."""
        return self.klas.get(kind, own)

    @property
    def codes(self) -> tuple[str, ...]:
        """The office codes a number may carry."""
        return tuple(filter(None, (self.kantor_ketua, self.kantor_sekretariat)))

    def patterns(self, kinds: Mapping[str, str]) -> dict[str, str]:
        """Every pattern in use, by the kind it is counted for; "" is the one all others share.

        ``kinds``: the pattern each kind's template asks for, empty for none.
        """
        own = {kind: self.pattern(kind, pola) for kind, pola in {**dict.fromkeys(self.pola_jenis, ""), **kinds}.items()}
        return {"": self.pola} | {kind: pola for kind, pola in own.items() if pola != self.pola}

    def faults(self, patterns: Mapping[str, str]) -> Iterable[str]:
        """Why these patterns together could give two letters one number."""
        wrong = [fault for written in patterns.values() for fault in number_pattern.faults(written, self.seri)]
        return wrong or (number_pattern.clashes(patterns, self.codes) if len(patterns) > 1 else ())

    @model_validator(mode="after")
    def _usable(self) -> Nomor:
        if "tahun" not in self.seri:
            raise ValueError('`seri` harus memuat "tahun": nomor mulai lagi dari 1 setiap tahun.')
        if "luar" in self.pola_jenis:
            raise ValueError("`pola_jenis` memuat luar; nama itu milik nomor dari luar. Pakai id jenis surat.")
        for written in self.luar:
            try:
                re.compile(written)
            except re.error as error:
                raise ValueError(f"pola nomor luar {written!r} tidak dapat dipakai ({error}).") from None
        if wrong := list(self.faults(self.patterns({}))):
            raise ValueError(wrong[0])
        return self


class Kop(BaseModel):
    """The letterhead."""

    model_config = _FROZEN

    baris: tuple[str, ...] = Field(min_length=1)  # the institution, one printed line each
    sekretariat: tuple[str, ...] = ()  # the same for letters of the secretariat
    alamat: str
    telepon: str = ""
    surel: str = ""
    laman: str = ""
    logo: str | None = None  # a file in the office folder; without it a plain mark is set


class Gaya(BaseModel):
    """What each office words differently."""

    model_config = _FROZEN

    kertas: Literal["a4", "f4"] = "a4"
    label_hal: Literal["Hal", "Perihal"] = "Hal"
    label_yth: Literal["Yth.", "Kepada Yth."] = "Yth."
    huruf: str = ""  # a font family in the office's folder huruf/; without it the paper's own
    salam_pembuka: str = ""
    salam_penutup: str = ""


class Persetujuan(BaseModel):
    """How letters are agreed to here.

    ``wajib_kode``: nobody decides without a one-time code. ``tanpa_luar``: kinds of letters of which no decision taken
    on paper or by message is recorded; "*" for all.
    """

    model_config = _FROZEN

    wajib_kode: bool = False
    tanpa_luar: tuple[str, ...] = ()


class Kanal(BaseModel):
    """Where the office wants to hear of its morning: addresses of apprise, which hold passwords and are never shown."""

    model_config = _FROZEN

    pagi: tuple[SecretStr, ...] = ()


class Profile(BaseModel):
    """``kantor.toml``."""

    model_config = _FROZEN

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    nama: str
    wilayah: str
    kode_wilayah: str
    tempat: str  # where its letters are dated: Sarilamak
    zona: Zona
    pemilihan: str = "pilkada-2024"  # the election it works on
    narahubung: str  # the contact named in invitations
    kop: Kop
    nomor: Nomor
    gaya: Gaya = Gaya()
    persetujuan: Persetujuan = Persetujuan()
    kanal: Kanal = Kanal()

    @property
    def timezone(self) -> str:
        return ZONES[self.zona]

    @property
    def unfilled(self) -> tuple[Problem, ...]:
        """What every letter prints and a new office has still to write down."""
        remedy = "Isi di lembar Kantor (`tahapan office export`), atau di berkas itu."
        empty = (key for key, value in self.printed.items() if not value)
        return tuple(Problem(f"kantor/kantor.toml, kunci {key}", "belum diisi.", remedy) for key in empty)

    @property
    def printed(self) -> dict[str, str]:
        """What no letter can do without, by its key in the file."""
        return {
            "tempat": self.tempat, "narahubung": self.narahubung, "kop.alamat": self.kop.alamat,
            "nomor.kantor_ketua": self.nomor.kantor_ketua, "nomor.kantor_sekretariat": self.nomor.kantor_sekretariat,
        }  # fmt: skip


class Peran(BaseModel):
    """A role: the full title as letters print it; ``kelompok`` puts its holders into a group of people."""

    model_config = _FROZEN

    id: str
    nama: str
    singkat: str = ""  # for screens: "Kordiv Pencegahan"
    tanda_tangan: str = ""  # the line above the signature, when not the title: "Ketua"
    kelompok: tuple[Literal["anggota", "staf"], ...] = ()


class Pemegang(BaseModel):
    """Who held a role from when to when (both days inclusive)."""

    model_config = _FROZEN

    peran: str
    nama: str = Field(min_length=1, max_length=200)
    sejak: dt.date
    sampai: dt.date | None = None
    nip: str = ""
    telepon: Telepon = ""
    sebagai: Literal["", "Plt.", "Plh.", "Pjs.", "a.n."] = ""
    jabatan: str = ""  # with "a.n.": the own title of who signs for the holder

    @model_validator(mode="after")
    def _own_title(self) -> Pemegang:
        if (self.sebagai == "a.n.") != bool(self.jabatan):
            raise ValueError(f'pemegang {self.nama}: `jabatan` diisi bila, dan hanya bila, sebagai = "a.n.".')
        return self

    def holds(self, on: dt.date) -> bool:
        return self.sejak <= on and (self.sampai is None or on <= self.sampai)

    def overlaps(self, first: dt.date, last: dt.date | None) -> bool:
        """Whether it holds on any day from first to last; None is without end."""
        return (last is None or self.sejak <= last) and (self.sampai is None or first <= self.sampai)


def in_the_way(pemegang: Iterable[Pemegang], new: Pemegang) -> Pemegang | None:
    """Who holds the role already on a day of ``new``, or stands in for it when that is what ``new`` would do."""
    return next(
        (
            who
            for who in pemegang
            if who.peran == new.peran and bool(who.sebagai) == bool(new.sebagai) and who.overlaps(new.sejak, new.sampai)
        ),
        None,
    )


class PeopleFile(BaseModel):
    """``pejabat.toml``."""

    model_config = _FROZEN

    peran: tuple[Peran, ...] = Field(min_length=1)
    pemegang: tuple[Pemegang, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a role on one day, as printed."""

    peran: str
    jabatan: str  # full title
    baris: str  # the line above the signature: "Ketua", "Plh. Kepala Sekretariat"
    nama: str
    nip: str
    atas_nama: str = ""  # "a.n. Ketua", above the line


@dataclass(frozen=True, slots=True)
class Office:
    """Everything the office folder says about people and addresses."""

    folder: Path
    profile: Profile
    peran: Mapping[str, Peran]
    pemegang: tuple[Pemegang, ...]
    directory: Directory

    def holder(self, peran: str, on: dt.date) -> Holder:
        """Who holds the role on that day; Refused when nobody, or more than one, does."""
        if peran not in self.peran:
            known = ", ".join(self.peran)
            raise NotKnown(Problem("kantor/pejabat.toml", f"peran {peran!r} tidak dikenal.", f"Yang ada: {known}."))
        holding = [person for person in self.pemegang if person.peran == peran and person.holds(on)]
        acting = [person for person in holding if person.sebagai]  # a Plh. stands in for the holder
        holding = acting or holding
        if len(holding) != 1:
            said = "tidak ada pemegang" if not holding else "ada lebih dari satu pemegang"
            what = f"{said} peran {self.peran[peran].nama} pada {tanggal(on)}."
            known = any(person.peran == peran for person in self.pemegang)
            remedy = "Perbaiki `sejak` dan `sampai` pemegangnya." if known else "Isi di lembar Pejabat."
            raise Refused(Problem("kantor/pejabat.toml", what, remedy))
        return self._as_printed(holding[0])

    def people(self, kelompok: str, on: dt.date) -> tuple[Holder, ...]:
        """The persons of this office in a group (anggota, staf) on that day, each once."""
        printed = [
            self._as_printed(person)
            for person in self.pemegang
            if person.holds(on) and kelompok in self.peran[person.peran].kelompok
        ]
        return tuple({person.nama: person for person in reversed(printed)}.values())[::-1]

    def unheld(self, on: dt.date) -> dict[str, Problem]:
        """Roles of this office, not of the field, that nobody holds on that day; and since when."""
        found: dict[str, Problem] = {}
        for peran in self.peran.values():
            held = [who for who in self.pemegang if who.peran == peran.id and who.sejak <= on]
            if peran.kelompok and not any(who.holds(on) for who in held):
                last = max((who.sampai for who in held if who.sampai), default=None)
                what = f"{peran.nama} kosong sejak {tanggal(last + _DAY)}." if last else f"{peran.nama} belum diisi."
                found[peran.id] = Problem(f"kantor/pejabat.toml, peran {peran.id}", what, "Isi di lembar Pejabat.")
        return found

    def ending(self, on: dt.date, within: dt.timedelta) -> Iterable[tuple[Peran, dt.date]]:
        """Roles that somebody holds, with the last day after which nobody does, when it comes so soon."""
        for peran in self.peran.values():
            holders = [who for who in self.pemegang if who.peran == peran.id]
            ends = {who.sampai for who in holders if who.sampai and on <= who.sampai < on + within}
            yield from ((peran, end) for end in sorted(ends) if not any(who.holds(end + _DAY) for who in holders))

    def _as_printed(self, person: Pemegang) -> Holder:
        peran = self.peran[person.peran]
        if person.sebagai == "a.n.":
            for_whom = f"a.n. {peran.tanda_tangan or peran.nama}"
            return Holder(person.peran, person.jabatan, person.jabatan, person.nama, person.nip, for_whom)
        prefix = f"{person.sebagai} " if person.sebagai else ""
        return Holder(
            person.peran, prefix + peran.nama, prefix + (peran.tanda_tangan or peran.nama), person.nama, person.nip
        )


def load_office(folder: Path, instead: Mapping[str, str] | None = None) -> Office:
    """The office folder ``kantor/``; every fault of its files at once.

    ``instead``: the text some files would have, to look at a change before it is written.
    """
    faults: list[Problem] = []
    read: dict[str, BaseModel] = {}
    for name, model in _FILES.items():
        path = folder / name
        try:
            text = (instead or {}).get(name)
            read[name] = parse(model, parse_toml(read_text(path) if text is None else text, shown(path)), shown(path))
        except DataError as error:
            faults += error.problems
    if faults:
        raise DataError(*faults)
    profile, people, addresses, area = (read[name] for name in _FILES)
    assert isinstance(profile, Profile) and isinstance(people, PeopleFile)
    assert isinstance(addresses, DirectoryFile) and isinstance(area, AreaFile)
    directory = Directory.of(addresses, area)
    office = Office(folder, profile, {peran.id: peran for peran in people.peran}, people.pemegang, directory)
    faults += [*twice("kantor/pejabat.toml", "peran", (peran.id for peran in people.peran)), *_dangling(office)]
    faults += directory_faults(addresses, area)
    if faults:
        raise DataError(*faults)
    return office


_FILES: dict[str, type[BaseModel]] = {
    "kantor.toml": Profile,
    "pejabat.toml": PeopleFile,
    "alamat.toml": DirectoryFile,
    "wilayah.toml": AreaFile,
}


def _dangling(office: Office) -> Iterable[Problem]:
    if (logo := office.profile.kop.logo) and (Path(logo).name != logo or not (office.folder / logo).is_file()):
        what = f"berkas {logo!r} tidak ada di folder kantor."
        yield Problem("kantor/kantor.toml, kunci kop.logo", what, "Taruh berkasnya di sana, atau hapus kunci itu.")
    for person in office.pemegang:
        if person.peran not in office.peran:
            what = f"pemegang {person.nama}: peran {person.peran!r} tidak dikenal."
            yield Problem("kantor/pejabat.toml", what, f"Yang ada: {', '.join(office.peran)}.")
        if person.sampai and person.sampai < person.sejak:
            what = f"pemegang {person.nama}: `sampai` sebelum `sejak`."
            yield Problem("kantor/pejabat.toml", what, "Perbaiki tanggalnya.")
