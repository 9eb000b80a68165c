"""The figures this dashboard works out itself, each against arithmetic from a few released rows."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers import computed_figures
from data.answers.ambitions import local_ambitions
from data.answers.computed_figures import AFTER_BIRTH, release_computed, rests_on
from data.answers.equity_gaps import people_in_gap, people_words
from data.catalogue import indicator, indicators
from data.store.engine import open_store, reading, writing
from data.store.registers import load_register
from data.store.released import replace_released, select_release_revisions, select_released
from metrics.proportions import proportion

ICB, BCP = "E54000041", "E06000058"
YEAR, QUARTER = ("year", "2025-04-01", "2026-03-31"), ("quarter", "2026-01-01", "2026-03-31")
PROMISE = {
    "register": "commitments",
    "kind": "board decision",
    "promise": "nearly every baby is seen",
    "source_document": "Minutes",
    "partner_body": "A board",
    "owner_role": "Programme lead",
    "made_on": "2025-04-01",
    "status": "on track",
    "status_on": "2025-04-01",
}


@pytest.fixture
def store(reference_file: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A store without returns, whose released cells each test writes itself."""
    path = tmp_path / "store.sqlite"
    shutil.copy(reference_file, path)
    engine = open_store(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def put(engine: sa.Engine, name: str, *cells: tuple[str, float, float], at: tuple[str, str, str] = YEAR) -> None:
    """Release ``(fifth or "", numerator, denominator)`` of one indicator for the system; a count has no denominator."""
    definition = indicator(name)
    rows = []
    for fifth, counted, out_of in cells:
        if definition.value_type == "proportion":
            limits = proportion([counted], [out_of], multiplier=100.0).iloc[0].to_dict()
        else:
            limits = {"value": counted / (out_of or 1), "lowercl": math.nan, "uppercl": math.nan}
        rows.append(
            {
                **dict(zip(("period_type", "period_from", "period_to"), at, strict=True)),
                "area_type": "icb",
                "area_code": ICB,
                "breakdown_type": "imd_fifth_national" if fifth else "",
                "breakdown_value": fifth,
                "numerator": counted,
                "denominator": out_of or math.nan,
                **limits,
                "value_status": "rounded",
                "illustrative": False,
                "submission_id": None,
            }
        )
    with writing(engine) as connection:
        replace_released(connection, name, pd.DataFrame(rows), f"{name}-{cells}")


def computed(engine: sa.Engine, name: str) -> pd.DataFrame:
    """Release what can be worked out, and give one indicator's cells by breakdown value."""
    with writing(engine) as connection:
        release_computed(connection)
    with reading(engine) as connection:
        return select_released(connection, name).set_index("breakdown_value")


def promise(engine: sa.Engine, entry: str, name: str, level: float, **more: str) -> None:
    """Put a promise with an indicator and a threshold on the register."""
    row = {**PROMISE, "entry_id": entry, "indicator": name, "threshold": level, **more}
    with writing(engine) as connection:
        load_register(connection, "commitment", pd.DataFrame([row]), by="a test")


# ---- gaps ------------------------------------------------------------------------------------------------------------


def test_the_gap_before_birth_is_the_least_deprived_fifth_less_the_most(store: sa.Engine) -> None:
    put(store, "antenatal_contact_coverage", ("1", 600, 1000), ("5", 700, 1000))
    row = computed(store, "provision_gap_before_birth").loc[""]
    assert row["value"] == pytest.approx(10.0)  # 70% less 60%
    low, high = proportion([600, 700], [1000, 1000], multiplier=100.0)[["lowercl", "uppercl"]].to_numpy().T
    error = math.hypot(*((high - low) / 3.92))  # DHSC: the width of a 95% interval over 3.92
    assert row["lowercl"] == pytest.approx(10 - 1.959964 * error, abs=1e-4)
    assert row["uppercl"] == pytest.approx(10 + 1.959964 * error, abs=1e-4)
    assert math.isnan(row["numerator"])  # a gap counts nobody
    assert row["value_status"] == "rounded"
    assert not row["illustrative"]


def test_the_gap_after_birth_stands_for_each_review_and_for_all_four_together(store: sa.Engine) -> None:
    for name in AFTER_BIRTH[:3]:
        put(store, name, ("1", 80, 100), ("5", 90, 100))
    assert set(computed(store, "provision_gap_after_birth").index) == set(AFTER_BIRTH[:3])  # not all four: no whole
    put(store, AFTER_BIRTH[3], ("1", 120, 200), ("5", 190, 200))
    found = computed(store, "provision_gap_after_birth")
    # (190 + 3 x 90) of (200 + 3 x 100), less (120 + 3 x 80) of 500
    assert found.loc["", "value"] == pytest.approx(100 * (460 / 500 - 360 / 500))
    assert found.loc[AFTER_BIRTH[0], "value"] == pytest.approx(10.0)
    assert found.loc[AFTER_BIRTH[3], "value"] == pytest.approx(35.0)


def test_a_gap_is_above_zero_where_the_most_deprived_fare_worse_whichever_way_is_better(store: sa.Engine) -> None:
    put(store, "low_preparedness", ("1", 30, 100), ("5", 20, 100))  # low is good
    put(store, "good_level_development_2_years", ("1", 85, 100), ("5", 80, 100))  # high is good, and higher there
    put(store, "review_6_8_weeks", ("1", 85, 100))  # one end only
    found = computed(store, "headline_equity_gap")
    assert found["value"].round(6).to_dict() == {
        "low_preparedness": 10.0,
        "good_level_development_2_years": -5.0,
        "": -5.0,
    }


def test_a_gap_in_people_is_the_gap_of_the_most_deprived_fifths_own_number() -> None:
    assert people_in_gap(10.0, 620) == 60  # 62, to the nearest five
    assert people_in_gap(10.0, 625) == 65  # 62.5 goes up
    assert people_in_gap(0.1, 1000) == 0
    assert people_in_gap(0.0, 1000) is None
    assert people_in_gap(-3.0, 1000) is None
    visits = indicator("new_birth_visit_14_days")
    assert people_words(60, visits) == "about 60 more babies"
    assert people_words(0, visits) == "fewer than 5 babies"
    assert people_words(1200, indicator("low_preparedness")) == "about 1,200 fewer parents"


# ---- targeting -------------------------------------------------------------------------------------------------------


def test_the_targeting_ratio_compares_the_core20_share_of_contacts_with_that_of_the_cohort(store: sa.Engine) -> None:
    put(store, "targeted_contacts", ("", 400, 0), ("1", 120, 0), at=QUARTER)
    put(store, "cohort_under_two", ("", 900, 0), ("1", 150, 0), at=QUARTER)
    assert computed(store, "targeting_ratio").empty  # half of the cohort is not there
    put(store, "cohort_pregnancies", ("", 100, 0), ("1", 50, 0), at=QUARTER)
    row = computed(store, "targeting_ratio").loc[""]
    assert row["value"] == pytest.approx((120 / 400) / (200 / 1000))  # 30% of contacts, 20% of the cohort
    assert row["period_type"] == "quarter"


# ---- roll-ups and outcomes -------------------------------------------------------------------------------------------


def test_a_roll_up_counts_nothing_until_a_level_was_promised_or_published(store: sa.Engine) -> None:
    put(store, "new_birth_visit_14_days", ("", 860, 1000))
    put(store, "review_6_8_weeks", ("", 900, 1000))
    point = indicator("new_birth_visit_14_days").point
    name = f"point_{point}_rollup"
    assert computed(store, name).empty
    promise(store, "P-1", "new_birth_visit_14_days", 86.0)
    row = computed(store, name).loc[""]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 50.0)  # 86% reaches 86%
    promise(store, "P-2", "new_birth_visit_14_days", 86.1, made_on="2026-01-01")  # the newest promise holds
    assert computed(store, name).loc["", "numerator"] == 0
    promise(store, "P-3", "new_birth_visit_14_days", 10.0, made_on="2026-02-01", status="withdrawn")
    assert computed(store, name).loc["", "numerator"] == 0
    with reading(store) as connection:
        held = local_ambitions(connection)["new_birth_visit_14_days"]
    assert held.words() == "Local ambition 86.1% (Programme lead, 2026-01-01)"
    assert not held.met_by(86.0)


def test_a_published_level_counts_without_any_promise(store: sa.Engine) -> None:
    put(store, "antenatal_review_scphn_home", ("", 985, 1000))  # the published level is 98%
    put(store, "asq3_communication", ("", 500, 1000))
    row = computed(store, "point_3_rollup").loc[""]
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_outcomes_that_improve_are_counted_from_eight_quarters_on(store: sa.Engine) -> None:
    def series(name: str, values: list[float]) -> pd.DataFrame:
        days = pd.date_range("2024-04-01", periods=len(values), freq="QS")
        ends = days + pd.offsets.QuarterEnd(0)
        return pd.DataFrame(
            {
                **{"area_type": "icb", "area_code": ICB, "period_type": "quarter"},
                "period_from": days.strftime("%Y-%m-%d"),
                "period_to": ends.strftime("%Y-%m-%d"),
                **{"breakdown_type": "", "breakdown_value": "", "numerator": math.nan, "denominator": math.nan},
                "value": values,
                **{"lowercl": math.nan, "uppercl": math.nan, "value_status": "rounded"},
                **{"illustrative": name == "loneliness", "submission_id": None},
            }
        )

    with writing(store) as connection:
        for name, values in {
            "breastfeeding_6_8_weeks": [50.0 + at for at in range(8)],
            "loneliness": [50.0 + at for at in range(8)],  # low is good: it gets worse
            "staff_retained": [50.0 + at for at in range(7)],  # a quarter too few
        }.items():
            replace_released(connection, name, series(name, values), "1")
    row = computed(store, "outcomes_improving").loc[""]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 50.0)
    assert row["illustrative"]  # one of the two is


# ---- when they are made anew -----------------------------------------------------------------------------------------


def test_a_figure_is_made_anew_when_what_it_rests_on_is_and_only_then(store: sa.Engine) -> None:
    put(store, "antenatal_contact_coverage", ("1", 600, 1000), ("5", 700, 1000))
    first = computed(store, "provision_gap_before_birth").loc["", "value"]
    with writing(store) as connection:
        assert release_computed(connection) == 0
    put(store, "antenatal_contact_coverage", ("1", 650, 1000), ("5", 700, 1000))
    assert (first, computed(store, "provision_gap_before_birth").loc["", "value"]) == pytest.approx((10.0, 5.0))
    put(store, "antenatal_contact_coverage", ("5", 700, 1000))  # one end was taken back
    assert computed(store, "provision_gap_before_birth").empty
    with reading(store) as connection:
        assert select_release_revisions(connection)["provision_gap_before_birth"] == ""


def test_every_indicator_that_this_dashboard_returns_is_worked_out_and_rests_on_returned_ones() -> None:
    own = {one.id for one in indicators() if one.returned_by == "this_dashboard"}
    assert own == set(computed_figures.FIGURES)
    for name in own:
        assert rests_on(name)
        assert not own & set(rests_on(name))
