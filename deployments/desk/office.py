"""The office itself: who is at work in this browser, who stands in for whom."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from deployments.desk.guard import Form, moment, people, text
from deployments.desk.letters import by
from deployments.desk.page import onward, page, remember_name, typed
from tahapan.details import read_day
from tahapan.errors import DataError, Problem, TahapanError
from tahapan.kantor.stand_in import stand_in
from tasks.office import home, today

router = APIRouter()


@router.post("/siapa")
def who_works_here(request: Request, said: Form) -> Response:
    """Remember in this browser who works at it; back to the page that asked."""
    name = text(said, "nama")
    back = urlsplit(text(said, "kembali"))
    to = back.path if back.path.startswith("/") and not back.netloc and not back.path.startswith("//") else "/"
    return remember_name(request, to, name if name in people(home()) else "")


@router.get("/kantor/pengganti")
def ask_stand_in(request: Request) -> HTMLResponse:
    return _stand_in_page(request)


@router.post("/kantor/pengganti")
def take_stand_in(request: Request, said: Form) -> Response:
    """Plh., Plt. or Pjs. for some days."""
    office = home()
    try:
        if not (role := text(said, "peran")):
            raise DataError(Problem("Jabatan", "belum dipilih.", "Pilih jabatan yang diganti."))
        first, last = read_day(text(said, "sejak"), "Sejak"), read_day(text(said, "sampai"), "Sampai")
        how = text(said, "sebagai")
        made = stand_in(
            office, role, text(said, "nama"), first, last, by(request, office), today(office), moment(office),
            sebagai=how if how in ("Plh.", "Plt.", "Pjs.") else "Plh.", nip=text(said, "nip"),
        )  # fmt: skip
    except TahapanError as error:
        return _stand_in_page(request, salah=error.problems, isian=typed(said))
    return onward(request, "/kantor/pengganti", f"{made.sebagai} {office.office.peran[made.peran].nama}: {made.nama}.")


def _stand_in_page(request: Request, **more: object) -> HTMLResponse:
    office = home()
    day, held = today(office), office.office
    roles = {role.id: role.singkat or role.nama for role in held.peran.values() if role.kelompok}
    acting = [person for person in held.pemegang if person.sebagai and (person.sampai is None or person.sampai >= day)]
    return page(request, "pengganti.html.j2", 422 if more.get("salah") else 200, roles=roles, acting=acting, **more)
