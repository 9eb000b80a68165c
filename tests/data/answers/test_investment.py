"""Money in words: spend and plans apart, real terms, apportionments, the published grant, and the case for it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from data.answers import opened
from data.answers.case_for import case_choices, case_for
from data.answers.current import ensure_current
from data.answers.grant import published_grant
from data.answers.investment import investment
from data.answers.money_words import pounds_words
from data.answers.money_years import funding_lines, line_choices, money_by_year
from data.answers.register_release import release_registers
from data.answers.words import figure
from data.intake.loading import load
from data.store.engine import open_store, writing
from data.store.released import replace_released

ICS, BCP, DORSET, ENGLAND = "E54000041", "E06000058", "E06000059", "E92000001"
HEADER = [
    *("id", "service", "payer", "funding_source", "council", "year", "budget_or_outturn", "amount", "share_0_to_2"),
    *("share_basis", "prevention", "beneficiary", "recurrent", "confirmed_until", "ring_fenced_locally", "decision"),
]
#: Spent: 480,000 then 600,000 preventative and 200,000 statutory in BCP, and 100,000 of the ICB for the system.
#: Planned: 800,000 preventative in BCP, of which 600,000 is confirmed to 31 March 2028 and recurs.
LINES = (
    ("F-1", "Health visiting", "Council", "Public health grant", "BCP", "2024/25", "outturn", 960_000, 0.5,
     "Share of contacts", "prevention", "Infant", "yes", "2027-03-31", "no", ""),
    ("F-2", "Health visiting", "Council", "Public health grant", "BCP", "2025/26", "outturn", 1_200_000, 0.5,
     "Share of contacts", "prevention", "Infant", "yes", "2027-03-31", "no", ""),
    ("F-3", "Social care", "Council", "Council core budget", "BCP", "2025/26", "outturn", 400_000, 0.5,
     "Share of cases", "statutory", "Infant", "yes", "", "no", ""),
    ("F-4", "Parent-infant team", "ICB", "ICB", "Dorset ICS", "2025/26", "outturn", 100_000, 1,
     "All of it", "prevention", "Carer", "no", "2026-03-31", "no", ""),
    ("F-5", "Health visiting", "Council", "Public health grant", "BCP", "2026/27", "budget", 1_200_000, 0.5,
     "Share of contacts", "prevention", "Infant", "yes", "2028-03-31", "yes", "Cabinet, item 9"),
    ("F-6", "Family hubs", "Council", "Healthy Babies", "BCP", "2026/27", "budget", 200_000, 1,
     "All of it", "prevention", "Carer", "no", "2028-03-30", "no", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def money_file(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with six real funding lines, and what stands below the line as if it had been released."""
    folder = tmp_path_factory.mktemp("money")
    path, file = folder / "store.sqlite", folder / "lines.csv"
    shutil.copy(reference_file, path)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *LINES])
    engine = open_store(f"sqlite:///{path}")
    load(file, engine, loaded_by="a finance lead")
    ensure_current(engine)
    with writing(engine) as connection:
        for name, count in (("cohort_under_two", 3_000), ("cohort_pregnancies", 1_000)):
            put(connection, name, [cell(BCP, 2024, count), cell(BCP, 2025, count)])
        put(connection, "live_births", [cell(ICS, 2025, 4_000)])
        put(connection, "gdp_deflator", [cell(ENGLAND, 2024, 96), cell(ENGLAND, 2025, 100)])
        # 60 of 100 against 80 of 100 in the most and the least deprived fifth, of 500 babies each
        fifths = [cell(ICS, 2025, 100 * share, imd=fifth, of=500) for fifth, share in (("1", 0.6), ("5", 0.8))]
        put(connection, "review_2_years", fifths)
        release_registers(connection, "2026-03-31")
    engine.dispose()
    return path


def put(connection: sa.Connection, name: str, cells: list[dict[str, Any]], revision: str = "a test") -> None:
    """Write figures as if they had been released, so that no return is needed."""
    replace_released(connection, name, pd.DataFrame(cells), revision)


def cell(code: str, year: int, value: float, *, imd: str = "", of: float | None = None) -> dict[str, Any]:
    """Write one released figure of a financial year."""
    kind = {ICS: "icb", BCP: "lad"}.get(code, "country")
    return {
        "area_type": kind, "area_code": code, "period_type": "year", "breakdown_value": imd,
        "breakdown_type": "imd_fifth_national" if imd else "",
        "period_from": f"{year}-04-01", "period_to": f"{year + 1}-03-31",
        "numerator": value * of / 100 if of else value, "denominator": of, "value": value,
        "lowercl": value - 4 if imd else None, "uppercl": value + 4 if imd else None, "value_status": "rounded",
        "illustrative": False, "submission_id": None,
    }  # fmt: skip


@pytest.fixture
def money(money_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A copy of that store, as the one that answers read."""
    yield from reading_copy(money_file, tmp_path, monkeypatch)


@pytest.fixture
def nothing(reference_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A copy of the reference alone."""
    yield from reading_copy(reference_file, tmp_path, monkeypatch)


def reading_copy(original: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    shutil.copy(original, folder / "copy.sqlite")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'copy.sqlite'}")
    opened._opened.cache_clear()
    yield opened.opened()
    opened.opened().dispose()
    opened._opened.cache_clear()


def at(answer: Any, measure: str, area: str) -> pd.Series:
    rows = answer.table.set_index(["measure", "area"])
    return rows.loc[(next(name for name in rows.index.levels[0] if name.startswith(measure)), area)]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (999_999, "£999,999"),
        (1_000_000, "£1 million"),
        (35_229_000, "£35.229 million"),
        (3_858_000_000, "£3.858 billion"),
        (0, "£0"),
        (float("nan"), "–"),
    ],
)
def test_pounds_are_written_as_people_say_them(amount: float, words: str) -> None:
    assert pounds_words(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(99.994, "£99.99"), (99.996, "£100"), (189.94, "£190"), (24.5, "£24.50"), (150, "£150"), (0, "£0")],
)
def test_pounds_for_each_child_are_whole_from_a_hundred_on(amount: float, words: str) -> None:
    assert figure(amount, "£") == words


def test_the_finding_says_spend_share_what_it_is_for_each_child_and_how_long_the_plan_lasts(money: sa.Engine) -> None:
    answer = investment(BCP)
    # 600,000 of 800,000; for 3,000 children and 1,000 pregnancies; 600,000 of 800,000 to the day 24 months on
    assert answer.finding == (
        "In BCP, £600,000 went on prevention from pregnancy to age two in 2025/26, 75.0% of all spend on under-twos. "
        "That is £150 for each child under two and known pregnancy (2025/26). "
        "Of the 2026/27 budget for prevention, 75.0% is confirmed for 24 months or more. 75.0% of it recurs each year."
    )
    assert not answer.illustrative


def test_each_measure_says_whether_it_is_spent_or_planned_and_from_what(money: sa.Engine) -> None:
    answer = investment(ICS)
    share = at(answer, "Prevention share", "Dorset ICS")  # 600,000 + 100,000 of 900,000
    assert (share["figure"], share["counted"], share["kind"]) == ("77.8%", "£700,000 of £900,000", "Spent (outturn)")
    assert at(answer, "ICB spend", "Dorset ICS")["figure"] == "£25"  # 100,000 for 4,000 births
    carer = at(answer, "Of preventative spend, mainly for the carer", "Dorset ICS")
    assert carer["figure"] == "14.3%"  # 100,000 of 700,000
    fenced = at(answer, "Public health grant that a local decision protects, in pounds", "BCP")
    assert (fenced["figure"], fenced["kind"], fenced["period"]) == ("£600,000", "Planned (budget)", "2026/27")
    assert at(answer, "Share of the public health grant", "BCP")["figure"] == "Needs the year’s published grant"
    assert any("so a low share is no breach" in note for note in answer.notes)
    assert any("never added or compared" in note for note in answer.notes)


def test_years_are_in_real_terms_where_prices_are_known_and_budget_stays_apart(money: sa.Engine) -> None:
    answer = money_by_year(BCP)
    rows = answer.table.set_index(["kind", "year"])
    assert rows.index.tolist() == [
        ("Spent (outturn)", "2024/25"), ("Spent (outturn)", "2025/26"), ("Planned (budget)", "2026/27"),
    ]  # fmt: skip
    first, last = rows.loc["Spent (outturn)", "real"].tolist()
    assert (first, last) == pytest.approx((480_000 / 0.96, 600_000))  # 480,000 at prices of 96 are 500,000 at 100
    assert "In real terms spend rose by 20.0% from 2024/25 to 2025/26." in answer.finding  # 600 / 500
    # for 4,000 children and pregnancies: 500,000 and 600,000
    assert rows.loc["Spent (outturn)", "per_child"].tolist() == ["£125", "£150"]
    plan = rows.loc[("Planned (budget)", "2026/27")]
    assert (plan["per_child"], plan["real_words"]) == ("–", "Needs the GDP deflator")
    assert any("pounds in the prices of 2025/26, by the GDP deflator" in note for note in answer.notes)


def test_the_deflator_is_named_with_its_edition(money: sa.Engine, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    head = "indicator,area_code,area_name,period,value,numerator,denominator,lowercl,uppercl,unit,publisher"
    row = (
        "GDP deflator,K02000001,United Kingdom,{},{},,,,,index,A treasury,Deflators of March 2026,https://example.org,"
    )
    lines = [f"{head},publication_title,source_url,note", row.format("2024/25", 96), row.format("2025/26", 100)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    load(file, money, loaded_by="a test")
    assert (
        "Real terms: pounds in the prices of 2025/26, by the GDP deflator (A treasury, Deflators of March 2026)."
        in money_by_year(BCP).notes
    )


def test_pounds_are_in_real_terms_by_the_treasurys_own_file_and_its_edition_is_said(
    money: sa.Engine, tmp_path: Path
) -> None:
    file = tmp_path / "deflators.csv"
    rows = (
        "GDP DEFLATORS AT MARKET PRICES AND MONEY GDP,,,",
        "Outturn data are TEST VALUES - last updated 31 March 2026,,,",
        "Financial year,2024-25 = 100,per cent change on previous year,Calendar year",
        "2024-25,100.0,,2024",
        "2025-26,102.5,2.5,2025",
    )
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    load(file, money, loaded_by="a test")
    ensure_current(money)
    answer = money_by_year(BCP)
    spent = answer.table.set_index(["kind", "year"]).loc["Spent (outturn)", "real"]
    assert spent.tolist() == pytest.approx([492_000, 600_000])  # 480,000 x 102.5 / 100, and the newest year as it is
    assert "In real terms spend rose by 22.0% from 2024/25 to 2025/26." in answer.finding  # 600,000 / 492,000
    assert (
        "Real terms: pounds in the prices of 2025/26, by the GDP deflator (HM Treasury. Outturn data are TEST VALUES - "
        "last updated 31 March 2026. 2024-25 = 100)." in answer.notes
    )


def test_lines_state_the_share_that_counts_and_how_it_was_reached(money: sa.Engine) -> None:
    assert [name for name, _ in line_choices()] == ["2026/27 budget", "2025/26 outturn", "2024/25 outturn"]
    answer = funding_lines(BCP, "2025/26 outturn")
    assert answer.table["entry"].tolist() == [
        "F-2",
        "F-3",
    ]  # the largest first
    assert answer.table["counts"].tolist() == [
        "£600,000, 50% of it: Share of contacts", "£200,000, 50% of it: Share of cases",
    ]  # fmt: skip
    assert answer.table["how_long"].tolist() == [
        "Recurrent, confirmed until 31 March 2027", "Recurrent, no date confirmed in writing",
    ]  # fmt: skip
    assert "£800,000 counts for pregnancy to age two, of £1.6 million in all" in answer.finding
    plan = funding_lines(ICS, "2026/27 budget").table.set_index("entry")
    assert plan.loc["F-5", "protected"] == "By local decision: Cabinet, item 9"
    assert plan.loc["F-6", "protected"] == "No"


def test_the_published_grant_is_given_with_its_publication_and_said_to_be_for_public_health_as_a_whole(
    nothing: sa.Engine,
) -> None:
    answer = published_grant()
    rows = answer.table.set_index(["area", "year"])
    found = rows.loc[rows["indicator_id"] == "public_health_grant"]
    assert found.loc[("England", "2025/26"), "figure"] == "£3.858 billion"
    assert "7 February 2025" in found.loc[("England", "2025/26"), "published_in"]
    assert found.loc[("England", "2024/25"), "figure"] == "£3.66 billion"  # as revised, not as first published
    assert found.loc[("Dorset ICS", "2022/23"), "figure"] == "£35.229 million"
    assert "ring-fenced for public health functions as a whole" in answer.finding


def test_a_gap_is_said_in_children_and_in_pounds_only_where_a_unit_cost_is_loaded(money: sa.Engine) -> None:
    assert case_choices(ICS) == [("review_2_years", "2 to 2½ year review (C6i)")]
    without = case_for("review_2_years", ICS)
    # (80 - 60)% of 500
    assert "Closing this gap would mean about 100 more children a year." in without.finding
    assert without.finding.endswith("No published unit cost is loaded for this, so no cost is given.")
    with writing(money) as connection:
        put(connection, "unit_cost_health_visiting", [cell(ENGLAND, 2025, 80)])
    assert case_for("review_2_years", ICS).finding.endswith("About £8,000 a year, at £80 for one contact (2025/26).")


def test_without_lines_every_answer_names_the_template(nothing: sa.Engine) -> None:
    said = investment(DORSET)
    assert (
        said.finding == "No data yet on what Dorset Council area spends or plans. Send in the template “Funding lines”."
    )
    assert said.table["value"].isna().all()
    assert money_by_year(ICS).empty
    assert "Funding lines" in money_by_year(ICS).finding
    assert line_choices() == []
    assert case_choices(ICS) == []


def test_a_figure_that_rests_on_invented_counts_is_marked_beside_real_ones(money: sa.Engine) -> None:
    with writing(money) as connection:
        children = [cell(BCP, 2024, 3_000), cell(BCP, 2025, 3_000)]
        put(connection, "cohort_under_two", [{**one, "illustrative": True} for one in children], "changed")
        release_registers(connection, "2026-03-31")
        # the returns' count of children stands in for a recent estimate, and this one is invented
        fifths = [cell(ICS, 2025, 100 * share, imd=fifth, of=500) for fifth, share in (("1", 0.6), ("5", 0.8))]
        put(connection, "breastfeeding_6_8_weeks", [{**one, "illustrative": True} for one in fifths])
    answer = investment(BCP)
    assert answer.illustrative
    assert not answer.finding.startswith("Illustrative")  # most of it is real
    assert "That is £150 [illustrative] for each child under two and known pregnancy" in answer.finding
    assert at(answer, "Prevention share", "BCP")["figure"] == "75.0%"
    assert money_by_year(BCP).table["per_child"].tolist() == ["£125 [illustrative]", "£150 [illustrative]", "–"]
    assert case_for("breastfeeding_6_8_weeks", ICS).finding.startswith("Illustrative, not real: ")
    real = case_for("review_2_years", ICS)
    assert not real.finding.startswith("Illustrative")
    assert real.table["measure"].tolist() == [
        "Breastfed at 6 to 8 weeks (C8ii) [illustrative]", "2 to 2½ year review (C6i)",
    ]  # fmt: skip
