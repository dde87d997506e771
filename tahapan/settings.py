"""Settings from the environment (TAHAPAN_*), read only at the edge."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tahapan.errors import DataError, Problem

HOME = "tahapan-home"


class Settings(BaseSettings):
    """``TAHAPAN_HOME`` folder of the installation; ``TAHAPAN_DATABASE_URL`` instead of its SQLite file.

    ``TAHAPAN_ALAMAT`` opens the desk to other machines (`deployments.address`), with a certificate and its key in
    ``TAHAPAN_TLS_SERTIFIKAT`` and ``TAHAPAN_TLS_KUNCI``.

    ``TAHAPAN_POST``: letters leave by mail not at all (``mati``), all to ``TAHAPAN_POST_UJI`` (``uji``), or in earnest
    (``hidup``); through the office's mail server ``TAHAPAN_SMTP_HOST``, ``_PORT``, ``_KEAMANAN``, ``_NAMA``, ``_SANDI``,
    from the address ``_DARI``. ``_CA``: the certificate of a server that nobody else vouches for.
    """

    model_config = SettingsConfigDict(env_prefix="TAHAPAN_")

    home: Path = Path(HOME)
    database_url: str = ""
    alamat: str = ""
    tls_sertifikat: Path | None = None
    tls_kunci: Path | None = None
    post: Literal["mati", "uji", "hidup"] = "mati"
    post_uji: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_keamanan: Literal["starttls", "tls", "tanpa"] = "starttls"
    smtp_nama: str = ""
    smtp_sandi: SecretStr = SecretStr("")
    smtp_dari: str = ""
    smtp_ca: Path | None = None


def read_settings(home: Path | None = None) -> Settings:
    """The environment as it is now; DataError naming each variable that cannot be used."""
    try:
        return Settings() if home is None else Settings(home=home)
    except ValidationError as error:
        faults = (
            Problem(
                f"TAHAPAN_{str(each['loc'][0]).upper()}",
                f"nilai {each['input']!r} tidak dapat dipakai.",
                _allowed(each.get("ctx", {})),
            )
            for each in error.errors()
        )
        raise DataError(*faults) from None


def _allowed(context: dict[str, object]) -> str:
    return (
        f"Pakai {context['expected']}.".replace("' or '", "' atau '")
        if "expected" in context
        else "Perbaiki atau hapus."
    )
