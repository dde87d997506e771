"""A neighbourhood (RT) whose voters are sent to several polling places."""

from __future__ import annotations

from tahapan.voters.checks.check import Given
from tahapan.voters.checks.polling_places import MOST

_TOGETHER = (
    0.8  # of an RT in one TPS: the rest strayed; where it is less, several RT share a number, or the RT was divided
)


def neighbourhoods_split(given: Given) -> str:
    """Neighbours vote together where the law's number allows it (coklit findings, DOMAIN 4.6); code 8, nobody is struck off.

    A row for each RT that is nearly whole in one TPS and has voters elsewhere: that of the first who strayed. An RT is
    known by kecamatan, nagari, street (jorong), RW and RT; one of more than 600 voters has to be divided.
    """
    return f"""
        WITH warga AS (
            SELECT baris, kecamatan, nagari, coalesce(alamat, '') AS alamat, coalesce(rw, '') AS rw, rt, tps
            FROM {given.daftar} WHERE rt IS NOT NULL AND tps IS NOT NULL AND TRY_CAST(rt AS INTEGER) IS DISTINCT FROM 0
        ), per_tps AS (
            SELECT kecamatan, nagari, alamat, rw, rt, tps, count(*) AS n, min(baris) AS awal FROM warga GROUP BY ALL
        ), per_rt AS (
            SELECT kecamatan, nagari, alamat, rw, rt, sum(n) AS semua, max(n) AS banyak, arg_max(tps, n) AS utama
            FROM per_tps GROUP BY ALL
            HAVING count(*) > 1 AND sum(n) <= {MOST} AND max(n) >= {_TOGETHER} * sum(n)
        )
        SELECT min(t.awal) AS baris, NULL::BIGINT AS lawan, 'C' AS level,
               'RT ' || rt || CASE WHEN rw <> '' THEN ' RW ' || rw ELSE '' END || ': ' || any_value(banyak) || ' dari '
               || any_value(semua) || ' pemilih di TPS ' || any_value(utama) || ', selebihnya di TPS '
               || string_agg(t.tps, ', ' ORDER BY t.tps) || '; pindah TPS, bukan pencoretan' AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM per_rt JOIN per_tps t USING (kecamatan, nagari, alamat, rw, rt) WHERE t.tps <> utama
        GROUP BY kecamatan, nagari, alamat, rw, rt
    """
