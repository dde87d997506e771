"""`tahapan done` and `tahapan units`: what they say, their exit codes, their JSON."""

from __future__ import annotations

import json
import zipfile

PHOTOS = "V12.foto-tempat-pengumuman"
RAKOR = "V12.rakor-stakeholder"
ON = ("--on", "2024-08-19")
JPG = b"\xff\xd8\xff\xe0 foto"


def test_done_without_options_shows_what_is_wanted_and_what_is_there(tahapan, real_office, tmp_path):
    """Evidence filed before the tick is listed, and then suffices."""
    scan = tmp_path / "hadir.jpg"
    scan.write_bytes(JPG)

    bare = tahapan("done", RAKOR, *ON, home=real_office)
    kept = tahapan("done", RAKOR, *ON, "--simpan-saja", "--bukti", scan, "--oleh", "Staf", home=real_office)
    shown = tahapan("done", RAKOR, *ON, home=real_office)
    ticked = tahapan("done", RAKOR, *ON, "--oleh", "Staf", home=real_office)

    assert bare.out.splitlines() == [
        "Rakor stakeholder pengawasan DPS: belum selesai.",
        "Bukti yang diminta: daftar hadir, notulen.",
        "Bukti yang ada: belum ada.",
    ]
    assert kept.out == f"{RAKOR}: 1 berkas bukti disimpan; belum ditandai selesai.\n"
    assert "hadir.jpg" in shown.out
    assert ticked.out == f"{RAKOR} selesai dengan 1 berkas bukti (yang diminta: daftar hadir, notulen).\n"


def test_a_tick_is_taken_back_only_with_a_reason(tahapan, real_office, tmp_path):
    """`--batal` opens the duty again, and says that the evidence stays."""
    scan = tmp_path / "hadir.jpg"
    scan.write_bytes(JPG)
    tahapan("done", RAKOR, *ON, "--bukti", scan, "--oleh", "Staf", home=real_office)

    bare = tahapan("done", RAKOR, *ON, "--batal", "--oleh", "Ketua", home=real_office)
    back = tahapan("done", RAKOR, *ON, "--batal", "--oleh", "Ketua", "--alasan", "diulang", home=real_office)

    assert (bare.code, bare.lines) == (1, ["--alasan: kosong. Tulis mengapa tanda selesainya dibatalkan."])
    assert (back.code, back.out) == (0, f"{RAKOR} dibuka lagi. Buktinya tetap tersimpan.\n")


def test_units_are_ticked_by_code_or_name_and_counted(tahapan, real_office, tmp_path):
    """Several at once; every name that is not clear is told, and then none is ticked."""
    photo = tmp_path / "a.jpg"
    photo.write_bytes(JPG)
    tick = ("done", PHOTOS, *ON, "--bukti", photo, "--oleh", "PKD", "--unit")

    wrong = tahapan(*tick, "Kurai,Antah,Berantah", home=real_office)
    done = tahapan(*tick, "kurai,13.07.01.2002", "--unit", "Limbanang", home=real_office)
    listed = json.loads(tahapan("units", PHOTOS, *ON, "--json", home=real_office).out)
    missing = json.loads(tahapan("units", PHOTOS, *ON, "--kurang", "--json", home=real_office).out)

    assert (wrong.code, len(wrong.lines)) == (1, 2)
    assert done.out == f"{PHOTOS}: 3 baru, 3 berkas bukti; 3 dari 79 nagari.\n"
    assert (listed["masuk"], listed["jumlah"], listed["per"], len(listed["unit"])) == (3, 79, "nagari", 79)
    assert listed["unit"][0] | {"bukti": len(listed["unit"][0]["bukti"])} == {
        "kode": "13.07.01.2001", "kecamatan": "Suliki", "nama": "Kurai", "selesai": True, "tanggal": "2024-08-19",
        "oleh": "PKD", "catatan": "", "bukti": 1,
    }  # fmt: skip
    assert len(missing["unit"]) == 76
    assert (
        "Sampai Senin, 19 Agustus 2024 masuk 3 dari 79 nagari."
        in tahapan("units", PHOTOS, *ON, "--wa", home=real_office).out
    )


def test_units_go_out_as_a_sheet_and_photos_come_in_as_a_zip(tahapan, real_office, tmp_path):
    """What fits no unit is named on stderr; without `--sebagian` nothing is taken."""
    with zipfile.ZipFile(tmp_path / "foto.zip", "w") as archive:
        for name in ("Kurai.jpg", "IMG_1.jpg"):
            archive.writestr(name, JPG + name.encode())
    take = ("units", PHOTOS, *ON, "--foto", tmp_path / "foto.zip", "--oleh", "Staf")

    none, some = tahapan(*take, home=real_office), tahapan(*take, "--sebagian", home=real_office)
    written = tahapan("units", PHOTOS, *ON, "--xlsx", tmp_path / "unit.xlsx", home=real_office)
    read = tahapan("units", PHOTOS, *ON, "--baca", tmp_path / "unit.xlsx", "--oleh", "Staf", home=real_office)

    assert (none.code, none.out, len(none.lines)) == (1, "", 2)
    assert some.out == f"{PHOTOS}: 1 baru, 1 berkas bukti; 1 dari 79 nagari.\n"
    assert some.lines == [
        f"tidak diambil: foto.zip, IMG_1.jpg: bukan nagari butir ini. Lihat kodenya dengan `tahapan units {PHOTOS}`."
    ]
    assert written.out == f"79 baris ditulis ke {tmp_path / 'unit.xlsx'}.\n"
    assert (read.code, "tidak ada yang baru" in read.err) == (1, True)


def test_a_duty_without_units_has_none_to_list(tahapan, real_office):
    """Nor has a letter that is not numbered yet."""
    whole = tahapan("units", RAKOR, *ON, home=real_office)
    unsent = tahapan("units", "V12.imbauan-pengumuman-dps", *ON, home=real_office)
    assert (whole.code, "tidak dikerjakan per unit" in whole.err) == (1, True)
    assert (unsent.code, "suratnya belum bernomor" in unsent.err) == (1, True)
