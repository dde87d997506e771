"""A real event day is set: open duties and drafts move with it, letters with a number stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tahapan import amend, archive, day, issue, journal, progress, register
from tahapan.errors import DataError, Refused
from tahapan.home import Home, read_moment
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import acara, jurnal
from tahapan.store.tables import duty as duty_table

ELECTION = "pilkada-2024"
AT = dt.datetime.fromisoformat("2024-09-06T07:00:00+07:00")
DRAFTED = dt.date(2024, 9, 6)  # Friday
SENT = dt.date(2024, 9, 10)  # Tuesday, seven days before the meeting
INVITATION = "V14.rakor-pleno"
OWN_DUTY = """
[[duties]]
stage = "V14"
id = "rakor-pleno"
title = "Rakor persiapan pleno DPT"
due = { from = "acara", days = -3 }
pj = "kordiv-pencegahan"
letter = "undangan-rakor"
kepada = ["kpu"]
surat_hari = 7
bukti = ["notulen"]
dasar = ["pemilihan", "jadwal", "daftar-pemilih"]
[duties.isi]
rapat_nama = "Rapat Koordinasi Persiapan Pleno"
rapat_jam = "09:00"
rapat_tempat = "Kantor Bawaslu"
agenda = [{ pukul = "09.00", kegiatan = "Pembukaan", pengisi = "Sekretariat" }]
"""


@pytest.fixture
def home(real_home: Callable[..., Home]) -> Home:
    """An office with a meeting of its own three days before the plenary: Tuesday 17 for Friday 20 September 2024."""
    home = real_home()
    own = home.kantor / "checklists" / ELECTION / "sendiri.toml"
    own.parent.mkdir(parents=True)
    own.write_text(OWN_DUTY, "utf-8")
    plan = home.plan(ELECTION)
    for duty in day.open_duties(home, plan, DRAFTED, AT, "V14"):
        day.work_on(home, plan, duty, DRAFTED, AT)
    return home


def plan_of(home: Home) -> Plan:
    return home.plan(ELECTION)


def set_event(home: Home, stage: str, moment: str, **also) -> amend.Amendment:
    given = {"basis": "Undangan KPU Nomor 1", "by": "Staf", "on": DRAFTED, "at": AT, **also}
    return amend.set_event(home, plan_of(home), stage, read_moment(moment), **given)


def events_set(home: Home) -> list[tuple[str, str, str]]:
    with reading(home.engine) as connection:
        rows = connection.execute(sa.select(acara.c.stage, acara.c.moment, acara.c.basis).order_by(acara.c.id))
        return [tuple(row) for row in rows]


def letter(home: Home) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, f"{ELECTION}.{INVITATION}.1")


def due_in_records(home: Home, key: str) -> dt.date:
    with reading(home.engine) as connection:
        return progress.duty_rows(connection, home.office.profile.id, ELECTION)[key].due


def test_an_hour_on_the_expected_day_moves_nothing(home: Home):
    """KPU's invitation says 20 September at nine, as the calendar expected."""
    assert set_event(home, "V14", "2024-09-20T09:00") == amend.Amendment((), (), (), ())
    assert plan_of(home).election.stage("V14").acara_jam == "09:00"
    assert events_set(home) == [("V14", "2024-09-20T09:00:00", "Undangan KPU Nomor 1")]


def test_open_duties_and_drafts_move_with_the_event(home: Home):
    """From Friday 20 to Saturday 21 September: the meeting is on Wednesday the 18th, its invitation goes out on the 11th."""
    assert "Selasa, 17 September 2024" in letter(home).content

    changed = set_event(home, "V14", "2024-09-21T09:00")

    assert {(m.before.short_key, m.before.due.day, m.after.due.day) for m in changed.moved} == {
        (INVITATION, 17, 18), ("V14.surat-tugas-pleno-dpt", 17, 18), ("V14.surat-tugas-pleno-dpt-staf", 17, 18),
        ("V14.lhp-pleno-dpt", 21, 22),
    }  # fmt: skip
    assert (changed.redrafted, changed.to_correct) == ((letter(home).id,), ())
    assert due_in_records(home, INVITATION) == dt.date(2024, 9, 18)
    assert letter(home).letter_on == dt.date(2024, 9, 11)
    assert "Rabu, 18 September 2024" in letter(home).content and "17 September" not in letter(home).content


def test_a_duty_that_moved_is_not_opened_a_second_time(home: Home):
    """One row before, one row after, and one after the next morning."""
    for moment in ("2024-09-21", "2024-09-19", "2024-09-20"):
        set_event(home, "V14", moment)
        day.open_duties(home, plan_of(home), SENT, AT, "V14")
    with reading(home.engine) as connection:
        items = connection.execute(sa.select(duty_table.c.item)).scalars().all()
    assert len(items) == len(set(items))


def test_a_finished_duty_stays_on_its_day(home: Home):
    """What is done is history, whatever the calendar says later."""
    duty = plan_of(home).duty(INVITATION)
    with writing(home.engine) as connection:
        progress.finish(connection, home.office.profile.id, duty, DRAFTED, "Staf", [("notulen.pdf", "0" * 64)])
    set_event(home, "V14", "2024-09-21")
    assert due_in_records(home, INVITATION) == dt.date(2024, 9, 17)
    day.open_duties(home, plan_of(home), SENT, AT, "V14")
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).where(duty_table.c.item == "rakor-pleno")).scalar() == 1


def test_a_numbered_letter_keeps_number_and_bytes_and_is_listed_for_correction(home: Home):
    """*Perlu ralat*: the invitation is out with the old day; a person decides what to write now."""
    row = issue.approve(home, plan_of(home), letter(home).id, SENT, "Ketua", AT)
    before = (home.surat / row.pdf).read_bytes()

    changed = set_event(home, "V14", "2024-09-21T09:00", on=SENT)

    assert [late.id for late in changed.to_correct] == [row.id]
    after = letter(home)
    assert after.note == "perlu ralat: hari acara Penetapan DPT berubah"
    assert (after.nomor, after.tanggal, after.content, after.pdf_sha256, after.state) == (
        row.nomor, row.tanggal, row.content, row.pdf_sha256, row.state,
    )  # fmt: skip
    assert (home.surat / row.pdf).read_bytes() == before
    assert archive.verify(home, after).sound
    standing = day.standings(home, plan_of(home), SENT, [plan_of(home).duty(INVITATION)])[0]
    assert (standing.state, "perlu ralat" in standing.remark) == ("berjalan", True)


def test_a_numbered_letter_of_a_moved_duty_is_listed_though_its_own_words_stay(home: Home):
    """The dates of a surat tugas come from the office, not from the calendar: a person has to look."""
    plan = plan_of(home)
    facts = 'mulai = 2024-09-20\nselesai = 2024-09-20\ntempat = "Aula (contoh)"\n'
    (home.details / "V14.surat-tugas-pleno-dpt.toml").write_text(facts, "utf-8")
    duty = plan.duty("V14.surat-tugas-pleno-dpt")
    issue.draft(home, plan, duty, DRAFTED, AT)
    row = issue.approve(home, plan, f"{duty.key}.1", dt.date(2024, 9, 12), "Ketua", AT)

    assert [late.id for late in set_event(home, "V14", "2024-09-21T09:00").to_correct] == [row.id]


def test_the_mark_goes_when_the_event_comes_back_to_its_day(home: Home):
    """A slip of the clerk, set right again, leaves no letter to correct; both steps stand in the journal."""
    row = issue.approve(home, plan_of(home), letter(home).id, SENT, "Ketua", AT)
    assert [late.id for late in set_event(home, "V14", "2024-09-21", on=SENT).to_correct] == [row.id]

    assert set_event(home, "V14", "2024-09-20", on=SENT).to_correct == ()

    assert letter(home).note == ""
    with reading(home.engine) as connection:
        said = connection.execute(sa.select(jurnal.c.what).where(jurnal.c.subject == row.id)).scalars().all()
    assert said[-2:] == ["perlu ralat", "ralat tidak perlu lagi"]


def test_a_draft_that_can_no_longer_be_written_is_told_and_the_event_stands(home: Home):
    """One broken file does not hide what else the new day changed."""
    (home.details / f"{INVITATION}.toml").write_text("tak_dikenal = 1\n", "utf-8")

    changed = set_event(home, "V14", "2024-09-21T09:00")

    assert [problem.what for problem in changed.faults] == ["kunci ini tidak dikenal."]
    assert len(changed.moved) == 4 and len(events_set(home)) == 1


def test_a_numbered_letter_that_would_read_the_same_is_not_listed(home: Home):
    """The request of five days before the stage says nothing of the event."""
    plan = plan_of(home)
    issue.draft(home, plan, plan.duty("V14.status-saran-perbaikan"), DRAFTED, AT)
    row = issue.approve(home, plan, f"{ELECTION}.V14.status-saran-perbaikan.1", dt.date(2024, 9, 9), "Ketua", AT)
    assert set_event(home, "V14", "2024-09-21T09:00").to_correct == ()
    with reading(home.engine) as connection:
        assert register.letter(connection, home.office.profile.id, row.id) == row


def test_the_latest_word_counts_and_every_word_is_kept(home: Home):
    """An event may move twice; both decisions stand in the records and in the journal."""
    set_event(home, "V14", "2024-09-21", basis="Undangan pertama")
    set_event(home, "V14", "2024-09-19T14:00", basis="Ralat undangan", by="Kasubbag")
    assert plan_of(home).election.stage("V14").acara == dt.datetime.fromisoformat("2024-09-19T14:00")
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(acara.c.moment, acara.c.basis)).all() == [
            ("2024-09-21", "Undangan pertama"), ("2024-09-19T14:00:00", "Ralat undangan"),
        ]  # fmt: skip
        journaled = connection.execute(sa.select(jurnal.c.who).where(jurnal.c.what == "hari acara")).scalars().all()
        assert journaled == ["Staf", "Kasubbag"]
        assert list(journal.broken(connection, home.office.profile.id)) == []


def test_a_day_outside_the_window_is_refused_unless_it_is_meant(home: Home):
    """14 to 21 September; nothing is written, and the way around is named."""
    with pytest.raises(
        Refused, match=r"22 September 2024 di luar jadwalnya \(14 s\.d\. 21 September 2024\).*--di-luar"
    ):
        set_event(home, "V14", "2024-09-22")
    assert events_set(home) == []

    set_event(home, "V14", "2024-09-22", outside_window=True)
    assert plan_of(home).election.stage("V14").acara == dt.date(2024, 9, 22)


def test_an_event_without_its_basis_is_refused(home: Home):
    """Who said so? An invitation or a decision, never nothing."""
    with pytest.raises(DataError, match="--dasar"):
        set_event(home, "V14", "2024-09-20", basis="  ")
    assert events_set(home) == []


@pytest.mark.parametrize(
    "text", ["20 September 2024", "2024-09-23T13:00Z", "2024-09-31", "2024-13-01", "2024-09-20T25:00", ""]
)
def test_a_moment_that_is_none_is_named(text: str):
    """With an example of how to write it."""
    with pytest.raises(DataError, match="2024-09-20T09:00"):
        read_moment(text)


def test_a_relative_stage_gets_its_window_from_its_event(home: Home):
    """L9: five calendar days from the day of the BRPK; before that it has no day at all."""
    before = plan_of(home).election.stage("L9")
    assert (before.mulai, before.selesai, before.days) == (None, None, ())

    set_event(home, "L9", "2024-12-18")

    stage = plan_of(home).election.stage("L9")
    assert (stage.mulai, stage.selesai) == (dt.date(2024, 12, 18), dt.date(2024, 12, 23))
