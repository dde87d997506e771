"""Voters who stand on a list of people that must not be among them, and people who are missing from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tahapan.voters.checks.check import Given
from tahapan.voters.checks.under_age import born_until
from tahapan.voters.linking import levels, model


def listed(given: Given) -> str:
    """``lawan``: the row of the other list; ``level`` as `linking.levels` says."""
    levels.judge(given.con, model.compare(given.con))
    return "SELECT uid_l AS baris, uid_r AS lawan, level, alasan, kebetulan FROM pasangan"


def absent(given: Given) -> str:
    """Rows of the other list whom no voter matches at level A to C; ``baris`` is NULL. Who is not of age yet is not missed.

    B with a NIK that nobody has; C without one, or where somebody looks like it: KPU may have written him otherwise.
    """
    levels.judge(given.con, model.compare(given.con))
    return f"""
        WITH terdekat AS (SELECT uid_r, min(level) AS level, arg_min(alasan, level) AS alasan FROM pasangan GROUP BY uid_r)
        SELECT NULL::BIGINT AS baris, r.uid AS lawan,
               CASE WHEN r.nik IS NULL OR contains(r.nik, '*') OR t.uid_r IS NOT NULL THEN 'C' ELSE 'B' END AS level,
               'belum tercantum' || CASE WHEN t.uid_r IS NOT NULL THEN '; ada yang mirip: ' || t.alasan
                   WHEN r.nik IS NULL THEN '; NIK tidak tertulis' ELSE '' END AS alasan,
               NULL::DOUBLE AS kebetulan
        FROM r LEFT JOIN terdekat t ON t.uid_r = r.uid
        WHERE coalesce(t.level, 'D') > 'C' AND r.nama IS NOT NULL
          AND (r.lahir IS NULL OR r.lahir <= DATE '{born_until(given.on).isoformat()}')
    """


@dataclass(frozen=True, slots=True)
class Against:
    """A kind of list that may be given: the ``id`` of the reason, what it is called, the rule, and what is looked for."""

    id: str
    judul: str
    dasar: str
    find: Callable[[Given], str] = listed

    @property
    def missing(self) -> bool:
        """Whether it lists people who must be on the voter list."""
        return self.find is absent


AGAINST = (
    # Struck off at coklit with a letter of death or another document: PKPU 7/2022 Ps 19(3), to be checked in 7/2024.
    Against("meninggal", "Meninggal dunia", "dicoret dengan surat keterangan kematian atau dokumen lain"),
    Against("tni", "Anggota TNI", "dicoret dengan KTA"),  # DOMAIN 4.1
    Against("polri", "Anggota Polri", "dicoret dengan KTA"),
    Against("wna", "Warga negara asing", "dicoret dengan dokumen kewarganegaraan"),
    Against("pindah", "Pindah domisili", "ditandai, bukan dicoret, saat coklit"),
    # New voters of 17, retired soldiers and police, who moved in (DOMAIN 4.6).
    Against("baru", "Pemilih baru belum tercantum", "didaftarkan dengan KTP-el", absent),
)
