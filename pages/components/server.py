"""What the server does beside showing pages: serve map geometry once, and start with memory set in order."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data.errors import DataError, StoreError, UnknownName

LOG = logging.getLogger(__name__)
PRODUCT = "First 1001 Days: Dorset"
SETTLE_AFTER_SECONDS = 4
#: The first page stands at the root; the others have their own addresses.
LINKED = sorted({file.stem for file in Path(__file__).parents[1].glob("*.py")} - {"overview"})
#: The address of a layer holds its content's hash, so a copy never goes stale: keep it for a year.
KEEP_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}

#: The store is away for now, and the layer is not: ask again, and keep nothing of this.
COME_BACK = {"Retry-After": "5", "Cache-Control": "no-store"}


async def geometry_file(request: Request) -> Response:
    """Serve one map layer by its content's hash."""
    from data.answers import geometry

    name = request.path_params["name"]
    try:
        found = await run_in_threadpool(geometry.layer_file, name)
    except UnknownName as error:
        return Response(str(error), status_code=404, media_type="text/plain")
    except StoreError as error:
        LOG.warning("A map layer can't be read just now: %s", error)
        return Response("The maps can't be read just now.", status_code=503, media_type="text/plain", headers=COME_BACK)
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


@cache
def shell() -> bytes:
    """Give Streamlit's first file, told where its server is.

    Without that, a page that is opened by its own link first looks for a server below the page's name, waits for a
    refusal, and only then asks here.
    """
    text = Path(st.__file__).with_name("static").joinpath("index.html").read_text(encoding="utf-8")
    folder = f"/{st.get_option('server.baseUrlPath').strip('/')}/".replace("//", "/")
    told = f"<script>window.__streamlit = {{ BACKEND_BASE_URL: `${{location.origin}}{folder}` }}</script>"
    named = text.replace("<title>Streamlit</title>", f"<title>{PRODUCT}</title>").replace('lang="en"', 'lang="en-GB"')
    return named.replace("<head>", f"<head>{told}", 1).encode()


def fetched_early() -> bytes:
    """Name what the map will ask for, so that the browser fetches it while Streamlit is still starting."""
    from data.answers import geometry
    from pages.components.maps import ASSETS_HASH, SCRIPTS

    scripts = [f'<link rel="modulepreload" href="/map-assets/{ASSETS_HASH}/{name}">' for name in SCRIPTS]
    layers = [
        f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{url}">'
        for url in geometry.layer_urls("base", "lsoa21")
    ]
    return "".join([*scripts, *layers]).encode()


async def page_shell(_request: Request) -> Response:
    """Open a page by its own link."""
    return Response(shell(), media_type="text/html", headers={"Cache-Control": "no-cache"})


async def map_shell(_request: Request) -> Response:
    """Open the map by its own link."""
    try:
        early = await run_in_threadpool(fetched_early)
    except DataError:
        early = b""  # the page itself says what is wrong
    content = shell().replace(b"</head>", early + b"</head>", 1)
    return Response(content, media_type="text/html", headers={"Cache-Control": "no-cache"})


MAP_ASSETS = Route("/map-assets/{hash}/{name}", map_asset)
ROUTES = [
    Route("/geometry/{name}", geometry_file),
    MAP_ASSETS,
    Route("/overview", first_page),
    *(Route(f"/{slug}", map_shell if slug == "map" else page_shell) for slug in LINKED),
]


@asynccontextmanager
async def made_ready(_app: Any) -> AsyncIterator[None]:
    """Let readers in at once, and meanwhile bring in what they will need."""
    tasks = [asyncio.create_task(prepare()), asyncio.create_task(settle())]
    yield
    for task in tasks:
        task.cancel()


async def prepare() -> None:
    """Make the store ready while the first reader's browser is still starting; a page that is earlier waits for it."""
    try:
        await run_in_threadpool(first_answers)
    except DataError as error:
        LOG.warning("The store is not ready, and every page says so: %s", error)


def first_answers() -> None:
    """Make the store ready, and bring in (without asking it) the question that every page begins with."""
    from data.answers.opened import state
    from data.answers.questions import question

    state()
    question("loaded")


async def settle() -> None:
    """Bring in what pages need, then move it out of the garbage collector's sight.

    A full collection goes through everything that was ever imported, and none of that is ever garbage. It waits until
    the first reader has had the first page, so that a start is quick.
    """
    await asyncio.sleep(SETTLE_AFTER_SECONDS)
    from pages.components.ask import warm_up

    try:
        await run_in_threadpool(warm_up)
    except DataError as error:
        LOG.warning("Nothing could be made ready before the first reader: %s", error)
    gc.collect()
    gc.freeze()
