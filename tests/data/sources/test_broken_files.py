"""Every reader is shown the same broken files, and answers each with one clear sentence that names the file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from data.catalogue import source
from data.errors import DataError, EmptyFile, UnreadableFile, WrongColumns
from data.sources import ReadingContext, read_file, reader_for

BCP = "Bournemouth, Christchurch and Poole"
AGES = {f"Age_{age}": 1 for age in range(90)} | {"Age_90plus": 1}
CENSUS = [
    "Aged 15 years and under",
    "Aged 16 to 24 years",
    "Aged 25 to 34 years",
    "Aged 35 to 49 years",
    "Aged 50 to 64 years",
    "Aged 65 years and over",
]
SHARE = "imd_proportion_of_lso_as_in_most_deprived_10_percent_nationally"


@dataclass(frozen=True)
class Example:
    """A good file in small, and how it is broken: a column to drop, a cell to spoil, a code of another vintage."""

    reader: str
    row: dict[str, object]
    drop: str
    spoil: str
    code: str = ""
    other_vintage: str = "E01015282"  # split in 2021
    more: dict[str, object] = field(default_factory=dict)


EXAMPLES = (
    Example(
        "iod",
        {
            "LSOA code (2021)": "E01015272",
            "LSOA name (2021)": "BCP 035A",
            "Local Authority District code (2024)": "E06000058",
            "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": 28274,
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": 9,
        },
        drop="Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
        spoil="Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
        code="LSOA code (2021)",
    ),
    Example(
        "iod",
        {"LSOA11CD": "E01015272", "LAD19CD": "E06000058", "IMD_rank": 23287, "IMD_decile": 8},
        drop="LAD19CD",
        spoil="IMD_rank",
        code="LSOA11CD",
        other_vintage="E01034275",
    ),
    Example(
        "iod_extras",
        {
            "LSOA21CD": "E01015272",
            "LSOA21NM": "BCP 035A",
            "LAD24CD": "E06000058",
            "income_domain_numerator": 180,
            "employment_domain_numerator": 80,
            "mental_health_indicator": -0.4,
        },
        drop="LAD24CD",
        spoil="employment_domain_numerator",
        code="LSOA21CD",
    ),
    Example(
        "iod_extras",
        {"ltla24_code": "E06000058", "ltla24_name": BCP, "imd_average_rank": 1, "imd_average_score": 1, SHARE: 0.05},
        drop=SHARE,
        spoil=SHARE,
    ),
    Example(
        "lookups",
        {
            "LSOA21CD": "E01015272",
            "LSOA21NM": "BCP 035A",
            "WD24CD": "E05012651",
            "WD24NM": "Boscombe East & Pokesdown",
            "LAD24CD": "E06000058",
        },
        drop="LAD24CD",
        spoil="WD24CD",
        code="LSOA21CD",
    ),
    Example(
        "lookups",
        {"LSOA11CD": "E01015272", "CHGIND": "U", "LSOA21CD": "E01015272", "LAD22CD": "E06000058"},
        drop="LSOA21CD",
        spoil="CHGIND",
        code="LSOA11CD",
        other_vintage="E01034275",
    ),
    Example(
        "population",
        {"LSOA11CD": "E01015272", "LAD22CD": "E06000058", "All Ages": 91, **AGES},
        drop="Age_1",
        spoil="Age_1",
        code="LSOA11CD",
        other_vintage="E01034275",
    ),
    Example(
        "census",
        {"LSOA21CD": "E01015272", "LAD24CD": "E06000058", **dict.fromkeys(CENSUS, 7)},
        drop="Aged 35 to 49 years",
        spoil="Aged 35 to 49 years",
        code="LSOA21CD",
    ),
    Example(
        "low_income",
        {
            "LAD code": "E06000058",
            "Ward name": "Bearwood & Merley",
            "Ward code": "E05012650",
            "Number of children FYE 2024": 379,
            "Percentage of children FYE 2024": 15.4,
        },
        drop="Percentage of children FYE 2024",
        spoil="Number of children FYE 2024",
    ),
    Example(
        "pathway_events",
        {
            "pseudonym": "a1" * 32,
            "event": "birth",
            "month": "2025-04",
            "lsoa21cd": "E01015272",
            "supplier": "A provider",
        },
        drop="lsoa21cd",
        spoil="month",
        code="lsoa21cd",
    ),
    Example(
        "settings",
        {
            "Organisation Code": "J81002",
            "Name": "Orchid House Surgery",
            "Status Code": "A",
            "Commissioner": "11J",
            "Prescribing Setting": "4",
            "lat": 50.80177,
            "long": -1.89449,
            "LSOA21CD": "E01020392",
        },
        drop="long",
        spoil="lat",
    ),
    Example(
        "settings",
        {
            "urn": "113659",
            "establishment_name": "Downlands",
            "establishment_type": "Community school",
            "education_phase": "Primary",
            "lsoa_code": "E01034378",
            "longitude": -2.115438,
            "latitude": 50.874015,
        },
        drop="education_phase",
        spoil="longitude",
    ),
    Example(
        "settings_return",
        {
            "setting_id": "HUB-01",
            "kind": "family_hub",
            "name": "Example hub",
            "lon": -1.83,
            "lat": 50.72,
            "area_code": "E01015272",
            "serves_under_twos": "yes",
        },
        drop="name",
        spoil="lat",
    ),
    Example(
        "registers",
        {
            "id": "F-001",
            "service": "Health visiting",
            "payer": "A council",
            "funding_source": "Public health grant",
            "council": "BCP",
            "year": "2025/26",
            "budget_or_outturn": "budget",
            "amount": 1000,
            "share_0_to_2": 0.5,
            "share_basis": "Share of contacts",
            "prevention": "prevention",
            "beneficiary": "Infant",
            "recurrent": "yes",
            "ring_fenced_locally": "no",
        },
        drop="payer",
        spoil="amount",
    ),
    Example(
        "registers",
        {
            "id": "C-001",
            "kind": "action",
            "promise": "Train everyone",
            "source_document": "Strategy",
            "partner_body": "A partner",
            "owner_role": "Training lead",
            "made_on": "2025-04-01",
            "status": "on track",
            "status_on": "2025-12-31",
        },
        drop="owner_role",
        spoil="status",
    ),
    Example(
        "postcodes",
        {"Postcode": "BH5 1BQ", "LSOA21CD": "E01015272", "lat": 50.7},
        drop="",  # without either of its two columns it is no longer recognised
        spoil="LSOA21CD",
    ),
)
NAMES = [f"{each.reader} {' '.join(list(each.row)[:2])}" for each in EXAMPLES]
every_reader = pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)

CHANGES = pd.DataFrame(
    [("E01015272", "E01015272", "U"), ("E01015273", "E01015273", "U")],
    columns=["area_code_from", "area_code_to", "change"],
)
CONTEXT = ReadingContext(load_changes=lambda: CHANGES)


def content(*rows: dict[str, object]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return file.getvalue()


def save(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "sent.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refusal(path: Path, *kinds: type[DataError]) -> str:
    with pytest.raises(kinds or DataError) as caught:
        read_file(path, CONTEXT)
    sentence = str(caught.value)
    assert "sent.csv" in sentence
    assert "\n" not in sentence
    return sentence


@every_reader
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_good_file_is_read_by_its_reader_in_every_encoding(tmp_path, example, encoding):
    path = save(tmp_path, content(example.row), encoding)
    assert reader_for(path).__name__ == f"data.sources.{example.reader}"
    reading = read_file(path, CONTEXT)
    assert reading.rows_read == 1
    assert all(len(frame) for frame in reading.frames.values())


@every_reader
def test_its_source_is_in_the_catalogue(tmp_path, example):
    reading = read_file(save(tmp_path, content(example.row)), CONTEXT)
    assert source(reading.source_id).id == reading.source_id


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.drop], ids=lambda each: each.reader)
def test_without_a_column_it_names_what_is_missing(tmp_path, example):
    row = {name: value for name, value in example.row.items() if name != example.drop}
    refusal(save(tmp_path, content(row)), WrongColumns)


@every_reader
def test_a_column_name_that_stands_twice_is_refused(tmp_path, example):
    lines = content(example.row).splitlines()
    cell = next(csv.reader([lines[0]]))[-1]
    path = save(tmp_path, f'{lines[0]},"{cell}"\n{lines[1]},1\n')
    assert "twice" in refusal(path, WrongColumns)


@every_reader
def test_no_rows_no_bytes_and_a_web_page_are_refused(tmp_path, example):
    refusal(save(tmp_path, content(example.row).splitlines()[0] + "\n"), EmptyFile)
    refusal(save(tmp_path, ""), EmptyFile)
    refusal(save(tmp_path, "<!DOCTYPE html><html>502 Bad Gateway</html>"), UnreadableFile)


@every_reader
def test_a_file_cut_short_is_refused(tmp_path, example):
    text = content(example.row, example.row).rstrip("\r\n")
    path = save(tmp_path, text[: text.rindex(",")])
    refusal(path, UnreadableFile)


@every_reader
def test_text_where_a_number_or_code_belongs_is_shown_with_its_row(tmp_path, example):
    sentence = refusal(save(tmp_path, content(example.row | {example.spoil: "plenty"})))
    assert "row 2" in sentence
    assert "'plenty'" in sentence


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.code], ids=lambda each: each.reader)
def test_a_code_of_another_vintage_is_refused(tmp_path, example):
    good = example.row | {example.code: "E01015273"}
    refusal(save(tmp_path, content(good, example.row | {example.code: example.other_vintage})))


@every_reader
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_workbook_cut_short_is_refused(tmp_path, write_table, example, share):
    path = write_table([list(example.row), list(example.row.values())], "sent.csv.xlsx")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refusal(path, UnreadableFile)


def test_a_file_that_no_reader_knows_is_told_what_is_accepted(tmp_path):
    path = save(tmp_path, "colour,weight\nred,1\n")
    sentence = refusal(path)
    assert "columns 'colour', 'weight'" in sentence
    assert "English Indices of Deprivation 2025 or 2019" in sentence
