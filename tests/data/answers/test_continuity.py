"""Babies followed from stage to stage: worked arithmetic first, then the truth of the illustrative returns."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.answers import opened
from data.answers.cohorts_followed import (
    EVERYONE,
    STAGES,
    Cell,
    Cells,
    follow,
    followed_furthest,
    nearest_year,
    quarter_starts,
    reached,
)
from data.answers.continuity import ContinuityAnswer, birth_cohorts, continuity
from data.answers.continuity_words import drop_sentence, form_sentence, gap_sentence, good_sentence
from data.catalogue import ics
from data.errors import UnknownName
from data.example import expected_by_fifth

ICS, BCP = "E54000041", "E06000058"
FORM, CONTACT, BIRTH, WEEKS, MONTHS, YEARS = (stage.indicator_id for stage in STAGES)


def cell(name: str, start: str, counted: float, out_of: float, period_type: str = "quarter", group: str = "") -> Cell:
    """One released cell."""
    return {
        "indicator_id": name,
        "breakdown_value": group,
        "period_type": period_type,
        "period_from": start,
        "numerator": counted,
        "denominator": out_of,
        "value_status": "suppressed" if math.isnan(counted) else "rounded",
    }


def cells(*rows: Cell, newest: str = "2026-01-01") -> Cells:
    """What is released of one place."""
    keys = ("indicator_id", "breakdown_value", "period_type", "period_from")
    return Cells({tuple(str(row[key]) for key in keys): row for row in rows}, pd.Timestamp(newest), frozenset(), False)


def year_of(name: str, later: int, counted: float, out_of: float, quarters: int = 4, group: str = "") -> list[Cell]:
    """The quarters in which babies born in 2023/24 reach a stage, all alike."""
    starts = quarter_starts(2023, later)[:quarters]
    return [cell(name, f"{start:%Y-%m-%d}", counted, out_of, group=group) for start in starts]


def whole(group: str = "", *, form: float = 300, months: float = 40, out_of: float = 100) -> list[Cell]:
    """A year's babies: 400 pregnancies, the form, 100 a quarter with a form, and the first half at 2½ years."""
    return [
        cell(FORM, "2023-04-01", form, 400, "year", group),
        cell(CONTACT, "2023-04-01", 240, 400, "year", group),
        *year_of(BIRTH, 0, 70, 100, group=group),
        *year_of(WEEKS, 0, 60, 100, group=group),
        *year_of(MONTHS, 5, months, out_of, group=group),
        *year_of(YEARS, 10, 30, 90, quarters=2, group=group),
    ]


def test_each_stage_gives_its_own_share_and_who_dropped_there() -> None:
    form, contact, birth, weeks, months, years = follow(cells(*whole()), EVERYONE, 2023)
    assert [form.share, form.dropped] == [0.75, 100]  # 300 of 400; 400 − 300 without a form
    assert [contact.share, contact.dropped] == [0.6, 160]  # 240 of 400 women, form or not
    assert [birth.numerator, birth.denominator, birth.dropped] == [280, 400, 120]  # 4 × 70 of 4 × 100
    assert [weeks.share, weeks.dropped] == [0.6, 40]  # (0.7 − 0.6) × 400
    assert [months.share, months.dropped] == [0.4, 80]  # (0.6 − 0.4) × 400
    # two quarters only: 60 of 180; before, the same births were at 0.4: (0.4 − 0.333) × 180 = 12, to the nearest 5
    assert [years.quarters, years.numerator, years.denominator, years.dropped] == [2, 60, 180, 10]


def test_families_who_moved_away_leave_the_count_without_blame() -> None:
    """20 of each 100 children leave before 12 months; of the 80 still here as many as before have every review."""
    _, _, _, weeks, months, _ = follow(cells(*whole(months=48, out_of=80)), EVERYONE, 2023)
    assert weeks.share == months.share == 0.6  # 48 of 80
    assert months.dropped == 0


def test_what_is_withheld_is_never_added_up_and_the_next_stage_says_nothing_of_who_dropped() -> None:
    rows = whole()
    place = next(number for number, row in enumerate(rows) if row["indicator_id"] == WEEKS)
    rows[place] = cell(WEEKS, "2023-04-01", math.nan, 100)
    _, _, birth, weeks, months, _ = follow(cells(*rows), EVERYONE, 2023)
    assert birth.given
    assert (weeks.value_status, weeks.dropped) == ("suppressed", None)
    assert math.isnan(weeks.numerator)
    assert months.given
    assert months.dropped is None


@pytest.mark.parametrize(
    ("newest", "status", "quarters"),
    [("2025-07-01", "immature", 0), ("2025-10-01", "rounded", 1), ("2026-01-01", "rounded", 2)],
)
def test_babies_are_too_young_until_the_quarter_in_which_the_first_reach_the_age(
    newest: str, status: str, quarters: int
) -> None:
    """Born from April 2023, the first reach 2½ years in October 2025."""
    years = follow(cells(*whole(), newest=newest), EVERYONE, 2023)[-1]
    assert (years.value_status, years.quarters) == (status, quarters)


def test_a_stage_that_was_not_collected_is_missing_and_not_too_young() -> None:
    rows = [row for row in whole() if row["indicator_id"] != MONTHS]
    months = follow(cells(*rows), EVERYONE, 2023)[4]
    assert months.value_status == "not_collected"


def test_the_year_that_is_known_at_most_stages_is_followed_first() -> None:
    later = [cell(FORM, "2024-04-01", 300, 400, "year"), cell(FORM, "2025-04-01", 300, 400, "year")]
    assert followed_furthest(cells(*whole(), *later)) == 2023
    assert followed_furthest(cells()) is None


def test_the_finding_names_the_step_the_gap_in_babies_and_what_is_good() -> None:
    ways = {
        EVERYONE: follow(cells(*whole()), EVERYONE, 2023),
        "1": follow(cells(*whole("1", months=40)), "1", 2023),
        "5": follow(cells(*whole("5", months=55)), "5", 2023),
    }
    assert form_sentence(ways[EVERYONE][0], ics().icb) == (
        "In Dorset ICS, 75.0% of pregnancies due in 2023/24 had a pregnancy form; about 100 of 400 had none."
    )
    assert drop_sentence(ways[EVERYONE]) == (
        "Of those with a form, most babies drop by the new birth visit: about 120 of 400. "
        "At 2½ years, 33.3% of those old enough still have every review on record."
    )
    # (0.55 − 0.40) × 400 = 60, at the last stage that the whole year has come to
    assert gap_sentence(ways) == (
        "The most deprived fifth keeps fewer than the least: 40.0% against 55.0% at 15 months. "
        "Doing as well would keep about 60 more of its 400 babies."
    )
    ways["1"] = follow(cells(*whole("1", months=55)), "1", 2023)
    assert gap_sentence(ways).startswith("The most deprived fifth does no worse than the least")
    risen = [cell(FORM, "2024-04-01", 340, 400, "year")]  # 85% (81 to 88) against 75% (71 to 79)
    assert good_sentence(cells(*whole(), *risen)) == (
        "What is good: the pregnancy form reached 85.0% in 2024/25, against 75.0% in 2023/24."
    )
    alike = [cell(FORM, "2024-04-01", 310, 400, "year")]  # 77.5%: within what chance allows
    assert good_sentence(cells(*whole(), *alike)) == ""


def of(answer: ContinuityAnswer, stage: int) -> pd.DataFrame:
    """The five fifths at one stage."""
    name = STAGES[stage].indicator_id
    return answer.table.loc[(answer.table["indicator_id"] == name) & (answer.table["group"] != "Everyone")]


@pytest.mark.parametrize(
    ("stage", "quarters"),
    [(0, range(4)), (1, range(4)), (2, range(4)), (3, range(4)), (5, range(10, 12))],
)
def test_the_gradient_that_is_built_in_comes_through_at_every_stage(
    everything: str, stage: int, quarters: range
) -> None:
    """Babies of 2023/24: quarters 0 to 3 at birth; at 2½ years only the first two have come."""
    rows = of(continuity(ICS, "2023"), stage)
    truth = expected_by_fifth(STAGES[stage].indicator_id, quarters)
    wanted, values = np.array([truth[fifth] for fifth in range(1, 6)]), rows["value"].to_numpy() / 100
    out_of = rows["denominator"].to_numpy()
    # four standard errors, and both counts rounded once or in each of four quarters: 10 at most
    allowed = 4 * np.sqrt(wanted * (1 - wanted) / out_of) + 10 / out_of
    assert (np.abs(values - wanted) < allowed).all(), (values, wanted)
    assert values[0] < values[4]


def test_a_stage_whose_fifths_have_no_whole_year_says_why(everything: str) -> None:
    # 15 months come from the sixth quarter on, so 2024/25 is no whole year, and fifths are not given by quarter
    assert set(of(continuity(ICS, "2023"), 4)["figure"]) == {"too few people to show"}


def test_the_step_at_which_most_drop_is_the_one_that_is_built_in(everything: str) -> None:
    answer = continuity(ICS, "2023")
    everyone = answer.table.loc[answer.table["group"] == "Everyone"].set_index("indicator_id")
    truth = {name: np.mean(list(expected_by_fifth(name, range(4)).values())) for name in (BIRTH, WEEKS)}
    assert 1 - truth[BIRTH] > truth[BIRTH] - truth[WEEKS]  # so most go before the new birth visit
    assert "most babies drop by the new birth visit: about " in answer.finding
    assert answer.title == "Born in 2023/24: most with a form drop by the new birth visit"
    assert everyone.loc[BIRTH, "dropped"] == everyone.loc[BIRTH, "denominator"] - everyone.loc[BIRTH, "numerator"]
    assert answer.finding.startswith("Illustrative, not real: ")
    assert "What is good: the pregnancy form reached" in answer.finding  # built in: +0.08 a quarter


def test_the_youngest_are_marked_as_too_young_with_the_quarter_from_which_they_are_not(everything: str) -> None:
    answer = continuity(ICS, "2025")
    rows = answer.table.loc[answer.table["group"] == "Everyone"].set_index("indicator_id")
    assert rows.loc[YEARS, "figure"] == "too young: from 2027/28 Q3"  # born from April 2025, and ten quarters on
    assert rows.loc[MONTHS, "figure"] == "too young: from 2026/27 Q2"
    assert rows.loc[MONTHS, ["numerator", "denominator", "value", "dropped"]].isna().all()
    assert rows.loc[MONTHS, "dropped_words"] == "not known yet"
    assert "12 month review too young" in answer.text_alternative


def test_every_place_and_year_can_be_followed_and_nothing_withheld_carries_a_number(everything: str) -> None:
    for area in (ICS, *(place.code for place in ics().lads)):
        assert [label for _, label in birth_cohorts(area)] == ["2023/24, followed furthest", "2025/26", "2024/25"]
        for born, _ in birth_cohorts(area):
            for fifths in ("national", "local"):
                table = continuity(area, born, fifths).table
                assert len(table) == 6 * len(STAGES)
                hidden = table.loc[~table["value_status"].isin(["shown", "rounded"])]
                assert hidden[["numerator", "denominator", "value", "dropped"]].isna().all(axis=None)
                assert (table[["numerator", "denominator", "dropped"]].fillna(0) % 5 == 0).all(axis=None)


def test_an_unknown_year_or_fifth_is_refused(everything: str) -> None:
    with pytest.raises(UnknownName, match="no babies of that year"):
        continuity(ICS, "1999")
    with pytest.raises(UnknownName, match="no such fifths"):
        continuity(ICS, fifths="regional")


def test_without_returns_it_says_what_is_missing(reference_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{reference_file}")
    opened._opened.cache_clear()
    answer = continuity(ICS)
    opened.opened().dispose()
    opened._opened.cache_clear()
    assert answer.empty
    assert answer.finding.startswith("No data yet. Nobody has sent in the pregnancy form")
    assert birth_cohorts(ICS) == []
    opened.opened().dispose()
    opened._opened.cache_clear()


# ---- fifths that are not given by quarter ----------------------------------------------------------------------------


def test_a_fifth_that_is_given_by_year_alone_takes_the_year_that_holds_most_of_its_quarters() -> None:
    stage = next(one for one in STAGES if one.indicator_id == MONTHS)
    held = cells(*whole(), cell(MONTHS, "2024-04-01", 20, 80, "year", "1"))
    one = reached(held, stage, "1", 2023)  # July 2024 to June 2025: three of the four quarters are of 2024/25
    assert (one.share, one.period) == (0.25, "2024/25")
    assert reached(held, stage, "2", 2023).value_status == "not_collected"
    assert reached(held, stage, "", 2023).given


@pytest.mark.parametrize(("first", "year"), [("07", "2024"), ("10", "2024"), ("01", "2025")])
def test_the_nearest_year_holds_most_of_the_quarters(first: str, year: str) -> None:
    start = pd.Timestamp(f"{2024 + (first == '01')}-{first}-01")
    starts = [start + pd.DateOffset(months=3 * number) for number in range(4)]
    assert nearest_year(starts) == pd.Timestamp(f"{year}-04-01")


def test_a_fifth_that_is_given_for_three_years_alone_is_too_small_to_show_by_quarter() -> None:
    stage = next(one for one in STAGES if one.indicator_id == MONTHS)
    held = cells(*whole(), cell(MONTHS, "2023-04-01", 20, 80, "three_years", "1"))
    assert reached(held, stage, "1", 2023).value_status == "suppressed"
