"""What stands in a Word file, in order: paragraphs with style and number, tables with cells; strange things named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document as DocumentObject
from docx.oxml.ns import qn

from tahapan.letters.blocks import Span, Spans
from tahapan.letters.word.looks import DATELINE

# Things a letter has no words for, by the element that holds them: (what, remedy).
KINDS = {
    "gambar": ("gambar di dalam isi", "Hapus gambarnya; surat hanya memuat kata dan tabel."),
    "kotak teks": ("kotak teks di dalam isi", "Pindahkan katanya ke paragraf biasa, lalu hapus kotaknya."),
    "objek": ("objek tertanam di dalam isi", "Hapus objeknya."),
    "perubahan": ("perubahan terlacak (track changes)", "Terima atau tolak dulu semua perubahan, lalu simpan."),
    "catatan": ("catatan kaki atau catatan akhir", "Pindahkan katanya ke paragraf, lalu hapus catatannya."),
    "bidang": ("bidang otomatis (field)", "Tekan Ctrl+Shift+F9 di atasnya supaya menjadi teks biasa."),
    "rumus": ("rumus", "Tulis sebagai teks biasa."),
    "simbol": ("simbol dari huruf khusus", "Ganti dengan huruf biasa."),
    "sisipan": ("dokumen lain yang disisipkan", "Salin katanya sebagai teks biasa."),
    "tersembunyi": ("teks tersembunyi", "Tampilkan atau hapus teksnya."),
    "tabel dalam tabel": ("tabel di dalam tabel", "Pindahkan ke luar."),
    "sel gabungan": ("sel tabel yang digabung", "Pisahkan selnya (Split Cells)."),
    "daftar dalam sel": ("daftar bernomor di dalam sel tabel", "Tulis nomornya sebagai teks."),
    "asing": ("bagian yang tidak dikenal", "Hapus, atau tulis sebagai teks biasa."),
}
_STRANGE = {
    "drawing": "gambar", "pict": "gambar", "object": "objek", "control": "objek", "AlternateContent": "gambar",
    "ins": "perubahan", "del": "perubahan", "moveFrom": "perubahan", "moveTo": "perubahan", "delText": "perubahan",
    "footnoteReference": "catatan", "endnoteReference": "catatan", "fldSimple": "bidang", "fldChar": "bidang",
    "instrText": "bidang", "oMath": "rumus", "oMathPara": "rumus", "sym": "simbol", "altChunk": "sisipan",
    "subDoc": "sisipan", "contentPart": "gambar", "ruby": "asing",
}  # fmt: skip
_INSIDE = {"hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo"}
_SPACE = {"tab", "ptab", "br", "cr"}
_FORMATS = {"bullet": "bullet", "lowerLetter": "letter", "upperLetter": "letter"}


@dataclass(slots=True)
class Para:
    """``number``: the list it belongs to; lists of one ``family`` count on, but where one ``restarts``; ``dateline``: text in the character style of place and date."""

    style: str
    spans: Spans = ()
    dateline: str = ""
    number: str = ""
    family: str = ""
    restarts: bool = False
    level: int = 0
    form: str = "number"
    strange: set[str] = field(default_factory=set[str])

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(slots=True)
class Grid:
    """A table: rows of cells of paragraphs."""

    style: str
    rows: list[list[list[Para]]] = field(default_factory=list[list[list[Para]]])
    strange: set[str] = field(default_factory=set[str])


class Reader:
    """Reads one document; styles are known by name, since Word gives them ids as it likes."""

    def __init__(self, document: DocumentObject) -> None:
        self.body: Any = document.element.body
        styles: Any = document.styles.element
        self.styles: dict[str, Any] = {style.styleId: style for style in styles.style_lst}
        default = styles.default_for(1)  # the paragraph style of those that name none
        self.default = str(default.styleId) if default is not None else ""
        self._abstracts: dict[str, str] = {}
        self._restarting: set[str] = set()
        self._formats: dict[tuple[str, str], str] = {}
        for part in document.part.rels.values():
            if part.reltype.endswith("/numbering") and not part.is_external:
                self._read_numbering(part.target_part)

    def _read_numbering(self, part: Any) -> None:
        for num in part.element.findall(qn("w:num")):
            self._abstracts[num.get(qn("w:numId"))] = str(num.find(qn("w:abstractNumId")).get(qn("w:val")))
            if any(_name(inner) == "startOverride" for inner in num.iter()):
                self._restarting.add(num.get(qn("w:numId")))
        for abstract in part.element.findall(qn("w:abstractNum")):
            for step in abstract.findall(qn("w:lvl")):
                form = step.find(qn("w:numFmt"))
                key = str(abstract.get(qn("w:abstractNumId"))), str(step.get(qn("w:ilvl")))
                self._formats[key] = str(form.get(qn("w:val"))) if form is not None else "decimal"

    def items(self, place: Any = None) -> Iterator[Para | Grid]:
        """The paragraphs and tables of the body, or of a header."""
        for child in self.body if place is None else place:
            match _name(child):
                case "p":
                    yield self.paragraph(child)
                case "tbl":
                    yield self.table(child)
                case "sdt" | "sdtContent" | "customXml":
                    yield from self.items(child)
                case name if name in _STRANGE:
                    yield Para("", strange={_STRANGE[name]})
                case _:
                    pass  # section, bookmarks, marks of the spelling checker

    def paragraph(self, element: Any) -> Para:
        properties = element.find(qn("w:pPr"))
        style = self._style_of(properties, "w:pStyle") or self.default
        found = Para(self.name_of(style))
        if properties is not None:
            mark = properties.find(qn("w:rPr"))
            if mark is not None and any(_name(child) in {"ins", "del", "moveFrom", "moveTo"} for child in mark):
                found.strange.add("perubahan")
        self._number(found, properties, style)
        pieces: list[tuple[Span, bool]] = []
        self._inside(element, found, pieces)
        found.dateline = "".join(span.text for span, dated in pieces if dated)
        found.spans = joined([span for span, _ in pieces])
        return found

    def name_of(self, style: str) -> str:
        """Of a style by its id, in small letters."""
        known = self.styles.get(style)
        return str(known.name_val or "").lower() if known is not None else style.lower()

    def _style_of(self, properties: Any, tag: str) -> str:
        found = properties.find(qn(tag)) if properties is not None else None
        return str(found.get(qn("w:val")) or "") if found is not None else ""

    def _inside(self, element: Any, found: Para, pieces: list[tuple[Span, bool]]) -> None:
        for child in element:
            name = _name(child)
            if name == "r":
                self._run(child, found, pieces)
            elif name in _INSIDE:
                self._inside(child, found, pieces)
            elif name in _STRANGE:
                found.strange.add(_STRANGE[name])

    def _run(self, run: Any, found: Para, pieces: list[tuple[Span, bool]]) -> None:
        text = ""
        for child in run:
            name = _name(child)
            if name == "t":
                text += child.text or ""
            elif name in _SPACE:
                text += " "
            elif name == "noBreakHyphen":
                text += "-"
            elif name in _STRANGE:
                framed = any(_name(inner) in {"txbxContent", "txbx"} for inner in child.iter())
                found.strange.add("kotak teks" if framed else _STRANGE[name])
            elif name == "commentReference":
                found.strange.add("komentar")
        text = text.replace("\u00ad", "")  # Word's own hyphens
        if text:
            style = self._style_of(run.find(qn("w:rPr")), "w:rStyle")
            if self._is_set(run, style, "w:vanish"):
                found.strange.add("tersembunyi")
            span = Span(text=text, bold=self._is_set(run, style, "w:b"), italic=self._is_set(run, style, "w:i"))
            pieces.append((span, self.name_of(style) == DATELINE.lower()))

    def _is_set(self, run: Any, style: str, tag: str) -> bool:
        """By the run itself, else by its character style or what that is based on."""
        holder, seen = run, set[str]()
        while holder is not None:
            properties = holder.find(qn("w:rPr"))
            switch = properties.find(qn(tag)) if properties is not None else None
            if switch is not None:
                return switch.get(qn("w:val"), "1") not in {"0", "false", "off"}
            if holder is not run:
                style = str(holder.basedOn_val or "")
            holder = self.styles.get(style) if style not in seen else None
            seen.add(style)
        return False

    def _number(self, found: Para, properties: Any, style: str) -> None:
        """From the paragraph or from its style; number 0 takes it away."""
        own = properties.find(qn("w:numPr")) if properties is not None else None
        number, level = _numbered(own)
        seen: set[str] = set()
        while not number and style and style not in seen and (known := self.styles.get(style)) is not None:
            seen.add(style)
            inner = known.find(qn("w:pPr"))
            number, its_level = _numbered(inner.find(qn("w:numPr")) if inner is not None else None)
            level = level or its_level
            if number and not level:
                level = str(int(found.style.endswith(" 2")))
            style = str(known.basedOn_val or "")
        if number and number != "0":
            found.number, found.level = number, int(level or 0)
            found.form = self._form(number, found.level)
            found.family, found.restarts = self._abstracts.get(number, ""), number in self._restarting

    def _form(self, number: str, level: int) -> str:
        """``number``, ``letter`` or ``bullet``; else the name Word has for it, which a letter does not know."""
        said = self._formats.get((self._abstracts.get(number, ""), str(level)), "decimal")
        return "number" if said.startswith(("decimal", "ordinal")) else _FORMATS.get(said, said)

    def table(self, element: Any) -> Grid:
        style = self._style_of(element.find(qn("w:tblPr")), "w:tblStyle")
        found = Grid(self.name_of(style))
        for row in _below(element, "tr", found.strange):
            found.rows.append([self._cell(cell, found) for cell in _below(row, "tc", found.strange)])
            properties = row.find(qn("w:trPr"))
            marks = {_name(mark) for mark in properties} if properties is not None else set[str]()
            if marks & {"ins", "del"}:
                found.strange.add("perubahan")
            if marks & {"gridBefore", "gridAfter"}:
                found.strange.add("sel gabungan")
        if len({len(row) for row in found.rows}) > 1:
            found.strange.add("sel gabungan")
        return found

    def _cell(self, cell: Any, found: Grid) -> list[Para]:
        properties = cell.find(qn("w:tcPr"))
        for mark in properties if properties is not None else ():
            spanned = _name(mark) == "gridSpan" and mark.get(qn("w:val")) != "1"
            if spanned or _name(mark) in {"vMerge", "hMerge"}:
                found.strange.add("sel gabungan")
            if _name(mark) in {"cellIns", "cellDel", "cellMerge"}:
                found.strange.add("perubahan")
        paragraphs: list[Para] = []
        for item in self.items(cell):
            if isinstance(item, Grid):
                found.strange.add("tabel dalam tabel")
            else:
                paragraphs.append(item)
                found.strange |= item.strange | ({"daftar dalam sel"} if item.number else set())
        return paragraphs


def _below(element: Any, name: str, strange: set[str]) -> Iterator[Any]:
    """Rows of a table or cells of a row, also those in content controls."""
    for child in element:
        if _name(child) == name:
            yield child
        elif _name(child) in _INSIDE:
            yield from _below(child, name, strange)
        elif _name(child) in _STRANGE:
            strange.add(_STRANGE[_name(child)])


def _numbered(properties: Any) -> tuple[str, str]:
    """List and level, as far as they are said."""
    if properties is None:
        return "", ""
    said = [properties.find(qn(tag)) for tag in ("w:numId", "w:ilvl")]
    number, level = (str(found.get(qn("w:val")) or "") if found is not None else "" for found in said)
    return number, level


def _name(element: Any) -> str:
    """Its tag without the namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def joined(spans: list[Span]) -> Spans:
    """Neighbours of one style as one span: Word splits runs as it likes."""
    found: list[Span] = []
    for span in spans:
        if found and (found[-1].bold, found[-1].italic) == (span.bold, span.italic):
            found[-1] = found[-1].model_copy(update={"text": found[-1].text + span.text})
        elif span.text:
            found.append(span)
    return tuple(found)
