"""`tahapan demo`: 21 August 2024 in the Prefect UI, and its letters at the desk, in a real browser."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deployments.prefect_server import free_port

pytestmark = pytest.mark.flow
CHECKLIST, BRIEF = "daftar-periksa-pilkada-2024-v12", "pagi-pilkada-2024"


class Demo(NamedTuple):
    """A running demo."""

    program: Any
    home: Path
    port: int
    desk_port: int
    api: Any


@pytest.fixture(scope="module")
def desk_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def once(launch, left, desk_port, tmp_path_factory) -> tuple[Path, Any]:
    """`tahapan demo --once`, ended."""
    home = tmp_path_factory.mktemp("peragaan") / "rumah"
    words = ("demo", "--once", "--port", free_port(), "--desk-port", desk_port)
    # an office's own database, as its environment may name it, is none of a demo's business
    office = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://kantor:x@127.0.0.1:9/prefect"}
    program = launch(*words, home=home, TAHAPAN_DATABASE_URL="postgresql+psycopg://kantor:x@127.0.0.1:9/buku", **office)
    assert program.process.wait(180) == 0, program.said
    assert left(home) == []
    return home, program


@pytest.fixture(scope="module")
def demo(launch, left, api, is_open, once, desk_port) -> Iterator[Demo]:
    """`tahapan demo` in the same folder; ended by Ctrl+C, which leaves no process and no port."""
    home, _ = once
    port = free_port()
    program = launch("demo", "--port", port, "--desk-port", desk_port, home=home)
    program.wait_for("Ctrl+C untuk berhenti")
    yield Demo(program, home, port, desk_port, api(port))
    assert program.interrupt() == 0, program.said
    assert left(home) == []
    assert not is_open(port)
    assert not is_open(desk_port)


def fetch(url: str, method: str = "GET") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_demo_says_what_it_does_in_indonesian(once):
    """Progress while it starts, the days it runs, where the letters are; nothing that frightens."""
    home, program = once

    assert "Menyalakan server Prefect" in program.said
    assert "Rabu, 21 Agustus 2024: Pendaftaran paslon, Pengumuman DPS" in program.said
    assert f"Surat ada di {home / 'surat'}" in program.said
    assert not re.search(r"warning|error|traceback|perhatikan", program.said, re.IGNORECASE)


def test_a_demo_prints_its_addresses(demo: Demo):
    """The server, today's brief, the desk and the folder; the days are not run again."""
    said = demo.program.said

    assert f"UI Prefect     : http://127.0.0.1:{demo.port}\n" in said
    assert f"Meja surat     : http://127.0.0.1:{demo.desk_port}\n" in said
    assert re.search(rf"Ringkasan pagi : http://127\.0\.0\.1:{demo.port}/artifacts/artifact/[0-9a-f-]{{36}}\n", said)
    assert str(demo.home) in said
    assert "Agustus 2024: " not in said


def test_every_run_of_a_demo_has_ended_well_and_has_an_office_name(demo: Demo):
    """Stage days by their names, their task runs by the titles of the duties."""
    runs = demo.api.runs("COMPLETED", "FAILED", "CRASHED", "RUNNING", "PENDING", "SCHEDULED", "CANCELLED")
    tasks = demo.api.post("/task_runs/filter", limit=200)

    assert {run["state"]["type"] for run in runs} == {"COMPLETED"}
    assert {"Pengumuman DPS - H+3 - 21 Agustus 2024", "Pagi - 21 Agustus 2024"} <= {run["name"] for run in runs}
    assert "Rakor stakeholder pengawasan DPS" in {task["name"] for task in tasks}
    assert [task["name"] for task in tasks if re.search(r"-[0-9a-f]{3}$", task["name"])] == []


@pytest.mark.parametrize("key", [CHECKLIST, BRIEF])
def test_the_links_of_an_artifact_open_the_letter_and_its_pdf(demo: Demo, key: str):
    """From the checklist and from the brief: the desk's page of the letter, and the paper itself."""
    links = re.findall(r"\]\((http://[^)]+/surat/[^)]+)\)", demo.api.artifact(key)["data"])

    assert [link for link in links if "V12.rakor-stakeholder" in link]
    for link in links:
        assert link.startswith(f"http://127.0.0.1:{demo.desk_port}/surat/")
        status, page = fetch(link)
        assert status == 200
        assert b"GLADI" in page
        status, paper = fetch(f"{link}.pdf")
        assert (status, paper[:4]) == (200, b"%PDF")


def test_the_desk_only_shows(demo: Demo):
    """No method but GET, no letter that is not there, no file from elsewhere, no documentation of an API."""
    desk = f"http://127.0.0.1:{demo.desk_port}"
    letter = f"{desk}/surat/pilkada-2024.V12.rakor-stakeholder.1"

    assert fetch(f"{desk}/")[0] == 200
    assert [fetch(letter, method)[0] for method in ("POST", "PUT", "PATCH", "DELETE")] == [405] * 4
    assert fetch(f"{desk}/surat/tidak-ada")[0] == 404
    assert [fetch(f"{desk}/{path}")[0] for path in ("surat/..%2ftahapan.db", "docs", "openapi.json")] == [404] * 3


def test_server_and_desk_listen_on_this_machine_only(demo: Demo):
    """No socket of theirs is bound to any other address than 127.0.0.1."""
    ports = {f"{port:04X}" for port in (demo.port, demo.desk_port)}
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]

    ours = [address for address in listening if address.rpartition(":")[2] in ports]
    assert {address.partition(":")[0] for address in ours} == {"0100007F"}
    assert len(ours) == 2


def test_a_clerk_sees_the_checklist_and_opens_a_letter_from_it(demo: Demo, browser: Any):
    """In a browser: the artifact's page shows the table, and a click on a number opens the desk."""
    artifact = demo.api.artifact(CHECKLIST)["id"]
    page = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta").new_page()
    page.goto(f"{demo.api.address}/artifacts/artifact/{artifact}")
    row = page.locator("table tr", has_text="Rakor stakeholder pengawasan DPS")
    row.wait_for(timeout=30_000)
    link = row.get_by_role("link").first
    nomor = link.inner_text()

    link.click()
    page.wait_for_timeout(1000)
    opened = browser.contexts[0].pages[-1]
    opened.wait_for_load_state()

    assert opened.url == f"http://127.0.0.1:{demo.desk_port}/surat/pilkada-2024.V12.rakor-stakeholder.1"
    assert nomor in opened.inner_text("table")
