"""`init`, `office export|import|plh`: the office folder, made new, out as a workbook, in again."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.context import PLACE, work
from deployments.printing import put, put_json, put_table, tell
from tahapan.dates import rentang, tanggal
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.home import read_day

app = typer.Typer(
    help="Data kantor: pejabat, alamat, libur, wilayah, lewat kantor.xlsx.", no_args_is_help=True, rich_markup_mode=None
)
Who = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang melakukannya.")]


class Sebagai(StrEnum):
    """How somebody stands in."""

    PLH = "Plh."
    PLT = "Plt."
    PJS = "Pjs."


def register(top: typer.Typer) -> None:
    """Put `init` at the top level."""
    top.command()(init)


def init(
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER", help="Rumah tahapan yang baru.")] = None,
    kode: Annotated[str, typer.Option("--kode", metavar="NN.NN", help="Kode Kemendagri kabupaten atau kota.")] = "",
    cari: Annotated[str, typer.Option("--cari", metavar="NAMA", help="Cari kode menurut namanya.")] = "",
) -> None:
    """Buat folder kantor untuk kabupaten atau kota mana pun; yang belum diketahui dibiarkan kosong dan disebut."""
    from tahapan.kantor.fresh import find_codes, make_office

    if cari:
        found = find_codes(cari)
        if not found:
            raise NotKnown(
                Problem("--cari", f"tidak ada kabupaten atau kota bernama {cari!r}.", "Coba sebagian namanya.")
            )
        put_table(("Kode", "Nama"), found)
        return
    if folder is None:
        raise DataError(Problem("FOLDER", "belum ditulis.", "Tulis seperti `tahapan init tahapan-home --kode 13.07`."))
    office = make_office(folder, kode)
    area = office.directory.area
    put(f"{office.profile.nama}: {folder / 'kantor'}")
    put(
        f"  {len(area.kecamatan)} {area.sebutan_kecamatan}, {len(area.desa)} {area.sebutan_desa}, zona {office.profile.zona}"
    )
    put(f"  {len(office.directory.alamat)} alamat dan {len(office.peran)} peran; belum ada nama orang.")
    put("Langkah berikutnya:")
    put(f"  tahapan --home {folder} doctor                      # apa yang masih kosong, satu per satu")
    put(f"  tahapan --home {folder} office export kantor.xlsx   # isi di Excel, lalu `office import`")


@app.command("export")
def export(file: Annotated[Path, typer.Argument(metavar="BERKAS", help="Seperti kantor.xlsx.")]) -> None:
    """Tulis data kantor ke satu buku kerja: Kantor, Pejabat, Alamat, Kelompok, Libur, Wilayah."""
    from tahapan.kantor.outgoing import export_office

    export_office(PLACE.open().kantor, file)
    put(f"Data kantor ditulis ke {file}. Sesudah diubah: tahapan office import {file} --periksa")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help="kantor.xlsx yang sudah diubah.")],
    oleh: Who = "",
    try_only: Annotated[bool, typer.Option("--periksa", help="Hanya periksa; tidak ada yang ditulis.")] = False,
    as_json: Json = False,
) -> None:
    """Ambil data kantor dari buku kerja; semua perubahan atau tidak sama sekali."""
    from tahapan.kantor.incoming import import_office

    now = work()
    changes = import_office(now.home, file, oleh, now.on, now.at, try_only=try_only)
    if as_json:
        put_json([asdict(change) for change in changes])
        return
    if not changes:
        put("Sama dengan data kantor; tidak ada yang berubah.")
        return
    put_table(
        ("Lembar", "Apa", "Siapa", "Kolom", "Dulu", "Kini"),
        [
            (one.lembar, one.apa, one.siapa, one.kolom or "-", _short(one.dulu), _short(one.kini))
            for one in changes
        ],
    )  # fmt: skip
    put(f"{len(changes)} perubahan " + ("dapat ditulis; belum ada yang ditulis." if try_only else "ditulis."))


@app.command()
def plh(
    peran: Annotated[str, typer.Argument(metavar="PERAN", help="Peran yang digantikan, seperti ketua.")],
    nama: Annotated[str, typer.Option("--nama", metavar="NAMA", help="Penggantinya, seperti di surat.")],
    sejak: Annotated[str, typer.Option("--sejak", metavar="TANGGAL", help="Hari pertama, seperti 2024-08-21.")],
    sampai: Annotated[str, typer.Option("--sampai", metavar="TANGGAL", help="Hari terakhir (ikut).")],
    oleh: Who = "",
    sebagai: Annotated[Sebagai, typer.Option("--sebagai", help="Plh., Plt. atau Pjs.")] = Sebagai.PLH,
    nip: Annotated[str, typer.Option("--nip", metavar="NIP", help="Bila pegawai sekretariat.")] = "",
) -> None:
    """Tetapkan pengganti sementara; selama itu hanya ia yang menyetujui dan menandatangani untuk peran itu."""
    from tahapan.kantor.stand_in import stand_in

    now = work()
    first, last = read_day(sejak), read_day(sampai)
    who = stand_in(now.home, peran, nama, first, last, oleh, now.on, now.at, sebagai=sebagai.value, nip=nip)
    put(f"{who.sebagai} {now.plan.office.peran[peran].nama}: {who.nama}, {rentang(first, last)}.")
    if first > now.on:
        tell(f"Sebelum {tanggal(first)} pemegangnya sendiri yang menandatangani.")


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
