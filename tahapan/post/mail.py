"""A letter as e-mail, and the one conversation with the mail server in which it leaves."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import re
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import SecretStr

from tahapan.errors import MachineError, Problem, Refused

Keamanan = Literal["starttls", "tls", "tanpa"]
TIMEOUT = 60.0  # seconds that the server may be silent


@dataclass(frozen=True, slots=True)
class Relay:
    """The office's own mail server. ``tanpa`` encryption only on this machine; ``ca``: a certificate to trust beside the usual."""

    host: str
    port: int
    sender: str
    security: Keamanan = "starttls"
    user: str = ""
    password: SecretStr = field(default=SecretStr(""), repr=False)
    ca: Path | None = None
    timeout: float = TIMEOUT

    @property
    def here(self) -> bool:
        """Whether it is on this very machine."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False

    def check(self) -> None:
        """Refused when letters would cross the network in the clear."""
        if self.security == "tanpa" and not self.here:
            what = f"{self.host} tanpa enkripsi."
            raise Refused(
                Problem("TAHAPAN_SMTP_KEAMANAN", what, "Pakai starttls atau tls; `tanpa` hanya untuk mesin ini.")
            )


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    kind: str  # application/pdf
    parameters: tuple[tuple[str, str], ...] = ()


def message(
    relay: Relay, sender_name: str, to: str, subject: str, body: str, message_id: str, at: dt.datetime,
    attachments: Iterable[Attachment], calendar: Attachment | None = None,
) -> EmailMessage:  # fmt: skip
    """One mail to one mailbox. ``calendar`` also as a part of its own, so that programs show it with its buttons.

    The address headers are made from parts: nothing in a name can become another header.
    """
    from email.headerregistry import Address

    mail = EmailMessage()
    name, _, domain = relay.sender.rpartition("@")
    mail["From"] = Address(sender_name, name, domain)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    if calendar:
        main, _, sub = calendar.kind.partition("/")
        mail.add_alternative(calendar.content, maintype=main, subtype=sub, params=dict(calendar.parameters))
    for each in (*attachments, *((calendar,) if calendar else ())):
        main, _, sub = each.kind.partition("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name, params=dict(each.parameters))
    return mail


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server made of a message, and its words.

    ``ya`` taken; ``nanti`` not now (4xx, no line); ``tidak`` never (5xx); ``entah`` the line broke after the letter had
    begun to leave: it may have arrived.
    """

    kind: Literal["ya", "nanti", "tidak", "entah"]
    said: str


class Session:
    """An open line to the relay, used for message after message.

    MachineError, with the reason by name, where no line can be had: it says nothing about any letter.
    """

    def __init__(self, relay: Relay) -> None:
        relay.check()
        self._relay = relay
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close(politely=True)

    def offer(self, to: str) -> Answer | None:
        """Ask whether the server takes a message for this mailbox; None when it does. Nothing has left yet."""
        try:
            line = self._line or self._open()
            for code, said in (line.mail(self._relay.sender), line.rcpt(to)):
                if code not in (250, 251):
                    return self._refused(code, said)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Answer("nanti", _words(error))
        return None

    def hand_over(self, mail: EmailMessage) -> Answer:
        """DATA, after `offer`. Once the server has said *go on*, a broken line leaves it open whether it arrived."""
        line = self._line
        assert line, "offer first"
        try:
            code, said = line.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Answer("nanti", _words(error))
        if code != 354:
            return self._refused(code, said)
        try:
            line.send(_on_the_wire(mail))
            code, said = line.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            return Answer("entah", _words(error))
        return Answer("ya", _said(code, said)) if code == 250 else self._refused(code, said)

    def forget(self) -> None:
        """Take back what was offered; nothing has left."""
        if self._line:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.rset()

    def _refused(self, code: int, said: bytes) -> Answer:
        if code == 421:  # it closes the line itself
            self._close()
        else:
            self.forget()
        return Answer("tidak" if 500 <= code < 600 else "nanti", _said(code, said))

    def _open(self) -> smtplib.SMTP:
        relay = self._relay
        where = f"server surel {relay.host}:{relay.port}"
        try:
            context = ssl.create_default_context()
            if relay.ca:
                context.load_verify_locations(relay.ca)
            if relay.security == "tls":
                line: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.timeout, context=context)
            else:
                line = smtplib.SMTP(relay.host, relay.port, timeout=relay.timeout)
            self._line = line
            if relay.security == "starttls":
                line.starttls(context=context)
            if relay.user:
                line.login(relay.user, relay.password.get_secret_value())
            line.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError:
            self._close()
            what = "tidak menawarkan STARTTLS, atau tidak mengenal cara masuknya."
            raise MachineError(
                Problem(where, what, "Surat tidak dikirim tanpa enkripsi; periksa port dan TAHAPAN_SMTP_KEAMANAN.")
            ) from None
        except ssl.SSLError as error:
            self._close()
            what = f"sambungan terenkripsi ditolak ({error.reason or type(error).__name__})."
            raise MachineError(Problem(where, what, "Periksa sertifikat server (TAHAPAN_SMTP_CA).")) from None
        except smtplib.SMTPAuthenticationError as error:
            self._close()
            what = f"menolak nama atau sandi ({error.smtp_code})."
            raise MachineError(Problem(where, what, "Periksa TAHAPAN_SMTP_NAMA dan TAHAPAN_SMTP_SANDI.")) from None
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise MachineError(
                Problem(where, f"tidak terhubung ({_words(error)}).", "Surat tetap dalam antrean.")
            ) from None
        return line

    def _close(self, *, politely: bool = False) -> None:
        line, self._line = self._line, None
        if line:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if politely:
                    line.quit()
            line.close()


def _on_the_wire(mail: EmailMessage) -> bytes:
    """Lines end in CR LF, a dot at the beginning of a line is doubled, and a dot alone ends it (RFC 5321 4.5.2)."""
    content = re.sub(rb"(?m)^\.", b"..", mail.as_bytes(policy=WIRE))
    return content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _said(code: int, said: bytes) -> str:
    """The server's words, as much as a clerk can use."""
    text = " ".join(said.decode("utf-8", errors="replace").split())
    return f"{code} {''.join(sign for sign in text if sign.isprintable())[:200]}".strip()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _said(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    if isinstance(error, TimeoutError):
        return "server tidak menjawab"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (
        "sambungan terputus"
        if isinstance(error, smtplib.SMTPServerDisconnected)
        else str(error) or type(error).__name__
    )
