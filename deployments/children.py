"""Processes that end with their parent: our Prefect server, the desk, the runner and their flow runs.

A child is started through a small *keeper* (this module, run with ``-m``). It holds the reading end of
a pipe that only the parent holds open, so it learns at once of the parent's death, however it died,
and then kills the command and everything below it. The keeper adopts orphans (subreaper), so that the
process of a flow run cannot outlive its runner; the command itself is tied to the keeper by
PR_SET_PDEATHSIG. A pipe and not PDEATHSIG joins parent and keeper, because PDEATHSIG fires when the
*thread* that started the child ends.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import select
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from tahapan.errors import MachineError, Problem

GRACE = dt.timedelta(seconds=10)
TOKEN = "TAHAPAN_CHILD"  # noqa: S105 - a mark in the environment by which we know our own processes
LOG_LIMIT = 5_000_000  # bytes; then the log is moved aside once


# --- who a process is ---


@dataclass(frozen=True, slots=True)
class Identity:
    """A process, known for sure: a pid alone is given again to others, pid and start time are not."""

    pid: int
    name: str
    started: int
    """Field 22 of /proc/<pid>/stat: clock ticks since boot."""


def identity(pid: int) -> Identity | None:
    """Who runs under this pid now; None when nobody does, or only a zombie."""
    stat = _stat(pid)
    if stat is None or stat[0] == "Z":
        return None
    try:
        name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return None
    return Identity(pid, name, int(stat[19]))


def is_alive(known: Identity) -> bool:
    """The same process still runs: same pid, name and start time."""
    return identity(known.pid) == known


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat from the third (state) on; the second may hold spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


# --- the pid file ---


@dataclass(frozen=True, slots=True)
class Record:
    """What the pid file says: who started the child, its keeper, and the mark all its processes carry."""

    parent: Identity
    keeper: Identity
    token: str

    def write(self, path: Path) -> None:
        beside = path.with_suffix(".baru")
        beside.write_text(json.dumps(asdict(self)), encoding="utf-8")
        beside.replace(path)


def read_record(path: Path) -> Record | None:
    """The record of a pid file; None when there is none or it cannot be understood."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Record(Identity(**found["parent"]), Identity(**found["keeper"]), str(found["token"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def clean_up(path: Path, what: str) -> None:
    """Kill what a crashed run left behind, and only that; refuse while its owner is still at work."""
    record = read_record(path)
    if record is not None:
        if is_alive(record.parent) and is_alive(record.keeper):
            raise MachineError(
                Problem(
                    str(path),
                    f"{what} sudah berjalan dari jendela lain (proses {record.parent.pid}).",
                    "Pakai yang itu, atau hentikan dahulu dengan Ctrl+C di jendelanya.",
                )
            )
        _kill_marked(record.token)
    path.unlink(missing_ok=True)


def _kill_marked(token: str) -> None:
    """Kill every process that carries this run's mark; the keeper first would orphan the rest, so repeat."""
    for _ in range(50):
        marked = [pid for pid in _pids() if pid != os.getpid() and _carries(pid, token)]
        if not marked:
            return
        for pid in marked:
            _kill(pid)
        time.sleep(0.02)


def _carries(pid: int, token: str) -> bool:
    mark = f"{TOKEN}={token}".encode()
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:  # gone, or of another user: not ours
        return False


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


# --- the parent's side ---


class Child:
    """A running child; ends with this process, by `stop()`, or with the `with` block.

    Keep it: when it is garbage collected, its pipe closes and the child is killed.
    """

    def __init__(self, name: str, keeper: subprocess.Popen[bytes], log: Path, begin: int) -> None:
        self.name = name
        self.log = log
        self._keeper = keeper
        self._begin = begin

    @property
    def pid(self) -> int:
        """Pid of the keeper."""
        return self._keeper.pid

    def alive(self) -> bool:
        return self._keeper.poll() is None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._keeper.wait(timeout)

    def tail(self, lines: int = 15) -> str:
        """The last lines this run has written to its log."""
        try:
            with self.log.open("rb") as file:
                file.seek(self._begin)
                text = file.read().decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def stop(self, grace: dt.timedelta = GRACE) -> None:
        """Ask it to end (SIGTERM), and after *grace* kill it with everything below it."""
        if self.alive():
            self._keeper.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._keeper.wait(grace.total_seconds())
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()  # the keeper reads this as our end, and kills at once
        self._keeper.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    name: str,
    command: Sequence[str],
    *,
    home: Path,
    environment: Mapping[str, str] | None = None,
    what: str | None = None,
) -> Child:
    """Start *command* as a child of this process.

    Output goes to ``<home>/log/<name>.log``, the pid file is ``<home>/log/<name>.pid``. *what* names it in
    messages. *environment* is the whole environment (default: ours).
    """
    home = home.resolve()
    folder = home / "log"
    folder.mkdir(parents=True, exist_ok=True)
    pid_file = folder / f"{name}.pid"
    clean_up(pid_file, what or name)
    log = folder / f"{name}.log"
    begin = _make_room(log)
    token = uuid.uuid4().hex
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "deployments.children", str(pid_file), *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,  # no stray prefect.toml or .env, no module of the clerk's folder
            env={**importable(os.environ if environment is None else environment), TOKEN: token},
            start_new_session=True,  # Ctrl+C reaches us alone, and we stop the children in order
        )
    _record(pid_file, keeper, token)
    return Child(name, keeper, log, begin)


def importable(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment, in which `deployments`, `flows` ... can be imported from any folder, and only ours.

    PYTHONSAFEPATH: else ``python -m`` puts the current folder first, and a stray calendar.py there wins.
    """
    root = str(Path(__file__).resolve().parent.parent)
    installed = "site-packages" in Path(root).parts
    paths = [] if installed else [root]
    if given := environment.get("PYTHONPATH"):
        paths.append(given)
    found = {**environment, "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    return {**found, "PYTHONPATH": os.pathsep.join(paths)} if paths else found


def _make_room(log: Path) -> int:
    """Move a log that has grown large aside; where the new lines will begin."""
    size = log.stat().st_size if log.exists() else 0
    if size <= LOG_LIMIT:
        return size
    log.replace(log.with_suffix(".log.1"))
    return 0


def _record(path: Path, keeper: subprocess.Popen[bytes], token: str) -> None:
    parent, child = identity(os.getpid()), identity(keeper.pid)
    if parent is None or child is None:  # it has ended already, and leaves nothing
        return
    # For a moment after the start /proc shows no name, or ours: the name is what we have asked for.
    asked = " ".join(cast("list[str]", keeper.args)).strip()
    Record(parent, replace(child, name=asked), token).write(path)


# --- the keeper's side: runs alone in its own process, without threads ---

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def keep(command: Sequence[str]) -> int:
    """Run *command* until it ends, the parent is gone (our stdin closes) or SIGTERM comes; leave nothing."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    news = _news_of_signals()
    tie = _tie_to(os.getpid())
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=tie)  # noqa: PLW1509 - we have no threads
    poller = select.poll()
    for fd in (0, news):
        poller.register(fd, select.POLLIN)
    while process.poll() is None:
        ready = {fd for fd, _ in poller.poll()}
        if 0 in ready:
            break
        if news in ready and signal.SIGTERM in os.read(news, 1024):
            process.terminate()
    process.kill()
    code = process.wait()
    _kill_descendants()
    return code


def _news_of_signals() -> int:
    """A pipe on which each SIGTERM and SIGCHLD is written, so that one poll waits for everything."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda _number, _frame: None)
    return reading


def _tie_to(parent: int) -> Callable[[], None]:
    """What a child does before exec: die with its parent, also when that died a moment ago."""

    def tie() -> None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


_LIBC = ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _kill_descendants() -> None:
    """Kill the whole tree below us; orphans come to us as the subreaper, so in the end nobody is left."""
    while found := _descendants(os.getpid()):
        for pid in found:
            _kill(pid)
        time.sleep(0.01)
        _reap_orphans()


def _descendants(root: int) -> set[int]:
    parents = {pid: int(stat[1]) for pid in _pids() if (stat := _stat(pid)) is not None and stat[0] != "Z"}
    found: set[int] = set()
    generation = {root}
    while generation := {pid for pid, parent in parents.items() if parent in generation}:
        found |= generation
    return found


def _reap_orphans() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(arguments: Sequence[str]) -> int:
    pid_file, *command = arguments
    try:
        return keep(command)
    finally:
        Path(pid_file).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
