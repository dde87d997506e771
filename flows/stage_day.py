"""One day of one stage: what all families share."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.office import home, today
from tasks.stage import approve_rehearsed, open_day, show_checklist, show_letters, work_on


def run_stage_day(election: str, stage: str, on: dt.date | None) -> State[None]:
    """Open the day's duties, draft their letters, number what a rehearsal numbers, show the checklist."""
    day = on or scheduled_day()
    duties = open_day(election, stage, day)
    states = [work_on(election, duty, day, return_state=True) for duty in duties]
    approve_rehearsed(election, stage, day)
    show_letters(election, stage, day)
    show_checklist(election, stage, day)
    failed = [duty.title for duty, state in zip(duties, states, strict=True) if state.is_failed()]
    if failed:
        return Failed(message=f"{len(failed)} butir tidak dapat dikerjakan: {'; '.join(failed)}")
    return Completed(message=f"{len(duties)} butir dikerjakan")


def stage_day_name() -> str:
    """Name of a running stage day, as its upcoming run was called."""
    given = runtime.flow_run.parameters
    day = dt.date.fromisoformat(str(given["on"])) if given.get("on") else scheduled_day()
    return home().plan(given["election"]).election.stage(given["stage"]).day_name(day)


def scheduled_day() -> dt.date:
    """The day a run is for: of a rehearsal its own, else the day it was scheduled for, in the office's zone."""
    office = home()
    planned = runtime.flow_run.scheduled_start_time
    if office.gladi or planned is None:
        return today(office)
    return planned.astimezone(ZoneInfo(office.office.profile.timezone)).date()
