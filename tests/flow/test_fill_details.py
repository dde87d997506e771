"""*Lengkapi rincian* through the real Prefect: the form of the UI, wrong answers asked again, what stands there kept."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest

from deployments.prefect_server import free_port
from tahapan import details

pytestmark = pytest.mark.flow
NAME = "Lengkapi%20rincian"
DUTY = "V1.rincian"
STAFF = "Nama Staf Pencegahan (contoh)"
CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def once_there(ask: Callable[[], Any], seconds: float = 90) -> Any:
    """What the server answers, once it is there and not busy."""
    end = time.monotonic() + seconds
    while True:
        try:
            if found := ask():
                return found
        except HTTPError:
            pass
        assert time.monotonic() < end
        time.sleep(0.3)


def form(page: Any, address: str) -> Any:
    """The form of a suspended run, as *Resume* shows it."""
    page.goto(address)
    page.get_by_role("button", name="Resume").first.click()
    shown = page.locator(".p-modal")
    shown.get_by_text("Diisi oleh").wait_for()
    return shown


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_letter_gets_its_details_from_the_form_of_the_ui(launch, api, working_office, tmp_path):
    """A wrong answer comes back with its reason and all that was typed; what was not touched stays as it was."""
    from playwright.sync_api import sync_playwright

    home = working_office(tmp_path / "rumah")
    port = free_port()
    program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root)
    program.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)
    deployment = once_there(lambda: server.get(f"/deployments/name/{NAME}/{NAME}"))
    run = server.post(f"/deployments/{deployment['id']}/create_flow_run", parameters={"butir": DUTY})["id"]

    def asks(turn: int) -> Any:
        state = server.get(f"/flow_runs/{run}")["state"]
        assert state["type"] not in ("FAILED", "CRASHED"), state
        if state["state_details"]["pause_key"] != f"rincian-{turn}" or state["type"] != "PAUSED":
            return None
        return server.get(f"/flow_runs/{run}/input/{state['state_details']['run_input_keyset']['description']}")

    with sync_playwright() as browsers:
        chromium = browsers.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = chromium.new_context(locale="id-ID", viewport={"width": 1280, "height": 1200}).new_page()
        page.goto(server.address)
        page.locator("input").first.fill((home.root / "sandi").read_text("utf-8").strip())
        page.keyboard.press("Enter")
        page.wait_for_url("**/dashboard")

        once_there(lambda: asks(1))
        shown = form(page, f"{server.address}/runs/flow-run/{run}")
        texts = shown.locator("textarea")
        texts.nth(0).fill("Laporan bulanan")
        texts.nth(1).fill("a | b | c | d | e")
        shown.get_by_role("button", name="Submit").click()

        reason = once_there(lambda: asks(2))
        assert "Belum diterima" in reason and "5 kolom, bukan 3" in reason
        shown = form(page, f"{server.address}/runs/flow-run/{run}")
        texts = shown.locator("textarea")
        assert texts.nth(0).input_value() == "Laporan bulanan"  # what was typed
        texts.nth(1).fill("Laporan hasil pengawasan | 1 (satu) berkas")
        shown.get_by_role("button", name="Submit").click()

        reason = once_there(lambda: asks(3))
        assert "belum diisi" in reason and "5 kolom" not in reason  # nobody said who he is; the table is right now
        shown = form(page, f"{server.address}/runs/flow-run/{run}")
        shown.locator(".p-select-button__control").focus()
        page.keyboard.press(" ")
        page.locator("[class*=select-option]").get_by_text(STAFF, exact=True).last.click()
        shown.get_by_role("button", name="Submit").click()
        once_there(lambda: server.get(f"/flow_runs/{run}")["state"]["type"] == "COMPLETED")
        chromium.close()

    plan = home.plan("uji")
    given = details.known(home, plan).of(plan.duty(DUTY).item)
    assert given["pokok"] == "Laporan bulanan"
    assert given["kiriman"][0]["jenis"] == "Laporan hasil pengawasan"
    assert "rincian lengkap" in server.get(f"/flow_runs/{run}")["state"]["message"]
    assert program.interrupt() == 0
    home.engine.dispose()
