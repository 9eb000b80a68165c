"""The workforce page's answers, held to the known truth of the illustrative workforce and to the asks they answer."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.answers import opened
from data.answers.questions import question
from data.answers.workforce import ALL_GROUPS, MEASURES, SETTINGS, TRAINED
from data.answers.workforce_counts import INDICATORS
from data.answers.workforce_parts import PARTS
from data.answers.workforce_plan import AGE, COVERED, CURRENT, POSTS
from data.answers.workforce_trajectory import BEYOND, quarter_end, quarter_label, quarters_until
from data.catalogue import ask, breakdown, disclosure, indicator
from data.errors import UnknownName
from data.example.ground_truth import LINES
from data.example.services import STAFF_FLOWS, STAFF_GROUPS
from data.example.staff import Workforce
from data.example.staff_flows import staff_flows
from data.sources.templates import write_template
from data.store.engine import open_store, reading
from data.store.released import select_released
from metrics.trajectory import Flows, quarters_to_reach, steady_share

ICB, BCP, DORSET = "E54000041", "E06000058", "E06000059"
GROUPS = list(STAFF_GROUPS)
ROUNDED_TO = 5


@pytest.fixture(scope="module")
def everything(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the store with every illustrative return, which answers only read."""
    copy = tmp_path_factory.mktemp("workforce") / "store.sqlite"
    shutil.copy(everything_file, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{copy}")
        opened._opened.cache_clear()
        yield f"sqlite:///{copy}"
        opened.opened().dispose()
        opened._opened.cache_clear()


@pytest.fixture(autouse=True)
def its_address(everything: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests lose the address of the store between each other."""
    monkeypatch.setenv("DATABASE_URL", everything)


@pytest.fixture(scope="module")
def exact() -> dict[str, np.ndarray]:
    """The exact counts of both councils together: groups in rows, quarters in columns."""
    councils = [staff_flows(code, LINES, 1001) for code in (BCP, DORSET)]
    return {name: councils[0][name] + councils[1][name] for name in councils[0]}


def cell(table: pd.DataFrame, group: str, indicator_id: str) -> pd.Series:
    """One figure of the table of groups."""
    return table.loc[(table["group"] == group) & (table["indicator_id"] == indicator_id)].iloc[0]


# ---- the nine groups ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_has_its_true_counts_rounded_and_both_denominators(group: str) -> None:
    table = question("workforce_groups")(area_code=ICB).table
    row, truth = GROUPS.index(group), STAFF_GROUPS[group]
    teams = [Workforce(code, np.array([11]), LINES, 1001) for code in (BCP, DORSET)]
    for name, staff in ((TRAINED, truth.direct), ("all_staff_attended", truth.direct + truth.others)):
        shown = cell(table, group, name)
        known = sum(int(team.met(name)[row, 0]) for team in teams)
        assert shown["denominator"] == ROUNDED_TO * round(2 * staff / ROUNDED_TO)
        assert abs(shown["numerator"] - known) <= ROUNDED_TO / 2


def test_attended_completed_level_supported_and_out_of_date_are_five_figures_of_each_group() -> None:
    table = question("workforce_groups")(area_code=ICB).table
    assert table["group"].drop_duplicates().tolist() == [ALL_GROUPS, *breakdown("workforce_group").values]  # noqa: PD011
    assert (table.groupby("group")["measure"].nunique() == len(MEASURES)).all()
    shown = table.dropna(subset="value")
    assert (shown[["numerator", "denominator"]] % ROUNDED_TO == 0).all(axis=None)


def test_the_finding_says_both_denominators_and_names_the_ends() -> None:
    answer = question("workforce_groups")(area_code=ICB)
    table = answer.table.set_index(["group", "indicator_id"])["value"]
    assert f"{table[ALL_GROUPS, TRAINED]:.1f}% of direct-contact staff in Dorset ICS" in answer.finding
    assert f"Of all staff, {table[ALL_GROUPS, 'all_staff_attended']:.1f}%" in answer.finding
    assert "Health Visiting has completed most" in answer.finding  # the greatest pace and level of the truth
    assert answer.illustrative


@pytest.mark.parametrize(("split", "parts"), [("employer", 5), ("setting_type", 6), ("place", 3)])
def test_completion_is_given_by_employer_setting_and_place(split: str, parts: int) -> None:
    answer = question("training_by")(split=split, area_code=ICB)
    assert answer.table["group"].nunique() == parts
    assert "lowest in" in answer.finding


def test_the_employer_with_the_lowest_known_odds_is_found() -> None:
    answer = question("training_by")(split="employer", area_code=ICB)
    assert "lowest in Employer B (illustrative)" in answer.finding  # odds of 0.6 against 1 for the others


def test_training_is_not_split_in_ways_that_are_not_returned() -> None:
    with pytest.raises(UnknownName, match="star_sign"):
        question("training_by")(split="star_sign", area_code=ICB)


# ---- the trajectory -------------------------------------------------------------------------------------------------


def truly(group: str, exact: dict[str, np.ndarray]) -> tuple[Flows, float]:
    """The true flows of a group, and how many complete training in a quarter of the last year."""
    row, flow = GROUPS.index(group), STAFF_FLOWS[group]
    staff = 2 * STAFF_GROUPS[group].direct
    in_date = int(exact["completed"][row, -1] - exact["expired"][row, -1])
    flows = Flows(staff, in_date, staff * flow.leaving, flow.arriving_trained, flow.leaving, flow.lapsing)
    return flows, float(exact["trained"][row, -4:].mean())


def interval(finding: str) -> tuple[str, str]:
    """The two ends of the interval of the arrival."""
    found = re.search(r"95% interval (\d{4}/\d\d Q\d|more than ten years)(?: to ([^)]*?))?(?:\)| shows)", finding)
    assert found is not None, finding
    return found[1], found[2] or found[1]


@pytest.mark.parametrize("group", ["Health Visiting", "Family Hubs", "CAMHS", "Maternity"])
@pytest.mark.parametrize("target", ["70", "90"])
def test_the_interval_of_the_arrival_holds_the_true_one(group: str, target: str, exact: dict[str, np.ndarray]) -> None:
    answer = question("workforce_trajectory")(group=group, area_code=ICB, target=target, by="2027-03-31")
    if "already" in answer.finding:
        assert truly(group, exact)[0].trained / truly(group, exact)[0].in_post >= float(target) / 100 - 0.03
        return
    flows, completions = truly(group, exact)
    when = quarters_to_reach(flows, completions, float(target) / 100, horizon=40)
    true, (first, last) = quarter_label(dt.date(2026, 3, 31), when), interval(answer.finding)
    order = [quarter_label(dt.date(2026, 3, 31), number) for number in range(41)] + [BEYOND]
    assert order.index(first) <= order.index(true) <= order.index(last)


@pytest.mark.parametrize("group", ["Health", "Children’s Social Care", "Early Years Workforce"])
def test_a_group_whose_losses_outpace_its_training_never_arrives_and_is_told_so(
    group: str, exact: dict[str, np.ndarray]
) -> None:
    assert steady_share(*truly(group, exact)) < 0.7  # the true share to which it tends
    answer = question("workforce_trajectory")(group=group, area_code=ICB, target="90", by="2027-03-31")
    assert f"{group} in Dorset ICS never reaches 90%: leavers and lapsed training outpace it." in answer.finding


def test_the_places_that_are_needed_reach_the_target_by_the_date() -> None:
    choices = {"group": "Maternity", "area_code": ICB, "target": "80", "by": "2028-03-31"}
    first = question("workforce_trajectory")(**choices)
    needed = int(re.search(r"it needs (\d+) places a quarter", first.finding)[1])
    with_them = question("workforce_trajectory")(**choices, places=str(needed)).table.set_index("period")["value"]
    assert 80 <= with_them["2027/28 Q4"] < 81.5  # whole places, so a little more than 80%
    one_less = question("workforce_trajectory")(**choices, places=str(needed - 1)).table.set_index("period")["value"]
    assert one_less["2027/28 Q4"] < 80


def test_without_training_coverage_falls_and_more_places_arrive_sooner() -> None:
    choices = {"group": "Health Visiting", "area_code": ICB, "target": "90", "by": "2027-03-31"}
    none, some, many = (question("workforce_trajectory")(**choices, places=one) for one in ("0", "25", "60"))
    assert none.table["value"].is_monotonic_decreasing
    assert "never reaches 90%" in none.finding
    later = zip(some.table["value"], many.table["value"], strict=False)
    assert all(less <= more for less, more in later)


def test_the_path_starts_now_with_what_is_in_date_and_has_limits(exact: dict[str, np.ndarray]) -> None:
    answer = question("workforce_trajectory")(group="Maternity", area_code=ICB, target="90", by="2027-03-31")
    row = GROUPS.index("Maternity")
    now = (exact["completed"][row, -1] - exact["expired"][row, -1]) / 520  # 260 in each council
    first = answer.table.iloc[0]
    assert first["period"] == "2025/26 Q4"
    assert first["lowercl"] - 0.1 <= 100 * now <= first["uppercl"] + 0.1
    assert (answer.table["lowercl"] <= answer.table["value"]).all()
    assert (answer.table["value"] <= answer.table["uppercl"]).all()
    assert answer.table["numerator"].isna().all()
    assert "From counts rounded to the nearest 5." in answer.finding


def test_what_is_too_few_to_show_is_taken_from_wider_groups_and_said() -> None:
    answer = question("workforce_trajectory")(group="Local authority", area_code=ICB, target="90", by="2027-03-31")
    assert "Too few people to show, so taken from wider groups: " in answer.finding


def test_every_group_is_listed_with_where_it_tends_and_what_it_takes(exact: dict[str, np.ndarray]) -> None:
    answer = question("trajectories")(area_code=ICB, target="90", by="2027-03-31")
    assert answer.table["group"].tolist() == GROUPS
    rows = answer.table.set_index("group")
    assert rows.loc["Health", "reached"] == "never"
    row = GROUPS.index("Maternity")
    assert float(rows.loc["Maternity", "places"]) == pytest.approx(exact["places"][row, -4:].mean(), abs=1)
    assert "Never, because losses outpace training: " in answer.finding


def test_unknown_groups_and_dates_are_refused() -> None:
    with pytest.raises(UnknownName, match="Bakers"):
        question("workforce_trajectory")(group="Bakers", area_code=ICB, target="90", by="2027-03-31")
    with pytest.raises(UnknownName, match="soon"):
        quarters_until(dt.date(2026, 3, 31), "soon")


def test_quarters_ahead_are_named_by_their_financial_year() -> None:
    start = dt.date(2026, 3, 31)
    assert [quarter_label(start, number) for number in (0, 1, 4)] == ["2025/26 Q4", "2026/27 Q1", "2026/27 Q4"]
    assert quarter_end(start, 1) == dt.date(2026, 6, 30)
    assert quarters_until(start, "2027-03-31") == 4
    assert quarter_label(start, float("inf")) == BEYOND


# ---- plan, sectors, courses, practice, settings ---------------------------------------------------------------------


def test_the_plan_is_current_and_covers_the_groups_that_it_is_known_to() -> None:
    answer = question("workforce_plan")()
    assert "approved and was reviewed within a year (2025/26)" in answer.finding
    assert "last reviewed 4 months before" in answer.finding  # the last of the known months
    covered = int((answer.table["covered"] == "Yes").sum())
    assert f"It covers {covered} of 9 groups." in answer.finding
    assert answer.table["group"].tolist() == GROUPS
    heads = {name: 2 * (one.direct + one.others) for name, one in STAFF_GROUPS.items()}
    assert answer.table["workforce_headcount"].tolist() == [f"{heads[name]:,}" for name in GROUPS]


def test_the_eight_sectors_are_kept_apart_from_the_nine_groups() -> None:
    answer = question("sector_training")()
    assert answer.table["sector"].tolist() == list(breakdown("sector").values)
    # the illustrative register has four trainings, one of them more than a year old
    assert "in 4 of 8 sectors" in answer.finding
    assert not {"group", "workforce_group"} & set(answer.table)


def test_understanding_is_given_before_and_after_with_the_paired_change() -> None:
    answer = question("workforce_part")(part="practice", area_code=ICB)
    values = answer.table.set_index("indicator_id")["value"]
    assert abs(values["imh_understanding_before"] - 35) < 8  # the known chances are 0.35 and 0.80,
    assert abs(values["imh_understanding"] - 80) < 12  # lower in groups with less training
    assert abs(values["imh_understanding_change"] - 2.6) < 0.3  # the known mean change in points
    assert "before training and" in answer.finding


def test_the_dorpip_course_has_its_count_share_and_filled_places() -> None:
    answer = question("workforce_part")(part="courses", area_code=ICB)
    values = answer.table.set_index("indicator_id")["value"]
    assert values["dorpip_course_completed"] % ROUNDED_TO == 0
    assert abs(values["dorpip_places_filled"] - 75) < 15  # 60 places a quarter, three of four filled
    for said in ("completed the DorPIP day", "of staff trained by any provider", "of its places were filled"):
        assert said in answer.finding


@pytest.mark.parametrize("part", list(PARTS))
def test_every_part_is_given_by_group_as_well(part: str) -> None:
    answer = question("workforce_part_groups")(part=part, area_code=BCP)
    hidden = answer.table.loc[answer.table["value_status"] == "suppressed"]
    assert hidden["numerator"].isna().all()
    assert len(answer.table)


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(UnknownName, match="weather"):
        question("workforce_part")(part="weather", area_code=ICB)


# ---- every ask: indicator, return, answer, place on a page ----------------------------------------------------------

ON_THE_PAGE = {
    *(measure.indicator_id for measure in (*MEASURES, *SETTINGS)),
    *(name for part in PARTS.values() for name in part.indicators),
    *(COVERED, CURRENT, AGE, *POSTS),
    *INDICATORS,
}


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The indicators that the page's template offers."""
    import openpyxl

    path = tmp_path_factory.mktemp("template") / "workforce.xlsx"
    write_template("long_return_workforce", path)
    book = openpyxl.load_workbook(path, read_only=True)
    return {value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value}


ASKS = (
    *("A12.1", "A12.2", "A13.1", "A13.2", "A13.3", "A13.4", "A14.1", "A14.2", "A15.1", "A15.2"),
    *("B19.1", "B21.1", "B23.1", "B23.2", "B23.3", "B23.4", "B25.1", "B25.2"),
)


@pytest.mark.parametrize("ask_id", ASKS)
def test_every_ask_of_the_page_has_a_return_an_answer_and_a_place(
    ask_id: str, everything: str, accepted: set[str]
) -> None:
    one = ask(ask_id)
    assert one.page == "workforce"
    for name in one.indicators:
        definition = indicator(name)
        assert definition.definition
        assert name in accepted
        assert name in ON_THE_PAGE
        with reading(open_store(everything)) as connection:
            rows = select_released(connection, name, breakdown_type="")
        order = disclosure().area_order
        shown = rows.dropna(subset="value")["area_type"].map(list(order).index)
        assert len(shown), name
        # as fine as it is returned, or as fine as is safe below the council
        finest = list(order).index(definition.area_grain)
        assert shown.min() >= finest
        assert definition.area_grain == "lsoa21" or shown.min() == finest


@pytest.mark.parametrize(
    ("ask_id", "page"),
    [
        ("B18.1", "overview"),
        ("B21.2", "in_their_own_words"),
        ("B23.5", "pregnancy_and_pathway"),
        ("A5.3", "investment"),
    ],
)
def test_asks_that_stand_on_another_page_are_defined_there(ask_id: str, page: str) -> None:
    one = ask(ask_id)
    assert one.page == page
    assert one.indicators
    for name in one.indicators:
        assert indicator(name).definition
