"""Coordination meetings: a form's answers into one, what the form offers, and a meeting on a screen."""

from __future__ import annotations

import datetime as dt

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel

from tahapan import screens
from tahapan.errors import TahapanError
from tahapan.rakor import prepare
from tasks.desk import desk_address
from tasks.forms import BEHIND_ID
from tasks.office import home, now, people, today


class Choices(BaseModel):
    """What the form offers: duties that are meetings and still to come, stages, people of the office."""

    duties: list[str]
    stages: list[str]
    people: list[str]
    groups: list[str]


@task(name="Siapkan formulir rapat", task_run_name="Siapkan formulir", cache_policy=NO_CACHE)
def choices() -> Choices:
    """What can be chosen today."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    meetings = (
        duty for duty in plan.duties if duty.item.surat_hari and duty.act_on > on and duty.stage.id not in plan.meetings
    )
    return Choices(
        duties=[f"{duty.short_key}{BEHIND_ID}{duty.item.title}" for duty in meetings],
        stages=[f"{stage.id}{BEHIND_ID}{stage.judul}" for stage in plan.election.stages if stage.id not in plan.meetings],
        people=people(plan, on), groups=[*plan.office.directory.grup],
    )  # fmt: skip


@task(name="Siapkan rapat", task_run_name="Siapkan rapat", cache_policy=NO_CACHE)
def plan_meeting(butir: str, typed: dict[str, str], oleh: str) -> tuple[bool, str]:
    """Whether the meeting was planned, and in words what came of it; lists are typed with commas or line by line."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    try:
        given = prepare.from_duty(office, plan, butir) if butir else {}
        given |= prepare.typed(typed)
        made = prepare.new(office, plan, given, oleh, on, now(office, plan, on))
    except TahapanError as error:
        return False, "\n".join(f"- {problem.in_a_form}" for problem in error.problems)
    notes = "".join(f" {each}" for each in made.warnings)
    return True, f"{made.id}: {made.meeting.nama}, {len(made.meeting.invited(plan.office.directory))} penerima.{notes}"


@task(name="Tampilkan rapat", task_run_name="Tampilkan rapat", cache_policy=NO_CACHE)
def show_meeting(election: str, meeting: str, on: dt.date) -> None:
    """Invitation, attendance and decisions of a meeting as an artifact; counts, no names."""
    office = home()
    plan = office.plan(election)
    create_markdown_artifact(
        key=f"rapat-{election}-{meeting.lower()}", description=plan.meetings[meeting].nama,
        markdown=screens.meeting(office, plan, meeting, on, desk_address()),
    )  # fmt: skip
