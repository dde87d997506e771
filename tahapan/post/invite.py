"""Calendar objects (RFC 5545, 5546): the invitation of a meeting, its change, its cancellation; the agenda as a feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tahapan.elections import Stage
from tahapan.meetings import Fakta, Meeting
from tahapan.plan import Plan
from tahapan.post.mail import Attachment

if TYPE_CHECKING:  # a tenth of a second, and few letters are invitations
    from icalendar import Calendar, Event

PRODUCT = "-//tahapan//Bawaslu//ID"
NAME = "undangan.ics"


def uid(plan: Plan, meeting_id: str) -> str:
    """The same for all that is ever said of one meeting."""
    return f"{plan.election.id}.{meeting_id}@{plan.office.profile.id}.tahapan"


def invitation(plan: Plan, meeting_id: str, letter: str, sender: str, to: str, at: dt.datetime) -> Attachment:
    """The meeting as that letter to the invited says it, for one mailbox: REQUEST with the number of its change, or CANCEL."""
    meeting = plan.meetings[meeting_id]
    facts, sequence, off = meeting.told_by(letter)
    method = "CANCEL" if off else "REQUEST"
    calendar = _calendar(plan)
    calendar.add("method", method)
    event = _event(plan, meeting_id, meeting, facts, sequence, at, off=off)
    event.add("organizer", f"mailto:{sender}", parameters={"CN": f"Bawaslu {plan.office.profile.wilayah}"})
    event.add(
        "attendee", f"mailto:{to}", parameters={"ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE", "PARTSTAT": "NEEDS-ACTION"}
    )
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return Attachment(NAME, calendar.to_ical(), "text/calendar", (("method", method), ("charset", "utf-8")))


def agenda(plan: Plan, at: dt.datetime) -> bytes:
    """The stages of the election, their real events and the office's meetings as one feed to subscribe to."""
    calendar = _calendar(plan)
    calendar.add("x-wr-calname", f"{plan.election.nama}, Bawaslu {plan.office.profile.wilayah}")
    for stage in plan.election.stages:
        if stage.id in plan.meetings:
            meeting = plan.meetings[stage.id]
            event = _event(plan, stage.id, meeting, meeting.fakta, meeting.sequence, at, off=bool(meeting.batal))
            calendar.add_component(event)
        else:
            for event in _of_stage(plan, stage, at):
                calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _calendar(plan: Plan) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-timezone", plan.office.profile.timezone)
    return calendar


def _event(
    plan: Plan, meeting_id: str, meeting: Meeting, facts: Fakta, sequence: int, at: dt.datetime, *, off: bool
) -> Event:  # fmt: skip
    from icalendar import Event

    zone, event = ZoneInfo(plan.office.profile.timezone), Event()
    event.add("uid", uid(plan, meeting_id))
    event.add("sequence", sequence)
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("dtstart", facts.start.replace(tzinfo=zone))
    event.add("dtend", facts.end.replace(tzinfo=zone))
    event.add("summary", meeting.nama)
    event.add("location", facts.tempat)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    lines = [f"{each.pukul} {each.kegiatan}" for each in meeting.acara]
    brought = [f"Mohon membawa: {each}" for each in meeting.bawa]
    event.add(
        "description",
        "\n".join([*lines, *brought, f"Narahubung: {meeting.narahubung or plan.office.profile.narahubung}"]),
    )
    return event


def _of_stage(plan: Plan, stage: Stage, at: dt.datetime) -> Iterable[Event]:
    """The window of a stage as whole days (the end is the day after, RFC 5545 3.6.1), and its real event."""
    from icalendar import Event

    moments: list[tuple[str, dt.date, dt.date, str]] = []
    if stage.mulai and stage.selesai:
        moments.append(("", stage.mulai, stage.selesai + dt.timedelta(days=1), stage.nama))
    if isinstance(stage.acara, dt.datetime):
        start = stage.acara.replace(tzinfo=ZoneInfo(plan.office.profile.timezone))
        moments.append(("acara.", start, start + dt.timedelta(hours=2), f"{stage.judul} (acara)"))
    elif stage.acara:
        moments.append(("acara.", stage.acara, stage.acara + dt.timedelta(days=1), f"{stage.judul} (acara)"))
    for what, start, end, summary in moments:
        event = Event()
        event.add("uid", f"{what}{uid(plan, stage.id)}")
        event.add("dtstamp", at.astimezone(dt.UTC))
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", summary)
        event.add("transp", "TRANSPARENT")  # a stage keeps nobody from a meeting
        yield event
