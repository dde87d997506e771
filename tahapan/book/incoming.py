"""An older book in: every row of a spreadsheet as a numbered letter, all of them or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tahapan import journal, pola, register
from tahapan.book.elsewhere import patterns, slug, text_of
from tahapan.book.sheet import Column, Row, day_of, rows_of
from tahapan.book.sheet import text_of as cell_text
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem
from tahapan.folding import folded
from tahapan.home import Home
from tahapan.office import Nomor
from tahapan.plan import Plan
from tahapan.register import IMPORTED, LAIN, OUTSIDE, UMUM, VOID, Place
from tahapan.store.engine import reading, writing
from tahapan.store.tables import jurnal, surat

BOOK = "buku"  # in the place of an election: older letters belong to none, and no day's work reads them
COLUMNS = (
    Column("Nomor", ("nomorsurat", "nosurat", "nomornaskah", "nomorsuratkeluar", "nosuratkeluar"), instead=("no",)),
    Column("Tanggal", ("tgl", "tanggalsurat", "tglsurat", "tanggalnaskah", "tanggalkeluar", "tglkeluar")),
    Column("Perihal", ("hal", "perihalsurat", "halsurat", "isiringkas", "isisurat", "tentang")),
    Column("Kepada", ("tujuan", "tujuansurat", "kepadayth", "dikirimkepada", "ditujukankepada", "penerima", "yth")),
    Column("Klasifikasi", ("klas", "kodeklasifikasi", "klasifikasisurat", "kodeklas"), needed=False),
    Column("Keterangan", ("ket", "catatan"), needed=False),
    Column("Status", ("statussurat",), needed=False),
    Column("Penanda tangan", ("ttd", "ditandatanganioleh", "penandatangansurat"), needed=False),
)
_VOID = re.compile(r"\b(?:di)?batal(?:kan)?\b|\btidak (?:jadi |di)?pakai\b|\bvoid\b", re.IGNORECASE)
_STATES = ("disetujui", "ditandatangani", "dikirim", "diterima", "dijawab", VOID)
_SHOWN = 200  # more faults than that help nobody


@dataclass(frozen=True, slots=True)
class Result:
    """How many rows were (or would be) written, per series; ``before`` is the day of an earlier import of the file."""

    series: Mapping[str, int]
    before: str = ""

    @property
    def count(self) -> int:
        return sum(self.series.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter of the older book, and where it stands in the file."""

    where: str
    place: Place
    nomor: str
    on: dt.date
    klas: str
    hal: str
    kepada: str
    state: str
    note: str
    signer: str


def import_book(
    home: Home, plan: Plan, path: Path, by: str, at: dt.datetime, *, try_only: bool = False, as_it_is: bool = False
) -> Result:
    """Take an older book over; every fault of the file at once, and then nothing is written.

    ``as_it_is``: numbers that are missing, out of the order of their days, or that name another day than theirs are
    taken as they stand. The same file a second time changes nothing.
    """
    who = text_of(by, "--oleh")
    digest = _digest(path)
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        if before := _imported(connection, office, digest):
            return Result({}, before)
        numbers, outside = _known(connection, office)
    profile = plan.office.profile.nomor
    reader = _Reader(profile, patterns(home, profile), outside, at.date(), as_it_is=as_it_is)
    entries = reader.entries(rows_of(path, COLUMNS))
    faults = [*reader.faults, *_doubles(entries, numbers)]
    if try_only or faults:
        with reading(home.engine) as connection:
            against = _against(connection, office, entries, as_it_is, whole=not reader.faults)
            _refuse(path, [*faults, *against])
        return Result(Counter(entry.place.seri for entry in entries))
    with writing(home.engine) as connection:
        if before := _imported(connection, office, digest):
            return Result({}, before)
        numbers, _ = _known(connection, office)
        _refuse(path, [*_doubles(entries, numbers), *_against(connection, office, entries, as_it_is)])
        rows = [_values(office, entry) for entry in entries]
        if rows:
            connection.execute(surat.insert(), rows)
        columns = [column.name for column in journal.IMPORTED_COLUMNS]
        detail = {
            "sha256": digest, "jumlah": len(rows), "isi": journal.fingerprint([[row[name] for name in columns] for row in rows]),
            "seri": dict(Counter(entry.place.seri for entry in entries)), "apa_adanya": as_it_is,
        }  # fmt: skip
        journal.write(connection, office, at=at, who=who, what=journal.IMPORTED, subject=path.name, detail=detail)
    return Result(Counter(entry.place.seri for entry in entries))


class _Reader:
    """Rows to letters; collects what is wrong with them."""

    def __init__(
        self, nomor: Nomor, known: Mapping[str, str], outside: Counter[str], today: dt.date, *, as_it_is: bool
    ) -> None:
        self.nomor, self.patterns, self.outside, self.today, self.as_it_is = nomor, known, outside, today, as_it_is
        self.given = [re.compile(pattern) for pattern in nomor.luar]
        self.faults: list[Problem] = []

    def entries(self, rows: Iterable[Row]) -> list[Entry]:
        return [entry for row in rows if (entry := self._entry(row))]

    def _entry(self, row: Row) -> Entry | None:
        text: dict[str, str] = {}
        on: dt.date | None = None
        before = len(self.faults)
        for column in row.cells:
            try:
                if column == "Tanggal":
                    on = day_of(row.cells[column], row.place(column))
                else:
                    text[column] = cell_text(row.cells[column], row.place(column))
            except DataError as error:
                self.faults += error.problems
        note, status = text.get("Keterangan", ""), text.get("Status", "").casefold()
        state = VOID if _VOID.search(note) or status == VOID else status if status in _STATES else "disetujui"
        hal = text.get("Perihal", "") or ("(batal)" if state == VOID else "")
        for column, value in (("Nomor", text.get("Nomor")), ("Perihal", hal)):
            if value == "" and column in text:
                self.faults.append(Problem(row.place(column), "kosong.", "Isi, atau hapus barisnya."))
        if on is None and "Tanggal" not in row.cells:
            self.faults.append(Problem(row.place("Tanggal"), "kosong.", "Isi, atau hapus barisnya."))
        if on and on > self.today:
            self.faults.append(Problem(row.place("Tanggal"), f"{tanggal(on)} masih di depan.", "Perbaiki tahunnya."))
        if len(self.faults) > before or on is None:
            return None
        found = self._place(row, text["Nomor"], on, text.get("Klasifikasi", "").upper())
        if found is None:
            return None
        place, klas = found
        return Entry(
            row.where, place, text["Nomor"], on, klas, hal, text.get("Kepada", ""), state, note,
            text.get("Penanda tangan", ""),
        )  # fmt: skip

    def _place(self, row: Row, nomor: str, on: dt.date, klas: str) -> tuple[Place, str] | None:
        where = row.place("Nomor")
        for own, pattern in self.patterns.items():
            if said := pola.read(pattern, nomor, self.nomor.codes):
                return self._ours(row, nomor, said, on, klas, own)
        if any(given.fullmatch(nomor) for given in self.given):
            seri = f"{OUTSIDE} {on.year}"
            self.outside[seri] += 1
            return Place(seri, self.outside[seri]), klas
        example = register.number(self.nomor.pola, Place("", 12), "PM.00.02", self.nomor.kantor_ketua, on)
        remedy = "Nomor dari luar dikenali setelah polanya ditulis di `luar`, [nomor] kantor.toml."
        self.faults.append(Problem(where, f"{nomor!r} tidak seperti nomor kantor ini ({example}).", remedy))
        return None

    def _ours(
        self, row: Row, nomor: str, said: pola.Parts, on: dt.date, klas: str, own: str
    ) -> tuple[Place, str] | None:
        where = row.place("Nomor")
        if said.urut == 0:
            self.faults.append(Problem(where, f"{nomor} berurut 0.", "Nomor urut mulai dari 1."))
            return None
        if klas and said.klas not in (None, klas):
            what = f"{klas}, padahal nomornya {nomor}."
            self.faults.append(Problem(row.place("Klasifikasi"), what, "Samakan, atau kosongkan."))
            return None
        if not said.fits(on) and not self.as_it_is:
            what = f"{nomor} tidak cocok dengan tanggal {tanggal(on)}."
            self.faults.append(Problem(where, what, "Perbaiki, atau pakai --apa-adanya bila memang begitu tertulis."))
            return None
        klas = said.klas or klas
        counted = on if said.tahun == on.year else on.replace(year=said.tahun, day=1)
        return Place(register.series(self.nomor, klas, said.kantor or "", counted, own), said.urut, said.sisip), klas


def _doubles(entries: Iterable[Entry], numbers: Mapping[str, str]) -> Iterator[Problem]:
    """Numbers and places that the file has twice, or that the book has already."""
    seen: dict[Any, Entry] = {}
    for entry in entries:
        where = f"{entry.where}, kolom Nomor"
        if other := numbers.get(pola.same(entry.nomor)):
            yield Problem(where, f"{entry.nomor} sudah ada dalam buku (surat {other}).", "Hapus barisnya.")
        earlier = seen.get(pola.same(entry.nomor)) or seen.get(entry.place)
        if earlier:
            yield Problem(where, f"{entry.nomor} sama dengan {earlier.where}.", "Satu nomor hanya satu surat.")
        seen[pola.same(entry.nomor)] = seen[entry.place] = entry


def _against(
    connection: sa.Connection, office: str, entries: Sequence[Entry], as_it_is: bool, *, whole: bool = True
) -> Iterator[Problem]:
    """What file and book together would have wrong: a place twice, days out of order, numbers that are missing.

    ``whole``: every row of the file could be read, so that a number not among them is missing.
    """
    by_series: dict[str, list[tuple[int, int, dt.date, str, str]]] = {}
    for entry in entries:
        line = (entry.place.urut, entry.place.sisip, entry.on, entry.nomor, entry.where)
        by_series.setdefault(entry.place.seri, []).append(line)
    for seri, lines in by_series.items():
        if seri.startswith(f"{OUTSIDE} "):
            continue
        query = sa.select(surat.c.urut, surat.c.sisip, surat.c.tanggal, surat.c.nomor, sa.literal(""))
        old = connection.execute(query.where(surat.c.office == office, surat.c.seri == seri))
        all_lines = sorted([*lines, *(tuple(row) for row in old)], key=lambda line: line[:2])
        for (urut, sisip, day, nomor, where), (urut2, sisip2, day2, nomor2, where2) in pairwise(all_lines):
            if not where and not where2:
                continue
            at = f"{where2 or where}, kolom "
            if (urut, sisip) == (urut2, sisip2):
                if not (where and where2) and pola.same(nomor) != pola.same(nomor2):
                    yield Problem(f"{at}Nomor", f"{nomor2} memakai tempat {nomor}.", "Hapus barisnya.")
                continue
            if day > day2 and not as_it_is:
                what = f"{nomor2} bertanggal {tanggal(day2)}, padahal {nomor} sudah {tanggal(day)}."
                yield Problem(f"{at}Tanggal", what, _AS_IT_IS)
            missing = register.between((urut, sisip), (urut2, sisip2), strict=False)
            if missing and whole and not as_it_is:
                what = f"sebelum {nomor2} tidak ada nomor urut {', '.join(missing)}."
                yield Problem(
                    f"{at}Nomor", what, f"Tambahkan barisnya, dengan keterangan batal bila batal. {_AS_IT_IS}"
                )


_AS_IT_IS = "Bila memang begitu tertulis di buku lama, pakai --apa-adanya."


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        what = f"berkas tidak dapat dibaca ({error.strerror})."
        raise DataError(Problem(str(path), what, "Periksa nama, folder dan izinnya.")) from None


def _refuse(path: Path, faults: Sequence[Problem]) -> None:
    if len(faults) > _SHOWN:
        rest = Problem(path.name, f"dan {len(faults) - _SHOWN} kesalahan lain.", "Perbaiki dahulu yang di atas.")
        raise DataError(*faults[:_SHOWN], rest)
    if faults:
        raise DataError(*faults)


def _known(connection: sa.Connection, office: str) -> tuple[dict[str, str], Counter[str]]:
    """The numbers of the book with their letters, and how far each series of outside numbers has come."""
    query = sa.select(surat.c.nomor, surat.c.id, surat.c.seri, surat.c.urut)
    rows = connection.execute(query.where(surat.c.office == office, surat.c.nomor.is_not(None))).all()
    outside = Counter[str]()
    for row in rows:
        if row.seri.startswith(f"{OUTSIDE} "):
            outside[row.seri] = max(outside[row.seri], row.urut)
    return {pola.same(row.nomor): row.id for row in rows}, outside


def _imported(connection: sa.Connection, office: str, digest: str) -> str:
    """When and by whom this very file was imported; empty when it was not."""
    query = sa.select(jurnal.c.at, jurnal.c.who, jurnal.c.detail)
    for row in connection.execute(query.where(jurnal.c.office == office, jurnal.c.what == journal.IMPORTED)):
        if f'"sha256": "{digest}"' in row.detail:
            return f"{tanggal(dt.datetime.fromisoformat(row.at).date())} oleh {row.who}"
    return ""


def _values(office: str, entry: Entry) -> dict[str, Any]:
    item = f"{IMPORTED}-{slug(entry.place.seri)}-{entry.place:d}"
    return {
        "office": office, "id": f"{BOOK}.{UMUM}.{item}.1", "election": BOOK, "stage": UMUM, "item": item, "version": 1,
        "kind": LAIN, "state": entry.state, "letter_on": entry.on, "klas": entry.klas, "hal": entry.hal, "content": "",
        "seri": entry.place.seri, "urut": entry.place.urut, "sisip": entry.place.sisip, "nomor": entry.nomor,
        "tanggal": entry.on, "approved_by": entry.signer or None, "note": entry.note, "kepada": entry.kepada,
        "asal": IMPORTED, **folded(entry.nomor, entry.hal, entry.kepada, ""),
    }  # fmt: skip
