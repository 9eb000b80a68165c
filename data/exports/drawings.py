"""An answer's chart or map as a picture, for papers and other files: still, sharp, and with its words inside it.

The picture is SVG, with the answer's own text alternative; ``png_of`` makes pixels of it. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.answers.answer import Answer
from data.exports.drawings_frame import WIDTH, active_title, framed
from data.exports.drawings_rows import plan_of

#: A town to name on a map: its name, longitude and latitude.
Place = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its SVG, its text alternative, its title, and its size in pixels."""

    svg: str
    alt: str
    title: str
    width: int
    height: int


def drawing_of(answer: Answer, geometry: bytes | None = None) -> Drawing | None:
    """Draw an answer: a map where its areas' layer is given, else lines or groups; None where neither would be true."""
    if geometry is not None and "area_code" in answer.table.columns:
        return map_of(answer, geometry)
    plan = plan_of(answer)
    if plan is None:
        return None
    from data.exports.drawings_charts import chart_body

    title, alt = active_title(answer), alternative(answer)
    svg, height = framed(answer, title, alt, chart_body(plan))
    return Drawing(svg, alt, title, WIDTH, height)


def map_of(answer: Answer, layer: bytes, places: Sequence[Place] = ()) -> Drawing:
    """Draw an answer's areas on a layer of outlines, as the map on screen gets it; ``places`` are named on it."""
    from data.exports.drawings_map import map_body

    title, alt = active_title(answer), alternative(answer)
    body, said = map_body(answer, layer, places)
    svg, height = framed(answer, title, alt, body, said)
    return Drawing(svg, alt, title, WIDTH, height)


def png_of(drawing: Drawing, scale: float = 2) -> bytes:
    """Make pixels of a picture."""
    from data.exports.drawings_charts import converter

    content: bytes = converter().svg_to_png(drawing.svg, scale=scale)
    return content


def alternative(answer: Answer) -> str:
    """Give the answer's own text alternative, or its finding where it has none."""
    return answer.text_alternative or answer.finding or answer.question
