"""The journal: rows are appended and chained by hash, so that a change to an old row shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tahapan.errors import Problem
from tahapan.store.tables import jurnal, surat

GENESIS = "0" * 64
MACHINE = "tahapan"  # who, when nobody decided
NUMBERED = "setuju dan nomor"  # the row that gives a letter its number
IMPORTED = "buku diimpor"  # the row that stands for all letters of an older book
_IMPORT = "impor"  # surat.asal of such a letter
IMPORTED_COLUMNS = tuple(surat.c[name] for name in ("id", "nomor", "tanggal", "klas", "hal", "kepada"))
_ROUND = 2**256
_REMEDY = "Bandingkan dengan cadangan terakhir."


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
        sa.select(jurnal.c.what, jurnal.c.subject, jurnal.c.detail)
        .where(jurnal.c.office == office, jurnal.c.what.in_((NUMBERED, IMPORTED)))
        .order_by(jurnal.c.seq)
    ).all()
    written = {row.subject: json.loads(row.detail) for row in rows if row.what == NUMBERED}
    yield from _imports(connection, office, [json.loads(row.detail) for row in rows if row.what == IMPORTED])
    letters = sa.select(surat.c.id, surat.c.nomor, surat.c.pdf_sha256).where(
        surat.c.office == office, surat.c.nomor.is_not(None), surat.c.asal != _IMPORT
    )
    for row in connection.execute(letters.order_by(surat.c.id)):
        detail = written.pop(row.id, None)
        if detail is None:
            yield Problem(f"surat {row.id}", f"bernomor {row.nomor}, tetapi tidak ada dalam jurnal.", _REMEDY)
        elif (detail.get("nomor"), detail.get("pdf_sha256")) != (row.nomor, row.pdf_sha256):
            yield Problem(f"surat {row.id}", f"berbeda dari jurnal (nomor {detail.get('nomor')}).", _REMEDY)
    for letter_id, detail in written.items():
        yield Problem(f"surat {letter_id}", f"bernomor {detail.get('nomor')} menurut jurnal, tidak di buku.", _REMEDY)


def _imports(connection: sa.Connection, office: str, known: list[dict[str, Any]]) -> Iterator[Problem]:
    query = sa.select(*IMPORTED_COLUMNS).where(surat.c.office == office, surat.c.asal == _IMPORT)
    rows = [tuple(row) for row in connection.execute(query)]
    said = sum(int(detail["jumlah"]) for detail in known)
    if len(rows) != said:
        yield Problem("buku yang diimpor", f"{said} surat menurut jurnal, {len(rows)} di buku.", _REMEDY)
    elif fingerprint(rows) != f"{sum(int(detail['isi'], 16) for detail in known) % _ROUND:064x}":
        yield Problem("buku yang diimpor", "isinya berbeda dari jurnal.", _REMEDY)


def fingerprint(rows: Iterable[Sequence[Any]]) -> str:
    """One hash over many rows, whatever their order: the sum of theirs, so that imports add up to the whole book."""
    texts = (json.dumps(list(row), ensure_ascii=False, default=str) for row in rows)
    return f"{sum(int(hashlib.sha256(text.encode()).hexdigest(), 16) for text in texts) % _ROUND:064x}"


def _hash(row: Mapping[str, Any]) -> str:
    text = json.dumps(dict(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
