"""The mandated reviews beside England, the region and the areas that share a border."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from data.answers import opened
from data.answers.reviews import NEIGHBOURS_NOTE, reviews_by_area
from data.intake.loading import load
from data.store.engine import open_store

OWN = ["Dorset ICS", "BCP", "Dorset Council area", "South West", "England"]
#: As the publication gives them: area, metric, counted, out of and percentage of 2024/25.
PUBLISHED = (
    ("E06000058", "C2: New birth visits within 14 days", 2400, 3000, 80.0),
    ("E06000066", "C2: New birth visits within 14 days", 4500, 5000, 90.0),
    ("E12000009", "C2: New birth visits within 14 days", 43000, 50000, 86.0),
    ("E92000001", "C2: New birth visits within 14 days", 468600, 550000, 85.2),
    ("E06000008", "C2: New birth visits within 14 days", 1, 2, 50.0),
)


@pytest.fixture
def with_publication(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference and one publication that holds a council, a neighbour, the region, England and one far away."""
    store, file = tmp_path / "store.sqlite", tmp_path / "metrics.csv"
    shutil.copy(reference_file, store)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Area code", "Area name", "Period", "Metric", "Numerator", "Denominator", "Percentage"])
        writer.writerows([code, "", "2024/25", *rest] for code, *rest in PUBLISHED)
    engine = open_store(f"sqlite:///{store}")
    load(file, engine, loaded_by="a test")
    from data.answers.current import ensure_current

    ensure_current(engine)
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{store}")
    opened._opened.cache_clear()


def test_neighbours_stand_at_the_end_where_a_publication_has_them(with_publication: None) -> None:
    answer = reviews_by_area()
    opened.opened().dispose()
    opened._opened.cache_clear()
    rows = answer.table.loc[answer.table["indicator_id"] == "new_birth_visit_14_days_published"]
    assert rows["area"].tolist() == [*OWN, "Somerset Council area"]
    figures = dict(zip(rows["area"], rows["figure"].str.split(" ").str[0], strict=True))
    assert figures["BCP"] == "80.0%"
    assert figures["South West"] == "86.0%"
    assert figures["England"] == "85.2%"
    assert figures["Somerset Council area"] == "90.0%"
    compared = dict(zip(rows["area"], rows["comparison"], strict=True))
    assert compared["BCP"] == "worse"  # 2,400 of 3,000 is 78.5% to 81.4%; England 85.2%
    assert compared["Somerset Council area"] == "better"  # 4,500 of 5,000 is 89.1% to 90.8%
    assert NEIGHBOURS_NOTE in answer.notes


def test_without_published_figures_no_neighbour_is_shown(whole_chain: str) -> None:
    answer = reviews_by_area()
    assert list(dict.fromkeys(answer.table["area"])) == OWN
    assert NEIGHBOURS_NOTE not in answer.notes
