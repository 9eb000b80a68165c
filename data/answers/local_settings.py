"""What has been agreed locally where nothing is published: the value in force, whose it is and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.store.registers import select_register

if TYPE_CHECKING:
    import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class LocalValue:
    """One local setting as it was agreed."""

    setting: str
    value: float
    in_force_from: dt.date
    agreed_on: dt.date
    owner_role: str
    agreed_by: str
    illustrative: bool
    submission_id: int | None

    def words(self) -> str:
        """Say whose it is and since when."""
        label = "Illustrative, not real: " if self.illustrative else ""
        return (
            f"{label}{self.owner_role} answers for it. {self.agreed_by} agreed it on {day_words(self.agreed_on)}. "
            f"It is in force from {day_words(self.in_force_from)}."
        )


def day_words(day: dt.date) -> str:
    """Write a day as people do."""
    return f"{day.day} {day:%B %Y}"


def local_values(connection: sa.Connection, settings: Iterable[str]) -> list[LocalValue]:
    """Give every value that is on the register for these settings, by the day from which it holds."""
    wanted = set(settings)
    rows = select_register(connection, "local_setting")
    found = [
        LocalValue(
            setting=row["setting"],
            value=float(row["value"]),
            in_force_from=dt.date.fromisoformat(str(row["in_force_from"])[:10]),
            agreed_on=dt.date.fromisoformat(str(row["agreed_on"])[:10]),
            owner_role=row["owner_role"],
            agreed_by=row["agreed_by"],
            illustrative=bool(row["illustrative"]),
            submission_id=None if row["submission_id"] != row["submission_id"] else int(row["submission_id"]),
        )
        for row in rows.to_dict("records")
        if row["setting"] in wanted
    ]
    return sorted(found, key=lambda one: (one.in_force_from, one.agreed_on))


def in_force(values: Iterable[LocalValue], on: dt.date) -> dict[str, LocalValue]:
    """Give the value of each setting that holds on a day: the one that began last."""
    return {one.setting: one for one in values if one.in_force_from <= on}


def day_asked(on: str) -> dt.date:
    """Give the day that was asked for, or today."""
    return dt.date.fromisoformat(on) if on else dt.datetime.now(tz=dt.UTC).date()
