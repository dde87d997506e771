"""`demo`, `up`, `rehearse`: start something."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from deployments.address import Address, desk_address
from deployments.children import Child, clean_up, start
from deployments.context import PLACE
from deployments.prefect_server import check_port, own_database, prefect_environment, wait_until_ready
from deployments.printing import put, tell, tell_error
from deployments.rehearsal import NOBODY, People
from tahapan.dates import hari_tanggal
from tahapan.errors import DataError, MachineError, Problem, TahapanError
from tahapan.home import SAMPLE_OFFICE, Home, open_gladi, read_day
from tahapan.meetings import Meeting
from tahapan.office import load_office
from tahapan.plan import Plan, load_plan
from tahapan.post.sending import Sent
from tahapan.settings import read_settings
from tasks.desk import DESK_HOSTS
from tasks.office import today

if TYPE_CHECKING:
    from deployments.rehearsal import Server

DEMO_ELECTION = "pilkada-2024"
DEMO_DAY = "2024-08-21"
MEETING_DAY = "2024-08-22"  # the day after: minutes, press release and decisions are there
DEMO_HOME = Path("tahapan-demo")
FORTNIGHT = dt.timedelta(days=14)
MADE_BY_DEMO = "contoh.txt"  # a rehearsal with this file, in our words, may be thrown away
OURS = "Kantor contoh pada "
WITH_MEETING = ", dengan rapat 21 Agustus"
READY = "Hari-harinya sudah dijalankan, dengan meja surat di port {}."  # at another port they would link to nowhere
NO_MEETINGS: Mapping[str, Meeting] = {}
LOOK_EVERY = 5  # seconds, for runs to be named and letters to be asked for

Port = Annotated[int, typer.Option("--port", help="Port server Prefect.")]
DeskPort = Annotated[int, typer.Option("--desk-port", help="Port meja surat.")]


class Desk(NamedTuple):
    """The desk, and where it answers."""

    child: Child
    place: Address


def register(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    for command in (demo, up, rehearse):
        app.command()(command)


def demo(
    on: Annotated[str, typer.Option("--on", metavar="TANGGAL", help="Hari yang diperagakan.")] = "",
    rakor: Annotated[
        bool, typer.Option("--rakor", help="Rapat 21 Agustus 2024 dari undangan sampai tindak lanjutnya.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Berhenti setelah semua selesai dijalankan.")] = False,
    port: Port = 4200,
    desk_port: DeskPort = 4280,
) -> None:
    """Kantor contoh pada satu hari Pilkada 2024, sebagai gladi, dengan UI Prefect."""
    from deployments.rehearsal import run_days, server, set_desk, working_days

    day = read_day(on or (MEETING_DAY if rakor else DEMO_DAY))
    _check_ports(port, desk_port)
    tell(f"Menyiapkan kantor contoh di folder {PLACE.root or DEMO_HOME} ...")
    ready = READY.format(desk_port)
    home, plan, fresh = demo_home(day, ready, WITH_MEETING if rakor else "")
    place = desk_address(read_settings(), desk_port, password=False)
    set_desk(place.public)
    with _until_stopped(), server(home, tell, port=port) as running, _desk(home, running, place) as desk:
        days = sorted({*working_days(plan, day - FORTNIGHT, day), day}) if fresh else []
        if days:
            tell(f"Menjalankan {len(days)} hari kerja sampai {hari_tanggal(day)} ...")
        with _meeting_played(home) if rakor and days else nullcontext(NOBODY) as people:
            for failure in run_days(home, plan, days, tell, mornings={day}, people=people):
                tell(f"Perhatikan: {failure}")
        (home.root / MADE_BY_DEMO).write_text(f"{_made(day, WITH_MEETING if rakor else '')}{ready}\n", "utf-8")
        if once:
            put(f"Selesai. Surat ada di {home.surat}. Tanpa --once, UI Prefect tetap menyala untuk melihatnya.")
            return
        _serve(home, plan, running, desk, f"Kantor contoh pada {hari_tanggal(day)} (gladi).")


@contextmanager
def _meeting_played(home: Home) -> Generator[People]:
    """The people of the story, and a mail server on this machine that takes what they send and shows it to nobody."""
    from deployments import story
    from tahapan.day import morning
    from tahapan.post.sending import Post

    tale = story.load_story()
    with story.mailbox() as relay:
        post = Post("uji", relay, "contoh@surel.example")

        def act(on: dt.date) -> None:
            sent = story.after_work(home, tale, on, morning(home.plan(home.election), on), post)
            if sent and str(sent) != str(Sent()):
                tell(f"    surel: {sent}")

        yield People(lambda on: story.before_work(home, tale, on, morning(home.plan(home.election), on)), act)


def up(port: Port = 4200, desk_port: DeskPort = 4280) -> None:
    """Jalankan kantor: server, jadwal, dan meja surat."""
    from deployments.password import AUTH, FILE, USER, set_password
    from deployments.rehearsal import server, set_desk

    home = PLACE.open()
    plan = home.plan(home.election)
    home.words(plan)
    if home.gladi is None and (password := set_password(home.root)):
        put("Sandi UI Prefect dan meja surat (ditampilkan sekali ini saja):")
        put(f"  nama pengguna {USER}, sandi {password}")
        put(f"  Tersimpan di {(home.root / FILE).resolve()}; hanya dapat dibaca pemiliknya.")
        sys.stdout.flush()
    place = desk_address(PLACE.settings, desk_port, password=bool(os.environ.get(AUTH)))
    _check_ports(port, place.port)
    set_desk(place.public)
    with _until_stopped(), server(home, tell, port=port) as running, _desk(home, running, place) as desk:
        _serve(home, plan, running, desk, home.office.profile.nama)


def rehearse(
    election: Annotated[str, typer.Argument(metavar="PEMILIHAN", help="Seperti pilkada-2024.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Rumah gladi: surat, buku, ringkasan.")],
    first: Annotated[str | None, typer.Option("--from", metavar="TANGGAL", help="Hari pertama (ikut).")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="TANGGAL", help="Hari terakhir (ikut).")] = None,
) -> None:
    """Gladi: jalankan setiap hari tahapan lewat alur sungguhan, dalam folder tersendiri."""
    from deployments.rehearsal import run_days, server, working_days, write_summary

    folder = _office_folder()
    whole = load_plan(load_office(folder), election, {})
    start, end = read_day(first) if first else whole.days[0], read_day(last) if last else whole.days[-1]
    if end < start:
        raise DataError(Problem("--to", f"{end} sebelum --from {start}.", "Tukar keduanya."))
    whole.check_day(end)
    home = open_gladi(out, election, start, start, folder)
    plan = home.plan(election)
    home.words(plan)
    with _until_stopped(), server(home, tell):
        failures = run_days(home, plan, working_days(plan, start, end), tell)
    put(str(write_summary(home, plan, start, end)))
    for failure in failures:
        tell(f"Perhatikan: {failure}")
    if failures:
        raise typer.Exit(1)


def _office_folder() -> Path:
    """Whose rehearsal: the office of --home where there is one, else the sample."""
    own = PLACE.settings.home / "kantor"
    return own if own.is_dir() else SAMPLE_OFFICE


def demo_home(day: dt.date, ready: str, what: str = "") -> tuple[Home, Plan, bool]:
    """The demo's folder for that day, and whether its days are still to be run; one for another day is thrown away."""
    root = PLACE.root or DEMO_HOME
    note = root / MADE_BY_DEMO
    said = _said_by_demo(root)
    if said.startswith(_made(day, what)):
        kept = Home(root)
        return kept, kept.plan(DEMO_ELECTION), ready not in said
    plan = load_plan(load_office(SAMPLE_OFFICE), DEMO_ELECTION, {})
    plan.check_day(day)  # before anything is thrown away
    if said:
        clean_up(root / "log" / "server.pid", "Kantor contoh")  # refused while somebody is still looking at it
        shutil.rmtree(root)
    home = open_gladi(root, DEMO_ELECTION, max(day - FORTNIGHT, plan.first_day), day)
    note.write_text(_made(day, what), "utf-8")
    return home, home.plan(DEMO_ELECTION), True


def _said_by_demo(root: Path) -> str:
    """What our note in the folder says; nothing where the folder, or the note, may be somebody else's."""
    note = root / MADE_BY_DEMO
    home = Home(root)
    if not note.is_file() or not home.database.is_file():
        return ""
    said = note.read_text("utf-8", errors="replace")
    ours = said.startswith(OURS) and home.gladi is not None
    home.engine.dispose()  # the folder may be thrown away next
    return said if ours else ""


def _made(day: dt.date, what: str) -> str:
    return f"{OURS}{day}{what}; folder ini boleh dihapus.\n"


def _check_ports(port: int, desk_port: int) -> None:
    faults: list[Problem] = []
    for number, what, option in ((port, "server Prefect", "--port"), (desk_port, "meja surat", "--desk-port")):
        try:
            check_port(number, what, option)
        except MachineError as error:
            faults += error.problems
    if faults:
        raise MachineError(*faults)


@contextmanager
def _desk(home: Home, running: Server, place: Address) -> Generator[Desk]:
    """The desk, beside the server, for as long as the block."""
    application = [sys.executable, "-m", "uvicorn", "deployments.desk.app:app", "--host", place.host]
    quiet = ["--port", str(place.port), "--log-level", "warning", "--no-access-log", *place.tls]
    environment = {**_environment(home, running), DESK_HOSTS: ",".join(place.names)}
    with start("meja", [*application, *quiet], home=home.root, environment=environment, what="Meja surat") as child:
        yield Desk(child, place)


def _serve(home: Home, plan: Plan, running: Server, desk: Desk, what: str) -> None:
    """Deployments beside server and desk, until somebody stops us."""
    from prefect.client.orchestration import get_client

    from deployments.naming import patient, rename_upcoming
    from deployments.rehearsal import brief_url, start_morning
    from tahapan.watch import beat
    from tasks.asking import keep_asking
    from tasks.keeping import keep_meetings, keep_sending
    from tasks.office import now
    from tasks.scanning import take_scans

    serving = [sys.executable, "-m", "deployments.serve"]
    logged = {**_environment(home, running), "PREFECT_LOGGING_LEVEL": "INFO"}
    since = dt.datetime.now(dt.UTC)
    with (
        suppress(KeyboardInterrupt),  # Ctrl+C is how this ends
        start("jadwal", serving, home=home.root, environment=logged, what="Penjadwal") as runner,
        get_client(sync_client=True) as client,
    ):
        wait_until_ready(desk.child, f"{desk.place.own}/sehat", "Meja surat", certificate=desk.place.certificate)
        put(what)
        put(f"  UI Prefect     : {running.url}")
        if brief := brief_url(client, running, plan):
            put(f"  Ringkasan pagi : {brief}")
        put(f"  Meja surat     : {desk.place.public}")
        put(f"  Folder         : {home.root.resolve()}")
        put("Ctrl+C untuk berhenti.")
        sys.stdout.flush()
        if home.gladi is None:
            start_morning(client, plan, today(home), since, runner)
        said, planned = "", NO_MEETINGS
        while all(child.alive() for child in (running.child, desk.child, runner)):
            try:
                with patient():
                    rename_upcoming(client, plan)
                    if home.gladi is None:
                        fresh, on = home.plan(plan.election.id), today(home)
                        beat(home, dt.datetime.now(dt.UTC))
                        keep_asking(client, home, fresh, on)
                        keep_sending(client, home, fresh, on)
                        if fresh.meetings != planned:
                            keep_meetings(client, fresh, on)
                            planned = fresh.meetings
                        take_scans(home, fresh, on, now(home, fresh, on))
                said = ""
            except TahapanError as error:  # a file of the office is being edited: told once, and tried again
                if str(error) != said:
                    tell_error(error)
                said = str(error)
            time.sleep(LOOK_EVERY)
        ended = next(child for child in (running.child, desk.child, runner) if not child.alive())
        raise MachineError(Problem(str(ended.log), f"{ended.name} berhenti sendiri.", ended.tail()))
    tell("Menghentikan server dan meja surat ...")


def _environment(home: Home, running: Server) -> dict[str, str]:
    return prefect_environment(home.root, running.port, own_database() if home.gladi else None)


@contextmanager
def _until_stopped() -> Generator[None]:
    """Ctrl+C and SIGTERM end the block cleanly."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    yield
