"""Two thousand copies through a mail server on this machine: rate and memory, beside bare smtplib in the same run."""

from __future__ import annotations

import datetime as dt
import json
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.table import Row
from tahapan import evidence, issue, revise
from tahapan.day import morning
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.post import outbox
from tahapan.post.envelope import Writer
from tahapan.post.mail import Relay
from tahapan.post.sending import Post, send

ELECTION = "pilkada-2024"
COUNT = 2_000
ATTACHED = 200_000  # bytes of the signed letter
DAY = dt.date(2024, 8, 14)
ROUNDS = 3
LEAST = 0.7  # of the rate of bare smtplib, which writes nothing down
MOST_MB = 100.0  # growth of the sender


def measure(root: Path) -> list[Row]:
    """Each round in a process of its own, ours and the peer in turn."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    for n in range(ROUNDS):
        for what, rounds in found.items():
            home = root / f"pos-{what}-{n}"
            with _server() as port:
                done = subprocess.run(
                    [sys.executable, "-m", "benchmarks.post", what, str(home), str(port)], check=True, capture_output=True, text=True
                )  # fmt: skip
            rounds.append(json.loads(done.stdout))
            shutil.rmtree(home)
    ours, bare = (
        [statistics.median(each[key] for each in found[what]) for key in ("rate", "grown")] for what in ("ours", "bare")
    )
    said = f"{ours[0]:.0f} a second, {ours[1]:.0f} MB more; bare smtplib with the same mails {bare[0]:.0f} a second ({ours[0] / bare[0]:.2f} x)"
    kept = ours[0] >= LEAST * bare[0] and ours[1] <= MOST_MB
    return [
        Row(
            f"{COUNT:,} mails of {ATTACHED // 1000} kB through a loopback server",
            said,
            f"at least {LEAST} x, at most {MOST_MB:.0f} MB",
            kept,
        )
    ]


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait()


def _office(root: Path) -> tuple[Home, str]:
    """An office with a signed letter to everybody of a large group, in the outbox."""
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    names = [f"penerima-{n}" for n in range(COUNT)]
    entries = "".join(
        f'[[alamat]]\nid = "{name}"\ngelar = [{{ jabatan = "Penerima {n}" }}]\nsurel = "surat@{name}.example"\n\n'
        for n, name in enumerate(names)
    )
    file = root / "kantor" / "alamat.toml"
    group = f'[[grup]]\nid = "semua"\nnama = "Semua"\nanggota = {json.dumps(names)}\n'
    file.write_text(file.read_text("utf-8") + "\n" + entries + group, "utf-8")
    (root / "kantor" / "kirim.toml").write_text("ulangi_menit = [5]\njeda_detik = 0.0\n", "utf-8")
    home = Home(root)
    plan = home.plan(ELECTION)
    at = morning(plan, DAY)
    isi = {"pokok": "Laporan", "kiriman": [{"jenis": "Laporan", "banyaknya": "1 (satu) berkas"}]}
    asked = revise.request(home, plan, "surat-pengantar", "edaran", isi, kepada=("semua",), dasar=("pemilihan",))
    row = revise.write(home, plan, asked, "Staf", DAY, at)
    issue.approve(home, plan, row.id, DAY, "Ketua", at)
    scan = root / "ttd.pdf"
    scan.write_bytes(b"%PDF-1.4\n" + b"%".ljust(ATTACHED, b"x") + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    evidence.sign(home, plan, row.id, scan, "Staf", DAY, at)
    outbox.queue(home, plan, row.id, "Staf", DAY, at)
    return home, row.id


def _child(what: str, root: Path, port: int) -> None:
    home, _ = _office(root)
    plan = home.plan(ELECTION)
    relay, at = Relay("127.0.0.1", port, "a@b.id", "tanpa"), morning(plan, DAY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    if what == "ours":
        sent = send(home, plan, Post("hidup", relay), lambda: at, lambda _: None)
        assert len(sent.terkirim) == COUNT, str(sent)
    else:
        writer = Writer(home, plan, relay)
        with smtplib.SMTP("127.0.0.1", port) as line:
            for message in outbox.due(home, plan, at):
                line.send_message(writer.mail(message, message.alamat, at, uji=False))
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"rate": COUNT / seconds, "grown": grown}))


if __name__ == "__main__":
    _child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
