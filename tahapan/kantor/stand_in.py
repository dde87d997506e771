"""Somebody stands in for a holder from one day to another: Plh., Plt. or Pjs."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from functools import partial
from typing import Literal

from tahapan import journal
from tahapan.book.elsewhere import text_of
from tahapan.dates import rentang, tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.home import Home
from tahapan.kantor.files import PEOPLE, OfficeFiles, Page, Step, replacing
from tahapan.kantor.holders import entry_of
from tahapan.office import Office, Pemegang, in_the_way
from tahapan.store.engine import writing

STANDS_IN = "pengganti ditetapkan"
Sebagai = Literal["Plh.", "Plt.", "Pjs."]


def stand_in(
    home: Home, peran: str, nama: str, sejak: dt.date, sampai: dt.date, oleh: str, on: dt.date, at: dt.datetime,
    *, sebagai: Sebagai = "Plh.", nip: str = "",
) -> Pemegang:  # fmt: skip
    """Write the stand-in into pejabat.toml; from ``sejak`` to ``sampai``, both inclusive, only they sign for the role.

    Refused when the days are not all still to come or today, when somebody else stands in on one of them, and for the
    holder's own name. The same stand-in again changes nothing.
    """
    who, name = text_of(oleh, "oleh"), text_of(nama, "nama pengganti")
    new = Pemegang(
        peran=peran,
        nama=name,
        sejak=sejak,
        sampai=sampai,
        sebagai=sebagai,
        nip=text_of(nip, "NIP pengganti", needed=False),
    )
    with replacing() as folder, writing(home.engine) as connection:
        before, office = OfficeFiles.read(home.kantor), home.office
        if new in office.pemegang:
            return new
        _refuse(office, new, on)
        after = before.after([Step(PEOPLE, partial(Page.add, name="pemegang", values=entry_of(new)))])
        if new not in after.people.pemegang:
            where, what = "kantor/pejabat.toml", "ditulis dengan cara yang tidak dapat diubah sendiri."
            raise DataError(Problem(where, what, "Tambahkan [[pemegang]] dengan tangan."))
        detail = {"nama": name, "sebagai": sebagai, "sejak": sejak.isoformat(), "sampai": sampai.isoformat()}
        journal.write(connection, office.profile.id, at=at, who=who, what=STANDS_IN, subject=peran, detail=detail)
        folder.put(before, after)
    return new


def _refuse(office: Office, new: Pemegang, on: dt.date) -> None:
    """Every reason at once."""
    assert new.sampai
    if new.peran not in office.peran:
        near = get_close_matches(new.peran, office.peran, n=1)
        remedy = f"Maksudnya {near[0]}?" if near else f"Yang ada: {', '.join(office.peran)}."
        raise NotKnown(Problem("peran", f"{new.peran!r} tidak dikenal.", remedy))
    where, faults = f"pengganti {new.peran}", list[Problem]()
    if new.sampai < new.sejak:
        faults.append(Problem(where, f"sampai {tanggal(new.sampai)}, sebelum {tanggal(new.sejak)}.", "Tukar keduanya."))
    if new.sejak < on:
        what = f"{tanggal(new.sejak)} sudah lewat; surat yang sudah keluar tidak berganti penanda tangan."
        faults.append(Problem(where, what, f"Mulai paling awal hari ini, {tanggal(on)}."))
    if other := in_the_way(office.pemegang, new):
        until = rentang(other.sejak, other.sampai) if other.sampai else f"sejak {tanggal(other.sejak)}"
        what = f"{other.nama} sudah menjadi {other.sebagai} {office.peran[new.peran].nama} ({until})."
        faults.append(Problem(where, what, "Pilih hari lain, atau akhiri yang itu di lembar Pejabat."))
    for holder in office.pemegang:
        same = holder.nama.casefold() == new.nama.casefold() and not holder.sebagai
        if same and holder.peran == new.peran and holder.overlaps(new.sejak, new.sampai):
            what = f"{holder.nama} memegang peran itu sendiri."
            faults.append(Problem(where, what, "Tulis nama penggantinya."))
    if faults:
        raise Refused(*faults)
