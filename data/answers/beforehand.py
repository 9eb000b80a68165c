"""What has to be hidden further in the illustrative figures, worked out once and kept beside them.

Real figures are attacked before they are released, which takes minutes. The illustrative ones never change, so what an
attack on them finds is kept in a file, and a new store is safe at once. Each entry holds for the very counts and rule
that it was made with: where they differ, nothing is found, and an audit says what is left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from data.answers.linked import Linked
from data.answers.roll_up import CELL
from data.catalogue.definitions import DisclosureRule
from metrics.disclosure_linked import Protection

if TYPE_CHECKING:
    from data.answers.together import Prepared

FILE: Final = Path(__file__).parents[1] / "example" / "hidden_further.csv"
#: What is hidden: the figure of a cell, its whole besides, or the whole row; nothing where an attack found nothing.
FIGURE, WHOLE, ROW, NOTHING = "figure", "whole", "row", "nothing"
COLUMNS: Final = ["made_with", "indicator_id", *CELL, "hidden"]


def made_with(measures: Sequence[Prepared], rule: DisclosureRule) -> str:
    """Give a mark of the counts of measures that hang together, of what is shown of them, and of the rule."""
    mark = hashlib.sha256(repr(rule).encode())
    for one in measures:
        mark.update(one.definition.id.encode())
        for numbers in (one.linked.truth, one.linked.least, one.linked.greatest):
            mark.update(np.ascontiguousarray(numbers, dtype="<f8").tobytes())
    return mark.hexdigest()[:40]


def is_known(measures: Sequence[Prepared], rule: DisclosureRule) -> bool:
    """Say whether an attack on measures was kept."""
    return made_with(measures, rule) in _kept()


def kept_for(measures: Sequence[Prepared], rule: DisclosureRule) -> pd.DataFrame:
    """Give what was kept of an attack on measures."""
    return _kept()[made_with(measures, rule)]


def hidden_beforehand(
    measures: Sequence[Prepared], done: Sequence[Protection], rule: DisclosureRule
) -> list[Protection]:
    """Hide what an attack once found; nothing where these counts were never attacked under this rule."""
    kept = _kept().get(made_with(measures, rule))
    if kept is None:
        return list(done)
    return [
        _with_further(one.linked, its, kept.loc[kept["indicator_id"] == one.definition.id])
        for one, its in zip(measures, done, strict=True)
    ]


def written_down(
    measures: Sequence[Prepared], done: Sequence[Protection], mended: Sequence[Protection], rule: DisclosureRule
) -> pd.DataFrame:
    """Write what an attack has hidden beside what was hidden before, one row each."""
    mark = made_with(measures, rule)
    found = [pd.DataFrame({"indicator_id": [measures[0].definition.id], "hidden": [NOTHING]})]
    for one, before, after in zip(measures, done, mended, strict=True):
        size = one.linked.size
        more = after.hidden & ~before.hidden
        places = (more[:size], FIGURE), (more[size:], WHOLE), (after.withheld & ~before.withheld, ROW)
        for chosen, hidden in places:
            cells = one.linked.cells.loc[chosen, CELL]
            found.append(_as_text(cells).assign(indicator_id=one.definition.id, hidden=hidden))
    rows = pd.concat(found, ignore_index=True).assign(made_with=mark).reindex(columns=COLUMNS).fillna("")
    return rows if len(rows) == 1 else rows.iloc[1:]


def write_kept(rows: pd.DataFrame) -> None:
    """Keep what attacks have found, in place of what was kept."""
    order = rows.sort_values(["indicator_id", "hidden", *CELL], kind="stable")
    order.to_csv(FILE, index=False, lineterminator="\n")
    _kept.cache_clear()


@lru_cache(maxsize=1)
def _kept() -> dict[str, pd.DataFrame]:
    if not FILE.exists():
        return {}
    rows = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    return {str(mark): own for mark, own in rows.groupby("made_with")}


def _with_further(linked: Linked, done: Protection, kept: pd.DataFrame) -> Protection:
    cells = pd.MultiIndex.from_frame(_as_text(linked.cells[CELL]))
    hidden, withheld = done.hidden.copy(), done.withheld.copy()
    for kind, own in kept.groupby("hidden"):
        if kind == NOTHING:
            continue
        places = cells.get_indexer(pd.MultiIndex.from_frame(own[CELL]))
        if np.any(places < 0):
            raise ValueError(f"hidden_further.csv must name cells that there are; found {own[CELL].iloc[0].to_dict()}")
        if kind == ROW:
            withheld[places] = True
        else:
            hidden[places + (linked.size if kind == WHOLE else 0)] = True
    return Protection(hidden, withheld)


def _as_text(cells: pd.DataFrame) -> pd.DataFrame:
    """Write cells as the file has them."""
    days = {name: cells[name].dt.strftime("%Y-%m-%d") for name in ("period_from", "period_to")}
    return cells.assign(**days).astype(str)
