"""The table of a list being filled, a block at a time: values into it, faults into ``masalah``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, reduce

import duckdb
import pyarrow as pa

from tahapan.errors import DataError, Problem
from tahapan.plan import DATA
from tahapan.reading import read_toml
from tahapan.voters.intake.columns import COUNTS_ROWS, Kind, key, masked
from tahapan.voters.intake.faults import faults
from tahapan.voters.intake.fit import judge, rounded
from tahapan.voters.intake.heading import Heading, shown
from tahapan.voters.intake.parsed import NUMBER, TABLES, staged

_LOOKED_AT = 200  # values of a column, to see whether its header is right
_IN_PART = 500_000  # rows that stand twice are looked for in parts: a table of four million hashes needs 300 MB
_MASALAH = (
    "CREATE TABLE IF NOT EXISTS masalah (sumber VARCHAR, baris BIGINT, kolom VARCHAR, berat VARCHAR, apa VARCHAR)"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read: how many rows, which header gave which column, what was left aside, how much is wrong."""

    kind: Kind
    rows: int
    columns: dict[str, str]
    unused: tuple[str, ...]
    problems: int


@dataclass(frozen=True, slots=True)
class List:
    """A list before it is read: its heading, its first rows, how many cells most rows have."""

    name: str
    kind: Kind
    head: Heading
    sample: Sequence[Sequence[str]]
    usual: int
    separator: str = ""  # of a text with quotation marks, one of which may be left open

    @property
    def cells(self) -> int:
        return max(len(self.head.headers), self.usual)


def take(
    con: duckdb.DuckDBPyConnection, table: str, rows: List, blocks: Iterable[pa.Table], others: Sequence[str] = ()
) -> Taken:
    """Fill ``table``; DataError for columns in the wrong place, and then the table is not there."""
    head, kind = rows.head, rows.kind
    first = [row for row in rows.sample[head.last :] if any(cell.strip() for cell in row)][:_LOOKED_AT]
    judge(first, head.headers, head.at, rows.name)
    into = '"' + table.replace('"', '""') + '"'
    con.begin()
    try:
        con.execute(_MASALAH)
        con.execute("DELETE FROM masalah WHERE sumber = ?", [table])
        number = f"baris BIGINT, {NUMBER[kind]} VARCHAR"
        con.execute(f"CREATE OR REPLACE TABLE {into} ({number}, {', '.join(map(' '.join, TABLES[kind].items()))})")
        con.execute("CREATE OR REPLACE TEMP TABLE _sidik (baris BIGINT, sidik UBIGINT)")
        _fill(con, table, rows, blocks, first)
        _tell_of_file(con, table, rows, others)
        _tell_of_twice(con, table)
        if "nik" in head.at:
            _tell_of_areas(con, table)
        con.execute("DROP TABLE temp._sidik")
        con.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a full disk has ended the transaction already
            con.rollback()
        raise
    columns = dict(zip(head.at, shown(head.headers, [*head.at.values()]), strict=True))
    aside = [n for n in range(len(head.headers)) if n not in head.at.values()]
    problems = _one(con, "SELECT count(*) FROM masalah WHERE sumber = ?", [table])
    return Taken(kind, _one(con, f"SELECT count(*) FROM {into}"), columns, shown(head.headers, aside), problems)


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, rows: List, blocks: Iterable[pa.Table],
    first: Sequence[Sequence[str]],
) -> None:  # fmt: skip
    head, kind, cells = rows.head, rows.kind, rows.cells
    lost = {one: rounded(first, head.at[one]) for one in ("nik", "nkk") if one in head.at}
    place = head.at.get(NUMBER[kind])
    running = place is not None and key(head.headers[place]) in COUNTS_ROWS
    stage = partial(staged, kind, head.at, cells, usual=rows.usual or cells, running=running, lost=lost)
    names = f"baris, {NUMBER[kind]}, {', '.join(TABLES[kind])}"
    named = "'" + table.replace("'", "''") + "'"
    wrong = [*faults(kind, head.at, len(head.headers), cells, lost)]
    any_of = " OR ".join(f"({one.when})" for one in wrong)
    each = ", ".join(
        f"CASE WHEN {one.when} THEN {{kolom: '{one.kolom}', berat: '{one.berat}', apa: {one.said}}} END"
        for one in wrong
    )
    for block in blocks:  # relations: a view over each block would keep it until the commit
        odd = [n for n in range(cells) if not _plain(block.column(f"c{n}"))]
        raw = con.from_arrow(block)
        if rows.separator and odd:
            _no_open_quotes(raw, rows, odd)
        plan = stage(odd)
        parsed = con.from_arrow(
            reduce(_select, plan.steps, raw.project(plan.cells).filter(plan.filled)).to_arrow_table()
        )
        parsed.project(names).insert_into(table)
        parsed.filter("nama IS NOT NULL").project("baris, sidik").insert_into("_sidik")
        told = parsed.filter(any_of).project(f"baris, unnest([{each}]) AS satu").filter("satu IS NOT NULL")
        told.project(f"{named}, baris, satu.kolom, satu.berat, satu.apa").insert_into("masalah")


def _select(of: duckdb.DuckDBPyRelation, what: str) -> duckdb.DuckDBPyRelation:
    return of.project(what)


_PLAIN = bytes(range(32, 127))


def _plain(column: pa.ChunkedArray) -> bool:
    """Whether nothing in the column has to be tidied but its ends; one look at the bytes costs less than a rule a cell."""
    for chunk in column.chunks:
        text = chunk.buffers()[2]
        if text is not None and ((data := text.to_pybytes()).translate(None, _PLAIN) or b"  " in data):
            return False
    return True


def _no_open_quotes(block: duckdb.DuckDBPyRelation, rows: List, odd: Iterable[int]) -> None:
    """DataError for a cell with whole rows in it: they would be lost."""
    many = max(1, len(rows.head.headers) - 1)
    swallowed = " OR ".join(
        f"((contains(c{n}, chr(10)) OR contains(c{n}, chr(13)))"
        f" AND length(c{n}) - length(replace(c{n}, '{rows.separator}', '')) >= {many})"
        for n in odd
    )
    ((at,),) = block.filter(swallowed).aggregate("min(baris) AS baris").fetchall()
    if at is not None:
        what = 'tanda kutip (") tidak ditutup, sehingga baris sesudahnya masuk ke dalam satu sel.'
        raise DataError(Problem(f"{rows.name}, baris {at}", what, "Hapus atau tutup tanda kutip itu."))


def _tell_of_file(con: duckdb.DuckDBPyConnection, table: str, rows: List, others: Sequence[str]) -> None:
    """What is said once: columns the list does not have at all, sheets that were not read."""
    wanted = ("kecamatan", "nagari", *(("tps",) if rows.kind == "daftar" else ()))
    said = [(name, f"berkas tidak mempunyai kolom {name}. Tambahkan bila ada.") for name in wanted]
    said = [(name, what) for name, what in said if name not in rows.head.at]
    if others:
        sheets = ", ".join(map(masked, others))
        said.append(("lembar", f"lembar lain tidak dibaca: {sheets[:200]}. Gabungkan ke lembar pertama bila perlu."))
    for kolom, apa in said:
        con.execute("INSERT INTO masalah VALUES (?, NULL, ?, 'peringatan', ?)", [table, kolom, apa])


def _tell_of_twice(con: duckdb.DuckDBPyConnection, table: str) -> None:
    parts = 1 + _one(con, "SELECT count(*) FROM _sidik") // _IN_PART
    for part in range(parts):
        con.execute(
            f"""INSERT INTO masalah
            WITH bagian AS (SELECT baris, sidik FROM _sidik WHERE sidik % {parts} = {part}),
            kembar AS (SELECT sidik, min(baris) AS awal FROM bagian GROUP BY sidik HAVING count(*) > 1)
            SELECT ?, baris, 'baris', 'peringatan',
                'isinya sama dengan baris ' || awal || '. Hapus salah satu bila memang tertulis dua kali.'
            FROM bagian JOIN kembar USING (sidik) WHERE baris > awal""",
            [table],
        )


def _tell_of_areas(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """NIK that begin with no regency there is or was (``data/nik.toml``); which kecamatan it is, changed too often to say."""
    known = read_toml(DATA / "nik.toml")
    codes = [province + regency for province, rest in known["wilayah"].items() for regency in rest.split()]
    con.execute(
        f"""INSERT INTO masalah
        SELECT $1, baris, 'nik', 'peringatan',
            'kode wilayah di dalam NIK (' || left(nik, 4) || ') tidak dikenal. Cocokkan dengan KTP-el; NIK tidak diubah di sini.'
        FROM "{table}" ANTI JOIN (SELECT unnest($2::VARCHAR[]) AS kode) k ON k.kode = left(nik, 4)
        WHERE nik IS NOT NULL AND NOT list_contains($3::VARCHAR[], left(nik, 2))""",
        [table, codes, known["dimekarkan"]],
    )


def _one(con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> int:
    row = con.execute(query, [*values]).fetchone()
    assert row
    return row[0]
