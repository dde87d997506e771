"""What a command prints: a table for people, one JSON value for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tahapan.errors import TahapanError


def put_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def put(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """A message beside the result: never on stdout, where a program may be reading."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def put_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns; the last one is not padded."""
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    for n, line in enumerate(lines):
        put("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        if n == 0:
            put("  ".join("-" * width for width in widths))


def tell_error(error: TahapanError) -> None:
    """Every problem on its own line; no traceback."""
    for problem in error.problems:
        tell(f"tahapan: {problem}")
