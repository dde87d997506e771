"""Polling places with more voters than the law allows."""

from __future__ import annotations

from tahapan.voters.checks.check import Given

MOST = 600


def polling_places_over_limit(given: Given) -> str:
    """At most 600 voters per TPS (Pilkada 2024, DOMAIN 4.1). A row for each such TPS, that of its first voter."""
    return f"""
        SELECT min(baris) AS baris, NULL::BIGINT AS lawan, 'A' AS level,
               'TPS ' || tps || ' ' || coalesce(nagari, '') || ' berisi ' || count(*) || ' pemilih' AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM {given.daftar} WHERE tps IS NOT NULL GROUP BY kecamatan, nagari, tps HAVING count(*) > {MOST}
    """
