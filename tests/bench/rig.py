"""What every benchmark stands on: a prepared store, servers on loopback ports, and one Chromium."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).parents[2]
BENCH = Path(__file__).parent
WAIT_SECONDS = 60
#: Nothing but this machine can be found, so that no measurement waits for a stranger.
STAY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def _browser_tests() -> ModuleType:
    """The browser tests' own ways of starting servers and Chromium and of counting bytes."""
    spec = importlib.util.spec_from_file_location("browser_conftest", ROOT / "tests/browser/conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


browser_tests = _browser_tests()


@dataclass
class Rig:
    """Servers, browser and store of one run of the benchmarks; all end with it."""

    folder: Path
    store: Path
    repeats: int = 9
    ending: ExitStack = field(default_factory=ExitStack)

    @property
    def env(self) -> dict[str, str]:
        """The settings that servers run with."""
        return {"DATABASE_URL": f"sqlite:///{self.store}"}

    @cached_property
    def browser(self) -> Any:
        """One Chromium for the run."""
        from playwright.sync_api import sync_playwright

        sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        arguments = [*browser_tests.ARGUMENTS, *sandbox, STAY_HERE]
        playwright = self.ending.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=browser_tests.chromium_path(), args=arguments)
        self.ending.callback(browser.close)
        return browser

    def new_context(self) -> Any:
        """A browser without history, that has nothing in its cache."""
        return self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")

    @cached_property
    def app(self) -> str:
        """The product's address, on a server that several benchmarks share."""
        return self.ending.enter_context(self.serve(ROOT / "app.py"))

    @cached_property
    def empty(self) -> str:
        """The empty page's address, on a server of its own."""
        return self.ending.enter_context(self.serve(BENCH / "empty_page.py"))

    @contextmanager
    def serve(self, script: Path, env: dict[str, str] | None = None) -> Iterator[str]:
        """Run a Streamlit script on a server of its own until the block ends."""
        log = self.folder / f"{script.stem}-{browser_tests.free_port()}.log"
        with browser_tests.serve(script, log, {**self.env, **(env or {})}) as url:
            yield url


def process_at(url: str) -> psutil.Process:
    """The process, started from here, that serves an address."""
    port = f"--server.port={urlsplit(url).port}"
    return next(child for child in psutil.Process().children(recursive=True) if port in child.cmdline())


def megabytes(process: psutil.Process) -> float:
    """What a process holds in memory (resident set)."""
    return process.memory_info().rss / 2**20


def wait_for_port(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not listens(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nobody listened on port {port} after {WAIT_SECONDS} seconds")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(store: Path) -> None:
    """Make a store, or bring it up to date, as ``make run`` does."""
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{store}"}
    subprocess.run([sys.executable, "-m", "data", "prepare"], cwd=ROOT, env=env, check=True, capture_output=True)
