"""What is true in the illustrative world can be found again in what it sends: gradients, outliers, trends, groups.

The arithmetic here is its own (Newton's steps for a logistic line, binomial standard errors) and shares nothing with
``metrics`` or ``data.answers``. Each estimate must lie within four standard errors of the truth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from data.errors import UnknownName
from data.example import GROUND_TRUTH, expected, expected_by_fifth, returns
from data.example.ground_truth import LINES, chance
from data.example.kinds import Events, Share, Staff
from data.example.places import dorset_places
from data.example.services import STAFF_GROUPS
from data.example.staff import staff_chance

Numbers = npt.NDArray[np.float64]

SLOPES = [
    "new_birth_visit_14_days",
    "review_6_8_weeks",
    "breastfeeding_6_8_weeks",
    "review_12_months_by_15",
    "review_2_years",
    "good_level_development_2_years",
    "pregnancy_form_completed",
    "financial_strain",
    "poor_self_rated_health",
    "buddy_criteria_met",
    "offers_not_taken_up",
    "hub_reach_under_two",
    "finance_skills_completed",
]
OTHERS = [
    "loneliness",
    "buddy_allocated",
    "targeted_contacts",
    "imhcf_trained_direct_contact",
    "dorpip_share_of_trained",
]


def likelihood_line(parts: Numbers, met: Numbers, counted: Numbers) -> tuple[Numbers, Numbers]:
    """Fit a logistic line by Newton's steps; return coefficients and standard errors."""
    line = np.zeros(parts.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-(parts @ line)))
        information = parts.T @ (parts * (counted * p * (1 - p))[:, None])
        line = line + np.linalg.solve(information, parts.T @ (met - counted * p))
    return line, np.sqrt(np.diag(np.linalg.inv(information)))


@pytest.fixture(scope="module")
def sent() -> dict[str, pd.DataFrame]:
    """Rows of each indicator with the fifth, council and quarter of their area."""
    rows = pd.concat(returns(indicators=[*SLOPES, *OTHERS]).values(), ignore_index=True)
    for name in ("numerator", "denominator"):
        rows[name] = pd.to_numeric(rows[name], errors="coerce")
    places = dorset_places()
    facts = pd.DataFrame(
        {
            "area_code": places.lsoa.astype(object),
            "fifth": places.fifth,
            "second": places.lad_of,
            "msoa": places.msoa.astype(object)[places.msoa_of],
        }
    )
    rows = rows.merge(facts, on="area_code", how="left")
    year, month = rows["period_from"].str[:4].astype(int), rows["period_from"].str[5:7].astype(int)
    rows["quarter"] = (year - 2023) * 4 + (month - 4) // 3
    return {str(name): own for name, own in rows.groupby("indicator_id")}


def everyone(sent: dict[str, pd.DataFrame], indicator_id: str) -> pd.DataFrame:
    """LSOA rows about everyone, without the areas that are outliers by design."""
    own = sent[indicator_id]
    own = own[(own["breakdown_type"] == "") & own["fifth"].notna()]
    truth = GROUND_TRUTH[indicator_id]
    named = list(truth.outliers or {}) if isinstance(truth, Share) else []
    return own[~own["area_code"].isin(named) & ~own["msoa"].isin(named)]


def share(indicator_id: str) -> Share:
    truth = GROUND_TRUTH[indicator_id]
    assert isinstance(truth, Share)
    return truth


def design(own: pd.DataFrame, truth: Share) -> Numbers:
    """Columns: one, fifth from the middle, quarter, second council, and the step where there is one."""
    columns = [np.ones(len(own)), own["fifth"] - 3, own["quarter"], own["second"]]
    if truth.step:
        columns.append(own["quarter"] >= truth.step[0])
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


@pytest.mark.parametrize("indicator_id", SLOPES)
def test_gradient_trend_council_and_step_are_recovered(indicator_id: str, sent: dict[str, pd.DataFrame]) -> None:
    truth, own = share(indicator_id), everyone(sent, indicator_id)
    line, error = likelihood_line(
        design(own, truth), own["numerator"].to_numpy(float), own["denominator"].to_numpy(float)
    )
    known = [np.log(truth.base / (1 - truth.base)), truth.slope, truth.trend, truth.council]
    known += [truth.step[1]] if truth.step else []
    assert error[1] < 0.06  # enough people for the gradient to mean something
    np.testing.assert_array_less(np.abs(line - known), 4 * error)


@pytest.mark.parametrize("indicator_id", ["review_12_months_by_15", "financial_strain", "pregnancy_form_completed"])
def test_a_gradient_is_told_from_none(indicator_id: str, sent: dict[str, pd.DataFrame]) -> None:
    truth, own = share(indicator_id), everyone(sent, indicator_id)
    line, error = likelihood_line(
        design(own, truth), own["numerator"].to_numpy(float), own["denominator"].to_numpy(float)
    )
    assert abs(line[1]) > 5 * error[1]


@pytest.mark.parametrize("indicator_id", ["breastfeeding_6_8_weeks", "review_2_years", "loneliness"])
def test_a_step_is_told_from_none(indicator_id: str, sent: dict[str, pd.DataFrame]) -> None:
    truth, own = share(indicator_id), everyone(sent, indicator_id)
    assert truth.step is not None
    line, error = likelihood_line(
        design(own, truth), own["numerator"].to_numpy(float), own["denominator"].to_numpy(float)
    )
    assert abs(line[4] - truth.step[1]) < 4 * error[4]
    assert abs(line[4]) > 4 * error[4]


@pytest.mark.parametrize(
    ("indicator_id", "code", "direction"),
    [
        ("new_birth_visit_14_days", "E01034374", -1),
        ("review_12_months_by_15", "E01020452", -1),
        ("review_12_months_by_15", "E01015384", 1),
    ],
)
def test_a_named_neighbourhood_stands_out_furthest(
    indicator_id: str, code: str, direction: int, sent: dict[str, pd.DataFrame]
) -> None:
    own = sent[indicator_id]
    own = own[(own["breakdown_type"] == "") & own["fifth"].notna()]
    far = _distance(own, indicator_id, "area_code")
    assert direction * far[code] > (4 if direction < 0 else 2)
    if direction < 0:
        assert far.idxmin() == code


def test_a_named_wider_area_stands_out_furthest(sent: dict[str, pd.DataFrame]) -> None:
    own = sent["review_2_years"]
    far = _distance(own[(own["breakdown_type"] == "") & own["fifth"].notna()], "review_2_years", "msoa")
    assert far.idxmin() == "E02003208"
    assert far["E02003208"] < -6


def _distance(own: pd.DataFrame, indicator_id: str, area: str) -> pd.Series:
    """Standard errors between what an area sent and what its fifth, council and quarter would lead one to expect."""
    truth = share(indicator_id)
    line, _ = likelihood_line(design(own, truth), own["numerator"].to_numpy(float), own["denominator"].to_numpy(float))
    p = 1 / (1 + np.exp(-(design(own, truth) @ line)))
    sums = pd.DataFrame(
        {
            "area": own[area],
            "met": own["numerator"],
            "mean": own["denominator"] * p,
            "variance": own["denominator"] * p * (1 - p),
        }
    )
    sums = sums.groupby("area").sum()
    return (sums["met"] - sums["mean"]) / np.sqrt(sums["variance"])


def test_buddies_are_short_where_need_is_greatest(sent: dict[str, pd.DataFrame]) -> None:
    own = everyone(sent, "buddy_allocated")
    sums = own.groupby("fifth")[["numerator", "denominator"]].sum()
    reached = sums["numerator"] / sums["denominator"]
    known = pd.Series(expected_by_fifth("buddy_allocated"))
    error = np.sqrt(known * (1 - known) / sums["denominator"])
    assert ((reached - known).abs() < 4 * error).all()
    assert reached.idxmin() == 1
    assert reached[1] < reached[[2, 3, 4, 5]].min() - 0.05
    need = everyone(sent, "buddy_criteria_met").groupby("fifth")[["numerator", "denominator"]].sum()
    assert (need["numerator"] / need["denominator"]).idxmax() == 1


@pytest.mark.parametrize("indicator_id", ["new_birth_visit_14_days", "review_6_8_weeks", "review_2_years"])
def test_expected_by_fifth_is_what_was_sent(indicator_id: str, sent: dict[str, pd.DataFrame]) -> None:
    sums = everyone(sent, indicator_id).groupby("fifth")[["numerator", "denominator"]].sum()
    known = pd.Series(expected_by_fifth(indicator_id))
    error = np.sqrt(known * (1 - known) / sums["denominator"])
    assert ((sums["numerator"] / sums["denominator"] - known).abs() < 4 * error).all()


def test_targeted_contacts_are_proportionate_to_need(sent: dict[str, pd.DataFrame]) -> None:
    truth = GROUND_TRUTH["targeted_contacts"]
    assert isinstance(truth, Events)
    contacts = everyone(sent, "targeted_contacts").groupby("fifth")["numerator"].sum()
    families = everyone(sent, "hub_reach_under_two").groupby("fifth")["denominator"].sum()
    rate = np.log(contacts / families)
    slope = (rate[5] - rate[1]) / 4  # log rate for each fifth, from its two ends
    error = np.sqrt(1 / contacts[1] + 1 / contacts[5]) / 4
    assert abs(slope - truth.slope) < 4 * error
    assert slope < -4 * error


@pytest.mark.parametrize("group", STAFF_GROUPS)
def test_training_spreads_at_the_pace_of_its_group(group: str, sent: dict[str, pd.DataFrame]) -> None:
    truth = GROUND_TRUTH["imhcf_trained_direct_contact"]
    assert isinstance(truth, Staff)
    own = sent["imhcf_trained_direct_contact"]
    own = own[own["breakdown_value"] == group]
    sums = own.groupby("quarter")[["numerator", "denominator"]].sum()
    known = staff_chance(truth, STAFF_GROUPS[group], np.arange(12))
    error = np.sqrt(known * (1 - known) / sums["denominator"])
    assert ((sums["numerator"] / sums["denominator"] - known).abs() < 4 * error).all()
    assert (own.sort_values("quarter").groupby("area_code")["numerator"].diff().dropna() >= 0).all()


def test_neonatal_training_stands_still_and_health_visiting_moves_most(sent: dict[str, pd.DataFrame]) -> None:
    own = sent["imhcf_trained_direct_contact"]
    own = own[own["breakdown_type"] == "workforce_group"]
    sums = own.pivot_table(
        index="breakdown_value", columns="quarter", values=["numerator", "denominator"], aggfunc="sum"
    )
    rate = sums["numerator"] / sums["denominator"]
    gain = rate[11] - rate[0]
    assert gain["Neonatal"] == 0
    assert gain.idxmax() == "Health Visiting"


def test_families_with_another_language_are_offered_fewer_forms(sent: dict[str, pd.DataFrame]) -> None:
    own = sent["pregnancy_form_completed"]
    sums = own[own["breakdown_type"] == "language"].groupby("breakdown_value")[["numerator", "denominator"]].sum()
    reached = sums["numerator"] / sums["denominator"]
    error = np.sqrt(0.25 / sums["denominator"]["Other"])
    assert reached["Other"] < reached["English"] - 3 * error


# ---- the truth itself -----------------------------------------------------------------------------------------------


def test_expected_in_one_neighbourhood_by_hand() -> None:
    # E01020452 lies in fifth 3 of the Dorset Council area and is the outlier of −2.2: in quarter 5
    # logit = ln(0.81 / 0.19) + 0 + 0.04 × 5 + 0.15 − 2.2 = 1.45 + 0.20 + 0.15 − 2.20 = −0.40, so p = 0.401
    assert expected("review_12_months_by_15", "E01020452", 5) == pytest.approx(0.401, abs=0.001)


def test_expected_of_funnels_and_totals() -> None:
    code = "E01015273"  # fifth 2 of BCP
    by_14 = 1 / (1 + np.exp(-(np.log(0.86 / 0.14) - 0.12)))
    assert expected("new_birth_visit_14_days", code, 0) == pytest.approx(by_14)
    after = 0.85 * (1 - by_14)
    assert expected("new_birth_visit_after_14_days", code, 0) == pytest.approx(after)
    assert expected("new_birth_visit_30_days", code, 0) == pytest.approx(by_14 + after)
    good = 1 / (1 + np.exp(-(np.log(0.79 / 0.21) - 0.20)))
    assert expected("asq3_communication", code, 0) == pytest.approx(good + 0.31 * (1 - good))


def test_wider_areas_lie_between_their_neighbourhoods() -> None:
    places = dorset_places()
    own = chance("review_6_8_weeks", places, np.array([3]))[:, 0]
    assert own.min() < expected("review_6_8_weeks", "E54000041", 3) < own.max()
    assert expected("review_6_8_weeks", "E02003208", 3) != expected("review_6_8_weeks", "E06000058", 3)


@pytest.mark.parametrize("name", ["offers_by_channel", "no_such_indicator"])
def test_a_chance_is_known_for_shares_only(name: str) -> None:
    with pytest.raises(UnknownName, match=name):
        expected(name, "E06000058", 0)


def test_an_area_outside_the_system_is_refused() -> None:
    with pytest.raises(UnknownName, match="E09000001"):
        expected("review_6_8_weeks", "E09000001", 0)


def test_every_line_that_a_truth_names_exists() -> None:
    named = {
        part
        for truth in LINES.values()
        for line in (getattr(truth, "cohort", ""), getattr(truth, "above", ""), getattr(truth, "below", ""))
        if ":" in line
        for part in line.partition(":")[2].split("+")
    }
    assert named <= set(LINES)
    steps = {getattr(truth, kind, "") for truth in LINES.values() for kind in ("inside", "beyond", "including", "plus")}
    assert steps - {""} <= set(LINES)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [(name, truth.inside) for name, truth in LINES.items() if isinstance(truth, Share) and truth.inside],
)
def test_an_inner_step_is_nowhere_likelier_than_its_outer_step(inner: str, outer: str) -> None:
    quarters = np.arange(12)
    assert (chance(inner, dorset_places(), quarters) <= chance(outer, dorset_places(), quarters)).all()
