"""Sending a file in: rights held where the act is done, refusals on record without a value, nothing left behind."""

from __future__ import annotations

import csv
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data.actions import sending
from data.actions.effects import effects_of, previewed
from data.actions.people import Person
from data.answers import opened, release
from data.answers.coverage import grid, refusals
from data.answers.series import over_time
from data.catalogue import indicator, indicators
from data.errors import DataErrors, NotAllowed, StoreError
from data.intake.loading import read_guarded, store_reading
from data.intake.preparing import areas, deprivation
from data.intake.proposal import propose
from data.store.audit import select_audit
from data.store.engine import reading, writing
from data.store.observations import select_observations
from data.store.released import select_released
from data.store.state import data_revision
from data.store.submissions import select_submissions

BCP, DORSET, ICB = "E06000058", "E06000059", "E54000041"
QUARTER = ("2026-01-01", "2026-03-31")
HEADS = ["indicator", "area_code", "period_from", "period_to", "numerator", "denominator"]
GOOD = [("buddy_allocated", BCP, *QUARTER, 30, 40), ("buddy_allocated", DORSET, *QUARTER, 20, 40)]
#: Dorset Council area's count is above its total, and the last name is misspelt.
BAD = [
    ("buddy_allocated", BCP, *QUARTER, 30, 40),
    ("buddy_allocated", DORSET, *QUARTER, 50, 40),
    ("budy_allocated", BCP, *QUARTER, 1, 2),
]


def person(role: str) -> Person:
    return Person(f"subject-of-{role}", f"A {role}", role)


STRATEGY, STEWARD = person("strategy"), person("steward")


def write(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


@pytest.fixture
def folder(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it that actions work on; gives a folder for files, which is also where temporary ones would lie."""
    shutil.copy(reference_file, tmp_path / "store.sqlite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    opened._opened.cache_clear()
    grid.cache_clear()
    yield tmp_path
    assert list((tmp_path / "temporary").iterdir()) == []
    opened.opened().dispose()
    opened._opened.cache_clear()


def trail() -> pd.DataFrame:
    with reading(opened.opened()) as connection:
        return select_audit(connection)


def loaded_files() -> int:
    with reading(opened.opened()) as connection:
        return len(select_submissions(connection))


def at() -> str:
    with reading(opened.opened()) as connection:
        return data_revision(connection)


@pytest.mark.parametrize("role", ["partner", "board"])
def test_who_may_not_load_is_refused_by_the_act_itself(folder: Path, role: str) -> None:
    file = write(folder / "return.csv", GOOD)
    tried = sending.try_file(STRATEGY, file)
    entries, files = len(trail()), loaded_files()
    for act in (
        lambda: sending.try_file(person(role), file),
        lambda: sending.load_file(person(role), file, tried),
        lambda: sending.marked(person(role), file.name, file.read_bytes(), ()),
        lambda: sending.go_back(person(role), 1),
        lambda: sending.take_back(person(role), 1),
        lambda: sending.submissions(person(role)),
    ):
        with pytest.raises(NotAllowed, match="Ask a strategy lead or data steward"):
            act()
    assert (len(trail()), loaded_files()) == (entries, files)


@pytest.mark.parametrize("who", [STRATEGY, STEWARD], ids=lambda one: one.role)
def test_a_good_file_shows_what_it_would_change_then_changes_it(folder: Path, who: Person) -> None:
    file = write(folder / "return.csv", GOOD)
    before, entries = at(), len(trail())
    tried = sending.try_file(who, file)
    assert tried.proposal.passes
    assert (tried.proposal.changes.new, tried.proposal.indicators) == (2, ("buddy_allocated",))
    effects = tried.effects.set_index("area_code")
    assert effects.loc[BCP, ["now", "after", "effect"]].tolist() == [
        "no figure",
        "75.0% (2025/26 Q4)",
        "is new",
    ]  # 30/40
    assert effects.loc[ICB, "after"] == "62.5% (2025/26 Q4)"  # 50 of 80
    assert at() == before  # trying has changed nothing
    assert len(trail()) == entries

    report = sending.load_file(who, file, tried)
    assert report.loaded
    assert trail().iloc[0][["who", "action", "subject"]].tolist() == [who.subject, "load", "return.csv"]
    shown = over_time("buddy_allocated", ICB).table.iloc[-1]
    assert (shown["value"], shown["numerator"], shown["denominator"]) == (62.5, 50, 80)


def test_the_effect_says_when_a_figure_changes_goes_or_stays(folder: Path) -> None:
    first = write(folder / "first.csv", [*GOOD, ("buddy_introduced", BCP, *QUARTER, 20, 40)])
    sending.load_file(STRATEGY, first, sending.try_file(STRATEGY, first))
    second = write(folder / "second.csv", [(GOOD[0][0], BCP, *QUARTER, 20, 40), GOOD[1]])
    effects = sending.try_file(STRATEGY, second).effects.set_index("area_code")
    assert effects.loc[BCP, ["now", "after", "effect"]].tolist() == [
        "75.0% (2025/26 Q4)",
        "50.0% (2025/26 Q4)",
        "changes",
    ]
    assert effects.loc[DORSET, "effect"] == "stays as it is"


def test_effects_show_nothing_that_is_not_protected(folder: Path) -> None:
    file = write(folder / "return.csv", [("buddy_allocated", BCP, *QUARTER, 3, 40), GOOD[1]])
    effects = sending.try_file(STRATEGY, file).effects.set_index("area_code")
    assert effects.loc[BCP, "after"].startswith("too few people to show")
    assert "7.5" not in effects.to_csv()  # 3 of 40


def test_every_indicator_of_a_file_is_worked_out_beforehand(folder: Path) -> None:
    names = [one.id for one in indicators() if one.returned_by == "long_return" and one.page == "parent_buddies"]
    counted = [
        name for name in names if indicator(name).value_type == "proportion" and not indicator(name).pooled_only
    ][:3]
    file = write(folder / "return.csv", [(name, BCP, *QUARTER, 30, 40) for name in counted])
    assert sending.try_file(STRATEGY, file).effects["indicator_id"].unique().tolist() == counted
    everything = [one.id for one in indicators()]
    assert previewed(everything[::-1]) == everything


def test_what_is_only_tried_never_stays(folder: Path) -> None:
    file = write(folder / "return.csv", GOOD)
    before = trail()
    effects_of(file, opened.opened(), propose(file, opened.opened()))
    with reading(opened.opened()) as connection:
        assert select_released(connection, "buddy_allocated").empty
        assert not select_submissions(connection)["file_name"].eq("return.csv").any()
    assert trail().equals(before)


@pytest.fixture
def on_either(request: pytest.FixtureRequest, folder: Path) -> sa.Engine:
    """The reference on either database."""
    if request.param == "sqlite":
        return opened.opened()
    store: sa.Engine = request.getfixturevalue("postgres_store")
    with writing(store) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
    return store


@pytest.mark.parametrize("on_either", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_while_one_person_tries_a_file_others_read_load_and_write_to_the_trail(
    on_either: sa.Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same indicator is loaded, which would wait for any row that trying had written or locked."""
    done = []
    preview = release.preview_release

    def meanwhile(connection: sa.Connection, names: list[str]) -> pd.DataFrame:
        other = write(folder / "other.csv", [(GOOD[0][0], BCP, *QUARTER, 8, 40), GOOD[1]])
        with writing(on_either, wait_seconds=1) as its_own:
            store_reading(its_own, read_guarded(other, its_own), other.name, "c" * 64, loaded_by="somebody else")
        with reading(on_either) as its_own:
            done.append(select_observations(its_own, ["buddy_allocated"])["numerator"].tolist())
        return preview(connection, names)

    monkeypatch.setattr(release, "preview_release", meanwhile)
    file = write(folder / "return.csv", GOOD)
    effects = effects_of(file, on_either, propose(file, on_either)).set_index("area_code")
    assert done == [[8, 20]]
    assert effects.loc[BCP, "after"] == "75.0% (2025/26 Q4)"  # 30 of 40: what the other person loaded is not in it


def test_a_bad_file_is_refused_with_every_problem_and_noted_without_a_value(folder: Path) -> None:
    file = write(folder / "return.csv", BAD)
    tried = sending.try_file(STRATEGY, file)
    assert len(tried.proposal.problems) == 2
    assert (tried.identifies, tried.may_be_copied) == (False, True)
    with pytest.raises(DataErrors):
        sending.load_file(STRATEGY, file, tried)
    entry = trail().iloc[0]
    assert entry[["who", "action", "subject"]].tolist() == [STRATEGY.subject, "refuse", "return.csv"]
    assert entry["file_sha256"] == tried.proposal.sha256
    assert entry["detail"] == {
        "problems": 2,
        "kinds": {"unknown names": 1, "wrong values": 1},
        "about": [f"buddies {BCP} {QUARTER[1]}", f"buddies {DORSET} {QUARTER[1]}"],
    }
    assert refusals().table.iloc[0]["about"] == "Parent buddies"
    copy = sending.marked(STRATEGY, file.name, file.read_bytes(), tried.proposal.problems)
    assert copy.startswith(b"PK")  # a workbook


def test_a_file_with_a_persons_number_leaves_nothing_of_it(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    number = "943 476 5919"  # the example of the NHS data dictionary
    file = write(folder / "Return 9434765919.csv", [(*GOOD[0][:4], number, 40)])
    tried = sending.try_file(STRATEGY, file)
    assert not tried.proposal.passes
    assert (tried.identifies, tried.may_be_copied) == (True, False)
    told = " ".join(str(problem) for problem in tried.proposal.problems)
    entry = trail().iloc[0]
    for text in (entry.astype("str").str.cat(sep=" "), caplog.text):
        assert number not in text
        assert "9434765919" not in text
    assert number not in told
    assert list(entry["detail"]["kinds"]) == ["places that could identify a person"]
    assert entry["subject"] == "a file whose name could identify somebody"


def test_a_file_that_cannot_be_opened_is_refused_and_noted(folder: Path) -> None:
    file = folder / "return.xlsx"
    file.write_bytes(b"PK\x03\x04 not a workbook")
    tried = sending.try_file(STRATEGY, file)
    assert len(tried.proposal.problems) == 1
    assert trail().iloc[0]["detail"]["kinds"] == {"could not be opened safely": 1}


def test_another_load_in_between_has_to_be_looked_at_first(folder: Path) -> None:
    file = write(folder / "return.csv", GOOD)
    tried = sending.try_file(STRATEGY, file)
    other = write(folder / "other.csv", [("buddy_introduced", BCP, *QUARTER, 20, 40)])
    sending.load_file(STEWARD, other, sending.try_file(STEWARD, other))
    with pytest.raises(StoreError, match="somebody has loaded another file"):
        sending.load_file(STRATEGY, file, tried)


def test_one_can_go_back_and_forth(folder: Path) -> None:
    first = write(folder / "first.csv", GOOD)
    sending.load_file(STRATEGY, first, sending.try_file(STRATEGY, first))
    second = write(folder / "second.csv", [(GOOD[0][0], BCP, *QUARTER, 20, 40), GOOD[1]])
    sending.load_file(STRATEGY, second, sending.try_file(STRATEGY, second))
    listed = sending.submissions(STEWARD).set_index("file_name")
    assert listed.loc["first.csv", "earlier"]
    assert not listed.loc["second.csv", "earlier"]
    said = sending.go_back(STEWARD, int(listed.loc["first.csv", "id"]))
    assert said[0].startswith("first.csv is used again")
    assert over_time("buddy_allocated", BCP).table.iloc[-1]["value"] == 75  # 30 of 40 again
    assert trail().iloc[0][["who", "action"]].tolist() == [STEWARD.subject, "go_back"]
    sending.take_back(STEWARD, int(listed.loc["first.csv", "id"]))
    assert trail().iloc[0]["action"] == "take_back"


def test_what_a_browser_sent_lies_in_a_private_place_and_is_deleted(folder: Path) -> None:
    with sending.privately("../../etc/return.csv", b"secret") as path:
        assert path.name == "return.csv"
        assert path.parent.parent == folder / "temporary"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert path.read_bytes() == b"secret"
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("C:\\returns\\q4.csv", "q4.csv"),
        ("a\nb\x1b[31m.csv", "ab[31m.csv"),
        ("../..", "file"),
        ("", "file"),
        (f"{'x' * 300}.csv", f"{'x' * 116}.csv"),
    ],
)
def test_a_files_name_cannot_lead_elsewhere(name: str, plain: str) -> None:
    assert sending.plain_name(name) == plain
