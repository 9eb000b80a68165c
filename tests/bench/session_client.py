"""Many readers at once, without browsers: each speaks Streamlit's protocol over a web socket of its own.

Run in a process of its own, as ``session_client.py URL SESSIONS SECONDS THINK_SECONDS``; prints JSON with the
milliseconds of every rerun, the errors, and how many sessions were served.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

ANSWER_SECONDS = 30
#: The pages that readers use most, and the select box that they change there.
USED = (("map", "layer"), ("pregnancy_and_pathway", "born"), ("map", "areas"), ("pregnancy_and_pathway", "place"))


@dataclass
class Seen:
    """What all sessions together have seen."""

    openings_ms: list[float] = field(default_factory=list)
    reruns_ms: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Session:
    """One reader on one page."""

    def __init__(self, socket: Any, page: str, seen: Seen) -> None:
        self.socket, self.page, self.seen = socket, page, seen
        self.kept: dict[str, ForwardMsg] = {}
        self.boxes: dict[str, Any] = {}
        self.chosen: dict[str, str] = {}
        self.page_hash = ""

    async def run(self) -> float:
        """Ask for a run of the page with the widgets as they are; milliseconds until it has ended."""
        asked = BackMsg()
        state = asked.rerun_script
        if self.page_hash:
            state.page_script_hash = self.page_hash
        else:
            state.page_name = self.page
        state.cached_message_hashes.extend(self.kept)
        for widget, value in self.chosen.items():
            state.widget_states.widgets.append(WidgetState(id=widget, string_value=value))
        started = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        received = await asyncio.wait_for(self.until_finished(), ANSWER_SECONDS)
        self.seen.received.append(received)
        return (time.perf_counter() - started) * 1000

    async def until_finished(self) -> int:
        """Take messages until the script has ended; gives their bytes."""
        received = 0
        while True:
            content = await self.socket.recv()
            received += len(content)
            message = ForwardMsg()
            message.ParseFromString(content)
            if message.WhichOneof("type") == "ref_hash":
                message = self.kept[message.ref_hash]
            if message.metadata.cacheable:
                self.kept[message.hash] = message
            if self.take(message):
                return received

    def take(self, message: ForwardMsg) -> bool:
        """Note what a message says; true when the script has ended."""
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_not_found":
            self.seen.errors.append(f"no page {self.page}")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                self.seen.errors.append(f"{element.exception.type}: {element.exception.message[:200]}")
            elif element.WhichOneof("type") == "selectbox":
                self.boxes[element.selectbox.query_param_key] = element.selectbox
        elif kind == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                self.seen.errors.append(f"the script of {self.page} ended with {message.script_finished}")
            return True
        return False

    def change(self, key: str, chance: random.Random) -> None:
        """Choose something else in a select box."""
        box = self.boxes.get(key)
        if box is None:
            self.seen.errors.append(f"{self.page} has no select box {key!r}")
            return
        before = self.chosen.get(box.id, box.options[box.default])
        self.chosen[box.id] = chance.choice([option for option in box.options if option != before] or [before])


async def read(address: str, number: int, until: float, think: float, seen: Seen) -> None:
    """One reader: open a page, then change something after every pause for thought, until the time is up."""
    chance = random.Random(number)  # noqa: S311 - the same readers in every run
    page, key = USED[number % len(USED)]
    await asyncio.sleep(chance.uniform(0, think))
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as socket:
        session = Session(socket, page, seen)
        seen.openings_ms.append(await session.run())
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
            session.change(key, chance)
            seen.reruns_ms.append(await session.run())


async def read_together(url: str, sessions: int, seconds: float, think: float) -> Seen:
    """All readers at once; one that fails is noted, and the others go on."""
    seen = Seen()
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    until = time.monotonic() + seconds
    readers = [read(address, number, until, think, seen) for number in range(sessions)]
    for outcome in await asyncio.gather(*readers, return_exceptions=True):
        if isinstance(outcome, BaseException):
            seen.errors.append(f"{type(outcome).__name__}: {outcome}"[:200])
    return seen


if __name__ == "__main__":
    url, sessions, seconds, think = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    json.dump(vars(asyncio.run(read_together(url, sessions, seconds, think))), sys.stdout)
