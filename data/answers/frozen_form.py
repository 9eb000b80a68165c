"""The form in which answers are kept for good: canonical JSON, the same bytes for the same answers, and back again.

Every value is written with its kind, so that what is read back is equal to what was kept. An answer of a kind that is
not known any more, or has changed, is read as a plain answer: its finding and table are never lost.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import pandas as pd

from data.answers.answer import Answer
from data.errors import DataError

#: What may be kept beside plain values, by the name that is written; names are never reused.
KINDS: Final[Mapping[str, str]] = {
    "Answer": "data.answers.answer:Answer",
    "SourceLine": "data.answers.answer:SourceLine",
    "ContinuityAnswer": "data.answers.continuity:ContinuityAnswer",
    "MapAnswer": "data.answers.maps:MapAnswer",
    "MapClass": "data.answers.map_layers:MapClass",
    "NeighbourhoodAnswer": "data.answers.neighbourhood:NeighbourhoodAnswer",
    "PlaceAnswer": "data.answers.reach:PlaceAnswer",
    "Scorecard": "data.answers.scorecard:Scorecard",
    "GroupsAnswer": "data.answers.workforce:GroupsAnswer",
    "SettingsAnswer": "data.answers.workforce_settings:SettingsAnswer",
}
_NAMES: Final = {place: name for name, place in KINDS.items()}
_MISSING: Final[Mapping[str, object]] = {
    "nan": math.nan,
    "nat": pd.NaT,
    "na": pd.NA,
    "inf": math.inf,
    "-inf": -math.inf,
}


def canonical(value: Any) -> bytes:
    """Write plain JSON as the bytes that are hashed: the same on every machine, for ever."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def write_answer(answer: Answer) -> dict[str, Any]:
    """Write an answer as plain JSON."""
    written = written_value(answer)
    if not read_answer(written).table.equals(answer.table):
        raise DataError("This table can't be kept exactly as it is", found=answer.question)
    return dict(written)


def read_answer(written: Mapping[str, Any]) -> Answer:
    """Read an answer back."""
    found = read_value(written)
    if not isinstance(found, Answer):
        raise DataError("What is kept here is no answer")
    return found


# ---- values ---------------------------------------------------------------------------------------------------------


def written_value(value: Any) -> Any:
    """Write one value; what JSON has no word for is written as its kind and its words."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"none": _missing_name(value)}
    if value is pd.NaT or value is pd.NA:
        return {"none": "nat" if value is pd.NaT else "na"}
    for kind, (words, _) in _WORDS.items():
        if isinstance(value, _TYPES[kind]):
            return {kind: words(value)}
    if isinstance(value, pd.DataFrame):
        return {"table": _written_table(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return _written_object(value)
    raise DataError("This can't be kept: it is of a kind that nobody could read back", found=type(value).__name__)


def _missing_name(value: float) -> str:
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _written_object(value: Any) -> dict[str, Any]:
    place = f"{type(value).__module__}:{type(value).__qualname__}"
    if place not in _NAMES:
        raise DataError("This can't be kept: it is of a kind that nobody could read back", found=type(value).__name__)
    return {"made": _NAMES[place], "of": {one.name: written_value(getattr(value, one.name)) for one in fields(value)}}


def _written_table(table: pd.DataFrame) -> dict[str, Any]:
    plain = table.index.equals(pd.RangeIndex(len(table)))
    columns = [
        {"name": written_value(name), "kind": str(column.dtype), "values": [written_value(one) for one in column]}
        for name, column in table.items()
    ]
    return {"rows": len(table), "columns": columns} | ({} if plain else {"index": [*map(written_value, table.index)]})


def read_value(written: Any) -> Any:
    """Read one value back."""
    if not isinstance(written, dict):
        return written
    if "made" in written:
        return _read_object(written["made"], {name: read_value(one) for name, one in written["of"].items()})
    (kind, words), *more = written.items()
    if more:
        raise DataError("What is kept here can't be read", found=", ".join(sorted(written)))
    if kind == "none":
        return _MISSING[words]
    return _read_table(words) if kind == "table" else _WORDS[kind][1](words)


def _read_object(name: str, of: Mapping[str, Any]) -> Any:
    """Make what was kept again; of an answer whose kind has changed since, what every answer has."""
    found = _kind_of(name)
    if found is not None and {one.name for one in fields(found)} == of.keys():
        return found(**of)
    every = {one.name for one in fields(Answer)}
    if not every <= of.keys():
        return tuple(of.values())
    return Answer(**{one: of[one] for one in every})


def _kind_of(name: str) -> type[Any] | None:
    if name not in KINDS:
        return None
    module, _, kind = KINDS[name].partition(":")
    found: type[Any] | None = getattr(import_module(module), kind, None)
    return found


def _read_table(words: Mapping[str, Any]) -> pd.DataFrame:
    index = pd.Index([*map(read_value, words["index"])]) if "index" in words else pd.RangeIndex(words["rows"])
    names = [read_value(column["name"]) for column in words["columns"]]
    made = [
        pd.Series([*map(read_value, column["values"])], index=index, dtype=column["kind"])
        for column in words["columns"]
    ]
    table = pd.concat(made, axis=1, keys=names) if made else pd.DataFrame(index=index)
    table.columns = pd.Index(names)
    return table


def _write_many(values: Any) -> list[Any]:
    return [written_value(one) for one in values]


def _write_pairs(values: Mapping[Any, Any]) -> list[Any]:
    return [[written_value(name), written_value(value)] for name, value in values.items()]


#: How each kind is written and read; a moment is a day as well, so it stands first.
_TYPES: Final[Mapping[str, type[Any]]] = {
    "stamp": pd.Timestamp,
    "moment": dt.datetime,
    "day": dt.date,
    "tuple": tuple,
    "list": list,
    "dict": dict,
}
_WORDS: Final[Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "stamp": (pd.Timestamp.isoformat, pd.Timestamp),
    "moment": (dt.datetime.isoformat, dt.datetime.fromisoformat),
    "day": (dt.date.isoformat, dt.date.fromisoformat),
    "tuple": (_write_many, lambda words: tuple(map(read_value, words))),
    "list": (_write_many, lambda words: [*map(read_value, words)]),
    "dict": (_write_pairs, lambda words: {read_value(name): read_value(value) for name, value in words}),
}
