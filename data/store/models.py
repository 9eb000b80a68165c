"""The tables. Names of constraints follow one convention, so that migrations can name what they change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from data.store import vocabulary

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = sa.MetaData(naming_convention=NAMES)


class Moment(TypeDecorator[dt.datetime]):
    """A point in time, always UTC. SQLite keeps no time zone, so it is put back when read."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def one_of(column: str, allowed: Sequence[str]) -> sa.CheckConstraint:
    """Hold a column to a closed list."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def iso_date(column: str) -> sa.CheckConstraint:
    """Periods are kept as ISO dates in text: they sort, compare and travel the same on both databases."""
    return sa.CheckConstraint(f"{column} LIKE '____-__-__'", name=column)


CODE = sa.String(12)
NAME = sa.String(120)
INDICATOR = sa.String(80)
ISO_DATE = sa.String(10)
WORD = sa.String(40)
FROZEN = sa.String(16)


class StoreState(Base):
    """One row: which store this is, and how often it has changed."""

    __tablename__ = "store_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_id: Mapped[str] = mapped_column(WORD)
    data_revision: Mapped[int] = mapped_column(default=0)
    release_revision: Mapped[int] = mapped_column(default=0)
    released_from: Mapped[str | None] = mapped_column(WORD)
    prepared: Mapped[str | None] = mapped_column(WORD)


class ReleaseBeat(Base):
    """One row: how many signs of life whoever makes releases has given."""

    __tablename__ = "release_beat"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beats: Mapped[int] = mapped_column(default=0)


class Submission(Base):
    """One file, or one part of the embedded reference, that was loaded."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        sa.CheckConstraint("rows_read >= 0 AND rows_accepted >= 0 AND rows_refused >= 0", name="rows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(INDICATOR, index=True)
    file_name: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    supplier: Mapped[str] = mapped_column(sa.Text, default="")
    publication: Mapped[str] = mapped_column(sa.Text, default="")
    edition: Mapped[str] = mapped_column(NAME)
    extract_date: Mapped[dt.date | None]
    loaded_at: Mapped[dt.datetime] = mapped_column(Moment)
    loaded_by: Mapped[str] = mapped_column(NAME)
    rows_read: Mapped[int]
    rows_accepted: Mapped[int]
    rows_refused: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    illustrative: Mapped[bool] = mapped_column(default=False)
    signed_off_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    signed_off_by: Mapped[str | None] = mapped_column(NAME)
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submission.id"))
    superseded_at: Mapped[dt.datetime | None] = mapped_column(Moment)


class Area(Base):
    """A neighbourhood, council or other area, with the areas that hold it."""

    __tablename__ = "area"
    __table_args__ = (one_of("area_type", vocabulary.AREA_TYPES),)

    area_code: Mapped[str] = mapped_column(CODE, primary_key=True)
    area_type: Mapped[str] = mapped_column(WORD, index=True)
    area_name: Mapped[str] = mapped_column(NAME)
    display_name: Mapped[str | None] = mapped_column(NAME)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    msoa_code: Mapped[str | None] = mapped_column(CODE, index=True)
    ward_code: Mapped[str | None] = mapped_column(CODE, index=True)
    lad_code: Mapped[str | None] = mapped_column(CODE, index=True)
    icb_code: Mapped[str | None] = mapped_column(CODE)
    region_code: Mapped[str | None] = mapped_column(CODE)
    rural_urban: Mapped[str | None] = mapped_column(NAME)
    edition: Mapped[str | None] = mapped_column(NAME)
    submission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submission.id"))


class AreaChange(Base):
    """Which 2021 neighbourhood a 2011 one became, and whether it was split, merged or left as it was."""

    __tablename__ = "area_change"

    area_code_from: Mapped[str] = mapped_column(CODE, primary_key=True)
    area_code_to: Mapped[str] = mapped_column(CODE, primary_key=True, index=True)
    change: Mapped[str] = mapped_column(WORD)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class Deprivation(Base):
    """Score, rank and decile of an area in one edition and domain. Rank 1 and decile 1 are the most deprived."""

    __tablename__ = "deprivation"
    __table_args__ = (
        sa.CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        sa.CheckConstraint("rank >= 1", name="rank"),
        {"sqlite_with_rowid": False},
    )

    edition: Mapped[str] = mapped_column(WORD, primary_key=True)
    domain: Mapped[str] = mapped_column(WORD, primary_key=True)
    area_code: Mapped[str] = mapped_column(CODE, sa.ForeignKey("area.area_code"), primary_key=True)
    score: Mapped[float | None]
    rank: Mapped[int]
    decile: Mapped[int]
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class Population(Base):
    """How many people of an age band live in an area at a date; an estimate says so and how it was made."""

    __tablename__ = "population"
    __table_args__ = (
        sa.CheckConstraint("count >= 0", name="count"),
        iso_date("reference_date"),
        {"sqlite_with_rowid": False},
    )

    edition: Mapped[str] = mapped_column(NAME, primary_key=True)
    reference_date: Mapped[str] = mapped_column(ISO_DATE, primary_key=True)
    age_band: Mapped[str] = mapped_column(WORD, primary_key=True)
    area_code: Mapped[str] = mapped_column(CODE, sa.ForeignKey("area.area_code"), primary_key=True)
    count: Mapped[float]
    estimate: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str] = mapped_column(sa.Text, default="")
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class Observation(Base):
    """A count or published value as it came in, before disclosure control. Current while nothing supersedes it."""

    __tablename__ = "observation"
    __table_args__ = (
        one_of("area_type", vocabulary.AREA_TYPES),
        one_of("period_type", vocabulary.PERIOD_TYPES),
        one_of("value_status", vocabulary.VALUE_STATUSES),
        iso_date("period_from"),
        iso_date("period_to"),
        sa.CheckConstraint("period_from <= period_to", name="period"),
        sa.Index(
            "ix_observation_superseded_by",
            "superseded_by",
            sqlite_where=sa.text("superseded_by IS NOT NULL"),
            postgresql_where=sa.text("superseded_by IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    indicator_id: Mapped[str] = mapped_column(INDICATOR, primary_key=True)
    period_from: Mapped[str] = mapped_column(ISO_DATE, primary_key=True)
    period_to: Mapped[str] = mapped_column(ISO_DATE, primary_key=True)
    breakdown_type: Mapped[str] = mapped_column(WORD, primary_key=True, default="")
    breakdown_value: Mapped[str] = mapped_column(NAME, primary_key=True, default="")
    area_code: Mapped[str] = mapped_column(CODE, sa.ForeignKey("area.area_code"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    area_type: Mapped[str] = mapped_column(WORD)
    period_type: Mapped[str] = mapped_column(WORD)
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    value: Mapped[float | None]
    lowercl: Mapped[float | None]
    uppercl: Mapped[float | None]
    value_status: Mapped[str] = mapped_column(WORD)
    note: Mapped[str | None] = mapped_column(sa.Text)
    superseded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("submission.id"))


class Released(Base):
    """A protected cell: the only indicator values that answers read."""

    __tablename__ = "released"
    __table_args__ = (
        one_of("area_type", vocabulary.AREA_TYPES),
        one_of("period_type", vocabulary.PERIOD_TYPES),
        one_of("value_status", vocabulary.VALUE_STATUSES),
        iso_date("period_from"),
        iso_date("period_to"),
        sa.Index("ix_released_area_code_indicator_id", "area_code", "indicator_id"),
        {"sqlite_with_rowid": False},
    )

    indicator_id: Mapped[str] = mapped_column(INDICATOR, primary_key=True)
    area_type: Mapped[str] = mapped_column(WORD, primary_key=True)
    period_type: Mapped[str] = mapped_column(WORD, primary_key=True)
    breakdown_type: Mapped[str] = mapped_column(WORD, primary_key=True, default="")
    period_from: Mapped[str] = mapped_column(ISO_DATE, primary_key=True)
    period_to: Mapped[str] = mapped_column(ISO_DATE, primary_key=True)
    breakdown_value: Mapped[str] = mapped_column(NAME, primary_key=True, default="")
    area_code: Mapped[str] = mapped_column(CODE, sa.ForeignKey("area.area_code"), primary_key=True)
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    value: Mapped[float | None]
    lowercl: Mapped[float | None]
    uppercl: Mapped[float | None]
    value_status: Mapped[str] = mapped_column(WORD)
    illustrative: Mapped[bool] = mapped_column(default=False)
    submission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submission.id"))


class Release(Base):
    """When an indicator's protected cells were last written, and from which state of the store."""

    __tablename__ = "release"

    indicator_id: Mapped[str] = mapped_column(INDICATOR, primary_key=True)
    revision: Mapped[str] = mapped_column(WORD)
    released_at: Mapped[dt.datetime] = mapped_column(Moment)
    cells: Mapped[int]


class ReleasedBefore(Base):
    """One release that readers were given, kept so that a later one tells nothing beside it."""

    __tablename__ = "released_before"
    __table_args__ = (sa.CheckConstraint("length(sha256) = 64", name="sha256"),)

    indicator_id: Mapped[str] = mapped_column(INDICATOR, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    released_at: Mapped[dt.datetime] = mapped_column(Moment)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Geometry(Base):
    """One map layer, ready to be served as it is."""

    __tablename__ = "geometry"
    __table_args__ = (
        one_of("method", vocabulary.GEOMETRY_METHODS),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    layer: Mapped[str] = mapped_column(WORD, primary_key=True)
    method: Mapped[str] = mapped_column(WORD)
    edition: Mapped[str] = mapped_column(NAME)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    bytes: Mapped[int]
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class Setting(Base):
    """A place that families use: practice, school, nursery or family hub."""

    __tablename__ = "setting"
    __table_args__ = (one_of("kind", vocabulary.SETTING_KINDS),)

    setting_id: Mapped[str] = mapped_column(WORD, primary_key=True)
    kind: Mapped[str] = mapped_column(WORD, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    area_code: Mapped[str | None] = mapped_column(CODE, sa.ForeignKey("area.area_code"), index=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class Postcode(Base):
    """Which neighbourhood a postcode lies in. A lookup only: no postcode of a person is ever kept."""

    __tablename__ = "postcode"

    postcode: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    area_code: Mapped[str] = mapped_column(CODE, sa.ForeignKey("area.area_code"))
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"))


class PathwayEvent(Base):
    """One step of a baby's pathway under a keyed-hash pseudonym: never a name, number, birth date or postcode."""

    __tablename__ = "pathway_event"
    __table_args__ = (
        sa.CheckConstraint("length(pseudonym) = 64", name="pseudonym"),
        sa.CheckConstraint("month LIKE '____-__'", name="month"),
        sa.Index("ix_pathway_event_event_month", "event", "month"),
    )

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    event: Mapped[str] = mapped_column(WORD, primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    area_code: Mapped[str | None] = mapped_column(CODE, sa.ForeignKey("area.area_code"))


class Audit(Base):
    """Who did what and when. Each entry carries the hash of the one before it, so a gap shows."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(NAME)
    action: Mapped[str] = mapped_column(WORD, index=True)
    subject: Mapped[str] = mapped_column(sa.Text)
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    previous_hash: Mapped[str] = mapped_column(sa.String(64), index=True, unique=True)
    entry_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class AuditHead(Base):
    """One row: how many entries the trail has had, and the hash of the last. The database itself keeps it."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int]
    head_hash: Mapped[str] = mapped_column(sa.String(64))


class EndedSignIn(Base):
    """A sign-in that was ended by signing out, by the hash of its claims: no name and no subject stands here."""

    __tablename__ = "ended_sign_in"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    ended_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)


class FrozenView(Base):
    """A view, or a pack, as it was on a day: what it says with its hash, compressed, and the pack's own bytes."""

    __tablename__ = "frozen_view"
    __table_args__ = (sa.CheckConstraint("length(sha256) = 64", name="sha256"),)

    id: Mapped[str] = mapped_column(FROZEN, primary_key=True)
    frozen_at: Mapped[dt.datetime] = mapped_column(Moment, index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    illustrative: Mapped[bool]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    pack: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


class FrozenRelease(Base):
    """A release that a fixed view may show, so that it is remembered for as long as the view stands."""

    __tablename__ = "frozen_release"

    frozen_id: Mapped[str] = mapped_column(FROZEN, sa.ForeignKey("frozen_view.id"), primary_key=True)
    indicator_id: Mapped[str] = mapped_column(INDICATOR, primary_key=True, index=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class FrozenWithdrawal(Base):
    """That a fixed view is shown no more, and why: the view itself stays, as its hash stands on the trail."""

    __tablename__ = "frozen_withdrawal"

    frozen_id: Mapped[str] = mapped_column(FROZEN, sa.ForeignKey("frozen_view.id"), primary_key=True)
    withdrawn_at: Mapped[dt.datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(sa.Text)
