"""Keep a register: its entries as a table, a form for one of them, its history, and both versions where two collide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from data.actions.people import Person, may
from data.errors import DataError, DataErrors
from pages.components.ask import look_again
from pages.components.register_fields import field_label, show_fields
from pages.components.register_versions import show_history
from pages.components.sending import who_can
from pages.components.sign_in import person
from pages.components.tables import Column, table_html

if TYPE_CHECKING:
    from data.actions.registers import ChangedMeanwhile

RIGHT: Final = "edit_registers"
NEW: Final = "A new entry"
#: What the session keeps: what was done; the version of the entry that the form began from; two versions that collide.
DONE, SEEN, COLLIDED = "register_done", "register_seen", "register_collided"
LISTED_AT_MOST: Final = 200
SHOWN_COLUMNS: Final = 4
WORDS: Final = ("text", "long_text")


def keep_registers(register_ids: Sequence[str]) -> None:
    """Fold the registers of a page away, for whoever may keep them; nothing is read until the part is opened."""
    who = person()
    part = st.expander("Keep the registers: add, change or withdraw entries", key="registers", on_change="rerun")
    if not part.open:
        return
    with part:
        if not may(who, RIGHT):
            st.markdown(who_can(who, RIGHT, "edit registers"))
            return
        from data.actions.registers import register

        names = {register(name).id: register(name).name for name in register_ids}
        chosen = st.selectbox("Register", list(names), format_func=names.__getitem__, key="register")
        edit_register(chosen)


def edit_register(register_id: str) -> None:
    """Show a register's entries, and let one be added, changed or withdrawn."""
    from data.actions.registers import entries, register

    who, known = person(), register(register_id)
    _say_done()
    st.markdown(f"{known.holds} Each change is kept: earlier versions stay in an entry’s history.")
    listed = entries(who, register_id)
    if len(listed):
        _show_entries(listed, register_id)
    else:
        st.markdown(f"There is no entry yet. You can also send the register in with the template “{known.name}”.")
    collided = st.session_state.get(COLLIDED)
    if collided is not None and collided["register"] == register_id:
        _show_collision(who, collided)
        return
    options = [NEW, *listed["entry_id"]]
    words = {
        name: _words_of(row, register_id) for name, row in zip(options[1:], listed.to_dict("records"), strict=True)
    }
    chosen = st.selectbox(
        "Entry to change", options, format_func=lambda name: words.get(name, name), key=f"entry_{register_id}"
    )
    if chosen == NEW:
        _add(who, register_id, listed)
    else:
        _change(who, register_id, _seen(register_id, str(chosen), listed))


# ---- entries --------------------------------------------------------------------------------------------------------


def _show_entries(listed: pd.DataFrame, register_id: str) -> None:
    """Show the entries as a table: id, what is required of each, and who changed it last."""
    from data.actions.registers import in_words, register

    required = [column for column in register(register_id).columns if column.required and column.name != "id"]
    # what an entry is about comes first, then what can be told in a word; the rest is in the form
    about = [column for column in required if column.kind in WORDS][:1]
    shown = [*about, *(column for column in required if column.kind not in WORDS)][:SHOWN_COLUMNS]
    frame = pd.DataFrame(
        {
            "entry_id": listed["entry_id"],
            **{column.name: [in_words(value) or "–" for value in listed[column.name]] for column in shown},
            "changed": [
                f"{str(day)[:10]} by {by}" for day, by in zip(listed["recorded_at"], listed["recorded_by"], strict=True)
            ],
            "real": listed["illustrative"].map({True: "Invented", False: "Real"}),
        }
    ).head(LISTED_AT_MOST)
    headings = [Column(column.name, field_label(column)) for column in shown]
    columns = (
        Column("entry_id", "Entry"),
        *headings,
        Column("changed", "Last changed"),
        Column("real", "Real or invented"),
    )
    caption = f"{register(register_id).name}: {len(listed):,} {'entry' if len(listed) == 1 else 'entries'}"
    st.html(f"<details><summary>Table: {escape(caption)}</summary>{table_html(frame, columns, caption)}</details>")


def _words_of(row: Mapping[Any, Any], register_id: str) -> str:
    """Name an entry in a list: its id and the beginning of its first words."""
    from data.actions.registers import in_words, register

    columns = register(register_id).columns
    first = next((one.name for one in columns if one.kind in {"long_text", "text"} and one.required), "entry_id")
    return f"{row['entry_id']}: {in_words(row[first])[:60]}"


def _seen(register_id: str, entry_id: str, listed: pd.DataFrame) -> dict[str, Any]:
    """Give the entry as this person first saw it, so that somebody else's change meanwhile is noticed when saving."""
    kept = st.session_state.get(SEEN)
    if kept is None or (kept["register"], kept["entry_id"]) != (register_id, entry_id):
        row = listed.loc[listed["entry_id"] == entry_id].iloc[0].to_dict()
        kept = {"register": register_id, "entry_id": entry_id, "row": row, "version": int(row["version"])}
        st.session_state[SEEN] = kept
    found: dict[str, Any] = kept
    return found


# ---- the form -------------------------------------------------------------------------------------------------------


def _add(who: Person, register_id: str, listed: pd.DataFrame) -> None:
    from data.actions.registers import add_entry, next_id

    st.session_state.pop(SEEN, None)
    suggested = next_id(listed, register_id)
    with st.form(f"new_{register_id}_{len(listed)}"):
        written = show_fields(register_id, {"id": suggested}, f"new_{register_id}_{len(listed)}")
        pressed = st.form_submit_button("Add this entry", type="primary")
    if pressed:
        _try(lambda: f"{add_entry(who, register_id, written)} was added.", register_id)


def _change(who: Person, register_id: str, seen: Mapping[str, Any]) -> None:
    from data.actions.registers import ChangedMeanwhile, revise_entry, written_as

    entry_id, version = seen["entry_id"], seen["version"]
    stands = written_as(seen["row"], register_id)
    key = f"{register_id}_{entry_id}_{version}"
    with st.form(f"form_{key}"):
        written = show_fields(register_id, stands, key, fixed_id=True)
        pressed = st.form_submit_button("Save as a new version", type="primary")
    if pressed:
        try:
            _try(lambda: _saved(revise_entry(who, register_id, entry_id, written, version=version), seen), register_id)
        except ChangedMeanwhile as told:
            st.session_state[COLLIDED] = _collision(told, register_id, entry_id, written)
            st.rerun()
    _offer_withdrawal(who, register_id, seen)
    show_history(who, register_id, entry_id)


def _saved(made: int, seen: Mapping[str, Any]) -> str:
    if made == seen["version"]:
        return f"{seen['entry_id']} stands as it was: nothing was changed."
    return f"{seen['entry_id']} was saved as version {made}."


def _try(act: Any, register_id: str) -> None:
    """Do it and say so; what can't be kept is said field by field, and what was written stays in the form."""
    from data.actions.registers import ChangedMeanwhile

    try:
        with st.spinner("Saving, and working the figures out again"):
            said = act()
    except ChangedMeanwhile:
        raise
    except DataErrors as errors:
        st.error(f"Nothing was saved. {len(errors.problems)} of the fields can’t be kept as they are.")
        st.html(table_html(_problems(errors, register_id), PROBLEMS, "What to mend"))
        return
    except DataError as error:
        st.error(f"Nothing was saved. {error}")
        return
    st.session_state[DONE] = said
    st.session_state.pop(SEEN, None)
    st.session_state.pop(COLLIDED, None)
    look_again()
    st.rerun()


PROBLEMS: Final = (
    Column("field", "Field"),
    Column("problem", "What is wrong"),
    Column("found", "Found"),
    Column("expected", "Expected"),
    Column("todo", "What to do"),
)


def _problems(errors: DataErrors, register_id: str) -> pd.DataFrame:
    from data.actions.registers import register

    labels = {column.name: field_label(column) for column in register(register_id).columns}
    return pd.DataFrame(
        [
            {
                "field": labels.get(one.column or "", one.column or "The entry"),
                "problem": one.problem[0].upper() + one.problem[1:],
                "found": one.found or "–",
                "expected": one.expected or "–",
                "todo": one.todo or "–",
            }
            for one in errors.problems
        ]
    )


def _say_done() -> None:
    said = st.session_state.pop(DONE, None)
    if said:
        st.success(said)


def _offer_withdrawal(who: Person, register_id: str, seen: Mapping[str, Any]) -> None:
    """Offer to withdraw an entry; it is asked about once more."""
    from data.actions.registers import ChangedMeanwhile, withdraw_entry

    entry_id = seen["entry_id"]
    sure = st.checkbox(f"I want to withdraw {entry_id}. Its history stays.", key=f"sure_{register_id}_{entry_id}")
    if sure and st.button(f"Withdraw {entry_id}", key=f"withdraw_{register_id}"):

        def act() -> str:
            withdraw_entry(who, register_id, entry_id, version=seen["version"])
            return f"{entry_id} was withdrawn."

        try:
            _try(act, register_id)
        except ChangedMeanwhile as told:
            st.session_state.pop(SEEN, None)
            st.error(f"Nothing was withdrawn. {told}")


# ---- two who change one entry ---------------------------------------------------------------------------------------


def _collision(told: ChangedMeanwhile, register_id: str, entry_id: str, written: Mapping[str, str]) -> dict[str, Any]:
    from data.actions.registers import written_as

    stands = written_as({**told.now, "entry_id": entry_id}, register_id)
    return {
        "register": register_id,
        "entry_id": entry_id,
        "by": told.now["recorded_by"],
        "when": f"{told.now['recorded_at']:%-d %B %Y at %H:%M} UTC",
        "version": int(told.now["version"]),
        "stands": {**stands, "id": entry_id},
        "written": {**written, "id": entry_id},
    }


def _show_collision(who: Person, collided: Mapping[str, Any]) -> None:
    """Show what stands and what was written beside each other, and let the person choose; neither is lost."""
    from data.actions.registers import ChangedMeanwhile, register, revise_entry

    entry_id, register_id = collided["entry_id"], collided["register"]
    st.warning(
        f"{collided['by']} changed {entry_id} on {collided['when']}, after you had opened it. "
        "Nothing was saved over it, and what you wrote is kept here."
    )
    rows = [
        {"field": field_label(column), "stands": stands or "–", "yours": yours or "–"}
        for column in register(register_id).columns
        if (stands := collided["stands"][column.name]) != (yours := collided["written"][column.name])
    ]
    if rows:
        columns = (Column("field", "Field"), Column("stands", "What stands now"), Column("yours", "What you wrote"))
        st.html(table_html(pd.DataFrame(rows), columns, f"Where the two versions of {entry_id} differ"))
    else:
        st.markdown("Both of you wrote the same.")
    if st.button("Save what I wrote as the newest version", type="primary", key="collided_save"):
        try:
            _try(
                lambda: _saved_over(
                    revise_entry(who, register_id, entry_id, collided["written"], version=collided["version"]), collided
                ),
                register_id,
            )
        except ChangedMeanwhile as told:
            st.session_state[COLLIDED] = _collision(told, register_id, entry_id, collided["written"])
            st.rerun()
    if st.button("Leave what stands now", key="collided_leave"):
        st.session_state.pop(COLLIDED, None)
        st.session_state.pop(SEEN, None)
        st.rerun()


def _saved_over(made: int, collided: Mapping[str, Any]) -> str:
    return f"{collided['entry_id']} was saved as version {made}. {collided['by']}’s version stays in its history."
