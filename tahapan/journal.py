"""The journal: rows are appended and chained by hash, so that a change to an old row shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from tahapan.errors import Problem
from tahapan.store.tables import jurnal

GENESIS = "0" * 64


def write(
    connection: sa.Connection,
    office: str,
    *,
    at: dt.datetime,
    who: str,
    what: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one row inside the caller's transaction; ``at`` is aware and given, never read from a clock."""
    last = connection.execute(
        sa.select(jurnal.c.seq, jurnal.c.hash).where(jurnal.c.office == office).order_by(jurnal.c.seq.desc()).limit(1)
    ).first()
    row = {
        "office": office,
        "seq": last.seq + 1 if last else 1,
        "at": at.isoformat(),
        "who": who,
        "what": what,
        "subject": subject,
        "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True),
        "previous": last.hash if last else GENESIS,
    }
    connection.execute(jurnal.insert().values(**row, hash=_hash(row)))


def broken(connection: sa.Connection, office: str) -> Iterator[Problem]:
    """Every row whose place or hash does not fit the row before it; empty when the chain is whole."""
    previous, seq = GENESIS, 0
    rows = connection.execute(sa.select(jurnal).where(jurnal.c.office == office).order_by(jurnal.c.seq))
    for row in rows.mappings():
        seq += 1
        bare = {key: value for key, value in row.items() if key != "hash"}
        if row["seq"] != seq or row["previous"] != previous or row["hash"] != _hash(bare):
            yield Problem(
                f"jurnal baris {row['seq']}", "isi atau urutannya diubah.", "Bandingkan dengan cadangan terakhir."
            )
            seq = row["seq"]
        previous = row["hash"]


def _hash(row: Mapping[str, Any]) -> str:
    text = json.dumps(dict(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
