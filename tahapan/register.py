"""The register of letters: one number once, inside one transaction, without gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from tahapan.dates import ROMAWI, tanggal
from tahapan.errors import NotKnown, Problem, Refused
from tahapan.office import Nomor
from tahapan.store.tables import surat

UNNUMBERED = ("draf", "diajukan", "direvisi")


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
    note: str

    @property
    def pdf(self) -> str:
        """Name of the archive copy in ``surat/``."""
        return f"{self.id}.pdf"

    @property
    def numbered(self) -> bool:
        return self.nomor is not None


_COLUMNS = [surat.c[name] for name in LetterRow.__slots__]


def letters(connection: sa.Connection, office: str, election: str | None = None) -> tuple[LetterRow, ...]:
    """All letters, in the order of work: day of the letter, stage, item."""
    query = sa.select(*_COLUMNS).where(surat.c.office == office)
    if election:
        query = query.where(surat.c.election == election)
    rows = connection.execute(query.order_by(surat.c.letter_on, surat.c.stage, surat.c.item, surat.c.version))
    return tuple(LetterRow(*row) for row in rows)


def letter(connection: sa.Connection, office: str, letter_id: str) -> LetterRow:
    row = connection.execute(sa.select(*_COLUMNS).where(surat.c.office == office, surat.c.id == letter_id)).first()
    if row is None:
        raise NotKnown(
            Problem(f"surat {letter_id}", "tidak ada dalam buku.", "Lihat id-nya dengan `tahapan letter list`.")
        )
    return LetterRow(*row)


def save_draft(connection: sa.Connection, office: str, draft: LetterRow) -> bool:
    """Write a draft, or renew an unnumbered one; True when its text changed. Never touches a numbered letter."""
    values = {name: getattr(draft, name) for name in LetterRow.__slots__}
    old = connection.execute(sa.select(*_COLUMNS).where(surat.c.office == office, surat.c.id == draft.id)).first()
    if old is None:
        connection.execute(surat.insert().values(office=office, **values))
        return True
    row = LetterRow(*old)
    if row.numbered or row.state not in UNNUMBERED or (row.content, row.letter_on) == (draft.content, draft.letter_on):
        return False
    connection.execute(surat.update().where(surat.c.office == office, surat.c.id == draft.id).values(**values))
    return row.content != draft.content


def series(nomor: Nomor, klas: str, kantor: str, on: dt.date) -> str:
    """What a number is counted in: ``PM.00.02 2024``."""
    parts = {"klas": klas, "tahun": str(on.year), "kantor": kantor}
    return " ".join(parts[name] for name in nomor.seri)


def next_urut(connection: sa.Connection, office: str, seri: str, on: dt.date) -> int:
    """The next place in the series; Refused when a later letter already has a number in it.

    Call it inside a writing transaction: the place is free only until it commits.
    """
    place = surat.c.office == office, surat.c.seri == seri
    last = connection.execute(
        sa.select(surat.c.urut, surat.c.nomor, surat.c.tanggal).where(*place).order_by(surat.c.urut.desc()).limit(1)
    ).first()
    if last is None:
        return 1
    if last.tanggal > on:
        raise Refused(
            Problem(
                f"nomor surat tanggal {tanggal(on)}",
                f"didahului surat {last.nomor} tanggal {tanggal(last.tanggal)} dalam seri yang sama.",
                "Tanggal mundur tidak diberikan (surat sisipan belum ada di versi ini); pakai tanggal sesudahnya.",
            )
        )
    return last.urut + 1


def number(nomor: Nomor, urut: int, klas: str, kantor: str, on: dt.date) -> str:
    """The number as this office writes it: ``012/PM.00.02/K.SB-99/08/2024``."""
    return nomor.pola.format(
        urut=urut, klas=klas, kantor=kantor, bulan=on.month, bulan_romawi=ROMAWI[on.month - 1], tahun=on.year
    )


def assign(
    connection: sa.Connection,
    office: str,
    letter_id: str,
    *,
    seri: str,
    urut: int,
    nomor: str,
    on: dt.date,
    by: str,
    content: str,
    hal: str,
    bundle: str,
    pdf_sha256: str,
) -> None:
    """Give the number: the one moment at which a draft becomes a letter."""
    done = connection.execute(
        surat.update()
        .where(surat.c.office == office, surat.c.id == letter_id, surat.c.nomor.is_(None))
        .values(
            state="disetujui", seri=seri, urut=urut, nomor=nomor, tanggal=on, approved_by=by,
            content=content, hal=hal, bundle=bundle, pdf_sha256=pdf_sha256,
        )
    )  # fmt: skip
    if done.rowcount != 1:
        raise Refused(Problem(f"surat {letter_id}", "sudah bernomor.", "Satu surat hanya bernomor sekali."))


def set_note(connection: sa.Connection, office: str, letter_id: str, note: str) -> None:
    connection.execute(surat.update().where(surat.c.office == office, surat.c.id == letter_id).values(note=note))


def gaps(connection: sa.Connection, office: str) -> Iterable[Problem]:
    """Series with a place that no letter holds; must be empty."""
    query = sa.select(surat.c.seri, sa.func.count(), sa.func.max(surat.c.urut)).where(
        surat.c.office == office, surat.c.urut.is_not(None)
    )
    for seri, count, last in connection.execute(query.group_by(surat.c.seri)):
        if count != last:
            yield Problem(
                f"seri {seri}", f"{last} nomor terpakai, tetapi hanya {count} surat.", "Laporkan kepada pengelola."
            )
