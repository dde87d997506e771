"""A voter list examined: taken in, held against the other lists of the office, shown in numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field

from tasks.voters import examine, show_findings, take_in

NO_KIND = "(pilih)"
Daftar = Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$", json_schema_extra={"title": "Daftar"})]
Berkas = Annotated[str, Field(max_length=200, json_schema_extra={"title": "Berkas di folder masuk"})]
Oleh = Annotated[str, Field(max_length=200, json_schema_extra={"title": "Dijalankan oleh"})]
Jenis = Annotated[str, Field(json_schema_extra={"title": "Jenis berkas"})]
Tingkat = Annotated[Literal["A", "B", "C", "D"], Field(json_schema_extra={"title": "Tingkat terendah"})]


def check_name() -> str:
    """``Cermati - dps.xlsx``."""
    given = flow_run.parameters
    return f"Cermati - {given.get('berkas') or given.get('daftar') or 'daftar terbaru'}"


@flow(name="Cermati daftar pemilih", flow_run_name=check_name)
def voter_check(
    election: str, daftar: Daftar = "", berkas: Berkas = "", jenis: Jenis = NO_KIND, oleh: Oleh = "",
    tingkat: Tingkat = "C",
) -> State[None]:  # fmt: skip
    """Cermati daftar pemilih terhadap data pembanding kantor; hasilnya usulan yang harus diperiksa orang. Aman dijalankan ulang.

    Args:
        election: Pemilihan, seperti pilkada-2024.
        daftar: Id daftar, seperti dps-1; kosongkan untuk yang terbaru.
        berkas: Nama berkas CSV atau XLSX di folder masuk/ yang dimasukkan dahulu; boleh kosong.
        jenis: Jenis berkas itu: dps, dpshp, dpt; atau pembandingnya, seperti meninggal.
        oleh: Siapa yang menjalankan.
        tingkat: Tingkat terendah yang diusulkan; D hanya dugaan.
    """
    if berkas:
        taken = take_in(election, berkas, jenis, oleh, return_state=True)
        if taken.is_failed():
            return Failed(message=taken.message)
    done = examine(election, daftar, tingkat, oleh)
    show_findings(election)
    return Failed(message=done.failed) if done.failed else Completed(message=done.said)
