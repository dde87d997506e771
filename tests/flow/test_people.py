"""A letter and its approvers through the real Prefect: forms, answers given elsewhere, and processes killed on the way."""

from __future__ import annotations

import base64
import datetime as dt
import os
import random
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from deployments.prefect_server import free_port
from tahapan import approval, archive, journal, register
from tahapan.approval import Answer
from tahapan.errors import NotKnown
from tahapan.home import Home
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal, putusan
from tests.flow.conftest import keep

TODAY = dt.datetime.now(ZoneInfo("Asia/Jakarta")).date()
CHAIN = ("Nama Kasubbag Administrasi (contoh)", "Nama Kepala Sekretariat (contoh)", "Nama Ketua (contoh)")
LETTERS = tuple(f"uji.V1.pengantar-{n}.1" for n in (1, 2, 3))


class Office:
    """A running office and the server that its people see."""

    def __init__(self, launch, api, home: Home) -> None:
        self.launch, self.api, self.home = launch, api, home
        self.port, self.desk_port = free_port(), free_port()
        self.start()

    def start(self) -> None:
        url = self.home.engine.url.render_as_string(hide_password=False)
        database = {"TAHAPAN_DATABASE_URL": url} if url.startswith("postgresql") else {}
        self.program = self.launch(
            "up", "--port", self.port, "--desk-port", self.desk_port, home=self.home.root, **database
        )
        self.program.wait_for("Ctrl+C untuk berhenti")
        self.server = self.api(self.port, self.home.root)

    def restart(self) -> None:
        """After whatever was killed: the rest is killed too, as when the power fails."""
        self.program.kill()
        time.sleep(1)
        self.start()

    def until(self, fact: Callable[[], object], what: str, seconds: float = 90) -> Any:
        return self.server.until(fact, seconds, lambda: f"never: {what}\n{self.server.begun()}\n{self.log('jadwal')}")

    def log(self, name: str) -> str:
        return (self.home.root / "log" / f"{name}.log").read_text("utf-8")[-3000:]

    def question(self, letter_id: str) -> dict[str, object] | None:
        """The suspended run that asks for this letter's present step, once its form is there."""
        try:
            asked = approval.asked(self.home, self.home.plan("uji"), letter_id, TODAY)
        except NotKnown:  # the first morning has not drafted it yet
            return None
        if asked is None:
            return None
        for run in self.server.runs("PAUSED"):
            key = run["state"]["state_details"]["pause_key"] or ""
            if run["parameters"].get("surat") == letter_id and key.startswith(f"{asked.key}-{len(asked.refused) + 1}"):
                self.form(run)  # saved a moment after the state: until then 404
                return run
        return None

    def form(self, run: dict[str, Any]) -> str:
        """What the form of a suspended run tells its reader."""
        return self.server.get(
            f"/flow_runs/{run['id']}/input/{run['state']['state_details']['run_input_keyset']['description']}"
        )

    def asked_of(self, letter_id: str) -> str:
        """Whom the letter waits for; "" for nobody."""
        asked = approval.asked(self.home, self.home.plan("uji"), letter_id, TODAY)
        return asked.nama if asked else ""

    def answer(self, letter_id: str, **said: str) -> None:
        """As *Submit* in the form of the UI."""
        run = self.until(lambda: self.question(letter_id), f"a form for {letter_id}")
        given = {"keputusan": "setuju", "nama": "(pilih)", "catatan": "", "kode": "", **said}

        def taken() -> bool:  # in its first moments a suspended run cannot be resumed yet
            said = self.server.post(f"/flow_runs/{run['id']}/resume", run_input=given)
            return said["status"] == "ACCEPT" or "not paused" in str(said["details"])

        self.until(taken, "the answer is taken", 20)

    def row(self, letter_id: str) -> register.LetterRow:
        with reading(self.home.engine) as connection:
            return register.letter(connection, self.home.office.profile.id, letter_id)


@pytest.fixture
def office(launch, api, working_office, tmp_path: Path) -> Office:
    return Office(launch, api, working_office(tmp_path / "rumah"))


def as_it_stands(home: Home, letter_id: str) -> None:
    """One number, one decision for each step, one journal row for each fact, the files as the book has them."""
    office = home.office.profile.id
    with reading(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        steps = sa.select(putusan.c.langkah).where(putusan.c.surat == letter_id)
        assert sorted(connection.execute(steps).scalars()) == [0, 1, 2]
        facts = sa.select(jurnal.c.what).where(jurnal.c.subject == letter_id).order_by(jurnal.c.seq)
        assert list(connection.execute(facts).scalars()) == ["draf", "diajukan", "paraf", "paraf", "setuju dan nomor"]
        assert list(journal.broken(connection, office)) == list(journal.disagreements(connection, office)) == []
        assert list(register.gaps(connection, office)) == []
    assert archive.verify(home, row).sound


@pytest.mark.flow
def test_a_letter_is_asked_for_in_turn_wherever_it_is_answered(office: Office, left):
    """A wrong form is asked again with its reason, an answer at the desk wakes the run, the last yes numbers."""
    letter = LETTERS[0]
    office.answer(letter, keputusan="revisi", nama=CHAIN[0])
    again = office.until(lambda: office.question(letter), "the form comes again")
    assert "catatan belum diisi; revisi harus dengan alasan" in office.form(again)
    office.answer(letter, nama=CHAIN[0])

    office.until(lambda: office.question(letter), "the second step is asked")
    plan = office.home.plan("uji")
    approval.decide(
        office.home, plan, letter, Answer("setuju", CHAIN[1], "meja"), TODAY, dt.datetime.now(ZoneInfo("Asia/Jakarta"))
    )
    office.answer(letter, nama=CHAIN[2])
    office.until(lambda: office.row(letter).numbered, "the number")

    as_it_stands(office.home, letter)
    ended = office.until(
        lambda: [run for run in office.server.runs("COMPLETED") if run["parameters"].get("surat") == letter], "its end"
    )
    assert ended[0]["state"]["message"] == f"Nomor {office.row(letter).nomor}"
    assert office.server.runs("FAILED", "CRASHED") == []
    assert office.program.interrupt() == 0
    assert left(office.home.root) == []


def processes(office: Office, who: str) -> list[int]:
    """Of the server, the runner, or the flow runs that are at work."""
    marks = {"server": b"prefect.server.api.server", "jadwal": b"deployments.serve", "jalan": b"prefect.engine"}
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = f"PREFECT_HOME={office.home.root.resolve() / 'prefect'}".encode() in (entry / "environ").read_bytes()
            line = (entry / "cmdline").read_bytes()
            if ours and marks[who] in line and b"deployments.children" not in line:
                found.append(int(entry.name))
    return found


VICTIMS = ("jalan", "jadwal", "server")


def killed_and_taken_once(office: Office, victims: tuple[str, ...], seed: int) -> None:
    """After each answer one process dies at a random instant, then the power fails; what was not written is asked again."""
    chance, letter = random.Random(seed), LETTERS[0]
    for step, (name, who) in enumerate(zip(CHAIN, victims, strict=True)):
        office.answer(letter, nama=name)
        time.sleep(chance.uniform(0, 5))
        for pid in processes(office, who):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if who != "jalan":  # a program without its server or runner ends by itself and says so
            assert office.program.process.wait(60) == 1
        office.restart()

        def decided() -> bool:
            asked = approval.asked(office.home, office.home.plan("uji"), letter, TODAY)
            if asked is None or asked.langkah > step:  # noqa: B023 - called in this turn only
                return True
            if office.question(letter):
                office.answer(letter, nama=name)  # noqa: B023
            return False

        office.until(decided, f"step {step}", 120)
    office.until(lambda: office.row(letter).numbered, "the number")
    as_it_stands(office.home, letter)


@pytest.mark.flow
def test_killed_while_an_answer_is_taken_it_is_taken_once(office: Office, left):
    """The flow's process, the runner, the server: one of them after each answer."""
    killed_and_taken_once(office, VICTIMS, 4)
    assert office.program.interrupt() == 0
    assert left(office.home.root) == []


@pytest.mark.kill
@pytest.mark.parametrize("seed", range(5))
def test_killed_in_any_order_on_either_database(launch, api, working_office, postgresql, tmp_path: Path, seed: int):
    """Ten offices, each killed three times at random instants, in another order."""
    order = VICTIMS[seed % 3 :] + VICTIMS[: seed % 3]
    for n, url in enumerate(("", postgresql())):
        home = working_office(tmp_path / f"rumah-{n}", url)
        office = Office(launch, api, home)
        killed_and_taken_once(office, order, seed)
        assert office.program.interrupt() == 0


# --- with a browser --------------------------------------------------------------------------------

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
STAFF = "Nama Staf Pencegahan (contoh)"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.mark.flow
def test_a_day_in_the_browser(office: Office, browser: Any, left):
    """A clerk starts a stage, fills in details, files evidence; others agree in the UI and on a phone; a number comes."""
    ui = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 1000}).new_page()
    office.server.sign_in(ui)
    a_stage_is_started_from_its_form(ui, office)
    the_first_answers_in_the_ui(ui, office)

    user, secret = office.server.password.split(":")
    staff = browser.new_context(
        locale="id-ID", viewport={"width": 1280, "height": 900}, http_credentials={"username": user, "password": secret}
    ).new_page()
    staff.goto(f"http://127.0.0.1:{office.desk_port}/hari")
    staff.select_option("#siapa", STAFF)
    staff.click(".siapa button")
    keep(staff, "meja-hari-ini")
    for name in CHAIN[1:]:
        phone = browser.new_context(locale="id-ID", **PHONE).new_page()
        one_answers_on_a_phone(phone, link_for(staff, office, name))
    row = office.row(LETTERS[0])
    assert row.numbered and phone.get_by_text(f"Surat bernomor {row.nomor}").is_visible()
    as_it_stands(office.home, LETTERS[0])

    the_signed_copy_files_itself(staff, office)
    details_are_filled_in(staff, office)
    evidence_is_filed(staff, office)
    assert office.program.interrupt() == 0
    assert left(office.home.root) == []


def a_stage_is_started_from_its_form(ui: Any, office: Office) -> None:
    def taken() -> bool:
        ui.goto(f"{office.server.address}/deployments")
        ui.get_by_text("Daftar pemilih uji", exact=True).click()
        ui.get_by_role("button", name="Run", exact=True).first.click()
        ui.get_by_text("Custom run").click()
        ui.get_by_role("button", name="Submit").wait_for()
        ui.wait_for_timeout(500)  # the panel slides in
        keep(ui, "mulai-tahapan")
        with ui.expect_response(lambda answer: answer.url.endswith("/create_flow_run")) as answer:
            ui.get_by_role("button", name="Submit").click()
        return answer.value.ok

    office.until(taken, "the form is taken")  # a server that is busy (503) says so, and the clerk does it again
    office.until(
        lambda: [run for run in office.server.runs("COMPLETED") if run["name"].startswith("Daftar pemilih uji")],
        "the stage",
    )


def the_first_answers_in_the_ui(ui: Any, office: Office) -> None:
    """A wish for other words without its reason is asked again."""
    run = office.until(lambda: office.question(LETTERS[0]), "a form in the UI")
    answer_in_ui(ui, office, run["id"], "revisi", CHAIN[0])
    again = office.until(lambda: office.question(LETTERS[0]), "the form again")
    ui.goto(f"{office.server.address}/runs/flow-run/{again['id']}")
    ui.get_by_role("button", name="Resume").first.click()
    ui.get_by_text("Jawaban tadi belum diterima:").wait_for()
    keep(ui, "formulir-persetujuan")
    answer_in_ui(ui, office, again["id"], "setuju", CHAIN[0])
    office.until(lambda: office.asked_of(LETTERS[0]) == CHAIN[1], "the initial of the first")


def link_for(staff: Any, office: Office, name: str) -> str:
    """The personal link that the secretariat makes and sends."""
    staff.goto(f"http://127.0.0.1:{office.desk_port}/menunggu")
    staff.click(f"button:has-text('Buat tautan pribadi untuk {name}')")
    link = re.search(r"http\S+/t/\S+", staff.inner_text(".salin"))
    assert link
    return link[0]


def one_answers_on_a_phone(phone: Any, link: str) -> None:
    phone.goto(link)
    phone.click("button")
    keep(phone, "menunggu-anda")
    phone.click("text=Pengantar Laporan Hasil Pengawasan 1")
    keep(phone, "putusan", whole=True)
    phone.click("button:has-text('Tolak')")
    phone.get_by_text("harus dengan alasan").wait_for()
    phone.click("button:has-text('Setuju')")
    phone.locator(".kabar").wait_for()


def the_signed_copy_files_itself(staff: Any, office: Office) -> None:
    """A scan in ``pindai/`` is known by its QR; what it is not, lies aside and is told in the brief."""
    row, folder = office.row(LETTERS[0]), office.home.root / "pindai"
    folder.mkdir(exist_ok=True)
    for name, content in (("scan0001.pdf", (office.home.surat / row.pdf).read_bytes()), ("foto.pdf", PDF)):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (time.time() - 60,) * 2)
    office.until(lambda: office.row(LETTERS[0]).state == "ditandatangani", "the signed copy")
    office.until((folder / "gagal" / "foto.pdf").exists, "the other is put aside")
    assert [path.name for path in folder.iterdir()] == ["gagal"]
    staff.goto(f"http://127.0.0.1:{office.desk_port}/surat/{LETTERS[0]}")
    staff.get_by_text(f"ttd-{row.pdf}").wait_for()
    keep(staff, "surat", whole=True)
    staff.goto(f"http://127.0.0.1:{office.desk_port}/hari")
    staff.get_by_text("1 berkas tidak dapat dimasukkan: foto.pdf").wait_for()


def details_are_filled_in(staff: Any, office: Office) -> None:
    staff.goto(f"http://127.0.0.1:{office.desk_port}/butir/V1.rincian/rincian")
    staff.fill("#isi-pokok", "Laporan bulanan")
    cells = staff.locator("table.sel tbody tr").first.locator("input")
    cells.nth(0).fill("Laporan hasil pengawasan")
    cells.nth(1).fill("1 (satu) berkas")
    keep(staff, "rincian")
    staff.click("text=Simpan rincian")
    staff.get_by_text("Rincian disimpan. Lengkap.").wait_for()
    assert office.row("uji.V1.rincian.1").hal == "Pengantar Laporan bulanan"


def evidence_is_filed(staff: Any, office: Office) -> None:
    staff.goto(f"http://127.0.0.1:{office.desk_port}/butir/V1.kerawanan")
    staff.click("text=Tandai selesai")
    staff.get_by_text("perlu bukti: Form A").wait_for()
    staff.set_input_files("#berkas", {"name": "form-a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    keep(staff, "bukti")
    staff.click("text=Tandai selesai")
    staff.get_by_text("Butir ditandai selesai.").wait_for()


@pytest.mark.flow
def test_with_a_password_set_nobody_gets_in_without_it(office: Office):
    """Server, its API and the desk; the password is shown once, kept with mode 600, and stays at the next start."""
    file = office.home.root / "sandi"
    password = file.read_text().strip()
    assert password.split(":")[1] in office.program.said and file.stat().st_mode & 0o777 == 0o600
    places = (f"{office.server.address}/api/flow_runs/count", f"http://127.0.0.1:{office.desk_port}/")
    for place in places:
        for given in ("", "kantor:salah"):
            assert status_of(place, given) == 401
    assert status_of(places[1], password) == 200
    assert office.server.runs("FAILED") == []  # with the password

    assert office.program.interrupt() == 0
    office.start()
    assert password.split(":")[1] not in office.program.said and file.read_text().strip() == password
    assert office.program.interrupt() == 0


def status_of(address: str, password: str) -> int:
    headers = {"Authorization": f"Basic {base64.b64encode(password.encode()).decode()}"} if password else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def answer_in_ui(ui: Any, office: Office, run: str, word: str, name: str) -> None:
    """Resume, choose, Submit; once more when the server was busy."""

    def answered() -> bool:
        ui.goto(f"{office.server.address}/runs/flow-run/{run}")
        ui.get_by_role("button", name="Resume").first.click()
        for place, choice in enumerate((word, name)):
            ui.locator(".p-modal .p-select-button__control").nth(place).focus()
            ui.keyboard.press(" ")
            ui.locator("[class*=select-option]").get_by_text(choice, exact=True).last.click()
        ui.get_by_role("button", name="Submit").click()
        ui.wait_for_timeout(1500)
        return office.server.get(f"/flow_runs/{run}")["state"]["type"] != "PAUSED"

    office.until(answered, "the form is taken", 60)
