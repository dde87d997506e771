"""Files that hold people: whole or not at all, and only their owner reads them."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def private(path: Path) -> Generator[TextIO]:
    """A new text file of mode 600, written beside its place and put there at the end."""
    half = path.with_name(f".{path.name}.baru")
    half.unlink(missing_ok=True)
    opened = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        yield file
    half.replace(path)
