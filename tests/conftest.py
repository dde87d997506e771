"""Fixtures shared by all tests: rehearsal homes of the sample office, without Prefect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tahapan.day import rehearse_day
from tahapan.home import Home, open_gladi
from tahapan.plan import Plan

ELECTION = "pilkada-2024"
Rehearse = Callable[..., tuple[Home, Plan]]


def rehearse_days(root: Path, first: dt.date, last: dt.date) -> tuple[Home, Plan]:
    """A rehearsal of the sample office from one day to another, both inclusive, without Prefect."""
    home = open_gladi(root, ELECTION, first, first)
    plan = home.plan(ELECTION)
    for day in plan.days:
        if first <= day <= last:
            home.set_day(day)
            rehearse_day(home, plan, day)
    return home, plan


@pytest.fixture
def rehearse(tmp_path: Path) -> Rehearse:
    """``rehearse(first, last)`` in a new folder."""

    def run(first: dt.date, last: dt.date, root: Path = tmp_path / "gladi") -> tuple[Home, Plan]:
        return rehearse_days(root, first, last)

    return run


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Plan]:
    """The fortnight of 13 to 30 August 2024, rehearsed once; tests only read it."""
    return rehearse_days(tmp_path_factory.mktemp("fortnight") / "gladi", dt.date(2024, 8, 13), dt.date(2024, 8, 30))
