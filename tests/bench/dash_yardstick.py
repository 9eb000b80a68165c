"""The yardstick for the Map: the same areas, a select box and a line chart in Dash, changed with Plotly's ``Patch``.

Run as ``python dash_yardstick.py FOLDER PORT KIND``. FOLDER holds ``areas.geojson`` (the product's own layer); KIND is
``map`` (Plotly's map to pan and zoom, drawn with WebGL) or ``geo`` (Plotly's plain choropleth, drawn as SVG).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, Patch, dcc, html
from flask import Response

COLOURS = ("#DCEBF8", "#A3CDF0", "#5FA3DD", "#2073BC", "#12436D")
QUARTERS = 12
#: Plotly fetches a map of the world from its maker's address even when none is shown; an empty one stands in for it.
NO_WORLD = {"type": "Topology", "objects": {}, "arcs": []}
LAYERS = ("First layer", "Second layer", "Third layer", "Fourth layer")


def colour_scale() -> list[list[Any]]:
    """Five flat colours, as the product's map has."""
    edges = np.linspace(0, 1, len(COLOURS) + 1)
    return [[edge, colour] for k, colour in enumerate(COLOURS) for edge in (edges[k], edges[k + 1])]


def map_figure(kind: str, codes: list[str], values: np.ndarray) -> go.Figure:
    """The choropleth; outlines come from a static address."""
    trace = (go.Choroplethmap if kind == "map" else go.Choropleth)(
        geojson="/assets/areas.geojson",
        featureidkey="properties.code",
        locations=codes,
        z=values,
        zmin=0,
        zmax=len(COLOURS),
        colorscale=colour_scale(),
        marker={"line": {"width": 0.5, "color": "#FFFFFF"}},
    )
    figure = go.Figure(trace)
    figure.update_geos(fitbounds="locations", visible=False)
    figure.update_maps(style="white-bg", center={"lon": -2.3, "lat": 50.8}, zoom=8.3)
    return figure.update_layout(height=560, margin={"l": 0, "r": 0, "t": 0, "b": 0})


def build(folder: Path, kind: str) -> Dash:
    """The page: select box, finding, map, line chart."""
    codes = [one["properties"]["code"] for one in json.loads((folder / "areas.geojson").read_text())["features"]]
    random = np.random.default_rng(1001)
    values = {layer: random.integers(0, len(COLOURS), len(codes)) + 0.5 for layer in LAYERS}
    lines = {layer: random.uniform(50, 90, QUARTERS).round(1) for layer in LAYERS}
    (folder / "world_110m.json").write_text(json.dumps(NO_WORLD))
    app = Dash(__name__, serve_locally=True, assets_folder=str(folder), update_title="")
    app.layout = html.Div(
        [
            html.H1("The same areas in Dash"),
            dcc.Dropdown(list(LAYERS), LAYERS[0], id="layer", clearable=False, searchable=False),
            html.P(id="finding"),
            dcc.Graph(id="map", figure=map_figure(kind, codes, values[LAYERS[0]]), config={"topojsonURL": "/assets/"}),
            dcc.Graph(id="line", figure=go.Figure(go.Scatter(y=lines[LAYERS[0]], mode="lines+markers"))),
        ]
    )

    @app.callback(
        Output("finding", "children"), Output("map", "figure"), Output("line", "figure"), Input("layer", "value")
    )
    def change(layer: str) -> tuple[str, Patch, Patch]:
        colours, line = Patch(), Patch()
        colours["data"][0]["z"] = values[layer].tolist()
        line["data"][0]["y"] = lines[layer].tolist()
        return f"{layer}: the last value is {lines[layer][-1]}", colours, line

    return app


def keep_for_ever(response: Response) -> Response:
    """Let the browser keep files, as the product's server does."""
    if response.mimetype in {"application/javascript", "text/javascript", "application/geo+json"}:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


if __name__ == "__main__":
    dash_app = build(Path(sys.argv[1]), sys.argv[3])
    dash_app.server.after_request(keep_for_ever)
    dash_app.run(host="127.0.0.1", port=int(sys.argv[2]), debug=False)
