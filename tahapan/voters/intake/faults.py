"""What is wrong in the rows of a list, as conditions and words in SQL over the staged rows; no word shows a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from tahapan.voters.intake.columns import Kind
from tahapan.voters.intake.parsed import EARLIEST, ERRORS, LATEST, NUMBER, TABLES

_LONGEST_NAME = 100
Berat = Literal["salah", "peringatan"]


class Fault(NamedTuple):
    """A column, how grave it is, when it holds (SQL), and what is said of it (SQL)."""

    kolom: str
    berat: Berat
    when: str
    said: str


def faults(kind: Kind, at: Mapping[str, int], width: int, cells: int, lost: Mapping[str, bool]) -> Iterator[Fault]:
    """Everything that can be wrong with one row of a list with these columns; ``width`` of its ``cells`` have a header."""
    yield from _shape(width, cells)
    there = {*at} | ({"tempat_lahir", "lahir"} if "ttl" in at else set())
    yield Fault("nama", "salah", "nama IS NULL", _text("nama kosong. Isi nama menurut KTP-el."))
    long = _text(f"nama lebih dari {_LONGEST_NAME} huruf. Periksa apakah isi kolom lain masuk ke sini.")
    yield Fault("nama", "peringatan", f"length(nama) > {_LONGEST_NAME}", long)
    for name in ("kecamatan", "nagari", "tps"):
        if name in there:
            yield Fault(name, "peringatan", f"x_{name} IS NULL", _text(f"{name} kosong. Isi menurut daftar asalnya."))
    for name in ("nik", "nkk"):
        if name in there:
            yield from _number(name, lost=lost.get(name, False))
    if "nik" in there:
        yield from _in_nik()
    for name, called in (("lahir", "tanggal lahir"), ("meninggal", "tanggal meninggal")):
        if name in there:
            yield from _day(name, called)
    if kind == "kematian":
        said = _text("tanggal meninggal lebih awal daripada lahir. Periksa kedua tanggalnya di surat kematian.")
        early = "meninggal < coalesce(lahir, make_date(lahir_tahun, 1, 1))"
        yield Fault("meninggal", "salah", f"coalesce({early}, false)", said)
    for name, remedy in _CODES.items():
        if name in there:
            said = _join(f"'{remedy[0]} tertulis '", _shown(f"x_{name}"), _text(f", tidak dikenal. {remedy[1]}"))
            yield Fault(name, remedy[2], f"x_{name} IS NOT NULL AND {name} IS NULL", said)
    for name, place in at.items():
        if name in TABLES[kind] or name == NUMBER[kind]:
            said = _join("'berisi kesalahan Excel '", f"t{place}", _text(". Ketik isinya."))
            yield Fault(name, "salah", f"t{place} IN {ERRORS}", said)


_CODES: dict[str, tuple[str, str, Berat]] = {
    "jk": ("jenis kelamin", "Tulis L atau P.", "peringatan"),
    "kawin": ("status kawin", "Tulis B, S atau P.", "peringatan"),
    "tps": ("TPS", "Tulis nomornya saja.", "salah"),
    "bukti": ("bukti", "Tulis akta, nagari, rt, keluarga, posko atau tanpa.", "peringatan"),
}


def _shape(width: int, cells: int) -> Iterator[Fault]:
    beyond = [f"t{n}" for n in range(width, cells)]
    outside = f"coalesce({', '.join([*beyond, 'luar'])})" if beyond else "luar"
    said = f"baris ini lebih panjang dari judulnya ({width} kolom); isi di luarnya tidak terbaca."
    said += " Periksa tanda pemisah di dalam sel, atau beri judul kolomnya."
    yield Fault("baris", "salah", f"{outside} IS NOT NULL", _text(said))
    said = _join("'baris ini hanya '", "lebar", _text(f" sel, judulnya {width}. Periksa apakah isinya bergeser kolom."))
    yield Fault("baris", "peringatan", f"lebar < {width}", said)


def _number(name: str, *, lost: bool) -> Iterator[Fault]:
    called, text, bare = name.upper(), f"x_{name}", f"n_{name}"
    none = f"{text} IS NOT NULL AND {name} IS NULL"
    science = rf"regexp_full_match({text}, '\d([.,]\d+)?[eE]\+?\d+')"
    gone = f"({science} OR ({lost} AND regexp_full_match({bare}, '\\d{{15}}0')))"
    said = f"{called} kehilangan angka karena disimpan sebagai bilangan. Format kolomnya sebagai teks, lalu isi ulang."
    yield Fault(name, "salah", f"{none} AND {gone}", _text(said))
    hidden = rf"regexp_full_match({bare}, '[\d*]{{16}}') AND contains({bare}, '*')"
    if name == "nkk":
        said = "NKK disamarkan, tidak dipakai. Minta daftar dengan NKK bila diperlukan."
        yield Fault(name, "peringatan", f"{none} AND {hidden}", _text(said))
    same = rf"regexp_full_match({bare}, '\d{{16}}') AND replace({bare}, left({bare}, 1), '') = ''"
    said = f"{called} hanya satu angka yang berulang. Isi menurut KTP-el atau KK."
    yield Fault(name, "salah", f"{none} AND {same}", _text(said))
    counted = rf"length(regexp_replace({text}, '[^0-9*]', '', 'g'))"
    said = f"CASE WHEN regexp_matches({bare}, '[^0-9*]') THEN 'berisi huruf atau tanda lain' ELSE {counted} || ' angka' END"
    said = _join(f"'{called} bukan 16 angka ('", said, _text("). Periksa di KTP-el atau KK."))
    yield Fault(name, "salah", f"{none} AND NOT {gone} AND NOT ({hidden}) AND NOT ({same})", said)


def _in_nik() -> Iterator[Fault]:
    """Of PP KK CC DDMMYY SSSS: women have 40 added to the day (PP 40/2019)."""
    written, month, year = "hari", "bulan", "tahun"
    day = f"({written} % 40)"
    longest = f"[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][{month}]"
    real = (
        f"({written} BETWEEN 1 AND 71 AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND {longest}"
        f" AND NOT ({day} = 29 AND {month} = 2 AND {year} % 4 <> 0))"
    )
    remedy = "Cocokkan dengan KTP-el; NIK tidak diubah di sini."
    yield Fault("nik", "peringatan", f"NOT {real}", _text(f"tanggal lahir di dalam NIK tidak ada. {remedy}"))
    yield Fault("nik", "peringatan", "right(nik, 4) = '0000'", _text(f"NIK berakhir 0000. {remedy}"))
    unlike = f"day(lahir) <> {day} OR month(lahir) <> {month} OR year(lahir) % 100 <> {year}"
    said = f"tanggal lahir berbeda dari yang di dalam NIK. {remedy}"
    yield Fault("nik", "peringatan", f"{real} AND ({unlike})", _text(said))
    said = f"jenis kelamin berbeda dari yang di dalam NIK. {remedy}"
    yield Fault("nik", "peringatan", f"{real} AND ({written} > 40) <> (jk = 'P')", _text(said))


def _day(name: str, called: str) -> Iterator[Fault]:
    text, parts = f"x_{name}", f"n_{name}"
    none = f"{text} IS NOT NULL AND {name} IS NULL"
    unknown = rf"regexp_full_match({parts}, '[0*]+(-[0*]+)*')"
    hidden = rf"regexp_full_match({parts}, '[\d*]+(-[\d*]+)*') AND contains({parts}, '*')"
    whole = rf"regexp_full_match({parts}, '\d{{4}}-\d{{1,2}}-\d{{1,2}}')"
    short = rf"regexp_full_match({parts}, '\d{{1,2}}-\d{{1,2}}-\d{{2}}')"
    year, month, day = (f"TRY_CAST(split_part({parts}, '-', {n}) AS INTEGER)" for n in (1, 2, 3))
    only = rf"(regexp_full_match({parts}, '\d{{4}}') OR {whole} AND ({month} = 0 OR {day} = 0) OR {hidden})"
    wrote = _join(f"'{called} tertulis '", _shown(text))
    said = _join(wrote, _text(": tidak diketahui. Lengkapi bila ada sumbernya."))
    yield Fault(name, "peringatan", f"{none} AND {unknown}", said)
    said = _join(wrote, _text(": hari atau bulannya tidak ada. Lengkapi bila ada sumbernya."))
    alone = rf"AND NOT regexp_full_match({parts}, '\d{{4}}')" if name == "lahir" else ""
    yield Fault(name, "peringatan", f"{none} AND NOT {unknown} AND {only} {alone}", said)
    said = f"""CASE WHEN {short} THEN ': tahunnya dua angka. Tulis empat angka.'
        WHEN {whole} AND {year} NOT BETWEEN {EARLIEST} AND {LATEST} THEN ': tahun itu tidak mungkin. Periksa tahunnya.'
        WHEN {whole} AND {month} > 12 AND {day} <= 12 THEN ': bulan itu tidak ada. Hari dan bulannya mungkin tertukar.'
        WHEN {whole} THEN ': tanggal itu tidak ada. Periksa hari dan bulannya.'
        ELSE ': bukan tanggal. Tulis seperti 21|08|1950 atau 21 Agustus 1950.' END"""
    yield Fault(name, "salah", f"{none} AND NOT {unknown} AND NOT {only}", _join(wrote, said))
    if name == "lahir":
        impossible = rf"regexp_full_match({parts}, '\d{{4}}') AND lahir_tahun IS NULL"
        said = _join(wrote, _text(": tahun itu tidak mungkin. Periksa tahunnya."))
        yield Fault(name, "salah", f"{none} AND NOT {unknown} AND {impossible}", said)


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _join(*parts: str) -> str:
    return " || ".join(part if part.startswith("'") else f"({part})" for part in parts)


def _shown(text: str) -> str:
    """What is written, cut off; of a long number only its ends."""
    digits = rf"regexp_replace({text}, '\D', '', 'g')"
    ends = f"left({digits}, 4) || '…' || right({digits}, 2)"
    return f"CASE WHEN length({digits}) > 9 THEN {ends} ELSE left({text}, 40) END"
