"""Splink over two standardised lists: which rows are compared, how, and how much each agreement weighs."""

from __future__ import annotations

import logging
from typing import Any

import duckdb

# Pairs worth a look, each found by something that the others may lack. None needs a NIK but the first.
BLOCKING = (
    "l.nik = r.nik",
    "l.lahir = r.lahir AND (l.awal = r.awal OR l.kec = r.kec)",
    "l.tukar = r.lahir",  # day and month exchanged
    "l.padat = r.padat AND l.tempat = r.tempat",
    "l.padat = r.padat AND l.tahun = r.tahun",
    "l.tempat = r.tempat AND l.tahun = r.tahun AND l.awal = r.awal",
)

# Condition, share of the same persons (m) and of strangers (u) that agree so. The shares only order what is found; what
# a pair is worth as evidence says `levels`. m: the noise of DOMAIN 4 and 10; u: of a regency of 79 nagari.
Levels = tuple[tuple[str, float, float], ...]
NIK: Levels = (
    ("nik_l = nik_r", 0.965, 1e-7),
    ("damerau_levenshtein(nik_l, nik_r) <= 1", 0.02, 1e-6),
    ("contains(nik_l || nik_r, '*') AND left(nik_l, 12) = left(nik_r, 12)", 0.005, 1e-5),
    ("ELSE", 0.01, 1.0),
)
NAMA: Levels = (
    ("nama_l = nama_r", 0.84, 5e-4),
    ("least(len(kata_l), len(kata_r)) > 1 AND (list_has_all(kata_l, kata_r) OR list_has_all(kata_r, kata_l))", 0.02, 1e-4),
    ("least(len(kata_l), len(kata_r)) > 1 AND kata_l[1] = kata_r[1] AND (starts_with(nama_l, nama_r) OR starts_with(nama_r, nama_l))", 0.02, 5e-4),
    ("damerau_levenshtein(padat_l, padat_r) <= CASE WHEN least(length(padat_l), length(padat_r)) >= 9 THEN 2 ELSE 1 END",
     0.07, 1e-3),
    ("list_contains(kata_l, nama_r) OR list_contains(kata_r, nama_l)", 0.02, 5e-3),
    ("jaro_winkler_similarity(nama_l, nama_r) >= 0.9", 0.02, 3e-3),
    ("ELSE", 0.01, 1.0),
)  # fmt: skip
LAHIR: Levels = (
    ("lahir_l = lahir_r", 0.91, 5e-5),
    ("tukar_l = lahir_r", 0.02, 3e-5),
    ("mismatches(CAST(lahir_l AS VARCHAR), CAST(lahir_r AS VARCHAR)) = 1", 0.02, 1e-3),
    ("(lahir_l IS NULL OR lahir_r IS NULL) AND tahun_l = tahun_r", 0.03, 1.5e-2),
    ("ELSE", 0.02, 1.0),
)
TEMPAT: Levels = (("tempat_l = tempat_r", 0.93, 1.5e-2), ("kec_l = kec_r", 0.05, 8e-2), ("ELSE", 0.02, 1.0))
JK: Levels = (("jk_l = jk_r", 0.99, 0.5), ("ELSE", 0.01, 0.5))
COMPARED = {
    "nik": ("nik_l IS NULL OR nik_r IS NULL", NIK), "nama": ("nama_l IS NULL OR nama_r IS NULL", NAMA),
    "lahir": ("tahun_l IS NULL OR tahun_r IS NULL", LAHIR), "tempat": ("kec_l IS NULL OR kec_r IS NULL", TEMPAT),
    "jk": ("jk_l IS NULL OR jk_r IS NULL", JK),
}  # fmt: skip
LEAST_WEIGHT = -4.0  # log2 of the odds; below it nobody could recognise anyone


def compare(con: duckdb.DuckDBPyConnection) -> str:
    """The table of the pairs of ``l`` and ``r`` that may be one person: ``uid_l``, ``uid_r``, ``match_weight``, a ``gamma_`` for each of `COMPARED`.

    ``gamma``: 0 for no agreement, more for better, -1 where one side says nothing.
    """
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    logging.getLogger("splink").setLevel(logging.ERROR)
    con.execute(f"""
        CREATE OR REPLACE TABLE calon AS SELECT * FROM l
        WHERE uid IN ({" UNION ".join(f"SELECT l.uid FROM l JOIN r ON {rule}" for rule in BLOCKING)})
    """)  # Splink joins its whole input to the pairs: of a province that takes more memory than there may be
    con.execute("""
        CREATE OR REPLACE TABLE sering AS
        SELECT nama, count(*) / (SELECT count(*) FROM l) AS tf_nama FROM l WHERE nama IS NOT NULL GROUP BY nama
        UNION ALL SELECT DISTINCT nama, 1 / (SELECT count(*) + 1 FROM l) FROM r ANTI JOIN l USING (nama)
        WHERE nama IS NOT NULL
    """)
    [(voters,)] = con.execute("SELECT count(*) FROM l").fetchall()
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="uid",
        probability_two_random_records_match=1 / max(1, voters),
        comparisons=[_comparison(name, *said) for name, said in COMPARED.items()],
        blocking_rules_to_generate_predictions=[CustomRule(rule) for rule in BLOCKING],
        retain_matching_columns=True,  # these keep the agreements too
    )
    database = DuckDBAPI(connection=con)
    sides = [database.register("calon", dataset_display_name="a"), database.register("r", dataset_display_name="b")]
    linker = Linker(sides, settings, log_level=None, validate_settings=False)
    linker.table_management.register_term_frequency_lookup(
        database.register("sering", dataset_display_name="tf"), "nama"
    )
    return linker.inference.predict(threshold_match_weight=LEAST_WEIGHT, warning_mode="never").physical_name


def _comparison(name: str, absent: str, levels: Levels) -> Any:
    from splink.comparison_level_library import CustomLevel, ElseLevel
    from splink.comparison_library import CustomComparison

    made: list[Any] = [CustomLevel(absent).configure(is_null_level=True)]
    for condition, m, u in levels:
        level = ElseLevel() if condition == "ELSE" else CustomLevel(condition)
        made.append(level.configure(m_probability=m, u_probability=u))
    if name == "nama":  # a name that many bear says less
        made[1] = made[1].configure(tf_adjustment_column="nama", tf_minimum_u_value=1e-5)
    return CustomComparison(made, output_column_name=name)
