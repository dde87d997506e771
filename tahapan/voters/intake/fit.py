"""Columns in the wrong place: values that cannot be what the header above them says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tahapan.errors import DataError, Problem
from tahapan.voters.intake.columns import masked

# What can never stand in a column: a value that only differs from its rule is told row by row.
_NUMBER = r"(?!.*\d[.,]?\d*[eE]\+?\d)(?:.*[^\W\d_]){3}.*|[^\d*xX#]+"
_NO_LETTER, _NO_DAY, _NO_CODE = r"[\W\d_]+", r"[^\d*]+|.*\d{9}.*", r".*\d\d.*|.{21,}"
_UNFIT = {
    "nik": _NUMBER, "nkk": _NUMBER, "nama": _NO_LETTER, "tempat_lahir": _NO_LETTER, "kecamatan": _NO_LETTER,
    "nagari": _NO_LETTER, "lahir": _NO_DAY, "meninggal": _NO_DAY, "jk": _NO_CODE, "kawin": _NO_CODE,
    "tps": r"\D+|.*\d{6}.*|.{21,}",
}  # fmt: skip
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
            remedy = f"Kolomnya mungkin tertukar: sebutkan judul yang benar, seperti --kolom {name}=JUDUL."
            faults.append(Problem(where, what, remedy))
    if {"nik", "nkk", "lahir"} <= at.keys() and _swapped(rows, at):
        what = "isi kolom NIK dan NKK tampaknya tertukar: tanggal lahir orangnya ada di dalam NKK."
        faults.append(Problem(where, what, f"Tukar keduanya: --kolom {_turned(headers, at)}."))
    if faults:
        raise DataError(*faults)


def _turned(headers: Sequence[str], at: Mapping[str, int]) -> str:
    nik, nkk = (masked(headers[at[name]]) for name in ("nik", "nkk"))
    return f'nik="{nkk}" --kolom nkk="{nik}"'


def _swapped(rows: Sequence[Sequence[str]], at: Mapping[str, int]) -> bool:
    """Whether the day and month of birth stand in the family's numbers and not in the persons'."""
    fits = {"nik": 0, "nkk": 0}
    for row in rows:
        born = (
            re.fullmatch(r"(\d\d)[|/. -](\d\d)[|/. -]\d\d(\d\d)", row[at["lahir"]].strip()) if _long(row, at) else None
        )
        for name in fits if born else ():
            number = re.sub(r"\D", "", row[at[name]])
            day = int(number[6:8]) % 40 if len(number) == 16 else 0
            fits[name] += bool(born) and (f"{day:02}", number[8:10], number[10:12]) == born.groups()
    return fits["nkk"] >= 10 and fits["nkk"] > 4 * fits["nik"]


def _long(row: Sequence[str], at: Mapping[str, int]) -> bool:
    return len(row) > max(at[name] for name in ("nik", "nkk", "lahir"))


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
