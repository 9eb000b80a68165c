"""Several tables in one file: the reader picks them, and the address keeps what was picked."""

from __future__ import annotations

from typing import Final

import streamlit as st

from data.actions.people import may
from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.downloads import offer_file
from pages.components.sign_in import person

#: What can be picked: its name in the list, the question, and what is chosen of it.
TABLES: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("Every ask and its status", "scorecard", {}),
    ("Mandated reviews by area", "reviews_by_area", {}),
    ("Headline figures: pregnancy and pathway", "headlines", {"page": "pregnancy_and_pathway"}),
    ("Headline figures: parent buddies", "headlines", {"page": "parent_buddies"}),
    ("Headline figures: workforce", "headlines", {"page": "workforce"}),
    ("Buddies: who needs one and has one", "buddies_allocation", {}),
    ("Buddies: by deprivation fifth", "buddies_by_fifth", {}),
    ("Buddies: by neighbourhood", "buddies_neighbourhoods", {}),
    ("Buddies: take-up", "buddies_take_up", {}),
    ("Buddies: outcomes", "buddies_outcomes", {}),
    ("Workforce: the plan by group", "workforce_plan", {}),
    ("Workforce: training of the sectors", "sector_training", {}),
    ("Commitments", "commitments", {}),
    ("Milestones", "milestones", {}),
    ("Evidence for the duty", "duty_file", {}),
    ("Indicators that bodies report", "kpi_register", {}),
    ("What families said and what changed", "coproduction", {}),
    ("Passages on babies in documents", "passages", {}),
    ("Returns that came and returns that are due", "coverage", {}),
    ("How complete the returns are", "completeness", {}),
    ("What each indicator counts", "definitions", {}),
    ("Loaded files", "loaded", {}),
)
NAME: Final = "chosen-tables"


def offer_workbook() -> list[Answer]:
    """Let whoever may take figures away pick tables; ask for those only, and offer them as one file."""
    if not may(person(), "export"):
        return []
    st.header("Several tables in one workbook", anchor=False)
    labels = [label for label, _, _ in TABLES]
    picked = st.multiselect(
        "Tables", labels, key="tables", bind="query-params", placeholder="Choose one or more tables"
    )
    answers = {label: ask(question, **choices) for label, question, choices in TABLES if label in picked}
    if not answers:
        st.markdown("Choose tables first. The workbook holds a cover, notes, definitions, sources and charts as well.")
        return []
    rows = sum(len(answer.table) for answer in answers.values())
    st.markdown(f"{len(answers)} {'table' if len(answers) == 1 else 'tables'}, {rows:,} rows.")
    with st.container(horizontal=True):
        for kind in ("xlsx", "ods", "package"):
            offer_file(answers, NAME, kind)
    return list(answers.values())
