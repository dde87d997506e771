"""A coordination meeting (rakor) as data: what it is about, when and where, who is invited; as a stage with its duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.checklist import Due, Item
from tahapan.dates import hari_tanggal, jam, tanggal
from tahapan.directory import Directory
from tahapan.elections import ClockTime, Election, Stage
from tahapan.reading import load

JENIS = "rapat"
PREFIX = "RK"
SHIPPED = Path(__file__).parent / "data" / "rakor.toml"
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Acara(BaseModel):
    """A line of the agenda."""

    model_config = _MODEL

    pukul: str
    kegiatan: str
    pengisi: str = ""


class Narasumber(BaseModel):
    """Who speaks, by office and never by name, and on what."""

    model_config = _MODEL

    jabatan: str
    materi: str = ""


class Fakta(BaseModel):
    """Day, hours and place: what people are told, and told again when it changes."""

    model_config = _MODEL

    hari: dt.date
    mulai: ClockTime
    selesai: ClockTime
    tempat: str

    @property
    def start(self) -> dt.datetime:
        """Floating: the wall clock of the office."""
        return dt.datetime.combine(self.hari, dt.time.fromisoformat(self.mulai))

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.combine(self.hari, dt.time.fromisoformat(self.selesai))


class Surat(BaseModel):
    """The last letter that the invited have, for the next one to cite; ``kepada``: who got it, by their ids."""

    model_config = _MODEL

    surat_nomor: str
    surat_tanggal: dt.date
    surat_hal: str
    kepada: tuple[str, ...]

    @property
    def cited(self) -> dict[str, Any]:
        """As the fields of a letter that cites it."""
        return self.model_dump(exclude={"kepada"})


class Perubahan(BaseModel):
    """A change: on which day it was made, why, what stood and stands there, part by part.

    ``surat``: the letter that said otherwise; without one nobody has been told yet, and no ralat is needed. ``gugur``:
    changed again before its ralat had a number, so that it is never told.
    """

    model_config = _MODEL

    pada: dt.date
    alasan: str
    bagian: tuple[tuple[str, str, str], ...]  # part, as it was written, as it is
    dari: Fakta
    menjadi: Fakta
    surat: Surat | None = None
    gugur: bool = False


class Keputusan(BaseModel):
    """What the meeting decided: who outside does it, who of ours (``pj``) sees to it, until when.

    ``surat``: the kind of letter it asks for, with its addressees and fields; ``butir``: a duty of the checklist that
    does it already.
    """

    model_config = _MODEL

    isi: str
    penanggung: str
    pj: str
    sampai: dt.date
    surat: str = ""
    kepada: tuple[str, ...] = ()
    rincian: dict[str, Any] = Field(default_factory=dict)
    dasar: tuple[str, ...] = ()
    tahapan: str = ""  # the stage that the letter speaks of; without one that of the meeting
    butir: str = ""


class Meeting(BaseModel):
    """Hours are local to the office; ``undangan`` are groups or addressees, ``kecuali`` addressees who are left out."""

    model_config = _MODEL

    nama: str = Field(min_length=1, max_length=200)
    tujuan: str = Field(default="", max_length=500)
    tahapan: tuple[str, ...] = Field(min_length=1)
    butir: str = ""  # the duty of the checklist that this meeting is
    hari: dt.date
    mulai: ClockTime
    selesai: ClockTime
    tempat: str = Field(min_length=1, max_length=200)
    undangan: tuple[str, ...] = Field(min_length=1)
    kecuali: tuple[str, ...] = ()
    tembusan: tuple[str, ...] = ()
    acara: tuple[Acara, ...] = ()
    narasumber: tuple[Narasumber, ...] = ()
    bawa: tuple[str, ...] = ()
    peserta: str = ""
    narahubung: str = ""
    dibuat: dt.date
    alasan: str = ""  # why in such a hurry, or on a day off
    perubahan: tuple[Perubahan, ...] = ()
    batal: dt.date | None = None
    sebab_batal: str = ""
    batal_surat: Surat | None = None  # what the invited had when it was cancelled
    batal_dari: Fakta | None = None  # and what they knew by it
    keputusan: tuple[Keputusan, ...] = ()

    @property
    def start(self) -> dt.datetime:
        """Floating: the wall clock of the office."""
        return self.fakta.start

    @property
    def end(self) -> dt.datetime:
        return self.fakta.end

    @property
    def fakta(self) -> Fakta:
        return Fakta(hari=self.hari, mulai=self.mulai, selesai=self.selesai, tempat=self.tempat)

    @property
    def ralat(self) -> dict[str, Perubahan]:
        """The changes that the invited are told, by the id of their letter: ``ralat-1``."""
        written = enumerate((each for each in self.perubahan if each.surat), 1)
        return {f"ralat-{n}": each for n, each in written if not each.gugur}

    @property
    def sequence(self) -> int:
        """Of its calendar object: counts what the invited were told after the invitation."""
        return len(self.ralat) + bool(self.batal)

    def told_by(self, letter: str) -> tuple[Fakta, int, bool]:
        """What a letter to the invited (``undangan``, ``ralat-1``, ``pembatalan``) says: facts, sequence, whether it is off.

        A letter and its calendar object say the same, whatever was changed since it was signed.
        """
        order = list(self.ralat)
        if letter in self.ralat:
            return self.ralat[letter].menjadi, 1 + order.index(letter), False
        if letter == "pembatalan":
            return self.batal_dari or self.fakta, self.sequence, True
        written = [each for each in self.perubahan if each.surat]
        return written[0].dari if written else self.fakta, 0, False

    def invited(self, directory: Directory) -> tuple[str, ...]:
        """Ids of the addressees, each once however many groups they are in, without the exceptions."""
        ids = (each for group in self.undangan if group in directory for each in directory.members(group))
        out = {each for name in self.kecuali if name in directory for each in directory.members(name)}
        return tuple(each for each in dict.fromkeys(ids) if each not in out)

    def unknown(self, directory: Directory) -> tuple[str, ...]:
        """What it invites and the directory does not have (any more)."""
        return tuple(name for name in (*self.undangan, *self.kecuali) if name not in directory)


class Template(BaseModel):
    """A duty of every meeting (``rakor.toml``): an `Item` without its stage; words may name ``{nama}``, ``{tempat}``, ``{hari}``.

    ``bila``: when there is such a duty at all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    title: str
    due: Due
    pj: str
    letter: str | None = None
    kepada: tuple[str, ...] = ()
    surat_hari: int | None = None
    fakta: bool = False
    draf_hari: int = 3
    bukti: tuple[str, ...] = ()
    dasar: tuple[str, ...] = ()
    isi: dict[str, Any] = Field(default_factory=dict)
    kalender: bool = False
    catatan: str = ""
    bila: Literal["selalu", "diralat", "batal"] = "selalu"


class TemplateFile(BaseModel):
    """``rakor.toml``."""

    model_config = _MODEL

    duties: tuple[Template, ...]


Fields = Mapping[str, Mapping[str, str]]  # kind of letter -> its fields and their types
INVITED = "undangan"  # in ``kepada`` of a template: whom the meeting invites


def load_templates(kantor: Path) -> tuple[Template, ...]:
    """The office's own file, else the one we ship."""
    own = kantor / SHIPPED.name
    return load(TemplateFile, own if own.is_file() else SHIPPED).duties


def stage_of(meeting_id: str, meeting: Meeting, election: Election) -> Stage:
    """The meeting as a stage of the election, from the day it was made to the day it is held."""
    about = election.stage(meeting.tahapan[0])
    return Stage(
        id=meeting_id, nama=meeting.nama, singkat=f"Rapat {tanggal(meeting.hari)}", keluarga="rapat",
        mulai=min(meeting.dibuat, meeting.hari), selesai=meeting.hari, acara=meeting.start, dasar=about.dasar, keyakinan="h",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """What the duties of a meeting are made with: addressees, kinds of letters with their fields, the title of the chair."""

    directory: Directory
    fields: Fields
    ketua: str


def items_of(meeting_id: str, meeting: Meeting, templates: Iterable[Template], around: Around) -> tuple[Item, ...]:
    """Its duties: those of every meeting, a ralat for each change the invited have to know, what it decided."""
    made: list[Item] = []
    for template in templates:
        if template.bila == "diralat":
            made += (
                _item(meeting_id, meeting, template, around, name, each.pada, _changed(each), each.surat)
                for name, each in meeting.ralat.items()
            )
        elif template.bila == "selalu":
            made.append(_item(meeting_id, meeting, template, around))
        elif meeting.batal and meeting.batal_surat:
            known, _, _ = meeting.told_by("pembatalan")
            said = {**meeting.batal_surat.cited, "rapat_tanggal": known.hari, "rapat_jam": known.mulai}
            made.append(
                _item(meeting_id, meeting, template, around, template.id, meeting.batal, said, meeting.batal_surat)
            )
    made += (_decided(meeting_id, meeting, n, each) for n, each in enumerate(meeting.keputusan, 1) if not each.butir)
    return tuple(made)


def _item(
    meeting_id: str, meeting: Meeting, template: Template, around: Around, name: str = "", on: dt.date | None = None,
    more: Mapping[str, Any] | None = None, told_to: Surat | None = None,
) -> Item:  # fmt: skip
    """``on``: its day, where that is not the one of the data file; ``more``: fields that only this letter has.

    ``told_to``: who has the letter that it corrects; they are told, whatever the directory says by now.
    """
    facts, words = told(meeting, around.directory), _words(meeting, around)
    facts |= {key: _put(value, words) for key, value in template.isi.items()} | dict(more or {})
    invites = template.kepada == (INVITED,)
    due = Due.model_validate({"from": "acara", "days": (on - meeting.hari).days}) if on else template.due
    return Item(
        stage=meeting_id, id=name or template.id, title=template.title, due=due, pj=template.pj, letter=template.letter,
        kepada=told_to.kepada if told_to else meeting.invited(around.directory) if invites else template.kepada,
        tembusan=meeting.tembusan if invites else (), surat_hari=_notice(meeting, template.surat_hari),
        fakta=template.fakta, draf_hari=template.draf_hari, bukti=template.bukti, dasar=template.dasar,
        per="penerima" if template.kalender else None, isi=_fitting(facts, around.fields.get(template.letter or "", {})),
        tentang=meeting.tahapan[0], kalender=template.kalender, catatan=_note(meeting, template, around.directory), file=SHIPPED.name,
    )  # fmt: skip


def _fitting(facts: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """The facts that a letter has fields for; a table where it only lists, as its second column."""
    found = {key: value for key, value in facts.items() if key in fields}
    if fields.get("agenda") == "daftar":
        found["agenda"] = [row["kegiatan"] for row in facts["agenda"]]
    return found


def _note(meeting: Meeting, template: Template, directory: Directory) -> str:
    gone = meeting.unknown(directory) if template.kepada == (INVITED,) else ()
    lost = f"Tidak ada lagi dalam daftar alamat: {', '.join(gone)}." if gone else ""
    return " ".join(filter(None, (template.catatan, lost)))


def _notice(meeting: Meeting, wanted: int | None) -> int | None:
    """Days before the meeting on which the invitation goes out: fewer when it was planned later than that."""
    return wanted and max(1, min(wanted, (meeting.hari - meeting.dibuat).days))


def _decided(meeting_id: str, meeting: Meeting, n: int, keputusan: Keputusan) -> Item:
    """A decision as a duty of its own, due on its day; its letter is drafted at once."""
    return Item(
        stage=meeting_id, id=f"keputusan-{n}", title=keputusan.isi, pj=keputusan.pj, letter=keputusan.surat or None,
        due=Due.model_validate({"from": "acara", "days": (keputusan.sampai - meeting.hari).days}),
        kepada=keputusan.kepada, isi=keputusan.rincian, bukti=("bukti tindak lanjut",), draf_hari=30, buka=meeting.hari,
        dasar=keputusan.dasar, tentang=keputusan.tahapan or meeting.tahapan[0], catatan=f"Pelaksana: {keputusan.penanggung}.", file=SHIPPED.name,
    )  # fmt: skip


def told(meeting: Meeting, directory: Directory) -> dict[str, Any]:
    """What the letters of a meeting are filled in with, by the names of their fields."""
    return {
        "rapat_nama": meeting.nama, "rapat_tanggal": meeting.hari, "rapat_jam": meeting.mulai,
        "rapat_selesai": meeting.selesai, "rapat_tempat": meeting.tempat, "tujuan": meeting.tujuan,
        "agenda": [each.model_dump() for each in meeting.acara], "bawa": [*meeting.bawa], "peserta_catatan": meeting.peserta,
        "narahubung": meeting.narahubung, "narasumber": [each.model_dump() for each in meeting.narasumber],
        "undangan": [each.model_dump() for each in by_group(meeting, directory)],
        "jumlah_undangan": len(meeting.invited(directory)), "mulai": meeting.hari, "selesai": meeting.hari,
        "tempat": meeting.tempat, "sebab": meeting.sebab_batal,
        "keputusan": [
            {"keputusan": each.isi, "penanggung_jawab": each.penanggung, "tenggat": each.sampai} for each in meeting.keputusan
        ],
    }  # fmt: skip


class Diundang(BaseModel):
    """One of the invited: in which group, and what they are called on the day of the meeting."""

    model_config = _MODEL

    kelompok: str
    jabatan: str


def by_group(meeting: Meeting, directory: Directory) -> Iterator[Diundang]:
    """Everybody who is invited, once, under the first group they are in."""
    for each in meeting.invited(directory):
        titles = [gelar.jabatan for gelar in directory.alamat[each].gelar if gelar.covers(meeting.hari)]
        yield Diundang(kelompok=group_of(meeting, each, directory), jabatan=titles[0] if titles else each)


def group_of(meeting: Meeting, address: str, directory: Directory) -> str:
    """The name of the innermost group that somebody is invited with; "" for who is named alone, or in a mixed list."""
    for name in meeting.undangan:
        if group := _innermost(name, address, directory):
            return group
    return ""


def _innermost(name: str, address: str, directory: Directory) -> str:
    """A list of groups and single addressees says nothing of the single ones."""
    if name not in directory.grup or address not in directory.members(name):
        return ""
    inside = directory.grup[name].anggota
    for inner in inside:
        if inner in directory.grup and address in directory.members(inner):
            return _innermost(inner, address, directory)
    return "" if any(inner in directory.grup for inner in inside) else directory.grup[name].nama


def _changed(change: Perubahan) -> dict[str, Any]:
    rows = [{"bagian": part, "tertulis": was, "seharusnya": now} for part, was, now in change.bagian]
    return {"perbaikan": rows, "alasan": change.alasan, **(change.surat.cited if change.surat else {})}


def _words(meeting: Meeting, around: Around) -> dict[str, str]:
    return {
        "nama": meeting.nama, "tempat": meeting.tempat, "hari": hari_tanggal(meeting.hari), "jam": jam(meeting.mulai),
        "tujuan": meeting.tujuan, "ketua": around.ketua,
    }  # fmt: skip


def _put(value: Any, words: Mapping[str, str]) -> Any:
    """The words of the data file with the facts of the meeting in their places."""
    if isinstance(value, str):
        return value.format_map(words)
    return [_put(each, words) for each in value] if isinstance(value, list) else value
