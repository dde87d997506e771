"""One day of one stage: what all families share."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from tahapan.dates import tanggal
from tahapan.home import read_day
from tasks.office import home, today
from tasks.stage import approve_rehearsed, ask_approvals, heed_laws, open_day, show_checklist, show_letters, work_on
from tasks.voters import examine_new_lists

# Text and not a date: the form of the Prefect UI shows an optional date badly, and takes no title from Field.
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", json_schema_extra={"title": "Hari"})]


def run_stage_day(election: str, stage: str, on: str) -> State[None]:
    """Heed new law, examine lists that came in, open the day's duties, draft their letters, have them approved, show the checklist."""
    day = wanted_day(on)
    if is_over(day):
        return Completed(message=f"{tanggal(day)} sudah lewat; yang tertinggal dikejar oleh Pagi")
    refused = heed_laws(election, day)
    refused += examine_new_lists(election, stage, day)
    duties = open_day(election, stage, day)
    states = [work_on(election, duty, day, return_state=True) for duty in duties]
    refused += approve_rehearsed(election, stage, day)
    refused += ask_approvals(election, day)
    show_letters(election, stage, day)
    show_checklist(election, stage, day)
    failed = [duty.title for duty, state in zip(duties, states, strict=True) if state.is_failed()]
    if failed or refused:
        return Failed(message=f"Tidak dapat dikerjakan: {'; '.join([*failed, *refused])}")
    return Completed(message=f"{len(duties)} butir dikerjakan")


def stage_day_name() -> str:
    """Name of a running stage day, as its upcoming run was called."""
    given = flow_run.parameters
    day = wanted_day(str(given.get("on") or ""))
    name = home().plan(given["election"]).election.stage(given["stage"]).day_name(day)
    return f"{name} - tutup {given['tutup']}" if given.get("tutup") else name


def wanted_day(on: str) -> dt.date:
    """The day a person typed, else the day in the office.

    Not the day the run was planned for: a run that comes late finds today's work.
    """
    return read_day(on) if on else today(home())


def is_over(day: dt.date) -> bool:
    """Whether a real office would be working on a day of the past: a run delayed while the machine was off."""
    office = home()
    return office.gladi is None and day < today(office)
