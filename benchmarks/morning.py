"""The morning's own work, without Prefect, on an office with 500 open duties."""

from __future__ import annotations

import datetime as dt
import shutil
import statistics
import time
from pathlib import Path

from benchmarks.table import Row
from tahapan import morning, screens, watch
from tahapan.day import catch_up
from tahapan.day import morning as seven
from tahapan.home import SAMPLE_OFFICE, Home

ELECTION = "pilkada-2024"
OPEN = 500
DAY = dt.date(2024, 8, 21)
BEFORE = dt.date(2024, 8, 12)
ROUNDS = 5
LIMIT = 2.0  # seconds


def measure(root: Path) -> list[Row]:
    """Catch up, remind, brief: on a day on which the drafts are written already, as on most mornings."""
    home = _office(root / "pagi")
    plan = home.plan(ELECTION)
    catch_up(home, plan, BEFORE, seven(plan, BEFORE))
    began = time.perf_counter()
    _pagi(home, DAY)
    first = time.perf_counter() - began
    found: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _pagi(home, DAY)
        found.append(time.perf_counter() - began)
    rows = morning.look(home, plan, DAY).rows
    count = sum(row.state not in (*morning.CLOSED, "menunggu") and not row.before for row in rows)
    assert count >= OPEN, count
    took = statistics.median(found)
    measured = f"{took:.2f} s (the first one, which writes the day's drafts, {first:.2f} s)"
    return [Row(f"`pagi`, own work with {count} open duties", measured, f"at most {LIMIT:.0f} s", took <= LIMIT)]


def _pagi(home: Home, on: dt.date) -> None:
    plan = home.plan(ELECTION)
    at = seven(plan, on)
    watch.beat(home, at)
    assert catch_up(home, plan, on, at) == ()
    morning.remind(home, plan, on)
    screens.brief(home, plan, on, "", at=at)


def _office(root: Path) -> Home:
    """The sample office with enough duties of its own, a twentieth of them with a draft that is renewed."""
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    folder = root / "kantor" / "checklists" / ELECTION
    folder.mkdir(parents=True)
    letter = 'letter = "imbauan-netralitas"\nkepada = ["bupati"]\nbukti = ["tanda terima"]\n'
    duties = [
        f'[[duties]]\nstage = "V12"\nid = "beban-{n}"\ntitle = "Butir beban {n}"\n'
        f'due = {{ from = "S", days = {n % 4} }}\npj = "staf-datin"\ndasar = ["pemilihan", "netralitas"]\n'
        + (letter if n % 20 == 0 else 'bukti = ["Form A"]\n')
        for n in range(OPEN)
    ]
    (folder / "beban.toml").write_text("\n".join(duties), "utf-8")
    return Home(root)
