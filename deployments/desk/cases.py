"""The dispute desk, and incidents of those who must be neutral: a form for each step, no name on any page."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from deployments.desk.guard import Form, arrival, moment, text
from deployments.desk.letters import by
from deployments.desk.page import onward, page, typed
from tahapan import neutrality
from tahapan.clocks import said
from tahapan.details import read_day, read_moment
from tahapan.errors import TahapanError
from tahapan.home import Home
from tahapan.nomination import disputes
from tahapan.plan import Plan
from tasks.office import home, latest, today

router = APIRouter()


def _open() -> tuple[Home, Plan, str]:
    office = home()
    plan = office.plan(office.election)
    return office, plan, plan.office.profile.timezone


# --- disputes ---


@router.get("/sengketa")
def register(request: Request) -> HTMLResponse:
    """The requests, what may come next for each, and the form for a new one."""
    return _disputes_page(request)


def _disputes_page(request: Request, **more: Any) -> HTMLResponse:
    office, plan, _ = _open()
    context: dict[str, Any] = {
        "rows": disputes.register(office, plan), "nexts": disputes.NEXT, "said": said, "today": today(office),
        "decided": plan.election.milestone("penetapan-paslon") or "",
    }  # fmt: skip
    return page(request, "sengketa.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/sengketa")
def receive(request: Request, form: Form) -> Response:
    """A request that was brought."""
    office, plan, zone = _open()
    try:
        decided = read_moment(text(form, "hari_putus"), text(form, "jam_putus"), zone, "Keputusan KPU")
        came = read_moment(text(form, "hari"), text(form, "jam"), zone, "Diterima")
        made = disputes.receive(
            office, plan, text(form, "pemohon"), text(form, "keputusan"), decided, came, by(request, office),
            latest(office, plan, today(office)),
        )  # fmt: skip
    except TahapanError as error:
        return _disputes_page(request, salah=error.problems, isian=typed(form))
    until = said(disputes.window(plan, made.isi.keputusan_pada))
    return onward(
        request, "/sengketa", f"Permohonan {made.id}: {'dalam' if made.in_time else 'LEWAT'} tenggat ({until})."
    )


@router.post("/sengketa/{number}")
def move(request: Request, number: str, form: Form) -> Response:
    """What became of a request."""
    office, plan, zone = _open()
    try:
        when = read_moment(text(form, "hari"), text(form, "jam"), zone, "Waktunya")
        made = disputes.move(
            office, plan, number, text(form, "keadaan"), when, by(request, office), latest(office, plan, today(office)),
            nomor=text(form, "nomor"), catatan=text(form, "catatan"),
        )  # fmt: skip
    except TahapanError as error:
        return _disputes_page(request, salah=error.problems, isian=typed(form))
    return onward(request, "/sengketa", f"Permohonan {made.id}: {made.isi.keadaan}.")


# --- neutrality ---


@router.get("/netralitas")
def incidents(request: Request) -> HTMLResponse:
    """The incidents without names, what may come next for each, and the form for a first information."""
    return _incidents_page(request)


def _incidents_page(request: Request, **more: Any) -> HTMLResponse:
    office, plan, _ = _open()
    context = {
        "rows": neutrality.incidents(office, plan), "nexts": neutrality.NEXT, "groups": list(neutrality.REFERRED),
        "said": said, "today": today(office), "at": moment(office),
    }  # fmt: skip
    return page(request, "netralitas.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/netralitas")
def note(request: Request, form: Form) -> Response:
    """A first information; who it is about goes into the private file and is not shown again."""
    office, plan, _ = _open()
    try:
        somebody = neutrality.Orang(
            nama=text(form, "nama"), jabatan=text(form, "jabatan"), instansi=text(form, "instansi")
        )
        made = neutrality.note(
            office, plan, text(form, "kelompok"), text(form, "peristiwa"), text(form, "tempat"),
            read_day(text(form, "hari"), "Hari kejadian"), [somebody], by(request, office), moment(office),
        )  # fmt: skip
    except TahapanError as error:
        return _incidents_page(request, salah=error.problems, isian=_nameless(form))
    return onward(
        request, "/netralitas", f"Kejadian {made.id} dicatat; tenggat {said(made.sampai) if made.sampai else '-'}."
    )


def _nameless(form: FormData) -> Any:
    """What was typed, without the person: asked again, not sent around."""
    kept = typed(form)
    kept.pop("nama", None)
    return kept


@router.post("/netralitas/{number}")
def step(request: Request, number: str, form: Form) -> Response:
    """The next step of an incident, with its file."""
    office, plan, zone = _open()
    try:
        when = read_moment(text(form, "hari"), text(form, "jam"), zone, "Waktunya")
        made = neutrality.step(
            office, plan, number, text(form, "langkah"), when, by(request, office), latest(office, plan, today(office)),
            nomor=text(form, "nomor"), catatan=text(form, "catatan"), bukti=arrival(form, "bukti"),
        )  # fmt: skip
    except TahapanError as error:
        return _incidents_page(request, salah=error.problems, isian=typed(form))
    return onward(request, "/netralitas", f"Kejadian {made.id}: {made.isi.langkah}.")
