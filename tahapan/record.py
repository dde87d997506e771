"""Entries that people make and correct: every version stays, the newest one counts, and nobody overwrites another's unseen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tahapan import journal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.store.tables import catatan

_COLUMNS = tuple(catatan.c[name] for name in ("id", "versi", "isi", "at", "oleh", "alasan"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One version: ``isi`` as it was written, by whom and when; ``alasan`` why it differs from the one before."""

    id: str
    versi: int
    isi: Mapping[str, Any]
    at: dt.datetime
    oleh: str
    alasan: str


def entries(
    connection: sa.Connection, office: str, election: str, jenis: str, *, until: dt.datetime | None = None
) -> tuple[Entry, ...]:  # fmt: skip
    """The newest version of every entry of a kind (as it stood at a moment), in the order in which they were first made."""
    found: dict[str, Entry] = {}
    for row in connection.execute(_query(office, election, jenis).order_by(catatan.c.at, catatan.c.versi)):
        entry = _entry(row)
        if until and entry.at > until:
            continue
        if entry.id not in found or entry.versi > found[entry.id].versi:
            found[entry.id] = entry
    return tuple(found.values())


def count(connection: sa.Connection, office: str, election: str, jenis: Collection[str]) -> int:
    """How many versions of entries of these kinds there are; another number whenever one was written."""
    place = catatan.c.office == office, catatan.c.election == election, catatan.c.jenis.in_(jenis)
    return connection.execute(sa.select(sa.func.count()).select_from(catatan).where(*place)).scalar() or 0


def versions(connection: sa.Connection, office: str, election: str, jenis: str, wanted: str) -> tuple[Entry, ...]:
    """Every version of one entry, the first one first; NotKnown for none."""
    query = _query(office, election, jenis).where(catatan.c.id == wanted).order_by(catatan.c.versi)
    found = tuple(_entry(row) for row in connection.execute(query))
    if not found:
        known = ", ".join(each.id for each in entries(connection, office, election, jenis)) or "belum ada"
        raise NotKnown(Problem(f"{jenis} {wanted}", "tidak ada.", f"Yang ada: {known}."))
    return found


def latest(connection: sa.Connection, office: str, election: str, jenis: str, wanted: str) -> Entry:
    """One entry as it stands; NotKnown for none."""
    return versions(connection, office, election, jenis, wanted)[-1]


def check_step(
    where: str, stands: str, can: Sequence[str], to: str, since: dt.datetime, when: dt.datetime, at: dt.datetime
) -> None:  # fmt: skip
    """Refused for a state that cannot follow (``can``), and for a moment before the last one or still to come.

    ``stands``: where it is now, in words.
    """
    if to not in can:
        remedy = f"Yang dapat: {', '.join(can) or 'tidak ada lagi'}."
        raise Refused(Problem(where, f"{stands}; tidak dapat menjadi {to!r}.", remedy))
    if not since <= when <= at:
        what = "mendahului keadaan sebelumnya, atau belum lewat."
        raise Refused(Problem("jam", what, "Periksa hari dan jamnya."))


def next_id(connection: sa.Connection, office: str, election: str, jenis: str) -> str:
    """``001`` and so on; used inside the transaction that writes it."""
    query = sa.select(sa.func.count(sa.distinct(catatan.c.id))).where(*_place(office, election, jenis))
    return f"{1 + (connection.execute(query).scalar() or 0):03d}"


def write(
    connection: sa.Connection, office: str, election: str, jenis: str, wanted: str, isi: Mapping[str, Any], by: str,
    at: dt.datetime, *, alasan: str = "", seen: int | None = None,
) -> Entry:  # fmt: skip
    """A new entry, or a new version of one; the same content again changes nothing.

    DataError for a change without ``alasan``; Refused when somebody has changed it since version ``seen``.
    """
    said = json.dumps(dict(isi), ensure_ascii=False, sort_keys=True)
    query = _query(office, election, jenis).where(catatan.c.id == wanted).order_by(catatan.c.versi.desc()).limit(1)
    row = connection.execute(query).first()
    old = _entry(row) if row else None
    if old and dict(old.isi) == json.loads(said):
        return old
    if old and not alasan:
        raise DataError(
            Problem("--alasan", "kosong.", "Tulis mengapa catatan ini dibetulkan; yang lama tetap tersimpan.")
        )
    if seen is not None and seen != (old.versi if old else 0):
        raise Refused(Problem(f"{jenis} {wanted}", "sudah diubah orang lain.", "Lihat isinya sekarang, lalu ulangi."))
    versi = old.versi + 1 if old else 1
    connection.execute(
        catatan.insert().values(
            office=office, election=election, jenis=jenis, id=wanted, versi=versi, isi=said, at=at.isoformat(), oleh=by,
            alasan=alasan,
        )
    )  # fmt: skip
    what = f"{jenis} dibetulkan" if old else f"{jenis} dicatat"
    detail = {"versi": versi, **({"alasan": alasan} if alasan else {})}
    journal.write(connection, office, at=at, who=by, what=what, subject=f"{election}.{jenis}.{wanted}", detail=detail)
    return Entry(wanted, versi, json.loads(said), at, by, alasan)


def _place(office: str, election: str, jenis: str) -> tuple[sa.ColumnElement[bool], ...]:
    return catatan.c.office == office, catatan.c.election == election, catatan.c.jenis == jenis


def _query(office: str, election: str, jenis: str) -> sa.Select[Any]:
    return sa.select(*_COLUMNS).where(*_place(office, election, jenis))


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(row.id, row.versi, json.loads(row.isi), dt.datetime.fromisoformat(row.at), row.oleh, row.alasan)
