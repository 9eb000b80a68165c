"""The mandated reviews: one row each, the system beside its councils, the region and England."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import streamlit as st

from data.answers.answer import Answer
from pages.components.downloads import offer_download
from pages.components.figures import show_figures
from pages.components.made_once import made_once
from pages.components.tables import Column, table_html

LED_WITH: Final = ("new_birth_visit_14_days", "review_6_8_weeks", "review_12_months_by_15", "review_2_years")
SYMBOLS: Final = {"better": "▲", "worse": "▼", "similar": "●", "higher": "▲", "lower": "▼"}


def show_reviews(answer: Answer) -> None:
    """Show four headline reviews, then every review by place."""
    show_figures(led_figures(answer))
    st.html(reviews_html(answer))
    offer_download(answer, "mandated-reviews")


@made_once
def led_figures(answer: Answer) -> list[tuple[str, str, str]]:
    """Choose the reviews to lead with, for the system as a whole."""
    table = answer.table
    system = table["area"].iloc[0] if len(table) else ""
    led = table.loc[(table["area"] == system) & table["indicator_id"].isin(LED_WITH)]
    return [(row["review"], str(row["figure"]).split(" (")[0], _held_against(row)) for row in led.to_dict("records")]


@made_once
def reviews_html(answer: Answer) -> str:
    """Write one row for each review and one column for each place."""
    table = answer.table
    places = list(dict.fromkeys(table["area"]))
    wide = table.assign(cell=[_cell(row) for row in table.to_dict("records")]).pivot(
        index="review", columns="area", values="cell"
    )
    wide = wide.reindex(index=list(dict.fromkeys(table["review"])), columns=places).reset_index()
    columns = [Column("review", "Mandated review"), *(Column(place, place) for place in places)]
    return table_html(wide, columns, "Newest year of each review, with 95% confidence limits and comparison")


def _held_against(row: dict[Hashable, Any]) -> str:
    known = row["comparison"] in {"better", "worse"}
    judged = f". {row['comparison'].capitalize()} than {row['benchmark']}" if known else ""
    label = "Illustrative. " if row["illustrative"] else ""
    return f"{label}{row['area']}, {row['period']}{judged}"


def _cell(row: dict[Hashable, Any]) -> str:
    compared = f"; {SYMBOLS[row['comparison']]} {row['comparison']}" if row["comparison"] in SYMBOLS else ""
    label = " [illustrative]" if row["illustrative"] else ""
    period = f", {row['period']}" if row["period"] else ""
    return f"{row['figure']}{period}{compared}{label}"
