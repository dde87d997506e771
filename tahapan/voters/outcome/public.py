"""What the public may see: counts by kecamatan and kind, in which nobody can be recognised."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

LEAST = 5
"""Counts from 1 to 4 are not shown: the threshold that statistical offices commonly use for tables that count persons
(threshold rule: Hundepool et al., *Handbook on Statistical Disclosure Control*, ESSnet SDC)."""
HIDDEN = f"<{LEAST}"
SUM = "Jumlah yang ditampilkan"
Table = dict[str, dict[str, str]]


def public_table(rows: Iterable[tuple[str, str, int]]) -> Table:
    """Kecamatan -> kind -> what is shown; the last row and column are sums. ``rows``: kecamatan, kind, how many.

    The sums add up what is shown and nothing else: no hidden count can be had from them by subtraction.
    """
    counts: dict[tuple[str, str], int] = {}
    for place, kind, n in rows:
        counts[place, kind] = counts.get((place, kind), 0) + n
    places, kinds = sorted({place for place, _ in counts}), sorted({kind for _, kind in counts})
    shown = {cell: n if n >= LEAST else 0 for cell, n in counts.items()}

    def said(place: str, kind: str) -> str:
        return HIDDEN if 0 < counts.get((place, kind), 0) < LEAST else _written(shown.get((place, kind), 0))

    table = {
        place: {kind: said(place, kind) for kind in kinds}
        | {SUM: _written(sum(shown.get((place, kind), 0) for kind in kinds))}
        for place in places
    }
    below = {kind: sum(shown.get((place, kind), 0) for place in places) for kind in kinds}
    table[SUM] = {kind: _written(n) for kind, n in below.items()} | {SUM: _written(sum(below.values()))}
    return table


def _written(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def as_markdown(table: Table, title: str, remark: str) -> str:
    """The table for a page or a press release."""
    kinds = [*table[SUM]]
    lines = [f"# {title}", "", remark, "", f"| Kecamatan | {' | '.join(kinds)} |", f"|---|{'---:|' * len(kinds)}"]
    lines += [f"| {place or '(kosong)'} | {' | '.join(cells.values())} |" for place, cells in table.items()]
    lines += ["", f"{HIDDEN}: satu sampai {LEAST - 1}; tidak ikut dijumlahkan, agar tidak seorang pun dapat dikenali."]
    return "\n".join([*lines, ""])


def as_csv(table: Table) -> str:
    """The same for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Kecamatan", *table[SUM]])
    writer.writerows([place, *cells.values()] for place, cells in table.items())
    return text.getvalue()
