"""A board pack, read back as DOCX and as PDF: the same words and figures, nothing invented, and both accessible."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from data.answers.answer import Answer, SourceLine
from data.answers.scorecard import COLUMNS
from data.catalogue.board_paper import Part
from data.errors import DataError
from data.exports.docx_pack import docx_bytes
from data.exports.pack import Pack, Picture, Table, data_hash
from data.exports.pack_parts import Chosen, Material, cover_of, pack_name, pack_of
from data.exports.pack_tables import paper_table
from data.exports.typst_pack import pdf_bytes

ON = dt.date(2026, 6, 1)
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
REGISTER = SourceLine("A council", "A register", "2026", None, "ef" * 32, illustrative=False)
#: What a person types must stay text, whatever the writer's own language would make of it.
TYPED = 'Note #read("/etc/passwd") *b* $x$ @ref \\ [c] <w:t>&amp; “quoted”'
QUARTERS = Part(
    "over_time",
    "Visits over time",
    "over_time",
    columns=("period", "figure: Share seen", "numerator", "denominator", "unusual: Unusual"),
)
AREAS = Part("areas", "Where it is", "areas", columns=("area_name", "value", "asks: Asks", "due"))
PROMISES = Part("promises", "What was promised", "promises")
#: The same pack is written once for all tests that only read it.
docx_once, pdf_once = cache(docx_bytes), cache(pdf_bytes)


def asks(*statuses: str) -> pd.DataFrame:
    """Make a scorecard of one ask for each status; its figure is its number."""
    rows = [
        {
            "ask": f"A{number}",
            "measure": f"Measure {number}",
            "figure": f"{number}.0%",
            "period": "2025/26",
            "target": "None published",
            "status": status,
            "illustrative": False,
        }
        for number, status in enumerate(statuses, start=1)
    ]
    return pd.DataFrame(rows).reindex(columns=COLUMNS, fill_value="")


def answer(question: str, table: pd.DataFrame, **said: Any) -> Answer:
    """Make a real answer of a table."""
    fields: dict[str, Any] = {
        "finding": f"What was found: {question}",
        "unit": "",
        "period": "",
        "area_type": "",
        "text_alternative": "",
        "sources": (REGISTER,),
        "disclosure": "Counts of 1 to 7 are hidden.",
        "illustrative": False,
    }
    return Answer(question=question, table=table, **(fields | said))


@pytest.fixture
def commitments() -> Answer:
    """Two promises in the order of the register's answer, which is the overdue first."""
    rows = [
        ("Name a lead", "A board: its chair", "31 March 2026, 62 days late", "overdue", "–"),
        ("Print a booklet", "A council: its officer", "31 December 2026", "on track", "A minute"),
    ]
    columns = ["promise", "who", "due_in_words", "status_in_words", "evidence"]
    return answer("What was promised?", pd.DataFrame(rows, columns=columns))


@pytest.fixture
def material(quarters: Answer, areas: Answer, nothing: Answer, commitments: Answer) -> Material:
    """An illustrative series, real areas, a question without data, and a cover with three entries."""
    return Material(
        overview="Of 3 asks, 1 is off track.",
        scorecard=answer(
            "How is it?", asks("Met", "Measured, no level", "Off track"), notes=("Levels are published.",)
        ),
        commitments=commitments,
        chosen=(Chosen(QUARTERS, quarters), Chosen(AREAS, areas), Chosen(PROMISES, nothing)),
        fields={"meeting": "Integrated care board", "recommendation": f"{TYPED}\nAgree", "author": "Dr Ann Example"},
    )


@pytest.fixture
def pack(material: Material) -> Pack:
    """The pack of that material."""
    return pack_of(material, ON)


@pytest.fixture
def document(pack: Pack) -> Any:
    """The pack as DOCX, opened."""
    return docx.Document(io.BytesIO(docx_once(pack)))


@pytest.fixture
def pdf(pack: Pack) -> PdfReader:
    """The pack as PDF, opened."""
    return PdfReader(io.BytesIO(pdf_once(pack)))


def compact(text: str) -> str:
    """Leave out all space: lines break where they must."""
    return "".join(text.split())


def said_in(element: Any) -> str:
    """Give the text of a part of a document; content controls and links have theirs as well."""
    return "".join(str(one.text) for one in element.iter(qn("w:t")))


def words_of(document: Any) -> str:
    return compact(said_in(document.element.body))


def text_of(pdf: PdfReader) -> str:
    return compact("".join(page.extract_text() for page in pdf.pages))


def tables_of(document: Any) -> dict[str, list[list[str]]]:
    """Read the tables by their captions."""
    found = {}
    for table in document.tables:
        caption = table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        rows = table._tbl.tr_lst
        found[caption] = [[said_in(cell) for cell in row.tc_lst] for row in rows]
    return found


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Walk a PDF's structure in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for one in node:
            yield from elements(one)
    elif isinstance(node, dict) and ("/S" in node or "/K" in node):
        if "/S" in node:
            yield node
        yield from elements(node.get("/K", []))


def structure(pdf: PdfReader) -> list[dict[str, Any]]:
    return list(elements(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))


# ---- the same in both -----------------------------------------------------------------------------------------------


def test_every_word_of_the_pack_stands_in_both_files_in_the_same_order(
    pack: Pack, document: Any, pdf: PdfReader
) -> None:
    for text in (words_of(document), text_of(pdf)):
        at = 0
        for words in pack.words():
            found = text.find(compact(words), at)
            assert found >= 0, words
            at = found


def test_the_figures_of_the_paper_are_those_of_the_answer_value_by_value(document: Any, pdf: PdfReader) -> None:
    caption = "Table 3: Visits over time (%, 2025/26)"
    rows = [
        ["Period", "Share seen", "Counted", "Out of", "Unusual"],
        ["2025/26 Q1", "80.0% (70.0% to 87.3%)", "80", "100", "–"],
        ["2025/26 Q2", "too few people to show", "[c]", "[c]", "–"],
        ["2025/26 Q3", "0.0%", "0", "40", "–"],
        ["2025/26 Q4", "75.0%", "75", "100", "-"],
    ]
    rows[3][4] = "=HYPERLINK(1)"  # text, which neither a document nor a PDF runs
    assert tables_of(document)[caption] == rows
    assert compact("".join(cell for row in rows for cell in row)) in text_of(pdf)
    areas = tables_of(document)["Table 4: Where it is (per 1,000)"]
    assert areas == [
        ["Area", "Value", "Asks", "Due"],
        ["BCP", "12.5", "A1; A2", "1 April 2026"],
        ["Dorset Council area", "-3", "–", "–"],
    ]


def test_the_scorecard_counts_each_status_and_lists_what_is_off_track_first(document: Any) -> None:
    counts = tables_of(document)["Table 1: Asks by status"]
    assert {row[0]: row[1] for row in counts[1:]} == {
        "Not measured": "0",
        "On the register": "0",
        "Met": "1",
        "Progressing": "0",
        "Off track": "1",
        "Measured, no level": "1",
    }
    pressing = tables_of(document)["Table 2: Asks that are off track, progressing or met"]
    assert [(row[0], row[2], row[5]) for row in pressing[1:]] == [("A3", "3.0%", "Off track"), ("A1", "1.0%", "Met")]


def test_commitments_keep_the_order_of_their_answer_the_overdue_first(document: Any) -> None:
    promises = tables_of(document)["Table 5: What was promised, and where it stands"]
    assert [row[0] for row in promises[1:]] == ["Name a lead", "Print a booklet"]


def test_a_question_without_data_says_so_and_has_no_table(pack: Pack) -> None:
    words = list(pack.words())
    at = words.index("5. What was promised")
    assert words[at + 1 : at + 4] == ["What was promised?", "No data yet.", "6. Commitments"]


def test_an_empty_answer_that_does_not_say_so_gets_the_sentence(material: Material, nothing: Answer) -> None:
    silent = replace(nothing, finding="Nobody is waiting.")
    words = list(pack_of(replace(material, chosen=(Chosen(PROMISES, silent),)), ON).words())
    at = words.index("Nobody is waiting.")
    assert words[at + 1] == "Nothing is shown here, because there are no data yet."


def test_sources_name_edition_day_and_whole_hash(pack: Pack) -> None:
    words = list(pack.words())
    label = "ILLUSTRATIVE, not real. Dorset providers, Long return, 2025/26, extracted 1 May 2026."
    assert f"{label}\nSHA-256 {'ab' * 32}" in words
    assert f"A council, A register, 2026.\nSHA-256 {'ef' * 32}" in words


# ---- the cover ------------------------------------------------------------------------------------------------------


def test_what_nobody_wrote_is_an_honest_prompt_and_what_somebody_wrote_stays_as_it_is(
    document: Any, pdf: PdfReader
) -> None:
    cover = dict(tables_of(document)["Cover sheet"][1:])
    assert cover["Meeting"] == "Integrated care board"
    assert cover["Author"] == "Dr Ann Example"
    assert cover["Risk"].startswith("[Not written yet: ")
    assert cover["Made on"] == "1 June 2026"
    assert cover["Recommendation"] == f"{TYPED}Agree"
    assert compact(f"{TYPED} Agree") in text_of(pdf)
    assert compact(cover["Risk"]) in text_of(pdf)


def test_each_entry_of_the_cover_can_be_written_in_word(document: Any) -> None:
    controls = document.element.body.findall(f".//{qn('w:sdt')}")
    tags = [one.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) for one in controls]
    assert tags == [
        *("meeting", "date", "purpose", "recommendation", "risk", "equality", "previous"),
        "author",
        "owner",
    ]
    empty = [one.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None for one in controls]
    assert empty == [False, True, True, False, True, True, True, False, True]


def test_lines_stay_and_needless_space_and_unseen_signs_go() -> None:
    said = " First  line \x07\r\n\n\u200b\n second\tline "
    entry = next(one for one in cover_of({"risk": said}, "ab", ON) if one.id == "risk")
    assert (entry.words, entry.written) == ("First line\nsecond line", True)


# ---- made-up figures say so -----------------------------------------------------------------------------------------


def test_an_illustrative_pack_says_so_in_its_name_title_cover_and_on_every_page(
    pack: Pack, document: Any, pdf: PdfReader
) -> None:
    assert pack_name(pack, "pdf") == "ILLUSTRATIVE-board-pack-2026-06-01.pdf"
    assert document.core_properties.title.startswith("ILLUSTRATIVE: ")
    assert pdf.metadata is not None
    assert str(pdf.metadata.title) == document.core_properties.title
    assert document.sections[0].header.paragraphs[0].text == pack.banner
    assert [one.text for one in document.paragraphs if one.style.name == "Banner"] == [pack.banner]
    pages = [compact(page.extract_text()) for page in pdf.pages]
    assert all(compact(pack.banner) in page for page in pages)
    assert pages[0].count(compact(pack.banner)) == 2  # above the page, and framed on the cover


def test_a_real_pack_says_nothing_of_the_kind(material: Material, areas: Answer) -> None:
    real = pack_of(replace(material, chosen=(Chosen(AREAS, areas),)), ON)
    assert (real.banner, pack_name(real, "docx")) == ("", "board-pack-2026-06-01.docx")
    assert "ILLUSTRATIVE" not in text_of(PdfReader(io.BytesIO(pdf_bytes(real))))


def test_rows_that_are_illustrative_beside_real_ones_say_which(quarters: Answer) -> None:
    mixed = replace(quarters, table=quarters.table.assign(illustrative=[True, True, False, False]))
    table, _ = paper_table(mixed, {"period": "", "figure": ""}, caption="")
    assert table.header == ("Period", "Figure", "Illustrative")
    assert [row[2] for row in table.rows] == ["yes", "yes", "no", "no"]


# ---- the hash -------------------------------------------------------------------------------------------------------


def test_the_hash_stands_on_the_cover_and_at_the_foot_of_every_page(pack: Pack, document: Any, pdf: PdfReader) -> None:
    assert tables_of(document)["Cover sheet"][-1] == ["Data hash", pack.data_hash]
    foot = said_in(document.sections[0].footer._element)
    assert f"Data hash {pack.data_hash[:16]}" in foot
    assert all(compact(f"Data hash {pack.data_hash[:16]}") in compact(page.extract_text()) for page in pdf.pages)


def test_the_hash_follows_the_figures_and_notes_and_nothing_else(material: Material, quarters: Answer) -> None:
    before = data_hash(material.answers)
    assert re.fullmatch("[0-9a-f]{64}", before)
    again = {name: material.answers[name] for name in reversed(material.answers)}
    assert data_hash(again) == before
    assert pack_of(replace(material, fields={}), dt.date(2027, 1, 1)).data_hash == before
    table = quarters.table.assign(value=[80.0, float("nan"), 0.0, 76.0])
    assert data_hash(material.answers | {"over_time": replace(quarters, table=table)}) != before
    assert data_hash(material.answers | {"over_time": replace(quarters, notes=("Another note.",))}) != before


def test_the_same_pack_gives_the_same_bytes(material: Material) -> None:
    first, second = pack_of(material, ON), pack_of(material, ON)
    assert docx_once(first) == docx_bytes(second)
    assert pdf_once(first) == pdf_bytes(second)


# ---- a table for paper ----------------------------------------------------------------------------------------------


def ranks(count: int) -> Answer:
    values = [float(number) for number in range(count, 0, -1)]
    table = pd.DataFrame({"area": [f"Place {value:.0f}" for value in values], "value": values})
    table["value_status"] = "shown"
    table.loc[0, ["value", "value_status"]] = [float("nan"), "suppressed"]
    return answer("Which?", table)


@pytest.mark.parametrize(("held", "said"), [(19, ""), (20, ""), (21, "These are the first 20 of 21 rows.")])
def test_a_long_table_is_cut_and_says_how_many_rows_the_workbook_has(held: int, said: str) -> None:
    table, words = paper_table(ranks(held), {"area": "", "value": ""}, caption="", most=20)
    assert len(table.rows) == min(held, 20)
    assert words.startswith(said)
    assert bool(words) == bool(said)


def test_a_table_in_order_begins_with_the_lowest_or_highest_and_ends_with_what_is_withheld() -> None:
    columns = {"area": "", "value": ""}
    lowest, said = paper_table(ranks(4), columns, caption="", order="value", most=2)
    assert (lowest.rows[0], "lowest" in said) == (("Place 1", "1"), True)
    highest, _ = paper_table(ranks(4), columns, caption="", order="-value")
    assert highest.rows[0] == ("Place 3", "3")
    assert highest.rows[-1] == ("Place 4", "too few people to show")


def test_numbers_stand_to_the_right_also_where_one_is_withheld_and_words_do_not(quarters: Answer) -> None:
    columns = dict.fromkeys(("period", "figure", "numerator", "unusual"), "")
    table, _ = paper_table(quarters, columns, caption="")
    assert [row[2] for row in table.rows] == ["80", "[c]", "0", "75"]
    assert table.right == (False, False, True, False)


def test_a_question_that_the_form_does_not_know_shows_its_words_and_no_codes(quarters: Answer) -> None:
    table, _ = paper_table(quarters, {}, caption="")
    assert table.header == ("Period", "Figure")


# ---- accessible DOCX ------------------------------------------------------------------------------------------------


def test_the_document_has_a_language_and_headings_that_never_skip_a_level(pack: Pack, document: Any) -> None:
    assert document.core_properties.language == "en-GB"
    styles = document.styles.element
    assert {one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))} == {"en-GB"}
    levels = [int(one.style.name[-1]) for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert document.paragraphs[0].style.name == "Title"
    assert document.paragraphs[0].text == pack.title


def test_the_contents_lead_to_every_heading(document: Any) -> None:
    body = document.element.body
    links = [(one.get(qn("w:anchor")), said_in(one)) for one in body.iter(qn("w:hyperlink"))]
    marks = {
        paragraph._p.find(qn("w:bookmarkStart")).get(qn("w:name")): paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    }
    assert dict(links) == marks
    assert " TOC " in "".join(one.text or "" for one in body.iter(qn("w:instrText")))


def test_every_table_repeats_its_header_and_has_no_merged_or_empty_cell(document: Any) -> None:
    assert len(document.tables) == 7
    for table in document.tables:
        heads = [row.trPr.find(qn("w:tblHeader")) is not None for row in table._tbl.tr_lst]
        assert heads == [True] + [False] * (len(heads) - 1)
        assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge")))
        cells = [[said_in(cell).strip() for cell in row.tc_lst] for row in table._tbl.tr_lst]
        assert {len(row) for row in cells} == {len(table._tbl.tblGrid.gridCol_lst)}
        assert all(all(row) for row in cells)


def test_every_picture_has_the_answer_s_own_text_alternative(document: Any, quarters: Answer, areas: Answer) -> None:
    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert said == [quarters.text_alternative, areas.text_alternative]


def test_no_paragraph_is_empty_and_none_of_word_s_own_thumbnails_is_in_the_file(pack: Pack, document: Any) -> None:
    assert [one for one in document.paragraphs if not one.text and not one._p.findall(f".//{qn('w:drawing')}")] == []
    assert "docProps/thumbnail.jpeg" not in zipfile.ZipFile(io.BytesIO(docx_once(pack))).namelist()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_document_and_prints_its_words(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "pack.docx"
    path.write_bytes(docx_once(pack))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    run = [str(OFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(run, check=True, timeout=180, capture_output=True)
    printed = text_of(PdfReader(tmp_path / "pack.pdf"))
    assert all(compact(words) in printed for words in (pack.title, pack.banner, "1. Overview", TYPED, pack.data_hash))


# ---- tagged PDF -----------------------------------------------------------------------------------------------------


def test_the_pdf_says_that_it_keeps_to_pdf_ua_and_has_language_and_title(pdf: PdfReader) -> None:
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en-GB"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_the_pdf_s_bookmarks_are_the_headings(pack: Pack, pdf: PdfReader) -> None:
    def titles(outline: Any) -> Iterator[str]:
        for one in outline:
            if isinstance(one, list):
                yield from titles(one)
            else:
                yield str(one.title)

    headings = [one.words for one in pack.blocks if type(one).__name__ == "Heading"]
    assert [one for one in titles(pdf.outline) if one != "Contents"] == headings


def test_every_table_of_the_pdf_has_header_cells_with_a_scope(pack: Pack, pdf: PdfReader) -> None:
    found = structure(pdf)
    tables = [one for one in found if one["/S"] == "/Table"]
    widths = [len(pack.cover_header), *(len(one.header) for one in pack.blocks if isinstance(one, Table))]
    for table, width in zip(tables, widths, strict=True):
        heads = [one for one in elements(table) if one["/S"] == "/TH"]
        assert len(heads) == width
        scopes = [part.get("/Scope") for head in heads for part in head["/A"] if "/Scope" in part]
        assert scopes == ["/Column"] * width


def test_every_figure_of_the_pdf_has_the_answer_s_own_text_alternative(
    pdf: PdfReader, quarters: Answer, areas: Answer
) -> None:
    said = [one["/Alt"] for one in structure(pdf) if one["/S"] == "/Figure"]
    assert said == [quarters.text_alternative, areas.text_alternative]


def test_only_the_typeface_that_comes_with_the_product_is_in_the_pdf(pdf: PdfReader) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all(name.startswith("SourceSansPro-") for name in fonts)


def test_a_picture_without_a_text_alternative_is_refused(pack: Pack) -> None:
    blocks = tuple(
        Picture(one.caption, replace(one.drawing, alt="")) if isinstance(one, Picture) else one for one in pack.blocks
    )
    with pytest.raises(DataError, match="the PDF cannot be written"):
        pdf_bytes(replace(pack, blocks=blocks))
