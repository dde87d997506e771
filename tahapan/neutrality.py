"""Incidents of those who must be neutral: from the first information to the reply, each step with its clock, letter, evidence.

The machine judges nobody. The records hold no name: who it is about stands in one private file for each incident
(``rahasia/netralitas/``), and everywhere else there are counts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from tahapan import record, revise
from tahapan.characters import clean, named
from tahapan.clocks import clock, ends
from tahapan.errors import DataError, MachineError, NotKnown, Problem, Refused
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.plan import Plan
from tahapan.private import private_folder, write_private
from tahapan.reading import parse
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing

JENIS = "kejadian"
Kelompok = Literal["asn", "tni", "polri", "kepala-desa", "pejabat"]
# Whom it is referred to (DOMAIN 6): groups and addresses of the office's directory.
REFERRED: Mapping[Kelompok, tuple[str, ...]] = {
    "asn": ("bkn", "bupati"), "tni": ("kodim",), "polri": ("polres",), "kepala-desa": ("bupati",), "pejabat": ("bupati",),
}  # fmt: skip
Langkah = Literal["informasi", "form-a", "laporan", "temuan", "kajian", "diteruskan", "dijawab", "ditutup"]
STEPS: tuple[Langkah, ...] = get_args(Langkah)
NEXT: Mapping[Langkah, tuple[Langkah, ...]] = {
    "informasi": ("form-a", "laporan", "ditutup"), "form-a": ("temuan", "ditutup"), "laporan": ("kajian", "ditutup"),
    "temuan": ("kajian", "ditutup"), "kajian": ("diteruskan", "ditutup"), "diteruskan": ("dijawab",),
    "dijawab": ("ditutup",), "ditutup": (),
}  # fmt: skip
# The clock that runs while an incident stands at a step.
_CLOCKS: Mapping[Langkah, str] = {
    "informasi": "laporan", "form-a": "laporan", "laporan": "kajian", "temuan": "kajian", "diteruskan": "jawaban",
}  # fmt: skip
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Kejadian(BaseModel):
    """An incident without a name: which group, where, when; where it stands and since when; the kajian's added days."""

    model_config = _MODEL

    kelompok: Kelompok
    peristiwa: str
    tempat: str
    hari: dt.date
    langkah: Langkah
    pada: dt.datetime
    nomor: str = ""  # of Form A, of the register, of the kajian, of the letter, of the reply
    catatan: str = ""
    tambahan: int = 0
    bukti: str = ""  # of this step: the hash of its file


class Orang(BaseModel):
    """Who it is about; without an office there is nothing to be neutral in."""

    model_config = _MODEL

    nama: str
    jabatan: str
    instansi: str


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident with the clock that runs for it, if one does."""

    id: str
    versi: int
    isi: Kejadian
    sampai: dt.datetime | None

    def late(self, at: dt.datetime) -> bool:
        return self.sampai is not None and at > self.sampai


def incidents(home: Home, plan: Plan) -> tuple[Incident, ...]:
    """Every incident, in the order in which they became known."""
    with reading(home.engine) as connection:
        rows = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS)
    return tuple(_incident(plan, each) for each in rows)


def _incident(plan: Plan, entry: record.Entry) -> Incident:
    isi = Kejadian.model_validate(dict(entry.isi))
    name = _CLOCKS.get(isi.langkah)
    until = ends(clock(name), isi.pada, plan.kalender, added=isi.tambahan) if name else None
    return Incident(entry.id, entry.versi, isi, until)


def counts(rows: Sequence[Incident]) -> Mapping[tuple[str, str], int]:
    """How many, by group and step: what may be shown anywhere."""
    return Counter((each.isi.kelompok, each.isi.langkah) for each in rows)


def note(
    home: Home, plan: Plan, kelompok: str, peristiwa: str, tempat: str, hari: dt.date, orang: Sequence[Orang], by: str,
    at: dt.datetime,
) -> Incident:  # fmt: skip
    """A first information. DataError for an empty field, for a person without office, and for a name in the open words."""
    who, said = named(by), {"peristiwa": clean(peristiwa, "peristiwa"), "tempat": clean(tempat, "tempat")}
    faults = [Problem(name, "belum diisi.", "Tulis tanpa nama orang.") for name, text in said.items() if not text]
    if kelompok not in REFERRED:
        faults.append(Problem("kelompok", f"{kelompok!r} tidak dikenal.", f"Pilih: {', '.join(REFERRED)}."))
    if hari > at.date():
        faults.append(Problem("hari", "belum lewat.", "Periksa hari kejadiannya."))
    people = [_person(each, faults) for each in orang]
    if not people:
        faults.append(
            Problem("orang", "belum ada.", "Tulis nama, jabatan, dan instansinya; hanya disimpan dalam berkas rahasia.")
        )
    words = " ".join(said.values()).casefold()
    if any(person.nama and person.nama.casefold() in words for person in people):
        faults.append(Problem("peristiwa", "memuat nama orang.", "Nama hanya ditulis pada --orang."))
    if faults:
        raise DataError(*faults)
    isi = Kejadian(kelompok=kelompok, **said, hari=hari, langkah="informasi", pada=at)  # pyright: ignore[reportArgumentType]
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        wanted = record.next_id(connection, office, election, JENIS)
        private_folder(_folder(home))
        content = json.dumps([each.model_dump() for each in people], ensure_ascii=False, indent=1)
        write_private(_file(home, plan, wanted), content.encode())
        entry = record.write(connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at)
    return _incident(plan, entry)


def _person(orang: Orang, faults: list[Problem]) -> Orang:
    cleaned = {name: clean(text, "orang") for name, text in orang.model_dump().items()}
    if not cleaned["nama"]:
        faults.append(Problem("orang", "namanya kosong.", "Tulis NAMA | JABATAN | INSTANSI."))
    elif not (cleaned["jabatan"] and cleaned["instansi"]):
        what = "tidak memegang jabatan: netralitas hanya diwajibkan bagi pemegang jabatan."
        faults.append(Problem("orang", what, "Tulis NAMA | JABATAN | INSTANSI."))
    return Orang(**cleaned)


def step(
    home: Home, plan: Plan, wanted: str, langkah: str, pada: dt.datetime, by: str, at: dt.datetime, *, nomor: str = "",
    catatan: str = "", bukti: Path | Arrival | None = None,
) -> Incident:  # fmt: skip
    """The next step, its moment and (``bukti``) its file. Every step needs the number of what was written, or (closed) the reason.

    *diteruskan* is only noted with the number of the letter that a person signed; it is made by `refer`.
    """
    who, number, note_ = named(by), clean(nomor, "--nomor"), clean(catatan, "--catatan")
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = Kejadian.model_validate(dict(record.latest(connection, office, election, JENIS, wanted).isi))
        record.check_step(f"kejadian {wanted}", f"sampai {old.langkah}", NEXT[old.langkah], langkah, old.pada, pada, at)
        if langkah == "ditutup" and not note_:
            raise DataError(Problem("--catatan", "kosong.", "Tulis mengapa ditutup."))
        if langkah != "ditutup" and not number:
            raise DataError(
                Problem("--nomor", "kosong.", "Tulis nomor Form A, register, kajian, surat, atau jawabannya.")
            )
        digest = _evidence(home, bukti) if bukti else ""
        news = {"langkah": langkah, "pada": pada, "nomor": number, "catatan": note_, "tambahan": 0, "bukti": digest}
        isi = old.model_copy(update=news)
        entry = record.write(
            connection, office, election, JENIS, wanted, isi.model_dump(mode="json"), who, at, alasan=langkah
        )  # fmt: skip
    return _incident(plan, entry)


def _evidence(home: Home, file: Path | Arrival) -> str:
    """The hash of a file kept among the evidence, which here only its owner reads."""
    [(_, digest)] = take_in(home, [Arrival.of(file)], where="--bukti")
    for kept in home.bukti.glob(f"{digest}.*"):
        kept.chmod(0o600)
    return digest


def more_time(home: Home, plan: Plan, wanted: str, hari: int, alasan: str, by: str, at: dt.datetime) -> Incident:
    """Give the kajian its added days, once; DataError for more than the rule gives or without a reason."""
    who, why = named(by), clean(alasan, "--alasan")
    office, election = plan.office.profile.id, plan.election.id
    with writing(home.engine) as connection:
        old = Kejadian.model_validate(dict(record.latest(connection, office, election, JENIS, wanted).isi))
        if old.langkah not in ("laporan", "temuan"):
            raise Refused(
                Problem(f"kejadian {wanted}", "tidak sedang dikaji.", "Hanya kajian yang dapat ditambah waktunya.")
            )
        ends(clock("kajian"), old.pada, plan.kalender, added=hari)
        isi = old.model_copy(update={"tambahan": hari}).model_dump(mode="json")
        entry = record.write(connection, office, election, JENIS, wanted, isi, who, at, alasan=why)
    return _incident(plan, entry)


def people(home: Home, plan: Plan, wanted: str) -> tuple[Orang, ...]:
    """Who an incident is about, out of its private file; for a confidential letter only. MachineError when it is lost."""
    path = _file(home, plan, wanted)
    if not path.is_file():
        raise MachineError(Problem(str(path), "berkas rahasianya tidak ada.", "Kembalikan dari cadangan."))
    return tuple(parse(Orang, each, path.name) for each in json.loads(path.read_text("utf-8")))


def refer(
    home: Home, plan: Plan, wanted: str, isi: Mapping[str, Any], by: str, on: dt.date, at: dt.datetime
) -> LetterRow:  # fmt: skip
    """Draft the referral of an incident whose kajian is done, to those who decide over its group; a person approves it.

    ``isi``: what people concluded (``kajian``, ``pleno``, ``fakta``, ``kesimpulan``, ``bukti``, ``register``). The names
    go into the annex of a confidential letter. Refused before the kajian.
    """
    found = next((each for each in incidents(home, plan) if each.id == wanted), None)
    if found is None:
        raise NotKnown(Problem(f"kejadian {wanted}", "tidak ada.", "Lihat `tahapan neutrality list`."))
    if found.isi.langkah != "kajian":
        raise Refused(
            Problem(f"kejadian {wanted}", f"sampai {found.isi.langkah}.", "Diteruskan sesudah kajiannya selesai.")
        )
    values = {
        "golongan": found.isi.kelompok, "peristiwa": found.isi.peristiwa, "waktu": found.isi.hari, "tempat": found.isi.tempat, "kajian": found.isi.nomor,
        "terlapor": [each.model_dump() for each in people(home, plan, wanted)], **isi,
    }  # fmt: skip
    wish = revise.request(
        home, plan, "penerusan", f"netralitas-{wanted}", values, kepada=REFERRED[found.isi.kelompok],
    )  # fmt: skip
    return revise.write(home, plan, wish, by, on, at, anew=True)


def _folder(home: Home) -> Path:
    return home.root / "rahasia" / "netralitas"


def _file(home: Home, plan: Plan, wanted: str) -> Path:
    if not wanted.isdecimal():
        raise NotKnown(Problem(f"kejadian {wanted[:20]}", "tidak ada.", "Lihat `tahapan neutrality list`."))
    return _folder(home) / f"{plan.election.id}.{wanted}.json"
