"""The book of incoming letters on the desk: write one down, give it to somebody, say that it is done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, arrival, moment, text
from deployments.desk.letters import by
from deployments.desk.page import onward, page, typed
from tahapan.correspondence import answers, incoming
from tahapan.details import read_day
from tahapan.errors import TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tasks.office import home, today

router = APIRouter()


def _open() -> tuple[Home, Plan]:
    office = home()
    return office, office.plan(office.election)


@router.get("/masuk")
def book(request: Request) -> HTMLResponse:
    """The book, the newest first, what we wait for, and the form for the next letter."""
    return _page(request)


def _page(request: Request, **more: Any) -> HTMLResponse:
    office, plan = _open()
    waiting = [each for each in answers.awaited(office, plan) if not each.closed]
    context: dict[str, Any] = {
        "rows": incoming.book(office, plan)[::-1], "waiting": waiting, "on": today(office),
        "stages": [stage for stage in plan.election.stages if stage.id not in plan.meetings],
        "roles": {role.id: role.singkat or role.nama for role in plan.office.peran.values()},
    }  # fmt: skip
    return page(request, "masuk.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/masuk")
def take(request: Request, form: Form) -> Response:
    """A letter that came, with its scan."""
    office, plan = _open()
    try:
        given: dict[str, Any] = {name: text(form, name) for name in ("dari", "nomor", "perihal", "menjawab", "acara")}
        for name in ("tanggal", "diterima"):
            given[name] = read_day(text(form, name), name) if text(form, name) else None
        made = incoming.take(
            office, plan, given, by(request, office), today(office), moment(office), berkas=arrival(form, "berkas")
        )
    except TahapanError as error:
        return _page(request, salah=error.problems, isian=typed(form))
    event = f" Bila harinya berubah, tetapkan hari acara {made.isi.acara}." if made.isi.acara else ""
    return onward(request, "/masuk", f"Agenda {made.id} dicatat.{event}")


@router.post("/masuk/{number}")
def give(request: Request, number: str, form: Form) -> Response:
    """Give it to a role, or say that a role is done with it."""
    office, plan = _open()
    on, at = today(office), moment(office)
    try:
        who, role = by(request, office), text(form, "peran")
        if text(form, "langkah") == "selesai":
            incoming.finish(office, plan, number, role, who, on, at)
            return onward(request, "/masuk", f"Agenda {number}: selesai.")
        day = read_day(text(form, "sampai"), "sampai")
        incoming.give(office, plan, number, role, day, text(form, "catatan"), who, on, at)
    except TahapanError as error:
        return _page(request, salah=error.problems, isian=typed(form))
    return onward(request, "/masuk", f"Agenda {number} didisposisikan.")


@router.post("/masuk/ingatkan/{letter_id}")
def remind(request: Request, letter_id: str, form: Form) -> Response:  # noqa: ARG001 - the form is checked by being read
    """Draft the letter that asks again."""
    office, plan = _open()
    try:
        row = answers.remind(office, plan, letter_id, by(request, office), today(office), moment(office))
    except TahapanError as error:
        return _page(request, salah=error.problems)
    return onward(request, f"/surat/{row.id}", "Draf pengingat ditulis.")
