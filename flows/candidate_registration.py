"""Candidate registration, from its announcement to the drawing of numbers: one day of one of its stages."""

from __future__ import annotations

import datetime as dt

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import run_stage_day, stage_day_name


@flow(name="Pencalonan", flow_run_name=stage_day_name)
def candidate_registration(election: str, stage: str, on: dt.date | None = None) -> State[None]:
    """Kerjakan satu hari tahapan pencalonan: buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang."""
    return run_stage_day(election, stage, on)
