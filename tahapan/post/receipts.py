"""Receipts (tanda terima): who there took the letter, when, with its picture; they tick the duty's units and prove it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tahapan import journal, register, ticking
from tahapan.characters import clean, named
from tahapan.content import PICTURES
from tahapan.errors import DataError, Problem, Refused
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.issue import duty_of
from tahapan.outside import UMUM
from tahapan.plan import Plan
from tahapan.post import outbox
from tahapan.post.outbox import Copy
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import kirim


@dataclass(frozen=True, slots=True)
class Receipt:
    """``diterima``: the day; ``oleh``: who took it there (a name and post, as written on the sheet)."""

    diterima: dt.date
    oleh: str
    berkas: Path | Arrival | None = None


def receive(
    home: Home, plan: Plan, letter_id: str, penerima: Sequence[str], receipt: Receipt, by: str, on: dt.date, at: dt.datetime
) -> tuple[Copy, ...]:  # fmt: skip
    """Write a receipt down, for one addressee or for all whose signatures are on one picture.

    A copy that was still to be handed over is *terkirim* by it. The picture proves the duty of the letter: unit by unit
    where it is ticked so, else as a whole. The same again changes nothing. Refused for a day before the letter's or to
    come, and for a copy that was taken back.
    """
    who, there = named(by), clean(receipt.oleh, "penerima")
    if not there:
        raise DataError(
            Problem("--diterima-oleh", "kosong.", "Tulis nama atau jabatan yang menerima, seperti di tanda terima.")
        )
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        for each in penerima:
            _may_be_received(outbox.one(connection, office, letter_id, each), row, receipt.diterima, on)
    kept = take_in(home, [Arrival.of(receipt.berkas)], PICTURES, "tanda terima") if receipt.berkas else []
    name, digest = kept[0] if kept else ("", "")
    with writing(home.engine) as connection:
        for each in penerima:
            copy = outbox.one(connection, office, letter_id, each)
            values = {"diterima_on": receipt.diterima, "diterima_oleh": there}
            values |= {"bukti": digest, "nama_bukti": name} if digest else {}
            if all(getattr(copy, key) == value for key, value in values.items()):
                continue
            if copy.keadaan != outbox.TERKIRIM:
                values |= {
                    "keadaan": outbox.TERKIRIM,
                    "at": at.isoformat(),
                    "oleh": who,
                    "catatan": "menurut tanda terima",
                }
            connection.execute(kirim.update().where(kirim.c.id == copy.id).values(**values))
            detail = {"penerima": each, "diterima": receipt.diterima.isoformat(), "berkas": digest}
            journal.write(connection, office, at=at, who=who, what="tanda terima", subject=letter_id, detail=detail)
        outbox.advance(connection, office, letter_id)
    _prove(home, plan, row, penerima, kept, who, on, at)
    return tuple(copy for copy in outbox.copies(home, plan, letter_id) if copy.penerima in penerima)


def _may_be_received(copy: Copy, row: LetterRow, day: dt.date, on: dt.date) -> None:
    where = f"surat {row.id}, {copy.jabatan}"
    if copy.keadaan == outbox.BATAL:
        raise Refused(Problem(where, "tidak dikirim.", "Masukkan lagi ke antrean dahulu."))
    if row.tanggal and not row.tanggal <= day <= on:
        raise DataError(Problem("--tanggal", "mendahului tanggal suratnya, atau belum tiba.", "Periksa harinya."))


def _prove(
    home: Home, plan: Plan, row: LetterRow, penerima: Sequence[str], kept: list[tuple[str, str]], by: str, on: dt.date,
    at: dt.datetime,
) -> None:  # fmt: skip
    """The picture as evidence of the letter's duty; a duty that is closed already has its own."""
    if row.stage == UMUM:
        return
    duty = duty_of(plan, row)
    roll = ticking.roll(home, plan, duty)
    if roll.finished or (roll.row and roll.row.state == "dibatalkan"):
        return
    if roll.by_units:
        units = {post.unit.code: post for post in roll.posts}
        came = [
            ticking.Return(units[each].unit, tuple(kept)) for each in penerima if each in units and not units[each].tick
        ]
        if came and (kept or not duty.item.bukti):
            ticking.tick_units(home, plan, duty, came, by, on, at)
    elif kept:
        ticking.file(home, plan, duty, kept, by, on, at)
