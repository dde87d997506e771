"""The morning of a real office: one brief after days off, reminders once, channels once, what nobody would notice."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import sqlalchemy as sa

from deployments.schedules import cut_offs, morning_rule
from tahapan import approval, channels, claims, morning, screens, watch
from tahapan.approval import Answer
from tahapan.day import catch_up, fill_in
from tahapan.day import morning as seven
from tahapan.errors import DataError, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.register import SUBMITTED
from tahapan.rhythm import load_rhythm
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal, pengingat, surat
from tahapan.watch import Facts, Run

ELECTION = "pilkada-2024"
DESK = "http://meja"
RAKOR = "V12.rakor-stakeholder"
DEATHS = "V12.permintaan-data-kematian"  # its letter goes out on Thursday 22 August
MONDAY, TUESDAY = dt.date(2024, 8, 12), dt.date(2024, 8, 13)
MEETING = dt.date(2024, 8, 21)  # Wednesday
STAFF, OTHER = "Nama Staf Pencegahan", "Nama Staf Datin"

Office = tuple[Home, Plan]


@pytest.fixture
def office(real_home: Callable[..., Home]) -> Office:
    home = real_home()
    return home, home.plan(ELECTION)


def wake(office: Office, on: dt.date, at: dt.datetime | None = None) -> str:
    """What *Pagi* does on a day, without Prefect; its brief."""
    home, plan = office
    at = at or seven(plan, on)
    watch.beat(home, at)
    faults = catch_up(home, plan, on, at)
    assert faults == ()
    morning.remind(home, plan, on)
    return screens.brief(home, plan, on, DESK, at=at)


def part(text: str, heading: str) -> str:
    return text.partition(f"## {heading}")[2].partition("\n## ")[0]


def sign(office: Office, letter_id: str, on: dt.date) -> None:
    """Everybody on the chain says yes."""
    home, plan = office
    while asked := approval.asked(home, plan, letter_id, on):
        answer = Answer("setuju", asked.nama, "meja", key=asked.key)
        approval.decide(home, plan, letter_id, answer, on, seven(plan, on))


# --- one brief after days off ----------------------------------------------------------------------


def test_a_machine_off_for_days_makes_one_brief_and_doubles_nothing(office: Office):
    """Off from Tuesday evening to the next Wednesday, over due days, letters that should have gone out, and a rakor."""
    home, plan = office
    wake(office, MONDAY)
    wake(office, TUESDAY)
    watch.beat(home, seven(plan, TUESDAY).replace(hour=17))
    back = MEETING + dt.timedelta(days=1)

    first = wake(office, back, seven(plan, back).replace(hour=9))
    again = wake(office, back, seven(plan, back).replace(hour=9, minute=5))

    assert first == again  # no new reminder, no new letter, no new row in the journal
    attention = part(first, "Perlu perhatian")
    assert "mati sejak Selasa, 13 Agustus 2024 pukul 17.00 sampai Kamis, 22 Agustus 2024 pukul 09.00" in attention
    assert "6 hari terlewat" in attention
    late = part(first, "Terlambat")
    assert "undangan tidak keluar: tetapkan hari rapat yang baru" in late  # the meeting was yesterday
    assert "Foto tempat pengumuman per nagari" in late
    with reading(home.engine) as connection:
        opened = connection.execute(sa.select(jurnal.c.subject).where(jurnal.c.what == "butir dibuka")).scalars().all()
        drafted = connection.execute(sa.select(surat.c.item, surat.c.letter_on)).tuples().all()
    assert len(opened) == len(set(opened))
    assert len({item for item, _ in drafted}) == len(drafted)
    assert [day for item, day in drafted if item == "permintaan-data-kematian"] == [back]


def test_a_night_and_a_weekend_are_no_news(office: Office):
    """From Friday evening to Monday morning nothing was lost."""
    home, plan = office
    friday = dt.date(2024, 8, 2)
    watch.beat(home, seven(plan, friday).replace(hour=17))
    watch.beat(home, seven(plan, friday + dt.timedelta(days=3)))
    assert watch.attention(home, plan, friday + dt.timedelta(days=3), seven(plan, MONDAY), ()) == ()


@pytest.mark.parametrize(("rule", "asked"), [("semua", ["1", "2", "3"]), ("terakhir", ["3"]), ("lewati", [])])
def test_what_was_missed_is_asked_by_the_rule_of_the_duty(office: Office, rule: str, asked: list[str]):
    """Of the weekly answers to the saran perbaikan: all that were missed, the last, or none."""
    home, _ = office
    folder = home.kantor / "checklists" / ELECTION
    folder.mkdir(parents=True)
    duties = "".join(
        f'[[duties]]\nstage = "V12"\nid = "pekan-{n}"\ntitle = "Pekan {n}"\ndue = {{ from = "S", days = {n} }}\n'
        f'pj = "staf-datin"\nbukti = ["rekap"]\ndasar = ["pemilihan"]\nterlewat = "{rule}"\n'
        for n in (1, 2, 3)
    )
    (folder / "pekan.toml").write_text(duties, "utf-8")
    plan = home.plan(ELECTION)
    wake((home, plan), dt.date(2024, 8, 16))

    text = wake((home, plan), dt.date(2024, 8, 23))

    assert [n for n in "123" if f"| Pekan {n} |" in part(text, "Terlambat")] == asked
    assert [n for n in "123" if f"Pekan {n} (" in text] == [n for n in "123" if n not in asked]


# --- the brief -------------------------------------------------------------------------------------


def test_the_brief_says_who_is_waited_for_since_when(office: Office):
    """Every letter before an approver, with his name; a date of the chain, not of the draft."""
    home, plan = office
    text = wake(office, dt.date(2024, 8, 19))
    [waiting] = [line for line in part(text, "Menunggu keputusan").splitlines() if "permintaan-data-kematian.1" in line]
    [asked] = [each for each in approval.waiting(home, plan, dt.date(2024, 8, 19)) if each.row.item in DEATHS]
    assert asked.nama in waiting
    assert "Sen, 19 Agustus" in waiting
    assert "Kam, 22 Agustus" in waiting
    assert asked.row.state == SUBMITTED


def test_what_waits_for_details_leads_to_its_form(office: Office):
    """At the desk, and in the Prefect UI with the id filled in."""
    home, plan = office
    (home.details / f"{RAKOR}.toml").unlink()
    catch_up(home, plan, MONDAY, seven(plan, MONDAY))
    text = screens.brief(home, plan, MONDAY, DESK, form="http://ui/run")
    shown = screens.checklist(home, plan, "V12", MONDAY, DESK, "http://ui/run")
    for each in (text, shown):
        assert f"[isi di meja surat]({DESK}/butir/{RAKOR}/rincian)" in each
        assert "[di Prefect](http://ui/run?parameters=%257B%2522butir%2522%253A%2520%2522V12.rakor-stakeholder" in each


def test_a_letter_sent_back_waits_for_its_writer(office: Office):
    """Asked to be revised, it is nobody's to approve, and the brief says what was wanted."""
    home, plan = office
    on = dt.date(2024, 8, 19)
    wake(office, on)
    [asked] = [each for each in approval.waiting(home, plan, on) if each.row.item in DEATHS]
    answer = Answer("revisi", asked.nama, "meja", catatan="Sebut nagarinya")
    approval.decide(home, plan, asked.row.id, answer, on, seven(plan, on))

    text = wake(office, on + dt.timedelta(days=1))

    assert "**Menunggu perbaikan:**" in text
    assert "Sebut nagarinya" in text


def test_the_brief_can_be_held_against_the_journal(office: Office):
    """It names the last row of the journal and how its hash begins."""
    home, _plan = office
    text = wake(office, MONDAY)
    with reading(home.engine) as connection:
        last = connection.execute(sa.select(jurnal).order_by(jurnal.c.seq.desc())).first()
    assert f"{last.seq} baris, sidik `{last.seq}-{last.hash[:16]}`" in text


# --- reminders -------------------------------------------------------------------------------------


def rungs(office: Office, key: str = DEATHS) -> list[tuple[str, str, str]]:
    home, plan = office
    with reading(home.engine) as connection:
        query = sa.select(pengingat.c.on, pengingat.c.what, pengingat.c.to).where(
            pengingat.c.subject == plan.duty(key).key
        )
        return [
            (f"{row.on:%a %d}", row.what.split()[-1], row.to)
            for row in connection.execute(query.order_by(pengingat.c.on))
        ]


def test_the_ladder_goes_from_who_is_responsible_to_the_role_above(office: Office):
    """3, 1 and 0 working days before the letter of Thursday 22 August, and on Friday one role up the chain; each once."""
    for day in (16, 19, 20, 21, 22, 23, 26):
        wake(office, dt.date(2024, 8, day))
        wake(office, dt.date(2024, 8, day))
    assert rungs(office) == [
        ("Mon 19", "-3", "Nama Staf Datin Lama (contoh)"),
        ("Wed 21", "-1", "Nama Staf Datin Lama (contoh)"),
        ("Thu 22", "+0", "Nama Staf Datin Lama (contoh)"),
        ("Fri 23", "+1", "Nama Kasubbag Administrasi (contoh)"),
    ]


def test_steps_missed_while_the_machine_was_off_are_not_given_afterwards(office: Office):
    """Back on Thursday, only the rung of that day is reached."""
    wake(office, dt.date(2024, 8, 16))
    wake(office, dt.date(2024, 8, 22))
    assert [(day, rung) for day, rung, _ in rungs(office)] == [("Thu 22", "+0")]


def test_a_signed_letter_is_no_reminder_any_more(office: Office):
    """What is left is the day of the duty itself, with its evidence."""
    wake(office, dt.date(2024, 8, 21))
    sign(office, f"{office[1].duty(DEATHS).key}.1", dt.date(2024, 8, 22))
    morning_after = morning.look(*office, dt.date(2024, 8, 22))
    assert all("surat keluar" not in each.apa for each in morning_after.reminders if each.duty.short_key == DEATHS)


def test_a_reminder_is_a_text_to_copy(office: Office):
    """One for each person, ready for WhatsApp."""
    text = wake(office, dt.date(2024, 8, 21))
    block = part(text, "Pengingat untuk disalin ke WhatsApp")
    assert "```\n*Pengingat Bawaslu Kabupaten Lima Puluh Kota (contoh), Rabu, 21 Agustus 2024*\nYth. " in block
    assert "• Permintaan data kematian: surat keluar Kamis, 22 Agustus 2024" in block


def test_a_rehearsal_reminds_nobody(rehearse: Callable[..., Office]):
    """No person, no channel, whatever the files say (promise 3)."""
    home, plan = rehearse(TUESDAY, dt.date(2024, 8, 15))
    file = home.kantor / "kantor.toml"
    file.write_text(file.read_text("utf-8") + '\n[kanal]\npagi = ["json://127.0.0.1:1"]\n', "utf-8")
    plan = home.plan(ELECTION)
    assert plan.office.profile.kanal.pagi
    assert morning.remind(home, plan, dt.date(2024, 8, 15)) == ()
    assert channels.morning_channels(home, plan) == ()
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(pengingat)).all() == []


def test_an_office_may_have_its_own_rhythm(office: Office):
    """`kantor/pagi.toml` takes the place of ours; what is wrong in it is named."""
    home, _ = office
    shipped = load_rhythm(home.kantor)
    assert [rung.hari_kerja for rung in shipped.tangga] == [3, 1, 0, -1]
    (home.kantor / "pagi.toml").write_text("[klaim]\nhari = 1\n", "utf-8")
    with pytest.raises(DataError, match=r"kantor/pagi.toml, kunci tangga: kunci ini wajib ada"):
        load_rhythm(home.kantor)


# --- channels --------------------------------------------------------------------------------------


class _Listener(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    """A service on loopback that hears what is sent."""
    server = HTTPServer(("127.0.0.1", 0), _Listener)
    server.heard = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def with_channels(office: Office, *urls: str) -> Office:
    home, _ = office
    file = home.kantor / "kantor.toml"
    file.write_text(f"{file.read_text('utf-8')}\n[kanal]\npagi = {json.dumps(urls)}\n", "utf-8")
    return home, home.plan(ELECTION)


def send_all(office: Office, on: dt.date, occasion: str = "pagi") -> list[str]:
    """As the task of *Pagi* does it."""
    from tasks.channels import send

    home, plan = office
    failed = []
    for channel in channels.morning_channels(home, plan):
        if channels.reserve(home, plan, channel, occasion, on):
            if why := send(channel, *morning.in_short(plan, morning.look(home, plan, on))):
                channels.give_back(home, plan, channel, occasion, on)
                failed.append(why)
            else:
                channels.sent(home, plan, channel, occasion, seven(plan, on))
    return failed


def test_a_channel_hears_once_a_day(office: Office, listener: HTTPServer):
    """Short, with counts and titles; again only before a closing hour, or on another day."""
    office = with_channels(office, f"json://127.0.0.1:{listener.server_port}")
    wake(office, MEETING)

    assert send_all(office, MEETING) == []
    assert send_all(office, MEETING) == []
    send_all(office, MEETING, "tutup 16.00")
    send_all(office, MEETING + dt.timedelta(days=1))

    heard = listener.heard  # type: ignore[attr-defined]
    assert len(heard) == 3
    assert heard[0]["title"] == "Pagi: Bawaslu Kabupaten Lima Puluh Kota (contoh), Rabu, 21 Agustus 2024"
    assert "hari ini" in heard[0]["message"] and "- Rakor stakeholder pengawasan DPS" in heard[0]["message"]
    assert len(heard[0]["message"]) < 600
    with reading(office[0].engine) as connection:
        rows = (
            connection.execute(sa.select(jurnal.c.detail).where(jurnal.c.what == "ringkasan dikirim")).scalars().all()
        )
    assert [json.loads(row) for row in rows] == [{"kanal": "json", "ke": 1}] * 3


def test_a_channel_that_fails_is_named_without_its_password_and_tried_again(
    office: Office, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    """The brief goes on; the address stands nowhere, not in a log, an error, the journal or a representation."""
    office = with_channels(office, "json://orang:rahasia-sekali@127.0.0.1:1/jalan", "entah://rahasia-sekali")
    home, plan = office

    failed = send_all(office, MEETING)

    assert [why.partition(":")[0] for why in failed] == ["kanal pagi ke-1 (json)", "kanal pagi ke-2 (entah)"]
    assert len(send_all(office, MEETING)) == 2
    text = screens.brief(home, plan, MEETING, DESK, facts=Facts(faults=tuple(failed)))
    assert "kanal pagi ke-1 (json)" in part(text, "Perlu perhatian")
    out, err = capfd.readouterr()
    said = [*failed, text, out, err, caplog.text, repr(plan.office.profile), str(channels.morning_channels(home, plan))]
    assert not any("rahasia-sekali" in each for each in said)


# --- claims ----------------------------------------------------------------------------------------


def claim(office: Office, who: str, on: dt.date = MONDAY, why: str = "", hour: int = 9) -> claims.Claim:
    home, plan = office
    return claims.claim(home, plan, plan.duty(RAKOR), who, on, seven(plan, on).replace(hour=hour), why)


def test_a_second_clerk_is_told_who_works_on_it(office: Office):
    """By whom and since when; who has a reason may take it over, and the journal knows both."""
    home, plan = office
    claim(office, STAFF)
    claim(office, STAFF, hour=10)
    with pytest.raises(Refused, match=r"dikerjakan Nama Staf Pencegahan, sejak 12 Agustus 2024 pukul 09\.00"):
        claim(office, OTHER)
    claim(office, OTHER, why="Yang tadi sakit", hour=11)
    assert "sedang dikerjakan Nama Staf Datin, sejak 12 Agustus 2024 pukul 11.00" in screens.checklist(
        home, plan, "V12", MONDAY, DESK
    )
    assert claims.release(home, plan, plan.duty(RAKOR), OTHER, MONDAY, seven(plan, MONDAY)) is not None
    assert claims.standing(home, plan, MONDAY) == {}
    with reading(home.engine) as connection:
        query = sa.select(jurnal.c.what, jurnal.c.who).where(
            jurnal.c.what.in_(("dikerjakan", "diambil alih", "dilepas"))
        )
        assert connection.execute(query.order_by(jurnal.c.seq)).tuples().all() == [
            ("dikerjakan", STAFF), ("diambil alih", OTHER), ("dilepas", OTHER),
        ]  # fmt: skip


def test_a_claim_fades(office: Office):
    """After the next working day it binds nobody: one of Friday holds on Monday and not on Tuesday."""
    home, plan = office
    friday = dt.date(2024, 8, 9)
    claim(office, STAFF, friday)
    assert claims.standing(home, plan, MONDAY).keys() == {RAKOR}
    assert claims.standing(home, plan, TUESDAY) == {}
    assert claim(office, OTHER, TUESDAY).nama == OTHER


# --- what nobody would notice ----------------------------------------------------------------------


def test_what_hangs_or_waits_too_long_is_named(office: Office):
    """Runs, forms, schedules and disk as the machine tells them; what is within its limit is not."""
    home, plan = office
    at = seven(plan, MEETING)
    old, new = at - dt.timedelta(days=20), at - dt.timedelta(minutes=1)
    facts = Facts(
        runs=(
            Run("Pengumuman DPS", "berjalan", old), Run("baru", "berjalan", new),
            Run("Rincian - Rakor", "menunggu formulir", old), Run("baru", "menunggu formulir", new),
            Run("Persetujuan - x", "menunggu formulir", old, of_letter=True),
            Run("Pagi", "belum mulai", old), Run("baru", "belum mulai", new),
        ),
        free=2**29,
    )  # fmt: skip
    found = watch.attention(home, plan, MEETING, at, (), facts)
    assert [problem.where for problem in found] == ["Pengumuman DPS", "Rincian - Rakor", "Pagi", "Ruang disk"]
    assert "tinggal 0,5 GB." in found[-1].what


def test_an_approval_older_than_its_limit_is_named(office: Office):
    """Two working days; the third names who is waited for."""
    home, plan = office
    wake(office, dt.date(2024, 8, 19))
    asked = approval.waiting(home, plan, dt.date(2024, 8, 19))
    on = {day: watch.attention(home, plan, day, seven(plan, day), asked) for day in (MEETING, dt.date(2024, 8, 22))}
    assert on[MEETING] == ()
    named = on[dt.date(2024, 8, 22)]
    assert any("sejak Senin, 19 Agustus 2024" in problem.what for problem in named)


def test_a_numbered_letter_without_its_file_is_named(office: Office):
    """Until the catch-up has written it again."""
    home, plan = office
    wake(office, dt.date(2024, 8, 19))
    sign(office, letter := f"{plan.duty(DEATHS).key}.1", dt.date(2024, 8, 22))
    (home.surat / f"{letter}.pdf").unlink()
    [problem] = watch.attention(home, plan, MEETING, seven(plan, MEETING), ())
    assert "berkasnya belum ada" in problem.what
    assert "berkasnya belum ada" not in wake(office, dt.date(2024, 8, 22))


def test_a_clock_that_was_set_back_is_named(office: Office):
    """The last pulse lies in the future."""
    home, plan = office
    watch.beat(home, seven(plan, MEETING) + dt.timedelta(hours=3))
    text = wake(office, MEETING)
    assert "Jam mesin" in part(text, "Perlu perhatian")
    assert "mundur dari Rabu, 21 Agustus 2024 pukul 10.00" in text


def test_only_the_first_of_several_late_runs_makes_the_brief(office: Office):
    """One brief, whoever asks first."""
    home, plan = office
    assert [morning.first_today(home, plan, MEETING) for _ in range(3)] == [True, False, False]


# --- when ------------------------------------------------------------------------------------------


def test_the_morning_comes_on_working_days_and_when_something_is_due(office: Office):
    """Not on the holiday of Monday 16 September 2024; on voting day, a holiday, and on the Sunday of the DPS list."""
    _, plan = office
    rule = dict(line.split(":", 1) for line in morning_rule(plan, dt.date(2024, 8, 12)).splitlines())
    assert rule["RRULE"].startswith("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    assert "20240916T070000" in rule["EXDATE"]
    assert "20241127T070000" not in rule["EXDATE"]
    assert "20240825T070000" in rule["RDATE"]


def test_a_run_comes_two_hours_before_every_closing_hour(office: Office):
    """Registration closes at 16.00, 16.00 and 23.59."""
    _, plan = office
    runs = {f"{each.start:%d %b %H.%M}": each.tutup for each in cut_offs(plan, dt.date(2024, 8, 12))}
    assert runs["28 Aug 14.00"] == "16.00"
    assert runs["29 Aug 21.59"] == "23.59"


def test_filling_in_details_ends_their_reminder(office: Office):
    """What is missing stands in the reminder until a form says it."""
    home, plan = office
    (home.details / f"{RAKOR}.toml").unlink()
    wake(office, MONDAY)
    [before] = [each for each in morning.look(home, plan, TUESDAY).reminders if each.duty.short_key == RAKOR]
    assert "belum diisi: Jam mulai, Tempat rapat, Susunan acara" in before.line
    texts = {"rapat_jam": "09.00", "rapat_tempat": "Aula", "agenda": "09.00 | Pembukaan | Ketua"}
    fill_in(home, plan, plan.duty(RAKOR), texts, STAFF, MONDAY, seven(plan, MONDAY))
    [after] = [each for each in morning.look(home, plan, TUESDAY).reminders if each.duty.short_key == RAKOR]
    assert "belum diisi" not in after.line
