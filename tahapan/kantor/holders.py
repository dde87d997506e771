"""The sheet Pejabat against pejabat.toml: holders are closed by date, never overwritten or forgotten."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any

from tahapan.dates import rentang, tanggal
from tahapan.kantor.files import PEOPLE, OfficeFiles, Page
from tahapan.kantor.rows import ADDED, CLOSED, EDITED, Change, Found, Line, spoken
from tahapan.kantor.sheets import PEJABAT
from tahapan.office import Pemegang, in_the_way

_Key = tuple[str, str, dt.date, str]


def _key(who: Pemegang) -> _Key:
    return who.peran, who.nama, who.sejak, who.sebagai


def compare_holders(files: OfficeFiles, on: dt.date, lines: list[Line], found: Found) -> None:
    """Holders are closed, never overwritten: every old row is there as it was, but for its end, NIP and telephone."""
    titles = {peran.id: peran.nama for peran in files.people.peran}
    before = len(found.faults)
    given = [(line, who) for line in lines if (who := _holder(line, titles, found))]
    if len(found.faults) > before:
        return
    old = {_key(who): (n, who) for n, who in enumerate(files.people.pemegang)}
    for key, count in Counter(_key(who) for _, who in given).items():
        if count > 1:
            again = [line for line, who in given if _key(who) == key][-1]
            found.fault(again.row.where, f"{key[1]} sebagai {key[0]} tertulis {count} kali.", "Hapus salah satu.")
    gone = {key: who for key, (_, who) in old.items() if key not in {_key(who) for _, who in given}}
    for line, who in given:
        others = [(other, its) for other, its in given if its is not who]
        if _key(who) in old:
            n, was = old[_key(who)]
            _holder_changed(line, n, was, who, on, found)
            if was.sampai and was.sampai != who.sampai:
                _no_other(line, who, others, "Sampai", titles, found)
        elif overwritten := next((key for key in gone if _nearly(key, _key(who))), None):
            _overwritten(line, gone.pop(overwritten), who, found)
        elif _no_other(line, who, others, "Sejak", titles, found):
            told = f"sejak {tanggal(who.sejak)}" if who.sampai is None else rentang(who.sejak, who.sampai)
            change = Change("Pejabat", ADDED, f"{who.nama} ({who.peran})", "", "", told)
            found.change(change, PEOPLE, partial(Page.add, name="pemegang", values=entry_of(who)))
    for who in gone.values():
        what = f"baris {who.peran}, {who.nama}, sejak {tanggal(who.sejak)} hilang."
        found.fault(
            "lembar Pejabat",
            what,
            "Kembalikan barisnya, atau ekspor lagi; masa jabatan diakhiri dengan mengisi Sampai.",
        )


def _holder(line: Line, titles: Mapping[str, str], found: Found) -> Pemegang | None:
    """The holder a row names; nobody for a role that is only proposed."""
    peran, shown = line.text("peran"), line.text("Jabatan peran")
    if peran not in titles:
        near = get_close_matches(peran, titles, n=1)
        remedy = f"Maksudnya {near[0]}?" if near else f"Yang ada: {', '.join(titles)}."
        found.fault(line.row.place("Peran"), f"{peran!r} tidak dikenal." if peran else "kosong.", remedy)
        return None
    if shown and shown != titles[peran]:
        what = f"kolom ini hanya dibaca; {peran} adalah {titles[peran]}."
        found.fault(line.row.place("Jabatan peran"), what, "Kosongkan, atau ubah `nama` perannya di pejabat.toml.")
    rest = {key: value for key, value in line.values.items() if key not in ("peran", "Jabatan peran")}
    if not any(rest.values()):
        return None
    missing = [PEJABAT.kolom_of(key) for key in ("nama", "sejak") if not rest[key]]
    for column in missing:
        found.fault(
            line.row.place(column), "kosong.", "Isi; hari pertama seperti di SK." if column == "Sejak" else "Isi."
        )
    who = None if missing else found.model(Pemegang, {"peran": peran, **rest}, line, PEJABAT)
    if who and who.sampai and who.sampai < who.sejak:
        found.fault(line.row.place("Sampai"), f"sebelum Sejak ({tanggal(who.sejak)}).", "Perbaiki tanggalnya.")
    return who


def _nearly(old: _Key, new: _Key) -> bool:
    """Two of role, name and first day: the old row with something else written over it."""
    return sum(a == b for a, b in zip(old[:3], new[:3], strict=True)) == 2 or old[:3] == new[:3]


def _overwritten(line: Line, was: Pemegang, who: Pemegang, found: Found) -> None:
    for key in ("peran", "nama", "sejak", "sebagai"):
        if getattr(was, key) != getattr(who, key):
            what = f"{spoken(getattr(was, key))} ditimpa menjadi {spoken(getattr(who, key))}."
            remedy = f"Kembalikan {spoken(getattr(was, key))}; pejabat baru: isi Sampai di baris ini, lalu tambah baris baru."
            found.fault(line.row.place(PEJABAT.kolom_of(key)), what, remedy)


def _holder_changed(line: Line, n: int, was: Pemegang, who: Pemegang, on: dt.date, found: Found) -> None:
    if was.jabatan != who.jabatan:
        place = line.row.place("Jabatan sendiri")
        found.fault(place, f"{spoken(was.jabatan)} ditimpa.", "Kembalikan; isi Sampai, lalu tambah baris baru.")
    if was.sampai != who.sampai and was.sampai and was.sampai < on:
        what = f"masa jabatan yang sudah berakhir {tanggal(was.sampai)} diubah."
        found.fault(line.row.place("Sampai"), what, f"Kembalikan {tanggal(was.sampai)}.")
    for key in ("sampai", "nip", "telepon"):
        old, new = getattr(was, key), getattr(who, key)
        if old != new:
            verb = CLOSED if key == "sampai" and old is None else EDITED
            change = Change(
                "Pejabat", verb, f"{was.nama} ({was.peran})", PEJABAT.kolom_of(key), spoken(old), spoken(new)
            )
            values = {key: new or None}
            found.change(change, PEOPLE, partial(Page.edit, name="pemegang", n=n, values=values))


def _no_other(
    line: Line, who: Pemegang, others: list[tuple[Line, Pemegang]], column: str, titles: Mapping[str, str], found: Found
) -> bool:
    """Whether nobody else holds the role on those days; else how to make room."""
    other = in_the_way((its for _, its in others), who)
    if other is None:
        return True
    there = next(its_line for its_line, its in others if its is other).row.number
    until = f"sampai {tanggal(other.sampai)}" if other.sampai else "tanpa Sampai"
    remedy = f"Bandingkan dengan baris {there}."
    if other.sejak < who.sejak:
        remedy = f"Isi Sampai {who.sejak - dt.timedelta(days=1):%d-%m-%Y} pada baris {there}, atau geser Sejak."
    what = f"{titles[who.peran]} sudah dipegang {other.nama} sejak {tanggal(other.sejak)} {until}."
    found.fault(line.row.place(column), what, remedy)
    return False


def entry_of(who: Pemegang) -> dict[str, Any]:
    """A holder as pejabat.toml writes it."""
    return {key: value for key, value in who.model_dump().items() if value not in ("", None)}
