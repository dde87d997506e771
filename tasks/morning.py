"""The morning: catch up with every stage, and say what the day wants."""

from __future__ import annotations

import datetime as dt

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from tahapan import day, screens
from tasks.desk import desk_address
from tasks.office import home, now


@task(name="Kejar yang tertinggal", task_run_name="Kejar yang tertinggal", cache_policy=NO_CACHE)
def catch_up(election: str, on: dt.date) -> list[str]:
    """Open and draft what a missed day left undone; the faults found, in words."""
    office = home()
    plan = office.plan(election)
    return [str(problem) for problem in day.catch_up(office, plan, on, now(office, plan, on))]


@task(name="Tampilkan ringkasan pagi", task_run_name="Tampilkan ringkasan pagi", cache_policy=NO_CACHE)
def show_brief(election: str, on: dt.date) -> None:
    """The morning brief as an artifact, always under the same key."""
    office = home()
    markdown = screens.brief(office, office.plan(election), on, desk_address())
    create_markdown_artifact(key=f"pagi-{election}", markdown=markdown, description="Ringkasan pagi")
