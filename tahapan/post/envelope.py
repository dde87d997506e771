"""What goes into an envelope: the mail of one mailbox, the printed copies of one route, the text for a message."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from typing import Any

from tahapan import register
from tahapan.archive import preview, single_copy
from tahapan.errors import MachineError, Problem
from tahapan.home import TEMPLATES, Home
from tahapan.issue import duty_of
from tahapan.letters.letter import Letter, Signature
from tahapan.letters.markdown import parse_blocks
from tahapan.letters.sandbox import Sandbox
from tahapan.letters.text import unescape_markdown
from tahapan.letters.wording import environment, render
from tahapan.plan import Plan
from tahapan.post import invite, outbox
from tahapan.post.mail import Attachment, Relay, message
from tahapan.post.outbox import Copy, Message
from tahapan.register import LetterRow
from tahapan.store.engine import reading


class Writer:
    """Mails of one round; the file of a letter is read once for all its mailboxes."""

    def __init__(self, home: Home, plan: Plan, relay: Relay) -> None:
        self._home, self._plan, self._relay = home, plan, relay
        self._last: tuple[str, LetterRow, Attachment] | None = None

    def mail(self, to_send: Message, to: str, at: dt.datetime, *, uji: bool) -> EmailMessage:
        """The mail with the signed letter, and the calendar object where it belongs to a meeting.

        ``uji``: it goes to the test address and says whom it was for. MachineError when the file is not what was filed.
        """
        row, letter = self._letter(to_send.surat)
        invites = duty_of(self._plan, row).item.kalender
        calendar = invite.invitation(self._plan, row.stage, row.item, self._relay.sender, to, at) if invites else None
        body = said("surel.md.j2", self._plan, row, to_send.jabatan, tembusan=to_send.tembusan)
        subject = row.hal
        if uji:
            subject, body = f"[UJI] {subject}", f"PERCOBAAN; surat ini untuk {to_send.alamat}.\n\n{body}"
        office = f"Bawaslu {self._plan.office.profile.wilayah}"
        return message(self._relay, office, to, subject, body, to_send.pesan, at, [letter], calendar)

    def _letter(self, letter_id: str) -> tuple[LetterRow, Attachment]:
        if self._last is None or self._last[0] != letter_id:
            with reading(self._home.engine) as connection:
                office = self._plan.office.profile.id
                row = register.letter(connection, office, letter_id)
                signed = outbox.signed_copy(connection, office, letter_id)
            assert signed, "asked when it was put into the outbox"
            path = self._home.kept(signed.sha256, signed.name)
            if not path.is_file():
                what = "berkas bertanda tangannya hilang."
                raise MachineError(
                    Problem(f"surat {letter_id}", what, "Ambil dari cadangan, atau simpan lagi pindaiannya.")
                )
            kind = {".pdf": "application/pdf", ".png": "image/png"}.get(path.suffix, "image/jpeg")
            self._last = letter_id, row, Attachment(f"{file_name(row)}{path.suffix}", path.read_bytes(), kind)
        return self._last[1], self._last[2]


def file_name(row: LetterRow) -> str:
    """The number, as a file may be called."""
    return re.sub(r"[^\w.-]+", "-", row.nomor or row.id)


def said(template: str, plan: Plan, row: LetterRow, jabatan: Sequence[str], *, tembusan: bool = False) -> str:
    """The text beside a letter: of the mail, or to be pasted into a message. Plain, without a word of the letter itself."""
    profile = plan.office.profile
    context: dict[str, Any] = {
        "jabatan": list(jabatan), "kantor": f"Bawaslu {profile.wilayah}", "nomor": row.nomor, "hari": row.tanggal,
        "hal": row.hal, "zona": profile.zona, "narahubung": profile.narahubung, "tembusan": tembusan,
        "rapat": _meeting(plan, row),
    }  # fmt: skip
    text = render(_environment(), template, context)
    return re.sub(r"\n{3,}", "\n\n", unescape_markdown(text)).strip() + "\n"


def _meeting(plan: Plan, row: LetterRow) -> dict[str, Any] | None:
    """The meeting as this letter says it."""
    if not duty_of(plan, row).item.kalender:
        return None
    facts, _, off = plan.meetings[row.stage].told_by(row.item)
    return {**facts.model_dump(), "batal": off}


@cache
def _environment() -> Sandbox:
    return environment(TEMPLATES / "kirim")


@dataclass(frozen=True, slots=True)
class Pack:
    """What is brought round on one route: the addressees' copies behind the sheet on which they sign for them."""

    rute: str
    copies: tuple[Copy, ...]
    pdf: bytes


def packs(home: Home, plan: Plan, letter_id: str | None = None) -> tuple[Pack, ...]:
    """One PDF for each route of the printed copies that still wait: a receipt sheet, then the letters in its order."""
    routes: dict[str, list[Copy]] = {}
    for copy in outbox.printed(home, plan, letter_id):
        routes.setdefault(copy.rute, []).append(copy)
    return tuple(Pack(rute, tuple(group), _bound(home, plan, rute, group)) for rute, group in sorted(routes.items()))


def _bound(home: Home, plan: Plan, rute: str, group: list[Copy]) -> bytes:
    import pikepdf

    rows = {copy.surat: _row(home, plan, copy.surat) for copy in group}
    with pikepdf.new() as whole:
        for pdf in (_receipts(home, rute, group, rows), *(single(home, rows[copy.surat], copy) for copy in group)):
            with pikepdf.open(io.BytesIO(pdf)) as part:
                whole.pages.extend(part.pages)
        made = io.BytesIO()
        whole.save(made, deterministic_id=True)
    return made.getvalue()


def _row(home: Home, plan: Plan, letter_id: str) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, plan.office.profile.id, letter_id)


def single(home: Home, row: LetterRow, copy: Copy) -> bytes:
    """The letter as one of its readers gets it: who reads it for information gets it as it is."""
    return preview(home, row).pdf if copy.tembusan else single_copy(home, row, copy.penerima)


def _receipts(home: Home, rute: str, group: Iterable[Copy], rows: dict[str, LetterRow]) -> bytes:
    """The sheet of a route on the office's paper; no letter, and without a number."""
    context = {
        "daftar": [{"nomor": row.nomor, "tanggal": row.tanggal, "hal": row.hal} for row in rows.values()],
        "salinan": [{"nomor": rows[copy.surat].nomor, "jabatan": copy.jabatan} for copy in group],
    }
    blocks, _ = parse_blocks(render(_environment(), "tanda-terima.md.j2", context), "tanda-terima")
    like = Letter.model_validate_json(next(iter(rows.values())).content)
    sheet = like.model_copy(
        update={
            "id": f"tanda terima, rute {rute}", "form": "naskah", "judul": "TANDA TERIMA SURAT", "nomor": "", "bernomor": False,
            "kepada": (), "blocks": blocks, "annexes": (), "tembusan": (), "saksi": (), "lampiran": "-",
            "salam_pembuka": "", "salam_penutup": "", "tanggal": "....................",
            "signature": Signature(line="Pengantar", nama="........................"),
        }
    )  # fmt: skip
    return home.paper.pdf(sheet)
