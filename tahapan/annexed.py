"""Findings on the voter list that a letter tells by name: between its locked annex and its number they may not change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tahapan.errors import Problem, Refused
from tahapan.register import LetterRow
from tahapan.store.tables import temuan, temuan_riwayat

EXAMINED, TOLD = "diperiksa", "disarankan"
_COUNT, _FINGERPRINT = "jumlah_nama", "sidik"  # fields of the letter, filled in with its annex


def check(connection: sa.Connection, office: str, row: LetterRow, values: Mapping[str, Any]) -> None:
    """Refused when fewer or more findings are held true for this letter than its words and its annex count."""
    if not values.get(_FINGERPRINT):
        return
    written, now = values.get(_COUNT), len(_findings(connection, office, row))
    if written == now:
        return
    what = f"temuan daftar pemilihnya berubah sejak lampirannya dikunci: tertulis {written} nama, sekarang {now}."
    raise Refused(Problem(f"surat {row.id}", what, "Isi lagi dengan `tahapan voters letter`, lalu baca lagi."))


def told(
    connection: sa.Connection, office: str, row: LetterRow, values: Mapping[str, Any], nomor: str, by: str,
    at: dt.datetime,
) -> None:  # fmt: skip
    """What the letter tells has been told, under that number."""
    if values.get(_FINGERPRINT) and (found := _findings(connection, office, row)):
        line = {"office": office, "at": at.isoformat(), "oleh": by, "keadaan": TOLD, "bukti": ""}
        line["catatan"] = f"disampaikan dengan surat {nomor}"
        connection.execute(temuan_riwayat.insert(), [{**line, "temuan": each} for each in found])


def _findings(connection: sa.Connection, office: str, row: LetterRow) -> list[int]:
    mine = temuan.c.office == office, temuan.c.election == row.election, temuan.c.surat == row.short_key
    query = sa.select(temuan.c.id).where(*mine, temuan.c.keadaan == EXAMINED).order_by(temuan.c.id)
    return [*connection.execute(query).scalars()]
