"""The duties of one stage on one day."""

from __future__ import annotations

import datetime as dt

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel

from tahapan import day, screens
from tahapan.errors import TahapanError
from tasks.desk import desk_address
from tasks.forms import form_address
from tasks.office import home, now


class OpenDuty(BaseModel):
    """A duty to work on: its key, and its title as the Prefect UI shows it."""

    key: str
    title: str


@task(name="Buka butir", task_run_name="Buka butir {stage}", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)
def open_day(election: str, stage: str, on: dt.date) -> list[OpenDuty]:
    """Open every duty of the stage whose time has come."""
    office = home()
    plan = office.plan(election)
    opened = day.open_duties(office, plan, on, now(office, plan, on), stage)
    return [OpenDuty(key=duty.short_key, title=duty.item.title) for duty in opened]


@task(name="Perhatikan hukum baru", task_run_name="Perhatikan hukum baru", cache_policy=NO_CACHE)
def heed_laws(election: str, on: dt.date) -> list[str]:
    """Hold drafts that a law has overtaken, draft supplements to letters already sent; the faults, in words."""
    office = home()
    plan = office.plan(election)
    return [str(problem) for problem in day.heed_laws(office, plan, on, now(office, plan, on))]


@task(name="Kerjakan butir", task_run_name="{duty.title}", cache_policy=NO_CACHE)
def work_on(election: str, duty: OpenDuty, on: dt.date) -> State[str]:
    """Draft the duty's letter when its day has come; the state of the run is the state of the duty."""
    office = home()
    plan = office.plan(election)
    try:
        standing = day.work_on(office, plan, plan.duty(duty.key), on, now(office, plan, on))
    except TahapanError as error:
        return Failed(message=str(error))
    return Completed(name=standing.state.capitalize(), message=standing.remark or None, data=standing.state)


@task(name="Setujui surat gladi", task_run_name="Setujui surat gladi", cache_policy=NO_CACHE)
def approve_rehearsed(election: str, stage: str, on: dt.date) -> list[str]:
    """In a rehearsal: number the letters whose day has come (what was refused, in words); in earnest a person decides."""
    office = home()
    if office.gladi is None:
        return []
    return [str(problem) for problem in day.approve_rehearsed(office, office.plan(election), on, stage)]


@task(name="Ajukan surat", task_run_name="Ajukan surat", cache_policy=NO_CACHE)
def ask_approvals(election: str, on: dt.date) -> list[str]:
    """In earnest: put every draft before its approvers as it reads today; the faults, in words."""
    office = home()
    if office.gladi:
        return []
    plan = office.plan(election)
    return [str(problem) for problem in day.ask_approvals(office, plan, on, now(office, plan, on))]


@task(name="Tampilkan daftar periksa", task_run_name="Tampilkan daftar periksa", cache_policy=NO_CACHE)
def show_checklist(election: str, stage: str, on: dt.date) -> None:
    """The stage's checklist as an artifact, always under the same key."""
    office = home()
    plan = office.plan(election)
    create_markdown_artifact(
        key=f"daftar-periksa-{election}-{stage.lower()}",
        markdown=screens.checklist(office, plan, stage, on, desk_address(), form_address(office)),
        description=f"Daftar periksa {plan.election.stage(stage).judul}",
    )


@task(name="Tampilkan surat", task_run_name="Tampilkan surat", cache_policy=NO_CACHE)
def show_letters(election: str, stage: str, on: dt.date) -> None:
    """A preview of every letter of the stage that is being drafted or goes out."""
    office = home()
    plan = office.plan(election)
    for letter_id, hal, markdown in screens.previews(office, plan, stage, on, desk_address()):
        key = f"surat-{letter_id}".lower().replace(".", "-")
        create_markdown_artifact(key=key, markdown=markdown, description=hal)
