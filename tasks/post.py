"""The post: how mail leaves this installation, and one round of sending."""

from __future__ import annotations

import time

from prefect import task
from prefect.cache_policies import NO_CACHE

from tahapan.errors import TahapanError
from tahapan.post.sending import Post, send
from tahapan.settings import read_settings
from tasks.office import home, now, today


@task(name="Kirim surel", task_run_name="Kirim surel", cache_policy=NO_CACHE)
def send_mail() -> tuple[str, bool]:
    """Send what waits, and say what came of it; False where something needs a person."""
    office = home()
    plan = office.plan(office.election)
    try:
        sent = send(office, plan, Post.of(read_settings()), lambda: now(office, plan, today(office)), time.sleep)
    except TahapanError as error:
        return str(error), False
    return str(sent), not (sent.gagal or sent.tidak_pasti)
