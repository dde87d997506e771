"""The form that names a stand-in: what it offers, and what becomes of the answer."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel

from tahapan.details import read_day
from tahapan.errors import TahapanError
from tahapan.kantor import stand_in as domain
from tahapan.kantor.stand_in import Sebagai
from tasks.office import home, now, today


class Choices(BaseModel):
    """Roles by the name screens give them, and the people who may say so."""

    roles: dict[str, str]
    people: list[str]


@task(name="Siapkan formulir", task_run_name="Siapkan formulir", cache_policy=NO_CACHE)
def choices() -> Choices:
    """What the form offers today."""
    office, on = home().office, today(home())
    held = {person.peran for person in office.pemegang}
    roles = {role.singkat or role.nama: role.id for role in office.peran.values() if role.id in held}
    people = {who.nama for group in ("staf", "anggota") for who in office.people(group, on)}
    return Choices(roles=roles, people=sorted(people))


@task(name="Tetapkan pengganti", task_run_name="Tetapkan pengganti", cache_policy=NO_CACHE)
def appoint(role: str, nama: str, nip: str, sebagai: Sebagai, sejak: str, sampai: str, oleh: str) -> tuple[bool, str]:
    """Whether the stand-in was written down, and in words what came of it."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    if not role:
        return False, "**Belum diterima:** jabatan yang diganti belum dipilih."
    try:
        first, last = read_day(sejak, "Sejak"), read_day(sampai, "Sampai")
        made = domain.stand_in(
            office, role, nama, first, last, oleh, on, now(office, plan, on), sebagai=sebagai, nip=nip
        )
    except TahapanError as error:
        return False, "\n".join(["**Belum diterima:**", "", *(f"- {problem.in_a_form}" for problem in error.problems)])
    return True, f"{made.sebagai} {office.office.peran[made.peran].nama}: {made.nama}"
