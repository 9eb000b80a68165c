"""Money by year: what was spent and what was planned, never mixed, with the lines and apportionments behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from data.answers.alternatives import extremes_words, sentences
from data.answers.answer import Answer
from data.answers.investment import NOTHING, PER_BIRTH, PER_CHILD
from data.answers.money_words import (
    KINDS,
    NEVER_MIXED,
    SYSTEM_LINES,
    deflator_words,
    labels_of,
    marked,
    newest_outturn,
    pounds_words,
    share_words,
)
from data.answers.opened import reading
from data.answers.register_answers import NONE, read_now, register_answer, said_day
from data.answers.register_cells import Entry, Held, financial_year
from data.answers.register_money import BUDGET, OUTTURN, deflators, lines_of, pounds, preventive, price_factor
from data.answers.words import figure
from data.store.released import select_released

YEARS: Final = [
    *("year", "kind", "prevention", "statutory", "prevention_words", "statutory_words", "share", "real", "real_words"),
    *("per_child", "per_birth"),
]
LINES: Final = [
    *("service", "paid_by", "when", "amount_words", "counts", "nature", "how_long", "protected"),
    *("entry", "payer", "funding_source", "council", "year", "kind", "amount", "share_0_to_2", "share_basis"),
    *("for_two", "prevention", "beneficiary", "recurrent", "confirmed_until", "ring_fenced_locally", "decision"),
]
LEDGER: Final = ("funding_lines",)


def money_by_year(area_code: str) -> Answer:
    """Give pounds for pregnancy to age two by year, prevention and statutory care apart, spent and planned apart."""
    _, label, labels = labels_of(area_code)
    with reading() as connection:
        held = read_now(connection)
        each = {name: by_year(held, name, area_code) for name in (PER_CHILD, PER_BIRTH)}
        rows = [
            year_record(held, kind, year, lines, each)
            for kind in KINDS
            for year, lines in own_lines(held, kind, labels)
        ]
        said = years_finding(rows, label) if rows else NOTHING.format(place=label)
        return register_answer(
            held,
            LEDGER,
            question=f"What is spent and planned in {label}, year by year?",
            finding=said,
            rows=rows,
            columns=YEARS,
            notes=(NEVER_MIXED, deflator_words(connection, held), SYSTEM_LINES),
            alternative=years_alternative(rows),
        )


def years_alternative(rows: Sequence[dict[str, Any]]) -> str:
    """Describe the bars of pounds: each year, and the years with most and least for prevention, spent and planned."""
    listed = [
        f"{row['kind']} {row['year']}: {row['prevention_words']} prevention, {row['statutory_words']} statutory care."
        for row in rows
    ]
    ends = [
        f"{kind}, prevention. {extremes_words([row['year'] for row in own], [row['prevention'] for row in own], '£')}"
        for kind in dict.fromkeys(row["kind"] for row in rows)
        if (own := [row for row in rows if row["kind"] == kind])
    ]
    return sentences("Bars of pounds for pregnancy to age two.", *listed, *ends)


def own_lines(held: Held, kind: str, labels: Sequence[str]) -> list[tuple[str, list[Entry]]]:
    """Give the lines of each year of a kind at a place, oldest first."""
    years = sorted({row["year"] for row in held.of("funding_lines") if row["budget_or_outturn"] == kind})
    return [(year, lines) for year in years if (lines := lines_of(held, kind, year, labels))]


def by_year(held: Held, name: str, area_code: str) -> dict[str, str]:
    """Give a released figure of a place by the last day of its year."""
    rows = select_released(held.connection, name, area_code=area_code, period_type="year", breakdown_type="")
    given = rows.loc[rows["value"].notna()]
    real_lines = any(not row["illustrative"] for row in held.of("funding_lines"))
    return {
        str(row["period_to"])[:10]: marked(
            figure(round(float(row["value"]), 2), "£"), bool(row["illustrative"]), alike=not real_lines
        )
        for row in given.to_dict("records")
    }


def year_record(
    held: Held, kind: str, year: str, lines: list[Entry], each: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """Write one year: prevention, statutory care, the share, and prevention in real terms where prices are known."""
    whole, prevention = pounds(lines), pounds(preventive(lines))
    end, base = financial_year(year).last, newest_outturn(held)
    factor = price_factor(deflators(held), end, base) if base is not None else None
    real = prevention * factor if factor is not None else math.nan
    per = {name: said.get(end.isoformat(), NONE) if kind == OUTTURN else NONE for name, said in each.items()}
    return {
        "year": year,
        "kind": KINDS[kind],
        "prevention": prevention,
        "statutory": whole - prevention,
        "prevention_words": pounds_words(prevention),
        "statutory_words": pounds_words(whole - prevention),
        "share": f"{prevention / whole:.1%}" if whole > 0 else NONE,
        "real": real,
        "real_words": pounds_words(real) if factor is not None else "Needs the GDP deflator",
        "per_child": per[PER_CHILD],
        "per_birth": per[PER_BIRTH],
    }


def years_finding(rows: list[dict[str, Any]], label: str) -> str:
    """Say the first and last year of spend, then of the plan, each by itself."""
    said = []
    for kind, verb in ((KINDS[OUTTURN], "Spend on prevention"), (KINDS[BUDGET], "The budget for prevention")):
        own = [row for row in rows if row["kind"] == kind]
        if own:
            first, last = own[0], own[-1]
            was = f", against {first['prevention_words']} in {first['year']}" if len(own) > 1 else ""
            said.append(f"{verb} in {label} was {last['prevention_words']} in {last['year']}{was}.")
    return " ".join([*said, real_words([row for row in rows if row["kind"] == KINDS[OUTTURN]])]).strip()


def real_words(spent: list[dict[str, Any]]) -> str:
    """Say whether spend rose or fell in real terms; without prices that stays open."""
    if len(spent) < 2:
        return ""
    first, last = spent[0], spent[-1]
    if math.isnan(first["real"]) or math.isnan(last["real"]) or not first["real"]:
        return "These are pounds of each year: without the GDP deflator no change in real terms is given."
    change = last["real"] / first["real"] - 1
    way = "rose" if change > 0 else "fell"
    moved = f"{way} by {abs(change):.1%}" if abs(change) >= 0.0005 else "stood still"
    return f"In real terms spend {moved} from {first['year']} to {last['year']}."


# ---- the lines themselves -------------------------------------------------------------------------------------------


def line_choices() -> list[tuple[str, str]]:
    """List the years and kinds that lines can be shown for, the newest plan first."""
    with reading() as connection:
        rows = read_now(connection).of("funding_lines")
    found = sorted({(row["year"], row["budget_or_outturn"]) for row in rows}, reverse=True)
    return [(f"{year} {kind}", f"{year}, {KINDS[kind].lower()}") for year, kind in found]


def funding_lines(area_code: str, chosen: str) -> Answer:
    """List the lines of a place for one year of spend or of plans, each with its apportionment."""
    _, label, labels = labels_of(area_code)
    year, _, kind = chosen.partition(" ")
    with reading() as connection:
        held = read_now(connection)
        lines = lines_of(held, kind, year, labels)
        lines.sort(key=lambda row: -row["amount"] * row["share_0_to_2"])
        rows = [line_record(row) for row in lines]
        counted = f"{len(rows)} {'line' if len(rows) == 1 else 'lines'}"
        said = (
            f"{counted} in {label} for {year}, {KINDS.get(kind, kind).lower()}: {pounds_words(pounds(lines))} counts "
            f"for pregnancy to age two, of {pounds_words(sum(row['amount'] for row in lines))} in all."
        )
        return register_answer(
            held,
            LEDGER,
            question="Which funding lines stand behind these figures?",
            finding=said if rows else f"No line is on file for {label} in {year}.",
            rows=rows,
            columns=LINES,
            notes=("Of each line only the share for pregnancy to age two counts. The line says how it was reached.",),
        )


def line_record(row: Entry) -> dict[str, Any]:
    """Write one line in words, and as its columns for a file."""
    until = said_day(row["confirmed_until"])
    lasts = "recurrent" if row["recurrent"] else "time-limited"
    confirmed = f"confirmed until {until}" if until != NONE else "no date confirmed in writing"
    local = f"By local decision: {row['decision'] or 'none named'}" if row["ring_fenced_locally"] else "No"
    own = ("payer", "funding_source", "council", "year", "amount", "share_0_to_2", "share_basis", "prevention")
    return {
        "service": row["service"],
        "paid_by": f"{row['payer']}, from: {row['funding_source']}; {row['council']}",
        "when": f"{row['year']}, {KINDS[row['budget_or_outturn']].lower()}",
        "amount_words": pounds_words(row["amount"]),
        "counts": f"{pounds_words(row['amount'] * row['share_0_to_2'])}, {share_words(row)}",
        "nature": f"{row['prevention'].capitalize()}; mainly for the {row['beneficiary'].lower()}",
        "how_long": f"{lasts.capitalize()}, {confirmed}",
        "protected": local,
        "entry": row["entry_id"],
        "kind": row["budget_or_outturn"],
        "for_two": row["amount"] * row["share_0_to_2"],
        "beneficiary": row["beneficiary"],
        "recurrent": "yes" if row["recurrent"] else "no",
        "confirmed_until": until,
        "ring_fenced_locally": "yes" if row["ring_fenced_locally"] else "no",
        "decision": row["decision"],
        **{name: row[name] for name in own},
    }
