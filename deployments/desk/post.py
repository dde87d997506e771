"""Sending on the desk: what waits for a person, the printed routes, one letter with its copies and receipts."""

from __future__ import annotations

import re
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, arrival, moment, text
from deployments.desk.letters import by
from deployments.desk.page import file, onward, page, typed
from tahapan import register
from tahapan.correspondence import chain
from tahapan.details import read_day
from tahapan.errors import DataError, NotKnown, Problem, TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post import envelope, outbox
from tahapan.post.receipts import Receipt, receive
from tahapan.settings import read_settings
from tahapan.store.engine import reading
from tasks.office import home, today

router = APIRouter()


def _open() -> tuple[Home, Plan]:
    office = home()
    return office, office.plan(office.election)


@router.get("/kirim")
def overview(request: Request) -> HTMLResponse:
    """What is uncertain or failed, what waits on paper by route, how many mails wait."""
    office, plan = _open()
    open_ones = outbox.copies(office, plan, keadaan=outbox.OPEN)
    routes: dict[str, int] = {}
    for copy in outbox.printed(office, plan):
        routes[copy.rute] = routes.get(copy.rute, 0) + 1
    context: dict[str, Any] = {
        "looked_at": [copy for copy in open_ones if copy.keadaan in (outbox.TIDAK_PASTI, outbox.GAGAL)], "routes": routes,
        "mails": sum(copy.cara == outbox.SUREL and copy.keadaan == outbox.ANTRE for copy in open_ones),
        "later": [copy for copy in open_ones if copy.keadaan == outbox.ANTRE and copy.percobaan], "mode": read_settings().post,
    }  # fmt: skip
    return page(request, "kirim.html.j2", **context)


@router.get("/kirim/rute/{number}.pdf")
def route(number: int) -> Response:
    """The print pack of one route, by its place on the page."""
    office, plan = _open()
    made = envelope.packs(office, plan)
    if not 0 < number <= len(made):
        raise NotKnown(Problem("rute", "tidak ada yang menunggu dicetak.", "Muat ulang halamannya."))
    pack = made[number - 1]
    name = re.sub(r"[^a-z0-9]+", "-", pack.rute.lower()).strip("-") or "lain"
    return file(pack.pdf, "application/pdf", f"rute-{name}.pdf", show=True)


@router.get("/kirim/{letter_id}")
def letter(request: Request, letter_id: str) -> HTMLResponse:
    """One letter: its chain, its copies, the text for a message."""
    return _letter(request, letter_id)


def _letter(request: Request, letter_id: str, **more: Any) -> HTMLResponse:
    office, plan = _open()
    with reading(office.engine) as connection:
        row = register.letter(connection, plan.office.profile.id, letter_id)
    copies = outbox.copies(office, plan, letter_id)
    context: dict[str, Any] = {
        "row": row, "copies": copies, "chain": chain.chains(office, plan, [row], today(office))[row.id], "on": today(office),
        "wanting": [copy for copy in copies if copy.keadaan != outbox.BATAL and copy.diterima_on is None],
        "words": envelope.said("pesan.md.j2", plan, row, []) if row.numbered and row.ours else "",
        "fate": {copy.id: outbox.choices(copy) for copy in copies},
    }  # fmt: skip
    return page(request, "kiriman.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/kirim/{letter_id}")
def act(request: Request, letter_id: str, form: Form) -> Response:
    """Put it into the outbox, decide about a copy, or write a receipt down."""
    office, plan = _open()
    on, at = today(office), moment(office)
    try:
        who = by(request, office)
        match text(form, "langkah"):
            case "antre" | "cetak" as way:
                made = outbox.queue(office, plan, letter_id, who, on, at, outbox.CETAK if way == "cetak" else None)
                news = f"{len(made)} salinan masuk antrean."
            case "terima":
                penerima = [value for value in form.getlist("penerima") if isinstance(value, str)]
                if not penerima:
                    raise DataError(Problem("Penerima", "belum dipilih.", "Centang siapa yang sudah menerima."))
                day = read_day(text(form, "hari"), "Hari diterima")
                given = Receipt(day, text(form, "diterima_oleh"), arrival(form, "berkas"))
                receive(office, plan, letter_id, penerima, given, who, on, at)
                news = f"Tanda terima {len(penerima)} penerima dicatat."
            case step:
                verdict = next((each for each in get_args(outbox.Verdict) if each == step), None)
                if verdict is None:
                    raise DataError(Problem("Putusan", "belum dipilih.", "Pilih salah satu."))
                copy = outbox.decide(
                    office, plan, letter_id, text(form, "penerima"), verdict, text(form, "alasan"), who, at
                )
                news = f"{copy.jabatan}: {copy.keadaan}."
    except TahapanError as error:
        return _letter(request, letter_id, salah=error.problems, isian=typed(form))
    return onward(request, f"/kirim/{letter_id}", news)
