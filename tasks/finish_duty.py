"""A duty to be finished: its evidence taken in, or what is missing."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel

from tahapan.field import inbox
from tasks.desk import desk_address
from tasks.office import home, now, today


class Attempt(BaseModel):
    """Whether the duty is finished; what to tell, as Markdown where it is not."""

    finished: bool
    said: str


@task(name="Tandai selesai", task_run_name="Tandai {butir} selesai", cache_policy=NO_CACHE)
def try_to_finish(butir: str, oleh: str, catatan: str) -> Attempt:
    """Take in what lies in the folder for it and tick it; or say what it lacks and where to put that."""
    office, day = home(), today(home())
    plan = office.plan(office.election)
    duty = plan.duty(butir)
    done = inbox.finish(office, plan, duty, oleh, day, now(office, plan, day), catatan)
    if done.finished:
        return Attempt(finished=True, said="; ".join(done.said))
    desk, folder = f"[meja surat]({desk_address()}/butir/{duty.short_key})", inbox.inbox(office)
    lines = [
        f"**{duty.item.title}** belum dapat ditandai selesai:",
        "",
        *(f"- {each}" for each in done.said),
        "",
        f"Unggah buktinya di {desk}, atau taruh berkasnya di folder `{folder}` dengan nama yang diawali `{duty.short_key}`.",
    ]
    return Attempt(finished=False, said="\n".join(lines))


def title_of(butir: str) -> str:
    """The duty's title, for the name of its run."""
    office = home()
    return office.plan(office.election).duty(butir).item.title
