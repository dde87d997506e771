"""All that belongs to a meeting in one archive, as an auditor asks for it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tahapan import ticking
from tahapan.archive import preview
from tahapan.book.outgoing import replace
from tahapan.characters import no_formula
from tahapan.errors import DataError, Problem
from tahapan.evidence import copies
from tahapan.home import Home
from tahapan.letters.bundle import sha256
from tahapan.plan import Plan
from tahapan.post.envelope import file_name
from tahapan.rakor.prepare import one
from tahapan.store.engine import reading

LIST = "daftar-berkas.csv"
_CLOCK = (1980, 1, 1, 0, 0, 0)  # the earliest day a ZIP can hold: the same files give the same bytes


def write(home: Home, plan: Plan, meeting_id: str, path: Path) -> int:
    """Letters, their signed copies and every piece of evidence of the meeting's duties, with a list of their hashes.

    How many files; the same records give the same bytes.
    """
    one(home, plan, meeting_id)
    if path.suffix.lower() != ".zip":
        raise DataError(Problem(str(path), "bukan .zip.", "Tulis nama berkas berakhiran .zip."))
    files = dict(sorted(_files(home, plan, meeting_id)))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({LIST: _list(files)} | files).items():
            archive.writestr(zipfile.ZipInfo(name, _CLOCK), content)
    replace(path, made.getvalue())
    return len(files)


def _files(home: Home, plan: Plan, meeting_id: str) -> Iterator[tuple[str, bytes]]:
    office = plan.office.profile.id
    rows = [row for row in home.book(plan.election.id) if row.stage == meeting_id and row.numbered and row.ours]
    for row in rows:
        yield f"surat/{row.item}-{file_name(row)}.pdf", preview(home, row).pdf
        with reading(home.engine) as connection:
            signed = copies(connection, office, row.id)
        for n, copy in enumerate(signed, 1):
            yield f"surat/{row.item}-ttd-{n}{_ending(copy.name)}", _kept(home, copy.sha256, copy.name)
    for duty in plan.duties:
        if duty.stage.id != meeting_id:
            continue
        roll = ticking.roll(home, plan, duty)
        pieces = {
            piece.sha256: piece for piece in (*roll.evidence, *(each for post in roll.posts for each in post.evidence))
        }
        for n, piece in enumerate(pieces.values(), 1):
            yield f"bukti/{duty.item.id}-{n}{_ending(piece.name)}", _kept(home, piece.sha256, piece.name)


def _ending(name: str) -> str:
    return Path(name).suffix.lower()


def _kept(home: Home, digest: str, name: str) -> bytes:
    return home.kept(digest, name).read_bytes()


def _list(files: dict[str, bytes]) -> bytes:
    made = io.StringIO()
    table = csv.writer(made)
    table.writerow(("Berkas", "SHA-256", "Ukuran"))
    table.writerows((no_formula(name), sha256(content), len(content)) for name, content in files.items())
    return made.getvalue().encode("utf-8-sig")
