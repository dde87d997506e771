"""A letter before its approvers: what it asks, and what they say."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from pydantic import BaseModel

from tahapan import approval, codes, register, screens
from tahapan.approval import Answer
from tahapan.errors import TahapanError
from tahapan.store.engine import reading
from tasks.desk import desk_address
from tasks.office import home, now, today


class Question(BaseModel):
    """What the form asks: of whom, under which key, with what to read above it."""

    key: str
    attempt: str
    jabatan: str
    nama: str
    bacaan: str


@task(name="Tanyakan", task_run_name="Siapa berikutnya", cache_policy=NO_CACHE)
def ask(letter_id: str) -> Question | None:
    """The question a letter stands before today; None when it waits for nobody."""
    office, day = home(), today(home())
    plan = office.plan(office.election)
    approval.refresh(office, plan, letter_id, day, now(office, plan, day))
    asked = approval.asked(office, plan, letter_id, day)
    if asked is None:
        return None
    with reading(office.engine) as connection:
        with_code = asked.nama in codes.enrolled(connection, plan.office.profile.id)
    return Question(
        key=asked.key,
        attempt=f"{asked.key}-{len(asked.refused) + 1}",
        jabatan=asked.jabatan,
        nama=asked.nama,
        bacaan=screens.question(office, plan, asked, day, desk_address(), with_code=with_code),
    )


@task(name="Catat keputusan", task_run_name="Catat keputusan", cache_policy=NO_CACHE)
def record(letter_id: str, question: Question, keputusan: str, nama: str, catatan: str, kode: str) -> bool:
    """Take an answer; False when it was refused: the reason stands above the next form."""
    office, day = home(), today(home())
    plan = office.plan(office.election)
    answer = Answer(
        keputusan=keputusan, nama=nama, catatan=catatan, kode=kode, cara="prefect",
        key=question.key, attempt=f"{question.attempt}:{flow_run.id}",
    )  # fmt: skip
    try:
        approval.decide(office, plan, letter_id, answer, day, now(office, plan, day))
    except TahapanError:
        return False
    return True


@task(name="Keadaan surat", task_run_name="Keadaan surat", cache_policy=NO_CACHE)
def outcome(letter_id: str) -> str:
    """What became of the letter, in words."""
    office = home()
    with reading(office.engine) as connection:
        row = register.letter(connection, office.office.profile.id, letter_id)
    return f"Nomor {row.nomor}" if row.numbered else f"{row.state.capitalize()}: {row.note}".rstrip(": ")


def subject_of(letter_id: str) -> str:
    """The letter's subject, for the name of its run; its id when the book does not have it."""
    office = home()
    try:
        with reading(office.engine) as connection:
            return register.letter(connection, office.office.profile.id, letter_id).hal
    except TahapanError:
        return letter_id
