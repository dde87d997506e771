"""An XLSX file from outside, opened row by row; what is none, is damaged or is only there to swell is refused."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tahapan.errors import DataError, Problem

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
_CHUNK = 1 << 20
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

# What a broken file makes zipfile, zlib, expat (SyntaxError) and openpyxl raise.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, SyntaxError, OSError, EOFError, LookupError, ValueError, TypeError, AttributeError,
    RuntimeError, OverflowError,
)  # fmt: skip


@contextmanager
def opened(
    path: Path, most_bytes: int = MOST_BYTES, most_unpacked: int = MOST_UNPACKED, *, computed: bool = False
) -> Generator[tuple[Any, zipfile.ZipFile]]:
    """The workbook and its package; DataError for whatever is no XLSX, or is one only to fill the memory.

    ``computed``: a formula gives the value it had when the file was saved; DataError for one that has none, as programs
    leave them that write formulas and do not compute them.
    """
    where, remedy = path.name, "Buka di Excel, lalu simpan sebagai .xlsx tanpa kata sandi."
    broken = DataError(Problem(where, "bukan berkas XLSX yang dapat dibaca.", remedy))
    if not path.is_file():
        raise DataError(Problem(str(path), "berkas tidak ada.", "Periksa nama dan foldernya."))
    if not 0 < path.stat().st_size <= most_bytes:
        what = f"berkas kosong atau lebih dari {most_bytes >> 20} MB."
        raise DataError(Problem(where, what, "Simpan ulang sebagai .xlsx."))
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it does not keep
            from openpyxl import load_workbook

            _harmless(archive, where, broken, most_unpacked)
            if computed:
                _with_results(archive, where)
            book = load_workbook(file, read_only=True, data_only=computed)  # a broken file it would leave open
            try:
                yield book, archive
            finally:
                book.close()
    except _BROKEN:
        raise broken from None


def _harmless(archive: zipfile.ZipFile, where: str, broken: DataError, most_unpacked: int) -> None:
    """DataError for what no spreadsheet program writes: a package that swells, XML that defines entities."""
    if sum(part.file_size for part in archive.infolist()) > most_unpacked:
        raise DataError(Problem(where, "isinya terlalu besar setelah dibuka.", "Hapus lembar yang tidak perlu."))
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")) and any(_ENTITY.search(chunk) for chunk in chunks(archive, part)):
            raise broken


def _with_results(archive: zipfile.ZipFile, where: str) -> None:
    """DataError for a formula without its result."""
    for part in archive.infolist():
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            for chunk in chunks(archive, part):
                if b"<f" in chunk and (found := _NO_RESULT.search(chunk)):
                    what = f"berisi rumus tanpa hasil (mulai sel {found[1].decode()}), jadi isinya tidak terbaca."
                    raise DataError(Problem(where, what, "Buka di Excel, simpan, lalu ulangi."))


_NO_RESULT = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?![^>]*t="str")[^>]*><f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


def chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part piece by piece, each with the end of the one before it."""
    with archive.open(part) as file:
        tail = b""
        while piece := file.read(_CHUNK):
            yield tail + piece
            tail = piece[-200:]
