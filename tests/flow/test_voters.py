"""*Cermati daftar pemilih* and *Periksa temuan pemilih* through the real Prefect; nowhere in it a number of a person."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deployments.prefect_server import free_port
from tahapan.voters import findings, lists
from tahapan.voters.examine_office import unexamined
from tahapan.voters.sample import make_rolls, province_places
from tests.flow.conftest import keep

pytestmark = pytest.mark.flow
STAFF = "Nama Staf Pencegahan (contoh)"
NUMBER = re.compile(rb"(?<![0-9a-f])\d{16}(?![0-9a-f])")


SARAN = """
[[duties]]
stage = "V1"
id = "saran"
title = "Saran perbaikan by-name"
due = { from = "S", days = 20 }
pj = "staf-pencegahan"
letter = "saran-perbaikan"
kepada = ["kpu"]
fakta = true
cermat = ["semua"]
dasar = ["pemilihan"]
"""


@pytest.fixture
def rolls(tmp_path: Path) -> Any:
    return make_rolls(tmp_path / "karangan", province_places("13.07"), 3_000, 80, 7)


def test_a_list_is_examined_and_reviewed_in_prefect_without_a_number_of_anybody(
    launch, api, working_office, browser, tmp_path, rolls
):
    """From a file in ``masuk/`` to decisions in the form; then every byte that Prefect and the logs keep is searched."""
    home = working_office(tmp_path / "rumah")
    (home.kantor / "checklists" / "uji" / "saran.toml").write_text(SARAN, "utf-8")
    folder = home.root / "masuk"
    folder.mkdir()
    (folder / "dps.csv").write_bytes(rolls.daftar.read_bytes())
    (folder / "mati.csv").write_bytes(rolls.kematian.read_bytes())
    (folder / "rusak.csv").write_text("nik,tps\n1307051203600001,1\n", "utf-8")
    port = free_port()
    program = launch("up", "--port", port, "--desk-port", free_port(), home=home.root)
    program.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)
    run, ended = partial(_run, server), partial(_ended, server)

    check = "Cermati daftar pemilih"
    broken = ended(run(check, berkas="rusak.csv", jenis="dps", oleh=STAFF))
    assert broken["type"] == "FAILED" and "tidak ada kolom nama" in broken["message"]
    assert "Belum ada daftar pemilih" in ended(run(check, berkas="mati.csv", jenis="meninggal", oleh=STAFF))["message"]
    done = ended(run(check, berkas="dps.csv", jenis="dps", oleh=STAFF))
    assert re.search(r"DPS \(dps-1\): \d+ usulan baru, 0 masih", done["message"]), done["message"]
    again = ended(run(check, daftar="dps-1"))
    assert ": 0 usulan baru" in again["message"]

    plan = home.plan("uji")
    more = make_rolls(tmp_path / "susulan", province_places("13.07"), 3_000, 90, 7)
    at = dt.datetime.now(ZoneInfo("Asia/Jakarta"))
    lists.take_in(home, plan, more.kematian, "meninggal", STAFF, at)
    assert unexamined(home, plan)
    assert ended(run("Daftar pemilih uji", stage="V1"))["type"] == "COMPLETED"  # a day of the stage looks by itself
    assert unexamined(home, plan) is None
    assert "Temuan daftar pemilih" in server.artifact("daftar-periksa-uji-v1")["data"]
    shown = server.artifact("temuan-daftar-pemilih-uji")["data"]
    assert "Meninggal dunia" in shown and "3.000 pemilih" in shown

    review = run("Periksa temuan pemilih", periksa="meninggal")
    form = server.until(lambda: _form(server, review, 1))
    numbers = re.findall(r"\*\*(\d+)\*\* ·", form)
    assert len(numbers) == 8
    page = browser.new_context(locale="id-ID", viewport={"width": 1400, "height": 1400}).new_page()
    server.sign_in(page)

    server.until(lambda: _answered(page, server, review, numbers))
    page.goto(f"{server.address}/artifacts/artifact/{server.artifact('grafik-temuan-uji')['id']}")
    page.locator("img[src^='data:image/png']").first.wait_for()
    keep(page, "grafik-temuan")
    assert ended(review)["name"] == "Berhenti dahulu"
    now = {str(each.id): each.stands for each in findings.all_findings(home, plan)}
    assert [now[number] for number in numbers[:4]] == ["diperiksa", "diperiksa", "tidak terbukti", "diusulkan"]

    assert program.interrupt() == 0
    assert not [*_numbers(home.root)]
    assert NUMBER.search(rolls.daftar.read_bytes())  # what was searched for can be found
    assert lists.file_of(home).stat().st_mode & 0o077 == 0
    home.engine.dispose()


def _answered(page: Any, server: Any, review: str, numbers: list[str]) -> bool:
    """*Resume*, two found true and one not, *Submit*."""
    page.goto(f"{server.address}/runs/flow-run/{review}")
    page.get_by_role("button", name="Resume").first.click()
    asked = page.locator(".p-modal")
    asked.get_by_text("Diperiksa oleh").wait_for()
    for place, text in enumerate((f"{numbers[0]}\n{numbers[1]}: dilihat sendiri", f"{numbers[2]}: lain orang")):
        asked.locator("textarea, input[type=text]").nth(place).fill(text)
    for place, choice in ((0, "berhenti"), (1, STAFF)):
        asked.locator(".p-select-button__control").nth(place).focus()
        page.keyboard.press(" ")
        page.locator("[class*=select-option]").get_by_text(choice, exact=True).last.click()
    keep(page, "periksa-temuan")
    with page.expect_response(lambda answer: answer.url.endswith("/resume")) as said:
        asked.get_by_role("button", name="Submit").click()
    return said.value.ok and said.value.json()["status"] == "ACCEPT"


def _run(server: Any, name: str, **parameters: str) -> str:
    """Start a deployment as from its form."""
    [found] = server.until(lambda: server.post("/deployments/filter", deployments={"name": {"any_": [name]}}))
    given = {"election": "uji", **parameters}
    return server.post(f"/deployments/{found['id']}/create_flow_run", parameters=given)["id"]


def _ended(server: Any, run: str) -> Any:
    """The last state of a run."""

    def state() -> Any:
        now = server.get(f"/flow_runs/{run}")["state"]
        return now if now["type"] in ("COMPLETED", "FAILED", "CRASHED") else None

    return server.until(state, 120, server.begun)


def _form(server: Any, run: str, turn: int) -> Any:
    state = server.get(f"/flow_runs/{run}")["state"]
    assert state["type"] not in ("FAILED", "CRASHED"), state
    if state["type"] != "PAUSED" or state["state_details"]["pause_key"] != f"halaman-{turn}":
        return None
    return server.get(f"/flow_runs/{run}/input/{state['state_details']['run_input_keyset']['description']}")


def _numbers(root: Path) -> Iterator[str]:
    """Where in Prefect's database, its results, our records and the logs sixteen digits stand alone."""
    for path in root.rglob("*"):
        if not path.is_file() or path.parent.name in ("masuk", "pemilih", "kantor") or "kantor" in path.parts:
            continue
        if path.suffix == ".db":
            with sqlite3.connect(path) as database:
                tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                for table in tables:
                    for row in database.execute(f'SELECT * FROM "{table}"'):
                        if NUMBER.search(repr(row).encode()):
                            yield f"{path.name}: {table}"
            database.close()
        elif NUMBER.search(path.read_bytes()):
            yield str(path.relative_to(root))
