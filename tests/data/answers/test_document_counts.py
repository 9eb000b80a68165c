"""The invented documents' known truth comes back: mentions, what was left out, items, scores and released figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.answers import document_bodies, document_figures, document_items, document_scores, passages, representation
from data.answers.document_texts import read_texts
from data.answers.opened import _opened, reading
from data.answers.register_cells import read_held
from data.catalogue.criteria import criteria
from data.catalogue.lexicon import lexicon
from data.errors import UnknownName
from data.example.documents import BOARD, CRITERIA, DOCUMENTS, SCORES, TRUTH, write_documents
from data.intake.loading import load
from data.store.engine import open_store, writing
from data.store.registers import load_register

NAMES = {document.name: document for document in DOCUMENTS}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with nothing but the invented documents."""
    folder = tmp_path_factory.mktemp("documents")
    address = f"sqlite:///{folder / 'store.sqlite'}"
    engine = open_store(address)
    for path in write_documents(folder / "sent"):
        load(path, engine, loaded_by="a test", illustrative=True)
    engine.dispose()
    return address


@pytest.fixture
def asked(example: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let answers read that store."""
    monkeypatch.setenv("DATABASE_URL", example)
    yield example
    _opened.cache_clear()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let answers read a store that holds nothing."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite'}")
    yield
    _opened.cache_clear()


def entry_of(name: str) -> str:
    """Find an invented document in the store."""
    with reading() as connection:
        documents = read_texts(connection).documents
    return str(documents.set_index("title")["entry_id"][NAMES[name].title])


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.usefixtures("asked")
def test_mentions_of_each_stage_are_as_many_as_were_written(name: str) -> None:
    table = representation.life_stages(entry_of(name)).table.set_index("stage_id")
    written = {kind: count for kind, count in TRUTH[name].items() if kind != "left_out"}
    assert table["mentions"].to_dict() == written


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.usefixtures("asked")
def test_what_only_looks_like_a_mention_is_found_and_left_out(name: str) -> None:
    table = passages.term_counts(entry_of(name)).table
    assert table["left_out"].sum() == TRUTH[name]["left_out"]
    shown = passages.passages(entry_of(name), left_out="yes").table
    assert shown["found"].sum() == TRUTH[name]["left_out"]
    assert all(shown["reasons"] != "")


@pytest.mark.usefixtures("asked")
def test_a_rate_is_mentions_over_words_and_says_that_it_is_invented() -> None:
    answer = representation.life_stages(entry_of("plan-2025"))
    row = answer.table.set_index("stage_id").loc["babies"]
    assert row["value"] == round(18 / row["words"] * 10_000, 1)  # 3 + 14 + 1 sentences
    assert answer.finding.startswith("Illustrative, not real: ")
    assert "older people are used more" in answer.finding
    assert answer.illustrative


@pytest.mark.usefixtures("asked")
def test_documents_stand_in_order_of_time_and_bodies_beside_each_other() -> None:
    table = representation.by_document().table
    assert table["mentions"].tolist() == [5, 18, 11, 5]
    bodies = representation.between_bodies().table.set_index(["organisation", "year"])
    assert bodies.loc[(BOARD, "2024"), "mentions"] == 5
    assert bodies.loc[(BOARD, "2025"), "mentions"] == 18


@pytest.mark.usefixtures("asked")
def test_sections_show_where_babies_are_and_where_they_are_not() -> None:
    table = passages.sections(entry_of("plan-2025")).table.set_index("section")
    counts = {section.heading: section.sentences.get("babies", 0) for section in NAMES["plan-2025"].sections}
    assert {heading: table.loc[heading, "mentions"] for heading in counts} == counts


@pytest.mark.usefixtures("asked")
def test_every_count_opens_its_passages_with_their_place_and_the_mark_of_what_is_invented() -> None:
    answer = passages.passages(entry_of("plan-2025"), term="baby, babies")
    counts = passages.term_counts(entry_of("plan-2025")).table.set_index("term")
    assert answer.table["found"].sum() == counts.loc["baby, babies", "counted"]
    assert set(answer.table["label"]) == {passages.INVENTED}
    assert all(answer.table["place"].str.contains("paragraph"))


@pytest.mark.usefixtures("asked")
def test_each_passage_says_which_letters_were_found() -> None:
    table = passages.passages(entry_of("plan-2025"), term="baby, babies").table
    for row in table.to_dict("records"):
        spans = [part.split(" to ") for part in row["letters"].split("; ")]
        words = [row["text"][int(first) - 1 : int(last)].casefold() for first, last in spans]
        assert len(words) == row["found"]
        assert {word.removesuffix("’s") for word in words} <= {"baby", "babies"}


@pytest.mark.parametrize(("search", "there"), [("NAMED WORKER", True), ("no such words", False), ("(", False)])
@pytest.mark.usefixtures("asked")
def test_passages_are_searched_as_written_and_not_as_a_pattern(search: str, there: bool) -> None:
    table = passages.passages(search=search).table
    assert (len(table) > 0) == there


@pytest.mark.usefixtures("asked")
def test_an_address_that_names_nothing_known_shows_everything() -> None:
    every = passages.passages().table
    assert passages.passages("d-unknown", "unknown", "unknown").table.equals(every)
    assert passages.term_choices("unknown") == passages.term_choices()
    assert dict(representation.stage_choices()).keys() == {one.id for one in lexicon().stages}
    assert representation.document_choices()[0][0] == "all"
    assert len(representation.document_choices()) == 1 + len(DOCUMENTS)


# ---- minutes --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_items_decisions_money_and_leads_are_counted_as_the_minutes_hold_them() -> None:
    table = document_items.minutes_shares().table.set_index("measure")
    assert table["share"].to_dict() == {
        "Items": "2 of 6 (33%)",
        "Decisions": "1 of 3 (33%)",
        "Money lines": "1 of 2 (50%)",
        "Named leads": "1 of 2 (50%)",
    }


def test_a_reader_may_correct_what_an_item_concerns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", address)
    engine = open_store(address)
    minutes = next(path for path in write_documents(tmp_path) if "minutes" in path.name)
    load(minutes, engine, loaded_by="a test", illustrative=True)
    first = document_items.minutes_items().table.loc[0]
    assert first["concerns"] == "no"
    entry = {
        "entry_id": first["entry_id"],
        "title": "Welcome",
        "organisation": BOARD,
        "kind": "item",
        "published_on": "2026-01-22",
        "touches_under_twos": True,
    }
    with writing(engine) as connection:
        load_register(connection, "document", pd.DataFrame([entry]), by="a reader")
    corrected = document_items.minutes_items().table.loc[0]
    assert (corrected["concerns"], corrected["told_by"]) == ("yes", "a reader")
    engine.dispose()
    _opened.cache_clear()


@pytest.mark.parametrize(
    ("sections", "count"),
    [
        (["", "1. One", "1.1 Part of one", "2. Two", "A note", "Item 3: Three"], 3),
        (["First", "First", "Second"], 2),
        (["", ""], 0),
    ],
)
def test_items_begin_at_numbered_headings_or_at_each_where_none_is_numbered(sections: list[str], count: int) -> None:
    rows = [{"section": section, "text": section, "page": None} for section in sections]
    assert len(document_items._parted(rows)) == count


@pytest.mark.parametrize("page", [None, 1])
@pytest.mark.parametrize(
    ("texts", "items"),
    [
        # bold numbers that are no headings, and minutes in a table whose numbers have a cell of their own
        (["Present", "1. Welcome", "All came.", "2. Babies", "2.1 Feeding", "3. Money"], ["1. Welcome", "2. Babies"]),
        (["Item", "1", "Welcome", "2", "10:00", "Babies", "Agreed."], ["1 Welcome", "2 Babies"]),
        (["Item 1: Welcome", "Item 2: Babies"], ["Item 1: Welcome", "Item 2: Babies"]),
        # a list within an item begins at 1 again, and its third point is no third item
        (["1. One", "2. Two", "1. first", "2. second", "3. third", "So agreed.", "3. Three"], ["1. One", "2. Two"]),
        (["1. One", "2 weeks later they met.", "12 Weymouth"], ["1. One"]),
    ],
)
def test_items_begin_at_the_next_number_where_minutes_have_no_headings(
    texts: list[str], items: list[str], page: int | None
) -> None:
    rows = [{"section": "Minutes of the board", "text": text, "page": page} for text in texts]
    found = [document_items._heading(held) for held in document_items._parted(rows)]
    if len(items) < 2:
        assert len(found) == 1  # one number is no numbering
        return
    assert found[:2] == items
    assert found[2:] in ([], ["3. Money"], ["3. Three"])


@pytest.mark.usefixtures("asked")
def test_minutes_stand_by_organisation_and_year_and_add_up_to_the_whole() -> None:
    (row,) = document_bodies.minutes_by_body().table.to_dict("records")
    assert (row["organisation"], row["year"], row["documents"]) == (BOARD, "2026", 1)
    # two of six items, one of three decisions, one of two money lines, one of two named leads
    said = [row[name] for name in ("items", "decisions", "money_lines", "named_leads")]
    assert said == ["2 of 6 (33%)", "1 of 3 (33%)", "1 of 2 (50%)", "1 of 2 (50%)"]
    whole = document_items.minutes_shares().table.set_index("measure")["share"]
    assert said == whole.tolist()


@pytest.mark.usefixtures("empty")
def test_without_minutes_or_scores_nothing_is_set_side_by_side() -> None:
    assert document_bodies.minutes_by_body().table.empty
    assert document_bodies.criteria_side_by_side().table.empty


@pytest.mark.usefixtures("asked")
def test_documents_stand_side_by_side_on_every_criterion() -> None:
    answer = document_bodies.criteria_side_by_side()
    plan, strategy = answer.table.to_dict("records")
    for row, name in ((plan, "plan-2025"), (strategy, "strategy-2025")):
        for at, criterion in enumerate(CRITERIA):
            first, second = (reader[at] for reader in SCORES[name])
            assert row[criterion] == (str(first) if first == second else f"{first} or {second}")
    # in neither plan do both readers give 2 or more to any of these
    assert answer.finding.endswith("lead, data, inequalities target, money, KPI, timeline.")


# ---- scores ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_all_ten_criteria_are_shown_with_both_scores_and_what_was_agreed() -> None:
    assert tuple(one.id for one in criteria().criteria) == CRITERIA
    chosen = {label.split(",")[0]: name for name, label in document_scores.scored_choices()}
    answer = document_scores.criteria_scores(chosen[NAMES["plan-2025"].title])
    first, second = SCORES["plan-2025"]
    assert answer.table["first"].tolist() == [str(score) for score in first]
    assert answer.table["second"].tolist() == [str(score) for score in second]
    agreed = [f"{one} of 3" if one == other else "not agreed yet" for one, other in zip(first, second, strict=True)]
    assert answer.table["agreed"].tolist() == agreed
    # agreed at 2 or more: population named and workforce
    assert "2 of 10 criteria are met" in answer.finding
    assert "On 2 the two readers differ" in answer.finding


@pytest.mark.usefixtures("asked")
def test_agreement_is_that_of_the_twenty_pairs() -> None:
    table = document_scores.agreement().table.set_index("measure")
    assert table.loc["Equal scores", "pairs"] == "16 of 20 pairs"
    assert table.loc["Scores at most one apart", "pairs"] == "20 of 20 pairs"
    assert 0 < float(table.loc["Weighted kappa", "value"]) < 1


def row(**said: object) -> dict[str, object]:
    """Give one row of the register about one criterion of one document."""
    told = {"title": "Plan", "organisation": "Board", "published_on": "2025-03-31", "criterion": "lead"}
    empty = {"score": "", "reader_1": "", "reader_2": "", "page": "", "quote": ""}
    return {**told, **empty, "illustrative": False, "submission_id": None, **said}


def test_one_reader_alone_is_shown_to_nobody() -> None:
    assert document_scores.scored_pairs([row(reader_1="2")]) == []
    assert document_scores.scored_pairs([row(reader_2="0")]) == []


@pytest.mark.parametrize(
    ("first", "second", "score", "agreed", "points"),
    [
        ("2", "2", "", 2, 2),
        ("1", "2", "", None, 1.5),
        ("1", "2", "2", 2, 2),
        ("0", "0", "", 0, 0),
        ("0", "0", "1", 1, 1),
    ],
)
def test_readers_agree_by_equal_scores_or_by_a_score_they_settle_on(
    first: str, second: str, score: str, agreed: int | None, points: float
) -> None:
    (pair,) = document_scores.scored_pairs([row(reader_1=first), row(reader_2=second, score=score)])
    assert (pair.agreed, pair.points) == (agreed, points)


def test_rows_about_one_document_join_however_they_are_written() -> None:
    pairs = document_scores.scored_pairs([row(reader_1="1"), row(reader_2="1", title="PLAN ", quote="Words", page="4")])
    assert [one.evidence for one in pairs] == [("“Words” (page 4)",)]
    other = [row(reader_1="1"), row(reader_2="1", published_on="2024-03-31")]
    assert document_scores.scored_pairs(other) == []


# ---- figures to be released -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_released_figures_are_those_of_the_documents_of_a_year() -> None:
    with reading() as connection:
        held = read_held(connection, None)
        mentions = {cell.period.first.year: cell for cell in document_figures.mentions_per_10000_words(held)}
        scores = [cell for cell in document_figures.representation_score(held) if cell.period.first.year == 2024]
    assert {year: cell.numerator for year, cell in mentions.items()} == {2023: 5, 2024: 18, 2025: 11 + 5}
    # 2, 1, 1, 2, 1½, 1, 0, 0, 1, ½ of ten times 3: where the readers differ, the mean of both
    assert (scores[0].numerator, scores[0].denominator) == (10, 30)
    assert len(scores) == 1 + len(CRITERIA)
    assert sum(cell.numerator for cell in scores[1:]) == 10


def test_a_document_with_nine_criteria_has_no_score_and_audited_papers_are_counted_by_quarter() -> None:
    from data.answers.register_cells import Held

    rows = [row(reader_1="1", reader_2="1", criterion=name, kind="other") for name in CRITERIA[:9]]
    papers = [
        row(criterion="", kind="board paper", baby_mention_and_action=seen, published_on=day)
        for seen, day in ((True, "2025-04-01"), (False, "2025-06-30"), (None, "2025-05-01"), (True, "2025-07-01"))
    ]
    held = Held({"documents": (*rows, *papers)}, None, None)  # type: ignore[arg-type]
    assert list(document_figures.representation_score(held)) == []
    seen = [
        (cell.period.first.isoformat(), cell.numerator, cell.denominator)
        for cell in document_figures.baby_seen_in_papers(held)
    ]
    assert [one for one in seen if one[2]] == [("2025-04-01", 1, 2), ("2025-07-01", 1, 1)]


# ---- nothing there --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("empty")
def test_without_documents_every_question_says_so() -> None:
    answers = [
        *(representation.life_stages(), representation.by_document(), representation.between_bodies()),
        *(passages.passages(), passages.term_counts(), passages.sections()),
    ]
    assert {answer.finding for answer in answers} == {representation.NOTHING}
    assert document_scores.criteria_scores().finding == document_scores.NOBODY
    assert document_scores.agreement().finding == document_scores.NOBODY
    assert "No minutes" in document_items.minutes_shares().finding
    assert representation.document_choices() == []
    assert all(answer.empty for answer in answers)


def test_a_criterion_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownName, match="no such criterion"):
        criteria().criterion("happiness")


@pytest.mark.parametrize(
    ("search", "said"), [("no such words", "0 passages hold 0 mentions"), ("14 days", "1 passage ")]
)
@pytest.mark.usefixtures("asked")
def test_passages_are_counted_in_words_even_where_there_are_none(search: str, said: str) -> None:
    assert said in passages.passages(search=search).finding
