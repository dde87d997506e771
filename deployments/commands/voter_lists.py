"""`voters import|lists|review|letter|compare|export|forget`: the lists an office keeps, and what people say of the findings on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.commands.duties import Json
from deployments.context import work
from deployments.printing import put, put_json, put_table
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem
from tahapan.register import UMUM

if TYPE_CHECKING:
    from tahapan.voters.examine_office import Examined
    from tahapan.voters.intake import Taken

By = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang melakukannya.")]
Kolom = Annotated[
    list[str] | None,
    typer.Option("--kolom", metavar="NAMA=JUDUL", help="Kolom yang tidak tertebak, seperti nama='Nama Pemilih'."),
]
States = Annotated[
    list[str] | None, typer.Option("--keadaan", metavar="KEADAAN", help="Hanya yang berkeadaan ini; boleh berulang.")
]
Checks = Annotated[
    list[str] | None, typer.Option("--periksa", metavar="ID", help="Hanya dari pemeriksaan ini, seperti meninggal.")
]
District = Annotated[str, typer.Option("--kecamatan", metavar="NAMA", help="Hanya kecamatan ini.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into `voters`."""
    app.command("import")(take_in)
    for command in (lists, review, letter, compare, export, forget):
        app.command()(command)


def take_in(
    berkas: Annotated[Path, typer.Argument(metavar="BERKAS", help="CSV atau XLSX.")],
    jenis: Annotated[
        str, typer.Option("--jenis", metavar="JENIS", help="dps, dpshp, dpt; atau meninggal, tni, polri, pindah, ...")
    ],
    oleh: By = "",
    kolom: Kolom = None,
    as_json: Json = False,
) -> None:
    """Masukkan daftar pemilih, atau daftar pembandingnya, ke penyimpanan kantor. Berkas yang sama tidak masuk dua kali."""
    from tahapan.voters import lists

    now = work()
    kept, taken = lists.take_in(now.home, now.plan, berkas, jenis, oleh, now.at, headings(kolom, "--kolom"))
    if as_json:
        put_json({"id": kept.id, "baris": kept.baris, "masalah": kept.masalah, "kolom": dict(kept.kolom)})
        return
    before = f"; sudah dimasukkan {tanggal(dt.datetime.fromisoformat(kept.imported_at).date())} dari {kept.name}."
    put(f"{kept.judul}: {kept.baris} baris" + (f", {kept.masalah} masalah." if taken else before))
    if taken:
        say_columns(taken)
    if kept.masalah:
        put(f"Baris yang bermasalah: tahapan voters export masalah --daftar {kept.id} --out BERKAS.csv")


def headings(given: list[str] | None, option: str) -> dict[str, str]:
    """``nama=Nama Pemilih`` as a mapping."""
    found: dict[str, str] = {}
    for each in given or ():
        name, equals, heading = each.partition("=")
        if not (equals and name.strip() and heading.strip()):
            raise DataError(Problem(option, f"{each!r} bukan NAMA=JUDUL.", "Tulis seperti nama='Nama Pemilih'."))
        found[name.strip()] = heading.strip()
    return found


def say_columns(taken: Taken) -> None:
    """How the headings were understood."""
    put(f"Kolom: {', '.join(f'{column} = {heading!r}' for column, heading in taken.columns.items())}.")
    if taken.unused:
        put(f"Tidak dipakai: {', '.join(taken.unused)}.")


def lists(as_json: Json = False) -> None:
    """Daftar yang disimpan kantor."""
    from tahapan.voters.lists import all_kept

    now = work()
    kept = all_kept(now.home, now.plan)
    if as_json:
        put_json(
            [
                {
                    "id": each.id,
                    "jenis": each.jenis,
                    "baris": each.baris,
                    "masalah": each.masalah,
                    "dicermati": each.checked_at,
                    "dihapus": each.forgotten_at,
                }
                for each in kept
            ]
        )
        return
    rows = [
        (each.id, each.judul.partition(" (")[0], each.name, str(each.baris), str(each.masalah), each.imported_at[:10], each.imported_by,
         "isinya dihapus" if each.forgotten_at else f"dicermati {each.checked_at[:10]}" if each.checked_at else "")
        for each in kept
    ]  # fmt: skip
    put_table(("Id", "Jenis", "Berkas", "Baris", "Masalah", "Masuk", "Oleh", "Keterangan"), rows)


def examine_kept(daftar: str | None, banding: list[str] | None, level: str, oleh: str, *, as_json: bool) -> None:
    """`voters check` in an office: one of its lists, against its others."""
    from tahapan import journal
    from tahapan.voters.examine_office import examine_list

    now = work()
    who = oleh or journal.MACHINE
    done = examine_list(now.home, now.plan, daftar, banding or None, who, now.at, lowest=level)
    if as_json:
        put_json(
            {
                "daftar": done.daftar.id,
                "pembanding": [each.id for each in done.against],
                "temuan": {each.id: dict(each.levels) for each in done.counted},
                "baru": done.new,
                "masih": done.still,
                "selesai": done.settled,
            }
        )
        return
    _say_examined(done)


def _say_examined(done: Examined) -> None:
    from tahapan.voters.results import LEVELS

    against = ", ".join(each.id for each in done.against) or "tanpa daftar pembanding"
    put(f"{done.daftar.judul}, {done.daftar.baris} pemilih; {against}.")
    put()
    rows = [(each.judul, *(str(each.levels.get(level, 0)) for level in LEVELS)) for each in done.counted]
    put_table(("Pemeriksaan", *LEVELS), rows)
    put()
    put(f"Usulan baru: {done.new}; masih tercatat dari daftar sebelumnya: {done.still}; selesai: {done.settled}.")
    _say_drafts(done.drafts)
    put("Ini usulan, bukan keputusan: periksa setiap baris dengan `tahapan voters review --out BERKAS.xlsx`.")


def _say_drafts(drafts: Iterable[str]) -> None:
    for each in drafts:
        own, _, nama = each.partition(".")
        again = f"--kecamatan KECAMATAN --nama {nama}" if own == UMUM else each
        put(f"Draf surat {each} memuat temuan yang berubah dan tidak dapat diberi nomor lagi.")
        put(f"Isi lagi: tahapan voters letter {again}")


def review(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="BERKAS.xlsx", help="Tulis temuan ke lembar ini (rahasia).")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="BERKAS.xlsx", help="Baca keputusan dari lembar ini.")
    ] = None,
    keadaan: States = None,
    periksa: Checks = None,
    kecamatan: District = "",
    oleh: By = "",
    as_json: Json = False,
) -> None:
    """Periksa temuan: tulis lembarnya, isi kolom Keputusan, Bukti, Catatan, lalu baca lagi. Tanpa pilihan: hitungannya.

    Keputusan: benar, bukan, lapangan; sesudah disarankan kepada KPU: ditindaklanjuti, ditolak, belum, selesai.
    """
    from tahapan.voters import findings as found
    from tahapan.voters import review as reviews

    now = work()
    if file:
        taken = reviews.read_sheet(now.home, now.plan, file, oleh, now.at)
        put(f"{taken.count} keputusan dicatat.")
        _say_drafts(taken.drafts)
        return
    wanted = keadaan or ([found.PROPOSED] if out else [])
    rows = reviews.selected(now.home, now.plan, keadaan=wanted, periksa=periksa or (), kecamatan=kecamatan)
    if out:
        nameless = reviews.write_sheet(now.home, now.plan, rows, out)
        put(f"{len(rows)} temuan ditulis ke {out}. Berkas ini memuat nama orang: jangan dikirim.")
        if nameless:
            put(f"{nameless} di antaranya tanpa nama: isi daftarnya sudah dihapus. Masukkan lagi, lalu cermati.")
        put(f"Isi kolom Keputusan, lalu: tahapan voters review --file {out} --oleh NAMA")
        return
    counts = found.tally(rows, found.title)
    if as_json:
        put_json(counts)
        return
    states = [state for state in found.STATES if any(state in each for each in counts.values())]
    put_table(
        ("Pemeriksaan", *states), [(check, *(str(n.get(state, 0)) for state in states)) for check, n in counts.items()]
    )


def compare(
    lama: Annotated[str, typer.Argument(metavar="LAMA", help="Id daftar, seperti dps-1.")],
    baru: Annotated[
        str | None, typer.Argument(metavar="BARU", help="Id daftar sesudahnya; boleh kosong dengan --rekap.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Tulis siapa yang masuk, keluar, pindah (rahasia).")
    ] = None,
    rekap: Annotated[
        Path | None,
        typer.Option(
            "--rekap", metavar="BERKAS.xlsx", help="Rekap KPU (Kecamatan, Nagari, TPS, Jumlah) untuk daftar terakhir."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Bandingkan dua versi daftar: masuk, keluar, pindah TPS; atau jumlahnya dengan rekap KPU."""
    from tahapan.voters import compare as versions

    now = work()
    if rekap:
        same, wrong = versions.against_recap(now.home, now.plan, baru or lama, rekap)
        if as_json:
            put_json(
                {
                    "sama": same,
                    "beda": [{"tempat": each.tempat, "rekap": each.rekap, "daftar": each.daftar} for each in wrong],
                }
            )
            return
        put(f"{same} tempat sama jumlahnya, {len(wrong)} berbeda.")
        if wrong:
            put_table(
                ("Tempat", "Rekap KPU", "Daftar"), [(each.tempat, _n(each.rekap), _n(each.daftar)) for each in wrong]
            )
        return
    if baru is None:
        raise DataError(Problem("BARU", "belum ditulis.", "Tulis dua daftar, seperti dps-1 dpshp-1."))
    done = versions.compare(now.home, now.plan, lama, baru, out)
    names = ("lama", "baru", *versions.FILES)
    if as_json:
        put_json({each.kecamatan: {name: getattr(each, name) for name in names} for each in done.areas})
        return
    rows = [(each.kecamatan or "(kosong)", *(str(getattr(each, name)) for name in names)) for each in done.areas]
    total = ("Jumlah", *(str(sum(getattr(each, name) for each in done.areas)) for name in names))
    put_table(
        ("Kecamatan", done.lama.id, done.baru.id, "Masuk", "Keluar", "Pindah TPS", "Data berubah"), [*rows, total]
    )
    if out:
        put(f"Nama-namanya di {out}. Berkas ini memuat nama orang: jangan dikirim.")


def _n(value: int | None) -> str:
    return "tidak ada" if value is None else str(value)


def forget(
    daftar: Annotated[str, typer.Argument(metavar="DAFTAR", help="Id daftar, seperti dps-1.")],
    oleh: By = "",
) -> None:
    """Hapus isi sebuah daftar dari penyimpanan kantor. Jumlah dan riwayat temuannya tetap, tanpa nama."""
    from tahapan.voters import lists

    now = work()
    gone = lists.forget(now.home, now.plan, daftar, oleh, now.at)
    put(f"Isi {gone.judul} dihapus: {gone.baris} baris. Jumlah dan riwayat temuannya tetap.")


def letter(
    butir: Annotated[
        str | None, typer.Argument(metavar="BUTIR", help="Butir yang suratnya diisi, seperti V10.saran-perbaikan-dps.")
    ] = None,
    kecamatan: Annotated[
        str, typer.Option("--kecamatan", metavar="NAMA", help="Tanpa butir: surat tersendiri untuk kecamatan ini.")
    ] = "",
    nama: Annotated[
        str, typer.Option("--nama", metavar="NAMA", help="Nama pendek surat tersendiri itu, seperti saran-harau.")
    ] = "",
    tenggat: Annotated[
        str | None, typer.Option("--tenggat", metavar="TANGGAL", help="Batas waktu tindak lanjut, seperti 2024-08-21.")
    ] = None,
    oleh: By = "",
) -> None:
    """Isi surat saran perbaikan dengan temuan yang terbukti; nama-namanya dalam lampiran terkunci untuk penerima saja."""
    from tahapan.home import read_day
    from tahapan.voters.recommendation import recommend, recommend_district

    now = work()
    until = read_day(tenggat) if tenggat else None
    if butir and not (kecamatan or nama):
        done = recommend(now.home, now.plan, now.plan.duty(butir), until, oleh, now.on, now.at)
    elif kecamatan and nama and not butir:
        done = recommend_district(now.home, now.plan, kecamatan, nama, until, oleh, now.on, now.at)
    else:
        remedy = "Tulis butirnya, atau --kecamatan dan --nama untuk surat tersendiri."
        raise DataError(Problem("BUTIR", "tidak jelas surat yang mana.", remedy))
    put(f"{len(done.findings)} temuan masuk surat {done.where}.")
    for path in done.files:
        put(f"Lampiran terkunci: {path}")
    put(f"Kata sandi (ditampilkan sekali ini saja, tidak disimpan): {done.password}")
    if done.again:
        put("Lampiran dan kata sandi yang dibuat sebelum ini tidak berlaku lagi.")
    put("Kirim lampirannya hanya kepada penerima surat, kata sandinya lewat jalan lain. Tembusan tanpa lampiran.")
    if done.missing:
        put(f"Masih ditunggu: {'; '.join(done.missing)} (isi di Lengkapi rincian).")
    elif not done.drafted:
        put("Draf suratnya ditulis begitu harinya tiba; lihat `tahapan agenda`.")


def export(
    what: Annotated[str, typer.Argument(metavar="APA", help="rekap, publik, grafik, kpps, atau masalah.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="BERKAS", help="Berkas yang ditulis; akhirannya menentukan bentuk.")
    ],
    daftar: Annotated[str, typer.Option("--daftar", metavar="ID", help="Untuk masalah: daftar yang mana.")] = "",
) -> None:
    """Tulis rekap, ringkasan untuk umum, grafik, daftar untuk KPPS, atau baris bermasalah sebuah daftar."""
    from tahapan.voters import export as exports

    now = work()
    match exports.check_what(what):
        case "rekap":
            exports.write_recap(now.home, now.plan, out, now.on)
        case "publik":
            exports.write_public(now.home, now.plan, out, now.on)
        case "grafik":
            exports.write_chart(now.home, now.plan, out, now.on)
        case "kpps":
            count, password = exports.write_for_polling_places(now.home, now.plan, out, now.on)
            put(f"{count} nama. Kata sandi (ditampilkan sekali ini saja, tidak disimpan): {password}")
        case _:
            exports.write_problems(now.home, now.plan, daftar, out)
    put(f"Ditulis: {out} ({exports.WHAT[what]}).")
