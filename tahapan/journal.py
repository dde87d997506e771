"""The journal: rows are appended and chained by hash, so that a change to an old row shows.

A chain does not know its own end: the last rows could be cut off and nothing would be out of place. So its head (number
and hash of the last row) is kept a second time, in ``meta``, and shown in every morning's brief: who cuts the journal
and mends ``meta`` too is still found by a brief that somebody kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tahapan.errors import Problem
from tahapan.store.tables import jurnal, meta, surat

GENESIS = "0" * 64
MACHINE = "tahapan"  # who, when nobody decided
NUMBERED = "setuju dan nomor"  # the row that gives a letter its number
IMPORTED = "buku diimpor"  # the row that stands for all letters of an older book
_IMPORT = "impor"  # surat.asal of such a letter
IMPORTED_COLUMNS = tuple(surat.c[name] for name in ("id", "nomor", "tanggal", "klas", "hal", "kepada"))
_HEAD = "jurnal "  # in meta, before the office
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
    last, kept = _last(connection, office), _kept(connection, office)
    if kept and kept.seq > last.seq:  # rows were cut off: the hole stays to be seen
        last = kept
    row = {
        "office": office,
        "seq": last.seq + 1,
        "at": at.isoformat(),
        "who": who,
        "what": what,
        "subject": subject,
        "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True),
        "previous": last.hash,
    }
    now = Head(last.seq + 1, _hash(row))
    connection.execute(jurnal.insert().values(**row, hash=now.hash))
    key = _HEAD + office
    if kept:
        connection.execute(meta.update().where(meta.c.key == key).values(value=str(now)))
    else:
        connection.execute(meta.insert().values(key=key, value=str(now)))


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal: how many rows it has, and the hash of the last one."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}-{self.hash}"

    @property
    def short(self) -> str:
        """As a brief shows it: ``1234-9f86d081884c7d65``."""
        return f"{self.seq}-{self.hash[:16]}"


def head(connection: sa.Connection, office: str) -> Head:
    """Where the journal ends; row 0 when it is empty."""
    return _last(connection, office)


def _last(connection: sa.Connection, office: str) -> Head:
    query = sa.select(jurnal.c.seq, jurnal.c.hash).where(jurnal.c.office == office)
    row = connection.execute(query.order_by(jurnal.c.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def _kept(connection: sa.Connection, office: str) -> Head | None:
    value = connection.execute(sa.select(meta.c.value).where(meta.c.key == _HEAD + office)).scalar()
    if value is None:  # of an older tahapan, or an empty journal
        return None
    seq, _, digest = value.partition("-")
    return Head(int(seq), digest)


def broken(connection: sa.Connection, office: str) -> Iterator[Problem]:
    """Every row whose place or hash does not fit the row before it; empty when the chain is whole."""
    previous, seq, whole = GENESIS, 0, True
    rows = connection.execute(sa.select(jurnal).where(jurnal.c.office == office).order_by(jurnal.c.seq))
    for row in rows.mappings():
        seq += 1
        bare = {key: value for key, value in row.items() if key != "hash"}
        if row["seq"] != seq or row["previous"] != previous or row["hash"] != _hash(bare):
            yield Problem(f"jurnal baris {row['seq']}", "isi atau urutannya diubah.", _REMEDY)
            seq, whole = row["seq"], False
        previous = row["hash"]
    kept = _kept(connection, office)
    if kept and kept.seq > seq:
        missing = f"{seq + 1}" if kept.seq == seq + 1 else f"{seq + 1} sampai {kept.seq}"
        yield Problem(f"jurnal baris {missing}", "hilang dari akhir jurnal.", _REMEDY)
    elif kept and whole and (kept.seq, kept.hash) != (seq, previous):
        yield Problem(f"jurnal baris {seq}", "bukan yang terakhir ditulis: jurnal ditulis ulang.", _REMEDY)


def against(connection: sa.Connection, office: str, seq: int, start: str) -> Iterator[Problem]:
    """Whether the journal still has the row that an old brief names: its number, and how its hash begins."""
    query = sa.select(jurnal.c.hash).where(jurnal.c.office == office, jurnal.c.seq == seq)
    found = connection.execute(query).scalar()
    if found is None:
        yield Problem(f"jurnal baris {seq}", "ada dalam ringkasan itu, tetapi hilang dari jurnal.", _REMEDY)
    elif not found.startswith(start.lower()):
        what = f"sidiknya {found[:16]}, dalam ringkasan itu {start[:16]}: jurnal ditulis ulang."
        yield Problem(f"jurnal baris {seq}", what, _REMEDY)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, to be read."""

    seq: int
    at: dt.datetime
    who: str
    what: str
    subject: str
    detail: Mapping[str, Any]


def entries(connection: sa.Connection, office: str, *, surat: str = "", butir: str = "") -> Iterator[Entry]:
    """The journal in its order; of one letter only, or of one duty (by its full key) with all its letters."""
    query = sa.select(*(jurnal.c[name] for name in Entry.__slots__)).where(jurnal.c.office == office)
    if surat:
        query = query.where(jurnal.c.subject == surat)
    if butir:
        letters = jurnal.c.subject.startswith(f"{butir}.", autoescape=True)
        query = query.where((jurnal.c.subject == butir) | letters)
    for row in connection.execute(query.order_by(jurnal.c.seq)):
        yield Entry(row.seq, dt.datetime.fromisoformat(row.at), row.who, row.what, row.subject, json.loads(row.detail))


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
