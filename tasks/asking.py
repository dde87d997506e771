"""One waiting run for each letter that waits: Prefect shows what the records say, and follows them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound

from tahapan import approval
from tahapan.approval import Asked
from tahapan.home import Home
from tahapan.plan import Plan
from tasks.office import now

DEPLOYMENT = "Persetujuan surat/Persetujuan surat"  # flow and deployment
# What a form is sent back with when the answer was given elsewhere: no answer, and the flow asks the records.
ANSWERED_ELSEWHERE = {"keputusan": "(pilih)", "nama": "(pilih)", "catatan": "", "kode": ""}
LIVE = (StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING)
PAGE = 200  # the most runs Prefect gives at once


def keep_asking(client: SyncPrefectClient, home: Home, plan: Plan, on: dt.date) -> None:
    """Put up new drafts; start a run for every letter that waits without one; wake those that were answered elsewhere.

    Safe to repeat, whatever was killed: the records decide, never the runs.
    """
    approval.submit_new(home, plan, on, now(home, plan, on))  # what is wrong with a draft is told in the morning
    with suppress(ObjectNotFound):  # not registered yet
        deployment = client.read_deployment_by_name(DEPLOYMENT).id
        waiting = {asked.row.id: asked for asked in approval.waiting(home, plan, on)}
        alive = runs_of(client, deployment, LIVE)
        for run in alive:
            _wake(client, run, waiting.get(_letter(run)))
        if wanting := waiting.keys() - {_letter(run) for run in alive}:
            before = Counter(_letter(run) for run in runs_of(client, deployment))
            for letter_id in sorted(wanting):
                client.create_flow_run_from_deployment(
                    deployment, parameters={"surat": letter_id}, idempotency_key=f"{letter_id}-{before[letter_id]}"
                )


def runs_of(
    client: SyncPrefectClient, deployment: UUID, states: Sequence[StateType] = (), most: int = 0
) -> list[FlowRun]:  # fmt: skip
    """The runs of a deployment (in these states), the latest first: all, or so many."""
    only = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))) if states else None,
    )
    found: list[FlowRun] = []
    while page := client.read_flow_runs(
        flow_run_filter=only, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=most or PAGE, offset=len(found)
    ):
        found += page
        if most or len(page) < PAGE:
            break
    return found


def _wake(client: SyncPrefectClient, run: FlowRun, asked: Asked | None) -> None:
    """Resume a suspended run whose question is not the one the letter stands before now."""
    if run.state is None or run.state.type != StateType.PAUSED:
        return
    if asked and (run.state.state_details.pause_key or "").startswith(f"{asked.key}-"):
        return
    with suppress(httpx.HTTPStatusError):  # in its first moments a run cannot be resumed yet: next time
        client.resume_flow_run(run.id, run_input=ANSWERED_ELSEWHERE)


def _letter(run: FlowRun) -> str:
    parameters: dict[str, Any] = run.parameters
    return str(parameters.get("surat", ""))
