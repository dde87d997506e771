"""Text that comes from people, as it must stand in Markdown to be printed literally."""

from __future__ import annotations

import re


def escape_markdown(value: str) -> str:
    """``value`` such that Markdown prints it literally, wherever in a line it stands."""
    value = re.sub(r"([\\`*_{}\[\]<>|&~#!$^])", r"\\\1", value)
    value = re.sub(r"^(\s*)([-+=:])", r"\1\\\2", value)
    return re.sub(r"^(\s*\d{1,9})([.)])(?=\s|$)", r"\1\\\2", value)


def unescape_markdown(value: str) -> str:
    """Rendered words without the marks of `escape_markdown`, for a place that is no Markdown: a subject, a mail."""
    return re.sub(r"\\([^\w\s]|_)", r"\1", value)
