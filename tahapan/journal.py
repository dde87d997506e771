"""The journal: rows are appended and chained by hash, so that a change to an old row shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from tahapan.errors import Problem
from tahapan.store.tables import jurnal, surat

GENESIS = "0" * 64
NUMBERED = "setuju dan nomor"  # the row that gives a letter its number


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


def disagreements(connection: sa.Connection, office: str) -> Iterator[Problem]:
    """Numbered letters whose number or hash the journal does not know so, and the reverse; empty when both agree."""
    rows = connection.execute(
        sa.select(jurnal.c.subject, jurnal.c.detail)
        .where(jurnal.c.office == office, jurnal.c.what == NUMBERED)
        .order_by(jurnal.c.seq)
    )
    written = {row.subject: json.loads(row.detail) for row in rows}
    letters = sa.select(surat.c.id, surat.c.nomor, surat.c.pdf_sha256).where(
        surat.c.office == office, surat.c.nomor.is_not(None)
    )
    remedy = "Bandingkan dengan cadangan terakhir."
    for row in connection.execute(letters.order_by(surat.c.id)):
        detail = written.pop(row.id, None)
        if detail is None:
            yield Problem(f"surat {row.id}", f"bernomor {row.nomor}, tetapi tidak ada dalam jurnal.", remedy)
        elif (detail.get("nomor"), detail.get("pdf_sha256")) != (row.nomor, row.pdf_sha256):
            yield Problem(f"surat {row.id}", f"berbeda dari jurnal (nomor {detail.get('nomor')}).", remedy)
    for letter_id, detail in written.items():
        yield Problem(f"surat {letter_id}", f"bernomor {detail.get('nomor')} menurut jurnal, tidak di buku.", remedy)


def _hash(row: Mapping[str, Any]) -> str:
    text = json.dumps(dict(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
