"""The campaign and its funds, up to the quiet days: one day of one of its stages."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import Day, run_stage_day, stage_day_name


@flow(name="Kampanye", flow_run_name=stage_day_name)
def campaign(election: str, stage: str, on: Day = "") -> State[None]:
    """Kerjakan satu hari tahapan kampanye dan dana kampanye: buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        stage: Id tahapan, seperti V12.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
    """
    return run_stage_day(election, stage, on)
