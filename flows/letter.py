"""A letter and its approvers: each is asked in turn, and whoever answers first, wherever, has answered."""

from __future__ import annotations

from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field, create_model

from tasks.letter import Question, ask, outcome, record, subject_of

CHOOSE = "(pilih)"


class Decision(RunInput):
    """Choices have a neutral value: what is missing or wrong is asked again, never a failed run."""

    keputusan: Literal["(pilih)", "setuju", "revisi", "tolak"] = Field(title="Keputusan")
    nama: str = Field(title="Nama")
    catatan: str = Field(default="", title="Catatan (wajib bila revisi atau tolak)")
    kode: str = Field(default="", title="Kode enam angka (bila terdaftar)")


def approval_name() -> str:
    """``Persetujuan - Permintaan Data Kematian``."""
    return f"Persetujuan - {subject_of(str(flow_run.parameters['surat']))}"


@flow(name="Persetujuan surat", flow_run_name=approval_name)
def approval(surat: str) -> State[None]:
    """Minta keputusan setiap pejabat pada rantai persetujuan surat; yang terakhir memberi nomor. Aman dijalankan ulang.

    Args:
        surat: Id surat, seperti pilkada-2024.V12.rakor-stakeholder.1.
    """
    while question := ask(surat):
        # Resumed, the body runs again from its first line: the same question finds the same answer under its key.
        said = suspend_flow_run(wait_for_input=form(question), key=question.attempt, timeout=None)
        record(surat, question, said.keputusan, said.nama, said.catatan, said.kode)
    return Completed(message=outcome(surat))


def form(question: Question) -> type[Decision]:
    """The form of one question: only who may answer it can be chosen."""
    names: Any = Literal[(CHOOSE, question.nama)] if question.nama else Literal[CHOOSE]  # pyright: ignore[reportInvalidTypeForm]
    whose: Any = (names, Field(title=f"Nama {question.jabatan}"))
    made = create_model("Decision", __base__=Decision, nama=whose)
    return made.with_initial_data(description=question.bacaan)
