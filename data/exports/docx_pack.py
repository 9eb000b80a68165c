"""A board pack as an accessible Word document: real headings, a linked table of contents, and tables that say so.

The cover's entries are content controls, so that an author can go on writing in Word.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from data.catalogue import ics
from data.exports.docx_elements import contents_element, entry_cell, field_run, plain_cell, table_element
from data.exports.docx_styles import set_styles
from data.exports.drawings import png_of
from data.exports.pack import CONTENTS, LANGUAGE, Block, Heading, Items, Pack, Picture, Table, Text, document_title

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

PICTURE_WIDTH: Final = 16.4  # centimetres, between the margins
MARGIN: Final = 2.2
COVER_WIDTHS: Final = (0.3, 0.7)
#: How each kind of text is set.
STYLES: Final = {
    "plain": "Normal",
    "question": "Question",
    "finding": "Finding",
    "note": "Note",
    "illustrative": "Illustrative",
}
#: Files of one day and the same figures are the same to the last byte, so each part has one time.
PART_TIME: Final = (1980, 1, 1, 0, 0, 0)


def docx_bytes(pack: Pack) -> bytes:
    """Write a pack as DOCX; the same pack always gives the same bytes."""
    import docx

    document = docx.Document()
    set_styles(document)
    describe(document, pack)
    set_up_pages(document, pack)
    write_cover(document, pack)
    write_contents(document, pack)
    anchors = iter(anchors_of(pack))
    for block in pack.blocks:
        write_block(document, block, anchors)
    content = io.BytesIO()
    document.save(content)
    return with_one_time(content.getvalue())


def describe(document: Document, pack: Pack) -> None:
    """Give the document its title, language, maker and day."""
    properties = document.core_properties
    properties.title, properties.language = document_title(pack), LANGUAGE
    properties.author = properties.last_modified_by = ics().label
    properties.subject, properties.comments = pack.subtitle, f"Data hash {pack.data_hash}"
    properties.keywords = ""
    properties.created = properties.modified = dt.datetime.combine(pack.on, dt.time())
    properties.revision = 1
    package = document.part.package
    for name, found in list(package.rels.items()):
        if found.reltype.endswith("/thumbnail"):
            package.rels.pop(name)  # the picture of another document, which file managers would show


def set_up_pages(document: Document, pack: Pack) -> None:
    """Print on A4, with the banner at the head of each page, and the data hash and page number at its foot."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)
    section.header.paragraphs[0].style = document.styles["Header"]
    section.header.paragraphs[0].text = pack.banner
    foot = section.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(21 - 2 * MARGIN), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{pack.footer}\tPage ")
    foot._p.append(field_run("PAGE"))
    foot.add_run(" of ")
    foot._p.append(field_run("NUMPAGES"))


def write_cover(document: Document, pack: Pack) -> None:
    """Write the cover sheet; each entry that people write is a content control of its own."""
    document.add_paragraph(pack.title, style="Title")
    document.add_paragraph(pack.subtitle, style="Subtitle")
    if pack.banner:
        document.add_paragraph(pack.banner, style="Banner")
    rows = [(plain_cell(one.label, bold=True), entry_cell(one, number)) for number, one in enumerate(pack.cover, 1)]
    append(document, table_element("Cover sheet", pack.cover_header, rows, COVER_WIDTHS, (False, False)))


def write_contents(document: Document, pack: Pack) -> None:
    """Write the table of contents; each line leads to its heading."""
    document.add_paragraph(CONTENTS, style="Contents heading").paragraph_format.page_break_before = True
    headings = [block for block in pack.blocks if isinstance(block, Heading)]
    for line in contents_element([(one.words, one.level) for one in headings], anchors_of(pack)):
        append(document, line)


def anchors_of(pack: Pack) -> list[str]:
    """Name the place of each heading."""
    return [f"section_{number}" for number, _ in enumerate((b for b in pack.blocks if isinstance(b, Heading)), 1)]


def write_block(document: Document, block: Block, anchors: Any) -> None:
    """Write one block."""
    if isinstance(block, Heading):
        write_heading(document, block, next(anchors))
    elif isinstance(block, Text):
        document.add_paragraph(block.words, style=STYLES[block.kind])
    elif isinstance(block, Items):
        for item in block.items:
            document.add_paragraph(item, style="List Bullet")
    elif isinstance(block, Table):
        document.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
        rows = [tuple(plain_cell(words) for words in row) for row in block.rows]
        append(document, table_element(block.caption, block.header, rows, block.widths, block.right))
    elif isinstance(block, Picture):
        write_picture(document, block)


def write_heading(document: Document, block: Heading, anchor: str) -> None:
    """Write a heading that the contents lead to; the first begins a page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    written: Paragraph = document.add_heading(block.words, level=block.level)
    if anchor == "section_1":
        written.paragraph_format.page_break_before = True
    number = anchor.rpartition("_")[2]
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), number)
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), anchor)
        written._p.append(mark)


def write_picture(document: Document, block: Picture) -> None:
    """Put a picture with its text alternative, and its caption below."""
    from docx.shared import Cm

    paragraph = document.add_paragraph(style="Normal")
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(png_of(block.drawing)), width=Cm(PICTURE_WIDTH))
    properties = shape._inline.docPr
    properties.set("descr", block.drawing.alt)
    properties.set("title", block.drawing.title)
    properties.set("name", block.caption)
    document.add_paragraph(block.caption, style="Caption")


def append(document: Document, element: Any) -> None:
    """Put an element at the end of the text, before the settings of its pages."""
    document.element.body.insert_element_before(element, "w:sectPr")


def with_one_time(content: bytes) -> bytes:
    """Give every part of the file one time."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for part in parts.infolist():
            out.writestr(zipfile.ZipInfo(part.filename, PART_TIME), parts.read(part), zipfile.ZIP_DEFLATED)
    return made.getvalue()
