"""Laws that enter while letters are under way: drafts are held, sent letters get a supplementary one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from tahapan import journal, register
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import Problem, TahapanError
from tahapan.home import Home
from tahapan.issue import duty_of, named, overtaken_by
from tahapan.laws import Law
from tahapan.outside import nama_of
from tahapan.plan import Plan
from tahapan.register import ENDED, LetterRow
from tahapan.revise import hold, renew, request, write

SUSULAN = "surat-susulan"


def heed(home: Home, plan: Plan, on: dt.date, at: dt.datetime) -> tuple[Problem, ...]:
    """Hold what a law has overtaken since it was drafted; draft a supplement to what had gone out before.

    In a rehearsal a held letter is drafted anew at once, with the law of the day. Safe to repeat. The faults met.
    """
    faults: list[Problem] = []
    book = home.book(plan.election.id)
    answered = {row.item for row in book if row.stage == register.UMUM}
    kinds = home.kinds
    to_supplement = {name for name, file in kinds.items() if file.kind.susulan} if SUSULAN in kinds else set[str]()
    for row in book:
        try:
            if laws := overtaken_by(plan, row, on):
                if row.state != register.HELD:
                    hold(home, plan, row, named(laws), at)
                if home.gladi:
                    renew(home, plan, row.id, "gladi", on, at)
            for law in overtaking(plan, row, on) if row.kind in to_supplement else ():
                if (nama := _name(row, law)) not in answered:
                    _supplement(home, plan, row, law, nama, on, at)
        except TahapanError as error:
            faults += error.problems
    return tuple(faults)


def overtaking(plan: Plan, row: LetterRow, on: dt.date) -> Iterator[Law]:
    """The laws that entered after the letter had gone out and before its stage was over, on its subjects.

    Only what surely entered on one day: nobody is written to about a day that is not known.
    """
    if not (row.ours and row.tanggal and row.state not in ENDED):
        return
    duty = duty_of(plan, row)
    over = duty.stage.selesai or duty.due
    for law in plan.laws.new_between(row.tanggal, on):
        if set(law.pokok) & set(duty.item.dasar) and law.berlaku_paling_awal <= over:
            yield law


def _name(row: LetterRow, law: Law) -> str:
    """One supplement for every letter and law."""
    return nama_of("susulan", row.stage, row.item, law.id)


def _supplement(
    home: Home, plan: Plan, row: LetterRow, law: Law, nama: str, on: dt.date, at: dt.datetime
) -> None:  # fmt: skip
    duty = duty_of(plan, row)
    day = max(on, plan.kalender.shift(law.berlaku_paling_awal, "sesudah"))
    asked = request(
        home, plan, SUSULAN, nama, _values(row, law), kepada=_open_groups(plan, duty, day),
        tembusan=duty.item.tembusan, dasar=duty.item.dasar, tahapan=duty.stage.id, untuk=row.id,
    )  # fmt: skip
    write(home, plan, asked, journal.MACHINE, day, at, drafted_on=on)


def _values(row: LetterRow, law: Law) -> dict[str, object]:
    assert row.tanggal
    since = tanggal(law.berlaku_paling_awal)
    return {
        "surat_nomor": row.nomor,
        "surat_tanggal": row.tanggal.isoformat(),
        "surat_hal": row.hal,
        "hukum_baru": [f"{law.kutipan}, yang berlaku sejak {since}"],
    }


def _open_groups(plan: Plan, duty: Duty, on: dt.date) -> Iterable[str]:
    for group in duty.item.kepada:
        if plan.office.directory.is_open(group, on):
            yield group
        else:
            yield from duty.item.pengganti.get(group, ())
