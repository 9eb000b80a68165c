"""Pictures: what is drawn is what the answer holds, and what is not shown is said in the picture itself."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring

from data.answers.answer import Answer
from data.answers.geometry import ATTRIBUTION
from data.answers.map_layers import MapClass
from data.answers.maps import MapAnswer
from data.catalogue.colours import BLUE, SEQUENTIAL
from data.errors import DataError
from data.exports.drawings import Drawing, drawing_of, map_of, png_of
from data.exports.drawings_charts import groups_spec, lines_spec
from data.exports.drawings_frame import MARGIN, WIDTH
from data.exports.drawings_map import MAP_WIDTH
from data.exports.drawings_rows import Plan, plan_of
from data.exports.pictures import can_be_drawn, is_map, picture_bytes

SVG = "{http://www.w3.org/2000/svg}"
GAP = float("nan")


def words_of(drawing: Drawing) -> list[str]:
    """Every line of words in a picture."""
    return ["".join(one.itertext()) for one in fromstring(drawing.svg).iter(f"{SVG}text")]


def drawn(answer: Answer) -> Drawing:
    found = drawing_of(answer)
    assert found is not None
    return found


def planned(answer: Answer) -> Plan:
    found = plan_of(answer)
    assert found is not None
    return found


def marks(spec: dict[str, Any], kind: str) -> dict[str, Any]:
    """The first layer of a kind of mark."""
    return next(layer for layer in spec["layer"] if layer["mark"]["type"] == kind)


@pytest.fixture
def groups(quarters: Answer) -> Answer:
    """Two measures of two areas, one of them hidden."""
    table = pd.DataFrame(
        {
            "measure": ["Offered", "Offered", "Taken up", "Taken up"],
            "area": ["BCP", "Dorset Council area"] * 2,
            "value": [80.0, 60.0, GAP, 40.0],
            "lowercl": [70.0, 50.0, GAP, 30.0],
            "uppercl": [90.0, 70.0, GAP, 50.0],
            "value_status": ["rounded", "rounded", "suppressed", "rounded"],
        }
    )
    return replace(quarters, table=table, finding="Illustrative, not real: More are offered than taken up.")


def test_a_series_is_drawn_with_the_numbers_of_the_answer_and_a_gap_for_what_is_hidden(quarters: Answer) -> None:
    spec = lines_spec(planned(quarters))
    values = spec["data"]["values"]
    assert [one["value"] for one in values] == [80.0, None, 0.0, 75.0]
    assert [(one["lowercl"], one["uppercl"]) for one in values] == [
        (70.0, 87.3),
        (None, None),
        (0.0, 8.8),
        (None, None),
    ]
    assert [one["hidden"] for one in values] == ["", "[c]", "", ""]
    assert marks(spec, "area")["encoding"]["y2"] == {"field": "uppercl"}


def test_what_is_hidden_is_marked_where_it_would_stand_and_explained_below(quarters: Answer) -> None:
    words = words_of(drawn(quarters))
    assert words.count("[c]") == 1
    assert "Not shown, 1 of 4: [c] too few people to show." in words
    assert "The shaded band shows the 95% confidence limits." in words


def test_the_newest_figure_and_the_benchmark_are_named_beside_their_lines(quarters: Answer) -> None:
    table = quarters.table.assign(benchmark=70.0, benchmark_name="England 2025")
    words = words_of(drawn(replace(quarters, table=table)))
    assert "75.0%" in words
    assert " ".join(words).count("England 2025") == 1


def test_names_at_the_ends_of_lines_do_not_touch(quarters: Answer) -> None:
    table = quarters.table.assign(benchmark=75.0, benchmark_name="England")
    spec = lines_spec(planned(replace(quarters, table=table)))
    tops = [layer["encoding"]["y"]["value"] for layer in spec["layer"] if layer["mark"].get("baseline") == "top"]
    assert len(tops) == 2  # both stand at 75%
    assert tops[1] - tops[0] >= 15


def test_a_picture_says_title_label_and_alternative_to_whoever_cannot_see_it(quarters: Answer) -> None:
    made = drawn(quarters)
    root = fromstring(made.svg)
    assert made.title == "it was 75.0% in 2025/26 Q4"  # the finding; the label stands by itself
    assert made.alt == root.findtext(f"{SVG}desc") == quarters.text_alternative
    assert root.findtext(f"{SVG}title") == f"ILLUSTRATIVE, not real: {made.title}"
    assert root.attrib["role"] == "img"
    assert (root.attrib["width"], root.attrib["height"]) == (str(made.width), str(made.height))
    assert "ILLUSTRATIVE, not real" in words_of(made)
    assert "Source Sans Pro" in root.attrib["font-family"]


def test_a_real_picture_carries_no_label_and_fetches_nothing(areas: Answer) -> None:
    made = drawn(areas)
    assert "ILLUSTRATIVE" not in made.svg
    assert set(re.findall(r"https?://[^\"' ]+", made.svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_groups_have_their_limits_and_their_figures_beside_them_under_the_heading_of_their_set(groups: Answer) -> None:
    spec = groups_spec(planned(groups))
    values = spec["data"]["values"]
    assert [one["key"][3:] for one in values] == [
        *("hOffered", "rBCP", "rDorset Council area"),
        *("hTaken up", "rBCP", "rDorset Council area"),
    ]
    assert [one.get("value") for one in values] == [None, 80.0, 60.0, None, None, 40.0]
    assert marks(spec, "rule")["encoding"]["x2"] == {"field": "uppercl"}
    words = words_of(drawn(groups))
    assert {"80.0% (70.0% to 90.0%)", "[c] too few people to show", "Offered", "Taken up"} <= set(words)


def test_bars_begin_at_zero_and_go_below_it(areas: Answer) -> None:
    spec = groups_spec(planned(areas))
    low, high = marks(spec, "bar")["encoding"]["x"]["scale"]["domain"]
    assert low < -3.0
    assert high > 12.5
    assert marks(spec, "bar")["encoding"]["x2"] == {"datum": 0.0}
    above = replace(areas, table=areas.table.assign(value=[12.5, 11.0]))
    assert marks(groups_spec(planned(above)), "bar")["encoding"]["x"]["scale"]["domain"][0] == 0.0


def test_periods_stand_in_the_order_of_time_whatever_the_order_of_rows(quarters: Answer) -> None:
    table = quarters.table.iloc[[2, 0, 3, 1]].reset_index(drop=True)
    rows = planned(replace(quarters, table=table)).rows
    assert [row.name for row in rows] == ["2025/26 Q1", "2025/26 Q2", "2025/26 Q3", "2025/26 Q4"]


def test_several_sets_over_time_have_a_line_each_told_apart_by_shape_and_name(quarters: Answer) -> None:
    both = pd.concat([quarters.table.assign(area=name) for name in ("BCP", "Dorset ICS")], ignore_index=True)
    spec = lines_spec(planned(replace(quarters, table=both)))
    shapes = next(layer["encoding"]["shape"] for layer in spec["layer"] if "shape" in layer.get("encoding", {}))
    assert shapes["scale"] == {"domain": ["BCP", "Dorset ICS"], "range": ["circle", "square"]}
    assert {"BCP: 75.0%", "Dorset ICS: 75.0%"} <= set(words_of(drawn(replace(quarters, table=both))))


def test_nothing_is_drawn_that_would_not_be_true(quarters: Answer, nothing: Answer) -> None:
    one_figure = quarters.table.assign(value=[80.0, GAP, GAP, GAP], value_status=["rounded", *["suppressed"] * 3])
    one_figure[["numerator", "lowercl", "uppercl"]] = GAP
    too_many = pd.concat([quarters.table.iloc[[0]]] * 41, ignore_index=True)
    assert drawing_of(nothing) is None
    assert drawing_of(replace(quarters, unit="")) is None  # several units have no one axis
    assert drawing_of(replace(quarters, table=one_figure)) is None
    assert drawing_of(replace(quarters, table=too_many.assign(period=[str(n) for n in range(41)]))) is None
    assert drawing_of(replace(quarters, table=quarters.table.assign(period="2025/26"))) is None  # rows not told apart
    assert not can_be_drawn(nothing)
    with pytest.raises(DataError, match="nothing that one chart or map could show truly"):
        picture_bytes(nothing, "png")


#: Two squares side by side, the first of one degree from 50° to 51° north; one arc lies between them.
LAYER = json.dumps(
    {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [-3, 50]},
        "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]],
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0, 1]]}, {"type": "Polygon", "arcs": [[2, -1]]}],
            }
        },
        "codes": ["E02000001", "E02000002"],
        "names": ["West", "East"],
        "parents": {"lad": [0, 0]},
        "bbox": [-3, 50, -1, 51],
        "label": "Approximate areas",
    }
).encode()


@pytest.fixture
def mapped(quarters: Answer) -> MapAnswer:
    table = pd.DataFrame(
        {
            "area_code": ["E02000001", "E02000002"],
            "area_name": ["West", "East"],
            "value": [80.0, GAP],
            "lowercl": [70.0, GAP],
            "uppercl": [90.0, GAP],
            "value_status": ["rounded", "suppressed"],
            "class_index": [1, -1],
            "uncertain": [False, False],
        }
    )
    fields = {one.name: getattr(quarters, one.name) for one in dataclasses.fields(quarters)}
    classes = (MapClass("40.0% to 60.0%", 0), MapClass("70.0% to 80.0%", 4))
    return MapAnswer(**{**fields, "table": table, "area_type": "msoa21"}, title="Visits", classes=classes)


def areas_of(drawing: Drawing) -> list[dict[str, str]]:
    return [one.attrib for one in fromstring(drawing.svg).iter(f"{SVG}path") if one.attrib.get("fill-rule")]


def test_a_map_has_the_classes_of_the_screen_and_a_pattern_for_what_is_hidden(mapped: MapAnswer) -> None:
    made = map_of(mapped, LAYER)
    assert [one["fill"] for one in areas_of(made)] == [SEQUENTIAL[4], "url(#hidden)"]
    assert 'id="hidden"' in made.svg
    words = words_of(made)
    assert "40.0% to 60.0%: 0 areas" in words
    assert "70.0% to 80.0%: 1 area" in words
    assert "Not shown: [c] too few people to show: 1 area" in " ".join(words)
    assert {"N", "Approximate areas", "ILLUSTRATIVE, not real"} <= set(words)
    assert made.alt == mapped.text_alternative


def test_what_is_uncertain_is_dotted_and_counted_as_on_the_screen(mapped: MapAnswer) -> None:
    made = map_of(replace(mapped, table=mapped.table.assign(uncertain=[True, False])), LAYER)
    assert [one["fill"] for one in areas_of(made)] == ["url(#u1)", "url(#hidden)"]
    words = " ".join(words_of(made))
    assert "70.0% to 80.0%: 1 area" in words
    assert "Dots: uncertain. The 95% limits reach across four colours or more: 1 area" in words
    assert "Dots" not in " ".join(words_of(map_of(mapped, LAYER)))


def test_towns_are_named_unless_their_names_would_lie_on_each_other(mapped: MapAnswer) -> None:
    places = (("Poole", -2.0, 50.5), ("Hamworthy", -1.99, 50.5), ("Weymouth", -2.8, 50.1))
    words = words_of(map_of(mapped, LAYER, places))
    assert {"Poole", "Weymouth"} <= set(words)
    assert "Hamworthy" not in words


def test_a_map_says_whose_outlines_they_are(mapped: MapAnswer) -> None:
    assert ATTRIBUTION in " ".join(words_of(map_of(mapped, LAYER)))


def test_a_map_is_north_up_and_no_wider_than_it_is_at_its_middle_latitude(mapped: MapAnswer) -> None:
    first, second = (one["d"] for one in areas_of(map_of(mapped, LAYER)))
    points = [tuple(map(float, at.split())) for at in re.split("[MLZ]", first + second) if at]
    across, down = [at[0] for at in points], [at[1] for at in points]
    assert (min(across), max(across)) == (MARGIN, MAP_WIDTH)  # west is left
    # one degree of latitude is 1 / cos(50.5°) = 1.572 times one of longitude, of which the map has two
    assert max(down) - min(down) == pytest.approx((MAP_WIDTH - MARGIN) / 2 * 1.5721, abs=0.1)
    assert min(down) == 0.0  # 51° north is at the top


def test_the_line_round_councils_leaves_out_what_lies_inside_one(mapped: MapAnswer) -> None:
    inside = LAYER
    between = LAYER.replace(b'"lad": [0, 0]', b'"lad": [0, 1]')
    lines = [
        next(
            one.attrib["d"]
            for one in fromstring(map_of(mapped, layer).svg).iter(f"{SVG}path")
            if one.get("fill") == "none"
        )
        for layer in (inside, between)
    ]
    assert [line.count("M") for line in lines] == [2, 3]


def test_an_answer_without_classes_gets_those_of_the_screen_s_own_rule(quarters: Answer) -> None:
    table = pd.DataFrame({"area_code": ["E02000001", "E02000002", "E92000001"], "value": [10.0, 90.0, 50.0]})
    made = map_of(replace(quarters, table=table, area_type="msoa21"), LAYER)
    assert [one["fill"] for one in areas_of(made)] == [SEQUENTIAL[0], SEQUENTIAL[4]]
    words = words_of(made)
    assert {"10.0%: 1 area", "90.0%: 1 area"} <= set(words)
    assert not [line for line in words if line.startswith("50.0%")]  # England is not on the map


def test_a_layer_of_other_areas_is_refused_in_words(mapped: MapAnswer) -> None:
    with pytest.raises(DataError, match="None of the answer's areas has an outline"):
        map_of(mapped, LAYER.replace(b"E0200000", b"E0100000"))
    with pytest.raises(DataError, match="no outlines to draw"):
        map_of(mapped, b'{"centres": [], "label": "Equal-area hexagons"}')


def test_a_map_is_chosen_where_each_row_is_an_area(mapped: MapAnswer, quarters: Answer, areas: Answer) -> None:
    third = mapped.table.iloc[[0]].assign(area_code="E02000003")
    three = replace(mapped, table=pd.concat([mapped.table, third], ignore_index=True))
    assert is_map(three)
    assert not is_map(mapped)  # two areas say nothing as a map
    assert not is_map(replace(three, unit=""))  # figures of several units
    country = three.table.assign(area_code=["E92000001", "E54000041", "E02000003"])
    assert not is_map(replace(three, table=country))
    assert not is_map(replace(quarters, table=quarters.table.assign(area_code="E06000058")))  # quarters of one area
    assert drawing_of(areas, LAYER.replace(b"E0200000", b"E0600005").replace(b"00051", b"00058")) is not None


def test_pixels_are_as_many_as_were_asked_for_and_the_same_each_time(quarters: Answer) -> None:
    made = drawn(quarters)
    assert made.width == WIDTH
    content = png_of(made, scale=2)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(content[at : at + 4], "big") for at in (16, 20)] == [2 * made.width, 2 * made.height]
    assert png_of(drawn(quarters), scale=2) == content
    assert BLUE in made.svg
