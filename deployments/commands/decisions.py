"""`letter submit|waiting|approve|decide|late` and `approver`: who is asked, what is decided, and with which code."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from deployments.address import desk_address
from deployments.commands.duties import Json, On
from deployments.commands.letters import LetterId, row_of
from deployments.context import PLACE, Work, work
from deployments.printing import put, put_json, put_table, tell
from tahapan import codes, links
from tahapan.characters import clean, named
from tahapan.dates import hari_tanggal
from tahapan.errors import DataError, Problem, Refused
from tahapan.home import read_day
from tahapan.register import LetterRow
from tahapan.store.engine import reading, writing

if TYPE_CHECKING:
    from tahapan.issue import Number

app = typer.Typer(help="Pejabat yang menyetujui: kode dan tautan pribadi.", no_args_is_help=True, rich_markup_mode=None)
By = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang melakukannya.")]
Decider = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Pejabat yang memutuskan.")]
Code = Annotated[str, typer.Option("--kode", metavar="ANGKA", help="Enam angka dari aplikasi autentikator.")]
Person = Annotated[str, typer.Argument(metavar="NAMA", help="Nama pejabat, seperti di pejabat.toml.")]


def add_to(letter: typer.Typer) -> None:
    """Put what decides about one letter beside the other commands of `letter`."""
    for command in (submit, waiting, approve, decide, late):
        letter.command()(command)


def submit(letter_id: LetterId, oleh: By) -> None:
    """Ajukan draf kepada pejabat pertama pada rantainya."""
    from tahapan.approval import submit as put_up

    now = work()
    row = put_up(now.home, now.plan, letter_id, named(oleh, "melakukannya"), now.at)
    put(f"{row.id} {row.state}.")
    _say_who_is_next(now, row)


def waiting(as_json: Json = False) -> None:
    """Surat yang menunggu keputusan: menunggu siapa, sejak kapan."""
    from tahapan.approval import waiting as all_waiting

    now = work()
    found = all_waiting(now.home, now.plan, now.on)
    if as_json:
        put_json(
            [
                {
                    "surat": each.row.id, "perihal": each.row.hal, "langkah": each.langkah + 1, "dari": len(each.chain),
                    "jabatan": each.jabatan, "nama": each.nama, "sejak": each.since.isoformat(),
                    "keluar_paling_lambat": each.row.letter_on,
                }
                for each in found
            ]
        )  # fmt: skip
        return
    put_table(
        ("Surat", "Menunggu", "Sejak", "Langkah", "Hal"),
        [
            (
                each.row.id, each.nama or f"(kosong) {each.jabatan}", f"{each.since.astimezone(now.at.tzinfo):%d-%m-%Y %H.%M}",
                f"{each.langkah + 1}/{len(each.chain)}", each.row.hal,
            )
            for each in found
        ],
    )  # fmt: skip


def approve(
    letter_id: LetterId,
    oleh: Decider = "",
    kode: Code = "",
    nomor: Annotated[str, typer.Option("--nomor", help="Nomor yang sudah diberikan di luar (SRIKANDI).")] = "",
    on: On = None,
) -> None:
    """Setujui: paraf, atau pada langkah terakhir nomor dan tanggal hari ini."""
    from tahapan.issue import Number

    now = work(on)
    if on and not now.home.gladi:
        raise Refused(Problem("--on", "surat bertanggal hari ia diberi nomor.", "Hapus --on; --on hanya untuk gladi."))
    row = row_of(now, letter_id)
    _agree(now, row, oleh, kode, max(row.letter_on, now.on) if now.home.gladi else now.on, Number(nomor=nomor))


def late(
    letter_id: LetterId,
    tanggal: Annotated[str, typer.Option("--tanggal", metavar="TANGGAL", help="Tanggal surat, seperti 2024-08-20.")],
    alasan: Annotated[str, typer.Option("--alasan", help="Mengapa bertanggal mundur; tercatat di buku dan jurnal.")],
    oleh: Decider = "",
    kode: Code = "",
) -> None:
    """Sisipkan: penanda tangan menyetujui dengan tanggal mundur, bernomor .1 di belakang nomor terakhir hari itu."""
    from tahapan.issue import Number

    now = work()
    day, why = read_day(tanggal), clean(alasan, "--alasan")
    if not why:
        raise DataError(Problem("--alasan", "kosong.", "Tulis mengapa surat ini bertanggal mundur."))
    if day >= now.on:
        raise Refused(Problem("--tanggal", f"{tanggal} belum lewat.", "Setujui seperti biasa."))
    _agree(now, row_of(now, letter_id), oleh, kode, day, Number(late=why))


def decide(
    letter_id: LetterId,
    keputusan: Annotated[str, typer.Argument(metavar="KEPUTUSAN", help="setuju, revisi, atau tolak.")],
    oleh: Decider = "",
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Wajib bila revisi atau tolak.")] = "",
    kode: Code = "",
    pencatat: Annotated[
        str,
        typer.Option("--pencatat", metavar="NAMA", help="Orang sekretariat yang mencatat keputusan di luar sistem."),
    ] = "",
    pada: Annotated[str, typer.Option("--pada", metavar="WAKTU", help="Kapan diputuskan: 2024-08-14 10:30.")] = "",
    lewat: Annotated[str, typer.Option("--lewat", metavar="TEKS", help="Tanda tangan di kertas, pesan, ...")] = "",
    bukti: Annotated[
        Path | None, typer.Option("--bukti", metavar="BERKAS", help="Foto tanda tangan atau pesannya.")
    ] = None,
) -> None:
    """Putuskan satu surat; atau catat keputusan yang diberikan di luar sistem (--pencatat --pada --lewat --bukti)."""
    from tahapan.approval import Answer, Elsewhere
    from tahapan.approval import decide as take

    now = work()
    luar = None
    if pencatat or pada or lewat or bukti:
        if bukti is None:
            raise DataError(Problem("--bukti", "belum disebut.", "Lampirkan foto tanda tangan atau pesannya."))
        luar = Elsewhere(pencatat, _moment(now, pada), lewat, bukti)
    answer = Answer(keputusan, oleh, "luar" if luar else "perintah", catatan=catatan, kode=kode, luar=luar)
    _report(now, take(now.home, now.plan, letter_id, answer, now.on, now.at))


@app.command()
def enrol(nama: Person, oleh: By) -> None:
    """Daftarkan kode: pindai QR-nya dengan aplikasi autentikator di ponsel pejabat itu. Kode lama tidak berlaku lagi."""
    import segno

    now = work()
    person = _holder(now, nama)
    with writing(now.home.engine) as connection:
        secret = codes.enrol(
            connection, now.home.root, now.plan.office.profile.id, person, named(oleh, "melakukannya"), now.at
        )
    put(f"Kode untuk {person}. Pindai sekarang; tidak ditampilkan lagi.\n")
    segno.make(secret.uri, error="l").terminal(compact=True)
    put(f"\nTidak dapat memindai? Ketik kunci ini di aplikasinya: {secret.text}")


@app.command("list")
def list_enrolled(as_json: Json = False) -> None:
    """Siapa yang punya kode."""
    now = work()
    with reading(now.home.engine) as connection:
        found = codes.enrolled(connection, now.plan.office.profile.id)
    if as_json:
        put_json([{"nama": nama, "dikunci_sampai": until or None} for nama, until in found.items()])
        return
    put_table(("Nama", "Dikunci sampai"), [(nama, until or "-") for nama, until in found.items()])


@app.command()
def remove(nama: Person, oleh: By) -> None:
    """Cabut kode: pejabat itu memutuskan tanpa kode, dan jurnal menyebutnya."""
    now = work()
    with writing(now.home.engine) as connection:
        codes.remove(connection, now.plan.office.profile.id, nama, named(oleh, "melakukannya"), now.at)
    put(f"Kode {nama} dicabut.")


@app.command()
def link(
    nama: Person,
    oleh: By,
    cabut: Annotated[bool, typer.Option("--cabut", help="Akhiri semua tautan orang itu (ponsel hilang).")] = False,
    desk_port: Annotated[int, typer.Option("--desk-port", help="Port meja surat.")] = 4280,
) -> None:
    """Tautan pribadi ke *Menunggu Anda*: satu orang, 48 jam, peramban pertama yang membukanya."""
    now = work()
    office, by = now.plan.office.profile.id, named(oleh, "melakukannya")
    with writing(now.home.engine) as connection:
        if cabut:
            count = links.withdraw(connection, office, nama, by, now.at)
            put(f"{count} tautan {nama} diakhiri.")
            return
        token = links.make(connection, office, _holder(now, nama), by, now.at)
    put(f"{_desk(desk_port)}/t/{token}")
    tell("Kirim kepada orangnya saja. Tidak ditampilkan lagi; berlaku 48 jam di peramban pertama yang membukanya.")


def _desk(port: int) -> str:
    """Where the desk of this office is reached; `tahapan up` gives it its password."""
    return desk_address(PLACE.settings, port, password=True).public


def _agree(now: Work, row: LetterRow, oleh: str, kode: str, day: dt.date, how: Number) -> None:
    from tahapan.approval import Answer
    from tahapan.approval import decide as take
    from tahapan.issue import approve as number

    if row.numbered:
        put(f"{row.nomor} sudah diberikan, tanggal {row.tanggal}; tidak diubah: {now.home.surat / row.pdf}")
        return
    if now.home.gladi:
        _report(now, number(now.home, now.plan, row.id, day, "gladi", now.at, how))
        return
    if not oleh:
        raise DataError(Problem("--oleh", "nama pejabat kosong.", "Tulis nama yang memutuskan."))
    answer = Answer("setuju", oleh, "perintah", kode=kode)
    _report(now, take(now.home, now.plan, row.id, answer, day, now.at, how))


def _report(now: Work, row: LetterRow) -> None:
    if row.numbered:
        put(f"{row.nomor}, tanggal {row.tanggal}: {now.home.surat / row.pdf}")
        return
    put(f"{row.id} {row.state}{f' ({row.note})' if row.note else ''}.")
    _say_who_is_next(now, row)


def _say_who_is_next(now: Work, row: LetterRow) -> None:
    from tahapan.approval import asked

    if question := asked(now.home, now.plan, row.id, now.on):
        who = question.nama or f"belum ada pemegang {question.jabatan}"
        put(f"Berikutnya: {who}, langkah {question.langkah + 1} dari {len(question.chain)}.")


def _moment(now: Work, text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise DataError(Problem("--pada", f"{text!r} bukan waktu.", "Tulis seperti 2024-08-14 10:30.")) from None
    return found.replace(tzinfo=ZoneInfo(now.plan.office.profile.timezone)) if found.tzinfo is None else found


def _holder(now: Work, nama: str) -> str:
    """The name as the office writes it; Refused for nobody who holds a role today."""
    holding = {person.nama for person in now.plan.office.pemegang if person.holds(now.on)}
    for known in holding:
        if known.casefold().split() == nama.casefold().split():
            return known
    what = f"tidak memegang jabatan pada {hari_tanggal(now.on)}."
    raise Refused(Problem(nama, what, f"Yang ada: {'; '.join(sorted(holding))}."))
