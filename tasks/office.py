"""The edge: which installation this process works for, and what day it is there."""

from __future__ import annotations

import datetime as dt
import os
from functools import cache
from zoneinfo import ZoneInfo

from tahapan.day import morning
from tahapan.home import Home, open_home
from tahapan.plan import PEOPLE_GROUPS, Plan
from tahapan.settings import read_settings


def home() -> Home:
    """The installation of ``TAHAPAN_HOME``, opened once per process."""
    return _home(tuple(sorted(item for item in os.environ.items() if item[0].startswith("TAHAPAN_"))))


@cache
def _home(_: tuple[tuple[str, str], ...]) -> Home:
    settings = read_settings()
    return open_home(settings.home, settings.database_url)


def today(home: Home) -> dt.date:
    """The day in the office: in a rehearsal the day it stands at, else the wall calendar of its zone."""
    return home.gladi.day if home.gladi else dt.datetime.now(ZoneInfo(home.office.profile.timezone)).date()


def people(plan: Plan, on: dt.date) -> list[str]:
    """The names of who works in the office that day, each once, for a form to choose from."""
    return list(dict.fromkeys(who.nama for group in PEOPLE_GROUPS for who in plan.office.people(group, on)))


def now(home: Home, plan: Plan, on: dt.date) -> dt.datetime:
    """The time written into the journal: in a rehearsal always the morning of the day worked on."""
    return morning(plan, on) if home.gladi else dt.datetime.now(ZoneInfo(plan.office.profile.timezone))


def latest(home: Home, plan: Plan, on: dt.date) -> dt.datetime:
    """Until when something may have happened: now; in a rehearsal, whose clock stands at its morning, the end of its day."""
    at = now(home, plan, on)
    return at.replace(hour=23, minute=59, second=59) if home.gladi else at
