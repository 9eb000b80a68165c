"""Stores for the page tests, each prepared once, and what a page shows, gathered from all that it sends."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from data.answers.current import ensure_current
from data.answers.opened import _opened, opened
from data.intake.loading import load
from data.store.engine import open_store
from pages.components.maps import unpack

ROOT = Path(__file__).parents[2]
#: One or two indicators for each page, of every kind of value; two at neighbourhoods.
ILLUSTRATIVE = (
    *("new_birth_visit_14_days", "buddy_allocated", "care_proceedings_newborn", "buddies_in_post"),
    *("imhcf_trained_direct_contact", "partners_adopted", "children_per_health_visitor"),
    *("core20_share_of_contacts", "public_reach"),
)
BCP, DORSET, ICB = "E06000058", "E06000059", "E54000041"
QUARTERS = (
    *(("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30")),
    *(("2025-10-01", "2025-12-31"), ("2026-01-01", "2026-03-31")),
)

#: A small real return: indicator, area, counted and out of, the same in each quarter of 2025/26.
RETURNED = (
    ("new_birth_visit_14_days", BCP, 230, 250),
    ("new_birth_visit_14_days", DORSET, 180, 200),
    ("buddy_allocated", BCP, 30, 40),
    ("buddy_allocated", DORSET, 20, 40),
    ("imhcf_trained_direct_contact", BCP, 120, 300),
    ("imhcf_trained_direct_contact", DORSET, 80, 200),
    ("hub_reach_under_two", BCP, 500, 1000),
    ("hub_reach_under_two", DORSET, 250, 1000),
    ("core20_share_of_contacts", BCP, 300, 1000),
    ("core20_share_of_contacts", DORSET, 100, 1000),
    ("children_per_health_visitor", BCP, 30_000, 100),
    ("children_per_health_visitor", DORSET, 20_000, 100),
    ("partners_adopted", ICB, 4, 7),
    # 4 children were not seen in a quarter, so quarters are withheld; 16 were not in the year, which is shown
    ("review_2_years", BCP, 600, 800),
    ("review_2_years", DORSET, 793, 797),
    # 1 in a quarter and 4 in the year: both are withheld
    ("breastfeeding_6_8_weeks", BCP, 600, 800),
    ("breastfeeding_6_8_weeks", DORSET, 1, 613),
)


def copy_store(original: Path, folder: Path) -> Path:
    """Copy a store's file; every engine on it is closed, so the file is whole."""
    path = folder / "store.sqlite"
    shutil.copy(original, path)
    return path


@pytest.fixture(scope="session")
def reference_store(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded reference and no return at all: what a service that starts in earnest begins with."""
    return copy_store(reference_file, tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="session")
def illustrative_store(store_with_returns: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with illustrative returns of a few indicators, twelve quarters each."""
    return copy_store(store_with_returns("pages", ILLUSTRATIVE), tmp_path_factory.mktemp("illustrative"))


@pytest.fixture(scope="session")
def real_store(reference_file: Path, made_once: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with one small real return, whose figures a reader can work out in the head."""

    def make(path: Path) -> None:
        shutil.copy(reference_file, path)
        engine = open_store(f"sqlite:///{path}")
        with TemporaryDirectory() as folder:
            load(write_return(Path(folder)), engine, loaded_by="a test")
        ensure_current(engine)
        engine.dispose()

    return copy_store(made_once("real.sqlite", make), tmp_path_factory.mktemp("real"))


def write_return(folder: Path) -> Path:
    """Write the small real return."""
    file = folder / "return_2025-26.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["indicator", "area_code", "period_from", "period_to", "numerator", "denominator"])
        writer.writerows(
            [name, area, *quarter, counted, out_of] for name, area, counted, out_of in RETURNED for quarter in QUARTERS
        )
    return file


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Forget every answer and every open store before and after a test."""
    forget()
    yield
    forget()


def forget() -> None:
    """Empty the caches and close the stores that pages had opened."""
    st.cache_data.clear()
    st.cache_resource.clear()
    while ENGINES:
        ENGINES.pop().dispose()
    _opened.cache_clear()


#: What pages have opened since the caches were emptied.
ENGINES: list[sa.Engine] = []


class _Tables(HTMLParser):
    """Reads the tables of a page: a list of rows of cells for each caption."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.caption = ""
        self.cell: list[str] | None = None
        self.in_caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self.caption, self.in_caption = "", True
        elif tag == "tr":
            self.tables.setdefault(self.caption, []).append([])
        elif tag in {"td", "th"}:
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self.in_caption = False
        elif tag in {"td", "th"} and self.cell is not None:
            self.tables[self.caption][-1].append("".join(self.cell).strip())
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.in_caption:
            self.caption += data
        if self.cell is not None:
            self.cell.append(data)


@dataclass
class Shown:
    """One run of a page, and all that it sent to the browser."""

    app: AppTest

    @property
    def elements(self) -> list[Any]:
        """Every element that carries something, in the order of the page."""
        return [one for one in self.app.main if getattr(one, "proto", None) is not None]

    @property
    def html(self) -> str:
        """All HTML but the style sheet."""
        return "\n".join(
            one.proto.body for one in self.elements if one.type == "html" and "<style" not in one.proto.body
        )

    @property
    def text(self) -> str:
        """Every word that is shown or read aloud, maps and charts included."""
        words = [unescape(re.sub(r"<[^>]+>", " ", self.html))]
        for one in self.elements:
            if one.type in {"markdown", "title", "header", "alert", "error", "info"}:
                words.append(one.proto.body)
            elif one.type == "vega_lite_chart":
                words += [one.proto.alt, one.proto.spec]
                words += [
                    convert_arrow_bytes_to_pandas_df(part.data.data).to_csv(index=False, header=False)
                    for part in one.proto.datasets
                ]
        return "\n".join([*words, str(self.maps)])

    @property
    def finding(self) -> str:
        """The finding, which stands first."""
        return unescape(re.search(r'class="f1-finding">(.*?)</p>', self.html, re.DOTALL)[1])

    @property
    def maps(self) -> list[dict[str, Any]]:
        """What the maps send, read back."""
        return [unpack(one.proto.bytes) for one in self.elements if one.type == "bidi_component"]

    @property
    def tables(self) -> dict[str, list[list[str]]]:
        """The tables by caption: heading row first."""
        reader = _Tables()
        reader.feed(self.html)
        return reader.tables

    @property
    def figures(self) -> dict[str, str]:
        """The headline figures by label."""
        pattern = r'f1-label">(.*?)</span><span class="f1-value">(.*?)</span>'
        found = re.findall(pattern, self.html)
        return {unescape(label): unescape(re.sub(r"</?small>", "", value)) for label, value in found}

    @property
    def charts(self) -> list[Any]:
        """The charts as they are sent."""
        return [one.proto for one in self.elements if one.type == "vega_lite_chart"]

    @property
    def choices(self) -> dict[str, Any]:
        """What is chosen in each filter, by the filter's label."""
        found = {one.label: one.value for one in self.app.selectbox}
        found |= {one.label: one.value for one in self.app.get("button_group")}
        return found | {one.label: one.value for one in self.app.toggle}

    @property
    def banner(self) -> bool:
        """Whether the page says at its top that it shows illustrative figures."""
        return "f1-banner" in self.html


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Shown]:
    """``show(store, slug, **query)`` runs a page on a store (a path) or on an address; no exception passes."""

    def run(store: Path | str, slug: str, **query: str) -> Shown:
        address = store if isinstance(store, str) else f"sqlite:///{store}"
        if os.environ.get("DATABASE_URL") != address:
            forget()  # copies of one store have its name
            monkeypatch.setenv("DATABASE_URL", address)
        app = AppTest.from_file(str(ROOT / "pages" / f"{slug}.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if _opened.cache_info().currsize:
            ENGINES.append(opened())
        assert [one.value for one in app.exception] == []
        return Shown(app)

    return run


@pytest.fixture(scope="session")
def registers_store(
    reference_file: Path, made_once: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The reference with the invented registers and no return: to read."""
    from data.example.registers import write_registers

    def make(path: Path) -> None:
        shutil.copy(reference_file, path)
        engine = open_store(f"sqlite:///{path}")
        with TemporaryDirectory() as folder:
            for file in write_registers(Path(folder)):
                load(file, engine, loaded_by="a test", illustrative=True)
        ensure_current(engine)
        engine.dispose()

    return copy_store(made_once("registers.sqlite", make), tmp_path_factory.mktemp("registers"))
