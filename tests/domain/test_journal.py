"""The journal: appended, chained, and a change to an old row is found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tahapan import journal
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading, sqlite_url, writing
from tahapan.store.opening import connect
from tahapan.store.tables import jurnal

AT = dt.datetime.fromisoformat("2024-08-21T07:00:00+07:00")  # Wednesday
ROWS = 5


def add(connection: sa.Connection, office: str = "a", **given) -> None:
    row = {"at": AT, "who": "Staf", "what": "draf", "subject": "pilkada-2024.V12.rakor", **given}
    journal.write(connection, office, **row)


def faults(engine: sa.Engine, office: str = "a") -> list[str]:
    with reading(engine) as connection:
        return [problem.where for problem in journal.broken(connection, office)]


@pytest.fixture
def engine(database: str):
    engine = connect(database)
    with writing(engine) as connection:
        for n in range(ROWS):
            add(connection, detail={"n": n, "nama": "é–“”"})
    yield engine
    engine.dispose()


def tamper(engine: sa.Engine, *statements: str) -> None:
    """What somebody with the file in hand could do: take the trigger away, change, put it back."""
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER jurnal_no_update")
            connection.exec_driver_sql("DROP TRIGGER jurnal_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE jurnal DISABLE TRIGGER ALL")
        for statement in statements:
            assert connection.execute(sa.text(statement)).rowcount == 1


def test_an_untouched_journal_is_whole(engine: sa.Engine):
    """Also with text beyond ASCII, on both databases."""
    assert faults(engine) == []


@pytest.mark.parametrize("column", ["at", "who", "what", "subject", "detail", "previous", "hash"])
def test_a_changed_row_is_found(engine: sa.Engine, column: str):
    """Whichever column was changed, by one character."""
    tamper(engine, f"UPDATE jurnal SET {column} = {column} || ' ' WHERE seq = 3")
    assert "jurnal baris 3" in faults(engine)


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row_is_found(engine: sa.Engine, seq: int):
    """Where a row was, the next one does not fit."""
    tamper(engine, f"DELETE FROM jurnal WHERE seq = {seq}")
    assert faults(engine) == [f"jurnal baris {seq + 1}"]


def test_a_removed_row_is_found_though_the_others_move_up(engine: sa.Engine):
    """A new place changes the hash of each row that moved."""
    tamper(engine, "DELETE FROM jurnal WHERE seq = 4", "UPDATE jurnal SET seq = 4 WHERE seq = 5")
    assert faults(engine) == ["jurnal baris 4", "jurnal baris 5"]


def test_two_rows_in_each_others_place_are_found(engine: sa.Engine):
    """The order of events is part of what is kept."""
    tamper(
        engine,
        "UPDATE jurnal SET seq = 99 WHERE seq = 2",
        "UPDATE jurnal SET seq = 2 WHERE seq = 3",
        "UPDATE jurnal SET seq = 3 WHERE seq = 99",
    )
    assert {"jurnal baris 2", "jurnal baris 3"} <= set(faults(engine))


@pytest.mark.parametrize(("removed", "missing"), [(1, "5"), (2, "4 sampai 5")])
def test_rows_removed_at_the_end_are_found(engine: sa.Engine, removed: int, missing: str):
    """What is left is a whole chain, but not the one whose head was kept."""
    for seq in range(ROWS, ROWS - removed, -1):
        tamper(engine, f"DELETE FROM jurnal WHERE seq = {seq}") if seq == ROWS else again(engine, seq)
    assert faults(engine) == [f"jurnal baris {missing}"]


def again(engine: sa.Engine, seq: int) -> None:
    with writing(engine) as connection:
        assert connection.execute(sa.text(f"DELETE FROM jurnal WHERE seq = {seq}")).rowcount == 1


def test_a_cut_end_is_not_healed_by_the_next_row(engine: sa.Engine):
    """The journal goes on behind the hole, and the hole stays to be seen."""
    tamper(engine, f"DELETE FROM jurnal WHERE seq = {ROWS}")
    with writing(engine) as connection:
        add(connection)
    assert faults(engine) == [f"jurnal baris {ROWS + 1}"]


def test_a_last_row_written_anew_with_its_own_hash_is_found(engine: sa.Engine):
    """The chain is whole in itself, and ends otherwise than it did."""
    with reading(engine) as connection:
        last = dict(connection.execute(sa.select(jurnal).where(jurnal.c.seq == ROWS)).mappings().one())
    bare = {key: value for key, value in last.items() if key != "hash"} | {"who": "Orang lain"}
    tamper(engine, f"UPDATE jurnal SET who = 'Orang lain', hash = '{journal._hash(bare)}' WHERE seq = {ROWS}")
    assert faults(engine) == [f"jurnal baris {ROWS}"]


def test_an_old_brief_convicts_a_journal_that_was_cut_and_mended(engine: sa.Engine):
    """Who changes the kept head too still has the briefs against him that others have read."""
    with reading(engine) as connection:
        seq, _, start = journal.head(connection, "a").short.partition("-")
        assert list(journal.against(connection, "a", int(seq), start)) == []
    tamper(engine, f"DELETE FROM jurnal WHERE seq = {ROWS}", "DELETE FROM meta")
    assert faults(engine) == []
    with reading(engine) as connection:
        [said] = journal.against(connection, "a", int(seq), start)
    assert "hilang dari jurnal" in said.what
    with writing(engine) as connection:
        add(connection, who="Orang lain")
    with reading(engine) as connection:
        [said] = journal.against(connection, "a", int(seq), start)
    assert "ditulis ulang" in said.what


def test_the_rows_of_a_letter_and_of_a_duty_can_be_read(fortnight: tuple[Home, Plan]):
    """A duty's rows are its own and those of all its letters."""
    home, plan = fortnight
    key = plan.duty("N05.imbauan-pencalonan-kpu").key
    with reading(home.engine) as connection:
        of_duty = list(journal.entries(connection, plan.office.profile.id, butir=key))
        of_letter = list(journal.entries(connection, plan.office.profile.id, surat=f"{key}.2"))
    assert of_duty[0].what == "butir dibuka"
    assert {row.subject for row in of_duty} == {key, f"{key}.1", f"{key}.2"}
    assert [row.what for row in of_letter][-1] == journal.NUMBERED


def test_verify_says_what_is_broken_and_list_what_was_done(rehearse, tahapan, tmp_path: Path):
    """`journal verify` ends with 0 or 1; `journal list --butir` as a table and as JSON."""
    home, _ = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 14))
    whole = tahapan("journal", "verify", home=home.root)
    assert whole.code == 0
    mark = whole.out.rpartition("sidik ")[2].rstrip(".\n")
    assert tahapan("journal", "verify", "--sidik", mark, home=home.root).code == 0
    assert tahapan("journal", "verify", "--sidik", "x", home=home.root).code == 1
    told = json.loads(tahapan("journal", "list", "--butir", "V12.rakor-stakeholder", "--json", home=home.root).out)
    assert [row["what"] for row in told] == ["butir dibuka", "draf", journal.NUMBERED]
    assert "002/PM.00.02" in tahapan("journal", "list", home=home.root).out

    tamper(home.engine, f"DELETE FROM jurnal WHERE seq = {mark.partition('-')[0]}")

    broken = tahapan("journal", "verify", home=home.root)
    assert broken.code == 1
    assert "hilang dari akhir jurnal" in broken.err


def test_a_row_that_was_slipped_in_is_found(engine: sa.Engine):
    """A row with a hash of its own invention does not fit the chain."""
    with writing(engine) as connection:
        connection.execute(
            jurnal.insert().values(
                office="a", seq=ROWS + 1, at=AT.isoformat(), who="x", what="x", subject="x", detail="{}",
                previous=journal.GENESIS, hash="0" * 64,
            )
        )  # fmt: skip
    assert faults(engine) == [f"jurnal baris {ROWS + 1}"]


def test_each_office_has_its_own_chain(engine: sa.Engine):
    """What is wrong in the journal of one office is not blamed on another."""
    with writing(engine) as connection:
        add(connection, "b")
        add(connection)
        add(connection, "b")
    tamper(engine, "UPDATE jurnal SET who = 'x' WHERE office = 'a' AND seq = 6")
    assert (faults(engine), faults(engine, "b")) == (["jurnal baris 6"], [])


def test_a_row_of_a_failed_transaction_is_not_in_the_journal(engine: sa.Engine):
    """The journal says what happened, and the chain goes on without a hole."""

    def fail() -> None:
        with writing(engine) as connection:
            add(connection)
            raise RuntimeError("batal")

    with pytest.raises(RuntimeError, match="batal"):
        fail()
    with writing(engine) as connection:
        add(connection)
    with reading(engine) as connection:
        assert connection.execute(sa.select(sa.func.max(jurnal.c.seq))).scalar() == ROWS + 1
    assert faults(engine) == []


@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
            st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.integers() | st.none()),
        ),
        min_size=1,
        max_size=6,
    ),
    changed=st.integers(0, 5),
)
def test_whatever_is_written_the_chain_is_whole_and_one_changed_row_breaks_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list, changed: int
):
    """For any text and details; on SQLite, since the hash is made before the database sees the row."""
    engine = connect(sqlite_url(tmp_path_factory.mktemp("jurnal") / "j.db"))
    with writing(engine) as connection:
        for subject, detail in rows:
            add(connection, subject=subject, detail=detail)
    assert faults(engine) == []
    seq = changed % len(rows) + 1
    tamper(engine, f"UPDATE jurnal SET subject = subject || 'x' WHERE seq = {seq}")
    assert faults(engine) == [f"jurnal baris {seq}"]
    engine.dispose()


def test_the_journal_of_a_rehearsal_is_whole_and_names_every_number(fortnight: tuple[Home, Plan]):
    """One row per numbered letter, with the number and hash that stand in the register."""
    home, plan = fortnight
    assert faults(home.engine, plan.office.profile.id) == []
    with reading(home.engine) as connection:
        approved = connection.execute(
            sa.select(jurnal.c.subject, jurnal.c.who).where(jurnal.c.what == "setuju dan nomor").order_by(jurnal.c.seq)
        ).all()
    assert len(approved) == len(set(approved)) == 22
    assert {who for _, who in approved} == {"gladi"}


def test_a_rehearsed_day_run_again_writes_nothing_new(rehearse: Callable[..., tuple[Home, Plan]], tmp_path: Path):
    """Safe to repeat: the journal of the second run is that of the first."""
    chains = []
    for _ in range(2):
        home, _plan = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 15))
        with reading(home.engine) as connection:
            chains.append(connection.execute(sa.select(jurnal.c.hash).order_by(jurnal.c.seq)).scalars().all())
    assert chains[0] and chains[0] == chains[1]
