"""The commands that others rely on: what they print, what they refuse, and their exit status."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from data import commands
from data.intake import preparing
from data.intake.preparing import prepare_store
from data.sources import Reading
from data.store.audit import select_audit
from data.store.engine import open_store, reading

ROOT = Path(__file__).parents[2]
HEAD = "indicator,area_code,period_from,period_to,numerator,denominator,illustrative\n"
GOOD = HEAD + "buddy_allocated,E01015273,2025-04-01,2025-06-30,9,12,no\n"
BAD = (
    HEAD + "buddy_allocated,E01015273,2025-04-01,2025-06-30,13,12,no\nbuddies,E01015273,2025-04-01,2025-06-30,1,2,no\n"
)


def small_layers() -> Reading:
    frame = pd.DataFrame({"layer": ["lad"], "method": ["official"], "edition": ["2024"], "content": [b"{}"]})
    return Reading("this_dashboard", "drawn", 1, {"geometry": frame})


def small_returns(folder: Path) -> list[Path]:
    path = folder / "ILLUSTRATIVE_buddies.csv"
    path.write_text(HEAD + "buddy_allocated,E01015272,2025-04-01,2025-06-30,5,12,yes\n")
    return [path]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One filled store, to be copied for each test."""
    path = tmp_path_factory.mktemp("filled") / "filled.sqlite"
    engine = open_store(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "layers", small_layers)
        prepare_store(engine, write_returns=small_returns)
    commands.release(engine)
    engine.dispose()
    return path


@pytest.fixture(autouse=True)
def own_store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every command at a copy."""
    copy = tmp_path / "store.sqlite"
    shutil.copy(filled, copy)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")


def write(folder: Path, name: str, content: str) -> str:
    path = folder / name
    path.write_text(content)
    return str(path)


def test_a_good_file_is_loaded_and_the_illustrative_one_gives_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["load", write(tmp_path, "q1.csv", GOOD), "--by", "a steward"]) == 0
    printed = capsys.readouterr()
    assert "q1.csv loaded" in printed.out
    assert "1 illustrative rows were removed." in printed.out
    assert printed.err == ""
    assert commands.main(["status", "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    newest = held["files"][0]
    assert (newest["file_name"], newest["loaded_by"], newest["illustrative"]) == ("q1.csv", "a steward", False)
    assert held["indicators"]["illustrative"] == 0
    assert held["layers"][0]["layer"] == "lad"


def test_the_same_file_again_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "q1.csv", GOOD)
    assert commands.main(["load", path]) == 0
    assert commands.main(["load", path]) == 0
    assert "loaded already: nothing was changed" in capsys.readouterr().out


def test_every_problem_of_a_bad_file_is_listed_and_the_good_one_beside_it_still_goes_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = write(tmp_path, "bad.csv", BAD), write(tmp_path, "good.csv", GOOD)
    assert commands.main(["load", bad, good]) == 1
    printed = capsys.readouterr()
    assert "good.csv loaded" in printed.out
    assert "bad.csv: 2 problems found, nothing was loaded" in printed.err
    assert len(printed.err.strip().splitlines()) == 3
    commands.main(["status"])
    assert "bad.csv" not in capsys.readouterr().out


def test_checking_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["check", write(tmp_path, "q1.csv", GOOD)]) == 0
    assert "q1.csv may be loaded" in capsys.readouterr().out
    assert commands.main(["check", write(tmp_path, "bad.csv", BAD)]) == 1
    commands.main(["status"])
    assert "q1.csv" not in capsys.readouterr().out


def test_checking_says_what_would_change_and_what_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.main(["load", write(tmp_path, "q1.csv", GOOD)])
    capsys.readouterr()
    other = GOOD.replace("E01015273", "E01015272")
    assert commands.main(["check", write(tmp_path, "q1b.csv", other)]) == 0
    printed = capsys.readouterr().out
    assert "It would add 1, change 0, remove 1 and leave 0 rows as they are." in printed
    assert "Look at this: Long return, q1b.csv: 1 row that is used now is not in this file" in printed


def test_a_marked_copy_is_written_beside_the_list_of_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / "marked.xlsx"
    assert commands.main(["check", write(tmp_path, "bad.csv", BAD), "--marked", str(marked)]) == 1
    printed = capsys.readouterr()
    assert "bad.csv: 2 problems found" in printed.err
    assert f"{marked} is written" in printed.out
    assert marked.read_bytes()[:2] == b"PK"


def test_a_refused_file_leaves_an_entry_that_names_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(write(tmp_path, "bad.csv", BAD.replace("buddies", "something_told")))
    assert commands.main(["load", str(path), "nothing.csv", "--by", "a steward"]) == 1
    with reading(open_store()) as connection:
        trail = select_audit(connection)
    refused = trail[trail["action"] == "refuse"]
    assert refused[["who", "subject"]].to_numpy().tolist() == [["a steward", "bad.csv"]]
    assert refused["file_sha256"].tolist() == [hashlib.sha256(path.read_bytes()).hexdigest()]
    detail = refused["detail"].iloc[0]
    assert detail["problems"] == 2
    assert "something_told" not in json.dumps(detail), "an unknown word is not kept"
    capsys.readouterr()


def test_one_goes_back_and_takes_out_by_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["load", write(tmp_path, "q1.csv", GOOD)])
    commands.main(["load", write(tmp_path, "q1b.csv", GOOD.replace(",9,", ",8,"))])
    capsys.readouterr()
    assert commands.main(["back"]) == 0
    (line,) = capsys.readouterr().out.strip().splitlines()
    assert line.endswith("q1.csv, rows not used now: 1")
    number = line.split()[0]
    assert commands.main(["back", number, "--by", "a steward"]) == 0
    assert "q1.csv is used again: 1 of its rows came back." in capsys.readouterr().out
    assert commands.main(["back", number, "--take-out"]) == 0
    assert "q1.csv was taken out" in capsys.readouterr().out
    assert commands.main(["back", number]) == 0
    assert commands.main(["back", number]) == 1
    assert "nothing to go back to" in capsys.readouterr().err
    assert commands.main(["back", "999"]) == 1


def test_a_file_that_is_not_there_is_one_sentence_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["load", "nothing.csv"]) == 1
    assert capsys.readouterr().err.strip() == "nothing.csv: there is no such file. Check the name and folder."


def test_status_says_in_words_what_is_real(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["status"]) == 0
    printed = capsys.readouterr().out
    assert "illustrative  ILLUSTRATIVE_buddies.csv" in printed
    assert "real          published_statistics.csv" in printed


def test_the_107_asks_are_listed_with_where_they_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["asks", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == 107
    assert listed[0]["id"] == "A1.1"
    assert listed[0]["words"] == "ambitious, implemented IMH strategy"
    assert all(one["page"] and one["status"] and (one["indicators"] or one["registers"]) for one in listed)
    assert all(bool(one["template"]) == (one["figure"] == "No data yet") for one in listed)
    assert commands.main(["asks"]) == 0
    assert len(capsys.readouterr().out.strip().splitlines()) == 107


def test_a_template_is_written_and_the_list_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["template", "--list"]) == 0
    names = capsys.readouterr().out.split()
    assert "long_return" in names
    path = tmp_path / "return.xlsx"
    assert commands.main(["template", "long_return", "-o", str(path)]) == 0
    assert path.read_bytes()[:2] == b"PK"
    assert commands.main(["template", "no_such_return", "-o", str(path)]) == 1
    assert "no_such_return" in capsys.readouterr().err
    assert commands.main(["template"]) == 1


def test_preparing_a_store_that_is_ready_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["prepare"]) == 0
    assert capsys.readouterr().out == "The store is ready.\n"


def test_a_store_that_cannot_be_reached_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dashboard:secret-word@127.0.0.1:1/first1001")
    assert commands.main(["status"]) == 1
    said = capsys.readouterr().err
    assert "The store cannot be reached" in said
    assert "secret-word" not in said


def test_the_module_runs_as_a_command_with_its_exit_status(tmp_path: Path) -> None:
    bad = write(tmp_path, "bad.csv", BAD)
    run = subprocess.run(
        [sys.executable, "-m", "data", "check", bad], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    wrong = subprocess.run(
        [sys.executable, "-m", "data", "no_such_command"], cwd=ROOT, check=False, capture_output=True
    )
    assert wrong.returncode == 2
