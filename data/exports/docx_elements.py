"""The parts of a Word document that python-docx can't write: tagged tables, content controls, contents and fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from data.exports.pack import Entry

#: Twentieths of a point between the margins of a page (16.6 cm).
TEXT_WIDTH: Final = 9411
RIGHT: Final = '<w:jc w:val="right"/>'
NAMESPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def table_element(
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    right: Sequence[bool],
) -> Any:
    """Write a table: its first row is repeated on each page, no row breaks, and its caption is its text alternative."""
    wide = [round(share * TEXT_WIDTH) for share in widths]
    about = f"{len(rows)} rows. Columns: {', '.join(header)}."
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in wide)
    head = _row([plain_cell(words, bold=True) for words in header], wide, right, head=True)
    body = "".join(_row(cells, wide, right) for cells in rows)
    return parsed(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="PackTable"/><w:tblW w:w="{sum(wide)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(caption)}/>'
        f"<w:tblDescription w:val={quoteattr(about)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _row(cells: Sequence[str], wide: Sequence[int], right: Sequence[bool], *, head: bool = False) -> str:
    properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/>'
        f"{RIGHT if to_right else ''}</w:pPr>{cell}</w:p></w:tc>"
        for cell, width, to_right in zip(cells, wide, right, strict=True)
    )
    return f"<w:tr>{properties}{written}</w:tr>"


def plain_cell(words: str, *, bold: bool = False) -> str:
    """Write the text of a cell."""
    return _run(words, "<w:b/>" if bold else "")


def entry_cell(entry: Entry, number: int) -> str:
    """Write an entry of the cover: a content control where people write, plain text where nobody does."""
    if not entry.id:
        return _run(entry.words)
    kind = '<w:text w:multiLine="1"/>'
    if entry.options:
        options = "".join(
            f"<w:listItem w:displayText={quoteattr(one)} w:value={quoteattr(one)}/>" for one in entry.options
        )
        kind = f"<w:comboBox>{options}</w:comboBox>"
    empty = "" if entry.written else "<w:showingPlcHdr/>"
    style = "" if entry.written else '<w:rStyle w:val="PlaceholderText"/>'
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(entry.label)}/><w:tag w:val={quoteattr(entry.id)}/>"
        f'<w:id w:val="{1000 + number}"/>{empty}{kind}</w:sdtPr>'
        f"<w:sdtContent>{_run(entry.words, style)}</w:sdtContent></w:sdt>"
    )


def contents_element(headings: Sequence[tuple[str, int]], anchors: Sequence[str]) -> Iterator[Any]:
    """Write the contents as Word's own field, filled in: it can be brought up to date, and reads well before that."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\n \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    last = len(headings) - 1
    for place, ((words, level), anchor) in enumerate(zip(headings, anchors, strict=True)):
        link = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{_run(words)}</w:hyperlink>'
        style = f'<w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>'
        yield parsed(f"<w:p>{style}{begin if place == 0 else ''}{link}{end if place == last else ''}</w:p>")


def field_run(name: str) -> Any:
    """Write a field that Word fills in, such as the number of the page."""
    return parsed(f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')


def _run(words: str, properties: str = "") -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{lines}</w:r>"


def parsed(text: str) -> Any:
    """Make an element of its XML."""
    from docx.oxml import parse_xml

    end = min(place for sign in (" ", ">", "/") if (place := text.find(sign)) > 0)
    return parse_xml(f"{text[:end]} {NAMESPACE}{text[end:]}")
