"""What comes in from the field: a sheet back, a ZIP of photos, files in the folder; all of it right, or nothing taken."""

from __future__ import annotations

import datetime as dt
import io
import random
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tahapan import ticking
from tahapan.checklist import Duty, Item
from tahapan.errors import DataError, Refused
from tahapan.field import inbox, photos, sheet
from tahapan.home import SAMPLE_OFFICE, Home
from tahapan.office import load_office
from tahapan.plan import Plan
from tahapan.units import Names, Unit, units_of

ELECTION = "pilkada-2024"
PHOTOS, FORMS, RAKOR = "V12.foto-tempat-pengumuman", "L7.kumpul-form-a", "V12.rakor-stakeholder"
DAY = dt.date(2024, 8, 19)
AT = dt.datetime.fromisoformat("2024-08-19T09:00:00+07:00")
JPG, PDF = b"\xff\xd8\xff\xe0 ", b"%PDF-1.7 "
AREA = load_office(SAMPLE_OFFICE).directory.area


@pytest.fixture
def home(real_home: Callable[..., Home]) -> Home:
    return real_home()


def duty(home: Home, key: str = PHOTOS) -> tuple[Plan, Duty]:
    plan = home.plan(ELECTION)
    return plan, plan.duty(key)


def tally(home: Home, key: str = PHOTOS) -> str:
    return str(ticking.roll(home, *duty(home, key)).tally)


def kept(home: Home) -> list[str]:
    return sorted(path.name for path in home.bukti.iterdir()) if home.bukti.exists() else []


# --- a sheet -------------------------------------------------------------------------------------


def out(home: Home, path: Path, key: str = PHOTOS) -> Path:
    sheet.write(ticking.roll(home, *duty(home, key)), path)
    return path


def fill(path: Path, rows: Mapping[str, Mapping[str, object]]) -> Path:
    """What a clerk types: by code, by column."""
    book = load_workbook(path)
    header = [cell.value for cell in book.active[1]]
    for line in book.active.iter_rows(min_row=2):
        for column, value in rows.get(str(line[0].value), {}).items():
            line[header.index(column)].value = value
    book.save(path)
    return path


def back(home: Home, path: Path, key: str = PHOTOS, on: dt.date = DAY) -> ticking.Ticked:
    return sheet.read(home, *duty(home, key), path, "Staf", on, AT)


def test_a_sheet_goes_out_with_a_row_per_unit_and_comes_back(home: Home, tmp_path: Path):
    """Ticked by whom and when the row says, with the file beside it; written out again it says the same."""
    path = out(home, tmp_path / "unit.xlsx")
    (tmp_path / "kurai.jpg").write_bytes(JPG)
    (tmp_path / "rimbang.pdf").write_bytes(PDF)
    fill(path, {
        "13.07.01.2001": {"Selesai": "Ya", "Tanggal": dt.date(2024, 8, 18), "Oleh": "PKD Kurai", "Bukti": "kurai.jpg"},
        "13.07.01.2002": {"Selesai": "x", "Bukti": "rimbang.pdf; kurai.jpg", "Catatan": "di kantor wali nagari"},
    })  # fmt: skip

    done = back(home, path)

    assert ([unit.nama for unit in done.new], done.files, str(done.tally)) == (
        ["Kurai", "Sungai Rimbang"], 3, "2 dari 79 nagari",
    )  # fmt: skip
    ticks = [post.tick for post in ticking.roll(home, *duty(home)).posts if post.tick]
    assert [(tick.finished_on.day, tick.finished_by, tick.note) for tick in ticks] == [
        (18, "PKD Kurai", ""), (19, "Staf", "di kantor wali nagari"),
    ]  # fmt: skip
    rows = list(load_workbook(out(home, tmp_path / "lagi.xlsx")).active.values)
    assert len(rows) == 80 and rows[1] == (
        "13.07.01.2001",
        "Suliki",
        "Kurai",
        "ya",
        "2024-08-18",
        "PKD Kurai",
        "kurai.jpg",
        None,
    )
    with pytest.raises(Refused, match="tidak ada yang baru"):
        back(home, tmp_path / "lagi.xlsx")


def test_every_faulty_row_is_told_and_nothing_is_taken(home: Home, tmp_path: Path):
    """Unknown code, unclear word, a day to come, a formula, a lost file, a code twice; the good row waits too."""
    path = out(home, tmp_path / "unit.xlsx")
    (tmp_path / "a.jpg").write_bytes(JPG)
    fill(path, {
        "13.07.01.2001": {"Selesai": "ya", "Bukti": "a.jpg"},
        "13.07.01.2002": {"Kode": "13.99", "Selesai": "ya"},
        "13.07.01.2003": {"Selesai": "mungkin"},
        "13.07.01.2004": {"Selesai": "ya", "Tanggal": "20-08-2024", "Bukti": "a.jpg"},
        "13.07.01.2005": {"Selesai": "ya", "Catatan": "=1+1"},
        "13.07.01.2006": {"Selesai": "ya", "Bukti": "../../rahasia.jpg"},
        "13.07.02.2001": {"Kode": "13.07.01.2001", "Selesai": "ya"},
    })  # fmt: skip

    with pytest.raises(DataError) as error:
        back(home, path)

    said = [str(problem) for problem in error.value.problems]
    assert [line.split(":")[0] for line in said] == [
        "baris 3, kolom Kode", "baris 4, kolom Selesai", "baris 5, kolom Tanggal", "baris 6, kolom Catatan",
        "baris 7, kolom Bukti", "baris 8, kolom Kode",
    ]  # fmt: skip
    assert "rahasia.jpg tidak ada di folder lembar ini" in said[4]
    assert (tally(home), kept(home)) == ("0 dari 79 nagari", [])


def test_a_file_in_the_sheet_that_is_no_evidence_is_told_with_its_row(home: Home, tmp_path: Path):
    """And nothing is taken."""
    path = out(home, tmp_path / "unit.xlsx")
    (tmp_path / "a.jpg").write_bytes(JPG)
    (tmp_path / "b.jpg").write_bytes(b"MZ" + b"\0" * 99)
    fill(path, {code: {"Selesai": "ya", "Bukti": name} for code, name in
                {"13.07.01.2001": "a.jpg", "13.07.01.2002": "b.jpg"}.items()})  # fmt: skip
    with pytest.raises(DataError, match=r"baris 3, kolom Bukti: isinya program Windows"):
        back(home, path)
    assert (tally(home), kept(home)) == ("0 dari 79 nagari", [])


def test_a_sheet_does_not_undo_a_tick(home: Home, tmp_path: Path):
    """Taking back needs its reason."""
    path = out(home, tmp_path / "unit.xlsx")
    (tmp_path / "a.jpg").write_bytes(JPG)
    back(home, fill(path, {"13.07.01.2001": {"Selesai": "ya", "Bukti": "a.jpg"}}))
    with pytest.raises(DataError, match="sudah ditandai selesai 19 Agustus 2024"):
        back(home, fill(path, {"13.07.01.2001": {"Selesai": "tidak"}}))


def test_what_looks_like_a_formula_stays_text_in_the_sheet(home: Home, tmp_path: Path):
    """A name from the field opens no program on the office PC."""
    plan, one = duty(home)
    unit = ticking.roll(home, plan, one).unit("Kurai")
    back_ = ticking.Return(unit, (("a.jpg", "0" * 64),), "=cmd|' /C calc'!A0", None, "+62 catatan")
    ticking.tick_units(home, plan, one, [back_], "Staf", DAY, AT)
    row = load_workbook(out(home, tmp_path / "unit.xlsx")).active[2]
    assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"} and row[5].value.startswith("=cmd")


def test_637_polling_places_go_out_and_back_in_seconds(home: Home, tmp_path: Path):
    """With the evidence of each filed before, all are ticked by one sheet and the duty is finished."""
    plan, one = duty(home, FORMS)
    on = dt.date(2024, 11, 28)
    proof = [ticking.Return(post.unit, (("a.pdf", "0" * 64),)) for post in ticking.roll(home, plan, one).posts]
    ticking.tick_units(home, plan, one, proof, "Staf", on, AT, only_file=True)
    start = time.monotonic()
    path = fill(out(home, tmp_path / "tps.xlsx", FORMS), {each.unit.code: {"Selesai": "ya"} for each in proof})
    done = back(home, path, FORMS, on)
    assert (len(done.new), done.finished) == (637, True)
    assert time.monotonic() - start < 15


def test_a_workbook_of_something_else_is_refused(home: Home, tmp_path: Path):
    """It says which columns are wanted."""
    book = Workbook()
    book.active.append(["Nama", "Jumlah"])
    book.save(tmp_path / "lain.xlsx")
    with pytest.raises(DataError, match="Judul yang diperlukan: Kode, Selesai"):
        back(home, tmp_path / "lain.xlsx")


# --- a ZIP of photos -----------------------------------------------------------------------------


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def take(home: Home, path: Path, key: str = PHOTOS, **more) -> photos.Photos:
    return photos.take_photos(home, *duty(home, key), path, "Staf", DAY, AT, **more)


def test_photos_named_by_their_unit_are_taken_in(home: Home, tmp_path: Path):
    """By name, code, counter or folder; what the computer of the sender adds is passed over."""
    taken = take(home, zipped(tmp_path / "foto.zip", {
        "Kurai.jpg": JPG + b"1", "KURAI (2).JPG": JPG + b"2", "nagari_sungai-rimbang.jpeg": JPG + b"3",
        "13.07.01.2003.pdf": PDF, "Limbanang/IMG_0001.jpg": JPG + b"5", "Limbanang/IMG_0002.jpg": JPG + b"6",
        "__MACOSX/._Kurai.jpg": b"x", "Thumbs.db": b"x", "Suliki/": b"",
    }))  # fmt: skip
    assert [unit.nama for unit in taken.ticked.new] == ["Kurai", "Sungai Rimbang", "Tanjuang Bungo", "Limbanang"]
    assert (taken.ticked.files, taken.left, tally(home)) == (6, (), "4 dari 79 nagari")
    assert len(kept(home)) == 6


def test_names_that_fit_nothing_are_listed_and_nothing_is_taken(home: Home, tmp_path: Path):
    """With `partly` the others are, and the rest is named."""
    path = zipped(
        tmp_path / "foto.zip", {"Kurai.jpg": JPG, "IMG_2041.jpg": JPG + b"1", "Antah Barantah.jpg": JPG + b"2"}
    )
    with pytest.raises(DataError) as error:
        take(home, path)
    assert [problem.where for problem in error.value.problems] == [
        "foto.zip, IMG_2041.jpg", "foto.zip, Antah Barantah.jpg",
    ]  # fmt: skip
    assert (tally(home), kept(home)) == ("0 dari 79 nagari", [])

    taken = take(home, path, partly=True)
    assert ([unit.nama for unit in taken.ticked.new], len(taken.left)) == (["Kurai"], 2)


def test_a_photo_that_is_none_stops_the_whole_zip(home: Home, tmp_path: Path):
    """An exe among them: nothing of it stays on the disk. With `partly` it is named, and the others are taken."""
    path = zipped(tmp_path / "foto.zip", {"Kurai.jpg": JPG, "Limbanang.jpg": b"MZ" + b"\0" * 99})
    with pytest.raises(DataError, match=r"foto.zip, Limbanang.jpg: isinya program Windows"):
        take(home, path)
    assert (tally(home), kept(home)) == ("0 dari 79 nagari", [])

    taken = take(home, path, partly=True)
    assert ([unit.nama for unit in taken.ticked.new], len(taken.left)) == (["Kurai"], 1)


def test_no_name_in_a_zip_leads_out_of_the_folder(home: Home, tmp_path: Path):
    """Files lie under their hash, whatever they are called."""
    (tmp_path / "a").mkdir()
    names = ("../../Kurai.jpg", "/etc/Limbanang.jpg", "..\\Andiang.jpg")
    take(home, zipped(tmp_path / "a" / "foto.zip", {name: JPG + name.encode() for name in names}))
    assert tally(home) == "3 dari 79 nagari"
    assert len(kept(home)) == 3 and all(len(name) == 68 for name in kept(home))
    assert not list(tmp_path.rglob("Kurai*"))


def test_a_bomb_is_refused_before_anything_is_unpacked(home: Home, tmp_path: Path):
    """One that swells, one of many files, a locked one, and what is no ZIP."""
    bomb = zipped(tmp_path / "bom.zip", {"Kurai.jpg": JPG + b"\0" * 60_000_000})
    many = zipped(tmp_path / "banyak.zip", {f"{n}.jpg": b"" for n in range(photos.MOST_FILES + 1)})
    (tmp_path / "bukan.zip").write_bytes(JPG)
    for path, said in ((bomb, "bom ZIP"), (many, "lebih dari 5000"), (tmp_path / "bukan.zip", "bukan berkas ZIP")):
        with pytest.raises(DataError, match=said):
            take(home, path)
    locked = bytearray(zipped(tmp_path / "sandi.zip", {"Kurai.jpg": JPG}).read_bytes())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "sandi.zip").write_bytes(locked)
    with pytest.raises(DataError, match="bersandi"):
        take(home, tmp_path / "sandi.zip")
    assert kept(home) == []


def test_a_damaged_part_is_told_by_its_name(home: Home, tmp_path: Path):
    """Its checksum does not fit: nothing is taken."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("Kurai.jpg", JPG + b"a" * 500)
    (tmp_path / "foto.zip").write_bytes(raw.getvalue().replace(b"a" * 500, b"a" * 499 + b"b"))
    with pytest.raises(DataError, match=r"Kurai.jpg: rusak"):
        take(home, tmp_path / "foto.zip")


def area_units(per: str) -> tuple[Unit, ...]:
    given_ = {"stage": "V", "id": "x", "title": "x", "due": {"from": "S", "days": 0}, "pj": "ketua", "per": per}
    return units_of(Item.model_validate(given_), AREA)


UNITS = {per: area_units(per) for per in ("desa", "tps")}
NAMES = {per: Names(units) for per, units in UNITS.items()}


@given(st.sampled_from([*UNITS["desa"], *UNITS["tps"]]), st.integers(0, 99), st.integers(0, 2**32))
def test_a_photo_is_never_given_to_another_unit(unit: Unit, number: int, seed: int):
    """However it is counted, capitalized and put into folders, it is that unit's, or nobody's."""
    dice = random.Random(seed)
    counter = dice.choice(["", f" ({number})", f"_{number:02d}", f" - {number}"])
    name = "".join(dice.choice((str.upper, str.lower))(sign) for sign in dice.choice([unit.nama, unit.code]))
    folder = dice.choice(["", "foto/", f"Kec. {unit.kecamatan}/", "../"])
    meant = photos.unit_of(NAMES["tps" if unit.number else "desa"], f"{folder}{name}{counter}.jpg")
    assert meant in ((unit,), ()) or len(meant) > 1
    if not counter:
        assert unit in meant


# --- files in the folder -------------------------------------------------------------------------


def test_files_in_the_folder_named_by_their_duty_finish_it(home: Home):
    """Taken in and gone from there; a second time it only says so."""
    plan, one = duty(home, RAKOR)
    first = inbox.finish(home, plan, one, "Staf", DAY, AT)
    assert not first.finished and "perlu bukti: daftar hadir, notulen" in first.said[0]
    (home.root / "masuk" / "v12.rakor-stakeholder daftar hadir.pdf").write_bytes(PDF)
    (home.root / "masuk" / "V12.rakor-stakeholder-2.jpg").write_bytes(JPG)
    (home.root / "masuk" / "V12.rakor-stakeholders.pdf").write_bytes(PDF + b"lain")

    assert inbox.finish(home, plan, one, "Staf", DAY, AT).said == ("Selesai dengan 2 berkas bukti",)
    assert inbox.finish(home, plan, one, "Orang Lain", DAY, AT).said == ("Selesai, ditandai oleh Staf",)
    assert [path.name for path in (home.root / "masuk").iterdir()] == ["V12.rakor-stakeholders.pdf"]


def test_a_file_of_a_duty_with_a_longer_id_is_not_taken(home: Home):
    """*pemilih-meninggal-susulan* is another duty than *pemilih-meninggal*."""
    plan, one = duty(home, "L7.pemilih-meninggal")
    (home.root / "masuk").mkdir(parents=True)
    (home.root / "masuk" / "L7.pemilih-meninggal-susulan lampiran.pdf").write_bytes(PDF)
    assert inbox.waiting(home, plan, one) == ()
    assert len(inbox.waiting(home, plan, plan.duty("L7.pemilih-meninggal-susulan"))) == 1


def test_what_cannot_be_taken_stays_in_the_folder_and_is_told(home: Home):
    """A program called .pdf, and for a duty by units a name that is no unit."""
    plan, one = duty(home, RAKOR)
    (home.root / "masuk").mkdir(parents=True)
    (home.root / "masuk" / "V12.rakor-stakeholder.pdf").write_bytes(b"MZ" + b"\0" * 99)
    (home.root / "masuk" / f"{PHOTOS} Kurai.jpg").write_bytes(JPG)
    (home.root / "masuk" / f"{PHOTOS} Antah.jpg").write_bytes(JPG + b"1")

    assert "program Windows" in inbox.finish(home, plan, one, "Staf", DAY, AT).said[0]
    attempt = inbox.finish(home, plan, plan.duty(PHOTOS), "Staf", DAY, AT)

    assert not attempt.finished and "bukan nagari" in attempt.said[0]
    assert tally(home) == "1 dari 79 nagari"
    assert sorted(path.name for path in (home.root / "masuk").iterdir()) == [
        f"{PHOTOS} Antah.jpg", "V12.rakor-stakeholder.pdf",
    ]  # fmt: skip
