"""Where the desk listens, under which names it is reached, and what that needs: a password, TLS."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from tahapan.errors import MachineError, Problem
from tahapan.settings import Settings

LOOPBACK = "127.0.0.1"
_WHERE = "TAHAPAN_ALAMAT"
_FORM = re.compile(r"(?:(https?)://)?(\[[0-9a-fA-F:]+\]|[^:/\s]+)(?::(\d{1,5}))?/?")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what an office may write


@dataclass(frozen=True, slots=True)
class Address:
    """What to bind, what to print into links, and the names that requests may come by."""

    host: str
    port: int
    public: str
    names: tuple[str, ...]
    certificate: Path | None = None
    key: Path | None = None

    @property
    def own(self) -> str:
        """The address by which this machine reaches it."""
        host = LOOPBACK if self.host in _EVERYWHERE else self.host
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self.certificate else 'http'}://{shown}:{self.port}"

    @property
    def tls(self) -> tuple[str, ...]:
        """Options of uvicorn."""
        return ("--ssl-certfile", str(self.certificate), "--ssl-keyfile", str(self.key)) if self.certificate else ()


def desk_address(settings: Settings, port: int, *, password: bool) -> Address:
    """The desk's place: this machine alone, unless ``TAHAPAN_ALAMAT`` opens it.

    MachineError without a password, and beyond a private network without TLS.
    """
    said = settings.alamat.strip()
    if not said:
        return Address(LOOPBACK, port, f"http://{LOOPBACK}:{port}", (LOOPBACK, "localhost"))
    found = _FORM.fullmatch(said)
    if not found or int(found[3] or 0) > 65_535:
        raise _refused(f"{said!r} bukan alamat.", "Tulis seperti 192.168.1.10:4280 atau https://meja.example.")
    scheme, host = found[1] or "", found[2].strip("[]")
    files = _tls(settings)
    if not password:
        raise _refused("membuka meja surat tanpa sandi.", "Jalankan dengan `tahapan up`, atau setel sandinya.")
    if scheme == "https" and not files:  # a proxy beside us speaks TLS; we stay where only it reaches us
        chosen = f":{found[3]}" if found[3] else ""
        return Address(LOOPBACK, port, f"https://{found[2]}{chosen}", (host, LOOPBACK, "localhost"))
    private = _is_private(host)
    if not private and not files:
        remedy = "Setel TAHAPAN_TLS_SERTIFIKAT dan TAHAPAN_TLS_KUNCI, atau taruh di belakang proksi https."
        raise _refused(f"{host} bukan jaringan pribadi, dan tidak ada TLS.", remedy)
    listen = int(found[3] or port)
    shown = f"{'https' if files else 'http'}://{found[2]}:{listen}"
    names = ("*",) if host in _EVERYWHERE else (host, LOOPBACK, "localhost")
    bind = host if _is_number(host) else "0.0.0.0"  # noqa: S104 - a name of ours: the networks were looked at above
    return Address(bind, listen, shown, names, *(files or ()))


def _tls(settings: Settings) -> tuple[Path, Path] | None:
    certificate, key = settings.tls_sertifikat, settings.tls_kunci
    if certificate is None and key is None:
        return None
    if certificate is None or key is None or not (certificate.is_file() and key.is_file()):
        raise _refused("sertifikat atau kunci TLS tidak ada.", "Setel keduanya ke berkas yang ada.")
    return certificate, key


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_private(host: str) -> bool:
    """An address that no network outside routes to us; everywhere, and any name, may be one that does."""
    if host == "localhost":
        return True
    if not _is_number(host) or host in _EVERYWHERE:
        return False
    number = ipaddress.ip_address(host)
    return (
        number.is_loopback
        or number.is_link_local
        or any(number in network for network in _PRIVATE if network.version == number.version)
    )


_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def _refused(what: str, remedy: str) -> MachineError:
    return MachineError(Problem(_WHERE, what, remedy))
