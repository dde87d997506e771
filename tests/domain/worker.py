"""What tests do in other processes: one program that imports once and forks, so that fifty kills cost no fifty starts.

``python worker.py approve ROOT URL DAY COUNT`` - COUNT processes number every draft of ROOT, each in its own order.
``python worker.py decide ROOT URL LETTER DAY WHERE`` - say yes as whoever is asked, killed right before or after the call
WHERE names (``before tahapan.register.assign``), then say it again.
``python worker.py send ROOT URL PORT WHERE`` - send what waits, killed where WHERE names, then twice again.
``python worker.py rivals ROOT URL LETTER DAY COUNT`` - COUNT processes give the same answer at once: which of them won.
``python worker.py elsewhere ROOT URL DAY COUNT EACH`` - COUNT processes number EACH letters written elsewhere.
``python worker.py migrate URL COUNT`` - COUNT processes open the same empty database at once.
``python worker.py full ROOT URL LETTER DAY BYTES`` - number one letter where no file may grow beyond BYTES.
``python worker.py kill FOLDER SEED TIMES`` - TIMES rehearsals in FOLDER, each killed once and then finished.

It prints one JSON value. It forks only before it has threads: no database and no page is opened in the parent.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import pkgutil
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))
from conftest import ELECTION, rehearse_days

import tahapan.approval
import tahapan.archive
import tahapan.issue
import tahapan.post.sending
import tahapan.store.migrate
from tahapan.book.elsewhere import Wanted, number_elsewhere
from tahapan.errors import TahapanError
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.office import load_office
from tahapan.plan import load_plan
from tahapan.post.mail import Relay
from tahapan.post.sending import Post
from tahapan.store.opening import connect

FIRST, LAST = dt.date(2024, 8, 13), dt.date(2024, 8, 30)
NOON = dt.datetime(2024, 8, 20, 5, 0, tzinfo=dt.UTC)
LANES = 2
LEAD = 0.2


def fork(work: Callable[[], object]) -> int:
    """A child that does the work and ends; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the child must not return into the parent's program
        traceback.print_exc()
        os._exit(1)


def ended(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def together(count: int, work: Callable[[int], object]) -> list[int]:
    """The work in ``count`` processes that begin at the same moment; their exit codes."""
    begin = time.time() + LEAD

    def wait_and_work(number: int) -> None:
        time.sleep(max(0.0, begin - time.time()))
        work(number)

    return [ended(pid) for pid in [fork(lambda n=n: wait_and_work(n)) for n in range(count)]]


def approve(root: Path, url: str, day: dt.date, count: int) -> object:
    def work(number: int) -> None:
        home = Home(root, url)
        plan = home.plan(ELECTION)
        rows = list(tahapan.archive.unfinished(home, plan))
        random.Random(number).shuffle(rows)
        for row in rows:
            tahapan.issue.approve(home, plan, row.id, day, f"proses {number}", NOON)

    return together(count, work)


def decide(root: Path, url: str, letter_id: str, day: dt.date, where: str) -> object:
    def killed() -> None:
        home = Home(root, url)
        kill_at(where)
        say_yes(home, letter_id, day)

    return [ended(fork(killed)), ended(fork(lambda: say_yes(Home(root, url), letter_id, day)))]


def kill_at(where: str) -> None:
    """This process dies right before or after the call that ``where`` names."""
    when, _, name = where.partition(" ")
    module, _, function = name.rpartition(".")
    target = pkgutil.resolve_name(module)
    real = getattr(target, function)

    def call(*given: Any, **named: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(target, function, call)


def send(root: Path, url: str, port: int, where: str) -> object:
    """Send what waits, killed at ``where``, then send again, an hour later each time."""
    relay = Relay("127.0.0.1", port, "a@b.id", "tanpa", timeout=5)

    def work(hours: int, where: str = "") -> None:
        home = Home(root, url)
        if where:
            kill_at(where)
        at = NOON + dt.timedelta(hours=hours)
        tahapan.post.sending.send(home, home.plan(ELECTION), Post("hidup", relay), lambda: at, time.sleep)

    return [ended(fork(lambda: work(0, where))), *(ended(fork(lambda n=n: work(n))) for n in (1, 2))]


def rivals(root: Path, url: str, letter_id: str, day: dt.date, count: int) -> object:
    def work(_: int) -> None:
        try:
            say_yes(Home(root, url), letter_id, day)
        except TahapanError:
            os._exit(3)

    return together(count, work)


def say_yes(home: Home, letter_id: str, day: dt.date) -> None:
    """As whoever the letter waited for when this process first looked; a letter that has its number gets its files."""
    plan = home.plan(ELECTION)
    asked = tahapan.approval.asked(home, plan, letter_id, day)
    if asked is None:
        for row in tahapan.archive.unfinished(home, plan):
            tahapan.archive.ensure_file(home, row)
        return
    answer = tahapan.approval.Answer("setuju", asked.nama, "meja", key=asked.key)
    tahapan.approval.decide(home, plan, letter_id, answer, day, NOON)


def elsewhere(root: Path, url: str, day: dt.date, count: int, each: int) -> object:
    def work(number: int) -> None:
        home = Home(root, url)
        plan = home.plan(ELECTION)
        for n in range(each):
            wanted = Wanted(f"Surat {n} dari proses {number}", ("Ketua KPU",), "Staf")
            number_elsewhere(home, plan, wanted, day, NOON)

    return together(count, work)


def migrate(url: str, count: int) -> object:
    return together(count, lambda _: connect(url).dispose())


def full(root: Path, url: str, letter_id: str, day: dt.date, most_bytes: int) -> object:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    home = Home(root, url)
    plan = home.plan(ELECTION)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        tahapan.issue.approve(home, plan, letter_id, day, "Ketua", NOON)
    except (TahapanError, sa.exc.DBAPIError) as error:
        return [type(error).__name__, str(error)]
    return None


def kill(folder: Path, seed: int, times: int) -> object:
    """Seconds a whole rehearsal took, and those after which each killed one was killed."""
    load_plan(load_office(SAMPLE_OFFICE), ELECTION, {})  # warms what every child would read again
    start = time.monotonic()
    assert together(LANES, lambda n: rehearse_days(folder / f"utuh-{n}", FIRST, LAST)) == [0] * LANES
    whole = time.monotonic() - start - LEAD

    def lane(numbers: range) -> None:
        dice = random.Random(seed + numbers[0])
        instants = [_killed(folder / f"{n:02d}", 0.95 * whole * (n + dice.random()) / times) for n in numbers]
        (folder / f"jalur-{numbers[0]}.json").write_text(json.dumps(instants))

    assert together(LANES, lambda n: lane(range(n, times, LANES))) == [0] * LANES
    killed = [json.loads((folder / f"jalur-{n}.json").read_text()) for n in range(LANES)]
    return {"whole": whole, "killed": sorted(instant for lane in killed for instant in lane)}


def _killed(root: Path, seconds: float) -> float:
    """Kill a rehearsal after so many seconds, then finish it; earlier, in a new folder, when it was done by then."""
    pid = fork(lambda: rehearse_days(root, FIRST, LAST))
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    if ended(pid) != -signal.SIGKILL:
        return _killed(root.with_name(f"{root.name}-lagi"), seconds * 0.8)
    assert ended(fork(lambda: rehearse_days(root, FIRST, LAST))) == 0, root
    return seconds


def main(work: str, *given: str) -> object:
    match work, given:
        case "approve", (root, url, day, count):
            return approve(Path(root), url, dt.date.fromisoformat(day), int(count))
        case "decide", (root, url, letter_id, day, where):
            return decide(Path(root), url, letter_id, dt.date.fromisoformat(day), where)
        case "send", (root, url, port, where):
            return send(Path(root), url, int(port), where)
        case "rivals", (root, url, letter_id, day, count):
            return rivals(Path(root), url, letter_id, dt.date.fromisoformat(day), int(count))
        case "elsewhere", (root, url, day, count, each):
            return elsewhere(Path(root), url, dt.date.fromisoformat(day), int(count), int(each))
        case "migrate", (url, count):
            return migrate(url, int(count))
        case "full", (root, url, letter_id, day, most_bytes):
            return full(Path(root), url, letter_id, dt.date.fromisoformat(day), int(most_bytes))
        case "kill", (folder, seed, times):
            return kill(Path(folder), int(seed), int(times))
    raise SystemExit(__doc__)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201
