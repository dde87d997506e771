"""Open a Word file that came from anywhere: what is no Word file, damaged or dangerous is refused by name."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager

from docx import Document
from docx.document import Document as DocumentObject

from tahapan.errors import DataError, Problem

MOST_BYTES, MOST_PARTS = 20_000_000, 300  # a letter of ours has 100 kB in 15 parts
_OTHERS = {
    b"%PDF": "berkas PDF",
    b"{\\rtf": "berkas RTF",
    b"\xd0\xcf\x11\xe0": "berkas Word lama (.doc) atau berkas bersandi",
}
_SAVE_AGAIN = "Buka di Word, simpan sebagai Dokumen Word (.docx), lalu coba lagi."
_DAMAGED = "Ambil lagi berkas surat ini dari tahapan, lalu ulangi perubahannya."
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


@contextmanager
def readable(where: str) -> Generator[None]:
    """Whatever a damaged file does to those who parse it is said as a fault of the file."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # parsers of zip, XML and OOXML raise of all kinds
        what = f"berkas Word rusak ({type(error).__name__})."
        raise DataError(Problem(where, what, _DAMAGED)) from error


def opened(content: bytes, where: str) -> DocumentObject:
    """The document; DataError when it is another kind of file, damaged, too large, or brings a program with it."""
    for beginning, kind in _OTHERS.items():
        if content.startswith(beginning):
            raise DataError(Problem(where, f"bukan berkas .docx melainkan {kind}.", _SAVE_AGAIN))
    with readable(where):
        _check_parts(content, where)
        return Document(io.BytesIO(content))


def _check_parts(content: bytes, where: str) -> None:
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise DataError(Problem(where, "bukan berkas .docx, atau terpotong.", _DAMAGED)) from None
    with package:
        parts = package.infolist()
        names = {part.filename for part in parts}
        if "word/document.xml" not in names:
            kind = "berkas OpenDocument (.odt)" if "content.xml" in names else "berkas zip lain"
            raise DataError(Problem(where, f"bukan berkas .docx melainkan {kind}.", _SAVE_AGAIN))
        # zipfile reads no more of a part than the directory declares, so what is declared is what can come
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            what = f"isi berkas lebih dari {MOST_BYTES // 1_000_000} MB atau {MOST_PARTS} bagian."
            raise DataError(Problem(where, what, "Hapus gambar dan lampiran dari berkas itu."))
        for part in parts:
            _check_part(package, part, where)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, where: str) -> None:
    name = part.filename.lower()
    if "vbaproject" in name or "activex" in name:
        raise DataError(Problem(where, "berkas berisi makro.", _SAVE_AGAIN))
    if "/embeddings/" in name:
        raise DataError(Problem(where, "berkas berisi objek tertanam (Excel atau lainnya).", "Hapus objeknya."))
    try:
        content = package.read(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise DataError(Problem(where, f"bagian {part.filename} rusak.", _DAMAGED)) from None
    if name.endswith((".xml", ".rels")) and any(mark in content for mark in _DOCTYPE):
        raise DataError(Problem(where, f"bagian {part.filename} memuat DOCTYPE.", _SAVE_AGAIN))
