"""One person standing twice: in two TPS, or once with another spelling."""

from __future__ import annotations

from tahapan.voters.checks.check import ALIKE, Given

# Of two whole NIK that differ: one person registered twice, or two people of one name born on one day in one place. So
# many of the second kind chance may give (measured on two synthetic regencies, docs/benchmarks.md).
_TWO_NIK = 3e-5


def twice(given: Given) -> str:
    """One of the rows is kept, the others struck off (DOMAIN 4.1, code 2). Twins are no double: their names differ.

    With two whole NIK that differ only where name, birth date and birthplace are the same and so rare that chance gives
    nobody: level C, to be looked up. ``lawan``: the row that stands earlier in the list.
    """
    near = """
        a.tempat = b.tempat AND (a.nkk = b.nkk
            OR (damerau_levenshtein(a.nik, b.nik) <= 1 AND left(a.nik, 12) <> left(b.nik, 12)))
    """
    return f"""
        WITH senama AS (SELECT padat, count(*) AS banyak FROM l GROUP BY padat),
        sehari AS (SELECT lahir, count(*) / (SELECT count(*) FROM l) AS bagian FROM l GROUP BY lahir),
        asal AS (SELECT baris AS uid, upper(trim(tempat_lahir)) AS lahir_di FROM {given.daftar}),
        setempat AS (SELECT lahir_di, count(*) / (SELECT count(*) FROM l) AS bagian FROM asal GROUP BY lahir_di),
        calon AS (
            SELECT a.uid AS pertama, b.uid AS kedua, 'sama' AS apa, a.lahir = b.lahir AS satu_lahir,
                   a.tempat = b.tempat AS satu_nagari, a.padat = b.padat AS satu_nama, 0.0 AS kebetulan
            FROM l a JOIN l b ON a.nik = b.nik AND a.uid < b.uid
            WHERE NOT contains(a.nik, '*') AND {ALIKE}
              AND (a.lahir = b.lahir OR a.lahir IS NULL OR b.lahir IS NULL OR a.tempat = b.tempat)
            UNION ALL
            SELECT a.uid, b.uid,
                   CASE WHEN a.nik IS NULL OR b.nik IS NULL OR contains(a.nik || b.nik, '*') THEN 'kurang'
                        WHEN {near} THEN 'hampir' ELSE 'lain' END AS apa, true, a.tempat = b.tempat, true,
                   senama.banyak * sehari.bagian * CASE WHEN apa = 'lain' THEN setempat.bagian ELSE 1 END
            FROM l a JOIN l b ON a.padat = b.padat AND a.lahir = b.lahir AND a.uid < b.uid
            JOIN senama ON senama.padat = a.padat JOIN sehari ON sehari.lahir = a.lahir
            JOIN asal x ON x.uid = a.uid JOIN asal y ON y.uid = b.uid
            LEFT JOIN setempat ON setempat.lahir_di = x.lahir_di
            WHERE a.nik IS DISTINCT FROM b.nik
              AND (apa <> 'lain' OR (x.lahir_di = y.lahir_di AND a.jk = b.jk))
        )
        SELECT kedua AS baris, pertama AS lawan,
               CASE WHEN apa = 'sama' AND satu_lahir THEN 'A' WHEN apa = 'sama' THEN 'B'
                    WHEN apa = 'lain' THEN CASE WHEN kebetulan < {_TWO_NIK} THEN 'C' ELSE 'D' END
                    WHEN satu_nagari AND kebetulan < 0.01 THEN 'B' WHEN kebetulan < 0.0005 THEN 'C' ELSE 'D' END AS level,
               concat_ws('; ', CASE apa WHEN 'sama' THEN 'NIK sama' WHEN 'lain' THEN 'NIK lain'
                                    WHEN 'hampir' THEN 'NIK hampir sama' ELSE 'NIK tidak lengkap' END,
                   CASE WHEN satu_nama THEN 'nama sama' ELSE 'nama mirip' END,
                   CASE WHEN NOT coalesce(satu_lahir, false) THEN 'tanggal lahir tidak dapat dibandingkan'
                        WHEN apa = 'lain' THEN 'tanggal dan tempat lahir sama' ELSE 'tanggal lahir sama' END,
                   CASE WHEN satu_nagari THEN 'nagari sama' ELSE 'nagari lain' END) AS alasan, kebetulan
        FROM calon
    """
