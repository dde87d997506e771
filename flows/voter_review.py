"""Findings on the voter list, decided on by a person in a form, a page at a time."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field, create_model

from tasks.voters import Sheet, next_page, record_page, show_findings

CHOOSE, ALL = "(pilih)", "(semua)"
Kecamatan = Annotated[str, Field(max_length=100, json_schema_extra={"title": "Kecamatan"})]
Periksa = Annotated[str, Field(json_schema_extra={"title": "Pemeriksaan"})]


class Decided(RunInput):
    """Under each decision the numbers of the findings it is meant for; empty says nothing of them."""

    benar: str = Field(default="", title="Benar (nomor: bukti)")
    bukan: str = Field(default="", title="Bukan (nomor: alasan)")
    lapangan: str = Field(default="", title="Perlu dicek di lapangan (nomor: apa)")
    tindakan: Literal["lanjut", "berhenti"] = Field(default="lanjut", title="Sesudah halaman ini")


def review_name() -> str:
    """``Periksa temuan - Harau``."""
    return f"Periksa temuan - {flow_run.parameters.get('kecamatan') or 'semua kecamatan'}"


@flow(name="Periksa temuan pemilih", flow_run_name=review_name)
def voter_review(election: str, kecamatan: Kecamatan = "", periksa: Periksa = ALL) -> State[None]:
    """Putuskan usulan pencermatan daftar pemilih, halaman demi halaman, dalam formulir. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        kecamatan: Hanya kecamatan ini; kosongkan untuk semua.
        periksa: Hanya dari pemeriksaan ini.
    """
    only, why = "" if periksa == ALL else periksa, ""
    for turn in count(1):
        page = next_page(election, kecamatan, only, why)
        if not page.bacaan:
            show_findings(election)
            return Completed(message="Tidak ada lagi yang menunggu")
        # Resumed, the body runs again from its first line: forms already answered are passed by under their keys.
        said: Any = suspend_flow_run(wait_for_input=_form(page), key=f"halaman-{turn}", timeout=None)
        texts = {"benar": said.benar, "bukan": said.bukan, "lapangan": said.lapangan}
        why = record_page(election, kecamatan, only, f"{flow_run.id}.{turn}", texts, _who(said.oleh))
        if said.tindakan == "berhenti" and not why:
            show_findings(election)
            return Completed(name="Berhenti dahulu", message="Sisanya tetap menunggu")
    raise AssertionError("count() never ends")


def _form(page: Sheet) -> type[Decided]:
    names: Any = Literal[(CHOOSE, *page.names)]  # pyright: ignore[reportInvalidTypeForm]
    made = create_model("Decided", __base__=Decided, oleh=(names, Field(default=CHOOSE, title="Diperiksa oleh")))
    return made.with_initial_data(description=page.bacaan)


def _who(said: str) -> str:
    return "" if said == CHOOSE else said
