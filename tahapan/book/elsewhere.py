"""A number for a letter written elsewhere: in the same book, by the same rules, in the same series."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from tahapan import journal, pola, register
from tahapan.characters import clean
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import Home
from tahapan.letters.bundle import sha256
from tahapan.office import Nomor
from tahapan.outside import NAMA
from tahapan.plan import Plan
from tahapan.register import LAIN, OUTSIDE, UMUM, VOID, LetterRow, Place
from tahapan.store.engine import writing
from tahapan.store.tables import surat, surat_berkas

KETUA = "ketua"
USUAL_KLAS = "PM.00.02"
_LONGEST = {"--perihal": 500, "--kepada": 2000, "--alasan": 500, "--oleh": 200, "--nomor": 100}
_SLUG = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks a number for; empty where they did not say.

    ``nama`` is the letter's name in its id, else made from the subject; ``nomor`` a number given elsewhere; ``late``
    an earlier day, which needs ``alasan``; ``files`` the letter as it was written: name and hash of its copy.
    """

    perihal: str
    kepada: tuple[str, ...]
    oleh: str
    klas: str = ""
    ttd: str = KETUA
    nama: str = ""
    nomor: str = ""
    late: dt.date | None = None
    alasan: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """The letter in the book; ``new`` is false when it had its number already."""

    row: LetterRow
    new: bool


def number_elsewhere(home: Home, plan: Plan, wanted: Wanted, on: dt.date, at: dt.datetime) -> Numbered:
    """Number a letter written elsewhere, dated ``on`` or on the earlier day it names.

    Safe to repeat: the same letter of the same day (or of the same given name) keeps its number.
    """
    asked = _checked(wanted, on)
    if unfilled := plan.office.profile.unfilled:
        raise Refused(*unfilled)
    day = asked.late or on
    with writing(home.engine) as connection:
        item, old = _name(connection, plan, asked, day)
        row = old or _insert(home, plan, connection, asked, item, day, at)
        if asked.files:
            _attach(connection, plan.office.profile.id, row.id, asked, on)
    return Numbered(row, old is None)


def text_of(value: str, option: str, *, needed: bool = True) -> str:
    """What a person typed for an option, cleaned; DataError when it is missing, too long, or may not stand there."""
    text = clean(value, option)
    if needed and not text:
        raise DataError(Problem(option, "kosong.", "Isi."))
    if len(text) > (most := _LONGEST.get(option, 200)):
        raise DataError(Problem(option, f"terlalu panjang ({len(text)} huruf).", f"Persingkat sampai {most} huruf."))
    return text


def slug(text: str) -> str:
    """``Undangan rapat`` -> ``undangan-rapat``; a short hash where no letter of the alphabet is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG].strip("-")
    return words or f"surat-{sha256(text.encode())[:8]}"


def _checked(wanted: Wanted, on: dt.date) -> Wanted:
    """Cleaned, or every fault of what was typed."""
    faults: list[Problem] = []

    def checked(value: str, option: str, *, needed: bool = True) -> str:
        try:
            return text_of(value, option, needed=needed)
        except DataError as error:
            faults.extend(error.problems)
            return ""

    klas = checked(wanted.klas, "--klas", needed=False).upper()
    if klas and not re.fullmatch(pola.KLAS, klas):
        faults.append(Problem("--klas", f"{klas!r} bukan kode klasifikasi.", "Tulis seperti PM.00.02."))
    nama = checked(wanted.nama, "--nama", needed=False)
    if nama and not re.fullmatch(NAMA, nama):
        faults.append(Problem("--nama", f"{nama!r} salah bentuknya.", "Pakai huruf kecil, angka, dan tanda hubung."))
    late = wanted.late if wanted.late != on else None
    if late and late > on:
        faults.append(Problem("--tanggal", f"{late} masih di depan.", "Surat tidak diberi tanggal yang belum tiba."))
    alasan = checked(wanted.alasan, "--alasan", needed=late is not None)
    one_by_one = [checked(who, "--kepada") for who in wanted.kepada]
    kepada = (checked("; ".join(one_by_one), "--kepada"),) if all(one_by_one) else ()
    result = replace(
        wanted, perihal=checked(wanted.perihal, "--perihal"), kepada=kepada, oleh=checked(wanted.oleh, "--oleh"),
        klas=klas, ttd=checked(wanted.ttd, "--ttd"), nama=nama, late=late, alasan=alasan,
        nomor=checked(wanted.nomor, "--nomor", needed=False),
    )  # fmt: skip
    if faults:
        raise DataError(*faults)
    return result


def _name(connection: sa.Connection, plan: Plan, asked: Wanted, day: dt.date) -> tuple[str, LetterRow | None]:
    """A name nobody has, or the letter that this request has been given its number for."""
    signer = plan.office.holder(asked.ttd, day).nama
    base = asked.nama or slug(asked.perihal)
    taken = _letters_named(connection, plan, base)
    name, n = base, 1
    while old := taken.get(name):
        alike = (old.kind, old.hal, old.kepada, old.approved_by) == (LAIN, asked.perihal, *asked.kepada, signer)
        alike = alike and old.state != VOID and asked.klas in ("", old.klas)
        told = pola.same(asked.nomor) == pola.same(old.nomor or "") if asked.nomor else old.asal != OUTSIDE
        if alike and told and (asked.nama or old.tanggal == day):
            return name, old
        if asked.nama:
            what = f"sudah milik surat {old.nomor or old.id} ({old.hal})."
            raise Refused(Problem(f"--nama {name}", what, "Pilih nama lain."))
        n += 1
        name = f"{base}-{n}"
    return name, None


def _letters_named(connection: sa.Connection, plan: Plan, base: str) -> dict[str, LetterRow]:
    columns = [surat.c[name] for name in LetterRow.__slots__]
    query = sa.select(*columns).where(
        surat.c.office == plan.office.profile.id, surat.c.election == plan.election.id, surat.c.stage == UMUM,
        surat.c.item.startswith(base, autoescape=True),
    )  # fmt: skip
    return {row.item: LetterRow(*row) for row in connection.execute(query.order_by(surat.c.version))}


def _insert(
    home: Home, plan: Plan, connection: sa.Connection, asked: Wanted, item: str, day: dt.date, at: dt.datetime
) -> LetterRow:
    office, profile = plan.office.profile.id, plan.office.profile.nomor
    code = profile.kantor_ketua if asked.ttd == KETUA else profile.kantor_sekretariat
    own, pattern = _pattern(home, profile, asked.nomor)
    said = pola.read(pattern, asked.nomor, profile.codes) if asked.nomor else None
    klas = asked.klas or (said and said.klas) or profile.code(LAIN, USUAL_KLAS)
    if asked.nomor:
        place = register.outside_place(connection, office, profile, asked.nomor, klas, code, day, pattern, own)
        nomor = asked.nomor
    else:
        seri = register.series(profile, klas, code, day, own)
        place = (register.late_place if asked.late else register.next_place)(connection, office, seri, day)
        nomor = register.number(pattern, place, klas, code, day)
    row = LetterRow(
        id=f"{plan.election.id}.{UMUM}.{item}.1", election=plan.election.id, stage=UMUM, item=item, version=1,
        kind=LAIN, state="disetujui", letter_on=day, klas=klas, hal=asked.perihal, content="", nomor=nomor, tanggal=day,
        approved_by=plan.office.holder(asked.ttd, day).nama, bundle=None, pdf_sha256=None, docx_sha256=None,
        note=_note(asked, place), kepada=asked.kepada[0], asal=OUTSIDE if asked.nomor else "",
    )  # fmt: skip
    register.record(connection, office, row, place)
    detail = {"nomor": nomor, "tanggal": day.isoformat(), "pdf_sha256": None, "hal": row.hal, "ttd": row.approved_by}
    if asked.alasan:
        detail["alasan"] = asked.alasan
    journal.write(connection, office, at=at, who=asked.oleh, what=journal.NUMBERED, subject=row.id, detail=detail)
    return row


def patterns(home: Home, profile: Nomor) -> dict[str, str]:
    """Every pattern numbers of this office have, by the kind that is counted apart; DataError when two are alike."""
    found = profile.patterns({name: file.kind.pola for name, file in home.kinds.items()})
    if wrong := list(profile.faults(found)):
        raise DataError(*(Problem("kantor/kantor.toml, kunci nomor", fault) for fault in wrong))
    return found


def _pattern(home: Home, profile: Nomor, nomor: str) -> tuple[str, str]:
    """Kind and pattern of a number from elsewhere; without one, those of a letter written elsewhere."""
    known = patterns(home, profile)
    if nomor:
        for own, pattern in known.items():
            if pola.read(pattern, nomor, profile.codes):
                return own, pattern
    return (LAIN, known[LAIN]) if LAIN in known else ("", profile.pola)


def _note(asked: Wanted, place: Place) -> str:
    if not asked.alasan:
        return ""
    return f"sisipan: {asked.alasan}" if place.sisip else asked.alasan


def _attach(connection: sa.Connection, office: str, letter_id: str, asked: Wanted, on: dt.date) -> None:
    known: Iterable[str] = connection.execute(
        sa.select(surat_berkas.c.sha256).where(surat_berkas.c.office == office, surat_berkas.c.surat == letter_id)
    ).scalars()
    kept = set(known)
    for name, digest in asked.files:
        if digest not in kept:
            connection.execute(
                surat_berkas.insert().values(
                    office=office, surat=letter_id, jenis="asli", name=name, sha256=digest, filed_on=on,
                    filed_by=asked.oleh,
                )
            )  # fmt: skip
