"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from sqlalchemy.exc import SQLAlchemyError

from deployments.password import read_by_others
from tahapan import journal, register
from tahapan.archive import verify
from tahapan.book.elsewhere import patterns
from tahapan.dates import hari_tanggal, tanggal
from tahapan.day import standings
from tahapan.details import check
from tahapan.errors import DataError, MachineError, Problem, TahapanError
from tahapan.home import Home, open_home
from tahapan.plan import Plan
from tahapan.post.mail import Session
from tahapan.post.outbox import GAGAL, TIDAK_PASTI, copies
from tahapan.post.sending import Post
from tahapan.register import LetterRow
from tahapan.settings import Settings
from tahapan.store.engine import reading
from tasks.office import today

SOON = dt.timedelta(days=30)
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
    findings.append(_looked("Sandi dan kunci", lambda: _secrets(home)))
    findings.append(_looked("Kantor, kalender, daftar tugas", lambda: _plan(home, plans)))
    if not plans:
        return findings
    plan = plans[0]
    findings.append(_looked("Isi kantor", lambda: _contents(home)))
    findings += _unfilled(home, plan)
    findings.append(_looked("Masa jabatan", lambda: _terms(home, plan)))
    findings.append(_looked("Alamat dan wilayah", lambda: _to_check(plan)))
    findings.append(_looked("Templat surat", lambda: _kinds(home, plan)))
    findings.append(_looked("Pemegang peran hari ini", lambda: _holders(home, plan)))
    findings.append(_looked("Libur", lambda: _holidays(plan)))
    findings.append(_looked("Pos", lambda: _post(home, plan, settings)))
    findings.append(_looked("Jurnal", lambda: _journal(home, plan)))
    findings.append(_looked("Jurnal dan buku", lambda: _both_books(home, plan)))
    findings.append(_looked("Nomor surat", lambda: _numbers(home, plan)))
    findings.append(_looked("Berkas surat", lambda: _files(home, plan)))
    findings.append(_looked("Daftar pemilih", lambda: _voters(home, plan)))
    findings.append(_looked("Rincian surat", lambda: _details(home, plan)))
    findings.append(_looked("Rincian", lambda: _waiting(home, plan)))
    return findings


def _secrets(home: Home) -> str:
    if open_to_all := read_by_others(home.root):
        raise MachineError(
            *(Problem(str(path), "dapat dibaca orang lain.", f"Jalankan chmod 600 {path}.") for path in open_to_all)
        )
    return "hanya dibaca pemiliknya"


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


def _unfilled(home: Home, plan: Plan) -> list[Finding]:
    """What a new office has not written down yet, one by one."""
    office, day = plan.office, today(home)
    empty = (*office.profile.unfilled, *office.unheld(day).values(), *office.directory.unfilled(day))
    return [Finding("Belum diisi", False, str(problem)) for problem in empty]


def _terms(home: Home, plan: Plan) -> str:
    ending = [f"{peran.nama} {tanggal(end)}" for peran, end in plan.office.ending(today(home), SOON)]
    return f"segera berakhir, belum ada penerusnya: {'; '.join(ending)}" if ending else "tidak ada yang segera berakhir"


def _to_check(plan: Plan) -> str:
    """Proposed titles that somebody has to compare, and villages whose polling places nobody has counted."""
    directory = plan.office.directory
    doubtful = [address.id for address in directory.alamat.values() if "perlu diperiksa" in address.catatan.casefold()]
    without = sum(desa.tps is None for desa in directory.area.desa)
    said = [f"{len(directory.alamat)} alamat, {len(directory.area.desa)} {directory.area.sebutan_desa}"]
    said += [f"{len(doubtful)} perlu diperiksa: {', '.join(doubtful)}"] if doubtful else []
    said += [f"jumlah TPS belum diisi di {without}"] if without else []
    return "; ".join(said)


def _plan(home: Home, plans: list[Plan]) -> str:
    plans.append(home.plan(home.election))
    return f"{len(plans[0].election.stages)} tahapan, {len(plans[0].duties)} butir"


def _kinds(home: Home, plan: Plan) -> str:
    return f"{len(home.words(plan).kinds)} jenis, {len(patterns(home, plan.office.profile.nomor))} pola nomor"


def _holders(home: Home, plan: Plan) -> str:
    day = today(home)
    roles = dict.fromkeys(role for file in home.kinds.values() for role in file.kind.rantai)
    empty, faults = plan.office.unheld(day), list[Problem]()
    for role in roles:
        if role in empty:  # told by name already
            continue
        try:
            plan.office.holder(role, day)
        except TahapanError as error:
            faults += error.problems
    return _sound(
        faults,
        f"{len(roles.keys() - empty.keys())} dari {len(roles)} peran penandatangan terisi pada {hari_tanggal(day)}",
    )


def _post(home: Home, plan: Plan, settings: Settings) -> str:
    """Whether mail can leave: the line is opened and closed again, nothing is sent."""
    wanting = len(copies(home, plan, keadaan=(TIDAK_PASTI, GAGAL)))
    waiting = f"; {wanting} salinan menunggu putusan (`tahapan post list`)" if wanting else ""
    if settings.post == "mati":
        return f"mati: surat dicetak dan diantar{waiting}"
    relay = Post.of(settings).check(home)
    with Session(relay):
        return f"{settings.post}, lewat {relay.host}:{relay.port}{waiting}"


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


def _voters(home: Home, plan: Plan) -> str:
    from tahapan.voters import examine_office, lists

    faults = examine_office.unsound(home, plan)
    there = [each for each in lists.all_kept(home, plan) if not each.forgotten_at]
    return _sound(faults, f"{len(there)} daftar tersimpan" if there else "belum ada daftar")


def _details(home: Home, plan: Plan) -> str:
    idle = check(home, plan)
    return "; ".join(map(str, idle)) or "semua terbaca"


def _waiting(home: Home, plan: Plan) -> str:
    waiting = [row.duty.short_key for row in standings(home, plan, today(home)) if row.state == "menunggu rincian"]
    return f"menunggu: {', '.join(waiting)}" if waiting else "tidak ada yang ditunggu"


def _numbered(home: Home, plan: Plan) -> list[LetterRow]:
    with reading(home.engine) as connection:
        return [row for row in register.letters(connection, plan.office.profile.id) if row.numbered]
