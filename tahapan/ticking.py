"""A duty is ticked with its evidence, whole or unit by unit; a tick is taken back with a reason, and history stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tahapan import journal, progress, register
from tahapan.characters import clean, named
from tahapan.checklist import Duty
from tahapan.errors import DataError, Problem, Refused
from tahapan.evidence import keep
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.progress import DutyRow, Filed, Tally, Tick
from tahapan.register import ENDED
from tahapan.store.engine import reading, writing
from tahapan.units import Names, Unit, units_of, word_of

Kept = tuple[str, str]  # name and sha256 of a file in bukti/
FINISHED, REOPENED, FILED, UNIT = "butir selesai", "butir dibuka lagi", "bukti disimpan", "unit selesai"
UNIT_REOPENED = "unit dibuka lagi"


@dataclass(frozen=True, slots=True)
class Post:
    """One unit of a duty: done or not, by whom, with which evidence."""

    unit: Unit
    tick: Tick | None
    evidence: tuple[Filed, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """What a duty wants and what has come in; ``posts`` are its units, none for a duty that is ticked whole."""

    duty: Duty
    row: DutyRow | None
    evidence: tuple[Filed, ...]  # of the whole duty
    posts: tuple[Post, ...]
    word: str  # "nagari"

    @property
    def finished(self) -> bool:
        return self.row is not None and self.row.state == "selesai"

    @property
    def by_units(self) -> bool:
        """Whether it is ticked unit by unit; a letter that was not numbered here has no addressees to be counted."""
        return bool(self.posts) or self.duty.item.per not in (None, "penerima")

    @property
    def missing(self) -> tuple[Unit, ...]:
        return tuple(post.unit for post in self.posts if post.tick is None)

    @property
    def tally(self) -> Tally | None:
        return Tally(len(self.posts) - len(self.missing), len(self.posts), self.word) if self.posts else None

    @property
    def where(self) -> str:
        return f"butir {self.duty.short_key}"

    @property
    def names(self) -> Names:
        return Names(post.unit for post in self.posts)

    def unit(self, said: str) -> Unit:
        """The unit meant by a code or name; DataError when none or more than one is."""
        meant = self.names.meant(said)
        if len(meant) == 1:
            return meant[0]
        raise DataError(self.unclear(said, meant))

    def unclear(self, said: str, meant: Sequence[Unit]) -> Problem:
        """What to say of a name that no unit has, or several."""
        if not meant:
            return Problem(
                said, f"bukan {self.word} butir ini.", f"Lihat kodenya dengan `tahapan units {self.duty.short_key}`."
            )
        several = "; ".join(f"{unit.nama} ({unit.code})" for unit in meant)
        return Problem(said, f"dapat berarti {several}.", "Tulis kodenya.")


@dataclass(frozen=True, slots=True)
class Return:
    """What came in for one unit: files in ``bukti/``; who ticks it and since when, else who hands it all in, today."""

    unit: Unit
    evidence: tuple[Kept, ...] = ()
    by: str = ""
    on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did: units that are new, units that were done before, how many new files, how far the duty is."""

    new: tuple[Unit, ...]
    before: tuple[Unit, ...]
    files: int
    tally: Tally
    finished: bool


def roll(home: Home, plan: Plan, duty: Duty) -> Roll:
    """How a duty stands, unit by unit."""
    with reading(home.engine) as connection:
        return _roll(connection, plan, duty)


def _roll(connection: sa.Connection, plan: Plan, duty: Duty) -> Roll:
    office, area = plan.office.profile.id, plan.office.directory.area
    row = progress.duty_row(connection, office, duty.election, duty.short_key)
    letter = register.latest(connection, office, duty) if duty.item.per == "penerima" else None
    sent = letter.content if letter and letter.numbered and letter.state not in ENDED else ""
    ticks = progress.ticks(connection, row) if row else {}
    pieces = progress.filed(connection, row) if row else ()
    posts = tuple(
        Post(unit, ticks.get(unit.code), tuple(piece for piece in pieces if piece.unit == unit.code))
        for unit in units_of(duty.item, area, sent)
    )
    word = word_of(duty.item.per, area) if duty.item.per else ""
    return Roll(duty, row, tuple(piece for piece in pieces if not piece.unit), posts, word)


def file(home: Home, plan: Plan, duty: Duty, evidence: Iterable[Kept], by: str, on: dt.date, at: dt.datetime) -> int:
    """Put kept files to a duty without ticking it; how many were new. DataError for a duty that wants them by units."""
    who = named(by, "menandai selesai")
    with writing(home.engine) as connection:
        _whole(_roll(connection, plan, duty))
        row = progress.opened(connection, plan.office.profile.id, duty, on)
        return len(_file(connection, plan, duty, row, evidence, who, on, at))


def tick(
    home: Home, plan: Plan, duty: Duty, files: Iterable[Path], by: str, on: dt.date, at: dt.datetime, note: str = ""
) -> tuple[Filed, ...]:
    """Finish the duty with these files and those filed before; all its evidence is returned.

    Refused without the evidence it wants, or while units of it are missing; DataError for a file that cannot be
    evidence.
    """
    who, remark = named(by, "menandai selesai"), clean(note, "catatan")
    kept = keep(home, files, "--bukti")
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        now = _roll(connection, plan, duty)
        if kept:
            _whole(now)
        if now.by_units:
            _all_in(now)
        evidence = progress.finish(connection, office, duty, on, who, kept)
        whole = [(piece.name, piece.sha256) for piece in evidence if not piece.unit]
        _say_finished(connection, plan, now, who, at, {"bukti": whole, "catatan": remark})
    return evidence


def untick(
    home: Home, plan: Plan, duty: Duty, reason: str, by: str, at: dt.datetime, units: Sequence[Unit] = ()
) -> None:
    """Open a finished duty again, or units of it, with a reason; evidence and journal keep what was.

    Refused for what is not finished, and for a duty of units when none is named.
    """
    who, why = named(by, "menandai selesai"), clean(reason, "--alasan")
    if not why:
        raise DataError(Problem("--alasan", "kosong.", "Tulis mengapa tanda selesainya dibatalkan."))
    with writing(home.engine) as connection:
        now = _roll(connection, plan, duty)
        if now.posts and not units:
            raise Refused(Problem(now.where, f"ditandai per {now.word}.", "Sebut yang dibatalkan dengan --unit KODE."))
        ticked = {post.unit.code: post.tick for post in now.posts if post.tick}
        if open_ones := [Problem(unit.nama, "belum ditandai selesai.") for unit in units if unit.code not in ticked]:
            raise Refused(*open_ones)
        if now.row is None or not (units or now.finished):
            raise Refused(Problem(now.where, "belum ditandai selesai.", "Tidak ada yang perlu dibatalkan."))
        for unit in units:
            was = ticked[unit.code]
            progress.untick_unit(connection, now.row, unit.code)
            detail = {"unit": unit.code, "alasan": why, "selesai": [was.finished_on.isoformat(), was.finished_by]}
            _say(connection, plan, duty, UNIT_REOPENED, who, at, detail)
        if now.finished:
            assert now.row.finished_on
            progress.reopen(connection, now.row)
            detail = {"alasan": why, "selesai": [now.row.finished_on.isoformat(), now.row.finished_by]}
            _say(connection, plan, duty, REOPENED, who, at, detail)


def tick_units(
    home: Home, plan: Plan, duty: Duty, returns: Iterable[Return], by: str, on: dt.date, at: dt.datetime,
    *, only_file: bool = False,
) -> Ticked:  # fmt: skip
    """Tick units with their evidence, all or none; the last one finishes the duty. Repeating it changes nothing.

    ``only_file``: keep the evidence, tick nothing. Refused, with every such unit, where evidence is wanted and there
    is none, neither here nor filed before.
    """
    who, office, returns = named(by, "menandai selesai"), plan.office.profile.id, tuple(returns)
    with writing(home.engine) as connection:
        now = _roll(connection, plan, duty)
        _has_units(now)
        row = progress.opened(connection, office, duty, on)
        has = {post.unit.code for post in now.posts if post.evidence}
        wanting = duty.item.bukti and not only_file
        done = {post.unit.code for post in now.posts if post.tick}
        if bare := [
            Problem(back.unit.nama, f"perlu bukti: {', '.join(duty.item.bukti)}.", "Lampirkan buktinya.")
            for back in returns
            if wanting and not back.evidence and back.unit.code not in has | done
        ]:
            raise Refused(*bare)
        new: dict[str, Unit] = {}
        files = 0
        for back in returns:
            name = clean(back.by, "Oleh") or who
            pieces = progress.file(connection, office, row, back.evidence, on, name, back.unit.code)
            files += len(pieces)
            mark = Tick(back.unit.code, back.on or on, name, clean(back.note, "Catatan"))
            detail = {"unit": back.unit.code, "bukti": pieces, "catatan": mark.note}
            if not only_file and progress.tick_unit(connection, office, row, mark):
                new[back.unit.code] = back.unit
                _say(connection, plan, duty, UNIT, name, at, detail | {"pada": mark.finished_on.isoformat()})
            elif pieces:
                _say(connection, plan, duty, FILED, name, at, detail)
        now = _roll(connection, plan, duty)
        if new and not now.missing and not now.finished:
            progress.finish(connection, office, duty, on, who, ())
            _say_finished(connection, plan, now, who, at, {})
        finished = now.finished or (bool(new) and not now.missing)
        assert now.tally
        before = {back.unit.code: back.unit for back in returns if back.unit.code in done}
        return Ticked(tuple(new.values()), tuple(before.values()), files, now.tally, finished)


def _file(
    connection: sa.Connection, plan: Plan, duty: Duty, row: DutyRow, evidence: Iterable[Kept], who: str, on: dt.date,
    at: dt.datetime,
) -> list[Kept]:  # fmt: skip
    new = progress.file(connection, plan.office.profile.id, row, evidence, on, who)
    if new:
        _say(connection, plan, duty, FILED, who, at, {"bukti": new})
    return new


def _say_finished(
    connection: sa.Connection, plan: Plan, now: Roll, who: str, at: dt.datetime, detail: Mapping[str, object]
) -> None:
    _say(connection, plan, now.duty, FINISHED, who, at, {**detail} | ({"unit": str(now.tally)} if now.tally else {}))


def _say(
    connection: sa.Connection,
    plan: Plan,
    duty: Duty,
    what: str,
    who: str,
    at: dt.datetime,
    detail: Mapping[str, object],
) -> None:
    """One journal row; what has nothing to say is left out."""
    said = {key: value for key, value in detail.items() if value}
    journal.write(connection, plan.office.profile.id, at=at, who=who, what=what, subject=duty.key, detail=said)


def _whole(now: Roll) -> None:
    if now.by_units:
        what = f"buktinya per {now.word}."
        raise Refused(Problem(now.where, what, "Sebut unitnya dengan --unit KODE, atau pakai `tahapan units`."))


def _has_units(now: Roll) -> None:
    if now.duty.item.per is None:
        raise Refused(Problem(now.where, "tidak dikerjakan per unit.", "Tandai dengan `tahapan done` tanpa --unit."))
    if now.posts:
        return
    if now.duty.item.per == "penerima":
        raise Refused(Problem(now.where, "suratnya belum bernomor.", "Penerimanya baru pasti sesudah surat disetujui."))
    raise Refused(Problem(now.where, f"tidak ada {now.word} dalam wilayah.toml.", "Isi `kantor/wilayah.toml`."))


def _all_in(now: Roll) -> None:
    """Refused while a unit is missing."""
    if now.finished:
        return  # `finish` says so
    _has_units(now)
    if now.missing:
        first = ", ".join(unit.nama for unit in now.missing[:5]) + (", ..." if len(now.missing) > 5 else "")
        what = f"baru {now.tally}; belum: {first}."
        raise Refused(Problem(now.where, what, f"Lihat semuanya dengan `tahapan units {now.duty.short_key} --kurang`."))
