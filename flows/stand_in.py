"""Somebody stands in for a holder for some days: a form, no file."""

from __future__ import annotations

from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.states import Completed
from pydantic import Field, create_model

from tasks.stand_in import Choices, appoint, choices

CHOOSE = "(pilih)"
READ_FIRST = "Selama hari-hari itu hanya pengganti yang memaraf atau menandatangani untuk jabatan itu."


class Appointment(RunInput):
    """Days are text: what is no day is asked again, never a failed run."""

    peran: str = Field(title="Jabatan yang diganti")
    nama: str = Field(default="", title="Nama pengganti, lengkap dengan gelar")
    nip: str = Field(default="", title="NIP pengganti (boleh kosong)")
    sebagai: Literal["Plh.", "Plt.", "Pjs."] = Field(default="Plh.", title="Sebagai")
    sejak: str = Field(default="", title="Sejak (2024-08-21 atau 21 Agustus 2024)")
    sampai: str = Field(default="", title="Sampai (hari terakhir, ikut)")
    oleh: str = Field(title="Ditetapkan oleh")


@flow(name="Tetapkan pejabat pengganti", flow_run_name="Pejabat pengganti")
def stand_in() -> State[None]:
    """Tetapkan Plh., Plt., atau Pjs. untuk beberapa hari, dalam formulir. Aman dijalankan ulang."""
    offered, above, turn = choices(), READ_FIRST, 1
    while True:
        # Resumed, the body runs again from its first line: each turn finds its answer under its key.
        said = suspend_flow_run(wait_for_input=form(offered, above), key=f"pengganti-{turn}", timeout=None)
        role = offered.roles.get(said.peran, "")
        taken, above = appoint(
            role, said.nama, said.nip, said.sebagai, said.sejak, said.sampai, "" if said.oleh == CHOOSE else said.oleh
        )
        if taken:
            return Completed(message=above)
        turn += 1


def form(offered: Choices, above: str) -> type[Appointment]:
    """What can be chosen is offered."""
    roles: Any = Literal[(CHOOSE, *offered.roles)]  # pyright: ignore[reportInvalidTypeForm]
    people: Any = Literal[(CHOOSE, *offered.people)]  # pyright: ignore[reportInvalidTypeForm]
    fields = Appointment.model_fields
    asked: dict[str, Any] = {
        "peran": (roles, Field(title=fields["peran"].title)), "oleh": (people, Field(title=fields["oleh"].title)),
    }  # fmt: skip
    return create_model("Appointment", __base__=Appointment, **asked).with_initial_data(description=above)
