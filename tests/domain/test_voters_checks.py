"""What a list is examined for besides the dead, and what the results hold."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pytest

from tahapan.errors import MachineError
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


def test_one_person_with_two_nik_is_proposed_only_where_chance_gives_nobody(tmp_path: Path):
    """Same name, day and birthplace under two whole NIK; of those who share a frequent name nobody is accused."""
    row = "{n},,{nik},{name},{born},{day},S,{sex},JLN A,001,001,Harau,Taram,{tps}"
    rows = [
        row.format(n=n, nik=f"130705{1 + n % 28:02}0180{n % 9000 + 1:04}", name=f"WARGA {chr(65 + n % 26)}{chr(65 + n // 26 % 26)}",
                   born="TARAM" if n % 5 else "SULIKI", day=f"{1 + n % 28:02}|{1 + n % 12:02}|19{50 + n % 45}", sex="L", tps=1 + n // 500)
        for n in range(4000)
    ]  # fmt: skip
    same = {"name": "ZULFADHLI INDRA JAYA", "born": "PADANG PANJANG", "day": "17|08|1966", "sex": "L"}
    rows.append(row.format(n=9001, nik="1307051708660001", tps=1, **same))
    rows.append(row.format(n=9002, nik="1371021708660007", tps=3, **same))
    rows.append(row.format(n=9003, nik="3275011708660002", tps=4, **same | {"born": "BEKASI"}))
    assert ("ganda", "9002", "9001", "C", "2") in found(rows, tmp_path / "a")
    assert not {each for each in found(rows, tmp_path / "a") if each[0] == "ganda" and "9003" in each[1:3]}


def test_a_result_that_cannot_be_written_says_where(tmp_path: Path):
    """A file stands where the folder should be."""
    (tmp_path / "daftar.csv").write_text("\n".join([HEADS, *ROWS]), "utf-8")
    (tmp_path / "hasil").write_text("ada", "utf-8")
    with pytest.raises(MachineError, match="sudah ada berkas dengan nama itu"):
        examine(tmp_path / "daftar.csv", {}, tmp_path / "hasil", ON)
