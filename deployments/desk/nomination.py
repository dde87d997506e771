"""Registration on a phone at KPU's door: who came and when, the papers of each pair, the dispute desk, incidents as counts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, arrival, moment, text
from deployments.desk.letters import by
from deployments.desk.page import onward, page, typed
from tahapan import neutrality
from tahapan.clocks import said
from tahapan.errors import NotKnown, Problem, TahapanError
from tahapan.home import Home
from tahapan.nomination import arrivals, disputes, pairs, papers
from tahapan.nomination.pairs import Pair
from tahapan.plan import Plan
from tasks.office import home, today

router = APIRouter()


def _open() -> tuple[Home, Plan]:
    office = home()
    return office, office.plan(office.election)


@router.get("/pencalonan")
def registration(request: Request) -> HTMLResponse:
    """The arrivals, and the form for the next one."""
    return _log_page(request)


def _log_page(request: Request, **more: Any) -> HTMLResponse:
    office, plan = _open()
    on, stage = today(office), arrivals.registration(plan)
    rows, requests = arrivals.log(office, plan), disputes.register(office, plan)
    known = pairs.all_pairs(office, plan)
    lacking = {each.id: len(papers.missing(office, plan, each)) for each in known}
    of_incidents = neutrality.counts(neutrality.incidents(office, plan))
    day = on if on in stage.days else stage.days[-1]
    context: dict[str, Any] = {
        "rows": rows, "pairs": known, "lacking": lacking, "day": day, "tutup": stage.closes_at(day), "days": stage.days,
        "stage": stage, "requests": requests, "said": said, "incidents": of_incidents, "batas": papers.deadline(plan),
        "reports": arrivals.report_days(plan), "parties": pairs.party_names(plan), "open": on in stage.days,
        "calon": plan.sebutan.on(on, plan.election)["calon"],
    }  # fmt: skip
    return page(request, "pencalonan.html.j2", 422 if more.get("salah") else 200, **context, **more)


def _typed(form: Form) -> arrivals.Typed:
    return arrivals.Typed(
        *(text(form, name) for name in ("pasangan", "hari", "jam", "siapa", "hasil", "sebab", "pengawas"))
    )


@router.post("/pencalonan/kedatangan")
def arrive(request: Request, said_: Form) -> Response:
    """Write an arrival down."""
    office, plan = _open()
    try:
        row = arrivals.note(office, plan, _typed(said_), by(request, office), today(office), moment(office))
    except TahapanError as error:
        return _log_page(request, salah=error.problems, isian=typed(said_))
    return onward(request, "/pencalonan", f"{row.pair.isi.nama}, pukul {row.isi.jam.replace(':', '.')}: {row.said}.")


@router.post("/pencalonan/pasangan")
def add_pair(request: Request, said_: Form) -> Response:
    """A pair by its two names; the rest is added as it becomes known."""
    office, plan = _open()
    try:
        isi: dict[str, Any] = {
            "calon": {"nama": text(said_, "calon")}, "wakil": {"nama": text(said_, "wakil")},
            "partai": _parties(said_),
            "suara": pairs.number(text(said_, "suara"), "Suara"),
        }  # fmt: skip
        made = pairs.add(office, plan, isi, by(request, office), moment(office), alasan=text(said_, "alasan"))
    except TahapanError as error:
        return _log_page(request, salah=error.problems, isian=typed(said_))
    return onward(request, "/pencalonan", f"{made.isi.nama} dicatat.")


def _parties(form: Form) -> list[str] | None:
    """Those that are ticked; none for a pair without party, None while it is not said."""
    chosen = [each for each in form.getlist("partai") if isinstance(each, str) and each]
    return chosen or ([] if text(form, "jalur") == pairs.ALONE else None)


@router.get("/pencalonan/kedatangan/{number}")
def one_arrival(request: Request, number: str) -> HTMLResponse:
    """One entry with everything that was written of it, and the form that puts it right."""
    return _arrival_page(request, number)


def _arrival_page(request: Request, number: str, **more: Any) -> HTMLResponse:
    office, plan = _open()
    versions = arrivals.versions(office, plan, number)
    context: dict[str, Any] = {"versions": versions, "pairs": pairs.all_pairs(office, plan), "now": versions[-1]}
    context["days"] = arrivals.registration(plan).days
    return page(request, "kedatangan.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/pencalonan/kedatangan/{number}")
def correct(request: Request, number: str, said_: Form) -> Response:
    """Put an entry right, or strike it; the words before stay."""
    office, plan = _open()
    try:
        given = None if text(said_, "langkah") == "coret" else _typed(said_)
        seen = text(said_, "versi")
        row = arrivals.correct(
            office, plan, number, given, text(said_, "alasan"), by(request, office), today(office), moment(office),
            seen=int(seen) if seen.isdecimal() else None,
        )  # fmt: skip
    except TahapanError as error:
        return _arrival_page(request, number, salah=error.problems, isian=typed(said_))
    return onward(request, "/pencalonan", f"Catatan {row.id} {'dicoret' if row.isi.batal else 'dibetulkan'}.")


@router.post("/pencalonan/laporan/{key}")
def report(request: Request, key: str, said_: Form) -> Response:
    """Put the arrivals of the day into its LHP."""
    office, plan = _open()
    try:
        who = by(request, office)
        count = arrivals.fill_report(office, plan, plan.duty(key), who, today(office), moment(office))
    except TahapanError as error:
        return _log_page(request, salah=error.problems, isian=typed(said_))
    return onward(request, f"/butir/{key}", f"{count} kedatangan ditulis ke laporan.")


# --- papers ---


@router.get("/pencalonan/berkas/{wanted}")
def dossier(request: Request, wanted: str) -> HTMLResponse:
    """The papers of a pair, and what the rules say of it."""
    return _dossier_page(request, wanted)


def _found(wanted: str) -> tuple[Home, Plan, Pair]:
    office, plan = _open()
    one = next((each for each in pairs.all_pairs(office, plan) if each.id == wanted), None)
    if one is None:
        raise NotKnown(Problem("Pasangan", "tidak dikenal.", "Buka lagi halaman Pencalonan."))
    return office, plan, one


def _dossier_page(request: Request, wanted: str, **more: Any) -> HTMLResponse:
    office, plan, one = _found(wanted)
    on = today(office)
    rules = [(who, each, pairs.cited(plan, each, on)) for who, each in pairs.judged(office, plan, one, on)]
    context: dict[str, Any] = {
        "pair": one, "seen": papers.dossier(office, plan, one), "states": papers.KEADAAN, "rules": rules,
        "pengusung": pairs.nominated_by(plan, one.isi), "batas": papers.deadline(plan), "sumber": pairs.region(office, plan)[1],
    }  # fmt: skip
    return page(request, "berkas-calon.html.j2", 422 if more.get("salah") else 200, **context, **more)


@router.post("/pencalonan/berkas/{wanted}")
def judge(request: Request, wanted: str, said_: Form) -> Response:
    """What was seen of one paper."""
    office, plan, one = _found(wanted)
    paper, _, who = text(said_, "berkas").partition("/")
    try:
        seen = papers.judge(
            office, plan, one, who, paper, text(said_, "keadaan"), by(request, office), moment(office),
            catatan=text(said_, "catatan"), bukti=arrival(said_, "bukti"),
        )  # fmt: skip
    except TahapanError as error:
        return _dossier_page(request, wanted, salah=error.problems, isian=typed(said_))
    return onward(request, f"/pencalonan/berkas/{wanted}", f"{seen.berkas.nama}: {seen.nilai.keadaan}.")
