"""The store opens, is made once, keeps its rules and says plainly when it cannot be reached."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from data.errors import StoreError
from data.store import location
from data.store.engine import HEAD, open_store, reading, stored_revision, writing
from data.store.migrate import configuration
from data.store.models import Base
from data.store.register_models import REGISTERS

ROOT = Path(__file__).parents[3]
OPEN = "import sys; from data.store.engine import open_store; open_store(sys.argv[1]).dispose()"


def test_migrations_from_empty_to_head_make_what_the_models_describe(new_address: str) -> None:
    assert REGISTERS["commitment"].metadata is Base.metadata
    engine = open_store(new_address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert sa.inspect(connection).has_table("observation")
    engine.dispose()


def test_the_head_that_opening_compares_with_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_an_emptied_store_is_seen_as_different_by_the_comparison(new_address: str) -> None:
    engine = open_store(new_address)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE postcode")
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []
    engine.dispose()


def test_write_ahead_log_foreign_keys_and_timeout_are_on_in_every_connection(sqlite_store: sa.Engine) -> None:
    with sqlite_store.connect() as first, sqlite_store.connect() as second:
        for connection in (first, second):
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
            }
            assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 5000}


def test_a_row_without_its_area_is_refused(store: sa.Engine) -> None:
    insert = "INSERT INTO postcode (postcode, area_code, submission_id) VALUES ('BH11AA', 'E01000001', 1)"
    with pytest.raises(StoreError, match="breaks one of its rules"), writing(store) as connection:
        connection.exec_driver_sql(insert)


def test_a_word_outside_its_list_is_refused(store: sa.Engine) -> None:
    insert = "INSERT INTO area (area_code, area_type, area_name) VALUES ('E01000001', 'parish', 'Somewhere')"
    with pytest.raises(StoreError, match="breaks one of its rules"), writing(store) as connection:
        connection.exec_driver_sql(insert)


def test_five_processes_that_start_at_once_make_one_store(new_address: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN, new_address], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(5)
    ]
    complaints = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 5, complaints
    engine = open_store(new_address)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM store_state").scalar() == 1
    engine.dispose()


def test_opening_a_current_store_is_quick_and_leaves_alembic_alone(sqlite_store: sa.Engine) -> None:
    code = (
        "import sys, time; from data.store.engine import open_store; start = time.perf_counter();"
        "open_store(sys.argv[1]); print(time.perf_counter() - start); print('alembic' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(sqlite_store.url)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, alembic_came_in = run.stdout.split()
    assert alembic_came_in == "False"
    assert float(seconds) < 0.2, "20 ms on a quiet machine; the limit leaves room for a busy one"


def test_importing_the_store_stays_light() -> None:
    heavy = ("alembic", "geopandas", "scipy.stats", "openpyxl", "streamlit", "psycopg")
    code = f"import sys, data.store.engine, data.store.models; print([m for m in {heavy!r} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_store_of_a_newer_version_is_left_alone(store: sa.Engine) -> None:
    with writing(store) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version"):
        open_store(store.url.render_as_string(hide_password=False))
    with reading(store) as connection:
        assert stored_revision(connection) == "9999"


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StoreError) as refusal:
        open_store("postgresql://dashboard:secret-word@127.0.0.1:1/first1001")
    assert "cannot be reached" in str(refusal.value)
    assert "127.0.0.1" in str(refusal.value)
    assert "secret-word" not in str(refusal.value)


def test_a_file_that_is_not_a_store_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear colleague, " * 100)
    with pytest.raises(StoreError, match="not a store"):
        open_store(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="folder of the store cannot be made"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'store.sqlite'}")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/name", "not supported"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_an_address_that_cannot_serve_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        open_store(url)


def test_the_address_comes_from_the_environment_then_the_secrets_then_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "secrets.toml"
    monkeypatch.setattr(location, "SECRETS", secrets)
    assert str(location.locate().database).endswith("first1001.sqlite")
    secrets.write_text('[connections.store]\nurl = "sqlite:///from-secrets.sqlite"\n')
    assert location.locate().database == "from-secrets.sqlite"
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@host/from_environment")
    assert location.locate().database == "from_environment"
    assert location.locate().get_backend_name() == "postgresql"
    assert location.locate("sqlite:///given.sqlite").database == "given.sqlite"


def test_a_secrets_file_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("[connections.store\n")
    monkeypatch.setattr(location, "SECRETS", secrets)
    with pytest.raises(StoreError, match="secrets file cannot be read"):
        location.locate()


def test_postgresql_is_spoken_to_through_psycopg_three(postgres_store: sa.Engine) -> None:
    assert postgres_store.dialect.driver == "psycopg"


def test_a_write_waits_for_the_one_before_it(store: sa.Engine) -> None:
    code = (
        "import sys, time; from data.store.engine import open_store, writing\n"
        "with writing(open_store(sys.argv[1])) as connection:\n"
        "    connection.exec_driver_sql('UPDATE store_state SET data_revision = data_revision + 1')\n"
        "    print('holding', flush=True); time.sleep(0.7)\n"
    )
    address = store.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", code, address], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        start = time.monotonic()
        with writing(store) as connection:
            waited = time.monotonic() - start
            connection.exec_driver_sql("UPDATE store_state SET data_revision = data_revision + 1")
    with reading(store) as connection:
        assert connection.exec_driver_sql("SELECT data_revision FROM store_state").scalar() == 2
    assert waited > 0.3
