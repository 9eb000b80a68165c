"""Counts add up from neighbourhood to system and from quarter to three years, and what is missing stays missing."""

from __future__ import annotations

import pandas as pd
import pytest

from data.answers.roll_up import cells

AREAS = pd.DataFrame(
    [
        *[(f"N{n}", "lsoa21", f"M{n // 2}", f"W{n % 2}", "LA" if n < 4 else "LB", "S") for n in range(8)],
        *[(f"M{n}", "msoa21", None, None, "LA" if n < 2 else "LB", "S") for n in range(4)],
        ("W0", "ward", None, None, "LA", "S"),
        ("W1", "ward", None, None, "LA", "S"),
        ("LA", "lad", None, None, "LA", "S"),
        ("LB", "lad", None, None, "LB", "S"),
        ("S", "icb", None, None, None, None),
    ],
    columns=["area_code", "area_type", "msoa_code", "ward_code", "lad_code", "icb_code"],
)
FIFTHS = pd.DataFrame(
    {"imd_fifth_national": list("11223345"), "imd_fifth_local": list("12345123")}, index=[f"N{n}" for n in range(8)]
)


def quarter(year: int, number: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    start = pd.Timestamp(year + (number == 4), 1 + 3 * (number % 4), 1)
    return start, start + pd.offsets.QuarterEnd(0)


def returned(years=(2023, 2024, 2025), areas=range(8), numerator=9, denominator=10) -> pd.DataFrame:
    rows = [
        {
            "area_code": f"N{n}",
            "area_type": "lsoa21",
            "period_type": "quarter",
            "period_from": quarter(year, number)[0],
            "period_to": quarter(year, number)[1],
            "breakdown_type": "",
            "breakdown_value": "",
            "numerator": float(numerator),
            "denominator": float(denominator),
            "value_status": "shown",
        }
        for year in years
        for number in (1, 2, 3, 4)
        for n in areas
    ]
    return pd.DataFrame(rows)


def pick(result: pd.DataFrame, **choices) -> pd.Series:
    found = result
    for column, value in choices.items():
        found = found.loc[found[column] == value]
    assert len(found) == 1, found
    return found.iloc[0]


def test_quarters_of_neighbourhoods_add_up_to_three_years_of_the_system():
    system = pick(cells(returned(), AREAS, FIFTHS, "sum"), area_code="S", period_type="three_years", breakdown_type="")
    # 9 of 10 in each of 8 neighbourhoods and 12 quarters
    assert (system["numerator"], system["denominator"], system["reason"]) == (9 * 8 * 12, 10 * 8 * 12, "")
    assert (system["period_from"], system["period_to"]) == (pd.Timestamp("2023-04-01"), pd.Timestamp("2026-03-31"))


@pytest.mark.parametrize("level", ["lsoa21", "msoa21", "ward", "lad", "icb"])
def test_every_level_holds_the_same_total_each_quarter(level):
    result = cells(returned(), AREAS, FIFTHS, "sum")
    chosen = result.loc[
        (result["area_type"] == level) & (result["period_type"] == "quarter") & (result["breakdown_type"] == "")
    ]
    assert set(chosen.groupby("period_from")["numerator"].sum()) == {72.0}


def test_fifths_hold_the_same_total_as_everyone():
    result = cells(returned(), AREAS, FIFTHS, "sum")
    fifths = result.loc[
        (result["breakdown_type"] == "imd_fifth_national")
        & (result["area_type"] == "icb")
        & (result["period_type"] == "year")
        & (result["period_from"] == pd.Timestamp("2025-04-01"))
    ].set_index("breakdown_value")
    # neighbourhoods in each national fifth: 2, 2, 2, 1, 1; four quarters of 10 babies
    assert fifths["denominator"].to_dict() == {"1": 80, "2": 80, "3": 80, "4": 40, "5": 40}


def test_a_council_that_has_not_sent_its_last_quarter_leaves_the_system_without_a_figure_not_with_half_of_one():
    sent = returned()
    late = (sent["period_from"] == pd.Timestamp("2026-01-01")) & sent["area_code"].isin(["N4", "N5", "N6", "N7"])
    result = cells(sent.loc[~late], AREAS, FIFTHS, "sum")
    last = {"period_type": "quarter", "breakdown_type": "", "period_from": pd.Timestamp("2026-01-01")}
    assert pick(result, area_code="LB", **last)["reason"] == "not_collected"
    assert pick(result, area_code="S", **last)["reason"] == "not_collected"
    assert pick(result, area_code="LA", **last)["numerator"] == 36
    year = {"period_type": "year", "breakdown_type": "", "period_from": pd.Timestamp("2025-04-01")}
    for code in ("LB", "M2", "N4", "S"):
        assert pick(result, area_code=code, **year)["reason"] == "not_collected", code
    assert pick(result, area_code="M0", **year)["numerator"] == 9 * 2 * 4
    # three years may lack one quarter of twelve: 11 quarters of 9 in 4 neighbourhoods
    pooled = pick(result, area_code="LB", period_type="three_years", breakdown_type="")
    assert (pooled["numerator"], pooled["reason"]) == (9 * 4 * 11, "")


def test_a_marked_value_is_left_out_with_its_denominator_and_too_many_of_them_withhold_the_total():
    sent = returned(years=(2025,))
    first = sent["period_from"] == pd.Timestamp("2025-04-01")
    sent.loc[first & (sent["area_code"] == "N0"), ["numerator", "value_status"]] = [None, "failed_validation"]
    result = cells(sent, AREAS, FIFTHS, "sum")
    when = {"period_type": "quarter", "breakdown_type": "", "period_from": pd.Timestamp("2025-04-01")}
    assert pick(result, area_code="N0", **when)["reason"] == "failed_validation"
    # one of the two neighbourhoods of M0, and one of the four of council A, is under the four fifths needed
    assert pick(result, area_code="M0", **when)["reason"] == "failed_validation"
    assert pick(result, area_code="LA", **when)["reason"] == "failed_validation"
    assert pick(result, area_code="M1", **when)["numerator"] == 18


def test_a_state_is_that_of_the_last_quarter_and_is_never_added_up_over_time():
    result = cells(returned(), AREAS, FIFTHS, "latest")
    year = {"period_type": "year", "breakdown_type": "", "period_from": pd.Timestamp("2025-04-01")}
    assert pick(result, area_code="S", **year)["denominator"] == 80
    assert "three_years" not in set(result["period_type"])


def test_a_council_return_stands_beside_neighbourhood_returns_of_the_other_council():
    ours = returned(years=(2025,), areas=range(4))
    theirs = ours.loc[ours["area_code"] == "N0"].assign(area_code="LB", area_type="lad", numerator=50, denominator=60)
    result = cells(pd.concat([ours, theirs]), AREAS, FIFTHS, "sum")
    when = {"period_type": "quarter", "breakdown_type": "", "period_from": pd.Timestamp("2025-04-01")}
    assert pick(result, area_code="S", **when)["numerator"] == 36 + 50


def test_the_order_of_rows_makes_no_difference_and_the_return_is_not_changed():
    sent = returned(years=(2025,))
    before = sent.copy()
    straight = cells(sent, AREAS, FIFTHS, "sum")
    shuffled = cells(sent.sample(frac=1, random_state=1), AREAS, FIFTHS, "sum")
    keys = ["area_code", "period_from", "period_type", "breakdown_type", "breakdown_value"]
    pd.testing.assert_frame_equal(
        straight.sort_values(keys, ignore_index=True), shuffled.sort_values(keys, ignore_index=True)
    )
    pd.testing.assert_frame_equal(sent, before)
