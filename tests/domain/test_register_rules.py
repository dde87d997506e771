"""The rules of numbers: patterns that keep two letters apart, series by class and year, late inserts, outside numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tahapan import pola, register
from tahapan.errors import DataError, Refused
from tahapan.office import Nomor
from tahapan.register import IMPORTED, LAIN, LetterRow, Place
from tahapan.store.engine import sqlite_url, writing
from tahapan.store.opening import connect
from tahapan.store.tables import surat

POLA = "{urut:03d}/{klas}/{kantor}/{bulan:02d}/{tahun}"
LHP = "{urut:03d}/LHP/{klas}/{kantor}/{tanggal}/{bulan_romawi}/{tahun}"
CODES = {"kantor_ketua": "K.SB-99", "kantor_sekretariat": "SB-99"}
NOMOR = Nomor(**CODES)
PM = "PM.00.02"


def day(month: int, number: int, year: int = 2024) -> dt.date:
    return dt.date(year, month, number)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = connect(sqlite_url(tmp_path_factory.mktemp("aturan") / "b.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A book in one transaction, empty again for the next test."""
    with writing(engine) as connection:
        connection.execute(surat.delete())
        yield connection


def enter(connection: sa.Connection, place: Place, on: dt.date, nomor: str, asal: str = "", state: str = "disetujui"):
    name = f"s{connection.execute(sa.select(sa.func.count()).select_from(surat)).scalar()}"
    row = LetterRow(
        id=f"e.umum.{name}.1", election="e", stage="umum", item=name, version=1, kind=LAIN, state=state, letter_on=on,
        klas=PM, hal="hal", content="", nomor=nomor, tanggal=on, approved_by=None, bundle=None, pdf_sha256=None,
        docx_sha256=None, note="", asal=asal,
    )  # fmt: skip
    register.record(connection, "a", row, place)


def number(
    connection: sa.Connection, on: dt.date, nomor: Nomor = NOMOR, *, late=False, klas=PM, code="K.SB-99", kind=""
):
    """One letter through the rules; its number."""
    pattern = nomor.pattern(kind)
    seri = register.series(nomor, klas, code, on, kind if pattern != nomor.pola else "")
    place = (register.late_place if late else register.next_place)(connection, "a", seri, on)
    text = register.number(pattern, place, klas, code, on)
    enter(connection, place, on, text)
    return text


def outside(connection: sa.Connection, text: str, on: dt.date, nomor: Nomor = NOMOR, **given) -> Place:
    given = {"klas": PM, "kantor": "K.SB-99", "pola": nomor.pola, **given}
    place = register.outside_place(connection, "a", nomor, text, on=on, **given)
    enter(connection, place, on, text, asal="luar")
    return place


# --- how a number is written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "code", "written"),
    [
        (POLA, "K.JB-17", "012/PM.00.02/K.JB-17/09/2024"),
        (POLA, "SB-99", "012/PM.00.02/SB-99/09/2024"),
        (POLA, "K-JI.20.10", "012/PM.00.02/K-JI.20.10/09/2024"),
        ("{urut:03d}/{klas}/{kantor}/{bulan:02d}/{tahun}", "K1", "012/PM.00.02/K1/09/2024"),
        ("B-{urut}/{klas}/K/JA/{tahun}", "K", "B-12/PM.00.02/K/JA/2024"),
        (LHP, "JI-11.07.2010", "012/LHP/PM.00.02/JI-11.07.2010/21/IX/2024"),
        ("{urut:04d}.{klas}-{bulan_romawi}-{tahun}", "K", "0012.PM.00.02-IX-2024"),
    ],
)
def test_a_number_is_written_as_the_office_writes_it_and_read_back(pattern: str, code: str, written: str):
    """Separators, prefix, Roman month and day are the pattern's; a late insert stands behind its number with a dot."""
    on, codes = day(9, 21), (code, "X")
    for sisip, shown in ((0, written), (1, written.replace("12", "12.1", 1))):
        assert register.number(pattern, Place("", 12, sisip), PM, code, on) == shown
        said = pola.read(pattern, f" {shown.lower()}", codes)
        assert said and (said.urut, said.sisip, said.fits(on)) == (12, sisip, True)
        assert said.klas in (PM, None) and said.kantor in (code, None)


@given(
    urut=st.integers(1, 99_999), sisip=st.integers(0, 20), on=st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    pattern=st.sampled_from([POLA, LHP, "{urut}.{bulan:02d}.{tahun}-{klas}", "{bulan}-{tanggal:02d}{tahun}:{urut}-{klas}"]),
)  # fmt: skip
def test_any_number_of_a_pattern_that_was_let_in_reads_back_as_it_was_given(urut, sisip, on, pattern):
    """So two places never have one text."""
    assert not list(pola.faults(pattern, ("klas", "tahun")))
    text = register.number(pattern, Place("", urut, sisip), PM, "SB-99", on)
    said = pola.read(pattern, text, ("K.SB-99", "SB-99"))
    assert said and (said.urut, said.sisip, said.klas, said.tahun) == (urut, sisip, PM, on.year) and said.fits(on)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pola": "{urut}{bulan}/{klas}/{tahun}"}, "tanda pemisah"),
        ({"pola": "{klas}{urut}/{tahun}"}, "tanda pemisah"),
        ({"pola": "{urut:x}/{klas}/{tahun}"}, "tulis {urut} atau {urut:03d}"),
        ({"pola": "{urut}/{klas:>9}/{tahun}"}, "tulis {klas}"),
        ({"pola": "{urut!r}/{klas}/{tahun}"}, "tulis {urut}"),
        ({"pola": "{urut}/{klas}/{bulan}"}, "harus memuat {urut} dan {tahun}"),
        ({"pola": "{urut}/{kantor}/{tahun}"}, "Tambahkan {klas}"),
        ({"pola": "{urut}/{nama}/{tahun}"}, "tidak dapat dipakai"),
        ({"pola_jenis": {"lhp": "{urut:03d}/LHP/{tahun}"}}, "Tambahkan {klas}"),
        ({"pola_jenis": {"lhp": "{urut:04d}/{klas}/{kantor}/{bulan}/{tahun}"}}, "nomor yang sama"),
        ({"pola_jenis": {"lhp": LHP, "ba": LHP}}, "nomor yang sama (001/LHP/"),
        ({"pola_jenis": {"luar": LHP}}, "milik nomor dari luar"),
        ({"luar": ("(",)}, "pola nomor luar"),
        ({"seri": ("klas",)}, 'harus memuat "tahun"'),
    ],
)
def test_patterns_that_could_give_two_letters_one_number_are_refused(given: dict, said: str):
    """Fields that run into each other, a series that is not in the number, two kinds with one shape."""
    with pytest.raises(ValidationError) as refused:
        Nomor(**{**CODES, **given})
    assert said in str(refused.value)


def test_one_sequence_for_all_classes_needs_no_class_in_the_number():
    """``seri = ["tahun"]`` with a short pattern."""
    assert Nomor(**CODES, pola="{urut}/{kantor}/{tahun}", seri=("tahun",)).pola_jenis == {}


# --- series --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seri", "urut"), [(("klas", "tahun"), [1, 2, 1, 1, 2]), (("tahun",), [1, 2, 3, 1, 2])], ids=["class", "one"]
)
def test_numbers_begin_again_each_year_per_class_or_in_one_sequence(book: sa.Connection, seri: tuple, urut: list[int]):
    """With K and without K in the same sequence; the last day of the year and the first of the next."""
    nomor = NOMOR.model_copy(update={"seri": seri})
    letters = [
        (day(12, 30), PM, "K.SB-99"), (day(12, 31), PM, "SB-99"), (day(12, 31), "HM.00.02", "SB-99"),
        (day(1, 1, 2025), PM, "SB-99"), (day(1, 1, 2025), PM, "K.SB-99"),
    ]  # fmt: skip
    given = [number(book, on, nomor, klas=klas, code=code) for on, klas, code in letters]
    assert [int(text.split("/")[0]) for text in given] == urut
    assert given[1:4:2] == ["002/PM.00.02/SB-99/12/2024", "001/PM.00.02/SB-99/01/2025"]


def test_a_late_insert_of_last_year_stays_in_last_year(book: sa.Connection):
    """In January a letter of 20 December takes its place behind the last number of that day, not in the new year."""
    for on in (day(12, 20), day(12, 28), day(1, 3, 2025)):
        number(book, on)
    assert number(book, day(12, 20), late=True) == "001.1/PM.00.02/K.SB-99/12/2024"
    assert number(book, day(1, 4, 2025)) == "002/PM.00.02/K.SB-99/01/2025"


def test_a_kind_with_a_pattern_of_its_own_is_counted_apart(book: sa.Connection):
    """Reports of supervision have their own 1, 2, 3 beside the letters of the same class."""
    nomor = Nomor(**CODES, pola_jenis={"lhp": LHP})
    assert number(book, day(9, 20), nomor) == "001/PM.00.02/K.SB-99/09/2024"
    assert number(book, day(9, 21), nomor, kind="lhp") == "001/LHP/PM.00.02/K.SB-99/21/IX/2024"
    assert number(book, day(9, 21), nomor, kind="lhp") == "002/LHP/PM.00.02/K.SB-99/21/IX/2024"
    assert number(book, day(9, 22), nomor) == "002/PM.00.02/K.SB-99/09/2024"


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["next", "late", "void", "outside", "import"]),
        st.dates(dt.date(2024, 12, 15), dt.date(2025, 1, 15)),
        st.integers(1, 9),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_whatever_happens_the_order_of_numbers_is_the_order_of_days(engine: sa.Engine, actions: list):
    """Approvals, late inserts, voids, numbers from outside and imports in any order: no double, no gap, no step back."""
    with writing(engine) as book:
        book.execute(surat.delete())
        for what, on, n in actions:
            seri = register.series(NOMOR, PM, "K.SB-99", on)
            last = book.execute(sa.select(sa.func.max(surat.c.urut)).where(surat.c.seri == seri)).scalar()
            try:
                if what == "void":
                    book.execute(surat.update().where(surat.c.urut == n).values(state="batal"))
                elif what == "import" and last is None:
                    place = Place(seri, n)
                    enter(book, place, on, register.number(POLA, place, PM, "K.SB-99", on), IMPORTED)
                elif what == "outside":
                    place = Place(seri, max((last or 0) + n % 3 - 1, 1), n % 2 * n % 3)
                    outside(book, register.number(POLA, place, PM, "K.SB-99", on), on)
                else:
                    number(book, on, late=what == "late")
            except Refused:
                continue
        assert list(register.gaps(book, "a")) == []
        entries = list(register.in_order(book, "a"))
        assert len({row.nomor for _, row in entries}) == len(entries)
        for (place, row), (after, later) in pairwise(entries):
            if place.seri == after.seri:
                assert (place.urut, place.sisip) < (after.urut, after.sisip)
                assert row.tanggal <= later.tanggal


# --- numbers given elsewhere ---------------------------------------------------------------------


def test_a_number_of_ours_from_outside_takes_the_next_place(book: sa.Connection):
    """SRIKANDI gave 002, the office goes on with 003."""
    number(book, day(8, 20))
    assert outside(book, "002/PM.00.02/K.SB-99/08/2024", day(8, 21)) == Place("PM.00.02 2024", 2)
    assert number(book, day(8, 22)) == "003/PM.00.02/K.SB-99/08/2024"


@pytest.mark.parametrize(
    ("text", "on", "said"),
    [
        ("005/PM.00.02/K.SB-99/08/2024", day(8, 22), "nomor urut 3-4 belum ada"),
        ("004/PM.00.02/K.SB-99/08/2024", day(8, 22), "nomor urut 3 belum ada"),
        ("003/PM.00.02/K.SB-99/08/2024", day(8, 20), "002/PM.00.02/K.SB-99/08/2024 bertanggal 21 Agustus 2024"),
        ("001.1/PM.00.02/K.SB-99/08/2024", day(8, 22), "bertanggal 22 Agustus 2024, padahal 002"),
        ("001.2/PM.00.02/K.SB-99/08/2024", day(8, 20), "1.1 belum ada"),
        ("003/HM.00.02/K.SB-99/08/2024", day(8, 22), "berklasifikasi HM.00.02"),
        ("003/PM.00.02/SB-99/08/2024", day(8, 22), "berkode SB-99"),
        ("003/PM.00.02/K.SB-99/09/2024", day(8, 22), "tidak cocok dengan tanggal 22 Agustus 2024"),
        ("3/PM.00.02/K.SB-99/08/2024", day(8, 22), "Tulis 003/PM.00.02"),
        ("002/pm.00.02/K.SB-99/08/2024", day(8, 22), "sudah dipakai"),
        ("002/PM.00.02/ K.SB-99/08/2024", day(8, 22), "sudah dipakai"),
        ("ND-77/2024", day(8, 22), "bukan bentuk nomor kantor ini"),
        (" ", day(8, 22), "kosong"),
    ],
)
def test_a_number_from_outside_that_would_spoil_the_book_is_refused(book: sa.Connection, text, on, said):
    """Gap, step back, another class, code or month, a double whatever its capitals and spaces."""
    number(book, day(8, 20))
    number(book, day(8, 21))
    with pytest.raises((Refused, DataError)) as refused:
        outside(book, text, on)
    assert said in str(refused.value)


def test_other_numbers_from_outside_are_listed_in_a_series_of_their_own(book: sa.Connection):
    """As the office allows them; they count up as they come, and disturb none of ours."""
    nomor = Nomor(**CODES, luar=(r"ND-\d+/20\d\d",))
    number(book, day(8, 20), nomor)
    places = [outside(book, f"ND-{n}/2024", day(8, 21), nomor) for n in (77, 12)]
    assert places == [Place("luar 2024", 1), Place("luar 2024", 2)] and places[0].outside
    with pytest.raises(Refused, match="sudah dipakai"):
        outside(book, "nd-77/2024", day(8, 21), nomor)
    assert number(book, day(8, 22), nomor).startswith("002/")


# --- what is missing -----------------------------------------------------------------------------


def test_missing_numbers_are_named_and_an_imported_series_may_begin_above_one(book: sa.Connection):
    """57, 58, 60, 60.1, 64: 59 and 61 to 63 are nowhere; in a series of our own also what comes before."""
    for urut, sisip in ((57, 0), (58, 0), (60, 0), (60, 1), (64, 0)):
        enter(book, Place("PM.00.02 2024", urut, sisip), day(8, 20), f"{urut}.{sisip}", IMPORTED)
    enter(book, Place("HM.00.02 2024", 3), day(8, 20), "HM 3")
    enter(book, Place("HM.00.02 2024", 3, 2), day(8, 20), "HM 3.2", state="batal")
    found = {one.seri: one for one in register.all_series(book, "a")}
    pm, hm = found["PM.00.02 2024"], found["HM.00.02 2024"]
    assert (pm.count, pm.first, pm.last, pm.missing, pm.inserts) == (5, "57.0", "64.0", ("59", "61-63"), ("60.1",))
    assert (hm.missing, hm.voids) == (("1-2", "3.1"), (("HM 3.2", ""),))
    assert [str(problem).split(" tidak")[0] for problem in register.gaps(book, "a")] == [
        "seri HM.00.02 2024: nomor urut 1-2, 3.1", "seri PM.00.02 2024: nomor urut 59, 61-63"
    ]  # fmt: skip


def test_a_number_that_the_book_has_is_not_given_again_by_another_pattern(book: sa.Connection):
    """The last guard, should two kinds' templates ask for the same shape: refused by name, not by the database."""
    enter(book, Place("a 2024", 1), day(8, 20), "001/X")
    with pytest.raises(Refused, match=r"sudah dipakai surat e\.umum\.s0\.1"):
        enter(book, Place("b 2024", 1), day(8, 20), "001/X")
