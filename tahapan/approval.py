"""Who has to agree to a letter, in which order, and what each has decided: the first answer wins, and it is known whose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from tahapan import annexed, codes, journal, progress, register
from tahapan.archive import ensure_file
from tahapan.characters import clean
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.evidence import PICTURES, keep
from tahapan.home import Home
from tahapan.issue import LAST, Number, Press, draft, duty_of, number, numbering, values_of, words_of
from tahapan.letters.bundle import sha256
from tahapan.letters.kinds import Kind
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing
from tahapan.store.tables import percobaan, putusan, surat

Word = Literal["setuju", "revisi", "tolak"]
WORDS: tuple[Word, ...] = ("setuju", "revisi", "tolak")
Way = Literal["prefect", "meja", "perintah", "luar"]
SAID_OF_WAY: Mapping[Way, str] = {
    "prefect": "formulir Prefect", "meja": "meja surat", "perintah": "baris perintah", "luar": "di luar sistem",
}  # fmt: skip
LONGEST_NOTE = 2_000
ASKED_TO_REVISE = "diminta revisi"
STAFF = "staf"  # the group of people who may record what was decided elsewhere


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer in the chain, as it stands in the book."""

    langkah: int
    peran: str
    nama: str
    keputusan: str
    catatan: str
    cara: Way
    kode: bool
    at: dt.datetime
    dicatat_oleh: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter that waits for somebody: the place in its chain, who holds that role today ("" for nobody), since when.

    ``refused``: why the answers given so far in the Prefect form were not taken. ``key`` names this very question.
    """

    row: LetterRow
    teks: str
    langkah: int
    chain: tuple[str, ...]
    jabatan: str
    nama: str
    since: dt.datetime
    earlier: tuple[Decision, ...]
    refused: tuple[str, ...]

    @property
    def peran(self) -> str:
        return self.chain[self.langkah]

    @property
    def signs(self) -> bool:
        """Whether a yes gives the letter its number."""
        return self.langkah == len(self.chain) - 1

    @property
    def key(self) -> str:
        return f"{self.teks[:12]}-{self.langkah + 1}"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A decision taken on paper or by message, and recorded by a member of the secretariat."""

    oleh: str
    pada: dt.datetime
    lewat: str
    bukti: Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of a letter.

    ``key``: the question it answers (`Asked.key`), "" for whatever is asked now. ``attempt``: the form that was filled
    in, where the same answer may be read twice.
    """

    keputusan: str
    nama: str
    cara: Way
    catatan: str = ""
    kode: str = ""
    key: str = ""
    attempt: str = ""
    luar: Elsewhere | None = None


# --- asking --------------------------------------------------------------------------------------


def submit(home: Home, plan: Plan, letter_id: str, by: str, at: dt.datetime) -> LetterRow:
    """Put a draft before its first approver; one that waits already is left as it is.

    Refused for a letter that is not a draft. After a wish for revision only a person puts the same words up again.
    """
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        if row.state == register.SUBMITTED:
            return row
        row.check_ours()
        if row.state != register.DRAFT:
            raise Refused(Problem(f"surat {letter_id}", f"berstatus {row.state}.", "Hanya draf yang dapat diajukan."))
        revise = putusan.c.office == office, putusan.c.surat == letter_id, putusan.c.teks == _text_hash(row)
        wish = connection.execute(
            sa.select(putusan.c.nama, putusan.c.catatan).where(*revise, putusan.c.keputusan == "revisi")
        ).first()
        if wish and by == journal.MACHINE:
            what = f"{wish.nama} minta revisi ({wish.catatan}), dan isinya belum berubah."
            raise Refused(Problem(f"surat {letter_id}", what, "Ubah dengan `tahapan letter edit`, atau ajukan lagi."))
        connection.execute(putusan.delete().where(*revise, putusan.c.keputusan == "revisi"))
        place = surat.c.office == office, surat.c.id == letter_id
        connection.execute(surat.update().where(*place).values(state=register.SUBMITTED, diajukan_at=at.isoformat()))
        journal.write(connection, office, at=at, who=by, what="diajukan", subject=letter_id)
        return register.letter(connection, office, letter_id)


def submit_all(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """Renew and put up every draft of the election that a person has not sent back; the faults met on the way."""
    faults: list[Problem] = []
    for row in home.book(plan.election.id):
        if row.state in register.UNNUMBERED and row.ours:
            try:
                refresh(home, plan, row.id, on, at)
            except TahapanError as error:
                faults += error.problems
    return tuple(faults)


def submit_new(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """Put up what the machine has drafted since; what a person wrote waits for him, or for the morning."""
    office, faults = plan.office.profile.id, list[Problem]()
    with reading(home.engine) as connection:
        rows = register.in_state(connection, office, plan.election.id, register.DRAFT)
        new = [row.id for row in rows if row.ours and not row.penulis and not _wish(connection, office, row)]
    for letter_id in new:
        try:
            refresh(home, plan, letter_id, on, at)
        except TahapanError as error:
            faults += error.problems
    return tuple(faults)


def refresh(home: Home, plan: Plan, letter_id: str, on: dt.date, at: dt.datetime) -> LetterRow:
    """The letter as it stands today: a draft follows words, people and calendar, then waits for its approvers."""
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        closed = progress.duty_row(connection, office, plan.election.id, row.short_key)
    duty = duty_of(plan, row)
    if row.state not in register.UNNUMBERED or (closed and closed.state != "terbuka"):
        return row
    if not progress.still_worth_drafting(duty, on):  # told as late, and nobody is asked for what cannot go out
        return row
    draft(home, plan, duty, on, at)
    with reading(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        sent_back = _wish(connection, office, row)
    if row.state == register.DRAFT and not sent_back:
        row = submit(home, plan, letter_id, journal.MACHINE, at)
    return row


def _wish(connection: sa.Connection, office: str, row: LetterRow) -> bool:
    """Whether somebody wants these very words changed."""
    place = putusan.c.office == office, putusan.c.surat == row.id, putusan.c.keputusan == "revisi"
    said = connection.execute(sa.select(putusan.c.teks).where(*place)).scalars().all()
    return bool(said) and _text_hash(row) in said


def asked(home: Home, plan: Plan, letter_id: str, on: dt.date) -> Asked | None:
    """What a letter waits for on that day; None when nobody is asked."""
    with reading(home.engine) as connection:
        row = register.letter(connection, plan.office.profile.id, letter_id)
        return _asked(connection, home, plan, row, on)


def waiting(home: Home, plan: Plan, on: dt.date) -> tuple[Asked, ...]:
    """Every letter of the office that waits for somebody, the longest first."""
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        rows = register.in_state(connection, office, plan.election.id, register.SUBMITTED)
        found = [_asked(connection, home, plan, row, on) for row in rows]
    return tuple(sorted((each for each in found if each), key=lambda each: (each.since, each.row.id)))


def _asked(connection: sa.Connection, home: Home, plan: Plan, row: LetterRow, on: dt.date) -> Asked | None:
    if row.state != register.SUBMITTED:
        return None
    office, teks, chain = plan.office.profile.id, _text_hash(row), _kind(home, plan, row).rantai
    earlier = decisions(connection, office, row.id, teks)
    here = len(earlier)
    assert here < len(chain) and row.diajukan_at
    since = max([dt.datetime.fromisoformat(row.diajukan_at), *(each.at for each in earlier)])
    wrong = sa.select(percobaan.c.alasan).where(
        percobaan.c.office == office, percobaan.c.surat == row.id, percobaan.c.langkah == here,
        percobaan.c.id.contains(teks[:12], autoescape=True),
    )  # fmt: skip
    refused = tuple(connection.execute(wrong.order_by(percobaan.c.at, percobaan.c.id)).scalars())
    role = plan.office.peran.get(chain[here])
    return Asked(
        row,
        teks,
        here,
        chain,
        role.nama if role else chain[here],
        _holder(plan, chain[here], on),
        since,
        earlier,
        refused,
    )


def decisions(connection: sa.Connection, office: str, letter_id: str, teks: str | None = None) -> tuple[Decision, ...]:
    """What was decided of a letter, in the order of the chain; with ``teks`` of these words only."""
    names = ("langkah", "peran", "nama", "keputusan", "catatan", "cara", "kode", "at", "dicatat_oleh")
    query = sa.select(*(putusan.c[name] for name in names)).where(
        putusan.c.office == office, putusan.c.surat == letter_id
    )
    if teks is not None:
        query = query.where(putusan.c.teks == teks)
    return tuple(_decision(dict(row)) for row in connection.execute(query.order_by(putusan.c.id)).mappings())


def _decision(row: dict[str, Any]) -> Decision:
    return Decision(at=dt.datetime.fromisoformat(row["at"]), **{name: row[name] for name in row if name != "at"})


def _holder(plan: Plan, peran: str, on: dt.date) -> str:
    try:
        return plan.office.holder(peran, on).nama
    except TahapanError:
        return ""


def _kind(home: Home, plan: Plan, row: LetterRow) -> Kind:
    return home.words(plan).kind(row.kind)


def _text_hash(row: LetterRow) -> str:
    return sha256("\n".join(words_of(row)).encode())


# --- answering -----------------------------------------------------------------------------------


def decide(
    home: Home, plan: Plan, letter_id: str, answer: Answer, on: dt.date, at: dt.datetime, how: Number = LAST
) -> LetterRow:
    """Take an answer; the last yes of the chain numbers the letter in the same transaction.

    Refused with the reason, and nothing changed but the count of wrong codes, when another was first, when the name
    does not hold the role that day, when a note, code or picture is missing or wrong, when only one pair of eyes has
    seen the letter, when its annex has been overtaken (`tahapan.annexed`), or when `tahapan.issue.number` refuses.
    """
    try:
        picture = _picture(home, answer)
        with numbering(home, letter_id) as press:
            question, why = _judge(home, plan, press.connection, letter_id, answer, on, at)
            if question and not why:
                row = _take(home, plan, press, question, answer, picture, on, at, how)
            else:  # committed: a wrong code has been counted
                row = None
                _remember(press.connection, plan, letter_id, question, answer, why, at)
    except TahapanError as error:
        with writing(home.engine) as connection:
            question = _asked(connection, home, plan, register.letter(connection, _id(plan), letter_id), on)
            _remember(connection, plan, letter_id, question, answer, error.problems[0].what, at)
        raise
    if row is None:
        raise Refused(Problem(f"surat {letter_id}", f"{why}.", "Ulangi dengan isian yang benar."))
    if row.numbered:
        ensure_file(home, row)
    return row


def _id(plan: Plan) -> str:
    return plan.office.profile.id


def _judge(
    home: Home, plan: Plan, connection: sa.Connection, letter_id: str, answer: Answer, on: dt.date, at: dt.datetime
) -> tuple[Asked | None, str]:
    """The question as it stands inside the transaction, and why the answer is no answer to it; "" when it is."""
    row = register.letter(connection, _id(plan), letter_id)
    question = _asked(connection, home, plan, row, on)
    if question is None or (answer.key and answer.key != question.key):
        read_another = question and answer.key.partition("-")[0] != question.key.partition("-")[0]
        what = "isinya berubah sejak dibaca" if read_another else _who_was_first(connection, plan, row, at)
        raise Refused(Problem(f"surat {letter_id}", f"{what}.", "Lihat keadaan suratnya sekarang."))
    if why := _incomplete(answer, question, on):
        return question, why
    if why := _one_pair_of_eyes(question, answer):
        return question, why
    if answer.keputusan == "setuju":
        annexed.check(connection, _id(plan), row, values_of(home, plan, duty_of(plan, row))[0])
    if answer.luar:
        return question, _not_recorded(home, plan, question, answer.luar, on, at)
    if question.nama in codes.enrolled(connection, _id(plan)):
        return question, codes.why_not(connection, home.root, _id(plan), question.nama, answer.kode, at)
    if plan.office.profile.persetujuan.wajib_kode:
        return (
            question,
            f"{question.nama} belum punya kode, padahal kantor ini mewajibkannya; sekretariat mendaftarkannya",
        )
    return question, ""


def _who_was_first(connection: sa.Connection, plan: Plan, row: LetterRow, at: dt.datetime) -> str:
    made = decisions(connection, _id(plan), row.id)
    if not made:
        return f"berstatus {row.state}, tidak menunggu keputusan"
    last = made[-1]
    when = last.at.astimezone(at.tzinfo)
    return f"sudah diputuskan {last.nama} ({last.keputusan}) pada {tanggal(when.date())} pukul {when:%H.%M}"


def _incomplete(answer: Answer, question: Asked, on: dt.date) -> str:
    if answer.keputusan not in WORDS:
        return "keputusan belum dipilih (setuju, revisi, atau tolak)"
    if not question.nama:
        return f"tidak ada pemegang jabatan {question.jabatan} pada {tanggal(on)}; tetapkan dulu penggantinya"
    if answer.nama.casefold().split() != question.nama.casefold().split():
        said = f"{answer.nama} bukan" if answer.nama.strip() else "nama belum dipilih; harus"
        return f"{said} {question.jabatan} pada {tanggal(on)} (yang berwenang: {question.nama})"
    if len(answer.catatan) > LONGEST_NOTE:
        return f"catatan terlalu panjang (paling banyak {LONGEST_NOTE} huruf)"
    if answer.keputusan != "setuju" and not clean(answer.catatan, "catatan"):
        return f"catatan belum diisi; {answer.keputusan} harus dengan alasan"
    return ""


def _one_pair_of_eyes(question: Asked, answer: Answer) -> str:
    """Two persons at least see every letter, where its chain or its writer makes two; the machine is nobody."""
    if answer.keputusan != "setuju" or not question.signs:
        return ""
    seen = {each.nama for each in question.earlier} | {question.row.penulis} - {""}
    if len(question.chain) == 1 and not seen:
        return ""
    if seen - {question.nama}:
        return ""
    return f"{question.nama} sendirian menulis atau memaraf surat ini; orang lain harus ikut membacanya"


def _not_recorded(home: Home, plan: Plan, question: Asked, luar: Elsewhere, on: dt.date, at: dt.datetime) -> str:
    forbidden = plan.office.profile.persetujuan.tanpa_luar
    if question.row.kind in forbidden or "*" in forbidden:
        return f"kantor ini tidak menerima keputusan di luar sistem untuk {_kind(home, plan, question.row).nama}"
    staff = {person.nama.casefold() for person in plan.office.people(STAFF, on)}
    if luar.oleh.strip().casefold() not in staff:
        return f"{luar.oleh or 'yang mencatat'} bukan orang sekretariat; hanya sekretariat yang mencatat keputusan"
    if luar.oleh.strip().casefold() == question.nama.casefold():
        return "yang mencatat tidak boleh orang yang memutuskan"
    if luar.pada > at:
        return f"waktu keputusan ({luar.pada:%d-%m-%Y %H.%M}) belum lewat"
    if luar.pada < question.since:
        return f"waktu keputusan mendahului pengajuannya ({question.since.astimezone(at.tzinfo):%d-%m-%Y %H.%M})"
    if not clean(luar.lewat, "cara"):
        return "cara keputusan disampaikan belum diisi (tanda tangan di kertas, pesan, ...)"
    return ""


def _picture(home: Home, answer: Answer) -> str:
    """The picture of a decision taken elsewhere, kept under its hash; DataError when there is none."""
    if answer.luar is None:
        return ""
    [(_, digest)] = keep(home, [answer.luar.bukti], "bukti keputusan", only=PICTURES)
    return digest


def _take(
    home: Home, plan: Plan, press: Press, question: Asked, answer: Answer, picture: str, on: dt.date, at: dt.datetime,
    how: Number,
) -> LetterRow:  # fmt: skip
    connection, office, row = press.connection, _id(plan), question.row
    note = clean(answer.catatan, "catatan") if answer.catatan else ""
    with_code = answer.luar is None and question.nama in codes.enrolled(connection, office)
    recorder = answer.luar.oleh.strip() if answer.luar else ""
    decided_at = answer.luar.pada if answer.luar else at
    said = _said(answer, note, with_code=with_code, picture=picture)
    who = f"dicatat oleh {recorder} atas keputusan {question.nama}" if recorder else question.nama
    for langkah in _steps(plan, question, answer, on):
        signs = langkah == len(question.chain) - 1
        connection.execute(
            putusan.insert().values(
                office=office, surat=row.id, teks=question.teks, langkah=langkah, peran=question.chain[langkah],
                nama=question.nama, keputusan=answer.keputusan, catatan=note, cara=answer.cara, kode=with_code,
                at=decided_at.isoformat(), dicatat_oleh=recorder, bukti=picture,
            )
        )  # fmt: skip
        if answer.keputusan == "setuju" and signs:
            about = {**said, "dicatat": who} if recorder else said
            return number(home, plan, press, row, on, question.nama, at, how, about)
        if how != LAST:
            what = f"nomor diberikan oleh yang menandatangani; langkah ini {question.jabatan}."
            raise DataError(Problem(f"surat {row.id}", what, "Setujui dulu tanpa nomor."))
        what = {"setuju": "paraf", "revisi": ASKED_TO_REVISE, "tolak": "ditolak"}[answer.keputusan]
        detail = {"jabatan": question.chain[langkah], **said}
        journal.write(connection, office, at=at, who=who, what=what, subject=row.id, detail=detail)
    if answer.keputusan != "setuju":
        state = register.DRAFT if answer.keputusan == "revisi" else "ditolak"
        remark = f"{ASKED_TO_REVISE} oleh {question.nama}: {note}" if answer.keputusan == "revisi" else note
        place = surat.c.office == office, surat.c.id == row.id
        connection.execute(surat.update().where(*place).values(state=state, note=remark, diajukan_at=None))
    return register.letter(connection, office, row.id)


def _steps(plan: Plan, question: Asked, answer: Answer, on: dt.date) -> Iterable[int]:
    """The steps one answer decides: who holds the next roles of the chain too says yes once."""
    yield question.langkah
    if answer.keputusan != "setuju":
        return
    for langkah in range(question.langkah + 1, len(question.chain)):
        signs = langkah == len(question.chain) - 1
        if signs or _holder(plan, question.chain[langkah], on) != question.nama:
            return
        yield langkah


def _said(answer: Answer, note: str, *, with_code: bool, picture: str) -> dict[str, Any]:
    """What the journal keeps of an answer."""
    said: dict[str, Any] = {
        "keputusan": answer.keputusan, "cara": SAID_OF_WAY[answer.cara], "kode": "dengan kode" if with_code else "tanpa kode",
    }  # fmt: skip
    if note:
        said["catatan"] = note
    if answer.luar:
        said |= {"pada": answer.luar.pada.isoformat(), "lewat": answer.luar.lewat, "bukti": picture}
    return said


def _remember(
    connection: sa.Connection, plan: Plan, letter_id: str, question: Asked | None, answer: Answer, why: str,
    at: dt.datetime,
) -> None:  # fmt: skip
    """Why a form was not taken, once for each form."""
    if not answer.attempt:
        return
    place = percobaan.c.office == _id(plan), percobaan.c.id == answer.attempt
    if connection.execute(sa.select(percobaan.c.id).where(*place)).first() is None:
        connection.execute(
            percobaan.insert().values(
                office=_id(plan), id=answer.attempt, surat=letter_id, langkah=question.langkah if question else 0,
                at=at.isoformat(), alasan=why,
            )
        )  # fmt: skip
