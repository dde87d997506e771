"""The database: the same tables, rules and refusals on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tahapan import store
from tahapan.errors import MachineError
from tahapan.store.engine import reading, shown, sqlite_url, writing
from tahapan.store.migrate import upgrade
from tahapan.store.opening import HEAD, connect
from tahapan.store.tables import duty, jurnal, meta, metadata, surat

WORKER = Path(__file__).with_name("worker.py")
DAY = dt.date(2024, 8, 21)  # Wednesday
DUTY = {
    "office": "a",
    "election": "e",
    "stage": "V12",
    "item": "rakor",
    "due": DAY,
    "opened_on": DAY,
    "state": "terbuka",
}
LETTER = {
    "office": "a", "id": "e.V12.rakor.1", "election": "e", "stage": "V12", "item": "rakor", "version": 1, "kind": "u",
    "state": "draf", "letter_on": DAY, "klas": "PM.00.02", "hal": "Undangan", "content": "{}",
}  # fmt: skip
NUMBER = {
    "seri": "PM.00.02 2024",
    "urut": 1,
    "nomor": "001",
    "tanggal": DAY,
    "pdf_sha256": "0" * 64,
    "docx_sha256": "1" * 64,
}


@pytest.fixture
def engine(database: str):
    engine = connect(database)
    yield engine
    engine.dispose()


def test_the_migrations_make_exactly_the_tables(engine: sa.Engine):
    """Alembic finds nothing to change between a migrated database and the tables of the program."""
    defaults = engine.dialect.name == "postgresql"  # Alembic takes SQLite's '' for another default than ''
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": defaults})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_exactly_the_constraints(engine: sa.Engine):
    """Unique and check constraints, which Alembic does not compare, have the names that the tables give them."""
    inspect = sa.inspect(engine)
    for table in metadata.sorted_tables:
        made = {rule["name"] for rule in inspect.get_unique_constraints(table.name)}
        made |= {rule["name"] for rule in inspect.get_check_constraints(table.name)}
        named = (rule for rule in table.constraints if isinstance(rule, (sa.UniqueConstraint, sa.CheckConstraint)))
        assert made == {rule.name for rule in named}, table.name


def test_head_is_the_newest_migration():
    """The version that the program expects is that of the newest file."""
    folder = Path(store.__file__).parent / "migrations" / "versions"
    assert max(path.name for path in folder.glob("[0-9]*.py")).split("_")[0] == HEAD


def test_every_table_of_records_names_its_office():
    """Only what is kept by hash, and what describes the installation itself, belongs to no office."""
    assert {table.name for table in metadata.sorted_tables if "office" not in table.c} == {"meta", "berkas", "bundle"}


def test_opening_twice_migrates_once(database: str):
    """A database at HEAD is opened as it is."""
    first = connect(database)
    with writing(first) as connection:
        connection.execute(meta.insert().values(key="a", value="b"))
    first.dispose()
    second = connect(database)
    with reading(second) as connection:
        assert connection.execute(sa.select(meta.c.value)).scalars().all() == ["b"]
    upgrade(second)  # and once more by hand changes nothing
    with reading(second) as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    second.dispose()


def test_several_processes_that_open_an_empty_database_at_once_all_succeed(database: str):
    """Six processes begin together; all end well, and the database is at HEAD once."""
    ran = subprocess.run(
        [sys.executable, WORKER, "migrate", database, "6"], check=False, capture_output=True, text=True
    )
    assert json.loads(ran.stdout) == [0] * 6, ran.stderr
    engine = connect(database)
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]
    engine.dispose()


def test_a_database_from_a_newer_version_is_refused_and_unchanged(database: str):
    """The message names both versions; not a byte of the file, nor a table, is another afterwards."""
    engine = connect(database)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0999'"))
    before = _described(engine, database)

    with pytest.raises(MachineError, match=rf"lebih baru \(0999; yang ini {HEAD}\).*basis data tidak diubah"):
        connect(database)

    assert _described(engine, database) == before
    engine.dispose()


def _described(engine: sa.Engine, url: str) -> object:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        return Path(sa.make_url(url).database).read_bytes()  # type: ignore[arg-type]
    with reading(engine) as connection:
        tables = sa.inspect(connection).get_table_names()
        return sorted(tables), connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()


def test_a_file_that_is_no_database_is_refused_and_unchanged(tmp_path: Path):
    """A letter saved under the name of the database stays what it is."""
    file = tmp_path / "tahapan.db"
    file.write_text("bukan basis data " * 100)
    with pytest.raises(MachineError, match="tidak dapat dibuka"):
        connect(sqlite_url(file))
    assert file.read_text() == "bukan basis data " * 100


def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path):
    """Messages and logs never carry the password of the address."""
    url = f"postgresql+psycopg://kantor:rahasia@/kantor?host={tmp_path}"
    with pytest.raises(MachineError, match="tidak dapat dibuka") as refused:
        connect(url)
    assert "rahasia" not in str(refused.value)
    assert "kantor:***@" in shown(url)


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        (duty, DUTY, DUTY),
        (surat, LETTER, LETTER),
        (surat, LETTER, LETTER | {"id": "e.V12.rakor.2"}),  # another id for the same version
        (surat, LETTER | NUMBER, LETTER | NUMBER | {"id": "x", "item": "x", "urut": 2}),  # the same number
        (surat, LETTER | NUMBER, LETTER | NUMBER | {"id": "x", "item": "x", "nomor": "002"}),  # the same place
    ],
    ids=["duty and day", "letter id", "letter version", "number", "place in series"],
)
def test_what_exists_once_is_refused_the_second_time_by_the_database(engine: sa.Engine, table, first, second):
    """One row per duty and day, one letter per version, one letter per number and per place."""
    with writing(engine) as connection:
        connection.execute(table.insert().values(**first))
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as connection:
        connection.execute(table.insert().values(**second))


@pytest.mark.parametrize(
    "torn", [{"urut": None}, {"pdf_sha256": None}, {"docx_sha256": None}, {"tanggal": None}, {"nomor": None}]
)
def test_half_a_number_is_refused_by_the_database(engine: sa.Engine, torn: dict):
    """A number has its place and its paper, or it is none."""
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as connection:
        connection.execute(surat.insert().values(**LETTER | NUMBER | torn))


def test_two_offices_in_one_database_do_not_disturb_each_other(engine: sa.Engine):
    """The same duty and the same number may stand once per office."""
    with writing(engine) as connection:
        for office in "ab":
            connection.execute(duty.insert().values(**DUTY | {"office": office}))
            connection.execute(surat.insert().values(**LETTER | NUMBER | {"office": office}))
        assert connection.execute(sa.select(sa.func.count()).select_from(surat)).scalar() == 2


def test_a_transaction_that_fails_leaves_nothing(engine: sa.Engine):
    """What was written before the fault is gone with it."""

    def fail() -> None:
        with writing(engine) as connection:
            connection.execute(meta.insert().values(key="a", value="b"))
            raise RuntimeError("listrik padam")

    with pytest.raises(RuntimeError, match="listrik"):
        fail()
    with reading(engine) as connection:
        assert connection.execute(sa.select(meta)).all() == []


def test_a_second_writer_waits_from_its_first_statement(engine: sa.Engine):
    """Read, add one, write: of eight threads doing this at once none overwrites another."""
    with writing(engine) as connection:
        connection.execute(meta.insert().values(key="n", value="0"))

    def add_one() -> None:
        with writing(engine) as connection:
            value = int(connection.execute(sa.select(meta.c.value)).scalar_one())
            connection.execute(meta.update().values(value=str(value + 1)))

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.execute(sa.select(meta.c.value)).scalar_one() == "8"


def test_a_reader_does_not_wait_for_a_writer(engine: sa.Engine):
    """The screen shows the last whole state while somebody writes."""
    with writing(engine) as connection:
        connection.execute(meta.insert().values(key="a", value="b"))
        with reading(engine) as other:
            assert other.execute(sa.select(meta)).all() == []


@pytest.mark.parametrize("change", ["UPDATE jurnal SET who = 'x'", "DELETE FROM jurnal"])
def test_the_database_itself_refuses_to_change_the_journal(engine: sa.Engine, change: str):
    """Not by our code but by a trigger: a second program cannot do it by accident either."""
    row = dict.fromkeys(column.name for column in jurnal.c)
    with writing(engine) as connection:
        connection.execute(jurnal.insert().values(**{**row, "at": "", "who": "", "what": "", "subject": "", "detail": "{}"}
                                                  | {"office": "a", "seq": 1, "previous": "", "hash": ""}))  # fmt: skip
    with pytest.raises(sa.exc.DBAPIError, match="jurnal only grows"), writing(engine) as connection:
        connection.execute(sa.text(change))
    with reading(engine) as connection:
        assert connection.execute(sa.select(jurnal.c.who)).scalars().all() == [""]
