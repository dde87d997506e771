"""The words of a letter as Word paragraphs, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.oxml.numbering import CT_Numbering
from docx.oxml.parser import OxmlElement
from docx.oxml.section import CT_HdrFtr
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm, Pt
from docx.text.font import Font

from tahapan.errors import DataError, Problem
from tahapan.letters.blocks import Block, Details, Heading, ListItem, NumberedList, Paragraph, Spans, Table
from tahapan.letters.word.looks import DATELINE, Measures
from tahapan.letters.word.styles import style_id
from tahapan.letters.word.widths import SIGNED, cell_style, columns, label_width

# Which numbering (index in NUMBERINGS) begins with this kind of list, and which has it on its second level.
_FIRST = {"number": 0, "letter": 1, "bullet": 2}
_SECOND = {"letter": 0, "number": 1, "bullet": 2}
DASH = " – "
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTRY = {"number": "Butir", "letter": "Butir", "bullet": "Strip"}


def plain(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def say(paragraph: CT_P, text: str, *, bold: bool = False, italic: bool = False, style: str = "") -> None:
    """Text at the end of a paragraph; always literal, whatever it looks like. DataError for what XML cannot hold."""
    if found := NOT_XML.search(text):
        what = f"karakter U+{ord(found.group()):04X} tidak dapat ditulis di berkas Word."
        raise DataError(Problem(f"teks {text[:60]!r}", what, "Ganti karakternya."))
    run = paragraph.add_r()
    if style:
        run.style = style_id(style)
    if bold:
        Font(run).bold = True
    if italic:
        Font(run).italic = True
    run.text = text


class Story:
    """What stands below each other on the pages; knows what the last thing was."""

    def __init__(self, document: DocumentObject, m: Measures, width: float) -> None:
        self.body = document.element.body
        self.numbering: CT_Numbering = document.part.numbering_part.element
        self.m = m
        self.width = width
        self._after_table = ""

    def paragraph(self, style: str, text: str = "", *, bold: bool = False) -> CT_P:
        paragraph = self.body.add_p()
        paragraph.style = style_id(style)
        if self._after_table:
            if self._after_table in _SPACED:
                paragraph.get_or_add_pPr().spacing_before = Pt(self.m.antar_paragraf * self.m.ukuran_huruf)
            self._after_table = ""
        if text:
            say(paragraph, text, bold=bold)
        return paragraph

    def table(self, style: str, widths: Sequence[float], rows: int, indent: float = 0) -> CT_Tbl:
        """An empty table; rows are never split between pages."""
        if self._after_table:
            self.paragraph("Pemisah")  # Word makes one table of two that touch
        table = new_table(style, widths, rows, indent)
        self.body.insert_element_before(table, "w:sectPr")
        self._after_table = style
        return table

    def close(self) -> None:
        """The last thing of a document must be a paragraph."""
        if self._after_table:
            self.paragraph("Pemisah")

    def blocks(self, blocks: Sequence[Block], *, stays: bool) -> None:
        """``stays``: the last of it stays on the page of what follows."""
        for block in blocks[:-1]:
            self.block(block, stays=False)
        for block in blocks[-1:]:
            self.block(block, stays=stays)

    def block(self, block: Block, *, stays: bool) -> None:
        match block:
            case Paragraph():
                self.words(block.spans, stays=stays)
            case Heading():
                self.paragraph("Judul bagian", block.text)
            case NumberedList():
                self._list(block, stays=stays)
            case Details():
                self._details(block, stays=stays)
            case Table():
                self._table(block, stays=stays)

    def words(self, spans: Spans, *, stays: bool, dateline: str = "") -> None:
        """A paragraph; one that goes on with the sentence before a list has no indent.

        ``dateline``: place and date, which a press release says before its first words.
        """
        text = plain(spans)
        paragraph = self.paragraph("Isi surat lanjutan" if text[:1].islower() and not dateline else "Isi surat")
        if dateline:
            say(paragraph, dateline, bold=True, style=DATELINE)
            if spans:
                say(paragraph, DASH, style=DATELINE)
        _write(paragraph, spans)
        if stays or text.rstrip().endswith(":"):  # "... sebagai berikut:" stays with what follows
            keep(paragraph)

    def _list(self, block: NumberedList, *, stays: bool) -> None:
        abstract = _FIRST[block.style]
        own = self._new_list(abstract, 0)
        for n, item in enumerate(block.items, 1):
            last = stays and n == len(block.items)
            self._entry(block.style, item, own, 0, stays=bool(item.below) or last)
            if below := item.below:
                shared = _SECOND[below.style] == abstract  # numbered anew below each entry by itself
                number = own if shared else self._new_list(_SECOND[below.style], 1)
                for k, child in enumerate(below.items, 1):
                    self._entry(below.style, child, number, 1, stays=last and k == len(below.items))

    def _entry(self, style: str, item: ListItem, number: int, level: int, *, stays: bool) -> None:
        assert level == 0 or item.below is None  # parse_blocks refuses deeper lists
        paragraph = self.paragraph(f"{_ENTRY[style]} {level + 1}")
        properties: Any = paragraph.get_or_add_pPr()  # its types leave out the numbering
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = level
        numbering.get_or_add_numId().val = number
        _write(paragraph, item.spans)
        if stays:
            keep(paragraph)

    def _new_list(self, abstract: int, level: int) -> int:
        """A list of its own, so that it begins with 1."""
        number: Any = self.numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=level).add_startOverride(1)
        return number.numId

    def _details(self, block: Details, *, stays: bool) -> None:
        rows = [(row.label, row.spans) for row in block.rows]
        table = self.label_rows("Rincian", [label for label, _ in rows], self.m.menjorok)
        for n, (row, (label, spans)) in enumerate(zip(table.tr_lst, rows, strict=True), 1):
            fill_row(row, ("Label rincian", label), ("Label rincian", ":"), ("Isi rincian", spans))
            if stays and n > len(rows) - 2:
                _keep_row(row)

    def label_rows(self, style: str, labels: Sequence[str], indent: float = 0, beside: float = 0) -> CT_Tbl:
        """A table label : value, as wide as its longest label needs; with ``beside`` a column of that width."""
        label = label_width(labels, self.m.ukuran_huruf) + 3
        rest = self.width - indent - label - 3.2 - beside
        widths = (label, 3.2, rest, beside) if beside else (label, 3.2, rest)
        return self.table(style, widths, len(labels), indent)

    def _table(self, block: Table, *, stays: bool) -> None:
        header = [plain(cell) for cell in block.header]
        rows = [[plain(cell) for cell in row] for row in block.rows]
        signed = any(cell.lower() == SIGNED for cell in header)
        style = "Tabel tanda tangan hadir" if signed else "Tabel surat"
        table = self.table(style, columns(header, rows, self.width), len(rows) + 1)
        first, *others = table.tr_lst
        first.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        fill_row(first, *(("Kepala tabel", cell) for cell in block.header))
        styles = [cell_style(head, [row[i] for row in rows]) for i, head in enumerate(header)]
        for n, (row, cells) in enumerate(zip(others, block.rows, strict=True), 1):
            fill_row(row, *zip(styles, cells, strict=True))
            if stays and n > len(rows) - 2:
                _keep_row(row)


_SPACED = {"Rincian", "Tabel surat", "Tabel tanda tangan hadir"}


def new_table(style: str, widths: Sequence[float], rows: int, indent: float = 0) -> CT_Tbl:
    table = CT_Tbl.new_tbl(rows, len(widths), Mm(sum(widths)))
    table.tblStyle_val = style_id(style)
    table.tblPr.autofit = False
    total = table.tblPr.find(qn("w:tblW"))
    total.set(qn("w:type"), "dxa")
    total.set(qn("w:w"), str(Mm(sum(widths)).twips))
    if indent:
        left = OxmlElement("w:tblInd", {qn("w:w"): str(Mm(indent).twips), qn("w:type"): "dxa"})
        table.tblPr.insert_element_before(left, "w:tblBorders", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for column, width in zip(table.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Mm(width)
    for row in table.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Mm(width)
    return table


def fill_row(row: CT_Row, *cells: tuple[str, Spans | str]) -> None:
    """One paragraph in each cell: its style and its text."""
    for cell, (style, words) in zip(row.tc_lst, cells, strict=False):
        fill(cell, style, words)


def fill(cell: CT_Tc, style: str, words: Spans | str) -> CT_P:
    """The first paragraph of a cell."""
    paragraph = cell.p_lst[0]
    paragraph.style = style_id(style)
    if isinstance(words, str):
        if words:
            say(paragraph, words)
    else:
        _write(paragraph, words)
    return paragraph


def add(place: CT_Tc | CT_HdrFtr, style: str, text: str = "") -> CT_P:
    """A further paragraph in a cell, a header or a footer."""
    paragraph = place.add_p()
    paragraph.style = style_id(style)
    if text:
        say(paragraph, text)
    return paragraph


def element_of(story: Any) -> CT_HdrFtr:
    """Of a header or footer; python-docx gives it under no other name."""
    return story._element  # noqa: SLF001


def keep(paragraph: CT_P) -> None:
    """On the page of what follows."""
    paragraph.get_or_add_pPr().keepNext_val = True


def _keep_row(row: CT_Row) -> None:
    for cell in row.tc_lst:
        for paragraph in cell.p_lst:
            keep(paragraph)


def _write(paragraph: CT_P, spans: Spans) -> None:
    for span in spans:
        say(paragraph, span.text, bold=span.bold, italic=span.italic)
