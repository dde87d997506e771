"""Which column of a foreign list is which, by the header as people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from tahapan.errors import DataError, Problem

Kind = Literal["daftar", "kematian"]

NAMED: dict[Kind, str] = {"daftar": "daftar pemilih", "kematian": "daftar pembanding"}
# Every spelling as `_key` leaves it: letters and digits only, "tanggal" as tgl, "nomor" as no, "status" as sts.
_BOTH = {
    "nik": "nik nonik noktp nikktp ktp noindukkependudukan noinduk niknoktp nikno noktpnik noidentitas nikpemilih",
    "nama": "nama namalengkap namapemilih namapenduduk namawarga namasesuaiktp",
    "tempat_lahir": "tempatlahir tmplahir tmptlahir tptlahir tempatkelahiran kotalahir",
    "lahir": "tgllahir lahir tglkelahiran tglblnthnlahir tglblnthlahir tgllhr tgllahirpemilih",
    "ttl": "ttl tempattgllahir tempatdantgllahir tempatlahirtgllahir tmpttgllahir tmptgllahir tempattgl",
    "jk": "jk lp jeniskelamin jnskelamin jeniskel jenkel jnskel jenklmn kelamin gender sex",
    "alamat": "alamat alamatlengkap alamatktp alamatjalan jalandukuh alamatjalandukuh",
    "rt": "rt nort alamatrt",
    "rw": "rw norw alamatrw",
    "rt_rw": "rtrw nortrw alamatrtrw",
    "kecamatan": "kecamatan kec namakecamatan namakec",
    "nagari": "nagari desa kelurahan kel keldesa desakel kelurahandesa desakelurahan nagaridesa desanagari"
    " nagarikelurahan kelurahannagari kelnagari nagarikel keldesanagari desakelurahannagari namanagari namadesa"
    " namakelurahan namakel namakeldesa namadesakelurahan",
    "tps": "tps notps tpsno",
    "disabilitas": "disabilitas difabel ragamdisabilitas jenisdisabilitas kodedisabilitas penyandangdisabilitas",
    "keterangan": "keterangan ket catatan",
}
_OF_ROLLS = {
    "id": "id dpid iddp idpemilih noid kodepemilih",
    "nkk": "nkk nokk kk nonkk nokartukeluarga",
    "kawin": "kawin stskawin stsperkawinan perkawinan stsnikah stspernikahan bsp kawinbsp",
}
_OF_DEATHS = {
    "ref": "ref referensi noakta noakte noaktakematian noaktekematian nosurat nosuratkematian nosuratketerangan"
    " nosuratketerangankematian nosk noskkematian nodokumen noregistrasi noregister noaktasurat nolaporan",
    "nama": " namaalmarhum namaalmarhumah namaalmarhumalmarhumah namaalm namajenazah namameninggal namayangmeninggal"
    " namapemilihmeninggal",
    "meninggal": "meninggal tglmeninggal tglwafat wafat tglkematian tglmati tglmeninggaldunia kematian",
    "bukti": "bukti buktikematian buktimeninggal jenisbukti dokumen jenisdokumen dokumenpendukung buktidukung"
    " jenissurat suratketerangan sumber sumberdata",
}
# Taken only when nothing better is there: in most lists *No.* counts the rows.
_INSTEAD: dict[str, str] = {
    "id": "no nourut urut", "ref": "no nourut urut id", "lahir": "thnlahir tahunlahir thlahir",
    "alamat": "jalan dukuh jorong dusun alamatdomisili", "tps": "tpsasal tpslama", "kecamatan": "kecamatanasal",
}  # fmt: skip
_NOT_OF_DEATHS = ("rt", "rw", "rt_rw", "tps", "disabilitas")
COUNTS_ROWS = ("no", "nourut", "urut")

_TOKENS = {
    "tanggal": "tgl", "tggl": "tgl", "nomor": "no", "nomer": "no", "nmr": "no", "status": "sts", "stat": "sts",
    "tanggallahir": "tgllahir", "statuskawin": "stskawin", "tahun": "thn", "bulan": "bln",
}  # fmt: skip


def _known(kind: Kind) -> tuple[dict[str, str], dict[str, str]]:
    """From spelling to column: what is sure, and what is taken instead."""
    own = _OF_ROLLS if kind == "daftar" else _OF_DEATHS
    both = {name: text for name, text in _BOTH.items() if kind == "daftar" or name not in _NOT_OF_DEATHS}
    sure = {key: name for group in (both, own) for name, text in group.items() for key in text.split()}
    names = set(sure.values())
    return sure, {key: name for name, text in _INSTEAD.items() if name in names for key in text.split()}


_SPELT: dict[Kind, tuple[dict[str, str], dict[str, str]]] = {"daftar": _known("daftar"), "kematian": _known("kematian")}


def names(kind: Kind) -> tuple[str, ...]:
    """The columns that a list of this kind can have; ``ttl`` and ``rt_rw`` are two in one."""
    return tuple(dict.fromkeys(_SPELT[kind][0].values()))


def key(header: str) -> str:
    """A header by its letters and digits: ``TGL. LAHIR (DD|MM|YYYY)`` and ``Tanggal Lahir`` are the same."""
    plain = re.sub(r"\(.*?\)", " ", unicodedata.normalize("NFKC", header).casefold())
    plain = plain if any(sign.isalnum() for sign in plain) else header.casefold()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return "".join(_TOKENS.get(word, word) for word in words)


def masked(text: str) -> str:
    """Text of a file as it may be shown: no long number, one line, not too much of it."""
    text = re.sub(r"\d(?:[\s.\-*]*\d){7,}", lambda run: f"{run[0][:4]}…{run[0][-2:]}", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:60]


def guess(headers: Sequence[str], kind: Kind, columns: Mapping[str, str] | None = None) -> dict[str, int]:
    """Column to index, in the order of the file; DataError without *nama*, or when two claim one place.

    ``columns`` (column to header) says some of them; an empty header: the list has no such column.
    """
    keys = [key(header) for header in headers]
    given = _given(headers, keys, kind, columns or {})
    found = {name: place for name, place in given.items() if place is not None}
    free = [place for place in range(len(keys)) if place not in found.values()]
    sure, instead = _SPELT[kind]
    faults: list[Problem] = []
    for place in free:
        name = sure.get(keys[place])
        if name is None or name in given:
            continue
        if name in found:
            both = (
                f"{masked(headers[found[name]])} (ke-{found[name] + 1}) dan {masked(headers[place])} (ke-{place + 1})"
            )
            faults.append(Problem("baris judul", f"dua kolom untuk {name}: {both}.", _CHOOSE))
        else:
            found[name] = place
    for place in free:
        name = instead.get(keys[place])
        if name and name not in given and place not in found.values():
            found.setdefault(name, place)
    if "nama" not in found:
        there = ", ".join(filter(None, map(masked, headers))) or "tidak ada"
        faults.append(Problem("baris judul", f"tidak ada kolom nama (judul yang terbaca: {there[:300]}).", _CHOOSE))
    if faults:
        raise DataError(*faults)
    return dict(sorted(found.items(), key=lambda item: item[1]))


_CHOOSE = "Perbaiki judulnya, atau sebutkan judul yang dipakai, seperti --kolom nama='Nama Warga'."


def _given(
    headers: Sequence[str], keys: Sequence[str], kind: Kind, columns: Mapping[str, str]
) -> dict[str, int | None]:
    given: dict[str, int | None] = {}
    for name, header in columns.items():
        if name not in names(kind):
            raise DataError(Problem(f"--kolom {name}", "kolom ini tidak dikenal.", f"Pilih: {', '.join(names(kind))}."))
        if not header:
            given[name] = None
            continue
        places = [n for n, title in enumerate(headers) if title.strip() == header.strip()]
        places = places or [n for n, one in enumerate(keys) if one and one == key(header)]
        if len(places) != 1 or places[0] in given.values():
            said = {0: "tidak ada", 1: "sudah dipakai kolom lain"}.get(len(places), f"ada {len(places)}")
            there = ", ".join(filter(None, map(masked, headers)))
            raise DataError(
                Problem(f"--kolom {name}", f"judul {masked(header)} {said}.", f"Judul berkas: {there[:300]}.")
            )
        given[name] = places[0]
    return given


def known(header: str, kind: Kind, columns: Mapping[str, str] | None = None) -> str | None:
    """The column this header names, by itself or because ``columns`` says so."""
    one = key(header)
    for name, written in (columns or {}).items():
        if written and key(written) == one:
            return name
    sure, instead = _SPELT[kind]
    return sure.get(one) or instead.get(one)


def score(headers: Sequence[str], kind: Kind, columns: Mapping[str, str] | None = None) -> int:
    """How many different columns this row names."""
    return len({known(header, kind, columns) for header in headers if header.strip()} - {None})
