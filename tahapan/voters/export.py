"""What the office takes out of its findings: counts for itself and the public, charts, and the list of each polling place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tahapan.dates import tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.private import write_private
from tahapan.voters.findings import (
    CLOSED,
    DONE_BY_KPU,
    EXAMINED,
    NOT_YET,
    REFUSED,
    STATES,
    TOLD,
    Finding,
    all_findings,
    history,
    named,
    title,
)
from tahapan.voters.lists import STAGES, all_kept, file_of, latest, list_of
from tahapan.voters.outcome.annex import Annex, new_password
from tahapan.voters.outcome.charts import Picture, per_district
from tahapan.voters.outcome.public import as_csv, as_markdown, public_table
from tahapan.voters.outcome.recap import recap
from tahapan.voters.results import write_rows
from tahapan.voters.search import OFFICE, working_memory

_SURE = (EXAMINED, TOLD, DONE_BY_KPU, REFUSED, NOT_YET)  # found true by a person
_ENDINGS = {".md", ".csv", ".xlsx", ".svg", ".png", ".pdf"}


def counts(rows: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Kecamatan, kind, how many; the open ones and those told, not what was dismissed or is settled."""
    found: dict[tuple[str, str], int] = {}
    for each in rows:
        if each.stands not in CLOSED:
            key = each.kecamatan, title(each)
            found[key] = found.get(key, 0) + 1
    return [(*key, n) for key, n in sorted(found.items())]


def chart(home: Home, plan: Plan, on: dt.date) -> Picture:
    """Findings per kecamatan and kind; Refused while there are none."""
    rows = counts(all_findings(home, plan))
    if not rows:
        raise Refused(Problem("temuan", "belum ada.", "Cermati daftar pemilih dahulu."))
    source = f"{plan.office.profile.nama}, {tanggal(on)}. Usulan dan temuan yang belum selesai."
    return per_district(rows, "Temuan daftar pemilih per kecamatan", source, home.paper.folder / "huruf")


def write_chart(home: Home, plan: Plan, path: Path, on: dt.date) -> None:
    """As .svg or .png."""
    picture = chart(home, plan, on)
    _write(path, {".svg": picture.svg.encode(), ".png": picture.png})


def write_public(home: Home, plan: Plan, path: Path, on: dt.date) -> None:
    """Counts of what people found true, small ones hidden, as .md or .csv."""
    table = public_table(counts(each for each in all_findings(home, plan) if each.stands in _SURE))
    remark = f"{plan.office.profile.nama}, keadaan {tanggal(on)}. Temuan yang sudah diperiksa orang."
    said = as_markdown(table, f"Temuan daftar pemilih {plan.election.nama}", remark)
    _write(path, {".md": said.encode(), ".csv": as_csv(table).encode("utf-8-sig")})


def write_recap(home: Home, plan: Plan, path: Path, on: dt.date) -> None:
    """Every state per kecamatan and village with the chart, as .xlsx; Refused while there are no findings."""
    rows = all_findings(home, plan)
    states = [state for state in STATES if any(each.stands == state for each in rows)]

    def tallied(key: Callable[[Finding], tuple[str, ...]]) -> dict[tuple[str, ...], dict[str, int]]:
        found: dict[tuple[str, ...], dict[str, int]] = {}
        for each in rows:
            of_key = found.setdefault(key(each), {})
            of_key[each.stands] = of_key.get(each.stands, 0) + 1
        return dict(sorted(found.items()))

    content = recap(
        f"Rekap temuan daftar pemilih {plan.election.nama}", f"{plan.office.profile.nama}, {tanggal(on)}", states,
        tallied(lambda each: (each.kecamatan, title(each))),
        tallied(lambda each: (each.kecamatan, each.nagari, title(each))), chart(home, plan, on).png,
    )  # fmt: skip
    _write(path, {".xlsx": content})


def write_problems(home: Home, plan: Plan, daftar: str, path: Path) -> None:
    """The faulty rows of a list as a private .csv: row, column, how grave, what; no number of a person."""
    if not daftar:
        raise DataError(Problem("--daftar", "belum ditulis.", "Tulis daftar yang mana, seperti dps-1."))
    kept = list_of(all_kept(home, plan), daftar)
    _check(path, {".csv"})
    with working_memory({}, file_of(home)) as con:
        query = f"SELECT baris, kolom, berat, apa FROM {OFFICE}.masalah WHERE sumber = ? ORDER BY ALL"
        write_rows(con, path, query, kept.id)


_POLLING_PLACE = {
    "No.": 5, "Nama": 30, "L/P": 5, "Tahun lahir": 10, "Alamat": 34, "RT/RW": 10, "Meninggal": 16, "Bukti": 30,
    "Ditandai (paraf KPPS)": 18,
}  # fmt: skip


def write_for_polling_places(home: Home, plan: Plan, path: Path, on: dt.date) -> tuple[int, str]:
    """Those who died after the DPT, a page for each TPS, locked: for KPPS, who mark them and keep back C.Pemberitahuan.

    They stay on the DPT (DOMAIN 10, item 11; 11, item 12). The number of names, and the password that is shown once.
    Refused before there is a DPT.
    """
    _check(path, {".xlsx", ".pdf"})
    daftar = latest(all_kept(home, plan))
    if daftar is None or daftar.jenis != "dpt":
        now = STAGES[daftar.jenis] if daftar else "belum ada"
        raise Refused(Problem("DPT", f"belum dimasukkan (yang terbaru: {now}).", "Masukkan dengan --jenis dpt."))
    rows = [
        each for each in all_findings(home, plan)
        if each.periksa == "meninggal" and each.daftar == daftar.id and each.stands in _SURE
    ]  # fmt: skip
    if not rows:
        raise Refused(Problem(daftar.id, "belum ada pemilih meninggal yang terbukti.", "Periksa temuannya dahulu."))
    annex = Annex(
        plan.office.profile.nama, "Pemilih meninggal dunia yang tercatat dalam DPT", f"Untuk KPPS, {tanggal(on)}", _POLLING_PLACE,
        _by_polling_place(home, plan, rows),
    )  # fmt: skip
    password = new_password()
    content = annex.locked_xlsx(password) if path.suffix.lower() == ".xlsx" else annex.locked_pdf(home.paper, password)
    write_private(path, content)
    return annex.count, password


def _by_polling_place(home: Home, plan: Plan, rows: Sequence[Finding]) -> dict[str, tuple[tuple[str, ...], ...]]:
    who = named(home, rows)
    past = history(home, plan, (each.id for each in rows))
    pages: dict[str, list[tuple[str, ...]]] = {}
    for each in rows:
        voter, other = who[each.id].pemilih, who[each.id].lawan
        page = pages.setdefault(f"TPS {each.tps or '-'} {each.nagari}, {each.kecamatan}", [])
        proof = next((step.bukti for step in reversed(past.get(each.id, ())) if step.bukti), "")
        cells = (
            len(page) + 1, voter.get("nama"), voter.get("jk"), voter.get("lahir_tahun"), voter.get("alamat"),
            "/".join(filter(None, (voter.get("rt"), voter.get("rw")))), other.get("meninggal"), proof, None,
        )  # fmt: skip
        page.append(tuple(map(_said, cells)))
    return {name: tuple(page) for name, page in pages.items()}


def _said(value: Any) -> str:
    return "" if value is None else f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else str(value)


def _write(path: Path, contents: dict[str, bytes]) -> None:
    _check(path, contents.keys())
    write_private(path, contents[path.suffix.lower()])


def _check(path: Path, endings: Iterable[str]) -> None:
    if path.suffix.lower() not in endings:
        said = " atau ".join(sorted(endings))
        raise DataError(Problem(str(path), "akhiran namanya tidak dapat dipakai.", f"Pakai {said}."))


WHAT = {
    "rekap": "setiap keadaan per kecamatan dan nagari (.xlsx)",
    "publik": "ringkasan untuk umum, angka kecil disamarkan (.md, .csv)",
    "grafik": "gambar per kecamatan dan jenis (.svg, .png)",
    "kpps": "yang meninggal setelah DPT, satu halaman per TPS, terkunci (.pdf, .xlsx)",
    "masalah": "baris yang bermasalah pada satu daftar (.csv)",
}


def check_what(what: str) -> str:
    """One of `WHAT`; NotKnown otherwise."""
    if what not in WHAT:
        raise NotKnown(Problem("APA", f"{what!r} tidak dikenal.", f"Pilih: {', '.join(WHAT)}."))
    return what
