"""A rehearsal through the real flows: every stage day from one day to another, in a folder of its own."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import time
from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from deployments.children import Child
from deployments.prefect_server import check_port, free_port, prefect_environment, server_url, start_server
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import MachineError, Problem
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.screens import summary
from tasks.desk import DESK_URL

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

Say = Callable[[str], None]
MORNING_DEPLOYMENT = "Pagi/Pagi"  # flow and deployment


@dataclass(frozen=True, slots=True)
class Server:
    """Our Prefect server, and where it answers."""

    child: Child
    port: int

    @property
    def url(self) -> str:
        return server_url(self.port)


@contextmanager
def server(home: Home, say: Say, *, port: int | None = None) -> Generator[Server]:
    """A server that lives as long as the block; this process speaks with it from then on."""
    chosen = port or free_port()
    check_port(chosen, "server Prefect")
    os.environ.update(prefect_environment(home.root, chosen), TAHAPAN_HOME=str(home.root.resolve()))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")  # of runs in this process; served runs log in full
    new = not (home.root / "prefect" / "prefect.db").exists()
    say(f"Menyalakan server Prefect ({'pertama kali sekitar 20' if new else 'sekitar 10'} detik) ...")
    Thread(target=_import_flows, daemon=True).start()  # three seconds, while the server needs as many times more
    child = start_server(
        home.root,
        chosen,
        rehearsal=home.gladi is not None,
        progress=lambda waited: say(f"  ... {waited:.0f} detik") if waited % 5 < 1 else None,
    )
    with child:
        _end_stale_runs()
        yield Server(child, chosen)


def _end_stale_runs() -> None:
    """A run of a killed program would be shown as running for ever; whoever runs one now has started with us."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    begun = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=begun))):
            ended = Crashed(message="Terputus: program berhenti di tengah jalan. Aman dijalankan lagi.")
            client.set_flow_run_state(run.id, ended, force=True)


def _import_flows() -> None:
    importlib.import_module("flows.families")


def brief_url(client: SyncPrefectClient, running: Server, plan: Plan) -> str | None:
    """Where the UI shows the latest morning brief; its page by key would show a timeline only."""
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
    from prefect.client.schemas.sorting import ArtifactSort

    only = ArtifactFilter(key=ArtifactFilterKey(any_=[f"pagi-{plan.election.id}"]))
    found = client.read_artifacts(artifact_filter=only, sort=ArtifactSort.CREATED_DESC, limit=1)
    return f"{running.url}/artifacts/artifact/{found[0].id}" if found else None


def start_morning(
    client: SyncPrefectClient, plan: Plan, day: dt.date, since: dt.datetime, runner: Child, patience: float = 30
) -> bool:
    """Start one morning of today as soon as its deployment is registered: after 07.00 or days off no other comes.

    Registered means touched after *since*: one of an earlier start may still be there. False when there is nothing to
    start: outside the calendar, or the deployment never came; the schedule then starts the next morning.
    """
    import httpx
    from prefect.exceptions import ObjectNotFound

    if not plan.first_day <= day <= plan.last_day:
        return False
    end = time.monotonic() + patience
    while time.monotonic() < end and runner.alive():
        with suppress(ObjectNotFound, httpx.HTTPError):
            found = client.read_deployment_by_name(MORNING_DEPLOYMENT)
            if found.updated and found.updated >= since:
                client.create_flow_run_from_deployment(found.id, parameters={"election": plan.election.id})
                return True
        time.sleep(1)
    return False


@dataclass(frozen=True, slots=True)
class People:
    """What people do on a day before the runs, and after them."""

    before: Callable[[dt.date], None] = lambda _: None
    after: Callable[[dt.date], None] = lambda _: None


NOBODY = People()


def run_days(
    home: Home, plan: Plan, days: Iterable[dt.date], say: Say, mornings: Collection[dt.date] | None = None,
    people: People = NOBODY,
) -> list[str]:  # fmt: skip
    """Run every stage day and every morning (or only these mornings) through the flows; the failures, in words.

    Call it after `server`: Prefect reads its address when it is imported.
    """
    from prefect.context import SyncClientContext
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.families import FAMILIES
    from flows.pagi import pagi

    failures: list[str] = []
    # Each run in this process would end by waiting a second for its heartbeat, and begin with a new client.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), SyncClientContext():
        for on in days:
            home.set_day(on)
            people.before(on)
            plan = home.plan(plan.election.id)  # a meeting planned that day has days of its own
            stages = [stage for stage in plan.stages_on(on) if stage.keluarga in FAMILIES]
            for stage in stages:
                state: Any = FAMILIES[stage.keluarga](plan.election.id, stage.id, on.isoformat(), return_state=True)
                if not state.is_completed():
                    failures.append(f"{stage.day_name(on)}: {state.message}")
            if mornings is None or on in mornings:
                greeting: Any = pagi(plan.election.id, on.isoformat(), return_state=True)
                if not greeting.is_completed():
                    failures.append(f"Pagi {tanggal(on)}: {greeting.message}")
            people.after(on)
            say(f"  {hari_tanggal(on)}: {', '.join(stage.judul for stage in stages) or 'ringkasan pagi'}")
    return failures


def working_days(plan: Plan, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days of a window on which some stage has something to draft or do."""
    return [day for day in plan.days if first <= day <= last]


def write_summary(home: Home, plan: Plan, first: dt.date, last: dt.date) -> Path:
    """``ringkasan.md``: there whole, or as it was."""
    path = home.root / "ringkasan.md"
    half = path.with_suffix(".baru")
    try:
        half.write_text(summary(home, plan, first, last), "utf-8")
    except OSError as error:
        raise MachineError(Problem(str(path), f"tidak dapat ditulis ({error.strerror}).", "Kosongkan disk.")) from None
    half.replace(path)
    return path


def set_desk(address: str) -> None:
    """Tell the flows of this process and its children where letters open."""
    os.environ[DESK_URL] = address
