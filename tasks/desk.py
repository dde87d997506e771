"""Where letters can be opened in a browser."""

from __future__ import annotations

import os

DESK_URL = "TAHAPAN_DESK_URL"  # set by whoever starts the desk, as is the next
DESK_HOSTS = "TAHAPAN_DESK_HOSTS"  # the names requests may come by, with commas


def desk_address() -> str:
    """The address of the desk, without a slash at the end."""
    return os.environ.get(DESK_URL, "http://127.0.0.1:4280")


def prefect_address() -> str:
    """Where the Prefect UI is; "" when this process speaks with no server."""
    return os.environ.get("PREFECT_API_URL", "").removesuffix("/api")


def desk_hosts() -> list[str]:
    """The names under which the desk may be asked."""
    return os.environ.get(DESK_HOSTS, "127.0.0.1,localhost").split(",")
