"""Read-only pages for letters: the list, one letter, its PDF."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tahapan import register
from tahapan.archive import preview
from tahapan.dates import hari_tanggal
from tahapan.errors import NotKnown, Problem, TahapanError
from tahapan.home import Home, read_day
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tasks.office import home, today

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters["hari_tanggal"] = hari_tanggal
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'self'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

app = FastAPI(title="Meja surat", docs_url=None, redoc_url=None, openapi_url=None)
# A page from elsewhere must not read letters by a name of its own that it has turned to 127.0.0.1 (DNS rebinding).
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])


@app.get("/")
def letters(cari: str = "", kepada: str = "", dari: str = "", sampai: str = "") -> HTMLResponse:
    """The letters that are asked for (number, subject or text; addressee; days), else all; the newest day first."""
    office = home()
    asked = {"cari": cari.strip(), "kepada": kepada.strip(), "dari": dari, "sampai": sampai}
    first, last = (read_day(day) if day else None for day in (dari, sampai))
    with reading(office.engine) as connection:
        rows = register.search(
            connection, office.office.profile.id, anywhere=asked["cari"], kepada=asked["kepada"], first=first, last=last
        )
    shown = [row for row in rows[::-1] if row.state != register.REPLACED]
    return _page("daftar.html.j2", office, rows=shown, asked=asked)


@app.get("/surat/{letter_id}.pdf")
def pdf(letter_id: str) -> Response:
    """The archive copy, or the draft with its mark."""
    office = home()
    row = _ours(office, letter_id)
    headers = HEADERS | {"Content-Disposition": f'inline; filename="{row.pdf}"'}
    return Response(preview(office, row).pdf, media_type="application/pdf", headers=headers)


@app.get("/surat/{letter_id}.docx")
def word(letter_id: str) -> Response:
    """The same as a Word file, to be edited or filed."""
    office = home()
    row = _ours(office, letter_id)
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{row.docx}"'}
    return Response(preview(office, row).docx, media_type=WORD, headers=headers)


@app.get("/surat/{letter_id}")
def letter(letter_id: str) -> HTMLResponse:
    """One letter: what the register says of it, and its paper."""
    office = home()
    row = _row(office, letter_id)
    return _page("surat.html.j2", office, row=row, to=row.kepada.split("; "))


@app.get("/sehat")
def health() -> dict[str, bool]:
    """Whether the desk answers; used by whoever starts it."""
    return {"sehat": True}


@app.exception_handler(TahapanError)
def _said(_: Request, error: Exception) -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
    return _wrong(404 if isinstance(error, NotKnown) else 500, str(error))


@app.exception_handler(HTTPException)
def _not_here(_: Request, error: Exception) -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]
    assert isinstance(error, HTTPException)
    known = error.status_code == HTTPStatus.NOT_FOUND
    said = "Halaman itu tidak ada di meja surat." if known else "Meja surat hanya memperlihatkan surat."
    return _wrong(error.status_code, said, error.headers)


def _wrong(status: int, said: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    text = PAGES.get_template("salah.html.j2").render(
        judul="Tidak dapat ditampilkan", kantor="", gladi=False, salah=said
    )
    return HTMLResponse(text, status, headers={**(headers or {}), **HEADERS})


def _row(office: Home, letter_id: str) -> LetterRow:
    with reading(office.engine) as connection:
        return register.letter(connection, office.office.profile.id, letter_id)


def _ours(office: Home, letter_id: str) -> LetterRow:
    """A letter whose paper we have; NotKnown for one written elsewhere."""
    row = _row(office, letter_id)
    if not row.ours:
        raise NotKnown(Problem(f"surat {letter_id}", "ditulis di luar tahapan.", "Berkasnya ada di folder bukti."))
    return row


def _page(template: str, office: Home, **context: Any) -> HTMLResponse:
    base = {"kantor": office.office.profile.nama, "gladi": office.gladi is not None, "hari": today(office)}
    return HTMLResponse(PAGES.get_template(template).render(**base, **context), headers=HEADERS)
