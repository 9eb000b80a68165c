"""What the map sends: small, protected values only, and true class names."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pages.components.explore_map import explore_deck, legend
from pages.components.maps import (
    MapLayer,
    MapPoint,
    NumberFormat,
    pack,
    unpack,
)

sys.path.insert(0, str(Path(__file__).parents[1] / "browser" / "map_fixture"))
from sample_views import bivariate_view, map_view

PERCENT = NumberFormat("Visits in time", suffix="%")
SCORE = NumberFormat("Score")
LAYER = MapLayer("/geometry/lsoa21-0123456789ab.json", ("A", "B", "C", "D"), "/geometry/base-0123456789ab.json")


def table(**columns: list[object]) -> pd.DataFrame:
    """Four areas with values 10 to 40, the last one hidden."""
    rows = {
        "area_code": ["A", "B", "C", "D"],
        "value": [10.0, 20.0, 30.0, 40.0],
        "lowercl": [8.0, 18.5, 12.0, 39.0],
        "uppercl": [12.0, 21.0, 38.0, 41.0],
        "value_status": ["shown", "rounded", "shown", "suppressed"],
    }
    return pd.DataFrame({**rows, **columns})


def dorset_sized(seed: int) -> tuple[pd.DataFrame, MapLayer]:
    """463 areas whose values and limits are as hard to compress as they can be: random."""
    random = np.random.default_rng(seed)
    codes = tuple(f"E0101{number:04d}" for number in range(463))
    value = random.uniform(20, 99, 463)
    half = random.uniform(1, 15, 463)
    columns = {"area_code": codes, "value": value, "lowercl": value - half, "uppercl": value + half}
    frame = pd.DataFrame({**columns, "value_status": "shown"})
    frame["comparison"] = random.choice(["better than England", "similar to England", "worse than England"], 463)
    return frame, MapLayer("/geometry/lsoa21-0123456789ab.json", codes, "/geometry/base-0123456789ab.json")


def view_of(frame: pd.DataFrame, **options: object) -> dict[str, object]:
    """The first view as it leaves the server."""
    packed = pack([map_view(frame, LAYER, PERCENT, title="T", alt="Alt.", **options)])
    return unpack(packed)["views"][0]


def test_values_and_limits_of_dorset_fit_in_five_kilobytes() -> None:
    frame, layer = dorset_sized(1)
    view = map_view(frame, layer, PERCENT, title="New birth visits, 2024/25", alt="A map of new birth visits. " * 10)
    assert len(pack([view])) <= 5_000


def test_values_limits_and_codes_travel_in_the_order_of_the_layer() -> None:
    sent = view_of(table().iloc[::-1], breaks=(15.0, 25.0))
    assert sent["classOf"] == "012."
    assert sent["status"] == "0102"
    measure = sent["measures"][0]
    assert measure["value"] == [100, 200, 300, None]  # one decimal: times ten
    assert measure["lower"] == [20, 15, 180, None]  # distances below the value
    assert measure["upper"] == [20, 10, 80, None]


def test_a_hidden_value_never_leaves_the_server_whatever_the_table_holds() -> None:
    packed = pack([map_view(table(), LAYER, PERCENT, title="T", alt="Alt.", breaks=(15.0,))])
    assert "400" not in json.dumps(unpack(packed)["views"][0]["measures"])
    assert "[4," not in json.dumps(unpack(packed)["views"][0]["measures"])


def test_an_area_without_a_row_has_no_data_yet() -> None:
    sent = view_of(table().iloc[:2], breaks=(15.0,))
    assert sent["status"] == "0133"
    assert sent["classOf"] == "01.."


def test_zero_is_a_value() -> None:
    sent = view_of(table(value=[0.0, 0.0, 30.0, 40.0]), breaks=(15.0,))
    assert sent["measures"][0]["value"][:2] == [0, 0]
    assert sent["classOf"] == "001."


def test_an_area_of_no_layer_is_refused() -> None:
    with pytest.raises(ValueError, match="area_code must be an area of the map, found \\['X'\\]"):
        map_view(table(area_code=["A", "B", "C", "X"]), LAYER, PERCENT, title="T", alt="Alt.")


@pytest.mark.parametrize(
    ("lower", "upper", "flag"),
    [(14.9, 24.9, 0), (15.0, 25.0, 0), (14.9, 25.0, 1)],  # classes 0–1, 1–2, 0–2; breaks 15 and 25 belong above
)
def test_uncertain_when_the_limits_reach_across_three_classes(lower: float, upper: float, flag: int) -> None:
    frame = table(lowercl=[9.0, lower, 29.0, 39.0], uppercl=[11.0, upper, 31.0, 41.0])
    view = map_view(frame, LAYER, PERCENT, title="T", alt="Alt.", breaks=(15.0, 25.0))
    assert view.uncertain == (False, bool(flag), False, False)


def test_children_take_the_value_of_their_parent() -> None:
    parents = {"A": "P", "B": "P", "C": "Q", "D": "Q"}
    frame = pd.DataFrame({"area_code": ["P", "Q"], "value": [10.0, 30.0], "value_status": ["shown", "shown"]})
    sent = view_of(frame, breaks=(15.0,), parent_of=parents)
    assert sent["classOf"] == "0011"
    assert sent["measures"][0]["lower"] is None  # no limits: nothing is sent for them


def test_bivariate_classes_count_up_and_across() -> None:
    need = table(value=[1.0, 5.0, 9.0, 9.0])
    reach = table(value=[10.0, 20.0, 10.0, 40.0], value_status=["shown", "shown", "shown", "not_collected"])
    view = bivariate_view(
        (need, SCORE),
        (reach, PERCENT),
        LAYER,
        title="T",
        alt="Alt.",
        axes=("more need", "more reach"),
        level_names=(("low need", "middling need", "high need"), ("low reach", "middling reach", "high reach")),
        breaks=((3.0, 7.0), (15.0, 25.0)),
    )
    assert view.class_of == (0, 3 * 1 + 1, 2, None)
    assert view.classes[2].label == "High need, low reach"
    assert view.statuses[3] == "not_collected"  # of suppressed and not collected, the one that is less known
    assert len(view.measures) == 2


def test_two_maps_of_dorset_stay_small() -> None:
    (one, layer), (other, _) = dorset_sized(1), dorset_sized(2)
    views = [map_view(frame, layer, PERCENT, title="T", alt="Alt.") for frame in (one, other)]
    assert len(pack(views)) <= 8_000


def test_points_travel_with_kind_name_and_place() -> None:
    points = (MapPoint("Nursery", "Oak", -1.88888, 50.7), MapPoint("Family hub", "Elm", -2.0, 50.6))
    view = map_view(table(), LAYER, PERCENT, title="T", alt="Alt.", points=points)
    sent = unpack(pack([view]))["points"]
    assert sent[0] == {"kind": 1, "kindWords": "Nursery", "name": "Oak", "at": [-1.8889, 50.7]}


def explorer(height_of: str | None = None) -> dict[str, object]:
    """The explorer's deck of a Dorset-sized map, as it leaves the server."""
    frame, layer = dorset_sized(3)
    view = map_view(frame, layer, PERCENT, title="T", alt="Alt.")
    places = [("Bournemouth", -1.876, 50.72)] * 18
    urls = ("/geometry/lsoa21-0123456789ab.geojson", "/geometry/lad-0123456789ab.geojson")
    text = explore_deck(view, *urls, (-2.97, 50.51, -1.68, 51.08), places, height_of, "light").to_json()
    assert len(text) <= 8_000
    assert "\n" not in text
    deck: dict[str, object] = json.loads(text)
    return deck


def test_the_explorer_is_small_and_asks_for_no_tiles() -> None:
    deck = explorer()
    assert not deck.get("mapProvider")
    assert "http" not in json.dumps(deck)
    areas = deck["layers"][0]
    assert areas["data"] == "/geometry/lsoa21-0123456789ab.geojson"
    assert areas["updateTriggers"]["getFillColor"]


def test_the_explorer_raises_areas_by_value_or_uncertainty() -> None:
    assert explorer("value")["layers"][0]["extruded"]
    assert explorer("uncertainty")["layers"][0]["getElevation"] != explorer("value")["layers"][0]["getElevation"]
    with pytest.raises(ValueError, match="height_of must be 'value' or 'uncertainty'"):
        explorer("age")


def test_the_explorers_legend_escapes_what_it_is_given() -> None:
    view = map_view(table(), LAYER, NumberFormat("<b>Visits</b>"), title="T", alt="Alt.", breaks=(15.0,))
    assert "&lt;b&gt;Visits" in legend(view, "light", None)
