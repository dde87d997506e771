"""The golden days of the registration: 27 to 29 August and 20 to 25 September 2024, as the office saw them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest

from tahapan import journal, neutrality, register
from tahapan.day import fill_in, rehearse_day
from tahapan.home import open_gladi
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.nomination import arrivals, disputes, pairs, papers
from tahapan.nomination.arrivals import Typed
from tahapan.screens import brief, nomination
from tahapan.store.engine import reading
from tests.golden.conftest import DESK, ELECTION, Golden

WHO = "Nama Staf (contoh)"
DAYS = [dt.date(2024, 8, day) for day in (27, 28, 29)] + [dt.date(2024, 9, day) for day in range(20, 26)]
PAIRS = (("Fulan A", "Fulanah A"), ("Fulan B", "Fulanah B"), ("Fulan C", "Fulanah C"), ("Fulan D", "Fulanah D"))
# DOMAIN 1.3: the hours at which four pairs came.
CAME = ((0, 28, "11.25"), (1, 28, "14.02"), (2, 29, "13.30"), (3, 29, "16.30"))
WRITTEN = (
    ("N05.lhp-hari-kedua", "uraian", "Pelayanan dibuka pukul 08.00 WIB dan ditutup pukul 16.00 WIB."),
    ("N05.lhp-hari-terakhir", "uraian", "Pelayanan dibuka pukul 08.00 WIB dan ditutup pukul 23.59 WIB."),
    ("N05.rilis-pendaftaran", "paragraf", "Pada hari terakhir, pelayanan dibuka sampai pukul 23.59 WIB."),
)
LETTERS = ("N05.lhp-hari-kedua", "N05.lhp-hari-terakhir", "N05.rilis-pendaftaran")


def at(day: dt.date, hour: int = 7, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZoneInfo("Asia/Jakarta"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Every screen of these days, and the letters that the log filled."""
    home = open_gladi(
        tmp_path_factory.mktemp("pendaftaran") / "gladi", ELECTION, dt.date(2024, 8, 26), dt.date(2024, 8, 26)
    )
    plan, told = home.plan(ELECTION), dict[str, str]()
    for calon, wakil in PAIRS:
        isi = {"calon": {"nama": calon}, "wakil": {"nama": wakil}, "partai": ["parpol-04"], "suara": 18_181}
        pairs.add(home, plan, isi, WHO, at(dt.date(2024, 8, 26)))
    known = {each.isi.calon.nama: each for each in pairs.all_pairs(home, plan)}
    for day in plan.days:
        if not dt.date(2024, 8, 26) <= day <= DAYS[-1]:
            continue
        home.set_day(day)
        if day == DAYS[0]:  # what people wrote before anybody came
            for key, field, text in WRITTEN:
                fill_in(home, plan, plan.duty(key), {field: text}, WHO, day, at(day))
        for n, of_day, hour in CAME:
            if day == dt.date(2024, 8, of_day):
                typed = Typed(known[PAIRS[n][0]].id, day.isoformat(), hour, "Rombongan partai pengusung")
                arrivals.note(home, plan, typed, WHO, day, at(day))
        assert arrivals.fill_reports(home, plan, journal.MACHINE, day, at(day)) == []
        if day == dt.date(2024, 9, 4):
            papers.judge(
                home, plan, known["Fulan A"], "calon", "ijazah", "tidak sah", WHO, at(day), catatan="belum dilegalisasi"
            )
        if day == dt.date(2024, 9, 24):
            decided, came = at(dt.date(2024, 9, 22), 17), at(day, 15, 40)
            disputes.receive(
                home, plan, "Bakal pasangan calon (contoh)", "Keputusan penetapan", decided, came, WHO, at(day, 16)
            )
            who = neutrality.Orang(nama="Fulan Pegawai", jabatan="Analis", instansi="Dinas Contoh")
            neutrality.note(home, plan, "asn", "unggahan dukungan", "media sosial", day, [who], WHO, at(day, 9))
        rehearse_day(home, plan, day)
        if day in DAYS:
            told[f"brief-{day}.md"] = brief(home, plan, day, DESK)
            told[f"layar-{day}.md"] = nomination(home, plan, day, at(day, 18), DESK)
    with reading(home.engine) as connection:
        for key in LETTERS:
            row = register.latest(connection, plan.office.profile.id, plan.duty(key))
            assert row and row.numbered, key
            told[f"{key}.md"] = letter_markdown(Letter.model_validate_json(row.content))
    home.engine.dispose()
    return told


@pytest.mark.parametrize("name", [*(f"brief-{day}.md" for day in DAYS), *(f"layar-{day}.md" for day in DAYS), *(f"{key}.md" for key in LETTERS)])  # fmt: skip
def test_the_registration_days_read_like_this(seen: Mapping[str, str], golden: Golden, name: str):
    golden(f"pencalonan/{name}", seen[name])


def test_nobody_is_named_who_must_be_neutral(seen: Mapping[str, str]):
    assert not any("Fulan Pegawai" in text for text in seen.values())
