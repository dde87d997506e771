"""Real programs for the flow tests: `tahapan` as a process, and what it leaves behind."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
import sqlalchemy as sa

from tahapan import journal, register
from tahapan.home import Home
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal, surat

COMMAND = [sys.executable, "-m", "deployments.cli"]
FORTNIGHT = ("--from", "2024-08-13", "--to", "2024-08-30")


@dataclass
class Program:
    """`tahapan` running, with all it says in one file."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8")

    def wait_for(self, text: str, seconds: float = 120) -> str:
        """What it said, once *text* is among it."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.said}"
            assert time.monotonic() < end, f"never said {text!r}:\n{self.said}"
            time.sleep(0.1)
        return self.said

    def interrupt(self, seconds: float = 15) -> int:
        """Ctrl+C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(seconds)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


Launch = Callable[..., Program]
Left = Callable[[Path], list[str]]


def _environment() -> dict[str, str]:
    """As on the machine of a clerk: nothing of Prefect or of another installation in it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "TAHAPAN_"))}


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """``launch("up", "--port", 4300, home=DIR)``: a real `tahapan`, killed at the end if it still runs."""
    folder = tmp_path_factory.mktemp("keluaran")
    running: list[Program] = []

    def run(*words: object, home: Path | None = None, **environment: str) -> Program:
        output = folder / f"{len(running)}.txt"
        options = ["--home", str(home)] if home else []
        with output.open("wb") as file:
            process = subprocess.Popen(
                [*COMMAND, *options, *map(str, words)],
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                env={**_environment(), **environment},
            )
        running.append(Program(process, output))
        return running[-1]

    yield run
    for program in running:
        if program.process.poll() is None:
            program.kill()


@pytest.fixture(scope="session")
def left() -> Left:
    """``left(home)``: the processes that still run for an installation, after a moment to end."""
    return _left


def _left(home: Path, seconds: float = 6) -> list[str]:
    mark = f"PREFECT_HOME={home.resolve() / 'prefect'}".encode()
    end = time.monotonic() + seconds
    while (found := list(_marked(mark))) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _marked(mark: bytes) -> Iterator[str]:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                yield (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.fixture(scope="session")
def is_open() -> Callable[[int], bool]:
    """Whether somebody listens on that loopback port."""

    def ask(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ask


@pytest.fixture(scope="session")
def through_prefect(launch: Launch, left: Left, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Program]:
    """The fortnight of 13 to 30 August 2024 rehearsed once through the real flows."""
    root = tmp_path_factory.mktemp("gladi") / "rumah"
    program = launch("rehearse", "pilkada-2024", *FORTNIGHT, "--out", root)
    assert program.process.wait(240) == 0, program.said
    assert left(root) == []
    return root, program


class Api:
    """The HTTP API of a running server, as its UI uses it."""

    def __init__(self, port: int, home: Path | None = None) -> None:
        self.address = f"http://127.0.0.1:{port}"
        file = home / "sandi" if home else None
        self.password = file.read_text("utf-8").strip() if file and file.is_file() else ""
        self._headers = {"Content-Type": "application/json", "Prefect-Csrf-Client": "tes"}
        if self.password:
            self._headers["Authorization"] = f"Basic {base64.b64encode(self.password.encode()).decode()}"
        self._headers["Prefect-Csrf-Token"] = self.get("/csrf-token?client=tes")["token"]

    def get(self, path: str) -> Any:
        return self._ask(path, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None) -> Any:
        """While its database is busy (503, nothing done) a person presses the button again, and so do we."""
        request = urllib.request.Request(f"{self.address}/api{path}", body, self._headers)
        end = time.monotonic() + 10
        while True:
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return json.load(answer)
            except HTTPError as error:
                if error.code != 503 or time.monotonic() > end:
                    raise
            time.sleep(0.5)

    def until(self, fact: Callable[[], Any], seconds: float = 90, told: Callable[[], object] = str) -> Any:
        """What *fact* gives once it is true; what is not there yet (404) is not true yet. *told*: what to say if never."""
        end = time.monotonic() + seconds
        while True:
            with suppress(HTTPError):
                if found := fact():
                    return found
            assert time.monotonic() < end, told()
            time.sleep(0.3)

    def answer(self, run: str, question: str, given: Mapping[str, str]) -> None:
        """Fill in the form of a suspended run, once it asks the question of that key."""

        def asked() -> bool:
            state = self.get(f"/flow_runs/{run}")["state"]
            return state["type"] == "PAUSED" and (state["state_details"]["pause_key"] or "").startswith(question)

        def taken() -> bool:  # in its first moments a suspended run cannot be resumed yet
            told = self.post(f"/flow_runs/{run}/resume", run_input=dict(given))
            return told["status"] == "ACCEPT" or "not paused" in str(told["details"])

        self.until(asked, 90, self.begun)
        self.until(taken, 30)

    def sign_in(self, page: Any) -> None:
        """The UI of a real office asks for its password first."""
        page.goto(self.address)
        page.locator("input").first.fill(self.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard")

    def runs(self, *states: str) -> list[Any]:
        return self.post(
            "/flow_runs/filter", limit=200, flow_runs={"state": {"type": {"any_": list(states)}}}, sort="START_TIME_ASC"
        )

    def begun(self) -> str:
        """Every run that is past its start, for the message of a test that waits in vain."""
        states = ("PENDING", "RUNNING", "PAUSED", "COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        return "\n".join(f"{run['state']['name']}: {run['name']}" for run in self.runs(*states))

    def artifact(self, key: str) -> Any:
        """The latest artifact under that key."""
        (found,) = self.post("/artifacts/latest/filter", artifacts={"key": {"any_": [key]}})
        return self.get(f"/artifacts/{found['latest_id']}")


@pytest.fixture(scope="session")
def api() -> Callable[..., Api]:
    """``api(port, home)``: the server that listens there; with the password of that home, if it has one."""
    return Api


QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --disable-quic"
)


PICTURES = os.environ.get("TAHAPAN_PICTURES")  # a folder: the pictures of the guide are written there


def keep(page: Any, name: str, *, whole: bool = False) -> None:
    """A picture for the guide, when they are taken anew."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=whole)


@pytest.fixture
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by playwright."""
    if (chromium := shutil.which("chromium")) is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as browsers:
        running = browsers.chromium.launch(executable_path=chromium, args=QUIET.split())
        yield running
        running.close()


@pytest.fixture(scope="session")
def what_is_left() -> Callable[[Path], tuple[Any, ...]]:
    """``what_is_left(root)`` of a rehearsal: register, journal, and the bytes of every file that people read."""
    return _what_is_left


def _what_is_left(root: Path) -> tuple[Any, ...]:
    home = Home(root)
    office = home.office.profile.id
    with reading(home.engine) as connection:
        assert list(journal.broken(connection, office)) == []
        assert list(register.gaps(connection, office)) == []
        book = connection.execute(sa.select(surat).order_by(surat.c.id)).all()
        written = connection.execute(sa.select(jurnal.c.what, jurnal.c.subject, jurnal.c.detail)).all()
    home.engine.dispose()
    files = {path.name: path.read_bytes() for path in [*home.surat.iterdir(), *root.glob("ringkasan.md")]}
    return book, sorted(written), files  # the order of the journal depends on where a run was killed
