"""The coordination meeting of 21 August 2024 from its plan to what followed, and what a plan may not be."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments import story
from tahapan import approval, day, issue, register
from tahapan.errors import DataError, NotKnown, Refused, TahapanError
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.letters.compose import text_of
from tahapan.letters.letter import Letter
from tahapan.meetings import Meeting
from tahapan.plan import Plan
from tahapan.post import outbox
from tahapan.post.invite import agenda, uid
from tahapan.post.sending import Post
from tahapan.progress import Standing
from tahapan.rakor import evidence_bundle, hold, prepare
from tahapan.store.engine import reading

WHO, CHAIR = "Nama Staf Pencegahan (contoh)", "Nama Ketua (contoh)"
ZONE = ZoneInfo("Asia/Jakarta")
PLANNED, INVITED, MOVED, HELD = (dt.date(2024, 8, n) for n in (12, 14, 19, 21))  # Mon, Wed, Mon, Wed
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TALE = story.load_story()
GIVEN: dict[str, Any] = {**TALE.rapat, "butir": ""}


def at(on: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(hour), ZONE)


class Office:
    """A real office; its people do what the day asks for."""

    def __init__(self, home: Home) -> None:
        self.home = home
        (home.kantor / "kirim.toml").write_text("ulangi_menit = [5]\njeda_detik = 0.0\n", "utf-8")
        home.begin(dt.date(2024, 8, 5))

    @property
    def plan(self) -> Plan:
        return self.home.plan("pilkada-2024")

    def new(self, on: dt.date = PLANNED, **more: Any) -> prepare.Planned:
        return prepare.new(self.home, self.plan, GIVEN | more, WHO, on, at(on))

    def move(
        self, on: dt.date = MOVED, alasan: str = "ruangan terlalu kecil", held: str = "RK001", **changes: Any
    ) -> prepare.Planned:
        return prepare.move(self.home, self.plan, held, changes, alasan, WHO, on, at(on))

    def number(self, item: str, on: dt.date, held: str = "RK001") -> register.LetterRow:
        duty = self.plan.duty(f"{held}.{item}")
        day.open_duties(self.home, self.plan, on, at(on))
        day.work_on(self.home, self.plan, duty, on, at(on))
        return issue.approve(self.home, self.plan, f"{duty.key}.1", on, CHAIR, at(on))

    def standing(self, key: str, on: dt.date) -> Standing:
        [now] = day.standings(self.home, self.plan, on, [self.plan.duty(key)])
        return now

    def text(self, key: str) -> str:
        with reading(self.home.engine) as connection:
            row = register.latest(connection, self.plan.office.profile.id, self.plan.duty(key))
        assert row
        return "\n".join(text_of(Letter.model_validate_json(row.content)))


@pytest.fixture
def office(real_home: Callable[..., Home]) -> Office:
    return Office(real_home())


# --- the showpiece ---------------------------------------------------------------------------------


class Mail:
    """What the loopback server took."""

    def __init__(self, inbox: Any) -> None:
        self.inbox = inbox

    @property
    def about(self) -> dict[str, list[str]]:
        """Subject -> addresses."""
        found: dict[str, list[str]] = {}
        for (to,), mail in zip([addresses for addresses, _ in self.inbox.taken], self.inbox.mails, strict=True):
            found.setdefault(mail["Subject"], []).append(to)
        return found

    def event(self, number: int) -> Any:
        [part] = [
            part
            for part in self.inbox.mails[number].walk()
            if part.get_content_type() == "text/calendar" and not part.get_filename()
        ]
        return vobject.readOne(part.get_content())


def live(office: Office, mail: Any, relay: Any) -> None:
    """From 12 to 22 August, as `demo --rakor` plays it, but in earnest: every letter is decided by its chain."""
    for on in (
        PLANNED,
        dt.date(2024, 8, 13),
        INVITED,
        dt.date(2024, 8, 16),
        MOVED,
        dt.date(2024, 8, 20),
        HELD,
        dt.date(2024, 8, 22),
    ):
        story.before_work(office.home, TALE, on, at(on))
        day.catch_up(office.home, office.plan, on, at(on))
        for row in office.home.book("pilkada-2024"):
            if row.stage == "RK001" and row.state in register.UNNUMBERED and row.letter_on <= on:
                issue.approve(office.home, office.plan, row.id, on, CHAIR, at(on))
        story.after_work(office.home, TALE, on, at(on), Post("hidup", relay))
        story.after_work(office.home, TALE, on, at(on), Post("hidup", relay))  # once more: nobody gets two


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, start_smtp: Any, new_inbox: Any) -> Iterator[tuple[Office, Mail]]:
    """Lived through once; the tests look at it."""
    root = tmp_path_factory.mktemp("rakor")
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    office, inbox = Office(Home(root)), new_inbox()
    live(office, inbox, start_smtp(inbox))
    yield office, Mail(inbox)
    office.home.engine.dispose()


def test_the_meeting_of_21_august_2024(lived: tuple[Office, Mail], tmp_path: Path):
    """Invited on the 14th, moved on the 19th, held on the 21st; everyone is told, once, by mail or on paper."""
    office, mail = lived
    plan, home = office.plan, office.home
    meeting = prepare.one(home, plan, "RK001")
    invited = meeting.invited(plan.office.directory)
    assert len(invited) == 1 + 5 + 13 + 18 + 1 + 2 + 13 + 5
    invitation, ralat = (office.standing(f"RK001.{name}", HELD).letter for name in ("undangan", "ralat-1"))
    assert invitation and ralat and invitation.tanggal == INVITED and ralat.tanggal == MOVED
    mailed = {each for each in invited if plan.office.directory.alamat[each].surel} | {"bawaslu-provinsi"}
    boxes = sorted(plan.office.directory.alamat[each].surel for each in mailed)
    assert sorted(mail.about[invitation.hal]) == sorted(mail.about[ralat.hal]) == boxes
    for row in (invitation, ralat):
        states = {copy.penerima: (copy.cara, copy.keadaan) for copy in outbox.copies(home, plan, row.id)}
        assert set(states) == {*invited, "bawaslu-provinsi"}
        assert {each for each, (cara, _) in states.items() if cara == "surel"} == mailed
    said = office.text("RK001.ralat-1")
    assert f"Menindaklanjuti surat kami Nomor {invitation.nomor} tanggal 14 Agustus 2024" in said
    assert "Resto Tanjung Pati, Kecamatan Harau" in said and "Aula Bawaslu" in said
    assert "Resto" not in "\n".join(text_of(Letter.model_validate_json(invitation.content)))  # what was sent stands


def test_its_calendar_objects_are_one_event(lived: tuple[Office, Mail]):
    """Read by another library: the same UID, the zone by name, SEQUENCE 0 and 1, the new place."""
    office, mail = lived
    first, last = mail.event(0), mail.event(-1)
    assert (first.method.value, last.method.value) == ("REQUEST", "REQUEST")
    assert first.vevent.uid.value == last.vevent.uid.value == uid(office.plan, "RK001")
    assert (first.vevent.sequence.value, last.vevent.sequence.value) == ("0", "1")
    assert (
        first.vevent.dtstart.value == dt.datetime(2024, 8, 21, 9, tzinfo=ZONE)
        and "TZID=Asia/Jakarta" in first.serialize()
    )
    assert last.vevent.location.value == "Resto Tanjung Pati, Kecamatan Harau" and "Aula" in first.vevent.location.value
    assert first.vevent.dtend.value - first.vevent.dtstart.value == dt.timedelta(hours=3, minutes=30)
    assert first.vevent.attendee.value == f"mailto:{mail.inbox.mails[0]['To']}"


def test_its_press_release_states_the_facts_rightly(lived: tuple[Office, Mail]):
    """The weekday, the place where it was held, the DPS and not the DPT, titles and no name."""
    office, _ = lived
    said = office.text("RK001.siaran-pers")
    assert "pada Rabu, 21 Agustus 2024, di Resto Tanjung Pati" in said
    assert "Daftar Pemilih Sementara (DPS)" in said and "DPT" not in said and "Daftar Pemilih Tetap" not in said
    assert "Ketua Bawaslu Kabupaten Lima Puluh Kota menyampaikan" in said and "Peserta 1" not in said
    assert "KPU Kabupaten Lima Puluh Kota, perangkat daerah, camat, partai politik, TNI, Kepolisian Resor" in said
    assert "paling lambat 26 Agustus 2024" in said


def test_its_minutes_have_agenda_attendance_and_three_decisions(lived: tuple[Office, Mail]):
    office, _ = lived
    said = office.text("RK001.notulen")
    assert "camat, 11 orang" in said and "KPU Kabupaten Lima Puluh Kota, 2 orang" in said
    assert "Keputusan dan penutup" in said and "Resto Tanjung Pati" in said
    assert said.count("2024") >= 3 and "Dinas Pemberdayaan Masyarakat dan Desa/Nagari bersama wali nagari" in said
    report = office.text("RK001.laporan") if office.standing("RK001.laporan", dt.date(2024, 8, 26)).letter else ""
    assert report == ""  # due five days later


def test_its_decisions_are_duties_with_their_days_and_letters(lived: tuple[Office, Mail]):
    """The list of the dead through DPMDN and the imbauan as new duties; the request to Disdukcapil is the checklist's."""
    office, _ = lived
    keys = [key for _, key, _ in hold.followed_up(office.home, office.plan, "RK001", HELD)]
    assert keys == ["RK001.keputusan-1", "V12.permintaan-data-kematian", "RK001.keputusan-3"]
    dpmdn, dukcapil, imbauan = (office.standing(key, HELD) for key in keys)
    assert [now.duty.due for now in (dpmdn, dukcapil, imbauan)] == [
        dt.date(2024, 8, 26),
        dt.date(2024, 8, 22),
        dt.date(2024, 8, 26),
    ]
    assert (
        dpmdn.letter
        and dpmdn.letter.kind == "permintaan-data"
        and dpmdn.letter.kepada.startswith("Kepala Dinas Pemberdayaan")
    )
    assert imbauan.letter and imbauan.letter.kind == "imbauan-netralitas" and len(imbauan.duty.item.kepada) == 2
    assert "Pendaftaran" in imbauan.letter.hal


def test_the_duty_of_the_checklist_is_the_meeting(lived: tuple[Office, Mail], tmp_path: Path):
    """It has no letter of its own any more, and is proved by the signed attendance sheet."""
    office, _ = lived
    duty = office.plan.duty("V12.rakor-stakeholder")
    assert duty.item.letter is None and "RK001" in duty.item.catatan
    scan = tmp_path / "daftar-hadir.pdf"
    scan.write_bytes(PDF)
    hold.file_sheet(office.home, office.plan, "RK001", scan, WHO, HELD, at(HELD))
    from tahapan import ticking

    for key in ("V12.rakor-stakeholder", "RK001.daftar-hadir"):
        assert [piece.name for piece in ticking.roll(office.home, office.plan, office.plan.duty(key)).evidence] == [
            "daftar-hadir.pdf"
        ]


def test_its_evidence_is_one_archive(lived: tuple[Office, Mail], tmp_path: Path):
    """Letters, signed copies, a list of hashes; the same bytes each time; no file is named after a person."""
    office, _ = lived
    count = evidence_bundle.write(office.home, office.plan, "RK001", tmp_path / "bukti.zip")
    evidence_bundle.write(office.home, office.plan, "RK001", tmp_path / "lagi.zip")
    assert (tmp_path / "bukti.zip").read_bytes() == (tmp_path / "lagi.zip").read_bytes()
    names = zipfile.ZipFile(tmp_path / "bukti.zip").namelist()
    assert len(names) == count + 1 and "daftar-berkas.csv" in names and not any("Peserta" in name for name in names)
    for wanted in (
        "nota-dinas",
        "undangan",
        "undangan-ttd",
        "ralat-1",
        "surat-tugas",
        "daftar-hadir",
        "notulen",
        "siaran-pers",
    ):
        assert any(name.startswith(f"surat/{wanted}") for name in names), wanted


# --- what it makes ---------------------------------------------------------------------------------


def test_a_meeting_makes_all_its_papers(office: Office):
    """Each of its letters can be written; nota dinas with terms and budget, attendance by groups."""
    office.new()
    papers = {duty.item.id: duty.item.letter for duty in prepare.duties_of(office.plan, "RK001")}
    assert list(papers) == [
        "nota-dinas", "undangan", "surat-tugas", "surat-tugas-staf", "daftar-hadir", "pokok-sambutan", "siaran-pers", "notulen", "laporan",
    ]  # fmt: skip
    for item, on in (("nota-dinas", PLANNED), ("undangan", INVITED), ("surat-tugas", MOVED), ("surat-tugas-staf", MOVED), ("daftar-hadir", dt.date(2024, 8, 20)), ("pokok-sambutan", dt.date(2024, 8, 20))):  # fmt: skip
        assert office.number(item, on).numbered, item
    nota = office.text("RK001.nota-dinas")
    assert "Kerangka Acuan Kegiatan" in nota and "Rencana Anggaran Biaya" in nota and "58 (lima puluh delapan)" in nota
    sheet = office.text("RK001.daftar-hadir")
    assert sheet.index("Camat") < sheet.index("Partai politik") < sheet.index("TNI") and sheet.count("Camat ") == 13
    assert "s.d. 12.30 WIB" in office.text("RK001.undangan") and "Susunan Acara" in office.text("RK001.undangan")


def test_the_same_meeting_is_planned_once(office: Office):
    assert office.new().id == office.new().id == "RK001"
    assert "sudah ada" in office.new().warnings[0]
    assert office.new(nama="Rapat lain").id == "RK002"


def test_a_meeting_starts_from_what_the_checklist_knows(office: Office):
    """The duty's name, day, groups and agenda; the duty's own draft gives way, a numbered one is not replaced."""
    given = prepare.from_duty(office.home, office.plan, "V12.rakor-stakeholder")
    assert (
        given["hari"] == HELD
        and given["undangan"] == ["stakeholder"]
        and given["tempat"].startswith("Resto Tanjung Pati")
    )
    day.open_duties(office.home, office.plan, PLANNED, at(PLANNED))
    day.work_on(office.home, office.plan, office.plan.duty("V12.rakor-stakeholder"), PLANNED, at(PLANNED))
    made = prepare.new(office.home, office.plan, given | {"selesai": "12:30"}, WHO, PLANNED, at(PLANNED))
    [old] = [row for row in office.home.book("pilkada-2024") if row.item == "rakor-stakeholder"]
    assert made.id == "RK001" and old.state == "direvisi"
    assert approval.asked(office.home, office.plan, old.id, PLANNED) is None
    with pytest.raises(Refused, match="sudah dikerjakan rapat RK001"):
        prepare.new(office.home, office.plan, given | {"selesai": "12:30", "nama": "Lain"}, WHO, PLANNED, at(PLANNED))


def test_a_duty_whose_invitation_is_out_is_no_new_meeting(office: Office):
    day.open_duties(office.home, office.plan, INVITED, at(INVITED))
    day.work_on(office.home, office.plan, office.plan.duty("V12.rakor-stakeholder"), INVITED, at(INVITED))
    issue.approve(office.home, office.plan, "pilkada-2024.V12.rakor-stakeholder.1", INVITED, CHAIR, at(INVITED))
    with pytest.raises(Refused, match="sudah bernomor"):
        office.new(INVITED, butir="V12.rakor-stakeholder")


# --- what it may not be ----------------------------------------------------------------------------

REFUSED = [
    ({"selesai": "08:00"}, PLANNED, "selesai: 08.00 tidak sesudah 09.00"),
    ({"hari": dt.date(2024, 8, 9)}, PLANNED, "sudah lewat"),
    ({"hari": PLANNED}, PLANNED, "hari ini"),
    ({"hari": dt.date(2024, 8, 13)}, PLANNED, r"besok\. .*alasannya"),
    ({"hari": dt.date(2024, 8, 17)}, PLANNED, "libur .*alasannya"),  # Saturday, independence day
    ({"hari": dt.date(2024, 9, 16)}, PLANNED, "libur .*Maulid.*alasannya"),  # Monday
    ({"tempat": "x" * 300}, PLANNED, "tempat.*200"),
    ({"tempat": ""}, PLANNED, "tempat"),
    ({"nama": "Rapat\u202eterbalik"}, PLANNED, "tak terlihat"),
    ({"tempat": "Rumah 1307051203600001"}, PLANNED, "NIK"),
    ({"undangan": ["kpuu"]}, PLANNED, "'kpuu' tidak dikenal"),
    ({"undangan": ["anggota"]}, PLANNED, "orang kantor sendiri"),
    ({"undangan": ["paslon"]}, PLANNED, "belum ada pada"),
    ({"undangan": ["kpu"], "kecuali": ["kpu"]}, PLANNED, "tidak ada yang diundang"),
    ({"tahapan": ["X1"]}, PLANNED, "'X1' tidak dikenal"),
    ({"mulai": "9 pagi"}, PLANNED, "mulai"),
    ({"butir": "V12.foto-tempat-pengumuman"}, PLANNED, "bukan rapat"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "on", "said"), REFUSED)
def test_what_is_no_meeting_is_refused(office: Office, more: dict[str, Any], on: dt.date, said: str):
    with pytest.raises(TahapanError, match=said):
        office.new(on, **more)
    assert prepare.all_meetings(office.home, office.plan) == ()


def test_a_day_off_or_tomorrow_is_meant_when_somebody_says_why(office: Office):
    """The invitation then goes out the day before."""
    office.new(hari=dt.date(2024, 8, 13), alasan="permintaan Forkopimda")
    invitation = office.plan.duty("RK001.undangan")
    assert invitation.letter_on == PLANNED
    office.new(hari=dt.date(2024, 9, 16), alasan="satu-satunya hari kosong", nama="Rapat Maulid")


def test_two_meetings_of_the_same_people_at_one_hour_are_told(office: Office):
    office.new()
    made = office.new(nama="Rapat lain", mulai="11:00", selesai="13:00", undangan=["kpu", "camat"])
    assert any("Bersamaan dengan RK001" in each and "14 penerima" in each for each in made.warnings)
    assert any("rakor-stakeholder" in each for each in made.warnings)
    assert not office.new(nama="Rapat sore", mulai="13:00", selesai="15:00", undangan=["inspektorat"]).warnings


def test_who_is_in_three_groups_is_invited_once(office: Office):
    made = office.new(undangan=["kpu", "penyelenggara", "stakeholder"])
    assert made.meeting.invited(office.plan.office.directory).count("kpu") == 1
    assert any("lebih dari satu kelompok" in each for each in made.warnings)


# --- moved and called off --------------------------------------------------------------------------


def test_before_the_invitation_has_its_number_a_move_only_changes_the_draft(office: Office):
    office.new()
    day.catch_up(office.home, office.plan, PLANNED, at(PLANNED))
    office.move(dt.date(2024, 8, 13), tempat="Resto Tanjung Pati")
    assert "Resto Tanjung Pati" in office.text("RK001.undangan")
    assert not [duty for duty in prepare.duties_of(office.plan, "RK001") if duty.item.id.startswith("ralat")]
    assert prepare.one(office.home, office.plan, "RK001").sequence == 0


def test_each_move_that_was_told_is_a_ralat_of_its_own(office: Office):
    """Each cites the last letter the invited have, and says what they know by it; the calendar objects go up by one."""
    office.new()
    invitation = office.number("undangan", INVITED)
    office.move(dt.date(2024, 8, 16), hari="2024-08-22", mulai="10:00")
    first = office.number("ralat-1", dt.date(2024, 8, 16))
    office.move(MOVED, tempat="Resto Tanjung Pati")
    said, again = office.text("RK001.ralat-1"), office.text("RK001.ralat-2")
    assert f"Nomor {invitation.nomor}" in said and "Rabu, 21 Agustus 2024" in said and "pukul 10.00 WIB" in said
    assert f"Nomor {first.nomor}" in again and "Aula Bawaslu" in again and "Kamis, 22 Agustus 2024" in again
    meeting = prepare.one(office.home, office.plan, "RK001")
    assert meeting.sequence == 2 and office.plan.duty("RK001.siaran-pers").due == dt.date(2024, 8, 22)
    told = {name: meeting.told_by(name)[0] for name in ("undangan", "ralat-1", "ralat-2")}
    assert [(str(each.hari), each.tempat[:5]) for each in told.values()] == [
        ("2024-08-21", "Aula "), ("2024-08-22", "Aula "), ("2024-08-22", "Resto"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="tidak ada yang berubah"):
        office.move(MOVED, tempat="Resto Tanjung Pati")
    with pytest.raises(DataError, match="--alasan"):
        office.move(MOVED, "", tempat="Lain")
    with pytest.raises(NotKnown, match="tidak ada"):
        office.move(MOVED, held="RK009", tempat="Lain")


def test_a_ralat_that_nobody_has_seen_gives_way_to_the_next_move(office: Office):
    """The invited are told once, from what they know to what holds; back where it was, they are told nothing."""
    office.new()
    office.number("undangan", INVITED)
    office.move(dt.date(2024, 8, 16), hari="2024-08-22")
    office.move(dt.date(2024, 8, 16), hari="2024-08-23")
    items = [duty.item.id for duty in prepare.duties_of(office.plan, "RK001") if "ralat" in duty.item.id]
    said = office.text("RK001.ralat-2")
    assert (
        items == ["ralat-2"]
        and "Rabu, 21 Agustus 2024" in said
        and "Jumat, 23 Agustus 2024" in said
        and "Kamis, 22" not in said
    )
    assert prepare.one(office.home, office.plan, "RK001").told_by("ralat-2")[1] == 1
    [gone] = [row for row in office.home.book("pilkada-2024") if row.item == "ralat-1"]
    assert gone.state == "ditolak"
    office.move(MOVED, hari="2024-08-21")
    assert not prepare.one(office.home, office.plan, "RK001").ralat
    assert {row.state for row in office.home.book("pilkada-2024") if "ralat" in row.item} == {"ditolak"}


def test_who_was_invited_is_told_whatever_the_directory_says_since(office: Office):
    """A member that left its group hears of the change, a new one does not."""
    office.new()
    before = Letter.model_validate_json(office.number("undangan", INVITED).content).kepada
    file = office.home.kantor / "alamat.toml"
    old = 'anggota = ["sekda", "kesbangpol", "dukcapil", "dpmdn", "satpol-pp"]'
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, 'anggota = ["kesbangpol", "inspektorat"]'), "utf-8")
    office.move(MOVED, tempat="Resto Tanjung Pati")
    ralat = Letter.model_validate_json(office.number("ralat-1", MOVED).content).kepada
    assert {who.id for who in ralat} == {who.id for who in before} and "inspektorat" not in {who.id for who in ralat}


def test_a_cancellation_names_the_day_that_the_invited_know(office: Office):
    """The move that nobody was told of is not in it."""
    office.new()
    invitation = office.number("undangan", INVITED)
    office.move(dt.date(2024, 8, 16), hari="2024-08-23")
    prepare.cancel(office.home, office.plan, "RK001", "bersamaan dengan pleno KPU", WHO, MOVED, at(MOVED))
    said = office.text("RK001.pembatalan")
    assert "Rabu, 21 Agustus 2024" in said and f"Nomor {invitation.nomor}" in said and "23 Agustus" not in said
    facts, sequence, off = prepare.one(office.home, office.plan, "RK001").told_by("pembatalan")
    assert (facts.hari, sequence, off) == (HELD, 1, True)
    with pytest.raises(Refused, match="butirnya dibatalkan"):
        outbox.queue(office.home, office.plan, invitation.id, WHO, MOVED, at(MOVED), "cetak")


def test_papers_that_name_the_old_day_are_marked(office: Office):
    office.new()
    office.number("undangan", INVITED)
    tasks = office.number("surat-tugas", MOVED)
    office.move(MOVED, hari="2024-08-23")
    row = next(row for row in office.home.book("pilkada-2024") if row.id == tasks.id)
    assert "perlu ralat: rapat dipindahkan" in row.note


def test_a_duty_has_its_letter_again_when_its_meeting_is_called_off(office: Office):
    """The draft that gave way is renewed."""
    day.open_duties(office.home, office.plan, PLANNED, at(PLANNED))
    duty = "V12.rakor-stakeholder"
    day.work_on(office.home, office.plan, office.plan.duty(duty), PLANNED, at(PLANNED))
    office.new(butir=duty)
    prepare.cancel(office.home, office.plan, "RK001", "ditunda", WHO, PLANNED, at(PLANNED))
    now = day.work_on(office.home, office.plan, office.plan.duty(duty), PLANNED, at(PLANNED))
    assert now.letter and now.letter.state == "draf"


def test_a_cancelled_meeting_is_told_to_the_invited_and_asks_for_nothing_more(office: Office, inbox: Any, relay: Any):
    """METHOD:CANCEL with the next number; its other duties are cancelled, its drafts gone, what waited is taken back."""
    office.new()
    office.number("undangan", INVITED)
    story.after_work(office.home, TALE, INVITED, at(INVITED), Post("hidup", relay))
    prepare.cancel(office.home, office.plan, "RK001", "bersamaan dengan pleno KPU", WHO, MOVED, at(MOVED))
    office.number("pembatalan", MOVED)
    story.after_work(office.home, TALE, MOVED, at(MOVED), Post("hidup", relay))
    last = Mail(inbox).event(-1)
    assert (last.method.value, last.vevent.sequence.value, last.vevent.status.value) == ("CANCEL", "1", "CANCELLED")
    assert "dibatalkan karena bersamaan dengan pleno KPU" in office.text("RK001.pembatalan")
    states = {
        duty.item.id: office.standing(duty.short_key, MOVED).state for duty in prepare.duties_of(office.plan, "RK001")
    }
    assert states.pop("pembatalan") == "berjalan" and set(states.values()) == {"dibatalkan"}
    assert office.plan.duty("V12.rakor-stakeholder").item.letter == "undangan-rakor"  # still to be done
    printed = {
        copy.keadaan
        for copy in outbox.copies(office.home, office.plan, "pilkada-2024.RK001.undangan.1")
        if copy.cara == "cetak"
    }
    assert printed == {"batal"}
    with pytest.raises(Refused, match="sudah dibatalkan"):
        office.move(MOVED, tempat="Lain")
    with pytest.raises(Refused, match="dibatalkan"):
        hold.attend(office.home, office.plan, "RK001", [{"penerima": "kpu", "nama": "A"}], WHO, HELD, at(HELD))


def test_a_meeting_that_nobody_was_invited_to_is_called_off_without_a_letter(office: Office):
    office.new()
    prepare.cancel(office.home, office.plan, "RK001", "ditunda", WHO, PLANNED, at(PLANNED))
    assert "pembatalan" not in {duty.item.id for duty in prepare.duties_of(office.plan, "RK001")}


def test_the_day_of_a_meeting_is_not_set_like_a_stage(office: Office):
    from tahapan.amend import set_event

    office.new()
    with pytest.raises(Refused, match="rakor move"):
        set_event(office.home, office.plan, "RK001", HELD, "KPU", WHO, PLANNED, at(PLANNED))
    set_event(office.home, office.plan, "V14", dt.datetime(2024, 9, 20, 9), "Undangan KPU", WHO, PLANNED, at(PLANNED))  # noqa: DTZ001
    assert office.plan.duty("RK001.undangan")


# --- held ------------------------------------------------------------------------------------------


def test_attendance_comes_from_a_sheet_that_the_office_gave_out(office: Office, tmp_path: Path):
    """Who is written down twice is there once; a faulty row takes none of them."""
    from openpyxl import load_workbook

    office.new()
    sheet = tmp_path / "hadir.xlsx"
    assert hold.export_sheet(office.home, office.plan, "RK001", sheet) == 58
    book = load_workbook(sheet)
    page = book.active
    page["C2"], page["D2"], page["C4"] = "Ani (contoh)", "Anggota", "Budi (contoh)"
    page.append(["", "Universitas (contoh)", "Cici (contoh)", "Dosen"])
    book.save(sheet)
    take = (office.home, office.plan, "RK001", sheet, WHO)
    with pytest.raises(Refused, match="baru diadakan Rabu, 21 Agustus 2024"):
        hold.import_sheet(*take, MOVED, at(MOVED))
    assert hold.import_sheet(*take, HELD, at(HELD)) == 3 and hold.import_sheet(*take, HELD, at(HELD)) == 0
    came = hold.attendance(office.home, office.plan, "RK001")
    assert [(each.penerima, each.nama) for each in came] == [
        ("kpu", "Ani (contoh)"),
        ("kesbangpol", "Budi (contoh)"),
        ("", "Cici (contoh)"),
    ]
    shares = {
        each.kelompok: (each.diundang, each.hadir, each.orang)
        for each in hold.shares(office.plan, prepare.one(office.home, office.plan, "RK001"), came)
    }
    assert (
        shares["Perangkat daerah"] == (5, 1, 1)
        and shares["Camat"] == (13, 0, 0)
        and shares["Peserta lain"] == (0, 1, 1)
    )
    page["A3"], page["C3"] = "bupati", "Dedi (contoh)"
    book.save(sheet)
    with pytest.raises(DataError, match="penerima bupati: tidak diundang"):
        hold.import_sheet(*take, HELD, at(HELD))


DECISIONS = [
    ({"isi": " "}, "isi: kosong"), ({"pj": "direktur"}, "'direktur' tidak dikenal"), ({"sampai": dt.date(2024, 8, 20)}, "mendahului"),
    ({"surat": "permintaan-data"}, "belum diisi"), ({"kepada": ("kpuu",), "surat": "imbauan-netralitas"}, "'kpuu'"), ({"butir": "V12.x"}, "V12.x"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), DECISIONS)
def test_a_decision_without_person_day_or_letter_is_refused(office: Office, more: dict[str, Any], said: str):
    office.new()
    given = {"isi": "Menghimpun data", "penanggung": "Camat", "pj": "staf-datin", "sampai": dt.date(2024, 8, 26)}
    with pytest.raises(TahapanError, match=said):
        hold.decide(office.home, office.plan, "RK001", given | more, WHO, HELD, at(HELD))
    assert prepare.one(office.home, office.plan, "RK001").keputusan == ()
    assert hold.decide(office.home, office.plan, "RK001", given, WHO, HELD, at(HELD)) == "RK001.keputusan-1"
    assert hold.decide(office.home, office.plan, "RK001", given, WHO, HELD, at(HELD)) == "RK001.keputusan-1"
    assert len(prepare.one(office.home, office.plan, "RK001").keputusan) == 1


def test_nothing_is_written_about_a_meeting_that_nobody_attended(office: Office):
    office.new()
    with pytest.raises(Refused, match="belum ada yang dicatat hadir"):
        hold.minutes(office.home, office.plan, "RK001", [], WHO, HELD, at(HELD))


GROUPS = [
    "kpu",
    "penyelenggara",
    "perangkat-daerah",
    "polres",
    "camat",
    "stakeholder",
    "parpol",
    "forkopimda",
    "media",
    "tni",
    "bupati",
]


@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(st.sampled_from(GROUPS), min_size=1, max_size=5),
    out=st.lists(st.sampled_from([*GROUPS, "dukcapil", "camat-13.07.01"]), max_size=3),
)
def test_for_any_groups_and_exceptions_each_person_is_invited_at_most_once(
    sample_home: Home, groups: list[str], out: list[str]
):
    """As the invitation's duty sees it, with the title held on the day of the letter; exceptions are never in."""
    plan = sample_home.plan("pilkada-2024")
    meeting = Meeting.model_validate(GIVEN | {"undangan": groups, "kecuali": out, "dibuat": PLANNED})
    directory = plan.office.directory
    invited = meeting.invited(directory)
    assert len(set(invited)) == len(invited)
    gone = {each for name in out for each in directory.members(name)}
    assert set(invited) == {each for name in groups for each in directory.members(name)} - gone
    fields = {name: {field.id: field.tipe for field in file.kind.fields} for name, file in sample_home.kinds.items()}
    duty = plan.with_meetings({"RK001": meeting}, fields).duty("RK001.undangan")
    assert duty.item.kepada == invited
    for who in directory.recipients(invited, INVITED) if invited else ():
        [title] = [gelar.jabatan for gelar in directory.alamat[who.id].gelar if gelar.covers(INVITED)]
        assert who.jabatan == title


def test_the_agenda_is_a_feed(office: Office):
    """Stages as whole days with the day after as their end, real events with their hour, meetings as they stand."""
    office.new()
    feed = vobject.readOne(agenda(office.plan, at(PLANNED)).decode())
    events = {event.uid.value: event for event in feed.vevent_list}
    stage = events[uid(office.plan, "V12")]
    assert (stage.dtstart.value, stage.dtend.value) == (dt.date(2024, 8, 18), dt.date(2024, 8, 28))
    meeting = events[uid(office.plan, "RK001")]
    assert meeting.dtstart.value == dt.datetime(2024, 8, 21, 9, tzinfo=ZONE) and meeting.location.value.startswith(
        "Aula"
    )
    assert len(events) == len(feed.vevent_list)
