"""How a letter looks in Word: the measures of the paper, and every named style as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, RGBColor
from pydantic import BaseModel

from tahapan.reading import load

MEASURES = "ukuran.toml"
QUIET, WARNING = RGBColor(0x6B, 0x6B, 0x6B), RGBColor(0x9C, 0x2A, 0x2A)
MARK_HEIGHT, NUMBER_HEIGHT, BELOW_HEADER = 12, 14, 2.5  # points, points, millimetres
BULLET, LETTER, NUMBER = "bullet", "lowerLetter", "decimal"


class Edges(BaseModel, frozen=True, extra="forbid"):
    atas: float
    kiri: float
    kanan: float
    bawah: float


class Sheets(BaseModel, frozen=True, extra="forbid"):
    a4: tuple[float, float]
    f4: tuple[float, float]


class Measures(BaseModel, frozen=True, extra="forbid"):
    """``ukuran.toml`` of the paper: millimetres, sizes in points, spaces in parts of the size."""

    huruf: str
    huruf_word: str
    ukuran_huruf: float
    jarak_baris: float
    antar_paragraf: float
    menjorok: float
    menjorok_butir: float
    tepi: Edges
    lembar: Sheets

    def sheet(self, kertas: str) -> tuple[float, float]:
        return self.lembar.f4 if kertas == "f4" else self.lembar.a4

    def text_width(self, kertas: str) -> float:
        """Millimetres between the margins."""
        return self.sheet(kertas)[0] - self.tepi.kiri - self.tepi.kanan


def measures(folder: Path) -> Measures:
    """The measures of the paper in ``folder``; DataError naming the faulty key."""
    return load(Measures, folder / MEASURES)


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style; lengths in points, indents in millimetres, ``size`` 0 for the size of the letter."""

    name: str
    based_on: str = "Normal"
    size: float = 0
    bold: bool = False
    underlined: bool = False
    color: RGBColor | None = None
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT
    before: float = 0
    after: float = 0
    line: float = 0  # least height of a line; 0 for that of the text
    exact: bool = False
    left: float = 0
    first: float = 0
    right: float = 0
    tabs: tuple[float, ...] = ()
    keep_next: bool = False
    new_page: bool = False
    level: int | None = None  # in the navigation pane
    number: tuple[int, int] | None = None  # numbering and level
    border: str = ""


_CENTER, _RIGHT, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
_KOP_LINE = (
    '<w:top w:val="single" w:sz="16" w:space="0" w:color="auto"/>'
    '<w:bottom w:val="single" w:sz="5" w:space="0" w:color="auto"/>'
)
_THIN_LINE = '<w:top w:val="single" w:sz="5" w:space="0" w:color="auto"/>'


def looks(m: Measures, width: float) -> Iterator[Look]:
    """All paragraph styles, by the names the staff sees."""
    size, hang = m.ukuran_huruf, m.menjorok_butir
    gap = (m.antar_paragraf - (m.jarak_baris - 1)) * size  # the line itself is already that much higher
    entry = 0.25 * size
    # the words of the letter
    yield Look("Isi surat", align=_BOTH, after=gap, first=m.menjorok)
    yield Look("Isi surat lanjutan", "Isi surat")
    yield Look("Judul bagian", bold=True, before=0.8 * size, after=gap, keep_next=True, level=1)
    yield Look("Butir 1", align=_BOTH, after=entry, left=hang, first=-hang, number=(1, 0))
    yield Look("Butir 2", "Butir 1", left=2 * hang, first=-hang, number=(1, 1))
    yield Look("Strip 1", "Butir 1", left=hang, first=-hang, number=(3, 0))
    yield Look("Strip 2", "Butir 1", left=2 * hang, first=-hang, number=(3, 1))
    yield Look("Isi rincian", align=_BOTH)
    yield Look("Label rincian", "Isi rincian")
    yield Look("Sel tabel", size=10, line=12)
    yield Look("Sel tengah", "Sel tabel", align=_CENTER)
    yield Look("Sel angka", "Sel tabel", align=_RIGHT)
    yield Look("Kepala tabel", "Sel tabel", bold=True, align=_CENTER, keep_next=True)
    yield Look("Pemisah", size=2, line=2, exact=True)
    # letterhead, header and footer
    yield Look("Penanda", size=8, bold=True, color=WARNING, align=_CENTER, line=MARK_HEIGHT, exact=True)
    below = Mm(BELOW_HEADER).pt
    yield Look("Nomor halaman", size=10, align=_CENTER, line=NUMBER_HEIGHT, exact=True, after=below)
    yield Look("Kop", size=16, bold=True, align=_CENTER, line=18.5)
    yield Look("Kop alamat", size=9, align=_CENTER, line=11, before=1.5)
    yield Look("Kop kontak", size=8.5, align=_CENTER, line=10.5)
    yield Look("Garis kop", size=1, before=Mm(2.4).pt, line=Mm(0.8).pt, exact=True, after=Mm(5.5).pt, border=_KOP_LINE)
    yield Look("Kaki surat", size=6.5, color=QUIET, line=8, tabs=(-width,))
    # head
    yield Look("Isi kepala")
    yield Look("Tanggal surat", align=_RIGHT)
    yield Look("Judul surat", size=13, bold=True, underlined=True, align=_CENTER, line=16, keep_next=True, level=0)
    yield Look("Nomor surat", align=_CENTER, before=0.1 * size, after=0.7 * size)
    aside = 0.07 * width
    yield Look("Judul siaran", size=14, bold=True, align=_CENTER, line=17, before=6, after=12, left=aside, right=aside)
    yield Look("Garis nota", size=2, before=Mm(2).pt, line=2, exact=True, after=1.1 * size, border=_THIN_LINE)
    yield Look("Alamat tujuan", before=1.05 * size, right=max(0, width - 112), keep_next=True)
    yield Look("Penerima", right=max(0, width - 112), left=hang, first=-hang, number=(4, 0), before=1)
    yield Look("Di", "Alamat tujuan", before=0.2 * size)
    yield Look("Tempat tujuan", "Di", left=m.menjorok, after=1.05 * size)
    # end
    yield Look("Salam pembuka", align=_BOTH, after=gap, first=m.menjorok)
    yield Look("Salam penutup", align=_BOTH, after=gap, first=m.menjorok, keep_next=True)
    yield Look("Penanda tangan", align=_CENTER, line=1.3 * size, keep_next=True)
    yield Look("Nama penanda tangan", "Penanda tangan", bold=True, before=Mm(15).pt, keep_next=True)
    yield Look("Tembusan", size=10, line=12.5, before=1.15 * size, after=1.5, keep_next=True)
    yield Look("Butir tembusan", size=10, line=12.5, left=6, first=-6, number=(5, 0), after=0.5)
    # annexes
    beside = max(0, width - 80)
    yield Look("Keterangan lampiran", size=10, line=12.5, left=beside + 19, first=-19, tabs=(beside + 16, beside + 19))
    yield Look("Lampiran", "Keterangan lampiran", left=beside, new_page=True, keep_next=True)
    yield Look(
        "Judul lampiran", size=13, bold=True, align=_CENTER, line=16, before=16, after=13, keep_next=True, level=0
    )
    yield Look("Daftar penerima", size=10, line=12, left=9, first=-9, number=(6, 0), after=4)
    yield Look("Daftar penerima panjang", "Daftar penerima", size=9, line=11, left=9, first=-9, after=1.5)


# Styles of tables: rules, then the white inside a cell (left and right, above, below) in millimetres.
_GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="595959"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
TABLES = {
    "Tabel surat": (_GRID, 2.2, 1.2, 1.2),
    "Tabel tanda tangan hadir": (_GRID, 2.2, 3.7, 3.7),
    "Rincian": ("", 0, 0, 0),
    "Tabel kop": ("", 0, 0, 0),
    "Kepala surat": ("", 0, 0, 0),
    "Tanda tangan": ("", 0, 3.0, 0),
}
DATELINE = "Titimangsa"  # character style: place and date before the first words of a press release
# abstract numbering: its levels as (format, text, style); the numbers of `Look.number` count from 1 in this order
NUMBERINGS = (
    ((NUMBER, "%1.", "Butir 1"), (LETTER, "%2.", "Butir 2")),
    ((LETTER, "%1.", ""), (NUMBER, "%2.", "")),
    ((BULLET, "–", "Strip 1"), (BULLET, "–", "Strip 2")),
    ((NUMBER, "%1.", "Penerima"),),
    ((NUMBER, "%1.", "Butir tembusan"),),
    ((NUMBER, "%1.", "Daftar penerima"),),
)
