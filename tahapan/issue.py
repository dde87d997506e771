"""A letter from draft to number: drafted, renewed, approved."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tahapan import journal, progress, register
from tahapan.archive import bundle_of, drop, ensure_file, half_of, sweep, write_half
from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.letters.bundle import keep, sha256
from tahapan.letters.compose import compose, office_code, text_of
from tahapan.letters.kinds import load_details
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import writing


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of drafting: the labels of the fields nobody has filled in, else whether the text changed."""

    missing: tuple[str, ...] = ()
    changed: bool = False


def letter_id_of(duty: Duty, version: int = 1) -> str:
    """From the duty key and version, never from a counter: a killed run finds the same name again."""
    return f"{duty.key}.{version}"


def values_of(home: Home, plan: Plan, duty: Duty) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The letter's own fields, from the checklist and from the office's file, and the labels still missing."""
    assert duty.item.letter
    kind = home.words(plan).kind(duty.item.letter)
    given = {**duty.item.isi, **load_details(home.details, duty.short_key)}
    values = kind.checked(given, f"kantor/acara/{duty.short_key}.toml")
    return values, tuple(field.label for field in kind.missing(given))


def draft(home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> Drafted:
    """Draft the duty's letter, or renew its draft when words, people or calendar changed.

    The text is that of the day it is to go out (or of today, when it is late). A numbered letter is left alone.
    """
    assert duty.letter_on
    letter_id = letter_id_of(duty)
    values, missing = values_of(home, plan, duty)
    if missing:
        return Drafted(missing)
    day = max(on, duty.letter_on) if not home.gladi else duty.letter_on
    row = _draft_row(duty, _compose(home, plan, duty, values, day, letter_id, None), day, home, plan)
    with writing(home.engine) as connection:
        office = plan.office.profile.id
        changed = register.save_draft(connection, office, row)
        if changed:
            journal.write(
                connection, office, at=at, who="tahapan", what="draf", subject=letter_id, detail={"hal": row.hal}
            )
    return Drafted(changed=changed)


def approve(home: Home, plan: Plan, letter_id: str, on: dt.date, by: str, at: dt.datetime) -> LetterRow:
    """Number the letter on day ``on``: every check runs again, then number, hash and journal in one transaction.

    A letter that has its number keeps it: the call is safe to repeat. Refused, with nothing changed, when the text
    would differ from the draft that was read, when a later letter of the series has its number, or when an
    invitation would not be out before its meeting.
    """
    office = plan.office.profile.id
    try:
        with writing(home.engine) as connection:
            sweep(home.surat)
            row = register.letter(connection, office, letter_id)
            if not row.numbered:
                half, row = _number(home, plan, connection, row, on, by, at)
                connection.commit()
                half.replace(home.surat / row.pdf)
    except BaseException:  # whatever failed after the file was written, the database full for one
        drop(half_of(home.surat / f"{letter_id}.pdf"))
        raise
    ensure_file(home, row)
    return row


def _number(
    home: Home, plan: Plan, connection: Any, row: LetterRow, on: dt.date, by: str, at: dt.datetime
) -> tuple[Path, LetterRow]:
    office = plan.office.profile.id
    duty = plan.duty(f"{row.stage}.{row.item}")
    if row.state not in register.UNNUMBERED:
        raise Refused(Problem(f"surat {row.id}", f"berstatus {row.state}.", "Hanya draf yang dapat disetujui."))
    done = progress.duty_rows(connection, office, plan.election.id).get(duty.short_key)
    if done and done.state != "terbuka":
        what = f"butirnya sudah {done.state}."
        raise Refused(Problem(f"surat {row.id}", what, "Surat dari butir yang ditutup tidak diberi nomor."))
    if duty.item.surat_hari and on >= duty.act_on:
        raise Refused(
            Problem(
                f"surat {row.id}",
                f"undangan untuk rapat {hari_tanggal(duty.act_on)} tidak dapat bertanggal {tanggal(on)}.",
                "Undangan harus keluar sebelum rapatnya; tetapkan hari rapat yang baru.",
            )
        )
    values, _ = values_of(home, plan, duty)
    kind = home.words(plan).kind(row.kind)
    code = office_code(plan.office, kind)
    seri = register.series(plan.office.profile.nomor, row.klas, code, on)
    urut = register.next_urut(connection, office, seri, on)
    nomor = register.number(plan.office.profile.nomor, urut, row.klas, code, on)
    letter = _compose(home, plan, duty, values, on, row.id, nomor)
    _same_text(row, letter, duty, on)
    pdf = home.paper.pdf(letter)
    half = write_half(home.surat / row.pdf, pdf)
    register.assign(
        connection, office, row.id, seri=seri, urut=urut, nomor=nomor, on=on, by=by,
        content=letter.model_dump_json(), hal=letter.hal, bundle=keep(connection, bundle_of(home, row.kind)),
        pdf_sha256=sha256(pdf),
    )  # fmt: skip
    journal.write(
        connection, office, at=at, who=by, what=journal.NUMBERED, subject=row.id,
        detail={"nomor": nomor, "tanggal": on.isoformat(), "pdf_sha256": sha256(pdf)},
    )  # fmt: skip
    return half, register.letter(connection, office, row.id)


def may_approve(plan: Plan, home: Home, row: LetterRow, name: str, on: dt.date) -> str:
    """The name as the office writes it; Refused unless that person holds the signing role on that day."""
    kind = home.words(plan).kind(row.kind)
    holder = plan.office.holder(kind.ttd, on)
    if name.casefold().split() != holder.nama.casefold().split():
        raise Refused(
            Problem(
                f"surat {row.id}",
                f"{name} bukan {plan.office.peran[kind.ttd].nama} pada {tanggal(on)}.",
                f"Yang berwenang: {holder.nama}.",
            )
        )
    return holder.nama


def _compose(
    home: Home, plan: Plan, duty: Duty, values: dict[str, Any], on: dt.date, letter_id: str, nomor: str | None
) -> Letter:
    mark = "GLADI" if home.gladi else ("" if nomor else "DRAF")
    return compose(
        plan, home.words(plan), duty, values, on,
        letter_id=letter_id, mark=mark, nomor=nomor, without_glyph=home.paper.without_glyph,
    )  # fmt: skip


def _draft_row(duty: Duty, letter: Letter, day: dt.date, home: Home, plan: Plan) -> LetterRow:
    return LetterRow(
        id=letter.id, election=duty.election, stage=duty.stage.id, item=duty.item.id, version=1, kind=letter.kind,
        state="draf", letter_on=day, klas=home.words(plan).kind(letter.kind).klas, hal=letter.hal,
        content=letter.model_dump_json(), nomor=None, tanggal=None, approved_by=None, bundle=None, pdf_sha256=None,
        note="",
    )  # fmt: skip


def _same_text(row: LetterRow, letter: Letter, duty: Duty, on: dt.date) -> None:
    before, now = text_of(Letter.model_validate_json(row.content)), text_of(letter)
    if before == now:
        return
    changes = [
        line
        for line in difflib.unified_diff(before, now, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    raise Refused(
        Problem(
            f"surat {row.id}",
            "isinya berubah sejak draf dibaca:\n" + "\n".join(changes) + "\n",
            _remedy(row, duty, on),
        )
    )


def _remedy(row: LetterRow, duty: Duty, on: dt.date) -> str:
    if on < row.letter_on:
        return f"Draf itu ditulis untuk {hari_tanggal(row.letter_on)}; setujui pada hari itu."
    if not progress.still_worth_drafting(duty, on):
        return f"Draf itu ditulis untuk {hari_tanggal(row.letter_on)} dan sudah basi; tulis surat yang baru."
    return "Baca draf yang baru, lalu setujui lagi."
