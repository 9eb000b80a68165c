"""Choose one sex and one age where a publication repeats its figures for several; read deprivation deciles."""

from __future__ import annotations

import re

import pandas as pd

from data.errors import WrongValues

DECILE = "deprivation_decile"
_SEXES = ("persons", "not applicable", "", "all")
_DECILES = {
    "most deprived decile": "1",
    "second most deprived decile": "2",
    "third more deprived decile": "3",
    "fourth more deprived decile": "4",
    "fifth more deprived decile": "5",
    "fifth less deprived decile": "6",
    "fourth less deprived decile": "7",
    "third less deprived decile": "8",
    "second least deprived decile": "9",
    "least deprived decile": "10",
}
_OPEN_AGE = 200.0  # years; above any age that is published
_RANGE = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:-|to)\s*(\d+(?:\.\d+)?)")
_FROM = re.compile(r"^(?:>=?\s*)?(\d+(?:\.\d+)?)\s*(?:\+|and over|yrs? and over)|^>=?\s*(\d+)")
_BELOW = re.compile(r"^(?:<|under|up to)\s*(\d+)")


def broadest_sex(sexes: pd.Series[str]) -> str:
    """Name the sex that stands for everyone; the only one where a measure is of one sex."""
    found = sorted(set(sexes))
    everyone = [sex for wanted in _SEXES for sex in found if sex.casefold() == wanted]
    if everyone:
        return everyone[0]
    if len(found) == 1:
        return found[0]
    raise _unclear(sexes, "Sex", "figures for Persons")


def broadest_age(ages: pd.Series[str]) -> str:
    """Name the widest age group."""
    widths = {age: age_width(age) for age in set(ages)}
    widest = [age for age, width in widths.items() if width == max(widths.values())]
    if len(widest) == 1:
        return widest[0]
    raise _unclear(ages, "Age", "one age group that holds all others")


def age_width(text: str) -> float:
    """Years that an age group spans: "All ages" all, "0-4 yrs" 4, "18+ yrs" the rest of life, "10 yrs" none."""
    age = text.strip().casefold()
    if age in {"all ages", "all", "", "not applicable"}:
        return 2 * _OPEN_AGE
    if match := _RANGE.match(age):
        return float(match[2]) - float(match[1])
    if match := _FROM.match(age):
        return _OPEN_AGE - float(match[1] or match[2])
    match = _BELOW.match(age)
    return float(match[1]) if match else 0.0


def decile_value(category: str) -> str:
    """Read "Second most deprived decile (IMD2019)" as "2"; empty when it is no decile."""
    return _DECILES.get(re.sub(r"\s*\(.*\)$", "", category).strip().casefold(), "")


def _unclear(column: pd.Series[str], name: str, expected: str) -> WrongValues:
    return WrongValues(
        "the same figure is given for several groups and none of them is the whole",
        file=column.attrs.get("file"),
        column=name,
        found=", ".join(sorted(set(column))),
        expected=expected,
        todo="Download the indicator again with that group",
    )
