"""The morning: catch up with every stage, remind, send, look around, and say what the day wants."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Literal

import httpx
from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runtime import flow_run
from pydantic import BaseModel

from tahapan import channels, day, morning, screens, watch
from tahapan.correspondence import answers
from tahapan.errors import Problem, TahapanError
from tahapan.watch import Facts, Run
from tasks.channels import send
from tasks.desk import desk_address
from tasks.forms import form_address
from tasks.office import home, now
from tasks.scanning import take_scans

PAGE = 200  # the most runs Prefect gives at once


class Seen(BaseModel):
    """A run of Prefect that has not ended, as `tahapan.watch` wants it."""

    name: str
    state: Literal["berjalan", "menunggu formulir", "belum mulai"]
    since: dt.datetime
    of_letter: bool


@task(name="Kejar yang tertinggal", task_run_name="Kejar yang tertinggal", cache_policy=NO_CACHE)
def catch_up(election: str, on: dt.date) -> list[str]:
    """Take in scans, open and draft what a missed day left undone, ask for approvals, ask again for answers; the faults, in words."""
    office = home()
    plan = office.plan(election)
    at = now(office, plan, on)
    faults: list[Problem] = []
    if office.gladi is None:
        watch.beat(office, at)
        try:
            take_scans(office, plan, on, at)
        except TahapanError as error:
            faults += error.problems
    said = [str(problem) for problem in (*faults, *day.catch_up(office, plan, on, at))]
    return said if office.gladi else [*said, *answers.remind_all(office, plan, on, at)[1]]


@task(name="Apakah sudah diringkas", task_run_name="Apakah sudah diringkas", cache_policy=NO_CACHE)
def first_today(election: str, on: dt.date) -> bool:
    """Whether nobody has made the brief of this day yet."""
    office = home()
    return morning.first_today(office, office.plan(election), on)


@task(name="Ingatkan", task_run_name="Ingatkan", cache_policy=NO_CACHE)
def remind(election: str, on: dt.date) -> int:
    """Write down who is reminded today; how many times."""
    office = home()
    return len(morning.remind(office, office.plan(election), on))


@task(name="Kirim ke kanal kantor", task_run_name="Kirim ke kanal kantor", cache_policy=NO_CACHE)
def send_out(election: str, on: dt.date, tutup: str) -> list[str]:
    """The morning in short to each channel, once; what failed, in words. The addresses stay in here."""
    office = home()
    plan = office.plan(election)
    wanted = channels.morning_channels(office, plan)
    if not wanted:
        return []
    title, text = morning.in_short(plan, morning.look(office, plan, on), tutup)
    occasion = f"tutup {tutup}" if tutup else "pagi"
    failed: list[str] = []
    for channel in wanted:
        if channels.reserve(office, plan, channel, occasion, on):
            if why := send(channel, title, text):
                channels.give_back(office, plan, channel, occasion, on)
                failed.append(why)
            else:
                channels.sent(office, plan, channel, occasion, now(office, plan, on))
    return failed


@task(name="Lihat sekeliling", task_run_name="Lihat sekeliling", cache_policy=NO_CACHE)
def look_around() -> list[Seen]:
    """The runs that have not ended although they should have; nothing in a rehearsal."""
    if home().gladi:
        return []
    try:
        with get_client(sync_client=True) as client:
            return [seen for run in _open_runs(client) if (seen := _seen(run))]
    except httpx.HTTPError:  # the brief is worth more than what it says of Prefect
        return []


def _open_runs(client: SyncPrefectClient) -> list[FlowRun]:
    begun = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PAUSED])
    late = FlowRunFilterStateName(any_=["Late"])
    states = (FlowRunFilterState(type=begun), FlowRunFilterState(name=late))
    filters = [FlowRunFilter(state=state) for state in states]
    order = FlowRunSort.EXPECTED_START_TIME_ASC
    return [run for only in filters for run in client.read_flow_runs(flow_run_filter=only, sort=order, limit=PAGE)]


def _seen(run: FlowRun) -> Seen | None:
    since = run.expected_start_time if run.state_name == "Late" else (run.state.timestamp if run.state else None)
    if since is None or str(run.id) == flow_run.id:
        return None
    match run.state_type:
        case StateType.RUNNING:
            state = "berjalan"
        case StateType.PAUSED:
            state = "menunggu formulir"
        case _:
            state = "belum mulai"
    return Seen(name=run.name, state=state, since=since, of_letter="surat" in run.parameters)


@task(name="Tampilkan ringkasan pagi", task_run_name="Tampilkan ringkasan pagi", cache_policy=NO_CACHE)
def show_brief(election: str, on: dt.date, faults: list[str], runs: list[Seen]) -> None:
    """The morning brief as an artifact, always under the same key."""
    office = home()
    plan = office.plan(election)
    facts = Facts(
        runs=tuple(Run(seen.name, seen.state, seen.since, seen.of_letter) for seen in runs),
        free=shutil.disk_usage(office.root).free,
        faults=tuple(faults),
    )
    at, form = now(office, plan, on), form_address(office)
    markdown = screens.brief(office, plan, on, desk_address(), form=form, at=at, facts=facts)
    create_markdown_artifact(key=f"pagi-{election}", markdown=markdown, description="Ringkasan pagi")
