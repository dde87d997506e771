"""Somebody comes to register: a form for who and when."""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.states import Completed
from pydantic import Field, create_model

from tasks.nomination import Choices, choices, write_down

CHOOSE = "(pilih)"
READ_FIRST = (
    "Terlambat atau tepat waktu dihitung dari jam tutup hari itu. Pasangan yang belum ada ditulis kedua namanya."
)


class Arrived(RunInput):
    """Hours are text: what is no hour is asked again, never a failed run."""

    pasangan: str = Field(title="Bakal pasangan calon")
    calon: str = Field(default="", title="Bila belum ada: nama calon bupati")
    wakil: str = Field(default="", title="Bila belum ada: nama calon wakil bupati")
    hari: str = Field(title="Hari")
    jam: str = Field(default="", title="Jam datang, seperti 11.25")
    siapa: str = Field(default="", title="Siapa yang datang")
    hasil: Literal["diterima", "dikembalikan"] = Field(default="diterima", title="Dokumen")
    sebab: str = Field(default="", title="Sebab dikembalikan")
    oleh: str = Field(title="Dicatat oleh")


@flow(name="Catat kedatangan", flow_run_name="Catat kedatangan")
def note_arrival() -> State[None]:
    """Catat siapa yang datang mendaftar dan jam berapa, dalam formulir. Aman dijalankan ulang."""
    offered, above = choices(), READ_FIRST
    for turn in count(1):
        # Resumed, the body runs again from its first line: each turn finds its answer under its key.
        said = suspend_flow_run(wait_for_input=_form(offered, above), key=f"kedatangan-{turn}", timeout=None)
        typed = {"pasangan": offered.pairs.get(said.pasangan, ""), "hari": said.hari, "jam": said.jam}
        typed |= {"siapa": said.siapa, "hasil": said.hasil, "sebab": said.sebab}
        taken, above = write_down(said.calon, said.wakil, typed, "" if said.oleh == CHOOSE else said.oleh)
        if taken:
            return Completed(message=above)
    raise AssertionError("count() never ends")


def _form(offered: Choices, above: str) -> type[Arrived]:
    """What can be chosen is offered."""
    pairs: Any = Literal[(CHOOSE, *offered.pairs)]  # pyright: ignore[reportInvalidTypeForm]
    days: Any = Literal[tuple(offered.days)]  # pyright: ignore[reportInvalidTypeForm]
    people: Any = Literal[(CHOOSE, *offered.people)]  # pyright: ignore[reportInvalidTypeForm]
    titles = {name: field.title for name, field in Arrived.model_fields.items()}
    asked: dict[str, Any] = {
        "pasangan": (pairs, Field(default=CHOOSE, title=titles["pasangan"])), "hari": (days, Field(title=titles["hari"])),
        "oleh": (people, Field(default=CHOOSE, title=titles["oleh"])),
    }  # fmt: skip
    return create_model("Arrived", __base__=Arrived, **asked).with_initial_data(description=above)
