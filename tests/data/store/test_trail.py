"""The trail: what the database refuses, what is noticed where its owner lifts that, and bytes that never change."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic import command

from data.errors import StoreError, WrongValues
from data.store.audit import FIRST, append_audit, canonical, hash_early_entry, hash_entry, read_entries, select_audit
from data.store.engine import open_store, postgres_engine, reading, sqlite_engine, writing
from data.store.location import locate
from data.store.migrate import configuration
from data.store.models import Audit, AuditHead
from data.store.registers import load_register, revise_entry
from data.store.trail_check import BrokenLink, check_trail, find_broken_link

ROOT = Path(__file__).parents[3]


@pytest.fixture
def trail(store: sa.Engine) -> sa.Engine:
    """Four entries."""
    for number in range(1, 5):
        append(store, f"file {number}")
    return store


def append(engine: sa.Engine, subject: str) -> None:
    with writing(engine) as connection:
        append_audit(
            connection, who="a steward", action="load", subject=subject, detail={"rows": 3, "share": 0.1, "of": ["ä"]}
        )


def unguard(connection: sa.Connection) -> None:
    """Do what the owner of a database can: lift the guards."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.exec_driver_sql("ALTER TABLE audit_head DISABLE TRIGGER ALL")
        return
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def tamper(engine: sa.Engine, statement: str | None = None) -> BrokenLink | None:
    """Lift the guards, change the trail, look whether that is noticed, and take it all back."""
    with engine.connect() as connection:
        unguard(connection)
        if statement:
            connection.exec_driver_sql(statement)
        return find_broken_link(connection)


def test_entries_are_listed_newest_first_and_the_trail_holds(trail: sa.Engine) -> None:
    with reading(trail) as connection:
        assert select_audit(connection)["subject"].tolist() == ["file 4", "file 3", "file 2", "file 1"]
        verdict = check_trail(connection)
    assert verdict.sentence == "The trail holds: each of its 4 entries follows from the one before."
    assert (verdict.holds, verdict.entries, verdict.last.split(":")[0]) == (True, 4, "4")


CHANGES = [
    "UPDATE audit SET who = 'somebody else' WHERE id = 2",
    "DELETE FROM audit WHERE id = 4",
    "DELETE FROM audit",
    "UPDATE audit_head SET entries = 3",
    "UPDATE audit_head SET entries = entries + 1",
    "UPDATE audit_head SET head_hash = (SELECT previous_hash FROM audit WHERE id = 4)",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (id, entries, head_hash) VALUES (2, 9, 'x')",
    "INSERT INTO audit (id, at, who, action, subject, detail, previous_hash, entry_hash) "
    "SELECT 5, at, who, action, subject, detail, 'not the last hash', 'x' FROM audit WHERE id = 4",
    "INSERT INTO audit (id, at, who, action, subject, detail, previous_hash, entry_hash) "
    "SELECT 3, at, who, action, subject, detail, entry_hash, 'x' FROM audit WHERE id = 4",
]
SQLITE_ALONE = [
    "INSERT OR REPLACE INTO audit SELECT id, at, 'somebody else', action, subject, detail, file_sha256, "
    "(SELECT head_hash FROM audit_head), entry_hash FROM audit WHERE id = 4",
    "REPLACE INTO audit_head (id, entries, head_hash) VALUES (1, 0, '')",
]
POSTGRESQL_ALONE = [
    "TRUNCATE audit",
    "TRUNCATE audit_head",
    "SET session_replication_role = replica; DELETE FROM audit",
]


def test_the_database_refuses_to_change_the_trail(trail: sa.Engine) -> None:
    for statement in CHANGES:
        assert_refused(trail, statement)


def test_sqlite_refuses_its_own_ways_round(sqlite_store: sa.Engine) -> None:
    for number in range(1, 5):
        append(sqlite_store, f"file {number}")
    for statement in SQLITE_ALONE:
        assert_refused(sqlite_store, statement)


@pytest.mark.postgres
def test_postgresql_refuses_its_own_ways_round(postgres_store: sa.Engine) -> None:
    for number in range(1, 5):
        append(postgres_store, f"file {number}")
    for statement in POSTGRESQL_ALONE:
        assert_refused(postgres_store, statement)


def assert_refused(engine: sa.Engine, statement: str) -> None:
    with pytest.raises(StoreError, match="added to, and never changed"), writing(engine) as connection:
        connection.exec_driver_sql(statement)
    with reading(engine) as connection:
        assert check_trail(connection).entries == 4
        assert find_broken_link(connection) is None


NOTICED = [
    ("UPDATE audit SET who = 'somebody else' WHERE id = 2", 2, "its words are not those that were written"),
    ("UPDATE audit SET id = 9 WHERE id = 4", 9, "its words are not those that were written"),
    ("DELETE FROM audit WHERE id = 1", 2, "entry 1 was before it removed"),
    ("DELETE FROM audit WHERE id IN (2, 3)", 4, "entries 2 to 3 were before it removed"),
    ("UPDATE audit SET entry_hash = 'x' WHERE id = 2", 2, "its words are not those that were written"),
    ("UPDATE audit SET previous_hash = 'x' WHERE id = 2", 2, "it does not follow entry 1"),
    ("DELETE FROM audit WHERE id = 4", 4, "1 entry at the end was removed"),
    ("DELETE FROM audit WHERE id > 2", 3, "2 entries at the end were removed"),
    ("DELETE FROM audit", 1, "4 entries at the end were removed"),
    ("UPDATE audit_head SET entries = 3", 4, "4 entries stand there, and only 3 were counted"),
    ("UPDATE audit_head SET head_hash = 'x'", 4, "it is not the last entry that was counted"),
    ("DELETE FROM audit_head", None, "the row that counts the entries was removed"),
]


def test_a_change_by_the_owner_of_the_database_is_noticed(trail: sa.Engine) -> None:
    for statement, number, why in NOTICED:
        assert tamper(trail, statement) == BrokenLink(number, why), statement


def test_a_guard_that_was_lifted_is_noticed(trail: sa.Engine) -> None:
    broken = tamper(trail)
    assert broken is not None
    assert broken.number is None
    assert "guard against changes is off" in broken.why
    assert "audit_is_not_removed" in broken.why


def rewritten(engine: sa.Engine, upto: int) -> None:
    """Write the whole trail anew with other words, as only the owner of the database can; nothing inside shows it."""
    with writing(engine) as connection:
        entries = list(read_entries(connection))[:upto]
        guards = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        unguard(connection)
        connection.exec_driver_sql("DELETE FROM audit")
        previous = FIRST
        for entry in entries:
            entry.update(who="nobody", previous_hash=previous)
            previous = entry["entry_hash"] = hash_entry(entry)
            connection.execute(sa.insert(Audit).values(entry))
        connection.execute(sa.update(AuditHead).values(entries=upto, head_hash=previous))
        for guard in guards:
            connection.exec_driver_sql(guard)


@pytest.mark.parametrize(
    ("upto", "number", "why"),
    [
        (4, 4, "it is not the entry that was noted: the trail was written anew"),
        (3, 4, "entry 4 was noted, and the trail ends at 3"),
    ],
)
def test_a_trail_written_anew_is_only_noticed_by_an_entry_noted_elsewhere(
    sqlite_store: sa.Engine, upto: int, number: int, why: str
) -> None:
    for one in range(1, 5):
        append(sqlite_store, f"file {one}")
    with reading(sqlite_store) as connection:
        noted = check_trail(connection).last
        assert check_trail(connection, noted).holds
    rewritten(sqlite_store, upto)
    with reading(sqlite_store) as connection:
        assert find_broken_link(connection) is None, "this is what docs/trail.md says of the owner of the database"
        assert find_broken_link(connection, noted) == BrokenLink(number, why)
        assert check_trail(connection, noted).sentence == f"The trail is broken at entry {number}: {why}."


def test_a_noted_entry_that_cannot_be_read_is_said(store: sa.Engine) -> None:
    with pytest.raises(WrongValues, match="noted entry cannot be read"), reading(store) as connection:
        find_broken_link(connection, "14")


ENTRY = {
    "id": 7,
    "at": dt.datetime(2026, 3, 31, 23, 30, 0, 120, tzinfo=dt.UTC),
    "who": "Zoë",
    "action": "load",
    "subject": "=q4.csv",
    "detail": {"b": 0.1, "a": [1, None, True]},
    "file_sha256": None,
    "previous_hash": "0" * 64,
}
BYTES = (
    '["' + "0" * 64 + '",7,"2026-03-31T23:30:00.000120+00:00","Zo\\u00eb","load","=q4.csv",'
    '{"a":[1,null,true],"b":0.1},null]'
).encode()


def test_the_bytes_that_are_hashed_are_these_for_ever() -> None:
    assert canonical(ENTRY) == BYTES
    assert hash_entry(ENTRY) == hashlib.sha256(BYTES).hexdigest()
    in_dorset = ENTRY["at"].astimezone(dt.timezone(dt.timedelta(hours=1)))
    assert canonical({**ENTRY, "at": in_dorset}) == BYTES


def test_an_entry_reads_back_as_it_was_hashed_whatever_stands_in_it(store: sa.Engine) -> None:
    odd = "Zoë \0 \udcff 👶 'quoted' " + "long " * 60
    with writing(store) as connection:
        detail = {"odd": odd, "share": 1 / 3, "big": 2**60, "nothing": None, "list": (1, "two")}
        append_audit(connection, who=odd, action="load", subject=odd, detail=detail)
    with reading(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TIME ZONE 'Asia/Kathmandu'")
        (entry,) = read_entries(connection)
        assert find_broken_link(connection) is None
    assert entry["at"].microsecond or entry["at"].second, "kept to the microsecond"
    assert entry["detail"]["share"] == 1 / 3
    assert len(entry["who"]) == 120


def test_a_number_that_is_none_is_refused_before_it_is_hashed(store: sa.Engine) -> None:
    with pytest.raises(ValueError, match="Out of range float"), writing(store) as connection:
        append_audit(connection, who="a steward", action="load", subject="x", detail={"share": float("nan")})
    with reading(store) as connection:
        assert check_trail(connection).entries == 0


def test_an_act_that_fails_leaves_no_entry_and_the_next_number_follows(trail: sa.Engine) -> None:
    with pytest.raises(StoreError, match="has no such"):
        append_and_fail(trail)
    append(trail, "file 5")
    with reading(trail) as connection:
        assert [entry["id"] for entry in read_entries(connection)] == [1, 2, 3, 4, 5]
        assert find_broken_link(connection) is None


def append_and_fail(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        append_audit(connection, who="a steward", action="load", subject="never happened")
        connection.exec_driver_sql("DELETE FROM table_that_is_not_there")


def test_a_change_to_a_register_is_in_the_trail_by_columns_and_never_by_words(store: sa.Engine) -> None:
    promised = pd.DataFrame({"entry_id": ["c1"], "promise": ["Train everyone"], "due_on": ["2026-03-31"]})
    with writing(store) as connection:
        load_register(connection, "commitment", promised, by="a lead")
        revise_entry(connection, "commitment", "c1", {"promise": "Train some"}, version=1, by="another")
        revise_entry(connection, "commitment", "c1", {"withdrawn": True}, version=2, by="another")
    with pytest.raises(StoreError, match="Somebody else changed"), writing(store) as connection:
        revise_entry(connection, "commitment", "c1", {"promise": "Train none"}, version=1, by="a third")
    with reading(store) as connection:
        entries = list(read_entries(connection))
        assert find_broken_link(connection) is None
    assert [(entry["who"], entry["action"], entry["subject"], entry["detail"]) for entry in entries] == [
        ("a lead", "register", "commitment: added", {"entries": ["c1"]}),
        ("another", "register", "commitment: c1 changed", {"version": 2, "columns": ["promise"]}),
        ("another", "register", "commitment: c1 withdrawn", {"version": 3, "columns": ["withdrawn"]}),
    ]


def test_a_trail_of_the_first_version_holds_after_the_update_and_is_guarded(new_address: str) -> None:
    address = locate(new_address)
    engine = sqlite_engine(address) if address.get_backend_name() == "sqlite" else postgres_engine(address)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        previous = FIRST
        for number in (1, 2, 4):  # PostgreSQL skipped a number whenever a load failed
            entry = {**ENTRY, "id": number, "previous_hash": previous}
            previous = hash_early_entry(entry)
            connection.execute(sa.insert(Audit).values({**entry, "entry_hash": previous}))
    engine.dispose()
    engine = open_store(new_address)
    append(engine, "after the update")
    with reading(engine) as connection:
        assert [entry["id"] for entry in read_entries(connection)] == [1, 2, 4, 5]
        assert find_broken_link(connection) is None
    with writing(engine) as connection:
        unguard(connection)
        entry = list(read_entries(connection))[3]
        entry["who"] = "nobody"
        early = {"who": "nobody", "entry_hash": hash_early_entry(entry)}
        connection.execute(sa.update(Audit).where(Audit.id == 5).values(early))
        found = find_broken_link(connection)
    engine.dispose()
    assert found is not None, "an entry of today must not pass in the form of the first version"


@pytest.mark.postgres
def test_a_backup_that_is_put_back_holds_and_is_guarded(
    postgres_store: sa.Engine, new_postgres_database: str, tmp_path: Path
) -> None:
    """SQLite's way is held in test_staying_up.py."""
    append(postgres_store, "file 1")
    backup = tmp_path / "first1001.dump"
    address = postgres_store.url.render_as_string(hide_password=False)
    dump = ["pg_dump", "--format=custom", f"--file={backup}", address]
    for words in (dump, ["pg_restore", "--no-owner", f"--dbname={new_postgres_database}", str(backup)]):
        program = shutil.which(words[0], path=f"/usr/lib/postgresql/15/bin{os.pathsep}{os.environ['PATH']}")
        if program is None:
            pytest.skip(f"{words[0]} is not installed")
        subprocess.run([program, *words[1:]], check=True, capture_output=True)
    engine = open_store(new_postgres_database)
    append(engine, "file 2")
    with reading(engine) as connection:
        assert check_trail(connection).sentence == "The trail holds: each of its 2 entries follows from the one before."
    engine.dispose()


@pytest.fixture
def as_user_of_the_app(postgres_store: sa.Engine) -> Iterator[sa.Engine]:
    """The store as a user that may do what docs/trail.md grants to the app, and no more."""
    text = (ROOT / "docs" / "trail.md").read_text(encoding="utf-8")
    granted = text.split("```sql\n")[1].split("```")[0]
    name = f"app_{uuid.uuid4().hex[:8]}"
    with postgres_store.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        connection.exec_driver_sql(
            granted.replace("TO dashboard", f"TO {name}").replace("FROM dashboard", f"FROM {name}")
        )
    engine = open_store(postgres_store.url.set(username=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with postgres_store.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


@pytest.mark.postgres
def test_the_user_that_the_documents_make_for_the_app_adds_entries_and_lifts_no_guard(
    as_user_of_the_app: sa.Engine,
) -> None:
    append(as_user_of_the_app, "file 1")
    for statement in ("DELETE FROM audit", "TRUNCATE audit", "DROP TRIGGER audit_is_not_removed ON audit"):
        with pytest.raises(StoreError, match="lacks a permission"), writing(as_user_of_the_app) as connection:
            connection.exec_driver_sql(statement)
    append(as_user_of_the_app, "file 2")
    with reading(as_user_of_the_app) as connection:
        assert check_trail(connection).sentence == "The trail holds: each of its 2 entries follows from the one before."
