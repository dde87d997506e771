"""Plh., Plt. and Pjs. by a range of days; and terms that end without a successor."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tahapan.errors import NotKnown, Refused
from tahapan.home import Home
from tahapan.kantor.stand_in import STANDS_IN, stand_in
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal

ON = dt.date(2024, 8, 21)  # Wednesday
AT = dt.datetime(2024, 8, 21, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
FIRST, LAST = dt.date(2024, 8, 22), dt.date(2024, 8, 25)
WHO = "Nama Kordiv Pencegahan (contoh)"


def rows(home):
    with reading(home.engine) as connection:
        return list(connection.execute(jurnal.select().order_by(jurnal.c.seq)))


def test_a_stand_in_signs_on_the_days_given_and_on_no_other(real_home, database):
    """From the first to the last day, both included; written once into file and journal, also when asked again."""
    home = real_home(database)
    before = (home.kantor / "pejabat.toml").read_text()

    for _ in range(2):
        stand_in(home, "ketua", WHO, FIRST, LAST, "Ani (contoh)", ON, AT)

    signs = {day: home.office.holder("ketua", dt.date(2024, 8, day)).baris for day in (21, 22, 25, 26)}
    assert signs == {21: "Ketua", 22: "Plh. Ketua", 25: "Plh. Ketua", 26: "Ketua"}
    assert (home.kantor / "pejabat.toml").read_text().startswith(before)
    [row] = rows(home)
    assert (row.what, row.who, row.subject) == (STANDS_IN, "Ani (contoh)", "ketua")
    assert json.loads(row.detail) == {"nama": WHO, "sebagai": "Plh.", "sejak": "2024-08-22", "sampai": "2024-08-25"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sejak": dt.date(2024, 8, 20)}, "20 Agustus 2024 sudah lewat"),
        ({"sampai": dt.date(2024, 8, 21)}, "sampai 21 Agustus 2024, sebelum 22 Agustus 2024"),
        ({"nama": "nama ketua (CONTOH)"}, "memegang peran itu sendiri"),
        (
            {"nama": "Orang Ketiga (contoh)"},
            "sudah menjadi Plh. Ketua Bawaslu Kabupaten Lima Puluh Kota (24 s.d. 26 Agustus 2024)",
        ),
    ],
)
def test_a_stand_in_that_cannot_be_is_refused_and_nothing_is_written(real_home, change, said):
    """Days that are over, turned round, taken by another stand-in; the holder as their own."""
    home = real_home()
    stand_in(home, "ketua", WHO, dt.date(2024, 8, 24), dt.date(2024, 8, 26), "Ani (contoh)", ON, AT)
    before = (home.kantor / "pejabat.toml").read_bytes()
    asked = {"nama": "Orang Lain (contoh)", "sejak": FIRST, "sampai": LAST} | change

    with pytest.raises(Refused) as refused:
        stand_in(home, "ketua", asked["nama"], asked["sejak"], asked["sampai"], "Ani (contoh)", ON, AT)

    assert said in str(refused.value)
    assert (home.kantor / "pejabat.toml").read_bytes() == before and len(rows(home)) == 1


def test_of_two_who_ask_at_once_one_stands_in_and_the_other_is_told(real_home, database):
    """The transaction keeps them apart, with either database: one entry in the file, one journal row."""
    home = real_home(database)
    names = ["Satu (contoh)", "Dua (contoh)"]

    def ask(name: str) -> str:
        own = Home(home.root, database)
        try:
            return stand_in(own, "ketua", name, FIRST, LAST, "Ani (contoh)", ON, AT).nama
        except Refused as refused:
            return str(refused)
        finally:
            own.engine.dispose()

    _ = home.engine  # the tables are there
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(ask, names))

    assert sum(answer in names for answer in answers) == 1
    assert sum("sudah menjadi Plh." in answer for answer in answers) == 1
    assert (home.kantor / "pejabat.toml").read_text().count('sebagai = "Plh."\n') == 1
    assert len(rows(home)) == 1


def test_a_role_that_does_not_exist_has_no_stand_in(real_home):
    """The nearest role is offered."""
    with pytest.raises(NotKnown, match="Maksudnya ketua"):
        stand_in(real_home(), "ketu", WHO, FIRST, LAST, "Ani (contoh)", ON, AT)


def test_the_command_names_the_stand_in_by_today(tahapan, real_office):
    """A range that begins in the past is refused at the command line too."""
    said = tahapan(
        "office", "plh", "ketua", "--nama", WHO, "--sejak", "2024-08-22", "--sampai", "2024-08-25", "--oleh", "Ani (contoh)",
        home=real_office,
    )  # fmt: skip
    assert said.code == 1 and "sudah lewat" in said.err


def test_a_term_that_ends_without_a_successor_is_seen_coming(real_home):
    """Until the day after it there is nobody; with a successor, or later than the look ahead, nothing is said."""
    home = real_home()
    path = home.kantor / "pejabat.toml"
    path.write_text(path.read_text().replace("sejak = 2023-08-19\n", "sejak = 2023-08-19\nsampai = 2024-08-30\n", 1))

    def ending(days: int) -> list[tuple[str, dt.date]]:
        return [(peran.id, end) for peran, end in home.office.ending(ON, dt.timedelta(days=days))]

    assert ending(30) == [("ketua", dt.date(2024, 8, 30))]
    assert ending(5) == []
    assert list(home.office.unheld(dt.date(2024, 8, 30))) == []
    assert home.office.unheld(dt.date(2024, 8, 31))["ketua"].what.endswith("kosong sejak 31 Agustus 2024.")
    stand_in(home, "ketua", WHO, dt.date(2024, 8, 31), dt.date(2024, 9, 30), "Ani (contoh)", ON, AT, sebagai="Plt.")
    assert ending(30) == []
