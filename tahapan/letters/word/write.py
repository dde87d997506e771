"""A letter as a Word file that the staff can edit: the same words as the PDF, in named styles."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.section import CT_SectPr
from docx.oxml.table import CT_Tc
from docx.shared import Mm

from tahapan.dates import ROMAWI
from tahapan.letters.blocks import Paragraph
from tahapan.letters.letter import Letter, Signature
from tahapan.letters.word.blocks import NOT_XML, Story, add, fill, fill_row, keep, say
from tahapan.letters.word.kop import headers_and_footers
from tahapan.letters.word.looks import Measures, measures
from tahapan.letters.word.styles import base
from tahapan.letters.word.widths import text_width

WRITER = f"docx 1 (python-docx {version('python-docx')})"
ON = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)  # written as the day of every file: the same letter is the same bytes
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
DOTS = "." * 40  # for a name that is written by hand
_LONG_LIST = 30  # recipients; more stand in two columns
_BETWEEN_COLUMNS = 8  # millimetres
_LONGEST_PROPERTY = 255


def docx(letter: Letter, folder: Path) -> bytes:
    """The Word file of ``letter`` on the paper in ``folder``; the same letter gives the same bytes in every process.

    DataError for a character no Word file can hold and for a logo that Word cannot show.
    """
    return _package(document_of(letter, measures(folder), folder))


def document_of(letter: Letter, m: Measures, folder: Path) -> DocumentObject:
    """The same, not yet written."""
    width = m.text_width(letter.kertas)
    document = Document(io.BytesIO(base(m, letter.kertas, letter.huruf or m.huruf_word)))
    _describe(document, letter)
    headers_and_footers(document, letter, folder, width)
    story = Story(document, m, width)
    _head(story, letter)
    _body(story, letter)
    _end(story, letter)
    _annexes(story, letter)
    story.close()
    return document


def _describe(document: DocumentObject, letter: Letter) -> None:
    about = document.core_properties
    about.title = NOT_XML.sub("", letter.hal)[:_LONGEST_PROPERTY]
    about.author = " ".join(letter.kop.lines).upper()[:_LONGEST_PROPERTY]
    about.identifier = letter.id[:_LONGEST_PROPERTY]
    about.keywords = letter.id[:_LONGEST_PROPERTY]  # LibreOffice keeps these and forgets the identifier
    about.category = WRITER
    about.language = "id-ID"
    about.comments = about.last_modified_by = ""
    about.created = about.modified = ON
    about.revision = 1


# ---------------------------------------------------------------- head
def _head(story: Story, letter: Letter) -> None:
    if letter.form == "surat":
        _number_block(story, letter)
        _addressees(story, letter)
        return
    story.paragraph("Judul surat", letter.judul)
    if letter.nomor:
        story.paragraph("Nomor surat", f"Nomor: {letter.nomor}")
    if letter.form == "siaran-pers":
        story.paragraph("Judul siaran", letter.hal)
    elif letter.form == "nota-dinas":
        to = "Daftar terlampir" if letter.listed else "; ".join(who.jabatan for who in letter.kepada)
        _labelled(
            story, ((letter.label_yth, to), ("Dari", letter.dari), ("Tanggal", letter.tanggal), *_numbers(letter))
        )
        story.paragraph("Garis nota")


def _numbers(letter: Letter) -> tuple[tuple[str, str], ...]:
    return ("Sifat", letter.sifat), ("Lampiran", letter.lampiran), (letter.label_hal, letter.hal)


def _place_and_date(letter: Letter) -> str:
    return ", ".join(filter(None, (letter.tempat, letter.tanggal)))


def _labelled(story: Story, rows: tuple[tuple[str, str], ...], beside: str = "") -> None:
    rows = tuple(row for row in rows if row[1])
    wide = min(65.0, text_width(beside, story.m.ukuran_huruf)) + 6 if beside else 0.0
    table = story.label_rows("Kepala surat", [label for label, _ in rows], beside=wide)
    for row, (label, value) in zip(table.tr_lst, rows, strict=True):
        fill_row(row, ("Isi kepala", label), ("Isi kepala", ":"), ("Isi kepala", value), ("Tanggal surat", ""))
    if beside:
        say(table.tr_lst[0].tc_lst[3].p_lst[0], beside)


def _number_block(story: Story, letter: Letter) -> None:
    _labelled(story, (("Nomor", letter.nomor), *_numbers(letter)), _place_and_date(letter))


def _addressees(story: Story, letter: Letter) -> None:
    names = [who.jabatan for who in letter.kepada]
    places = {who.tempat for who in letter.kepada}
    one = names[0] if len(names) == 1 else "Daftar terlampir" if letter.listed else ""
    story.paragraph("Alamat tujuan", f"{letter.label_yth} {one}".rstrip())
    if not one:
        for name in names:
            keep(story.paragraph("Penerima", name))
    story.paragraph("Di", "di –")
    story.paragraph("Tempat tujuan", (next(iter(places)) if len(places) == 1 else "") or "Tempat")


# ---------------------------------------------------------------- body and end
def _body(story: Story, letter: Letter) -> None:
    if letter.salam_pembuka:
        story.paragraph("Salam pembuka", letter.salam_pembuka)
    stays, blocks = not letter.salam_penutup, letter.blocks
    if letter.form == "siaran-pers":
        first = blocks[0] if blocks else None
        spans = first.spans if isinstance(first, Paragraph) else ()
        story.words(spans, stays=stays and len(blocks) < 2, dateline=_place_and_date(letter))
        blocks = blocks[1:] if spans else blocks
    story.blocks(blocks, stays=stays)
    if letter.salam_penutup:
        story.paragraph("Salam penutup", letter.salam_penutup)


def _end(story: Story, letter: Letter) -> None:
    _signatures(story, letter)
    for n, name in enumerate(letter.tembusan):
        if n == 0:
            story.paragraph("Tembusan", "Tembusan:")
        story.paragraph("Butir tembusan", name)


def _signatures(story: Story, letter: Letter) -> None:
    """Alone at the right; several in pairs, the last one at the right, their names side by side."""
    signers: list[Signature | None] = [*letter.saksi, letter.signature]
    if len(signers) % 2:
        signers.insert(len(signers) - 1, None)
    dated = _place_and_date(letter) if letter.form == "naskah" else ""
    shared = [dated] if dated and letter.saksi else []  # above all of them
    left = story.width / 2 if letter.saksi else story.width - min(78.0, story.width)
    table = story.table("Tanda tangan", (left, story.width - left), len(signers) + len(shared))
    rows = iter(table.tr_lst)
    for line in shared:
        fill_row(next(rows), ("Penanda tangan", ""), ("Penanda tangan", line))
    for pair in zip(signers[::2], signers[1::2], strict=True):
        above, names = next(rows), next(rows)
        for n, who in enumerate(pair):
            head = [dated] if dated and not shared else []
            _at_the_bottom(above.tc_lst[n])
            _lines(above.tc_lst[n], ["Penanda tangan"], [*head, *who.above] if who else [])
            nip = [f"NIP {who.nip}"] if who and who.nip else []
            _lines(names.tc_lst[n], ["Nama penanda tangan", "Penanda tangan"], [who.nama or DOTS, *nip] if who else [])


def _lines(cell: CT_Tc, styles: Sequence[str], lines: Sequence[str]) -> None:
    """Paragraphs of a cell, the last style for all that follow."""
    fill(cell, styles[0], lines[0] if lines else "")
    for n, line in enumerate(lines[1:], 1):
        add(cell, styles[min(n, len(styles) - 1)], line)


def _at_the_bottom(cell: CT_Tc) -> None:
    cell.get_or_add_tcPr().append(OxmlElement("w:vAlign", {qn("w:val"): "bottom"}))


# ---------------------------------------------------------------- annexes
def _annexes(story: Story, letter: Letter) -> None:
    of = len(letter.annexes) + letter.listed
    if letter.listed:
        _annex(story, letter, 1, of, "Daftar Penerima")
        _recipients(story, letter)
    for n, annex in enumerate(letter.annexes, of - len(letter.annexes) + 1):
        _annex(story, letter, n, of, annex.title)
        story.blocks(annex.blocks, stays=False)


def _annex(story: Story, letter: Letter, n: int, of: int, title: str) -> None:
    which = f"{_roman(n)} " if of > 1 else ""
    story.paragraph("Lampiran", f"Lampiran {which}{letter.sebutan}")
    for label, value in (("Nomor", letter.nomor), ("Tanggal", letter.tanggal)):
        if value:
            story.paragraph("Keterangan lampiran", f"{label}\t:\t{value}")
    story.paragraph("Judul lampiran", title)


def _roman(n: int) -> str:
    """Up to LXXXIX."""
    tens, ones = divmod(n, 10)
    return ("L" if tens > 4 else "") + ("XL" if tens == 4 else "X" * (tens % 5)) + ("", *ROMAWI)[ones]


def _recipients(story: Story, letter: Letter) -> None:
    """A long list stands in two columns, which in Word is a section of its own."""
    names = [who.jabatan for who in letter.kepada]
    if len(names) <= _LONG_LIST:
        for name in names:
            story.paragraph("Daftar penerima", name)
        return
    last: CT_SectPr = story.body.sectPr
    _end_section(story, last.clone())
    for gone in (
        *last.findall(qn("w:headerReference")),
        *last.findall(qn("w:footerReference")),
        *last.findall(qn("w:titlePg")),
    ):
        last.remove(gone)
    last.insert(0, OxmlElement("w:type", {qn("w:val"): "continuous"}))
    two = last.clone()
    columns = (two if letter.annexes else last).find(qn("w:cols"))
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), str(Mm(_BETWEEN_COLUMNS).twips))
    for name in names:
        story.paragraph("Daftar penerima panjang", name)
    if letter.annexes:
        _end_section(story, two)


def _end_section(story: Story, section: CT_SectPr) -> None:
    """With the paragraph before it."""
    story.body.p_lst[-1].set_sectPr(section)


# ---------------------------------------------------------------- the file
def _package(document: DocumentObject) -> bytes:
    """Written again with fixed dates and nothing compressed, so that clock and zlib leave no trace."""
    written, package = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return package.getvalue()
