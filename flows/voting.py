"""Voting day and the recapitulations after it: one day of one of its stages."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import Day, run_stage_day, stage_day_name


@flow(name="Pemungutan dan rekapitulasi", flow_run_name=stage_day_name)
def voting(election: str, stage: str, on: Day = "") -> State[None]:
    """Kerjakan satu hari tahapan pemungutan suara dan rekapitulasi: buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        stage: Id tahapan, seperti V12.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
    """
    return run_stage_day(election, stage, on)
