"""The registration days as people meet them: a phone at KPU's door, the form of the Prefect UI, the screen that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deployments.prefect_server import free_port
from tahapan.home import Home
from tahapan.nomination import arrivals
from tahapan.plan import DATA
from tests.flow.conftest import keep

pytestmark = pytest.mark.flow
WHO = "Nama Staf Pencegahan (contoh)"
PHONE = {"viewport": {"width": 390, "height": 844}}
STAGE = """
[[stages]]
id = "N05"
nama = "Pendaftaran pasangan calon uji"
singkat = "Pendaftaran uji"
keluarga = "pencalonan"
mulai = {today}
selesai = {today}
tutup = ["23:59"]
dasar = ["pkpu-8-2024"]
keyakinan = "h"

[[stages]]
id = "N09"
nama = "Perbaikan uji"
keluarga = "pencalonan"
mulai = {today}
selesai = {today}
dasar = ["pkpu-8-2024"]
keyakinan = "h"
"""
DUTY = """
[[duties]]
stage = "N05"
id = "lhp"
title = "LHP pendaftaran"
due = { from = "D", days = 0, jam = "23:59", bila_libur = "tetap" }
pj = "kordiv-pencegahan"
bukti = ["Form A"]
dasar = ["pemilihan"]
"""


def demo(launch: Any, root: Path, day: str) -> tuple[Any, str]:
    """A demo that stands at a day: the program, and where its desk is."""
    desk = free_port()
    program = launch("demo", "--on", day, "--port", free_port(), "--desk-port", desk, home=root)
    program.wait_for("Ctrl+C untuk berhenti")
    return program, f"http://127.0.0.1:{desk}"


def at_the_door(browser: Any, desk: str, pair: tuple[str, str]) -> Any:
    """A phone on which a pair has been written down."""
    page = browser.new_context(**PHONE).new_page()
    page.goto(f"{desk}/pencalonan")
    page.get_by_label("Anda:").select_option(WHO)
    page.get_by_role("button", name="Pilih").click()
    page.locator("#calon").fill(pair[0])
    page.locator("#wakil").fill(pair[1])
    page.get_by_role("button", name="Catat pasangan").click()
    page.get_by_text(f"{pair[0]} dan {pair[1]} dicatat.").wait_for()
    return page


def arrive(page: Any, pair: str, hour: str) -> None:
    form = page.locator("form", has=page.get_by_text("Catat kedatangan"))
    form.locator("[name=pasangan]").select_option(pair)
    form.locator("[name=jam]").fill(hour)
    form.locator("[name=siapa]").fill("Rombongan partai pengusung")
    form.get_by_role("button", name="Catat").click()


def test_at_16_05_on_the_28th_a_pair_is_late(launch, left, browser: Any, tmp_path: Path):
    """On a phone; pressed twice it is one entry; put right only with a reason; nothing is wider than the screen."""
    program, desk = demo(launch, tmp_path / "rumah", "2024-08-28")
    page = at_the_door(browser, desk, ("Fulan A", "Fulanah A"))
    arrive(page, "fulan-a-fulanah-a", "16:05")
    page.get_by_text("pukul 16.05: terlambat (tutup 16.00).").wait_for()
    keep(page, "pendaftaran")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    arrive(page, "fulan-a-fulanah-a", "16:05")
    page.get_by_text("pukul 16.05: terlambat").wait_for()
    home = Home(tmp_path / "rumah")
    assert [each.id for each in arrivals.log(home, home.plan("pilkada-2024"))] == ["001"]

    page.get_by_role("link", name="28 Agustus 2024, 16.05").click()
    page.locator("[name=jam]").fill("15:05")
    page.get_by_role("button", name="Betulkan").click()
    page.get_by_text("Tulis mengapa dibetulkan").wait_for()
    page.locator("[name=alasan]").fill("salah ketik")
    page.get_by_role("button", name="Betulkan").click()
    page.get_by_text("Catatan 001 dibetulkan.").wait_for()
    page.get_by_text("tepat waktu").wait_for()
    assert program.interrupt() == 0, program.said
    assert left(tmp_path / "rumah") == []


def test_at_16_05_on_the_29th_a_pair_is_in_time(launch, left, browser: Any, tmp_path: Path):
    """The last day closes at 23.59; its papers are looked at, and one that is wrong needs its reason."""
    program, desk = demo(launch, tmp_path / "rumah", "2024-08-29")
    page = at_the_door(browser, desk, ("Fulan B", "Fulanah B"))
    arrive(page, "fulan-b-fulanah-b", "16:05")
    page.get_by_text("pukul 16.05: tepat waktu.").wait_for()
    page.goto(f"{desk}/pencalonan/berkas/fulan-b-fulanah-b")
    page.locator("#berkas").select_option("ijazah/calon")
    page.locator("#keadaan").select_option("tidak sah")
    page.get_by_role("button", name="Catat", exact=True).click()
    page.get_by_text("Tulis apa yang kurang").wait_for()
    page.locator("#catatan").fill("belum dilegalisasi")
    page.get_by_role("button", name="Catat", exact=True).click()
    page.get_by_text("dilegalisasi: tidak sah.").wait_for()
    keep(page, "berkas-calon", whole=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert program.interrupt() == 0, program.said
    assert left(tmp_path / "rumah") == []


def test_the_form_of_the_prefect_ui_asks_again_for_a_missing_hour(
    launch, left, api, working_office: Callable[..., Home], tmp_path: Path
):
    """A new pair is written with both names; the screen of the nomination shows it after the next run of the stage."""
    home = working_office(tmp_path / "rumah")
    now = dt.datetime.now(ZoneInfo("Asia/Jakarta"))
    calendar = home.kantor / "elections" / "uji.toml"
    calendar.write_text(calendar.read_text("utf-8") + STAGE.format(today=now.date()), "utf-8")
    duties = home.kantor / "checklists" / "uji" / "uji.toml"
    duties.write_text(duties.read_text("utf-8") + DUTY, "utf-8")
    (home.kantor / "pencalonan").mkdir()
    papers = (DATA / "pencalonan" / "pilkada-2024.toml").read_text("utf-8").replace('"N07"', '"N09"')
    (home.kantor / "pencalonan" / "uji.toml").write_text(papers, "utf-8")
    port = free_port()
    program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root)
    program.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)
    deployment = server.until(lambda: server.get("/deployments/name/Catat%20kedatangan/Catat%20kedatangan"))["id"]
    run = server.post(f"/deployments/{deployment}/create_flow_run")["id"]

    def answer(turn: int, **said: str) -> None:
        given = {
            "pasangan": "(pilih)", "calon": "Fulan C", "wakil": "Fulanah C", "hari": now.date().isoformat(), "jam": "",
            "siapa": "", "hasil": "diterima", "sebab": "", "oleh": WHO, **said,
        }  # fmt: skip

        server.answer(run, f"kedatangan-{turn}", given)

    answer(1)
    answer(2, jam="00.00")
    server.until(lambda: server.get(f"/flow_runs/{run}")["state"]["type"] == "COMPLETED", 90, server.begun)
    [row] = arrivals.log(home, home.plan("uji"))
    assert (row.pair.isi.nama, row.isi.jam, row.late) == ("Fulan C dan Fulanah C", "00:00", False)

    stage = server.get("/deployments/name/Pencalonan/Pendaftaran%20uji")
    slugs = {each["slug"] for each in stage["schedules"]}
    assert "penutupan-1" in slugs or now.strftime("%H:%M") >= "23:59"
    again = server.post(f"/deployments/{stage['id']}/create_flow_run")["id"]
    server.until(
        lambda: server.get(f"/flow_runs/{again}")["state"]["type"] in ("COMPLETED", "FAILED"), 120, server.begun
    )
    shown = server.artifact("pencalonan-uji")["data"]
    assert "Fulan C dan Fulanah C" in shown and "Kedatangan hari ini" in shown
    assert program.interrupt() == 0, program.said
    assert left(home.root) == []
