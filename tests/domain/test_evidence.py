"""Evidence: what a file is by its content, kept whole or not at all, ticked with a duty, taken back with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from openpyxl import Workbook

from tahapan import evidence, journal, ticking
from tahapan.content import PICTURES
from tahapan.errors import DataError, MachineError, Refused
from tahapan.home import Home
from tahapan.store.engine import reading
from tahapan.store.tables import bukti, jurnal

ELECTION = "pilkada-2024"
RAKOR = "V12.rakor-stakeholder"
DAY = dt.date(2024, 8, 22)
AT = dt.datetime.fromisoformat("2024-08-22T09:00:00+07:00")
PDF = b"%PDF-1.7 daftar hadir"
JPG = b"\xff\xd8\xff\xe0 foto"
PNG = b"\x89PNG\r\n\x1a\n foto"


@pytest.fixture
def home(real_home: Callable[..., Home]) -> Home:
    return real_home()


def word() -> bytes:
    raw = io.BytesIO()
    Document().save(raw)
    return raw.getvalue()


def excel() -> bytes:
    raw = io.BytesIO()
    Workbook().save(raw)
    return raw.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return raw.getvalue()


def upload(home: Home, content: bytes, name: str, only: tuple[str, ...] = ()) -> tuple[str, str]:
    return evidence.keep_stream(home, io.BytesIO(content), name, "berkas", only)


def refused(home: Home, content: bytes, name: str) -> str:
    with pytest.raises(DataError) as error:
        upload(home, content, name)
    assert not home.bukti.exists() or not list(home.bukti.iterdir())
    return str(error.value)


def lines(home: Home) -> list[tuple[str, str, dict]]:
    with reading(home.engine) as connection:
        assert not list(journal.broken(connection, home.office.profile.id))
        columns = jurnal.c.what, jurnal.c.who, jurnal.c.detail
        return [
            (*row[:2], json.loads(row[2])) for row in connection.execute(sa.select(*columns).order_by(jurnal.c.seq))
        ]


# --- what a file is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (PDF, "Daftar Hadir.PDF", "Daftar Hadir.PDF"),
        (JPG, "IMG_001.jpeg", "IMG_001.jpeg"),
        (PNG, "tangkapan.png", "tangkapan.png"),
        (word(), "notulen.docx", "notulen.docx"),
        (excel(), "rekap.xlsx", "rekap.xlsx"),
        (JPG, "foto.pdf", "foto.jpg"),
        (PDF, "tanpa akhiran", "tanpa akhiran.pdf"),
        (JPG, "WhatsApp\u200e Image 2024-08-19 at 10.11.12", "WhatsApp Image 2024-08-19 at 10.11.12.jpg"),
    ],
)
def test_the_kind_of_a_file_is_its_content_and_its_name_follows(home: Home, content: bytes, name: str, kept: str):
    """A photo called .pdf is kept as a photo, under its hash."""
    assert upload(home, content, name) == (kept, hashlib.sha256(content).hexdigest())
    [file] = home.bukti.iterdir()
    assert (file.read_bytes(), file.suffix) == (content, Path(kept).suffix.lower())


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "kosong.pdf", "kosong"),
        (b"MZ\x90\x00" + b"\0" * 400, "undangan.pdf", "program Windows, bukan PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.jpg", "HEIC"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "lama.docx", "berkas Office lama"),
        (b"halo", "catatan.pdf", "jenis lain"),
        (b"PK\x03\x04" + b"\0" * 40, "rusak.docx", "rusak atau terpotong"),
        (word()[:3000], "terpotong.docx", "rusak atau terpotong"),
        (zipped({"foto.jpg": JPG}), "foto.docx", "berkas ZIP"),
        (zipped({"content.xml": b"<a/>", "mimetype": b"x"}), "naskah.docx", "OpenDocument"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b""}), "m.docx", "makro"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b"\0" * 60_000_000}), "bom.docx", "mengembang"),
        (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b"\0" * 60_000_000}), "bom.xlsx", "mengembang"),
        (zipped({"[Content_Types].xml": b""} | {f"word/{n}.xml": b"" for n in range(400)}), "b.docx", "bagian"),
        (PDF, "KTP 1307010101010001.pdf", "NIK"),
    ],
)  # fmt: skip
def test_what_cannot_be_evidence_is_refused_by_name_and_leaves_nothing(
    home: Home, content: bytes, name: str, said: str
):
    """An exe, an empty file, a bomb, a macro, an old or locked file: no copy stays behind."""
    assert said in refused(home, content, name)


@pytest.mark.parametrize("name", ["../../x", "..\\..\\x.pdf", "/etc/x.pdf", "C:\\a\\x.pdf", ".x", "\u202ex.pdf"])
def test_a_name_never_leads_out_of_the_folder(home: Home, name: str):
    """Folders of either kind, leading dots and hidden signs are cut off; the file lies under its hash."""
    kept, digest = upload(home, PDF, name)
    assert kept == "x.pdf"
    assert [path.name for path in home.bukti.iterdir()] == [f"{digest}.pdf"]
    assert sorted(path.name for path in home.root.iterdir() if path.name != "kantor") == ["bukti"]


@pytest.mark.parametrize("name", ["", "..", "///", "\u200b"])
def test_a_file_without_a_name_gets_one(home: Home, name: str):
    """And a very long one is cut, with its ending."""
    assert upload(home, PDF, name)[0] == "berkas.pdf"
    assert len(upload(home, PDF, "a" * 300 + ".pdf")[0]) == 120


def test_only_what_is_asked_for_will_do(home: Home):
    """The picture of a decision is no Word file."""
    with pytest.raises(DataError, match="isinya DOCX, bukan JPG, PNG, PDF"):
        upload(home, word(), "persetujuan.docx", PICTURES)
    assert upload(home, PNG, "persetujuan.png", PICTURES)[0] == "persetujuan.png"


def test_a_large_file_is_read_in_pieces_and_refused_above_the_limit(home: Home, tmp_path: Path):
    """25 MB pass with a few MB of memory; one byte more does not."""
    large = tmp_path / "besar.pdf"
    large.write_bytes(PDF + b"\0" * (evidence.MOST_BYTES - len(PDF)))
    tracemalloc.start()
    evidence.keep(home, [large], "--bukti")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
    with large.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(DataError, match="lebih dari 25 MB"):
        evidence.keep(home, [large], "--bukti")


def test_every_fault_of_several_files_is_told_and_none_is_kept(home: Home, tmp_path: Path):
    """The good one among them is not kept either."""
    for name, content in {"a.pdf": PDF, "b.pdf": b"MZ" + b"\0" * 99, "c.pdf": b""}.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as error:
        evidence.keep(home, [tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf")], "--bukti")
    assert len(error.value.problems) == 3
    assert list(home.bukti.iterdir()) == []


# --- whole or not at all -------------------------------------------------------------------------


HALFWAY = """
    import io, os, signal, sys
    from pathlib import Path
    from tahapan import evidence
    from tahapan.home import Home

    class Slow(io.BytesIO):
        def read(self, n=-1):
            if self.tell():
                os.kill(os.getpid(), signal.SIGKILL)
            return super().read(n)

    evidence.keep_stream(Home(Path(sys.argv[1])), Slow(b"%PDF-1.7" + bytes(3_000_000)), "a.pdf", "berkas")
"""
BETWEEN = """
    import os, signal, sys
    from pathlib import Path
    from tahapan import evidence
    from tahapan.home import Home

    evidence.keep(Home(Path(sys.argv[1])), [Path(sys.argv[2])], "berkas")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(program: str, *args: object) -> None:
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program), *map(str, args)], check=False)
    assert ended.returncode == -signal.SIGKILL


def test_killed_while_a_file_is_copied_nothing_of_it_stands_and_the_next_copy_sweeps(home: Home):
    """Only a half file with the number of the dead process is there, and it goes."""
    killed(HALFWAY, home.root)
    [half] = home.bukti.iterdir()
    assert half.name.endswith(".baru")
    _, digest = upload(home, PDF, "lain.pdf")
    assert [path.name for path in home.bukti.iterdir()] == [f"{digest}.pdf"]


def test_killed_between_copy_and_record_the_duty_is_open_and_ticks_once(home: Home, tmp_path: Path):
    """The copy under its hash is found again: one file, one row, one line in the journal."""
    scan = tmp_path / "hadir.pdf"
    scan.write_bytes(PDF)
    killed(BETWEEN, home.root, scan)
    plan = home.plan(ELECTION)
    assert not ticking.roll(home, plan, plan.duty(RAKOR)).finished

    ticking.tick(home, plan, plan.duty(RAKOR), [scan], "Staf", DAY, AT)

    assert len(list(home.bukti.iterdir())) == len(ticking.roll(home, plan, plan.duty(RAKOR)).evidence) == 1
    assert [what for what, _, _ in lines(home)] == ["butir selesai"]


def test_the_half_file_of_a_living_process_is_left_to_it(home: Home):
    """Two uploads at once do not take each other's pages away."""
    home.bukti.mkdir()
    half = home.bukti / f"masuk-abc.{os.getppid()}.baru"
    half.write_bytes(b"separuh")
    upload(home, PDF, "a.pdf")
    assert half.exists()


def test_a_full_disk_is_the_machines_fault_and_leaves_no_half(home: Home):
    """Said as such, and nothing stays."""
    home.bukti.mkdir(mode=0o555)
    if os.access(home.bukti, os.W_OK):
        home.bukti.rmdir()
        home.bukti.write_text("berkas, bukan folder")
    with pytest.raises(MachineError, match="tidak dapat ditulis"):
        upload(home, PDF, "a.pdf")


# --- ticked, and taken back ----------------------------------------------------------------------


def test_evidence_filed_before_the_tick_counts_and_is_filed_once(home: Home):
    """Filed twice it is one piece; the tick needs no other, and the journal has a row for each fact."""
    plan = home.plan(ELECTION)
    duty, kept = plan.duty(RAKOR), upload(home, PDF, "hadir.pdf")
    assert [ticking.file(home, plan, duty, [kept], "Staf A", DAY, AT) for _ in range(2)] == [1, 0]

    [piece] = ticking.tick(home, plan, duty, (), "Staf B", DAY, AT, "lengkap")

    assert (piece.name, piece.sha256, piece.filed_by) == (*kept, "Staf A")
    said = [(what, who) for what, who, _ in lines(home)]
    assert said == [("bukti disimpan", "Staf A"), ("butir selesai", "Staf B")]
    assert lines(home)[1][2] == {"bukti": [list(kept)], "catatan": "lengkap"}


def test_a_tick_is_taken_back_with_a_reason_and_history_stays(home: Home):
    """The evidence rows stay, the journal says who had ticked it, and it may be ticked again."""
    plan = home.plan(ELECTION)
    duty = plan.duty(RAKOR)
    with pytest.raises(Refused, match="belum ditandai selesai"):
        ticking.untick(home, plan, duty, "salah", "Ketua", AT)
    ticking.file(home, plan, duty, [upload(home, PDF, "hadir.pdf")], "Staf", DAY, AT)
    ticking.tick(home, plan, duty, (), "Staf", DAY, AT)
    with pytest.raises(DataError, match="--alasan: kosong"):
        ticking.untick(home, plan, duty, " ", "Ketua", AT)

    ticking.untick(home, plan, duty, "rapat diulang", "Ketua", AT)

    roll = ticking.roll(home, plan, duty)
    assert (roll.finished, len(roll.evidence)) == (False, 1)
    assert lines(home)[-1] == (
        "butir dibuka lagi", "Ketua", {"alasan": "rapat diulang", "selesai": ["2024-08-22", "Staf"]},
    )  # fmt: skip
    ticking.tick(home, plan, duty, (), "Staf", DAY, AT)
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(bukti)).scalar() == 1
