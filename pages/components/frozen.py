"""A fixed view: what a page showed on a day, drawn from what was kept, and the list of all fixed views."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final, NoReturn

import pandas as pd
import streamlit as st

from data.actions.people import may
from data.answers import frozen as fixed
from data.answers.answer import Answer
from data.answers.cited import citation, day_words
from data.answers.frozen import Frozen, FrozenEntry, Withdrawn
from data.answers.maps import MapAnswer
from data.errors import DataError
from pages.components.ask import ask
from pages.components.charts import draw_by_group, draw_over_time
from pages.components.downloads import offer_download
from pages.components.frame import say_finding, say_illustrative, say_sources
from pages.components.links import fixed_address, server_address, show_citation, show_link, today
from pages.components.map_page import show_points
from pages.components.sign_in import person, person_later
from pages.components.tables import Column, table_html

ROWS_IN_SIGHT: Final = 12
#: What stands in the figure's own words, and what only programs read: in files, and not on screen.
NUMBERS: Final = frozenset({"value", "lowercl", "uppercl", "value_status"})
DAYS: Final = frozenset({"period_from", "period_to"})
CODES: Final = frozenset({"indicator_id", "area_code", "class_index", "near", "icon", "submission_id", "sha256"})
SAID: Final = "withdrawal_said"


def open_fixed_view() -> Frozen:
    """Give the view that the address names; a page without one, or with one that is shown no more, ends in words."""
    identity = st.query_params.get("id", "")
    if not identity:
        _stop("info", "This address names no fixed view. The page Take away lists those that there are.")
    try:
        return fixed.frozen(identity)
    except Withdrawn as told:
        _stop("warning", str(told))
    except DataError as error:
        _stop("error", str(error))


def _stop(kind: str, words: str) -> NoReturn:
    {"info": st.info, "warning": st.warning, "error": st.error}[kind](words)
    st.stop()


def show_head(found: Frozen) -> None:
    """Say which view it is, from when, and where today's stands; offer the pack that was fixed with it."""
    if found.illustrative:
        say_illustrative()
    st.header(found.title, anchor=False)
    data = f" from data <code>{found.data_sha256[:12]}</code>" if found.data_sha256 else ""
    st.html(
        f"<p>Fixed on <strong>{day_words(found.frozen_at.date())}</strong>{data}, version {escape(found.version)}. "
        f'Today’s view may differ: <a href="{escape(found.address, quote=True)}" target="_self">'
        "open the live view</a>.</p>"
    )
    _offer_pack(found)


def _offer_pack(found: Frozen) -> None:
    """Offer the file that was fixed with a view; it is given when its button is pressed."""
    if found.pack is None or not may(person(), "export"):
        return
    from data.actions.freezing import frozen_pack

    asking, pack = person_later(), found.pack
    st.download_button(
        f"Download {pack.file}",
        data=lambda: frozen_pack(asking(), found.id),
        file_name=pack.file,
        mime=pack.media_type,
        key="download-fixed-pack",
        on_click="ignore",
    )


def show_answers(found: Frozen) -> None:
    """Show each answer: its question, finding, picture and table."""
    before = ""
    for number, (name, answer) in enumerate(found.answers.items()):
        title = getattr(answer, "title", "") or answer.question
        if title not in {before, found.title}:
            st.header(title, anchor=False)
        before = title
        say_finding(answer)
        _say_beside(answer)
        draw_answer(answer, key=f"fixed-{number}")
        if not answer.empty:
            _show_table(answer, name)


def _say_beside(answer: Answer) -> None:
    """Say what some answers say beside their finding: a paragraph in parts, or facts with their labels."""
    paragraph = "".join(words for words, *_ in getattr(answer, "top_line", ()))
    if paragraph:
        st.html(f"<p>{escape(paragraph)}</p>")
    facts = [(escape(label), escape(". ".join(said))) for label, *said in getattr(answer, "facts", ())]
    if facts:
        st.html(f"<ul>{''.join(f'<li><strong>{label}</strong>: {said}</li>' for label, said in facts)}</ul>")


def draw_answer(answer: Answer, *, key: str) -> None:
    """Draw an answer as pages do: a map, a line over time, or groups; nothing where none would be true."""
    if isinstance(answer, MapAnswer):
        if answer.area_type in ask("layer_addresses"):
            show_points(answer, (), key=key)
        return
    from data.exports.drawings_rows import plan_of

    plan = plan_of(answer)
    if plan is None or (plan.kind == "lines" and any(row.heading for row in plan.rows)):
        return
    frame = pd.DataFrame([{name: getattr(row, name) for name in MARK} for row in plan.rows])
    if plan.kind == "lines":
        last = frame["value"].last_valid_index()
        series = frame.rename(columns={"name": "period", "unusual": "special"})
        series = series.assign(benchmark_name=plan.benchmark_name, last=series.index == last)
        draw_over_time(series, answer.unit, answer.text_alternative, key=key)
    else:
        heads = frame["heading"].where(frame["heading"] == "", frame["heading"] + ": ")
        groups = frame.assign(group=heads + frame["name"], label=frame["words"])
        draw_by_group(groups, answer.unit, answer.text_alternative, key=key)


MARK: Final = ("name", "heading", "value", "lowercl", "uppercl", "benchmark", "words", "unusual")


def _show_table(answer: Answer, name: str) -> None:
    """Show the table as files have it, folded away where it is long, with its downloads."""
    from data.exports.table import headings, shown_table

    table = shown_table(answer)
    unseen = CODES | (NUMBERS if "figure" in table.columns else set()) | (DAYS if "period" in table.columns else set())
    columns = [
        Column(str(one), heading)
        for one, heading in zip(table.columns, headings(table), strict=True)
        if one not in unseen
    ]
    html = table_html(table, columns, answer.question)
    folded = len(table) > ROWS_IN_SIGHT
    summary = f"Table: {escape(answer.question)} {len(table):,} rows"
    st.html(f"<details><summary>{summary}</summary>{html}</details>" if folded else html)
    offer_download(answer, name)


def show_end(found: Frozen) -> None:
    """End with sources, the permanent address, and how to cite it."""
    answers = list(found.answers.values())
    say_sources(*answers)
    address = f"{server_address('frozen')}{fixed_address(found.id)}"
    day = found.frozen_at.date()
    show_link(address, "It is permanent.")
    show_citation(citation(found.title, "", answers, address, today(), fixed=day, version=found.version))
    hashed = f'<code style="overflow-wrap: anywhere">{found.sha256}</code>'
    st.html(f"<p>SHA-256 of this view, which is checked each time it is read: {hashed}</p>")


# ---- the list -------------------------------------------------------------------------------------------------------


def list_fixed_views() -> None:
    """List the fixed views that stand, and let whoever may withdraw one."""
    who = person()
    entries = fixed.standing()
    st.header("Fixed views", anchor=False)
    if said := st.session_state.pop(SAID, None):
        st.success(said)
    if not entries:
        st.markdown("No view is fixed yet. At the end of each page, a view can be fixed at the data of the day.")
        return
    st.markdown("Each shows what a page, or a pack, said on its day. Later loads do not change it.")
    st.html(_list_html(entries))
    if may(who, "withdraw"):
        _offer_withdrawal(entries)


def _list_html(entries: Sequence[FrozenEntry]) -> str:
    items = "".join(
        f'<li><a href="{fixed_address(one.id)}" target="_self">{escape(one.title)}</a>, '
        f"fixed on {day_words(one.frozen_at.date())}{', with its file' if one.is_pack else ''}"
        f"{'. Illustrative' if one.illustrative else ''}</li>"
        for one in entries
    )
    return f'<ul aria-label="Fixed views">{items}</ul>'


def _offer_withdrawal(entries: Sequence[FrozenEntry]) -> None:
    """Let a strategy lead or steward say that a view is shown no more, and why."""
    part = st.expander("Withdraw a fixed view", key="withdraw", on_change="rerun")
    if not part.open:
        return
    titles = {one.id: f"{one.title}, {day_words(one.frozen_at.date())}, {one.id[:6]}" for one in entries}
    with part, st.form("withdrawal", border=False):
        identity = st.selectbox("Fixed view", list(titles), format_func=titles.__getitem__, key="withdrawn_view")
        reason = st.text_input("Reason, which its address then says", max_chars=300, key="withdrawn_why")
        if not st.form_submit_button("Withdraw it"):
            return
    from data.actions.freezing import withdraw

    try:
        withdraw(person(), identity, reason)
    except DataError as error:
        st.error(f"Nothing was withdrawn. {error}")
        return
    st.session_state[SAID] = f"Withdrawn: {titles[identity]}. Its address now says so."
    st.rerun()
