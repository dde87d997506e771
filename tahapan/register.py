"""The register of letters: one number once, inside one transaction, without gaps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypedDict, Unpack

import sqlalchemy as sa

from tahapan import outside
from tahapan import pola as patterns
from tahapan.characters import clean
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.folding import folded, plain
from tahapan.office import Nomor
from tahapan.store.tables import surat

UMUM = outside.UMUM
DRAFT, SUBMITTED = "draf", "diajukan"
UNNUMBERED = (DRAFT, SUBMITTED)
REPLACED = "direvisi"  # a version that a newer one has replaced
REWRITTEN = "ditulis ulang"  # how the note of a newer version begins, when a law or a void number asked for it
HELD = "ditahan"
ENDED = ("batal", "ditolak")  # void with its number; a draft that nobody wants
VOID = "batal"
LAIN = "lain"  # the kind of a letter written elsewhere
OUTSIDE, IMPORTED = "luar", "impor"  # where a number came from, when not from here


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One row of the register."""

    id: str
    election: str
    stage: str
    item: str
    version: int
    kind: str
    state: str
    letter_on: dt.date
    klas: str
    hal: str
    content: str
    nomor: str | None
    tanggal: dt.date | None
    approved_by: str | None
    bundle: str | None
    pdf_sha256: str | None
    docx_sha256: str | None
    note: str
    kepada: str = ""
    law_on: dt.date | None = None
    naskah: str = ""
    permintaan: str = ""
    asal: str = ""
    penulis: str = ""
    diajukan_at: str | None = None

    @property
    def pdf(self) -> str:
        """Name of the archive copy in ``surat/``."""
        return f"{self.id}.pdf"

    @property
    def docx(self) -> str:
        """Name of the same as a Word file."""
        return f"{self.id}.docx"

    @property
    def ours(self) -> bool:
        """Whether it was written here, so that its words and its paper are known."""
        return bool(self.content)

    def check_ours(self) -> None:
        """Refused for a letter written elsewhere: its words are not here to be changed."""
        if not self.ours:
            raise Refused(Problem(f"surat {self.id}", "ditulis di luar tahapan.", "Ubah di tempat asalnya."))

    @property
    def short_key(self) -> str:
        """Of the duty it belongs to: ``V12.rakor-stakeholder``."""
        return f"{self.stage}.{self.item}"

    @property
    def numbered(self) -> bool:
        return self.nomor is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a series: ``urut`` counts from 1; ``sisip`` the late inserts behind it, 0 for the number itself."""

    seri: str
    urut: int
    sisip: int = 0

    def __format__(self, spec: str) -> str:
        """``012`` or ``012.1``, so that a pattern may say ``{urut:03d}``."""
        return f"{self.urut:{spec}}" + (f".{self.sisip}" if self.sisip else "")

    @property
    def outside(self) -> bool:
        """Whether the number was given elsewhere and is none of ours: then ``urut`` only says when it came."""
        return self.seri.startswith(f"{OUTSIDE} ")


_COLUMNS = [surat.c[name] for name in LetterRow.__slots__]


def letters(connection: sa.Connection, office: str, election: str | None = None) -> tuple[LetterRow, ...]:
    """All letters, in the order of work: day of the letter, stage, item."""
    query = sa.select(*_COLUMNS).where(surat.c.office == office)
    if election:
        query = query.where(surat.c.election == election)
    rows = connection.execute(query.order_by(surat.c.letter_on, surat.c.stage, surat.c.item, surat.c.version))
    return tuple(LetterRow(*row) for row in rows)


def in_state(connection: sa.Connection, office: str, election: str, state: str) -> tuple[LetterRow, ...]:
    """The letters of an election that stand so."""
    query = sa.select(*_COLUMNS).where(surat.c.office == office, surat.c.election == election, surat.c.state == state)
    return tuple(LetterRow(*row) for row in connection.execute(query.order_by(surat.c.letter_on, surat.c.id)))


def letter(connection: sa.Connection, office: str, letter_id: str) -> LetterRow:
    row = connection.execute(sa.select(*_COLUMNS).where(surat.c.office == office, surat.c.id == letter_id)).first()
    if row is None:
        raise NotKnown(
            Problem(f"surat {letter_id}", "tidak ada dalam buku.", "Lihat id-nya dengan `tahapan letter list`.")
        )
    return LetterRow(*row)


def latest(connection: sa.Connection, office: str, duty: Duty) -> LetterRow | None:
    """The newest version of a duty's letter."""
    query = sa.select(*_COLUMNS).where(
        surat.c.office == office, surat.c.election == duty.election,
        surat.c.stage == duty.item.stage, surat.c.item == duty.item.id,
    )  # fmt: skip
    row = connection.execute(query.order_by(surat.c.version.desc()).limit(1)).first()
    return LetterRow(*row) if row else None


def versions(connection: sa.Connection, office: str, row: LetterRow) -> tuple[LetterRow, ...]:
    """Every version of the same letter, the first one first."""
    query = sa.select(*_COLUMNS).where(
        surat.c.office == office, surat.c.election == row.election, surat.c.stage == row.stage, surat.c.item == row.item
    )
    return tuple(LetterRow(*each) for each in connection.execute(query.order_by(surat.c.version)))


def save_draft(connection: sa.Connection, office: str, draft: LetterRow) -> bool:
    """Write a draft, or renew an unnumbered one; True when its text changed. Never touches a numbered letter."""
    values = {name: getattr(draft, name) for name in LetterRow.__slots__}
    values |= folded(draft.nomor, draft.hal, draft.kepada, draft.content)
    old = connection.execute(sa.select(*_COLUMNS).where(surat.c.office == office, surat.c.id == draft.id)).first()
    if old is None:
        connection.execute(surat.insert().values(office=office, **values))
        return True
    row = LetterRow(*old)
    if row.numbered or row.state not in UNNUMBERED or (row.content, row.letter_on) == (draft.content, draft.letter_on):
        return False
    connection.execute(surat.update().where(surat.c.office == office, surat.c.id == draft.id).values(**values))
    return row.content != draft.content


def series(nomor: Nomor, klas: str, kantor: str, on: dt.date, own: str = "") -> str:
    """What a number is counted in: ``PM.00.02 2024``; ``own`` names a kind with a pattern of its own."""
    parts = {"klas": klas, "tahun": str(on.year), "kantor": kantor}
    return " ".join(filter(None, (own, *(parts[name] for name in nomor.seri))))


def next_place(connection: sa.Connection, office: str, seri: str, on: dt.date) -> Place:
    """The next place in the series; Refused when a later letter already has a number in it.

    Call it inside a writing transaction: the place is free only until it commits.
    """
    last = connection.execute(_last_of(office, seri)).first()
    if last is None:
        return Place(seri, 1)
    if last.tanggal > on:
        raise Refused(
            Problem(
                f"nomor surat tanggal {tanggal(on)}",
                f"didahului surat {last.nomor} tanggal {tanggal(last.tanggal)} dalam seri yang sama.",
                "Pakai tanggal sesudahnya; bila memang harus mundur, sisipkan dengan `tahapan letter late`.",
            )
        )
    return Place(seri, last.urut + 1)


def late_place(connection: sa.Connection, office: str, seri: str, on: dt.date) -> Place:
    """The place of a late insert: ``.1`` behind the last number of that day or of a day before it.

    Refused when there is none, when nothing later has a number yet (it is no insert then), or when an insert behind
    the same number has a later day: the order of numbers stays the order of days.
    """
    base = connection.execute(_last_of(office, seri).where(surat.c.tanggal <= on, surat.c.sisip == 0)).first()
    where = f"sisipan tanggal {tanggal(on)}"
    if base is None:
        raise Refused(
            Problem(where, "tidak ada nomor pada atau sebelum hari itu dalam seri ini.", "Pakai nomor berikutnya.")
        )
    later = connection.execute(_last_of(office, seri).where(surat.c.tanggal > on)).first()
    if later is None:
        raise Refused(
            Problem(where, "belum ada nomor bertanggal sesudahnya, jadi bukan sisipan.", "Setujui seperti biasa.")
        )
    last = connection.execute(_last_of(office, seri).where(surat.c.urut == base.urut)).one()
    if last.tanggal > on:
        what = f"sisipan {last.nomor} tanggal {tanggal(last.tanggal)} sudah ada di tempat itu."
        raise Refused(Problem(where, what, f"Pakai tanggal {tanggal(last.tanggal)} atau sesudahnya."))
    return Place(seri, base.urut, last.sisip + 1)


def _last_of(office: str, seri: str) -> sa.Select[tuple[int, int, str, dt.date]]:
    query = sa.select(surat.c.urut, surat.c.sisip, surat.c.nomor, surat.c.tanggal)
    return (
        query.where(surat.c.office == office, surat.c.seri == seri)
        .order_by(surat.c.urut.desc(), surat.c.sisip.desc())
        .limit(1)
    )


def outside_place(
    connection: sa.Connection, office: str, nomor: Nomor, text: str, klas: str, kantor: str, on: dt.date, pola: str,
    own: str = "",
) -> Place:  # fmt: skip
    """The place of a number that somebody else gave (SRIKANDI) to a letter of that class, office code and day.

    A number like our own takes its place in our series (``own`` as in ``series``): Refused when it would leave a gap
    or break the order of days. Any other must fit one of ``[nomor] luar``. Refused when the book has it already.
    """
    where = f"nomor {text}"
    if not text or clean(text, "--nomor") != text:
        raise DataError(Problem(f"nomor {text!r}", "kosong atau berspasi di tepi.", "Tulis persis seperti di surat."))
    refuse_double(connection, office, text)
    parts = patterns.read(pola, text, nomor.codes)
    if parts is None:
        if not any(re.fullmatch(given, text) for given in nomor.luar):
            example = number(pola, Place("", 12), klas, kantor, on)
            remedy = f"Tulis seperti {example}, atau tambahkan polanya ke `luar` di [nomor] kantor.toml."
            raise Refused(Problem(where, "bukan bentuk nomor kantor ini, bukan pula nomor luar.", remedy))
        seri = f"{OUTSIDE} {on.year}"
        last = connection.execute(_last_of(office, seri)).first()
        return Place(seri, last.urut + 1 if last else 1)
    place = Place(series(nomor, klas, kantor, on, own), parts.urut, parts.sisip)
    _says(where, parts, klas, kantor, on)
    if (written := number(pola, place, klas, kantor, on)) != text:
        raise DataError(Problem(where, "ditulis lain daripada nomor kantor ini.", f"Tulis {written}."))
    _standsbetween(connection, office, where, place, on)
    return place


def _says(where: str, parts: patterns.Parts, klas: str, kantor: str, on: dt.date) -> None:
    if parts.klas not in (None, klas):
        raise Refused(Problem(where, f"berklasifikasi {parts.klas}, suratnya {klas}.", "Samakan klasifikasinya."))
    if parts.kantor not in (None, kantor):
        what = f"berkode {parts.kantor}, padahal penanda tangannya berkode {kantor}."
        raise Refused(Problem(where, what, "Periksa siapa yang menandatangani (--ttd)."))
    if not parts.fits(on):
        remedy = "Periksa nomornya, atau tulis tanggal suratnya dengan --tanggal dan --alasan."
        raise Refused(Problem(where, f"tidak cocok dengan tanggal {tanggal(on)}.", remedy))


def _standsbetween(connection: sa.Connection, office: str, where: str, place: Place, on: dt.date) -> None:
    """Refused unless the place is free, leaves no gap, and its day lies between those of its neighbours."""
    urut, sisip = surat.c.urut, surat.c.sisip
    before = sa.or_(urut < place.urut, sa.and_(urut == place.urut, sisip < place.sisip))
    here = sa.and_(urut == place.urut, sisip == place.sisip)
    if taken := connection.execute(_last_of(office, place.seri).where(here)).first():
        raise Refused(Problem(where, f"tempatnya sudah dipakai {taken.nomor}.", "Pakai nomor yang lain."))
    last = connection.execute(_last_of(office, place.seri).where(before)).first()
    following = _last_of(office, place.seri).where(sa.not_(before)).order_by(None).order_by(urut, sisip)
    after = connection.execute(following).first()
    expected = (last.urut, last.sisip) if last else (0, 0)
    if missing := between(expected, (place.urut, place.sisip)):
        what = f"akan meninggalkan lompatan: nomor urut {', '.join(missing)} belum ada dalam buku."
        raise Refused(Problem(where, what, "Catat nomor itu lebih dahulu, juga yang batal."))
    if after and not last and between((place.urut, place.sisip), (after.urut, after.sisip), strict=False):
        raise Refused(Problem(where, f"seri ini dalam buku mulai dari {after.nomor}.", "Pakai nomor sesudahnya."))
    for neighbour, wrong in ((last, last and last.tanggal > on), (after, after and after.tanggal < on)):
        if neighbour and wrong:
            what = f"bertanggal {tanggal(on)}, padahal {neighbour.nomor} bertanggal {tanggal(neighbour.tanggal)}."
            raise Refused(Problem(where, what, "Urutan nomor harus sama dengan urutan tanggal."))


def refuse_double(connection: sa.Connection, office: str, text: str) -> None:
    """Refused when any letter of the book has that number, whatever its spaces and capitals."""
    given = sa.select(surat.c.nomor, surat.c.id).where(surat.c.office == office, surat.c.nomor.is_not(None))
    for nomor, letter_id in connection.execute(given):
        if patterns.same(nomor) == patterns.same(text):
            raise Refused(Problem(f"nomor {text}", f"sudah dipakai surat {letter_id}.", "Satu nomor hanya satu surat."))


def number(pola: str, place: Place, klas: str, kantor: str, on: dt.date) -> str:
    """The number as this office writes it: ``012/PM.00.02/K.SB-99/08/2024``."""
    return patterns.write(pola, place, klas, kantor, on)


def record(connection: sa.Connection, office: str, row: LetterRow, place: Place) -> None:
    """A letter written elsewhere into the book, with its number."""
    assert row.nomor
    _unused(connection, office, row.id, row.nomor)
    values = {name: getattr(row, name) for name in LetterRow.__slots__}
    values |= {"seri": place.seri, "urut": place.urut, "sisip": place.sisip}
    values |= folded(row.nomor, row.hal, row.kepada, row.content)
    connection.execute(surat.insert().values(office=office, **values))


def _unused(connection: sa.Connection, office: str, letter_id: str, nomor: str) -> None:
    used = sa.select(surat.c.id).where(surat.c.office == office, surat.c.nomor == nomor, surat.c.id != letter_id)
    if other := connection.execute(used).scalar():
        remedy = "Periksa pola nomor di kantor.toml dengan `tahapan doctor`."
        raise Refused(Problem(f"surat {letter_id}", f"nomornya {nomor} sudah dipakai surat {other}.", remedy))


def assign(
    connection: sa.Connection,
    office: str,
    letter_id: str,
    *,
    place: Place,
    nomor: str,
    on: dt.date,
    by: str,
    content: str,
    hal: str,
    bundle: str,
    pdf_sha256: str,
    docx_sha256: str,
    asal: str = "",
    note: str = "",
) -> None:
    """Give the number: the one moment at which a draft becomes a letter."""
    _unused(connection, office, letter_id, nomor)
    kepada = letter(connection, office, letter_id).kepada
    done = connection.execute(
        surat.update()
        .where(surat.c.office == office, surat.c.id == letter_id, surat.c.nomor.is_(None))
        .values(
            state="disetujui", seri=place.seri, urut=place.urut, sisip=place.sisip, nomor=nomor, tanggal=on,
            approved_by=by, content=content, hal=hal, bundle=bundle, pdf_sha256=pdf_sha256, docx_sha256=docx_sha256,
            asal=asal, note=note, **folded(nomor, hal, kepada, content),
        )
    )  # fmt: skip
    if done.rowcount != 1:
        raise Refused(Problem(f"surat {letter_id}", "sudah bernomor.", "Satu surat hanya bernomor sekali."))


def set_state(connection: sa.Connection, office: str, letter_id: str, state: str, note: str) -> None:
    """Another state, with its reason."""
    place = surat.c.office == office, surat.c.id == letter_id
    connection.execute(surat.update().where(*place).values(state=state, note=note))


def add_note(connection: sa.Connection, office: str, letter_id: str, note: str) -> None:
    """One more remark behind those the letter has; never twice."""
    row = letter(connection, office, letter_id)
    if note not in row.note:
        set_note(connection, office, letter_id, "; ".join(filter(None, (row.note, note))))


def set_note(connection: sa.Connection, office: str, letter_id: str, note: str) -> None:
    connection.execute(surat.update().where(surat.c.office == office, surat.c.id == letter_id).values(note=note))


def in_order(connection: sa.Connection, office: str) -> Iterator[tuple[Place, LetterRow]]:
    """Every numbered letter with its place, in the order of the book: series, number, late inserts behind it."""
    columns = (surat.c.seri, surat.c.urut, surat.c.sisip)
    query = sa.select(*columns, *_COLUMNS).where(surat.c.office == office, surat.c.nomor.is_not(None))
    for row in connection.execute(query.order_by(*columns)):
        yield Place(*row[:3]), LetterRow(*row[3:])


@dataclass(frozen=True, slots=True)
class Series:
    """One sequence of numbers: its ends, what is missing in it (``5``, ``7-9``, ``12.1``), what is out of the plain."""

    seri: str
    count: int
    first: str
    last: str
    missing: tuple[str, ...]
    inserts: tuple[str, ...]
    voids: tuple[tuple[str, str], ...]  # number and reason


def all_series(connection: sa.Connection, office: str) -> Iterator[Series]:
    """Every series of the book. One that begins with imported letters may begin above 1."""
    for seri, group in groupby(in_order(connection, office), key=lambda entry: entry[0].seri):
        entries = list(group)
        rows = [row for _, row in entries]
        yield Series(
            seri, len(rows), str(rows[0].nomor), str(rows[-1].nomor), tuple(_missing(entries)),
            tuple(str(row.nomor) for place, row in entries if place.sisip),
            tuple((str(row.nomor), row.note) for row in rows if row.state == VOID),
        )  # fmt: skip


def gaps(connection: sa.Connection, office: str) -> Iterator[Problem]:
    """Series with a place that no letter holds; must be empty."""
    for series in all_series(connection, office):
        if series.missing:
            what = f"nomor urut {', '.join(series.missing)} tidak ada dalam buku."
            yield Problem(f"seri {series.seri}", what, "Catat surat atau pembatalannya; lihat `tahapan register gaps`.")


def _missing(entries: Sequence[tuple[Place, LetterRow]]) -> Iterator[str]:
    first, row = entries[0]
    last = (first.urut - 1, 0) if row.asal == IMPORTED else (0, 0)
    for place, row in entries:
        here = (place.urut, place.sisip)
        yield from between(last, here, strict=row.asal != IMPORTED)
        last = here


def between(last: tuple[int, int], here: tuple[int, int], *, strict: bool = True) -> list[str]:
    """What is missing between two places; in imported books late inserts begin as each office counts them."""
    skipped = range(last[0] + 1, here[0] + bool(here[1]))  # 12.1 needs its 12
    missing = [f"{skipped[0]}" if len(skipped) == 1 else f"{skipped[0]}-{skipped[-1]}"] if skipped else []
    first = last[1] + 1 if last[0] == here[0] else 1
    return missing + ([f"{here[0]}.{n}" for n in range(first, here[1])] if strict else [])


class Asked(TypedDict, total=False):
    """What a letter must fit: ``text`` in its subject and the words of letters written here, ``anywhere`` in the number
    too; the days are those of the letter, or for which its draft is meant; ``current``: no replaced versions."""

    anywhere: str
    text: str
    nomor: str
    kepada: str
    first: dt.date | None
    last: dt.date | None
    state: str
    current: bool


def search(
    connection: sa.Connection, office: str, *, limit: int | None = None, offset: int = 0, **asked: Unpack[Asked]
) -> tuple[LetterRow, ...]:
    """Letters that fit everything asked, by day; capitals and spaces do not count, in any script.

    With ``limit`` a page of them, the newest first.
    """
    order = (surat.c.letter_on, surat.c.stage, surat.c.item, surat.c.version)
    query = sa.select(*_COLUMNS).where(*_fitting(office, asked))
    if limit is not None:
        query = query.order_by(*(column.desc() for column in order)).limit(limit).offset(offset)
    else:
        query = query.order_by(*order)
    return tuple(LetterRow(*row) for row in connection.execute(query))


def count(connection: sa.Connection, office: str, **asked: Unpack[Asked]) -> int:
    """How many letters fit."""
    return connection.execute(
        sa.select(sa.func.count()).select_from(surat).where(*_fitting(office, asked))
    ).scalar_one()


def _fitting(office: str, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    day = sa.func.coalesce(surat.c.tanggal, surat.c.letter_on)
    yield surat.c.office == office
    if first := asked.get("first"):
        yield day >= first
    if last := asked.get("last"):
        yield day <= last
    if state := asked.get("state", "").strip().casefold():
        yield surat.c.state == state
    if asked.get("current"):
        yield surat.c.state != REPLACED
    if nomor := patterns.same(asked.get("nomor", "")):
        yield surat.c.cari_nomor.contains(nomor, autoescape=True)
    if kepada := plain(asked.get("kepada", "")):
        yield surat.c.cari_kepada.contains(kepada, autoescape=True)
    if text := plain(asked.get("text", "")):
        yield surat.c.cari_kata.contains(text, autoescape=True)
    if anywhere := asked.get("anywhere", "").strip():
        in_words = surat.c.cari_kata.contains(plain(anywhere), autoescape=True)
        yield in_words | surat.c.cari_nomor.contains(patterns.same(anywhere), autoescape=True)
