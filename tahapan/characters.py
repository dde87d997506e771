"""Text that comes from people, before it may stand anywhere: spaces made plain, hidden characters refused."""

from __future__ import annotations

import re
import unicodedata

from tahapan.errors import DataError, Problem

_SPACES = re.compile(r"[\t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Characters that reorder, break or hide text: controls, line separators, surrogates; bidi controls, soft hyphen,
# zero-width space and joiners, BOM.
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def clean(value: str, where: str) -> str:
    """``value`` in NFC with single spaces; DataError naming the field for characters that may not stand there."""
    value = _SPACES.sub(" ", value)
    if found := _REFUSED.search(value):
        character = found.group(0)
        name = unicodedata.name(character, "karakter kendali")
        raise DataError(
            Problem(where, f"memuat karakter tak terlihat U+{ord(character):04X} ({name}).", "Ketik ulang teksnya.")
        )
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", value)).strip()
