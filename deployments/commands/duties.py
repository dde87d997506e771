"""`due`, `status`, `agenda`, `doctor`: where the work stands."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.context import PLACE, asked_plan, sample_plan, work
from deployments.printing import put, put_json, put_table, tell
from tahapan.dates import HARI, hari_tanggal, rentang, tanggal
from tahapan.day import standings
from tahapan.home import read_day
from tahapan.plan import Plan
from tahapan.progress import Standing, standing

On = Annotated[str | None, typer.Option("--on", metavar="TANGGAL", help="Hari, seperti 2024-08-21 (bawaan: hari ini).")]
ElectionId = Annotated[str | None, typer.Option("--election", metavar="ID", help="Pemilihan, seperti pilkada-2024.")]
Json = Annotated[bool, typer.Option("--json", help="Satu nilai JSON di keluaran, tanpa yang lain.")]


def register(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    for command in (due, status, agenda, doctor):
        app.command()(command)


def due(
    on: On = None,
    election: ElectionId = None,
    only_due: Annotated[bool, typer.Option("--only-due", help="Hanya yang jatuh tempo sampai hari itu.")] = False,
    as_json: Json = False,
) -> None:
    """Butir yang menuntut sesuatu sampai hari itu dan belum selesai."""
    rows, _, day = _standings(on, election)
    rows = [row for row in rows if row.state not in ("selesai", "dibatalkan", "menunggu")]
    if only_due:
        rows = [row for row in rows if row.duty.due <= day]
    if as_json:
        put_json([_as_json(row) for row in rows])
        return
    put(f"Sampai {hari_tanggal(day)}:")
    put_table(
        ("Id", "Butir", "Jatuh tempo", "Surat keluar", "Status"),
        [
            (row.duty.short_key, row.duty.item.title, _short(row.duty.act_on), _short(row.duty.letter_on), row.state)
            for row in rows
        ],
    )


def status(on: On = None, election: ElectionId = None, as_json: Json = False) -> None:
    """Keadaan setiap tahapan pada hari itu."""
    rows, plan, day = _standings(on, election)
    stages: list[dict[str, Any]] = []
    for stage in plan.election.stages:
        own = [row for row in rows if row.duty.stage.id == stage.id]
        if own:
            counts = Counter(row.state for row in own)
            letters = sum(1 for row in own if row.letter and row.letter.numbered)
            stages.append(
                {"id": stage.id, "nama": stage.judul, "butir": len(own), "surat": letters, "status": dict(counts)}
            )
    if as_json:
        put_json(stages)
        return
    put(f"{hari_tanggal(day)}:")
    put_table(
        ("Tahapan", "Nama", "Butir", "Surat", "Status"),
        [
            (
                stage["id"], stage["nama"], str(stage["butir"]), str(stage["surat"]),
                ", ".join(f"{count} {state}" for state, count in stage["status"].items()),
            )
            for stage in stages
        ],
    )  # fmt: skip


def agenda(
    first: Annotated[str | None, typer.Option("--from", metavar="TANGGAL", help="Hari pertama.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="TANGGAL", help="Hari terakhir.")] = None,
    election: ElectionId = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="BERKAS.ics", help="Tahapan, acara, dan rapat sebagai kalender.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Kalender kerja: tahapan, acara, dan butir menurut harinya."""
    plan = asked_plan(election)
    if ics:
        from tahapan.book.outgoing import replace
        from tahapan.post.invite import agenda as feed

        replace(ics, feed(plan, dt.datetime.now(dt.UTC)))
        put(f"Kalender ditulis ke {ics}.")
        return
    start, end = (
        read_day(first) if first else plan.election.first_day,
        read_day(last) if last else plan.election.last_day,
    )
    lines = sorted(_agenda(plan))
    chosen = [line for line in lines if start <= line[0] <= end]
    if as_json:
        put_json([{"tanggal": day, "apa": what, "id": name, "judul": title} for day, what, name, title in chosen])
        return
    put_table(
        ("Hari", "Apa", "Id", "Judul"),
        [(f"{HARI[day.weekday()]}, {tanggal(day)}", what, name, title) for day, what, name, title in chosen],
    )


def doctor(as_json: Json = False) -> None:
    """Periksa pemasangan ini: apa yang salah dan bagaimana memperbaikinya."""
    from deployments.doctor import examine

    findings = examine(PLACE.settings)
    if as_json:
        put_json([{"periksa": finding.what, "baik": finding.good, "keterangan": finding.said} for finding in findings])
    else:
        for finding in findings:
            put(f"{'baik ' if finding.good else 'SALAH'}  {finding.what}: {finding.said}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def _standings(on: str | None, election: str | None) -> tuple[list[Standing], Plan, dt.date]:
    if not PLACE.sample:
        now = work(on, election)
        if not now.plan.first_day <= now.on <= now.plan.last_day:  # today: an office may look back after its election
            said = f"hari ini ({tanggal(now.on)}) di luar kalender {now.plan.election.id}"
            tell(f"Perhatikan: {said}; hari lain dilihat dengan --on, misalnya --on {now.plan.days[0]}.")
        return list(standings(now.home, now.plan, now.on)), now.plan, now.on
    plan = sample_plan(election)
    day = read_day(on) if on else dt.datetime.now(dt.UTC).astimezone().date()
    plan.check_day(day)
    return [standing(duty, day, None, None, (), None) for duty in plan.duties], plan, day


def _as_json(row: Standing) -> dict[str, Any]:
    return {
        "id": row.duty.short_key,
        "stage": row.duty.stage.id,
        "title": row.duty.item.title,
        "due": row.duty.due,
        "act_on": row.duty.act_on,
        "letter_on": row.duty.letter_on,
        "draft_on": row.duty.draft_on,
        "pj": row.duty.item.pj,
        "status": row.state,
        "keterangan": row.remark,
        "surat": row.letter.id if row.letter else None,
    }


def _agenda(plan: Plan) -> list[tuple[dt.date, str, str, str]]:
    lines = [
        (stage.mulai, "tahapan", stage.id, f"{stage.nama}, {rentang(stage.mulai, stage.selesai)}")
        for stage in plan.election.stages
        if stage.mulai and stage.selesai
    ]
    lines += [(stage.acara_date, "acara", stage.id, stage.nama) for stage in plan.election.stages if stage.acara_date]
    for duty in plan.duties:
        lines.append((duty.act_on, "butir", duty.short_key, duty.item.title))
        if duty.letter_on:
            lines.append((duty.letter_on, "surat", duty.short_key, f"Surat: {duty.item.title}"))
    return lines


def _short(day: dt.date | None) -> str:
    return f"{HARI[day.weekday()][:3]} {day:%d-%m-%Y}" if day else "-"
