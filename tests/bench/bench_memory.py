"""What the server holds in memory after showing every page, and for each further reader."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import psutil
import websockets
from figures import Figure, shown
from rig import ROOT, Rig, megabytes, process_at
from session_client import Seen, Session

from data.answers.definitions import pages

BUDGET_SERVER = 250
BUDGET_SESSION = 3
FURTHER = 30


async def visit_every_page(url: str, sessions: int, server: psutil.Process) -> tuple[float, Seen]:
    """Open sessions and show every page in each; memory while all of them stand open."""
    seen = Seen()
    names = ["", *(page.slug for page in pages()[1:])]  # the first page stands at the root
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    async with AsyncExitStack() as open_sockets:
        for _ in range(sessions):
            connection = websockets.connect(address, subprotocols=["streamlit"], max_size=None, compression=None)
            socket = await open_sockets.enter_async_context(connection)
            for name in names:
                await Session(socket, name, seen).run()
        await asyncio.sleep(1)
        return megabytes(server), seen


def alone(visit: Coroutine[Any, Any, Any]) -> Any:
    """Run a visit on a loop of its own: the browser's loop of another benchmark may still stand in this thread."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, visit).result()


def measure(rig: Rig) -> list[Figure]:
    """Memory at the start, after every page in one session, and with thirty further sessions on every page."""
    with rig.serve(ROOT / "app.py") as url:
        server = process_at(url)
        start = megabytes(server)
        one, seen = alone(visit_every_page(url, 1, server))
        many, seen_by_many = alone(visit_every_page(url, FURTHER, server))
    errors = seen.errors + seen_by_many.errors
    if errors:
        return [Figure("memory", None, BUDGET_SERVER, "MB", f"{len(errors)} errors, such as {errors[0]}")]
    how = f"{shown(one)} MB with one session, {shown(many)} MB with {FURTHER}"
    return [
        Figure("memory after every page", one, BUDGET_SERVER, "MB", f"{shown(start)} MB before the first reader"),
        Figure("memory for each further session", max(0.0, many - one) / (FURTHER - 1), BUDGET_SESSION, "MB", how),
    ]
