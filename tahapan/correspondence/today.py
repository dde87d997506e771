"""What the post wants said in the brief of a day: copies that wait for a person, answers that are waited for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from tahapan.correspondence.answers import awaited
from tahapan.dates import tanggal
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.post import outbox

SOON = dt.timedelta(days=1)


def lines(home: Home, plan: Plan, on: dt.date) -> Iterator[str]:
    """Sentences; of answers those due today or tomorrow, and the late ones. Dispositions are duties, and told as such."""
    wanting = outbox.copies(home, plan, keadaan=(outbox.TIDAK_PASTI, outbox.GAGAL))
    for letter, count in Counter(copy.surat for copy in wanting).items():
        yield f"Surat {letter}: {count} salinan tidak pasti atau gagal dikirim; putuskan di halaman Kirim."
    if printed := len(outbox.printed(home, plan)):
        yield f"{printed} salinan tercetak menunggu diantar; cetak per rute di halaman Kirim."
    for waited in awaited(home, plan):
        if not waited.closed and waited.sampai <= on + SOON:
            word = "belum dijawab; batasnya" if waited.late(on) else "dijawab paling lambat"
            some = f" ({len(waited.answers)} dari {waited.penerima} menjawab)" if waited.penerima > 1 else ""
            yield f"Surat {waited.row.nomor}, {waited.row.hal}: {word} {tanggal(waited.sampai)}{some}."
