"""The list of statistics in README.md, written from their docstrings so that it cannot drift."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent
HEADING = """# Statistics

Written by `python -m metrics > metrics/README.md` from the docstrings; a test fails when it is out of date. Every
function is pure: numbers in, numbers out, inputs untouched. Units, ranges and a worked example of each are in its
docstring: `help(metrics.rates.rate)`.
"""
COLUMNS = "\n| Statistic | What it does | Source | Verified against | Caveats |\n|---|---|---|---|---|\n"


def readme_text() -> str:
    """Write every statistic with its source, what it was verified against and its caveats, as Markdown."""
    parts = [HEADING]
    for module in statistics_modules():
        parts.append(f"\n## {module.__name__}\n\n{_first_sentence(module.__doc__ or '')}\n{COLUMNS}")
        parts.extend(_row(function) for function in public_functions(module))
    return "".join(parts)


def statistics_modules() -> Iterator[ModuleType]:
    """Import every module of statistics in the order of its name."""
    for found in pkgutil.iter_modules([str(FOLDER)]):
        if not found.name.startswith("_") and found.name != "readme":
            yield importlib.import_module(f"metrics.{found.name}")


def public_functions(module: ModuleType) -> list[Callable[..., object]]:
    """List the functions that a module defines for others, in the order they are written."""
    found = [
        function
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    ]
    return sorted(found, key=lambda function: function.__code__.co_firstlineno)


def _row(function: Callable[..., object]) -> str:
    document = inspect.getdoc(function) or ""
    caveats, _, verified = section(document, "Notes").partition("Verified against: ")
    cells = [f"`{function.__name__}`", _first_sentence(document), section(document, "References"), verified, caveats]
    return "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in cells) + " |\n"


def _first_sentence(document: str) -> str:
    return " ".join(document.split("\n\n", maxsplit=1)[0].split())


def section(document: str, name: str) -> str:
    """Take the text of one numpydoc section on one line, without reST's marks; empty where there is none."""
    found = re.search(rf"^{name}\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", document, flags=re.DOTALL | re.MULTILINE)
    text = " ".join(found[1].split()) if found else ""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")
