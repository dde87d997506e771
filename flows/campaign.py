"""The campaign and its funds, up to the quiet days: one day of one of its stages."""

from __future__ import annotations

import datetime as dt

from prefect import flow
from prefect.client.schemas.objects import State

from flows.stage_day import run_stage_day, stage_day_name


@flow(name="Kampanye", flow_run_name=stage_day_name)
def campaign(election: str, stage: str, on: dt.date | None = None) -> State[None]:
    """Kerjakan satu hari tahapan kampanye dan dana kampanye: buka butir, siapkan surat, tampilkan daftar periksa. Aman dijalankan ulang."""
    return run_stage_day(election, stage, on)
