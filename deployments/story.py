"""The coordination meeting of 21 August 2024 as its people lived it, day by day: for `demo --rakor` and its test."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from deployments.prefect_server import free_port
from tahapan import evidence
from tahapan.home import Home
from tahapan.plan import DATA, Plan
from tahapan.post.envelope import packs
from tahapan.post.mail import Relay
from tahapan.post.receipts import Receipt, receive
from tahapan.post.sending import Post, Sent, send
from tahapan.rakor import hold, prepare
from tahapan.reading import load

WHO = "Nama Staf Pencegahan (contoh)"
SHIPPED = DATA / "contoh_rakor.toml"


class Share(BaseModel):
    """Of how many of the invited of a group somebody came, and how many persons each time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undangan: int
    orang: int


class Story(BaseModel):
    """``contoh_rakor.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    siapkan_pada: dt.date
    undang_pada: dt.date
    pindah_pada: dt.date
    rapat: dict[str, Any]
    pindah: dict[str, str]
    hadir: dict[str, Share]
    notulen: dict[str, list[list[str]]]
    keputusan: tuple[dict[str, Any], ...]
    rilis: dict[str, Any]


@contextmanager
def mailbox() -> Generator[Relay]:
    """A mail server on this machine that takes everything and keeps nothing."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    port = free_port()
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield Relay("127.0.0.1", port, "sekretariat@bawaslu.example", "tanpa")
    finally:
        controller.stop()


def load_story() -> Story:
    return load(Story, SHIPPED)


def meeting_of(home: Home, plan: Plan, story: Story) -> str:
    """Its id, "" before it was planned."""
    return next((each.id for each in prepare.all_meetings(home, plan) if each.meeting.nama == story.rapat["nama"]), "")


def before_work(home: Home, story: Story, on: dt.date, at: dt.datetime) -> None:
    """What people do that day before the day's runs: plan, move, hold. Done again, it changes nothing."""
    plan = home.plan(home.election)
    if on == story.siapkan_pada:
        prepare.new(home, plan, story.rapat, WHO, on, at)
    if not (held := meeting_of(home, plan, story)):
        return
    meeting = prepare.one(home, plan, held)
    if on == story.pindah_pada and not meeting.perubahan:
        change = {key: value for key, value in story.pindah.items() if key != "alasan"}
        prepare.move(home, plan, held, change, story.pindah["alasan"], WHO, on, at)
    if on == meeting.hari:
        _hold(home, plan, held, story, on, at)


def _hold(home: Home, plan: Plan, held: str, story: Story, on: dt.date, at: dt.datetime) -> None:
    hold.attend(home, plan, held, _came(plan, story), WHO, on, at)
    for each in story.keputusan:
        hold.decide(home, home.plan(home.election), held, each, WHO, on, at)
    plan = home.plan(home.election)
    hold.minutes(home, plan, held, story.notulen["pembahasan"], WHO, on, at)
    rilis = story.rilis
    hold.release(home, plan, held, rilis["judul"], rilis["paragraf"], rilis["kutipan"], rilis["jabatan"], WHO, on, at)
    hold.report(home, plan, held, WHO, on, at)


def _came(plan: Plan, story: Story) -> Iterator[dict[str, str]]:
    """Invented persons, as many as the story says."""
    number = 0
    for group, share in story.hadir.items():
        for address in plan.office.directory.members(group)[: share.undangan]:
            for _ in range(share.orang):
                number += 1
                yield {
                    "penerima": address,
                    "nama": f"Peserta {number} (contoh)",
                    "jabatan": "yang diundang atau wakilnya",
                }


def _bring_round(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> None:
    """What was printed the day before has been handed over; the sheet of the route comes back signed."""
    for pack in packs(home, plan):
        scan = home.root / "cache" / "tanda-terima.pdf"
        scan.parent.mkdir(exist_ok=True)
        scan.write_bytes(pack.pdf)
        for letter in dict.fromkeys(copy.surat for copy in pack.copies):
            there = [copy.penerima for copy in pack.copies if copy.surat == letter]
            receive(home, plan, letter, there, Receipt(on, "Petugas penerima surat (contoh)", scan), WHO, on, at)


def after_work(home: Home, story: Story, on: dt.date, at: dt.datetime, post: Post) -> Sent | None:
    """After the day's letters have their numbers: the chair signs, the copies go into the outbox and leave."""
    plan = home.plan(home.election)
    if not (held := meeting_of(home, plan, story)):
        return None
    for told in prepare.tell(home, plan, held, WHO, on, at):
        row = told.standing.letter
        if row and row.state == "disetujui":  # the sample's signature is the archive copy itself
            evidence.sign(home, plan, row.id, Path(home.surat / row.pdf), WHO, on, at)
    _bring_round(home, plan, on, at)
    prepare.tell(home, plan, held, WHO, on, at)
    return send(home, plan, post, lambda: at, time.sleep)
