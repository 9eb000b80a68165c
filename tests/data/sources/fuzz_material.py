"""Small valid files of every reader, and ways to spoil them. What to spoil is chosen by a function from outside.

``choose(n)`` gives a number from 0 to n - 1: from Hypothesis in the tests, from the fuzzing engine in the benchmark.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from data.sources import dhsc_upload, published_statistics
from tests.data.sources.hostile_bytes import OPEN_HEADER, open_cell, opendocument_parts, workbook_parts
from tests.data.sources.test_broken_files import EXAMPLES

Choose = Callable[[int], int]
Table = list[list[str]]

BCP, DORSET = "E06000058", "E06000059"
FINGERTIPS = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
    "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,"
    "Denominator,Value note,Recent Trend,Compared to England value or percentiles,"
    "Compared to Region value or percentiles,Time period Sortable,New data,Compared to goal,Time period range"
)
LAIT = (
    "Topic,Measure,Chart_title,Measure_short,Polarity,y_axis_name,Year_Type,Time period,Area name,Area code (ONS),"
    "DfE LA number,Value,Value_note"
)
MEASURE = "Health,Prevalence of breastfeeding,B,6wksBreast,High,%"
MSDS = "2022-23,SmokingStatusGroupBooking,Provider,RBD,THE TRUST"
RETURN = "indicator_id,area_code,period,breakdown_type,breakdown_value,numerator,denominator,value,note,illustrative"
TABLES: dict[str, tuple[str, str]] = {
    "fingertips": (
        "indicators.csv",
        f"{FINGERTIPS}\n92517,Breastfeeding,E12000009,South West,E06000059,Dorset,UA,Persons,6-8 weeks,,,2023/24,"
        "58.4,56.7,60.1,,,1753,3002,,,Similar,Similar,20230000,,,1y\n92517,Breastfeeding,E12000009,South West,"
        "E06000059,Dorset,UA,Persons,6-8 weeks,,,2022/23,*,,,,,,,Value suppressed,,Similar,Similar,20220000,,,1y\n",
    ),
    "dhsc_upload": (
        "93436_2024.csv",
        f"{','.join(dhsc_upload.COLUMNS)}\nE06000058,2023-04-01,2024-03-31,Financial year,Persons,2,2.5,,,1753,58.4,"
        "3002,56.7,60.1,,\nE06000059,2023-04-01,2024-03-31,Financial year,Persons,2,2.5,,,,*,,,,,\n",
    ),
    "lait": (
        "lait.csv",
        f"{LAIT}\n{MEASURE},Financial Year,2024,Dorset,E06000059,838.0,55.44,\n"
        f"{MEASURE},Financial Year,2023,Dorset,E06000059,838.0,,x\n",
    ),
    "msds": (
        "msds.csv",
        f"Period,Dimension,Org_Level,Org_Code,Org_Name,Measure,Count_Of,Value\n{MSDS},Smoker,Deliveries,185\n"
        f"{MSDS},Non-Smoker / Ex-Smoker,Deliveries,1070\n"
        f"{MSDS},Missing value / Value outside reporting parameters,Deliveries,230\n",
    ),
    "hv_metrics": (
        "metrics.csv",
        "Area code,Area name,Period,Metric,Numerator,Denominator,Percentage\n"
        "E06000058,BCP,2024/25 Q1,C2: New birth visits within 14 days,640,800,80\n"
        "E06000059,Dorset,2024/25 Q1,C6ii,90,100,[c]\n",
    ),
    "published_statistics": (
        "published.csv",
        f"{','.join(published_statistics.COLUMNS)}\nChildren looked after at 31 March,E06000059,Dorset,2024,449,,,,,"
        "children,Council,Strategy,https://example.org,\n",
    ),
    "gdp_deflators": (
        "deflators.csv",
        "GDP DEFLATORS AT MARKET PRICES AND MONEY GDP,,,\nOutturn last updated 1 January 2026.,,,\n"
        "Financial year,2024-25 = 100,per cent change on previous year,Calendar year\n"
        "2023-24,96,,2023\n2024-25,100,4.2,2024\n",
    ),
    "long_return": (
        "return.csv",
        f"{RETURN}\nnew_birth_visit_14_days,E06000058,2025/26 Q1,,,640,800,,,\n"
        "new_birth_visit_14_days,E06000059,2025/26 Q1,,,*,800,,too small,\n",
    ),
}
SHAPES = {
    "type": "FeatureCollection",
    "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    "features": [
        {
            "type": "Feature",
            "properties": {"LAD24CD": code, "LAD24NM": name},
            "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
        }
        for code, name, w, s, e, n in (
            (DORSET, "Dorset", -2.5, 50.6, -2.0, 50.9),
            (BCP, "Bournemouth, Christchurch and Poole", -2.0, 50.7, -1.7, 50.8),
        )
    ],
}

#: What people, programs and attackers write into a cell.
NASTY = (
    *("", " ", "\u00a0", "0", "-0", "-1", "0.5", "1e308", "1e400", "-1e400", "inf", "-inf", "nan", "NaN", "None"),
    *(
        "null",
        "TRUE",
        "*",
        "<5",
        "< 5",
        "[c]",
        "-",
        "–",
        "..",
        "c",
        "N/A",
        "1,234",
        "1,2,3",
        "12%",
        "１２",
        "٣",
        "²",
        "½",
    ),
    *("9" * 400, "9" * 5000, "0." + "1" * 400, "1e-400", "0x10", "1_000", "+7", "--5", "1e5", "99999999999999999999"),
    *("E01015272", BCP, DORSET, "E01034275", "E99999999", "E06000058 BCP", "e06000059", "E54000041", "W01000001"),
    *("2025/26", "2025/26 Q4", "2025/26 Q5", "0000", "0000/01", "9999", "9999/00", "9999/00 Q4", "2025", "2019 - 20"),
    *("0001-01-01", "9999-12-31", "31/12/9999", "2025-02-30", "2023/24 to 2025/26", "0000/01 to 9999/00", "Q1 2025/26"),
    *("1 January 0001", "2025-03-31T00:00:00", "at 31 March 2024", "٢٠٢٤", "2024 Q4", "9998/99 to 9999/00"),
    *("=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+44", "-2+3+cmd|' /C calc'!A0", "\t=1", "{0}", "%s", "\\N", "\\"),
    *("\x00", "\x1f", "\x85", "\u2028", "\u202e", "😀", "\ufeff", "\uffff", "Ω" * 3, "a" * 300, "a" * 140_000),
    *('"', "'", "\n", "\r", "a\nb", '"; DROP TABLE area; --', "<b>", "&amp;", "..", "/etc/passwd", "nan,nan"),
    *("yes", "no", "april", "imd_fifth_national", "example", "C2", "C8ii", "92517", "1y", "Persons", "Male", "1", "5"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le")


@dataclass(frozen=True)
class Sent:
    """One made-up file: its reader, its name and its bytes."""

    reader: str
    name: str
    content: bytes


@cache
def tables() -> tuple[tuple[str, str, Table], ...]:
    """Give reader, file name and rows of every small valid table."""
    found = []
    for each in EXAMPLES:
        row = [str(value) for value in each.row.values()]
        found.append((each.reader, "sent.csv", [list(each.row), row]))
    for reader, (name, text) in TABLES.items():
        found.append((reader, name, list(csv.reader(io.StringIO(text)))))
    return tuple(found)


@cache
def shape_files() -> tuple[tuple[str, bytes], ...]:
    """Give the same two areas as a GeoPackage and as a zipped shapefile."""
    import geopandas as gpd

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame = gpd.GeoDataFrame.from_features(SHAPES["features"], crs="EPSG:4326")
        frame.to_file(folder / "areas.gpkg", driver="GPKG", engine="pyogrio")
        (folder / "parts").mkdir()
        frame.to_file(folder / "parts" / "areas.shp", engine="pyogrio")
        with zipfile.ZipFile(folder / "areas.zip", "w") as file:
            for part in sorted((folder / "parts").iterdir()):
                file.write(part, part.name)
        return tuple((each, (folder / each).read_bytes()) for each in ("areas.gpkg", "areas.zip"))


def kinds() -> int:
    """How many different small files there are."""
    return len(tables()) + 1 + len(shape_files())


def valid(number: int) -> Sent:
    """Give a valid file by its number."""
    return spoiled(number, lambda _: 0, steps=0)


def spoiled(number: int, choose: Choose, *, steps: int | None = None) -> Sent:
    """Give a file by its number after some steps of spoiling: of its rows or shapes, of its form, of its bytes."""
    steps = choose(5) if steps is None else steps
    if number < len(tables()):
        reader, name, rows = tables()[number]
        table = [list(row) for row in rows]
        for _ in range(steps):
            TABLE_STEPS[choose(len(TABLE_STEPS))](table, choose)
        name, content = written(table, name, choose)
    elif number == len(tables()):
        reader, name, content = "boundaries", "areas.geojson", spoiled_shapes(choose, steps)
    else:
        reader = "boundaries"
        name, content = shape_files()[number - len(tables()) - 1]
        if name.endswith(".zip") and steps:
            content = zipped(spoiled_parts(unzipped(content), choose))
    if steps and (choose(4) == 0 or not name.endswith((".csv", ".geojson"))):
        for _ in range(choose(4)):
            content = BYTE_STEPS[choose(len(BYTE_STEPS))](content, choose)
    return Sent(reader, name, content)


# ---- rows -----------------------------------------------------------------------------------------------------------


def pick(items: Any, choose: Choose) -> Any:
    """Choose one."""
    return items[choose(len(items))]


def set_cell(table: Table, choose: Choose) -> None:
    """Put something nasty into a cell."""
    row = pick(table, choose)
    if row:
        row[choose(len(row))] = pick(NASTY, choose)


def set_body_cell(table: Table, choose: Choose) -> None:
    """Put something nasty into a cell below the column names, which gets further in than a spoiled name."""
    if len(table) > 1:
        row = table[1 + choose(len(table) - 1)]
        if row:
            row[choose(len(row))] = pick(NASTY, choose)


def set_column(table: Table, choose: Choose) -> None:
    """Put the same into a whole column."""
    at, value = choose(max(map(len, table), default=1) or 1), pick(NASTY, choose)
    for row in table[1:]:
        if at < len(row):
            row[at] = value


def splice_cell(table: Table, choose: Choose) -> None:
    """Put something into the middle of a cell."""
    row = pick(table, choose)
    if row:
        at = choose(len(row))
        cut = choose(len(row[at]) + 1)
        row[at] = row[at][:cut] + pick(NASTY, choose)[:50] + row[at][cut + choose(3) :]


def swap_cells(table: Table, choose: Choose) -> None:
    """Let two cells change places."""
    one, other = pick(table, choose), pick(table, choose)
    if one and other:
        a, b = choose(len(one)), choose(len(other))
        one[a], other[b] = other[b], one[a]


def drop_column(table: Table, choose: Choose) -> None:
    """Take a column out."""
    at = choose(max(map(len, table), default=1) or 1)
    for row in table:
        del row[at : at + 1]


def double_column(table: Table, choose: Choose) -> None:
    """Let a column stand twice, perhaps under another name."""
    at = choose(max(map(len, table), default=1) or 1)
    for row in table:
        row.append(row[at] if at < len(row) else "")
    if table and choose(2):
        table[0][-1] += pick(("_2", " ", "\u00a0", ".1", "x"), choose)


def rename_column(table: Table, choose: Choose) -> None:
    """Write a column's name in another way."""
    if table and table[0]:
        at = choose(len(table[0]))
        name = table[0][at]
        table[0][at] = pick((name.upper(), name.lower(), f" {name} ", name.replace("_", " "), name[::-1], ""), choose)


def move_column(table: Table, choose: Choose) -> None:
    """Put a column first."""
    at = choose(max(map(len, table), default=1) or 1)
    for row in table:
        row.insert(0, row.pop(at) if at < len(row) else "")


def drop_row(table: Table, choose: Choose) -> None:
    """Take a row out."""
    if table:
        del table[choose(len(table))]
    if not table:
        table.append([""])


def double_row(table: Table, choose: Choose) -> None:
    """Let a row stand several times."""
    row = pick(table, choose)
    table.extend([list(row) for _ in range(pick((1, 2, 50), choose))])


def put_row(table: Table, choose: Choose) -> None:
    """Put a title, a note, a blank row or a ragged row somewhere."""
    row = pick((["A title"], [], [""] * 3, list(NASTY[:20]), ["Source: ONS"], ["x"] * 3), choose)
    table.insert(choose(len(table) + 1), list(row))


TABLE_STEPS = (
    *(set_cell, set_body_cell, set_body_cell, set_body_cell, set_column, splice_cell, swap_cells, drop_column),
    *(double_column, rename_column, move_column, drop_row, double_row, put_row),
)


# ---- the form of the file -------------------------------------------------------------------------------------------


def written(table: Table, name: str, choose: Choose) -> tuple[str, bytes]:
    """Write rows as a text file of some encoding and delimiter, or as a workbook; the name goes with the content."""
    form = choose(10)
    if form == 8:
        parts = workbook_parts("".join(map(xml_row, range(1, len(table) + 1), table)))
        return name, zipped(spoiled_parts(parts, choose))
    if form == 9:
        rows = "".join(f"<table:table-row>{''.join(map(open_text, row))}</table:table-row>" for row in table)
        return name, zipped(spoiled_parts(opendocument_parts(rows or OPEN_HEADER), choose))
    file = io.StringIO()
    csv.writer(file, delimiter=",,,,,\t;|"[form]).writerows(table)
    return name, file.getvalue().encode(ENCODINGS[choose(len(ENCODINGS))] if form else "utf-8", "replace")


def xml_row(number: int, row: list[str]) -> str:
    """Write a row of a workbook, numbers as numbers."""
    cells = "".join(
        f"<c><v>{cell}</v></c>" if cell.isdecimal() else f'<c t="inlineStr"><is><t>{xml_text(cell)}</t></is></c>'
        for cell in row
    )
    return f'<row r="{number}">{cells}</row>'


def open_text(cell: str) -> str:
    """Write a cell of an OpenDocument sheet."""
    return open_cell(xml_text(cell))


def xml_text(text: str) -> str:
    """Write letters as XML can hold them."""
    return escape("".join(letter for letter in text if letter in "\t\n" or (ord(letter) > 31 and letter != "\uffff")))


def zipped(parts: Any) -> bytes:
    """Put parts into a container that is not packed, so that flipped bytes reach what is inside."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Take the parts out of a container."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoiled_parts(parts: Any, choose: Choose) -> dict[str, bytes]:
    """Spoil one part of a container, which is then whole again outside."""
    made = {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    name = pick(sorted(made), choose)
    for _ in range(choose(3)):
        made[name] = BYTE_STEPS[choose(len(BYTE_STEPS))](made[name], choose)
    return made


# ---- shapes ---------------------------------------------------------------------------------------------------------

NASTY_JSON = (
    *(None, True, "", "E06000058", "x", "\x00", "\ud800", [], {}, [[]], 0, -1, 1e308, 1e400, float("nan"), 181, 91),
    *("Point", "LineString", "MultiPolygon", "GeometryCollection", "FeatureCollection", "9" * 400, [[[0, 0]]]),
    *([[[-2.5, 50.6], [-2.0, 50.6], [-2.5, 50.6]]], [[[400000, 90000], [410000, 90000], [410000, 99000]]]),
    *({"type": "Point", "coordinates": [0, 0]}, {"type": "Polygon", "coordinates": []}, "EPSG:27700", "EPSG:0"),
)


def spoiled_shapes(choose: Choose, steps: int) -> bytes:
    """Spoil some values of a GeoJSON at some depth."""
    shapes: Any = copy.deepcopy(SHAPES)
    for _ in range(steps):
        held, key = shapes, None
        for _ in range(1 + choose(8)):
            inner = held if key is None else held[key]
            if not isinstance(inner, dict | list) or not inner:
                break
            held, key = inner, pick(list(inner) if isinstance(inner, dict) else range(len(inner)), choose)
        if key is None:
            continue
        act = choose(4)
        if act == 0 and isinstance(held, dict):
            del held[key]
        elif act == 1 and isinstance(held, list):
            held.append(copy.deepcopy(held[key]))
        else:
            held[key] = copy.deepcopy(pick(NASTY_JSON, choose))
    return json.dumps(shapes).encode()


# ---- bytes ----------------------------------------------------------------------------------------------------------


def flip(content: bytes, choose: Choose) -> bytes:
    """Change one byte."""
    if not content:
        return content
    at = choose(len(content))
    return content[:at] + bytes([choose(256)]) + content[at + 1 :]


def cut(content: bytes, choose: Choose) -> bytes:
    """Cut the file short."""
    return content[: choose(len(content) + 1)]


def take_out(content: bytes, choose: Choose) -> bytes:
    """Take some bytes out of the middle."""
    at = choose(len(content) + 1)
    return content[:at] + content[at + choose(64) :]


def put_in(content: bytes, choose: Choose) -> bytes:
    """Put some bytes into the middle."""
    at = choose(len(content) + 1)
    more = pick(
        (b"\x00", b"\xff\xfe", b"\n", b'"', b",", b"\xc3", b"PK\x03\x04", b"<!DOCTYPE x>", b"\x00" * 40), choose
    )
    return content[:at] + more + content[at:]


def repeat(content: bytes, choose: Choose) -> bytes:
    """Let some bytes stand twice."""
    at = choose(len(content) + 1)
    return content[:at] + content[max(0, at - choose(200)) :]


BYTE_STEPS = (flip, flip, flip, cut, take_out, put_in, repeat)
