"""Golden files: what goes on paper and on screens, compared to the letter; ``make golden`` writes them anew."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tahapan.day import rehearse_day
from tahapan.home import SAMPLE_OFFICE, Home, open_gladi
from tahapan.plan import Plan
from tahapan.screens import brief, checklist, summary

ELECTION = "pilkada-2024"
DESK = "http://127.0.0.1:4280"
HERE = Path(__file__).parent
WRITES = os.environ.get("TAHAPAN_GOLDEN") == "write"

Golden = Callable[[str, str], None]


@pytest.fixture(scope="session")
def golden() -> Golden:
    """``golden("brief/2024-08-21.md", text)``: the text is that of the file, to the letter."""

    def hold(name: str, text: str) -> None:
        path = HERE / name
        if WRITES:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            return
        kept = path.read_text("utf-8") if path.is_file() else ""
        if text != kept:
            lines = difflib.unified_diff(
                kept.splitlines(), text.splitlines(), f"{name} (kept)", f"{name} (now)", n=1, lineterm=""
            )
            shown = "\n".join(lines)
            pytest.fail(f"{shown}\n\nIf the new text is right: make golden, and read the diff.", pytrace=False)

    return hold


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal that is over, and the screens that were taken on their own days."""

    home: Home
    plan: Plan
    screens: Mapping[str, str]


@pytest.fixture(scope="session")
def august(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """13 to 30 August 2024."""
    first, last = dt.date(2024, 8, 13), dt.date(2024, 8, 30)
    wanted = [_brief(dt.date(2024, 8, day)) for day in (13, 21, 28, 29)]
    wanted.append(_checklist("V12", dt.date(2024, 8, 21)))
    wanted += [_checklist("N05", dt.date(2024, 8, day)) for day in (28, 29)]
    wanted.append(Wanted("ringkasan/2024-08-13-30.md", last, lambda home, plan: summary(home, plan, first, last)))
    return _rehearsed(tmp_path_factory.mktemp("august") / "gladi", first, last, wanted)


@pytest.fixture(scope="session")
def september(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """9 to 23 September 2024, in an office that has not filled in the meeting on the campaign."""
    wanted = [_brief(dt.date(2024, 9, day)) for day in (20, 21, 22, 23)]
    wanted.append(_checklist("L6", dt.date(2024, 9, 20)))
    folder = tmp_path_factory.mktemp("september")
    shutil.copytree(SAMPLE_OFFICE, folder / "kantor")
    (folder / "kantor" / "acara" / "L6.rakor-kampanye.toml").unlink()
    return _rehearsed(folder / "gladi", dt.date(2024, 9, 9), dt.date(2024, 9, 23), wanted, folder / "kantor")


@pytest.fixture(scope="session")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """The whole calendar, every day on which something is to be done."""
    root = tmp_path_factory.mktemp("kalender") / "gladi"
    first = open_gladi(root, ELECTION, dt.date(2024, 6, 4), dt.date(2024, 6, 4)).plan(ELECTION).first_day
    shutil.rmtree(root)
    home = open_gladi(root, ELECTION, first, first)
    plan = home.plan(ELECTION)
    for day in plan.days:
        home.set_day(day)
        rehearse_day(home, plan, day)
    return Rehearsed(home, plan, {})


@pytest.fixture(scope="session")
def screens(august: Rehearsed, september: Rehearsed) -> Mapping[str, str]:
    """Every golden screen by file name."""
    return {**august.screens, **september.screens}


@dataclass(frozen=True)
class Wanted:
    """A screen to take when the work of its day is done."""

    name: str
    on: dt.date
    take: Callable[[Home, Plan], str]


def _brief(on: dt.date) -> Wanted:
    return Wanted(f"brief/{on}.md", on, lambda home, plan: brief(home, plan, on, DESK))


def _checklist(stage: str, on: dt.date) -> Wanted:
    name = f"daftar-periksa/{stage}-{on}.md"
    return Wanted(name, on, lambda home, plan: checklist(home, plan, stage, on, DESK))


def _rehearsed(
    root: Path, first: dt.date, last: dt.date, wanted: list[Wanted], office: Path = SAMPLE_OFFICE
) -> Rehearsed:
    """Day by day without Prefect."""
    home = open_gladi(root, ELECTION, first, first, office)
    plan = home.plan(ELECTION)
    taken: dict[str, str] = {}
    for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1)):
        home.set_day(day)
        rehearse_day(home, plan, day)
        taken |= {screen.name: screen.take(home, plan) for screen in wanted if screen.on == day}
    return Rehearsed(home, plan, taken)
