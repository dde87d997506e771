"""Where a duty stands: its row in the records, and its state on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import Problem, Refused
from tahapan.register import ENDED, HELD, LetterRow
from tahapan.store.tables import bukti, duty_unit
from tahapan.store.tables import duty as duty_table

State = Literal["menunggu", "terbuka", "menunggu rincian", "berjalan", "selesai", "terlewat", "dibatalkan"]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """The record of an opened duty."""

    id: int
    stage: str
    item: str
    due: dt.date
    opened_on: dt.date
    state: str
    finished_on: dt.date | None
    finished_by: str | None


@dataclass(frozen=True, slots=True)
class Filed:
    """One piece of evidence in the records; ``unit`` is "" where it proves the whole duty."""

    unit: str
    name: str
    sha256: str
    filed_on: dt.date
    filed_by: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A unit that is done."""

    unit: str
    finished_on: dt.date
    finished_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a duty done unit by unit has come: ``61 dari 79 nagari``."""

    done: int
    total: int
    word: str

    def __str__(self) -> str:
        return f"{self.done} dari {self.total} {self.word}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty on one day: its state, its letter if there is one, what is missing, and a remark for the reader."""

    duty: Duty
    state: State
    letter: LetterRow | None
    missing: tuple[str, ...]
    remark: str
    tally: Tally | None = None  # of a duty done unit by unit

    @property
    def before(self) -> bool:
        """Whether it was due before this installation began, so that nothing here was to do it."""
        return self.remark.startswith(_BEFORE)

    @property
    def late(self) -> bool:
        return self.state == "terlewat"


_BEFORE = "terlewat sebelum"
_COLUMNS = [duty_table.c[name] for name in DutyRow.__slots__]


def duty_rows(connection: sa.Connection, office: str, election: str) -> dict[str, DutyRow]:
    """The records of an election by short key."""
    query = sa.select(*_COLUMNS).where(duty_table.c.office == office, duty_table.c.election == election)
    rows = (DutyRow(*row) for row in connection.execute(query.order_by(duty_table.c.id)))
    return {f"{row.stage}.{row.item}": row for row in rows}


def duty_row(connection: sa.Connection, office: str, election: str, short_key: str) -> DutyRow | None:
    """The record of one duty, if it was ever opened."""
    query = sa.select(*_COLUMNS).where(*_place(office, election, short_key)).order_by(duty_table.c.id.desc())
    found = connection.execute(query.limit(1)).first()
    return DutyRow(*found) if found else None


def _place(office: str, election: str, short_key: str) -> tuple[sa.ColumnElement[bool], ...]:
    stage, _, item = short_key.partition(".")
    named = {"office": office, "election": election, "stage": stage, "item": item}
    return tuple(duty_table.c[column] == value for column, value in named.items())


def settled(row: DutyRow, duty: Duty) -> bool:
    """Whether this record needs no opening: it is of that very day, or closed."""
    return row.due == duty.due or row.state != "terbuka"


def open_duty(connection: sa.Connection, office: str, duty: Duty, on: dt.date) -> bool:
    """One row per duty and day; an open one moves with its calendar. True when anything changed."""
    query = sa.select(*_COLUMNS).where(*_place(office, duty.election, duty.short_key))
    rows = [DutyRow(*row) for row in connection.execute(query)]
    if any(settled(row, duty) for row in rows):
        return False
    if rows:
        connection.execute(duty_table.update().where(duty_table.c.id == rows[0].id).values(due=duty.due))
    else:
        connection.execute(
            duty_table.insert().values(
                office=office, election=duty.election, stage=duty.stage.id, item=duty.item.id,
                due=duty.due, opened_on=on, state="terbuka",
            )
        )  # fmt: skip
    return True


def file(
    connection: sa.Connection, office: str, row: DutyRow, evidence: Iterable[tuple[str, str]], on: dt.date, by: str,
    unit: str = "",
) -> list[tuple[str, str]]:  # fmt: skip
    """Put evidence to an opened duty: pairs of file name and sha256, two files may share a name.

    Returned: what is new; the same content again for the same unit is one piece of evidence.
    """
    place = bukti.c.duty == row.id, bukti.c.unit == unit
    known = set(connection.execute(sa.select(bukti.c.sha256).where(*place)).scalars())
    new = [
        (name, sha256) for sha256, name in {sha256: name for name, sha256 in evidence}.items() if sha256 not in known
    ]
    for name, sha256 in new:
        connection.execute(
            bukti.insert().values(
                office=office, duty=row.id, unit=unit, name=name, sha256=sha256, filed_on=on, filed_by=by
            )
        )
    return new


def filed(connection: sa.Connection, row: DutyRow) -> tuple[Filed, ...]:
    """All evidence of a duty, in the order in which it came; that of a withdrawn tick too."""
    columns = [bukti.c[name] for name in Filed.__slots__]
    return tuple(
        Filed(*found)
        for found in connection.execute(sa.select(*columns).where(bukti.c.duty == row.id).order_by(bukti.c.id))
    )


def finish(
    connection: sa.Connection, office: str, duty: Duty, on: dt.date, by: str, evidence: Iterable[tuple[str, str]]
) -> tuple[Filed, ...]:
    """Tick the duty off with its evidence (`file`), and with what was filed before; all of it is returned.

    Refused when it is finished already, or wants evidence and there is none.
    """
    row = opened(connection, office, duty, on)
    where = f"butir {duty.short_key}"
    if row.state == "selesai":
        assert row.finished_on
        raise Refused(
            Problem(
                where, f"sudah selesai {tanggal(row.finished_on)} oleh {row.finished_by}.", "Tidak perlu ditandai lagi."
            )
        )
    file(connection, office, row, evidence, on, by)
    pieces = filed(connection, row)
    if duty.item.bukti and not pieces:
        raise Refused(
            Problem(where, f"perlu bukti: {', '.join(duty.item.bukti)}.", "Lampirkan berkasnya (--bukti BERKAS).")
        )
    connection.execute(
        duty_table.update().where(duty_table.c.id == row.id).values(state="selesai", finished_on=on, finished_by=by)
    )
    return pieces


def cancel(connection: sa.Connection, office: str, duty: Duty, on: dt.date) -> None:
    """Nothing is to be done for it any more; what is finished stays so."""
    open_duty(connection, office, duty, on)
    place = (*_place(office, duty.election, duty.short_key), duty_table.c.state == "terbuka")
    connection.execute(duty_table.update().where(*place).values(state="dibatalkan"))


def reopen(connection: sa.Connection, row: DutyRow) -> None:
    """Take the tick back; the evidence stays where it is."""
    values = {"state": "terbuka", "finished_on": None, "finished_by": None}
    connection.execute(duty_table.update().where(duty_table.c.id == row.id).values(**values))


def opened(connection: sa.Connection, office: str, duty: Duty, on: dt.date) -> DutyRow:
    """The record of a duty, opened now if nobody has; Refused for a cancelled one."""
    open_duty(connection, office, duty, on)
    row = duty_row(connection, office, duty.election, duty.short_key)
    assert row
    if row.state == "dibatalkan":
        raise Refused(Problem(f"butir {duty.short_key}", "dibatalkan.", "Tidak ada yang perlu ditandai."))
    return row


def tick_unit(connection: sa.Connection, office: str, row: DutyRow, tick: Tick) -> bool:
    """One row per unit, whoever comes first; True when it is new."""
    place = duty_unit.c.duty == row.id, duty_unit.c.unit == tick.unit
    if connection.execute(sa.select(duty_unit.c.id).where(*place)).first():
        return False
    values = {name: getattr(tick, name) for name in Tick.__slots__}
    connection.execute(duty_unit.insert().values(office=office, duty=row.id, **values))
    return True


def untick_unit(connection: sa.Connection, row: DutyRow, unit: str) -> None:
    connection.execute(duty_unit.delete().where(duty_unit.c.duty == row.id, duty_unit.c.unit == unit))


def ticks(connection: sa.Connection, row: DutyRow) -> dict[str, Tick]:
    """The units of a duty that are done, by their codes."""
    columns = [duty_unit.c[name] for name in Tick.__slots__]
    found = connection.execute(sa.select(*columns).where(duty_unit.c.duty == row.id).order_by(duty_unit.c.id))
    return {tick.unit: tick for tick in (Tick(*values) for values in found)}


def units_done(connection: sa.Connection, office: str, election: str) -> dict[int, set[str]]:
    """The codes of the units that are done, by the id of their duty."""
    query = (
        sa.select(duty_unit.c.duty, duty_unit.c.unit)
        .join(duty_table, duty_table.c.id == duty_unit.c.duty)
        .where(duty_table.c.office == office, duty_table.c.election == election)
    )
    done: defaultdict[int, set[str]] = defaultdict(set)
    for row in connection.execute(query):
        done[row.duty].add(row.unit)
    return done


def tally(done: Collection[str], units: Collection[str], word: str) -> Tally | None:
    """How many of the units are done; None for a duty without units. What is no unit any more does not count."""
    return Tally(len(set(units) & set(done)), len(units), word) if units else None


def standing(
    duty: Duty,
    on: dt.date,
    row: DutyRow | None,
    letter: LetterRow | None,
    missing: tuple[str, ...],
    begun: dt.date | None,
    begun_with: str = "gladi",
    tally: Tally | None = None,
) -> Standing:
    """The state of a duty on a day.

    ``missing``: labels of the letter's fields that nobody has filled in; ``begun``: the first day of this
    installation (or rehearsal: ``begun_with``), before which nothing was its to do.
    """

    def stand(state: State, remark: str = "") -> Standing:
        return Standing(duty, state, letter, missing, remark, tally)

    come = str(tally) if tally else ""

    if row and row.state == "selesai" and row.finished_on:
        return stand("selesai", f"{tanggal(row.finished_on)} oleh {row.finished_by}")
    if row and row.state == "dibatalkan":
        return stand("dibatalkan")
    if on < duty.opens_on:
        return stand("menunggu", f"dibuka {hari_tanggal(duty.opens_on)}")
    if letter and letter.state in ENDED:
        again = f"tulis lagi dengan `tahapan letter renew {letter.id}`"
        return stand("terbuka" if on <= duty.act_on else "terlewat", f"surat {letter.state} ({letter.note}); {again}")
    if letter and letter.numbered:
        wanted = f"menunggu bukti: {', '.join(duty.item.bukti)}" if duty.item.bukti else "tinggal ditandai selesai"
        return stand("berjalan", "; ".join(filter(None, (letter.note, come, wanted))))
    if begun and duty.order[0] < begun:
        return stand("terlewat", f"{_BEFORE} {begun_with}")
    late_letter = duty.letter_on is not None and on > duty.letter_on
    if on > duty.act_on:
        lack = _lack(duty, missing) or f"menunggu bukti: {', '.join(duty.item.bukti)}"
        return stand("terlewat", "; ".join(filter(None, (come, lack))))
    late = f"surat terlambat, seharusnya {hari_tanggal(duty.letter_on)}" if late_letter and duty.letter_on else ""
    if missing:
        return stand("menunggu rincian", "; ".join(filter(None, (late, _lack(duty, missing)))))
    if letter and letter.state == HELD:
        return stand("berjalan", f"surat ditahan ({letter.note}): baca dan tulis ulang")
    if letter:
        return stand(
            "berjalan", late or f"surat {letter.state}, bernomor paling lambat {hari_tanggal(letter.letter_on)}"
        )
    begun_units = tally is not None and tally.done > 0
    return stand("berjalan" if begun_units else "terbuka", late or "; ".join(filter(None, (come, _lack(duty, ())))))


def _lack(duty: Duty, missing: tuple[str, ...]) -> str:
    if missing:
        return f"belum diisi: {'; '.join(missing)}"  # a label may have commas
    if duty.item.belum_ada:
        return f"jenis surat belum ada: {duty.item.belum_ada}"
    if duty.item.lapangan:
        return f"surat dari lapangan: {duty.item.lapangan}"
    return ""


def still_worth_drafting(duty: Duty, on: dt.date, grace: dt.timedelta = dt.timedelta(days=3)) -> bool:
    """Whether a letter that should be out already is still drafted; older ones are only told (promise 5)."""
    assert duty.letter_on
    if duty.item.surat_hari:
        return on < duty.act_on  # an invitation on the day of its meeting, or after it, is refused
    return on <= duty.letter_on + grace
