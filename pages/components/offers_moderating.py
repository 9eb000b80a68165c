"""Moderate what local groups sent in: read it, accept it, ask for a change or decline it, with its history."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from data.actions.people import may
from data.answers.answer import Answer
from pages.components.ask import ask
from pages.components.offer_form import LABELS, LONGEST_WORDS
from pages.components.offers import day_words, say_done, try_act, withdraw_it
from pages.components.register_versions import show_history
from pages.components.sign_in import person

RIGHT: Final = "edit_registers"
REGISTER: Final = "community_offers"
TITLE: Final = "Moderate what groups sent in"
#: What may be done, and what is then stored.
DECISIONS: Final = {
    "Accept it: it is shown": "accepted",
    "Ask for a change": "change asked for",
    "Decline it": "declined",
}
ORDER: Final = ("waiting", "change asked for", "accepted", "declined")
CHECK: Final = """
Before you accept: is it for families before birth to age two, in Dorset? Does it name or point to a person?
Could it show where somebody hides from violence? Is it on the list already?
"""
#: Beside which button it is said what was done.
HERE: Final = "moderate"
NOTHING: Final = "–"
WHY: Final = "Reason, where you don’t accept it"
IN_WORDS: Final = "In a few words, for the sender. Name nobody."


def may_moderate() -> bool:
    """Say whether whoever is signed in is a moderator."""
    return may(person(), RIGHT)


def show_moderating() -> list[Answer]:
    """Show what waits first, and let a moderator decide."""
    from data.actions.offers import offers_sent

    sent = offers_sent(person())
    if sent.empty:
        st.markdown("Nothing has been sent in yet.")
        say_done(HERE)
        return []
    waiting = int((sent["status"] == "waiting").sum())
    verb = "waits" if waiting == 1 else "wait"
    st.markdown(f"Of {len(sent)} that were sent in, **{waiting} {verb} for a moderator**.")
    rows = {row["entry_id"]: row for row in sent.to_dict("records")}
    names = sorted(rows, key=lambda name: ORDER.index(rows[name]["status"]))
    chosen = st.selectbox(
        "Entry to read",
        names,
        format_func=lambda name: f"{rows[name]['status']}: {rows[name]['group_name']}" if name in rows else name,
        key="offer_moderated",
    )
    _show_one(rows[chosen if chosen in rows else names[0]])
    return []


def _show_one(row: dict[Any, Any]) -> None:
    st.html(offer_html(row, dict(ask("reach_places"))))
    if row["own"]:
        st.markdown("You sent this in yourself, so another moderator decides on it.")
    else:
        st.markdown(CHECK)
        _show_decision(row["entry_id"], int(row["version"]))
    if row["status"] == "accepted":
        args = (HERE, row["entry_id"], int(row["version"]))
        st.button("Withdraw it", key=f"moderate_withdraw_{row['entry_id']}", on_click=withdraw_it, args=args)
    say_done(HERE)
    show_history(person(), REGISTER, row["entry_id"])


def offer_html(row: Mapping[Any, Any], places: Mapping[str, str]) -> str:
    """Write an entry field by field."""
    from data.actions.registers import written_as

    said = written_as(row, REGISTER)
    said["area_code"] = places.get(said["area_code"], said["area_code"])
    parts = [(LABELS[name], said[name] or NOTHING) for name in LABELS if name not in {"reason", "reason_words"}]
    parts += [("Told on", day_words(row["told_on"])), ("Sent by", str(row["sender"]) or "a file")]
    parts += [("Decision", f"{row['status']}, {day_words(row['status_on'])}")]
    parts += [(LABELS["reason"], f"{row['reason']} {row['reason_words']}".strip())] if row["reason"] else []
    items = "".join(f"<li><strong>{escape(name)}</strong>: {escape(words)}</li>" for name, words in parts)
    return f'<ul class="f1-how" aria-label="What was sent in">{items}</ul>'


def _show_decision(entry_id: str, version: int) -> None:
    from data.actions.offers import choices

    key = f"moderate_{entry_id}_{version}"
    with st.form(key):
        st.radio("Your decision", list(DECISIONS), index=None, key=f"{key}_decision")
        st.selectbox(WHY, choices("reason"), index=None, placeholder="Choose", key=f"{key}_reason")
        st.text_input(IN_WORDS, max_chars=LONGEST_WORDS, key=f"{key}_reason_words")
        # the version is the one that this moderator read
        st.form_submit_button("Save the decision", type="primary", on_click=_decide, args=(key, entry_id, version))


def _decide(key: str, entry_id: str, version: int) -> None:
    from data.actions.offers import decide

    chosen = DECISIONS.get(st.session_state.get(f"{key}_decision") or "", "")
    reason = st.session_state.get(f"{key}_reason") or ""
    words = st.session_state.get(f"{key}_reason_words") or ""

    def act() -> str:
        decide(person(), entry_id, chosen, version=version, reason=reason, reason_words=words)
        return "Your decision is saved" + (", and it is shown now." if chosen == "accepted" else ", with the reason.")

    try_act(HERE, act)
