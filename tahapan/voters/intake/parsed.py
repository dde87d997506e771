"""The SQL that turns cells as people write them into values; what cannot be one is NULL and keeps its text beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from tahapan.dates import BULAN_TERTULIS
from tahapan.voters.intake.columns import Kind

TABLES: dict[Kind, dict[str, str]] = {
    "daftar": dict.fromkeys(("nkk", "nik", "nik_samar", "nama", "tempat_lahir"), "VARCHAR")
    | {"lahir": "DATE", "lahir_tahun": "SMALLINT"}
    | dict.fromkeys(("kawin", "jk", "alamat", "rt", "rw", "kecamatan", "nagari"), "VARCHAR")
    | {"tps": "INTEGER", "disabilitas": "VARCHAR", "keterangan": "VARCHAR"},
    "kematian": dict.fromkeys(("nik", "nik_samar", "nama", "tempat_lahir"), "VARCHAR")
    | {"lahir": "DATE", "lahir_tahun": "SMALLINT"}
    | dict.fromkeys(("jk", "alamat", "kecamatan", "nagari"), "VARCHAR")
    | {"meninggal": "DATE", "bukti": "VARCHAR", "keterangan": "VARCHAR"},
}
NUMBER: dict[Kind, str] = {"daftar": "id", "kematian": "ref"}
EARLIEST, LATEST = 1850, 2100  # years that a date can have at all

_JK = {"L": "LK LAKI LAKILAKI LAKI-LAKI PRIA COWOK", "P": "PR PRP PEREMPUAN WANITA CEWEK"}
_KAWIN = {
    "B": "BK BELUM BELUMKAWIN BELUMMENIKAH BELUMNIKAH LAJANG TIDAKKAWIN",
    "S": "SK K KAWIN MENIKAH NIKAH SUDAH SUDAHKAWIN SUDAHMENIKAH SUDAHNIKAH KAWINTERCATAT KAWINBELUMTERCATAT"
    " KAWINTIDAKTERCATAT",
    "P": "PERNAH PERNAHKAWIN PERNAHMENIKAH PERNAHNIKAH CERAI CERAIHIDUP CERAIMATI JANDA DUDA CERAITERCATAT"
    " CERAIBELUMTERCATAT CERAIHIDUPTERCATAT CERAIHIDUPBELUMTERCATAT",
}
_MONTHS = BULAN_TERTULIS | {"may": 5, "aug": 8, "oct": 10, "dec": 12}  # what an English Excel writes
ERRORS = "('#N/A', '#REF!', '#NAME?', '#VALUE!', '#DIV/0!', '#NULL!', '#NUM!')"


class Staged(NamedTuple):
    """What to select of a block, which rows of it have anything, and what to select of these, one after the other."""

    cells: str
    filled: str
    steps: tuple[str, ...]


def tidy(cell: str, *, plain: bool) -> str:
    """One line of visible text, or NULL. ``plain``: it has only letters, signs and single spaces of ASCII."""
    if plain:
        return f"nullif(trim({cell}), '')"
    seen = rf"regexp_replace(nfc_normalize({cell}), '[\p{{Cf}}]', '', 'g')"
    return (
        rf"CASE WHEN {cell} = '' THEN NULL WHEN regexp_matches({cell}, '[^ -~]|^ | $|  ')"
        rf" THEN nullif(trim(regexp_replace({seen}, '[\p{{Cc}}\p{{Z}}]+', ' ', 'g')), '') ELSE {cell} END"
    )


def _filled(cell: str) -> str:
    return f"CASE WHEN {cell} IN ('-', '--', '---', '.') OR {cell} IN {ERRORS} THEN NULL ELSE {cell} END"


def _digits(text: str) -> str:
    """A number of a person without the signs people and spreadsheets put into it; stars where it is hidden."""
    bare = f"""translate({text}, 'xX#•="’`. -' || chr(39), '****')"""
    return rf"CASE WHEN regexp_full_match({text}, '\d{{16}}') THEN {text} ELSE {bare} END"


def _number(bare: str, lost: str) -> str:
    return (
        rf"CASE WHEN regexp_full_match({bare}, '\d{{16}}') AND replace({bare}, left({bare}, 1), '') <> ''"
        f" AND NOT ({lost}) THEN {bare} END"
    )


def _hidden(bare: str) -> str:
    return rf"CASE WHEN contains({bare}, '*') AND regexp_full_match({bare}, '[\d*]{{16}}') THEN {bare} END"


def _code(text: str, codes: Mapping[str, str]) -> str:
    """The code a text stands for, by its letters."""
    sure = ", ".join(f"'{code}'" for code in codes)
    whens = " ".join(
        f"WHEN regexp_replace(upper({text}), '[^A-Z]', '', 'g') IN ({_quoted([code, *text_of.replace('-', '').split()])})"
        f" THEN '{code}'"
        for code, text_of in codes.items()
    )
    return f"CASE WHEN {text} IN ({sure}) THEN {text} {whens} END"


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in dict.fromkeys(words))


def _ordered(text: str) -> str:
    """A date as year-month-day when it has these parts, else what is written, with ``-`` between its parts."""
    months = " ".join(f"WHEN '{name}' THEN '{month}'" for name, month in _MONTHS.items())
    words = r"^(?:[a-z''’]+ *, *)?(\d{1,2})[ ./-]*([a-z]+)[ ./,-]*(\d+)$"
    bare = rf"trim(regexp_replace({text}, '[ T]+\d{{1,2}}:\d{{2}}(:\d{{2}}([.,]\d+)?)?( ?[AaPp][Mm])?$', ''))"
    named = f"regexp_extract(lower({bare}), '{words}', ['d', 'm', 'y'])"
    spelt = f"({named}).d || '-' || CASE ({named}).m {months} END || '-' || ({named}).y"
    parts = rf"regexp_replace({bare}, ' *[|/.,\\ -] *', '-', 'g')"
    slow = (
        f"regexp_replace(CASE WHEN regexp_matches({text}, '[A-SU-Za-z]') THEN coalesce({spelt}, {text})"
        rf" ELSE {parts} END, '^([\d*]{{1,2}})-([\d*]{{1,2}})-([\d]{{4}})$', '\3-\2-\1')"
    )
    return (
        rf"CASE WHEN regexp_full_match({text}, '\d\d[|/.-]\d\d[|/.-]\d{{4}}')"
        f" THEN right({text}, 4) || '-' || substr({text}, 4, 2) || '-' || left({text}, 2)"
        rf" WHEN regexp_full_match({text}, '\d{{4}}-\d\d-\d\d') THEN {text} ELSE {slow} END"
    )


def _day(ordered: str) -> str:
    day = rf"CASE WHEN regexp_full_match({ordered}, '\d{{4}}-\d{{1,2}}-\d{{1,2}}') THEN TRY_CAST({ordered} AS DATE) END"
    return f"CASE WHEN year({day}) BETWEEN {EARLIEST} AND {LATEST} THEN {day} END"


def _year(day: str, ordered: str) -> str:
    alone = r"\d{4}(-(0{1,2}-[\d*]{1,2}|[\d*]{1,2}-0{1,2}|[*]+-[\d*]+|[\d*]+-[*]+))?"
    written = f"TRY_CAST(left({ordered}, 4) AS SMALLINT)"
    return (
        f"CASE WHEN {day} IS NOT NULL THEN year({day})::SMALLINT WHEN regexp_full_match({ordered}, '{alone}')"
        f" AND {written} BETWEEN {EARLIEST} AND {LATEST} THEN {written} END"
    )


def _tps(text: str) -> str:
    named = r"^(?:TPS)?[ .:/-]*(?:NO[ .:]*)?0*(\d{1,4})(?:[.,]0+)?$"
    return (
        rf"nullif(CASE WHEN regexp_full_match({text}, '\d{{1,4}}') THEN TRY_CAST({text} AS INTEGER)"
        f" ELSE TRY_CAST(regexp_extract(upper({text}), '{named}', 1) AS INTEGER) END, 0)"
    )


def _bukti(text: str) -> str:
    """The kind of evidence by the words for it: *belum ada akta, surat wali nagari* is one of the nagari."""
    no = r"\b(tanpa|tidak|tdk|belum|blm|tak)( ber| ada| punya| memiliki| terbit| dilampirkan)*"
    words = rf"regexp_replace(lower({text}), '{no} *akt[ae]( kematian| mati)?', 'tanpa', 'g')"
    kinds = {
        "akta": r"\bakt[ae]\b", "nagari": r"nagari|\bdesa|lurah|\bwali\b|\bkades\b", "rt": r"\brt\b|\brw\b|jorong|dusun",
        "keluarga": r"keluarga|waris|\banak|istri|suami|orang tua|kerabat", "posko": r"posko|pengaduan|masyarakat|warga",
        "tanpa": r"tanpa|tidak|tdk|belum|blm|nihil|kosong",
    }  # fmt: skip
    whens = " ".join(f"WHEN regexp_matches({words}, '{pattern}') THEN '{kind}'" for kind, pattern in kinds.items())
    return f"CASE WHEN {text} IS NULL THEN 'tanpa' {whens} END"


def staged(
    kind: Kind,
    at: Mapping[str, int],
    cells: int,
    odd: Collection[int],
    *,
    usual: int,
    running: bool,
    lost: Mapping[str, bool],
) -> Staged:
    """What makes of cells each value, its text (``x_...``) and ``sidik``, the hash of all cells of the row.

    ``odd``: the cells with other than plain text; ``usual``: how many cells a row has of which nothing is said; ``running``: the column of the number only counts the rows; ``lost``: columns whose last digit is gone.
    """
    tidied = ", ".join(f"{tidy(f'c{n}', plain=n not in odd)} AS t{n}" for n in range(cells))
    texts = {name: _filled(f"t{place}") for name, place in at.items()}
    if "ttl" in at:  # "SULIKI, 12-03-1950"
        for name, group in (("tempat_lahir", 1), ("lahir", 2)):
            part = rf"nullif(regexp_extract({texts['ttl']}, '^([^\d*]*?)[ ,/|.-]*([\d*].*)?$', {group}), '')"
            texts[name] = f"coalesce({texts[name]}, {part})" if name in texts else part
    if "rt_rw" in at:  # "003/002"
        for name, group in (("rt", 1), ("rw", 2)):
            part = rf"nullif(regexp_extract({texts['rt_rw']}, '(\d+)\D+(\d+)', {group}), '')"
            part = f"coalesce({part}, {texts['rt_rw']})" if name == "rt" else part
            texts[name] = f"coalesce({texts[name]}, {part})" if name in texts else part
    wanted = [NUMBER[kind], *(name for name in TABLES[kind] if name not in ("nik_samar", "lahir_tahun"))]
    written = ", ".join(f"{texts.get(name, 'NULL::VARCHAR')} AS x_{name}" for name in wanted)
    counted = at.get(NUMBER[kind]) if running or kind == "daftar" else None
    hashed = ", ".join(f"t{n}" for n in range(cells) if n != counted) or "baris"
    some = ", ".join(f"t{n}" for n in range(cells))
    inside = ", ".join(
        f"substr(nik, {n}, 2)::TINYINT AS {name}" for n, name in ((7, "hari"), (9, "bulan"), (11, "tahun"))
    )
    return Staged(
        f"baris, coalesce(lebar, {usual}) AS lebar, luar, {tidied}",
        f"coalesce({some}, luar) IS NOT NULL",
        (
            f"baris, lebar, luar, {some}, hash({hashed}) AS sidik, {written}",
            f"*, {_between(kind)}",
            f"*, {_values(kind, at, lost)}",
            f"*, {_year('lahir', 'n_lahir')} AS lahir_tahun, {inside}",
        ),
    )


def _between(kind: Kind) -> str:
    numbers = ("nkk", "nik") if kind == "daftar" else ("nik",)
    days = ("lahir",) if kind == "daftar" else ("lahir", "meninggal")
    parts = [f"{_digits(f'x_{name}')} AS n_{name}" for name in numbers]
    return ", ".join([*parts, *(f"{_ordered(f'x_{name}')} AS n_{name}" for name in days)])


def _values(kind: Kind, at: Mapping[str, int], lost: Mapping[str, bool]) -> str:
    values = {name: f"x_{name}" for name in TABLES[kind]}
    own = f"x_{NUMBER[kind]}"  # a list that is numbered by NIK is numbered by its rows here
    person = f"regexp_replace({own}, '[^0-9]', '', 'g') IN (n_nik{', n_nkk' if kind == 'daftar' else ''})"
    number = f"CASE WHEN length({own}) < 16 OR NOT coalesce({person}, false) THEN {own} END"
    values |= {NUMBER[kind]: f"coalesce({number}, baris::VARCHAR)", "nik_samar": _hidden("n_nik")}
    for name in ("nkk", "nik"):
        values[name] = _number(f"n_{name}", f"right(n_{name}, 1) = '0'" if lost.get(name) else "false")
    values |= {"lahir": _day("n_lahir"), "jk": _code("x_jk", _JK)}
    if kind == "daftar":
        values |= {"kawin": _code("x_kawin", _KAWIN), "tps": _tps("x_tps")}
    else:
        values |= {"meninggal": _day("n_meninggal"), "bukti": _bukti("x_bukti") if "bukti" in at else "NULL::VARCHAR"}
        values.pop("nkk")
    values.pop("lahir_tahun")
    return ", ".join(f"{value} AS {name}" for name, value in values.items())
