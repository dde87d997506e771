"""Any text in any field of a letter: on paper and in Word as it was written, or refused by the name of its field."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tahapan import archive, issue
from tahapan.day import morning
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import SAMPLE_OFFICE, TEMPLATES, Home
from tahapan.issue import new_row
from tahapan.letters.edited import read_docx
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import plain_lines
from tahapan.outside import as_duty
from tahapan.revise import request, write

ELECTION = "pilkada-2024"
DAY = dt.date(2024, 9, 24)  # Tuesday
MEMO = {"pokok": "Rapat", "latar": "Latar.", "laporan": ["laporan"], "usul": ["usul"]}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    root = tmp_path_factory.mktemp("kantor")
    shutil.copytree(SAMPLE_OFFICE, root / "kantor")
    home = Home(root)
    yield home
    home.engine.dispose()


def memo(home: Home, **isi: object) -> Letter:
    plan = home.plan(ELECTION)
    fields = {field.id for field in home.kinds["nota-dinas"].kind.fields}
    given_fields = {name: value for name, value in {**MEMO, **isi}.items() if name in fields}
    asked = request(home, plan, "nota-dinas", "coba", given_fields)
    duty = as_duty(asked, plan.election, DAY)
    row = new_row(home, plan, duty, issue.values_of(home, plan, duty)[0], DAY, 1)
    return Letter.model_validate_json(row.content)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(min_size=1, max_size=40),
        st.text(st.sampled_from("*_`#[]()<>&|\\\"'{}%$^~=+-@!/: abcXYZé–“”…0123"), min_size=1, max_size=60),
    ),
    field=st.sampled_from(["pokok", "latar", "usul"]),
)
def test_any_text_stands_in_pdf_word_and_markdown_or_is_refused_by_its_field(office: Home, text: str, field: str):
    """Nothing of it runs: not as Jinja, Markdown, Typst, XML or HTML."""
    value: object = [text] if field == "usul" else text
    refused: tuple[Problem, ...] = ()
    try:
        letter = memo(office, **{field: value})
    except (DataError, Refused) as error:
        refused = error.problems
    if refused:
        named = " ".join(map(str, refused))
        assert all(problem.where and problem.remedy for problem in refused)
        assert any(word in named for word in (field, "huruf surat", "kata", "hari dan tanggal", "isi"))
        return
    copies = archive.render(office.paper, letter)
    wanted = squeezed(text).rstrip(".;")
    said = squeezed(" ".join([letter.hal, *plain_lines(letter.blocks)]))
    printed = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(copies.pdf)).pages))
    word = read_docx(copies.docx, letter, "coba.docx")

    assert wanted in said
    assert squeezed(wanted) in printed or not printed.isascii()  # ligatures and marks are set as one form
    assert (word.blocks, word.ignored) == (letter.blocks, ())


# --- who signs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acting", "above"),
    [
        ('sebagai = "Plh."', ["Plh. Ketua,"]),
        ('sebagai = "Plt."', ["Plt. Ketua,"]),
        ('sebagai = "Pjs."', ["Pjs. Ketua,"]),
        (
            'sebagai = "a.n."\njabatan = "Koordinator Divisi Pencegahan"',
            ["a.n. Ketua", "Koordinator Divisi Pencegahan,"],
        ),
    ],
    ids=["Plh.", "Plt.", "Pjs.", "a.n."],
)
def test_who_stands_in_for_the_chair_signs_so(real_home: Callable[..., Home], acting: str, above: list[str]):
    """For the days of the absence only; the number keeps its K."""
    home = real_home()
    people = home.kantor / "pejabat.toml"
    stand_in = f'\n[[pemegang]]\nperan = "ketua"\nnama = "Pengganti (contoh)"\nsejak = 2024-09-23\nsampai = 2024-09-25\n{acting}\n'
    people.write_text(people.read_text("utf-8") + stand_in, "utf-8")
    plan = home.plan(ELECTION)
    asked = request(
        home, plan, "permintaan-data", "coba",
        {"keperluan": "x", "data": ["y"], "bentuk": "z", "tenggat_hari_kerja": 3},
        kepada=["kpu"], tahapan="V12", dasar=["pemilihan"],
    )  # fmt: skip
    for day, nama, lines in (
        (DAY, "Pengganti (contoh)", above),
        (dt.date(2024, 9, 26), "Nama Ketua (contoh)", ["Ketua,"]),
    ):
        asked_then = asked.model_copy(update={"nama": f"coba-{day.day}"})
        row = write(home, plan, asked_then, "Staf", day, morning(plan, day))
        letter = Letter.model_validate_json(issue.approve(home, plan, row.id, day, nama, morning(plan, day)).content)
        assert (letter.signature.nama, [*letter.signature.above]) == (nama, lines)
        assert "/K.SB-99/" in letter.nomor


def test_in_whose_name_somebody_signs_needs_the_own_title(real_home: Callable[..., Home]):
    home = real_home()
    people = home.kantor / "pejabat.toml"
    stand_in = '\n[[pemegang]]\nperan = "ketua"\nnama = "X"\nsejak = 2024-09-23\nsebagai = "a.n."\n'
    people.write_text(people.read_text("utf-8") + stand_in, "utf-8")
    with pytest.raises(DataError, match="jabatan"):
        home.plan(ELECTION)


# --- figures -------------------------------------------------------------------------------------


def test_a_figure_without_its_source_and_day_is_refused(real_home: Callable[..., Home]):
    """A table of figures is told by ``bersumber`` in the front matter of its kind."""
    home = real_home()
    own = home.kantor / "templates" / "angka.md.j2"
    own.parent.mkdir()
    words = (TEMPLATES / "surat" / "siaran-pers.md.j2").read_text("utf-8")
    table = (
        '\n[[fields]]\nid = "angka"\nlabel = "Angka"\ntipe = "tabel"\nbersumber = true\nwajib = false\n'
        'contoh = [{ uraian = "pemilih dalam DPS", angka = "291.679", sumber = "berita acara", tanggal = 2024-08-10 }]\n+++\n'
    )
    head, front, body = words.split("+++", 2)
    own.write_text(f"{head}+++{front}{table}{body}", "utf-8")
    plan = home.plan(ELECTION)
    isi = {"judul_berita": "x", "lead": "y", "paragraf": ["z"]}
    right = {"uraian": "pemilih", "angka": "291.679", "sumber": "berita acara KPU", "tanggal": dt.date(2024, 8, 10)}
    assert request(home, plan, "angka", "satu", {**isi, "angka": [right]}, kepada=["media"])
    for missing in ("sumber", "tanggal"):
        with pytest.raises(DataError, match=f"angka tanpa {missing}"):
            request(home, plan, "angka", "dua", {**isi, "angka": [{**right, missing: ""}]}, kepada=["media"])


# --- the office's own paper ----------------------------------------------------------------------


def test_the_office_sets_its_letters_in_its_own_font_on_f4(real_home: Callable[..., Home]):
    """A font file in huruf/, its family in kantor.toml; a family that is not there is named with those that are."""
    home = real_home()
    profile = home.kantor / "kantor.toml"
    profile.write_text(
        profile.read_text("utf-8")
        .replace('kertas        = "a4"', 'kertas        = "f4"')
        .replace('# huruf       = "Bookman Old Style"', 'huruf = "Huruf Kantor"'),
        "utf-8",
    )
    with pytest.raises((DataError, Refused), match=r"huruf 'Huruf Kantor' tidak ada.*Liberation Sans"):
        memo(home)
    (home.kantor / "huruf").mkdir()
    for style in ("Regular", "Bold", "Italic", "BoldItalic"):
        renamed(TEMPLATES / "kertas" / "huruf" / f"LiberationSans-{style}.ttf", home.kantor / "huruf" / f"{style}.ttf")

    letter = memo(home)
    page = PdfReader(io.BytesIO(home.paper.pdf(letter))).pages[0]

    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [215, 330]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts and all("HurufKantor" in name.replace(" ", "") for name in fonts), fonts
    assert "Huruf Kantor" in _styles(archive.render(home.paper, letter).docx)


def renamed(source: Path, target: Path) -> None:
    """The same font under another family name."""
    from fontTools.ttLib import TTFont

    with TTFont(source) as font:
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = "Huruf Kantor"
            elif record.nameID in (4, 6):
                record.string = f"HurufKantor-{target.stem}"
        font.save(target)


def _styles(docx: bytes) -> str:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return package.read("word/styles.xml").decode()
