"""Which settings care for under-twos, and where are they? Places only: how many staff each has is nobody's to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import area_names
from data.answers.made import answer_fields
from data.answers.opened import reading
from data.answers.words import join_words
from data.catalogue import ics
from data.store.settings import select_settings

#: Kinds that may care for under-twos, one and several.
KINDS: Final = {
    "nursery": ("nursery", "nurseries"),
    "childminder": ("childminder", "childminders"),
    "creche": ("creche", "creches"),
    "family_hub": ("family hub", "family hubs"),
}
COLUMNS: Final = ["kind", *(place.label for place in ics().lads), "elsewhere", "settings", "on_the_map"]


@dataclass(frozen=True, eq=False)
class SettingsAnswer(Answer):
    """An answer with the points of settings that may stand on a map: kind, name, lon, lat."""

    points: tuple[dict[str, Any], ...] = ()


def under_two_settings() -> SettingsAnswer:
    """Count settings for under-twos by kind and council, with those that have a point; a home never has one."""
    with reading() as connection:
        settings = select_settings(connection, list(KINDS))
        settings = settings.loc[[serves(*one) for one in zip(settings["kind"], settings["attributes"], strict=True)]]
        council = area_names(connection)["council"]
        table = settings_table(settings, settings["area_code"].map(council).fillna(""))
        placed = settings.dropna(subset=["lon", "lat"])
        fields = answer_fields(
            connection,
            question="Which settings care for under-twos, and where are they?",
            finding=settings_finding(table),
            table=table,
            text_alternative=settings_finding(table),
            submission_ids=settings["submission_id"].unique(),
            people=False,
            notes=(
                "A childminder’s home is counted in its neighbourhood and never shown as a point.",
                "Whether a setting’s own staff are trained is not shown: most have too few staff.",
            ),
        )
        columns = ["kind", "name", "lon", "lat"]
        points = tuple(dict(zip(columns, one, strict=True)) for one in placed[columns].itertuples(index=False))
        return SettingsAnswer(**fields, points=points)


def serves(kind: str, attributes: dict[str, Any] | None) -> bool:
    """Say whether a setting serves under-twos: a nursery when it says so, any other kind unless it says that not."""
    said = attributes or {}
    if kind == "nursery":
        return bool(said.get("serves_under_twos") or said.get("under_two_places"))
    return said.get("serves_under_twos") is not False


def settings_table(settings: pd.DataFrame, council: pd.Series[str]) -> pd.DataFrame:
    """Count settings of each kind in each council."""
    labels = [place.label for place in ics().lads]
    records = []
    for kind, (_, plural) in KINDS.items():
        own = settings["kind"] == kind
        if not own.any():
            continue
        counts = {label: int((own & (council == label)).sum()) for label in labels}
        placed = int((own & settings["lon"].notna()).sum())
        total = int(own.sum())
        counted = {"elsewhere": total - sum(counts.values()), "settings": total, "on_the_map": placed}
        records.append({"kind": plural.capitalize(), **counts, **counted})
    return pd.DataFrame(records, columns=COLUMNS)


def settings_finding(table: pd.DataFrame) -> str:
    """Count the settings by kind."""
    if table.empty:
        return "No data yet on which settings care for under-twos."
    by_kind = {plural.capitalize(): words for words in KINDS.values() for plural in words[1:]}
    parts = [
        f"{count} {by_kind[kind][0 if count == 1 else 1]}"
        for kind, count in zip(table["kind"], table["settings"], strict=True)
    ]
    return f"{int(table['settings'].sum())} settings care for under-twos: {join_words(parts)}."
