"""One installation in one folder: office folder, records, letters, and whether it is a rehearsal (gladi)."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tahapan import dispositions, meetings, record, register
from tahapan.dispositions import Given
from tahapan.errors import DataError, MachineError, Problem, Refused
from tahapan.letters.kinds import KindFile, load_kinds
from tahapan.meetings import Meeting
from tahapan.office import Office, load_office
from tahapan.plan import DATA, Plan, load_plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, sqlite_url, writing
from tahapan.store.opening import connect
from tahapan.store.tables import acara, meta

if TYPE_CHECKING:  # both are slow to import, and `due` needs neither
    from tahapan.letters.compose import Words
    from tahapan.letters.pdf import Paper

SAMPLE_OFFICE = DATA / "sample_office"
TEMPLATES = Path(__file__).parent.parent / "templates"
Moment = dt.datetime | dt.date
Files = tuple[tuple[str, int, int], ...]


class Home:
    """An opened installation. Data files are read once and again when they change."""

    def __init__(self, root: Path, database_url: str = "") -> None:
        self.root = root
        self._url = database_url
        self._office: tuple[object, Office] | None = None
        self._plans: dict[str, tuple[object, Plan]] = {}
        self._kinds: tuple[object, dict[str, KindFile]] | None = None
        self._words: tuple[object, Words] | None = None
        self._paper: tuple[object, Paper] | None = None

    @property
    def kantor(self) -> Path:
        return self.root / "kantor"

    @property
    def surat(self) -> Path:
        return self.root / "surat"

    @property
    def bukti(self) -> Path:
        return self.root / "bukti"

    def kept(self, digest: str, name: str) -> Path:
        """Where a file that was filed under that name lies: by its hash, with its ending."""
        return self.bukti / f"{digest}{Path(name).suffix.lower()}"

    @property
    def details(self) -> Path:
        """What the office wrote down for single duties."""
        return self.kantor / "acara"

    @property
    def database(self) -> Path:
        return self.root / "tahapan.db"

    @cached_property
    def engine(self) -> sa.Engine:
        self.root.mkdir(parents=True, exist_ok=True)
        if not self._url:
            with suppress(OSError):  # told when it is opened
                self.database.touch(mode=0o600)  # SQLite gives the files beside it the same mode
        return connect(self._url or sqlite_url(self.database))

    @property
    def exists(self) -> bool:
        return self.kantor.is_dir()

    # --- what kind of installation -------------------------------------------------------------

    @cached_property
    def gladi(self) -> Gladi | None:
        """The rehearsal this folder is, or None for a real office."""
        with reading(self.engine) as connection:
            found = dict(connection.execute(sa.select(meta.c.key, meta.c.value)).tuples().all())
        if found.get("jenis") != "gladi":
            return None
        start, day = (dt.date.fromisoformat(found[key]) for key in ("start", "day"))
        return Gladi(found["election"], start, day)

    @property
    def first_day(self) -> dt.date | None:
        """The first day of a rehearsal, or of this office's use of tahapan; None before it has worked a day."""
        with reading(self.engine) as connection:
            start = connection.execute(sa.select(meta.c.value).where(meta.c.key == "start")).scalar()
        return dt.date.fromisoformat(start) if start else None

    def begin(self, day: dt.date) -> dt.date:
        """The first day worked, written down once: what was due before it is not ours to catch up."""
        if first := self.first_day:  # nearly always: no writer has to wait for this question
            return first
        with writing(self.engine) as connection:
            start = connection.execute(sa.select(meta.c.value).where(meta.c.key == "start")).scalar()
            if start is None:
                connection.execute(meta.insert().values(key="start", value=day.isoformat()))
        return dt.date.fromisoformat(start) if start else day

    def set_day(self, day: dt.date) -> None:
        """Move a rehearsal to a day; its clock is the calendar of the election, not ours."""
        with writing(self.engine) as connection:
            connection.execute(meta.update().where(meta.c.key == "day").values(value=day.isoformat()))
        self.__dict__.pop("gladi", None)

    @property
    def election(self) -> str:
        """The election this installation works on."""
        return self.gladi.election if self.gladi else self.office.profile.pemilihan

    # --- what it works with --------------------------------------------------------------------

    @property
    def office(self) -> Office:
        files = self._fingerprint()
        if self._office is None or self._office[0] != files:
            self._office = (files, load_office(self.kantor))
        return self._office[1]

    def plan(self, election: str) -> Plan:
        """The plan of an election with the event days set so far."""
        office = self.office
        events, written = self.events(office.profile.id, election), self._written(office.profile.id, election)
        state = (self._fingerprint(), tuple(events.items()), written)
        if election not in self._plans or self._plans[election][0] != state:
            held, given = self.meetings(office.profile.id, election), self.dispositions(office.profile.id, election)
            self._plans[election] = (state, self.planned(election, events, held, given))
        return self._plans[election][1]

    def planned(
        self, election: str, events: Mapping[str, Moment], held: Mapping[str, Meeting], given: Sequence[Given]
    ) -> Plan:
        """The plan as it would be with these event days, meetings and dispositions."""
        plan = load_plan(self.office, election, events, self.root / "cache", self.kinds)
        if held:
            fields = {name: {field.id: field.tipe for field in file.kind.fields} for name, file in self.kinds.items()}
            plan = plan.with_meetings(held, fields)
        if given:
            plan = plan.with_dispositions(given)
        if faults := list(_wrong_values(plan, self.kinds)):
            raise DataError(*faults)
        return plan

    @property
    def kinds(self) -> dict[str, KindFile]:
        """The kinds of letters, without their words: no Jinja."""
        files = self._fingerprint()
        if self._kinds is None or self._kinds[0] != files:
            self._kinds = (files, load_kinds(self.word_folders))
        return self._kinds[1]

    def words(self, plan: Plan) -> Words:
        from tahapan.letters.compose import load_words

        files = self._fingerprint()
        if self._words is None or self._words[0] != files:
            self._words = (files, load_words(self.kinds, self.word_folders, plan))
        return self._words[1]

    @property
    def word_folders(self) -> tuple[Path, ...]:
        """Where the words of letters are: the office's own first."""
        return (self.kantor / "templates", TEMPLATES / "surat")

    @property
    def paper(self) -> Paper:
        from tahapan.letters.pdf import paper_in

        files = self._fingerprint()
        if self._paper is None or self._paper[0] != files:
            self._paper = (files, paper_in(self._paper_folder().resolve()))
        return self._paper[1]

    def without_glyph(self, text: str) -> tuple[str, ...]:
        """The characters of ``text`` that the office's letters cannot print."""
        return self.paper.without_glyph(text, self.office.profile.gaya.huruf)

    def _paper_folder(self) -> Path:
        """The paper sees one folder only: ours, or a copy of it with what the office puts in its place.

        Its logo, its fonts (``huruf/``), its measures or its whole paper (``kertas/``). The copy is named by its
        contents and never written again: other processes read it.
        """
        ours, own = TEMPLATES / "kertas", self._own_paper()
        if not own:
            return ours
        files = {str(path.relative_to(ours)): path for path in sorted(ours.rglob("*")) if path.is_file()} | own
        content = b"".join(name.encode() + b"\0" + path.read_bytes() for name, path in sorted(files.items()))
        folder = self.root / "cache" / f"kertas-{hashlib.sha256(content).hexdigest()[:16]}"
        if not folder.is_dir():
            half = folder.with_suffix(f".{os.getpid()}.baru")
            shutil.rmtree(half, ignore_errors=True)
            for name, path in files.items():
                (half / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, half / name)
            try:
                half.rename(folder)
            except OSError:  # another process was first, with the same contents
                shutil.rmtree(half)
        return folder

    def _own_paper(self) -> dict[str, Path]:
        """Name on the paper -> the office's own file."""
        own = {path.name: path for path in sorted((self.kantor / "kertas").glob("*")) if path.is_file()}
        own |= {f"huruf/{path.name}": path for path in sorted((self.kantor / "huruf").glob("*.[ot]tf"))}
        if logo := self.office.profile.kop.logo:
            own[logo] = self.kantor / logo
        return own

    def book(self, election: str) -> tuple[LetterRow, ...]:
        """The letters of an election, in the order of work."""
        with reading(self.engine) as connection:
            return register.letters(connection, self.office.profile.id, election)

    def events(self, office: str, election: str) -> dict[str, Moment]:
        """Real event days set in this office; the latest word counts."""
        query = sa.select(acara.c.stage, acara.c.moment).where(acara.c.office == office, acara.c.election == election)
        with reading(self.engine) as connection:
            return {row.stage: read_moment(row.moment) for row in connection.execute(query.order_by(acara.c.id))}

    def _written(self, office: str, election: str) -> int:
        """How many versions of meetings and incoming letters there are: nothing is ever taken away, so a change shows.

        Asked whenever a plan is; the entries themselves are read only when it differs.
        """
        with reading(self.engine) as connection:
            return record.count(connection, office, election, (meetings.JENIS, dispositions.JENIS))

    def meetings(self, office: str, election: str) -> dict[str, Meeting]:
        """The office's own meetings by the ids of their stages, in the order in which they were planned."""
        with reading(self.engine) as connection:
            rows = record.entries(connection, office, election, meetings.JENIS)
        return {f"{meetings.PREFIX}{row.id}": meetings.Meeting.model_validate(dict(row.isi)) for row in rows}

    def dispositions(self, office: str, election: str) -> tuple[Given, ...]:
        """What incoming letters were given to people for, in the order of the book."""
        with reading(self.engine) as connection:
            rows = record.entries(connection, office, election, dispositions.JENIS)
        return tuple(each for row in rows for each in dispositions.given_in(row.id, row.isi))

    def _fingerprint(self) -> Files:
        """Every data file with its time and size; asked some thousand times a day of work."""
        seen = _SEEN.get()
        if seen is None:
            return self._look()
        if self.root not in seen:
            seen[self.root] = self._look()
        return seen[self.root]

    def _look(self) -> Files:
        own = (self.kantor / name for name in ("elections", "kertas", "huruf"))
        folders = (self.kantor, *self.word_folders, *own, *self.kantor.glob("checklists/*"))
        return tuple(sorted(found for folder in folders for found in _files_in(folder)))


@contextmanager
def looking_once() -> Generator[None]:
    """Within the block the data files are looked at once: what is shown comes from one state of them."""
    token = _SEEN.set({})
    try:
        yield
    finally:
        _SEEN.reset(token)


_SEEN: ContextVar[dict[Path, Files] | None] = ContextVar("seen", default=None)


def _files_in(folder: Path) -> Iterable[tuple[str, int, int]]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if "." in entry.name:
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


@dataclass(frozen=True, slots=True)
class Gladi:
    """A rehearsal: of which election, from which day, and what day it is in it."""

    election: str
    start: dt.date
    day: dt.date


def open_home(root: Path, database_url: str = "") -> Home:
    """An existing installation; MachineError when the folder is none.

    A rehearsal always has its own database, whatever ``database_url`` says: it can never reach the real register.
    """
    own = Home(root)
    rehearsed = own.database.is_file() and own.gladi is not None
    if (root / GLADI_MARK).exists() and not rehearsed:
        raise MachineError(
            Problem(
                str(root),
                "folder gladi ini kehilangan bukunya (tahapan.db).",
                "Hapus folder itu, lalu mulai gladi baru.",
            )
        )
    home = own if rehearsed else Home(root, database_url)
    if not home.exists:
        raise MachineError(
            Problem(
                str(root),
                "bukan rumah tahapan (tidak ada folder kantor/).",
                "Pilih dengan --home, atau coba `tahapan demo`.",
            )
        )
    return home


def open_gladi(root: Path, election: str, start: dt.date, day: dt.date, office_folder: Path = SAMPLE_OFFICE) -> Home:
    """The rehearsal in ``root``, made when the folder is new or empty.

    Refused when the folder is a real office, or a rehearsal of something else.
    """
    from tahapan.letters.compose import load_words

    home = Home(root)
    if home.exists and (not home.database.is_file() or home.gladi is None):
        raise Refused(Problem(str(root), "folder itu rumah kantor, bukan gladi.", "Pilih folder lain untuk gladi."))
    if not home.exists:
        if root.is_dir() and (strange := sorted({path.name for path in root.iterdir()} - _OWN)):
            raise Refused(Problem(str(root), f"folder itu berisi berkas lain ({strange[0]}).", "Pilih folder kosong."))
        folders = (office_folder / "templates", TEMPLATES / "surat")
        kinds = load_kinds(folders)
        plan = load_plan(load_office(office_folder), election, {}, kinds=kinds)  # refuses before anything is written
        load_words(kinds, folders, plan)
        plan.check_day(day)
        plan.check_day(start)
    wanted = {"jenis": "gladi", "election": election, "start": start.isoformat(), "day": day.isoformat()}
    with writing(home.engine) as connection:
        found = dict(connection.execute(sa.select(meta.c.key, meta.c.value)).tuples().all())
        if not found:
            connection.execute(meta.insert(), [{"key": key, "value": value} for key, value in wanted.items()])
    for key, said in (("election", "pemilihan"), ("start", "hari pertama")):
        if found and found[key] != wanted[key]:
            raise Refused(
                Problem(
                    str(root),
                    f"gladi di folder itu dibuat dengan {said} {found[key]}, bukan {wanted[key]}.",
                    "Lanjutkan dengan yang sama, atau pilih folder lain.",
                )
            )
    (root / GLADI_MARK).write_text("Folder gladi: latihan, bukan kantor sungguhan. Boleh dihapus.\n", "utf-8")
    if not home.exists:
        _copy_whole(office_folder, home.kantor)  # last: a folder with kantor/ is complete
    home.set_day(day)
    return home


GLADI_MARK = "gladi.txt"  # says what the folder is, also when its database is lost
_BOOK = {f"tahapan.db{ending}" for ending in ("", "-wal", "-shm", "-journal")}  # -journal: killed before it was WAL
_OWN = {GLADI_MARK, "prefect", "log", "cache", "kantor.baru", *_BOOK}


def _copy_whole(source: Path, target: Path) -> None:
    """A folder is there whole or not at all, whenever we are killed."""
    half = target.with_suffix(".baru")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(source, half)
    half.rename(target)


def _wrong_values(plan: Plan, kinds: Mapping[str, KindFile]) -> Iterable[Problem]:
    """Fields that the checklist gives a letter and its kind does not know or cannot read."""
    for item in plan.items:
        if item.letter:
            kind, where = kinds[item.letter].kind, f"{item.file}, butir {item.stage}.{item.id}"
            if kind.form in ("surat", "nota-dinas") and not item.kepada:
                yield Problem(where, "bersurat tanpa `kepada`.", "Isi kelompok penerimanya.")
            try:
                kind.checked(item.isi, where)
            except DataError as error:
                yield from error.problems


def read_day(text: str) -> dt.date:
    """``2024-08-21`` as a person typed it; DataError for a day that does not exist."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DataError(Problem(text, "bukan tanggal.", "Tulis seperti 2024-08-21.")) from None


def read_moment(text: str) -> Moment:
    """``2024-09-20`` or ``2024-09-20T09:00``; DataError otherwise."""
    wanted = "Tulis seperti 2024-09-20 atau 2024-09-20T09:00, jam kantor."
    try:
        moment = dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    except ValueError:
        raise DataError(Problem(text, "bukan tanggal.", wanted)) from None
    if isinstance(moment, dt.datetime) and moment.tzinfo:
        raise DataError(Problem(text, "memuat zona waktu.", wanted))
    return moment
