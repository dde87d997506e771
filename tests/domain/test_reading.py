"""Data files in: every fault with its file, its key and the remedy, all of them at once."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tahapan.errors import DataError, Problem
from tahapan.home import DATA, SAMPLE_OFFICE
from tahapan.libur import load_kalender
from tahapan.office import load_office
from tahapan.plan import Plan, load_plan
from tahapan.reading import load


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    zona: Literal["WIB", "WITA", "WIT"] = "WIB"
    urut: int = 1


class Book(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    baris: tuple[Row, ...] = Field(min_length=1)


def problems(tmp_path: Path, content: str | bytes) -> tuple[Problem, ...]:
    file = tmp_path / "kantor" / "buku.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as refused:
        load(Book, file)
    return refused.value.problems


def test_a_sound_file_is_read(tmp_path: Path):
    """Also as Windows Notepad saves it: with a byte order mark and CRLF."""
    file = tmp_path / "buku.toml"
    file.write_bytes(b'\xef\xbb\xbf[[baris]]\r\nid = "satu"\r\n')
    assert load(Book, file) == Book(baris=(Row(id="satu"),))


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ('[[baris]]\nid = "satu\n', "baris 2", "TOML rusak"),
        ('[[baris]]\nid = "a"\nid = "b"\n', "baris 3", "dua kali"),
        ('[[baris]]\nid = "a"\nnama = "x"\n', "kunci nama", "tidak dikenal"),
        ("[[baris]]\nurut = 1\n", "kunci id", "wajib ada"),
        ("[[baris]]\nid = 7\n", "kunci id", "harus berupa teks"),
        ('[[baris]]\nid = ""\n', "kunci id", "tidak boleh kosong"),
        ('[[baris]]\nid = "a"\nurut = "satu"\n', "kunci urut", "harus berupa angka bulat"),
        ('[[baris]]\nid = "a"\nzona = "GMT"\n', "kunci zona", "'GMT' tidak dikenal"),
        ("baris = []\n", "kunci baris", "tidak boleh kosong"),
        ("", "kunci baris", "wajib ada"),
        (b"\xff\xfe[\x00", "kantor/buku.toml", "UTF-8"),
    ],
)
def test_a_fault_names_file_place_and_remedy(tmp_path: Path, content: str | bytes, where: str, what: str):
    """One problem, and never the English of the library."""
    [problem] = problems(tmp_path, content)
    assert "kantor/buku.toml" in problem.where and where in problem.where
    assert what in problem.what
    assert problem.remedy
    assert not {"Input", "should", "Expected", "Invalid"} & set(str(problem).split())


def test_all_faults_are_told_at_once(tmp_path: Path):
    """Three in two rows, each with the row it is in."""
    found = problems(tmp_path, '[[baris]]\nid = 1\nzona = "X"\n[[baris]]\nurut = 1\n')
    assert len(found) == 3
    assert [("ke-1" in problem.where, "ke-2" in problem.where) for problem in found] == [
        (True, False), (True, False), (False, True),
    ]  # fmt: skip


def test_a_missing_file_is_named(tmp_path: Path):
    """With its folder, and no traceback of the machine."""
    with pytest.raises(DataError, match=r"kantor/tidak-ada\.toml: berkas tidak ada"):
        load(Book, tmp_path / "kantor" / "tidak-ada.toml")


def test_no_message_shows_where_the_machine_keeps_its_folders(tmp_path: Path):
    """A clerk looks for ``kantor/buku.toml``."""
    assert not any(str(tmp_path) in str(problem) for problem in problems(tmp_path, "rusak"))


# ---------------------------------------------------------------- the office's own files
LAW = """
[[laws]]
id = "pkpu-99-2024"
jenis = "Peraturan KPU"
nomor = "99"
tahun = 2024
tentang = "Perubahan atas Peraturan Komisi Pemilihan Umum Nomor 8 Tahun 2024"
berlaku_paling_awal = 2024-09-01
berlaku_paling_lambat = 2024-09-01
mengubah = "{}"
pokok = ["pencalonan"]
keyakinan = "tinggi"
"""


def own_office(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE_OFFICE, tmp_path / "kantor"))


def plan_of(folder: Path, events: dict[str, dt.date | dt.datetime] | None = None) -> Plan:
    return load_plan(load_office(folder), "pilkada-2024", events or {})


def test_an_amendment_of_a_law_that_is_not_there_is_refused_with_the_nearest_name(tmp_path: Path):
    """Otherwise the law would be cited without it, and nobody would see."""
    folder = own_office(tmp_path)
    (folder / "laws.toml").write_text(LAW.format("pkpu-8-204"), "utf-8")
    with pytest.raises(DataError) as refused:
        plan_of(folder)
    [problem] = refused.value.problems
    assert "laws.toml" in problem.where and "pkpu-99-2024" in problem.where and "mengubah" in problem.where
    assert "'pkpu-8-204' tidak dikenal" in problem.what
    assert "'pkpu-8-2024'" in problem.remedy

    (folder / "laws.toml").write_text(LAW.format("pkpu-8-2024"), "utf-8")
    assert "Nomor 99 Tahun 2024" in plan_of(folder).laws.cite("pkpu-8-2024", dt.date(2024, 9, 1))


@pytest.mark.parametrize(
    ("pola", "seri", "said"),
    [
        ("{urut:03d}/{klas}/{tahun}", '["klas", "tahun", "kantor"]', "Tambahkan {kantor}"),
        ("{urut:03d}/{klas}/{{kantor}}/{tahun}", '["klas", "tahun", "kantor"]', "Tambahkan {kantor}"),
        ("{{urut}}/{klas}/{kantor}/{tahun}", '["klas", "tahun"]', "harus memuat {urut}"),
    ],
)
def test_what_a_sequence_is_counted_by_is_in_the_number(tmp_path: Path, pola: str, seri: str, said: str):
    """Two sequences whose numbers look alike would give two letters one number."""
    folder = own_office(tmp_path)
    file = folder / "kantor.toml"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith(("pola =", "seri ="))]
    at = lines.index("[nomor]") + 1
    file.write_text("\n".join((*lines[:at], f'pola = "{pola}"', f"seri = {seri}", *lines[at:])), "utf-8")
    with pytest.raises(DataError) as refused:
        load_office(folder)
    [problem] = refused.value.problems
    assert "kantor/kantor.toml" in problem.where and said in str(problem)


@pytest.mark.parametrize(
    ("moment", "off"),
    [
        (dt.date(2025, 1, 27), dt.date(2025, 1, 29)),  # Isra Mikraj on a Monday, Imlek on the Wednesday
        (dt.datetime.fromisoformat("2024-12-30T09:00"), dt.date(2025, 1, 1)),
        (dt.date(2025, 1, 2), dt.date(2024, 12, 26)),
    ],
)
def test_days_off_are_known_in_the_year_of_an_event_after_the_calendar(moment: dt.date, off: dt.date):
    """The result is fixed in January 2025; duties are counted from it, also across New Year."""
    plan = plan_of(SAMPLE_OFFICE, {"L9": moment})
    assert plan.kalender.why_off(off)
    assert off.weekday() < 5 and not plan.kalender.is_working_day(off)


def test_working_days_counted_from_an_event_of_the_next_year_pass_over_its_days_off(tmp_path: Path):
    """Five working days after Monday, 27 January 2025: not Tuesday to Monday but, without 28 and 29 January, to Wednesday."""
    folder = own_office(tmp_path)
    (folder / "elections").mkdir()
    text = (DATA / "elections" / "pilkada-2024.toml").read_text("utf-8")
    assert text.count('hari = 5, satuan = "kalender"') == 2
    (folder / "elections" / "pilkada-2024.toml").write_text(text.replace('"kalender" }', '"kerja" }'), "utf-8")
    assert plan_of(folder, {"L9": dt.date(2025, 1, 27)}).election.stage("L9").selesai == dt.date(2025, 2, 5)


@pytest.mark.parametrize(
    "kept", ["[]", "7", '{"2024-08-21": 3}', '{"2024-08-21": [1, 2, 3]}', '{"2024-08-21": ["a"]}', "\x00"]
)
def test_a_kept_calendar_of_the_wrong_shape_is_asked_for_anew(tmp_path: Path, kept: str):
    """JSON that is whole and still not ours."""
    asked = load_kalender([2024], kept_in=tmp_path).days_off
    [file] = tmp_path.iterdir()
    file.write_text(kept, "utf-8")
    assert load_kalender([2024], kept_in=tmp_path).days_off == asked
    assert "Maulid" in file.read_text("utf-8")


def test_where_nothing_can_be_kept_the_days_off_are_known_all_the_same(tmp_path: Path):
    """A home that may only be read."""
    (tmp_path / "berkas").touch()
    assert load_kalender([2024], kept_in=tmp_path / "berkas" / "cache").days_off == load_kalender([2024]).days_off
