"""The registration days as people meet them: a phone at KPU's door, the form of the Prefect UI, the screen that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deployments.prefect_server import free_port
from tahapan.home import Home
from tahapan.nomination import arrivals
from tests.flow.conftest import keep

pytestmark = pytest.mark.flow
WHO = "Nama Staf Pencegahan (contoh)"
PHONE = {"viewport": {"width": 390, "height": 844}}


class Door(NamedTuple):
    """A demo that stands at 28 August 2024."""

    home: Home
    desk: str
    api: Any


@pytest.fixture(scope="module")
def door(launch, left, api, tmp_path_factory) -> Iterator[Door]:
    root, port, desk_port = tmp_path_factory.mktemp("pendaftaran") / "rumah", free_port(), free_port()
    program = launch("demo", "--on", "2024-08-28", "--port", port, "--desk-port", desk_port, home=root)
    program.wait_for("Ctrl+C untuk berhenti")
    yield Door(Home(Path(root)), f"http://127.0.0.1:{desk_port}", api(port))
    assert program.interrupt() == 0, program.said
    assert left(root) == []


def test_an_arrival_on_a_phone_is_late_on_the_28th_and_in_time_on_the_29th(door: Door, browser: Any):
    """Entered at 16.05 on both days; put right with its reason, and nothing wider than the phone."""
    page = browser.new_context(**PHONE).new_page()
    page.goto(f"{door.desk}/pencalonan")
    page.get_by_label("Anda:").select_option(WHO)
    page.get_by_role("button", name="Pilih").click()
    for calon, wakil in (("Fulan A", "Fulanah A"), ("Fulan B", "Fulanah B")):
        if not page.locator("#calon").is_visible():
            page.get_by_text("Catat pasangan baru").click()
        page.get_by_label("Nama calon bupati").fill(calon)
        page.get_by_label("Nama calon wakil bupati").fill(wakil)
        page.get_by_role("button", name="Catat pasangan").click()
        page.get_by_text(f"{calon} dan {wakil} dicatat.").wait_for()

    def arrive(pair: str, hour: str) -> None:
        page.locator("#pasangan").select_option(pair)
        page.get_by_label("Jam datang").fill(hour)
        page.get_by_label("Siapa yang datang").fill("Rombongan partai pengusung")
        page.get_by_role("button", name="Catat", exact=True).click()

    arrive("fulan-a-fulanah-a", "16:05")
    page.get_by_text("pukul 16.05: terlambat (tutup 16.00).").wait_for()
    keep(page, "pendaftaran")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    arrive("fulan-a-fulanah-a", "16:05")  # pressed twice
    assert [each.id for each in arrivals.log(door.home, door.home.plan("pilkada-2024"))] == ["001"]

    page.get_by_role("link", name="28 Agustus 2024, 16.05").click()
    page.get_by_label("Jam datang").fill("15:05")
    page.get_by_role("button", name="Betulkan").click()
    page.get_by_text("Tulis mengapa dibetulkan").wait_for()
    page.get_by_label("Mengapa dibetulkan").fill("salah ketik")
    page.get_by_role("button", name="Betulkan").click()
    page.get_by_text("Catatan 001 dibetulkan.").wait_for()

    door.home.set_day(dt.date(2024, 8, 29))
    page.goto(f"{door.desk}/pencalonan")
    arrive("fulan-b-fulanah-b", "16:05")
    page.get_by_text("pukul 16.05: tepat waktu.").wait_for()
    page.get_by_role("button", name="Isi LHP 29 Agustus 2024").click()
    page.get_by_text("1 kedatangan ditulis ke laporan.").wait_for()

    page.goto(f"{door.desk}/pencalonan/berkas/fulan-b-fulanah-b")
    page.locator("#berkas").select_option("ijazah/calon")
    page.locator("#keadaan").select_option("tidak sah")
    page.get_by_role("button", name="Catat", exact=True).click()
    page.get_by_text("Tulis apa yang kurang").wait_for()
    page.get_by_label("Catatan").fill("belum dilegalisasi")
    page.get_by_role("button", name="Catat", exact=True).click()
    page.get_by_text("dilegalisasi: tidak sah.").wait_for()
    keep(page, "berkas-calon", whole=True)


def test_the_form_of_the_prefect_ui_asks_again_for_a_missing_hour(door: Door):
    """A new pair is written with both names; the screen of the nomination shows it after the next run of the stage."""
    deployment = door.api.get("/deployments/name/Catat%20kedatangan/Catat%20kedatangan")["id"]
    run = door.api.post(f"/deployments/{deployment}/create_flow_run")["id"]
    day = door.home.gladi.day.isoformat() if door.home.gladi else ""

    def asked(turn: int) -> Any:
        state = door.api.get(f"/flow_runs/{run}")["state"]
        return state["type"] == "PAUSED" and (state["state_details"]["pause_key"] or "").startswith(
            f"kedatangan-{turn}"
        )

    def answer(turn: int, **said: str) -> None:
        door.api.until(lambda: asked(turn), 90, door.api.begun)
        given = {"pasangan": "(pilih)", "calon": "Fulan C", "wakil": "Fulanah C", "hari": day, "jam": "", "siapa": "", "hasil": "diterima", "sebab": "", "oleh": WHO, **said}  # fmt: skip

        def taken() -> bool:
            told = door.api.post(f"/flow_runs/{run}/resume", run_input=given)
            return told["status"] == "ACCEPT" or "not paused" in str(told["details"])

        door.api.until(taken, 30)

    answer(1)
    answer(2, jam="13.30")
    door.api.until(lambda: door.api.get(f"/flow_runs/{run}")["state"]["type"] == "COMPLETED", 90, door.api.begun)
    rows = arrivals.log(door.home, door.home.plan("pilkada-2024"))
    assert any(each.pair.isi.nama == "Fulan C dan Fulanah C" and each.isi.jam == "13:30" for each in rows)

    stage = door.api.get("/deployments/name/Pencalonan/Pendaftaran%20paslon")["id"]
    again = door.api.post(f"/deployments/{stage}/create_flow_run")["id"]
    door.api.until(lambda: door.api.get(f"/flow_runs/{again}")["state"]["type"] in ("COMPLETED", "FAILED"), 120)
    shown = door.api.artifact("pencalonan-pilkada-2024")["data"]
    assert "Fulan C dan Fulanah C" in shown and "Kedatangan hari ini" in shown
