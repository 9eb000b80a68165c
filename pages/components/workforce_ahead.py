"""The trajectory: which group, which coverage, by when, at how many places; the answer in words, then the path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from data.answers.answer import Answer
from data.answers.workforce_trajectory import TrajectoryChoices
from pages.components.ask import ask
from pages.components.charts import draw_over_time
from pages.components.filters import pick_one
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.tables import Column, show_table

PATH: Final = (
    Column("period", "End of"),
    Column("figure", "Expected share in date (95% limits)"),
    Column("benchmark_name", "Target"),
)
GROUPS: Final = (
    Column("group", "Workforce group"),
    Column("in_date", "In date now"),
    Column("places", "Places a quarter now"),
    Column("tends_to", "Where that tends"),
    Column("reached", "Target reached in"),
    Column("interval", "95% interval"),
    Column("needed", "Places a quarter needed by the date"),
    Column("needed_interval", "95% interval of places"),
    Column("borrowed", "Taken from wider groups"),
)


@dataclass(frozen=True)
class AheadChoice:
    """What the reader chose to look ahead to."""

    group: str
    target: str
    by: str
    places: str


def pick_ahead() -> AheadChoice | None:
    """Pick the group, the coverage, the date and the places; nothing to pick where there is no figure yet."""
    choices: TrajectoryChoices = ask("trajectory_choices")
    if not choices.dates:
        return None
    who, what, when, how = st.columns(4)
    with who:
        group = pick_one("Workforce group", choices.groups, key="group")
    with what:
        target = pick_one("Coverage wanted", choices.targets, key="target")
    with when:
        by = pick_one("By", choices.dates, key="by")
    with how:
        places = pick_one("Training places", choices.places, key="places")
    return AheadChoice(group, target, by, places)


def show_ahead(area_code: str) -> list[Answer]:
    """Show when the chosen group arrives and what it takes; the path and the other groups are folded away."""
    st.header("When will each group be trained?", anchor=False)
    linked = bool({"group", "target", "by", "places"} & set(st.query_params))
    choice = pick_ahead()
    if choice is None:
        st.markdown(
            "No data yet. Each group’s staff, leavers, starters, lapses and training places are needed. "
            "The template is at the end of this page."
        )
        return []
    wanted = {"area_code": area_code, "target": choice.target, "by": choice.by}
    answer = ask("workforce_trajectory", group=choice.group, places=choice.places, **wanted)
    st.html(f'<p class="f1-ahead">{escape(answer.finding)}</p>')
    path = folded("The path, quarter by quarter", "path", partial(show_path, answer), opened=linked)
    every = folded("Every group, at the places offered now", "every", partial(show_every_group, **wanted))
    return [answer, *path, *every]


def show_path(answer: Answer) -> list[Answer]:
    """Draw the expected share in date with its limits and the target, and list it."""
    if answer.empty:
        st.markdown("There is no path to show.")
        return []
    last = answer.table.index == len(answer.table) - 1
    frame = answer.table.assign(special=False, last=last, words=answer.table["figure"])
    draw_over_time(frame, answer.unit, answer.text_alternative, key="ahead", guide="trajectory")
    show_table(answer, PATH, answer.question, download_as="trajectory", folded=True)
    return []


def show_every_group(area_code: str, target: str, by: str) -> list[Answer]:
    """Show every group's arrival at the places it is offered now."""
    answer = ask("trajectories", area_code=area_code, target=target, by=by)
    say_part(answer.question, answer)
    show_table(answer, GROUPS, answer.question, download_as="every-group-ahead")
    return [answer]
