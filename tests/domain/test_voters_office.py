"""The lists of an office and the life of a finding over them: proposed, looked into, told, answered, settled."""

from __future__ import annotations

import datetime as dt
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from tahapan import journal
from tahapan.errors import DataError, MachineError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading, writing
from tahapan.store.tables import surat
from tahapan.voters import compare, examine_office, findings, lists, review
from tahapan.voters.examine_office import examine_list, unexamined
from tahapan.voters.findings import Finding
from tests.domain.test_voters_checks import HEADS, ROWS

WHO = "Nama Staf (contoh)"
DEATHS = "no_akta,nik,nama,tanggal_lahir,jenis_kelamin,kecamatan,nagari,tanggal_meninggal"
DEAD = "1307-KM-1,1307050101800001,ANTON,01-01-1980,L,Harau,Taram,03-07-2024"
TOLD = "V10.saran-perbaikan-dps"


def at(day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2024, 8, day, hour, tzinfo=ZoneInfo("Asia/Jakarta"))


class Office:
    """An office with its files of lists."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.plan: Plan = home.plan("pilkada-2024")

    def bring(self, jenis: str, rows: list[str], day: int, heads: str = HEADS) -> lists.Kept:
        path = self.folder / f"{jenis}-{day}.csv"
        path.write_text("\n".join([heads, *rows]) + "\n", "utf-8")
        return lists.take_in(self.home, self.plan, path, jenis, WHO, at(day))[0]

    def look(self, day: int, daftar: str | None = None) -> tuple[int, int, int]:
        done = examine_list(self.home, self.plan, daftar, None, "tahapan", at(day, 10))
        return done.new, done.still, done.settled

    def rows(self) -> dict[tuple[str, int], Finding]:
        """By check and row of the list."""
        return {(each.periksa, each.baris): each for each in findings.all_findings(self.home, self.plan)}

    def say(self, finding: Finding, word: str, proof: str = "", note: str = "", day: int = 12) -> None:
        answer = review.Answer(finding.id, word, proof, note, "tes")
        assert review.decide(self.home, self.plan, [answer], WHO, at(day)).count == 1

    def tell(self, finding: Finding, day: int = 14) -> None:
        """The letter of the duty, with its number."""
        with writing(self.home.engine) as connection:
            moved = findings.Move(finding.id, findings.EXAMINED, WHO, "dalam surat", surat=TOLD)
            findings.move(connection, self.plan.office.profile.id, [moved], at(day))
            stage, item = TOLD.split(".")
            connection.execute(
                surat.insert().values(
                    office=self.plan.office.profile.id, id=f"pilkada-2024.{TOLD}.1", election="pilkada-2024", stage=stage,
                    item=item, version=1, kind="saran-perbaikan", state="disetujui", letter_on=at(day).date(), klas="PM",
                    hal="Saran", content="", seri="s", urut=1, nomor="001/PM.00.02/K.SB-99/08/2024", tanggal=at(day).date(),
                )
            )  # fmt: skip

    def told_of(self, finding: Finding) -> list[tuple[str, str]]:
        steps = findings.history(self.home, self.plan, [finding.id])[finding.id]
        return [(step.keadaan, step.catatan) for step in steps]


@pytest.fixture
def office(real_home: Callable[..., Home], tmp_path: Path) -> Office:
    (tmp_path / "berkas").mkdir()
    return Office(real_home(), tmp_path / "berkas")


# --- lists -----------------------------------------------------------------------------------------


def test_a_list_is_kept_once_and_only_its_owner_reads_it(office: Office):
    """The same file again is the list it already is; the records hold no voter."""
    first, again = office.bring("dps", ROWS, 10), office.bring("dps", ROWS, 10)
    assert first == again and (first.id, first.baris) == ("dps-1", 12)
    folder = lists.folder_of(office.home)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, lists.file_of(office.home))}
    assert modes == {"pemilih": 0o700, "daftar.duckdb": 0o600}
    assert not re.search(rb"\d{16}|ZULBAHRI", office.home.database.read_bytes())
    with reading(office.home.engine) as connection:
        assert not [*journal.broken(connection, office.plan.office.profile.id)]


def test_what_was_said_of_the_headings_holds_for_the_next_list(office: Office):
    """A profile: nobody says it twice."""
    path = office.folder / "a.csv"
    path.write_text("Pemilik Suara,Nagari\nZULBAHRI,Taram\n", "utf-8")
    with pytest.raises(DataError):
        lists.take_in(office.home, office.plan, path, "dps", WHO, at(10))
    lists.take_in(office.home, office.plan, path, "dps", WHO, at(10), {"nama": "Pemilik Suara"})
    path.write_text("Pemilik Suara,Nagari\nYUSNIDAR,Taram\n", "utf-8")
    second, _ = lists.take_in(office.home, office.plan, path, "dps", WHO, at(11))
    assert second.kolom["nama"] == "Pemilik Suara"


@pytest.mark.parametrize(
    ("jenis", "by", "error"), [("dpx", WHO, NotKnown), ("dps", " ", DataError), ("dps", "1307051203600001", DataError)]
)
def test_a_list_of_no_kind_or_of_nobody_is_refused(office: Office, jenis: str, by: str, error: type[Exception]):
    path = office.folder / "a.csv"
    path.write_text("\n".join([HEADS, *ROWS]), "utf-8")
    with pytest.raises(error):
        lists.take_in(office.home, office.plan, path, jenis, by, at(10))
    assert not lists.all_kept(office.home, office.plan)


def test_kecamatan_under_the_heading_of_the_villages_are_refused(office: Office):
    """An office knows its kecamatan; the refusal says how to read them."""
    heads = HEADS.replace("kecamatan,nagari", "nagari,kecamatan")
    with pytest.raises(DataError, match=r"tertukar pada 1\d dari 12 .*--kolom kecamatan=.nagari.") as refused:
        office.bring("dps", ROWS, 10, heads)
    assert "--kolom nagari=" in str(refused.value) and not lists.all_kept(office.home, office.plan)
    path = office.folder / "dps-10.csv"
    said = {"kecamatan": "nagari", "nagari": "kecamatan"}
    kept, _ = lists.take_in(office.home, office.plan, path, "dps", WHO, at(10), said)
    again, taken = lists.take_in(office.home, office.plan, path, "dps", WHO, at(11), said)
    assert (again.id, taken) == (kept.id, None)


def test_a_damaged_file_of_the_lists_is_told_at_once(office: Office):
    """Nobody waits for what never ends; `doctor` says what is lost."""
    office.bring("dps", ROWS, 10)
    office.look(10)
    assert examine_office.unsound(office.home, office.plan) == ()
    lists.file_of(office.home).write_bytes(b"not a database" * 1000)
    began = time.monotonic()
    with pytest.raises(MachineError, match="berkasnya rusak"):
        office.look(11)
    assert time.monotonic() - began < 5
    (office.home.root / "pemilih" / "kunci").unlink()
    said = " ".join(map(str, examine_office.unsound(office.home, office.plan)))
    assert "kuncinya hilang" in said


def test_two_records_of_one_dead_are_one_proposal(office: Office):
    """The table counts persons, not pairs."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.bring("meninggal", [DEAD.replace("1307-KM-1", "SKN-9")], 11, DEATHS)
    done = examine_list(office.home, office.plan, None, None, "tahapan", at(12))
    assert [dict(each.levels) for each in done.counted if each.id == "meninggal"] == [{"A": 1}]


def test_a_forgotten_list_leaves_numbers_and_no_byte_of_a_name(office: Office):
    """Its rows are gone from the file itself; what was found stays, without names."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    before = len(office.rows())
    gone = lists.forget(office.home, office.plan, "dps-1", WHO, at(20))
    assert gone.baris == 12
    content = lists.file_of(office.home).read_bytes()
    assert b"ZULBAHRI" not in content and b"1307051203600001" not in content
    assert stat.S_IMODE(lists.file_of(office.home).stat().st_mode) == 0o600
    assert len(office.rows()) == before
    who = findings.people(office.home, office.rows().values())
    assert all(not person.pemilih for person in who.values())
    with pytest.raises(Refused, match="isinya sudah dihapus"):
        office.look(20, "dps-1")
    assert office.bring("dps", ROWS, 21).id == "dps-2"


@pytest.mark.parametrize(
    ("rows", "heads", "said"), [([], HEADS, "hanya berisi judul"), ([DEAD], DEATHS, "berisi tanggal meninggal")]
)
def test_what_is_no_voter_list_is_not_kept_as_one(office: Office, rows: list[str], heads: str, said: str):
    """A heading without rows, and a list of the dead under the name of a voter list."""
    with pytest.raises(DataError, match=said):
        office.bring("dpt", rows, 10, heads)
    assert not lists.all_kept(office.home, office.plan)
    assert office.bring("dpt", ROWS, 11).id == "dpt-1"


def test_a_lost_key_is_told_and_a_lost_file_can_be_brought_again(office: Office):
    """Without the key everybody would be found anew; without the file the same list may come in again."""
    office.bring("dps", ROWS, 10)
    office.look(10)
    (lists.folder_of(office.home) / "kunci").unlink()
    with pytest.raises(MachineError, match="kuncinya hilang"):
        office.look(11)
    lists.file_of(office.home).unlink()
    assert office.bring("dps", ROWS, 10).id == "dps-2"


# --- the life of a finding -------------------------------------------------------------------------


def test_examined_twice_nothing_is_proposed_twice(office: Office):
    """And a list that came later is looked for: `unexamined`."""
    office.bring("dps", ROWS, 10)
    assert unexamined(office.home, office.plan)
    assert office.look(10) == (4, 0, 0)
    assert unexamined(office.home, office.plan) is None
    assert office.look(11) == (0, 0, 0)
    office.bring("meninggal", [DEAD], 12, DEATHS)
    assert unexamined(office.home, office.plan)
    assert office.look(12) == (1, 0, 0)
    dead = office.rows()["meninggal", 9]
    assert (dead.level, dead.stands, dead.lawan, dead.lawan_baris) == ("A", "diusulkan", "meninggal-1", 2)


def test_who_still_stands_on_the_next_list_keeps_the_history(office: Office):
    """Told, and still there: *belum*; gone: *selesai*; dismissed: never proposed again; back again: proposed."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    rows = office.rows()
    dead, double, young = rows["meninggal", 9], rows["ganda", 3], rows["di-bawah-umur", 6]
    office.say(dead, "benar", "akta 1307-KM-1")
    office.tell(dead)
    office.say(young, "bukan", note="sudah kawin")
    assert office.rows()["meninggal", 9].stands == "disarankan"

    moved = [row for row in ROWS if not row.startswith("2,")]  # the double struck off, everybody a row higher
    office.bring("dpshp", moved, 20)
    assert office.look(20) == (0, 3, 1)  # who was found not to be meant is followed no more
    now = {each.id: each for each in findings.all_findings(office.home, office.plan)}
    assert (now[dead.id].stands, now[dead.id].daftar, now[dead.id].baris) == ("belum", "dpshp-1", 8)
    assert (now[double.id].stands, now[young.id].stands) == ("selesai", "tidak terbukti")
    assert office.told_of(dead) == [
        ("diusulkan", "ditemukan pada DPS (dps-1)"),
        ("diperiksa", ""),
        ("diperiksa", "dalam surat"),
        ("belum", "sudah disampaikan dengan surat 001/PM.00.02/K.SB-99/08/2024, masih tercatat pada DPSHP (dpshp-1)"),
    ]
    assert findings.people(office.home, [now[dead.id]])[dead.id].pemilih["nama"] == "ANTON"

    office.say(now[dead.id], "ditolak", note="akta belum terbit")
    office.bring("dpt", ROWS, 28)
    assert office.look(28) == (0, 4, 0)
    now = {each.id: each.stands for each in findings.all_findings(office.home, office.plan)}
    assert (now[dead.id], now[double.id], now[young.id]) == ("ditolak", "diusulkan", "tidak terbukti")


def test_the_dead_are_followed_without_their_list(office: Office):
    """A death record given once is enough: later lists are searched for the person himself."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    dead = office.rows()["meninggal", 9]
    office.say(dead, "benar", "akta")
    office.tell(dead)
    lists.forget(office.home, office.plan, "meninggal-1", WHO, at(15))
    office.bring("dpshp", ROWS, 20)
    assert office.look(20)[1] >= 1
    assert {each.id: each.stands for each in office.rows().values()}[dead.id] == "belum"
    office.bring("dpt", [row for row in ROWS if "ANTON" not in row], 28)
    office.look(28)
    assert {each.id: each.stands for each in office.rows().values()}[dead.id] == "selesai"


def test_a_forgotten_list_is_later_than_nobody(office: Office):
    """A wrong DPT taken back: the DPS counts again, and what the wrong one settled is open again."""
    office.bring("dps", ROWS, 10)
    office.look(10)
    office.bring("dpt", [row for row in ROWS if not row.startswith("2,")], 11)
    assert office.look(11) == (0, 3, 1)
    lists.forget(office.home, office.plan, "dpt-1", WHO, at(12))
    office.look(13)
    assert {each.stands for each in office.rows().values()} == {"diusulkan"}
    assert {each.daftar for each in office.rows().values()} == {"dps-1"}


def test_a_list_of_one_kecamatan_says_nothing_of_the_others(office: Office):
    """Who lives elsewhere is not settled by not standing on it; and an older list settles nothing at all."""
    other = "90,1307010101100001,1307011203600001,ZAINAL,SULIKI,12|03|1960,S,L,A,001,001,Suliki,Kurai,1"
    again = "91,1307010101100009,1307011203600001,ZAINAL,SULIKI,12|03|1960,S,L,A,001,001,Suliki,Kurai,2"
    office.bring("dps", [*ROWS, other, again], 10)
    office.look(10)
    office.bring("dpshp", [row for row in ROWS if not row.startswith("2,")], 20)
    assert office.look(20) == (0, 3, 1)
    assert [each.stands for each in office.rows().values() if each.kecamatan == "Suliki"] == ["diusulkan"]
    assert office.look(21, "dps-1") == (0, 0, 0)


def test_twice_the_same_dead_are_two_findings_and_one_is_settled_alone(office: Office):
    """Standing in two TPS: each row is to be struck off."""
    double = ROWS[7].replace("8,", "80,", 1).replace(",Taram,1", ",Taram,2")
    office.bring("dps", [*ROWS, double], 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    assert sorted(key for key in office.rows() if key[0] == "meninggal") == [("meninggal", 9), ("meninggal", 14)]
    office.bring("dpshp", ROWS, 20)
    office.look(20)
    states = sorted(each.stands for each in office.rows().values() if each.periksa == "meninggal")
    assert states == ["diusulkan", "selesai"]


def test_who_is_missing_is_settled_once_he_stands_on_the_list(office: Office):
    """A supplied list of people who may vote: whom no voter matches; not who is too young, nor who stands there already."""
    heads = "no,nik,nama,tanggal_lahir,jenis_kelamin,kecamatan,nagari"
    here = "1,1307050101800001,ANTON,01-01-1980,L,Harau,Taram"
    missing = "2,1307050303070001,PEMILIH PEMULA,03-03-2007,L,Harau,Taram"
    young = "3,1307050303080001,ADIKNYA,03-03-2008,L,Harau,Taram"
    office.bring("dps", ROWS, 10)
    office.bring("baru", [here, missing, young], 10, heads)
    assert office.look(10) == (5, 0, 0)
    found = office.rows()["baru", 0]
    assert (found.level, found.alasan, found.kecamatan, found.lawan_baris) == ("B", "belum tercantum", "Harau", 3)
    assert findings.people(office.home, [found])[found.id].lawan["nama"] == "PEMILIH PEMULA"
    office.say(found, "benar", "KTP-el")
    office.tell(found)
    office.bring("dpshp", ROWS, 20)
    assert office.look(20) == (0, 5, 0)
    assert office.told_of(found)[-1][1].endswith("belum tercatat pada DPSHP (dpshp-1)")
    office.bring(
        "dpt",
        [*ROWS, "13,1307050101100008,1307050303070001,PEMILIH PEMULA,TARAM,03|03|2007,B,L,E,001,001,Harau,Taram,1"],
        28,
    )
    office.look(28)
    assert (office.told_of(found)[-1]) == ("selesai", "sudah tercatat pada DPT (dpt-1)")


def test_a_divided_neighbourhood_is_one_finding_until_it_is_whole(office: Office):
    """Nearly whole in one TPS, a few elsewhere; an RT that is spread evenly is left alone."""
    row = "{n},,130705{n:010},WARGA {w},TARAM,01|01|1980,S,L,JORONG {j},{rt},001,Harau,Taram,{tps}"
    words = ("SATU", "DUA", "TIGA", "EMPAT", "LIMA", "ENAM", "TUJUH", "DELAPAN", "SEMBILAN", "SEPULUH")

    def rows(strays: int) -> list[str]:
        split = [(1, "007", 2 if n < strays else 1) for n in range(10)] + [(2, "007", 1 + n % 2) for n in range(10)]
        return [
            row.format(n=100 + n, w=f"{words[n % 10]} {words[n // 10]}", j=jorong, rt=rt, tps=tps)
            for n, (jorong, rt, tps) in enumerate(split)
        ]

    office.bring("dps", rows(2), 10)
    assert office.look(10) == (1, 0, 0)
    [found] = office.rows().values()
    assert (
        found.alasan == "RT 007 RW 001: 8 dari 10 pemilih di TPS 1, selebihnya di TPS 2; pindah TPS, bukan pencoretan"
    )
    office.bring("dpshp", rows(1), 20)
    assert office.look(20) == (0, 1, 0)
    office.bring("dpt", rows(0), 28)
    assert office.look(28) == (0, 0, 1)


# --- people decide ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "proof", "note", "said"),
    [
        ("benar", "", "", "benar tanpa bukti"), ("bukan", "", "", "bukan tanpa catatan"), ("ya", "", "", "tidak dikenal"),
        ("ditolak", "", "alasan", "tidak dapat menjadi ditolak"), ("selesai", "", "x", "tidak dapat menjadi selesai"),
    ],
)  # fmt: skip
def test_a_decision_needs_its_reason_and_its_turn(office: Office, word: str, proof: str, note: str, said: str):
    office.bring("dps", ROWS, 10)
    office.look(10)
    one = office.rows()["ganda", 3]
    with pytest.raises(DataError, match=said):
        review.decide(office.home, office.plan, [review.Answer(one.id, word, proof, note, "tes")], WHO, at(12))
    assert office.rows()["ganda", 3].stands == "diusulkan"


def test_a_sheet_goes_out_with_names_and_comes_back_with_decisions(office: Office):
    """Private, no number of a person; every faulty row is told and then none is taken; twice the same changes nothing."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    path = office.folder / "periksa.xlsx"
    rows = review.selected(office.home, office.plan, keadaan=["diusulkan"])
    assert len(rows) == 5 and review.write_sheet(office.home, office.plan, rows, path) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    book = load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    cells = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert not re.search(r"\d{16}", str(cells))
    dead = next(line for line in cells if line[heads.index("Pemeriksaan")] == "Meninggal dunia")
    assert dead[heads.index("Nama pemilih")] == "ANTON" and "1307-KM-1" in dead[heads.index("Bukti")]

    column = {name: n + 1 for n, name in enumerate(heads)}
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, column["Keputusan"]).value = "entah" if line == 3 else "bukan" if line == 4 else "lapangan"
    book.save(path)
    with pytest.raises(DataError) as refused:
        review.read_sheet(office.home, office.plan, path, WHO, at(12))
    assert [("baris" in problem.where) for problem in refused.value.problems] == [True] * 5
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, column["Keputusan"]).value = "benar"
        sheet.cell(line, column["Bukti"]).value = "dilihat sendiri"
    book.save(path)
    assert review.read_sheet(office.home, office.plan, path, WHO, at(12)).count == 5
    assert review.read_sheet(office.home, office.plan, path, WHO, at(13)).count == 0
    office.bring("dps", [*ROWS, ROWS[0].replace("ZULBAHRI", "ZULBAHRIN").replace("1,13", "90,13", 1)], 14)
    office.look(14)
    rows = review.selected(office.home, office.plan, keadaan=["diusulkan"])
    review.write_sheet(office.home, office.plan, rows, path)
    book = load_workbook(path)
    book["Temuan"].cell(2, column["Keputusan"]).value = "lapangan"
    book["Temuan"].cell(2, column["Catatan"]).value = "tanya jorong"
    book.save(path)
    assert [review.read_sheet(office.home, office.plan, path, WHO, at(14)).count for _ in (1, 2)] == [1, 0]


def test_a_form_says_numbers_under_each_decision(office: Office):
    """Only of those it shows; the record's evidence where none is typed; the same form again counts once."""
    office.bring("dps", ROWS, 10)
    office.bring("meninggal", [DEAD], 10, DEATHS)
    office.look(10)
    shown = review.page(office.home, office.plan)
    rows = office.rows()
    dead, young, double = rows["meninggal", 9].id, rows["di-bawah-umur", 6].id, rows["ganda", 3].id

    def say(attempt: str, day: int, **texts: str) -> tuple[Problem, ...]:
        return review.answer_page(office.home, office.plan, shown, attempt, texts, WHO, at(day))

    [wrong] = say("a", 12, benar="999: x")
    assert "tidak diawali nomor temuan" in wrong.what
    assert len(say("b", 12, benar=f"{dead}\n{young}", bukan=f"{double}")) == 2  # no evidence, no reason
    assert say("c", 12, benar=f"{dead}", bukan=f" {young} : sudah kawin ", lapangan=f"{double}: tanya RT") == ()
    office.say(office.rows()["di-bawah-umur", 6], "benar", "KK", day=13)
    assert say("c", 14, benar=f"{dead}", bukan=f"{young}: sudah kawin", lapangan=f"{double}: tanya RT") == ()
    states = {key: each.stands for key, each in office.rows().items()}
    assert states["meninggal", 9] == states["di-bawah-umur", 6] == "diperiksa"
    past = findings.history(office.home, office.plan, [dead, double])
    assert [step.bukti for step in past[dead]] == ["", "1307-KM-1"]
    assert past[double][-1].catatan == "perlu dicek di lapangan: tanya RT" and len(past[double]) == 2
    left = review.page(office.home, office.plan)
    assert {each.periksa for each in left.rows} == {"nik-kembar", "salah-tps"} and left.waiting == 2


# --- versions --------------------------------------------------------------------------------------


def test_two_versions_are_compared_and_named_in_private_files(office: Office):
    """Came, went, moved to another TPS, written otherwise."""
    office.bring("dps", ROWS, 10)
    later = [
        row.replace("1307050101800001,ANTON", "1307050101800001,ANTONI") for row in ROWS if not row.startswith("7,")
    ]
    later = [row.replace(",Taram,1", ",Taram,3") if row.startswith("9,") else row for row in later]
    later.append("20,1307050101100011,1307050303000001,WARGA BARU,TARAM,03|03|2000,B,L,Z,001,001,Mungka,Mungka,1")
    office.bring("dpshp", later, 20)
    done = compare.compare(office.home, office.plan, "dps-1", "dpshp-1", office.folder / "beda")
    assert done.areas == (compare.Area("Harau", 12, 11, 0, 1, 1, 1), compare.Area("Mungka", 0, 1, 1, 0, 0, 0))
    text = {name: (office.folder / "beda" / file).read_text("utf-8") for name, file in compare.FILES.items()}
    assert "WARGA BARU" in text["masuk"] and "RINA" in text["keluar"]
    assert "ANI" in text["pindah"] and "ANTONI" in text["berubah"] and "ANTON," in text["berubah"]
    assert not re.search(r"\d{16}", "".join(text.values()))


def test_a_list_is_held_against_the_recap_of_kpu(office: Office):
    """By the places the recap has; sums are passed over, faulty rows all told."""
    from openpyxl import Workbook

    office.bring("dps", ROWS, 10)
    path = office.folder / "rekap.xlsx"

    def recap(*rows: tuple[object, ...]) -> Path:
        book = Workbook()
        for row in (("Kecamatan", "Desa/Kelurahan", "No. TPS", "L+P"), *rows):
            book.active.append(row)
        book.save(path)
        return path

    good = recap(
        ("HARAU", "Sarilamak", "001", 1),
        ("Harau", "Sarilamak", 2, 1),
        ("Harau", "Taram", 1, 10),
        ("Jumlah", None, None, 12),
    )
    same, wrong = compare.against_recap(office.home, office.plan, "dps-1", good)
    assert same == 2
    assert [(each.tempat, each.rekap, each.daftar) for each in wrong] == [
        ("Harau, Taram, TPS 1", 10, 9), ("Harau, Taram, TPS 2", None, 1),
    ]  # fmt: skip
    assert compare.against_recap(office.home, office.plan, "dps-1", recap(("Harau", None, None, "12")))[0] == 1
    with pytest.raises(DataError) as refused:
        compare.against_recap(
            office.home,
            office.plan,
            "dps-1",
            recap(("Harau", "Taram", 1, "dua"), ("Harau", "Taram", 2, 1), ("Harau", "Taram", 2, 1)),
        )
    assert len(refused.value.problems) == 2
