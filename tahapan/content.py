"""What a file is, by its content and never by its name: what may be evidence, and what is refused by name."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from tahapan.characters import clean
from tahapan.errors import DataError, Problem

KINDS: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",), "docx": (".docx",), "xlsx": (".xlsx",),
    "jpg": (".jpg", ".jpeg", ".jpe", ".jfif"), "png": (".png",),
}  # fmt: skip
PICTURES = ("jpg", "png", "pdf")  # what can show a signature or a message
_HEAD = 8192
_LONGEST_NAME = 120
_PACKAGE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHERS = {
    "exe": "program Windows", "elf": "program", "zip": "berkas ZIP", "rar": "berkas RAR", "7z": "berkas 7z",
    "heic": "foto HEIC dari iPhone", "webp": "gambar WebP", "gif": "gambar GIF", "mp4": "video", "3gp": "video",
    "mov": "video", "rtf": "berkas RTF",
}  # fmt: skip
_SAVE_AS = {
    "heic": "Di iPhone pilih Pengaturan > Kamera > Format > Paling Kompatibel, atau kirim tangkapan layarnya.",
    "zip": "Keluarkan isinya, lalu pilih berkasnya; foto per unit diambil dengan `tahapan units BUTIR --foto`.",
}


def kind_of(file: BinaryIO, where: str, only: tuple[str, ...] = ()) -> str:
    """The kind of an opened file, a key of `KINDS`; DataError for any other, or for one not among ``only``."""
    import filetype

    allowed = only or tuple(KINDS)
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(_PACKAGE):
        kind, said = _package(file, where)
    elif head.startswith(_OLD_OFFICE):
        kind, said = "", "berkas Office lama (.doc, .xls) atau berkas bersandi"
    else:
        guessed = filetype.guess(head)
        kind = guessed.extension if guessed else ""
        said = _OTHERS.get(kind, "jenis lain")
    if kind in allowed:
        return kind
    wanted = ", ".join(name.upper() for name in allowed)
    raise DataError(
        Problem(
            where, f"isinya {kind.upper() if kind in KINDS else said}, bukan {wanted}.",
            _SAVE_AS.get(kind, "Simpan sebagai salah satunya; mengganti akhiran nama saja tidak cukup."),
        )
    )  # fmt: skip


def _package(file: BinaryIO, where: str) -> tuple[str, str]:
    """docx or xlsx, else what else is zipped; DataError for what is damaged, only there to swell, or brings a program."""
    from tahapan.letters.word.open import MOST_BYTES, MOST_PARTS  # python-docx is slow to import

    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise DataError(Problem(where, "rusak atau terpotong.", "Ambil lagi dari asalnya.")) from None
    names = {part.filename for part in parts}
    # photos in a document are packed already: what counts is how much it would swell when it is opened
    swells = sum(max(0, part.file_size - part.compress_size) for part in parts)
    if len(parts) > MOST_PARTS or swells > MOST_BYTES:
        what = f"mengembang lebih dari {MOST_BYTES // 1_000_000} MB bila dibuka, atau lebih dari {MOST_PARTS} bagian."
        raise DataError(Problem(where, what, "Kirim sebagai PDF."))
    if "[Content_Types].xml" not in names:
        return ("", "berkas OpenDocument") if "content.xml" in names else ("zip", _OTHERS["zip"])
    if any("vbaproject" in name.lower() for name in names):
        raise DataError(Problem(where, "berisi makro.", "Simpan tanpa makro (.docx atau .xlsx)."))
    if "word/document.xml" in names:
        return "docx", ""
    return ("xlsx", "") if "xl/workbook.xml" in names else ("zip", _OTHERS["zip"])


def bare_name(name: str) -> str:
    """The name without its folders, however they are written, and without what cannot be seen."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).strip(" .")


def file_name(name: str, kind: str, where: str) -> str:
    """What a file of that kind is called in the records: one line, ending as its kind does.

    DataError for a name with a number like a NIK.
    """
    path = PurePosixPath(clean(bare_name(name), where) or "berkas")
    if path.suffix.lower() in KINDS[kind]:
        stem, ending = path.stem, path.suffix
    else:  # a wrong ending is taken off, the seconds of a WhatsApp photo are none
        stem, ending = path.stem if path.suffix[1:].isalpha() else path.name, f".{kind}"
    return stem[: _LONGEST_NAME - len(ending)] + ending
