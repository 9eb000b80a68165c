"""The flows of the illustrative workforce add up to its stocks, and their known chances can be found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.example import returns
from data.example.ground_truth import LINES
from data.example.services import STAFF_FLOWS, STAFF_GROUPS, TRAINED
from data.example.staff import Workforce
from data.example.staff_flows import staff_flows

BCP = "E06000058"
GROUPS = list(STAFF_GROUPS)


@pytest.fixture(scope="module")
def flows() -> dict[str, np.ndarray]:
    return staff_flows(BCP, LINES, 1001)


def test_the_stock_in_date_changes_by_its_flows_alone(flows: dict[str, np.ndarray]) -> None:
    in_date = flows["completed"] - flows["expired"]
    left_in_date = in_date[:, :-1] - flows["could_lapse"][:, 1:]
    after = in_date[:, :-1] - left_in_date - flows["lapsed"][:, 1:] + flows["trained"][:, 1:]
    assert (after + flows["came_trained"][:, 1:] == in_date[:, 1:]).all()
    assert (left_in_date >= 0).all()
    assert (flows["expired"] <= flows["completed"]).all()


def test_the_stock_of_completed_training_is_that_of_the_return(flows: dict[str, np.ndarray]) -> None:
    known = Workforce(BCP, np.arange(12), LINES, 1001).met(TRAINED)
    assert (flows["completed"] == known).all()


def test_neonatal_staff_use_none_of_the_places_they_are_offered(flows: dict[str, np.ndarray]) -> None:
    row = GROUPS.index("Neonatal")
    assert not flows["trained"][row].any()
    assert (flows["places"][row] == 8).all()


@pytest.fixture(scope="module")
def sent() -> pd.DataFrame:
    """Three years of each group in both councils: counted, out of."""
    names = ["direct_contact_leavers", "training_lapsed", "training_places_used", "starters_already_trained"]
    rows = returns(indicators=names)["workforce"]
    rows = rows.loc[rows["breakdown_type"] == "workforce_group"]
    figures = rows[["numerator", "denominator"]].apply(pd.to_numeric)
    return figures.groupby([rows["indicator_id"], rows["breakdown_value"]]).sum()


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    ("indicator_id", "parameter"), [("direct_contact_leavers", "leaving"), ("training_lapsed", "lapsing")]
)
def test_the_known_chances_are_found_again(sent: pd.DataFrame, group: str, indicator_id: str, parameter: str) -> None:
    counted, out_of = sent.loc[(indicator_id, group)]
    known = getattr(STAFF_FLOWS[group], parameter)
    assert abs(counted / out_of - known) < 4 * np.sqrt(known * (1 - known) / out_of)


def test_every_leaver_is_replaced_and_no_place_trains_two(sent: pd.DataFrame) -> None:
    left = sent.loc["direct_contact_leavers", "numerator"]
    started = sent.loc["starters_already_trained", "denominator"]
    assert (left == started.reindex(left.index)).all()
    used = sent.loc["training_places_used"]
    assert (used["numerator"] <= used["denominator"]).all()
    assert used.loc["Neonatal"].tolist() == [0, 192]  # 8 places in each of 2 councils and 12 quarters


def test_employers_share_the_same_staff_out() -> None:
    names = ["imhcf_trained_direct_contact", "all_staff_attended", "reflective_supervision"]
    rows = returns(indicators=names)["workforce"]
    rows[["numerator", "denominator"]] = rows[["numerator", "denominator"]].apply(pd.to_numeric)
    keys = ["indicator_id", "area_code", "period_from"]
    whole = rows.loc[rows["breakdown_type"] == ""].set_index(keys)[["numerator", "denominator"]]
    employers = rows.loc[rows["breakdown_type"] == "employer"]
    assert (employers.groupby(keys)[["numerator", "denominator"]].sum() == whole.sort_index()).all(axis=None)
    wide = employers.pivot_table(index=[*keys[1:], "breakdown_value"], columns="indicator_id", values="numerator")
    heads = employers.pivot_table(index=[*keys[1:], "breakdown_value"], columns="indicator_id", values="denominator")
    # whoever trained in direct contact is among all who attended, at every employer
    assert (wide["imhcf_trained_direct_contact"] <= wide["all_staff_attended"]).all()
    assert (heads["imhcf_trained_direct_contact"] == heads["reflective_supervision"]).all()
