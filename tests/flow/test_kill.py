"""`tahapan rehearse` killed with SIGKILL at random instants and finished: nothing is lost, doubled or left over."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

WINDOW = ("--from", "2024-08-14", "--to", "2024-08-16")  # three days, four letters, six flow runs


@pytest.fixture(scope="module")
def undisturbed(launch, what_is_left, tmp_path_factory) -> tuple[tuple[object, ...], float]:
    """A rehearsal that nobody killed, and the seconds it took."""
    root = tmp_path_factory.mktemp("utuh") / "rumah"
    begin = time.monotonic()
    program = launch("rehearse", "pilkada-2024", *WINDOW, "--out", root)
    assert program.process.wait(240) == 0, program.said
    found = what_is_left(root)
    assert len(found[0]) >= 4 and "ringkasan.md" in found[2]
    return found, time.monotonic() - begin


def kill_and_finish(launch, left, root: Path, instants: list[float]) -> None:
    """Start it anew after each kill; the last start may finish. Nothing runs on after any of them."""
    for instant in instants:
        while not was_killed(launch("rehearse", "pilkada-2024", *WINDOW, "--out", root), instant):
            instant /= 2  # noqa: PLW2901 - the machine was faster than when the time was taken: kill earlier
        assert left(root) == []
    last = launch("rehearse", "pilkada-2024", *WINDOW, "--out", root)
    assert last.process.wait(240) == 0, last.said
    assert left(root) == []
    assert running_for_ever(root) == []


def was_killed(program, after: float) -> bool:
    """False when it ended by itself before."""
    try:
        assert program.process.wait(after) == 0, program.said
    except subprocess.TimeoutExpired:
        program.kill()
        return True
    return False


def running_for_ever(root: Path) -> list[tuple[str, str]]:
    """Flow runs that Prefect still believes to be at work."""
    with closing(sqlite3.connect(root / "prefect" / "prefect.db")) as prefect:
        unfinished = "select name, state_type from flow_run where state_type not in ('COMPLETED', 'CRASHED')"
        return prefect.execute(unfinished).fetchall()


@pytest.mark.flow
def test_a_rehearsal_killed_three_times_ends_like_an_undisturbed_one(launch, left, what_is_left, undisturbed, tmp_path):
    """Once while its server starts, once among its flow runs, once anywhere."""
    whole, seconds = undisturbed
    chance = random.Random(20240814)
    # the first start of a home takes longer than the second: its server makes a new database
    instants = [chance.uniform(0, 0.4), chance.uniform(0.4, 0.5), chance.uniform(0, 0.5)]

    kill_and_finish(launch, left, tmp_path / "rumah", [part * seconds for part in instants])

    assert what_is_left(tmp_path / "rumah") == whole


@pytest.mark.kill
def test_fifty_kills_end_like_an_undisturbed_rehearsal(launch, left, what_is_left, undisturbed, tmp_path):
    """Ten homes, each killed five times at random instants."""
    whole, seconds = undisturbed
    chance = random.Random(50)
    for n in range(10):
        instants = [chance.uniform(0, 0.55) * seconds for _ in range(5)]

        kill_and_finish(launch, left, tmp_path / f"rumah-{n}", instants)

        assert what_is_left(tmp_path / f"rumah-{n}") == whole, f"home {n}, killed after {instants}"
