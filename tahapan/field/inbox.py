"""Files that lie in ``masuk/`` of the home, named by their duty: taken in as its evidence, then the duty is finished."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from tahapan.checklist import Duty
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.evidence import keep
from tahapan.field.photos import unit_of
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.ticking import Return, file, roll, tick, tick_units

FOLDER = "masuk"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whether a duty is finished now, in words; else everything that is in the way."""

    finished: bool
    said: tuple[str, ...]


def inbox(home: Home) -> Path:
    """Where files may be put by hand: on the office PC, or through a shared folder."""
    return home.root / FOLDER


def finish(home: Home, plan: Plan, duty: Duty, by: str, on: dt.date, at: dt.datetime, note: str = "") -> Attempt:
    """Take in what lies in ``masuk/`` for the duty, then tick it; a second time it only says that it is finished.

    What is missing or cannot be evidence is told, never raised: the file stays where it is.
    """
    inbox(home).mkdir(exist_ok=True)
    now = roll(home, plan, duty)
    if now.finished:
        assert now.row
        return Attempt(finished=True, said=(f"Selesai, ditandai oleh {now.row.finished_by}",))
    said = [
        str(problem) for path in waiting(home, plan, duty) for problem in _taken(home, plan, duty, path, by, on, at)
    ]
    if said:
        return Attempt(finished=False, said=tuple(said))
    try:
        if not roll(home, plan, duty).finished:  # the last unit may just have finished it
            tick(home, plan, duty, (), by, on, at, note)
    except TahapanError as error:  # the remedy is one of the command line
        return Attempt(finished=False, said=tuple(f"{problem.where}: {problem.what}" for problem in error.problems))
    done = roll(home, plan, duty)
    count = len(done.evidence) + sum(len(post.evidence) for post in done.posts)
    return Attempt(finished=True, said=(f"Selesai dengan {count} berkas bukti",))


def waiting(home: Home, plan: Plan, duty: Duty) -> tuple[Path, ...]:
    """The files in ``masuk/`` whose names begin with the id of this duty, and with no longer one."""
    ids = sorted((each.short_key for each in plan.duties), key=len, reverse=True)
    found = (path for path in sorted(inbox(home).glob("*")) if path.is_file() and not path.name.startswith("."))
    return tuple(path for path in found if next((each for each in ids if _named(path, each)), "") == duty.short_key)


def _named(path: Path, duty_id: str) -> bool:
    return re.match(rf"{re.escape(duty_id)}(?![a-z0-9])", path.name, re.IGNORECASE) is not None


def _taken(
    home: Home, plan: Plan, duty: Duty, path: Path, by: str, on: dt.date, at: dt.datetime
) -> tuple[Problem, ...]:
    """Why a file could not be taken in; once it is in the records, it leaves the folder."""
    try:
        if not (now := roll(home, plan, duty)).by_units:
            file(home, plan, duty, keep(home, [path], FOLDER), by, on, at)
        else:
            meant = unit_of(now.names, path.name[len(duty.short_key) :])
            if len(meant) != 1:
                return (now.unclear(path.name, meant),)
            tick_units(home, plan, duty, [Return(meant[0], tuple(keep(home, [path], FOLDER)))], by, on, at)
    except (DataError, Refused) as error:
        return error.problems
    path.unlink(missing_ok=True)
    return ()
