"""Every statistic is documented, listed, and light to import."""

from __future__ import annotations

import inspect
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.readme import public_functions, readme_text, section, statistics_modules

README = Path(inspect.getfile(readme_text)).with_name("README.md")
OWN_RULES = ("metrics.disclosure",)
FUNCTIONS = [
    pytest.param(function, id=f"{module.__name__}.{function.__name__}")
    for module in statistics_modules()
    if module.__name__ not in OWN_RULES
    for function in public_functions(module)
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_docstring_says_all_there_is_to_know(function: Callable[..., object]) -> None:
    document = inspect.getdoc(function) or ""
    for name in ("Parameters", "Returns", "Notes", "References", "Examples"):
        assert section(document, name), f"{function.__name__} has no {name}"
    notes = section(document, "Notes")
    if not re.search("[Aa]s `", notes):  # what another function says is not said twice
        for word in ("[Zz]ero", "[Mm]issing", "[Tt]ie"):
            assert re.search(word, document), f"{function.__name__} does not say what happens at: {word}"
    assert "Verified against: " in notes
    assert ">>> " in document


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_parameter_is_described(function: Callable[..., object]) -> None:
    described = section(inspect.getdoc(function) or "", "Parameters")
    for name in inspect.signature(function).parameters:
        assert re.search(rf"\b{name}\b", described), f"{function.__name__} does not describe {name}"


def test_readme_is_what_the_docstrings_say(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("metrics", run_name="__main__")
    written = capsys.readouterr().out
    assert written == readme_text()
    assert README.read_text(encoding="utf-8") == written, "run: python -m metrics > metrics/README.md"


def test_statistics_are_light_to_import() -> None:
    """A page that opens must not wait for scipy.stats, statsmodels or spatial libraries."""
    names = [module.__name__ for module in statistics_modules()]
    code = (
        f"import sys, {', '.join(names)}; "
        "print([n for n in ('scipy.stats', 'scipy.optimize', 'scipy.spatial', 'statsmodels', 'esda', 'libpysal',"
        " 'pyproj', 'geopandas', 'streamlit') if n in sys.modules])"
    )
    root = README.parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
