"""What is on file: for the duty to reduce inequalities, by sector, in contracts, and of co-production."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from data.answers.alternatives import extremes_words
from data.answers.answer import Answer
from data.answers.register_answers import NONE, listed, read_now, reading, register_answer, said_day
from data.answers.register_cells import Entry, Held
from data.answers.register_evidence import COPRODUCED, MATRIX, allowed, is_reported, sectors
from data.answers.words import figure, period_label, status_words
from data.catalogue import asks, ics, indicator, indicators
from data.store.released import select_release_revisions, select_released

DUTY: Final = ["item", "year", "on_file", "document", "page", "quote", "link", "found_on", "missing"]
SECTORS: Final = ["sector", "service", "training", "lead", "champion", "commitment", "review_on"]
KPIS: Final = ["entry", "measure", "mandated", "contract", "organisation", "asks", "last_reported", "aligned"]
UNMEASURED: Final = ["ask", "quote", "measures_here"]
COPRODUCTION: Final = ["held_on", "service", "activity", "level", "groups", "you_said", "we_did"]
EQUALITY: Final = "Beside it: the public sector equality duty (Equality Act 2010, section 149)"
#: Panel members from the agreed groups, divided by how many would be expected from their share in the community.
PANELS: Final = "panel_representation"
NO_VERDICT: Final = "This reports what is on file. It gives no verdict on whether the law was kept."


def duty_file() -> Answer:
    """Say what is on file for each of the five items of the duty, from which document, and what is missing."""
    with reading() as connection:
        held = read_now(connection)
        rows = held.of("duty_evidence")
        year = max((row["year"] for row in rows), default="")
        items = allowed("duty_evidence", "item")
        table = [
            _item(item, [row for row in rows if row["item"] == item and row["year"] == year], year) for item in items
        ]
        met = sum(row["missing"] == NONE for row in table)
        some = sum(row["on_file"].startswith("On file, but") for row in table)
        finding = f"For {year}, {met} of {len(items)} items are evidenced for under-twos"
        finding += f", and {some} more {'is' if some == 1 else 'are'} on file without naming them." if some else "."
        return register_answer(
            held,
            ("duty_evidence",),
            question="Is the duty to reduce health inequalities evidenced for under-twos?",
            finding=finding,
            rows=[*table, _equality(held)],
            columns=DUTY,
            notes=(NO_VERDICT, "The duty is in the NHS Act 2006, section 14Z35. It covers everyone and names no age."),
        )


def _item(item: str, rows: list[Entry], year: str) -> dict[str, Any]:
    """Say one item; what is about under-twos is shown before what is not."""
    about = [row for row in rows if row["mentions_under_twos"]]
    best = next(iter(about or rows), None)
    if best is None:
        empty = dict.fromkeys(("document", "page", "quote", "link", "found_on"), NONE)
        return {
            "item": item,
            "year": year,
            "on_file": "Nothing on file",
            **empty,
            "missing": "A document that shows it",
        }
    missing = NONE if about else "Words in it about children under two"
    return {
        "item": item,
        "year": year,
        "on_file": "On file, about under-twos" if about else "On file, but not about under-twos",
        **{name: best[name] or NONE for name in ("document", "page", "quote", "link")},
        "found_on": said_day(best["found_on"]),
        "missing": missing,
    }


def _equality(held: Held) -> dict[str, Any]:
    """Say what the dashboard itself has to do with the equality duty: how much of it is shown by ethnic group."""
    there = select_release_revisions(held.connection)
    shown = sum("ethnic_group" in one.breakdowns and bool(there.get(one.id)) for one in indicators())
    return {
        **dict.fromkeys(DUTY, NONE),
        "item": EQUALITY,
        "on_file": f"{shown} indicators here are returned by ethnic group",
        "missing": "An equality impact assessment is a document of its own: record it as evidence of a promise",
    }


def sector_matrix() -> Answer:
    """Show what each of the eight sectors has in place, with since when."""
    with reading() as connection:
        held = read_now(connection)
        rows = [
            _sector(sector, [row for row in held.of("sector_evidence") if row["sector"] == sector])
            for sector in sectors()
        ]
        cells = sum(row[what].startswith("In place") for row in rows for what in MATRIX)
        bare = [row["sector"] for row in rows if not any(row[what].startswith("In place") for what in MATRIX)]
        finding = f"{cells} of {len(MATRIX) * len(rows)} cells of service, training and lead have evidence."
        finding += f" There is none for {listed(bare)}." if bare else ""
        return register_answer(
            held,
            ("sector_evidence",),
            question="Which sectors have a service, training and a lead?",
            finding=finding,
            rows=rows,
            columns=SECTORS,
            notes=("The eight sectors are the proposal’s. They are not the nine workforce groups.",),
        )


def _sector(sector: str, rows: list[Entry]) -> dict[str, Any]:
    """Say what one sector has; nothing on file is told from not in place."""
    said: dict[str, Any] = {"sector": sector}
    for what in ("service", "training", "lead", "champion", "commitment"):
        own = [row for row in rows if row["what"] == what]
        there = [row for row in own if row["in_place"]]
        since = f" since {said_day(there[0]['since'])}" if there and there[0]["since"] else ""
        said[what] = f"In place{since}" if there else "Not in place" if own else "Nothing on file"
    reviews = [row["review_on"] for row in rows if row["review_on"]]
    return {**said, "review_on": said_day(min(reviews)) if reviews else NONE}


def kpi_register() -> Answer:
    """List the measures in contracts, with the asks that each serves and whether it is reported."""
    with reading() as connection:
        held = read_now(connection)
        rows = [
            {
                "entry": row["entry_id"],
                "measure": row["kpi"],
                "mandated": "Yes" if row["mandated"] else "No",
                "contract": row["contract"],
                "organisation": row["organisation"],
                "asks": row["asks"] or NONE,
                "last_reported": said_day(row["last_reported"]),
                "aligned": "Mapped and reported" if row["asks"] and is_reported(row) else _unaligned(row),
            }
            for row in held.of("kpis")
        ]
        aligned = sum(row["aligned"] == "Mapped and reported" for row in rows)
        bare = len(asks()) - len(_measured(held))
        return register_answer(
            held,
            ("kpis",),
            question="Which measures in contracts serve which ask?",
            finding=f"{aligned} of {len(rows)} measures are mapped to an ask and reported. "
            f"No contract measures {bare} of the {len(asks())} asks.",
            rows=sorted(rows, key=lambda row: (row["aligned"] == "Mapped and reported", row["entry"])),
            columns=KPIS,
        )


def _unaligned(row: Entry) -> str:
    return "Mapped, never reported" if row["asks"] else "Not mapped to an ask"


def _measured(held: Held) -> set[str]:
    return {name for row in held.of("kpis") for name in row["asks"].split()}


def asks_nobody_measures() -> Answer:
    """List the asks that no measure in a contract serves."""
    with reading() as connection:
        held = read_now(connection)
        measured = _measured(held)
        bare = [one for one in asks() if one.id not in measured]
        rows = [{"ask": one.id, "quote": one.quote, "measures_here": len(one.indicators)} for one in bare]
        return register_answer(
            held,
            ("kpis",),
            question="Which asks does no contract measure?",
            finding=f"No contract measures {len(bare)} of the {len(asks())} asks.",
            rows=rows,
            columns=UNMEASURED,
            notes=("The last column counts the indicators by which this dashboard can measure the ask.",),
        )


def coproduction() -> Answer:
    """List where families helped to shape services, how far, and which groups were there."""
    with reading() as connection:
        held = read_now(connection)
        meetings = sorted(held.of("coproduction"), key=lambda row: row["held_on"], reverse=True)
        shaped = sum(row["level"] in COPRODUCED for row in meetings)
        changed = sum(bool(row["we_did"]) for row in meetings)
        return register_answer(
            held,
            ("coproduction",),
            question="Do families shape services, and which groups are at the table?",
            finding=f"{shaped} of {len(meetings)} activities reached co-design or co-production. "
            f"{changed} say what changed because of them. {panel_words(held)}",
            rows=[_meeting(row) for row in meetings],
            columns=COPRODUCTION,
            notes=(
                "The ladder runs from inform, consult and engage to co-design and co-produce.",
                "How many people of which groups sit on a panel is not shown here: the counts are small.",
                "Members from the agreed groups are divided by how many would be expected, where that is safe to show.",
            ),
            alternative=ladder_alternative([row["level"] for row in meetings]),
        )


def panel_words(held: Held) -> str:
    """Say how marginalised families' share of panels compares with their share in the community."""
    known = indicator(PANELS)
    rows = select_released(held.connection, PANELS, area_code=ics().icb.code, breakdown_type="", latest=True)
    lead = "Marginalised families on panels, against their share in the community:"
    if rows.empty:
        return f"{lead} no data yet."
    row = rows.sort_values("period_to").iloc[-1]
    period = period_label(row["period_type"], row["period_from"], row["period_to"])
    told = status_words(row["value_status"]) if pd.isna(row["value"]) else figure(row["value"], known.unit)
    return f"{lead} {told} ({period})."


#: The rungs of co-production, from telling families to shaping together.
LADDER: Final = ("inform", "consult", "engage", "co-design", "co-produce")


def ladder_alternative(levels: Sequence[str]) -> str:
    """Describe the ladder of co-production: the activities on each rung, and the rungs with most and fewest."""
    counts = {rung: levels.count(rung) for rung in LADDER}
    listed = ", ".join(f"{rung} {count}" for rung, count in counts.items())
    ends = extremes_words([rung.capitalize() for rung in LADDER], counts.values(), "activities")
    return f"Bars of activities on each rung of the ladder of co-production: {listed}. {ends}"


def _meeting(row: Entry) -> dict[str, Any]:
    return {
        "held_on": said_day(row["held_on"]),
        **{name: row[name] or NONE for name in ("service", "activity", "level", "you_said", "we_did")},
        "groups": row["groups_present"] or NONE,
    }
