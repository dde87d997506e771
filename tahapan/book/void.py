"""A letter made void: its number stays in the book, with the reason."""

from __future__ import annotations

import datetime as dt

from tahapan import journal, register
from tahapan.book.elsewhere import text_of
from tahapan.errors import Problem, Refused
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.register import ENDED, VOID, LetterRow
from tahapan.store.engine import writing

REJECTED = "ditolak"


def void(home: Home, plan: Plan, letter_id: str, alasan: str, by: str, at: dt.datetime) -> LetterRow:
    """A numbered letter becomes ``batal``, a draft ``ditolak``; files stay. Refused the second time."""
    why, who = text_of(alasan, "--alasan"), text_of(by, "--oleh")
    office = plan.office.profile.id
    with writing(home.engine) as connection:
        row = register.letter(connection, office, letter_id)
        if row.state in ENDED:
            remedy = "Tidak perlu diulangi."
            raise Refused(Problem(f"surat {row.id}", f"sudah {row.state} ({row.note}).", remedy))
        state = VOID if row.numbered else REJECTED
        note = "; ".join(filter(None, (row.note, why)))
        register.set_state(connection, office, row.id, state, note)
        detail = {"alasan": why, "sebelumnya": row.state} | ({"nomor": row.nomor} if row.numbered else {})
        journal.write(connection, office, at=at, who=who, what=state, subject=row.id, detail=detail)
        return register.letter(connection, office, row.id)
