"""`demo`, `up`, `rehearse`: start something."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Put these commands at the top level."""
