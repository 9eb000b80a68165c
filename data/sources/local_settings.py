"""What each local setting may be: a caseload is at least one family, and a level is one of the questionnaire's."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data.catalogue.buddy_criteria import setting_limits
from data.errors import DataError
from data.sources.tables import wrong_values


def check_settings(frame: pd.DataFrame, source: str) -> Iterator[DataError]:
    """Find values outside what their setting may be, and two values of one setting from the same day."""
    limits = setting_limits()
    for name, (least, most) in limits.items():
        own = frame["setting"] == name
        value = pd.to_numeric(frame["value"], errors="coerce")
        wrong = own & (~value.between(least, most) | (value % 1 != 0))
        if wrong.any():
            yield wrong_values(
                written(frame, "value"),
                wrong,
                expected=f"a whole number from {least} to {most} for {name}",
                source=source,
            )
    twice = frame.duplicated(["setting", "in_force_from"], keep=False) & frame["in_force_from"].notna()
    if twice.any():
        expected = "one value of each setting from one day"
        yield wrong_values(written(frame, "in_force_from"), twice, expected=expected, source=source)


def written(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    """Give a column as text, for the sentence that says what is wrong with it."""
    column = frame[name].map(lambda value: f"{value:g}" if isinstance(value, float) else str(value)).rename(name)
    column.attrs = dict(frame.attrs)
    return column
