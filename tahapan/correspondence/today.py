"""What the post wants said in the brief of a day: dispositions that are due, answers that are waited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tahapan.correspondence.answers import awaited
from tahapan.correspondence.incoming import book
from tahapan.dates import tanggal
from tahapan.home import Home
from tahapan.plan import Plan

SOON = dt.timedelta(days=1)


def lines(home: Home, plan: Plan, on: dt.date) -> Iterator[str]:
    """Sentences; of what is due today or tomorrow, and of what is late."""
    for each in book(home, plan):
        for given in each.open:
            if given.sampai <= on + SOON:
                role = plan.office.peran[given.peran]
                word = "terlambat, seharusnya" if given.sampai < on else "sampai"
                said = f": {given.catatan}" if given.catatan else ""
                who = role.singkat or role.nama
                yield f"Surat masuk {each.id} ({each.isi.dari}, {each.isi.perihal}): {who} {word} {tanggal(given.sampai)}{said}."
    for waited in awaited(home, plan):
        if not waited.closed and waited.sampai <= on + SOON:
            word = "belum dijawab sejak" if waited.late(on) else "dijawab paling lambat"
            some = f" ({len(waited.answers)} dari {waited.penerima} menjawab)" if waited.penerima > 1 else ""
            yield f"Surat {waited.row.nomor}, {waited.row.hal}: {word} {tanggal(waited.sampai)}{some}."
