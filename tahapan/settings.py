"""Settings from the environment (TAHAPAN_*), read only at the edge."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = "tahapan-home"


class Settings(BaseSettings):
    """``TAHAPAN_HOME`` folder of the installation; ``TAHAPAN_DATABASE_URL`` instead of its SQLite file."""

    model_config = SettingsConfigDict(env_prefix="TAHAPAN_")

    home: Path = Path(HOME)
    database_url: str = ""
