"""Scans that lie in ``pindai/`` of the home: known by the QR in their footer, filed as the signed copy of their letter."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tahapan.archive import read_seal
from tahapan.content import PICTURES, kind_of
from tahapan.dates import tanggal
from tahapan.errors import DataError, MachineError, NotKnown, Problem, Refused
from tahapan.evidence import MOST_BYTES, Arrival, sign
from tahapan.home import Home
from tahapan.letters.letter import SEAL_WORD
from tahapan.plan import Plan
from tahapan.register import LetterRow

FOLDER = "pindai"
REJECTED = "gagal"
BY = "pindai"
AT_REST = 10  # seconds: a scanner writes on, page after page
AT_ONCE = 10  # files: whoever calls has other work too, and comes again
_BY_HAND = "atau simpan dengan `tahapan letter signed`"

Reader = Callable[[Path], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Scan:
    """What became of a file: the letter it was filed with, or why it lies in ``gagal/``."""

    name: str
    letter_id: str = ""
    why: str = ""


def scan_folder(home: Home) -> Path:
    """Where the scanner, or somebody, puts signed letters."""
    return home.root / FOLDER


def rejected(home: Home) -> tuple[str, ...]:
    """The names of the scans that nobody has looked after yet; each has its reason beside it."""
    files = {path.name for path in (scan_folder(home) / REJECTED).glob("*") if path.is_file()}
    return tuple(sorted(name for name in files if name.removesuffix(".txt") not in files - {name}))


def take_scans(home: Home, plan: Plan, on: dt.date, at: dt.datetime, read: Reader) -> tuple[Scan, ...]:
    """File each scan whose QR the book knows and take it out of the folder; the others go to ``gagal/``, told why.

    ``read``: the texts of the codes in a picture, or DataError. Filed first, removed after: killed in between, the next
    round finds the same file, and `sign` changes nothing. MachineError where the folder cannot be worked in.
    """
    folder = scan_folder(home)
    try:
        (folder / REJECTED).mkdir(parents=True, exist_ok=True)
        with _alone(folder) as alone:
            ready = [path for path in sorted(folder.iterdir()) if alone and _at_rest(path, at)]
            return tuple(scan for path in ready[:AT_ONCE] if (scan := _take(home, plan, path, on, at, read)))
    except OSError as error:
        remedy = "Periksa izin foldernya dan ruang disk."
        raise MachineError(Problem(str(folder), f"tidak dapat dikerjakan ({error.strerror}).", remedy)) from None


def _take(home: Home, plan: Plan, path: Path, on: dt.date, at: dt.datetime, read: Reader) -> Scan | None:
    """What became of one file; None when somebody wrote to it or took it away meanwhile."""
    before = _marks(path)
    try:
        row = _letter_on(home, plan, path, read)
        if _marks(path) != before:
            return None
        sign(home, plan, row.id, Arrival(f"ttd-{row.pdf}", path.name, lambda: path.open("rb")), BY, on, at)
    except FileNotFoundError:
        return None
    except (DataError, Refused, NotKnown) as error:
        if _marks(path) != before:
            return None
        return Scan(_set_aside(path, str(error), at), why=str(error))
    if _marks(path) == before:
        path.unlink()
    return Scan(path.name, letter_id=row.id)


def _letter_on(home: Home, plan: Plan, path: Path, read: Reader) -> LetterRow:
    """The one letter that the pages are of, by the QR in the footer of each."""
    if path.stat().st_size > MOST_BYTES:
        raise DataError(Problem(path.name, "lebih dari 25 MB.", "Pindai hitam-putih atau abu-abu pada 300 dpi."))
    try:
        with path.open("rb") as file:
            kind_of(file, path.name, PICTURES)
    except PermissionError:
        raise DataError(Problem(path.name, "tidak boleh dibaca.", "Ubah izin berkasnya.")) from None
    seals = {text for text in read(path) if text.split()[:1] == [SEAL_WORD]}  # a TTE brings a QR of its own
    if not seals:
        remedy = f"Pindai ulang pada 300 dpi, kaki surat utuh; {_BY_HAND}."
        raise DataError(Problem(path.name, "tidak ada QR kaki surat yang terbaca.", remedy))
    rows = {row.id: row for row in (read_seal(home, plan, text) for text in sorted(seals))}
    if len(rows) > 1:
        what = f"memuat {len(rows)} surat ({', '.join(rows)})."
        raise DataError(Problem(path.name, what, "Pindai setiap surat ke berkasnya sendiri."))
    [row] = rows.values()
    return row


def _set_aside(path: Path, why: str, at: dt.datetime) -> str:
    """Move the file to ``gagal/`` under a free name, its reason there before it; that name."""
    folder = path.parent / REJECTED
    names = (path.name if n == 1 else f"{path.stem} ({n}){path.suffix}" for n in count(1))
    name = next(name for name in names if not (folder / name).exists())
    told = f"{tanggal(at.date())} pukul {at:%H.%M}: tidak dimasukkan.\n\n{why}\n\n"
    again = "Sesudah diperbaiki, taruh lagi di folder pindai/, lalu hapus keterangan ini.\n"
    (folder / f"{name}.txt").write_text(told + again, "utf-8", errors="replace")
    path.rename(folder / name)
    return name


def _at_rest(path: Path, at: dt.datetime) -> bool:
    """A file that nobody is writing. One from the future is at rest too: some scanners have a wrong clock."""
    if path.name.startswith(".") or path.is_symlink() or not path.is_file():
        return False
    return abs(at.timestamp() - path.stat().st_mtime) >= AT_REST


def _marks(path: Path) -> tuple[int, ...]:
    """Other marks, another content; none when the file is gone."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@contextmanager
def _alone(folder: Path) -> Generator[bool]:
    """Whether no other process works in the folder: `up` and the morning both come by. A kill lets go."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)
