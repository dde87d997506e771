"""Out to the office's channels through apprise; the domain decides what, where to and whether."""

from __future__ import annotations

import logging
import warnings

from tahapan.channels import Channel


def send(channel: Channel, title: str, text: str) -> str:
    """Send it; why that failed, without the address: it may hold a password."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of modules its plugins import
        import apprise

        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs addresses
        service = apprise.Apprise()
        if not service.add(channel.url.get_secret_value()):
            return f"{channel}: alamatnya tidak dapat dibaca; perbaiki dalam kantor/kantor.toml."
        try:
            gone = service.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # noqa: BLE001 - whatever a service does wrong, the brief goes on
            return f"{channel}: gagal ({type(error).__name__}); ringkasan tetap ada di UI dan di meja surat."
    return "" if gone else f"{channel}: tidak terkirim; periksa jaringan dan alamatnya."
