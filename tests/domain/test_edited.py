"""Words changed by staff come back from Markdown and Word; the rest is told, and what is no letter is refused by name."""

from __future__ import annotations

import io
import random
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tahapan.characters import clean
from tahapan.errors import DataError
from tahapan.letters.blocks import Annex, Detail, Details, Heading, ListItem, NumberedList, Paragraph, Span, Table
from tahapan.letters.edited import editable_markdown, read_docx, read_markdown
from tahapan.letters.letter import Addressee, Letter, LetterHead, Signature
from tahapan.letters.word.write import docx

ROOT = Path(__file__).parents[2]
KERTAS = ROOT / "templates" / "kertas"
WHERE = "surat.docx"


def spans(text, **style):
    return (Span(text=text, **style),) if text else ()


def paragraph(text, **style):
    return Paragraph(spans=spans(text, **style))


def listed(style, *texts):
    return NumberedList(style=style, items=tuple(ListItem(spans=spans(text)) for text in texts))


BLOCKS = (
    Paragraph(spans=(Span(text="Kata "), Span(text="tebal", bold=True), Span(text=" biasa."))),
    Heading(text="Dasar"),
    NumberedList(
        style="number", items=(ListItem(spans=spans("Satu:"), below=listed("letter", "a", "b")), ListItem(spans=spans("Dua")))
    ),
    paragraph("Kemudian."),
    listed("number", "Lagi"),
    Table(header=(spans("No."), spans("Nagari")), rows=((spans("1"), spans("Harau")), (spans("2"), ()))),
    Details(rows=(Detail(label="Hari", spans=spans("Rabu")), Detail(label="Tempat", spans=spans("Aula")))),
    paragraph("Demikian disampaikan."),
)  # fmt: skip
HADIR = Table(header=(spans("Nama"), spans("Tanda Tangan")), rows=((spans("Budi"), ()),))
KOP = LetterHead(lines=("Badan Pengawas",), address="Jalan Contoh 1", contact="Telepon 0752-000000")


def a_letter(**changes):
    fields = {
        "id": "pilkada-2024.V12.imbauan.1", "kind": "imbauan", "form": "surat", "kertas": "a4", "kop": KOP,
        "nomor": "042/PM.00.02/K.SB-99/08/2024", "tempat": "Sarilamak", "tanggal": "15 Agustus 2024",
        "sifat": "Biasa", "lampiran": "-", "hal": "Imbauan", "label_hal": "Hal", "label_yth": "Yth.",
        "kepada": (Addressee(id="kpu", jabatan="Ketua KPU", tempat="Tempat"),), "blocks": BLOCKS,
        "salam_pembuka": "Salam,", "salam_penutup": "Hormat kami,",
        "signature": Signature(line="Ketua", nama="Nama Ketua"), "tembusan": ("Bawaslu Provinsi", "Arsip"),
        "annexes": (Annex(title="Acara", blocks=(paragraph("Isi lampiran."), HADIR)), Annex(title="Jadwal", blocks=(HADIR,))),
    }  # fmt: skip
    return Letter.model_validate(fields | changes)


LETTER = a_letter()
PERS = a_letter(form="siaran-pers", judul="SIARAN PERS", salam_pembuka="", salam_penutup="")
MANY = tuple(Addressee(id=f"a{n}", jabatan=f"Wali Nagari {n}", tempat="") for n in range(40))
ALL = {
    "surat": LETTER,
    "terdaftar": a_letter(kepada=MANY, mark="DRAF"),
    "nota-dinas": a_letter(form="nota-dinas", judul="NOTA DINAS", dari="Sekretaris", kepada=MANY, annexes=()),
    "naskah": a_letter(form="naskah", judul="BERITA ACARA", saksi=(Signature(line="Saksi", nama=""),), bernomor=True),
    "siaran-pers": PERS,
    "siaran-pers dengan daftar": PERS.model_copy(update={"blocks": BLOCKS[2:]}),
}


class Word:
    """A letter opened by somebody who edits it."""

    def __init__(self, letter=LETTER):
        self.letter = letter
        self.document = python_docx.Document(io.BytesIO(docx(letter, KERTAS)))

    def paragraph(self, text):
        cells = (p for t in self.document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs)
        return next(p for p in (*self.document.paragraphs, *cells) if p.text == text)

    def saved(self):
        content = io.BytesIO()
        self.document.save(content)
        return content.getvalue()

    def read(self):
        return read_docx(self.saved(), self.letter, WHERE)


def repacked(change, letter=LETTER):
    """The file with its parts changed by ``change(name, content)``; None leaves one out."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx(letter, KERTAS))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return packed.getvalue()


# ---------------------------------------------------------------- Word: words
@pytest.mark.parametrize("name", ALL)
def test_an_unchanged_file_gives_back_the_letter(name):
    letter = ALL[name]
    read = read_docx(docx(letter, KERTAS), letter, WHERE)

    assert (read.blocks, read.annexes, read.ignored) == (letter.blocks, letter.annexes, ())


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=50
)


def as_cleaned(text):
    """None where such text is refused."""
    try:
        return clean(text, "")
    except DataError:
        return None


@settings(max_examples=40, deadline=None)
@given(TEXT, st.sampled_from(["Kemudian.", "Dasar", "Satu:", "b", "Harau", "Aula", "Acara", "Isi lampiran."]))
def test_any_change_of_the_words_comes_back(text, where):
    word = Word()
    word.paragraph(where).text = f"X{text}X"
    wanted = as_cleaned(f"X{text.replace(chr(0xAD), '')}X")
    if wanted is None:
        with pytest.raises(DataError, match=r"tak terlihat|16 angka"):
            word.read()
        return
    read = word.read()

    as_read = str((read.blocks, read.annexes))
    as_meant = str((LETTER.blocks, LETTER.annexes)).replace(f"text={where!r}", f"text={wanted!r}")
    assert as_read == as_meant.replace(f"title={where!r}", f"title={wanted!r}") and read.ignored == ()


def test_bold_and_italic_come_back_from_runs_and_from_character_styles():
    word = Word()
    changed = word.paragraph("Kemudian.")
    changed.text = "Biasa "
    changed.add_run("tebal").bold = True
    changed.add_run(" dan ")
    strong = word.document.styles.add_style("Strong", 2)
    strong.font.bold = strong.font.italic = True
    changed.add_run("keduanya", style=strong)

    assert word.read().blocks[3].spans == (
        Span(text="Biasa "), Span(text="tebal", bold=True), Span(text=" dan "), Span(text="keduanya", bold=True, italic=True)
    )  # fmt: skip


def test_what_word_and_libreoffice_add_on_their_own_is_no_change():
    word = Word()
    run = word.paragraph("Kemudian.").runs[0]._r
    text = run.t_lst[0]
    text.text = "Kemu"
    w = nsdecls("w")
    for element in (
        f"<w:softHyphen {w}/>", f"<w:t {w}>dian</w:t>", f"<w:lastRenderedPageBreak {w}/>", f'<w:t {w} xml:space="preserve"> </w:t>'
    ):  # fmt: skip
        run.append(parse_xml(element))
    run.addprevious(parse_xml(f'<w:proofErr {w} w:type="spellStart"/>'))
    run.addnext(parse_xml(f'<w:hyperlink {w}><w:r w:rsidR="00AB"><w:t>x.id</w:t></w:r></w:hyperlink>'))
    run.addprevious(parse_xml(f'<w:bookmarkStart {w} w:id="0" w:name="_GoBack"/>'))
    for style in word.document.styles.element.style_lst:  # Word may give styles other ids
        if style.styleId == "Isisurat":
            style.styleId = "a7"
    for p in word.document.element.body.iter(qn("w:pStyle")):
        if p.val == "Isisurat":
            p.val = "a7"

    assert word.read().blocks[3] == paragraph("Kemudian x.id")
    assert word.read().ignored == ()


def test_lines_and_tabs_become_spaces_and_empty_paragraphs_vanish():
    word = Word()
    changed = word.paragraph("Kemudian.")
    changed.text = "Satu\tdua\ntiga\u00a0empat  lima "
    changed.insert_paragraph_before("", style="Isi surat")

    assert word.read().blocks[3] == paragraph("Satu dua tiga empat lima")


@pytest.mark.parametrize("style", ["Normal", "Body Text", "List Paragraph", "Isi surat lanjutan", "Pemisah"])
def test_a_paragraph_typed_or_pasted_without_a_style_of_ours_is_a_paragraph(style):
    word = Word()
    if style not in [s.name for s in word.document.styles]:
        word.document.styles.add_style(style, 1, builtin=True)
    word.paragraph("Kemudian.").insert_paragraph_before("Tempelan.", style=style)
    read = word.read()

    assert read.blocks[3:5] == (paragraph("Tempelan."), BLOCKS[3]) and read.ignored == ()


def test_entries_added_in_a_list_and_lists_made_by_style_or_by_button_come_back():
    word = Word()
    word.paragraph("b")._p.addnext(added := parse_xml(word.paragraph("b")._p.xml))
    added.r_lst[0].text = "c"
    after = word.paragraph("Kemudian.")
    for text, style in (("Strip", "Strip 1"), ("Anak", "Strip 2"), ("Angka", "Butir 1")):
        after.insert_paragraph_before(text, style=style)
    button = after.insert_paragraph_before("Tombol", style="Isi surat")
    numbering = button._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = word.paragraph("Lagi")._p.pPr.numPr.numId.val
    read = word.read()

    assert read.blocks[2].items[0].below == listed("letter", "a", "b", "c")
    assert read.blocks[3] == NumberedList(
        style="bullet", items=(ListItem(spans=spans("Strip"), below=listed("bullet", "Anak")),)
    )
    assert [item.spans for block in read.blocks[4:6] for item in block.items] == [spans("Angka"), spans("Tombol")]


def test_rows_added_and_new_tables_come_back():
    word = Word()
    found = next(t for t in word.document.tables if t.style.name == "Tabel surat")
    cells = found.add_row().cells
    cells[0].text, cells[1].text = "3", "Guguak"
    rincian = next(t for t in word.document.tables if t.style.name == "Rincian")
    rincian.add_row().cells[0].text = "Pukul"
    new = word.document.add_table(2, 2)
    new.cell(0, 0).text = new.cell(1, 1).text = "Baru"
    word.paragraph("Demikian disampaikan.")._p.addnext(new._tbl)
    read = word.read()

    assert read.blocks[5].rows[-1] == (spans("3"), spans("Guguak"))
    assert read.blocks[6].rows[-1] == Detail(label="Pukul", spans=())
    assert read.blocks[-1] == Table(header=(spans("Baru"), ()), rows=(((), spans("Baru")),))


# ---------------------------------------------------------------- Word: around the words
def test_what_was_changed_around_the_words_is_told_and_not_taken():
    word = Word()
    word.paragraph("042/PM.00.02/K.SB-99/08/2024").text = "12/X"
    word.paragraph("Sarilamak, 15 Agustus 2024").text = "Sarilamak, 16 Agustus 2024"
    word.paragraph("Yth. Ketua KPU").text = "Yth. Bupati"
    word.paragraph("Nama Ketua").text = "Nama Lain"
    word.paragraph("Arsip").text = ""
    word.paragraph("Salam,").insert_paragraph_before("Tambahan di atas salam.", style="Normal")
    word.paragraph("Tembusan:").insert_paragraph_before("P.S. di bawah tanda tangan.", style="Isi surat")
    word.document.sections[0].first_page_header.tables[0].cell(0, 1).paragraphs[0].text = "KANTOR LAIN"
    read = word.read()

    assert read.blocks == BLOCKS
    assert set(read.ignored) == {
        "Nomor: tertulis '12/X', tetap '042/PM.00.02/K.SB-99/08/2024'",
        "Tempat dan tanggal: tertulis 'Sarilamak, 16 Agustus 2024', tetap 'Sarilamak, 15 Agustus 2024'",
        "Alamat tujuan: tertulis 'Yth. Bupati', tetap 'Yth. Ketua KPU'",
        "Tanda tangan: tertulis 'Nama Lain', tetap 'Nama Ketua'",
        "Butir tembusan: dihapus, tetap 'Arsip'",
        "Teks di luar isi: ditambah 'Tambahan di atas salam.', tidak diambil",
        "Teks di luar isi: ditambah 'P.S. di bawah tanda tangan.', tidak diambil",
        "Kop: tertulis 'KANTOR LAIN', tetap 'BADAN PENGAWAS'",
    }


def test_a_name_taken_off_the_list_of_recipients_is_told():
    word = Word(ALL["terdaftar"])
    word.paragraph("Wali Nagari 7").text = "Wali Nagari Lain"
    read = word.read()

    assert read.annexes == LETTER.annexes
    assert read.ignored == ("Daftar penerima panjang: tertulis 'Wali Nagari Lain', tetap 'Wali Nagari 7'",)


@pytest.mark.parametrize(
    ("dateline", "told"),
    [
        ("Sarilamak, 16 Agustus 2024", "Tempat dan tanggal: tertulis 'Sarilamak, 16 Agustus 2024', tetap 'Sarilamak, 15 Agustus 2024'"),
        ("", "Tempat dan tanggal: dihapus, tetap 'Sarilamak, 15 Agustus 2024'"),
    ],
)  # fmt: skip
def test_a_changed_dateline_is_told_and_never_part_of_the_words(dateline, told):
    word = Word(PERS)
    first = next(p for p in word.document.paragraphs if p.text.startswith("Sarilamak"))
    first.runs[0].text = dateline
    if not dateline:
        first.runs[1].text = ""
    read = word.read()

    assert read.blocks == BLOCKS and read.ignored == (told,)


def test_words_typed_into_the_dateline_are_words():
    word = Word(PERS)
    first = next(p for p in word.document.paragraphs if p.text.startswith("Sarilamak"))
    first.runs[1].text = " – Sungguh "
    first.runs[0].style = first.runs[1].style = None

    assert word.read().blocks[0].spans[0] == Span(text="Sungguh Kata ")


def test_annexes_may_be_added_changed_and_taken_away():
    word = Word()
    word.paragraph("Jadwal").text = "Jadwal baru"
    end = word.document.add_paragraph("Tiga", style="Judul lampiran")
    word.document.add_paragraph("Isi tiga.", style="Isi surat")
    assert end is not None
    read = word.read()

    assert [annex.title for annex in read.annexes] == ["Acara", "Jadwal baru", "Tiga"]
    assert read.annexes[2].blocks == (paragraph("Isi tiga."),)


def test_a_list_cut_in_two_is_told_to_begin_anew():
    word = Word()
    cut = word.paragraph("Dua").insert_paragraph_before("Sela.", style="Isi surat")
    assert cut is not None
    read = word.read()

    assert [type(block).__name__ for block in read.blocks[2:5]] == ["NumberedList", "Paragraph", "NumberedList"]
    assert read.ignored == ("Nomor daftar yang terputus mulai lagi dari awal, di dekat `Dua`",)


# ---------------------------------------------------------------- Word: what no letter can hold
STYLES = "Pakai gaya Isi surat, Judul bagian, Butir 1, Butir 2, Strip 1 atau Strip 2."
W = nsdecls("w")
RUNS = {
    "gambar": f"<w:r {W}><w:drawing/></w:r>",
    "kotak teks": f"<w:r {W}><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r>",
    "objek": f"<w:r {W}><w:object/></w:r>",
    "track changes": f'<w:ins {W} w:id="1" w:author="x"><w:r><w:t>baru</w:t></w:r></w:ins>',
    "catatan kaki": f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>',
    "field": f'<w:fldSimple {W} w:instr="DATE"><w:r><w:t>1</w:t></w:r></w:fldSimple>',
    r"field\)": f'<w:r {W}><w:fldChar w:fldCharType="begin"/></w:r>',
    "simbol": f'<w:r {W}><w:sym w:font="Wingdings" w:char="F0A7"/></w:r>',
    "tersembunyi": f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>rahasia</w:t></w:r>",
}


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("place", ["Kemudian.", "Harau", "Isi lampiran."])
def test_what_a_letter_has_no_words_for_is_refused_by_name(kind, place):
    word = Word()
    word.paragraph(place)._p.append(parse_xml(RUNS[kind]))
    with pytest.raises(DataError, match=kind) as refused:
        word.read()

    (problem,) = refused.value.problems
    assert problem.where == WHERE and problem.remedy


def test_each_kind_is_named_once_and_all_are_named():
    word = Word()
    for place in ("Kemudian.", "Demikian disampaikan."):
        word.paragraph(place)._p.append(parse_xml(RUNS["gambar"]))
    word.document.styles.add_style("Heading 5", 1, builtin=True)
    word.paragraph("Kemudian.").insert_paragraph_before("Judul aneh", style="Heading 5")
    with pytest.raises(DataError) as refused:
        word.read()

    assert [str(problem) for problem in refused.value.problems] == [
        f"{WHERE}: gaya 'heading 5' tidak dikenal, di dekat `Judul aneh`. {STYLES}",
        f"{WHERE}: berisi gambar di dalam isi, di dekat `Kemudian.`. Hapus gambarnya; surat hanya memuat kata dan tabel.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.cell(1, 0).merge(t.cell(1, 1)), "digabung"),
        (lambda t: t.cell(1, 0).merge(t.cell(2, 0)), "digabung"),
        (lambda t: t.cell(1, 0).add_table(1, 1), "tabel di dalam tabel"),
        (lambda t: setattr(t.cell(1, 0).paragraphs[0], "style", "Butir 1"), "bernomor"),
    ],
)
def test_tables_that_are_no_plain_grid_are_refused(change, said):
    word = Word()
    change(next(t for t in word.document.tables if t.style.name == "Tabel surat"))

    with pytest.raises(DataError, match=said):
        word.read()


def test_tracked_changes_are_refused_wherever_they_stand():
    word = Word()
    word.paragraph("Arsip")._p.append(parse_xml(RUNS["track changes"]))

    with pytest.raises(DataError, match="Terima atau tolak dulu semua perubahan"):
        word.read()


def test_comments_are_told():
    word = Word()
    word.document.add_comment(word.paragraph("Kemudian.").runs[0], text="Betul?", author="x")

    assert word.read().ignored == ("Komentar: tidak diambil",) and word.read().blocks == BLOCKS


@pytest.mark.parametrize("text", ["NIK 1307012345670001", "nol\u200blebar", "balik\u202eabc"])
def test_text_no_letter_may_hold_is_refused_and_the_number_is_not_repeated(text):
    word = Word()
    word.paragraph("Kemudian.").text = text
    with pytest.raises(DataError) as refused:
        word.read()

    assert "bagian ke-4" in str(refused.value) and "1307012345670001" not in str(refused.value)


def test_a_letter_without_words_is_refused():
    word = Word()
    for p in list(word.document.paragraphs):
        if p.style.name.startswith(("Isi", "Judul bagian", "Butir 1", "Butir 2")):
            p._p.getparent().remove(p._p)
    for t in word.document.tables:
        if t.style.name in {"Rincian", "Tabel surat"}:
            t._tbl.getparent().remove(t._tbl)
    with pytest.raises(DataError, match="isi surat kosong"):
        word.read()


# ---------------------------------------------------------------- Word: the file
def test_the_file_of_another_letter_is_refused_by_its_name():
    with pytest.raises(DataError, match=r"milik surat pilkada-2024\.V12\.imbauan\.1, bukan lain\.1"):
        read_docx(docx(LETTER, KERTAS), a_letter(id="lain.1"), WHERE)


def test_a_file_of_nobody_is_refused():
    content = io.BytesIO()
    python_docx.Document().save(content)

    with pytest.raises(DataError, match="bukan surat dari tahapan"):
        read_docx(content.getvalue(), LETTER, WHERE)


def test_a_file_whose_properties_were_lost_is_known_by_its_footer():
    word = Word()
    word.document.core_properties.identifier = word.document.core_properties.keywords = ""

    assert word.read().blocks == BLOCKS
    with pytest.raises(DataError, match="bukan surat dari tahapan"):
        read_docx(word.saved(), a_letter(id="lain.1"), WHERE)


FILES = {
    "Word lama": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, r"\.doc\)"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "RTF": (b"{\\rtf1 x}", "RTF"),
    "kosong": (b"", "bukan berkas"),
    "teks": (b"Halo", "bukan berkas"),
    "terpotong": (docx(LETTER, KERTAS)[:9000], "terpotong"),
    "odt": (None, "OpenDocument"),
    "zip lain": (None, "zip lain"),
}


@pytest.mark.parametrize("name", FILES)
def test_another_kind_of_file_is_refused_by_name(name):
    content, said = FILES[name]
    if content is None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr("content.xml" if name == "odt" else "a.txt", "x")
        content = packed.getvalue()
    with pytest.raises(DataError, match=said):
        read_docx(content, LETTER, WHERE)


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
CHANGES = {
    "tanpa isi": (lambda n, c: None if n == "word/document.xml" else c, "zip lain"),
    "tanpa gaya": (lambda n, c: None if n == "word/styles.xml" else c, "rusak"),
    "XML rusak": (lambda n, c: c[:-20] if n == "word/document.xml" else c, "rusak"),
    "bom entitas": (lambda n, c: BOMB if n == "word/document.xml" else c, "DOCTYPE"),
    "bom entitas utf-16": (lambda n, c: BOMB.decode().encode("utf-16") if n == "word/styles.xml" else c, "DOCTYPE"),
    "sangat dalam": (lambda n, c: b"<a>" * 9000 + b"</a>" * 9000 if n == "word/document.xml" else c, "rusak"),
    "besar": (lambda n, c: c + b" " * 21_000_000 if n == "word/document.xml" else c, "20 MB"),
    "templat lain": (lambda _, c: c.replace(b"document.main+xml", b"template.main+xml"), "rusak"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_damaged_or_dangerous_file_is_refused(name):
    change, said = CHANGES[name]
    with pytest.raises(DataError, match=said):
        read_docx(repacked(change), LETTER, WHERE)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("word/vbaProject.bin", "makro"),
        ("word/embeddings/a.xlsx", "objek tertanam"),
        *((f"x/{n}", "bagian") for n in (400,)),
    ],
)
def test_macros_embedded_objects_and_too_many_parts_are_refused(part, said):
    packed = io.BytesIO(docx(LETTER, KERTAS))
    with zipfile.ZipFile(packed, "a") as package:
        for n in range(400 if said == "bagian" else 1):
            package.writestr(part + str(n) * (said == "bagian"), b"x")
    with pytest.raises(DataError, match=said):
        read_docx(packed.getvalue(), LETTER, WHERE)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_bytes_changed_at_random_never_raise_anything_else(seed, n):
    chance, content = random.Random(seed), bytearray(docx(LETTER, KERTAS))
    for _ in range(n):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with suppress(DataError):
        read_docx(bytes(content), LETTER, WHERE)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32), st.integers(1, 6), st.sampled_from(["document", "styles", "numbering", "header1", "footer1"])
)
def test_xml_changed_at_random_never_raises_anything_else(seed, n, part):
    """Within a package whose sums are right."""
    chance = random.Random(seed)

    def change(name, content):
        if name != f"word/{part}.xml":
            return content
        pieces = re.split(rb"(?=<)", content)
        for _ in range(n):
            k = chance.randrange(len(pieces))
            pieces[k] = chance.choice(
                [b"", pieces[k] * 2, pieces[chance.randrange(len(pieces))], pieces[k].replace(b'"1', b'"-x')]
            )
        return b"".join(pieces)

    with suppress(DataError):
        read_docx(repacked(change), LETTER, WHERE)


# ---------------------------------------------------------------- Markdown
@pytest.mark.parametrize(
    "name", ["surat", "terdaftar", "nota-dinas", "naskah", "siaran-pers", "siaran-pers dengan daftar"]
)
def test_unchanged_markdown_gives_back_the_letter(name):
    letter = ALL[name]
    text = editable_markdown(letter)
    read = read_markdown(text, letter, "surat.md")

    assert (read.blocks, read.annexes, read.ignored) == (letter.blocks, letter.annexes, ())
    assert text.count("Sarilamak, 15 Agustus 2024") == (name != "nota-dinas")


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_any_change_of_the_markdown_comes_back_or_is_refused(text):
    source = editable_markdown(LETTER).replace("Kemudian\\.", "Kemudian.").replace("Kemudian.", f"X{text}X")
    try:
        read = read_markdown(source, LETTER, "surat.md")
    except DataError:
        return
    assert read.ignored == () and read.annexes == LETTER.annexes


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "# A",
                "## B",
                "- x",
                "1. y",
                "   - z",
                "> q",
                "| a | b |",
                "|---|---|",
                "",
                "***",
                "```",
                "x",
                "\t",
                "- - a",
                "[l](u)",
            ]
        ),
        max_size=12,
    )
)
def test_any_markdown_is_read_or_refused(lines):
    source = editable_markdown(LETTER).replace("Kemudian.", "\n".join(lines))
    with suppress(DataError):
        read_markdown(source, LETTER, "surat.md")


def test_changes_around_the_words_of_markdown_are_told():
    text = editable_markdown(LETTER).replace("| Nomor | 042/PM.00.02/K.SB-99/08/2024 |", "| Nomor | 12/X |")
    text = text.replace("Hormat kami,", "Salam hangat,").replace("Kemudian.", "Lalu.")
    read = read_markdown("\ufeff" + text.replace("\n", "\r\n"), LETTER, "surat.md")

    assert read.blocks[3] == paragraph("Lalu.")
    assert set(read.ignored) == {
        "Nomor: tertulis '12/X', tetap '042/PM.00.02/K.SB-99/08/2024'",
        "Di luar isi: tertulis 'Salam hangat,', tetap 'Hormat kami,'",
    }


def test_missing_doubled_and_exchanged_markers_are_refused():
    text = editable_markdown(LETTER)
    end = "<!-- akhir isi -->"
    with pytest.raises(DataError, match=r"`<!-- akhir isi -->` tidak ada\. Kembalikan"):
        read_markdown(text.replace(end, ""), LETTER, "surat.md")
    with pytest.raises(DataError, match="lebih dari satu"):
        read_markdown(text.replace(end, f"{end}\n{end}"), LETTER, "surat.md")
    swapped = text.replace(end, "@").replace("<!-- akhir lampiran -->", end).replace("@", "<!-- akhir lampiran -->")
    with pytest.raises(DataError, match="urutan"):
        read_markdown(swapped, LETTER, "surat.md")


def test_an_annex_is_written_among_the_annexes_only():
    text = editable_markdown(LETTER)
    with pytest.raises(DataError, match="memuat baris `# Judul`"):
        read_markdown(text.replace("Kemudian.", "# Lampiran"), LETTER, "surat.md")
    with pytest.raises(DataError, match="tidak mulai dengan"):
        read_markdown(text.replace("# Acara", "Acara"), LETTER, "surat.md")


def test_a_nik_in_markdown_is_refused():
    with pytest.raises(DataError, match="16 angka"):
        read_markdown(editable_markdown(LETTER).replace("Kemudian.", "NIK 1307012345670001"), LETTER, "surat.md")
