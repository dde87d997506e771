"""The pattern of letter numbers: held to what keeps two letters apart, and read back from a written number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from string import Formatter

from tahapan.dates import ROMAWI

KLAS = r"[A-Z]{2}(?:\.\d{2}){0,2}"
_NUMBERS = ("urut", "tanggal", "bulan", "tahun")
_WORDS = ("klas", "kantor", "bulan_romawi")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a written number says; None for what its pattern does not carry, month 0 for one that does not exist."""

    urut: int
    sisip: int
    klas: str | None
    kantor: str | None
    tanggal: int | None
    bulan: int | None
    tahun: int

    def fits(self, on: dt.date) -> bool:
        """Whether day, month and year of the number are those of the day."""
        return all(
            said in (None, real)
            for said, real in ((self.tanggal, on.day), (self.bulan, on.month), (self.tahun, on.year))
        )


def write(pola: str, urut: object, klas: str, kantor: str, on: dt.date) -> str:
    """The number: ``012/PM.00.02/K.SB-99/08/2024``; ``urut`` knows how it is formatted."""
    return pola.format(
        urut=urut, klas=klas, kantor=kantor, tanggal=on.day, bulan=on.month, bulan_romawi=ROMAWI[on.month - 1],
        tahun=on.year,
    )  # fmt: skip


def read(pola: str, text: str, codes: Collection[str]) -> Parts | None:
    """The parts of a number, whatever its case, spaces and leading zeros; None when the pattern does not fit.

    ``codes``: the codes an office may have there.
    """
    found = _reader(pola, tuple(codes)).fullmatch(same(text))
    if found is None:
        return None
    part: Mapping[str, str | None] = {**dict.fromkeys((*_NUMBERS, *_WORDS, "sisip")), **found.groupdict()}
    roman = (part["bulan_romawi"] or "").upper()
    month = (ROMAWI.index(roman) + 1 if roman in ROMAWI else 0) if roman else _int(part["bulan"])
    kantor = next((code for code in codes if same(code) == part["kantor"]), None)
    klas = part["klas"].upper() if part["klas"] else None
    return Parts(
        int(part["urut"] or 0), int(part["sisip"] or 0), klas, kantor, _int(part["tanggal"]), month,
        int(part["tahun"] or 0),
    )  # fmt: skip


def same(nomor: str) -> str:
    """What two numbers have in common that people would take for one: neither spaces nor capitals count."""
    return "".join(nomor.split()).casefold()


def faults(pola: str, seri: Collection[str]) -> Iterator[str]:
    """Why a pattern is no pattern, or would give two letters one number."""
    try:
        fields = list(Formatter().parse(pola))
        write(pola, 1, "PM.00.02", "K", dt.date(2024, 8, 21))
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        yield f"pola nomor {pola!r} tidak dapat dipakai ({error}). Lihat contoh di kantor.toml."
        return
    parts = {name for _, name, _, _ in fields if name}
    for _, name, spec, conversion in fields:
        if name and (conversion or not re.fullmatch(r"(0\dd)?" if name in _NUMBERS else "", spec or "")):
            yield f"pola nomor {pola!r}: tulis {{{name}}}" + (f" atau {{{name}:03d}}." if name in _NUMBERS else ".")
    if not {"urut", "tahun"} <= parts:
        yield "pola nomor harus memuat {urut} dan {tahun}; tanpa itu dua surat dapat bernomor sama."
    elif absent := sorted(set(seri) - parts):
        yield (
            f"`seri` memuat {', '.join(absent)}, tetapi pola nomor {pola!r} tidak; dua surat dapat bernomor sama. "
            f"Tambahkan {{{'}, {'.join(absent)}}} ke pola, atau keluarkan dari `seri`."
        )
    for (_, before, _, _), (literal, after, _, _) in pairwise(fields):
        if "urut" in (before, after) and after is not None and not literal:
            yield f"pola nomor {pola!r}: beri tanda pemisah di samping {{urut}}; 1 dan 12 dapat terbaca 11 dan 2."


def clashes(patterns: Mapping[str, str], codes: Collection[str]) -> Iterator[str]:
    """Pairs of patterns, by the kind they belong to, that could write the same number; each counts for itself."""
    named = list(patterns.items())
    for n, (kind, pola) in enumerate(named):
        for other, its in named[n + 1 :]:
            example = _common(pola, its, codes) or _common(its, pola, codes)
            if example:
                yield (
                    f"pola nomor jenis {other} dan pola {f'jenis {kind}' if kind else 'nomor kantor'} dapat memberi "
                    f"nomor yang sama ({example}). Bedakan, misalnya dengan kata seperti LHP."
                )


_DAYS = (dt.date(2024, 1, 5), dt.date(2024, 11, 12), dt.date(2024, 12, 1))
_PLACES = ("1", "12", "123", "1234")


def _common(pola: str, other: str, codes: Collection[str]) -> str | None:
    """A number of the one pattern that the other could have written."""
    for urut, klas, code, day in product(_PLACES, ("PM", "PM.00", "PM.00.02"), codes, _DAYS):
        nomor = write(pola, int(urut), klas, code, day)
        if read(other, nomor, codes):
            return nomor
    return None


@cache
def _reader(pola: str, codes: tuple[str, ...]) -> re.Pattern[str]:
    fields = list(Formatter().parse(pola))
    written, seen = "", set[str]()
    for n, (literal, name, spec, _) in enumerate(fields):
        written += re.escape(same(literal))
        if name is None:
            continue
        follows = fields[n + 1][0] if n + 1 < len(fields) else "end"
        apart = bool(follows) and bool(literal or n == 0)
        written += _again(name) if name in seen else _first(name, spec or "", codes, apart=apart)
        seen.add(name)
    return re.compile(written)


def _first(name: str, spec: str, codes: Iterable[str], *, apart: bool) -> str:
    """How a field reads (in small letters); one that touches another is as wide as it was written."""
    match name:
        case "urut":
            return r"(?P<urut>[0-9]{1,6})(?:\.(?P<sisip>[1-9][0-9]{0,3}))?"
        case "klas":
            return f"(?P<klas>{KLAS.replace('A-Z', 'a-z').replace(chr(92) + 'd', '[0-9]')})"
        case "kantor":
            return f"(?P<kantor>{'|'.join(re.escape(same(code)) for code in sorted(codes, key=len, reverse=True))})"
        case "bulan_romawi":
            return "(?P<bulan_romawi>[ivx]+)"
        case "tahun":
            return "(?P<tahun>[0-9]{4})"
        case _:
            width = spec[1:2]
            return f"(?P<{name}>[0-9]{{{width if width and not apart else '1,2'}}})"


def _again(name: str) -> str:
    return rf"(?P={name})(?:\.(?P=sisip))?" if name == "urut" else f"(?P={name})"


def _int(text: str | None) -> int | None:
    return int(text) if text else None
