"""From the plan to the days on which Prefect starts something: data only, no Prefect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tahapan.checklist import Duty
from tahapan.dates import jam
from tahapan.day import MORNING
from tahapan.plan import Plan

BEFORE_CUT_OFF = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class StageRun:
    """One scheduled run: its slug comes from the rule, so that it stays when the calendar moves."""

    slug: str
    start: dt.datetime  # floating: the wall clock of the office


def stage_runs(plan: Plan, stage_id: str) -> tuple[StageRun, ...]:
    """A run for each day on which the stage has something to draft or do."""
    duties = [duty for duty in plan.duties if duty.stage.id == stage_id]
    return tuple(StageRun(_slug(duties, day), _start(duties, day)) for day in plan.days_of(stage_id))


@dataclass(frozen=True, slots=True)
class CutOff:
    """A run for an hour at which something closes: of the morning two hours before, of the stage at the hour itself."""

    slug: str
    start: dt.datetime  # floating
    tutup: str  # 16.00


def closing_runs(plan: Plan, stage_id: str) -> tuple[CutOff, ...]:
    """A run of the stage at each hour at which one of its days closes: what came in is put into the report of the day."""
    stage = plan.election.stage(stage_id)
    return tuple(
        CutOff(f"penutupan-{number}", dt.datetime.combine(day, dt.time.fromisoformat(hour)), jam(hour))
        for number, day in enumerate(stage.days, 1)
        if (hour := stage.closes_at(day)) and hour != "24:00"
    )


def morning_rule(plan: Plan, first: dt.date) -> str:
    """07.00 on every working day of the calendar, and on days off on which something is due; "" when it is over."""
    last = plan.last_day
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if plan.kalender.is_working_day(day)]
    off = [day for day in days if day in plan.days and day not in working and day.weekday() >= 5]
    if not working:
        return ""
    holidays = [day for day in days if day.weekday() < 5 and day not in working and day not in plan.days]
    lines = [
        f"DTSTART:{_stamp(first)}",
        f"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL={last:%Y%m%d}T235959",
        f"EXDATE:{','.join(map(_stamp, holidays))}" if holidays else "",
        f"RDATE:{','.join(map(_stamp, off))}" if off else "",
    ]
    return "\n".join(filter(None, lines))


def _stamp(day: dt.date) -> str:
    return f"{day:%Y%m%d}T{MORNING:%H%M%S}"


def cut_offs(plan: Plan, first: dt.date) -> tuple[CutOff, ...]:
    """One run before each closing hour from ``first`` on, later than the morning itself; midnight is no hour."""
    closing = [
        (day, hour, f"tutup-{stage.id.lower()}-{number}")
        for stage in plan.election.stages
        for number, day in enumerate(stage.days)
        if (hour := stage.closes_at(day))
    ]
    closing += [
        (duty.due, duty.item.due.jam, f"tutup-{duty.short_key.lower()}") for duty in plan.duties if duty.item.due.jam
    ]
    found: dict[dt.datetime, CutOff] = {}
    for day, hour, slug in closing:
        if day >= first and hour != "24:00":
            start = dt.datetime.combine(day, dt.time.fromisoformat(hour)) - BEFORE_CUT_OFF
            if start > dt.datetime.combine(day, MORNING):
                found.setdefault(start, CutOff(slug, start, jam(hour)))
    return tuple(found[start] for start in sorted(found))


def _slug(duties: Iterable[Duty], day: dt.date) -> str:
    return min((len(name), name) for duty in duties for name in _names(duty, day))[1]


def _names(duty: Duty, day: dt.date) -> Iterable[str]:
    """What the rule of a duty calls that day; a name holds all it depends on, so two days never share one."""
    rule = duty.item.due.rule
    if day == duty.due:
        yield rule
    moved = f"{rule}-{duty.item.due.bila_libur}"
    if day == duty.act_on:
        yield moved
    if duty.item.surat_hari:
        moved += f"-surat{duty.item.surat_hari}"
    if day == duty.letter_on:
        yield moved
    if day == duty.draft_on:
        yield f"{moved}-draf{0 if duty.item.fakta else duty.item.draf_hari}"


def _start(duties: Iterable[Duty], day: dt.date) -> dt.datetime:
    """07.00, or two hours before the cut-off when all there is to do that day ends with it and that is later."""
    morning = dt.datetime.combine(day, MORNING)
    hours = [duty.tutup if duty.due == day else None for duty in duties if day in duty.days]
    if None in hours or "24:00" in hours:
        return morning
    first = dt.time.fromisoformat(min(hour for hour in hours if hour))
    return max(morning, dt.datetime.combine(day, first) - BEFORE_CUT_OFF)
