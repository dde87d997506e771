"""Coordination meetings on the desk: plan one, change it, write down who came and what was decided."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, arrival, moment, text, upload
from deployments.desk.letters import by
from deployments.desk.page import file, onward, page, typed
from tahapan import day
from tahapan.details import read_day
from tahapan.errors import DataError, Problem, TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post.invite import agenda
from tahapan.rakor import hold, prepare
from tasks.office import home, today

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS = (
    "nama", "tujuan", "tahapan", "hari", "mulai", "selesai", "tempat", "acara", "narasumber", "undangan", "kecuali", "bawa", "narahubung", "alasan",
)  # fmt: skip


def _open() -> tuple[Home, Plan, dt.date]:
    office = home()
    return office, office.plan(office.election), today(office)


@router.get("/agenda.ics")
def feed() -> Response:
    """Stages, events and meetings, for a calendar program to subscribe to."""
    office, plan, _ = _open()
    return file(agenda(plan, moment(office)), "text/calendar; charset=utf-8", "agenda.ics")


@router.get("/rapat")
def meetings(request: Request, butir: str = "") -> HTMLResponse:
    """All meetings, and the form for the next one; ``butir``: filled in from a duty of the checklist."""
    return _list(request, butir)


def _list(request: Request, butir: str, **more: Any) -> HTMLResponse:
    office, plan, on = _open()
    known = _shown(prepare.from_duty(office, plan, butir)) if butir and "isian" not in more else {}
    context: dict[str, Any] = {
        "rows": prepare.all_meetings(office, plan)[::-1], "on": on, "butir": butir, "groups": plan.office.directory.grup.values(),
        "stages": [stage for stage in plan.election.stages if stage.id not in plan.meetings],
        "duties": [duty for duty in plan.duties if duty.item.surat_hari and duty.act_on > on and duty.stage.id not in plan.meetings],
    }  # fmt: skip
    return page(
        request,
        "rapat-daftar.html.j2",
        422 if more.get("salah") else 200,
        **({"isian": typed_of(known)} | context | more),
    )


def typed_of(known: dict[str, str]) -> Any:
    from deployments.desk.page import Typed

    return Typed(known)


def _shown(given: dict[str, Any]) -> dict[str, str]:
    """What is known, as it stands in the form."""
    lists = {
        key: ("\n" if key == "bawa" else ", ").join(given.get(key, ()))
        for key in ("tahapan", "undangan", "kecuali", "bawa")
    }
    lists["acara"] = "\n".join(" | ".join(filter(None, row.values())) for row in given.get("acara", ()))
    lists["narasumber"] = "\n".join(" | ".join(row.values()) for row in given.get("narasumber", ()))
    plain = {key: str(given[key]) for key in ("nama", "tujuan", "mulai", "selesai", "tempat", "hari") if given.get(key)}
    return {**plain, **lists}


@router.post("/rapat")
def plan_one(request: Request, form: Form) -> Response:
    """Plan a meeting; its letters are drafted at once."""
    office, plan, on = _open()
    butir = text(form, "butir")
    try:
        who = by(request, office)
        known = prepare.from_duty(office, plan, butir) if butir else {}
        given = {name: value for name, value in known.items() if name not in FIELDS}  # what the form shows, it decides
        given |= prepare.typed({name: text(form, name) for name in FIELDS})
        made = prepare.new(office, plan, given, who, on, moment(office))
    except TahapanError as error:
        return _list(request, butir, salah=error.problems, isian=typed(form))
    return onward(request, f"/rapat/{made.id}", " ".join((f"{made.id} disiapkan.", *made.warnings)))


@router.get("/rapat/{meeting_id}")
def meeting(request: Request, meeting_id: str) -> HTMLResponse:
    """One meeting with all that belongs to it."""
    return _meeting(request, meeting_id)


def _meeting(request: Request, meeting_id: str, **more: Any) -> HTMLResponse:
    office, plan, on = _open()
    now = prepare.one(office, plan, meeting_id)
    came = hold.attendance(office, plan, meeting_id)
    titles = {
        each.id: each.jabatan for each in plan.office.directory.recipients(now.invited(plan.office.directory), now.hari)
    }
    context: dict[str, Any] = {
        "id": meeting_id, "rapat": now, "on": on, "zona": plan.office.profile.zona, "titles": titles, "came": came,
        "rows": day.standings(office, plan, on, prepare.duties_of(plan, meeting_id)), "shares": hold.shares(plan, now, came),
        "decided": [*hold.followed_up(office, plan, meeting_id, on)], "kinds": _kinds(office),
        "roles": {role.id: role.singkat or role.nama for role in plan.office.peran.values()},
    }  # fmt: skip
    return page(request, "rapat.html.j2", 422 if more.get("salah") else 200, **context, **more)


def _kinds(office: Home) -> dict[str, str]:
    """Letters that a decision may ask for without further fields: the others are filled in on the duty's own page."""
    return {
        name: each.kind.nama for name, each in office.kinds.items()
        if each.kind.kepada and each.kind.form == "surat" and not any(field.wajib for field in each.kind.fields)
    }  # fmt: skip


@router.get("/rapat/{meeting_id}/hadir.xlsx")
def sheet(meeting_id: str) -> Response:
    """The invited, to be filled in with who came."""
    office, plan, _ = _open()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hadir.xlsx"
        hold.export_sheet(office, plan, meeting_id, path)
        return file(path.read_bytes(), XLSX, f"hadir-{meeting_id}.xlsx")


@router.post("/rapat/{meeting_id}")
def act(request: Request, meeting_id: str, form: Form) -> Response:
    """Change the meeting, tell the invited, write down who came and what was decided, fill its papers in."""
    office, plan, on = _open()
    at = moment(office)
    here = (office, plan, meeting_id)
    try:
        who = by(request, office)
        match text(form, "langkah"):
            case "pindah":
                given = prepare.typed({name: text(form, name) for name in ("hari", "mulai", "selesai", "tempat")})
                moved = prepare.move(*here, given, text(form, "alasan"), who, on, at)
                told = "ralatnya disiapkan." if moved.meeting.ralat else "belum ada yang perlu diberi tahu."
                news = " ".join((f"Rapat dipindahkan; {told}", *moved.warnings))
            case "batal":
                prepare.cancel(*here, text(form, "alasan"), who, on, at)
                news = "Rapat dibatalkan."
            case "undang":
                told = prepare.tell(*here, who, on, at)
                news = "; ".join(f"{each.standing.duty.item.title}: {each.waits}" for each in told)
            case "hadir":
                person = {name: text(form, name) for name in ("penerima", "instansi", "nama", "jabatan")}
                news = f"{hold.attend(*here, [person], who, on, at)} orang baru dicatat."
            case "ambil":
                news = f"{_taken(here, form, who, on, at)} orang baru dicatat."
            case "pindaian":
                if (scan := arrival(form, "berkas")) is None:
                    raise DataError(Problem("Pindaian", "belum dipilih.", "Pilih daftar hadir yang ditandatangani."))
                hold.file_sheet(*here, scan, who, on, at)
                news = "Daftar hadir disimpan sebagai bukti."
            case "putuskan":
                news = f"Keputusan dicatat: butir {hold.decide(*here, _decision(form), who, on, at)}."
            case "notulen":
                hold.minutes(*here, [], who, on, at)
                news = "Notulen diisi; lengkapi pembahasannya di butirnya."
            case "rilis":
                hold.release(*here, "", [], "", "", who, on, at)
                news = "Siaran pers diisi; lengkapi judul dan isinya di butirnya."
            case _:
                hold.report(*here, who, on, at)
                news = "Laporan diisi."
    except TahapanError as error:
        return _meeting(request, meeting_id, salah=error.problems, isian=typed(form))
    return onward(request, f"/rapat/{meeting_id}", news)


def _taken(here: tuple[Home, Plan, str], form: Form, who: str, on: dt.date, at: dt.datetime) -> int:
    given = upload(form, "berkas")
    if given is None:
        raise DataError(Problem("Excel", "belum dipilih.", "Pilih daftar hadir yang sudah diisi."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hadir.xlsx"
        path.write_bytes(given.file.read())
        return hold.import_sheet(*here, path, who, on, at)


def _decision(form: Form) -> dict[str, Any]:
    given: dict[str, Any] = {name: text(form, name) for name in ("isi", "penanggung", "pj", "surat", "butir")}
    return given | {"sampai": read_day(text(form, "sampai"), "Sampai")}
