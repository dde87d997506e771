"""Hostile text: whatever people write is printed literally on paper, in Markdown and on the desk, or refused by name."""

import asyncio
import datetime as dt
import html
import io
import re

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tahapan import register
from tahapan.archive import preview
from tahapan.characters import clean
from tahapan.day import morning, open_duties, work_on
from tahapan.errors import DataError, Refused
from tahapan.home import open_gladi
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown, parse_blocks, plain_lines
from tahapan.letters.text import escape_markdown
from tahapan.store.engine import reading

ELECTION = "pilkada-2024"
INVITED = dt.date(2024, 8, 14)  # Wednesday: the invitation to the rakor of 21 August goes out
RAKOR = "V12.rakor-stakeholder"
LETTER = f"{ELECTION}.{RAKOR}.1"
NAMES = {
    "signs": r"A * B _ C # D [E] | F <G> & H \" I $ J \\ K",  # as written in TOML
    "markdown": "**Tebal** _miring_ [tautan](http://x.id) ![g](g.png) `kode` ~~coret~~",
    "html": "<script>alert(1)</script> <b>x</b> &amp; &lt; &#42; <!-- -->",
    "typst": '#read(\\"/etc/passwd\\") $x^2$ @kpu <label> = Judul #emph[x] ~ -- ---',
    "jinja": "{{ 7 * 7 }} {% raw %} {# c #}",
    "table": "a | b || c |---| d",
    "list": "1. Satu",
    "dash": "- Satu + dua",
    "200 letters": " ".join(["Panjangsekali"] * 14) + " Aa",
}


def as_read(name):
    """The name as TOML gives it."""
    return name.replace('\\"', '"').replace("\\\\", "\\")


def draft_with(root, name):
    """The invitation to the rakor, drafted, with one name as signer, first addressee, copy, place and agenda cell."""
    home = open_gladi(root, ELECTION, INVITED, INVITED)
    kantor = home.kantor
    put = {
        "pejabat.toml": (('"Nama Ketua (contoh)"', f'"{name}"'),),
        "alamat.toml": (
            ('"Ketua KPU Kabupaten Lima Puluh Kota"', f'"{name}"'),
            ('"Ketua Bawaslu Provinsi Sumatera Barat"', f'"{name}"'),
        ),
        f"acara/{RAKOR}.toml": (
            ('"Resto Tanjung Pati, Kecamatan Harau"', f'"{name}"'),
            ('"Registrasi peserta"', f'"{name}"'),
        ),
    }
    for file, changes in put.items():
        text = (kantor / file).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (kantor / file).write_text(text, "utf-8")
    plan = home.plan(ELECTION)
    at = morning(plan, INVITED)
    open_duties(home, plan, INVITED, at, "V12")
    work_on(home, plan, plan.duty(RAKOR), INVITED, at)
    with reading(home.engine) as connection:
        row = register.letter(connection, plan.office.profile.id, LETTER)
    return home, row


def squeezed(text):
    """Without spaces: a page breaks lines, and joins words over them, where it likes."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_printed_literally_on_paper_in_markdown_and_on_the_desk(kind, tmp_path, monkeypatch):
    """As holder, addressee, copy, place of a meeting and cell of its agenda."""
    name = as_read(NAMES[kind])
    assert len(name) <= 200
    home, row = draft_with(tmp_path / "gladi", NAMES[kind])
    letter = Letter.model_validate_json(row.content)

    assert letter.signature.nama == letter.kepada[0].jabatan == letter.tembusan[0] == name
    cells = [line for annex in letter.annexes for line in plain_lines(annex.blocks)]
    assert f"Tempat: {name}" in [*plain_lines(letter.blocks)] and any(f" | {name} | " in line for line in cells)

    paper = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(preview(home, row).pdf)).pages))
    assert paper.count(squeezed(name)) == 6  # holder, addressee, copy, place (letter and annex), cell

    shown = "\n".join(line for line in letter_markdown(letter).splitlines() if "GLADI" not in line)
    assert shown.count(escape_markdown(name)) == 6

    page = page_of(home, f"/surat/{LETTER}", monkeypatch)
    assert "<script>" not in page


@pytest.mark.parametrize("kind", ["signs", "html", "markdown"])
def test_the_desk_shows_a_name_as_text(kind, tmp_path, monkeypatch):
    """The subject of the letter is the name of the meeting: in the list, the title and the heading."""
    home, _ = draft_with(tmp_path / "gladi", "Biasa")
    name = as_read(NAMES[kind])
    path = home.kantor / "acara" / f"{RAKOR}.toml"
    path.write_text(f'rapat_nama = "{NAMES[kind]}"\n{path.read_text("utf-8")}', "utf-8")
    plan = home.plan(ELECTION)
    work_on(home, plan, plan.duty(RAKOR), INVITED, morning(plan, INVITED))

    pages = [page_of(home, address, monkeypatch) for address in ("/", f"/surat/{LETTER}")]

    for page in pages:
        assert f"Undangan {name}" in html.unescape(page)
        assert "<script>" not in page and "<b>" not in page


def page_of(home, address, monkeypatch):
    """A page of the desk of that home."""
    from deployments.desk.app import app

    async def get():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get(address)

    monkeypatch.setenv("TAHAPAN_HOME", str(home.root))
    answer = asyncio.run(get())
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("محمد الأمين", "م (U+0645)"),
        ("Budi \U0001f600", "\U0001f600 (U+1F600)"),
        ("Budi \u4e2d", "\u4e2d (U+4E2D)"),
    ],
    ids=["Arabic", "emoji", "Chinese"],
)
def test_a_character_the_font_lacks_is_named_with_its_text(name, character, tmp_path):
    """Each text that holds it is told; no draft is made."""
    with pytest.raises(Refused) as refused:
        draft_with(tmp_path / "gladi", name)

    said = [str(problem) for problem in refused.value.problems]
    assert any(f"`Ketua, {name}`" in line for line in said) and any(f"`Yth. {name}`" in line for line in said)
    for line in said:
        assert line.startswith(f"surat {LETTER}: huruf surat tidak punya bentuk untuk")
        assert character in line and "Ganti karakternya" in line


@pytest.mark.parametrize(
    "code",
    [0x00, 0x07, 0x1B, 0x7F, 0x85, 0xAD, 0x61C, 0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x202A, 0x202E, 0x2066, 0x2069,
     0xFEFF, 0xD800, 0xDFFF],
    ids=lambda code: f"U+{code:04X}",
)  # fmt: skip
def test_a_character_nobody_sees_is_refused_by_the_name_of_its_field(code):
    """Control characters, lone surrogates, bidi controls and everything else that hides, breaks or reorders text."""
    with pytest.raises(DataError) as refused:
        clean(f"Nama{chr(code)}Ketua", "kunci nama")

    assert str(refused.value).startswith(f"kunci nama: memuat karakter tak terlihat U+{code:04X} (")


@pytest.mark.parametrize("space", ["\t", "\u00a0", "\u202f", "\u3000", "  ", "\r\n", " \t\u00a0 "], ids=ascii)
def test_any_other_space_becomes_one_plain_space(space):
    """Tabs and no-break spaces come with what is pasted from Word."""
    assert clean(f"{space}Nama{space}Ketua{space}", "nama") == "Nama Ketua"


def test_letters_with_marks_are_composed():
    """The same name typed on two keyboards is one name."""
    assert clean("Andre\u0301", "nama") == "Andr\u00e9"


SIGNS = "*_#[]|<>&\"$\\`~^!(){}+-=:.)1 9aé'@%/;,?"
TEXTS = st.one_of(st.text(SIGNS, min_size=1, max_size=40), st.text(min_size=1, max_size=40))


def cleaned(text):
    try:
        return clean(text, "nama")
    except DataError:
        return ""


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_markdown_gives_back_what_was_escaped(text):
    """In a paragraph, within a sentence, as an entry of a list, as a cell of a table and of its label column."""
    text = cleaned(text)
    if not text:
        return
    safe = escape_markdown(text)
    source = (
        f"{safe}\n\nKepada {safe} dan **{safe}**.\n\n1. {safe}\n2. {safe};\n\n"
        f"| No. | Nama | Tempat |\n|---|---|---|\n| 1 | {safe} | x |\n\n| | |\n|---|---|\n| Tempat | {safe} |\n"
    )

    blocks, annexes = parse_blocks(source, "uji")

    alone, within, entries, table, details = blocks
    assert annexes == ()
    assert [*plain_lines((alone,))] == [text]
    assert [*plain_lines((entries,))] == [text, f"{text};"]
    assert [*plain_lines((table,))] == ["No. | Nama | Tempat", f"1 | {text} | x"]
    assert [*plain_lines((details,))] == [f"Tempat: {text}"]
    assert [*plain_lines((within,))] == [f"Kepada {text} dan {text}."]


@pytest.mark.parametrize("number", ["1307012345670001", "1307 0123 4567 0001", "130701-234567-0001"])
def test_a_number_like_a_nik_is_refused_by_the_name_of_its_field(number: str):
    """Personal data stays home: it is shown cut short, and the clerk is told where it stands."""
    with pytest.raises(DataError, match=r"acara, kunci temuan: memuat nomor 16 angka .*\(1307…01\)"):
        clean(f"NIK {number} tercatat ganda", "acara, kunci temuan")


@pytest.mark.parametrize(
    "text", ["198001012005011001", "27.08.2024 29.08.2024", "0812-3456-7890", "001/PM.00.02/K.SB-99/08/2024"]
)
def test_a_nip_a_date_a_telephone_and_a_letter_number_are_none(text: str):
    """Only sixteen digits written as a NIK is written."""
    assert clean(text, "x") == text
