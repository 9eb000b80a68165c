"""What browsers are told to allow, held against everything that the pages do in one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
#: Every way of drawing: tables, charts, the map, two maps, hexagons, the map to explore, a neighbourhood's card.
VIEWS = {
    "overview": "table.f1-table",
    "pregnancy_and_pathway": ".f1-flow",
    "pregnancy_and_pathway?indicator=Pregnancy+form+completed": "[data-testid=stVegaLiteChart] svg",
    "map": "svg [role=option]",
    "map?view=Two+side+by+side": "svg [role=option]",
    "map?shape=Equal-area+hexagons": "svg [role=option]",
    "map?shape=Explore": "[data-testid=stDeckGlJsonChart] canvas",
    "map?area=E01020479": "table.f1-table",
    "data": "table.f1-table",
    "take_away": "[data-testid=stDownloadButton]",
}
HEADERS = (
    *("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"),
    *("permissions-policy", "cross-origin-opener-policy"),
)
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""


@dataclass
class Answers:
    """What the server answered a page, and what the page complained of."""

    bare: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    count: int = 0

    def look(self, response: Response) -> None:
        if urlsplit(response.url).scheme != "http":
            return  # what a page made for itself
        self.count += 1
        missing = [name for name in HEADERS if name not in response.headers]
        if missing:
            self.bare.append(f"{response.url} lacks {', '.join(missing)}")

    def hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def page(chromium: Browser, answers: Answers) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.on("response", answers.look)
    page.on("console", answers.hear)
    page.on("pageerror", lambda error: answers.errors.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_works_within_the_policy(app_url: str, page: Page, answers: Answers, view: str) -> None:
    page.goto(f"{app_url}/{view}")
    page.locator(VIEWS[view]).first.wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(500)  # what starts late, such as a worker
    assert page.evaluate("window.violations") == []
    assert answers.errors == []
    assert answers.bare == []
    assert answers.count > 10


def test_a_download_works_within_the_policy_and_nobody_on_the_way_keeps_it(app_url: str, page: Page) -> None:
    page.goto(f"{app_url}/take_away")
    page.get_by_text("Take away: definitions").click(timeout=WAIT_MS)
    with page.expect_response("**/media/*") as answered, page.expect_download() as started:
        page.get_by_role("button", name="Download definitions (CSV)").click(timeout=WAIT_MS)
    assert started.value.suggested_filename.endswith("definitions.csv")
    assert answered.value.headers["cache-control"] == "private, no-store"
    assert page.evaluate("window.violations") == []


def test_a_script_of_somebody_else_does_not_run(app_url: str, page: Page) -> None:
    page.goto(app_url)
    page.get_by_role("heading", level=1).wait_for(timeout=WAIT_MS)
    add = "(tag) => document.head.append(Object.assign(document.createElement('script'), tag))"
    page.evaluate(add, {"textContent": "window.ran = true"})
    page.evaluate(add, {"src": "http://127.0.0.1:9/x.js"})
    page.wait_for_function("() => window.violations.length === 2")
    assert page.evaluate("window.ran") is None


def test_local_mode_is_said_on_the_page_and_nobody_signs_out_of_it(app_url: str, page: Page) -> None:
    page.goto(f"{app_url}/data")
    note = page.get_by_role("note").filter(has_text="Local mode: no sign-in is set up.")
    expect(note).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_role("button", name="Sign out").count() == 0


def test_the_server_listens_on_one_address_of_this_machine_only(app_url: str) -> None:
    """Nothing on the command line says so: the configuration does. Who listened everywhere would listen here too."""
    with socket.socket() as probe:
        probe.settimeout(5)
        assert probe.connect_ex(("127.0.0.2", urlsplit(app_url).port)) != 0
