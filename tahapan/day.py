"""One day of work: open its duties, draft their letters, number what a rehearsal numbers, say where all stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from zoneinfo import ZoneInfo

from tahapan import journal, progress, register
from tahapan.checklist import Duty
from tahapan.errors import Problem, TahapanError
from tahapan.home import Home
from tahapan.letters.kinds import missing_labels
from tahapan.plan import Plan
from tahapan.progress import Standing
from tahapan.store.engine import reading, writing

MORNING = dt.time(7, 0)


def standings(home: Home, plan: Plan, on: dt.date, duties: Iterable[Duty] | None = None) -> tuple[Standing, ...]:
    """These duties (or all of the election) as they stand on that day, in the order of work."""
    office, begun = plan.office.profile.id, first_day(home)
    with reading(home.engine) as connection:
        rows = progress.duty_rows(connection, office, plan.election.id)
        written = {f"{row.stage}.{row.item}": row for row in register.letters(connection, office, plan.election.id)}
    return tuple(
        progress.standing(
            duty, on, rows.get(duty.short_key), written.get(duty.short_key),
            () if on < duty.opens_on else missing_labels(home.kinds, duty, home.details), begun,
        )
        for duty in (plan.duties if duties is None else duties)
    )  # fmt: skip


def first_day(home: Home) -> dt.date | None:
    """The first day of a rehearsal: what was due before it is not its to do."""
    return home.gladi.start if home.gladi else None


def morning(plan: Plan, on: dt.date) -> dt.datetime:
    """07.00 of that day in the office's zone: the time a rehearsal writes into the journal."""
    return dt.datetime.combine(on, MORNING, ZoneInfo(plan.office.profile.timezone))


def open_duties(home: Home, plan: Plan, on: dt.date, at: dt.datetime, stage_id: str | None = None) -> tuple[Duty, ...]:
    """Open what is to be open by that day (of one stage, or of all); the duties still to be worked on, in order."""
    office, begun = plan.office.profile.id, first_day(home)
    due = [
        duty
        for duty in plan.duties
        if duty.opens_on <= on and stage_id in (None, duty.stage.id) and (begun is None or duty.order[0] >= begun)
    ]
    with writing(home.engine) as connection:
        for duty in due:
            if progress.open_duty(connection, office, duty, on):
                journal.write(
                    connection, office, at=at, who="tahapan", what="butir dibuka", subject=duty.key,
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
    duty = now.duty
    if duty.draft_on is None or on < duty.draft_on or now.missing or (now.letter and now.letter.numbered):
        return False
    return now.letter is not None or progress.still_worth_drafting(duty, on)


def catch_up(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """What missed days left undone, in every stage: duties opened, letters drafted, lost files written again.

    The faults met on the way; one duty's fault does not stop the others.
    """
    from tahapan.archive import ensure_file, unfinished

    faults: list[Problem] = []

    def try_to(work: Callable[[], object]) -> None:
        try:
            work()
        except TahapanError as error:
            faults.extend(error.problems)

    for duty in open_duties(home, plan, on, at):
        try_to(partial(work_on, home, plan, duty, on, at))
    if home.gladi:
        approve_rehearsed(home, plan, on)
    for row in unfinished(home, plan):
        try_to(partial(ensure_file, home, row))
    return tuple(faults)


def approve_rehearsed(home: Home, plan: Plan, on: dt.date, stage_id: str | None = None) -> tuple[str, ...]:
    """In a rehearsal: number every letter whose day has come, as "gladi", in the order of work; their ids.

    A numbered letter without its file (a run killed between number and file) gets it again.
    """
    from tahapan.archive import unfinished
    from tahapan.issue import approve

    assert home.gladi, "only a rehearsal approves by itself"
    ready = [row for row in unfinished(home, plan) if row.letter_on <= on and stage_id in (None, row.stage)]
    return tuple(approve(home, plan, row.id, row.letter_on, "gladi", morning(plan, row.letter_on)).id for row in ready)


def rehearse_day(home: Home, plan: Plan, on: dt.date) -> None:
    """One whole day without Prefect: what the flows do, stage by stage."""
    for stage in plan.stages_on(on):
        rehearse_stage_day(home, plan, stage.id, on)


def rehearse_stage_day(home: Home, plan: Plan, stage_id: str, on: dt.date) -> None:
    at = morning(plan, on)
    for duty in open_duties(home, plan, on, at, stage_id):
        work_on(home, plan, duty, on, at)
    approve_rehearsed(home, plan, on, stage_id)
