"""Children end with their parent, however it ends, and nobody else is harmed."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from deployments import children, prefect_server
from tahapan.errors import MachineError

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]

# A child that starts a grandchild in a session of its own, as far from us as a process can go.
WITH_GRANDCHILD = """
import subprocess, time
grandchild = subprocess.Popen(["sleep", "300"], start_new_session=True)
print(grandchild.pid, flush=True)
time.sleep(300)
"""


def run_as_top(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A small program of its own that starts children: it can be killed without killing the test."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys, time\nfrom pathlib import Path\n{code}", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(fact: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fact():
            return True
        time.sleep(0.05)
    return fact()


def marked(token: str) -> list[int]:
    """Pids of the processes that carry the mark of one child."""
    wanted = f"{children.TOKEN}={token}".encode()
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((prefect_server.LOOPBACK, port)) == 0


def finish(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path, int]]:
    home, port = tmp_path_factory.mktemp("rumah"), prefect_server.free_port()
    top = run_as_top(
        "from deployments.prefect_server import start_server\n"
        "child = start_server(Path(sys.argv[1]), int(sys.argv[2]), rehearsal=True)\n"
        "print('siap', flush=True); time.sleep(300)",
        str(home),
        str(port),
    )
    assert top.stdout is not None
    assert top.stdout.readline() == "siap\n"
    yield top, home, port
    finish(top)


@pytest.mark.flow
def test_our_server_answers_on_loopback_and_lets_the_browser_speak_with_nobody_else(
    server: tuple[subprocess.Popen[str], Path, int],
) -> None:
    """The page policy of every answer keeps the UI from calling Amplitude."""
    _, _, port = server

    with urllib.request.urlopen(f"{prefect_server.server_url(port)}/v2/", timeout=10) as answer:
        assert answer.status == 200
        assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.flow
def test_a_killed_parent_leaves_no_server_and_no_port(server: tuple[subprocess.Popen[str], Path, int]) -> None:
    """SIGKILL of the program that started the server: within 5 seconds nothing of it is left."""
    top, home, port = server
    record = children.read_record(home / "log" / "server.pid")
    assert record is not None
    assert len(marked(record.token)) == 2  # keeper and server

    top.kill()

    assert wait_for(lambda: not marked(record.token) and not is_open(port))
    assert not (home / "log" / "server.pid").exists()


def test_a_killed_parent_leaves_no_grandchild(tmp_path: Path) -> None:
    """Also a grandchild in its own session, as a flow run's process may be, ends with the top."""
    top = run_as_top(
        "from deployments.children import start\n"
        f"child = start('kerja', [sys.executable, '-c', {WITH_GRANDCHILD!r}], home=Path(sys.argv[1]))\n"
        "print('siap', flush=True); time.sleep(300)",
        str(tmp_path),
    )
    log = tmp_path / "log" / "kerja.log"
    assert wait_for(lambda: log.exists() and log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    assert children.identity(grandchild) is not None

    finish(top)

    assert wait_for(lambda: children.identity(grandchild) is None)


def test_a_killed_child_takes_its_grandchild_along(tmp_path: Path) -> None:
    """kill -9 of the runner alone: the keeper, as the subreaper, ends its flow runs."""
    with children.start("kerja", [sys.executable, "-c", WITH_GRANDCHILD], home=tmp_path) as child:
        assert wait_for(lambda: child.tail() != "")
        grandchild = int(child.tail())
        record = children.read_record(tmp_path / "log" / "kerja.pid")
        assert record is not None
        (runner,) = set(marked(record.token)) - {child.pid, grandchild}

        os.kill(runner, signal.SIGKILL)

        assert wait_for(lambda: children.identity(grandchild) is None and not child.alive())


def test_a_child_that_will_not_end_is_killed_after_the_grace(tmp_path: Path) -> None:
    """SIGTERM first; what ignores it is killed."""
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x'); time.sleep(300)"
    child = children.start("tuli", [sys.executable, "-c", deaf], home=tmp_path)
    assert wait_for(lambda: child.tail() == "x")

    child.stop(dt.timedelta(seconds=0.5))

    assert not child.alive()
    assert not (tmp_path / "log" / "tuli.pid").exists()


def test_a_child_that_is_asked_may_end_in_order(tmp_path: Path) -> None:
    """SIGTERM reaches the command, and its exit code is the child's."""
    orderly = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('x'); time.sleep(300)"
    child = children.start("tertib", [sys.executable, "-c", orderly], home=tmp_path)
    assert wait_for(lambda: child.tail() == "x")

    child.stop()

    assert child.wait() == 7


def named(pid: int) -> str:
    found = children.identity(pid)
    return "" if found is None else found.name


@pytest.fixture
def bystander() -> Iterator[children.Identity]:
    """Some process of somebody else."""
    process = subprocess.Popen(["sleep", "300"])
    # A process has its name only a moment after it was started.
    assert wait_for(lambda: named(process.pid) == "sleep 300")
    found = children.identity(process.pid)
    assert found is not None
    yield found
    process.kill()
    process.wait()


def test_a_stale_pid_file_harms_nobody(tmp_path: Path, bystander: children.Identity) -> None:
    """The pid now belongs to another process: same number, another start time or name. It lives on."""
    pid_file = tmp_path / "server.pid"
    dead = replace(bystander, pid=2**22 + 1)
    for foreign in (replace(bystander, started=1), replace(bystander, name="prefect"), dead):
        children.Record(parent=foreign, keeper=foreign, token="lama").write(pid_file)

        children.clean_up(pid_file, "Server Prefect")

        assert not pid_file.exists()
        assert children.is_alive(bystander)


@pytest.mark.parametrize("text", ["", "4711", "{}", '{"parent": 3}', "[]"])
def test_a_pid_file_that_cannot_be_understood_is_removed(tmp_path: Path, text: str) -> None:
    """Half a file after a power cut stops nobody from starting."""
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(text)

    children.clean_up(pid_file, "Server Prefect")

    assert not pid_file.exists()


def test_what_a_dead_run_left_behind_is_killed(tmp_path: Path, bystander: children.Identity) -> None:
    """Its owner is dead and it carries the mark of the pid file: surely ours."""
    leftover = subprocess.Popen(SLEEP, env={**os.environ, children.TOKEN: "tanda-lama"})
    owner = replace(bystander, started=1)
    pid_file = tmp_path / "runner.pid"
    children.Record(parent=owner, keeper=owner, token="tanda-lama").write(pid_file)

    children.clean_up(pid_file, "Pelaksana")

    assert leftover.wait(5) == -signal.SIGKILL
    assert children.is_alive(bystander)


def test_a_second_start_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    """Two servers on one home would share one database: the second says so and touches nothing."""
    with children.start("server", SLEEP, home=tmp_path, what="Server Prefect") as first:
        with pytest.raises(MachineError, match=r"Server Prefect sudah berjalan .*Ctrl\+C"):
            children.start("server", SLEEP, home=tmp_path, what="Server Prefect")

        assert first.alive()


def test_a_rehearsal_cannot_reach_the_database_of_the_office(tmp_path: Path) -> None:
    """A PostgreSQL address in the environment is for the office; a rehearsal keeps to its own folder."""
    office = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "x", "PREFECT_API_DATABASE_PASSWORD": "y", "LANG": "C"}

    found = prefect_server.server_environment(tmp_path, 4200, rehearsal=True, base=office)

    assert not [name for name in found if "DATABASE" in name]
    assert found["LANG"] == "C"
    assert found["PREFECT_HOME"] == str(tmp_path / "prefect")


def test_a_password_for_the_server_is_also_the_clients(tmp_path: Path) -> None:
    """One shared password: whoever speaks with our server has it."""
    found = prefect_server.prefect_environment(tmp_path, 4200, {"PREFECT_SERVER_API_AUTH_STRING": "admin:rahasia"})

    assert found["PREFECT_API_AUTH_STRING"] == "admin:rahasia"


def test_a_taken_port_is_refused_by_name_and_remedy() -> None:
    """The message names the port, what wants it and the option that chooses another."""
    with socket.socket() as taken:
        taken.bind((prefect_server.LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(MachineError, match=rf"port {port}: sudah dipakai .* server Prefect\. .*--port {port + 1}"):
            prefect_server.check_port(port, "server Prefect")


def test_a_server_that_ends_before_it_is_ready_shows_the_end_of_its_log(tmp_path: Path) -> None:
    """No waiting for the timeout, and the clerk's helper sees the reason."""
    broken = [sys.executable, "-c", "raise SystemExit('basis data rusak')"]
    child = children.start("server", broken, home=tmp_path)

    with pytest.raises(MachineError, match=r"(?s)berhenti sebelum siap.*basis data rusak.*tahapan doctor"):
        prefect_server.wait_until_ready(child, prefect_server.server_url(prefect_server.free_port()), "Server Prefect")
    child.stop()
