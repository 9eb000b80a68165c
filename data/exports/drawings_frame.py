"""The frame of every picture: its active title above, what it shows, the word illustrative, and notes below.

Letters stay letters, in Source Sans, so that a picture is sharp at any size and its words can be found and read out.
"""

from __future__ import annotations

import importlib.util
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from data.answers.answer import Answer
from data.catalogue.colours import INK, PAPER

FONT: Final = "Source Sans Pro"
FAMILY: Final = f"'{FONT}', 'Source Sans 3', Arial, sans-serif"
LABEL: Final = "ILLUSTRATIVE, not real"
LABEL_COLOUR: Final = "#801650"
PREFIX: Final = "Illustrative, not real: "
WIDTH: Final = 760
MARGIN: Final = 16
TITLE, SMALL = 18, 13  # pixels
LONGEST_TITLE: Final = 170  # letters: more is no title
#: The mean width of a letter of Source Sans, in its height.
LETTER: Final = 0.455
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
#: What XML 1.0 can't hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Body:
    """What stands inside the frame: marks in SVG, their height, and notes for below."""

    marks: str
    height: float
    notes: tuple[str, ...] = ()
    definitions: str = ""


@cache
def font_folder() -> Path | None:
    """Find the folder of Source Sans; None where it is not installed."""
    found = importlib.util.find_spec("font_source_sans_pro")
    places = list(found.submodule_search_locations or ()) if found else []
    folder = Path(places[0]) / "files" if places else None
    return folder if folder is not None and folder.is_dir() else None


def active_title(answer: Answer) -> str:
    """Give the finding as a title: all of it where it is short, its first sentence otherwise."""
    finding = answer.finding.removeprefix(PREFIX).strip()
    if len(finding) > LONGEST_TITLE:
        finding = _SENTENCE.split(finding)[0]
    return finding.removesuffix(".") or answer.question


def subtitle(answer: Answer) -> str:
    """Say in one line what is counted, in what unit and when."""
    unit = f"Unit: {answer.unit}" if answer.unit else ""
    parts = (answer.question if answer.finding else "", unit, answer.period)
    return " · ".join(part for part in parts if part)


def wrapped(text: str, pixels: float, size: float) -> list[str]:
    """Cut a text into lines that fit."""
    letters = max(8, int(pixels / (LETTER * size)))
    return textwrap.wrap(text, letters, break_long_words=False) or [""]


def framed(answer: Answer, title: str, alt: str, body: Body, said: str | None = None) -> tuple[str, int]:
    """Put the frame round a picture; give the whole as SVG, with its height."""
    inner = WIDTH - 2 * MARGIN
    words: list[str] = []
    y = float(MARGIN)
    if answer.illustrative:
        y = _lines(words, [LABEL], y, SMALL, f'fill="{LABEL_COLOUR}" font-weight="600"')
    y = _lines(words, wrapped(title, inner, TITLE), y, TITLE, 'font-weight="600"')
    y = _lines(words, wrapped(subtitle(answer) if said is None else said, inner, SMALL), y, SMALL) + 8
    placed = f'<g transform="translate(0,{y:.0f})">{body.marks}</g>'
    y += body.height + 4
    for note in body.notes:
        y = _lines(words, wrapped(note, inner, SMALL), y, SMALL)
    height = round(y + MARGIN)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby="t d" font-family="{FAMILY}">'
        f'<title id="t">{text_of(f"{LABEL}: {title}" if answer.illustrative else title)}</title>'
        f'<desc id="d">{text_of(alt)}</desc>'
    )
    ground = f'<rect width="{WIDTH}" height="{height}" fill="{PAPER["light"]}"/>'
    return f"{head}{body.definitions}{ground}{''.join(words)}{placed}</svg>", height


def _lines(words: list[str], lines: Sequence[str], y: float, size: int, style: str = "") -> float:
    for line in lines:
        y += size * 1.3
        words.append(said_at(line, MARGIN, y - size * 0.3, size, style))
    return y


def said_at(text: str, x: float, y: float, size: float, style: str = "") -> str:
    """Write words at a place."""
    colour = "" if "fill=" in style else f' fill="{INK["light"]}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{colour} {style}>{text_of(text)}</text>'


def text_of(text: str) -> str:
    """Make a text fit for SVG."""
    return escape(_CONTROL.sub("", text))
