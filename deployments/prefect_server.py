"""Our Prefect server: its port, its environment, its start, and the wait until it answers."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import cast

from deployments.children import Child, start
from tahapan.errors import MachineError, Problem

LOOPBACK = "127.0.0.1"

Progress = Callable[[float], None]
"""Told the seconds waited so far, about once a second."""


# --- ports ---


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return cast("int", probe.getsockname()[1])


def check_port(port: int, what: str, option: str = "--port") -> None:
    """Refuse a port that is taken; *what* is the thing that wants it, *option* the way to choose another."""
    with socket.socket() as probe:
        # As uvicorn does: a port in TIME_WAIT after a restart is not taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise MachineError(_port_problem(port, what, option, error)) from error


def _port_problem(port: int, what: str, option: str, error: OSError) -> Problem:
    remedy = f"Pilih port lain, misalnya {option} {port + 1}, atau hentikan program yang memakainya."
    if isinstance(error, PermissionError):
        return Problem(f"port {port}", f"tidak boleh dipakai untuk {what} (port kecil milik sistem).", remedy)
    return Problem(f"port {port}", f"sudah dipakai program lain, padahal diperlukan untuk {what}.", remedy)


# --- environment and start ---


def server_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def prefect_environment(home: Path, port: int, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment of everything that speaks with our server: home, address, password, no telemetry.

    *base* (default: ours) keeps what it sets itself, for example PREFECT_SERVER_API_AUTH_STRING.
    """
    given = dict(os.environ if base is None else base)
    if password := given.get("PREFECT_SERVER_API_AUTH_STRING"):
        given.setdefault("PREFECT_API_AUTH_STRING", password)
    fixed = {
        "PREFECT_HOME": str((home / "prefect").resolve()),
        "PREFECT_API_URL": f"{server_url(port)}/api",
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # An office proxy must not be asked for our own machine.
        "NO_PROXY": _without_proxy(given),
        "no_proxy": _without_proxy(given),
    }
    return {**given, **fixed}


def _without_proxy(given: Mapping[str, str]) -> str:
    known = given.get("NO_PROXY") or given.get("no_proxy") or ""
    return ",".join([*filter(None, known.split(",")), LOOPBACK, "localhost"])


# What our server is: for one office on one machine, without advertising. Anything set outside wins.
SERVER_DEFAULTS: Mapping[str, str] = {
    "PREFECT_UI_API_URL": "/api",  # relative: right under 127.0.0.1, localhost and a TLS proxy alike
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # one look: our links lead to the first UI
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}

# The newer UI asks a host of Amplitude for its settings on every page, analytics off or not. The browser
# itself is therefore told to speak with this server alone.
PAGE_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; frame-ancestors 'self'"

# A rehearsal asks only for runs, their states and artifacts: nothing is scheduled, late or automated.
UNNEEDED_IN_REHEARSAL = (
    "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
    "EVENT_PERSISTER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
    "TRIGGERS",
)


# SQLite has one writer. Written one by one, the task runs of a rehearsal collide with the next flow run, whose
# client then waits two seconds (503, "database is locked"); written together, a few seconds later, hardly ever.
TOGETHER: Mapping[str, str] = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "4",
}


def own_database(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """*base* without what points at an office's database: a rehearsal or demo keeps to its own home."""
    foreign = ("PREFECT_API_DATABASE_", "PREFECT_SERVER_DATABASE_")
    given = os.environ if base is None else base
    return {name: value for name, value in given.items() if not name.startswith(foreign)}


def server_environment(
    home: Path, port: int, *, rehearsal: bool = False, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Environment of the server itself; with *rehearsal* the services that a rehearsal does not use are off."""
    origins = ",".join((server_url(port), f"http://localhost:{port}"))
    known = prefect_environment(home, port, own_database(base) if rehearsal else base)
    off = dict.fromkeys((f"PREFECT_SERVER_SERVICES_{name}_ENABLED" for name in UNNEEDED_IN_REHEARSAL), "false")
    return {
        **SERVER_DEFAULTS,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origins,
        **({**off, **TOGETHER} if rehearsal else {}),
        **known,
    }


def start_server(
    home: Path,
    port: int,
    *,
    rehearsal: bool = False,
    progress: Progress | None = None,
    timeout: float = 180,
    base: Mapping[str, str] | None = None,
) -> Child:
    """Start our Prefect server on 127.0.0.1 and wait until it answers.

    uvicorn on the app itself: one process, no banner, no question to a terminal, no access log.
    """
    check_port(port, "server Prefect")
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    environment = server_environment(home, port, rehearsal=rehearsal, base=base)
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    options = ["--host", LOOPBACK, "--port", str(port), "--log-level", "warning", "--no-access-log"]
    headers = ["--header", f"Content-Security-Policy:{PAGE_POLICY}", "--header", "Referrer-Policy:same-origin"]
    child = start("server", [*command, *options, *headers], home=home, environment=environment, what="Server Prefect")
    try:
        wait_until_ready(child, f"{server_url(port)}/api/health", "Server Prefect", progress, timeout)
    except BaseException:
        child.stop(dt.timedelta(seconds=2))
        raise
    return child


def wait_until_ready(
    child: Child, url: str, what: str, progress: Progress | None = None, timeout: float = 180,
    certificate: Path | None = None,
) -> None:  # fmt: skip
    """Wait until *url* answers 200; MachineError with the tail of the log when it ends or stays silent.

    *certificate*: the one it shows, whatever name stands in it; we speak with our own process.
    """
    begin = time.monotonic()
    told = 0.0
    while not _answers(url, certificate):
        waited = time.monotonic() - begin
        if not child.alive():
            raise MachineError(_not_ready(child, f"{what} berhenti sebelum siap."))
        if waited > timeout:
            raise MachineError(_not_ready(child, f"{what} belum siap setelah {waited:.0f} detik."))
        if progress is not None and waited - told >= 1:
            told = waited
            progress(waited)
        time.sleep(0.1)
    if not child.alive():  # then it was somebody else who answered
        raise MachineError(_not_ready(child, f"{what} berhenti sebelum siap; yang menjawab program lain."))


def _not_ready(child: Child, what: str) -> Problem:
    tail = child.tail()
    said = f"Baris terakhir lognya:\n{tail}" if tail else "Lognya kosong."
    return Problem(str(child.log), what, f"{said}\nJalankan `tahapan doctor` untuk mencari sebabnya.")


def _answers(url: str, certificate: Path | None = None) -> bool:
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]  # never through the office proxy
    if certificate:
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        handlers.append(urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=2) as answer:
            return answer.status == HTTPStatus.OK
    except (OSError, urllib.error.HTTPError):
        return False
