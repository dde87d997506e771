"""Looking for letters in the book: page by page in the database, the same answer on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tahapan import register, store
from tahapan.register import LetterRow, Place
from tahapan.store.engine import reading, writing
from tahapan.store.opening import connect

DAY = dt.date(2024, 8, 20)
OFFICE, OTHER = "kantor", "tetangga"


def row(n: int, hal: str = "Undangan", kepada: str = "KPU", **more: object) -> LetterRow:
    """Letter n, numbered elsewhere, of the n-th day."""
    on = DAY + dt.timedelta(days=n)
    said = {"nomor": f"{n:03d}/PM.00.02/K.SB-99/08/2024", "tanggal": on, "state": "disetujui", "asal": "impor"} | more
    return LetterRow(
        f"e.umum.{n}.1", "e", "umum", f"{n}", 1, "lain", letter_on=on, klas="PM.00.02", hal=hal, content="",
        approved_by=None, bundle=None, pdf_sha256=None, docx_sha256=None, note="", kepada=kepada, **said,
    )  # fmt: skip


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    engine = connect(database)
    yield engine
    engine.dispose()


def record(engine: sa.Engine, *rows: LetterRow, office: str = OFFICE) -> None:
    with writing(engine) as connection:
        for n, one in enumerate(rows, start=1):
            register.record(connection, office, one, Place("PM.00.02 2024", n))


def found(engine: sa.Engine, **asked) -> list[str]:
    """The items found, which `count` counts."""
    with reading(engine) as connection:
        items = [one.item for one in register.search(connection, OFFICE, **asked)]
        paged = {"limit", "offset"} & set(asked)
        assert paged or register.count(connection, OFFICE, **asked) == len(items)
        return items


def test_pages_have_every_letter_once_the_newest_first(engine: sa.Engine):
    """And the export has them all, the oldest first; another office in the same database is never met."""
    record(engine, *(row(n) for n in range(1, 26)))
    record(engine, row(99, "Undangan tetangga"), office=OTHER)

    pages = [found(engine, limit=10, offset=offset, text="undangan") for offset in (0, 10, 20, 30)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert [item for page in pages for item in page] == [f"{n}" for n in range(25, 0, -1)]
    assert found(engine) == [f"{n}" for n in range(1, 26)]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "/", "'", "100%", "a_b"])
def test_every_sign_stands_for_itself(engine: sa.Engine, sign: str):
    """What means anything to a database is only text here, in subject, addressee and both at once."""
    record(
        engine, row(1, f"Naik {sign} tahun ini"), row(2, "Naik tahun ini", kepada=f"CV {sign}"), row(3, "Naik 100 acb")
    )

    assert found(engine, text=sign) == ["1"]
    assert found(engine, kepada=sign) == ["2"]
    assert found(engine, anywhere=f"naik {sign} ") == ["1"]


def test_capitals_and_spaces_and_the_way_a_sign_is_written_do_not_count(engine: sa.Engine):
    """In any script; an accent written as one sign or as two is the same accent."""
    record(engine, row(1, "Rapat  Élan ΣΟΦΊΑ", kepada="Camat HARAU"), row(2))

    for said in ("RAPAT élan", "e\u0301lan  σοφία", "σοφία"):
        assert found(engine, text=said) == found(engine, anywhere=said) == ["1"]
    assert found(engine, kepada=" camat  harau ") == ["1"]
    assert found(engine, nomor="001 / pm") == found(engine, anywhere="001/ PM.00.02") == ["1"]
    assert found(engine, text="001/pm") == []
    assert found(engine, text=" ", kepada="\t", nomor="", anywhere="\n") == ["1", "2"]


def test_what_is_asked_together_must_all_fit(engine: sa.Engine):
    """Days are those of the letter; replaced versions are left out where the current ones are wanted."""
    record(engine, row(1, kepada="PPK"), row(2), row(3, state="batal"), row(4, state="direvisi"))
    first, last = DAY + dt.timedelta(days=2), DAY + dt.timedelta(days=3)

    assert found(engine, first=first, last=last) == ["2", "3"]
    assert found(engine, last=last, kepada="ppk") == ["1"]
    assert found(engine, first=first, state=" Batal ") == ["3"]
    assert found(engine, current=True) == ["1", "2", "3"]
    assert found(engine, first=first, kepada="ppk") == []


def test_the_letters_of_an_older_database_are_found(database: str):
    """The migration makes them findable: by number, subject, addressee and the words of those written here."""
    words = {
        "kepada": ["Ketua KPU"],
        "blocks": [{"type": "paragraph", "spans": [{"text": "Ruang "}, {"text": "Élan"}]}],
    }
    later = {"penulis", "diajukan_at"}
    old = [
        {name: getattr(one, name) for name in LetterRow.__slots__ if name not in later}
        for one in (row(1), row(2, nomor=None, tanggal=None, state="draf", asal=""))
    ]
    old[0] |= {"seri": "PM.00.02 2024", "urut": 1}
    old[1] |= {"content": json.dumps(words), "hal": "Rapat", "kepada": "Ketua KPU"}
    _at(database, "0002", old)

    engine = connect(database)

    assert (
        found(engine, anywhere="001/pm") == found(engine, text="undangan") == found(engine, state="disetujui") == ["1"]
    )
    assert found(engine, text="ruang ÉLAN") == found(engine, kepada="ketua kpu") == found(engine, text="rapat") == ["2"]
    engine.dispose()


def _at(database: str, revision: str, rows: list[dict]) -> None:
    """A database as an older version of the program left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        then = sa.Table("surat", sa.MetaData(), autoload_with=connection)
        for one in rows:
            connection.execute(then.insert().values(office=OFFICE, **one))
    engine.dispose()
