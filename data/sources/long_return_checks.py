"""Hold the rows of a long return to the catalogue. Every rule is tried on every row, and none stops another.

The rules are checks of one pandera schema, so that structure, codes, allowed values, counts and repeats are validated
in one pass; a broken rule is then told in the words of this project, with its rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import catalogue, reference
from data.catalogue.definitions import Indicator
from data.errors import DataError, WrongValues, WrongVintage
from data.sources.observations import KEY, join_words
from data.sources.reading import ReadingContext
from data.sources.tables import CODES

SOURCE = "Long return"
GRAINS = ("lsoa21", "msoa21", "ward", "lad", "icb", "region", "country")
PERIODS = ("quarter", "year", "three_years")
PARTS_OF_A_WHOLE = ("proportion", "share_of_items")
_OVER_A_DENOMINATOR = ("proportion", "share_of_items", "rate", "ratio")
_ROUNDED = 0.6  # percentage points by which a value rounded to a whole number may differ from its counts
_SHOWN = 3


def problem(
    frame: pd.DataFrame,
    column: str,
    wrong: pd.Series[bool],
    words: str,
    *,
    found: str | None = None,
    expected: str | None = None,
    todo: str | None = None,
    kind: type[DataError] = WrongValues,
) -> DataError:
    """Write one problem: its first row, how many rows have it, and what stands in the first few."""
    failing = frame.loc[wrong, column]
    shown = ", ".join(f"{_as_written(cell)} in row {row}" for row, cell in failing.head(_SHOWN).items())
    more = f" and {len(failing) - _SHOWN} more rows" if len(failing) > _SHOWN else ""
    return kind(
        words,
        rows=[int(str(row)) for row in failing.index],
        source=SOURCE,
        file=frame.attrs.get("file"),
        sheet=frame.attrs.get("sheet"),
        row=int(str(failing.index[0])),
        column=column,
        found=f"{found} in {len(failing)} rows" if found else shown + more,
        expected=expected,
        todo=todo,
    )


def _as_written(cell: object) -> str:
    if isinstance(cell, float):
        return "nothing" if math.isnan(cell) else f"{cell:,.10g}"
    return repr(str(cell)) if cell else "nothing"


def _of_indicators(frame: pd.DataFrame, tell: Callable[[Indicator], object]) -> pd.Series:
    """Look something up for the indicator of each row."""
    return frame["indicator_id"].map({entry.id: tell(entry) for entry in catalogue.indicators()})


# ---- rules ----------------------------------------------------------------------------------------------------------

Frame = pd.DataFrame
Flags = pd.Series


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold of every row, and what to tell about the column when it does not."""

    column: str
    broken: Callable[[Frame], Flags]
    words: str
    todo: str | None = None
    expected: Callable[[Frame], str | None] | None = None
    kind: type[DataError] = WrongValues


def check_rules(frame: Frame, rules: Iterable[Rule]) -> list[DataError]:
    """Try every rule on the frame and write one problem for each that is broken."""
    import pandera.pandas as pa

    listed = list(rules)
    checks = [
        pa.Check(lambda rows, rule=rule: ~rule.broken(rows), name=str(at), ignore_na=False, n_failure_cases=1)
        for at, rule in enumerate(listed)
    ]
    schema = pa.DataFrameSchema(structure(), checks=checks)
    try:
        schema.validate(with_definitions(frame), lazy=True)
    except pa.errors.SchemaErrors as error:
        found = sorted((int(one.check.name), one.check_output) for one in error.schema_errors)
        return [tell(frame, listed[at], ~holds) for at, holds in found]
    return []


def structure() -> dict[str, Any]:
    """The columns that every row has once it is read, and their kinds."""
    import pandera.pandas as pa

    words = ("indicator_id", "area_code", "area_type", "breakdown_type", "breakdown_value", "value_status")
    numbers = ("numerator", "denominator", "value", "lowercl", "uppercl")
    return {name: pa.Column(str) for name in words} | {name: pa.Column(float, nullable=True) for name in numbers}


def tell(frame: Frame, rule: Rule, wrong: Flags) -> DataError:
    """Write the problem of one broken rule."""
    expected = rule.expected(frame[wrong]) if rule.expected else None
    column = period_column(frame) if rule.column == "period" else rule.column
    return problem(frame, column, wrong, rule.words, expected=expected, todo=rule.todo, kind=rule.kind)


def period_column(frame: Frame) -> str:
    """Name the column in which this file writes its periods."""
    return "period" if (frame["period"] != "").any() else "period_from"


def with_definitions(frame: Frame) -> Frame:
    """Put beside each row what the catalogue says of its indicator."""
    rank = {grain: at for at, grain in enumerate(GRAINS)}
    least = _of_indicators(frame, lambda entry: rank.get(entry.area_grain, 0))
    pooled = _of_indicators(frame, lambda entry: entry.pooled_only)
    kind = _of_indicators(frame, lambda entry: entry.value_type).astype("str")
    counted = _of_indicators(frame, lambda entry: entry.disclosive and entry.value_type == "proportion")
    return frame.assign(
        least_rank=least.mask(pooled & (least < rank["lad"]), rank["lad"]),
        area_rank=frame["area_type"].map(rank),
        period_grain=_of_indicators(frame, lambda entry: entry.period_grain).astype("str"),
        part=kind.isin(PARTS_OF_A_WHOLE),
        over=kind.isin(_OVER_A_DENOMINATOR),
        people=counted.astype("bool"),
        multiplier=_of_indicators(frame, lambda entry: entry.multiplier).astype("float64"),
    )


# ---- areas and periods ----------------------------------------------------------------------------------------------


def area_rules(frame: Frame, context: ReadingContext) -> list[Rule]:
    """Codes are well formed, of areas that are known, and not below the grain of their indicator."""
    pattern = "|".join(f"(?:{CODES[grain][0]})" for grain in GRAINS)
    formed = {code for code in frame["area_code"].unique() if re.fullmatch(pattern, code)}
    return [
        Rule(
            "area_code",
            lambda rows: ~rows["area_code"].isin(formed),
            "this is no area code that is accepted",
            todo="Write the ONS code of the area, such as E06000059 or E01020400",
        ),
        *[vintage_rule(grain, known, formed) for grain, known in _lists(context).items() if known],
        Rule(
            "area_code",
            lambda rows: rows["area_code"].isin(formed) & (rows["area_rank"] < rows["least_rank"]),
            "the area is smaller than this indicator is collected for",
            expected=lambda rows: f"{_first(rows).area_grain} or wider for {_first(rows).id!r}",
            todo="Add the figures up to that level before sending them",
        ),
    ]


def vintage_rule(grain: str, known: set[str], formed: set[str]) -> Rule:
    """A neighbourhood that is not in the list is of the 2011 census or of another system."""
    label = catalogue.ics().label
    small = grain == "lsoa21"
    return Rule(
        "area_code",
        lambda rows: (rows["area_type"] == grain) & rows["area_code"].isin(formed) & ~rows["area_code"].isin(known),
        f"the area is not one of those of {label}",
        expected=(lambda _: f"one of the {len(known):,} {grain} codes of {label} (2021)") if small else None,
        todo="Use 2021 codes; figures on 2011 LSOAs must be counted again" if small else None,
        kind=WrongVintage,
    )


def _first(rows: Frame) -> Indicator:
    return catalogue.indicator(str(rows["indicator_id"].iloc[0]))


def _lists(context: ReadingContext) -> dict[str, set[str]]:
    """Known codes of each grain: what is loaded, otherwise the embedded lists. Wider areas are the catalogue's."""
    loaded = context.areas()
    ics = catalogue.ics()
    places = (ics.country, ics.region, ics.icb, *ics.lads, *ics.neighbours)
    lists = {grain: {place.code for place in places if place.area_type == grain} for grain in GRAINS}
    if loaded is None:
        lists["lsoa21"] = set(reference.lsoas()["lsoa21cd"])
        lists["msoa21"] = set(reference.msoa_names()["msoa21cd"])
        return lists
    for grain, codes in loaded.groupby("area_type")["area_code"]:
        lists.setdefault(str(grain), set()).update(codes)
    return lists


def wrong_period(rows: Frame) -> Flags:
    """Find periods shorter than their indicator is collected for; a count on one day is not a flow."""
    rank = {grain: at for at, grain in enumerate(PERIODS)}
    day, wants_day = rows["period_type"] == "snapshot", rows["period_grain"] == "snapshot"
    shorter = ~day & (rows["period_type"].map(rank) < rows["period_grain"].map(rank))
    return rows["period_type"].notna() & ((day != wants_day) | shorter)


def wanted_period(rows: Frame) -> str:
    """Say which period the first indicator is collected for."""
    first = _first(rows)
    wanted = "one day" if first.period_grain == "snapshot" else f"{first.period_grain.replace('_', ' ')} or longer"
    return f"{wanted} for {first.id!r}"


# ---- numbers --------------------------------------------------------------------------------------------------------


def uncounted(rows: Frame) -> Flags:
    """Find counts of people that are no whole numbers."""
    top = rows["numerator"]
    return rows["people"] & top.notna() & (top != top.round())


def without_denominator(rows: Frame) -> Flags:
    """Find numerators that stand alone where the indicator is a share or a rate."""
    alone = rows["numerator"].notna() & rows["denominator"].isna() & rows["value"].isna()
    return rows["over"] & alone & (rows["value_status"] == "shown")


def apart(rows: Frame) -> Flags:
    """Find values that are not the numerator over the denominator, rounding aside."""
    bottom = rows["denominator"].where(rows["denominator"] > 0)
    computed = rows["multiplier"] * rows["numerator"] / bottom
    return rows["part"] & ((rows["value"] - computed).abs() > _ROUNDED * rows["multiplier"] / 100)


FIGURE_RULES = (
    Rule("period", wrong_period, "the period is not one that this indicator is collected for", expected=wanted_period),
    Rule("numerator", lambda rows: rows["numerator"] < 0, "a count is below zero", "Write 0 or more"),
    Rule("denominator", lambda rows: rows["denominator"] < 0, "a count is below zero", "Write 0 or more"),
    Rule(
        "numerator",
        lambda rows: rows["part"] & (rows["numerator"] > rows["denominator"]),
        "the numerator is above the denominator",
        "Check both counts",
    ),
    Rule("numerator", uncounted, "people are counted whole", "Write a whole number"),
    Rule(
        "denominator",
        lambda rows: (rows["denominator"] == 0) & (rows["numerator"] > 0),
        "the denominator is zero beside a numerator",
        "Check both counts",
    ),
    Rule("denominator", without_denominator, "the denominator is missing", "Add it, or a mark"),
    Rule("value", apart, "the value is not the numerator over the denominator", "Leave value empty"),
)


def check_supplier(frame: Frame) -> list[DataError]:
    """A file is of one supplier, and what suppliers send can be added up."""
    names = frame["supplier"]
    if (names == "").all():
        return []
    other = names.str.casefold() != names.iloc[0].casefold()
    rate = _of_indicators(frame, lambda entry: entry.value_type == "rate").astype("bool")
    alone = (names != "") & ((frame["value"].notna() & frame["numerator"].isna()) | rate)
    found = []
    if other.any():
        todo = "Send one file for each supplier, with its name in every row"
        found.append(problem(frame, "supplier", other, "this file is of more than one supplier", todo=todo))
    if alone.any():
        words = "a rate, or a value without counts, cannot be added up with those of other suppliers"
        found.append(problem(frame, "supplier", alone, words, todo="Agree on one return, and leave supplier empty"))
    return found


def check_once(frame: Frame) -> list[DataError]:
    """Each indicator, area, period and group stands once."""
    key = list(KEY)
    read = frame["period_type"].notna()
    twice = frame.duplicated(key) & read
    if not twice.any():
        return []
    first = frame.loc[twice, key].iloc[0]
    rows = frame.index[read & (frame[key] == first).all(axis=1)]
    words = f"the same indicator, area, period and group stands in rows {join_words(map(str, rows))}"
    return [problem(frame, "indicator_id", twice, words, todo="Keep one of the rows")]


# ---- breakdowns -----------------------------------------------------------------------------------------------------


def check_breakdowns(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[DataError]]:
    """Groups are of a known kind, allowed for the indicator, and named as the list names them."""
    pairs = frame["indicator_id"] + "\x1f" + frame["breakdown_type"] + "\x1f" + frame["breakdown_value"]
    read = {pair: _breakdown(*pair.split("\x1f")) for pair in pairs.unique()}
    problems = []
    for faulty in sorted({fault for _, fault in read.values() if fault}):
        wrong = pairs.isin([pair for pair, (_, fault) in read.items() if fault == faulty])
        column = "breakdown_value" if faulty.startswith("the group") else "breakdown_type"
        words, _, todo = faulty.partition(". ")
        problems.append(problem(frame, column, wrong, words, todo=todo or None))
    values = pairs.map({pair: value for pair, (value, _) in read.items()})
    return frame.assign(breakdown_value=values), problems


def _breakdown(indicator_id: str, kind: str, value: str) -> tuple[str, str]:
    """Return the group as it is stored, and what is wrong with it."""
    if not kind:
        return value, f"the group {value!r} has no breakdown_type. Name the kind of group" if value else ""
    known = {entry.id: entry for entry in catalogue.breakdowns()}
    sent = [name for name in catalogue.indicator(indicator_id).breakdowns if not known[name].derived]
    if kind not in sent:
        choice = f"Use {join_words(sent)}, or leave it empty" if sent else "Leave it empty"
        return value, f"{indicator_id!r} is not collected by {kind!r}. {choice}"
    values = known[kind].values  # noqa: PD011 the groups of a breakdown, not the cells of a frame
    if not value:
        return value, "the group is missing. Name the group in breakdown_value"
    named = {name.casefold(): name for name in values}
    plain = re.sub(r"\s*\((?:most|least) deprived\)$", "", value)
    if values and plain.casefold() not in named:
        return value, f"the group {value!r} is not in the list of {kind!r}. Use {join_words(values, most=12)}"
    return named.get(plain.casefold(), value), ""
