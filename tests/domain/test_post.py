"""How letters leave: each copy once, what broke off waits for a person, a rehearsal reaches nobody."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import io
import json
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from tahapan import evidence, issue, journal, register, revise
from tahapan.directory import Kontak
from tahapan.errors import DataError, MachineError, NotKnown, Refused
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.post import envelope, outbox, receipts, sending
from tahapan.post.mail import Relay
from tahapan.post.receipts import Receipt
from tahapan.post.sending import Post, send
from tahapan.settings import Settings, read_settings
from tahapan.store.engine import alone, reading

WHO = "Nama Staf Humas (contoh)"
CHAIR = "Nama Ketua (contoh)"
ON = dt.date(2024, 8, 14)
AT = dt.datetime(2024, 8, 14, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FAST = "ulangi_menit = [5, 15]\njeda_detik = 0.0\n"


class Clock:
    """A clock that stands until somebody waits."""

    def __init__(self) -> None:
        self.now, self.waited = AT, 0.0

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        self.now += dt.timedelta(seconds=seconds)


class Office:
    """A real office with a letter to some addressees, numbered on 14 August."""

    def __init__(self, home: Home, tmp_path: Path) -> None:
        self.home, self.clock = home, Clock()
        (home.kantor / "kirim.toml").write_text(FAST, "utf-8")
        self.scan = tmp_path / "ttd.pdf"
        self.scan.write_bytes(PDF)

    @property
    def plan(self) -> Plan:
        return self.home.plan("pilkada-2024")

    def letter(
        self, *kepada: str, signed: bool = True, nama: str = "pengantar", tembusan: tuple[str, ...] = ("kpu-provinsi",)
    ) -> str:
        isi = {"pokok": "Laporan Pengawasan", "kiriman": [{"jenis": "Laporan", "banyaknya": "1 (satu) berkas"}]}
        asked = revise.request(
            self.home, self.plan, "surat-pengantar", nama, isi, kepada=kepada, tembusan=tembusan, dasar=("pemilihan",)
        )
        row = revise.write(self.home, self.plan, asked, WHO, ON, AT)
        issue.approve(self.home, self.plan, row.id, ON, CHAIR, AT)
        if signed:
            evidence.sign(self.home, self.plan, row.id, self.scan, WHO, ON, AT)
        return row.id

    def queue(self, letter_id: str, **more: Any) -> tuple[outbox.Copy, ...]:
        return outbox.queue(self.home, self.plan, letter_id, WHO, ON, AT, **more)

    def send(self, relay: Relay, mode: sending.Mode = "hidup", uji: str = "", most: int | None = None) -> sending.Sent:
        return send(self.home, self.plan, Post(mode, relay, uji), self.clock, self.clock.wait, most)

    def states(self, letter_id: str | None = None) -> dict[str, str]:
        return {copy.penerima: copy.keadaan for copy in outbox.copies(self.home, self.plan, letter_id)}

    def row(self, letter_id: str) -> register.LetterRow:
        with reading(self.home.engine) as connection:
            return register.letter(connection, self.plan.office.profile.id, letter_id)

    def decide(self, letter_id: str, penerima: str, verdict: outbox.Verdict, alasan: str = "") -> outbox.Copy:
        return outbox.decide(self.home, self.plan, letter_id, penerima, verdict, alasan, WHO, AT)


@pytest.fixture
def office(real_home: Callable[..., Home], tmp_path: Path) -> Office:
    return Office(real_home(), tmp_path)


# --- into the outbox -------------------------------------------------------------------------------


def test_a_letter_goes_by_mail_to_who_has_a_mailbox_and_printed_to_the_others(office: Office):
    """Addressees and those who read it for information, each once; the same call again adds nothing."""
    made = office.queue(letter := office.letter("kpu", "kodim", "polres", "kpu"))
    assert [(copy.penerima, copy.cara, copy.tembusan) for copy in made] == [
        ("kpu", "surel", False), ("kodim", "cetak", False), ("polres-lima-puluh-kota", "cetak", False),
        ("polres-payakumbuh", "cetak", False), ("kpu-provinsi", "surel", True),
    ]  # fmt: skip
    assert {copy.penerima: copy.rute for copy in made}["polres-payakumbuh"] == "Payakumbuh"
    assert office.queue(letter) == ()


def test_nothing_unapproved_leaves(office: Office):
    """A draft, a void letter, one that nobody signed; on paper the unsigned one may be printed to be signed."""
    isi = {"pokok": "Laporan", "kiriman": [{"jenis": "Laporan", "banyaknya": "1 (satu) berkas"}]}
    asked = revise.request(
        office.home, office.plan, "surat-pengantar", "draf", isi, kepada=("kpu",), dasar=("pemilihan",)
    )
    draft = revise.write(office.home, office.plan, asked, WHO, ON, AT)
    with pytest.raises(Refused, match="berstatus draf"):
        office.queue(draft.id)
    unsigned = office.letter("kpu", signed=False)
    with pytest.raises(Refused, match="belum ada berkas bertanda tangan"):
        office.queue(unsigned)
    assert {copy.cara for copy in office.queue(unsigned, cara="cetak")} == {"cetak"}
    void = office.letter("kpu", nama="batal")
    from tahapan.book.void import void as make_void

    make_void(office.home, office.plan, void, "salah alamat", WHO, AT)
    with pytest.raises(Refused, match="berstatus batal"):
        office.queue(void)


def test_a_confidential_letter_is_never_mailed(office: Office):
    """It is printed, even where the addressee has a mailbox; asked for by mail it is refused."""
    letter = office.letter("kpu")
    row = office.row(letter)
    content = Letter.model_validate_json(row.content).model_copy(update={"sifat": "Rahasia"}).model_dump_json()
    from tahapan.store.engine import writing
    from tahapan.store.tables import surat

    with writing(office.home.engine) as connection:
        connection.execute(surat.update().where(surat.c.id == letter).values(content=content))
    with pytest.raises(Refused, match="rahasia tidak lewat surel"):
        office.queue(letter, cara="surel")
    assert {copy.cara for copy in office.queue(letter)} == {"cetak"}


def test_an_invitation_does_not_leave_on_the_day_of_its_meeting(rehearse: Callable[..., tuple[Home, Plan]]):
    home, plan = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 14))
    letter = "pilkada-2024.V12.rakor-stakeholder.1"
    with pytest.raises(Refused, match="rapatnya Rabu, 21 Agustus 2024"):
        outbox.queue(home, plan, letter, WHO, dt.date(2024, 8, 21), AT, "cetak")
    assert outbox.queue(home, plan, letter, WHO, dt.date(2024, 8, 20), AT, "cetak")


BAD = ["a\nb@c.id", "kpu@c.id\nBcc: x@y.id", "kpu@c.id\r\n", "a@b", "a b@c.id", "a@b.id, c@d.id", "<a@b.id>", "a..b@c.id", "a@-b.id", "é@c.id", "@c.id"]  # fmt: skip


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_could_be_a_second_header_is_refused(address: str):
    with pytest.raises(ValidationError, match="alamat surel"):
        Kontak(id="camat-13.07.01", surel=address)


# --- sending ---------------------------------------------------------------------------------------


def test_each_mailbox_gets_one_message_with_the_signed_letter(office: Office, relay: Relay, inbox: Any):
    """The archive's number as file name, the title in the text, its own Message-ID; sent again: nothing."""
    letter = office.letter("kpu", "dukcapil")
    office.queue(letter)
    assert str(office.send(relay)) == "3 terkirim"
    assert inbox.to == ["surat@kpu.example", "surat@dukcapil.example", "surat@kpu-provinsi.example"]
    first, second, third = inbox.mails
    assert first["Subject"] == office.row(letter).hal and first["To"] == "surat@kpu.example"
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 3 and letter in first["Message-ID"]
    assert "Yth. Ketua KPU Kabupaten Lima Puluh Kota" in first.get_body().get_content()
    assert "sebagai tembusan" in third.get_body().get_content() and "tembusan" not in second.get_body().get_content()
    [attached] = first.iter_attachments()
    assert (
        attached.get_content() == PDF and attached.get_filename() == f"{office.row(letter).nomor.replace('/', '-')}.pdf"
    )
    assert str(office.send(relay)) == "Tidak ada yang menunggu dikirim." and len(inbox.taken) == 3
    assert office.row(letter).state == "dikirim"
    with reading(office.home.engine) as connection:
        said = [each.what for each in journal.entries(connection, office.plan.office.profile.id, surat=letter)]
        assert said.count("surel terkirim") == 3 and not list(journal.broken(connection, office.plan.office.profile.id))


def test_two_offices_with_one_mailbox_get_one_message(office: Office, relay: Relay, inbox: Any):
    """It names both; each has its own row and its own receipt."""
    file = office.home.kantor / "alamat.toml"
    file.write_text(file.read_text("utf-8").replace("surat@dpmdn.example", "Surat@Dukcapil.example"), "utf-8")
    office.queue(office.letter("dukcapil", "dpmdn", tembusan=()))
    office.send(relay)
    [mail] = inbox.mails
    assert "Kepala Dinas Kependudukan" in (text := mail.get_body().get_content()) and "Pemberdayaan Masyarakat" in text
    assert office.states() == {"dukcapil": "terkirim", "dpmdn": "terkirim"}


def test_a_subject_or_name_cannot_become_another_header(office: Office, relay: Relay, inbox: Any):
    from tahapan.post.mail import message

    made = message(relay, 'Bawaslu "X"', "kpu@c.id", "Hal\r\nBcc: a@b.id", ".\r\n.baris\n", "<1@x>", AT, [])
    assert made["Bcc"] is None and made["Subject"] == "Hal Bcc: a@b.id"
    with pytest.raises(ValueError, match=r"(?i)cr|lf|header|invalid"):
        message(relay, "Bawaslu\nBcc: a@b.id", "kpu@c.id", "Hal", "isi", "<1@x>", AT, [])


def test_a_dot_at_the_beginning_of_a_line_arrives_as_it_was(office: Office, relay: Relay, inbox: Any):
    from tahapan.post.mail import Session, message

    with Session(relay) as line:
        assert line.offer("kpu@c.id") is None
        assert (
            line.hand_over(message(relay, "Bawaslu", "kpu@c.id", "Hal", ".\n..\n.baris\n", "<1@x>", AT, [])).kind
            == "ya"
        )
    assert inbox.mails[0].get_content().splitlines() == [".", "..", ".baris"]


def test_not_now_is_tried_again_later_and_never_is_a_failure_by_name(office: Office, relay: Relay, inbox: Any):
    """Greylisting passes at the second try; a full mailbox three times is a failure; an unknown domain at once."""
    inbox.refuse = {
        "surat@kpu.example": ["451 4.7.1 Greylisted"], "surat@dukcapil.example": ["452 4.2.2 Mailbox full"] * 3,
        "surat@dpmdn.example": ["550 5.1.2 Unknown domain"],
    }  # fmt: skip
    letter = office.letter("kpu", "dukcapil", "dpmdn", "kesbangpol", tembusan=())
    office.queue(letter)
    assert str(office.send(relay)) == "1 terkirim, 2 diulang nanti, 1 gagal"
    assert str(office.send(relay)) == "Tidak ada yang menunggu dikirim."
    office.clock.wait(6 * 60)
    assert str(office.send(relay)) == "1 terkirim, 1 diulang nanti"
    office.clock.wait(16 * 60)
    assert str(office.send(relay)) == "1 gagal"
    said = {copy.penerima: copy.catatan for copy in outbox.copies(office.home, office.plan, letter, (outbox.GAGAL,))}
    assert said == {"dukcapil": "452 4.2.2 Mailbox full", "dpmdn": "550 5.1.2 Unknown domain"}
    assert office.row(letter).state == "ditandatangani"  # somebody still has to look


def test_a_failure_is_sent_to_the_address_that_the_directory_has_now(office: Office, relay: Relay, inbox: Any):
    inbox.refuse = {"surat@dpmdn.example": ["550 no such user"]}
    letter = office.letter("dpmdn", tembusan=())
    office.queue(letter)
    office.send(relay)
    file = office.home.kantor / "alamat.toml"
    file.write_text(file.read_text("utf-8").replace("surat@dpmdn.example", "baru@dpmdn.example"), "utf-8")
    office.decide(letter, "dpmdn", "ulang")
    office.send(relay)
    assert inbox.to == ["baru@dpmdn.example"] and office.row(letter).state == "dikirim"


def test_the_pace_of_a_domain_is_kept(office: Office, relay: Relay, inbox: Any):
    """Two camat of one domain wait for each other; the others go between."""
    (office.home.kantor / "kirim.toml").write_text(
        'ulangi_menit = [5]\njeda_detik = 10.0\njeda_domain = { "suliki.example" = 60.0 }\n', "utf-8"
    )
    office.queue(office.letter("camat-13.07.01", "panwaslu-13.07.01", "kpu", tembusan=()))
    office.send(relay)
    assert inbox.to == ["camat@suliki.example", "surat@kpu.example", "panwaslu@suliki.example"]
    assert office.clock.waited == 60.0


def test_an_invitation_that_waits_too_long_is_a_failure_and_not_sent_after_its_meeting(
    rehearse: Callable[..., tuple[Home, Plan]], relay: Relay, inbox: Any, tmp_path: Path
):
    """Deferred, or the post was off until the day itself."""
    home, plan = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 14))
    letter = "pilkada-2024.V12.rakor-stakeholder.1"
    evidence.sign(home, plan, letter, home.surat / f"{letter}.pdf", WHO, ON, AT)
    outbox.queue(home, plan, letter, WHO, ON, AT)
    late = dt.datetime(2024, 8, 21, 0, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    send(home, plan, Post("uji", relay, "a@b.id"), lambda: late, lambda _: None, 2)
    assert inbox.taken == []
    failed = outbox.copies(home, plan, letter, (outbox.GAGAL,))
    assert len(failed) == 2 and failed[0].catatan.startswith("rapatnya Rabu, 21 Agustus 2024")


def test_printed_copies_of_a_void_letter_are_not_brought_round(office: Office):
    from tahapan.book.void import void

    letter = office.letter("kodim", tembusan=())
    office.queue(letter)
    void(office.home, office.plan, letter, "salah lampiran", WHO, AT)
    assert outbox.printed(office.home, office.plan) == () == envelope.packs(office.home, office.plan)


def test_an_addressee_that_vanished_is_named_and_not_left_out(office: Office):
    file = office.home.kantor / "alamat.toml"
    before = file.read_text("utf-8")
    radio = '[[alamat]]\nid = "radio"\ngelar = [{ jabatan = "Pimpinan Radio (contoh)" }]\n\n'
    file.write_text(f"{before}\n{radio}", "utf-8")
    letter = office.letter("kpu", "radio", tembusan=())
    file.write_text(before.replace("# Penerima surat", "# Penerima  surat"), "utf-8")
    with pytest.raises(Refused, match=r"tidak ada lagi dalam daftar alamat: Pimpinan Radio \(contoh\)"):
        office.queue(letter)


def test_a_test_address_that_is_refused_says_nothing_of_the_addressee(office: Office, relay: Relay, inbox: Any):
    inbox.refuse = {"saya@bawaslu.example": ["550 no such user"] * 3}
    office.queue(office.letter("kpu", tembusan=()))
    assert str(office.send(relay, "uji", "saya@bawaslu.example")) == "1 diulang nanti"
    assert set(office.states().values()) == {"antre"}


def test_a_letter_made_void_while_it_waits_is_not_sent(office: Office, relay: Relay, inbox: Any):
    from tahapan.book.void import void

    letter = office.letter("kpu", "dukcapil", tembusan=())
    office.queue(letter)
    void(office.home, office.plan, letter, "salah lampiran", WHO, AT)
    office.send(relay)
    assert inbox.taken == [] and set(office.states().values()) == {"batal"}


# --- the mode --------------------------------------------------------------------------------------


def test_mail_is_off_until_somebody_switches_it_on(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TAHAPAN_POST", raising=False)
    with pytest.raises(Refused, match="mati"):
        Post.of(read_settings()).check(office.home)
    monkeypatch.setenv("TAHAPAN_POST", "menyala")
    with pytest.raises(DataError, match="TAHAPAN_POST: nilai 'menyala'"):
        read_settings()
    with pytest.raises(Refused, match="TAHAPAN_SMTP_HOST"):
        Post.of(Settings(post="hidup")).check(office.home)
    with pytest.raises(Refused, match="TAHAPAN_POST_UJI"):
        Post.of(Settings(post="uji", smtp_host="127.0.0.1", smtp_dari="a@b.id", smtp_keamanan="tanpa")).check(
            office.home
        )


def test_an_address_of_the_office_that_is_none_is_told_before_anything_leaves(office: Office):
    for settings_ in ({"smtp_dari": "a@b.id\nBcc: x@y.id"}, {"smtp_dari": "a@b.id", "post_uji": "bukan alamat"}):
        with pytest.raises(DataError, match="alamat surel"):
            Post.of(
                Settings(
                    post="uji", smtp_host="127.0.0.1", smtp_keamanan="tanpa", **{"post_uji": "a@b.id", **settings_}
                )
            ).check(office.home)


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(office: Office):
    office.queue(office.letter("kpu", tembusan=()))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(MachineError, match="tidak terhubung"):
            office.send(Relay("127.0.0.1", silent.getsockname()[1], "a@b.id", "tanpa", timeout=0.5))
    assert set(office.states().values()) == {"antre"}


def test_a_test_goes_to_one_address_and_the_letter_is_still_to_be_sent(office: Office, relay: Relay, inbox: Any):
    """Each message once; then in earnest to everybody."""
    letter = office.letter("kpu", "dukcapil", tembusan=())
    office.queue(letter)
    assert str(office.send(relay, "uji", "saya@bawaslu.example")) == "2 ke alamat uji"
    assert str(office.send(relay, "uji", "saya@bawaslu.example")) == "Tidak ada yang menunggu dikirim."
    assert inbox.to == ["saya@bawaslu.example"] * 2 and inbox.mails[0]["Subject"].startswith("[UJI] ")
    assert "surat ini untuk surat@kpu.example" in inbox.mails[0].get_body().get_content()
    assert set(office.states().values()) == {"antre"}
    office.send(relay)
    assert inbox.to[2:] == ["surat@kpu.example", "surat@dukcapil.example"]


def test_a_rehearsal_never_reaches_anybody(rehearse: Callable[..., tuple[Home, Plan]], relay: Relay):
    """Neither in earnest, nor as a test through a server elsewhere; to a server on this machine as a test it may."""
    home, _ = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 13))
    elsewhere = Relay("surel.example", 587, "a@b.id")
    for post in (Post("hidup", relay), Post("hidup", elsewhere), Post("uji", elsewhere, "a@b.id")):
        with pytest.raises(Refused, match="gladi tidak mengirim"):
            post.check(home)
    assert Post("uji", relay, "a@b.id").check(home) is relay


def test_a_letter_does_not_cross_the_network_in_the_clear(office: Office):
    office.queue(office.letter("kpu", tembusan=()))
    with pytest.raises(Refused, match="tanpa enkripsi"):
        office.send(Relay("192.0.2.1", 25, "a@b.id", "tanpa"))


def test_a_password_is_not_shown(office: Office):
    assert "rahasia" not in repr(Relay("a.id", 587, "a@b.id", user="a", password=SecretStr("rahasia")))


# --- the line --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_starttls_and_login_and_what_refuses_them(
    office: Office, authority: trustme.CA, tmp_path: Path, inbox: Any, smtp_server: Any
):
    """Everything still waits when the certificate is nobody's, the server offers no TLS, or the password is wrong."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=(data.login, data.password) == (b"bawaslu", b"benar"), handled=False)

    office.queue(office.letter("kpu", tembusan=()))
    port = smtp_server(tls_context=context, authenticator=check, auth_require_tls=True, require_starttls=True).port

    def through(password: str, ca: Path | None) -> sending.Sent:
        secret = SecretStr(password)
        return office.send(Relay("127.0.0.1", port, "a@b.id", "starttls", "bawaslu", secret, ca, timeout=5))

    with pytest.raises(MachineError, match="sambungan terenkripsi ditolak"):
        through("benar", None)
    with pytest.raises(MachineError, match=r"menolak nama atau sandi \(535\)"):
        through("salah", ca)
    assert set(office.states().values()) == {"antre"} and inbox.taken == []
    assert str(through("benar", ca)) == "1 terkirim"


def test_a_server_without_tls_is_refused(office: Office, relay: Relay):
    office.queue(office.letter("kpu", tembusan=()))
    with pytest.raises(MachineError, match="tidak menawarkan STARTTLS"):
        office.send(Relay("127.0.0.1", relay.port, "a@b.id", "starttls", timeout=5))
    with pytest.raises(MachineError, match="tidak terhubung"):
        office.send(Relay("127.0.0.1", 1, "a@b.id", "tanpa", timeout=5))
    assert set(office.states().values()) == {"antre"}


class Breaking(socketserver.ThreadingTCPServer):
    """An SMTP server of the plainest kind that hangs up at a named moment, once; what it took is in ``taken``."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, at: str) -> None:
        self.at, self.taken, self.broken = at, list[bytes](), False
        super().__init__(("127.0.0.1", 0), _Talk)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def hangs_up(self, moment: str) -> bool:
        if self.at != moment or self.broken:
            return False
        self.broken = True
        return True


class _Talk(socketserver.StreamRequestHandler):
    server: Breaking

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.talk()

    def talk(self) -> None:
        if self.server.hangs_up("connect"):
            return
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            if self.server.hangs_up(verb):
                return
            if verb != "DATA":
                self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
                continue
            self.wfile.write(b"354 go on\r\n")
            if self.server.hangs_up("after 354"):
                return
            content = b""
            while not content.endswith(b"\r\n.\r\n"):
                content += self.rfile.readline()
                if self.server.hangs_up("in the middle"):
                    return
            if self.server.hangs_up("before taking it"):
                return
            self.server.taken.append(content)
            if self.server.hangs_up("after taking it"):
                return
            self.wfile.write(b"250 taken\r\n")


BREAKS = [
    ("connect", "antre"), ("EHLO", "antre"), ("MAIL", "antre"), ("RCPT", "antre"), ("DATA", "antre"), ("after 354", "tidak pasti"),
    ("in the middle", "tidak pasti"), ("before taking it", "tidak pasti"), ("after taking it", "tidak pasti"),
]  # fmt: skip


WORKER = Path(__file__).with_name("worker.py")
KILLS = [
    ("before tahapan.post.mail.Session.offer", "terkirim"), ("after tahapan.post.mail.Session.offer", "terkirim"),
    ("before tahapan.post.outbox.begin", "terkirim"), ("after tahapan.post.outbox.begin", "tidak pasti"),
    ("before tahapan.post.mail.Session.hand_over", "tidak pasti"), ("after tahapan.post.mail.Session.hand_over", "tidak pasti"),
    ("before tahapan.post.outbox.settle", "tidak pasti"), ("after tahapan.post.outbox.settle", "terkirim"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "state"), KILLS)
def test_killed_at_any_step_nobody_gets_two(office: Office, relay: Relay, inbox: Any, where: str, state: str):
    """The sender dies with -9 around each step and is started again twice: what may have left waits for a person."""
    office.queue(office.letter("kpu", "dukcapil", "dpmdn", tembusan=()))
    root = office.home.root
    office.home.engine.dispose()
    words = [
        sys.executable,
        str(WORKER),
        "send",
        str(root),
        f"sqlite+pysqlite:///{root / 'tahapan.db'}",
        str(relay.port),
        where,
    ]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [-9, 0, 0], done.stderr
    ids = [mail["Message-ID"] for mail in inbox.mails]
    assert len(ids) == len(set(ids)), where
    assert office.states() == {"kpu": state, "dukcapil": "terkirim", "dpmdn": "terkirim"}
    assert len(ids) >= 2 + (state == "terkirim")


@pytest.mark.parametrize(("at", "state"), BREAKS)
def test_a_server_killed_at_any_moment_leaves_nobody_with_two(office: Office, at: str, state: str):
    """Before the letter began to leave it is tried again; after that a person looks, and nothing is sent by itself."""
    letter = office.letter("kpu", "dukcapil", tembusan=())
    office.queue(letter)
    with Breaking(at) as server:
        relay = Relay("127.0.0.1", server.server_address[1], "a@b.id", "tanpa", timeout=5)
        with contextlib.suppress(MachineError):
            office.send(relay)
        assert office.states()["kpu"] == state
        for _ in range(3):
            office.clock.wait(3600)
            office.send(relay)
        server.shutdown()
        ids = [email.message_from_bytes(content)["Message-ID"] for content in server.taken]
    assert len(ids) == len(set(ids)) and office.states()["dukcapil"] == "terkirim"
    if state == "tidak pasti":
        assert office.states()["kpu"] == "tidak pasti" and office.row(letter).state == "ditandatangani"
    else:
        assert office.states()["kpu"] == "terkirim" and len(ids) == 2


def test_what_is_uncertain_waits_for_a_person_with_the_facts(office: Office):
    """It arrived, or it is sent again with a reason; the journal says who decided."""
    letter = office.letter("kpu", "dukcapil", tembusan=())
    office.queue(letter)
    with Breaking("after taking it") as server:
        office.send(Relay("127.0.0.1", server.server_address[1], "a@b.id", "tanpa", timeout=5), most=1)
        server.shutdown()
    [copy] = outbox.copies(office.home, office.plan, letter, (outbox.TIDAK_PASTI,))
    assert (
        copy.alamat == "surat@kpu.example" and copy.catatan == "sambungan terputus" and copy.at.startswith("2024-08-14")
    )
    with pytest.raises(DataError, match="--alasan"):
        office.decide(letter, "kpu", "ulang")
    assert office.decide(letter, "kpu", "sampai").keadaan == "terkirim"
    with pytest.raises(Refused, match="berstatus terkirim"):
        office.decide(letter, "kpu", "sampai")
    with pytest.raises(NotKnown, match="tidak ada dalam kiriman"):
        office.decide(letter, "kodim", "sampai")


def test_what_a_killed_sender_left_is_shown_also_while_the_post_is_off(office: Office):
    """Not while a living one holds the lock: what it is sending is not left over."""
    letter = office.letter("kpu", tembusan=())
    office.queue(letter)
    [message] = outbox.due(office.home, office.plan, AT)
    assert outbox.begin(office.home, office.plan, message, AT) == ""
    with alone(office.home.engine, office.home.root / sending.LOCK):
        assert sending.recover(office.home, office.plan, AT) == 0
    assert sending.recover(office.home, office.plan, AT) == 1 and office.states()["kpu"] == "tidak pasti"
    assert sending.recover(office.home, office.plan, AT) == 0


def test_two_senders_at_once_are_one(office: Office, relay: Relay, inbox: Any):
    office.queue(office.letter("kpu", tembusan=()))
    with alone(office.home.engine, office.home.root / sending.LOCK) as mine:
        assert mine
        assert str(office.send(relay)) == "Sedang dikirim oleh proses lain."
    assert str(office.send(relay)) == "1 terkirim" and len(inbox.taken) == 1


def test_the_lock_of_the_sender_holds_on_postgresql(
    real_home: Callable[..., Home], postgresql: Callable[[], str], relay: Relay, tmp_path: Path
):
    office = Office(real_home(postgresql()), tmp_path)
    office.queue(office.letter("kpu", tembusan=()))
    with alone(office.home.engine, office.home.root / sending.LOCK) as mine:
        assert mine and office.send(relay).busy
    assert str(office.send(relay)) == "1 terkirim"


# --- paper, message, receipts ----------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_print_pack_has_one_pdf_for_each_route(office: Office):
    """A sheet to sign on, then a copy for each addressee with them alone under Yth.; the same bytes each time."""
    letter = office.letter("kodim", "polres", "bupati", tembusan=("kpu-provinsi",))
    office.queue(letter)
    packs = {pack.rute: pack for pack in envelope.packs(office.home, office.plan)}
    assert list(packs) == ["Payakumbuh", "Sarilamak"]
    assert [copy.penerima for copy in packs["Sarilamak"].copies] == ["kodim", "polres-lima-puluh-kota", "bupati"]
    said = text_of(packs["Payakumbuh"].pdf)
    assert "TANDA TERIMA SURAT" in said and office.row(letter).nomor in said
    assert "Kapolres Payakumbuh" in said and "Komandan Kodim" not in said
    with pikepdf.open(io.BytesIO(packs["Sarilamak"].pdf)) as whole:
        assert len(whole.pages) == 4
    assert envelope.packs(office.home, office.plan)[0].pdf == packs["Payakumbuh"].pdf


def test_a_copy_has_the_seal_of_the_letter_in_the_book(office: Office):
    """Whoever holds a single copy can have it verified; the number of annexes follows the page."""
    letter = office.letter("kodim", "polres", "bupati", "kpu", "dukcapil")
    office.queue(letter, cara="cetak")
    row = office.row(letter)
    copy = outbox.copies(office.home, office.plan, letter)[0]
    made = office.home.root / "salinan.pdf"
    made.write_bytes(envelope.single(office.home, row, copy))
    from tahapan.archive import read_seal
    from tasks.scanning import read_codes

    [seal] = [code for code in read_codes(made) if code.startswith("tahapan")]
    assert read_seal(office.home, office.plan, seal).id == letter
    assert "Daftar terlampir" in text_of((office.home.surat / row.pdf).read_bytes())
    assert "Daftar terlampir" not in text_of(made.read_bytes())


def test_the_text_for_a_message_has_no_word_of_the_letter(office: Office):
    letter = office.letter("kpu")
    said = envelope.said("pesan.md.j2", office.plan, office.row(letter), ["Ketua KPU (contoh)"])
    assert said.startswith("Yth. Ketua KPU (contoh)\n") and office.row(letter).nomor in said and "\\" not in said
    assert "Laporan Pengawasan" in said and "berkas" not in said  # the subject, not the contents


def test_a_receipt_says_who_took_it_and_when(office: Office):
    """One picture for several addressees; the letter is received when all have signed, whoever reads it for information or not."""
    letter = office.letter("kodim", "polres", tembusan=("kpu-provinsi",))
    office.queue(letter, cara="cetak")
    give = (office.home, office.plan, letter)
    later = ON + dt.timedelta(days=1)
    for day, penerima, said in [
        (ON - dt.timedelta(days=1), "kodim", "mendahului"),
        (later + dt.timedelta(days=1), "kodim", "belum tiba"),
    ]:
        with pytest.raises(DataError, match=said):
            receipts.receive(*give, [penerima], Receipt(day, "Piket"), WHO, later, AT)
    with pytest.raises(DataError, match="--diterima-oleh"):
        receipts.receive(*give, ["kodim"], Receipt(later, " "), WHO, later, AT)
    [kodim] = receipts.receive(*give, ["kodim"], Receipt(later, "Piket (contoh)", office.scan), WHO, later, AT)
    assert (kodim.keadaan, kodim.diterima_on, kodim.nama_bukti) == ("terkirim", later, "ttd.pdf")
    outbox.decide(*give, "kpu-provinsi", "sampai", "", WHO, AT)
    assert office.row(letter).state == "ditandatangani"
    receipts.receive(
        *give, ["polres-payakumbuh", "polres-lima-puluh-kota"], Receipt(later, "Sium (contoh)"), WHO, later, AT
    )
    assert office.row(letter).state == "diterima"


def test_a_receipt_proves_the_duty_of_its_letter(office: Office):
    """A duty done addressee by addressee is ticked by it."""
    from tahapan import day, ticking

    plan, on = office.plan, dt.date(2024, 8, 15)
    duty = plan.duty("V12.imbauan-pengumuman-dps")
    at = dt.datetime.combine(on, dt.time(9), ZoneInfo("Asia/Jakarta"))
    day.open_duties(office.home, plan, on, at)
    day.work_on(office.home, plan, duty, on, at)
    row = issue.approve(office.home, plan, f"{duty.key}.1", on, CHAIR, at)
    outbox.queue(office.home, plan, row.id, WHO, on, at, "cetak")
    receipts.receive(office.home, plan, row.id, ["kpu"], Receipt(on, "Piket (contoh)", office.scan), WHO, on, at)
    roll = ticking.roll(office.home, plan, duty)
    assert duty.item.per == "penerima"
    assert [post.unit.code for post in roll.posts if post.tick] == ["kpu"]
    assert [piece.name for post in roll.posts for piece in post.evidence] == ["ttd.pdf"]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which every example sends one more letter; two of its addressees share a mailbox."""
    root = tmp_path_factory.mktemp("pos")
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    file = root / "kantor" / "alamat.toml"
    file.write_text(file.read_text("utf-8").replace("surat@dpmdn.example", "SURAT@dukcapil.example"), "utf-8")
    office = Office(Home(root), root)
    yield office
    office.home.engine.dispose()


GROUPS = [
    "kpu",
    "polres",
    "camat",
    "stakeholder",
    "parpol",
    "forkopimda",
    "dukcapil",
    "dpmdn",
    "media",
    "perangkat-daerah",
]
NUMBERS = count(1)


@settings(max_examples=15, deadline=None)
@given(
    groups=st.lists(st.sampled_from(GROUPS), min_size=1, max_size=4),
    informed=st.lists(st.sampled_from(GROUPS), max_size=2),
)
def test_whatever_the_groups_each_addressee_has_one_copy_and_each_mailbox_one_message(
    busy: Office, groups: list[str], informed: list[str]
):
    """Also who is in three of them, or is written to and informed; with the title held on the day of the letter."""
    letter = busy.letter(*groups, nama=f"surat-{next(NUMBERS)}", tembusan=tuple(informed))
    copies = busy.queue(letter)
    directory = busy.plan.office.directory
    assert sorted(copy.penerima for copy in copies) == sorted(
        {each for name in (*groups, *informed) for each in directory.members(name)}
    )
    for copy in copies:
        [title] = [gelar.jabatan for gelar in directory.alamat[copy.penerima].gelar if gelar.covers(ON)]
        assert copy.jabatan == title
        assert copy.tembusan == (copy.penerima not in {each for name in groups for each in directory.members(name)})
    boxes = [message.alamat.casefold() for message in outbox.due(busy.home, busy.plan, AT) if message.surat == letter]
    assert len(boxes) == len(set(boxes)) == len({copy.alamat.casefold() for copy in copies if copy.alamat})
