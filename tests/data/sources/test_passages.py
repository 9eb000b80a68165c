"""Documents become passages: paragraphs with their page or heading, without what a printer or a menu adds."""

from __future__ import annotations

import docx
import pytest

from data.errors import EmptyFile, UnreadableFile
from data.sources import web_pages
from data.sources.passages import (
    LONGEST_WORDS,
    count_words,
    heading_level,
    joined,
    paragraphs,
    parted,
    pdf_blocks,
    read_passages,
)
from data.sources.web_pages import web_page_particulars, words_of_page
from data.sources.word_documents import word_particulars
from tests.data.sources.hostile_bytes import archive, paragraph, pdf, word_parts, words


def saved(tmp_path, text, name="page.html"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def lines(*texts):
    """Write lines below one another on a PDF page."""
    return b"BT/F 9 Tf 14 TL 40 700 Td" + b"".join(b"(%s)' " % text.encode() for text in texts) + b"ET"


# ---- PDF ------------------------------------------------------------------------------------------------------------


def test_a_passage_of_a_pdf_has_its_page_and_the_heading_above_it(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf([words("2.1 Best start in life"), words("Every baby matters.")]))
    found = [(one.page, one.section, one.text, one.words) for one in read_passages(path)]
    assert found == [
        (1, "2.1 Best start in life", "2.1 Best start in life", 5),
        (2, "2.1 Best start in life", "Every baby matters.", 3),
    ]


def test_running_headers_and_footers_are_left_out_whatever_page_they_name():
    pages = [(n, f"A plan for every baby\nWords of {'abcdef'[n]} are these.\nPage {n} of 5") for n in range(1, 6)]
    assert [block.text for block in pdf_blocks(pages)] == [f"Words of {n} are these." for n in "bcdef"]


def test_three_pages_are_too_few_to_call_a_line_a_running_header():
    pages = [(n, "A plan for every baby\nwords") for n in range(1, 4)]
    assert sum("A plan" in block.text for block in pdf_blocks(pages)) == 3


def test_a_line_of_fewer_than_half_of_the_pages_stays():
    pages = [(n, ("Our babies\n" if n < 3 else "") + f"{'abcdefgh'[n]} words that differ") for n in range(1, 6)]
    assert sum("Our babies" in block.text for block in pdf_blocks(pages)) == 2


def test_a_word_parted_at_the_end_of_a_line_becomes_whole_and_a_hyphen_that_belongs_stays():
    assert joined(["the mater-", "nity unit"]) == "the maternity unit"
    assert joined(["a parent-", "infant team"]) == "a parent-infant team"
    assert joined(["pages 3-", "4"]) == "pages 3- 4"
    assert joined(["mater\u00adnity"]) == "maternity"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("3 Best start", 2),
        ("3.2.1 Best start", 2),
        ("Appendix B Figures", 2),
        ("OUR PRIORITIES", 1),
        ("3 babies were seen.", 0),
        ("3 babies", 0),
        ("Best start", 0),
        ("12", 0),
        ("", 0),
        ("1 " + "Word " * 14, 0),
        ("1 " + "Word " * 13, 2),
    ],
)
def test_a_heading_is_told_by_its_form(line, level):
    assert heading_level(line) == level


def test_lines_become_paragraphs_at_empty_lines_bullets_and_short_ends():
    found = paragraphs(
        [
            *(
                "This is the first line of a paragraph that goes",
                "on. Short end.",
                "Another paragraph begins here now and",
            ),
            *("ends", "", "After an empty line", "• one thing", "• another"),
        ]
    )
    assert [text for _, text in found] == [
        "This is the first line of a paragraph that goes on. Short end.",
        "Another paragraph begins here now and ends",
        "After an empty line",
        "• one thing",
        "• another",
    ]


# ---- Word and web pages ---------------------------------------------------------------------------------------------


def test_a_word_document_gives_its_headings_and_nothing_that_is_not_printed(tmp_path):
    document = docx.Document()
    document.add_heading("A plan", 0)
    document.add_paragraph("For all.")
    document.add_heading("Babies", 2)
    document.add_table(1, 2).rows[0].cells[1].text = "In a table"
    document.sections[0].header.paragraphs[0].text = "Running header on babies"
    document.core_properties.title = "The plan"
    path = tmp_path / "plan.docx"
    document.save(path)
    found = [(one.page, one.section, one.text) for one in read_passages(path)]
    assert found == [
        (None, "A plan", "A plan"),
        (None, "A plan", "For all."),
        (None, "Babies", "Babies"),
        (None, "Babies", "In a table"),
    ]
    assert word_particulars(path)["title"] == "The plan"


def test_deleted_words_and_the_spare_copy_of_a_text_box_do_not_count(tmp_path):
    body = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom></w:p>"
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>' + paragraph("in a box") + "</mc:Choice><mc:Fallback>"
    ) + f"{paragraph('in a box')}</mc:Fallback></mc:AlternateContent>"
    notes = f'<w:footnotes xmlns:w="urn:w">{paragraph("a note")}</w:footnotes>'
    path = archive(tmp_path / "sent.docx", word_parts(body, {"word/footnotes.xml": notes}))
    assert [one.text for one in read_passages(path)] == ["kept", "in a box", "a note"]


PAGE = """<!-- saved --><!DOCTYPE html><html><head><title>Our plan</title>
<meta name="DCTERMS.issued" content="2025-03-31"><link rel="canonical" href="https://example.org/plan"></head>
<body><nav>Babies menu</nav><h1>Our plan</h1><p>Every <b>baby</b> counts.</p><div hidden>baby baby</div>
<p style="display: none">baby</p><script>baby()</script><ul><li>One<li>Two</ul><h2>Money</h2>£1<br>£2
<footer>Babies footer</footer></body></html>"""


def test_a_web_page_gives_headings_and_paragraphs_without_menus_and_hidden_words(tmp_path):
    found = [(one.section, one.text) for one in read_passages(saved(tmp_path, PAGE))]
    assert found == [
        *(("Our plan", text) for text in ("Our plan", "Every baby counts.", "One", "Two")),
        *(("Money", text) for text in ("Money", "£1", "£2")),
    ]


def test_a_web_page_says_what_it_is(tmp_path):
    said = web_page_particulars(saved(tmp_path, PAGE))
    assert (said["title"], said["dcterms.issued"]) == ("Our plan", "2025-03-31")
    assert said["canonical"] == "https://example.org/plan"


def test_the_guard_is_given_what_a_page_hides(tmp_path):
    found = [text for text, _ in words_of_page(saved(tmp_path, PAGE + "<!-- a secret --><img alt='a picture'>"))]
    assert {"Babies menu", "baby baby", "a picture"} <= set(found)
    assert any("a secret" in text for text in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>" + "<div>" * 2_001 + "words", "inside one another"),
        ("<html><p title='" + "a" * (web_pages.MAX_TAG_LETTERS + 70_000), "no end"),
    ],
)
def test_a_hostile_page_is_refused_in_one_sentence(tmp_path, text, said):
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_passages(saved(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_page_that_takes_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(web_pages, "MAX_SECONDS", -1.0)
    with pytest.raises(UnreadableFile, match="seconds of reading"):
        read_passages(saved(tmp_path, PAGE))


@pytest.mark.parametrize("text", ["<html><script>words</script>", "<html><body>... — …</body>"])
def test_a_document_without_words_is_refused(tmp_path, text):
    with pytest.raises(EmptyFile, match="no words"):
        read_passages(saved(tmp_path, text))


def test_a_scan_without_words_is_refused_and_says_what_to_send(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([b"0 0 10 10 re f"]))
    with pytest.raises(EmptyFile, match=r"pages are pictures.*Send the document from which it was printed or scanned"):
        read_passages(path)


# ---- words and passages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("one", 1), ("parent-infant 1,001 days – £3m", 4), ("• & …", 0), ("it’s", 1)]
)
def test_words_are_counted_as_a_word_processor_does(text, count):
    assert count_words(text) == count


@pytest.mark.parametrize("many", [LONGEST_WORDS - 1, LONGEST_WORDS, LONGEST_WORDS + 1, 5 * LONGEST_WORDS])
def test_a_long_paragraph_is_parted_and_loses_no_word(many):
    text = " ".join(f"w{n}" for n in range(many))
    parts = list(parted(text))
    assert " ".join(parts) == text
    assert max(map(count_words, parts)) <= LONGEST_WORDS
    assert len(parts) == -(-many // LONGEST_WORDS)


def test_a_long_paragraph_is_parted_at_the_end_of_a_sentence():
    sentence = " ".join(["Word"] * 99) + " end."
    assert [count_words(part) for part in parted(f"{sentence} {sentence}")] == [100, 100]
