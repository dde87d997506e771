"""`letter list|show|approve|verify`: letters without the UI."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from deployments.commands.duties import Json, On
from deployments.context import Work, work
from deployments.printing import put, put_json, put_table
from tahapan import register
from tahapan.errors import DataError, Problem, Refused
from tahapan.register import LetterRow
from tahapan.store.engine import reading

app = typer.Typer(help="Surat: lihat, setujui, periksa.", no_args_is_help=True, rich_markup_mode=None)
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
def show(letter_id: LetterId, as_json: Json = False) -> None:
    """Isi satu surat."""
    from tahapan.letters.letter import Letter
    from tahapan.letters.markdown import letter_markdown

    row = _row(work(), letter_id)
    if as_json:
        put_json(_as_json(row) | {"isi": Letter.model_validate_json(row.content).model_dump(mode="json")})
        return
    put(letter_markdown(Letter.model_validate_json(row.content)))


@app.command()
def approve(
    letter_id: LetterId,
    oleh: Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Pejabat yang menandatangani.")] = "",
    on: On = None,
) -> None:
    """Setujui draf: surat mendapat nomor dan tanggal hari ini."""
    from tahapan.issue import approve as number
    from tahapan.issue import may_approve

    now = work(on)
    row = _row(now, letter_id)
    if row.numbered:
        put(f"{row.nomor} sudah diberikan, tanggal {row.tanggal}; tidak diubah: {now.home.surat / row.pdf}")
        return
    if now.home.gladi:
        by, day = "gladi", max(row.letter_on, now.on)
    else:
        if on:
            raise Refused(
                Problem("--on", "surat bertanggal hari ia diberi nomor.", "Hapus --on; --on hanya untuk gladi.")
            )
        if not oleh:
            raise DataError(Problem("--oleh", "nama pejabat kosong.", "Tulis nama yang menandatangani."))
        by, day = may_approve(now.plan, now.home, row, oleh, now.on), now.on
    row = number(now.home, now.plan, row.id, day, by, now.at)
    put(f"{row.nomor}, tanggal {row.tanggal}: {now.home.surat / row.pdf}")


@app.command()
def verify(
    letter_id: Annotated[str | None, typer.Argument(metavar="[SURAT]", help="Tanpa id: semua surat.")] = None,
    as_json: Json = False,
) -> None:
    """Bandingkan berkas di disk dengan buku, lalu buat ulang dan bandingkan lagi."""
    from tahapan.archive import verify as check

    now = work()
    rows = [row for row in ([_row(now, letter_id)] if letter_id else _rows(now)) if row.numbered]
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


def _row(now: Work, letter_id: str) -> LetterRow:
    with reading(now.home.engine) as connection:
        return register.letter(connection, now.plan.office.profile.id, letter_id)


def _state(row: LetterRow) -> str:
    return f"{row.state} ({row.note})" if row.note else row.state


def _as_json(row: LetterRow) -> dict[str, Any]:
    from tahapan.letters.letter import Letter

    return {
        "id": row.id,
        "nomor": row.nomor,
        "tanggal": row.tanggal,
        "jenis": row.kind,
        "perihal": row.hal,
        "kepada": [who.jabatan for who in Letter.model_validate_json(row.content).kepada],
        "status": row.state,
        "pdf": f"surat/{row.pdf}" if row.numbered else None,
        "sha256": row.pdf_sha256,
        "catatan": row.note,
    }
