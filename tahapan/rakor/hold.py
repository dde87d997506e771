"""What happened at a meeting: who came, what was decided, and the papers that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tahapan import day, meetings, record, ticking
from tahapan.book.outgoing import replace, text_sheet
from tahapan.book.sheet import Column, rows_of, text_of
from tahapan.characters import clean, named
from tahapan.checklist import Duty
from tahapan.content import PICTURES
from tahapan.dates import hari_tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.meetings import Keputusan, Meeting
from tahapan.plan import Plan
from tahapan.rakor.prepare import one
from tahapan.reading import parse
from tahapan.store.engine import reading, writing

JENIS = "hadir"
SHEET = "Daftar hadir"
OTHERS = "Peserta lain"
MINUTES, RELEASE, REPORT, ATTENDANCE = "notulen", "siaran-pers", "laporan", "daftar-hadir"


class Hadir(BaseModel):
    """Somebody who came. ``penerima``: for which of the invited, "" for others; ``instansi`` as they wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rapat: str
    penerima: str = ""
    instansi: str = ""
    nama: str
    jabatan: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """Of one group: how many were invited, for how many somebody came, how many persons."""

    kelompok: str
    diundang: int
    hadir: int
    orang: int


def attendance(home: Home, plan: Plan, meeting_id: str) -> tuple[Hadir, ...]:
    """Everybody who came, in the order in which they were written down."""
    with reading(home.engine) as connection:
        rows = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    came = (Hadir.model_validate(dict(row.isi)) for row in rows)
    return tuple(each for each in came if each.rapat == meeting_id)


def attend(
    home: Home, plan: Plan, meeting_id: str, came: Iterable[Mapping[str, str]], by: str, on: dt.date, at: dt.datetime
) -> int:  # fmt: skip
    """Write down who came, all or none; how many were not there yet. The same person for the same office is there once.

    DataError with every fault; Refused before the day of the meeting, and for one that was called off.
    """
    who, meeting = named(by), _held(home, plan, meeting_id, on)
    rows, faults = [], list[Problem]()
    for n, given in enumerate(came, 1):
        try:
            rows.append(_person(plan, meeting_id, meeting, given))
        except (DataError, NotKnown) as error:
            faults += (Problem(f"orang ke-{n}, {each.where}", each.what, each.remedy) for each in error.problems)
    if faults:
        raise DataError(*faults)
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        there = {
            _same(Hadir.model_validate(dict(row.isi))) for row in record.entries(connection, office, election, JENIS)
        }
        new = [row for key, row in {_same(row): row for row in rows}.items() if key not in there]
        first = int(record.next_id(connection, office, election, JENIS))
        for n, row in enumerate(new, first):
            record.write(connection, office, election, JENIS, f"{n:03d}", row.model_dump(), who, at)
    return len(new)


def _same(row: Hadir) -> tuple[str, ...]:
    return row.rapat, row.penerima or row.instansi.casefold(), row.nama.casefold()


def _person(plan: Plan, meeting_id: str, meeting: Meeting, given: Mapping[str, str]) -> Hadir:
    row = parse(
        Hadir, {"rapat": meeting_id, **{key: clean(str(value or ""), key) for key, value in given.items()}}, "hadir"
    )
    if not row.nama:
        raise DataError(Problem("nama", "kosong.", "Tulis namanya seperti di daftar hadir."))
    if row.penerima and row.penerima not in meeting.invited(plan.office.directory):
        raise NotKnown(
            Problem(f"penerima {row.penerima}", "tidak diundang.", "Kosongkan penerimanya, dan tulis instansinya.")
        )
    if not (row.penerima or row.instansi):
        raise DataError(Problem("instansi", "kosong.", "Sebut untuk undangan siapa ia datang, atau instansinya."))
    return row


def _held(home: Home, plan: Plan, meeting_id: str, on: dt.date) -> Meeting:
    meeting = one(home, plan, meeting_id)
    if meeting.batal:
        raise Refused(Problem(f"rapat {meeting_id}", "dibatalkan.", "Tidak ada yang dicatat."))
    if on < meeting.hari:
        raise Refused(
            Problem(f"rapat {meeting_id}", f"baru diadakan {hari_tanggal(meeting.hari)}.", "Catat pada harinya.")
        )
    return meeting


def shares(plan: Plan, meeting: Meeting, came: Sequence[Hadir]) -> tuple[Share, ...]:
    """Attendance by the groups of the invitation, others last."""
    directory = plan.office.directory
    group = {
        each: meetings.group_of(meeting, each, directory) or "Undangan lainnya" for each in meeting.invited(directory)
    }
    found = []
    for name in dict.fromkeys(group.values()):
        mine = {each for each, other in group.items() if other == name}
        persons = [row for row in came if row.penerima in mine]
        found.append(Share(name, len(mine), len({row.penerima for row in persons}), len(persons)))
    others = [row for row in came if row.penerima not in group]
    return (
        *found,
        *([Share(OTHERS, 0, len({row.instansi.casefold() for row in others}), len(others))] if others else []),
    )


def export_sheet(home: Home, plan: Plan, meeting_id: str, path: Path) -> int:
    """The invited as .xlsx, a row for each, with who came so far; how many rows."""
    meeting, directory = one(home, plan, meeting_id), plan.office.directory
    came: dict[str, list[Hadir]] = {}
    for each in attendance(home, plan, meeting_id):
        came.setdefault(each.penerima, []).append(each)
    titles = {
        each: who.jabatan
        for each, who in zip(meeting.invited(directory), meetings.by_group(meeting, directory), strict=True)
    }
    rows = [
        [each, title, who.nama, who.jabatan]
        for each, title in titles.items()
        for who in came.get(each) or [Hadir(rapat=meeting_id, penerima=each, nama="")]
    ]
    rows += [
        ["", who.instansi, who.nama, who.jabatan]
        for each, all_of in came.items()
        if each not in titles
        for who in all_of
    ]
    if path.suffix.lower() != ".xlsx":
        raise DataError(Problem(str(path), "bukan .xlsx.", "Tulis nama berkas berakhiran .xlsx."))
    replace(path, text_sheet(SHEET, {"Id": 20, "Instansi": 60, "Nama": 36, "Jabatan": 36}, rows))
    return len(rows)


def import_sheet(home: Home, plan: Plan, meeting_id: str, path: Path, by: str, on: dt.date, at: dt.datetime) -> int:
    """Who came, out of such a sheet or one of the office's own with these columns; how many were new."""
    columns = (Column("Id", (), needed=False), Column("Instansi", ("unsur", "asal"), needed=False), Column("Nama", ("namalengkap",)), Column("Jabatan", (), needed=False))  # fmt: skip
    came: list[dict[str, str]] = []
    for row in rows_of(path, columns):
        said = {column.name: text_of(row.cells.get(column.name), row.place(column.name)) for column in columns}
        if said["Nama"]:
            person = {"penerima": said["Id"], "nama": said["Nama"], "jabatan": said["Jabatan"]}
            came.append(person | ({} if said["Id"] else {"instansi": said["Instansi"]}))
    if not came:
        raise Refused(Problem(path.name, "tidak ada satu nama pun.", "Isi kolom Nama bagi yang hadir."))
    return attend(home, plan, meeting_id, came, by, on, at)


def file_sheet(
    home: Home, plan: Plan, meeting_id: str, scan: Path | Arrival, by: str, on: dt.date, at: dt.datetime
) -> None:  # fmt: skip
    """The signed attendance sheet: evidence of its duty, and of the duty of the checklist that the meeting is."""
    meeting, who = _held(home, plan, meeting_id, on), named(by)
    kept = take_in(home, [Arrival.of(scan)], PICTURES, "daftar hadir")
    for key in filter(None, (f"{meeting_id}.{ATTENDANCE}", meeting.butir)):
        duty = plan.duty(key)
        if not ticking.roll(home, plan, duty).finished:
            ticking.file(home, plan, duty, kept, who, on, at)


# --- decisions -------------------------------------------------------------------------------------


def decide(
    home: Home, plan: Plan, meeting_id: str, given: Mapping[str, Any], by: str, on: dt.date, at: dt.datetime
) -> str:  # fmt: skip
    """A decision with who does it, who of ours sees to it, and its day; the key of the duty that it is now.

    ``given``: the fields of `Keputusan`. With ``butir`` a duty of the checklist does it already. The same again changes
    nothing. DataError with every fault.
    """
    who = named(by)
    _held(home, plan, meeting_id, on)
    decision = _read_decision(home, plan, meeting_id, given)
    office, election = plan.office.profile.id, plan.election.id
    number = meeting_id.removeprefix(meetings.PREFIX)
    with writing(home.engine) as connection:
        entry = record.latest(connection, office, election, meetings.JENIS, number)
        meeting = Meeting.model_validate(dict(entry.isi))
        if decision not in meeting.keputusan:
            meeting = meeting.model_copy(update={"keputusan": (*meeting.keputusan, decision)})
            said = meeting.model_dump(mode="json")
            record.write(connection, office, election, meetings.JENIS, number, said, who, at, alasan="keputusan rapat")
    key = decision.butir or f"{meeting_id}.keputusan-{meeting.keputusan.index(decision) + 1}"
    fresh = home.plan(election)
    for duty in day.open_duties(home, fresh, on, at, meeting_id):
        if duty.short_key == key:
            day.work_on(home, fresh, duty, on, at)
    return key


def _read_decision(home: Home, plan: Plan, meeting_id: str, given: Mapping[str, Any]) -> Keputusan:
    said = {key: clean(value, key) if isinstance(value, str) else value for key, value in given.items()}
    decision, meeting = parse(Keputusan, said, "keputusan"), one(home, plan, meeting_id)
    faults = [Problem(name, "kosong.", "Isi.") for name in ("isi", "penanggung") if not getattr(decision, name)]
    if decision.pj not in plan.office.peran:
        faults.append(
            Problem("pj", f"peran {decision.pj!r} tidak dikenal.", f"Yang ada: {', '.join(plan.office.peran)}.")
        )
    if decision.sampai < meeting.hari:
        faults.append(Problem("sampai", f"{hari_tanggal(decision.sampai)} mendahului rapatnya.", "Perbaiki harinya."))
    if decision.tahapan:
        plan.election.stage(decision.tahapan)
    if decision.butir:
        plan.duty(decision.butir)
    if decision.surat and not decision.butir:
        kind = home.words(plan).kind(decision.surat)
        kepada = decision.kepada or kind.kepada
        values = kind.checked(decision.rincian, "rincian")
        faults += plan.unknown_addressees(kepada, "kepada")
        faults += (
            Problem("rincian", f"{field.label}: belum diisi.", f"Tulis {field.id} = ...")
            for field in kind.missing(values)
        )
        if kind.form in ("surat", "nota-dinas") and not kepada:
            faults.append(Problem("kepada", "kosong.", "Sebut kelompok penerima suratnya."))
        decision = decision.model_copy(
            update={"kepada": kepada, "dasar": kind.dasar or ("pemilihan", "jadwal", "pengawasan")}
        )
    if faults:
        raise DataError(*faults)
    return decision


def followed_up(home: Home, plan: Plan, meeting_id: str, on: dt.date) -> Iterator[tuple[Keputusan, str, str]]:
    """Each decision, the key of its duty, and where that stands in words."""
    meeting = one(home, plan, meeting_id)
    for n, each in enumerate(meeting.keputusan, 1):
        key = each.butir or f"{meeting_id}.keputusan-{n}"
        [now] = day.standings(home, plan, on, [plan.duty(key)])
        yield each, key, f"{now.state}{f' ({now.remark})' if now.remark else ''}"


# --- the papers ------------------------------------------------------------------------------------


def minutes(
    home: Home, plan: Plan, meeting_id: str, discussed: Sequence[Sequence[str]], by: str, on: dt.date, at: dt.datetime
) -> Duty:  # fmt: skip
    """Fill the minutes in: who came by groups, and what was said (subject, account, by whom); agenda and decisions are there."""
    meeting = _held(home, plan, meeting_id, on)
    peserta = [f"{_lower(each.kelompok)}, {each.orang} orang" for each in _came(home, plan, meeting_id, meeting)]
    texts: dict[str, Any] = {"peserta": "\n".join(peserta)}
    return _fill(
        home, plan, f"{meeting_id}.{MINUTES}", texts | ({"pembahasan": discussed} if discussed else {}), by, on, at
    )


def release(
    home: Home, plan: Plan, meeting_id: str, judul: str, paragraf: Sequence[str], kutipan: str, jabatan: str, by: str,
    on: dt.date, at: dt.datetime,
) -> Duty:  # fmt: skip
    """Fill the press release in: who came, in groups and without names; the words of the day are the template's.

    ``jabatan``: the title of who is quoted; the chair where it is not said. Refused while nobody is written down.
    """
    meeting = _held(home, plan, meeting_id, on)
    hadir = [_lower(each.kelompok) for each in _came(home, plan, meeting_id, meeting) if each.kelompok != OTHERS]
    texts: dict[str, Any] = {"hadir": "\n".join(hadir)}
    texts |= {"judul_berita": judul} if judul else {}
    texts |= {"paragraf": "\n".join(paragraf)} if paragraf else {}
    texts |= {"kutipan": kutipan, "narasumber_jabatan": jabatan or plan.office.peran["ketua"].nama} if kutipan else {}
    return _fill(home, plan, f"{meeting_id}.{RELEASE}", texts, by, on, at)


def report(home: Home, plan: Plan, meeting_id: str, by: str, on: dt.date, at: dt.datetime) -> Duty:
    """Fill the report in: attendance by groups, decisions, and what lies beside it as evidence."""
    meeting = _held(home, plan, meeting_id, on)
    came = attendance(home, plan, meeting_id)
    rows = [[each.kelompok, str(each.diundang), str(each.hadir)] for each in shares(plan, meeting, came)]
    return _fill(
        home,
        plan,
        f"{meeting_id}.{REPORT}",
        {"kehadiran": rows, "berkas": "\n".join(_papers(home, plan, meeting_id))},
        by,
        on,
        at,
    )


def _papers(home: Home, plan: Plan, meeting_id: str) -> Iterator[str]:
    for row in home.book(plan.election.id):
        if row.stage == meeting_id and row.numbered and row.item != REPORT:
            yield f"{home.kinds[row.kind].kind.nama}{f' nomor {row.nomor}' if home.kinds[row.kind].kind.cetak_nomor else ''}"
    for duty in plan.duties:
        if duty.stage.id == meeting_id:
            roll = ticking.roll(home, plan, duty)
            pieces = len(roll.evidence) + sum(len(post.evidence) for post in roll.posts)
            if pieces:
                yield f"bukti {duty.item.title[0].lower()}{duty.item.title[1:]}, {pieces} berkas"


def _came(home: Home, plan: Plan, meeting_id: str, meeting: Meeting) -> list[Share]:
    came = attendance(home, plan, meeting_id)
    if not came:
        raise Refused(
            Problem(f"rapat {meeting_id}", "belum ada yang dicatat hadir.", "Catat dulu dengan `tahapan rakor hadir`.")
        )
    return [each for each in shares(plan, meeting, came) if each.orang]


def _lower(name: str) -> str:
    """A group's name within a sentence: *camat*, *partai politik*; names of offices (*Kepolisian Resor*, *TNI*) as they are."""
    return name.lower() if name[1:].islower() else name


def _fill(home: Home, plan: Plan, key: str, texts: Mapping[str, Any], by: str, on: dt.date, at: dt.datetime) -> Duty:
    duty = plan.duty(key)
    day.fill_in(home, plan, duty, texts, by, on, at)
    return duty
