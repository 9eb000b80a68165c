"""What a file would do to the headline figures: loaded into a private copy, released there and compared.

It takes the person about half a second for each indicator of the file, and nobody else waits meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.words import figure, period_label, status_words
from data.catalogue import disclosure, ics, indicator, indicators

if TYPE_CHECKING:
    import sqlalchemy as sa

    from data.intake.proposal import Proposal

KEY: Final = ["indicator_id", "area_code"]
COLUMNS: Final = ["indicator", "place", "now", "after", "effect", "illustrative", "indicator_id", "area_code"]
NO_FIGURE: Final = "no figure"


def effects_of(path: Path, engine: sa.Engine, proposal: Proposal) -> pd.DataFrame:
    """Say how the protected figures of the councils and the system would change; nothing is kept."""
    from data.answers.release import preview_release
    from data.intake.loading import read_guarded, store_reading
    from data.store.engine import reading, writing
    from data.store.private_copy import private_copy
    from data.store.released import select_released

    names = previewed(proposal.indicators)
    with reading(engine) as connection:
        content = read_guarded(path, connection, proposal.particulars)
        now = pd.concat([select_released(connection, names, area_type=kind, latest=True) for kind in ("lad", "icb")])
    with private_copy(engine, names) as copy, writing(copy) as connection:
        store_reading(connection, content, path.name, proposal.sha256, loaded_by="")
        after = preview_release(connection, names)
    return compared(now.loc[now["breakdown_type"] == ""], after, names)


def previewed(names: Sequence[str]) -> list[str]:
    """Give the indicators whose figures are worked out beforehand, in the order of the catalogue."""
    return [one.id for one in indicators() if one.id in names]


def compared(now: pd.DataFrame, after: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Hold each headline figure against what it would become."""
    held, would_be = _headlines(now), _headlines(after)
    rows = []
    for name in names:
        for place in (ics().icb, *ics().lads):
            before, then = held.get((name, place.code)), would_be.get((name, place.code))
            if before is None and then is None:
                continue
            rows.append(
                {
                    "indicator": indicator(name).short_name,
                    "place": place.label,
                    "now": _said(before, name),
                    "after": _said(then, name),
                    "effect": _effect(before, then),
                    "illustrative": bool(then is not None and then["illustrative"]),
                    "indicator_id": name,
                    "area_code": place.code,
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _headlines(cells: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Keep one cell for each indicator and place: of the shortest period that has a figure, the newest."""
    order: dict[str, int] = {kind: at for at, kind in enumerate(disclosure().period_order)}
    best: dict[tuple[str, str], tuple[tuple[bool, int], dict[str, Any]]] = {}
    for cell in cells.to_dict("records"):
        key = (str(cell["indicator_id"]), str(cell["area_code"]))
        rank = (pd.isna(cell["value"]), order.get(str(cell["period_type"]), len(order)))
        if key not in best or rank < best[key][0]:
            best[key] = (rank, {str(name): value for name, value in cell.items()})
    return {key: cell for key, (_, cell) in best.items()}


def _said(cell: dict[str, Any] | None, name: str) -> str:
    """Write a protected cell as a page does, with its period and whether it is illustrative."""
    if cell is None:
        return NO_FIGURE
    known = pd.notna(cell["value"])
    words = figure(float(cell["value"]), indicator(name).unit) if known else status_words(str(cell["value_status"]))
    period = period_label(str(cell["period_type"]), str(cell["period_from"])[:10], str(cell["period_to"])[:10])
    return f"{words} ({period}{', illustrative' if cell['illustrative'] else ''})"


def _effect(before: dict[str, Any] | None, then: dict[str, Any] | None) -> str:
    if then is None:
        return "goes"
    if before is None:
        return "is new"
    if before["illustrative"] and not then["illustrative"]:
        return "takes the place of an illustrative figure"
    same = ("value", "value_status", "period_from", "period_to", "numerator", "denominator")
    unlike = [name for name in same if not _same(before[name], then[name])]
    return "changes" if unlike else "stays as it is"


def _same(one: object, other: object) -> bool:
    return (pd.isna(one) and pd.isna(other)) or str(one)[:10] == str(other)[:10]  # type: ignore[call-overload]
