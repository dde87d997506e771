"""Files that prove something are copied under their hash, then written down: evidence of duties, signed letters."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import sqlalchemy as sa

from tahapan import journal, register
from tahapan.archive import drop, half_of, sweep
from tahapan.characters import named
from tahapan.content import PICTURES, bare_name, file_name, kind_of
from tahapan.errors import DataError, MachineError, Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.register import ENDED, LetterRow
from tahapan.store.engine import writing
from tahapan.store.tables import surat_berkas

__all__ = ["MOST_BYTES", "PICTURES", "Arrival", "keep", "keep_stream", "sign", "take_in"]

MOST_BYTES = 25 * 1024 * 1024
SIGNED = "ttd"
_CHUNK = 1 << 20
# What a part of a ZIP raises that is damaged, locked, or packed in a way we do not read.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that belongs to a letter."""

    jenis: str
    name: str
    sha256: str
    filed_on: dt.date
    filed_by: str


def copies(connection: sa.Connection, office: str, letter_id: str) -> tuple[Copy, ...]:
    """The signed copies of a letter, and of one written elsewhere its file."""
    query = sa.select(*(surat_berkas.c[name] for name in Copy.__slots__)).where(
        surat_berkas.c.office == office, surat_berkas.c.surat == letter_id
    )
    return tuple(Copy(*row) for row in connection.execute(query.order_by(surat_berkas.c.id)))


def sign(
    home: Home, plan: Plan, letter_id: str, file: Path | Arrival, by: str, on: dt.date, at: dt.datetime
) -> LetterRow:
    """File the signed copy of a numbered letter; the same file again changes nothing."""
    who = named(by, "memasukkan berkasnya")
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        if not row.numbered or row.state in ENDED:
            what = f"berstatus {row.state}."
            remedy = "Hanya surat bernomor yang tidak batal dapat diberi berkas bertanda tangan."
            raise Refused(Problem(f"surat {row.id}", what, remedy))
        [(name, digest)] = take_in(home, [Arrival.of(file)], PICTURES, "--file")
        filed = surat_berkas.c.office == office, surat_berkas.c.surat == row.id, surat_berkas.c.sha256 == digest
        if connection.execute(surat_berkas.select().where(*filed, surat_berkas.c.jenis == SIGNED)).first():
            return row
        connection.execute(
            surat_berkas.insert().values(
                office=office, surat=row.id, jenis=SIGNED, name=name, sha256=digest, filed_on=on, filed_by=who
            )
        )
        if row.state == "disetujui":
            register.set_state(connection, office, row.id, "ditandatangani", row.note)
        detail = {"berkas": name, "sha256": digest}
        journal.write(connection, office, at=at, who=who, what="ditandatangani", subject=row.id, detail=detail)
        return register.letter(connection, office, row.id)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that somebody hands in: the name it came with, where to say so, and how to read it."""

    name: str
    where: str
    open: Callable[[], AbstractContextManager[BinaryIO]]

    @classmethod
    def of(cls, file: Path | Arrival) -> Arrival:
        """A file by its path, or one that has arrived already."""
        return file if isinstance(file, Arrival) else cls.of_path(file)

    @classmethod
    def of_path(cls, path: Path) -> Arrival:
        return cls(path.name, str(path), lambda: _opened(path))

    @classmethod
    def of_stream(cls, stream: BinaryIO, name: str, where: str = "") -> Arrival:
        """An upload, read from where the stream stands."""
        return cls(name, where or bare_name(name) or "berkas", lambda: nullcontext(stream))


def keep(home: Home, files: Iterable[Path], where: str, only: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Copies in ``bukti/``: name and hash of each file; DataError for every file that cannot be evidence.

    ``where``: what to call the field when its name may not stand anywhere. ``only``: the kinds of files that will do
    (keys of `content.KINDS`), others are refused.
    """
    return take_in(home, (Arrival.of_path(path) for path in files), only, where)


def keep_stream(home: Home, stream: BinaryIO, name: str, where: str, only: tuple[str, ...] = ()) -> tuple[str, str]:
    """`keep` for one file that is being uploaded under that name."""
    [kept] = take_in(home, [Arrival.of_stream(stream, name)], only, where)
    return kept


def take_in(
    home: Home, arrivals: Iterable[Arrival], only: tuple[str, ...] = (), where: str = "nama berkas"
) -> list[tuple[str, str]]:
    """Name and hash of each file, in its order; all are kept or, when one cannot be evidence, none.

    DataError with every fault; MachineError when the disk is full. Read in pieces: no file is ever whole in memory.
    """
    sweep(home.bukti)
    halves: list[_Half] = []
    faults: list[Problem] = []
    try:
        for arrival in arrivals:
            try:
                halves.append(_copied(home, arrival, only, where))
            except DataError as error:
                faults += error.problems
        if faults:
            raise DataError(*faults)
        for half in halves:
            half.path.replace(home.kept(half.sha256, half.name))
    finally:
        for half in halves:
            drop(half.path)
    return [(half.name, half.sha256) for half in halves]


@dataclass(frozen=True, slots=True)
class _Half:
    path: Path
    name: str
    sha256: str


def _copied(home: Home, arrival: Arrival, only: tuple[str, ...], where: str) -> _Half:
    """A complete copy beside its place, looked at: size, content, name."""
    half = half_of(home.bukti / f"masuk-{uuid4().hex}")
    try:
        with _readable(arrival), arrival.open() as source:
            digest = _poured(source, half, arrival)
        with half.open("rb") as copy:
            kind = kind_of(copy, arrival.where, only)
        return _Half(half, file_name(arrival.name, kind, where), digest)
    except BaseException:
        drop(half)
        raise


def _poured(source: BinaryIO, half: Path, arrival: Arrival) -> str:
    """The source into the half file, piece by piece and down to the disk; its SHA-256."""
    hashed, size = hashlib.sha256(), 0
    if not (piece := source.read(_CHUNK)):
        raise DataError(Problem(arrival.where, "berkas bukti kosong.", "Pilih berkas lain."))
    with _writable(half):
        half.parent.mkdir(parents=True, exist_ok=True)
        with half.open("wb") as target:
            while piece:
                size += len(piece)
                if size > MOST_BYTES:
                    raise DataError(Problem(arrival.where, "berkas bukti lebih dari 25 MB.", "Kecilkan, atau bagi."))
                hashed.update(piece)
                target.write(piece)
                with _readable(arrival):
                    piece = source.read(_CHUNK)
            target.flush()
            os.fsync(target.fileno())
    return hashed.hexdigest()


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    if not path.is_file():
        raise DataError(Problem(str(path), "berkas bukti tidak ada.", "Periksa nama dan foldernya."))
    with path.open("rb") as file:
        yield file


@contextmanager
def _readable(arrival: Arrival) -> Generator[None]:
    try:
        yield
    except _UNREADABLE:
        raise DataError(Problem(arrival.where, "rusak atau bersandi.", "Ambil lagi dari asalnya.")) from None
    except PermissionError as error:
        raise DataError(Problem(arrival.where, f"tidak dapat dibaca ({error.strerror}).", "Periksa izinnya.")) from None


@contextmanager
def _writable(half: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        what = f"tidak dapat ditulis ({error.strerror})."
        raise MachineError(Problem(str(half.parent), what, "Kosongkan disk, lalu ulangi.")) from None
