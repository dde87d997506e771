"""Sending what waits in the outbox: one sender at a time, each message once, what is uncertain left to a person."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.directory import is_surel
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post import outbox
from tahapan.post.envelope import Writer
from tahapan.post.mail import Answer, Relay, Session
from tahapan.post.outbox import Message
from tahapan.reading import load
from tahapan.settings import Settings
from tahapan.store.engine import alone

Mode = Literal["mati", "uji", "hidup"]
SHIPPED = Path(__file__).parent.parent / "data" / "kirim.toml"


LOCK = "kirim.lock"


class Pace(BaseModel):
    """``kirim.toml``: minutes until the next attempt, seconds between two messages to one domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ulangi_menit: tuple[int, ...] = Field(min_length=1)
    jeda_detik: float = Field(ge=0)
    jeda_domain: dict[str, float] = Field(default_factory=dict)

    def between(self, domain: str) -> dt.timedelta:
        return dt.timedelta(seconds=self.jeda_domain.get(domain, self.jeda_detik))

    def again(self, attempts: int) -> dt.timedelta | None:
        """How long after the ``attempts``-th failure (from 0) it is tried again; None when that was the last."""
        return dt.timedelta(minutes=self.ulangi_menit[attempts]) if attempts < len(self.ulangi_menit) else None


def load_pace(kantor: Path) -> Pace:
    """The office's own file, else the one we ship."""
    own = kantor / SHIPPED.name
    return load(Pace, own if own.is_file() else SHIPPED)


@dataclass(slots=True)
class Sent:
    """What a round came to, by Message-ID; ``busy``: another process is sending."""

    terkirim: list[str] = field(default_factory=list)
    nanti: list[str] = field(default_factory=list)
    gagal: list[str] = field(default_factory=list)
    tidak_pasti: list[str] = field(default_factory=list)
    uji: list[str] = field(default_factory=list)
    busy: bool = False

    def __str__(self) -> str:
        if self.busy:
            return "Sedang dikirim oleh proses lain."
        named = {
            "terkirim": self.terkirim,
            "ke alamat uji": self.uji,
            "diulang nanti": self.nanti,
            "gagal": self.gagal,
            "tidak pasti": self.tidak_pasti,
        }
        return (
            ", ".join(f"{len(each)} {word}" for word, each in named.items() if each)
            or "Tidak ada yang menunggu dikirim."
        )


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves this installation: not at all, all to one test address, or in earnest."""

    mode: Mode = "mati"
    relay: Relay | None = None
    uji: str = ""  # the test address

    @classmethod
    def of(cls, settings: Settings) -> Post:
        """As the environment of this installation says."""
        known = bool(settings.smtp_host and settings.smtp_dari)
        relay = Relay(
            settings.smtp_host, settings.smtp_port, settings.smtp_dari, settings.smtp_keamanan, settings.smtp_nama,
            settings.smtp_sandi, settings.smtp_ca,
        )  # fmt: skip
        return cls(settings.post, relay if known else None, settings.post_uji)

    def check(self, home: Home) -> Relay:
        """The relay to use; Refused where nothing may leave: switched off, incomplete, or a rehearsal in earnest."""
        if self.mode == "mati":
            raise Refused(Problem("pos", "mati.", "Nyalakan dengan TAHAPAN_POST=uji atau hidup."))
        if self.relay is None:
            raise Refused(
                Problem(
                    "TAHAPAN_SMTP_HOST atau TAHAPAN_SMTP_DARI",
                    "belum diisi.",
                    "Isi server surel kantor dan alamat pengirimnya.",
                )
            )
        if home.gladi and (self.mode == "hidup" or not self.relay.here):
            raise Refused(
                Problem(
                    "pos",
                    "gladi tidak mengirim kepada siapa pun.",
                    "Dalam gladi hanya TAHAPAN_POST=uji ke server di mesin ini.",
                )
            )
        if self.mode == "uji" and not self.uji:
            raise Refused(
                Problem("TAHAPAN_POST_UJI", "belum diisi.", "Isi alamat yang menerima semua surat percobaan.")
            )
        for name, address in (("TAHAPAN_SMTP_DARI", self.relay.sender), ("TAHAPAN_POST_UJI", self.uji)):
            try:
                is_surel(address)
            except ValueError as error:
                raise DataError(Problem(name, str(error))) from None
        self.relay.check()
        return self.relay


def recover(home: Home, plan: Plan, at: dt.datetime) -> int:
    """What a killed sender left is shown to a person, also while the post is switched off; how many copies."""
    if not outbox.copies(home, plan, keadaan=(outbox.MENGIRIM,)):
        return 0
    with alone(home.engine, home.root / LOCK) as mine:
        return outbox.left_over(home, plan, at) if mine else 0


def send(
    home: Home, plan: Plan, post: Post, clock: Callable[[], dt.datetime], wait: Callable[[float], None],
    most: int | None = None,
) -> Sent:  # fmt: skip
    """Send what is due, message by message (at most ``most``), keeping the pace of each domain.

    ``clock`` gives aware times, ``wait`` lets so many seconds pass. In a rehearsal what went to the test address counts
    as sent; in earnest it is still to be sent. MachineError when there is no line: all that was not sent still waits.
    """
    relay, sent = post.check(home), Sent()
    counts = post.mode == "hidup" or home.gladi is not None
    with alone(home.engine, home.root / LOCK) as mine:
        if not mine:
            return Sent(busy=True)
        outbox.left_over(home, plan, clock())
        ready = outbox.due(home, plan, clock(), uji=not counts)[:most]
        if not ready:
            return sent
        pace, writer = load_pace(home.kantor), Writer(home, plan, relay)
        by_domain: dict[str, deque[Message]] = {}
        for message in ready:
            by_domain.setdefault(message.domain, deque()).append(message)
        turn = [(clock(), n, domain) for n, domain in enumerate(by_domain)]  # when each domain may be written to
        with Session(relay) as line:
            while turn:
                free, n, domain = heappop(turn)
                if (rest := (free - clock()).total_seconds()) > 0:
                    wait(rest)
                message = by_domain[domain].popleft()
                _one(home, plan, post, line, writer, pace, message, clock, sent, counts=counts)
                if by_domain[domain]:
                    heappush(turn, (clock() + pace.between(domain), n, domain))
    return sent


def _one(
    home: Home, plan: Plan, post: Post, line: Session, writer: Writer, pace: Pace, message: Message,
    clock: Callable[[], dt.datetime], sent: Sent, *, counts: bool,
) -> None:  # fmt: skip
    """Offer, write down `mengirim`, hand over, write down what came of it; in this order."""
    to = post.uji if post.mode == "uji" else message.alamat
    try:
        mail = writer.mail(message, to, clock(), uji=post.mode == "uji")
    except TahapanError as error:  # a file that is gone: this letter's trouble, not that of the others
        outbox.settle(home, plan, message, outbox.GAGAL, str(error), clock())
        sent.gagal.append(message.pesan)
        return
    if answer := line.offer(to):
        (_told if counts else _tried)(home, plan, pace, message, answer, clock(), sent)
    elif not counts:
        _tried(home, plan, pace, message, line.hand_over(mail), clock(), sent)
    elif outbox.begin(home, plan, message, clock()):
        line.forget()
    else:
        _told(home, plan, pace, message, line.hand_over(mail), clock(), sent)


def _tried(home: Home, plan: Plan, pace: Pace, message: Message, answer: Answer, at: dt.datetime, sent: Sent) -> None:
    """A message to the test address: whatever came of it, the addressee has nothing yet."""
    if answer.kind == "ya":
        outbox.tested(home, plan, message, at)
        sent.uji.append(message.pesan)
    else:
        _told(home, plan, pace, message, Answer("nanti", answer.said), at, sent)


def _told(home: Home, plan: Plan, pace: Pace, message: Message, answer: Answer, at: dt.datetime, sent: Sent) -> None:
    match answer.kind:
        case "ya":
            outbox.settle(home, plan, message, outbox.TERKIRIM, answer.said, at)
            sent.terkirim.append(message.pesan)
        case "entah":
            outbox.settle(home, plan, message, outbox.TIDAK_PASTI, answer.said, at)
            sent.tidak_pasti.append(message.pesan)
        case "nanti" if (rest := pace.again(message.percobaan)) is not None:
            outbox.later(home, plan, message, at + rest, answer.said, at)
            sent.nanti.append(message.pesan)
        case _:
            outbox.settle(home, plan, message, outbox.GAGAL, answer.said, at)
            sent.gagal.append(message.pesan)
