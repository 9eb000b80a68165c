"""An answer's chart or map as a file: a map where each row is an area with an outline, a chart otherwise."""

from __future__ import annotations

from typing import Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.geometry import layer_addresses, layer_file
from data.errors import DataError
from data.exports.drawings import Drawing, drawing_of, map_of, png_of
from data.exports.drawings_rows import plan_of

#: Fewer areas say nothing as a map.
FEWEST_AREAS: Final = 3
#: Kinds of area that have outlines, and how the codes of each begin.
OUTLINED: Final = {"lsoa21": ("E01",), "msoa21": ("E02",), "ward": ("E05",), "lad": ("E06", "E07", "E08", "E09")}


def is_map(answer: Answer) -> bool:
    """True where each row is one area of a kind that has outlines, and some have a figure."""
    table = answer.table
    if answer.area_type not in OUTLINED or not answer.unit or not {"area_code", "value"} <= set(table.columns):
        return False
    own = table["area_code"].astype("str").str.startswith(OUTLINED[answer.area_type])
    known = pd.to_numeric(table["value"], errors="coerce").notna() & own
    return bool(table["area_code"].is_unique and own.sum() >= FEWEST_AREAS and known.any())


def can_be_drawn(answer: Answer) -> bool:
    """Say whether there is a picture of the answer, without drawing it."""
    return is_map(answer) or plan_of(answer) is not None


def picture_bytes(answer: Answer, kind: str) -> bytes:
    """Draw the answer as ``svg`` or ``png``."""
    drawing = picture_of(answer)
    if drawing is None:
        raise DataError(
            "This answer has nothing that one chart or map could show truly",
            found=answer.question,
            todo="Choose another format, such as xlsx or csv",
        )
    return drawing.svg.encode() if kind == "svg" else png_of(drawing)


def picture_of(answer: Answer) -> Drawing | None:
    """Draw the answer; None where it has no picture."""
    addresses = layer_addresses() if is_map(answer) else {}
    if address := addresses.get(answer.area_type):
        places = addresses["base"].places if "base" in addresses else ()
        return map_of(answer, layer_file(address.url.rpartition("/")[2]).content, places)
    return drawing_of(answer)
