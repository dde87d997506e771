"""What a pair is worth as evidence: level A to D, said in words, with the namesakes that chance alone would give.

A: nothing speaks against it and chance gives next to none. B: one thing is missing or written a little otherwise. C: two
are, or the date is damaged and the rest fits: look it up. D: an idea only, shown on request. A level proposes; a person
decides (DESIGN, promise 8). After the false matches of Oregon and Virginia (DOMAIN 4.7) name and date of birth alone are
never enough: either the NIK, or the place, or a name so rare that chance gives nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from tahapan.voters.linking import model

# gammas, as Splink counts the agreements of `model`: the best has the highest, none has 0
NIK_SAMA, NIK_SATU_ANGKA, NIK_SAMAR, NIK_LAIN = reversed(range(len(model.NIK)))
NAMA_SAMA, NAMA_KATA, NAMA_SINGKAT, NAMA_HURUF, NAMA_SATU, NAMA_MIRIP, NAMA_LAIN = reversed(range(len(model.NAMA)))
LAHIR_SAMA, LAHIR_TUKAR, LAHIR_ANGKA, LAHIR_TAHUN, LAHIR_LAIN = reversed(range(len(model.LAHIR)))
SATU_NAGARI, SATU_KECAMATAN, TEMPAT_LAIN = reversed(range(len(model.TEMPAT)))
ABSENT = -1

# Others on the list whom chance would give with the same name, date and place; the name counted as often as the list
# has it, more often where it is only alike, the date as often as the list has that day.
_TIMES = {NAMA_SAMA: 1, NAMA_KATA: 10, NAMA_SINGKAT: 10, NAMA_HURUF: 5, NAMA_SATU: 100, NAMA_MIRIP: 100}
_ANY_NAME = 1_000_000
_ONE_DIGIT = 30  # days that one digit makes of a date
_DAYS = 20_000  # on which voters are born: a short list has few of them, and a day says as much as on a long one

WORDS = {
    "nik": {NIK_SAMA: "NIK sama", NIK_SATU_ANGKA: "NIK beda satu angka", NIK_SAMAR: "angka NIK yang terbaca sama",
            NIK_LAIN: "NIK lain", ABSENT: "NIK tidak tertulis di kedua daftar"},
    "nama": {NAMA_SAMA: "nama sama", NAMA_KATA: "nama sama, satu kata lebih", NAMA_SINGKAT: "nama sama, disingkat",
             NAMA_HURUF: "nama beda satu-dua huruf", NAMA_SATU: "hanya satu kata namanya sama", NAMA_MIRIP: "nama mirip", NAMA_LAIN: "nama lain", ABSENT: "tanpa nama"},
    "lahir": {LAHIR_SAMA: "tanggal lahir sama", LAHIR_TUKAR: "hari dan bulan lahir tertukar",
              LAHIR_ANGKA: "tanggal lahir beda satu angka", LAHIR_TAHUN: "tahun lahir sama, tanggal tidak tertulis",
              LAHIR_LAIN: "tanggal lahir lain", ABSENT: "tanggal lahir tidak tertulis"},
    "tempat": {SATU_NAGARI: "nagari sama", SATU_KECAMATAN: "kecamatan sama", TEMPAT_LAIN: "kecamatan lain",
               ABSENT: "tempat tidak tertulis"},
    "jk": {1: "", 0: "jenis kelamin lain", ABSENT: ""},
}  # fmt: skip

_LEVEL = f"""
    CASE
    WHEN jk = 0 AND nik <> {NIK_SAMA} THEN 'D'
    WHEN nik = {NIK_SAMA} THEN CASE
        WHEN nama >= {NAMA_MIRIP} AND lahir >= {LAHIR_TUKAR} AND jk <> 0 THEN 'A'
        WHEN nama >= {NAMA_HURUF} AND lahir IN ({LAHIR_ANGKA}, {LAHIR_TAHUN}, {ABSENT}) AND jk <> 0 THEN 'A'
        WHEN nama >= {NAMA_HURUF} THEN 'B'
        WHEN nama >= {NAMA_MIRIP} AND lahir >= {LAHIR_TAHUN} THEN 'B'
        WHEN lahir = {LAHIR_SAMA} AND tempat = {SATU_NAGARI} AND jk <> 0 THEN 'C'
        ELSE 'D' END
    WHEN nik IN ({NIK_SATU_ANGKA}, {NIK_SAMAR}) THEN CASE  -- of those born on one day in one kecamatan many differ so
        WHEN nama >= {NAMA_HURUF} AND lahir >= {LAHIR_TUKAR} AND tempat = {SATU_NAGARI} AND saingan = 0 THEN 'B'
        WHEN nama >= {NAMA_HURUF} AND lahir = {LAHIR_SAMA} AND tempat = {SATU_KECAMATAN} AND kebetulan < 0.0005
             AND saingan = 0 THEN 'C'
        WHEN nama = {NAMA_MIRIP} AND lahir = {LAHIR_SAMA} AND tempat = {SATU_NAGARI} AND kebetulan < 0.02
             AND saingan = 0 THEN 'C'
        ELSE 'D' END
    WHEN nik = {NIK_LAIN} THEN CASE
        WHEN nama >= {NAMA_HURUF} AND lahir = {LAHIR_SAMA} AND tempat = {SATU_NAGARI} AND keluarga THEN 'C'
        ELSE 'D' END
    WHEN lahir = {LAHIR_SAMA} THEN CASE
        WHEN nama = {NAMA_SAMA} AND tempat = {SATU_NAGARI} AND kebetulan < 0.0001 AND saingan = 0 THEN 'A'
        WHEN nama >= {NAMA_HURUF} AND tempat = {SATU_NAGARI} AND kebetulan < 0.01 AND saingan = 0 THEN 'B'
        WHEN nama = {NAMA_SAMA} AND tempat >= {SATU_KECAMATAN} AND kebetulan < 0.003 AND saingan = 0 THEN 'B'
        WHEN nama = {NAMA_MIRIP} AND tempat = {SATU_NAGARI} AND kebetulan < 0.02 AND saingan = 0 THEN 'C'
        WHEN nama >= {NAMA_HURUF} AND kebetulan < 0.003 AND saingan = 0 THEN 'C'
        ELSE 'D' END
    WHEN lahir IN ({LAHIR_TUKAR}, {LAHIR_ANGKA}) THEN CASE
        WHEN nama = {NAMA_SAMA} AND tempat = {SATU_NAGARI} AND kebetulan < 0.02 AND saingan = 0 THEN 'C'
        ELSE 'D' END
    WHEN lahir = {LAHIR_TAHUN} THEN CASE
        WHEN nama = {NAMA_SAMA} AND tempat = {SATU_NAGARI} AND kebetulan < 0.05 AND saingan = 0 THEN 'C'
        ELSE 'D' END
    ELSE 'D' END
"""


def judge(con: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """The table ``pasangan``: a row for each pair of ``pairs`` with ``level``, ``alasan``, ``kebetulan``, ``bobot``.

    A pair of level C beside a better one of the same record goes to D; a person who stands twice is found twice.
    """
    con.execute(f"""
        CREATE OR REPLACE TABLE pasangan AS
        WITH n AS (SELECT count(*) AS orang, greatest(count(*), {_DAYS}) AS hari FROM l),
        senama AS (SELECT padat, count(*) AS banyak FROM l GROUP BY padat),
        sehari AS (SELECT lahir, count(*) AS banyak FROM l WHERE lahir IS NOT NULL GROUP BY lahir),
        setahun AS (SELECT tahun, count(*) AS banyak FROM l WHERE tahun IS NOT NULL GROUP BY tahun),
        senagari AS (SELECT tempat, count(*) AS banyak FROM l WHERE tempat IS NOT NULL GROUP BY tempat),
        sekecamatan AS (SELECT kec, count(*) AS banyak FROM l WHERE kec IS NOT NULL GROUP BY kec),
        dinilai AS (
            SELECT g.uid_l, g.uid_r, g.match_weight AS bobot, g.gamma_nik AS nik, g.gamma_nama AS nama,
                   g.gamma_lahir AS lahir, g.gamma_tempat AS tempat, g.gamma_jk AS jk, l.nkk, r.nik AS nik_r,
                   l.padat, l.lahir AS lahir_l,
                   senama.banyak * {_case("g.gamma_nama", _TIMES, _ANY_NAME)}
                   * CASE g.gamma_lahir WHEN {LAHIR_SAMA} THEN sehari.banyak / n.hari
                        WHEN {LAHIR_TUKAR} THEN sehari.banyak / n.hari
                        WHEN {LAHIR_ANGKA} THEN {_ONE_DIGIT} * sehari.banyak / n.hari
                        WHEN {LAHIR_TAHUN} THEN setahun.banyak / n.orang ELSE 1 END
                   * CASE g.gamma_tempat WHEN {SATU_NAGARI} THEN senagari.banyak / n.orang
                        WHEN {SATU_KECAMATAN} THEN sekecamatan.banyak / n.orang ELSE 1 END AS kebetulan
            FROM {pairs} g JOIN l ON l.uid = g.uid_l JOIN r ON r.uid = g.uid_r CROSS JOIN n
            LEFT JOIN senama ON senama.padat = l.padat
            LEFT JOIN sehari ON sehari.lahir = l.lahir
            LEFT JOIN setahun ON setahun.tahun = l.tahun
            LEFT JOIN senagari ON senagari.tempat = l.tempat
            LEFT JOIN sekecamatan ON sekecamatan.kec = l.kec
        ), keluarga AS (
            SELECT DISTINCT p.uid_l, p.uid_r FROM dinilai p JOIN l k ON k.nik = p.nik_r AND k.nkk = p.nkk
            WHERE p.nik = {NIK_LAIN}
        ), lengkap AS (
            SELECT p.*, k.uid_l IS NOT NULL AS keluarga,
                   (SELECT count(*) FROM dinilai o WHERE o.uid_r = p.uid_r AND o.uid_l <> p.uid_l
                       AND o.nama >= {NAMA_MIRIP} AND o.lahir >= p.lahir AND o.tempat >= p.tempat AND o.bobot > p.bobot - 5
                       AND NOT (o.padat = p.padat AND o.lahir_l IS NOT DISTINCT FROM p.lahir_l)) AS saingan
            FROM dinilai p LEFT JOIN keluarga k USING (uid_l, uid_r)
        ), berlevel AS (SELECT *, {_LEVEL} AS level FROM lengkap)
        SELECT uid_l, uid_r, {_said()} AS alasan, kebetulan, bobot, nik, nama, lahir, tempat, jk,
               CASE WHEN level = 'C' AND min(level) OVER (PARTITION BY uid_r) < 'C' THEN 'D' ELSE level END AS level
        FROM berlevel
    """)


def _said() -> str:
    spoken = {name: {gamma: f"'{word}'" for gamma, word in words.items()} for name, words in WORDS.items()}
    parts = [f"nullif({_case(name, words, 'NULL')}, '')" for name, words in spoken.items()]
    return f"concat_ws('; ', {', '.join(parts)})"


def _case(value: str, results: Mapping[int, object], otherwise: object) -> str:
    whens = " ".join(f"WHEN {each} THEN {result}" for each, result in results.items())
    return f"CASE {value} {whens} ELSE {otherwise} END"
