"""Whatever is done to a good file, its reader gives a reading or one clear sentence: never a traceback, never half.

``make test`` tries a bounded sample; ``make bench`` tries ten thousand, led by which lines of the readers they reach.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import DataError, WrongColumns
from data.intake.loading import load, store_reading
from data.intake.preparing import areas
from data.sources import READERS, ReadingContext, read_file, reader_for
from data.store.engine import open_store, reading, writing
from data.store.models import Base
from data.store.state import revision
from tests.data.sources import fuzz_material
from tests.data.sources.test_broken_files import CONTEXT

NUMBERS = range(fuzz_material.kinds())
QUIET = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def saved(folder: Path, sent: fuzz_material.Sent) -> Path:
    path = folder / sent.name
    path.write_bytes(sent.content)
    return path


def test_every_reader_has_an_example():
    assert {fuzz_material.valid(number).reader for number in NUMBERS} == set(READERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_examples_are_valid(tmp_path, number):
    sent = fuzz_material.valid(number)
    path = saved(tmp_path, sent)
    assert reader_for(path).__name__ == f"data.sources.{sent.reader}"
    assert read_file(path, CONTEXT).rows_read > 0


@pytest.mark.parametrize("number", NUMBERS)
@given(random=st.randoms(use_true_random=False))
@settings(QUIET, max_examples=20)
def test_a_spoiled_file_is_read_or_refused_in_one_sentence(tmp_path, number, random):
    path = saved(tmp_path, fuzz_material.spoiled(number, random.randrange))
    sentence = refusal(path)
    assert sentence is None or (path.name in sentence and "\n" not in sentence and len(sentence) < 2_000)


def refusal(path: Path) -> str | None:
    """Read a file and give the sentence in which it is refused; None when it is read."""
    try:
        read_file(path, CONTEXT)
    except DataError as error:
        return str(error)
    return None


STARTS = [b"", b"PK\x03\x04", b"SQLite format 3\x00", b"{", b"%PDF-"]


@given(content=st.binary(max_size=400), start=st.sampled_from(STARTS))
@settings(QUIET, max_examples=100)
def test_bytes_of_any_kind_are_refused_in_one_sentence(tmp_path, content, start):
    path = tmp_path / "sent.csv"
    path.write_bytes(start + content)
    with pytest.raises(DataError) as caught:
        read_file(path, ReadingContext())
    assert "\n" not in str(caught.value)


# ---- the store ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """One store for all spoiled files, which knows the areas."""
    path = tmp_path_factory.mktemp("fuzz") / "store.sqlite"
    path.write_bytes(empty_sqlite.read_bytes())
    engine = open_store(f"sqlite:///{path}")
    with writing(engine) as connection:
        store_reading(connection, areas(), "areas", "a" * 64, loaded_by="a test")
    yield engine
    engine.dispose()


def held(engine: sa.Engine) -> tuple[str, dict[str, int]]:
    """Revision of the store and number of rows in each table."""
    with reading(engine) as connection:
        count = sa.select(sa.func.count())
        rows = {
            table.name: connection.execute(count.select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }
        return revision(connection), rows


@given(random=st.randoms(use_true_random=False), number=st.sampled_from(NUMBERS))
@settings(QUIET, max_examples=60)
def test_a_refused_file_leaves_the_store_as_it_was(tmp_path, store, random, number):
    path = saved(tmp_path, fuzz_material.spoiled(number, random.randrange))
    before = held(store)
    try:
        load(path, store, loaded_by="a test")
    except DataError:
        assert held(store) == before


# ---- found by fuzzing -----------------------------------------------------------------------------------------------


def test_file_8_without_the_names_of_its_areas_is_refused(tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text(
        "LSOA21CD,LAD24CD,income_domain_numerator,employment_domain_numerator,mental_health_indicator\n"
        "E01015272,E06000058,180,80,-0.4\n"
    )
    with pytest.raises(WrongColumns, match="'LSOA21NM'"):
        read_file(path, CONTEXT)


@pytest.mark.parametrize("period", ["0000", "9999", "9999/00 Q4", "0000/01"])
def test_a_year_that_no_calendar_has_is_told_with_its_row(tmp_path, period):
    path = tmp_path / "sent.csv"
    path.write_text(f"Area code,Area name,Period,Metric,Numerator,Denominator\nE06000058,BCP,{period},C2,640,800\n")
    with pytest.raises(DataError, match=f"'{period}'"):
        read_file(path, CONTEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_postcodes_below_a_title_are_refused_with_what_to_do(tmp_path, encoding):
    path = tmp_path / "sent.csv"
    path.write_text("A title\nPostcode,LSOA21CD,lat\nBH5 1BQ,E01015272,50.7\n", encoding=encoding)
    with pytest.raises(WrongColumns, match="Delete the rows above the column names"):
        read_file(path, CONTEXT)


def test_postcodes_with_a_cell_too_many_are_refused_and_not_shifted(tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text("Postcode,LSOA21CD,lat\nBH5 1BQ,E01015272,50.7,1\nBH5 1BR,E01015272,50.7,1\n")
    with pytest.raises(WrongColumns, match="row 2: this row has more cells"):
        read_file(path, CONTEXT)


def test_a_shapefile_whose_reference_system_is_not_text_is_refused(tmp_path):
    name, content = fuzz_material.shape_files()[1]
    assert content.count(b"D_WGS_1984") == 1
    spoiled = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        for part in spoiled.namelist():
            file.writestr(part, spoiled.read(part).replace(b"D_WGS_1984", b"D_WGS_198\xfc"))
    with pytest.raises(DataError, match=name):
        read_file(tmp_path / name, CONTEXT)


@pytest.mark.parametrize("cell", ["9" * 131_000 + "x", "20" * 65_000 + "/x", "1," * 65_000 + "x"])
def test_a_number_without_end_is_told_and_does_not_take_minutes(tmp_path, bounded, cell):
    path = tmp_path / "sent.csv"
    lines = ("Area code,Area name,Period,Metric,Numerator", f'E06000058,BCP,2024/25 Q1,C1,"{cell}"')
    path.write_text("\n".join(lines) + "\n")
    outcome = bounded("read", path)
    assert outcome.kind == "WrongValues"
    assert len(outcome.sentence) < 2_000
    assert outcome.seconds < 5
