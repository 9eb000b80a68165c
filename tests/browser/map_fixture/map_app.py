"""A server for the map alone: layers by URL, and one page that draws any kind of map."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parent))
import sample_layers

from pages.components.server import MAP_ASSETS


def layer(request: Request) -> Response:
    """One layer, which the browser may keep for ever."""
    wanted = f"/geometry/{request.path_params['name']}"
    for name, content in sample_layers.files().items():
        if sample_layers.address(name) == wanted:
            keep = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(content, media_type="application/json", headers=keep)
    return Response("not found", status_code=404)


app = st.App(Path(__file__).parent / "map_page.py", routes=[Route("/geometry/{name}", layer), MAP_ASSETS])
