"""A voter list examined on its own: files in, proposals out; no office, no server, no record left but the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.private import private, private_folder
from tahapan.voters import results
from tahapan.voters.checks import AGAINST
from tahapan.voters.intake import Taken, read
from tahapan.voters.results import LEVELS
from tahapan.voters.search import Counted, search, working_memory


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of it: the files as they were read, and what each check found."""

    taken: Mapping[str, Taken]
    found: tuple[Counted, ...]


def examine(
    daftar: Path, lists: Mapping[str, Path], out: Path, on: dt.date, *, lowest: str = "C",
    codes: Mapping[str, int] | None = None, columns: Mapping[str, Mapping[str, str]] | None = None,
) -> Examined:  # fmt: skip
    """Read the list and those it is held against, run every check, write what they propose into ``out`` (`results`).

    ``lists``: files by the id of their reason (`checks.AGAINST`; the deaths are ``meninggal``). ``on``: voting day.
    ``lowest``: the last level that is written. ``codes``: of the reasons at this election (``data/tms.toml``). ``columns``:
    for ``daftar`` or one of the lists the headings of columns that are not guessed. Results of an earlier run are replaced.
    DataError for a file that cannot be read; the lists themselves are nowhere written.
    """
    if lowest not in tuple(LEVELS):
        raise Refused(Problem("--level", f"{lowest!r} bukan tingkat.", "Pilih A, B, C, atau D."))
    if strange := (lists.keys() | (columns or {}).keys()) - {"daftar", *(each.id for each in AGAINST)}:
        raise NotKnown(Problem("daftar pembanding", f"{min(strange)!r} tidak dikenal.", "Lihat `voters check --help`."))
    private_folder(out)
    said = columns or {}
    with working_memory(codes or {}) as con:
        taken = {"daftar": read(con, daftar, "daftar", "daftar", said.get("daftar"))}
        if not taken["daftar"].rows:
            raise DataError(Problem(daftar.name, "hanya berisi judul, tanpa satu baris pun.", "Periksa berkasnya."))
        for reason, path in lists.items():
            taken[reason] = read(con, path, "kematian", reason, said.get(reason))
        found = search(con, lists.keys(), on)
        results.write_results(con, out, tuple(lists), lowest)
        faults = con.execute(_FAULTS).fetchall()
    text = results.summary(
        {name: each.rows for name, each in taken.items()}, [(each.judul, each.levels) for each in found], faults, lowest
    )
    with private(out / results.SUMMARY) as file:
        file.write(text)
    return Examined(taken, found)


_FAULTS = r"""
    SELECT sumber, kolom, regexp_replace(apa, '\d[\d|./-]*\d', '…', 'g'), count(*) FROM masalah
    GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3 LIMIT 50
"""
