"""A voter list examined on its own: files in, proposals out; no office, no server, no record left but the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tahapan.errors import NotKnown, Problem, Refused
from tahapan.voters import results
from tahapan.voters.checks import AGAINST, CHECKS, Given, listed
from tahapan.voters.intake import Taken, read
from tahapan.voters.linking.standard import standardise
from tahapan.voters.private import private
from tahapan.voters.results import LEVELS

MEMORY = "3GB"  # at most: a regency takes a sixth of it in all, a province two thirds (docs/benchmarks.md)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a check proposes, by level."""

    id: str
    judul: str
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it: the files as they were read, and what each check found."""

    taken: Mapping[str, Taken]
    found: tuple[Counted, ...]


def examine(
    daftar: Path, lists: Mapping[str, Path], out: Path, on: dt.date, *, lowest: str = "C",
    codes: Mapping[str, int] | None = None, columns: Mapping[str, Mapping[str, str]] | None = None,
) -> Examined:  # fmt: skip
    """Read the list and those it is held against, run every check, write what they propose into ``out`` (`results`).

    ``lists``: files by the id of their reason (`checks.AGAINST`; the deaths are ``meninggal``). ``on``: voting day.
    ``lowest``: the last level that is written. ``codes``: of the reasons at this election (``data/tms.toml``). ``columns``:
    for ``daftar`` or one of the lists the headings of columns that are not guessed. Results of an earlier run are replaced.
    DataError for a file that cannot be read; the lists themselves are nowhere written.
    """
    if lowest not in tuple(LEVELS):
        raise Refused(Problem("--level", f"{lowest!r} bukan tingkat.", "Pilih A, B, C, atau D."))
    if strange := lists.keys() - {each.id for each in AGAINST}:
        raise NotKnown(Problem("daftar pembanding", f"{min(strange)!r} tidak dikenal.", "Lihat `voters check --help`."))
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = columns or {}
    with working_memory(codes or {}) as con:
        taken = {"daftar": read(con, daftar, "daftar", "daftar", said.get("daftar"))}
        given, found = Given(con, "daftar", on), list[Counted]()
        for against in AGAINST:
            if path := lists.get(against.id):
                taken[against.id] = read(con, path, "kematian", against.id, said.get(against.id))
                standardise(con, "daftar", against.id)
                con.execute("CHECKPOINT")  # compresses
                found.append(_kept(con, against.id, against.judul, listed(given), against.id))
        if not lists:
            standardise(con, "daftar", "(SELECT * FROM daftar LIMIT 0)")
        found += [_kept(con, check.id, check.judul, check.find(given), "daftar") for check in CHECKS]
        results.write_results(con, out, tuple(lists), lowest)
        faults = con.execute(_FAULTS).fetchall()
    text = results.summary(
        {name: each.rows for name, each in taken.items()}, [(each.judul, each.levels) for each in found], faults, lowest
    )
    with private(out / results.SUMMARY) as file:
        file.write(text)
    return Examined(taken, tuple(found))


_FAULTS = r"""
    SELECT sumber, kolom, regexp_replace(apa, '\d[\d|./-]*\d', '…', 'g'), count(*) FROM masalah
    GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3 LIMIT 50
"""


@contextmanager
def working_memory(codes: Mapping[str, int]) -> Generator[duckdb.DuckDBPyConnection]:
    """A database that is gone afterwards and never spills to disk: what it holds are people."""
    with duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": ""}) as con:
        con.execute("ATTACH ':memory:' AS kerja (COMPRESS)")
        con.execute("USE kerja")
        con.execute("SET enable_external_access = false")
        con.execute("CREATE TABLE kode (periksa VARCHAR, kode INTEGER)")
        for reason, code in codes.items():
            con.execute("INSERT INTO kode VALUES (?, ?)", [reason, code])
        con.execute(
            "CREATE TABLE temuan (periksa VARCHAR, baris BIGINT, sumber VARCHAR, lawan BIGINT, level VARCHAR, "
            "alasan VARCHAR, kebetulan DOUBLE)"
        )
        yield con


def _kept(con: duckdb.DuckDBPyConnection, check: str, judul: str, rows: str, source: str) -> Counted:
    """The rows of a check among the others. ``source``: the list that ``lawan`` counts in."""
    con.execute(
        f"INSERT INTO temuan SELECT ?, baris, ?, lawan, level, alasan, kebetulan FROM ({rows})", [check, source]
    )
    counted = con.execute("SELECT level, count(*) FROM temuan WHERE periksa = ? GROUP BY level", [check]).fetchall()
    return Counted(check, judul, dict(counted))
