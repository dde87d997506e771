"""Whom the office writes to: addressees by date, groups of them, and the districts and villages of the regency."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tahapan.dates import tanggal
from tahapan.errors import NotKnown, Problem, Refused

_FROZEN = ConfigDict(frozen=True, extra="forbid")


def _is_telepon(written: str) -> str:
    if written and not re.fullmatch(r"\+?\d[\d ()./-]{4,28}", written):
        raise ValueError(f"nomor telepon {written!r} tidak dapat dipakai. Tulis seperti 0812-0000-0000.")
    return written


Telepon = Annotated[str, AfterValidator(_is_telepon)]  # for messages to a person; never printed on a letter


_ATOM, _HOST = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_SUREL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_HOST}\.)+[A-Za-z]{{2,}}", re.ASCII)


def is_surel(written: str) -> str:
    """One plain address (RFC 5321, without quotes): what a mail server takes, and nothing that becomes a second header."""
    if written and not (len(written) <= 254 and _SUREL.fullmatch(written)):
        raise ValueError(f"alamat surel {written!r} tidak dapat dipakai. Tulis satu alamat seperti kpu@contoh.go.id.")
    return written


Surel = Annotated[str, AfterValidator(is_surel)]


class Gelar(BaseModel):
    """How an addressee is styled in a span of time (both days inclusive)."""

    model_config = _FROZEN

    jabatan: str = Field(min_length=1, max_length=200)
    sejak: dt.date | None = None
    sampai: dt.date | None = None

    @property
    def starts(self) -> dt.date:
        return self.sejak or dt.date.min

    @property
    def ends(self) -> dt.date:
        return self.sampai or dt.date.max

    def covers(self, on: dt.date) -> bool:
        return self.starts <= on <= self.ends


class Alamat(BaseModel):
    """One addressee: the office first, a name never needed (DOMAIN 7).

    Without ``gelar`` it is one that the office has not filled in yet: letters to it are refused.
    """

    model_config = _FROZEN

    id: str = Field(pattern=r"^[a-z0-9.-]+$")
    gelar: tuple[Gelar, ...] = ()
    tempat: str = "Tempat"
    telepon: Telepon = ""
    surel: Surel = ""
    rute: str = ""  # with whom its letters are brought round; without one its district or town
    catatan: str = ""


class Kontak(BaseModel):
    """How an addressee that follows from the area (a camat, a Panwaslu Kecamatan) is reached."""

    model_config = _FROZEN

    id: str
    telepon: Telepon = ""
    surel: Surel = ""
    rute: str = ""


class Grup(BaseModel):
    """A named list of addressees and other groups; ``sejak`` while it has no members before that day.

    ``anggota = []`` says that the office has none (no campus); without the key nobody has said it yet.
    """

    model_config = _FROZEN

    id: str = Field(pattern=r"^[a-z0-9.-]+$")
    nama: str
    anggota: tuple[str, ...] = ()
    sejak: dt.date | None = None

    @property
    def filled(self) -> bool:
        return "anggota" in self.model_fields_set


class DirectoryFile(BaseModel):
    """``alamat.toml``."""

    model_config = _FROZEN

    alamat: tuple[Alamat, ...] = ()
    kontak: tuple[Kontak, ...] = ()
    grup: tuple[Grup, ...] = ()


class Desa(BaseModel):
    """A village by its Kemendagri code; ``tps``: its polling places, for duties done at each of them."""

    model_config = _FROZEN
    kode: str
    nama: str
    tps: int | None = Field(default=None, ge=1, le=999)

    @property
    def kelurahan(self) -> bool:
        """Headed by a lurah, whatever the villages beside it are called: the last part of the code begins with 1."""
        return self.kode.rpartition(".")[2].startswith("1")


class Kecamatan(BaseModel):
    model_config = _FROZEN
    kode: str
    nama: str
    desa: tuple[Desa, ...]


class AreaFile(BaseModel):
    """``wilayah.toml``: districts and villages, by the word the province uses for them."""

    model_config = _FROZEN

    sebutan_desa: str  # "nagari"
    kepala_desa: str  # "Wali Nagari"
    sebutan_kecamatan: str = "kecamatan"  # "distrik"
    kepala_kecamatan: str = "Camat"  # "Kepala Distrik"
    kecamatan: tuple[Kecamatan, ...]

    @property
    def desa(self) -> tuple[Desa, ...]:
        return tuple(desa for kecamatan in self.kecamatan for desa in kecamatan.desa)

    def head_of(self, desa: Desa) -> str:
        return "Lurah" if desa.kelurahan else self.kepala_desa


@dataclass(frozen=True, slots=True)
class Recipient:
    """An addressee as the letter of one day names it."""

    id: str
    jabatan: str
    tempat: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Every addressee and group of the office folder."""

    alamat: Mapping[str, Alamat]
    grup: Mapping[str, Grup]
    area: AreaFile

    @classmethod
    def of(cls, file: DirectoryFile, area: AreaFile) -> Directory:
        """What the office wrote down, and what follows from its area: camat, heads of villages, the field."""
        reached = {contact.id: contact.model_dump(exclude={"id"}, exclude_defaults=True) for contact in file.kontak}
        follow = (address.model_copy(update=reached.get(address.id, {})) for address in area_addresses(area))
        alamat = {address.id: address for address in (*file.alamat, *follow)}
        grup = {group.id: group for group in (*_area_groups(area), *file.grup)}
        return cls(alamat, grup, area)

    def __contains__(self, name: object) -> bool:
        """Whether there is an addressee or a group of that id."""
        return name in self.alamat or name in self.grup

    def members(self, group: str) -> tuple[str, ...]:
        """Ids of the addressees of a group, in its order, each once."""
        if group in self.alamat:
            return (group,)
        if group not in self.grup:
            raise NotKnown(
                Problem(
                    "kantor/alamat.toml",
                    f"kelompok {group!r} tidak dikenal.",
                    f"Yang ada: {', '.join(sorted(self.grup))}.",
                )
            )
        ids = (address for member in self.grup[group].anggota for address in self.members(member))
        return tuple(dict.fromkeys(ids))

    def _within(self, groups: Iterable[str], on: dt.date) -> Iterable[Grup]:
        """These groups and the groups in them, each once, as far as they may be written to."""
        reached, ahead = dict[str, Grup](), list(groups)
        while ahead:
            if (name := ahead.pop(0)) in self.grup and name not in reached and self.is_open(name, on):
                reached[name] = self.grup[name]
                ahead += reached[name].anggota
        return reached.values()

    def unfilled(self, on: dt.date) -> Iterable[Problem]:
        """What a new office has still to write down: addressees without a title, groups nobody has spoken of."""
        yield from (_untitled(address, (), on) for address in self.alamat.values() if not address.gelar)
        yield from (
            _unfilled(group) for name, group in self.grup.items() if not group.filled and self.is_open(name, on)
        )

    def is_open(self, group: str, on: dt.date) -> bool:
        """Whether the group may be written to on that day (``paslon`` only from the penetapan)."""
        since = self.grup[group].sejak if group in self.grup else None
        return since is None or since <= on

    def recipients(self, groups: Iterable[str], on: dt.date) -> tuple[Recipient, ...]:
        """The addressees of these groups as they are styled on that day.

        Refused, with all of them, for every addressee without a title on that day and for an empty list.
        """
        groups = tuple(groups)
        opened = [group for group in groups if self.is_open(group, on)]
        ids = dict.fromkeys(i for group in opened for i in self.members(group))
        found: list[Recipient] = []
        faults = [_unfilled(group) for group in self._within(opened, on) if not group.filled]
        for address in (self.alamat[i] for i in ids):
            titles = [gelar.jabatan for gelar in address.gelar if gelar.covers(on)]
            if len(titles) == 1:
                found.append(Recipient(address.id, titles[0], address.tempat))
            else:
                faults.append(_untitled(address, titles, on))
        if faults:
            raise Refused(*faults)
        if not found:
            raise Refused(
                Problem(
                    "kantor/alamat.toml",
                    f"daftar penerima kosong pada {tanggal(on)} (kelompok {', '.join(groups) or '-'}).",
                    "Isi `anggota` kelompok itu.",
                )
            )
        return tuple(found)


def _untitled(address: Alamat, titles: Iterable[str], on: dt.date) -> Problem:
    where = f"kantor/alamat.toml, {address.id}"
    if not address.gelar:
        return Problem(where, "jabatannya belum diisi.", "Isi Jabatan di lembar Alamat (`tahapan office export`).")
    said = "punya lebih dari satu jabatan" if any(titles) else "tidak punya jabatan"
    return Problem(where, f"{said} pada {tanggal(on)}.", "Perbaiki `sejak` dan `sampai`.")


def _unfilled(group: Grup) -> Problem:
    remedy = "Isi Anggota di lembar Kelompok (`tahapan office export`); tulis - bila memang tidak ada."
    return Problem(f"kantor/alamat.toml, grup {group.id}", "anggotanya belum diisi.", remedy)


def area_addresses(area: AreaFile) -> Iterable[Alamat]:
    """Camat, Panwaslu Kecamatan, heads of villages and their supervisors, in the order of their codes."""
    district = area.sebutan_kecamatan.title()
    for kecamatan in area.kecamatan:
        head, panwaslu = f"{area.kepala_kecamatan} {kecamatan.nama}", f"Ketua Panwaslu {district} {kecamatan.nama}"
        rute = f"{district} {kecamatan.nama}"
        yield Alamat(id=f"camat-{kecamatan.kode}", gelar=(Gelar(jabatan=head),), rute=rute)
        yield Alamat(id=f"panwaslu-{kecamatan.kode}", gelar=(Gelar(jabatan=panwaslu),), rute=rute)
        for desa in kecamatan.desa:
            where = f"{desa.nama}, {rute}"
            yield Alamat(id=f"desa-{desa.kode}", gelar=(Gelar(jabatan=f"{area.head_of(desa)} {where}"),), rute=rute)
            yield Alamat(id=f"pkd-{desa.kode}", gelar=(Gelar(jabatan=f"Panwaslu Kelurahan/Desa {where}"),), rute=rute)


def _area_groups(area: AreaFile) -> Iterable[Grup]:
    codes = [kecamatan.kode for kecamatan in area.kecamatan]
    villages = [desa.kode for desa in area.desa]
    yield Grup(id="camat", nama=area.kepala_kecamatan, anggota=tuple(f"camat-{code}" for code in codes))
    yield Grup(id="kepala-desa", nama=area.kepala_desa, anggota=tuple(f"desa-{code}" for code in villages))
    yield Grup(
        id="panwaslu-kecamatan",
        nama=f"Panwaslu {area.sebutan_kecamatan.title()}",
        anggota=tuple(f"panwaslu-{code}" for code in codes),
    )
    yield Grup(id="pkd", nama="Panwaslu Kelurahan/Desa", anggota=tuple(f"pkd-{code}" for code in villages))


def directory_faults(file: DirectoryFile, area: AreaFile) -> Iterable[Problem]:
    """Ids written twice, members nobody knows, groups that contain themselves."""
    addresses = (*file.alamat, *area_addresses(area))
    names = (*(address.id for address in addresses), *(group.id for group in file.grup))
    yield from twice("kantor/alamat.toml", "id", names)
    made = {address.id for address in area_addresses(area)}
    yield from twice("kantor/alamat.toml", "id kontak", (contact.id for contact in file.kontak))
    for contact in file.kontak:
        if contact.id not in made:
            what = f"kontak {contact.id!r} bukan penerima dari wilayah."
            yield Problem("kantor/alamat.toml", what, "Tulis seperti camat-13.07.01, atau isi surel pada [[alamat]].")
    directory = Directory.of(file, area)
    for group in directory.grup.values():
        for member in group.anggota:
            if member not in directory.alamat and member not in directory.grup:
                what = f"grup {group.id}: anggota {member!r} tidak dikenal."
                yield Problem("kantor/alamat.toml", what, "Tambahkan alamatnya atau hapus.")
        if contains_itself(directory.grup, group.id):
            what = f"grup {group.id} memuat dirinya sendiri."
            yield Problem("kantor/alamat.toml", what, "Keluarkan dari `anggota`, juga dari grup di dalamnya.")


def twice(where: str, what: str, names: Iterable[str]) -> Iterable[Problem]:
    """One problem for each name that stands there more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(where, f"{what} {name!r} dipakai {count} kali.", "Beri nama lain atau hapus salah satu.")


def contains_itself(groups: Mapping[str, Grup], start: str) -> bool:
    """Whether a group contains itself, directly or through others."""
    reached, ahead = set[str](), [start]
    while ahead:
        inside = {member for member in groups[ahead.pop()].anggota if member in groups}
        ahead += inside - reached
        reached |= inside
    return start in reached
