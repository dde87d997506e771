"""*Lengkapi rincian* through the real Prefect: the form of the UI, wrong answers asked again, what stands there kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deployments.prefect_server import free_port
from tahapan import details

pytestmark = pytest.mark.flow
NAME = "Lengkapi%20rincian"
DUTY = "V1.rincian"
STAFF = "Nama Staf Pencegahan (contoh)"


def wrong(shown: Any) -> None:
    shown.locator("textarea").nth(0).fill("Laporan bulanan")
    shown.locator("textarea").nth(1).fill("a | b | c | d | e")


def right_by_nobody(shown: Any) -> None:
    assert shown.locator("textarea").nth(0).input_value() == "Laporan bulanan"  # what was typed
    shown.locator("textarea").nth(1).fill("Laporan hasil pengawasan | 1 (satu) berkas")


def test_a_letter_gets_its_details_from_the_form_of_the_ui(launch, api, working_office, browser, tmp_path):
    """A wrong answer comes back with its reason and all that was typed; what was not touched stays as it was."""
    home = working_office(tmp_path / "rumah")
    port = free_port()
    program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root)
    program.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)
    deployment = server.until(lambda: server.get(f"/deployments/name/{NAME}/{NAME}"))
    run = server.post(f"/deployments/{deployment['id']}/create_flow_run", parameters={"butir": DUTY})["id"]

    def asks(turn: int) -> Any:
        state = server.get(f"/flow_runs/{run}")["state"]
        assert state["type"] not in ("FAILED", "CRASHED"), state
        if state["state_details"]["pause_key"] != f"rincian-{turn}" or state["type"] != "PAUSED":
            return None
        return server.get(f"/flow_runs/{run}/input/{state['state_details']['run_input_keyset']['description']}")

    page = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 1200}).new_page()
    server.sign_in(page)

    def answer(fill: Callable[[Any], None]) -> None:
        """*Resume*, what the form shows filled in, *Submit*; all of it again while the server is busy."""

        def taken() -> bool:
            page.goto(f"{server.address}/runs/flow-run/{run}")
            page.get_by_role("button", name="Resume").first.click()
            shown = page.locator(".p-modal")
            shown.get_by_text("Diisi oleh").wait_for()
            fill(shown)
            with page.expect_response(lambda answer: answer.url.endswith("/resume")) as said:
                shown.get_by_role("button", name="Submit").click()
            return said.value.ok and said.value.json()["status"] == "ACCEPT"

        server.until(taken)

    def by_a_person(shown: Any) -> None:
        shown.locator(".p-select-button__control").focus()
        page.keyboard.press(" ")
        page.locator("[class*=select-option]").get_by_text(STAFF, exact=True).last.click()

    server.until(lambda: asks(1))
    answer(wrong)
    reason = server.until(lambda: asks(2))
    assert "Belum diterima" in reason and "5 kolom, bukan 3" in reason
    answer(right_by_nobody)
    reason = server.until(lambda: asks(3))
    assert "belum diisi" in reason and "5 kolom" not in reason  # nobody said who he is; the table is right now
    answer(by_a_person)
    server.until(lambda: server.get(f"/flow_runs/{run}")["state"]["type"] == "COMPLETED")

    plan = home.plan("uji")
    given = details.known(home, plan).of(plan.duty(DUTY).item)
    assert given["pokok"] == "Laporan bulanan"
    assert given["kiriman"][0]["jenis"] == "Laporan hasil pengawasan"
    assert "rincian lengkap" in server.get(f"/flow_runs/{run}")["state"]["message"]
    assert program.interrupt() == 0
    home.engine.dispose()
