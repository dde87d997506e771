"""From the plan to Prefect deployments: one per stage, a schedule per day with something to do. Runs until stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import RRule, Schedule
from prefect.types.entrypoint import EntrypointType

from deployments.schedules import closing_runs, cut_offs, morning_rule, stage_runs
from flows.families import FAMILIES
from flows.fill_details import fill_details
from flows.finish_duty import finish_duty
from flows.letter import approval
from flows.note_arrival import note_arrival
from flows.pagi import pagi
from flows.rakor import meeting_day, new_meeting
from flows.send_letters import send_letters
from flows.stand_in import stand_in
from flows.voter_check import NO_KIND, voter_check
from flows.voter_review import ALL, voter_review
from tahapan.dates import rentang
from tahapan.home import Home
from tahapan.nomination import papers
from tahapan.plan import Plan
from tahapan.voters.findings import TITLES
from tahapan.voters.lists import KINDS
from tasks.forms import BEHIND_ID
from tasks.office import home, people, today

# Deployments without parameters that depend on the office: flow, and what its page says.
FORMS: dict[str, tuple[Any, str]] = {
    "Persetujuan surat": (
        approval,  # started by whoever keeps asking (`tasks.asking`), once for each letter that waits
        "Dimulai sendiri untuk setiap surat yang menunggu keputusan; tidak perlu dijalankan dengan tangan.",
    ),
    "Lengkapi rincian": (
        fill_details,
        "Isi yang ditunggu surat sebuah butir. Jalankan dengan id butirnya, buka runnya, lalu tekan Resume.",
    ),
    "Tetapkan pejabat pengganti": (
        stand_in,
        "Plh., Plt., atau Pjs. untuk beberapa hari. Jalankan (Quick run), buka runnya, lalu tekan Resume.",
    ),
    "Catat kedatangan": (
        note_arrival,
        "Siapa yang datang mendaftar, dan jam berapa. Jalankan (Quick run), buka runnya, lalu tekan Resume.",
    ),
    "Siapkan rapat": (
        new_meeting,
        "Rapat koordinasi baru, dengan undangan dan semua suratnya. Jalankan (Quick run), buka runnya, lalu tekan Resume.",
    ),
    "Kirim surat": (
        send_letters,
        "Kirim surel yang menunggu dalam antrean. Dimulai sendiri bila ada yang menunggu; boleh juga dijalankan dengan tangan.",
    ),
}
MOST_AT_ONCE = 2  # flow runs; each is a process of its own


def deployments(office: Home, plan: Plan) -> list[RunnerDeployment]:
    """Every stage that has duties, and the morning."""
    stages = [stage for stage in plan.election.stages if plan.days_of(stage.id) and stage.keluarga in FAMILIES]
    built = [_stage(office, plan, stage.id) for stage in stages if stage.id not in plan.meetings]
    built += [
        _meetings(plan),
        _morning(office, plan),
        _finishing(office, plan),
        _voter_check(plan),
        _voter_review(plan),
    ]
    forms = FORMS if papers.known(plan) else {name: form for name, form in FORMS.items() if form[0] is not note_arrival}
    tags = [plan.election.id]
    return [*built, *(_deploy(flow, name=name, description=said, tags=tags) for name, (flow, said) in forms.items())]


def _stage(office: Home, plan: Plan, stage_id: str) -> RunnerDeployment:
    stage = plan.election.stage(stage_id)
    window = rentang(stage.mulai, stage.selesai) if stage.mulai and stage.selesai else ""
    first = today(office)
    runs = [run for run in stage_runs(plan, stage_id) if run.start.date() >= first] if not office.gladi else []
    closing = closing_runs(plan, stage_id) if stage_id in papers.closing(plan) and not office.gladi else ()
    return _deploy(
        FAMILIES[stage.keluarga],
        name=stage.judul,
        description=f"{stage.nama}, {window}. Kosongkan *on* untuk hari ini.",
        tags=[plan.election.id, stage.id],
        parameters={"election": plan.election.id, "stage": stage_id},
        schedules=[
            *(_once(run.start, plan, run.slug, {"on": run.start.date().isoformat()}) for run in runs),
            *(
                _once(run.start, plan, run.slug, {"on": run.start.date().isoformat(), "tutup": run.tutup})
                for run in closing
                if run.start.date() >= first
            ),
        ],
    )


def _meetings(plan: Plan) -> RunnerDeployment:
    """One for all meetings: their days are put up while they are planned and moved (`tasks.keeping`)."""
    return _deploy(
        meeting_day,
        name="Rapat koordinasi",
        description="Satu hari sebuah rapat; hari-harinya dijadwalkan sendiri. Tulis id rapatnya, kosongkan *on* untuk hari ini.",
        tags=[plan.election.id],
        parameters={"election": plan.election.id},
    )


def _morning(office: Home, plan: Plan) -> RunnerDeployment:
    """Every working day from the first day of the calendar to its last, and before every closing hour."""
    first, zone = max(today(office), plan.days[0]), plan.office.profile.timezone
    rule = morning_rule(plan, first)
    every: list[Schedule] = [RRule(rule, timezone=zone, slug="setiap-pagi")] if rule else []
    every += [_once(each.start, plan, each.slug, {"tutup": each.tutup}) for each in cut_offs(plan, first)]
    return _deploy(
        pagi,
        name="Pagi",
        description="Ringkasan setiap pagi hari kerja, dan dua jam sebelum jam tutup. Kosongkan *on* untuk hari ini.",
        tags=[plan.election.id],
        parameters={"election": plan.election.id},
        schedules=every if not office.gladi else [],
    )


def _finishing(office: Home, plan: Plan) -> RunnerDeployment:
    """The form offers the duties of the calendar by id and title, and the people of the office as of today."""
    built = _deploy(
        finish_duty,
        name="Selesaikan butir",
        description="Tandai butir selesai. Buktinya diunggah lebih dulu di meja surat, atau ditaruh di folder masuk/.",
        tags=[plan.election.id],
    )
    _offer(built, "butir", [f"{duty.short_key}{BEHIND_ID}{duty.item.title}" for duty in plan.duties])
    _offer(built, "oleh", people(plan, today(office)))
    return built


def _voter_check(plan: Plan) -> RunnerDeployment:
    """The form offers the kinds of lists that there are."""
    built = _deploy(
        voter_check,
        name="Cermati daftar pemilih",
        description="Cari yang meninggal, ganda, dan tidak memenuhi syarat. Taruh berkas baru di folder masuk/ lebih dahulu.",
        tags=[plan.election.id],
        parameters={"election": plan.election.id},
    )
    _offer(built, "jenis", [NO_KIND, *KINDS])
    return built


def _voter_review(plan: Plan) -> RunnerDeployment:
    built = _deploy(
        voter_review,
        name="Periksa temuan pemilih",
        description="Putuskan usulan pencermatan. Jalankan (Quick run), buka runnya, lalu tekan Resume.",
        tags=[plan.election.id],
        parameters={"election": plan.election.id},
    )
    _offer(built, "periksa", [ALL, *TITLES])
    return built


def _offer(built: RunnerDeployment, field: str, choices: list[str]) -> None:
    """Choices that are known only now: Prefect has no other way to them."""
    form = built._parameter_openapi_schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    form.properties[field]["enum"] = choices


def _once(start: dt.datetime, plan: Plan, slug: str, parameters: dict[str, Any]) -> Schedule:
    """One run at a wall time: floating DTSTART and a zone by name, else Prefect takes the hour for UTC."""
    rule = f"DTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:FREQ=DAILY;COUNT=1"
    return RRule(rule, timezone=plan.office.profile.timezone, slug=slug, parameters=parameters)


def _deploy(flow: Any, **settings: Any) -> RunnerDeployment:
    return flow.to_deployment(entrypoint_type=EntrypointType.MODULE_PATH, **settings)


def run(built: Iterable[RunnerDeployment]) -> None:
    """Serve until the process is told to stop; schedules stay on, because the next start takes them up again."""
    serve(*built, pause_on_shutdown=False, print_starting_message=False, limit=MOST_AT_ONCE)


def main() -> None:
    office = home()
    run(deployments(office, office.plan(office.election)))


if __name__ == "__main__":
    main()
