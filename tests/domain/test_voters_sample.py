"""The synthetic roll: repeatable, shaped like a real one, and true to what it says about itself."""

from __future__ import annotations

import csv
import datetime as dt
import stat
from collections import Counter
from itertools import groupby

import pytest

from tahapan.errors import Refused
from tahapan.voters.sample import make_rolls, province_places

ON = dt.date(2024, 11, 27)  # Wednesday
FILES = ("daftar.csv", "kematian.csv", "kebenaran.csv", "ganda.csv")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def places():
    return province_places("13.07")


@pytest.fixture(scope="module")
def out(tmp_path_factory, places):
    """5,000 voters and 1,000 deaths of the regency."""
    folder = tmp_path_factory.mktemp("contoh")
    make_rolls(folder, places, 5_000, 1_000, 7)
    return folder


@pytest.fixture(scope="module")
def daftar(out):
    return {row["id"]: row for row in rows(out / "daftar.csv")}


@pytest.fixture(scope="module")
def kematian(out):
    return {row["no_akta"]: row for row in rows(out / "kematian.csv")}


@pytest.fixture(scope="module")
def kebenaran(out):
    return [row | {"derau": set(row["derau"].split("+")) - {""}} for row in rows(out / "kebenaran.csv")]


@pytest.fixture(scope="module")
def noise(kebenaran):
    """The kinds of noise of each record, once."""
    return {row["ref"]: row["derau"] for row in kebenaran}


def share(noise, *kinds, among=lambda _: True):
    counted = [bool(found & set(kinds)) for found in noise.values() if among(found)]
    return sum(counted) / len(counted)


def is_listed(found):
    return "tidak-di-daftar" not in found


def whole(nik):
    """A NIK as the law has it: sixteen digits, a day that exists, a serial."""
    if len(nik) != 16 or not nik.isdigit() or nik.endswith("0000"):
        return False
    day, month = int(nik[6:8]) % 40, int(nik[8:10])
    return int(nik[6:8]) <= 71 and 1 <= day <= 31 and 1 <= month <= 12


def age(row):
    day, month, year = map(int, row["tanggal_lahir"].split("|"))
    return ON.year - year - ((month, day) > (ON.month, ON.day))


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path, places):
    """All four files, also over older ones."""
    for folder, seed in (("a", 1), ("b", 1), ("b", 1), ("c", 2)):
        make_rolls(tmp_path / folder, places[:9], 500, 100, seed)

    for name in FILES:
        first, same, other = ((tmp_path / folder / name).read_bytes() for folder in "abc")
        assert first == same
        assert first != other or name == "ganda.csv"  # too few voters for somebody to stand twice


def test_the_files_are_for_their_owner_only_and_have_plain_line_ends(out):
    """Mode 600, also when they take the place of others; no carriage return."""
    for name in FILES:
        assert stat.S_IMODE((out / name).stat().st_mode) == 0o600
        assert b"\r" not in (out / name).read_bytes()


def test_no_row_is_lost(daftar, kematian, noise):
    """As many voters and deaths as were asked for, numbered from 1; a truth for each death."""
    assert list(daftar) == [str(number) for number in range(1, 5_001)]
    assert len(kematian) == 1_000
    assert list(noise) == list(kematian)


@pytest.mark.parametrize("voters", [1, 2, 50, 79, 1_234])
def test_any_number_of_voters_is_met(tmp_path, places, voters):
    """Also fewer voters than nagari."""
    made = make_rolls(tmp_path, places, voters, voters // 2, 3)
    assert len(rows(made.daftar)) == voters
    assert len(rows(made.kematian)) == voters // 2


def test_a_single_nagari_and_a_leap_day_are_fine(tmp_path, places):
    """Nobody lives elsewhere then, and on 29 February 2028 one of 28 February 2011 may vote."""
    made = make_rolls(tmp_path, places[:1], 1_500, 300, 3, dt.date(2028, 2, 29))
    assert {row["nagari"] for row in rows(made.daftar)} == {places[0].nagari}
    assert not any("nagari-lain" in row["derau"] for row in rows(made.kebenaran))


@pytest.mark.parametrize(("voters", "deaths"), [(0, 0), (10, 6), (10, -1)])
def test_numbers_that_cannot_be_are_refused(tmp_path, places, voters, deaths):
    """No voter, more deaths than half of them, fewer than none: nothing is written."""
    with pytest.raises(Refused):
        make_rolls(tmp_path / "x", places, voters, deaths, 1)
    assert not (tmp_path / "x").exists()


def test_the_columns_are_those_of_the_working_file(out):
    """In this order."""
    heads = [(out / name).read_text("utf-8").partition("\n")[0] for name in FILES]
    assert heads == [
        "id,nkk,nik,nama,tempat_lahir,tanggal_lahir,status_kawin,jenis_kelamin,alamat,rt,rw,kecamatan,nagari,tps",
        "no_akta,nik,nama,tanggal_lahir,jenis_kelamin,kecamatan,nagari,tanggal_meninggal,bukti",
        "ref,id,derau",
        "id_a,id_b,derau",
    ]


def test_a_nik_has_area_day_and_sex(daftar, places):
    """Nearly all whole; nearly all say the birth date, women with 40 more; most of the own kecamatan."""
    area = {(place.kecamatan, place.nagari): place.area for place in places}
    niks = [row for row in daftar.values() if whole(row["nik"]) and not row["tanggal_lahir"].startswith("00")]
    said = [f"{int(r['nik'][6:8]) % 40:02}|{r['nik'][8:10]}|{r['nik'][10:12]}" for r in niks]
    born = [r["tanggal_lahir"][:6] + r["tanggal_lahir"][8:] for r in niks]

    assert len(niks) > 0.98 * len(daftar)
    assert sum(one == other for one, other in zip(said, born, strict=True)) > 0.985 * len(niks)
    assert sum((int(r["nik"][6:8]) > 40) == (r["jenis_kelamin"] == "P") for r in niks) > 0.995 * len(niks)
    assert 0.92 < sum(r["nik"][:6] == area[r["kecamatan"], r["nagari"]] for r in niks) / len(niks) < 0.96
    assert sum(count - 1 for count in Counter(r["nik"] for r in niks).values()) < 12
    assert all(len(r["nkk"]) == 16 and r["nkk"].isdigit() for r in daftar.values())


def test_the_roll_has_the_faults_of_a_real_one(daftar):
    """Dates of zeros, no TPS, masked NIK: some per thousand each; single names and titles."""
    voters = list(daftar.values())
    assert 5 <= sum(row["tanggal_lahir"].startswith("00|00|") for row in voters) <= 30
    assert 3 <= sum(not row["tps"] for row in voters) <= 25
    assert 10 <= sum(row["nik"].endswith("****") for row in voters) <= 45
    assert 0.1 < sum(" " not in row["nama"] for row in voters) / len(voters) < 0.3
    for mark in (" DT. ", "H. ", "HJ. ", "MUHAMMAD ", "M. ", ", S.PD", "OE"):
        assert any(mark in row["nama"] for row in voters), mark


def test_sexes_and_ages_are_those_of_a_people(daftar):
    """About half women, from 17 to 100, fewer in each decade after the thirties; the unmarried are the young."""
    dated = [row for row in daftar.values() if not row["tanggal_lahir"].startswith("00")]
    decades = Counter(age(row) // 10 for row in dated)
    assert 0.47 < sum(row["jenis_kelamin"] == "P" for row in dated) / len(dated) < 0.54
    assert 16 <= min(map(age, dated)) <= 17 and 90 <= max(map(age, dated)) <= 100
    assert decades[3] > decades[4] > decades[5] > decades[6] > decades[7] > decades[8] > decades[9] > 0
    assert {row["status_kawin"] for row in dated} == set("BSP")
    assert sum(age(row) < 36 for row in dated if row["status_kawin"] == "B") > 0.8 * sum(
        row["status_kawin"] == "B" for row in dated
    )


def test_who_is_too_young_is_not_married(tmp_path, places):
    """A few of nine thousand."""
    voters = rows(make_rolls(tmp_path, places[:20], 9_000, 0, 4).daftar)
    young = [row for row in voters if not row["tanggal_lahir"].startswith("00") and age(row) < 17]
    assert 1 <= len(young) <= 12
    assert {row["status_kawin"] for row in young} == {"B"}


def test_a_family_lives_under_one_roof_and_a_tps_has_its_size(tmp_path, places):
    """One NKK, one address; TPS numbered from 1 in the nagari, none above 600."""
    voters = rows(make_rolls(tmp_path, places[:3], 4_000, 0, 5).daftar)
    families = [list(group) for _, group in groupby(voters, key=lambda row: row["nkk"])]
    assert all(len({(row["alamat"], row["rt"], row["nagari"]) for row in family}) == 1 for family in families)
    for nagari in {row["nagari"] for row in voters}:
        sizes = Counter(int(row["tps"]) for row in voters if row["nagari"] == nagari and row["tps"])
        assert sorted(sizes) == list(range(1, len(sizes) + 1))
        assert max(sizes.values()) <= 600


def test_the_truth_refers_to_rows_that_exist(daftar, kematian, kebenaran):
    """An id where the person is on the roll, none where it says he is not."""
    for row in kebenaran:
        assert row["ref"] in kematian
        assert (row["id"] in daftar) == is_listed(row["derau"])
        assert bool(row["id"]) == is_listed(row["derau"])


def test_a_record_without_noise_is_the_row_of_the_roll(daftar, kematian, kebenaran):
    """NIK, name but for capitals, birth date, sex and nagari."""
    clean = [row for row in kebenaran if not row["derau"]]
    assert len(clean) > 300
    for row in clean:
        death, voter = kematian[row["ref"]], daftar[row["id"]]
        assert death["nik"] == voter["nik"] and death["nama"].upper() == voter["nama"]
        assert set(death["tanggal_lahir"].split("-")) == set(voter["tanggal_lahir"].split("|"))
        assert all(death[key] == voter[key] for key in ("jenis_kelamin", "kecamatan", "nagari"))


def test_the_deaths_are_composed_as_promised(kematian, noise):
    """A third without NIK, a sixth of those listed misspelt, a fifth not listed, half of these with a namesake."""
    names = ("nama-salah-ketik", "nama-varian", "nama-singkat", "nama-gelar")
    assert 0.29 < sum(not row["nik"] for row in kematian.values()) / len(kematian) < 0.38
    assert 0.13 < share(noise, *names, among=is_listed) < 0.2
    assert 0.17 < share(noise, "tidak-di-daftar") < 0.23
    assert 0.4 < share(noise, "senama", among=lambda found: not is_listed(found)) < 0.6
    assert 0.03 < share(noise, "nagari-lain", among=is_listed) < 0.07
    for kind in ("tanggal-tertukar", "tanggal-salah", "tahun-saja", "nik-salah"):
        assert 0.004 < share(noise, kind, among=is_listed) < 0.04, kind
    assert {row["bukti"] for row in kematian.values()} == {"akta", "nagari", "rt", "keluarga"}


def test_the_roll_knows_a_namesake_exactly_where_the_truth_says_so(daftar, kematian, noise):
    """Others not on the roll have a name that nobody there has."""
    listed = {row["nama"] for row in daftar.values()}
    for ref, found in noise.items():
        if not is_listed(found):
            assert (kematian[ref]["nama"].upper() in listed) == ("senama" in found)


def test_a_namesake_with_the_same_birth_date_has_another_nik_in_another_kecamatan(daftar, kematian, noise):
    """So a careful linker can tell; and no NIK of somebody unlisted is on the roll."""
    niks = {row["nik"] for row in daftar.values()}
    for ref, found in noise.items():
        death = kematian[ref]
        if not is_listed(found):
            assert death["nik"] not in niks
        if "tanggal-sama" in found:
            same = [row for row in daftar.values() if row["nama"] == death["nama"].upper()]
            assert death["nik"] and any(row["kecamatan"] != death["kecamatan"] for row in same)


def test_a_record_without_nik_is_still_found_by_name_and_date(daftar, kematian, kebenaran):
    """Where the name is right, name and nagari or name and date are; hardly ever of two persons."""
    found, several = 0, 0
    by_both = Counter((row["nama"], row["tanggal_lahir"]) for row in daftar.values())
    for row in kebenaran:
        death = kematian[row["ref"]]
        if row["id"] and not death["nik"]:
            parts = death["tanggal_lahir"].split("-")
            day = "|".join(parts if len(parts[0]) == 2 else parts[::-1])
            found += by_both[death["nama"].upper(), day] == 1
            several += by_both[death["nama"].upper(), day] > 1
    without = sum(bool(row["id"]) and not kematian[row["ref"]]["nik"] for row in kebenaran)
    assert found > 0.72 * without  # the rest is misspelt, or its date is wrong and the name right
    assert several < 0.02 * without


def test_who_stands_twice_has_both_ids_when_dead(tmp_path, places):
    """Two rows in different TPS with one birth date; the truth names both."""
    made = make_rolls(tmp_path, places[:20], 8_000, 4_000, 2)
    voters = {row["id"]: row for row in rows(made.daftar)}
    pairs = rows(tmp_path / "ganda.csv")
    truth = {}
    for row in rows(made.kebenaran):
        truth.setdefault(row["ref"], []).append(row["id"])

    assert 4 <= len(pairs) <= 30
    for pair in pairs:
        one, two = voters[pair["id_a"]], voters[pair["id_b"]]
        assert (one["nagari"], one["tps"]) != (two["nagari"], two["tps"])
    assert [ids for ids in truth.values() if len(ids) > 1]
    assert {tuple(ids) for ids in truth.values() if len(ids) > 1} <= {(pair["id_a"], pair["id_b"]) for pair in pairs}


@pytest.mark.parametrize(("kode", "least"), [("13", 1_001), ("13.07", 79), ("13.07.01", 6)])
def test_the_places_of_a_province_a_regency_and_a_kecamatan(kode, least):
    """By code, each with its kecamatan."""
    found = province_places(kode)
    assert len(found) >= least
    assert all(place.kode.startswith(kode + ".") and place.kecamatan and place.nagari for place in found)
    assert len({place.kode for place in found}) == len(found)


def test_two_nagari_of_one_name_stay_two_places():
    """Koto Tangah is the name of several in the province."""
    found = province_places("13")
    assert len([place for place in found if place.nagari == "Koto Tangah"]) >= 2
