"""A fixed view is read back as it was, whatever is loaded or changed since, and only with its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data.actions.freezing import freeze, frozen_pack, withdraw
from data.actions.people import LOCAL, Person
from data.answers.answer import Answer, SourceLine, UnprotectedAnswerError
from data.answers.cited import data_hash
from data.answers.frozen import Pack, Withdrawn, frozen, read_frozen, standing
from data.answers.opened import _opened, opened
from data.errors import DataError, NotAllowed, StoreError, UnknownName, WrongValues
from data.store.audit import select_audit
from data.store.engine import reading, writing
from data.store.frozen import select_frozen
from data.store.state import bump_data, revision

BOARD, STRATEGY = Person("8f2b", "Ann Example", "board"), Person("77aa", "Cy Example", "strategy")
PARTNER = Person("9a11", "Bob Example", "partner")
ADDRESS = "/workforce?place=E06000058"
FILE = SourceLine("A council", "Long return", "2025/26", dt.date(2026, 4, 2), "ab" * 32, illustrative=False)
ANSWER = Answer(
    question="How many?",
    finding="Fifteen of twenty – three in four.",
    table=pd.DataFrame(
        {
            "area": pd.Series(["BCP", "Dorset Council area", None], dtype="str"),
            "numerator": [15.0, np.nan, 0.1 + 0.2],
            "value_status": ["shown", "suppressed", "shown"],
            "near": [True, False, True],
            "rank": pd.Series([1, None, 3], dtype="Int64"),
            "day": pd.to_datetime(["2026-04-01", None, "2026-04-03"]),
            "mixed": pd.Series([("a", 1), None, dt.date(2026, 4, 1)], dtype="object"),
        }
    ),
    unit="%",
    period="2025/26",
    area_type="lad",
    text_alternative="A table.",
    sources=(FILE,),
    disclosure="Small counts are hidden.",
    illustrative=False,
    notes=("One note.",),
)
PACK = Pack("pack.pdf", "application/pdf", b"%PDF-1.7 of a board")


@pytest.fixture(autouse=True)
def named(store: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store that the settings name, on each database."""
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    _opened.cache_clear()
    yield
    opened().dispose()
    _opened.cache_clear()


def now(store: sa.Engine) -> str:
    with reading(store) as connection:
        return revision(connection)


def fix(store: sa.Engine, title: str = "For the board in May", pack: Pack | None = None, who: Person = BOARD) -> str:
    return freeze(who, {"how-many": ANSWER}, title, address=ADDRESS, as_of=now(store), pack=pack)


def without_guards(connection: sa.Connection) -> None:
    """Do what the owner of a database can: lift the guards."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE frozen_view DISABLE TRIGGER ALL")
    else:
        connection.exec_driver_sql("DROP TRIGGER frozen_view_is_not_changed")


def test_a_view_is_read_back_equal_and_no_later_load_changes_it(store: sa.Engine) -> None:
    found = frozen(name := fix(store))
    answer = found.answers["how-many"]
    pd.testing.assert_frame_equal(answer.table, ANSWER.table)
    said = ("question", "finding", "unit", "period", "area_type", "text_alternative", "sources", "disclosure", "notes")
    assert [getattr(answer, one) for one in said] == [getattr(ANSWER, one) for one in said]
    assert (found.title, found.address, found.pack) == ("For the board in May", ADDRESS, None)
    assert found.data_sha256 == data_hash([ANSWER]) == hashlib.sha256(b"ab" * 32).hexdigest()
    assert name == found.sha256[:16]
    with writing(store) as connection:
        bump_data(connection)
    assert frozen(name).sha256 == found.sha256


@pytest.mark.parametrize(
    "change",
    ["title = 'Another title'", "content = {content}", "content = {content}, sha256 = '{sha256}'", "pack = {bytes}"],
)
def test_a_changed_view_is_refused_in_words(store: sa.Engine, change: str) -> None:
    name = fix(store, pack=PACK)
    with reading(store) as connection:
        row = select_frozen(connection, name)
    assert row is not None
    other = zlib.decompress(row.content).replace(b"Fifteen of twenty", b"Nineteen of twenty")
    words = "'\\x{}'" if store.dialect.name == "postgresql" else "x'{}'"
    given = {
        "content": words.format(zlib.compress(other).hex()),
        "sha256": hashlib.sha256(other).hexdigest(),
        "bytes": words.format(b"%PDF of another".hex()),
    }
    with writing(store) as connection:
        without_guards(connection)
        connection.exec_driver_sql(f"UPDATE frozen_view SET {change.format(**given)}")  # noqa: S608 (no input)
    with pytest.raises(StoreError, match=r"is not what was written on .*, so it is not shown"):
        frozen(name)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE frozen_view SET title = 'Another title'",
        "DELETE FROM frozen_release",
        "DELETE FROM frozen_view",
        "UPDATE frozen_withdrawal SET reason = 'none'",
        "DELETE FROM frozen_withdrawal",
    ],
)
def test_the_database_itself_refuses_to_change_a_view(store: sa.Engine, change: str) -> None:
    with writing(store) as connection:
        made = {"indicator_id": "new_birth_visit_14_days", "number": 1, "released_at": dt.datetime.now(dt.UTC)}
        connection.execute(sa.text(REMEMBERED), made | {"sha256": "a" * 64, "content": b""})
    withdraw(STRATEGY, fix(store), "A figure was wrong")
    with reading(store) as connection:
        assert connection.execute(sa.text("SELECT number FROM frozen_release")).scalars().all() == [1]
    with pytest.raises(StoreError), writing(store) as connection:
        connection.exec_driver_sql(change)


REMEMBERED = (
    "INSERT INTO released_before (indicator_id, number, released_at, sha256, content) "
    "VALUES (:indicator_id, :number, :released_at, :sha256, :content)"
)


def test_a_withdrawn_view_says_when_and_why_and_is_listed_no_more(store: sa.Engine) -> None:
    first, second = fix(store, "First"), fix(store, "Second")
    assert [one.title for one in standing()] == ["Second", "First"]
    withdraw(STRATEGY, first, "A figure   was wrong")
    today = dt.datetime.now(dt.UTC)
    with pytest.raises(Withdrawn) as told:
        frozen(first)
    assert str(told.value) == (
        f"“First” was withdrawn on {today.day} {today:%B %Y}. The reason given: A figure was wrong."
    )
    assert [one.id for one in standing()] == [second]
    with pytest.raises(Withdrawn, match="withdrawn already"):
        withdraw(STRATEGY, first, "Twice")


def test_fixing_and_withdrawing_stand_on_the_trail_with_the_hash_and_who_is_stored_nowhere_else(
    store: sa.Engine,
) -> None:
    name = fix(store, pack=PACK)
    assert frozen_pack(LOCAL, name) == PACK.content
    withdraw(STRATEGY, name, "A figure was wrong")
    with reading(store) as connection:
        entries = select_audit(connection)
        row = select_frozen(connection, name)
        columns = {one["name"] for one in sa.inspect(connection).get_columns("frozen_view")}
    assert row is not None
    listed = entries[["who", "action", "subject", "file_sha256"]].to_numpy().tolist()
    assert listed == [
        ["77aa", "withdraw", "For the board in May", row.sha256],
        ["local", "export", "pack.pdf", hashlib.sha256(PACK.content).hexdigest()],
        ["8f2b", "freeze", "For the board in May", row.sha256],
    ]
    assert columns == {"id", "frozen_at", "title", "illustrative", "sha256", "content", "pack"}
    assert b"8f2b" not in zlib.decompress(row.content)


def test_who_may_not_take_figures_away_may_not_fix_them_and_a_board_member_may_not_withdraw(store: sa.Engine) -> None:
    with pytest.raises(NotAllowed, match="can't take figures away"):
        fix(store, who=PARTNER)
    name = fix(store, pack=PACK)
    with pytest.raises(NotAllowed, match="Ask a strategy lead or data steward"):
        withdraw(BOARD, name, "I would rather not")
    with pytest.raises(NotAllowed):
        frozen_pack(PARTNER, name)
    assert frozen(name).pack == PACK


def test_answers_from_before_the_last_load_are_not_fixed(store: sa.Engine) -> None:
    as_of = now(store)
    with writing(store) as connection:
        bump_data(connection)
    with pytest.raises(DataError, match="have changed since this page was opened"):
        freeze(BOARD, {"how-many": ANSWER}, "Late", address=ADDRESS, as_of=as_of)
    assert standing() == []


@pytest.mark.parametrize("title", ["", "x" * 151, "Visit to 943 476 5919", "Family at BH1 1AA, born 03/04/2024"])
def test_a_title_is_short_and_identifies_nobody(store: sa.Engine, title: str) -> None:
    with pytest.raises(WrongValues) as refused:
        fix(store, title)
    assert "943" not in str(refused.value)
    assert "BH1" not in str(refused.value)


def test_an_address_that_was_never_given_is_told_in_words(store: sa.Engine) -> None:
    with pytest.raises(UnknownName, match="There is no fixed view at this address"):
        frozen("0123456789abcdef")


def test_what_is_kept_passes_disclosure_control_again_when_it_is_read(store: sa.Engine) -> None:
    """A row that was written with a number behind a mark, hash and id and all, is still not shown."""
    with reading(store) as connection:
        row = select_frozen(connection, fix(store))
    assert row is not None
    bare = zlib.decompress(row.content).replace(b'"suppressed","shown"', b'"shown","suppressed"')
    digest = hashlib.sha256(bare).hexdigest()
    forged = {"id": digest[:16], "sha256": digest, "content": zlib.compress(bare)}
    stored = {name: getattr(row, name) for name in row.__slots__} | forged
    with pytest.raises(UnprotectedAnswerError):
        read_frozen(type(row)(**stored))
