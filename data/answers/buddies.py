"""Do the families who need a buddy have one, and does it help? The whole answer, and a line for each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_allocation import ALLOCATED, NEED, buddies_allocation
from data.answers.buddies_capacity import buddies_capacity
from data.answers.buddies_coverage import BUDDIES, buddies_targeting
from data.answers.buddies_neighbourhoods import buddies_neighbourhoods
from data.answers.buddies_outcomes import buddies_outcomes
from data.answers.buddies_places import of_system, own_places, place_rows, shown, submissions_of
from data.answers.buddies_steps import buddies_steps
from data.answers.made import LABEL, make_answer
from data.answers.opened import reading
from data.answers.words import figure
from data.catalogue import indicator, indicators, pages
from data.store.registers import select_register
from data.store.released import select_release_revisions, select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

POINT: Final = 2
EVERYONE: Final = 100
SENTENCES: Final = 2
TAKE_UP: Final = "buddy_three_contacts"
#: Each part of the page: its name in the address, its title, and the question whose finding is its line.
PARTS: Final[dict[str, tuple[str, Callable[[], Answer]]]] = {
    "need": ("Who needs a buddy, and has one?", buddies_allocation),
    "where": ("Is help where the need is?", buddies_neighbourhoods),
    "take_up": ("Do families connect, reach services and take them up?", buddies_steps),
    "outcomes": ("Are fewer infants removed, and are babies safe?", buddies_outcomes),
    "buddies": ("Are there enough buddies, and who else walks beside parents?", buddies_capacity),
}


def buddies_parts() -> list[tuple[str, str]]:
    """List the parts of the page by name and title."""
    return [(name, title) for name, (title, _) in PARTS.items()]


def buddies() -> Answer:
    """Give the finding of the whole page, and of each part in a line."""
    asked = {name: question() for name, (_, question) in PARTS.items()}
    spread = buddies_targeting()
    with reading() as connection:
        rows = place_rows(connection, [NEED, ALLOCATED, TAKE_UP])
        table = pd.DataFrame(
            [[name, PARTS[name][0], in_short(answer.finding)] for name, answer in asked.items()],
            columns=["part", "title", "finding"],
        )
        finding = whole_finding(rows, spread)
        return make_answer(
            connection,
            question=next(page.question for page in pages() if page.slug == "parent_buddies"),
            finding=finding,
            table=table,
            text_alternative=finding,
            submission_ids=submissions_of(rows),
            area_type="icb",
            notes=(rolled_up(connection),),
        )


def whole_finding(rows: pd.DataFrame, spread: Answer) -> str:
    """Answer the page's question: who has a buddy, whether they go where need is, and whether they help."""
    have, taken = of_system(rows, ALLOCATED), of_system(rows, TAKE_UP)
    if not shown(have):
        return no_answer(str(have["figure"]))
    said = [
        f"{answer_word(have['value'])}: {figure(have['value'], '%')} of parents who met the criteria in "
        f"{have['period']} had a named buddy ({have['counted']})."
    ]
    ratio = spread.table.loc[spread.table["measure"] == BUDDIES]
    if len(ratio):
        said.append(where_words(ratio.iloc[0].to_dict()))
    if shown(taken):
        said.append(f"{figure(taken['value'], '%')} of buddied parents with a service need took it up.")
    said.append("Whether a buddy changes what comes later can't be told from these figures.")
    return " ".join(said)


def where_words(ratio: Mapping[Any, Any]) -> str:
    """Say whether buddies go where deprivation is greatest."""
    kind = {"less": "fewer buddies than", "more": "more buddies than"}.get(
        str(ratio["meaning"]).split(" ", maxsplit=1)[0]
    )
    if kind is None:
        return f"The most deprived neighbourhoods: {ratio['meaning']} (targeting ratio {ratio['targeting_ratio']:.2f})."
    return (
        f"The most deprived neighbourhoods have {kind} their share of need "
        f"(targeting ratio {ratio['targeting_ratio']:.2f})."
    )


def answer_word(share: float) -> str:
    """Say in a word how many have a buddy, by the figure itself."""
    if share in (0, EVERYONE):
        return "Nobody does" if share == 0 else "Everybody does"
    return "More than half do" if share > EVERYONE / 2 else "Half or fewer do"


def in_short(finding: str) -> str:
    """Keep the first sentences of a part's finding, without the label that the whole page has anyway."""
    return " ".join(re.split(r"(?<=[.?!])\s+(?=[A-Z0-9])", finding.removeprefix(LABEL))[:SENTENCES])


def no_answer(reason: str) -> str:
    """Say that the question can't be answered yet."""
    return f"Whether parents who need a buddy have one can't be said: {reason.lower()}."


def rolled_up(connection: sa.Connection) -> str:
    """Count the indicators of Point 2 with a figure, and those that meet an ambition agreed locally (B10.1)."""
    names = [one.id for one in indicators() if one.point == POINT and one.returned_by != "this_dashboard"]
    known = set(select_release_revisions(connection)) & set(names)
    rows = select_released(connection, sorted(known), breakdown_type="")
    own = rows.loc[rows["area_code"].isin([place.code for place in own_places()]) & rows["value"].notna()]
    given = set(own["indicator_id"])
    said = f"Point 2: {len(given)} of {len(names)} indicators have a figure."
    agreed = ambitions(connection, given)
    if not agreed:
        return f"{said} No local ambition has been agreed for any of them, so none is said to meet one."
    met = sum(meets(connection, name, level) for name, level in agreed.items())
    return f"{said} {met} of {len(agreed)} with an agreed local ambition meet it."


def ambitions(connection: sa.Connection, names: set[str]) -> dict[str, float]:
    """Give the level that was promised for each indicator, the newest promise last."""
    promises = select_register(connection, "commitment").dropna(subset="threshold")
    promises = promises.loc[promises["indicator"].isin(names)].sort_values("made_on")
    return {str(row["indicator"]): float(row["threshold"]) for row in promises.to_dict("records")}


def meets(connection: sa.Connection, name: str, level: float) -> bool:
    """Whether the system's newest figure reaches the level."""
    row = of_system(place_rows(connection, [name]), name)
    if not shown(row) or indicator(name).polarity == "no_judgement":
        return False
    better: bool = row["value"] <= level if indicator(name).polarity == "low_is_good" else row["value"] >= level
    return better
