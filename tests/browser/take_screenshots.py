"""Take a picture of every page for the README and the documents: ``make docs`` writes docs/screenshots/*.png."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from conftest import ARGUMENTS, chromium_path, serve  # noqa: E402 (a script finds its neighbours itself)
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from data.catalogue import pages  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
WAIT_MS = 120_000
#: Small enough to keep beside the code.
MOST_BYTES = 250_000
SIZES = {"": (1280, 900), "-phone": (360, 740)}
#: Views that show more than a page does when it opens.
VIEWS = {
    "map-need-against-reach": "map?view=Need+against+reach",
    "map-hexagons": "map?shape=Equal-area+hexagons",
    "map-neighbourhood": "map?area=E01020479",
}


@contextmanager
def running_app(url: str | None) -> Iterator[str]:
    """Give the address of an app that runs already, or start one on a store of its own."""
    if url:
        yield url
        return
    with TemporaryDirectory() as folder:
        env = {"DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/first1001.sqlite"}
        settings = {**os.environ, **env}
        subprocess.run([sys.executable, "-m", "data", "prepare"], cwd=ROOT, env=settings, check=True)
        with serve(ROOT / "app.py", Path(folder) / "log.txt", env) as started:
            yield started


def wait_until_drawn(page: Page) -> None:
    """Wait for the page's last part, its map if it has one, and the end of Streamlit's run."""
    page.wait_for_selector(".f1-source", timeout=WAIT_MS)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=WAIT_MS)
    if "/map" in page.url:
        page.wait_for_selector("svg[data-rendered=true]", timeout=WAIT_MS)
    if page.locator(".stVegaLiteChart").count():
        page.wait_for_selector(".stVegaLiteChart svg, .stVegaLiteChart canvas", timeout=WAIT_MS)


def small_png(content: bytes) -> bytes:
    """Write a picture with as many colours as fit into the size allowed."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    else:
        raise ValueError(f"a picture of {picture.size} can't be made smaller than {MOST_BYTES:,} bytes")
    return out.getvalue()


def take(browser: Browser, url: str, folder: Path, *, whole: bool, dark: bool) -> None:
    """Take every page, and some views, at the width of a desk and of a phone."""
    addresses = {page.slug: "" if number == 0 else page.slug for number, page in enumerate(pages())} | VIEWS
    for ending, (width, height) in SIZES.items():
        scheme = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB")
        page = context.new_page()
        for name, address in addresses.items():
            page.goto(f"{url}/{address}", timeout=WAIT_MS)
            wait_until_drawn(page)
            if "area=" in address:
                page.get_by_role("heading", level=2).first.scroll_into_view_if_needed()
            if whole:
                inner = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": min(int(inner), 6000)})
            path = folder / f"{name}{ending}.png"
            path.write_bytes(small_png(page.screenshot()) if not whole else page.screenshot())
            page.set_viewport_size({"width": width, "height": height})
            sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")
        context.close()


def main() -> int:
    """Read the options, start what is needed and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an app that runs already; otherwise one is started")
    parser.add_argument("-o", "--folder", type=Path, default=FOLDER)
    parser.add_argument("--whole", action="store_true", help="each page down to its end, for looking at")
    parser.add_argument("--dark", action="store_true", help="in the dark theme")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with running_app(options.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS + sandbox)
        take(browser, url, options.folder, whole=options.whole, dark=options.dark)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
