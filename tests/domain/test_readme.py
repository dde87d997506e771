"""The README keeps its word."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    return README.split(f"## {title}\n")[1].split("\n## ")[0]


def test_everything_the_readme_says_to_touch_exists():
    """Each path in the table *I want to ...* is there."""
    paths = [path for row in section("I want to ...").splitlines()[4:] for path in re.findall(r"`([^`]+/[^`]*)`", row)]

    assert len(paths) >= 9
    paths = [path for path in paths if path not in ("kertas/", "huruf/", "pencalonan/")]  # of the office folder
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_the_readme_names_exists():
    """The first words of the command table are commands of `tahapan`."""
    rows = [row for row in section("Use it").splitlines() if row.startswith("| `")]
    named = {word for row in rows for word in re.findall(r"`([a-z]+)", row.split("|")[1])}
    helped = "".join(
        _help(*group)
        for group in (
            (),
            ("letter",),
            ("calendar",),
            ("register",),
            ("office",),
            ("approver",),
            ("journal",),
            ("voters",),
            ("nomination",),
            ("dispute",),
            ("neutrality",),
            ("inbox",),
            ("rakor",),
            ("post",),
        )
    )

    assert {word for word in named if not re.search(rf"^\s+{word}\b", helped, re.MULTILINE)} == set()


def test_the_readme_is_short_and_its_pictures_are_there():
    """At most 120 lines, and no picture is missing."""
    assert len(README.splitlines()) <= 120
    assert [picture for picture in re.findall(r"!\[.*?\]\((.*?)\)", README) if not (ROOT / picture).is_file()] == []


def _help(*group: str) -> str:
    line = [sys.executable, "-m", "deployments.cli", *group, "--help"]
    return subprocess.run(line, check=True, capture_output=True, text=True, cwd=ROOT).stdout
