"""Every file that was ever loaded, the way back to an earlier one, signing off, and the trail: each for who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from data.actions.people import Person, may
from data.errors import DataError
from pages.components.ask import look_again
from pages.components.sending import who_can
from pages.components.sign_in import person, person_later
from pages.components.tables import Column, table_html

SUBMISSIONS: Final = (
    Column("file_name", "File"),
    Column("publication", "Publication or return"),
    Column("loaded", "Loaded (UTC)"),
    Column("loaded_by", "By whom"),
    Column("state", "State"),
    Column("sign_off", "Signed off"),
    Column("hash", "SHA-256 begins"),
)
TRAIL: Final = (
    Column("number", "Entry"),
    Column("at", "When"),
    Column("who", "Who"),
    Column("act", "What was done"),
    Column("subject", "To what"),
    Column("detail", "Noted"),
)
#: Key of what an act has said, until the page has shown it.
SAID, ASKED = "steward_said", "steward_asked"
SHOWN_AT_MOST: Final = 100


def show_earlier_files() -> None:
    """List every file for those who may go back, and let them; nothing is asked until they open the part."""
    who = person()
    st.header("Earlier files", anchor=False)
    if not may(who, "go_back"):
        st.markdown(who_can(who, "go_back", "go back to an earlier file"))
        return
    _say_what_was_done()
    part = st.expander("Every file that was ever loaded, and the way back", key="earlier", on_change="rerun")
    if not part.open:
        return
    with part:
        listed = _listed(who)
        st.html(table_html(listed, SUBMISSIONS, f"Files that were loaded, newest first: {len(listed):,}"))
        _offer_going_back(who, listed)


def _listed(who: Person) -> pd.DataFrame:
    """Write the list of files as people read it."""
    from data.actions.sending import submissions

    files = submissions(who)
    gone = files["superseded_at"].notna()
    state = files["illustrative"].map({True: "Illustrative", False: "Used"}).mask(gone, "Gave way to a later file")
    state = state.mask(~gone & files["earlier"], "Used in part")
    return files.assign(
        state=state,
        loaded=_when(files["loaded_at"]),
        sign_off=files["sign_off"].replace("", "Not needed"),
        hash=files["sha256"].str[:12],
    )


def _when(moments: pd.Series) -> list[str]:
    """Write moments as 22 Nov 2026 02:39."""
    return [f"{moment.day} {moment:%b %Y %H:%M}" for moment in pd.to_datetime(moments)]


def _offer_going_back(who: Person, listed: pd.DataFrame) -> None:
    """Offer to use an earlier file again, or to take one out; each is asked about once more before it is done."""
    from data.actions.sending import go_back, take_back

    earlier = _options(listed.loc[listed["earlier"]])
    if earlier:
        st.markdown("**Go back.** The earlier file’s figures are used again, in place of those that stand there now.")
        number = st.selectbox("Earlier file", list(earlier), format_func=earlier.__getitem__, key="earlier_file")
        _act_when_sure("Go back to this file", "back", lambda: go_back(who, number))
    else:
        st.markdown("No file has given way to a later one, so there is none to go back to.")
    newest = _options(listed.loc[listed["on_top"]])
    if newest:
        st.markdown("**Take a file out.** What had given way to it is used again.")
        number = st.selectbox("File to take out", list(newest), format_func=newest.__getitem__, key="taken_file")
        _act_when_sure("Take this file out", "out", lambda: take_back(who, number))


def _options(files: pd.DataFrame) -> dict[int, str]:
    return {
        int(row["id"]): f"{row['file_name']}, loaded {row['loaded']} by {row['loaded_by']}, number {row['id']}"
        for row in files.to_dict("records")
    }


def _act_when_sure(label: str, key: str, act: Callable[[], tuple[str, ...]]) -> None:
    """Ask once more, then do it and keep what is to be said."""
    if st.button(f"{label} …", key=f"ask_{key}"):
        st.session_state[ASKED] = key
    if st.session_state.get(ASKED) != key:
        return
    st.warning("This changes the figures that everybody sees. You can undo it in the same way.")
    yes, no = st.columns(2)
    with yes:
        sure = st.button(f"Yes: {label[0].lower()}{label[1:]}", type="primary", key=f"sure_{key}")
    with no:
        st.button("No, leave it as it is", key=f"leave_{key}", on_click=lambda: st.session_state.pop(ASKED, None))
    if sure:
        _do(act)


def _do(act: Callable[[], tuple[str, ...]]) -> None:
    st.session_state.pop(ASKED, None)
    try:
        with st.spinner("Changing the figures, and protecting small numbers again"):
            st.session_state[SAID] = " ".join(act())
    except DataError as error:
        st.error(f"Nothing was changed. {error}")
        return
    look_again()
    st.rerun()


def _say_what_was_done() -> None:
    said = st.session_state.pop(SAID, None)
    if said:
        st.success(said)


def show_stewardship() -> None:
    """Let a steward sign returns off and read the trail; others learn who can."""
    who = person()
    st.header("Signing off, and the trail", anchor=False)
    if not (may(who, "sign_off") and may(who, "see_trail")):
        st.markdown(who_can(who, "sign_off", "sign returns off or read the trail"))
        return
    _say_signed()
    part = st.expander("Sign a return off", key="sign_off", on_change="rerun")
    if part.open:
        with part:
            _offer_sign_off(who)
    part = st.expander("The trail: who loaded, changed and took away what", key="trail", on_change="rerun")
    if part.open:
        with part:
            _show_trail(who)


SIGNED: Final = "steward_signed"


def _say_signed() -> None:
    said = st.session_state.pop(SIGNED, None)
    if said:
        st.success(said)


def _offer_sign_off(who: Person) -> None:
    """Offer the returns that wait to be signed off; signing off first attacks all that is released."""
    from data.actions.sign_off import awaiting_sign_off, sign_off

    st.markdown(
        "Signing off says that you have looked at a return’s figures. First, all that is released is attacked as a "
        "reader with all of it would. If any hidden count could be worked out, nothing is signed off."
    )
    returns = awaiting_sign_off(who)
    waiting = _options(returns.assign(loaded=_when(returns["loaded_at"])))
    if not waiting:
        st.markdown("No return waits to be signed off. Illustrative files and publications are not signed off.")
        return
    number = st.selectbox("Return to sign off", list(waiting), format_func=waiting.__getitem__, key="signed_file")
    if not st.button("Sign this return off", type="primary", key="sign"):
        return
    try:
        with st.spinner("Attacking the release. This can take some minutes"):
            sign_off(who, number)
    except DataError as error:
        st.error(f"The return was not signed off. {error}")
        return
    st.session_state[SIGNED] = f"Signed off: {waiting[number]}."
    look_again()
    st.rerun()


def _show_trail(who: Person) -> None:
    """Show the newest entries, whether the chain holds, and offer all of it as a file."""
    from data.actions.trail import export_trail, trail

    found = trail(who)
    (st.success if found.holds else st.error)(found.sentence)
    st.markdown(f"The last entry is `{found.last}`. Note it somewhere else: it shows later whether the trail was cut.")
    shown = found.table.head(SHOWN_AT_MOST)
    st.html(table_html(shown, TRAIL, f"The newest {len(shown):,} of {len(found.table):,} entries"))
    asking = person_later()
    st.download_button(
        "Download the whole trail (CSV)",
        data=lambda: export_trail(asking()),
        file_name="trail.csv",
        mime="text/csv",
        key="download-trail",
        on_click="ignore",
    )
