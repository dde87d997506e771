"""Jinja for the words of letters and screens: sandboxed, strict, and Markdown-safe."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, nodes
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from tahapan import dates
from tahapan.errors import DataError, Problem
from tahapan.letters.kinds import KindFile
from tahapan.letters.sandbox import Sandbox
from tahapan.letters.text import escape_markdown, unescape_markdown
from tahapan.reading import read_text, shown
from tahapan.sebutan import Sebutan

LETTER_NAMES = frozenset(
    [
        "kantor",
        "wilayah",
        "pemilihan",
        "tahapan",
        "tugas",
        "tanggal_surat",
        "dasar",
        "hukum",
        "sebutan",
        "petugas",
        "isi",
        "nama_tahapan",
        "jadwal",
    ]
)


@lru_cache(maxsize=8)
def environment(*folders: Path) -> Sandbox:
    """Templates of these folders, the first folder wins; every value printed is escaped for Markdown.

    One for all who ask: what it has compiled is kept until the file changes.
    """
    loader: BaseLoader = ChoiceLoader([_WithoutFrontMatter(folder) for folder in folders])
    environment = Sandbox(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        tanggal=dates.tanggal,
        hari_tanggal=dates.hari_tanggal,
        jam=dates.jam,
        terbilang=terbilang,
        romawi=_romawi,
    )
    return environment


def _romawi(month: int) -> str:
    return dates.ROMAWI[month - 1]


class _WithoutFrontMatter(FileSystemLoader):
    def get_source(self, environment: Any, template: str) -> Any:
        source, path, fresh = super().get_source(environment, template)
        parts = re.split(r"^\+\+\+\s*$", source, maxsplit=2, flags=re.MULTILINE)
        return parts[-1].lstrip("\n"), path, fresh


def _printed(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    return Markup(escape_markdown(str(value)))  # noqa: S704 - escaped for Markdown, not for HTML


@cache
def terbilang(number: int) -> str:
    """``3`` -> ``tiga``."""
    from num2words import num2words  # slow to import

    return num2words(number, lang="id")


def check_template(file: KindFile, sebutan: Sebutan, laws: Iterable[str]) -> list[Problem]:
    """What is wrong with the words of a kind before any letter is made from it.

    Undeclared fields and names, laws that do not exist, and literal words that the table of words must give.
    """
    where = shown(file.path)
    fields = {field.id for field in file.kind.fields}
    subject = _check(file.kind.hal, 0, where, fields, sebutan, laws)
    body = _check(file.body, file.before, where, fields, sebutan, laws)
    at_subject = (
        replace(fault, where=f"{where}, kunci hal") if fault.where.startswith(f"{where}, baris") else fault
        for fault in subject
    )
    return list(dict.fromkeys((*at_subject, *body)))


def check_shared(path: Path, fields: Collection[str], sebutan: Sebutan, laws: Iterable[str]) -> list[Problem]:
    """The same for a template that kinds extend or import; ``fields``: of all kinds, since any may use it."""
    return list(dict.fromkeys(_check(read_text(path), 0, shown(path), fields, sebutan, laws)))


def prints_law(source: str) -> bool:
    """Whether the template has the law of the duty in it: ``dasar``, or ``dasar_hukum`` of ``_bagian``."""
    return _named(source).law


_LAW = {"dasar", "dasar_hukum"}


@dataclass(frozen=True, slots=True)
class _Named:
    """What a template names: with their lines its ``isi.<field>`` and its unknown names; the ids of laws."""

    fields: tuple[tuple[int, str], ...]
    unknown: tuple[tuple[int, str], ...]
    cited: tuple[str, ...]
    law: bool


@lru_cache(maxsize=1024)
def _named(source: str) -> _Named:
    """Read once for each text: the files of an office change often, the words of its letters hardly ever."""
    tree = environment().parse(source)
    names, attributes = list(tree.find_all(nodes.Name)), list(tree.find_all(nodes.Getattr))
    fields = (each for each in attributes if isinstance(each.node, nodes.Name) and each.node.name == "isi")
    known = LETTER_NAMES | _defined(tree, names) | _GLOBALS
    unknown = (name for name in names if name.ctx == "load" and name.name not in known)
    return _Named(
        tuple((each.lineno, each.attr) for each in fields),
        tuple((name.lineno, name.name) for name in unknown),
        tuple(_cited(tree)),
        any(name.name in _LAW for name in names) or any(each.attr in _LAW for each in attributes),
    )


def _check(
    source: str, before: int, where: str, fields: Collection[str], sebutan: Sebutan, laws: Iterable[str]
) -> Iterable[Problem]:
    try:
        named = _named("\n" * before + source)
    except TemplateError as error:
        at = f"{where}, baris {getattr(error, 'lineno', '?')}"
        yield Problem(at, f"templat rusak ({error}).", "Periksa kurung {{ }} dan {% %} di sana.")
        return
    yield from _unknown_names(named, fields, where)
    for law in named.cited:
        if law not in laws:
            yield Problem(where, f"hukum {law!r} tidak dikenal.", "Periksa id-nya dalam laws.toml.")
    for fault in sebutan.literal_words(source):
        yield Problem(where, f"memuat kata {fault.word!r}.", f"Pakai {fault.use}.")


def _unknown_names(named: _Named, fields: Collection[str], where: str) -> Iterable[Problem]:
    for line, field in named.fields:
        if field not in fields:
            remedy = f"Daftarkan di [[fields]]; yang ada: {', '.join(sorted(fields)) or 'tidak ada'}."
            yield Problem(f"{where}, baris {line}", f"rincian {field!r} tidak dikenal.", remedy)
    for line, name in named.unknown:
        yield Problem(f"{where}, baris {line}", f"nama {name!r} tidak dikenal.", "Lihat daftar nama di CONTRIBUTING.")


def _defined(tree: nodes.Template, names: Iterable[nodes.Name]) -> set[str]:
    defined = {name.name for name in names if name.ctx != "load"}
    defined |= {block.target for block in tree.find_all(nodes.Import)} | {"loop", "super", "self", "caller", "varargs"}
    defined |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return defined | {
        name if isinstance(name, str) else name[1] for block in tree.find_all(nodes.FromImport) for name in block.names
    }


_GLOBALS = {"range", "namespace"}


def _cited(tree: nodes.Template) -> Iterable[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "hukum" and call.args:
            argument = call.args[0]
            if isinstance(argument, nodes.Const):
                yield str(argument.value)


def render(environment: Sandbox, template: str, context: Mapping[str, Any]) -> str:
    """The finished Markdown; DataError naming template, line and value when one is missing."""
    try:
        return environment.written(lambda: environment.get_template(template).generate(**context))
    except (UndefinedError, TemplateError) as error:
        raise _template_error(template, error) from None


def render_line(environment: Sandbox, source: str, context: Mapping[str, Any], where: str) -> str:
    """A one-line template of front matter, as plain text."""
    try:
        text = environment.written(lambda: environment.from_string(source).generate(**context))
    except (UndefinedError, TemplateError) as error:
        raise _template_error(where, error) from None
    return unescape_markdown(" ".join(text.split()))


def _template_error(where: str, error: Exception) -> DataError:
    return DataError(Problem(f"templat {where}", f"tidak dapat diisi ({error}).", "Periksa rincian dan templatnya."))
