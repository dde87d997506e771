"""`letter new|edit|renew`: words that people write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.duties import On
from deployments.context import work
from deployments.printing import put
from tahapan import register
from tahapan.errors import DataError, MachineError, Problem
from tahapan.letters.kinds import Kind, LetterField
from tahapan.reading import read_text, read_toml
from tahapan.store.engine import reading

Names = Annotated[list[str] | None, typer.Option(metavar="KELOMPOK", help="Boleh diulang; bawaan: dari jenisnya.")]
Oleh = Annotated[str, typer.Option("--oleh", metavar="NAMA", help="Siapa yang mengerjakan.")]
WORD, MARKDOWN, PDF = ".docx", ".md", ".pdf"


def register_commands(app: typer.Typer) -> None:
    """Put these commands into `letter`."""
    for name, command in (("new", new), ("edit", edit), ("renew", renew)):
        app.command(name)(command)


def new(
    kind: Annotated[str, typer.Argument(metavar="JENIS", help="Jenis surat, seperti nota-dinas.")],
    nama: Annotated[str, typer.Option("--nama", help="Nama pendek surat ini: huruf kecil, tanda hubung.")] = "",
    isi: Annotated[Path | None, typer.Option("--isi", metavar="BERKAS", help="Rincian surat (TOML).")] = None,
    kepada: Names = None,
    tembusan: Names = None,
    dasar: Annotated[list[str] | None, typer.Option(metavar="POKOK", help="Pokok hukum, seperti pencalonan.")] = None,
    tahapan: Annotated[str, typer.Option(metavar="ID", help="Tahapan yang dibicarakan surat, seperti V12.")] = "",
    untuk: Annotated[str, typer.Option(metavar="SURAT", help="Surat yang diralat atau disusuli.")] = "",
    contoh: Annotated[
        bool, typer.Option("--contoh", help="Tampilkan rincian yang perlu diisi, lalu berhenti.")
    ] = False,
    oleh: Oleh = "",
    on: On = None,
) -> None:
    """Tulis surat di luar daftar periksa."""
    from tahapan.revise import request, write

    now = work(on)
    if contoh:
        put(example(now.home.words(now.plan).kind(kind)))
        return
    values = read_toml(isi) if isi else {}
    if untuk:
        values = _about(now.home.engine, now.plan.office.profile.id, untuk, now.home.words(now.plan).kind(kind), values)
    asked = request(
        now.home, now.plan, kind, nama, values, kepada=kepada or (), tembusan=tembusan or (), dasar=dasar or (),
        tahapan=tahapan, untuk=untuk,
    )  # fmt: skip
    row = write(now.home, now.plan, asked, oleh, now.on, now.at)
    put(f"Draf {row.id}: {row.hal}")


def edit(
    letter_id: Annotated[str, typer.Argument(metavar="SURAT", help="Id surat, dari `tahapan letter list`.")],
    file: Annotated[
        Path, typer.Option("--file", metavar="BERKAS", help="Dari `letter show --simpan`: .docx atau .md.")
    ],
    oleh: Oleh = "",
    on: On = None,
) -> None:
    """Pakai kata-kata yang diubah di Word atau Markdown: versi baru, semua pemeriksaan diulang."""
    from tahapan.letters.edited import read_docx, read_markdown
    from tahapan.letters.letter import Letter
    from tahapan.revise import edit as change

    now = work(on)
    with reading(now.home.engine) as connection:
        row = register.letter(connection, now.plan.office.profile.id, letter_id)
    row.check_ours()
    letter = Letter.model_validate_json(row.content)
    if file.suffix.lower() == WORD:
        edited = read_docx(_bytes(file), letter, file.name)
    elif file.suffix.lower() == MARKDOWN:
        edited = read_markdown(read_text(file), letter, file.name)
    else:
        raise DataError(Problem(file.name, "bukan berkas .docx atau .md.", "Simpan dengan `letter show --simpan`."))
    changed = change(now.home, now.plan, letter_id, edited, oleh, now.on, now.at)
    put(f"Versi baru {changed.row.id}:")
    for line in changed.lines:
        put(f"  {line}")
    for line in changed.ignored:
        put(f"  tidak diambil: {line}")


def renew(
    letter_id: Annotated[str, typer.Argument(metavar="SURAT", help="Draf, atau surat yang ditahan atau batal.")],
    oleh: Oleh = "",
    on: On = None,
) -> None:
    """Tulis ulang dari templatnya, dengan hukum, pejabat dan rincian hari ini."""
    from tahapan.revise import renew as again

    now = work(on)
    row = again(now.home, now.plan, letter_id, oleh, now.on, now.at)
    put(f"Draf {row.id}: {row.hal}" + (f" ({row.note})" if row.note else ""))


def save(path: Path, content: bytes) -> None:
    """Write a copy for somebody; MachineError when it cannot be written, refused over an existing file."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise DataError(Problem(str(path), "sudah ada; tidak ditimpa.", "Pilih nama lain, atau hapus dulu.")) from None
    except OSError as error:
        raise MachineError(
            Problem(str(path), f"tidak dapat ditulis ({error.strerror}).", "Pilih folder lain.")
        ) from None


def example(kind: Kind) -> str:
    """The kind's own fields as TOML to fill in, with their labels."""
    lines = [f"# {kind.nama}: isi, simpan, lalu `tahapan letter new {kind.id} --nama ... --isi BERKAS`"]
    simple = [field for field in kind.fields if field.tipe != "tabel"]
    for field in [*simple, *(field for field in kind.fields if field.tipe == "tabel")]:
        lines += ["", f"# {field.label}{'' if field.wajib else ' (boleh dihapus)'}", *_filled(field)]
    return "\n".join(lines)


def _filled(field: LetterField) -> list[str]:
    if field.tipe == "tabel" and isinstance(field.contoh, tuple):
        rows: list[str] = []
        for row in field.contoh:
            assert isinstance(row, dict)
            rows += [f"[[{field.id}]]", *(f"{name} = {_toml(value)}" for name, value in row.items())]
        return rows
    return [f"{field.id} = {_toml(field.contoh)}"]


def _toml(value: Any) -> str:
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)


def _about(engine: Any, office: str, letter_id: str, kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """Number, day and subject of the letter that is corrected or supplemented, where the kind asks for them."""
    with reading(engine) as connection:
        row = register.letter(connection, office, letter_id)
    if not (row.nomor and row.tanggal):
        raise DataError(Problem("--untuk", f"surat {letter_id} belum bernomor.", "Ubah drafnya dengan `letter edit`."))
    known = {"surat_nomor": row.nomor, "surat_tanggal": row.tanggal, "surat_hal": row.hal}
    fields = {field.id for field in kind.fields}
    return {name: value for name, value in known.items() if name in fields} | values


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(Problem(str(path), f"tidak dapat dibaca ({error.strerror}).", "Periksa namanya.")) from None
