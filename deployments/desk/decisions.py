"""Decisions: whom letters wait for, personal links, and the pages that such a link opens, made for a phone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, Person, moment, text
from deployments.desk.letters import by, told
from deployments.desk.page import file, onward, page, personal, remember_browser, typed
from tahapan import approval, codes, links, register
from tahapan.approval import Answer, Asked
from tahapan.archive import preview
from tahapan.errors import Refused, TahapanError
from tahapan.home import Home
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.store.engine import reading, writing
from tasks.desk import desk_address
from tasks.office import home, today

waiting = APIRouter()
personal_pages = APIRouter()
HOME_OF_PERSON = "/saya"


# --- for the staff ---


@waiting.get("/menunggu")
def who_is_waited_for(request: Request) -> HTMLResponse:
    """Every letter that waits, for whom and since when."""
    office = home()
    return page(request, "menunggu.html.j2", asked=_waiting(office), zone=_zone(office), link="", whom="")


@waiting.post("/menunggu/tautan")
def make_link(request: Request, said: Form) -> Response:
    """A personal link, shown once, with a text to send."""
    office, whom = home(), text(said, "nama")
    asked = _waiting(office)
    try:
        if whom not in {each.nama for each in asked}:
            raise HTTPException(404)
        with writing(office.engine) as connection:
            token = links.make(connection, office.office.profile.id, whom, by(request, office), moment(office))
    except TahapanError as error:
        return page(
            request, "menunggu.html.j2", 422, asked=asked, zone=_zone(office), link="", whom="", salah=error.problems
        )
    link = f"{desk_address()}/t/{token}"
    return page(request, "menunggu.html.j2", asked=asked, zone=_zone(office), link=link, whom=whom)


def _waiting(office: Home) -> tuple[Asked, ...]:
    if office.gladi:
        return ()
    return approval.waiting(office, office.plan(office.election), today(office))


def _zone(office: Home) -> ZoneInfo:
    return ZoneInfo(office.office.profile.timezone)


# --- for one person ---


@personal_pages.get("/t/{token}")
def link(request: Request, token: str) -> HTMLResponse:
    """Whose link it is. Looking does not use it up: chat programs look at every link they pass on."""
    office = home()
    try:
        with reading(office.engine) as connection:
            name = links.whose(connection, office.office.profile.id, token, moment(office))
    except Refused as error:
        return personal(request, "tautan.html.j2", "", 410, nama="", token="", salah=error.problems)
    return personal(request, "tautan.html.j2", "", nama=name, token=token)


@personal_pages.post("/t/{token}")
def open_link(request: Request, token: str, said: Form) -> Response:
    """Bind the link to this browser."""
    del said  # checked, and empty
    office = home()
    try:
        with writing(office.engine) as connection:
            opened = links.open_link(connection, office.office.profile.id, token, moment(office))
    except Refused as error:
        return personal(request, "tautan.html.j2", "", 410, nama="", token="", salah=error.problems)
    return remember_browser(request, HOME_OF_PERSON, opened.browser, links.HOURS * 3600)


@personal_pages.get(HOME_OF_PERSON)
def mine(request: Request, name: Person) -> HTMLResponse:
    """*Menunggu Anda*: the letters that wait for this person."""
    office = home()
    asked = [each for each in _waiting(office) if each.nama == name]
    return personal(request, "menunggu-anda.html.j2", name, asked=asked, zone=_zone(office))


@personal_pages.get("/saya/surat/{letter_id}.pdf")
def my_pdf(letter_id: str, name: Person) -> Response:
    office = home()
    _may_read(office, letter_id, name)
    with reading(office.engine) as connection:
        row = register.letter(connection, office.office.profile.id, letter_id)
    return file(preview(office, row).pdf, "application/pdf", row.pdf, show=True)


@personal_pages.get("/saya/surat/{letter_id}")
def my_letter(request: Request, letter_id: str, name: Person) -> HTMLResponse:
    office = home()
    _may_read(office, letter_id, name)
    return _my_letter(request, office, letter_id, name)


@personal_pages.post("/saya/surat/{letter_id}")
def decide(request: Request, letter_id: str, name: Person, said: Form) -> Response:
    """One of three buttons; what is missing is asked again with what was typed."""
    office = home()
    _may_read(office, letter_id, name)
    answer = Answer(
        keputusan=text(said, "keputusan"), nama=name, cara="meja", catatan=text(said, "catatan"),
        kode=text(said, "kode"), key=text(said, "pertanyaan"),
    )  # fmt: skip
    try:
        plan = office.plan(office.election)
        row = approval.decide(office, plan, letter_id, answer, today(office), moment(office))
    except TahapanError as error:
        return _my_letter(request, office, letter_id, name, 422, salah=error.problems, isian=typed(said))
    return onward(request, HOME_OF_PERSON, f"{row.hal}: {told(row)}")


def _my_letter(
    request: Request, office: Home, letter_id: str, name: str, status: int = 200, **more: object
) -> HTMLResponse:
    plan = office.plan(office.election)
    asked = approval.asked(office, plan, letter_id, today(office))
    with reading(office.engine) as connection:
        row = register.letter(connection, plan.office.profile.id, letter_id)
        with_code = name in codes.enrolled(connection, plan.office.profile.id)
    peran = {role.id: role.singkat or role.nama for role in plan.office.peran.values()}
    return personal(
        request, "putusan.html.j2", name, status, row=row, asked=asked if asked and asked.nama == name else None,
        with_code=with_code, peran=peran, zone=_zone(office),
        words=letter_markdown(Letter.model_validate_json(row.content)), **more,
    )  # fmt: skip


def _may_read(office: Home, letter_id: str, name: str) -> None:
    """Only what waits for this person, or what they have decided; 404 for all else, whether it exists or not."""
    plan = office.plan(office.election)
    try:
        asked = approval.asked(office, plan, letter_id, today(office))
        with reading(office.engine) as connection:
            decided = {each.nama for each in approval.decisions(connection, plan.office.profile.id, letter_id)}
    except TahapanError:
        raise HTTPException(404) from None
    if not (asked and asked.nama == name) and name not in decided:
        raise HTTPException(404)
