"""Jinja for words that staff may edit: no files, no private attributes, and limits on time and output.

A template is a text of the office, not a program: what it may call is a short list, every loop and every call is
charged to a budget, and a rendering that runs out of it is an error that names the template.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS = 5.0
MOST_OUTPUT = 1_000_000  # characters a rendering may write; a letter has some thousands
MOST_TEXT = 200_000  # characters of one value
MOST_CALLS = 20_000
FILTERS = (
    "capitalize", "count", "d", "default", "e", "escape", "first", "items", "join", "last", "length", "list", "lower",
    "map", "reject", "rejectattr", "round", "safe", "select", "selectattr", "sort", "title", "trim", "unique", "upper",
)  # fmt: skip
STRING_METHODS = frozenset(
    {"capitalize", "endswith", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "title", "upper"}
)
COUNTED = "_dihitung"


class Budget:
    """What one rendering may still spend."""

    def __init__(self) -> None:
        self.until = time.monotonic() + SECONDS
        self.output = MOST_OUTPUT
        self.calls = MOST_CALLS

    def spend(self, output: int = 0, calls: int = 0) -> None:
        self.output -= output
        self.calls -= calls
        if self.output < 0 or self.calls < 0:
            raise SecurityError("templat menghasilkan terlalu banyak")
        if time.monotonic() > self.until:
            raise SecurityError("templat berjalan terlalu lama")


class _Charging(CodeGenerator):
    """Compiles every loop to charge, each time round, for the text inside it."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        for loop in list(node.find_all(nodes.For)):
            inside = sum(len(data.data) for part in loop.body for data in part.find_all(nodes.TemplateData))
            loop.iter = nodes.Filter(loop.iter, COUNTED, [nodes.Const(inside)], [], None, None)
        super().visit_Template(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("environment.limited(")
        super().visit_Concat(node, frame)
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """Use :meth:`written` instead of ``template.render``."""

    code_generator_class = _Charging
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.budget = Budget()
        self.filters = {name: self.filters[name] for name in FILTERS} | {COUNTED: self._counted}
        self.filters["join"] = self._limiting(self.filters["join"])
        self.globals = {name: self.globals[name] for name in ("range", "namespace")}

    def written(self, parts: Callable[[], Iterable[str]]) -> str:
        """The text that a template generates; SecurityError when it takes too much time or space."""
        self.budget = Budget()
        written: list[str] = []
        try:
            for part in parts():
                self.budget.spend(len(part))
                written.append(part)
        except (RecursionError, MemoryError, OverflowError) as error:
            raise SecurityError("templat memanggil dirinya tanpa akhir, atau terlalu besar") from error
        return "".join(written)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr not in STRING_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.budget.spend(calls=1)
        return self.limited(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        both = isinstance(left, int | float) and isinstance(right, int | float)
        if not both and (operator != "+" or type(left) is not type(right)):
            raise SecurityError(f"{operator!r} hanya untuk angka")
        if operator == "**" and (abs(left) > 1000 or abs(right) > 10):
            raise SecurityError("pangkat sebesar itu tidak dihitung")
        return self.limited(super().call_binop(context, operator, left, right))

    def limited(self, value: Any) -> Any:
        """The value, unless it is a text, a list or a number longer than any letter needs."""
        if isinstance(value, str | list | tuple):
            self.budget.spend(output=len(value) // 10)
            if len(value) > MOST_TEXT:
                raise SecurityError("satu nilai templat terlalu panjang")
        if isinstance(value, int) and value.bit_length() > 256:
            raise SecurityError("satu bilangan templat terlalu besar")
        return value

    def _counted(self, many: Iterable[Any], inside: int) -> Iterator[Any]:
        for one in many:
            self.budget.spend(output=inside + 10)
            yield one

    def _limiting(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same filter, refused when it makes too much; told by attributes how Jinja has to call it."""

        def limited(*args: Any, **kwargs: Any) -> Any:
            return self.limited(work(*args, **kwargs))

        for name in vars(work):
            setattr(limited, name, getattr(work, name))
        return limited
