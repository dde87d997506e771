"""The command `tahapan`. Commands that need no Prefect do not import it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deployments.commands import calendar, duties, letters, running
from deployments.context import PLACE
from deployments.printing import tell, tell_error
from tahapan.errors import TahapanError

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
duties.register(app)
app.add_typer(calendar.app, name="calendar")
app.add_typer(letters.app, name="letter")


def main() -> None:
    """Run; exit 0 done, 1 refused with a reason, 2 wrong usage."""
    try:
        app()
    except TahapanError as error:
        tell_error(error)
        sys.exit(1)
    except KeyboardInterrupt:
        tell("Dihentikan.")
        sys.exit(130)
    except BrokenPipeError:  # `tahapan due | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
