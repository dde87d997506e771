"""The morning of an office: what the day wants, in the order of what to do first, and who is reminded of what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tahapan import approval, claims, register
from tahapan.approval import Asked
from tahapan.characters import safe
from tahapan.checklist import Duty
from tahapan.claims import Claim
from tahapan.dates import hari_tanggal
from tahapan.day import standings
from tahapan.errors import TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.progress import Standing, still_worth_drafting
from tahapan.register import LetterRow
from tahapan.rhythm import Rhythm, Rung, load_rhythm
from tahapan.store.engine import reading, writing
from tahapan.store.tables import pengingat

WEEK = dt.timedelta(days=7)
CLOSED = ("selesai", "dibatalkan")
IN_SHORT = 5  # titles in a message to a phone


@dataclass(frozen=True, slots=True)
class Morning:
    """One day as its brief tells it.

    ``rows``: every duty; the other groups are disjoint. ``waiting``: the letter is out, its evidence is not in;
    ``passed``: missed, and by the duty's own rule not asked any more; ``asked``: letters before an approver, by id.
    """

    on: dt.date
    week: dt.date
    rows: tuple[Standing, ...]
    book: tuple[LetterRow, ...]
    meetings: tuple[Standing, ...]
    today: tuple[Standing, ...]
    late: tuple[Standing, ...]
    soon: tuple[tuple[dt.date, Standing], ...]
    waiting: tuple[Standing, ...]
    passed: tuple[Standing, ...]
    before: int
    asked: Mapping[str, Asked]
    sent_back: tuple[LetterRow, ...]
    claims: Mapping[str, Claim]
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One rung of the ladder reached: of which duty, what is near or past, and who is told."""

    duty: Duty
    rung: str
    apa: str
    peran: str
    jabatan: str
    nama: str
    missing: tuple[str, ...]

    @property
    def line(self) -> str:
        lack = f"; belum diisi: {', '.join(self.missing)}" if self.missing else ""
        return f"{self.duty.item.title}: {self.apa}{lack}"


def look(home: Home, plan: Plan, on: dt.date) -> Morning:
    """The day as it stands, read from the records; nothing is changed."""
    rows, book = standings(home, plan, on), home.book(plan.election.id)
    meetings = tuple(row for row in rows if _meets(row, on))
    open_rows = [row for row in rows if row.state not in CLOSED and not row.before]
    missed = [row for row in open_rows if is_late(row, on)]
    asked_for = {row.duty.short_key for row in missed if still_asked(row, plan, on)}
    told = {row.duty.short_key for row in (*missed, *meetings)}
    live = [row for row in open_rows if row.duty.short_key not in told]
    week = plan.kalender.shift(on + WEEK, "sesudah")
    soon = [(day, row) for row in live if (day := next_day(row, on)) and day <= week]
    gone = {row.letter.id for row in rows if row.letter and lapsed(row, on)}
    asked = {each.row.id: each for each in approval.waiting(home, plan, on) if each.row.id not in gone}
    return Morning(
        on=on,
        week=week,
        rows=rows,
        book=book,
        meetings=meetings,
        today=tuple(row for row in live if on in (row.duty.act_on, row.duty.letter_on)),
        late=tuple(sorted((row for row in missed if row.duty.short_key in asked_for), key=_by_day)),
        soon=tuple(sorted(soon, key=lambda pair: (pair[0], pair[1].duty.order))),
        waiting=tuple(row for row in live if row.letter and row.letter.numbered and row.duty.act_on < on),
        passed=tuple(row for row in missed if row.duty.short_key not in asked_for),
        before=sum(row.before and not _meets(row, on) for row in rows),
        asked=asked,
        sent_back=tuple(row for row in book if row.state == register.DRAFT and row.note.startswith(approval.ASKED_TO_REVISE)),
        claims=claims.standing(home, plan, on),
        reminders=_reminders(home, plan, rows, asked, on),
    )  # fmt: skip


def _meets(row: Standing, on: dt.date) -> bool:
    """Whether its meeting is on that day."""
    return bool(row.duty.item.surat_hari) and row.duty.act_on == on


def is_late(row: Standing, on: dt.date) -> bool:
    """Its day has passed, or the day on which its letter should have gone out."""
    out_late = row.duty.letter_on is not None and row.duty.letter_on < on and not (row.letter and row.letter.numbered)
    return row.late or out_late


def lapsed(row: Standing, on: dt.date) -> bool:
    """Its letter does not go out any more: undrafted for too many days, or an invitation whose meeting has come."""
    if row.duty.letter_on is None or (row.letter and row.letter.numbered):
        return False
    never = row.letter is None or row.duty.item.surat_hari is not None  # a late draft of another kind may still go
    return never and not still_worth_drafting(row.duty, on)


def next_day(row: Standing, on: dt.date) -> dt.date | None:
    """The next day after today on which a letter goes out or somebody acts."""
    return min((day for day in (row.duty.letter_on, row.duty.act_on) if day and day > on), default=None)


def still_asked(row: Standing, plan: Plan, on: dt.date) -> bool:
    """Whether a missed duty is still to be done, by its rule ``terlewat``: of a series all, or only the last; or none."""
    match row.duty.item.terlewat:
        case "lewati":
            return False
        case "terakhir":
            return not any(other.act_on > row.duty.act_on for other in _series(plan, row.duty) if other.act_on <= on)
        case _:
            return True


def _series(plan: Plan, duty: Duty) -> Iterator[Duty]:
    """The repetitions of a duty: ``jawaban-1``, ``jawaban-2``, ... of one stage."""
    name = _series_name(duty)
    return (other for other in plan.duties if other.item.stage == duty.item.stage and _series_name(other) == name)


def _series_name(duty: Duty) -> str:
    return re.sub(r"-\d+$", "", duty.item.id)


def _by_day(row: Standing) -> tuple[dt.date, tuple[dt.date, str, str]]:
    return (row.duty.act_on, row.duty.order)


# --- reminders -------------------------------------------------------------------------------------


def remind(home: Home, plan: Plan, on: dt.date) -> tuple[Reminder, ...]:
    """Write down whom the brief of this day reminds: each rung of the ladder is given once, however often it runs."""
    if home.gladi:
        return ()
    found = look(home, plan, on).reminders
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        place = pengingat.c.office == office, pengingat.c.on == on
        there = set(connection.execute(sa.select(pengingat.c.subject, pengingat.c.what).where(*place)).tuples())
        rows = [
            {"office": office, "subject": each.duty.key, "what": each.rung, "on": on, "to": each.nama or each.jabatan}
            for each in found
            if (each.duty.key, each.rung) not in there
        ]
        if rows:
            connection.execute(pengingat.insert(), rows)
    return found


def _reminders(
    home: Home, plan: Plan, rows: Iterable[Standing], asked: Mapping[str, Asked], on: dt.date
) -> tuple[Reminder, ...]:
    """Whom this day reminds; none in a rehearsal, where nobody waits for a message."""
    if home.gladi:
        return ()
    rhythm = load_rhythm(home.kantor)
    with reading(home.engine) as connection:
        place = pengingat.c.office == plan.office.profile.id, pengingat.c.on < on
        given = set(connection.execute(sa.select(pengingat.c.subject, pengingat.c.what).where(*place)).tuples())
    found: list[Reminder] = []
    for row in rows:
        if row.state in CLOSED or row.before or lapsed(row, on) or not still_asked(row, plan, on):
            continue
        reached = _reached(plan, rhythm, row, on)
        if reached and (row.duty.key, reached[0]) not in given:
            found.append(_reminder(home, plan, rhythm, row, reached, asked, on))
    return tuple(found)


def _reached(plan: Plan, rhythm: Rhythm, row: Standing, on: dt.date) -> tuple[str, Rung, dt.date] | None:
    """The rung of the ladder on which a duty stands, by name; the day is that of its letter until that has a number."""
    out = row.duty.letter_on if not (row.letter and row.letter.numbered) else None
    deadline = out or row.duty.act_on
    rungs = [rung for rung in rhythm.tangga if rung.day(plan.kalender, deadline) <= on]
    if not rungs:
        return None
    rung = min(rungs, key=lambda rung: rung.hari_kerja)
    return f"{'surat' if out else 'tempo'} {deadline} {-rung.hari_kerja:+d}", rung, deadline


def _reminder(
    home: Home, plan: Plan, rhythm: Rhythm, row: Standing, reached: tuple[str, Rung, dt.date],
    asked: Mapping[str, Asked], on: dt.date,
) -> Reminder:  # fmt: skip
    name, rung, deadline = reached
    pj = row.duty.item.pj
    peran = (superior(home, rhythm, row.duty) or pj) if rung.kepada == "atasan" else pj
    role = plan.office.peran.get(peran)
    numbered = row.letter is not None and row.letter.numbered
    waits = asked.get(row.letter.id) if row.letter else None
    aside = [f"menunggu {waits.nama or waits.jabatan}"] if waits else []
    aside += [f"penanggung jawab: {_short(plan, pj)}"] if peran != pj else []
    apa = _when(_event(row.duty, numbered=numbered), deadline, on) + (f" ({'; '.join(aside)})" if aside else "")
    missing = () if numbered else row.missing
    return Reminder(
        row.duty, name, apa, peran, role.singkat or role.nama if role else peran, _holder(plan, peran, on), missing
    )


def superior(home: Home, rhythm: Rhythm, duty: Duty) -> str:
    """The role above the one responsible: next in the chain of the duty's letter, else as the office says; "" if none."""
    pj, letter = duty.item.pj, duty.item.letter
    chain = home.kinds[letter].kind.rantai if letter else ()
    if pj in chain[:-1]:
        return chain[chain.index(pj) + 1]
    return rhythm.atasan.get(pj, "")


def _event(duty: Duty, *, numbered: bool) -> str:
    if duty.letter_on and not numbered:
        return "undangan keluar" if duty.item.surat_hari else "surat keluar"
    return "rapat" if duty.item.surat_hari else "jatuh tempo"


def _when(event: str, day: dt.date, on: dt.date) -> str:
    if day == on:
        return f"{event} hari ini"
    return f"{event} {hari_tanggal(day)}" if day > on else f"seharusnya {event} {hari_tanggal(day)}"


def _short(plan: Plan, peran: str) -> str:
    role = plan.office.peran.get(peran)
    return (role.singkat or role.nama) if role else peran


def _holder(plan: Plan, peran: str, on: dt.date) -> str:
    """Who holds a role, where one person does: of supervisors in the field there are many."""
    try:
        return plan.office.holder(peran, on).nama
    except TahapanError:
        return ""


# --- messages --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """A text to copy into WhatsApp, and for whom."""

    kepada: str
    text: str


def messages(plan: Plan, morning: Morning) -> tuple[Message, ...]:
    """One text for each person who is reminded today, or whose decision a letter waits for."""
    by_person: dict[str, list[str]] = {}
    for asked in morning.asked.values():
        line = f"Menunggu keputusan Anda: {asked.row.hal} (keluar paling lambat {hari_tanggal(asked.row.letter_on)})"
        by_person.setdefault(_addressed(asked.nama, _short(plan, asked.peran)), []).append(line)
    for each in morning.reminders:
        by_person.setdefault(_addressed(each.nama, each.jabatan), []).append(each.line)
    head = f"*Pengingat {plan.office.profile.nama}, {hari_tanggal(morning.on)}*"
    return tuple(
        Message(who, "\n".join([head, f"Yth. {who}", *(f"• {line}" for line in lines)]))
        for who, lines in by_person.items()
    )


def _addressed(nama: str, jabatan: str) -> str:
    return f"{nama}, {jabatan}" if nama else jabatan


def in_short(plan: Plan, morning: Morning, tutup: str = "") -> tuple[str, str]:
    """Title and text for the office's channels: counts, and the first titles; no person is named."""
    counts = {
        "terlambat": len(morning.late), "hari ini": len(morning.today) + len(morning.meetings),
        "menunggu keputusan": len(morning.asked), f"sampai {hari_tanggal(morning.week)}": len(morning.soon),
    }  # fmt: skip
    said = "; ".join(f"{count} {what}" for what, count in counts.items() if count) or "Tidak ada yang jatuh tempo"
    first = [*morning.meetings, *morning.today, *morning.late]
    titles = [f"- {row.duty.item.title}" for row in first[:IN_SHORT]]
    more = [f"- dan {len(first) - IN_SHORT} lagi"] if len(first) > IN_SHORT else []
    what = f"Menjelang tutup pukul {tutup}" if tutup else "Pagi"
    return f"{what}: {plan.office.profile.nama}, {hari_tanggal(morning.on)}", "\n".join(
        [f"{said}.", *filter(None, map(safe, titles)), *more]
    )


# --- once a day ------------------------------------------------------------------------------------


def first_today(home: Home, plan: Plan, on: dt.date) -> bool:
    """Whether no brief of this day has been made yet; the question counts as making it."""
    row = {"office": plan.office.profile.id, "subject": "pagi", "what": "ringkasan", "on": on, "to": ""}
    try:
        with writing(home.engine) as connection:
            connection.execute(pengingat.insert().values(**row))
    except IntegrityError:
        return False
    return True
