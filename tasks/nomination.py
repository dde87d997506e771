"""The registration days: the log of arrivals into the reports, onto a screen, and out of a form."""

from __future__ import annotations

import datetime as dt

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel

from tahapan import journal, screens
from tahapan.errors import TahapanError
from tahapan.nomination import arrivals, pairs, papers
from tahapan.nomination.arrivals import Typed
from tasks.desk import desk_address
from tasks.office import home, now, people, today


@task(name="Isi LHP kedatangan", task_run_name="Isi LHP kedatangan", cache_policy=NO_CACHE)
def report_arrivals(election: str, on: dt.date) -> list[str]:
    """Put the arrivals so far into the reports of their days that have no number yet; what was not filled in, in words."""
    office = home()
    plan = office.plan(election)
    return arrivals.fill_reports(office, plan, journal.MACHINE, on, now(office, plan, on))


@task(name="Tampilkan pencalonan", task_run_name="Tampilkan pencalonan", cache_policy=NO_CACHE)
def show_registration(election: str, on: dt.date) -> None:
    """Arrivals, papers and clocks as an artifact; nothing for an election without a nomination."""
    office = home()
    plan = office.plan(election)
    if papers.known(plan):
        create_markdown_artifact(
            key=f"pencalonan-{election}", description="Pencalonan",
            markdown=screens.nomination(office, plan, on, now(office, plan, on), desk_address()),
        )  # fmt: skip


class Choices(BaseModel):
    """What the form offers: pairs by name, days of the registration, people of the office."""

    pairs: dict[str, str]
    days: list[str]
    people: list[str]


@task(name="Siapkan formulir kedatangan", task_run_name="Siapkan formulir", cache_policy=NO_CACHE)
def choices() -> Choices:
    """What can be chosen today."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    return Choices(
        pairs={each.isi.nama: each.id for each in pairs.all_pairs(office, plan)},
        days=[day.isoformat() for day in arrivals.registration(plan).days], people=people(plan, on),
    )  # fmt: skip


@task(name="Catat kedatangan", task_run_name="Catat kedatangan", cache_policy=NO_CACHE)
def write_down(calon: str, wakil: str, typed: dict[str, str], oleh: str) -> tuple[bool, str]:
    """Whether the arrival was written down, and in words what came of it. ``calon``, ``wakil``: of a pair not in the log yet."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    at = now(office, plan, on)
    try:
        if calon.strip() or wakil.strip():
            isi = {"calon": {"nama": calon}, "wakil": {"nama": wakil}}
            typed = typed | {"pasangan": pairs.add(office, plan, isi, oleh, at).id}
        row = arrivals.note(office, plan, Typed(**typed), oleh, on, at)
    except TahapanError as error:
        return False, "\n".join(["**Belum diterima:**", "", *(f"- {problem.in_a_form}" for problem in error.problems)])
    return True, f"Catatan {row.id}: {row.pair.isi.nama}, {row.said}"
