"""From a duty to a finished letter: words, addressees, signer, law and every check, for one day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tahapan.checklist import Duty
from tahapan.dates import BULAN, tanggal, wrong_weekdays
from tahapan.directory import Recipient
from tahapan.errors import DataError, Problem, Refused, TahapanError
from tahapan.laws import describe_bounds
from tahapan.letters.context import assigned, template_context
from tahapan.letters.kinds import Kind, KindFile, kind_of, shared_words
from tahapan.letters.letter import Addressee, Letter, LetterHead, Naskah, Signature
from tahapan.letters.markdown import parse_blocks, plain_lines
from tahapan.letters.sandbox import Sandbox
from tahapan.letters.wording import (
    check_shared,
    check_template,
    environment,
    prints_law,
    render,
    render_line,
    terbilang,
)
from tahapan.office import Holder, Office
from tahapan.plan import PEOPLE_GROUPS, Plan
from tahapan.reading import shown

SIGNS_FOR_OFFICE = "ketua"  # the role whose letters carry K; every other signs for the secretariat


@dataclass(frozen=True)
class Words:
    """All kinds with their words, checked once."""

    kinds: Mapping[str, KindFile]
    environment: Sandbox

    def kind(self, name: str) -> Kind:
        return kind_of(self.kinds, name, "templates/surat")


def load_words(kinds: Mapping[str, KindFile], folders: tuple[Path, ...], plan: Plan) -> Words:
    """The words of these kinds; DataError with every fault of every template."""
    words = Words(kinds, environment(*(folder for folder in folders if folder.is_dir())))
    faults = [fault for file in words.kinds.values() for fault in check_template(file, plan.sebutan, plan.laws.by_id)]
    fields = {field.id for file in words.kinds.values() for field in file.kind.fields}
    faults += [
        fault for path in shared_words(folders) for fault in check_shared(path, fields, plan.sebutan, plan.laws.by_id)
    ]
    faults += [fault for file in words.kinds.values() for fault in _check_front(file, plan)]
    nomor = plan.office.profile.nomor
    both = nomor.faults(nomor.patterns({name: file.kind.pola for name, file in words.kinds.items()}))
    faults += [Problem("pola nomor", fault, "Ubah `pola` templat atau [nomor.pola_jenis] kantor.") for fault in both]
    if faults:
        raise DataError(*faults)
    return words


def _check_front(file: KindFile, plan: Plan) -> Iterable[Problem]:
    """Roles, addressees and legal subjects of the front matter that nobody knows."""
    kind, where = file.kind, shown(file.path)
    for role in dict.fromkeys((*kind.rantai, *kind.saksi)):
        if role not in plan.office.peran:
            known = f"Yang ada: {', '.join(plan.office.peran)}."
            yield Problem(f"{where}, kunci rantai", f"peran {role!r} tidak dikenal.", known)
    yield from plan.unknown_addressees(kind.kepada, f"{where}, kunci kepada")
    yield from plan.unknown_addressees(kind.tembusan, f"{where}, kunci tembusan")
    yield from plan.unknown_subjects(kind.dasar, f"{where}, kunci dasar")


@dataclass
class _Faults:
    """Collects every fault, so that the drafter sees them all at once."""

    problems: list[Problem] = field(default_factory=list)

    def catch(self, work: Callable[[], Any], instead: Any) -> Any:
        try:
            return work()
        except TahapanError as error:
            self.problems += error.problems
            return instead


def compose(
    plan: Plan,
    words: Words,
    duty: Duty,
    values: Mapping[str, Any],
    on: dt.date,
    *,
    letter_id: str,
    mark: str = "",
    nomor: str | None = None,
    law_on: dt.date | None = None,
    naskah: Naskah | None = None,
    without_glyph: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> Letter:
    """The letter of ``duty`` as it reads on day ``on``.

    ``values``: the kind's own fields, checked. Without ``nomor`` it is a draft: no number, no date.
    ``law_on``: the day whose law it cites (a draft cannot know the law of its day to come), else ``on``.
    ``naskah``: words a person wrote in the place of the template's.
    Refused with every problem at once: law not surely in force, words whose time has not come, wrong weekdays,
    addressees or signer without title or holder on that day, characters without a glyph.
    """
    assert duty.item.letter
    kind = words.kind(duty.item.letter)
    faults = _Faults([*plan.office.profile.unfilled])
    signer = faults.catch(lambda: _signature(plan.office, kind, on), Signature(line="-", nama="-"))
    recipients = faults.catch(lambda: addressees(plan, duty, on), ())
    copies = faults.catch(
        lambda: plan.office.directory.recipients(duty.item.tembusan, on) if duty.item.tembusan else (), ()
    )
    if kind.form in ("surat", "nota-dinas") and not (duty.item.kepada or faults.problems):
        what = "tidak ada penerima."
        faults.problems.append(Problem(f"butir {duty.short_key}", what, "Isi `kepada` dengan kelompok penerimanya."))
    law_on = law_on or on
    context = template_context(plan, duty, recipients, values, on, law_on, faults.problems)
    hal = faults.catch(lambda: render_line(words.environment, kind.hal, context, f"{kind.id}, hal"), "")
    if naskah:
        blocks, annexes = naskah.blocks, naskah.annexes
    else:
        text = faults.catch(lambda: render(words.environment, f"{kind.id}.md.j2", context), "")
        blocks, annexes = faults.catch(lambda: parse_blocks(text, f"templat {kind.id}"), ((), ()))
    style, kop = plan.office.profile.gaya, plan.office.profile.kop
    letter = Letter(
        id=letter_id,
        kind=kind.id,
        form=kind.form,
        sebutan=kind.judul.title() or "Surat",
        kertas=style.kertas,
        huruf=style.huruf,
        bernomor=nomor is not None,
        kop=LetterHead(
            lines=kop.sekretariat or kop.baris if _of_secretariat(plan.office, kind) else kop.baris,
            address=kop.alamat,
            contact=_contact(plan.office),
            logo=Path(kop.logo).name if kop.logo else None,
        ),
        judul=kind.judul,
        nomor=(nomor or draft_number(plan.office, kind)) if kind.cetak_nomor else "",
        tempat=plan.office.profile.tempat,
        tanggal=tanggal(on) if nomor else f"… {BULAN[on.month - 1]} {on.year}",
        sifat=kind.sifat,
        lampiran="-",
        hal=hal,
        label_hal=style.label_hal,
        label_yth=style.label_yth,
        kepada=tuple(Addressee(id=who.id, jabatan=who.jabatan, tempat=who.tempat) for who in recipients),
        salam_pembuka=style.salam_pembuka if kind.form == "surat" else "",
        salam_penutup=style.salam_penutup if kind.form == "surat" else "",
        blocks=blocks,
        dari=_sender(plan.office, kind, on) if kind.form == "nota-dinas" else "",
        signature=signer,
        saksi=faults.catch(lambda: _beside(plan.office, kind, values, on), ()),
        tembusan=(*(who.jabatan for who in copies), "Arsip") if copies else (),
        annexes=annexes,
        mark=mark,  # type: ignore[arg-type]
    )
    letter = letter.model_copy(update={"lampiran": annexed_sheets(letter)})
    without_law = not plan.laws.dasar(duty.item.dasar, law_on).kutipan
    if without_law and not naskah and prints_law(words.kinds[kind.id].body):
        what = f"tidak ada dasar hukum yang pasti berlaku pada {tanggal(law_on)}."
        faults.problems.append(Problem(f"butir {duty.short_key}", what, "Periksa pokok `dasar` pada butir itu."))
    faults.problems += _check_text(plan, letter, on, law_on, _quoted(kind, values), without_glyph)
    if faults.problems:
        raise Refused(*dict.fromkeys(faults.problems))
    return letter


def addressees(plan: Plan, duty: Duty, on: dt.date) -> tuple[Recipient, ...]:
    """Whom the letter goes to on that day: groups, what stands in for groups still empty, or people of the office."""
    people = [Recipient(who.peran, f"{who.nama}, {who.jabatan}", "") for who in assigned(plan, duty, on)]
    groups: list[str] = []
    for group in duty.item.kepada:
        if group in PEOPLE_GROUPS:
            continue
        if plan.names_role(group):
            people.append(Recipient(group, plan.office.peran[group].nama, ""))
        elif plan.office.directory.is_open(group, on):
            groups.append(group)
        elif group in duty.item.pengganti:
            groups += duty.item.pengganti[group]
        else:
            since = plan.office.directory.grup[group].sejak
            assert since
            raise Refused(
                Problem(
                    f"butir {duty.short_key}",
                    f"kelompok {group!r} baru ada sejak {tanggal(since)}.",
                    "Isi `pengganti` pada butir itu, atau kirim sesudahnya.",
                )
            )
    if not groups:
        return tuple(people)
    return (*people, *plan.office.directory.recipients(groups, on))


def draft_number(office: Office, kind: Kind) -> str:
    """The number with its own place still open: ``…/PM.00.02/K.SB-99/…/…``."""
    nomor = office.profile.nomor
    pattern = re.sub(r"\{(urut|tanggal|bulan|bulan_romawi|tahun)[^}]*\}", "…", nomor.pattern(kind.id, kind.pola))
    return pattern.format(klas=nomor.code(kind.id, kind.klas), kantor=office_code(office, kind))


def office_code(office: Office, kind: Kind) -> str:
    """With K when the Ketua signs."""
    nomor = office.profile.nomor
    return nomor.kantor_ketua if kind.ttd == SIGNS_FOR_OFFICE else nomor.kantor_sekretariat


def _of_secretariat(office: Office, kind: Kind) -> bool:
    """Whether an official of the secretariat signs, and not a member of the board."""
    return "staf" in office.peran[kind.ttd].kelompok


def text_of(letter: Letter) -> list[str]:
    """What the letter says, line by line, without number and date: what a person approves."""
    lines = [letter.hal, letter.sifat, letter.lampiran]
    lines += [f"Yth. {who.jabatan}" for who in letter.kepada]
    lines += plain_lines(letter.blocks)
    lines += [" ".join(filter(None, (*who.above, who.nama, who.nip))) for who in (*letter.saksi, letter.signature)]
    lines += [letter.dari, *letter.tembusan]
    for annex in letter.annexes:
        lines += [annex.title, *plain_lines(annex.blocks)]
    return lines


def _signature(office: Office, kind: Kind, on: dt.date) -> Signature:
    return _signed(office.holder(kind.ttd, on), kind.pembuka_ttd)


def _signed(holder: Holder, pembuka: str = "") -> Signature:
    return Signature(line=holder.baris, nama=holder.nama, nip=holder.nip, atas_nama=holder.atas_nama, pembuka=pembuka)


def _beside(office: Office, kind: Kind, values: Mapping[str, Any], on: dt.date) -> tuple[Signature, ...]:
    """Who signs beside the signer: roles of the office, and the parties named in the letter's own fields."""
    parties = [Signature(line=row.get("jabatan", ""), nama=row.get("nama", "")) for row in values.get(kind.pihak, ())]
    return (*(_signed(office.holder(role, on), kind.pembuka_saksi) for role in kind.saksi), *parties)


def _sender(office: Office, kind: Kind, on: dt.date) -> str:
    return office.holder(kind.ttd, on).jabatan


def _contact(office: Office) -> str:
    kop = office.profile.kop
    parts = (("Telepon", kop.telepon), ("Surel", kop.surel), ("Laman", kop.laman))
    return " | ".join(f"{name} {value}" for name, value in parts if value)


def _quoted(kind: Kind, values: Mapping[str, Any]) -> Iterable[str]:
    """What a letter quotes from another one, mistakes included."""
    for quoting in kind.fields:
        for row in values.get(quoting.id, ()) if quoting.kutipan else ():
            yield from (str(row[column]) for column in quoting.kutipan if row[column])


def _names(text: str, spelling: str) -> bool:
    """Whether the text names an instrument so; 1/2024 is not named by 11/2024 or 1/2024a."""
    if spelling.casefold() not in text:
        return False
    return re.search(rf"(?<![\w/.]){re.escape(spelling)}(?![\w/])", text, re.IGNORECASE) is not None


def annexed_sheets(letter: Letter) -> str:
    """What stands behind *Lampiran*: its annexes, and the list of addressees where they do not fit on the page."""
    sheets = len(letter.annexes) + letter.listed
    return f"{sheets} ({terbilang(sheets)}) berkas" if sheets else "-"


def _check_text(
    plan: Plan,
    letter: Letter,
    on: dt.date,
    law_on: dt.date,
    quoted: Iterable[str],
    without_glyph: Callable[[str], tuple[str, ...]],
) -> Iterable[Problem]:
    where = f"surat {letter.id}"
    lines = [*text_of(letter), *letter.kop.lines, letter.kop.address, letter.kop.contact, letter.judul, letter.nomor]
    lines += [letter.tempat, letter.salam_pembuka, letter.salam_penutup, *(who.tempat for who in letter.kepada)]
    text = "\n".join(lines)
    for quote in quoted:
        text = text.replace(quote, "…")
    for written, right in wrong_weekdays(text, on):
        yield Problem(where, f"hari dan tanggal tidak cocok: {written!r}.", f"Yang benar: {right}.")
    folded = text.casefold()
    for law in plan.laws.by_id.values():
        if law.force(law_on) != "berlaku" and any(_names(folded, spelling) for spelling in law.spellings):
            what = f"menyebut {law.nama} yang {law.force(law_on)} pada {tanggal(law_on)} ({describe_bounds(law)})."
            yield Problem(where, what, "Hapus dari suratnya, atau pastikan tanggal berlakunya dalam laws.toml.")
    titles = tuple(law.tentang for law in plan.laws.by_id.values())
    for fault in plan.sebutan.faults(text, on, plan.election, titles):
        when = f" sebelum {tanggal(fault.since)}" if fault.since else ""
        yield Problem(where, f"kata {fault.word!r} tidak boleh dipakai{when}.", f"Pakai {fault.use}.")
    for line in dict.fromkeys(lines) if without_glyph("\n".join(lines)) else ():
        if missing := without_glyph(line):
            named = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
            what = f"huruf surat tidak punya bentuk untuk {named} dalam `{line}`."
            yield Problem(where, what, "Ganti karakternya, atau pasang huruf lain.")
