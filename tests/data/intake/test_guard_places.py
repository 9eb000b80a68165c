"""Nothing in a file is out of the guard's sight: every place where an identifier may hide is filled and looked for."""

from __future__ import annotations

import json
import logging
import sqlite3
import struct
import traceback
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from data.errors import DataErrors
from data.intake.guard import refuse_identifiers

SECRETS = (
    "943 476 5919",
    "someone.else@example.org",
    "Mrs J Wintergreen",
    "QQ 12 34 56 C",
    "dob 03/02/2024",
    "07700 900123",
)
Hide = Callable[[Workbook, str], None]


def refusal_of(path: Path, caplog: pytest.LogCaptureFixture, secret: str) -> str:
    """Refuse a file, hold message, log and traceback to silence about the secret, and give what was said."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DataErrors) as refused:
        refuse_identifiers(path)
    error = refused.value
    said = "\n".join([str(error), *map(str, error.problems)])
    within = error.__traceback__.tb_next if error.__traceback__ else None  # the first frame is this test's own
    tracebacks = traceback.TracebackException(type(error), error, within, capture_locals=True)
    everything = said + repr(error.problems) + "".join(tracebacks.format()) + caplog.text
    for part in (secret, secret.replace(" ", ""), *secret.split()):
        if len(part) > 4:
            assert part not in everything.replace(path.parent.name, "")
    return said


# ---- workbooks ------------------------------------------------------------------------------------------------------


def in_cell(book: Workbook, secret: str) -> None:
    book["Return"]["C3"] = f"seen: {secret}"


def in_hidden_sheet(book: Workbook, secret: str) -> None:
    sheet = book.create_sheet("Working")
    sheet.append(["what"])
    sheet.append([secret])
    sheet.sheet_state = "hidden"


def in_very_hidden_sheet(book: Workbook, secret: str) -> None:
    in_hidden_sheet(book, secret)
    book["Working"].sheet_state = "veryHidden"


def in_hidden_row(book: Workbook, secret: str) -> None:
    book["Return"]["C3"] = secret
    book["Return"].row_dimensions[3].hidden = True


def in_hidden_column(book: Workbook, secret: str) -> None:
    book["Return"]["Z3"] = secret
    book["Return"].column_dimensions["Z"].hidden = True


def far_away(book: Workbook, secret: str) -> None:
    book["Return"]["XFD9000"] = secret


def in_comment(book: Workbook, secret: str) -> None:
    book["Return"]["B3"].comment = Comment(f"about {secret}", "Jane Smith")


def in_header(book: Workbook, secret: str) -> None:
    book["Return"].oddHeader.left.text = secret


def in_footer(book: Workbook, secret: str) -> None:
    book["Return"].evenFooter.right.text = secret


def in_defined_name(book: Workbook, secret: str) -> None:
    book.defined_names["who"] = DefinedName("who", attr_text=f'"{secret}"')


def in_validation_list(book: Workbook, secret: str) -> None:
    rule = DataValidation(type="list", formula1=f'"yes,no,{secret}"')
    book["Return"].add_data_validation(rule)
    rule.add("C2:C9")


def in_validation_prompt(book: Workbook, secret: str) -> None:
    rule = DataValidation(type="whole", formula1="0", prompt=f"as for {secret}", promptTitle="like")
    book["Return"].add_data_validation(rule)
    rule.add("C2:C9")


def in_formula(book: Workbook, secret: str) -> None:
    book["Return"]["C3"] = f'=IF(B3="{secret}",1,0)'


def in_link(book: Workbook, secret: str) -> None:
    book["Return"]["C3"] = "a link"
    book["Return"]["C3"].hyperlink = "https://example.org/" + secret.replace(" ", "%20")


def in_property(name: str) -> Hide:
    def hide(book: Workbook, secret: str) -> None:
        setattr(book.properties, name, f"for {secret}")

    return hide


def in_custom_property(book: Workbook, secret: str) -> None:
    book.custom_doc_props.append(StringProperty(name="About", value=secret))


def in_sheet_title(book: Workbook, secret: str) -> None:
    book.create_sheet(secret.replace("/", " ").replace("dob 03 02 2024", "dob 03-02-2024"))


WORKBOOK_PLACES: dict[str, tuple[Hide, str]] = {
    "a cell": (in_cell, "sheet 'Return', row 3, column 'denominator'"),
    "a hidden sheet": (in_hidden_sheet, "sheet 'Working', row 2, column 'what'"),
    "a very hidden sheet": (in_very_hidden_sheet, "sheet 'Working', row 2, column 'what'"),
    "a hidden row": (in_hidden_row, "sheet 'Return', row 3, column 'denominator'"),
    "a hidden column": (in_hidden_column, "sheet 'Return', row 3, column 'Z'"),
    "the last column": (far_away, "sheet 'Return', row 9000, column 'XFD'"),
    "a comment": (in_comment, "sheet 'Return', row 3: "),
    "the header": (in_header, "the header or footer of the sheet"),
    "the footer": (in_footer, "the header or footer of the sheet"),
    "a defined name": (in_defined_name, "a defined name"),
    "a drop-down list": (in_validation_list, "a drop-down rule on cell C2"),
    "a drop-down prompt": (in_validation_prompt, "a drop-down rule on cell C2"),
    "a formula": (in_formula, "sheet 'Return', row 3: "),
    "the title": (in_property("title"), "the document properties"),
    "the subject": (in_property("subject"), "the document properties"),
    "the keywords": (in_property("keywords"), "the document properties"),
    "the description": (in_property("description"), "the document properties"),
    "a custom property": (in_custom_property, "the document properties"),
    "the name of a sheet": (in_sheet_title, "the name of a sheet"),
}


def workbook() -> Workbook:
    """A small return that nobody would refuse."""
    book = Workbook()
    book.active.title = "Return"
    book.active.append(["indicator_id", "numerator", "denominator"])
    book.active.append(["buddy_allocated", 12, 14])
    book.active.append(["buddy_allocated", 3, 9])
    return book


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", WORKBOOK_PLACES)
def test_every_place_of_a_workbook_is_looked_at(
    place: str, secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hide, where = WORKBOOK_PLACES[place]
    book, path = workbook(), tmp_path / "return.xlsx"
    hide(book, secret)
    book.save(path)
    assert where in refusal_of(path, caplog, secret)


def test_the_same_workbook_without_a_secret_passes(tmp_path: Path) -> None:
    book, path = workbook(), tmp_path / "return.xlsx"
    for hide, _ in WORKBOOK_PLACES.values():
        if hide is not in_link:
            hide(book, "nothing")
    book.properties.creator, book.properties.lastModifiedBy = "Jane Smith", "Dr Jane Smith"
    book.save(path)
    refuse_identifiers(path)


def with_parts(path: Path, parts: dict[str, str]) -> Path:
    """Add parts to a workbook as office programs write them, or put them in place of what is there."""
    old = path.with_suffix(".old")
    path.rename(old)
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, text in parts.items():
            after.writestr(name, text)
    return path


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DRAWN = 'xmlns:xdr="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
RAW_PLACES = {
    "xl/threadedComments/threadedComment1.xml": (
        '<ThreadedComments xmlns="x"><threadedComment ref="B3" id="{1}"><text>see {secret}</text></threadedComment>'
        "</ThreadedComments>",
        "the comment on cell B3",
    ),
    "xl/drawings/drawing1.xml": (
        f"<xdr:wsDr {DRAWN}><xdr:sp><xdr:txBody><a:p><a:r><a:t>to: {{half}}</a:t></a:r><a:r><a:rPr b='1'/>"
        "<a:t>{rest}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>",
        "a text box or drawing",
    ),
    "xl/drawings/drawing2.xml": (
        f"<xdr:wsDr {DRAWN}><xdr:cNvPr id='2' name='Box' descr='{{secret}}'/></xdr:wsDr>",
        "drawing",
    ),
    "xl/drawings/vmlDrawing1.vml": (
        "<xml><div>to: <font>{half}<b>{rest}</b></font><br></div></xml>",
        "a text box or drawing",
    ),
    "xl/pivotCache/pivotCacheDefinition1.xml": (
        f'<pivotCacheDefinition {MAIN} refreshedBy="Jane Smith"><cacheFields><cacheField name="who"><sharedItems>'
        '<s v="{secret}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>',
        "the data kept for a pivot table",
    ),
    "xl/pivotCache/pivotCacheRecords1.xml": (
        f'<pivotCacheRecords {MAIN}><r><n v="12"/><s v="{{secret}}"/></r></pivotCacheRecords>',
        "the data kept for a pivot table",
    ),
    "xl/externalLinks/externalLink1.xml": (
        f"<externalLink {MAIN}><externalBook><sheetDataSet><sheetData sheetId='0'><row r='1'><cell r='A1' t='str'>"
        "<v>{secret}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>",
        "the data kept from a linked workbook",
    ),
    "xl/charts/chart1.xml": (
        "<c:chart xmlns:c='x'><c:cat><c:pt><c:v>{secret}</c:v></c:pt></c:cat></c:chart>",
        "a chart",
    ),
    "xl/tables/table1.xml": (
        f'<table {MAIN}><tableColumns><tableColumn id="1" name="{{secret}}"/></tableColumns></table>',
        "the headings of a table",
    ),
    "xl/worksheets/sheet9.xml": (
        f'<worksheet {MAIN}><sheetData><row r="4"><c r="B4" t="inlineStr"><is><r><t>to: {{half}}</t></r>'
        "<r><t>{rest}</t></r></is></c></row></sheetData></worksheet>",
        "row 4, column 'B'",
    ),
    "customXml/item1.xml": ("<root><field>{secret}</field></root>", "data that a program added"),
    "xl/persons/person.xml": (
        '<personList xmlns="x"><person displayName="a" userId="b: {secret}"/></personList>',
        "people who",
    ),
    "docProps/app.xml": (
        "<Properties xmlns='x'><Company>for {secret}</Company></Properties>",
        "the document properties",
    ),
    "xl/sharedStrings.xml": (
        f"<sst {MAIN}><si><t>indicator_id</t></si><si><t>a</t></si><si><t>b</t></si><si><t>c</t></si>"
        "<si><r><t>to: {half}</t></r><r><t>{rest}</t></r></si></sst>",
        "a text that the file keeps and no cell shows",
    ),
}


def test_an_address_in_a_link_is_found_however_it_is_encoded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    book, path = workbook(), tmp_path / "return.xlsx"
    book["Return"]["C3"] = "write to us"
    book["Return"]["C3"].hyperlink = "mailto:someone%40example.org"
    book.save(path)
    assert "an e-mail address" in refusal_of(path, caplog, "someone%40example.org")


@pytest.mark.parametrize("secret", SECRETS)
def test_how_a_word_sounds_is_looked_at(secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    sound = f"<si><t>a</t><rPh sb='0' eb='1'><t>{secret}</t></rPh><phoneticPr fontId='1'/></si>"
    refusal_of(with_parts(path, {"xl/sharedStrings.xml": f"<sst {MAIN}>{sound * 9}</sst>"}), caplog, secret)


@pytest.mark.parametrize(
    ("part", "secret"),
    [
        (part, secret)
        for part in RAW_PLACES
        for secret in SECRETS
        if not (part == "xl/persons/person.xml" and secret.startswith("Mrs"))  # who commented may stand there by name
    ],
)
def test_every_part_of_a_workbook_is_looked_at(
    part: str, secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text, where = RAW_PLACES[part]
    for mark, words in {"secret": secret, "half": secret[:6], "rest": secret[6:]}.items():
        text = text.replace(f"{{{mark}}}", words)
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    assert where in refusal_of(with_parts(path, {part: text}), caplog, secret)


@pytest.mark.parametrize(
    "number",
    [9434765919, 9434765919.0, "9434765919", "943-476-5919", "NHS 943 476 5919"],
    ids=["whole number", "number with a point", "text", "hyphens", "within words"],
)
def test_an_nhs_number_is_found_as_text_and_as_a_number(
    number: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book, path = workbook(), tmp_path / "return.xlsx"
    book["Return"]["B3"] = number
    book.save(path)
    assert "row 3, column 'numerator': an NHS number" in refusal_of(path, caplog, "9434765919")


def test_an_nhs_number_in_scientific_notation_is_found(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    sheet = f"<worksheet {MAIN}><sheetData><row><c><v>9.434765919E9</v></c></row></sheetData></worksheet>"
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet})
    assert "row 1, column 'A': an NHS number" in refusal_of(path, caplog, "9.434765919")


def test_a_sheet_whose_title_names_somebody_is_not_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    book, path = workbook(), tmp_path / "return.xlsx"
    book.create_sheet("Baby Wintergreen").append(["943 476 5919"])
    book.save(path)
    said = refusal_of(path, caplog, "Wintergreen")
    assert "sheet '(its name identifies a person)', row 1, column 'A': an NHS number" in said
    assert "the name of a sheet" in said


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.bin", "xl/styles9.xml", "xl/worksheets/sheet"])
def test_a_sheet_is_looked_at_whatever_its_part_is_called(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    sheet = f"<worksheet {MAIN}><sheetData><row><c><v>9434765919</v></c></row></sheetData></worksheet>"
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in {**parts, name: sheet.encode("utf-16")}.items():
            archive.writestr(part, content)
    assert "row 1, column 'A': an NHS number" in refusal_of(path, caplog, "9434765919")


def test_headings_among_shared_texts_of_another_name_are_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        f'<Relationships><Relationship Id="rId1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{kind}/sharedStrings" Target="/xl/words.xml"/></Relationships>'
    )
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    words = f"<sst {MAIN}><si><t>area</t></si><si><t>Date of birth</t></si></sst>"
    parts = {"xl/_rels/workbook.xml.rels": links, "xl/worksheets/sheet1.xml": sheet, "xl/words.xml": words}
    assert "column 'Date of birth': a column of dates of birth" in refusal_of(with_parts(path, parts), caplog, "unsaid")


def test_a_drawing_as_excel_writes_it_passes(tmp_path: Path) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    drawing = (
        '<xml xmlns:v="urn:v"><v:shapetype id="_x0000_t202" coordsize="21600,21600" path="m,l,21600r21600,21600r,xe">'
        '<v:shape id="_x0000_s1025" style="position:absolute;margin-left:59.25pt;width:108pt;z-index:9434765919">'
        '<v:textbox><div style="text-align:left"><font face="Tahoma" size="160">As at 30/06/2025<br></font></div>'
        "</v:textbox><x:ClientData><x:Anchor>1, 15, 0, 2, 3, 31, 3, 1</x:Anchor></x:ClientData></v:shape></xml>"
    )
    refuse_identifiers(with_parts(path, {"xl/drawings/vmlDrawing1.vml": drawing}))


def test_an_embedded_file_is_refused_because_nobody_can_look_into_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "return.xlsx"
    workbook().save(path)
    said = refusal_of(with_parts(path, {"xl/embeddings/oleObject1.bin": "anything"}), caplog, "anything")
    assert "a file that is embedded in this one cannot be looked into" in said


# ---- OpenDocument ---------------------------------------------------------------------------------------------------

ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:dc="d" xmlns:draw="w">'
    "<office:body><office:spreadsheet>{before}<table:table table:name='Return'>{shapes}"
    "<table:table-row><table:table-cell><text:p>indicator_id</text:p></table:table-cell><table:table-cell><text:p>numerator"
    "</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated='3'>"
    "<table:table-cell><text:p>buddy</text:p></table:table-cell><table:table-cell office:value-type='float' "
    "office:value='12'><text:p>12</text:p></table:table-cell></table:table-row>"
    "<table:table-row>{cell}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)
CELL, TEXT = "table:table-cell", "text:p"
NUMBER = f"{CELL} office:value-type='float'"
ODS_PLACES = {
    "a cell": (
        "cell",
        f"<{CELL}/><{CELL}><{TEXT}>{{half}}<text:span>{{rest}}</text:span></{TEXT}></{CELL}>",
        "sheet 'Return', row 5, column 'numerator'",
    ),
    "a comment": (
        "cell",
        f"<{CELL} table:number-columns-repeated='2'/><{CELL}><office:annotation><dc:creator>Jane Smith</dc:creator>"
        f"<{TEXT}>{{secret}}</{TEXT}></office:annotation><{TEXT}>12</{TEXT}></{CELL}>",
        "the comment on cell C5",
    ),
    "a text box": (
        "shapes",
        f"<table:shapes><draw:text-box><{TEXT}>{{secret}}</{TEXT}></draw:text-box></table:shapes>",
        "a text box, rule or drawing",
    ),
    "a rule": (
        "before",
        f"<table:content-validations><table:help-message><{TEXT}>{{secret}}</{TEXT}></table:help-message>"
        "</table:content-validations>",
        "a text box, rule or drawing",
    ),
    "a changed cell": (
        "before",
        f"<table:tracked-changes><{CELL}><{TEXT}>{{secret}}</{TEXT}></{CELL}></table:tracked-changes>",
        "a text box, rule or drawing",
    ),
    "a formula": (
        "cell",
        f"<{NUMBER} table:formula='of:=IF([.A1]=&quot;{{secret}}&quot;;1;0)' office:value='0'>"
        f"<{TEXT}>0</{TEXT}></{CELL}>",
        "sheet 'Return'",
    ),
    "what a number shows": ("cell", f"<{NUMBER} office:value='1'><{TEXT}>{{secret}}</{TEXT}></{CELL}>", "row 5"),
}


def opendocument(path: Path, *, meta: str = "", styles: str = "", **places: str) -> Path:
    """Write an ODS workbook with something in one of its places."""
    content = ODS
    for place in ("before", "shapes", "cell"):
        content = content.replace(f"{{{place}}}", places.get(place, ""))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "meta.xml", f"<office:document-meta xmlns:office='o' xmlns:meta='m'>{meta}</office:document-meta>"
        )
        archive.writestr(
            "styles.xml", f"<office:document-styles xmlns:office='o' xmlns:text='x'>{styles}</office:document-styles>"
        )
    return path


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", ODS_PLACES)
def test_every_place_of_an_ods_workbook_is_looked_at(
    place: str, secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slot, text, where = ODS_PLACES[place]
    for mark, words in {"secret": secret, "half": secret[:6], "rest": secret[6:]}.items():
        text = text.replace(f"{{{mark}}}", words)
    assert where in refusal_of(opendocument(tmp_path / "return.ods", **{slot: text}), caplog, secret)


@pytest.mark.parametrize("secret", SECRETS)
def test_properties_and_headers_of_an_ods_workbook_are_looked_at(
    secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    meta = opendocument(
        tmp_path / "meta.ods", meta=f"<meta:user-defined meta:name='About'>{secret}</meta:user-defined>"
    )
    assert "the document properties" in refusal_of(meta, caplog, secret)
    styles = opendocument(tmp_path / "styles.ods", styles=f"<text:p>{secret}</text:p>")
    assert "a header, footer or style" in refusal_of(styles, caplog, secret)


def test_an_nhs_number_is_found_as_a_number_in_ods_and_a_plain_one_passes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cell = f"<{NUMBER} office:value='9434765919'><{TEXT}>9.43E+09</{TEXT}></{CELL}>"
    refusal_of(opendocument(tmp_path / "return.ods", cell=cell), caplog, "9434765919")
    refuse_identifiers(
        opendocument(tmp_path / "plain.ods", meta="<meta:initial-creator>Dr Jane Smith</meta:initial-creator>")
    )


# ---- documents ------------------------------------------------------------------------------------------------------


def in_paragraph(document: Any, secret: str) -> None:
    paragraph = document.add_paragraph("to: ")
    paragraph.add_run(secret[:6]).bold = True
    paragraph.add_run(secret[6:])


def in_table(document: Any, secret: str) -> None:
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "what", "who"
    table.cell(1, 0).text, table.cell(1, 1).text = "12", secret


def in_document_header(document: Any, secret: str) -> None:
    document.sections[0].header.paragraphs[0].text = secret


def in_document_comment(document: Any, secret: str) -> None:
    run = document.add_paragraph("something").runs[0]
    document.add_comment(run, text=f"about {secret}", author="Jane Smith", initials="JS")


def in_document_property(document: Any, secret: str) -> None:
    document.core_properties.keywords = secret


DOCUMENT_PLACES = {
    "a paragraph": (in_paragraph, "the text"),
    "a table": (in_table, "row 2, column 'who'"),
    "a header": (in_document_header, "a header"),
    "a comment": (in_document_comment, "a comment"),
    "a property": (in_document_property, "the document properties"),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", DOCUMENT_PLACES)
def test_every_place_of_a_word_document_is_looked_at(
    place: str, secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hide, where = DOCUMENT_PLACES[place]
    document, path = docx.Document(), tmp_path / "strategy.docx"
    document.add_paragraph("Babies come first in Dorset.")
    document.save(path)
    refuse_identifiers(path)
    hide(document, secret)
    document.save(path)
    assert where in refusal_of(path, caplog, secret)


def test_a_table_of_birth_dates_in_a_word_document_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    document, path = docx.Document(), tmp_path / "strategy.docx"
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 1).text = "what", "Date of birth", "01/02/2024"
    document.save(path)
    assert "a column of dates of birth" in refusal_of(path, caplog, "01/02/2024")


def pdf(
    path: Path, lines: str = "Babies come first.", *, note: str = "", title: str = "", attached: bool = False
) -> Path:
    """Write a PDF of one page."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
         NameObject("/BaseFont"): NameObject("/Helvetica")}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 50 700 Td ({lines}) Tj ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    if note:
        from pypdf.annotations import FreeText

        writer.add_annotation(0, FreeText(text=note, rect=(50, 550, 200, 650)))
    if title:
        writer.add_metadata({"/Subject": title, "/Author": "Dr Jane Smith"})
    if attached:
        writer.add_attachment("other.csv", b"a,b\n")
    writer.write(path)
    return path


@pytest.mark.parametrize("secret", SECRETS)
def test_text_notes_and_properties_of_a_pdf_are_looked_at(
    secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refuse_identifiers(pdf(tmp_path / "plain.pdf", title="Babies first"))
    assert "page 1" in refusal_of(pdf(tmp_path / "text.pdf", f"for {secret} now"), caplog, secret)
    assert "a note on page 1" in refusal_of(pdf(tmp_path / "note.pdf", note=secret), caplog, secret)
    assert "the document properties" in refusal_of(pdf(tmp_path / "title.pdf", title=secret), caplog, secret)


def test_a_pdf_with_a_file_attached_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "attached to this one cannot be looked into" in refusal_of(
        pdf(tmp_path / "a.pdf", attached=True), caplog, "other.csv"
    )


# ---- maps and text --------------------------------------------------------------------------------------------------

SHAPE = {"type": "Point", "coordinates": [-1.9434765919, 50.7194347659]}


@pytest.mark.parametrize("secret", SECRETS)
def test_attributes_of_geojson_are_looked_at(secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    features = [
        {"type": "Feature", "properties": {"name": "A hub", "note": "open"}, "geometry": SHAPE} for _ in range(3)
    ]
    path = tmp_path / "hubs.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    refuse_identifiers(path)
    features[1]["properties"] = {"name": "A hub", "note": {"within": [secret]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert "row 2, column 'note'" in refusal_of(path, caplog, secret)
    path.write_text(json.dumps({"type": "FeatureCollection", "about": secret, "features": []}))
    assert "the head of the map file" in refusal_of(path, caplog, secret)
    path.write_text('{"type": "FeatureCollection", "features": [{"broken": "' + secret)
    refusal_of(path, caplog, secret)


def test_a_number_in_the_attributes_of_geojson_is_looked_at(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "hubs.geojson"
    feature = {"type": "Feature", "properties": {"who": 9434765919}, "geometry": SHAPE}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "column 'who': an NHS number" in refusal_of(path, caplog, "9434765919")


@pytest.mark.parametrize("secret", SECRETS)
def test_attributes_of_a_geopackage_are_looked_at(
    secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "hubs.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        database.execute("CREATE TABLE hubs (fid INTEGER, geom BLOB, name TEXT, number INTEGER)")
        database.executemany(
            "INSERT INTO hubs VALUES (?, ?, ?, 12)", [(1, b"943 476 5919", "A hub"), (2, b"", "B hub")]
        )
        database.commit()
        refuse_identifiers(path)
        database.execute("UPDATE hubs SET name = ? WHERE fid = 2", [secret])
        database.commit()
    assert "sheet 'hubs', row 2, column 'name'" in refusal_of(path, caplog, secret)


@pytest.mark.parametrize("secret", SECRETS)
def test_attributes_of_a_zipped_shapefile_are_looked_at(
    secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    width = 40
    head = struct.pack("<B3xIHH20x", 3, 1, 32 + 2 * 32 + 1, 1 + 2 * width)
    fields = b"".join(struct.pack("<11sc4xBB14x", name, b"C", width, 0) for name in (b"CODE", b"NOTE"))
    record = b" " + b"E01015272".ljust(width) + secret.encode().ljust(width)
    path = tmp_path / "areas.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("areas.shp", b"\0" * 100)
        archive.writestr("areas.dbf", head + fields + b"\r" + record + b"\x1a")
    assert "row 1, column 'NOTE'" in refusal_of(path, caplog, secret)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("secret", SECRETS)
def test_text_files_of_every_kind_are_looked_at(
    secret: str, delimiter: str, encoding: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [["indicator_id", "numerator", "note"], ["buddy", "12", "fine – really"], ["buddy", "3", f'see "{secret}"']]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    path = tmp_path / "return.csv"
    path.write_bytes(text.encode(encoding))
    assert "row 3, column 'note'" in refusal_of(path, caplog, secret)


@pytest.mark.parametrize("secret", ["9434765919", "someone@example.org", "Baby Wintergreen"])
def test_a_file_name_that_identifies_somebody_is_not_repeated(
    secret: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / f"return_{secret}.csv"
    path.write_text("indicator_id,numerator\nbuddy,12\n")
    with pytest.raises(DataErrors) as refused:
        refuse_identifiers(path)
    said = " ".join([str(refused.value), *map(str, refused.value.problems)])
    assert "the name of the file identifies a person" in said
    assert secret not in said
