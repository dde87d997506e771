"""The lists an office keeps: taken in from files, compared, forgotten. Their rows are in one DuckDB file of the office.

The records (`store.tables.daftar_pemilih`) know of each list what may be known everywhere: its name, how many rows, who
brought it. The voters are in ``pemilih/daftar.duckdb``, which only its owner reads and nothing leaves but what is asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import secrets
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlalchemy as sa

from tahapan import journal
from tahapan.characters import named, safe
from tahapan.content import bare_name
from tahapan.errors import DataError, MachineError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.private import written
from tahapan.store.engine import reading, writing
from tahapan.store.tables import daftar_pemilih
from tahapan.voters.checks import AGAINST
from tahapan.voters.intake import Taken, read
from tahapan.voters.intake.columns import known
from tahapan.voters.search import MEMORY, OFFICE, quoted, telling, waited, working_memory

STAGES = {"dps": "DPS", "dpshp": "DPSHP", "dpt": "DPT"}  # a voter list, in the order in which KPU makes it
REASONS = {each.id: each.judul for each in AGAINST}
KINDS = {**STAGES, **REASONS}
_FILE, _KEY = "daftar.duckdb", "kunci"
_IMPORT = "`tahapan voters import BERKAS --jenis dps`"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the records know of a list."""

    id: str
    jenis: str
    name: str
    sha256: str
    baris: int
    masalah: int
    kolom: Mapping[str, str]
    disebut: Mapping[str, str]
    imported_at: str
    imported_by: str
    checked_at: str | None
    forgotten_at: str | None

    @property
    def is_roll(self) -> bool:
        """A voter list, and not one that is held against it."""
        return self.jenis in STAGES

    @property
    def judul(self) -> str:
        return f"{KINDS.get(self.jenis, self.jenis)} ({self.id})"


def kept(connection: sa.Connection, office: str, election: str) -> tuple[Kept, ...]:
    """Every list of an election, forgotten ones too, in the order they came."""
    table = daftar_pemilih
    query = sa.select(*(table.c[name] for name in Kept.__slots__)).where(
        table.c.office == office, table.c.election == election
    )
    rows = connection.execute(query.order_by(table.c.imported_at, table.c.id)).mappings()
    return tuple(
        Kept(**row | {name: json.loads(row[name]) for name in ("kolom", "disebut")}) for row in map(dict, rows)
    )


def all_kept(home: Home, plan: Plan) -> tuple[Kept, ...]:
    """The same, outside a transaction."""
    with reading(home.engine) as connection:
        return kept(connection, plan.office.profile.id, plan.election.id)


def chosen(lists: tuple[Kept, ...], wanted: str | None) -> Kept:
    """The voter list of that id, or the latest one; NotKnown when there is none, Refused when its rows are gone."""
    if wanted is None:
        if (found := latest(lists)) is None:
            what = "isinya sudah dihapus semua." if any(each.is_roll for each in lists) else "belum ada satu pun."
            raise NotKnown(Problem("daftar pemilih", what, f"Masukkan dahulu dengan {_IMPORT}."))
        return found
    found = list_of(lists, wanted)
    if not found.is_roll:
        rolls = _known(each for each in lists if each.is_roll)
        raise Refused(Problem(found.id, f"bukan daftar pemilih, melainkan {REASONS[found.jenis]}.", rolls))
    return found


def latest(lists: Iterable[Kept]) -> Kept | None:
    """The voter list that KPU made last, of those whose rows are there."""
    rolls = [each for each in lists if each.is_roll and not each.forgotten_at]
    return max(rolls, key=lambda each: (list(STAGES).index(each.jenis), each.imported_at), default=None)


def list_of(lists: tuple[Kept, ...], wanted: str) -> Kept:
    """The list of that id; NotKnown when there is none, Refused when its rows are gone."""
    found = next((each for each in lists if each.id == wanted), None)
    if found is None:
        raise NotKnown(Problem(safe(wanted, "daftar"), "tidak ada daftar dengan nama itu.", _known(lists)))
    if found.forgotten_at:
        raise Refused(Problem(found.id, "isinya sudah dihapus.", _known(lists)))
    return found


def _known(lists: Iterable[Kept]) -> str:
    return f"Yang ada: {', '.join(each.id for each in lists if not each.forgotten_at) or 'belum ada'}."


def take_in(
    home: Home, plan: Plan, path: Path, jenis: str, by: str, at: dt.datetime,
    columns: Mapping[str, str] | None = None,
) -> tuple[Kept, Taken | None]:  # fmt: skip
    """Read a file into the office's lists; the same file again gives the list it already is, and no `Taken`.

    ``jenis``: of `KINDS`. ``columns``: headings that are not guessed; what was said of the last list of this kind still
    holds for one that has the same headings. DataError for a file that is no such list.
    """
    office = plan.office.profile.id
    if jenis not in KINDS:
        raise NotKnown(Problem("--jenis", f"{safe(jenis)!r} tidak dikenal.", f"Pilih: {', '.join(KINDS)}."))
    who = named(by, "memasukkan daftarnya")
    if not path.is_file():
        raise DataError(Problem(str(path), "berkas tidak ada.", "Periksa nama dan foldernya."))
    digest = _sha256(path)
    with opened(home) as con:
        before = all_kept(home, plan)
        there = _tables(con)
        for each in before:
            same = (each.sha256, each.jenis) == (digest, jenis) and not each.forgotten_at
            if same and (not columns or columns == each.disebut) and each.id in there:
                return each, None
        name = f"{jenis}-{1 + sum(each.jenis == jenis for each in before)}"
        try:
            taken, said = _read(con, path, jenis, name, columns or {}, before)
            _check_kind(path, jenis, taken)
            _check_places(con, plan, path, name, taken)
        except DataError:
            con.execute(f'DROP TABLE IF EXISTS "{name}"')
            raise
        row = Kept(
            name, jenis, bare_name(safe(path.name, "daftar")), digest, taken.rows, taken.problems,
            {column: safe(heading, column) for column, heading in taken.columns.items()}, dict(said),
            at.isoformat(), who, None, None,
        )  # fmt: skip
        with writing(home.engine) as connection:
            values = {each: getattr(row, each) for each in Kept.__slots__}
            values |= {each: json.dumps(values[each], ensure_ascii=False) for each in ("kolom", "disebut")}
            connection.execute(daftar_pemilih.insert().values(office=office, election=plan.election.id, **values))
            journal.write(
                connection, office, at=at, who=who, what="daftar pemilih dimasukkan", subject=name,
                detail={"berkas": row.name, "baris": row.baris, "sha256": digest},
            )  # fmt: skip
    return row, taken


def _read(
    con: duckdb.DuckDBPyConnection, path: Path, jenis: str, name: str, columns: Mapping[str, str],
    before: tuple[Kept, ...],
) -> tuple[Taken, Mapping[str, str]]:  # fmt: skip
    kind = "daftar" if jenis in STAGES else "kematian"
    profile = next((each.disebut for each in reversed(before) if each.jenis == jenis and each.disebut), {})
    if profile and not columns:
        with suppress(DataError):  # other headings this time
            return read(con, path, kind, name, profile), profile
    return read(con, path, kind, name, columns), columns


def _check_kind(path: Path, jenis: str, taken: Taken) -> None:
    """DataError for a list without a row, and for one of the dead that is called a voter list."""
    if not taken.rows:
        raise DataError(Problem(path.name, "hanya berisi judul, tanpa satu baris pun.", "Periksa berkasnya."))
    if jenis in STAGES and any(known(heading, "kematian") == "meninggal" for heading in taken.unused):
        what = f"berisi tanggal meninggal, jadi bukan {STAGES[jenis]}."
        raise DataError(Problem(path.name, what, "Masukkan dengan --jenis meninggal."))


def _check_places(con: duckdb.DuckDBPyConnection, plan: Plan, path: Path, name: str, taken: Taken) -> None:
    """DataError when the office's kecamatan stand in the column of the villages."""
    if not {"kecamatan", "nagari"} <= taken.columns.keys():
        return
    ours = {_letters(each.nama) for each in plan.office.directory.area.kecamatan}
    villages = {_letters(each.nama) for each in plan.office.directory.area.desa}
    rows = con.execute(f'SELECT kecamatan, nagari, count(*) FROM "{name}" GROUP BY ALL').fetchall()
    right = sum(n for kecamatan, _, n in rows if _letters(kecamatan) in ours)
    wrong = sum(
        n for kecamatan, nagari, n in rows if _letters(nagari) in ours and _letters(kecamatan) in villages - ours
    )
    if wrong > right:
        heads = taken.columns
        what = f"isi kolom kecamatan dan nagari tertukar pada {wrong} dari {taken.rows} baris."
        remedy = f'Tukar: --kolom kecamatan="{heads["nagari"]}" --kolom nagari="{heads["kecamatan"]}".'
        raise DataError(Problem(path.name, what, remedy))


def _letters(name: str | None) -> str:
    return "".join(sign for sign in (name or "").upper() if sign.isalpha())


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    found = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()
    return {name for (name,) in found}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- the file --------------------------------------------------------------------------------------


def folder_of(home: Home) -> Path:
    """``pemilih/`` of the home, which only its owner enters."""
    folder = home.root / "pemilih"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def file_of(home: Home) -> Path:
    """The file of the lists; NotKnown before the first one is taken in."""
    path = folder_of(home) / _FILE
    if not path.is_file():
        raise NotKnown(Problem("daftar pemilih", "belum ada satu pun.", f"Masukkan dahulu dengan {_IMPORT}."))
    return path


@contextmanager
def opened(home: Home) -> Generator[duckdb.DuckDBPyConnection]:
    """The file of the lists, to be written by this process alone; MachineError when another one keeps it."""
    path = folder_of(home) / _FILE
    before = os.umask(0o077)  # DuckDB makes its files with the permissions of the process
    try:
        with (
            telling(),
            waited(lambda: duckdb.connect(path, config={"memory_limit": MEMORY, "temp_directory": ""})) as con,
        ):
            yield con
    finally:
        os.umask(before)


def tables_of(home: Home) -> set[str]:
    """The lists whose rows are in the file; NotKnown without a file."""
    with working_memory({}, file_of(home)) as con:
        query = f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{OFFICE}'"
        return {name for (name,) in con.execute(query).fetchall()}


def key(home: Home, *, new: bool) -> str:
    """The secret under which findings know a person again; without it their hashes say nothing.

    ``new``: there are no findings yet, so that it may be made. MachineError when it is lost or damaged.
    """
    path = folder_of(home) / _KEY
    if not new and not path.is_file():
        what = "kuncinya hilang, padahal sudah ada temuan; tanpa kunci itu tidak seorang pun dikenali lagi."
        raise MachineError(Problem(str(path), what, "Kembalikan dari cadangan."))
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    found = path.read_text("ascii").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise MachineError(Problem(str(path), "kuncinya rusak.", "Kembalikan dari cadangan."))
    return found


def forget(home: Home, plan: Plan, wanted: str, by: str, at: dt.datetime) -> Kept:
    """Take the rows of a list away for good; what was counted and found on it stays, without names."""
    office = plan.office.profile.id
    who = named(by, "menghapus daftarnya")
    found = list_of(all_kept(home, plan), wanted)
    path = file_of(home)
    half = path.with_suffix(".baru")
    with written(path), opened(home) as con:
        for old in (half, half.with_name(f"{half.name}.wal")):  # of one that was killed
            old.unlink(missing_ok=True)
        # a dropped table leaves its bytes in the file until they are overwritten: so the rest goes into a new file, and
        # until that takes the place of the old one nothing has happened
        con.execute(f"ATTACH '{quoted(half)}' AS baru")
        for name in sorted(_tables(con) - {found.id}):
            con.execute(
                f'CREATE TABLE baru."{name}" AS FROM "{name}"' + " WHERE sumber <> $1" * (name == "masalah"),
                [found.id] if name == "masalah" else None,
            )
        con.execute("DETACH baru")
        half.replace(path)  # whoever waits for the file opens the new one
    with writing(home.engine) as connection:
        mine = daftar_pemilih.c.office == office, daftar_pemilih.c.id == found.id
        connection.execute(daftar_pemilih.update().where(*mine).values(forgotten_at=at.isoformat()))
        journal.write(connection, office, at=at, who=who, what="daftar pemilih dihapus", subject=found.id)
    return found
