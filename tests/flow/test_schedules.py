"""An election in the future: what Prefect shows as coming, and how `tahapan up` comes and goes."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deployments.prefect_server import free_port
from deployments.schedules import stage_runs
from tahapan.dates import tanggal
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.plan import Plan

TODAY = dt.datetime.now(ZoneInfo("Asia/Jakarta")).date()
OPENS = TODAY + dt.timedelta(days=12)
CALENDAR = f"""
id = "uji"
nama = "Pemilihan Uji"
tahun = {OPENS.year}
pemungutan_suara = {OPENS + dt.timedelta(days=60)}

[tonggak]

[[stages]]
id = "V1"
nama = "Penyusunan daftar pemilih uji"
singkat = "Daftar pemilih uji"
keluarga = "pemutakhiran"
mulai = {OPENS}
selesai = {OPENS + dt.timedelta(days=9)}
dasar = ["pkpu-2-2024"]
keyakinan = "h"

[[stages]]
id = "N1"
nama = "Pendaftaran uji"
keluarga = "pencalonan"
mulai = {OPENS + dt.timedelta(days=20)}
selesai = {OPENS + dt.timedelta(days=22)}
tutup = ["16:00", "16:00", "23:59"]
dasar = ["pkpu-2-2024"]
keyakinan = "h"
"""
DUTY = """
[[duties]]
stage = "{stage}"
id = "{id}"
title = "{title}"
due = {{ from = "{anchor}", days = {days} }}
pj = "staf-pencegahan"
bukti = ["Form A"]
dasar = ["pemilihan"]
"""
DUTIES = [
    ("V1", "kerawanan", "Identifikasi kerawanan", "S", -22),  # ten days ago: no run comes for it
    ("V1", "persiapan", "Persiapan pengawasan", "S", -7),
    ("V1", "pembukaan", "Pengawasan hari pertama", "S", 0),
    ("V1", "rekap", "Rekap pengawasan", "D", 1),
    ("N1", "meja", "Pengawasan meja pendaftaran", "S", 0),
    ("N1", "penutupan", "Pengawasan penutupan", "D", 0),
]
MORNING = dt.time(7, 0)
COMING = {  # name of the run: its local hour
    "Daftar pemilih uji - H-7": MORNING,
    "Daftar pemilih uji - H": MORNING,
    "Daftar pemilih uji - akhir+1": MORNING,
    "Pendaftaran uji - H": dt.time(14, 0),  # closes at 16.00
    "Pendaftaran uji - H+2": dt.time(21, 59),  # closes at 23.59
}
CLOSING = {"Menjelang tutup 16.00": dt.time(14, 0), "Menjelang tutup 23.59": dt.time(21, 59)}


def make_office(root: Path, zone: str = "WIB") -> Home:
    """A real office that works on the calendar above."""
    kantor = root / "kantor"
    shutil.copytree(SAMPLE_OFFICE, kantor)
    profile = (kantor / "kantor.toml").read_text("utf-8")
    line = next(line for line in profile.splitlines() if line.startswith("zona"))
    (kantor / "kantor.toml").write_text(profile.replace(line, f'zona = "{zone}"\npemilihan = "uji"'), "utf-8")
    (kantor / "elections").mkdir()
    (kantor / "elections" / "uji.toml").write_text(CALENDAR, "utf-8")
    (kantor / "checklists" / "uji").mkdir(parents=True)
    keys = ("stage", "id", "title", "anchor", "days")
    duties = "".join(DUTY.format(**dict(zip(keys, duty, strict=True))) for duty in DUTIES)
    (kantor / "checklists" / "uji" / "uji.toml").write_text(duties, "utf-8")
    return Home(root)


@pytest.mark.parametrize(("zone", "utc"), [("WIB", 0), ("WITA", 23), ("WIT", 22)])
def test_a_morning_is_seven_oclock_where_the_office_is(tmp_path: Path, zone: str, utc: int):
    """07.00 in Padang is midnight UTC; further east it is earlier, on the day before."""
    home = make_office(tmp_path / "rumah", zone)
    plan = home.plan("uji")

    starts = [run.start for run in stage_runs(plan, "V1")]

    assert {start.time() for start in starts} == {MORNING}
    local = ZoneInfo(plan.office.profile.timezone)
    assert {start.replace(tzinfo=local).astimezone(dt.UTC).hour for start in starts} == {utc}


def test_a_slug_comes_from_the_rule_and_not_from_the_day(tmp_path: Path):
    """When the calendar moves, Prefect finds the same schedules again."""
    plan: Plan = make_office(tmp_path / "rumah").plan("uji")

    assert [run.slug for run in stage_runs(plan, "V1")] == ["s-22", "s-7", "s+0", "d+1"]
    assert [run.slug for run in stage_runs(plan, "N1")] == ["s+0", "d+0"]


def test_a_closing_hour_is_preceded_by_its_run(tmp_path: Path):
    """Two hours before the desk closes, where the whole day's work ends with it."""
    plan = make_office(tmp_path / "rumah").plan("uji")

    assert [run.start.time() for run in stage_runs(plan, "N1")] == [dt.time(14, 0), dt.time(21, 59)]


def coming(server) -> list[tuple[str, dt.datetime]]:
    """Name and local time of every scheduled run, without the morning that `up` starts at once."""
    zone = ZoneInfo("Asia/Jakarta")
    now = dt.datetime.now(dt.UTC)
    runs = [run for run in server.runs("SCHEDULED") if dt.datetime.fromisoformat(run["expected_start_time"]) > now]
    return sorted((run["name"], dt.datetime.fromisoformat(run["expected_start_time"]).astimezone(zone)) for run in runs)


def wait_for_names(server, seconds: float = 60) -> list[tuple[str, dt.datetime]]:
    """The scheduled runs, once all are there and none has a generated name."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = coming(server)
        stages = [name for name, _ in found if not name.startswith(("Pagi", "Menjelang"))]
        if len(found) >= len(COMING) + 3 and sum(" - " in name for name in stages) == len(stages) == len(COMING):
            break
        time.sleep(1)
    return coming(server)


def wait_for_morning(server, seconds: float = 60) -> str:
    """How the morning of today ended, which `up` starts at once whatever the hour."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        runs = server.runs("COMPLETED", "FAILED", "CRASHED")
        if found := [run for run in runs if run["name"] == f"Pagi - {tanggal(TODAY)}"]:
            return found[0]["state"]["type"]
        time.sleep(1)
    return "never"


def run_now(server, name: str, **parameters: str) -> dict[str, str]:
    """As *Quick run* in the UI; the run once it has ended."""
    (deployment,) = server.post("/deployments/filter", deployments={"name": {"any_": [name]}})
    run = server.post(f"/deployments/{deployment['id']}/create_flow_run", parameters=parameters)
    end = time.monotonic() + 60
    while run["state"]["type"] in ("SCHEDULED", "PENDING", "RUNNING") and time.monotonic() < end:
        time.sleep(0.5)
        run = server.get(f"/flow_runs/{run['id']}")
    return {"name": run["name"], "state": run["state"]["type"], "said": run["state"]["message"] or ""}


@pytest.mark.flow
def test_the_coming_runs_of_an_office(launch, left, api, is_open, tmp_path: Path):
    """At 07.00 local time or two hours before a closing, with office names; the same after a restart."""
    home = make_office(tmp_path / "rumah")
    port, desk_port = free_port(), free_port()
    first = launch("up", "--port", port, "--desk-port", desk_port, home=home.root)
    first.wait_for("Ctrl+C untuk berhenti")
    server = api(port, home.root)

    found = wait_for_names(server)

    names = {name.rpartition(" - ")[0]: start.time() for name, start in found}
    assert names == {**COMING, **CLOSING, "Pagi": MORNING}
    assert len(found) == len(set(found))
    (deployment,) = server.post("/deployments/filter", deployments={"name": {"any_": ["Daftar pemilih uji"]}})
    assert {schedule["slug"] for schedule in deployment["schedules"]} == {"s-7", "s+0", "d+1"}
    assert run_now(server, "Daftar pemilih uji", on=TODAY.isoformat())["state"] == "COMPLETED"
    assert "Identifikasi kerawanan" in server.artifact("daftar-periksa-uji-v1")["data"]

    assert wait_for_morning(server) == "COMPLETED"

    assert first.interrupt() == 0
    assert left(home.root) == []
    assert not is_open(port)
    assert not is_open(desk_port)
    second = launch("up", "--port", port, "--desk-port", desk_port, home=home.root)
    second.wait_for("Ctrl+C untuk berhenti")
    assert wait_for_names(api(port, home.root)) == found
    assert second.interrupt() == 0
    assert left(home.root) == []
