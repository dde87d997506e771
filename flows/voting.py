"""Voting day and the recapitulations after it: one day of one of its stages."""

from __future__ import annotations

import datetime as dt

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import run_stage_day, stage_day_name


@flow(name="Pemungutan dan rekapitulasi", flow_run_name=stage_day_name)
def voting(election: str, stage: str, on: dt.date | None = None) -> State[None]:
    """Kerjakan satu hari tahapan pemungutan suara dan rekapitulasi: buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang."""
    return run_stage_day(election, stage, on)
