"""A list of figures that belong together: what they say, bars of those that are shares, and two tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from data.answers.answer import Answer
from pages.components.bars import draw_bars
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.tables import Column, show_table

FIGURES: Final = (
    Column("name", "Figure"),
    Column("value_words", "Newest"),
    Column("period", "When"),
    Column("area", "Where"),
    Column("most_deprived", "Most deprived fifth"),
    Column("least_deprived", "Least deprived fifth"),
    Column("gap", "Gap"),
    Column("against", "Held against"),
    Column("tool", "Agreed tool"),
)
GROUPS: Final = (
    Column("name", "Figure"),
    Column("kind", "By"),
    Column("group", "Group"),
    Column("figure", "Newest (95% confidence limits)"),
    Column("share", "Share of all counted"),
    Column("numerator", "Counted", number=True),
    Column("denominator", "Out of", number=True),
    Column("period", "When"),
)


def show_figure_part(
    part: str, answer: Answer, by_group: Callable[[], Answer], say_nothing_yet: Callable[[], object]
) -> list[Answer]:
    """Show figures by deprivation; where there are any, ask for the same by group and show that as well."""
    say_part(answer.question, answer)
    if not answer.table["value"].notna().any():
        say_nothing_yet()
        return [answer]
    draw_bars(shares(answer), answer.text_alternative)
    show_table(answer, FIGURES, answer.question, download_as=f"{part}-figures", folded=True)
    groups = by_group()
    if len(groups.table):
        show_table(groups, GROUPS, groups.question, download_as=f"{part}-by-group", folded=True)
    return [answer, groups]


@made_once
def shares(answer: Answer) -> list[tuple[str, float, str]]:
    """Choose the figures that are percentages."""
    table = answer.table.dropna(subset="value")
    table = table.loc[table["value_words"].str.endswith("%")]
    return list(zip(table["name"], table["value"], table["value_words"], strict=True))
