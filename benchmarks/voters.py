"""Voter lists: how many of the dead are found, how many of the living are called dead, how long it takes; beside its peers."""

from __future__ import annotations

import csv
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb

from benchmarks.table import Row
from tahapan.voters.results import FOUND
from tahapan.voters.sample import make_rolls, province_places

Pair = tuple[str, str]  # death record, row of the list


def measure(folder: Path) -> list[Row]:
    return [
        *of_size(folder / "kabupaten", "13.07", 290_000, 3_000, 1000),
        *of_size(folder / "provinsi", "13", 4_100_000, 40_000, 4000),
    ]


def of_size(folder: Path, kode: str, voters: int, deaths: int, megabytes: int) -> list[Row]:
    made = make_rolls(folder, province_places(kode), voters, deaths, 1)
    size = f"{voters:,} voters, {deaths:,} deaths"
    with made.kebenaran.open(encoding="utf-8", newline="") as file:
        truth = [(row["ref"], row["id"], row["derau"]) for row in csv.DictReader(file)]
    true = {(ref, voter) for ref, voter, _ in truth if voter}

    command = [sys.executable, "-m", "deployments.cli", "voters", "check", "--list", str(made.daftar)]
    ours, memory = child([*command, "--deaths", str(made.kematian), "--out", str(folder / "hasil")])
    bare, bare_memory = child([sys.executable, "-m", "benchmarks.voters", "splink", str(folder)])
    found = by_level(folder / "hasil" / FOUND)
    upto_c = set().union(*found.values())
    level_a = found["A"]
    by_default = pairs_of(folder / "splink.csv")
    peers = {
        "exact NIK": query(folder, "d.nik = k.nik AND length(d.nik) = 16"),
        "name and date of birth": query(folder, "upper(d.nama) = upper(k.nama) AND d.lahir = k.lahir"),
        "Splink, its own comparisons": by_default,
    }
    precision, recall = quality(upto_c, true)
    rows = [
        Row(
            f"deaths found, levels A to C ({size})", f"precision {precision:.5f}, recall {recall:.4f}",
            "at least 0.999 and 0.96", precision >= 0.999 and recall >= 0.96,
        ),
        Row(
            f"the same, level A alone ({size})", "precision {:.5f}, recall {:.4f}".format(*quality(level_a, true)),
            "precision 1.0" if voters < 1_000_000 else "-", voters >= 1_000_000 or level_a <= true,
        ),
        Row(f"not found, by noise ({size})", missed(truth, upto_c), "-", True),
    ]  # fmt: skip
    for name, pairs in peers.items():
        other, theirs = quality(pairs, true)
        rows.append(
            Row(
                f"beside {name} ({size})", f"precision {other:.5f}, recall {theirs:.4f}",
                "at most our recall, and lower precision", theirs <= recall and other <= precision,
            )
        )  # fmt: skip
    rows.append(
        Row(
            f"CSV to findings, all checks ({size})", f"{ours:.1f} s = {ours / bare:.2f} x ({bare:.1f} s, {bare_memory} MB); {memory} MB",
            f"at most 2 x bare Splink, under {megabytes:,} MB", ours <= 2 * bare and memory < megabytes,
        )
    )  # fmt: skip
    return rows


def child(command: list[str]) -> tuple[float, int]:
    """Seconds, and the most memory in megabytes, of a program of its own."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - began, used.ru_maxrss // 1000


def by_level(path: Path) -> dict[str, set[Pair]]:
    found: dict[str, set[Pair]] = {"A": set(), "B": set(), "C": set()}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["level"]].add((row["ref"], row["id"]))
    return found


def pairs_of(path: Path) -> set[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["ref"], row["id"]) for row in csv.DictReader(file)}


def quality(pairs: set[Pair], true: set[Pair]) -> tuple[float, float]:
    """Precision and recall."""
    right = len(pairs & true)
    return right / max(1, len(pairs)), right / max(1, len(true))


def missed(truth: Iterable[tuple[str, str, str]], found: set[Pair]) -> str:
    """For the most frequent kinds of noise: of how many records how many were not found."""
    all_of, not_found = Counter[str](), Counter[str]()
    for ref, voter, noise in truth:
        for kind in (noise or "tanpa derau").split("+") if voter else ():
            all_of[kind] += 1
            not_found[kind] += (ref, voter) not in found
    return "; ".join(f"{kind} {not_found[kind]} of {count}" for kind, count in all_of.most_common(14))


# --- peers ---

TABLES = """
    CREATE TABLE d AS SELECT id, nik, nama, try_strptime(tanggal_lahir, '%d|%m|%Y')::DATE AS lahir, jenis_kelamin, kecamatan, nagari
        FROM read_csv('{folder}/daftar.csv', all_varchar = true);
    CREATE TABLE k AS SELECT no_akta AS id, nik, nama, coalesce(try_strptime(tanggal_lahir, '%Y-%m-%d'),
        try_strptime(tanggal_lahir, '%d-%m-%Y'))::DATE AS lahir, jenis_kelamin, kecamatan, nagari
        FROM read_csv('{folder}/kematian.csv', all_varchar = true);
"""


def query(folder: Path, condition: str) -> set[Pair]:
    with duckdb.connect() as con:
        con.execute(TABLES.format(folder=folder))
        return set(con.execute(f"SELECT k.id, d.id FROM d JOIN k ON {condition}").fetchall())


def bare_splink(folder: Path) -> None:
    """As its documentation begins: comparisons of its library, parameters estimated from the data."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as cl

    with duckdb.connect() as con:
        con.execute(TABLES.format(folder=folder))
        con.execute("UPDATE d SET nama = upper(nama)")
        con.execute("UPDATE k SET nama = upper(nama)")
        settings = SettingsCreator(
            link_type="link_only",
            unique_id_column_name="id",
            comparisons=[
                cl.NameComparison("nama").configure(term_frequency_adjustments=True),
                cl.DateOfBirthComparison("lahir", input_is_string=False),
                cl.DamerauLevenshteinAtThresholds("nik", [1]),
                cl.ExactMatch("nagari").configure(term_frequency_adjustments=True),
                cl.ExactMatch("jenis_kelamin"),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("nik"), block_on("lahir"), block_on("nama", "nagari"), block_on("nama", "year(lahir)"),
            ],
            retain_matching_columns=False,
        )  # fmt: skip
        api = DuckDBAPI(connection=con)
        linker = Linker(
            [api.register("d", dataset_display_name="a"), api.register("k", dataset_display_name="b")],
            settings, log_level=logging.ERROR,
        )  # fmt: skip
        linker.training.estimate_probability_two_random_records_match([block_on("nik")], recall=0.6)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("lahir"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("nama", "nagari"))
        table = linker.inference.predict(threshold_match_probability=0.95).physical_name
        con.execute(f"COPY (SELECT id_r AS ref, id_l AS id FROM {table}) TO '{folder}/splink.csv' (HEADER)")


if __name__ == "__main__":
    bare_splink(Path(sys.argv[2]))
