"""The names a letter's template may use, and what they are on the letter's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from tahapan.checklist import Duty
from tahapan.dates import rentang, tanggal
from tahapan.directory import Recipient
from tahapan.errors import DataError, NotKnown, Problem
from tahapan.laws import describe_bounds
from tahapan.office import Holder
from tahapan.outside import NO_STAGE, UMUM
from tahapan.plan import PEOPLE_GROUPS, Plan


def template_context(
    plan: Plan,
    duty: Duty,
    recipients: Iterable[Recipient],
    values: Mapping[str, Any],
    on: dt.date,
    law_on: dt.date,
    problems: list[Problem],
) -> dict[str, Any]:
    """Every name of ``LETTER_NAMES`` with its value on day ``on``, law as it stands on ``law_on``.

    Citing a law outright that was not surely in force adds to ``problems`` and goes on.
    """
    profile, area, election, stage = plan.office.profile, plan.office.directory.area, plan.election, duty.stage
    if duty.item.tentang:
        stage = election.stage(duty.item.tentang)

    def hukum(law_id: str) -> str:
        law = plan.laws.by_id[law_id]
        if law.force(law_on) != "berlaku":
            problems.append(
                Problem(
                    f"templat {duty.item.letter}",
                    f"menyebut {law.nama} yang {law.force(law_on)} pada {tanggal(law_on)} ({describe_bounds(law)}).",
                    "Hapus dari templat, atau pastikan tanggal berlakunya dalam laws.toml.",
                )
            )
        return plan.laws.cite(law_id, law_on)

    def jadwal(stage_id: str) -> str:
        other = election.stage(stage_id)
        if not (other.mulai and other.selesai):
            raise NotKnown(
                Problem(f"tahapan {stage_id}", "belum bertanggal.", "Tetapkan dengan `tahapan calendar set`.")
            )
        return rentang(other.mulai, other.selesai)

    return {
        "kantor": SimpleNamespace(
            nama=f"Bawaslu {profile.wilayah}", wilayah=profile.wilayah, tempat=profile.tempat,
            zona=profile.zona, narahubung=profile.narahubung,
        ),
        "wilayah": SimpleNamespace(
            desa=area.sebutan_desa, kepala_desa=area.kepala_desa, jumlah_kecamatan=len(area.kecamatan),
            jumlah_desa=sum(len(kecamatan.desa) for kecamatan in area.kecamatan),
        ),
        "pemilihan": SimpleNamespace(nama=election.nama, tahun=election.tahun, pemungutan_suara=election.pemungutan_suara),
        "tahapan": _NoStage() if stage.id == NO_STAGE else SimpleNamespace(
            nama=stage.nama_resmi, keluarga=stage.keluarga, mulai=stage.mulai, selesai=stage.selesai, acara=stage.acara_date,
            rentang=rentang(stage.mulai, stage.selesai) if stage.mulai and stage.selesai else "",
            tutup=[{"tanggal": day, "jam": hour} for day in stage.days if (hour := stage.closes_at(day))],
        ),
        "tugas": _NoMeeting() if duty.item.stage == UMUM else SimpleNamespace(tanggal=duty.act_on),
        "tanggal_surat": on,
        "dasar": plan.laws.dasar(duty.item.dasar, law_on).kutipan,
        "hukum": hukum,
        "sebutan": SimpleNamespace(**plan.sebutan.on(on, election)),
        "petugas": _petugas(plan, duty, recipients, on),
        "isi": SimpleNamespace(**values),
        "nama_tahapan": lambda stage_id: election.stage(stage_id).nama_resmi,  # pyright: ignore[reportUnknownLambdaType]
        "jadwal": jadwal,
    }  # fmt: skip


class _NoMeeting:
    """The day of a duty, for a letter that belongs to none."""

    def __getattr__(self, name: str) -> Any:
        raise DataError(Problem("--isi", "hari acaranya belum diisi.", "Tulis rapat_tanggal = 2024-08-21."))


class _NoStage:
    """The stage of a letter that was asked for without one."""

    def __bool__(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        raise DataError(Problem("--tahapan", "jenis surat ini menyebut tahapannya.", "Sebut id-nya, seperti V12."))


def assigned(plan: Plan, duty: Duty, on: dt.date) -> tuple[Holder, ...]:
    """The persons of this office among those a duty is addressed to, each once, by full name."""
    groups = (group for group in duty.item.kepada if group in PEOPLE_GROUPS)
    people = [who for group in groups for who in plan.office.people(group, on)]
    return tuple({who.nama: who for who in reversed(people)}.values())[::-1]


def _petugas(plan: Plan, duty: Duty, recipients: Iterable[Recipient], on: dt.date) -> list[dict[str, str]]:
    """Who is sent: persons with their names, offices of the field by their title."""
    people = assigned(plan, duty, on)
    rows = [{"nama": who.nama, "jabatan": who.jabatan, "nip": who.nip} for who in people]
    offices = list(recipients)[len(people) :]
    return [*rows, *({"nama": "", "jabatan": who.jabatan, "nip": ""} for who in offices)]
