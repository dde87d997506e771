"""`rakor`: a coordination meeting from its plan to what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.duties import Json
from deployments.commands.nomination import By
from deployments.context import Work, work
from deployments.printing import put, put_json, put_table, tell
from tahapan.dates import hari_tanggal, jam, tanggal
from tahapan.errors import DataError, Problem

app = typer.Typer(
    help="Rapat koordinasi: undang, pindahkan, catat, laporkan, tindak lanjuti.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(metavar="RAPAT", help="Id rapat, seperti RK001.")]
Hari = Annotated[str, typer.Option("--hari", metavar="HARI", help="Seperti 2024-08-21.")]
Mulai = Annotated[str, typer.Option("--mulai", metavar="JAM", help="Seperti 09.00.")]
Selesai = Annotated[str, typer.Option("--selesai", metavar="JAM", help="Seperti 12.30.")]
Tempat = Annotated[str, typer.Option("--tempat", metavar="TEKS", help="Tempatnya, paling panjang 200 huruf.")]
Why = Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Alasannya.")]


@app.command()
def new(
    butir: Annotated[
        str, typer.Option("--butir", metavar="BUTIR", help="Butir daftar periksa yang dikerjakan rapat ini.")
    ] = "",
    berkas: Annotated[
        Path | None, typer.Option("--berkas", metavar="BERKAS.toml", help="Isian rapat sebagai berkas.")
    ] = None,
    nama: Annotated[str, typer.Option("--nama", metavar="TEKS", help="Nama rapat.")] = "",
    tujuan: Annotated[str, typer.Option("--tujuan", metavar="TEKS", help='Tujuannya, sesudah kata "untuk".')] = "",
    tahapan: Annotated[
        list[str] | None, typer.Option("--tahapan", metavar="ID", help="Tahapan yang dibicarakan; dapat diulang.")
    ] = None,
    hari: Hari = "",
    mulai: Mulai = "",
    selesai: Selesai = "",
    tempat: Tempat = "",
    undang: Annotated[
        list[str] | None, typer.Option("--undang", metavar="KELOMPOK", help="Kelompok atau penerima; dapat diulang.")
    ] = None,
    kecuali: Annotated[
        list[str] | None, typer.Option("--kecuali", metavar="PENERIMA", help="Yang tidak diundang.")
    ] = None,
    bawa: Annotated[
        list[str] | None, typer.Option("--bawa", metavar="TEKS", help="Yang dibawa peserta; dapat diulang.")
    ] = None,
    acara: Annotated[
        list[str] | None,
        typer.Option("--acara", metavar="'PUKUL | KEGIATAN | PENGISI'", help="Satu baris; dapat diulang."),
    ] = None,
    narasumber: Annotated[
        list[str] | None,
        typer.Option("--narasumber", metavar="'JABATAN | MATERI'", help="Dengan jabatannya; dapat diulang."),
    ] = None,
    narahubung: Annotated[str, typer.Option("--narahubung", metavar="TEKS", help="Bawaan: narahubung kantor.")] = "",
    alasan: Why = "",
    oleh: By = "",
) -> None:
    """Siapkan rapat; dengan --butir isinya diambil dari daftar periksa, lalu diubah seperlunya."""
    from tahapan.rakor import prepare
    from tahapan.reading import read_toml

    now = work()
    given: dict[str, Any] = prepare.from_duty(now.home, now.plan, butir) if butir else {}
    if berkas:
        said = read_toml(berkas)
        given |= said.get("rapat", said)
    typed: dict[str, Any] = {
        "nama": nama, "tujuan": tujuan, "tahapan": tahapan, "hari": _day(hari), "mulai": _hour(mulai), "selesai": _hour(selesai),
        "tempat": tempat, "undangan": undang, "kecuali": kecuali, "bawa": bawa, "narahubung": narahubung, "alasan": alasan,
    }  # fmt: skip
    typed |= prepare.typed({"acara": "\n".join(acara or []), "narasumber": "\n".join(narasumber or [])})
    made = prepare.new(
        now.home, now.plan, given | {key: value for key, value in typed.items() if value}, oleh, now.on, now.at
    )
    _tell(made.warnings)
    put(f"{made.id}: {_when(now, made.meeting)}, {made.meeting.tempat}.")
    put(
        f"{len(made.meeting.invited(now.plan.office.directory))} penerima diundang. Lihat: tahapan rakor show {made.id}"
    )


def _day(text: str) -> Any:
    from tahapan.details import read_day

    return read_day(text, "--hari") if text else None


def _hour(text: str) -> str:
    from tahapan.details import read_hour

    return read_hour(text, "jam") if text else ""


def _when(now: Work, meeting: Any) -> str:
    zone = now.plan.office.profile.zona
    return f"{hari_tanggal(meeting.hari)}, pukul {jam(meeting.mulai)}-{jam(meeting.selesai)} {zone}"


def _tell(warnings: tuple[str, ...]) -> None:
    for each in warnings:
        tell(f"Perhatikan: {each}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Semua rapat."""
    from tahapan.rakor import prepare

    now = work()
    rows = prepare.all_meetings(now.home, now.plan)
    if as_json:
        put_json([{"id": each.id, **each.meeting.model_dump(mode="json")} for each in rows])
        return
    put_table(
        ("Id", "Hari", "Nama", "Tempat", "Keadaan"),
        [
            (each.id, _when(now, each.meeting), each.meeting.nama, each.meeting.tempat, "batal" if each.meeting.batal else "")
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def show(rapat: Id, as_json: Json = False) -> None:
    """Satu rapat: pekerjaannya, undangannya, kehadirannya, keputusannya."""
    from tahapan import day
    from tahapan.rakor import hold, prepare

    now = work()
    meeting = prepare.one(now.home, now.plan, rapat)
    rows = day.standings(now.home, now.plan, now.on, prepare.duties_of(now.plan, rapat))
    came = hold.shares(now.plan, meeting, hold.attendance(now.home, now.plan, rapat))
    if as_json:
        duties = [{"butir": row.duty.short_key, "keadaan": row.state, "keterangan": row.remark} for row in rows]
        put_json(
            {
                "id": rapat,
                **meeting.model_dump(mode="json"),
                "pekerjaan": duties,
                "hadir": sum(each.orang for each in came),
            }
        )
        return
    put(f"{rapat}: {meeting.nama}\n{_when(now, meeting)}, {meeting.tempat}{'. DIBATALKAN' if meeting.batal else ''}\n")
    put_table(
        ("Butir", "Judul", "Hari", "Keadaan"),
        [(row.duty.short_key, row.duty.item.title, tanggal(row.duty.act_on), f"{row.state}: {row.remark}" if row.remark else row.state) for row in rows],
    )  # fmt: skip
    put()
    put_table(
        ("Kelompok", "Diundang", "Hadir", "Orang"),
        [(each.kelompok, str(each.diundang), str(each.hadir), str(each.orang)) for each in came],
    )


@app.command()
def invite(rapat: Id, oleh: By = "") -> None:
    """Lanjutkan undangan, ralat, atau pembatalannya: siapkan, dan sesudah ditandatangani masukkan ke antrean kirim."""
    from tahapan.rakor import prepare

    now = work()
    told = prepare.tell(now.home, now.plan, rapat, oleh, now.on, now.at)
    put_table(
        ("Surat", "Nomor", "Keadaan", "Masuk antrean"),
        [
            (each.standing.duty.item.title, (row.nomor or row.id) if (row := each.standing.letter) else "-", each.waits, str(each.queued or ""))
            for each in told
        ],
    )  # fmt: skip


@app.command()
def move(
    rapat: Id,
    hari: Hari = "",
    mulai: Mulai = "",
    selesai: Selesai = "",
    tempat: Tempat = "",
    alasan: Why = "",
    oleh: By = "",
) -> None:
    """Pindahkan hari, jam, atau tempatnya; yang sudah diundang mendapat ralat."""
    from tahapan.rakor import prepare

    now = work()
    changes = {"hari": _day(hari), "mulai": _hour(mulai), "selesai": _hour(selesai), "tempat": tempat}
    made = prepare.move(now.home, now.plan, rapat, changes, alasan, oleh, now.on, now.at)
    _tell(made.warnings)
    put(f"{rapat}: {_when(now, made.meeting)}, {made.meeting.tempat}.")
    put("Ralat undangan disiapkan." if made.meeting.ralat else "Belum ada yang diberi tahu; drafnya diperbarui.")


@app.command()
def cancel(rapat: Id, alasan: Why = "", oleh: By = "") -> None:
    """Batalkan rapat; yang sudah diundang diberi tahu."""
    from tahapan.rakor import prepare

    now = work()
    made = prepare.cancel(now.home, now.plan, rapat, alasan, oleh, now.on, now.at)
    put(
        f"{rapat} dibatalkan. "
        + ("Surat pembatalan disiapkan." if made.meeting.batal_surat else "Belum ada yang diundang.")
    )


@app.command()
def hadir(
    rapat: Id,
    penerima: Annotated[str, typer.Option("--penerima", metavar="ID", help="Untuk undangan siapa, seperti kpu.")] = "",
    instansi: Annotated[str, typer.Option("--instansi", metavar="TEKS", help="Bagi yang tidak diundang.")] = "",
    nama: Annotated[str, typer.Option("--nama", metavar="NAMA", help="Namanya.")] = "",
    jabatan: Annotated[str, typer.Option("--jabatan", metavar="TEKS", help="Jabatannya.")] = "",
    ambil: Annotated[Path | None, typer.Option("--ambil", metavar="BERKAS.xlsx", help="Ambil dari Excel.")] = None,
    tulis: Annotated[
        Path | None, typer.Option("--tulis", metavar="BERKAS.xlsx", help="Tulis daftar undangan untuk diisi.")
    ] = None,
    pindaian: Annotated[
        Path | None, typer.Option("--pindaian", metavar="BERKAS", help="Lembar yang ditandatangani.")
    ] = None,
    oleh: By = "",
) -> None:
    """Catat siapa yang hadir: satu per satu, dari Excel, atau simpan pindaian lembarnya."""
    from tahapan.rakor import hold

    now = work()
    here = (now.home, now.plan, rapat)
    if tulis:
        put(f"{hold.export_sheet(*here, tulis)} baris ditulis ke {tulis}. Isi kolom Nama, lalu --ambil.")
        return
    if ambil:
        put(f"{hold.import_sheet(*here, ambil, oleh, now.on, now.at)} orang baru dicatat.")
    if nama:
        person = {"penerima": penerima, "instansi": instansi, "nama": nama, "jabatan": jabatan}
        put(f"{hold.attend(*here, [person], oleh, now.on, now.at)} orang baru dicatat.")
    if pindaian:
        hold.file_sheet(*here, pindaian, oleh, now.on, now.at)
        put("Lembar daftar hadir disimpan sebagai bukti.")
    if not (ambil or nama or pindaian):
        raise DataError(Problem("hadir", "tidak ada yang dicatat.", "Sebut --nama, --ambil, --tulis, atau --pindaian."))


@app.command()
def notulen(
    rapat: Id,
    bahas: Annotated[
        list[str] | None,
        typer.Option("--bahas", metavar="'POKOK | URAIAN | OLEH'", help="Satu pokok bahasan; dapat diulang."),
    ] = None,
    oleh: By = "",
) -> None:
    """Isi notulen dari agenda, daftar hadir, dan keputusan; pembahasannya dari --bahas atau meja surat."""
    from tahapan.rakor import hold

    now = work()
    rows = [[cell.strip() for cell in each.split("|")] for each in bahas or []]
    duty = hold.minutes(now.home, now.plan, rapat, rows, oleh, now.on, now.at)
    put(f"Notulen diisi: butir {duty.short_key}.")


@app.command()
def rilis(
    rapat: Id,
    judul: Annotated[str, typer.Option("--judul", metavar="TEKS", help="Judul berita.")] = "",
    alinea: Annotated[
        list[str] | None, typer.Option("--alinea", metavar="TEKS", help="Satu alinea; dapat diulang.")
    ] = None,
    kutipan: Annotated[str, typer.Option("--kutipan", metavar="TEKS", help="Kalimat lengkap, tanpa tanda petik.")] = "",
    jabatan: Annotated[str, typer.Option("--jabatan", metavar="TEKS", help="Yang dikutip; bawaan: Ketua.")] = "",
    oleh: By = "",
) -> None:
    """Isi siaran pers rapat."""
    from tahapan.rakor import hold

    now = work()
    duty = hold.release(now.home, now.plan, rapat, judul, alinea or [], kutipan, jabatan, oleh, now.on, now.at)
    put(f"Siaran pers diisi: butir {duty.short_key}.")


@app.command("tindak-lanjut")
def follow_up(
    rapat: Id,
    isi: Annotated[str, typer.Option("--isi", metavar="TEKS", help="Keputusan baru.")] = "",
    penanggung: Annotated[str, typer.Option("--penanggung", metavar="TEKS", help="Siapa yang melaksanakannya.")] = "",
    pj: Annotated[str, typer.Option("--pj", metavar="PERAN", help="Peran kantor yang memantaunya.")] = "",
    sampai: Annotated[str, typer.Option("--sampai", metavar="HARI", help="Tenggatnya.")] = "",
    surat: Annotated[str, typer.Option("--surat", metavar="JENIS", help="Surat yang diperlukannya.")] = "",
    kepada: Annotated[
        list[str] | None, typer.Option("--kepada", metavar="KELOMPOK", help="Penerima surat itu.")
    ] = None,
    rincian: Annotated[Path | None, typer.Option("--rincian", metavar="BERKAS.toml", help="Isian surat itu.")] = None,
    butir: Annotated[str, typer.Option("--butir", metavar="BUTIR", help="Butir yang sudah mengerjakannya.")] = "",
    as_json: Json = False,
    oleh: By = "",
) -> None:
    """Keputusan rapat dan di mana berdirinya; dengan --isi satu keputusan baru."""
    from tahapan.rakor import hold
    from tahapan.reading import read_toml

    now = work()
    if isi:
        given: dict[str, Any] = {
            "isi": isi,
            "penanggung": penanggung,
            "pj": pj,
            "sampai": _day(sampai),
            "surat": surat,
            "butir": butir,
        }
        given |= {"kepada": kepada or [], "rincian": read_toml(rincian) if rincian else {}}
        put(f"Keputusan dicatat: butir {hold.decide(now.home, now.plan, rapat, given, oleh, now.on, now.at)}.")
        return
    rows = [*hold.followed_up(now.home, now.plan, rapat, now.on)]
    if as_json:
        put_json([{**each.model_dump(mode="json"), "butir": key, "keadaan": state} for each, key, state in rows])
        return
    put_table(
        ("Butir", "Keputusan", "Pelaksana", "Sampai", "Keadaan"),
        [(key, each.isi, each.penanggung, tanggal(each.sampai), state) for each, key, state in rows],
    )  # fmt: skip


@app.command()
def laporan(
    rapat: Id,
    simpan: Annotated[
        Path | None, typer.Option("--simpan", metavar="BERKAS.zip", help="Semua berkas rapat dalam satu arsip.")
    ] = None,
    oleh: By = "",
) -> None:
    """Isi laporan rapat, atau simpan semua surat dan buktinya sebagai arsip."""
    from tahapan.rakor import evidence_bundle, hold

    now = work()
    if simpan:
        put(f"{evidence_bundle.write(now.home, now.plan, rapat, simpan)} berkas disimpan ke {simpan}.")
        return
    put(f"Laporan diisi: butir {hold.report(now.home, now.plan, rapat, oleh, now.on, now.at).short_key}.")
