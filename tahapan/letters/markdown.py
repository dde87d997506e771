"""Markdown to blocks, and blocks back to Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from tahapan.errors import DataError, Problem
from tahapan.letters.blocks import (
    Annex,
    Block,
    Detail,
    Details,
    Heading,
    ListItem,
    NumberedList,
    Paragraph,
    Span,
    Spans,
    Table,
)
from tahapan.letters.letter import Letter, Signature
from tahapan.letters.text import escape_markdown

MARK_LINES = {"GLADI": "GLADI - bukan surat resmi", "DRAF": "DRAF - belum bernomor, bukan surat resmi"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def parse_blocks(text: str, where: str) -> tuple[tuple[Block, ...], tuple[Annex, ...]]:
    """The body and the annexes (each begins with ``# Judul``) of a letter's Markdown; ``## Judul`` heads a section.

    DataError for Markdown a letter has no block for (lower headings, quotes, links, pictures).
    """
    body: list[Block] = []
    annexes: list[tuple[str, list[Block]]] = []
    for node in SyntaxTreeNode(_parser().parse(text)).children:
        if node.type == "heading" and node.tag == "h1":
            annexes.append((_plain(_spans(node.children[0], where)), []))
            continue
        (annexes[-1][1] if annexes else body).append(_block(node, where))
    return tuple(body), tuple(Annex(title=title, blocks=tuple(blocks)) for title, blocks in annexes)


def _block(node: SyntaxTreeNode, where: str) -> Block:
    match node.type:
        case "heading" if node.tag == "h2":
            return Heading(text=_plain(_spans(node.children[0], where)))
        case "paragraph":
            return Paragraph(spans=_spans(node.children[0], where))
        case "ordered_list" | "bullet_list":
            return _list(node, where, depth=0)
        case "table":
            return _table(node, where)
        case _:
            raise DataError(
                Problem(
                    where, f"Markdown {node.type!r} tidak dikenal dalam surat.", "Pakai paragraf, daftar atau tabel."
                )
            )


def _list(node: SyntaxTreeNode, where: str, depth: int) -> NumberedList:
    if depth > 1:
        raise DataError(Problem(where, "daftar bertingkat lebih dari dua.", "Ratakan daftarnya."))
    items: list[ListItem] = []
    for item in node.children:
        below = [child for child in item.children if child.type != "paragraph"]
        if len(item.children) - len(below) != 1 or len(below) > 1 or any("list" not in child.type for child in below):
            raise DataError(Problem(where, "butir daftar berisi lebih dari satu paragraf.", "Satu paragraf per butir."))
        items.append(
            ListItem(
                spans=_spans(item.children[0].children[0], where),
                below=_list(below[0], where, depth + 1) if below else None,
            )
        )
    style = "bullet" if node.type == "bullet_list" else ("letter" if depth else "number")
    return NumberedList(style=style, items=tuple(items))


def _table(node: SyntaxTreeNode, where: str) -> Table | Details:
    header, *bodies = node.children
    head = tuple(_spans(cell.children[0], where) for cell in header.children[0].children)
    rows = tuple(
        tuple(_spans(cell.children[0], where) for cell in row.children) for body in bodies for row in body.children
    )
    if len(head) == 2 and not any(_plain(cell) for cell in head):
        return Details(rows=tuple(Detail(label=_plain(label), spans=value) for label, value in rows))
    return Table(header=head, rows=rows)


def _spans(inline: SyntaxTreeNode, where: str) -> Spans:
    spans: list[Span] = []

    def walk(nodes: Iterable[SyntaxTreeNode], bold: bool, italic: bool) -> None:
        for node in nodes:
            match node.type:
                case "text" | "text_special":
                    spans.append(Span(text=node.content, bold=bold, italic=italic))
                case "softbreak" | "hardbreak":
                    spans.append(Span(text=" ", bold=bold, italic=italic))
                case "strong":
                    walk(node.children, True, italic)
                case "em":
                    walk(node.children, bold, True)
                case _:
                    raise DataError(Problem(where, f"Markdown {node.type!r} tidak dikenal dalam surat.", "Hapus."))

    walk(inline.children, False, False)
    return _joined(spans)


def _joined(spans: list[Span]) -> Spans:
    joined: list[Span] = []
    for span in spans:
        if joined and (joined[-1].bold, joined[-1].italic) == (span.bold, span.italic):
            joined[-1] = joined[-1].model_copy(update={"text": joined[-1].text + span.text})
        elif span.text:
            joined.append(span)
    return tuple(joined)


def _plain(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def plain_lines(blocks: Iterable[Block]) -> Iterable[str]:
    """The text of the blocks, one paragraph, entry or cell a line: what checks read and differences show."""
    for block in blocks:
        match block:
            case Paragraph():
                yield _plain(block.spans)
            case Heading():
                yield block.text
            case NumberedList():
                for item in block.items:
                    yield _plain(item.spans)
                    if item.below:
                        yield from plain_lines((item.below,))
            case Details():
                yield from (f"{row.label}: {_plain(row.spans)}" for row in block.rows)
            case Table():
                yield from (" | ".join(map(_plain, row)) for row in (block.header, *block.rows))


def letter_markdown(letter: Letter) -> str:
    """The whole letter as Markdown, in the order of the paper: for the preview in the Prefect UI and golden files."""
    parts: list[str] = []
    if letter.mark:
        parts.append(f"**{MARK_LINES[letter.mark]}**")
    parts.append("**" + " / ".join(escape_markdown(line.upper()) for line in letter.kop.lines) + "**")
    parts.append(_head(letter))
    if letter.form == "surat":
        parts.append(_addressees(letter))
    elif letter.form == "nota-dinas":
        parts.append(_memo(letter))
    if letter.salam_pembuka:
        parts.append(escape_markdown(letter.salam_pembuka))
    blocks = [_block_markdown(block) for block in letter.blocks]
    if letter.form == "siaran-pers":
        blocks = _with_dateline(letter, blocks)
    parts += blocks
    if letter.salam_penutup:
        parts.append(escape_markdown(letter.salam_penutup))
    if letter.form == "naskah":
        parts.append(_place_and_date(letter))
    parts += [_signed(who) for who in (*letter.saksi, letter.signature)]
    if letter.tembusan:
        parts.append(
            "Tembusan:\n\n" + "\n".join(f"{n}. {escape_markdown(who)}" for n, who in enumerate(letter.tembusan, 1))
        )
    if letter.listed:
        rows = "\n".join(f"{n}. {escape_markdown(who.jabatan)}" for n, who in enumerate(letter.kepada, 1))
        parts.append(f"---\n\n**Daftar Penerima**\n\n{rows}")
    for annex in letter.annexes:
        parts.append(f"---\n\n**{escape_markdown(annex.title)}**")
        parts += map(_block_markdown, annex.blocks)
    return "\n\n".join(parts) + "\n"


def _signed(who: Signature) -> str:
    above = "  \n".join(map(escape_markdown, who.above))
    nip = f"  \nNIP {who.nip}" if who.nip else ""
    return f"{above}\n\n**{escape_markdown(who.nama)}**{nip}"


def _place_and_date(letter: Letter) -> str:
    return escape_markdown(", ".join(filter(None, (letter.tempat, letter.tanggal))))


def _with_dateline(letter: Letter, blocks: list[str]) -> list[str]:
    """A press release names place and date at the beginning of its first paragraph."""
    dateline = f"**{_place_and_date(letter)}**"
    if letter.blocks and letter.blocks[0].type == "paragraph":
        return [f"{dateline} – {blocks[0]}", *blocks[1:]]
    return [dateline, *blocks]


def _head(letter: Letter) -> str:
    if letter.form != "surat":
        number = f"  \nNomor: {escape_markdown(letter.nomor)}" if letter.nomor else ""
        title = f"**{escape_markdown(letter.judul)}**{number}"
        return f"{title}\n\n**{escape_markdown(letter.hal)}**" if letter.form == "siaran-pers" else title
    rows = (
        ("Nomor", letter.nomor), ("Sifat", letter.sifat), ("Lampiran", letter.lampiran), (letter.label_hal, letter.hal),
    )  # fmt: skip
    table = "\n".join(f"| {name} | {escape_markdown(value)} |" for name, value in rows)
    return f"{_place_and_date(letter)}\n\n| | |\n|---|---|\n{table}"


def _memo(letter: Letter) -> str:
    to = "Daftar terlampir" if letter.listed else "; ".join(who.jabatan for who in letter.kepada)
    rows = (
        ("Yth.", to), ("Dari", letter.dari), ("Tanggal", letter.tanggal), ("Sifat", letter.sifat),
        ("Lampiran", letter.lampiran), (letter.label_hal, letter.hal),
    )  # fmt: skip
    return "| | |\n|---|---|\n" + "\n".join(f"| {name} | {escape_markdown(value)} |" for name, value in rows if value)


def _addressees(letter: Letter) -> str:
    if letter.listed:
        to = f"{letter.label_yth} Daftar terlampir"
    elif len(letter.kepada) == 1:
        to = f"{letter.label_yth} {escape_markdown(letter.kepada[0].jabatan)}"
    else:
        rows = "\n".join(f"{n}. {escape_markdown(who.jabatan)}" for n, who in enumerate(letter.kepada, 1))
        to = f"{letter.label_yth}\n\n{rows}"
    places = {who.tempat for who in letter.kepada}
    place = next(iter(places)) if len(places) == 1 else ""
    return f"{to}\n\ndi – {escape_markdown(place or 'Tempat')}"


def _block_markdown(block: Block) -> str:
    match block:
        case Paragraph():
            return _inline(block.spans)
        case Heading():
            return f"## {escape_markdown(block.text)}"
        case NumberedList():
            return "\n".join(_list_lines(block, ""))
        case Details():
            rows = (f"| {escape_markdown(row.label)} | {_inline(row.spans)} |" for row in block.rows)
            return "| | |\n|---|---|\n" + "\n".join(rows)
        case Table():
            lines = ("| " + " | ".join(map(_inline, row)) + " |" for row in block.rows)
            head = "| " + " | ".join(map(_inline, block.header)) + " |"
            return "\n".join((head, "|" + "---|" * len(block.header), *lines))


def _list_lines(block: NumberedList, indent: str) -> Iterable[str]:
    for n, item in enumerate(block.items, 1):
        marker = "-" if block.style == "bullet" else f"{n}."
        yield f"{indent}{marker} {_inline(item.spans)}"
        if item.below:
            yield from _list_lines(item.below, indent + "   ")


def _inline(spans: Spans) -> str:
    return "".join(_styled(span) for span in spans)


def _styled(span: Span) -> str:
    mark = "**" * span.bold + "*" * span.italic
    return f"{mark}{escape_markdown(span.text)}{mark[::-1]}"
