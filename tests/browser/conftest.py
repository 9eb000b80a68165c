"""A real Chromium, real servers on loopback ports, and a page that fails its test when something leaks or breaks."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, WebSocket, sync_playwright

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"
START_SECONDS = 60

ARGUMENTS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def chromium_path() -> str | None:
    """A Chromium on this machine, or None for Playwright's own."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for path in map(shutil.which, candidates) if path), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS + sandbox)
        yield browser
        browser.close()


def free_port() -> int:
    """Ask the machine for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait for the server's health address; say what it wrote when it does not come up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server stopped while starting:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - own loopback address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server was not healthy after {START_SECONDS} seconds:\n{log.read_text()[-4000:]}")


@contextmanager
def serve(script: Path, log: Path, env: dict[str, str] | None = None, port: int | None = None) -> Iterator[str]:
    """Run a Streamlit script on a free loopback port until the block ends; yields its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += ["--server.headless=true", "--browser.gatherUsageStats=false"]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=out, stderr=subprocess.STDOUT)
        try:
            url = f"http://{LOOPBACK}:{port}"
            wait_until_healthy(server, url, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """``start_app(script, env=None, port=None, log=None)`` gives a running server's address; all stop in the end."""
    running = []

    def start(
        script: Path | str, env: dict[str, str] | None = None, port: int | None = None, log: Path | None = None
    ) -> str:
        server = serve(Path(script), log or tmp_path_factory.mktemp("server") / "log.txt", env, port)
        running.append(server)
        return server.__enter__()

    yield start
    for server in reversed(running):
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def store_env(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings that name the session's store, which is ready: made once, and copied for each process of tests."""
    store = tmp_path_factory.mktemp("store") / "first1001.sqlite"
    shutil.copy(everything_file, store)
    return {"DATABASE_URL": f"sqlite:///{store}"}


@pytest.fixture(scope="session")
def app_url(start_app: Callable[..., str], store_env: dict[str, str]) -> str:
    """The address of the product itself, on a store of its own."""
    return start_app(ROOT / "app.py", store_env)


def is_local(url: str) -> bool:
    """Whether an address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == LOOPBACK


@dataclass
class Watch:
    """What a page has done that it should not, and all that it asked for."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def see(self, page: Page) -> None:
        """Follow a page from now on."""
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.ask(request.url))
        page.on("websocket", lambda socket: self.ask(socket.url))

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error, but not Streamlit's search for its server under a page's own address (/map/_stcore)."""
        path = urlsplit(message.location.get("url", "")).path
        searching = path.endswith(("/_stcore/health", "/_stcore/host-config")) and not path.startswith("/_stcore")
        if message.type == "error" and not searching:
            self.errors.append(message.text)

    def ask(self, url: str) -> None:
        """Note a request, and whether it leaves the machine."""
        self.requests.append(url)
        if not is_local(url):
            self.strangers.append(url)


@pytest.fixture
def watch() -> Watch:
    """What the test's page does; ``watch.errors.clear()`` forgives errors that a test provokes."""
    return Watch()


@pytest.fixture
def page(chromium: Browser, watch: Watch) -> Iterator[Page]:
    """A page without history; the test fails on console errors and on any request that leaves the machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    watch.see(page)
    yield page
    context.close()
    assert watch.errors == []
    assert watch.strangers == []


class ByteCount:
    """How many bytes came over the page's web sockets; ``total`` may be set back to 0."""

    def __init__(self, page: Page) -> None:
        self.total = 0
        self.frames: list[int] = []
        page.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        """Count what a socket receives."""
        socket.on("framereceived", self.count)

    def count(self, payload: str | bytes) -> None:
        """Count one frame."""
        size = len(payload.encode() if isinstance(payload, str) else payload)
        self.frames.append(size)
        self.total += size

    def reset(self) -> None:
        """Start again from nothing."""
        self.total = 0
        self.frames = []


@pytest.fixture
def websocket_bytes() -> Callable[[Page], ByteCount]:
    """``websocket_bytes(page)``, before ``page.goto``, counts received bytes."""
    return ByteCount


def describe(violation: dict[str, Any]) -> str:
    """One line for each element that breaks a rule."""
    nodes = "; ".join(json.dumps(node["target"]) for node in violation["nodes"][:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {nodes}"


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """``axe(page, include=None)`` gives what axe-core finds wrong, a line for each rule; [] when nothing."""

    def check(page: Page, include: str | None = None) -> list[str]:
        for _ in range(3):  # look again where something is wrong: what is just drawn again is pale for a moment
            results = Axe().run(page, context={"include": [[include]]} if include else None)
            found = [describe(violation) for violation in results.response["violations"]]
            if not found:
                break
            page.wait_for_timeout(2_000)
        return found

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a browser's test again when it fails: on a busy machine a press can meet a part that is just drawn anew.

    What is wrong fails each time, and a test that had to be tried again is named in the run's summary.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=2))
