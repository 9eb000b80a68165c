"""Every page on every kind of store: honest without data, plain without a store, labelled when invented."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data.catalogue import pages

SLUGS = [page.slug for page in pages()]
Show = Callable[..., Any]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_without_returns_says_so_and_does_not_fail(show: Show, reference_store: Path, slug: str) -> None:
    shown = show(reference_store, slug)
    assert [one.value for one in shown.app.title] == [next(page.question for page in pages() if page.slug == slug)]
    assert not shown.banner
    assert "llustrative, not real" not in shown.text
    if slug not in {"map", "data"}:  # deprivation and definitions are there from the beginning
        assert "no data yet" in shown.text.lower()


@pytest.mark.parametrize("slug", SLUGS)
def test_illustrative_figures_are_labelled_at_the_top_and_at_the_figure(
    show: Show, illustrative_store: Path, slug: str
) -> None:
    shown = show(illustrative_store, slug)
    assert shown.banner
    rests_on = [line for line in shown.text.splitlines() if "ILLUSTRATIVE, not real: Local organisations" in line]
    # map opens with real deprivation, the others with registers, of which this store has none
    if slug not in {"map", "in_their_own_words", "investment", "accountability"}:
        assert rests_on
    for chart in shown.charts:
        assert chart.alt.startswith("Illustrative, not real: ")


@pytest.mark.parametrize("slug", SLUGS)
def test_real_figures_carry_no_such_label(show: Show, real_store: Path, slug: str) -> None:
    shown = show(real_store, slug)
    assert not shown.banner
    words = shown.text.replace("illustrative figures it covers", "").replace("Measured with illustrative figures", "")
    words = words.replace("0 of them are illustrative", "").replace("0 of them illustrative", "")
    words = words.replace("invented, waiting for local returns", "").replace("Real or illustrative", "")
    assert "illustrative" not in words.lower()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_damaged_store_gives_one_plain_sentence(show: Show, tmp_path: Path, slug: str) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_text("This is a shopping list and not a database. " * 100)
    shown = show(damaged, slug)
    assert len(shown.app.error) == 1
    assert shown.app.error[0].value.startswith("The figures can't be read just now. ")
    assert "The file is not a store" in shown.app.error[0].value
    assert "Traceback" not in shown.text
    assert len(shown.app.title) == 1


def test_a_database_that_nobody_answers_for_gives_one_plain_sentence_without_its_password(show: Show) -> None:
    shown = show("postgresql://reader:s3cret@127.0.0.1:9/first1001", "overview")  # port 9: nobody listens
    assert "The store cannot be reached" in shown.app.error[0].value
    assert "s3cret" not in shown.app.error[0].value


@pytest.mark.parametrize("slug", SLUGS)
def test_an_address_with_unknown_values_opens_the_page_as_it_is(
    show: Show, illustrative_store: Path, slug: str
) -> None:
    names = ("show", "indicator", "place", "fifths", "view", "layer", "layer_theme", "areas", "shape", "area", "beside")
    names += ("group", "target", "by", "places")
    shown = show(illustrative_store, slug, **dict.fromkeys(names, "no such thing <b>"))
    assert shown.choices == show(illustrative_store, slug).choices
    assert "<b>" not in shown.html


@pytest.mark.parametrize("slug", SLUGS)
def test_every_chart_has_words_and_a_table_and_every_table_a_caption(
    show: Show, illustrative_store: Path, slug: str
) -> None:
    shown = show(illustrative_store, slug)
    assert "" not in shown.tables
    assert all(len(chart.alt) > 40 for chart in shown.charts)
    # the definitions, how complete returns are and how new each register is are tables without a chart
    alone = 3 if slug == "data" else 0
    folded = shown.html.count("<summary>Table: ") - alone
    drawings = re.findall(r'role="img" aria-label="([^"]*)"', shown.html)
    assert all(len(alt) > 40 for alt in drawings)
    assert folded == len(shown.charts) + len(drawings)
    assert all(len(one["views"][0]["alt"]) > 40 for one in shown.maps)


@pytest.mark.parametrize("slug", SLUGS)
def test_headings_go_down_one_step_at_a_time(show: Show, illustrative_store: Path, slug: str) -> None:
    shown = show(illustrative_store, slug)
    levels = [1]
    for one in shown.elements:
        if one.type == "header":
            levels.append(2)
        elif one.type == "html":
            levels += [level for level in range(1, 7) for _ in range(one.proto.body.count(f"<h{level}>"))]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
