"""A letter and its approvers through the real Prefect: forms, answers given elsewhere, and processes killed on the way."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
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

    def until(self, fact: Callable[[], object], what: str, seconds: float = 90) -> object:
        end = time.monotonic() + seconds
        found = None
        while not found:
            with suppress(HTTPError):  # 503: Prefect's database was busy; a person would press the button again
                found = fact()
            assert found or time.monotonic() < end, f"never: {what}\n{self.log('jadwal')}"
            time.sleep(0 if found else 0.3)
        return found

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
                return run
        return None

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
    schema = office.server.get(
        f"/flow_runs/{again['id']}/input/{again['state']['state_details']['run_input_keyset']['description']}"
    )
    assert "catatan belum diisi; revisi harus dengan alasan" in schema
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
