"""Claims on duties ("sedang dikerjakan oleh"), so that two clerks do not write one letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tahapan import journal, progress
from tahapan.characters import clean, named
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.rhythm import forward, load_rhythm
from tahapan.store.engine import reading, writing
from tahapan.store.tables import duty as duty_table


@dataclass(frozen=True, slots=True)
class Claim:
    """Who works on a duty, and since when."""

    nama: str
    since: dt.datetime

    def __str__(self) -> str:
        return f"{self.nama}, sejak {tanggal(self.since.date())} pukul {self.since:%H.%M}"


def standing(home: Home, plan: Plan, on: dt.date) -> Mapping[str, Claim]:
    """The claims that still hold on that day, by the short key of their duty."""
    with reading(home.engine) as connection:
        return read(connection, home, plan, on)


def read(connection: sa.Connection, home: Home, plan: Plan, on: dt.date) -> Mapping[str, Claim]:
    """The same inside a transaction."""
    table = duty_table.c
    query = sa.select(table.stage, table.item, table.claimed_by, table.claimed_at).where(
        table.office == plan.office.profile.id, table.election == plan.election.id, table.state == "terbuka",
        table.claimed_by.is_not(None),
    )  # fmt: skip
    zone, days = ZoneInfo(plan.office.profile.timezone), load_rhythm(home.kantor).klaim.hari_kerja
    found = {
        f"{row.stage}.{row.item}": Claim(row.claimed_by, dt.datetime.fromisoformat(row.claimed_at).astimezone(zone))
        for row in connection.execute(query)
    }
    return {key: claim for key, claim in found.items() if on <= forward(plan.kalender, claim.since.date(), days)}


def claim(
    home: Home, plan: Plan, duty: Duty, oleh: str, on: dt.date, at: dt.datetime, alasan: str = ""
) -> Claim:  # fmt: skip
    """Say who works on a duty. Refused when another does, unless ``alasan`` says why it is taken over."""
    who, why = named(oleh, "mengerjakan"), clean(alasan, "--alasan")
    with writing(home.engine) as connection:
        holder = _open(connection, home, plan, duty, on, at)
        if holder and holder.nama == who:
            return holder
        if holder and not why:
            remedy = "Tanyakan dulu; ambil alih dengan --alasan bila perlu."
            raise Refused(Problem(f"butir {duty.short_key}", f"sedang dikerjakan {holder}.", remedy))
        _write(connection, plan, duty, who, at)
        what = "diambil alih" if holder else "dikerjakan"
        detail = {"dari": holder.nama, "alasan": why} if holder else None
        journal.write(
            connection, plan.office.profile.id, at=at, who=who, what=what, subject=duty.key, detail=detail
        )  # fmt: skip
    return Claim(who, at)


def release(home: Home, plan: Plan, duty: Duty, oleh: str, on: dt.date, at: dt.datetime) -> Claim | None:
    """Take the claim back; the claim there was. Anybody may: whoever it is stands in the journal."""
    who = named(oleh, "mengerjakan")
    with writing(home.engine) as connection:
        holder = _open(connection, home, plan, duty, on, at)
        if holder:
            _write(connection, plan, duty, None, at)
            detail = {"dari": holder.nama}
            journal.write(
                connection, plan.office.profile.id, at=at, who=who, what="dilepas", subject=duty.key, detail=detail
            )  # fmt: skip
    return holder


def _open(connection: sa.Connection, home: Home, plan: Plan, duty: Duty, on: dt.date, at: dt.datetime) -> Claim | None:
    """Who holds the duty now; Refused for one that is closed. A duty may be claimed before its day."""
    if progress.open_duty(connection, plan.office.profile.id, duty, on):
        journal.write(
            connection, plan.office.profile.id, at=at, who=journal.MACHINE, what="butir dibuka", subject=duty.key,
            detail={"due": duty.due.isoformat()},
        )  # fmt: skip
    row = progress.duty_row(connection, plan.office.profile.id, duty.election, duty.short_key)
    assert row
    if row.state != "terbuka":
        raise Refused(Problem(f"butir {duty.short_key}", f"sudah {row.state}.", "Tidak ada yang perlu dikerjakan."))
    return read(connection, home, plan, on).get(duty.short_key)


def _write(connection: sa.Connection, plan: Plan, duty: Duty, who: str | None, at: dt.datetime) -> None:
    table = duty_table.c
    place = (
        table.office == plan.office.profile.id,
        table.election == duty.election,
        table.stage == duty.item.stage,
        table.item == duty.item.id,
        table.state == "terbuka",
    )
    connection.execute(
        duty_table.update().where(*place).values(claimed_by=who, claimed_at=at.isoformat() if who else None)
    )
