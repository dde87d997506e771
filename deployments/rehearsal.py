"""A rehearsal through the real flows: every stage day from one day to another, in a folder of its own."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployments.children import Child, free_port, prefect_environment, server_url, start_server
from tahapan.errors import MachineError, Problem
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.screens import summary
from tasks.desk import DESK_URL

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Server:
    """Our Prefect server, and where it answers."""

    child: Child
    port: int

    @property
    def url(self) -> str:
        return server_url(self.port)


@contextmanager
def server(home: Home, say: Say, *, port: int | None = None, rehearsal: bool = False) -> Generator[Server]:
    """A server that lives as long as the block; this process speaks with it from then on."""
    say("Menjalankan server Prefect ...")
    chosen = port or free_port()
    child = start_server(
        home.root,
        chosen,
        rehearsal=rehearsal,
        progress=lambda waited: say(f"  {waited:.0f} detik") if waited % 5 < 1 else None,
    )
    with child:
        os.environ.update(prefect_environment(home.root, chosen), TAHAPAN_HOME=str(home.root.resolve()))
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")  # of runs in this process; served runs log in full
        yield Server(child, chosen)


def desk_url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def run_days(home: Home, plan: Plan, days: Iterable[dt.date], say: Say) -> list[str]:
    """Run every stage day and every morning of these days through the flows; the failures, in words.

    Call it after `server`: Prefect reads its address when it is imported.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.families import FAMILIES
    from flows.pagi import pagi

    failures: list[str] = []
    # Each run in this process would end by waiting a second for its heartbeat.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        for on in days:
            home.set_day(on)
            stages = plan.stages_on(on)
            for stage in stages:
                state: Any = FAMILIES[stage.keluarga](plan.election.id, stage.id, on.isoformat(), return_state=True)
                if not state.is_completed():
                    failures.append(f"{stage.day_name(on)}: {state.message}")
            greeting: Any = pagi(plan.election.id, on.isoformat(), return_state=True)
            if not greeting.is_completed():
                failures.append(f"Pagi {on}: {greeting.message}")
            say(f"{on:%d-%m-%Y}: {', '.join(stage.judul for stage in stages)}")
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


def set_desk(port: int) -> None:
    """Tell the flows of this process and its children where letters open."""
    os.environ[DESK_URL] = desk_url(port)
