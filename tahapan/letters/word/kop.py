"""What stands above and below the words of a Word file: letterhead, mark, page number, footer with the seal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx.document import Document as DocumentObject
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.oxml.section import CT_HdrFtr
from docx.oxml.table import CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.shared import Mm
from docx.text.run import Run

from tahapan.errors import DataError, Problem
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import MARK_LINES
from tahapan.letters.word.blocks import add, element_of, fill, new_table, say
from tahapan.letters.word.widths import text_width

PLAIN_MARK = Path(__file__).with_name("lambang.png")  # stands where an office has no logo, as in the PDF


def headers_and_footers(document: DocumentObject, letter: Letter, folder: Path, width: float) -> None:
    (section,) = document.sections
    first, later = section.first_page_header, section.header
    for header in (first, later):
        header.is_linked_to_previous = False
        element = _emptied(header)
        add(element, "Penanda", MARK_LINES.get(letter.mark, ""))
        number = add(element, "Nomor halaman")
        if header is later:
            say(number, "- ")
            number.append(
                parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>')
            )
            say(number, " -")
        else:
            _kop(element, header.part, letter, folder, width)
    seal = _qr(letter.seal)
    for footer in (section.first_page_footer, section.footer):
        footer.is_linked_to_previous = False
        paragraph = add(_emptied(footer), "Kaki surat", letter.id)
        if seal:
            say(paragraph, "\t")
            _picture(paragraph, footer.part, io.BytesIO(seal), "Segel surat", 13, 13)


def _emptied(story: Any) -> CT_HdrFtr:
    element = element_of(story)
    for child in list(element):
        element.remove(child)
    return element


def _kop(header: CT_HdrFtr, part: Any, letter: Letter, folder: Path, width: float) -> None:
    table = new_table("Tabel kop", (24, width - 24), 1)
    header.append(table)
    mark, words = table.tr_lst[0].tc_lst
    _in_the_middle(mark)
    _in_the_middle(words)
    _logo(fill(mark, "Isi kepala", ""), part, letter, folder)
    for n, line in enumerate(letter.kop.lines):
        fill(words, "Kop", line.upper()) if n == 0 else add(words, "Kop", line.upper())
    add(words, "Kop alamat", letter.kop.address)
    for line in _contact(letter.kop.contact, width - 24):
        add(words, "Kop kontak", line)
    add(header, "Garis kop")


def _in_the_middle(cell: CT_Tc) -> None:
    cell.get_or_add_tcPr().append(OxmlElement("w:vAlign", {qn("w:val"): "center"}))


def _contact(contact: str, width: float) -> tuple[str, ...]:
    """Too long for one line: the last of "telepon | surel | laman" gets a line of its own."""
    parts = contact.split(" | ")
    if len(parts) == 1 or text_width(contact, 8.5) <= width:
        return (contact,)
    return " | ".join(parts[:-1]), parts[-1]


def _logo(paragraph: CT_P, part: Any, letter: Letter, folder: Path) -> None:
    if letter.kop.logo is None:
        _picture(paragraph, part, io.BytesIO(PLAIN_MARK.read_bytes()), "Lambang", 21, 21)
        return
    where, path = f"surat {letter.id}", (folder / letter.kop.logo).resolve()
    if not path.is_file() or not path.is_relative_to(folder.resolve()):
        what = f"logo {letter.kop.logo!r} tidak ada di folder kertas."
        raise DataError(Problem(where, what, "Taruh berkasnya di sana."))
    try:
        _picture(paragraph, part, io.BytesIO(_bitmap(path)), "Logo", 22, 24)
    except (UnrecognizedImageError, ValueError, KeyError, IndexError, ZeroDivisionError) as error:
        what = f"logo {letter.kop.logo!r} tidak terbaca ({type(error).__name__})."
        raise DataError(Problem(where, what, "Pakai berkas PNG, JPG atau SVG.")) from error


def _bitmap(path: Path) -> bytes:
    """Word shows no SVG without a picture beside it, so Typst draws one."""
    if path.suffix.lower() != ".svg":
        return path.read_bytes()
    import typst

    program: Any = (
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(sys.inputs.logo, height: 24mm)"
    )
    try:
        return typst.compile(
            program, root=str(path.parent), format="png", ppi=400, sys_inputs={"logo": f"/{path.name}"}
        )
    except (typst.TypstError, RuntimeError, OSError) as error:
        raise ValueError(str(error)) from error


def _picture(paragraph: CT_P, part: Any, file: io.BytesIO, name: str, width: float, height: float) -> None:
    """As large as fits into the box, in millimetres."""
    run = paragraph.add_r()
    shape = Run(run, part).add_picture(file, height=Mm(height))  # pyright: ignore[reportArgumentType]
    if shape.width > Mm(width):
        shape.height = Mm(height * Mm(width) / shape.width)
        shape.width = Mm(width)
    for frame in run.iter(qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):
            frame.set(side, "0")  # unsaid, LibreOffice puts 3 mm around it
    for properties in run.iter(qn("wp:docPr")):
        properties.set("descr", name)


def _qr(text: str) -> bytes:
    """As PNG, not compressed: other versions of zlib compress otherwise."""
    import segno  # only numbered letters carry one

    if not text:
        return b""
    png = io.BytesIO()
    # any mask can be read; to look for the best of eight takes longer than the letter
    segno.make(text, error="m", micro=False, mask=3).save(png, kind="png", border=0, scale=5, compresslevel=0)
    return png.getvalue()
