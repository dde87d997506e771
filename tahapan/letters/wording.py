"""Jinja for the words of letters and screens: sandboxed, strict, and Markdown-safe."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, nodes
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from tahapan import dates
from tahapan.errors import DataError, Problem
from tahapan.letters.kinds import KindFile
from tahapan.letters.sandbox import Sandbox
from tahapan.letters.text import escape_markdown
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


def environment(*folders: Path) -> Sandbox:
    """Templates of these folders, the first folder wins; every value printed is escaped for Markdown."""
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


def check_template(environment: Sandbox, file: KindFile, sebutan: Sebutan, laws: Iterable[str]) -> list[Problem]:
    """What is wrong with the words of a kind before any letter is made from it.

    Undeclared fields and names, laws that do not exist, and literal words that the table of words must give.
    """
    where = shown(file.path)
    fields = {field.id for field in file.kind.fields}
    subject = _check(environment, file.kind.hal, 0, where, fields, sebutan, laws)
    body = _check(environment, file.body, file.before, where, fields, sebutan, laws)
    at_subject = (
        replace(fault, where=f"{where}, kunci hal") if fault.where.startswith(f"{where}, baris") else fault
        for fault in subject
    )
    return list(dict.fromkeys((*at_subject, *body)))


def check_shared(
    environment: Sandbox, path: Path, fields: Collection[str], sebutan: Sebutan, laws: Iterable[str]
) -> list[Problem]:
    """The same for a template that kinds extend or import; ``fields``: of all kinds, since any may use it."""
    return list(dict.fromkeys(_check(environment, read_text(path), 0, shown(path), fields, sebutan, laws)))


def prints_law(environment: Sandbox, source: str) -> bool:
    """Whether the template has the law of the duty in it: ``dasar``, or ``dasar_hukum`` of ``_bagian``."""
    tree = environment.parse(source)
    return any(name.name in _LAW for name in tree.find_all(nodes.Name)) or any(
        access.attr in _LAW for access in tree.find_all(nodes.Getattr)
    )


_LAW = {"dasar", "dasar_hukum"}


def _check(
    environment: Sandbox,
    source: str,
    before: int,
    where: str,
    fields: Collection[str],
    sebutan: Sebutan,
    laws: Iterable[str],
) -> Iterable[Problem]:
    try:
        tree = environment.parse("\n" * before + source)
    except TemplateError as error:
        at = f"{where}, baris {getattr(error, 'lineno', '?')}"
        yield Problem(at, f"templat rusak ({error}).", "Periksa kurung {{ }} dan {% %} di sana.")
        return
    yield from _unknown_names(tree, fields, where)
    for law in _cited(tree):
        if law not in laws:
            yield Problem(where, f"hukum {law!r} tidak dikenal.", "Periksa id-nya dalam laws.toml.")
    for fault in sebutan.literal_words(source):
        yield Problem(where, f"memuat kata {fault.word!r}.", f"Pakai {fault.use}.")


def _unknown_names(tree: nodes.Template, fields: Collection[str], where: str) -> Iterable[Problem]:
    for access in tree.find_all(nodes.Getattr):
        if isinstance(access.node, nodes.Name) and access.node.name == "isi" and access.attr not in fields:
            yield Problem(
                f"{where}, baris {access.lineno}",
                f"rincian {access.attr!r} tidak dikenal.",
                f"Daftarkan di [[fields]]; yang ada: {', '.join(sorted(fields)) or 'tidak ada'}.",
            )
    defined = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    defined |= {block.target for block in tree.find_all(nodes.Import)} | {"loop", "super", "self", "caller", "varargs"}
    defined |= {macro.name for macro in tree.find_all(nodes.Macro)}
    defined |= {
        name if isinstance(name, str) else name[1] for block in tree.find_all(nodes.FromImport) for name in block.names
    }
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in LETTER_NAMES | defined and name.name not in _GLOBALS:
            yield Problem(
                f"{where}, baris {name.lineno}",
                f"nama {name.name!r} tidak dikenal.",
                "Lihat daftar nama di CONTRIBUTING.",
            )


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
    return re.sub(r"\\([^\w\s]|_)", r"\1", " ".join(text.split()))


def _template_error(where: str, error: Exception) -> DataError:
    return DataError(Problem(f"templat {where}", f"tidak dapat diisi ({error}).", "Periksa rincian dan templatnya."))
