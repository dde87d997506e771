"""The morning: catch up with every stage, and say what the day wants."""

from __future__ import annotations

import datetime as dt

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from tahapan import day, screens
from tahapan.errors import TahapanError
from tasks.desk import desk_address
from tasks.office import home, now


@task(name="Kejar yang tertinggal", task_run_name="Kejar yang tertinggal", cache_policy=NO_CACHE)
def catch_up(election: str, on: dt.date) -> list[str]:
    """Open and draft what a missed day left undone; the faults found, in words."""
    office = home()
    plan = office.plan(election)
    at = now(office, plan, on)
    faults: list[str] = []
    for duty in day.open_duties(office, plan, on, at):
        try:
            day.work_on(office, plan, duty, on, at)
        except TahapanError as error:
            faults += [str(problem) for problem in error.problems]
    if office.gladi:
        day.approve_rehearsed(office, plan, on)
    return faults


@task(name="Tampilkan ringkasan pagi", task_run_name="Tampilkan ringkasan pagi", cache_policy=NO_CACHE)
def show_brief(election: str, on: dt.date) -> None:
    """The morning brief as an artifact, always under the same key."""
    office = home()
    markdown = screens.brief(office, office.plan(election), on, desk_address())
    create_markdown_artifact(key=f"pagi-{election}", markdown=markdown, description="Ringkasan pagi")
