"""What a map shows, in words, for someone who does not see it: put together from the same rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.answers.alternatives import NAMED, deprivation_words, extremes_words, sentences
from data.answers.map_layers import CLASSES, DEPRIVATION, UNCERTAIN_SPAN, Layer, MapClass, area_type_words
from data.answers.words import areas_word, figure, join_words, status_words
from data.catalogue import ics


def layer_alternative(fifths: pd.DataFrame, found: Layer) -> str:
    """Describe one layer: its ends, its classes, its pattern by deprivation and what is not shown."""
    rows = found.rows
    counts = rows["class_index"].value_counts()
    classes = [f"{mapped.label}: {counts[place]}" for place, mapped in enumerate(found.classes) if counts.get(place, 0)]
    unsure = int(rows["uncertain"].sum())
    return sentences(
        f"Map of {areas_word(found.grain.area_type, len(rows))} in {ics().label}: {found.title}, {found.period}.",
        ends_words(found, rows, "value"),
        f"Areas in each class: {'; '.join(classes)}." if classes else "",
        pattern_words(fifths, found),
        withheld_words(rows),
        f"{unsure} uncertain, with limits that reach over {UNCERTAIN_SPAN} classes or more." if unsure else "",
    )


def parted_alternative(
    fifths: pd.DataFrame, rows: pd.DataFrame, classes: Sequence[MapClass], need: Layer, reach: Layer
) -> str:
    """Describe the nine classes by their counts, and the ends of need and of reach among areas that have both."""
    counts = rows["class_index"].value_counts()
    listed = "; ".join(f"{mapped.label}: {counts.get(place, 0)}" for place, mapped in enumerate(classes))
    known = rows.loc[rows["class_index"] >= 0]
    ends = (ends_words(need, known, "need_value"), ends_words(reach, known, "value"), pattern_words(fifths, reach))
    return sentences(
        f"Map of {areas_word(reach.grain.area_type, len(rows))} in {ics().label}, need ({need.title}) against reach "
        f"({reach.title}, {reach.grain.period}), each in thirds.",
        f"Areas in each class: {listed}.",
        f"Need. {ends[0]} Reach. {ends[1]} {ends[2]}" if len(known) else "",
        withheld_words(rows),
    )


def ends_words(found: Layer, rows: pd.DataFrame, column: str) -> str:
    """Name the areas at both ends of a layer; those of deprivation are the most and the least deprived."""
    if not found.name.startswith(DEPRIVATION):
        return extremes_words(rows["area_name"].tolist(), rows[column].tolist(), found.unit)
    values = rows[column].dropna()
    ends = (values.max(), values.min()) if found.high_is_need else (values.min(), values.max())
    parts = [
        f"{said} deprived: {join_words(rows.loc[rows[column] == value, 'area_name'].tolist()[:NAMED])} "
        f"({deprivation_figure(float(value), found.unit)})"
        for said, value in zip(("Most", "least"), ends, strict=True)
    ]
    return f"{'; '.join(parts)}."


def deprivation_figure(value: float, unit: str) -> str:
    """Write a rank or an average score."""
    return f"rank {value:,.0f} in England" if unit == "rank in England" else f"{unit} {figure(value, '')}"


def pattern_words(fifths: pd.DataFrame, found: Layer) -> str:
    """Say how a layer runs by deprivation; a layer of deprivation says where its most deprived fifth lies."""
    if found.name.startswith(DEPRIVATION):
        return f"By deprivation: {deprivation_finding(found)}"
    values = {str(name): float(value) for name, value in zip(fifths["breakdown_value"], fifths["value"], strict=True)}
    return deprivation_words(values, found.unit)


def withheld_words(rows: pd.DataFrame) -> str:
    """Count the areas that have no figure, by reason."""
    counts = rows.loc[rows["class_index"] == -1, "value_status"].value_counts()
    if counts.empty:
        return f"All {len(rows)} areas are shown."
    reasons = ", ".join(f"{count} {status_words(str(status))}" for status, count in counts.items())
    return f"{counts.sum()} of {len(rows)} areas not shown: {reasons}."


def deprivation_finding(found: Layer) -> str:
    """Count the neighbourhoods in the most deprived fifth, and say where most of them are."""
    most = found.rows.loc[found.rows["class_index"] == 0]
    total, kind = len(found.rows), area_type_words(found.grain)
    if len(found.rows) < CLASSES:
        return f"{most['area_name'].iloc[0]} is the more deprived of {total} {kind} on {found.title}."
    parts = [f"{count} in {council}" for council, count in most["council"].value_counts().items() if council]
    measure = found.title[0].lower() + found.title[1:]
    counted = f"{len(most)} of {total} {kind} are in the most deprived fifth of {found.cut_across} for {measure}"
    return f"{counted}: {join_words(parts)}." if parts else f"{counted}."
