"""One letter as PDF and as Word, in one process, beside those who do the same."""

from __future__ import annotations

import io
import resource
import statistics
import time
from collections.abc import Callable
from html import escape

import typst
from docx import Document

from benchmarks.table import Row
from tahapan.archive import Copies, render
from tahapan.home import TEMPLATES, Home
from tahapan.letters.blocks import Details, Heading, NumberedList, Paragraph, Spans
from tahapan.letters.bundle import sha256
from tahapan.letters.letter import Letter
from tahapan.letters.pdf import STANDARD, TIMESTAMP, Paper, seal_svg
from tahapan.letters.word.write import docx
from tahapan.register import letters
from tahapan.store.engine import reading

KERTAS = TEMPLATES / "kertas"
MANY = 1_000
FEW = 100  # rounds of the slow peers
Work = Callable[[Letter], object]


def measure(home: Home) -> list[Row]:
    letter = one_page(home)
    ours = Paper(KERTAS)
    pdf, bare = in_turn([ours.pdf, bare_typst()], letter, MANY)
    mine, weasy = in_turn([ours.pdf, weasyprint()], letter, FEW)
    word, templated = in_turn([lambda each: docx(each, KERTAS), docxtpl()], letter, FEW * 2)
    (whole,) = in_turn([lambda each: whole_letter(ours, each)], letter, MANY)
    first, last = memory(ours, letter)
    return [
        Row(
            f"one-page letter to PDF ({MANY:,} in turn)", against(pdf, bare),
            "at most 1.5 x bare Typst, same paper and data", pdf <= 1.5 * bare,
        ),
        Row("the same beside WeasyPrint", f"{1000 * mine:.1f} ms; WeasyPrint {1000 * weasy:.0f} ms = {weasy / mine:.0f} x",
            "WeasyPrint at least 5 x", weasy >= 5 * mine),
        Row("the same letter to DOCX, beside docxtpl", against(word, templated), "at most 1 x docxtpl", word <= templated),
        Row("the whole letter: JSON, checks of glyphs, PDF, DOCX, hashes", f"{1000 * whole:.1f} ms", "-", kept=True),
        Row(
            "memory after 1,000 and after 3,000 letters", f"{first:.0f} and {last:.0f} MiB",
            "flat (at most 3 % more)", last <= 1.03 * first,
        ),
    ]  # fmt: skip


def one_page(home: Home) -> Letter:
    with reading(home.engine) as connection:
        rows = letters(connection, home.office.profile.id)
    return Letter.model_validate_json(next(row.content for row in rows if row.kind == "siaran-pers"))


def in_turn(works: list[Work], letter: Letter, rounds: int) -> list[float]:
    """Median seconds of each, one after the other in every round; another number each time, lest anything remember."""
    found: list[list[float]] = [[] for _ in works]
    for n in range(rounds + 5):
        for place, work in enumerate(works):
            changed = letter.model_copy(update={"nomor": f"{n:04d}/{place}/K.SB-99/08/2024"})
            began = time.perf_counter()
            work(changed)
            found[place].append(time.perf_counter() - began)
    return [statistics.median(seconds[5:]) for seconds in found]


def against(mine: float, peer: float) -> str:
    return f"{1000 * mine:.1f} ms = {mine / peer:.2f} x ({1000 * peer:.1f} ms)"


def whole_letter(paper: Paper, letter: Letter) -> Copies:
    """What approval does for one letter besides its transaction."""
    again = Letter.model_validate_json(letter.model_dump_json())
    paper.without_glyph(again.model_dump_json())
    copies = render(paper, again)
    sha256(copies.pdf + copies.docx)
    return copies


def memory(paper: Paper, letter: Letter) -> tuple[float, float]:
    """MiB in use at most after 1,000 and after 3,000 letters."""
    peaks: list[float] = []
    for n in range(3_000):
        render(paper, letter.model_copy(update={"nomor": f"{n:05d}/X"}))
        if n in (999, 2_999):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return peaks[0], peaks[1]


# --- the peers -----------------------------------------------------------------------------------


def bare_typst() -> Work:
    """Typst alone: the same paper, the same data, the same standard and tags."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[KERTAS / "huruf"])
    compiler = typst.Compiler(KERTAS / "surat.typ", root=KERTAS, font_paths=fonts, ignore_system_fonts=True)

    def work(letter: Letter) -> object:
        inputs = {"letter": letter.model_dump_json(), "seal": seal_svg(letter.seal)}
        return compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, timestamp=TIMESTAMP, pdf_tags=True
        )

    return work


def weasyprint() -> Work:
    """An equal letter as HTML: letterhead, number block, body, signature, copies, QR; one page, PDF/A-2b, tagged."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return lambda letter: HTML(string=as_html(letter)).write_pdf(
        font_config=fonts, pdf_variant="pdf/a-2b", pdf_tags=True
    )


def docxtpl() -> Work:
    """A Word template with the same parts, its marks filled in by Jinja and saved."""
    from docxtpl import DocxTemplate

    template = io.BytesIO()
    document = Document()
    for mark in ("{{ kop }}", "{{ alamat }}", "{{ kepala }}", "{{ kepada }}"):
        document.add_paragraph(mark)
    for line in ("{%p for isi in badan %}", "{{ isi }}", "{%p endfor %}"):
        document.add_paragraph(line)
    for mark in ("{{ jabatan }}", "{{ nama }}", "{{ tembusan }}"):
        document.add_paragraph(mark)
    document.save(template)

    def work(letter: Letter) -> bytes:
        filled = DocxTemplate(io.BytesIO(template.getvalue()))
        filled.render(
            {
                "kop": " ".join(letter.kop.lines), "alamat": letter.kop.address,
                "kepala": f"{letter.nomor} {letter.sifat} {letter.hal} {letter.tanggal}",
                "kepada": "; ".join(who.jabatan for who in letter.kepada), "badan": list(texts(letter)),
                "jabatan": letter.signature.line, "nama": letter.signature.nama, "tembusan": "; ".join(letter.tembusan),
            },
            autoescape=True,
        )  # fmt: skip
        out = io.BytesIO()
        filled.save(out)
        return out.getvalue()

    return work


def as_html(letter: Letter) -> str:
    rows = [
        ("Nomor", letter.nomor),
        ("Sifat", letter.sifat),
        ("Lampiran", letter.lampiran),
        (letter.label_hal, letter.hal),
    ]
    table = "".join(f"<tr><td>{name}</td><td>: {escape(value)}</td></tr>" for name, value in rows)
    regular, bold = ((KERTAS / "huruf" / f"LiberationSans-{face}.ttf").as_uri() for face in ("Regular", "Bold"))
    return f"""<!doctype html><html lang="id"><head><title>{escape(letter.hal)}</title><style>
      @font-face {{ font-family: surat; src: url({regular}) }}
      @font-face {{ font-family: surat; font-weight: bold; src: url({bold}) }}
      @page {{ size: A4; margin: 23mm 22mm 22mm 30mm; @bottom-left {{ content: "{letter.id}"; font-size: 6.5pt }}
        @top-center {{ content: "GLADI - bukan surat resmi"; font: bold 8pt surat; color: #9c2a2a }} }}
      .tanda {{ position: fixed; z-index: -1; top: 90mm; left: -20mm; transform: rotate(-54deg); font: bold 168pt surat; color: #ededed }}
      body {{ font: 11pt/1.25 surat, sans-serif; text-align: justify }}
      .kop {{ text-align: center; border-bottom: 3px double; font-weight: bold }}
      .qr {{ position: absolute; bottom: 0; right: 0; width: 13mm }}
      .ttd {{ text-align: center; margin: 1em 0 0 55%; break-inside: avoid }}
    </style></head><body>
    <div class="tanda">{letter.mark}</div>
    <div class="kop">{"<br>".join(escape(line.upper()) for line in letter.kop.lines)}<br>{escape(letter.kop.address)}</div>
    <p style="float: right">{escape(letter.tempat)}, {escape(letter.tanggal)}</p><table>{table}</table>
    <p>{escape(letter.label_yth)} {"<br>".join(escape(who.jabatan) for who in letter.kepada)}</p>
    {"".join(f"<p>{escape(text)}</p>" for text in texts(letter))}
    <div class="ttd">{escape(letter.signature.line)},<br><br><br><b>{escape(letter.signature.nama)}</b></div>
    <div class="qr">{seal_svg(letter.seal)}</div><ol>{"".join(f"<li>{escape(copy)}</li>" for copy in letter.tembusan)}</ol></body></html>"""


def texts(letter: Letter) -> list[str]:
    """The words of the body, one string for each paragraph, entry, cell or line."""

    def plain(spans: Spans) -> str:
        return "".join(span.text for span in spans)

    found: list[str] = []
    for block in letter.blocks:
        match block:
            case Paragraph():
                found.append(plain(block.spans))
            case Heading():
                found.append(block.text)
            case NumberedList():
                found += [plain(item.spans) for item in block.items]
            case Details():
                found += [f"{row.label}: {plain(row.spans)}" for row in block.rows]
            case _:
                found += [" ".join(map(plain, row)) for row in block.rows]
    return found
