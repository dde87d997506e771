"""The desk with a book of twenty thousand letters, asked by eight browsers at once."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import openpyxl

from benchmarks.table import Row
from deployments.password import AUTH
from deployments.prefect_server import free_port
from tahapan.book.incoming import import_book
from tahapan.day import morning, open_duties, work_on
from tahapan.home import SAMPLE_OFFICE, Home

ELECTION, DAY = "pilkada-2024", dt.date(2024, 8, 21)
LETTERS, CLIENTS, EACH = 20_000, 8, 40
PAGES = {
    "list": "/", "its page 200": "/?halaman=200", "search, 17,000 found": "/?cari=daftar+pemilih",
    "none found": "/?cari=tidak+ada", "letter": "/surat/{}",
}  # fmt: skip


def measure(folder: Path) -> list[Row]:
    home = office(folder / "meja")
    with running(home) as base:
        letter = min(row.id for row in home.book(ELECTION))
        seconds = {name: in_parallel(base + path.format(letter)) for name, path in PAGES.items()}
    slowest = max(seconds, key=lambda name: p95(seconds[name]))
    said = "; ".join(f"{name} {1000 * p95(times):.0f} ms" for name, times in seconds.items())
    return [
        Row(
            f"desk pages, {LETTERS:,} letters, {CLIENTS} clients (p95)", said, "at most 100 ms",
            p95(seconds[slowest]) <= 0.1,
        )
    ]  # fmt: skip


def office(root: Path) -> Home:
    """The sample office with an old book of 20,000 letters and the drafts of one day."""
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    home = Home(root)
    plan = home.plan(ELECTION)
    for duty in open_duties(home, plan, DAY, morning(plan, DAY), "V12"):
        work_on(home, plan, duty, DAY, morning(plan, DAY))
    path = root / "buku.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(("Nomor", "Tanggal", "Perihal", "Kepada"))
    first = dt.date(2023, 1, 2)
    for n in range(LETTERS):
        day = first + dt.timedelta(days=n // 60)
        number = n + 1 if day.year == first.year else n + 1 - (dt.date(2024, 1, 1) - first).days * 60
        subject = f"{'Pengawasan daftar pemilih' if n % 7 else 'Surat pengantar'} ke-{n}"
        sheet.append((f"{number:03d}/PM.00.02/K.SB-99/{day.month:02d}/{day.year}", day, subject, f"Camat {n % 13}"))
    book.save(path)
    import_book(home, plan, path, "Staf", morning(plan, DAY))
    home.engine.dispose()
    return home


@contextmanager
def running(home: Home) -> Iterator[str]:
    """The address of a desk of its own process, once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "deployments.desk.app:app", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "TAHAPAN_HOME": str(home.root), AUTH: ""}
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"], env=environment) as desk:
        try:
            for _ in range(200):
                try:
                    httpx.get(f"{base}/sehat")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield base
        finally:
            desk.terminate()


def in_parallel(address: str) -> list[float]:
    """Seconds of each answer, after each client has asked once."""

    def browse(_: int) -> list[float]:
        found: list[float] = []
        with httpx.Client() as client:
            for _ in range(EACH + 1):
                began = time.perf_counter()
                client.get(address).raise_for_status()
                found.append(time.perf_counter() - began)
                time.sleep(0.2)  # a person reads
        return found[1:]

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [second for found in clients.map(browse, range(CLIENTS)) for second in found]


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
