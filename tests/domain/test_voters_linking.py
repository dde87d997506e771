"""Who on the list is who among the dead: what counts as the same, what speaks against it, and how sure one may be."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pytest

from tahapan.voters.examine import examine
from tahapan.voters.linking.standard import standardise
from tahapan.voters.results import FOUND
from tahapan.voters.sample import make_rolls, province_places

ON = dt.date(2024, 11, 27)
HEADS = "id,nkk,nik,nama,tempat_lahir,tanggal_lahir,status_kawin,jenis_kelamin,alamat,rt,rw,kecamatan,nagari,tps"
DEATHS = "no_akta,nik,nama,tanggal_lahir,jenis_kelamin,kecamatan,nagari,tanggal_meninggal"
LIVING = [
    "1,1307050101100001,1307051203600001,ZULBAHRI DT. RAJO,SARILAMAK,12|03|1960,S,L,JORONG A,001,001,Harau,Sarilamak,1",
    "2,1307050101100001,1307055505650001,YUSNIDAR HASAN,SARILAMAK,15|05|1965,S,P,JORONG A,001,001,Harau,Sarilamak,1",
    "3,1307050101100002,1307050101700003,MUHAMMAD YAKUB TANJUNG,TARAM,01|01|1970,S,L,JORONG B,001,001,Harau,Taram,2",
    "4,1307050101100003,1307050709480002,SOEWARDI DJAMAL,TARAM,07|09|1948,P,L,JORONG B,001,001,Harau,Taram,2",
    "5,1307010101100004,1307010811900001,RATNA DEWI KUSUMA,SULIKI,08|11|1990,S,P,JORONG C,001,001,Suliki,Limbanang,3",
]


SAME = [  # a death record, the voter it means, its level, and what is said of it
    ("1307051203600001,Zulbahri,1960-03-12,L,Harau,Sarilamak,2024-08-01", "1", "A", "NIK sama"),
    (",ZULBAHRI,1960-03-12,L,Harau,Sarilamak,2024-08-01", "1", "A", "nama sama; tanggal lahir sama; nagari sama"),
    (",Zulbahri,12-03-1960,L,Harau,Sari Lamak,2024-08-01", "1", "A", "nagari sama"),
    (",ZULBAHRY,1960-03-12,L,Harau,Sarilamak,2024-08-01", "1", "B", "nama beda satu-dua huruf"),
    (",Hj. Yusnidar Hasan,1965-05-15,P,Harau,Sarilamak,2024-08-01", "2", "A", "nama sama"),
    (",Mhd. Yakub Tanjung,1970-01-01,L,Harau,Taram,2024-08-01", "3", "A", "nama sama"),
    (",M. Yakub Tanjung,1970-01-01,L,Harau,Taram,2024-08-01", "3", "A", "nama sama"),
    (",Suwardi Jamal,1948-09-07,L,Harau,Taram,2024-08-01", "4", "A", "nama sama"),
    (",Suwardi Jamal,1948-07-09,L,Harau,Taram,2024-08-01", "4", "C", "hari dan bulan lahir tertukar"),
    (",Suwardi Jamal,1948,L,Harau,Taram,2024-08-01", "4", "C", "tahun lahir sama"),
    (",RATNA DEWI KUSUMA,1990-11-08,P,Suliki,Kurai,2024-08-01", "5", "B", "kecamatan sama"),
    ("1307010811900010,RATNA DEWI KUSUMA,1990-11-08,P,Suliki,Limbanang,2024-08-01", "5", "B", "NIK beda satu angka"),
]  # fmt: skip
SOMEBODY_ELSE = [
    "1307021203600009,ZULBAHRI,1960-03-12,L,Guguak,Kubang,2024-08-01",  # his namesake of the same day, by his NIK
    "1307051203600001,NURLELA,1977-01-30,P,Harau,Sarilamak,2024-08-01",  # his NIK on the letter of another
    ",ZULBAHRI,1961-04-12,L,Harau,Sarilamak,2024-08-01",  # the name alone
    ",ZULBAHRI,1960-03-12,P,Harau,Sarilamak,2024-08-01",  # a woman
    ",YUSRIDA,1965-05-15,P,Guguak,Kubang,2024-08-01",  # the date and a name a little alike
    ",ZULBAHRI,,L,,,2024-08-01",  # nothing but the name
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str, str]]]:
    """For each death record the voters it may mean, down to level D; among three thousand others, so that chance counts."""
    root = tmp_path_factory.mktemp("orang")
    made = make_rolls(root, province_places("13.07"), 3_000, 1, 7)
    crowd = [row.split(",", 1) for row in made.daftar.read_text("utf-8").splitlines()[1:]]
    others = [f"{int(number) + 100},{rest}" for number, rest in crowd]
    records = [*(record for record, *_ in SAME), *SOMEBODY_ELSE]
    (root / "pemilih.csv").write_text("\n".join([HEADS, *LIVING, *others]) + "\n", "utf-8")
    (root / "mati.csv").write_text(
        "\n".join([DEATHS, *(f"{n},{each}" for n, each in enumerate(records))]) + "\n", "utf-8"
    )
    examine(root / "pemilih.csv", {"meninggal": root / "mati.csv"}, root / "hasil", ON, lowest="D")
    found: dict[str, list[tuple[str, str, str]]] = {record: [] for record in records}
    with (root / "hasil" / FOUND).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[records[int(row["ref"])]].append((row["id"], row["level"], row["alasan"]))
    return found


@pytest.mark.parametrize(("record", "voter", "level", "said"), SAME)
def test_the_same_person_is_found_whatever_the_hand(judged, record: str, voter: str, level: str, said: str):
    """Titles, Mhd. and M., old spellings, a letter, the nagari in two words, day and month exchanged, the year only."""
    found = [row for row in judged[record] if row[1] < "D"]
    assert [row[:2] for row in found] == [(voter, level)]
    assert said in found[0][2]


@pytest.mark.parametrize("record", SOMEBODY_ELSE)
def test_who_may_be_somebody_else_is_not_proposed(judged, record: str):
    """Only on request, at level D."""
    assert [row for row in judged[record] if row[1] < "D"] == []


def test_of_a_sample_hardly_anyone_is_missed_and_nobody_called_dead(tmp_path: Path):
    """20,000 voters, 1,000 deaths: a third without NIK, a sixth misspelt, a fifth not on the roll, half of these namesakes."""
    made = make_rolls(tmp_path / "daftar", province_places("13.07"), 20_000, 1_000, 11)
    examine(made.daftar, {"meninggal": made.kematian}, tmp_path / "hasil", ON)

    with (tmp_path / "hasil" / FOUND).open(encoding="utf-8", newline="") as file:
        found = {(row["ref"], row["id"]): row["level"] for row in csv.DictReader(file)}
    with made.kebenaran.open(encoding="utf-8", newline="") as file:
        true = {(row["ref"], row["id"]) for row in csv.DictReader(file) if row["id"]}
    assert found.keys() - true == set()
    assert len(found.keys() & true) >= 0.96 * len(true)
    assert sum(level == "A" for level in found.values()) >= 0.8 * len(true)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Drs. H. Moh. Yusuf, M.Pd", "MUHAMMAD YUSUF"),
        ("M. Nur", "MUHAMMAD NUR"),
        ("Noer'aini", "NURAINI"),
        ("DJAMARIS DT. TAN BASA", "JAMARIS"),
        ("DT. RAJO MANGKUTO", "RAJO MANGKUTO"),
        ("ST. SYAHRIL", "SYAHRIL"),
        ("Hj. ÉRNAWATI", "ERNAWATI"),
        ("M", "M"),  # a name of one letter stays one
        ("H.", "H"),  # and so does a title when there is nothing else
    ],
)
def test_a_name_is_compared_in_one_spelling(written: str, compared: str):
    """Titles go, the forms of Muhammad become one, old spellings new; only for comparing."""
    with duckdb.connect() as con:
        columns = "baris BIGINT, nkk VARCHAR, nik VARCHAR, nik_samar VARCHAR, nama VARCHAR, lahir DATE, lahir_tahun SMALLINT, jk VARCHAR, kecamatan VARCHAR, nagari VARCHAR"
        con.execute(f"CREATE TABLE daftar ({columns})")
        con.execute(f"CREATE TABLE kematian ({columns})")
        con.execute("INSERT INTO daftar (baris, nama) VALUES (2, ?)", [written])
        standardise(con, "daftar", "kematian")
        assert con.execute("SELECT nama FROM l").fetchall() == [(compared,)]
