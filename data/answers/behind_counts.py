"""What stands behind the counts of indicators: those of each point with their levels, and the outcomes with trends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.computed_figures import of_point
from data.answers.leading import Headline, headlines
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.outcomes import OUTCOMES, TOO_FEW
from data.answers.scorecard import newest_rows, quarter_series
from data.answers.standing import Standing, level_of, read_standing
from data.answers.trends import trends_of
from data.catalogue import indicator

POINTS: Final = {1: "Point 1", 2: "Point 2", 3: "Point 3"}
NO_LEVEL: Final = "No level published or promised"
COLUMNS: Final = ["counted_in", "measure", "figure", "period", "level", "reached", "trend", "illustrative"]


def behind_the_counts() -> Answer:
    """List what the roll-ups of the three points and of the outcomes count, so that a reader can count again."""
    with reading() as connection:
        quarters = quarter_series(connection)
        trends, standing = trends_of(quarters), read_standing(connection, quarters)
        figures = headlines(newest_rows(connection))
        rows = [*point_rows(figures, trends, standing), *outcome_rows(figures, trends, standing)]
        table = pd.DataFrame(rows, columns=COLUMNS)
        finding = counts_finding(table)
        return make_answer(
            connection,
            question="What do the counts of indicators count?",
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids={number for one in figures.values() for number in one.submission_ids},
            area_type="icb",
            notes=(
                "An indicator without a level can’t reach one. It counts among those with data all the same.",
                "These counts are of the newest figures alone. They have no history, and no benchmark.",
                "Which figures count as outcomes is this dashboard’s reading, until partners agree another.",
            ),
        )


def point_rows(figures: dict[str, Headline], trends: dict[str, str], standing: Standing) -> Iterator[dict[str, object]]:
    """Write the indicators of each point that have a figure, those with a level first."""
    for point, title in POINTS.items():
        known = [name for name in of_point(point) if name in figures and figures[name].given]
        rows = [measure_row(title, name, figures[name], trends, standing) for name in known]
        yield from sorted(rows, key=lambda row: row["level"] == NO_LEVEL)


def outcome_rows(
    figures: dict[str, Headline], trends: dict[str, str], standing: Standing
) -> Iterator[dict[str, object]]:
    """Write the outcomes with enough quarters to judge, by who they are for."""
    for audience, names in OUTCOMES.items():
        for name in names:
            if name in figures and name in trends and not trends[name].startswith(TOO_FEW):
                yield measure_row(f"Outcomes for {audience}", name, figures[name], trends, standing)


def measure_row(
    counted_in: str, name: str, found: Headline, trends: dict[str, str], standing: Standing
) -> dict[str, object]:
    """Write one indicator: its figure, its level, whether that is reached, and its trend."""
    definition = indicator(name)
    level = level_of(definition, standing, invented=found.illustrative)
    reached = "–" if level is None else "Yes" if all(map(level.met_by, found.given)) else "No"
    return {
        "counted_in": counted_in,
        "measure": definition.name,
        "figure": found.words,
        "period": found.period,
        "level": level.words() if level is not None else NO_LEVEL,
        "reached": reached,
        "trend": trends.get(name, "") or "–",
        "illustrative": found.illustrative,
    }


def counts_finding(table: pd.DataFrame) -> str:
    """Say, for each point, how many indicators have data, how many a level, and how many reach it."""
    said = []
    for title in POINTS.values():
        own = table.loc[table["counted_in"] == title]
        if len(own):
            levels, reached = int((own["reached"] != "–").sum()), int((own["reached"] == "Yes").sum())
            said.append(f"{title}: {len(own)} with data, {levels} with a level, {reached} that {_reach(reached)} it.")
    return " ".join(said) or "No data yet on any indicator of the three points."


def _reach(count: int) -> str:
    return "reaches" if count == 1 else "reach"
