"""The data files of Pilkada 2024 against the checked tables (tests/domain/data): days, hours, bounds, ids."""

import csv
import datetime as dt
import re
from pathlib import Path

import holidays
import pytest

from tahapan.checklist import dated, dated_all, load_items
from tahapan.dates import HARI, Kalender, Libur
from tahapan.elections import load_election
from tahapan.errors import DataError
from tahapan.laws import Law, Laws
from tahapan.reading import read_toml
from tahapan.sebutan import load_sebutan

ROOT = Path(__file__).parents[2] / "tahapan" / "data"
TABLES = Path(__file__).parent / "data"

ROLES = {
    "ketua", "kordiv-pencegahan", "kordiv-penanganan", "kordiv-sengketa", "kepala-sekretariat", "kasubbag-administrasi",
    "staf-pencegahan", "staf-datin", "staf-humas", "panwaslu-kecamatan", "pkd",
}  # fmt: skip
GROUPS = {
    "kpu", "dukcapil", "dpmdn", "camat", "kepala-desa", "stakeholder", "panwaslu-kecamatan", "pkd", "media", "parpol",
    "polres", "kodim", "kesbangpol", "bupati", "sekda", "dprd", "satpol-pp", "tim-paslon", "paslon", "lapas",
    "rumah-sakit", "kampus", "ptps", "anggota", "staf", "pps",
}  # fmt: skip
KINDS = {
    "undangan-rakor", "permintaan-data", "saran-perbaikan", "surat-tugas", "surat-tugas-staf", "siaran-pers",
    "laporan-hasil-pengawasan",
    "imbauan-coklit", "imbauan-cuti-fasilitas", "imbauan-kampanye-parpol", "imbauan-kampanye-paslon",
    "imbauan-logistik-kpps", "imbauan-masa-perbaikan", "imbauan-masa-tenang", "imbauan-netralitas",
    "imbauan-pencalonan-kpu", "imbauan-pencalonan-parpol", "imbauan-penetapan-dpt", "imbauan-penetapan-paslon",
    "imbauan-pengumuman-dps", "imbauan-pindah-memilih", "imbauan-pleno-dps", "imbauan-rekap-kabupaten",
}  # fmt: skip
KEYAKINAN = {"t": "tinggi", "s": "sedang", "r": "rendah"}


def rows(*names):
    return [row for name in names for row in csv.DictReader((TABLES / name).read_text("utf-8").splitlines())]


CALENDAR = rows("calendar-2024.csv")
DUTIES = rows("checklist-2024.csv", "checklist-2024-tambahan.csv")
LAWS = rows("laws.csv")

ELECTION = load_election("pilkada-2024", (ROOT / "elections",))
ITEMS = load_items("pilkada-2024", (ROOT / "checklists",))
LAW = Laws(Law.model_validate(law) for law in read_toml(ROOT / "laws.toml")["laws"])
SEBUTAN = load_sebutan(ROOT / "sebutan.toml")
OFF = holidays.country_holidays("ID", years=(2024,), categories=("public", "government"), language="id")
KALENDER = Kalender({day: Libur(name) for day, name in OFF.items()})


def iso(text):
    return dt.date.fromisoformat(text) if text else None


def law_ids(text):
    """``PKPU 8/2024 jo 10/2024`` -> ``("pkpu-8-2024", "pkpu-10-2024")``."""
    kind, numbers = text.split(" ", 1)
    return tuple(f"{kind.lower()}-{number.replace('/', '-')}" for number in numbers.split(" jo "))


def rule(row):
    return (row["tahapan"], row["item"], row["acuan"], int(row["selisih"]))


IN_TABLE = tuple(item for item in ITEMS if not item.bersama)
ITEM = {(item.stage, item.title, item.due.from_, item.due.days): item for item in IN_TABLE}


def duty_of(stage, item_id):
    return next(duty for duty in dated_all(ITEMS, ELECTION, KALENDER) if duty.short_key == f"{stage}.{item_id}")


@pytest.mark.parametrize("row", CALENDAR, ids=lambda row: row["id"])
def test_a_stage_has_the_window_hours_event_law_and_source_of_the_table(row):
    """Every column of calendar-2024.csv stands in the TOML."""
    stage = ELECTION.stage(row["id"])

    assert stage.nama == row["nama"]
    assert (stage.mulai, stage.selesai) == (iso(row["mulai"]), iso(row["selesai"]))
    assert ";".join(stage.tutup) == row["tutup_jam"]
    assert (stage.acara.isoformat()[:16] if stage.acara else "") == row["acara"]
    assert stage.dasar == law_ids(row["dasar"])
    assert (stage.sumber, stage.keyakinan) == (row["sumber"], row["keyakinan"])
    if row["parent"]:
        assert stage.parent == row["parent"]


def test_the_dated_stages_of_pkpu_2_2024_that_the_table_lacks_are_there():
    """P1-P3 have only an end; L9 and L11 open on an event nobody can date."""
    windows = {
        i: (ELECTION.stage(i).mulai, ELECTION.stage(i).selesai)
        for i in ("P1", "P2", "P3", "P4", "P6", "L2", "L3", "L4", "L5", "L8")
    }

    assert windows == {
        "P1": (None, dt.date(2024, 1, 26)),
        "P2": (None, dt.date(2024, 11, 18)),
        "P3": (None, dt.date(2024, 11, 18)),
        "P4": (dt.date(2024, 4, 17), dt.date(2024, 11, 5)),
        "P6": (dt.date(2024, 2, 27), dt.date(2024, 11, 16)),
        "L2": (dt.date(2024, 8, 24), dt.date(2024, 8, 26)),
        "L3": (dt.date(2024, 8, 27), dt.date(2024, 8, 29)),
        "L4": (dt.date(2024, 8, 27), dt.date(2024, 9, 21)),
        "L5": (dt.date(2024, 9, 22), dt.date(2024, 9, 22)),
        "L8": (dt.date(2024, 11, 27), dt.date(2024, 12, 16)),
    }
    assert [(s.id, s.relatif.hari, s.relatif.satuan) for s in ELECTION.stages if s.relatif] == [
        ("L9", 5, "kalender"),
        ("L11", 5, "kalender"),
    ]


def test_a_child_stage_lies_within_its_parent():
    """No sub-stage begins before or ends after the stage it belongs to."""
    for stage in ELECTION.stages:
        if stage.parent:
            parent = ELECTION.stage(stage.parent)
            assert parent.mulai <= stage.mulai <= stage.selesai <= parent.selesai, stage.id


def test_every_stage_rests_on_instruments_that_exist():
    """A misspelt law id would be a stage without a basis."""
    assert {law for stage in ELECTION.stages for law in stage.dasar} <= set(LAW.by_id)


@pytest.mark.parametrize(
    ("tonggak", "day"),
    [
        ("penetapan-dps", dt.date(2024, 8, 10)),
        ("penetapan-dpt", dt.date(2024, 9, 20)),
        ("penetapan-paslon", dt.date(2024, 9, 22)),
        ("undian", dt.date(2024, 9, 24)),  # drawn on 23 Sep at 20.00: the word is used from the next day
        ("pemungutan-suara", dt.date(2024, 11, 27)),
        ("dpshp", dt.date(2024, 9, 14)),  # its recapitulation begins
    ],
)
def test_a_milestone_is_the_first_day_of_its_word(tonggak, day):
    """Words turn on the real event day, not on the window."""
    assert ELECTION.milestone(tonggak) == day


def test_the_checklists_hold_exactly_the_76_rows_of_the_tables():
    """53 + 23 duties, matched by stage, title, anchor and offset."""
    assert len(IN_TABLE) == len(ITEM) == len(DUTIES) == 76
    assert set(ITEM) == {rule(row) for row in DUTIES}


def test_staff_are_sent_along_with_the_members_by_a_letter_of_their_own():
    """Where the table sends members and staff there are two duties of the same day, words and law, one for each."""
    together = {(item.stage, item.bersama): item for item in ITEMS if item.bersama}
    sent = [ITEM[rule(row)] for row in DUTIES if row["tujuan"] == "anggota; staf"]

    assert set(together) == {(item.stage, item.id) for item in sent} and len(together) == 6
    for item in sent:
        staff = together[item.stage, item.id]
        assert (item.letter, item.kepada) == ("surat-tugas", ("anggota",))
        assert (staff.letter, staff.kepada) == ("surat-tugas-staf", ("staf",))
        assert (staff.due, staff.isi, staff.dasar) == (item.due, item.isi, item.dasar)


def test_a_duty_goes_with_one_that_exists(tmp_path):
    """A misspelt `bersama` is named with its file."""
    (tmp_path / "x").mkdir()
    due = 'due = { from = "S", days = 0 }\npj = "ketua"\ntitle = "Satu"\n'
    (tmp_path / "x" / "a.toml").write_text(f'[[duties]]\nstage = "V05"\nid = "b"\nbersama = "a"\n{due}', "utf-8")
    with pytest.raises(DataError, match=r"V05\.b"):
        load_items("x", (tmp_path,))


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: f"{row['tahapan']}.{row['acuan']}{row['selisih']}")
def test_a_duty_is_due_on_the_day_weekday_and_hour_of_the_table(row):
    """`due` is computed from the calendar and equals the checked column."""
    item = ITEM[rule(row)]
    duty = dated(item, ELECTION, KALENDER)

    assert duty.due == iso(row["jatuh_tempo"])
    assert HARI[duty.due.weekday()][:3] == row["hari"]
    assert (item.due.jam or "") == row.get("jam", "")


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: f"{row['tahapan']}.{row['acuan']}{row['selisih']}")
def test_a_duty_moves_only_where_the_table_says_so(row):
    """Where `bila_libur` is empty the day is a working day in 2024, so our choice there moves nothing."""
    duty = dated(ITEM[rule(row)], ELECTION, KALENDER)

    if row["bila_libur"]:
        assert duty.item.due.bila_libur == row["bila_libur"]
        assert not KALENDER.is_working_day(duty.due)
    else:
        assert duty.act_on == duty.due
        assert KALENDER.is_working_day(duty.due)


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: f"{row['tahapan']}.{row['acuan']}{row['selisih']}")
def test_a_duty_has_the_letter_and_evidence_of_the_table(row):
    """Kind of letter, days of the invitation and evidence follow the table; every imbauan has a kind."""
    item = ITEM[rule(row)]
    kinds = {
        "undangan": "undangan-rakor", "permintaan_data": "permintaan-data", "surat_tugas": "surat-tugas",
        "siaran_pers": "siaran-pers", "saran_perbaikan": "saran-perbaikan", "lhp": "laporan-hasil-pengawasan",
    }  # fmt: skip

    assert list(item.bukti) == [part.strip() for part in row["bukti"].split(";")]
    assert (item.surat_hari or 0) == abs(int(row["surat_hari"] or 0))
    assert bool(item.kepada) == (row["tujuan"] != "-")
    if row["pj"] == "PKD" and row["surat"] == "saran_perbaikan":
        assert item.lapangan and not item.letter
    elif row["surat"] in kinds:
        assert item.letter == kinds[row["surat"]]
    elif row["surat"] == "-":
        assert not (item.letter or item.belum_ada or item.lapangan)
    else:
        assert row["surat"] == "imbauan"
        assert item.letter.startswith("imbauan-")
    if row["surat"] in ("siaran_pers", "saran_perbaikan", "lhp"):
        assert item.fakta


def test_every_person_group_letter_and_subject_of_a_duty_is_known():
    """Ids are spelt as in the office folder, the templates and laws.toml."""
    for item in ITEMS:
        assert item.pj in ROLES, item.id
        assert set(item.kepada) <= GROUPS, item.id
        assert set(item.tembusan) <= {"bawaslu-provinsi", "kpu-provinsi"}, item.id
        assert item.letter is None or item.letter in KINDS, item.id
        assert set(item.dasar) <= LAW.subjects, item.id
        assert item.dasar or not item.letter, item.id


def test_every_imbauan_has_a_kind_of_its_own_and_neutrality_one_for_three():
    """Fifteen kinds serve one duty each, the letter on neutrality serves three; no imbauan waits for a template."""
    kinds = {f"{item.stage}.{item.id}": item.letter for item in ITEMS if item.id.startswith("imbauan-")}

    assert kinds == {
        "V05.imbauan-prosedur-coklit": "imbauan-coklit",
        "V10.imbauan-pleno-dps": "imbauan-pleno-dps",
        "V12.imbauan-pengumuman-dps": "imbauan-pengumuman-dps",
        "V14.imbauan-penetapan-dpt": "imbauan-penetapan-dpt",
        "V18.imbauan-pindah-memilih": "imbauan-pindah-memilih",
        "N05.imbauan-pencalonan-kpu": "imbauan-pencalonan-kpu",
        "N05.imbauan-pencalonan-parpol": "imbauan-pencalonan-parpol",
        "N05.imbauan-netralitas": "imbauan-netralitas",
        "N09.imbauan-masa-perbaikan": "imbauan-masa-perbaikan",
        "N13.imbauan-penetapan": "imbauan-penetapan-paslon",
        "N14.imbauan-kampanye": "imbauan-kampanye-paslon",
        "L6.imbauan-kampanye": "imbauan-kampanye-parpol",
        "L6.imbauan-cuti-fasilitas": "imbauan-cuti-fasilitas",
        "L6.imbauan-netralitas": "imbauan-netralitas",
        "T1.imbauan-masa-tenang": "imbauan-masa-tenang",
        "T1.imbauan-netralitas": "imbauan-netralitas",
        "L7.imbauan-logistik-kpps": "imbauan-logistik-kpps",
        "R2.imbauan-rekap-kabupaten": "imbauan-rekap-kabupaten",
    }


def test_nobody_writes_to_the_pairs_before_they_are_determined():
    """A letter to the pairs or their teams that leaves before 22 Sep 2024 names whom it goes to instead."""
    for duty in dated_all(ITEMS, ELECTION, KALENDER):
        pairs = {"paslon", "tim-paslon"} & set(duty.item.kepada)
        early = (duty.letter_on or duty.act_on) < dt.date(2024, 9, 22)
        assert set(duty.item.pengganti) == (pairs if early else set()), duty.short_key
        assert {to for groups in duty.item.pengganti.values() for to in groups} <= GROUPS


def test_the_fields_of_a_letter_say_nothing_whose_time_has_not_come():
    """`isi` is written once for every office; its words are right on the day its draft appears."""
    for duty in dated_all(ITEMS, ELECTION, KALENDER):
        day = duty.draft_on or duty.act_on
        assert not list(SEBUTAN.faults(str(duty.item.isi), day, ELECTION)), duty.short_key


def test_letters_of_the_desk_bring_the_fields_their_template_asks_for():
    """Requests, assignments, invitations and reports have their own fields; what is only fact has none."""
    keys = {
        "permintaan-data": {"keperluan", "data", "bentuk", "tenggat_hari_kerja"},
        "surat-tugas": {"kegiatan", "tugas"},
        "surat-tugas-staf": {"kegiatan", "tugas"},
        "laporan-hasil-pengawasan": {"kegiatan", "bentuk", "tujuan", "sasaran"},
        "undangan-rakor": {"rapat_nama", "peserta_catatan", "bawa"},
        "imbauan-pencalonan-kpu": {"jam_buka"},
    }
    for item in ITEMS:
        assert set(item.isi) - {"catatan", "yang_diminta"} == keys.get(item.letter or "", set()), item.id


@pytest.mark.parametrize("row", LAWS, ids=lambda row: row["id"])
def test_an_instrument_has_the_bounds_of_the_table(row):
    """Number, bounds, amendment, subjects and certainty equal laws.csv; the title may be longer."""
    law = LAW.by_id[row["id"]]

    assert (law.jenis, law.nomor, str(law.tahun)) == (row["jenis"], row["nomor"], row["tahun"])
    assert law.ditetapkan == iso(row["ditetapkan"])
    assert law.berlaku_paling_awal == iso(row["berlaku_paling_awal"])
    assert law.berlaku_paling_lambat == iso(row["berlaku_paling_lambat"])
    assert (law.mengubah or "") == row["mengubah"]
    assert list(law.pokok) == row["pokok"].split(";")
    assert law.keyakinan == KEYAKINAN[row["keyakinan"]]


def test_no_instrument_is_added_to_the_table_or_lost():
    """The file is the table, nothing from memory."""
    assert list(LAW.by_id) == [row["id"] for row in LAWS]


def test_no_title_of_an_instrument_breaks_the_spelling_table():
    """Titles are printed as they are, so none may hold a word the letter checks refuse."""
    for law in LAW.by_id.values():
        text = f"{law.nama} tentang {law.tentang}"
        assert not any(re.search(bad.pola, text, re.IGNORECASE) for bad in SEBUTAN.terlarang), law.id


@pytest.mark.parametrize(
    ("stage", "item", "due", "act_on", "letter_on"),
    [
        ("V12", "rakor-stakeholder", "Rabu 2024-08-21", "Rabu 2024-08-21", "Rabu 2024-08-14"),
        ("V12", "imbauan-pengumuman-dps", "Kamis 2024-08-15", "Kamis 2024-08-15", "Kamis 2024-08-15"),
        ("N05", "imbauan-pencalonan-parpol", "Selasa 2024-08-20", "Selasa 2024-08-20", "Selasa 2024-08-20"),
        ("N05", "permintaan-akun-silon", "Sabtu 2024-08-24", "Jumat 2024-08-23", "Jumat 2024-08-23"),
        ("V05", "permintaan-sk-pantarlih", "Senin 2024-06-17", "Jumat 2024-06-14", "Jumat 2024-06-14"),  # Idul Adha
        ("L7", "apel-siaga", "Rabu 2024-11-20", "Rabu 2024-11-20", "Jumat 2024-11-15"),  # 3 days before is a Sunday
    ],
)
def test_the_key_days_of_2024(stage, item, due, act_on, letter_on):
    """The meeting of 21 August is invited to a week before; what falls on a day off goes out before it."""
    duty = duty_of(stage, item)

    said = [f"{HARI[day.weekday()]} {day}" for day in (duty.due, duty.act_on, duty.letter_on)]
    assert said == [due, act_on, letter_on]


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("para pasangan calon dan paslon", dt.date(2024, 8, 21), ["pasangan calon", "paslon"]),
        ("bakal pasangan calon, bakal\npasangan calon", dt.date(2024, 8, 21), []),
        ("Pendaftaran pasangan calon; Pengundian nomor urut pasangan calon", dt.date(2024, 8, 21), []),
        ("pasangan calon nomor urut 2", dt.date(2024, 9, 23), ["nomor urut"]),
        ("pasangan calon nomor urut 2", dt.date(2024, 9, 24), []),
        ("DPS, daftar pemilih sementara", dt.date(2024, 8, 9), ["DPS", "daftar pemilih sementara"]),
        ("DPS, DPTb", dt.date(2024, 8, 21), []),
        ("DPT, Daftar Pemilih Tetap", dt.date(2024, 8, 21), ["DPT", "Daftar Pemilih Tetap"]),
        ("DPT Pemilu 2024, DPT pemilihan umum terakhir", dt.date(2024, 8, 21), []),
        ("DPT", dt.date(2024, 9, 20), []),
        ("menghimbau, di himbau, mengimbau", dt.date(2024, 8, 21), ["menghimbau", "himbau"]),
        ("Panwascam Harau", dt.date(2024, 8, 21), ["Panwascam"]),
    ],
)
def test_a_word_is_refused_until_its_day(text, day, words):
    """The patterns of sebutan.toml on short texts."""
    assert [fault.word for fault in SEBUTAN.faults(text, day, ELECTION)] == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{{ sebutan.calon }} {{ sebutan.panwascam }} {{ nama_tahapan("V14") }} {{ paslon.nama }}', []),
        ("{% if 'tim-paslon' in grup %}imbauan-pengumuman-dps{% endif %}", []),
        ("kepada paslon. DPT Pjs. Bupati", ["paslon", "DPT", "Pjs. Bupati"]),
        ("Pendaftaran pasangan calon, DPTb, Pemilihan Bupati dan Wakil Bupati", []),
        ("bakal pasangan calon dalam Daftar Pemilih Sementara", ["bakal pasangan calon", "Daftar Pemilih Sementara"]),
    ],
)
def test_a_template_asks_the_table_for_words_that_turn(source, words):
    """Literal words in prose are named; identifiers and file names pass."""
    assert [fault.word for fault in SEBUTAN.literal_words(source)] == words
