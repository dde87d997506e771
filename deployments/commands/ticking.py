"""`done` and `units`: tick a duty with its evidence, whole or unit by unit, and see what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deployments.commands.duties import Json, On
from deployments.context import Work, work
from deployments.printing import put, put_json, put_table, tell
from tahapan.checklist import Duty
from tahapan.dates import tanggal
from tahapan.errors import DataError, Problem, TahapanError

if TYPE_CHECKING:
    from tahapan.progress import Filed
    from tahapan.ticking import Roll, Ticked
    from tahapan.units import Unit

DutyId = Annotated[str, typer.Argument(metavar="BUTIR", help="Id butir, seperti V12.rakor-stakeholder.")]
By = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang menandai.")]
Proof = Annotated[list[Path] | None, typer.Option("--bukti", metavar="BERKAS", help="Bukti; boleh berulang.")]


def register(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    for command in (done, units):
        app.command()(command)


def done(
    duty_id: DutyId,
    bukti: Proof = None,
    oleh: By = "",
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", metavar="KODE[,KODE]", help="Untuk butir per unit: kode atau nama; boleh berulang."),
    ] = None,
    catatan: Annotated[str, typer.Option("--catatan", metavar="TEKS", help="Catatan; tersimpan di jurnal.")] = "",
    only_file: Annotated[bool, typer.Option("--simpan-saja", help="Simpan buktinya; belum selesai.")] = False,
    undo: Annotated[bool, typer.Option("--batal", help="Batalkan tanda selesai; perlu --alasan.")] = False,
    alasan: Annotated[str, typer.Option("--alasan", metavar="TEKS", help="Mengapa dibatalkan.")] = "",
    on: On = None,
) -> None:
    """Tandai butir selesai, dengan buktinya. Tanpa pilihan: bukti apa yang diminta dan apa yang sudah ada."""
    from tahapan import ticking
    from tahapan.evidence import keep

    now = work(on)
    duty = now.plan.duty(duty_id)
    roll = ticking.roll(now.home, now.plan, duty)
    chosen = _units(roll, unit or ())
    if undo:
        ticking.untick(now.home, now.plan, duty, alasan, oleh, now.at, chosen)
        put(f"{duty_id} dibuka lagi{': ' + _named(chosen) if chosen else ''}. Buktinya tetap tersimpan.")
    elif chosen:
        kept = tuple(keep(now.home, bukti or [], "--bukti"))
        returns = [ticking.Return(each, kept, note=catatan) for each in chosen]
        _say(ticking.tick_units(now.home, now.plan, duty, returns, oleh, now.on, now.at, only_file=only_file), duty_id)
    elif only_file:
        count = ticking.file(now.home, now.plan, duty, keep(now.home, bukti or [], "--bukti"), oleh, now.on, now.at)
        put(f"{duty_id}: {count} berkas bukti disimpan; belum ditandai selesai.")
    elif oleh or bukti:
        evidence = ticking.tick(now.home, now.plan, duty, bukti or [], oleh, now.on, now.at, catatan)
        put(f"{duty_id} selesai dengan {len(evidence)} berkas bukti (yang diminta: {_wanted(duty)}).")
    else:
        _show(roll)


def units(
    duty_id: DutyId,
    missing: Annotated[bool, typer.Option("--kurang", help="Hanya yang belum.")] = False,
    message: Annotated[bool, typer.Option("--wa", help="Teks untuk ditempel ke WhatsApp: siapa yang belum.")] = False,
    sheet_out: Annotated[
        Path | None, typer.Option("--xlsx", metavar="BERKAS", help="Tulis satu baris per unit ke XLSX.")
    ] = None,
    sheet_in: Annotated[
        Path | None,
        typer.Option("--baca", metavar="BERKAS", help="Baca XLSX itu kembali; buktinya di folder yang sama."),
    ] = None,
    photos: Annotated[
        Path | None, typer.Option("--foto", metavar="ZIP", help="ZIP berisi foto yang dinamai menurut unitnya.")
    ] = None,
    partly: Annotated[bool, typer.Option("--sebagian", help="Dari ZIP: ambil yang cocok, sebut sisanya.")] = False,
    oleh: By = "",
    as_json: Json = False,
    on: On = None,
) -> None:
    """Butir per kecamatan, nagari, TPS, atau penerima: siapa yang sudah dan siapa yang belum."""
    from tahapan import ticking
    from tahapan.field.message import missing_text

    now = work(on)
    duty = now.plan.duty(duty_id)
    if sheet_in:
        from tahapan.field.sheet import read

        _say(read(now.home, now.plan, duty, sheet_in, oleh, now.on, now.at), duty_id)
        return
    if photos:
        _take_photos(now, duty, photos, oleh, partly=partly)
        return
    roll = ticking.roll(now.home, now.plan, duty)
    if not roll.posts:
        raise DataError(_no_units(roll))
    if sheet_out:
        from tahapan.field.sheet import write

        put(f"{write(roll, sheet_out)} baris ditulis ke {sheet_out}.")
    elif message:
        put(missing_text(roll, now.on).rstrip())
    elif as_json:
        put_json(_as_json(roll, missing=missing))
    else:
        _list(roll, missing=missing)


def _take_photos(now: Work, duty: Duty, path: Path, oleh: str, *, partly: bool) -> None:
    from tahapan.field.photos import take_photos

    try:
        taken = take_photos(now.home, now.plan, duty, path, oleh, now.on, now.at, partly=partly)
    except TahapanError:
        if not partly:
            tell("Tidak ada yang diambil. Perbaiki namanya, atau pakai --sebagian untuk mengambil yang cocok.")
        raise
    _say(taken.ticked, duty.short_key)
    for problem in taken.left:
        tell(f"tidak diambil: {problem}")


def _units(roll: Roll, said: Iterable[str]) -> tuple[Unit, ...]:
    """The units of ``--unit``; every one that is not clear is told."""
    names = roll.names
    found: dict[str, Unit] = {}
    faults: list[Problem] = []
    for part in said:
        whole = names.meant(part)  # a title may have a comma
        for each in (part,) if whole else part.split(","):
            meant = whole or names.meant(each)
            if len(meant) == 1:
                found[meant[0].code] = meant[0]
            else:
                faults.append(roll.unclear(each.strip(), meant) if roll.posts else _no_units(roll))
    if faults:
        raise DataError(*faults)
    return tuple(found.values())


def _no_units(roll: Roll) -> Problem:
    if roll.duty.item.per == "penerima":
        return Problem(roll.where, "suratnya belum bernomor.", "Penerimanya baru pasti sesudah surat disetujui.")
    if roll.duty.item.per:
        return Problem(roll.where, f"tidak ada {roll.word} dalam wilayah.toml.", "Isi `kantor/wilayah.toml`.")
    return Problem(roll.where, "tidak dikerjakan per unit.", "Tandai dengan `tahapan done` tanpa --unit.")


def _say(done: Ticked, duty_id: str) -> None:
    """What a tick of units did."""
    put(f"{duty_id}: {len(done.new)} baru, {done.files} berkas bukti; {done.tally}.")
    if done.before:
        tell(f"Sudah ditandai sebelumnya: {_named(done.before)}.")
    if done.finished:
        put(f"{duty_id} selesai.")


def _show(roll: Roll) -> None:
    """What a duty wants and what it has."""
    row = roll.row
    finished = (
        f"selesai {tanggal(row.finished_on)} oleh {row.finished_by}" if row and row.finished_on else "belum selesai"
    )
    put(f"{roll.duty.item.title}: {finished}.")
    put(f"Bukti yang diminta: {_wanted(roll.duty)}.")
    if roll.tally:
        put(f"Masuk: {roll.tally}. Lihat siapa yang belum dengan `tahapan units {roll.duty.short_key} --kurang`.")
    elif not roll.evidence:
        put("Bukti yang ada: belum ada.")
    if roll.evidence:
        put("Bukti yang ada:")
        put_table(
            ("Berkas", "Masuk", "Oleh"), [(each.name, str(each.filed_on), each.filed_by) for each in roll.evidence]
        )


def _list(roll: Roll, *, missing: bool) -> None:
    put(f"{roll.duty.item.title}: {roll.tally}.")
    posts = [post for post in roll.posts if not (missing and post.tick)]
    put_table(
        ("Kode", "Kecamatan", "Nama", "Selesai", "Oleh", "Bukti"),
        [
            (
                post.unit.code, post.unit.kecamatan or "-", post.unit.nama,
                str(post.tick.finished_on) if post.tick else "-", post.tick.finished_by if post.tick else "-",
                _files(post.evidence),
            )
            for post in posts
        ],
    )  # fmt: skip


def _as_json(roll: Roll, *, missing: bool) -> dict[str, Any]:
    rows = [
        {
            "kode": post.unit.code, "kecamatan": post.unit.kecamatan, "nama": post.unit.nama,
            "selesai": post.tick is not None, "tanggal": post.tick.finished_on if post.tick else None,
            "oleh": post.tick.finished_by if post.tick else "", "catatan": post.tick.note if post.tick else "",
            "bukti": [{"nama": each.name, "sha256": each.sha256} for each in post.evidence],
        }
        for post in roll.posts
        if not (missing and post.tick)
    ]  # fmt: skip
    tally = roll.tally
    assert tally
    return {"butir": roll.duty.short_key, "per": roll.word, "masuk": tally.done, "jumlah": tally.total, "unit": rows}


def _wanted(duty: Duty) -> str:
    return ", ".join(duty.item.bukti) or "tidak ada"


def _files(evidence: Iterable[Filed]) -> str:
    names = [each.name for each in evidence]
    return "-" if not names else names[0] if len(names) == 1 else f"{len(names)} berkas"


def _named(units: Iterable[Unit]) -> str:
    names = [unit.nama for unit in units]
    return ", ".join(names[:5]) + (f", dan {len(names) - 5} lagi" if len(names) > 5 else "")
