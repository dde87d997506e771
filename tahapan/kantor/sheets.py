"""The sheets of kantor.xlsx: their columns, and what the office folder writes into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from tahapan.directory import Kontak, area_addresses
from tahapan.kantor.files import OfficeFiles

Cell = str | int | dt.date | None
DEFAULT_TEMPAT = "Tempat"
NONE = "-"  # a group that the office says is empty


@dataclass(frozen=True, slots=True)
class Kolom:
    """A column: its header, width, what it is for; ``key`` in the file, empty for what is only shown."""

    nama: str
    lebar: int
    arti: str
    key: str = ""
    jenis: Literal["teks", "tanggal", "angka"] = "teks"
    pilihan: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lembar:
    nama: str
    arti: str
    kolom: tuple[Kolom, ...]
    rows: Callable[[OfficeFiles], Iterable[tuple[Cell, ...]]]

    def kolom_of(self, key: str) -> str:
        return next((kolom.nama for kolom in self.kolom if kolom.key == key), key)


PROFILE = {  # key in kantor.toml: how it is called in the sheet, and what it is for
    "tempat": ("Tempat surat", "Kota tempat surat ditulis, seperti Sarilamak. Wajib."),
    "narahubung": ("Narahubung", "Dicetak pada undangan: nama atau jabatan, dengan telepon. Wajib."),
    "kop.alamat": ("Alamat kantor", "Dicetak di kop surat. Wajib."),
    "kop.telepon": ("Telepon kantor", "Dicetak di kop surat."),
    "kop.surel": ("Surel kantor", "Dicetak di kop surat."),
    "kop.laman": ("Laman kantor", "Dicetak di kop surat."),
    "nomor.kantor_ketua": ("Kode nomor Ketua", "Bagian nomor surat yang ditandatangani Ketua. Wajib."),
    "nomor.kantor_sekretariat": ("Kode nomor Sekretariat", "Bagian nomor surat Kepala Sekretariat. Wajib."),
}


def _profile(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    return ((label, files.profile_value(key), what) for key, (label, what) in PROFILE.items())


def _people(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    """Holders in the order of the file; then an empty row for each role of the office that never had one."""
    titles = {peran.id: peran.nama for peran in files.people.peran}
    for who in files.people.pemegang:
        title = titles.get(who.peran, "")
        yield who.peran, title, who.nama, who.nip, who.telepon, who.sejak, who.sampai, who.sebagai, who.jabatan
    held = {who.peran for who in files.people.pemegang}
    for peran in files.people.peran:
        if peran.kelompok and peran.id not in held:
            yield peran.id, peran.nama, *[None] * 7


def _addresses(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    for one in files.directory.alamat:
        tempat = one.tempat if one.tempat != DEFAULT_TEMPAT else ""
        rest = (tempat, one.surel, one.telepon, one.rute, one.catatan)
        for n, gelar in enumerate(one.gelar):
            yield one.id, gelar.jabatan, gelar.sejak, gelar.sampai, *(rest if n == 0 else (None,) * len(rest))
        if not one.gelar:
            yield one.id, None, None, None, *rest


def _contacts(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    """Every addressee that follows from the area, with how it is reached."""
    given = {one.id: one for one in files.directory.kontak}
    for address in area_addresses(files.area):
        one = given.get(address.id, Kontak(id=address.id))
        yield address.id, address.gelar[0].jabatan, one.surel, one.telepon, one.rute


def _groups(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    for group in files.directory.grup:
        yield group.id, group.nama, ", ".join(group.anggota) or (NONE if group.filled else None), group.sejak


def _holidays(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    return ((day.tanggal, day.nama, "ya" if day.libur else "tidak") for day in files.libur.libur)


def _area(files: OfficeFiles) -> Iterable[tuple[Cell, ...]]:
    for kecamatan in files.area.kecamatan:
        for desa in kecamatan.desa:
            yield desa.kode, kecamatan.nama, desa.nama, desa.tps


KANTOR = Lembar(
    "Kantor",
    "Yang dicetak di setiap surat. Ubah kolom Nilai saja; yang wajib dan masih kosong menahan semua surat.",
    (
        Kolom("Isian", 24, "Tidak diubah."),
        Kolom("Nilai", 60, "Isi di sini."),
        Kolom("Keterangan", 70, "Hanya dibaca."),
    ),
    _profile,
)
PEJABAT = Lembar(
    "Pejabat",
    "Ganti pejabat: isi Sampai pada baris lama, lalu tambahkan baris baru dengan Sejak hari berikutnya. "
    "Baris lama jangan dihapus atau ditimpa: surat lama menyebut namanya.",
    (
        Kolom("Peran", 24, "Id peran, seperti ketua.", "peran"),
        Kolom("Jabatan peran", 50, "Hanya dibaca."),
        Kolom("Nama", 36, "Nama dengan gelar, seperti di surat.", "nama"),
        Kolom("NIP", 24, "Pegawai sekretariat saja.", "nip"),
        Kolom("Telepon", 18, "Untuk pengingat; tidak dicetak.", "telepon"),
        Kolom("Sejak", 13, "Hari pertama.", "sejak", "tanggal"),
        Kolom("Sampai", 13, "Hari terakhir; kosong bila masih.", "sampai", "tanggal"),
        Kolom(
            "Sebagai", 10, "Kosong bila definitif.", "sebagai", pilihan=("Plt.", "Plh.", "Pjs.", "a.n."),
        ),
        Kolom("Jabatan sendiri", 36, "Hanya untuk a.n.: jabatan penanda tangan.", "jabatan"),
    ),
    _people,
)  # fmt: skip
ALAMAT = Lembar(
    "Alamat",
    "Satu baris satu sebutan. Bila sebutan berganti pada suatu hari, satu Id punya beberapa baris; "
    "Tempat, Surel, Telepon, Rute dan Catatan cukup di baris pertamanya.",
    (
        Kolom("Id", 26, "Nama pendek: huruf kecil, angka, tanda hubung.", "id"),
        Kolom("Jabatan", 70, "Seperti di bawah Yth.; jabatannya, bukan nama orang.", "jabatan"),
        Kolom("Sejak", 13, "Bila berlaku sejak suatu hari.", "sejak", "tanggal"),
        Kolom("Sampai", 13, "Bila berlaku sampai suatu hari.", "sampai", "tanggal"),
        Kolom("Tempat", 18, "Kota di bawah kata di; kosong: Tempat.", "tempat"),
        Kolom("Surel", 32, "Satu alamat; tidak dicetak.", "surel"),
        Kolom("Telepon", 18, "Tidak dicetak.", "telepon"),
        Kolom("Rute", 18, "Diantar bersama siapa; kosong: menurut tempat.", "rute"),
        Kolom("Catatan", 40, "Tidak dicetak.", "catatan"),
    ),
    _addresses,
)
KONTAK = Lembar(
    "Kontak wilayah",
    "Camat, Panwaslu Kecamatan, dan yang lain yang dibuat dari wilayah. Isi Surel, Telepon dan Rute; Id jangan diubah.",
    (
        Kolom("Id", 26, "Tidak diubah.", "id"),
        Kolom("Jabatan", 70, "Hanya dibaca."),
        Kolom("Surel", 32, "Satu alamat.", "surel"),
        Kolom("Telepon", 18, "Tidak dicetak.", "telepon"),
        Kolom("Rute", 18, "Diantar bersama siapa; kosong: menurut kecamatannya.", "rute"),
    ),
    _contacts,
)
KELOMPOK = Lembar(
    "Kelompok",
    "Satu baris satu kelompok. Kelompok camat, kepala-desa, panwaslu-kecamatan dan pkd dibuat sendiri dari wilayah.",
    (
        Kolom("Kelompok", 22, "Id kelompok.", "id"),
        Kolom("Nama", 36, "Namanya di layar.", "nama"),
        Kolom("Anggota", 90, f"Id alamat atau kelompok, dipisah koma; {NONE} bila memang tidak ada.", "anggota"),
        Kolom("Sejak", 13, "Bila baru ada sejak suatu hari.", "sejak", "tanggal"),
    ),
    _groups,
)
LIBUR = Lembar(
    "Libur",
    "Hanya hari yang berbeda dari kalender bawaan. Baris yang dihapus tidak berlaku lagi.",
    (
        Kolom("Tanggal", 13, "Hari itu.", "tanggal", "tanggal"),
        Kolom("Nama", 60, "Nama liburnya.", "nama"),
        Kolom("Libur", 14, "ya, atau tidak bila hari itu kerja.", "libur", pilihan=("ya", "tidak")),
    ),
    _holidays,
)
WILAYAH = Lembar(
    "Wilayah",
    "Isi Jumlah TPS, perbaiki Nama bila perlu. Kode jangan diubah; baris jangan dihapus atau ditambah.",
    (
        Kolom("Kode", 18, "Kode Kemendagri.", "kode"),
        Kolom("Kecamatan", 28, "Hanya dibaca."),
        Kolom("Nama", 36, "Nama desa, nagari atau kelurahan.", "nama"),
        Kolom("Jumlah TPS", 12, "Angka bulat.", "tps", "angka"),
    ),
    _area,
)
SHEETS = (KANTOR, PEJABAT, ALAMAT, KONTAK, KELOMPOK, LIBUR, WILAYAH)
