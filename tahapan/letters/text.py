"""Text that comes from people, before it may stand in a letter."""

from __future__ import annotations

import re
import unicodedata

from tahapan.errors import DataError, Problem

# Characters that reorder or hide text (bidi controls, zero-width space and joiners, BOM).
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean(value: str, where: str) -> str:
    """``value`` in NFC with single spaces; DataError naming the field for characters that may not stand there."""
    value = re.sub("[\t\n\r\u00a0\u202f]+", " ", value)
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") or _HIDDEN.match(character):
            name = unicodedata.name(character, "karakter kendali")
            raise DataError(
                Problem(where, f"memuat karakter tak terlihat U+{ord(character):04X} ({name}).", "Ketik ulang teksnya.")
            )
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", value)).strip()


def escape_markdown(value: str) -> str:
    """``value`` such that Markdown prints it literally, wherever in a line it stands."""
    value = re.sub(r"([\\`*_{}\[\]<>|&~#!$^])", r"\\\1", value)
    value = re.sub(r"^(\s*)([-+=:])", r"\1\\\2", value)
    return re.sub(r"^(\s*\d{1,9})([.)])(?=\s|$)", r"\1\\\2", value)
