"""The office's own files as text and as data: changed one entry at a time, so that remarks and order stay."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import tomlkit
from pydantic import BaseModel
from tomlkit.exceptions import TOMLKitError

from tahapan.directory import AreaFile, DirectoryFile
from tahapan.errors import DataError, MachineError, Problem
from tahapan.libur import LiburFile
from tahapan.office import PeopleFile, Profile, load_office
from tahapan.reading import parse, parse_toml, read_text, shown

PROFILE, PEOPLE, DIRECTORY, AREA, DAYS_OFF = "kantor.toml", "pejabat.toml", "alamat.toml", "wilayah.toml", "libur.toml"
NAMES = (PROFILE, PEOPLE, DIRECTORY, AREA, DAYS_OFF)
_BOM = b"\xef\xbb\xbf"
_WIDTH = 118
M = TypeVar("M", bound=BaseModel)
Values = Mapping[str, Any]  # key -> value; None takes the key out


class Page:
    """The text of one file, as entries: what stands before the first ``[[name]]``, then each of them.

    An entry is changed alone: tomlkit does not keep every space of a whole file, and what was not touched must keep its
    bytes.
    """

    def __init__(self, text: str) -> None:
        self._parts = re.split(r"(?m)^(?=\[\[\w+\]\][ \t]*(?:#.*)?$)", text)
        self._opened: dict[int, tuple[tomlkit.TOMLDocument, str]] = {}  # entries being changed, and what is behind them

    @property
    def text(self) -> str:
        self._close()
        return "".join(self._parts)

    def edit(self, name: str, n: int, values: Values) -> None:
        """Change keys of the n-th ``[[name]]``."""
        self._change(name, n, lambda entry: _set(entry, values))

    def edit_inner(self, name: str, n: int, inner: str, m: int, values: Values) -> None:
        """Change keys of the m-th table in the list ``inner`` of the n-th ``[[name]]``."""
        self._change(name, n, lambda entry: _set(entry[inner][m], values))

    def add(self, name: str, values: Values) -> None:
        """A new ``[[name]]`` behind the last one; what stands there about the next entry stays with that."""
        given = {key: value for key, value in values.items() if value is not None}
        width = max(map(len, given))
        entry = "".join(f"{key.ljust(width)} = {_written(value)}\n" for key, value in given.items())
        self._close()
        places = self._places(name)
        at = places[-1] if places else len(self._parts) - 1
        own, rest = _own_lines(self._parts[at]) if places else (self._parts[at].rstrip("\n") + "\n", "")
        self._parts[at] = f"{own}\n"
        self._parts.insert(at + 1, f"[[{name}]]\n{entry}{rest}")

    def remove(self, name: str, n: int) -> None:
        """Take the n-th ``[[name]]`` out; what stands behind it about the next entry stays."""
        self._close()
        at = self._places(name)[n]
        self._parts[at] = _own_lines(self._parts[at])[1].lstrip("\n")

    def set_key(self, dotted: str, value: str) -> None:
        """Set a key outside all entries: ``tempat``, ``kop.alamat``."""
        *tables, key = dotted.split(".")

        document = tomlkit.parse(self._parts[0])
        table: Any = document
        for inner in tables:
            table = table[inner]
        _set(table, {key: value})
        self._parts[0] = _dumped(document)

    def _places(self, name: str) -> list[int]:
        return [n for n, part in enumerate(self._parts) if part.startswith(f"[[{name}]]")]

    def _change(self, name: str, n: int, change: Callable[[Any], None]) -> None:
        at = self._places(name)[n]
        if at not in self._opened:
            own, rest = _own_lines(self._parts[at])
            self._opened[at] = tomlkit.parse(own), rest
        entry: Any = self._opened[at][0][name]
        change(entry[0])

    def _close(self) -> None:
        for at, (document, rest) in self._opened.items():
            self._parts[at] = _dumped(document) + rest
        self._opened.clear()


def _dumped(document: tomlkit.TOMLDocument) -> str:
    """The text again, with the spaces that tomlkit loses or leaves over in inline tables."""
    return re.sub(r"(?<=\d{4}-\d\d-\d\d)\}|(?<=\S)  +\}", " }", tomlkit.dumps(document))


def _set(table: Any, values: Values) -> None:
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = tomlkit.value(_written(value))


def _own_lines(entry: str) -> tuple[str, str]:
    """An entry without the empty lines and remarks behind it, and those."""
    lines = entry.splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
    while last + 1 < len(lines) and lines[last + 1].strip():  # a remark right under it is still its own
        last += 1
    own = "".join(lines[: last + 1])
    return own if own.endswith("\n") else own + "\n", "".join(lines[last + 1 :])


def _written(value: Any) -> str:
    """A value as the files write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)  # a TOML string is quoted as JSON's
        case dt.date():
            return value.isoformat()
        case dict():
            inner = (f"{key} = {_written(one)}" for key, one in value.items() if one is not None)
            return "{ " + ", ".join(inner) + " }"
        case list():
            return _listed([_written(one) for one in value], tables=any(isinstance(one, dict) for one in value))
        case _:
            return str(value)


def _listed(items: list[str], *, tables: bool) -> str:
    """One line where it fits; tables one on each line."""
    line = f"[{', '.join(items)}]"
    if len(items) <= 1 or (not tables and len(line) < _WIDTH - len("anggota = ")):
        return line
    lines = list[str]()
    for item in items:
        if lines and not tables and len(lines[-1]) + len(item) + 2 < _WIDTH:
            lines[-1] += f" {item},"
        else:
            lines.append(f"  {item},")
    return "\n".join(["[", *lines, "]"])


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one entry: the file, and what to do to its page."""

    file: str
    do: Callable[[Page], None]


@dataclass(frozen=True)
class OfficeFiles:
    """The files that people fill in, as they are at one moment."""

    folder: Path
    texts: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> OfficeFiles:
        """DataError for every fault of the folder."""
        load_office(folder)
        there = (name for name in NAMES if name != DAYS_OFF or (folder / name).is_file())
        return cls(folder, {name: read_text(folder / name).replace("\r\n", "\n") for name in there})

    def after(self, steps: Iterable[Step]) -> OfficeFiles:
        """The files with these changes, checked as a whole; DataError when a file is written in a way we cannot."""
        pages = {name: Page(text) for name, text in self.texts.items()}
        for step in steps:
            try:
                step.do(pages.setdefault(step.file, Page("")))
            except (TOMLKitError, LookupError, TypeError, ValueError):
                raise self._by_hand(step.file) from None
        changed = OfficeFiles(self.folder, {name: page.text for name, page in pages.items()})
        load_office(self.folder, changed.texts)
        _ = changed.libur
        return changed

    def _by_hand(self, name: str) -> DataError:
        where = shown(self.folder / name)
        return DataError(Problem(where, "ditulis dengan cara yang tidak dapat diubah sendiri.", "Ubah dengan tangan."))

    def checked(self, steps_left: Iterable[Step]) -> OfficeFiles:
        """Itself, when nothing is left to change; what was written is then what was wanted."""
        if left := next(iter(steps_left), None):
            raise self._by_hand(left.file)
        return self

    @cached_property
    def profile(self) -> Profile:
        return self._data(Profile, PROFILE)

    @cached_property
    def people(self) -> PeopleFile:
        return self._data(PeopleFile, PEOPLE)

    @cached_property
    def directory(self) -> DirectoryFile:
        return self._data(DirectoryFile, DIRECTORY)

    @cached_property
    def area(self) -> AreaFile:
        return self._data(AreaFile, AREA)

    @cached_property
    def libur(self) -> LiburFile:
        return self._data(LiburFile, DAYS_OFF)

    def profile_value(self, dotted: str) -> str:
        value: Any = self.profile
        for key in dotted.split("."):
            value = getattr(value, key)
        return value

    def _data(self, model: type[M], name: str) -> M:
        where = shown(self.folder / name)
        return parse(model, parse_toml(self.texts.get(name, ""), where), where)


class Replacing:
    """Files put in the place of others; put back when what belongs to them fails."""

    def __init__(self) -> None:
        self._old: list[tuple[Path, bytes | None]] = []

    def put(self, before: OfficeFiles, after: OfficeFiles) -> None:
        """Write what differs: all new files beside the old ones first, then one after another into place."""
        changed = {name: text for name, text in after.texts.items() if text != before.texts.get(name)}
        halves: dict[Path, Path] = {}
        try:
            for name, text in changed.items():
                path = before.folder / name
                halves[path] = path.with_name(f".{name}.{os.getpid()}.baru")
                old = path.read_bytes() if path.is_file() else None
                _write_whole(halves[path], _as_before(text, old or b""))
                if old is not None:
                    shutil.copymode(path, halves[path])
            for path, half in halves.items():
                self._old.append((path, path.read_bytes() if path.is_file() else None))
                half.replace(path)
        except OSError as error:
            raise MachineError(
                Problem(str(before.folder), f"tidak dapat ditulis ({error.strerror}).", "Periksa izin dan ruang disk.")
            ) from None
        finally:
            for half in halves.values():
                half.unlink(missing_ok=True)

    def back(self) -> None:
        for path, content in reversed(self._old):
            with suppress(OSError):
                path.unlink() if content is None else _write_whole(path, content)


@contextmanager
def replacing() -> Generator[Replacing]:
    """Opened around the transaction: when that fails, at the commit too, the old files are back."""
    files = Replacing()
    try:
        yield files
    except BaseException:
        files.back()
        raise


def _as_before(text: str, old: bytes) -> bytes:
    """With the line ends and the mark that the file had: Notepad writes both."""
    content = text.replace("\n", "\r\n") if b"\r\n" in old else text
    return (_BOM if old.startswith(_BOM) else b"") + content.encode()


def _write_whole(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
