"""Duties: opened once, where they stand on a day, ticked with evidence, and caught up with after days off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from tahapan import day, issue, progress, register, ticking
from tahapan.checklist import Duty
from tahapan.errors import DataError, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.progress import Standing
from tahapan.store.engine import reading, writing
from tahapan.store.tables import bukti, jurnal
from tahapan.store.tables import duty as duty_table

ELECTION = "pilkada-2024"
AT = dt.datetime.fromisoformat("2024-08-09T07:00:00+07:00")
RAKOR = "V12.rakor-stakeholder"  # draft Friday 9, letter Wednesday 14, meeting Wednesday 21 August 2024


def august(n: int) -> dt.date:
    return dt.date(2024, 8, n)


def stands(home: Home, on: dt.date, key: str = RAKOR) -> Standing:
    plan = home.plan(ELECTION)
    return day.standings(home, plan, on, [plan.duty(key)])[0]


def work(home: Home, on: dt.date, key: str = RAKOR) -> Standing:
    """The morning of that day, for one duty."""
    plan = home.plan(ELECTION)
    day.open_duties(home, plan, on, AT)
    return day.work_on(home, plan, plan.duty(key), on, AT)


def catch_up(home: Home, on: dt.date) -> Plan:
    """The morning of that day, for all."""
    plan = home.plan(ELECTION)
    for duty in day.open_duties(home, plan, on, AT):
        day.work_on(home, plan, duty, on, AT)
    return plan


def rows(home: Home) -> list[tuple[str, str, dt.date, str]]:
    columns = duty_table.c.stage, duty_table.c.item, duty_table.c.due, duty_table.c.state
    with reading(home.engine) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(*columns))]


def letter_ids(home: Home) -> set[str]:
    with reading(home.engine) as connection:
        return {row.id for row in register.letters(connection, home.office.profile.id)}


@pytest.fixture
def home(real_home: Callable[..., Home]) -> Home:
    return real_home()


# --- states --------------------------------------------------------------------------------------


def test_a_duty_waits_until_its_first_day(home: Home):
    """`menunggu`, with the day on which it opens."""
    now = stands(home, august(8))
    assert (now.state, now.remark) == ("menunggu", "dibuka Jumat, 9 Agustus 2024")


def test_a_duty_with_all_its_details_is_open(home: Home):
    """`terbuka`: nothing missing, nothing drafted."""
    assert (stands(home, august(9)).state, stands(home, august(9)).missing) == ("terbuka", ())


def test_a_duty_that_lacks_details_says_which(home: Home):
    """`menunggu rincian`: hour, place and agenda of the meeting, in the words of the form."""
    (home.details / f"{RAKOR}.toml").unlink()
    now = work(home, august(9))
    assert (now.state, now.letter) == ("menunggu rincian", None)
    assert now.missing == ("Jam mulai", "Tempat rapat", "Susunan acara")
    assert all(label in now.remark for label in now.missing)


def test_a_duty_with_a_draft_runs_and_says_when_it_must_be_out(home: Home):
    """`berjalan`: drafted, and to be numbered by the 14th."""
    now = work(home, august(9))
    assert (now.state, now.remark) == ("berjalan", "surat draf, bernomor paling lambat Rabu, 14 Agustus 2024")


def test_a_draft_that_is_not_out_in_time_is_told_to_be_late(home: Home):
    """Still `berjalan` before the meeting, but with the day that was missed."""
    work(home, august(9))
    now = stands(home, august(15))
    assert (now.state, now.remark) == ("berjalan", "surat terlambat, seharusnya Rabu, 14 Agustus 2024")


def test_an_approved_letter_does_not_finish_its_duty(home: Home):
    """`berjalan` until the evidence is filed, also on the days after the meeting."""
    work(home, august(9))
    issue.approve(home, home.plan(ELECTION), f"{ELECTION}.{RAKOR}.1", august(14), "Ketua", AT)
    for on in (august(14), august(21), august(22)):
        assert (stands(home, on).state, stands(home, on).remark) == (
            "berjalan",
            "menunggu bukti: daftar hadir, notulen",
        )


def test_a_duty_whose_day_is_over_without_a_letter_is_missed(home: Home):
    """`terlewat` from the day after the meeting, and late."""
    assert (stands(home, august(21)).late, stands(home, august(22)).late) == (False, True)
    assert stands(home, august(22)).state == "terlewat"


def test_a_finished_duty_says_when_and_by_whom(home: Home):
    """`selesai`, whatever the day."""
    finish(home, [("daftar-hadir.pdf", "0" * 64)])
    for on in (august(9), august(30)):
        assert (stands(home, on).state, stands(home, on).remark) == ("selesai", "22 Agustus 2024 oleh Staf")


def test_a_cancelled_duty_is_nobodys_work(home: Home):
    """`dibatalkan` stays that, is never late and never drafted."""
    day.open_duties(home, home.plan(ELECTION), august(9), AT)
    with writing(home.engine) as connection:
        connection.execute(
            duty_table.update().where(duty_table.c.item == "rakor-stakeholder").values(state="dibatalkan")
        )
    catch_up(home, august(12))
    assert (stands(home, august(22)).state, stands(home, august(22)).late) == ("dibatalkan", False)
    assert f"{ELECTION}.{RAKOR}.1" not in letter_ids(home)


def test_what_was_due_before_a_rehearsal_began_is_not_its_to_do(fortnight: tuple[Home, Plan]):
    """Listed as missed before the rehearsal, not opened, not drafted."""
    home, plan = fortnight
    now = day.standings(home, plan, august(13), [plan.duty("V10.permintaan-data-kematian")])[0]
    assert (now.state, now.remark) == ("terlewat", "terlewat sebelum gladi")
    assert all((stage, item) != ("V10", "permintaan-data-kematian") for stage, item, _, _ in rows(home))


# --- opened once ---------------------------------------------------------------------------------


def test_a_duty_is_opened_once_however_often_it_is_asked_for(home: Home):
    """The second morning, and the second run of a morning, add no row and no line in the journal."""
    catch_up(home, august(9))
    before = rows(home)
    with reading(home.engine) as connection:
        lines = connection.execute(sa.select(sa.func.count()).select_from(jurnal)).scalar()
    catch_up(home, august(9))
    assert rows(home) == before
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(jurnal)).scalar() == lines
    assert len({(stage, item) for stage, item, _, _ in before}) == len(before)


def test_every_duty_of_the_election_is_opened_by_its_last_day(home: Home):
    """None is lost: on the last day all dated duties have a row with their due day."""
    plan = home.plan(ELECTION)
    for on in (plan.days[0], plan.days[-1]):
        day.open_duties(home, plan, on, AT)
    assert {(stage, item, due) for stage, item, due, _ in rows(home)} == {
        (duty.stage.id, duty.item.id, duty.due) for duty in plan.duties
    }


def test_an_open_duty_moves_and_a_finished_one_stays(home: Home, database: str):
    """One row each, on SQLite and on PostgreSQL."""
    engine = Home(home.root, database).engine
    duty = home.plan(ELECTION).duty(RAKOR)
    moved = replace(duty, due=august(23))
    with writing(engine) as connection:
        assert progress.open_duty(connection, "a", duty, august(9))
        assert not progress.open_duty(connection, "a", duty, august(10))
        assert progress.open_duty(connection, "a", moved, august(10))
        assert progress.duty_rows(connection, "a", ELECTION)[RAKOR].due == august(23)
        progress.finish(connection, "a", moved, august(23), "Staf", [("notulen.pdf", "0" * 64)])
        assert not progress.open_duty(connection, "a", duty, august(24))
        assert progress.duty_rows(connection, "a", ELECTION)[RAKOR].due == august(23)
        assert connection.execute(sa.select(sa.func.count()).select_from(duty_table)).scalar() == 1
    engine.dispose()


# --- ticked --------------------------------------------------------------------------------------


def finish(home: Home, files: list[tuple[str, str]], key: str = RAKOR) -> None:
    with writing(home.engine) as connection:
        progress.finish(connection, home.office.profile.id, home.plan(ELECTION).duty(key), august(22), "Staf", files)


def test_a_tick_without_the_evidence_it_wants_is_refused(home: Home):
    """The message names what is wanted, and the duty stays as it was."""
    with pytest.raises(Refused, match=r"perlu bukti: daftar hadir, notulen.*--bukti"):
        finish(home, [])
    assert rows(home) == []


def test_a_duty_is_ticked_once(home: Home):
    """The second tick is told of the first, and files nothing."""
    finish(home, [("a.pdf", "0" * 64)])
    with pytest.raises(Refused, match="sudah selesai 22 Agustus 2024 oleh Staf"):
        finish(home, [("b.pdf", "1" * 64)])
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(bukti.c.name)).scalars().all() == ["a.pdf"]


def test_evidence_is_kept_by_its_content(home: Home, tmp_path):
    """A copy under its hash; a line in the journal with name and hash; the original may go."""
    scan = tmp_path / "Daftar Hadir.PDF"
    scan.write_bytes(b"%PDF-1.7 hadir")
    plan = home.plan(ELECTION)
    ticking.tick(home, plan, plan.duty(RAKOR), [scan], " Nama  Staf ", august(22), AT)
    scan.unlink()

    [kept] = home.bukti.iterdir()
    assert kept.read_bytes() == b"%PDF-1.7 hadir"
    with reading(home.engine) as connection:
        row = connection.execute(sa.select(bukti.c.name, bukti.c.sha256, bukti.c.filed_by)).one()
        line = connection.execute(sa.select(jurnal.c.detail).where(jurnal.c.what == "butir selesai")).scalar_one()
    assert row == ("Daftar Hadir.PDF", kept.stem, "Nama Staf")
    assert kept.stem in line


def test_a_file_that_cannot_be_evidence_ticks_nothing(home: Home, tmp_path):
    """A missing and an empty one, both named at once."""
    empty = tmp_path / "kosong.pdf"
    empty.touch()
    plan = home.plan(ELECTION)
    with pytest.raises(DataError) as refused:
        ticking.tick(home, plan, plan.duty(RAKOR), [empty, tmp_path / "tiada.pdf"], "Staf", august(22), AT)
    assert len(refused.value.problems) == 2
    assert stands(home, august(22)).state == "terlewat"
    assert not home.bukti.exists()


# --- days off ------------------------------------------------------------------------------------


def expected_after_days_off(duty: Duty, on: dt.date) -> bool:
    """An invitation before its meeting; any other letter while it is at most three days late."""
    assert duty.letter_on and duty.draft_on
    if duty.item.surat_hari:
        return duty.draft_on <= on < duty.act_on
    return duty.draft_on <= on <= duty.letter_on + dt.timedelta(days=3)


@pytest.mark.parametrize("on", [august(20), august(21), august(26)], ids=["Tuesday", "day of the meeting", "Monday"])
def test_the_first_morning_after_days_off_drafts_what_still_helps_and_nothing_long_overdue(home: Home, on: dt.date):
    """The office was shut since the spring: every duty is opened, and only letters that can still go out are drafted."""
    home.begin(home.plan(ELECTION).days[0])
    plan = catch_up(home, on)

    wanted = {
        f"{duty.key}.1"
        for duty in plan.duties
        if duty.letter_on and expected_after_days_off(duty, on) and not stands(home, on, duty.short_key).missing
    }
    assert letter_ids(home) == wanted
    assert (f"{ELECTION}.{RAKOR}.1" in wanted) == (on < august(21))
    assert f"{ELECTION}.V10.permintaan-data-kematian.1" not in wanted  # of 26 July
    assert {(stage, item) for stage, item, _, _ in rows(home)} == {
        (duty.stage.id, duty.item.id) for duty in plan.duties if duty.opens_on <= on
    }


def test_an_old_draft_is_left_as_it_was_read(home: Home):
    """Three days after its day it is not written again: on 22 September its DPS would have become the DPT."""
    work(home, august(12), "V12.imbauan-pengumuman-dps")
    late = work(home, august(16), "V12.imbauan-pengumuman-dps")
    assert late.letter and late.letter.letter_on == august(16)

    old = work(home, dt.date(2024, 9, 22), "V12.imbauan-pengumuman-dps")

    assert old.letter == late.letter and old.state == "terlewat"


def test_an_office_that_begins_in_august_is_not_shown_the_duties_of_june(home: Home):
    """What was due before its first day is not its to catch up."""
    plan = home.plan(ELECTION)
    opened = day.open_duties(home, plan, august(14), AT)

    assert min(duty.order[0] for duty in opened) == august(14)
    before = [standing for standing in day.standings(home, plan, august(14)) if standing.before]
    assert len(before) == 16 and {standing.remark for standing in before} == {"terlewat sebelum tahapan dipakai"}


def test_a_broken_file_of_one_duty_is_that_dutys_trouble(home: Home):
    """Everybody else's morning goes on."""
    (home.details / f"{RAKOR}.toml").write_text('rapat_jam = "09:00\n', "utf-8")

    rakor = stands(home, august(20))

    assert "V12.rakor-stakeholder.toml" in rakor.missing[0]
    assert stands(home, august(20), "V12.imbauan-pengumuman-dps").missing == ()


def test_two_photos_of_one_name_are_two_pieces_of_evidence(home: Home, tmp_path: Path):
    """Phones call every photo foto.jpg."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "foto.jpg").write_bytes(b"\xff\xd8\xff\xe0" + folder.encode())
    plan = home.plan(ELECTION)
    photos = [tmp_path / "a/foto.jpg", tmp_path / "b/foto.jpg"]

    ticking.tick(home, plan, plan.duty(RAKOR), photos, "Staf", august(22), AT)

    with reading(home.engine) as connection:
        assert connection.execute(sa.select(bukti.c.name)).scalars().all() == ["foto.jpg", "foto.jpg"]
