"""What people found true goes to KPU: the letter of a duty filled with counts, its annex with names locked beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tahapan import day
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.plan import DATA, Plan
from tahapan.reading import read_toml
from tahapan.store.engine import writing
from tahapan.voters.findings import (
    EXAMINED,
    NOT_YET,
    Finding,
    Move,
    Person,
    all_findings,
    history,
    move,
    people,
    title,
)
from tahapan.voters.lists import STAGES, Kept, all_kept, folder_of
from tahapan.voters.outcome.annex import Annex, new_password
from tahapan.voters.private import private_folder, write_private

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

    duty: Duty
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    fingerprint: str
    password: str
    missing: tuple[str, ...]


def concerned(duty: Duty, rows: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that a duty reports on (``cermat`` of the checklist)."""
    checks = duty.item.cermat
    return tuple(each for each in rows if ALL in checks or each.periksa in checks)


def ready(duty: Duty, rows: Iterable[Finding], kecamatan: str = "") -> tuple[Finding, ...]:
    """Those that may be told now: found true by a person and in no other letter, or told before and still standing."""
    return tuple(
        each
        for each in concerned(duty, rows)
        if each.stands in (EXAMINED, NOT_YET)
        and (each.surat in (None, duty.short_key) or each.stands == NOT_YET)
        and (not kecamatan or each.kecamatan.casefold() == kecamatan.casefold())
    )


def recommend(
    home: Home, plan: Plan, duty: Duty, tenggat: dt.date | None, by: str, on: dt.date, at: dt.datetime, *,
    kecamatan: str = "",
) -> Recommended:  # fmt: skip
    """Fill in the duty's letter with what was found true, and lock the names beside it in ``pemilih/lampiran/``.

    What a clerk wrote into the other fields stays. Again before the letter has its number: filled in anew, with another
    password. Refused for a duty that reports no findings, when none is ready, and once the letter is numbered.
    """
    if duty.item.letter != KIND or not duty.item.cermat:
        fit = [each.short_key for each in plan.duties if each.item.letter == KIND and each.item.cermat]
        what = "tidak menyampaikan temuan daftar pemilih."
        raise Refused(Problem(f"butir {duty.short_key}", what, f"Pilih: {', '.join(fit)}."))
    rows = ready(duty, all_findings(home, plan), kecamatan)
    if not rows:
        remedy = "Periksa dahulu dengan `tahapan voters review`; yang terbukti benar menjadi isi surat."
        raise Refused(Problem(f"butir {duty.short_key}", "belum ada temuan yang terbukti.", remedy))
    annex = Annex(
        plan.office.profile.nama, f"Lampiran: {duty.item.title}", tanggal(on), _COLUMNS,
        {"Daftar nama": tuple(_annex_rows(home, plan, rows))},
    )  # fmt: skip
    texts = _texts(home, plan, duty, rows, tenggat, annex, on)
    filled = day.fill_in(home, plan, duty, texts, by, on, at)
    password = new_password()
    files = _locked(home, duty, annex, password)
    said = f"dalam surat butir {duty.short_key}"
    with writing(home.engine) as connection:
        moves = (Move(each.id, EXAMINED, by, said, surat=duty.short_key) for each in rows)
        move(connection, plan.office.profile.id, moves, at)
    return Recommended(duty, rows, files, annex.fingerprint, password, filled.missing)


def _locked(home: Home, duty: Duty, annex: Annex, password: str) -> tuple[Path, ...]:
    folder = folder_of(home) / "lampiran"
    private_folder(folder)
    files = (folder / f"{duty.key}.xlsx", folder / f"{duty.key}.pdf")
    for path, content in zip(files, (annex.locked_xlsx(password), annex.locked_pdf(home.paper, password)), strict=True):
        write_private(path, content)
    return files


# --- the letter ------------------------------------------------------------------------------------


def _texts(
    home: Home, plan: Plan, duty: Duty, rows: Sequence[Finding], tenggat: dt.date | None, annex: Annex, on: dt.date
) -> dict[str, Any]:
    """The fields of the letter that the findings say; the others only while they are empty."""
    from tahapan import details

    said = read_toml(DATA / "temuan.toml")
    lists = {each.id: each for each in all_kept(home, plan)}
    after = any(lists[each.daftar].jenis == "dpt" for each in rows)
    advice = dict.fromkeys(_advice(said[each.periksa], after=after) for each in rows)
    texts: dict[str, Any] = {
        "temuan": _lines(rows, said, lists, on), "saran": "\n".join(advice), "jumlah_nama": str(annex.count),
        "sidik": annex.fingerprint,
    }  # fmt: skip
    if tenggat:
        texts["tenggat"] = tanggal(tenggat)
    there = {isian.id: isian for isian in details.form(home, plan, duty)}
    if not there["aturan"].value:
        texts["aturan"] = said["umum"]["aturan"]
    return texts


def _advice(words: Mapping[str, str], *, after: bool) -> str:
    return words.get("saran_dpt", words["saran"]) if after else words["saran"]


def _lines(
    rows: Sequence[Finding], said: Mapping[str, Mapping[str, str]], lists: Mapping[str, Kept], on: dt.date
) -> list[list[str]]:
    """A line for each place and kind: how many, on which list, when it was examined."""
    by_village = Counter((each.kecamatan, each.nagari, each.periksa, each.daftar) for each in rows)
    if len(by_village) > _MOST_LINES:
        by_village = Counter((each.kecamatan, "", each.periksa, each.daftar) for each in rows)
    lines: list[list[str]] = []
    for (kecamatan, nagari, periksa, daftar), n in sorted(by_village.items()):
        where = ", ".join(filter(None, (nagari, f"Kecamatan {kecamatan}" if kecamatan else "")))
        seen = lists[daftar].checked_at
        when = dt.date.fromisoformat(seen[:10]) if seen else on
        source = f"Pencermatan {STAGES[lists[daftar].jenis]}"
        lines.append(
            [
                where or f"Tanpa nama tempat dalam {STAGES[lists[daftar].jenis]}",
                f"{n} {said[periksa]['uraian']}",
                source,
                tanggal(when),
            ]
        )
    return lines


# --- the annex -------------------------------------------------------------------------------------


def _annex_rows(home: Home, plan: Plan, rows: Sequence[Finding]) -> Iterable[tuple[str, ...]]:
    codes = read_toml(DATA / "tms.toml").get(plan.election.id, {})
    who = people(home, rows)
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
