"""What nobody would notice: a machine that was off, a clock that jumped, what hangs or waits too long."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tahapan import archive, scans
from tahapan.approval import Asked
from tahapan.characters import safe
from tahapan.dates import hari_tanggal, tanggal
from tahapan.errors import Problem
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.rhythm import Limits, forward, load_rhythm
from tahapan.store.engine import reading, writing
from tahapan.store.tables import meta

PULSE = "denyut"
EVERY = dt.timedelta(minutes=1)
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Run:
    """A run of Prefect that has not ended: running, waiting for a form, or not begun though its time has come."""

    name: str
    state: Literal["berjalan", "menunggu formulir", "belum mulai"]
    since: dt.datetime
    of_letter: bool = False  # it waits for the same as a letter in the book, which is told there


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the machine knows: its runs, its free disk in bytes, and what failed this morning."""

    runs: tuple[Run, ...] = ()
    free: int | None = None
    faults: tuple[str, ...] = ()


NOTHING = Facts()


# --- the pulse -------------------------------------------------------------------------------------


def beat(home: Home, at: dt.datetime) -> None:
    """The machine is on: written down at most once a minute, with the last silence and the last jump of the clock."""
    with reading(home.engine) as connection:
        pulse = _pulse(connection)
    if pulse and dt.timedelta(0) <= at - dt.datetime.fromisoformat(pulse["pada"]) < EVERY:
        return
    with writing(home.engine) as connection:
        pulse = _pulse(connection)
        said = dict(pulse, pada=at.isoformat())
        if pulse:
            last = dt.datetime.fromisoformat(pulse["pada"])
            if at < last:
                said["mundur"] = f"{last.isoformat()} {at.isoformat()}"
            elif at - last > _SILENCE:
                said["mati"] = f"{last.isoformat()} {at.isoformat()}"
        value = json.dumps(said)
        if not connection.execute(meta.update().where(meta.c.key == PULSE).values(value=value)).rowcount:
            connection.execute(meta.insert().values(key=PULSE, value=value))


_SILENCE = dt.timedelta(hours=2)


def _pulse(connection: sa.Connection) -> dict[str, str]:
    found = connection.execute(sa.select(meta.c.value).where(meta.c.key == PULSE)).scalar()
    return json.loads(found) if found else {}


def _span(pulse: dict[str, str], what: str, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
    if what not in pulse:
        return None
    first, last = (dt.datetime.fromisoformat(each).astimezone(zone) for each in pulse[what].split())
    return first, last


# --- attention -------------------------------------------------------------------------------------


def attention(
    home: Home, plan: Plan, on: dt.date, at: dt.datetime, asked: Iterable[Asked], facts: Facts = NOTHING
) -> tuple[Problem, ...]:
    """What needs a look, the most urgent first; nothing in a rehearsal, whose clock is not ours."""
    if home.gladi:
        return ()
    limits, zone = load_rhythm(home.kantor).batas, ZoneInfo(plan.office.profile.timezone)
    with reading(home.engine) as connection:
        pulse = _pulse(connection)
    return (
        *_asleep(plan, on, _span(pulse, "mati", zone)),
        *_jumped(on, _span(pulse, "mundur", zone), limits),
        *(Problem("pagi ini", fault) for fault in facts.faults),
        *_without_file(home, plan),
        *_not_filed(home),
        *_waits_too_long(plan, on, asked, limits, zone),
        *(problem for run in facts.runs for problem in _stuck(plan, run, at, limits, zone)),
        *_disk(facts.free, limits),
    )


def _asleep(plan: Plan, on: dt.date, span: tuple[dt.datetime, dt.datetime] | None) -> Iterator[Problem]:
    """A night is no news, nor a weekend: a day is, on which the office works or something was due."""
    if span is None or span[1].date() != on:
        return
    first, last = (moment.date() for moment in span)
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days))
    lost = [day for day in days if plan.kalender.is_working_day(day) or day in plan.days]
    if lost:
        what = f"mati sejak {_moment(span[0])} sampai {_moment(span[1])}; {len(lost)} hari terlewat."
        yield Problem("Mesin", what, "Semua yang tertinggal sudah dikejar dalam ringkasan ini.")


def _jumped(on: dt.date, span: tuple[dt.datetime, dt.datetime] | None, limits: Limits) -> Iterator[Problem]:
    if span and span[1].date() == on and span[0] - span[1] > dt.timedelta(minutes=limits.jam_menit):
        what = f"mundur dari {_moment(span[0])} ke {_moment(span[1])}."
        yield Problem("Jam mesin", what, "Periksa tanggal dan jamnya sebelum surat diberi nomor.")


def _without_file(home: Home, plan: Plan) -> Iterator[Problem]:
    for row in archive.unfinished(home, plan):
        if row.numbered:
            remedy = f"Jalankan `tahapan letter verify {row.id}`."
            yield Problem(f"surat {row.nomor}", "bernomor, tetapi berkasnya belum ada.", remedy)


def _not_filed(home: Home) -> Iterator[Problem]:
    if names := scans.rejected(home):
        shown = ", ".join(safe(name, "(nama yang memuat angka seperti NIK atau tanda aneh)") for name in names[:_NAMED])
        more = f", dan {len(names) - _NAMED} lagi" if len(names) > _NAMED else ""
        what = f"{len(names)} berkas tidak dapat dimasukkan: {shown}{more}."
        remedy = f"Sebabnya tertulis di sebelahnya, dalam {scans.FOLDER}/{scans.REJECTED}/ pada folder kantor."
        yield Problem("Pindaian", what, remedy)


_NAMED = 3  # of many files


def _waits_too_long(
    plan: Plan, on: dt.date, asked: Iterable[Asked], limits: Limits, zone: ZoneInfo
) -> Iterator[Problem]:
    for each in asked:
        since = each.since.astimezone(zone).date()
        if on > forward(plan.kalender, since, limits.persetujuan_hari_kerja):
            who = each.nama or f"{each.jabatan} (tidak ada pemegangnya hari ini)"
            what = f"menunggu {who} sejak {hari_tanggal(since)}."
            yield Problem(each.row.hal, what, f"Keluar paling lambat {tanggal(each.row.letter_on)}; hubungi beliau.")


def _stuck(plan: Plan, run: Run, at: dt.datetime, limits: Limits, zone: ZoneInfo) -> Iterator[Problem]:
    since, waited = run.since.astimezone(zone), at - run.since
    match run.state:
        case "berjalan" if waited > dt.timedelta(minutes=limits.jalan_menit):
            yield Problem(run.name, f"berjalan sejak {_moment(since)}.", "Batalkan di UI Prefect, lalu jalankan lagi.")
        case "belum mulai" if waited > dt.timedelta(minutes=limits.mulai_menit):
            what = f"seharusnya mulai {_moment(since)}."
            yield Problem(run.name, what, "Periksa apakah penjadwal menyala (`tahapan doctor`).")
        case "menunggu formulir" if not run.of_letter and at.astimezone(zone).date() > forward(
            plan.kalender, since.date(), limits.formulir_hari_kerja
        ):
            what = f"formulirnya menunggu sejak {_moment(since)}."
            yield Problem(run.name, what, "Isi, atau batalkan di UI Prefect.")
        case _:
            return


def _disk(free: int | None, limits: Limits) -> Iterator[Problem]:
    if free is not None and free < limits.disk_gb * GIB:
        what = f"tinggal {free / GIB:.1f} GB.".replace(".", ",", 1)
        yield Problem("Ruang disk", what, "Kosongkan; tanpa ruang tidak ada surat yang diberi nomor.")


def _moment(moment: dt.datetime) -> str:
    return f"{hari_tanggal(moment.date())} pukul {moment:%H.%M}"
