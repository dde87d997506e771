"""The desk over HTTP: who may see what, what may come in, and that each form does what it says."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from pyotp.totp import TOTP

from deployments.desk.app import app
from tahapan import approval, codes, links, register, ticking
from tahapan.day import catch_up
from tahapan.home import Home, open_gladi
from tahapan.store.engine import reading, writing
from tahapan.store.tables import jurnal

NOW = dt.datetime.now(ZoneInfo("Asia/Jakarta"))
TODAY = NOW.date()
LETTER, OTHER = "uji.V1.pengantar-1.1", "uji.V1.pengantar-2.1"
STAFF = "Nama Staf Pencegahan (contoh)"
KASUBBAG, KEPALA, KETUA = (
    "Nama Kasubbag Administrasi (contoh)", "Nama Kepala Sekretariat (contoh)", "Nama Ketua (contoh)",
)  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
SECRET = "kantor:rahasia-benar"


class Browser:
    """One browser: its cookies, and forms sent as its pages offer them."""

    def __init__(self, password: str = "") -> None:
        self.auth = tuple(password.split(":", 1)) if password else None
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", follow_redirects=True,
                cookies=self.cookies, auth=self.auth,
            ) as client:  # fmt: skip
                answer = await client.request(method, path, **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(ask())

    def get(self, path: str, **more: object) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: object) -> httpx.Response:
        return self.ask("POST", path, **more)

    def send(self, path: str, page: str | None = None, files: object = None, **fields: str) -> httpx.Response:
        """POST the fields with the token of the page they stand on."""
        token = re.search(r'name="tahapan_formulir" value="([^"]+)"', self.get(page or path).text)
        given = {"tahapan_formulir": token[1] if token else "", **fields}
        return self.post(path, data=given, files=files)

    def as_colleague(self, name: str = STAFF) -> Browser:
        self.send("/siapa", "/", nama=name, kembali="/")
        return self


@pytest.fixture
def home(working_office: Callable[..., Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An office with letters that wait today."""
    home = working_office(tmp_path / "rumah")
    plan = home.plan("uji")
    catch_up(home, plan, TODAY, NOW - dt.timedelta(hours=1))
    approval.submit_all(home, plan, TODAY, NOW - dt.timedelta(hours=1))
    monkeypatch.setenv("TAHAPAN_HOME", str(home.root))
    monkeypatch.delenv("PREFECT_SERVER_API_AUTH_STRING", raising=False)
    monkeypatch.delenv("TAHAPAN_DATABASE_URL", raising=False)
    return home


def row_of(home: Home, letter_id: str = LETTER) -> register.LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, letter_id)


def told(home: Home) -> list[tuple[str, str]]:
    with reading(home.engine) as connection:
        return [tuple(row) for row in connection.execute(sa.select(jurnal.c.who, jurnal.c.what).order_by(jurnal.c.seq))]


def link_for(home: Home, name: str, at: dt.datetime = NOW) -> str:
    with writing(home.engine) as connection:
        return f"/t/{links.make(connection, home.office.profile.id, name, STAFF, at)}"


def on_the_phone_of(home: Home, name: str) -> Browser:
    browser, link = Browser(), link_for(home, name)
    assert browser.send(link).status_code == 200
    return browser


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/hari", "/butir", "/menunggu", f"/surat/{LETTER}", f"/surat/{LETTER}.pdf", "/kantor/pengganti"]
)
def test_the_staff_pages_want_the_password_of_the_office(home: Home, monkeypatch: pytest.MonkeyPatch, path: str):
    """None, a wrong one, another scheme: refused without a word of what is there."""
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", SECRET)
    for password in ("", "kantor:salah", "kantor:rahasia-benar2", ":"):
        answer = Browser(password).get(path)
        assert answer.status_code == 401 and "Basic" in answer.headers["WWW-Authenticate"]
        assert "Lima Puluh Kota" not in answer.text and "Pengantar" not in answer.text
    assert Browser(SECRET).get(path).status_code == 200


def test_a_personal_page_wants_a_personal_link_and_no_password(home: Home, monkeypatch: pytest.MonkeyPatch):
    """And shows nothing of the staff's pages."""
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", SECRET)
    assert Browser().get("/saya").status_code == 403
    assert Browser(SECRET).get("/saya").status_code == 403
    phone = on_the_phone_of(home, KASUBBAG)
    assert "Menunggu Anda" in phone.get("/saya").text
    assert phone.get("/").status_code == phone.get(f"/surat/{LETTER}").status_code == 401


def test_a_person_sees_only_what_waits_for_them(home: Home):
    """A letter that waits for somebody else is not there, nor is one that nobody has."""
    phone = on_the_phone_of(home, KETUA)
    assert "Tidak ada surat yang menunggu Anda" in phone.get("/saya").text
    for letter_id in (LETTER, "uji.V1.tidak-ada.1"):
        assert phone.get(f"/saya/surat/{letter_id}").status_code == 404
        assert phone.get(f"/saya/surat/{letter_id}.pdf").status_code == 404
    mine = on_the_phone_of(home, KASUBBAG)
    assert mine.get(f"/saya/surat/{LETTER}.pdf").content.startswith(b"%PDF")


def test_looking_at_a_link_does_not_use_it_up(home: Home):
    """Chat programs look at every link; only the button binds it, to one browser."""
    link = link_for(home, KASUBBAG)
    for _ in range(3):
        assert f"Ya, saya {KASUBBAG}" in Browser().get(link).text
    first = Browser()
    assert "Menunggu Anda" in first.send(link).text
    second = Browser()
    answer = second.send(link)
    assert answer.status_code == 410 and "sudah dibuka di perangkat lain" in answer.text
    assert second.get("/saya").status_code == 403
    assert first.get("/saya").status_code == 200


@pytest.mark.parametrize("link", ["lama", "karangan"])
def test_a_link_that_is_over_or_invented_opens_nothing(home: Home, link: str):
    old = link_for(home, KASUBBAG, NOW - dt.timedelta(hours=48, minutes=1))
    answer = Browser().get(old if link == "lama" else "/t/karangan")
    assert answer.status_code == 410
    assert ("berakhir" if link == "lama" else "tidak dikenal") in answer.text and KASUBBAG not in answer.text


def test_a_lost_phone_is_shut_out(home: Home):
    """Withdrawn links open no page any more."""
    phone = on_the_phone_of(home, KASUBBAG)
    with writing(home.engine) as connection:
        assert links.withdraw(connection, home.office.profile.id, KASUBBAG, STAFF, dt.datetime.now(dt.UTC)) == 1
    assert phone.get("/saya").status_code == 403


# --- what may come in -------------------------------------------------------------------------------


def test_a_form_of_another_page_is_refused(home: Home):
    """Without the token, with another's, from another origin: nothing is changed."""
    browser = Browser().as_colleague()
    page = browser.get(f"/surat/{LETTER}").text
    token = re.search(r'name="tahapan_formulir" value="([^"]+)"', page)[1]
    path = "/butir/V1.kerawanan/kerjakan"
    for fields, headers in (
        ({}, {}),
        ({"tahapan_formulir": "x" * 32}, {}),
        ({"tahapan_formulir": token}, {"Origin": "https://jahat.example"}),
        ({"tahapan_formulir": token}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        assert browser.post(path, data=fields, headers=headers).status_code == 403
    assert (STAFF, "dikerjakan") not in told(home)
    assert (
        browser.post(path, data={"tahapan_formulir": token}, headers={"Origin": "http://127.0.0.1"}).status_code == 200
    )
    assert (STAFF, "dikerjakan") in told(home)


def test_every_page_says_what_a_browser_may_do(home: Home):
    """No script runs on any page, whatever a letter says; nothing is kept, nothing is framed elsewhere."""
    for path in ("/", "/hari", f"/surat/{LETTER}", "/tidak-ada", "/t/karangan"):
        answer = Browser().get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script" not in policy
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in answer.text and 'style="' not in answer.text and 'lang="id"' in answer.text


@pytest.mark.parametrize("host", ["jahat.example", "127.0.0.1.jahat.example"])
def test_the_desk_answers_only_by_its_own_names(home: Home, host: str):
    assert Browser().get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/surat/../../etc/passwd", "/surat/%2e%2e%2f%2e%2e%2fetc%2fpasswd.pdf", "/gaya.css/../app.py", "/butir/../x"],
)
def test_no_path_reaches_the_file_system(home: Home, path: str):
    assert Browser().get(path).status_code == 404


def test_a_hundred_thousand_letters_in_a_field_are_refused_kindly(home: Home):
    """With what to do; and so is a body beyond all measure, before it is read to its end."""
    browser = Browser().as_colleague()
    answer = browser.send("/butir/V1.kerawanan/kerjakan", "/butir/V1.kerawanan", alasan="x" * 100_000)
    assert answer.status_code == 409 and "isian terlalu panjang (100.000 huruf)" in answer.text
    assert browser.send("/siapa", "/", nama="x" * 3_000_000).status_code == 413


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("program.pdf", b"MZ\x90\x00" + b"\x00" * 200, "bukan"),
        ("kosong.pdf", b"", "kosong"),
        ("../../x", b"halo", "bukan"),
    ],
)
def test_what_is_no_evidence_is_refused_by_its_content(home: Home, name: str, content: bytes, said: str):
    """An exe named .pdf, an empty file, a name with a path: told, and nothing is kept."""
    browser = Browser().as_colleague()
    answer = browser.send(
        "/butir/V1.kerawanan/bukti", "/butir/V1.kerawanan", files={"berkas": (name, content)}, langkah="selesai"
    )
    assert answer.status_code == 422 and said in answer.text
    assert not list(home.bukti.glob("*")) and not list(home.root.parent.glob("x*"))


def test_markup_in_a_field_is_shown_as_text(home: Home):
    """Typed wrongly, shown again, kept in the journal: nowhere is it a tag."""
    phone = on_the_phone_of(home, KASUBBAG)
    note = "<script>alert(1)</script><b>tebal</b> {{ 7 * 7 }}"
    answer = phone.send(f"/saya/surat/{LETTER}", keputusan="", catatan=note)
    assert "&lt;script&gt;alert(1)" in answer.text and "<script>" not in answer.text
    phone.send(f"/saya/surat/{LETTER}", keputusan="revisi", catatan=note)
    page = Browser().get(f"/surat/{LETTER}").text
    assert "&lt;script&gt;" in page and "<script>" not in page and "{{ 7 * 7 }}" in page


# --- decisions --------------------------------------------------------------------------------------


def test_the_chain_decides_on_its_phones(home: Home):
    """Three links, three buttons, one number; a refusal without a note is asked again with what was typed."""
    phone = on_the_phone_of(home, KASUBBAG)
    again = phone.send(f"/saya/surat/{LETTER}", keputusan="tolak", catatan=" ")
    assert again.status_code == 422 and "catatan belum diisi; tolak harus dengan alasan" in again.text
    for name in (KASUBBAG, KEPALA, KETUA):
        phone = on_the_phone_of(home, name)
        assert "Pengantar Laporan Hasil Pengawasan 1" in phone.get("/saya").text
        answer = phone.send(
            f"/saya/surat/{LETTER}",
            keputusan="setuju",
            pertanyaan=approval.asked(home, home.plan("uji"), LETTER, TODAY).key,
        )
        assert answer.status_code == 200
    row = row_of(home)
    assert row.numbered and row.approved_by == KETUA and f"Surat bernomor {row.nomor}" in answer.text
    assert phone.get(f"/saya/surat/{LETTER}").status_code == 200  # they may read what they have decided


def test_the_second_of_two_answers_is_told_who_was_first(home: Home):
    """The page was open on two devices."""
    phone = on_the_phone_of(home, KASUBBAG)
    key = approval.asked(home, home.plan("uji"), LETTER, TODAY).key
    assert phone.send(f"/saya/surat/{LETTER}", keputusan="setuju", pertanyaan=key).status_code == 200
    late = phone.send(f"/saya/surat/{LETTER}", "/saya/surat/" + OTHER, keputusan="tolak", catatan="x", pertanyaan=key)
    assert late.status_code == 422 and f"sudah diputuskan {KASUBBAG} (setuju)" in late.text


def test_a_code_is_asked_for_where_one_is_enrolled(home: Home):
    with writing(home.engine) as connection:
        secret = codes.enrol(connection, home.root, home.office.profile.id, KASUBBAG, STAFF, NOW)
    phone = on_the_phone_of(home, KASUBBAG)
    assert 'autocomplete="one-time-code"' in phone.get(f"/saya/surat/{LETTER}").text
    assert "kode belum diisi" in phone.send(f"/saya/surat/{LETTER}", keputusan="setuju").text
    code = TOTP(secret.text).now()
    assert phone.send(f"/saya/surat/{LETTER}", keputusan="setuju", kode=code).status_code == 200
    again = phone.send(f"/saya/surat/{OTHER}", keputusan="setuju", kode=code)
    assert "kode itu sudah dipakai" in again.text and code not in again.text


def test_a_decision_on_paper_is_recorded_with_its_picture(home: Home):
    """By a colleague with a name; without one, or without a picture, it is asked again."""
    said = {
        "keputusan": "setuju", "hari": f"{NOW - dt.timedelta(minutes=30):%Y-%m-%d}", "lewat": "pesan WhatsApp",
        "jam": f"{NOW - dt.timedelta(minutes=30):%H:%M}",
    }  # fmt: skip
    path, picture = f"/surat/{LETTER}", {"bukti": ("pesan.jpg", JPEG)}
    assert "Nama Anda: belum dipilih" in Browser().send(f"{path}/luar", path, picture, **said).text
    browser = Browser().as_colleague()
    assert "Lampirkan foto" in browser.send(f"{path}/luar", path, **said).text
    assert browser.send(f"{path}/luar", path, {"bukti": ("x.jpg", b"bukan gambar")}, **said).status_code == 422
    assert browser.send(f"{path}/luar", path, picture, **said).status_code == 200
    assert (f"dicatat oleh {STAFF} atas keputusan {KASUBBAG}", "paraf") in told(home)


# --- letters, duties, details ----------------------------------------------------------------------


def numbered(home: Home, letter_id: str = LETTER) -> None:
    for name in (KASUBBAG, KEPALA, KETUA):
        answer = approval.Answer("setuju", name, "meja")
        approval.decide(home, home.plan("uji"), letter_id, answer, TODAY, dt.datetime.now(ZoneInfo("Asia/Jakarta")))


def test_the_signed_copy_is_filed(home: Home):
    """Of a letter that has its number."""
    browser = Browser().as_colleague()
    numbered(home)
    path = f"/surat/{LETTER}"
    assert browser.send(f"{path}/ttd", path).status_code == 422
    answer = browser.send(f"{path}/ttd", path, {"berkas": ("pindaian.pdf", PDF)})
    assert "Berkas bertanda tangan disimpan" in answer.text and "pindaian.pdf" in answer.text
    assert row_of(home).state == "ditandatangani"


def test_words_are_shown_before_they_are_kept(home: Home):
    """The difference first, then a new version that is put up at once; the old one says so."""
    browser, path = Browser().as_colleague(), f"/surat/{LETTER}/naskah"
    words = re.search(r'name="naskah"[^>]*>\n(.*?)</textarea>', browser.get(path).text, re.DOTALL)[1]
    other = words.replace("Bersama surat ini kami sampaikan", "Dengan surat ini kami kirimkan")
    shown = browser.send(path, naskah=other, langkah="lihat")
    assert "Yang akan berubah (belum disimpan)" in shown.text and "Dengan surat ini kami kirimkan" in shown.text
    assert row_of(home).state == "diajukan"
    assert "isinya sama" in browser.send(path, naskah=words, langkah="lihat").text
    kept = browser.send(path, naskah=other, langkah="simpan")
    assert "Versi baru disimpan dan diajukan" in kept.text
    assert row_of(home).state == "direvisi" and row_of(home, "uji.V1.pengantar-1.2").state == "diajukan"
    assert row_of(home, "uji.V1.pengantar-1.2").penulis == STAFF


def test_a_duty_is_ticked_with_its_evidence_and_opened_again_with_a_reason(home: Home):
    browser, path = Browser().as_colleague(), "/butir/V1.kerawanan"
    assert "perlu bukti" in browser.send(f"{path}/bukti", path, langkah="selesai").text
    answer = browser.send(f"{path}/bukti", path, {"berkas": ("form-a.pdf", PDF)}, langkah="selesai")
    assert "Butir ditandai selesai" in answer.text and "form-a.pdf" in answer.text
    without = browser.send(f"{path}/batal", path, alasan="")
    assert without.status_code == 422 and "Alasan: kosong." in without.text  # the field, not the command's --alasan
    assert "dibatalkan" in browser.send(f"{path}/batal", path, alasan="salah berkas").text
    plan = home.plan("uji")
    roll = ticking.roll(home, plan, plan.duty("V1.kerawanan"))
    assert not roll.finished and [piece.name for piece in roll.evidence] == ["form-a.pdf"]


def test_units_come_in_one_by_one_and_by_the_sheet(home: Home):
    """The page names who is missing, with a text to paste."""
    browser, path = Browser().as_colleague(), "/butir/V1.rekap"
    page = browser.get(path).text
    assert "0 dari 13" in page and "Yang belum:" in page
    answer = browser.send(f"{path}/unit", path, {"berkas": ("rekap.pdf", PDF)}, unit="13.07.01")
    assert "1 dari 13" in answer.text
    sheet = browser.get(f"{path}/unit.xlsx").content
    assert sheet.startswith(b"PK")
    assert browser.send(f"{path}/unit.xlsx", path, {"berkas": ("u.xlsx", io.BytesIO(b"bukan"))}).status_code == 422
    assert browser.send(f"{path}/foto", path, {"berkas": ("f.zip", io.BytesIO(b"PK\x03\x04rusak"))}).status_code == 422


def test_details_are_filled_in_and_the_draft_appears(home: Home):
    """What cannot be taken stands beside its field, with what was typed."""
    browser, path = Browser().as_colleague(), "/butir/V1.rincian"
    assert "Isi rincian yang kurang" in browser.get(path).text
    fields = {
        "isi-pokok": "Laporan <bulanan>\u202e",
        "isi-kiriman-0": "Laporan",
        "isi-kiriman-1": "1 (satu) berkas",
        "isi-kiriman-2": "",
    }
    again = browser.send(f"{path}/rincian", **fields)
    assert again.status_code == 422 and "Laporan &lt;bulanan&gt;" in again.text
    answer = browser.send(f"{path}/rincian", **(fields | {"isi-pokok": "Laporan bulanan"}))
    assert "Rincian disimpan. Lengkap." in answer.text
    assert row_of(home, "uji.V1.rincian.1").hal == "Pengantar Laporan bulanan"


def test_a_stand_in_is_named_for_some_days(home: Home):
    browser, path = Browser().as_colleague(), "/kantor/pengganti"
    said = {
        "peran": "ketua",
        "sebagai": "Plh.",
        "nama": "Nama Kordiv Pencegahan (contoh)",
        "sejak": f"{TODAY}",
        "sampai": f"{TODAY}",
    }
    assert browser.send(path, **(said | {"sampai": "kemarin"})).status_code == 422
    assert "Plh. Ketua" in browser.send(path, **said).text
    assert home.office.holder("ketua", TODAY).nama == "Nama Kordiv Pencegahan (contoh)"


def test_a_link_is_made_for_whom_a_letter_waits(home: Home):
    """Shown once, with a text to send; for nobody else."""
    browser = Browser().as_colleague()
    page = browser.send("/menunggu/tautan", "/menunggu", nama=KASUBBAG)
    link = re.search(r"http://\S+/t/\S+", page.text)[0]
    assert "Menunggu Anda" in Browser().send(link[link.index("/t/") :]).text
    assert "/t/" not in browser.get("/menunggu").text
    assert browser.send("/menunggu/tautan", "/menunggu", nama=KETUA).status_code == 404


# --- nomination, disputes, neutrality --------------------------------------------------------------


@pytest.fixture
def at_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A rehearsal that stands at 24 September 2024."""
    day = dt.date(2024, 9, 24)
    home = open_gladi(tmp_path / "gladi", "pilkada-2024", day, day)
    monkeypatch.setenv("TAHAPAN_HOME", str(home.root))
    monkeypatch.delenv("PREFECT_SERVER_API_AUTH_STRING", raising=False)
    monkeypatch.delenv("TAHAPAN_DATABASE_URL", raising=False)
    return home


def test_an_election_without_nomination_has_no_such_page(home: Home):
    assert Browser().as_colleague().get("/pencalonan").status_code == 404


def test_the_dispute_desk_takes_a_request_and_follows_it(at_the_door: Home):
    """Late or not; a form that lacks something says what; the register shows the clock that runs."""
    browser = Browser().as_colleague()
    given = {"pemohon": "Bakal pasangan calon (contoh)", "keputusan": "Keputusan penetapan", "hari_putus": "2024-09-22", "jam_putus": "17:00", "hari": "2024-09-24"}  # fmt: skip
    assert "bukan jam" in browser.send("/sengketa", jam="", **given).text
    assert "dalam tenggat (25 September 2024 pukul 16.00)" in browser.send("/sengketa", jam="15:40", **given).text
    lacking = browser.send("/sengketa/001", "/sengketa", keadaan="diregister", hari="2024-09-24", jam="16:30")
    assert lacking.status_code == 422 and "nomor registernya" in lacking.text
    done = browser.send(
        "/sengketa/001", "/sengketa", keadaan="diregister", hari="2024-09-24", jam="16:30", nomor="001/X"
    )
    assert "Putusan sengketa proses sampai 6 Oktober 2024 pukul 24.00" in done.text
    assert browser.send(
        "/sengketa/009", "/sengketa", keadaan="dicabut", hari="2024-09-24", jam="16:30"
    ).status_code in (404, 422)


def test_no_page_shows_who_an_incident_is_about(at_the_door: Home):
    """Not after it was written down, nor when the form comes back; the file of a step is read by its owner only."""
    browser = Browser().as_colleague()
    given = {"kelompok": "asn", "tempat": "media sosial", "hari": "2024-09-20", "nama": "Fulan Pegawai", "instansi": "Dinas Contoh"}  # fmt: skip
    back = browser.send("/netralitas", peristiwa="unggahan", jabatan="", **given)
    assert back.status_code == 422 and "tidak memegang jabatan" in back.text and "Fulan Pegawai" not in back.text
    done = browser.send("/netralitas", peristiwa="unggahan", jabatan="Analis", **given)
    assert "Kejadian 001 dicatat" in done.text
    moved = browser.send("/netralitas/001", "/netralitas", {"bukti": ("../../x.jpg", JPEG)}, langkah="form-a", hari="2024-09-24", jam="09:00", nomor="1/LHP")  # fmt: skip
    assert "Kejadian 001: form-a." in moved.text
    for path in ("/netralitas", "/pencalonan", "/hari"):
        assert "Fulan Pegawai" not in browser.get(path).text
    assert [path.stat().st_mode & 0o777 for path in at_the_door.bukti.iterdir()] == [0o600]
    assert not any((at_the_door.root.parent / name).exists() for name in ("x.jpg", "gladi/x.jpg"))


def test_forms_of_the_door_take_no_markup(at_the_door: Home):
    browser = Browser().as_colleague()
    answer = browser.send("/pencalonan/pasangan", "/pencalonan", calon="<b>Fulan</b>", wakil="<script>x</script>")
    assert "<script>x" not in answer.text and "&lt;b&gt;Fulan" in answer.text
    assert browser.post("/pencalonan/pasangan", data={"calon": "A", "wakil": "B"}).status_code == 403
