"""The registration days as they went: who came when, whose papers lack what, who disputes, who must be neutral."""

from __future__ import annotations

import datetime as dt
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tahapan import details, journal, neutrality, register
from tahapan.errors import DataError, NotKnown, Refused
from tahapan.home import Home, open_gladi
from tahapan.letters.compose import text_of
from tahapan.letters.letter import Letter
from tahapan.nomination import arrivals, disputes, pairs, papers
from tahapan.nomination.arrivals import Typed
from tahapan.plan import Plan
from tahapan.store.engine import reading

WHO = "Nama Staf (contoh)"
WIB = ZoneInfo("Asia/Jakarta")
PAIRS = (("Amri A", "Ani A"), ("Budi B", "Bunga B"), ("Citra C", "Candra C"), ("Dewi D", "Dodi D"))
# DOMAIN 1.3: four pairs, on the 28th at 11.25 and 14.02, on the 29th at 13.30 and 16.30.
CAME = (
    ("amri-a-ani-a", 28, "11.25"),
    ("budi-b-bunga-b", 28, "14.02"),
    ("citra-c-candra-c", 29, "13.30"),
    ("dewi-d-dodi-d", 29, "16.30"),
)


def at(day: int, hour: int = 7, minute: int = 0, month: int = 8) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=WIB)


class Registration:
    """A rehearsal that stands at one of the days."""

    def __init__(self, root: Path) -> None:
        self.home: Home = open_gladi(root, "pilkada-2024", dt.date(2024, 8, 27), dt.date(2024, 8, 28))
        self.plan: Plan = self.home.plan("pilkada-2024")
        for calon, wakil in PAIRS:
            isi = {"calon": {"nama": calon}, "wakil": {"nama": wakil}, "partai": ["parpol-04"]}
            pairs.add(self.home, self.plan, isi, WHO, at(26))

    def come(self, pair: str, day: int, hour: str, today: int | None = None, **more: str) -> arrivals.Arrival:
        typed = Typed(pair, f"2024-08-{day}", hour, **more)
        return arrivals.note(self.home, self.plan, typed, WHO, dt.date(2024, 8, today or day), at(today or day))

    def pair(self, wanted: str) -> pairs.Pair:
        return pairs.found(pairs.all_pairs(self.home, self.plan), wanted)


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Registration]:
    made = Registration(tmp_path / "gladi")
    yield made
    made.home.engine.dispose()


# --- arrivals --------------------------------------------------------------------------------------


def test_an_arrival_is_late_by_the_hour_of_its_own_day(days: Registration):
    """16.05 is late on the 28th and in time on the 29th; the closing minute itself is in time (DOMAIN 11.5)."""
    assert days.come("amri-a-ani-a", 28, "16.05").late and not days.come("budi-b-bunga-b", 29, "16.05").late
    assert not days.come("citra-c-candra-c", 28, "16.00").late
    assert not days.come("dewi-d-dodi-d", 29, "23:59").late
    assert [each.isi.jam for each in arrivals.log(days.home, days.plan)] == ["16:00", "16:05", "16:05", "23:59"]


@pytest.mark.parametrize(
    ("pair", "day", "hour", "more", "said"),
    [
        ("amri-a-ani-a", 28, "", {}, "jam: belum diisi"), ("amri-a-ani-a", 28, "25.00", {}, "bukan jam"),
        ("amri-a-ani-a", 29, "10.00", {}, "belum lewat"), ("amri-a-ani-a", 26, "10.00", {}, "bukan hari pendaftaran"),
        ("amri-a-ani-a", 28, "10.00", {"hasil": "dikembalikan"}, "sebab: belum diisi"),
        ("amri-a-ani-a", 28, "10.00", {"hasil": "entah"}, "hasil: belum dipilih"), ("entah", 28, "10.00", {}, "tidak dikenal"),
        ("amri-a-ani-a", 28, "10.00", {"siapa": "1307051203600001"}, "siapa"),
        ("amri-a-ani-a", 28, "10.00", {"siapa": "x" * 501}, "terlalu panjang"),
    ],
)  # fmt: skip
def test_what_is_no_arrival_is_refused(
    days: Registration, pair: str, day: int, hour: str, more: dict[str, str], said: str
):
    with pytest.raises((DataError, Refused, NotKnown), match=said):
        days.come(pair, day, hour, today=28, **more)
    assert arrivals.log(days.home, days.plan) == ()


def test_the_same_arrival_is_written_once(days: Registration):
    """Sent twice it is one; with another result the one that is there has to be put right."""
    first = days.come("amri-a-ani-a", 28, "11.25")
    assert days.come("amri-a-ani-a", 28, "11.25").id == first.id
    with pytest.raises(Refused, match="catatan 001"):
        days.come("amri-a-ani-a", 28, "11.25", hasil="dikembalikan", sebab="berkas kurang")
    assert len(arrivals.log(days.home, days.plan)) == 1


def test_a_correction_keeps_what_was_written_before(days: Registration):
    """With its reason; by two at once, the second is told; struck, it counts no more and is still there."""
    first = days.come("amri-a-ani-a", 28, "16.25")
    typed = Typed("amri-a-ani-a", "2024-08-28", "11.25")
    with pytest.raises(DataError, match="alasan"):
        arrivals.correct(days.home, days.plan, first.id, typed, " ", WHO, dt.date(2024, 8, 28), at(28))
    now = arrivals.correct(days.home, days.plan, first.id, typed, "salah ketik jam", WHO, dt.date(2024, 8, 28), at(28))
    assert (now.versi, now.late, first.late) == (2, False, True)
    again = Typed("amri-a-ani-a", "2024-08-28", "12.25")
    with pytest.raises(Refused, match="sudah diubah orang lain"):
        arrivals.correct(days.home, days.plan, first.id, again, "lain", WHO, dt.date(2024, 8, 28), at(28), seen=1)
    arrivals.correct(days.home, days.plan, first.id, None, "tercatat dua kali", WHO, dt.date(2024, 8, 28), at(28))
    assert arrivals.log(days.home, days.plan) == ()
    kept = arrivals.versions(days.home, days.plan, first.id)
    assert [(each.isi.jam, each.alasan, each.isi.batal) for each in kept] == [
        ("16:25", "", False), ("11:25", "salah ketik jam", False), ("11:25", "tercatat dua kali", True),
    ]  # fmt: skip
    with reading(days.home.engine) as connection:
        assert not [*journal.broken(connection, days.plan.office.profile.id)]


def test_the_log_fills_the_report_of_its_day_and_the_release(days: Registration):
    """The four arrivals of August 2024, in full sentences; what a person wrote stays; again, nothing is doubled."""
    for pair, day, hour in CAME:
        days.come(pair, day, hour, siapa="Rombongan partai pengusung")
    days.home.set_day(dt.date(2024, 8, 29))
    on = dt.date(2024, 8, 29)

    def lines(key: str, field: str) -> list[str]:
        duty = days.plan.duty(key)
        arrivals.fill_report(days.home, days.plan, duty, WHO, on, at(29))
        return [*next(each.value for each in details.form(days.home, days.plan, duty) if each.id == field)]

    before = [*next(each.value for each in details.form(days.home, days.plan, days.plan.duty("N05.lhp-hari-kedua")) if each.id == "uraian")]  # fmt: skip
    for _ in (1, 2):
        second = lines("N05.lhp-hari-kedua", "uraian")
    assert second[: len(before)] == before and second[len(before) :] == [
        "Pukul 11.25 WIB rombongan partai pengusung datang mendaftarkan bakal pasangan calon Amri A dan Ani A; dokumen pendaftarannya diterima.",
        "Pukul 14.02 WIB rombongan partai pengusung datang mendaftarkan bakal pasangan calon Budi B dan Bunga B; dokumen pendaftarannya diterima.",
    ]
    last = lines("N05.lhp-hari-terakhir", "uraian")
    assert [line[:16] for line in last[-2:]] == ["Pukul 13.30 WIB ", "Pukul 16.30 WIB "] and "ditutup" not in last[-1]
    assert "tidak ada yang datang" in lines("N05.lhp-hari-pertama", "uraian")[-1]
    release = lines("N05.rilis-pendaftaran", "paragraf")
    assert sum("datang mendaftarkan" in line for line in release) == 4
    assert release[-4].startswith("Rabu, 28 Agustus 2024, pukul 11.25 WIB")
    with pytest.raises(Refused, match="tidak memuat kedatangan"):
        arrivals.fill_report(days.home, days.plan, days.plan.duty("N13.lhp-penetapan"), WHO, on, at(29))


# --- pairs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("isi", "said"),
    [
        ({"calon": {"nama": "Eka"}, "wakil": {"nama": ""}}, "calon wakil"), ({"calon": {"nama": "Eka"}}, "calon wakil"),
        ({"calon": {"nama": "Eka"}, "wakil": {"nama": "Edi"}, "partai": ["parpol-18"]}, "bukan salah satu dari 18"),
    ],
)  # fmt: skip
def test_a_pair_is_two_people_and_parties_on_the_ballot(days: Registration, isi: dict[str, object], said: str):
    with pytest.raises((DataError, NotKnown), match=said):
        pairs.add(days.home, days.plan, isi, WHO, at(28))


@pytest.mark.parametrize(
    ("typed", "number"),
    [("18.181", 18_181), ("18,181", 18_181), ("18181", 18_181), ("1.018.181", 1_018_181), ("", None)],
)
def test_votes_with_dots_and_commas(typed: str, number: int | None):
    assert pairs.number(typed, "suara") == number


@pytest.mark.parametrize("typed", ["18.18", "1,8,181", "delapan", "-5", "18.181,5"])
def test_what_could_be_two_numbers_is_none(typed: str):
    with pytest.raises(DataError, match="bukan bilangan bulat"):
        pairs.number(typed, "suara")


def test_what_is_not_known_cannot_be_judged(days: Registration):
    """The unknown birth date of one is no *belum*; the laws shown are those in force that day."""
    told = {(who, each.aturan): each for who, each in pairs.judged(days.home, days.plan, days.pair("amri-a-ani-a"), dt.date(2024, 8, 28))}  # fmt: skip
    assert {each.status for each in told.values()} == {"tidak dapat dinilai"}
    nobody = pairs.add(days.home, days.plan, {"calon": {"nama": "Eka E"}, "wakil": {"nama": "Edi E"}}, WHO, at(28))
    assert pairs.judged(days.home, days.plan, nobody, dt.date(2024, 8, 28))[0][1].aturan == "pengusung"
    assert not {"persetujuan", "dukungan"} & {each.berkas.id for each in papers.dossier(days.home, days.plan, nobody)}
    threshold = told["pasangan", "ambang batas partai"]
    assert "18.181" in threshold.alasan and threshold.angka["perlu"] == 18_181
    assert "PKPU 10/2024" in pairs.cited(days.plan, threshold, dt.date(2024, 8, 28))
    assert "PKPU 10/2024" not in pairs.cited(days.plan, threshold, dt.date(2024, 8, 24))


# --- papers ----------------------------------------------------------------------------------------


def test_a_dossier_is_looked_at_twice(days: Registration):
    """What lacked at the first look and holds at the second; what a pair without party brings is another list."""
    one = days.pair("amri-a-ani-a")
    whole = papers.dossier(days.home, days.plan, one)
    assert len(papers.missing(days.home, days.plan, one)) == len(whole) and papers.deadline(days.plan) == dt.date(
        2024, 9, 8
    )
    assert {each.orang for each in whole if each.berkas.id == "ijazah"} == {"calon", "wakil"}
    assert not any(each.berkas.id in ("dukungan", "cuti", "pengunduran-diri") for each in whole)

    def look(paper: str, who: str, state: str, day: int, note: str = "") -> None:
        papers.judge(days.home, days.plan, one, who, paper, state, WHO, at(day, month=9), catatan=note)

    look("ijazah", "calon", "tidak sah", 4, "belum dilegalisasi")
    look("skck", "calon", "sah", 4)
    look("ijazah", "calon", "sah", 8)
    changed = papers.between(days.home, days.plan, one, at(5, month=9), at(9, month=9))
    assert [(each.berkas.id, each.dulu.keadaan, each.kini.keadaan) for each in changed] == [
        ("ijazah", "tidak sah", "sah")
    ]
    assert len(papers.missing(days.home, days.plan, one)) == len(whole) - 2


def test_what_is_no_paper_of_this_election_is_refused(days: Registration):
    one = days.pair("amri-a-ani-a")
    for paper, who, state, said in (
        ("B.1-KWK Parpol", "pasangan", "ada", "nama dari Pemilihan lain.*persetujuan"), ("entah", "calon", "ada", "bukan berkas"),
        ("ijazah", "pasangan", "ada", "Milik: calon, wakil"), ("ijazah", "calon", "baik", "tidak dikenal"),
        ("ijazah", "calon", "tidak sah", "--catatan"), ("dukungan", "pasangan", "ada", "tidak diminta"),
    ):  # fmt: skip
        with pytest.raises((DataError, NotKnown), match=said):
            papers.judge(days.home, days.plan, one, who, paper, state, WHO, at(30))


def test_letters_about_papers_name_no_person(days: Registration):
    """To who issued them, and to KPU; only of what people saw."""
    one, on = days.pair("amri-a-ani-a"), dt.date(2024, 8, 30)
    with pytest.raises(Refused, match="belum ada berkasnya"):
        papers.ask_about(days.home, days.plan, "disdik", WHO, on, at(30), [one])
    with pytest.raises(Refused, match="tidak ada berkas yang dinilai"):
        papers.suggest(days.home, days.plan, one, 1, WHO, on, at(30))
    papers.judge(days.home, days.plan, one, "calon", "ijazah", "tidak sah", WHO, at(30), catatan="belum dilegalisasi")
    asked = papers.ask_about(days.home, days.plan, "disdik", WHO, on, at(30), [one])
    told = papers.suggest(days.home, days.plan, one, 1, WHO, on, at(30))
    for row in (asked, told):
        text = "\n".join(text_of(Letter.model_validate_json(row.content)))
        assert "Amri" not in text and row.state == "draf"
    assert "Dinas Pendidikan" in asked.kepada and "Penelitian Persyaratan Administrasi" in told.hal


# --- disputes --------------------------------------------------------------------------------------


def test_a_request_is_in_time_until_the_desk_closes(days: Registration):
    """Penetapan on 22 September: until the 25th, 16.00; a later one is written down and said to be late."""
    decided, now = at(22, 17, month=9), at(26, 12, month=9)

    def bring(name: str, day: int, hour: int, minute: int = 0) -> disputes.Request:
        came = at(day, hour, minute, 9)
        return disputes.receive(days.home, days.plan, name, "Keputusan KPU tentang penetapan", decided, came, WHO, now)

    first, second = bring("Pemohon A", 25, 16), bring("Pemohon B", 25, 16, 1)
    assert (first.in_time, second.in_time) == (True, False)
    assert bring("Pemohon A", 25, 16).id == first.id
    assert disputes.desk_is_open(days.plan, at(25, 16, month=9), decided)
    assert not disputes.desk_is_open(days.plan, at(25, 7, 59, 9), decided)
    for came, said in ((at(22, 16, month=9), "mendahului keputusan"), (at(27, month=9), "belum lewat")):
        with pytest.raises(Refused, match=said):
            disputes.receive(days.home, days.plan, "X", "Y", decided, came, WHO, now)

    def move(state: str, day: int, **more: str) -> disputes.Request:
        return disputes.move(
            days.home, days.plan, first.id, state, at(day, 9, month=9), WHO, at(30, 12, month=9), **more
        )

    with pytest.raises(Refused, match="tidak dapat menjadi 'diputus'"):
        move("diputus", 27)
    with pytest.raises(DataError, match="--nomor"):
        move("diregister", 27)
    running = move("diregister", 27, nomor="001/PS.REG/13.1307/IX/2024").clocks
    assert [(each.nama, each.sampai) for each in running] == [("Putusan sengketa proses", at(10, 0, month=10))]
    assert move("diputus", 30, catatan="ditolak").clocks[0].sampai == at(4, 0, month=10)  # three working days


# --- neutrality ------------------------------------------------------------------------------------

SOMEBODY = neutrality.Orang(nama="Fulan Pegawai", jabatan="Analis", instansi="Dinas Contoh")


def test_an_incident_goes_its_way_without_a_name(days: Registration):
    """From the first information to the reply, each with its clock; the name is in one private file and in the annex."""
    home, plan = days.home, days.plan
    made = neutrality.note(
        home, plan, "asn", "unggahan dukungan", "media sosial", dt.date(2024, 8, 20), [SOMEBODY], WHO, at(21)
    )
    assert made.sampai == at(28, 16)  # seven days, the desk closes at 16.00

    def step(state: str, day: int, **more: str) -> neutrality.Incident:
        return neutrality.step(home, plan, made.id, state, at(day, 10), WHO, at(30), **more)

    with pytest.raises(Refused, match="tidak dapat menjadi 'kajian'"):
        step("kajian", 22, nomor="1")
    with pytest.raises(DataError, match="--nomor"):
        step("form-a", 22)
    step("form-a", 22, nomor="021/LHP/PM.01.02/SB-99/22/VIII/2024")
    assert step("temuan", 23, nomor="004/Reg/TM/PB/Kab/03.10/VIII/2024").sampai == at(27, 0)
    longer = neutrality.more_time(home, plan, made.id, 2, "saksi belum hadir", WHO, at(24))
    assert longer.sampai == at(29, 0)
    with pytest.raises(Refused, match="Diteruskan sesudah"):
        neutrality.refer(home, plan, made.id, {}, WHO, dt.date(2024, 8, 26), at(26))
    step("kajian", 26, nomor="Nomor 004/TM/VIII/2024 tanggal 26 Agustus 2024")
    isi = {
        "register": "Temuan Nomor 004/Reg/TM/PB/Kab/03.10/VIII/2024 tanggal 23 Agustus 2024", "pleno": dt.date(2024, 8, 26),
        "fakta": ["Unggahan dapat dilihat umum."], "kesimpulan": "peristiwa itu diteruskan kepada instansi kepegawaian",
        "bukti": ["tangkapan layar, satu lembar"],
    }  # fmt: skip
    row = neutrality.refer(home, plan, made.id, isi, WHO, dt.date(2024, 8, 27), at(27))
    letter = Letter.model_validate_json(row.content)
    assert letter.sifat == "Rahasia" and "Badan Kepegawaian Negara" in row.kepada and "Bupati" in row.kepada
    assert "Fulan Pegawai" not in letter.model_copy(update={"annexes": ()}).model_dump_json()
    assert step("diteruskan", 28, nomor="010/PM.02.02/K.SB-99/08/2024").sampai == at(6, 16, month=9)
    assert step("dijawab", 29, nomor="B-1/2024").sampai is None
    assert neutrality.counts(neutrality.incidents(home, plan)) == {("asn", "dijawab"): 1}

    [path] = (home.root / "rahasia" / "netralitas").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and "Fulan Pegawai" in path.read_text("utf-8")
    with reading(home.engine) as connection:
        for entry in connection.exec_driver_sql("SELECT isi FROM catatan UNION ALL SELECT detail FROM jurnal"):
            assert "Fulan Pegawai" not in entry[0]


@pytest.mark.parametrize(
    ("group", "office"), [("tni", "Kodim"), ("polri", "Kapolres"), ("kepala-desa", "Bupati"), ("pejabat", "Bupati")]
)
def test_a_referral_goes_to_who_decides_over_the_group(days: Registration, group: str, office: str):
    """With its own subject and law; the civil service is not spoken of."""
    home, plan = days.home, days.plan
    made = neutrality.note(
        home, plan, group, "kehadiran dalam acara", "Suliki", dt.date(2024, 8, 20), [SOMEBODY], WHO, at(21)
    )
    for state, day in (("laporan", 22), ("kajian", 23)):
        neutrality.step(home, plan, made.id, state, at(day), WHO, at(26), nomor="Nomor 1 tanggal 23 Agustus 2024")
    isi = {"register": "Laporan Nomor 1 tanggal 22 Agustus 2024", "pleno": dt.date(2024, 8, 23), "fakta": ["Ia hadir."], "kesimpulan": "peristiwa itu diteruskan", "bukti": ["foto, satu lembar"]}  # fmt: skip
    row = neutrality.refer(home, plan, made.id, isi, WHO, dt.date(2024, 8, 27), at(27))
    text = "\n".join(text_of(Letter.model_validate_json(row.content)))
    assert office in row.kepada and "Aparatur" not in text


@pytest.mark.parametrize(
    ("group", "words", "person", "said"),
    [
        ("asn", "unggahan", neutrality.Orang(nama="Fulan", jabatan="", instansi=""), "tidak memegang jabatan"),
        ("asn", "unggahan Fulan Pegawai", SOMEBODY, "memuat nama orang"), ("warga", "unggahan", SOMEBODY, "kelompok"),
        ("asn", "", SOMEBODY, "peristiwa: belum diisi"),
    ],
)  # fmt: skip
def test_what_is_no_incident_is_refused(
    days: Registration, group: str, words: str, person: neutrality.Orang, said: str
):
    with pytest.raises(DataError, match=said):
        neutrality.note(days.home, days.plan, group, words, "Suliki", dt.date(2024, 8, 20), [person], WHO, at(21))
    assert not (days.home.root / "rahasia").exists()


def test_no_judgement_is_made_by_the_machine(days: Registration):
    """No text of ours about pairs, papers or incidents says that somebody is guilty or out."""
    source = "\n".join(path.read_text("utf-8") for path in Path("tahapan/nomination").glob("*.py"))
    source += Path("tahapan/neutrality.py").read_text("utf-8")
    assert not re.search(r"\b(bersalah|terbukti melanggar|didiskualifikasi|gugur)\b", source)


def test_the_newest_letters_of_the_book_are_drafts(days: Registration):
    """A calculation never numbers a letter."""
    papers.judge(days.home, days.plan, days.pair("amri-a-ani-a"), "calon", "skck", "ada", WHO, at(28))
    papers.ask_about(days.home, days.plan, "polres", WHO, dt.date(2024, 8, 28), at(28), [days.pair("amri-a-ani-a")])
    with reading(days.home.engine) as connection:
        rows = register.letters(connection, days.plan.office.profile.id, "pilkada-2024")
    assert all(row.nomor is None for row in rows)
