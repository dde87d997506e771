"""Words: what the table of words gives on a day, and what a template may not write."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from tahapan.dates import HARI
from tahapan.errors import DataError, Refused, TahapanError
from tahapan.home import Home, open_gladi
from tahapan.issue import values_of
from tahapan.letters.compose import compose
from tahapan.plan import Plan

ELECTION = "pilkada-2024"

CALON, PASANGAN, BERNOMOR = "bakal pasangan calon", "pasangan calon", "pasangan calon beserta nomor urutnya"
DPHP = "Daftar Pemilih Hasil Pemutakhiran (DPHP)"
DPS = "Daftar Pemilih Sementara (DPS)"
DPSHP = "Daftar Pemilih Sementara Hasil Perbaikan (DPSHP)"
DPT = "Daftar Pemilih Tetap (DPT)"

FRONT = """+++
nama   = "imbauan pengumuman daftar pemilih"
klas   = "PM.00.02"
sifat  = "Penting"
ttd    = "ketua"
rantai = ["ketua"]
hal    = "Imbauan"

[[fields]]
id    = "tempat"
label = "Tempat"
tipe  = "teks"
wajib = false
+++
{% extends "dasar.md.j2" %}
{% block pembuka %}
Surat ini untuk uji.
{% endblock %}
{% block isi %}
"""
SENTENCE_LINE = FRONT.count("\n") + 1
END = "\n{% endblock %}\n"


@pytest.fixture
def office(tmp_path: Path) -> tuple[Home, Plan]:
    """A rehearsal of the sample office whose own templates a test may write."""
    home = open_gladi(tmp_path / "gladi", ELECTION, dt.date(2024, 8, 13), dt.date(2024, 8, 13))
    return home, home.plan(ELECTION)


def write_template(home: Home, sentence: str, front: str = FRONT) -> Path:
    """The office's own words for one kind of letter: they win over ours."""
    path = home.kantor / "templates" / "imbauan-pengumuman-dps.md.j2"
    path.parent.mkdir(exist_ok=True)
    path.write_text(front + sentence + END, "utf-8")
    return path


def refused_load(home: Home, plan: Plan) -> list[str]:
    with pytest.raises(DataError) as refused:
        home.words(plan)
    return [str(problem) for problem in refused.value.problems]


def composed(home: Home, plan: Plan, on: dt.date, duty_key: str = "V12.imbauan-pengumuman-dps") -> str:
    duty = plan.duty(duty_key)
    values, _ = values_of(home, plan, duty)
    letter = compose(plan, home.words(plan), duty, values, on, letter_id=f"{duty.key}.1", nomor="001")
    return letter.model_dump_json()


# ---------------------------------------------------------------- words by date
@pytest.mark.parametrize(
    ("day", "weekday", "calon", "daftar"),
    [
        (dt.date(2024, 8, 9), "Jumat", CALON, DPHP),
        (dt.date(2024, 8, 10), "Sabtu", CALON, DPS),  # plenary of the DPS
        (dt.date(2024, 8, 11), "Minggu", CALON, DPS),
        (dt.date(2024, 9, 13), "Jumat", CALON, DPS),
        (dt.date(2024, 9, 14), "Sabtu", CALON, DPSHP),  # first day of the recapitulation of the DPSHP
        (dt.date(2024, 9, 19), "Kamis", CALON, DPSHP),
        (dt.date(2024, 9, 20), "Jumat", CALON, DPT),  # plenary of the DPT
        (dt.date(2024, 9, 21), "Sabtu", CALON, DPT),
        (dt.date(2024, 9, 22), "Minggu", PASANGAN, DPT),  # penetapan
        (dt.date(2024, 9, 23), "Senin", PASANGAN, DPT),  # the draw is at 20.00, when the office is closed
        (dt.date(2024, 9, 24), "Selasa", BERNOMOR, DPT),
    ],
)
def test_words_follow_the_real_events_of_2024(day: dt.date, weekday: str, calon: str, daftar: str, august) -> None:
    """Bakal until the penetapan, the number after the draw, the list as the plenaries made it."""
    plan = august.plan

    words = plan.sebutan.on(day, plan.election)

    assert HARI[day.weekday()] == weekday
    assert (words["calon_bernomor"], words["daftar"]) == (calon, daftar)
    assert words["calon"] == (CALON if day < dt.date(2024, 9, 22) else PASANGAN)


@pytest.mark.parametrize(
    ("text", "last_wrong_day"),
    [
        ("Setiap pasangan calon wajib hadir.", dt.date(2024, 9, 21)),
        ("Tim paslon diundang.", dt.date(2024, 9, 21)),
        ("Pasangan calon dengan nomor urut dua.", dt.date(2024, 9, 23)),
        ("Pemilih dalam DPT diperiksa.", dt.date(2024, 9, 19)),
        ("Pemilih dalam DPS diperiksa.", dt.date(2024, 8, 9)),
        ("Pemilih dalam DPSHP diperiksa.", dt.date(2024, 9, 13)),
    ],
)
def test_a_word_is_refused_until_its_day_and_right_from_it_on(text: str, last_wrong_day: dt.date, august) -> None:
    """A finished text is checked against the day of the letter, whoever typed the word."""
    plan = august.plan

    assert list(plan.sebutan.faults(text, last_wrong_day, plan.election))
    assert not list(plan.sebutan.faults(text, last_wrong_day + dt.timedelta(days=1), plan.election))


@pytest.mark.parametrize(
    "text",
    [
        "Tahapan Pendaftaran Pasangan Calon dijadwalkan 27 s.d. 29 Agustus 2024.",
        "Sejak Penetapan Pasangan Calon.",
        "Setiap bakal pasangan calon dilayani.",
        "Jumlah pemilih dalam DPT Pemilu 2024.",
        "Pemilih DPTb dilayani.",
    ],
)
def test_official_names_and_the_list_of_another_election_are_right_at_any_time(text: str, august) -> None:
    """KPU's stage names keep their wording before their day, and DPTb is no DPT."""
    plan = august.plan

    assert not list(plan.sebutan.faults(text, dt.date(2024, 8, 21), plan.election))


@pytest.mark.parametrize(
    ("text", "word", "last_wrong_day"),
    [
        ("nama pasangan calonnya", "pasangan calonnya", dt.date(2024, 9, 21)),
        ("tim paslonnya", "paslonnya", dt.date(2024, 9, 21)),
        ("para pasangan-calon", "pasangan-calon", dt.date(2024, 9, 21)),
        ("para pasangan\n   calon", "pasangan calon", dt.date(2024, 9, 21)),
        ("dalam DPTnya", "DPTnya", dt.date(2024, 9, 19)),
        ("daftar  pemilih\ntetapnya", "daftar pemilih tetapnya", dt.date(2024, 9, 19)),
        ("daftar pemilih sementaranya", "daftar pemilih sementaranya", dt.date(2024, 8, 9)),
        ("sejak penetapan DPSHP", "DPSHP", dt.date(2024, 9, 13)),
        ("DPSHPnya", "DPSHPnya", dt.date(2024, 9, 13)),
        ("yang mendapat No. Urut 1", "No. Urut 1", dt.date(2024, 9, 23)),
        ("yang mendapat no.urut", "no.urut", dt.date(2024, 9, 23)),
        ("pendukung calon nomor 2", "calon nomor 2", dt.date(2024, 9, 23)),
        ("paslon no. 02", "paslon no. 02", dt.date(2024, 9, 23)),
    ],
)
def test_a_word_is_found_with_its_ending_its_hyphen_and_over_a_line_break(
    text: str, word: str, last_wrong_day: dt.date, august
) -> None:
    """People write ``paslonnya`` and ``No. Urut``; an official wording that is only the head of a word hides nothing."""
    plan = august.plan

    found = [fault.word for fault in plan.sebutan.faults(text, last_wrong_day, plan.election)]

    assert found and any(word.startswith(said) for said in found)
    assert not list(plan.sebutan.faults(text, last_wrong_day + dt.timedelta(days=1), plan.election))


@pytest.mark.parametrize(
    "text",
    [
        "Tahapan Pendaftaran\n  Pasangan Calon.",
        "bakal   pasangan calonnya, bakal-pasangan-calon, bakal paslonnya",
        "nomor urut partai, nomor urut TPS",
        "Keputusan tentang Penetapan Pasangan Calon Nomor 1234 Tahun 2024",
        "surat tim calon nomor 12/TP/2024 dan calon nomor 2/TP/2024",
        "Pemilih sejak penetapan DPTb.",
    ],
)
def test_what_only_looks_like_a_word_too_early_passes(text: str, august) -> None:
    """Numbers of decisions and letters, bakal with any spaces, official names over a line break."""
    plan = august.plan

    assert not list(plan.sebutan.faults(text, dt.date(2024, 8, 21), plan.election))


@pytest.mark.parametrize("word", ["menghimbau", "himbauan", "dihimbau", "Himbauan"])
def test_himbau_is_refused_in_every_form(word: str, office: tuple[Home, Plan]) -> None:
    """KBBI: imbau, imbauan, mengimbau."""
    home, plan = office
    path = write_template(home, f"Kami {word} Saudara.")

    faults = refused_load(home, plan)

    assert any(path.name in fault and word in fault and "mengimbau" in fault for fault in faults)


# ---------------------------------------------------------------- templates
@pytest.mark.parametrize(
    ("sentence", "use"),
    [
        ("Setiap pasangan calon hadir.", "{{ sebutan.calon }}"),
        ("Setiap bakal pasangan calon hadir.", "{{ sebutan.calon }}"),
        ("Nama pasangan calonnya.", "{{ sebutan.calon }}"),
        ("Para pasangan-calon.", "{{ sebutan.calon }}"),
        ("Para pasangan\n  calon.", "{{ sebutan.calon }}"),
        ("Nama paslonnya.", "{{ sebutan.calon }}"),
        ("Sesuai DPTnya.", "{{ sebutan.daftar_singkat }}"),
        ("Tim paslon hadir.", "{{ sebutan.calon }}"),
        ("Periksa DPT di nagari.", "{{ sebutan.daftar_singkat }}"),
        ("Periksa Daftar Pemilih Sementara.", "{{ sebutan.daftar }}"),
        ("Kepada Bupati Lima Puluh Kota.", "alamat.toml"),
        ("Kepada Pjs. Bupati.", "alamat.toml"),
        ("Lapor kepada Panwascam.", "Panwaslu Kecamatan"),
    ],
)
def test_a_template_that_writes_out_a_word_of_the_table_is_refused_at_load(
    sentence: str, use: str, office: tuple[Home, Plan]
) -> None:
    """The literal word would be wrong on some day: the message names the file, the word and what to write."""
    home, plan = office
    path = write_template(home, sentence)

    faults = refused_load(home, plan)

    assert len(faults) == 1
    assert path.name in faults[0]
    assert use in faults[0]


def test_a_template_that_asks_the_table_follows_the_day(office: tuple[Home, Plan]) -> None:
    """One sentence, three words."""
    home, plan = office
    write_template(home, "Warga memeriksa {{ sebutan.daftar_singkat }} dan mengenal {{ sebutan.calon }}.")

    assert "memeriksa DPS dan mengenal bakal pasangan calon" in composed(home, plan, dt.date(2024, 8, 21))
    assert "memeriksa DPT dan mengenal bakal pasangan calon" in composed(home, plan, dt.date(2024, 9, 20))
    assert "memeriksa DPT dan mengenal pasangan calon" in composed(home, plan, dt.date(2024, 9, 22))


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Bertempat di {{ isi.tempatnya }}.", "tempatnya"),
        ("Kepada {{ pejabat }}.", "pejabat"),
        ("Menurut {{ undang_undang('uu-1-2015') }}.", "undang_undang"),
    ],
)
def test_a_template_that_names_something_unknown_is_refused_with_file_and_line(
    sentence: str, named: str, office: tuple[Home, Plan]
) -> None:
    """An undeclared field or a name that letters do not have."""
    home, plan = office
    path = write_template(home, sentence)

    faults = refused_load(home, plan)

    assert len(faults) == 1
    assert path.name in faults[0]
    assert f"baris {SENTENCE_LINE}" in faults[0]
    assert named in faults[0]


def test_a_template_that_cites_an_unknown_law_is_refused(office: tuple[Home, Plan]) -> None:
    """The id is not in laws.toml."""
    home, plan = office
    path = write_template(home, "Menurut {{ hukum('pkpu-99-2024') }}.")

    (fault,) = refused_load(home, plan)

    assert path.name in fault
    assert "pkpu-99-2024" in fault


def test_a_broken_template_is_refused_with_file_and_line(office: tuple[Home, Plan]) -> None:
    """A bracket that is never closed."""
    home, plan = office
    path = write_template(home, "Bertempat di {{ isi.tempat }.")

    (fault,) = refused_load(home, plan)

    assert path.name in fault
    assert f"baris {SENTENCE_LINE}" in fault


def test_all_faults_of_a_template_come_at_once(office: tuple[Home, Plan]) -> None:
    """A word, a field and a law: three messages."""
    home, plan = office
    write_template(home, "Kami menghimbau di {{ isi.gedung }} menurut {{ hukum('pkpu-99-2024') }}.")

    faults = refused_load(home, plan)

    assert len(faults) == 3


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("_bagian.md.j2", "{% macro salam() %}\nSetiap pasangan calon.\n{% endmacro %}\n", "'pasangan calon'"),
        ("_bagian.md.j2", "{% macro salam() %}\nKami menghimbau.\n{% endmacro %}\n", "imbau"),
        ("_bagian.md.j2", "{% macro salam() %}\n{{ kantro.nama }}\n{% endmacro %}\n", "baris 2: nama 'kantro'"),
        ("_bagian.md.j2", "{% macro salam() %}\n{{ isi.gedung }}\n{% endmacro %}\n", "rincian 'gedung'"),
        ("_bagian.md.j2", "{% macro salam() %}\n{{ hukum('pkpu-99-2024') }}\n{% endmacro %}\n", "pkpu-99-2024"),
        ("_bagian.md.j2", "{% macro salam() %}\n{{ kantor.nama }\n{% endmacro %}\n", "templat rusak"),
        ("_kita.md.j2", "Periksa DPT.\n", "'DPT'"),
        ("dasar.md.j2", "{% block isi %}\n{% endblok %}\n", "templat rusak"),
        ("dasar.md.j2", "{% block penutup %}\nKepada Bupati.\n{% endblock %}\n", "'Bupati'"),
    ],
)
def test_what_several_letters_share_is_checked_at_load_like_a_letter(
    name: str, source: str, said: str, office: tuple[Home, Plan]
) -> None:
    """``dasar`` and the files that begin with ``_``: the office's own win over ours, and their faults are named."""
    home, plan = office
    (home.kantor / "templates").mkdir()
    (home.kantor / "templates" / name).write_text(source, "utf-8")

    (fault,) = refused_load(home, plan)

    assert fault.startswith(f"kantor/templates/{name}")
    assert said in fault


def test_a_shared_file_may_call_its_own_parts_and_those_of_another(office: tuple[Home, Plan]) -> None:
    """Macros, what they are given, and what is imported by name are known."""
    home, plan = office
    (home.kantor / "templates").mkdir()
    text = "{% from '_bagian.md.j2' import butir, tabel_petugas as tabel %}\n{% macro tiga(a) %}{{ butir(a) }}{{ tabel() }}{% endmacro %}\n"
    (home.kantor / "templates" / "_kita.md.j2").write_text(text, "utf-8")

    home.words(plan)


# ---------------------------------------------------------------- law cited outright
@pytest.mark.parametrize(
    ("sentence", "is_made"),
    [
        ("Mohon dasar pertimbangannya.", True),
        ("{% import '_bagian.md.j2' as b with context %}\n{{ b.dasar_hukum() }}", False),
        ("{% for satu in dasar %}\n- {{ satu }}\n{% endfor %}", False),
    ],
)
def test_only_a_letter_that_prints_the_law_needs_one_in_force(
    sentence: str, is_made: bool, office: tuple[Home, Plan]
) -> None:
    """A duty without subjects of law: that its template extends ``dasar.md.j2`` says nothing."""
    home, plan = office
    write_template(home, sentence)
    duty = plan.duty("V12.imbauan-pengumuman-dps")
    duty = replace(duty, item=duty.item.model_copy(update={"dasar": ()}))

    def letter() -> object:
        return compose(plan, home.words(plan), duty, {}, dt.date(2024, 8, 14), letter_id="x", nomor="001")

    if is_made:
        assert letter()
    else:
        with pytest.raises(Refused, match="tidak ada dasar hukum yang pasti berlaku pada 14 Agustus 2024"):
            letter()


def test_law_of_uncertain_date_cited_outright_is_refused_with_its_bounds(office: tuple[Home, Plan]) -> None:
    """On 21 August 2024 nobody knows whether Perbawaslu 6/2024 was in force: the drafter sees between which days."""
    home, plan = office
    write_template(home, "Menurut {{ hukum('perbawaslu-6-2024') }}.")

    with pytest.raises(Refused) as refused:
        composed(home, plan, dt.date(2024, 8, 21))

    text = str(refused.value)
    assert "Peraturan Badan Pengawas Pemilihan Umum Nomor 6 Tahun 2024" in text
    assert "belum dipastikan" in text
    assert "antara 1 Januari 2024 dan 30 September 2024" in text


def test_the_same_law_may_be_cited_once_it_is_surely_in_force(office: tuple[Home, Plan]) -> None:
    """From 30 September 2024 on."""
    home, plan = office
    write_template(home, "Menurut {{ hukum('perbawaslu-6-2024') }}.")

    text = composed(home, plan, dt.date(2024, 9, 30))

    assert "Menurut Peraturan Badan Pengawas Pemilihan Umum Nomor 6 Tahun 2024" in text


def test_law_that_does_not_exist_yet_is_refused(office: tuple[Home, Plan]) -> None:
    """PKPU 10/2024 came into force on 25 August 2024."""
    home, plan = office
    write_template(home, "Menurut {{ hukum('pkpu-10-2024') }}.")

    with pytest.raises(Refused, match="belum berlaku pada 24 Agustus 2024"):
        composed(home, plan, dt.date(2024, 8, 24))
    assert "Nomor 10 Tahun 2024" in composed(home, plan, dt.date(2024, 8, 25))


def test_a_word_too_early_in_the_details_of_a_duty_is_refused_by_name(office: tuple[Home, Plan]) -> None:
    """What people type into acara/*.toml is checked like the template."""
    home, plan = office
    path = home.details / "V12.rakor-stakeholder.toml"
    path.write_text(path.read_text("utf-8").replace("netralitas,", "kesiapan pasangan calon,"), "utf-8")

    with pytest.raises(TahapanError, match="'pasangan calon' tidak boleh dipakai sebelum 22 September 2024"):
        composed(home, plan, dt.date(2024, 8, 14), "V12.rakor-stakeholder")


def test_a_weekday_that_does_not_fit_its_date_is_refused_with_the_right_one(office: tuple[Home, Plan]) -> None:
    """ "Rabu, 20 Agustus 2024" of the newspapers was a Tuesday."""
    home, plan = office
    write_template(home, "Rapat pada Rabu, 20 Agustus 2024.")

    with pytest.raises(Refused, match="Selasa, 20 Agustus 2024"):
        composed(home, plan, dt.date(2024, 8, 14))


@pytest.mark.parametrize("written", ["Rabu, 20 Agustus", "Rabu (20/8)", "Rabu, tgl 20 Agt 2024"])
def test_a_weekday_is_checked_with_the_year_of_the_letter(written: str, office: tuple[Home, Plan]) -> None:
    """Nobody writes the year of a meeting next week."""
    home, plan = office
    write_template(home, f"Rapat pada {written}.")

    with pytest.raises(Refused, match="Selasa, 20 Agustus 2024"):
        composed(home, plan, dt.date(2024, 8, 14))
