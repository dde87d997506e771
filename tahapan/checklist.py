"""Duties: the checklist of an election as data, and the four days of each duty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tahapan.dates import BilaLibur, Kalender
from tahapan.elections import ClockTime, Election, Stage
from tahapan.errors import DataError, Problem
from tahapan.reading import load, shown

DRAFT_WORKING_DAYS = 3
Per = Literal["kecamatan", "desa", "tps", "penerima"]


class Due(BaseModel):
    """When: ``days`` calendar days from the start S, the end D or the real event of the stage."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: Literal["S", "D", "acara"] = Field(alias="from")
    days: int
    jam: ClockTime | None = None
    bila_libur: BilaLibur = "tetap"

    @model_validator(mode="after")
    def _never_before_the_fact(self) -> Due:
        if self.bila_libur == "sebelum" and self.from_ != "S" and self.days >= 0:
            raise ValueError(
                "`sebelum` tidak boleh untuk yang dihitung sesudah akhir tahapan atau acara. Pakai `sesudah` atau `tetap`."
            )
        return self

    @property
    def rule(self) -> str:
        """``s-7``, ``d+3``, ``acara+1``: names the day whatever the calendar says."""
        return f"{self.from_.lower()}{self.days:+d}"

    @property
    def label(self) -> str:
        """``H-7``; ``akhir+3``; ``acara+1`` for run names."""
        head = {"S": "H", "D": "akhir", "acara": "acara"}[self.from_]
        return head if not self.days else f"{head}{self.days:+d}"


class Item(BaseModel):
    """One duty of the checklist, before it has a date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    due: Due
    pj: str
    letter: str | None = None
    belum_ada: str = ""  # the letter it needs and that has no kind yet, in words
    lapangan: str = ""  # a letter written in the field, not by this office
    kepada: tuple[str, ...] = ()
    tembusan: tuple[str, ...] = ()
    pengganti: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # whom instead, while a group is empty
    surat_hari: int | None = Field(default=None, ge=1)
    fakta: bool = False  # reports facts: no draft before the day itself
    draf_hari: int = Field(default=DRAFT_WORKING_DAYS, ge=0)
    bukti: tuple[str, ...] = ()
    per: Per | None = None  # ticked unit by unit, with evidence for each
    dasar: tuple[str, ...] = ()
    buka: dt.date | None = None  # since when it is open, for what comes from people and not from the calendar
    tentang: str = ""  # the stage that its letter speaks of, where that is not its own
    kalender: bool = False  # of a meeting: its letter carries the calendar object
    cermat: tuple[str, ...] = ()  # reports findings on the voter list: of these checks, or ["semua"]
    bersama: str = ""  # the duty of this stage that it goes with; not in the official table; lends its `isi`
    isi: dict[str, Any] = Field(default_factory=dict)
    terlewat: Literal["semua", "terakhir", "lewati"] = "semua"  # once its day is over: asked, the series' last, not
    catatan: str = ""
    file: str = ""  # where it stands, for messages; set when it is read

    @model_validator(mode="after")
    def _one_letter(self) -> Item:
        if sum(map(bool, (self.letter, self.belum_ada, self.lapangan))) > 1:
            raise ValueError(
                f"butir {self.id} punya lebih dari satu dari `letter`, `belum_ada`, `lapangan`. Pilih satu."
            )
        if self.per == "penerima" and not self.letter:
            raise ValueError(f'butir {self.id} berisi per = "penerima" tetapi tanpa `letter`. Tambahkan suratnya.')
        return self


class ItemFile(BaseModel):
    """One file of ``data/checklists/<election>/``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    duties: tuple[Item, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """An item with its days (DESIGN: days of a duty).

    ``due`` the day of the table; ``act_on`` the working day on which somebody acts; ``letter_on`` the day the
    letter must go out; ``draft_on`` the day its draft appears. The last two are None without an office letter.
    """

    election: str
    stage: Stage
    item: Item
    due: dt.date
    act_on: dt.date
    letter_on: dt.date | None
    draft_on: dt.date | None

    @property
    def key(self) -> str:
        return f"{self.election}.{self.short_key}"

    @property
    def short_key(self) -> str:
        return f"{self.item.stage}.{self.item.id}"

    @property
    def order(self) -> tuple[dt.date, str, str]:
        """The order of work and of numbers: the day of the letter, stage, item."""
        return (self.letter_on or self.act_on, self.stage.id, self.item.id)

    @property
    def opens_on(self) -> dt.date:
        return min(self.days)

    @property
    def days(self) -> frozenset[dt.date]:
        """Every day on which this duty asks for something."""
        return frozenset(day for day in (self.item.buka, self.draft_on, self.letter_on, self.act_on, self.due) if day)

    @property
    def tutup(self) -> str | None:
        """The hour at which its day ends: its own, or the cut-off of its stage on that day."""
        return self.item.due.jam or self.stage.closes_at(self.due)


def dated(item: Item, election: Election, kalender: Kalender) -> Duty | None:
    """The duty on this calendar; None while its stage has no date yet."""
    stage = election.stage(item.stage)
    anchor = {"S": stage.mulai, "D": stage.selesai, "acara": stage.acara_date}[item.due.from_]
    if anchor is None:
        return None
    due = anchor + dt.timedelta(days=item.due.days)
    act_on = kalender.shift(due, item.due.bila_libur)
    letter_on = draft_on = None
    if item.letter:
        letter_on = act_on
        if item.surat_hari:
            letter_on = kalender.shift(act_on - dt.timedelta(days=item.surat_hari), "sebelum")
        draft_on = letter_on if item.fakta else kalender.back(letter_on, item.draf_hari)
    return Duty(election.id, stage, item, due, act_on, letter_on, draft_on)


def dated_all(items: Iterable[Item], election: Election, kalender: Kalender) -> tuple[Duty, ...]:
    """Every duty that has a date, in the order of work."""
    duties = (dated(item, election, kalender) for item in items)
    return tuple(sorted((duty for duty in duties if duty), key=lambda duty: duty.order))


def load_items(election_id: str, folders: tuple[Path, ...]) -> tuple[Item, ...]:
    """All items of ``<folder>/<election>/*.toml``; each id once per stage."""
    items: dict[tuple[str, str], Item] = {}
    faults: list[Problem] = []
    for path in (path for folder in folders for path in sorted((folder / election_id).glob("*.toml"))):
        try:
            duties = load(ItemFile, path).duties
        except DataError as error:
            faults += error.problems
            continue
        for item in duties:
            if (item.stage, item.id) in items:
                faults.append(Problem(shown(path), f"butir {item.stage}.{item.id} ada dua kali.", "Beri id lain."))
            items[item.stage, item.id] = item.model_copy(update={"file": shown(path)})
    for key, item in items.items():
        if not item.bersama:
            continue
        if other := items.get((item.stage, item.bersama)):
            items[key] = item.model_copy(update={"isi": {**other.isi, **item.isi}})
        else:
            what = f"`bersama` menyebut {item.bersama!r}, yang tidak ada pada tahapan itu."
            faults.append(Problem(f"{item.file}, butir {item.stage}.{item.id}", what, "Sebut id butir lain di sana."))
    if faults:
        raise DataError(*faults)
    return tuple(items.values())
