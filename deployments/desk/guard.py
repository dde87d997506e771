"""What may come in: who asks, from which page, how much; and what every answer carries."""

from __future__ import annotations

import base64
import datetime as dt
import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from tahapan import links
from tahapan.errors import DataError, Problem
from tahapan.evidence import Arrival
from tahapan.home import Home, looking_once
from tahapan.store.engine import reading
from tasks.office import home, now, today

AUTH = "PREFECT_SERVER_API_AUTH_STRING"  # user:password, the same as the server's
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
CSRF, NAME, BROWSER, NEWS = "tahapan_formulir", "tahapan_nama", "tahapan_peramban", "tahapan_kabar"
YEAR = 365 * 24 * 3600
MOST_FORM, MOST_UPLOAD, MOST_ZIP = 2_000_000, 30_000_000, 2_000_000_000  # bytes of a request
LONGEST = 50_000  # characters of one field
LONGEST_WORDS = 400_000  # of a letter's words
ZIP_PATH = "/foto"  # where a ZIP of photos comes in

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class TooMuchError(HTTPException):
    """A request larger than anything the desk takes."""

    def __init__(self) -> None:
        super().__init__(413)


class Limited:
    """Counts what comes in and stops reading at the limit, whatever the request said of its length."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "GET":  # brings nothing in, and shows one state of the office
            with looking_once():
                await self.app(scope, receive, send)
            return
        kind = dict(scope["headers"]).get(b"content-type", b"")
        most = MOST_FORM
        if kind.startswith(b"multipart/"):
            most = MOST_ZIP if scope["path"].endswith(ZIP_PATH) else MOST_UPLOAD
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooMuchError
            return message

        await self.app(scope, counted, send)


# --- who ---


def staff(request: Request) -> None:
    """The office's user and password; without one set (a demo) the desk listens to this machine alone."""
    wanted = os.environ.get(AUTH, "")
    if not wanted:
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    said = b""
    with suppress(ValueError):
        said = base64.b64decode(given.strip(), validate=True)
    if scheme.lower() != "basic" or not secrets.compare_digest(said, wanted.encode()):
        raise HTTPException(401, headers={"WWW-Authenticate": 'Basic realm="Meja surat", charset="UTF-8"'})


def person(request: Request) -> str:
    """Whose personal link this browser has opened; 403 for nobody's."""
    browser = request.cookies.get(BROWSER, "")
    office = home()
    if browser:
        with reading(office.engine) as connection:
            if name := links.person_of(connection, office.office.profile.id, browser, moment(office)):
                return name
    raise HTTPException(403)


def colleague(request: Request, office: Home) -> str:
    """The name chosen in this browser, as long as it is one of the office; "" before."""
    name = unquote(request.cookies.get(NAME, ""))
    return name if name in people(office) else ""


def people(office: Home) -> list[str]:
    """Who works here today."""
    day, held = today(office), office.office
    return sorted({who.nama for group in ("staf", "anggota") for who in held.people(group, day)})


def moment(office: Home) -> dt.datetime:
    return now(office, office.plan(office.election), today(office))


Staff = Depends(staff)
Person = Annotated[str, Depends(person)]


# --- what ---


async def form(request: Request) -> AsyncGenerator[FormData]:
    """The fields of a form that one of our own pages has sent; its files are closed after the answer."""
    if (site := request.headers.get("sec-fetch-site")) and site not in ("same-origin", "none"):
        raise HTTPException(403)
    if (origin := request.headers.get("origin")) and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)
    async with request.form(max_files=20, max_fields=3_000, max_part_size=LONGEST_WORDS * 4) as said:
        _check(request, said)
        yield said


def _check(request: Request, said: FormData) -> None:
    """Whether it carries the token of this browser, and no field is too long."""
    known, given = request.cookies.get(CSRF, ""), said.get(CSRF, "")
    if not known or not isinstance(given, str) or not secrets.compare_digest(known.encode(), given.encode()):
        raise HTTPException(403)
    for name, value in said.multi_items():
        if isinstance(value, str) and len(value) > (LONGEST_WORDS if name in ("naskah", "lampiran") else LONGEST):
            what = f"isian terlalu panjang ({len(value):,} huruf)".replace(",", ".") + "."
            raise DataError(Problem(name, what, "Ringkaskan, atau lampirkan sebagai berkas."))


Form = Annotated[FormData, Depends(form)]


def text(said: FormData, name: str) -> str:
    """A field as text; "" when it was not sent, or sent as a file."""
    value = said.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def upload(said: FormData, name: str) -> UploadFile | None:
    """A file that was chosen; None when the field was left empty."""
    value = said.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


def arrival(said: FormData, name: str) -> Arrival | None:
    """An upload as a file that is handed in; None when nothing was chosen."""
    given = upload(said, name)
    return Arrival.of_stream(given.file, given.filename) if given is not None and given.filename else None


def uploads(said: FormData, name: str) -> list[UploadFile]:
    return [value for value in said.getlist(name) if isinstance(value, UploadFile) and value.filename]


def csrf_of(request: Request) -> tuple[str, bool]:
    """The token of this browser's forms, and whether it is new."""
    known = request.cookies.get(CSRF, "")
    return (known, False) if known else (secrets.token_urlsafe(24), True)


def quoted(said: str) -> str:
    """Text that may stand in a cookie."""
    return quote(said, safe="")
