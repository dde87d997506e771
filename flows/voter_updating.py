"""Voter-list updating, from coklit to the announcement of the DPT: one day of one of its stages."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import Day, run_stage_day, stage_day_name


@flow(name="Pemutakhiran daftar pemilih", flow_run_name=stage_day_name)
def voter_updating(election: str, stage: str, on: Day = "") -> State[None]:
    """Kerjakan satu hari tahapan daftar pemilih: cermati daftar yang baru masuk, buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        stage: Id tahapan, seperti V12.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
    """
    return run_stage_day(election, stage, on)
