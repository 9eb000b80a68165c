"""The folded parts of the workforce page. Nothing of a part is asked or drawn until the reader opens it."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.figure_part import show_figure_part
from pages.components.filters import pick_few
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.indicator_views import show_indicator
from pages.components.tables import Column, show_table
from pages.components.templates import offer_template
from pages.components.workforce_dots import show_dots

PAGE: Final = "workforce"
SPLITS: Final = [("employer", "Employer"), ("setting_type", "Kind of setting"), ("place", "Place")]
PARTS: Final = {
    "courses": "DorPIP and other courses, and whether places were filled",
    "practice": "Understanding before and after, staff who stay, the baby seen in records",
    "care": "Needs found, confirmed and followed by care",
}
TEMPLATES: Final = (
    ("long_return_workforce", "the page’s figures"),
    ("training_plan", "the workforce and training plan"),
    ("sector_evidence", "the eight sectors"),
    ("settings", "hubs and settings"),
)
NO_DATA: Final = "The template to send in is at the end of this page."
PLAN: Final = (
    Column("group", "Workforce group"),
    Column("covered", "Covered by the plan"),
    Column("workforce_headcount", "Staff in post", number=True),
    Column("workforce_wte", "Whole-time equivalents", number=True),
    Column("workforce_vacancy", "Vacant posts", number=True),
    Column("level", "Level the roles need"),
    Column("level_set", "Set by, and when"),
    Column("target", "The plan’s target"),
)
SECTORS: Final = (
    Column("sector", "Sector"),
    Column("training", "Training"),
    Column("service", "Service"),
    Column("lead", "Lead"),
    Column("evidence", "What shows the training"),
)


def show_parts(area_code: str) -> list[Answer]:
    """Offer every part of the page beside groups and trajectory; give the answers of those that are open."""
    answers = [*folded("Completion by employer, kind of setting and place", "split", partial(show_split, area_code))]
    answers += folded("Settings for under-twos, on the map", "settings", show_settings)
    for part, title in PARTS.items():
        answers += folded(title, part, partial(show_part, part, area_code))
    answers += folded("The workforce plan, and the level each role needs", "plan", show_plan)
    answers += folded("The eight sectors", "sectors", show_sectors)
    options = ask("indicator_choices", page=PAGE)
    linked = st.query_params.get("indicator") in dict(options).values()
    look = partial(show_indicator, options, area_code)
    answers += folded("Look closer: one figure over time and by deprivation", "look", look, opened=linked)
    answers += folded(TITLE, "asked", partial(show_asked, PAGE))
    folded("Templates: what to send in", "templates", show_templates)
    return answers


def show_split(area_code: str) -> list[Answer]:
    """Show the same measures by employer, by kind of setting or by place."""
    split = pick_few("Completion by", SPLITS, key="by_whom")
    answer = ask("training_by", split=split, area_code=area_code)
    say_part(answer.question, answer)
    if answer.empty:
        st.markdown(NO_DATA)
        return [answer]
    show_dots(answer, dict(SPLITS)[split], answer.question, f"training-by-{split.replace('_', '-')}")
    return [answer]


def show_settings() -> list[Answer]:
    """Count settings for under-twos, and show on the map those that have a point."""
    answer = ask("under_two_settings")
    say_part(answer.question, answer)
    if answer.empty:
        st.markdown(NO_DATA)
        return [answer]
    columns = tuple(Column(name, name.replace("_", " ").capitalize(), number=name != "kind") for name in answer.table)
    show_table(answer, columns, answer.question, download_as="settings-for-under-twos")
    return [answer, *draw_settings(answer.points)]


def draw_settings(points: tuple[dict[str, Any], ...]) -> list[Answer]:
    """Draw settings over deprivation, where there is any with a point."""
    from pages.components.map_page import show_points

    if not points:
        st.markdown("None of them has a point that may stand on a map.")
        return []
    layers = next(iter(ask("map_choices").values()))
    layer = ask("map_layer", name=layers[0][0], area_type="lsoa21", fifths="national")
    show_points(layer, points)
    return [layer]


def show_part(part: str, area_code: str) -> list[Answer]:
    """Show one part: its finding, bars of its shares, and its figures as a whole and by group."""
    groups = partial(ask, "workforce_part_groups", part=part, area_code=area_code)
    answer = ask("workforce_part", part=part, area_code=area_code)
    return show_figure_part(part, answer, groups, lambda: st.markdown(NO_DATA))


def show_plan() -> list[Answer]:
    """Show the plan's status, and for each group coverage, posts and the level its roles need."""
    answer = ask("workforce_plan")
    say_part(answer.question, answer)
    show_table(answer, PLAN, "The nine workforce groups in the plan", download_as="workforce-plan")
    return [answer]


def show_sectors() -> list[Answer]:
    """Show the eight sectors, apart from the nine groups."""
    answer = ask("sector_training")
    say_part(answer.question, answer)
    st.markdown("The eight sectors are another list than the nine workforce groups. They are never added together.")
    show_table(answer, SECTORS, "The eight sectors", download_as="sectors")
    return [answer]


def show_templates() -> list[Answer]:
    """Offer the templates in which this page's figures and lists are sent in."""
    st.markdown("Fill in a template, then send it in on the Data page.")
    for name, words in TEMPLATES:
        offer_template(name, words)
    return []
