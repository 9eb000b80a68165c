"""How is the first 1001 days represented? Every ask in the documents' words, with its figure or "no data yet"."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import COMPARED
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.outcomes import outcomes_improving
from data.answers.trends import trends_of
from data.answers.words import figure, join_words, period_label, status_words
from data.catalogue import asks, ics, indicator, pages, registers
from data.catalogue.definitions import Ask, Indicator
from data.store.register_counts import count_entries
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "How is the first 1001 days represented in Dorset’s ICS?"
NO_DATA: Final = "No data yet"
MEASURED: Final = "Measured"
MEETS: Final = "Meets the published level"
MISSES: Final = "Short of the published level"
ON_REGISTER: Final = "On the register"
OUTCOMES_IMPROVING: Final = "outcomes_improving"
COLUMNS: Final = [
    "ask",
    "document",
    "section",
    "point",
    "quote",
    "measure",
    "figure",
    "period",
    "target",
    "status",
    "gap",
    "trend",
    "page",
    "illustrative",
    "indicators_with_data",
    "indicators",
]
_AREAS_PREFERRED: Final = ("icb", "lad", "country")
_PERIODS_PREFERRED: Final = ("year", "three_years", "quarter", "snapshot")


@dataclass(frozen=True, slots=True)
class Headline:
    """One indicator's newest figure for the system, or for each council where it can't be added up."""

    words: str
    period: str
    value: float | None
    illustrative: bool
    submission_ids: tuple[int, ...]


def scorecard(page: str = "") -> Answer:
    """Give the 107 asks, or those that one page answers, as the two documents group them."""
    chosen = [one for one in asks() if not page or one.page == page]
    with reading() as connection:
        system = headline_rows(connection)
        gaps = fifth_gaps(connection)
        trends = quarter_trends(connection)
        figures = with_outcomes(headlines(system), trends)
        entries = count_entries(connection)
        table = pd.DataFrame([_row(one, figures, gaps, trends, entries) for one in chosen], columns=COLUMNS)
        used = {name for one in chosen for name in one.indicators} & figures.keys()
        return make_answer(
            connection,
            question=next(one.question for one in pages() if one.slug == (page or "overview")),
            finding=scorecard_finding(table),
            table=table,
            text_alternative=scorecard_finding(table),
            submission_ids={number for name in used for number in figures[name].submission_ids},
            area_type="icb",
            labelled=False,
            notes=(
                "An ask is measured when at least one of its indicators has a figure for Dorset ICS or its councils.",
                "A level is shown only where one has been published. No local ambition has been agreed yet.",
            ),
        )


def headline_rows(connection: sa.Connection) -> pd.DataFrame:
    """Give the newest figures for everyone of the system and its councils, one period type for each indicator."""
    places = [ics().icb.code, *(place.code for place in ics().lads)]
    frames = [select_released(connection, area_code=code, breakdown_type="", latest=True) for code in places]
    return pd.concat(frames, ignore_index=True)


def headlines(rows: pd.DataFrame) -> dict[str, Headline]:
    """Choose each indicator's figure to lead with: the system's year if there is one, otherwise the next best."""
    by_indicator: dict[str, list[dict[Hashable, Any]]] = {}
    for row in rows.to_dict("records"):
        by_indicator.setdefault(row["indicator_id"], []).append(row)
    return {name: headline(indicator(name), found) for name, found in by_indicator.items()}


def with_outcomes(figures: dict[str, Headline], trends: dict[str, str]) -> dict[str, Headline]:
    """Add how many outcomes improve, which is worked out from the trends of all of them."""
    found = outcomes_improving(trends)
    if found is None:
        return figures
    members = [figures[name] for name in found.judged]
    made = Headline(
        found.words,
        members[0].period,
        found.share,
        any(one.illustrative for one in members),
        tuple(sorted({number for one in members for number in one.submission_ids})),
    )
    return figures | {OUTCOMES_IMPROVING: made}


def headline(definition: Indicator, rows: list[dict[Hashable, Any]]) -> Headline:
    """Lead with the figures of the best area type and period, or say why there is none."""
    alike = leading_rows(rows)
    if not alike:
        return _headline_of(status_words(usual_reason(rows)).capitalize(), "", rows)
    period = period_label(alike[0]["period_type"], alike[0]["period_from"], alike[0]["period_to"])
    if alike[0]["area_type"] == "icb":
        return _headline_of(figure(alike[0]["value"], definition.unit), period, alike, float(alike[0]["value"]))
    labels = {place.code: place.label for place in (*ics().lads, ics().icb)}
    words = "; ".join(f"{labels[row['area_code']]} {figure(row['value'], definition.unit)}" for row in alike)
    return _headline_of(words, period, alike)


def leading_rows(rows: list[dict[Hashable, Any]]) -> list[dict[Hashable, Any]]:
    """Choose the newest figures of the best area type and period; none where none is shown."""
    shown = [row for row in rows if not math.isnan(row["value"])]
    if not shown:
        return []
    best = min(map(_preference, shown))
    alike = [row for row in shown if _preference(row) == best]
    newest = max(row["period_to"] for row in alike)
    return [row for row in alike if row["period_to"] == newest]


def usual_reason(rows: list[dict[Hashable, Any]]) -> str:
    """Give the status for which most of the figures are not shown."""
    reasons = [str(row["value_status"]) for row in rows]
    return max(sorted(set(reasons)), key=reasons.count)


def _preference(row: dict[Hashable, Any]) -> tuple[int, int]:
    return _AREAS_PREFERRED.index(row["area_type"]), _PERIODS_PREFERRED.index(row["period_type"])


def _headline_of(words: str, period: str, rows: list[dict[Hashable, Any]], value: float | None = None) -> Headline:
    submissions = {int(row["submission_id"]) for row in rows if not math.isnan(row["submission_id"])}
    return Headline(words, period, value, any(row["illustrative"] for row in rows), tuple(sorted(submissions)))


def fifth_gaps(connection: sa.Connection) -> dict[str, str]:
    """Say the gap between the most and the least deprived fifth of each indicator, in its own unit."""
    rows = select_released(
        connection,
        area_code=ics().icb.code,
        breakdown_type="imd_fifth_national",
        period_type="year",
        latest=True,
    )
    wide = rows.pivot_table(index="indicator_id", columns="breakdown_value", values="value")
    if not {"1", "5"} <= set(wide.columns):
        return {}
    gaps = (wide["1"] - wide["5"]).dropna()
    compared = {str(name): float(gap) for name, gap in gaps.items() if indicator(str(name)).value_type in COMPARED}
    return {name: gap_words(gap, indicator(name)) for name, gap in compared.items()}


def gap_words(gap: float, definition: Indicator) -> str:
    """Say how the most deprived fifth stands against the least."""
    if abs(gap) < 0.05:
        return "none"
    size = f"{abs(gap):.1f} points" if definition.unit == "%" else figure(abs(gap), definition.unit)
    return f"{size} {'lower' if gap < 0 else 'higher'} in the most deprived fifth"


def quarter_trends(connection: sa.Connection) -> dict[str, str]:
    """Say of each indicator's quarters whether their variation is special, as Making Data Count does."""
    rows = select_released(connection, area_code=ics().icb.code, breakdown_type="", period_type="quarter")
    return trends_of(rows.pivot_table(index="indicator_id", columns="period_from", values="value"))


def _row(
    one: Ask,
    figures: dict[str, Headline],
    gaps: dict[str, str],
    trends: dict[str, str],
    entries: dict[str, int],
) -> list[object]:
    measured = [name for name in one.indicators if name in figures]
    # a real figure leads before an illustrative one, a figure for the system before one for each council
    measured.sort(key=lambda name: (figures[name].illustrative, figures[name].value is None))
    leading = measured[0] if measured else None
    found = figures[leading] if leading else None
    definition = indicator(leading) if leading else None
    said = found.words if found else register_words(one, entries)
    return [
        one.id,
        {"proposal": "Strategy proposal", "plan": "3 Point Plan"}[one.document],
        one.section.title,
        one.section.point,
        one.quote,
        definition.name if definition else one.indicator_name,
        said,
        found.period if found else "",
        target_words(definition),
        status(definition, found, said),
        gaps.get(leading, "") if leading else "",
        trends.get(leading, "") if leading else "",
        one.page,
        bool(found and found.illustrative),
        len(measured),
        len(one.indicators),
    ]


def register_words(one: Ask, entries: dict[str, int]) -> str:
    """Count what the registers that answer an ask hold."""
    held = sum(entries.get(register_table(name), 0) for name in one.registers)
    return f"{held} entries" if held else NO_DATA


@cache
def register_table(register_id: str) -> str:
    """Find the table that stores a register."""
    return next((one.store_table for one in registers() if one.id == register_id), register_id)


def target_words(definition: Indicator | None) -> str:
    """Write a published level; what is only implied by the documents is not a target."""
    target = definition.target if definition else None
    return target.words if target is not None and not target.implied else "None published"


def status(definition: Indicator | None, found: Headline | None, said: str) -> str:
    """Say where an ask stands by what is published, never by an invented target."""
    if definition is None or found is None:
        return NO_DATA if said == NO_DATA else ON_REGISTER
    target = definition.target
    if target is None or target.implied or target.value is None or found.value is None:
        return MEASURED
    better = found.value >= target.value if definition.polarity != "low_is_good" else found.value <= target.value
    return MEETS if better else MISSES


def scorecard_finding(table: pd.DataFrame) -> str:
    """Say how many asks have a figure, how many of those are only illustrative, and how many have none."""
    total = len(table)
    none = int((table["status"] == NO_DATA).sum())
    invented = int(table["illustrative"].sum())
    real = total - none - invented
    if not total:
        return "No ask is answered on this page."
    said = [f"{real} {_are(real)} measured with real figures"]
    said += [f"{invented} only with illustrative ones"] if invented else []
    said += [f"{none} {_have(none)} no data yet"] if none else []
    return f"Of {total} things that were asked for, {join_words(said)}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def page_label(slug: str) -> str:
    """Name a page."""
    return next(page.title for page in pages() if page.slug == slug)
