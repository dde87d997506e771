"""The papers of a pair, person by person: what is there, what holds, what is missing by the end of the repair; two looks compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from tahapan import record, revise
from tahapan.characters import clean, named
from tahapan.dates import tanggal
from tahapan.errors import DataError, NotKnown, Problem, Refused
from tahapan.evidence import Arrival, take_in
from tahapan.home import Home
from tahapan.nomination.norms import norms
from tahapan.nomination.pairs import ALONE, Pair, Pasangan
from tahapan.plan import DATA, Plan
from tahapan.reading import load
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing

JENIS = "berkas"
PAIR = "pasangan"
Keadaan = Literal["belum", "ada", "sah", "tidak sah", "perbaikan"]
KEADAAN: tuple[Keadaan, ...] = get_args(Keadaan)
_OPEN = ("belum", "tidak sah", "perbaikan")
_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Berkas(BaseModel):
    """A paper: one for the pair or one for each person, for whom it is wanted, who issues it, whom to ask about it."""

    model_config = _FROZEN

    id: str
    nama: str
    per: Literal["pasangan", "orang"]
    bila: Literal["semua", "partai", "perseorangan", "mundur", "cuti"]
    penerbit: str
    tanya: str = ""
    keyakinan: Literal["h", "m", "l"]


class Daftar(BaseModel):
    """The papers of one election, the stages in which they come, are looked at and must be whole, and what they were called before."""

    model_config = _FROZEN

    pendaftaran: str
    penelitian: str
    batas: str
    berkas: tuple[Berkas, ...] = Field(min_length=1)
    nama_lama: dict[str, str] = Field(default_factory=dict)


def _file(plan: Plan) -> Path | None:
    """``pilkada-2024.toml`` of the office, else of ours."""
    name = f"{plan.election.id}.toml"
    places = (plan.office.folder / "pencalonan" / name, DATA / "pencalonan" / name)
    return next((path for path in places if path.is_file()), None)


def known(plan: Plan) -> bool:
    """Whether there is a list of papers for the plan's election."""
    return _file(plan) is not None


def papers_of(plan: Plan) -> Daftar:
    """The papers of the plan's election; NotKnown when there is no list of them."""
    if (path := _file(plan)) is None:
        what = f"daftar berkas calonnya belum ada (kantor/pencalonan/{plan.election.id}.toml)."
        raise NotKnown(Problem(f"pemilihan {plan.election.id}", what, "Salin dari Pemilihan lain, lalu sesuaikan."))
    return load(Daftar, path)


def closing(plan: Plan) -> tuple[str, ...]:
    """The stages whose days close while people still come: registration and repair; none without a nomination."""
    return (papers_of(plan).pendaftaran, papers_of(plan).batas) if known(plan) else ()


class Nilai(BaseModel):
    """What was seen of one paper: ``bukti`` the hash of a picture or copy."""

    model_config = _FROZEN

    keadaan: Keadaan
    catatan: str = ""
    bukti: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One paper of one pair as it stands: of whom (``pasangan``, ``calon``, ``wakil``), and since when."""

    berkas: Berkas
    orang: str
    nilai: Nilai
    at: dt.datetime | None
    oleh: str

    @property
    def lacking(self) -> bool:
        return self.nilai.keadaan in _OPEN


def wanted(plan: Plan, pasangan: Pasangan) -> Iterator[tuple[Berkas, str]]:
    """Every paper that this pair has to bring, and of whom."""
    of_party = "" if pasangan.partai is None else "partai" if pasangan.partai else ALONE
    norm = norms().mundur[-1]
    for each in papers_of(plan).berkas:
        if each.per == PAIR:
            if each.bila in ("semua", of_party):
                yield each, PAIR
            continue
        for who, orang in pasangan.people.items():
            held = set(orang.jabatan or ())
            groups = {
                "semua": True,
                "mundur": not held.isdisjoint(norm.jabatan),
                "cuti": not held.isdisjoint(norm.cuti),
            }
            if groups.get(each.bila, each.bila == of_party):
                yield each, who


def dossier(home: Home, plan: Plan, pair: Pair, *, until: dt.datetime | None = None) -> tuple[Seen, ...]:
    """Every paper of a pair as it stood at that moment (as it stands, without one)."""
    with reading(home.engine) as connection:
        entries = record.entries(connection, plan.office.profile.id, plan.election.id, JENIS, until=until)
    known = {each.id: each for each in entries}
    return tuple(_seen(berkas, who, known.get(_key(pair, who, berkas))) for berkas, who in wanted(plan, pair.isi))


def _seen(berkas: Berkas, who: str, entry: record.Entry | None) -> Seen:
    if entry is None:
        return Seen(berkas, who, Nilai(keadaan="belum"), None, "")
    return Seen(berkas, who, Nilai.model_validate(dict(entry.isi)), entry.at, entry.oleh)


def _key(pair: Pair, who: str, berkas: Berkas) -> str:
    return f"{pair.id}.{who}.{berkas.id}"


def paper(plan: Plan, wanted_id: str) -> Berkas:
    """The paper of that id; NotKnown for another, with its present name where it is one of another election."""
    papers = papers_of(plan)
    for each in papers.berkas:
        if each.id == wanted_id:
            return each
    old = papers.nama_lama.get(wanted_id.strip().upper())
    remedy = f"Sekarang {old!r}." if old else f"Yang ada: {', '.join(each.id for each in papers.berkas)}."
    what = f"bukan berkas {plan.election.id}" + (", melainkan nama dari Pemilihan lain." if old else ".")
    raise NotKnown(Problem(f"berkas {wanted_id.strip() or '(kosong)'}", what, remedy))


def judge(
    home: Home, plan: Plan, pair: Pair, who: str, paper_id: str, keadaan: str, by: str, at: dt.datetime, *,
    catatan: str = "", bukti: Path | Arrival | None = None,
) -> Seen:  # fmt: skip
    """Write down what was seen of a paper; what was seen before stays. *tidak sah* and *perbaikan* need a note.

    DataError for a state that is none, a missing note; NotKnown for a paper the pair does not have to bring.
    """
    berkas, oleh, note = paper(plan, paper_id), named(by, "memeriksa"), clean(catatan, "--catatan")
    if keadaan not in KEADAAN:
        raise DataError(Problem("keadaan", f"{keadaan!r} tidak dikenal.", f"Pilih: {', '.join(KEADAAN)}."))
    if keadaan in ("tidak sah", "perbaikan") and not note:
        raise DataError(Problem("--catatan", f"kosong, padahal {keadaan}.", "Tulis apa yang kurang."))
    if (berkas.id, who) not in {(each.id, of) for each, of in wanted(plan, pair.isi)}:
        need = ", ".join(of for each, of in wanted(plan, pair.isi) if each.id == berkas.id) or "tidak diminta"
        raise NotKnown(Problem(f"berkas {berkas.id}", f"bukan milik {who}.", f"Milik: {need}."))
    [(_, digest)] = take_in(home, [Arrival.of(bukti)], where="--bukti") if bukti else [("", "")]
    nilai = Nilai(keadaan=keadaan, catatan=note, bukti=digest)  # pyright: ignore[reportArgumentType]
    with writing(home.engine) as connection:
        key = _key(pair, who, berkas)
        entry = record.write(
            connection, plan.office.profile.id, plan.election.id, JENIS, key, nilai.model_dump(), oleh, at,
            alasan=note or "pemeriksaan berikutnya",
        )  # fmt: skip
    return _seen(berkas, who, entry)


def missing(home: Home, plan: Plan, pair: Pair) -> tuple[Seen, ...]:
    """What is not there or does not hold."""
    return tuple(each for each in dossier(home, plan, pair) if each.lacking)


def deadline(plan: Plan) -> dt.date | None:
    """The last day for repairs."""
    return plan.election.stage(papers_of(plan).batas).selesai


@dataclass(frozen=True, slots=True)
class Changed:
    """A paper that stands otherwise at the second look."""

    berkas: Berkas
    orang: str
    dulu: Nilai
    kini: Nilai


def between(home: Home, plan: Plan, pair: Pair, first: dt.datetime, second: dt.datetime) -> tuple[Changed, ...]:
    """Two looks at one dossier: what stood otherwise at the second moment."""
    then = {(each.berkas.id, each.orang): each.nilai for each in dossier(home, plan, pair, until=first)}
    now = dossier(home, plan, pair, until=second)
    pairs = ((each, then[each.berkas.id, each.orang]) for each in now)
    return tuple(Changed(each.berkas, each.orang, old, each.nilai) for each, old in pairs if old != each.nilai)


# --- letters ---------------------------------------------------------------------------------------


def ask_about(
    home: Home, plan: Plan, whom: str, by: str, on: dt.date, at: dt.datetime, among: Iterable[Pair]
) -> LetterRow:
    """A request to the office that issued papers, to say whether they are its own; no names of persons in it.

    Refused when no paper is asked of it, or none has come in.
    """
    asked = [each for each in papers_of(plan).berkas if each.tanya == whom]
    if not asked:
        fit = sorted({each.tanya for each in papers_of(plan).berkas if each.tanya})
        raise Refused(Problem(f"alamat {whom}", "tidak menerbitkan berkas calon.", f"Pilih: {', '.join(fit)}."))
    there = sum(
        1 for pair in among for each in dossier(home, plan, pair)
        if each.berkas in asked and each.nilai.keadaan != "belum"
    )  # fmt: skip
    if not there:
        raise Refused(Problem(f"alamat {whom}", "belum ada berkasnya yang masuk.", "Catat berkasnya dahulu."))
    isi = {
        "yang_diminta": "keterangan keabsahan dokumen", "keperluan": "pengawasan penelitian persyaratan pencalonan",
        "data": [f"keterangan bahwa {each.nama[0].lower() + each.nama[1:]} diterbitkan oleh instansi Saudara ({there} dokumen; salinannya kami perlihatkan secara tertutup)" for each in asked],
        "bentuk": "surat jawaban untuk setiap dokumen", "tenggat_hari_kerja": 2,
    }  # fmt: skip
    wish = revise.request(home, plan, "permintaan-data", f"keabsahan-{whom}", isi, kepada=(whom,), tahapan=papers_of(plan).penelitian, dasar=("pemilihan", "jadwal", "pencalonan", "pengawasan"))  # fmt: skip
    return revise.write(home, plan, wish, by, on, at, anew=True)


def suggest(home: Home, plan: Plan, pair: Pair, number: int, by: str, on: dt.date, at: dt.datetime) -> LetterRow:
    """A saran perbaikan to KPU about papers that people found wrong; the pair is named by its order of arrival.

    Refused when no paper is *tidak sah* or *perbaikan*.
    """
    wrong = [each for each in dossier(home, plan, pair) if each.nilai.keadaan in ("tidak sah", "perbaikan")]
    if not wrong:
        raise Refused(
            Problem(f"pasangan {pair.id}", "tidak ada berkas yang dinilai tidak sah.", "Periksa berkasnya dahulu.")
        )
    until = deadline(plan)
    isi = {
        "pokok": "Penelitian Persyaratan Administrasi",
        "temuan": [
            {"tempat": f"Berkas pendaftar ke-{number}", "uraian": f"{each.berkas.nama} ({_whose(each.orang)}): {each.nilai.catatan}",
             "sumber": "Pencermatan berkas", "tanggal": tanggal(each.at.date() if each.at else on)}
            for each in wrong
        ],
        "aturan": "Dokumen persyaratan lengkap, benar, dan sah pada akhir masa perbaikan.",
        "saran": ["meneliti kembali dokumen tersebut bersama instansi yang menerbitkannya"],
        "tenggat": until if until and until >= on else on,
    }  # fmt: skip
    wish = revise.request(home, plan, "saran-perbaikan", f"berkas-{pair.id}", isi, tahapan=papers_of(plan).penelitian, dasar=("pemilihan", "jadwal", "pencalonan", "pengawasan"))  # fmt: skip
    return revise.write(home, plan, wish, by, on, at, anew=True)


def _whose(who: str) -> str:
    return {"pasangan": "pasangan", "calon": "calon bupati", "wakil": "calon wakil bupati"}[who]


def tallies(rows: Iterable[Seen]) -> Mapping[str, int]:
    """How many papers are in each state."""
    found: dict[str, int] = dict.fromkeys(KEADAAN, 0)
    for each in rows:
        found[each.nilai.keadaan] += 1
    return found
