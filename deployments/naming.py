"""Names for upcoming runs: Prefect gives them random ones, which mean nothing to a clerk."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.pagi import name_of_morning
from tahapan.errors import NotKnown
from tahapan.plan import Plan

PAGE = 200  # the most runs Prefect gives at once


def rename_upcoming(client: SyncPrefectClient, plan: Plan) -> int:
    """Give every scheduled run of this plan its office name; how many were renamed."""
    renamed = 0
    for run in upcoming(client):
        name = office_name(plan, run.parameters, run)
        if name and name != run.name:
            with suppress(ObjectNotFound, httpx.HTTPStatusError):  # gone since we asked: its schedule has moved
                client.update_flow_run(run.id, name=name)
                renamed += 1
    return renamed


@contextmanager
def patient() -> Generator[None]:
    """A server that does not answer now is no fault: it is asked again soon."""
    with suppress(httpx.HTTPError), temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
        yield


def upcoming(client: SyncPrefectClient) -> list[FlowRun]:
    """Every scheduled run, soonest first."""
    only = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])))
    found: dict[UUID, FlowRun] = {}
    while page := client.read_flow_runs(
        flow_run_filter=only, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=PAGE, offset=len(found)
    ):
        found |= {run.id: run for run in page}
        if len(page) < PAGE:
            break
    return list(found.values())


def office_name(plan: Plan, parameters: Mapping[str, Any], run: FlowRun) -> str | None:
    """``Pengumuman DPS - H-3 - 15 Agustus 2024``; None for a run that is not of this plan."""
    if parameters.get("election") != plan.election.id or run.expected_start_time is None:
        return None
    day = run.expected_start_time.astimezone(ZoneInfo(plan.office.profile.timezone)).date()
    if "stage" not in parameters:
        return name_of_morning(day, str(parameters.get("tutup") or ""))
    try:
        name = plan.election.stage(str(parameters["stage"])).day_name(day)
        return f"{name} - tutup {parameters['tutup']}" if parameters.get("tutup") else name
    except NotKnown:
        return None
