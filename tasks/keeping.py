"""What a running office keeps going: mail that waits is sent, the days of its meetings stand in the Prefect UI."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from zoneinfo import ZoneInfo

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from tahapan.day import MORNING
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post import outbox
from tahapan.post.sending import recover
from tahapan.settings import read_settings
from tasks.asking import LIVE, runs_of
from tasks.office import now

SENDING = "Kirim surat/Kirim surat"  # flow and deployment
REST = dt.timedelta(minutes=10)
MEETINGS = "Rapat koordinasi/Rapat koordinasi"


def keep_sending(client: SyncPrefectClient, home: Home, plan: Plan, on: dt.date) -> None:
    """Start one run of *Kirim surat* while mail is due and none is at it; while the post is off only what broke off is told."""
    mode, at = read_settings().post, now(home, plan, on)
    recover(home, plan, at)
    if mode == "mati" or not outbox.due(home, plan, at, uji=mode == "uji"):
        return
    with suppress(ObjectNotFound):  # not registered yet
        deployment = client.read_deployment_by_name(SENDING).id
        last = runs_of(client, deployment, most=1)
        if not any(_busy(run) for run in last):
            client.create_flow_run_from_deployment(deployment, name="Kirim surat")


def _busy(run: FlowRun) -> bool:
    """Whether a round is on its way, or failed a moment ago: a server that is away is not asked every five seconds."""
    if run.state_type in LIVE:
        return True
    ended = run.end_time or run.expected_start_time
    failed = run.state_type != StateType.COMPLETED
    return failed and ended is not None and dt.datetime.now(dt.UTC) - ended < REST


def keep_meetings(client: SyncPrefectClient, plan: Plan, on: dt.date) -> None:
    """A scheduled run for each coming day of each meeting; a meeting that moved or was called off takes its runs along."""
    wanted = {
        (name, day): plan.election.stage(name).day_name(day)
        for name, meeting in plan.meetings.items()
        if not meeting.batal
        for day in plan.days_of(name)
        if day >= on
    }
    with suppress(ObjectNotFound):
        deployment = client.read_deployment_by_name(MEETINGS).id
        there = set[tuple[str, dt.date]]()
        for run in runs_of(client, deployment, (StateType.SCHEDULED,)):
            said = run.parameters
            key = str(said.get("stage")), dt.date.fromisoformat(str(said["on"])) if said.get("on") else on
            if key not in wanted and said.get("on"):
                client.delete_flow_run(run.id)
                continue
            there.add(key)
            if key in wanted and run.name != wanted[key]:  # the same day is another day before the meeting now
                client.update_flow_run(run.id, name=wanted[key])
        for (name, day), title in wanted.items():
            if day > on and (name, day) not in there:
                start = dt.datetime.combine(day, MORNING, ZoneInfo(plan.office.profile.timezone))
                client.create_flow_run_from_deployment(
                    deployment, name=title, state=Scheduled(scheduled_time=start),
                    parameters={"election": plan.election.id, "stage": name, "on": day.isoformat()},
                )  # fmt: skip
