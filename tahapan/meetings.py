"""A coordination meeting (rakor) as data: what it is about, when and where, who is invited; as a stage with its duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tahapan.checklist import Due, Item
from tahapan.dates import hari_tanggal, jam
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


class Surat(BaseModel):
    """The invitation that the invited have: a later letter cites it."""

    model_config = _MODEL

    surat_nomor: str
    surat_tanggal: dt.date
    surat_hal: str


class Perubahan(BaseModel):
    """A change: on which day it was made, why, what stood and stands there; ``surat``: the invitation that said otherwise.

    Without one nobody has been told yet, and no ralat is needed.
    """

    model_config = _MODEL

    pada: dt.date
    alasan: str
    bagian: tuple[tuple[str, str, str], ...]  # part, as it was written, as it is
    surat: Surat | None = None


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
    batal_surat: Surat | None = None  # the invitation that was out when it was cancelled
    keputusan: tuple[Keputusan, ...] = ()

    @property
    def start(self) -> dt.datetime:
        """Floating: the wall clock of the office."""
        return dt.datetime.combine(self.hari, dt.time.fromisoformat(self.mulai))

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.combine(self.hari, dt.time.fromisoformat(self.selesai))

    @property
    def ralat(self) -> tuple[Perubahan, ...]:
        """The changes that the invited have to be told."""
        return tuple(each for each in self.perubahan if each.surat)

    @property
    def sequence(self) -> int:
        """Of its calendar object: counts what the invited were told after the invitation."""
        return len(self.ralat) + bool(self.batal)

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


INVITED = "undangan"  # in ``kepada`` of a template: whom the meeting invites


def load_templates(kantor: Path) -> tuple[Template, ...]:
    """The office's own file, else the one we ship."""
    own = kantor / SHIPPED.name
    return load(TemplateFile, own if own.is_file() else SHIPPED).duties


def stage_of(meeting_id: str, meeting: Meeting, election: Election) -> Stage:
    """The meeting as a stage of the election, from the day it was made to the day it is held."""
    about = election.stage(meeting.tahapan[0])
    return Stage(
        id=meeting_id, parent=about.id, nama=meeting.nama, singkat=f"Rapat {hari_tanggal(meeting.hari)}", keluarga="rapat",
        mulai=min(meeting.dibuat, meeting.hari), selesai=meeting.hari, acara=meeting.start, dasar=about.dasar, keyakinan="h",
    )  # fmt: skip


def items_of(
    meeting_id: str, meeting: Meeting, templates: Iterable[Template], directory: Directory, fields: Mapping[str, Collection[str]]
) -> tuple[Item, ...]:  # fmt: skip
    """Its duties: those of every meeting, a ralat for each change, what it decided. ``fields``: of each kind of letter."""
    made: list[Item] = []
    for template in templates:
        if template.bila == "diralat":
            made += (
                _item(meeting_id, meeting, template, directory, fields, f"-{n}", each.pada, _changed(each))
                for n, each in enumerate(meeting.ralat, 1)
            )
        elif template.bila == "selalu":
            made.append(_item(meeting_id, meeting, template, directory, fields))
        elif meeting.batal and meeting.batal_surat:
            cited = meeting.batal_surat.model_dump()
            made.append(_item(meeting_id, meeting, template, directory, fields, "", meeting.batal, cited))
    made += (_decided(meeting_id, meeting, n, each) for n, each in enumerate(meeting.keputusan, 1) if not each.butir)
    return tuple(made)


def _item(
    meeting_id: str, meeting: Meeting, template: Template, directory: Directory, fields: Mapping[str, Collection[str]],
    ending: str = "", on: dt.date | None = None, more: Mapping[str, Any] | None = None,
) -> Item:  # fmt: skip
    known = fields.get(template.letter or "", ())
    values = {**told(meeting, directory), **_filled(template.isi, meeting), **(more or {})}
    kepada = meeting.invited(directory) if template.kepada == (INVITED,) else template.kepada
    due = Due.model_validate({"from": "acara", "days": (on - meeting.hari).days}) if on else template.due
    return Item(
        stage=meeting_id, id=template.id + ending, title=_put(template.title, meeting), due=due, pj=template.pj,
        letter=template.letter, kepada=kepada, tembusan=meeting.tembusan if template.kepada == (INVITED,) else (),
        surat_hari=_notice(meeting, template.surat_hari), fakta=template.fakta, draf_hari=template.draf_hari,
        bukti=template.bukti, dasar=template.dasar, isi={key: value for key, value in values.items() if key in known},
        kalender=template.kalender, catatan=_note(meeting, template, directory), file=SHIPPED.name,
    )  # fmt: skip


def _note(meeting: Meeting, template: Template, directory: Directory) -> str:
    gone = meeting.unknown(directory) if template.kepada == (INVITED,) else ()
    lost = f"Tidak ada lagi dalam daftar alamat: {', '.join(gone)}." if gone else ""
    return " ".join(filter(None, (template.catatan, lost)))


def _notice(meeting: Meeting, wanted: int | None) -> int | None:
    """Days before the meeting on which the invitation goes out: fewer when it was made later than that."""
    return wanted and max(1, min(wanted, (meeting.hari - meeting.dibuat).days))


def _decided(meeting_id: str, meeting: Meeting, n: int, keputusan: Keputusan) -> Item:
    """A decision as a duty of its own, due on its day; its letter is drafted at once."""
    return Item(
        stage=meeting_id, id=f"keputusan-{n}", title=keputusan.isi, pj=keputusan.pj, letter=keputusan.surat or None,
        due=Due.model_validate({"from": "acara", "days": (keputusan.sampai - meeting.hari).days}),
        kepada=keputusan.kepada, isi=keputusan.rincian, bukti=("bukti tindak lanjut",), draf_hari=30,
        dasar=("pemilihan", "jadwal", "pengawasan"), catatan=f"Pelaksana: {keputusan.penanggung}.", file=SHIPPED.name,
    )  # fmt: skip


def told(meeting: Meeting, directory: Directory) -> dict[str, Any]:
    """What the letters of a meeting are filled in with, by the names of their fields."""
    return {
        "rapat_nama": meeting.nama, "rapat_tanggal": meeting.hari, "rapat_jam": meeting.mulai,
        "rapat_selesai": meeting.selesai, "rapat_tempat": meeting.tempat, "tujuan": meeting.tujuan,
        "agenda": [each.model_dump() for each in meeting.acara], "bawa": [*meeting.bawa], "peserta_catatan": meeting.peserta,
        "narahubung": meeting.narahubung, "narasumber": [each.model_dump() for each in meeting.narasumber],
        "undangan": [*_by_group(meeting, directory)], "jumlah_undangan": len(meeting.invited(directory)),
        "mulai": meeting.hari, "selesai": meeting.hari, "tempat": meeting.tempat, "sebab": meeting.sebab_batal,
        "keputusan": [
            {"keputusan": each.isi, "penanggung_jawab": each.penanggung, "tenggat": each.sampai} for each in meeting.keputusan
        ],
    }  # fmt: skip


def _by_group(meeting: Meeting, directory: Directory) -> Iterator[dict[str, str]]:
    """Who is invited, by the group they are invited in first, as they are called on the day of the meeting."""
    left = set(meeting.invited(directory))
    for group in (group for group in meeting.undangan if group in directory):
        for part in _parts(group, directory):
            for each in directory.members(part):
                if each in left:
                    left.discard(each)
                    titles = [gelar.jabatan for gelar in directory.alamat[each].gelar if gelar.covers(meeting.hari)]
                    name = (
                        directory.grup[part].nama
                        if part in directory.grup
                        else directory.grup[group].nama
                        if group in directory.grup
                        else ""
                    )
                    yield {"kelompok": name, "jabatan": titles[0] if titles else each}


def _parts(group: str, directory: Directory) -> Sequence[str]:
    """A group of groups by its parts; single addressees between them stay under its own name."""
    inside = directory.grup[group].anggota if group in directory.grup else ()
    if not any(member in directory.grup for member in inside):
        return (group,)
    return tuple(inside)


def _changed(change: Perubahan) -> dict[str, Any]:
    rows = [{"bagian": part, "tertulis": was, "seharusnya": now} for part, was, now in change.bagian]
    return {"perbaikan": rows, "alasan": change.alasan, **(change.surat.model_dump() if change.surat else {})}


def _filled(isi: Mapping[str, Any], meeting: Meeting) -> dict[str, Any]:
    return {key: _put(value, meeting) for key, value in isi.items()}


def _put(value: Any, meeting: Meeting) -> Any:
    """The words of the data file with the facts of the meeting in their places."""
    if isinstance(value, str):
        words = {
            "nama": meeting.nama,
            "tempat": meeting.tempat,
            "hari": hari_tanggal(meeting.hari),
            "jam": jam(meeting.mulai),
            "tujuan": meeting.tujuan,
        }
        return value.format_map(words)
    if isinstance(value, list | tuple):
        return [_put(each, meeting) for each in value]
    return {key: _put(each, meeting) for key, each in value.items()} if isinstance(value, dict) else value
