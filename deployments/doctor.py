"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from sqlalchemy.exc import SQLAlchemyError

from tahapan import journal, register
from tahapan.archive import verify
from tahapan.book.elsewhere import patterns
from tahapan.dates import hari_tanggal
from tahapan.day import standings
from tahapan.errors import DataError, MachineError, Problem, TahapanError
from tahapan.home import Home, check_details, open_home
from tahapan.plan import Plan
from tahapan.register import LetterRow
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
    findings.append(_looked("Isi kantor", lambda: _contents(home)))
    findings.append(_looked("Templat surat", lambda: _kinds(home, plan)))
    findings.append(_looked("Pemegang peran hari ini", lambda: _holders(home, plan)))
    findings.append(_looked("Libur", lambda: _holidays(plan)))
    findings.append(_looked("Jurnal", lambda: _journal(home, plan)))
    findings.append(_looked("Jurnal dan buku", lambda: _both_books(home, plan)))
    findings.append(_looked("Nomor surat", lambda: _numbers(home, plan)))
    findings.append(_looked("Berkas surat", lambda: _files(home, plan)))
    findings.append(_looked("Rincian surat", lambda: _details(home, plan)))
    findings.append(_looked("Rincian", lambda: _waiting(home, plan)))
    return findings


def _looked(what: str, look: Callable[[], str]) -> Finding:
    """One look; whatever goes wrong in it is a finding, so that it hides no other."""
    try:
        return Finding(what, True, look())
    except TahapanError as error:
        return Finding(what, False, "; ".join(map(str, error.problems)))
    except (OSError, SQLAlchemyError, ValueError) as error:  # unreadable file, damaged table, text that is no letter
        return Finding(what, False, f"tidak dapat diperiksa ({' '.join(str(error).split())[:200]}).")


def _sound(faults: Iterable[Problem], said: str) -> str:
    """What is said when there are no faults."""
    if found := tuple(faults):
        raise MachineError(*found)
    return said


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
        raise MachineError(Problem("paket", "; ".join(wrong) + ".", "Pasang ulang dari requirements.lock."))
    return ", ".join(f"{name} {version(name)}" for name in WATCHED)


def _home(settings: Settings, opened: list[Home]) -> str:
    home = open_home(settings.home, settings.database_url)
    kind = f"gladi {home.gladi.election}" if home.gladi else "kantor sungguhan"
    opened.append(home)
    return f"{home.root.resolve()} ({kind})"


def _contents(home: Home) -> str:
    profile = home.office.profile
    if home.gladi is None and profile.id.endswith("-contoh"):
        remedy = "Ganti isinya, juga `id`, sebelum dipakai untuk surat resmi."
        raise DataError(Problem("kantor/kantor.toml", "masih kantor contoh.", remedy))
    return profile.nama


def _plan(home: Home, plans: list[Plan]) -> str:
    plans.append(home.plan(home.election))
    return f"{len(plans[0].election.stages)} tahapan, {len(plans[0].duties)} butir"


def _kinds(home: Home, plan: Plan) -> str:
    return f"{len(home.words(plan).kinds)} jenis, {len(patterns(home, plan.office.profile.nomor))} pola nomor"


def _holders(home: Home, plan: Plan) -> str:
    day = today(home)
    roles = dict.fromkeys(role for file in home.kinds.values() for role in file.kind.rantai)
    for role in roles:
        plan.office.holder(role, day)
    return f"{len(roles)} peran penandatangan terisi pada {hari_tanggal(day)}"


def _holidays(plan: Plan) -> str:
    estimated = [libur.nama for libur in plan.kalender.days_off.values() if libur.perkiraan]
    return f"masih perkiraan: {', '.join(estimated)}" if estimated else "semua tanggal pasti"


def _journal(home: Home, plan: Plan) -> str:
    with reading(home.engine) as connection:
        return _sound(journal.broken(connection, plan.office.profile.id), "rantai utuh")


def _both_books(home: Home, plan: Plan) -> str:
    with reading(home.engine) as connection:
        return _sound(journal.disagreements(connection, plan.office.profile.id), "sepakat tentang semua nomor")


def _numbers(home: Home, plan: Plan) -> str:
    with reading(home.engine) as connection:
        gaps = register.gaps(connection, plan.office.profile.id)
        return _sound(gaps, f"{len(_numbered(home, plan))} nomor, tanpa lompatan")


def _files(home: Home, plan: Plan) -> str:
    letters = [row for row in _numbered(home, plan) if row.ours]
    wrong = [verdict for row in letters if not (verdict := verify(home, row)).sound]
    faults = (Problem(verdict.letter_id, verdict.file, "Ambil dari cadangan.") for verdict in wrong)
    return _sound(faults, f"{len(letters)} berkas sama dengan buku")


def _details(home: Home, plan: Plan) -> str:
    idle = check_details(home, plan)
    return "; ".join(map(str, idle)) or "semua terbaca"


def _waiting(home: Home, plan: Plan) -> str:
    waiting = [row.duty.short_key for row in standings(home, plan, today(home)) if row.state == "menunggu rincian"]
    return f"menunggu: {', '.join(waiting)}" if waiting else "tidak ada yang ditunggu"


def _numbered(home: Home, plan: Plan) -> list[LetterRow]:
    with reading(home.engine) as connection:
        return [row for row in register.letters(connection, plan.office.profile.id) if row.numbered]
