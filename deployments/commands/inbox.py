"""`inbox`: the book of incoming letters, who works on them, and the answers we wait for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.duties import Json
from deployments.commands.nomination import By
from deployments.context import work
from deployments.printing import put, put_json, put_table
from tahapan.dates import tanggal

app = typer.Typer(
    help="Surat masuk: agenda, disposisi, dan jawaban yang ditunggu.", no_args_is_help=True, rich_markup_mode=None
)
Number = Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor agenda, seperti 001.")]


@app.command()
def add(
    dari: Annotated[str, typer.Option("--dari", metavar="TEKS", help="Pengirimnya.")],
    nomor: Annotated[str, typer.Option("--nomor", metavar="NOMOR", help="Nomor suratnya.")],
    surat_tanggal: Annotated[str, typer.Option("--tanggal", metavar="HARI", help="Tanggal suratnya.")],
    perihal: Annotated[str, typer.Option("--perihal", metavar="TEKS", help="Perihalnya.")],
    diterima: Annotated[str, typer.Option("--diterima", metavar="HARI", help="Bawaan: hari ini.")] = "",
    menjawab: Annotated[str, typer.Option("--menjawab", metavar="ID", help="Surat kita yang dijawabnya.")] = "",
    acara: Annotated[str, typer.Option("--acara", metavar="TAHAPAN", help="Tahapan yang harinya diberitahukan.")] = "",
    berkas: Annotated[Path | None, typer.Option("--berkas", metavar="BERKAS", help="Pindaiannya.")] = None,
    oleh: By = "",
) -> None:
    """Catat surat yang masuk; surat yang sama tidak dicatat dua kali."""
    from tahapan.correspondence import incoming
    from tahapan.details import read_day

    now = work()
    given: dict[str, Any] = {"dari": dari, "nomor": nomor, "perihal": perihal, "menjawab": menjawab, "acara": acara}
    given["tanggal"] = read_day(surat_tanggal, "--tanggal")
    given["diterima"] = read_day(diterima, "--diterima") if diterima else now.on
    made = incoming.take(now.home, now.plan, given, oleh, now.on, now.at, berkas=berkas)
    put(f"Agenda {made.id}: {made.isi.perihal}, dari {made.isi.dari}.")
    if made.isi.acara:
        put(f"Bila harinya berubah: tahapan calendar set {made.isi.acara} --acara HARI --dasar {made.isi.nomor!r}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Buku surat masuk."""
    from tahapan.correspondence import incoming

    now = work()
    rows = incoming.book(now.home, now.plan)
    if as_json:
        put_json([{"agenda": each.id, **each.isi.model_dump(mode="json")} for each in rows])
        return
    put_table(
        ("Agenda", "Dari", "Nomor", "Tanggal", "Perihal", "Disposisi"),
        [
            (each.id, each.isi.dari, each.isi.nomor, tanggal(each.isi.tanggal), each.isi.perihal,
             "; ".join(f"{given.disposisi.peran} s.d. {given.disposisi.sampai:%d-%m-%Y}" for given in each.open))
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def give(
    agenda: Number,
    kepada: Annotated[str, typer.Option("--kepada", metavar="PERAN", help="Seperti kordiv-pencegahan.")],
    sampai: Annotated[str, typer.Option("--sampai", metavar="HARI", help="Sampai hari apa.")],
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Apa yang dikerjakan.")] = "",
    oleh: By = "",
) -> None:
    """Disposisikan kepada sebuah peran, dengan harinya."""
    from tahapan.correspondence import incoming
    from tahapan.details import read_day

    now = work()
    day: dt.date = read_day(sampai, "--sampai")
    incoming.give(now.home, now.plan, agenda, kepada, day, catatan, oleh, now.on, now.at)
    put(f"Agenda {agenda}: {kepada} sampai {tanggal(day)}.")


@app.command()
def finish(
    agenda: Number, peran: Annotated[str, typer.Option("--peran", metavar="PERAN", help="Yang selesai.")], oleh: By = ""
) -> None:
    """Tandai disposisi sebuah peran selesai."""
    from tahapan.correspondence import incoming

    now = work()
    incoming.finish(now.home, now.plan, agenda, peran, oleh, now.on, now.at)
    put(f"Agenda {agenda}: {peran} selesai.")


@app.command()
def awaited(as_json: Json = False) -> None:
    """Surat kita yang menunggu jawaban, dan sampai kapan."""
    from tahapan.correspondence.answers import awaited as waiting

    now = work()
    rows = waiting(now.home, now.plan)
    if as_json:
        put_json(
            [
                {"surat": each.row.id, "sampai": each.sampai, "jawaban": len(each.answers), "penerima": each.penerima}
                for each in rows
            ]
        )
        return
    put_table(
        ("Surat", "Nomor", "Hal", "Sampai", "Jawaban"),
        [
            (each.row.id, each.row.nomor or "", each.row.hal, tanggal(each.sampai) + (" (lewat)" if each.late(now.on) else ""),
             f"{len(each.answers)} dari {each.penerima}")
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def remind(
    surat: Annotated[str, typer.Argument(metavar="ID", help="Surat kita yang belum dijawab.")], oleh: By = ""
) -> None:
    """Draf surat pengingat; satu untuk setiap surat."""
    from tahapan.correspondence.answers import remind as draft

    now = work()
    row = draft(now.home, now.plan, surat, oleh, now.on, now.at)
    put(f"Draf {row.id}: {row.hal}.")


@app.command()
def export(berkas: Annotated[Path, typer.Argument(metavar="BERKAS.xlsx")]) -> None:
    """Tulis buku surat masuk sebagai Excel."""
    from tahapan.correspondence import incoming

    now = work()
    put(f"{incoming.export(now.home, now.plan, berkas)} surat ditulis ke {berkas}.")


@app.command("import")
def import_(berkas: Annotated[Path, typer.Argument(metavar="BERKAS.xlsx")], oleh: By = "") -> None:
    """Ambil alih buku surat masuk dari Excel; bila satu baris keliru, tidak satu pun masuk."""
    from tahapan.correspondence import incoming

    now = work()
    put(f"{incoming.import_book(now.home, now.plan, berkas, oleh, now.on, now.at)} surat baru.")
