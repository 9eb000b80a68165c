"""What is on the registers, folded: each part is asked for only when a reader opens it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.downloads import offer_download
from pages.components.frame import say_finding, say_part
from pages.components.tables import Column, answer_html, show_table

EVIDENCE: Final = Column("evidence", "Evidence")
STATUS: Final = Column("status", "Status")
OWNER: Final = Column("owner_role", "Who answers for it")
#: Title, question, what the table is called, and its columns.
PARTS: Final[tuple[tuple[str, str, str, tuple[Column, ...]], ...]] = (
    (
        "Promises: overdue and unevidenced first",
        "commitments",
        "Promises, overdue and unevidenced first",
        (
            Column("promise", "Promise"),
            Column("who", "Who made it, and who answers for it"),
            Column("due_in_words", "Due"),
            Column("status_in_words", "Status"),
            EVIDENCE,
            Column("source", "Where it stands"),
            Column("history", "History"),
        ),
    ),
    (
        "How a promise follows its indicator",
        "status_rule",
        "Rules by which a promise gets its status from data",
        (Column("when", "When"), Column("status", "The status becomes")),
    ),
    (
        "The duty to reduce inequalities: what is on file",
        "duty_file",
        "Evidence of the duty, item by item",
        (
            Column("item", "Item"),
            Column("on_file", "On file"),
            Column("document", "Document"),
            Column("page", "Page"),
            Column("quote", "In its words"),
            Column("found_on", "Found on"),
            Column("missing", "What is missing"),
        ),
    ),
    (
        "Eight sectors by service, training and lead",
        "sector_matrix",
        "What each sector has in place",
        (
            Column("sector", "Sector"),
            Column("service", "Service"),
            Column("training", "Training"),
            Column("lead", "Lead"),
            Column("champion", "Champion"),
            Column("commitment", "Signed commitment"),
        ),
    ),
    (
        "Measures in contracts, mapped to asks",
        "kpi_register",
        "Measures in contracts",
        (
            Column("measure", "Measure"),
            Column("mandated", "Mandated"),
            Column("contract", "Contract"),
            Column("organisation", "Reported by"),
            Column("asks", "Asks it serves"),
            Column("last_reported", "Last reported"),
            Column("aligned", "So it is"),
        ),
    ),
    (
        "Asks that no contract measures",
        "asks_nobody_measures",
        "Asks that no contract measures",
        (
            Column("ask", "Ask"),
            Column("quote", "What was asked for"),
            Column("measures_here", "Indicators here", number=True),
        ),
    ),
    (
        "Co-production with families",
        "coproduction",
        "Where families helped to shape services",
        (
            Column("held_on", "Day"),
            Column("service", "Service"),
            Column("activity", "What took place"),
            Column("level", "How far"),
            Column("groups", "Groups present"),
            Column("you_said", "You said"),
            Column("we_did", "We did"),
        ),
    ),
    (
        "Milestones of the 3 Point Plan",
        "milestones",
        "Milestones of the plan",
        (
            Column("milestone", "Milestone"),
            Column("point", "Point"),
            OWNER,
            Column("due", "Due"),
            Column("days_late", "Days late", number=True),
            STATUS,
            EVIDENCE,
        ),
    ),
)


def show_register_part(name: str, draw: Callable[[Answer], None] | None = None) -> list[Answer]:
    """Show one part: its finding, its picture if it has one, its table and its download."""
    _, _, caption, columns = next(part for part in PARTS if part[1] == name)
    answer: Answer = ask(name)
    say_finding(answer)
    if not answer.empty:
        if draw is not None:
            draw(answer)
        st.html(answer_html(answer, columns, caption))
        offer_download(answer, name.replace("_", "-"))
    return [answer]


KEPT: Final = (
    Column("register", "Register"),
    Column("entries", "Entries"),
    Column("newest", "Newest day in it"),
    Column("last_changed", "Last changed"),
    Column("kind", "Real or illustrative"),
    Column("holds", "What it holds"),
)


def say_registers_kept() -> Answer:
    """Say which registers are kept and how new they are, with the table folded."""
    kept: Answer = ask("registers_kept")
    say_part("Registers", kept)
    show_table(kept, KEPT, "Registers, and how new each is", download_as="registers", folded=True)
    return kept
