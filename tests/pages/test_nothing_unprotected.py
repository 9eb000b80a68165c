"""Nothing that a page sends holds a count that was withheld, or an exact one where counts are rounded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from data.answers.answer import HIDDEN, STATUS_WORDS
from data.catalogue import indicator, indicators, pages

Show = Callable[..., Any]
SLUGS = [page.slug for page in pages()]
COUNTS = ("Counted", "Out of")
WITHHELD_WORDS = {STATUS_WORDS[status][0] for status in HIDDEN}
PLACES = ["Dorset ICS", "BCP", "Dorset Council area"]


def options_of(slug: str, released: set[str]) -> list[str]:
    """The figures that a page offers, as the address names them."""
    return [one.short_name for one in indicators() if one.page == slug and one.id in released]


@pytest.fixture(scope="session")
def released_in(illustrative_store: Path) -> set[str]:
    """Which indicators the illustrative store releases."""
    engine = sa.create_engine(f"sqlite:///{illustrative_store}")
    with engine.connect() as connection:
        found = set(connection.execute(sa.text("SELECT DISTINCT indicator_id FROM released")).scalars())
    engine.dispose()
    return found


def records_of(shown: Any) -> Iterator[dict[str, Any]]:
    """Every record that the charts of a page are sent."""
    for chart in shown.charts:
        assert json.loads(chart.spec).get("datasets") is None  # they travel beside the specification
        assert not chart.data.data
        for one in chart.datasets:
            frame = convert_arrow_bytes_to_pandas_df(one.data.data)
            yield from frame.astype(object).where(frame.notna(), None).to_dict("records")


def unprotected(shown: Any) -> list[str]:
    """Say each number of a page that should not be there."""
    wrong = []
    chosen = shown.choices.get("Figure")
    disclosive = chosen is not None and indicator(chosen).disclosive
    for record in records_of(shown):
        numbers = [record[name] for name in ("numerator", "value", "lowercl", "uppercl")]
        if record["value_status"] in HIDDEN and any(number is not None for number in numbers):
            wrong.append(f"chart: {record}")
        if disclosive and any(record[name] is not None and record[name] % 5 for name in ("numerator", "denominator")):
            wrong.append(f"chart, not rounded: {record}")
    for caption, (heads, *rows) in shown.tables.items():
        for row in rows:
            wrong += [f"{caption}: {problem}" for problem in wrong_in(dict(zip(heads, row, strict=False)), disclosive)]
    return wrong


def wrong_in(row: dict[str, str], disclosive: bool) -> Iterator[str]:
    """Say what is wrong in one row of a table of figures."""
    figure = row.get("Figure (95% confidence limits)", row.get("Value (95% confidence limits)", ""))
    counted = {name: row[name].replace(",", "") for name in COUNTS if name in row}
    if figure in WITHHELD_WORDS and counted.get("Counted", "–") != "–":
        yield f"a withheld row shows a count: {row}"
    if disclosive and any(number != "–" and float(number) % 5 for number in counted.values()):
        yield f"a count is not rounded: {row}"


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_that_a_page_opens_with_is_unprotected(show: Show, illustrative_store: Path, slug: str) -> None:
    assert unprotected(show(illustrative_store, slug)) == []


def test_the_records_of_a_chart_are_read(show: Show, illustrative_store: Path, released_in: set[str]) -> None:
    opened = show(illustrative_store, "workforce", indicator=options_of("workforce", released_in)[0])
    assert len(list(records_of(opened))) >= 12  # a quarter each of three years


def test_a_closer_look_asks_for_nothing_until_it_is_opened(show: Show, illustrative_store: Path) -> None:
    assert not list(records_of(show(illustrative_store, "workforce")))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("slug", ["pregnancy_and_pathway", "parent_buddies", "workforce", "inequalities", "investment"])
def test_nothing_that_a_reader_can_choose_is_unprotected(
    show: Show, illustrative_store: Path, released_in: set[str], slug: str, place: str
) -> None:
    options = options_of(slug, released_in)
    assert options
    for option in options:
        for fifths in ("Of England", "Of Dorset ICS"):
            assert unprotected(show(illustrative_store, slug, indicator=option, place=place, fifths=fifths)) == []


def test_a_neighbourhood_card_shows_no_number_where_it_says_too_few(show: Show, illustrative_store: Path) -> None:
    withheld = []
    for area in ("E01015272", "E01020479"):  # one in each council: care proceedings are too few in one of them
        shown = show(illustrative_store, "map", area=area)
        assert unprotected(shown) == []
        rows = [row for table in shown.tables.values() for row in table[1:]]
        withheld += [row for row in rows if row[1] in WITHHELD_WORDS]
    assert withheld
    assert all(not re.search(r"\d", row[2] + row[3]) for row in withheld)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"Figure (95% confidence limits)": "too few people to show", "Counted": "3", "Out of": "40"}, 2),
        ({"Figure (95% confidence limits)": "62.5%", "Counted": "23", "Out of": "40"}, 1),
        ({"Figure (95% confidence limits)": "62.5%", "Counted": "25", "Out of": "1,040"}, 0),
        ({"Figure (95% confidence limits)": "too few people to show", "Counted": "–", "Out of": "40"}, 0),
    ],
)
def test_an_unprotected_row_is_found(row: dict[str, str], found: int) -> None:
    assert len(list(wrong_in(row, True))) == found
