"""One day of work: open its duties, draft their letters, number what a rehearsal numbers, say where all stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from tahapan import details, journal, progress, register, units
from tahapan.checklist import Duty
from tahapan.details import Details, Filled, Typed
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.letters.kinds import KindFile
from tahapan.plan import Plan
from tahapan.progress import DutyRow, Standing, Tally
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing

MORNING = dt.time(7, 0)


def standings(home: Home, plan: Plan, on: dt.date, duties: Iterable[Duty] | None = None) -> tuple[Standing, ...]:
    """These duties (or all of the election) as they stand on that day, in the order of work."""
    office, begun = plan.office.profile.id, home.first_day
    with_what = "gladi" if home.gladi else "tahapan dipakai"
    with reading(home.engine) as connection:
        rows = progress.duty_rows(connection, office, plan.election.id)
        book = register.letters(connection, office, plan.election.id)
        known = details.read(connection, home, plan)
        done = progress.units_done(connection, office, plan.election.id)
    kinds = home.kinds
    written = {row.short_key: row for row in sorted(book, key=lambda row: row.version)}
    return tuple(
        progress.standing(
            duty, on, rows.get(duty.short_key), written.get(duty.short_key), _missing(known, kinds, duty, on), begun,
            with_what, _tally(plan, duty, rows.get(duty.short_key), written.get(duty.short_key), done),
        )
        for duty in (plan.duties if duties is None else duties)
    )  # fmt: skip


def _tally(
    plan: Plan, duty: Duty, row: DutyRow | None, letter: LetterRow | None, done: Mapping[int, set[str]]
) -> Tally | None:
    """How far a duty has come that is done unit by unit."""
    if duty.item.per is None:
        return None
    area = plan.office.directory.area
    content = letter.content if letter and letter.numbered and letter.state not in register.ENDED else ""
    codes = [unit.code for unit in units.units_of(duty.item, area, content)]
    return progress.tally(done.get(row.id, ()) if row else (), codes, units.word_of(duty.item.per, area))


def _missing(known: Details, kinds: Mapping[str, KindFile], duty: Duty, on: dt.date) -> tuple[str, ...]:
    """What the letter waits for; a broken file of one duty is that duty's trouble, not everybody's."""
    if on < duty.opens_on:
        return ()
    try:
        return known.missing(kinds, duty.item)
    except DataError as error:
        return tuple(str(problem) for problem in error.problems)


def morning(plan: Plan, on: dt.date) -> dt.datetime:
    """07.00 of that day in the office's zone: the time a rehearsal writes into the journal."""
    return dt.datetime.combine(on, MORNING, ZoneInfo(plan.office.profile.timezone))


def open_duties(home: Home, plan: Plan, on: dt.date, at: dt.datetime, stage_id: str | None = None) -> tuple[Duty, ...]:
    """Open what is to be open by that day (of one stage, or of all); the duties still to be worked on, in order."""
    office, begun = plan.office.profile.id, home.begin(on)
    due = [
        duty
        for duty in plan.duties
        if duty.opens_on <= on and stage_id in (None, duty.stage.id) and duty.order[0] >= begun
    ]
    with writing(home.engine) as connection:
        there = progress.duty_rows(connection, office, plan.election.id)
        for duty in due:
            known = there.get(duty.short_key)
            if known and progress.settled(known, duty):
                continue
            if progress.open_duty(connection, office, duty, on):
                journal.write(
                    connection, office, at=at, who=journal.MACHINE, what="butir dibuka", subject=duty.key,
                    detail={"due": duty.due.isoformat()},
                )  # fmt: skip
        rows = progress.duty_rows(connection, office, plan.election.id)
    return tuple(duty for duty in due if rows[duty.short_key].state == "terbuka")


def work_on(home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> Standing:
    """Draft the duty's letter when its day has come; then say where it stands. Raises what compose refuses."""
    from tahapan.issue import draft  # Jinja and Typst only when a letter is drafted

    now = standings(home, plan, on, (duty,))[0]
    if _wants_draft(now, on):
        draft(home, plan, duty, on, at)
        now = standings(home, plan, on, (duty,))[0]
    return now


def _wants_draft(now: Standing, on: dt.date) -> bool:
    """From its day on, while it is still worth it: an old draft is left as it was read, not rewritten for today."""
    duty = now.duty
    if duty.draft_on is None or on < duty.draft_on or now.missing:
        return False
    if now.letter and now.letter.state not in register.UNNUMBERED:
        return False
    return progress.still_worth_drafting(duty, on)


def fill_in(
    home: Home, plan: Plan, duty: Duty, texts: Mapping[str, Typed], oleh: str, on: dt.date, at: dt.datetime
) -> Filled:
    """Take what a form was filled in with (see `tahapan.details.fill`), and renew the drafts that it changes.

    Answers with which the letter could not be written today are refused before anything is kept.
    """
    _try_words(home, plan, duty, texts, on)
    filled = details.fill(home, plan, duty, texts, oleh, at)
    if filled.changed and duty.opens_on <= on:
        open_duties(home, plan, on, at, duty.stage.id)
        for other in details.shared_with(plan, duty):
            try:
                _renew(home, plan, other, on, at)
            except TahapanError:
                if other is duty:  # a fault of another duty is told by the morning
                    raise
    return filled


def _try_words(home: Home, plan: Plan, duty: Duty, texts: Mapping[str, Typed], on: dt.date) -> None:
    from tahapan.issue import new_row

    values = details.checked(home, plan, duty, details.parse(details.ask(home, plan, duty), texts))
    missing = home.kinds[duty.item.letter or ""].kind.missing(values)
    now = standings(home, plan, on, (duty,))[0]
    if not missing and _wants_draft(replace(now, missing=()), on):
        new_row(home, plan, duty, values, on, 1, old=now.letter)


def _renew(home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> None:
    """The draft of one duty as it reads now, before its approvers again where a person decides."""
    from tahapan.approval import refresh

    now = work_on(home, plan, duty, on, at)
    if now.letter and home.gladi is None:
        refresh(home, plan, now.letter.id, on, at)


def heed_laws(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """Hold or supplement the letters that a law has overtaken; the faults met on the way."""
    from tahapan.overtaken import heed

    return heed(home, plan, on, at)


def catch_up(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """What missed days left undone, in every stage: duties opened, letters drafted, lost files written again.

    The faults met on the way; one duty's fault does not stop the others.
    """
    from tahapan.archive import ensure_file, unfinished
    from tahapan.issue import draft

    faults = [*heed_laws(home, plan, on, at)]

    def try_to(work: Callable[[], object]) -> None:
        try:
            work()
        except TahapanError as error:
            faults.extend(error.problems)

    for now in standings(home, plan, on, open_duties(home, plan, on, at)):
        if _wants_draft(now, on) and (home.gladi or now.letter is None):  # in earnest asking renews the others
            try_to(partial(draft, home, plan, now.duty, on, at))
    faults += approve_rehearsed(home, plan, on) if home.gladi else ask_approvals(home, plan, on, at)
    for row in unfinished(home, plan):
        try_to(partial(ensure_file, home, row))
    return tuple(faults)


def approve_rehearsed(home: Home, plan: Plan, on: dt.date, stage_id: str | None = None) -> tuple[Problem, ...]:
    """In a rehearsal: number every letter whose day has come, as "gladi", in the order of work; what was refused.

    A numbered letter without its file (a run killed between number and file) gets it again.
    """
    from tahapan.archive import unfinished
    from tahapan.issue import approve

    assert home.gladi, "only a rehearsal approves by itself"
    faults: list[Problem] = []
    for row in unfinished(home, plan):
        if row.letter_on <= on and (stage_id in (None, row.stage) or row.stage == register.UMUM):
            try:
                approve(home, plan, row.id, row.letter_on, "gladi", morning(plan, row.letter_on))
            except TahapanError as error:
                faults += error.problems
    return tuple(faults)


def ask_approvals(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """In earnest: renew every draft and put it before its approvers; the faults met on the way."""
    from tahapan.approval import submit_all

    assert home.gladi is None, "a rehearsal asks nobody"
    return submit_all(home, plan, on, at)


def rehearse_day(home: Home, plan: Plan, on: dt.date) -> None:
    """One whole day without Prefect: what the flows do, stage by stage. Raises what was refused, after the work."""
    at = morning(plan, on)
    faults = [*heed_laws(home, plan, on, at)]
    for stage in plan.stages_on(on):
        for duty in open_duties(home, plan, on, at, stage.id):
            work_on(home, plan, duty, on, at)
        faults += approve_rehearsed(home, plan, on, stage.id)
    if faults:
        raise Refused(*faults)
