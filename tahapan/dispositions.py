"""What an incoming letter was given to somebody for, as duties of the office's own stage *Surat masuk*."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from tahapan.checklist import Due, Item
from tahapan.elections import Election, Stage

JENIS = "surat masuk"  # the entries that dispositions stand in
STAGE = "SM"


class Disposisi(BaseModel):
    """To which role, since when, until which day, what to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    peran: str
    pada: dt.date
    sampai: dt.date
    catatan: str = ""


class Given(BaseModel):
    """A disposition with the letter it is about; ``key``: of the duty that it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agenda: str
    urut: int
    dari: str
    perihal: str
    disposisi: Disposisi

    @property
    def item(self) -> str:
        return f"{self.agenda}-{self.urut}"

    @property
    def key(self) -> str:
        return f"{STAGE}.{self.item}"


def given_in(agenda: str, entry: Mapping[str, Any]) -> tuple[Given, ...]:
    """The dispositions of one entry of the book, in their order."""
    rows = (Disposisi.model_validate(row) for row in entry.get("disposisi", ()))
    return tuple(
        Given(agenda=agenda, urut=n, dari=entry["dari"], perihal=entry["perihal"], disposisi=row)
        for n, row in enumerate(rows, 1)
    )


def stage_of(given: Sequence[Given], election: Election) -> Stage:
    """From the first day on which something was given to the last day of any."""
    days = [day for each in given for day in (each.disposisi.pada, each.disposisi.sampai)]
    return Stage(
        id=STAGE, nama="Surat masuk", keluarga="surat-masuk", mulai=min(days), selesai=max(days),
        dasar=election.stages[0].dasar, keyakinan="h",
    )  # fmt: skip


def items_of(given: Iterable[Given], stage: Stage) -> tuple[Item, ...]:
    """A duty for each, on the role it was given to, due on its day; nothing has to prove it.

    Its title is shown in Prefect: who wrote, and what about, stands on the desk alone.
    """
    assert stage.mulai
    return tuple(
        Item(
            stage=STAGE, id=each.item, title=f"Disposisi surat masuk {each.agenda}", pj=each.disposisi.peran,
            due=Due.model_validate({"from": "S", "days": (each.disposisi.sampai - stage.mulai).days}),
            buka=each.disposisi.pada, file="buku surat masuk",
        )
        for each in given
    )  # fmt: skip
