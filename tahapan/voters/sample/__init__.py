"""Synthetic voter rolls and death records, with the truth beside them; nobody in them lives or has lived.

Names are combined from lists of common ones (``data/nama.toml``), every number is counted out, and the same
arguments give the same bytes. Names stand in capitals as on the roll; some death records write them small.

The kinds of noise in ``kebenaran.csv``:

- of the death record: ``tanpa-nik, nik-salah, nik-keluarga`` (that of another member of the family);
  ``nama-salah-ketik, nama-varian, nama-singkat, nama-gelar``; ``tanggal-tertukar`` (day and month), ``tanggal-salah``
  (one digit), ``tahun-saja, tanpa-tanggal``; ``nagari-lain, ejaan-nagari``;
- of the person's row in the roll: ``daftar-tanggal-kosong, daftar-nik-samar, daftar-nik-rusak, daftar-nik-kembar``
  (shared with somebody else), ``nik-beda-tanggal, nik-beda-kelamin``, ``ganda`` (stands twice: one truth row per id);
- not on the roll: ``tidak-di-daftar``, with ``senama`` when another person of exactly that name is on it, and then
  ``nagari-sama, tanggal-dekat, hari-bulan-sama`` or ``tanggal-sama``.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from tahapan.errors import Problem, Refused
from tahapan.private import private, private_folder
from tahapan.voters.sample import deaths as death_records
from tahapan.voters.sample import roll as voter_roll
from tahapan.voters.sample.names import load_words
from tahapan.voters.sample.numbers import Days
from tahapan.voters.sample.places import Place, province_places

__all__ = ["Place", "Rolls", "make_rolls", "province_places"]

VOTING_DAY = dt.date(2024, 11, 27)


@dataclass(frozen=True, slots=True)
class Rolls:
    """What was made: the roll, the death records, the truth. Who stands twice is in ``ganda.csv`` beside them."""

    daftar: Path
    kematian: Path
    kebenaran: Path


def make_rolls(
    out: Path, places: Sequence[Place], voters: int, deaths: int, seed: int, on: dt.date = VOTING_DAY
) -> Rolls:
    """The files in ``out`` (mode 600), for an election on ``on``; Refused for numbers that cannot be.

    Equal arguments give equal bytes. Rows go to the files as they are made.
    """
    if not places or voters < 1 or not 0 <= deaths <= voters // 2:
        what = f"{len(places)} nagari, {voters} pemilih dan {deaths} kematian tidak dapat dibuat."
        raise Refused(
            Problem("daftar contoh", what, "Paling sedikit satu nagari; kematian paling banyak separuh pemilih.")
        )
    private_folder(out)
    made = Rolls(out / "daftar.csv", out / "kematian.csv", out / "kebenaran.csv")
    rng, words = Random(seed), load_words()  # noqa: S311 - invented people, not secrets
    drawn = death_records.kinds(rng, deaths)
    keep = len(drawn) - drawn.count(death_records.STRANGER)
    roll = voter_roll.Roll(rng, words, places, voters, keep, Days(on))
    with _sheet(made.daftar, voter_roll.COLUMNS) as daftar:
        for rows in roll.rows():
            daftar.writerows(rows)
    with _sheet(out / "ganda.csv", ("id_a", "id_b", "derau")) as ganda:
        ganda.writerows(sorted(roll.twice))
    records = death_records.Deaths(rng, words, roll, on).records(drawn)
    with (
        _sheet(made.kematian, death_records.COLUMNS) as kematian,
        _sheet(made.kebenaran, ("ref", "id", "derau")) as kebenaran,
    ):
        for row, ids, noise in records:
            kematian.writerow(row)
            kebenaran.writerows((row[0], number, "+".join(noise)) for number in ids or ("",))
    return made


class _Writer(Protocol):
    def writerow(self, row: Any, /) -> Any: ...
    def writerows(self, rows: Any, /) -> Any: ...


@contextmanager
def _sheet(path: Path, columns: Sequence[str]) -> Generator[_Writer]:
    """A CSV file with its header."""
    with private(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        yield writer
