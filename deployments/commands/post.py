"""`post`: letters leave, and what comes of each copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.commands.nomination import By
from deployments.context import PLACE, work
from deployments.printing import put, put_json, put_table

app = typer.Typer(
    help="Kirim surat: antrean, surel, cetak per rute, tanda terima.", no_args_is_help=True, rich_markup_mode=None
)
Letter = Annotated[str, typer.Argument(metavar="SURAT", help="Id surat.")]
To = Annotated[str, typer.Argument(metavar="PENERIMA", help="Id penerima, seperti kpu.")]


@app.command()
def queue(
    surat: Letter,
    cetak: Annotated[bool, typer.Option("--cetak", help="Semua salinan tercetak, tidak lewat surel.")] = False,
    oleh: By = "",
) -> None:
    """Masukkan surat ke antrean kirim: satu salinan untuk setiap penerima dan tembusan."""
    from tahapan.post import outbox

    now = work()
    made = outbox.queue(now.home, now.plan, surat, oleh, now.on, now.at, outbox.CETAK if cetak else None)
    mailed = sum(copy.cara == outbox.SUREL for copy in made)
    put(f"{len(made)} salinan masuk antrean: {mailed} lewat surel, {len(made) - mailed} tercetak.")


@app.command("list")
def list_(
    surat: Annotated[
        str, typer.Argument(metavar="[SURAT]", help="Tanpa id: yang belum selesai dari semua surat.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Salinan dan keadaannya."""
    from tahapan.post import outbox

    now = work()
    rows = outbox.copies(now.home, now.plan, surat or None, () if surat else outbox.OPEN)
    if as_json:
        names = (
            "surat",
            "penerima",
            "jabatan",
            "tembusan",
            "cara",
            "alamat",
            "rute",
            "keadaan",
            "catatan",
            "diterima_on",
            "diterima_oleh",
        )
        put_json([{name: getattr(copy, name) for name in names} for copy in rows])
        return
    put_table(
        ("Surat", "Penerima", "Cara", "Ke", "Keadaan", "Keterangan"),
        [
            (copy.surat, copy.penerima, copy.cara, copy.alamat or copy.rute, copy.keadaan,
             f"diterima {copy.diterima_on} oleh {copy.diterima_oleh}" if copy.diterima_on else copy.catatan)
            for copy in rows
        ],
    )  # fmt: skip


@app.command()
def send(
    most: Annotated[int | None, typer.Option("--paling-banyak", metavar="N", help="Hanya sekian surel.")] = None,
) -> None:
    """Kirim surel yang menunggu, menurut TAHAPAN_POST: mati, uji, atau hidup."""
    import time

    from tahapan.post.sending import Post
    from tahapan.post.sending import send as go

    now = work()
    sent = go(now.home, now.plan, Post.of(PLACE.settings), lambda: now.at, time.sleep, most)
    put(str(sent) + ".")
    if sent.gagal or sent.tidak_pasti:
        put("Yang gagal dan tidak pasti menunggu Anda: tahapan post list")
        raise typer.Exit(1)


@app.command()
def decide(
    surat: Letter,
    penerima: To,
    putusan: Annotated[str, typer.Option("--putusan", metavar="PUTUSAN", help="sampai, ulang, cetak, atau batal.")],
    alasan: Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Mengapa.")] = "",
    oleh: By = "",
) -> None:
    """Putuskan satu salinan: sudah sampai, kirim ulang, cetak, atau tidak jadi dikirim."""
    from typing import get_args

    from tahapan.errors import DataError, Problem
    from tahapan.post import outbox

    known = get_args(outbox.Verdict)
    verdict = next((each for each in known if each == putusan), None)
    if verdict is None:
        raise DataError(Problem("--putusan", f"{putusan!r} tidak dikenal.", f"Yang ada: {', '.join(known)}."))
    now = work()
    copy = outbox.decide(now.home, now.plan, surat, penerima, verdict, alasan, oleh, now.at)
    put(f"{copy.jabatan}: {copy.keadaan} ({copy.cara}).")


@app.command()
def pack(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Tempat PDF setiap rute.")],
    surat: Annotated[str, typer.Option("--surat", metavar="ID", help="Hanya surat ini.")] = "",
) -> None:
    """Cetak yang menunggu: satu PDF setiap rute, dengan lembar tanda terima di depannya."""
    import re

    from tahapan.book.outgoing import replace
    from tahapan.post.envelope import packs

    now = work()
    made = packs(now.home, now.plan, surat or None)
    folder.mkdir(parents=True, exist_ok=True)
    for each in made:
        path = folder / f"rute-{re.sub(r'[^a-z0-9]+', '-', each.rute.lower()).strip('-') or 'lain'}.pdf"
        replace(path, each.pdf)
        put(f"{path}: {len(each.copies)} salinan")
    if not made:
        put("Tidak ada salinan tercetak yang menunggu.")


@app.command()
def receipt(
    surat: Letter,
    penerima: Annotated[list[str], typer.Argument(metavar="PENERIMA...", help="Satu atau lebih penerima.")],
    hari: Annotated[str, typer.Option("--tanggal", metavar="HARI", help="Hari diterima.")],
    diterima_oleh: Annotated[
        str, typer.Option("--diterima-oleh", metavar="TEKS", help="Nama atau jabatan yang menerima.")
    ],
    berkas: Annotated[Path | None, typer.Option("--berkas", metavar="BERKAS", help="Foto atau pindaiannya.")] = None,
    oleh: By = "",
) -> None:
    """Catat tanda terima."""
    from tahapan.details import read_day
    from tahapan.post.receipts import Receipt, receive

    now = work()
    given = Receipt(read_day(hari, "--tanggal"), diterima_oleh, berkas)
    for copy in receive(now.home, now.plan, surat, penerima, given, oleh, now.on, now.at):
        put(f"{copy.jabatan}: diterima {copy.diterima_on} oleh {copy.diterima_oleh}.")


@app.command()
def text(surat: Letter, penerima: Annotated[str, typer.Argument(metavar="[PENERIMA]")] = "") -> None:
    """Teks untuk disalin ke WhatsApp; suratnya dilampirkan sendiri."""
    from tahapan import register
    from tahapan.post import envelope, outbox
    from tahapan.store.engine import reading

    now = work()
    office = now.plan.office.profile.id
    with reading(now.home.engine) as connection:
        row = register.letter(connection, office, surat)
        titles = [outbox.one(connection, office, surat, penerima).jabatan] if penerima else []
    put(envelope.said("pesan.md.j2", now.plan, row, titles).rstrip())
