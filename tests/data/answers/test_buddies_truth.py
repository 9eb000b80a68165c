"""The known truth about parent buddies, recovered from illustrative returns that went the whole way."""

from __future__ import annotations

import numpy as np
import pytest

from data.answers.buddies_allocation import buddies_by_fifth
from data.answers.buddies_coverage import buddies_targeting
from data.answers.buddies_neighbourhoods import HIDDEN, NO_BUDDY, buddies_neighbourhoods
from data.example.cohorts import births_expected
from data.example.families import NO_BUDDY as NOBODY_THERE
from data.example.ground_truth import chance
from data.example.places import dorset_places

pytestmark = pytest.mark.usefixtures("whole_chain")


def true_ratio() -> float:
    """Work the targeting ratio out from the chances that the returns were drawn with."""
    places, quarters = dorset_places(), np.arange(12)
    need = births_expected(places)[:, None] * chance("buddy_criteria_met", places, quarters)
    have = need * chance("buddy_allocated", places, quarters)
    core20 = places.fifth == 1
    return float((have[core20].sum() / have.sum()) / (need[core20].sum() / need.sum()))


def test_the_built_in_targeting_ratio_lies_within_its_limits() -> None:
    row = buddies_targeting().table.iloc[0]
    assert row["lowercl"] <= true_ratio() <= row["uppercl"]
    assert row["uppercl"] < 1  # buddies are short in fifth 1 only, by 0.80 on the logit scale
    assert row["meaning"] == "less than their share"


def test_the_shortage_stands_in_the_most_deprived_fifth_of_both_councils() -> None:
    table = buddies_by_fifth().table
    for area in ("BCP", "Dorset Council area"):
        own = table.loc[table["area"] == area].dropna(subset="value")
        assert own.sort_values("value")["fifth"].iloc[0] == "Fifth 1 (most deprived)"


def test_the_neighbourhood_without_a_buddy_is_named_or_counted_as_hidden_and_no_other_is_accused() -> None:
    answer = buddies_neighbourhoods()
    states = answer.table.set_index("area_code")["state"]
    assert states[NOBODY_THERE] in {NO_BUDDY, HIDDEN}
    assert set(states[states == NO_BUDDY].index) <= {NOBODY_THERE}
    hidden = int((states == HIDDEN).sum())
    assert hidden  # so few families live in most neighbourhoods
    assert f"{len(states) - hidden} can be shown and {hidden} cannot" in answer.finding
    assert "is not guessed" in answer.finding


def test_what_is_hidden_has_no_number_but_its_need() -> None:
    table = buddies_neighbourhoods().table
    withheld = table.loc[table["state"] == HIDDEN]
    assert withheld[["value", "lowercl", "uppercl"]].isna().all(axis=None)
    assert (withheld["counted"] == "").all()
    assert (withheld["figure"] == "too few people to show").all()
