"""What the nomination wants said in the brief of a day: arrivals, papers that lack, requests and their clocks, incidents as counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tahapan import neutrality
from tahapan.clocks import said
from tahapan.dates import hari_tanggal, jam
from tahapan.home import Home
from tahapan.nomination import arrivals, disputes, papers
from tahapan.nomination.pairs import all_pairs
from tahapan.plan import Plan


def lines(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> Iterator[str]:
    """Sentences without a name of anybody who must be neutral; none for an election without a nomination."""
    if papers.known(plan):
        yield from _arrivals(home, plan, on)
        yield from _papers(home, plan, on)
    yield from _disputes(home, plan, on)
    yield from _incidents(home, plan, at)


def _arrivals(home: Home, plan: Plan, on: dt.date) -> Iterator[str]:
    stage = arrivals.registration(plan)
    rows = [each for each in arrivals.log(home, plan) if each.isi.hari == on]
    if on in stage.days and rows:
        came = "; ".join(f"pukul {jam(each.isi.jam)} {each.pair.isi.nama}, {each.said}" for each in rows)
        yield f"Kedatangan hari ini: {len(rows)} ({came})."


def _papers(home: Home, plan: Plan, on: dt.date) -> Iterator[str]:
    first, last = plan.election.stage(papers.papers_of(plan).penelitian).mulai, papers.deadline(plan)
    if not (first and last and first <= on <= last):
        return
    rows = ((pair.isi.nama, papers.dossier(home, plan, pair)) for pair in all_pairs(home, plan))
    told = [f"{nama} {lack} dari {len(seen)}" for nama, seen in rows if (lack := sum(each.lacking for each in seen))]
    if told:
        yield f"Berkas yang belum dinyatakan sah, batas perbaikan {hari_tanggal(last)}: {'; '.join(told)}."


def _disputes(home: Home, plan: Plan, on: dt.date) -> Iterator[str]:
    decided = plan.election.milestone("penetapan-paslon") if papers.known(plan) else None
    if decided and decided <= on:
        # of the decision only the day is known: from its last minute on, which moves no end of a clock of days
        until = disputes.window(
            plan, dt.datetime.combine(decided, dt.time(23, 59), ZoneInfo(plan.office.profile.timezone))
        )
        if on <= until.date():
            hours = f"{disputes.DESK_OPENS:%H.%M}–{disputes.DESK_CLOSES:%H.%M}"
            yield f"Meja sengketa buka pukul {hours}; permohonan diterima sampai {said(until)}."
    for each in disputes.register(home, plan):
        late = "" if each.in_time else ", diajukan lewat tenggat"
        running = "".join(f"; {clock.nama} sampai {said(clock.sampai)}" for clock in each.clocks)
        yield f"Sengketa {each.id}: {each.isi.keadaan}{late}{running}."


def _incidents(home: Home, plan: Plan, at: dt.datetime) -> Iterator[str]:
    running = [each for each in neutrality.incidents(home, plan) if each.isi.langkah != "ditutup"]
    if not running:
        return
    late = sum(each.late(at) for each in running)
    ends = min((each.sampai for each in running if each.sampai and each.sampai >= at), default=None)
    told = f"Netralitas: {len(running)} kejadian belum ditutup"
    told += f", {late} lewat tenggat" if late else ""
    yield told + (f"; tenggat terdekat {said(ends)}." if ends else ".")
