"""Letters of ours that want an answer: until when, what came, and the reminder when nothing did."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tahapan import details, journal, progress, revise
from tahapan.correspondence.incoming import Incoming, book
from tahapan.details import Details
from tahapan.errors import NotKnown, Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.issue import duty_of
from tahapan.letters.letter import Letter
from tahapan.outside import nama_of
from tahapan.plan import Plan
from tahapan.register import ENDED, LetterRow
from tahapan.rhythm import forward
from tahapan.store.engine import reading

REMINDER = "surat-pengingat"


@dataclass(frozen=True, slots=True)
class Awaited:
    """A letter that went out and wants an answer: to how many, until when, what has come."""

    row: LetterRow
    sampai: dt.date
    penerima: int
    answers: tuple[Incoming, ...]

    @property
    def closed(self) -> bool:
        """Whether as many have answered as were asked."""
        return len({each.isi.dari.casefold() for each in self.answers}) >= self.penerima

    def late(self, on: dt.date) -> bool:
        return not self.closed and on > self.sampai


def awaited(home: Home, plan: Plan) -> tuple[Awaited, ...]:
    """Every numbered letter of a kind that wants an answer (``jawaban`` of its front matter), the soonest first.

    Not those whose duty is done: its evidence is the answer.
    """
    came, known = book(home, plan), details.known(home, plan)
    with reading(home.engine) as connection:
        duties = progress.duty_rows(connection, plan.office.profile.id, plan.election.id)
    done = {key for key, duty in duties.items() if duty.state != "terbuka"}
    found: list[Awaited] = []
    for row in home.book(plan.election.id):
        if not (row.ours and row.numbered) or row.state in ENDED or row.short_key in done:
            continue
        if until := _until(home, plan, known, row):
            letter = Letter.model_validate_json(row.content)
            answers = tuple(each for each in came if each.isi.menjawab == row.id)
            found.append(Awaited(row, until, max(1, len(letter.kepada)), answers))
    return tuple(sorted(found, key=lambda each: (each.sampai, each.row.id)))


def _until(home: Home, plan: Plan, known: Details, row: LetterRow) -> dt.date | None:
    """The day the letter names: a date, or so many working days after its own."""
    file = home.kinds.get(row.kind)
    if file is None or not file.kind.jawaban or row.tanggal is None:
        return None
    item = duty_of(plan, row).item
    try:
        said = file.kind.checked(known.of(item), known.where(item)).get(file.kind.jawaban)
    except TahapanError:  # the words of today do not fit a letter of then: `doctor` tells
        return None
    if isinstance(said, dt.date):
        return said
    return forward(plan.kalender, row.tanggal, said) if isinstance(said, int) else None


def _reminder(row: LetterRow) -> str:
    """One reminder for every letter."""
    return nama_of("pengingat", row.stage, row.item)


def remind(home: Home, plan: Plan, letter_id: str, by: str, on: dt.date, at: dt.datetime) -> LetterRow:
    """Draft the letter that asks for the answer again; one for each letter. Refused while its day has not passed."""
    found = next((each for each in awaited(home, plan) if each.row.id == letter_id), None)
    if found is None:
        raise NotKnown(Problem(f"surat {letter_id}", "tidak menunggu jawaban.", "Lihat `tahapan inbox awaited`."))
    if not found.late(on):
        what = "sudah dijawab." if found.closed else "belum lewat batas jawabannya."
        raise Refused(Problem(f"surat {letter_id}", what, "Tidak ada yang perlu diingatkan."))
    row = found.row
    duty = duty_of(plan, row)
    isi = {
        "surat_nomor": row.nomor, "surat_tanggal": row.tanggal, "surat_hal": row.hal, "batas": found.sampai,
        "tenggat": forward(plan.kalender, on, 3),
    }  # fmt: skip
    tahapan = duty.stage.id if duty.stage.id in {stage.id for stage in plan.election.stages} else ""
    wish = revise.request(
        home, plan, REMINDER, _reminder(row), isi,
        kepada=duty.item.kepada, tembusan=duty.item.tembusan, dasar=duty.item.dasar, tahapan=tahapan,
    )  # fmt: skip
    return revise.write(home, plan, wish, by, on, at, anew=False)


def remind_all(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[list[str], list[str]]:
    """Reminders for every letter that is late and has none yet: ids of the new drafts, and the faults in words."""
    there = {row.item for row in home.book(plan.election.id)}
    made: list[str] = []
    faults: list[str] = []
    for each in awaited(home, plan):
        if each.late(on) and _reminder(each.row) not in there:
            try:
                made.append(remind(home, plan, each.row.id, journal.MACHINE, on, at).id)
            except TahapanError as error:
                faults += map(str, error.problems)
    return made, faults
