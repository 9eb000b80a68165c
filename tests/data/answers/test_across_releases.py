"""A figure that is corrected and released again tells no more beside the earlier release."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers import release
from data.answers.audit import audit_release
from data.answers.current import ensure_current
from data.answers.former import read_former, released_now, write_former
from data.catalogue import disclosure
from data.intake.history import go_back
from data.intake.loading import load, store_reading
from data.intake.preparing import areas, deprivation
from data.store import former, frozen
from data.store.engine import open_store, reading, writing
from data.store.released import select_released
from data.store.state import mark_prepared

INDICATOR = "antenatal_contact_count"
HEADING = "indicator,area_code,period_from,period_to,breakdown_type,breakdown_value,numerator,denominator"
QUARTER = "E06000058,2025-04-01,2025-06-30"
#: 13 + 1 + 8 = 22 is shown as 15, hidden, hidden (beside the 1) and 20.
YESTERDAY = {"English": 13, "Other": 1, "Unknown": 8}
#: One count is corrected: 5 + 1 + 8 = 14. By itself that would be hidden, hidden, 10 and 15.
TODAY = {"English": 5, "Other": 1, "Unknown": 8}
Send = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def places_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with areas and no return."""
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    engine = open_store(f"sqlite:///{path}")
    prepare(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


def prepare(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
        store_reading(connection, deprivation(), "deprivation", "b" * 64, loaded_by="a test")
        mark_prepared(connection, "a test")


@pytest.fixture
def engine(places_file: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    path = tmp_path / "store.sqlite"
    shutil.copy(places_file, path)
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.dispose()


def sender(engine: sa.Engine, folder: Path) -> Send:
    """``send(counts)`` loads a return of these groups and their total, releases, and gives what is shown."""

    def send(counts: dict[str, int], name: str = "return") -> dict[str, object]:
        lines = [f"{INDICATOR},{QUARTER},language,{group},{count}," for group, count in counts.items()]
        lines.append(f"{INDICATOR},{QUARTER},,,{sum(counts.values())},")
        file = folder / f"{name}.csv"
        file.write_text("\n".join([HEADING, *lines]) + "\n")
        load(file, engine, loaded_by="a test")
        ensure_current(engine)
        return shown(engine)

    return send


def shown(engine: sa.Engine) -> dict[str, object]:
    """Give the released figure of each group in the quarter: a number, or how it is marked."""
    with reading(engine) as connection:
        rows = select_released(connection, INDICATOR, period_type="quarter", area_code="E06000058")
    figures = rows["numerator"].astype(object).where(rows["numerator"].notna(), rows["value_status"])
    return dict(zip(rows["breakdown_value"].fillna(""), figures, strict=True))


@pytest.fixture
def send(engine: sa.Engine, tmp_path: Path) -> Send:
    return sender(engine, tmp_path)


def without_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the release forget what was released before; the audit does not."""
    monkeypatch.setattr(release, "protect_together", forgetful(release.protect_together))


def forgetful(protect: Callable[..., list[pd.DataFrame]]) -> Callable[..., list[pd.DataFrame]]:
    return lambda measures, formers, shared, rule, **how: protect(measures, {}, shared, rule, **how)


def test_each_release_alone_would_show_what_gives_one_family_away(
    engine: sa.Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday: Other + Unknown is at most 22 - 13 = 9. Today alone: Unknown is 8 at least. So Other is exactly 1."""
    without_memory(monkeypatch)
    assert send(YESTERDAY) == {"": 20.0, "English": 15.0, "Other": "suppressed", "Unknown": "suppressed"}
    assert audit_release(engine, thorough=False).passed
    assert send(TODAY) == {"": 15.0, "English": "suppressed", "Other": "suppressed", "Unknown": 10.0}
    for thorough in (False, True):
        report = audit_release(engine, thorough=thorough)
        assert not report.passed
        found = report.findings.set_index("breakdown_value")
        assert found.loc["Other", ["least", "greatest"]].tolist() == [1, 1]


def test_a_correction_does_not_show_what_was_hidden_beside_a_small_count(engine: sa.Engine, send: Send) -> None:
    send(YESTERDAY)
    today = send(TODAY)
    assert today["Other"] == today["English"] == today["Unknown"] == "suppressed"
    for thorough in (False, True):
        report = audit_release(engine, thorough=thorough)
        assert report.passed, report.findings.to_string()


def test_the_change_itself_is_no_way_round(engine: sa.Engine, send: Send) -> None:
    """English was 13 to 17. With the total shown, 13 to 17 instead of 18 to 22, at most 9 fewer: 4 to 7 is too few."""
    send(YESTERDAY)
    assert send(TODAY)[""] == "suppressed"
    report = audit_release(engine, [INDICATOR])
    assert report.attacked == 4
    assert report.passed


def test_a_first_release_and_one_that_changes_nothing_are_as_they_were(engine: sa.Engine, send: Send) -> None:
    first = send(YESTERDAY)
    with reading(engine) as connection:
        assert len(former.select_former(connection, INDICATOR)) == 1
    assert send(YESTERDAY, "the same again") == first
    with reading(engine) as connection:
        assert len(former.select_former(connection, INDICATOR)) == 1


def test_going_back_to_the_earlier_file_shows_the_earlier_figures_and_tells_nothing(
    engine: sa.Engine, send: Send
) -> None:
    first = send(YESTERDAY, "first")
    send(TODAY, "second")
    with reading(engine) as connection:
        number = connection.execute(sa.text("SELECT id FROM submission WHERE file_name = 'first.csv'")).scalar_one()
    go_back(engine, number, by="a test")
    ensure_current(engine)
    assert shown(engine) == first
    report = audit_release(engine)
    assert report.passed, report.findings.to_string()


def test_what_an_earlier_release_gave_away_does_not_stop_today(
    engine: sa.Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as forgetting:
        without_memory(forgetting)
        send(YESTERDAY)
        send(TODAY)
    assert send({"English": 5, "Other": 1, "Unknown": 30})["Other"] == "suppressed"
    report = audit_release(engine, thorough=False)
    assert report.passed, report.findings.to_string()


def test_illustrative_figures_are_not_remembered_and_a_bounded_number_of_real_releases_is(
    engine: sa.Engine, send: Send
) -> None:
    keep = disclosure().releases_remembered
    assert keep == 4
    for more in range(keep + 2):
        send({"English": 40 + 10 * more, "Other": 20, "Unknown": 30}, f"return {more}")
    with reading(engine) as connection:
        kept = [read_former(content) for content in former.select_former(connection, INDICATOR)]
    counts = [one.exact.set_index("breakdown_value")["numerator"].dropna()["English"] for one in kept]
    assert [float(np.max(count)) for count in counts] == [60, 70, 80, 90]


def test_a_release_is_read_as_it_was_written(engine: sa.Engine, send: Send) -> None:
    send(YESTERDAY)
    with reading(engine) as connection:
        (content,) = former.select_former(connection, INDICATOR)
        basis = release.read_basis(connection)
        rows = select_released(connection, INDICATOR)
        exact = release.exact_cells(
            release.local_rows(connection, INDICATOR, basis), basis, release.indicator(INDICATOR)
        )
    assert write_former(read_former(content)) == content
    assert write_former(released_now(exact, rows, basis.areas, basis.fifths, disclosure())) == content


def test_what_was_released_is_kept_on_both_databases(store: sa.Engine, tmp_path: Path) -> None:
    prepare(store)
    send = sender(store, tmp_path)
    send(YESTERDAY)
    assert send(TODAY)["Unknown"] == "suppressed"
    with reading(store) as connection:
        assert former.select_remembered(connection) == {INDICATOR}
        assert len(former.select_former(connection, INDICATOR)) == 2


@pytest.mark.parametrize(("stands", "unknown"), [(True, "suppressed"), (False, 10.0)])
def test_what_a_fixed_view_shows_is_protected_against_for_as_long_as_it_stands(
    engine: sa.Engine, send: Send, monkeypatch: pytest.MonkeyPatch, *, stands: bool, unknown: object
) -> None:
    """Yesterday's release would be forgotten after the next one; a view of it, fixed and not withdrawn, keeps it."""
    monkeypatch.setattr(release, "disclosure", lambda: replace(disclosure(), releases_remembered=1))
    send(YESTERDAY)
    fix(engine, "yesterday")
    if not stands:
        with writing(engine) as connection:
            frozen.withdraw_frozen(connection, "yesterday", dt.datetime.now(dt.UTC), "It was a trial")
    send({"English": 40, "Other": 40, "Unknown": 40}, "between")
    with reading(engine) as connection:
        assert len(former.select_former(connection, INDICATOR)) == 1 + stands
    assert send(TODAY, "today")["Unknown"] == unknown


def fix(engine: sa.Engine, name: str) -> None:
    """Keep a view that shows whatever is released now."""
    with writing(engine) as connection:
        frozen.add_frozen(
            connection,
            identity=name,
            frozen_at=dt.datetime.now(dt.UTC),
            title=name,
            illustrative=False,
            sha256="a" * 64,
            content=b"",
            pack=None,
            releases=former.select_newest_numbers(connection),
        )
