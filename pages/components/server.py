"""What the server does beside showing pages: serve map geometry once, and start with memory set in order."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data.answers import geometry
from data.errors import DataError

#: The address of a layer holds its content's hash, so a copy never goes stale: keep it for a year.
KEEP_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def geometry_file(request: Request) -> Response:
    """Serve one map layer by its content's hash."""
    name = request.path_params["name"]
    try:
        found = await run_in_threadpool(geometry.layer_file, name)
    except DataError as error:
        return Response(str(error), status_code=404, media_type="text/plain")
    headers = dict(KEEP_FOREVER)
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = found.compressed, "gzip"
        headers["Vary"] = "Accept-Encoding"
    return Response(content, media_type=found.media_type, headers=headers)


async def map_asset(request: Request) -> Response:
    """Serve one of the map's scripts, or its style, by the hash of them all."""
    from pages.components.maps import ASSETS, ASSETS_HASH

    content = ASSETS.get(request.path_params["name"])
    if content is None or request.path_params["hash"] != ASSETS_HASH:
        return Response("There is no such script. Open the page again.", status_code=404, media_type="text/plain")
    media_type = "text/css" if request.path_params["name"].endswith(".css") else "text/javascript"
    return Response(content, media_type=media_type, headers=KEEP_FOREVER)


async def first_page(request: Request) -> Response:
    """Lead the first page's own name to the address where it stands."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


MAP_ASSETS = Route("/map-assets/{hash}/{name}", map_asset)
ROUTES = [Route("/geometry/{name}", geometry_file), MAP_ASSETS, Route("/overview", first_page)]


@asynccontextmanager
async def made_ready(_app: Any) -> AsyncIterator[None]:
    """Bring in what every page needs, then move it out of the garbage collector's sight.

    Streamlit collects garbage in full after every run of a page. With pandas and the rest loaded, going through
    objects that never become garbage costs up to a tenth of a second for each click.
    """
    from pages.components.ask import warm_up

    await run_in_threadpool(warm_up)
    gc.collect()
    gc.freeze()
    yield
