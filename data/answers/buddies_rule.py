"""Who might need a buddy: the rule in force, whose it is, since when, and by which rule the counts were made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.answers.answer import Answer
from data.answers.buddies_places import of_system, place_rows, shown, submissions_of
from data.answers.local_settings import LocalValue, day_asked, day_words, in_force, local_values
from data.answers.made import make_answer
from data.answers.opened import reading
from data.catalogue.buddy_criteria import (
    ALONE_AT,
    CASELOAD,
    KINDS_WANTED,
    LEVEL,
    BuddyRule,
    rule_on,
    setting_limits,
    starting_rule,
)
from data.store.rule_versions import select_rule_versions

if TYPE_CHECKING:
    import sqlalchemy as sa

NEED: Final = "buddy_criteria_met"
VERSION: Final = r"buddy-rule-[0-9a-f]{8}"
#: Beside the kinds of need: how many are wanted, and when one is enough.
OTHER_PARTS: Final = 2
COLUMNS: Final = ["part", "setting", "value", "words", "in_force_from", "agreed_by", "owner"]


def buddies_rule(on: str = "") -> Answer:
    """Say which rule is in force on a day, in plain words, and by which rule needs were counted."""
    day = day_asked(on)
    with reading() as connection:
        values = rule_values(connection)
        holding = in_force(values, day)
        rule = rule_on(values, day)
        needs = place_rows(connection, [NEED])
        versions = select_rule_versions(connection, NEED, VERSION)
        table = pd.DataFrame(rule_records(rule, holding), columns=COLUMNS)
        said = " ".join([*rule.words(), whose(rule, len(holding))])
        return make_answer(
            connection,
            question="Who might need a parent buddy?",
            finding=f"{need_words(needs)} {said}",
            table=table,
            text_alternative=said,
            submission_ids={
                *submissions_of(needs),
                *(one.submission_id for one in holding.values() if one.submission_id is not None),
            },
            people=False,
            notes=(
                version_words(rule, versions, of_system(needs, NEED)),
                *coming_words(values, day),
                ADJUST,
                RECOMPUTED,
            ),
        )


ADJUST: Final = (
    "To change the rule, send in local settings, each with its owner and the day from which it holds. "
    "The new rule then has a new version, which every sender applies from that day."
)
RECOMPUTED: Final = (
    "Needs are not counted again here: no family’s answers enter this dashboard. The sender’s command "
    "“python -m data reduce --buddy-rule” applies the rule to the answers, and its counts carry the rule’s version. "
    "A rule that begins within a quarter is applied from the next one."
)


def rule_values(connection: sa.Connection) -> list[LocalValue]:
    """Give all local settings of the rule, and none of the caseload."""
    return local_values(connection, setting_limits().keys() - {CASELOAD})


def whose(rule: BuddyRule, agreed: int) -> str:
    """Say whose rule it is and since when, how much of it was agreed, and by which name counts know it."""
    version = f"Its version is {rule.version}."
    if rule.in_force_from is None:
        return f"{rule.statement} {version}"
    since = f"This rule is in force since {day_words(rule.in_force_from)}. {rule.owner} answers for it."
    parts = len(rule.domains) + OTHER_PARTS
    if agreed < parts:
        since = f"{since} Agreed locally: {agreed} of its {parts} parts. The others are as this dashboard starts."
    return f"{since} {version}"


def rule_records(rule: BuddyRule, holding: dict[str, LocalValue]) -> list[list[object]]:
    """Write one row for each part of the rule, with where its value comes from."""
    parts = [("Kinds of need wanted", KINDS_WANTED, rule.kinds_wanted, f"{rule.kinds_wanted} or more")]
    alone = f"from level {rule.alone_at} ({rule.level_words[rule.alone_at]})" if rule.alone_at else "never"
    parts.append(("One kind is enough by itself", ALONE_AT, rule.alone_at, alone))
    for one in rule.domains:
        counts = f"counts from level {one.level} ({rule.level_words[one.level]})" if one.level else "left out"
        parts.append((one.name.capitalize(), f"{LEVEL}{one.id}", one.level, counts))
    return [[*part, *origin(holding.get(part[1]))] for part in parts]


def origin(agreed: LocalValue | None) -> list[str]:
    """Say since when, by whom it was agreed, and who answers for it."""
    if agreed is None:
        return ["from the start", "not agreed yet", starting_rule().owner]
    return [day_words(agreed.in_force_from), agreed.agreed_by, agreed.owner_role]


def need_words(needs: pd.DataFrame) -> str:
    """Say how many parents meet the criteria."""
    row = of_system(needs, NEED)
    if not shown(row):
        return f"How many parents meet the criteria: {str(row['figure']).lower()}."
    return f"{row['counted']} assessed parents in {row['area']} met the criteria in {row['period']}: {row['figure']}."


def version_words(rule: BuddyRule, versions: dict[str, int], newest: Mapping[Any, Any]) -> str:
    """Say whether the counts of need were made by the rule in force."""
    if shown(newest) and rule.in_force_from is not None and str(newest["period_to"]) < rule.in_force_from.isoformat():
        return f"The newest counts of need ({newest['period']}) are from before this rule. {by_rule(rule, versions)}"
    return by_rule(rule, versions)


def by_rule(rule: BuddyRule, versions: dict[str, int]) -> str:
    """Say by which rule the counts of need were made, as far as they tell."""
    named = sorted(set(versions) - {""})
    if not versions:
        return "No counts of need have been sent in yet."
    if not named:
        return "The counts of need do not say by which version of the rule they were made."
    if named == [rule.version] and "" not in versions:
        return f"All counts of need say that they were made by the rule in force ({rule.version})."
    total = sum(versions.values())
    other = total - versions.get(rule.version, 0)
    return (
        f"{other:,} of {total:,} rows of need were made by another rule than {rule.version}, or do not say by which. "
        "A change over time may be a change of rule."
    )


def coming_words(values: list[LocalValue], day: dt.date) -> tuple[str, ...]:
    """Say what has been agreed and is not in force yet."""
    days = sorted({one.in_force_from for one in values if one.in_force_from > day})
    return tuple(
        f"Another rule begins on {day_words(later)}: {' '.join(rule_on(values, later).words())}" for later in days
    )
