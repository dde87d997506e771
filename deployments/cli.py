"""The command `tahapan`. Commands that need no Prefect do not import it."""

from __future__ import annotations

import gc

gc.disable()  # of the start of a command, a tenth went into looking for garbage among imported modules

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands import (
    book,
    calendar,
    decisions,
    duties,
    journal,
    letters,
    morning,
    office,
    running,
    ticking,
    voters,
)
from deployments.context import PLACE
from deployments.printing import tell, tell_error
from tahapan.errors import TahapanError

gc.enable()
gc.freeze()

app = typer.Typer(
    name="tahapan",
    help="Tugas kantor pengawas pemilihan, tahapan demi tahapan.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction]
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="FOLDER", help="Rumah tahapan (bawaan: TAHAPAN_HOME atau tahapan-home)."),
    ] = None,
) -> None:
    PLACE.root = home


running.register(app)
office.register(app)
duties.register(app)
ticking.register(app)
morning.register(app)
app.add_typer(calendar.app, name="calendar")
decisions.add_to(letters.app)
book.add_to(letters.app)
app.add_typer(letters.app, name="letter")
app.add_typer(book.app, name="register")
app.add_typer(office.app, name="office")
app.add_typer(journal.app, name="journal")
app.add_typer(decisions.app, name="approver")
app.add_typer(voters.app, name="voters")


STOPPED = 130  # what typer makes of Ctrl+C
UsageError: type[Exception] = typer.BadParameter.__mro__[1]  # typer keeps the name to itself
_SAID = (
    (r"No such option: (\S+)( \(Possible options: (?P<near>.*)\))?", r"pilihan \1 tidak ada."),
    (r"No such command (\S+)\.( Did you mean (?P<near>.*)\?)?", r"perintah \1 tidak ada."),
    (r"Missing command\.", "perintahnya belum ditulis."),
    (r"Missing (?:argument|option) (.+?)\..*", r"\1 belum ditulis."),
    (r"Got unexpected extra argument\S* \((.*)\)", r"kelebihan \1."),
    (r"Option (\S+) requires .*", r"nilai untuk \1 belum ditulis."),
    (r"Invalid value for (.+?): .*", r"nilai untuk \1 tidak dapat dipakai."),
)


def in_indonesian(error: Any) -> str:
    """What typer says of a wrong usage; its own words where it says something new."""
    said, ours = error.format_message(), ""
    for pattern, words in _SAID:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            near = found.groupdict().get("near")
            ours = found.expand(words) + (f" Maksudnya {near}?" if near else "")
            break
    return f"tahapan: {ours or said} Lihat `{error.ctx.command_path if error.ctx else 'tahapan'} --help`."


def main() -> None:
    """Run; exit 0 done, 1 refused with a reason, 2 wrong usage."""
    try:
        if (code := app(prog_name="tahapan", standalone_mode=False)) == STOPPED:
            tell("Dihentikan.")
        sys.exit(code)
    except UsageError as caught:
        error: Any = caught
        tell(error.format_message() if error.message.startswith("Usage:") else in_indonesian(error))
        sys.exit(2)
    except TahapanError as error:
        tell_error(error)
        sys.exit(1)
    except BrokenPipeError:  # `tahapan due | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
