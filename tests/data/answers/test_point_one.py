"""Point 1, ask by ask: defined, accepted in the return, answered at its finest safe grain, and placed on a page."""

from __future__ import annotations

import csv
import re

import pytest

from data.answers.cohorts_followed import STAGES
from data.answers.figures import figures_at, finest_grain
from data.answers.opened import reading
from data.answers.pregnancy import PARTS
from data.answers.reviews import THEMES
from data.answers.scorecard import scorecard
from data.catalogue import asks, disclosure, indicator
from data.catalogue.definitions import Ask, Indicator
from data.sources import read_file

ASKS = [one for one in asks() if re.match(r"B[3-9]\.|A3\.|A1[6-9]\.|B23\.5", one.id)]
#: Worked out from other figures and not sent in, so no return holds it.
COMPUTED = {"outcomes_improving"}
BCP, ICS, LSOA, MSOA = "E06000058", "E54000041", "E01015272", "E02003208"
AREAS = {"lsoa21": LSOA, "msoa21": MSOA, "lad": BCP, "icb": ICS}
PERIODS = {"quarter": "2025/26 Q1", "year": "2025/26", "snapshot": "2026-03-31"}


def returned(one: Ask) -> list[Indicator]:
    """The indicators of an ask that come in the long return."""
    return [indicator(name) for name in one.indicators if indicator(name).returned_by == "long_return"]


def test_the_asks_of_point_one_are_all_here() -> None:
    """As they are numbered in the two documents: A3.1–4, A16.1–3, A17.1–3, A18.1–3, A19.1–2, B3, B5, B7, B9, B23.5."""
    assert len(ASKS) == 4 + 3 + 3 + 3 + 2 + 3 + 8 + 4 + 4 + 1


@pytest.mark.parametrize("one", ASKS, ids=lambda one: one.id)
def test_each_ask_has_a_defined_indicator(one: Ask) -> None:
    first = indicator(one.indicators[0])
    assert first.definition.endswith(".")
    assert first.numerator
    assert first.caveat
    assert one.id in first.asks
    assert returned(one) or {entry.id for entry in map(indicator, one.indicators)} <= COMPUTED


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The indicators of one return with a row for each of them, at the grain that is asked for."""
    path = tmp_path_factory.mktemp("point-one") / "return.csv"
    wanted = {entry.id: entry for one in ASKS for entry in returned(one)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["indicator_id", "area_code", "period", "numerator", "denominator", "value"])
        for entry in wanted.values():
            middle = entry.value_type == "median"
            counted = ["", "60", "12.5"] if middle else ["40", "60" if entry.denominator else "", ""]
            writer.writerow([entry.id, AREAS[entry.area_grain], PERIODS[entry.period_grain], *counted])
    frame = read_file(path).frames["observation"]
    assert (frame["value_status"] == "shown").all()
    return set(frame["indicator_id"])


@pytest.mark.parametrize("one", [one for one in ASKS if returned(one)], ids=lambda one: one.id)
def test_each_ask_is_accepted_in_the_return(accepted: set[str], one: Ask) -> None:
    assert {entry.id for entry in returned(one)} <= accepted


@pytest.mark.parametrize("one", [one for one in ASKS if returned(one)], ids=lambda one: one.id)
def test_each_ask_is_answered_at_its_finest_safe_grain(everything: str, one: Ask) -> None:
    """No grain that is finer than the one that is returned, and enough of its areas are shown."""
    order = list(disclosure().area_order)
    with reading() as connection:
        for entry in returned(one):
            grain = finest_grain(connection, entry.id)
            assert grain is not None, entry.id
            assert order.index(grain.area_type) >= order.index(entry.area_grain)
            assert figures_at(connection, entry.id, grain)["value"].notna().any()


@pytest.mark.parametrize("page", sorted({one.page for one in ASKS}))
def test_each_ask_stands_on_the_scorecard_of_its_page(everything: str, page: str) -> None:
    asked = set(scorecard(page).table["ask"])
    assert {one.id for one in ASKS if one.page == page} <= asked


@pytest.mark.parametrize("one", ASKS, ids=lambda one: one.id)
def test_each_figure_of_the_page_stands_in_the_flow_a_part_or_the_reviews(one: Ask) -> None:
    placed = {stage.indicator_id for stage in STAGES} | {name for part in PARTS.values() for name in part.indicators}
    own = [entry for entry in returned(one) if entry.page == "pregnancy_and_pathway"]
    assert {entry.id for entry in own if entry.theme not in THEMES} <= placed


def test_what_all_parts_of_the_page_show_belongs_to_the_page() -> None:
    for part in PARTS.values():
        assert {indicator(name).page for name in part.indicators} == {"pregnancy_and_pathway"}
        for name, breakdown in part.groups:
            assert breakdown in indicator(name).breakdowns
