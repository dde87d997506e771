"""Killed at the worst instants; the fifty random ones are in tests/flow/test_kill_rehearsal.py."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tahapan import journal, register
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.store.engine import reading
from tahapan.store.tables import surat

FIRST, LAST = dt.date(2024, 8, 13), dt.date(2024, 8, 15)
Rehearse = Callable[..., tuple[Home, Plan]]


@pytest.fixture
def dead() -> int:
    """The id of a process that is no more."""
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def result(home: Home) -> tuple[object, ...]:
    with reading(home.engine) as connection:
        office = home.office.profile.id
        assert list(journal.broken(connection, office)) == list(register.gaps(connection, office)) == []
        book = connection.execute(sa.select(surat).order_by(surat.c.id)).all()
    return book, {path.name: path.read_bytes() for path in home.surat.iterdir()}


def test_killed_between_number_and_file_the_next_run_makes_the_same_file(rehearse: Rehearse, dead: int):
    """The number was committed, the page was still in its half file: the run after it moves no number."""
    home, _ = rehearse(FIRST, LAST)
    whole = result(home)
    for file in sorted(home.surat.iterdir()):
        file.rename(file.with_name(f"{file.name}.{dead}.baru"))

    assert result(rehearse(FIRST, LAST)[0]) == whole


def test_killed_before_the_number_the_half_file_goes_and_the_number_comes(
    rehearse: Rehearse, tmp_path: Path, dead: int
):
    """A half file of a letter without a number is nobody's letter."""
    whole = result(rehearse(FIRST, LAST)[0])
    home, _ = rehearse(FIRST, FIRST, tmp_path / "lain")
    half = home.surat / f"pilkada-2024.V12.imbauan-pengumuman-dps.1.pdf.{dead}.baru"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"%PDF-1.7 separuh")

    assert result(rehearse(FIRST, LAST, tmp_path / "lain")[0]) == whole


def test_the_half_file_of_a_living_process_is_left_to_it(rehearse: Rehearse, tmp_path: Path):
    """Two runs at once must not take each other's pages away."""
    home, _ = rehearse(FIRST, FIRST)
    home.surat.mkdir(exist_ok=True)
    half = home.surat / f"pilkada-2024.V12.rakor-stakeholder.1.pdf.{os.getppid()}.baru"
    half.write_bytes(b"%PDF-1.7 separuh")
    rehearse(FIRST, LAST)
    assert half.exists()


def test_killed_while_a_new_folder_is_made_the_next_run_makes_it_whole(rehearse: Rehearse, tmp_path: Path):
    """The office folder half copied, the records begun: the rehearsal is that of an empty folder."""
    whole = result(rehearse(FIRST, LAST)[0])
    home, _ = rehearse(FIRST, FIRST, tmp_path / "lain")
    home.engine.dispose()
    shutil.rmtree(home.surat, ignore_errors=True)
    home.kantor.rename(home.kantor.with_suffix(".baru"))
    (home.root / "kantor.baru" / "pejabat.toml").unlink()
    home.database.unlink()

    again, _ = rehearse(FIRST, LAST, tmp_path / "lain")
    assert result(again) == whole
    assert not (again.root / "kantor.baru").exists()


def test_killed_in_the_first_moment_of_its_records_the_next_run_begins_anew(rehearse: Rehearse, tmp_path: Path):
    """Before SQLite keeps a WAL it has a journal beside the empty file: that is ours too."""
    root = tmp_path / "baru"
    root.mkdir()
    (root / "tahapan.db").touch()
    (root / "tahapan.db-journal").write_bytes(bytes(512))
    home, _ = rehearse(FIRST, FIRST, root)
    assert home.kantor.is_dir()
