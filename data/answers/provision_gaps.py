"""Provision before birth beside provision after birth, and what can't be compared by deprivation at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data.answers.alternatives import extremes_words, sentences
from data.answers.answer import Answer
from data.answers.computed_figures import AFTER_BIRTH, BEFORE_BIRTH
from data.answers.equity_gaps import gap_indicators, own_codes
from data.answers.group_periods import at_or_longer
from data.answers.inequalities import (
    FIFTHS_WORDS,
    change_of,
    fifths_note,
    judged,
    known_gaps,
    label_of,
    league_row,
    longer_sentences,
    points,
    points_with_limits,
)
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import join_words, status_words
from data.catalogue import indicator, indicators
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

BEFORE, AFTER, ALL_FOUR = "Before birth", "After birth", "All four reviews together"
PROVISION_COLUMNS: Final = [
    *("when", "group", "value", "lowercl", "uppercl", "value_status", "figure", "people_words", "closing", "rule"),
    *("period", "numerator", "denominator", "illustrative"),
]
#: What a publisher says of a figure that looks as if it could be compared, and can't.
ONE_FIGURE: Final = {
    "smoking_at_delivery": "Both councils are given one and the same figure, that of their sub-ICB (Fingertips 93085). "
    "A difference between them, or between fifths, can’t be seen.",
}
NOTHING: Final = "not sent in by neighbourhood, so it can’t be split by deprivation"


def provision_gaps(area_code: str, fifths: str = "national") -> Answer:
    """Put the gap in antenatal contact beside the gaps in the four reviews after birth."""
    _, place = chosen(BEFORE_BIRTH[0], area_code)
    with reading() as connection:
        known = known_gaps(connection, fifths, area_code)
        records = [
            row for when, names in ((BEFORE, BEFORE_BIRTH), (AFTER, AFTER_BIRTH)) for row in part(known, when, names)
        ]
        whole = four_together(connection, area_code) if fifths == "national" else None
        records += [whole] if whole else []
        table = pd.DataFrame(records, columns=PROVISION_COLUMNS)
        said = provision_finding(table, place.label)
        return make_answer(
            connection,
            question="Do the most deprived areas get less, before birth and after?",
            finding=said,
            table=table,
            text_alternative=provision_alternative(table, FIFTHS_WORDS[fifths]),
            submission_ids={
                int(one)
                for name in (*BEFORE_BIRTH, *AFTER_BIRTH)
                if name in known
                for one in known[name]["submission_id"].dropna()
            },
            unit="points; above 0 the most deprived get less",
            area_type=place.area_type,
            notes=(
                fifths_note(fifths),
                "Booking by 10 weeks is published for whole councils and maternity providers, so it has no fifths.",
                "A child can have several reviews. Limits of all four together take them as independent.",
                *longer_sentences({name: known[name] for name in (*BEFORE_BIRTH, *AFTER_BIRTH) if name in known}),
            ),
        )


def part(known: dict[str, pd.DataFrame], when: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Write the gaps of the measures before or after birth."""
    for name in names:
        if name in known:
            row = league_row(name, known[name])
            yield {
                **row,
                "when": when,
                "group": f"{when}: {row['name']}",
                "value": row["gap"],
                "figure": row["gap_words"],
                "numerator": np.nan,
                "denominator": np.nan,
            }


def four_together(connection: sa.Connection, area_code: str) -> dict[str, Any] | None:
    """Give the released gap of all four reviews after birth; None where one of them is missing."""
    rows = select_released(connection, "provision_gap_after_birth", area_code=area_code, breakdown_type="")
    if rows.empty:
        return None
    own = rows.sort_values("period_to").assign(gap=lambda frame: frame["value"])
    last, change = own.iloc[-1], change_of(own)
    return {
        "when": AFTER,
        "group": f"{AFTER}: {ALL_FOUR.lower()}",
        "value": float(last["value"]),
        "lowercl": float(last["lowercl"]),
        "uppercl": float(last["uppercl"]),
        "value_status": last["value_status"],
        "figure": points_with_limits(last),
        "people_words": "not added up: one child has several reviews",
        "closing": change.words,
        "rule": change.rule,
        "period": label_of(last),
        "numerator": np.nan,
        "denominator": np.nan,
        "illustrative": bool(last["illustrative"]),
    }


def provision_finding(table: pd.DataFrame, place: str) -> str:
    """Say the gap before birth and the widest and narrowest after it."""
    before, after = table.loc[table["when"] == BEFORE], table.loc[table["when"] == AFTER]
    if table.empty:
        return f"No data yet: neither antenatal contacts nor reviews of {place} can be compared by deprivation."
    said = [f"before birth the gap is {before['figure'].iloc[0]}"] if len(before) else []
    single = after.loc[~after["group"].str.endswith(ALL_FOUR.lower())].sort_values("value")
    if len(single):
        low, high = single.iloc[0], single.iloc[-1]
        name = str(high["group"]).removeprefix(f"{AFTER}: ")
        spread = f"from {points(low['value'])} to {points(high['value'])} points, widest for {name}"
        said.append(f"after birth gaps run {spread}")
    sure = int(sum(judged(row).startswith("▲") for row in table.to_dict("records")))
    return f"In {place}, {join_words(said)}. {sure} of {len(table)} are more than chance."


def provision_alternative(table: pd.DataFrame, whole: str) -> str:
    """Describe the gaps: each, the widest and the narrowest, and in how many the most deprived get less."""
    if table.empty:
        return "Dot chart without points: no gap in provision can be shown."
    listed = "; ".join(f"{row.group}: {row.figure}" for row in table.itertuples())
    less = int((table["value"] > 0).sum())
    return sentences(
        f"Dot chart of gaps in provision by fifth of {whole}. {listed}.",
        extremes_words(table["group"], table["value"], "points"),
        f"By deprivation: the most deprived get less in {less} of {len(table)}.",
    )


def not_compared(area_code: str, fifths: str = "national") -> Answer:
    """List the figures with data that can't be compared by fifth, and why not."""
    _, place = chosen(BEFORE_BIRTH[0], area_code)
    with reading() as connection:
        known = known_gaps(connection, fifths, area_code)
        records = list(reasons(connection, set(known), area_code, fifths))
        table = pd.DataFrame(records, columns=["name", "why"])
        others = sum(one.value_type != "proportion" and one.returned_by != "this_dashboard" for one in indicators())
        return make_answer(
            connection,
            question="What can’t be compared by deprivation, and why?",
            finding=f"{len(table)} percentages can’t be compared between fifths in {place.label}.",
            table=table,
            text_alternative=f"A table of {len(table)} figures and the reason for each.",
            submission_ids=(),
            area_type=place.area_type,
            notes=(
                f"{others} other figures are counts, rates, means or scores. They have no gap in percentage points.",
                "Figures without any data are left out here; the Data page says what is missing.",
            ),
        )


def reasons(connection: sa.Connection, known: set[str], area_code: str, fifths: str) -> Iterator[dict[str, str]]:
    """Give the reason for each percentage that has data and no gap, and for one that nobody can compare."""
    percentages = {one.id for one in gap_indicators()} | set(ONE_FIGURE)
    rows = select_released(connection, sorted(percentages - known), latest=True)
    rows = rows.loc[rows["area_code"].isin(own_codes())]
    for name in sorted(set(ONE_FIGURE) - set(rows["indicator_id"])):
        yield {"name": indicator(name).short_name, "why": ONE_FIGURE[name]}
    for key, own in rows.groupby("indicator_id"):
        name = str(key)
        split = own.loc[(own["breakdown_type"] == f"imd_fifth_{fifths}") & (own["area_code"] == area_code)]
        yield {"name": indicator(name).short_name, "why": ONE_FIGURE.get(name) or reason_of(split)}


def reason_of(split: pd.DataFrame) -> str:
    """Say why a figure has no gap: nothing by neighbourhood, or an end of the fifths that can't be shown."""
    ends = split.loc[split["breakdown_value"].isin(["1", "5"])]
    yearly = at_or_longer(ends, "year")
    if ends.empty:
        return NOTHING
    hidden = yearly.loc[yearly["value"].isna(), "value_status"]
    if hidden.empty:
        return "no whole year has both ends of the fifths"
    return f"an end of the fifths: {status_words(str(hidden.mode().iloc[0]))}"
