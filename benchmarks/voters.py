"""Voter lists: how many of the dead are found, how many of the living are called dead, how long it takes; beside its peers."""

from __future__ import annotations

import csv
import datetime as dt
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb

from benchmarks import febrl, strangers
from benchmarks.quality import Pair, by_level, quality
from benchmarks.table import Row
from tahapan.voters.examine import examine
from tahapan.voters.results import FOUND, OTHERS
from tahapan.voters.sample import Rolls


def measure(folder: Path) -> list[Row]:
    return [
        *of_size(folder / "kabupaten", "13.07", 290_000, 3_000, 1000),
        *of_size(folder / "provinsi", "13", 4_100_000, 40_000, 4000),
        growth(folder / "tumbuh"),
        doubles(folder / "kabupaten"),
        strangers_roll(folder / "asing"),
        *febrl.measure(folder / "febrl"),
        workbook(folder / "excel"),
    ]


def of_size(folder: Path, kode: str, voters: int, deaths: int, megabytes: int) -> list[Row]:
    made = rolls(folder, kode, voters, deaths)
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


def rolls(folder: Path, kode: str, voters: int, deaths: int) -> Rolls:
    """Made by a program of its own: what it took of memory would count as that of every child of ours."""
    sample = [sys.executable, "-m", "deployments.cli", "voters", "sample", "--kode", kode]
    child([*sample, "--voters", str(voters), "--deaths", str(deaths), "--seed", "1", "--out", str(folder)])
    return Rolls(folder / "daftar.csv", folder / "kematian.csv", folder / "kebenaran.csv")


def growth(folder: Path) -> Row:
    """Seconds of ours and as parts of bare Splink, for rolls that double."""
    said: list[str] = []
    ratios: list[float] = []
    for voters in (29_000, 72_500, 145_000, 580_000, 1_160_000):
        root = folder / str(voters)
        kode = "13.07" if voters < 500_000 else "13"
        made = rolls(root, kode, voters, voters // 100)
        command = [sys.executable, "-m", "deployments.cli", "voters", "check", "--list", str(made.daftar)]
        ours, memory = child([*command, "--deaths", str(made.kematian), "--out", str(root / "hasil")])
        bare, _ = child([sys.executable, "-m", "benchmarks.voters", "splink", str(root)])
        ratios.append(ours / bare)
        said.append(f"{voters:,}: {ours:.1f} s = {ours / bare:.2f} x, {memory} MB")
    return Row("CSV to findings as the list grows", "; ".join(said), "at most 2 x bare Splink", max(ratios) <= 2)


def doubles(folder: Path) -> Row:
    """Those who stand twice on the roll of `of_size`, by what differs."""
    with (folder / "ganda.csv").open(encoding="utf-8", newline="") as file:
        truth = {frozenset((row["id_a"], row["id_b"])): row["derau"] for row in csv.DictReader(file)}
    with (folder / "hasil" / OTHERS).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["periksa"] == "ganda"]
    found = {frozenset((row["id"], row["id_lawan"])) for row in rows}
    all_of = Counter(noise.split("+")[0] for noise in truth.values())
    got = Counter(truth[pair].split("+")[0] for pair in found & truth.keys())
    precision = len(found & truth.keys()) / max(1, len(found))
    kinds = "; ".join(f"{kind} {got[kind]} of {n}" for kind, n in all_of.most_common())
    return Row(
        "standing twice, levels A to C (290,000 voters)",
        f"precision {precision:.4f}; {kinds}",
        "at least 0.999",
        precision >= 0.999,
    )


def strangers_roll(folder: Path) -> Row:
    """The same demands on lists from another hand than our generator."""
    true = strangers.make(folder, 120_000, 1_500, 1)
    examine(folder / "daftar.csv", {"meninggal": folder / "mati.csv"}, folder / "hasil", dt.date(2024, 11, 27))
    found = by_level(folder / "hasil" / FOUND)
    precision, recall = quality(set().union(*found.values()), true)
    return Row(
        "lists from another generator (120,000 voters, 1,500 deaths)",
        f"precision {precision:.5f}, recall {recall:.4f}; level A precision {quality(found['A'], true)[0]:.4f}",
        "at least 0.999 and 0.96; A 1.0", precision >= 0.999 and recall >= 0.96 and found["A"] <= true,
    )  # fmt: skip


def workbook(folder: Path) -> Row:
    """A million rows of fourteen columns in Excel, beside a bare read of the same file by the library that reads it."""
    from openpyxl import Workbook

    made = rolls(folder, "13", 1_000_000, 10)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("DPT")
    with made.daftar.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(folder / "besar.xlsx")
    command = [sys.executable, "-m", "deployments.cli", "voters", "check", "--list", str(folder / "besar.xlsx")]
    ours, memory = child([*command, "--out", str(folder / "hasil")])
    bare, _ = child([sys.executable, "-m", "benchmarks.voters", "openpyxl", str(folder / "besar.xlsx")])
    return Row(
        "a workbook of 1,000,000 voters to findings", f"{ours:.0f} s = {ours / bare:.2f} x ({bare:.0f} s); {memory} MB",
        "at most 2 x openpyxl alone, under 2,000 MB", ours <= 2 * bare and memory < 2000,
    )  # fmt: skip


def child(command: list[str]) -> tuple[float, int]:
    """Seconds, and the most memory in megabytes, of a program of its own."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - began, used.ru_maxrss // 1000


def pairs_of(path: Path) -> set[Pair]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["ref"], row["id"]) for row in csv.DictReader(file)}


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


def bare_openpyxl(path: Path) -> None:
    """Every cell once."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        len(row)
    book.close()


if __name__ == "__main__":
    {"splink": bare_splink, "openpyxl": bare_openpyxl}[sys.argv[1]](Path(sys.argv[2]))
