"""Data files in: TOML -> pydantic models, with every fault named by file and key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tahapan.errors import DataError, Problem

M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The file as plain data; DataError when it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(Problem(str(path), "berkas tidak ada.", "Periksa nama dan foldernya.")) from None
    except UnicodeDecodeError:
        raise DataError(Problem(str(path), "berkas bukan UTF-8.", "Simpan ulang sebagai UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            Problem(str(path), f"TOML rusak ({error}).", "Perbaiki baris itu, atau kembalikan salinan terakhir.")
        ) from None


def parse(model: type[M], data: Any, where: str) -> M:
    """``data`` as ``model``; DataError with one Problem per faulty key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise DataError(*(_problem(where, dict(fault)) for fault in error.errors())) from None


def load(model: type[M], path: Path) -> M:
    """One TOML file as ``model``."""
    return parse(model, read_toml(path), str(path))


_SAID = {
    "extra_forbidden": ("kunci ini tidak dikenal.", "Periksa ejaannya atau hapus."),
    "missing": ("kunci ini wajib ada.", "Tambahkan."),
    "string_type": ("harus berupa teks.", "Tulis di antara tanda kutip."),
    "int_type": ("harus berupa angka bulat.", "Tulis tanpa tanda kutip."),
    "too_short": ("tidak boleh kosong.", "Isi paling sedikit satu."),
    "string_too_short": ("tidak boleh kosong.", "Isi."),
    "string_too_long": ("terlalu panjang.", "Persingkat."),
    "date_type": ("harus berupa tanggal.", "Tulis seperti 2024-08-21."),
    "date_from_datetime_parsing": ("harus berupa tanggal.", "Tulis seperti 2024-08-21."),
}


def _problem(where: str, fault: dict[str, Any]) -> Problem:
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in fault["loc"])
    place = f"{where}, kunci {key}" if key else where
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":  # raised by our own validators, already in Indonesian
        return Problem(place, str(context["error"]))
    if kind == "literal_error":
        return Problem(place, f"nilai {fault['input']!r} tidak dikenal.", f"Pilihan: {context['expected']}.")
    what, remedy = _SAID.get(kind, (f"nilai {fault['input']!r} tidak dapat dibaca.", f"({fault['msg']})"))
    return Problem(place, what, remedy)
