"""Bytes of files as an attacker or a broken disk makes them: containers, workbooks and documents, written by hand."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

Parts = Mapping[str, bytes | str]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def archive(path: Path, parts: Parts, *, packed: bool = True) -> Path:
    """Write a container of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def workbook_parts(rows: str, *, strings: Iterable[str] = (), more: Parts | None = None) -> dict[str, bytes | str]:
    """Give the parts of the smallest workbook with one sheet of these rows, written as XML."""
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Return" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'{DECLARATION}<sst xmlns="{MAIN}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        **(more or {}),
    }


def text_cell(place: str, text: str) -> str:
    """Write a cell that holds its own text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "area_code")}{text_cell("B1", "count")}</row>'


def opendocument_parts(rows: str, more: Parts | None = None) -> dict[str, bytes | str]:
    """Give the parts of the smallest OpenDocument sheet with these rows, written as XML."""
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f'{DECLARATION}<office:document-content xmlns:office="{OPEN}:office:1.0" '
        f'xmlns:table="{OPEN}:table:1.0" xmlns:text="{OPEN}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Return">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
        **(more or {}),
    }


def open_cell(text: str, repeated: int = 1) -> str:
    """Write a cell of an OpenDocument sheet."""
    many = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return f'<table:table-cell office:value-type="string"{many}><text:p>{text}</text:p></table:table-cell>'


OPEN_HEADER = f"<table:table-row>{open_cell('area_code')}{open_cell('count')}</table:table-row>"


def word_parts(body: str, more: Parts | None = None) -> dict[str, bytes | str]:
    """Give the parts of the smallest Word document with this body, written as XML."""
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"/>',
        "word/document.xml": f'{DECLARATION}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        **(more or {}),
    }


def paragraph(text: str) -> str:
    """Write one paragraph of a Word document."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: Iterable[bytes], *, root: bytes = b"", page: bytes = b"", objects: Iterable[bytes] = ()) -> bytes:
    """Write a PDF of these content streams; ``root`` and ``page`` are more entries of the catalogue and each page.

    Objects 1 to 3 are the catalogue, the list of pages and the font; ``objects`` are numbered from 4.
    """
    made = [b"", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *objects]
    kids = []
    for content in pages:
        packed = zlib.compress(content)
        made.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed))
        made.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>"
            b"/XObject<<%s>>>>%s>>"
            % (len(made), b"".join(b"/X%d %d 0 R" % (n, n) for n in range(4, 4 + len(list(objects)))), page)
        )
        kids.append(b"%d 0 R" % len(made))
    made[0] = b"<</Type/Catalog/Pages 2 0 R%s>>" % root
    made[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return _with_table(made)


def _with_table(objects: list[bytes]) -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return content + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def words(text: str) -> bytes:
    """Write the content stream of a page that shows a line of text."""
    return b"BT /F 12 Tf 72 720 Td (%s) Tj ET" % text.encode("ascii")


def form(content: bytes, uses: Iterable[int] = ()) -> bytes:
    """Write a form object, which a page or another form can draw again and again."""
    drawn = b"".join(b"/X%d %d 0 R" % (number, number) for number in uses)
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 3 0 R>>/XObject<<%s>>>>/Length %d>>"
    return head % (drawn, len(content)) + b"stream\n" + content + b"\nendstream"


def overlapping_archive(copies: int, kernel: bytes) -> bytes:
    """Write a container in which many names share one packed part, as in Fifield's bomb of 2019."""
    packed = zlib.compress(kernel, 9)[2:-4]
    check = zlib.crc32(kernel)
    body = _local(b"xl/workbook.xml", check, packed, kernel) + packed
    listed = b"".join(
        _listed(b"xl/workbook.xml" if not n else b"%d.xml" % n, check, packed, kernel) for n in range(copies)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, copies, copies, len(listed), len(body), 0)
    return body + listed + end


def _local(name: bytes, check: int, packed: bytes, kernel: bytes) -> bytes:
    head = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0x21, check, len(packed), len(kernel), len(name), 0)
    return head + name


def _listed(name: bytes, check: int, packed: bytes, kernel: bytes) -> bytes:
    sizes = (check, len(packed), len(kernel), len(name), 0, 0, 0, 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0x21, *sizes) + name
