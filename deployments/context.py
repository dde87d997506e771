"""What every command needs: the installation, its plan, and the day."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from deployments.printing import tell
from tahapan.home import SAMPLE_OFFICE, Home, open_home, read_day
from tahapan.plan import Plan, load_plan
from tahapan.settings import Settings, read_settings
from tasks.office import latest, now, today


@dataclass
class Place:
    """``--home``, or what the environment says."""

    root: Path | None = None

    @property
    def settings(self) -> Settings:
        return read_settings(self.root)

    @property
    def sample(self) -> bool:
        """Whether there is no installation and none was named: questions are then answered from the sample office."""
        named = self.root is not None or "TAHAPAN_HOME" in os.environ
        return not named and not (self.settings.home / "kantor").is_dir()

    def open(self) -> Home:
        return open_home(self.settings.home, self.settings.database_url)


PLACE = Place()


@dataclass(frozen=True, slots=True)
class Work:
    """An opened installation with the plan of its election, on a day."""

    home: Home
    plan: Plan
    on: dt.date

    @property
    def at(self) -> dt.datetime:
        return now(self.home, self.plan, self.on)

    @property
    def latest(self) -> dt.datetime:
        """Until when something may have happened."""
        return latest(self.home, self.plan, self.on)


def work(on: str | None = None, election: str | None = None) -> Work:
    """Open the installation for a command; the day is today unless given."""
    home = PLACE.open()
    plan = home.plan(election or home.election)
    day = read_day(on) if on else today(home)
    if on:
        plan.check_day(day)
    return Work(home, plan, day)


def asked_plan(election: str | None) -> Plan:
    """The plan a question is about: of the installation, or of the sample office before there is one."""
    return sample_plan(election) if PLACE.sample else work(None, election).plan


def sample_plan(election: str | None) -> Plan:
    """The plan of the sample office, for questions asked before there is an installation."""
    from tahapan.office import load_office

    office = load_office(SAMPLE_OFFICE)
    tell("Belum ada rumah tahapan; yang ditampilkan kantor contoh.")
    return load_plan(office, election or office.profile.pemilihan, {})


def end_of(now: Work, day: dt.date) -> dt.datetime:
    """The last second of a day in the office."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo(now.plan.office.profile.timezone))


def moment(now: Work, hari: str, pukul: str, where: str) -> dt.datetime:
    """A day (today when empty) and an hour as a moment of the office; DataError without an hour."""
    from tahapan.details import read_moment

    return read_moment(hari or now.on.isoformat(), pukul, now.plan.office.profile.timezone, where)
