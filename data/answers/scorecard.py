"""How is the first 1001 days represented? Every ask in the documents' words, with its figure or "no data yet"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.ask_links import answer_address, template_address, template_title
from data.answers.board_line import Part, board_line
from data.answers.figures import COMPARED
from data.answers.group_periods import longer_labels, select_groups
from data.answers.leading import Headline, headlines, parts_headline
from data.answers.made import answer_fields
from data.answers.opened import reading
from data.answers.outcomes import outcomes_improving
from data.answers.standing import Standing, icon_of, level_of, owner_of, read_standing, status_of
from data.answers.trends import trends_of
from data.answers.words import figure, join_words
from data.catalogue import asks, ics, indicator, pages
from data.catalogue.definitions import Ask, Indicator
from data.catalogue.scorecard_rules import scorecard_rules
from data.store.register_counts import count_naming_asks
from data.store.released import select_released

if TYPE_CHECKING:
    import sqlalchemy as sa

QUESTION: Final = "How is the first 1001 days represented in Dorset’s ICS?"
NO_DATA: Final = "No data yet"
NOT_MEASURED: Final = "Not measured"
OUTCOMES_IMPROVING: Final = "outcomes_improving"
PARTS: Final = "spend_by_beneficiary"
ON_REGISTER: Final = "On the register"
COLUMNS: Final = [
    "ask",
    "document",
    "section",
    "point",
    "quote",
    "measure",
    "figure",
    "period",
    "target",
    "status",
    "gap",
    "trend",
    "icon",
    "people",
    "complete",
    "owner",
    "page",
    "illustrative",
    "indicators_with_data",
    "indicators",
    "address",
    "template",
    "template_address",
]


@dataclass(frozen=True, eq=False)
class Scorecard(Answer):
    """The asks, and the paragraph a board member could read aloud; each of its numbers leads to its answer."""

    top_line: tuple[Part, ...] = ()


def scorecard(page: str = "") -> Scorecard:
    """Give the 107 asks, or those that one page answers, as the two documents group them."""
    chosen = [one for one in asks() if not page or one.page == page]
    with reading() as connection:
        quarters = quarter_series(connection)
        trends = trends_of(quarters)
        figures = with_parts(connection, with_outcomes(headlines(headline_rows(connection)), trends))
        said = Said(
            figures, fifth_gaps(connection), trends, count_naming_asks(connection), read_standing(connection, quarters)
        )
        table = pd.DataFrame([_row(one, said) for one in chosen], columns=COLUMNS)
        used = {name for one in chosen for name in one.indicators} & figures.keys()
        fields = answer_fields(
            connection,
            question=next(one.question for one in pages() if one.slug == (page or "overview")),
            finding=scorecard_finding(table),
            table=table,
            text_alternative=scorecard_finding(table),
            submission_ids={number for name in used for number in figures[name].submission_ids},
            area_type="icb",
            labelled=False,
            notes=(
                "An ask is measured when at least one of its indicators has a figure for Dorset ICS or its councils.",
                "A level is shown only where one has been published, or promised on the register of commitments.",
            ),
        )
        return Scorecard(**fields, top_line=() if page else board_line(table, figures, said.standing.young))


def scorecard_rule() -> Answer:
    """Give the rules by which the scorecard says where each ask stands."""
    rules = scorecard_rules()
    with reading() as connection:
        fields = answer_fields(
            connection,
            question="By which rules is a status given?",
            finding=rules.statement,
            table=pd.DataFrame([{"status": one.status, "words": one.words} for one in rules.rules]),
            text_alternative=rules.statement,
            submission_ids=(),
            people=False,
            notes=rules.never,
        )
    return Answer(**fields)


def newest_rows(connection: sa.Connection) -> pd.DataFrame:
    """Give the newest rows for everyone of the system and its councils, of each type of period."""
    places = [ics().icb.code, *(place.code for place in ics().lads)]
    frames = [select_released(connection, area_code=code, breakdown_type="", latest=True) for code in places]
    return pd.concat(frames, ignore_index=True)


def headline_rows(connection: sa.Connection) -> pd.DataFrame:
    """Give the newest rows; where none of an indicator's was sent in, the newest figure that was, with its period."""
    rows = newest_rows(connection)
    reasons = rows.groupby("indicator_id")["value_status"].agg(set)
    unsent = [str(name) for name, found in reasons.items() if found == {"not_collected"}]
    if not unsent:
        return rows
    earlier = select_released(connection, unsent, area_code=ics().icb.code, breakdown_type="")
    earlier = earlier.loc[earlier["value"].notna()].sort_values("period_to")
    newest = earlier.drop_duplicates(["indicator_id", "period_type"], keep="last")
    last = newest["period_to"].eq(newest.groupby("indicator_id")["period_to"].transform("max"))
    return pd.concat([rows, newest.loc[last]], ignore_index=True)


def with_parts(connection: sa.Connection, figures: dict[str, Headline]) -> dict[str, Headline]:
    """Add the figure that has parts and no whole: the share of spend for the unborn, the infant and the carer."""
    rows = select_released(
        connection, PARTS, area_code=ics().icb.code, breakdown_type="beneficiary", period_type="year", latest=True
    )
    rows = rows.loc[rows["value"].notna()]
    return figures | {PARTS: parts_headline(indicator(PARTS), rows.to_dict("records"))} if len(rows) else figures


def with_outcomes(figures: dict[str, Headline], trends: dict[str, str]) -> dict[str, Headline]:
    """Add how many outcomes improve, which is worked out from the trends of all of them."""
    found = outcomes_improving(trends)
    if found is None:
        return figures
    members = [figures[name] for name in found.judged]
    made = Headline(
        found.words,
        members[0].period,
        found.share,
        any(one.illustrative for one in members),
        tuple(sorted({number for one in members for number in one.submission_ids})),
        (found.share,),
    )
    return figures | {OUTCOMES_IMPROVING: made}


def fifth_gaps(connection: sa.Connection) -> dict[str, str]:
    """Say the gap between the most and the least deprived fifth of each indicator, in its own unit.

    It is that of the newest year; where too few fifths can be shown by year, of three years, which are then named.
    """
    breakdown = "imd_fifth_national"
    rows = select_groups(connection, None, "year", area_code=ics().icb.code, breakdown_type=breakdown, latest=True)
    longer = longer_labels(rows, "year")
    wide = rows.pivot_table(index="indicator_id", columns="breakdown_value", values="value")
    if not {"1", "5"} <= set(wide.columns):
        return {}
    gaps = (wide["1"] - wide["5"]).dropna()
    compared = {str(name): float(gap) for name, gap in gaps.items() if indicator(str(name)).value_type in COMPARED}
    said = {name: gap_words(gap, indicator(name)) for name, gap in compared.items()}
    return {name: f"{words}, {longer[name]}" if name in longer else words for name, words in said.items()}


def gap_words(gap: float, definition: Indicator) -> str:
    """Say how the most deprived fifth stands against the least."""
    if abs(gap) < 0.05:
        return "none"
    size = f"{abs(gap):.1f} points" if definition.unit == "%" else figure(abs(gap), definition.unit)
    return f"{size} {'lower' if gap < 0 else 'higher'} in the most deprived fifth"


def quarter_series(connection: sa.Connection) -> pd.DataFrame:
    """Give the system's quarters: a row for each indicator, a column for each quarter."""
    rows = select_released(connection, area_code=ics().icb.code, breakdown_type="", period_type="quarter")
    return rows.pivot_table(index="indicator_id", columns="period_from", values="value")


@dataclass(frozen=True, slots=True)
class Said:
    """All that can be said of indicators, by their ids; read once for all asks."""

    figures: dict[str, Headline]
    gaps: dict[str, str]
    trends: dict[str, str]
    entries: dict[str, tuple[int, bool]]
    standing: Standing


def _row(one: Ask, said: Said) -> list[object]:
    figures = said.figures
    measured = [name for name in one.indicators if name in figures]
    # a real figure leads before an illustrative one, a figure for the system before one for each council
    measured.sort(key=lambda name: (figures[name].illustrative, figures[name].value is None))
    leading = measured[0] if measured else ""
    found = figures.get(leading)
    definition = indicator(leading) if leading else None
    level = level_of(definition, said.standing, invented=found.illustrative if found else False)
    entries, invented = said.entries.get(one.id, (0, False))
    words = found.words if found else register_words(entries)
    trend = said.trends.get(leading, "")
    return [
        one.id,
        {"proposal": "Strategy proposal", "plan": "3 Point Plan"}[one.document],
        one.section.title,
        one.section.point,
        one.quote,
        definition.name if definition else one.indicator_name,
        words,
        found.period if found else "",
        level.words() if level and level.owner else target_words(definition),
        status_of(level, found.given if found else (), trend, on_register=not found and words != NO_DATA),
        said.gaps.get(leading, ""),
        trend,
        icon_of(trend, leading),
        said.standing.people.get(leading, ""),
        said.standing.complete.get(leading, ""),
        owner_of(one, level, said.standing),
        one.page,
        found.illustrative if found else bool(entries and invented),
        len(measured),
        len(one.indicators),
        answer_address(one, leading, found.place if found else ""),
        template_title(one) if words == NO_DATA else "",
        template_address(one) if words == NO_DATA else "",
    ]


def register_words(entries: int) -> str:
    """Count the entries of registers that name an ask."""
    return f"{entries} {'entry' if entries == 1 else 'entries'}" if entries else NO_DATA


def target_words(definition: Indicator | None) -> str:
    """Write a published level; what is only implied by the documents is not a target."""
    target = definition.target if definition else None
    return target.words if target is not None and not target.implied else "None published"


def scorecard_finding(table: pd.DataFrame) -> str:
    """Say how many asks have a figure, how many of those are only illustrative, and how many have none."""
    if table.empty:
        return "No ask is answered on this page."
    counts = counted_asks(table)
    said = [f"{counts['real']} {_are(counts['real'])} measured with real figures"]
    words = {
        "invented": "only with illustrative ones",
        "register": f"{_are(counts['register'])} on a register",
        "hidden": f"{_have(counts['hidden'])} no figure that can be shown",
        "none": f"{_have(counts['none'])} no data yet",
    }
    said += [f"{counts[name]} {words[name]}" for name in words if counts[name]]
    return f"Of {len(table)} things that were asked for, {join_words(said)}."


def counted_asks(table: pd.DataFrame) -> dict[str, int]:
    """Count the asks with a real figure, an illustrative one, entries of a register, a hidden figure, and nothing."""
    none, register = table["figure"] == NO_DATA, table["status"] == ON_REGISTER
    hidden = (table["status"] == NOT_MEASURED) & ~none
    given, invented = ~(none | register | hidden), table["illustrative"].astype(bool)
    kinds = {
        "real": given & ~invented,
        "invented": given & invented,
        "register": register,
        "hidden": hidden,
        "none": none,
    }
    return {name: int(rows.sum()) for name, rows in kinds.items()}


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def page_label(slug: str) -> str:
    """Name a page."""
    return next(page.title for page in pages() if page.slug == slug)
