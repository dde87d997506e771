"""A page: the frame that all share, and what a browser keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.datastructures import FormData

from deployments.desk import guard
from deployments.desk.guard import CSRF, HEADERS, NAME, NEWS, YEAR
from tahapan.dates import hari_tanggal, tanggal
from tahapan.home import Home
from tasks.desk import prefect_address
from tasks.office import home, today

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(markdown: str) -> Markup:
    """Markdown of ours as HTML; what people wrote in it is text, never markup."""
    return Markup(_MARKDOWN.render(markdown))  # noqa: S704 - html is off: tags are escaped


PAGES.filters |= {"hari_tanggal": hari_tanggal, "tanggal": tanggal, "markdown": as_html}


class Typed(dict[str, str]):
    """What was typed into a form, to be shown again; "" for what was not."""

    def __missing__(self, name: str) -> str:
        return ""


def typed(said: FormData) -> Typed:
    return Typed({name: value for name, value in said.multi_items() if isinstance(value, str)})


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the staff."""
    office = home()
    base = {
        "saya": guard.colleague(request, office), "orang": guard.people(office), "prefect": prefect_address(),
        "kini": request.url.path, "pribadi": False,
    }  # fmt: skip
    return _answer(request, office, template, status, base | context)


def personal(request: Request, template: str, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of one person, who sees nothing else."""
    base = {"saya": name, "orang": [], "prefect": "", "kini": request.url.path, "pribadi": True}
    return _answer(request, home(), template, status, base | context)


def _answer(request: Request, office: Home, template: str, status: int, context: dict[str, Any]) -> HTMLResponse:
    token, new = guard.csrf_of(request)
    frame = {
        "kantor": office.office.profile.nama, "gladi": office.gladi is not None, "hari": today(office),
        "csrf": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF, token),
        "kabar": unquote(request.cookies.get(NEWS, "")), "salah": (), "isian": Typed(),
    }  # fmt: skip
    answer = HTMLResponse(PAGES.get_template(template).render(**frame | context), status, headers=HEADERS)
    if new:
        answer.set_cookie(CSRF, token, max_age=YEAR, httponly=True, samesite="lax", secure=_is_tls(request))
    if NEWS in request.cookies:
        answer.delete_cookie(NEWS)
    return answer


def onward(request: Request, to: str, news: str = "") -> RedirectResponse:
    """To another page after something was done, which says so once."""
    answer = RedirectResponse(to, 303, headers=HEADERS)
    if news:
        answer.set_cookie(NEWS, guard.quoted(news), max_age=60, httponly=True, samesite="lax", secure=_is_tls(request))
    return answer


def remember_name(request: Request, to: str, name: str) -> RedirectResponse:
    answer = RedirectResponse(to, 303, headers=HEADERS)
    answer.set_cookie(NAME, guard.quoted(name), max_age=YEAR, httponly=True, samesite="lax", secure=_is_tls(request))
    return answer


def remember_browser(request: Request, to: str, browser: str, seconds: int) -> RedirectResponse:
    answer = RedirectResponse(to, 303, headers=HEADERS)
    answer.set_cookie(guard.BROWSER, browser, max_age=seconds, httponly=True, samesite="lax", secure=_is_tls(request))
    return answer


def file(content: bytes, media_type: str, name: str, *, show: bool = False) -> Response:
    """A file to look at, or to keep."""
    where = "inline" if show else "attachment"
    headers = HEADERS | {"Content-Disposition": f'{where}; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def plain_error(status: int, said: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """An error that belongs to no form; says nothing of the office, whoever asks."""
    context = {
        "kantor": "", "gladi": False, "hari": None, "csrf": "", "kabar": "", "salah": (), "isian": Typed(), "saya": "",
        "orang": [], "prefect": "", "kini": "", "pribadi": True, "said": said,
    }  # fmt: skip
    text = PAGES.get_template("salah.html.j2").render(**context)
    return HTMLResponse(text, status, headers={**(headers or {}), **HEADERS})


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https"
