"""The body of a letter as blocks: one source for PDF, Markdown and Word."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Span(BaseModel):
    """A run of text in one style."""

    model_config = _FROZEN

    text: str
    bold: bool = False
    italic: bool = False


Spans = tuple[Span, ...]


class Paragraph(BaseModel):
    model_config = _FROZEN
    type: Literal["paragraph"] = "paragraph"
    spans: Spans


class Heading(BaseModel):
    """The title of a section of a longer document (``## Judul``)."""

    model_config = _FROZEN

    type: Literal["heading"] = "heading"
    text: str


class ListItem(BaseModel):
    """One entry, with at most one list below it."""

    model_config = _FROZEN

    spans: Spans
    below: NumberedList | None = None


class NumberedList(BaseModel):
    """``number`` prints 1. 2. 3., ``letter`` a. b. c. (lists below a list), ``bullet`` a dash."""

    model_config = _FROZEN

    type: Literal["list"] = "list"
    style: Literal["number", "letter", "bullet"]
    items: tuple[ListItem, ...]


class Table(BaseModel):
    """Header cells, then rows of as many cells; rows are tall where a column is for signatures."""

    model_config = _FROZEN

    type: Literal["table"] = "table"
    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


class Detail(BaseModel):
    model_config = _FROZEN
    label: str
    spans: Spans


class Details(BaseModel):
    """Label : value lines, such as the day, hour and place of a meeting."""

    model_config = _FROZEN

    type: Literal["details"] = "details"
    rows: tuple[Detail, ...]


Block = Annotated[Paragraph | Heading | NumberedList | Table | Details, Field(discriminator="type")]


class Annex(BaseModel):
    """A further page with a title of its own (``Lampiran``)."""

    model_config = _FROZEN

    title: str
    blocks: tuple[Block, ...]
