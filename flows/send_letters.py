"""Send what waits in the outbox."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.post import send_mail


@flow(name="Kirim surat", flow_run_name="Kirim surat")
def send_letters() -> State[None]:
    """Kirim surel yang menunggu; yang gagal dan tidak pasti menunggu orang di meja surat. Aman dijalankan ulang."""
    said, good = send_mail()
    return Completed(message=said) if good else Failed(message=said)
