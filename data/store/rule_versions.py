"""Which version of a rule the current counts of an indicator say they were made by."""

from __future__ import annotations

import re

import sqlalchemy as sa

from data.store.models import Observation


def select_rule_versions(connection: sa.Connection, indicator_id: str, pattern: str) -> dict[str, int]:
    """Count the current rows by the version in their note; rows without one stand under an empty name.

    Only what fits the pattern is given: a note is a sender's own words and stays where it is.
    """
    counted = sa.select(Observation.note, sa.func.count()).where(
        Observation.indicator_id == indicator_id, Observation.superseded_by.is_(None)
    )
    versions: dict[str, int] = {}
    for note, rows in connection.execute(counted.group_by(Observation.note)):
        found = re.search(pattern, note or "")
        name = found.group(0) if found else ""
        versions[name] = versions.get(name, 0) + int(rows)
    return versions
