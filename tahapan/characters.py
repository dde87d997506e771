"""Text that comes from people, before it may stand anywhere: spaces plain, nothing hidden, no number of a person."""

from __future__ import annotations

import re
import unicodedata

from tahapan.errors import DataError, Problem

_SPACES = re.compile(r"[\t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Characters that reorder, break or hide text: controls, line separators, surrogates; bidi controls, soft hyphen,
# zero-width space and joiners, BOM.
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
# Sixteen digits as NIK and NKK are written, in one run or in groups; a NIP has eighteen.
_PERSONAL = re.compile(r"(?<!\d)(?:\d{16}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4})(?!\d)")
_SHORT = 16  # shorter than any number of a person


def clean(value: str, where: str) -> str:
    """``value`` in NFC with single spaces; DataError naming the field for what may not stand there.

    That is characters that hide or reorder text, and numbers that look like a NIK or NKK (promise 6).
    """
    if len(value) < _SHORT and value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()  # nearly every value of every file; `due` reads four thousand
    value = _SPACES.sub(" ", value)
    if found := _REFUSED.search(value):
        character = found.group(0)
        name = unicodedata.name(character, "karakter kendali")
        raise DataError(
            Problem(where, f"memuat karakter tak terlihat U+{ord(character):04X} ({name}).", "Ketik ulang teksnya.")
        )
    if number := _PERSONAL.search(value):
        shown = number.group(0)[:4] + "…" + number.group(0)[-2:]
        what = f"memuat nomor 16 angka seperti NIK atau NKK ({shown})."
        raise DataError(Problem(where, what, "Hapus; data pribadi tidak boleh di sini."))
    return re.sub(" {2,}", " ", unicodedata.normalize("NFC", value)).strip()


def named(by: str, doing: str = "mencatat") -> str:
    """The name of somebody who does something; DataError for none. ``doing``: what, for the message."""
    if not (name := clean(by, "--oleh")):
        raise DataError(Problem("--oleh", "nama kosong.", f"Tulis siapa yang {doing}."))
    return name


def safe(value: str, instead: str = "") -> str:
    """``value`` for a place nobody checks before it is read: cleaned, or ``instead`` where `clean` refuses it."""
    try:
        return clean(value, "")
    except DataError:
        return instead


def no_formula(cell: str) -> str:
    """A text for a cell of a CSV file: an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


_FORMULA = re.compile(r"[=+\-@\t\r]")
