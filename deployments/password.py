"""The password of an office: made at the first start, kept where only its owner reads it, the same for server and desk."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tahapan.errors import MachineError, Problem

AUTH = "PREFECT_SERVER_API_AUTH_STRING"  # what Prefect asks for, and our desk too: user:password
USER, FILE = "kantor", "sandi"
NOT_OURS = 0o077


def set_password(root: Path) -> str:
    """Into the environment of this process and its children; the new password when one was made, else ""."""
    if os.environ.get(AUTH):  # set outside: ours is not asked for
        return ""
    path = root / FILE
    made = "" if path.exists() else _make(path)
    try:
        os.environ[AUTH] = path.read_text("utf-8").strip()
    except OSError as error:
        raise MachineError(
            Problem(str(path), f"tidak terbaca ({error.strerror}).", "Perbaiki izinnya, atau hapus untuk sandi baru.")
        ) from None
    if ":" not in os.environ[AUTH]:
        del os.environ[AUTH]
        raise MachineError(Problem(str(path), "bukan nama:sandi.", "Hapus berkas itu; sandi baru dibuat."))
    return made


def _make(path: Path) -> str:
    password = secrets.token_urlsafe(12)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{USER}:{password}\n")
    except OSError as error:
        raise MachineError(Problem(str(path), f"tidak dapat ditulis ({error.strerror}).", "Kosongkan disk.")) from None
    return password


def read_by_others(root: Path) -> list[Path]:
    """Files of secrets that others than their owner may read."""
    return [path for name in (FILE, "kunci") if (path := root / name).exists() and path.stat().st_mode & NOT_OURS]
