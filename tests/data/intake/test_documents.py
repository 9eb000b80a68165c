"""Documents at the door: particulars, what is taken out, versions, and the way back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from data.errors import DataErrors, StoreError, UnrecognisedFile, WrongValues
from data.example.documents import DOCUMENTS, write_documents
from data.intake.documents import Particulars, complete, document_kind, kinds, particulars_in
from data.intake.history import earlier_files, go_back, take_back
from data.intake.loading import IdentifiersFound, load
from data.intake.proposal import accept, propose
from data.intake.redaction import redact
from data.sources.passages import Passage
from data.store.engine import reading
from data.store.registers import select_register
from data.store.submissions import select_submissions
from tests.data.sources.hostile_bytes import archive, pdf, words

GIVEN = Particulars("Joint forward plan", "Example board", "joint forward plan", "2025-03-31", "https://example.org/p")
HEAD = (
    '<title>Joint forward plan</title><meta name="dcterms.publisher" content="Example board">'
    '<meta name="dcterms.issued" content="2025-03-31">'
)


def page(tmp_path: Path, *paragraphs: str, head: str = HEAD, name: str = "plan.html") -> Path:
    """Save a web page of these paragraphs."""
    path = tmp_path / name
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    path.write_text(f"<!doctype html><html><head>{head}</head><body>{body}</body>", encoding="utf-8")
    return path


def texts(store: sa.Engine) -> list[str]:
    """Give the passages that are current."""
    with reading(store) as connection:
        return select_register(connection, "passage")["text"].tolist()


# ---- particulars ----------------------------------------------------------------------------------------------------


def test_a_web_page_says_what_it_is_and_what_is_given_goes_before_it(tmp_path: Path) -> None:
    path = page(tmp_path, "words")
    assert complete(path, Particulars()) == Particulars(
        "Joint forward plan", "Example board", "joint forward plan", "2025-03-31"
    )
    given = complete(path, Particulars(organisation="Other board", kind="other"))
    assert (given.organisation, given.kind, given.title) == ("Other board", "other", "Joint forward plan")


def test_a_word_file_tells_its_title_and_company_but_not_when_it_was_published(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Words")
    document.core_properties.title = "Board minutes"
    document.core_properties.created = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    path = tmp_path / "sent.docx"
    document.save(path)
    found = particulars_in(path)
    assert (found.title, found.kind, found.published_on) == ("Board minutes", "minutes", "")


def test_a_title_that_a_program_made_up_is_none(tmp_path: Path) -> None:
    for title in ("Microsoft Word - plan", "plan.docx", "Untitled"):
        assert particulars_in(page(tmp_path, "words", head=f"<title>{title}</title>")).title == ""


def test_a_name_in_the_properties_is_not_taken_for_an_organisation(tmp_path: Path) -> None:
    head = '<title>Plan</title><meta name="dcterms.publisher" content="Mrs Jane Smith">'
    assert particulars_in(page(tmp_path, "words", head=head)).organisation == ""


def test_all_that_is_missing_is_asked_for_at_once(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([words("Every baby")]))
    with pytest.raises(DataErrors) as caught:
        complete(path, Particulars())
    assert [one.column for one in caught.value.problems] == ["title", "organisation", "kind", "published_on"]
    assert "--date" in str(caught.value.problems[3])
    assert "minutes" in str(caught.value.problems[2].expected)


TOMORROW = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("kind", "novel", "no such kind"),
        ("kind", "item", "no such kind"),
        ("published_on", "31/03/2025", "can't be right"),
        ("published_on", "1999-12-31", "can't be right"),
        ("published_on", TOMORROW, "can't be right"),
        ("link", "javascript:alert(1)", "no public address"),
        ("link", 'https://example.org/"><script>', "no public address"),
        ("title", "Report on Mrs Jane Smith", "name or reach a person"),
        ("title", "x" * 301, "longer than any title"),
    ],
)
def test_particulars_that_cannot_be_right_are_refused(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(WrongValues, match=said):
        complete(page(tmp_path, "words"), replace(GIVEN, **{name: value}))


@pytest.mark.parametrize("day", ["2000-01-01", dt.datetime.now(dt.UTC).date().isoformat()])
def test_the_first_and_last_possible_days_pass(tmp_path: Path, day: str) -> None:
    assert complete(page(tmp_path, "words"), replace(GIVEN, published_on=day)).published_on == day


def test_a_document_is_the_same_by_title_organisation_and_day() -> None:
    assert replace(GIVEN, title="JOINT  forward plan", kind="other", link="").entry_id == GIVEN.entry_id
    assert replace(GIVEN, published_on="2026-03-31").entry_id != GIVEN.entry_id
    assert replace(GIVEN, illustrative=True).entry_id == f"EX-{GIVEN.entry_id}"


# ---- what is taken out ----------------------------------------------------------------------------------------------


def cleaned(text: str) -> str:
    """Give one passage as it would be kept."""
    kept = redact([Passage(1, "", text, 1)]).passages
    return kept[0].text if kept else ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Every baby counts.", "Every baby counts."),
        ("Write to office@example.org about babies.", "Write to [e-mail address left out] about babies."),
        ("Ring 01202 960960 for a midwife.", "Ring [phone number left out] for a midwife."),
        ("Vespasian House, Dorchester DT1 1TS", "Vespasian House, Dorchester [postcode left out]"),
        ("Dr Jane Smith spoke of babies.", "[name left out] spoke of babies."),
        ("Mr J Smith and Mrs Jones agreed", "[name left out] and [name left out] agreed"),
        ("The Baby Friendly team met", "The Baby Friendly team met"),
        # a name beside a way of reaching the person: nothing of it is kept
        ("Dr Jane Smith, jane.smith@example.org", ""),
        ("Mrs Jones, 12 Example Road, BH1 1AA, asked", ""),
    ],
)
def test_what_could_reach_or_name_a_person_is_taken_out_and_the_rest_is_kept(text: str, kept: str) -> None:
    assert cleaned(text) == kept


def test_a_heading_that_names_somebody_is_not_kept() -> None:
    assert redact([Passage(1, "Report by Dr Jane Smith", "Words", 1)]).passages[0].section == ""


def test_what_was_taken_out_is_said_and_words_are_counted_again() -> None:
    found = redact(
        [
            Passage(1, "", "Write to a@example.org now", 4),
            Passage(1, "", "Mrs Jones, BH1 1AA", 4),
            Passage(1, "", "Fine", 1),
        ]
    )
    assert [one.words for one in found.passages] == [7, 1]  # Write to [e-mail address left out] now
    assert found.notes == (
        "E-mail addresses were replaced by words, 1 time.",
        "1 passage was left out and not counted: each joined a person’s name to a way of reaching them.",
    )


@pytest.mark.parametrize(
    "text", ["NHS number 943 476 5919", "date of birth 1 April 2024", "National Insurance number QQ123456C"]
)
def test_a_document_that_identifies_a_patient_is_refused_whole_and_nothing_is_repeated(
    sqlite_store: sa.Engine, tmp_path: Path, text: str
) -> None:
    with pytest.raises(IdentifiersFound) as caught:
        load(page(tmp_path, "Every baby", text), sqlite_store, loaded_by="a test", particulars=GIVEN)
    assert text not in str(caught.value)
    assert texts(sqlite_store) == []


def test_a_number_hidden_in_a_page_is_found(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    path = page(tmp_path, "Every baby", "<span hidden>943 476 5919</span>", "<!-- 943 476 5919 -->")
    with pytest.raises(IdentifiersFound):
        load(path, sqlite_store, loaded_by="a test", particulars=GIVEN)


def test_a_document_of_names_alone_is_refused(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(WrongValues, match="every passage names a person"):
        load(page(tmp_path, "Mrs Jones, BH1 1AA"), sqlite_store, loaded_by="a test", particulars=GIVEN)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"<!-- saved from --> <html lang='en'>", "a web page"),
        (b"a,b\n1,2\n", ""),
        (b'{"type": "FeatureCollection"}', ""),
        (b"SQLite format 3\x00", ""),
        (b"<table>", ""),
    ],
)
def test_a_document_is_told_by_what_is_inside(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "a_table.csv"
    path.write_bytes(content)
    assert document_kind(path) == kind


def test_an_open_document_text_is_named_and_the_way_out_is_said(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    mimetype = "application/vnd.oasis.opendocument.text"
    path = archive(tmp_path / "sent.odt", {"mimetype": mimetype, "content.xml": "<document/>"})
    (problem,) = propose(path, sqlite_store, GIVEN).problems
    assert isinstance(problem, UnrecognisedFile)
    assert "an OpenDocument text" in str(problem)
    assert "Save it as PDF or DOCX" in str(problem)


# ---- loading, versions, the way back --------------------------------------------------------------------------------


def test_a_document_is_loaded_once_with_its_passages_and_its_provenance(store: sa.Engine, tmp_path: Path) -> None:
    path = page(tmp_path, "Every baby counts.", "Older people too.")
    report = load(path, store, loaded_by="a test", particulars=GIVEN)
    assert report.tables == {"document": 1, "passage": 2}
    assert "Joint forward plan, 31 March 2025" in report.sentences()[0]
    assert load(path, store, loaded_by="a test", particulars=GIVEN).already_loaded
    with reading(store) as connection:
        entry = select_register(connection, "document").loc[0]
        file = select_submissions(connection).loc[0]
    assert (entry["title"], entry["published_on"], entry["words"]) == ("Joint forward plan", "2025-03-31", 6)
    assert (file["supplier"], file["source_id"], len(file["sha256"])) == ("Example board", "published_documents", 64)
    assert texts(store) == ["Every baby counts.", "Older people too."]


def test_a_newer_file_of_a_document_takes_its_place_whole_and_one_can_go_back(store: sa.Engine, tmp_path: Path) -> None:
    load(page(tmp_path, "First.", "Same.", "Gone."), store, loaded_by="a test", particulars=GIVEN)
    load(page(tmp_path, "Changed.", "Same."), store, loaded_by="a test", particulars=GIVEN)
    assert texts(store) == ["Changed.", "Same."]
    earlier = earlier_files(store)
    assert earlier["rows"].tolist() == [3]
    back = go_back(store, int(earlier.loc[0, "id"]), by="a test")
    assert sorted(texts(store)) == ["First.", "Gone.", "Same."]
    assert "used again" in back.sentences()[0]
    with pytest.raises(StoreError, match="nothing to go back to"):
        go_back(store, int(earlier.loc[0, "id"]), by="a test")
    later = int(earlier_files(store).loc[0, "id"])
    with pytest.raises(StoreError, match="a later one stands in its place"):
        take_back(store, later, by="a test")


def test_a_file_that_is_taken_out_gives_its_place_back_to_the_one_before(store: sa.Engine, tmp_path: Path) -> None:
    load(page(tmp_path, "First."), store, loaded_by="a test", particulars=GIVEN)
    second = load(page(tmp_path, "Second.", "More."), store, loaded_by="a test", particulars=GIVEN)
    take_back(store, int(second.submission_id or 0), by="a test")
    assert texts(store) == ["First."]
    with reading(store) as connection:
        current = select_submissions(connection, current=True)
    assert len(current) == 1


def test_documents_leave_each_other_alone(store: sa.Engine, tmp_path: Path) -> None:
    load(page(tmp_path, "One."), store, loaded_by="a test", particulars=GIVEN)
    other = replace(GIVEN, published_on="2024-03-31")
    second = load(page(tmp_path, "Two."), store, loaded_by="a test", particulars=other)
    assert sorted(texts(store)) == ["One.", "Two."]
    take_back(store, int(second.submission_id or 0), by="a test")
    assert texts(store) == ["One."]


def test_the_first_real_document_sets_the_invented_ones_aside_and_taking_it_out_brings_them_back(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    *documents, scores = write_documents(tmp_path / "invented")
    for path in (*documents, scores):
        load(path, sqlite_store, loaded_by="a test", illustrative=True)
    invented = texts(sqlite_store)
    assert len(invented) > 100
    report = load(page(tmp_path, "Real."), sqlite_store, loaded_by="a test", particulars=GIVEN)
    assert texts(sqlite_store) == ["Real."]
    # passages, documents and 20 scores
    assert report.illustrative_removed == len(invented) + len(DOCUMENTS) + 20
    take_back(sqlite_store, int(report.submission_id or 0), by="a test")
    assert sorted(texts(sqlite_store)) == sorted(invented)


def test_a_return_of_the_register_leaves_documents_that_came_as_files(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    load(page(tmp_path, "Real."), sqlite_store, loaded_by="a test", particulars=GIVEN)
    path = tmp_path / "scores.csv"
    path.write_text(
        "id,title,organisation,kind,published_on,criterion,reader_1,reader_2\n"
        "S-1,Joint forward plan,Example board,joint forward plan,2025-03-31,lead,1,2\n",
        encoding="utf-8",
    )
    load(path, sqlite_store, loaded_by="a test")
    with reading(sqlite_store) as connection:
        names = select_register(connection, "document")["entry_id"].tolist()
    assert names == [GIVEN.entry_id, "S-1"]
    assert texts(sqlite_store) == ["Real."]


def test_going_back_to_a_return_of_the_register_leaves_documents_that_came_since(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    head = "id,title,organisation,kind,published_on,criterion,reader_1,reader_2\n"
    row = "S-1,Joint forward plan,Example board,joint forward plan,2025-03-31,lead,{},2\n"
    for name, score in (("first.csv", 1), ("second.csv", 0)):
        path = tmp_path / name
        path.write_text(head + row.format(score), encoding="utf-8")
        load(path, sqlite_store, loaded_by="a test")
    load(page(tmp_path, "Real."), sqlite_store, loaded_by="a test", particulars=GIVEN)
    earlier = earlier_files(sqlite_store)
    assert earlier["file_name"].tolist() == ["first.csv"]
    go_back(sqlite_store, int(earlier.loc[0, "id"]), by="a test")
    with reading(sqlite_store) as connection:
        held = select_register(connection, "document").set_index("entry_id")
    assert held.loc["S-1", "reader_1"] == "1"
    assert GIVEN.entry_id in held.index
    assert texts(sqlite_store) == ["Real."]


def test_a_document_is_tried_before_it_is_loaded(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    path = page(tmp_path, "One.", "Two.")
    proposal = propose(path, sqlite_store, GIVEN)
    assert proposal.passes
    assert proposal.changes is not None
    assert proposal.changes.new == 3  # the document and its passages
    assert texts(sqlite_store) == []
    accept(path, sqlite_store, proposal, loaded_by="a test")
    assert texts(sqlite_store) == ["One.", "Two."]


def test_kinds_are_those_of_the_register_without_single_items() -> None:
    assert "minutes" in kinds()
    assert "item" not in kinds()
