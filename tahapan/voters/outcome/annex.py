"""A table of people for one reader: as XLSX and PDF, both locked with a password, and known by the hash of the plain table.

Nothing of it is on a disk before it is locked (UU 27/2022; DOMAIN 10, item 18).
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tahapan.book.outgoing import text_book
from tahapan.letters.pdf import Paper

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read out
_GROUPS, _LONG = 4, 4  # 16 signs of 31: 79 bits
_TITLE = 31  # characters that Excel allows
MARK = "RAHASIA - memuat data pribadi"


def new_password() -> str:
    """A password to be said on the telephone: ``k3mf-9xwz-2hqt-vd7p``."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_LONG)) for _ in range(_GROUPS))


@dataclass(frozen=True)
class Annex:
    """A table. ``columns``: heading and width in characters; ``parts``: rows by the title of their sheet and page."""

    office: str
    title: str
    remark: str
    columns: Mapping[str, int]
    parts: Mapping[str, tuple[tuple[str, ...], ...]]

    @property
    def count(self) -> int:
        return sum(map(len, self.parts.values()))

    @cached_property
    def plain(self) -> bytes:
        """The table as XLSX, every cell text; the same bytes for the same rows."""
        sheets: dict[str, tuple[tuple[str, ...], ...]] = {}
        for n, (name, rows) in enumerate(self.parts.items(), 1):
            short = name if len(name) <= _TITLE else f"{name[: _TITLE - 5].rstrip(', ')} ({n})"
            sheets[short if short not in sheets else f"{short[: _TITLE - 6]} ({n})"] = rows
        return text_book(self.columns, sheets)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of `plain`, which the register keeps; in groups, so that no digits in it look like a number of a person."""
        digest = hashlib.sha256(self.plain).hexdigest()
        return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))

    def locked_xlsx(self, password: str) -> bytes:
        """Encrypted as Office does it (agile, AES); Excel and LibreOffice ask for the password."""
        from msoffcrypto.format.ooxml import OOXMLFile

        locked = io.BytesIO()
        OOXMLFile(io.BytesIO(self.plain)).encrypt(password, locked)
        return locked.getvalue()

    def pdf(self, paper: Paper) -> bytes:
        """The same table set on the paper of the office, a page or more for each part."""
        return paper.table(
            {
                "kantor": self.office, "tanda": MARK, "judul": self.title, "keterangan": self.remark,
                "kolom": [*self.columns], "lebar": [*self.columns.values()],
                "bagian": [{"judul": name, "baris": rows} for name, rows in self.parts.items()],
            }
        )  # fmt: skip

    def locked_pdf(self, paper: Paper, password: str) -> bytes:
        """Encrypted with AES-256; the title is not readable from outside."""
        import pikepdf

        locked = io.BytesIO()
        with pikepdf.open(io.BytesIO(self.pdf(paper))) as pdf:
            pdf.save(
                locked,
                encryption=pikepdf.Encryption(owner=password, user=password, R=6),
                object_stream_mode=pikepdf.ObjectStreamMode.generate,  # a fifth of the size
            )
        return locked.getvalue()
