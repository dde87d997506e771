"""Duties: what is to be done, one duty with its evidence and units, its details, who works on it."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from deployments.desk.guard import Form, moment, text, uploads
from deployments.desk.letters import by
from deployments.desk.page import file, onward, page, typed
from tahapan import claims, day, details, morning, screens, ticking
from tahapan.checklist import Duty
from tahapan.correspondence import chain
from tahapan.details import Isian, NotFilled, Typed
from tahapan.errors import DataError, Problem, TahapanError
from tahapan.evidence import Arrival, take_in
from tahapan.field import message, photos, sheet
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.ticking import Return, Ticked
from tasks.desk import desk_address
from tasks.office import home, today

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EMPTY_ROWS = 3  # offered below the rows of a table that is filled in


@router.get("/hari")
def brief(request: Request) -> HTMLResponse:
    """Today's brief, as the Prefect UI has it."""
    office = home()
    plan, on = office.plan(office.election), today(office)
    seen = morning.look(office, plan, on)
    return page(
        request, "hari.html.j2", ringkasan=screens.brief(office, plan, on, desk_address()),
        messages=morning.messages(plan, seen),
    )  # fmt: skip


@router.get("/butir")
def duties(request: Request, pilih: str = "pekan") -> HTMLResponse:
    """The duties of today, of this week, the late ones, or all."""
    office = home()
    plan, on = office.plan(office.election), today(office)
    seen = morning.look(office, plan, on)
    shown = {
        "hari": [*seen.meetings, *seen.today],
        "pekan": [*seen.meetings, *seen.today, *(row for _, row in seen.soon)],
        "terlambat": list(seen.late),
        "semua": sorted(seen.rows, key=lambda row: (row.duty.act_on, row.duty.order)),
    }
    pilih = pilih if pilih in shown else "pekan"
    counts = {name: len(rows) for name, rows in shown.items()}
    return page(request, "butir-butir.html.j2", rows=shown[pilih], pilih=pilih, counts=counts, claims=seen.claims)


@router.get("/butir/{key}")
def duty(request: Request, key: str) -> HTMLResponse:
    """One duty: its days, its letter, what is wanted, what has come in."""
    return _duty_page(request, key)


def _duty_page(request: Request, key: str, **more: Any) -> HTMLResponse:
    office, plan, found, on = _found(key)
    [standing] = day.standings(office, plan, on, (found,))
    roll = ticking.roll(office, plan, found)
    peran = {role.id: role.singkat or role.nama for role in plan.office.peran.values()}
    row = standing.letter
    steps = chain.chains(office, plan, [row], on)[row.id] if row else ()
    return page(
        request, "butir.html.j2", 422 if more.get("salah") else 200, duty=found, standing=standing, roll=roll, on=on,
        chain=chain.in_words(steps),
        claim=claims.standing(office, plan, on).get(key), fields=details.form(office, plan, found), peran=peran,
        pesan=message.missing_text(roll, on) if roll.posts else "", **more,
    )  # fmt: skip


@router.post("/butir/{key}/bukti")
def evidence(request: Request, key: str, said: Form) -> Response:
    """File evidence, and tick the duty when that was the button."""
    office, plan, found, on = _found(key)
    try:
        who, at = by(request, office), moment(office)
        kept = take_in(office, _arrivals(said))
        if kept:
            ticking.file(office, plan, found, kept, who, on, at)
        if text(said, "langkah") == "selesai":
            ticking.tick(office, plan, found, [], who, on, at, text(said, "catatan"))
            return onward(request, f"/butir/{key}", "Butir ditandai selesai.")
        if not kept:
            raise DataError(Problem("Berkas", "belum dipilih.", "Pilih berkas buktinya."))
    except TahapanError as error:
        return _duty_page(request, key, salah=error.problems, isian=typed(said))
    return onward(request, f"/butir/{key}", f"{len(kept)} berkas disimpan.")


@router.post("/butir/{key}/batal")
def untick(request: Request, key: str, said: Form) -> Response:
    """Take a tick back, of the duty or of one unit, with a reason."""
    office, plan, found, _ = _found(key)
    try:
        roll = ticking.roll(office, plan, found)
        units = [roll.unit(text(said, "unit"))] if text(said, "unit") else []
        ticking.untick(office, plan, found, text(said, "alasan"), by(request, office), moment(office), units)
    except TahapanError as error:
        return _duty_page(request, key, salah=error.problems, isian=typed(said))
    return onward(request, f"/butir/{key}", "Tanda selesai dibatalkan; bukti dan riwayatnya tetap.")


@router.post("/butir/{key}/unit")
def tick_unit(request: Request, key: str, said: Form) -> Response:
    """Tick one unit with its evidence."""
    office, plan, found, on = _found(key)
    try:
        who, at = by(request, office), moment(office)
        unit = ticking.roll(office, plan, found).unit(text(said, "unit"))
        back = Return(unit, tuple(take_in(office, _arrivals(said))), note=text(said, "catatan"))
        ticked = ticking.tick_units(office, plan, found, [back], who, on, at)
    except TahapanError as error:
        return _duty_page(request, key, salah=error.problems, isian=typed(said))
    return onward(request, f"/butir/{key}", f"{unit.nama} selesai. {ticked.tally}.")


@router.get("/butir/{key}/unit.xlsx")
def units_out(key: str) -> Response:
    """A row for each unit, to be filled in."""
    office, plan, found, _ = _found(key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{key}.xlsx"
        sheet.write(ticking.roll(office, plan, found), path)
        return file(path.read_bytes(), XLSX, path.name)


@router.post("/butir/{key}/unit.xlsx")
def units_in(request: Request, key: str, said: Form) -> Response:
    """The same sheet, filled in."""
    office, plan, found, on = _found(key)

    def read(path: Path) -> Ticked:
        return sheet.read(office, plan, found, path, by(request, office), on, moment(office))

    return _whole_file(request, key, said, ".xlsx", read)


@router.post("/butir/{key}/foto")
def photos_in(request: Request, key: str, said: Form) -> Response:
    """A ZIP of photos named by their units."""
    office, plan, found, on = _found(key)

    def read(path: Path) -> Ticked:
        partly = bool(text(said, "sebagian"))
        taken = photos.take_photos(office, plan, found, path, by(request, office), on, moment(office), partly=partly)
        return taken.ticked

    return _whole_file(request, key, said, ".zip", read)


def _whole_file(request: Request, key: str, said: FormData, suffix: str, read: Any) -> Response:
    try:
        if not (given := uploads(said, "berkas")):
            raise DataError(Problem("Berkas", "belum dipilih.", f"Pilih berkas {suffix}."))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"kiriman{suffix}"
            with path.open("wb") as target:
                while piece := given[0].file.read(1 << 20):
                    target.write(piece)
            ticked: Ticked = read(path)
    except TahapanError as error:
        return _duty_page(request, key, salah=error.problems, isian=typed(said))
    return onward(
        request, f"/butir/{key}", f"{len(ticked.new)} selesai, {ticked.files} berkas disimpan. {ticked.tally}."
    )


@router.post("/butir/{key}/kerjakan")
def claim(request: Request, key: str, said: Form) -> Response:
    """Say who works on it, or give it back."""
    office, plan, found, on = _found(key)
    try:
        who, at = by(request, office), moment(office)
        if text(said, "langkah") == "lepas":
            claims.release(office, plan, found, who, on, at)
            return onward(request, f"/butir/{key}", "Dilepas: siapa pun boleh mengerjakannya.")
        claims.claim(office, plan, found, who, on, at, text(said, "alasan"))
    except TahapanError as error:
        return _duty_page(request, key, salah=error.problems, isian=typed(said))
    return onward(request, f"/butir/{key}", f"Sedang dikerjakan {who}.")


# --- details ---


@router.get("/butir/{key}/rincian")
def ask_details(request: Request, key: str) -> HTMLResponse:
    """The form of what the duty's letter needs."""
    office, plan, found, _ = _found(key)
    return _details_page(request, found, details.ask(office, plan, found))


@router.post("/butir/{key}/rincian")
def take_details(request: Request, key: str, said: Form) -> Response:
    """Keep the answers; what cannot be taken is shown beside its field, with what was typed."""
    office, plan, found, on = _found(key)
    asked = details.ask(office, plan, found)
    texts = {each.id: _typed_in(said, each) for each in asked}
    try:
        filled = day.fill_in(office, plan, found, texts, by(request, office), on, moment(office))
    except NotFilled as error:
        return _details_page(request, found, asked, texts=texts, salah=error.problems, fields_wrong=error.faults)
    except TahapanError as error:
        return _details_page(request, found, asked, texts=texts, salah=error.problems)
    lack = f" Masih ditunggu: {'; '.join(filled.missing)}." if filled.missing else " Lengkap."
    return onward(
        request, f"/butir/{key}", ("Rincian disimpan." if filled.changed else "Tidak ada yang berubah.") + lack
    )


def _details_page(request: Request, found: Duty, asked: Sequence[Isian], **more: Any) -> HTMLResponse:
    context: dict[str, Any] = {"texts": {}, "fields_wrong": {}, "empty": EMPTY_ROWS} | more
    return page(request, "rincian.html.j2", 422 if more.get("salah") else 200, duty=found, fields=asked, **context)


def _typed_in(said: FormData, asked: Isian) -> Typed:
    """A text; of a table its rows, without those that were left empty."""
    if asked.field.tipe != "tabel":
        return text(said, f"isi-{asked.id}").replace("\r\n", "\n")
    columns = [said.getlist(f"isi-{asked.id}-{n}") for n in range(len(asked.field.columns))]
    rows = [tuple(cell.strip() if isinstance(cell, str) else "" for cell in row) for row in zip(*columns, strict=False)]
    return tuple(row for row in rows if any(row))


# --- the same for all ---


def _found(key: str) -> tuple[Home, Plan, Duty, dt.date]:
    office = home()
    plan = office.plan(office.election)
    return office, plan, plan.duty(key), today(office)


def _arrivals(said: FormData) -> list[Arrival]:
    return [_arrival(each) for each in uploads(said, "berkas")]


def _arrival(given: UploadFile) -> Arrival:
    return Arrival.of_stream(given.file, str(given.filename))
