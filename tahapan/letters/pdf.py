"""A letter as PDF: the paper is a fixed Typst program that reads the letter as JSON."""

from __future__ import annotations

import functools
import io
import json
import threading
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from tahapan.errors import DataError, MachineError, Problem
from tahapan.letters.letter import Letter
from tahapan.reading import read_toml

PAPER = "surat.typ"
TABLE = "lampiran.typ"
FONTS = "huruf"
MEASURES = "ukuran.toml"
# Written into every PDF as its creation day, so that the same letter is the same bytes: 1 January 2024, UTC.
TIMESTAMP = 1_704_067_200
TYPST = f"typst {version('typst')}"  # other versions may set the page differently
STANDARD: list[typst.PDFStandard] = ["a-2b"]  # archive quality; the tags for screen readers come on top


def seal_svg(text: str) -> str:
    """A QR of ``text`` as SVG; "" for nothing."""
    import segno  # only numbered letters carry one

    if not text:
        return ""
    svg = io.BytesIO()
    # a fixed mask and level: trying all takes longer than setting the page
    segno.make(text, error="m", micro=False, mask=3, boost_error=False).save(
        svg, kind="svg", border=0, xmldecl=False, nl=False
    )
    return svg.getvalue().decode()


@functools.lru_cache(maxsize=8)
def paper_in(folder: Path) -> Paper:
    """The paper of a folder whose files do not change: one compiler in a process."""
    return Paper(folder)


class Paper:
    """A folder with ``surat.typ``, its fonts in ``huruf/`` and, if the letterhead has one, the logo.

    Fonts of the machine are never used, and nothing outside the folder can be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        program = self.folder / PAPER
        if not program.is_file() or not self._font_files():
            what = f"tidak ada {PAPER} atau berkas huruf di {FONTS}/."
            raise MachineError(Problem(str(self.folder), what, "Pasang kembali folder kertas."))
        self._compiler = self._compiler_of(PAPER)
        self._lock = threading.Lock()

    def _compiler_of(self, program: str) -> typst.Compiler:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[self.folder / FONTS])
        return typst.Compiler(self.folder / program, root=self.folder, font_paths=fonts, ignore_system_fonts=True)

    def pdf(self, letter: Letter, seal: str = "") -> bytes:
        """PDF/A-2b of ``letter``; the same letter gives the same bytes in every process.

        ``seal``: of the archive copy, for the copy of one of its addressees.

        Raises DataError naming what the paper cannot print (a character, the logo), MachineError if the paper is faulty.
        """
        data = letter.model_dump_json()
        try:
            with self._lock:
                pdf = self._compiler.compile(
                    format="pdf",
                    sys_inputs={"letter": data, "seal": seal_svg(seal or letter.seal)},
                    pdf_standards=STANDARD,
                    timestamp=TIMESTAMP,
                    pdf_tags=True,
                )
        except (typst.TypstError, RuntimeError, OSError) as error:
            raise self._explained(letter, data, error) from error
        assert isinstance(pdf, bytes)
        return pdf

    def table(self, data: Mapping[str, Any]) -> bytes:
        """PDF of a table of people (``lampiran.typ``); the same table gives the same bytes.

        A character without a form in the fonts of the paper is set as ``?``: a list is no letter, and nobody's name may
        keep it from being printed.
        """
        said = json.dumps(data, ensure_ascii=False)
        for sign in self.without_glyph(said):
            said = said.replace(sign, "?")
        try:
            pdf = self._table_compiler.compile(format="pdf", sys_inputs={"table": said}, timestamp=TIMESTAMP)
        except (typst.TypstError, RuntimeError, OSError) as error:
            said = str(getattr(error, "message", type(error).__name__)).splitlines()[0]
            raise MachineError(
                Problem(f"kertas {TABLE}", f"tidak dapat mencetak: {said}.", "Periksa berkas kertas.")
            ) from None
        assert isinstance(pdf, bytes)
        return pdf

    @functools.cached_property
    def _table_compiler(self) -> typst.Compiler:
        return self._compiler_of(TABLE)

    def without_glyph(self, text: str, family: str = "") -> tuple[str, ...]:
        """The characters of ``text`` that some font of the family has no form for, in order of appearance.

        Without ``family`` the paper's own; DataError when the paper has no such family.
        """
        family = family or self.family
        if family not in self.families:
            remedy = f"Taruh berkasnya di kantor/{FONTS}/, atau pakai {' atau '.join(sorted(self.families))}."
            raise DataError(Problem("kantor/kantor.toml, kunci gaya.huruf", f"huruf {family!r} tidak ada.", remedy))
        printable = self.families[family]
        return tuple(c for c in dict.fromkeys(text) if c != "\n" and ord(c) not in printable)

    @functools.cached_property
    def family(self) -> str:
        """The font family a letter is set in when its office names none."""
        return str(read_toml(self.folder / MEASURES)["huruf"])

    @functools.cached_property
    def families(self) -> dict[str, frozenset[int]]:
        """The font families of the paper, each with the characters that all its fonts have."""
        from fontTools.ttLib import TTFont, TTLibError  # slow to import, and only wanted where text is checked

        found: dict[str, frozenset[int]] = {}
        for file in self._font_files():
            try:
                with TTFont(file, lazy=True) as font:
                    name = font["name"].getBestFamilyName() or file.stem
                    forms = frozenset(font.getBestCmap() or ())
            except (TTLibError, OSError, KeyError) as error:
                what = f"berkas huruf tidak terbaca ({error})."
                raise DataError(Problem(f"{FONTS}/{file.name}", what, "Ganti berkasnya.")) from None
            found[name] = found.get(name, forms) & forms
        return found

    def _holds(self, name: str) -> bool:
        file = (self.folder / name).resolve()
        return file.is_file() and file.is_relative_to(self.folder)

    def _font_files(self) -> list[Path]:
        folder = self.folder / FONTS
        return sorted(file for file in folder.glob("*") if file.suffix.lower() in {".ttf", ".otf"})

    def _explained(self, letter: Letter, data: str, error: Exception) -> DataError | MachineError:
        where = f"surat {letter.id}"
        if missing := self.without_glyph(data, letter.huruf):
            named = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
            return DataError(Problem(where, f"huruf surat tidak punya bentuk untuk {named}.", "Ganti karakternya."))
        logo = letter.kop.logo
        if logo and not self._holds(logo):
            return DataError(Problem(where, f"logo {logo!r} tidak ada di folder kertas.", "Taruh berkasnya di sana."))
        said = str(getattr(error, "message", error)).splitlines()[0]
        if logo and ("image" in said or "file" in said):
            return DataError(
                Problem(where, f"logo {logo!r} tidak terbaca ({said}).", "Pakai berkas PNG, JPG atau SVG.")
            )
        return MachineError(
            Problem(f"kertas {PAPER}", f"tidak dapat mencetak {where}: {said}.", "Periksa berkas kertas.")
        )
