"""The plan: one election as one office has to work it - calendar, duties, law and words, checked together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from tahapan import dispositions
from tahapan.checklist import Duty, Item, dated_all, load_items
from tahapan.dates import Kalender, rentang, tanggal
from tahapan.dispositions import Given
from tahapan.elections import Election, Stage, load_election
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.laws import Law, Laws, describe_bounds
from tahapan.libur import load_kalender
from tahapan.meetings import Around, Fields, Meeting, items_of, load_templates, stage_of
from tahapan.office import Office
from tahapan.reading import load
from tahapan.sebutan import Sebutan, load_sebutan

T = TypeVar("T")
DATA = Path(__file__).parent / "data"
PEOPLE_GROUPS = ("anggota", "staf")  # persons of this office, not addressees


def _done_by(item: Item, meeting: str) -> Item:
    """A duty that a meeting takes over keeps its day and its evidence."""
    if not meeting:
        return item
    gone = {"letter": None, "surat_hari": None, "kepada": (), "tembusan": (), "isi": {}, "pengganti": {}}
    return item.model_copy(update=gone | {"catatan": f"Surat-suratnya ada pada rapat {meeting}."})


class LawFile(BaseModel):
    """``laws.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    laws: tuple[Law, ...]


@dataclass(frozen=True)
class Plan:
    """Everything a day's work is decided from, besides the records."""

    office: Office
    election: Election
    items: tuple[Item, ...]
    laws: Laws
    sebutan: Sebutan
    kalender: Kalender
    meetings: Mapping[str, Meeting] = field(default_factory=dict[str, Meeting])  # by the id of their stage

    def with_meetings(self, meetings: Mapping[str, Meeting], fields: Fields) -> Plan:
        """The plan with the office's own meetings as stages; the duty that a meeting is, has its letter from there."""
        templates = load_templates(self.office.folder)
        around = Around(self.office.directory, fields, self.office.peran["ketua"].nama)
        election = self.election.with_stages(stage_of(name, each, self.election) for name, each in meetings.items())
        own = (item for name, each in meetings.items() for item in items_of(name, each, templates, around))
        done = {each.butir: name for name, each in meetings.items() if each.butir and not each.batal}
        items = (_done_by(item, done.get(f"{item.stage}.{item.id}", "")) for item in self.items)
        return replace(self, election=election, items=(*items, *own), meetings=meetings)

    def with_dispositions(self, given: Sequence[Given]) -> Plan:
        """The plan with what incoming letters were given to people for, as duties."""
        stage = dispositions.stage_of(given, self.election)
        items = (*self.items, *dispositions.items_of(given, stage))
        return replace(self, election=self.election.with_stages([stage]), items=items)

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Every dated duty, in the order of work."""
        return dated_all(self.items, self.election, self.kalender)

    def duty(self, key: str) -> Duty:
        """By full key (``pilkada-2024.V12.rakor``) or short key (``V12.rakor``)."""
        for duty in self.duties:
            if key in (duty.key, duty.short_key):
                return duty
        raise NotKnown(
            Problem(f"butir {key}", f"tidak ada dalam {self.election.id}.", "Lihat id-nya dengan `tahapan due`.")
        )

    def names_role(self, name: str) -> bool:
        """Whether ``name`` is a role of this office and not an addressee or group of its directory."""
        directory = self.office.directory
        return name in self.office.peran and name not in directory.grup and name not in directory.alamat

    def unknown_addressees(self, names: Iterable[str], where: str) -> Iterable[Problem]:
        """Names that are no group, no addressee, no role."""
        directory = self.office.directory
        known = {*directory.grup, *directory.alamat, *PEOPLE_GROUPS, *self.office.peran}
        for name in dict.fromkeys(names):
            if name not in known:
                yield _unknown(where, "kelompok", name, known, (*directory.grup, *PEOPLE_GROUPS))

    def unknown_subjects(self, names: Iterable[str], where: str) -> Iterable[Problem]:
        """Names that no law has as its subject."""
        for name in dict.fromkeys(names):
            if name not in self.laws.subjects:
                yield _unknown(where, "pokok hukum", name, self.laws.subjects)

    def uncertain(self, duty: Duty, on: dt.date) -> tuple[str, ...]:
        """Law on the duty's subjects that may not be printed that day, because its first day is not sure."""
        return tuple(
            f"{law.singkat} belum dipastikan berlaku ({describe_bounds(law)}), tidak dicantumkan"
            for law in self.laws.dasar(duty.item.dasar, on).belum_dipastikan
        )

    def stages_on(self, day: dt.date) -> tuple[Stage, ...]:
        """Stages with something to draft or do on that day, in the order of their ids."""
        stages = {duty.stage.id: duty.stage for duty in self.duties if day in duty.days}
        return tuple(stages[stage_id] for stage_id in sorted(stages))

    def days_of(self, stage_id: str) -> tuple[dt.date, ...]:
        """The days on which the stage has something to draft or do."""
        return tuple(sorted({day for duty in self.duties if duty.stage.id == stage_id for day in duty.days}))

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """Every day on which any duty asks for something."""
        return tuple(sorted({day for duty in self.duties for day in duty.days}))

    @cached_property
    def first_day(self) -> dt.date:
        """Of the calendar, with the drafting days before its first stage."""
        return min(self.election.first_day, *self.days[:1])

    @cached_property
    def last_day(self) -> dt.date:
        return max(self.election.last_day, *self.days[-1:])

    def check_day(self, day: dt.date) -> None:
        """NotKnown for a day outside the calendar."""
        first, last = self.first_day, self.last_day
        if not first <= day <= last:
            raise NotKnown(
                Problem(
                    tanggal(day),
                    f"di luar kalender {self.election.id} ({rentang(first, last)}).",
                    "Pilih tanggal di dalamnya.",
                )
            )


def load_plan(
    office: Office,
    election_id: str,
    events: Mapping[str, dt.datetime | dt.date],
    cache: Path | None = None,
    kinds: Container[str] | None = None,
) -> Plan:
    """The plan from package data and office folder; every faulty file, then every dangling reference, as a DataError.

    ``kinds``: the kinds of letters there are; without them the letters of the duties are not checked.
    """
    faults: list[Problem] = []

    def read(work: Callable[[], T]) -> T | None:
        try:
            return work()
        except DataError as error:
            faults.extend(error.problems)
            return None

    election = read(lambda: load_election(election_id, (office.folder / "elections", DATA / "elections")))
    years = _years(election, events) if election else ()
    kalender = read(lambda: load_kalender(years, office.folder / "libur.toml", cache))
    laws = read(lambda: [law for path in _law_files(office) for law in load(LawFile, path).laws])
    items = read(lambda: load_items(election_id, (DATA / "checklists", office.folder / "checklists")))
    if faults or election is None or kalender is None or laws is None or items is None:
        raise DataError(*faults)
    plan = Plan(
        office=office,
        election=election.with_events(events, kalender),
        items=items,
        laws=Laws(laws),
        sebutan=load_sebutan(DATA / "sebutan.toml"),
        kalender=kalender,
    )
    if faults := [*_dangling(plan), *(_unknown_kinds(plan, kinds) if kinds is not None else ())]:
        raise DataError(*faults)
    return plan


def _years(election: Election, events: Mapping[str, dt.datetime | dt.date]) -> Iterable[int]:
    """Of the calendar and of its real events, which may be later; days counted from an event may cross New Year."""
    years = {*range(election.first_day.year, election.last_day.year + 1)}
    for moment in events.values():
        years |= {moment.year, moment.year + (moment.month == 12) - (moment.month == 1)}
    return sorted(years & {*range(dt.MINYEAR, dt.MAXYEAR + 1)})


def _law_files(office: Office) -> tuple[Path, ...]:
    own = office.folder / "laws.toml"
    return (DATA / "laws.toml", own) if own.is_file() else (DATA / "laws.toml",)


def _dangling(plan: Plan) -> Iterable[Problem]:
    stages = {stage.id for stage in plan.election.stages}
    for stage in plan.election.stages:
        for law in stage.dasar:
            if law not in plan.laws.by_id:
                yield _unknown(f"elections/{plan.election.id}.toml, tahapan {stage.id}", "hukum", law, plan.laws.by_id)
    for law in plan.laws.by_id.values():
        if law.mengubah and law.mengubah not in plan.laws.by_id:
            yield _unknown(f"laws.toml, {law.id}, kunci mengubah", "hukum", law.mengubah, plan.laws.by_id)
    for item in plan.items:
        where = _where(item)
        if item.stage not in stages:
            yield _unknown(where, "tahapan", item.stage, stages)
        if item.pj not in plan.office.peran:
            yield _unknown(where, "peran", item.pj, plan.office.peran)
        named = (
            *item.kepada,
            *item.tembusan,
            *item.pengganti,
            *(to for instead in item.pengganti.values() for to in instead),
        )
        yield from plan.unknown_addressees(named, where)
        yield from plan.unknown_subjects(item.dasar, where)


def _unknown_kinds(plan: Plan, kinds: Container[str]) -> Iterable[Problem]:
    for item in plan.items:
        if item.letter and item.letter not in kinds:
            what = f"jenis surat {item.letter!r} tidak dikenal."
            yield Problem(_where(item), what, f"Periksa ejaannya, atau buat templat {item.letter}.md.j2.")


def _where(item: Item) -> str:
    return f"{item.file}, butir {item.stage}.{item.id}"


def _unknown(where: str, what: str, name: str, known: Iterable[str], listed: Iterable[str] = ()) -> Problem:
    """``listed``: what to show of the known names, when all would be too many."""
    if near := get_close_matches(name, known := list(known), n=3):
        return Problem(where, f"{what} {name!r} tidak dikenal.", f"Maksudnya {' atau '.join(map(repr, near))}?")
    return Problem(where, f"{what} {name!r} tidak dikenal.", f"Yang ada: {', '.join(sorted(listed or known))}.")
