"""What people read on screens, as Markdown: a stage's checklist, the morning brief, a rehearsal's summary."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from jinja2.sandbox import SandboxedEnvironment

from tahapan.dates import HARI, tanggal
from tahapan.day import standings
from tahapan.home import TEMPLATES, Home
from tahapan.letters.kinds import load_details
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.letters.wording import environment, render
from tahapan.plan import Plan
from tahapan.progress import Standing

WEEK = dt.timedelta(days=7)


def checklist(home: Home, plan: Plan, stage_id: str, on: dt.date, desk: str) -> str:
    """The checklist of one stage on a day; ``desk`` is the address under which letters open."""
    stage = plan.election.stage(stage_id)
    duties = [duty for duty in plan.duties if duty.stage.id == stage_id]
    context = {
        "stage": stage,
        "dasar": [plan.laws.by_id[law].singkat for law in stage.dasar],
        "rows": standings(home, plan, on, sorted(duties, key=lambda duty: (duty.act_on, duty.order))),
        "tutup": [(day, hour) for day in stage.days if (hour := stage.closes_at(day))],
    }
    return _screen("daftar-periksa.md.j2", home, plan, on, desk, context)


def brief(home: Home, plan: Plan, on: dt.date, desk: str) -> str:
    """The morning brief: what is due, what must go out, what is late, what today's meeting needs."""
    rows = standings(home, plan, on)
    live = [
        row for row in rows if row.state not in ("selesai", "dibatalkan") and row.remark != "terlewat sebelum gladi"
    ]
    week = plan.kalender.shift(on + WEEK, "sesudah")
    context = {
        "closes": [(stage, hour) for stage in plan.election.stages if (hour := stage.closes_at(on))],
        "events": [stage for stage in plan.election.stages if stage.acara_date == on],
        "running": [stage for stage in plan.election.stages if stage.parent and on in stage.days],
        "laws": plan.laws.new_between(on - WEEK, on),
        "words": plan.sebutan.on(on, plan.election),
        "day_off": plan.kalender.why_off(on),
        "due": [row for row in live if on in (row.duty.act_on, row.duty.due)],
        "out": [row for row in live if row.duty.letter_on == on],
        "meetings": [_meeting(home, row) for row in rows if row.duty.item.surat_hari and row.duty.act_on == on],
        "late": [row for row in live if row.late],
        "evidence": [row for row in live if row.letter and row.letter.numbered and row.duty.act_on < on],
        "missing": [row for row in live if row.missing and row.duty.act_on >= on],
        "soon": [row for row in live if _next_day(row, on) and on < (_next_day(row, on) or on) <= week],
        "before": sum(row.remark == "terlewat sebelum gladi" for row in rows),
        "next_day": lambda row: _next_day(row, on),  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        "week": week,
    }
    return _screen("pagi.md.j2", home, plan, on, desk, context)


def summary(home: Home, plan: Plan, first: dt.date, last: dt.date) -> str:
    """What a rehearsal came to: its letters in the order of their numbers, and where every duty stands."""
    rows = [row for row in standings(home, plan, last) if row.duty.opens_on <= last]
    letters = sorted(
        (row for row in rows if row.letter),
        key=lambda row: (row.letter.letter_on, row.duty.order) if row.letter else row.duty.order,
    )
    before = [row for row in rows if row.remark == "terlewat sebelum gladi"]
    context = {
        "first": first,
        "letters": letters,
        "recipients": {row.letter.id: recipients(row.letter.content) for row in letters if row.letter},
        "rows": [row for row in rows if row not in before],
        "before": before,
    }
    return _screen("ringkasan.md.j2", home, plan, last, "", context)


def previews(home: Home, plan: Plan, stage_id: str, on: dt.date, desk: str) -> list[tuple[str, str, str]]:
    """Id, subject and Markdown of each letter of the stage that is drafted, or goes out, on that day."""
    shown: list[tuple[str, str, str]] = []
    for row in standings(home, plan, on, [duty for duty in plan.duties if duty.stage.id == stage_id]):
        if row.letter and (row.duty.draft_on or on) <= on <= row.letter.letter_on:
            link = f"[Buka PDF]({desk}/surat/{row.letter.id}.pdf)"
            text = letter_markdown(Letter.model_validate_json(row.letter.content))
            shown.append((row.letter.id, row.letter.hal, f"{link}\n\n{text}"))
    return shown


def recipients(content: str) -> str:
    """To whom, in one line: the office itself up to two, else how many."""
    kepada = Letter.model_validate_json(content).kepada
    return "; ".join(who.jabatan for who in kepada) if len(kepada) <= 2 else f"{len(kepada)} penerima"


def _meeting(home: Home, row: Standing) -> dict[str, Any]:
    kepada = Letter.model_validate_json(row.letter.content).kepada if row.letter else ()
    return {
        "row": row,
        "isi": {**row.duty.item.isi, **load_details(home.details, row.duty.short_key)},
        "invited": len(kepada),
    }


def _next_day(row: Standing, on: dt.date) -> dt.date | None:
    """The next day after today on which the duty asks for something."""
    numbered = row.letter is not None and row.letter.numbered
    days = {row.duty.act_on, row.duty.due} if numbered else row.duty.days
    return min((day for day in days if day > on), default=None)


def _screen(template: str, home: Home, plan: Plan, on: dt.date, desk: str, context: dict[str, Any]) -> str:
    base = {
        "on": on,
        "hari": HARI[on.weekday()],
        "plan": plan,
        "profile": plan.office.profile,
        "peran": {role.id: role.singkat or role.nama for role in plan.office.peran.values()},
        "gladi": home.gladi is not None,
        "desk": desk,
    }
    text = render(_environment(), template, {**base, **context})
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


@cache
def _environment() -> SandboxedEnvironment:
    screens = environment(TEMPLATES / "layar")
    screens.filters["singkat"] = _short_day
    return screens


def _short_day(day: dt.date) -> str:
    return f"{HARI[day.weekday()][:3]}, {tanggal(day)}"
