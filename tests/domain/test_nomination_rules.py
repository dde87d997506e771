"""The rules of nomination and the clocks: edges of every bracket, rounding, birthdays, days off, midnight, zones; never outside their time."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tahapan.clocks import Pause, Tenggat, clock, clocks, ends, said
from tahapan.dates import Kalender, Libur
from tahapan.errors import DataError
from tahapan.laws import Law
from tahapan.nomination import rules
from tahapan.nomination.norms import holding, norms
from tahapan.nomination.rules import MET, NOT_MET, UNKNOWN, Figures
from tahapan.plan import DATA
from tahapan.reading import read_toml

HERE = Figures(dpt=292_105, suara_sah=213_888, kecamatan=13)
MAULID = Kalender({dt.date(2024, 9, 16): Libur("Maulid Nabi Muhammad", False)})
REGISTRATION, PENETAPAN = dt.date(2024, 8, 28), dt.date(2024, 9, 22)
WIB = ZoneInfo("Asia/Jakarta")
_FIRST, _LAST = dt.datetime(2024, 1, 1), dt.datetime(2025, 12, 1)  # noqa: DTZ001 - given their zone below


def test_the_figures_of_this_regency():
    """DOMAIN 5.1 and 5.2: 18,181 votes; 24,829 supporters in at least 7 of 13 kecamatan."""
    enough = rules.party_threshold(norms(), REGISTRATION, HERE, 18_181)
    assert (enough.status, enough.angka["perlu"]) == (MET, 18_181)
    assert rules.party_threshold(norms(), REGISTRATION, HERE, 18_180).status == NOT_MET
    for supporters, reached, status in (
        (24_829, 7, MET),
        (24_828, 7, NOT_MET),
        (24_829, 6, NOT_MET),
        (24_829, None, UNKNOWN),
    ):
        assert rules.independent_support(norms(), REGISTRATION, HERE, supporters, reached).status == status


def test_before_20_august_2024_the_old_threshold_stood():
    """20 % of the seats or 25 % of the votes; the day before the decision, and never after it."""
    old = Figures(dpt=292_105, suara_sah=213_888, kursi=35)
    assert rules.party_threshold(norms(), dt.date(2024, 8, 19), old, 18_181, 6).status == NOT_MET
    assert rules.party_threshold(norms(), dt.date(2024, 8, 19), old, 18_181, 7).status == MET
    assert rules.party_threshold(norms(), dt.date(2024, 8, 19), old, 53_472, 0).status == MET
    assert rules.party_threshold(norms(), dt.date(2024, 8, 19), HERE, 18_181).status == UNKNOWN  # seats not known
    assert rules.party_threshold(norms(), dt.date(2024, 8, 20), old, 18_181, 0).status == MET


@pytest.mark.parametrize(
    ("dpt", "percent"),
    [
        (1, "10"),
        (250_000, "10"),
        (250_001, "8.5"),
        (500_000, "8.5"),
        (500_001, "7.5"),
        (1_000_000, "7.5"),
        (1_000_001, "6.5"),
    ],
)
def test_the_edges_of_the_brackets(dpt: int, percent: str):
    """Of a regency, for parties and for supporters; of a province a few below."""
    party = rules.party_threshold(norms(), REGISTRATION, Figures(dpt, 1_000), None)
    alone = rules.independent_support(norms(), REGISTRATION, Figures(dpt, kecamatan=11), 10**7, 6)
    assert party.angka["persen"] == alone.angka["persen"] == percent


@pytest.mark.parametrize(
    ("dpt", "percent"), [(2_000_000, "10"), (2_000_001, "8.5"), (6_000_001, "7.5"), (12_000_001, "6.5")]
)
def test_the_brackets_of_a_province(dpt: int, percent: str):
    found = rules.party_threshold(norms(), REGISTRATION, Figures(dpt, 1_000), None, province=True)
    assert found.angka["persen"] == percent


@given(st.integers(1, 10**8), st.sampled_from(["10", "8.5", "7.5", "6.5", "20", "25"]))
def test_a_share_is_rounded_up_and_never_by_more_than_one(of: int, percent: str):
    """The smallest whole number that is not below the share."""
    need = rules.needed(Fraction(percent) / 100, of)
    assert need >= Fraction(percent) * of / 100 > need - 1


@given(st.dates(dt.date(1940, 1, 1), dt.date(2010, 12, 31)), st.integers(17, 60))
def test_a_year_of_age_is_full_on_the_birthday_and_not_the_day_before(born: dt.date, years: int):
    """Born on 29 February: on 1 March of a year without one."""
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = dt.date(born.year + years, 3, 1)
    assert rules.age(born, birthday) == years
    assert rules.age(born, birthday - dt.timedelta(days=1)) == years - 1


def test_age_counts_on_the_day_of_the_penetapan():
    """MK 70/PUU-XXII/2024; before it was read the data have no rule, and none is applied."""
    young = dt.date(1999, 9, 23)
    assert rules.age_rule(norms(), REGISTRATION, dt.date(1999, 9, 22), PENETAPAN).status == MET
    assert rules.age_rule(norms(), REGISTRATION, young, PENETAPAN).status == NOT_MET
    assert rules.age_rule(norms(), REGISTRATION, dt.date(1994, 9, 23), PENETAPAN, province=True).status == NOT_MET
    assert rules.age_rule(norms(), REGISTRATION, None, PENETAPAN).status == UNKNOWN
    assert rules.age_rule(norms(), dt.date(2024, 8, 19), young, PENETAPAN).status == UNKNOWN


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)))
def test_no_rule_is_applied_outside_its_time(on: dt.date):
    """Of each kind at most one norm holds, and its laws may have been in force by then."""
    laws = {row["id"]: Law.model_validate(row) for row in read_toml(DATA / "laws.toml")["laws"]}
    for kind in norms():
        held = [norm for norm in kind[1] if norm.holds(on)]
        assert len(held) <= 1
        for norm in held:
            first = min(laws[each].berlaku_paling_awal for each in norm.dasar)
            assert first <= norm.sejak <= on
    expected = UNKNOWN if holding(norms().partai, on) is None else MET
    assert rules.party_threshold(norms(), on, Figures(1_000, 1_000, 10), 1_000, 10).status == expected


@pytest.mark.parametrize(
    ("served", "status"),
    [
        (((2010, 2015), (2015, 2020)), NOT_MET), (((2010, 2015),), MET), ((), MET),
        (((2010, 2015), (2016, 2018)), MET),  # two years are less than half
        (((2010, 2015), (2016, 2019)), NOT_MET),
    ],
)  # fmt: skip
def test_half_a_term_is_a_term(served: tuple[tuple[int, int], ...], status: str):
    times = [(dt.date(first, 2, 17), dt.date(last, 2, 16)) for first, last in served]
    assert rules.terms_rule(norms(), REGISTRATION, times).status == status
    half = [(dt.date(2010, 2, 17), dt.date(2015, 2, 16)), (dt.date(2016, 2, 17), dt.date(2018, 8, 16))]
    assert rules.terms_rule(norms(), REGISTRATION, half).status == NOT_MET
    assert rules.terms_rule(norms(), REGISTRATION, None).status == UNKNOWN


def test_posts_want_their_papers():
    asked = rules.resignation_rule(norms(), REGISTRATION, ["asn", "petahana"], ["asn"])
    assert asked.status == NOT_MET and "cuti petahana" in asked.alasan
    assert rules.resignation_rule(norms(), REGISTRATION, ["asn"], ["asn"]).status == MET
    assert rules.resignation_rule(norms(), REGISTRATION, [], []).status == MET
    assert rules.resignation_rule(norms(), REGISTRATION, ["raja"], []).status == UNKNOWN


def test_five_years_since_the_sentence():
    def told(threat: int | None, released: dt.date | None, announced: bool = True) -> str:
        return rules.sentence_rule(
            norms(), REGISTRATION, REGISTRATION, threat_years=threat, released=released, announced=announced
        ).status

    assert told(5, dt.date(2019, 8, 28)) == MET and told(5, dt.date(2019, 8, 29)) == NOT_MET
    assert told(4, None) == MET and told(5, None) == UNKNOWN and told(4, None, False) == NOT_MET
    assert rules.sentence_rule(norms(), dt.date(2019, 1, 1), dt.date(2019, 1, 1), threat_years=5, released=None, announced=True).status == UNKNOWN  # fmt: skip


def test_officials_may_not_be_moved_from_22_march_2024_on():
    """DOMAIN 5: six months before the penetapan, to the day."""
    assert rules.months_before(PENETAPAN, 6) == dt.date(2024, 3, 22)
    assert rules.transfer_rule(norms(), dt.date(2024, 3, 21), PENETAPAN, approved=False).status == MET
    assert rules.transfer_rule(norms(), dt.date(2024, 3, 22), PENETAPAN, approved=False).status == NOT_MET
    assert rules.transfer_rule(norms(), dt.date(2024, 3, 22), PENETAPAN, approved=None).status == UNKNOWN
    assert rules.transfer_rule(norms(), dt.date(2024, 10, 1), PENETAPAN, approved=True).status == MET
    assert rules.months_before(dt.date(2024, 8, 31), 6) == dt.date(2024, 2, 29)


def test_education_by_its_level():
    assert [rules.education_rule(norms(), REGISTRATION, level).status for level in ("SLTP", "SLTA", "S1", "X", None)] == [
        NOT_MET, MET, MET, UNKNOWN, UNKNOWN,
    ]  # fmt: skip


# --- clocks ----------------------------------------------------------------------------------------


def at(day: int, hour: int = 9, month: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=WIB)


def test_the_dispute_desk_closes_on_25_september():
    """DOMAIN 1.6: three calendar days since the penetapan of Sunday the 22nd."""
    assert said(ends(clock("permohonan-sengketa"), at(22, 17), MAULID)) == "25 September 2024 pukul 16.00"
    assert said(ends(clock("hasil-mk"), at(5, 12, 12), MAULID)) == "10 Desember 2024 pukul 24.00"


def test_a_kajian_may_be_given_two_days_and_no_more():
    assert said(ends(clock("kajian"), at(13), MAULID)) == "16 September 2024 pukul 24.00"  # days off count
    assert said(ends(clock("kajian"), at(13), MAULID, added=2)) == "18 September 2024 pukul 24.00"
    with pytest.raises(DataError, match="paling banyak 2"):
        ends(clock("kajian"), at(13), MAULID, added=3)
    with pytest.raises(DataError, match="tidak dapat ditambah"):
        ends(clock("laporan"), at(13), MAULID, added=1)


def test_working_days_pass_over_sunday_and_maulid():
    assert ends(clock("gugatan-pttun"), at(13, 23, minute=59), MAULID).date() == dt.date(2024, 9, 20)


@given(st.datetimes(_FIRST, _LAST), st.sampled_from(sorted(clocks())), st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York"]))  # fmt: skip
def test_a_clock_counts_its_own_days(start: dt.datetime, name: str, zone: str):
    """It ends in the zone it began in, after as many days of its kind as it has, on one of them."""
    of, begun = clock(name), start.replace(tzinfo=ZoneInfo(zone))
    end = ends(of, begun, MAULID)
    last = end.date() - dt.timedelta(days=of.tutup == "24:00")
    days = [begun.date() + dt.timedelta(days=n) for n in range(1, (last - begun.date()).days + 1)]
    counted = [day for day in days if of.satuan == "kalender" or MAULID.is_working_day(day)]
    assert (len(counted), counted[-1], end.tzinfo) == (of.lama, last, begun.tzinfo)


@given(st.integers(0, 10), st.integers(0, 5))
def test_a_clock_stands_while_it_is_stopped(after: int, days: int):
    """A stop within its time moves its end by the days it lasts; one after its end does nothing."""
    of, start = clock("putusan-sengketa"), at(22)
    first = start + dt.timedelta(days=1 + after)
    pause = Pause(first, first + dt.timedelta(days=days))
    assert ends(of, start, MAULID, pauses=[pause]) - ends(of, start, MAULID) == dt.timedelta(days=days + 1)
    late = ends(of, start, MAULID) + dt.timedelta(days=1)
    assert ends(of, start, MAULID, pauses=[Pause(late, late)]) == ends(of, start, MAULID)


@given(st.integers(1, 72), st.integers(0, 90), st.integers(0, 48))
def test_hours_run_through_nights_and_stand_in_a_pause(length: int, after: int, hours: int):
    of = Tenggat(id="x", nama="x", satuan="jam", lama=length, mulai="hari-itu", tutup="24:00", dasar=(), aturan="x", keyakinan="l")  # fmt: skip
    start = dt.datetime(
        2024, 3, 9, 12, tzinfo=ZoneInfo("America/New_York")
    )  # the night in which clocks are put forward
    first = start.astimezone(dt.UTC) + dt.timedelta(hours=after)
    end = ends(of, start, MAULID, pauses=[Pause(first, first + dt.timedelta(hours=hours))])
    stood = hours if after < length else 0
    assert end.astimezone(dt.UTC) - start.astimezone(dt.UTC) == dt.timedelta(hours=length + stood)
