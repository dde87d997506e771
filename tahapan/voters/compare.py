"""Two versions of a voter list side by side: who came, who went, who moved to another TPS; and KPU's recap against a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tahapan.book.sheet import Column, Row, rows_of, text_of
from tahapan.errors import DataError, Problem
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.private import private_folder
from tahapan.voters.linking.standard import standardise
from tahapan.voters.lists import Kept, all_kept, chosen, file_of
from tahapan.voters.results import write_rows
from tahapan.voters.search import OFFICE, working_memory

FILES = {"masuk": "masuk.csv", "keluar": "keluar.csv", "pindah": "pindah-tps.csv", "berubah": "data-berubah.csv"}


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan in both lists."""

    kecamatan: str
    lama: int
    baru: int
    masuk: int
    keluar: int
    pindah: int
    berubah: int


@dataclass(frozen=True, slots=True)
class Compared:
    lama: Kept
    baru: Kept
    areas: tuple[Area, ...]


def compare(home: Home, plan: Plan, lama: str, baru: str, out: Path | None = None) -> Compared:
    """Counts by kecamatan; with ``out`` also who it is, in private files without numbers of persons (`FILES`).

    The same person: one NIK that stands once in each list; of the others one name, birth and village that does so. The
    rest of the old list went, the rest of the new one came: a voter whose NIK and name both changed is in both.
    """
    there = all_kept(home, plan)
    first, second = chosen(there, lama), chosen(there, baru)
    with working_memory({}, file_of(home)) as con:
        for name, each in (("lama", first), ("baru", second)):
            con.execute(f'CREATE VIEW {name} AS SELECT * FROM {OFFICE}."{each.id}"')
        standardise(con, "lama", "baru")
        _pair(con)
        rows = con.execute(_COUNTS).fetchall()
        if out:
            private_folder(out)
            for name, query in _PEOPLE.items():
                write_rows(con, out / FILES[name], query)
    return Compared(first, second, tuple(Area(*row) for row in rows))


def _pair(con: duckdb.DuckDBPyConnection) -> None:
    """``pasangan``: row of the old list, row of the new one."""
    con.execute("CREATE TABLE pasangan (lama BIGINT, baru BIGINT)")
    born = "coalesce({0}.lahir::VARCHAR, {0}.tahun::VARCHAR, '')"
    for what in (
        "CASE WHEN NOT contains({0}.nik, '*') THEN {0}.nik END",
        f"{{0}}.padat || '|' || {born} || '|' || {{0}}.tempat",
        f"{{0}}.padat || '|' || {born} || '|' || {{0}}.kec",  # moved to another village
    ):
        once = (
            "SELECT any_value({0}.uid) AS uid, "
            + what
            + " AS apa FROM {0} ANTI JOIN pasangan ON pasangan.{1} = {0}.uid "
            "WHERE apa IS NOT NULL GROUP BY apa HAVING count(*) = 1"
        )
        con.execute(
            f"INSERT INTO pasangan SELECT a.uid, b.uid FROM ({once.format('l', 'lama')}) a "
            f"JOIN ({once.format('r', 'baru')}) b USING (apa)"
        )


_MOVED = "(a.tps IS DISTINCT FROM b.tps OR x.tempat IS DISTINCT FROM y.tempat)"
_CHANGED = "(x.nama IS DISTINCT FROM y.nama OR a.lahir IS DISTINCT FROM b.lahir OR a.nik IS DISTINCT FROM b.nik)"
_BOTH = """
    pasangan p JOIN lama a ON a.baris = p.lama JOIN baru b ON b.baris = p.baru
    JOIN l x ON x.uid = p.lama JOIN r y ON y.uid = p.baru
"""
_COUNTS = f"""
    WITH tempat_baru AS (SELECT uid, k.kecamatan FROM r LEFT JOIN baru k ON k.baris = r.uid),
    semua AS (
        SELECT kecamatan, 1 AS lama, 0 AS baru, 0 AS masuk, 0 AS keluar, 0 AS pindah, 0 AS berubah FROM lama
        UNION ALL SELECT kecamatan, 0, 1, 0, 0, 0, 0 FROM baru
        UNION ALL SELECT kecamatan, 0, 0, 1, 0, 0, 0 FROM baru ANTI JOIN pasangan ON pasangan.baru = baru.baris
        UNION ALL SELECT kecamatan, 0, 0, 0, 1, 0, 0 FROM lama ANTI JOIN pasangan ON pasangan.lama = lama.baris
        UNION ALL SELECT b.kecamatan, 0, 0, 0, 0, {_MOVED}::INTEGER, {_CHANGED}::INTEGER FROM {_BOTH}
    )
    SELECT coalesce(kecamatan, '') AS k, {", ".join(f"sum({name})::BIGINT" for name in ("lama", "baru", *FILES))}
    FROM semua GROUP BY k ORDER BY k
"""
_ONE = "{0}.id, {0}.baris, {0}.nama, {0}.lahir AS tanggal_lahir, {0}.kecamatan, {0}.nagari, {0}.tps"
_PEOPLE = {
    "masuk": f"SELECT {_ONE.format('baru')} FROM baru ANTI JOIN pasangan ON pasangan.baru = baru.baris ORDER BY baris",
    "keluar": f"SELECT {_ONE.format('lama')} FROM lama ANTI JOIN pasangan ON pasangan.lama = lama.baris ORDER BY baris",
    "pindah": f"SELECT {_ONE.format('b')}, a.nagari AS nagari_lama, a.tps AS tps_lama FROM {_BOTH} WHERE {_MOVED} ORDER BY b.baris",
    "berubah": f"SELECT {_ONE.format('b')}, a.nama AS nama_lama, a.lahir AS tanggal_lahir_lama,"
    f" CASE WHEN a.nik IS DISTINCT FROM b.nik THEN 'ya' ELSE 'tidak' END AS nik_berubah FROM {_BOTH} WHERE {_CHANGED} ORDER BY b.baris",
}


# --- KPU's recap -----------------------------------------------------------------------------------

_WANTED = (
    Column("Kecamatan", ("kec", "namakecamatan")),
    Column("Nagari", ("desa", "kelurahan", "desakelurahan", "nagaridesa", "keldesa", "namadesa"), needed=False),
    Column("TPS", ("notps", "nomortps"), needed=False),
    Column("Jumlah", ("lp", "total", "jumlahpemilih", "pemilih", "jumlahlp")),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place whose total is another in KPU's recap; None where one of the two does not have the place."""

    tempat: str
    rekap: int | None
    daftar: int | None


def against_recap(home: Home, plan: Plan, wanted: str, path: Path) -> tuple[int, tuple[Difference, ...]]:
    """How many places of KPU's recap (XLSX: Kecamatan, Nagari, TPS, Jumlah; the last places may be missing) agree with the list; which do not.

    DataError with every faulty row.
    """
    daftar = chosen(all_kept(home, plan), wanted)
    recap, levels = _recap(path)
    columns = ("kecamatan", "nagari", "tps")[:levels]
    with working_memory({}, file_of(home)) as con:
        said = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in columns)
        rows = con.execute(f'SELECT {said}, count(*) FROM {OFFICE}."{daftar.id}" GROUP BY ALL').fetchall()
    ours: dict[tuple[str, ...], int] = {}
    spelt: dict[tuple[str, ...], str] = {}
    for row in rows:
        place = tuple(map(_same, row[:-1]))
        ours[place] = ours.get(place, 0) + row[-1]
        spelt.setdefault(place, _spoken(row[:-1]))
    spelt |= {place: told for place, (told, _) in recap.items() if place not in spelt}
    places = sorted(recap.keys() | ours.keys())
    wrong = [
        Difference(spelt[each], recap[each][1] if each in recap else None, ours.get(each))
        for each in places
        if (recap[each][1] if each in recap else None) != ours.get(each)
    ]
    return len(places) - len(wrong), tuple(wrong)


def _recap(path: Path) -> tuple[dict[tuple[str, ...], tuple[str, int]], int]:
    """Total by place, and how many parts a place has; lines that sum up others are passed over."""
    rows = [*rows_of(path, _WANTED)]
    levels = max(
        (n for row in rows for n, name in enumerate(("Kecamatan", "Nagari", "TPS"), 1) if _filled(row, name)), default=0
    )
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    faults: list[Problem] = []
    for row in rows:
        try:
            parts = [text_of(row.cells.get(name), row.place(name)) for name in ("Kecamatan", "Nagari", "TPS")[:levels]]
            total = text_of(row.cells.get("Jumlah"), row.place("Jumlah")).replace(".", "")
        except DataError as error:
            faults += error.problems
            continue
        if not all(parts) or _same(parts[0]) in ("JUMLAH", "TOTAL"):
            continue
        place = tuple(map(_same, parts))
        if not total.isdecimal():
            faults.append(Problem(row.place("Jumlah"), f"{total or '(kosong)'} bukan angka.", "Isi dengan angka saja."))
        elif place in found:
            faults.append(Problem(row.where, f"{_spoken(parts)} tertulis dua kali.", "Hapus salah satu."))
        else:
            found[place] = _spoken(parts), int(total)
    if faults:
        raise DataError(*faults)
    if not found:
        raise DataError(Problem(path.name, "tidak ada baris dengan jumlah.", "Isi Kecamatan, Nagari, TPS, Jumlah."))
    return found, levels


def _filled(row: Row, name: str) -> bool:
    return str(row.cells.get(name) or "").strip() != ""


def _same(part: Any) -> str:
    text = "".join(sign for sign in str(part).upper() if sign.isalnum())
    return text.removeprefix("TPS").lstrip("0") or text


def _spoken(parts: Iterable[Any]) -> str:
    return ", ".join(f"TPS {part}" if str(part).isdecimal() else str(part) for part in parts)
