"""Is the workforce trained and supported? Attended, completed, at the level, supported, out of date: side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.alternatives import extremes_words, not_shown_words
from data.answers.answer import Answer
from data.answers.group_periods import period_sentences, select_groups
from data.answers.made import answer_fields, make_answer
from data.answers.opened import reading
from data.answers.series import chosen
from data.answers.words import figure, figure_with_limits, join_words, period_label, status_words
from data.catalogue import breakdown as kind_of_group
from data.catalogue import ics, indicator
from data.catalogue.definitions import Place
from data.errors import UnknownName

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "Is the workforce trained and supported?"
ALL_GROUPS: Final = "All nine groups"
GIVEN: Final = frozenset({"shown", "rounded"})
COLUMNS: Final = [
    *("group", "measure", "out_of", "figure", "numerator", "denominator", "value", "lowercl", "uppercl"),
    *("value_status", "period", "illustrative", "indicator_id"),
]


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the things that training may mean: its indicator, what it is called here, and out of whom it counts."""

    indicator_id: str
    name: str
    out_of: str


TRAINED: Final = "imhcf_trained_direct_contact"
#: Four different things, and the two denominators of the first: never one for another.
MEASURES: Final = (
    Measure("all_staff_attended", "Attended", "of all staff"),
    Measure(TRAINED, "Completed", "of direct-contact staff"),
    Measure("trained_to_role_level", "At the role’s level", "of staff with a set level"),
    Measure("reflective_supervision", "Reflective supervision", "of direct-contact staff"),
    Measure("training_expired", "Out of date", "of those who completed"),
)
SETTINGS: Final = (
    Measure("nursery_staff_trained", "Nursery staff trained", "of nursery staff working with under-twos"),
    Measure("settings_any_trained", "Settings with anyone trained", "of settings for under-twos"),
    Measure("settings_all_trained", "Settings with everyone trained", "of settings for under-twos"),
    Measure(
        "settings_fully_trained", "Settings at the required level", "of settings for under-twos and expectant parents"
    ),
)
#: What training can be split by beside the nine groups, and how the whole is named there.
SPLITS: Final = {
    "employer": ("Employer", "All employers", MEASURES[:4]),
    "setting_type": ("Kind of setting", "All settings", SETTINGS),
    "place": ("Place", "", (*MEASURES, *SETTINGS[:1], SETTINGS[2])),
}


@dataclass(frozen=True, eq=False)
class GroupsAnswer(Answer):
    """The answer for the nine groups, with the title that says what is found among them."""

    title: str = ""


def workforce_groups(area_code: str) -> GroupsAnswer:
    """Give each of the nine groups by every measure, in the newest quarter, with both denominators."""
    place = chosen(TRAINED, area_code)[1]
    with reading() as connection:
        rows = newest_quarter(connection, MEASURES, place)
        table = measured(rows, MEASURES, "workforce_group", ALL_GROUPS)
        finding = groups_finding(table, place)
        fields = answer_fields(
            connection,
            question=QUESTION,
            finding=finding,
            table=table,
            text_alternative=dots_alternative("for each workforce group", table, ALL_GROUPS),
            submission_ids=used(rows),
            unit="%",
            period=newest_period(table),
            area_type=place.area_type,
            notes=(
                "Direct-contact staff and all staff are two denominators. Neither stands for the other.",
                "Attending, completing, reaching a level and being supported are four different things.",
                indicator("trained_to_role_level").caveat,
                indicator("training_expired").caveat,
                *period_sentences(rows.loc[rows["breakdown_type"] == "workforce_group"], "quarter"),
            ),
        )
        return GroupsAnswer(**fields, title=groups_title(table))


def training_by(split: str, area_code: str) -> Answer:
    """Give the same measures by employer, by kind of setting, or by place."""
    if split not in SPLITS:
        raise UnknownName("training is not split so", found=split, expected=", ".join(SPLITS))
    name, whole, measures = SPLITS[split]
    place = chosen(TRAINED, area_code)[1]
    with reading() as connection:
        if split == "place":
            parts = [newest_quarter(connection, measures, one) for one in (ics().icb, *ics().lads)]
            rows = pd.concat(parts, ignore_index=True)
            table = by_place(parts, measures)
        else:
            rows = newest_quarter(connection, measures, place)
            table = measured(rows, measures, split, whole)
        finding = split_finding(table, measures, name.lower(), place)
        return make_answer(
            connection,
            question=f"Who has completed training, by {name.lower()}?",
            finding=finding,
            table=table,
            text_alternative=dots_alternative(f"by {name.lower()}", table, whole or ics().icb.label),
            submission_ids=used(rows),
            unit="%",
            period=newest_period(table),
            area_type=place.area_type,
            notes=period_sentences(rows.loc[rows["breakdown_type"] == split], "quarter"),
        )


def newest_quarter(connection: sa.Connection, measures: Sequence[Measure], place: Place) -> pd.DataFrame:
    """Give each measure's cells of its newest quarter at one place, for everyone and by every group.

    Groups of which too few can be shown by quarter are given for the newest year, or three years.
    """
    names = [one.indicator_id for one in measures]
    return select_groups(connection, names, "quarter", area_code=place.code, latest=True)


def measured(rows: pd.DataFrame, measures: Sequence[Measure], breakdown: str, whole: str) -> pd.DataFrame:
    """Write one row for each group and measure: the whole first, then the groups in the catalogue's order."""
    rows = rows.loc[rows["breakdown_type"].isin(["", breakdown])]
    groups = ["", *group_order(breakdown, rows)]
    by_cell = {(row["indicator_id"], row["breakdown_value"]): row for row in rows.to_dict("records")}
    records = [
        record(group or whole, measure, by_cell.get((measure.indicator_id, group)))
        for group in groups
        for measure in measures
    ]
    table = pd.DataFrame(records, columns=COLUMNS)
    return table if rows["value_status"].notna().any() else table.iloc[0:0]


def by_place(parts: Sequence[pd.DataFrame], measures: Sequence[Measure]) -> pd.DataFrame:
    """Write one row for each place and measure."""
    places = (ics().icb, *ics().lads)
    tables = [measured(rows, measures, "", place.label) for rows, place in zip(parts, places, strict=True)]
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def group_order(breakdown: str, rows: pd.DataFrame) -> list[str]:
    """Name the groups: those of the catalogue, or those that were sent in where any name may be."""
    if not breakdown:
        return []
    listed = list(kind_of_group(breakdown).values)
    sent = rows.loc[rows["breakdown_type"] == breakdown, "breakdown_value"]
    return listed or sorted(sent.unique())


def record(group: str, measure: Measure, row: dict[Any, Any] | None) -> dict[str, Any]:
    """Write one figure with its limits, or why there is none."""
    said: dict[str, Any] = {
        "group": group,
        "measure": measure.name,
        "out_of": measure.out_of,
        "indicator_id": measure.indicator_id,
    }
    if row is None:
        return said | {"figure": "no data yet", "value_status": "not_collected", "period": "", "illustrative": False}
    given = row["value_status"] in GIVEN
    words = figure_with_limits(row["value"], row["lowercl"], row["uppercl"], "%")
    numbers = {name: row[name] for name in ("numerator", "denominator", "value", "lowercl", "uppercl")}
    return (
        said
        | numbers
        | {
            "figure": words if given else status_words(row["value_status"]),
            "value_status": row["value_status"],
            "period": period_label(row["period_type"], row["period_from"], row["period_to"]),
            "illustrative": bool(row["illustrative"]),
        }
    )


def dots_alternative(how: str, table: pd.DataFrame, whole: str) -> str:
    """Describe the dots: for each measure the whole, the highest and the lowest group, and what is not shown."""
    parts = [f"Table with dots from 0% to 100%, {how}."]
    for (measure, out_of), own in table.groupby(["measure", "out_of"], sort=False):
        groups = own.loc[own["group"] != whole]
        all_of_them = own.loc[own["group"] == whole, "figure"]
        said = f" {whole}: {all_of_them.iloc[0]}." if len(all_of_them) else ""
        ends = extremes_words(groups["group"], groups["value"], "%")
        parts.append(f"{measure}, {out_of}.{said} {ends} {not_shown_words(groups['value_status'])}".strip())
    return " ".join(parts) if len(table) else f"{parts[0]} No figure can be shown."


def used(rows: pd.DataFrame) -> set[int]:
    """Name the returns that figures rest on."""
    return {int(number) for number in rows["submission_id"].dropna()}


def newest_period(table: pd.DataFrame) -> str:
    """Give the newest period of a table."""
    return max(table["period"], default="")


def groups_finding(table: pd.DataFrame, place: Place) -> str:
    """Say both denominators, level and support for everyone, and which groups are furthest and least far."""
    whole = table.loc[table["group"] == ALL_GROUPS].set_index("indicator_id")["value"].to_dict()
    known = {name: figure(value, "%") for name, value in whole.items() if pd.notna(value)}
    if TRAINED not in known:
        return f"No data yet on who has completed training in {place.label}."
    said = [
        f"{known[TRAINED]} of direct-contact staff in {place.label} have completed training ({newest_period(table)})."
    ]
    if "all_staff_attended" in known:
        said.append(f"Of all staff, {known['all_staff_attended']} have attended any.")
    level, support = known.get("trained_to_role_level"), known.get("reflective_supervision")
    parts = [f"{level} are at the level their role needs"] if level else []
    parts += [f"{support} have reflective supervision"] if support else []
    said += [f"{join_words(parts)}."] if parts else []
    return " ".join([*said, *extremes(table)])


def groups_title(table: pd.DataFrame) -> str:
    """Say how many groups have trained at least half of their direct-contact staff."""
    groups = table.loc[(table["group"] != ALL_GROUPS) & (table["indicator_id"] == TRAINED)].dropna(subset="value")
    if groups.empty:
        return "Trained, at the level, supported: four different things"
    half = int((groups["value"] >= 50).sum())
    return f"{half} of {len(groups)} groups have trained at least half of their direct-contact staff"


def extremes(table: pd.DataFrame) -> list[str]:
    """Name the groups in which most and fewest direct-contact staff have completed training."""
    groups = table.loc[(table["group"] != ALL_GROUPS) & (table["indicator_id"] == TRAINED)].dropna(subset="value")
    if len(groups) < 2:
        return []
    fewest, *_, most = groups.sort_values("value").to_dict("records")
    return [
        f"{most['group']} has completed most ({figure(most['value'], '%')}), "
        f"{fewest['group']} least ({figure(fewest['value'], '%')})."
    ]


def split_finding(table: pd.DataFrame, measures: Sequence[Measure], kind: str, place: Place) -> str:
    """Say the lowest and the highest part by the measure that counts completed training."""
    leading = next((one for one in measures if one.indicator_id == TRAINED), measures[0])
    parts = table.loc[table["indicator_id"] == leading.indicator_id].iloc[1:].dropna(subset="value")
    if len(parts) < 2:
        return f"No figures by {kind} can be shown for {place.label} yet."
    low, *_, high = parts.sort_values("value").to_dict("records")
    name = f"{leading.name}, {leading.out_of}"
    if low["value"] == high["value"]:
        return f"{name}: every {kind} has the same figure, {figure(low['value'], '%')} ({low['period']})."
    return (
        f"{name}: lowest in {low['group']} ({figure(low['value'], '%')}), "
        f"highest in {high['group']} ({figure(high['value'], '%')}; {high['period']})."
    )
