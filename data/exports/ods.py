"""Answers as an OpenDocument workbook: the same sheets and cells as the Excel one. OpenDocument 1.3 part 3."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from data.answers.answer import Answer
from data.catalogue import ics
from data.exports.sheets import FONT, Book, Cell, Sheet, book_of
from data.exports.widths import TEXT_WIDTH, column_width

MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
PART_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same figures on the same day are the same file
CENTIMETRES: Final = 0.24  # of one character
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES: Final = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("meta", "meta")),
        *(("fo", "xsl-fo-compatible"), ("config", "config"), ("manifest", "manifest"), ("number", "datastyle")),
    )
)
_NAMES: Final = f'{_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'


def ods_bytes(answers: Mapping[str, Answer], title: str, on: dt.date) -> bytes:
    """Write answers as one workbook."""
    book = book_of(answers, title, on, charts=False)
    parts = {
        "content.xml": content_of(book),
        "styles.xml": STYLES,
        "meta.xml": meta_of(book),
        "settings.xml": settings_of(book),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        # the kind of file stands first and plain, so that any program knows it by its first bytes
        out.writestr(zipfile.ZipInfo("mimetype", PART_TIME), MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, body in (*parts.items(), ("META-INF/manifest.xml", manifest_of(list(parts)))):
            out.writestr(zipfile.ZipInfo(name, PART_TIME), _HEAD + body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def content_of(book: Book) -> str:
    """Write every sheet, and the range of its table."""
    widths = dict.fromkeys(width for sheet in book.sheets for width in widths_of(sheet))
    styles = "".join(
        f'<style:style style:name="co{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * CENTIMETRES:.2f}cm"/></style:style>'
        for width in widths
    )
    ranges = "".join(
        f"<table:database-range table:name={quoteattr(sheet.tag)} "
        f'table:target-range-address="{range_of(sheet)}" table:contains-header="true"/>'
        for sheet in book.sheets
        if sheet.header
    )
    return (
        f"<office:document-content {_NAMES}><office:automatic-styles>{styles}{CELL_STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheet_xml(sheet) for sheet in book.sheets)}"
        f"<table:database-ranges>{ranges}</table:database-ranges></office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def widths_of(sheet: Sheet) -> list[int]:
    """Give the width of each column in characters."""
    if not sheet.header:
        return [TEXT_WIDTH]
    return [column_width(heading, [row[at] for row in sheet.rows]) for at, heading in enumerate(sheet.header)]


def range_of(sheet: Sheet) -> str:
    """Name the cells of a sheet's table."""
    top = len(sheet.lines) + 2
    return f"{sheet.name}.A{top}:{sheet.name}.{_letters(len(sheet.header))}{top + len(sheet.rows)}"


def _letters(column: int) -> str:
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(ord("A") + (column - 1) % 26)


def sheet_xml(sheet: Sheet) -> str:
    """Write one sheet: title, lines, and its table with the headings marked as such."""
    columns = "".join(f'<table:table-column table:style-name="co{width}"/>' for width in widths_of(sheet))
    above = [row_xml([line], "title" if at == 0 else "line") for at, line in enumerate((sheet.title, *sheet.lines))]
    head = f"<table:table-header-rows>{row_xml(sheet.header, 'head')}</table:table-header-rows>" if sheet.header else ""
    rows = "".join(row_xml(row, "cell") for row in sheet.rows)
    return f'<table:table table:name="{sheet.name}">{columns}{"".join(above)}{head}{rows}</table:table>'


def row_xml(cells: tuple[Cell, ...] | list[str], style: str) -> str:
    """Write one row."""
    return f"<table:table-row>{''.join(cell_xml(cell, style) for cell in cells)}</table:table-row>"


def cell_xml(value: Cell, style: str) -> str:
    """Write one cell with its kind, its value and its words."""
    if isinstance(value, dt.date):
        kind, said = f'date" office:date-value="{value.isoformat()}', value.isoformat()
        style = "day"
    elif isinstance(value, int | float):
        kind, said = f'float" office:value="{value!r}', f"{value!r}"
    else:
        kind, said = "string", value
    words = "".join(f"<text:p>{escape(line)}</text:p>" for line in said.split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type="{kind}">{words}</table:table-cell>'


def meta_of(book: Book) -> str:
    """Say title, language, maker and day."""
    title = f"{'ILLUSTRATIVE: ' if book.illustrative else ''}{book.title}"
    return (
        f"<office:document-meta {_NAMES}><office:meta><dc:title>{escape(title)}</dc:title>"
        f"<dc:creator>{escape(ics().label)}</dc:creator><dc:language>en-GB</dc:language>"
        f"<dc:date>{book.on.isoformat()}T00:00:00</dc:date></office:meta></office:document-meta>"
    )


def settings_of(book: Book) -> str:
    """Keep the headings of each table in sight."""
    held = "".join(
        f'<config:config-item-map-entry config:name="{sheet.name}">'
        + "".join(
            f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
            for name, kind, value in (
                ("VerticalSplitMode", "short", 2),
                ("VerticalSplitPosition", "int", len(sheet.lines) + 2),
                ("ActiveSplitRange", "short", 2),
                ("PositionBottom", "int", len(sheet.lines) + 2),
            )
        )
        + "</config:config-item-map-entry>"
        for sheet in book.sheets
        if sheet.header
    )
    return (
        f'<office:document-settings {_NAMES}><office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ActiveTable" config:type="string">Cover</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{held}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )


def manifest_of(parts: list[str]) -> str:
    """List the parts of the file."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts
    )
    whole = f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">{whole}{entries}</manifest:manifest>'


def _cell_style(name: str, text: str, *, wrapped: bool, data: str = "") -> str:
    wrap = ' fo:wrap-option="wrap"' if wrapped else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>'
        f'<style:table-cell-properties style:vertical-align="top"{wrap}/>'
        f'<style:text-properties style:font-name="{FONT}" {text}/></style:style>'
    )


CELL_STYLES: Final = (
    '<number:date-style style:name="daywords"><number:day/><number:text> </number:text>'
    '<number:month number:textual="true" number:style="long"/><number:text> </number:text>'
    '<number:year number:style="long"/></number:date-style>'
    + _cell_style("title", 'fo:font-size="15pt" fo:font-weight="bold"', wrapped=False)
    + _cell_style("line", 'fo:font-size="12pt"', wrapped=False)
    + _cell_style("head", 'fo:font-size="12pt" fo:font-weight="bold"', wrapped=True)
    + _cell_style("cell", 'fo:font-size="12pt"', wrapped=True)
    + _cell_style("day", 'fo:font-size="12pt"', wrapped=True, data=' style:data-style-name="daywords"')
)
STYLES: Final = (
    f"<office:document-styles {_NAMES}><office:styles>"
    '<style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB"/>'
    "</style:default-style></office:styles></office:document-styles>"
)
