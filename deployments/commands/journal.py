"""`journal verify|list`: whether the record of what was done is whole, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.context import work
from deployments.printing import put, put_json, put_table, tell_error
from tahapan import journal
from tahapan.errors import DataError, Problem, TahapanError
from tahapan.store.engine import reading

app = typer.Typer(help="Jurnal: periksa keutuhannya, baca isinya.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def verify(
    sidik: Annotated[
        list[str] | None,
        typer.Option(
            "--sidik", metavar="SIDIK", help="Dari ringkasan pagi yang disimpan, seperti 1234-9f86d081884c7d65."
        ),
    ] = None,
) -> None:
    """Periksa rantai jurnal: baris yang diubah, hilang, atau ditukar, juga di akhirnya."""
    now = work()
    office = now.plan.office.profile.id
    anchors = [_anchor(text) for text in sidik or ()]
    with reading(now.home.engine) as connection:
        faults = [*journal.broken(connection, office), *journal.disagreements(connection, office)]
        for seq, start in anchors:
            faults += journal.against(connection, office, seq, start)
        head = journal.head(connection, office)
    if faults:
        tell_error(TahapanError(*faults))
        raise typer.Exit(1)
    put(f"Jurnal utuh: {head.seq} baris, sidik {head.short}.")


@app.command("list")
def list_(
    surat: Annotated[str, typer.Option("--surat", metavar="ID", help="Hanya tentang surat ini.")] = "",
    butir: Annotated[str, typer.Option("--butir", metavar="ID", help="Hanya tentang butir ini dan suratnya.")] = "",
    as_json: Json = False,
) -> None:
    """Apa yang dilakukan, oleh siapa, kapan."""
    now = work()
    key = now.plan.duty(butir).key if butir else ""
    with reading(now.home.engine) as connection:
        rows = list(journal.entries(connection, now.plan.office.profile.id, surat=surat, butir=key))
    if as_json:
        names = ("seq", "at", "who", "what", "subject", "detail")
        put_json([{name: getattr(row, name) for name in names} for row in rows])
        return
    put_table(
        ("Baris", "Waktu", "Oleh", "Apa", "Tentang", "Keterangan"),
        [
            (str(row.seq), f"{row.at:%d-%m-%Y %H.%M}", row.who, row.what, row.subject, "; ".join(_said(row.detail)))
            for row in rows
        ],
    )


def _said(detail: object) -> Iterator[str]:
    """What a person wants to read of a detail: not the hashes of files."""
    for name, value in detail.items() if isinstance(detail, dict) else ():
        if value and not name.endswith("sha256"):
            yield f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"


def _anchor(text: str) -> tuple[int, str]:
    if not (found := re.fullmatch(r"(\d{1,12})-([0-9a-fA-F]{8,64})", text.strip())):
        raise DataError(
            Problem("--sidik", f"{text!r} bukan sidik jurnal.", "Salin dari ringkasan pagi, seperti 1234-9f86…")
        )
    return int(found[1]), found[2]
