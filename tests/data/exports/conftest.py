"""Answers with everything that a file must get right: withheld figures, gaps, days, lists, and text like a formula."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from data.answers.answer import Answer, SourceLine

RETURN = SourceLine("Dorset providers", "Long return", "2025/26", dt.date(2026, 5, 1), "ab" * 32, illustrative=True)
STATISTICS = SourceLine("A department", "A publication", "2025", None, "cd" * 32, illustrative=False)
GAP = float("nan")


@pytest.fixture
def quarters() -> Answer:
    """One indicator over four quarters: a share, a hidden one, a true zero, and one that came without limits."""
    table = pd.DataFrame(
        {
            "period": ["2025/26 Q1", "2025/26 Q2", "2025/26 Q3", "2025/26 Q4"],
            "figure": ["80.0% (70.0% to 87.3%)", "too few people to show", "0.0%", "75.0%"],
            "numerator": [80.0, GAP, 0.0, 75.0],
            "denominator": [100.0, GAP, 40.0, 100.0],
            "value": [80.0, GAP, 0.0, 75.0],
            "lowercl": [70.0, GAP, 0.0, GAP],
            "uppercl": [87.3, GAP, 8.8, GAP],
            "value_status": ["rounded", "suppressed", "shown", "rounded"],
            "illustrative": [True, True, True, True],
            "indicator_id": ["new_birth_visit_14_days"] * 4,
            "unusual": ["", "", "=HYPERLINK(1)", "-"],
        }
    )
    return Answer(
        question="How has it changed in BCP?",
        finding="Illustrative, not real: it was 75.0% in 2025/26 Q4.",
        table=table,
        unit="%",
        period="2025/26",
        area_type="lad",
        text_alternative='Illustrative, not real: line chart, "lowest" 0.0% in 2025/26 Q3 & highest 80.0%.',
        sources=(RETURN,),
        disclosure="Counts of 1 to 7 are hidden.",
        illustrative=True,
        notes=("Visits within 14 days.",),
    )


@pytest.fixture
def areas() -> Answer:
    """Two real areas with codes, a list in a cell and a day."""
    table = pd.DataFrame(
        {
            "area_code": ["E06000058", "E06000059"],
            "area_name": ["BCP", "Dorset Council area"],
            "period": ["2024", "31 March 2026"],
            "value": [12.5, -3.0],
            "value_status": ["shown", "shown"],
            "asks": [["A1", "A2"], []],
            "due": [dt.date(2026, 4, 1), None],
        }
    )
    return Answer(
        question="Where is it?",
        finding="@BCP has 12.5.",
        table=table,
        unit="per 1,000",
        period="",
        area_type="lad",
        text_alternative="Bar chart.",
        sources=(STATISTICS,),
        disclosure="",
        illustrative=False,
    )


@pytest.fixture
def nothing() -> Answer:
    """A question without data."""
    return Answer(
        question="What was promised?",
        finding="No data yet.",
        table=pd.DataFrame(),
        unit="",
        period="",
        area_type="",
        text_alternative="",
        sources=(),
        disclosure="",
        illustrative=False,
    )


@pytest.fixture
def answers(quarters: Answer, areas: Answer, nothing: Answer) -> dict[str, Answer]:
    """All three, by name."""
    return {"over-time": quarters, "areas": areas, "promises": nothing}
