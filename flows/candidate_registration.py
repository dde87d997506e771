"""Candidate registration, from its announcement to the dispute desk: one day of one of its stages."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State

from flows.pagi import Tutup
from flows.stage_day import Day, is_over, run_stage_day, stage_day_name, wanted_day
from tasks.nomination import report_arrivals, show_registration


@flow(name="Pencalonan", flow_run_name=stage_day_name)
def candidate_registration(election: str, stage: str, on: Day = "", tutup: Tutup = "") -> State[None]:  # noqa: ARG001 - names the run
    """Kerjakan satu hari tahapan pencalonan: imbauan, hari pendaftaran, penelitian, perbaikan, penetapan, meja sengketa. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        stage: Id tahapan, seperti N05.
        on: Hari, seperti 2024-08-28; kosongkan untuk hari ini.
        tutup: Diisi oleh jadwal pada jam tutup; kosongkan.
    """
    day = wanted_day(on)
    if not is_over(day):
        report_arrivals(election, day)
    state = run_stage_day(election, stage, on)
    show_registration(election, day)
    return state
