"""What can go wrong, said so that a clerk knows where to look and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is (file, key, row), what is wrong, and the remedy."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.remedy}" if self.remedy else "")

    @property
    def in_a_form(self) -> str:
        """The same for who fills in a form, where the option ``--alasan TEKS`` is the field *Alasan*."""
        said = _OPTION.sub(r"\1", str(self))
        return said[:1].upper() + said[1:]


_OPTION = re.compile(r"--([a-z-]+)(?: [A-Z]{2,})?\b")


class TahapanError(Exception):
    """Base of every error shown to a person; carries all problems found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class DataError(TahapanError):
    """A file or a value given by people is wrong."""


class Refused(TahapanError):
    """A rule of the office or of the law forbids it."""


class NotKnown(TahapanError):
    """An id, name or date that does not exist here."""


class MachineError(TahapanError):
    """The machine is in the way: a port, the disk, a database of another version."""
