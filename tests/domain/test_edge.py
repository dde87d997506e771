"""The edge of the program: the demo's folder, addresses of databases, the desk, names of runs, hours, doctor."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_CSRF_SUPPORT_ENABLED, temporary_settings

from deployments.commands.running import demo_home
from deployments.context import PLACE
from deployments.desk.app import app
from deployments.naming import patient, rename_upcoming
from deployments.schedules import stage_runs
from tahapan import journal
from tahapan.errors import MachineError, NotKnown, Refused
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.office import load_office
from tahapan.plan import Plan, load_plan
from tahapan.store.engine import reading, writing
from tahapan.store.opening import connect
from tahapan.store.tables import surat

ELECTION = "pilkada-2024"
DAY = dt.date(2024, 8, 21)
READY = "Hari-harinya sudah dijalankan."


# --- the folder of a demo ------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that `--home` names."""
    monkeypatch.setattr(PLACE, "root", tmp_path / "rumah")
    return tmp_path / "rumah"


@pytest.mark.parametrize(
    "note", ["Daftar contoh surat.\n", "Kantor contoh pada 2024-08-20; folder ini boleh dihapus.\n"]
)
def test_a_demo_never_throws_away_a_real_office(place: Path, real_office: Path, note: str):
    """Whatever its file contoh.txt says: the office is refused and every file stays."""
    Home(real_office).engine.dispose()  # makes its database
    (place / "contoh.txt").write_text(note, "utf-8")
    before = {path: path.read_bytes() for path in (place / "kantor").rglob("*.*")}

    with pytest.raises(Refused, match="rumah kantor, bukan gladi"):
        demo_home(DAY, READY)

    assert {path: path.read_bytes() for path in (place / "kantor").rglob("*.*")} == before
    assert (place / "tahapan.db").exists() and (place / "contoh.txt").read_text("utf-8") == note


def test_a_demo_never_throws_away_a_folder_of_somebody_else(place: Path):
    """A folder that only holds a file of that name is not ours."""
    place.mkdir()
    (place / "contoh.txt").write_text("Kantor contoh pada hari Rabu\n", "utf-8")

    with pytest.raises(Refused, match=r"berisi berkas lain \(contoh.txt\)"):
        demo_home(DAY, READY)

    assert [path.name for path in place.iterdir()] == ["contoh.txt"]


def test_a_demo_of_another_day_takes_the_place_of_the_old_one(place: Path):
    """And a day outside the calendar is refused before anything is thrown away."""
    demo_home(DAY, READY)
    (place / "ringkasan.md").write_text("lama", "utf-8")

    with pytest.raises(NotKnown, match="di luar kalender"):
        demo_home(dt.date(2031, 1, 1), READY)
    assert (place / "ringkasan.md").exists()
    kept, _, fresh = demo_home(DAY, READY)
    assert fresh and kept.gladi and kept.gladi.day == DAY

    home, _, fresh = demo_home(DAY + dt.timedelta(days=1), READY)
    assert fresh and home.gladi and home.gladi.day == DAY + dt.timedelta(days=1)
    assert not (place / "ringkasan.md").exists()


def test_a_demo_in_the_first_fortnight_begins_with_the_calendar(place: Path):
    """No day that nobody typed is refused."""
    first = load_plan(load_office(SAMPLE_OFFICE), ELECTION, {}).first_day

    home, _, _ = demo_home(first + dt.timedelta(days=3), READY)

    assert home.gladi and (home.gladi.start, home.gladi.day) == (first, first + dt.timedelta(days=3))


# --- addresses of databases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_an_address_of_postgresql_is_read_with_our_driver(scheme: str, tmp_path: Path):
    """As it is copied from elsewhere: it is tried, not met with a traceback about a module."""
    with pytest.raises(MachineError, match=r"://kantor:\*\*\*@.*tidak dapat dibuka"):
        connect(f"{scheme}://kantor:rahasia@/kantor?host={tmp_path}")


@pytest.mark.parametrize(
    "url", ["rahasia", "postgresql://kantor:rahasia@server:pintu/buku", "mysql://kantor:rahasia@server/buku", "://"]
)
def test_what_is_no_address_is_told_without_showing_it(url: str):
    """The name of the setting, an example, and no password."""
    with pytest.raises(
        MachineError, match=r"^TAHAPAN_DATABASE_URL: bukan alamat .*Tulis seperti postgresql://"
    ) as told:
        connect(url)
    assert "rahasia" not in str(told.value)


def test_a_missing_driver_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """PostgreSQL is an extra of the package."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MachineError, match=r"belum terpasang.*tahapan\[postgresql\]") as told:
        connect("postgresql://kantor:rahasia@server/buku")
    assert "rahasia" not in str(told.value)


# --- the desk ------------------------------------------------------------------------------------------------------------


def asked(method: str, path: str, host: str = "127.0.0.1") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:4280", 200), ("localhost:4280", 200), ("jahat.example", 400)])
def test_the_desk_answers_only_by_its_own_names(host: str, status: int):
    """A page from elsewhere whose name was turned to 127.0.0.1 reads no letters."""
    assert asked("GET", "/sehat", host).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/tidak/ada", 404, "Halaman itu tidak ada di meja surat."),
        ("POST", "/", 405, "Permintaan itu tidak dapat dikerjakan meja surat."),
    ],
)
def test_what_the_desk_does_not_have_is_told_on_an_indonesian_page(method: str, path: str, status: int, said: str):
    """With the way back and the policy of every page."""
    answer = asked(method, path)

    assert answer.status_code == status and said in answer.text and 'lang="id"' in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


# --- names of coming runs ------------------------------------------------------------------------------------------------


class Api(BaseHTTPRequestHandler):
    """Two coming mornings, the first of which is gone by the time it is renamed."""

    ids = (str(uuid4()), str(uuid4()))

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        start = "2024-08-21T00:00:00+00:00"
        run = {"flow_id": str(uuid4()), "name": "x", "parameters": {"election": ELECTION}, "expected_start_time": start}
        self._answer(200, [{**run, "id": name} for name in self.ids])

    def do_PATCH(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(404 if self.ids[0] in self.path else 204, None)

    def _answer(self, status: int, body: object):
        content = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def answering() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_run_that_is_gone_or_a_server_that_is_silent_ends_no_loop(answering: ThreadingHTTPServer, sample: Plan):
    """The other runs get their names; whether the server lives is asked of its process."""
    settings = {PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: False}
    answers, silent = f"http://127.0.0.1:{answering.server_port}/api", "http://127.0.0.1:9/api"
    with temporary_settings({**settings, PREFECT_API_URL: answers}), get_client(sync_client=True) as client:
        assert rename_upcoming(client, sample) == 1
    with temporary_settings({**settings, PREFECT_API_URL: silent}), get_client(sync_client=True) as client, patient():
        rename_upcoming(client, sample)


# --- hours ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sample() -> Plan:
    return load_plan(load_office(SAMPLE_OFFICE), ELECTION, {})


@pytest.mark.parametrize(
    ("closes", "start"),
    [("00:00", "07:00"), ("01:30", "07:00"), ("08:59", "07:00"), ("09:01", "07:01"), ("23:59", "21:59")],
)
def test_no_run_comes_before_seven_whenever_the_day_closes(tmp_path: Path, closes: str, start: str):
    """Two hours before the closing, on the same day, and never at night."""
    kantor = tmp_path / "kantor"
    shutil.copytree(SAMPLE_OFFICE, kantor)
    (kantor / "elections").mkdir(exist_ok=True)
    (kantor / "elections" / "uji.toml").write_text(
        'id = "uji"\nnama = "Uji"\ntahun = 2027\npemungutan_suara = 2027-03-01\n\n[tonggak]\n\n[[stages]]\nid = "N1"\n'
        'nama = "Uji"\nkeluarga = "pencalonan"\nmulai = 2027-01-11\nselesai = 2027-01-11\n'
        f'tutup = ["{closes}"]\ndasar = ["pkpu-2-2024"]\nkeyakinan = "h"\n',
        "utf-8",
    )
    (kantor / "checklists" / "uji").mkdir(parents=True)
    (kantor / "checklists" / "uji" / "uji.toml").write_text(
        '[[duties]]\nstage = "N1"\nid = "meja"\ntitle = "Meja"\ndue = { from = "S", days = 0 }\npj = "staf-pencegahan"\n'
        'bukti = ["Form A"]\ndasar = ["pemilihan"]\n',
        "utf-8",
    )

    (run,) = stage_runs(load_plan(load_office(kantor), "uji", {}), "N1")

    assert run.start == dt.datetime.combine(dt.date(2027, 1, 11), dt.time.fromisoformat(start))


# --- doctor --------------------------------------------------------------------------------------------------------------


def findings(tahapan, home: Path) -> dict[str, tuple[bool, str]]:
    ended = tahapan("doctor", "--json", home=home)
    return {found["periksa"]: (found["baik"], found["keterangan"]) for found in json.loads(ended.out)}


def test_one_broken_file_of_details_hides_no_other_finding(tahapan, real_office: Path):
    """It is named once under its own heading, and the books are still looked at."""
    (real_office / "kantor" / "acara").mkdir(exist_ok=True)
    (real_office / "kantor" / "acara" / "V12.rakor-stakeholder.toml").write_text("waktu = = 1\n", "utf-8")

    found = findings(tahapan, real_office)

    good, said = found["Rincian surat"]
    assert not good and "V12.rakor-stakeholder.toml" in said
    assert {"Jurnal", "Jurnal dan buku", "Nomor surat", "Berkas surat"} <= {
        name for name, (good, _) in found.items() if good
    }


def test_a_file_of_details_that_nothing_reads_is_told(tahapan, real_office: Path):
    """With the name that may have been meant."""
    (real_office / "kantor" / "acara").mkdir(exist_ok=True)
    (real_office / "kantor" / "acara" / "V12.rakor-stakeholdr.toml").write_text('tempat = "Aula"\n', "utf-8")

    good, said = findings(tahapan, real_office)["Rincian surat"]

    assert good and "V12.rakor-stakeholder.toml" in said


@pytest.fixture
def numbered(rehearse) -> Home:
    home, _ = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 14))
    return home


def test_journal_and_register_of_a_rehearsal_agree(numbered: Home):
    """Every number was written into both, in one transaction."""
    with reading(numbered.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).where(surat.c.nomor.is_not(None))).scalar_one() > 0
        assert list(journal.disagreements(connection, numbered.office.profile.id)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nomor": "999/X"}, "berbeda dari jurnal"),
        ({"pdf_sha256": "0" * 64}, "berbeda dari jurnal"),
        (
            {"nomor": None, "tanggal": None, "urut": None, "pdf_sha256": None, "docx_sha256": None},
            "menurut jurnal, tidak di buku",
        ),
    ],
)
def test_a_number_changed_in_the_register_alone_is_found(numbered: Home, tahapan, change: dict[str, object], said: str):
    """The chain of the journal is whole, and still the two books differ."""
    with writing(numbered.engine) as connection:
        chosen = connection.execute(sa.select(surat.c.id).where(surat.c.nomor.is_not(None)).limit(1)).scalar_one()
        connection.execute(surat.update().where(surat.c.id == chosen).values(**change))

    found = findings(tahapan, numbered.root)

    assert found["Jurnal"][0] and not found["Jurnal dan buku"][0]
    assert chosen in found["Jurnal dan buku"][1] and said in found["Jurnal dan buku"][1]


def test_a_number_that_the_journal_does_not_know_is_found(numbered: Home):
    """A letter numbered behind the program's back."""
    with writing(numbered.engine) as connection:
        connection.execute(surat.update().values(id=surat.c.id + "x"))
    with reading(numbered.engine) as connection:
        told = [str(fault) for fault in journal.disagreements(connection, numbered.office.profile.id)]

    assert [fault for fault in told if "tidak ada dalam jurnal" in fault]
