"""A list of the office examined against its others: what is new becomes a finding, what was known lives on."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from tahapan import journal
from tahapan.errors import Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.plan import DATA, Plan
from tahapan.reading import read_toml
from tahapan.store.engine import writing
from tahapan.store.tables import daftar_pemilih, temuan
from tahapan.voters.checks import AGAINST, CHECKS
from tahapan.voters.findings import (
    CLOSED,
    NOT_SO,
    NOT_YET,
    NOWHERE,
    PROPOSED,
    REFUSED,
    SETTLED,
    Finding,
    Found,
    Move,
    all_findings,
    findings,
    move,
    update,
)
from tahapan.voters.lists import REASONS, STAGES, Kept, all_kept, chosen, file_of, key, latest, list_of, tables_of
from tahapan.voters.results import LEVELS
from tahapan.voters.search import OFFICE, Counted, search, working_memory

_MISSING = tuple(each.id for each in AGAINST if each.missing)


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination came to: what each check proposes by level, and what that changed in the records."""

    daftar: Kept
    against: tuple[Kept, ...]
    counted: tuple[Counted, ...]
    new: int
    still: int
    settled: int
    drafts: tuple[str, ...]  # duties whose unnumbered letter counts findings that are gone, or stand elsewhere now


def examine_list(
    home: Home, plan: Plan, wanted: str | None, against: Sequence[str] | None, by: str, at: dt.datetime, *,
    lowest: str = "C", told: Callable[[int, str], None] = lambda *_: None,
) -> Examined:  # fmt: skip
    """Examine a list of the office (the latest unless ``wanted``) against others (all unless ``against``); keep what is found.

    ``lowest``: the last level that is newly proposed. ``told``: hears how far it is (percent) and what is being done.
    Run again it finds the same rows and changes nothing; who was once found *tidak terbukti* is not proposed again.
    """
    if lowest not in tuple(LEVELS):
        raise Refused(Problem("--level", f"{lowest!r} bukan tingkat.", "Pilih A, B, C, atau D."))
    there = all_kept(home, plan)
    daftar = chosen(there, wanted)
    if against is None:
        held = tuple(each for each in there if not each.is_roll and not each.forgotten_at)
    else:
        held = tuple(list_of(there, each) for each in against)
    if rolls := [each.id for each in held if each.is_roll]:
        raise Refused(
            Problem(rolls[0], "daftar pemilih tidak dibandingkan di sini.", "Pakai `tahapan voters compare`.")
        )
    codes = read_toml(DATA / "tms.toml").get(plan.election.id, {})
    with working_memory(codes, file_of(home)) as con:
        told(5, f"Membaca {daftar.judul}")
        reasons = _load(con, daftar, held)
        told(20, f"Membandingkan {daftar.baris} pemilih")
        counted = search(con, reasons, plan.election.pemungutan_suara)
        told(80, "Mencatat temuan")
        _hash(con, key(home, new=not all_findings(home, plan)), reasons)
        found = [Found(*row) for row in con.execute(_FOUND).fetchall()]
        places = set(
            con.execute("SELECT DISTINCT coalesce(kecamatan, ''), coalesce(nagari, '') FROM daftar").fetchall()
        )
        with writing(home.engine) as connection:
            new, still, settled, drafts = _merge(connection, con, plan, there, daftar, found, places, lowest, by, at)
    told(100, f"{daftar.judul} dicermati")
    counted = tuple(replace(each, levels=_levels(found, each.id)) for each in counted)
    return Examined(daftar, held, counted, new, still, settled, drafts)


def _levels(found: Sequence[Found], check: str) -> Mapping[str, int]:
    """How many findings of a check, by level: of several records that name one voter the best counts."""
    return Counter(each.level for each in found if each.periksa == check)


def unsound(home: Home, plan: Plan) -> tuple[Problem, ...]:
    """What of the lists has been lost: the key that knows people again, the file, the rows of a list."""
    faults: list[Problem] = []
    there = [each for each in all_kept(home, plan) if not each.forgotten_at]
    try:
        if all_findings(home, plan):
            key(home, new=False)
        if there:
            lost = [each for each in there if each.id not in tables_of(home)]
            faults += (Problem(each.judul, "isinya tidak ada lagi.", "Kembalikan dari cadangan.") for each in lost)
    except TahapanError as error:
        faults += error.problems
    return tuple(faults)


def unexamined(home: Home, plan: Plan) -> Kept | None:
    """The latest voter list, when it or a list to hold it against came after it was last examined."""
    there = [each for each in all_kept(home, plan) if not each.forgotten_at]
    if (daftar := latest(there)) is None:
        return None
    newest = max(each.imported_at for each in there if each is daftar or not each.is_roll)
    return daftar if daftar.checked_at is None or daftar.checked_at < newest else None


def _load(con: duckdb.DuckDBPyConnection, daftar: Kept, held: Iterable[Kept]) -> tuple[str, ...]:
    """The table ``daftar``, and one for each reason with the rows of all its lists; the reasons that have one."""
    con.execute(f'CREATE VIEW daftar AS SELECT * FROM {OFFICE}."{daftar.id}"')
    reasons = tuple(reason for reason in REASONS if any(each.jenis == reason for each in held))
    for reason in reasons:
        rows = " UNION ALL BY NAME ".join(
            f"SELECT '{each.id}' AS asal, baris AS asal_baris, * EXCLUDE (baris) FROM {OFFICE}.\"{each.id}\""
            for each in held
            if each.jenis == reason
        )
        con.execute(
            f'CREATE TABLE "{reason}" AS SELECT row_number() OVER (ORDER BY asal, asal_baris) AS baris, * FROM ({rows})'
        )
    return reasons


def _hash(con: duckdb.DuckDBPyConnection, secret: str, reasons: Iterable[str]) -> None:
    """``kunci``: each voter of the list as a hash by NIK (by name where there is none) and one by name, birth and village.

    ``kunci_lain``: the same of the lists it is held against, with the list and the row that each comes from.
    """
    con.execute("SET VARIABLE rahasia = $1", [secret])
    letters = "regexp_replace(upper(strip_accents(coalesce({0}, ''))), '[^A-Z]', '', 'g')"
    born = "coalesce(lahir::VARCHAR, lahir_tahun::VARCHAR, '')"
    by_name = _sealed("nama", letters.format("nama"), born, letters.format("nagari"))
    hashed = f"{by_name} AS per_nama, coalesce({_sealed('nik', 'nik')}, per_nama) AS orang"
    con.execute(
        f"CREATE TABLE kunci AS SELECT baris, orang, per_nama AS nama FROM (SELECT baris, {hashed} FROM daftar)"
    )
    con.execute(
        "CREATE TABLE kunci_lain (sumber VARCHAR, baris BIGINT, asal VARCHAR, asal_baris BIGINT, orang VARCHAR, "
        "nama VARCHAR, kecamatan VARCHAR, nagari VARCHAR)"
    )
    for reason in reasons:
        con.execute(
            f"INSERT INTO kunci_lain SELECT '{reason}', baris, asal, asal_baris, orang, per_nama, kecamatan, nagari "
            f'FROM (SELECT *, {hashed} FROM "{reason}")'
        )


def _sealed(what: str, *parts: str) -> str:
    """SQL of a hash under the key of the home."""
    whole = " || '|' || ".join(parts)
    return f"sha256(concat_ws('|', getvariable('rahasia'), '{what}') || '|' || {whole})"


_PLACE = " ".join(
    f"WHEN '{each.id}' THEN " + _sealed(each.id, *(f"coalesce(d.{name}::VARCHAR, '')" for name in each.place))
    for each in CHECKS
    if each.place
)
_FOUND = f"""
    WITH satu AS (  -- of several records that fit one voter the best
        SELECT * FROM temuan
        QUALIFY row_number() OVER (
            PARTITION BY periksa, coalesce(baris, -lawan) ORDER BY level, kebetulan NULLS LAST, lawan
        ) = 1
    ), siapa AS (
        SELECT t.*, CASE t.periksa {_PLACE} ELSE coalesce(k.orang, a.orang) END AS orang,
               CASE t.periksa {_PLACE} ELSE coalesce(k.nama, a.nama) END AS nama,
               coalesce(d.kecamatan, a.kecamatan, '') AS kecamatan, coalesce(d.nagari, a.nagari, '') AS nagari, d.tps,
               a.asal, CASE WHEN t.sumber = 'daftar' THEN t.lawan ELSE a.asal_baris END AS lawan_baris
        FROM satu t LEFT JOIN kunci k USING (baris) LEFT JOIN daftar d USING (baris)
        LEFT JOIN kunci_lain a ON a.sumber = t.sumber AND a.baris = t.lawan
    )
    SELECT periksa, orang, nama, row_number() OVER (PARTITION BY periksa, orang ORDER BY kecamatan, nagari, tps, baris, lawan),
           level, alasan, round(kebetulan, 6), kecamatan, nagari, tps, coalesce(baris, {NOWHERE}), asal, lawan_baris
    FROM siapa ORDER BY kecamatan, nagari, tps, periksa, baris, lawan
"""


def _merge(
    connection: sa.Connection, con: duckdb.DuckDBPyConnection, plan: Plan, lists: Sequence[Kept], daftar: Kept,
    found: Sequence[Found], places: set[tuple[str, str]], lowest: str, by: str, at: dt.datetime,
) -> tuple[int, int, int, tuple[str, ...]]:  # fmt: skip
    """What was found into the records, and what a later list says of earlier findings: new, still there, settled, drafts.

    A letter without a number loses what this list shows elsewhere: its annex names the rows of the list before.
    """
    office, ranks = plan.office.profile.id, _ranks(lists)
    old = findings(connection, office, plan.election.id)
    again, fresh = _recognised(old, found)
    later = {each for each in old if ranks[each.daftar] > ranks[daftar.id]}  # an older list says nothing of these
    fresh = [each for each in fresh if each.level <= lowest]
    numbers = _insert(connection, office, plan.election.id, daftar, fresh)
    moves = [Move(n, PROPOSED, by, f"ditemukan pada {daftar.judul}") for n in numbers]
    again = {finding: row for finding, row in again.items() if finding not in later}
    gone = [
        each for each in old
        if each not in again and each not in later and each.keadaan not in CLOSED and each.daftar != daftar.id
        and (each.kecamatan, each.nagari) in places
    ]  # fmt: skip
    present = _present(con, [each for each in gone if each.periksa in REASONS])
    kept_on = {each: present.get(each, NOWHERE) for each in gone if (each in present) != (each.periksa in _MISSING)}
    _stand_now(connection, daftar, {**again, **kept_on})
    taken_back = any(each.is_roll and each.forgotten_at and each.imported_at > daftar.imported_at for each in lists)
    still = [
        each for each in (*again, *kept_on)
        if (each.daftar != daftar.id and each.keadaan != NOT_SO) or (taken_back and each.keadaan == SETTLED)  # by a later list that is forgotten
    ]  # fmt: skip
    moves += [each for finding in still if (each := _still(finding, daftar, by)) is not None]
    settled = [each for each in gone if each not in kept_on]
    for each in settled:
        said = "sudah tercatat" if each.periksa in _MISSING else "tidak tercatat lagi"
        moves.append(Move(each.id, SETTLED, by, f"{said} pada {daftar.judul}"))
    moved = [each for each in (*again, *kept_on) if each.in_draft and each.daftar != daftar.id]
    for each in moved:
        said = f"tercatat pada {daftar.judul}; keluar dari draf surat {each.in_draft}"
        moves.append(Move(each.id, each.keadaan, by, said))
    move(connection, office, moves, at)
    update(connection, [{"id": each.id, "surat": None} for each in moved])
    drafts = tuple(sorted({each.in_draft for each in (*moved, *settled)} - {""}))
    mine = daftar_pemilih.c.office == office, daftar_pemilih.c.id == daftar.id
    connection.execute(daftar_pemilih.update().where(*mine).values(checked_at=at.isoformat()))
    counts = len(fresh), len(still), len(settled)
    if moves:
        detail = {"baru": counts[0], "masih": counts[1], "selesai": counts[2]}
        journal.write(
            connection, office, at=at, who=by, what="daftar pemilih dicermati", subject=daftar.id, detail=detail
        )
    return *counts, drafts


def _ranks(lists: Sequence[Kept]) -> dict[str, tuple[int, str]]:
    """The order of the voter lists: what KPU makes later, then what came later; a forgotten one is behind all."""
    order = list(STAGES)
    return {
        each.id: (-1 if each.forgotten_at else order.index(each.jenis), each.imported_at)
        for each in lists
        if each.is_roll
    }


def _recognised(old: Sequence[Finding], found: Sequence[Found]) -> tuple[dict[Finding, Found], list[Found]]:
    """Which findings are found again, and what is new. By NIK; by name where one of the two has no NIK."""
    by_person = {(each.periksa, each.orang, each.urut): each for each in old}
    by_name = {(each.periksa, each.nama, each.urut): each for each in old}
    again: dict[Finding, Found] = {}
    fresh: list[Found] = []
    for row in found:
        known = by_person.get((row.periksa, row.orang, row.urut))
        if known is None:
            alike = by_name.get((row.periksa, row.nama, row.urut))
            known = alike if alike and (row.orang == row.nama or alike.orang == alike.nama) else None
        if known is None or known in again:
            fresh.append(row)
        else:
            again[known] = row
    return again, fresh


def _insert(
    connection: sa.Connection, office: str, election: str, daftar: Kept, fresh: Sequence[Found]
) -> Iterator[int]:
    if not fresh:
        return iter(())
    rows = [
        {name: getattr(each, name) for name in Found.__slots__}
        | {"office": office, "election": election, "daftar": daftar.id, "keadaan": PROPOSED}
        for each in fresh
    ]
    last = connection.execute(sa.select(sa.func.max(temuan.c.id))).scalar() or 0
    connection.execute(temuan.insert(), [{"id": n, **row} for n, row in enumerate(rows, last + 1)])
    return iter(range(last + 1, last + 1 + len(rows)))


def _stand_now(connection: sa.Connection, daftar: Kept, rows: Mapping[Finding, Found | int]) -> None:
    """Where on the list the findings are now; of those that are found again also what speaks for them."""
    again: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for old, row in rows.items():
        if isinstance(row, int):
            moved.append({"id": old.id, "daftar": daftar.id, "baris": row})
        else:
            values = {name: getattr(row, name) for name in _AGAIN} | {"daftar": daftar.id}
            if any(getattr(old, name) != value for name, value in values.items()):
                again.append({"id": old.id, **values})
    update(connection, again)
    update(connection, moved)


_AGAIN = ("level", "alasan", "kebetulan", "kecamatan", "nagari", "tps", "baris", "lawan", "lawan_baris")


def _still(finding: Finding, daftar: Kept, by: str) -> Move | None:
    """What it means that a fault stands on a later list too; None where it says nothing new."""
    word = "belum" if finding.periksa in _MISSING else "masih"
    if finding.keadaan == SETTLED:
        return Move(finding.id, PROPOSED, by, f"tercatat kembali pada {daftar.judul}")
    if finding.keadaan == REFUSED:
        return Move(finding.id, REFUSED, by, f"{word} tercatat pada {daftar.judul}")
    if finding.nomor and finding.keadaan != NOT_SO:
        said = f"sudah disampaikan dengan surat {finding.nomor}, {word} tercatat pada {daftar.judul}"
        return Move(finding.id, NOT_YET, by, said)
    return None


def _present(con: duckdb.DuckDBPyConnection, wanted: Sequence[Finding]) -> dict[Finding, int]:
    """Which of these persons stand on the list at all, and their row there."""
    if not wanted:
        return {}
    con.register(
        "dicari", pa.table({name: [getattr(each, name) for each in wanted] for name in ("id", "orang", "nama")})
    )
    rows: dict[int, list[int]] = {}
    for finding, baris in con.execute("""
        SELECT id, baris FROM dicari JOIN kunci USING (orang)
        UNION SELECT c.id, k.baris FROM dicari c JOIN kunci k USING (nama) WHERE c.orang = c.nama OR k.orang = k.nama
        ORDER BY ALL
    """).fetchall():
        rows.setdefault(finding, []).append(baris)
    return {
        each: rows[each.id][each.urut - 1] for each in wanted if len(rows.get(each.id, ())) >= each.urut
    }  # fmt: skip
