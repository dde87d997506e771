"""A letter outside the checklist: what somebody asked for, as a duty of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tahapan.checklist import Due, Duty, Item
from tahapan.elections import Election, Stage

UMUM = "umum"  # in the place of a stage
NO_STAGE = "UMUM"
NAMA = r"[a-z0-9][a-z0-9-]{0,79}"  # the name of a letter in its id


def nama_of(*parts: str) -> str:
    """A name for a letter that the machine writes, from what it is about: always the same for the same parts."""
    return "-".join(parts).lower()[:80].rstrip("-")


class Permintaan(BaseModel):
    """Kind, addressees, legal subjects and the letter's own fields; ``nama`` tells it from others.

    ``tahapan``: the stage it speaks of, if any; ``untuk``: the letter it supplements or corrects.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    jenis: str
    nama: str = Field(pattern=f"^{NAMA}$")
    judul: str
    pj: str
    kepada: tuple[str, ...] = ()
    tembusan: tuple[str, ...] = ()
    dasar: tuple[str, ...] = ()
    tahapan: str = ""
    isi: dict[str, Any] = Field(default_factory=dict)
    untuk: str = ""


def as_duty(request: Permintaan, election: Election, on: dt.date) -> Duty:
    """The duty to write that letter on that day."""
    item = Item(
        stage=UMUM, id=request.nama, title=request.judul, due=Due.model_validate({"from": "S", "days": 0}),
        pj=request.pj, letter=request.jenis, kepada=request.kepada, tembusan=request.tembusan, dasar=request.dasar,
        isi=request.isi,
    )  # fmt: skip
    stage = election.stage(request.tahapan) if request.tahapan else _no_stage(election)
    return Duty(election.id, stage, item, on, on, on, on)


def _no_stage(election: Election) -> Stage:
    return Stage(
        id=NO_STAGE, nama=election.nama, keluarga="persiapan", selesai=election.last_day, dasar=("-",), keyakinan="h"
    )
