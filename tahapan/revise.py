"""Letters that people write or write anew: outside the checklist, with other words, after a law or a void number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tahapan import journal, register
from tahapan.characters import named
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import Home
from tahapan.issue import changes, duty_of, new_row, note_draft, values_of
from tahapan.letters.edited import Edited
from tahapan.letters.letter import Letter, Naskah
from tahapan.outside import NAMA, Permintaan, as_duty
from tahapan.plan import Plan
from tahapan.register import ENDED, HELD, REPLACED, REWRITTEN, LetterRow
from tahapan.store.engine import reading, writing


def request(
    home: Home, plan: Plan, jenis: str, nama: str, isi: dict[str, Any], *, kepada: Iterable[str] = (),
    tembusan: Iterable[str] = (), dasar: Iterable[str] = (), tahapan: str = "", untuk: str = "",
) -> Permintaan:  # fmt: skip
    """A letter outside the checklist, checked: what is not said is taken from its kind. DataError with every fault."""
    kind = home.words(plan).kind(jenis)
    if not re.fullmatch(NAMA, nama):
        raise DataError(Problem("--nama", f"{nama!r} bukan nama pendek.", "Huruf kecil, angka, tanda hubung."))
    if tahapan:
        plan.election.stage(tahapan)
    asked = Permintaan(
        jenis=jenis, nama=nama, judul=f"{kind.nama} {nama}", pj=kind.rantai[0], tahapan=tahapan, untuk=untuk,
        kepada=tuple(kepada) or kind.kepada, tembusan=tuple(tembusan) or kind.tembusan,
        dasar=tuple(dasar) or kind.dasar, isi=kind.checked(isi, "--isi"),
    )  # fmt: skip
    faults = [
        *plan.unknown_addressees(asked.kepada, "--kepada"),
        *plan.unknown_addressees(asked.tembusan, "--tembusan"),
        *plan.unknown_subjects(asked.dasar, "--dasar"),
        *(Problem("--isi", f"{field.label}: belum diisi.", f"Tulis {field.id} = ...") for field in kind.missing(isi)),
    ]
    if faults:
        raise DataError(*faults)
    return asked


def write(
    home: Home, plan: Plan, asked: Permintaan, by: str, on: dt.date, at: dt.datetime,
    drafted_on: dt.date | None = None, *, anew: bool = False,
) -> LetterRow:  # fmt: skip
    """The draft of that letter, to go out on day ``on``, written on that day or on ``drafted_on``.

    The same request again changes nothing. Another one under its name is refused; with ``anew`` it makes a new version
    of a letter that has no number, or whose number is void.
    """
    duty = as_duty(asked, plan.election, on)
    said = asked.model_dump_json()
    with writing(home.engine) as connection:
        old = register.latest(connection, plan.office.profile.id, duty)
        if old and old.permintaan == said and old.state not in ENDED:
            return old
        if old and not (anew and (not old.numbered or old.state in ENDED)):
            raise Refused(Problem("--nama", f"{asked.nama!r} sudah dipakai surat {old.id}.", "Pilih nama lain."))
        values, _ = values_of(home, plan, duty)
        who = named(by, "mengerjakan")
        row = new_row(
            home, plan, duty, values, drafted_on or on, old.version + 1 if old else 1,
            permintaan=said, penulis="" if who == journal.MACHINE else who,
        )  # fmt: skip
        if old:
            _replace(plan, connection, old, row, who, at, "surat ditulis ulang")
        else:
            register.save_draft(connection, plan.office.profile.id, row)
            note_draft(connection, plan, row, who, at)
    return row


def renew(home: Home, plan: Plan, letter_id: str, by: str, on: dt.date, at: dt.datetime) -> LetterRow:
    """A new version with the law, people and words of today: of a draft, a held, a refused or a void letter."""
    with writing(home.engine) as connection:
        old = _newest(plan, connection, letter_id)
        if old.numbered and old.state not in ENDED:
            what, remedy = "sudah bernomor.", "Batalkan dulu, atau kirim ralat."
            raise Refused(Problem(f"surat {letter_id}", what, remedy))
        note = f"{REWRITTEN}: {old.note}" if old.note else ""
        row = _next(home, plan, old, on, None, note, old.penulis if old.permintaan else "")
        _replace(plan, connection, old, row, named(by, "mengerjakan"), at, "surat ditulis ulang")
    return row


@dataclass(frozen=True, slots=True)
class Changed:
    """What an edit came to: the new version, the lines that differ, and changes outside the words, not taken."""

    row: LetterRow
    lines: list[str]
    ignored: tuple[str, ...]


def edit(home: Home, plan: Plan, letter_id: str, edited: Edited, by: str, on: dt.date, at: dt.datetime) -> Changed:
    """A new version with other words; every check runs again, approvals of the old version do not count for it.

    Refused once the letter has its number, when it is held, and when nothing differs.
    """
    with writing(home.engine) as connection:
        old, changed = _edited(home, plan, connection, letter_id, edited, by, on)
        _replace(plan, connection, old, changed.row, named(by, "mengerjakan"), at, "kata surat diubah")
    return changed


def try_edit(home: Home, plan: Plan, letter_id: str, edited: Edited, by: str, on: dt.date) -> Changed:
    """What `edit` would make of these words; nothing is kept."""
    with reading(home.engine) as connection:
        return _edited(home, plan, connection, letter_id, edited, by, on)[1]


def _edited(
    home: Home, plan: Plan, connection: sa.Connection, letter_id: str, edited: Edited, by: str, on: dt.date
) -> tuple[LetterRow, Changed]:
    """The version there is, and the one that these words make of it."""
    old = _newest(plan, connection, letter_id)
    if old.state not in register.UNNUMBERED:
        remedy = "Batalkan, atau kirim ralat." if old.numbered else f"`tahapan letter renew {letter_id}` dulu."
        raise Refused(Problem(f"surat {letter_id}", f"berstatus {old.state}; isinya tidak diubah lagi.", remedy))
    row = _next(home, plan, old, on, Naskah(blocks=edited.blocks, annexes=edited.annexes), "", named(by, "mengerjakan"))
    before, now = (Letter.model_validate_json(each.content) for each in (old, row))
    if (before.blocks, before.annexes) == (now.blocks, now.annexes):
        said = "".join(f"\n  {line}" for line in edited.ignored)
        raise Refused(Problem(f"surat {letter_id}", f"isinya sama dengan draf.{said}", "Tidak ada yang diubah."))
    return old, Changed(row, changes(before, now), edited.ignored)


def _newest(plan: Plan, connection: sa.Connection, letter_id: str) -> LetterRow:
    office = plan.office.profile.id
    old = register.letter(connection, office, letter_id)
    old.check_ours()
    newest = register.latest(connection, office, duty_of(plan, old))
    if newest and newest.id != old.id:
        raise Refused(Problem(f"surat {letter_id}", f"sudah diganti {newest.id}.", "Pakai yang terbaru."))
    return old


def _next(
    home: Home, plan: Plan, old: LetterRow, on: dt.date, naskah: Naskah | None, note: str, penulis: str
) -> LetterRow:
    duty = duty_of(plan, old)
    values, missing = values_of(home, plan, duty)
    if missing:
        raise Refused(Problem(f"surat {old.id}", f"menunggu rincian: {'; '.join(missing)}.", "Isi dulu."))
    return new_row(
        home, plan, duty, values, on, old.version + 1,
        naskah=naskah, note=note, permintaan=old.permintaan, penulis=penulis,
    )  # fmt: skip


def _replace(
    plan: Plan, connection: sa.Connection, old: LetterRow, row: LetterRow, by: str, at: dt.datetime, what: str
) -> None:
    office = plan.office.profile.id
    if not old.numbered:
        register.set_state(
            connection, office, old.id, REPLACED, f"diganti {row.id}" + (f"; {old.note}" if old.note else "")
        )
    register.save_draft(connection, office, row)
    journal.write(connection, office, at=at, who=by, what=what, subject=row.id, detail={"mengganti": old.id})


def hold(home: Home, plan: Plan, row: LetterRow, why: str, at: dt.datetime) -> None:
    """Keep an unnumbered letter from going out until somebody has read it again."""
    with writing(home.engine) as connection:
        office = plan.office.profile.id
        if register.letter(connection, office, row.id).state in register.UNNUMBERED:
            register.set_state(connection, office, row.id, HELD, why)
            journal.write(
                connection, office, at=at, who=journal.MACHINE, what=HELD, subject=row.id, detail={"sebab": why}
            )
