"""`claim`: who works on a duty, so that two clerks do not write one letter."""

from __future__ import annotations

from typing import Annotated

import typer

from deployments.commands.duties import On
from deployments.context import work
from deployments.printing import put


def register(app: typer.Typer) -> None:
    """Put it at the top level."""
    app.command()(claim)


def claim(
    duty: Annotated[str, typer.Argument(metavar="BUTIR", help="Id butir, seperti V12.rakor-stakeholder.")],
    oleh: Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang mengerjakan.")] = "",
    lepas: Annotated[bool, typer.Option("--lepas", help="Tidak jadi dikerjakan.")] = False,
    alasan: Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Mengapa diambil alih dari orang lain.")] = "",
    on: On = None,
) -> None:
    """Katakan siapa yang sedang mengerjakan sebuah butir."""
    from tahapan import claims

    now = work(on)
    wanted = now.plan.duty(duty)
    if lepas:
        before = claims.release(now.home, now.plan, wanted, oleh, now.on, now.at)
        put(f"{duty} dilepas (tadinya {before})." if before else f"{duty} memang tidak sedang dikerjakan siapa pun.")
        return
    put(f"{duty} sedang dikerjakan {claims.claim(now.home, now.plan, wanted, oleh, now.on, now.at, alasan)}.")
