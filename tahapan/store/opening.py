"""Opening the database: its tables made or brought up to date, a newer one refused."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from tahapan.errors import MachineError, Problem
from tahapan.store.engine import reading, shown, speak_sqlite

HEAD = "0006"  # the newest migration; a test holds it against the folder of migrations


def connect(url: str) -> sa.Engine:
    """An engine on ``url``; creates or upgrades the tables.

    MachineError when the address is none, or the file cannot be opened or was written by a newer version.
    """
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        speak_sqlite(engine)
    try:
        version = _version(engine)
    except DBAPIError as error:
        raise MachineError(
            Problem(shown(url), f"basis data tidak dapat dibuka ({error.orig}).", "Periksa alamat, izin dan isi disk.")
        ) from None
    if version == HEAD:
        return engine
    if version is not None and version > HEAD:
        engine.dispose()
        raise MachineError(
            Problem(
                shown(url),
                f"basis data dari versi tahapan yang lebih baru ({version}; yang ini {HEAD}).",
                "Pasang versi tahapan terbaru; basis data tidak diubah.",
            )
        )
    from tahapan.store.migrate import upgrade  # Alembic is slow to import and rarely needed

    upgrade(engine)
    return engine


_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def _engine(url: str) -> sa.Engine:
    """With our driver, whichever the address names: a server's address is often copied from another program."""
    try:
        address = sa.make_url(url)
        return sa.create_engine(address.set(drivername=_DRIVERS[address.drivername.partition("+")[0]]))
    except (ArgumentError, KeyError, ValueError):  # not shown: it may hold a password we cannot find
        said = "bukan alamat SQLite atau PostgreSQL."
        remedy = "Tulis seperti postgresql://nama:sandi@server/basis, atau hapus."
        raise MachineError(Problem("TAHAPAN_DATABASE_URL", said, remedy)) from None
    except ImportError:
        remedy = "Pasang tahapan[postgresql]."
        raise MachineError(Problem(shown(url), "penggerak PostgreSQL (psycopg) belum terpasang.", remedy)) from None


def _version(engine: sa.Engine) -> str | None:
    with reading(engine) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
