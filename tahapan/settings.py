"""Settings from the environment (TAHAPAN_*), read only at the edge."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = "tahapan-home"


class Settings(BaseSettings):
    """``TAHAPAN_HOME`` folder of the installation; ``TAHAPAN_DATABASE_URL`` instead of its SQLite file.

    ``TAHAPAN_ALAMAT`` opens the desk to other machines (`deployments.address`), with a certificate and its key in
    ``TAHAPAN_TLS_SERTIFIKAT`` and ``TAHAPAN_TLS_KUNCI``.
    """

    model_config = SettingsConfigDict(env_prefix="TAHAPAN_")

    home: Path = Path(HOME)
    database_url: str = ""
    alamat: str = ""
    tls_sertifikat: Path | None = None
    tls_kunci: Path | None = None
