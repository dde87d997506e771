"""Kinds of letters: the front matter of ``templates/surat/<kind>.md.j2``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tahapan.characters import clean
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.reading import parse, parse_toml, read_text, shown

_FROZEN = ConfigDict(frozen=True, extra="forbid")
SUFFIX = ".md.j2"
BASE = "dasar"
Form = Literal["surat", "nota-dinas", "naskah", "siaran-pers"]


class LetterField(BaseModel):
    """A value the letter needs beyond calendar and office.

    The columns of a table are those of its example; what stands in those of ``kutipan`` is quoted and not checked
    (a correction has to name what was wrong). ``bersumber``: a table of figures, each with its ``sumber`` and
    ``tanggal``: a letter gives no number that nobody can look up.
    """

    model_config = _FROZEN

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    tipe: Literal["teks", "tanggal", "jam", "daftar", "tabel", "angka"]
    contoh: str | tuple[str, ...] | tuple[dict[str, str | dt.date | int], ...] | dt.date | int = ""
    wajib: bool = True
    bersumber: bool = False
    kutipan: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _columns(self) -> LetterField:
        if self.tipe == "tabel" and not self.columns:
            raise ValueError(f"rincian {self.id}: tabel tanpa contoh. Isi `contoh` dengan satu baris.")
        if self.bersumber and not {*_SOURCE} <= {*self.columns}:
            raise ValueError(f"rincian {self.id}: bersumber tanpa kolom {' dan '.join(_SOURCE)}. Tambahkan ke contoh.")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Of a table: the keys of its rows."""
        rows = self.contoh if isinstance(self.contoh, tuple) else ()
        return tuple(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))


class Kind(BaseModel):
    """The front matter; ``rantai`` names the roles that see the letter, the last of which signs (``ttd``).

    ``kepada``, ``tembusan`` and ``dasar`` are what a letter outside the checklist takes when nothing else is said.
    ``pola``: a number pattern of its own, counted in a series of its own; an office may give another.
    ``cetak_nomor``: false for papers that carry no number (it still has its place in the register).
    ``saksi``: roles that sign beside the signer (``pembuka_saksi`` above them); ``pihak``: the field, a table with
    ``nama`` and ``jabatan``, whose persons sign too. ``susulan``: it states the law, so a law that comes later asks
    for a supplementary letter. ``jawaban``: the field that says until when it wants an answer: a date, or working days.
    """

    model_config = _FROZEN

    id: str
    nama: str
    klas: str = Field(pattern=r"^[A-Z]{2}(\.\d{2}){0,2}$")
    sifat: Literal["Biasa", "Segera", "Sangat Segera", "Penting", "Rahasia", "Terbatas"]
    form: Form = "surat"
    judul: str = ""
    kepada: tuple[str, ...] = ()
    tembusan: tuple[str, ...] = ()
    dasar: tuple[str, ...] = ()
    pola: str = ""
    cetak_nomor: bool = True
    susulan: bool = False
    jawaban: str = ""
    ttd: str
    pembuka_ttd: str = ""
    saksi: tuple[str, ...] = ()
    pembuka_saksi: str = ""
    pihak: str = ""
    rantai: tuple[str, ...] = Field(min_length=1)
    hal: str = Field(min_length=1)
    fields: tuple[LetterField, ...] = ()

    def missing(self, values: Mapping[str, Any]) -> tuple[LetterField, ...]:
        """Required fields that have no value yet."""
        return tuple(field for field in self.fields if field.wajib and values.get(field.id) in (None, "", [], ()))

    def checked(self, values: Mapping[str, Any], where: str) -> dict[str, Any]:
        """The values of the declared fields, cleaned; optional ones that are absent become "" or [].

        DataError for an undeclared key, a value of the wrong type or a forbidden character, all at once.
        """
        fields = {field.id: field for field in self.fields}
        faults = [
            Problem(f"{where}, kunci {key}", "kunci ini tidak dikenal.", f"Yang dikenal: {', '.join(fields)}.")
            for key in values
            if key not in fields
        ]
        result: dict[str, Any] = {}
        for name, field in fields.items():
            value = values.get(name)
            if value in (None, "", [], ()):
                result[name] = [] if field.tipe in ("daftar", "tabel") else ""
                continue
            try:
                result[name] = typed(value, field, f"{where}, kunci {name}")
            except DataError as error:
                faults += error.problems
        if faults:
            raise DataError(*faults)
        return result


@dataclass(frozen=True, slots=True)
class KindFile:
    """A kind and where its words are; ``before`` counts the lines above them, so that faults name the right one."""

    kind: Kind
    path: Path
    body: str
    before: int


def load_kinds(folders: tuple[Path, ...]) -> dict[str, KindFile]:
    """Every kind of the folders, the first folder wins; all faults at once."""
    kinds: dict[str, KindFile] = {}
    faults: list[Problem] = []
    for folder in folders:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            name = path.name.removesuffix(SUFFIX)
            if _is_shared(name) or name in kinds:
                continue
            try:
                kinds[name] = _kind_file(read_text(path), path, name)
            except DataError as error:
                faults += error.problems
    if faults:
        raise DataError(*faults)
    return kinds


def shared_words(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """The templates of the folders that are no kind but are used by kinds, the first folder wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            if _is_shared(path.name.removesuffix(SUFFIX)):
                found.setdefault(path.name, path)
    return tuple(found.values())


def _is_shared(name: str) -> bool:
    return name == BASE or name.startswith("_")


def kind_of(kinds: Mapping[str, KindFile], name: str, where: str) -> Kind:
    if name not in kinds:
        raise NotKnown(Problem(where, f"jenis surat {name!r} tidak dikenal.", f"Yang ada: {', '.join(sorted(kinds))}."))
    return kinds[name].kind


@lru_cache(maxsize=256)
def _kind_file(text: str, path: Path, name: str) -> KindFile:
    parts = re.split(r"^\+\+\+\s*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise DataError(
            Problem(shown(path), "kepala templat tidak ditemukan.", "Awali dengan TOML di antara dua baris +++.")
        )
    try:
        kind = parse(Kind, {"id": name, **parse_toml(parts[1], shown(path))}, shown(path))
    except DataError as error:
        raise DataError(*(_with_line(fault, parts[1]) for fault in error.problems)) from None
    if kind.rantai[-1] != kind.ttd:
        raise DataError(
            Problem(
                f"{shown(path)}, kunci rantai", "yang terakhir bukan penanda tangan.", f"Akhiri dengan {kind.ttd!r}."
            )
        )
    body = parts[2].lstrip("\n")
    return KindFile(kind, path, body, text.count("\n") - body.count("\n"))


def _with_line(fault: Problem, front: str) -> Problem:
    """The fault with the line of its key, where the front matter has it once."""
    found = re.search(r", kunci (?:\w+\.)*(\w+)$", fault.where)
    lines = [n for n, line in enumerate(front.splitlines(), 1) if found and re.match(rf"\s*{found[1]}\s*=", line)]
    return replace(fault, where=f"{fault.where}, baris {lines[0]}") if len(lines) == 1 else fault


def typed(value: Any, field: LetterField, where: str) -> Any:
    """A value as its field wants it, cleaned; DataError otherwise."""
    match field.tipe:
        case "teks" if isinstance(value, str):
            return clean(value, where)
        case "angka" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "tanggal" if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        case "tanggal" if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                raise DataError(Problem(where, f"{value} tidak ada di kalender.", f"Contoh: {field.contoh}.")) from None
        case "jam" if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3])[:.][0-5]\d", value):
            return value.replace(".", ":")
        case "jam" if isinstance(value, dt.time):
            return f"{value:%H:%M}"
        case "daftar" if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return [clean(entry, f"{where}.{n}") for n, entry in enumerate(value, 1)]
        case "tabel" if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return [_row(row, field, f"{where}, baris {n}") for n, row in enumerate(value, 1)]
        case _:
            raise DataError(Problem(where, f"bukan {_SAID[field.tipe]}.", f"Contoh: {field.contoh}."))


def _row(row: dict[str, Any], field: LetterField, where: str) -> dict[str, Any]:
    """The cells of a row, "" where one is absent."""
    faults = [
        Problem(where, f"kolom {key!r} tidak dikenal.", f"Yang dikenal: {', '.join(field.columns)}.")
        for key in row
        if key not in field.columns
    ]
    if field.bersumber:
        faults += [
            Problem(where, f"angka tanpa {key}.", "Sebut dokumen asalnya dan tanggalnya, atau hapus angkanya.")
            for key in _SOURCE
            if row.get(key) in (None, "")
        ]
    if faults:
        raise DataError(*faults)
    row = {key: _day(cell) for key, cell in row.items()}
    return dict.fromkeys(field.columns, "") | {
        key: clean(cell, f"{where}, {key}") if isinstance(cell, str) else cell for key, cell in row.items()
    }


def _day(cell: Any) -> Any:
    """A cell that is a day, also after it has been kept as text."""
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        with suppress(ValueError):
            return dt.date.fromisoformat(cell)
    return cell


_SOURCE = ("sumber", "tanggal")
_SAID = {
    "teks": "teks",
    "tanggal": "tanggal (2024-08-21)",
    "jam": 'jam ("09:00")',
    "daftar": "daftar teks",
    "tabel": "tabel",
    "angka": "angka bulat",
}
