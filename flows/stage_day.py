"""One day of one stage: what all families share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from tahapan.errors import DataError, Problem
from tasks.office import home, today
from tasks.stage import approve_rehearsed, open_day, show_checklist, show_letters, work_on

# Text and not a date: the form of the Prefect UI shows an optional date badly, and takes no title from Field.
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", json_schema_extra={"title": "Hari"})]


def run_stage_day(election: str, stage: str, on: str) -> State[None]:
    """Open the day's duties, draft their letters, number what a rehearsal numbers, show the checklist."""
    day = wanted_day(on)
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
    given = flow_run.parameters
    day = wanted_day(str(given.get("on") or ""))
    return home().plan(given["election"]).election.stage(given["stage"]).day_name(day)


def wanted_day(on: str) -> dt.date:
    """The day a person typed, or the day the run is for; DataError for a day that does not exist."""
    if not on:
        return scheduled_day()
    try:
        return dt.date.fromisoformat(on)
    except ValueError:
        raise DataError(Problem(on, "bukan tanggal.", "Tulis seperti 2024-08-21.")) from None


def scheduled_day() -> dt.date:
    """The day a run is for: of a rehearsal its own, else the day it was scheduled for, in the office's zone."""
    office = home()
    planned = flow_run.scheduled_start_time
    if office.gladi or planned is None:
        return today(office)
    return planned.astimezone(ZoneInfo(office.office.profile.timezone)).date()
