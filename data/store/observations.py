"""Observations: counts and published values as they came in. They leave only through ``data.answers``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd
import sqlalchemy as sa

from data.store.frames import insert_frame, portions, select_frame
from data.store.models import Area, Observation, Submission
from data.store.submissions import find_others

TABLE: sa.Table = Observation.__table__  # type: ignore[assignment]
KEY = ["indicator_id", "area_code", "period_from", "period_to", "breakdown_type", "breakdown_value"]
SLICE = ["indicator_id", "period_type", "period_from", "period_to", "breakdown_type", "area_type"]
COLUMNS = [column for column in TABLE.columns if column.name != "superseded_by"]
#: Where suppliers differ in why they give a figure or none, the later of these stands for all.
STRONGER = ("shown", "rounded", "not_applicable", "immature", "suppressed", "not_collected", "failed_validation")
CURRENT_ILLUSTRATIVE = (
    Observation.superseded_by.is_(None),
    Observation.submission_id.in_(sa.select(Submission.id).where(Submission.illustrative)),
)
PLACE = sa.func.coalesce(Area.lad_code, Area.area_code)


def select_observations(
    connection: sa.Connection,
    indicator_ids: Sequence[str] | None = None,
    *,
    submission_id: int | None = None,
) -> pd.DataFrame:
    """Give the current rows of the indicators, or of all, each with its submission and whether it is illustrative.

    What several suppliers sent of one source for the same cell is one row: their counts, added up.
    """
    statement = sa.select(*COLUMNS, Submission.illustrative, Submission.source_id).join(
        Submission, Submission.id == Observation.submission_id
    )
    statement = statement.where(Observation.superseded_by.is_(None))
    if indicator_ids is not None:
        statement = statement.where(Observation.indicator_id.in_(list(indicator_ids)))
    if submission_id is not None:
        statement = statement.where(Observation.submission_id == submission_id)
    order = (Observation.indicator_id, Observation.period_from, Observation.period_to, Observation.breakdown_type)
    ordered = statement.order_by(*order, Observation.breakdown_value, Observation.area_code)
    return add_suppliers_up(select_frame(connection, ordered)).drop(columns="source_id")


def add_suppliers_up(frame: pd.DataFrame) -> pd.DataFrame:
    """Join the rows of several suppliers for one cell: counts are summed, and missing as soon as one is missing."""
    cell = [*KEY, "source_id"]
    if not frame.duplicated(cell).any():
        return frame
    groups = frame.groupby(cell, sort=False)
    joined = frame.drop_duplicates(cell, keep="last").set_index(cell)
    for name in ("numerator", "denominator"):
        joined[name] = groups[name].agg(lambda counts: counts.sum(skipna=False))
    rank = (
        frame["value_status"]
        .map({status: at for at, status in enumerate(STRONGER)})
        .groupby([frame[name] for name in cell], sort=False)
        .max()
    )
    several = groups.size() > 1
    joined["value_status"] = rank.map(dict(enumerate(STRONGER)))
    joined["submission_id"] = groups["submission_id"].max()
    joined.loc[several, ["value", "lowercl", "uppercl"]] = float("nan")
    joined.loc[several & (joined["value_status"] != "shown"), ["numerator", "denominator"]] = float("nan")
    return joined.reset_index()[frame.columns]


def select_observed_indicators(connection: sa.Connection) -> pd.DataFrame:
    """Give each indicator with current rows: how many, over what time, how many of them illustrative."""
    statement = (
        sa.select(
            Observation.indicator_id,
            sa.func.count().label("rows"),
            sa.func.min(Observation.period_from).label("period_from"),
            sa.func.max(Observation.period_to).label("period_to"),
            sa.func.sum(sa.case((Submission.illustrative, 1), else_=0)).label("illustrative_rows"),
        )
        .join(Submission, Submission.id == Observation.submission_id)
        .where(Observation.superseded_by.is_(None))
        .group_by(Observation.indicator_id)
        .order_by(Observation.indicator_id)
    )
    return select_frame(connection, statement)


def select_notes(connection: sa.Connection, indicator_ids: Sequence[str]) -> pd.DataFrame:
    """Give what publishers say of their figures, such as the publication a figure is from: no figure is among it."""
    columns = (Observation.indicator_id, Observation.area_code, Observation.period_from, Observation.note)
    standing = (Observation.superseded_by.is_(None), Observation.indicator_id.in_(list(indicator_ids)))
    return select_frame(connection, sa.select(*columns).where(*standing, Observation.note != "").distinct())


def load_observations(connection: sa.Connection, frame: pd.DataFrame, submission_id: int) -> int:
    """Insert observations; periods may be dates or ISO text."""
    dated = with_iso_periods(frame).assign(submission_id=submission_id)
    return insert_frame(connection, TABLE, dated)


def with_iso_periods(frame: pd.DataFrame) -> pd.DataFrame:
    """Write the two dates of a period as ISO text."""
    return frame.assign(
        period_from=frame["period_from"].astype("str").str[:10],
        period_to=frame["period_to"].astype("str").str[:10],
    )


def supersede_observations(connection: sa.Connection, submission_id: int, *, whole: str = "") -> int:
    """Let a submission's rows stand in place of current rows of the same source.

    A row gives way to a submission that covers the same indicator, period, breakdown and type of area in the
    same council (or, above councils, the same area), whether or not the other one repeats that very row: an area
    that a corrected return leaves out is then no longer shown. Invented rows never stand in place of real ones, and
    the rows of one supplier never in place of another's; ``whole`` is what stands for a supplier where a return
    names none and so speaks for all. Nothing is deleted.
    """
    gives_way = replaceable(connection, submission_id, whole)
    new = slices_of(connection, [submission_id])
    held = slices_of(connection, gives_way, sorted({cut[0] for cut in new})) if gives_way else set()
    earlier = (Observation.submission_id.in_(gives_way), Observation.superseded_by.is_(None))
    return sum(set_by(connection, cut, submission_id, *earlier) for cut in sorted(new & held))


def set_by(connection: sa.Connection, cut: Sequence[str], number: int | None, *rows: sa.ColumnElement[bool]) -> int:
    """Record for the rows of one slice which submission they give way to, or that they are current."""
    *same, place = cut
    in_place = sa.select(Area.area_code).where(sa.literal(place) == PLACE)
    alike = [TABLE.columns[name] == value for name, value in zip(SLICE, same, strict=True)]
    change = sa.update(Observation).where(*alike, *rows, Observation.area_code.in_(in_place))
    return connection.execute(change.values(superseded_by=number)).rowcount


def slices_of(
    connection: sa.Connection,
    submission_ids: Sequence[int],
    indicator_ids: Sequence[str] | None = None,
    *,
    given_way_to: int | None = None,
) -> set[tuple[str, ...]]:
    """Give what submissions cover: indicator, period, breakdown, type of area, and place.

    Current rows count, or with ``given_way_to`` those that gave way to that submission.
    """
    state = Observation.superseded_by.is_(None) if given_way_to is None else Observation.superseded_by == given_way_to
    statement = (
        sa.select(*[TABLE.columns[name] for name in SLICE], PLACE.label("place"))
        .join(Area, Area.area_code == Observation.area_code)
        .where(Observation.submission_id.in_(submission_ids), state)
        .distinct()
    )
    if indicator_ids is not None:
        statement = statement.where(Observation.indicator_id.in_(indicator_ids))
    return {tuple(row) for row in connection.execute(statement)}


def select_giving_way(
    connection: sa.Connection,
    frame: pd.DataFrame,
    source_id: str,
    *,
    illustrative: bool = False,
    suppliers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Give the current rows that a new return would stand in place of, each with whether it is illustrative."""
    indicators = sorted(set(frame["indicator_id"].astype("str")))
    columns = (*COLUMNS, Submission.illustrative, PLACE.label("place"))
    statement = (
        sa.select(*columns)
        .join(Submission, Submission.id == Observation.submission_id)
        .join(Area, Area.area_code == Observation.area_code)
        .where(Submission.source_id == source_id, Observation.superseded_by.is_(None))
    )
    if illustrative:
        statement = statement.where(Submission.illustrative)
    if suppliers is not None:
        statement = statement.where(Submission.supplier.in_(list(suppliers)))
    held = [
        select_frame(connection, statement.where(Observation.indicator_id.in_(some))) for some in portions(indicators)
    ]
    places = dict(connection.execute(sa.select(Area.area_code, PLACE)).all())
    codes = frame["area_code"].astype("str")
    covered = frame[SLICE].astype("str").assign(place=codes.map(places).fillna(codes)).drop_duplicates()
    together = pd.concat(held, ignore_index=True)
    return together.merge(covered, on=[*SLICE, "place"], how="inner")


def replaceable(connection: sa.Connection, submission_id: int, whole: str) -> list[int]:
    """Give the other submissions of the same source whose rows may give way to one's."""
    columns = (Submission.source_id, Submission.illustrative, Submission.supplier)
    source_id, illustrative, supplier = connection.execute(
        sa.select(*columns).where(Submission.id == submission_id)
    ).one()
    suppliers = None if supplier == whole else {whole, supplier}
    return find_others(connection, source_id, submission_id, illustrative=illustrative, suppliers=suppliers)


def drop_illustrative(connection: sa.Connection, indicator_ids: Sequence[str], submission_id: int) -> int:
    """Let the illustrative rows of indicators give way to a real return; they stay on record, shown to nobody."""
    dropped = 0
    for some in portions(sorted(set(indicator_ids))):
        rows = sa.update(Observation).where(Observation.indicator_id.in_(some), *CURRENT_ILLUSTRATIVE)
        dropped += connection.execute(rows.values(superseded_by=submission_id)).rowcount
    return dropped


def count_illustrative(connection: sa.Connection, indicator_ids: Sequence[str]) -> int:
    """Count the current illustrative rows of indicators."""
    counted = sa.select(sa.func.count()).select_from(Observation).where(*CURRENT_ILLUSTRATIVE)
    some = portions(sorted(set(indicator_ids)))
    return sum(connection.execute(counted.where(Observation.indicator_id.in_(part))).scalar_one() for part in some)


def really_returned(connection: sa.Connection, source_ids: Sequence[str]) -> set[str]:
    """Give the indicators that have current real rows from the given sources."""
    statement = (
        sa.select(Observation.indicator_id)
        .join(Submission, Submission.id == Observation.submission_id)
        .where(Submission.illustrative.is_(False), Submission.source_id.in_(list(source_ids)))
        .where(Observation.superseded_by.is_(None))
        .distinct()
    )
    return set(connection.execute(statement).scalars())


def count_current(connection: sa.Connection, submission_ids: Sequence[int]) -> dict[int, int]:
    """Count the current rows of submissions; those with none are left out."""
    counted = sa.select(Observation.submission_id, sa.func.count()).where(
        Observation.superseded_by.is_(None), Observation.submission_id.in_(list(submission_ids))
    )
    return dict(connection.execute(counted.group_by(Observation.submission_id)).all())
