"""What local groups told us, around a place: accepted entries alone, how near, and how old."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from data.answers.local_offers import local_offers
from data.answers.opened import _opened
from data.answers.registers_kept import registers_kept
from data.errors import UnknownName
from data.intake.loading import load
from data.store.engine import open_store

#: Boscombe East 035A, another neighbourhood of the same middle layer area, that area, and two further away.
HERE, BESIDE, MIDDLE = "E01015272", "E01015273", "E02003187"
POOLE, WEYMOUTH = "E01032662", "E01020554"
ENTRY = {
    "group_name": "A group",
    "offers": "stay and play",
    "for_whom": "every family",
    "languages": "",
    "covers": "families nearby",
    "how_often": "once a week",
    "since_year": "2021",
    "places": "12",
    "free": "yes",
    "how_found": "drop in",
    "told_on": "2026-01-31",
    "status": "accepted",
    "status_on": "2026-02-01",
}
ENTRIES = (
    {"id": "CO-1", "group_name": "Here", "area_code": HERE},
    {"id": "CO-2", "group_name": "In the middle layer area", "area_code": MIDDLE},
    {"id": "CO-3", "group_name": "For the council area", "area_code": POOLE, "covers": "its council area"},
    {"id": "CO-4", "group_name": "Elsewhere", "area_code": POOLE},
    {"id": "CO-5", "group_name": "For the other council area", "area_code": WEYMOUTH, "covers": "its council area"},
    {"id": "CO-6", "group_name": "For all", "area_code": WEYMOUTH, "covers": "all of Dorset", "told_on": "2025-01-31"},
    {"id": "CO-7", "group_name": "Waits", "area_code": HERE, "status": "waiting"},
    {"id": "CO-8", "group_name": "Was declined", "area_code": HERE, "status": "declined", "reason": "no longer runs"},
)


def write(path: Path, *entries: Mapping[str, str]) -> Path:
    names = [*dict.fromkeys(name for entry in entries for name in {**ENTRY, **entry})]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows({**ENTRY, **entry} for entry in entries)
    return path


@pytest.fixture(scope="module")
def told(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with a file of what groups offer."""
    folder = tmp_path_factory.mktemp("offers")
    shutil.copy(reference_file, folder / "store.sqlite")
    engine = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    load(write(folder / "offers.csv", *ENTRIES), engine, loaded_by="a test")
    with pytest.raises(UnknownName, match="names a place that is not here"):
        load(write(folder / "far.csv", {**ENTRIES[0], "area_code": "E01000001"}), engine, loaded_by="a test")
    engine.dispose()
    return folder / "store.sqlite"


@pytest.fixture(autouse=True)
def _asked(told: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{told}")
    yield
    _opened.cache_clear()


@pytest.mark.parametrize(
    ("place", "near", "further"),
    [
        (HERE, ["Here", "In the middle layer area"], ["For the council area", "For all"]),
        (BESIDE, ["In the middle layer area", "Here"], ["For the council area", "For all"]),
        (POOLE, ["Elsewhere", "For the council area"], ["For all"]),
        (WEYMOUTH, ["For all", "For the other council area"], []),
    ],
)
def test_a_place_has_what_is_near_it_first_then_what_is_open_to_it(
    place: str, near: list[str], further: list[str]
) -> None:
    answer = local_offers(place)
    assert answer.table["group"].tolist() == [*near, *further]
    assert answer.finding.startswith(f"{len(near)} local groups told us what they do in or near ")
    assert answer.finding.endswith("It is not counted as a service figure.")
    assert not answer.illustrative


def test_what_waits_or_was_declined_is_shown_nowhere_and_counted_nowhere() -> None:
    everywhere = local_offers()
    assert len(everywhere.table) == 6
    assert not {"Waits", "Was declined"} & set(everywhere.table["group"])
    kept = registers_kept().table.set_index("register")
    assert kept.loc["What local groups offer", "entries"] == "6 entries"


def test_what_was_told_long_ago_says_so() -> None:
    # 31 January 2025 is 365 days before 31 January 2026
    at, after = (local_offers(on=day).table.set_index("group")["told"] for day in ("2026-01-31", "2026-02-01"))
    assert (at["For all"], at["Here"]) == ("31 January 2025", "31 January 2026")
    assert after["For all"] == "31 January 2025, over a year ago"


def test_a_place_where_nobody_told_us_anything_says_so_and_a_strange_one_is_refused() -> None:
    assert local_offers("E01020438").table["group"].tolist() == ["For the other council area", "For all"]
    with pytest.raises(UnknownName, match="no such neighbourhood"):
        local_offers("E01999999")
