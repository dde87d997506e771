"""The screens of the golden days, read as the clerk of that morning.

August is one rehearsal from 13 August, the first golden day. September is another one from Monday 9 September, the
week in which the invitation to the campaign meeting had to go out: nobody ticks anything off in a rehearsal, so one
that ran on from August would greet the clerk of 20 September with a month of evidence that in an office would long
have been filed. Each brief is taken on its own day, after the work of that day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pytest

from tahapan.screens import brief

DESK = "http://127.0.0.1:4280"

BRIEFS = [
    "2024-08-13",
    "2024-08-21",
    "2024-08-28",
    "2024-08-29",
    "2024-09-20",
    "2024-09-21",
    "2024-09-22",
    "2024-09-23",
]
CHECKLISTS = ["V12-2024-08-21", "N05-2024-08-28", "N05-2024-08-29", "L6-2024-09-20"]
NAMES = [
    *(f"brief/{day}.md" for day in BRIEFS),
    *(f"daftar-periksa/{name}.md" for name in CHECKLISTS),
    "ringkasan/2024-08-13-30.md",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_screen_is_its_golden_file(name: str, screens: Mapping[str, str], golden) -> None:
    """Every golden screen is the kept one, to the letter."""
    golden(name, screens[name])


def part(text: str, heading: str) -> str:
    """The part below a heading, up to the next one of its level."""
    found = re.search(rf"^## {re.escape(heading)}.*?$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def line(text: str, start: str) -> str:
    """The first line that holds these words."""
    return next(row for row in text.splitlines() if start in row)


def test_the_brief_of_13_august_tells_the_meeting_of_that_morning(screens: Mapping[str, str]) -> None:
    """The rakor on nomination has its hour, place and agenda, although its invitation is older than the rehearsal."""
    text = part(screens["brief/2024-08-13.md"], "Rapat hari ini")

    assert "- **Pukul:** 09.00 WIB" in text
    assert "seharusnya keluar Selasa, 6 Agustus 2024" in text
    assert "Jadwal, syarat, dan tata cara pendaftaran" in text


def test_the_brief_of_13_august_says_which_letters_leave_tomorrow(screens: Mapping[str, str]) -> None:
    """On 14 August two letters go out: the saran perbaikan on the DPS and the invitation of the rakor."""
    text = part(screens["brief/2024-08-13.md"], "Sampai Selasa, 20 Agustus 2024")

    tomorrow = [row for row in text.splitlines() if row.startswith("| Rab, 14 Agustus")]
    assert len(tomorrow) == 2
    assert "surat keluar" in tomorrow[0]
    assert "undangan keluar" in tomorrow[1]


def test_the_brief_of_21_august_has_what_the_meeting_needs(screens: Mapping[str, str]) -> None:
    """Hour, place, the invitation with its 62 recipients, what to prepare and what the guests bring."""
    text = part(screens["brief/2024-08-21.md"], "Rapat hari ini")

    assert "- **Pukul:** 09.00 WIB" in text
    assert "Resto Tanjung Pati" in text
    assert "002/PM.00.02/K.SB-99/08/2024" in line(text, "**Undangan:**")
    assert "62 penerima" in line(text, "**Undangan:**")
    assert "daftar hadir, notulen" in line(text, "**Siapkan:**")
    assert "rekapitulasi penduduk meninggal" in text.partition("**Dibawa peserta:**")[2]


def test_the_brief_of_21_august_names_the_court_decisions_of_the_day_before(screens: Mapping[str, str]) -> None:
    """MK 60 and 70 were read on 20 August 2024."""
    text = screens["brief/2024-08-21.md"]

    assert "Putusan MK 60/PUU-XXII/2024 mengenai ambang batas pencalonan, berlaku sejak Selasa, 20 Agustus 2024" in text
    assert "Putusan MK 70/PUU-XXII/2024 mengenai penghitungan usia calon, berlaku sejak Selasa, 20 Agustus 2024" in text


@pytest.mark.parametrize("day", ["2024-08-28", "2024-08-29"])
def test_the_brief_names_the_letters_that_a_new_law_overtook(day: str, screens: Mapping[str, str]) -> None:
    """PKPU 10/2024 of Sunday 25 August came after the imbauan of the 20th, which have a supplement, and the request of the 23rd."""
    text = line(screens[f"brief/{day}.md"], "**Hukum baru:**")

    assert "PKPU 10/2024 mengubah PKPU 8/2024, berlaku sejak Minggu, 25 Agustus 2024" in text
    assert re.findall(r"\[(\d{3})/", text) == ["006", "012", "007", "013", "009"]
    assert text.count("surat susulan") == 2


@pytest.mark.parametrize(("day", "hour"), [("2024-08-28", "16.00"), ("2024-08-29", "23.59")])
def test_registration_closes_at_its_own_hour_each_day(day: str, hour: str, screens: Mapping[str, str]) -> None:
    """On Wednesday 28 August the desk closes at 16.00, on Thursday the 29th at 23.59."""
    assert f"- **Tutup pukul {hour} WIB:** Pendaftaran paslon" in screens[f"brief/{day}.md"]
    assert f"**tutup hari ini pukul {hour} WIB**" in screens[f"daftar-periksa/N05-{day}.md"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_a_pasangan_calon_before_the_penetapan(name: str, screens: Mapping[str, str], september) -> None:
    """Before 22 September the screens say bakal pasangan calon; the other word only with the day from which it is right."""
    plan = september.plan
    found = re.search(r"2024-\d\d-\d\d", name)
    assert found
    on = dt.date.fromisoformat(found.group())

    said = re.sub(r"\*pasangan calon\* mulai 22 September 2024|[^.|*]* baru ada 22 September 2024", "", screens[name])

    titles = tuple(duty.item.title for duty in plan.duties) + tuple(stage.judul for stage in plan.election.stages)
    notes = tuple(filter(None, (duty.item.catatan for duty in plan.duties)))
    lacks = tuple(filter(None, (duty.item.belum_ada for duty in plan.duties)))
    faults = [fault.word for fault in plan.sebutan.faults(said, on, plan.election, (*notes, *lacks, *titles))]
    assert [word for word in faults if "calon" in word or "paslon" in word] == []


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-08-13", "bakal pasangan calon – *pasangan calon* mulai 22 September 2024"),
        ("2024-08-13", "Daftar Pemilih Sementara (DPS) – *DPSHP* mulai 14 September 2024"),
        ("2024-09-20", "bakal pasangan calon – *pasangan calon* mulai 22 September 2024"),
        ("2024-09-20", "Daftar Pemilih Tetap (DPT), mulai hari ini sesudah acaranya"),
        ("2024-09-22", "** pasangan calon, mulai hari ini sesudah acaranya"),
        ("2024-09-23", "*pasangan calon beserta nomor urutnya* mulai 24 September 2024"),
    ],
)
def test_the_brief_says_which_words_letters_may_use(day: str, words: str, screens: Mapping[str, str]) -> None:
    """The word of the day, and the one to come with its day."""
    assert words in line(screens[f"brief/{day}.md"], "**Sebutan di surat:**")


def test_on_20_september_campaign_letters_go_to_parties_instead_of_pairs(screens: Mapping[str, str]) -> None:
    """The duty names the pairs, who do not exist yet: brief and checklist say whom to write to."""
    for name in ("brief/2024-09-20.md", "daftar-periksa/L6-2024-09-20.md"):
        assert "dikirim kepada partai politik" in screens[name]
    assert "diundang lewat partai politik" in screens["daftar-periksa/L6-2024-09-20.md"]


@pytest.mark.parametrize(("day", "weekday"), [("2024-09-21", "Sabtu"), ("2024-09-22", "Minggu")])
def test_a_weekend_brief_says_that_it_is_no_working_day(day: str, weekday: str, screens: Mapping[str, str]) -> None:
    """Saturday 21 and Sunday 22 September are no working days, and still have duties."""
    text = screens[f"brief/{day}.md"]

    assert f"**Hari ini bukan hari kerja** ({weekday})" in text
    assert "LHP" in part(text, "Hari ini")


@pytest.mark.parametrize(
    ("day", "event"),
    [
        ("2024-09-20", "**Acara hari ini:** Rekapitulasi DPSHP dan penetapan DPT kabupaten"),
        ("2024-09-22", "**Acara hari ini:** Penetapan pasangan calon"),
        ("2024-09-23", "**Acara hari ini, pukul 20.00 WIB:** Pengundian nomor urut"),
    ],
)
def test_the_brief_names_the_event_of_the_day(day: str, event: str, screens: Mapping[str, str]) -> None:
    """DPT on 20 September, penetapan on the 22nd, the draw of the numbers on the 23rd at 20.00."""
    assert event in screens[f"brief/{day}.md"]


@pytest.mark.parametrize("day", BRIEFS)
def test_no_duty_stands_in_two_parts_of_a_brief(day: str, screens: Mapping[str, str]) -> None:
    """Today, late, coming and waiting for evidence exclude one another."""
    text = screens[f"brief/{day}.md"]

    rows = [
        row.split(" | ")[1 if heading != "Hari ini" else 0].strip("| ")
        for heading in ("Hari ini", "Terlambat", "Sampai ")
        for row in part(text, heading).splitlines()
        if row.startswith("| ") and not row.startswith(("| Butir", "| Hari |", "| Seharusnya"))
    ]
    repeated = {row for row in rows if rows.count(row) > 1}
    assert repeated <= {"Jawaban setiap saran perbaikan (mingguan)"}  # one duty a week, all of one title


def test_the_checklist_says_which_law_of_its_stage_is_not_surely_in_force(screens: Mapping[str, str]) -> None:
    """On 20 September nobody here knows whether PKPU 13/2024 on the campaign is in force."""
    assert "- **Dasar:** PKPU 13/2024 (belum dipastikan)" in screens["daftar-periksa/L6-2024-09-20.md"]
    assert "- **Dasar:** PKPU 8/2024; PKPU 10/2024\n" in screens["daftar-periksa/N05-2024-08-28.md"]


def test_a_meeting_without_hour_and_place_is_told_as_such(september) -> None:
    """On Wednesday 18 September the campaign meeting has no details: the brief shows it, and what is not filled in."""
    text = part(brief(september.home, september.plan, dt.date(2024, 9, 18), DESK), "Rapat hari ini")

    assert "Rapat Koordinasi Pengawasan Kampanye, Dana Kampanye, dan Iklan Kampanye" in text
    assert "- **Pukul:** **belum diisi**" in text
    assert "seharusnya keluar Rabu, 11 September 2024" in text


def test_an_invitation_that_is_overdue_is_late_before_its_meeting_is(september) -> None:
    """On Thursday 12 September the invitation of the 11th is missing: there is still time, so it stands under late."""
    text = part(brief(september.home, september.plan, dt.date(2024, 9, 12), DESK), "Terlambat")

    row = line(text, "Rakor kampanye")
    assert "surat keluar Rab, 11 September" in row
    assert "**isi rincian**: Jam mulai; Tempat rapat; Susunan acara" in row
    assert "tulis kepada partai politik" in row


def test_every_month_of_the_election_has_its_brief(august) -> None:
    """A brief of any day can be made, before the first stage and on voting day too."""
    for month in range(1, 13):
        assert brief(august.home, august.plan, dt.date(2024, month, 27), DESK).startswith("# Pagi ini: ")
    assert "**hari pemungutan suara**" in brief(august.home, august.plan, dt.date(2024, 11, 27), DESK)


def test_late_duties_are_counted_at_the_top(screens: Mapping[str, str]) -> None:
    """The clerk sees the number of late duties before anything is scrolled."""
    text = screens["brief/2024-08-29.md"]

    assert "- **3 butir terlambat** (lihat di bawah)" in text
    assert part(text, "Terlambat").count("\n| ") == 3 + 1


@pytest.mark.parametrize("name", NAMES)
def test_screens_are_plain_markdown_without_placeholders(name: str, screens: Mapping[str, str]) -> None:
    """No HTML, no None, no two empty lines, and every table row has the cells of its head."""
    text = screens[name]

    assert not re.search(r"<[a-z/]|None|\{\{|\}\}|\n\n\n", text)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


def test_a_letter_that_is_out_too_late_to_be_drafted_is_told_so(screens: Mapping[str, str]) -> None:
    """The campaign meeting of 18 September passed without invitation: the clerk is told to set a new day."""
    late = part(screens["brief/2024-09-20.md"], "Terlambat")

    assert "undangan tidak keluar: tetapkan hari rapat yang baru" in line(late, "Rakor kampanye")


def test_the_summary_lists_the_letters_in_the_order_of_their_numbers(screens: Mapping[str, str], august) -> None:
    """Twenty-two letters, each with links to its files, which exist."""
    rows = re.findall(
        r"^\| (\d{3})/(PM|HM|LHP)\S+ \|.*\[PDF\]\(surat/(\S+)\)", screens["ringkasan/2024-08-13-30.md"], re.MULTILINE
    )

    assert [urut for urut, series, _ in rows if series == "PM"] == [f"{n:03d}" for n in range(1, 19)]
    assert len(rows) == 22
    assert all((august.home.surat / name).is_file() for _, _, name in rows)
    assert screens["ringkasan/2024-08-13-30.md"].count(".docx)") == 22
