"""*Selesaikan butir* through the real Prefect: chosen from a list, waits for its evidence, killed, ticked once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from deployments.prefect_server import free_port
from tahapan import ticking
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal

pytestmark = pytest.mark.flow
NAME = "Selesaikan%20butir"


def test_a_duty_without_evidence_waits_for_it_and_is_ticked_once(launch, api, working_office, tmp_path_factory):
    """Suspended with what is missing, asked again under a new key, resumed after a kill of the runner, finished."""
    home = working_office(tmp_path_factory.mktemp("butir") / "kantor")
    port = free_port()

    def start() -> object:
        program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root)
        program.wait_for("Ctrl+C untuk berhenti")
        return program

    program = start()
    server = api(port, home.root)
    deployment = server.until(lambda: server.get(f"/deployments/name/{NAME}/{NAME}"))
    offered = {name: field.get("enum") for name, field in deployment["parameter_openapi_schema"]["properties"].items()}
    assert "V1.pengantar-1 – Pengantar laporan 1" in offered["butir"]

    parameters = {"butir": "V1.pengantar-1 – Pengantar laporan 1", "oleh": offered["oleh"][0]}
    run = server.post(f"/deployments/{deployment['id']}/create_flow_run", parameters=parameters)["id"]
    state = _until(server, run, lambda state: state["state_details"]["pause_key"] == "bukti-1")
    key = state["state_details"]["run_input_keyset"]["description"]
    form = server.until(lambda: server.get(f"/flow_runs/{run}/input/{key}"))
    assert "perlu bukti: tanda terima" in form and "/butir/V1.pengantar-1" in form

    _resume(server, run)
    _until(server, run, lambda state: state["state_details"]["pause_key"] == "bukti-2")
    program.kill()
    time.sleep(1)
    program = start()
    (home.root / "masuk" / "V1.pengantar-1 tanda terima.pdf").write_bytes(b"%PDF-1.7 tanda terima")
    _resume(server, run)
    state = _until(server, run, lambda state: state["type"] == "COMPLETED")
    os.kill(program.process.pid, signal.SIGTERM)

    assert state["message"] == "Selesai dengan 1 berkas bukti"
    plan = home.plan("uji")
    assert ticking.roll(home, plan, plan.duty("V1.pengantar-1")).finished
    with reading(home.engine) as connection:
        count = sa.select(sa.func.count()).where(jurnal.c.what == "butir selesai")
        assert connection.execute(count).scalar() == 1
    home.engine.dispose()


def _until(server, run: str, fact: Callable[[dict], bool]) -> dict:
    """The state of a run, once it is the one that is waited for."""
    last: list[dict] = []

    def reached() -> dict | None:
        last[:] = [server.get(f"/flow_runs/{run}")["state"]]
        return last[0] if fact(last[0]) else None

    return server.until(reached, told=lambda: last)


def _resume(server, run: str) -> None:
    """As *Submit* in the form; in its first moments a suspended run cannot be resumed yet."""
    answer = {"tindakan": "periksa lagi"}
    server.until(lambda: server.post(f"/flow_runs/{run}/resume", run_input=answer)["status"] == "ACCEPT", 30)
