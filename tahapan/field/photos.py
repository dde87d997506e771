"""A ZIP of photos named by their units: each becomes evidence of its unit, nothing is unpacked under its own name."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from tahapan.checklist import Duty
from tahapan.content import bare_name
from tahapan.errors import DataError, Problem
from tahapan.evidence import MOST_BYTES, Arrival, take_in
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.ticking import Kept, Return, Roll, Ticked, roll, tick_units
from tahapan.units import Names, Unit, plain

MOST_FILES, MOST_UNPACKED = 5_000, 4 * 1024**3  # two photos from each of 637 polling places: 1,274 files, 3 GB
MOST_SWELL = 200  # photos hardly pack; a bomb swells a thousandfold
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError)
_NOT_MEANT = re.compile(r"(^|/)__MACOSX/|(^|[\\/])(\.[^\\/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_COUNTER = re.compile(r"[\s_.(-]*\d{1,2}\)?$")  # "Kurai (2)", "Kurai_2"


@dataclass(frozen=True, slots=True)
class Photos:
    """What came of a ZIP; ``left`` says which files were not taken, and why."""

    ticked: Ticked
    left: tuple[Problem, ...]


def take_photos(
    home: Home, plan: Plan, duty: Duty, path: Path, by: str, on: dt.date, at: dt.datetime, *, partly: bool = False
) -> Photos:
    """Keep every file of the ZIP as evidence of the unit that its name or folder names, and tick these units.

    DataError with every name that is unknown or shared and every file that cannot be evidence; then nothing is taken,
    except with ``partly`` the files with which nothing is wrong.
    """
    now = roll(home, plan, duty)
    with _opened(path) as archive:
        fitting, left = _sorted(archive, now, path.name)
        if left and not (partly and fitting):
            raise DataError(*left)
        arrivals = [
            Arrival(info.filename, f"{path.name}, {_shown(info.filename)}", partial(_part, archive, info))
            for info, _ in fitting
        ]
        if partly:
            taken = [_alone(home, arrival, left) for arrival in arrivals]
        else:
            taken = [(piece,) for piece in take_in(home, arrivals)]
    returns = [Return(unit, pieces) for (_, unit), pieces in zip(fitting, taken, strict=True) if pieces]
    if not returns:
        raise DataError(*left)
    return Photos(tick_units(home, plan, duty, returns, by, on, at), tuple(left))


def _alone(home: Home, arrival: Arrival, left: list[Problem]) -> tuple[Kept, ...]:
    """One file by itself; what is wrong with it is told among the rest."""
    try:
        return tuple(take_in(home, [arrival]))
    except DataError as error:
        left += error.problems
        return ()


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast("BinaryIO", archive.open(info))


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    """The archive; DataError for what is no ZIP, locked, or there to fill the disk."""
    if not path.is_file():
        raise DataError(Problem(str(path), "berkas tidak ada.", "Periksa nama dan foldernya."))
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        raise DataError(Problem(path.name, "bukan berkas ZIP, atau terpotong.", "Buat lagi ZIP-nya.")) from None
    with archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MOST_FILES or unpacked > MOST_UNPACKED:
            what = f"berisi lebih dari {MOST_FILES} berkas atau 4 GB."
            raise DataError(Problem(path.name, what, "Bagi menjadi beberapa ZIP."))
        if unpacked > MOST_BYTES and unpacked > MOST_SWELL * path.stat().st_size:
            raise DataError(
                Problem(path.name, "mengembang tidak wajar (bom ZIP).", "Jangan dipakai; tanyakan pengirimnya.")
            )
        if any(part.flag_bits & 1 for part in parts):
            raise DataError(Problem(path.name, "bersandi.", "Buat lagi tanpa kata sandi."))
        yield archive


def _sorted(
    archive: zipfile.ZipFile, now: Roll, zip_name: str
) -> tuple[list[tuple[zipfile.ZipInfo, Unit]], list[Problem]]:
    """Files with their unit, and a problem for each whose unit is not clear."""
    names, fitting, left = now.names, list[tuple[zipfile.ZipInfo, Unit]](), list[Problem]()
    for info in archive.infolist():
        if info.is_dir() or _NOT_MEANT.search(info.filename):
            continue
        meant = unit_of(names, info.filename)
        if len(meant) == 1:
            fitting.append((info, meant[0]))
        else:
            said = now.unclear(_shown(info.filename), meant)
            left.append(Problem(f"{zip_name}, {said.where}", said.what, said.remedy))
    if not fitting and not left:
        left.append(Problem(zip_name, "tidak ada berkas di dalamnya.", "Isi dengan foto yang dinamai menurut unitnya."))
    return fitting, left


def unit_of(names: Names, path: str) -> tuple[Unit, ...]:
    """The unit that a file is of: by its name, without a counter at its end, else by the folder it lies in.

    Several when the name is shared and no folder decides; none when nothing fits.
    """
    parts = [part for part in re.split(r"[\\/]", path) if part not in ("", ".", "..")]
    stem, folders = PurePosixPath(parts[-1]).stem if parts else "", parts[:-1][::-1]
    shared: tuple[Unit, ...] = ()
    for said in dict.fromkeys(_readings(stem)):
        meant = names.meant(said)
        if len(meant) > 1:
            meant = _within(meant, folders)
        if len(meant) == 1:
            return meant
        shared = shared or meant
    if shared:
        return shared
    for folder in folders:
        if meant := names.meant(folder):
            return meant
    return ()


def _readings(stem: str) -> Iterator[str]:
    yield stem
    yield _COUNTER.sub("", stem)


def _within(meant: tuple[Unit, ...], folders: Iterable[str]) -> tuple[Unit, ...]:
    """Those of the district that a folder names, when it names one of theirs."""
    named = {plain(re.sub(r"^kec(amatan)?\b", "", folder, flags=re.IGNORECASE)) for folder in folders}
    return tuple(unit for unit in meant if plain(unit.kecamatan) in named) or meant


def _shown(name: str) -> str:
    return bare_name(name)[:80] or "(tanpa nama)"
