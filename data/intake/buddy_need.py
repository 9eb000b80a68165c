"""Apply the rule for who might need a parent buddy to the forms, on the sender's own machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.catalogue.buddy_criteria import BuddyRule, rule_on
from data.catalogue.questionnaire import needs_rule
from data.errors import WrongColumns
from data.intake.form_counts import Form, Share
from data.sources.periods import read_period

NEED: Final = "buddy_criteria_met"
#: Asked for in place of a file: the rule that holds until one is agreed.
START: Final = "start"
_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """A local setting as the return of local settings holds it."""

    setting: str
    value: float
    in_force_from: dt.date
    owner_role: str


def read_settings(asked: str) -> tuple[Setting, ...]:
    """Read what was agreed from a return of local settings; nothing for the starting rule."""
    if asked == START:
        return ()
    from data.sources.reading import ReadingContext
    from data.sources.registers import read

    frame = read(Path(asked), ReadingContext()).frames.get("local_setting")
    if frame is None:
        raise WrongColumns(
            "this is no return of local settings", file=Path(asked).name, expected=f"that return, or the word {START}"
        )
    return tuple(
        Setting(row["setting"], float(row["value"]), dt.date.fromisoformat(row["in_force_from"]), row["owner_role"])
        for row in frame.to_dict("records")
    )


def rule_of_quarter(settings: Sequence[Setting], label: str) -> BuddyRule:
    """Give the rule that held on the first day of a quarter: one quarter is counted by one rule."""
    period = read_period(label)
    if period is None:
        raise ValueError(f"a quarter such as 2025/26 Q1 is needed; found {label!r}")
    return rule_on(settings, period.period_from)


def share_in_need(settings: Sequence[Setting], quarter_of: Callable[[dt.date], str]) -> Share:
    """Count parents who meet the rule among those whose form tells of any kind of need, or of none of it."""
    return Share(
        asked=lambda form: bool(known_levels(form)),
        met=lambda form: rule_of_quarter(settings, quarter_of(form.completed)).met_by(known_levels(form)),
    )


def known_levels(form: Form) -> dict[str, int]:
    """Give the levels that the form tells of; where nothing was said, nothing is known and nothing counts."""
    return {name: level for name, level in needs_rule().levels_of(form.answers).items() if level is not None}
