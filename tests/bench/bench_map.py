"""The Map's default view against the same-shaped page in Dash with Plotly's ``Patch``, side by side in one run."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from figures import Figure, interleave, spread
from rig import BENCH, ROOT, Rig, browser_tests, wait_for_port

WAIT_MS = 30_000
BUDGET_KILOBYTES = 8
MAP = "svg.drawing[data-rendered='true']"
GEO = "#map .choroplethlayer path"
WEBGL = "#map .maplibregl-canvas"

#: Notes when a choice was made, and then calls ``painted`` with the time of it.
WAIT_FOR_CHOICE = """
    window.benchTook = null;
    const chosen = new Promise((pressed) => {
        const note = () => pressed(performance.now());
        document.addEventListener("pointerdown", note, { capture: true, once: true });
    });
    const painted = () => requestAnimationFrame(() => setTimeout(() => {
        const now = performance.now();
        chosen.then((then) => { window.benchTook = now - then; });
    }));
"""
#: The map has changed when an outline of it has another colour than before, and that has been painted.
SVG_CHANGED = f"""(element) => {{{WAIT_FOR_CHOICE}
    const whole = element.closest(".choroplethlayer") ?? element;
    const colour = (one) => one.style.fill || one.getAttribute("fill");
    const colours = () => [...whole.querySelectorAll("path")].map(colour).join();
    const before = colours();
    const seen = new MutationObserver(() => {{
        if (colours() === before) return;
        seen.disconnect();
        painted();
    }});
    seen.observe(whole, {{ attributes: true, attributeFilter: ["fill", "style"], subtree: true }});
}}"""
#: A WebGL map has changed when its new values have come and it has nothing left to draw.
WEBGL_CHANGED = f"""() => {{{WAIT_FOR_CHOICE}
    const map = document.querySelector("#map .js-plotly-plot")._fullLayout.map._subplot.map;
    chosen.then(() => map.once("data", () => map.once("idle", painted)));
}}"""
#: Calls ``shown()`` with each frame until it is true, and notes when that was, from the start of the navigation.
FIRST = """
    const look = () => {
        if (!shown()) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => { window.benchShown = performance.now(); }));
    };
    look();
"""
SVG_SHOWN = f"""(selector) => {{
    const hosts = () => [...document.querySelectorAll("[data-testid='stBidiComponentIsolated']")];
    const roots = () => [document, ...hosts().map((one) => one.shadowRoot)];
    const shown = () => roots().some((root) => root?.querySelector(selector));
    {FIRST}
}}"""
WEBGL_SHOWN = f"""() => {{
    const shown = () => {{
        const map = document.querySelector("#map .js-plotly-plot")?._fullLayout?.map?._subplot?.map;
        return map?.loaded() && map.getStyle().layers.length > 1 && map.queryRenderedFeatures().length > 400;
    }};
    {FIRST}
}}"""


@dataclass
class Side:
    """One of the pages: its address, the element that shows its map, and how a layer is chosen."""

    url: str
    selector: str
    box: str
    options: Any
    changed: str = SVG_CHANGED
    shown: str = SVG_SHOWN

    def open(self, page: Any) -> None:
        """Show the side's map and let the page come to rest."""
        page.goto(self.url)
        page.locator(self.selector).first.wait_for()
        page.wait_for_timeout(2500)

    def choose(self, page: Any) -> float:
        """Choose the next layer; milliseconds from the choice to the map's new colours on the screen."""
        name = next(self.options)
        page.locator(self.box).click()
        page.wait_for_timeout(300)  # a list that opens while the page still settles closes again
        option = page.get_by_role("option", name=name, exact=True)
        option.wait_for()
        page.locator(self.selector).first.evaluate(self.changed)
        option.click()
        page.wait_for_function("window.benchTook", timeout=WAIT_MS)
        page.wait_for_timeout(700)
        return float(page.evaluate("window.benchTook"))

    def first_map(self, rig: Rig) -> float:
        """Milliseconds from navigation to the first map on the screen, in a browser without history."""
        context = rig.new_context()
        context.add_init_script(f"({self.shown})({json.dumps(self.selector)})")
        page = context.new_page()
        page.goto(self.url, wait_until="commit")
        page.wait_for_function("window.benchShown", timeout=WAIT_MS)
        shown = float(page.evaluate("window.benchShown"))
        context.close()
        return shown


def layer_path(rig: Rig) -> str:
    """The path of the layer of neighbourhoods that the product serves."""
    page = rig.new_context().new_page()
    with page.expect_response(lambda answer: "/geometry/lsoa21-" in answer.url) as seen:
        page.goto(f"{rig.app}/map")
    page.context.close()
    return urlsplit(seen.value.url).path


@contextmanager
def yardstick(rig: Rig, kind: str) -> Iterator[str]:
    """Run the Dash page until the block ends."""
    folder = rig.folder / f"yardstick-{kind}"
    folder.mkdir(exist_ok=True)
    geojson = layer_path(rig).replace(".json", ".geojson")
    with urllib.request.urlopen(f"{rig.app}{geojson}", timeout=30) as answer:  # noqa: S310 - own loopback address
        (folder / "areas.geojson").write_bytes(answer.read())
    port = browser_tests.free_port()
    command = [sys.executable, str(BENCH / "dash_yardstick.py"), str(folder), str(port), kind]
    with (rig.folder / f"yardstick-{kind}.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for_port(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=10)


def sides(rig: Rig, webgl: str, geo: str) -> dict[str, Side]:
    """The product's Map and the two yardsticks."""
    layers = cycle(["Income deprivation affecting children", "Overall deprivation (IMD)"])
    others = ["Second layer", "Third layer", "Fourth layer", "First layer"]
    return {
        "ours": Side(f"{rig.app}/map", MAP, "input[aria-label='Layer']", layers),
        "map": Side(webgl, WEBGL, "#layer", cycle(others), WEBGL_CHANGED, WEBGL_SHOWN),
        "geo": Side(geo, GEO, "#layer", cycle(others)),
    }


def changes(rig: Rig, compared: dict[str, Side]) -> tuple[dict[str, list[float]], list[int]]:
    """The times of changes on all sides, and the bytes that the product sent for each of its own."""
    pages = {name: rig.new_context().new_page() for name in compared}
    count = browser_tests.ByteCount(pages["ours"])
    for name, side in compared.items():
        side.open(pages[name])
    sent: list[int] = []

    def change(name: str) -> float:
        count.reset()
        took = compared[name].choose(pages[name])
        if name == "ours":
            sent.append(count.total)
        return took

    measures = {name: partial(change, name) for name in compared}
    interleave(2, measures)  # every answer has been given once before it counts
    sent.clear()
    found = interleave(rig.repeats, measures)
    for page in pages.values():
        page.context.close()
    return found, sent


def measure(rig: Rig) -> list[Figure]:
    """Bytes and time of a change, and time of the first map, beside the yardsticks'."""
    with yardstick(rig, "map") as webgl, yardstick(rig, "geo") as geo:
        compared = sides(rig, webgl, geo)
        change, sent = changes(rig, compared)
        first = interleave(rig.repeats, {name: partial(side.first_map, rig) for name, side in compared.items()})
    kilobytes = median(sent) / 1000
    return [
        Figure("map change, sent to the browser", kilobytes, BUDGET_KILOBYTES, "KB", spread(sent, "bytes")),
        ratio("map change, against Dash's map (WebGL) with Patch", change, "map", 0.3),
        ratio("map change, against Dash's plain choropleth (SVG) with Patch", change, "geo", 0.3),
        ratio("first map, against Dash's map (WebGL)", first, "map", 0.7),
        ratio("first map, against Dash's plain choropleth (SVG)", first, "geo", 0.7),
    ]


def ratio(name: str, found: dict[str, list[float]], other: str, budget: float) -> Figure:
    """The product's median over a yardstick's."""
    how = f"{spread(found['ours'])} against {spread(found[other])}"
    return Figure(name, median(found["ours"]) / median(found[other]), budget, "×", how)
