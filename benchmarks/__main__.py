"""Measure, pair each figure with a peer of the same run, and write docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks import desk, letters, morning, numbers, post, voters
from benchmarks.table import Row
from tahapan.day import rehearse_day
from tahapan.home import Home, open_gladi
from tahapan.plan import Plan

ELECTION = "pilkada-2024"
PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
ROUNDS = 15


def main() -> None:
    """All of it, or with a word (``voters``) that part alone, printed and not kept."""
    if sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            parts = {"numbers": numbers, "morning": morning, "desk": desk, "voters": voters, "post": post}
            for row in parts[sys.argv[1]].measure(Path(folder)):
                print(row)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        home, plan, seconds = rehearse_without_prefect(root / "bare")
        rows = [*start_up(home), *letters.measure(home), *rehearse_with_prefect(root / "real", plan, seconds)]
        rows += numbers.measure(root)
        rows += morning.measure(root)
        rows += desk.measure(root)
        rows += post.measure(root)
        rows += voters.measure(root)
    write(rows)
    sys.exit(0 if all(row.kept for row in rows) else 1)


def rehearse_without_prefect(root: Path) -> tuple[Home, Plan, float]:
    """The whole calendar, every stage day, no Prefect; seconds."""
    began = time.perf_counter()
    home = open_gladi(root, ELECTION, dt.date(2024, 6, 4), dt.date(2024, 6, 4))
    plan = home.plan(ELECTION)
    for day in plan.days:
        rehearse_day(home, plan, day)
    home.set_day(dt.date(2024, 8, 21))
    return home, plan, time.perf_counter() - began


def start_up(home: Home) -> list[Row]:
    """`due` and `status` beside the import of pydantic and SQLAlchemy, in turn."""
    python, command = sys.executable, str(Path(sys.executable).parent / "tahapan")
    peers = {
        "import": [python, "-c", "import pydantic, sqlalchemy"],
        "due": [command, "--home", str(home.root), "due", "--on", "2024-08-21"],
        "status": [command, "--home", str(home.root), "status", "--on", "2024-08-21"],
    }
    found: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(ROUNDS):
        for name, line in peers.items():
            began = time.perf_counter()
            subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
            found[name].append(time.perf_counter() - began)
    peer = statistics.median(found["import"])
    return [
        Row(
            f"`{name}`",
            f"{statistics.median(found[name]):.2f} s = {statistics.median(found[name]) / peer:.2f} x ({peer:.2f} s)",
            'at most 2 x `python -c "import pydantic, sqlalchemy"`',
            statistics.median(found[name]) <= 2 * peer,
        )
        for name in ("due", "status")
    ]


def rehearse_with_prefect(root: Path, plan: Plan, bare: float) -> list[Row]:
    """The whole calendar through the real flows: server start, flow runs, wall."""
    from deployments.rehearsal import run_days, server, working_days

    began = time.perf_counter()
    first, last = plan.days[0], plan.days[-1]
    home = open_gladi(root, ELECTION, first, first)
    days = working_days(plan, first, last)
    runs = len(days) + sum(len(plan.stages_on(day)) for day in days)
    with server(home, lambda _: None):
        started = time.perf_counter() - began
        run_days(home, plan, days, lambda _: None)
    wall = time.perf_counter() - began
    limit = started + 0.5 * runs + bare
    return [
        Row("`rehearse` of the whole calendar, work without Prefect", f"{bare:.1f} s", "at most 10 s", bare <= 10),
        Row(
            f"the same through {runs} flow runs",
            f"{wall:.0f} s, of which server start {started:.1f} s",
            f"at most server start + 0.5 s per run + work = {limit:.0f} s",
            wall <= limit,
        ),
    ]


def write(rows: list[Row]) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    written = (
        f"Written by `make bench` on {dt.datetime.now(dt.UTC):%Y-%m-%d}: {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}, Prefect {version('prefect')}, Typst {version('typst')}. "
        f"WeasyPrint {version('weasyprint')}, docxtpl {version('docxtpl')}. Medians of {ROUNDS} rounds (start-up), of "
        f"{letters.MANY} (PDF, whole letter), {letters.FEW} (WeasyPrint) and {2 * letters.FEW} (DOCX), peers in turn in "
        "the same run; the others once."
    )
    lines = [
        "# Benchmarks",
        "",
        written,
        "",
        "| What | Measured | Limit | Kept |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.measured} | {row.limit} | {'yes' if row.kept else '**no**'} |" for row in rows),
        "",
    ]
    PAGE.write_text("\n".join(lines), "utf-8")
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
