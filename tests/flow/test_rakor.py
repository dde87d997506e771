"""A meeting as people meet it: planned in the Prefect UI, its days stand there, its invitation leaves by mail; the showpiece."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deployments.prefect_server import free_port
from tahapan import evidence, issue
from tahapan.home import Home
from tahapan.post import outbox
from tahapan.rakor import prepare
from tests.flow.conftest import keep

pytestmark = pytest.mark.flow
WHO, CHAIR = "Nama Staf Pencegahan (contoh)", "Nama Ketua (contoh)"


def test_a_meeting_is_planned_in_the_prefect_ui_and_its_invitation_leaves_by_mail(
    launch, left, api, working_office: Callable[..., Home], tmp_path: Path, relay: Any, inbox: Any
):
    """The form asks again for what is missing; the days of the meeting move with it; each mailbox gets one message."""
    home = working_office(tmp_path / "rumah")
    (home.kantor / "kirim.toml").write_text("ulangi_menit = [5]\njeda_detik = 0.0\n", "utf-8")
    today = dt.datetime.now(ZoneInfo("Asia/Jakarta")).date()
    kalender = home.plan("uji").kalender
    held = kalender.shift(today + dt.timedelta(days=9), "sesudah")
    port = free_port()
    post = {"TAHAPAN_POST": "hidup", "TAHAPAN_SMTP_HOST": relay.host, "TAHAPAN_SMTP_PORT": str(relay.port)}
    post |= {"TAHAPAN_SMTP_KEAMANAN": "tanpa", "TAHAPAN_SMTP_DARI": relay.sender}
    program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root, **post)
    program.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)
    deployment = server.until(lambda: server.get("/deployments/name/Siapkan%20rapat/Siapkan%20rapat"))["id"]
    run = server.post(f"/deployments/{deployment}/create_flow_run")["id"]

    def answer(turn: int, **said: str) -> None:
        given = {
            "butir": "(rapat lain)", "tahapan": "V1 – Daftar pemilih uji", "nama": "Rapat Koordinasi Uji", "hari": "",
            "mulai": "09.00", "selesai": "12.00", "tempat": "Aula", "tujuan": "menyamakan langkah", "acara": "09.00 | Pembukaan | Ketua; 09.30 | Diskusi", "undangan": "kpu, perangkat-daerah",
            "kecuali": "sekda", "alasan": "", "oleh": WHO, **said,
        }  # fmt: skip

        server.answer(run, f"rapat-{turn}", given)

    answer(1)
    answer(2, hari=held.isoformat())
    server.until(lambda: server.get(f"/flow_runs/{run}")["state"]["type"] == "COMPLETED", 90, server.begun)
    plan = home.plan("uji")
    meeting = prepare.one(home, plan, "RK001")
    assert meeting.hari == held and len(meeting.invited(plan.office.directory)) == 5

    def days() -> set[str]:
        return {each["name"] for each in server.runs("SCHEDULED") if each["name"].startswith("Rapat ")}

    name = plan.election.stage("RK001").day_name(held)
    server.until(lambda: name in days(), 60, server.begun)
    now = dt.datetime.now(ZoneInfo("Asia/Jakarta"))
    later = kalender.shift(held + dt.timedelta(days=1), "sesudah")
    prepare.move(home, plan, "RK001", {"hari": later}, "ruangan dipakai", WHO, today, now)
    moved = home.plan("uji").election.stage("RK001").day_name(later)
    server.until(lambda: moved in days() and name not in days(), 60, server.begun)

    plan = home.plan("uji")
    row = issue.approve(home, plan, "uji.RK001.undangan.1", plan.duty("RK001.undangan").letter_on, CHAIR, now)
    evidence.sign(home, plan, row.id, home.surat / row.pdf, WHO, today, now)
    prepare.tell(home, plan, "RK001", WHO, row.tanggal, now)
    server.until(lambda: len(inbox.taken) >= 6, 90, server.begun)
    sent = {copy.keadaan for copy in outbox.copies(home, plan, row.id)}
    server.until(
        lambda: {copy.keadaan for copy in outbox.copies(home, plan, row.id)} == {"terkirim"}, 30, lambda: str(sent)
    )
    assert len(inbox.to) == len(set(inbox.to)) == 6 and "surat@kpu.example" in inbox.to
    assert program.interrupt() == 0, program.said
    assert left(home.root) == []


def test_the_demo_plays_the_meeting_of_21_august(launch, left, api, browser: Any, tmp_path: Path):
    """On the day after it: everyone told twice by mail, once on paper; the pages of the meeting and of its invitation."""
    port, desk = free_port(), free_port()
    program = launch("demo", "--rakor", "--port", port, "--desk-port", desk, home=tmp_path / "rumah")
    program.wait_for("Ctrl+C untuk berhenti", 240)
    assert program.said.count("surel: 55 terkirim") == 2
    server = api(port)
    shown = server.artifact("rapat-pilkada-2024-rk001")["data"]
    assert "Resto Tanjung Pati" in shown and "| Camat | 13 | 11 | 11 |" in shown and "Peserta 1" not in shown
    page = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    page.goto(f"http://127.0.0.1:{desk}/rapat/RK001")
    page.get_by_text("Kehadiran: 51 orang").wait_for()
    keep(page, "rapat", whole=True)
    page.goto(f"http://127.0.0.1:{desk}/kirim/pilkada-2024.RK001.undangan.1")
    page.get_by_text("59 dari 59").wait_for()
    keep(page, "kirim")
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    for path in ("/rapat", "/rapat/RK001", "/kirim", "/kirim/pilkada-2024.RK001.undangan.1"):
        phone.goto(f"http://127.0.0.1:{desk}{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert program.interrupt() == 0, program.said
    assert left(tmp_path / "rumah") == []
