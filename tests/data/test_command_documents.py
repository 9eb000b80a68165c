"""A document on the command line: its particulars are options, and they describe one file."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from data import commands
from data.commands_documents import particulars_for
from data.errors import DataError
from data.intake.documents import Particulars
from data.store.engine import open_store, reading, writing
from data.store.registers import select_register
from data.store.state import mark_prepared


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store that counts as filled and holds nothing; nothing is released from it."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    engine = open_store(url)
    with writing(engine) as connection:
        mark_prepared(connection, "a test")
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(commands, "release", lambda _: None)
    return url


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved web page that says nothing of itself."""
    path = tmp_path / "plan.html"
    path.write_text("<!doctype html><p>Every baby counts.</p>", encoding="utf-8")
    return path


OPTIONS = ["--title", "Plan", "--organisation", "Board", "--kind", "strategy", "--date", "2025-03-31"]


def test_a_document_is_loaded_with_its_particulars(
    address: str, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["load", str(saved), *OPTIONS]) == 0
    assert "Plan, 31 March 2025" in capsys.readouterr().out
    engine = open_store(address)
    with reading(engine) as connection:
        held = select_register(connection, "document")
    engine.dispose()
    assert held[["title", "organisation", "kind", "published_on"]].to_numpy().tolist() == [
        ["Plan", "Board", "strategy", "2025-03-31"]
    ]


@pytest.mark.usefixtures("address")
def test_what_is_missing_is_named_with_its_option_and_nothing_is_loaded(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["load", str(saved), "--title", "Plan"]) == 1
    told = capsys.readouterr().err
    assert [name in told for name in ("--organisation", "--kind", "--date", "--title")] == [True, True, True, False]


@pytest.mark.usefixtures("address")
def test_checking_a_document_writes_nothing(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["check", str(saved), *OPTIONS]) == 0
    assert "It would add 2" in capsys.readouterr().out  # the document and its passage


def chosen(**said: str) -> argparse.Namespace:
    return argparse.Namespace(**{"title": "", "organisation": "", "kind": "", "date": "", "link": "", **said})


def test_particulars_are_those_of_one_file() -> None:
    one, two = Path("one.pdf"), Path("two.pdf")
    assert particulars_for(chosen(), [one, two]) is None
    assert particulars_for(chosen(date="2025-03-31"), [one]) == Particulars(published_on="2025-03-31")
    with pytest.raises(DataError, match="describe one document"):
        particulars_for(chosen(title="Plan"), [one, two])
