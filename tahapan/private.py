"""Files that hold people: whole or not at all, and only their owner reads them."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tahapan.errors import MachineError, Problem


@contextmanager
def private(path: Path) -> Generator[TextIO]:
    """A new text file of mode 600, written beside its place and put there at the end."""
    with written(path), _half(path) as half, os.fdopen(_opened(half), "w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        half.replace(path)


def write_private(path: Path, content: bytes) -> None:
    """The same for a whole file of bytes."""
    with written(path), _half(path) as half, os.fdopen(_opened(half), "wb") as file:
        file.write(content)
        file.flush()
        half.replace(path)


def private_folder(path: Path) -> None:
    """The folder, made when it is not there; MachineError when it cannot be."""
    with written(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def _half(path: Path) -> Generator[Path]:
    """The file beside its place; gone when it did not get there."""
    half = path.with_name(f".{path.name}.baru")
    try:
        yield half
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def _opened(half: Path) -> int:
    half.unlink(missing_ok=True)
    return os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


@contextmanager
def written(path: Path) -> Generator[None]:
    """What the system refuses of a file, as MachineError in words of the office."""
    try:
        yield
    except OSError as error:
        what = _SAID.get(error.errno or 0, f"galat sistem {error.errno}")
        remedy = "Pilih tempat lain yang dapat Anda tulisi."
        raise MachineError(Problem(str(path), f"tidak dapat ditulis: {what}.", remedy)) from None


_SAID = {
    errno.EEXIST: "sudah ada berkas dengan nama itu", errno.ENOTDIR: "sudah ada berkas dengan nama itu",
    errno.EISDIR: "sudah ada folder dengan nama itu", errno.EACCES: "tidak ada izin", errno.EROFS: "tidak ada izin",
    errno.ENOENT: "foldernya tidak ada", errno.ENOSPC: "disk penuh",
}  # fmt: skip
