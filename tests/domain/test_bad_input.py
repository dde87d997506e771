"""Bad input: each fault is refused with exit 1 and one clear Indonesian message, and nothing is half-written."""

import datetime as dt
import os
import re
import shutil
import socket
import sqlite3

import pytest

from tahapan import register
from tahapan.day import morning, open_duties, work_on
from tahapan.errors import Refused
from tahapan.home import DATA, TEMPLATES, Home, open_gladi, open_home
from tahapan.register import LetterRow
from tahapan.store.engine import reading
from tahapan.store.opening import HEAD

ELECTION = "pilkada-2024"
INVITED = dt.date(2024, 8, 14)  # Wednesday: the invitation to the rakor of 21 August goes out
DUE = ("due", "--on", "2024-08-21")
RAKOR = "V12.rakor-stakeholder"
LETTER = f"{ELECTION}.{RAKOR}.1"

# What a clerk writes wrongly: what is changed in the office folder (file, old text, new text; old text empty: added at
# the end), the command that meets it, and what is said, line by line: place, fault, remedy.
KITA = "checklists/pilkada-2024/kita.toml"
BUTIR = '[[duties]]\nstage = "{}"\nid = "{}"\ntitle = "Kita"\ndue = {{ from = "S", days = 0 }}\npj = "ketua"\n'
FAULTS = {
    "broken TOML": (
        [("pejabat.toml", 'id           = "ketua"', 'id           = "ketua')],
        DUE,
        ['kantor/pejabat.toml, baris 16: TOML rusak, tertulis `id           = "ketua`. Periksa tanda kutip, koma dan kurung'],
    ),
    "a key written twice": (
        [("kantor.toml", "[kop]", '[kop]\nalamat = "Jalan Lain"')],
        DUE,
        ['kantor/kantor.toml, baris 20: kunci atau tabel ditulis dua kali, tertulis `alamat      = "Jalan Contoh Nomor 1, Sarilamak"`. Hapus salah satu.'],
    ),
    "unknown and missing keys in two files": (
        [
            ("kantor.toml", "telepon     =", "telpon      ="),
            ("kantor.toml", "zona         =", "zone         ="),
            ("pejabat.toml", "sejak = 2023", "sejek = 2023"),
        ],
        DUE,
        [
            "kantor/kantor.toml, kunci zona: kunci ini wajib ada. Tambahkan.",
            "kantor/kantor.toml, kunci kop.telpon: kunci ini tidak dikenal. Periksa ejaannya atau hapus.",
            "kantor/kantor.toml, kunci zone: kunci ini tidak dikenal. Periksa ejaannya atau hapus.",
            "kantor/pejabat.toml, pemegang ke-1 (ketua), kunci sejak: kunci ini wajib ada. Tambahkan.",
            "kantor/pejabat.toml, pemegang ke-1 (ketua), kunci sejek: kunci ini tidak dikenal. Periksa ejaannya",
        ],
    ),
    "values of the wrong type": (
        [
            ("kantor.toml", '"WIB"', '"WIBB"'),
            ("kantor.toml", "baris       = [", "baris       = 1 # ["),
            ("pejabat.toml", "sejak = 2023-08-19", 'sejak = "Agustus"'),
        ],
        DUE,
        [
            "kantor/kantor.toml, kunci zona: nilai 'WIBB' tidak dikenal. Pilihan: 'WIB', 'WITA' atau 'WIT'.",
            'kantor/kantor.toml, kunci kop.baris: harus berupa daftar. Tulis seperti ["satu", "dua"].',
            "kantor/pejabat.toml, pemegang ke-1 (ketua), kunci sejak: 'Agustus' bukan tanggal. Tulis seperti 2024-08-21",
        ],
    ),
    "stages without law, and one that ends before it starts": (
        [
            ("elections/pilkada-2024.toml", 'dasar = ["pkpu-2-2024"]\n', ""),
            ("elections/pilkada-2024.toml", "selesai = 2024-11-05", "selesai = 2024-04-01"),
        ],
        DUE,
        [
            "kantor/elections/pilkada-2024.toml, stages ke-1 (P1): tahapan P1 tanpa dasar hukum. Isi `dasar` dengan id dari laws.toml.",
            "kantor/elections/pilkada-2024.toml, stages ke-4 (P4): tahapan P4 selesai 1 April 2024 sebelum mulai 17 April 2024. Tukar atau perbaiki.",
        ],
    ),
    "a stage and a tonggak that do not exist": (
        [("elections/pilkada-2024.toml", 'penetapan-dpt = "V14"', 'penetapan-dpt = "V41"')],
        DUE,
        ["kantor/elections/pilkada-2024.toml: tonggak penetapan-dpt menunjuk 'V41' yang tidak ada."],
    ),
    "unknown role, group, letter kind, subject and stage in a checklist": (
        [
            (KITA, "", BUTIR.format("V12", "satu").replace('"ketua"', '"kordif-pencegahan"')),
            (KITA, "", 'letter = "undangan-rapat"\nkepada = ["kpuu"]\ntembusan = ["zzz"]\ndasar = ["pemilihann"]\n'),
            (KITA, "", BUTIR.format("V99", "dua")),
        ],
        DUE,
        [
            f"kantor/{KITA}, butir V12.satu: peran 'kordif-pencegahan' tidak dikenal. Maksudnya 'kordiv-pencegahan'",
            f"kantor/{KITA}, butir V12.satu: kelompok 'kpuu' tidak dikenal. Maksudnya 'kpu'",
            f"kantor/{KITA}, butir V12.satu: kelompok 'zzz' tidak dikenal. Yang ada: anggota, camat,",
            f"kantor/{KITA}, butir V12.satu: pokok hukum 'pemilihann' tidak dikenal. Maksudnya 'pemilihan'?",
            f"kantor/{KITA}, butir V99.dua: tahapan 'V99' tidak dikenal. Maksudnya 'V19'",
            f"kantor/{KITA}, butir V12.satu: jenis surat 'undangan-rapat' tidak dikenal. Periksa ejaannya, atau buat templat undangan-rapat.md.j2.",
        ],
    ),
    "faults of two checklists, and of the days off, at once": (
        [
            (KITA, "", BUTIR.format("V12", "satu") + 'warna = "merah"\n'),
            ("checklists/pilkada-2024/mereka.toml", "", BUTIR.format("V12", "dua") + 'letter = "siaran-pers"\nlapangan = "x"\n'),
            ("libur.toml", "", "[[libur]]\ntanggal = 2024-08-16\n"),
        ],
        DUE,
        [
            "kantor/libur.toml, libur ke-1, kunci nama: kunci ini wajib ada. Tambahkan.",
            f"kantor/{KITA}, duties ke-1 (satu), kunci warna: kunci ini tidak dikenal. Periksa ejaannya atau hapus.",
            "kantor/checklists/pilkada-2024/mereka.toml, duties ke-1 (dua): butir dua punya lebih dari satu dari `letter`, `belum_ada`, `lapangan`. Pilih satu.",
        ],
    ),
    "a duty that is there already": (
        [(KITA, "", BUTIR.format("V12", "rakor-stakeholder"))],
        DUE,
        [f"kantor/{KITA}: butir V12.rakor-stakeholder ada dua kali. Beri id lain."],
    ),
    "a letter that goes to nobody": (
        [(KITA, "", BUTIR.format("V12", "satu") + 'letter = "saran-perbaikan"\n')],
        DUE,
        [f"kantor/{KITA}, butir V12.satu: bersurat tanpa `kepada`. Isi kelompok penerimanya."],
    ),
    "a field in a checklist that its letter does not have": (
        [(KITA, "", BUTIR.format("V12", "satu") + 'letter = "siaran-pers"\nkepada = ["media"]\nisi = { judull = "x" }\n')],
        DUE,
        [f"kantor/{KITA}, butir V12.satu, kunci judull: kunci ini tidak dikenal. Yang dikenal: "],
    ),
    "roles and addressees written twice, groups that contain themselves, a holder of no role": (
        [
            ("pejabat.toml", "", '[[peran]]\nid = "ketua"\nnama = "Ketua lain"\n'),
            ("pejabat.toml", "", '[[pemegang]]\nperan = "ketuaa"\nnama = "Budi"\nsejak = 2024-01-01\n'),
            ("pejabat.toml", "", '[[pemegang]]\nperan = "ketua"\nnama = "Ani"\nsejak = 2024-01-02\nsampai = 2024-01-01\n'),
            ("alamat.toml", "", '[[alamat]]\nid = "kpu"\ngelar = [{ jabatan = "KPU lain" }]\n'),
            ("alamat.toml", "", '[[grup]]\nid = "media"\nnama = "Media lain"\n'),
            ("alamat.toml", "", '[[grup]]\nid = "sendiri"\nnama = "Sendiri"\nanggota = ["sendiri", "tak-ada"]\n'),
            ("alamat.toml", "", '[[grup]]\nid = "sini"\nnama = "Sini"\nanggota = ["sana"]\n'),
            ("alamat.toml", "", '[[grup]]\nid = "sana"\nnama = "Sana"\nanggota = ["sini", "kpu"]\n'),
        ],
        DUE,
        [
            "kantor/pejabat.toml: peran 'ketua' dipakai 2 kali. Beri nama lain atau hapus salah satu.",
            "kantor/pejabat.toml: pemegang Budi: peran 'ketuaa' tidak dikenal. Yang ada: ketua, kordiv-pencegahan,",
            "kantor/pejabat.toml: pemegang Ani: `sampai` sebelum `sejak`. Perbaiki tanggalnya.",
            "kantor/alamat.toml: id 'kpu' dipakai 2 kali. Beri nama lain atau hapus salah satu.",
            "kantor/alamat.toml: id 'media' dipakai 2 kali. Beri nama lain atau hapus salah satu.",
            "kantor/alamat.toml: grup sendiri: anggota 'tak-ada' tidak dikenal. Tambahkan alamatnya atau hapus.",
            "kantor/alamat.toml: grup sendiri memuat dirinya sendiri. Keluarkan dari `anggota`",
            "kantor/alamat.toml: grup sini memuat dirinya sendiri. Keluarkan dari `anggota`",
            "kantor/alamat.toml: grup sana memuat dirinya sendiri. Keluarkan dari `anggota`",
        ],
    ),
    "a logo that is not there": (
        [("kantor.toml", "# logo ", "logo ")],
        DUE,
        ["kantor/kantor.toml, kunci kop.logo: berkas 'logo.png' tidak ada di folder kantor. Taruh berkasnya di sana"],
    ),
    "templates naming unknown fields, names, laws and roles, at their line": (
        [
            ("templates/undangan-rakor.md.j2", "(isi.rapat_tanggal or tugas.tanggal) }}\n{% endblock", "(isi.rapat_tempt or tugas.tanggal) }}\n{% endblock"),
            ("templates/undangan-rakor.md.j2", 'rantai = ["kasubbag-administrasi"', 'rantai = ["kasubag"'),
            ("templates/siaran-pers.md.j2", "{% block pembuka %}", '{% block pembuka %}{{ hukum("uu-1") }}{{ kntor }}'),
        ],
        ("calendar", "check"),
        [
            "kantor/templates/siaran-pers.md.j2, baris {siaran}: nama 'kntor' tidak dikenal. Lihat daftar nama di CONTRIBUTING.",
            "kantor/templates/siaran-pers.md.j2: hukum 'uu-1' tidak dikenal. Periksa id-nya dalam laws.toml.",
            "kantor/templates/undangan-rakor.md.j2, baris {undangan}: rincian 'rapat_tempt' tidak dikenal. Daftarkan di [[fields]]; yang ada: agenda,",
            "kantor/templates/undangan-rakor.md.j2, kunci rantai: peran 'kasubag' tidak dikenal. Yang ada: ketua,",
        ],
    ),
    "a template whose signer does not end its chain, and one without a head": (
        [
            ("templates/undangan-rakor.md.j2", '"kordiv-pencegahan", "ketua"]', '"kordiv-pencegahan"]'),
            ("templates/kabar.md.j2", "", "Kabar baik.\n"),
        ],
        DUE,
        [
            "kantor/templates/kabar.md.j2: kepala templat tidak ditemukan. Awali dengan TOML di antara dua baris +++.",
            "kantor/templates/undangan-rakor.md.j2, kunci rantai: yang terakhir bukan penanda tangan. Akhiri dengan 'ketua'.",
        ],
    ),
    "details of a meeting that are misspelt or of the wrong type": (
        [
            (f"acara/{RAKOR}.toml", "rapat_tempat =", "rapat_tmpat ="),
            (f"acara/{RAKOR}.toml", '"09:00"', '"jam sembilan"'),
        ],
        ("calendar", "check"),
        [
            f"kantor/acara/{RAKOR}.toml, kunci rapat_tmpat: kunci ini tidak dikenal. Yang dikenal: rapat_nama,",
            f'kantor/acara/{RAKOR}.toml, kunci rapat_jam: bukan jam ("09:00"). Contoh: 09:00.',
        ],
    ),
    "hidden characters anywhere in the office's files": (
        [
            ("pejabat.toml", "Nama Ketua (contoh)", "Nama \\u202EKetua (contoh)"),
            ("alamat.toml", "Ketua KPU Kabupaten", "Ketua\u200b KPU Kabupaten"),
            ("alamat.toml", "Ketua KPU Provinsi", "Ketua\\u0007 KPU Provinsi"),
        ],
        DUE,
        [
            "kantor/pejabat.toml, pemegang ke-1 (ketua), kunci nama: memuat karakter tak terlihat U+202E (RIGHT-TO-LEFT OVERRIDE). Ketik ulang teksnya.",
            "kantor/alamat.toml, alamat ke-1 (kpu), gelar ke-1, kunci jabatan: memuat karakter tak terlihat U+200B (ZERO WIDTH SPACE). Ketik ulang teksnya.",
            "kantor/alamat.toml, alamat ke-2 (kpu-provinsi), gelar ke-1, kunci jabatan: memuat karakter tak terlihat U+0007 (karakter kendali). Ketik ulang teksnya.",
        ],
    ),
    "a name longer than a line of names can be": (
        [("pejabat.toml", "Nama Ketua (contoh)", "N" * 201)],
        DUE,
        ["kantor/pejabat.toml, pemegang ke-1 (ketua), kunci nama: terlalu panjang. Persingkat sampai 200 huruf."],
    ),
    "an unknown election": (
        [],
        ("due", "--election", "pilkada-2029"),
        ["pemilihan pilkada-2029: tidak dikenal. Yang ada: pilkada-2024."],
    ),
    "a day that does not exist": (
        [],
        ("due", "--on", "31-02-2024"),
        ["31-02-2024: bukan tanggal. Tulis seperti 2024-08-21."],
    ),
    "a day outside the calendar": (
        [],
        ("due", "--on", "2031-01-01"),
        ["1 Januari 2031: di luar kalender pilkada-2024 (26 Januari s.d. 16 Desember 2024). Pilih tanggal di dalamnya."],
    ),
    "an unknown duty": (
        [],
        ("done", "V12.rakor", "--oleh", "Budi"),
        ["butir V12.rakor: tidak ada dalam pilkada-2024. Lihat id-nya dengan `tahapan due`."],
    ),
    "an event outside its stage": (
        [],
        ("calendar", "set", "V14", "--acara", "2024-10-20", "--dasar", "undangan"),
        ["tahapan V14: 20 Oktober 2024 di luar jadwalnya (14 s.d. 21 September 2024). Periksa tanggalnya; bila memang begitu, tambahkan --di-luar-jadwal."],
    ),
    "a hidden character and a lone surrogate on the command line": (
        [],
        ("calendar", "set", "V14", "--acara", "2024-09-20", "--dasar", "und\udc80angan"),
        ["--dasar: memuat karakter tak terlihat U+DC80 (karakter kendali). Ketik ulang teksnya."],
    ),
}  # fmt: skip


def own_copy(kantor, name):
    """The file in the office folder; calendars and templates of the package are copied there first."""
    path = kantor / name
    path.parent.mkdir(parents=True, exist_ok=True)
    source = {"elections": DATA / "elections", "templates": TEMPLATES / "surat"}.get(path.parent.name)
    if not path.exists() and source and (source / path.name).is_file():
        shutil.copy(source / path.name, path)
    return path


def spoil(kantor, changes):
    for name, old, new in changes:
        path = own_copy(kantor, name)
        text = path.read_text("utf-8") if path.exists() else ""
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1) if old else f"{text}\n{new}" if text else new, "utf-8")


def files(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def row_of(kantor, name, word):
    lines = (kantor / name).read_text("utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if word in line)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_and_remedy(fault, real_office, tahapan):
    """One line for each fault, all of them at once, exit 1, nothing on stdout and no file changed or left behind."""
    changes, command, wanted = FAULTS[fault]
    kantor = real_office / "kantor"
    spoil(kantor, changes)
    if "templat" in fault and "line" in fault:
        rows = {
            "undangan": row_of(kantor, "templates/undangan-rakor.md.j2", "rapat_tempt"),
            "siaran": row_of(kantor, "templates/siaran-pers.md.j2", "kntor"),
        }
        wanted = [line.format(**rows) for line in wanted]
    before = files(kantor)

    said = tahapan(*command, home=real_office)

    assert (said.code, said.out) == (1, "")
    assert len(said.lines) == len(wanted), said.err
    for line, start in zip(said.lines, wanted, strict=True):
        assert line.startswith(start)
    assert files(kantor) == before
    assert not (real_office / "surat").exists()
    assert not list(real_office.rglob("*.baru"))


@pytest.mark.parametrize(
    ("changes", "arguments"),
    [
        ([("alamat.toml", "\n[[grup]]", "\n[[group]]")], (ELECTION,)),
        ([("templates/siaran-pers.md.j2", "{% block pembuka %}", "{% block pembuka %}{{ kntor }}")], (ELECTION,)),
        ([], ("pilkada-2029",)),
        ([], (ELECTION, "--from", "2023-01-01")),
        ([], (ELECTION, "--to", "2025-01-01")),
        ([], (ELECTION, "--from", "2024-09-02", "--to", "2024-09-01")),
    ],
    ids=["office", "template", "election", "first day", "last day", "days reversed"],
)
def test_a_refused_rehearsal_leaves_no_folder(changes, arguments, real_office, tahapan, tmp_path):
    """Everything is checked before the rehearsal's home is made."""
    spoil(real_office / "kantor", changes)

    said = tahapan("rehearse", *arguments, "--out", tmp_path / "gladi", home=real_office)

    assert said.code == 1 and said.err.startswith("tahapan: ")
    assert not (tmp_path / "gladi").exists()


def test_a_rehearsal_does_not_enter_a_folder_with_other_files(tahapan, real_office, tmp_path):
    """Neither a folder of photos nor a real office becomes a rehearsal."""
    (tmp_path / "foto").mkdir()
    (tmp_path / "foto" / "rakor.jpg").write_bytes(b"x")
    before = files(real_office / "kantor")

    photos = tahapan("rehearse", ELECTION, "--out", tmp_path / "foto", home=real_office)
    office = tahapan("rehearse", ELECTION, "--out", real_office, home=real_office)

    assert photos.code == 1 and "folder itu berisi berkas lain (rakor.jpg). Pilih folder kosong." in photos.err
    assert office.code == 1 and "folder itu rumah kantor, bukan gladi. Pilih folder lain untuk gladi." in office.err
    assert [path.name for path in (tmp_path / "foto").iterdir()] == ["rakor.jpg"]
    assert files(real_office / "kantor") == before


def test_a_file_of_notepad_with_a_byte_order_mark_is_read(real_office, tahapan):
    """Windows writes one before the first letter."""
    path = real_office / "kantor" / "pejabat.toml"
    path.write_text(path.read_text("utf-8"), "utf-8-sig")

    assert tahapan(*DUE, home=real_office).code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Ketua é".encode("latin-1"), "kantor/alamat.toml: berkas bukan teks UTF-8. Simpan ulang sebagai teks biasa"),
        (None, "kantor/alamat.toml: berkas tidak ada. Periksa nama dan foldernya."),
    ],
    ids=["other encoding", "missing"],
)
def test_a_file_that_cannot_be_read_is_named(content, said, real_office, tahapan):
    """Saved as ANSI, or deleted."""
    path = real_office / "kantor" / "alamat.toml"
    path.unlink()
    if content:
        path.write_bytes(content)

    assert tahapan(*DUE, home=real_office).lines[0].startswith(said)


def test_details_of_a_duty_that_does_not_exist_are_pointed_out(real_office, tahapan):
    """A file of acara/ that nothing would read is a misspelt name; other elections may have their own."""
    acara = real_office / "kantor" / "acara"
    (acara / f"{RAKOR}.toml").rename(acara / "V12.rakor-stakholder.toml")

    said = tahapan("calendar", "check", home=real_office)

    assert said.code == 0
    assert (
        "Perhatikan: kantor/acara/V12.rakor-stakholder.toml: tidak ada butir dengan nama itu. "
        f"Maksudnya {RAKOR}.toml?" in said.out
    )


# --- records and machine -----------------------------------------------------------------------------------------------


def test_a_database_of_a_newer_version_is_left_as_it_is(real_office, tahapan):
    """Told in one line, and its tables stay untouched."""
    assert tahapan(*DUE, home=real_office).code == 0
    database = sqlite3.connect(real_office / "tahapan.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    before = list(database.iterdump())

    said = tahapan(*DUE, home=real_office)

    assert said.code == 1
    assert said.lines == [
        (
            f"{real_office}/tahapan.db: basis data dari versi tahapan yang lebih baru (9999; yang ini {HEAD}). "
            "Pasang versi tahapan terbaru; basis data tidak diubah."
        )
    ]
    assert list(database.iterdump()) == before
    database.close()


def test_a_file_that_is_no_database_is_told(real_office, tahapan):
    """Something else was saved under its name; it stays as it is."""
    (real_office / "tahapan.db").write_text("catatan rapat\n" * 500, "utf-8")

    said = tahapan(*DUE, home=real_office)

    assert said.code == 1
    assert said.lines == [
        (
            f"{real_office}/tahapan.db: basis data tidak dapat dibuka (file is not a database). "
            "Periksa alamat, izin dan isi disk."
        )
    ]
    assert (real_office / "tahapan.db").read_text("utf-8") == "catatan rapat\n" * 500


@pytest.mark.parametrize("option", ["--port", "--desk-port"])
def test_a_taken_port_is_named_with_the_option_that_chooses_another(option, tahapan, tmp_path):
    """Before anything is started or written."""
    other = "--desk-port" if option == "--port" else "--port"
    with socket.socket() as taken, socket.socket() as free:
        for held in (taken, free):
            held.bind(("127.0.0.1", 0))
        taken.listen()
        port, unused = taken.getsockname()[1], free.getsockname()[1]
        free.close()

        said = tahapan("demo", option, port, other, unused, home=tmp_path / "demo")

    assert said.code == 1 and len(said.lines) == 1
    assert re.match(
        rf"port {port}: sudah dipakai program lain, padahal diperlukan untuk .*\. Pilih port lain", said.lines[0]
    )
    assert f"{option} {port + 1}" in said.lines[0]
    assert not (tmp_path / "demo").exists()


def drafted(root) -> tuple[Home, LetterRow]:
    """A rehearsal on 14 August 2024 with the invitation to the rakor drafted and not numbered."""
    home = open_gladi(root, ELECTION, INVITED, INVITED)
    plan = home.plan(ELECTION)
    at = morning(plan, INVITED)
    open_duties(home, plan, INVITED, at, "V12")
    work_on(home, plan, plan.duty(RAKOR), INVITED, at)
    return home, row_of_register(home)


def row_of_register(home) -> LetterRow:
    with reading(home.engine) as connection:
        return register.letter(connection, home.office.profile.id, LETTER)


def test_a_full_disk_costs_no_number(tmp_path, tahapan):
    """The kernel refuses the bytes of the PDF: no number, no file, no half; with room again the letter gets number 1."""
    home, row = drafted(tmp_path / "gladi")
    home.surat.mkdir(exist_ok=True)
    half = home.surat / f"{row.pdf}.{os.getpid()}.baru"
    half.symlink_to("/dev/full")  # what this process writes there meets ENOSPC

    said = tahapan("letter", "approve", LETTER, home=home.root)

    assert (said.code, said.out) == (1, "")
    assert said.lines == [
        (
            f"{home.surat / row.pdf}: tidak dapat ditulis (No space left on device). "
            "Kosongkan disk, lalu ulangi; belum ada nomor yang terpakai."
        )
    ]
    assert row_of_register(home) == row and row.nomor is None
    assert list(home.surat.iterdir()) == []

    again = tahapan("letter", "approve", LETTER, home=home.root)

    assert again.code == 0
    assert row_of_register(home).nomor == "001/PM.00.02/K.SB-99/08/2024"


def test_without_a_holder_of_the_signing_role_on_its_day_a_letter_gets_no_number(tmp_path, tahapan):
    """The Ketua resigned between draft and approval."""
    home, row = drafted(tmp_path / "gladi")
    people = home.kantor / "pejabat.toml"
    text = people.read_text("utf-8")
    first = re.search(r'peran *= "ketua"\n(?:.*\n)*?sejak *= \S+\n', text)
    assert first
    people.write_text(text.replace(first.group(0), first.group(0) + "sampai = 2024-08-13\n"), "utf-8")

    said = tahapan("letter", "approve", LETTER, home=home.root)

    assert said.code == 1
    assert said.lines == [
        (
            "kantor/pejabat.toml: tidak ada pemegang peran Ketua Bawaslu Kabupaten Lima Puluh Kota pada 14 Agustus 2024. "
            "Perbaiki `sejak` dan `sampai` pemegangnya."
        )
    ]
    assert row_of_register(home) == row


def test_an_empty_list_of_addressees_is_refused_and_leaves_no_draft(tmp_path):
    """A group without members cannot be written to; the group is named."""
    home = open_gladi(tmp_path / "gladi", ELECTION, INVITED, INVITED)
    text = (home.kantor / "alamat.toml").read_text("utf-8")
    (home.kantor / "alamat.toml").write_text(
        re.sub(r'(id *= "stakeholder"\n(?:.*\n)*?anggota *= )\[[^\]]*\]', r"\1[]", text), "utf-8"
    )
    plan = home.plan(ELECTION)

    with pytest.raises(Refused) as refused:
        work_on(home, plan, plan.duty(RAKOR), INVITED, morning(plan, INVITED))

    assert str(refused.value) == (
        "kantor/alamat.toml: daftar penerima kosong pada 14 Agustus 2024 (kelompok stakeholder). "
        "Isi `anggota` kelompok itu."
    )
    with reading(open_home(home.root).engine) as connection:
        assert register.letters(connection, plan.office.profile.id) == ()
