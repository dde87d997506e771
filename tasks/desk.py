"""Where letters can be opened in a browser."""

from __future__ import annotations

import os

DESK_URL = "TAHAPAN_DESK_URL"  # set by whoever starts the desk


def desk_address() -> str:
    """The address of the desk, without a slash at the end."""
    return os.environ.get(DESK_URL, "http://127.0.0.1:4280")
