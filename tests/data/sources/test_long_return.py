"""The long return: what people write is read as what they mean, and every problem is told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data import catalogue
from data.errors import DataErrors, EmptyFile, UnreadableFile, UnrecognisedFile, WrongColumns, WrongVintage
from data.sources import long_return, read_file, reader_for
from data.sources.reading import ReadingContext

HEADER = ["indicator_id", "area_code", "period", "breakdown_type", "breakdown_value", "numerator", "denominator"]
HEADER += ["value", "note", "illustrative"]
VISIT = "new_birth_visit_14_days"
BCP, DORSET, LSOA = "E06000058", "E06000059", "E01020373"
Write = Callable[..., Path]


def row(**changed: object) -> list[object]:
    cells = dict.fromkeys(HEADER, "") | {
        "indicator_id": VISIT,
        "area_code": BCP,
        "period": "2025/26 Q1",
        "numerator": "640",
        "denominator": "800",
    }
    return list((cells | changed).values())


@pytest.fixture
def load(write_table: Write):
    def make(*rows: list[object], name: str = "return.csv", header: list[str] = HEADER) -> pd.DataFrame:
        return read_file(write_table([header, *rows], name)).frames["observation"]

    return make


@pytest.fixture
def problems(load):
    def find(*rows: list[object]) -> list[str]:
        with pytest.raises(DataErrors) as caught:
            load(*rows)
        return [str(problem) for problem in caught.value.problems]

    return find


# ---- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["return.csv", "return.xlsx", "return.ods"])
def test_a_row_of_any_kind_of_file(load, name: str) -> None:
    found = load(row(), name=name).iloc[0]
    assert (found["indicator_id"], found["area_code"], found["area_type"]) == (VISIT, BCP, "lad")
    assert (found["period_type"], str(found["period_from"]), str(found["period_to"])) == (
        "quarter",
        "2025-04-01",
        "2025-06-30",
    )
    assert (found["numerator"], found["denominator"], found["value_status"]) == (640, 800, "shown")


def test_two_days_stand_for_a_label_and_a_label_for_two_days(load) -> None:
    header = ["Indicator", "Area code", "Period from", "period_to", "numerator", "denominator"]
    days = load([VISIT, BCP, "2025-04-01", "30/06/2025", "640", "800"], header=header)
    label = load([VISIT, BCP, "2025/26 Q1", "", "640", "800"], header=header)
    pd.testing.assert_frame_equal(days, label)


def test_the_name_beside_an_area_code_is_ignored(load) -> None:
    found = load(row(area_code="E06000059 Dorset Council area"), row(area_code=f"{LSOA} Somewhere 001A"))
    assert found["area_code"].tolist() == [DORSET, LSOA]


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"numerator": "*"}, "suppressed"),
        ({"numerator": "<5"}, "suppressed"),
        ({"numerator": "c", "denominator": "c"}, "suppressed"),
        ({"numerator": "[x]", "denominator": "[x]"}, "not_collected"),
        ({"numerator": "-"}, "not_collected"),
        ({"numerator": "", "denominator": ""}, "not_collected"),
        ({"numerator": "[z]", "denominator": ""}, "not_applicable"),
        ({"numerator": "failed validation"}, "failed_validation"),
        ({"numerator": "too early"}, "immature"),
    ],
)
def test_a_mark_is_read_as_what_it_means(load, cells: dict[str, str], status: str) -> None:
    found = load(row(**cells)).iloc[0]
    assert found["value_status"] == status
    assert pd.isna(found["numerator"])


def test_zero_is_a_value(load) -> None:
    found = load(row(numerator="0")).iloc[0]
    assert (found["numerator"], found["value_status"]) == (0, "shown")


def test_example_rows_are_left_out_and_counted(write_table: Write) -> None:
    reading = read_file(write_table([HEADER, row(), row(area_code=DORSET, note="EXAMPLE: 640 of 800")]))
    assert reading.frames["observation"]["area_code"].tolist() == [BCP]
    assert reading.notes == ("1 row marked as an example was left out.",)
    assert reading.rows_read == 2


def test_a_return_says_whether_it_is_illustrative(write_table: Write) -> None:
    assert read_file(write_table([HEADER, row(illustrative="Yes")])).illustrative
    assert not read_file(write_table([HEADER, row()])).illustrative


def test_a_group_is_stored_as_the_list_writes_it(load) -> None:
    found = load(row(breakdown_type="ethnic_group", breakdown_value="WHITE")).iloc[0]
    assert (found["breakdown_type"], found["breakdown_value"]) == ("ethnic_group", "White")


def test_a_mean_needs_no_counts(load) -> None:
    found = load(row(indicator_id="preparedness_gain", numerator="", denominator="", value="1.5")).iloc[0]
    assert (found["value"], found["value_status"]) == (1.5, "shown")


def test_the_source_is_the_catalogue_s(write_table: Write) -> None:
    path = write_table([HEADER, row()])
    assert reader_for(path) is long_return
    assert catalogue.source(read_file(path).source_id).kind == "local_return"


# ---- what is refused ------------------------------------------------------------------------------------------------


def test_every_problem_is_told_at_once_with_row_column_and_what_to_do(problems) -> None:
    found = problems(
        row(indicator_id="new_birth_visits_14_days"),
        row(area_code="Dorset"),
        row(period="2025 Q4"),
        row(numerator="some"),
        row(numerator="810", area_code=DORSET),
        row(period="2024/25 Q1"),
        row(period="2024/25 Q1"),
    )
    assert len(found) == 6
    places = [("2", "indicator_id"), ("5", "numerator"), ("3", "area_code"), ("4", "period"), ("6", "numerator")]
    for line, column in [*places, ("8", "indicator_id")]:
        assert any(f"row {line}, column '{column}'" in problem for problem in found), (line, column)
    assert all(problem.count(". ") >= 1 for problem in found)


def test_an_unknown_indicator_suggests_the_nearest(problems) -> None:
    assert "Did you mean 'new_birth_visit_14_days'" in problems(row(indicator_id="new_birth_visits_14_days"))[0]


def test_a_published_indicator_is_not_sent_in(problems) -> None:
    found = problems(row(indicator_id="infant_mortality"))
    assert "comes from 'Local authority interactive tool'" in found[0]


def test_a_neighbourhood_of_2011_is_refused(load, problems) -> None:
    # E01015272 is not among the 463 LSOAs of 2021 that the project embeds
    from data import reference

    former = next(
        code for code in ("E01015272", "E01020372", "E01000001") if code not in set(reference.lsoas()["lsoa21cd"])
    )
    assert "2021" in problems(row(area_code=former))[0]
    with pytest.raises(DataErrors) as caught:
        load(row(area_code=former))
    assert isinstance(caught.value.problems[0], WrongVintage)


def test_loaded_areas_decide_which_wards_exist(write_table: Write) -> None:
    areas = pd.DataFrame({"area_code": ["E05012651"], "area_type": ["ward"]})
    path = write_table([HEADER, row(area_code="E05012651"), row(area_code="E05099999")])
    with pytest.raises(DataErrors, match="1 problem found"):
        long_return.read(path, ReadingContext(load_areas=lambda: areas))


def test_an_area_below_the_grain_is_refused(problems) -> None:
    found = problems(row(indicator_id="reviews_at_home", area_code=LSOA))
    assert "smaller than this indicator is collected for" in found[0]
    assert "lad or wider for 'reviews_at_home'" in found[0]


@pytest.mark.parametrize(
    ("period", "refused"),
    [("2025/26 Q1", True), ("2025/26", False), ("2023/24 to 2025/26", False), ("2025-03-31", True)],
)
def test_a_period_below_the_grain_is_refused(load, problems, period: str, refused: bool) -> None:
    cells = row(indicator_id="needs_found_before_two", period=period)
    if refused:
        assert "year or longer for 'needs_found_before_two'" in problems(cells)[0]
    else:
        assert len(load(cells)) == 1


@pytest.mark.parametrize("period", ["", "soon", "2025 Q4", "2025/26 Q5", "2016 - 20"])
def test_a_period_that_cannot_be_read_is_refused(problems, period: str) -> None:
    assert "the period cannot be read" in problems(row(period=period))[0]


def test_days_that_are_no_period_are_refused(write_table: Write) -> None:
    header = ["indicator_id", "area_code", "period_from", "period_to", "numerator", "denominator"]
    for first, last in (("2025-04-01", "2025-06-29"), ("2025-06-30", "2025-04-01"), ("2025-04-01", "June")):
        with pytest.raises(DataErrors) as caught:
            read_file(write_table([header, [VISIT, BCP, first, last, 1, 2]]))
        assert "the period cannot be read" in str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("shoe_size", "4", "is not collected by 'shoe_size'"),
        ("imd_fifth_national", "1", "is not collected by 'imd_fifth_national'"),
        ("ethnic_group", "Martian", "the group 'Martian' is not in the list"),
        ("ethnic_group", "", "the group is missing"),
        ("", "White", "has no breakdown_type"),
    ],
)
def test_a_group_that_is_not_in_the_list_is_refused(problems, kind: str, value: str, words: str) -> None:
    assert words in problems(row(breakdown_type=kind, breakdown_value=value))[0]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"numerator": "801"}, "the numerator is above the denominator"),
        ({"numerator": "-1"}, "a count is below zero"),
        ({"numerator": "640.5"}, "people are counted whole"),
        ({"numerator": "1", "denominator": "0"}, "the numerator is above the denominator"),
        ({"denominator": ""}, "the denominator is missing"),
        ({"value": "85"}, "the value is not the numerator over the denominator"),
        ({"illustrative": "perhaps"}, "this is neither yes nor no"),
    ],
)
def test_impossible_figures_are_refused(problems, cells: dict[str, str], words: str) -> None:
    assert any(words in problem for problem in problems(row(**cells)))


def test_the_whole_may_equal_its_part_and_a_value_may_be_rounded(load) -> None:
    found = load(row(numerator="800"), row(area_code=DORSET, numerator="2", denominator="3", value="67"))
    assert found["value_status"].tolist() == ["shown", "shown"]


def test_the_same_row_twice_is_told_with_both_rows(problems) -> None:
    assert "stands in rows 2, 4" in problems(row(), row(area_code=DORSET), row(numerator="1"))[0]


def test_real_and_illustrative_rows_are_not_mixed(problems) -> None:
    assert "illustrative rows stand beside real ones" in problems(row(), row(area_code=DORSET, illustrative="yes"))[0]


def test_many_faulty_rows_are_one_problem_with_their_number(problems) -> None:
    found = problems(*[row(period=f"{2010 + at}/{11 + at} Q1", numerator="many") for at in range(10)])
    assert len(found) == 1
    assert "and 7 more rows" in found[0]


def test_a_column_nobody_asked_for_is_told_beside_the_rest(load) -> None:
    with pytest.raises(DataErrors) as caught:
        load([*row(numerator="801"), "x"], header=[*HEADER, "baby_name"])
    first, second = caught.value.problems
    assert isinstance(first, WrongColumns)
    assert (first.column, second.column, second.row) == ("baby_name", "numerator", 2)


def test_every_row_of_a_problem_is_kept_for_marking(load) -> None:
    with pytest.raises(DataErrors) as caught:
        load(row(numerator="801"), row(area_code=DORSET), row(numerator="802", period="2025/26 Q2"))
    (only,) = caught.value.problems
    assert only.rows == (2, 4)


def test_the_rows_of_the_file_stay_known(write_table: Write) -> None:
    frame = read_file(write_table([HEADER, row(), row(area_code=DORSET)])).frames["observation"]
    assert (frame.index.tolist(), frame.attrs["file"]) == ([2, 3], "table.csv")


def test_broken_files_are_told(load, write_table: Write, tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        load()
    with pytest.raises(WrongColumns, match="'denominator'"):
        load(row()[:6], header=HEADER[:6])
    with pytest.raises(UnrecognisedFile):
        read_file(write_table([["name", "age"], ["a", "b"]]))
    path = tmp_path / "cut.csv"
    path.write_text(",".join(HEADER) + "\n" + f"{VISIT},{BCP},2025")
    with pytest.raises(UnreadableFile, match="cut short"):
        read_file(path)
