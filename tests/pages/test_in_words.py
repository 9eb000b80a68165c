"""Whatever a page draws, it says in words, tells how to read it, and shows as a table; and it explains its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from data.catalogue.reading_guides import reading_guides

#: Every page that draws, with every folded part that draws opened.
DRAWING = {
    "map": {},
    "map?two": {"view": "Two side by side", "layer_theme": "Mandated reviews"},
    "map?against": {"view": "Need against reach"},
    "pregnancy_and_pathway": {
        "form": "true",
        "needs": "true",
        "offers": "true",
        "look": "true",
        "neighbourhoods": "true",
    },
    "parent_buddies": {"where": "true", "buddy_map": "true", "look": "true"},
    "workforce": {
        "path": "true",
        "courses": "true",
        "practice": "true",
        "care": "true",
        "settings": "true",
        "look": "true",
    },
    "inequalities": {"provision": "true", "groups": "true", "look": "true"},
    "reach": {"hubs": "true", "find_on_map": "true", "look": "true"},
    "investment": {"look": "true"},
    "accountability": {"coproduction": "true", "look": "true"},
    "in_their_own_words": {"over_time": "true"},
}
#: How an alternative begins to name the ends of what is drawn.
ENDS = re.compile(
    r"Highest: |Most deprived: |All \d+ are |Both are |The only figure: |No figure can be shown|no figure can"
)


@pytest.fixture(scope="session")
def all_returns(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with every illustrative return, which these pages only read."""
    path = tmp_path_factory.mktemp("everything") / "store.sqlite"
    path.write_bytes(everything_file.read_bytes())
    return path


@pytest.mark.parametrize("address", DRAWING)
def test_every_drawing_has_words_a_guide_and_a_table(show: Callable[..., Any], all_returns: Path, address: str) -> None:
    shown = show(all_returns, address.split("?", maxsplit=1)[0], **DRAWING[address])
    drawings = [chart.alt for chart in shown.charts]
    drawings += [unescape(alt) for alt in re.findall(r'role="img" aria-label="([^"]*)"', shown.html)]
    maps = [view["alt"] for one in shown.maps for view in one["views"]]
    assert drawings or maps
    assert [alt for alt in [*drawings, *maps] if not ENDS.search(alt)] == []
    guides = [guide.summary for guide in reading_guides().values()]
    read = sum(shown.html.count(f"<summary>{summary}</summary>") for summary in guides)
    assert read >= len(drawings) + len(shown.maps)
    assert shown.html.count("<table") >= len(drawings)  # a map brings its own


def test_a_page_explains_the_words_that_are_said_on_it(show: Callable[..., Any], all_returns: Path) -> None:
    shown = show(all_returns, "inequalities")
    words = shown.html.split("What the words on this page mean")[1]
    assert "<dt>Slope index of inequality (SII, slope index)</dt><dd>The gap between the most and least" in words
    assert "<dt>Caseload</dt>" not in words  # nothing is said of it here
    assert '<a href="glossary" target="_self">All words that are explained</a>' in words


def test_the_glossary_explains_every_word(show: Callable[..., Any], reference_store: Path) -> None:
    from data.catalogue import glossary

    shown = show(reference_store, "glossary")
    rows = shown.tables["Words and what they mean"]
    assert len(rows) == 1 + len(glossary())  # and a heading
    assert shown.finding == f"{len(glossary())} terms are explained, each in one or two short sentences."
    assert [
        "LSOA",
        "A small area with about 1,500 people, used for statistics.",
        "Lower layer Super Output Area",
    ] in rows
