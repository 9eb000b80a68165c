"""What one column of a register may hold, and what two of its columns may say beside each other."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pandas as pd

from data import catalogue
from data.catalogue.definitions import Column, Register
from data.errors import DataError
from data.sources.local_settings import check_settings
from data.sources.periods import read_day, read_period
from data.sources.tables import to_number, wrong_values

#: A code as people write one; the store keeps 40 characters.
CODE: Final = r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}"
#: Codes of lower and middle layer areas and of wards.
AREA: Final = r"E0[125]\d{6}"
YES_NO: Final = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
#: A part is no more than its whole, and a later day is no earlier than its first.
NO_MORE_THAN: Final = (("members_plus_groups", "members"), ("direct_contact_headcount", "headcount"))
NOT_BEFORE: Final = (
    *(("due_on", "made_on"), ("closed_on", "made_on"), ("review_on", "since")),
    *(("plan_reviewed_on", "plan_approved_on"), ("in_force_from", "agreed_on")),
)
#: A role has one of these words in it, or is written in small letters; "Jane Smith" is neither.
_ROLE_WORDS: Final = """
    accountable adviser advisor alliance analyst board buddy cabinet chair chief clinical commissioner commissioning
    committee co-ordinator consultant coordinator council councillor delivery department deputy digital director doctor
    executive finance forum group head health hub improvement infant information lead leader leads local manager medical
    member midwife midwifery mental network nurse nursing office officer operations owner panel parent partnership
    people place policy portfolio practice practitioner principal programme project public quality representative role
    safeguarding secretary senior service services sponsor strategic strategy supervisor system team therapist training
    transformation trust visitor visiting workforce
"""
ROLE_WORDS: Final = frozenset(_ROLE_WORDS.split())


def read_column(given: pd.Series[str], column: Column, *, source: str) -> pd.Series[Any]:
    """Read one column as its kind, or raise with the rows that hold something else."""
    if column.required:
        refuse(given, given == "", "something in every row", source)
    made: pd.Series[Any] = READERS[column.kind](given, column, source)
    return made


def refuse(given: pd.Series[str], wrong: pd.Series[bool], expected: str, source: str, todo: str | None = None) -> None:
    """Raise where any row is marked wrong."""
    if wrong.any():
        raise wrong_values(given, wrong, expected=expected, source=source, todo=todo)


# ---- kinds of columns -----------------------------------------------------------------------------------------------


def read_text(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read words; those of some columns must be known ones, and some may have so many letters at most."""
    if column.high is not None:
        refuse(given, given.str.len() > column.high, f"at most {column.high:.0f} letters", source, "Write it shorter")
    if column.name.endswith("_role"):
        refuse(given, given.map(looks_like_a_person), "a role", source, "Write the role and never a person’s name")
    if column.name == "asks":
        known = {one.id for one in catalogue.asks()}
        unknown = given.map(lambda text: not set(text.split()) <= known)
        refuse(given, unknown, "ids of asks such as A12.1, with spaces between", source)
    if column.name == "year":
        wrong = (given != "") & ~given.map(is_financial_year)
        refuse(given, wrong, "a financial year such as 2025/26", source)
    return given


def read_code(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read a short name; an entry's own stands once, and an indicator's is one of the catalogue."""
    wrong = (given != "") & ~given.str.fullmatch(CODE)
    refuse(given, wrong, "up to 40 letters and digits, such as " + (column.example or "C-001"), source)
    if column.name == "id":
        refuse(given, given.duplicated(), "each id once", source, "Give each entry an id of its own")
    if column.name == "area_code":
        refuse(given, (given != "") & ~given.str.fullmatch(AREA), "the code of a neighbourhood or ward", source)
    if column.name == "indicator":
        known = [one.id for one in catalogue.indicators()]
        unknown = (given != "") & ~given.isin(known)
        if unknown.any():
            close = difflib.get_close_matches(given[unknown].iloc[0], known, n=2, cutoff=0.5)
            todo = f"Did you mean {' or '.join(map(repr, close))}" if close else "See the list of indicators"
            refuse(given, unknown, "an indicator of the catalogue", source, todo)
    return given


def read_date(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:  # noqa: ARG001 (all kinds alike)
    """Read days as ISO text, nothing where there is none."""
    days = {text: read_day(text) for text in given.unique()}
    wrong = (given != "") & given.map(lambda text: days[text] is None)
    refuse(given, wrong, "a day such as 2025-12-31", source)
    return pd.Series([day.isoformat() if (day := days[text]) else None for text in given], given.index, dtype="object")


def read_number(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read a number of 0 or more, up to what the column allows."""
    return to_number(given, source=source, low=0, high=column.high, blank=True)


def read_whole_number(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read a whole number."""
    return to_number(given, source=source, low=0, high=column.high, whole=True, blank=True)


def read_yes_no(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:  # noqa: ARG001 (all kinds alike)
    """Read yes or no, nothing where the cell is empty."""
    plain = given.str.casefold()
    refuse(given, (given != "") & ~plain.isin(list(YES_NO)), "yes or no", source)
    return pd.Series([YES_NO.get(text) for text in plain], given.index, dtype="object")


def read_choice(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read one of the allowed words, however its letters are written."""
    allowed = {word.casefold(): word for word in column.allowed}
    plain = given.map(plain_word)
    refuse(given, (given != "") & ~plain.isin(list(allowed)), f"one of: {'; '.join(column.allowed)}", source)
    return plain.map(allowed).fillna("")


def read_choices(given: pd.Series[str], column: Column, source: str) -> pd.Series[Any]:
    """Read several of the allowed words with semicolons between, and write them in the catalogue's order."""
    allowed = {word.casefold(): word for word in column.allowed}
    parts = given.map(lambda text: [word for part in text.split(";") if (word := plain_word(part))])
    unknown = parts.map(lambda words: not set(words) <= set(allowed))
    refuse(given, unknown, f"any of: {'; '.join(column.allowed)}, with semicolons between", source)
    return parts.map(lambda words: "; ".join(word for key, word in allowed.items() if key in words))


READERS: Final[dict[str, Callable[[pd.Series[str], Column, str], pd.Series[Any]]]] = {
    "text": read_text,
    "long_text": read_text,
    "code": read_code,
    "date": read_date,
    "number": read_number,
    "whole_number": read_whole_number,
    "yes_no": read_yes_no,
    "choice": read_choice,
    "choices": read_choices,
}


def plain_word(text: str) -> str:
    """Write a word as it is compared: small letters, single spaces, one kind of apostrophe."""
    return " ".join(text.split()).replace("'", "’").casefold()


def is_financial_year(text: str) -> bool:
    """Say whether a text is a financial year as it is written here: 2025/26."""
    period = read_period(text)
    return bool(re.fullmatch(r"\d{4}/\d{2}", text)) and period is not None and period.period_type == "year"


def looks_like_a_person(text: str) -> bool:
    """Say whether a role reads like a name: two or three capitalised words, none of which a role has."""
    words = re.findall(r"[^\W\d_](?:[^\W\d_]|['’.-])*", text)
    if not 2 <= len(words) <= 3 or any(word.casefold() in ROLE_WORDS for word in words):
        return False
    return all(word[0].isupper() and not word.isupper() for word in words)


# ---- two columns beside each other ----------------------------------------------------------------------------------


def check_row_rules(frame: pd.DataFrame, register: Register) -> Iterator[DataError]:
    """Find rows in which one column contradicts another."""
    for part, whole in NO_MORE_THAN:
        if {part, whole} <= set(frame.columns):
            wrong = frame[part] > frame[whole]
            yield from contradiction(frame, part, wrong, f"no more than {whole}", register)
    for later, earlier in NOT_BEFORE:
        if {later, earlier} <= set(frame.columns):
            both = frame[later].notna() & frame[earlier].notna()
            wrong = both & (frame[later].fillna("") < frame[earlier].fillna(""))
            yield from contradiction(frame, later, wrong, f"no day before {earlier}", register)
    if {"threshold", "indicator"} <= set(frame.columns) and register.store_table == "commitment":
        wrong = frame["threshold"].notna() & (frame["indicator"] == "")
        yield from contradiction(frame, "threshold", wrong, "an indicator beside its threshold", register)
    if register.store_table == "local_setting" and {"setting", "value", "in_force_from"} <= set(frame.columns):
        yield from check_settings(frame, register.name)


def contradiction(
    frame: pd.DataFrame, name: str, wrong: pd.Series[bool], expected: str, register: Register
) -> Iterator[DataError]:
    """Write one problem for the rows marked wrong."""
    if wrong.any():
        written = frame[name].map(lambda value: f"{value:g}" if isinstance(value, float) else str(value))
        written = written.rename(name)
        written.attrs = dict(frame.attrs)
        yield wrong_values(written, wrong, expected=expected, source=register.name)


def read_illustrative(table: pd.DataFrame, register: Register, problems: list[DataError]) -> bool:
    """Say whether a file's entries are invented: all of them or none."""
    if "illustrative" not in table.columns:
        return False
    given = table["illustrative"]
    given.attrs = dict(table.attrs)
    try:
        column = Column("illustrative", "yes_no", "")
        said = read_column(given, column, source=register.name).fillna(value=False).astype("bool")
        if not said.all():
            refuse(given, said, "invented entries in a file of their own", register.name)
    except DataError as error:
        problems.append(error)
        return False
    return bool(said.all())
