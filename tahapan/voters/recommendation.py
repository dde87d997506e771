"""What people found true goes to KPU: the letter of a duty filled with counts, its annex with names locked beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tahapan import day, details, register, revise
from tahapan.characters import named
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import Home
from tahapan.outside import UMUM, as_duty
from tahapan.plan import DATA, Plan
from tahapan.private import private_folder, write_private
from tahapan.reading import read_toml
from tahapan.store.engine import writing
from tahapan.voters.findings import (
    EXAMINED,
    NOT_YET,
    Finding,
    Move,
    Person,
    all_findings,
    findings,
    history,
    move,
    title,
    update,
)
from tahapan.voters.findings import (
    named as people_of,
)
from tahapan.voters.lists import STAGES, Kept, all_kept, folder_of
from tahapan.voters.outcome.annex import Annex, new_password
from tahapan.voters.review import selected

KIND = "saran-perbaikan"
ALL = "semua"
_MOST_LINES = 40  # in the table of the letter; above it the villages of a kecamatan are one line
_COLUMNS = {
    "No.": 5, "ID": 9, "NIK": 20, "Nama": 26, "Tanggal lahir": 13, "L/P": 5, "Kecamatan": 18, "Nagari": 22, "TPS": 6,
    "Temuan": 24, "Kode": 6, "Bukti": 30,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recommended:
    """The findings that the letter tells, its annexes, and the password that is shown once and kept nowhere."""

    where: str
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    password: str
    missing: tuple[str, ...]
    again: bool  # an annex was there: it and its password are of no use any more
    drafted: bool  # the letter's draft is there


def concerned(duty: Duty, rows: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a duty reports on (``cermat`` of the checklist)."""
    checks = duty.item.cermat
    return tuple(each for each in rows if ALL in checks or each.periksa in checks)


def ready(rows: Iterable[Finding], told_in: str) -> tuple[Finding, ...]:
    """Those that may be told now: found true by a person and in no other letter, or told before and still standing."""
    return tuple(
        each
        for each in rows
        if each.stands in (EXAMINED, NOT_YET) and (each.surat in (None, told_in) or each.stands == NOT_YET)
    )


def recommend(
    home: Home, plan: Plan, duty: Duty, tenggat: dt.date | None, by: str, on: dt.date, at: dt.datetime
) -> Recommended:
    """Fill in the duty's letter with what was found true, and lock the names beside it in ``pemilih/lampiran/``.

    What a clerk wrote into the other fields stays. Again before the letter has its number: filled in anew, with another
    password. Refused for a duty that reports no findings, when none is ready, and once the letter is numbered. DataError
    for a deadline that is over.
    """
    named(by, "mengisi suratnya")
    _still_to_come(tenggat, on)
    if duty.item.letter != KIND or not duty.item.cermat:
        fit = [each.short_key for each in plan.duties if each.item.letter == KIND and each.item.cermat]
        what = "tidak menyampaikan temuan daftar pemilih."
        raise Refused(Problem(f"butir {duty.short_key}", what, f"Pilih: {', '.join(fit)}."))
    mine = concerned(duty, all_findings(home, plan))
    rows = _some(ready(mine, duty.short_key), mine)
    annex = _annex(home, plan, rows, duty.item.title, on)
    said = _said(home, plan, rows, annex, on)
    fields = {isian.id: isian for isian in details.form(home, plan, duty)}
    if fields["aturan"].value:
        del said["aturan"]
    if fields["pokok"].value not in (None, "", *(_full_name(plan, each) for each in STAGES)):
        del said["pokok"]
    if tenggat:
        said["tenggat"] = tenggat
    texts = {name: details.as_text(value, fields[name].field) for name, value in said.items()}
    filled = day.fill_in(home, plan, duty, texts, by, on, at)
    return _locked(home, plan, rows, annex, duty, filled.missing, by, at)


def recommend_district(
    home: Home, plan: Plan, kecamatan: str, nama: str, tenggat: dt.date | None, by: str, on: dt.date, at: dt.datetime
) -> Recommended:
    """The same in a letter of its own, outside the checklist, for one kecamatan; ``nama`` tells the letter from others.

    Again before it has a number: a new version of it, with another password. DataError without a deadline or for one
    that is over; Refused when nothing is ready there.
    """
    named(by, "mengisi suratnya")
    if tenggat is None:
        raise DataError(Problem("--tenggat", "belum diisi.", "Tulis seperti --tenggat 2024-08-21."))
    _still_to_come(tenggat, on)
    told_in = f"{UMUM}.{nama}"
    there = selected(home, plan, kecamatan=kecamatan)
    rows = _some(ready(there, told_in), there)
    annex = _annex(home, plan, rows, f"Saran perbaikan Kecamatan {rows[0].kecamatan}", on)
    isi = _said(home, plan, rows, annex, on) | {"tenggat": tenggat}
    asked = revise.request(home, plan, KIND, nama, isi)
    revise.write(home, plan, asked, by, on, at, anew=True)
    return _locked(home, plan, rows, annex, as_duty(asked, plan.election, on), (), by, at)


def _still_to_come(tenggat: dt.date | None, on: dt.date) -> None:
    if tenggat and tenggat < on:
        raise DataError(Problem("--tenggat", f"{tanggal(tenggat)} sudah lewat.", "Tulis hari yang masih akan datang."))


def _some(rows: tuple[Finding, ...], of: Iterable[Finding]) -> tuple[Finding, ...]:
    """Refused for none, with what stands in the way."""
    if not rows:
        drafts = sorted({each.surat for each in of if each.stands == EXAMINED and each.surat})
        remedy = "Periksa dahulu dengan `tahapan voters review`; yang terbukti benar menjadi isi surat."
        there = f" Yang terbukti sudah masuk surat {', '.join(drafts)}." if drafts else ""
        raise Refused(Problem("temuan", f"belum ada yang terbukti dan belum disampaikan.{there}", remedy))
    return rows


def _locked(
    home: Home, plan: Plan, rows: tuple[Finding, ...], annex: Annex, duty: Duty, missing: tuple[str, ...], by: str,
    at: dt.datetime,
) -> Recommended:  # fmt: skip
    """The annexes on disk, and the findings told in that letter and in no other."""
    folder, password, told_in = folder_of(home) / "lampiran", new_password(), duty.short_key
    private_folder(folder)
    files = tuple(folder / f"{plan.election.id}.{told_in}{ending}" for ending in (".xlsx", ".pdf"))
    again = any(path.exists() for path in files)
    for path, content in zip(files, (annex.locked_xlsx(password), annex.locked_pdf(home.paper, password)), strict=True):
        write_private(path, content)
    with writing(home.engine) as connection:
        moves = (Move(each.id, EXAMINED, by, f"dalam draf surat {told_in}", surat=told_in) for each in rows)
        move(connection, plan.office.profile.id, moves, at)
        ids = {each.id for each in rows}
        mine = findings(connection, plan.office.profile.id, plan.election.id)
        left_out = [each.id for each in mine if each.in_draft == told_in and each.id not in ids]
        update(connection, [{"id": each, "surat": None} for each in left_out])
        drafted = register.latest(connection, plan.office.profile.id, duty) is not None
    return Recommended(told_in, rows, files, password, missing, again, drafted)


# --- the letter ------------------------------------------------------------------------------------


def _said(home: Home, plan: Plan, rows: Sequence[Finding], annex: Annex, on: dt.date) -> dict[str, Any]:
    """What the findings say in the fields of the letter."""
    words = read_toml(DATA / "temuan.toml")
    lists = {each.id: each for each in all_kept(home, plan)}
    rolls = {lists[each.daftar].jenis for each in rows}
    after = "dpt" in rolls
    return {
        "pokok": _full_name(plan, max(rolls, key=[*STAGES].index)),
        "temuan": _lines(rows, words, lists, on),
        "saran": [*dict.fromkeys(_advice(words[each.periksa], after=after) for each in rows)],
        "aturan": words["umum"]["aturan"], "jumlah_nama": annex.count, "sidik": annex.fingerprint,
    }  # fmt: skip


def _full_name(plan: Plan, jenis: str) -> str:
    """``Daftar Pemilih Sementara (DPS)``, whatever the list of the day is."""
    words = next(kata.masa for kata in plan.sebutan.kata if kata.nama == "daftar")
    return next(masa.kata for masa in words if masa.kata.endswith(f"({STAGES[jenis]})"))


def _advice(words: Mapping[str, str], *, after: bool) -> str:
    return words.get("saran_dpt", words["saran"]) if after else words["saran"]


def _lines(
    rows: Sequence[Finding], words: Mapping[str, Mapping[str, str]], lists: Mapping[str, Kept], on: dt.date
) -> list[dict[str, str]]:
    """A line for each place and kind: how many, on which list, when it was examined."""
    by_village = Counter((each.kecamatan, each.nagari, each.periksa, each.daftar) for each in rows)
    if len(by_village) > _MOST_LINES:
        by_village = Counter((each.kecamatan, "", each.periksa, each.daftar) for each in rows)
    lines: list[dict[str, str]] = []
    for (kecamatan, nagari, periksa, daftar), n in sorted(by_village.items()):
        seen = lists[daftar].checked_at
        name = STAGES[lists[daftar].jenis]
        where = ", ".join(filter(None, (nagari, f"Kecamatan {kecamatan}" if kecamatan else "")))
        lines.append({
            "tempat": where or f"Tanpa nama tempat dalam {name}", "uraian": f"{n} {words[periksa]['uraian']}",
            "sumber": f"Pencermatan {name}",
            "tanggal": tanggal(dt.datetime.fromisoformat(seen).date() if seen else on),
        })  # fmt: skip
    return lines


# --- the annex -------------------------------------------------------------------------------------


def _annex(home: Home, plan: Plan, rows: Sequence[Finding], title: str, on: dt.date) -> Annex:
    parts = {"Daftar nama": tuple(_annex_rows(home, plan, rows))}
    return Annex(plan.office.profile.nama, f"Lampiran: {title}", tanggal(on), _COLUMNS, parts)


def _annex_rows(home: Home, plan: Plan, rows: Sequence[Finding]) -> Iterable[tuple[str, ...]]:
    codes = read_toml(DATA / "tms.toml").get(plan.election.id, {})
    who = people_of(home, rows)
    past = history(home, plan, (each.id for each in rows))
    for n, each in enumerate(rows, 1):
        proof = next((step.bukti for step in reversed(past.get(each.id, ())) if step.bukti), "")
        yield _annex_row(n, each, who[each.id], str(codes.get(each.periksa, "")), proof)


def _annex_row(n: int, finding: Finding, who: Person, code: str, proof: str) -> tuple[str, ...]:
    voter = who.pemilih
    born = voter.get("lahir") or voter.get("lahir_tahun") or ""
    return (
        str(n), str(voter.get("id") or ""), str(voter.get("nik") or voter.get("nik_samar") or ""),
        str(voter.get("nama") or ""), f"{born:%d-%m-%Y}" if isinstance(born, dt.date) else str(born),
        str(voter.get("jk") or ""), finding.kecamatan, finding.nagari, str(finding.tps or ""),
        title(finding), code, proof,
    )  # fmt: skip
