"""Details of a letter from forms: what people type is read, kept above the office's files, and seen by every reader."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tahapan import details, issue, screens
from tahapan.day import fill_in, morning, standings
from tahapan.details import Isian, NotFilled
from tahapan.errors import DataError, Refused
from tahapan.home import Home
from tahapan.letters.kinds import LetterField
from tahapan.plan import Plan
from tahapan.register import SUBMITTED
from tahapan.store.engine import reading, writing
from tahapan.store.tables import jurnal, rincian, surat

ELECTION = "pilkada-2024"
RAKOR = "V12.rakor-stakeholder"
DAY = dt.date(2024, 8, 12)  # Monday: the draft of the invitation has appeared, it goes out on Wednesday the 14th
STAFF = "Nama Staf Pencegahan"
HOUR = {"rapat_jam": "10.30", "rapat_tempat": "Aula Kantor Camat Harau", "agenda": "10.30–11.00 | Pembukaan | Ketua"}

LACKING = ("Tempat rapat", "Susunan acara")


@pytest.fixture
def office(real_home: Callable[..., Home], database: str) -> tuple[Home, Plan]:
    """A real office that has written down nothing of its meeting."""
    home = real_home(database)
    (home.details / f"{RAKOR}.toml").unlink()
    return home, home.plan(ELECTION)


def fill(office: tuple[Home, Plan], texts: dict, key: str = RAKOR, on: dt.date = DAY) -> details.Filled:
    home, plan = office
    return fill_in(home, plan, plan.duty(key), texts, STAFF, on, morning(plan, on))


def values(office: tuple[Home, Plan], key: str = RAKOR) -> dict:
    home, plan = office
    return issue.values_of(home, plan, plan.duty(key))[0]


def rows(home: Home, what: str) -> list[sa.Row]:
    with reading(home.engine) as connection:
        return list(connection.execute(sa.select(jurnal).where(jurnal.c.what == what).order_by(jurnal.c.seq)))


def test_a_form_makes_the_draft_that_waited_for_it(office: tuple[Home, Plan]):
    """Filled in on its day, the invitation is drafted and put before its first approver at once."""
    home, plan = office
    duty = plan.duty(RAKOR)
    assert standings(home, plan, DAY, (duty,))[0].missing == ("Jam mulai", "Tempat rapat", "Susunan acara")

    filled = fill(office, HOUR)

    now = standings(home, plan, DAY, (duty,))[0]
    assert filled == details.Filled(changed=True, missing=())
    assert now.letter is not None and now.letter.state == SUBMITTED
    assert "10.30" in now.letter.content and "Aula Kantor Camat Harau" in now.letter.content
    [said] = rows(home, "rincian diisi")
    assert (said.who, said.subject) == (STAFF, duty.key)
    assert json.loads(said.detail) == {"isian": ["agenda", "rapat_jam", "rapat_tempat"]}


def test_the_same_answers_again_change_nothing(office: tuple[Home, Plan]):
    """A run that begins again from its first line reads the same form: one journal row."""
    fill(office, HOUR)
    assert fill(office, HOUR) == details.Filled(changed=False, missing=())
    assert len(rows(office[0], "rincian diisi")) == 1


def test_half_a_form_is_kept_and_the_rest_still_waits(office: tuple[Home, Plan]):
    """Who knows the hour and not the place yet writes down the hour."""
    home, plan = office
    assert fill(office, {"rapat_jam": "10.30"}).missing == LACKING
    assert standings(home, plan, DAY, (plan.duty(RAKOR),))[0].missing == LACKING


def test_a_form_lies_above_the_file_and_the_file_above_the_checklist(office: tuple[Home, Plan]):
    """What a form says wins; where it says nothing, a file corrected later still counts."""
    home, _ = office
    (home.details / f"{RAKOR}.toml").write_text('rapat_jam = "09:00"\nrapat_tempat = "Balai"\n', "utf-8")
    fill(office, {"rapat_jam": "10.30", "rapat_tempat": "Balai"})

    (home.details / f"{RAKOR}.toml").write_text('rapat_jam = "09:00"\nrapat_tempat = "Aula"\n', "utf-8")

    assert (values(office)["rapat_jam"], values(office)["rapat_tempat"]) == ("10:30", "Aula")
    assert values(office)["rapat_nama"].startswith("Rapat Koordinasi")  # of the checklist


def test_what_is_emptied_in_a_form_is_empty(office: tuple[Home, Plan]):
    """An answer taken away is missing again, though the file has one."""
    home, _ = office
    (home.details / f"{RAKOR}.toml").write_text('rapat_jam = "09:00"\nrapat_tempat = "Balai"\n', "utf-8")
    assert fill(office, {"rapat_tempat": ""}).missing == LACKING


def test_a_duty_that_goes_with_another_takes_its_form(office: tuple[Home, Plan]):
    """`bersama`: the staff's surat tugas shares place and days with that of the members."""
    fill(office, {"tempat": "Kantor KPU, Sarilamak"}, "N05.surat-tugas-pendaftaran")
    assert values(office, "N05.surat-tugas-pendaftaran-staf")["tempat"] == "Kantor KPU, Sarilamak"

    fill(office, {"tempat": "Halaman KPU"}, "N05.surat-tugas-pendaftaran-staf")
    assert values(office, "N05.surat-tugas-pendaftaran")["tempat"] == "Kantor KPU, Sarilamak"
    assert values(office, "N05.surat-tugas-pendaftaran-staf")["tempat"] == "Halaman KPU"


def test_all_that_is_wrong_is_told_by_its_field(office: tuple[Home, Plan]):
    """Each fault by the id of its field, with its label and how to mend it; nothing is kept."""
    home, _ = office
    with pytest.raises(NotFilled) as caught:
        fill(office, {"rapat_jam": "25.00", "rapat_tempat": "NIK 1307010101010001", "agenda": "a|b|c|d", "entah": "x"})

    assert set(caught.value.faults) == {"rapat_jam", "rapat_tempat", "agenda", "entah"}
    assert str(caught.value.faults["rapat_jam"]) == "Jam mulai: '25.00' bukan jam. Tulis seperti 09.00."
    assert "4 kolom, bukan 3" in caught.value.faults["agenda"].what
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(rincian)).all() == []


def test_a_hundred_thousand_letters_in_a_field_are_refused(office: tuple[Home, Plan]):
    """Kindly, by the name of the field."""
    with pytest.raises(NotFilled, match="Tempat rapat: terlalu panjang"):
        fill(office, {"rapat_tempat": "x" * 100_000})


def test_markup_in_a_form_is_printed_and_not_run(office: tuple[Home, Plan]):
    """Scripts and Markdown are text like any other."""
    home, plan = office
    fill(office, {**HOUR, "rapat_tempat": "<script>alert(1)</script> **Aula** {{ kantor }}"})
    shown = screens.previews(home, plan, "V12", DAY, "http://meja")[0][2]
    assert "<script>" not in shown.replace("\\<script", "")
    assert r"\*\*Aula\*\*" in shown


def test_an_answer_with_which_the_letter_could_not_be_written_is_refused_before_it_is_kept(office: tuple[Home, Plan]):
    """Before 22 September nobody is a pasangan calon, in no field."""
    home, _ = office
    with pytest.raises(Refused, match="Pasangan calon"):
        fill(office, {**HOUR, "peserta_catatan": "Pasangan calon dan tim"})
    with reading(home.engine) as connection:
        assert connection.execute(sa.select(rincian)).all() == []


def test_after_the_number_the_details_stay(rehearse: Callable[..., tuple[Home, Plan]]):
    """What was sent does not change with a form."""
    office = rehearse(dt.date(2024, 8, 13), dt.date(2024, 8, 14))
    with pytest.raises(Refused, match="sudah bernomor 002/"):
        fill(office, HOUR, on=dt.date(2024, 8, 15))


def test_filling_in_needs_a_name(office: tuple[Home, Plan]):
    """It is known who said it."""
    home, plan = office
    with pytest.raises(DataError, match="belum diisi"):
        fill_in(home, plan, plan.duty(RAKOR), HOUR, " ", DAY, morning(plan, DAY))


def test_a_new_answer_changes_what_waits_for_its_approver(office: tuple[Home, Plan]):
    """The draft is renewed and asked for again with its new words."""
    home, _plan = office
    fill(office, HOUR)
    fill(office, {"rapat_jam": "13:00"})
    with reading(home.engine) as connection:
        [row] = connection.execute(sa.select(surat.c.state, surat.c.content).where(surat.c.item == "rakor-stakeholder"))
    assert row.state == SUBMITTED
    assert "13.00" in row.content


def test_a_field_that_its_template_lost_does_not_stop_the_letter(office: tuple[Home, Plan]):
    """Nobody could take it out of a form that does not show it any more."""
    home, plan = office
    fill(office, HOUR)
    with writing(home.engine) as connection:
        kept = json.loads(connection.execute(sa.select(rincian.c.isi)).scalar_one())
        connection.execute(rincian.update().values(isi=json.dumps({**kept, "hilang": "x"})))

    assert "hilang" not in details.known(home, plan).forms[RAKOR]
    assert issue.values_of(home, plan, plan.duty(RAKOR))[1] == ()


def test_a_whole_calendar_reads_its_forms_at_once(office: tuple[Home, Plan]):
    """One query for the details of all duties, not one for each."""
    home, plan = office
    asked: list[str] = []
    sa.event.listen(home.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    standings(home, plan, DAY)
    assert sum("FROM rincian" in statement for statement in asked) == 1


# --- what people type ------------------------------------------------------------------------------

FIELDS = {
    "tanggal": LetterField(id="x", label="Hari", tipe="tanggal", contoh=dt.date(2024, 8, 21)),
    "jam": LetterField(id="x", label="Jam", tipe="jam", contoh="09:00"),
    "angka": LetterField(id="x", label="Jumlah", tipe="angka", contoh=637),
    "daftar": LetterField(id="x", label="Bahan", tipe="daftar", contoh=("satu",)),
    "tabel": LetterField(id="x", label="Acara", tipe="tabel", contoh=({"pukul": "09.00", "kegiatan": "Pembukaan"},)),
    "teks": LetterField(id="x", label="Tempat", tipe="teks", contoh="Aula"),
}
DAY_21 = dt.date(2024, 8, 21)  # Wednesday


def parsed(tipe: str, text: object) -> object:
    return details.parse([Isian(FIELDS[tipe], "")], {"x": text})["x"]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("tipe", "text", "value"),
    [
        ("tanggal", "21 Agustus 2024", DAY_21),
        ("tanggal", " Rabu,  21 agustus 2024 ", DAY_21),
        ("tanggal", "2024-08-21", DAY_21),
        ("tanggal", "21/8/2024", DAY_21),
        ("tanggal", "21 Agt 2024", DAY_21),
        ("jam", "09.00", "09:00"),
        ("jam", "9:05", "09:05"),
        ("jam", "Pukul 13.30 WIB", "13:30"),
        ("angka", "637", 637),
        ("angka", "1.234", 1234),
        ("daftar", "1. satu\n\n- dua\n• tiga, empat\n09.00 lima", ["satu", "dua", "tiga, empat", "09.00 lima"]),
        ("tabel", "09.00 | Pembukaan\n| Doa\n", [{"pukul": "09.00", "kegiatan": "Pembukaan"}, {"pukul": "", "kegiatan": "Doa"}]),
        ("tabel", "09.00\tPembukaan", [{"pukul": "09.00", "kegiatan": "Pembukaan"}]),
        ("tabel", [["09.00", "A | B"], ["", ""]], [{"pukul": "09.00", "kegiatan": "A | B"}]),
        ("tabel", r"09.00 | A \| B", [{"pukul": "09.00", "kegiatan": "A | B"}]),
        ("teks", "dua\nbaris", "dua baris"),
        ("teks", "  ", ""),
        ("daftar", "", ""),
    ],
)  # fmt: skip
def test_what_people_type_is_read(tipe: str, text: object, value: object):
    """As it is written here: in words or in figures, with bullets or from a spreadsheet."""
    assert parsed(tipe, text) == value


@pytest.mark.parametrize(
    ("tipe", "text", "said"),
    [
        ("tanggal", "Kamis, 21 Agustus 2024", "Rabu, 21 Agustus 2024"),
        ("tanggal", "31 September 2024", "bukan tanggal"),
        ("tanggal", "besok", "bukan tanggal"),
        ("jam", "24.00", "bukan jam"),
        ("jam", "pagi", "bukan jam"),
        ("angka", "dua", "bukan angka"),
        ("teks", "a\u202eb", "karakter tak terlihat"),
        ("daftar", "satu\n1307010101010001", "16 angka"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(tipe: str, text: str, said: str):
    """A wrong weekday is named with the right one."""
    with pytest.raises(NotFilled, match=said):
        parsed(tipe, text)


TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u00a0"), max_size=12)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXT, TEXT), max_size=4))
def test_a_table_shown_and_typed_again_is_the_same_table(cells: list[tuple[str, str]]):
    """Whatever stands in the cells, a bar too: what the form shows is what it reads back."""
    try:
        table = parsed("tabel", [list(row) for row in cells])
    except NotFilled:
        return
    table = table or ""  # an empty table is no other answer than none
    again = Isian(FIELDS["tabel"], table)
    assert (details.parse([Isian(FIELDS["tabel"], "")], {"x": again.text})["x"] or "") == table
    assert (details.parse([again], {"x": [list(row) for row in again.rows]})["x"] or "") == table


def test_every_field_of_the_sample_office_comes_back_as_it_was(real_home: Callable[..., Home]):
    """All details of the files, shown in a form and sent back unread, change nothing."""
    home = real_home()
    plan = home.plan(ELECTION)
    for duty in plan.duties:
        fields = details.form(home, plan, duty)
        back = details.parse(fields, {isian.id: isian.text for isian in fields})
        assert back == {isian.id: isian.value for isian in fields}
        tables = {isian.id: isian.rows for isian in fields if isian.field.tipe == "tabel"}
        for name, value in details.parse(fields, tables).items():
            [isian] = [isian for isian in fields if isian.id == name]
            assert (value or "") == (isian.value or ""), duty.short_key
