"""Opening each page on a warm server, against a Streamlit page with nothing but a title."""

from __future__ import annotations

import json
from functools import partial
from statistics import median
from typing import Any

from figures import Figure, interleave, shown, spread
from rig import Rig

from data.answers.definitions import pages

BUDGET = 1.5
WAIT_MS = 60_000
LAST_ELEMENT = ".f1-source"
#: Notes the first frame after the page's last element is there, counted from the start of the navigation.
WHEN_SHOWN = """(selector) => {
    const look = () => {
        if (!document.querySelector(selector)) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => { window.benchShown = performance.now(); }));
    };
    look();
}"""


def milliseconds_to_open(context: Any, url: str, selector: str) -> float:
    """Milliseconds from navigation to the page's last element on the screen, in a browser that has its scripts."""
    page = context.new_page()
    page.add_init_script(f"({WHEN_SHOWN})({json.dumps(selector)})")
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.benchShown", timeout=WAIT_MS)
    took = float(page.evaluate("window.benchShown"))
    page.wait_for_timeout(200)
    page.close()
    return took


def addresses(rig: Rig) -> dict[str, str]:
    """The address of every page by its title; the first stands at the root."""
    return {page.title: f"{rig.app}/{page.slug if number else ''}" for number, page in enumerate(pages())}


def measure(rig: Rig) -> list[Figure]:
    """Each page's median over the empty page's, all interleaved."""
    context = rig.new_context()
    measures = {"empty": partial(milliseconds_to_open, context, rig.empty, "h1")}
    for title, url in addresses(rig).items():
        measures[title] = partial(milliseconds_to_open, context, url, LAST_ELEMENT)
    interleave(2, measures)  # the server is warm and the browser has every script
    found = interleave(rig.repeats, measures)
    context.close()
    empty = median(found.pop("empty"))
    return [
        Figure(f"opening {title}", median(took) / empty, BUDGET, "×", f"{spread(took)}; empty page {shown(empty)} ms")
        for title, took in found.items()
    ]
