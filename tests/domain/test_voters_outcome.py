"""What leaves an examination: the letter and its locked names, counts nobody is recognised in, the page of each TPS."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import stat
from collections.abc import Callable
from pathlib import Path

import msoffcrypto
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from tahapan import day, register
from tahapan.book.void import void
from tahapan.errors import DataError, Refused
from tahapan.home import Home, open_gladi
from tahapan.letters.compose import text_of
from tahapan.letters.letter import Letter
from tahapan.store.engine import reading
from tahapan.voters import export, lists, recommendation, review
from tahapan.voters.examine_office import examine_list
from tahapan.voters.outcome.annex import Annex, new_password
from tahapan.voters.outcome.charts import per_district
from tahapan.voters.outcome.public import HIDDEN, LEAST, SUM, public_table
from tests.domain.test_voters_checks import ROWS
from tests.domain.test_voters_office import DEAD, DEATHS, TOLD, WHO, Office, at

COLUMNS = {"No.": 5, "NIK": 20, "Nama": 30}
PEOPLE = tuple((str(n), f"13070501018{n:05}", f"WARGA {n}") for n in range(1, 4))


@pytest.fixture
def annex() -> Annex:
    return Annex(
        "Bawaslu Contoh", "Lampiran", "21 Agustus 2024", COLUMNS, {"TPS 1 Taram": PEOPLE, "TPS 2 Taram": PEOPLE[:1]}
    )


# --- annexes ---------------------------------------------------------------------------------------


def test_an_annex_opens_with_its_password_only_and_is_known_by_its_hash(annex: Annex, real_home: Callable[..., Home]):
    """XLSX as Excel reads it, PDF with AES-256; the same table has the same fingerprint, whatever the password."""
    password = new_password()
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) and password != new_password()
    locked = annex.locked_xlsx(password)
    assert b"WARGA" not in locked and not locked.startswith(b"PK")
    file, plain = msoffcrypto.OfficeFile(io.BytesIO(locked)), io.BytesIO()
    file.load_key(password=password)
    file.decrypt(plain)
    book = load_workbook(io.BytesIO(plain.getvalue()))
    assert book.sheetnames == ["TPS 1 Taram", "TPS 2 Taram"]
    assert [cell.value for cell in book.worksheets[0][2]] == ["1", "1307050101800001", "WARGA 1"]
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        msoffcrypto.OfficeFile(io.BytesIO(locked)).load_key(password="salah", verify_password=True)

    pdf = annex.locked_pdf(real_home().paper, password)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(pdf))
    with pikepdf.open(io.BytesIO(pdf), password=password) as opened:
        assert opened.encryption.bits == 256
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf), password=password).pages]
    assert len(pages) == 2 and "RAHASIA" in pages[1] and "WARGA 2" not in pages[1]

    again = Annex(annex.office, "lain", "lain", COLUMNS, annex.parts)
    assert annex.fingerprint == again.fingerprint and not re.search(r"\d{16}", annex.fingerprint)
    assert Annex(annex.office, "", "", COLUMNS, {"TPS 1 Taram": PEOPLE}).fingerprint != annex.fingerprint


def test_what_people_wrote_is_text_in_an_annex(real_home: Callable[..., Home]):
    """Neither Typst nor Excel evaluates it, and a sign without a form does not keep a list from being printed."""
    names = ('#read("/etc/passwd")', "=1+1", "*tebal* $x$ \\", "Ж—é 漢")
    annex = Annex("K", "J", "", {"Nama": 30}, {"": tuple((name,) for name in names)})
    text = PdfReader(io.BytesIO(annex.pdf(real_home().paper))).pages[0].extract_text()
    assert '#read("/etc/passwd")' in text and "*tebal* $x$ \\" in text and "?" in text
    cell = load_workbook(io.BytesIO(annex.plain)).worksheets[0]["A3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# --- the letter ------------------------------------------------------------------------------------


@pytest.fixture
def told(tmp_path: Path) -> Office:
    """A rehearsal that has examined a list, with one dead and one double found true."""
    (tmp_path / "berkas").mkdir()
    home = open_gladi(tmp_path / "gladi", "pilkada-2024", dt.date(2024, 8, 9), dt.date(2024, 8, 14))
    office = Office(home, tmp_path / "berkas")
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    office.say(office.rows()["meninggal", 9], "benar", "akta 1307-KM-1")
    office.say(office.rows()["ganda", 3], "benar", "KK dilihat")
    yield office
    home.engine.dispose()


def test_the_letter_counts_and_the_annex_names(told: Office):
    """What is found true fills the duty's letter; its words hold no name and no number of a person."""
    home, plan, on = told.home, told.plan, dt.date(2024, 8, 14)
    done = recommendation.recommend(home, plan, plan.duty(TOLD), dt.date(2024, 8, 21), WHO, on, at(14))
    assert (len(done.findings), done.missing) == (2, ())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in done.files)
    day.approve_rehearsed(home, plan, on)
    with reading(home.engine) as connection:
        row = register.latest(connection, plan.office.profile.id, plan.duty(TOLD))
    assert row and row.numbered
    text = "\n".join(text_of(Letter.model_validate_json(row.content)))
    assert "1 pemilih yang telah meninggal dunia masih tercantum" in text and "2 (dua) nama" in text
    assert "Tembusan surat ini tidak disertai daftar nama" in text and "SHA-256" in text
    assert "ANTON" not in text and not re.search(r"\d{16}", text)
    assert {each.stands for each in told.rows().values() if each.surat} == {"disarankan"}

    file, plain = msoffcrypto.OfficeFile(io.BytesIO(done.files[0].read_bytes())), io.BytesIO()
    file.load_key(password=done.password)
    file.decrypt(plain)
    cells = [[cell.value for cell in line] for line in load_workbook(plain).worksheets[0].iter_rows(min_row=2)]
    assert sorted((line[2], line[3], line[9], line[10]) for line in cells) == [
        ("1307050101800001", "ANTON", "Meninggal dunia", "1"),
        ("1307051203600001", "ZULBAHRY", "Orang yang sama dua kali", "2"),
    ]
    with pytest.raises(Refused, match=r"sudah bernomor|belum ada yang terbukti"):
        recommendation.recommend(home, plan, plan.duty(TOLD), None, WHO, on, at(15))


def test_only_a_duty_that_reports_findings_can_tell_them(told: Office):
    on = dt.date(2024, 8, 14)
    with pytest.raises(Refused, match="tidak menyampaikan temuan"):
        recommendation.recommend(told.home, told.plan, told.plan.duty("V12.rakor-stakeholder"), None, WHO, on, at(14))
    told.say(told.rows()["meninggal", 9], "bukan", note="salah orang", day=13)
    with pytest.raises(Refused, match="belum ada yang terbukti"):  # that duty tells of the dead only
        recommendation.recommend(told.home, told.plan, told.plan.duty("L7.pemilih-meninggal"), None, WHO, on, at(14))


def test_a_kecamatan_can_have_a_letter_of_its_own(told: Office):
    """Outside the checklist; what it tells is told in no other."""
    on = dt.date(2024, 8, 14)
    with pytest.raises(DataError, match="--tenggat: belum diisi"):
        recommendation.recommend_district(told.home, told.plan, "harau", "saran-harau", None, WHO, on, at(14))
    until = dt.date(2024, 8, 21)
    done = recommendation.recommend_district(told.home, told.plan, "harau", "saran-harau", until, WHO, on, at(14))
    assert done.where == "umum.saran-harau" and len(done.findings) == 2
    with pytest.raises(Refused, match=r"sudah masuk surat umum\.saran-harau"):
        recommendation.recommend(told.home, told.plan, told.plan.duty(TOLD), until, WHO, on, at(14))
    again = recommendation.recommend_district(told.home, told.plan, "harau", "saran-harau", until, WHO, on, at(14))
    assert again.again and again.password != done.password  # the first was lost
    later = recommendation.recommend_district(
        told.home, told.plan, "harau", "saran-harau", dt.date(2024, 8, 22), WHO, on, at(14)
    )
    assert later.where == done.where
    with reading(told.home.engine) as connection:
        rows = register.letters(connection, told.plan.office.profile.id, "pilkada-2024")
    assert [(row.version, row.state) for row in rows if row.item == "saran-harau"] == [(1, "direvisi"), (2, "draf")]


def test_a_draft_follows_its_findings_or_gets_no_number(told: Office):
    """A finding dismissed, or standing on another list since the names were locked, keeps the letter from its number."""
    on, until, duty = dt.date(2024, 8, 14), dt.date(2024, 8, 21), told.plan.duty(TOLD)
    first = recommendation.recommend(told.home, told.plan, duty, until, WHO, on, at(14))
    dead = told.rows()["meninggal", 9]
    assert dead.in_draft == TOLD and told.told_of(dead)[-1] == ("diperiksa", f"dalam draf surat {TOLD}")
    bukan = review.Answer(dead.id, "bukan", "", "orang lain", "tes")
    assert review.decide(told.home, told.plan, [bukan], WHO, at(14)).drafts == (TOLD,)
    faults = day.approve_rehearsed(told.home, told.plan, on)
    assert any("tertulis 2 nama, sekarang 1" in str(each) for each in faults)

    again = recommendation.recommend(told.home, told.plan, duty, until, WHO, on, at(14))
    assert again.again and not first.again and len(again.findings) == 1
    told.bring("dps", [row for row in ROWS if not row.startswith("6,")], 14)
    done = examine_list(told.home, told.plan, None, None, "tahapan", at(14, 11))
    assert done.drafts == (TOLD,) and told.rows()["ganda", 3].surat is None
    assert any("tertulis 1 nama, sekarang 0" in str(each) for each in day.approve_rehearsed(told.home, told.plan, on))

    recommendation.recommend(told.home, told.plan, duty, until, WHO, on, at(14))
    assert day.approve_rehearsed(told.home, told.plan, on) == ()
    double = told.rows()["ganda", 3]
    assert double.stands == "disarankan" and double.daftar == "dps-2"
    assert told.told_of(double)[-1] == ("disarankan", f"disampaikan dengan surat {double.nomor}")


def test_the_letter_names_the_list_that_was_examined(told: Office):
    """Not the list of its day; and no deadline that is over."""
    on, duty = dt.date(2024, 8, 14), told.plan.duty(TOLD)
    with pytest.raises(DataError, match="sudah lewat"):
        recommendation.recommend(told.home, told.plan, duty, dt.date(2024, 8, 13), WHO, on, at(14))
    recommendation.recommend(told.home, told.plan, duty, dt.date(2024, 8, 21), WHO, on, at(14))
    day.approve_rehearsed(told.home, told.plan, on)
    with reading(told.home.engine) as connection:
        row = register.latest(connection, told.plan.office.profile.id, duty)
    assert row and row.hal == "Saran Perbaikan Daftar Pemilih Sementara (DPS)"


def test_a_void_letter_frees_what_it_told(told: Office):
    """And what nobody can name any more is told to nobody."""
    on, until = dt.date(2024, 8, 14), dt.date(2024, 8, 21)
    duty = told.plan.duty(TOLD)
    recommendation.recommend(told.home, told.plan, duty, until, WHO, on, at(14))
    day.approve_rehearsed(told.home, told.plan, on)
    void(told.home, told.plan, f"{duty.key}.1", "sandi hilang", "Nama Ketua (contoh)", at(14))
    assert {each.stands for each in told.rows().values()} == {"diperiksa", "diusulkan"}
    done = recommendation.recommend_district(told.home, told.plan, "Harau", "saran-ulang", until, WHO, on, at(14))
    assert len(done.findings) == 2
    lists.forget(told.home, told.plan, "dps-1", WHO, at(15))
    with pytest.raises(Refused, match="nama-namanya tidak ada lagi"):
        recommendation.recommend_district(told.home, told.plan, "Harau", "saran-ulang", until, WHO, on, at(15))


def test_the_sheets_of_an_annex_have_titles_that_excel_takes():
    """Long ones are cut, and no two are one."""
    names = [f"TPS 1 Tj. Haro Sikabu-kabu Pd. Panjang, Luak {n}" for n in (1, 2)]
    book = load_workbook(io.BytesIO(Annex("K", "J", "", {"Nama": 9}, dict.fromkeys(names, (("A",),))).plain))
    assert len(book.sheetnames) == 2 and max(map(len, book.sheetnames)) <= 31


# --- for the office and for everybody --------------------------------------------------------------


def test_recap_chart_and_public_counts_have_no_person_in_them(told: Office):
    on = dt.date(2024, 8, 14)
    paths = {name: told.folder / name for name in ("r.xlsx", "p.md", "p.csv", "g.svg", "g.png")}
    export.write_recap(told.home, told.plan, paths["r.xlsx"], on)
    for name in ("p.md", "p.csv"):
        export.write_public(told.home, told.plan, paths[name], on)
    for name in ("g.svg", "g.png"):
        export.write_chart(told.home, told.plan, paths[name], on)
    book = load_workbook(paths["r.xlsx"])
    assert book.sheetnames == ["Per kecamatan", "Per nagari", "Grafik"]
    assert [cell.value for cell in book["Per kecamatan"][book["Per kecamatan"].max_row]][-1] == 5
    assert HIDDEN in paths["p.md"].read_text("utf-8")
    assert [row["Meninggal dunia"] for row in csv.DictReader(io.StringIO(paths["p.csv"].read_text("utf-8-sig")))] == [
        HIDDEN,
        "0",
    ]
    for path in paths.values():
        assert not re.search(rb"ANTON|ZULBAHR", path.read_bytes())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(DataError, match="akhiran namanya"):
        export.write_chart(told.home, told.plan, told.folder / "g.pdf", on)


def test_the_dead_after_the_dpt_go_to_their_polling_place(told: Office):
    """Refused before there is a DPT; then a page for each TPS, without NIK."""
    on = dt.date(2024, 8, 14)
    with pytest.raises(Refused, match="belum dimasukkan"):
        export.write_for_polling_places(told.home, told.plan, told.folder / "k.pdf", on)
    told.bring("dpt", ROWS, 28)
    told.look(28)
    count, password = export.write_for_polling_places(told.home, told.plan, told.folder / "k.pdf", on)
    text = PdfReader(told.folder / "k.pdf", password=password).pages[0].extract_text()
    assert count == 1 and "ANTON" in text and "TPS 1 Taram" in text and not re.search(r"\d{16}", text)


@given(st.dictionaries(st.tuples(st.sampled_from("ABCD"), st.sampled_from("xyz")), st.integers(0, 12), min_size=1))
def test_no_small_count_is_shown_or_can_be_computed(counts: dict[tuple[str, str], int]):
    """A table with other small counts in the same places looks the same: so nothing of them can be had from it."""
    rows = [(place, kind, n) for (place, kind), n in counts.items()]
    other = [(place, kind, LEAST - n if 0 < n < LEAST else n) for place, kind, n in rows]
    table = public_table(rows)
    assert table == public_table(other)
    assert {table[place][kind] for place, kind, n in rows if 0 < n < LEAST} <= {HIDDEN}
    assert SUM in table


def test_a_chart_is_the_same_bytes_twice(real_home: Callable[..., Home]):
    fonts = real_home().paper.folder / "huruf"
    rows = [("Harau", "Meninggal dunia", 1200), ("Kapur IX", "Orang yang sama dua kali", 3), ("", "Meninggal dunia", 1)]
    one, two = per_district(rows, "Temuan", "Contoh", fonts), per_district(rows, "Temuan", "Contoh", fonts)
    assert one == two and one.png.startswith(b"\x89PNG")
    assert "1.200" in one.svg and "Harau" in one.svg and "(kosong)" in one.svg
