"""The rules of nomination: figures in, and whether they are met, with the reason, the figures and the law. Never a verdict:
what goes into a letter, a person decides.

Each is applied on a day and only where its norm holds (`norms`); what cannot be told from what is known is *tidak dapat
dinilai*. Shares are exact and rounded up (DOMAIN 5.1, 5.2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Literal

from tahapan.dates import tanggal
from tahapan.nomination.norms import Norma, Norms, holding

Status = Literal["memenuhi", "belum", "tidak dapat dinilai"]
MET, NOT_MET, UNKNOWN = "memenuhi", "belum", "tidak dapat dinilai"
EDUCATION = ("SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1", "S2", "S3")


@dataclass(frozen=True, slots=True)
class Hasil:
    """What a rule says: ``angka`` are the figures it used, ``dasar`` ids of laws, ``aturan`` where it is written."""

    aturan: str
    status: Status
    alasan: str
    angka: Mapping[str, int | str] = field(default_factory=dict)
    dasar: tuple[str, ...] = ()
    sumber: str = ""
    keyakinan: str = ""


def _result(rule: str, norm: Norma, met: bool | None, why: str, **angka: int | str) -> Hasil:
    status: Status = UNKNOWN if met is None else MET if met else NOT_MET
    return Hasil(rule, status, why, angka, norm.dasar, norm.aturan, norm.keyakinan)


def _no_norm(rule: str, on: dt.date) -> Hasil:
    return Hasil(rule, UNKNOWN, f"tidak ada aturan yang diketahui berlaku pada {tanggal(on)}")


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


# --- how many votes, how many supporters -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the region at the last Pemilu: voters on the DPT, valid votes for the DPRD, its seats, its kecamatan; None: unknown."""

    dpt: int | None = None
    suara_sah: int | None = None
    kursi: int | None = None
    kecamatan: int | None = None


def needed(share: Fraction, of: int) -> int:
    """The share of a whole as a number of people, rounded up."""
    return ceil(share * of)


def party_threshold(
    norms: Norms, on: dt.date, region: Figures, votes: int | None, seats: int | None = None, *, province: bool = False
) -> Hasil:
    """Whether parties with these valid votes (before 20 August 2024: or these seats) may nominate a pair."""
    rule = "ambang batas partai"
    if (norm := holding(norms.partai, on)) is None:
        return _no_norm(rule, on)
    if not norm.jenjang:
        return _old_threshold(rule, norms, on, region, votes, seats)
    if region.dpt is None or region.suara_sah is None:
        return _result(rule, norm, None, "DPT Pemilu terakhir atau jumlah suara sahnya belum diketahui")
    bracket = norm.bracket(region.dpt, province=province)
    need = needed(bracket.share, region.suara_sah)
    known: dict[str, int | str] = {
        "dpt": region.dpt, "suara_sah": region.suara_sah, "persen": str(bracket.persen), "perlu": need,
    }  # fmt: skip
    if votes is None:
        return _result(rule, norm, None, f"suara pengusung belum diketahui; perlu {_dots(need)}", **known)
    said = f"{_dots(votes)} suara sah, perlu {_dots(need)}"
    return _result(rule, norm, votes >= need, said, **known, ada=votes)


def _old_threshold(
    rule: str, norms: Norms, on: dt.date, region: Figures, votes: int | None, seats: int | None
) -> Hasil:  # fmt: skip
    norm = holding(norms.partai, on)
    assert norm and norm.kursi_persen and norm.suara_persen
    ways: list[bool] = []
    parts: list[str] = []
    known: dict[str, int | str] = {}
    for name, total, have, percent in (
        ("kursi", region.kursi, seats, norm.kursi_persen), ("suara sah", region.suara_sah, votes, norm.suara_persen),
    ):  # fmt: skip
        if total is not None and have is not None:
            need = needed(Fraction(percent) / 100, total)
            ways.append(have >= need)
            parts.append(f"{_dots(have)} {name}, perlu {_dots(need)}")
            known[f"perlu {name}"] = need
    if any(ways):
        return _result(rule, norm, True, " atau ".join(parts), **known)
    if len(ways) < 2:
        return _result(rule, norm, None, "kursi atau suara belum diketahui", **known)
    return _result(rule, norm, False, " atau ".join(parts), **known)


def independent_support(
    norms: Norms, on: dt.date, region: Figures, supporters: int | None, reached: int | None
) -> Hasil:  # fmt: skip
    """Whether so many supporters, spread over so many kecamatan, are enough; spread means more than half of them."""
    rule = "dukungan perseorangan"
    if (norm := holding(norms.perseorangan, on)) is None:
        return _no_norm(rule, on)
    if region.dpt is None or region.kecamatan is None:
        return _result(rule, norm, None, "DPT Pemilu terakhir atau jumlah kecamatan belum diketahui")
    bracket = norm.bracket(region.dpt)
    need, spread = needed(bracket.share, region.dpt), region.kecamatan // 2 + 1
    known: dict[str, int | str] = {
        "dpt": region.dpt, "persen": str(bracket.persen), "perlu": need, "perlu_kecamatan": spread,
    }  # fmt: skip
    if supporters is None or reached is None:
        said = f"dukungan atau sebarannya belum diketahui; perlu {_dots(need)} di {spread} kecamatan"
        return _result(rule, norm, None, said, **known)
    said = f"{_dots(supporters)} pendukung di {reached} kecamatan, perlu {_dots(need)} di {spread}"
    return _result(rule, norm, supporters >= need and reached >= spread, said, **known)


# --- the person ------------------------------------------------------------------------------------


def age(born: dt.date, on: dt.date) -> int:
    """Full years; born on 29 February, a year is full on 1 March where there is no such day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_rule(
    norms: Norms, on: dt.date, born: dt.date | None, penetapan: dt.date, *, province: bool = False
) -> Hasil:  # fmt: skip
    """Old enough on the day of the penetapan. ``on``: the day on which it is asked, whose law counts."""
    rule = "umur"
    if (norm := holding(norms.umur, on)) is None:
        return _no_norm(rule, on)
    least = norm.gubernur if province else norm.bupati
    if born is None:
        return _result(rule, norm, None, "tanggal lahir belum diketahui", paling_muda=least)
    if born > on:
        return _result(rule, norm, None, "tanggal lahir belum lewat", paling_muda=least)
    years = age(born, penetapan)
    said = f"berumur {years} tahun pada {tanggal(penetapan)}, paling muda {least}"
    return _result(rule, norm, years >= least, said, umur=years, paling_muda=least)


def education_rule(norms: Norms, on: dt.date, level: str | None) -> Hasil:
    """``level``: one of `EDUCATION`, None when the paper is not seen yet."""
    rule = "pendidikan"
    if (norm := holding(norms.pendidikan, on)) is None:
        return _no_norm(rule, on)
    if level is None or level not in EDUCATION:
        return _result(rule, norm, None, "ijazah belum dilihat, atau jenjangnya tidak dikenal")
    met = EDUCATION.index(level) >= EDUCATION.index(norm.paling_rendah)
    return _result(rule, norm, met, f"ijazah {level}, paling rendah {norm.paling_rendah}")


def terms_rule(norms: Norms, on: dt.date, served: Iterable[tuple[dt.date, dt.date]] | None) -> Hasil:
    """``served``: first and last day of each time in the same office; half a term or more is one, a shorter time none."""
    rule = "masa jabatan"
    if (norm := holding(norms.masa_jabatan, on)) is None:
        return _no_norm(rule, on)
    if served is None:
        return _result(rule, norm, None, "riwayat jabatan belum diketahui")
    terms = 0
    for first, last in served:
        if last < first:
            return _result(rule, norm, None, "riwayat jabatan berakhir sebelum mulai")
        terms += _whole_terms(first, last + dt.timedelta(days=1), norm.satu_masa_tahun)
    said = f"{terms} kali masa jabatan dalam jabatan yang sama, paling banyak {norm.paling_banyak}"
    return _result(rule, norm, terms < norm.paling_banyak, said, masa=terms)


def _whole_terms(first: dt.date, end: dt.date, years: int) -> int:
    """Terms of so many years, a half rounded up: by the calendar, not by counted days."""
    months = (end.year - first.year) * 12 + end.month - first.month - (end.day < first.day)
    return (months + 6 * years) // (12 * years)


def resignation_rule(norms: Norms, on: dt.date, posts: Iterable[str] | None, papers: Iterable[str]) -> Hasil:
    """``posts``: what the person holds (ids of the norm; None: not known), ``papers``: of which there is a resignation or a leave."""
    rule = "pengunduran diri dan cuti"
    if (norm := holding(norms.mundur, on)) is None:
        return _no_norm(rule, on)
    if posts is None:
        return _result(rule, norm, None, "belum diketahui jabatan apa yang dipegang")
    held, there = [*posts], {*papers}
    if strange := [each for each in held if each not in (*norm.jabatan, *norm.cuti)]:
        return _result(rule, norm, None, f"jabatan tidak dikenal: {', '.join(strange)}")
    if lack := [f"{'cuti' if each in norm.cuti else 'pengunduran diri'} {each}" for each in held if each not in there]:
        return _result(rule, norm, False, f"belum ada surat {', '.join(lack)}")
    return _result(rule, norm, True, "tidak memegang jabatan yang harus dilepas" if not held else "suratnya ada")


def sentence_rule(
    norms: Norms, on: dt.date, registered: dt.date, *, threat_years: int | None, released: dt.date | None,
    announced: bool,
) -> Hasil:  # fmt: skip
    """Of a former convict: five years since the end of the sentence where five years were threatened, and announced."""
    rule = "mantan terpidana"
    if (norm := holding(norms.mantan_terpidana, on)) is None:
        return _no_norm(rule, on)
    if threat_years is None or (threat_years >= norm.ancaman_tahun and released is None):
        return _result(rule, norm, None, "ancaman pidana atau hari selesai menjalani pidana belum diketahui")
    if not announced:
        return _result(rule, norm, False, "belum diumumkan secara terbuka")
    if threat_years < norm.ancaman_tahun or released is None:
        return _result(rule, norm, True, f"ancaman pidana di bawah {norm.ancaman_tahun} tahun")
    years = age(released, registered)
    said = f"{years} tahun sejak selesai menjalani pidana, paling sedikit {norm.jeda_tahun}"
    return _result(rule, norm, years >= norm.jeda_tahun, said, tahun=years)


# --- the incumbent ---------------------------------------------------------------------------------


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months before, the last one of the month where there is none."""
    month = day.year * 12 + day.month - 1 - months
    year, month = divmod(month, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def transfer_rule(norms: Norms, moved: dt.date, penetapan: dt.date, *, approved: bool | None) -> Hasil:
    """Whether officials may be moved on day ``moved``: not from six months before the penetapan on, unless the minister agreed."""
    rule = "mutasi pejabat"
    if (norm := holding(norms.mutasi, moved)) is None:
        return _no_norm(rule, moved)
    first = months_before(penetapan, norm.bulan)
    if moved < first:
        return _result(rule, norm, True, f"sebelum {tanggal(first)}", mulai=first.isoformat())
    if approved is None:
        said = f"sejak {tanggal(first)} harus dengan persetujuan Menteri; persetujuannya belum diketahui"
        return _result(rule, norm, None, said, mulai=first.isoformat())
    said = "dengan" if approved else "tanpa"
    return _result(rule, norm, approved, f"sejak {tanggal(first)}, {said} persetujuan Menteri", mulai=first.isoformat())
