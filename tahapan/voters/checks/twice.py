"""One person standing twice: in two TPS, or once with another spelling."""

from __future__ import annotations

from tahapan.voters.checks.check import ALIKE, Given


def twice(given: Given) -> str:
    """One of the rows is kept, the others struck off (DOMAIN 4.1, code 2). Twins are no double: their NIK differ.

    ``lawan``: the row that stands earlier in the list.
    """
    del given
    return f"""
        WITH senama AS (SELECT padat, count(*) AS banyak FROM l GROUP BY padat),
        sehari AS (SELECT lahir, count(*) / (SELECT count(*) FROM l) AS bagian FROM l GROUP BY lahir),
        calon AS (
            SELECT a.uid AS pertama, b.uid AS kedua, true AS satu_nik, a.lahir = b.lahir AS satu_lahir,
                   a.tempat = b.tempat AS satu_nagari, a.padat = b.padat AS satu_nama, 0.0 AS kebetulan
            FROM l a JOIN l b ON a.nik = b.nik AND a.uid < b.uid
            WHERE NOT contains(a.nik, '*') AND {ALIKE}
              AND (a.lahir = b.lahir OR a.lahir IS NULL OR b.lahir IS NULL OR a.tempat = b.tempat)
            UNION
            SELECT a.uid, b.uid, false, true, a.tempat = b.tempat, true, senama.banyak * sehari.bagian
            FROM l a JOIN l b ON a.padat = b.padat AND a.lahir = b.lahir AND a.uid < b.uid
            JOIN senama ON senama.padat = a.padat JOIN sehari ON sehari.lahir = a.lahir
            WHERE a.nik IS NULL OR b.nik IS NULL OR contains(a.nik || b.nik, '*')
               OR (a.nik <> b.nik AND a.tempat = b.tempat AND (a.nkk = b.nkk
                   OR (damerau_levenshtein(a.nik, b.nik) <= 1 AND left(a.nik, 12) <> left(b.nik, 12))))
        )
        SELECT kedua AS baris, pertama AS lawan,
               CASE WHEN satu_nik AND satu_lahir THEN 'A' WHEN satu_nik THEN 'B'
                    WHEN satu_nagari AND kebetulan < 0.01 THEN 'B' WHEN kebetulan < 0.0005 THEN 'C' ELSE 'D' END AS level,
               concat_ws('; ', CASE WHEN satu_nik THEN 'NIK sama' ELSE 'NIK tidak lengkap, atau hampir sama' END,
                   CASE WHEN satu_nama THEN 'nama sama' ELSE 'nama mirip' END,
                   CASE WHEN satu_lahir THEN 'tanggal lahir sama' ELSE 'tanggal lahir tidak dapat dibandingkan' END,
                   CASE WHEN satu_nagari THEN 'nagari sama' ELSE 'nagari lain' END) AS alasan, kebetulan
        FROM calon
    """
