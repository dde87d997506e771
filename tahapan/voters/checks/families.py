"""A family whose members vote in several TPS."""

from __future__ import annotations

from tahapan.voters.checks.check import Given


def families_apart(given: Given) -> str:
    """A family is kept in one TPS (DOMAIN 4.6); code 8, which moves a voter and strikes nobody off.

    The members outside the TPS where most of the family is; nobody where there is no such TPS.
    """
    return f"""
        WITH banyak AS (
            SELECT nkk, nagari, tps, count(*) AS n FROM {given.daftar} WHERE nkk IS NOT NULL AND tps IS NOT NULL GROUP BY ALL
        ), utama AS (
            SELECT nkk, nagari, tps, n, lead(n) OVER w AS kedua FROM banyak
            WINDOW w AS (PARTITION BY nkk ORDER BY n DESC, nagari, tps) QUALIFY row_number() OVER w = 1
        )
        SELECT d.baris, NULL::BIGINT AS lawan, 'B' AS level,
               'keluarganya di TPS ' || u.tps || ' ' || coalesce(u.nagari, '') || '; pindah TPS, bukan pencoretan' AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM {given.daftar} d JOIN utama u USING (nkk)
        WHERE u.kedua < u.n AND d.tps IS NOT NULL AND (d.tps <> u.tps OR d.nagari IS DISTINCT FROM u.nagari)
    """
