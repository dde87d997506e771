"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from tahapan import journal, register
from tahapan.archive import verify
from tahapan.dates import hari_tanggal
from tahapan.day import standings
from tahapan.errors import TahapanError
from tahapan.home import Home, open_home
from tahapan.plan import Plan
from tahapan.settings import Settings
from tahapan.store.engine import reading
from tasks.office import today

WATCHED = ("prefect", "fastapi", "sqlalchemy")  # the three that break each other (see pyproject.toml)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: good, or what is wrong with it and the remedy."""

    what: str
    good: bool
    said: str


def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at; what depends on something broken is left out."""
    findings = [_looked("Paket", _packages)]
    opened: list[Home] = []
    findings.append(_looked("Rumah", lambda: _home(settings, opened)))
    if not opened:
        return findings
    home, plans = opened[0], list[Plan]()
    findings.append(_looked("Kantor, kalender, daftar tugas", lambda: _plan(home, plans)))
    if not plans:
        return findings
    plan = plans[0]
    findings.append(_looked("Templat surat", lambda: f"{len(home.words(plan).kinds)} jenis"))
    findings.append(_looked("Pemegang peran hari ini", lambda: _holders(home, plan)))
    findings.append(_looked("Libur", lambda: _holidays(plan)))
    findings += _records(home, plan)
    return findings


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except TahapanError as error:
        return Finding(what, False, str(error))


def _packages() -> str:
    wanted = {parsed.name: parsed for parsed in map(Requirement, requires("tahapan") or [])}
    wrong: list[str] = []
    for name in WATCHED:
        try:
            found = version(name)
        except PackageNotFoundError:
            wrong.append(f"{name} tidak terpasang")
            continue
        if not wanted[name].specifier.contains(found):
            wrong.append(f"{name} {found} tidak cocok (perlu {wanted[name].specifier})")
    if wrong:
        from tahapan.errors import MachineError, Problem

        raise MachineError(Problem("paket", "; ".join(wrong) + ".", "Pasang ulang dari requirements.lock."))
    return ", ".join(f"{name} {version(name)}" for name in WATCHED)


def _home(settings: Settings, opened: list[Home]) -> str:
    home = open_home(settings.home, settings.database_url)
    kind = f"gladi {home.gladi.election}" if home.gladi else "kantor sungguhan"
    opened.append(home)
    return f"{home.root.resolve()} ({kind})"


def _plan(home: Home, plans: list[Plan]) -> str:
    plans.append(home.plan(home.gladi.election if home.gladi else home.office.profile.pemilihan))
    return f"{len(plans[0].election.stages)} tahapan, {len(plans[0].duties)} butir"


def _holders(home: Home, plan: Plan) -> str:
    day = today(home)
    roles = dict.fromkeys(role for file in home.kinds.values() for role in file.kind.rantai)
    for role in roles:
        plan.office.holder(role, day)
    return f"{len(roles)} peran penandatangan terisi pada {hari_tanggal(day)}"


def _holidays(plan: Plan) -> str:
    estimated = [libur.nama for libur in plan.kalender.days_off.values() if libur.perkiraan]
    return f"masih perkiraan: {', '.join(estimated)}" if estimated else "semua tanggal pasti"


def _records(home: Home, plan: Plan) -> Iterator[Finding]:
    office = plan.office.profile.id
    with reading(home.engine) as connection:
        broken = list(journal.broken(connection, office))
        gaps = list(register.gaps(connection, office))
        letters = [row for row in register.letters(connection, office) if row.numbered]
    yield Finding("Jurnal", not broken, "; ".join(map(str, broken)) or "rantai utuh")
    yield Finding("Nomor surat", not gaps, "; ".join(map(str, gaps)) or f"{len(letters)} nomor, tanpa lompatan")
    wrong = [verdict for row in letters if not (verdict := verify(home, row)).sound]
    said = "; ".join(f"{verdict.letter_id}: {verdict.file}" for verdict in wrong)
    yield Finding("Berkas surat", not wrong, said or f"{len(letters)} berkas sama dengan buku")
    waiting = [row.duty.short_key for row in standings(home, plan, today(home)) if row.state == "menunggu rincian"]
    yield Finding("Rincian", True, f"menunggu: {', '.join(waiting)}" if waiting else "tidak ada yang ditunggu")
