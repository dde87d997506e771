"""One NIK on two different persons: a fault of the data, of which neither may lose the vote."""

from __future__ import annotations

from tahapan.voters.checks.check import ALIKE, Given


def nik_shared(given: Given) -> str:
    """It does occur (Serang, DOMAIN 4.3): to be put right with Disdukcapil, no reason to strike anyone off, no code."""
    del given
    return f"""
        SELECT b.uid AS baris, a.uid AS lawan, 'A' AS level,
               'NIK sama pada dua nama yang berlainan; periksa ke Disdukcapil, bukan alasan mencoret' AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM l a JOIN l b ON a.nik = b.nik AND a.uid < b.uid
        WHERE NOT contains(a.nik, '*') AND NOT {ALIKE}
    """
