"""The folder ``pindai/``: a scan files itself by the QR in its footer, or is put aside with its reason."""

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
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import Image, ImageFilter

from tahapan import issue, journal, register
from tahapan.errors import DataError, MachineError
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.register import LetterRow
from tahapan.scans import AT_ONCE, Scan, rejected, scan_folder
from tahapan.store.engine import reading
from tahapan.store.tables import jurnal, surat_berkas
from tasks import scanning
from tasks.scanning import read_codes, take_scans

ELECTION = "pilkada-2024"
DAY = dt.date(2024, 8, 20)
AT = dt.datetime.fromisoformat("2024-08-20T09:00:00+07:00")
IMBAUAN, UNDANGAN = "V12.imbauan-pengumuman-dps", "V12.rakor-stakeholder"


@pytest.fixture
def office(real_home) -> tuple[Home, Plan]:
    """A real office with two letters numbered on 20 August, to be signed by hand."""
    home = real_home()
    plan = home.plan(ELECTION)
    for key in (IMBAUAN, UNDANGAN):
        issue.draft(home, plan, plan.duty(key), DAY, AT)
        issue.approve(home, plan, f"{ELECTION}.{key}.1", DAY, "Ketua", AT)
    return home, plan


def letter(home: Home, key: str = IMBAUAN) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, f"{ELECTION}.{key}.1")


def pages(home: Home, key: str = IMBAUAN, dpi: int = 200) -> list[Image.Image]:
    """The letter as it comes out of a scanner: grey, a little askew, a little blurred."""
    with pypdfium2.PdfDocument(home.surat / letter(home, key).pdf) as document:
        sheets = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    askew = [sheet.rotate(1.5, Image.Resampling.BICUBIC, fillcolor=255) for sheet in sheets]
    return [sheet.filter(ImageFilter.GaussianBlur(dpi / 250)) for sheet in askew]


def encoded(sheets: list[Image.Image], kind: str = "PDF", dpi: int = 200) -> bytes:
    raw = io.BytesIO()
    more = {"save_all": True, "append_images": sheets[1:], "resolution": dpi} if kind == "PDF" else {}
    sheets[0].save(raw, kind, **more)
    return raw.getvalue()


def put(home: Home, name: str, content: bytes, age: float = 60) -> Path:
    """A file in ``pindai/``, written ``age`` seconds before the round of 09.00."""
    path = scan_folder(home) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (AT.timestamp() - age,) * 2)
    return path


def lying(home: Home) -> list[str]:
    return sorted(path.name for path in scan_folder(home).iterdir() if path.is_file())


def reason(home: Home, name: str) -> str:
    return (scan_folder(home) / "gagal" / f"{name}.txt").read_text("utf-8")


def signed(home: Home) -> list[tuple[str, str, str, str]]:
    """Letter, name, hash and by whom of each signed copy, whose files are all there and told once in the journal."""
    columns = surat_berkas.c.surat, surat_berkas.c.name, surat_berkas.c.sha256, surat_berkas.c.filed_by
    with reading(home.engine) as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(*columns).order_by(surat_berkas.c.id))]
        told = connection.execute(
            sa.select(jurnal.c.subject, jurnal.c.detail).where(jurnal.c.what == "ditandatangani").order_by(jurnal.c.seq)
        ).all()
        assert not list(journal.broken(connection, home.office.profile.id))
    assert [(subject, json.loads(detail)["sha256"]) for subject, detail in told] == [(row[0], row[2]) for row in rows]
    for _, name, digest, _ in rows:
        assert hashlib.sha256((home.bukti / f"{digest}{Path(name).suffix}").read_bytes()).hexdigest() == digest
    return rows


@pytest.mark.parametrize(("kind", "name"), [("PDF", "SCAN0001.PDF"), ("JPEG", "foto.jpg"), ("PNG", "tanpa akhiran")])
def test_a_scan_of_a_letter_files_itself_as_its_signed_copy(office: tuple[Home, Plan], kind: str, name: str):
    """Whatever it is called: known by content and QR, filed by *pindai*, gone from the folder."""
    home, plan = office
    content = encoded(pages(home), kind)
    put(home, name, content)

    assert take_scans(home, plan, DAY, AT) == (Scan(name, letter_id=letter(home).id),)

    [(_, filed, digest, by)] = signed(home)
    assert (Path(filed).stem, by) == (f"ttd-{letter(home).id}", "pindai")
    assert digest == hashlib.sha256(content).hexdigest()
    assert letter(home).state == "ditandatangani"
    assert lying(home) == []
    assert rejected(home) == ()


def test_a_scan_that_is_upside_down_or_at_150_dpi_is_known_too(office: tuple[Home, Plan]):
    """People scan as the machine stands."""
    home, plan = office
    put(home, "kasar.pdf", encoded(pages(home, dpi=150), dpi=150))
    put(home, "terbalik.pdf", encoded([sheet.rotate(180) for sheet in pages(home)]))

    assert [scan.why for scan in take_scans(home, plan, DAY, AT)] == ["", ""]
    assert len(signed(home)) == 2


def test_the_same_scan_twice_is_one_copy(office: tuple[Home, Plan]):
    """Under another name and on another day: taken away, and nothing is written."""
    home, plan = office
    content = encoded(pages(home))
    for name, day in (("a.pdf", 0), ("b.pdf", 1)):
        put(home, name, content, age=3600)
        take_scans(home, plan, DAY + dt.timedelta(days=day), AT)
        assert lying(home) == []

    assert len(signed(home)) == 1


def test_what_cannot_be_filed_lies_in_gagal_with_its_reason(office: tuple[Home, Plan]):
    """Each with what is wrong and what to do; nothing is filed, nothing is lost."""
    home, plan = office
    blank = Image.new("L", (1654, 2339), 255)
    wrong = {
        "batal.pdf": (encoded(pages(home, UNDANGAN)), "berstatus batal"),
        "catatan.txt": (b"besok rapat", "bukan JPG, PNG, PDF"),
        "dua.pdf": (encoded([*pages(home), *pages(home, UNDANGAN)]), "memuat 2 surat"),
        "kosong.pdf": (b"", "bukan JPG, PNG, PDF"),
        "polos.png": (encoded([blank], "PNG"), "tidak ada QR kaki surat"),
        "rusak.jpg": (b"\xff\xd8\xff\xe0 separuh", "rusak, terpotong"),
        "terpotong.pdf": (encoded(pages(home))[:-2000], "rusak, terpotong"),
    }
    from tahapan.book.void import void

    void(home, plan, letter(home, UNDANGAN).id, "salah tulis", "Ketua", AT)
    for name, (content, _) in wrong.items():
        put(home, name, content)

    scans = take_scans(home, plan, DAY, AT)

    assert [(scan.name, scan.letter_id) for scan in scans] == [(name, "") for name in wrong]
    for name, (content, said) in wrong.items():
        assert said in reason(home, name), name
        assert (scan_folder(home) / "gagal" / name).read_bytes() == content
    assert rejected(home) == tuple(wrong)
    assert lying(home) == signed(home) == []
    assert take_scans(home, plan, DAY, AT) == ()


def test_a_forged_seal_is_put_aside(office: tuple[Home, Plan]):
    """Our id under another content, an id the book has not; beside it the QR of somebody else does not count."""
    home, plan = office
    from tahapan import scans

    real = read_codes(put(home, "asli.pdf", encoded(pages(home))))
    assert len(real) == 1
    for text, said in (
        (f"tahapan {letter(home).id} 0123456789abcdef", "isinya lain"),
        ("tahapan pilkada-2024.V12.tidak-ada.1 0123456789abcdef", "tidak ada"),
    ):
        (scan,) = scans.take_scans(home, plan, DAY, AT, lambda _, text=text: [text, "https://tte.example/x"])
        assert said in scan.why
        put(home, "asli.pdf", encoded(pages(home)))
    (scan,) = scans.take_scans(home, plan, DAY, AT, lambda _: [*real, "https://tte.example/x"])
    assert scan.letter_id == letter(home).id


def test_a_name_taken_in_gagal_gets_a_number(office: tuple[Home, Plan]):
    """A second file never takes the place of the first."""
    home, plan = office
    for content in (b"satu", b"dua"):
        put(home, "a.pdf", content)
        take_scans(home, plan, DAY, AT)

    assert rejected(home) == ("a (2).pdf", "a.pdf")
    assert (scan_folder(home) / "gagal" / "a.pdf").read_bytes() == b"satu"


def test_a_file_that_is_still_being_written_is_left(office: tuple[Home, Plan]):
    """Younger than ten seconds, or changed while it was looked at; a clock that runs ahead holds nothing up."""
    home, plan = office
    content = encoded(pages(home))
    fresh = put(home, "baru.pdf", content, age=9)
    assert take_scans(home, plan, DAY, AT) == ()
    assert fresh.read_bytes() == content

    put(home, "baru.pdf", content, age=-86_400)

    def while_looking(path: Path) -> list[str]:
        texts = read_codes(path)
        with path.open("ab") as file:
            file.write(b" ")
        return texts

    from tahapan import scans

    assert scans.take_scans(home, plan, DAY, AT, while_looking) == ()
    assert lying(home) == ["baru.pdf"]
    assert signed(home) == []
    put(home, "baru.pdf", content, age=-86_400)
    assert take_scans(home, plan, DAY, AT) == (Scan("baru.pdf", letter_id=letter(home).id),)


def test_links_folders_and_hidden_files_are_no_scans(office: tuple[Home, Plan], tmp_path: Path):
    """They are neither read nor moved."""
    home, plan = office
    folder = put(home, ".DS_Store", b"x").parent
    (tmp_path / "lain.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    (folder / "tautan.pdf").symlink_to(tmp_path / "lain.pdf")
    (folder / "arsip").mkdir()

    assert take_scans(home, plan, DAY, AT) == ()
    assert (tmp_path / "lain.pdf").exists()


@pytest.mark.parametrize("where", ["before sign", "after sign", "before rename"])
def test_killed_at_any_point_the_next_round_finishes(office: tuple[Home, Plan], where: str):
    """One copy, one journal row, the folder empty; a reason without its file is written again."""
    home, plan = office
    put(home, "baik.pdf", encoded(pages(home)))
    put(home, "polos.txt", b"x")
    program = f"""
        import datetime as dt, os, pathlib, signal
        from tahapan import scans
        from tahapan.home import Home
        from tasks.scanning import take_scans

        moment, name = {where.split()!r}
        owner = pathlib.Path if name == "rename" else scans
        real = getattr(owner, name)

        def killed(*args):
            if moment == "after":
                real(*args)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(owner, name, killed)
        home = Home(pathlib.Path({str(home.root)!r}))
        day, at = dt.date.fromisoformat({str(DAY)!r}), dt.datetime.fromisoformat({AT.isoformat()!r})
        take_scans(home, home.plan({ELECTION!r}), day, at)
    """
    child = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False, capture_output=True)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()

    take_scans(home, plan, DAY, AT)

    assert len(signed(home)) == 1
    assert lying(home) == []
    assert rejected(home) == ("polos.txt",)


def test_two_at_once_do_not_get_in_each_other_s_way(office: tuple[Home, Plan]):
    """While one round looks, another finds nothing to do."""
    home, plan = office
    from tahapan import scans

    put(home, "a.pdf", b"%PDF-1.7 %%EOF")
    inner: list[tuple[Scan, ...]] = []

    def look(_: Path) -> list[str]:
        inner.append(take_scans(home, plan, DAY, AT))
        return []

    assert len(scans.take_scans(home, plan, DAY, AT, look)) == 1
    assert inner == [()]


def test_a_round_is_short(office: tuple[Home, Plan]):
    """The rest is taken by the next, soon after."""
    home, plan = office
    for number in range(AT_ONCE + 2):
        put(home, f"{number:02}.txt", b"x")

    assert [len(take_scans(home, plan, DAY, AT)) for _ in range(3)] == [AT_ONCE, 2, 0]


def test_a_folder_that_cannot_be_worked_in_is_told(office: tuple[Home, Plan]):
    """`up` says it once and goes on."""
    home, plan = office
    scan_folder(home).write_text("berkas, bukan folder", "utf-8")

    with pytest.raises(MachineError, match="tidak dapat dikerjakan"):
        take_scans(home, plan, DAY, AT)


# --- hostile pictures ----------------------------------------------------------------------------


def bomb_png() -> bytes:
    """A few kilobytes that say they are 30,000 pixels square."""
    raw = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(raw, "PNG")
    return raw.getvalue()


def huge_page() -> bytes:
    """A page of five metres by five, as PDF allows."""
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(14_400, 14_400)
        raw = io.BytesIO()
        document.save(raw)
    return raw.getvalue()


def test_a_picture_that_swells_is_refused_and_a_huge_page_is_drawn_small(tmp_path: Path):
    """A hundred kilobytes can ask for a gigabyte."""
    (tmp_path / "a.png").write_bytes(bomb_png())
    with pytest.raises(DataError, match="terlalu besar"):
        read_codes(tmp_path / "a.png")
    (tmp_path / "a.pdf").write_bytes(huge_page())
    assert read_codes(tmp_path / "a.pdf") == []


def test_reading_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The child is ended, the clerk is told, the next file is read."""
    (tmp_path / "a.pdf").write_bytes(huge_page())
    monkeypatch.setattr(scanning, "MOST_SECONDS", 0.01)
    with pytest.raises(DataError, match="tidak dapat dibaca"):
        read_codes(tmp_path / "a.pdf")


def test_a_reader_that_does_not_start_is_no_fault_of_the_scan(
    office: tuple[Home, Plan], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """A package is missing after an update: the scan stays where it is until that is mended."""
    home, plan = office
    put(home, "a.pdf", encoded(pages(home)))
    (tmp_path / "zxingcpp.py").write_text("raise ImportError('zxingcpp')", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(MachineError, match="ImportError: zxingcpp"):
        take_scans(home, plan, DAY, AT)
    assert lying(home) == ["a.pdf"]
    assert rejected(home) == ()
