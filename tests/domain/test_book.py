"""The register as the office's only book: letters written elsewhere, void and signed ones, the older book in, the book out."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tahapan import archive, evidence, issue, journal, register
from tahapan.book.elsewhere import Wanted, number_elsewhere
from tahapan.book.incoming import import_book
from tahapan.book.outgoing import export_book
from tahapan.book.void import void
from tahapan.errors import DataError, MachineError, NotKnown, Refused, TahapanError
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import surat, surat_berkas

ELECTION = "pilkada-2024"
WORKER = Path(__file__).with_name("worker.py")
DAY = dt.date(2024, 8, 20)  # Tuesday
NOON = dt.datetime.fromisoformat("2024-08-20T12:00:00+07:00")
RAPAT = Wanted("Undangan rapat", ("Ketua KPU", "Camat Harau"), "Staf")
HEADER = ("Nomor", "Tanggal", "Perihal", "Kepada")
MakeHome = Callable[..., Home]


def give(home: Home, perihal: str = RAPAT.perihal, on: dt.date = DAY, **given) -> LetterRow:
    wanted = Wanted(perihal, **{"kepada": RAPAT.kepada, "oleh": "Staf", **given})
    return number_elsewhere(home, home.plan(ELECTION), wanted, on, NOON).row


def book(home: Home) -> list[LetterRow]:
    with reading(home.engine) as connection:
        return [row for _, row in register.in_order(connection, home.office.profile.id)]


def faults(home: Home) -> list[str]:
    """What journal and register say against each other and of themselves."""
    with reading(home.engine) as connection:
        looks = (journal.broken, journal.disagreements, register.gaps)
        return [str(fault) for look in looks for fault in look(connection, home.office.profile.id)]


def sheet(path: Path, *rows: tuple, header: tuple = HEADER, merged: str = "") -> Path:
    workbook = Workbook()
    for row in (header, *rows):
        workbook.active.append(row)
    if merged:
        workbook.active.merge_cells(merged)
    workbook.save(path)
    return path


def take(home: Home, path: Path, **given):
    return import_book(home, home.plan(ELECTION), path, "Staf", NOON, **given)


def letter(n: int | str, month: int = 8, year: int = 2024, klas: str = "PM.00.02") -> str:
    urut = f"{n:03d}" if isinstance(n, int) else n
    return f"{urut}/{klas}/K.SB-99/{month:02d}/{year}"


# --- letters written elsewhere -------------------------------------------------------------------


def test_a_letter_written_elsewhere_stands_in_the_same_series_as_ours(real_home: MakeHome):
    """Ours, theirs, ours: 001, 002, 003; one row with subject, addressees and signer; journal and book agree."""
    home = real_home()
    plan = home.plan(ELECTION)
    for key in ("V12.imbauan-pengumuman-dps", "V12.rakor-stakeholder"):
        issue.draft(home, plan, plan.duty(key), DAY, NOON)
    first = issue.approve(home, plan, f"{ELECTION}.V12.imbauan-pengumuman-dps.1", DAY, "Ketua", NOON)
    row = give(home)
    third = issue.approve(home, plan, f"{ELECTION}.V12.rakor-stakeholder.1", DAY, "Ketua", NOON)

    assert [one.nomor for one in (first, row, third)] == [letter(1), letter(2), letter(3)]
    assert (row.id, row.kind, row.content) == (f"{ELECTION}.umum.undangan-rapat.1", register.LAIN, "")
    assert (row.kepada, row.approved_by) == ("Ketua KPU; Camat Harau", "Nama Ketua (contoh)")
    assert faults(home) == []


def test_the_secretariat_signs_without_k(real_home: MakeHome):
    """Class and signer as the clerk says."""
    row = give(real_home(), klas="kp.01.00", ttd="kepala-sekretariat")
    assert row.nomor == "001/KP.01.00/SB-99/08/2024"


def test_asking_again_tells_the_same_number(real_home: MakeHome):
    """After a kill nobody knows whether the number was given: asked again, it is the same one, with its file."""
    home = real_home()
    first = give(home)
    again = give(home, files=(("surat.pdf", "0" * 64),))
    give(home, files=(("surat.pdf", "0" * 64),))
    assert again == first and len(book(home)) == 1
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(surat_berkas.c.name, surat_berkas.c.jenis)).all() == [("surat.pdf", "asli")]


def test_another_letter_of_the_same_subject_gets_a_number_of_its_own(real_home: MakeHome):
    """To somebody else, on another day, or after the first was made void; a given name is one letter for ever."""
    home = real_home()
    first = give(home)
    assert give(home, kepada=("Bupati",)).id == f"{ELECTION}.umum.undangan-rapat-2.1"
    assert give(home, on=DAY + dt.timedelta(7)).nomor == letter(3)
    void(home, home.plan(ELECTION), first.id, "salah ketik", "Staf", NOON)
    assert give(home, on=DAY + dt.timedelta(7), kepada=("KPU",), nama="rapat-kpu").nomor == letter(4)
    assert give(home, on=DAY + dt.timedelta(8), kepada=("KPU",), nama="rapat-kpu").nomor == letter(4)
    with pytest.raises(Refused, match="sudah milik surat 004"):
        give(home, on=DAY + dt.timedelta(8), nama="rapat-kpu")


def test_an_earlier_day_is_a_late_insert_with_a_reason(real_home: MakeHome):
    """Behind the last number of that day; without a reason, or in the future, it is refused."""
    home = real_home()
    give(home, on=dt.date(2024, 8, 12))
    give(home, "Lain")
    row = give(home, "Terlupa", late=dt.date(2024, 8, 14), alasan="ditandatangani hari itu")
    assert (row.nomor, row.tanggal, row.note) == (
        letter("001.1"),
        dt.date(2024, 8, 14),
        "sisipan: ditandatangani hari itu",
    )
    assert faults(home) == []
    with pytest.raises(DataError, match="--alasan"):
        give(home, "Lagi", late=dt.date(2024, 8, 14))
    with pytest.raises(DataError, match="--tanggal"):
        give(home, "Lagi", late=dt.date(2024, 8, 21), alasan="x")


def test_a_number_given_elsewhere_is_taken_over(real_home: MakeHome):
    """Class from the number; the series goes on behind it; asked again it is the same letter."""
    home = real_home()
    for _ in range(2):
        assert give(home, nomor=letter(1, klas="HM.00.02")).klas == "HM.00.02"
    assert give(home, "Rilis", klas="HM.00.02").nomor == letter(2, klas="HM.00.02")
    assert [row.asal for row in book(home)] == ["luar", ""]
    with pytest.raises(Refused, match="sudah dipakai"):
        give(home, "Lain", nomor="001/hm.00.02/K.SB-99/08/2024")
    assert faults(home) == []


TEXT = st.text(st.characters(), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(perihal=TEXT, kepada=TEXT, nama=TEXT, alasan=TEXT)
def test_any_text_is_kept_as_it_is_or_refused_by_the_name_of_its_option(
    lain: Home, told: set, perihal, kepada, nama, alasan
):
    """Any character of any script, surrogates and controls included."""
    row, refused = None, ()
    try:
        row = give(lain, perihal, kepada=(kepada,), nama=nama, alasan=alasan)
    except (DataError, Refused) as error:
        refused = tuple(problem.where.split()[0] for problem in error.problems)
    assert (row is None) == bool(refused) and set(refused) <= {"--perihal", "--kepada", "--nama", "--alasan"}
    if row:
        assert (row.hal, row.kepada) == (_plain(perihal), _plain(kepada))
        assert (row.note in ("", _plain(alasan)) or row.id in told) and len(row.item) <= 80
        told.add(row.id)
        with reading(lain.engine) as connection:
            assert row in register.search(connection, lain.office.profile.id, text=perihal, kepada=kepada)


@pytest.fixture(scope="module")
def told() -> set[str]:
    """Letters that an earlier example has made: told again, with the reason they had."""
    return set()


@pytest.fixture(scope="module")
def lain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    root = tmp_path_factory.mktemp("lain")
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    home = Home(root)
    yield home
    home.engine.dispose()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_processes_that_number_letters_at_once_leave_no_gap_and_no_double(real_home: MakeHome, database: str):
    """Four processes with 25 letters each: 1 to 100, in the book and in the journal."""
    home = real_home(database)
    ran = subprocess.run(
        [sys.executable, WORKER, "elsewhere", home.root, database, DAY.isoformat(), "4", "25"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(ran.stdout) == [0] * 4, ran.stderr
    assert [row.nomor for row in book(home)] == [letter(n) for n in range(1, 101)]
    assert faults(home) == []


# --- void and signed -----------------------------------------------------------------------------


def test_a_void_letter_keeps_number_file_and_reason(real_home: MakeHome):
    """It still verifies; a second time, or without a reason, it is refused."""
    home = real_home()
    plan = home.plan(ELECTION)
    issue.draft(home, plan, plan.duty("V12.imbauan-pengumuman-dps"), DAY, NOON)
    row = issue.approve(home, plan, f"{ELECTION}.V12.imbauan-pengumuman-dps.1", DAY, "Ketua", NOON)
    with pytest.raises(DataError, match="--alasan"):
        void(home, plan, row.id, "  ", "Staf", NOON)

    ended = void(home, plan, row.id, "salah  tujuan", "Staf", NOON)

    assert (ended.state, ended.nomor, ended.note) == ("batal", row.nomor, "salah tujuan")
    assert archive.verify(home, ended).sound
    assert faults(home) == []
    with pytest.raises(Refused, match=r"sudah batal \(salah tujuan\)"):
        void(home, plan, row.id, "lagi", "Staf", NOON)
    assert give(home).nomor == letter(2)


def test_a_draft_is_rejected_without_a_number(real_home: MakeHome):
    """And is not drafted again, nor approved."""
    home = real_home()
    plan = home.plan(ELECTION)
    duty = plan.duty("V12.imbauan-pengumuman-dps")
    issue.draft(home, plan, duty, DAY, NOON)
    row = void(home, plan, f"{duty.key}.1", "tidak jadi", "Staf", NOON)
    assert (row.state, row.nomor) == ("ditolak", None)
    with pytest.raises(Refused):
        issue.approve(home, plan, row.id, DAY, "Ketua", NOON)
    assert book(home) == [] and give(home).nomor == letter(1)


def test_a_signed_copy_is_kept_with_its_hash(real_home: MakeHome, tmp_path: Path):
    """Once; the state says so. A void letter gets none."""
    home = real_home()
    plan, row = home.plan(ELECTION), give(home)
    scan = tmp_path / "Pindaian ttd.PDF"
    scan.write_bytes(b"%PDF-1.7 tanda tangan")
    for _ in range(2):
        signed = evidence.sign(home, plan, row.id, scan, "Staf", DAY, NOON)
    assert signed.state == "ditandatangani"
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert (home.bukti / f"{digest}.pdf").read_bytes() == scan.read_bytes()
    with reading(home.engine) as connection:
        columns = surat_berkas.c.name, surat_berkas.c.sha256, surat_berkas.c.jenis
        assert connection.execute(sa.select(*columns)).all() == [(scan.name, digest, "ttd")]
    void(home, plan, row.id, "salah", "Staf", NOON)
    with pytest.raises(Refused, match="tidak batal"):
        evidence.sign(home, plan, row.id, scan, "Staf", DAY, NOON)
    with pytest.raises(DataError, match="tidak ada"):
        evidence.sign(home, plan, give(home, "Lain").id, tmp_path / "x.pdf", "Staf", DAY, NOON)
    with pytest.raises(NotKnown):
        evidence.sign(home, plan, "tidak-ada", scan, "Staf", DAY, NOON)


# --- the older book in ---------------------------------------------------------------------------


def test_an_older_book_is_taken_over_and_numbering_goes_on_behind_it(real_home: MakeHome, tmp_path: Path):
    """Titles above the header, other spellings, days in every form, empty rows, two series, a void one."""
    home = real_home()
    workbook = Workbook()
    page = workbook.active
    page.append(("BUKU AGENDA SURAT KELUAR",))
    page.merge_cells("A1:F1")
    page.append(("No.", "Nomor Surat", "Tgl. Surat", "Hal", "Tujuan", "Ket."))
    page.append((1, letter(57), dt.datetime.fromisoformat("2024-08-01"), "Undangan", "KPU", None))
    page.append((2, letter(58), "2 Agustus 2024", "Imbauan", "Camat", "BATAL, salah ketik"))
    page.append((None,) * 6)
    page.append((3, "59 / pm.00.02/K.SB-99/8/2024", "Jumat, 02-08-2024", "Nota", "KPU", None))
    page.append((4, letter("59.1"), 45506, "Susulan", "KPU", None))  # the serial number of 2 August 2024
    page.append((5, "012/KP.01.00/SB-99/07/2024", "2024-07-31", "Cuti", "Staf", None))
    workbook.save(tmp_path / "lama.xlsx")

    done = take(home, tmp_path / "lama.xlsx", try_only=True)
    assert done.count == 5 and book(home) == []
    assert take(home, tmp_path / "lama.xlsx").series == {"PM.00.02 2024": 4, "KP.01.00 2024": 1}

    rows = {row.id: row for row in book(home)}
    assert rows["buku.umum.impor-pm-00-02-2024-58.1"].state == "batal"
    assert rows["buku.umum.impor-pm-00-02-2024-59.1.1"].tanggal == dt.date(2024, 8, 2)
    assert {row.asal for row in rows.values()} == {"impor"}
    assert faults(home) == []
    assert take(home, tmp_path / "lama.xlsx").before == "20 Agustus 2024 oleh Staf"
    assert (give(home).nomor, give(home, "Cuti", klas="KP.01.00").nomor) == (letter(60), letter(13, klas="KP.01.00"))
    assert faults(home) == []


WRONG = {
    "a day that does not exist": (
        (letter(1), "31-06-2024", "a", "b"),
        "baris 2, kolom Tanggal: tanggal 31-06-2024 tidak ada",
    ),
    "month before day": ((letter(1), "08/21/2024", "a", "b"), "hari ditulis sebelum bulan"),
    "a year of two figures": ((letter(1), "01-02-24", "a", "b"), "tidak jelas tanggalnya"),
    "another weekday": ((letter(1), "Rabu, 20 Agustus 2024", "a", "b"), "Selasa, 20 Agustus 2024"),
    "no day": ((letter(1), None, "a", "b"), "kolom Tanggal: kosong"),
    "a number that is no day": ((letter(1), 12, "a", "b"), "12 bukan tanggal"),
    "an hour": ((letter(1), dt.time(9), "a", "b"), "kolom Tanggal"),
    "another month": ((letter(1, 9), DAY, "a", "b"), "tidak cocok dengan tanggal 20 Agustus 2024"),
    "a number of nobody": (("ND-1", DAY, "a", "b"), "'ND-1' tidak seperti nomor kantor ini (012/PM.00.02/K.SB-99"),
    "another office": (("001/PM.00.02/K.JB-17/08/2024", DAY, "a", "b"), "tidak seperti nomor kantor ini"),
    "a day to come": ((letter(1), dt.date(2024, 8, 21), "a", "b"), "21 Agustus 2024 masih di depan"),
    "number zero": ((letter(0), DAY, "a", "b"), "berurut 0"),
    "no subject": ((letter(1), DAY, " ", "b"), "kolom Perihal: kosong"),
    "a formula": ((letter(1), DAY, "=1+1", "b"), "baris 2, kolom Perihal: berisi rumus"),
    "an error": ((letter(1), DAY, "#REF!", "b"), "#REF!"),
    "a NIK": ((letter(1), DAY, "a", "1307010101010001"), "kolom Kepada: memuat nomor 16 angka"),
    "something hidden": ((letter(1), DAY, "a\u202eb", "b"), "U+202E"),
    "true": ((letter(1), DAY, True, "b"), "bukan teks"),
}


@pytest.mark.parametrize(("row", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_named_and_nothing_is_written(lain: Home, tmp_path: Path, row: tuple, said: str):
    """With line, column and remedy."""
    before = len(book(lain))
    with pytest.raises(DataError) as refused:
        take(lain, sheet(tmp_path / "b.xlsx", row))
    assert said in str(refused.value)
    assert len(book(lain)) == before


def test_every_fault_of_a_file_is_told_at_once(real_home: MakeHome, tmp_path: Path):
    """Of rows, of doubles in the file and with the book; no row of it is written."""
    home = real_home()
    give(home)
    rows = [
        (letter(1), DAY, "a", "b"), (letter(2), DAY, "a", "b"), (letter(2).lower(), DAY, "a", "b"),
        ("2/PM.00.02/K.SB-99/08/2024", DAY, "a", "b"), (letter(3), "besok", "", "b"),
    ]  # fmt: skip
    with pytest.raises(DataError) as refused:
        take(home, sheet(tmp_path / "b.xlsx", *rows))
    assert [problem.where for problem in refused.value.problems[:5]] == [
        "baris 6, kolom Tanggal", "baris 6, kolom Perihal", "baris 2, kolom Nomor", "baris 4, kolom Nomor",
        "baris 5, kolom Nomor",
    ]  # fmt: skip
    said = str(refused.value)
    for what in ("sudah ada dalam buku", "sama dengan baris 3", "besok"):
        assert what in said
    assert len(book(home)) == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(letter(1), DAY), (letter(2), dt.date(2024, 8, 19))], "bertanggal 19 Agustus 2024, padahal 001"),
        ([(letter(1), DAY), (letter(4), DAY)], "tidak ada nomor urut 2-3"),
        ([(letter(1), dt.date(2024, 7, 1))], "tidak cocok dengan tanggal"),
    ],
    ids=["order", "gap", "month"],
)
def test_what_an_older_book_has_wrong_is_taken_only_when_asked_for(real_home: MakeHome, tmp_path: Path, rows, said):
    """``--apa-adanya``: it stands on paper, and cannot be changed any more."""
    home = real_home()
    file = sheet(tmp_path / "b.xlsx", *((*row, "a", "b") for row in rows))
    with pytest.raises(DataError, match=said) as refused:
        take(home, file)
    assert "--apa-adanya" in str(refused.value)
    assert take(home, file, as_it_is=True).count == len(rows) == len(book(home))


def test_an_import_must_fit_the_book_that_is_there(real_home: MakeHome, tmp_path: Path):
    """Behind the last number and day of the book, in more than one file."""
    home = real_home()
    give(home)
    late = sheet(tmp_path / "a.xlsx", (letter(2), dt.date(2024, 8, 19), "a", "b"))
    with pytest.raises(DataError, match="padahal 001"):
        take(home, late)
    take(home, sheet(tmp_path / "b.xlsx", (letter(2), DAY, "a", "b")))
    take(home, sheet(tmp_path / "c.xlsx", (letter(3), DAY, "a", "b")))
    assert faults(home) == [] and give(home, "Lain").nomor == letter(4)


@pytest.mark.parametrize("change", [{"nomor": "x"}, {"hal": "lain"}, {"tanggal": DAY}])
def test_a_change_to_imported_letters_is_found(real_home: MakeHome, tmp_path: Path, change: dict):
    """One row of the journal covers them all."""
    home = real_home()
    take(home, sheet(tmp_path / "b.xlsx", *((letter(n), dt.date(2024, 8, n), "a", "b") for n in range(1, 4))))
    with writing(home.engine) as connection:
        connection.execute(surat.update().where(surat.c.urut == 2).values(**change))
    assert faults(home) == ["buku yang diimpor: isinya berbeda dari jurnal. Bandingkan dengan cadangan terakhir."]
    with writing(home.engine) as connection:
        connection.execute(surat.delete().where(surat.c.urut == 3))
    assert "3 surat menurut jurnal, 2 di buku" in faults(home)[0]


def _bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _zip(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return path


def _bomb(path: Path) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(320):
            part.write(b"\0" * 2**20)
    return path


def _entity(path: Path) -> Path:
    sheet(path, (letter(1), DAY, "a", "b"))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path, "berkas tidak dapat dibaca"),
        (lambda path: path.mkdir() or path, "berkas tidak dapat dibaca"),
        (lambda path: _bytes(path, b""), "kosong"),
        (lambda path: _bytes(path, b"Nomor;Tanggal"), "bukan berkas XLSX"),
        (lambda path: _bytes(path, b"PK\x03\x04" + b"x" * 99), "bukan berkas XLSX"),
        (lambda path: _bytes(path, sheet(path).read_bytes()[:-400]), "bukan berkas XLSX"),
        (lambda path: _zip(path, a=b"<a/>"), "bukan berkas XLSX"),
        (lambda path: _zip(path, **{"[Content_Types]": b"<a", "xl__workbook": b"<a"}), "bukan berkas XLSX"),
        (_bomb, "terlalu besar setelah dibuka"),
        (_entity, "bukan berkas XLSX"),
        (lambda path: sheet(path, header=("Nomor", "Perihal")), "baris 1: tidak ada kolom Tanggal. Judul yang diperlukan"),
        (lambda path: sheet(path, header=(*HEADER, "Hal")), "ada 2 kolom untuk Perihal"),
        (lambda path: sheet(path, header=()), "tidak ada judul kolom"),
        (lambda path: sheet(path, (letter(1), DAY, "a", "b"), (None, None, "c", "d"), merged="A2:A3"), "baris 2 sampai 3"),
    ],
    ids=[
        "missing", "folder", "empty", "text", "torn", "cut off", "another zip", "broken XML", "bomb", "entities",
        "columns", "column twice", "no header", "merged",
    ],
)  # fmt: skip
def test_a_file_that_is_no_book_is_refused(lain: Home, tmp_path: Path, make: Callable, said: str):
    """In one sentence, without a traceback."""
    with pytest.raises(DataError) as refused:
        take(lain, make(tmp_path / "b.xlsx"))
    assert said in str(refused.value)


# --- the book out --------------------------------------------------------------------------------


def full(home: Home) -> None:
    """A book with everything in it: two series, a late insert, a void one, a number from outside, text like formulas."""
    profile = home.kantor / "kantor.toml"
    profile.write_text(
        profile.read_text("utf-8").replace("[nomor]", '[nomor]\nluar = ["ND-\\\\d+/20\\\\d\\\\d"]'), "utf-8"
    )
    first = give(home, "=HYPERLINK(A1)", on=dt.date(2024, 8, 12), kepada=("@KPU", "+62"))
    give(home, "-1 persen; _x0041_")
    give(home, "Sisipan", late=dt.date(2024, 8, 13), alasan="terlupa")
    give(home, "Cuti", klas="KP.01.00", ttd="kepala-sekretariat")
    give(home, "Dari SRIKANDI", nomor="ND-77/2024")
    void(home, home.plan(ELECTION), first.id, "salah tujuan", "Staf", NOON)


def cells(path: Path) -> list[tuple]:
    return [tuple(cell or "" for cell in row) for row in load_workbook(path).active.iter_rows(values_only=True)]


def test_the_exported_book_is_text_in_the_order_of_the_series(real_home: MakeHome, tmp_path: Path):
    """No cell is a formula, the header stays in sight, and the same book has the same bytes."""
    home = real_home()
    full(home)
    plan, file = home.plan(ELECTION), tmp_path / "buku.xlsx"
    assert export_book(home, plan, file) == 5
    page = load_workbook(file).active
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert all(cell.number_format == "@" for row in page.iter_rows() for cell in row)
    assert page.freeze_panes == "A2"
    column = [row[0] for row in cells(file)]
    assert column == ["Nomor", "001/KP.01.00/SB-99/08/2024", letter(1), letter("001.1"), letter(2), "ND-77/2024"]
    assert cells(file)[2][3:5] == ("=HYPERLINK(A1)", "@KPU; +62")
    before = file.read_bytes()
    export_book(home, plan, file)
    assert file.read_bytes() == before
    assert export_book(home, plan, file, 2023) == 0 and len(cells(file)) == 1


def test_in_csv_what_looks_like_a_formula_begins_with_an_apostrophe(real_home: MakeHome, tmp_path: Path):
    """A spreadsheet that opens it computes nothing."""
    home = real_home()
    full(home)
    export_book(home, home.plan(ELECTION), tmp_path / "buku.csv")
    with (tmp_path / "buku.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Perihal"], row["Kepada"]) for row in rows[1:2]] == [("'=HYPERLINK(A1)", "'@KPU; +62")]
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row.values() if cell)


def test_the_exported_book_in_an_empty_office_is_the_same_book(real_home: MakeHome, tmp_path: Path):
    """Out, in, out: the same rows but for what only their own office can know (kind, id)."""
    homes = [real_home(), real_home()]
    full(homes[0])
    (homes[1].kantor / "kantor.toml").write_bytes((homes[0].kantor / "kantor.toml").read_bytes())
    files = [tmp_path / "satu.xlsx", tmp_path / "dua.xlsx"]
    export_book(homes[0], homes[0].plan(ELECTION), files[0])
    assert take(homes[1], files[0]).count == 5
    export_book(homes[1], homes[1].plan(ELECTION), files[1])
    one, two = ([row[:5] + row[6:9] for row in cells(file)] for file in files)
    assert one == two
    assert faults(homes[1]) == []
    assert [give(home, "Sesudah").nomor for home in homes] == [letter(3)] * 2


@pytest.mark.parametrize(("name", "error"), [("buku.pdf", DataError), ("tidak/ada.xlsx", MachineError)])
def test_a_place_where_the_book_cannot_be_written_is_named(lain: Home, tmp_path: Path, name: str, error: type):
    """And nothing is left half written."""
    with pytest.raises(error, match=Path(name).name):
        export_book(lain, lain.plan(ELECTION), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


# --- search and the commands ---------------------------------------------------------------------


def test_letters_are_found_whatever_the_capitals_in_any_script(real_home: MakeHome):
    """By subject, words inside our own letters, number, addressee, days and state."""
    home = real_home()
    plan = home.plan(ELECTION)
    give(home, "Élan ΣΟΦΊΑ", on=dt.date(2024, 8, 12), kepada=("Camat HARAU",))
    issue.draft(home, plan, plan.duty("V12.rakor-stakeholder"), DAY, NOON)
    drafted = f"{ELECTION}.V12.rakor-stakeholder.1"

    def found(**asked) -> list[str]:
        with reading(home.engine) as connection:
            return [row.item for row in register.search(connection, home.office.profile.id, **asked)]

    assert found(text="éLAN  σοφία") == found(kepada="harau", state="disetujui") == ["elan"]
    assert found(nomor="001 / pm") == found(last=dt.date(2024, 8, 12)) == found(anywhere="k.sb-99/08") == ["elan"]
    assert found(text="resto tanjung pati", state="Draf") == [drafted.split(".")[2]]
    assert found(first=DAY) == found(text="resto") == [drafted.split(".")[2]]
    assert found(text="paragraph") == []


def test_the_commands_say_what_they_did(tahapan, real_office: Path, tmp_path: Path):
    """Number, again, void, gaps, list, export, import: exit codes and answers."""
    asked = ("letter", "number", "--perihal", "Rapat", "--kepada", "KPU", "--oleh", "Staf")
    first, again = (tahapan(*asked, home=real_office) for _ in range(2))
    assert (first.code, again.code, again.out) == (0, 0, first.out) and "sudah bernomor" in again.err
    letter_id = first.out.split()[-1]
    assert tahapan("letter", "void", letter_id, "--oleh", "Staf", home=real_office).lines == ["--alasan: kosong. Isi."]
    done = tahapan("letter", "void", letter_id, "--alasan", "salah", "--oleh", "Staf", home=real_office)
    assert (done.code, done.out.endswith(": batal (salah).\n")) == (0, True)
    said = json.loads(tahapan("register", "gaps", "--json", home=real_office).out)
    assert [(one["jumlah"], one["hilang"], one["batal"][0]["alasan"]) for one in said] == [(1, [], "salah")]
    listed = json.loads(tahapan("register", "list", "--status", "batal", "--json", home=real_office).out)
    assert [row["id"] for row in listed] == [letter_id]
    file = tmp_path / "b.xlsx"
    assert tahapan("register", "export", file, home=real_office).out == f"1 surat ditulis ke {file}.\n"
    refused = tahapan("register", "import", file, "--oleh", "Staf", home=real_office)
    assert refused.code == 1 and "sudah ada dalam buku" in refused.lines[0]


def test_a_missing_number_makes_the_gap_report_fail(tahapan, real_office: Path, tmp_path: Path):
    """Exit 1, and the number is named."""
    rows = ((letter(n), DAY, "a", "b") for n in (5, 7))
    taken = tahapan(
        "register", "import", sheet(tmp_path / "b.xlsx", *rows), "--oleh", "S", "--apa-adanya", home=real_office
    )
    assert taken.code == 0
    said = tahapan("register", "gaps", home=real_office)
    assert said.code == 1 and said.out.splitlines()[2].split()[5:7] == ["6", "0"]


def test_daily_questions_do_not_load_the_spreadsheet_library(real_office: Path):
    """`due` and `status` start fast."""
    program = (
        "import sys; from deployments.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "assert 'openpyxl' not in sys.modules"
    )
    Home(real_office).engine.dispose()
    for command in ("due", "status"):
        ran = subprocess.run(
            [sys.executable, "-c", program, "--home", real_office, command], check=False, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr


def test_text_that_is_refused_anywhere_is_a_tahapan_error(lain: Home):
    """Never a traceback: also for an unknown signer and an unknown letter."""
    for wrong in (
        lambda: give(lain, ttd="raja"),
        lambda: give(lain, oleh=""),
        lambda: void(lain, lain.plan(ELECTION), "x", "y", "z", NOON),
        lambda: give(lain, "x" * 501),
    ):
        with pytest.raises(TahapanError):
            wrong()
