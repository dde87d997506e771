"""The office's channels: what was sent to which, once for each occasion; the sending itself is an adapter's."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from tahapan import journal
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import writing
from tahapan.store.tables import pengingat

_SUBJECT = "kanal"


@dataclass(frozen=True, slots=True)
class Channel:
    """An address of apprise; it holds a password more often than not, and is never shown."""

    number: int
    url: SecretStr

    @property
    def scheme(self) -> str:
        return self.url.get_secret_value().partition("://")[0][:20]

    @property
    def key(self) -> str:
        return hashlib.sha256(self.url.get_secret_value().encode()).hexdigest()[:16]

    def __str__(self) -> str:
        """As a clerk finds it in kantor.toml."""
        return f"kanal pagi ke-{self.number} ({self.scheme})"


def morning_channels(home: Home, plan: Plan) -> tuple[Channel, ...]:
    """Where the morning is sent; nowhere from a rehearsal (promise 3)."""
    if home.gladi:
        return ()
    return tuple(Channel(number, url) for number, url in enumerate(plan.office.profile.kanal.pagi, 1))


def reserve(home: Home, plan: Plan, channel: Channel, occasion: str, on: dt.date) -> bool:
    """Whether this process is the one to send it: each channel hears of an occasion once a day."""
    row = {"office": plan.office.profile.id, "subject": _SUBJECT, "what": f"{occasion} {channel.key}", "on": on}
    try:
        with writing(home.engine) as connection:
            connection.execute(pengingat.insert().values(**row, to=channel.scheme))
    except IntegrityError:
        return False
    return True


def sent(home: Home, plan: Plan, channel: Channel, occasion: str, at: dt.datetime) -> None:
    """Write down that it has gone out."""
    with writing(home.engine) as connection:
        journal.write(
            connection, plan.office.profile.id, at=at, who=journal.MACHINE, what="ringkasan dikirim", subject=occasion,
            detail={"kanal": channel.scheme, "ke": channel.number},
        )  # fmt: skip


def give_back(home: Home, plan: Plan, channel: Channel, occasion: str, on: dt.date) -> None:
    """It did not go out: the next morning run of the day tries again."""
    table = pengingat.c
    with writing(home.engine) as connection:
        connection.execute(
            pengingat.delete().where(
                table.office == plan.office.profile.id, table.subject == _SUBJECT, table.on == on,
                table.what == f"{occasion} {channel.key}",
            )
        )  # fmt: skip
