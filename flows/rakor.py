"""A coordination meeting: one day of its preparation, its holding, its follow-up; and the form that plans one."""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.states import Completed
from pydantic import Field, create_model

from flows.stage_day import Day, run_stage_day, stage_day_name, wanted_day
from tasks.forms import id_of
from tasks.rakor import Choices, choices, plan_meeting, show_meeting

CHOOSE = "(pilih)"
OTHER = "(rapat lain)"
READ_FIRST = (
    "Pilih butir daftar periksa bila rapat ini mengerjakannya: yang tidak diisi diambil dari sana. "
    "Kelompok undangan dipisah koma: {groups}. Setelah disimpan, undangan dan surat-surat lainnya disiapkan sendiri."
)


@flow(name="Rapat koordinasi", flow_run_name=stage_day_name)
def meeting_day(election: str, stage: str, on: Day = "") -> State[None]:
    """Kerjakan satu hari sebuah rapat: nota dinas, undangan, ralat, daftar hadir, notulen, siaran pers, laporan. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        stage: Id rapat, seperti RK001.
        on: Hari, seperti 2024-08-21; kosongkan untuk hari ini.
    """
    state = run_stage_day(election, stage, on)
    show_meeting(election, stage, wanted_day(on))
    return state


class Asked(RunInput):
    """Days and hours are text: what is none is asked again, never a failed run."""

    butir: str = Field(title="Butir daftar periksa")
    tahapan: str = Field(title="Tahapan yang dibicarakan (bila rapat lain)")
    nama: str = Field(default="", title="Nama rapat")
    hari: str = Field(default="", title="Hari, seperti 21 Agustus 2024")
    mulai: str = Field(default="", title="Jam mulai, seperti 09.00")
    selesai: str = Field(default="", title="Jam selesai, seperti 12.30")
    tempat: str = Field(default="", title="Tempat")
    tujuan: str = Field(default="", title='Tujuan (sesudah kata "untuk")')
    acara: str = Field(default="", title="Susunan acara: pukul | kegiatan | pengisi, dipisah titik koma")
    undangan: str = Field(default="", title="Kelompok atau penerima yang diundang")
    kecuali: str = Field(default="", title="Kecuali")
    alasan: str = Field(default="", title="Alasan, bila hari libur atau besok")
    oleh: str = Field(title="Disiapkan oleh")


@flow(name="Siapkan rapat", flow_run_name="Siapkan rapat")
def new_meeting() -> State[None]:
    """Siapkan rapat koordinasi dalam formulir; surat-suratnya menyusul sendiri. Aman dijalankan ulang."""
    offered = choices()
    above = READ_FIRST.format(groups=", ".join(offered.groups))
    for turn in count(1):
        # Resumed, the body runs again from its first line: each turn finds its answer under its key.
        said = suspend_flow_run(wait_for_input=_form(offered, above), key=f"rapat-{turn}", timeout=None)
        butir, stage = _id(said.butir), _id(said.tahapan)
        typed = said.model_dump(
            include={"nama", "hari", "mulai", "selesai", "tempat", "tujuan", "acara", "undangan", "kecuali", "alasan"}
        )
        taken, above = plan_meeting(butir, typed | {"tahapan": "" if butir else stage}, _id(said.oleh))
        if taken:
            return Completed(message=above)
    raise AssertionError("count() never ends")


def _id(chosen: str) -> str:
    return "" if chosen in (CHOOSE, OTHER) else id_of(chosen)


def _form(offered: Choices, above: str) -> type[Asked]:
    """What can be chosen is offered."""
    titles = {name: field.title for name, field in Asked.model_fields.items()}
    asked: dict[str, Any] = {
        name: (Literal[(first, *known)], Field(default=first, title=titles[name]))  # pyright: ignore[reportInvalidTypeForm]
        for name, first, known in (
            ("butir", OTHER, offered.duties), ("tahapan", CHOOSE, offered.stages), ("oleh", CHOOSE, offered.people),
        )
    }  # fmt: skip
    return create_model("Asked", __base__=Asked, **asked).with_initial_data(description=above)
