"""Our colours: contrast of text and marks, and told apart by people who see no red, no green or no blue."""

from __future__ import annotations

import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from data.catalogue.colours import (
    BIVARIATE,
    BLUE,
    GREY,
    INK,
    LINES,
    ON_DARK,
    ORANGE,
    PAPER,
    SEQUENTIAL,
    SEQUENTIAL_DARK,
)
from pages.components.charts import BAND
from tests.colour_vision import SIGHT, TO_XYZ, contrast, delta_e_2000, difference, lightness, linear, over

ROOT = Path(__file__).parents[1]
STYLE = (ROOT / "pages" / "components" / "style.css").read_text(encoding="utf-8")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
#: WCAG 2.2, 1.4.3 and 1.4.11.
TEXT, MARK = 4.5, 3.0
#: CIE ΔE 2000. About 2 is the least difference that is noticed side by side; so much is seen apart as well.
APART = 10.0
#: The Analysis Function's palette for charts, and its sequential blues.
ANALYSIS_FUNCTION = {"#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1", "#2073BC"}
BOTH = re.compile(r"([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", re.IGNORECASE)
PAIRS = BOTH.findall(STYLE)


def on_paper(pair: tuple[str, str]) -> tuple[float, float]:
    """The contrast of a light and a dark page's colour with their papers."""
    return contrast(pair[0], PAPER["light"]), contrast(pair[1], PAPER["dark"])


# ---- what measures ------------------------------------------------------------------------------------------------


def test_contrast_runs_from_1_to_21() -> None:
    assert contrast("#777777", "#777777") == 1
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.005)  # the least grey that passes, as W3C says


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Sharma, Wu and Dalal (2005), table 1: pairs 1, 17, 20 and 34
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_difference_is_as_published(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert delta_e_2000(one, other) == pytest.approx(expected, abs=1e-4)
    assert delta_e_2000(other, one) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
def test_grey_stays_grey_for_every_sight(sight: str) -> None:
    assert SIGHT[sight].sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_red_and_green_of_one_lightness_are_much_nearer_without_red_or_green() -> None:
    red, green = "#C0504D", "#4E8A3A"
    assert abs(TO_XYZ[1] @ (linear(red) - linear(green))) < 0.04
    for sight in ("protan", "deutan"):
        assert difference(red, green, sight) < difference(red, green) / 2


# ---- our colours ----------------------------------------------------------------------------------------------------


def test_the_colours_of_charts_are_the_analysis_functions() -> None:
    assert {*LINES, BLUE, ORANGE, SEQUENTIAL[-2], SEQUENTIAL[-1]} <= ANALYSIS_FUNCTION


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_ground_of_the_theme(theme: str) -> None:
    colours = THEME[theme]
    assert colours["backgroundColor"] == PAPER[theme]
    assert colours["textColor"] == INK[theme]
    tinted = over(colours["textColor"], 0.06, colours["backgroundColor"])  # banners, heads of groups
    for ground in (colours["backgroundColor"], colours["secondaryBackgroundColor"], tinted):
        for ink in ("textColor", "linkColor", "primaryColor"):
            assert contrast(colours[ink], ground) >= TEXT, (ink, ground)


def test_text_and_marks_of_the_style_have_contrast_in_both_themes() -> None:
    assert len(PAIRS) > 15
    for what, light, dark in PAIRS:
        if (light.upper(), dark.upper()) == (PAPER["light"], PAPER["dark"]):
            continue  # paper itself, as in a hollow dot
        least = TEXT if what == "color" else MARK
        assert min(on_paper((light, dark))) >= least, (what, light, dark)


def test_lines_around_things_have_contrast_in_both_themes() -> None:
    """Frames of cards, bars and strips; thin lines between rows are only there to lead the eye."""
    frames = {
        match.upper() for match in re.findall(r"border(?:-[a-z]+)?: [1-9]px (?:solid|dotted) (#[0-9a-f]{6})", STYLE)
    }
    assert frames - {"#B9C0C7"}
    for frame in frames - {"#B9C0C7"}:
        assert min(contrast(frame, PAPER["light"]), contrast(frame, PAPER["dark"])) >= MARK, frame


def test_the_style_turns_each_colour_of_a_chart_into_its_like_on_a_dark_page() -> None:
    for light, dark in {**ON_DARK, INK["light"]: INK["dark"]}.items():
        for what in ("fill", "stroke") if light in ON_DARK else ("fill",):
            rule = f'.stVegaLiteChart [{what}="{light}"] {{ {what}: light-dark({light.lower()}, {dark.lower()}); }}'
            assert rule in STYLE, rule
        assert min(on_paper((light, dark))) >= MARK


def test_the_edge_of_a_band_of_limits_is_seen() -> None:
    for theme, colour in (("light", BLUE), ("dark", ON_DARK[BLUE])):
        assert contrast(over(colour, float(BAND["strokeOpacity"]), PAPER[theme]), PAPER[theme]) >= MARK


def test_words_on_the_main_button_can_be_read() -> None:
    grounds = re.findall(r"background-color: (#[0-9A-F]{6}); border-color: #7DB8EA; color: #FFFFFF", STYLE)
    assert len(grounds) == 2
    assert min(contrast("#FFFFFF", ground) for ground in grounds) >= TEXT


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("ramp", [SEQUENTIAL, SEQUENTIAL_DARK], ids=["light", "dark"])
def test_steps_of_a_maps_scale_are_in_order_of_lightness_and_apart(ramp: tuple[str, ...], sight: str) -> None:
    steps = [lightness(colour, sight) for colour in ramp]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert min(abs(one - other) for one, other in pairwise(steps)) >= APART
    assert min(difference(one, other, sight) for one, other in pairwise(ramp)) >= APART


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "colours",
    [
        BIVARIATE,
        LINES[:5],
        (BLUE, ORANGE, GREY),
        tuple(ON_DARK.values()),
        ("#12436d", "#a8380a"),
        ("#7db8ea", "#ff9a5c"),
    ],
    ids=["need against reach", "lines", "a chart", "a dark chart", "good and bad news", "the same in the dark"],
)
def test_colours_that_mean_different_things_are_told_apart(colours: tuple[str, ...], sight: str) -> None:
    wrong = {
        (one, other): round(difference(one, other, sight), 1)
        for one, other in combinations(colours, 2)
        if difference(one, other, sight) < APART
    }
    assert wrong == {}


def test_lines_are_seen_on_paper() -> None:
    assert min(contrast(line, PAPER["light"]) for line in LINES) >= MARK


def test_the_measure_finds_colours_that_are_not_told_apart() -> None:
    """The Analysis Function's dark pink and dark grey are alike without green, so no chart of few lines has both."""
    assert difference("#801650", "#3D3D3D") >= APART
    assert difference("#801650", "#3D3D3D", "deutan") < APART
