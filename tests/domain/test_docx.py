"""What the Word file of a letter holds: the same words as the PDF, in named styles, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import docx as python_docx
import pypdf
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tahapan.errors import DataError
from tahapan.letters.blocks import Annex, Detail, Details, Heading, ListItem, NumberedList, Paragraph, Span, Table
from tahapan.letters.edited import editable_markdown, read_docx, read_markdown
from tahapan.letters.letter import Addressee, Letter, LetterHead, Signature
from tahapan.letters.markdown import MARK_LINES, plain_lines
from tahapan.letters.pdf import Paper
from tahapan.letters.word.read import joined
from tahapan.letters.word.write import WRITER, docx
from tahapan.store.engine import reading
from tahapan.store.tables import surat

ROOT = Path(__file__).parents[2]
KERTAS = ROOT / "templates" / "kertas"
# The bytes of one letter, by the writer that made them. New bytes: raise the number in WRITER, then note both here.
KEPT = ("docx 1 (python-docx 1.2.0)", "70f89ab85771d49aac5300810720d8e0217a207211e9cedee264f8893de02fa8")
NASTY = '<w:p/> & "x" \' ]]> { INCLUDEPICTURE "http://x.id/g.png" } =cmd|calc {{ 7*7 }} \\ &#42; PAGE  MERGEFIELD'


def spans(text):
    return (Span(text=text),) if text else ()


def paragraph(text):
    return Paragraph(spans=spans(text))


def listed(style, *items):
    return NumberedList(
        style=style,
        items=tuple(item if isinstance(item, ListItem) else ListItem(spans=spans(item)) for item in items),
    )


def below(text, style, *items):
    return ListItem(spans=spans(text), below=listed(style, *items))


def table(header, *rows):
    return Table(header=tuple(map(spans, header)), rows=tuple(tuple(map(spans, row)) for row in rows))


def details(**rows):
    return Details(rows=tuple(Detail(label=label, spans=spans(text)) for label, text in rows.items()))


def addressees(n):
    return tuple(Addressee(id=f"a{i}", jabatan=f"Wali Nagari Contoh Ke{i:03d}", tempat="Tempat") for i in range(n))


KOP = LetterHead(
    lines=("Badan Pengawas Pemilihan Umum", "Kabupaten Lima Puluh Kota"),
    address="Jalan Contoh Nomor 1, Sarilamak",
    contact="Telepon 0752-000000 | Surel sekretariat@contoh.example | contoh.example",
)
RICH = (
    Paragraph(spans=(Span(text="Kata "), Span(text="tebal", bold=True), Span(text=" dan "),
                     Span(text="miring", italic=True), Span(text="keduanya", bold=True, italic=True))),
    Heading(text="Dasar"),
    paragraph("sebagai berikut:"),
    listed("number", below("satu:", "letter", "a", "b"), below("dua:", "letter", "c"), below("tiga:", "bullet", "d")),
    listed("number", "lagi satu", below("lagi dua", "number", "e")),
    listed("bullet", "garis"),
    table(("No.", "Nagari", "Jumlah"), ("1", "Harau", "1.234"), ("2", "Guguak", "-")),
    details(Hari="Rabu", Tempat="Aula"),
    table(("Nama", "Tanda Tangan"), ("Budi", "")),
)  # fmt: skip


def a_letter(**changes):
    fields = {
        "id": "pilkada-2024.V12.imbauan.1", "kind": "imbauan", "form": "surat", "kertas": "a4", "kop": KOP,
        "nomor": "042/PM.00.02/K.SB-99/08/2024", "tempat": "Sarilamak", "tanggal": "15 Agustus 2024",
        "sifat": "Biasa", "lampiran": "-", "hal": "Imbauan Pengumuman DPS", "label_hal": "Hal", "label_yth": "Yth.",
        "kepada": addressees(1), "blocks": RICH, "salam_pembuka": "Assalamu'alaikum Wr. Wb.",
        "salam_penutup": "Wassalamu'alaikum Wr. Wb.",
        "signature": Signature(line="Ketua", nama="Nama Penandatangan"), "tembusan": ("Bawaslu Provinsi", "Arsip"),
    }  # fmt: skip
    return Letter.model_validate(fields | changes)


FORMS = {
    "surat": {},
    "nota-dinas": {"form": "nota-dinas", "judul": "NOTA DINAS", "dari": "Kepala Sekretariat", "kertas": "f4"},
    "naskah": {
        "form": "naskah", "judul": "BERITA ACARA", "sebutan": "Berita Acara",
        "saksi": (Signature(line="Saksi", nama="", pembuka="Mengetahui"), Signature(line="Saksi Dua", nama="Dua", nip="19")),
        "annexes": (Annex(title="Daftar Hadir", blocks=RICH), Annex(title="Rincian", blocks=(RICH[6],))),
    },
    "siaran-pers": {"form": "siaran-pers", "judul": "SIARAN PERS", "salam_pembuka": "", "salam_penutup": ""},
    "daftar": {"kepada": addressees(93), "annexes": (Annex(title="Acara", blocks=RICH),), "mark": "GLADI"},
}  # fmt: skip


def opened(letter, folder=KERTAS):
    return python_docx.Document(io.BytesIO(docx(letter, folder)))


def fortnight_letters(fortnight):
    home, _ = fortnight
    with reading(home.engine) as connection:
        return [Letter.model_validate_json(text) for text in connection.scalars(sa.select(surat.c.content))]


# ---------------------------------------------------------------- bytes
def test_another_process_with_other_hashes_in_another_zone_gives_the_same_bytes(tmp_path):
    letter = a_letter(**FORMS["daftar"], bernomor=True)
    program = (
        "import sys, hashlib, pathlib\n"
        "from tahapan.letters.letter import Letter\n"
        "from tahapan.letters.word.write import docx\n"
        "letter = Letter.model_validate_json(sys.stdin.read())\n"
        "print(hashlib.sha256(docx(letter, pathlib.Path(sys.argv[1]))).hexdigest())"
    )
    elsewhere = os.environ | {"TZ": "Asia/Jayapura", "HOME": str(tmp_path), "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", program, str(KERTAS)], input=letter.model_dump_json(), cwd=tmp_path,
        env=elsewhere | {"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    first = docx(letter, KERTAS)
    docx(a_letter(**FORMS["naskah"]), KERTAS)
    assert hashlib.sha256(first).hexdigest() == said.stdout.strip() == hashlib.sha256(docx(letter, KERTAS)).hexdigest()


def test_the_bytes_of_a_letter_change_only_with_the_number_of_the_writer():
    found = hashlib.sha256(docx(a_letter(**FORMS["naskah"]), KERTAS)).hexdigest()

    assert (WRITER, found) == KEPT, (
        "The Word file has other bytes now: raise the number in WRITER (tahapan/letters/docx.py) if the writer changed "
        f"since the last release, and set KEPT to {(WRITER, found)}."
    )


def test_the_package_is_stored_with_fixed_dates_and_holds_nothing_of_python_docx():
    with zipfile.ZipFile(io.BytesIO(docx(a_letter(), KERTAS))) as package:
        parts = package.infolist()
        everything = b"".join(package.read(part) for part in parts)

    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert not any(re.search("thumbnail|theme|customXml|app.xml|fontTable", part.filename) for part in parts)
    assert b"generated by" not in everything and b"Calibri" not in everything and b"Macintosh" not in everything


def test_a_letter_takes_milliseconds():
    letter = a_letter(bernomor=True)
    docx(letter, KERTAS)
    begin = time.perf_counter()
    for _ in range(10):
        docx(letter, KERTAS)

    assert (time.perf_counter() - begin) / 10 < 0.1  # about 0.015 on a quiet machine


# ---------------------------------------------------------------- words
def squeezed(text):
    """Without spaces, and without the strokes that stand between cells in ``plain_lines`` only."""
    return re.sub(r"[\s|]+", "", text)


def check_pdf(paper, letter):
    """Each line of the words stands in the PDF, in order; what is left over are the frame and the marks of lists."""
    left, position = pdf_text(paper, letter), 0
    parts = [*letter.blocks, *(block for annex in letter.annexes for block in annex.blocks)]
    lines = [squeezed(line) for line in plain_lines(parts)]
    heads = [
        squeezed("".join(s.text for cell in part.header for s in cell)) for part in parts if isinstance(part, Table)
    ]
    for line in lines:
        place = left.find(line, position)
        assert place >= 0, (line, left[position : position + 200])
        left, position = left[:place] + left[place + len(line) :], place
    for head in heads:  # printed again on each page
        left = left.replace(head, "") if head else left
    bare = tuple(annex.model_copy(update={"blocks": ()}) for annex in letter.annexes)
    frame = pdf_text(paper, letter.model_copy(update={"blocks": (), "annexes": bare}))
    assert set(Counter(left) - Counter(frame)) <= set("0123456789.–abcdefghij:")


def pdf_text(paper, letter):
    drop = re.compile(
        rf"^({'|'.join(map(re.escape, (letter.id, *MARK_LINES.values(), *MARK_LINES)))}|- \d+ -)$", re.MULTILINE
    )
    pages = pypdf.PdfReader(io.BytesIO(paper.pdf(letter))).pages
    return squeezed("".join(drop.sub("", page.extract_text()) for page in pages))


def check_equal(letter):
    """Of Word and Markdown."""
    word = read_docx(docx(letter, KERTAS), letter, "x.docx")
    markdown = read_markdown(editable_markdown(letter), letter, "x.md")
    said = [[*plain_lines(letter.blocks)], *([annex.title, *plain_lines(annex.blocks)] for annex in letter.annexes)]
    for read in (word, markdown):
        assert [[*plain_lines(read.blocks)], *([a.title, *plain_lines(a.blocks)] for a in read.annexes)] == said
        assert read.ignored == ()


def test_the_words_of_word_pdf_and_markdown_are_equal_for_all_letters_of_the_fortnight(fortnight):
    letters, paper = fortnight_letters(fortnight), Paper(KERTAS)
    assert len(letters) > 10
    for letter in letters:
        check_equal(letter)
        check_pdf(paper, letter.model_copy(update={"mark": "", "kepada": letter.kepada[:1]}))  # the list is no words


TEXT = st.text("abc XYZ 019 .,;()*_#[]|<>&=@\\é–", min_size=1, max_size=24).map(lambda t: " ".join(t.split()) or "kata")
WORDS = st.lists(st.tuples(TEXT, st.booleans(), st.booleans()), min_size=1, max_size=3)


def of_styles(pieces):
    """Spans as the parser gives them: what is bold or italic stands between spaces."""
    found = []
    for text, bold, italic in pieces:
        space = " " if found else ""
        if bold or italic:
            found += [Span(text=space)] if space else []
            found.append(Span(text=text, bold=bold, italic=italic))
        else:
            found.append(Span(text=space + text))
    return joined(found)


SPANS = WORDS.map(of_styles)
PLAIN = TEXT.map(spans)
ITEMS = st.lists(SPANS.map(lambda s: ListItem(spans=s)), min_size=1, max_size=3).map(tuple)


def tables(cell):
    return st.integers(1, 4).flatmap(
        lambda n: st.builds(
            Table,
            header=st.lists(cell, min_size=n, max_size=n).map(tuple),
            rows=st.lists(st.lists(cell, min_size=n, max_size=n).map(tuple), min_size=1, max_size=3).map(tuple),
        )
    )


@st.composite
def lists(draw):
    items = []
    for item in draw(ITEMS):
        style = draw(st.sampled_from(("letter", "bullet", None)))
        inner = NumberedList(style=style, items=draw(ITEMS)) if style else None
        items.append(item.model_copy(update={"below": inner}))
    return NumberedList(style=draw(st.sampled_from(("number", "bullet"))), items=tuple(items))


BLOCKS = st.one_of(
    SPANS.map(lambda s: Paragraph(spans=s)),
    TEXT.map(lambda t: Heading(text=t)),
    lists(),
    tables(SPANS),
    st.lists(st.builds(Detail, label=TEXT, spans=SPANS), min_size=1, max_size=3).map(lambda r: Details(rows=tuple(r))),
)


def apart(blocks):
    """With a paragraph between two lists, which Markdown would join."""
    return tuple(part for block in blocks for part in (block, paragraph("Lalu")))


@settings(max_examples=30, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=4).map(apart), st.sampled_from(sorted(FORMS)), TEXT)
def test_the_words_are_equal_for_any_blocks(blocks, form, title):
    fields = FORMS[form] | {"blocks": blocks, "annexes": (Annex(title=title, blocks=blocks),)}
    check_equal(a_letter(**fields))


@settings(max_examples=15, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=3).map(apart))
def test_the_words_stand_in_the_pdf_for_any_blocks(blocks):
    check_pdf(PAPER, a_letter(blocks=blocks, id="x"))


PAPER = Paper(KERTAS)


@pytest.mark.parametrize("form", FORMS)
def test_any_text_stays_text(form):
    said = []

    def say(field):
        said.append(f"{field}: {NASTY}")
        return said[-1]

    changes = FORMS[form] | {
        "id": say("id"), "nomor": say("nomor"), "tempat": say("tempat"), "tanggal": say("tanggal"),
        "kop": LetterHead(lines=(say("KOP").upper(),), address=say("alamat"), contact=say("kontak")),
        "signature": Signature(line=say("jabatan"), nama=say("nama"), nip=say("nip"), atas_nama=say("an")),
        "tembusan": (say("tembusan"),), "blocks": (*RICH, paragraph(say("isi"))),
        "annexes": (Annex(title=say("judul"), blocks=(table((say("kolom"),), (say("sel"),)), details(**{say("l"): say("r")}))),),
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(docx(a_letter(**changes), KERTAS))) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith(".xml")}

    xml = b"".join(parts.values())
    texts = "".join(python_docx.oxml.parse_xml(part).xpath("string()") for part in parts.values())
    assert xml.count(b"instr") == 1 and b"INCLUDEPICTURE" in xml
    for text in said:
        if form == "nota-dinas" and text.startswith("tempat"):
            continue  # a memo names no place
        assert squeezed(text).upper() in squeezed(texts).upper()


ANYTHING = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=60
)


@settings(max_examples=40, deadline=None)
@given(ANYTHING)
def test_any_unicode_is_written_and_read_back(text):
    letter = a_letter(
        hal=text, blocks=(paragraph(f"a{text}b"), listed("number", f"x{text}"), table(("h",), (f"y{text}z",)))
    )
    letter = letter.model_copy(update={"form": "naskah", "judul": f"J{text}"})
    document = opened(letter)
    body = [p.text for p in document.paragraphs]

    assert f"a{text}b" in body and f"x{text}" in body and f"J{text}" in body
    assert document.core_properties.title == text


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\x0b"])
def test_what_no_word_file_can_hold_is_named(character):
    with pytest.raises(DataError, match=f"U\\+{ord(character):04X}"):
        docx(a_letter(blocks=(paragraph(f"a{character}b"),)), KERTAS)


# ---------------------------------------------------------------- form
@pytest.mark.parametrize("form", FORMS)
def test_every_paragraph_and_table_has_a_style_the_staff_can_name(form):
    document = opened(a_letter(**FORMS[form]))
    cells = [p for t in document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs]

    assert {p.style.name for p in (*document.paragraphs, *cells)} & {"Normal", "List Paragraph", "Heading 1"} == set()
    assert {t.style.name for t in document.tables} <= {
        "Kepala surat", "Tabel surat", "Tabel tanda tangan hadir", "Rincian", "Tanda tangan"
    }  # fmt: skip


def test_the_letterhead_stands_on_the_first_page_only_and_later_pages_are_numbered():
    (section,) = opened(a_letter(mark="DRAF")).sections
    first, later = section.first_page_header, section.header
    kop = [p.text for cell in first.tables[0].rows[0].cells for p in cell.paragraphs]

    assert section.different_first_page_header_footer
    assert "BADAN PENGAWAS PEMILIHAN UMUM" in kop and later.tables == []
    assert [h.paragraphs[0].text for h in (first, later)] == [MARK_LINES["DRAF"]] * 2
    assert later.paragraphs[0].style.font.color.rgb is not None
    assert [f.get(qn("w:instr")) for f in later.paragraphs[1]._p.iter(qn("w:fldSimple"))] == ["PAGE"]
    assert later.paragraphs[1].text == "-  -"


def test_each_list_begins_with_1_in_a_numbering_of_its_own():
    document = opened(a_letter(salam_penutup=""))
    entries = [p for p in document.paragraphs if p.style.name.startswith(("Butir", "Strip"))]
    numbers = [
        (p.text, p._p.pPr.numPr.numId.val, p._p.pPr.numPr.ilvl.val) for p in entries if p._p.pPr.numPr is not None
    ]
    of = {text: (number, level) for text, number, level in numbers}

    assert of["satu:"][0] == of["dua:"][0] != of["lagi satu"][0] == of["lagi dua"][0]
    assert of["a"] == (of["satu:"][0], 1)  # numbered anew below each entry
    assert of["d"][0] != of["satu:"][0] != of["e"][0]
    restarted = {num.numId for num in document.part.numbering_part.element.num_lst if num.lvlOverride_lst}
    assert restarted >= {number for number, _ in of.values()}


def test_tables_repeat_their_header_and_split_no_row():
    document = opened(a_letter())
    (found,) = [t for t in document.tables if t.style.name == "Tabel surat"]
    marks = [[child.tag.rpartition("}")[2] for child in row._tr.trPr] for row in found.rows]

    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], ["cantSplit"]]
    assert [cell.paragraphs[0].style.name for cell in found.rows[1].cells] == ["Sel tengah", "Sel tabel", "Sel angka"]


@pytest.mark.parametrize("last", range(len(RICH)))
def test_the_signature_never_stands_alone(last):
    letter = a_letter(
        form="naskah", judul="SURAT TUGAS", salam_pembuka="", salam_penutup="", blocks=(RICH[0], RICH[last])
    )
    body = list(opened(letter).element.body)
    signed = next(
        n
        for n, e in enumerate(body)
        if e.find(".//" + qn("w:tblStyle")) is not None and e.tblStyle_val == "Tandatangan"
    )
    before = [e for e in body[:signed] if e.find(".//" + qn("w:t")) is not None][-1]
    paragraphs = [before] if before.tag == qn("w:p") else list(before.tr_lst[-1].iter(qn("w:p")))

    assert all(p.pPr.keepNext_val for p in paragraphs) or all(p.style == "Judulbagian" for p in paragraphs)


def test_witnesses_sign_in_pairs_with_the_signer_at_the_right():
    signed = next(t for t in opened(a_letter(**FORMS["naskah"])).tables if t.style.name == "Tanda tangan")
    rows = [[cell.text for cell in row.cells] for row in signed.rows]

    assert rows[0] == ["", "Sarilamak, 15 Agustus 2024"]
    assert rows[1] == ["Mengetahui\nSaksi,", "Saksi Dua,"]
    assert rows[2][0].startswith("....") and rows[2][1] == "Dua\nNIP 19"
    assert rows[3:] == [["", "Ketua,"], ["", "Nama Penandatangan"]]


def test_long_lists_of_recipients_stand_in_two_columns_and_annexes_on_pages_of_their_own():
    document = opened(a_letter(**FORMS["daftar"]))
    columns = [s._sectPr.find(qn("w:cols")).get(qn("w:num")) for s in document.sections]
    names = [p.text for p in document.paragraphs if p.style.name == "Daftar penerima panjang"]

    assert columns == [None, "2", None]
    assert names == [who.jabatan for who in addressees(93)]
    assert [p.text for p in document.paragraphs if p.style.name == "Lampiran"] == [
        "Lampiran I Surat",
        "Lampiran II Surat",
    ]
    assert document.styles["Lampiran"].paragraph_format.page_break_before
    assert [s.different_first_page_header_footer for s in document.sections] == [True, False, False]


@pytest.mark.parametrize(("kertas", "size"), [("a4", (210, 297)), ("f4", (215, 330))])
def test_sheet_margins_font_and_language_are_those_of_the_paper(kertas, size):
    document = opened(a_letter(kertas=kertas))
    (section,) = document.sections
    normal = document.styles["Normal"]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == size
    assert [round(m.mm) for m in (section.left_margin, section.right_margin)] == [30, 22]
    assert normal.font.name == "Arial" and normal.font.size.pt == 11
    assert normal.element.rPr.find(qn("w:lang")).get(qn("w:val")) == "id-ID"
    assert opened(a_letter(huruf="Bookman Old Style")).styles["Normal"].font.name == "Bookman Old Style"


def test_the_properties_say_what_it_is_and_whose():
    about = opened(a_letter()).core_properties

    assert (about.title, about.author) == ("Imbauan Pengumuman DPS", " ".join(KOP.lines).upper())
    assert (about.identifier, about.language, about.comments, about.last_modified_by) == (
        a_letter().id,
        "id-ID",
        "",
        "",
    )
    assert about.created.year == about.modified.year == 2024


def test_a_numbered_letter_carries_its_seal_in_every_footer():
    def pictures(letter):
        (section,) = opened(letter).sections
        return [len(list(f._element.iter(qn("w:drawing")))) for f in (section.first_page_footer, section.footer)]

    assert pictures(a_letter(bernomor=True)) == [1, 1]
    assert pictures(a_letter()) == [0, 0]


def test_the_logo_of_the_office_stands_in_the_letterhead(tmp_path):
    folder = tmp_path / "kertas"
    shutil.copytree(KERTAS, folder)
    (folder / "logo.png").write_bytes((ROOT / "tahapan" / "letters" / "word" / "lambang.png").read_bytes())
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><rect width="10" height="20"/></svg>'
    (folder / "logo.svg").write_text(svg)

    sizes = []
    for logo in ("logo.png", "logo.svg"):
        header = opened(a_letter(kop=KOP.model_copy(update={"logo": logo})), folder).sections[0].first_page_header
        sizes += [
            (round(int(e.get("cx")) / 36000), round(int(e.get("cy")) / 36000))
            for e in header._element.iter(qn("wp:extent"))
        ]
    assert sizes == [(22, 22), (12, 24)]


@pytest.mark.parametrize("logo", ["tidak-ada.png", "../../../../../../etc/passwd", "/etc/passwd", "surat.typ"])
def test_a_logo_that_cannot_be_used_is_an_error_that_names_it(logo):
    with pytest.raises(DataError, match="logo"):
        docx(a_letter(kop=KOP.model_copy(update={"logo": logo})), KERTAS)


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr tabs spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs u lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW shd vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar cols titlePg docGrid",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr tblStylePr",
    "numbering": "abstractNum num", "abstractNum": "multiLevelType lvl", "lvl": "start numFmt pStyle lvlText lvlJc pPr",
    "settings": "zoom defaultTabStop compat themeFontLang decimalSymbol listSeparator",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_elements_stand_in_the_order_word_asks_for(form):
    with zipfile.ZipFile(io.BytesIO(docx(a_letter(**FORMS[form], bernomor=True), KERTAS))) as package:
        roots = [
            python_docx.oxml.parse_xml(package.read(n))
            for n in package.namelist()
            if n.startswith("word/") and n.endswith("xml")
        ]
    for element in (element for root in roots for element in root.iter()):
        order = ORDER.get(element.tag.rpartition("}")[2], "").split()
        if order:
            names = [child.tag.rpartition("}")[2] for child in element]
            assert names == sorted(names, key=order.index), element.tag


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed here")
def test_libreoffice_opens_it_prints_the_same_text_and_saves_it_readable(tmp_path):
    letter = a_letter(**FORMS["daftar"], bernomor=True)
    (tmp_path / "surat.docx").write_bytes(docx(letter, KERTAS))
    for kind, folder in (("pdf", "pdf"), ("docx:Office Open XML Text", "lagi")):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind,
             "--outdir", str(tmp_path / folder), str(tmp_path / "surat.docx")],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
    printed = squeezed("".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "pdf" / "surat.pdf").pages))
    again = read_docx((tmp_path / "lagi" / "surat.docx").read_bytes(), letter, "surat.docx")

    assert all(squeezed(line) in printed for line in plain_lines(letter.blocks))
    assert (again.blocks, again.annexes, again.ignored) == (letter.blocks, letter.annexes, ())
