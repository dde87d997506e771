"""Words by date: what a thing may be called on the day of the letter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tahapan.elections import Election, Tonggak
from tahapan.reading import load


class Masa(BaseModel):
    """A word from one milestone on; without ``sejak`` it is the word of the beginning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kata: str
    sejak: Tonggak | None = None


class Kata(BaseModel):
    """One thing with its words in the order of time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nama: str
    masa: tuple[Masa, ...] = Field(min_length=1)


class Belum(BaseModel):
    """A word that may not be written before its milestone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pola: str
    sejak: Tonggak
    pakai: str


class Terlarang(BaseModel):
    """A spelling that is never right, and what to write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pola: str
    pakai: str


class Sebutan(BaseModel):
    """The table ``data/sebutan.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kata: tuple[Kata, ...]
    belum: tuple[Belum, ...]
    terlarang: tuple[Terlarang, ...]
    harfiah: tuple[Terlarang, ...]  # literal words a template may not contain: it uses the table
    resmi: tuple[str, ...]  # official wordings in which these words are right at any time

    def on(self, day: dt.date, election: Election) -> dict[str, str]:
        """``{"calon": "bakal pasangan calon", "daftar": "..."}`` as of that day."""
        return {kata.nama: self._word(kata, day, election) for kata in self.kata}

    def _word(self, kata: Kata, day: dt.date, election: Election) -> str:
        word = kata.masa[0].kata
        for masa in kata.masa:
            since = election.milestone(masa.sejak) if masa.sejak else None
            if since and since <= day:
                word = masa.kata
        return word

    def faults(self, text: str, day: dt.date, election: Election, official: tuple[str, ...] = ()) -> Iterator[Fault]:
        """Words in a finished text that may not stand there on that day.

        ``official``: wordings to pass over besides ``resmi`` (names of stages, titles of laws).
        """
        text = _in_one_line(text)
        for rule in self.terlarang:
            for found in re.finditer(rule.pola, text, re.IGNORECASE):
                yield Fault(found.group(0), None, rule.pakai)
        rest = _without(
            text,
            (*self.resmi, *official, *(name for stage in election.stages for name in (stage.nama, stage.nama_resmi))),
        )
        for rule in self.belum:
            since = election.milestone(rule.sejak)
            if since is None or day >= since:
                continue
            for found in re.finditer(rule.pola, rest, re.IGNORECASE):
                yield Fault(found.group(0), since, rule.pakai)

    def literal_words(self, source: str) -> tuple[Fault, ...]:
        """Words a template wrote out instead of asking the table, and spellings that are never right."""
        return _literal_words(source, self.resmi, (*self.harfiah, *self.terlarang))


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong word: as written, since when it would be right (None: never), and what to write."""

    word: str
    since: dt.date | None
    use: str


@lru_cache(maxsize=1024)
def _literal_words(source: str, resmi: tuple[str, ...], rules: tuple[Terlarang, ...]) -> tuple[Fault, ...]:
    rest = _without(_in_one_line(source), resmi)
    return tuple(
        Fault(found.group(0), None, rule.pakai)
        for rule in rules
        for found in re.finditer(rule.pola, rest, re.IGNORECASE)
    )


def _in_one_line(text: str) -> str:
    """So that a line break or a second space inside a wording hides nothing."""
    return " ".join(text.split())


def _without(text: str, phrases: tuple[str, ...]) -> str:
    """Each phrase cut out where it stands as whole words: ``Penetapan DPS`` is no part of ``Penetapan DPSHP``."""
    folded = text.casefold()
    for phrase in sorted({_in_one_line(phrase) for phrase in phrases} - {""}, key=len, reverse=True):
        if phrase.casefold() not in folded:  # of some hundred wordings a letter has a handful
            continue
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", "\0", text, flags=re.IGNORECASE)
    return text


def load_sebutan(path: Path) -> Sebutan:
    return load(Sebutan, path)
