"""What was released before, kept with the exact counts behind it, so that a later release tells nothing beside it.

What is kept is read by the protection of the next release and by the audit, and given to nobody. Illustrative
releases describe nobody and are not kept.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, Final

import pandas as pd

from data.answers.joined import Block
from data.answers.linked import hidden_counts, published
from data.answers.roll_up import CELL, FIFTHS
from data.answers.shared_counts import SharedCounts
from data.answers.shown import as_released, released_beside
from data.catalogue.definitions import DisclosureRule, Indicator

#: What the ranges behind released numbers rest on.
RULE: Final = ("suppress_from", "suppress_to", "round_to", "protect_complement")
AREAS: Final = ["area_code", "area_type", "msoa_code", "ward_code", "lad_code", "icb_code"]
EXACT: Final = ["numerator", "denominator", "reason"]


@dataclass(frozen=True)
class Former:
    """One release of one measure: its exact cells, what was given of each, and the areas and rule of that time.

    ``sums`` is false where the release that it is put beside has the same counts, which add up in the same way.
    """

    exact: pd.DataFrame
    shown: pd.DataFrame
    areas: pd.DataFrame
    fifths: pd.DataFrame
    rule: dict[str, Any]
    sums: bool = True


def released_now(
    exact: pd.DataFrame, rows: pd.DataFrame, areas: pd.DataFrame, fifths: pd.DataFrame, rule: DisclosureRule
) -> Former:
    """Put together what is released now, with the exact counts behind it; the same in means the same out."""
    ordered = exact.sort_values(CELL, ignore_index=True)
    return Former(
        exact=ordered[[*CELL, *EXACT]],
        shown=released_beside(ordered, rows),
        areas=known_areas(areas),
        fifths=known_fifths(fifths),
        rule={name: getattr(rule, name) for name in RULE},
    )


def write_former(former: Former) -> bytes:
    """Write a release as it is kept."""
    given = former.shown.drop(columns=CELL).add_prefix("shown_")
    parts = {
        "cells": pd.concat([former.exact, given], axis=1).to_csv(index=False, date_format="%Y-%m-%d"),
        "areas": former.areas.to_csv(index=False),
        "fifths": former.fifths.to_csv(),
        "rule": former.rule,
    }
    return zlib.compress(json.dumps(parts, sort_keys=True).encode(), level=6)


def read_former(content: bytes) -> Former:
    """Read a release that was kept."""
    parts = json.loads(zlib.decompress(content))
    kinds = dict.fromkeys((*CELL, "reason", "shown_value_status"), "str")
    cells = pd.read_csv(StringIO(parts["cells"]), dtype=kinds, keep_default_na=False, na_values=_EMPTY)
    for name in ("period_from", "period_to"):
        cells[name] = pd.to_datetime(cells[name])
    status = cells["shown_value_status"]
    shown = cells[CELL].assign(
        numerator=cells["shown_numerator"],
        denominator=cells["shown_denominator"],
        value_status=status.where(status != "", None),
    )
    areas = pd.read_csv(StringIO(parts["areas"]), dtype="str")
    fifths = pd.read_csv(StringIO(parts["fifths"]), dtype="str").set_index("area_code")
    return Former(cells[[*CELL, *EXACT]], shown, areas, fifths, parts["rule"])


#: Nothing stands for a missing number; in text it is the empty text.
_EMPTY: Final = {name: [""] for name in ("numerator", "denominator", "shown_numerator", "shown_denominator")}


def former_block(former: Former, definition: Indicator, rule: DisclosureRule, shared: SharedCounts) -> Block:
    """Give what a former release says, as a part of the system of counts that can't be changed any more.

    What was small or hidden then must stay uncertain.
    """
    then = replace(rule, **former.rule)
    linked, done = as_released(
        former.exact, former.shown, former.areas, former.fifths, definition, then, sums=former.sums
    )
    least, greatest = published(linked, done)
    sensitive = linked.items.sensitive.copy()
    sensitive[hidden_counts(linked, done)] = True
    over = replace(linked, least=least, greatest=greatest, items=replace(linked.items, sensitive=sensitive))
    return Block(definition.id, over, shared.names_of(definition.id, linked.kinds), fixed=True)


def beside(formers: Sequence[Former], exact: pd.DataFrame, areas: pd.DataFrame, fifths: pd.DataFrame) -> list[Former]:
    """Put former releases beside today's exact counts."""
    now = exact.sort_values(CELL, ignore_index=True)[[*CELL, *EXACT]]
    today = Former(now, now[CELL], known_areas(areas), known_fifths(fifths), {})
    return [replace(one, sums=not same_counts(one, today)) for one in formers]


def same_counts(one: Former, other: Former) -> bool:
    """Say whether two releases rest on the same exact counts of the same areas."""
    pairs = ((one.exact, other.exact), (one.areas, other.areas), (one.fifths, other.fifths))
    return all(as_text(own) == as_text(its) for own, its in pairs)


def as_text(frame: pd.DataFrame) -> str:
    """Write a frame as it is kept."""
    return frame.to_csv(date_format="%Y-%m-%d")


def known_areas(areas: pd.DataFrame) -> pd.DataFrame:
    """Give the areas of the system, in order, with the areas that hold them."""
    mine = areas.loc[areas["icb_code"].notna() | (areas["area_type"] == "icb"), AREAS]
    return mine.sort_values("area_code", ignore_index=True)


def known_fifths(fifths: pd.DataFrame) -> pd.DataFrame:
    """Give the fifth of each neighbourhood, in order."""
    return fifths[list(FIFTHS)].rename_axis("area_code").sort_index()
