"""What a letter is looked for by: its number, addressees and words without capitals, spaces between, and forms of a sign."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from tahapan import pola


def folded(nomor: str | None, hal: str, kepada: str, content: str) -> dict[str, str]:
    """The columns that a search reads; they follow from the others and are written with them."""
    return {
        "cari_nomor": pola.same(nomor or ""),
        "cari_kepada": plain(kepada),
        "cari_kata": "\n".join(filter(None, (plain(hal), plain(_words(content))))),
    }


def plain(text: str) -> str:
    """Without capitals, with single spaces, in one form of Unicode."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _words(content: str) -> str:
    """What a letter written here says, from its addressees to its annexes."""
    if not content:
        return ""
    letter: dict[str, Any] = json.loads(content)
    parts = (letter.get(part, ()) for part in ("kepada", "blocks", "annexes", "tembusan"))
    return " ".join(said for part in parts for said in _said(part))


def _said(value: Any) -> Iterator[str]:
    """Texts in their order; what stands in one paragraph in several types is one text."""
    match value:
        case str():
            yield value
        case list() if value and all(isinstance(span, dict) and "text" in span for span in value):
            yield "".join(span["text"] for span in value)
        case list():
            for entry in value:
                yield from _said(entry)
        case dict():
            for key, entry in value.items():
                if key != "type":
                    yield from _said(entry)
        case _:
            pass
