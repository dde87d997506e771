"""The command `tahapan`. Commands that need no Prefect do not import it."""

from __future__ import annotations

import gc

gc.disable()  # of the start of a command, a tenth went into looking for garbage among imported modules

import os
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.context import PLACE
from deployments.printing import tell, tell_error
from tahapan.errors import TahapanError

HERE = {  # a command at the top -> the module that has it
    "demo": "running", "up": "running", "rehearse": "running", "init": "office", "due": "duties", "status": "duties",
    "agenda": "duties", "doctor": "duties", "done": "ticking", "units": "ticking", "claim": "morning",
}  # fmt: skip
GROUPS = {  # a group of commands -> the module that has it
    "calendar": "calendar", "letter": "letters", "register": "book", "office": "office", "journal": "journal",
    "approver": "decisions", "voters": "voters", "nomination": "nomination", "dispute": "disputes",
    "neutrality": "neutrality", "inbox": "inbox", "rakor": "rakor", "post": "post",
}  # fmt: skip


def assembled(words: Sequence[str]) -> typer.Typer:
    """The command with the part that these words ask for, so that `due` starts fast; with all parts for help and errors."""
    app = typer.Typer(
        name="tahapan",
        help="Tugas kantor pengawas pemilihan, tahapan demi tahapan.",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    asked = _first_word(words)
    whole = asked not in HERE and asked not in GROUPS
    for module in dict.fromkeys(HERE.values()):
        if whole or HERE.get(asked) == module:
            _commands(module).register(app)
    for group, module in GROUPS.items():
        if whole or asked == group:
            app.add_typer(_group(group, module), name=group)
    return app


def _first_word(words: Sequence[str]) -> str:
    """The command that is asked for: the first word that is no option and not the folder of ``--home``."""
    rest = iter(words)
    for word in rest:
        if word == "--home":
            next(rest, "")
        elif not word.startswith("-"):
            return word
    return ""


def _commands(module: str) -> Any:
    return import_module(f"deployments.commands.{module}")


@cache
def _group(group: str, module: str) -> typer.Typer:
    found = _commands(module).app
    if group == "letter":
        for more in ("decisions", "book"):
            _commands(more).add_to(found)
    return found


def _root(
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="FOLDER", help="Rumah tahapan (bawaan: TAHAPAN_HOME atau tahapan-home)."),
    ] = None,
) -> None:
    PLACE.root = home


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
        app = assembled(sys.argv[1:])
        gc.enable()
        gc.freeze()
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
