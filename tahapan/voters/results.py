"""What an examination writes down: proposals, other findings, faulty rows, a summary; files of mode 600, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from tahapan.characters import no_formula
from tahapan.private import private

FOUND, OTHERS, FAULTS, SUMMARY = "usulan.csv", "temuan-lain.csv", "masalah.csv", "ringkasan.md"
LEVELS = {
    "A": "tidak ada yang membantah, dan kebetulan hampir tidak mungkin.",
    "B": "satu hal tidak tertulis atau berbeda tulisan.",
    "C": "dua hal berbeda tulisan, atau tanggalnya rusak; periksa di lapangan.",
    "D": "dugaan saja.",
}
_VOTER = """
    d.id, {other}, t.level, t.alasan, kode.kode AS kode_tms, format('{{:.6f}}', t.kebetulan) AS kebetulan,
    d.baris AS baris_daftar, d.nama, d.lahir AS tanggal_lahir, d.kecamatan, d.nagari, d.tps
"""
_DECEASED = f"""
    SELECT {_VOTER.format(other="k.ref")}, k.baris AS baris_kematian, k.nama AS nama_kematian,
           k.meninggal AS tanggal_meninggal, k.bukti
    FROM temuan t JOIN daftar d ON d.baris = t.baris JOIN meninggal k ON k.baris = t.lawan LEFT JOIN kode USING (periksa)
    WHERE t.periksa = 'meninggal' AND t.level <= $1
    ORDER BY d.kecamatan, d.nagari, d.tps, d.nama, d.baris, k.baris
"""
_REST = f"""
    SELECT t.periksa, {_VOTER.format(other="l.id AS id_lawan")}, l.sumber AS daftar_lawan, l.baris AS baris_lawan,
           l.nama AS nama_lawan, l.nagari AS nagari_lawan, l.tps AS tps_lawan
    FROM temuan t LEFT JOIN daftar d ON d.baris = t.baris
    LEFT JOIN lawan l ON l.baris = t.lawan AND l.sumber = t.sumber LEFT JOIN kode USING (periksa)
    WHERE t.periksa <> 'meninggal' AND t.level <= $1
    ORDER BY t.periksa, d.kecamatan, d.nagari, d.tps, d.nama, d.baris, l.baris
"""


def write_results(con: duckdb.DuckDBPyConnection, out: Path, lists: Sequence[str], lowest: str) -> None:
    """The proposals of ``temuan`` down to level ``lowest``; people as the files name them, without numbers of persons."""
    (out / FOUND).unlink(missing_ok=True)  # of an earlier run that had deaths to compare
    if "meninggal" in lists:
        write_rows(con, out / FOUND, _DECEASED, lowest)
    others = [name for name in lists if name != "meninggal"]
    con.execute(
        "CREATE OR REPLACE TEMP VIEW lawan AS SELECT 'daftar' AS sumber, baris, id, nama, nagari, tps FROM daftar "
        + " ".join(f"UNION ALL SELECT '{name}', baris, ref, nama, nagari, NULL FROM {name}" for name in others)
    )
    write_rows(con, out / OTHERS, _REST, lowest)
    write_rows(con, out / FAULTS, "SELECT * FROM masalah ORDER BY ALL")


def write_rows(con: duckdb.DuckDBPyConnection, path: Path, query: str, *given: object) -> None:
    """What a query gives as a private CSV file; no text in it is a formula."""
    found = con.execute(query, [*given])
    with private(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column[0] for column in found.description or ()])
        while rows := found.fetchmany(10_000):
            writer.writerows([no_formula(value) if isinstance(value, str) else value for value in row] for row in rows)


def summary(
    files: Mapping[str, int], found: Sequence[tuple[str, Mapping[str, int]]],
    faults: Iterable[tuple[str, str, str, int]], lowest: str,
) -> str:  # fmt: skip
    """For the office, in Markdown; counts only. ``files``: rows; ``found``: title and rows by level of each check."""
    lines = ["# Pencermatan daftar pemilih", "", *(f"- {name}: {rows} baris" for name, rows in files.items())]
    lines += ["", f"| Pemeriksaan | {' | '.join(LEVELS)} |", f"|---|{'---|' * len(LEVELS)}"]
    lines += [f"| {title} | {' | '.join(str(counts.get(level, 0)) for level in LEVELS)} |" for title, counts in found]
    lines += ["", f"Yang ditulis: tingkat A sampai {lowest}.", ""]
    lines += [f"- **{level}**: {said}" for level, said in LEVELS.items()]
    lines += ["", "**Ini usulan, bukan keputusan.** Setiap baris diperiksa orang dengan buktinya sebelum disarankan."]
    if table := [" | ".join(map(str, fault)).join(("| ", " |")) for fault in faults]:
        lines += [
            "",
            "## Yang kurang dalam berkas",
            "",
            "| Berkas | Kolom | Masalah | Baris |",
            "|---|---|---|---|",
            *table,
        ]
    return "\n".join([*lines, ""])
