"""Meetings and sending on the desk: each form does what it says, and says what is wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from deployments import story
from deployments.desk.app import app
from tahapan import evidence, issue
from tahapan.home import Home, open_gladi
from tahapan.post import outbox
from tahapan.rakor import prepare
from tasks.office import home as office_home

STAFF = "Nama Staf Pencegahan (contoh)"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DAY = dt.date(2024, 8, 14)
LETTER = "pilkada-2024.RK001.undangan.1"


class Browser:
    """One browser: its cookies, and forms sent as its pages offer them."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://127.0.0.1",
                follow_redirects=True,
                cookies=self.cookies,
            ) as client:
                answer = await client.request(method, path, **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def send(self, path: str, files: object = None, **fields: object) -> httpx.Response:
        token = re.search(r'name="tahapan_formulir" value="([^"]+)"', self.get(path if path != "/siapa" else "/").text)
        assert token
        return self.ask("POST", path, data={"tahapan_formulir": token[1], **fields}, files=files)


@pytest.fixture
def gladi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A rehearsal that stands at 14 August 2024."""
    home = open_gladi(tmp_path / "gladi", "pilkada-2024", dt.date(2024, 8, 13), DAY)
    monkeypatch.setenv("TAHAPAN_HOME", str(home.root))
    monkeypatch.delenv("TAHAPAN_POST", raising=False)
    return home


@pytest.fixture
def browser(gladi: Home) -> Browser:
    browser = Browser()
    browser.send("/siapa", nama=STAFF, kembali="/")
    return browser


FORM = {
    "butir": "V12.rakor-stakeholder", "tahapan": "V12", "nama": "Rapat Koordinasi Uji", "acara": "09.00 | Pembukaan | Ketua", "hari": "2024-08-21", "mulai": "09.00", "selesai": "12.30",
    "tempat": "Aula Bawaslu", "undangan": "kpu, kodim; camat", "kecuali": "camat-13.07.01",
}  # fmt: skip


def invited(home: Home) -> str:
    """The invitation with its number and signature."""
    plan, at = home.plan("pilkada-2024"), dt.datetime(2024, 8, 14, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
    row = issue.approve(home, plan, LETTER, DAY, "gladi", at)
    evidence.sign(home, plan, row.id, home.surat / row.pdf, STAFF, DAY, at)
    return row.id


def test_a_meeting_is_planned_from_the_checklist_moved_and_called_off(gladi: Home, browser: Browser):
    """Filled in from its duty; what is wrong stands above the form with all that was typed."""
    assert "Resto Tanjung Pati" in browser.get("/rapat?butir=V12.rakor-stakeholder").text
    wrong = browser.send("/rapat", **FORM | {"hari": "2024-08-15", "selesai": "08.00"})
    assert wrong.status_code == 422 and "08.00 tidak sesudah 09.00" in wrong.text and "besok" in wrong.text
    assert 'value="Rapat Koordinasi Uji"' in wrong.text
    made = browser.send("/rapat", **FORM)
    assert "RK001 disiapkan" in made.text and "14 penerima" in made.text and "Camat Suliki" not in made.text
    invited(gladi)
    moved = browser.send("/rapat/RK001", langkah="pindah", tempat="Resto", alasan="ruangan sempit")
    assert "Aula Bawaslu menjadi Resto (ruangan sempit)" in moved.text and "Ralat undangan rapat" in moved.text
    assert browser.send("/rapat/RK001", langkah="pindah", tempat="Lain").status_code == 422
    gone = browser.send("/rapat/RK001", langkah="batal", alasan="bersamaan pleno")
    assert "dibatalkan 14 Agustus 2024" in gone.text and "Pembatalan rapat" in gone.text
    assert browser.get("/rapat/RK009").status_code == 404


def test_what_happened_is_written_down_on_its_day(gladi: Home, browser: Browser, tmp_path: Path):
    """Who came by form and by sheet, a decision, the minutes; names of persons stay out of the address."""
    browser.send("/rapat", **FORM)
    early = browser.send("/rapat/RK001", langkah="hadir", penerima="kpu", nama="Ani (contoh)")
    assert early.status_code == 422 and "baru diadakan Rabu, 21 Agustus 2024" in early.text
    office_home().set_day(dt.date(2024, 8, 21))
    assert "1 orang baru" in browser.send("/rapat/RK001", langkah="hadir", penerima="kpu", nama="Ani (contoh)").text
    sheet = browser.get("/rapat/RK001/hadir.xlsx").content
    again = browser.send("/rapat/RK001", files={"berkas": ("hadir.xlsx", sheet)}, langkah="ambil")
    assert "0 orang baru" in again.text
    bad = browser.send(
        "/rapat/RK001",
        langkah="putuskan",
        isi="Menghimpun data",
        penanggung="Camat",
        pj="staf-datin",
        sampai="2024-08-20",
    )
    assert bad.status_code == 422 and "mendahului" in bad.text
    good = browser.send(
        "/rapat/RK001",
        langkah="putuskan",
        isi="Menghimpun data",
        penanggung="Camat",
        pj="staf-datin",
        sampai="2024-08-26",
    )
    assert "RK001.keputusan-1" in good.text
    for step in ("notulen", "rilis", "laporan"):
        assert browser.send("/rapat/RK001", langkah=step).status_code == 200
    filed = browser.send("/rapat/RK001", files={"berkas": ("hadir.pdf", PDF)}, langkah="pindaian")
    assert "disimpan sebagai bukti" in filed.text
    assert "BEGIN:VCALENDAR" in browser.get("/agenda.ics").text


def test_a_letter_goes_into_the_outbox_and_its_receipts_come_back(gladi: Home, browser: Browser):
    """By mail and on paper; printed by route; one receipt for two; the chain stands on the page and on that of the duty."""
    browser.send("/rapat", **FORM | {"undangan": "kpu, kodim, polres"})
    assert browser.send(f"/kirim/{LETTER}", langkah="antre").status_code in (404, 422)
    invited(gladi)
    page = browser.send(f"/kirim/{LETTER}", langkah="antre")
    assert "5 salinan masuk antrean" in page.text and "0 dari 5" in page.text
    board = browser.get("/kirim").text
    assert "Pos: mati" in board and "Payakumbuh: 1 salinan" in board and "Sarilamak: 2 salinan" in board
    assert (
        browser.get("/kirim/rute/1.pdf").content.startswith(b"%PDF")
        and browser.get("/kirim/rute/9.pdf").status_code == 404
    )
    nobody = browser.send(f"/kirim/{LETTER}", langkah="terima", hari="2024-08-14", diterima_oleh="Piket")
    assert nobody.status_code == 422 and "belum dipilih" in nobody.text
    came = browser.send(
        f"/kirim/{LETTER}", files={"berkas": ("terima.pdf", PDF)}, langkah="terima", hari="2024-08-14",
        diterima_oleh="Piket (contoh)", penerima=["kodim", "polres-lima-puluh-kota"],
    )  # fmt: skip
    assert "2 dari 4" in came.text and "Piket (contoh)" in came.text
    assert "tanda terima 2 dari 4" in browser.get("/butir/RK001.undangan").text
    decided = browser.send(f"/kirim/{LETTER}", langkah="batal", penerima="kpu", alasan="salah alamat")
    assert "Ketua KPU Kabupaten Lima Puluh Kota: batal" in decided.text
    assert browser.send(f"/kirim/{LETTER}", langkah="menyulap", penerima="kpu").status_code == 422


def test_what_a_person_has_to_decide_stands_on_top(gladi: Home, browser: Browser):
    browser.send("/rapat", **FORM)
    invited(gladi)
    browser.send(f"/kirim/{LETTER}", langkah="antre")
    plan, at = gladi.plan("pilkada-2024"), dt.datetime(2024, 8, 14, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
    message = outbox.due(gladi, plan, at)[0]
    outbox.settle(gladi, plan, message, outbox.TIDAK_PASTI, "sambungan terputus", at)
    assert "sambungan terputus" in browser.get("/kirim").text
    page = browser.get(f"/kirim/{LETTER}").text
    assert "mungkin surat ini sudah sampai" in page and "Kirim ulang" in page


def test_the_commands_tell_the_story_of_a_meeting(gladi: Home, tahapan: Callable[..., object], tmp_path: Path):
    """From `rakor new` to the print pack, as a clerk types it."""

    def said(*words: object, code: int = 0) -> str:
        answer = tahapan(*words, home=gladi.root)
        assert answer.code == code, answer
        return f"{answer.out}{answer.err}"

    who = ("--oleh", STAFF)
    assert "RK001" in said("rakor", "new", "--berkas", story.SHIPPED, *who)
    assert "sudah ada" in said("rakor", "new", "--berkas", story.SHIPPED, *who)
    assert "Undangan rapat" in said("rakor", "show", "RK001") and "RK001" in said("rakor", "list")
    invited(gladi)
    assert "59" in said("rakor", "invite", "RK001", *who)
    assert (
        "4 salinan" in said("post", "pack", tmp_path / "cetak")
        or len(list((tmp_path / "cetak").glob("rute-*.pdf"))) == 2
    )
    assert "mati" in said("post", "send", code=1)
    assert "surat@kpu.example" in said("post", "list", LETTER)
    assert said("post", "text", LETTER, "kpu").startswith("Yth. Ketua KPU")
    assert "diterima 2024-08-14" in said(
        "post", "receipt", LETTER, "kodim", "--tanggal", "2024-08-14", "--diterima-oleh", "Piket (contoh)", *who
    )
    assert "batal" in said("post", "decide", LETTER, "kpu", "--putusan", "batal", "--alasan", "salah", *who)
    assert "tidak dikenal" in said("post", "decide", LETTER, "kpu", "--putusan", "hapus", *who, code=1)
    assert "Ralat" in said("rakor", "move", "RK001", "--tempat", "Resto", "--alasan", "sempit", *who)
    assert "baru diadakan" in said("rakor", "hadir", "RK001", "--penerima", "kpu", "--nama", "A", *who, code=1)
    gladi.set_day(dt.date(2024, 8, 21))
    assert "58 baris" in said("rakor", "hadir", "RK001", "--tulis", tmp_path / "hadir.xlsx")
    assert "1 orang" in said("rakor", "hadir", "RK001", "--penerima", "kpu", "--nama", "Ani (contoh)", *who)
    assert "RK001.notulen" in said("rakor", "notulen", "RK001", "--bahas", "Data | Dihimpun. | KPU", *who)
    assert "keputusan-1" in said("rakor", "tindak-lanjut", "RK001", "--isi", "Menghimpun data", "--penanggung", "Camat", "--pj", "staf-datin", "--sampai", "26 Agustus 2024", *who)  # fmt: skip
    assert "Menghimpun data" in said("rakor", "tindak-lanjut", "RK001")
    assert "RK001.siaran-pers" in said(
        "rakor", "rilis", "RK001", "--judul", "Rapat", "--alinea", "Isi.", "--kutipan", "Kami siap.", *who
    )
    assert "RK001.laporan" in said("rakor", "laporan", "RK001", *who)
    assert "berkas disimpan" in said("rakor", "laporan", "RK001", "--simpan", tmp_path / "bukti.zip")
    assert "Kalender ditulis" in said("agenda", "--ics", tmp_path / "agenda.ics")
    assert "DIBATALKAN" not in said("rakor", "show", "RK001")
    assert prepare.one(gladi, gladi.plan("pilkada-2024"), "RK001").sequence == 1
    shutil.rmtree(tmp_path / "cetak")
