"""Letters: the list, one letter with its history, its words, its copies, its signed scan."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, colleague, moment, text, upload
from deployments.desk.page import file, onward, page, typed
from tahapan import approval, evidence, journal, register, revise
from tahapan.approval import Answer, Elsewhere
from tahapan.archive import preview
from tahapan.errors import DataError, NotKnown, Problem, TahapanError
from tahapan.evidence import Arrival
from tahapan.home import Home, read_day
from tahapan.letters.edited import Edited, read_docx, read_words, words_alone
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tasks.office import home, today

router = APIRouter()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PER_PAGE = 50


@router.get("/")
def letters(
    request: Request, cari: str = "", kepada: str = "", dari: str = "", sampai: str = "", halaman: int = 1
) -> HTMLResponse:
    """The letters that are asked for (number, subject or text; addressee; days), else all; the newest day first."""
    office = home()
    asked = {"cari": cari.strip(), "kepada": kepada.strip(), "dari": dari, "sampai": sampai}
    first, last = (read_day(day) if day else None for day in (dari, sampai))
    halaman = max(1, min(halaman, 100_000))
    with reading(office.engine) as connection:
        wanted: register.Asked = {
            "anywhere": asked["cari"], "kepada": asked["kepada"], "first": first, "last": last, "current": True,
        }  # fmt: skip
        office_id = office.office.profile.id
        total, skip = register.count(connection, office_id, **wanted), (halaman - 1) * PER_PAGE
        rows = register.search(connection, office_id, limit=PER_PAGE, offset=skip, **wanted) if total > skip else ()
    pages = max(1, -(-total // PER_PAGE))
    query = urlencode({name: value for name, value in asked.items() if value})
    return page(
        request, "daftar.html.j2", rows=rows, asked=asked, total=total, halaman=halaman, pages=pages, query=query
    )


@router.get("/surat/{letter_id}.pdf")
def pdf(letter_id: str) -> Response:
    """The archive copy, or the draft with its mark."""
    office = home()
    row = _ours(office, letter_id)
    return file(preview(office, row).pdf, "application/pdf", row.pdf, show=True)


@router.get("/surat/{letter_id}.docx")
def word(letter_id: str) -> Response:
    """The same as a Word file, to be edited or filed."""
    office = home()
    row = _ours(office, letter_id)
    return file(preview(office, row).docx, WORD, row.docx)


@router.get("/surat/{letter_id}/naskah")
def words(request: Request, letter_id: str) -> HTMLResponse:
    """The words to be changed, as Markdown or in Word."""
    row = _ours(home(), letter_id)
    return _words(request, row, words_alone(_letter(row)))


@router.post("/surat/{letter_id}/naskah")
def change_words(request: Request, letter_id: str, said: Form) -> Response:
    """Show what would change, or keep it as a new version that is put up at once."""
    office = home()
    row = _ours(office, letter_id)
    naskah = (text(said, "naskah").replace("\r\n", "\n"), text(said, "lampiran").replace("\r\n", "\n"))
    given, plan, on = upload(said, "berkas"), office.plan(office.election), today(office)
    try:
        who = by(request, office)
        if given:
            edited = read_docx(given.file.read(), _letter(row), str(given.filename))
        else:
            edited = read_words(*naskah, _letter(row), "naskah")
        if said.get("langkah") != "simpan" and not given:
            changed = revise.try_edit(office, plan, letter_id, edited, who, on)
            return _words(request, row, naskah, changed=changed)
        changed = _keep(office, letter_id, edited, who)
    except TahapanError as error:
        return _words(request, row, words_alone(_letter(row)) if given else naskah, salah=error.problems)
    news = f"Versi baru disimpan dan diajukan: {len(changed.lines)} baris berubah."
    if changed.ignored:
        news += f" Tidak diambil: {'; '.join(changed.ignored)}."
    return onward(request, f"/surat/{changed.row.id}", news)


def _keep(office: Home, letter_id: str, edited: Edited, who: str) -> revise.Changed:
    plan, on, at = office.plan(office.election), today(office), moment(office)
    changed = revise.edit(office, plan, letter_id, edited, who, on, at)
    if office.gladi is None:
        approval.submit(office, plan, changed.row.id, who, at)
    return changed


def _words(request: Request, row: LetterRow, naskah: tuple[str, str], **more: Any) -> HTMLResponse:
    return page(
        request,
        "naskah.html.j2",
        422 if more.get("salah") else 200,
        row=row,
        naskah=naskah,
        **({"changed": None} | more),
    )


@router.post("/surat/{letter_id}/ajukan")
def submit(request: Request, letter_id: str, said: Form) -> Response:
    """Put a draft before its first approver."""
    del said  # checked, and empty
    office = home()
    try:
        approval.submit(office, office.plan(office.election), letter_id, by(request, office), moment(office))
    except TahapanError as error:
        return _letter_page(request, office, letter_id, salah=error.problems)
    return onward(request, f"/surat/{letter_id}", "Surat diajukan.")


@router.post("/surat/{letter_id}/luar")
def decided_elsewhere(request: Request, letter_id: str, said: Form) -> Response:
    """Record what the holder decided on paper or by message."""
    office = home()
    plan, picture = office.plan(office.election), upload(said, "bukti")
    asked = approval.asked(office, plan, letter_id, today(office))
    with tempfile.TemporaryDirectory() as folder:
        try:
            if picture is None:
                raise DataError(Problem("Foto", "belum dipilih.", "Lampirkan foto tanda tangan atau pesannya."))
            kept = Path(folder) / "bukti"
            with kept.open("wb") as target:
                while piece := picture.file.read(1 << 20):
                    target.write(piece)
            answer = Answer(
                keputusan=text(said, "keputusan"), nama=asked.nama if asked else "", cara="luar",
                catatan=text(said, "catatan"), key=text(said, "pertanyaan"),
                luar=Elsewhere(
                    by(request, office), _moment(office, text(said, "hari"), text(said, "jam")), text(said, "lewat"), kept
                ),
            )  # fmt: skip
            row = approval.decide(office, plan, letter_id, answer, today(office), moment(office))
        except TahapanError as error:
            return _letter_page(request, office, letter_id, salah=error.problems, isian=typed(said))
    return onward(request, f"/surat/{letter_id}", told(row))


def told(row: LetterRow) -> str:
    """What became of a letter that was decided, in one line."""
    if row.numbered:
        return f"Surat bernomor {row.nomor}."
    return {"diajukan": "Keputusan dicatat; surat diteruskan.", "draf": "Surat dikembalikan untuk diubah."}.get(
        row.state, f"Surat {row.state}."
    )


@router.post("/surat/{letter_id}/ttd")
def signed(request: Request, letter_id: str, said: Form) -> Response:
    """File the signed copy."""
    office = home()
    given = upload(said, "berkas")
    try:
        if given is None:
            raise DataError(Problem("Berkas", "belum dipilih.", "Pilih pindaian surat yang sudah ditandatangani."))
        plan, name = office.plan(office.election), str(given.filename)
        arrival = Arrival.of_stream(given.file, name)
        evidence.sign(office, plan, letter_id, arrival, by(request, office), today(office), moment(office))
    except TahapanError as error:
        return _letter_page(request, office, letter_id, salah=error.problems)
    return onward(request, f"/surat/{letter_id}", "Berkas bertanda tangan disimpan.")


@router.get("/surat/{letter_id}")
def letter(request: Request, letter_id: str) -> HTMLResponse:
    """One letter: what the register says of it, whom it waits for, its words, its history."""
    return _letter_page(request, home(), letter_id)


def _letter_page(request: Request, office: Home, letter_id: str, **more: Any) -> HTMLResponse:
    row, plan = _row(office, letter_id), office.plan(office.election)
    asked = approval.asked(office, plan, letter_id, today(office)) if row.ours and office.gladi is None else None
    with reading(office.engine) as connection:
        history = list(journal.entries(connection, plan.office.profile.id, surat=letter_id))
        versions = register.versions(connection, plan.office.profile.id, row)
        copies = evidence.copies(connection, plan.office.profile.id, letter_id)
    words = letter_markdown(_letter(row)) if row.ours else ""
    peran = {role.id: role.singkat or role.nama for role in plan.office.peran.values()}
    return page(
        request, "surat.html.j2", 422 if more.get("salah") else 200, row=row, to=row.kepada.split("; "), asked=asked,
        history=history, versions=versions, copies=copies, words=words, peran=peran, zone=ZoneInfo(plan.office.profile.timezone),
        **more,
    )  # fmt: skip


def by(request: Request, office: Home) -> str:
    """The colleague who is at work; DataError before a name was chosen."""
    if name := colleague(request, office):
        return name
    raise DataError(Problem("Nama Anda", "belum dipilih.", "Pilih nama Anda di atas halaman, lalu ulangi."))


def _moment(office: Home, day: str, hour: str) -> dt.datetime:
    zone = ZoneInfo(office.office.profile.timezone)
    try:
        return dt.datetime.fromisoformat(f"{day}T{hour.replace('.', ':')}").replace(tzinfo=zone)
    except ValueError:
        raise DataError(Problem("Waktu keputusan", "belum diisi atau bukan waktu.", "Isi hari dan jamnya.")) from None


def _row(office: Home, letter_id: str) -> LetterRow:
    with reading(office.engine) as connection:
        return register.letter(connection, office.office.profile.id, letter_id)


def _ours(office: Home, letter_id: str) -> LetterRow:
    """A letter whose paper we have; NotKnown for one written elsewhere."""
    row = _row(office, letter_id)
    if not row.ours:
        raise NotKnown(Problem(f"surat {letter_id}", "ditulis di luar tahapan.", "Berkasnya ada di folder bukti."))
    return row


def _letter(row: LetterRow) -> Letter:
    return Letter.model_validate_json(row.content)
