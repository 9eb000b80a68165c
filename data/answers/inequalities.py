"""How unequal is it, is it closing, and how many babies does that mean? Every figure that can be compared by fifth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.computed_figures import HEADLINE
from data.answers.equity_gaps import ends_of_fifths, gap_indicators, gaps, people_in_gap, people_words
from data.answers.group_periods import period_sentences
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import figure, in_theme_order, join_words, period_label
from data.catalogue import indicator
from data.catalogue import page as page_called
from metrics.trend import CANNOT_BE_CALCULATED, NO_CHANGE, POINTS, recent_trend

if TYPE_CHECKING:
    import sqlalchemy as sa

FIFTHS_WORDS: Final = {"national": "England", "local": "Dorset ICS"}
CLOSING, WIDENING, NO_CLEAR, TOO_SHORT = "closing", "widening", "no clear change", "one year only"
WORSE, BETTER, SIMILAR = "▲ worse", "● better", "◐ within chance"
LISTED: Final = ("indicator_id", "name", "people", "people_words", "gap", "lowercl", "uppercl", "gap_words")
COLUMNS: Final = [
    *LISTED,
    *("most_words", "least_words", "sure", "closing", "rule", "period", "value_status", "illustrative"),
]
YOUNG: Final = ("babies", "children", "infants")
NOTES: Final = (
    "A gap is how much worse the most deprived fifth of neighbourhoods fares than the least deprived, in percentage "
    "points. Below zero it fares better.",
    "People are the gap times those counted in the most deprived fifth in a year. Counts are rounded to 5 before, and "
    "the result is rounded to 5.",
    "The same baby can stand in several figures, so the numbers of people are never added together.",
    "Limits of a gap are 95% normal limits. Fifths describe places, not families.",
)
RULES: Final = (
    f"With {POINTS} years or more, a gap closes or widens by the recent-trend rule of DHSC. With fewer, only where the "
    "95% limits of its first and last year do not overlap.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """Whether a gap is closing, and by which rule that is said."""

    words: str
    rule: str


def inequality_choices() -> list[tuple[str, str]]:
    """List the figures of which both ends of the fifths are released, the outcome that leads first."""
    with reading() as connection:
        known = known_gaps(connection, "national", "")
    listed = [one for one in in_theme_order(gap_indicators()) if one.id in known]
    listed.sort(key=lambda one: one.id != HEADLINE)
    return [(one.id, one.short_name) for one in listed]


def known_gaps(connection: sa.Connection, kind: str, area_code: str) -> dict[str, pd.DataFrame]:
    """Give the gaps of every figure that has any, oldest year first."""
    names = [one.id for one in gap_indicators()]
    found = gaps(ends_of_fifths(connection, names, kind, area_code or None))
    return {str(name): own.sort_values("period_to") for name, own in found.groupby("indicator_id")}


def change_of(own: pd.DataFrame) -> Change:
    """Say whether the gap of one figure and place is closing."""
    if len(own) >= POINTS:
        wide = [own[[name]].T.to_numpy(dtype=float) for name in ("gap", "lowercl", "uppercl")]
        found = recent_trend(*wide, polarity="no_judgement").iloc[0]
        if found["trend"] != CANNOT_BE_CALCULATED:
            rule = f"recent-trend rule, {POINTS} years"
            if found["trend"] == NO_CHANGE:
                return Change(NO_CLEAR, rule)
            return Change(CLOSING if found["slope"] * own["gap"].iloc[-1] < 0 else WIDENING, rule)
    if len(own) < 2:
        return Change(TOO_SHORT, "two years are needed")
    first, last = own.iloc[0], own.iloc[-1]
    rule = f"limits of {label_of(first)} and {label_of(last)}"
    if first["lowercl"] <= last["uppercl"] and last["lowercl"] <= first["uppercl"]:
        return Change(NO_CLEAR, f"{rule} overlap")
    return Change(CLOSING if abs(last["gap"]) < abs(first["gap"]) else WIDENING, f"{rule} do not overlap")


def label_of(row: Any) -> str:
    """Name the period of a gap."""
    return period_label(str(row["period_type"]), str(row["period_from"]), str(row["period_to"]))


def points(value: float) -> str:
    """Write a gap in percentage points."""
    return f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")


def points_with_limits(row: Any) -> str:
    """Write a gap with its limits."""
    return f"{points(row['gap'])} points ({points(row['lowercl'])} to {points(row['uppercl'])})"


def judged(row: Any) -> str:
    """Say whether the most deprived fifth fares worse by more than chance allows, with a shape beside the words."""
    if row["lowercl"] > 0:
        return WORSE
    return BETTER if row["uppercl"] < 0 else SIMILAR


def league_row(name: str, own: pd.DataFrame) -> dict[str, Any]:
    """Write the newest gap of one figure, in points and in people."""
    definition, last, change = indicator(name), own.iloc[-1], change_of(own)
    people = people_in_gap(float(last["gap"]), float(last["people"]))
    return {
        "indicator_id": name,
        "name": definition.short_name,
        "people": people,
        "people_words": people_words(people, definition),
        **{column: float(last[column]) for column in ("gap", "lowercl", "uppercl")},
        "gap_words": points_with_limits(last),
        "most_words": figure(float(last["most"]), definition.unit),
        "least_words": figure(float(last["least"]), definition.unit),
        "sure": judged(last),
        "closing": change.words,
        "rule": change.rule,
        "period": label_of(last),
        "value_status": str(last["value_status"]),
        "illustrative": bool(last["illustrative"]),
    }


def inequalities(area_code: str, fifths: str = "national") -> Answer:
    """Put every figure that can be compared in the order of its gap in people, not of how sure it is."""
    _, place = chosen(HEADLINE, area_code)
    with reading() as connection:
        known = known_gaps(connection, fifths, area_code)
        table = pd.DataFrame([league_row(name, own) for name, own in known.items()], columns=COLUMNS)
        table = table.sort_values(["people", "gap"], ascending=False, na_position="last", ignore_index=True)
        table["people"] = table["people"].astype(float)
        finding = finding_of(table, place.label)
        return make_answer(
            connection,
            question=page_called("inequalities").question,
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={int(one) for own in known.values() for one in own["submission_id"].dropna()},
            unit="percentage points",
            area_type=place.area_type,
            notes=(
                *NOTES,
                *RULES,
                fifths_note(fifths),
                *longer_sentences(known),
            ),
        )


def longer_sentences(known: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    """Say which figures are compared over more than a year, and why."""
    return period_sentences(pd.concat(known.values(), ignore_index=True), "year") if known else ()


def fifths_note(fifths: str) -> str:
    """Say what the fifths are."""
    where = FIFTHS_WORDS[fifths]
    return f"Fifths of neighbourhoods by the Index of Multiple Deprivation 2025, cut across {where}."


def finding_of(table: pd.DataFrame, place: str) -> str:
    """Answer the page's question in words: how unequal, how many babies, and whether it is closing."""
    if table.empty:
        return f"No data yet: no figure of {place} can be compared between the most and the least deprived fifth."
    worse = int((table["sure"] == WORSE).sum())
    better = int((table["sure"] == BETTER).sum())
    said = (
        f"In {place}, {worse} of {len(table)} figures are worse in the most deprived fifth than in the least, "
        f"by more than chance. {better or 'None'} {'are' if better > 1 else 'is'} better there."
    )
    widest = table.loc[(table["people"] > 0) & table["people_words"].str.endswith(YOUNG)]
    if len(widest):
        row = widest.iloc[0]
        said += (
            f" The gap that touches most babies and children is {row['name']}: with the least deprived fifth’s figure "
            f"it would be {row['people_words']} a year ({row['period']})."
        )
    return f"{said} {closing_sentence(table['closing'].tolist())}"


def closing_sentence(changes: Sequence[str]) -> str:
    """Count the gaps that close and widen."""
    counts = [(word, changes.count(word)) for word in (CLOSING, WIDENING)]
    said = [f"{count} {'is' if count == 1 else 'are'} {word}" for word, count in counts if count]
    rest = changes.count(NO_CLEAR)
    if not said:
        return "No gap is known to be closing or widening."
    return f"Of the gaps, {join_words(said)}; {rest} {'shows' if rest == 1 else 'show'} no clear change."
