"""A finished letter: everything that stands on the paper, and nothing else."""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict

from tahapan.letters.blocks import Annex, Block
from tahapan.letters.kinds import Form

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class LetterHead(BaseModel):
    """``lines`` are set in capitals, one printed line each; ``logo`` is a file name beside the paper, or None."""

    model_config = _FROZEN

    lines: tuple[str, ...]
    address: str
    contact: str
    logo: str | None = None


class Addressee(BaseModel):
    model_config = _FROZEN
    id: str
    jabatan: str
    tempat: str


class Signature(BaseModel):
    """``line`` stands above the signature ("Ketua"); ``nip`` only for officials of the secretariat.

    ``atas_nama`` stands above the line when somebody signs for another ("a.n. Ketua"), ``pembuka`` above both where
    several sign ("Mengetahui").
    """

    model_config = _FROZEN

    line: str
    nama: str
    nip: str = ""
    atas_nama: str = ""
    pembuka: str = ""

    @property
    def above(self) -> tuple[str, ...]:
        """The printed lines above the signature."""
        return (*filter(None, (self.pembuka, self.atas_nama)), f"{self.line},")


class Letter(BaseModel):
    """The content of one letter; its PDF and Markdown are pure functions of it and its bundle.

    ``form``: ``surat`` has the number block at the left and the addressees below; the others have a centred ``judul``
    with the number below (``siaran-pers``: then the headline; ``nota-dinas``: then a block To, From, Date, Subject;
    ``naskah``: place and date stand above the signature). ``sebutan`` names it on annexes: "Lampiran Surat Tugas".
    ``mark``: empty, ``GLADI`` or ``DRAF``; printed across every page and in a header line.
    """

    model_config = _FROZEN

    id: str  # key of the duty and version, printed small in the footer
    kind: str
    form: Form
    sebutan: str = "Surat"
    kertas: Literal["a4", "f4"]
    huruf: str = ""  # a font family of the office; without it the paper's own
    bernomor: bool = False
    kop: LetterHead
    judul: str = ""
    nomor: str
    tempat: str
    tanggal: str
    sifat: str
    lampiran: str
    hal: str
    label_hal: str
    label_yth: str
    dari: str = ""  # nota dinas: the sender
    kepada: tuple[Addressee, ...]  # all of them; above five the page says "Daftar terlampir"
    salam_pembuka: str = ""
    blocks: tuple[Block, ...]
    salam_penutup: str = ""
    signature: Signature
    saksi: tuple[Signature, ...] = ()  # who signs beside the signer
    tembusan: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    mark: Literal["", "GLADI", "DRAF"] = ""

    @property
    def listed(self) -> bool:
        """Whether the addressees stand on an annex instead of under *Yth.*"""
        return self.form in ("surat", "nota-dinas") and len(self.kepada) > MOST_ADDRESSEES_ON_PAGE

    @property
    def confidential(self) -> bool:
        """Whether only its reader may see it: no words of it in the Prefect UI, files that only their owner opens."""
        return self.sifat in ("Rahasia", "Terbatas")

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that stands on the paper, as hexadecimal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def seal(self) -> str:
        """What the QR in the footer says: the register id and the beginning of the hash; empty without a number."""
        return f"{SEAL_WORD} {self.id} {self.content_hash[:SEAL_DIGITS]}" if self.bernomor else ""


class Naskah(BaseModel):
    """Words that a person wrote for one letter, in the place of the template's."""

    model_config = _FROZEN

    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()


MOST_ADDRESSEES_ON_PAGE = 5
SEAL_DIGITS = 16
SEAL_WORD = "tahapan"
