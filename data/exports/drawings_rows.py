"""What of an answer can be drawn, and how: over time, or group by group; nothing where neither says something true.

One picture has one axis. So an answer whose rows have several units, or so many rows that no page holds them, has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.answers.answer import HIDDEN, STATUS_WORDS, Answer
from data.answers.words import figure, figure_with_limits
from data.exports.days import days_of

#: Columns that tell rows apart, the first that does is used; the period is another matter.
TELLING: Final = (
    *("fifth", "group", "stage", "step", "part", "measure", "review", "term", "stressor", "area", "area_name"),
    *("organisation", "title", "name", "section"),
)
#: What heads a set of rows that only together with another column are told apart.
HEADING: Final = ("when", "stage", "step", "review", "part", "measure", "area", "group")
PERIODS: Final = ("period", "year")
VALUES: Final = ("value", "share")
FEWEST, MOST = 2, 40
SHORT_UNIT: Final = 4  # letters: a longer unit stands in the subtitle only
MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One mark: what it is, of what set, and its figure; without a value, why there is none."""

    name: str
    heading: str
    value: float | None
    lowercl: float | None
    uppercl: float | None
    words: str
    shorthand: str = ""
    unusual: bool = False
    benchmark: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A chart that is still to be drawn."""

    kind: str  # "lines" over time, or "groups"
    rows: tuple[Row, ...]
    unit: str
    benchmark_name: str = ""

    @property
    def limits(self) -> bool:
        """True where a row has confidence limits."""
        return any(row.lowercl is not None and row.value is not None for row in self.rows)


def plan_of(answer: Answer) -> Plan | None:
    """Choose the kind of chart; None where the answer can't be drawn truly."""
    table = answer.table
    column = next((name for name in VALUES if name in table.columns), "")
    if not column or not answer.unit or not FEWEST <= len(table) <= MOST:
        return None
    known = pd.to_numeric(table[column], errors="coerce").notna()
    if known.sum() < FEWEST:
        return None
    kind, name, heading = _told_apart(table)
    if not kind:
        return None
    names = [str(words) for words in table[name]]
    headings = [str(words) for words in table[heading]] if heading else [""] * len(table)
    columns = list(map(str, table.columns))
    records: list[dict[str, object]] = [
        dict(zip(columns, one, strict=True)) for one in table.itertuples(index=False, name=None)
    ]
    rows = tuple(
        _row(record, column, answer.unit, said, of) for record, said, of in zip(records, names, headings, strict=True)
    )
    benchmarks = {str(one) for one in table.get("benchmark_name", pd.Series(dtype="object")).dropna()} - {""}
    return Plan(kind, _in_order(kind, rows), answer.unit, benchmarks.pop() if len(benchmarks) == 1 else "")


def _told_apart(table: pd.DataFrame) -> tuple[str, str, str]:
    """Name the kind of chart and the columns that name and head its rows."""
    told = [name for name in TELLING if name in table.columns]
    for period in (name for name in PERIODS if name in table.columns):
        if table[period].is_unique:
            return "lines", period, ""
        apart = (
            name
            for name in told
            if 1 < table[name].nunique() <= MOST_LINES
            and not table[name].is_unique
            and not table.duplicated([period, name]).any()
        )
        if len(set(table[period])) > 1 and (several := next(apart, "")):
            return "lines", period, several
    if single := next((name for name in told if table[name].is_unique), ""):
        return "groups", single, ""
    heads = [name for name in HEADING if name in table.columns]
    pairs = [
        (heading, name)
        for heading in sorted(heads, key=lambda one: table[one].nunique())
        for name in told
        if name != heading and table[heading].nunique() < len(table)
    ]
    found = next((pair for pair in pairs if not table.duplicated(list(pair)).any()), None)
    return ("groups", found[1], found[0]) if found else ("", "", "")


def _in_order(kind: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Put periods in the order of time, and keep the rows of a set together in the order in which sets come."""
    if kind == "lines":
        days = {row.name: days_of(row.name)[1] for row in rows}
        return rows if None in days.values() else tuple(sorted(rows, key=lambda row: str(days[row.name])))
    sets = list(dict.fromkeys(row.heading for row in rows))
    return tuple(sorted(rows, key=lambda row: sets.index(row.heading)))


def _row(record: dict[str, object], column: str, unit: str, name: str, heading: str) -> Row:
    value = _number(record.get(column))
    status = str(record.get("value_status") or "shown")
    hidden = value is None or status in HIDDEN
    low, high = (None if hidden else _number(record.get(name)) for name in ("lowercl", "uppercl"))
    said = str(record.get("figure") or "") or _figure(value, low, high, unit)
    why, shorthand = STATUS_WORDS.get(status, ("", "")) if status in HIDDEN else ("not available", "[x]")
    return Row(
        name=name,
        heading=heading,
        value=None if hidden else value,
        lowercl=low,
        uppercl=high,
        words=f"{shorthand} {why}" if hidden else said,
        shorthand=shorthand if hidden else "",
        unusual=bool(record.get("unusual")) and not hidden,
        benchmark=_number(record.get("benchmark")),
    )


def _figure(value: float | None, lowercl: float | None, uppercl: float | None, unit: str) -> str:
    if value is None:
        return ""
    unit = unit if len(unit) <= SHORT_UNIT else ""
    if lowercl is None or uppercl is None:
        return figure(value, unit)
    return figure_with_limits(value, lowercl, uppercl, unit)


def _number(value: object) -> float | None:
    number = pd.to_numeric(value, errors="coerce") if isinstance(value, int | float) else float("nan")
    return None if pd.isna(number) else float(number)
