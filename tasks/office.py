"""The edge: which installation this process works for, and what day it is there."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tahapan.day import morning
from tahapan.home import Home, open_home
from tahapan.plan import Plan
from tahapan.settings import Settings


def home() -> Home:
    """The installation of ``TAHAPAN_HOME``, opened once per process."""
    settings = Settings()
    return _home(settings.home, settings.database_url)


@cache
def _home(root: Path, database_url: str) -> Home:
    return open_home(root, database_url)


def today(home: Home) -> dt.date:
    """The day in the office: in a rehearsal the day it stands at, else the wall calendar of its zone."""
    return home.gladi.day if home.gladi else dt.datetime.now(ZoneInfo(home.office.profile.timezone)).date()


def now(home: Home, plan: Plan, on: dt.date) -> dt.datetime:
    """The time written into the journal: in a rehearsal always the morning of the day worked on."""
    return morning(plan, on) if home.gladi else dt.datetime.now(ZoneInfo(plan.office.profile.timezone))
