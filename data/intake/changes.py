"""What a file would change: rows that are new, changed, removed or as they were. Nothing is written to find out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import sqlalchemy as sa

from data.catalogue import source
from data.sources.reading import Reading
from data.store import observations
from data.store.held import select_held
from data.store.register_models import REGISTERS

#: Each table's key, and the columns that say which of its rows a file stands in place of as a whole (None: of none).
TABLES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]]] = {
    "area": (("area_code",), None),
    "area_change": (("area_code_from", "area_code_to"), ()),
    "deprivation": (("edition", "domain", "area_code"), None),
    "population": (("edition", "reference_date", "age_band", "area_code"), ("edition", "reference_date", "age_band")),
    "setting": (("kind", "setting_id"), ("kind",)),
    "postcode": (("postcode",), ()),
    "geometry": (("layer",), None),
}
FIGURES: Final = ("numerator", "denominator", "value", "lowercl", "uppercl", "value_status")


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of the store: how many a file would add, change, take away and leave as they are."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: Changes) -> Changes:
        """Add up the changes of two tables."""
        return Changes(
            self.new + other.new,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )

    def sentence(self) -> str:
        """Say it in one plain sentence."""
        return (
            f"It would add {self.new:,}, change {self.changed:,}, remove {self.removed:,} "
            f"and leave {self.unchanged:,} rows as they are."
        )


def changes_of(connection: sa.Connection, reading: Reading) -> Changes:
    """Compare a reading with what the store holds. The areas that a return names do not count as its rows.

    Entries of registers are matched by their ids, in ``data.intake.register_loading``; events of pathways are compared
    with the supplier's last file, in ``data.intake.pathway_loading``.
    """
    if "observation" in reading.frames:
        return observation_changes(connection, reading)
    total = Changes()
    for name, frame in reading.frames.items():
        if name in REGISTERS or name == "pathway_event":
            continue
        total += table_changes(connection, name, frame) if name in TABLES else Changes(new=len(frame))
    return total


def observation_changes(connection: sa.Connection, reading: Reading) -> Changes:
    """Compare returned figures with the current ones that they would give way; invented ones do not count."""
    new = observations.with_iso_periods(reading.frames["observation"])
    whole = source(reading.source_id).supplier
    suppliers = {whole, reading.supplier} if reading.supplier not in {"", whole} else None
    held = observations.select_giving_way(
        connection, new, reading.source_id, illustrative=reading.illustrative, suppliers=suppliers
    )
    real = held if reading.illustrative else held[~held["illustrative"].astype("bool")]
    real = observations.add_suppliers_up(real.assign(source_id=reading.source_id))
    return compare(real, new, observations.KEY, FIGURES, removes=True)


def table_changes(connection: sa.Connection, name: str, frame: pd.DataFrame) -> Changes:
    """Compare the rows of one table, column by column of those that the file gives."""
    key, scope = TABLES[name]
    given = as_stored(name, frame)
    looked_up = key if scope is None else scope
    where = {column: given[column].dropna().astype("str").unique().tolist() for column in looked_up}
    held = select_held(connection, name, where)
    if name == "population":
        held = held[held["area_code"].str[:3].isin(given["area_code"].str[:3].unique())]
    figures = [column for column in given.columns if column not in key and column in held.columns]
    return compare(held, given, key, figures, removes=scope is not None, gaps=name == "area")


def as_stored(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Write what is compared as the store writes it."""
    if name == "population":
        return frame.assign(reference_date=frame["reference_date"].astype("str").str[:10])
    if name == "geometry":
        import hashlib

        return frame.assign(sha256=[hashlib.sha256(content).hexdigest() for content in frame["content"]])
    return frame


def compare(
    held: pd.DataFrame,
    new: pd.DataFrame,
    key: Sequence[str],
    figures: Sequence[str],
    *,
    removes: bool,
    gaps: bool = False,
) -> Changes:
    """Match two tables on their key and count; with ``gaps``, a missing new figure leaves the held one alone."""
    columns = [*key, *figures]
    left, right = (frame[columns].astype(dict.fromkeys(key, "str")) for frame in (held, new))
    both = left.merge(right.drop_duplicates(list(key), keep="last"), on=list(key), suffixes=("_held", "_new"))
    differs = pd.Series(data=False, index=both.index)
    for name in figures:
        differs |= unlike(both[f"{name}_held"], both[f"{name}_new"], gaps=gaps)
    changed = int(differs.sum())
    return Changes(
        new=right.drop_duplicates(list(key)).shape[0] - len(both),
        changed=changed,
        removed=len(left) - len(both) if removes else 0,
        unchanged=len(both) - changed,
    )


def unlike(held: pd.Series[Any], new: pd.Series[Any], *, gaps: bool) -> pd.Series[bool]:
    """Say which figures differ; nothing equals nothing."""
    missing_held, missing_new = held.isna() | (held.astype("str") == ""), new.isna() | (new.astype("str") == "")
    if pd.api.types.is_numeric_dtype(held) and pd.api.types.is_numeric_dtype(new):
        same = held.astype("float64").sub(new.astype("float64")).abs() < 1e-9
    else:
        same = held.astype("str") == new.astype("str")
    differs = ~(same | (missing_held & missing_new))
    return differs & ~missing_new if gaps else differs
