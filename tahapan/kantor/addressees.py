"""The sheets Alamat, Kontak wilayah and Kelompok against alamat.toml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any

from tahapan.dates import tanggal
from tahapan.directory import Alamat, Directory, Gelar, Grup, Kontak, area_addresses, contains_itself
from tahapan.kantor.files import DIRECTORY, OfficeFiles, Page
from tahapan.kantor.rows import ADDED, EDITED, RESTORE, Change, Found, Line, spoken
from tahapan.kantor.sheets import ALAMAT, DEFAULT_TEMPAT, KELOMPOK, KONTAK, NONE

BESIDE = ("tempat", "surel", "telepon", "rute", "catatan")  # what an addressee has once, whatever its titles
REACHED = ("surel", "telepon", "rute")


def compare_addresses(files: OfficeFiles, lines: list[Line], found: Found) -> None:
    by_id: dict[str, list[Line]] = {}
    for line in lines:
        if line.text("id"):
            by_id.setdefault(line.text("id"), []).append(line)
        else:
            found.fault(line.row.place("Id"), "kosong.", "Tulis id penerimanya, seperti kpu.")
    old = {one.id: n for n, one in enumerate(files.directory.alamat)}
    taken = {*Directory.of(files.directory, files.area).alamat, *(group.id for group in files.directory.grup)}
    for name, rows in by_id.items():
        new = _address(name, rows, found)
        if new is None:
            continue
        if name in old:
            was, n = files.directory.alamat[old[name]], old[name]
            if was.gelar != new.gelar:
                _no_overlap(rows, new.gelar, found)
            values = _entry_of_address(new)
            for key in ("gelar", *BESIDE):
                if getattr(was, key) != getattr(new, key):
                    column = "Jabatan" if key == "gelar" else ALAMAT.kolom_of(key)
                    change = Change("Alamat", EDITED, name, column, _told(was, key), _told(new, key))
                    edit = partial(Page.edit, name="alamat", n=n, values={key: values.get(key)})
                    found.change(change, DIRECTORY, edit)
        elif name in taken:
            found.fault(rows[0].row.place("Id"), f"{name!r} sudah dipakai kelompok atau wilayah.", "Pilih id lain.")
        else:
            _no_overlap(rows, new.gelar, found)
            change = Change("Alamat", ADDED, name, "", "", _told(new, "gelar") or "(belum diisi)")
            add = partial(Page.add, name="alamat", values={"id": name, "gelar": [], **_entry_of_address(new)})
            found.change(change, DIRECTORY, add)
    for name in old:
        if name not in by_id:
            remedy = f"{RESTORE} Yang tidak disurati lagi: isi Sampai."
            found.fault("lembar Alamat", f"baris {name} hilang.", remedy)


def _address(name: str, rows: list[Line], found: Found) -> Alamat | None:
    """One addressee from its rows; what stands beside the title once, may stand in any of them."""
    before = len(found.faults)
    gelar: list[Gelar] = []
    for line in rows:
        title = {key: line.values[key] for key in ("jabatan", "sejak", "sampai")}
        if title["jabatan"]:
            one = found.model(Gelar, title, line, ALAMAT)
            if one and one.sejak and one.sampai and one.sampai < one.sejak:
                found.fault(line.row.place("Sampai"), "sebelum Sejak.", "Perbaiki tanggalnya.")
            gelar += [one] if one else []
        elif title["sejak"] or title["sampai"] or len(rows) > 1:
            found.fault(line.row.place("Jabatan"), "kosong.", "Isi, atau hapus barisnya.")
    rest: dict[str, Any] = {}
    for key in BESIDE:
        said = {line.text(key): line for line in rows if line.text(key)}
        if len(said) > 1:
            what = f"berbeda dari baris {rows[0].row.number} untuk penerima yang sama."
            found.fault([*said.values()][-1].row.place(ALAMAT.kolom_of(key)), what, "Tulis di baris pertamanya saja.")
        rest[key] = next(iter(said), None)
    whole = found.model(Alamat, {"id": name, **rest}, rows[0], ALAMAT)
    return whole.model_copy(update={"gelar": tuple(gelar)}) if whole and len(found.faults) == before else None


def _no_overlap(rows: list[Line], gelar: tuple[Gelar, ...], found: Found) -> None:
    for n, one in enumerate(gelar):
        for other in gelar[:n]:
            if one.starts <= other.ends and other.starts <= one.ends:
                what = f"hari berlakunya bertumpang tindih dengan {other.jabatan!r}."
                found.fault(rows[n].row.place("Sejak"), what, "Isi Sampai baris lama sehari sebelum Sejak baris baru.")


def _entry_of_address(one: Alamat) -> dict[str, Any]:
    return {
        "gelar": [gelar.model_dump() for gelar in one.gelar],
        "tempat": one.tempat if one.tempat != DEFAULT_TEMPAT else None,
        **{key: getattr(one, key) or None for key in BESIDE[1:]},
    }


def _told(one: Alamat, key: str) -> str:
    if key != "gelar":
        return getattr(one, key)
    return "; ".join(
        " ".join(filter(None, (
            gelar.jabatan, gelar.sejak and f"sejak {tanggal(gelar.sejak)}", gelar.sampai and f"sampai {tanggal(gelar.sampai)}",
        )))
        for gelar in one.gelar
    )  # fmt: skip


# --- Kontak wilayah ------------------------------------------------------------------------------------------------


def compare_contacts(files: OfficeFiles, lines: list[Line], found: Found) -> None:
    """The sheet has a row for everybody; the file only those of whom something is known."""
    old = {one.id: (n, one) for n, one in enumerate(files.directory.kontak)}
    places, seen = {address.id for address in area_addresses(files.area)}, set[str]()
    for line in lines:
        name = line.text("id")
        if name not in places or name in seen:
            found.fault(line.row.place("Id"), f"{name!r} tidak dikenal atau ditulis dua kali.", RESTORE)
            continue
        seen.add(name)
        new = found.model(Kontak, {"id": name, **{key: line.values[key] for key in REACHED}}, line, KONTAK)
        if new is None:
            continue
        n, was = old.get(name, (-1, Kontak(id=name)))
        values = {key: getattr(new, key) or None for key in REACHED}
        changed = [key for key in REACHED if getattr(was, key) != getattr(new, key)]
        for key in changed:
            change = Change("Kontak wilayah", EDITED, name, KONTAK.kolom_of(key), getattr(was, key), getattr(new, key))
            if n >= 0:
                found.change(change, DIRECTORY, partial(Page.edit, name="kontak", n=n, values={key: values[key]}))
            elif key == changed[0]:
                found.change(change, DIRECTORY, partial(Page.add, name="kontak", values={"id": name, **values}))
            else:
                found.changes.append(change)
    for name in places - seen:
        found.fault("lembar Kontak wilayah", f"baris {name} hilang.", RESTORE)


# --- Kelompok ------------------------------------------------------------------------------------------------------


def compare_groups(files: OfficeFiles, lines: list[Line], addresses: list[Line], found: Found) -> None:
    directory = Directory.of(files.directory, files.area)
    known = {*directory.alamat, *directory.grup, *(line.text("id") for line in (*addresses, *lines))} - {""}
    own_groups = {group.id: n for n, group in enumerate(files.directory.grup)}
    given: dict[str, tuple[Line, Grup]] = {}
    for line in lines:
        if (group := _group(line, known, found)) is None:
            continue
        if group.id in given or (group.id not in own_groups and group.id in {*directory.alamat, *directory.grup}):
            found.fault(
                line.row.place("Kelompok"), f"{group.id!r} sudah dipakai.", "Pilih id lain atau hapus barisnya."
            )
            continue
        given[group.id] = line, group
    groups = {**directory.grup, **{name: group for name, (_, group) in given.items()}}
    for name, (line, group) in given.items():
        if contains_itself(groups, name):
            found.fault(line.row.place("Anggota"), f"{name} memuat dirinya sendiri.", "Keluarkan, juga dari isinya.")
        elif name in own_groups:
            _group_changed(own_groups[name], files.directory.grup[own_groups[name]], group, found)
        else:
            change = Change("Kelompok", ADDED, name, "", "", ", ".join(group.anggota))
            values = {"id": name, "nama": group.nama, "sejak": group.sejak, **_members(group)}
            found.change(change, DIRECTORY, partial(Page.add, name="grup", values=values))
    written = {line.text("id") for line in lines}
    for name in own_groups:
        if name not in written:
            found.fault("lembar Kelompok", f"baris {name} hilang.", f"{RESTORE} Kelompok tanpa anggota: tulis {NONE}.")


def _group(line: Line, known: Iterable[str], found: Found) -> Grup | None:
    said = line.text("anggota")
    members = [] if said == NONE else [name.strip() for name in re.split(r"[,;]", said) if name.strip()]
    before = len(found.faults)
    for name in members:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            remedy = f"Maksudnya {near[0]}?" if near else "Tambahkan alamatnya di lembar Alamat, atau hapus."
            found.fault(line.row.place("Anggota"), f"{name!r} tidak dikenal.", remedy)
    for name, count in Counter(members).items():
        if count > 1:
            found.fault(line.row.place("Anggota"), f"{name!r} tertulis {count} kali.", "Tulis sekali.")
    if len(found.faults) > before:
        return None
    data = {"id": line.text("id"), "nama": line.text("nama"), "sejak": line.values["sejak"]}
    return found.model(Grup, data | ({"anggota": members} if said else {}), line, KELOMPOK)


def _group_changed(n: int, was: Grup, group: Grup, found: Found) -> None:
    old = {"nama": was.nama, "sejak": was.sejak, **_members(was)}
    new = {"nama": group.nama, "sejak": group.sejak, **_members(group)}
    for key, value in new.items():
        if old[key] != value:
            column = KELOMPOK.kolom_of(key)
            change = Change("Kelompok", EDITED, was.id, column, spoken(old[key]), spoken(value))
            found.change(change, DIRECTORY, partial(Page.edit, name="grup", n=n, values={key: value}))


def _members(group: Grup) -> dict[str, list[str] | None]:
    return {"anggota": list(group.anggota) if group.filled else None}
