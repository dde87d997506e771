"""Every morning: catch up with what was missed, remind, send, then say what the day wants."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from flows.stage_day import Day, wanted_day
from tahapan.dates import tanggal
from tasks.morning import catch_up, first_today, look_around, remind, send_out, show_brief
from tasks.office import home

Tutup = Annotated[str, Field(pattern=r"^(\d{2}\.\d{2})?$", json_schema_extra={"title": "Menjelang tutup pukul"})]


def morning_name() -> str:
    """Name of a running morning, as its upcoming run was called."""
    given = flow_run.parameters
    return name_of_morning(wanted_day(str(given.get("on") or "")), str(given.get("tutup") or ""))


def name_of_morning(day: dt.date, tutup: str) -> str:
    """``Pagi - 21 Agustus 2024``, ``Menjelang tutup 16.00 - 28 Agustus 2024``."""
    return f"Menjelang tutup {tutup} - {tanggal(day)}" if tutup else f"Pagi - {tanggal(day)}"


@flow(name="Pagi", flow_run_name=morning_name)
def pagi(election: str, on: Day = "", tutup: Tutup = "") -> State[None]:
    """Ringkasan pagi: jatuh tempo, surat yang harus keluar, yang terlambat, siapa menunggu siapa. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
        tutup: Diisi oleh jadwal, dua jam sebelum jam tutup; kosongkan.
    """
    day = wanted_day(on)
    first = first_today(election, day)
    if comes_late(day) and not (on or first):
        return Completed(message="Terlambat mulai; hari ini sudah diringkas, satu ringkasan untuk semuanya")
    faults = catch_up(election, day)
    remind(election, day)
    not_sent = send_out(election, day, tutup)
    show_brief(election, day, [*faults, *not_sent], look_around())
    return Failed(message="\n".join(faults)) if faults else Completed(message="Tidak ada kesalahan")


def comes_late(day: dt.date) -> bool:
    """Whether this run was planned for a day that is over: the machine was off."""
    zone = ZoneInfo(home().office.profile.timezone)
    return flow_run.scheduled_start_time.astimezone(zone).date() < day
