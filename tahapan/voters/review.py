"""A person looks at what was found: on a sheet with a row per finding that is read back, or in a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tahapan import journal
from tahapan.book.outgoing import text_sheet
from tahapan.book.sheet import Column, rows_of, text_of
from tahapan.characters import clean, named, safe
from tahapan.dates import tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.private import write_private
from tahapan.store.engine import reading, writing
from tahapan.store.tables import percobaan, temuan_riwayat
from tahapan.voters.findings import (
    DONE_BY_KPU,
    EXAMINED,
    NOT_SO,
    NOT_YET,
    PROPOSED,
    REFUSED,
    SETTLED,
    STATES,
    TITLES,
    TOLD,
    Finding,
    Move,
    Person,
    Step,
    all_findings,
    findings,
    history,
    move,
    people,
    title,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person may say of a finding, in which states, and what it then is; ``needs`` a column that must say why."""

    keadaan: str
    dari: tuple[str, ...]
    needs: str
    why: str


DECISIONS = {
    "benar": Decision(EXAMINED, (PROPOSED, NOT_SO), "Bukti", "akta, surat nagari, atau apa yang dilihat"),
    "bukan": Decision(NOT_SO, (PROPOSED, EXAMINED), "Catatan", "mengapa bukan orangnya"),
    "lapangan": Decision(PROPOSED, (PROPOSED,), "Catatan", "apa yang harus dicek"),
    "ditindaklanjuti": Decision(DONE_BY_KPU, (TOLD, NOT_YET, REFUSED), "", ""),
    "ditolak": Decision(REFUSED, (TOLD, NOT_YET, DONE_BY_KPU), "Catatan", "alasan KPU"),
    "belum": Decision(NOT_YET, (TOLD, DONE_BY_KPU), "", ""),
    "selesai": Decision(SETTLED, (TOLD, DONE_BY_KPU, REFUSED, NOT_YET), "Catatan", "mengapa selesai"),
}
FIELD_WORK = "perlu dicek di lapangan: "


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says of one finding, and where (for messages)."""

    id: int
    keputusan: str
    bukti: str
    catatan: str
    where: str


@dataclass(frozen=True, slots=True)
class Taken:
    """How many decisions changed something, and the duties whose unnumbered letter counts what is no longer held true."""

    count: int
    drafts: tuple[str, ...] = ()


def decide(
    home: Home, plan: Plan, answers: Sequence[Answer], by: str, at: dt.datetime, *, attempt: str = "",
    faults: Iterable[Problem] = (),
) -> Taken:  # fmt: skip
    """Take all of these decisions or none. DataError with every fault, those that were found before too (``faults``).

    ``attempt``: the form they came with, noted with them.
    """
    who, office = named(by, "memeriksa"), plan.office.profile.id
    with writing(home.engine) as connection:
        known = {each.id: each for each in findings(connection, office, plan.election.id)}
        moves: list[Move] = []
        faults = [*faults]
        seen = dict[int, str]()
        for answer in answers:
            if (before := seen.setdefault(answer.id, answer.where)) != answer.where:
                what = f"nomor {answer.id} sudah ada di {before}."
                faults.append(Problem(answer.where, what, "Hapus salah satu."))
                continue
            try:
                step = _step(known, answer, who)
                if step and (step.keadaan != PROPOSED or not _said_already(connection, step)):
                    moves.append(step)
            except (DataError, NotKnown, Refused) as error:
                faults += error.problems
        if faults:
            raise DataError(*faults)
        move(connection, office, moves, at)
        if attempt:
            _note_attempt(connection, office, attempt, at, "")
        if moves:
            counts = {name: sum(each.keadaan == name for each in moves) for name in STATES}
            journal.write(
                connection, office, at=at, who=who, what="temuan diperiksa", subject="daftar pemilih",
                detail={name: n for name, n in counts.items() if n},
            )  # fmt: skip
    drafts = {known[each.id].in_draft for each in moves if each.keadaan != EXAMINED} - {""}
    return Taken(len(moves), tuple(sorted(drafts)))


def _step(known: dict[int, Finding], answer: Answer, who: str) -> Move | None:
    finding = known.get(answer.id)
    if finding is None:
        raise NotKnown(Problem(answer.where, f"tidak ada temuan nomor {answer.id}.", "Ekspor lembarnya lagi."))
    decision = DECISIONS.get(answer.keputusan.casefold())
    if decision is None:
        what = f"keputusan {answer.keputusan!r} tidak dikenal."
        raise DataError(Problem(answer.where, what, f"Pilih: {', '.join(DECISIONS)}."))
    if finding.stands == decision.keadaan and decision.keadaan != PROPOSED:
        return None
    if finding.stands not in decision.dari:
        what = f"temuan nomor {finding.id} {finding.stands}; tidak dapat menjadi {answer.keputusan}."
        raise Refused(Problem(answer.where, what, f"Yang dapat: {', '.join(_open(finding)) or 'tidak ada lagi'}."))
    said = {"Bukti": answer.bukti, "Catatan": answer.catatan}
    if decision.needs and not said[decision.needs]:
        what = f"{answer.keputusan} tanpa {decision.needs.lower()}."
        raise DataError(Problem(answer.where, what, f"Isi kolom {decision.needs}: {decision.why}."))
    note = FIELD_WORK * (decision.keadaan == PROPOSED) + answer.catatan
    return Move(finding.id, decision.keadaan, who, note, answer.bukti)


def _said_already(connection: sa.Connection, step: Move) -> bool:
    """Whether the last word of a finding is this one: a sheet that is read twice."""
    mine = temuan_riwayat.c.temuan == step.id
    last = sa.select(temuan_riwayat.c.catatan).where(mine).order_by(temuan_riwayat.c.id.desc()).limit(1)
    return connection.execute(last).scalar() == step.catatan


def _open(finding: Finding) -> tuple[str, ...]:
    """What may be said of it now."""
    return tuple(word for word, decision in DECISIONS.items() if finding.stands in decision.dari)


# --- the sheet -------------------------------------------------------------------------------------

SHEET = "Temuan"
_WIDTHS = {
    "Nomor": 9, "Keadaan": 15, "Pemeriksaan": 24, "Tingkat": 8, "Alasan": 60, "Kecamatan": 22, "Nagari": 24, "TPS": 6,
    "Nama pemilih": 28, "Lahir": 18, "Alamat": 34, "Nama pembanding": 28, "Lahir pembanding": 18, "Meninggal": 18,
    "Nomor berkas": 22, "Keputusan": 16, "Bukti": 40, "Catatan": 40, "Riwayat": 60,
}  # fmt: skip
_WANTED = (
    Column("Nomor", ("notemuan", "nomortemuan")),
    Column("Keputusan", ()),
    Column("Bukti", (), needed=False),
    Column("Catatan", ("keterangan",), needed=False),
)
_EVIDENCE = {"akta": "akta kematian", "nagari": "surat keterangan nagari", "rt": "keterangan RT", "keluarga": "keterangan keluarga", "posko": "laporan posko"}  # fmt: skip


def selected(
    home: Home, plan: Plan, *, keadaan: Iterable[str] = (), periksa: Iterable[str] = (), kecamatan: str = ""
) -> tuple[Finding, ...]:
    """The findings in these states (any), of these checks (all), in a kecamatan (all); NotKnown for a word that is none."""
    for option, words, known in (("--keadaan", keadaan, STATES), ("--periksa", periksa, TITLES)):
        if strange := sorted(set(words) - set(known)):
            raise NotKnown(Problem(option, f"{strange[0]!r} tidak dikenal.", f"Pilih: {', '.join(known)}."))
    rows = all_findings(home, plan)
    areas = {each.kecamatan.casefold() for each in rows}
    if kecamatan and rows and kecamatan.casefold() not in areas:
        there = ", ".join(sorted({each.kecamatan for each in rows}))
        raise NotKnown(Problem("--kecamatan", f"{kecamatan!r} tidak ada temuannya.", f"Yang ada: {there}."))
    return tuple(
        each
        for each in rows
        if (not keadaan or each.stands in keadaan)
        and (not periksa or each.periksa in periksa)
        and (not kecamatan or each.kecamatan.casefold() == kecamatan.casefold())
    )


def write_sheet(home: Home, plan: Plan, rows: Sequence[Finding], path: Path) -> int:
    """A private XLSX with a row per finding, names but no numbers of persons; what is decided goes into its last columns.

    How many rows have no name, because their list is forgotten.
    """
    if path.suffix.lower() != ".xlsx":
        raise DataError(Problem(str(path), "bukan .xlsx.", "Tulis nama berkas berakhiran .xlsx."))
    if not rows:
        raise Refused(
            Problem(path.name, "tidak ada temuan yang cocok.", "Ubah pilihannya, atau cermati daftar dahulu.")
        )
    who = people(home, rows)
    past = history(home, plan, (each.id for each in rows))
    write_private(
        path, text_sheet(SHEET, _WIDTHS, [_cells(each, who[each.id], past.get(each.id, ())) for each in rows])
    )
    return sum(not (each.pemilih or each.lawan) for each in who.values())


def _cells(finding: Finding, who: Person, past: Iterable[Step]) -> list[str]:
    voter, other = who.pemilih, who.lawan
    rt_rw = " ".join(f"{name.upper()} {voter[name]}" for name in ("rt", "rw") if voter.get(name))
    told = [f"{step.at[:10]} {step.keadaan} ({step.oleh})" + f": {step.catatan}" * bool(step.catatan) for step in past]
    return [
        str(finding.id), finding.stands, title(finding), finding.level, finding.alasan,
        finding.kecamatan, finding.nagari, _text(finding.tps), _text(voter.get("nama")), _born(voter),
        safe(" ".join(filter(None, (_text(voter.get("alamat")), rt_rw))), "(disamarkan)"), _text(other.get("nama")), _born(other),
        _text(other.get("meninggal")), safe(_text(other.get("ref")), "(disamarkan)"), "", _evidence(who), "", "; ".join(told),
    ]  # fmt: skip


def _evidence(who: Person) -> str:
    """The evidence that the record names: ``akta kematian 123``."""
    other = who.lawan
    return " ".join(filter(None, (_EVIDENCE.get(_text(other.get("bukti")), ""), safe(_text(other.get("ref"))))))


def _born(row: Any) -> str:
    return _text(row.get("lahir") or row.get("lahir_tahun"))


def _text(value: Any) -> str:
    return "" if value is None else tanggal(value) if isinstance(value, dt.date) else str(value)


def read_sheet(home: Home, plan: Plan, path: Path, by: str, at: dt.datetime) -> Taken:
    """Take the decisions of a sheet; rows without one change nothing. DataError with every faulty row, and then none is taken."""
    answers: list[Answer] = []
    faults: list[Problem] = []
    for row in rows_of(path, _WANTED):
        try:
            number, said, proof, note = (text_of(row.cells.get(each.name), row.place(each.name)) for each in _WANTED)
        except DataError as error:
            faults += error.problems
            continue
        if not said:
            continue
        if not number.isdecimal():
            faults.append(Problem(row.place("Nomor"), f"{number or '(kosong)'} bukan nomor.", "Ekspor lembarnya lagi."))
            continue
        answers.append(Answer(int(number), said, proof, note, row.where))
    if not answers and not faults:
        raise Refused(Problem(path.name, "kolom Keputusan kosong semua.", f"Isi dengan: {', '.join(DECISIONS)}."))
    return decide(home, plan, answers, by, at, faults=faults)


# --- the form --------------------------------------------------------------------------------------

PER_PAGE = 8
IN_FORM = ("benar", "bukan", "lapangan")
_ON_THE_FORM = "temuan"  # in `percobaan`, where a letter has its id


@dataclass(frozen=True, slots=True)
class Page:
    """Findings shown in one form, what is written of their evidence, and how many wait in all."""

    rows: tuple[Finding, ...]
    people: Mapping[int, Person]
    evidence: Mapping[int, str]
    waiting: int


def page(home: Home, plan: Plan, kecamatan: str = "", periksa: Iterable[str] = ()) -> Page:
    """The next findings nobody has decided on; those to be looked up in the field are left to the sheet."""
    rows = selected(home, plan, keadaan=[PROPOSED], periksa=periksa, kecamatan=kecamatan)
    past = history(home, plan, (each.id for each in rows))
    fresh = [each for each in rows if not past[each.id][-1].catatan.startswith(FIELD_WORK)]
    shown = tuple(fresh[:PER_PAGE])
    who = people(home, shown)
    return Page(shown, who, {each.id: _evidence(who[each.id]) for each in shown}, len(fresh))


def answer_page(
    home: Home, plan: Plan, shown: Page, attempt: str, texts: Mapping[str, str], by: str, at: dt.datetime
) -> tuple[Problem, ...]:
    """Take what a form says (`of_words`); everything that is wrong with it, and then nothing is taken.

    ``attempt`` names the form: when a run begins again from its first line, the same answer counts once.
    """
    office = plan.office.profile.id
    mine = percobaan.c.office == office, percobaan.c.id == attempt
    with reading(home.engine) as connection:
        if connection.execute(sa.select(percobaan.c.id).where(*mine)).first():
            return ()
    try:
        decide(home, plan, [*of_words(shown, texts)], by, at, attempt=attempt)
    except TahapanError as error:
        with writing(home.engine) as connection:
            _note_attempt(connection, office, attempt, at, str(error))
        return error.problems
    return ()


def _note_attempt(connection: sa.Connection, office: str, attempt: str, at: dt.datetime, why: str) -> None:
    values = {"office": office, "id": attempt, "surat": _ON_THE_FORM, "langkah": 0, "at": at.isoformat(), "alasan": why}
    connection.execute(percobaan.insert().values(**values))


def of_words(shown: Page, texts: Mapping[str, str]) -> Iterator[Answer]:
    """What a form says: under each decision lines like ``12`` or ``12: akta kematian 123``; only of the findings it shows.

    Without words the evidence is what the record names.
    """
    there = {each.id for each in shown.rows}
    for word, text in texts.items():
        for line in filter(None, map(str.strip, text.splitlines())):
            number, _, why = line.partition(":")
            where = f"{word.capitalize()}, {safe(line)!r}"
            if not number.strip().isdecimal() or int(number) not in there:
                what = "tidak diawali nomor temuan pada halaman ini; mungkin sudah diputuskan orang lain."
                raise DataError(Problem(where, what, "Tulis seperti 12: akta."))
            why = clean(why, where)
            proof = why or shown.evidence.get(int(number), "")
            of_evidence = DECISIONS[word].needs == "Bukti"
            yield Answer(int(number), word, proof if of_evidence else "", "" if of_evidence else why, where)
