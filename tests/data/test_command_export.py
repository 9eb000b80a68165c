"""The command that writes an answer as a file: the same file as the page's download, and on the trail like it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import sqlalchemy as sa
from shapely.geometry import shape

from data import commands
from data.actions.exporting import export_file
from data.actions.people import LOCAL
from data.answers.maps import map_layer
from data.answers.opened import _opened, opened
from data.answers.questions import question
from data.store.audit import select_audit
from data.store.engine import reading
from data.store.released import select_released

LAYER = ("--question", "map_layer", "--filter", "name=deprivation:imd")


@pytest.fixture(autouse=True)
def store(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A copy of the embedded reference: deprivation, outlines, and no return."""
    path = tmp_path / "store.sqlite"
    shutil.copy(reference_file, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    _opened.cache_clear()
    yield opened()
    opened().dispose()
    _opened.cache_clear()


def last_entry(engine: sa.Engine) -> dict[str, object]:
    with reading(engine) as connection:
        return dict(select_audit(connection).iloc[0])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "parquet"])
def test_the_file_is_the_page_s_download_to_the_last_byte(store: sa.Engine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"file.{kind}"
    assert commands.main(["export", "--question", "loaded", "--format", kind, "-o", str(path)]) == 0
    assert path.read_bytes() == export_file(LOCAL, {"loaded": question("loaded")()}, "loaded-files", kind)


def test_taking_a_file_away_is_on_the_trail(store: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "imd.csv"
    assert commands.main(["export", *LAYER, "--format", "csv", "-o", str(path)]) == 0
    entry = last_entry(store)
    assert (entry["action"], entry["file_sha256"]) == ("export", hashlib.sha256(path.read_bytes()).hexdigest())
    described = json.loads((tmp_path / "imd.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == "imd.csv"


def test_neighbourhoods_leave_with_their_outlines_and_the_same_values_in_each_format(tmp_path: Path) -> None:
    answer = map_layer("deprivation:imd")
    assert answer is not None
    for kind in ("geojson", "parquet", "gpkg"):
        assert commands.main(["export", *LAYER, "--format", kind, "-o", str(tmp_path / f"imd.{kind}")]) == 0
    features = json.loads((tmp_path / "imd.geojson").read_text(encoding="utf-8"))["features"]
    rows = pd.read_parquet(io.BytesIO((tmp_path / "imd.parquet").read_bytes()))
    own = answer.table[["area_code", "value"]].to_records(index=False).tolist()
    assert [(one["properties"]["area_code"], one["properties"]["value"]) for one in features] == own
    assert rows[["area_code", "value"]].to_records(index=False).tolist() == own
    layer = pyogrio.read_dataframe(tmp_path / "imd.gpkg")
    assert layer[["area_code", "value"]].to_records(index=False).tolist() == own
    assert [shape(one["geometry"]).equals(drawn) for one, drawn in zip(features, layer.geometry, strict=True)] == [
        True
    ] * len(own)
    assert {one["geometry"]["type"] for one in features} <= {"Polygon", "MultiPolygon"}  # every one has its outline


def test_the_whole_release_leaves_as_one_package_and_is_on_the_trail(store: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "whole.zip"
    assert commands.main(["export", "--format", "package", "-o", str(path)]) == 0
    with zipfile.ZipFile(path) as parts:
        described = json.loads(parts.read("datapackage.json"))
        figures = pd.read_csv(io.BytesIO(parts.read("data/figures.csv")))
    names = [one["name"] for one in described["resources"]]
    assert names == ["figures", "asks", "indicators", "files", "definitions", "sources"]
    with reading(store) as connection:
        released = select_released(connection)
    for name in ("indicator_id", "area_code", "period_from", "period_to", "value_status"):
        assert figures[name].tolist() == released[name].tolist()
    for name in ("numerator", "denominator", "value", "lowercl", "uppercl"):
        assert figures[name].fillna(-1.0).tolist() == released[name].astype(float).fillna(-1.0).tolist()
    entry = last_entry(store)
    assert (entry["action"], entry["file_sha256"]) == ("export", hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no question is named"),
        (["--question", "nobody_asks"], "there is no such question"),
        (["--question", "scorecard", "--format", "xls"], "there is no such format"),
        (["--question", "scorecard", "--filter", "colour=red"], "scorecard has no such filter"),
        (["--question", "scorecard", "--filter", "page"], "a filter has no value"),
        (["--question", "over_time"], "--filter name=VALUE --filter area_code=VALUE"),
        (["--question", "map_choices"], "only lists what can be chosen"),
        (["--question", "map_layer", "--filter", "name=buddy_allocated"], "no figures for this question yet"),
        (["--question", "definitions", "--format", "geojson"], "no areas with an outline"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words_and_leaves_no_file(
    store: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    path = tmp_path / "file"
    assert commands.main(["export", *words, "-o", str(path)]) == 1
    assert said in capsys.readouterr().err
    assert not path.exists()
    with reading(store) as connection:
        assert "export" not in set(select_audit(connection)["action"])


def test_every_question_is_listed_with_its_filters(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["export", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert "over_time name=… area_code=…" in listed
    assert "scorecard [page=…]" in listed
