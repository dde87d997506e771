"""`calendar show|check|set`: the calendar, its soundness, and the real days of its events."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from deployments.commands.duties import ElectionId, Json, On
from deployments.context import PLACE, asked_plan, work
from deployments.printing import put, put_json, put_table, tell
from tahapan.dates import hari_tanggal, jam, rentang, tanggal
from tahapan.details import check as check_details
from tahapan.elections import Stage
from tahapan.home import read_moment

app = typer.Typer(help="Lihat, periksa, dan tetapkan kalender.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(election: ElectionId = None, as_json: Json = False) -> None:
    """Tahapan dengan jadwal, jam tutup, hari acara, dan dasarnya."""
    plan = asked_plan(election)
    if as_json:
        put_json([stage.model_dump(mode="json") for stage in plan.election.stages])
        return
    put(plan.election.nama)
    put_table(
        ("Id", "Tahapan", "Jadwal", "Tutup", "Acara", "Dasar", "Keyakinan"),
        [
            (
                stage.id, stage.nama, _window(stage), ", ".join(jam(hour) for hour in stage.tutup) or "-", _event(stage),
                "; ".join(plan.laws.by_id[law].singkat for law in stage.dasar), stage.keyakinan,
            )
            for stage in plan.election.stages
        ],
    )  # fmt: skip


@app.command()
def check(election: ElectionId = None) -> None:
    """Periksa kalender, daftar tugas, hukum, dan templat; semua kesalahan sekaligus."""
    plan = asked_plan(election)
    if not PLACE.sample:
        home = PLACE.open()
        home.words(plan)
        for idle in check_details(home, plan):
            put(f"Perhatikan: {idle}")
    estimated = [day for day, libur in plan.kalender.days_off.items() if libur.perkiraan]
    put(f"{plan.election.id}: {len(plan.election.stages)} tahapan, {len(plan.duties)} butir, tidak ada kesalahan.")
    for day in sorted(estimated):
        put(f"Libur masih perkiraan: {hari_tanggal(day)} ({plan.kalender.days_off[day].nama}).")
    for duty in plan.duties:
        if why := plan.kalender.why_off(duty.due):
            put(
                f"{duty.short_key}: {hari_tanggal(duty.due)} bukan hari kerja ({why}); dikerjakan {hari_tanggal(duty.act_on)}."
            )


@app.command("set")
def set_day(
    stage: Annotated[str, typer.Argument(metavar="TAHAPAN", help="Id tahapan, seperti V14.")],
    acara: Annotated[str, typer.Option("--acara", metavar="WAKTU", help="2024-09-20 atau 2024-09-20T09:00.")],
    dasar: Annotated[str, typer.Option("--dasar", metavar="TEKS", help="Undangan atau keputusan yang menetapkannya.")],
    oleh: Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang mencatat.")] = "pengelola",
    outside: Annotated[bool, typer.Option("--di-luar-jadwal", help="Hari itu memang di luar jadwal tahapan.")] = False,
    on: On = None,
    election: ElectionId = None,
) -> None:
    """Tetapkan hari acara sungguhan; butir terbuka dan surat tanpa nomor ikut bergeser."""
    from tahapan.amend import set_event

    now = work(on, election)
    result = set_event(
        now.home, now.plan, stage, read_moment(acara), dasar, oleh, now.on, now.at, outside_window=outside
    )
    moment = read_moment(acara)
    hour = f", pukul {moment:%H.%M}" if isinstance(moment, dt.datetime) else ""
    put(f"Acara {stage}: {hari_tanggal(moment)}{hour}. {len(result.moved)} butir bergeser.")
    for moved in result.moved:
        put(f"Bergeser: {moved.after.item.title}, {tanggal(moved.before.act_on)} -> {tanggal(moved.after.act_on)}.")
    for letter_id in result.redrafted:
        put(f"Draf diperbarui: {letter_id}.")
    for row in result.to_correct:
        put(f"PERLU RALAT: {row.nomor} ({row.hal}).")
    for fault in result.faults:
        tell(f"Perhatikan: {fault}")


def _window(stage: Stage) -> str:
    if stage.mulai and stage.selesai:
        return rentang(stage.mulai, stage.selesai)
    if stage.selesai:
        return f"s.d. {tanggal(stage.selesai)}"
    assert stage.relatif
    return f"{stage.relatif.peristiwa} + {stage.relatif.hari} hari {stage.relatif.satuan}"


def _event(stage: Stage) -> str:
    if not stage.acara_date:
        return "-"
    return f"{tanggal(stage.acara_date)}" + (f" {jam(stage.acara_jam)}" if stage.acara_jam else "")
