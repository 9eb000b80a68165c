"""What does a page lead with? Up to four figures, each held against a published level or a benchmark."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.figures import Benchmark, benchmarks, with_comparison
from data.answers.leading import headline, leading_rows, usual_reason
from data.answers.made import make_answer
from data.answers.opened import reading
from data.answers.scorecard import NO_DATA
from data.answers.words import AREA_WORDS, figure, status_words
from data.catalogue import ics, indicator
from data.catalogue import page as page_called
from data.catalogue.definitions import Indicator
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS: Final = ["indicator_id", "name", "value_words", "against", "period", "area", "value_status", "illustrative"]
NO_BENCHMARK: Final = "no benchmark"


def headlines(page: str) -> Answer:
    """Give the figures that a page leads with, in the order of ``pages.toml``."""
    chosen = page_called(page)
    with reading() as connection:
        rows = newest_rows(connection, chosen.headlines)
        held_against = benchmarks(connection, chosen.headlines)
        records = [record(indicator(name), rows.get(name, []), held_against.get(name)) for name in chosen.headlines]
        used = [row["submission_id"] for found in rows.values() for row in leading_rows(found)]
        finding = headlines_finding(records)
        return make_answer(
            connection,
            question=chosen.question,
            finding=finding,
            table=pd.DataFrame(records, columns=COLUMNS),
            text_alternative=finding,
            submission_ids={int(number) for number in used if pd.notna(number)},
            area_type="icb",
        )


def newest_rows(connection: sa.Connection, names: tuple[str, ...]) -> dict[str, list[dict[Hashable, Any]]]:
    """Give the newest figures for everyone of the system and its councils, by indicator."""
    rows: dict[str, list[dict[Hashable, Any]]] = {}
    for place in (ics().icb, *ics().lads):
        found = select_released(connection, list(names), area_code=place.code, breakdown_type="", latest=True)
        for row in found.to_dict("records"):
            rows.setdefault(str(row["indicator_id"]), []).append(row)
    return rows


def record(definition: Indicator, rows: list[dict[Hashable, Any]], benchmark: Benchmark | None) -> dict[str, Any]:
    """Write one figure with what it is held against, or say why there is none."""
    said: dict[str, Any] = {"indicator_id": definition.id, "name": definition.short_name, "against": NO_BENCHMARK}
    if not rows:
        return said | {
            "value_words": NO_DATA,
            "period": "",
            "area": ics().label,
            "value_status": "not_collected",
            "illustrative": False,
        }
    alike = leading_rows(rows)
    found = headline(definition, rows)
    return said | {
        "value_words": found.words if alike else status_words(usual_reason(rows)).capitalize(),
        "against": against(definition, alike, benchmark),
        "period": found.period,
        "area": area_words(alike),
        "value_status": alike[0]["value_status"] if alike else usual_reason(rows),
        "illustrative": found.illustrative,
    }


def area_words(rows: list[dict[Hashable, Any]]) -> str:
    """Name the place of a figure: the system, or each council where councils can't be added up."""
    single = not rows or rows[0]["area_type"] == ics().icb.area_type
    return ics().label if single else f"each of {len(rows)} {AREA_WORDS['lad'][1]}"


def against(definition: Indicator, rows: list[dict[Hashable, Any]], benchmark: Benchmark | None) -> str:
    """Say what a figure is held against: a published level, or else a published benchmark, and how it stands."""
    if not rows:
        return NO_BENCHMARK
    target = definition.target
    if target is not None and target.value is not None and not target.implied:
        return f"published level {figure(target.value, definition.unit)}"
    if benchmark is None or benchmark.name == ics().icb.label:
        return NO_BENCHMARK
    held = f"{benchmark.name} {figure(benchmark.value, definition.unit)}, {benchmark.period}"
    if len(rows) > 1:
        return held
    compared = str(with_comparison(pd.DataFrame(rows), benchmark, definition)["comparison"].iloc[0])
    joined = {"similar": "similar to", "not compared": ""}.get(compared, f"{compared} than")
    return f"{joined} {held}".strip()


def headlines_finding(records: list[dict[str, Any]]) -> str:
    """Say the figures in one line, or that there are none yet."""
    given = [one for one in records if one["value_status"] in {"shown", "rounded"}]
    listed = "; ".join(f"{one['name']} {one['value_words']} ({one['period']})" for one in given)
    missing = len(records) - len(given)
    if not given:
        return "None of the figures that lead this page has been sent in yet."
    return f"{listed}." + (f" {missing} of {len(records)} figures can’t be shown." if missing else "")
