"""`voters check|sample`: a voter list examined on its own, and invented lists to try it with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deployments.commands import voter_lists
from deployments.commands.duties import Json
from deployments.commands.voter_lists import By, examine_kept, headings, say_columns
from deployments.printing import put, put_json, put_table
from tahapan.errors import DataError, Problem

app = typer.Typer(
    help="Daftar pemilih: cari yang meninggal, ganda, dan belum cukup umur.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
voter_lists.add_to(app)


@app.command()
def check(
    kept: Annotated[
        str | None, typer.Argument(metavar="DAFTAR", help="Daftar kantor, seperti dps-1 (bawaan: yang terbaru).")
    ] = None,
    banding: Annotated[
        list[str] | None,
        typer.Option("--banding", metavar="DAFTAR", help="Hanya dengan daftar pembanding ini, seperti meninggal-1."),
    ] = None,
    oleh: By = "",
    daftar: Annotated[
        Path | None, typer.Option("--list", metavar="BERKAS", help="Tanpa kantor: daftar pemilih, CSV atau XLSX.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Tanpa kantor: tempat hasilnya.")] = None,
    deaths: Annotated[Path | None, typer.Option("--deaths", metavar="BERKAS", help="Data kematian.")] = None,
    tni: Annotated[Path | None, typer.Option("--tni", metavar="BERKAS", help="Daftar anggota TNI.")] = None,
    polri: Annotated[Path | None, typer.Option("--polri", metavar="BERKAS", help="Daftar anggota Polri.")] = None,
    wna: Annotated[Path | None, typer.Option("--wna", metavar="BERKAS", help="Daftar warga negara asing.")] = None,
    pindah: Annotated[
        Path | None, typer.Option("--pindah", metavar="BERKAS", help="Daftar yang pindah keluar.")
    ] = None,
    baru: Annotated[
        Path | None, typer.Option("--baru", metavar="BERKAS", help="Warga yang seharusnya tercantum.")
    ] = None,
    level: Annotated[str, typer.Option("--level", metavar="A..D", help="Tingkat terendah yang ditulis.")] = "C",
    election: Annotated[
        str, typer.Option("--election", metavar="PEMILIHAN", help="Umur dihitung pada hari pemungutan suaranya.")
    ] = "pilkada-2024",
    kolom: Annotated[
        list[str] | None,
        typer.Option(
            "--kolom", metavar="NAMA=JUDUL", help="Kolom daftar yang tidak tertebak, seperti nama='Nama Pemilih'."
        ),
    ] = None,
    kolom_lain: Annotated[
        list[str] | None,
        typer.Option(
            "--kolom-pembanding", metavar="DAFTAR:NAMA=JUDUL", help="Sama, seperti meninggal:nama='Nama Alm.'."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Cermati daftar pemilih kantor; dengan --list dan --out sebuah berkas saja, tanpa kantor dan server.

    Hasilnya usulan yang harus diperiksa orang. Tanpa kantor: FOLDER/usulan.csv: yang mungkin sudah meninggal; temuan-lain.csv: ganda, umur, TPS, TNI/Polri, pindah; masalah.csv:
    baris yang kurang.
    """
    files = (deaths, tni, polri, wna, pindah, baru)
    level = level.upper()
    if not daftar and not out and not any(files):
        examine_kept(kept, banding, level, oleh, as_json=as_json)
        return
    if not (daftar and out) or kept or banding:
        remedy = "Tulis keduanya untuk mencermati berkas; untuk daftar kantor masukkan dahulu dengan voters import."
        raise DataError(Problem("--list dan --out", "harus bersama, tanpa DAFTAR dan --banding.", remedy))
    from tahapan.elections import load_election
    from tahapan.plan import DATA
    from tahapan.reading import read_toml
    from tahapan.voters.examine import examine
    from tahapan.voters.results import FOUND, LEVELS, OTHERS, SUMMARY

    given = {"meninggal": deaths, "tni": tni, "polri": polri, "wna": wna, "pindah": pindah, "baru": baru}
    done = examine(
        daftar, {reason: path for reason, path in given.items() if path}, out,
        load_election(election, (DATA / "elections",)).pemungutan_suara, lowest=level,
        codes=read_toml(DATA / "tms.toml").get(election, {}),
        columns={"daftar": headings(kolom, "--kolom"), **_of_others(kolom_lain)},
    )  # fmt: skip
    if as_json:
        rows = {name: taken.rows for name, taken in done.taken.items()}
        put_json({"baris": rows, "temuan": {each.id: dict(each.levels) for each in done.found}, "folder": str(out)})
        return
    for name, taken in done.taken.items():
        put(f"{name}: {taken.rows} baris, {taken.problems} masalah.")
        say_columns(taken)
    put()
    counts = [(each.judul, *(str(each.levels.get(level, 0)) for level in LEVELS)) for each in done.found]
    put_table(("Pemeriksaan", *LEVELS), counts)
    put()
    put(f"{f'Usulan: {out / FOUND}; ' if deaths else ''}temuan lain: {out / OTHERS}; ringkasan: {out / SUMMARY}.")
    put("Ini usulan, bukan keputusan: periksa setiap baris dengan buktinya.")


def _of_others(given: list[str] | None) -> dict[str, dict[str, str]]:
    """``meninggal:nama=Nama Alm.`` by list."""
    found: dict[str, list[str]] = {}
    for each in given or ():
        name, _, rest = each.partition(":")
        found.setdefault(name.strip(), []).append(rest)
    return {name: headings(said, "--kolom-pembanding") for name, said in found.items()}


@app.command()
def sample(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Tempat berkasnya.")],
    voters: Annotated[int, typer.Option("--voters", metavar="N", help="Banyak pemilih.")] = 10_000,
    deaths: Annotated[int, typer.Option("--deaths", metavar="N", help="Banyak data kematian.")] = 200,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Angka yang sama memberi berkas yang sama.")] = 1,
    kode: Annotated[str, typer.Option("--kode", metavar="NN.NN", help="Kode provinsi atau kabupaten.")] = "13.07",
) -> None:
    """Buat daftar pemilih dan data kematian KARANGAN untuk latihan, beserta jawabannya; tidak ada orang sungguhan."""
    from tahapan.voters.sample import make_rolls, province_places

    made = make_rolls(out, province_places(kode), voters, deaths, seed)
    put(f"Daftar: {made.daftar}; kematian: {made.kematian}; jawabannya: {made.kebenaran}.")
    put(f"Coba: tahapan voters check --list {made.daftar} --deaths {made.kematian} --out hasil")
