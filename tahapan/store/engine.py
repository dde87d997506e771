"""How we speak with the database, one file (SQLite, WAL) or PostgreSQL: visible transactions."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tahapan.errors import MachineError, Problem

BUSY_MS = 60_000
_WRITERS = 0x7A4A9A  # advisory lock of PostgreSQL: one writer at a time, as SQLite has it


def shown(url: str) -> str:
    """The file, or the address without its password, for messages."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.render_as_string(hide_password=True)


def sqlite_url(path: Path) -> str:
    return f"sqlite+pysqlite:///{path}"


@contextmanager
def reading(engine: sa.Engine) -> Generator[sa.Connection]:
    """A connection that sees one state of the records and changes nothing."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Generator[sa.Connection]:
    """A transaction that excludes every other writer from its first statement.

    MachineError when the database cannot write (disk full, connection lost); nothing is changed then.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield connection
    except OperationalError as error:
        address = engine.url.render_as_string(hide_password=True)
        raise MachineError(
            Problem(
                address, f"tidak dapat ditulis ({error.orig}).", "Kosongkan disk atau periksa basis data, lalu ulangi."
            )
        ) from None


def _write_ahead(connection: Any) -> None:
    """WAL; while several processes open a new file at once SQLite refuses this without waiting, whatever busy_timeout says."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def alone(engine: sa.Engine, place: Path) -> Generator[bool]:
    """Whether no other process does the same: a lock that dies with its holder. ``place``: its file, beside SQLite's."""
    if engine.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(place.name.encode()).digest()[:8], signed=True)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mine = bool(connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar())
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))
        return
    handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def speak_sqlite(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
