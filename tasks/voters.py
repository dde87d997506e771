"""Voter lists in the flows: paths and ids go in, counts come out."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from contextlib import suppress
from uuid import UUID

from prefect import task
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel

from tahapan import journal, screens
from tahapan.content import bare_name
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.field.inbox import inbox
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.voters import examine_office, export, lists, review
from tasks.office import home, now, today


class Outcome(BaseModel):
    """What an examination came to, in numbers; nothing while there is no voter list; ``failed`` says why it could not be done."""

    daftar: str = ""
    baru: int = 0
    masih: int = 0
    selesai: int = 0
    failed: str = ""

    @property
    def said(self) -> str:
        if not self.daftar:
            return "Belum ada daftar pemilih untuk dicermati"
        return f"{self.daftar}: {self.baru} usulan baru, {self.masih} masih tercatat, {self.selesai} selesai"


@task(name="Masukkan daftar", task_run_name="Masukkan {berkas}", cache_policy=NO_CACHE)
def take_in(election: str, berkas: str, jenis: str, oleh: str) -> State[str]:
    """A file of ``masuk/`` into the office's lists: its id; the same file again changes nothing."""
    office, on = home(), today(home())
    plan = office.plan(election)
    try:
        if bare_name(berkas) != berkas:
            what = "tulis nama berkasnya saja, tanpa folder."
            raise DataError(Problem("berkas", what, f"Taruh berkasnya di {inbox(office)}."))
        inbox(office).mkdir(exist_ok=True)
        kept, _ = lists.take_in(office, plan, inbox(office) / berkas, jenis, oleh, now(office, plan, on))
    except TahapanError as error:
        return Failed(message=str(error))
    return Completed(message=f"{kept.judul}: {kept.baris} baris, {kept.masalah} masalah", data=kept.id)


@task(name="Cermati", task_run_name="Cermati {daftar}", cache_policy=NO_CACHE)
def examine(election: str, daftar: str, tingkat: str, oleh: str) -> Outcome:
    """Examine a list (the latest for "") against all others of the office, with a bar that shows how far it is."""
    office, on = home(), today(home())
    plan = office.plan(election)
    return _examined(office, plan, daftar or None, tingkat, oleh or journal.MACHINE, on)


@task(name="Cermati daftar yang baru masuk", task_run_name="Cermati daftar yang baru masuk", cache_policy=NO_CACHE)
def examine_new_lists(election: str, stage: str, on: dt.date) -> list[str]:
    """For a stage whose duties report findings: examine what came since the last time; the faults, in words."""
    office = home()
    plan = office.plan(election)
    if not any(duty.item.cermat for duty in plan.duties if duty.stage.id == stage):
        return []
    daftar = examine_office.unexamined(office, plan)
    done = _examined(office, plan, daftar.id, "C", journal.MACHINE, on) if daftar else Outcome()
    return [done.failed] if done.failed else []


def _examined(office: Home, plan: Plan, daftar: str | None, tingkat: str, oleh: str, on: dt.date) -> Outcome:
    if daftar is None and lists.latest(lists.all_kept(office, plan)) is None:
        return Outcome()
    bar = create_progress_artifact(progress=0.0, description="Menyiapkan")
    assert isinstance(bar, UUID)

    def told(percent: int, what: str) -> None:
        update_progress_artifact(bar, progress=float(percent), description=what)

    try:
        done = examine_office.examine_list(
            office, plan, daftar, None, oleh, now(office, plan, on), lowest=tingkat, told=told
        )
    except TahapanError as error:
        return Outcome(failed=str(error))
    return Outcome(daftar=done.daftar.judul, baru=done.new, masih=done.still, selesai=done.settled)


@task(name="Tampilkan temuan", task_run_name="Tampilkan temuan", cache_policy=NO_CACHE)
def show_findings(election: str) -> None:
    """What was found and where it stands, as an artifact under one key, and as a chart; counts only."""
    office = home()
    plan = office.plan(election)
    with suppress(Refused):  # nothing to draw yet
        picture = b64encode(export.chart(office, plan, today(office)).png).decode()
        create_image_artifact(
            image_url=f"data:image/png;base64,{picture}", key=f"grafik-temuan-{election}",
            description="Temuan daftar pemilih per kecamatan",
        )  # fmt: skip
    create_markdown_artifact(
        key=f"temuan-daftar-pemilih-{election}", markdown=screens.findings(office, plan, today(office)),
        description="Temuan daftar pemilih",
    )  # fmt: skip


class Sheet(BaseModel):
    """A page of findings to be decided on: what to read above the form, who may answer; nothing to read when none waits."""

    bacaan: str
    names: list[str]


@task(name="Siapkan halaman", task_run_name="Siapkan halaman", cache_policy=NO_CACHE)
def next_page(election: str, kecamatan: str, periksa: str, why: str) -> Sheet:
    """The findings that wait, with the reason above them when the last answers were not taken."""
    office, on = home(), today(home())
    plan = office.plan(election)
    page = review.page(office, plan, kecamatan, [periksa] if periksa else ())
    names = sorted({who.nama for group in ("staf", "anggota") for who in plan.office.people(group, on)})
    said = screens.review_form(office, plan, on, page, kecamatan) if page.rows else ""
    return Sheet(bacaan=f"{why}\n\n{said}".strip() if said else "", names=names)


@task(name="Catat hasil periksa", task_run_name="Catat hasil periksa", cache_policy=NO_CACHE)
def record_page(election: str, kecamatan: str, periksa: str, attempt: str, texts: dict[str, str], oleh: str) -> str:
    """Take the answers; why not, in Markdown, when they cannot be taken."""
    office, on = home(), today(home())
    plan = office.plan(election)
    page = review.page(office, plan, kecamatan, [periksa] if periksa else ())
    problems = review.answer_page(office, plan, page, attempt, texts, oleh, now(office, plan, on))
    return "\n".join(["**Belum diterima:**", "", *(f"- {each.in_a_form}" for each in problems)]) if problems else ""
