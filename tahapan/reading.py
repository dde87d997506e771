"""Data files in: TOML -> pydantic models, with every fault named by file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tahapan.characters import clean
from tahapan.errors import DataError, Problem

M = TypeVar("M", bound=BaseModel)
OFFICE = "kantor"


def shown(path: Path) -> str:
    """A file as a clerk looks for it: from the office folder ``kantor`` on, else its last three parts."""
    parts = path.parts
    start = len(parts) - 1 - parts[::-1].index(OFFICE) if OFFICE in parts[:-1] else -3
    return "/".join(parts[start:])


def read_toml(path: Path) -> dict[str, Any]:
    """The file as plain data; DataError when it is missing or is not TOML."""
    return parse_toml(read_text(path), shown(path))


def read_text(path: Path) -> str:
    """The whole file; DataError when it is missing, may not be read, or is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")  # Notepad begins its files with a byte order mark
    except FileNotFoundError:
        raise DataError(Problem(shown(path), "berkas tidak ada.", "Periksa nama dan foldernya.")) from None
    except UnicodeDecodeError:
        raise DataError(
            Problem(shown(path), "berkas bukan teks UTF-8.", "Simpan ulang sebagai teks biasa dengan encoding UTF-8.")
        ) from None
    except OSError as error:
        raise DataError(
            Problem(shown(path), f"berkas tidak dapat dibaca ({error.strerror}).", "Periksa izinnya.")
        ) from None


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """``text`` as plain data, its texts cleaned; DataError showing the line at which it stops being TOML."""
    try:
        return _cleaned(tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        found = re.search(r"line (\d+)", str(error))
        number = min(int(found.group(1)), len(lines)) if found else len(lines)
        twice = "verwrite" in str(error) or "twice" in str(error)
        what = "kunci atau tabel ditulis dua kali" if twice else "TOML rusak"
        raise DataError(
            Problem(
                f"{where}, baris {number}",
                f"{what}, tertulis `{lines[number - 1].strip()[:80]}`.",
                "Hapus salah satu." if twice else "Periksa tanda kutip, koma dan kurung di baris itu dan di atasnya.",
            )
        ) from None


def _cleaned(data: dict[str, Any], where: str) -> dict[str, Any]:
    faults: list[Problem] = []

    def walk(value: Any, loc: tuple[str | int, ...]) -> Any:
        match value:
            case str():
                try:
                    return clean(value, "")
                except DataError as error:
                    faults.extend(replace(fault, where=_place(where, data, loc)) for fault in error.problems)
            case dict():
                return {key: walk(inner, (*loc, key)) for key, inner in value.items()}
            case list():
                return [walk(inner, (*loc, n)) for n, inner in enumerate(value)]
            case _:
                pass
        return value

    result = walk(data, ())
    if faults:
        raise DataError(*faults)
    return result


def parse(model: type[M], data: Any, where: str) -> M:
    """``data`` as ``model``; DataError with one Problem per faulty key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [dict(fault) for fault in error.errors()]
        raise DataError(*dict.fromkeys(_problem(where, data, fault) for fault in _own(faults))) from None


def _own(faults: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Without the lists that pydantic calls too short only because what stands in them is faulty."""
    for fault in faults:
        loc = fault["loc"]
        inside = any(other["loc"][: len(loc)] == loc and other is not fault for other in faults)
        if not (fault["type"] == "too_short" and inside):
            yield fault


def load(model: type[M], path: Path) -> M:
    """One TOML file as ``model``, which must be frozen: the same text gives the same object."""
    return _loaded(model, read_text(path), shown(path))


@lru_cache(maxsize=256)
def _loaded(model: type[M], text: str, where: str) -> M:
    return parse(model, parse_toml(text, where), where)


_SAID = {
    "extra_forbidden": ("kunci ini tidak dikenal.", "Periksa ejaannya atau hapus."),
    "missing": ("kunci ini wajib ada.", "Tambahkan."),
    "string_type": ("harus berupa teks.", "Tulis di antara tanda kutip."),
    "int_type": ("harus berupa angka bulat.", "Tulis tanpa tanda kutip."),
    "int_parsing": ("harus berupa angka bulat.", "Tulis tanpa tanda kutip."),
    "int_from_float": ("harus berupa angka bulat.", "Tulis tanpa koma atau titik."),
    "bool_type": ("harus true atau false.", "Tulis tanpa tanda kutip."),
    "bool_parsing": ("harus true atau false.", "Tulis tanpa tanda kutip."),
    "tuple_type": ("harus berupa daftar.", 'Tulis seperti ["satu", "dua"].'),
    "dict_type": ("harus berupa tabel.", "Lihat contohnya di kantor contoh."),
    "model_type": ("harus berupa tabel.", "Lihat contohnya di kantor contoh."),
    "too_short": ("tidak boleh kosong.", "Isi paling sedikit satu."),
    "string_too_short": ("tidak boleh kosong.", "Isi."),
}


def _problem(where: str, data: Any, fault: dict[str, Any]) -> Problem:
    place = _place(where, data, fault["loc"])
    kind, context, value = fault["type"], fault.get("ctx", {}), fault["input"]
    if kind == "value_error":  # raised by our own validators, already in Indonesian
        return Problem(place, str(context["error"]))
    if kind == "literal_error":
        return Problem(
            place, f"nilai {value!r} tidak dikenal.", f"Pilihan: {context['expected'].replace(' or ', ' atau ')}."
        )
    if kind == "string_pattern_mismatch":
        return Problem(place, f"{value!r} salah bentuknya.", f"Tulis seperti yang lain ({context['pattern']}).")
    if kind == "string_too_long":
        return Problem(place, "terlalu panjang.", f"Persingkat sampai {context['max_length']} huruf.")
    if kind.startswith(("date_", "datetime_")):
        return Problem(place, f"{value!r} bukan tanggal.", "Tulis seperti 2024-08-21, tanpa tanda kutip.")
    what, remedy = _SAID.get(kind, (f"nilai {value!r} tidak dapat dipakai.", "Lihat contohnya di kantor contoh."))
    return Problem(place, what, remedy)


def _place(where: str, data: Any, loc: tuple[str | int, ...]) -> str:
    """``kantor/pejabat.toml, pemegang ke-3 (ketua), kunci sampai``."""
    parts, keys = [where], list[str]()
    for step in loc:
        if isinstance(step, int):
            data = data[step]
            name = (
                next((data[key] for key in ("id", "peran", "nama") if key in data), "")
                if isinstance(data, dict)
                else ""
            )
            parts.append(f"{'.'.join(keys)} ke-{step + 1}" + (f" ({name})" if name else ""))
            keys = []
        elif isinstance(data, dict):
            keys.append(step)
            data = data.get(step)
        # else: which of several types pydantic tried
    return ", ".join([*parts, f"kunci {'.'.join(keys)}"] if keys else parts)
