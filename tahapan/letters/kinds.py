"""Kinds of letters: the front matter of ``templates/surat/<kind>.md.j2``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.characters import clean
from tahapan.checklist import Duty
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.reading import parse, parse_toml, read_text, read_toml, shown

_FROZEN = ConfigDict(frozen=True, extra="forbid")
SUFFIX = ".md.j2"
BASE = "dasar"


class LetterField(BaseModel):
    """A value the letter needs beyond calendar and office."""

    model_config = _FROZEN

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    tipe: Literal["teks", "tanggal", "jam", "daftar", "tabel", "angka"]
    contoh: str | tuple[str, ...] | tuple[dict[str, str], ...] | dt.date | int = ""
    wajib: bool = True


class Kind(BaseModel):
    """The front matter; ``rantai`` names the roles that see the letter, the last of which signs (``ttd``)."""

    model_config = _FROZEN

    id: str
    nama: str
    klas: str = Field(pattern=r"^[A-Z]{2}(\.\d{2}){0,2}$")
    sifat: Literal["Biasa", "Segera", "Sangat Segera", "Penting", "Rahasia", "Terbatas"]
    form: Literal["surat", "surat-tugas", "siaran-pers"] = "surat"
    judul: str = ""
    ttd: str
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
                result[name] = _typed(value, field, f"{where}, kunci {name}")
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
                kinds[name] = _read(path, name)
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


def load_details(folder: Path, short_key: str) -> dict[str, Any]:
    """What the office wrote down for one duty: ``acara/<stage>.<item>.toml``; empty when there is none."""
    path = folder / f"{short_key}.toml"
    return read_toml(path) if path.is_file() else {}


def missing_labels(kinds: Mapping[str, KindFile], duty: Duty, details: Path) -> tuple[str, ...]:
    """What a duty's letter still waits for, in office words; empty without an office letter."""
    if not duty.item.letter:
        return ()
    kind = kind_of(kinds, duty.item.letter, f"butir {duty.short_key}")
    given = {**duty.item.isi, **load_details(details, duty.short_key)}
    return tuple(field.label for field in kind.missing(given))


def _read(path: Path, name: str) -> KindFile:
    text = read_text(path)
    parts = re.split(r"^\+\+\+\s*$", text, maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise DataError(
            Problem(shown(path), "kepala templat tidak ditemukan.", "Awali dengan TOML di antara dua baris +++.")
        )
    kind = parse(Kind, {"id": name, **parse_toml(parts[1], shown(path))}, shown(path))
    if kind.rantai[-1] != kind.ttd:
        raise DataError(
            Problem(
                f"{shown(path)}, kunci rantai", "yang terakhir bukan penanda tangan.", f"Akhiri dengan {kind.ttd!r}."
            )
        )
    body = parts[2].lstrip("\n")
    return KindFile(kind, path, body, text.count("\n") - body.count("\n"))


def _typed(value: Any, field: LetterField, where: str) -> Any:
    match field.tipe:
        case "teks" if isinstance(value, str):
            return clean(value, where)
        case "angka" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "tanggal" if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        case "jam" if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3])[:.][0-5]\d", value):
            return value.replace(".", ":")
        case "jam" if isinstance(value, dt.time):
            return f"{value:%H:%M}"
        case "daftar" if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return [clean(entry, f"{where}.{n}") for n, entry in enumerate(value, 1)]
        case "tabel" if isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return [_row(row, f"{where}, baris {n}") for n, row in enumerate(value, 1)]
        case _:
            raise DataError(Problem(where, f"bukan {_SAID[field.tipe]}.", f"Contoh: {field.contoh}."))


def _row(row: dict[str, Any], where: str) -> dict[str, Any]:
    return {key: clean(cell, f"{where}, {key}") if isinstance(cell, str) else cell for key, cell in row.items()}


_SAID = {
    "teks": "teks",
    "tanggal": "tanggal (2024-08-21)",
    "jam": 'jam ("09:00")',
    "daftar": "daftar teks",
    "tabel": "tabel",
    "angka": "angka bulat",
}
