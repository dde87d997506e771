"""Columns in the wrong place: values that cannot be what the header above them says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tahapan.errors import DataError, Problem
from tahapan.voters.columns import masked

# What can never stand in a column: a value that only differs from its rule is told row by row.
_LETTERS = r"[^\W\d_]"
_UNFIT = {
    "nik": rf"(?!.*\d[.,]?\d*[eE]\+?\d)(?:.*{_LETTERS}){{3}}.*|[^\d*xX#]+",
    "nama": r"[\W\d_]+",
    "lahir": r"[^\d*]+|.*\d{9}.*",
    "jk": r".*\d\d.*|.{21,}",
    "kecamatan": r"[\W\d_]+",
    "tps": r"\D+|.*\d{6}.*|.{21,}",
}
_UNFIT |= {"nkk": _UNFIT["nik"], "meninggal": _UNFIT["lahir"], "kawin": _UNFIT["jk"], "nagari": _UNFIT["kecamatan"]}
_UNFIT |= {"tempat_lahir": _UNFIT["nama"]}
_EMPTY = ("", "-", "--", "---")


def judge(rows: Sequence[Sequence[str]], headers: Sequence[str], at: Mapping[str, int], where: str) -> None:
    """DataError for each column of which more than half of these values cannot be what its header says."""
    faults: list[Problem] = []
    for name, place in at.items():
        if name not in _UNFIT:
            continue
        values = [row[place].strip() for row in rows if place < len(row)]
        values = [value for value in values if value not in _EMPTY]
        unfit = sum(1 for value in values if re.fullmatch(_UNFIT[name], value[:60], re.DOTALL))
        if unfit * 2 > len(values):
            what = f"{unfit} dari {len(values)} isi pertama kolom {masked(headers[place])} bukan {_MEANT[name]}."
            remedy = f"Kolomnya mungkin tertukar: sebutkan judul yang benar untuk {name} dengan `columns`."
            faults.append(Problem(where, what, remedy))
    if faults:
        raise DataError(*faults)


_MEANT = {
    "nik": "NIK", "nkk": "nomor KK", "nama": "nama orang", "tempat_lahir": "nama tempat", "lahir": "tanggal lahir",
    "meninggal": "tanggal meninggal", "jk": "jenis kelamin", "kawin": "status kawin", "kecamatan": "nama kecamatan",
    "nagari": "nama nagari", "tps": "nomor TPS",
}  # fmt: skip


def rounded(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a spreadsheet took the last digit of these numbers away: every one of many ends in 0."""
    values = [row[place].strip() for row in rows if place < len(row)]
    numbers = [value for value in values if re.fullmatch(r"\d{16}", value)]
    return len(numbers) >= 20 and all(number.endswith("0") for number in numbers)
