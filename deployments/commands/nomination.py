"""`nomination`: the pairs, who came and when, their papers, what the rules say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.context import end_of, work
from deployments.printing import put, put_json, put_table
from tahapan.dates import hari_tanggal, jam, tanggal

app = typer.Typer(
    help="Pencalonan: pasangan, jam kedatangan, berkas, dan hitungan aturannya.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip
NO_POST = "tidak-ada"
By = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang mencatat.")]
Why = Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Mengapa dibetulkan; yang lama tetap tersimpan.")]
PairName = Annotated[str, typer.Argument(metavar="PASANGAN", help="Id pasangan, seperti di `nomination pairs`.")]


@app.command()
def pair(
    calon: Annotated[str, typer.Argument(metavar="CALON", help="Nama calon bupati.")],
    wakil: Annotated[str, typer.Argument(metavar="WAKIL", help="Nama calon wakil bupati.")],
    partai: Annotated[
        list[str] | None,
        typer.Option("--partai", metavar="ID", help="Partai pengusung, seperti parpol-04; boleh berulang."),
    ] = None,
    perseorangan: Annotated[bool, typer.Option("--perseorangan", help="Tanpa partai.")] = False,
    suara: Annotated[
        str, typer.Option("--suara", metavar="N", help="Suara sah partai pengusung, seperti 18.181.")
    ] = "",
    dukungan: Annotated[str, typer.Option("--dukungan", metavar="N", help="Perseorangan: jumlah pendukung.")] = "",
    sebaran: Annotated[str, typer.Option("--sebaran", metavar="N", help="Perseorangan: di berapa kecamatan.")] = "",
    lahir: Annotated[str, typer.Option("--lahir", metavar="HARI", help="Tanggal lahir calon.")] = "",
    lahir_wakil: Annotated[str, typer.Option("--lahir-wakil", metavar="HARI", help="Tanggal lahir wakil.")] = "",
    ijazah: Annotated[
        str, typer.Option("--ijazah", metavar="JENJANG", help="Ijazah calon, seperti SLTA atau S1.")
    ] = "",
    ijazah_wakil: Annotated[str, typer.Option("--ijazah-wakil", metavar="JENJANG", help="Ijazah wakil.")] = "",
    jabatan: Annotated[
        list[str] | None,
        typer.Option("--jabatan", metavar="ID", help="Jabatan calon: asn, tni, ..., atau tidak-ada."),
    ] = None,
    jabatan_wakil: Annotated[
        list[str] | None, typer.Option("--jabatan-wakil", metavar="ID", help="Jabatan wakil.")
    ] = None,
    ganti: Annotated[
        str, typer.Option("--betulkan", metavar="ID", help="Pasangan yang namanya dibetulkan, dengan --alasan.")
    ] = "",
    oleh: By = "",
    alasan: Why = "",
) -> None:
    """Catat bakal pasangan calon, atau lengkapi yang sudah dicatat (dengan --alasan)."""
    from tahapan.details import read_day
    from tahapan.nomination import pairs as all_pairs
    from tahapan.nomination.pairs import number

    def person(nama: str, born: str, level: str, posts: list[str] | None, where: str) -> dict[str, object]:
        day = read_day(born, where).isoformat() if born.strip() else None
        return {
            "nama": nama,
            "lahir": day,
            "ijazah": level.upper() or None,
            "jabatan": None if posts is None else [each for each in posts if each != NO_POST],
        }

    now = work()
    isi = {
        "calon": person(calon, lahir, ijazah, jabatan, "--lahir"),
        "wakil": person(wakil, lahir_wakil, ijazah_wakil, jabatan_wakil, "--lahir-wakil"),
        "partai": partai or ([] if dukungan or perseorangan else None), "suara": number(suara, "--suara"), "dukungan": number(dukungan, "--dukungan"),
        "sebaran": number(sebaran, "--sebaran"),
    }  # fmt: skip
    made = all_pairs.add(now.home, now.plan, isi, oleh, now.at, alasan=alasan, wanted=ganti)
    put(f"{made.isi.nama}: {made.id} (versi {made.versi}).")


@app.command("pairs")
def pairs_(as_json: Json = False) -> None:
    """Pasangan yang dicatat."""
    from tahapan.nomination.pairs import all_pairs, nominated_by

    now = work()
    found = all_pairs(now.home, now.plan)
    if as_json:
        put_json([{"id": each.id, **each.isi.model_dump(mode="json")} for each in found])
        return
    put_table(
        ("Id", "Pasangan", "Pengusung"),
        [(each.id, each.isi.nama, nominated_by(now.plan, each.isi)) for each in found],
    )


@app.command()
def rules(pasangan: PairName, as_json: Json = False) -> None:
    """Apa yang dikatakan setiap aturan tentang sebuah pasangan, dengan angka dan hukum hari ini. Bukan putusan."""
    from tahapan.nomination.pairs import all_pairs, cited, found, judged, region

    now = work()
    one = found(all_pairs(now.home, now.plan), pasangan)
    told = judged(now.home, now.plan, one, now.on)
    if as_json:
        put_json([
            {"siapa": who, "aturan": each.aturan, "status": each.status, "alasan": each.alasan, "angka": dict(each.angka),
             "dasar": cited(now.plan, each, now.on), "keyakinan": each.keyakinan}
            for who, each in told
        ])  # fmt: skip
        return
    put(
        f"{one.isi.nama}, hukum {tanggal(now.on)}. Angka: {region(now.home, now.plan)[1] or 'belum ada kantor/angka.toml'}."
    )
    put()
    put_table(
        ("Siapa", "Aturan", "Status", "Alasan", "Hukum"),
        [(who, each.aturan, each.status, each.alasan, cited(now.plan, each, now.on)) for who, each in told],
    )
    put()
    put("Ini hitungan, bukan putusan: yang masuk surat diputuskan orang.")


# --- arrivals --------------------------------------------------------------------------------------


@app.command()
def arrive(
    pasangan: PairName,
    pukul: Annotated[str, typer.Option("--jam", metavar="JAM", help="Jam kedatangan, seperti 11.25.")] = "",
    hari: Annotated[str, typer.Option("--hari", metavar="HARI", help="Bawaan: hari ini.")] = "",
    siapa: Annotated[str, typer.Option("--siapa", metavar="TEKS", help="Siapa yang datang.")] = "",
    hasil: Annotated[str, typer.Option("--hasil", metavar="HASIL", help="diterima atau dikembalikan.")] = "diterima",
    sebab: Annotated[str, typer.Option("--sebab", metavar="TEKS", help="Mengapa dikembalikan.")] = "",
    pengawas: Annotated[str, typer.Option("--pengawas", metavar="NAMA", help="Siapa yang mengawasi.")] = "",
    ganti: Annotated[
        str, typer.Option("--betulkan", metavar="NOMOR", help="Betulkan catatan ini, dengan --alasan.")
    ] = "",
    alasan: Why = "",
    oleh: By = "",
) -> None:
    """Catat kedatangan di tempat pendaftaran; terlambat atau tepat waktu menurut jam tutup hari itu."""
    from tahapan.nomination import arrivals as log

    now = work()
    typed = log.Typed(pasangan, hari or now.on.isoformat(), pukul, siapa, hasil, sebab, pengawas)
    if ganti:
        row = log.correct(now.home, now.plan, ganti, typed, alasan, oleh, now.on, now.at)
    else:
        row = log.note(now.home, now.plan, typed, oleh, now.on, now.at)
    put(f"Catatan {row.id}: {row.pair.isi.nama}, {hari_tanggal(row.isi.hari)} pukul {jam(row.isi.jam)}, {row.said}.")


@app.command("arrivals")
def arrivals_(as_json: Json = False) -> None:
    """Catatan kedatangan."""
    from tahapan.nomination import arrivals as log

    now = work()
    rows = log.log(now.home, now.plan)
    if as_json:
        put_json([{"id": each.id, **each.isi.model_dump(mode="json"), "terlambat": each.late} for each in rows])
        return
    put_table(
        ("No.", "Hari", "Jam", "Pasangan", "Waktu", "Hasil", "Pengawas"),
        [
            (each.id, tanggal(each.isi.hari), jam(each.isi.jam), each.pair.isi.nama, each.said, each.isi.hasil, each.isi.pengawas)
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def strike(
    nomor: Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor catatan kedatangan.")], alasan: Why = "",
    oleh: By = "",
) -> None:  # fmt: skip
    """Coret catatan kedatangan yang keliru; isinya tetap tersimpan."""
    from tahapan.nomination import arrivals as log

    now = work()
    log.correct(now.home, now.plan, nomor, None, alasan, oleh, now.on, now.at)
    put(f"Catatan {nomor} dicoret.")


@app.command()
def report(
    butir: Annotated[
        str, typer.Argument(metavar="BUTIR", help="Seperti N05.lhp-hari-kedua atau N05.rilis-pendaftaran.")
    ],
    oleh: By = "",
) -> None:
    """Isi LHP hari itu, atau siaran pers, dengan catatan kedatangan; kalimat yang ditulis orang tetap."""
    from tahapan.nomination import arrivals as log

    now = work()
    count = log.fill_report(now.home, now.plan, now.plan.duty(butir), oleh, now.on, now.at)
    put(f"{count} kedatangan ditulis ke {butir}.")


# --- papers ----------------------------------------------------------------------------------------


@app.command()
def papers(
    pasangan: PairName,
    sejak: Annotated[
        str, typer.Option("--beda-sejak", metavar="HARI", help="Hanya yang berubah sejak akhir hari itu.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Berkas sebuah pasangan: ada, sah, tidak sah, perbaikan, belum."""
    from tahapan.home import read_day
    from tahapan.nomination import papers as dossiers
    from tahapan.nomination.pairs import all_pairs, found

    now = work()
    one = found(all_pairs(now.home, now.plan), pasangan)
    if sejak:
        changed = dossiers.between(now.home, now.plan, one, end_of(now, read_day(sejak)), now.at)
        rows = [
            (each.berkas.nama, each.orang, each.dulu.keadaan, each.kini.keadaan, each.kini.catatan) for each in changed
        ]
        put_table(("Berkas", "Milik", "Dulu", "Kini", "Catatan"), rows)
        return
    seen = dossiers.dossier(now.home, now.plan, one)
    if as_json:
        put_json([{"berkas": each.berkas.id, "milik": each.orang, **each.nilai.model_dump()} for each in seen])
        return
    put_table(
        ("Id", "Berkas", "Milik", "Keadaan", "Catatan"),
        [(each.berkas.id, each.berkas.nama, each.orang, each.nilai.keadaan, each.nilai.catatan) for each in seen],
    )
    until = dossiers.deadline(now.plan)
    put()
    put(f"Belum ada atau belum sah: {sum(each.lacking for each in seen)} dari {len(seen)}" + (f"; batas perbaikan {hari_tanggal(until)}." if until else "."))  # fmt: skip


@app.command()
def paper(
    pasangan: PairName,
    berkas: Annotated[str, typer.Argument(metavar="BERKAS", help="Id berkas, seperti ijazah.")],
    milik: Annotated[str, typer.Argument(metavar="MILIK", help="pasangan, calon, atau wakil.")],
    keadaan: Annotated[str, typer.Argument(metavar="KEADAAN", help="ada, sah, tidak sah, perbaikan, belum.")],
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Apa yang kurang.")] = "",
    bukti: Annotated[Path | None, typer.Option("--bukti", metavar="BERKAS", help="Foto atau salinan.")] = None,
    oleh: By = "",
) -> None:
    """Catat keadaan sebuah berkas; yang dicatat sebelumnya tetap tersimpan."""
    from tahapan.nomination import papers as dossiers
    from tahapan.nomination.pairs import all_pairs, found

    now = work()
    one = found(all_pairs(now.home, now.plan), pasangan)
    seen = dossiers.judge(
        now.home, now.plan, one, milik, berkas, keadaan, oleh, now.at, catatan=catatan, bukti=bukti
    )  # fmt: skip
    put(f"{seen.berkas.nama} ({seen.orang}): {seen.nilai.keadaan}.")


@app.command()
def ask(
    alamat: Annotated[str, typer.Argument(metavar="ALAMAT", help="Penerbitnya: pn, polres, disdik, kpp, dukcapil.")],
    oleh: By = "",
) -> None:
    """Draf permintaan keterangan keabsahan dokumen kepada yang menerbitkannya."""
    from tahapan.nomination.pairs import all_pairs
    from tahapan.nomination.papers import ask_about

    now = work()
    row = ask_about(now.home, now.plan, alamat, oleh, now.on, now.at, all_pairs(now.home, now.plan))
    put(f"Draf {row.id}: {row.hal}.")


@app.command()
def suggest(pasangan: PairName, oleh: By = "") -> None:
    """Draf saran perbaikan kepada KPU tentang berkas yang dinilai tidak sah."""
    from tahapan.nomination.pairs import all_pairs, found
    from tahapan.nomination.papers import suggest as draft

    now = work()
    known = all_pairs(now.home, now.plan)
    one = found(known, pasangan)
    row = draft(now.home, now.plan, one, 1 + [each.id for each in known].index(one.id), oleh, now.on, now.at)
    put(f"Draf {row.id}: {row.hal}.")
