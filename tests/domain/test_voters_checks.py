"""What a list is examined for besides the dead, and what the results hold."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pytest

from tahapan.voters.examine import examine
from tahapan.voters.results import FAULTS, FOUND, OTHERS, SUMMARY
from tahapan.voters.sample import make_rolls, province_places

ON = dt.date(2024, 11, 27)
HEADS = "id,nkk,nik,nama,tempat_lahir,tanggal_lahir,status_kawin,jenis_kelamin,alamat,rt,rw,kecamatan,nagari,tps"
ROWS = [
    "1,1307050101100001,1307051203600001,ZULBAHRI,SARILAMAK,12|03|1960,S,L,A,001,001,Harau,Sarilamak,1",
    "2,1307050101100009,1307051203600001,ZULBAHRY,SARILAMAK,12|03|1960,S,L,A,001,001,Harau,Sarilamak,2",  # again
    "3,1307050101100002,1307055505650001,YUSNIDAR HASAN,TARAM,15|05|1965,S,P,B,001,001,Harau,Taram,1",
    "4,1307050101100003,1307055505650001,RATNA DEWI,TARAM,08|11|1990,S,P,B,001,001,Harau,Taram,1",  # the NIK of 3
    "5,1307050101100004,1307052811070001,EKA PUTRA,TARAM,28|11|2007,B,L,B,001,001,Harau,Taram,1",  # 17 a day late
    "6,1307050101100004,1307056711070002,EKA PUTRI,TARAM,27|11|2007,B,P,B,001,001,Harau,Taram,1",  # 17 on the day
    "7,1307050101100005,1307056812070003,RINA,TARAM,28|12|2007,S,P,B,001,001,Harau,Taram,1",  # young, and married
    "8,1307050101100006,1307050101800001,ANTON,TARAM,01|01|1980,S,L,C,001,001,Harau,Taram,1",
    "9,1307050101100006,1307054101810001,ANI,TARAM,01|01|1981,S,P,C,001,001,Harau,Taram,1",
    "10,1307050101100006,1307050101050001,ANDI,TARAM,01|01|2005,B,L,C,001,001,Harau,Taram,2",  # not with his family
    "11,1307050101100007,1307050202900001,RIKI SAPUTRA,TARAM,02|02|1990,B,L,D,001,001,Harau,Taram,1",
    "12,1307050101100007,1307050202900002,RIKO SAPUTRA,TARAM,02|02|1990,B,L,D,001,001,Harau,Taram,1",  # his twin
]


def found(rows: list[str], folder: Path) -> set[tuple[str, str, str, str, str]]:
    """Check, voter, the row it is held against, level, code."""
    folder.mkdir(exist_ok=True)
    (folder / "daftar.csv").write_text("\n".join([HEADS, *rows]) + "\n", "utf-8")
    examine(folder / "daftar.csv", {}, folder / "hasil", ON, codes={"ganda": 2, "di-bawah-umur": 3, "salah-tps": 8})
    with (folder / "hasil" / OTHERS).open(encoding="utf-8", newline="") as file:
        names = ("periksa", "id", "id_lawan", "level", "kode_tms")
        return {tuple(row[name] for name in names) for row in csv.DictReader(file)}  # pyright: ignore[reportReturnType]


def test_each_fault_is_found_once_with_its_code(tmp_path: Path):
    """Twins are no double, one NIK on two persons strikes nobody off, and who is married or 17 on the day may vote."""
    assert found(ROWS, tmp_path / "a") == {
        ("ganda", "2", "1", "A", "2"),
        ("nik-kembar", "4", "3", "A", ""),
        ("di-bawah-umur", "5", "", "A", "3"),
        ("salah-tps", "10", "", "B", "8"),
    }


def test_soldiers_and_who_moved_away_are_found_on_lists_that_are_given(tmp_path: Path):
    """As the dead are, each with its own code; the other list says which of its rows."""
    (tmp_path / "daftar.csv").write_text("\n".join([HEADS, *ROWS]) + "\n", "utf-8")
    heads = "nrp,nama,tanggal_lahir,jenis_kelamin,kecamatan,nagari"
    (tmp_path / "tni.csv").write_text(
        f"{heads}\n1,ANTON,01-01-1980,L,Harau,Taram\n2,BUKAN,02-01-1980,L,Harau,Taram\n", "utf-8"
    )
    (tmp_path / "pindah.csv").write_text(f"{heads}\n7,ANI,01-01-1981,P,Harau,Taram\n", "utf-8")
    lists = {"tni": tmp_path / "tni.csv", "pindah": tmp_path / "pindah.csv"}
    done = examine(tmp_path / "daftar.csv", lists, tmp_path / "hasil", ON, codes={"tni": 6, "pindah": 4})
    assert {name: taken.rows for name, taken in done.taken.items()} == {"daftar": 12, "tni": 2, "pindah": 1}
    with (tmp_path / "hasil" / OTHERS).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["periksa"] in lists]
    names = ("periksa", "id", "kode_tms", "daftar_lawan", "baris_lawan", "nama_lawan")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("pindah", "9", "4", "pindah", "2", "ANI"),
        ("tni", "8", "6", "tni", "2", "ANTON"),
    ]


@pytest.mark.parametrize(("voters", "told"), [(600, False), (601, True)])
def test_a_polling_place_has_at_most_600(tmp_path: Path, voters: int, told: bool):
    """One row for the polling place, not one for each voter."""
    rows = [f"{n},,,ORANG {n},TARAM,,S,L,A,1,1,Harau,Taram,1" for n in range(voters)]
    assert [row[0] for row in found(rows, tmp_path / "a")] == ["tps-penuh"] * told


def test_no_number_of_a_person_leaves_the_list_and_only_its_owner_reads_the_results(tmp_path: Path):
    """Promise 6: sixteen digits stand nowhere, in no file and in no message; files have mode 600."""
    made = make_rolls(tmp_path / "daftar", province_places("13.07"), 3_000, 300, 5)
    done = examine(made.daftar, {"meninggal": made.kematian}, tmp_path / "hasil", ON, lowest="D")
    files = sorted((tmp_path / "hasil").iterdir())
    assert {file.name for file in files} == {FOUND, OTHERS, FAULTS, SUMMARY}
    for file in files:
        assert not re.search(r"\d{16}", file.read_text("utf-8"))
        assert file.stat().st_mode & 0o777 == 0o600
    assert not re.search(r"\d{16}", repr(done))


def test_what_an_earlier_run_proposed_does_not_stay(tmp_path: Path):
    """Without deaths there are no proposals, and none of yesterday's either."""
    made = make_rolls(tmp_path / "daftar", province_places("13.07"), 200, 20, 5)
    examine(made.daftar, {"meninggal": made.kematian}, tmp_path / "hasil", ON)
    examine(made.daftar, {}, tmp_path / "hasil", ON)
    assert {file.name for file in (tmp_path / "hasil").iterdir()} == {OTHERS, FAULTS, SUMMARY}


def test_the_same_lists_give_the_same_proposals(tmp_path: Path):
    """Byte for byte, whatever the order in which the database worked."""
    made = make_rolls(tmp_path / "daftar", province_places("13.07"), 3_000, 300, 5)
    examine(made.daftar, {"meninggal": made.kematian}, tmp_path / "satu", ON)
    examine(made.daftar, {"meninggal": made.kematian}, tmp_path / "dua", ON)
    for name in (FOUND, OTHERS, FAULTS, SUMMARY):
        assert (tmp_path / "satu" / name).read_bytes() == (tmp_path / "dua" / name).read_bytes()


def test_what_looks_like_a_formula_stays_text(tmp_path: Path):
    """A name beginning with = is shown and not run by Excel."""
    (tmp_path / "a").mkdir()
    rows = [ROWS[0].replace("ZULBAHRI", "=HYPERLINK(1)"), ROWS[1].replace("ZULBAHRY", "=HYPERLINK(1)")]
    found(rows, tmp_path / "a")
    text = (tmp_path / "a" / "hasil" / OTHERS).read_text("utf-8")
    assert "'=HYPERLINK(1)" in text and ",=HYPERLINK" not in text


def test_the_command_says_what_it_read_and_found(tahapan, tmp_path: Path):
    """Without an office: columns guessed are shown; with --json one value and nothing else."""
    said = tahapan("voters", "sample", "--out", tmp_path / "d", "--voters", 3000, "--deaths", 60, home=None)
    assert said.code == 0
    asked = ("voters", "check", "--list", tmp_path / "d" / "daftar.csv", "--deaths", tmp_path / "d" / "kematian.csv")
    said = tahapan(*asked, "--out", tmp_path / "h", home=None)
    assert said.code == 0 and "nama = 'nama'" in said.out and "usulan, bukan keputusan" in said.out
    counted = json.loads(tahapan(*asked, "--out", tmp_path / "h", "--json", home=None).out)
    assert counted["baris"] == {"daftar": 3000, "meninggal": 60} and counted["temuan"]["meninggal"]["A"] > 20


def test_a_level_that_is_none_and_a_file_that_is_missing_are_told(tahapan, tmp_path: Path):
    """Exit code 1, the reason, no traceback."""
    (tmp_path / "d.csv").write_text(f"{HEADS}\n{ROWS[0]}\n", "utf-8")
    said = tahapan("voters", "check", "--list", tmp_path / "d.csv", "--out", tmp_path / "h", "--level", "E", home=None)
    assert said.code == 1 and said.lines == ["--level: 'E' bukan tingkat. Pilih A, B, C, atau D."]
    said = tahapan("voters", "check", "--list", tmp_path / "tidak.csv", "--out", tmp_path / "h", home=None)
    assert said.code == 1 and "tidak.csv" in said.err
