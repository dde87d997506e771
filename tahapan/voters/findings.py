r"""What was found on the office's lists, and its life: proposed, looked into, told to KPU, answered, settled.

A finding belongs to a person on a list and lives on over the lists that follow. The records know who is meant only by
hashes under the key of the home (`lists.key`); names and numbers stay in the file of the lists (`people`).

    diusulkan -> diperiksa -> disarankan -> ditindaklanjuti | ditolak | belum -> selesai
             \-> tidak terbukti

*disarankan* is not kept: it is *diperiksa* with a numbered letter. The machine itself only proposes, and says of a later
list that somebody still stands there (*belum*) or no longer does (*selesai*); everything else a person decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from tahapan import register
from tahapan.annexed import EXAMINED, TOLD
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading
from tahapan.store.tables import surat, temuan, temuan_riwayat
from tahapan.voters.checks import AGAINST, CHECKS
from tahapan.voters.lists import file_of
from tahapan.voters.search import OFFICE, working_memory

PROPOSED, DONE_BY_KPU, REFUSED, NOT_YET, SETTLED, NOT_SO = (
    "diusulkan", "ditindaklanjuti", "ditolak", "belum", "selesai", "tidak terbukti",
)  # fmt: skip
STATES = (PROPOSED, EXAMINED, TOLD, DONE_BY_KPU, REFUSED, NOT_YET, SETTLED, NOT_SO)
CLOSED = (SETTLED, NOT_SO)
NOWHERE = 0  # the row of who does not stand on the list
TITLES = {each.id: each.judul for each in (*AGAINST, *CHECKS)}


@dataclass(frozen=True, slots=True)
class Found:
    """A row that a check proposes: who (as hashes), how sure, why, and where; ``lawan`` the list and row it is held against."""

    periksa: str
    orang: str
    nama: str
    urut: int
    level: str
    alasan: str
    kebetulan: float | None
    kecamatan: str
    nagari: str
    tps: int | None
    baris: int
    lawan: str | None
    lawan_baris: int | None


@dataclass(frozen=True, slots=True)
class Finding(Found):
    """One row of the records; ``keadaan`` as it is kept (see `stands`)."""

    id: int
    daftar: str  # on which list, in whose row ``baris``
    keadaan: str
    surat: str | None  # the duty whose letter tells it
    nomor: str | None  # of that letter, when it has one and is not void

    @property
    def stands(self) -> str:
        """Its state as people speak of it."""
        return TOLD if self.keadaan == EXAMINED and self.nomor else self.keadaan

    @property
    def in_draft(self) -> str:
        """The duty whose letter counts it and has no number yet; "" for none."""
        return self.surat if self.surat and self.keadaan == EXAMINED and not self.nomor else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a finding's history."""

    temuan: int
    at: str
    oleh: str
    keadaan: str
    catatan: str
    bukti: str


# --- the records -----------------------------------------------------------------------------------


def findings(connection: sa.Connection, office: str, election: str) -> tuple[Finding, ...]:
    """All findings of an election, by place and check."""
    live = sa.and_(
        surat.c.office == temuan.c.office, surat.c.election == temuan.c.election,
        surat.c.stage + "." + surat.c.item == temuan.c.surat, surat.c.nomor.is_not(None),
        surat.c.state.not_in(register.ENDED),
    )  # fmt: skip
    query = sa.select(*(temuan.c[field.name] for field in fields(Finding)[:-1]), surat.c.nomor)
    query = query.select_from(temuan.outerjoin(surat, live)).where(
        temuan.c.office == office, temuan.c.election == election
    )
    order = (temuan.c.kecamatan, temuan.c.nagari, temuan.c.tps, temuan.c.periksa, temuan.c.id)
    rows = [Finding(*row) for row in connection.execute(query.order_by(*order)).tuples()]
    ended = _ended(connection, office, election)
    return tuple(replace(each, surat=None) if each.surat in ended else each for each in rows)


def _ended(connection: sa.Connection, office: str, election: str) -> set[str]:
    """Duties whose newest letter is void or refused: what it told is told nowhere."""
    place = surat.c.office == office, surat.c.election == election
    query = sa.select(surat.c.stage + "." + surat.c.item, surat.c.state).where(*place).order_by(surat.c.version)
    newest = dict(connection.execute(query).tuples().all())
    return {key for key, state in newest.items() if state in register.ENDED}


def all_findings(home: Home, plan: Plan) -> tuple[Finding, ...]:
    """The same, outside a transaction."""
    with reading(home.engine) as connection:
        return findings(connection, plan.office.profile.id, plan.election.id)


def history(home: Home, plan: Plan, ids: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """What happened to these findings, the oldest first."""
    wanted = set(ids)
    query = sa.select(*(temuan_riwayat.c[name] for name in Step.__slots__)).where(
        temuan_riwayat.c.office == plan.office.profile.id
    )
    told: dict[int, list[Step]] = {}
    with reading(home.engine) as connection:
        for row in connection.execute(query.order_by(temuan_riwayat.c.id)).tuples():
            if row[0] in wanted:
                told.setdefault(row[0], []).append(Step(*row))
    return {each: tuple(steps) for each, steps in told.items()}


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a finding: its new state, who says so, and why."""

    id: int
    keadaan: str
    oleh: str
    catatan: str
    bukti: str = ""
    surat: str | None = None  # the duty whose letter tells it from now on


def move(connection: sa.Connection, office: str, moves: Iterable[Move], at: dt.datetime) -> None:
    """Write the new states and a line of history for each."""
    rows = [*moves]
    if not rows:
        return
    update(connection, [{"id": each.id, "keadaan": each.keadaan} for each in rows])
    update(connection, [{"id": each.id, "surat": each.surat} for each in rows if each.surat])
    connection.execute(temuan_riwayat.insert(), [_line(office, each, at) for each in rows])


def update(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of findings; every row has its ``id`` and the same columns."""
    if rows:
        columns = {name: sa.bindparam(name) for name in rows[0] if name != "id"}
        query = temuan.update().where(temuan.c.id == sa.bindparam("mine")).values(columns)
        connection.execute(query, [{"mine" if name == "id" else name: row[name] for name in row} for row in rows])


def _line(office: str, each: Move, at: dt.datetime) -> dict[str, Any]:
    return {
        "office": office, "temuan": each.id, "at": at.isoformat(), "oleh": each.oleh, "keadaan": each.keadaan,
        "catatan": each.catatan, "bukti": each.bukti,
    }  # fmt: skip


# --- who it is -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A voter as the lists name them, and the row they are held against (empty when there is none, or it is forgotten)."""

    pemilih: Mapping[str, Any]
    lawan: Mapping[str, Any]


_LOST = Person({}, {})


def named(home: Home, wanted: Iterable[Finding]) -> dict[int, Person]:
    """The same for what goes out by name: Refused when a list is forgotten and nobody can be named any more."""
    known = [*wanted]
    found = people(home, known)
    lost = sorted(
        {
            each.daftar
            for each in known
            if not (found[each.id].pemilih or (each.baris == NOWHERE and found[each.id].lawan))
        }
    )
    if lost:
        what = f"nama-namanya tidak ada lagi: isi {', '.join(lost)} sudah dihapus."
        raise Refused(Problem("temuan", what, "Masukkan lagi daftarnya, lalu cermati; temuannya dikenali kembali."))
    return {
        each.id: Person(found[each.id].lawan, {}) if each.baris == NOWHERE else found[each.id] for each in known
    }  # fmt: skip


def people(home: Home, wanted: Iterable[Finding]) -> dict[int, Person]:
    """The persons of these findings, out of the file of the lists; empty where the list is forgotten. For private files only."""
    known = [*wanted]
    if not known:
        return {}
    voters = {each.id: (each.daftar, each.baris) for each in known}
    others = {each.id: (each.lawan or each.daftar, each.lawan_baris) for each in known if each.lawan_baris is not None}
    found: dict[int, Person] = {each.id: _LOST for each in known}
    with working_memory({}, file_of(home)) as con:
        for number, row in _rows(con, voters):
            found[number] = replace(found[number], pemilih=row)
        for number, row in _rows(con, others):
            found[number] = replace(found[number], lawan=row)
    return found


def _rows(
    con: duckdb.DuckDBPyConnection, places: Mapping[int, tuple[str, int | None]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    there = {
        name
        for (name,) in con.execute(
            f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{OFFICE}'"
        ).fetchall()
    }
    for name in sorted({daftar for daftar, _ in places.values()} & there):
        mine = {number: baris for number, (daftar, baris) in places.items() if daftar == name}
        con.register("dicari", pa.table({"temuan": [*mine], "baris": [*mine.values()]}))
        result = con.execute(f'SELECT c.temuan, d.* FROM dicari c JOIN {OFFICE}."{name}" d USING (baris) ORDER BY 1')
        heads = [column[0] for column in result.description or ()]
        for row in result.fetchall():
            yield row[0], dict(zip(heads, row, strict=True))


# --- counts ----------------------------------------------------------------------------------------

Tally = dict[str, dict[str, int]]


def tally(rows: Iterable[Finding], by: Callable[[Finding], str]) -> Tally:
    """How many are in each state, by what ``by`` says of them."""
    found: Tally = {}
    for each in rows:
        counts = found.setdefault(by(each), {})
        counts[each.stands] = counts.get(each.stands, 0) + 1
    return found


def title(finding: Finding) -> str:
    """What its check is called."""
    return TITLES.get(finding.periksa, finding.periksa)
