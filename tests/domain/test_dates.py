"""Written dates: the weekday must fit, however the date is written."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from tahapan.dates import BULAN, hari_tanggal, wrong_weekdays

DAY = dt.date(2024, 8, 14)  # Wednesday; 20 August 2024 is a Tuesday


@pytest.mark.parametrize(
    "written",
    [
        "Rabu, 20 Agustus 2024",
        "Rabu 20 Agustus 2024",
        "hari Rabu tanggal 20 Agustus 2024",
        "Rabu/20 Agustus 2024",
        "Rabu, tgl 20 Agustus 2024",
        "Rabu, tgl. 20 Agustus 2024",
        "Rabu – 20 Agustus 2024",
        "Rabu : 20 Agustus 2024",
        "Rabu pagi, 20 Agustus 2024",
        "RABU, 20 AGUSTUS 2024",
        "rabu 20  agustus  2024",
        "Rabu, 20.08.2024",
        "Rabu, 20-08-2024",
        "Rabu (20/8/2024)",
        "Rabu, 20/8/24",
        "Rabu, 20 Agt 2024",
        "Rabu, 20 Ags. 2024",
        "Rabu, 20 Agustus",
        "Rabu, 20 Agustus pukul 09.00 WIB",
        "Rabu (20/8)",
    ],
)
def test_a_wrong_weekday_is_found_however_the_date_is_written(written: str) -> None:
    """Tuesday, 20 August 2024; a date without a year is of the letter's."""
    for text in (written, f"Rapat pada hari {written}, di Sarilamak."):
        assert [right for _, right in wrong_weekdays(text, DAY)] == ["Selasa, 20 Agustus 2024"]
    right = written.replace("Rabu", "Selasa").replace("RABU", "SELASA").replace("rabu", "selasa")
    assert not list(wrong_weekdays(right, DAY))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Jum'at, 15 Agustus 2024", "Kamis, 15 Agustus 2024"),
        ("Ahad, 17 Agustus 2024", "Sabtu, 17 Agustus 2024"),
        ("hari minggu 20 Agustus 2024", "Selasa, 20 Agustus 2024"),
        ("Rabu, 10 Nopember 2024", "Minggu, 10 November 2024"),
        ("Sabtu, 31 September 2024", "tanggal itu tidak ada"),
        ("Sabtu, 31 September", "tanggal itu tidak ada"),
        ("Sabtu, 31-09-2024", "tanggal itu tidak ada"),
        ("Senin, 19 Agustus 2024 sampai Rabu, 20 Agustus 2024", "Selasa, 20 Agustus 2024"),
    ],
)
def test_what_is_right_is_said(written: str, right: str) -> None:
    """Also of the weekdays with two names, and of days that no year has."""
    assert [found for _, found in wrong_weekdays(written, DAY)] == [right]


@pytest.mark.parametrize(
    "text",
    [
        "Rapat Rabu, 09.00 WIB",
        "Rabu, 09.00-12.00 WIB",
        "Rabu 09-12",
        "setiap Rabu\n20 Agustus 2024",  # two lines: two cells of a table
        "dua minggu (20 Agustus 2024)",
        "dalam minggu 20 Agustus 2024",
        "Rabu, 20 desa didatangi",
        "Rabu, 12 maraton",
        "Rabu, 19/20/21 Agustus 2024",
        "surat Rabu 20/8/PM.00.02",
        "Rabu, 120 Agustus",
        "Selasa, 20 Agustus 2024 sampai Rabu, 21 Agustus 2024",
        "Jumat, 16 Agustus; Ahad, 18 Agustus; Jum’at (23/8)",
    ],
)
def test_what_is_no_wrong_date_passes(text: str) -> None:
    """Hours, weeks, numbers of letters and of villages; right dates."""
    assert not list(wrong_weekdays(text, DAY))


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("Senin sampai Jumat 20 Agustus", False),
        ("Senin s.d. Jumat, 20 Agustus 2024", False),
        ("Senin–Selasa, 20 Agustus 2024", False),
        ("Sabtu s/d Selasa, 20 Agustus 2024", False),
        ("Rabu sampai Jumat, 20 Agustus 2024", True),
        ("Kamis - Minggu, 20 Agustus 2024", True),
    ],
)
def test_after_a_range_of_weekdays_the_date_is_one_of_them(text: str, is_wrong: bool) -> None:
    """Whether the range begins, ends or holds the Tuesday: outside it no reading is right."""
    assert bool(list(wrong_weekdays(text, DAY))) is is_wrong


@pytest.mark.parametrize(
    ("text", "on", "is_wrong"),
    [
        ("Kamis, 2 Januari", "2024-12-20", False),  # of 2025
        ("Selasa, 2 Januari", "2024-12-20", False),  # of 2024: the past year of the letter
        ("Rabu, 2 Januari", "2024-12-20", True),
        ("Selasa, 31 Desember", "2025-01-03", False),  # of 2024
        ("Rabu, 14 Februari", "2024-08-21", False),  # the vote of 2024, though February 2025 is nearer
        ("Rabu, 20 Agustus", "2024-08-14", True),  # right in 2025 only
        ("Kamis, 29 Februari", "2024-08-14", False),
    ],
)
def test_a_date_without_a_year_is_near_the_letter(text: str, on: str, is_wrong: bool) -> None:
    """Of its year, or of the neighbouring one when that is within half a year."""
    assert bool(list(wrong_weekdays(text, dt.date.fromisoformat(on)))) is is_wrong
    assert not list(wrong_weekdays(text))  # without a day to be near, nobody knows


def test_every_day_that_the_program_writes_passes() -> None:
    """In 2023 to 2026, in full; with the weekday of the day before never."""
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=n) for n in range(4 * 365)]
    for before, day in pairwise(days):
        assert not list(wrong_weekdays(hari_tanggal(day)))
        wrong = f"{hari_tanggal(before).split(',')[0]} {day.day} {BULAN[day.month - 1]} {day.year}"
        assert [right for _, right in wrong_weekdays(wrong)] == [hari_tanggal(day)]
