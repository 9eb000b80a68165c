"""The Investment page's pieces: pounds by year, each measure at each place, the lines, the grant and the case."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.asked import TITLE, show_asked
from pages.components.downloads import offer_download
from pages.components.explained import say_how_to_read
from pages.components.filters import pick_one
from pages.components.folded import folded
from pages.components.frame import say_part
from pages.components.indicator_views import show_indicator
from pages.components.made_once import made_once
from pages.components.tables import Column, show_table, table_html
from pages.components.templates import offer_template

PAGE: Final = "investment"
SEND: Final = "Fill in the template, then send it in on the Data page. A line needs its share for pregnancy to age two."
YEARS: Final = (
    Column("year", "Year"),
    Column("kind", "Spent or planned"),
    Column("prevention_words", "Prevention", number=True),
    Column("statutory_words", "Statutory care", number=True),
    Column("share", "Prevention share", number=True),
    Column("real_words", "Prevention, real terms", number=True),
    Column("per_child", "Real terms, for each child and pregnancy", number=True),
    Column("per_birth", "ICB, for each birth", number=True),
)
LINES: Final = (
    Column("service", "Service"),
    Column("paid_by", "Paid by, from, for"),
    Column("amount_words", "Amount", number=True),
    Column("counts", "Counts for pregnancy to age two, and why"),
    Column("nature", "Nature"),
    Column("how_long", "For how long"),
    Column("protected", "Protected locally"),
)
GRANT: Final = (
    Column("measure", "What"),
    Column("area", "Where"),
    Column("year", "Year"),
    Column("figure", "Pounds", number=True),
    Column("published_in", "Published in"),
)
CASE: Final = (
    Column("measure", "Figure"),
    Column("period", "Year"),
    Column("most_deprived", "Most deprived fifth", number=True),
    Column("least_deprived", "Least deprived fifth", number=True),
    Column("gap", "Gap (95% confidence limits)"),
    Column("people", "A year, if it closed"),
    Column("cost", "Cost"),
)


def show_years(area_code: str, money: Answer) -> list[Answer]:
    """Draw pounds by year, spent and planned apart, then every measure at every place; or say what to send in."""
    years = ask("money_by_year", area_code=area_code)
    st.header(years.question, anchor=False)
    if years.empty:
        st.markdown("No data yet. The template to send in is below.")
        return [years]
    st.html(f"<p>{escape(years.finding)}</p>{years_html(years)}")
    say_how_to_read("money")
    show_table(years, YEARS, years.question, download_as="money-by-year", folded=True)
    st.header("Each measure, in the system and its councils", anchor=False)
    st.html(places_html(money))
    offer_download(money, "investment-measures")
    return [years]


@made_once
def years_html(answer: Answer) -> str:
    """Write a bar for each year, prevention filled and statutory care hatched; outturn and budget stand apart."""
    most = float((answer.table["prevention"] + answer.table["statutory"]).max()) or 1.0
    parts = "".join(
        f'<span class="f1-flow-part">{escape(str(kind))}</span>'
        + "".join(_bar(row, most) for row in own.to_dict("records"))
        for kind, own in answer.table.groupby("kind", sort=False)
    )
    alt = escape(answer.text_alternative, quote=True)
    key = (
        '<ul class="f1-flow-key"><li><span class="f1-swatch f1-kept"></span> Prevention</li>'
        '<li><span class="f1-swatch f1-dropped"></span> Statutory care</li></ul>'
    )
    return f'<div class="f1-bars" role="img" aria-label="{alt}">{parts}</div>{key}'


def _bar(row: dict[Hashable, Any], most: float) -> str:
    kept, other = (100 * float(row[name]) / most for name in ("prevention", "statutory"))
    words = f"{row['prevention_words']} prevention, {row['statutory_words']} statutory"
    return (
        f"<span>{escape(str(row['year']))}</span><b>{escape(words)}</b>"
        f'<span class="f1-bar"><span class="f1-kept" style="width:{kept:.1f}%"></span>'
        f'<span class="f1-dropped" style="width:{other:.1f}%"></span></span>'
    )


@made_once
def places_html(answer: Answer) -> str:
    """Write one row for each measure and one column for each place, with pounds and year in each cell."""
    table = answer.table
    places, rows = list(dict.fromkeys(table["area"])), []
    for measure, own in table.groupby("measure", sort=False):
        said = {row["area"]: _cell(row) for row in own.to_dict("records")}
        kinds = [kind for kind in own["kind"] if kind]
        rows.append([measure, kinds[0] if kinds else "–", *(said.get(place, "–") for place in places)])
    wide = pd.DataFrame(rows, columns=["measure", "kind", *places])
    columns = [Column("measure", "Measure"), Column("kind", "Spent or planned"), *(Column(one, one) for one in places)]
    label = "Illustrative, not real: " if answer.illustrative else ""
    return table_html(wide, columns, f"{label}each measure of money, newest year")


def _cell(row: dict[Hashable, Any]) -> str:
    counted = f": {row['counted']}" if row["counted"] else ""
    period = f" ({row['period']})" if row["period"] else ""
    return f"{row['figure']}{counted}{period}"


def show_parts(area_code: str, *, nothing: bool) -> list[Answer]:
    """Show the published grant in words, then offer every other part; give the answers of those that are open."""
    grant = ask("published_grant")
    answers = [grant]
    if not nothing:
        answers += folded(
            "Funding lines: each with its share and how it was reached", "lines", partial(_lines, area_code)
        )
    say_part(grant.question, grant)
    answers += folded("The published grant, year by year", "grant", partial(_grant, grant))
    st.header("The case for it", anchor=False)
    answers += folded(
        "What closing a gap would mean in babies, and what is known of its cost", "case", partial(_case, area_code)
    )
    options = ask("indicator_choices", page=PAGE)
    linked = st.query_params.get("indicator") in dict(options).values()
    look = partial(show_indicator, options, area_code)
    if options:
        answers += folded("Look closer: one figure over time and by deprivation", "look", look, opened=linked)
    answers += folded(TITLE, "asked", partial(show_asked, PAGE))
    return [*answers, *folded("Template: what to send in", "templates", _template, opened=nothing)]


def _lines(area_code: str) -> list[Answer]:
    """List the funding lines of one year of spend or of plans."""
    chosen = pick_one("Year, spent or planned", ask("line_choices"), key="year")
    answer = ask("funding_lines", area_code=area_code, chosen=chosen)
    say_part(answer.question, answer)
    if not answer.table.empty:
        show_table(answer, LINES, "Funding lines, the largest first", download_as="funding-lines")
    return [answer]


def _grant(grant: Answer) -> list[Answer]:
    """List the published grant with the publication of each figure."""
    show_table(grant, GRANT, "Published public health grant", download_as="public-health-grant")
    return []


def _case(area_code: str) -> list[Answer]:
    """Say what closing a chosen gap would mean, then list every gap."""
    options = ask("case_choices", area_code=area_code)
    if not options:
        st.markdown("No data yet by deprivation fifth. Send in any page’s return, by neighbourhood.")
        return []
    answer = ask("case_for", name=pick_one("Gap", options, key="gap"), area_code=area_code)
    say_part(answer.question, answer)
    show_table(answer, CASE, "Every gap in which the most deprived fare worse", download_as="the-case", folded=True)
    return [answer]


def _template() -> list[Answer]:
    """Offer the template in which funding lines are sent in."""
    st.markdown(SEND)
    offer_template("funding_lines", "funding lines")
    offer_template("published_statistics", "published figures, such as a unit cost")
    offer_template("long_return_investment", "published spend on children under five, and health visitors")
    return []
