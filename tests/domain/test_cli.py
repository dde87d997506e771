"""The command `tahapan`: exit codes, one JSON value on stdout, messages on stderr, and what each command does."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys

import pytest

from tahapan import register
from tahapan.approval import submit
from tahapan.dates import HARI
from tahapan.day import morning, open_duties, work_on
from tahapan.home import open_gladi, open_home
from tahapan.issue import approve, draft
from tahapan.store.engine import reading

ELECTION = "pilkada-2024"
RAKOR = "V12.rakor-stakeholder"
LETTER = f"{ELECTION}.{RAKOR}.1"
WEDNESDAY = dt.date(2024, 8, 21)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    """A rehearsal with the letters of 13 to 15 August 2024; tests only read it."""
    root = tmp_path_factory.mktemp("cli") / "gladi"
    first = dt.date(2024, 8, 13)
    home = open_gladi(root, ELECTION, first, first)
    plan = home.plan(ELECTION)
    for day in (first, dt.date(2024, 8, 14), dt.date(2024, 8, 15)):
        home.set_day(day)
        at = morning(plan, day)
        for duty in open_duties(home, plan, day, at, "V12"):
            work_on(home, plan, duty, day, at)
        with reading(home.engine) as connection:
            rows = register.letters(connection, plan.office.profile.id)
        for row in rows:
            if row.letter_on <= day and not row.numbered:
                approve(home, plan, row.id, row.letter_on, "gladi", at)
    return root


def shell(*arguments, home):
    """The installed command in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TAHAPAN_")}
    return subprocess.run(
        [sys.executable, "-m", "deployments.cli", "--home", str(home), *arguments],
        capture_output=True, text=True, env=environment, timeout=60, check=False,
    )  # fmt: skip


# --- exit codes and streams ----------------------------------------------------------------------------------------------


def test_a_process_ends_with_0_1_or_2_and_never_with_a_traceback(rehearsal):
    """Done, refused with a reason, wrong usage; what is said goes to stderr."""
    done = shell("due", "--on", "2024-08-21", home=rehearsal)
    refused = shell("due", "--on", "2031-01-01", home=rehearsal)
    usage = shell("due", "--onn", "2024-08-21", home=rehearsal)

    assert (done.returncode, refused.returncode, usage.returncode) == (0, 1, 2)
    assert done.stdout.startswith("Sampai Rabu, 21 Agustus 2024:\n") and done.stderr == ""
    assert refused.stdout == usage.stdout == ""
    assert refused.stderr.startswith("tahapan: 1 Januari 2031: di luar kalender")
    assert usage.stderr == "tahapan: pilihan --onn tidak ada. Maksudnya --json, --on? Lihat `tahapan due --help`.\n"


def test_a_closed_pipe_is_no_fault(rehearsal):
    """`tahapan due | head -1` ends quietly."""
    command = f'"{sys.executable}" -m deployments.cli --home "{rehearsal}" agenda | head -1'
    ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=True)

    assert ended.stdout.startswith("Hari") and ended.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("duee",), "perintah 'duee' tidak ada. Maksudnya 'due'? Lihat `tahapan --help`."),
        ((), "perintahnya belum ditulis. Lihat `tahapan --help`."),
        (("done",), "'BUTIR' belum ditulis. Lihat `tahapan done --help`."),
        (("done", "a", "b"), "kelebihan b. Lihat `tahapan done --help`."),
        (("up", "--port", "empat"), "nilai untuk '--port' tidak dapat dipakai. Lihat `tahapan up --help`."),
        (("calendar", "set", "V14"), "'--acara' belum ditulis. Lihat `tahapan calendar set --help`."),
        (("letter", "lihat"), "perintah 'lihat' tidak ada. Maksudnya 'list', 'late'? Lihat `tahapan letter --help`."),
        (("due", "--on"), "nilai untuk '--on' belum ditulis. Lihat `tahapan --help`."),
    ],
)
def test_wrong_usage_is_told_in_indonesian_and_ends_with_2(arguments, said, tahapan, tmp_path):
    """In one line, with the help to read."""
    ended = tahapan(*arguments, home=tmp_path)

    assert (ended.code, ended.out, ended.lines) == (2, "", [said])


@pytest.mark.parametrize("command", ["demo", "up", "rehearse", "due", "status", "agenda", "done", "doctor"])
def test_every_command_explains_itself(command, tahapan, tmp_path):
    """`--help` works without an installation."""
    ended = tahapan(command, "--help", home=tmp_path)

    assert ended.code == 0 and f"tahapan {command}" in ended.out


def test_a_folder_that_is_no_installation_is_told_with_what_to_do(tahapan, tmp_path):
    """And nothing is created there."""
    ended = tahapan("letter", "list", home=tmp_path / "kosong")

    assert ended.code == 1
    assert ended.lines == [
        f"{tmp_path}/kosong: bukan rumah tahapan (tidak ada folder kantor/). Pilih dengan --home, atau coba `tahapan demo`."
    ]
    assert not (tmp_path / "kosong").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("due", "--on", "2024-08-21"),
        ("status", "--on", "2024-08-21"),
        ("agenda", "--from", "2024-08-19", "--to", "2024-08-23"),
        ("calendar", "show"),
        ("letter", "list"),
        ("letter", "show", LETTER),
        ("letter", "verify"),
        ("letter", "verify", LETTER),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_json_is_one_value_and_nothing_else_on_stdout(arguments, tahapan, rehearsal):
    """`--json` on everything that lists."""
    ended = tahapan(*arguments, "--json", home=rehearsal)

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)


def test_json_is_one_value_also_where_there_is_no_installation_yet(tahapan, tmp_path, monkeypatch):
    """The sample office answers, and that is said beside the result."""
    monkeypatch.chdir(tmp_path)
    ended = tahapan("due", "--on", "2024-08-21", "--json", home=None)

    assert ended.code == 0 and json.loads(ended.out)
    assert ended.lines == ["Belum ada rumah tahapan; yang ditampilkan kantor contoh."]


def test_a_home_that_was_named_and_is_none_is_refused(tahapan, tmp_path):
    """The sample never answers for an office somebody asked about."""
    ended = tahapan("status", "--on", "2024-08-21", home=tmp_path / "kosong")

    assert (ended.code, ended.out) == (1, "")
    assert "bukan rumah tahapan" in ended.err


# --- due, status, done ---------------------------------------------------------------------------------------------------


def test_due_needs_no_run_before_it_and_names_every_day_of_a_duty(tahapan, real_office):
    """From the calendar alone, on a new home."""
    rows = json.loads(tahapan("due", "--on", "2024-08-14", "--json", home=real_office).out)
    rakor = next(row for row in rows if row["id"] == RAKOR)

    assert {"id", "stage", "title", "due", "act_on", "letter_on", "pj", "status"} <= set(rakor)
    assert (rakor["stage"], rakor["due"], rakor["act_on"], rakor["letter_on"], rakor["pj"]) == (
        "V12", "2024-08-21", "2024-08-21", "2024-08-14", "kepala-sekretariat",
    )  # fmt: skip
    for row in rows:
        days = [row[name] for name in ("draft_on", "letter_on", "act_on", "due") if row[name]]
        assert min(days) <= "2024-08-14", row["id"]


def test_only_due_keeps_what_falls_due_by_that_day(tahapan, real_office):
    """On Tuesday the meeting of Wednesday is work already, and not due."""
    everything = json.loads(tahapan("due", "--on", "2024-08-20", "--json", home=real_office).out)
    due = json.loads(tahapan("due", "--on", "2024-08-20", "--only-due", "--json", home=real_office).out)

    assert RAKOR in {row["id"] for row in everything} - {row["id"] for row in due}
    assert due == [row for row in everything if row["due"] <= "2024-08-20"]


def test_a_finished_duty_is_taken_away_and_counted_in_status(tahapan, real_office, tmp_path):
    """`done` wants its evidence and a name, once."""
    proof = tmp_path / "daftar hadir.pdf"
    proof.write_bytes(b"%PDF-1.7 daftar hadir")
    done = ("done", RAKOR, "--on", "2024-08-21")

    bare = tahapan(*done, "--oleh", "Nama Staf", home=real_office)
    nameless = tahapan(*done, "--bukti", proof, home=real_office)
    lost = tahapan(*done, "--bukti", tmp_path / "tidak ada.pdf", "--oleh", "Nama Staf", home=real_office)
    ticked = tahapan(*done, "--bukti", proof, "--oleh", "Nama Staf", home=real_office)
    again = tahapan(*done, "--bukti", proof, "--oleh", "Nama Staf", home=real_office)

    assert [ended.code for ended in (bare, nameless, lost, ticked, again)] == [1, 1, 1, 0, 1]
    assert bare.lines[0].startswith(f"butir {RAKOR}: perlu bukti: daftar hadir,")
    assert bare.lines[0].endswith("Lampirkan berkasnya (--bukti BERKAS).")
    assert nameless.lines == ["--oleh: nama kosong. Tulis siapa yang menandai selesai."]
    assert lost.lines == [f"{tmp_path}/tidak ada.pdf: berkas bukti tidak ada. Periksa nama dan foldernya."]
    assert again.lines == [f"butir {RAKOR}: sudah selesai 21 Agustus 2024 oleh Nama Staf. Tidak perlu ditandai lagi."]
    assert [path.read_bytes() for path in (real_office / "bukti").iterdir()] == [proof.read_bytes()]
    rows = json.loads(tahapan("due", "--on", "2024-08-22", "--json", home=real_office).out)
    assert RAKOR not in {row["id"] for row in rows}
    stages = json.loads(tahapan("status", "--on", "2024-08-22", "--json", home=real_office).out)
    assert next(stage for stage in stages if stage["id"] == "V12")["status"]["selesai"] == 1


def test_after_the_election_due_and_status_still_answer_and_say_so(tahapan, real_office):
    """Today is outside the calendar of 2024: no crash, and a hint to --on beside the result."""
    for command in ("due", "status"):
        ended = tahapan(command, "--json", home=real_office)

        assert ended.code == 0 and json.loads(ended.out)
        assert len(ended.lines) == 1
        assert ended.lines[0].startswith("Perhatikan: hari ini (") and "di luar kalender pilkada-2024" in ended.lines[0]
        assert "--on 2024-06-04" in ended.lines[0]


@pytest.mark.parametrize("command", ["due", "status"])
def test_due_and_status_import_nothing_slow(command, rehearsal):
    """Neither Prefect nor what letters, migrations and tables of names are made with."""
    program = (
        "import sys\nfrom deployments.cli import main\n"
        f"sys.argv = ['tahapan', '--home', {str(rehearsal)!r}, {command!r}, '--on', '2024-08-21']\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(ended.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))

    assert {"pydantic", "sqlalchemy"} <= loaded
    assert not loaded & {
        "prefect",
        "alembic",
        "babel",
        "jinja2",
        "openpyxl",
        "typst",
        "holidays",
        "markdown_it",
        "fastapi",
    }


# --- letters -------------------------------------------------------------------------------------------------------------


def test_the_list_of_letters_has_what_a_book_of_letters_has(tahapan, rehearsal):
    """Number, date, kind, subject, addressees, state, file and its hash."""
    rows = json.loads(tahapan("letter", "list", "--json", home=rehearsal).out)
    row = next(row for row in rows if row["id"] == LETTER)

    assert {"id", "nomor", "tanggal", "jenis", "perihal", "kepada", "status", "pdf", "sha256"} <= set(row)
    assert (row["nomor"], row["tanggal"], row["jenis"]) == (
        "001/PM.00.02/K.SB-99/08/2024", "2024-08-14", "undangan-rakor",
    )  # fmt: skip
    assert HARI[dt.date.fromisoformat(row["tanggal"]).weekday()] == "Rabu"
    assert row["status"] == "disetujui" and "Ketua KPU Kabupaten Lima Puluh Kota" in row["kepada"]
    assert (rehearsal / row["pdf"]).read_bytes().startswith(b"%PDF-1.7") and len(row["sha256"]) == 64


def test_show_prints_the_letter_and_an_unknown_id_is_told(tahapan, rehearsal):
    """As Markdown, with the mark of a rehearsal."""
    shown = tahapan("letter", "show", LETTER, home=rehearsal)
    unknown = tahapan("letter", "show", "V12", home=rehearsal)

    assert "GLADI - bukan surat resmi" in shown.out and "001/PM.00.02/K.SB-99/08/2024" in shown.out
    assert (unknown.code, unknown.lines) == (
        1, ["surat V12: tidak ada dalam buku. Lihat id-nya dengan `tahapan letter list`."],
    )  # fmt: skip


def test_verify_and_doctor_find_a_changed_and_a_lost_file(tahapan, rehearsal, tmp_path):
    """The hash of the file is the verdict; exit 1, and still one JSON value."""
    copy = tmp_path / "salinan"
    shutil.copytree(rehearsal, copy)
    rows = json.loads(tahapan("letter", "list", "--json", home=copy).out)
    first, second, *_ = [row for row in rows if row["pdf"]]
    with (copy / first["pdf"]).open("ab") as file:
        file.write(b" ")
    (copy / second["pdf"]).unlink()

    verified = tahapan("letter", "verify", "--json", home=copy)
    examined = tahapan("doctor", "--json", home=copy)

    assert verified.code == examined.code == 1
    verdicts = {verdict["id"]: verdict for verdict in json.loads(verified.out)}
    assert (verdicts[first["id"]]["berkas"], verdicts[first["id"]]["dibuat_ulang"]) == ("PDF BERBEDA dari buku", "sama")
    assert verdicts[second["id"]]["berkas"] == "PDF tidak ada"
    wrong = [finding for finding in json.loads(examined.out) if not finding["baik"]]
    assert [finding["periksa"] for finding in wrong] == ["Berkas surat"]


def real_draft(root, on):
    """The invitation to the rakor, drafted in a real office on that day."""
    home = open_home(root)
    plan = home.plan(ELECTION)
    draft(home, plan, plan.duty(RAKOR), on, morning(plan, on))
    with reading(home.engine) as connection:
        return home, plan, register.letter(connection, plan.office.profile.id, LETTER)


CHAIN = tuple(f"Nama {who} (contoh)" for who in ("Kasubbag Administrasi", "Kepala Sekretariat", "Kordiv Pencegahan"))


def test_in_a_real_office_the_command_approves_along_the_chain_today_or_not_at_all(real_office, tahapan):
    """No chosen date, no anonymous approval, nobody out of turn; and no invitation after its meeting."""
    home, plan, _ = real_draft(real_office, dt.date(2024, 8, 14))
    command, chair = ("letter", "approve", LETTER), "Nama Ketua (contoh)"

    draf = tahapan(*command, "--oleh", chair, home=real_office)
    assert tahapan("letter", "submit", LETTER, "--oleh", "Staf", home=real_office).code == 0
    row = submit(home, plan, LETTER, "Staf", morning(plan, dt.date(2024, 8, 14)))
    dated = tahapan(*command, "--oleh", chair, "--on", "2024-08-14", home=real_office)
    nobody = tahapan(*command, home=real_office)
    other = tahapan(*command, "--oleh", chair, home=real_office)
    initials = [tahapan(*command, "--oleh", name, home=real_office) for name in CHAIN]
    late = tahapan(*command, "--oleh", chair, home=real_office)

    assert [ended.code for ended in (draf, dated, nobody, other, late)] == [1, 1, 1, 1, 1]
    assert [ended.code for ended in initials] == [0, 0, 0]
    assert initials[0].out.splitlines()[-1] == "Berikutnya: Nama Kepala Sekretariat (contoh), langkah 2 dari 4."
    assert draf.lines[0].startswith(f"surat {LETTER}: berstatus draf, tidak menunggu keputusan.")
    assert dated.lines == ["--on: surat bertanggal hari ia diberi nomor. Hapus --on; --on hanya untuk gladi."]
    assert nobody.lines == ["--oleh: nama pejabat kosong. Tulis nama yang memutuskan."]
    assert other.lines[0].startswith(f"surat {LETTER}: {chair} bukan Kepala Subbagian Administrasi pada ")
    assert late.lines[0].startswith(
        f"surat {LETTER}: undangan untuk rapat Rabu, 21 Agustus 2024 tidak dapat bertanggal "
    )
    with reading(home.engine) as connection:
        assert register.letter(connection, plan.office.profile.id, LETTER) == row
    assert not (real_office / "surat").exists() or not list((real_office / "surat").iterdir())
