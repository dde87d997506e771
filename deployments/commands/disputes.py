"""`dispute`: requests at the dispute desk, and the clocks that run."""

from __future__ import annotations

from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.commands.nomination import By
from deployments.context import moment, work
from deployments.printing import put, put_json, put_table

app = typer.Typer(
    help="Meja sengketa: permohonan, register, dan tenggatnya.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def receive(
    pemohon: Annotated[str, typer.Argument(metavar="PEMOHON", help="Siapa memohon.")],
    keputusan: Annotated[str, typer.Option("--keputusan", metavar="TEKS", help="Keputusan KPU yang dimohonkan.")],
    diputus: Annotated[str, typer.Option("--diputus", metavar="'HARI JAM'", help="Kapan keputusan itu, seperti '2024-09-22 17.00'.")],
    pukul: Annotated[str, typer.Option("--jam", metavar="JAM", help="Jam permohonan diterima.")],
    hari: Annotated[str, typer.Option("--hari", metavar="HARI", help="Bawaan: hari ini.")] = "",
    oleh: By = "",
) -> None:  # fmt: skip
    """Catat permohonan sengketa; yang terlambat pun dicatat, karena yang memutuskan orang."""
    from tahapan.clocks import said
    from tahapan.nomination import disputes

    now = work()
    day, _, hour = diputus.strip().rpartition(" ")
    came = moment(now, hari, pukul, "--jam")
    made = disputes.receive(
        now.home, now.plan, pemohon, keputusan, moment(now, day, hour, "--diputus"), came, oleh, now.latest
    )
    late = "dalam tenggat" if made.in_time else "LEWAT tenggat"
    put(f"Permohonan {made.id}: {late} ({said(disputes.window(now.plan, made.isi.keputusan_pada))}).")


@app.command("list")
def list_disputes(as_json: Json = False) -> None:
    """Register permohonan dan tenggat yang berjalan."""
    from tahapan.clocks import said
    from tahapan.nomination import disputes

    now = work()
    rows = disputes.register(now.home, now.plan)
    if as_json:
        put_json([
            {"id": each.id, **each.isi.model_dump(mode="json"), "dalam_tenggat": each.in_time,
             "tenggat": {clock.nama: clock.sampai.isoformat() for clock in each.clocks}}
            for each in rows
        ])  # fmt: skip
        return
    put_table(
        ("No.", "Pemohon", "Diterima", "Tenggat", "Keadaan", "Nomor", "Berjalan"),
        [
            (each.id, each.isi.pemohon, f"{each.isi.diterima_pada.astimezone(now.at.tzinfo):%d-%m-%Y %H.%M}",
             "dalam tenggat" if each.in_time else "lewat", each.isi.keadaan, each.isi.nomor,
             "; ".join(f"{clock.nama} sampai {said(clock.sampai)}" for clock in each.clocks))
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def move(
    nomor_catatan: Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor permohonan.")],
    keadaan: Annotated[str, typer.Argument(metavar="KEADAAN", help="diperbaiki, diregister, diputus, 'tidak dapat diterima', dicabut.")],
    pukul: Annotated[str, typer.Option("--jam", metavar="JAM", help="Jamnya.")],
    hari: Annotated[str, typer.Option("--hari", metavar="HARI", help="Bawaan: hari ini.")] = "",
    nomor: Annotated[str, typer.Option("--nomor", metavar="TEKS", help="Nomor register.")] = "",
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Pokok putusan atau alasannya.")] = "",
    oleh: By = "",
) -> None:  # fmt: skip
    """Catat keadaan permohonan berikutnya."""
    from tahapan.clocks import said
    from tahapan.nomination import disputes

    now = work()
    when = moment(now, hari, pukul, "--jam")
    made = disputes.move(
        now.home, now.plan, nomor_catatan, keadaan, when, oleh, now.latest, nomor=nomor, catatan=catatan
    )
    put(f"Permohonan {made.id}: {made.isi.keadaan}.")
    for clock in made.clocks:
        put(f"{clock.nama}: sampai {said(clock.sampai)}.")
