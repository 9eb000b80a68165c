"""Answers as an accessible Excel workbook: what ``sheets`` lays out, with Excel's own charts on a sheet of theirs."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from data.answers.answer import Answer
from data.catalogue import ics
from data.exports.charts import chart_sheet
from data.exports.sheets import FONT, Book, Sheet, book_of
from data.exports.widths import TEXT_WIDTH, column_width

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Files of one day and the same figures are the same to the last byte, so each part has one time.
PART_TIME: Final = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FRAME_NAME = re.compile(rb'name="Chart (\d+)"')


def workbook_bytes(answers: Mapping[str, Answer], title: str, on: dt.date) -> bytes:
    """Write answers as one workbook."""
    from openpyxl import Workbook

    laid_out = book_of(answers, title, on)
    book = Workbook()
    first = book.active
    set_font(book)
    for sheet in laid_out.sheets:
        write_sheet(book, sheet)
    if first is not None:
        book.remove(first)
    alternatives = chart_sheet(book, laid_out)
    link_contents(book)
    describe(book, laid_out)
    content = io.BytesIO()
    book.save(content)
    return finished(content.getvalue(), alternatives, on)


def set_font(book: Any) -> None:
    """Use one plain font of a readable size where nothing else is said."""
    from openpyxl.styles import Font

    book._named_styles["Normal"].font = Font(name=FONT, size=12)


def describe(book: Workbook, laid_out: Book) -> None:
    """Give the workbook its title, language and maker, and open it on its cover."""
    properties = book.properties
    properties.title = f"{'ILLUSTRATIVE: ' if laid_out.illustrative else ''}{laid_out.title}"
    properties.language = "en-GB"
    properties.creator = ics().label
    properties.subject = "The first 1001 days in Dorset ICS"
    properties.description = laid_out.sheets[0].lines[0]
    book.active = 0


def write_sheet(book: Workbook, sheet: Sheet) -> None:
    """Write a sheet: its title in the first cell, its lines below, then its table without a gap."""
    from openpyxl.styles import Alignment, Font

    written: Worksheet = book.create_sheet(sheet.name)
    for row, line in enumerate((sheet.title, *sheet.lines), start=1):
        cell = written.cell(row=row, column=1, value=line)
        cell.alignment = Alignment(wrap_text=not sheet.header, vertical="top")
        cell.font = Font(name=FONT, bold=row == 1, size=15 if row == 1 else 12)
    if sheet.header:
        write_table(written, sheet)
    else:
        written.column_dimensions["A"].width = TEXT_WIDTH
    set_up_page(written, sheet)


def write_table(written: Worksheet, sheet: Sheet) -> None:
    """Write the rows, tag them as a table, wrap the headings and keep them in sight."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    top = len(sheet.lines) + 2
    for row, cells in enumerate((sheet.header, *sheet.rows), start=top):
        for column, value in enumerate(cells, start=1):
            cell = written.cell(row=row, column=column, value=value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == top:
                cell.font = Font(name=FONT, bold=True, size=12)
            elif isinstance(value, dt.date):
                cell.number_format = "d mmmm yyyy"
            elif isinstance(value, float) and not value.is_integer():
                cell.number_format = "#,##0.0"
    last = get_column_letter(len(sheet.header))
    table = Table(displayName=sheet.tag, ref=f"A{top}:{last}{top + len(sheet.rows)}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    written.add_table(table)
    written.freeze_panes = f"A{top + 1}"
    for column, heading in enumerate(sheet.header):
        width = column_width(heading, [row[column] for row in sheet.rows])
        written.column_dimensions[get_column_letter(column + 1)].width = width


def set_up_page(written: Worksheet, sheet: Sheet) -> None:
    """Print across one landscape page, with the headings on each, and the page's number below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    written.page_setup.orientation = "landscape"
    written.page_setup.paperSize = written.PAPERSIZE_A4
    written.page_setup.fitToWidth, written.page_setup.fitToHeight = 1, 0
    written.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer: Any = written.oddFooter
    footer.center.text = "Page &P of &N"
    if sheet.header:
        top = len(sheet.lines) + 2
        written.print_title_rows = f"{top}:{top}"


def link_contents(book: Workbook) -> None:
    """Lead from each name in the contents to its sheet."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    for row in book["Contents"].iter_rows(min_col=1, max_col=1, min_row=2):
        name = str(row[0].value)
        if name in book.sheetnames:
            row[0].hyperlink = Hyperlink(ref=row[0].coordinate, location=f"'{name}'!A1")
            row[0].font = Font(name=FONT, size=12, color="12436D", underline="single")


def finished(content: bytes, alternatives: list[str], on: dt.date) -> bytes:
    """Give each chart its text alternative, which openpyxl can't write, and the whole file one time."""
    made = io.BytesIO()
    stamp = f"{on.isoformat()}T00:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for part in parts.infolist():
            body = parts.read(part)
            if part.filename == "docProps/core.xml":
                body = _TIMES.sub(rb"\g<1>" + stamp, body)
            elif part.filename.startswith("xl/drawings/drawing"):
                body = _FRAME_NAME.sub(lambda found: described(found, alternatives), body)
            out.writestr(zipfile.ZipInfo(part.filename, PART_TIME), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def described(frame: re.Match[bytes], alternatives: list[str]) -> bytes:
    """Put a chart's text alternative beside its name."""
    words = alternatives[int(frame[1]) - 1]
    return frame[0] + b" descr=" + quoteattr(words).encode()
