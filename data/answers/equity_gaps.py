"""Gaps between the most and the least deprived fifth: in percentage points with limits, and in people.

All is worked out from released figures, whose counts are rounded. Limits are normal ones, with the standard error that
DHSC takes from a 95% interval: its width over 3.92.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.group_periods import select_groups
from data.catalogue import ics, indicator, indicators
from data.catalogue.definitions import Indicator
from metrics.gaps import JUDGEMENTS, gap
from metrics.trend import WIDTH_IN_ERRORS

if TYPE_CHECKING:
    import sqlalchemy as sa

OWN_AREAS: Final = ("icb", "lad")
ROUND_TO: Final = 5
#: People in a gap are those of one year.
YEARS: Final = {"three_years": 3}
SET: Final = ["indicator_id", "area_type", "area_code", "period_type", "period_from", "period_to"]
COLUMNS: Final = [
    *SET,
    *("most", "least", "gap", "lowercl", "uppercl", "ratio", "people"),
    *("value_status", "illustrative", "submission_id"),
]
_PEOPLE: Final = re.compile(
    r"babies|children|infants|women|parents|families|partners|pregnancies|forms|records|contacts|offers|reviews"
)


def gap_indicators() -> tuple[Indicator, ...]:
    """List the indicators whose fifths can be compared: percentages of which one way is better."""
    return tuple(
        one
        for one in indicators()
        if one.value_type == "proportion" and one.polarity in JUDGEMENTS and one.returned_by != "this_dashboard"
    )


def ends_of_fifths(
    connection: sa.Connection, names: Sequence[str], kind: str = "national", area_code: str | None = None
) -> pd.DataFrame:
    """Give the yearly figures of the most and the least deprived fifth, of the system and its councils.

    Where too few fifths can be shown by year, they are given over three years together.
    """
    rows = select_groups(connection, names, "year", breakdown_type=f"imd_fifth_{kind}", area_code=area_code)
    ends = rows["breakdown_value"].isin(["1", "5"]) & rows["area_type"].isin(OWN_AREAS) & rows["value"].notna()
    return rows.loc[ends].reset_index(drop=True)


def gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """Work out the gap of each indicator, area and period with both ends; above zero the most deprived fare worse."""
    both = rows.groupby(SET)["breakdown_value"].transform("nunique") == 2 if len(rows) else pd.Series(dtype=bool)
    whole = rows.loc[both]
    if whole.empty:
        return pd.DataFrame(columns=COLUMNS)
    polarity = whole["indicator_id"].map(lambda name: indicator(str(name)).polarity)
    made = [_gaps_of(whole.loc[polarity == one], one) for one in JUDGEMENTS if (polarity == one).any()]
    return pd.concat(made, ignore_index=True)[COLUMNS]


def _gaps_of(rows: pd.DataFrame, polarity: str) -> pd.DataFrame:
    rows = rows.sort_values([*SET, "breakdown_value"], ignore_index=True)
    sets = rows.groupby(SET).ngroup().to_numpy()
    found = gap(
        rows["value"],
        rows["breakdown_value"].astype(int),
        polarity=polarity,
        standard_error=(rows["uppercl"] - rows["lowercl"]) / WIDTH_IN_ERRORS,
        groups=sets,
    )
    most, least = (rows.loc[rows["breakdown_value"] == end].reset_index(drop=True) for end in ("1", "5"))
    together = rows.groupby(sets)
    return most[SET].assign(
        most=most["value"],
        least=least["value"],
        gap=found["absolute_gap"].to_numpy(),
        lowercl=found["absolute_gap_lowercl"].to_numpy(),
        uppercl=found["absolute_gap_uppercl"].to_numpy(),
        ratio=(most["value"] / least["value"].where(least["value"] > 0)).to_numpy(),
        people=most["denominator"] / most["period_type"].map(YEARS).fillna(1.0),
        value_status=np.where(
            (together["value_status"].agg(set).map(lambda one: "rounded" in one)), "rounded", "shown"
        ),
        illustrative=together["illustrative"].any().to_numpy(),
        submission_id=together["submission_id"].max().to_numpy(),
    )


def people_in_gap(gap_points: float, people: float) -> int | None:
    """Turn a gap into people a year, to the nearest five; None where the most deprived fare no worse."""
    if np.isnan(gap_points) or np.isnan(people) or gap_points <= 0:
        return None
    return int(ROUND_TO * np.floor(gap_points * people / 100 / ROUND_TO + 0.5))


def people_words(count: int | None, definition: Indicator) -> str:
    """Say how many more, or fewer, people a year the least deprived fifth's figure would mean for the most deprived."""
    who = who_is_counted(definition)
    direction = "more" if definition.polarity == "high_is_good" else "fewer"
    if count is None:
        return "none"
    return f"about {count:,} {direction} {who}" if count else f"fewer than {ROUND_TO} {who}"


def who_is_counted(definition: Indicator) -> str:
    """Name those whom an indicator counts, in the word of its own denominator."""
    found = _PEOPLE.search(definition.denominator.lower())
    return found[0] if found else "people"


def own_codes() -> list[str]:
    """List the codes of the system and its councils."""
    return [ics().icb.code, *(place.code for place in ics().lads)]
