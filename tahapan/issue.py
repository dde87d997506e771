"""A letter from draft to number: drafted, renewed, approved."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tahapan import annexed, details, journal, progress, register
from tahapan.archive import bundle_of, drop, ensure_file, half_of, render, sweep, write_half
from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.laws import Law
from tahapan.letters.bundle import keep, sha256
from tahapan.letters.compose import compose, office_code, text_of
from tahapan.letters.kinds import Kind
from tahapan.letters.letter import Letter, Naskah
from tahapan.outside import Permintaan, as_duty
from tahapan.plan import Plan
from tahapan.register import LetterRow, Place
from tahapan.store.engine import reading, writing


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of drafting: the labels of the fields nobody has filled in, else whether the text changed."""

    missing: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """How a letter gets its number: at the end of its series, behind an earlier one (``late`` says why), or from
    elsewhere (``nomor``)."""

    late: str = ""
    nomor: str = ""


LAST = Number()


def letter_id_of(duty: Duty, version: int = 1) -> str:
    """From the duty key and version, never from a counter: a killed run finds the same name again."""
    return f"{duty.key}.{version}"


def duty_of(plan: Plan, row: LetterRow) -> Duty:
    """The duty a letter belongs to, of the checklist or of its own."""
    if row.permintaan:
        return as_duty(Permintaan.model_validate_json(row.permintaan), plan.election, row.letter_on)
    return plan.duty(row.short_key)


def values_of(home: Home, plan: Plan, duty: Duty) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The letter's own fields, from checklist, office and form, and the labels still missing."""
    assert duty.item.letter
    kind = home.words(plan).kind(duty.item.letter)
    known = details.known(home, plan)
    given = known.of(duty.item)
    values = kind.checked(given, known.where(duty.item))
    return values, tuple(field.label for field in kind.missing(given))


def draft(home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> Drafted:
    """Draft the duty's letter, or renew its draft when words, people or calendar changed.

    The text is that of the day it is to go out (or of today, when it is late), with the law of the day of drafting:
    nobody knows the law of a day to come. Numbered, held, void and refused letters are left alone, and so is a draft
    that a law has overtaken (`tahapan.overtaken` holds it).
    """
    values, missing = values_of(home, plan, duty)
    if missing:
        return Drafted(missing)
    with reading(home.engine) as connection:
        old = register.latest(connection, plan.office.profile.id, duty)
    if old and (old.state not in register.UNNUMBERED or overtaken_by(plan, old, on)):
        return Drafted()
    row = new_row(home, plan, duty, values, on, old.version if old else 1, old=old)
    if old and old.diajukan_at and words_of(old) == words_of(row):  # what was submitted stays submitted
        row = replace(row, state=old.state, diajukan_at=old.diajukan_at)
    with writing(home.engine) as connection:
        changed = register.save_draft(connection, plan.office.profile.id, row)
        if changed:
            note_draft(connection, plan, row, journal.MACHINE, at)
    return Drafted(changed=changed)


def new_row(
    home: Home, plan: Plan, duty: Duty, values: dict[str, Any], on: dt.date, version: int, *,
    old: LetterRow | None = None, naskah: Naskah | None = None, note: str = "", permintaan: str = "",
    penulis: str = "",
) -> LetterRow:  # fmt: skip
    """The draft of a version as it reads on day ``on``; Refused with all that is wrong with it.

    ``old``: the row it renews, whose words, note, request and writer stay; ``penulis``: the person who wrote it.
    """
    assert duty.letter_on
    if old:
        naskah, note, permintaan, penulis = naskah_of(old), old.note, old.permintaan, old.penulis
    day = duty.letter_on if home.gladi else max(on, duty.letter_on)
    law_on = min(on, day)
    if old and old.law_on:  # what is known is not forgotten when an earlier day is worked on again
        law_on = max(law_on, old.law_on)
    letter = _compose(home, plan, duty, values, day, letter_id_of(duty, version), None, law_on, naskah)
    kind = home.words(plan).kind(letter.kind)
    return LetterRow(
        id=letter.id, election=duty.election, stage=duty.item.stage, item=duty.item.id, version=version,
        kind=letter.kind, state="draf", letter_on=day, klas=plan.office.profile.nomor.code(kind.id, kind.klas),
        hal=letter.hal, content=letter.model_dump_json(), nomor=None, tanggal=None, approved_by=None, bundle=None,
        pdf_sha256=None, docx_sha256=None, note=note, kepada=addressees_of(letter), law_on=law_on,
        naskah=naskah.model_dump_json() if naskah else "", permintaan=permintaan, penulis=penulis,
    )  # fmt: skip


def note_draft(connection: sa.Connection, plan: Plan, row: LetterRow, who: str, at: dt.datetime) -> None:
    journal.write(
        connection, plan.office.profile.id, at=at, who=who, what="draf", subject=row.id, detail={"hal": row.hal}
    )


def naskah_of(row: LetterRow) -> Naskah | None:
    """The words a person wrote for this letter, if any."""
    return Naskah.model_validate_json(row.naskah) if row.naskah else None


def words_of(row: LetterRow) -> list[str]:
    """What a letter says, line by line, without number and date: what a person approves."""
    return text_of(Letter.model_validate_json(row.content))


def addressees_of(letter: Letter) -> str:
    """To whom, in words, for the book and its search."""
    return "; ".join(who.jabatan for who in letter.kepada)


def overtaken_by(plan: Plan, row: LetterRow, on: dt.date) -> tuple[Law, ...]:
    """Law on the draft's subjects that has entered since it was written."""
    if row.law_on is None or row.state not in (*register.UNNUMBERED, register.HELD):
        return ()
    return plan.laws.entered(row.law_on, on, duty_of(plan, row).item.dasar)


def named(laws: Iterable[Law]) -> str:
    """``Putusan MK 60/PUU-XXII/2024 berlaku 20 Agustus 2024; ...``"""
    return "; ".join(
        f"{law.singkat} {'berlaku' if law.day_is_sure else 'pasti berlaku mulai'} {tanggal(law.berlaku_paling_lambat)}"
        for law in laws
        if law.berlaku_paling_lambat
    )


def approve(
    home: Home, plan: Plan, letter_id: str, on: dt.date, by: str, at: dt.datetime, how: Number = LAST
) -> LetterRow:
    """Number the letter on day ``on``: every check runs again, then number, hash and journal in one transaction.

    A letter that has its number keeps it: the call is safe to repeat. Refused, with nothing changed, when the text
    would differ from the draft that was read, when a law on its subject has entered since, when a later letter of
    the series has its number, when an invitation would not be out before its meeting, or when the findings of its
    annex changed (`tahapan.annexed`). Whether ``by`` may approve
    is asked in `tahapan.approval`.
    """
    with numbering(home, letter_id) as press:
        row = register.letter(press.connection, plan.office.profile.id, letter_id)
        if not row.numbered:
            row = number(home, plan, press, row, on, by, at, how)
    ensure_file(home, row)
    return row


@dataclass(frozen=True, slots=True)
class Press:
    """A transaction that gives a number, and the files that take their place once it is committed."""

    connection: sa.Connection
    halves: list[tuple[Path, Path]]


@contextmanager
def numbering(home: Home, letter_id: str) -> Generator[Press]:
    """The transaction in which `number` may be called; the letter's files appear after its end, or never."""
    halves: list[tuple[Path, Path]] = []
    try:
        with writing(home.engine) as connection:
            sweep(home.surat)
            yield Press(connection, halves)
            connection.commit()
            for half, place in halves:
                half.replace(place)
    except BaseException:  # whatever failed after a file was written, the database full for one
        for name in (f"{letter_id}.pdf", f"{letter_id}.docx"):
            drop(half_of(home.surat / name))
        raise


def number(
    home: Home, plan: Plan, press: Press, row: LetterRow, on: dt.date, by: str, at: dt.datetime, how: Number = LAST,
    said: Mapping[str, Any] | None = None,
) -> LetterRow:  # fmt: skip
    """Number an unnumbered letter inside `numbering`, with all that `approve` promises.

    ``said``: what the journal keeps of the decision beside number and hashes.
    """
    connection, office, duty = press.connection, plan.office.profile.id, duty_of(plan, row)
    _may_be_numbered(connection, plan, row, duty, on)
    values, _ = values_of(home, plan, duty)
    annexed.check(connection, office, row, values)
    kind = home.words(plan).kind(row.kind)
    place, nomor = _place(plan, connection, row, kind, on, how)
    letter = _compose(home, plan, duty, values, on, row.id, nomor, on, naskah_of(row))
    _same_text(row, letter, duty, on)
    copies = render(home.paper, letter)
    hashes = {"pdf_sha256": sha256(copies.pdf), "docx_sha256": sha256(copies.docx)}
    for name, content in ((row.pdf, copies.pdf), (row.docx, copies.docx)):
        half = write_half(home.surat / name, content, private=letter.confidential)
        press.halves.append((half, home.surat / name))
    note = "; ".join(filter(None, (row.note, f"sisipan: {how.late}" if how.late else "")))
    register.assign(
        connection, office, row.id, place=place, nomor=nomor, on=on, by=by,
        content=letter.model_dump_json(), hal=letter.hal, bundle=keep(connection, bundle_of(home, row.kind)),
        **hashes, asal="luar" if how.nomor else "", note=note,
    )  # fmt: skip
    annexed.told(connection, office, row, values, nomor, by, at)
    detail = {"nomor": nomor, "tanggal": on.isoformat(), **hashes, **(said or {})}
    if how.late:
        detail["sisipan"] = how.late
    journal.write(connection, office, at=at, who=by, what=journal.NUMBERED, subject=row.id, detail=detail)
    if row.permintaan and (about := Permintaan.model_validate_json(row.permintaan).untuk):
        register.add_note(connection, office, about, f"lihat {kind.nama} {nomor} tanggal {tanggal(on)}")
    return register.letter(connection, office, row.id)


def _may_be_numbered(connection: sa.Connection, plan: Plan, row: LetterRow, duty: Duty, on: dt.date) -> None:
    where = f"surat {row.id}"
    if row.state == register.HELD:
        raise Refused(Problem(where, f"ditahan ({row.note}).", f"Tulis ulang dengan `tahapan letter renew {row.id}`."))
    if row.state not in register.UNNUMBERED:
        raise Refused(Problem(where, f"berstatus {row.state}.", "Hanya draf yang dapat disetujui."))
    done = progress.duty_row(connection, plan.office.profile.id, plan.election.id, duty.short_key)
    if done and done.state != "terbuka":
        what = f"butirnya sudah {done.state}."
        raise Refused(Problem(where, what, "Surat dari butir yang ditutup tidak diberi nomor."))
    if duty.item.surat_hari and on >= duty.act_on:
        what = f"undangan untuk rapat {hari_tanggal(duty.act_on)} tidak dapat bertanggal {tanggal(on)}."
        raise Refused(Problem(where, what, "Undangan harus keluar sebelum rapatnya; tetapkan hari rapat yang baru."))
    if laws := overtaken_by(plan, row, on):
        what = f"ditulis dengan hukum {tanggal(row.law_on or on)}; sejak itu {named(laws)}."
        raise Refused(Problem(where, what, f"Tulis ulang dengan `tahapan letter renew {row.id}`, lalu baca lagi."))


def _place(
    plan: Plan, connection: sa.Connection, row: LetterRow, kind: Kind, on: dt.date, how: Number
) -> tuple[Place, str]:
    """The place in the series, and the number as the office writes it."""
    office, profile = plan.office.profile.id, plan.office.profile.nomor
    code, pola = office_code(plan.office, kind), profile.pattern(kind.id, kind.pola)
    own = kind.id if pola != profile.pola else ""
    if how.nomor:
        return register.outside_place(connection, office, profile, how.nomor, row.klas, code, on, pola, own), how.nomor
    seri = register.series(profile, row.klas, code, on, own)
    free = register.late_place if how.late else register.next_place
    place = free(connection, office, seri, on)
    return place, register.number(pola, place, row.klas, code, on)


def _compose(
    home: Home, plan: Plan, duty: Duty, values: dict[str, Any], on: dt.date, letter_id: str, nomor: str | None,
    law_on: dt.date, naskah: Naskah | None,
) -> Letter:  # fmt: skip
    mark = "GLADI" if home.gladi else ("" if nomor else "DRAF")
    return compose(
        plan, home.words(plan), duty, values, on,
        letter_id=letter_id, mark=mark, nomor=nomor, law_on=law_on, naskah=naskah, without_glyph=home.without_glyph,
    )  # fmt: skip


def changes(before: Letter, now: Letter) -> list[str]:
    """The lines that differ, with - and +."""
    return [
        line
        for line in difflib.unified_diff(text_of(before), text_of(now), lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]


def _same_text(row: LetterRow, letter: Letter, duty: Duty, on: dt.date) -> None:
    if lines := changes(Letter.model_validate_json(row.content), letter):
        what = "isinya berubah sejak draf dibaca:\n" + "\n".join(lines) + "\n"
        raise Refused(Problem(f"surat {row.id}", what, _remedy(row, duty, on)))


def _remedy(row: LetterRow, duty: Duty, on: dt.date) -> str:
    if on < row.letter_on:
        return f"Draf itu ditulis untuk {hari_tanggal(row.letter_on)}; setujui pada hari itu."
    if not progress.still_worth_drafting(duty, on):
        return f"Draf itu ditulis untuk {hari_tanggal(row.letter_on)} dan sudah basi; tulis surat yang baru."
    return "Baca draf yang baru, lalu setujui lagi."
