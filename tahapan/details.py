"""Details of a duty's letter (rincian): one merge of what law, office and forms say, and the forms themselves."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tahapan import journal, progress, register
from tahapan.characters import clean
from tahapan.checklist import Duty, Item
from tahapan.dates import BULAN_TERTULIS, jam, tanggal, wrong_weekdays
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import Home
from tahapan.letters.kinds import Kind, KindFile, LetterField, kind_of, typed
from tahapan.plan import Plan
from tahapan.reading import read_toml, shown
from tahapan.store.engine import reading, writing
from tahapan.store.tables import rincian

Typed = str | Sequence[Sequence[str]]  # what stands in one field of a form: text, or the cells of a table
MOST = 20_000  # characters in one field; a letter of more is an annex


class NotFilled(DataError):
    """What was typed cannot be taken; ``faults`` has the fault of each field by its id."""

    def __init__(self, faults: Mapping[str, Problem]) -> None:
        self.faults = faults
        super().__init__(*faults.values())


# --- what is known ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the duties of one election: forms above the office's files, files above the checklist."""

    folder: Path
    forms: Mapping[str, Mapping[str, Any]]

    def of(self, item: Item) -> dict[str, Any]:
        """All of it; a duty that goes with another takes what that one has where it has nothing itself."""
        return {**self.below(item), **self.forms.get(_key(item), {})}

    def below(self, item: Item) -> dict[str, Any]:
        """The same without the duty's own form."""
        shared = f"{item.stage}.{item.bersama}"
        lent = {**in_file(self.folder, shared), **self.forms.get(shared, {})} if item.bersama else {}
        return {**item.isi, **lent, **in_file(self.folder, _key(item))}

    def missing(self, kinds: Mapping[str, KindFile], item: Item) -> tuple[str, ...]:
        """What the duty's letter still waits for, in office words; empty without an office letter."""
        if not item.letter:
            return ()
        kind = kind_of(kinds, item.letter, f"butir {_key(item)}")
        return tuple(field.label for field in kind.missing(self.of(item)))

    def where(self, item: Item) -> str:
        """Where a person finds what is wrong in them."""
        file = f"kantor/acara/{_key(item)}.toml"
        return f"formulir rincian {_key(item)} atau {file}" if _key(item) in self.forms else file


def known(home: Home, plan: Plan) -> Details:
    """The details of the plan's election, read at once."""
    with reading(home.engine) as connection:
        return read(connection, home, plan)


def read(connection: sa.Connection, home: Home, plan: Plan) -> Details:
    """The same inside a transaction. A field that its template no longer has is passed over: nobody could mend it."""
    place = rincian.c.office == plan.office.profile.id, rincian.c.election == plan.election.id
    rows = connection.execute(sa.select(rincian.c.stage, rincian.c.item, rincian.c.isi).where(*place)).all()
    letters = {_key(item): item.letter for item in plan.items} if rows else {}
    forms: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        letter = letters.get(key := f"{row.stage}.{row.item}")
        fields = {field.id for field in home.kinds[letter].kind.fields} if letter in home.kinds else set[str]()
        forms[key] = {name: value for name, value in json.loads(row.isi).items() if name in fields}
    return Details(home.details, forms)


def in_file(folder: Path, short_key: str) -> dict[str, Any]:
    """What the office wrote down for one duty: ``acara/<stage>.<item>.toml``; empty when there is none."""
    path = folder / f"{short_key}.toml"
    return read_toml(path) if path.is_file() else {}


def check(home: Home, plan: Plan) -> list[Problem]:
    """DataError for details that the kind of their letter does not know or cannot read.

    Returned: files that nothing would read, because no duty of this election has their name.
    """
    items, now = {_key(item): item for item in plan.items}, known(home, plan)
    faults: list[Problem] = []
    idle: list[Problem] = []
    for name in sorted({path.stem for path in home.details.glob("*.toml")} | now.forms.keys()):
        if name not in items:
            near = " atau ".join(f"{name}.toml" for name in get_close_matches(name, items, n=1))
            remedy = f"Maksudnya {near}?" if near else "Ganti namanya, atau biarkan bila untuk pemilihan lain."
            idle.append(Problem(shown(home.details / f"{name}.toml"), "tidak ada butir dengan nama itu.", remedy))
            continue
        try:
            values = {**in_file(home.details, name), **now.forms.get(name, {})}
            if letter := items[name].letter:
                home.kinds[letter].kind.checked(values, now.where(items[name]))
        except DataError as error:
            faults += error.problems
    if faults:
        raise DataError(*faults)
    return idle


def _key(item: Item) -> str:
    return f"{item.stage}.{item.id}"


# --- forms -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Isian:
    """One field of a duty's form, and what stands in it."""

    field: LetterField
    value: Any

    @property
    def id(self) -> str:
        return self.field.id

    @property
    def text(self) -> str:
        """As a person would type it: lists one per line, tables one row per line with ``|`` between the cells."""
        return as_text(self.value, self.field)

    @property
    def contoh(self) -> str:
        return as_text(_plain(self.field.contoh), self.field)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Of a table: its cells as text, in the order of ``field.columns``."""
        return tuple(tuple(_said(row.get(key, "")) for key in self.field.columns) for row in self.value or ())

    @property
    def say(self) -> str:
        """How to fill it in, with an example, for a form that has room for one line below the title."""
        example = self.contoh.splitlines()[0] if self.contoh else ""
        parts = (
            self.hint,
            f"contoh: {example}" if example and self.field.tipe not in ("tanggal", "jam", "angka") else "",
        )
        return "; ".join(filter(None, parts))

    @property
    def hint(self) -> str:
        """How to type it, in a few words."""
        return {
            "teks": "",
            "tanggal": "seperti 21 Agustus 2024",
            "jam": "seperti 09.00",
            "angka": "angka saja",
            "daftar": "satu per baris",
            "tabel": f"satu baris tabel satu baris, antara kolom tanda |: {' | '.join(_heading(key) for key in self.field.columns)}",
        }[self.field.tipe]


def form(home: Home, plan: Plan, duty: Duty) -> tuple[Isian, ...]:
    """Every field the duty's letter declares, with its present value; empty for a duty without a letter."""
    if not duty.item.letter:
        return ()
    values = known(home, plan).of(duty.item)
    kind = kind_of(home.kinds, duty.item.letter, f"butir {duty.short_key}")
    return tuple(Isian(field, values.get(field.id, "")) for field in kind.fields)


def ask(home: Home, plan: Plan, duty: Duty) -> tuple[Isian, ...]:
    """The same for a duty that can still be filled in; Refused with the reason when not."""
    with reading(home.engine) as connection:
        still_open(connection, plan, duty)
    fields = form(home, plan, duty)
    if not fields:
        raise Refused(Problem(f"butir {duty.short_key}", _NOTHING, "Tidak ada yang perlu diisi."))
    return fields


_NOTHING = "tidak punya surat yang menunggu rincian."


def as_text(value: Any, field: LetterField) -> str:
    """A value as a person would type it; what this module reads back."""
    match value:
        case list() if field.tipe == "tabel":
            return "\n".join(" | ".join(_cell(row.get(key, "")) for key in field.columns) for row in value)
        case list():
            return "\n".join(map(str, value))
        case _:
            return _said(value, field.tipe)


def _said(value: Any, tipe: str = "") -> str:
    if isinstance(value, dt.date):
        return tanggal(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):  # a day, kept as JSON
        return tanggal(dt.date.fromisoformat(value))
    if tipe == "jam":
        return jam(value)
    return str(value)


def _cell(value: Any) -> str:
    return _said(value).replace("|", r"\|")


def _heading(key: str) -> str:
    return key.replace("_", " ")


def _plain(contoh: Any) -> Any:
    return list(contoh) if isinstance(contoh, tuple) else contoh


# --- what people type ------------------------------------------------------------------------------


def parse(fields: Iterable[Isian], texts: Mapping[str, Typed]) -> dict[str, Any]:
    """The values of the fields named in ``texts``, "" for what was left empty; NotFilled with all that is wrong."""
    known_fields = {isian.id: isian for isian in fields}
    values: dict[str, Any] = {}
    faults: dict[str, Problem] = {}
    for name, text in texts.items():
        if (isian := known_fields.get(name)) is None:
            faults[name] = Problem(name, "isian ini tidak dikenal.", f"Yang dikenal: {', '.join(known_fields)}.")
            continue
        try:
            values[name] = _value(text, isian)
        except DataError as error:
            faults[name] = error.problems[0]
    if faults:
        raise NotFilled(faults)
    return values


def _value(text: Typed, isian: Isian) -> Any:
    field, where = isian.field, isian.field.label
    length = len(text) if isinstance(text, str) else sum(len(cell) for row in text for cell in row)
    if length > MOST:
        what = f"terlalu panjang ({length} huruf)."
        raise DataError(Problem(where, what, f"Persingkat sampai {MOST} huruf, atau jadikan lampiran."))
    if isinstance(text, str) and " ".join(text.split()) == " ".join(isian.text.split()):
        return isian.value  # untouched: also what its file holds in another form
    value = _read(text, isian)
    return value if value in ("", []) else typed(value, field, where)


def _read(text: Typed, isian: Isian) -> Any:
    field = isian.field
    if field.tipe == "tabel":
        return _rows(text, isian)
    lines = text if isinstance(text, str) else "\n".join(" ".join(row) for row in text)
    if field.tipe == "daftar":
        return [entry for line in lines.splitlines() if (entry := _BULLET.sub("", line).strip())]
    if not (one := " ".join(lines.split())):
        return ""
    match field.tipe:
        case "tanggal":
            return read_day(one, field.label)
        case "jam":
            return read_hour(one, field.label)
        case "angka":
            return _number(one, field.label)
        case _:
            return one


_BULLET = re.compile(r"^\s*(?:[-•*–]|\d{1,2}[.)])\s+")  # as lists come out of WhatsApp and Word
_DAY = re.compile(r"(?:[A-Za-z'’]+\s*,\s*)?(\d{1,2})[\s./-]+([A-Za-z]+|\d{1,2})[\s./,-]+(\d{4})")


def read_day(text: str, where: str) -> dt.date:
    """``21 Agustus 2024``, ``Rabu, 21 Agustus 2024``, ``21/8/2024``, ``2024-08-21``; DataError for any other."""
    asked = "Tulis seperti 21 Agustus 2024 atau 2024-08-21."
    if wrong := next(iter(wrong_weekdays(text)), None):
        raise DataError(Problem(where, f"{wrong[0]!r} tidak cocok: {wrong[1]}.", asked))
    try:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
            return dt.date(*map(int, text.split("-")))
        if found := _DAY.fullmatch(text):
            day, month, year = found.groups()
            return dt.date(int(year), BULAN_TERTULIS.get(month.lower()) or int(month), int(day))
    except ValueError:
        pass
    raise DataError(Problem(where, f"{text[:40]!r} bukan tanggal.", asked))


def read_moment(hari: str, pukul: str, zone: str, where: str) -> dt.datetime:
    """A typed day and hour as a moment in the zone of that name; DataError for what is no day, or no hour."""
    day, hour = read_day(hari.strip(), where), read_hour(pukul.strip(), where)
    return dt.datetime.combine(day, dt.time.fromisoformat(hour), ZoneInfo(zone))


def read_hour(text: str, where: str) -> str:
    """``09.00``, ``pukul 9.00 WIB`` as ``09:00``; DataError for any other."""
    bare = re.sub(r"^(?:pukul|jam)\s+|\s*(?:WIB|WITA|WIT)$", "", text, flags=re.IGNORECASE)
    if not (found := re.fullmatch(r"(\d{1,2})[.:](\d{2})", bare)) or int(found[1]) > 23 or int(found[2]) > 59:
        raise DataError(Problem(where, f"{text[:40]!r} bukan jam.", "Tulis seperti 09.00."))
    return f"{int(found[1]):02d}:{found[2]}"


def _number(text: str, where: str) -> int:
    bare = re.sub(r"(?<=\d)\.(?=\d{3}(?:\D|$))", "", text)  # 1.234 as it is written here
    if not re.fullmatch(r"-?\d{1,12}", bare):
        raise DataError(Problem(where, f"{text[:40]!r} bukan angka bulat.", "Tulis angkanya saja, seperti 637."))
    return int(bare)


def _rows(text: Typed, isian: Isian) -> list[dict[str, Any]]:
    columns, label = isian.field.columns, isian.field.label
    lines = [_cells(line) for line in text.splitlines()] if isinstance(text, str) else text
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(lines, 1):
        bare = [" ".join(cell.split()) for cell in cells]
        if not any(bare):
            continue
        if len(bare) > len(columns):
            what = f"baris {number} punya {len(bare)} kolom, bukan {len(columns)}."
            raise DataError(Problem(label, what, f"Urutannya: {' | '.join(_heading(key) for key in columns)}."))
        pairs = zip(columns, [*bare, *[""] * (len(columns) - len(bare))], strict=True)
        rows.append({key: _read_cell(cell, key, isian, number) for key, cell in pairs})
    return rows


def _cells(line: str) -> list[str]:
    """The cells of a typed row; a row pasted from a spreadsheet has tabs between them."""
    if "\t" in line:
        return line.split("\t")
    return [cell.replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)]


def _read_cell(cell: str, key: str, isian: Isian, number: int) -> Any:
    """Text, or what the column holds elsewhere: a day stays a day, but words may stand for it ("setiap pekan")."""
    there = [row.get(key) for row in (*(isian.value or ()), *_plain(isian.field.contoh))]
    if any(isinstance(other, dt.date) or _said(other) != str(other) for other in there) and cell[-4:].isdigit():
        return read_day(cell, f"{isian.field.label}, baris {number}")
    if cell and any(isinstance(other, int) for other in there):
        return _number(cell, f"{isian.field.label}, baris {number}")
    return cell


# --- filling in ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form was filled in with: whether anything is new, and the labels still missing."""

    changed: bool
    missing: tuple[str, ...]


def fill(home: Home, plan: Plan, duty: Duty, texts: Mapping[str, Typed], oleh: str, at: dt.datetime) -> Filled:
    """Keep what a form was filled in with (`tahapan.day.fill_in` does so and renews the draft).

    Fields that are not among ``texts`` stay as they are. NotFilled with what cannot be read; Refused once the duty is
    closed or its letter has a number. The same answers again change nothing.
    """
    office, who = plan.office.profile.id, clean(oleh, "nama")
    if not who:
        raise DataError(Problem("nama", "belum diisi.", "Tulis siapa yang mengisi rincian."))
    values = parse(ask(home, plan, duty), texts)
    with writing(home.engine) as connection:
        still_open(connection, plan, duty)
        before = read(connection, home, plan)
        after = _changed(before, duty.item, values)
        place = {"office": office, "election": duty.election, "stage": duty.item.stage, "item": duty.item.id}
        now = Details(before.folder, {**before.forms, duty.short_key: after})
        missing = now.missing(home.kinds, duty.item)
        if after == dict(before.forms.get(duty.short_key, {})):
            return Filled(changed=False, missing=missing)
        connection.execute(rincian.delete().where(*(rincian.c[name] == value for name, value in place.items())))
        said = json.dumps(after, ensure_ascii=False, sort_keys=True, default=str)
        connection.execute(rincian.insert().values(**place, isi=said, filled_at=at.isoformat(), filled_by=who))
        old = _json(before.of(duty.item))
        fields = [name for name, value in sorted(_json(now.of(duty.item)).items()) if old.get(name, "") != value]
        journal.write(
            connection, office, at=at, who=who, what="rincian diisi", subject=duty.key, detail={"isian": fields}
        )
        return Filled(changed=True, missing=missing)


def still_open(connection: sa.Connection, plan: Plan, duty: Duty) -> None:
    """Refused when the duty's letter cannot change any more."""
    where, office = f"butir {duty.short_key}", plan.office.profile.id
    row = progress.duty_row(connection, office, duty.election, duty.short_key)
    if row and row.state != "terbuka":
        raise Refused(Problem(where, f"sudah {row.state}.", "Rinciannya tidak diubah lagi."))
    letter = register.latest(connection, office, duty)
    if letter and letter.numbered and letter.state not in register.ENDED:
        what = f"suratnya sudah bernomor {letter.nomor}; rinciannya tidak diubah lagi."
        raise Refused(Problem(where, what, "Bila isinya salah: batalkan suratnya, atau kirim ralat."))


def checked(home: Home, plan: Plan, duty: Duty, values: Mapping[str, Any]) -> dict[str, Any]:
    """The letter's fields as they would be with these answers of its form."""
    kind, now = _kind(home, duty), known(home, plan)
    return kind.checked({**now.of(duty.item), **values}, now.where(duty.item))


def _kind(home: Home, duty: Duty) -> Kind:
    return kind_of(home.kinds, duty.item.letter or "", f"butir {duty.short_key}")


def _changed(before: Details, item: Item, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form keeps: only what differs from the layers below, so that a corrected file still counts."""
    below = before.below(item)
    merged = {**before.forms.get(_key(item), {}), **values}
    return _json(
        {name: value for name, value in merged.items() if _json({"": value}) != _json({"": below.get(name, "")})}
    )


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept: days as text; an absent list is no other answer than an empty one."""
    bare = {name: "" if value in ((), [], None) else value for name, value in values.items()}
    return json.loads(json.dumps(bare, default=str))


def shared_with(plan: Plan, duty: Duty) -> Iterator[Duty]:
    """The duty, and those that take its details where they have none."""
    for other in plan.duties:
        if other.item.stage == duty.item.stage and duty.item.id in (other.item.id, other.item.bersama):
            yield other
