"""Every letter of the golden days, read as the chair who signs it: its words, its day, its law and its addressees.

The letters of the whole calendar are kept whole in ``surat/``, with one of every kind that no duty asks for. The facts
that must hold whatever the words are stand below by name.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping

import pytest
from pypdf import PdfReader

from tahapan import register
from tahapan.checklist import load_items
from tahapan.dates import hari_tanggal
from tahapan.issue import values_of
from tahapan.laws import ORDER
from tahapan.letters.compose import compose, text_of
from tahapan.letters.edited import read_docx
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import letter_markdown
from tahapan.outside import as_duty
from tahapan.plan import DATA
from tahapan.revise import request
from tahapan.store.engine import reading

ITEMS = [item for item in load_items("pilkada-2024", (DATA / "checklists",)) if item.letter]
ALL = [
    *(f"{item.stage}.{item.id}" for item in ITEMS),
    "umum.susulan-n05-imbauan-pencalonan-kpu-pkpu-10-2024",
    "umum.susulan-n05-imbauan-pencalonan-parpol-pkpu-10-2024",
    "umum.susulan-l6-imbauan-netralitas-mk-136-2024",
]
WITH_LAW = ("imbauan", "surat-tugas", "permintaan-data", "saran-perbaikan")
FIRST_SURE_PERBAWASLU = dt.date(2024, 9, 30)


@pytest.fixture(scope="session")
def rows(calendar) -> Mapping[str, register.LetterRow]:
    """The register of the whole calendar by duty: the newest version of each letter."""
    with reading(calendar.home.engine) as connection:
        book = register.letters(connection, calendar.plan.office.profile.id)
    return {row.short_key: row for row in sorted(book, key=lambda row: row.version)}


@pytest.fixture(scope="session")
def letters(rows) -> Mapping[str, Letter]:
    """Their content by duty."""
    return {duty: Letter.model_validate_json(row.content) for duty, row in rows.items()}


def on_day(rehearsed, duty_key: str, on: dt.date) -> Letter:
    """A letter as it would read on another day."""
    home, plan = rehearsed.home, rehearsed.plan
    duty = plan.duty(duty_key)
    values, _ = values_of(home, plan, duty)
    return compose(plan, home.words(plan), duty, values, on, letter_id=f"{duty.key}.1", nomor="001")


def said(letter: Letter) -> str:
    return "\n".join(text_of(letter))


def law_list(letter: Letter) -> list[str]:
    """The legal basis: the first list of the letter."""
    lists = [block for block in letter.blocks if block.type == "list"]
    return ["".join(span.text for span in item.spans) for item in lists[0].items]


# ---------------------------------------------------------------- the words
@pytest.mark.parametrize("duty", ALL)
def test_the_letter_is_its_golden_file(duty: str, letters, golden) -> None:
    """Every letter of the golden days is the kept one, to the letter."""
    letter = letters[duty]

    golden(f"surat/{letter.id}.md", letter_markdown(letter))


def test_the_calendar_has_these_letters_and_no_others(rows) -> None:
    """One for every duty that names a letter, and three supplements to what a law overtook: all numbered."""
    assert set(rows) == set(ALL)
    assert all(row.numbered for row in rows.values())


OUTSIDE = (
    "berita-acara", "daftar-hadir", "daftar-hadir-rapat", "form-cegah", "laporan-rapat", "nota-dinas", "nota-dinas-rapat",
    "notulen", "pembatalan-undangan", "penerusan", "pokok-sambutan", "ralat", "ralat-undangan", "rekomendasi",
    "siaran-pers-rapat", "surat-pengantar", "surat-pengingat", "undangan-internal",
)  # fmt: skip


def test_every_kind_has_a_golden_file(calendar) -> None:
    """Those of the checklist above, the others with the example of their own fields."""
    assert {*calendar.home.kinds} == {item.letter for item in ITEMS} | {*OUTSIDE, "surat-susulan"}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_kind_outside_the_checklist_is_its_golden_file(kind: str, calendar, golden) -> None:
    """On Tuesday 24 September 2024, about the campaign, without a number yet."""
    home, plan, on = calendar.home, calendar.plan, dt.date(2024, 9, 24)
    fields = home.kinds[kind].kind.fields
    isi = {field.id: [*field.contoh] if isinstance(field.contoh, tuple) else field.contoh for field in fields}
    asked = request(home, plan, kind, kind, isi, tahapan="L6", kepada=home.kinds[kind].kind.kepada or ["kpu"])
    duty = as_duty(asked, plan.election, on)
    letter = compose(plan, home.words(plan), duty, values_of(home, plan, duty)[0], on, letter_id=f"jenis.{kind}")

    golden(f"surat/jenis.{kind}.md", letter_markdown(letter))


@pytest.mark.parametrize("duty", ALL)
def test_paper_word_and_preview_have_the_same_words(duty: str, rows, letters, calendar) -> None:
    """The PDF says what the Markdown says; the paper adds letterhead, marks, heads of annexes and, on a new page, of tables.

    The Word file, read back, has the very blocks.
    """
    letter, home = letters[duty], calendar.home
    word = read_docx((home.surat / rows[duty].docx).read_bytes(), letter, rows[duty].docx)
    assert (word.blocks, word.annexes, word.ignored) == (letter.blocks, letter.annexes, ())
    pages = [page.extract_text() for page in PdfReader(home.surat / rows[duty].pdf).pages]
    kop = letter.kop
    heads = " ".join(
        span.text for block in letter.blocks if block.type == "table" for cell in block.header for span in cell
    )
    only_on_paper = f"""{kop.address} {kop.contact} GLADI bukan surat resmi {letter.id} {" ".join("123456"[: len(pages)])}
        No. Nama Jabatan Lampiran I II {letter.sebutan} Nomor {letter.nomor} Tanggal {letter.tanggal} Daftar Penerima
        {heads}"""

    printed, shown = Counter(words("\n".join(pages))), Counter(words(plain(letter_markdown(letter))))

    assert shown - printed == Counter()
    assert set(printed - shown) <= set(words(only_on_paper))


def plain(markdown: str) -> str:
    """Markdown without its marks: rules of tables, emphasis, escapes."""
    text = re.sub(r"^\|?(-{3}\|?)+$", "", markdown, flags=re.MULTILINE)
    return re.sub(r"\\(\W)", r"\1", re.sub(r"(?<!\\)[|*]", " ", text))


def words(text: str) -> list[str]:
    """Words and figures between spaces; a line may break after a slash or hyphen, and lists are numbered by the paper."""
    pieces = re.split(r"[\s/–:-]+", text)
    return [piece for piece in pieces if re.search(r"\w", piece) and not re.fullmatch(r"\d+\.|[a-z]\.", piece)]


# ---------------------------------------------------------------- day and addressees
def test_the_invitation_to_the_rakor_of_21_august_is_of_wednesday_14_august(rows, letters) -> None:
    """Seven days before a meeting that the Bupati is asked to; it names the day of the meeting, a Wednesday too."""
    row, letter = rows["V12.rakor-stakeholder"], letters["V12.rakor-stakeholder"]

    assert row.tanggal == dt.date(2024, 8, 14)
    assert hari_tanggal(row.tanggal) == "Rabu, 14 Agustus 2024"
    assert letter.tanggal == "14 Agustus 2024"
    assert "Hari, tanggal: Rabu, 21 Agustus 2024" in said(letter)


def test_the_invitation_to_the_rakor_of_21_august_lists_62_recipients(letters) -> None:
    """All of them stand on the annex, numbered, none twice."""
    letter = letters["V12.rakor-stakeholder"]

    assert letter.listed
    assert len({who.jabatan for who in letter.kepada}) == len(letter.kepada) == 62
    assert "62. " in letter_markdown(letter).split("**Daftar Penerima**")[1]


def test_the_imbauan_of_15_august_goes_to_kpu_and_every_camat_and_wali_nagari(rows, letters) -> None:
    """One letter, one number: KPU, 13 camat, 79 wali nagari."""
    kepada = [who.jabatan for who in letters["V12.imbauan-pengumuman-dps"].kepada]

    assert rows["V12.imbauan-pengumuman-dps"].tanggal == dt.date(2024, 8, 15)
    assert kepada[0] == "Ketua KPU Kabupaten Lima Puluh Kota"
    assert sum(who.startswith("Camat ") for who in kepada) == 13
    assert sum(who.startswith("Wali Nagari ") for who in kepada) == 79
    assert len(set(kepada)) == len(kepada) == 1 + 13 + 79


@pytest.mark.parametrize("duty", ["N05.imbauan-netralitas", "L6.imbauan-netralitas"])
def test_the_imbauan_on_neutrality_goes_to_both_polres(duty: str, letters) -> None:
    """Two Polres serve the regency."""
    kepada = [who.jabatan for who in letters[duty].kepada]

    assert {"Kapolres Lima Puluh Kota", "Kapolres Payakumbuh"} <= set(kepada)


@pytest.mark.parametrize(
    ("day", "bupati"),
    [
        (dt.date(2024, 9, 20), "Bupati Lima Puluh Kota"),  # Friday
        (dt.date(2024, 9, 24), "Bupati Lima Puluh Kota"),  # Tuesday, the last day before the campaign
        (dt.date(2024, 9, 26), "Pjs. Bupati Lima Puluh Kota"),  # Thursday
    ],
)
def test_the_bupati_is_on_leave_during_the_campaign(day: dt.date, bupati: str, calendar) -> None:
    """From 25 September a Pjs. Bupati stands in: the addressee follows the day of the letter."""
    kepada = [who.jabatan for who in on_day(calendar, "L6.imbauan-netralitas", day).kepada]

    assert bupati in kepada
    assert sum("Bupati" in who for who in kepada) == 1


# ---------------------------------------------------------------- the law
def test_on_20_august_the_imbauan_to_parties_cites_the_law_of_that_day(letters) -> None:
    """PKPU 8/2024 with both court decisions of that day; PKPU 10/2024 came five days later."""
    letter = letters["N05.imbauan-pencalonan-parpol"]

    assert letter.tanggal == "20 Agustus 2024"
    text = said(letter)
    assert "Peraturan Komisi Pemilihan Umum Nomor 8 Tahun 2024" in text
    assert "Putusan Mahkamah Konstitusi Nomor 60/PUU-XXII/2024" in text
    assert "Putusan Mahkamah Konstitusi Nomor 70/PUU-XXII/2024" in text
    assert "Nomor 10 Tahun 2024" not in text


def test_on_13_august_the_imbauan_to_parties_would_not_know_the_court_decisions(calendar) -> None:
    """A week earlier the old threshold still stood."""
    text = said(on_day(calendar, "N05.imbauan-pencalonan-parpol", dt.date(2024, 8, 13)))

    assert "PUU-XXII" not in text
    assert "Peraturan Komisi Pemilihan Umum Nomor 8 Tahun 2024" in text


@pytest.mark.parametrize(
    "duty",
    [
        "N05.surat-tugas-pendaftaran",
        "N06.surat-tugas-pemeriksaan-kesehatan",
        "N07.surat-tugas-penelitian-administrasi",
    ],
)
def test_after_25_august_nomination_rests_on_pkpu_8_as_amended_by_pkpu_10(duty: str, letters) -> None:
    """The amendment is cited with what it amends, as one instrument."""
    cited = [law for law in law_list(letters[duty]) if law.startswith("Peraturan Komisi Pemilihan Umum Nomor 8 ")]

    assert len(cited) == 1
    assert "sebagaimana telah diubah dengan Peraturan Komisi Pemilihan Umum Nomor 10 Tahun 2024" in cited[0]


@pytest.mark.parametrize(
    "duty", [f"{item.stage}.{item.id}" for item in ITEMS if item.letter and item.letter.startswith(WITH_LAW)]
)
def test_the_law_stands_in_the_order_of_rank(duty: str, letters) -> None:
    """UU, court decision, PP, PKPU, Perbawaslu, joint decision, circular."""
    heads = {
        "Undang-Undang": "Undang-Undang",
        "Putusan Mahkamah Konstitusi": "Putusan Mahkamah Konstitusi",
        "Peraturan Pemerintah": "Peraturan Pemerintah",
        "Peraturan Komisi Pemilihan Umum": "Peraturan KPU",
        "Peraturan Badan Pengawas Pemilihan Umum": "Peraturan Bawaslu",
        "Keputusan Bersama": "Keputusan Bersama",
        "Surat Edaran Badan Pengawas Pemilihan Umum": "Surat Edaran Bawaslu",
    }
    ranks = [
        ORDER.index(next(jenis for head, jenis in heads.items() if law.startswith(head)))  # type: ignore[arg-type]
        for law in law_list(letters[duty])
    ]

    assert len(ranks) >= 2
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("duty", ALL)
def test_law_whose_day_is_not_sure_is_not_printed(duty: str, rows, letters) -> None:
    """Perbawaslu 6/2024 is not surely in force before 30 September; those numbered after it did not exist."""
    if rows[duty].tanggal >= FIRST_SURE_PERBAWASLU:
        assert not re.search(r"Peraturan Badan Pengawas Pemilihan Umum Nomor (9|1\d) Tahun 2024", said(letters[duty]))
        return
    assert "Peraturan Badan Pengawas Pemilihan Umum Nomor" not in said(letters[duty])


# ---------------------------------------------------------------- the words of the day
@pytest.mark.parametrize("duty", ALL)
def test_no_letter_before_22_september_says_pasangan_calon_without_bakal(duty: str, rows, letters, calendar) -> None:
    """Names of stages keep their official wording; everything else says bakal pasangan calon, and later never bakal."""
    row, plan = rows[duty], calendar.plan
    if row.tanggal >= dt.date(2024, 9, 22):
        assert "bakal pasangan calon" not in said(letters[duty])
        return
    official = {stage.nama_resmi for stage in plan.election.stages} | {stage.nama for stage in plan.election.stages}
    text = said(letters[duty])
    for name in sorted(official, key=len, reverse=True):
        text = re.sub(re.escape(name), "", text, flags=re.IGNORECASE)

    assert re.findall(r"(?<!bakal )pasangan calon", text, re.IGNORECASE) == []


def test_before_the_campaign_neutrality_is_towards_bakal_pasangan_calon(letters) -> None:
    """On 20 September, two days before the penetapan; from the 22nd on the same letter says pasangan calon."""
    assert "memihak kepada salah satu bakal pasangan calon" in said(letters["L6.imbauan-netralitas"])


def test_after_the_penetapan_the_same_letter_says_pasangan_calon(calendar) -> None:
    """The words follow the day of the letter."""
    text = said(on_day(calendar, "L6.imbauan-netralitas", dt.date(2024, 9, 23)))

    assert "memihak kepada salah satu pasangan calon" in text
    assert "bakal pasangan calon" not in text


def test_the_hours_of_registration_stand_in_the_letter_to_parties(letters) -> None:
    """Each day with its own hour."""
    text = said(letters["N05.imbauan-pencalonan-parpol"])

    assert "Selasa, 27 Agustus 2024, pukul 16.00 WIB" in text
    assert "Rabu, 28 Agustus 2024, pukul 16.00 WIB" in text
    assert "Kamis, 29 Agustus 2024, pukul 23.59 WIB" in text


# ---------------------------------------------------------------- forms
def test_a_surat_tugas_has_place_and_date_above_its_signature_and_no_hal(letters) -> None:
    """As on the paper: title, number, words, then place, date and signature."""
    text = letter_markdown(letters["N05.surat-tugas-pendaftaran"])

    assert "Penugasan" not in text
    assert text.endswith("Sarilamak, 26 Agustus 2024\n\nKetua,\n\n**Nama Ketua (contoh)**\n")


def test_a_press_release_begins_with_place_and_date(letters) -> None:
    """Below its headline, in bold, before the first sentence."""
    text = letter_markdown(letters["N05.rilis-pendaftaran"])

    assert "**Sarilamak, 30 Agustus 2024** – Empat bakal pasangan calon" in text
    assert text.count("30 Agustus 2024") == 1


@pytest.mark.parametrize("duty", ALL)
def test_every_letter_of_a_rehearsal_says_so(duty: str, rows) -> None:
    """The mark GLADI is part of the content, not of the printer."""
    assert json.loads(rows[duty].content)["mark"] == "GLADI"


@pytest.mark.parametrize("duty", ALL)
def test_no_letter_has_a_number_of_sixteen_digits(duty: str, letters) -> None:
    """NIK and NKK stay out of letters."""
    assert not re.search(r"\d{16}", said(letters[duty]))
