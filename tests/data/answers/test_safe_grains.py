"""Which periods a breakdown is released for: those at which enough of its groups can be shown, and the longest."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from data.answers.protection import safe_grains
from data.catalogue import disclosure

RULE = disclosure()
HUNDRED = 100


def table(
    shown: int,
    hidden: int,
    *,
    period_type: str = "quarter",
    zeros: int = 0,
    area_type: str = "lad",
    breakdown_type: str = "ethnic_group",
) -> pd.DataFrame:
    """Cells of one breakdown and period type: so many that are shown with people, shown with nobody, and hidden."""
    cells = [(10.0, "rounded")] * shown + [(0.0, "shown")] * zeros + [(float("nan"), "suppressed")] * hidden
    return pd.DataFrame(
        [
            {
                "area_type": area_type,
                "area_code": f"E{number}",
                "period_type": period_type,
                "period_from": "2025-04-01",
                "period_to": "2026-03-31",
                "breakdown_type": breakdown_type,
                "breakdown_value": f"group {number}" if breakdown_type else "",
                "numerator": numerator,
                "value_status": status,
            }
            for number, (numerator, status) in enumerate(cells)
        ]
    )


def given(*tables: pd.DataFrame) -> list[str]:
    """The kinds of period that stay, after the rule was held to all tables together."""
    return kept_of(pd.concat(tables, ignore_index=True))


def kept_of(cells: pd.DataFrame) -> list[str]:
    return safe_grains(cells, RULE)["period_type"].drop_duplicates().tolist()


LONGER = table(5, 0, period_type="year")


@pytest.mark.parametrize(("shown", "kept"), [(79, False), (80, True), (81, True)])
def test_groups_need_four_fifths_of_their_cells(shown: int, kept: bool) -> None:
    assert RULE.share_of_groups == 80 / HUNDRED
    found = given(table(shown, HUNDRED - shown), LONGER)
    assert found == (["quarter", "year"] if kept else ["year"])


@pytest.mark.parametrize(("some", "kept"), [(29, False), (30, True), (31, True)])
def test_zeros_alone_do_not_make_enough(some: int, kept: bool) -> None:
    assert RULE.share_before_councils == 30 / HUNDRED
    found = given(table(some, HUNDRED - some, zeros=1000), LONGER)
    assert found == (["quarter", "year"] if kept else ["year"])


def test_zeros_count_among_those_shown() -> None:
    # 70 of 100 with people are shown and 50 have none: 120 of 150 cells are four fifths
    assert given(table(70, 30, zeros=50), LONGER) == ["quarter", "year"]
    assert given(table(70, 30, zeros=49), LONGER) == ["year"]


def test_groups_in_which_nobody_is_counted_are_all_shown() -> None:
    assert given(table(0, 0, zeros=6), LONGER) == ["quarter", "year"]


def test_the_longest_period_is_given_however_little_of_it_can_be_shown() -> None:
    assert given(table(1, 99), table(1, 99, period_type="year"), table(0, 100, period_type="three_years")) == [
        "three_years"
    ]


def test_a_measure_that_is_never_added_up_over_three_years_is_given_by_year() -> None:
    assert given(table(1, 99), table(1, 99, period_type="year")) == ["year"]


def test_a_single_kind_of_period_is_the_longest_one() -> None:
    assert given(table(0, 10)) == ["quarter"]
    assert given(table(0, 10, period_type="snapshot")) == ["snapshot"]


def test_a_day_of_counting_is_shorter_than_any_period() -> None:
    assert given(table(1, 99, period_type="snapshot"), table(1, 99)) == ["quarter"]


def test_each_period_is_judged_by_itself() -> None:
    poor_year = table(1, 99, period_type="year")
    assert given(table(90, 10), poor_year, table(5, 0, period_type="three_years")) == ["quarter", "three_years"]


def test_everyone_is_given_however_little_can_be_shown() -> None:
    everyone = [table(0, 9, period_type=kind, breakdown_type="") for kind in RULE.period_order]
    assert given(*everyone) == list(RULE.period_order)


def test_councils_the_whole_and_breakdowns_are_judged_apart() -> None:
    parts = {
        (area_type, breakdown): table(shown, 10 - shown, area_type=area_type, breakdown_type=breakdown)
        for (area_type, breakdown), shown in zip(
            product(("icb", "lad"), ("ethnic_group", "language")), (9, 1, 2, 8), strict=True
        )
    }
    longer = [table(5, 0, period_type="year", area_type=one, breakdown_type=kind) for one, kind in parts]
    kept = safe_grains(pd.concat([*parts.values(), *longer], ignore_index=True), RULE)
    quarters = kept.loc[kept["period_type"] == "quarter", ["area_type", "breakdown_type"]].drop_duplicates()
    assert set(map(tuple, quarters.to_numpy())) == {("icb", "ethnic_group"), ("lad", "language")}


def test_what_was_not_collected_counts_neither_way() -> None:
    unknown = table(0, 30)
    unknown["value_status"] = "not_collected"
    assert given(table(8, 2), unknown, LONGER) == ["quarter", "year"]
    assert given(table(7, 3), unknown, LONGER) == ["year"]


def test_a_longer_period_of_which_nothing_came_is_not_the_longest() -> None:
    nothing = table(0, 3, period_type="three_years")
    nothing["value_status"] = "not_collected"
    assert given(table(1, 9, period_type="year"), nothing) == ["year", "three_years"]


def test_no_cells_at_all_are_no_cells() -> None:
    assert safe_grains(table(1, 1).iloc[0:0], RULE).empty


@pytest.mark.parametrize("fifths", ["imd_fifth_national", "imd_fifth_local"])
def test_deprivation_fifths_are_never_given_by_quarter(fifths: str) -> None:
    # every one of them could be shown; a fifth cuts across all other areas, so quarters of it would tell
    tables = [table(10, 0, period_type=kind, breakdown_type=fifths) for kind in RULE.period_order]
    assert given(*tables) == ["year", "three_years"]
    assert given(tables[0]) == ["quarter"], "where there is nothing longer, it is what there is"
