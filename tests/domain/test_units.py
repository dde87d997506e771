"""Duties done unit by unit: which units there are, who is meant by a name, ticked one by one, counted, asked for."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tahapan import day, journal, ticking
from tahapan.checklist import Duty, Item
from tahapan.errors import DataError, Refused
from tahapan.field.message import missing_text
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.issue import approve
from tahapan.office import load_office
from tahapan.plan import Plan
from tahapan.store.engine import reading
from tahapan.store.tables import duty_unit, jurnal
from tahapan.ticking import Return, Ticked
from tahapan.units import Names, Unit, plain, units_of

ELECTION = "pilkada-2024"
PHOTOS, RECAP, FORMS, RECEIPTS = (
    "V12.foto-tempat-pengumuman", "V05.rekap-uji-petik-1", "L7.kumpul-form-a", "V12.imbauan-pengumuman-dps",
)  # fmt: skip
DAY = dt.date(2024, 8, 19)
AT = dt.datetime.fromisoformat("2024-08-19T09:00:00+07:00")
PROOF = (("foto.jpg", "0" * 64),)
AREA = load_office(SAMPLE_OFFICE).directory.area


@pytest.fixture
def home(real_home: Callable[..., Home]) -> Home:
    return real_home()


def duty(home: Home, key: str = PHOTOS) -> tuple[Plan, Duty]:
    plan = home.plan(ELECTION)
    return plan, plan.duty(key)


def units(per: str) -> tuple[Unit, ...]:
    item = Item.model_validate(
        {"stage": "V", "id": "x", "title": "x", "due": {"from": "S", "days": 0}, "pj": "ketua", "per": per}
    )
    return units_of(item, AREA)


def tick(home: Home, names: list[str], key: str = PHOTOS, by: str = "Staf", evidence=PROOF, **more) -> Ticked:
    plan, one = duty(home, key)
    roll = ticking.roll(home, plan, one)
    returns = [Return(roll.unit(name), evidence) for name in names]
    return ticking.tick_units(home, plan, one, returns, by, DAY, AT, **more)


def journal_of(home: Home) -> list[tuple[str, dict]]:
    with reading(home.engine) as connection:
        assert not list(journal.broken(connection, home.office.profile.id))
        rows = connection.execute(sa.select(jurnal.c.what, jurnal.c.detail).order_by(jurnal.c.seq))
        return [(row.what, json.loads(row.detail)) for row in rows]


# --- which there are -----------------------------------------------------------------------------


def test_the_units_are_those_of_the_area(home: Home):
    """13 districts, 79 nagari, 637 polling places, each with a code of its own."""
    counts = {per: len({unit.code for unit in units(per)}) for per in ("kecamatan", "desa", "tps")}
    assert counts == {"kecamatan": 13, "desa": 79, "tps": 637}
    assert {(unit.code, unit.nama) for unit in units("tps")} >= {("13.07.01.2001-001", "TPS 001 Kurai")}


def test_the_addressees_of_a_letter_are_its_units_from_its_number_on(home: Home):
    """Before, nobody knows them; then 1 KPU, 13 camat and 79 wali nagari, as they are styled in it."""
    plan, one = duty(home, RECEIPTS)
    on = dt.date(2024, 8, 15)
    day.open_duties(home, plan, on, AT)
    day.work_on(home, plan, one, on, AT)
    with pytest.raises(Refused, match="belum bernomor"):
        ticking.tick_units(home, plan, one, [], "Staf", on, AT)
    assert day.standings(home, plan, on, [one])[0].tally is None

    approve(home, plan, f"{one.key}.1", on, "Ketua", AT)

    roll = ticking.roll(home, plan, one)
    assert len(roll.posts) == 93 and str(roll.tally) == "0 dari 93 penerima"
    assert roll.unit("Wali Nagari Kurai").code == "desa-13.07.01.2001"
    assert roll.unit("camat suliki").kecamatan == "Suliki"
    with pytest.raises(DataError, match=r"dapat berarti .*Camat.*Wali Nagari"):
        roll.unit("Suliki")
    assert "0 dari 93 penerima; menunggu bukti: tanda terima" in day.standings(home, plan, on, [one])[0].remark


def test_a_letter_that_was_never_numbered_here_leaves_its_duty_to_be_ticked_whole(home: Home):
    """Sent by hand before this office used tahapan: its receipts in one file are evidence enough."""
    plan, one = duty(home, RECEIPTS)
    ticking.file(home, plan, one, PROOF, "Staf", DAY, AT)
    ticking.tick(home, plan, one, (), "Staf", DAY, AT)
    assert ticking.roll(home, plan, one).finished


def test_a_duty_for_each_addressee_has_a_letter():
    """Without one there is nobody to give a receipt."""
    with pytest.raises(ValueError, match="tanpa `letter`"):
        units("penerima")


# --- who is meant --------------------------------------------------------------------------------

BETWEEN = st.sampled_from([" ", "  ", "_", "-", ".", ", ", "/", " - ", "\t"])


@given(st.sampled_from([*units("kecamatan"), *units("desa"), *units("tps")]), st.data())
def test_a_name_is_known_whatever_its_capitals_spaces_and_punctuation(unit: Unit, data: st.DataObject):
    """The code and the name, written by anybody, mean that unit, and never another one alone."""
    per = "tps" if unit.number else "desa" if unit.kecamatan else "kecamatan"
    names = NAMES[per]
    words = data.draw(st.sampled_from([unit.nama, unit.code.replace("-", " ").replace(".", " "), unit.short])).split()
    written = data.draw(BETWEEN).join(
        data.draw(st.sampled_from([str.upper, str.lower, str.title]))(each) for each in words
    )
    assert unit in names.meant(written)
    assert names.meant(unit.code) == names.meant(unit.code.replace(".", "").replace("-", "")) == (unit,)


@given(st.sampled_from(units("desa")), st.integers(1, 40), st.integers(1, 3))
def test_a_polling_place_is_known_by_number_and_nagari(desa: Unit, number: int, width: int):
    """*TPS 3 Kurai*, *kurai 03*: the polling place of that number there, or nothing where there is none."""
    there = {unit.number: unit for unit in units("tps") if unit.code.startswith(f"{desa.code}-")}
    for written in (f"TPS {number:0{width}d} {desa.nama}", f"{desa.nama.upper()}_{number:0{width}d}"):
        meant = NAMES["tps"].meant(f"{written} Kec. {desa.kecamatan}")
        assert meant == ((there[number],) if number in there else ())


NAMES = {per: Names(units(per)) for per in ("kecamatan", "desa", "tps")}


def test_two_numbers_beside_each_other_stay_two():
    """*Kurai 1 (1)* is not polling place 11."""
    assert plain("Kurai 1 (1)") != plain("Kurai 11") == plain("KURAI-11")
    assert plain("Balai Panjang") == plain("balaipanjang") == plain("Balài  Panjang")


def test_every_name_that_two_places_share_is_shared_and_not_guessed():
    """With the district it is clear."""
    twice = [name for name, count in Counter(unit.nama for unit in units("desa")).items() if count > 1]
    for name in twice:
        meant = NAMES["desa"].meant(name)
        assert len(meant) > 1
        assert all(NAMES["desa"].meant(f"{name} {unit.kecamatan}") == (unit,) for unit in meant)


# --- ticked one by one ---------------------------------------------------------------------------


def test_units_are_ticked_with_their_evidence_and_the_last_one_finishes_the_duty(home: Home):
    """13 recaps: twelve are progress, the thirteenth is the end; one journal row for each, and one for the duty."""
    plan, one = duty(home, RECAP)
    names = [unit.nama for unit in units("kecamatan")]
    first = tick(home, names[:12], RECAP)
    assert (str(first.tally), first.finished) == ("12 dari 13 kecamatan", False)
    with pytest.raises(Refused, match=f"baru 12 dari 13 kecamatan; belum: {names[12]}"):
        ticking.tick(home, plan, one, (), "Staf", DAY, AT)

    last = tick(home, names[12:], RECAP)

    assert (str(last.tally), last.finished, ticking.roll(home, plan, one).finished) == (
        "13 dari 13 kecamatan",
        True,
        True,
    )
    assert Counter(what for what, _ in journal_of(home)) == {"unit selesai": 13, "butir selesai": 1}
    with pytest.raises(Refused, match="sudah selesai"):
        ticking.tick(home, plan, one, (), "Staf", DAY, AT)


def test_the_same_tick_again_changes_nothing(home: Home):
    """No row, no journal line; it says that it was done before."""
    tick(home, ["Kurai"])
    before = journal_of(home)
    again = tick(home, ["Kurai"], by="Orang Lain")
    assert (again.new, [unit.nama for unit in again.before], again.files) == ((), ["Kurai"], 0)
    assert journal_of(home) == before


def test_units_without_evidence_are_refused_all_at_once_and_nothing_is_ticked(home: Home):
    """Filed before, the evidence counts."""
    tick(home, ["Kurai"], only_file=True)
    with pytest.raises(Refused) as error:
        tick(home, ["Kurai", "Limbanang", "Andiang"], evidence=())
    assert [problem.where for problem in error.value.problems][-2:] == ["Limbanang", "Andiang"]
    plan, one = duty(home)
    assert str(ticking.roll(home, plan, one).tally) == "0 dari 79 nagari"


def test_evidence_of_a_duty_by_units_belongs_to_a_unit(home: Home):
    """And the other way round: a whole duty has no units."""
    plan, one = duty(home)
    with pytest.raises(Refused, match="buktinya per nagari"):
        ticking.file(home, plan, one, PROOF, "Staf", DAY, AT)
    whole = plan.duty("V12.rakor-stakeholder")
    with pytest.raises(Refused, match="tidak dikerjakan per unit"):
        ticking.tick_units(home, plan, whole, [], "Staf", DAY, AT)


def test_a_unit_is_taken_back_and_opens_its_duty_again(home: Home):
    """With its reason; its evidence stays."""
    plan, one = duty(home, RECAP)
    tick(home, [unit.nama for unit in units("kecamatan")], RECAP)
    roll = ticking.roll(home, plan, one)
    with pytest.raises(Refused, match="ditandai per kecamatan"):
        ticking.untick(home, plan, one, "salah foto", "Ketua", AT)

    ticking.untick(home, plan, one, "salah foto", "Ketua", AT, [roll.unit("harau")])

    now = ticking.roll(home, plan, one)
    assert (now.finished, [unit.nama for unit in now.missing]) == (False, ["Harau"])
    assert all(post.evidence for post in now.posts)
    assert [what for what, _ in journal_of(home)][-2:] == ["unit dibuka lagi", "butir dibuka lagi"]


def test_how_far_it_is_stands_beside_the_duty(home: Home):
    """`terbuka` with none, `berjalan` with some, `terlewat` with who many are there; `selesai` at the end."""
    plan, one = duty(home)

    def stands(on: dt.date) -> tuple[str, str]:
        now = day.standings(home, plan, on, [one])[0]
        return now.state, now.remark

    assert stands(DAY) == ("terbuka", "0 dari 79 nagari")
    tick(home, ["Kurai", "13.07.01.2002"])
    assert stands(DAY) == ("berjalan", "2 dari 79 nagari")
    assert stands(DAY + dt.timedelta(days=1)) == ("terlewat", "2 dari 79 nagari; menunggu bukti: foto, Form A")


def test_two_clerks_tick_one_unit_and_one_of_them_wins(real_home: Callable[..., Home], database: str):
    """At the same moment, on both databases: one row, one journal line, the other is told of it."""
    home = real_home(database)
    tick(home, ["Limbanang"])  # the duty is open, the database is there
    start, done = threading.Barrier(8), list[Ticked]()

    def work(n: int) -> None:
        own = Home(home.root, database)
        plan, one = duty(own)
        unit = ticking.roll(own, plan, one).unit("Kurai")
        start.wait()
        done.append(ticking.tick_units(own, plan, one, [Return(unit, PROOF)], f"Staf {n}", DAY, AT))
        own.engine.dispose()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(each.new) for each in done) == [0] * 7 + [1]
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(duty_unit)).scalar() == 2
    assert [what for what, _ in journal_of(home)] == ["unit selesai"] * 2


# --- asked for -----------------------------------------------------------------------------------


def test_the_message_names_who_is_missing_by_district(home: Home):
    """Short and plain, with how far it is and until when."""
    plan, one = duty(home)
    some = [unit.nama for unit in units("desa") if unit.kecamatan != "Harau"][:66]
    tick(home, [unit.code for unit in units("desa") if unit.nama in some and unit.kecamatan != "Harau"])
    roll = ticking.roll(home, plan, one)

    said = missing_text(roll, DAY)

    assert said.startswith(f"Foto tempat pengumuman per nagari\nSampai Senin, 19 Agustus 2024 masuk {roll.tally}.\n")
    assert "- Harau: semua (11)\n" in said
    assert said.endswith("Mohon dikirim paling lambat Senin, 19 Agustus 2024.\n")
    for unit in roll.missing:
        assert unit.kecamatan == "Harau" or unit.nama in said
    assert "sudah lewat" in missing_text(roll, DAY + dt.timedelta(days=2))


def test_missing_polling_places_are_named_by_their_nagari(home: Home):
    """*Kurai 001, 003; ...* instead of codes."""
    plan, one = duty(home, FORMS)
    tick(home, ["TPS 2 Kurai"], FORMS)
    said = missing_text(ticking.roll(home, plan, one), dt.date(2024, 11, 28))
    assert "masuk 1 dari 637 TPS" in said
    assert "- Suliki: Kurai 001, 003" in said
    assert len(said) < 1500


def test_when_all_is_in_the_message_says_thanks(home: Home):
    """Nobody is named."""
    plan, one = duty(home, RECAP)
    tick(home, [unit.nama for unit in units("kecamatan")], RECAP)
    assert missing_text(ticking.roll(home, plan, one), DAY).endswith("Semua sudah masuk. Terima kasih.\n")
