"""Documents give their words page by page; what they run, hide or repeat without end is refused in one sentence."""

from __future__ import annotations

import zlib

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, EmptyFile, UnreadableFile
from data.sources.documents import read_pages
from data.sources.safe_opening import check_opening
from tests.data.sources import fuzz_material
from tests.data.sources.hostile_bytes import WORD, archive, form, paragraph, pdf, word_parts, words


def saved(tmp_path, content, name="sent.pdf"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refusal(path, kind=UnreadableFile):
    with pytest.raises(kind) as caught:
        read_pages(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_pdf_gives_its_pages_with_their_numbers(tmp_path):
    path = saved(tmp_path, pdf([words("Ring-fence the grant"), words("Train every worker")]))
    assert read_pages(path) == [(1, "Ring-fence the grant"), (2, "Train every worker")]


def test_notes_and_filled_forms_belong_to_their_page(tmp_path):
    notes = b"/Annots[<</Type/Annot/Subtype/Text/Contents(a note)>><</Type/Annot/Subtype/Widget/V(filled in)>>]"
    assert read_pages(saved(tmp_path, pdf([words("words")], page=notes))) == [(1, "words\na note\nfilled in")]


def test_a_word_document_gives_body_headers_notes_and_deleted_words_without_page_numbers(tmp_path):
    body = (
        paragraph("One")
        + "<w:tbl><w:tr><w:tc>"
        + paragraph("two")
        + "</w:tc></w:tr></w:tbl>"
        + "<w:p><w:del><w:r><w:delText>three</w:delText></w:r></w:del><w:r><w:tab/><w:t>four</w:t></w:r></w:p>"
    )
    header = f'<w:hdr xmlns:w="{WORD}">{paragraph("Board, May")}</w:hdr>'
    path = archive(tmp_path / "sent.docx", word_parts(body, {"word/header1.xml": header}))
    assert read_pages(path) == [(None, "One\ntwo\nthree\tfour"), (None, "Board, May")]


def test_a_document_without_words_is_refused(tmp_path):
    assert "no words" in refusal(saved(tmp_path, pdf([b"0 0 10 10 re f"])), EmptyFile)
    assert "no words" in refusal(archive(tmp_path / "sent.docx", word_parts("<w:p/>")), EmptyFile)


def test_a_table_is_no_document(tmp_path):
    assert "neither a PDF nor a Word document" in refusal(saved(tmp_path, b"a,b\n1,2\n", "sent.csv"))


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
CARRIED = {
    "a script": (b"/Names<</JavaScript<</Names[(a)%s]>>>>" % SCRIPT, b"", "scripts"),
    "a script when opened": (b"/OpenAction%s" % SCRIPT, b"", "scripts"),
    "a script behind another action": (b"/OpenAction<</S/GoTo/Next%s>>" % SCRIPT, b"", "scripts"),
    "a script when printed": (b"/AA<</WP%s>>" % SCRIPT, b"", "scripts"),
    "a script on a page": (b"", b"/AA<</O%s>>" % SCRIPT, "scripts"),
    "a script behind a link": (b"", b"/Annots[<</Subtype/Link/A%s>>]" % SCRIPT, "scripts"),
    "a program": (b"/OpenAction<</S/Launch/F(calc.exe)>>", b"", "programs"),
    "a file": (b"/Names<</EmbeddedFiles<</Names[(a)<</F(a.exe)>>]>>>>", b"", "other files"),
    "a file pinned to a page": (b"", b"/Annots[<</Subtype/FileAttachment>>]", "other files"),
    "a set of files": (b"/Collection<<>>", b"", "other files"),
}


@pytest.mark.parametrize(("root", "page", "said"), CARRIED.values(), ids=CARRIED)
def test_a_pdf_that_runs_or_carries_something_is_refused(tmp_path, root, page, said):
    assert said in refusal(saved(tmp_path, pdf([words("harmless")], root=root, page=page)))


def test_a_pdf_that_opens_on_a_page_and_links_to_a_site_passes(tmp_path):
    link = b"/Annots[<</Subtype/Link/A<</S/URI/URI(https://www.gov.uk)>>>>]"
    path = saved(tmp_path, pdf([words("harmless")], root=b"/OpenAction[6 0 R/Fit]", page=link))
    assert read_pages(path) == [(1, "harmless")]


@pytest.mark.parametrize(("password", "passes"), [("", True), ("open sesame", False)])
def test_a_pdf_with_a_password_is_refused_unless_anyone_may_read_it(tmp_path, password, passes):
    writer = pypdf.PdfWriter(clone_from=saved(tmp_path, pdf([words("plain")])))
    writer.encrypt(user_password=password, owner_password=password or "theirs", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    if passes:
        assert read_pages(tmp_path / "locked.pdf") == [(1, "plain")]
    else:
        assert "password" in refusal(tmp_path / "locked.pdf")
        with pytest.raises(UnreadableFile, match="password"):
            check_opening(tmp_path / "locked.pdf")


def test_a_pdf_cut_anywhere_is_refused_in_one_sentence(tmp_path):
    content = pdf([words("Ring-fence the grant")])
    for share in range(1, 20):
        path = saved(tmp_path, content[: len(content) * share // 20], f"{share}.pdf")
        with pytest.raises((UnreadableFile, EmptyFile), match=f"{share}.pdf"):
            read_pages(path)


def laughing_pdf():
    """Each of ten forms draws the next ten times: ten thousand million lines of text from 2 KB."""
    chain = [form(b"/X%d Do " % (n + 1) * 10, [n + 1]) for n in range(4, 13)]
    return pdf([b"/X4 Do"], objects=[*chain, form(words("ha"))])


HOSTILE = {
    "forms that draw forms": laughing_pdf,
    "a stream that unpacks to 256 MB": lambda: pdf([b" " * (1 << 28)]),
    "a page of five million steps": lambda: pdf([words("ha") + b" 0 0 m" * 5_000_000]),
    "pages that lead back to the first": lambda: pdf([words("ha")]).replace(b"/Kids[5 0 R]", b"/Kids[2 0 R]"),
    "an outline that leads back": lambda: pdf([words("ha")], page=b"/Parent 5 0 R"),
    "brackets without end": lambda: pdf([b"[" * 1_000_000]),
    "a catalogue of brackets": lambda: pdf([words("ha")], root=b"/X" + b"[" * 200_000),
    "a page that is its own content": lambda: pdf([words("ha")], page=b"/Contents 5 0 R"),
    "a packed stream within a packed stream": lambda: pdf(
        [zlib.compress(zlib.compress(b" " * (1 << 28)))], page=b"/Filter[/FlateDecode/FlateDecode]"
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_pdf_ends_within_seconds_and_little_memory(tmp_path, bounded, make):
    outcome = bounded("pages", saved(tmp_path, make()))
    assert outcome.kind in {"UnreadableFile", "EmptyFile", "passed"}
    assert outcome.seconds < 30
    assert outcome.megabytes < 1000


@pytest.mark.parametrize("name", ["forms that draw forms", "a stream that unpacks to 256 MB"])
def test_a_bomb_is_refused(tmp_path, bounded, name):
    outcome = bounded("pages", saved(tmp_path, HOSTILE[name]()))
    assert outcome.kind == "UnreadableFile"
    assert "sent.pdf" in outcome.sentence


def test_a_word_document_with_entities_macros_or_other_files_is_refused(tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    parts = word_parts(paragraph("words"))
    parts["word/document.xml"] = str(parts["word/document.xml"]).replace("<w:document", f"{laughs}<w:document")
    assert "entities" in refusal(archive(tmp_path / "laughs.docx", parts))
    for name, said in (("word/vbaProject.bin", "macros"), ("word/embeddings/a.bin", "other files")):
        assert said in refusal(archive(tmp_path / "more.docx", word_parts(paragraph("words"), {name: b"x"})))


def test_a_word_document_of_too_many_letters_is_refused(tmp_path, bounded):
    path = archive(tmp_path / "sent.docx", word_parts("".join(paragraph(f"{n * n:x} " * 100) for n in range(30_000))))
    outcome = bounded("pages", path)
    assert "larger than any report" in outcome.sentence
    assert outcome.seconds < 20
    assert outcome.megabytes < 500


NOTE = b"/Annots[<</Type/Annot/Subtype/Text/Contents(a note)>>]"
WHOLE = (
    ("sent.pdf", pdf([words("Ring-fence"), words("Train")], root=b"/OpenAction[6 0 R/Fit]", page=NOTE)),
    ("sent.pdf", pdf([words("Ring-fence")], objects=[form(words("Train"))]).replace(b"/Filter/FlateDecode", b"")),
    ("sent.docx", fuzz_material.zipped(word_parts(paragraph("Ring-fence")))),
)


@given(random=st.randoms(use_true_random=False), number=st.sampled_from(range(len(WHOLE))))
@settings(deadline=None, database=None, derandomize=True, max_examples=150, suppress_health_check=list(HealthCheck))
def test_a_spoiled_document_gives_words_or_one_sentence(tmp_path, random, number):
    name, content = WHOLE[number]
    for _ in range(random.randrange(1, 4)):
        content = random.choice(fuzz_material.BYTE_STEPS)(content, random.randrange)
    sentence = outcome(saved(tmp_path, content, name))
    assert sentence is None or (name in sentence and "\n" not in sentence)


def outcome(path):
    """Read a document and give the sentence in which it is refused; None when it is read."""
    try:
        read_pages(path)
    except DataError as error:
        return str(error)
    return None
