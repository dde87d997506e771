"""`tahapan rehearse` through the real Prefect: the letters of a fortnight, once and again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from tahapan import journal, register
from tahapan.dates import hari_tanggal
from tahapan.home import Home
from tahapan.letters.letter import Letter
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal, surat

pytestmark = pytest.mark.flow
FORTNIGHT = ("--from", "2024-08-13", "--to", "2024-08-30")

# duty, number, day, addressees and the first of them, in the order of the book
LETTERS = [
    (
        "V10.saran-perbaikan-dps",
        "001/PM.00.02/K.SB-99/08/2024",
        "Rabu, 14 Agustus 2024",
        1,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "V12.rakor-stakeholder",
        "002/PM.00.02/K.SB-99/08/2024",
        "Rabu, 14 Agustus 2024",
        62,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "V12.imbauan-pengumuman-dps",
        "003/PM.00.02/K.SB-99/08/2024",
        "Kamis, 15 Agustus 2024",
        93,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "V12.permintaan-data-kematian-nagari",
        "004/PM.00.02/K.SB-99/08/2024",
        "Kamis, 15 Agustus 2024",
        14,
        "Kepala Dinas Pemberdayaan Masyarak",
    ),
    ("N05.imbauan-netralitas", "005/PM.00.02/K.SB-99/08/2024", "Selasa, 20 Agustus 2024", 96, "Bupati Lima Puluh Kota"),
    (
        "N05.imbauan-pencalonan-kpu",
        "006/PM.00.02/K.SB-99/08/2024",
        "Selasa, 20 Agustus 2024",
        1,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "N05.imbauan-pencalonan-parpol",
        "007/PM.00.02/K.SB-99/08/2024",
        "Selasa, 20 Agustus 2024",
        18,
        "Ketua DPC Partai Kebangkitan Bangs",
    ),
    (
        "V12.permintaan-data-kematian",
        "008/PM.00.02/K.SB-99/08/2024",
        "Kamis, 22 Agustus 2024",
        2,
        "Kepala Dinas Kependudukan dan Penc",
    ),
    (
        "N05.permintaan-akun-silon",
        "009/PM.00.02/K.SB-99/08/2024",
        "Jumat, 23 Agustus 2024",
        1,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "N05.surat-tugas-pendaftaran",
        "010/PM.00.02/K.SB-99/08/2024",
        "Senin, 26 Agustus 2024",
        3,
        "Nama Ketua (contoh), Ketua Bawaslu",
    ),
    (
        "N05.surat-tugas-pendaftaran-staf",
        "011/PM.00.02/SB-99/08/2024",
        "Senin, 26 Agustus 2024",
        5,
        "Nama Kepala Sekretariat (contoh), ",
    ),
    (
        "umum.susulan-n05-imbauan-pencalonan-kpu-pkpu-10-2024",
        "012/PM.00.02/K.SB-99/08/2024",
        "Senin, 26 Agustus 2024",
        1,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "umum.susulan-n05-imbauan-pencalonan-parpol-pkpu-10-2024",
        "013/PM.00.02/K.SB-99/08/2024",
        "Senin, 26 Agustus 2024",
        18,
        "Ketua DPC Partai Kebangkitan Bangs",
    ),
    ("N05.lhp-hari-pertama", "001/LHP/PM.01.02/SB-99/27/VIII/2024", "Selasa, 27 Agustus 2024", 0, ""),
    (
        "N06.surat-tugas-pemeriksaan-kesehatan",
        "014/PM.00.02/K.SB-99/08/2024",
        "Selasa, 27 Agustus 2024",
        3,
        "Nama Ketua (contoh), Ketua Bawaslu",
    ),
    (
        "N06.surat-tugas-pemeriksaan-kesehatan-staf",
        "015/PM.00.02/SB-99/08/2024",
        "Selasa, 27 Agustus 2024",
        5,
        "Nama Kepala Sekretariat (contoh), ",
    ),
    ("N05.lhp-hari-kedua", "002/LHP/PM.01.02/SB-99/28/VIII/2024", "Rabu, 28 Agustus 2024", 0, ""),
    ("N05.lhp-hari-terakhir", "003/LHP/PM.01.02/SB-99/29/VIII/2024", "Kamis, 29 Agustus 2024", 0, ""),
    (
        "N07.surat-tugas-penelitian-administrasi",
        "016/PM.00.02/K.SB-99/08/2024",
        "Kamis, 29 Agustus 2024",
        3,
        "Nama Ketua (contoh), Ketua Bawaslu",
    ),
    (
        "N07.surat-tugas-penelitian-administrasi-staf",
        "017/PM.00.02/SB-99/08/2024",
        "Kamis, 29 Agustus 2024",
        5,
        "Nama Kepala Sekretariat (contoh), ",
    ),
    (
        "V12.saran-perbaikan-tanggapan",
        "018/PM.00.02/K.SB-99/08/2024",
        "Kamis, 29 Agustus 2024",
        1,
        "Ketua KPU Kabupaten Lima Puluh Kot",
    ),
    (
        "N05.rilis-pendaftaran",
        "001/HM.00.02/K.SB-99/08/2024",
        "Jumat, 30 Agustus 2024",
        5,
        "Pimpinan Redaksi Harian Contoh Sat",
    ),
]
# a law it cites, and one it must not: the one of the other subject, or one that was not yet in force
LAWS = {
    "V10.saran-perbaikan-dps": ("Nomor 7 Tahun 2024", "Nomor 8 Tahun 2024"),
    "V12.imbauan-pengumuman-dps": ("Nomor 7 Tahun 2024", "Nomor 8 Tahun 2024"),
    "N05.imbauan-pencalonan-kpu": ("Nomor 8 Tahun 2024", "Nomor 10 Tahun 2024"),
    "N05.imbauan-pencalonan-parpol": ("Nomor 8 Tahun 2024", "Nomor 10 Tahun 2024"),
    "N05.surat-tugas-pendaftaran": ("Nomor 10 Tahun 2024", "Nomor 7 Tahun 2024"),
    "N07.surat-tugas-penelitian-administrasi": ("Nomor 10 Tahun 2024", "Nomor 7 Tahun 2024"),
}


def rows_of(home: Home) -> list[LetterRow]:
    with reading(home.engine) as connection:
        return [row for row in register.letters(connection, home.office.profile.id) if row.numbered]


def records(root: Path) -> tuple[object, ...]:
    """Every row of register and journal, and every byte that people read."""
    home = Home(root)
    with reading(home.engine) as connection:
        rows = connection.execute(sa.select(surat).order_by(surat.c.id)).all()
        chain = connection.execute(sa.select(jurnal).order_by(jurnal.c.seq)).all()
    home.engine.dispose()
    files = {path.name: path.read_bytes() for path in [*home.surat.iterdir(), root / "ringkasan.md"]}
    return rows, chain, files


def on_paper(home: Home, row: LetterRow) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(home.surat / row.pdf).pages).split())


def test_the_fortnight_gives_its_letters(through_prefect):
    """Number, day with its weekday, addressees and signature, in the order of the book."""
    home = Home(through_prefect[0])
    letters = [(row, Letter.model_validate_json(row.content)) for row in rows_of(home)]

    found = [(row.short_key, row.nomor, hari_tanggal(row.tanggal), len(letter.kepada)) for row, letter in letters]
    assert found == [(duty, number, day, addressees) for duty, number, day, addressees, _ in LETTERS]
    first = {row.short_key: letter.kepada[0].jabatan for row, letter in letters if letter.kepada}
    assert [duty for duty, *_, addressee in LETTERS if not first.get(duty, "").startswith(addressee)] == []
    assert {(letter.signature.line, letter.signature.nama) for _, letter in letters} == {
        ("Ketua", "Nama Ketua (contoh)"),
        ("Kepala Sekretariat", "Nama Kepala Sekretariat (contoh)"),
        (
            "Koordinator Divisi Pencegahan, Partisipasi Masyarakat, dan Hubungan Masyarakat",
            "Nama Kordiv Pencegahan (contoh)",
        ),
    }


def test_every_paper_carries_its_number_its_date_and_the_mark_of_a_rehearsal(through_prefect):
    """What the register says stands on the paper, on which nobody can overlook that it is no real letter."""
    home = Home(through_prefect[0])
    for row in rows_of(home):
        text = on_paper(home, row)
        assert row.nomor in text
        assert hari_tanggal(row.tanggal).partition(", ")[2] in text
        assert "GLADI - bukan surat resmi" in text
        assert hashlib.sha256((home.surat / row.pdf).read_bytes()).hexdigest() == row.pdf_sha256
        assert hashlib.sha256((home.surat / row.docx).read_bytes()).hexdigest() == row.docx_sha256


def test_every_paper_cites_the_law_of_its_day(through_prefect):
    """On 20 August PKPU 8/2024 and not yet PKPU 10/2024; a letter on voters does not cite that on candidates."""
    home = Home(through_prefect[0])
    papers = {f"{row.stage}.{row.item}": on_paper(home, row) for row in rows_of(home)}

    assert [duty for duty, (cited, _) in LAWS.items() if f"Umum {cited}" not in papers[duty]] == []
    assert [duty for duty, (_, foreign) in LAWS.items() if f"Umum {foreign}" in papers[duty]] == []


def test_prefect_changes_no_number_and_no_byte(through_prefect, fortnight: tuple[Home, Plan]):
    """The same fortnight without Prefect has the same numbers, dates and hashes."""
    with_prefect, without = (
        [(row.id, row.nomor, row.tanggal, row.pdf_sha256, row.docx_sha256) for row in rows_of(home)]
        for home in (Home(through_prefect[0]), fortnight[0])
    )
    assert with_prefect == without


def test_the_summary_lists_its_letters_and_what_was_due_before(through_prefect):
    """What was due before the first day is told, and nothing of it was written."""
    root, program = through_prefect
    summary = (root / "ringkasan.md").read_text("utf-8")
    letters, _, before = summary.partition("Terlewat sebelum gladi")

    assert str(root / "ringkasan.md") in program.said
    assert [number for _, number, *_ in LETTERS if number not in letters] == []
    assert "Rakor persiapan coklit" in before
    assert "Rakor pengawasan pencalonan" in before  # on 13 August, but its invitation should have gone on the 6th
    assert "Imbauan netralitas" not in before
    assert len(list((root / "surat").glob("*"))) == 2 * len(LETTERS)


def test_a_second_rehearsal_into_the_same_folder_changes_nothing(launch, left, through_prefect):
    """No number, no byte, no row of register or journal; the chain of the journal is whole."""
    root, _ = through_prefect
    before = records(root)

    again = launch("rehearse", "pilkada-2024", *FORTNIGHT, "--out", root)

    assert again.process.wait(240) == 0, again.said
    assert records(root) == before
    assert left(root) == []
    home = Home(root)
    with reading(home.engine) as connection:
        assert list(journal.broken(connection, home.office.profile.id)) == []
        assert list(register.gaps(connection, home.office.profile.id)) == []
