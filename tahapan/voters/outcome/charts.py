"""Findings per kecamatan and kind as one picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FACE = "Liberation Sans"
_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#222222")
"""Paul Tol's *bright* scheme, told apart by colour-blind readers (personal.sron.nl/~pault), and black."""
_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}


@dataclass(frozen=True, slots=True)
class Picture:
    """The same chart twice: for the web and for a report."""

    svg: str
    png: bytes


def per_district(rows: Iterable[tuple[str, str, int]], title: str, source: str, fonts: Path) -> Picture:
    """A stacked bar for each kecamatan. ``rows``: kecamatan, kind, how many; ``source`` stands below; ``fonts``: a folder of them."""
    import vl_convert

    _register(fonts)
    spec = json.dumps(_spec([*rows], title, source))
    return Picture(
        vl_convert.vegalite_to_svg(spec, format_locale=_NUMBERS),
        vl_convert.vegalite_to_png(spec, scale=2, format_locale=_NUMBERS),
    )


@cache
def _register(fonts: Path) -> None:
    import vl_convert

    vl_convert.register_font_directory(str(fonts))


def _spec(rows: Sequence[tuple[str, str, int]], title: str, source: str) -> dict[str, Any]:
    """Vega-Lite: the longest bar on top, the most frequent kind first."""
    by_kind: dict[str, int] = {}
    by_place: dict[str, int] = {}
    for place, kind, n in rows:
        by_kind[kind] = by_kind.get(kind, 0) + n
        by_place[place] = by_place.get(place, 0) + n
    kinds = sorted(by_kind, key=lambda kind: (-by_kind[kind], kind))
    places = sorted(by_place, key=lambda place: (-by_place[place], place))
    values = [{"k": place or "(kosong)", "j": kind, "n": n, "u": kinds.index(kind)} for place, kind, n in rows]
    totals = [{"k": place or "(kosong)", "n": by_place[place]} for place in places]
    axis = {"field": "k", "type": "nominal", "sort": [place or "(kosong)" for place in places], "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": title, "subtitle": source, "anchor": "start", "offset": 12},
        "width": 560,
        "height": {"step": 24},
        "padding": 16,
        "background": "white",
        "config": {
            "font": _FACE, "title": {"fontSize": 16, "subtitleFontSize": 11, "subtitleColor": "#555555", "subtitlePadding": 6},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 220, "domain": False, "ticks": False},
            "legend": {"labelFontSize": 12, "orient": "bottom", "columns": 2, "title": None, "labelLimit": 320},
            "view": {"stroke": None},
        },
        "layer": [
            {
                "data": {"values": values},
                "mark": {"type": "bar"},
                "encoding": {
                    "y": {**axis, "axis": {"labelPadding": 8}},
                    "x": {"field": "n", "type": "quantitative", "title": "Jumlah temuan", "axis": {"format": ",d", "tickMinStep": 1, "gridColor": "#e5e5e5"}},
                    "color": {"field": "j", "type": "nominal", "sort": kinds, "scale": {"domain": kinds, "range": list(_COLOURS * (1 + len(kinds) // len(_COLOURS)))[: len(kinds)]}},
                    "order": {"field": "u", "type": "quantitative"},
                },
            },
            {
                "data": {"values": totals},
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
                "encoding": {"y": axis, "x": {"field": "n", "type": "quantitative"}, "text": {"field": "n", "format": ",d"}},
            },
        ],
    }  # fmt: skip
