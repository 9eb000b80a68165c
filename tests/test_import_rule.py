"""One way through the house, app.py → pages → data → metrics: every file's imports against the table of the design."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = ("app", "pages", "data", "metrics")

#: What each place may import of the project itself: everything below a name that is listed.
OF_THE_PROJECT: dict[str, tuple[str, ...]] = {
    "app": ("pages.components",),
    "pages": ("pages.components", "data.answers", "data.errors"),
    # the colours are those of files too
    "pages.components": ("pages.components", "data.answers", "data.actions", "data.catalogue.colours", "data.errors"),
    "pages.components.downloads": ("pages.components", "data.answers", "data.actions", "data.exports", "data.errors"),
    # shows what was kept as files show it; the exports are brought in when a fixed view is opened
    "pages.components.frozen": ("pages.components", "data.answers", "data.actions", "data.exports", "data.errors"),
    # what a person does: the role is checked and the trail written there, whoever calls
    "data.actions": (
        *("data.actions", "data.answers", "data.intake", "data.exports", "data.store", "data.catalogue"),
        "data.errors",
    ),
    # an empty workbook holds no figure; whoever sends returns asks for one on the Data page
    "data.actions.templates": ("data.sources.templates", "data.catalogue.questionnaire"),
    "data.exports": ("data.exports", "data.answers", "data.errors", "data.catalogue"),
    # the served outlines as coordinates: light, and the same that the map on screen draws
    "data.exports.drawings_map": (
        "data.exports",
        "data.answers",
        "data.catalogue",
        "data.errors",
        "data.geography.served",
    ),
    "data.answers": (
        *("data.answers", "data.store", "data.catalogue", "data.errors", "metrics"),
        "data.geography.served",  # light: the rest of geography belongs to loading
    ),
    # a new store is made ready by the first to open it
    "data.answers.opened": ("data.answers", "data.store", "data.errors", "data.intake.preparing"),
    "data.store": ("data.store", "data.errors"),
    "data.intake": (
        *("data.intake", "data.sources", "data.store", "data.geography", "data.reference", "data.catalogue"),
        *("data.errors", "data.example"),
    ),
    "data.sources": ("data.sources", "data.catalogue", "data.geography", "data.reference", "data.errors"),
    "data.geography": ("data.geography", "data.reference", "data.catalogue", "data.errors"),
    "data.geography.served": (),
    "data.example": ("data.example", "data.catalogue", "data.reference", "data.geography", "data.errors"),
    "data.catalogue": ("data.catalogue", "data.errors"),
    "data.reference": ("data.reference", "data.errors"),
    "data.errors": (),
    "data.commands": ("data",),
    "data.commands_audit": ("data",),  # the body of a command
    "data.commands_example": ("data",),  # the body of a command
    "data.commands_export": ("data",),  # the body of a command
    "data.commands_pack": ("data",),  # the body of a command
    "data.commands_progress": ("data",),  # what commands say at a terminal
    "data.commands_reduce": ("data",),  # the body of a command
    "data.commands_documents": ("data",),  # the options of a command
    "data.__main__": ("data.commands",),
    "data": (),
    "metrics": ("metrics",),
}

SCREEN = ("streamlit", "altair", "pydeck")
SPACE = ("geopandas", "shapely", "pyogrio", "pyproj", "scipy", "topojson")
#: What each place may import of others, beside the standard library.
OF_OTHERS: dict[str, tuple[str, ...]] = {
    "app": SCREEN,
    "pages": SCREEN,
    "pages.components": (*SCREEN, "numpy", "pandas", "starlette"),
    "data.exports": ("numpy", "pandas", "openpyxl", "pyarrow"),
    "data.exports.drawings_charts": ("vl_convert",),
    "data.exports.geopackage": ("numpy", "pandas", "pyogrio"),
    "data.exports.docx_pack": ("docx",),
    "data.exports.docx_elements": ("docx",),
    "data.exports.docx_styles": ("docx",),
    "data.exports.typst_pack": ("typst",),
    "data.actions": ("numpy", "pandas", "sqlalchemy"),
    "data.answers": ("numpy", "pandas", "sqlalchemy"),
    "data.store": ("numpy", "pandas", "sqlalchemy"),
    "data.store.migrate": ("sqlalchemy", "alembic"),
    "data.store.migrations": ("sqlalchemy", "alembic"),
    "data.intake": (
        *("numpy", "pandas", "sqlalchemy", "openpyxl", "pandera", "phonenumbers", "stdnum", "pypdf", "docx"),
        *("defusedxml", "lxml"),
    ),
    # pandera: a return is checked where it is read, so that all of its problems are told at once
    "data.sources": ("numpy", "pandas", "openpyxl", "defusedxml", "pypdf", "docx", "pandera", *SPACE),
    "data.geography": ("numpy", "pandas", *SPACE),
    "data.geography.served": (),
    "data.example": ("numpy", "pandas"),
    "data.catalogue": (),
    "data.reference": ("pandas",),
    "data": (),
    "metrics": ("numpy", "pandas", "scipy", "esda", "libpysal", "highspy"),
    # distances on the ellipsoid are arithmetic: no file, clock or screen is touched
    "metrics.reach": ("numpy", "pandas", "scipy", "pyproj"),
}

#: What opening a page never brings in: each costs 100 to 700 ms and tens of megabytes.
HEAVY = frozenset(
    {"geopandas", "pyogrio", "shapely", "pyproj", "scipy.stats", "topojson", "esda", "libpysal", "openpyxl", "alembic"}
    | {"pydeck", "highspy", "pandera", "phonenumbers", "stdnum", "pypdf", "docx", "lxml", "typst"}
)
#: Modules of the project's own that a warm page may need; a jump in the number says that something leaked in.
OWN_MODULES_AT_MOST = 260


@dataclass(frozen=True)
class Import:
    """One import: the module that is imported, and where it stands."""

    name: str
    line: int


def own_files() -> list[Path]:
    """List every Python file of the product."""
    folders = [path for top in OWN[1:] for path in sorted((ROOT / top).rglob("*.py"))]
    return [ROOT / "app.py", *folders]


def module_of(path: Path) -> str:
    """Name a file as it is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def is_module(name: str) -> bool:
    """Whether a name is a module or folder of the project."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def imports_of(text: str, module: str) -> Iterator[Import]:
    """Find every import of a file: at the top, in functions, for types only, relative, and by name at run time."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield Import(full if base.split(".")[0] in OWN and is_module(full) else base, node.lineno)
        elif isinstance(node, ast.Call) and called_name(node) in {"import_module", "__import__"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield Import(str(first.value), node.lineno)


def called_name(node: ast.Call) -> str:
    """Name the function that is called, without what it is looked up in."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def rule_of(module: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Find the nearest rule: that of the module itself, or of a folder that holds it."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        found = table.get(".".join(parts[:length]))
        if found is not None:
            return found
    raise AssertionError(f"{module} stands in no place of the design")


def is_below(name: str, places: Iterable[str]) -> bool:
    """Whether a module is one of these places or stands below one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def broken_rules(text: str, module: str) -> list[str]:
    """Say each import that the table does not allow."""
    broken = []
    for found in imports_of(text, module):
        top = found.name.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if top in OWN:
            allowed = is_below(found.name, rule_of(module, OF_THE_PROJECT))
        else:
            allowed = top in rule_of(module, OF_OTHERS)
        if not allowed:
            broken.append(f"{module}, line {found.line}: must not import {found.name}")
    return broken


@pytest.mark.parametrize("path", own_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_imports_only_what_its_place_may(path: Path) -> None:
    assert broken_rules(path.read_text(encoding="utf-8"), module_of(path)) == []


@pytest.mark.parametrize(
    ("module", "text", "refused"),
    [
        ("pages.map", "import data.store.engine", "data.store.engine"),
        ("pages.map", "from data import store", "data.store"),
        ("pages.map", "from data.sources import iod", "data.sources.iod"),
        ("pages.map", "from metrics.rates import rate", "metrics.rates"),
        ("pages.map", "from data.exports.csv_file import csv_bytes", "data.exports.csv_file"),
        ("pages.components.maps", "def draw():\n    from data.store import engine", "data.store.engine"),
        ("pages.components.charts", "if TYPE_CHECKING:\n    import sqlalchemy", "sqlalchemy"),
        ("pages.components.tables", "from data.exports import csv_file", "data.exports.csv_file"),
        ("data.answers.maps", "import streamlit as st", "streamlit"),
        ("data.answers.maps", "import geopandas", "geopandas"),
        ("data.answers.maps", "from data.geography.layers import embedded_layers", "data.geography.layers"),
        ("data.answers.maps", "from data.intake.preparing import prepare_store", "data.intake.preparing"),
        ("data.answers.opened", "from data.intake.loading import load", "data.intake.loading"),
        ("data.answers.maps", "from ..store import engine\nfrom ..sources import iod", "data.sources.iod"),
        ("data.answers.maps", "from pages.components import maps", "pages.components.maps"),
        ("data.exports.csv_file", "from data.store.released import select_released", "data.store.released"),
        ("data.store.engine", "from data.answers import maps", "data.answers.maps"),
        ("data.store.engine", "from alembic import command", "alembic"),
        ("data.sources.iod", "from data.store import areas", "data.store.areas"),
        ("data.catalogue.reading", "import pandas", "pandas"),
        ("metrics.rates", "from data.catalogue import indicator", "data.catalogue"),
        ("metrics.rates", "import statsmodels.api", "statsmodels.api"),
        ("metrics.rates", "import sqlalchemy", "sqlalchemy"),
        ("metrics.rates", "import importlib\nimportlib.import_module('data.store.engine')", "data.store.engine"),
        ("app", "from data.answers import maps", "data.answers.maps"),
    ],
)
def test_the_rule_finds_what_is_wrong(module: str, text: str, refused: str) -> None:
    assert [line.rsplit(" ", 1)[1] for line in broken_rules(text, module)] == [refused]


def test_answers_are_found_by_name_only_among_the_answers() -> None:
    from data.answers.questions import QUESTIONS

    assert {name.split(":")[0].rpartition(".")[0] for name in QUESTIONS.values()} == {"data.answers"}


def test_every_place_of_the_table_exists() -> None:
    assert [name for name in {**OF_THE_PROJECT, **OF_OTHERS} if not is_module(name)] == []


LOOK = """
import ast, json, sys
from pathlib import Path
for path in [Path("app.py"), Path("pages/components/navigation.py"), *sorted(Path("pages").glob("*.py"))]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            exec(compile(ast.Module([node], []), str(path), "exec"))
for path in sorted(Path("pages/components").glob("*.py")):
    if path.stem not in ("navigation", "__init__"):
        __import__(f"pages.components.{path.stem}")
from data.answers.questions import QUESTIONS, question
for name in QUESTIONS:
    question(name)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def modules_of_the_pages() -> frozenset[str]:
    """What a fresh process holds after importing all that pages and their answers name at the top."""
    run = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True)
    return frozenset(json.loads(run.stdout.splitlines()[-1]))


def test_opening_a_page_brings_in_nothing_heavy(modules_of_the_pages: frozenset[str]) -> None:
    assert HEAVY & modules_of_the_pages == frozenset()


def test_opening_a_page_brings_in_no_reader_and_no_more_of_the_project_than_needed(
    modules_of_the_pages: frozenset[str],
) -> None:
    own = {name for name in modules_of_the_pages if name.split(".")[0] in OWN}
    forbidden = ("data.sources", "data.intake", "data.example", "data.geography.layers", "data.exports")
    assert [name for name in sorted(own) if is_below(name, forbidden)] == []
    assert len(own) <= OWN_MODULES_AT_MOST


def page_scripts() -> list[Path]:
    """List the pages."""
    return sorted((ROOT / "pages").glob("*.py"))


def what_a_page_must_not_hold(text: str) -> list[str]:
    """Say what in a page script belongs into a component, an answer or a metric."""
    found = []
    if len(text.splitlines()) > 100:
        found.append("more than 100 lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            found.append("a definition")
        elif isinstance(node, ast.Attribute) and node.attr in {"groupby", "session_state", "html", "read_text", "open"}:
            found.append(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            found += [name for name in names if name in {"pathlib", "os", "sqlalchemy", "sqlite3"}]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [kind for kind, sign in SIGNS.items() if sign(node.value)]
    return found


SIGNS = {
    "SQL": lambda text: text.upper().startswith(("SELECT ", "INSERT ", "UPDATE ", "DELETE ")),
    "HTML": lambda text: "</" in text or "unsafe_allow_html" in text,
    "a path": lambda text: text.endswith((".csv", ".toml", ".sqlite", ".css")) or text.startswith(("/", "./", "data/")),
}


@pytest.mark.parametrize("path", page_scripts(), ids=lambda path: path.stem)
def test_a_page_reads_like_a_table_of_contents(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert what_a_page_must_not_hold(text) == []
    assert ast.get_docstring(ast.parse(text)), "a page begins with its reader's question"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def helper():\n    pass", "a definition"),
        ("key = lambda row: row", "a definition"),
        ("table.groupby('area').sum()", "groupby"),
        ("st.session_state['area'] = 1", "session_state"),
        ("st.html('<b>bold</b>')", "html"),
        ("words = '<b>bold</b>'", "HTML"),
        ("query = 'select * from released'", "SQL"),
        ("from pathlib import Path", "pathlib"),
        ("table = 'areas.csv'", "a path"),
        ("pass\n" * 101, "more than 100 lines"),
    ],
)
def test_a_page_that_does_too_much_is_found(text: str, found: str) -> None:
    assert found in what_a_page_must_not_hold(text)


def test_there_is_a_script_for_every_page_of_the_catalogue_and_no_other() -> None:
    from data.catalogue import every_page

    assert {path.stem for path in page_scripts()} == {page.slug for page in every_page()}
