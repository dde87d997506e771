"""Every check over the lists in a working memory: what they propose, in the table ``temuan``."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tahapan.errors import MachineError, Problem
from tahapan.voters.checks import AGAINST, CHECKS, Given
from tahapan.voters.linking.standard import standardise

MEMORY = "3GB"  # at most: a regency takes a sixth of it in all, a province two thirds (docs/benchmarks.md)
_WAIT = 30.0  # seconds
OFFICE = "kantor"  # the file of an office's lists, read beside the memory


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a check proposes, by level."""

    id: str
    judul: str
    levels: Mapping[str, int]


@contextmanager
def working_memory(codes: Mapping[str, int], office: Path | None = None) -> Generator[duckdb.DuckDBPyConnection]:
    """A database that is gone afterwards and never spills to disk: what it holds are people.

    ``codes``: of the reasons at this election (``data/tms.toml``). ``office``: a file of lists, to be read only.
    """
    with telling(), duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": ""}) as con:
        con.execute("ATTACH ':memory:' AS kerja (COMPRESS)")
        con.execute("USE kerja")
        if office:
            waited(lambda: con.execute(f"ATTACH '{quoted(office)}' AS {OFFICE} (READ_ONLY)"))
        con.execute("SET enable_external_access = false")
        con.execute("CREATE TABLE kode (periksa VARCHAR, kode INTEGER)")
        for reason, code in codes.items():
            con.execute("INSERT INTO kode VALUES (?, ?)", [reason, code])
        con.execute(
            "CREATE TABLE temuan (periksa VARCHAR, baris BIGINT, sumber VARCHAR, lawan BIGINT, level VARCHAR, "
            "alasan VARCHAR, kebetulan DOUBLE)"
        )
        yield con


@contextmanager
def telling() -> Generator[None]:
    """What DuckDB refuses, without the values it would quote: they are of people."""
    try:
        yield
    except duckdb.Error as error:
        said = str(error)
        what = f"gagal ({type(error).__name__}: {_QUOTED.sub('…', said.splitlines()[0])})."
        remedy = "Kirim pesan ini kepada pembuat tahapan."
        for sign, named, cure in _KNOWN:
            if sign in said:
                what, remedy = named, cure
                break
        raise MachineError(Problem("daftar pemilih", what, remedy)) from None


_KNOWN = (
    ("No space left", "disk penuh; tidak ada yang berubah.", "Kosongkan tempat di disk, lalu ulangi."),
    ("Permission denied", "berkasnya tidak boleh dibuka atau ditulis.", "Periksa izin folder `pemilih/`."),
    ("Read-only file system", "berkasnya tidak boleh ditulis.", "Periksa izin folder `pemilih/`."),
    ("Could not set lock", "sedang dipakai perintah lain.", "Tunggu sampai selesai, lalu ulangi."),
    ("not a valid DuckDB", "berkasnya rusak.", "Kembalikan `pemilih/daftar.duckdb` dari cadangan."),
    ("Corrupt", "berkasnya rusak.", "Kembalikan `pemilih/daftar.duckdb` dari cadangan."),
    ("Out of Memory", "memori tidak cukup.", "Tutup program lain, lalu ulangi."),
)


_QUOTED = re.compile(r"'[^']*'|\d{4,}")


def waited(connect: Callable[[], duckdb.DuckDBPyConnection]) -> duckdb.DuckDBPyConnection:
    """What ``connect`` gives once no other process has the file of the lists; half a minute at most."""
    end = time.monotonic() + _WAIT
    while True:
        try:
            return connect()
        except duckdb.IOException as error:
            if "lock" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(0.2)


def quoted(path: Path) -> str:
    """A path inside the quotation marks of SQL."""
    return str(path).replace("'", "''")


def search(con: duckdb.DuckDBPyConnection, lists: Collection[str], on: dt.date) -> tuple[Counted, ...]:
    """Hold the table ``daftar`` against those of ``lists`` (ids of `checks.AGAINST`), then every check of `checks.CHECKS`.

    ``on``: voting day. Afterwards ``l`` is the list in one spelling (`linking.standard`).
    """
    given, found = Given(con, "daftar", on), list[Counted]()
    for against in AGAINST:
        if against.id in lists:
            standardise(con, "daftar", against.id)
            con.execute("CHECKPOINT")  # compresses
            found.append(_kept(con, against.id, against.judul, against.find(given), against.id))
    if not lists:
        standardise(con, "daftar", "(SELECT * FROM daftar LIMIT 0)")
    found += [_kept(con, check.id, check.judul, check.find(given), "daftar") for check in CHECKS]
    return tuple(found)


def _kept(con: duckdb.DuckDBPyConnection, check: str, judul: str, rows: str, source: str) -> Counted:
    """The rows of a check among the others. ``source``: the list that ``lawan`` counts in."""
    con.execute(
        f"INSERT INTO temuan SELECT ?, baris, ?, lawan, level, alasan, kebetulan FROM ({rows})", [check, source]
    )
    counted = con.execute("SELECT level, count(*) FROM temuan WHERE periksa = ? GROUP BY level", [check]).fetchall()
    return Counted(check, judul, dict(counted))
