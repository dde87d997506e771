"""Who is missing, as a short text to paste into a message: plain, grouped by district."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from tahapan.dates import hari_tanggal, tanggal
from tahapan.ticking import Roll
from tahapan.units import Unit


def missing_text(roll: Roll, on: dt.date) -> str:
    """How far the duty is on that day, whom it waits for, until when."""
    duty, missing = roll.duty, roll.missing
    lines = [duty.item.title, f"Sampai {hari_tanggal(on)} masuk {roll.tally}."]
    if not missing:
        return "\n".join([*lines, "Semua sudah masuk. Terima kasih."]) + "\n"
    lines += ["Yang belum:", "", *_lines(missing, [post.unit for post in roll.posts]), ""]
    until = f"{hari_tanggal(duty.due)}" + (f" pukul {duty.tutup.replace(':', '.')}" if duty.tutup else "")
    if on <= duty.due:
        lines.append(f"Mohon dikirim paling lambat {until}.")
    else:
        lines.append(f"Batasnya {tanggal(duty.due)} sudah lewat: mohon dikirim hari ini.")
    return "\n".join(lines) + "\n"


def _lines(missing: Iterable[Unit], everybody: Iterable[Unit]) -> Iterator[str]:
    """A line for each district; those that belong to none come one by one, on top."""
    in_district = Counter(unit.kecamatan for unit in everybody)
    groups: dict[str, list[Unit]] = {}
    for unit in missing:
        groups.setdefault(unit.kecamatan, []).append(unit)
    yield from (f"- {unit.short}" for unit in groups.pop("", []))
    for district, units in groups.items():
        whole = len(units) > 1 and len(units) == in_district[district]
        yield f"- {district}: {f'semua ({len(units)})' if whole else _shortened(units)}"


def _shortened(units: Iterable[Unit]) -> str:
    """Polling places by their village: ``Kurai 001, 003; Limbanang 002``."""
    villages = [(village, list(group)) for village, group in groupby(units, key=lambda unit: unit.desa)]
    named = [
        f"{village} {', '.join(f'{unit.number:03d}' for unit in group)}"
        if village
        else ", ".join(unit.short for unit in group)
        for village, group in villages
    ]
    return "; ".join(named)
