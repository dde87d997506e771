"""A meeting is planned, moved, called off, and the invited are told each time, once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from tahapan import amend, day, details, journal, meetings, progress, record, register
from tahapan.characters import clean, named
from tahapan.checklist import Duty
from tahapan.dates import hari_tanggal, jam, tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.letters.letter import Letter
from tahapan.meetings import Fakta, Meeting, Perubahan, Surat
from tahapan.plan import PEOPLE_GROUPS, Plan
from tahapan.post import outbox
from tahapan.progress import Standing
from tahapan.reading import parse
from tahapan.register import ENDED, REPLACED, UNNUMBERED
from tahapan.store.engine import reading, writing

INVITATION, KIND = "undangan", "undangan-rakor"
MOVED = {
    "hari": "Hari, tanggal",
    "mulai": "Waktu mulai",
    "selesai": "Waktu selesai",
    "tempat": "Tempat",
}  # what a ralat tells


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting as it stands in the records, and what its maker should look at."""

    id: str
    meeting: Meeting
    warnings: tuple[str, ...] = ()


def all_meetings(home: Home, plan: Plan) -> tuple[Planned, ...]:
    """Every meeting, in the order in which they were planned."""
    return tuple(Planned(name, each) for name, each in home.meetings(plan.office.profile.id, plan.election.id).items())


def one(home: Home, plan: Plan, meeting_id: str) -> Meeting:
    """A meeting by its id (``RK001``); NotKnown for none."""
    held = home.meetings(plan.office.profile.id, plan.election.id)
    if meeting_id not in held:
        raise NotKnown(Problem(f"rapat {meeting_id}", "tidak ada.", f"Yang ada: {', '.join(held) or 'belum ada'}."))
    return held[meeting_id]


def new(home: Home, plan: Plan, given: Mapping[str, Any], by: str, on: dt.date, at: dt.datetime) -> Planned:
    """Plan a meeting; ``given``: the fields of `Meeting` that a person fills in. The same meeting again is the one there.

    DataError with every fault; Refused for a day that is over or is today, for a duty that has its letter or meeting
    already. A day off, or tomorrow, wants ``alasan``.
    """
    who = named(by, "menyiapkan rapat")
    meeting = _read({"tembusan": home.kinds[KIND].kind.tembusan, **given, "dibuat": on})
    if there := _same(home, plan, meeting):
        return there
    warnings = _checked(plan, meeting, on)
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        if there := _same(home, plan, meeting):  # the button was pressed twice
            return there
        _take_over(connection, plan, meeting, who, at)
        number = record.next_id(connection, office, election, meetings.JENIS)
        record.write(connection, office, election, meetings.JENIS, number, _stored(meeting), who, at)
    name = f"{meetings.PREFIX}{number}"
    _draft(home, name, on, at)
    return Planned(name, meeting, warnings)


def from_duty(home: Home, plan: Plan, key: str) -> dict[str, Any]:
    """What the checklist and the office know of a meeting that is a duty of it: the beginning of ``given`` for `new`."""
    duty = plan.duty(key)
    said = details.known(home, plan).of(duty.item)
    found = {
        "butir": duty.short_key, "tahapan": [duty.stage.id], "hari": duty.act_on, "undangan": [*duty.item.kepada],
        "tembusan": [*duty.item.tembusan], "nama": said.get("rapat_nama"), "mulai": said.get("rapat_jam"),
        "selesai": said.get("rapat_selesai"), "tempat": said.get("rapat_tempat"), "tujuan": said.get("tujuan"),
        "acara": said.get("agenda"), "bawa": said.get("bawa"), "peserta": said.get("peserta_catatan"),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def typed(texts: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into a form as ``given`` for `new`: days and hours as people write them, lists with commas or lines.

    What was left empty is left out. DataError for what is no day or no hour.
    """
    given: dict[str, Any] = {key: text.strip() for key, text in texts.items() if text.strip()}
    for key in ("tahapan", "undangan", "kecuali", "bawa"):
        if key in given:
            given[key] = [
                each.strip() for each in re.split(r"\n" if key == "bawa" else r"[,;\n]", given[key]) if each.strip()
            ]
    if "acara" in given:
        given["acara"] = [_line(each) for each in re.split(r"[;\n]", given["acara"]) if each.strip()]
    if "narasumber" in given:
        pairs = (each.partition("|") for each in re.split(r"[;\n]", given["narasumber"]) if each.strip())
        given["narasumber"] = [{"jabatan": who.strip(), "materi": what.strip()} for who, _, what in pairs]
    if "hari" in given:
        given["hari"] = details.read_day(given["hari"], "hari")
    for key in ("mulai", "selesai"):
        if key in given:
            given[key] = details.read_hour(given[key], key)
    return given


def _line(text: str) -> dict[str, str]:
    """``09.00–09.15 | Pembukaan | Sekretariat``: a line of the agenda; DataError for another."""
    cells = [cell.strip() for cell in text.split("|")]
    if not 2 <= len(cells) <= 3:
        what = f"{text.strip()[:60]!r} bukan satu baris susunan acara."
        raise DataError(Problem("acara", what, "Tulis seperti 09.00–09.15 | Pembukaan | Sekretariat."))
    return dict(zip(("pukul", "kegiatan", "pengisi"), cells, strict=False))


def _same(home: Home, plan: Plan, meeting: Meeting) -> Planned | None:
    for each in all_meetings(home, plan):
        if _key(each.meeting) == _key(meeting) and not each.meeting.batal:
            return Planned(each.id, each.meeting, ("Rapat ini sudah ada.",))
    return None


def _key(meeting: Meeting) -> tuple[object, ...]:
    return meeting.nama.casefold(), meeting.hari, meeting.mulai, meeting.tempat.casefold()


def _read(given: Mapping[str, Any]) -> Meeting:
    """As people typed it: every text cleaned; what is wrong is told by the name of its field, not by a key of a file."""
    try:
        return parse(Meeting, {key: _clean(value, key) for key, value in given.items()}, "rapat")
    except DataError as error:
        raise DataError(*(_in_words(each) for each in error.problems)) from None


def _in_words(fault: Problem) -> Problem:
    where = fault.where.removeprefix("rapat, kunci ")
    return (
        Problem(where, "belum diisi.", "Isi.")
        if fault.what.startswith("kunci ini wajib")
        else replace(fault, where=where)
    )


def _clean(value: Any, where: str) -> Any:
    if isinstance(value, str):
        return clean(value, where)
    if isinstance(value, Mapping):
        return {key: _clean(each, f"{where}, {key}") for key, each in value.items()}
    return [_clean(each, where) for each in value] if isinstance(value, list | tuple) else value


def _stored(meeting: Meeting) -> dict[str, Any]:
    return meeting.model_dump(mode="json")


def _checked(plan: Plan, meeting: Meeting, on: dt.date, own: str = "") -> tuple[str, ...]:
    """What a person should look at; DataError or Refused with all that cannot be. ``own``: its id, once it has one."""
    faults = [*_faults(plan, meeting, on)]
    if faults:
        raise DataError(*faults)
    if meeting.hari <= on:
        what = f"{hari_tanggal(meeting.hari)} {'sudah lewat' if meeting.hari < on else 'ialah hari ini'}."
        raise Refused(Problem("hari", what, "Undangan harus keluar sebelum hari rapatnya."))
    return tuple(_warnings(plan, meeting, own))


def _faults(plan: Plan, meeting: Meeting, on: dt.date) -> Iterator[Problem]:
    directory = plan.office.directory
    if meeting.end <= meeting.start:
        yield Problem("selesai", f"{jam(meeting.selesai)} tidak sesudah {jam(meeting.mulai)}.", "Perbaiki jamnya.")
    for name in meeting.tahapan:
        if name not in {stage.id for stage in plan.election.stages} or name in plan.meetings:
            yield Problem("tahapan", f"{name!r} tidak dikenal.", "Sebut id-nya, seperti V12.")
    if own := [
        name for name in (*meeting.undangan, *meeting.tembusan) if name in PEOPLE_GROUPS or plan.names_role(name)
    ]:
        yield Problem(
            "undangan", f"{', '.join(own)} orang kantor sendiri.", "Mereka mendapat surat tugas, bukan undangan."
        )
    others = (name for name in (*meeting.undangan, *meeting.kecuali, *meeting.tembusan) if name not in own)
    yield from plan.unknown_addressees(others, "undangan")
    known = Meeting.model_validate(
        meeting.model_dump() | {"undangan": [n for n in meeting.undangan if n in directory] or ["-"]}
    )
    invited = known.invited(directory)
    if not invited and not own:
        yield Problem("undangan", "tidak ada yang diundang.", "Periksa kelompok dan kecualinya.")
    early = [name for name in meeting.undangan if name in directory.grup and not directory.is_open(name, on)]
    if early:
        yield Problem("undangan", f"kelompok {', '.join(early)} belum ada pada {tanggal(on)}.", "Hapus dari undangan.")
    untitled = [each for each in invited if sum(g.covers(meeting.hari) for g in directory.alamat[each].gelar) != 1]
    for each in untitled:
        yield Problem(
            f"alamat {each}",
            f"tidak punya satu jabatan pada {tanggal(meeting.hari)}.",
            "Perbaiki di kantor/alamat.toml.",
        )
    yield from _asks(plan, meeting, on)


def _asks(plan: Plan, meeting: Meeting, on: dt.date) -> Iterator[Problem]:
    """What may be meant, and has to be said."""
    if meeting.alasan or meeting.hari <= on:
        return
    if why := plan.kalender.why_off(meeting.hari):
        yield Problem(
            "hari",
            f"{hari_tanggal(meeting.hari)} libur ({why}).",
            "Bila memang begitu, tulis alasannya (--alasan TEKS).",
        )
    if (meeting.hari - on).days == 1:
        yield Problem(
            "hari", "rapatnya besok.", "Undangan keluar paling lambat hari ini; tulis alasannya (--alasan TEKS)."
        )


def _warnings(plan: Plan, meeting: Meeting, own: str) -> Iterator[str]:
    directory = plan.office.directory
    mine = set(meeting.invited(directory))
    for name, other in plan.meetings.items():
        both = mine & set(other.invited(directory))
        if name != own and not other.batal and both and other.start < meeting.end and meeting.start < other.end:
            yield f"Bersamaan dengan {name} ({other.nama}): {len(both)} penerima diundang ke keduanya."
    for duty in plan.duties:
        if (
            duty.item.surat_hari
            and duty.act_on == meeting.hari
            and duty.short_key != meeting.butir
            and duty.item.stage not in plan.meetings
        ):
            both = mine & {each for name in duty.item.kepada if name in directory for each in directory.members(name)}
            if both:
                yield f"Pada hari itu juga {duty.item.title} ({duty.short_key}): {len(both)} penerima diundang ke keduanya."
    counts = {each: sum(each in directory.members(name) for name in meeting.undangan) for each in mine}
    if several := [each for each, count in counts.items() if count > 1]:
        yield f"{len(several)} penerima ada dalam lebih dari satu kelompok; tetap mendapat satu undangan."
    if unused := [
        name
        for name in meeting.kecuali
        if not set(directory.members(name)) & {each for group in meeting.undangan for each in directory.members(group)}
    ]:
        yield f"Kecuali {', '.join(unused)}: memang tidak diundang."


def _take_over(connection: sa.Connection, plan: Plan, meeting: Meeting, by: str, at: dt.datetime) -> None:
    """The duty of the checklist that the meeting is: its own draft gives way; Refused when it has its number already."""
    if not meeting.butir:
        return
    duty = plan.duty(meeting.butir)
    other = next((name for name, each in plan.meetings.items() if each.butir == duty.short_key and not each.batal), "")
    if other:
        raise Refused(
            Problem(
                "butir", f"{duty.short_key} sudah dikerjakan rapat {other}.", "Pindahkan rapat itu, atau batalkan dulu."
            )
        )
    if not duty.item.surat_hari:
        raise Refused(Problem("butir", f"{duty.short_key} bukan rapat.", "Pilih butir yang suratnya undangan."))
    row = register.latest(connection, plan.office.profile.id, duty)
    if row and row.numbered and row.state not in ENDED:
        raise Refused(
            Problem(
                "butir",
                f"undangan {duty.short_key} sudah bernomor {row.nomor}.",
                "Ralat surat itu, atau batalkan dulu.",
            )
        )
    if row and row.state in UNNUMBERED:
        register.set_state(connection, plan.office.profile.id, row.id, REPLACED, "diganti undangan rapat")
        journal.write(
            connection,
            plan.office.profile.id,
            at=at,
            who=by,
            what=REPLACED,
            subject=row.id,
            detail={"rapat": meeting.nama},
        )


# --- changes ---------------------------------------------------------------------------------------


def move(
    home: Home, plan: Plan, meeting_id: str, changes: Mapping[str, Any], alasan: str, by: str, on: dt.date, at: dt.datetime
) -> Planned:  # fmt: skip
    """Another day, hour or place. Whoever was told otherwise gets a ralat that cites the last letter they have.

    A ralat that has no number yet gives way: the next one says all that differs from what the invited know, or none is
    needed when the meeting is back where it was. Refused for a meeting that is over or called off, and when nothing changes.
    """
    who, why = named(by, "memindahkan rapat"), clean(alasan, "--alasan")
    if not why:
        raise DataError(Problem("--alasan", "kosong.", "Tulis mengapa rapat dipindahkan; kalimatnya masuk ke ralat."))
    given = {key: value for key, value in changes.items() if value not in (None, "")}
    with writing(home.engine) as connection:
        number, entry = _entry(connection, plan, meeting_id)
        was = Meeting.model_validate(dict(entry.isi))
        _still_to_come(meeting_id, was, on)
        now = _read({**was.model_dump(), **given, "alasan": why})
        if now.fakta == was.fakta:
            remedy = "Sebut hari, jam, atau tempat yang baru."
            raise Refused(Problem(f"rapat {meeting_id}", "tidak ada yang berubah.", remedy))
        warnings = _checked(plan, now, on, meeting_id)
        told = _told_so_far(connection, plan, meeting_id, was)
        known = told[1] if told else was.fakta
        change = Perubahan(
            pada=on, alasan=why, bagian=_parts(plan, known, now.fakta), dari=known, menjadi=now.fakta,
            surat=told[0] if told else None,
        )  # fmt: skip
        kept = _without_pending(connection, plan, meeting_id, was, on, who, at)
        now = now.model_copy(update={"perubahan": (*kept, change) if change.bagian else kept})
        _to_correct(connection, plan, meeting_id)
        record.write(
            connection, plan.office.profile.id, plan.election.id, meetings.JENIS, number, _stored(now), who, at, alasan=why
        )  # fmt: skip
    _redraft(home, plan.election.id, meeting_id, on, at)
    _draft(home, meeting_id, on, at)
    if now.acara and now.mulai != was.mulai:
        warnings = (*warnings, "Susunan acara masih menyebut jam semula.")
    return Planned(meeting_id, now, warnings)


def _parts(plan: Plan, before: Fakta, after: Fakta) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (label, _spoken(plan, key, getattr(before, key)), _spoken(plan, key, getattr(after, key)))
        for key, label in MOVED.items()
        if getattr(before, key) != getattr(after, key)
    )


def _without_pending(
    connection: sa.Connection, plan: Plan, meeting_id: str, was: Meeting, on: dt.date, by: str, at: dt.datetime
) -> tuple[Perubahan, ...]:  # fmt: skip
    """The changes so far; one whose ralat has no number yet is never told, its draft goes."""
    kept = list(was.perubahan)
    for name, change in was.ralat.items():
        duty = plan.duty(f"{meeting_id}.{name}")
        row = register.latest(connection, plan.office.profile.id, duty)
        if row is None or not row.numbered:
            _call_off(connection, plan, duty, on, by, at, "rapat dipindahkan lagi")
            kept[kept.index(change)] = change.model_copy(update={"gugur": True})
    return tuple(kept)


def _to_correct(connection: sa.Connection, plan: Plan, meeting_id: str) -> None:
    """Numbered papers that name the old day or place are marked, as for every event that moves."""
    office = plan.office.profile.id
    for row in register.letters(connection, office, plan.election.id):
        told = row.item == INVITATION or row.item.startswith("ralat-")
        if row.stage == meeting_id and row.numbered and row.state not in ENDED and not told:
            register.add_note(connection, office, row.id, f"{amend.TO_CORRECT}: rapat dipindahkan")


def cancel(
    home: Home, plan: Plan, meeting_id: str, alasan: str, by: str, on: dt.date, at: dt.datetime
) -> Planned:  # fmt: skip
    """Call a meeting off: its open duties are cancelled, its drafts go, and whoever was invited is told.

    The letter names the day that they know. A duty of the checklist that the meeting was has its own letter again.
    """
    who, why = named(by, "membatalkan rapat"), clean(alasan, "--alasan")
    if not why:
        raise DataError(Problem("--alasan", "kosong.", "Tulis mengapa rapat dibatalkan; kalimatnya masuk ke suratnya."))
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        number, entry = _entry(connection, plan, meeting_id)
        was = Meeting.model_validate(dict(entry.isi))
        _still_to_come(meeting_id, was, on)
        told = _told_so_far(connection, plan, meeting_id, was)
        change: dict[str, Any] = {
            "batal": on,
            "sebab_batal": why,
            "perubahan": _without_pending(connection, plan, meeting_id, was, on, who, at),
        }
        if told:
            change |= {"batal_surat": told[0], "batal_dari": told[1]}
        now = was.model_copy(update=change)
        record.write(connection, office, election, meetings.JENIS, number, _stored(now), who, at, alasan=why)
        for duty in plan.duties:
            if duty.stage.id == meeting_id:
                _call_off(connection, plan, duty, on, who, at, "rapat dibatalkan")
        _give_back(connection, plan, was)
    _draft(home, meeting_id, on, at)
    return Planned(meeting_id, now)


def _give_back(connection: sa.Connection, plan: Plan, was: Meeting) -> None:
    """The draft that gave way to the meeting is the duty's letter again, to be renewed."""
    if not was.butir:
        return
    row = register.latest(connection, plan.office.profile.id, plan.duty(was.butir))
    if row and row.state == REPLACED:
        register.set_state(connection, plan.office.profile.id, row.id, register.DRAFT, "")


def _call_off(
    connection: sa.Connection, plan: Plan, duty: Duty, on: dt.date, by: str, at: dt.datetime, why: str
) -> None:  # fmt: skip
    office = plan.office.profile.id
    progress.cancel(connection, office, duty, on)
    row = register.latest(connection, office, duty)
    if row and not row.numbered and row.state not in ENDED:
        register.set_state(connection, office, row.id, "ditolak", why)
        journal.write(connection, office, at=at, who=by, what="ditolak", subject=row.id, detail={"alasan": why})
    if row:
        outbox.take_back(connection, office, row.id, why, by, at)


def _entry(connection: sa.Connection, plan: Plan, meeting_id: str) -> tuple[str, record.Entry]:
    number = meeting_id.removeprefix(meetings.PREFIX)
    return number, record.latest(connection, plan.office.profile.id, plan.election.id, meetings.JENIS, number)


def _still_to_come(meeting_id: str, meeting: Meeting, on: dt.date) -> None:
    if meeting.batal:
        raise Refused(
            Problem(f"rapat {meeting_id}", f"sudah dibatalkan {tanggal(meeting.batal)}.", "Siapkan rapat baru.")
        )
    if meeting.hari < on:
        raise Refused(
            Problem(f"rapat {meeting_id}", f"{hari_tanggal(meeting.hari)} sudah lewat.", "Tidak dapat diubah lagi.")
        )


def _spoken(plan: Plan, key: str, value: Any) -> str:
    if key == "hari":
        return hari_tanggal(value)
    return f"pukul {jam(value)} {plan.office.profile.zona}" if key in ("mulai", "selesai") else str(value)


def _told_so_far(
    connection: sa.Connection, plan: Plan, meeting_id: str, meeting: Meeting
) -> tuple[Surat, Fakta] | None:  # fmt: skip
    """The last letter that the invited have, or will have, and what they know by it; None while none has a number.

    A letter that was made void counts when it had left by then: its readers do not know that it is void.
    """
    office, found = plan.office.profile.id, None
    rows = [row for row in register.letters(connection, office, plan.election.id) if row.stage == meeting_id]
    for name in (INVITATION, *meeting.ralat):
        for row in sorted((row for row in rows if row.item == name), key=lambda row: row.version):
            if row.nomor is None or row.tanggal is None:
                continue
            if row.state not in ENDED or outbox.of(connection, office, row.id, (outbox.TERKIRIM, outbox.TIDAK_PASTI)):
                kepada = tuple(who.id for who in Letter.model_validate_json(row.content).kepada)
                surat = Surat(surat_nomor=row.nomor, surat_tanggal=row.tanggal, surat_hal=row.hal, kepada=kepada)
                found = surat, meeting.told_by(name)[0]
    return found


def _draft(home: Home, meeting_id: str, on: dt.date, at: dt.datetime) -> None:
    """What is to be on the table today is on it at once, not tomorrow morning."""
    plan = home.plan(home.election)
    for duty in day.open_duties(home, plan, on, at, meeting_id):
        day.work_on(home, plan, duty, on, at)


def _redraft(home: Home, election: str, meeting_id: str, on: dt.date, at: dt.datetime) -> None:
    plan = home.plan(election)
    letters = tuple(row for row in home.book(election) if row.stage == meeting_id)
    amend.redraft(home, plan, letters, on, at)


# --- telling the invited ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One letter to the invited: where it stands, how many copies it newly has in the outbox, and what it waits for."""

    standing: Standing
    queued: int
    waits: str


def tell(home: Home, plan: Plan, meeting_id: str, by: str, on: dt.date, at: dt.datetime) -> tuple[Told, ...]:
    """Bring invitation, ralat and cancellation one step on: drafted, and once signed put into the outbox."""
    one(home, plan, meeting_id)
    _draft(home, meeting_id, on, at)
    duties = [duty for duty in plan.duties if duty.stage.id == meeting_id and duty.item.kalender]
    return tuple(_told(home, plan, now, by, on, at) for now in day.standings(home, plan, on, duties))


def _told(home: Home, plan: Plan, now: Standing, by: str, on: dt.date, at: dt.datetime) -> Told:
    row = now.letter
    if row is None or not row.numbered:
        return Told(now, 0, now.remark or now.state)
    if row.state in ENDED or now.state == "dibatalkan":
        return Told(now, 0, row.note or now.state)
    with reading(home.engine) as connection:
        signed = outbox.signed_copy(connection, plan.office.profile.id, row.id)
    if signed is None:
        return Told(now, 0, "menunggu tanda tangan; simpan pindaiannya")
    open_ones = len(outbox.copies(home, plan, row.id, outbox.OPEN))
    queued = len(outbox.queue(home, plan, row.id, by, on, at))
    return Told(
        now, queued, f"{open_ones + queued} salinan menunggu dikirim" if open_ones + queued else "semua terkirim"
    )


def duties_of(plan: Plan, meeting_id: str) -> Iterable[Duty]:
    """The duties of a meeting, in the order of work."""
    return (duty for duty in plan.duties if duty.stage.id == meeting_id)
