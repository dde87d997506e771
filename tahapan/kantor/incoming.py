"""kantor.xlsx in: every fault of the workbook at once, else what it changes; all of it is written or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tahapan import journal
from tahapan.book.elsewhere import text_of
from tahapan.dates import tanggal
from tahapan.errors import DataError
from tahapan.home import Home
from tahapan.kantor.addressees import compare_addresses, compare_contacts, compare_groups
from tahapan.kantor.files import AREA, DAYS_OFF, OfficeFiles, Page, replacing
from tahapan.kantor.files import PROFILE as PROFILE_FILE
from tahapan.kantor.holders import compare_holders
from tahapan.kantor.rows import ADDED, EDITED, REMOVED, RESTORE, Change, Found, Line, read_rows, spoken
from tahapan.kantor.sheets import ALAMAT, KANTOR, KELOMPOK, KONTAK, LIBUR, PEJABAT, PROFILE, WILAYAH
from tahapan.libur import OwnLibur
from tahapan.store.engine import writing

CHANGED = "kantor diubah"


def import_office(
    home: Home, path: Path, by: str, on: dt.date, at: dt.datetime, *, try_only: bool = False
) -> tuple[Change, ...]:
    """Take the workbook over into the office folder; what it changes, nothing for one that is as it was exported.

    DataError with every fault by sheet, row and column; then, and with ``try_only``, nothing is written.
    """
    who = "" if try_only else text_of(by, "--oleh")
    lines, unread = read_rows(path)
    with replacing() as folder, writing(home.engine) as connection:
        before = OfficeFiles.read(home.kantor)
        found = _compared(before, lines, on)
        if faults := [*unread, *found.faults]:
            raise DataError(*dict.fromkeys(faults))
        after = before.after(found.steps)
        after.checked(_compared(after, lines, on).steps)
        if found.steps and not try_only:
            journal.write(
                connection, home.office.profile.id, at=at, who=who, what=CHANGED, subject=path.name,
                detail=_summary(found.changes),
            )  # fmt: skip
            folder.put(before, after)
    return tuple(found.changes)


def _summary(changes: Iterable[Change]) -> dict[str, Any]:
    """For the journal: who and which columns, without what stands in them; telephones are nobody's business there."""
    changes = tuple(changes)
    told = dict.fromkeys(
        f"{one.lembar}: {one.siapa} {one.apa}" + f" ({one.kolom})" * bool(one.kolom) for one in changes
    )
    return {"jumlah": dict(Counter(one.apa for one in changes)), "perubahan": list(told)}


def _compared(files: OfficeFiles, lines: Mapping[str, list[Line]], on: dt.date) -> Found:
    """What the sheets that could be read say against the files."""
    found = Found()
    compare = {
        KANTOR: partial(_profile, files), PEJABAT: partial(compare_holders, files, on), ALAMAT: partial(compare_addresses, files),
        KONTAK: partial(compare_contacts, files), LIBUR: partial(_holidays, files), WILAYAH: partial(_area, files),
    }  # fmt: skip
    for lembar, work in compare.items():
        if lembar.nama in lines:
            work(lines[lembar.nama], found)
    if KELOMPOK.nama in lines and ALAMAT.nama in lines:
        compare_groups(files, lines[KELOMPOK.nama], lines[ALAMAT.nama], found)
    return found


# --- Kantor --------------------------------------------------------------------------------------------------------


def _profile(files: OfficeFiles, lines: list[Line], found: Found) -> None:
    keys = {label: key for key, (label, _) in PROFILE.items()}
    given: dict[str, Line] = {}
    for line in lines:
        label = line.text("Isian")
        if label not in keys or keys[label] in given:
            found.fault(line.row.place("Isian"), f"{label!r} tidak dikenal atau ditulis dua kali.", RESTORE)
        else:
            given[keys[label]] = line
    for key, (label, _) in PROFILE.items():
        if key not in given:
            found.fault("lembar Kantor", f"baris {label} hilang.", RESTORE)
            continue
        old, new = files.profile_value(key), given[key].text("Nilai")
        if old and not new and key in files.profile.printed:
            found.fault(given[key].row.place("Nilai"), "dikosongkan, padahal dicetak di setiap surat.", "Isi lagi.")
        elif old != new:
            change = Change("Kantor", EDITED, label, "Nilai", old, new)
            found.change(change, PROFILE_FILE, partial(Page.set_key, dotted=key, value=new))


# --- Libur ---------------------------------------------------------------------------------------------------------


def _holidays(files: OfficeFiles, lines: list[Line], found: Found) -> None:
    old = {day.tanggal: (n, day) for n, day in enumerate(files.libur.libur)}
    given: dict[dt.date, OwnLibur] = {}
    before = len(found.faults)
    for line in lines:
        said = line.text("libur").casefold() or "ya"
        if said not in ("ya", "tidak"):
            found.fault(line.row.place("Libur"), f"{said!r} tidak dikenal.", "Tulis ya atau tidak.")
            continue
        data = {"tanggal": line.values["tanggal"], "nama": line.values["nama"], "libur": said == "ya"}
        if day := found.model(OwnLibur, data, line, LIBUR):
            if day.tanggal in given:
                found.fault(
                    line.row.place("Tanggal"), f"{tanggal(day.tanggal)} tertulis dua kali.", "Hapus salah satu."
                )
            given[day.tanggal] = day
    if len(found.faults) > before:
        return
    for day in given.values():
        if day.tanggal not in old:
            change = Change("Libur", ADDED, tanggal(day.tanggal), "", "", _told_day(day))
            found.change(change, DAYS_OFF, partial(Page.add, name="libur", values=day.model_dump()))
        elif (was := old[day.tanggal][1]) != day:
            change = Change("Libur", EDITED, tanggal(day.tanggal), "Nama", _told_day(was), _told_day(day))
            values = {"nama": day.nama, "libur": day.libur}
            edit = partial(Page.edit, name="libur", n=old[day.tanggal][0], values=values)
            found.change(change, DAYS_OFF, edit)
    for n, day in sorted(old.values(), key=lambda one: one[0], reverse=True):  # from behind: places stay as they are
        if day.tanggal not in given:
            change = Change("Libur", REMOVED, tanggal(day.tanggal), "", _told_day(day), "")
            found.change(change, DAYS_OFF, partial(Page.remove, name="libur", n=n))


def _told_day(day: OwnLibur) -> str:
    return day.nama if day.libur else f"{day.nama} (tetap hari kerja)"


# --- Wilayah -------------------------------------------------------------------------------------------------------


def _area(files: OfficeFiles, lines: list[Line], found: Found) -> None:
    places = {
        desa.kode: (n, m, kecamatan.nama, desa)
        for n, kecamatan in enumerate(files.area.kecamatan)
        for m, desa in enumerate(kecamatan.desa)
    }
    seen = set[str]()
    for line in lines:
        code = line.text("kode")
        if code not in places or code in seen:
            what = f"kode {code!r} tidak ada di wilayah ini atau ditulis dua kali."
            found.fault(
                line.row.place("Kode"), what, "Kembalikan kodenya; desa hasil pemekaran ditulis di wilayah.toml."
            )
            continue
        seen.add(code)
        n, m, district, was = places[code]
        if line.text("Kecamatan") not in ("", district):
            what = f"kolom ini hanya dibaca; tertulis {district}."
            found.fault(line.row.place("Kecamatan"), what, "Kembalikan, atau ubah `nama` kecamatannya di wilayah.toml.")
        desa = found.model(type(was), {key: line.values[key] for key in ("kode", "nama", "tps")}, line, WILAYAH)
        for key in ("nama", "tps") if desa else ():
            if getattr(was, key) != (new := getattr(desa, key)):
                change = Change(
                    "Wilayah", EDITED, f"{was.nama}, {district}", WILAYAH.kolom_of(key), spoken(getattr(was, key)), spoken(new)
                )  # fmt: skip
                edit = partial(Page.edit_inner, name="kecamatan", n=n, inner="desa", m=m, values={key: new})
                found.change(change, AREA, edit)
    for code in places:
        if code not in seen:
            found.fault("lembar Wilayah", f"baris {code} ({places[code][3].nama}) hilang.", RESTORE)
