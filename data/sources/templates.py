"""Write the empty workbook of a return: cover, plain guide, the sheet to fill in, a worked example, and its lists.

No merged cells, one header row on each sheet, frozen below it, columns as wide as their words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data import catalogue, reference
from data.catalogue.definitions import Column, Indicator, Register
from data.catalogue.pathway import pathway
from data.errors import UnknownName

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LONG_RETURN = "long_return"
PATHWAY_EVENTS = "pathway_events"
PUBLISHED = "published_statistics"
ROWS = 5_000  # rows of the return sheet that carry drop-downs
_POINTS = (1, 2, 3)
_WRAPPED_ROWS = 200  # beyond these stand only codes and names of areas
_WIDEST = 60  # characters; longer text is wrapped

# The period is chosen from a list here; the reader also takes period_from and period_to.
_PERIOD = Column("period", "text", "The quarter, year or day, such as 2025/26 Q4.", required=True, example="2025/26 Q1")
_ILLUSTRATIVE = Column(
    "illustrative", "yes_no", "Write yes only for made-up rows that try the dashboard. Never mix them with real rows."
)


#: The columns of a table of published figures, as ``published_statistics`` reads them.
PUBLISHED_COLUMNS = (
    Column("indicator", "text", "What the figure is, from the list.", required=True),
    Column("area_code", "code", "The area’s code; E92000001 is England.", required=True, example="E92000001"),
    Column("area_name", "text", "The area’s name.", example="England"),
    Column("period", "text", "The year, quarter or day the figure is for.", required=True, example="2024/25"),
    Column("value", "number", "The figure as it is printed.", required=True),
    Column("numerator", "number", "What was counted, if it is printed."),
    Column("denominator", "number", "Out of how many, if it is printed."),
    Column("lowercl", "number", "The lower confidence limit, if it is printed."),
    Column("uppercl", "number", "The upper confidence limit, if it is printed."),
    Column("unit", "text", "The unit as it is printed, such as %, £ or GBP million.", example="£"),
    Column("publisher", "text", "Who published it.", required=True),
    Column("publication_title", "text", "The publication, with its edition.", required=True),
    Column("source_url", "text", "The address at which you read the figure.", required=True),
    Column("note", "text", "The table and page, and what a reader should know."),
)


@dataclass(frozen=True, slots=True)
class Template:
    """What one workbook asks for."""

    name: str
    title: str
    purpose: str
    sheet: str
    columns: tuple[Column, ...]
    lists: dict[str, tuple[str, ...]]
    examples: tuple[tuple[str, ...], ...]
    indicators: tuple[Indicator, ...] = ()
    words: tuple[tuple[str, str], ...] = ()  # entries of a list, with what each means


def template_names() -> tuple[str, ...]:
    """Names of every template: the long return whole, by point and by page, events, published figures, registers."""
    pages = dict.fromkeys(entry.page for entry in _returned())
    return (
        LONG_RETURN,
        *(f"{LONG_RETURN}_point_{point}" for point in _POINTS),
        *(f"{LONG_RETURN}_{page}" for page in pages),
        PATHWAY_EVENTS,
        PUBLISHED,
        *(entry.id for entry in catalogue.registers()),
    )


def write_template(name: str, path: Path, *, on: dt.date | None = None) -> Path:
    """Write the workbook; ``on`` is the day from which the list of periods counts back."""
    from openpyxl import Workbook

    if name not in template_names():
        raise UnknownName(f"there is no template {name!r}", expected=", ".join(template_names()))
    template = _template(name, on or dt.datetime.now(tz=dt.UTC).date())
    book = Workbook()
    book.properties.title = template.title
    book.properties.creator = catalogue.ics().label
    book.properties.language = "en-GB"
    _write_cover(book, template)
    _write_guide(book, template)
    _write_return(book, template)
    _write_sheet(book, "Example", [column.name for column in template.columns], template.examples)
    _write_lists(book, template)
    book.save(path)
    return path


# ---- what each template asks for ------------------------------------------------------------------------------------


def _returned() -> tuple[Indicator, ...]:
    return tuple(entry for entry in catalogue.indicators() if entry.returned_by == LONG_RETURN)


def _template(name: str, on: dt.date) -> Template:
    if name == PATHWAY_EVENTS:
        return _pathway_template()
    if name == PUBLISHED:
        return _published_template()
    registers = {entry.id: entry for entry in catalogue.registers()}
    return _register_template(registers[name]) if name in registers else _long_template(name, on)


def _long_template(name: str, on: dt.date) -> Template:
    part = name.removeprefix(LONG_RETURN).removeprefix("_")
    indicators = tuple(entry for entry in _returned() if part in {"", entry.page} or part == f"point_{entry.point}")
    columns = _long_columns()
    kinds = dict.fromkeys(kind for entry in indicators for kind in entry.breakdowns)
    sent = [entry for entry in catalogue.breakdowns() if entry.id in kinds and not entry.derived]
    titles = {page.slug: page.title for page in catalogue.pages()}
    about = f"Point {part[-1]}" if part.startswith("point_") else titles.get(part, "all indicators")
    lists = {
        "indicator_id": tuple(entry.id for entry in indicators),
        "area_code": _areas(),
        "period": _periods(on),
        "breakdown_type": tuple(entry.id for entry in sent),
        "breakdown_value": tuple(dict.fromkeys(group for entry in sent for group in entry.values)),
        "illustrative": ("yes", "no"),
    }
    return Template(
        name=name,
        title=f"Long return: {about}",
        purpose="One row for each indicator, area, period and group. The value is worked out from two counts.",
        sheet="Return",
        columns=columns,
        lists={key: values for key, values in lists.items() if values},
        examples=_long_examples(columns, indicators, on),
        indicators=indicators,
    )


def _long_columns() -> tuple[Column, ...]:
    """The catalogue's columns, with one period in place of two days."""
    listed = {column.name: column for column in catalogue.long_return().columns}
    kept = [
        column for name, column in listed.items() if name not in {"period_from", "period_to", "period", "illustrative"}
    ]
    at = next(at for at, column in enumerate(kept) if column.name == "area_code") + 1
    return (
        *kept[:at],
        listed.get("period", _PERIOD),
        *kept[at:],
        listed.get("illustrative", _ILLUSTRATIVE),
    )


def _register_template(register: Register) -> Template:
    lists = {column.name: column.allowed for column in register.columns if column.allowed}
    lists |= {column.name: ("yes", "no") for column in register.columns if column.kind == "yes_no"}
    return Template(
        name=register.id,
        title=register.name,
        purpose=register.holds,
        sheet="Return",
        columns=register.columns,
        lists=lists,
        examples=(tuple(column.example for column in register.columns),),
    )


def _pathway_template() -> Template:
    """The return of events: codes only, with a made-up family as its example."""
    columns = pathway().columns
    example = {column.name: column.example for column in columns}
    steps = (("antenatal_form", "2025-01"), ("antenatal_contact", "2025-03"), ("birth", "2025-05"))
    rows = [{**example, "event": event, "month": month} for event, month in (*steps, ("new_birth_visit", "2025-05"))]
    return Template(
        name=PATHWAY_EVENTS,
        title="Pathway events",
        purpose="One row for each event, under a pseudonym. The command python -m data reduce writes it for you.",
        sheet="Return",
        columns=columns,
        lists={
            "event": tuple(one.id for one in pathway().events),
            "lsoa21cd": tuple(reference.lsoas()["lsoa21cd"]),
            "illustrative": ("yes", "no"),
        },
        examples=tuple(tuple(row[column.name] for column in columns) for row in rows),
        words=tuple((f"event: {one.id}", one.meaning) for one in pathway().events),
    )


def _published_template() -> Template:
    """The return of figures that a publisher has printed, such as a unit cost: one citation in each row."""
    named = [entry for entry in catalogue.indicators() if entry.returned_by == PUBLISHED and entry.published_names]
    example = ("Unit cost of a health visiting contact", "E92000001", "England", "2024/25", "1")
    return Template(
        name=PUBLISHED,
        title="Published figures with a citation each",
        purpose="One row for each figure that a publisher has printed, with the publication and its address.",
        sheet="Return",
        columns=PUBLISHED_COLUMNS,
        lists={"indicator": tuple(name for entry in named for name in entry.published_names)},
        examples=(
            (
                *(*example, "", "", "", "", "£"),
                *("EXAMPLE publisher", "EXAMPLE publication", "https://example.org", "EXAMPLE: not a real cost"),
            ),
        ),
        words=tuple((f"indicator: {entry.published_names[0]}", entry.definition) for entry in named),
    )


def _areas() -> tuple[str, ...]:
    """Code and name of the system's areas, widest first; the reader takes the code."""
    ics = catalogue.ics()
    wide = [f"{place.code} {place.label}" for place in (ics.icb, *ics.lads)]
    msoas, lsoas = reference.msoa_names(), reference.lsoas()
    middle = [f"{code} {name}" for code, name in zip(msoas["msoa21cd"], msoas["msoa21hclnm"], strict=True)]
    small = [f"{code} {name}" for code, name in zip(lsoas["lsoa21cd"], lsoas["lsoa21nm"], strict=True)]
    return (*wide, *middle, *small)


def _periods(on: dt.date) -> tuple[str, ...]:
    """The last twelve quarters and five years that have begun, newest first, and the last quarter ends."""
    year = on.year - (on.month < 4)
    quarter = (on.month - 4) % 12 // 3
    begun = [divmod(year * 4 + quarter - back, 4) for back in range(12)]
    quarters = [f"{_year(first)} Q{part + 1}" for first, part in begun]
    ends = [_quarter_start(first, part) - dt.timedelta(days=1) for first, part in begun[:8]]
    return (*quarters, *(_year(year - back) for back in range(5)), *(day.isoformat() for day in ends))


def _year(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _quarter_start(year: int, part: int) -> dt.date:
    month = 4 + 3 * part
    return dt.date(year + month // 13, (month - 1) % 12 + 1, 1)


def _long_examples(
    columns: Sequence[Column], indicators: Sequence[Indicator], on: dt.date
) -> tuple[tuple[str, ...], ...]:
    """Made-up rows: a count, a zero, a suppressed count and one that was not collected."""
    first = indicators[0]
    area = next(place.code for place in catalogue.ics().lads)
    quarters = [period for period in _periods(on) if "Q" in period]
    rows = (
        ("200", "250", "EXAMPLE: 200 of 250, so 80%"),
        ("0", "250", "EXAMPLE: none at all; zero is a number"),
        ("*", "250", "EXAMPLE: there is a small count and you hid it"),
        ("[x]", "[x]", "EXAMPLE: nobody counted it"),
    )
    filled = [
        {
            "indicator_id": first.id,
            "area_code": area,
            "period": period,
            "numerator": top,
            "denominator": bottom,
            "note": note,
        }
        for period, (top, bottom, note) in zip(quarters, rows, strict=False)
    ]
    return tuple(tuple(row.get(column.name, "") for column in columns) for row in filled)


# ---- sheets ---------------------------------------------------------------------------------------------------------


def _write_cover(book: Workbook, template: Template) -> None:
    sheet = book.active
    if sheet is None:
        raise ValueError("a new workbook has a sheet")
    lines = (
        template.title,
        template.purpose,
        "Fill in the sheet 'Return'. The sheet 'Guide' says what each column holds. 'Example' is made up.",
        "Counts only. Never write a name, NHS number, date of birth, full postcode or the story of one family.",
        "Send true counts, small ones too, if your agreement allows: the dashboard hides small numbers itself.",
        "Zero is a number: write 0 when there were none. Leave a cell empty, or write [x], when nobody counted.",
        "Save it as XLSX, ODS or CSV and send it to whoever runs the dashboard, who checks and loads it.",
    )
    sheet.title = "Cover"
    for row, line in enumerate(lines, start=1):
        sheet.cell(row=row, column=1, value=line)
    sheet.column_dimensions["A"].width = 110
    _mark_header(sheet, frozen=False)


def _write_guide(book: Workbook, template: Template) -> None:
    rows = [
        (column.name, column.meaning, "required" if column.required else "may be empty", column.example)
        for column in template.columns
    ]
    rows += [(name, meaning, "", "") for name, meaning in template.words]
    if template.indicators:
        rows += [
            (f"mark: {' '.join(entry.spellings[:6]).strip()}", entry.meaning, entry.status.replace("_", " "), "")
            for entry in catalogue.long_return().spellings
        ]
    _write_sheet(book, "Guide", ("Column", "What to write", "Required", "Example"), rows)


def _write_return(book: Workbook, template: Template) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = _write_sheet(book, template.sheet, [column.name for column in template.columns], ())
    for at, column in enumerate(template.columns, start=1):
        if column.name not in template.lists:
            continue
        letter = get_column_letter(at)
        listed = get_column_letter(list(template.lists).index(column.name) + 1)
        rule = DataValidation(
            type="list",
            formula1=f"Lists!${listed}$2:${listed}${len(template.lists[column.name]) + 1}",
            allow_blank=not column.required,
            errorStyle="stop" if column.name == "indicator_id" else "warning",
            showErrorMessage=True,
            showInputMessage=True,
            promptTitle=column.name[:32],
            prompt=column.meaning[:255],
            errorTitle="Not in the list",
            error="Choose an entry of the list. The sheet 'Lists' holds them all.",
        )
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROWS + 1}")


def _write_lists(book: Workbook, template: Template) -> None:
    """Write each list in its own column, and what each indicator counts."""
    longest = max((len(values) for values in template.lists.values()), default=0)
    rows = [[values[at] if at < len(values) else "" for values in template.lists.values()] for at in range(longest)]
    if rows:
        _write_sheet(book, "Lists", list(template.lists), rows)
    if template.indicators:
        facts = [
            (entry.id, entry.name, entry.numerator, entry.denominator, entry.area_grain, entry.period_grain)
            for entry in template.indicators
        ]
        names = ("indicator_id", "Name", "Numerator", "Denominator", "Smallest area", "Shortest period")
        _write_sheet(book, "Indicators", names, facts)


def _write_sheet(book: Workbook, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Worksheet:
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    body = [list(row) for row in rows]
    for row in (list(header), *body):
        sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    for at, title in enumerate(header, start=1):
        longest = max([len(title), *(len(str(row[at - 1])) for row in body)])
        sheet.column_dimensions[get_column_letter(at)].width = min(max(longest + 2, 14), _WIDEST)
    _mark_header(sheet, frozen=True)
    return sheet


def _mark_header(sheet: Worksheet, *, frozen: bool) -> None:
    from openpyxl.styles import Alignment, Font

    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = bold
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _WRAPPED_ROWS)):
        for cell in row:
            cell.alignment = wrapped
    if frozen:
        sheet.freeze_panes = "A2"
