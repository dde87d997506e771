"""The shape of a check: what it is given, and the rows it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Given:
    """The standardised table ``l`` (`linking.standard`; beside it ``r`` of another list), the list itself, and voting day."""

    con: duckdb.DuckDBPyConnection
    daftar: str
    on: dt.date


# SQL over two rows ``a`` and ``b`` of ``l``: their names may be one person's in two hands
ALIKE = (
    "(damerau_levenshtein(a.padat, b.padat) <= 2 OR list_has_all(a.kata, b.kata) OR list_has_all(b.kata, a.kata)"
    " OR jaro_winkler_similarity(a.nama, b.nama) >= 0.9)"
)


@dataclass(frozen=True, slots=True)
class Check:
    """``find`` gives a query of ``baris`` (of the list), ``lawan`` (the row it is held against, or NULL), ``level``, ``alasan``,
    ``kebetulan`` (namesakes that chance would give, or NULL). The rows of a check propose; a person decides.
    """

    id: str
    judul: str
    find: Callable[[Given], str]
    place: tuple[
        str, ...
    ] = ()  # what it finds is no person but a place, known by these columns; ``baris`` is a voter of it
