"""Personal links to the desk: for one person, 48 hours, in the first browser that opens it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from tahapan import journal
from tahapan.errors import Problem, Refused
from tahapan.store.tables import tautan

HOURS = 48


@dataclass(frozen=True, slots=True)
class Opened:
    """A link opened for the first time: whose it is, and what its browser keeps as a cookie."""

    nama: str
    browser: str


def make(connection: sa.Connection, office: str, nama: str, by: str, at: dt.datetime) -> str:
    """The token of a new link, to be sent to that person alone; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    until = at + dt.timedelta(hours=HOURS)
    connection.execute(
        tautan.insert().values(
            sha256=_hash(token), office=office, nama=nama, made_at=at.isoformat(), made_by=by, until=until.isoformat()
        )
    )
    detail = {"sampai": until.isoformat()}
    journal.write(connection, office, at=at, who=by, what="tautan dibuat", subject=nama, detail=detail)
    return token


def whose(connection: sa.Connection, office: str, token: str, at: dt.datetime) -> str:
    """The person a link was made for, whether opened or not; Refused when it is none of ours or over."""
    return _row(connection, office, token, at).nama


def open_link(connection: sa.Connection, office: str, token: str, at: dt.datetime) -> Opened:
    """Bind the link to the browser that opens it; Refused when another has, or when it is over."""
    row = _row(connection, office, token, at)
    if row.browser:
        opened = dt.datetime.fromisoformat(row.opened_at).astimezone(at.tzinfo)
        what = f"sudah dibuka di perangkat lain pada {opened:%d-%m-%Y %H.%M}."
        raise Refused(Problem("tautan pribadi", what, "Bila itu bukan Anda, beri tahu sekretariat; minta yang baru."))
    browser = secrets.token_urlsafe(32)
    connection.execute(
        tautan.update().where(tautan.c.sha256 == row.sha256).values(opened_at=at.isoformat(), browser=_hash(browser))
    )
    journal.write(connection, office, at=at, who=row.nama, what="tautan dibuka", subject=row.nama)
    return Opened(row.nama, browser)


def person_of(connection: sa.Connection, office: str, browser: str, at: dt.datetime) -> str:
    """Whose link this browser has opened and may still use; "" when none."""
    query = sa.select(tautan.c.nama, tautan.c.until).where(
        tautan.c.office == office, tautan.c.browser == _hash(browser)
    )
    row = connection.execute(query).first()
    return row.nama if row and at < dt.datetime.fromisoformat(row.until) else ""


def withdraw(connection: sa.Connection, office: str, nama: str, by: str, at: dt.datetime) -> int:
    """End every link of a person that is still good (a lost phone); how many."""
    query = sa.select(tautan.c.sha256, tautan.c.until).where(tautan.c.office == office, tautan.c.nama == nama)
    good = [row.sha256 for row in connection.execute(query) if at < dt.datetime.fromisoformat(row.until)]
    for digest in good:
        connection.execute(tautan.update().where(tautan.c.sha256 == digest).values(until=at.isoformat()))
    if good:
        detail = {"jumlah": len(good)}
        journal.write(connection, office, at=at, who=by, what="tautan dicabut", subject=nama, detail=detail)
    return len(good)


def _row(connection: sa.Connection, office: str, token: str, at: dt.datetime) -> sa.Row[tuple[object, ...]]:
    query = sa.select(tautan).where(tautan.c.office == office, tautan.c.sha256 == _hash(token))
    row = connection.execute(query).first()
    if row is None:
        raise Refused(Problem("tautan pribadi", "tidak dikenal.", "Salin seluruh tautannya, atau minta yang baru."))
    if at >= (until := dt.datetime.fromisoformat(row.until)):
        what = f"berakhir {until.astimezone(at.tzinfo):%d-%m-%Y %H.%M}."
        raise Refused(Problem("tautan pribadi", what, "Minta yang baru kepada sekretariat."))
    return row


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
