"""Names, places and dates in one spelling, in SQL: what two offices write differently and mean alike.

Only for comparing. What is shown to people is always what was written.
"""

from __future__ import annotations

import duckdb

from tahapan.plan import DATA
from tahapan.reading import read_toml

RULES = DATA / "ejaan.toml"
_SIMPLE = r"[^A-Z ]"


def standardise(con: duckdb.DuckDBPyConnection, daftar: str, lain: str) -> None:
    """The tables ``l`` (of the list) and ``r`` (of the other one) with one row per row, made of `intake`'s tables.

    ``uid`` is the row of the file; ``nama`` in one spelling, ``kata`` its words, ``padat`` without spaces; ``nik`` sixteen
    digits, masked ones with ``*``; ``lahir``, ``tahun``; ``jk``; ``tempat`` and ``kec`` the numbers of nagari and
    kecamatan as the list has them, NULL where nobody can say which one is meant.
    """
    rules = read_toml(RULES)
    _names(con, rules, (daftar, lain))
    _places(con, rules, daftar, lain)
    shared = (
        "baris AS uid, b.nama, b.kata, b.padat, left(b.padat, 2) AS awal, coalesce(nik, nik_samar) AS nik, jk, lahir, "
        "lahir_tahun AS tahun, try_strptime(strftime(lahir, '%Y%d%m'), '%Y%m%d')::DATE AS tukar, t.tempat, t.kec"
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE l AS
        SELECT {shared}, nkk
        FROM {daftar} d LEFT JOIN baku b ON b.asli = d.nama
        LEFT JOIN tempat t ON t.kecamatan IS NOT DISTINCT FROM d.kecamatan AND t.nagari IS NOT DISTINCT FROM d.nagari
    """)
    con.execute(f"""
        CREATE OR REPLACE TABLE r AS
        SELECT {shared}, NULL::VARCHAR AS nkk
        FROM {lain} d LEFT JOIN baku b ON b.asli = d.nama
        LEFT JOIN tempat_lain t
          ON t.kecamatan IS NOT DISTINCT FROM d.kecamatan AND t.nagari IS NOT DISTINCT FROM d.nagari
    """)


def _names(con: duckdb.DuckDBPyConnection, rules: dict[str, dict[str, list[str]]], tables: tuple[str, ...]) -> None:
    """``baku``: each way of writing a name once, with its words in one spelling and without titles."""
    every = " UNION ".join(f"SELECT nama AS asli FROM {table} WHERE nama IS NOT NULL" for table in tables)
    letters = f"trim(regexp_replace(regexp_replace({_letters('asli')}, '''', '', 'g'), '{_SIMPLE}', ' ', 'g'))"
    adat = "|".join(rules["gelar"]["adat"])
    plain = f"regexp_replace({letters}, '^(.*?[A-Z].*?) ({adat})( .*)?$', '\\1')"
    titles, words = rules["gelar"]["kata"], rules["nama"]
    _spellings(con, "ganti_nama", words)
    con.execute("SET VARIABLE gelar = $1", [titles])
    con.execute(f"""
        CREATE OR REPLACE TABLE baku AS
        WITH pecah AS (
            SELECT asli, list_filter(string_split(trim({plain}), ' '), lambda k: k <> '') AS semua FROM ({every})
        ), bersih AS (
            SELECT asli, semua, list_filter(semua, lambda k: NOT list_contains(getvariable('gelar'), k)) AS tanpa FROM pecah
        ), kata AS (
            SELECT asli, list_transform(
                CASE WHEN len(tanpa) > 0 THEN tanpa ELSE semua END,
                lambda k, n: CASE WHEN k = 'M' AND n = 1 AND len(tanpa) > 1 THEN 'MUHAMMAD'
                          ELSE coalesce(list_extract(map_extract(getvariable('ganti_nama'), k), 1), {_spelt("k")}) END
            ) AS kata FROM bersih
        )
        SELECT asli, kata, list_aggregate(kata, 'string_agg', ' ') AS nama, list_aggregate(kata, 'string_agg', '') AS padat
        FROM kata
    """)


def _spellings(con: duckdb.DuckDBPyConnection, variable: str, words: dict[str, list[str]]) -> None:
    """A map from each way of writing a word to the one that is compared."""
    pairs = [(word, said) for said in words for word in words[said]]
    con.execute(f"SET VARIABLE {variable} = map($1, $2)", [list(side) for side in zip(*pairs, strict=True)])


def _letters(column: str) -> str:
    """Capitals without accents; what follows a comma is an academic title."""
    return f"upper(strip_accents(regexp_replace({column}, ',.*$', '')))"


def _spelt(word: str) -> str:
    """Old spellings (Soewandi, Djamal, Tjut) as today's."""
    said = word
    for old, new in (("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "SY"), ("NJ", "NY"), ("PH", "F")):
        said = f"replace({said}, '{old}', '{new}')"
    return said


def _places(con: duckdb.DuckDBPyConnection, rules: dict[str, dict[str, list[str]]], daftar: str, lain: str) -> None:
    """``tempat``: the nagari of the list, numbered; ``tempat_lain``: which of them the other list means."""
    words = rules["tempat"]
    _spellings(con, "ganti_tempat", words)

    def plain(column: str) -> str:
        letters = f"regexp_replace(upper(strip_accents(coalesce({column}, ''))), '{_SIMPLE}', ' ', 'g')"
        swapped = (
            f"list_transform(list_filter(string_split({letters}, ' '), lambda k: k <> ''), "
            "lambda k: coalesce(list_extract(map_extract(getvariable('ganti_tempat'), k), 1), k))"
        )
        return f"coalesce(list_aggregate({swapped}, 'string_agg', ''), '')"

    con.execute(f"""
        CREATE OR REPLACE TABLE tempat AS
        SELECT kecamatan, nagari, dense_rank() OVER (ORDER BY k, n) AS tempat, dense_rank() OVER (ORDER BY k) AS kec, k, n
        FROM (SELECT DISTINCT kecamatan, nagari, {plain("kecamatan")} AS k, {plain("nagari")} AS n FROM {daftar})
        WHERE n <> ''
    """)
    con.execute(f"""
        CREATE OR REPLACE TABLE tempat_lain AS
        WITH ditulis AS (
            SELECT DISTINCT kecamatan, nagari, {plain("kecamatan")} AS k, {plain("nagari")} AS n FROM {lain}
        ), calon AS (
            SELECT d.kecamatan, d.nagari, t.tempat, t.kec, d.n = t.n AS sama,
                   jaro_winkler_similarity(d.n, t.n) AS mirip, d.k = t.k AS satu_kecamatan
            FROM ditulis d JOIN (SELECT DISTINCT k, n, tempat, kec FROM tempat) t
              ON (d.k = t.k AND (d.n = t.n OR jaro_winkler_similarity(d.n, t.n) >= 0.9)) OR (d.k = '' AND d.n = t.n)
        ), urut AS (
            SELECT *, row_number() OVER w AS ke, lead(mirip) OVER w AS kedua, lead(sama) OVER w AS sama_kedua
            FROM calon WINDOW w AS (PARTITION BY kecamatan, nagari ORDER BY sama DESC, mirip DESC, tempat)
        ), satu AS (
            SELECT kecamatan, nagari, tempat, kec FROM urut
            WHERE ke = 1 AND (kedua IS NULL OR (sama AND NOT sama_kedua) OR (NOT sama AND mirip > kedua))
        )
        SELECT d.kecamatan, d.nagari, s.tempat, coalesce(s.kec, k.kec) AS kec
        FROM ditulis d LEFT JOIN satu s
          ON s.kecamatan IS NOT DISTINCT FROM d.kecamatan AND s.nagari IS NOT DISTINCT FROM d.nagari
        LEFT JOIN (SELECT DISTINCT k, kec FROM tempat) k ON k.k = d.k
    """)
