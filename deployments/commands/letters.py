"""`letter list|show|verify`: letters without the UI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.duties import Json
from deployments.commands.writing import MARKDOWN, PDF, WORD, register_commands, save
from deployments.context import Work, work
from deployments.printing import put, put_json, put_table
from tahapan import register
from tahapan.errors import DataError, Problem, Refused
from tahapan.register import LetterRow
from tahapan.store.engine import reading

app = typer.Typer(help="Surat: lihat, setujui, periksa.", no_args_is_help=True, rich_markup_mode=None)
register_commands(app)
LetterId = Annotated[str, typer.Argument(metavar="SURAT", help="Id surat, dari `tahapan letter list`.")]


@app.command("list")
def list_letters(as_json: Json = False) -> None:
    """Semua surat, menurut hari keluarnya."""
    rows = _rows(work())
    if as_json:
        put_json([_as_json(row) for row in rows])
        return
    put_table(
        ("Id", "Nomor", "Tanggal", "Status", "Hal"),
        [(row.id, row.nomor or "-", str(row.tanggal or "-"), _state(row), row.hal) for row in rows],
    )


@app.command()
def show(
    letter_id: LetterId,
    as_json: Json = False,
    simpan: Annotated[
        Path | None,
        typer.Option("--simpan", metavar="BERKAS", help="Simpan sebagai .docx, .md (keduanya untuk diubah) atau .pdf."),
    ] = None,
) -> None:
    """Isi satu surat."""
    from tahapan.letters.letter import Letter
    from tahapan.letters.markdown import letter_markdown

    now = work()
    row = row_of(now, letter_id)
    if as_json:
        said = Letter.model_validate_json(row.content).model_dump(mode="json") if row.ours else None
        put_json(_as_json(row) | {"isi": said})
        return
    if not row.ours:
        put(f"{row.nomor}, tanggal {row.tanggal}: {row.hal}\nKepada: {row.kepada}\nDitulis di luar tahapan.")
        return
    if simpan:
        save(simpan, _as_file(now, row, simpan))
        put(f"Disimpan: {simpan}")
        return
    put(letter_markdown(Letter.model_validate_json(row.content)))


def _as_file(now: Work, row: LetterRow, path: Path) -> bytes:
    from tahapan.archive import preview
    from tahapan.letters.edited import editable_markdown
    from tahapan.letters.letter import Letter

    if path.suffix.lower() == MARKDOWN:
        return editable_markdown(Letter.model_validate_json(row.content)).encode()
    if path.suffix.lower() not in (WORD, PDF):
        raise DataError(Problem("--simpan", f"{path.name} bukan .docx, .md atau .pdf.", "Ganti akhiran namanya."))
    copies = preview(now.home, row)
    return copies.docx if path.suffix.lower() == WORD else copies.pdf


@app.command()
def verify(
    letter_id: Annotated[str | None, typer.Argument(metavar="[SURAT]", help="Tanpa id: semua surat.")] = None,
    qr: Annotated[str, typer.Option("--qr", metavar="TEKS", help="Teks yang terbaca dari QR di kaki surat.")] = "",
    as_json: Json = False,
) -> None:
    """Bandingkan berkas di disk dengan buku, lalu buat ulang dan bandingkan lagi."""
    from tahapan.archive import read_seal
    from tahapan.archive import verify as check

    now = work()
    if qr:
        row = read_seal(now.home, now.plan, qr)
        if as_json:
            put_json(_as_json(row))
            return
        put(f"Cocok dengan buku: {row.nomor}, tanggal {row.tanggal}, {row.hal} (status {row.state}).")
        return
    rows = [row for row in ([row_of(now, letter_id)] if letter_id else _rows(now)) if row.numbered]
    if letter_id and not rows:
        raise Refused(Problem(f"surat {letter_id}", "belum bernomor.", "Hanya surat bernomor yang dapat diperiksa."))
    verdicts = [check(now.home, row) for row in rows]
    if as_json:
        put_json([{"id": v.letter_id, "baik": v.sound, "berkas": v.file, "dibuat_ulang": v.again} for v in verdicts])
    else:
        put_table(("Surat", "Berkas", "Dibuat ulang"), [(v.letter_id, v.file, v.again) for v in verdicts])
    if not all(verdict.sound for verdict in verdicts):
        raise typer.Exit(1)


def _rows(now: Work) -> tuple[LetterRow, ...]:
    with reading(now.home.engine) as connection:
        return register.letters(connection, now.plan.office.profile.id)


def row_of(now: Work, letter_id: str) -> LetterRow:
    with reading(now.home.engine) as connection:
        return register.letter(connection, now.plan.office.profile.id, letter_id)


def _state(row: LetterRow) -> str:
    return f"{row.state} ({row.note})" if row.note else row.state


def _as_json(row: LetterRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "nomor": row.nomor,
        "tanggal": row.tanggal,
        "jenis": row.kind,
        "perihal": row.hal,
        "kepada": row.kepada.split("; ") if row.kepada else [],
        "status": row.state,
        "pdf": f"surat/{row.pdf}" if row.pdf_sha256 else None,
        "docx": f"surat/{row.docx}" if row.docx_sha256 else None,
        "sha256": row.pdf_sha256,
        "sha256_docx": row.docx_sha256,
        "catatan": row.note,
    }
