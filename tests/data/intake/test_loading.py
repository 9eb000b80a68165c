"""A file is loaded whole or not at all, once, with its provenance, and stands in place of what it corrects."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data.errors import DataError, DataErrors, StoreError, UnreadableFile, UnrecognisedFile, WrongVintage
from data.intake import loading
from data.intake.cross_check import check_areas
from data.intake.loading import IdentifiersFound, check, fingerprint, in_loading_order, load, store_reading
from data.sources import Reading
from data.store.audit import select_audit
from data.store.engine import open_store, reading, writing
from data.store.geometry import select_geometry
from data.store.observations import select_observations
from data.store.registers import select_register
from data.store.state import revision
from data.store.submissions import select_submissions
from data.store.trail_check import find_broken_link

ROOT = Path(__file__).parents[3]
BOURNEMOUTH, NEXT_DOOR, BRIDPORT = "E01015272", "E01015273", "E01020373"
Q1 = ("2025-04-01", "2025-06-30")
Q2 = ("2025-07-01", "2025-09-30")
Send = Callable[..., Path]


def row(
    area: str, quarter: tuple[str, str], numerator: object, indicator: str = "buddy_allocated"
) -> tuple[object, ...]:
    return (indicator, area, *quarter, numerator, 12)


def current(engine: sa.Engine) -> list[tuple[str, str, float]]:
    with reading(engine) as connection:
        frame = select_observations(connection)
    return list(frame[["area_code", "period_from", "numerator"]].itertuples(index=False, name=None))


def state_of(engine: sa.Engine) -> tuple[object, ...]:
    """Everything that a load could change, in one comparable value."""
    with reading(engine) as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar()
            for table in ("area", "deprivation", "population", "observation", "submission", "audit", "setting")
        ]
        return (revision(connection), *counts, current(engine))


def test_a_return_is_loaded_with_its_provenance(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5), row(NEXT_DOOR, Q1, 0))
    report = load(path, ready, loaded_by="a steward")
    assert (report.rows_read, report.rows_accepted, report.loaded, report.illustrative) == (2, 2, True, False)
    assert current(ready) == [(BOURNEMOUTH, Q1[0], 5.0), (NEXT_DOOR, Q1[0], 0.0)]
    with reading(ready) as connection:
        newest = select_submissions(connection).iloc[0]
        trail = select_audit(connection).iloc[0]
        assert find_broken_link(connection) is None
    assert newest["file_name"] == "return.csv"
    assert newest["sha256"] == trail["file_sha256"] == fingerprint(path)
    assert (newest["source_id"], newest["loaded_by"]) == ("first1001_long_return", "a steward")
    assert (trail["action"], trail["who"]) == ("load", "a steward")


def test_the_same_file_again_changes_nothing_and_says_so(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5))
    load(path, ready, loaded_by="a steward")
    before = state_of(ready)
    again = load(path.rename(path.with_name("renamed.csv")), ready, loaded_by="a steward")
    assert again.already_loaded
    assert again.sentences() == ("renamed.csv is loaded already: nothing was changed.",)
    assert state_of(ready) == before


def test_checking_says_the_same_and_writes_nothing(ready: sa.Engine, send: Send) -> None:
    path = send(row(BOURNEMOUTH, Q1, 5))
    before = state_of(ready)
    report = check(path, ready)
    assert (report.rows_accepted, report.loaded) == (1, False)
    assert "may be loaded" in report.sentences()[0]
    assert state_of(ready) == before


def test_a_corrected_return_keeps_the_first_on_record(ready: sa.Engine, send: Send) -> None:
    load(send(row(BOURNEMOUTH, Q1, 5), row(BOURNEMOUTH, Q2, 6)), ready, loaded_by="a steward")
    report = load(send(row(BOURNEMOUTH, Q1, 7), name="corrected.csv"), ready, loaded_by="a steward")
    assert report.rows_superseded == 1
    assert current(ready) == [(BOURNEMOUTH, Q1[0], 7.0), (BOURNEMOUTH, Q2[0], 6.0)]
    load(send(row(BOURNEMOUTH, Q2, 8), name="second.csv"), ready, loaded_by="a steward")
    with reading(ready) as connection:
        listed = select_submissions(connection).set_index("file_name")
    assert pd.notna(listed.loc["return.csv", "superseded_at"]), "nothing of the first return is current any more"
    assert pd.isna(listed.loc["corrected.csv", "superseded_at"])


def test_going_back_to_an_earlier_file_is_loading_it_again(ready: sa.Engine, send: Send) -> None:
    first = send(row(BOURNEMOUTH, Q1, 5))
    load(first, ready, loaded_by="a steward")
    load(send(row(BOURNEMOUTH, Q1, 7), name="wrong.csv"), ready, loaded_by="a steward")
    assert load(first, ready, loaded_by="a steward").loaded
    assert current(ready) == [(BOURNEMOUTH, Q1[0], 5.0)]


def test_a_real_return_removes_the_illustrative_rows_of_its_indicator_only(ready: sa.Engine, send: Send) -> None:
    invented = send(row(BOURNEMOUTH, Q1, 5), row(BRIDPORT, Q2, 6), row(BRIDPORT, Q1, 4, "buddy_waiting"), name="i.csv")
    assert load(invented, ready, loaded_by="a test", illustrative=True).illustrative
    report = load(send(row(NEXT_DOOR, Q1, 9)), ready, loaded_by="a steward")
    assert report.illustrative_removed == 2
    with reading(ready) as connection:
        left = select_observations(connection)
    assert left[["indicator_id", "illustrative"]].to_numpy().tolist() == [
        ["buddy_allocated", False],
        ["buddy_waiting", True],
    ]


def test_illustrative_rows_never_stand_beside_or_instead_of_a_real_return(ready: sa.Engine, send: Send) -> None:
    load(send(row(BOURNEMOUTH, Q1, 5)), ready, loaded_by="a steward")
    invented = send(row(BOURNEMOUTH, Q1, 1), row(BRIDPORT, Q2, 2), row(BRIDPORT, Q1, 3, "buddy_waiting"), name="i.csv")
    load(invented, ready, loaded_by="a test", illustrative=True)
    assert current(ready) == [(BOURNEMOUTH, Q1[0], 5.0), (BRIDPORT, Q1[0], 3.0)]


def test_the_revision_changes_with_a_load(ready: sa.Engine, send: Send) -> None:
    before = state_of(ready)[0]
    load(send(row(BOURNEMOUTH, Q1, 5)), ready, loaded_by="a steward")
    assert state_of(ready)[0] != before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", DataError),
        (b"Dear all,\nplease find the figures below.\n", UnrecognisedFile),
        (b"\x89PNG\r\n\x1a\n0000", DataError),
        (b"indicator,area_code,period_from,period_to,numerator,denominator\nbuddy_allocated,E09999999,", DataError),
        (b"indicator,area_code,period_from,period_to,numerator,denominator\n", DataError),
        (
            b"indicator,area_code,period_from,period_to,numerator,denominator\n"
            b"buddy_allocated,E01015272,2025-04-01,2025-06-30,9,3\n",
            DataErrors,
        ),
    ],
)
def test_a_file_that_cannot_be_used_leaves_the_store_as_it_was(
    ready_sqlite: sa.Engine, tmp_path: Path, content: bytes, kind: type[DataError]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    before = state_of(ready_sqlite)
    with pytest.raises(kind):
        load(path, ready_sqlite, loaded_by="a steward")
    assert state_of(ready_sqlite) == before


def test_a_publication_is_looked_at_as_well(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "lookup.csv"
    path.write_text("LSOA21CD,LSOA21NM,LAD24CD,LAD24NM,WD24CD\nE01015272,943 476 5919,E06000058,BCP,E05012653\n")
    with pytest.raises(IdentifiersFound) as refusal:
        load(path, ready_sqlite, loaded_by="a steward")
    assert "943" not in " ".join(map(str, refusal.value.problems))


def test_a_file_that_has_passed_the_guard_is_not_looked_through_again_until_it_changes(
    ready_sqlite: sa.Engine, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    guard = loading.refuse_identifiers
    monkeypatch.setattr(loading, "refuse_identifiers", lambda path, **rest: (looked.append(path), guard(path, **rest)))
    path = send(row(BOURNEMOUTH, Q1, 5), name="once.csv")
    check(path, ready_sqlite)
    load(path, ready_sqlite, loaded_by="a steward")
    assert len(looked) == 1
    told = send((*row(BOURNEMOUTH, Q1, 6), "943 476 5919"), name="once.csv")
    for _ in range(2):
        with pytest.raises(IdentifiersFound):
            check(told, ready_sqlite)
    assert len(looked) == 3, "a refusal is worked out afresh"


def test_a_file_that_is_not_there_is_said(ready_sqlite: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="there is no such file"):
        load(tmp_path / "nothing.csv", ready_sqlite, loaded_by="a steward")


def outsiders(codes: list[str]) -> Reading:
    frame = pd.DataFrame(
        {"area_code": codes, "edition": "2025", "domain": "crime", "score": 1.0, "rank": 5, "decile": 1}
    )
    return Reading("iod2025", "2025", len(frame), {"deprivation": frame})


def test_areas_that_the_store_does_not_hold_are_left_out_of_a_national_file_and_refused_in_a_return(
    ready_sqlite: sa.Engine,
) -> None:
    with reading(ready_sqlite) as connection:
        part = check_areas(connection, outsiders([BOURNEMOUTH, "E01000001"]), publication=True, file="national.csv")
        assert part.frames["deprivation"]["area_code"].tolist() == [BOURNEMOUTH]
        assert part.notes == ("1 rows for areas that the store does not hold were left out.",)
        with pytest.raises(WrongVintage, match="found E01000001"):
            check_areas(connection, outsiders([BOURNEMOUTH, "E01000001"]), publication=False, file="return.csv")
        with pytest.raises(WrongVintage, match="2 rows"):
            check_areas(connection, outsiders(["E01000001", "E01000002"]), publication=True, file="wrong.csv")


def test_a_layer_replaces_the_one_before_and_its_submission_is_superseded(ready: sa.Engine) -> None:
    def layer(content: bytes) -> Reading:
        frame = pd.DataFrame({"layer": ["ward"], "method": ["official"], "edition": ["2025"], "content": [content]})
        return Reading("ons_ward_boundaries", "2025", 85, {"geometry": frame})

    with writing(ready) as connection:
        store_reading(connection, layer(b"{}"), "first.geojson", "c" * 64, loaded_by="a test")
        store_reading(connection, layer(b"{...}"), "second.geojson", "d" * 64, loaded_by="a test")
        found = select_geometry(connection, "ward")
        listed = select_submissions(connection, current=True)["file_name"].tolist()
    assert found is not None
    assert found.bytes == 5
    assert "second.geojson" in listed
    assert "first.geojson" not in listed


def test_the_first_real_register_entries_take_the_place_of_the_illustrative_ones(ready_sqlite: sa.Engine) -> None:
    def entries(word: str) -> Reading:
        frame = pd.DataFrame({"entry_id": [word], "promise": [word], "due_on": [None]})
        return Reading("register_commitments", "2025", 1, {"commitment": frame})

    with writing(ready_sqlite) as connection:
        store_reading(connection, entries("invented"), "i.csv", "c" * 64, loaded_by="a test", illustrative=True)
        assert select_register(connection, "commitment")["illustrative"].tolist() == [True]
        store_reading(connection, entries("real"), "r.csv", "d" * 64, loaded_by="a test")
        assert select_register(connection, "commitment")["promise"].tolist() == ["real"]


KILLED = """
import os, sys
from pathlib import Path
import data.intake.loading as loading
from data.store.engine import open_store
step = getattr(loading, sys.argv[3])
def kill_after(*arguments, **named):
    step(*arguments, **named)
    os.kill(os.getpid(), 9)
setattr(loading, sys.argv[3], kill_after)
if sys.argv[3] == "load_observations":
    loading.LOADERS["observation"] = kill_after
loading.load(Path(sys.argv[2]), open_store(sys.argv[1]), loaded_by="a test")
"""
STEPS = (
    "add_submission",
    "drop_illustrative",
    "load_observations",
    "supersede_observations",
    "bump_data",
    "append_audit",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_load_that_is_killed_leaves_the_store_as_it_was(ready: sa.Engine, send: Send, step: str) -> None:
    load(send(row(BOURNEMOUTH, Q1, 5)), ready, loaded_by="a steward")
    before = state_of(ready)
    path = send(*[row(BOURNEMOUTH, Q1, 7), row(NEXT_DOOR, Q1, 8)], name="killed.csv")
    address = ready.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", KILLED, address, str(path), step], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert state_of(ready) == before
    assert load(path, ready, loaded_by="a steward").loaded, "the same file goes in afterwards"


LOAD = (
    "import sys; from pathlib import Path;"
    "from data.intake.loading import load; from data.store.engine import open_store;"
    "print(load(Path(sys.argv[2]), open_store(sys.argv[1]), loaded_by='a test').sentences()[0])"
)


def test_two_loads_at_once_both_arrive_and_the_same_file_twice_arrives_once(ready: sa.Engine, send: Send) -> None:
    files = [send(row(BOURNEMOUTH, Q1, 5), name="one.csv"), send(row(BRIDPORT, Q1, 6), name="two.csv")]
    address = ready.url.render_as_string(hide_password=False)
    started = [
        subprocess.Popen([sys.executable, "-c", LOAD, address, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for path in (*files, files[0])
    ]
    said = [process.communicate(timeout=90)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert sum("nothing was changed" in words for words in said) == 1
    assert current(ready) == [(BOURNEMOUTH, Q1[0], 5.0), (BRIDPORT, Q1[0], 6.0)]
    with reading(ready) as connection:
        assert find_broken_link(connection) is None


def test_a_store_that_went_away_is_said_plainly(postgres_store: sa.Engine, send: Send) -> None:
    address = postgres_store.url
    gone = address.set(port=1)
    engine = sa.create_engine(gone, connect_args={"connect_timeout": 2})
    with pytest.raises(StoreError, match="cannot be reached"):
        load(send(row(BOURNEMOUTH, Q1, 5)), engine, loaded_by="a steward")
    engine.dispose()


def test_a_server_that_comes_back_is_used_again_without_a_restart(postgres_store: sa.Engine, send: Send) -> None:
    engine = open_store(postgres_store.url.render_as_string(hide_password=False))
    with reading(engine) as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with writing(postgres_store) as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
    with reading(engine) as connection:
        assert revision(connection)
    engine.dispose()


def test_lookups_go_before_what_needs_them_and_strangers_last(tmp_path: Path, send: Send) -> None:
    lookup = tmp_path / "z_lookup.csv"
    lookup.write_text("LSOA21CD,LSOA21NM,LAD24CD,LAD24NM,WD24CD\nE01015272,B 035A,E06000058,BCP,E05012653\n")
    stranger = tmp_path / "a_letter.csv"
    stranger.write_text("Dear all\n")
    back = send(row(BOURNEMOUTH, Q1, 5))
    missing = tmp_path / "missing.csv"
    assert in_loading_order([stranger, missing, back, lookup]) == [lookup, back, stranger, missing]
