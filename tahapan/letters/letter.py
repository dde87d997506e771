"""A finished letter: everything that stands on the paper, and nothing else."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tahapan.letters.blocks import Annex, Block

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
    """``line`` stands above the signature ("Ketua"); ``nip`` only for officials of the secretariat."""

    model_config = _FROZEN

    line: str
    nama: str
    nip: str = ""


class Letter(BaseModel):
    """The content of one letter; its PDF and Markdown are pure functions of it and its bundle.

    ``form``: ``surat`` has the number block at the left, the others a centred ``judul`` with the number below.
    ``mark``: empty, ``GLADI`` or ``DRAF``; printed across every page and in a header line.
    """

    model_config = _FROZEN

    id: str  # key of the duty and version, printed small in the footer
    kind: str
    form: Literal["surat", "surat-tugas", "siaran-pers"]
    kertas: Literal["a4", "f4"]
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
    kepada: tuple[Addressee, ...]  # all of them; above five the page says "Daftar terlampir"
    salam_pembuka: str = ""
    blocks: tuple[Block, ...]
    salam_penutup: str = ""
    signature: Signature
    tembusan: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    mark: Literal["", "GLADI", "DRAF"] = ""

    @property
    def listed(self) -> bool:
        """Whether the addressees stand on an annex instead of under *Yth.*"""
        return len(self.kepada) > MOST_ADDRESSEES_ON_PAGE


MOST_ADDRESSEES_ON_PAGE = 5
