"""Where the desk listens, and what an office needs before others may reach it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deployments.address import desk_address
from deployments.password import AUTH, read_by_others, set_password
from tahapan.errors import MachineError
from tahapan.settings import Settings

FILES = {"tls_sertifikat": "sertifikat.pem", "tls_kunci": "kunci.pem"}


@pytest.fixture
def tls(tmp_path: Path) -> dict[str, Path]:
    for name in FILES.values():
        (tmp_path / name).write_text("pem")
    return {name: tmp_path / file for name, file in FILES.items()}


@pytest.mark.parametrize(
    ("said", "bound", "public", "names"),
    [
        ("", ("127.0.0.1", 4280), "http://127.0.0.1:4280", ("127.0.0.1", "localhost")),
        ("192.168.1.10:4290", ("192.168.1.10", 4290), "http://192.168.1.10:4290", ("192.168.1.10", "127.0.0.1", "localhost")),
        ("10.0.0.5", ("10.0.0.5", 4280), "http://10.0.0.5:4280", ("10.0.0.5", "127.0.0.1", "localhost")),
        ("https://meja.example", ("127.0.0.1", 4280), "https://meja.example", ("meja.example", "127.0.0.1", "localhost")),
        ("https://meja.example:8443/", ("127.0.0.1", 4280), "https://meja.example:8443", ("meja.example", "127.0.0.1", "localhost")),
        ("[fd00::5]:4280", ("fd00::5", 4280), "http://[fd00::5]:4280", ("fd00::5", "127.0.0.1", "localhost")),
    ],
)  # fmt: skip
def test_the_desk_listens_where_the_office_says(said: str, bound: tuple[str, int], public: str, names: tuple[str, ...]):
    """To this machine alone unless told; behind a proxy with TLS still to this machine alone."""
    place = desk_address(Settings(alamat=said), 4280, password=True)
    assert ((place.host, place.port), place.public, place.names, place.tls) == (bound, public, names, ())


@pytest.mark.parametrize("said", ["8.8.8.8:4280", "0.0.0.0", "[::]:4280", "meja.example:4280", "http://meja.example"])
def test_beyond_a_private_network_it_wants_tls(said: str, tls: dict[str, Path]):
    """Everywhere is beyond, and a name may be."""
    with pytest.raises(MachineError, match="bukan jaringan pribadi, dan tidak ada TLS"):
        desk_address(Settings(alamat=said), 4280, password=True)
    place = desk_address(Settings(alamat=said, **tls), 4280, password=True)
    assert place.tls == ("--ssl-certfile", str(tls["tls_sertifikat"]), "--ssl-keyfile", str(tls["tls_kunci"]))
    assert place.public.startswith("https://") and place.own.startswith("https://")


@pytest.mark.parametrize("said", ["192.168.1.10:4280", "https://meja.example", "127.0.0.1:4281"])
def test_nobody_opens_it_without_a_password(said: str):
    with pytest.raises(MachineError, match="membuka meja surat tanpa sandi"):
        desk_address(Settings(alamat=said), 4280, password=False)


@pytest.mark.parametrize("said", ["rumah saya", "http://", "10.0.0.5:99999", "ftp://x"])
def test_what_is_no_address_is_told(said: str):
    with pytest.raises(MachineError, match=r"TAHAPAN_ALAMAT: .* bukan alamat"):
        desk_address(Settings(alamat=said), 4280, password=True)


def test_half_a_certificate_is_none(tls: dict[str, Path]):
    """Both files, and both there."""
    for given in ({"tls_kunci": tls["tls_kunci"]}, tls | {"tls_kunci": Path("tidak-ada")}):
        with pytest.raises(MachineError, match="sertifikat atau kunci TLS tidak ada"):
            desk_address(Settings(alamat="8.8.8.8", **given), 4280, password=True)


@pytest.fixture
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AUTH, "")


@pytest.mark.usefixtures("no_password")
def test_a_password_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    """Shown at the first start, kept with mode 600, the same ever after."""
    password = set_password(tmp_path)
    assert len(password) >= 16 and os.environ[AUTH] == f"kantor:{password}"
    assert (tmp_path / "sandi").stat().st_mode & 0o777 == 0o600
    os.environ[AUTH] = ""
    assert set_password(tmp_path) == ""
    assert os.environ[AUTH] == f"kantor:{password}"
    assert read_by_others(tmp_path) == []
    (tmp_path / "sandi").chmod(0o644)
    assert read_by_others(tmp_path) == [tmp_path / "sandi"]


def test_a_password_from_outside_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(AUTH, "lain:dari-luar")
    assert set_password(tmp_path) == "" and os.environ[AUTH] == "lain:dari-luar"
    assert not (tmp_path / "sandi").exists()


@pytest.mark.usefixtures("no_password")
def test_a_file_that_is_no_password_is_told(tmp_path: Path):
    (tmp_path / "sandi").write_text("tanpa titik dua")
    with pytest.raises(MachineError, match="bukan nama:sandi"):
        set_password(tmp_path)
