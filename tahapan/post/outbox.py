"""The outbox: each copy of a letter that leaves, to whom, by which way, and what became of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tahapan import evidence, journal, progress, register
from tahapan.characters import clean, named
from tahapan.dates import hari_tanggal
from tahapan.directory import Recipient
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.issue import duty_of
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.register import ENDED, LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import kirim

Cara = Literal["surel", "cetak"]
SUREL, CETAK = get_args(Cara)
ANTRE, MENGIRIM, TERKIRIM, GAGAL, TIDAK_PASTI, BATAL = "antre", "mengirim", "terkirim", "gagal", "tidak pasti", "batal"
OPEN = (ANTRE, MENGIRIM, GAGAL, TIDAK_PASTI)  # somebody still has to do something
SENT, RECEIVED = "dikirim", "diterima"


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: for whom, how, and where it stands (``at``: since when; ``lanjut_at``: not to be tried before)."""

    id: int
    surat: str
    penerima: str
    jabatan: str
    tembusan: bool
    cara: str
    alamat: str
    rute: str
    pesan: str
    keadaan: str
    percobaan: int
    lanjut_at: str | None
    at: str
    oleh: str
    catatan: str
    uji_at: str | None
    diterima_on: dt.date | None
    diterima_oleh: str
    bukti: str
    nama_bukti: str


_COLUMNS = [kirim.c[name] for name in Copy.__slots__]


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one mailbox in one piece: the copies of all who read that mailbox."""

    surat: str
    pesan: str
    alamat: str
    jabatan: tuple[str, ...]
    tembusan: bool  # none of them is an addressee
    percobaan: int

    @property
    def domain(self) -> str:
        return self.alamat.rpartition("@")[2].casefold()


def copies(
    home: Home, plan: Plan, letter_id: str | None = None, keadaan: Collection[str] = ()
) -> tuple[Copy, ...]:  # fmt: skip
    """All copies (of one letter, in these states), in the order in which they were put here."""
    with reading(home.engine) as connection:
        return of(connection, plan.office.profile.id, letter_id, keadaan)


def of(
    connection: sa.Connection, office: str, letter_id: str | None = None, keadaan: Collection[str] = ()
) -> tuple[Copy, ...]:
    """`copies` inside a transaction."""
    query = sa.select(*_COLUMNS).where(kirim.c.office == office).order_by(kirim.c.id)
    if letter_id:
        query = query.where(kirim.c.surat == letter_id)
    if keadaan:
        query = query.where(kirim.c.keadaan.in_(keadaan))
    return tuple(Copy(*row) for row in connection.execute(query))


# --- putting a letter here -------------------------------------------------------------------------


def readers(plan: Plan, row: LetterRow) -> tuple[tuple[Recipient, bool], ...]:
    """Who gets a copy, each once, as the letter's day calls them; the flag: for information only (tembusan)."""
    assert row.tanggal
    letter = Letter.model_validate_json(row.content)
    known = plan.office.directory.alamat
    if lost := [who for who in letter.kepada if who.id not in known and who.id not in plan.office.peran]:
        what = f"penerimanya tidak ada lagi dalam daftar alamat: {'; '.join(who.jabatan for who in lost)}."
        raise Refused(Problem(f"surat {row.id}", what, "Kembalikan alamatnya di kantor/alamat.toml, lalu kirim."))
    found = {who.id: (Recipient(who.id, who.jabatan, who.tempat), False) for who in letter.kepada if who.id in known}
    groups = duty_of(plan, row).item.tembusan
    for who in plan.office.directory.recipients(groups, row.tanggal) if groups else ():
        found.setdefault(who.id, (who, True))
    return tuple(found.values())


def queue(
    home: Home, plan: Plan, letter_id: str, by: str, on: dt.date, at: dt.datetime, cara: Cara | None = None
) -> tuple[Copy, ...]:  # fmt: skip
    """Put a numbered letter here: by mail to who has a mailbox, printed to the others (or all by ``cara``).

    Whoever has a copy here keeps it as it is: the same call again adds nothing. Returned: what is new.
    Refused for a letter without number, void, without addressees; an invitation whose meeting has begun; mail for a
    letter that nobody has signed, or that is confidential.
    """
    who, office = named(by, "mengirim"), plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        row.check_ours()
        if not row.numbered or row.state in ENDED:
            remedy = "Hanya surat bernomor yang tidak batal dapat dikirim."
            raise Refused(Problem(f"surat {letter_id}", f"berstatus {row.state}.", remedy))
        if off := _called_off(connection, plan, row):
            raise Refused(Problem(f"surat {letter_id}", off, "Surat ini tidak dikirim lagi."))
        there = {copy.penerima for copy in of(connection, office, letter_id)}
        secret = Letter.model_validate_json(row.content).confidential
        new = [
            _copy(plan, row, reader, tembusan, cara, secret=secret)
            for reader, tembusan in readers(plan, row)
            if reader.id not in there
        ]
        if not (there or new):
            raise Refused(Problem(f"surat {letter_id}", "tidak berpenerima.", "Surat ini tidak dikirim."))
        if new:
            _in_time(plan, row, on)
        if any(copy.cara == SUREL for copy in new):
            _may_be_mailed(connection, office, row)
        for copy in new:
            values = {name: getattr(copy, name) for name in Copy.__slots__ if name != "id"}
            connection.execute(kirim.insert().values(office=office, **values | {"at": at.isoformat(), "oleh": who}))
        if new:
            ways = {way: sum(copy.cara == way for copy in new) for way in get_args(Cara)}
            journal.write(connection, office, at=at, who=who, what="masuk antrean", subject=letter_id, detail=ways)
    ids = {copy.penerima for copy in new}
    return tuple(copy for copy in copies(home, plan, letter_id) if copy.penerima in ids)


def _copy(
    plan: Plan, row: LetterRow, who: Recipient, tembusan: bool, cara: Cara | None, *, secret: bool
) -> Copy:  # fmt: skip
    address = plan.office.directory.alamat[who.id]
    mailbox = "" if secret or cara == CETAK else address.surel
    if cara == SUREL and not mailbox:
        what = "surat rahasia tidak lewat surel." if secret else f"{who.jabatan} tidak punya alamat surel."
        raise Refused(Problem(f"surat {row.id}", what, "Isi surelnya, atau kirim tercetak."))
    return Copy(
        id=0, surat=row.id, penerima=who.id, jabatan=who.jabatan, tembusan=tembusan, cara=SUREL if mailbox else CETAK,
        alamat=mailbox, rute=address.rute or (who.tempat if who.tempat != "Tempat" else plan.office.profile.tempat),
        pesan=message_id(plan, row.id, mailbox or who.id), keadaan=ANTRE, percobaan=0, lanjut_at=None, at="", oleh="",
        catatan="", uji_at=None, diterima_on=None, diterima_oleh="", bukti="", nama_bukti="",
    )  # fmt: skip


def message_id(plan: Plan, letter_id: str, mailbox: str) -> str:
    """The same for the same letter and mailbox, whatever happens: a server that has seen it may know it again."""
    office = plan.office.profile
    domain = office.kop.surel.rpartition("@")[2] or f"{office.id}.invalid"
    return f"<{letter_id}.{hashlib.sha256(f'{office.id} {mailbox.casefold()}'.encode()).hexdigest()[:16]}@{domain}>"


def _called_off(connection: sa.Connection, plan: Plan, row: LetterRow) -> str:
    """Why nothing of a letter leaves any more, in words: its duty was cancelled; "" otherwise."""
    duty = progress.duty_row(connection, plan.office.profile.id, plan.election.id, row.short_key)
    return "butirnya dibatalkan." if duty and duty.state == "dibatalkan" else ""


def printed(home: Home, plan: Plan, letter_id: str | None = None) -> tuple[Copy, ...]:
    """Printed copies that still have to be brought round, of letters that may still leave."""
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        waiting = [copy for copy in of(connection, office, letter_id, (ANTRE,)) if copy.cara == CETAK]
        rows = {
            name: register.letter(connection, office, name) for name in dict.fromkeys(copy.surat for copy in waiting)
        }
        gone = {name for name, row in rows.items() if row.state in ENDED or _called_off(connection, plan, row)}
    return tuple(copy for copy in waiting if copy.surat not in gone)


def _in_time(plan: Plan, row: LetterRow, on: dt.date) -> None:
    duty = duty_of(plan, row)
    if duty.item.surat_hari and on >= duty.act_on:
        remedy = "Undangan dikirim sebelum hari rapatnya; yang terlambat tidak dikirim."
        raise Refused(Problem(f"surat {row.id}", f"rapatnya {hari_tanggal(duty.act_on)}.", remedy))


def _may_be_mailed(connection: sa.Connection, office: str, row: LetterRow) -> None:
    if signed_copy(connection, office, row.id) is None:
        remedy = "Simpan dulu pindaian atau berkas TTE-nya (`tahapan letter signed`), atau kirim tercetak."
        raise Refused(Problem(f"surat {row.id}", "belum ada berkas bertanda tangan.", remedy))


def signed_copy(connection: sa.Connection, office: str, letter_id: str) -> evidence.Copy | None:
    """The newest signed file of a letter."""
    signed = [copy for copy in evidence.copies(connection, office, letter_id) if copy.jenis == evidence.SIGNED]
    return signed[-1] if signed else None


# --- what a sender asks and tells ------------------------------------------------------------------


def due(home: Home, plan: Plan, at: dt.datetime, *, uji: bool = False) -> list[Message]:
    """Messages to be tried now, the oldest first; with ``uji`` those that have not gone to the test address."""
    now, found = _utc(at), dict[str, list[Copy]]()
    for copy in copies(home, plan, keadaan=(ANTRE,)):
        waits = copy.lanjut_at is not None and copy.lanjut_at > now
        if copy.cara == SUREL and not waits and not (uji and copy.uji_at):
            found.setdefault(copy.pesan, []).append(copy)
    return [_message(same) for same in found.values()]


def _message(same: list[Copy]) -> Message:
    first = same[0]
    titles = tuple(dict.fromkeys(copy.jabatan for copy in same))
    tries, informed = max(copy.percobaan for copy in same), all(copy.tembusan for copy in same)
    return Message(first.surat, first.pesan, first.alamat, titles, informed, tries)


def begin(home: Home, plan: Plan, message: Message, at: dt.datetime) -> str:
    """`mengirim`, written down before the first byte of the letter leaves; in words why it may not leave, if so.

    A letter made void since, or a copy that somebody took back, is not sent any more.
    """
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, message.surat)
        if off := f"surat {row.state}" if row.state in ENDED else _called_off(connection, plan, row):
            _move(connection, office, message.pesan, BATAL, off, at, journal.MACHINE, (ANTRE,))
            return off
        duty = duty_of(plan, row)
        if duty.item.surat_hari and at.astimezone(ZoneInfo(plan.office.profile.timezone)).date() >= duty.act_on:
            late = f"rapatnya {hari_tanggal(duty.act_on)}; undangan tidak dikirim pada harinya atau sesudahnya"
            _move(connection, office, message.pesan, GAGAL, late, at, journal.MACHINE, (ANTRE,))
            return late
        if not _move(connection, office, message.pesan, MENGIRIM, "", at, journal.MACHINE, (ANTRE,)):
            return "sudah diambil dari antrean"
    return ""


def settle(home: Home, plan: Plan, message: Message, keadaan: str, catatan: str, at: dt.datetime) -> None:
    """What came of it: `terkirim`, `gagal` or `tidak pasti`, with what the server said."""
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        _move(connection, office, message.pesan, keadaan, catatan, at, journal.MACHINE, (ANTRE, MENGIRIM))
        detail = {"pesan": message.pesan, "kata": catatan, "jumlah": len(message.jabatan)}
        journal.write(
            connection,
            office,
            at=at,
            who=journal.MACHINE,
            what=f"surel {keadaan}",
            subject=message.surat,
            detail=detail,
        )
        advance(connection, office, message.surat)


def later(home: Home, plan: Plan, message: Message, until: dt.datetime, catatan: str, at: dt.datetime) -> None:
    """Not now (greylisting, a full mailbox, no line): again after ``until``."""
    values = {"lanjut_at": _utc(until), "percobaan": message.percobaan + 1}
    with writing(home.engine) as connection:
        office = plan.office.profile.id
        _move(connection, office, message.pesan, ANTRE, catatan, at, journal.MACHINE, (ANTRE, MENGIRIM), **values)


def tested(home: Home, plan: Plan, message: Message, at: dt.datetime) -> None:
    """It went to the test address: it is still to be sent."""
    with writing(home.engine) as connection:
        place = kirim.c.office == plan.office.profile.id, kirim.c.pesan == message.pesan
        connection.execute(kirim.update().where(*place).values(uji_at=at.isoformat()))


def left_over(home: Home, plan: Plan, at: dt.datetime) -> int:
    """What a killed sender left between `mengirim` and its end is `tidak pasti`: a person looks. How many copies.

    Only for who holds the lock of the sender: what another one is sending is not left over.
    """
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        left = of(connection, office, keadaan=(MENGIRIM,))
        for pesan, surat in dict.fromkeys((copy.pesan, copy.surat) for copy in left):
            said = "terputus sewaktu dikirim; mungkin sudah sampai"
            _move(connection, office, pesan, TIDAK_PASTI, said, at, journal.MACHINE, (MENGIRIM,))
            journal.write(
                connection, office, at=at, who=journal.MACHINE, what=f"surel {TIDAK_PASTI}", subject=surat, detail={"pesan": pesan}
            )  # fmt: skip
    return len(left)


def take_back(connection: sa.Connection, office: str, letter_id: str, why: str, by: str, at: dt.datetime) -> None:
    """What of a letter has not left yet does not leave any more."""
    place = kirim.c.office == office, kirim.c.surat == letter_id, kirim.c.keadaan.in_((ANTRE, GAGAL))
    values = {"keadaan": BATAL, "catatan": why, "at": at.isoformat(), "oleh": by}
    if taken := connection.execute(kirim.update().where(*place).values(**values)).rowcount:
        journal.write(
            connection,
            office,
            at=at,
            who=by,
            what="ditarik dari antrean",
            subject=letter_id,
            detail={"jumlah": taken, "alasan": why},
        )


# --- what a person decides -------------------------------------------------------------------------

Verdict = Literal["sampai", "ulang", "cetak", "batal"]


def decide(
    home: Home, plan: Plan, letter_id: str, penerima: str, verdict: Verdict, alasan: str, by: str, at: dt.datetime
) -> Copy:  # fmt: skip
    """What a person says of a copy: it arrived (or was handed over), send it again, print it instead, do not send it.

    Again and away want a reason. Again takes the mailbox that the directory has now. Refused where it makes no sense.
    """
    who, why, office = named(by, "memutuskan"), clean(alasan, "--alasan") if alasan else "", plan.office.profile.id
    with writing(home.engine) as connection:
        copy = one(connection, office, letter_id, penerima)
        if copy.keadaan not in _FROM[verdict]:
            what = f"{copy.jabatan} berstatus {copy.keadaan}."
            raise Refused(
                Problem(f"surat {letter_id}", what, f"Hanya untuk yang berstatus {', '.join(_FROM[verdict])}.")
            )
        if verdict != "sampai" and (
            off := _called_off(connection, plan, register.letter(connection, office, letter_id))
        ):
            raise Refused(Problem(f"surat {letter_id}", off, "Surat ini tidak dikirim lagi."))
        if not why and (verdict == "batal" or (verdict != "sampai" and copy.keadaan in (TIDAK_PASTI, TERKIRIM, BATAL))):
            raise DataError(
                Problem("--alasan", "kosong.", "Tulis mengapa; penerimanya mungkin sudah mendapat surat ini.")
            )
        new = _decided(plan, copy, verdict)
        if new.cara == SUREL and new.keadaan == ANTRE:
            _may_be_mailed(connection, office, register.letter(connection, office, letter_id))
        values = {name: getattr(new, name) for name in ("keadaan", "cara", "alamat", "pesan")}
        values |= {"lanjut_at": None, "uji_at": None, "percobaan": 0, "at": at.isoformat(), "oleh": who, "catatan": why}
        connection.execute(kirim.update().where(kirim.c.id == copy.id).values(**values))
        detail = {"penerima": penerima, "putusan": verdict, "sebelumnya": copy.keadaan, "alasan": why}
        journal.write(connection, office, at=at, who=who, what="putusan kirim", subject=letter_id, detail=detail)
        advance(connection, office, letter_id)
        return one(connection, office, letter_id, penerima)


_FROM: dict[Verdict, tuple[str, ...]] = {
    "sampai": (TIDAK_PASTI, ANTRE, GAGAL), "ulang": (TIDAK_PASTI, GAGAL, BATAL, TERKIRIM),
    "cetak": (TIDAK_PASTI, GAGAL, ANTRE), "batal": (ANTRE, GAGAL, TIDAK_PASTI),
}  # fmt: skip


_SAID: dict[Verdict, str] = {
    "sampai": "Sudah sampai", "ulang": "Kirim ulang", "cetak": "Cetak saja", "batal": "Tidak jadi dikirim"
}  # fmt: skip


def choices(copy: Copy) -> tuple[tuple[Verdict, str], ...]:
    """What a person may say of a copy as it stands, with the words of it."""
    known: list[Verdict] = [each for each, before in _FROM.items() if copy.keadaan in before]
    return tuple((each, _SAID[each]) for each in known if not (each == "cetak" and copy.cara == CETAK))


def _decided(plan: Plan, copy: Copy, verdict: Verdict) -> Copy:
    if verdict == "sampai":
        return replace(copy, keadaan=TERKIRIM)
    if verdict == "batal":
        return replace(copy, keadaan=BATAL)
    known = plan.office.directory.alamat.get(copy.penerima)
    mailbox = known.surel if known and verdict == "ulang" and copy.cara == SUREL else ""
    pesan = message_id(plan, copy.surat, mailbox or copy.penerima)
    return replace(copy, keadaan=ANTRE, cara=SUREL if mailbox else CETAK, alamat=mailbox, pesan=pesan)


def one(connection: sa.Connection, office: str, letter_id: str, penerima: str) -> Copy:
    """The copy of one addressee; NotKnown when the letter was not put here for them."""
    found = {copy.penerima: copy for copy in of(connection, office, letter_id)}
    if penerima not in found:
        known = f"Yang ada: {', '.join(found)}." if found else "Kirim dulu suratnya."
        raise NotKnown(Problem(f"penerima {penerima}", f"tidak ada dalam kiriman surat {letter_id}.", known))
    return found[penerima]


def _move(
    connection: sa.Connection, office: str, pesan: str, to: str, catatan: str, at: dt.datetime, by: str,
    before: tuple[str, ...], **more: object,
) -> bool:  # fmt: skip
    """The copies of a message from one of these states to another; False when none stood there."""
    place = kirim.c.office == office, kirim.c.pesan == pesan, kirim.c.keadaan.in_(before)
    values = {"keadaan": to, "catatan": catatan, "at": at.isoformat(), "oleh": by, **more}
    return connection.execute(kirim.update().where(*place).values(**values)).rowcount > 0


def advance(connection: sa.Connection, office: str, letter_id: str) -> None:
    """The letter is `dikirim` when nothing of it is left to do, `diterima` when every addressee has signed for it."""
    sent = sa.func.sum(sa.case((kirim.c.keadaan == TERKIRIM, 1), else_=0))
    unsigned = sa.func.sum(sa.case((sa.and_(sa.not_(kirim.c.tembusan), kirim.c.diterima_on.is_(None)), 1), else_=0))
    place = kirim.c.office == office, kirim.c.surat == letter_id, kirim.c.keadaan != BATAL
    total, gone, wanting = connection.execute(sa.select(sa.func.count(), sent, unsigned).where(*place)).one()
    letter = register.letter(connection, office, letter_id)
    if total and gone == total and letter.state in ("disetujui", "ditandatangani", SENT):
        register.set_state(connection, office, letter_id, SENT if wanting else RECEIVED, letter.note)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
