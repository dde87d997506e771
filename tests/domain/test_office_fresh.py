"""A new office folder: real regencies of different provinces, what is known of them and what stays empty."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from lokal import wilayah

from tahapan.errors import NotKnown, Refused
from tahapan.home import Home
from tahapan.issue import draft
from tahapan.kantor.fresh import find_codes, make_office
from tahapan.office import Office
from tahapan.plan import load_plan

ON = dt.date(2024, 10, 1)  # Tuesday: the pairs of candidates are known


def title(office: Office, name: str) -> str:
    return office.directory.recipients([name], ON)[0].jabatan


REAL = [
    # code, office, zone, place, word for a village, bupati, council, first head of a district, last head of a village
    ("13.07", "Bawaslu Kabupaten Lima Puluh Kota", "WIB", "", "nagari", "Bupati Lima Puluh Kota",
     "Ketua DPRD Kabupaten Lima Puluh Kota", "Camat Suliki", "Wali Nagari Durian Gadang, Kecamatan Akabiluru"),
    ("13.09", "Bawaslu Kabupaten Kepulauan Mentawai", "WIB", "", "desa", "Bupati Kepulauan Mentawai",
     "Ketua DPRD Kabupaten Kepulauan Mentawai", "Camat Pagai Utara", "Kepala Desa Makalo, Kecamatan Pagai Selatan"),
    ("11.16", "Panwaslih Kabupaten Aceh Tamiang", "WIB", "", "kampung", "Bupati Aceh Tamiang",
     "Ketua DPRK Aceh Tamiang", "Camat Manyak Payed", "Datok Penghulu Baling Karang, Kecamatan Sekerak"),
    ("35.78", "Bawaslu Kota Surabaya", "WIB", "Surabaya", "kelurahan", "Wali Kota Surabaya",
     "Ketua DPRD Kota Surabaya", "Camat Karang Pilang", "Lurah Lontar, Kecamatan Sambikerep"),
    ("51.03", "Bawaslu Kabupaten Badung", "WITA", "", "desa/kelurahan", "Bupati Badung",
     "Ketua DPRD Kabupaten Badung", "Camat Kuta", "Perbekel Dalung, Kecamatan Kuta Utara"),
    ("94.01", "Bawaslu Kabupaten Nabire", "WIT", "", "kampung/kelurahan", "Bupati Nabire",
     "Ketua DPRK Nabire", "Kepala Distrik Nabire", "Kepala Kampung Yegeugi, Distrik Menou"),
    ("31.75", "Bawaslu Kota Administrasi Jakarta Timur", "WIB", "Jakarta", "kelurahan", "Wali Kota Administrasi Jakarta Timur",
     "Ketua DPRD Provinsi DKI Jakarta", "Camat Matraman", "Lurah Ceger, Kecamatan Cipayung"),
    ("34.04", "Bawaslu Kabupaten Sleman", "WIB", "", "kalurahan", "Bupati Sleman",
     "Ketua DPRD Kabupaten Sleman", "Panewu Gamping", "Lurah Umbulharjo, Kapanewon Cangkringan"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "nama", "zona", "tempat", "desa", "bupati", "dprd", "camat", "kepala"), REAL, ids=[row[0] for row in REAL]
)
def test_a_regency_is_called_as_it_is_called_there(
    tmp_path, code, nama, zona, tempat, desa, bupati, dprd, camat, kepala
):
    """Name, time zone, place, and the titles of the heads of area, districts and villages."""
    office = make_office(tmp_path / "rumah", code)

    area, groups = office.directory.area, office.directory
    assert (office.profile.nama, office.profile.zona, office.profile.tempat) == (nama, zona, tempat)
    assert (area.sebutan_desa, title(office, "bupati"), title(office, "dprd")) == (desa, bupati, dprd)
    assert groups.recipients(["camat"], ON)[0].jabatan == camat
    assert groups.recipients(["kepala-desa"], ON)[-1].jabatan == kepala
    assert office.pemegang == ()


@pytest.mark.parametrize("code", [row[0] for row in REAL])
def test_every_district_and_village_of_the_code_is_there(tmp_path, code):
    """As many and with the same codes as the area data has."""
    area = make_office(tmp_path / "rumah", code).directory.area

    districts = wilayah.list_wilayah(code)
    assert [one.kode for one in area.kecamatan] == [one.code for one in districts]
    assert [one.kode for one in area.desa] == [v.code for one in districts for v in wilayah.list_wilayah(one.code)]


def test_a_regency_of_every_province_gives_a_folder_that_loads(tmp_path):
    """All 38: the words, the zone and the capital are known everywhere."""
    for province in wilayah.list_wilayah():
        code = wilayah.list_wilayah(province.code)[-1].code
        office = make_office(tmp_path / code, code)
        assert title(office, "bawaslu-provinsi").startswith(("Ketua Bawaslu Provinsi ", "Ketua Panwaslih Provinsi "))


def test_the_checklists_find_every_role_and_addressee_in_a_new_office(tmp_path):
    """The plan of Pilkada 2024 loads: whom its duties name is in the folder, filled in or not."""
    plan = load_plan(make_office(tmp_path / "rumah", "35.78"), "pilkada-2024", {})
    assert len(plan.duties) > 80


def test_a_letter_of_a_new_office_is_refused_with_all_that_is_missing(tmp_path):
    """Letterhead, place, codes, signer: each named with file and key, and no draft is made."""
    make_office(tmp_path / "rumah", "13.07")
    home = Home(tmp_path / "rumah")
    plan = home.plan("pilkada-2024")

    with pytest.raises(Refused) as refused:
        draft(
            home,
            plan,
            plan.duty("V12.imbauan-pengumuman-dps"),
            dt.date(2024, 8, 14),
            dt.datetime(2024, 8, 14, tzinfo=dt.UTC),
        )

    places = [problem.where for problem in refused.value.problems]
    assert "kantor/kantor.toml, kunci kop.alamat" in places
    assert "kantor/kantor.toml, kunci nomor.kantor_ketua" in places
    assert any("tidak ada pemegang peran Ketua Bawaslu" in problem.what for problem in refused.value.problems)
    home.engine.dispose()


def test_no_number_is_given_before_the_office_has_its_code(tahapan, tmp_path):
    """A letter written elsewhere is refused too: its number would lack the code of the office."""
    make_office(tmp_path / "rumah", "13.07")
    said = tahapan(
        "letter",
        "number",
        "--perihal",
        "Undangan",
        "--kepada",
        "KPU",
        "--oleh",
        "Ani (contoh)",
        home=tmp_path / "rumah",
    )
    assert said.code == 1 and "kantor/kantor.toml, kunci nomor.kantor_ketua: belum diisi." in said.err


def test_an_addressee_or_group_not_filled_in_is_refused_by_name(tmp_path):
    """Kodim without its number, media without members; a group that is said to be empty is not."""
    directory = make_office(tmp_path / "rumah", "13.07").directory

    with pytest.raises(Refused) as refused:
        directory.recipients(["kpu", "kodim", "stakeholder"], ON)

    assert [(problem.where, problem.what) for problem in refused.value.problems] == [
        ("kantor/alamat.toml, grup media", "anggotanya belum diisi."),
        ("kantor/alamat.toml, kodim", "jabatannya belum diisi."),
    ]


def test_doctor_lists_what_is_empty_one_by_one(tahapan, tmp_path):
    """Each empty key, role, addressee and group is a line of its own, and doctor does not crash."""
    make_office(tmp_path / "rumah", "13.07")

    said = tahapan("doctor", "--json", home=tmp_path / "rumah")

    empty = [one["keterangan"] for one in json.loads(said.out) if one["periksa"] == "Belum diisi"]
    assert said.code == 1
    for start in (
        "kantor/kantor.toml, kunci tempat: ",
        "kantor/kantor.toml, kunci nomor.kantor_sekretariat: ",
        "kantor/pejabat.toml, peran ketua: Ketua Bawaslu Kabupaten Lima Puluh Kota belum diisi.",
        "kantor/alamat.toml, kodim: ",
        "kantor/alamat.toml, grup media: ",
    ):
        assert [line for line in empty if line.startswith(start)] != []


@pytest.mark.parametrize("code", ["", "13", "13.07.01", "13.99", "Agam", "9999", "..", "13.07.01.2001"])
def test_what_is_no_code_of_a_regency_is_refused_with_how_to_find_it(tmp_path, code):
    """A province, a district, a code of nothing, a name: nothing is made."""
    with pytest.raises(NotKnown, match="--cari"):
        make_office(tmp_path / "rumah", code)
    assert not (tmp_path / "rumah").exists()


def test_a_code_without_its_point_is_understood(tmp_path):
    """1307 is 13.07."""
    assert make_office(tmp_path / "rumah", "1307").profile.kode_wilayah == "13.07"


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path):
    """Not even a hidden file is written beside."""
    (tmp_path / "catatan.txt").write_text("milik orang")

    with pytest.raises(Refused, match="tidak kosong"):
        make_office(tmp_path, "13.07")

    assert [path.name for path in tmp_path.iterdir()] == ["catatan.txt"]


def test_codes_are_found_by_part_of_the_name():
    """Lima Puluh is one regency; the districts of that name are not listed."""
    assert find_codes("lima puluh") == [("13.07", "Kabupaten Lima Puluh Kota, Sumatera Barat")]
    assert [code for code, _ in find_codes("solok")] == ["13.02", "13.11", "13.72"]


def test_init_says_what_comes_next(tahapan, tmp_path):
    """The command makes the folder, counts what it knows, and names doctor and export."""
    said = tahapan("init", tmp_path / "baru", "--kode", "91.03", home=None)

    assert (said.code, (tmp_path / "baru" / "kantor" / "pejabat.toml").is_file()) == (0, True)
    assert "19 distrik, 144 kampung/kelurahan, zona WIT" in said.out
    assert "doctor" in said.out and "office export" in said.out


def test_init_without_a_code_says_how_to_find_one(tahapan, tmp_path):
    """No sample is copied for somebody who did not say which office."""
    said = tahapan("init", tmp_path / "baru", home=None)
    assert (said.code, (tmp_path / "baru").exists()) == (1, False)
    assert "--cari" in said.err


def test_two_new_folders_of_one_code_have_the_same_bytes(tmp_path):
    """Nothing in them depends on the day or the machine."""
    one, other = tmp_path / "a", tmp_path / "b"
    make_office(one, "13.07")
    make_office(other, "13.07")

    def content(root: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (root / "kantor").iterdir()}

    assert content(one) == content(other)
    assert sorted(content(one)) == ["alamat.toml", "kantor.toml", "libur.toml", "pejabat.toml", "wilayah.toml"]
