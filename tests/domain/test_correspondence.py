"""What comes in and what is waited for: written down once, given to somebody with a day, answered or asked for again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from tahapan import day, issue, revise, screens, ticking
from tahapan.correspondence import answers, incoming, today
from tahapan.errors import DataError, NotKnown, Refused
from tahapan.home import Home
from tahapan.letters.compose import text_of
from tahapan.letters.letter import Letter
from tahapan.plan import Plan

WHO = "Nama Staf (contoh)"
ON = dt.date(2024, 8, 19)
GIVEN = {"dari": "KPU Kabupaten Lima Puluh Kota", "nomor": "123/PL.02.1-Und/1307/2024", "perihal": "Undangan rapat pleno", "tanggal": dt.date(2024, 8, 16)}  # fmt: skip


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), ZoneInfo("Asia/Jakarta"))


class Office:
    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def plan(self) -> Plan:
        return self.home.plan("pilkada-2024")

    def take(self, on: dt.date = ON, **more: object) -> incoming.Incoming:
        berkas = more.pop("berkas", None)
        return incoming.take(self.home, self.plan, GIVEN | more, WHO, on, at(on), berkas=berkas)

    def ask(self) -> str:
        """A request for data of 19 August that wants its answer in two working days."""
        isi = {"keperluan": "pengawasan", "data": ["data kematian"], "bentuk": "XLSX", "tenggat_hari_kerja": 2}
        asked = revise.request(self.home, self.plan, "permintaan-data", "data-kematian", isi, kepada=("dukcapil",), dasar=("pemilihan", "pengawasan"))  # fmt: skip
        row = revise.write(self.home, self.plan, asked, WHO, ON, at(ON))
        return issue.approve(self.home, self.plan, row.id, ON, "Nama Ketua (contoh)", at(ON)).id


@pytest.fixture
def office(real_home: Callable[..., Home]) -> Office:
    return Office(real_home())


def test_a_letter_is_written_down_once(office: Office, tmp_path: Path):
    """With its scan; the same sender, number and day again is the same entry."""
    scan = tmp_path / "undangan.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    first = office.take(berkas=scan)
    assert (first.id, first.isi.nama_berkas) == ("001", "undangan.pdf") and len(first.isi.berkas) == 64
    assert office.take(dari="kpu kabupaten lima puluh kota").id == "001"
    assert office.take(nomor="124").id == "002"
    assert [each.id for each in incoming.book(office.home, office.plan)] == ["001", "002"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"dari": " "}, "dari: belum diisi"), ({"tanggal": None}, "tanggal: belum diisi"), ({"acara": "X9"}, "X9"),
        ({"tanggal": dt.date(2024, 8, 20)}, "diterima"), ({"diterima": dt.date(2024, 8, 15)}, "diterima"),
        ({"perihal": "NIK 1307051203600001"}, "perihal"), ({"menjawab": "pilkada-2024.V1.x.1"}, "x"),
    ],
)  # fmt: skip
def test_what_is_no_letter_is_refused(office: Office, more: dict[str, object], said: str):
    with pytest.raises((DataError, NotKnown, Refused), match=said):
        office.take(**more)
    assert incoming.book(office.home, office.plan) == ()


def test_a_disposition_is_a_duty_of_a_role_with_its_day(office: Office):
    """In the brief as due, then as late, until it is done: on the page of letters or like every other duty."""
    office.take()
    give = (office.home, office.plan, "001")
    incoming.give(*give, "kordiv-pencegahan", dt.date(2024, 8, 20), "hadir", WHO, ON, at(ON))
    incoming.give(*give, "kordiv-pencegahan", dt.date(2024, 8, 20), "hadir", WHO, ON, at(ON))
    duty = office.plan.duty("SM.001-1")
    assert (duty.item.pj, duty.due) == ("kordiv-pencegahan", dt.date(2024, 8, 20))
    assert duty.item.title == "Disposisi surat masuk 001"  # Prefect shows it: no sender, no subject
    for on, state in ((ON, "terbuka"), (dt.date(2024, 8, 21), "terlewat")):
        [now] = day.standings(office.home, office.plan, on, [duty])
        assert now.state == state and duty.item.title in screens.brief(office.home, office.plan, on, "")
    for role, until, said in (
        ("raja", dt.date(2024, 8, 20), "tidak dikenal"),
        ("ketua", dt.date(2024, 8, 18), "sudah lewat"),
    ):
        with pytest.raises((DataError, NotKnown), match=said):
            incoming.give(*give, role, until, "", WHO, ON, at(ON))
    incoming.give(*give, "ketua", dt.date(2024, 8, 23), "", WHO, ON, at(ON))
    done = incoming.finish(*give, "kordiv-pencegahan", WHO, ON, at(ON))
    assert [each.key for each in done.open] == ["SM.001-2"]
    ticking.tick(office.home, office.plan, office.plan.duty("SM.001-2"), [], WHO, ON, at(ON))
    assert incoming.book(office.home, office.plan)[0].open == ()
    with pytest.raises(Refused, match="tidak ada disposisi"):
        incoming.finish(*give, "kordiv-pencegahan", WHO, ON, at(ON))


def test_no_answer_by_its_day_makes_a_reminder_and_an_answer_closes_it(office: Office):
    """Two working days after the 19th are the 21st; the reminder cites the letter and is made once."""
    letter = office.ask()
    [waiting] = answers.awaited(office.home, office.plan)
    assert (waiting.row.id, waiting.sampai, waiting.closed) == (letter, dt.date(2024, 8, 21), False)
    with pytest.raises(Refused, match="belum lewat"):
        answers.remind(office.home, office.plan, letter, WHO, dt.date(2024, 8, 21), at(dt.date(2024, 8, 21)))
    late = dt.date(2024, 8, 22)
    assert "belum dijawab; batasnya 21 Agustus 2024" in " ".join(today.lines(office.home, office.plan, late))
    made, faults = answers.remind_all(office.home, office.plan, late, at(late))
    assert faults == [] and len(made) == 1 and answers.remind_all(office.home, office.plan, late, at(late)) == ([], [])
    row = next(each for each in office.home.book("pilkada-2024") if each.id == made[0])
    text = "\n".join(text_of(Letter.model_validate_json(row.content)))
    assert f"Nomor {waiting.row.nomor} tanggal 19 Agustus 2024" in text and "Rabu, 21 Agustus 2024" in text
    assert "Dinas Kependudukan" in row.kepada

    office.take(on=late, dari="Disdukcapil", nomor="470/1", tanggal=late, menjawab=letter)
    assert answers.awaited(office.home, office.plan)[0].closed
    assert next(each for each in office.home.book("pilkada-2024") if each.id == letter).state == "dijawab"
    with pytest.raises(Refused, match="sudah dijawab"):
        answers.remind(office.home, office.plan, letter, WHO, late, at(late))


def test_the_book_goes_out_and_in_whole(office: Office, tmp_path: Path):
    """Every cell text; a faulty row is told and then none is taken; what is there already is not doubled."""
    office.take(perihal="=1+1")
    path = tmp_path / "masuk.xlsx"
    assert incoming.export(office.home, office.plan, path) == 1
    assert "f" not in {cell.data_type for row in load_workbook(path).worksheets[0].iter_rows() for cell in row}
    book = Workbook()
    for line in (
        ["Asal", "No Surat", "Tanggal", "Perihal"], [GIVEN["dari"], GIVEN["nomor"], "16-08-2024", "lagi"],
        ["Polres", "B/1", "17 Agustus 2024", "Pengamanan"], ["Polres", "", "17 Agustus 2024", "x"], ["Kodim", "2", "31-02-2024", "y"],
    ):  # fmt: skip
        book.worksheets[0].append(line)
    book.save(path)
    with pytest.raises(DataError) as refused:
        incoming.import_book(office.home, office.plan, path, WHO, ON, at(ON))
    assert [problem.where for problem in refused.value.problems] == ["baris 4", "baris 5"]
    book.worksheets[0].delete_rows(4, 2)
    book.save(path)
    assert incoming.import_book(office.home, office.plan, path, WHO, ON, at(ON)) == 1
    assert incoming.import_book(office.home, office.plan, path, WHO, ON, at(ON)) == 0
    assert [each.isi.dari for each in incoming.book(office.home, office.plan)][1:] == ["Polres"]
