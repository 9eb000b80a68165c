"""Who lives in a place: babies under two, deprivation, Core20, town or country. Published figures only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import make_answer
from data.answers.map_layers import EDITION, deprivation_submissions
from data.answers.neighbourhood import PARENTS, babies_words, member_codes
from data.answers.opened import reading
from data.answers.words import FIFTH_WORDS
from data.errors import UnknownName
from data.store.deprivation import select_deprivation

if TYPE_CHECKING:
    import sqlalchemy as sa

NOT_CLASSED: Final = "no data yet: the ONS rural-urban classification has not been loaded"
#: Deciles 1 and 2 are England's most deprived fifth, which Core20 names.
CORE20: Final = 2


def who_lives_here(area_code: str) -> Answer:
    """List what is published of a place and the people in it."""
    with reading() as connection:
        areas = area_names(connection)
        if area_code not in areas.index or areas.loc[area_code, "area_type"] not in PARENTS:
            raise UnknownName("there is no such neighbourhood", found=area_code, todo="Pick one by name")
        facts, submissions = facts_of(connection, areas, area_code)
        said = [str(areas["area_label"][area_code]), *(f"{name}: {short}" for name, short, _ in facts)]
        finding = ". ".join(said)
        return make_answer(
            connection,
            question="Who lives here?",
            finding=f"{finding}.",
            table=pd.DataFrame(facts, columns=["fact", "figure", "words"]),
            text_alternative=f"{finding}.",
            submission_ids=submissions,
            area_type=str(areas.loc[area_code, "area_type"]),
            people=False,
        )


def facts_of(
    connection: sa.Connection, areas: pd.DataFrame, area_code: str
) -> tuple[tuple[tuple[str, str, str], ...], tuple[int, ...]]:
    """Give each fact as a name, a figure and the words beside it; and the files they rest on."""
    members = member_codes(areas, area_code)
    facts = []
    babies = babies_words(connection, members)
    if babies:
        count, _, how = babies.partition(" (")
        facts.append(("Babies under two", count, how.removesuffix(")")))
    else:
        facts.append(("Babies under two", "no data yet", "no population by age has been loaded"))
    facts += deprivation_facts(connection, members)
    facts.append(("Town or country", *country_words(areas.loc[areas.index.isin(members), "rural_urban"])))
    return tuple(facts), deprivation_submissions(connection)


def deprivation_facts(connection: sa.Connection, members: list[str]) -> list[tuple[str, str, str]]:
    """Say how deprived a place is, and whether it is Core20; several neighbourhoods are counted."""
    ranks = select_deprivation(connection, EDITION, "imd", "lsoa21").set_index("area_code")
    deciles = ranks.loc[ranks.index.intersection(members), "decile"].astype(int)
    if deciles.empty:
        return [("Deprivation", "no data yet", "no indices of deprivation have been loaded")]
    most = int((deciles <= CORE20).sum())
    if len(deciles) == 1:
        decile = int(deciles.iloc[0])
        fifth = FIFTH_WORDS[str((decile + 1) // 2)]
        words = f"fifth {fifth} of England; tenth 1 is the most deprived"
        core = "England’s most deprived fifth" if most else "not in England’s most deprived fifth"
        return [("Deprivation", f"tenth {decile} of 10", words), ("Core20", "yes" if most else "no", core)]
    low, high = int(deciles.min()), int(deciles.max())
    span = f"tenth {low} of 10" if low == high else f"tenths {low} to {high} of 10"
    words = f"{len(deciles)} neighbourhoods; tenth 1 is England’s most deprived"
    counted = (f"{most} of {len(deciles)}", "neighbourhoods in England’s most deprived fifth")
    return [("Deprivation", span, words), ("Core20", *counted)]


def country_words(kinds: pd.Series) -> tuple[str, str]:
    """Say whether a place is urban or rural, as ONS classes it."""
    known = kinds.dropna().astype("str")
    if known.empty:
        return "no data yet", NOT_CLASSED.removeprefix("no data yet: ")
    listed = list(dict.fromkeys(known.sort_values()))
    return listed[0].split(":")[0], f"ONS rural-urban classification: {'; '.join(listed)}"
