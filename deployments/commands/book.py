"""`register export|import|gaps|list`, and the letters in it that are numbered, made void or signed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.duties import Json
from deployments.context import work
from deployments.printing import put, put_json, put_table, tell
from tahapan import register
from tahapan.home import read_day
from tahapan.register import LetterRow
from tahapan.store.engine import reading

app = typer.Typer(help="Buku surat: cari, periksa, ekspor, impor.", no_args_is_help=True, rich_markup_mode=None)
LetterId = Annotated[str, typer.Argument(metavar="SURAT", help="Id surat, dari `tahapan register list`.")]
Who = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang melakukannya.")]
Why = Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Alasannya; tercatat di buku dan jurnal.")]


def add_to(letter: typer.Typer) -> None:
    """Put what is done to one letter beside the other commands of `letter`."""
    for command in (number, void, signed):
        letter.command()(command)


def number(
    perihal: Annotated[str, typer.Option("--perihal", metavar="TEKS", help="Perihal surat itu.")] = "",
    kepada: Annotated[
        list[str] | None, typer.Option("--kepada", metavar="TEKS", help="Penerima; boleh berulang.")
    ] = None,
    klas: Annotated[str, typer.Option("--klas", metavar="KODE", help="Klasifikasi, seperti PM.00.02.")] = "",
    ttd: Annotated[str, typer.Option("--ttd", metavar="PERAN", help="ketua atau kepala-sekretariat.")] = "ketua",
    file: Annotated[Path | None, typer.Option("--file", metavar="BERKAS", help="Suratnya; boleh menyusul.")] = None,
    nama: Annotated[str, typer.Option("--nama", metavar="NAMA", help="Nama pendek untuk id-nya (a-z, 0-9, -).")] = "",
    nomor: Annotated[str, typer.Option("--nomor", metavar="NOMOR", help="Nomor yang diberi di luar (SRIKANDI).")] = "",
    day: Annotated[str | None, typer.Option("--tanggal", metavar="TANGGAL", help="Hari lampau: sisipan.")] = None,
    alasan: Why = "",
    oleh: Who = "",
) -> None:
    """Beri nomor surat yang ditulis di luar tahapan, bertanggal hari ini, dalam buku dan seri yang sama."""
    from tahapan.book.elsewhere import Wanted, number_elsewhere
    from tahapan.evidence import keep

    now = work()
    wanted = Wanted(
        perihal, tuple(kepada or ()), oleh, klas, ttd, nama, nomor, read_day(day) if day else None, alasan,
        tuple(keep(now.home, [file], "--file")) if file else (),
    )  # fmt: skip
    done = number_elsewhere(now.home, now.plan, wanted, now.on, now.at)
    put(f"{done.row.nomor}, tanggal {done.row.tanggal}: {done.row.id}")
    if not done.new:
        tell("Surat itu sudah bernomor; tidak ada yang berubah. Bila ini surat lain, beri nama lain dengan --nama.")


def void(letter_id: LetterId, alasan: Why = "", oleh: Who = "") -> None:
    """Batalkan surat: nomornya tetap di buku dengan alasannya; draf menjadi ditolak."""
    from tahapan.book.void import void as make_void

    now = work()
    row = make_void(now.home, now.plan, letter_id, alasan, oleh, now.at)
    put(f"{row.nomor or row.id}: {row.state} ({row.note}).")


def signed(
    letter_id: LetterId,
    file: Annotated[Path, typer.Option("--file", metavar="BERKAS", help="Pindaian atau berkas TTE.")],
    oleh: Who = "",
) -> None:
    """Simpan surat yang sudah ditandatangani; hash-nya tercatat di buku."""
    from tahapan.evidence import sign

    now = work()
    row = sign(now.home, now.plan, letter_id, file, oleh, now.on, now.at)
    put(f"{row.nomor}: {row.state}.")


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help="Berakhiran .xlsx atau .csv.")],
    year: Annotated[int | None, typer.Option("--tahun", metavar="TAHUN", help="Hanya surat tahun itu.")] = None,
) -> None:
    """Tulis buku surat ke XLSX atau CSV; semua sel teks (di CSV, sel mirip rumus diawali tanda petik)."""
    from tahapan.book.outgoing import export_book

    now = work()
    put(f"{export_book(now.home, now.plan, file, year)} surat ditulis ke {file}.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help="Buku lama (.xlsx).")],
    oleh: Who = "",
    try_only: Annotated[bool, typer.Option("--periksa", help="Hanya periksa; tidak ada yang ditulis.")] = False,
    as_it_is: Annotated[
        bool,
        typer.Option("--apa-adanya", help="Terima nomor yang melompat atau tidak urut tanggal, seperti di buku lama."),
    ] = False,
) -> None:
    """Ambil alih buku surat lama; semua baris atau tidak sama sekali. Penomoran berlanjut sesudahnya."""
    from tahapan.book.incoming import import_book

    now = work()
    done = import_book(now.home, now.plan, file, oleh, now.at, try_only=try_only, as_it_is=as_it_is)
    if done.before:
        put(f"Berkas ini sudah diimpor {done.before}; tidak ada yang berubah.")
        return
    for seri, count in sorted(done.series.items()):
        put(f"Seri {seri}: {count} surat.")
    put(f"{done.count} surat " + ("dapat diimpor; belum ada yang ditulis." if try_only else "diimpor."))


@app.command()
def gaps(as_json: Json = False) -> None:
    """Setiap seri: dari nomor berapa sampai berapa, apa yang hilang, sisipan, dan yang batal."""
    now = work()
    with reading(now.home.engine) as connection:
        found = list(register.all_series(connection, now.plan.office.profile.id))
    if as_json:
        put_json([
            {
                "seri": one.seri, "jumlah": one.count, "pertama": one.first, "terakhir": one.last,
                "hilang": one.missing, "sisipan": one.inserts,
                "batal": [{"nomor": nomor, "alasan": why} for nomor, why in one.voids],
            }
            for one in found
        ])  # fmt: skip
    else:
        put_table(
            ("Seri", "Jumlah", "Pertama", "Terakhir", "Hilang", "Sisipan", "Batal"),
            [
                (one.seri, str(one.count), one.first, one.last, ", ".join(one.missing) or "-", str(len(one.inserts)),
                 str(len(one.voids)))
                for one in found
            ],
        )  # fmt: skip
        for one in found:
            for nomor in one.inserts:
                put(f"Sisipan: {nomor}")
            for nomor, why in one.voids:
                put(f"Batal: {nomor} ({why})")
    if any(one.missing for one in found):
        raise typer.Exit(1)


@app.command("list")
def list_found(
    nomor: Annotated[str, typer.Option("--nomor", metavar="TEKS", help="Bagian dari nomornya.")] = "",
    kepada: Annotated[str, typer.Option("--kepada", metavar="TEKS", help="Bagian dari penerimanya.")] = "",
    cari: Annotated[str, typer.Option("--cari", metavar="TEKS", help="Kata dalam perihal atau isi.")] = "",
    dari: Annotated[str | None, typer.Option("--dari", metavar="TANGGAL", help="Hari pertama.")] = None,
    sampai: Annotated[str | None, typer.Option("--sampai", metavar="TANGGAL", help="Hari terakhir.")] = None,
    status: Annotated[str, typer.Option("--status", metavar="STATUS", help="draf, disetujui, batal, ...")] = "",
    as_json: Json = False,
) -> None:
    """Cari surat dalam buku, yang ditulis di sini maupun di luar; huruf besar dan kecil sama saja."""
    now = work()
    first, last = read_day(dari) if dari else None, read_day(sampai) if sampai else None
    with reading(now.home.engine) as connection:
        rows = register.search(
            connection, now.plan.office.profile.id,
            text=cari, nomor=nomor, kepada=kepada, first=first, last=last, state=status,
        )  # fmt: skip
    if as_json:
        put_json([_as_json(row) for row in rows])
        return
    put_table(
        ("Nomor", "Tanggal", "Status", "Perihal", "Kepada", "Id"),
        [(row.nomor or "-", str(row.tanggal or "-"), row.state, row.hal, _to(row), row.id) for row in rows],
    )


def _as_json(row: LetterRow) -> dict[str, Any]:
    return {
        "id": row.id, "nomor": row.nomor, "tanggal": row.tanggal, "klasifikasi": row.klas, "perihal": row.hal,
        "kepada": row.kepada, "jenis": row.kind, "status": row.state, "penanda_tangan": row.approved_by,
        "catatan": row.note, "asal": row.asal,
    }  # fmt: skip


def _to(row: LetterRow) -> str:
    """One or two addressees by name, more by their number."""
    to = row.kepada.split("; ")
    return row.kepada if len(to) <= 2 else f"{len(to)} penerima"
