"""Finish a duty: with its evidence, or after somebody has put there what is missing."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from tasks.finish_duty import Attempt, title_of, try_to_finish
from tasks.forms import id_of

Butir = Annotated[str, Field(json_schema_extra={"title": "Butir"})]
Oleh = Annotated[str, Field(json_schema_extra={"title": "Ditandai oleh"})]
Catatan = Annotated[str, Field(json_schema_extra={"title": "Catatan"})]


class Again(RunInput):
    """What to do about a duty that lacks something."""

    tindakan: Literal["periksa lagi", "hentikan"] = Field(default="periksa lagi", title="Sesudah buktinya ada")


def finish_name() -> str:
    """``Selesaikan - Rakor stakeholder pengawasan DPS``."""
    return f"Selesaikan - {title_of(id_of(str(flow_run.parameters['butir'])))}"


@flow(name="Selesaikan butir", flow_run_name=finish_name)
def finish_duty(butir: Butir, oleh: Oleh, catatan: Catatan = "") -> State[None]:
    """Tandai butir selesai dengan buktinya; bila ada yang kurang, tunggu sampai dilengkapi. Aman dijalankan ulang.

    Args:
        butir: Butir daftar periksa, seperti V12.rakor-stakeholder.
        oleh: Siapa yang menandai selesai.
        catatan: Catatan untuk jurnal; boleh kosong.
    """
    for n in count(1):
        done = try_to_finish(id_of(butir), oleh, catatan)
        if done.finished:
            return Completed(message=done.said)
        # Resumed, the body runs again from its first line: forms already answered are passed by under their keys.
        said = suspend_flow_run(wait_for_input=_form(done), key=f"bukti-{n}", timeout=None)
        if said.tindakan == "hentikan":
            return Completed(name="Dihentikan", message="Belum selesai: dihentikan")
    raise AssertionError("count() never ends")


def _form(done: Attempt) -> type[Again]:
    return Again.with_initial_data(description=done.said)
