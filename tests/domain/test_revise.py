"""Letters that people write: outside the checklist, with other words, anew after a void number, with a late date."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tahapan import archive, issue, register
from tahapan.book.void import void
from tahapan.day import morning, standings
from tahapan.errors import DataError, NotKnown, Refused
from tahapan.home import Home
from tahapan.issue import Number
from tahapan.letters.edited import editable_markdown, read_docx, read_markdown
from tahapan.letters.letter import Letter
from tahapan.letters.markdown import plain_lines
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.revise import edit, renew, request, write
from tahapan.store.engine import reading

ELECTION = "pilkada-2024"
DAY = dt.date(2024, 8, 20)  # Tuesday
BY = "Staf Pencegahan (contoh)"
IMBAUAN = f"{ELECTION}.V12.imbauan-pengumuman-dps"


def latest(home: Home, letter_id: str) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, letter_id)


def letter_of(row: LetterRow) -> Letter:
    return Letter.model_validate_json(row.content)


def at(home: Home, day: dt.date = DAY) -> dt.datetime:
    return morning(home.plan(ELECTION), day)


def examples(home: Home, kind: str) -> dict:
    """The example values of a kind's own fields, as they are printed by ``--contoh``."""
    fields = home.kinds[kind].kind.fields
    return {field.id: [*field.contoh] if isinstance(field.contoh, tuple) else field.contoh for field in fields}


OF_AN_ANNEX = ("jumlah_nama", "sidik")  # such a letter gets no number without its findings


def asked(home: Home, kind: str, nama: str = "contoh", **more):
    plan = home.plan(ELECTION)
    more = {"tahapan": "V12"} | more
    if not home.kinds[kind].kind.kepada:
        more.setdefault("kepada", ("kpu",))
    if not home.kinds[kind].kind.dasar:
        more.setdefault("dasar", ("pemilihan", "pengawasan"))
    isi = {name: value for name, value in examples(home, kind).items() if name not in OF_AN_ANNEX}
    return request(home, plan, kind, nama, isi, **more)


@pytest.fixture
def drafted(real_home: Callable[..., Home]) -> tuple[Home, Plan]:
    """A real office with the imbauan on the announcement drafted on 12 August."""
    home = real_home()
    plan, day = home.plan(ELECTION), dt.date(2024, 8, 12)
    issue.draft(home, plan, plan.duty("V12.imbauan-pengumuman-dps"), day, at(home, day))
    return home, plan


# --- outside the checklist -----------------------------------------------------------------------


def test_every_kind_can_be_written_outside_the_checklist(real_home: Callable[..., Home]):
    """With the example of its own fields: drafted, numbered and rendered as PDF and Word, on 24 September 2024."""
    home = real_home()
    plan, day = home.plan(ELECTION), dt.date(2024, 9, 24)
    refused: dict[str, str] = {}
    for kind in home.kinds:
        try:
            row = write(home, plan, asked(home, kind, f"contoh-{kind}"), BY, day, at(home, day))
            done = issue.approve(home, plan, row.id, day, "Ketua", at(home, day))
            assert archive.verify(home, done).sound
        except (DataError, Refused) as error:
            refused[kind] = str(error)
    assert refused == {}


def test_the_same_request_again_changes_nothing(real_home: Callable[..., Home]):
    """A killed command may be repeated; another letter under the same name is refused."""
    home = real_home()
    plan = home.plan(ELECTION)
    first = write(home, plan, asked(home, "nota-dinas"), BY, DAY, at(home))
    assert write(home, plan, asked(home, "nota-dinas"), BY, DAY, at(home)) == first
    with pytest.raises(Refused, match=r"sudah dipakai"):
        write(home, plan, asked(home, "surat-pengantar"), BY, DAY, at(home))


def test_a_wrong_request_names_everything_at_once(real_home: Callable[..., Home]):
    """Unknown addressees, unknown subjects and missing fields, each by its option."""
    home = real_home()
    plan = home.plan(ELECTION)
    with pytest.raises(DataError) as refused:
        request(home, plan, "permintaan-data", "x", {}, kepada=["kpuu"], tembusan=["siapa"], dasar=["hukum-apa"])
    said = str(refused.value)
    assert all(word in said for word in ("'kpuu'", "'siapa'", "'hukum-apa'", "Keperluan", "Data yang diminta"))
    with pytest.raises(DataError, match="nama pendek"):
        request(home, plan, "permintaan-data", "../x", {})


def test_a_letter_that_speaks_of_a_stage_asks_for_it(real_home: Callable[..., Home]):
    """Without ``--tahapan`` the name of the option is the remedy."""
    home = real_home()
    plan = home.plan(ELECTION)
    with pytest.raises(Refused, match="--tahapan"):
        write(home, plan, asked(home, "imbauan-netralitas", tahapan=""), BY, DAY, at(home))


def test_a_memo_goes_to_a_role_of_the_office(real_home: Callable[..., Home]):
    """From the head of the secretariat to the chair: no K in the number, the letterhead of the secretariat."""
    home = real_home()
    plan = home.plan(ELECTION)
    row = write(home, plan, asked(home, "nota-dinas", kepada=("ketua",)), BY, DAY, at(home))
    done = issue.approve(home, plan, row.id, DAY, "Nama Kepala Sekretariat (contoh)", at(home))
    letter = letter_of(done)
    assert "/SB-99/" in done.nomor and letter.kop.lines[0] == "Sekretariat"
    assert letter.kepada[0].jabatan == "Ketua Bawaslu Kabupaten Lima Puluh Kota"
    assert letter.dari.startswith("Kepala Sekretariat")


# --- other words ---------------------------------------------------------------------------------


def changed_markdown(row: LetterRow, old: str, new: str) -> str:
    text = editable_markdown(letter_of(row))
    assert old in text
    return text.replace(old, new)


def test_a_sentence_changed_in_markdown_makes_a_new_version(drafted: tuple[Home, Plan]):
    """The difference is shown; version 1 is replaced; PDF, Word and Markdown of version 2 have the new words."""
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    text = changed_markdown(row, "memastikan Panitia", "menjamin bahwa Panitia")
    result = edit(home, plan, row.id, read_markdown(text, letter_of(row), "x.md"), BY, DAY, at(home))

    assert result.row.id == f"{IMBAUAN}.2" and result.ignored == ()
    assert [line[0] for line in result.lines] == ["-", "+"] and "menjamin bahwa" in result.lines[1]
    assert latest(home, row.id).state == "direvisi"
    numbered = issue.approve(home, plan, result.row.id, DAY, "Ketua", at(home))
    copies = archive.preview(home, numbered)
    again = read_docx(copies.docx, letter_of(numbered), "x.docx")
    assert any("menjamin bahwa" in line for line in plain_lines(again.blocks))
    assert archive.verify(home, numbered).again == "sama"


def test_a_change_outside_the_words_is_listed_and_not_taken(drafted: tuple[Home, Plan]):
    """The addressee and the date stay data."""
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    text = changed_markdown(row, "memastikan Panitia", "menjamin bahwa Panitia").replace("Penting", "Biasa")
    result = edit(home, plan, row.id, read_markdown(text, letter_of(row), "x.md"), BY, DAY, at(home))
    assert len(result.ignored) == 1 and "Biasa" in result.ignored[0]
    assert letter_of(result.row).sifat == "Penting"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("menjamin pada Rabu, 20 Agustus 2024, Panitia", "Selasa, 20 Agustus 2024"),
        ("menghimbau Panitia", "menghimbau"),
        ("menurut DPT, Panitia", "'DPT'"),
        ("menurut PKPU 10/2024, Panitia", "Nomor 10 Tahun 2024"),
        ("menurut Peraturan Bawaslu Nomor 9 Tahun 2024, Panitia", "Nomor 9 Tahun 2024"),
        ("menulis \U0001f600 Panitia", "U+1F600"),
    ],
    ids=["weekday", "spelling", "word before its time", "law not in force", "law not surely in force", "no glyph"],
)
def test_every_check_runs_on_edited_words(drafted: tuple[Home, Plan], new: str, said: str):
    """Nothing is changed by a refused edit."""
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    text = changed_markdown(row, "memastikan Panitia", new)
    with pytest.raises(Refused, match=said.replace("+", r"\+")):
        edit(home, plan, row.id, read_markdown(text, letter_of(row), "x.md"), BY, DAY, at(home))
    assert latest(home, row.id) == row


def test_an_edit_without_a_change_is_refused(drafted: tuple[Home, Plan]):
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    same = read_markdown(editable_markdown(letter_of(row)), letter_of(row), "x.md")
    with pytest.raises(Refused, match="sama dengan draf"):
        edit(home, plan, row.id, same, BY, DAY, at(home))


def test_after_the_number_the_words_stay(drafted: tuple[Home, Plan]):
    """Only void or a correction: the archived words are those that were approved."""
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    edited = read_markdown(changed_markdown(row, "memastikan", "menjamin"), letter_of(row), "x.md")
    issue.approve(home, plan, row.id, DAY, "Ketua", at(home))
    with pytest.raises(Refused, match="ralat"):
        edit(home, plan, row.id, edited, BY, DAY, at(home))
    with pytest.raises(Refused, match="ralat"):
        renew(home, plan, row.id, BY, DAY, at(home))


def test_edited_words_stay_when_the_draft_is_renewed(drafted: tuple[Home, Plan]):
    """The morning run follows people and calendar, and leaves the words to who wrote them."""
    home, plan = drafted
    row = latest(home, f"{IMBAUAN}.1")
    edited = read_markdown(changed_markdown(row, "memastikan Panitia", "menjamin Panitia"), letter_of(row), "x.md")
    edit(home, plan, row.id, edited, BY, dt.date(2024, 8, 13), at(home))
    day = dt.date(2024, 8, 14)
    issue.draft(home, plan, plan.duty("V12.imbauan-pengumuman-dps"), day, at(home, day))
    kept = latest(home, f"{IMBAUAN}.2")
    assert kept.state == "draf" and "menjamin Panitia" in kept.content


# --- void, and anew ------------------------------------------------------------------------------


def test_a_void_letter_keeps_its_number_and_can_be_written_anew(drafted: tuple[Home, Plan]):
    """001 stays void with its reason, the new version becomes 002; the checklist says what to do in between."""
    home, plan = drafted
    first = issue.approve(home, plan, f"{IMBAUAN}.1", DAY, "Ketua", at(home))
    register_void(home, first)
    said = next(row for row in standings(home, plan, DAY) if row.duty.short_key == "V12.imbauan-pengumuman-dps")
    assert "letter renew" in said.remark

    again = renew(home, plan, first.id, BY, DAY, at(home))
    second = issue.approve(home, plan, again.id, DAY, "Ketua", at(home))

    assert first.nomor.startswith("001/") and second.nomor.startswith("002/")
    void = latest(home, first.id)
    assert (void.state, void.nomor) == ("batal", first.nomor)
    assert archive.verify(home, void).sound
    with reading(home.engine) as connection:
        assert list(register.gaps(connection, home.office.profile.id)) == []


def register_void(home: Home, row: LetterRow) -> None:
    void(home, home.plan(ELECTION), row.id, "salah alamat", BY, at(home))


# --- a late date ---------------------------------------------------------------------------------


def test_a_late_insert_stands_behind_the_last_number_of_its_day(real_home: Callable[..., Home]):
    """001 of 15 August, 002 of the 20th; the letter of the 16th becomes 001.1, with its reason in book and journal."""
    home = real_home()
    plan = home.plan(ELECTION)
    for nama, day in (("satu", 15), ("dua", 20), ("tiga", 16)):
        on = dt.date(2024, 8, day)
        write(home, plan, asked(home, "permintaan-data", nama), BY, on, at(home, on))
    first = issue.approve(home, plan, f"{ELECTION}.umum.satu.1", dt.date(2024, 8, 15), "Ketua", at(home))
    issue.approve(home, plan, f"{ELECTION}.umum.dua.1", DAY, "Ketua", at(home))

    late = issue.approve(
        home, plan, f"{ELECTION}.umum.tiga.1", dt.date(2024, 8, 16), "Ketua", at(home), Number(late="lupa dicatat")
    )

    assert first.nomor.startswith("001/") and late.nomor.startswith("001.1/")
    assert json.loads(late.content)["tanggal"] == "16 Agustus 2024"
    assert "lupa dicatat" in late.note
    with reading(home.engine) as connection:
        assert list(register.gaps(connection, home.office.profile.id)) == []


def test_a_late_insert_needs_something_to_stand_behind(real_home: Callable[..., Home]):
    """Before the first number of the year there is no place, and at the end it is no insert."""
    home = real_home()
    plan = home.plan(ELECTION)
    for nama, day in (("satu", 15), ("dua", 20)):
        on = dt.date(2024, 8, day)
        write(home, plan, asked(home, "permintaan-data", nama), BY, on, at(home, on))
    issue.approve(home, plan, f"{ELECTION}.umum.dua.1", DAY, "Ketua", at(home))
    for day, said in ((dt.date(2024, 8, 15), "tidak ada nomor"), (dt.date(2024, 8, 21), "bukan sisipan")):
        with pytest.raises(Refused, match=said):
            issue.approve(home, plan, f"{ELECTION}.umum.satu.1", day, "Ketua", at(home), Number(late="x"))


# --- the seal ------------------------------------------------------------------------------------


def test_the_qr_of_a_letter_is_read_from_its_picture_and_known_to_the_book(
    fortnight: tuple[Home, Plan], tmp_path: Path
):
    """As a telephone reads it; another content, another id and another text are refused."""
    zxingcpp = pytest.importorskip("zxingcpp")
    from subprocess import run

    from PIL import Image

    home, plan = fortnight
    row = latest(home, f"{IMBAUAN}.1")
    run(["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1", home.surat / row.pdf, tmp_path / "p"], check=True)
    with Image.open(next(tmp_path.glob("p*.png"))) as page:
        (found,) = zxingcpp.read_barcodes(page)

    assert archive.read_seal(home, plan, found.text) == row
    for forged in (
        found.text[:-1] + "0",
        found.text.replace("pengumuman-dps", "pencalonan-kpu"),
        "https://x.example",
        "",
    ):
        if forged != found.text:
            with pytest.raises((Refused, DataError, NotKnown)):
                archive.read_seal(home, plan, forged)


def test_a_draft_carries_no_seal(drafted: tuple[Home, Plan]):
    home, _ = drafted
    assert letter_of(latest(home, f"{IMBAUAN}.1")).seal == ""
