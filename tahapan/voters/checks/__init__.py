"""What a voter list is examined for; each check is one function that cites its rule. A new one: its module, one line here."""

from __future__ import annotations

from tahapan.voters.checks.check import Check, Given
from tahapan.voters.checks.families import families_apart
from tahapan.voters.checks.listed import AGAINST, Against
from tahapan.voters.checks.neighbourhoods import neighbourhoods_split
from tahapan.voters.checks.nik_shared import nik_shared
from tahapan.voters.checks.polling_places import polling_places_over_limit
from tahapan.voters.checks.twice import twice
from tahapan.voters.checks.under_age import under_age

__all__ = ["AGAINST", "CHECKS", "Against", "Check", "Given"]

CHECKS = (
    Check("ganda", "Orang yang sama dua kali", twice),
    Check("nik-kembar", "Satu NIK pada dua orang", nik_shared),
    Check("di-bawah-umur", "Belum 17 tahun dan belum kawin", under_age),
    Check("salah-tps", "Satu keluarga di lebih dari satu TPS", families_apart),
    Check("tps-penuh", "TPS lebih dari 600 pemilih", polling_places_over_limit, ("kecamatan", "nagari", "tps")),
    Check(
        "rt-terbagi",
        "Satu RT di lebih dari satu TPS",
        neighbourhoods_split,
        ("kecamatan", "nagari", "alamat", "rw", "rt"),
    ),
)
