"""Reading and taking away the trail: who may, what stands in it, and what the command says of a broken one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from data import commands
from data.actions import trail as actions
from data.actions.people import Person
from data.actions.trail import export_trail, trail
from data.errors import NotAllowed
from data.store.audit import append_audit
from data.store.engine import reading, writing
from data.store.state import mark_prepared
from data.store.trail_check import find_broken_link

STEWARD = Person("oidc|7", "Sam Steward", "steward")
EVIL = '=HYPERLINK("http://x","y")'


@pytest.fixture
def kept(sqlite_store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """A store in which a file was loaded and one was refused; it is the one that the settings name."""
    with writing(sqlite_store) as connection:
        mark_prepared(connection, "a test")
        detail = {"submission": 3, "rows": {"observation": 12, "setting": 0}, "illustrative": False}
        append_audit(connection, who="Ann", action="load", subject="q1.csv", detail=detail, file_sha256="ab" * 32)
        append_audit(connection, who=EVIL, action="refuse", subject="@q2.csv", detail={"problems": 4, "kinds": ["a"]})
    monkeypatch.setenv("DATABASE_URL", str(sqlite_store.url))
    monkeypatch.setattr(commands, "open_prepared", lambda: sqlite_store)
    monkeypatch.setattr(actions, "opened", lambda: sqlite_store)
    return sqlite_store


def break_it(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_is_not_changed")
        connection.exec_driver_sql("UPDATE audit SET who = 'Bob' WHERE id = 1")


def test_a_steward_sees_every_entry_in_words_and_whether_the_trail_holds(kept: sa.Engine) -> None:
    found = trail(STEWARD)
    assert found.holds
    assert found.sentence == "The trail holds: each of its 2 entries follows from the one before."
    rows = found.table.drop(columns="at").to_numpy().tolist()
    assert rows == [
        [2, EVIL, "Sent a file that was refused", "@q2.csv", "problems: 4; kinds: a", ""],
        [1, "Ann", "Loaded a file", "q1.csv", "submission: 3; rows: observation 12", "ab" * 32],
    ]
    assert found.table["at"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC").all()


def test_a_broken_trail_is_said_where_it_is_shown(kept: sa.Engine) -> None:
    break_it(kept)
    found = trail(STEWARD)
    assert not found.holds
    assert found.sentence == "The trail is broken at entry 1: its words are not those that were written."


@pytest.mark.parametrize("role", ["partner", "board", "strategy"])
def test_nobody_but_a_steward_reads_or_takes_it(kept: sa.Engine, role: str) -> None:
    person = Person("somebody", "Somebody", role)
    with pytest.raises(NotAllowed, match="can't read the trail"):
        trail(person)
    with pytest.raises(NotAllowed, match="can't read the trail"):
        export_trail(person)
    assert len(trail(STEWARD).table) == 2


def test_the_file_holds_all_that_is_hashed_runs_no_formula_and_is_itself_in_the_trail(kept: sa.Engine) -> None:
    content = export_trail(STEWARD)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["subject"] for row in rows] == ["q1.csv", "'@q2.csv"]
    assert rows[1]["who"] == f"'{EVIL}"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
    newest = trail(STEWARD).table.iloc[0]
    assert (newest["act"], newest["subject"], newest["who"]) == ("Took a file away", "trail", "oidc|7")
    assert newest["file_sha256"] == hashlib.sha256(content).hexdigest()


def test_whoever_holds_the_file_can_work_the_hashes_out_again(kept: sa.Engine) -> None:
    rows = list(csv.DictReader(io.StringIO(export_trail(STEWARD).decode("utf-8-sig"))))
    first = rows[0]
    words = [first["previous_hash"], int(first["id"]), first["at"], first["who"], first["action"], first["subject"]]
    words += [json.loads(first["detail"]), first["file_sha256"] or None]
    written = json.dumps(words, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(written).hexdigest() == first["entry_hash"] == rows[1]["previous_hash"]
    with reading(kept) as connection:
        assert find_broken_link(connection) is None


def test_the_command_lists_checks_and_writes_the_trail(
    kept: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["trail"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0].endswith(f"UTC  {EVIL}: Sent a file that was refused: @q2.csv")
    assert listed[1].endswith("UTC  Ann: Loaded a file: q1.csv (SHA-256 abababababab…)")
    assert commands.main(["trail", "--verify"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "The trail holds: each of its 2 entries follows from the one before."
    noted = said[1].removeprefix("Note its last entry outside the store: ")
    path = tmp_path / "trail.csv"
    assert commands.main(["trail", "--csv", str(path)]) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,at,who,")
    assert commands.main(["trail", "--csv", str(tmp_path / "no" / "trail.csv")]) == 1
    assert "trail.csv: the file cannot be written (No such file or directory)" in capsys.readouterr().err
    assert commands.main(["trail", "--noted", noted]) == 0
    assert "agrees with the noted entry" in capsys.readouterr().out


def test_the_command_says_plainly_that_a_trail_is_broken_and_gives_status_1(
    kept: sa.Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["trail", "--noted", f"2:{'0' * 64}"]) == 1
    assert "at entry 2: it is not the entry that was noted" in capsys.readouterr().err
    break_it(kept)
    assert commands.main(["trail", "--verify"]) == 1
    said = capsys.readouterr()
    assert said.err == "The trail is broken at entry 1: its words are not those that were written.\n"
    assert said.out == ""
