"""One-time codes (TOTP, RFC 6238) of those who approve: enrolled by name, used once, locked after five wrong ones."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tahapan import journal
from tahapan.errors import MachineError, Problem, Refused
from tahapan.store.tables import kode

if TYPE_CHECKING:  # imported where a code is used
    from cryptography.fernet import Fernet

KEY_FILE = "kunci"  # in the home; mode 600, not part of a backup
STEP = 30  # seconds, as every authenticator app has it
DRIFT = 2  # steps that a phone's clock may be off, either way: a minute
MOST_WRONG = 5
LOCKED = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Secret:
    """What an authenticator app takes over: as text, and as the address that its QR holds."""

    text: str
    uri: str


def enrol(connection: sa.Connection, root: Path, office: str, nama: str, by: str, at: dt.datetime) -> Secret:
    """A new secret for that name; the old one, if any, no longer counts. It is shown once and kept encrypted."""
    from pyotp import random_base32
    from pyotp.totp import TOTP

    text = random_base32()
    row = {
        "rahasia": _close(root, text),
        "enrolled_at": at.isoformat(), "last_step": 0, "wrong": 0, "locked_until": None,
    }  # fmt: skip
    again = connection.execute(kode.update().where(*_whose(office, nama)).values(**row)).rowcount
    if not again:
        connection.execute(kode.insert().values(office=office, nama=nama, **row))
    what = "kode diganti" if again else "kode didaftarkan"
    journal.write(connection, office, at=at, who=by, what=what, subject=nama)
    return Secret(text, TOTP(text).provisioning_uri(name=nama, issuer_name="tahapan"))


def remove(connection: sa.Connection, office: str, nama: str, by: str, at: dt.datetime) -> None:
    """That name decides without a code from now on; Refused when it has none."""
    if not connection.execute(kode.delete().where(*_whose(office, nama))).rowcount:
        raise Refused(Problem(nama, "tidak punya kode.", "Lihat daftarnya dengan `tahapan approver list`."))
    journal.write(connection, office, at=at, who=by, what="kode dicabut", subject=nama)


def enrolled(connection: sa.Connection, office: str) -> dict[str, str]:
    """Every name with a code, and until when it is locked ("" when it is not known to be)."""
    query = sa.select(kode.c.nama, kode.c.locked_until).where(kode.c.office == office).order_by(kode.c.nama)
    return {nama: until or "" for nama, until in connection.execute(query)}


def why_not(connection: sa.Connection, root: Path, office: str, nama: str, said: str, at: dt.datetime) -> str:
    """Why that code does not prove the name at that moment; "" when it does, and then it is used up.

    Wrong codes are counted in the caller's transaction, which is to be committed in either case. A name without a
    secret needs no code: ask `enrolled` first.
    """
    from pyotp.totp import TOTP

    row = connection.execute(sa.select(kode).where(*_whose(office, nama))).one()
    if row.locked_until and at < dt.datetime.fromisoformat(row.locked_until):
        until = dt.datetime.fromisoformat(row.locked_until).astimezone(at.tzinfo)
        return f"kode {nama} dikunci sampai pukul {until:%H.%M} karena {MOST_WRONG} kali salah"
    digits = "".join(said.split())
    if not digits:
        return "kode belum diisi; lihat enam angka di aplikasi autentikator"
    secret = TOTP(_open(root, row.rahasia), interval=STEP)
    here = int(at.timestamp()) // STEP
    fitting = [step for step in range(here - DRIFT, here + DRIFT + 1) if secret.verify(digits, for_time=step * STEP)]
    if any(step > row.last_step for step in fitting):
        used = max(step for step in fitting if step > row.last_step)
        _set(connection, office, nama, last_step=used, wrong=0, locked_until=None)
        return ""
    if fitting:
        return "kode itu sudah dipakai; tunggu angka berikutnya"
    wrong = row.wrong + 1
    if wrong < MOST_WRONG:
        _set(connection, office, nama, wrong=wrong)
        return f"kode salah (kesempatan tersisa {MOST_WRONG - wrong})"
    until = at + LOCKED
    _set(connection, office, nama, wrong=0, locked_until=until.isoformat())
    detail = {"sampai": until.isoformat()}
    journal.write(connection, office, at=at, who=journal.MACHINE, what="kode dikunci", subject=nama, detail=detail)
    return f"kode salah {MOST_WRONG} kali; {nama} dikunci sampai pukul {until:%H.%M}"


def _whose(office: str, nama: str) -> tuple[sa.ColumnElement[bool], ...]:
    return kode.c.office == office, kode.c.nama == nama


def _set(connection: sa.Connection, office: str, nama: str, **values: object) -> None:
    connection.execute(kode.update().where(*_whose(office, nama)).values(**values))


def _close(root: Path, text: str) -> str:
    """Encrypted with the key file of the home, which is made when the first name is enrolled."""
    from cryptography.fernet import Fernet

    path = root / KEY_FILE
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(Fernet.generate_key())
    return _key(path).encrypt(text.encode()).decode()


def _open(root: Path, closed: str) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _key(root / KEY_FILE).decrypt(closed.encode()).decode()
    except InvalidToken:
        raise _no_key(root / KEY_FILE, "bukan kunci yang dipakai saat kode didaftarkan") from None


def _key(path: Path) -> Fernet:
    from cryptography.fernet import Fernet

    try:
        return Fernet(path.read_bytes())
    except OSError as error:
        raise _no_key(path, f"tidak terbaca ({error.strerror})") from None
    except ValueError:
        raise _no_key(path, "rusak") from None


def _no_key(path: Path, what: str) -> MachineError:
    remedy = "Kembalikan dari simpanan Anda, atau daftarkan kode lagi dengan `tahapan approver enrol`."
    return MachineError(Problem(str(path), f"berkas kunci kode {what}.", remedy))
