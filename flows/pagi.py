"""Every morning: catch up with what was missed, then say what the day wants."""

from __future__ import annotations

import datetime as dt

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.stage_day import scheduled_day
from tahapan.dates import tanggal
from tasks.morning import catch_up, show_brief


def morning_name() -> str:
    given = runtime.flow_run.parameters
    return f"Pagi - {tanggal(dt.date.fromisoformat(str(given['on'])) if given.get('on') else scheduled_day())}"


@flow(name="Pagi", flow_run_name=morning_name)
def pagi(election: str, on: dt.date | None = None) -> State[None]:
    """Ringkasan pagi: jatuh tempo, surat yang harus keluar, yang terlambat. Aman dijalankan ulang."""
    day = on or scheduled_day()
    faults = catch_up(election, day)
    show_brief(election, day)
    return Failed(message="\n".join(faults)) if faults else Completed(message="Tidak ada kesalahan")
