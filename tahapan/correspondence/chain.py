"""How far a letter has come: number, signature, sending, receipts, answer, its duty closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tahapan.correspondence.answers import Awaited, awaited
from tahapan.dates import tanggal
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post import outbox
from tahapan.post.outbox import BATAL, GAGAL, TERKIRIM, TIDAK_PASTI, Copy
from tahapan.register import ENDED, LetterRow


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the chain: what it is called, whether it is done, how far it is."""

    nama: str
    selesai: bool
    said: str


def steps(row: LetterRow, copies: Iterable[Copy], answer: Awaited | None, on: dt.date) -> tuple[Step, ...]:
    """The links of a numbered letter that is not void, as far as they are known; none for another."""
    if not row.numbered or row.tanggal is None or row.state in ENDED:
        return ()
    rows = [copy for copy in copies if copy.keadaan != BATAL]
    found = [Step("nomor", True, f"{row.nomor}, {tanggal(row.tanggal)}")]
    if rows:
        found += [_sent(rows), _received([copy for copy in rows if not copy.tembusan])]
    if answer:
        late = " (lewat)" if answer.late(on) else ""
        said = f"{len(answer.answers)} dari {answer.penerima}, sampai {tanggal(answer.sampai)}{late}"
        found.append(Step("jawaban", answer.closed, said))
    return tuple(found)


def _sent(rows: list[Copy]) -> Step:
    gone = sum(copy.keadaan == TERKIRIM for copy in rows)
    wrong = {word: n for word in (GAGAL, TIDAK_PASTI) if (n := sum(copy.keadaan == word for copy in rows))}
    said = f"{gone} dari {len(rows)}" + "".join(f", {n} {word}" for word, n in wrong.items())
    return Step("dikirim", gone == len(rows), said)


def _received(rows: list[Copy]) -> Step:
    signed = sum(copy.diterima_on is not None for copy in rows)
    return Step("tanda terima", signed == len(rows), f"{signed} dari {len(rows)}")


def chains(home: Home, plan: Plan, rows: Iterable[LetterRow], on: dt.date) -> Mapping[str, tuple[Step, ...]]:
    """The chains of these letters, by their ids."""
    sent: dict[str, list[Copy]] = {}
    for copy in outbox.copies(home, plan):
        sent.setdefault(copy.surat, []).append(copy)
    asked = {each.row.id: each for each in awaited(home, plan)}
    return {row.id: steps(row, sent.get(row.id, ()), asked.get(row.id), on) for row in rows}


def in_words(chain: Iterable[Step]) -> str:
    """``dikirim 57 dari 58, tanda terima 12 dari 57``; the number stands elsewhere."""
    return ", ".join(f"{step.nama} {step.said}" for step in chain if step.nama != "nomor")
