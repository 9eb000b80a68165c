"""Make sure that a Chromium is here for the browser tests: installed, Playwright's own, or the system's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed_browser() -> str | None:
    """Find a browser that is already on this machine."""
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    return next((path for name in INSTALLED if (path := shutil.which(name))), None)


def playwright_browser() -> str | None:
    """Find Playwright's own browser build, when it has been downloaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Fetch Playwright's own build; where that can't be reached, use the system's package manager."""
    fetched = subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)
    if fetched.returncode and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium", "fonts-dejavu"], check=True)


def main() -> int:
    if not (installed_browser() or playwright_browser()):
        install()
    browser = installed_browser() or playwright_browser()
    if browser is None:
        sys.stderr.write(
            "No Chromium was found and none could be installed. Install Chromium or Google Chrome, "
            "or name one with CHROMIUM=/path/to/chromium, and run make test again.\n"
        )
        return 1
    sys.stdout.write(f"Browser for the tests: {browser}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
