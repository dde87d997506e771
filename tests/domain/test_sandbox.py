"""Templates that staff may edit: what they cannot reach, and what they cannot use up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tahapan.errors import DataError
from tahapan.letters.wording import environment, render, render_line

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ isi.__init__ }}",
    "{{ isi._rahasia }}",
    "{{ kantor.nama.format(isi) }}",
    "{{ '%1000000s' % 1 }}",
    "{{ isi.daftar.append('x') }}",
    "{{ isi.daftar.clear() }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ isi | attr('__class__') }}",
    "{{ 'a' | center(100000000) }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../pyproject.toml' %}",
    "{% extends 'tidak-ada.md.j2' %}",
    "{% import 'os' as os %}{{ os.environ }}",
]
BOMBS = {
    "nested loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "loops that write": "{% for a in range(99999) %}" + "x" * 1000 + "{% endfor %}",
    "loops into a variable": "{% set x %}{% for a in range(99999) %}" + "x" * 1000 + "{% endfor %}{% endset %}",
    "doubling": "{% set x = 'aaaaaaaaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40,
    "adding": "{% set x = isi.teks %}" + "{% set x = x + x %}" * 40,
    "times": "{{ isi.teks * 1000000000 }}",
    "lists": "{% set x = [1] %}" + "{% set x = x + x %}" * 40,
    "joining": "{% set x = isi.teks %}" + "{% set x = [x, x] | join %}" * 40,
    "power": "{{ 9 ** 9 ** 9 ** 9 }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a macro that calls itself twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}",
    "shifting numbers": "{% set ns = namespace(x=3) %}{% for a in range(9999) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
}


class Isi:
    teks = "abcdefghij"
    daftar = ("satu", "dua")
    _rahasia = "rahasia"


@pytest.fixture
def made(tmp_path: Path):
    def make(source: str) -> str:
        (tmp_path / "surat.md.j2").write_text(source, "utf-8")
        return render(environment(tmp_path), "surat.md.j2", {"isi": Isi(), "kantor": Isi()})

    return make


@pytest.mark.parametrize("source", ESCAPES)
def test_a_template_reaches_no_file_no_private_attribute_and_nothing_dangerous(made, source: str):
    with pytest.raises(DataError, match=r"surat\.md\.j2"):
        made(source)


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_template_that_takes_too_much_is_stopped_and_named(made, source: str):
    """Within the limit of time, and long before the memory is full."""
    began = time.monotonic()
    with pytest.raises(DataError, match=r"surat\.md\.j2"):
        made(source)
    assert time.monotonic() - began < 8


def test_a_line_of_front_matter_has_the_same_limits(tmp_path: Path):
    with pytest.raises(DataError, match="contoh, hal"):
        render_line(environment(tmp_path), BOMBS["nested loops"], {}, "contoh, hal")


def test_a_stopped_template_leaves_the_next_one_its_whole_budget(made):
    """637 polling stations with three columns are no bomb."""
    with pytest.raises(DataError):
        made(BOMBS["loops that write"])
    rows = made("{% for n in range(637) %}| {{ n }} | {{ isi.teks }} | {{ isi.daftar | join(', ') }} |\n{% endfor %}")
    assert rows.count("\n") == 637
