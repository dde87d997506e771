"""The Word file before anything is written on it: sheet, margins, named styles, numbering; made once per process."""

from __future__ import annotations

import functools
import io
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from tahapan.letters.word.looks import (
    BELOW_HEADER,
    DATELINE,
    MARK_HEIGHT,
    NUMBER_HEIGHT,
    NUMBERINGS,
    TABLES,
    Look,
    Measures,
    looks,
)

LANGUAGE = "id-ID"
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}


def style_id(name: str) -> str:
    """The id python-docx gives a style of ours; Word may change it, so it is for writing only."""
    return name.replace(" ", "")


@functools.lru_cache(maxsize=8)
def base(m: Measures, kertas: str, huruf: str) -> bytes:
    """An empty letter as a package; every letter of the process begins with it."""
    document = Document()
    _without_leftovers(document)
    _normal(document, m, huruf)
    for look in looks(m, m.text_width(kertas)):
        _add_style(document, look)
    for name, (rules, *white) in TABLES.items():
        _add_table_style(document, name, rules, *white)
    document.styles.add_style(DATELINE, WD_STYLE_TYPE.CHARACTER)
    _add_numberings(document, m)
    _set_sheet(document, m, kertas)
    package = io.BytesIO()
    document.save(package)
    return package.getvalue()


def _without_leftovers(document: DocumentObject) -> None:
    """The template of python-docx brings a picture of itself, a theme and 160 styles of Office 2007."""
    package: Any = document.part.package
    for rels, kept in ((package.rels, ("officeDocument", "core-properties")),
                       (document.part.rels, ("styles", "settings", "numbering"))):  # fmt: skip
        for key in [key for key, rel in rels.items() if not rel.reltype.endswith(kept)]:
            del rels[key]
    for style in list(document.styles):
        if style.name not in _KEPT:
            style.delete()
    for part in (document.styles.element, document.settings.element, document.part.numbering_part.element):
        for child in list(part):
            if child.tag != qn("w:style"):
                part.remove(child)
    settings = (
        f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        f'</w:compat><w:themeFontLang w:val="{LANGUAGE}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )
    document.settings.element.extend(list(parse_xml(settings)))


def _normal(document: DocumentObject, m: Measures, huruf: str) -> None:
    style = document.styles["Normal"]
    assert isinstance(style, ParagraphStyle)
    style.font.name = huruf
    style.font.size = Pt(m.ukuran_huruf)
    properties = style.element.get_or_add_rPr()
    for script in ("w:cs", "w:eastAsia"):
        properties.rFonts.set(qn(script), huruf)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(OxmlElement("w:lang", {qn("w:val"): LANGUAGE}))
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Pt(m.jarak_baris * m.ukuran_huruf)
    form.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    form.widow_control = True


def _add_style(document: DocumentObject, look: Look) -> None:
    style: Any = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[look.based_on]
    style.quick_style = True
    font, form = style.font, style.paragraph_format
    own = look.based_on == "Normal"
    if look.size:
        font.size = Pt(look.size)
    if look.bold:
        font.bold = True
    if look.underlined:
        font.underline = True
    if look.color is not None:
        font.color.rgb = look.color
    if own or look.align != WD_ALIGN_PARAGRAPH.LEFT:
        form.alignment = look.align
    if own or look.before:
        form.space_before = Pt(look.before)
    if own or look.after:
        form.space_after = Pt(look.after)
    if look.line:
        form.line_spacing = Pt(look.line)
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY if look.exact else WD_LINE_SPACING.AT_LEAST
    form.left_indent, form.first_line_indent = Mm(look.left), Mm(look.first)
    if look.right:
        form.right_indent = Mm(look.right)
    for stop in look.tabs:  # negative: a stop at the right
        form.tab_stops.add_tab_stop(Mm(abs(stop)), WD_TAB_ALIGNMENT.RIGHT if stop < 0 else WD_TAB_ALIGNMENT.LEFT)
    form.keep_with_next = look.keep_next or None
    form.page_break_before = look.new_page or None
    _add_by_hand(style.element.get_or_add_pPr(), look)


def _add_by_hand(properties: Any, look: Look) -> None:
    """What python-docx has no words for: numbering, place in the navigation pane, rules."""
    if look.number:
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = look.number[1]
        numbering.get_or_add_numId().val = look.number[0]
    if look.level is not None:
        properties.get_or_add_outlineLvl().val = look.level
    if look.border:
        border = parse_xml(f"<w:pBdr {nsdecls('w')}>{look.border}</w:pBdr>")
        properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _add_table_style(document: DocumentObject, name: str, rules: str, aside: float, above: float, below: float) -> None:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    style.quick_style = True
    white = {"top": above, "left": aside, "bottom": below, "right": aside}
    cells = "".join(f'<w:{side} w:w="{Mm(mm).twips}" w:type="dxa"/>' for side, mm in white.items())
    borders = f"<w:tblBorders>{rules}</w:tblBorders>" if rules else ""
    style.element.append(parse_xml(f"<w:tblPr {nsdecls('w')}>{borders}<w:tblCellMar>{cells}</w:tblCellMar></w:tblPr>"))
    if rules:
        first = (
            f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr>'
            '<w:shd w:val="clear" w:color="auto" w:fill="E8E8E8"/><w:vAlign w:val="center"/></w:tcPr></w:tblStylePr>'
        )
        style.element.append(parse_xml(first))


def _add_numberings(document: DocumentObject, m: Measures) -> None:
    """One definition for each kind of list, and one list of each for the style that carries it."""
    part = document.part.numbering_part.element
    hangs = {look.name: look.left for look in looks(m, m.text_width("a4"))}
    for n, levels in enumerate(NUMBERINGS):
        rows = "".join(_level(ilvl, *level, hangs, m) for ilvl, level in enumerate(levels))
        kind = "multilevel" if len(levels) > 1 else "singleLevel"
        part.append(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{n}"><w:multiLevelType w:val="{kind}"/>{rows}'
                "</w:abstractNum>"
            )
        )
    for n in range(len(NUMBERINGS)):
        part.add_num(n)


def _level(ilvl: int, form: str, text: str, style: str, hangs: dict[str, float], m: Measures) -> str:
    left = hangs.get(style, (ilvl + 1) * m.menjorok_butir)
    hang = left - ilvl * m.menjorok_butir
    linked = f'<w:pStyle w:val="{style_id(style)}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{linked}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{Mm(left).twips}" w:hanging="{Mm(hang).twips}"/></w:pPr></w:lvl>'
    )


def _set_sheet(document: DocumentObject, m: Measures, kertas: str) -> None:
    (section,) = document.sections
    width, height = m.sheet(kertas)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin, section.right_margin = Mm(m.tepi.kiri), Mm(m.tepi.kanan)
    section.top_margin, section.bottom_margin = Mm(m.tepi.atas), Mm(m.tepi.bawah)
    header = Pt(MARK_HEIGHT + NUMBER_HEIGHT).mm + BELOW_HEADER + 1.5  # the letterhead stands that much above its line
    section.header_distance = Mm(max(5, m.tepi.atas - header))
    section.footer_distance = Mm(max(5, m.tepi.bawah - 15))  # the QR is 13 mm high
    section.different_first_page_header_footer = True
