"""Answers are kept in a form that gives the same bytes for the same answers, and is read back for good."""

from __future__ import annotations

import json
import math
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

import data.answers
from data.answers import frozen_form
from data.answers.answer import Answer
from data.answers.frozen_form import KINDS, canonical, read_answer, write_answer
from data.answers.map_layers import MapClass
from data.answers.maps import MapAnswer
from data.errors import DataError

FIELDS: dict[str, Any] = {
    "question": "Where?",
    "finding": "Here.",
    "unit": "%",
    "period": "2025/26",
    "area_type": "lad",
    "text_alternative": "A map.",
    "sources": (),
    "disclosure": "",
    "illustrative": True,
}
TABLE = pd.DataFrame({"area": ["BCP", "Dorset Council area"], "value": [0.1 + 0.2, math.nan]})
MAP = MapAnswer(**FIELDS, table=TABLE, title="Need", classes=(MapClass("Low", 0), MapClass("High", 4)))


def kept(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(canonical(write_answer(answer)))
    return found


def test_an_answer_of_a_kind_of_its_own_is_read_back_as_that_kind() -> None:
    back = read_answer(kept(MAP))
    assert isinstance(back, MapAnswer)
    assert (back.title, back.classes, back.axes) == ("Need", MAP.classes, ("", ""))
    pd.testing.assert_frame_equal(back.table, TABLE)
    assert back.table["value"][0] == 0.30000000000000004  # to the last digit
    assert canonical(write_answer(back)) == canonical(write_answer(MAP))


@pytest.mark.parametrize("change", ["a kind that is not known any more", "a field that the kind has no more"])
def test_an_answer_whose_kind_has_changed_since_is_read_as_a_plain_one(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = kept(MAP)
    if change.startswith("a kind"):
        monkeypatch.setattr(frozen_form, "KINDS", {name: place for name, place in KINDS.items() if "Map" not in name})
    else:
        written["of"]["slant"] = "left"
    back = read_answer(written)
    assert type(back) is Answer
    assert (back.finding, back.illustrative) == ("Here.", True)
    pd.testing.assert_frame_equal(back.table, TABLE)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["a", None], dtype="object"),
        pd.Series(["a", None], dtype="str"),
        pd.Series([True, False]),
        pd.Series([1, None], dtype="Int64"),
        pd.Series([math.inf, -0.0]),
        pd.Series([(1, "a"), ["b", None]], dtype="object"),
        pd.Series([{"a": 1}, {2: "b"}], dtype="object"),
        pd.Series(pd.to_datetime(["2026-04-01 10:11:12.123456", None])),
        pd.Series([], dtype="float64"),
    ],
    ids=lambda column: f"{column.dtype}, {len(column)}",
)
def test_every_kind_of_column_is_read_back_equal(column: pd.Series) -> None:
    table = pd.DataFrame({"x": column})
    pd.testing.assert_frame_equal(read_answer(kept(Answer(**FIELDS, table=table))).table, table)


def test_rows_that_were_picked_from_a_longer_table_keep_their_numbers() -> None:
    picked = TABLE.loc[[1]]
    pd.testing.assert_frame_equal(
        read_answer(kept(Answer(**FIELDS, table=picked))).table, picked, check_index_type=False
    )


def test_what_nobody_could_read_back_is_refused_and_not_kept() -> None:
    with pytest.raises(DataError, match="can't be kept"):
        write_answer(Answer(**FIELDS, table=pd.DataFrame({"x": [object()]})))


def answers_of_their_own() -> Iterator[type[Answer]]:
    for module in pkgutil.iter_modules(data.answers.__path__, "data.answers."):
        import_module(module.name)
    yield from Answer.__subclasses__()


def test_every_kind_of_answer_can_be_kept() -> None:
    there = {f"{kind.__module__}:{kind.__qualname__}" for kind in answers_of_their_own()}
    assert there >= {"data.answers.maps:MapAnswer", "data.answers.scorecard:Scorecard"}
    assert {one for one in there if one.startswith("data.answers.")} <= set(KINDS.values())
