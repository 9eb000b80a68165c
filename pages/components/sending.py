"""Send a file in: choose it, see what is wrong or what would change, load it, read what was done.

What a browser sent stays with the widget that took it, and only until it is loaded or put away. Beside it, the session
keeps what trying it showed, for as long as the same file is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from data.actions.people import Person, may, role, roles
from data.errors import DataError
from pages.components.ask import look_again
from pages.components.beside import done_beside
from pages.components.document_form import describe_document
from pages.components.figures import show_figures
from pages.components.sign_in import person, person_later
from pages.components.tables import Column, table_html

if TYPE_CHECKING:
    from data.actions.sending import Particulars, Tried
    from data.answers.progress import Progress

TYPES: Final = ["csv", "tsv", "txt", "xlsx", "ods", "geojson", "json", "gpkg", "pdf", "docx", "html", "htm"]
TAKEN: Final = (
    "A return or publication as CSV, XLSX or ODS; map areas as GeoJSON or GPKG; a published document as PDF, DOCX or a "
    "saved web page. It is checked first: nothing is stored until you confirm."
)
#: The keys under which the session keeps what belongs to a file, and no file.
KEPT, ROUND, DONE = "sending_tried", "sending_round", "sending_done"
SHOWN_AT_MOST: Final = 200
PROBLEMS: Final = (
    Column("where", "Where"),
    Column("problem", "What is wrong"),
    Column("found", "Found"),
    Column("expected", "Expected"),
    Column("todo", "What to do"),
)
EFFECTS: Final = (
    Column("indicator", "Headline figure"),
    Column("place", "Place"),
    Column("now", "Shown now"),
    Column("after", "Would be shown"),
    Column("effect", "So it"),
)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_files() -> None:
    """Let whoever may load send a file in; tell everybody else who can."""
    who = person()
    st.header("Send figures in", anchor=False)
    if not (may(who, "check") and may(who, "load")):
        st.markdown(who_can(who, "load", "load files"))
        return
    _say_done()
    number = st.session_state.setdefault(ROUND, 0)
    sent = st.file_uploader("Choose a file to check", type=TYPES, key=f"file_{number}", help=None)
    st.markdown(TAKEN)
    if sent is None:
        st.session_state.pop(KEPT, None)
        return
    ready, particulars = describe_document(who, sent)
    tried = _tried(who, sent, particulars) if ready else None
    if tried is None:
        return
    if tried.proposal.problems:
        _show_refusal(tried, sent)
    else:
        _show_change(who, tried, sent)


def who_can(who: Person, right: str, words: str) -> str:
    """Say in one sentence who can do what this person can't."""
    able = " or ".join(one.name.lower() for one in roles().values() if right in one.rights)
    return f"Your role, {role(who.role).name.lower()}, doesn’t {words}. A {able} can: ask one of them."


def _tried(who: Person, sent: Any, particulars: Particulars | None) -> Tried | None:
    """Check a file once, however often the page runs; a document again where something else is said of it."""
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != (sent.file_id, particulars):
        from data.actions.sending import privately, try_file

        st.session_state.pop(KEPT, None)
        try:
            with (
                st.spinner("Checking the file, and what it would change"),
                privately(sent.name, sent.getvalue()) as path,
            ):
                kept = ((sent.file_id, particulars), try_file(who, path, particulars))
        except DataError as error:
            st.error(f"The file could not be checked. {error}")
            return None
        st.session_state[KEPT] = kept
    tried: Tried = kept[1]
    return tried


def _put_away() -> None:
    """Let go of the file: the next uploader is a new one, and the old one's bytes go with it."""
    st.session_state.pop(KEPT, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _say_done() -> None:
    done = st.session_state.pop(DONE, None)
    if done:
        st.success(done)


# ---- what is wrong --------------------------------------------------------------------------------------------------


def _show_refusal(tried: Tried, sent: Any) -> None:
    """Say what is wrong, all of it, and offer the marked copy."""
    problems = tried.proposal.problems
    count = f"{len(problems):,} problem{'' if len(problems) == 1 else 's'}"
    st.error(
        f"**{_plain(tried.file_name)}** can’t be loaded: {count}. Nothing was changed. {_kind_of_refused(problems)}"
    )
    if tried.identifies:
        st.markdown(
            "Something in it could identify a person. Nothing of the file was kept. Take those places out of your own "
            "file, delete every copy you don’t need, and send it again."
        )
    _show_problems(problems, f"{count} in the file")
    first, second = st.columns(2)
    with first:
        _offer_marked_copy(tried, sent)
    with second:
        st.button("Put this file away", on_click=_put_away, key="put_away")
    if not tried.identifies:
        st.markdown("Mend the file where you keep it, then choose it again.")


def _kind_of_refused(problems: Sequence[DataError]) -> str:
    kinds = list(dict.fromkeys(problem.source for problem in problems if problem.source))
    return f"It was recognised as: {_plain(kinds[0])}." if kinds else ""


def _show_problems(problems: Sequence[DataError], caption: str) -> None:
    rows = pd.DataFrame([_row(problem) for problem in problems[:SHOWN_AT_MOST]])
    st.html(table_html(rows, PROBLEMS, caption))
    if len(problems) > SHOWN_AT_MOST:
        st.markdown(f"The first {SHOWN_AT_MOST} are shown here. The marked copy lists them all.")


def _row(problem: DataError) -> dict[str, str]:
    places = [
        f"Sheet {problem.sheet}" if problem.sheet else "",
        f"row {problem.row:,}" if problem.row is not None else "",
        f"column {problem.column}" if problem.column else "",
    ]
    where = ", ".join(place for place in places if place) or "The whole file"
    return {
        "where": where[0].upper() + where[1:],
        "problem": problem.problem[0].upper() + problem.problem[1:],
        "found": "–" if problem.found is None else str(problem.found),
        "expected": "–" if problem.expected is None else str(problem.expected),
        "todo": problem.todo or "–",
    }


def _offer_marked_copy(tried: Tried, sent: Any) -> None:
    """Offer the sender's own workbook with each problem marked; it is made when the button is pressed."""
    if not tried.may_be_copied or not sent.name.lower().endswith((".csv", ".tsv", ".txt", ".xlsx", ".ods")):
        return
    st.download_button(
        "Download a marked copy (XLSX)",
        data=_made_when_pressed(tried, sent),
        file_name=f"marked-{sent.name.rsplit('.', 1)[0]}.xlsx",
        mime=XLSX,
        key="marked_copy",
        on_click="ignore",
    )


def _made_when_pressed(tried: Tried, sent: Any) -> Callable[[], bytes]:
    from data.actions.sending import marked

    who = person_later()
    return lambda: marked(who(), sent.name, sent.getvalue(), tried.proposal.problems)


# ---- what would change ----------------------------------------------------------------------------------------------


def _show_change(who: Person, tried: Tried, sent: Any) -> None:
    """Say what the file is and what it would change, then let the person load it or put it away."""
    report, changes = tried.proposal.report, tried.proposal.changes
    if report is None or changes is None:
        raise TypeError("a file that passes has a report and changes")
    if report.already_loaded:
        st.info(f"**{_plain(tried.file_name)}** is loaded already. Nothing would change.")
        st.button("Put this file away", on_click=_put_away, key="put_away")
        return
    st.success(f"**{_plain(tried.file_name)}** passes every check. " + _plain(" ".join(report.sentences()[1:])))
    st.markdown(f"It was recognised as: **{_plain(report.publication)}**, {_plain(report.edition)}.")
    show_figures(
        [
            ("New rows", f"{changes.new:,}", "not in the dashboard yet"),
            ("Changed rows", f"{changes.changed:,}", "with other numbers than now"),
            ("Removed rows", f"{changes.removed:,}", "covered by the file and not in it"),
            ("Unchanged rows", f"{changes.unchanged:,}", "the same as now"),
        ]
    )
    if tried.proposal.warnings:
        count = len(tried.proposal.warnings)
        words = "1 thing looks odd" if count == 1 else f"{count:,} things look odd"
        st.warning(f"{words}. The file may still be loaded: look first.")
        _show_problems(tried.proposal.warnings, f"{words} in the file")
    _show_effects(tried)
    first, second = st.columns(2)
    with first:
        if st.button("Load this file", type="primary", key="load"):
            _load(who, tried, sent)
    with second:
        st.button("Put it away and change nothing", on_click=_put_away, key="put_away")


def _show_effects(tried: Tried) -> None:
    """Show headline figures now and after, those that change first; what stays is only counted."""
    effects = tried.effects
    if effects.empty:
        st.markdown("No headline figure would change.")
        return
    count = effects["indicator_id"].nunique()
    stays = effects["effect"] == "stays as it is"
    words = f"It has figures for {count:,} indicator{'' if count == 1 else 's'}."
    words += f" {int((~stays).sum()):,} of {len(effects):,} headline figures would not be as they are now."
    st.markdown(words)
    changed = effects.loc[~stays]
    if len(changed):
        caption = "Effect on headline figures, as they would be released: small numbers are protected"
        st.html(table_html(changed, EFFECTS, caption))


def _load(who: Person, tried: Tried, sent: Any) -> None:
    """Load what was shown, in one transaction, and say in words what was done."""
    from data.actions.sending import load_file, privately

    content = sent.getvalue()

    def loaded(progress: Progress) -> Any:
        with privately(sent.name, content) as path:
            return load_file(who, path, tried, progress)

    try:
        report = done_beside(loaded, "Loading the file")
    except DataError as error:
        st.session_state.pop(KEPT, None)
        st.error(f"The file was not loaded. {error}")
        return
    st.session_state[DONE] = _plain(" ".join(report.sentences()))
    _put_away()
    look_again()
    st.rerun()


def _plain(text: str) -> str:
    """Keep what a file is called, or says, from being read as formatting."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-!|~$:" else letter for letter in text)
