"""Alembic, on one connection, without an ini file."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tahapan.store.engine import writing


def upgrade(engine: sa.Engine) -> None:
    """Bring the tables to HEAD; two processes at once are harmless."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
