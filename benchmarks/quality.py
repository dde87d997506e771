"""How good proposals are, beside the truth."""

from __future__ import annotations

import csv
from pathlib import Path

Pair = tuple[str, str]  # death record, row of the list


def by_level(path: Path) -> dict[str, set[Pair]]:
    found: dict[str, set[Pair]] = {"A": set(), "B": set(), "C": set()}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["level"]].add((row["ref"], row["id"]))
    return found


def quality(pairs: set[Pair], true: set[Pair]) -> tuple[float, float]:
    """Precision and recall."""
    right = len(pairs & true)
    return right / max(1, len(pairs)), right / max(1, len(true))
