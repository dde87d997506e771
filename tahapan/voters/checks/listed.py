"""Voters who stand on a list of people that must not be among them: the dead, soldiers, police, those who moved away."""

from __future__ import annotations

from dataclasses import dataclass

from tahapan.voters.checks.check import Given
from tahapan.voters.linking import levels, model


@dataclass(frozen=True, slots=True)
class Against:
    """A kind of list that may be given: the ``id`` of the reason, what it is called, and the rule."""

    id: str
    judul: str
    dasar: str


AGAINST = (
    # Struck off at coklit with a letter of death or another document: PKPU 7/2022 Ps 19(3), to be checked in 7/2024.
    Against("meninggal", "Meninggal dunia", "dicoret dengan surat keterangan kematian atau dokumen lain"),
    Against("tni", "Anggota TNI", "dicoret dengan KTA"),  # DOMAIN 4.1
    Against("polri", "Anggota Polri", "dicoret dengan KTA"),
    Against("wna", "Warga negara asing", "dicoret dengan dokumen kewarganegaraan"),
    Against("pindah", "Pindah domisili", "ditandai, bukan dicoret, saat coklit"),
)


def listed(given: Given) -> str:
    """``lawan``: the row of the other list; ``level`` as `linking.levels` says."""
    levels.judge(given.con, model.compare(given.con))
    return "SELECT uid_l AS baris, uid_r AS lawan, level, alasan, kebetulan FROM pasangan"
