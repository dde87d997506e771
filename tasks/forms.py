"""Where the Prefect UI asks for something."""

from __future__ import annotations

from contextlib import suppress

import httpx
from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound

from tahapan.home import Home
from tasks.desk import prefect_address

BEHIND_ID = " – "  # between id and title, as forms offer them
FILLING = "Lengkapi rincian/Lengkapi rincian"  # flow and deployment


def id_of(chosen: str) -> str:
    """The id of what was chosen from ``id – title``."""
    return chosen.partition(BEHIND_ID)[0].strip()


def form_address(office: Home) -> str:
    """Where *Lengkapi rincian* is started; "" in a rehearsal, while it is not registered, or when no server answers."""
    ui = prefect_address()
    if office.gladi or not ui:
        return ""
    with suppress(httpx.HTTPError, ObjectNotFound), get_client(sync_client=True) as client:
        return f"{ui}/deployments/deployment/{client.read_deployment_by_name(FILLING).id}/run"
    return ""
