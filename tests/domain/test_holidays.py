"""Days off: what the government decreed, and what the office knows better."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tahapan.errors import DataError
from tahapan.libur import load_kalender


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("2024-06-17", "Hari Raya Idul Adha"),  # Monday
        ("2024-06-18", "Cuti Bersama Hari Raya Idul Adha"),  # Tuesday
        ("2024-08-17", "Hari Kemerdekaan Republik Indonesia"),  # Saturday
        ("2024-09-16", "Maulid Nabi Muhammad"),  # Monday
        ("2024-11-27", "Hari Pemilihan Kepala Daerah"),  # Wednesday
        ("2024-12-26", "Cuti Bersama Hari Raya Natal"),  # Thursday
        ("2024-08-18", "Minggu"),
        ("2024-08-24", "Sabtu"),
    ],
)
def test_a_day_off_of_2024_says_why(on: str, why: str):
    """National holidays, joint leave, the day of the vote, and weekends."""
    kalender = load_kalender([2024])
    assert (kalender.is_working_day(day(on)), kalender.why_off(day(on))) == (False, why)


@pytest.mark.parametrize("on", ["2024-06-19", "2024-08-19", "2024-08-21", "2024-09-17", "2024-11-26", "2024-11-28"])
def test_a_weekday_beside_a_holiday_is_worked(on: str):
    """Wednesday 19 June, Monday 19 August, Wednesday 21 August, Tuesday 17 September, the days around the vote."""
    kalender = load_kalender([2024])
    assert (kalender.is_working_day(day(on)), kalender.why_off(day(on))) == (True, None)


@pytest.mark.parametrize(
    ("on", "before", "after"),
    [
        (
            "2024-06-17",
            "2024-06-14",
            "2024-06-19",
        ),  # Idul Adha on a Monday: Friday, and Wednesday after the joint leave
        ("2024-09-16", "2024-09-13", "2024-09-17"),  # Maulid on a Monday
        ("2024-08-17", "2024-08-16", "2024-08-19"),  # a Saturday
        ("2024-08-21", "2024-08-21", "2024-08-21"),  # a Wednesday that is worked
    ],
)
def test_what_falls_on_a_day_off_moves_to_the_working_day_beside_it(on: str, before: str, after: str):
    """``sebelum``, ``sesudah`` and ``tetap``."""
    kalender = load_kalender([2024])
    moved = [kalender.shift(day(on), bila_libur) for bila_libur in ("sebelum", "sesudah", "tetap")]
    assert moved == [day(before), day(after), day(on)]


def test_three_working_days_before_thursday_20_june_2024_is_thursday_13():
    """Wednesday the 19th, Friday the 14th, Thursday the 13th: over Idul Adha and a weekend."""
    assert load_kalender([2024]).back(day("2024-06-20"), 3) == day("2024-06-13")


def test_the_office_adds_and_removes_days(tmp_path: Path):
    """Its own file wins: a local holiday, and a joint leave on which the office is open."""
    own = tmp_path / "libur.toml"
    own.write_text(
        '[[libur]]\ntanggal = 2024-08-22\nnama = "Hari jadi kabupaten"\n'
        '[[libur]]\ntanggal = 2024-06-18\nnama = "Kantor tetap buka"\nlibur = false\n'
        '[[libur]]\ntanggal = 2024-08-21\nnama = "Bukan hari libur juga"\nlibur = false\n',
        "utf-8",
    )
    kalender = load_kalender([2024], own)
    assert kalender.why_off(day("2024-08-22")) == "Hari jadi kabupaten"
    assert kalender.is_working_day(day("2024-06-18")) and kalender.is_working_day(day("2024-08-21"))
    assert load_kalender([2024]).is_working_day(day("2024-08-22"))  # nothing of it stays behind


def test_a_weekend_is_not_worked_though_the_office_file_says_so(tmp_path: Path):
    """``libur = false`` takes a holiday away, not a Saturday."""
    own = tmp_path / "libur.toml"
    own.write_text('[[libur]]\ntanggal = 2024-08-17\nnama = "Tetap masuk"\nlibur = false\n', "utf-8")
    assert load_kalender([2024], own).why_off(day("2024-08-17")) == "Sabtu"


def test_a_fault_in_the_office_file_names_file_and_key(tmp_path: Path):
    """An unknown key and a missing name, both at once."""
    own = tmp_path / "libur.toml"
    own.write_text("[[libur]]\ntanggal = 2024-08-22\nhari = 1\n", "utf-8")
    with pytest.raises(DataError) as refused:
        load_kalender([2024], own)
    said = str(refused.value)
    assert len(refused.value.problems) == 2
    assert "libur.toml" in said and "hari" in said and "nama" in said


def test_an_estimated_day_is_named_as_such():
    """Idul Fitri of 2029 had no decree; the day of independence needs none."""
    kalender = load_kalender([2029])
    fitri = [day for day, libur in kalender.days_off.items() if libur.nama == "Hari Raya Idul Fitri"]
    assert [kalender.why_off(on) for on in fitri] == ["Hari Raya Idul Fitri (perkiraan)"]
    assert kalender.why_off(day("2029-08-17")) == "Hari Kemerdekaan Republik Indonesia"
    assert not any(libur.perkiraan for libur in load_kalender([2024]).days_off.values())


def test_several_years_are_one_calendar():
    """From Christmas to New Year the week runs on."""
    kalender = load_kalender([2024, 2025])
    assert kalender.back(day("2025-01-02"), 1) == day("2024-12-31")


def test_the_kept_file_gives_the_same_days(tmp_path: Path):
    """Written by the first call, read by the second, repaired by the third after it was torn."""
    kept = tmp_path / "cache"
    asked = load_kalender([2024, 2029]).days_off
    assert load_kalender([2024, 2029], kept_in=kept).days_off == asked
    files = sorted(kept.iterdir())
    assert [file.name.split("-")[1] for file in files] == ["2024", "2029"] and not list(kept.glob("*.baru"))
    assert load_kalender([2024, 2029], kept_in=kept).days_off == asked

    files[0].write_text('{"2024-06-', "utf-8")
    assert load_kalender([2024, 2029], kept_in=kept).days_off == asked


def test_the_kept_file_is_what_is_read(tmp_path: Path):
    """Otherwise keeping it would save nothing."""
    load_kalender([2024], kept_in=tmp_path)
    next(tmp_path.iterdir()).write_text('{"2024-08-21": ["Dari berkas", true]}', "utf-8")
    assert load_kalender([2024], kept_in=tmp_path).why_off(day("2024-08-21")) == "Dari berkas (perkiraan)"
