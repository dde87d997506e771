"""Letter numbers: once, at approval, without gap or double; and the paper that belongs to them, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tahapan import archive, issue, journal, progress, register
from tahapan.errors import MachineError, NotKnown, Refused
from tahapan.home import TEMPLATES, Home
from tahapan.letters.bundle import sha256
from tahapan.letters.letter import Letter
from tahapan.office import Nomor
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading, sqlite_url, writing
from tahapan.store.opening import connect
from tahapan.store.tables import berkas, surat

ELECTION = "pilkada-2024"
WORKER = Path(__file__).with_name("worker.py")
DAY = dt.date(2024, 8, 20)  # Tuesday, the day before the rakor
NOON = dt.datetime.fromisoformat("2024-08-20T12:00:00+07:00")
NOMOR = Nomor(
    kantor_ketua="K.SB-99", kantor_sekretariat="SB-99",
    pola="{urut:03d}/{klas}/{kantor}/{bulan:02d}/{tahun}", seri=("klas", "tahun"),
)  # fmt: skip
LETTERS = (  # all complete in the sample office; one of another class
    "V10.permintaan-data-kematian", "V10.permintaan-rekap-dphp", "V12.imbauan-pengumuman-dps",
    "V12.permintaan-data-kematian-nagari", "V12.rakor-stakeholder", "N05.imbauan-netralitas",
    "N05.imbauan-pencalonan-kpu", "N05.imbauan-pencalonan-parpol", "V05.publikasi-evaluasi-coklit",
)  # fmt: skip


def drafted(home: Home, *keys: str, on: dt.date = DAY) -> Plan:
    plan = home.plan(ELECTION)
    for key in keys:
        assert issue.draft(home, plan, plan.duty(key), on, NOON).missing == ()
    return plan


def approve(home: Home, key: str, on: dt.date = DAY) -> LetterRow:
    return issue.approve(home, home.plan(ELECTION), f"{ELECTION}.{key}.1", on, "Ketua", NOON)


def book(home: Home) -> tuple[LetterRow, ...]:
    with reading(home.engine) as connection:
        return register.letters(connection, home.office.profile.id)


def untouched(home: Home, key: str) -> bool:
    """No number, no file, no half file, nothing in the journal but the draft; and the next number is still the first."""
    with reading(home.engine) as connection:
        row = register.letter(connection, home.office.profile.id, f"{ELECTION}.{key}.1")
        assert list(journal.broken(connection, home.office.profile.id)) == []
        kept = connection.execute(sa.select(sa.func.count()).select_from(berkas)).scalar()
    files = list(home.surat.iterdir()) if home.surat.exists() else []
    return (row.state, row.nomor, row.tanggal, row.pdf_sha256, files, kept) == ("draf", None, None, None, [], 0)


# --- the number ----------------------------------------------------------------------------------


def test_numbers_count_per_class(real_home: Callable[..., Home]):
    """PM.00.02 and HM.00.02 each begin with 001, whatever order they are approved in."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps", "V05.publikasi-evaluasi-coklit", "V12.rakor-stakeholder")

    assert approve(home, "V12.imbauan-pengumuman-dps").nomor == "001/PM.00.02/K.SB-99/08/2024"
    assert approve(home, "V05.publikasi-evaluasi-coklit").nomor == "001/HM.00.02/K.SB-99/08/2024"
    assert approve(home, "V12.rakor-stakeholder").nomor == "002/PM.00.02/K.SB-99/08/2024"


@pytest.mark.parametrize(
    ("seri", "urut"),
    [(("klas", "tahun"), [1, 2, 1, 1]), (("tahun",), [1, 2, 3, 1]), (("klas", "tahun", "kantor"), [1, 1, 1, 1])],
    ids=["class and year", "year", "class, year and office code"],
)
def test_a_series_is_what_the_office_says(tmp_path: Path, seri: tuple, urut: list[int]):
    """The same four letters: with K, without K, another class, another year."""
    engine = connect(sqlite_url(tmp_path / "buku.db"))
    last_day = dt.date(2024, 12, 31)
    letters = [("PM.00.02", "K.SB-99", DAY), ("PM.00.02", "SB-99", DAY), ("HM.00.02", "SB-99", last_day)]
    letters.append(("PM.00.02", "K.SB-99", dt.date(2025, 1, 1)))
    assert [number_one(engine, n, *letter, seri=seri) for n, letter in enumerate(letters)] == urut
    engine.dispose()


def test_a_letter_that_the_ketua_does_not_sign_carries_no_k(real_home: Callable[..., Home]):
    """The Kepala Sekretariat signs the same press release: SB-99, and the letterhead of the secretariat."""
    home = real_home()
    own = home.kantor / "templates" / "siaran-pers.md.j2"
    own.parent.mkdir()
    words = (TEMPLATES / "surat" / "siaran-pers.md.j2").read_text("utf-8")
    front, body = words.split("+++", 2)[1:]
    lines = [line for line in front.splitlines() if not line.startswith(("ttd", "rantai"))]
    first_table = next(n for n, line in enumerate(lines) if line.startswith("[["))
    lines[first_table:first_table] = ['ttd = "kepala-sekretariat"', 'rantai = ["kepala-sekretariat"]']
    own.write_text("+++" + "\n".join(lines) + "\n+++" + body, "utf-8")
    drafted(home, "V05.publikasi-evaluasi-coklit")

    row = approve(home, "V05.publikasi-evaluasi-coklit")

    assert row.nomor == "001/HM.00.02/SB-99/08/2024"
    assert json.loads(row.content)["kop"]["lines"][0] == "Sekretariat"


def test_a_rehearsal_numbers_in_the_order_of_letter_day_stage_and_item(fortnight: tuple[Home, Plan]):
    """Fourteen letters; within each class the numbers 1, 2, 3 ... in that order, dated on their letter_on."""
    home, _ = fortnight
    rows = [row for row in book(home) if row.numbered]
    assert len(rows) == 22
    for klas in {row.klas for row in rows}:
        series = [row for row in rows if row.klas == klas]
        assert [row.nomor.split("/")[0] for row in series] == [f"{n:03d}" for n in range(1, len(series) + 1)]
        assert series == sorted(series, key=lambda row: (row.letter_on, row.stage, row.item))
    assert [row.tanggal for row in rows] == [row.letter_on for row in rows]
    assert {row.approved_by for row in rows} == {"gladi"}


def test_approving_again_changes_nothing(real_home: Callable[..., Home]):
    """The number, the date, the approver and the bytes stay those of the first time."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps", "V12.rakor-stakeholder")
    first = approve(home, "V12.imbauan-pengumuman-dps")
    written = (home.surat / first.pdf).stat()

    again = issue.approve(home, home.plan(ELECTION), first.id, dt.date(2024, 8, 22), "Orang lain", NOON)

    assert again == first
    assert (home.surat / first.pdf).stat().st_mtime_ns == written.st_mtime_ns
    assert approve(home, "V12.rakor-stakeholder").nomor == "002/PM.00.02/K.SB-99/08/2024"


def test_an_earlier_date_is_refused_with_the_letter_that_stands_in_the_way(real_home: Callable[..., Home]):
    """Numbers run with dates: after a letter of 20 August none of 19 August, in the same class."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps", "V05.publikasi-evaluasi-coklit", "V12.rakor-stakeholder", on=DAY)
    approve(home, "V12.imbauan-pengumuman-dps")

    with pytest.raises(Refused) as refused:
        approve(home, "V12.rakor-stakeholder", on=dt.date(2024, 8, 19))

    for said in (
        "19 Agustus 2024",
        "001/PM.00.02/K.SB-99/08/2024",
        "20 Agustus 2024",
        "harus mundur",
        "tahapan letter late",
    ):
        assert said in str(refused.value)
    assert {path.stem for path in home.surat.iterdir()} == {f"{ELECTION}.V12.imbauan-pengumuman-dps.1"}
    assert approve(home, "V05.publikasi-evaluasi-coklit", on=dt.date(2024, 8, 19)).nomor.startswith("001/HM.00.02")


@pytest.mark.parametrize("on", [dt.date(2024, 8, 21), dt.date(2024, 8, 22)], ids=["on the day", "the day after"])
def test_an_invitation_is_not_dated_on_its_meeting_or_later(real_home: Callable[..., Home], on: dt.date):
    """The rakor is on Wednesday 21 August 2024 (promise 5)."""
    home = real_home()
    drafted(home, "V12.rakor-stakeholder")
    with pytest.raises(Refused, match=r"undangan untuk rapat Rabu, 21 Agustus 2024 tidak dapat bertanggal"):
        approve(home, "V12.rakor-stakeholder", on=on)
    assert untouched(home, "V12.rakor-stakeholder")


def test_a_text_that_changed_since_the_draft_was_read_is_refused_and_shown(real_home: Callable[..., Home]):
    """Another place for the meeting: the old line with a minus, the new one with a plus, and no number used."""
    home = real_home()
    drafted(home, "V12.rakor-stakeholder")
    details = home.details / "V12.rakor-stakeholder.toml"
    details.write_text(details.read_text("utf-8").replace("Resto Tanjung Pati", "Aula Kantor Bupati"), "utf-8")

    with pytest.raises(Refused) as refused:
        approve(home, "V12.rakor-stakeholder")

    lines = str(refused.value).splitlines()
    assert any(line.startswith("-") and "Resto Tanjung Pati" in line for line in lines)
    assert any(line.startswith("+") and "Aula Kantor Bupati" in line for line in lines)
    assert untouched(home, "V12.rakor-stakeholder")
    drafted(home, "V12.rakor-stakeholder")  # read anew, it is approved
    assert approve(home, "V12.rakor-stakeholder").nomor.startswith("001/")


def test_the_date_of_approval_alone_is_no_change_of_text(real_home: Callable[..., Home]):
    """A draft has no date: what was drafted for 15 August may be approved on the 16th."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps", on=dt.date(2024, 8, 12))
    row = approve(home, "V12.imbauan-pengumuman-dps", on=dt.date(2024, 8, 16))
    assert (row.tanggal, json.loads(row.content)["tanggal"]) == (dt.date(2024, 8, 16), "16 Agustus 2024")


def test_an_unknown_letter_is_told_so(real_home: Callable[..., Home]):
    """With where to look for the right id."""
    with pytest.raises(NotKnown, match="tahapan letter list"):
        approve(real_home(), "V12.tidak-ada")


# --- many processes ------------------------------------------------------------------------------


def test_processes_that_approve_at_once_give_each_letter_one_number(real_home: Callable[..., Home], database: str):
    """Four processes, each numbering all letters in its own order: no number twice, no gap, every file sound."""
    home = real_home(database)
    drafted(home, *LETTERS)
    ran = subprocess.run(
        [sys.executable, WORKER, "approve", home.root, database, DAY.isoformat(), "4"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(ran.stdout) == [0, 0, 0, 0], ran.stderr

    rows = book(home)
    given = Counter((row.klas, int(row.nomor.split("/")[0])) for row in rows)
    assert given == Counter([("HM.00.02", 1), *(("PM.00.02", n) for n in range(1, 9))])
    assert [archive.verify(home, row) for row in rows] == [
        archive.Verdict(row.id, sound=True, file="sama dengan buku", again="sama") for row in rows
    ]
    assert sorted(path.name for path in home.surat.iterdir()) == sorted(
        name for row in rows for name in (row.pdf, row.docx)
    )
    with reading(home.engine) as connection:
        office = home.office.profile.id
        assert list(register.gaps(connection, office)) == list(journal.broken(connection, office)) == []


# --- sequences -----------------------------------------------------------------------------------


def number_one(
    engine: sa.Engine,
    n: int,
    klas: str,
    kantor: str,
    on: dt.date,
    *,
    seri: tuple = ("klas", "tahun"),
    fail: bool = False,
) -> int:
    """One letter through draft and number, or through a fault just before the end; the place it got."""
    nomor = NOMOR.model_copy(update={"seri": seri})
    with writing(engine) as connection:
        row = LetterRow(
            f"e.S.i{n}.1",
            "e",
            "S",
            f"i{n}",
            1,
            "k",
            "draf",
            on,
            klas,
            "hal",
            "{}",
            None,
            None,
            None,
            None,
            None,
            None,
            "",
        )
        register.save_draft(connection, "a", row)
    with writing(engine) as connection:
        name = register.series(nomor, klas, kantor, on)
        place = register.next_place(connection, "a", name, on)
        register.assign(
            connection, "a", row.id, place=place, nomor=f"{n}-{place.urut}", on=on, by="x", content="{}", hal="hal",
            bundle="b", pdf_sha256="0" * 64, docx_sha256="1" * 64,
        )  # fmt: skip
        if fail:
            raise MachineError
    return place.urut


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PM.00.02", "HM.00.02"]),
            st.dates(dt.date(2024, 12, 20), dt.date(2025, 1, 10)),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_any_sequence_of_letters_leaves_series_without_gap_in_the_order_of_their_dates(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[str, dt.date, bool]]
):
    """Any classes, any dates around New Year, some that fail at the last moment: 1, 2, 3 ... and dates never fall back."""
    engine = connect(sqlite_url(tmp_path_factory.mktemp("buku") / "b.db"))
    last: dict[tuple[str, int], tuple[int, dt.date]] = {}
    for n, (klas, on, fail) in enumerate(wanted):
        place, day = last.get((klas, on.year), (0, dt.date.min))
        if fail or on < day:
            with pytest.raises(MachineError if on >= day else Refused):
                number_one(engine, n, klas, "K", on, fail=fail)
            continue
        assert number_one(engine, n, klas, "K", on) == place + 1
        last[klas, on.year] = (place + 1, on)
    with reading(engine) as connection:
        assert list(register.gaps(connection, "a")) == []
        numbered = connection.execute(sa.select(sa.func.count()).where(surat.c.urut.is_not(None))).scalar()
        assert numbered == sum(place for place, _ in last.values())
    engine.dispose()


def test_a_gap_is_found_where_there_is_one(tmp_path: Path):
    """The check that the other tests trust does see a missing place."""
    engine = connect(sqlite_url(tmp_path / "b.db"))
    for n in range(3):
        number_one(engine, n, "PM.00.02", "K", DAY)
    with writing(engine) as connection:
        connection.execute(surat.delete().where(surat.c.urut == 2))
        assert [problem.where for problem in register.gaps(connection, "a")] == ["seri PM.00.02 2024"]
    engine.dispose()


# --- the machine in the way ----------------------------------------------------------------------


@pytest.mark.parametrize("most_bytes", [10_000, 300_000], ids=["page does not fit", "page fits, records do not"])
def test_a_full_disk_uses_no_number_and_leaves_nothing_half_written(real_home: Callable[..., Home], most_bytes: int):
    """A process that may not write a file beyond so many bytes; afterwards there is room, and the letter is number 1."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps")
    home.engine.dispose()
    letter_id = f"{ELECTION}.V12.imbauan-pengumuman-dps.1"

    ran = subprocess.run(
        [sys.executable, WORKER, "full", home.root, "", letter_id, DAY.isoformat(), str(most_bytes)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    kind, said = json.loads(ran.stdout)
    assert kind == "MachineError", said
    assert "tidak dapat ditulis" in said and "ulangi" in said
    assert untouched(home, "V12.imbauan-pengumuman-dps")
    assert approve(home, "V12.imbauan-pengumuman-dps").nomor.startswith("001/")


def test_a_folder_that_cannot_be_written_uses_no_number(real_home: Callable[..., Home]):
    """Where ``surat`` is a file: the message names it, and after it is gone the letter is number 1."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps")
    home.surat.write_text("")
    with pytest.raises(MachineError, match=r"surat.*tidak dapat ditulis.*belum ada nomor yang terpakai"):
        approve(home, "V12.imbauan-pengumuman-dps")
    home.surat.unlink()
    assert untouched(home, "V12.imbauan-pengumuman-dps")
    assert approve(home, "V12.imbauan-pengumuman-dps").nomor.startswith("001/")


# --- same content, same bytes --------------------------------------------------------------------


def test_every_file_of_a_rehearsal_is_the_one_in_the_register(fortnight: tuple[Home, Plan]):
    """SHA-256 of the file on disk, and of the page set again from the row, equal the register."""
    home, _ = fortnight
    for row in book(home):
        if row.numbered:
            assert sha256((home.surat / row.pdf).read_bytes()) == row.pdf_sha256
            assert archive.verify(home, row) == archive.Verdict(
                row.id, sound=True, file="sama dengan buku", again="sama"
            )


@pytest.fixture
def numbered(real_home: Callable[..., Home]) -> tuple[Home, LetterRow]:
    home = real_home()
    drafted(home, "V12.rakor-stakeholder")
    return home, approve(home, "V12.rakor-stakeholder")


def test_one_changed_byte_on_disk_is_found(numbered: tuple[Home, LetterRow]):
    """The file is the verdict, though the page can still be set again; and approving again does not hide it."""
    home, row = numbered
    file = home.surat / row.pdf
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    assert archive.verify(home, row) == archive.Verdict(row.id, sound=False, file="PDF BERBEDA dari buku", again="sama")
    approve(home, "V12.rakor-stakeholder")
    assert file.read_bytes() == content


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_a_missing_file_is_named_and_made_again_with_the_same_bytes(numbered: tuple[Home, LetterRow], suffix: str):
    """By the next approval of the same letter, or by whoever wants to look at it."""
    home, row = numbered
    file = home.surat / f"{row.id}.{suffix}"
    before = file.read_bytes()
    for make_again in (lambda: approve(home, "V12.rakor-stakeholder"), lambda: archive.preview(home, row)):
        file.unlink()
        assert (archive.verify(home, row).sound, archive.verify(home, row).file) == (
            False,
            f"{suffix.upper()} tidak ada",
        )
        make_again()
        assert file.read_bytes() == before


def test_an_old_letter_is_set_again_from_its_own_words_after_the_words_changed(numbered: tuple[Home, LetterRow]):
    """The office edits the invitation: the new letter differs, the old one keeps text and bytes."""
    home, row = numbered
    own = home.kantor / "templates" / "undangan-rakor.md.j2"
    own.parent.mkdir()
    words = (TEMPLATES / "surat" / own.name).read_text("utf-8")
    assert "kami ucapkan terima kasih" in words
    own.write_text(words.replace("kami ucapkan terima kasih", "kami haturkan terima kasih"), "utf-8")

    assert archive.bundle_of(home, row.kind).hash != row.bundle
    assert archive.verify(home, row) == archive.Verdict(row.id, sound=True, file="sama dengan buku", again="sama")
    drafted(home, "V12.rakor-stakeholder")
    assert [again.content for again in book(home)] == [row.content]  # drafting again leaves a numbered letter alone


def test_an_old_letter_is_set_again_on_its_own_paper_after_the_paper_changed(
    numbered: tuple[Home, LetterRow],
):
    """Another paper would set another page and another Word file: those made anew are the old ones, from the bundle."""
    home, row = numbered
    before = archive.preview(home, row)
    own = home.kantor / "kertas"
    own.mkdir()
    paper = (TEMPLATES / "kertas" / "surat.typ").read_text("utf-8")
    (own / "surat.typ").write_text(paper + "\n#pagebreak()\nHalaman baru\n", "utf-8")
    measures = (TEMPLATES / "kertas" / "ukuran.toml").read_text("utf-8")
    (own / "ukuran.toml").write_text(measures.replace("kiri  = 30", "kiri  = 35"), "utf-8")

    assert archive.bundle_of(home, row.kind).hash != row.bundle
    now = archive.render(home.paper, Letter.model_validate_json(row.content))
    assert now.pdf != before.pdf and now.docx != before.docx
    assert archive.render_again(home, row) == before
    assert archive.verify(home, row).again == "sama"


def test_two_homes_give_the_same_letter_the_same_bytes(real_home: Callable[..., Home]):
    """No path, no clock and no machine in the file."""
    pages = []
    for _ in range(2):
        home = real_home()
        drafted(home, "N05.imbauan-netralitas")
        pages.append((home.surat / approve(home, "N05.imbauan-netralitas").pdf).read_bytes())
    assert pages[0] == pages[1]


def test_files_of_a_bundle_are_kept_once(real_home: Callable[..., Home]):
    """Fonts and paper are not stored again with each kind of letter."""
    home = real_home()
    drafted(home, "V12.imbauan-pengumuman-dps", "N05.imbauan-netralitas")
    counts = []
    for key in ("V12.imbauan-pengumuman-dps", "N05.imbauan-netralitas"):
        approve(home, key)
        with reading(home.engine) as connection:
            counts.append(connection.execute(sa.select(sa.func.count()).select_from(berkas)).scalar())
    assert counts[1] == counts[0] + 1  # its own words, nothing else


def test_a_draft_of_a_finished_duty_gets_no_number(real_home):
    """Ticked off is over, whatever lies in the drawer."""
    home = real_home()
    drafted(home, "V12.rakor-stakeholder")
    plan = home.plan(ELECTION)
    with writing(home.engine) as connection:
        progress.finish(
            connection, home.office.profile.id, plan.duty("V12.rakor-stakeholder"), dt.date(2024, 8, 13), "Staf",
            [("notulen.pdf", "0" * 64)],
        )  # fmt: skip
    with pytest.raises(Refused, match="sudah selesai"):
        approve(home, "V12.rakor-stakeholder")


def test_with_a_logo_the_paper_is_made_once_and_letters_are_set_again_the_same(real_home):
    """The copy of the paper is named by its contents: another process finds it and leaves it alone."""
    home = real_home()
    (home.kantor / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    profile = home.kantor / "kantor.toml"
    profile.write_text(profile.read_text("utf-8").replace("[kop]", '[kop]\nlogo = "logo.svg"'), "utf-8")
    drafted(home, "V12.rakor-stakeholder")
    row = approve(home, "V12.rakor-stakeholder")
    folder = home.paper.folder
    made = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    again = Home(home.root)

    assert again.paper.folder == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == made
    assert archive.verify(again, row) == archive.Verdict(row.id, sound=True, file="sama dengan buku", again="sama")
