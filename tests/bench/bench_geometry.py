"""How large the map's outlines are, and how often a browser fetches them."""

from __future__ import annotations

import gzip
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench_map import MAP, Side, sides
from figures import Figure, shown
from rig import Rig

BUDGET_KILOBYTES = 150
WHAT = "/geometry/"


@dataclass
class Fetches:
    """Which outlines came over the network, as Chromium itself tells; what its cache gave is no fetch."""

    came: Counter[str] = field(default_factory=Counter)
    asked: dict[str, str] = field(default_factory=dict)

    def follow(self, page: Any) -> None:
        """Follow a page from before its first navigation."""
        chromium = page.context.new_cdp_session(page)
        chromium.send("Network.enable")
        chromium.on("Network.responseReceived", self.answered)
        chromium.on("Network.requestServedFromCache", lambda event: self.asked.pop(event["requestId"], None))
        chromium.on("Network.loadingFinished", self.finished)

    def answered(self, event: dict[str, Any]) -> None:
        """Note an answer of the network; one from the disk cache says so."""
        answer = event["response"]
        if WHAT in answer["url"] and not answer.get("fromDiskCache") and not answer.get("fromPrefetchCache"):
            self.asked[event["requestId"]] = answer["url"]

    def finished(self, event: dict[str, Any]) -> None:
        """Count a fetch when its bytes are there."""
        url = self.asked.pop(event["requestId"], None)
        if url:
            self.came[url] += 1


def use_the_map(page: Any, side: Side) -> Counter[str]:
    """Change the layer twice, switch to another page and back, open the map again; how often outlines came."""
    fetches = Fetches()
    fetches.follow(page)
    side.open(page)
    side.choose(page)
    side.choose(page)
    page.get_by_role("link", name="Overview", exact=True).click()
    page.locator(".f1-source").wait_for()
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator(MAP).first.wait_for()
    page.wait_for_timeout(1000)
    side.open(page)
    again = page.context.new_page()
    fetches.follow(again)
    side.open(again)
    return fetches.came


def measure(rig: Rig) -> list[Figure]:
    """Bytes of each layer that the default view uses, and how often it was fetched beyond the first time."""
    context = rig.new_context()
    came = use_the_map(context.new_page(), sides(rig, "", "")["ours"])
    context.close()
    if not came:
        return [Figure("geometry of the default view", None, BUDGET_KILOBYTES, "KB", "no outlines came at all")]
    figures = []
    for url in sorted(came):
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - own loopback address
            content = answer.read()
        packed = f"{shown(len(gzip.compress(content, 9)) / 1000)} KB with gzip"
        figures.append(Figure(f"geometry {url.rsplit('/', 1)[1]}", len(content) / 1000, BUDGET_KILOBYTES, "KB", packed))
    more = sum(came.values()) - len(came)
    how = "after two changes, a page switch, a reload and a second tab"
    return [*figures, Figure("geometry fetched again", more, 0, "times", how)]
