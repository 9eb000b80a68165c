"""The workforce page: groups by measure, the trajectory, parts that open one by one, every choice in the address."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.answers.current import ensure_current
from data.example.services import STAFF_GROUPS
from data.intake.loading import load
from data.store.engine import open_store

Show = Callable[..., Any]
SLUG = "workforce"
GROUPS = "Each workforce group by each measure"
AHEAD = "When will each group be trained?"
#: CAMHS, maternity, health visiting and family hubs, by the known truth.
TITLE = "4 of 9 groups have trained at least half of their direct-contact staff"
TEMPLATES = ("long_return_workforce", "training_plan", "sector_evidence", "settings")


@pytest.fixture(scope="module")
def everything(everything_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store with every illustrative return, which pages only read."""
    copy = tmp_path_factory.mktemp("everything") / "store.sqlite"
    shutil.copy(everything_file, copy)
    return copy


@pytest.fixture(scope="module")
def with_settings(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with a small return of settings: two nurseries with a point, one for older ones, a childminder."""
    folder = tmp_path_factory.mktemp("settings")
    copy = folder / "store.sqlite"
    shutil.copy(reference_file, copy)
    file = folder / "settings.csv"
    rows = (
        ("N-1", "nursery", "Example nursery one", "E01015272", "-1.88", "50.72", "yes"),
        ("N-2", "nursery", "Example nursery two", "E01020479", "-2.44", "50.71", "yes"),
        ("N-3", "nursery", "Example school nursery", "E01020479", "-2.44", "50.71", "no"),
        ("C-1", "childminder", "Example childminder", "E01015272", "-1.88", "50.72", "yes"),
    )
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["setting_id", "kind", "name", "area_code", "lon", "lat", "serves_under_twos", "as_at"])
        writer.writerows([*row, "2026-03-31"] for row in rows)
    engine = open_store(f"sqlite:///{copy}")
    load(file, engine, loaded_by="a test")
    ensure_current(engine)
    engine.dispose()
    return copy


def headings(shown: Any) -> set[str]:
    """The headings of the parts that are open."""
    return {one.value for one in shown.app.header}


def test_the_page_opens_with_the_finding_four_figures_and_the_groups_and_draws_nothing_else(
    show: Show, everything: Path
) -> None:
    shown = show(everything, SLUG)
    assert "of direct-contact staff in Dorset ICS have completed training" in shown.finding
    assert list(shown.figures) == [
        "IMHCF trained, direct contact",
        "All staff attended training",
        "Trained to role level",
        "Reflective supervision",
    ]
    assert shown.charts == []
    assert shown.maps == []
    assert headings(shown) == {TITLE, AHEAD}


def test_each_group_has_a_row_with_both_denominators(show: Show, everything: Path) -> None:
    table = show(everything, SLUG).tables[GROUPS]
    assert table[0] == [
        "Workforce group",
        "Attendedof all staff",
        "Completedof direct-contact staff",
        "At the role’s levelof staff with a set level",
        "Reflective supervisionof direct-contact staff",
        "Out of dateof those who completed",
    ]
    assert [row[0] for row in table[1:]] == ["All nine groups", *STAFF_GROUPS]
    visiting = next(row for row in table if row[0] == "Health Visiting")
    assert visiting[1].endswith("of 260")  # (110 + 20) in each of two councils
    assert visiting[2].endswith("of 220")  # 110 in direct contact in each


def test_the_answer_to_when_is_in_words_and_the_path_opens_by_the_address(show: Show, everything: Path) -> None:
    plain = show(everything, SLUG)
    assert "places a quarter, Health Visiting in Dorset ICS" in plain.text
    linked = show(everything, SLUG, group="Maternity", target="80%", by="31 March 2028", places="60 a quarter")
    assert linked.choices["Workforce group"] == "Maternity"
    assert linked.choices["Coverage wanted"] == "80"
    assert linked.choices["By"] == "2028-03-31"
    assert linked.choices["Training places"] == "60"
    assert "At 60 places a quarter, Maternity in Dorset ICS" in linked.text
    assert "To stand at 80% on 31 March 2028" in linked.text
    (chart,) = linked.charts
    assert chart.alt.startswith("Illustrative, not real: Line chart of the expected share of Maternity in Dorset ICS")
    assert linked.tables["When will Maternity reach 80%?"][1][0] == "2025/26 Q4"


def test_every_group_is_listed_when_asked(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, every="true", target="70%")
    table = shown.tables["When will each group reach 70%?"]
    assert [row[0] for row in table[1:]] == list(STAFF_GROUPS)


@pytest.mark.parametrize(
    ("part", "heading"),
    [
        ("split", "Who has completed training, by employer?"),
        ("courses", "Which courses were taken, and were their places filled?"),
        ("practice", "Do staff understand more, stay, and see the baby?"),
        ("care", "Are needs found, confirmed and followed by care?"),
        ("plan", "Is there a workforce plan, and whom does it cover?"),
        ("sectors", "Which of the eight sectors have training in place?"),
        ("look", "Look into one figure"),
        ("asked", "What was asked for"),
    ],
)
def test_each_part_opens_alone(show: Show, everything: Path, part: str, heading: str) -> None:
    shown = show(everything, SLUG, part=part, **{part: "true"})
    opened = headings(shown) - {TITLE, AHEAD}
    assert opened - {"Over time", "By deprivation"} == {heading}  # the two views of one figure


def test_the_place_in_the_address_changes_every_part(show: Show, everything: Path) -> None:
    shown = show(everything, SLUG, place="BCP", practice="true")
    assert "of direct-contact staff in BCP have completed training" in shown.finding
    assert "In BCP, " in shown.text
    assert "Health Visiting in BCP" in shown.text


def test_what_was_asked_for_shows_what_was_sent_in(show: Show, real_store: Path) -> None:
    shown = show(real_store, SLUG, asked="true")
    rows = [row for caption, table in shown.tables.items() if caption.endswith("asks") for row in table]
    measure = "Direct-contact staff with competency framework training"
    found = next(row for row in rows if len(row) == 7 and row[1] == measure)
    assert found[2].startswith("40.0% (2025/26)")  # the last quarter's (120 + 80) of (300 + 200)
    assert "Measured" in found[4]


def test_without_a_return_the_page_says_so_and_offers_the_templates(show: Show, reference_store: Path) -> None:
    shown = show(reference_store, SLUG, templates="true", settings="true", courses="true", sectors="true")
    assert "No data yet" in shown.finding
    for said in ("No data yet on which settings care for under-twos.", "No data yet on the eight sectors."):
        assert said in shown.text
    offered = {one.proto.id for one in shown.elements if one.type == "download_button"}
    assert all(any(f"template-{name}" in one for one in offered) for name in TEMPLATES)
    assert shown.charts == []


def test_a_real_share_without_flows_says_what_is_missing(show: Show, real_store: Path) -> None:
    shown = show(real_store, SLUG)
    assert "No trajectory yet for Health Visiting in Dorset ICS. Without a figure: " in shown.text
    assert "Direct-contact leavers" in shown.text


def test_settings_for_under_twos_stand_on_the_map_and_a_home_does_not(show: Show, with_settings: Path) -> None:
    shown = show(with_settings, SLUG, settings="true")
    assert "3 settings care for under-twos: 2 nurseries and 1 childminder." in shown.text
    (drawn,) = shown.maps
    assert sorted(point["name"] for point in drawn["points"]) == ["Example nursery one", "Example nursery two"]
    table = shown.tables["Which settings care for under-twos, and where are they?"]
    assert [row[0] for row in table[1:]] == ["Nurseries", "Childminders"]
    assert table[2][-1] == "0"  # on the map
