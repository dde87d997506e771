"""A new office folder for any regency: what its code says is filled in, the rest stays empty and is named."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tahapan.errors import NotKnown, Problem, Refused
from tahapan.home import SAMPLE_OFFICE
from tahapan.office import Office, load_office
from tahapan.plan import DATA
from tahapan.reading import read_toml

WORDS = DATA / "daerah.toml"
PAGES = DATA / "kantor_baru"
_HOW = 'Cari kodenya dengan `tahapan init --cari "nama kabupaten"`.'


def find_codes(text: str) -> list[tuple[str, str]]:
    """Regencies and towns whose name contains ``text``: code, and name with province."""
    from lokal import wilayah  # here as below: it loads all villages of the country

    wanted = text.casefold().strip()
    regencies = (area for province in wilayah.list_wilayah() for area in wilayah.list_wilayah(province.code))
    return [(area.code, area.path) for area in regencies if wanted in area.name.casefold()]


def make_office(root: Path, code: str) -> Office:
    """``kantor/`` in ``root`` for the regency with this Kemendagri code, whole or not at all.

    NotKnown for a code that is none, Refused for a folder that is not empty.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Refused(Problem(str(root), "folder itu tidak kosong.", "Pilih folder baru untuk rumah tahapan."))
    pages = propose(code)
    half = root / "kantor.baru"
    try:
        half.mkdir(parents=True)
        for name, text in pages.items():
            (half / name).write_text(text, "utf-8", newline="\n")
        shutil.copyfile(SAMPLE_OFFICE / "libur.toml", half / "libur.toml")
        load_office(half)
        return load_office(half.rename(root / "kantor"))
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def propose(code: str) -> dict[str, str]:
    """The files of the new folder by name, as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(  # noqa: S701 - it writes TOML; every value goes through the filter
        loader=FileSystemLoader(PAGES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    pages.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)  # a TOML string is quoted as JSON's
    known = _known_of(code)
    return {name: pages.get_template(f"{name}.j2").render(known) for name in _NAMES}


_NAMES = ("kantor.toml", "pejabat.toml", "alamat.toml", "wilayah.toml")


def area_of(written: str) -> Any:
    """The area of a Kemendagri code as somebody wrote it (``13.07``, ``1307``), with its ``level``; None for a code that is none."""
    from lokal import wilayah

    code = wilayah.normalize_wilayah_code(written) if re.fullmatch(r"[\d.]+", written.strip()) else ""
    return wilayah.get_wilayah(code) if code else None


def _known_of(written: str) -> Mapping[str, Any]:
    """Everything a code says: names, districts and villages, and the words used there."""
    from lokal import wilayah

    area = area_of(written)
    if area is None or area.level != 2:
        what = f"{written!r} bukan kode kabupaten atau kota." if written else "kode wilayah belum ditulis."
        raise NotKnown(Problem("--kode", what, _HOW))
    code = area.code
    data = read_toml(WORDS)
    province = data["provinsi"][code[:2]]
    kind, _, name = area.name.partition(" ")
    districts = [
        {
            "kode": district.code, "nama": district.name,
            "desa": [{"kode": village.code, "nama": village.name} for village in wilayah.list_wilayah(district.code)],
        }
        for district in wilayah.list_wilayah(code)
    ]  # fmt: skip
    places = {
        "kode": code, "wilayah": area.name, "nama": name, "kota": kind == "Kota",
        "provinsi": province.get("nama") or wilayah.wilayah_name(code[:2]),
    }  # fmt: skip
    words = data["umum"] | {key: said for start in _from_general(data["sebutan"]) if code.startswith(start)
                            for key, said in data["sebutan"][start].items()}  # fmt: skip
    words = {key: said.format_map(places) for key, said in words.items()}
    return {
        **places, **words, **_village_words(words, districts),
        "id": re.sub(r"[^a-z0-9]+", "-", area.name.lower()).strip("-"),
        "kepala_daerah": f"Wali {area.name}" if kind == "Kota" else f"Bupati {name}",
        "zona": province["zona"], "ibu_kota": province["ibu_kota"], "daftar": districts,
        "tempat": ("Jakarta" if code.startswith("31.") else name) if kind == "Kota" else "",
    }  # fmt: skip


def _from_general(codes: Mapping[str, Any]) -> list[str]:
    return sorted(codes, key=len)


def _village_words(words: Mapping[str, str], districts: list[dict[str, Any]]) -> dict[str, Any]:
    """A town of kelurahan only has no desa to speak of; where there are both, a text about all names both."""
    kinds = {village["kode"].rpartition(".")[2][0] == "1" for district in districts for village in district["desa"]}
    if kinds == {True}:
        return {"sebutan_desa": "kelurahan", "kepala_desa": "Lurah", "ada_desa": False}
    both = f"{words['sebutan_desa']}/kelurahan"
    return {"sebutan_desa": both if True in kinds else words["sebutan_desa"], "ada_desa": True}
