"""What local groups offer: shown for a place, sent in by whoever knows, with each person's own list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.actions.people import Person, may
from data.answers.answer import Answer
from data.errors import DataError
from pages.components.ask import ask, look_again
from pages.components.frame import say_part
from pages.components.made_once import made_once
from pages.components.offer_form import problems_in_words, show_fields, written_in
from pages.components.sign_in import person
from pages.components.tables import Column, cell_words, show_table, table_html
from pages.components.templates import offer_template

#: What the session keeps: how many forms were sent, and what was done or what is wrong.
ROUND, SAID = "offer_round", "offer_said"
#: Beside which button it is said.
NEW, OWN_LIST = "new", "own"
OFFERS: Final = (
    Column("group", "Group"),
    Column("offers", "What it offers"),
    Column("for_whom", "Whom it is for"),
    Column("languages", "Languages"),
    Column("where", "Where"),
    Column("covers", "Who may come"),
    Column("how_often", "How often"),
    Column("since", "Since"),
    Column("places", "Places", number=True),
    Column("free", "Free"),
    Column("how_found", "How to find it"),
    Column("about", "In its words"),
    Column("told", "Told on"),
    Column("kind", "Real or invented"),
)
OWN: Final = (
    Column("group_name", "Group"),
    Column("where", "Where"),
    Column("told", "You told us on"),
    Column("stands", "Where it stands"),
    Column("why", "Why"),
)
COVERS: Final = {"its council area": "all of its council area"}
STANDS: Final = {
    "waiting": "Waits for a moderator; nobody else sees it",
    "accepted": "Accepted, and shown",
    "change asked for": "Please change it; it is not shown",
    "declined": "Declined, and not shown",
}
SEND: Final = """
You know what your group does. Tell us here: it takes two minutes, and needs the name of no family.
**A moderator reads it first.** Until they accept it, only you and they can see it. Your name is not shown with it.
"""
NEVER: Final = (
    "Never write the name, address, phone number or birth date of anybody, or where a refuge is. "
    "What could identify a person is refused and not kept."
)
FILES: Final = "Many groups at once, or a hub or setting? Fill in a template and send it to a data steward."


def show_offers(area_code: str) -> list[Answer]:
    """Show what groups told us about a place, or about all of them."""
    answer = ask("local_offers", area_code=area_code)
    say_part(answer.question, answer)
    if answer.empty:
        st.markdown("Do you know one? Send it in below, under ‘Tell us what your group does’.")
    else:
        st.html(offers_html(answer))
        caption = "Told by local groups, not counted as a service figure"
        show_table(answer, OFFERS, caption, download_as="what-local-groups-told-us", folded=True)
    return [answer]


@made_once
def offers_html(answer: Answer) -> str:
    """Write each group as a reader takes it in: what, for whom, where and when, how to find it, and who says so."""
    items = "".join(f"<li>{_offer_words(row)}</li>" for row in answer.table.to_dict("records"))
    return f'<ul class="f1-how" aria-label="What local groups told us">{items}</ul>'


def _offer_words(row: dict[Hashable, Any]) -> str:
    """Say one offer in a few sentences."""
    since = f" since {row['since']}" if row["since"] != "–" else ""
    fits = "" if pd.isna(row["places"]) else f", {cell_words(row['places'])} places"
    free = {"yes": ", free", "no": ", not free"}.get(str(row["free"]), "")
    parts = [
        f"{row['offers']}, for {row['for_whom']}.",
        f"Languages: {row['languages']}." if row["languages"] != "–" else "",
        f"In {row['where']}, for {COVERS.get(str(row['covers']), row['covers'])}.",
        f"Meets {row['how_often']}{since}{fits}{free}.",
        f"How to find it: {row['how_found']}.",
        f"In its words: “{row['about']}”." if row["about"] != "–" else "",
        f"Told by a local group on {row['told']}; not counted as a service figure.",
    ]
    return f"<strong>{escape(str(row['group']))}</strong>: {escape(' '.join(filter(None, parts)))}"


def show_sending(area_code: str) -> list[Answer]:
    """Take in what a group offers, list what this person sent in, and offer the templates."""
    who = person()
    if may(who, "suggest"):
        st.markdown(SEND)
        st.markdown(NEVER)
        _show_new(area_code)
        _show_own(who)
    st.markdown(FILES)
    offer_template("community_offers", "what local groups offer")
    offer_template("settings", "hubs and settings")
    offer_template("sector_evidence", "the eight sectors")
    offer_template("long_return_reach", "the page’s figures")
    return []


def say_done(where: str) -> None:
    """Say what was done, or what is wrong, beside the button that was pressed."""
    said = st.session_state.get(SAID)
    if said is None or said[0] != where:
        return
    _, kind, words = st.session_state.pop(SAID)
    if kind == "done":
        st.success(words)
    else:
        st.error(words)


def try_act(where: str, act: Callable[[], str]) -> bool:
    """Do what a button asks, before the page runs again, and keep in the session what is to be said of it."""
    from data.actions.offers import ChangedMeanwhile

    try:
        st.session_state[SAID] = (where, "done", act())
    except ChangedMeanwhile as told:
        stands = "withdrawn" if told.now["withdrawn"] else told.now["status"]
        words = f"Nothing was saved: somebody was faster, and it is “{stands}” now. Look at it again below."
        st.session_state[SAID] = (where, "wrong", words)
        return False
    except DataError as error:
        st.session_state[SAID] = (where, "wrong", problems_in_words(error))
        return False
    look_again()
    return True


# ---- sending in -----------------------------------------------------------------------------------------------------


def _show_new(area_code: str) -> None:
    number = st.session_state.setdefault(ROUND, 0)
    key = f"offer_{number}"
    with st.form(key, border=True):
        show_fields(key, {}, area_code)
        st.form_submit_button("Send it in", type="primary", on_click=_send, args=(key, area_code))
    say_done(NEW)


def _send(key: str, area_code: str) -> None:
    from data.actions.offers import suggest

    def act() -> str:
        suggest(person(), written_in(key, area_code))
        return "Thank you. It waits for a moderator now; you find it in your own list below."

    if try_act(NEW, act):
        st.session_state[ROUND] += 1


# ---- one's own list -------------------------------------------------------------------------------------------------


def _show_own(who: Person) -> None:
    from data.actions.offers import own_offers

    own = own_offers(who)
    st.header("What you sent in", anchor=False)
    if own.empty:
        st.markdown("Nothing yet.")
        say_done(OWN_LIST)
        return
    st.html(table_html(own_table(own), OWN, "What you sent in, newest first"))
    rows = {row["entry_id"]: row for row in own.to_dict("records")}
    chosen = st.selectbox(
        "Change or withdraw one of them",
        list(rows),
        index=None,
        format_func=lambda name: f"{rows[name]['group_name']} ({rows[name]['status']})" if name in rows else name,
        placeholder="Choose",
        key="offer_own",
    )
    if chosen in rows:
        _show_change(rows[chosen])
    say_done(OWN_LIST)


def own_table(own: pd.DataFrame) -> pd.DataFrame:
    """Say of each entry where it stands, in words."""
    places = dict(ask("reach_places"))
    reasons = zip(own["reason"], own["reason_words"], strict=True)
    return pd.DataFrame(
        {
            "group_name": own["group_name"],
            "where": [places.get(code, code) for code in own["area_code"]],
            "told": [day_words(day) for day in own["told_on"]],
            "stands": own["status"].map(STANDS),
            "why": [". ".join(filter(None, both)) or "–" for both in reasons],
        }
    )


def day_words(written: object) -> str:
    """Write a stored day as people do."""
    return f"{dt.date.fromisoformat(str(written)[:10]):%-d %B %Y}"


def _show_change(row: dict[Any, Any]) -> None:
    from data.actions.registers import written_as

    entry_id, version = row["entry_id"], int(row["version"])
    key = f"offer_{entry_id}_{version}"
    st.markdown("Once changed, it waits for a moderator again, and is not shown until they have read it.")
    with st.form(key):
        show_fields(key, written_as(row, "community_offers"), "")
        # the version is the one that stood here when the form was shown
        st.form_submit_button("Save the change", type="primary", on_click=_change, args=(key, entry_id, version))
    st.button("Withdraw it", key=f"{key}_withdraw", on_click=withdraw_it, args=(OWN_LIST, entry_id, version))


def _change(key: str, entry_id: str, version: int) -> None:
    from data.actions.offers import change_own

    def act() -> str:
        change_own(person(), entry_id, written_in(key, ""), version=version)
        return "Your change is saved. It waits for a moderator now."

    try_act(OWN_LIST, act)


def withdraw_it(where: str, entry_id: str, version: int) -> None:
    """Withdraw an entry, as its sender or as a moderator."""
    from data.actions.offers import withdraw

    def act() -> str:
        withdraw(person(), entry_id, version=version)
        return "It is withdrawn, and shown nowhere. Its history stays."

    try_act(where, act)
