"""The desk as one application: its parts, its guard, and what it says when something is wrong."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from deployments.desk import cases, decisions, duties, inbox, letters, nomination, office, post, rakor
from deployments.desk.guard import HEADERS, Limited, Staff
from deployments.desk.page import plain_error
from tahapan.errors import NotKnown, TahapanError
from tasks.desk import desk_hosts

STYLE = (Path(__file__).parent / "pages" / "gaya.css").read_text("utf-8")
SAID = {
    HTTPStatus.UNAUTHORIZED: "Meja surat meminta nama pengguna dan sandi kantor.",
    HTTPStatus.FORBIDDEN: "Formulir atau tautan ini tidak berlaku di peramban ini. Buka lagi halamannya, lalu ulangi; "
    "untuk tautan pribadi, minta yang baru kepada sekretariat.",
    HTTPStatus.NOT_FOUND: "Halaman itu tidak ada di meja surat.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Kiriman itu terlalu besar. Kecilkan berkasnya (paling besar 25 MB), lalu ulangi.",
}

app = FastAPI(title="Meja surat", docs_url=None, redoc_url=None, openapi_url=None)
app.add_middleware(Limited)
# A page from elsewhere must not read letters by a name of its own that it has turned to 127.0.0.1 (DNS rebinding).
app.add_middleware(TrustedHostMiddleware, allowed_hosts=desk_hosts())
for part in (letters, duties, nomination, cases, inbox, post, rakor, office):
    app.include_router(part.router, dependencies=[Staff])
app.include_router(decisions.waiting, dependencies=[Staff])
app.include_router(decisions.personal_pages)  # these ask for a personal link instead


@app.get("/gaya.css")
def style() -> Response:
    headers = HEADERS | {"Cache-Control": "max-age=3600"}
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=headers)


@app.get("/sehat")
def health() -> dict[str, bool]:
    """Whether the desk answers; used by whoever starts it."""
    return {"sehat": True}


@app.exception_handler(TahapanError)
def _said(_: Request, error: Exception) -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
    assert isinstance(error, TahapanError)
    return plain_error(
        404 if isinstance(error, NotKnown) else 409, "\n".join(problem.in_a_form for problem in error.problems)
    )


@app.exception_handler(HTTPException)
def _not_here(_: Request, error: Exception) -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
    assert isinstance(error, HTTPException)
    said = SAID.get(HTTPStatus(error.status_code), "Permintaan itu tidak dapat dikerjakan meja surat.")
    return plain_error(error.status_code, said, error.headers)
