"""The page on documents: what was written into the invented documents stands on it, each count with its passages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.answers.current import ensure_current
from data.example.documents import BOARD, CRITERIA, MINUTES, PLAN_2025, write_documents
from data.intake.loading import load
from data.store.engine import open_store

Show = Callable[..., Any]
SLUG = "in_their_own_words"


@pytest.fixture(scope="module")
def documents_store(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with the invented documents and their scores."""
    folder = tmp_path_factory.mktemp("documents")
    path = Path(shutil.copy(reference_store, folder / "store.sqlite"))
    engine = open_store(f"sqlite:///{path}")
    for file in write_documents(folder / "sent"):
        load(file, engine, loaded_by="a test", illustrative=True)
    ensure_current(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def entry(documents_store: Path) -> str:
    """The invented plan of 2025 in the store."""
    from data.intake.documents import Particulars

    told = Particulars(PLAN_2025.title, BOARD, PLAN_2025.kind, PLAN_2025.published_on, illustrative=True)
    return told.entry_id


def test_the_page_opens_with_the_finding_the_stages_the_criteria_and_the_passages(
    show: Show, documents_store: Path
) -> None:
    shown = show(documents_store, SLUG)
    assert shown.finding.startswith("Illustrative, not real: Words for babies are used")
    assert shown.figures["Documents read"] == "4"
    assert shown.figures["Items that concern under-twos"] == "2 of 6"
    stages = shown.tables["Mentions of each stage of life"]
    # 5 + 18 + 11 in plans and strategy, 5 in the minutes
    assert next(row for row in stages if row[0] == "Pregnancy to age two")[3] == "39"
    assert len(shown.tables["Scores from 0 to 3 on each criterion"]) == 1 + len(CRITERIA)
    assert "equal scores in 16 of 20 cases" in shown.text
    assert shown.html.count("Invented example, not real.") == 12  # one for each passage in sight
    assert len(shown.charts) == 1


def test_a_link_leads_to_one_document_and_what_was_left_out_of_it(show: Show, documents_store: Path) -> None:
    label = f"{PLAN_2025.title}, {BOARD}, 27 March 2025"
    shown = show(documents_store, SLUG, document=label, left_out="Left out, and why")
    assert PLAN_2025.title in shown.finding
    assert "4 passages hold 4 mentions left out" in shown.text
    assert "a generation born long ago" in shown.html
    assert "an appendix" in shown.html


def test_what_counts_is_marked_in_a_passage_and_what_is_left_out_is_not(show: Show, documents_store: Path) -> None:
    label = f"{PLAN_2025.title}, {BOARD}, 27 March 2025"
    counted = show(documents_store, SLUG, document=label).html
    assert "<mark>" in counted
    assert "Each is bold and underlined." in counted
    left_out = show(documents_store, SLUG, document=label, left_out="Left out, and why").html
    assert "<mark>" not in left_out
    assert "<u>baby</u> boom" in left_out.replace("Baby", "baby")


def test_marked_words_stay_words() -> None:
    from pages.components.own_words import marked_html

    text = "<b>Baby</b> & babies"  # the letters of "Baby" are 4 to 7, of "babies" 15 to 20
    assert marked_html(text, "4 to 7; 15 to 20", "mark") == (
        "&lt;b&gt;<mark>Baby</mark>&lt;/b&gt; &amp; <mark>babies</mark>"
    )


def test_a_search_finds_passages_and_is_in_the_address(show: Show, documents_store: Path) -> None:
    shown = show(documents_store, SLUG, search="14 days")
    assert "1 passage holds" in shown.text
    assert MINUTES.title in shown.html


def test_what_a_reader_searches_for_is_shown_as_words(show: Show, documents_store: Path) -> None:
    shown = show(documents_store, SLUG, search="<b>bold</b>")
    assert "0 passages" in shown.text
    assert "<b>bold" not in shown.html


@pytest.mark.parametrize(
    ("part", "caption", "row"),
    [
        ("over_time", "Mentions in 10,000 words of each document", [MINUTES.title, BOARD]),
        ("bodies", "Mentions of babies by organisation and year", [BOARD, "2024"]),
        ("minutes", "What concerns under-twos", ["Decisions", "1 of 3 (33%)"]),
        ("minutes", "Minutes by organisation and year", [BOARD, "2026", "1", "2 of 6 (33%)"]),
        ("bodies", "Agreed scores from 0 to 3", [f"{PLAN_2025.title}, {BOARD}, 27 March 2025", "2", "1"]),
        ("words", "Each word of the list", ["father, dad", "0"]),
        ("sections", "Mentions by section", ["3 Living well", None]),
    ],
)
def test_a_folded_part_is_asked_when_it_is_opened(
    show: Show, documents_store: Path, part: str, caption: str, row: list[str | None]
) -> None:
    assert caption not in show(documents_store, SLUG).tables
    table = show(documents_store, SLUG, **{part: "true"}).tables[caption]
    assert any(all(want is None or found == want for found, want in zip(line, row, strict=False)) for line in table)


def test_all_that_was_asked_for_stands_in_its_part(show: Show, documents_store: Path) -> None:
    shown = show(documents_store, SLUG, asked="true")
    assert any(caption.endswith("asks") for caption in shown.tables)


def test_without_documents_the_page_says_how_to_send_one_in(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG)
    assert "No data yet: no document has been sent in" in shown.finding
    assert "[Data page](/data)" in shown.text
    assert shown.charts == []


def test_a_reader_scores_and_sees_the_other_score_only_after_their_own(
    show: Show, documents_store: Path, entry: str, tmp_path: Path
) -> None:
    store = Path(shutil.copy(documents_store, tmp_path / "store.sqlite"))
    shown = show(store, SLUG, reading="true")
    app = shown.app
    app.selectbox(key="reading_document").select(entry)
    app.selectbox(key="reading_criterion").select("money").run()
    assert "You have not scored it yet. The other reader has not saved theirs." in _said(app)
    _save(app, 1, "A family hub will open in each market town.")
    assert app.success[0].value == "Your score for “Money is set aside” is saved."
    app.radio(key="reading_reader").set_value("second").run()
    assert "You have not scored it yet. The other reader has saved theirs." in _said(app)
    assert "You gave" not in _said(app)
    _save(app, 2, "A family hub will open in each market town.")
    assert "You gave 2; the other reader gave 1." in _said(app)


def _said(app: Any) -> str:
    return "\n".join(one.value for one in app.markdown)


def _save(app: Any, score: int, quote: str) -> None:
    next(one for one in app.radio if one.label == "Your score").set_value(score)
    app.text_area[0].set_value(quote)
    next(one for one in app.button if one.label == "Save your score").click().run()
    assert [one.value for one in app.exception] == []
    assert [one.value for one in app.error] == []
