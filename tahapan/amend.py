"""A changed calendar: open duties and unnumbered letters move, numbered letters are listed for correction."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from tahapan import journal, progress, register
from tahapan.characters import clean
from tahapan.checklist import Duty
from tahapan.dates import rentang, tanggal
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.home import Home, Moment
from tahapan.issue import draft, duty_of, naskah_of, values_of
from tahapan.letters.compose import compose, text_of
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import writing
from tahapan.store.tables import acara, jurnal

TO_CORRECT = "perlu ralat"


@dataclass(frozen=True, slots=True)
class Moved:
    """A duty before and after."""

    before: Duty
    after: Duty


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a new event day changed."""

    moved: tuple[Moved, ...]
    redrafted: tuple[str, ...]  # ids of unnumbered letters that were written again
    to_correct: tuple[LetterRow, ...]  # numbered letters of moved duties, or whose text would now be another
    faults: tuple[Problem, ...]  # drafts that can no longer be written as they are


def set_event(
    home: Home, plan: Plan, stage_id: str, moment: Moment, basis: str, by: str, on: dt.date, at: dt.datetime,
    *, outside_window: bool = False,
) -> Amendment:  # fmt: skip
    """Set the real day (and hour) of a stage's event, on the strength of ``basis`` (KPU's invitation).

    Refused for a day outside the stage's window unless ``outside_window`` says that it is meant.
    """
    stage = plan.election.stage(stage_id)
    if stage_id in plan.meetings:
        raise Refused(Problem(f"tahapan {stage_id}", "rapat kantor sendiri.", "Pindahkan dengan `tahapan rakor move`."))
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    basis, by = clean(basis, "--dasar"), clean(by, "--oleh")
    if not basis:
        raise DataError(Problem("--dasar", "kosong.", "Sebut undangan atau keputusan yang menetapkan harinya."))
    if stage.days and day not in stage.days and not outside_window:
        raise Refused(
            Problem(
                f"tahapan {stage_id}",
                f"{tanggal(day)} di luar jadwalnya ({rentang(stage.days[0], stage.days[-1])}).",
                "Periksa tanggalnya; bila memang begitu, tambahkan --di-luar-jadwal.",
            )
        )
    office = plan.office.profile.id
    events = {**home.events(office, plan.election.id), stage_id: moment}
    after = home.planned(plan.election.id, events, plan.meetings, home.dispositions(office, plan.election.id))
    with writing(home.engine) as connection:
        connection.execute(
            acara.insert().values(
                office=office, election=plan.election.id, stage=stage_id, moment=moment.isoformat(),
                basis=basis, set_on=on, set_by=by,
            )
        )  # fmt: skip
        journal.write(
            connection, office, at=at, who=by, what="hari acara", subject=f"{plan.election.id}.{stage_id}",
            detail={"acara": moment.isoformat(), "dasar": basis},
        )  # fmt: skip
        moved = tuple(_moved(plan, after))
        rows = progress.duty_rows(connection, office, plan.election.id)
        for change in moved:
            row = rows.get(change.after.short_key)
            if row and row.state == "terbuka":
                progress.open_duty(connection, office, change.after, on)
        letters = register.letters(connection, office, plan.election.id)
        to_correct = tuple(_to_correct(home, connection, plan, after, moved, letters, stage.judul, at))
    redrafted, faults = redraft(home, after, letters, on, at)
    return Amendment(moved, redrafted, to_correct, faults)


def _to_correct(
    home: Home, connection: sa.Connection, before: Plan, after: Plan, moved: tuple[Moved, ...],
    letters: tuple[LetterRow, ...], event: str, at: dt.datetime,
) -> Iterator[LetterRow]:  # fmt: skip
    """Mark the numbered letters that the new day made wrong; take the mark from those whose day has come back."""
    office = after.office.profile.id
    days = {change.after.short_key: (change.before.due, change.after.due) for change in moved}
    for row in letters:
        key = row.short_key
        if (
            not (row.numbered and row.ours)
            or row.state in register.ENDED
            or (key not in days and not _reads_otherwise(home, before, after, row))
        ):
            continue
        was, now = days.get(key, (None, None))
        written_for = _written_for(connection, office, row) or was
        if row.note.startswith(TO_CORRECT) and now is not None and now == written_for:
            register.set_note(connection, office, row.id, "")
            journal.write(connection, office, at=at, who=journal.MACHINE, what="ralat tidak perlu lagi", subject=row.id)
            continue
        register.set_note(connection, office, row.id, f"{TO_CORRECT}: hari acara {event} berubah")
        journal.write(
            connection, office, at=at, who=journal.MACHINE, what=TO_CORRECT, subject=row.id,
            detail={"ditulis untuk": written_for.isoformat() if written_for else ""},
        )  # fmt: skip
        yield row


def _written_for(connection: sa.Connection, office: str, row: LetterRow) -> dt.date | None:
    """The due day the letter was written for, as journalled when it first needed a correction."""
    query = sa.select(jurnal.c.detail).where(
        jurnal.c.office == office, jurnal.c.what == TO_CORRECT, jurnal.c.subject == row.id
    )
    first = connection.execute(query.order_by(jurnal.c.seq).limit(1)).scalar()
    day = json.loads(first)["ditulis untuk"] if first else ""
    return dt.date.fromisoformat(day) if day else None


def _moved(before: Plan, after: Plan) -> list[Moved]:
    old = {duty.short_key: duty for duty in before.duties}
    pairs = (Moved(old[duty.short_key], duty) for duty in after.duties if duty.short_key in old)
    return [pair for pair in pairs if (pair.before.due, pair.before.act_on) != (pair.after.due, pair.after.act_on)]


def _reads_otherwise(home: Home, before: Plan, after: Plan, row: LetterRow) -> bool:
    """Whether the letter, written on its own day with the new calendar, would say something else."""
    texts: list[list[str]] = []
    for plan in (before, after):
        assert row.tanggal
        try:
            duty = duty_of(plan, row)
            values, _ = values_of(home, plan, duty)
            letter = compose(
                plan, home.words(plan), duty, values, row.tanggal,
                letter_id=row.id, nomor=row.nomor, naskah=naskah_of(row),
            )  # fmt: skip
            texts.append(text_of(letter))
        except TahapanError as error:  # a word whose time has not come any more is another text too
            texts.append([str(error)])
    return texts[0] != texts[1]


def redraft(
    home: Home, plan: Plan, letters: tuple[LetterRow, ...], on: dt.date, at: dt.datetime
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Write the unnumbered letters again that are still worth it; ids of those that changed, and what cannot be written."""
    changed: list[str] = []
    faults: list[Problem] = []
    for row in letters:
        if row.state in register.UNNUMBERED:
            try:
                duty = duty_of(plan, row)
                if progress.still_worth_drafting(duty, on) and draft(home, plan, duty, on, at).changed:
                    changed.append(row.id)
            except TahapanError as error:
                faults += error.problems
    return tuple(changed), tuple(faults)
