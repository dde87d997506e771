"""kantor.xlsx: out and in without a changed byte; changes that are written; every fault by sheet, row and column."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tahapan import journal
from tahapan.errors import DataError, MachineError
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.kantor.files import Page
from tahapan.kantor.fresh import make_office
from tahapan.kantor.incoming import CHANGED, Change, import_office
from tahapan.kantor.outgoing import HEADER, export_office
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal

ON = dt.date(2024, 8, 21)  # Wednesday
AT = dt.datetime(2024, 8, 21, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
FIRST = HEADER + 1
COLUMNS = {
    "Pejabat": ("Peran", "Jabatan peran", "Nama", "NIP", "Telepon", "Sejak", "Sampai", "Sebagai", "Jabatan sendiri"),
    "Alamat": ("Id", "Jabatan", "Sejak", "Sampai", "Tempat", "Surel", "Telepon", "Rute", "Catatan"),
    "Kontak wilayah": ("Id", "Jabatan", "Surel", "Telepon", "Rute"),
    "Kelompok": ("Kelompok", "Nama", "Anggota", "Sejak"),
    "Libur": ("Tanggal", "Nama", "Libur"),
    "Wilayah": ("Kode", "Kecamatan", "Nama", "Jumlah TPS"),
    "Kantor": ("Isian", "Nilai", "Keterangan"),
}


@dataclass
class Office:
    """A real home with its workbook, to be changed as a clerk would."""

    home: Home
    path: Path

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.home.kantor.glob("*")) if path.is_file()}

    def edit(self, change: Callable[[Workbook], object]) -> None:
        book = load_workbook(self.path)
        change(book)
        book.save(self.path)

    def put(self, sheet: str, row: int, **cells: Any) -> None:
        def change(book: Workbook) -> None:
            for name, value in cells.items():
                book[sheet].cell(row, COLUMNS[sheet].index(name.replace("_", " ")) + 1).value = value

        self.edit(change)

    def add(self, sheet: str, **cells: Any) -> int:
        row = load_workbook(self.path)[sheet].max_row + 1
        self.put(sheet, row, **cells)
        return row

    def drop(self, sheet: str, row: int) -> None:
        self.edit(lambda book: book[sheet].delete_rows(row))

    def row(self, sheet: str, first: str) -> int:
        return next(
            cells[0].row
            for cells in load_workbook(self.path)[sheet].iter_rows(min_row=FIRST)
            if cells[0].value == first
        )

    def take(self, *, try_only: bool = False) -> tuple[Change, ...]:
        return import_office(self.home, self.path, "Ani (contoh)", ON, AT, try_only=try_only)

    def refused(self) -> list[str]:
        before = self.bytes()
        with pytest.raises(DataError) as refused:
            self.take()
        assert self.bytes() == before
        return [str(problem) for problem in refused.value.problems]

    def told(self) -> list[Any]:
        with reading(self.home.engine) as connection:
            return list(connection.execute(jurnal.select().order_by(jurnal.c.seq)))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(SAMPLE_OFFICE, tmp_path / "rumah" / "kantor")
    home = Home(tmp_path / "rumah")
    export_office(home.kantor, tmp_path / "kantor.xlsx")
    yield Office(home, tmp_path / "kantor.xlsx")
    home.engine.dispose()


# --- out -------------------------------------------------------------------------------------------------------------


def test_out_and_in_again_changes_no_byte_and_no_journal_row(office):
    """What was exported says what the files say."""
    before = office.bytes()
    assert office.take() == ()
    assert (office.bytes(), office.told()) == (before, [])


def test_the_sheets_are_as_a_clerk_expects_them(office):
    """Explained, frozen below the header, days as days, codes and telephones as text also in the rows still empty."""
    book = load_workbook(office.path)
    assert book.sheetnames == ["Kantor", "Pejabat", "Alamat", "Kontak wilayah", "Kelompok", "Libur", "Wilayah"]
    for name, columns in COLUMNS.items():
        sheet = book[name]
        assert tuple(cell.value for cell in sheet[HEADER]) == columns
        assert sheet.freeze_panes == f"A{FIRST}" and sheet.cell(1, 1).value
    people = book["Pejabat"]
    assert people.cell(FIRST, 6).value == dt.datetime(2023, 8, 19) and people.cell(FIRST, 6).is_date  # noqa: DTZ001
    assert people.column_dimensions["E"].number_format == "@"
    assert book["Wilayah"].cell(FIRST, 1).data_type == "s"
    assert sum(cells[3].value for cells in book["Wilayah"].iter_rows(min_row=FIRST)) == 637


def test_the_same_folder_gives_the_same_bytes(office, tmp_path):
    """No clock in the package."""
    export_office(office.home.kantor, tmp_path / "lagi.xlsx")
    assert (tmp_path / "lagi.xlsx").read_bytes() == office.path.read_bytes()


def test_what_looks_like_a_formula_goes_out_and_in_as_text(office):
    """A name that begins with = stays a text for the spreadsheet and comes back as it was."""
    row = office.row("Alamat", "media-1")
    office.edit(lambda book: book["Alamat"].cell(row, 2).__setattr__("value", "x"))
    book = load_workbook(office.path)
    cell = book["Alamat"].cell(row, 2)
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    book.save(office.path)
    office.take()

    export_office(office.home.kantor, office.path)

    assert load_workbook(office.path)["Alamat"].cell(row, 2).data_type != "f"
    assert office.take() == ()


def test_a_new_office_goes_out_with_an_empty_row_for_each_role_and_comes_in_filled(tmp_path):
    """Rows of roles without a name are no fault; what is filled in reaches all files, and doctor's list gets shorter."""
    make_office(tmp_path / "rumah", "13.07")
    new = Office(Home(tmp_path / "rumah"), tmp_path / "kantor.xlsx")
    export_office(new.home.kantor, new.path)
    assert new.take() == ()

    new.put("Kantor", FIRST, Nilai="Sarilamak")
    new.put("Pejabat", new.row("Pejabat", "ketua"), Nama="Nama Ketua (contoh)", Sejak=dt.date(2023, 8, 19))
    new.put("Alamat", new.row("Alamat", "kodim"), Jabatan="Komandan Kodim 0306/50 Kota")
    new.put("Kelompok", new.row("Kelompok", "kampus"), Anggota="-")
    new.put("Kelompok", new.row("Kelompok", "media"), Anggota="radio")
    new.add("Alamat", Id="radio", Jabatan="Pimpinan Radio (contoh)")
    new.take()

    office = new.home.office
    assert office.profile.tempat == "Sarilamak" and "tempat" not in str(office.profile.unfilled[0].where)
    assert office.holder("ketua", ON).nama == "Nama Ketua (contoh)"
    assert [problem.where for problem in office.directory.unfilled(ON)] == [
        "kantor/alamat.toml, lapas", "kantor/alamat.toml, rumah-sakit",
    ]  # fmt: skip
    assert new.take() == ()
    new.home.engine.dispose()


# --- in: what changes ------------------------------------------------------------------------------------------------


def test_a_holder_is_closed_and_the_next_begins_the_day_after(office):
    """The old entry gets its last day, the new one stands behind it; remarks and the other entries keep their bytes."""
    before = office.bytes()["pejabat.toml"].decode()
    office.put("Pejabat", FIRST, Sampai=dt.date(2024, 9, 1))
    office.add(
        "Pejabat", Peran="ketua", Nama="Ketua Baru (contoh)", Telepon="0812-0000-0001", Sejak=dt.date(2024, 9, 2)
    )

    changes = office.take()

    assert [(one.apa, one.siapa, one.kini) for one in changes] == [
        ("ditutup", "Nama Ketua (contoh) (ketua)", "1 September 2024"),
        ("ditambah", "Ketua Baru (contoh) (ketua)", "sejak 2 September 2024"),
    ]
    after = office.bytes()["pejabat.toml"].decode()
    assert after.startswith(before.partition("\n\n[[pemegang]]\npe")[0])
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert [office.home.office.holder("ketua", day).nama for day in (dt.date(2024, 9, 1), dt.date(2024, 9, 2))] == [
        "Nama Ketua (contoh)", "Ketua Baru (contoh)",
    ]  # fmt: skip


def test_every_sheet_reaches_its_file_and_the_second_time_nothing_is_left(office):
    """Nine changes on six sheets in one import, one journal row without telephone numbers, and again: no change."""
    office.put("Kantor", FIRST + 1, Nilai="Piket, telepon 0752-000002")
    office.put("Alamat", office.row("Alamat", "kpu"), Telepon="0752-000003")
    office.put("Kelompok", office.row("Kelompok", "kampus"), Anggota="politani")
    office.add("Libur", Tanggal=dt.date(2024, 9, 5), Nama="Hari jadi (contoh)", Libur="ya")
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    office.put("Kontak wilayah", office.row("Kontak wilayah", "camat-13.07.02"), Surel="camat@guguak.id", Rute="Utara")
    office.put("Kontak wilayah", office.row("Kontak wilayah", "pkd-13.07.01.2001"), Telepon="0812-0000-0009")
    office.add("Alamat", Id="radio", Jabatan="Pimpinan Radio (contoh)", Tempat="Sarilamak")

    assert len(office.take()) == 9

    now = office.home.office
    assert now.directory.alamat["kpu"].telepon == "0752-000003"
    camat, pkd = now.directory.alamat["camat-13.07.02"], now.directory.alamat["pkd-13.07.01.2001"]
    assert (camat.surel, camat.rute, pkd.telepon) == ("camat@guguak.id", "Utara", "0812-0000-0009")
    assert now.directory.members("kampus") == ("politani",)
    assert now.directory.area.desa[0].tps == 5
    assert not office.home.plan("pilkada-2024").kalender.is_working_day(dt.date(2024, 9, 5))
    [row] = office.told()
    assert (row.what, row.who, row.at) == (CHANGED, "Ani (contoh)", AT.isoformat())
    assert json.loads(row.detail)["jumlah"] == {"diubah": 7, "ditambah": 2} and "0752" not in row.detail
    assert office.take() == () and len(office.told()) == 1


def test_a_new_addressee_does_not_come_between_a_remark_and_what_it_is_about(office):
    """It stands behind the last addressee; the heading of the groups stays over the groups."""
    office.put("Kontak wilayah", office.row("Kontak wilayah", "camat-13.07.02"), Surel="camat@guguak.id", Rute="Utara")
    office.put("Kontak wilayah", office.row("Kontak wilayah", "pkd-13.07.01.2001"), Telepon="0812-0000-0009")
    office.add("Alamat", Id="radio", Jabatan="Pimpinan Radio (contoh)")
    office.take()
    text = office.bytes()["alamat.toml"].decode()
    assert text.index('"radio"') < text.index("# --- Kelompok ---") < text.index("\n[[grup]]")


def test_a_title_that_changes_on_a_day_is_two_rows(office):
    """The old row gets its last day, a second row of the same id follows."""
    office.put("Alamat", office.row("Alamat", "kpu"), Sampai=dt.date(2024, 9, 1))
    office.add("Alamat", Id="kpu", Jabatan="Plt. Ketua KPU Kabupaten Lima Puluh Kota", Sejak=dt.date(2024, 9, 2))
    office.take()
    directory = office.home.office.directory
    assert directory.recipients(["kpu"], dt.date(2024, 9, 1))[0].jabatan.startswith("Ketua KPU")
    assert directory.recipients(["kpu"], dt.date(2024, 9, 2))[0].jabatan.startswith("Plt. Ketua KPU")


def test_days_off_can_be_taken_out_again(office):
    """Two in, the first out: the other keeps its entry."""
    for day in (5, 6):
        office.add("Libur", Tanggal=dt.date(2024, 9, day), Nama=f"Libur {day} (contoh)", Libur="tidak")
    office.take()
    office.drop("Libur", FIRST)
    assert [one.apa for one in office.take()] == ["dihapus"]
    assert "2024-09-05" not in office.bytes()["libur.toml"].decode()
    assert "tanggal = 2024-09-06" in office.bytes()["libur.toml"].decode()


def test_a_file_from_notepad_keeps_its_line_ends_and_its_mark(office):
    """CRLF and a byte order mark before the change are there after it."""
    path = office.home.kantor / "wilayah.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    office.take()
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf#") and b"tps = 5 }" in content
    assert content.count(b"\n") == content.count(b"\r\n")


def test_looking_only_writes_nothing(office):
    """With --periksa the changes are told, files and journal stay."""
    before = office.bytes()
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    assert [(one.dulu, one.kini) for one in office.take(try_only=True)] == [("4", "5")]
    assert (office.bytes(), office.told()) == (before, [])


def test_a_folder_that_cannot_be_written_leaves_all_files_and_no_journal_row(office, monkeypatch):
    """The second of two files cannot be put into place: the first is put back, and the journal row with it."""
    office.put("Alamat", office.row("Alamat", "kpu"), Telepon="0752-000003")
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    before, whole = office.bytes(), Path.replace

    def full(path: Path, target: Path) -> Path:
        if target.name == "wilayah.toml":
            raise OSError(28, "No space left on device")
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", full)  # the disk, not our code
    with pytest.raises(MachineError, match="tidak dapat ditulis"):
        office.take()
    assert (office.bytes(), office.told()) == (before, [])


def test_on_both_databases_the_change_is_one_journal_row(database, tmp_path):
    """Files and journal belong together, whatever keeps the records."""
    shutil.copytree(SAMPLE_OFFICE, tmp_path / "rumah" / "kantor")
    office = Office(Home(tmp_path / "rumah", database), tmp_path / "kantor.xlsx")
    export_office(office.home.kantor, office.path)
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    office.take()
    office.take()
    assert [row.what for row in office.told()] == [CHANGED]
    with reading(office.home.engine) as connection:
        assert list(journal.broken(connection, office.home.office.profile.id)) == []
    office.home.engine.dispose()


@given(st.integers(0, 60), st.sampled_from(["0752-1", "0812 345 678", "+62-812-0000"]).map(lambda start: f"{start}000"))
def test_an_entry_that_is_changed_leaves_every_other_byte(n, telepon):
    """A telephone number for any addressee is one more line, and nothing else; taken out again, the file is as before."""
    text = (SAMPLE_OFFICE / "alamat.toml").read_text("utf-8")
    page = Page(text)
    page.edit("alamat", n, {"telepon": telepon})
    line = f'telepon = "{telepon}"\n'
    assert page.text.count(line) == 1 and page.text.replace(line, "", 1) == text
    page.edit("alamat", n, {"telepon": None})
    assert page.text == text


# --- in: what is refused ---------------------------------------------------------------------------------------------


def test_every_fault_is_told_at_once_by_sheet_row_and_column(office):
    """Bad cells of one sheet do not hide what is wrong on another."""
    office.put("Pejabat", FIRST, Telepon=81234567890)
    office.put("Alamat", FIRST, Jabatan="=1+1")
    office.put("Wilayah", FIRST, Jumlah_TPS="delapan")
    row = office.add("Libur", Tanggal="31-02-2024", Nama="X")

    assert office.refused() == [
        "lembar Pejabat, baris 4, kolom Telepon: tertulis sebagai angka (81234567890); angka nol di depan atau di belakang bisa hilang. Format sel itu sebagai teks, lalu ketik ulang.",
        "lembar Alamat, baris 4, kolom Jabatan: berisi rumus. Salin, lalu tempel sebagai nilai.",
        f"lembar Libur, baris {row}, kolom Tanggal: tanggal 31-02-2024 tidak ada. Perbaiki; hari ditulis sebelum bulan.",
        "lembar Wilayah, baris 4, kolom Jumlah TPS: 'delapan' bukan angka bulat. Tulis seperti 12, tanpa titik atau koma.",
    ]


FAULTS = [
    ("overwritten", "Pejabat", {"Nama": "Orang Lain"},
     "lembar Pejabat, baris 4, kolom Nama: Nama Ketua (contoh) ditimpa menjadi Orang Lain. Kembalikan Nama Ketua (contoh);"),
    ("moved", "Pejabat", {"Sejak": dt.date(2023, 8, 20)},
     "lembar Pejabat, baris 4, kolom Sejak: 19 Agustus 2023 ditimpa menjadi 20 Agustus 2023."),
    ("renamed role", "Pejabat", {"Peran": "ketuaa"}, "lembar Pejabat, baris 4, kolom Peran: 'ketuaa' tidak dikenal. Maksudnya ketua?"),
    ("ends before it begins", "Pejabat", {"Sampai": dt.date(2022, 1, 1)},
     "lembar Pejabat, baris 4, kolom Sampai: sebelum Sejak (19 Agustus 2023)."),
    ("no telephone", "Pejabat", {"Telepon": "hubungi saya"},
     "lembar Pejabat, baris 4, kolom Telepon: nomor telepon 'hubungi saya' tidak dapat dipakai."),
    ("a number of a person", "Pejabat", {"NIP": "1307" * 4}, "lembar Pejabat, baris 4, kolom NIP: memuat nomor 16 angka"),
    ("unknown standing", "Pejabat", {"Sebagai": "Plhh"}, "lembar Pejabat, baris 4, kolom Sebagai: nilai 'Plhh' tidak dikenal."),
    ("shown only", "Pejabat", {"Jabatan_peran": "Presiden"}, "lembar Pejabat, baris 4, kolom Jabatan peran: kolom ini hanya dibaca"),
    ("two mailboxes", "Alamat", {"Surel": "a@b.id, c@d.id"},
     "lembar Alamat, baris 4, kolom Surel: alamat surel 'a@b.id, c@d.id' tidak dapat dipakai."),
    ("a second header", "Kontak wilayah", {"Surel": "camat@b.id\nBcc: x@y.id"}, "lembar Kontak wilayah, baris 4, kolom Surel: "),
    ("other contact", "Kontak wilayah", {"Id": "camat-99"}, "lembar Kontak wilayah, baris 4, kolom Id: 'camat-99' tidak dikenal"),
    ("no id", "Alamat", {"Id": None}, "lembar Alamat, baris 4, kolom Id: kosong."),
    ("no title", "Alamat", {"Jabatan": None, "Sejak": dt.date(2024, 1, 1)}, "lembar Alamat, baris 4, kolom Jabatan: kosong."),
    ("unknown member", "Kelompok", {"Anggota": "kpuu"}, "lembar Kelompok, baris 4, kolom Anggota: 'kpuu' tidak dikenal. Maksudnya kpu?"),
    ("itself", "Kelompok", {"Anggota": "polres"}, "lembar Kelompok, baris 4, kolom Anggota: polres memuat dirinya sendiri."),
    ("too long", "Alamat", {"Catatan": "x" * 2001}, "lembar Alamat, baris 4, kolom Catatan: terlalu panjang (2001 huruf)."),
    ("another code", "Wilayah", {"Kode": "13.07.01.2999"}, "lembar Wilayah, baris 4, kolom Kode: kode '13.07.01.2999' tidak ada"),
    ("no polling place", "Wilayah", {"Jumlah_TPS": 0}, "lembar Wilayah, baris 4, kolom Jumlah TPS: "),
    ("emptied", "Kantor", {"Nilai": None}, "lembar Kantor, baris 4, kolom Nilai: dikosongkan, padahal dicetak"),
    ("other label", "Kantor", {"Isian": "Kota"}, "lembar Kantor, baris 4, kolom Isian: 'Kota' tidak dikenal"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "cells", "said"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_wrong_cell_is_named_and_nothing_is_written(office, sheet, cells, said):
    """The first row of the sheet with one wrong cell."""
    office.put(sheet, FIRST, **cells)
    assert [line for line in office.refused() if line.startswith(said)] != []


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (
            "Pejabat",
            "lembar Pejabat: baris ketua, Nama Ketua (contoh), sejak 19 Agustus 2023 hilang. Kembalikan barisnya, atau ekspor lagi;",
        ),
        ("Alamat", "lembar Alamat: baris kpu hilang."),
        ("Kelompok", "lembar Kelompok: baris polres hilang."),
        ("Wilayah", "lembar Wilayah: baris 13.07.01.2001 (Kurai) hilang."),
        ("Kantor", "lembar Kantor: baris Tempat surat hilang."),
    ],
)
def test_a_row_that_vanished_is_refused(office, sheet, said):
    """Nothing is forgotten because somebody deleted a row."""
    office.drop(sheet, FIRST)
    assert [line for line in office.refused() if line.startswith(said)] != []


def test_a_role_that_is_held_is_not_given_away_until_the_old_holder_is_closed(office):
    """The remedy names the last day and the row to write it in."""
    row = office.add("Pejabat", Peran="ketua", Nama="Ketua Baru (contoh)", Sejak=dt.date(2024, 9, 2))
    assert office.refused() == [
        f"lembar Pejabat, baris {row}, kolom Sejak: Ketua Bawaslu Kabupaten Lima Puluh Kota sudah dipegang Nama Ketua (contoh) sejak 19 Agustus 2023 tanpa Sampai. Isi Sampai 01-09-2024 pada baris 4, atau geser Sejak."
    ]


def test_a_term_that_is_over_stays_as_it_was(office):
    """The last day of a past holder is history."""
    office.put("Pejabat", FIRST, Sampai=dt.date(2024, 8, 1))
    office.take()
    office.put("Pejabat", FIRST, Sampai=dt.date(2024, 8, 10))
    assert "masa jabatan yang sudah berakhir 1 Agustus 2024 diubah" in office.refused()[0]


def test_two_titles_of_one_addressee_may_not_hold_on_one_day(office):
    """A second row without the last day of the first."""
    row = office.add("Alamat", Id="kpu", Jabatan="Plt. Ketua KPU", Sejak=dt.date(2024, 9, 2))
    assert office.refused()[0].startswith(f"lembar Alamat, baris {row}, kolom Sejak: hari berlakunya bertumpang tindih")


@pytest.mark.parametrize("content", [b"", b"bukan xlsx", b"PK\x03\x04rusak"])
def test_what_is_no_workbook_is_refused(office, content):
    """An empty file, a text, a broken package: told by the file's name."""
    office.path.write_bytes(content)
    assert office.refused()[0].startswith("kantor.xlsx: ")


def test_a_sheet_that_was_deleted_or_renamed_is_asked_for(office):
    """Nothing is taken for unchanged because its sheet is not there."""
    office.edit(lambda book: book.remove(book["Libur"]))
    assert office.refused()[0].startswith("kantor.xlsx: tidak ada lembar Libur. Yang ada: Kantor, Pejabat,")


def test_a_file_written_in_another_way_is_left_to_people(office):
    """Holders as one inline list cannot be changed entry by entry; nothing is guessed."""
    path = office.home.kantor / "pejabat.toml"
    head = path.read_text().partition("# --- Pemegang")[0]
    path.write_text('pemegang = [{ peran = "ketua", nama = "A", sejak = 2023-01-01 }]\n' + head)
    export_office(office.home.kantor, office.path)
    office.put("Pejabat", FIRST, Telepon="0812-0000-0001")
    assert office.refused() == [
        "kantor/pejabat.toml: ditulis dengan cara yang tidak dapat diubah sendiri. Ubah dengan tangan."
    ]


def test_the_commands_show_before_and_after(office, tahapan):
    """Export, look, import, in the words of the command line."""
    root = office.home.root
    assert tahapan("office", "export", office.path, home=root).code == 0
    office.put("Wilayah", FIRST, Jumlah_TPS=5)
    looked = tahapan("office", "import", office.path, "--periksa", home=root)
    assert looked.code == 0 and "belum ada yang ditulis" in looked.out
    nameless = tahapan("office", "import", office.path, home=root)
    assert (nameless.code, nameless.lines) == (1, ["--oleh: kosong. Isi."])
    said = tahapan("office", "import", office.path, "--oleh", "Ani (contoh)", "--json", home=root)
    assert json.loads(said.out) == [
        {
            "lembar": "Wilayah",
            "apa": "diubah",
            "siapa": "Kurai, Suliki",
            "kolom": "Jumlah TPS",
            "dulu": "4",
            "kini": "5",
        }
    ]
