"""The board pack: pick questions, write the cover, and have the paper made, step by step in sight."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import streamlit as st

from data.actions.packing import FORMATS, STANDING, CoverField, MadePack, Part, board_paper, make_pack
from data.actions.people import may
from data.answers.answer import Answer
from data.answers.cited import day_words
from data.errors import DataError, DataErrors
from pages.components.ask import ask, asked_at
from pages.components.filters import pick_few
from pages.components.links import fixed_address, server_address, show_link, today, view_address
from pages.components.sign_in import person

MADE: Final = "board-pack-made"
NOTHING: Final = "Not chosen"
#: What is chosen: the format, then the parts in order.
Choice = tuple[str, ...]


def offer_pack() -> None:
    """Let whoever may take figures away make a board pack; nothing is asked or made before they press the button."""
    if not may(person(), "export"):
        return
    st.header("Board pack", anchor=False)
    st.markdown(
        "A paper with a cover sheet, the overview, the scorecard, the questions you pick, commitments, method and "
        "sources. The cover says only what you write. Do not name a family or a child."
    )
    kind, parts = pick_format(), pick_parts()
    fields = write_cover()
    choice = (kind, *parts)
    if fields is not None:
        make(choice, fields)
    made = st.session_state.get(MADE)
    if made is not None and made[0] == choice:
        offer_made(made[1])
        offer_fixing(made[1], made[2])


def pick_format() -> str:
    """Pick the kind of document; the address keeps it."""
    return pick_few("Format of the pack", list(FORMATS.items()), key="pack_format")


def pick_parts() -> tuple[str, ...]:
    """Pick the questions; the address keeps them."""
    parts = {one.id: one for one in board_paper().parts}
    picked = st.multiselect(
        "Questions in the pack",
        list(parts),
        default=[one.id for one in parts.values() if one.first],
        format_func=lambda name: parts[name].label if name in parts else name,
        key="pack",
        bind="query-params",
        placeholder="Choose one or more questions",
    )
    return tuple(name for name in parts if name in picked)


def write_cover() -> dict[str, str] | None:
    """Give what was written on the cover once the button is pressed; it never stands in the address."""
    written: dict[str, str] = {}
    with st.form("board-pack", border=False):
        st.subheader("Cover sheet", anchor=False)
        for long, fields in groupby(board_paper().fields, lambda one: one.long):
            beside = list(fields)
            places = [st.container() for _ in beside] if long else st.columns(len(beside))
            for one, place in zip(beside, places, strict=True):
                with place:
                    written[one.id] = write_entry(one)
        pressed = st.form_submit_button("Make the board pack", type="primary")
    return written if pressed else None


def write_entry(one: CoverField) -> str:
    """Let the reader write one entry; its label says what belongs there."""
    label, key = f"{one.label}: {one.prompt}", f"pack-{one.id}"
    if one.id == "purpose":
        chosen = st.selectbox(label, (NOTHING, *board_paper().purposes), key=key)
        return "" if chosen == NOTHING else chosen
    return st.text_area(label, key=key, height=90) if one.long else st.text_input(label, key=key)


def make(choice: Choice, fields: dict[str, str]) -> None:
    """Make the pack and keep it for its button; a refusal is said in its place."""
    st.session_state.pop(MADE, None)
    try:
        with st.status("Making the board pack", expanded=True) as status:
            st.write(f"Asking {len(choice) - 1 + len(STANDING)} questions")
            standing = {name: ask(name) for name in STANDING}
            parts = [board_paper().part(name) for name in choice[1:]]
            answers: dict[Part, Answer] = {one: ask(one.question, **one.chosen) for one in parts}
            made = make_pack(person(), standing, answers, fields, choice[0], told=st.write)
            status.update(label="The board pack is ready", state="complete", expanded=False)
    except DataError as error:
        status.update(label="No board pack was made", state="error", expanded=False)
        say_refusal(error)
        return
    st.session_state[MADE] = (choice, made, standing | {one.id: answer for one, answer in answers.items()})


def say_refusal(error: DataError) -> None:
    """Say why there is no pack, each reason on a line of its own."""
    for one in error.problems if isinstance(error, DataErrors) else (error,):
        st.error(str(one))


def offer_made(made: MadePack) -> None:
    """Offer the pack that was made, with the hash by which its figures can be told again."""
    label = FORMATS["pdf" if made.file.endswith("pdf") else "docx"]
    st.download_button(
        f"Download the board pack ({label}, {len(made.content) / 1024:,.0f} KB)",
        data=made.content,
        file_name=made.file,
        mime=made.media_type,
        key="download-board-pack",
        on_click="ignore",
    )
    st.markdown(f"Its figures have the data hash `{made.data_hash[:16]}`, which stands at the foot of each page.")


def offer_fixing(made: MadePack, answers: dict[str, Answer]) -> None:
    """Let the reader keep the pack as it is under an address of its own, whatever is loaded later."""
    st.markdown("**Fix this pack.** It stays as it is today, at an address of its own, whatever is loaded later.")
    with st.form("fixing-pack", border=False):
        given = st.text_input("Title, which everybody reads", f"Board pack, {day_words(today())}", key="pack_title")
        if not st.form_submit_button("Fix this pack at today’s data"):
            return
    from data.actions.freezing import freeze
    from data.answers.frozen import Pack

    pack = Pack(made.file, made.media_type, made.content)
    view, at = view_address("take_away"), asked_at(answers.values())
    try:
        identity = freeze(person(), answers, given, address=view, as_of=at, pack=pack)
    except DataError as error:
        st.error(str(error))
        return
    st.success("This pack is fixed. The list of fixed views below has it.")
    show_link(f"{server_address('take_away')}{fixed_address(identity)}", "It is permanent.")
