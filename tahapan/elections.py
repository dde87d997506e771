"""An election and its stages: windows, cut-offs, real events, and the law each rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tahapan.dates import Kalender, tanggal
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.reading import load, shown

Keluarga = Literal["persiapan", "pemutakhiran", "pencalonan", "kampanye", "pemungutan", "rapat", "surat-masuk"]
Tonggak = Literal["penetapan-dps", "dpshp", "penetapan-dpt", "penetapan-paslon", "undian", "pemungutan-suara"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
OFFICE_CLOSES = dt.time(16, 0)


class Relatif(BaseModel):
    """A window that opens on an event nobody can date yet: BRPK + 5 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    peristiwa: str
    hari: int = Field(ge=0)
    satuan: Literal["kalender", "kerja"]


class Stage(BaseModel):
    """One stage (tahapan) of an election; dates are inclusive, hours are local."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[A-Z][A-Z0-9]*$")
    parent: str | None = None
    nama: str = Field(min_length=1)
    resmi: str = ""  # the official wording, where letters need another than the screens
    singkat: str = ""
    keluarga: Keluarga
    mulai: dt.date | None = None
    selesai: dt.date | None = None
    relatif: Relatif | None = None
    tutup: tuple[ClockTime, ...] = ()
    acara: dt.datetime | dt.date | None = None
    dasar: tuple[str, ...] = ()
    sumber: str = ""
    keyakinan: Literal["h", "m", "l"]
    catatan: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Stage:
        if not self.dasar:
            raise ValueError(f"tahapan {self.id} tanpa dasar hukum. Isi `dasar` dengan id dari laws.toml.")
        if self.mulai and self.selesai and self.selesai < self.mulai:
            raise ValueError(
                f"tahapan {self.id} selesai {tanggal(self.selesai)} sebelum mulai {tanggal(self.mulai)}. Tukar atau perbaiki."
            )
        if not self.selesai and not self.relatif:
            raise ValueError(f"tahapan {self.id} tanpa `selesai`. Isi tanggalnya, atau `relatif`.")
        if len(self.tutup) > 1 and len(self.tutup) != len(self.days):
            raise ValueError(
                f"tahapan {self.id} punya {len(self.tutup)} jam tutup untuk {len(self.days)} hari. "
                "Isi satu (hari terakhir) atau satu per hari."
            )
        return self

    @property
    def days(self) -> tuple[dt.date, ...]:
        if not (self.mulai and self.selesai):
            return ()
        return tuple(self.mulai + dt.timedelta(days=n) for n in range((self.selesai - self.mulai).days + 1))

    @property
    def nama_resmi(self) -> str:
        """As letters print it."""
        return self.resmi or self.nama

    @property
    def judul(self) -> str:
        """Short name for screens and run names."""
        return self.singkat or self.nama

    def day_name(self, day: dt.date) -> str:
        """One day of the stage in office words: ``Pengumuman DPS - H-3 - 15 Agustus 2024``."""
        where = ""
        if self.keluarga == "rapat" and self.acara_date:
            where = f"H{(day - self.acara_date).days:+d}" if day != self.acara_date else "H"
        elif self.mulai and day <= (self.selesai or day):
            where = f"H{(day - self.mulai).days:+d}" if day != self.mulai else "H"
        elif self.selesai:
            where = f"akhir{(day - self.selesai).days:+d}"
        return " - ".join(filter(None, (self.judul, where, tanggal(day))))

    @property
    def acara_date(self) -> dt.date | None:
        return self.acara.date() if isinstance(self.acara, dt.datetime) else self.acara

    @property
    def acara_jam(self) -> str | None:
        return f"{self.acara:%H:%M}" if isinstance(self.acara, dt.datetime) else None

    def closes_at(self, day: dt.date) -> str | None:
        """The local hour at which that day closes (``16:00``), if the rules give one."""
        if day not in self.days:
            return None
        if len(self.tutup) == 1:
            return self.tutup[0] if day == self.selesai else None
        return self.tutup[self.days.index(day)] if self.tutup else None


class Election(BaseModel):
    """A calendar: its stages in the order of the file and the events on which words turn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    nama: str
    tahun: int
    pemungutan_suara: dt.date
    tonggak: dict[Tonggak, str]
    stages: tuple[Stage, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Election:
        ids = [stage.id for stage in self.stages]
        faults = [f"tahapan {twice} ada dua kali." for twice in sorted({i for i in ids if ids.count(i) > 1})]
        faults += [
            f"tahapan {stage.id} menyebut induk {stage.parent!r} yang tidak ada."
            for stage in self.stages
            if stage.parent and stage.parent not in ids
        ]
        faults += [
            f"tonggak {name} menunjuk {to!r} yang tidak ada."
            for name, to in self.tonggak.items()
            if to.removesuffix(".mulai") not in ids
        ]
        if faults:
            raise ValueError(" ".join(faults))
        return self

    def stage(self, stage_id: str) -> Stage:
        for stage in self.stages:
            if stage.id == stage_id:
                return stage
        known = ", ".join(stage.id for stage in self.stages)
        raise NotKnown(Problem(f"tahapan {stage_id}", f"tidak ada dalam kalender {self.id}.", f"Yang ada: {known}."))

    @property
    def first_day(self) -> dt.date:
        return min(day for stage in self.stages for day in (stage.mulai, stage.selesai) if day)

    @property
    def last_day(self) -> dt.date:
        return max(stage.selesai for stage in self.stages if stage.selesai)

    def milestone(self, tonggak: Tonggak) -> dt.date | None:
        """The first day on which the word of that event may be written: its real day, or the stage's first day.

        ``V14.mulai`` names the first day of a stage that also has an event. An event that begins when the office closes (the draw of 23 Sep 2024 at 20.00) counts from the next day.
        """
        if tonggak not in self.tonggak:
            return None
        stage_id, _, which = self.tonggak[tonggak].partition(".")
        stage = self.stage(stage_id)
        if which == "mulai":
            return stage.mulai
        if isinstance(stage.acara, dt.datetime) and stage.acara.time() >= OFFICE_CLOSES:
            return stage.acara.date() + dt.timedelta(days=1)
        return stage.acara_date or stage.mulai

    def with_stages(self, more: Iterable[Stage]) -> Election:
        """The calendar with stages of the office's own (its meetings) behind those of the law."""
        return self.model_copy(update={"stages": (*self.stages, *more)})

    def with_events(self, events: Mapping[str, dt.datetime | dt.date], kalender: Kalender) -> Election:
        """The calendar with real event days set; a relative window opens on its event."""
        stages: list[Stage] = []
        for stage in self.stages:
            if stage.id not in events:
                stages.append(stage)
                continue
            moment = events[stage.id]
            change: dict[str, object] = {"acara": moment}
            if stage.relatif:
                day = moment.date() if isinstance(moment, dt.datetime) else moment
                change |= {"mulai": day, "selesai": _after(day, stage.relatif, kalender)}
            stages.append(stage.model_copy(update=change))
        return self.model_copy(update={"stages": tuple(stages)})


def _after(day: dt.date, rule: Relatif, kalender: Kalender) -> dt.date:
    if rule.satuan == "kalender":
        return day + dt.timedelta(days=rule.hari)
    for _ in range(rule.hari):
        day = kalender.shift(day + dt.timedelta(days=1), "sesudah")
    return day


def load_election(election_id: str, folders: tuple[Path, ...]) -> Election:
    """The calendar ``<folder>/<id>.toml`` from the first folder that has it."""
    for folder in folders:
        path = folder / f"{election_id}.toml"
        if path.is_file():
            election = load(Election, path)
            if election.id != election_id:
                raise DataError(
                    Problem(
                        shown(path), f"`id` berisi {election.id!r}.", f"Samakan dengan nama berkas: {election_id!r}."
                    )
                )
            return election
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise NotKnown(Problem(f"pemilihan {election_id}", "tidak dikenal.", f"Yang ada: {', '.join(known)}."))
