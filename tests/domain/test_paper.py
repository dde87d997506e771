"""What the PDF of a letter must show, whatever the letter says."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from tahapan.errors import DataError, MachineError
from tahapan.letters.blocks import Annex, Detail, Details, ListItem, NumberedList, Paragraph, Span, Spans, Table
from tahapan.letters.letter import Addressee, Letter, LetterHead, Signature
from tahapan.letters.pdf import Paper

ROOT = Path(__file__).parents[2]
KERTAS = ROOT / "templates" / "kertas"
NASTY = '#read("/etc/passwd") *bold* _x_ # [ ] | < > & " $ \\ #{1+1} `x` ~ @y = - + / // /* -- \' $x^2$'
END = "Demikian disampaikan, atas perhatian dan kerja sama Bapak/Ibu diucapkan terima kasih."


def spans(text: str) -> Spans:
    return (Span(text=text),)


def paragraph(text: str) -> Paragraph:
    return Paragraph(spans=spans(text))


def numbered(*texts: str) -> NumberedList:
    return NumberedList(style="number", items=tuple(ListItem(spans=spans(text)) for text in texts))


def addressees(n: int) -> tuple[Addressee, ...]:
    return tuple(Addressee(id=f"a{i}", jabatan=f"Wali Nagari Contoh Ke{i:03d}", tempat="Tempat") for i in range(n))


def a_letter(**changes: object) -> Letter:
    kop = LetterHead(
        lines=("Badan Pengawas Pemilihan Umum", "Kabupaten Lima Puluh Kota"),
        address="Jalan Contoh Nomor 1, Sarilamak",
        contact="Telepon 0752-000000 | Surel sekretariat@contoh.example | contoh.example",
    )
    fields: dict[str, object] = {
        "id": "pilkada-2024.V12.imbauan.1", "kind": "imbauan", "form": "surat", "kertas": "a4", "kop": kop,
        "nomor": "042/PM.00.02/K.SB-99/08/2024", "tempat": "Sarilamak", "tanggal": "15 Agustus 2024",
        "sifat": "Biasa", "lampiran": "-", "hal": "Imbauan Pengumuman DPS", "label_hal": "Hal", "label_yth": "Yth.",
        "kepada": addressees(1), "blocks": (paragraph("Bersama ini disampaikan hal berikut."), paragraph(END)),
        "signature": Signature(line="Ketua", nama="Nama Penandatangan"), "tembusan": ("Bawaslu Provinsi", "Arsip"),
    }  # fmt: skip
    return Letter.model_validate(fields | changes)


def long_body(lines: int) -> tuple[Paragraph, ...]:
    return tuple(paragraph(f"Baris isi nomor {n}.") for n in range(lines))


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper(KERTAS)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_same_letter_gives_the_same_bytes_after_other_letters(paper: Paper):
    letter = a_letter(mark="GLADI", kepada=addressees(40))
    first = paper.pdf(letter)
    paper.pdf(a_letter(kertas="f4", blocks=long_body(80)))

    assert paper.pdf(letter) == first == Paper(KERTAS).pdf(letter)


def test_another_process_in_another_zone_and_home_gives_the_same_bytes(paper: Paper, tmp_path: Path):
    letter = a_letter()
    program = (
        "import sys, hashlib, pathlib\n"
        "from tahapan.letters.letter import Letter\n"
        "from tahapan.letters.pdf import Paper\n"
        "letter = Letter.model_validate_json(sys.stdin.read())\n"
        "print(hashlib.sha256(Paper(pathlib.Path(sys.argv[1])).pdf(letter)).hexdigest())"
    )
    elsewhere = os.environ | {"TZ": "Asia/Jayapura", "HOME": str(tmp_path), "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", program, str(KERTAS)], input=letter.model_dump_json(),
        cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout.strip() == hashlib.sha256(paper.pdf(letter)).hexdigest()


@pytest.mark.parametrize("form", ["surat", "nota-dinas", "naskah", "siaran-pers"])
def test_typst_markup_in_any_field_is_printed_and_not_run(paper: Paper, form: str):
    said: list[str] = []

    def say(field: str) -> str:
        said.append(f"{field}: {NASTY}")
        return said[-1]

    head = a_letter().kop.model_copy(update={"lines": (say("KOP").upper(),), "address": say("alamat")})
    inner = NumberedList(style="letter", items=(ListItem(spans=spans(say("butir"))),))
    marked = (Span(text=say("tebal"), bold=True), Span(text=say("miring"), italic=True))
    fields: dict[str, object] = {
        "form": form, "kop": head, "id": say("id"), "nomor": say("nomor"), "tempat": say("tempat"),
        "tanggal": say("tanggal"),
        "blocks": (
            Paragraph(spans=marked),
            NumberedList(style="bullet", items=(ListItem(spans=spans(say("daftar")), below=inner),)),
            Details(rows=(Detail(label=say("label"), spans=spans(say("rincian"))),)),
            Table(header=(spans(say("kolom")), spans("B")), rows=((spans(say("sel")), spans("")),)),
        ),
        "signature": Signature(line=say("jabatan"), nama=say("nama"), nip=say("nip")),
        "tembusan": (say("tembusan"),),
        "annexes": (Annex(title=say("lampiran"), blocks=(paragraph(say("isi lampiran")),)),),
    }  # fmt: skip
    if form == "nota-dinas":
        fields |= {"dari": say("dari"), "tempat": ""}
        said.remove(f"tempat: {NASTY}")
    if form == "surat":
        fields |= {field: say(field) for field in ("sifat", "lampiran", "label_hal", "label_yth", "hal")}
        fields["kepada"] = (Addressee(id="x", jabatan=say("kepada"), tempat=say("di")),)
        fields |= {"salam_pembuka": say("pembuka"), "salam_penutup": say("penutup")}
    else:
        fields["judul"] = say("judul")
    printed = squeezed("".join(pages(paper.pdf(a_letter(**fields)))))

    assert "root:" not in printed
    missing = [text for text in said if squeezed(text) not in printed and squeezed(text).upper() not in printed]
    assert not missing


@pytest.mark.parametrize(
    ("mark", "line"), [("GLADI", "GLADI - bukan surat resmi"), ("DRAF", "DRAF - belum bernomor, bukan surat resmi")]
)
def test_a_rehearsal_and_a_draft_are_marked_on_every_page(paper: Paper, mark: str, line: str):
    letter = a_letter(mark=mark, blocks=(*long_body(50), paragraph(END)), kepada=addressees(9))
    texts = pages(paper.pdf(letter))

    assert len(texts) == 3
    for text in texts:
        assert line in text
        assert mark in text.replace(line, "").split()


def test_a_letter_in_earnest_bears_no_mark(paper: Paper):
    assert "bukan surat resmi" not in "".join(pages(paper.pdf(a_letter())))


@pytest.mark.parametrize("start", range(0, 66, 11))
def test_the_signature_stands_below_the_end_of_the_body_at_66_lengths(paper: Paper, start: int):
    for lines in range(start, start + 11):
        letter = a_letter(blocks=(*long_body(lines), paragraph(END)))
        signed = [text for text in pages(paper.pdf(letter)) if "Nama Penandatangan" in text]

        assert len(signed) == 1
        assert squeezed(END) in squeezed(signed[0]), lines
        assert "Arsip" in signed[0], lines


ENDINGS = {
    "a paragraph of a page and a half": (paragraph("kata " * 900 + "terakhir."),),
    "a list": (numbered(*(f"Butir {n} dari daftar yang panjang sekali" for n in range(30)), "butir terakhir."),),
    "a list below a list": (
        NumberedList(
            style="number",
            items=(
                ListItem(
                    spans=spans("Pokok:"),
                    below=NumberedList(
                        style="letter",
                        items=tuple(ListItem(spans=spans(t)) for t in (*(f"anak {n}" for n in range(20)), "terakhir.")),
                    ),
                ),
            ),
        ),
    ),
    "a table": (
        Table(header=(spans("Kolom"),), rows=tuple((spans(f"baris {n}"),) for n in (*range(25), "terakhir."))),
    ),
    "details": (
        Details(rows=tuple(Detail(label=f"L{n}", spans=spans(f"isi {n}")) for n in (*range(20), "terakhir."))),
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_signature_stands_below_text_also_after(paper: Paper, ending: str):
    for lines in range(0, 34, 3):
        texts = pages(paper.pdf(a_letter(blocks=(*long_body(lines), *ENDINGS[ending]))))
        signed = [text for text in texts if "Nama Penandatangan" in text]

        assert len(signed) == 1
        assert "terakhir." in signed[0], lines


def test_a_table_that_goes_on_has_its_header_on_every_page(paper: Paper):
    table = Table(header=(spans("Kepala Kolom"),), rows=tuple((spans(f"baris {n}"),) for n in range(120)))
    texts = pages(paper.pdf(a_letter(blocks=(table, paragraph(END)))))

    assert len(texts) > 2
    assert all("Kepala Kolom" in text for text in texts if "baris" in text)


def test_93_recipients_are_each_printed_once_in_the_annex(paper: Paper):
    people = addressees(93)
    texts = pages(paper.pdf(a_letter(kepada=people)))

    assert "Yth. Daftar terlampir" in texts[0]
    assert [text.count("Contoh Ke") for text in texts] == [0, 93]
    assert all(texts[1].count(f"{n}.") and texts[1].count(who.jabatan) == 1 for n, who in enumerate(people, 1))


@pytest.mark.parametrize("n", [6, 30, 31, 94, 200, 401])
def test_no_recipient_is_lost_at_any_length_of_the_list(paper: Paper, n: int):
    printed = " ".join(pages(paper.pdf(a_letter(kepada=addressees(n)))))

    assert re.findall(r"Contoh Ke(\d{3})", printed) == [f"{i:03d}" for i in range(n)]


def test_up_to_five_recipients_stand_on_the_first_page(paper: Paper):
    (text,) = pages(paper.pdf(a_letter(kepada=addressees(5))))

    assert "5. Wali Nagari Contoh Ke004" in " ".join(text.split())
    assert "Daftar terlampir" not in text


def test_page_numbers_begin_on_page_2(paper: Paper):
    texts = pages(paper.pdf(a_letter(blocks=long_body(90))))

    assert [re.findall(r"^- (\d+) -$", text, re.MULTILINE) for text in texts] == [[], ["2"], ["3"]]


def test_a_surat_tugas_has_no_addressee_and_a_siaran_pers_begins_with_place_and_date(paper: Paper):
    (tugas,) = pages(paper.pdf(a_letter(form="naskah", sebutan="Surat Tugas", judul="SURAT TUGAS")))
    (pers,) = pages(paper.pdf(a_letter(form="siaran-pers", judul="SIARAN PERS")))

    assert "Yth." not in tugas
    assert tugas.index("SURAT TUGAS") < tugas.index("Nomor: 042") < tugas.index("Sarilamak, 15 Agustus 2024")
    assert "Sarilamak, 15 Agustus 2024 – Bersama ini" in pers


def test_f4_is_21_5_by_33_centimetres(paper: Paper):
    box = pypdf.PdfReader(io.BytesIO(paper.pdf(a_letter(kertas="f4")))).pages[0].mediabox

    assert [round(float(side) / 72 * 2.54, 1) for side in (box.width, box.height)] == [21.5, 33.0]


def test_the_file_is_tagged_indonesian_pdf_a_2b_with_title_and_author(paper: Paper):
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(a_letter())))
    catalogue = reader.root_object
    xmp = catalogue["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]

    assert catalogue["/Lang"] == "id"
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert "/StructTreeRoot" in catalogue
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert reader.metadata is not None
    assert reader.metadata.title == "Imbauan Pengumuman DPS"
    assert reader.metadata.author == "BADAN PENGAWAS PEMILIHAN UMUM KABUPATEN LIMA PULUH KOTA"


def test_only_fonts_of_the_paper_are_used(paper: Paper):
    reader = pypdf.PdfReader(io.BytesIO(paper.pdf(a_letter())))
    fonts = {font["/BaseFont"].split("+")[1] for page in reader.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]

    assert fonts <= {"LiberationSans", "LiberationSans-Bold", "LiberationSans-Italic", "LiberationSans-BoldItalic"}


def test_characters_without_a_glyph_are_named(paper: Paper):
    assert paper.without_glyph("Gunuang Omeh – “Ketua” é … ½ ± × Δ") == ()
    assert paper.without_glyph("a中b😀c中") == ("中", "😀")


def test_a_character_without_a_glyph_is_an_error_that_names_it(paper: Paper):
    with pytest.raises(DataError, match=r"中 \(U\+4E2D\)"):
        paper.pdf(a_letter(hal="Imbauan 中"))


@pytest.mark.parametrize("logo", ["tidak-ada.png", "../../../../../../etc/passwd", "/etc/passwd", "surat.typ"])
def test_a_logo_that_cannot_be_used_is_an_error_that_names_it(paper: Paper, logo: str):
    with pytest.raises(DataError, match="logo"):
        paper.pdf(a_letter(kop=a_letter().kop.model_copy(update={"logo": logo})))


def test_a_folder_without_paper_is_an_error_with_a_remedy(tmp_path: Path):
    with pytest.raises(MachineError, match=r"surat\.typ"):
        Paper(tmp_path)
