"""Every morning: catch up with what was missed, then say what the day wants."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.stage_day import Day, wanted_day
from tahapan.dates import tanggal
from tasks.morning import catch_up, show_brief


def morning_name() -> str:
    """Name of a running morning, as its upcoming run was called."""
    return f"Pagi - {tanggal(wanted_day(str(flow_run.parameters.get('on') or '')))}"


@flow(name="Pagi", flow_run_name=morning_name)
def pagi(election: str, on: Day = "") -> State[None]:
    """Ringkasan pagi: jatuh tempo, surat yang harus keluar, yang terlambat. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
    """
    day = wanted_day(on)
    faults = catch_up(election, day)
    show_brief(election, day)
    return Failed(message="\n".join(faults)) if faults else Completed(message="Tidak ada kesalahan")
