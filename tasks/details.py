"""The form of a duty's details: what it asks, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Mapping

from prefect import task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel

from tahapan import day, details, screens
from tahapan.errors import TahapanError
from tasks.desk import desk_address
from tasks.office import home, now, today


class Asked(BaseModel):
    """One field of the form: its title, how to fill it in, what stands in it."""

    id: str
    title: str
    hint: str
    text: str


class Form(BaseModel):
    """What is asked of a duty, of whom, and what to read above it; ``closed`` says why nothing is asked."""

    bacaan: str
    fields: list[Asked]
    names: list[str]
    closed: str = ""
    why: str = ""  # the last answers were not taken

    def again(self, texts: Mapping[str, str], why: str) -> Form:
        """The same form with what was typed, and above it the reason why that was not taken."""
        fields = [field.model_copy(update={"text": texts.get(field.id, "")}) for field in self.fields]
        return self.model_copy(update={"fields": fields, "why": why})


@task(name="Siapkan formulir", task_run_name="Siapkan formulir", cache_policy=NO_CACHE)
def prepare(butir: str) -> Form:
    """The form of the duty as it stands; a duty that is not known or cannot be filled in says so."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    try:
        duty = plan.duty(butir.strip())
        form = details.ask(office, plan, duty)
    except TahapanError as error:
        return Form(bacaan="", fields=[], names=[], closed=str(error))
    return Form(
        bacaan=screens.details_form(office, plan, duty, on, desk_address()),
        fields=[
            Asked(id=each.id, title=each.field.label + ("" if each.field.wajib else " (boleh kosong)"), hint=each.say, text=each.text)
            for each in form
        ],
        names=sorted({who.nama for group in ("staf", "anggota") for who in plan.office.people(group, on)}),
    )  # fmt: skip


@task(name="Simpan rincian", task_run_name="Simpan rincian", cache_policy=NO_CACHE)
def record(butir: str, texts: dict[str, str], oleh: str) -> str:
    """Keep the answers and renew the draft; why not, in Markdown, when they cannot be taken."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    try:
        day.fill_in(office, plan, plan.duty(butir.strip()), texts, oleh, on, now(office, plan, on))
    except TahapanError as error:
        return "\n".join(["**Belum diterima:**", "", *(f"- {problem.in_a_form}" for problem in error.problems)])
    return ""


@task(name="Keadaan butir", task_run_name="Keadaan butir", cache_policy=NO_CACHE)
def outcome(butir: str) -> str:
    """Where the duty stands now, in words."""
    office, on = home(), today(home())
    plan = office.plan(office.election)
    [now_] = day.standings(office, plan, on, (plan.duty(butir.strip()),))
    missing = f"masih ditunggu: {'; '.join(now_.missing)}" if now_.missing else "lengkap"
    return f"{now_.duty.item.title}: rincian {missing}; {now_.state}"


def title_of(butir: str) -> str:
    """The duty's title, for the name of its run; what was typed when there is no such duty."""
    office = home()
    try:
        return office.plan(office.election).duty(butir.strip()).item.title
    except TahapanError:
        return butir
