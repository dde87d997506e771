"""Who agrees to a letter: in order, by name, with a code; the first answer wins, and it is known whose."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from pyotp.totp import TOTP

from tahapan import approval, archive, codes, journal, register, revise
from tahapan.approval import Answer, Asked, Elsewhere
from tahapan.day import catch_up
from tahapan.errors import DataError, Refused
from tahapan.home import Home
from tahapan.letters.edited import Edited
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import jurnal, putusan

DAY = dt.date(2024, 8, 14)
ZONE = ZoneInfo("Asia/Jakarta")
AT = dt.datetime(2024, 8, 14, 9, 0, tzinfo=ZONE)
IMBAUAN = "pilkada-2024.V12.imbauan-pengumuman-dps.1"
RAKOR = "pilkada-2024.V12.rakor-stakeholder.1"
KASUBBAG, KEPALA = "Nama Kasubbag Administrasi (contoh)", "Nama Kepala Sekretariat (contoh)"
KORDIV, KETUA = "Nama Kordiv Pencegahan (contoh)", "Nama Ketua (contoh)"
CHAIN = (KASUBBAG, KEPALA, KORDIV, KETUA)
STAFF = "Nama Staf Pencegahan (contoh)"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
WORKER = Path(__file__).with_name("worker.py")


class Desk:
    """An office on one day, and what people say in it; every answer comes a minute after the one before."""

    def __init__(self, home: Home, day: dt.date = DAY) -> None:
        self.home, self.day, self.at = home, day, AT
        self.office = home.office.profile.id
        catch_up(home, self.plan, day, AT)
        approval.submit_all(home, self.plan, day, AT)

    @property
    def plan(self) -> Plan:
        return self.home.plan("pilkada-2024")

    def asked(self, letter_id: str = IMBAUAN) -> Asked | None:
        return approval.asked(self.home, self.plan, letter_id, self.day)

    def say(self, word: str, name: str, note: str = "", letter_id: str = IMBAUAN, **more: object) -> LetterRow:
        self.at += dt.timedelta(minutes=1)
        answer = replace(Answer(word, name, "meja", catatan=note), **more)
        return approval.decide(self.home, self.plan, letter_id, answer, self.day, self.at)

    def refused(self, word: str, name: str, note: str = "", **more: object) -> str:
        with pytest.raises((Refused, DataError)) as error:
            self.say(word, name, note, **more)
        return error.value.problems[0].what

    def row(self, letter_id: str = IMBAUAN) -> LetterRow:
        with reading(self.home.engine) as connection:
            return register.letter(connection, self.office, letter_id)

    def told(self, letter_id: str = IMBAUAN) -> list[tuple[str, str]]:
        """Who and what, of the letter's journal."""
        with reading(self.home.engine) as connection:
            assert list(journal.broken(connection, self.office)) == []
            rows = connection.execute(
                sa.select(jurnal.c.who, jurnal.c.what).where(jurnal.c.subject == letter_id).order_by(jurnal.c.seq)
            )
            return [(row.who, row.what) for row in rows]

    def detail(self, what: str, subject: str = IMBAUAN) -> dict[str, object]:
        with reading(self.home.engine) as connection:
            query = sa.select(jurnal.c.detail).where(jurnal.c.subject == subject, jurnal.c.what == what)
            return json.loads(connection.execute(query).scalar_one())

    def enrol(self, name: str = KASUBBAG) -> TOTP:
        with writing(self.home.engine) as connection:
            return TOTP(codes.enrol(connection, self.home.root, self.office, name, STAFF, self.at).text)

    def code(self, secret: TOTP, off: int = 0) -> str:
        """What the phone shows at the next answer, its clock ``off`` seconds wrong."""
        return secret.at(self.at + dt.timedelta(minutes=1, seconds=off))


@pytest.fixture
def desk(real_home: Callable[..., Home]) -> Desk:
    return Desk(real_home())


# --- the chain -----------------------------------------------------------------------------------


def test_each_of_the_chain_is_asked_in_turn_and_the_last_yes_numbers(desk: Desk):
    """Three initials, one signature, one journal row for each; the number comes with the last."""
    for name in CHAIN:
        assert (question := desk.asked()) and (question.nama, question.signs) == (name, name == KETUA)
        desk.say("setuju", name)

    row = desk.row()
    assert (row.state, row.tanggal, row.approved_by) == ("disetujui", DAY, KETUA)
    assert desk.told() == [
        ("tahapan", "draf"), ("tahapan", "diajukan"), (KASUBBAG, "paraf"), (KEPALA, "paraf"), (KORDIV, "paraf"),
        (KETUA, "setuju dan nomor"),
    ]  # fmt: skip
    assert desk.detail("setuju dan nomor")["kode"] == "tanpa kode"
    assert desk.asked() is None
    assert archive.verify(desk.home, row).sound


def test_only_who_holds_the_role_today_can_answer(desk: Desk):
    """Neither the chair before his turn, nor nobody, nor an unknown name; capitals and spaces do not matter."""
    assert desk.refused("setuju", KETUA).startswith(f"{KETUA} bukan Kepala Subbagian Administrasi pada 14 Agustus 2024")
    assert desk.refused("setuju", "").startswith("nama belum dipilih")
    assert desk.refused("", KASUBBAG).startswith("keputusan belum dipilih")
    assert desk.refused("boleh", KASUBBAG).startswith("keputusan belum dipilih")
    desk.say("setuju", f"  {KASUBBAG.upper()} ")


def test_an_approver_whose_term_ended_yesterday_is_asked_no_more(desk: Desk):
    """His successor is, on the very next day; with nobody there, the question says so."""
    file = desk.home.kantor / "pejabat.toml"
    was = f'nama  = "{KASUBBAG}"\nsejak = 2023-01-02'
    ended = f"{was}\nsampai = {DAY - dt.timedelta(days=1)}"
    text = file.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, ended), "utf-8")

    assert (question := desk.asked()) and question.nama == ""
    assert "tidak ada pemegang jabatan Kepala Subbagian Administrasi" in desk.refused("setuju", KASUBBAG)
    heir = f'\n[[pemegang]]\nperan = "kasubbag-administrasi"\nnama = "Nama Pengganti (contoh)"\nsejak = {DAY}\n'
    file.write_text(text.replace(was, ended) + heir, "utf-8")
    assert desk.refused("setuju", KASUBBAG).endswith("(yang berwenang: Nama Pengganti (contoh)).")
    desk.say("setuju", "Nama Pengganti (contoh)")


def test_a_revision_or_a_refusal_needs_its_reason(desk: Desk):
    """Nothing happens without; the letter is still where it was."""
    for word in ("revisi", "tolak"):
        assert desk.refused(word, KASUBBAG) == f"catatan belum diisi; {word} harus dengan alasan."
        assert desk.refused(word, KASUBBAG, "  ") == f"catatan belum diisi; {word} harus dengan alasan."
    assert "terlalu panjang" in desk.refused("tolak", KASUBBAG, "x" * 100_000)
    assert (question := desk.asked()) and question.langkah == 0


def test_a_wish_for_revision_returns_the_draft_with_its_note(desk: Desk):
    """The machine does not put the same words up again; a person may, and then all are asked anew from that step."""
    desk.say("setuju", KASUBBAG)
    row = desk.say("revisi", KEPALA, "Tambahkan nomor telepon.")

    assert (row.state, row.note) == ("draf", f"diminta revisi oleh {KEPALA}: Tambahkan nomor telepon.")
    assert desk.asked() is None
    approval.submit_all(desk.home, desk.plan, DAY, desk.at)
    assert desk.row().state == "draf"
    approval.submit(desk.home, desk.plan, IMBAUAN, STAFF, desk.at)
    assert (question := desk.asked()) and (question.nama, question.langkah) == (KEPALA, 1)


def test_a_refusal_ends_the_letter(desk: Desk):
    """With its reason; no number was used."""
    row = desk.say("tolak", KASUBBAG, "Sudah disampaikan lisan.")
    assert (row.state, row.note, row.nomor) == ("ditolak", "Sudah disampaikan lisan.", None)
    assert "ditolak" in desk.refused("setuju", KASUBBAG) or "sudah diputuskan" in desk.refused("setuju", KASUBBAG)


def test_other_words_must_be_read_by_all_again(desk: Desk):
    """An edit makes a version that nobody has agreed to; the old one is asked for no more."""
    desk.say("setuju", KASUBBAG)
    letter = Letter.model_validate_json(desk.row().content)
    first, *rest = letter.blocks
    spans = (first.spans[0].model_copy(update={"text": "Dengan hormat, "}), *first.spans)
    edited = Edited(blocks=(first.model_copy(update={"spans": spans}), *rest), annexes=letter.annexes, ignored=())
    changed = revise.edit(desk.home, desk.plan, IMBAUAN, edited, STAFF, DAY, desk.at)
    approval.submit(desk.home, desk.plan, changed.row.id, STAFF, desk.at)

    assert desk.asked() is None
    assert (question := desk.asked(changed.row.id)) and (question.nama, question.earlier) == (KASUBBAG, ())


def test_what_was_read_is_what_is_decided(desk: Desk):
    """An answer to a question that is no longer asked is told why: answered, or other words since."""
    key = desk.asked().key
    desk.say("setuju", KASUBBAG, key=key)
    assert desk.refused("setuju", KASUBBAG, key=key) == (
        f"sudah diputuskan {KASUBBAG} (setuju) pada 14 Agustus 2024 pukul 09.01."
    )
    assert desk.refused("setuju", KEPALA, key="000000000000-2") == "isinya berubah sejak dibaca."


def test_who_holds_the_next_role_too_says_yes_once_but_signs_apart(desk: Desk):
    """A Plh. of two roles gives one answer for both initials; a signature always stands for itself."""
    file = desk.home.kantor / "pejabat.toml"
    acting = f'\n[[pemegang]]\nperan = "kepala-sekretariat"\nnama = "{KASUBBAG}"\nsejak = {DAY}\nsampai = {DAY}\nsebagai = "Plh."\n'
    file.write_text(file.read_text("utf-8") + acting, "utf-8")
    desk.say("setuju", KASUBBAG)
    assert (question := desk.asked()) and (question.nama, question.langkah) == (KORDIV, 2)
    assert [each.peran for each in question.earlier] == ["kasubbag-administrasi", "kepala-sekretariat"]


def test_nobody_signs_alone_what_only_he_has_read(desk: Desk):
    """Holder of every role of the chain by stand-in: somebody else has to read it too."""
    file = desk.home.kantor / "pejabat.toml"
    acting = "".join(
        f'\n[[pemegang]]\nperan = "{peran}"\nnama = "{KETUA}"\nsejak = {DAY}\nsampai = {DAY}\nsebagai = "Plh."\n'
        for peran in ("kasubbag-administrasi", "kepala-sekretariat", "kordiv-pencegahan")
    )
    file.write_text(file.read_text("utf-8") + acting, "utf-8")
    desk.say("setuju", KETUA)
    assert (question := desk.asked()) and question.signs
    assert desk.refused("setuju", KETUA).startswith(f"{KETUA} sendirian menulis atau memaraf surat ini")


# --- codes ---------------------------------------------------------------------------------------


def test_a_code_works_once(desk: Desk):
    """The same six figures again are refused, though still shown on the phone."""
    secret = desk.enrol()
    assert desk.refused("setuju", KASUBBAG).startswith("kode belum diisi")
    shown = desk.code(secret)
    desk.say("setuju", KASUBBAG, kode=f"{shown[:3]} {shown[3:]}")
    assert desk.row().state == "diajukan"
    said = desk.refused("setuju", KASUBBAG, letter_id=RAKOR, kode=shown)
    assert said == "kode itu sudah dipakai; tunggu angka berikutnya."
    assert desk.detail("paraf")["kode"] == "dengan kode"


@pytest.mark.parametrize("off", [-60, -30, 30, 60])
def test_a_phone_a_minute_off_is_no_fault(desk: Desk, off: int):
    """Either way."""
    desk.say("setuju", KASUBBAG, kode=desk.code(desk.enrol(), off))


def test_a_phone_three_minutes_off_is_refused(desk: Desk):
    assert desk.refused("setuju", KASUBBAG, kode=desk.code(desk.enrol(), 180)).startswith("kode salah")


def test_five_wrong_codes_lock_the_name_for_a_quarter_of_an_hour(desk: Desk):
    """Counted over refusals, journalled; the right code does not open it before, and does after."""
    secret = desk.enrol()
    for left in (4, 3, 2, 1):
        assert desk.refused("setuju", KASUBBAG, kode="000000") == f"kode salah (kesempatan tersisa {left})."
    assert "dikunci sampai pukul 09.20" in desk.refused("setuju", KASUBBAG, kode="000000")
    assert "dikunci sampai pukul 09.20" in desk.refused("setuju", KASUBBAG, kode=desk.code(secret))
    assert desk.told(KASUBBAG) == [(STAFF, "kode didaftarkan"), ("tahapan", "kode dikunci")]
    desk.at += dt.timedelta(minutes=15)
    desk.say("setuju", KASUBBAG, kode=desk.code(secret))


def test_a_name_in_other_capitals_needs_its_code_too(desk: Desk):
    """The lock is on the person, not on the spelling."""
    desk.enrol()
    assert desk.refused("setuju", KASUBBAG.lower()).startswith("kode belum diisi")


def test_an_office_may_ask_for_codes_of_all(desk: Desk):
    """Then who has none cannot decide."""
    file = desk.home.kantor / "kantor.toml"
    file.write_text(file.read_text("utf-8") + "\n[persetujuan]\nwajib_kode = true\n", "utf-8")
    assert f"{KASUBBAG} belum punya kode" in desk.refused("setuju", KASUBBAG)


def test_the_secret_is_not_in_the_database(desk: Desk):
    """Only encrypted, with a key file that nobody else may read; without that file no code is taken."""
    secret = desk.enrol()
    key = desk.home.root / codes.KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    desk.home.engine.dispose()
    assert all(secret.secret.encode() not in path.read_bytes() for path in desk.home.root.glob("tahapan.db*"))
    key.write_bytes(b"lain")
    with pytest.raises(Exception, match="berkas kunci kode rusak"):
        desk.say("setuju", KASUBBAG, kode=desk.code(secret))


# --- decided elsewhere ---------------------------------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (path := tmp_path / "pesan.jpg").write_bytes(JPEG)
    return path


def elsewhere(picture: Path, **other: object) -> Elsewhere:
    said = Elsewhere(STAFF, AT + dt.timedelta(seconds=30), "pesan WhatsApp", picture)
    return replace(said, **other)


def test_a_decision_on_paper_is_recorded_by_the_secretariat(desk: Desk, picture: Path):
    """The journal names both, and the picture is kept under its hash; no code is asked for."""
    desk.enrol()
    desk.say("setuju", KASUBBAG, cara="luar", luar=elsewhere(picture))
    assert desk.told()[-1] == (f"dicatat oleh {STAFF} atas keputusan {KASUBBAG}", "paraf")
    detail = desk.detail("paraf")
    assert (detail["cara"], detail["lewat"], detail["kode"]) == ("di luar sistem", "pesan WhatsApp", "tanpa kode")
    assert (desk.home.bukti / f"{detail['bukti']}.jpg").read_bytes() == JPEG


def test_what_is_recorded_must_be_possible(desk: Desk, picture: Path):
    """Not by the decider, not by a stranger, not before it was asked nor in the future, not without a way or a picture."""

    def said(**other: object) -> str:
        return desk.refused("setuju", KASUBBAG, cara="luar", luar=elsewhere(picture, **other))

    assert "bukan orang sekretariat" in said(oleh=KETUA)
    assert "tidak boleh orang yang memutuskan" in said(oleh=KASUBBAG)
    assert "belum lewat" in said(pada=desk.at + dt.timedelta(hours=1))
    assert "mendahului pengajuannya" in said(pada=AT - dt.timedelta(days=1))
    assert "cara keputusan disampaikan belum diisi" in said(lewat=" ")
    assert said(bukti=picture.with_name("tidak-ada.jpg")).startswith("berkas bukti tidak ada")
    assert (question := desk.asked()) and question.langkah == 0


@pytest.mark.parametrize("kinds", [["imbauan-pengumuman-dps"], ["*"]])
def test_an_office_may_forbid_it_for_a_kind(desk: Desk, picture: Path, kinds: list[str]):
    file = desk.home.kantor / "kantor.toml"
    kind = desk.row().kind
    wanted = [kind if each != "*" else each for each in kinds]
    file.write_text(file.read_text("utf-8") + f"\n[persetujuan]\ntanpa_luar = {json.dumps(wanted)}\n", "utf-8")
    said = desk.refused("setuju", KASUBBAG, cara="luar", luar=elsewhere(picture))
    assert said.startswith("kantor ini tidak menerima keputusan di luar sistem untuk")


# --- forms that are read twice, deciders at once, kills ------------------------------------------


def test_a_wrong_form_read_again_counts_once(desk: Desk):
    """A resumed run reads the same answer; the next form has the reason above it."""
    attempt = f"{desk.asked().key}-1:jalan-1"
    for _ in range(2):
        desk.refused("revisi", KASUBBAG, attempt=attempt)
    assert desk.asked().refused == ("catatan belum diisi; revisi harus dengan alasan",)


def ran(*words: object) -> list[int]:
    done = subprocess.run([sys.executable, WORKER, *map(str, words)], check=False, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def up_to_the_chair(home: Home) -> Desk:
    desk = Desk(home)
    for name in CHAIN[:-1]:
        desk.say("setuju", name)
    return desk


def as_it_stands(desk: Desk) -> None:
    """One number, one decision for each step, one journal row for each fact, both files as the book has them."""
    row = desk.row()
    assert archive.verify(desk.home, row).sound and (desk.home.surat / row.docx).is_file()
    archive.sweep(desk.home.surat)  # as the next number does
    assert not list(desk.home.surat.glob("*.baru"))
    with reading(desk.home.engine) as connection:
        steps = sa.select(putusan.c.langkah).where(putusan.c.surat == IMBAUAN)
        assert sorted(connection.execute(steps).scalars()) == [0, 1, 2, 3]
        assert (
            list(journal.disagreements(connection, desk.office)) == list(register.gaps(connection, desk.office)) == []
        )
    assert [what for _, what in desk.told()] == ["draf", "diajukan", *["paraf"] * 3, "setuju dan nomor"]


def test_of_deciders_at_once_one_wins_and_the_others_are_told(real_home: Callable[..., Home], database: str):
    """Four processes say yes for the chair at the same moment, on either database."""
    desk = up_to_the_chair(real_home(database))
    desk.home.engine.dispose()
    codes_of_exit = ran("rivals", desk.home.root, database, IMBAUAN, DAY, 4)
    # who looked after the winner had committed finds nothing asked, and that is no fault
    assert set(codes_of_exit) <= {0, 3} and 0 in codes_of_exit
    as_it_stands(desk)


@pytest.mark.parametrize(
    "where",
    [
        "before tahapan.approval.number",
        "after tahapan.issue.render",
        "after tahapan.register.assign",
        "after tahapan.journal.write",
        "before pathlib.Path.replace",
        "after pathlib.Path.replace",
    ],
)  # fmt: skip
def test_killed_between_yes_and_file_the_next_yes_ends_alike(real_home: Callable[..., Home], database: str, where: str):
    """Approve, number, render, file, journal: at each point, on either database, one number and one row per fact."""
    desk = up_to_the_chair(real_home(database))
    desk.home.engine.dispose()
    assert ran("decide", desk.home.root, database, IMBAUAN, DAY, where) == [-9, 0]
    as_it_stands(desk)
