"""Which map does the reader of this fixture want to see?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))
import sample_layers
from sample_views import bivariate_view, map_view

from pages.components.maps import MapLayer, MapPoint, NumberFormat, draw_map

SHOW = ("choropleth", "hexagons", "bivariate", "beside", "points", "empty", "explorer", "broken")
PERCENT = NumberFormat("New birth visit within 14 days", suffix="%")
SCORE = NumberFormat("Deprivation score")


def layer(name: str) -> MapLayer:
    """A layer of the fixture."""
    codes = tuple(json.loads(sample_layers.files()[f"{name}.json"])["codes"])
    base = None if name == "hexagons" else sample_layers.address("base.json")
    return MapLayer(sample_layers.address(f"{name}.json"), codes, base)


def table(codes: tuple[str, ...], seed: int, middle: float, spread: float) -> pd.DataFrame:
    """Made-up shares with limits; some hidden, some missing."""
    random = np.random.default_rng(seed)
    drift = np.sin(np.arange(len(codes)) / (9 + seed)) * spread
    value = np.clip(middle + drift + random.normal(0, spread / 3, len(codes)), 1, 99).round(1)
    half = random.uniform(1, spread / 2, len(codes)).round(1)
    rows = pd.DataFrame({"area_code": codes, "value": value, "lowercl": value - half, "uppercl": value + half})
    rows["value_status"] = "shown"
    rows.loc[40:48, ["value", "lowercl", "uppercl"]] = np.nan
    rows.loc[40:44, "value_status"] = "suppressed"
    rows.loc[45:48, "value_status"] = "not_collected"
    better = np.where(rows["lowercl"] > middle, "better than England", "worse than England")
    overlap = (rows["lowercl"] <= middle) & (rows["uppercl"] >= middle)
    rows["comparison"] = np.where(overlap, "similar to England", better)
    return rows.iloc[::-1]


st.set_page_config(layout="wide")
show = st.query_params.get("show", "choropleth")
year = st.selectbox("Year", ["2024/25", "2023/24", "2022/23"])
seed = {"2024/25": 1, "2023/24": 2, "2022/23": 3}[year]
area = layer("hexagons" if show == "hexagons" else "lsoa21")
reached = table(area.codes, seed, 81, 12)
need = table(area.codes, seed + 6, 25, 14)
attribution = "Contains OS data © Crown copyright and database right 2024"
closeups = (("Weymouth and Portland", ("Weymouth", "Portland")), ("South", ("Midway", "Eastham")))
plain = map_view(
    reached,
    area,
    PERCENT,
    title=f"New birth visit within 14 days, {year}",
    alt=f"Map of new birth visits within 14 days, {year}.",
    attribution=attribution,
    closeups=closeups,
    points=tuple(
        MapPoint(kind, f"{kind} {k}", -1.9 - k / 9, 50.74 + (k % 3) / 30)
        for k, kind in enumerate(["Family hub", "GP practice", "Nursery"] * 3)
    )
    if show == "points" or st.query_params.get("points")
    else (),
)
poor = map_view(need, area, SCORE, title="Deprivation, 2025", alt="Map of deprivation scores.", attribution=attribution)
chosen = None
if show in {"choropleth", "hexagons", "points"}:
    chosen = draw_map(plain, key="map", selected=st.query_params.get("area"))
elif show == "beside":
    chosen = draw_map(poor, key="map", beside=plain)
elif show == "broken":
    lost = MapLayer("/geometry/lost.json", area.codes)
    draw_map(map_view(reached, lost, PERCENT, title="Lost", alt="Map."), key="map")
elif show == "bivariate":
    levels = (("low need", "middling need", "high need"), ("low reach", "middling reach", "high reach"))
    both = bivariate_view(
        (need, SCORE),
        (reached, PERCENT),
        area,
        title=f"Need and reach, {year}",
        alt="Map of need and reach together.",
        axes=("more need", "more reach"),
        level_names=levels,
        attribution=attribution,
    )
    chosen = draw_map(both, key="map")
elif show == "explorer":
    from pages.components.explore_map import draw_explore_map

    draw_explore_map(
        plain,
        key="explorer",
        areas_url=sample_layers.address("lsoa21.geojson"),
        outlines_url=sample_layers.address("lad.geojson"),
        bbox=tuple(json.loads(sample_layers.files()["lsoa21.json"])["bbox"]),
        places=[tuple(place[:3]) for place in json.loads(sample_layers.files()["base.json"])["places"]],
        height_of=st.query_params.get("height"),
    )
if chosen:
    st.query_params["area"] = chosen
st.write(f"Chosen: {st.query_params.get('area', 'nothing')}. Run for {year}.")
