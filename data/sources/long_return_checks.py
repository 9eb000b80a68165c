"""Check the rows of a long return against the catalogue; each check returns its problems and stops nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

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


# ---- areas ----------------------------------------------------------------------------------------------------------


def check_areas(frame: pd.DataFrame, context: ReadingContext) -> list[DataError]:
    """Codes are well formed, of areas that are known, and not below the grain of their indicator."""
    pattern = "|".join(f"(?:{CODES[grain][0]})" for grain in GRAINS)
    codes = frame["area_code"]
    malformed = ~codes.isin([code for code in codes.unique() if re.fullmatch(pattern, code)])
    problems = []
    if malformed.any():
        todo = "Write the ONS code of the area, such as E06000059 or E01020400"
        problems.append(problem(frame, "area_code", malformed, "this is no area code that is accepted", todo=todo))
    problems += _check_vintage(frame, ~malformed, context)
    return problems + _check_grain(frame, ~malformed)


def _check_vintage(frame: pd.DataFrame, well_formed: pd.Series[bool], context: ReadingContext) -> list[DataError]:
    """A neighbourhood that is not in the list is of the 2011 census or of another system."""
    problems = []
    for grain, known in _lists(context).items():
        wrong = well_formed & (frame["area_type"] == grain) & ~frame["area_code"].isin(known)
        if wrong.any() and known:
            label = catalogue.ics().label
            todo = "Use 2021 codes; figures on 2011 LSOAs must be counted again" if grain == "lsoa21" else None
            expected = f"one of the {len(known):,} {grain} codes of {label} (2021)" if grain == "lsoa21" else None
            words = f"the area is not one of those of {label}"
            problems.append(problem(frame, "area_code", wrong, words, expected=expected, todo=todo, kind=WrongVintage))
    return problems


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


def _check_grain(frame: pd.DataFrame, well_formed: pd.Series[bool]) -> list[DataError]:
    rank = {grain: at for at, grain in enumerate(GRAINS)}
    least = _of_indicators(frame, lambda entry: rank.get(entry.area_grain, 0))
    pooled = _of_indicators(frame, lambda entry: entry.pooled_only)
    least = least.mask(pooled & (least < rank["lad"]), rank["lad"])
    wrong = well_formed & (frame["area_type"].map(rank) < least)
    if not wrong.any():
        return []
    first = catalogue.indicator(str(frame.loc[wrong, "indicator_id"].iloc[0]))
    words = "the area is smaller than this indicator is collected for"
    expected = f"{first.area_grain} or wider for {first.id!r}"
    todo = "Add the figures up to that level before sending them"
    return [problem(frame, "area_code", wrong, words, expected=expected, todo=todo)]


# ---- periods and breakdowns -----------------------------------------------------------------------------------------


def check_periods(frame: pd.DataFrame) -> list[DataError]:
    """A period is not shorter than its indicator is collected for, and a count on one day is not a flow."""
    rank = {grain: at for at, grain in enumerate(PERIODS)}
    grain = _of_indicators(frame, lambda entry: entry.period_grain).astype("str")
    read = frame["period_type"].notna()
    day, wants_day = frame["period_type"] == "snapshot", grain == "snapshot"
    wrong = read & ((day != wants_day) | (~day & (frame["period_type"].map(rank) < grain.map(rank))))
    if not wrong.any():
        return []
    first = catalogue.indicator(str(frame.loc[wrong, "indicator_id"].iloc[0]))
    column = "period" if (frame["period"] != "").any() else "period_from"
    words = "the period is not one that this indicator is collected for"
    wanted = "one day" if first.period_grain == "snapshot" else f"{first.period_grain.replace('_', ' ')} or longer"
    return [problem(frame, column, wrong, words, expected=f"{wanted} for {first.id!r}")]


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


# ---- numbers --------------------------------------------------------------------------------------------------------


def check_counts(frame: pd.DataFrame) -> list[DataError]:
    """Numbers are possible: none negative, no part above its whole, no share without a denominator."""
    kind = _of_indicators(frame, lambda entry: entry.value_type).astype("str")
    people = _of_indicators(frame, lambda entry: entry.disclosive and entry.value_type == "proportion")
    top, bottom, value = frame["numerator"], frame["denominator"], frame["value"]
    alone = top.notna() & bottom.isna() & value.isna() & (frame["value_status"] == "shown")
    part = kind.isin(PARTS_OF_A_WHOLE)
    checks = (
        ("numerator", top < 0, "a count is below zero", "Write 0 or more"),
        ("denominator", bottom < 0, "a count is below zero", "Write 0 or more"),
        ("numerator", part & (top > bottom), "the numerator is above the denominator", "Check both counts"),
        (
            "numerator",
            people.astype("bool") & (top != top.round()) & top.notna(),
            "people are counted whole",
            "Write a whole number",
        ),
        ("denominator", (bottom == 0) & (top > 0), "the denominator is zero beside a numerator", "Check both counts"),
        ("denominator", kind.isin(_OVER_A_DENOMINATOR) & alone, "the denominator is missing", "Add it, or a mark"),
        ("value", part & _apart(frame), "the value is not the numerator over the denominator", "Leave value empty"),
    )
    return [problem(frame, column, wrong, words, todo=todo) for column, wrong, words, todo in checks if wrong.any()]


def _apart(frame: pd.DataFrame) -> pd.Series[bool]:
    multiplier = _of_indicators(frame, lambda entry: entry.multiplier).astype("float64")
    computed = multiplier * frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0)
    return (frame["value"] - computed).abs() > _ROUNDED * multiplier / 100


def check_once(frame: pd.DataFrame) -> list[DataError]:
    """Each indicator, area, period and group stands once."""
    read = frame["period_type"].notna()
    twice = frame.duplicated(list(KEY)) & read
    if not twice.any():
        return []
    key = list(KEY)
    first = frame.loc[twice, key].iloc[0]
    rows = frame.index[read & (frame[key] == first).all(axis=1)]
    words = f"the same indicator, area, period and group stands in rows {join_words(map(str, rows))}"
    return [problem(frame, "indicator_id", twice, words, todo="Keep one of the rows")]
