"""`neutrality`: incidents of those who must be neutral, without names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.duties import Json
from deployments.commands.nomination import By, Why
from deployments.context import moment, work
from deployments.printing import put, put_json, put_table
from tahapan.dates import tanggal

app = typer.Typer(
    help="Netralitas: kejadian dari informasi awal sampai jawaban.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def note(
    peristiwa: Annotated[str, typer.Argument(metavar="PERISTIWA", help="Satu frasa, tanpa nama orang.")],
    kelompok: Annotated[str, typer.Option("--kelompok", metavar="ID", help="asn, tni, polri, kepala-desa, pejabat.")],
    tempat: Annotated[str, typer.Option("--tempat", metavar="TEKS", help="Di mana.")],
    hari: Annotated[str, typer.Option("--hari", metavar="HARI", help="Hari kejadian.")],
    orang: Annotated[list[str], typer.Option("--orang", metavar="'NAMA | JABATAN | INSTANSI'", help="Hanya disimpan dalam berkas rahasia.")],
    oleh: By = "",
) -> None:  # fmt: skip
    """Catat informasi awal. Nama orang hanya masuk berkas rahasia."""
    from tahapan import neutrality as incidents
    from tahapan.details import read_day

    now = work()
    people: list[incidents.Orang] = []
    for each in orang:
        parts = [part.strip() for part in each.split("|")] + ["", ""]
        people.append(incidents.Orang(nama=parts[0], jabatan=parts[1], instansi=parts[2]))
    made = incidents.note(
        now.home, now.plan, kelompok, peristiwa, tempat, read_day(hari, "--hari"), people, oleh, now.at
    )
    _say_incident(made)


def _say_incident(made: object) -> None:
    from tahapan.clocks import said
    from tahapan.neutrality import Incident

    assert isinstance(made, Incident)
    until = f"; tenggat {said(made.sampai)}" if made.sampai else ""
    put(f"Kejadian {made.id} ({made.isi.kelompok}): {made.isi.langkah}{until}.")


@app.command("list")
def list_incidents(as_json: Json = False) -> None:
    """Kejadian tanpa nama: kelompok, langkah, tenggat."""
    from tahapan import neutrality as incidents
    from tahapan.clocks import said

    now = work()
    rows = incidents.incidents(now.home, now.plan)
    if as_json:
        put_json([{"id": each.id, "kelompok": each.isi.kelompok, "langkah": each.isi.langkah, "tenggat": each.sampai and each.sampai.isoformat()} for each in rows])  # fmt: skip
        return
    put_table(
        ("No.", "Kelompok", "Hari", "Langkah", "Sejak", "Tenggat"),
        [
            (each.id, each.isi.kelompok, tanggal(each.isi.hari), each.isi.langkah, f"{each.isi.pada:%d-%m-%Y %H.%M}",
             (said(each.sampai) + (" (lewat)" if each.late(now.at) else "")) if each.sampai else "")
            for each in rows
        ],
    )  # fmt: skip


@app.command()
def step(
    kejadian: Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor kejadian.")],
    langkah: Annotated[str, typer.Argument(metavar="LANGKAH", help="form-a, laporan, temuan, kajian, diteruskan, dijawab, ditutup.")],
    pukul: Annotated[str, typer.Option("--jam", metavar="JAM", help="Jamnya.")],
    hari: Annotated[str, typer.Option("--hari", metavar="HARI", help="Bawaan: hari ini.")] = "",
    nomor: Annotated[str, typer.Option("--nomor", metavar="TEKS", help="Nomor Form A, register, kajian, surat, atau jawaban.")] = "",
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Mengapa ditutup.")] = "",
    bukti: Annotated[Path | None, typer.Option("--bukti", metavar="BERKAS", help="Berkas langkah ini.")] = None,
    oleh: By = "",
) -> None:  # fmt: skip
    """Catat langkah berikutnya."""
    from tahapan import neutrality as incidents

    now = work()
    when = moment(now, hari, pukul, "--jam")
    _say_incident(
        incidents.step(
            now.home, now.plan, kejadian, langkah, when, oleh, now.latest, nomor=nomor, catatan=catatan, bukti=bukti
        )
    )


@app.command()
def extend(
    kejadian: Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor kejadian.")],
    hari: Annotated[int, typer.Option("--tambah", metavar="N", help="Hari tambahan kajian, paling banyak 2.")] = 2,
    alasan: Why = "",
    oleh: By = "",
) -> None:
    """Tambah waktu kajian, satu kali, dengan alasan."""
    from tahapan import neutrality as incidents

    now = work()
    _say_incident(incidents.more_time(now.home, now.plan, kejadian, hari, alasan, oleh, now.at))


@app.command()
def refer(
    kejadian: Annotated[str, typer.Argument(metavar="NOMOR", help="Nomor kejadian.")],
    file: Annotated[Path, typer.Option("--isi", metavar="BERKAS.toml", help="register, pleno, fakta, kesimpulan, bukti.")],
    oleh: By = "",
) -> None:  # fmt: skip
    """Draf penerusan kepada yang berwenang; rahasia, nama hanya dalam lampirannya. Ditandatangani orang."""
    from tahapan import neutrality as incidents
    from tahapan.reading import read_toml

    now = work()
    row = incidents.refer(now.home, now.plan, kejadian, read_toml(file), oleh, now.on, now.at)
    put(f"Draf {row.id}: {row.hal}; kepada {row.kepada}.")
