"""A return's way in, in a real browser: tried, loaded and shown; refused and marked; by keyboard, small, by axe."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 90_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 21, 26)"}
BCP, DORSET = "E06000058", "E06000059"
HEAD = "indicator,area_code,period_from,period_to,numerator,denominator"
QUARTER = "2026-01-01,2026-03-31"
GOOD = [f"buddy_introduced,{BCP},{QUARTER},30,40", f"buddy_introduced,{DORSET},{QUARTER},20,40"]
BAD = [f"buddy_introduced,{BCP},{QUARTER},50,40", f"buddy_introducd,{DORSET},{QUARTER},20,40"]
#: A page opened by its own link asks for these two below its own address first, before it finds them at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as a busy machine needs."""
    expect.set_options(timeout=WAIT_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(autouse=True)
def forgiven(page: Page, watch: Any) -> Iterator[None]:
    """Forgive Streamlit's own search for its server, and nothing else."""
    missing: list[str] = []
    page.on("response", lambda response: missing.append(response.url) if response.status == 404 else None)
    yield
    assert [url for url in missing if not url.endswith(PROBES)] == []
    watch.errors[:] = [text for text in watch.errors if "404 (Not Found)" not in text]


@pytest.fixture
def own_url(start_app: Callable[..., str], store_env: dict[str, str], tmp_path: Path) -> str:
    """The product on a store of the test's own, copied from the session's."""
    original = store_env["DATABASE_URL"].removeprefix("sqlite:///")
    copy = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return start_app(ROOT / "app.py", {"DATABASE_URL": f"sqlite:///{copy}"})


def write(folder: Path, lines: list[str], name: str = "return.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    return path


def visit(page: Page, address: str) -> None:
    page.goto(address, timeout=WAIT_MS)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is whole."""
    expect(page.locator(".f1-source")).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def choose(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("button", name=re.compile("^Put (this file|it) away"))).to_be_visible()
    settle(page)


def lasting_violations(page: Page) -> list[tuple[str, str]]:
    """Look again where something is wrong: what is just drawn again is pale for a moment."""
    found = violations(page)
    if found:
        page.wait_for_timeout(2_000)
        settle(page)
        found = violations(page)
    return found


def fits(page: Page, width: int) -> bool:
    """Whether nothing makes the page scroll sideways."""
    page.set_viewport_size({"width": width, "height": 740})
    return bool(
        page.evaluate(
            """(width) => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
                .every((one) => one.scrollWidth <= width)""",
            width,
        )
    )


def violations(page: Page) -> list[tuple[str, str]]:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(one["id"], str(node["target"])) for one in found for node in one["nodes"]]


def test_a_good_return_is_tried_seen_loaded_and_shown(page: Page, own_url: str, tmp_path: Path) -> None:
    visit(page, f"{own_url}/data")
    choose(page, write(tmp_path, GOOD))
    expect(page.get_by_text("return.csv passes every check.")).to_be_visible(timeout=WAIT_MS)
    effects = page.get_by_role("table", name=re.compile("^Effect on headline figures"))
    row = effects.locator("tbody tr").filter(has_text="BCP")
    expect(row).to_contain_text("75.0% (2025/26 Q4)")  # 30 of 40
    expect(row).to_contain_text("illustrative)")  # what is shown now is labelled
    page.get_by_role("button", name="Load this file").click()
    expect(page.get_by_text("return.csv loaded: First 1001 days long return")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    expect(page.get_by_text("return.csv passes every check.")).to_be_hidden()
    visit(page, f"{own_url}/parent_buddies?indicator=Introduced+to+a+service&place=Dorset+ICS")
    expect(page.locator(".f1-source")).to_contain_text("Local organisations, First 1001 days long return")
    figures = page.locator("details table").filter(has_text="2025/26 Q4").locator("tbody tr")
    assert "62.5%" in " ".join(figures.all_text_contents())  # 50 of 80


def test_a_faulty_return_comes_back_marked(page: Page, own_url: str, tmp_path: Path) -> None:
    visit(page, f"{own_url}/data")
    choose(page, write(tmp_path, BAD))
    problems = page.get_by_role("table", name="2 problems in the file")
    expect(problems).to_contain_text("The numerator is above the denominator")
    expect(problems).to_contain_text("Did you mean")
    expect(page.get_by_role("button", name="Load this file")).to_be_hidden()
    with page.expect_download(timeout=WAIT_MS) as caught:
        page.get_by_role("button", name="Download a marked copy (XLSX)").click()
    assert caught.value.suggested_filename == "marked-return.xlsx"
    book = load_workbook(BytesIO(Path(caught.value.path()).read_bytes()))
    assert "Problems" in book.sheetnames
    sheet = next(book[name] for name in book.sheetnames if name != "Problems")
    assert sheet["E2"].comment is not None  # the count above its total
    assert sheet["E2"].fill.fgColor.rgb.endswith("FFE699")
    page.get_by_role("button", name="Put this file away").click()
    expect(problems).to_be_hidden()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the named thing has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(
            """(name) => ["BUTTON", "SUMMARY"].includes(document.activeElement.tagName)
                && document.activeElement.textContent.includes(name)""",
            name,
        ):
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_everything_can_be_done_by_keyboard_alone(page: Page, own_url: str, tmp_path: Path) -> None:
    visit(page, f"{own_url}/data")
    tab_to(page, "Upload")
    with page.expect_file_chooser(timeout=WAIT_MS) as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(write(tmp_path, GOOD))
    expect(page.get_by_text("return.csv passes every check.")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    tab_to(page, "Load this file")
    page.keyboard.press("Enter")
    expect(page.get_by_text("return.csv loaded: First 1001 days long return")).to_be_visible(timeout=WAIT_MS)
    settle(page)
    tab_to(page, "Every file that was ever loaded")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name=re.compile("^Files that were loaded, newest first"))).to_contain_text(
        "return.csv"
    )


@pytest.mark.parametrize(("lines", "waited"), [(GOOD, "passes every check"), (BAD, "can’t be loaded")])
def test_a_tried_file_is_read_on_a_phone_at_four_times_the_size_and_by_axe(
    page: Page, own_url: str, tmp_path: Path, lines: list[str], waited: str
) -> None:
    visit(page, f"{own_url}/data")
    choose(page, write(tmp_path, lines))
    expect(page.get_by_text(waited)).to_be_visible()
    for part in ("What these words mean", "Send figures in by command", "Every file that was ever loaded", "The trail"):
        page.locator("summary").filter(has_text=part).click()
        settle(page)
    found = {}
    for theme, background in BACKGROUNDS.items():
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.wait_for_function(
            "(colour) => getComputedStyle(document.querySelector('.stApp')).backgroundColor === colour",
            arg=background,
            timeout=WAIT_MS,
        )
        found[theme] = lasting_violations(page)
    assert fits(page, 360)
    assert fits(page, 320)  # 1,280 pixels at 400%
    found["phone"] = lasting_violations(page)
    assert {view: wrong for view, wrong in found.items() if wrong} == {}
