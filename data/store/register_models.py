"""The register tables. An entry is never overwritten: each change is a new version of it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from data.store import vocabulary
from data.store.models import INDICATOR, NAME, WORD, Base, Moment, one_of


class Entry:
    """What every register row carries. Two people who change the same version collide on ``entry_id, version``."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-9)
    entry_id: Mapped[str] = mapped_column(WORD, sort_order=-8)
    version: Mapped[int] = mapped_column(default=1, sort_order=-7)
    withdrawn: Mapped[bool] = mapped_column(default=False, sort_order=90)
    illustrative: Mapped[bool] = mapped_column(default=False, sort_order=91)
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, sort_order=92)
    recorded_by: Mapped[str] = mapped_column(NAME, sort_order=93)
    superseded_at: Mapped[dt.datetime | None] = mapped_column(Moment, sort_order=94)

    @declared_attr
    def submission_id(cls) -> Mapped[int | None]:  # noqa: N805 (SQLAlchemy hands the class)
        return mapped_column(sa.ForeignKey("submission.id"), sort_order=95)


VERSIONS = ("entry_id", "version")


class Commitment(Entry, Base):
    """A promise: where it was made, who owns it, when it is due and what would show that it was kept."""

    __tablename__ = "commitment"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    ask_id: Mapped[str | None] = mapped_column(WORD)
    promise: Mapped[str] = mapped_column(sa.Text)
    document: Mapped[str] = mapped_column(sa.Text, default="")
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.Text, default="")
    owner: Mapped[str] = mapped_column(NAME, default="")
    due_date: Mapped[dt.date | None]
    indicator_id: Mapped[str | None] = mapped_column(INDICATOR)
    threshold: Mapped[float | None]
    threshold_words: Mapped[str] = mapped_column(sa.Text, default="")


class CommitmentStatus(Entry, Base):
    """One step in a commitment's history, with its evidence."""

    __tablename__ = "commitment_status"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS), one_of("status", vocabulary.COMMITMENT_STATUSES))

    commitment_id: Mapped[str] = mapped_column(WORD, index=True)
    status: Mapped[str] = mapped_column(WORD)
    status_date: Mapped[dt.date]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    from_data: Mapped[bool] = mapped_column(default=False)


class DutyEvidence(Entry, Base):
    """What is on file for one item of a legal duty, from which document. Evidence, never a verdict."""

    __tablename__ = "duty_evidence"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    duty: Mapped[str] = mapped_column(WORD)
    item: Mapped[str] = mapped_column(sa.Text)
    financial_year: Mapped[str] = mapped_column(sa.String(7))
    on_file: Mapped[bool]
    document: Mapped[str] = mapped_column(sa.Text, default="")
    page: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.Text, default="")


class SectorEvidence(Entry, Base):
    """One cell of the sector matrix: eight sectors by service, training and lead."""

    __tablename__ = "sector_evidence"
    __table_args__ = (
        sa.UniqueConstraint(*VERSIONS),
        one_of("sector", vocabulary.SECTORS),
        one_of("aspect", vocabulary.SECTOR_ASPECTS),
    )

    sector: Mapped[str] = mapped_column(WORD)
    aspect: Mapped[str] = mapped_column(WORD)
    organisation: Mapped[str] = mapped_column(NAME, default="")
    place: Mapped[str] = mapped_column(NAME, default="")
    evidence: Mapped[str] = mapped_column(sa.Text, default="")
    evidence_date: Mapped[dt.date | None]


class Kpi(Entry, Base):
    """A mandated or contracted measure, the ask it serves, and whether it is reported."""

    __tablename__ = "kpi"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    name: Mapped[str] = mapped_column(sa.Text)
    contract: Mapped[str] = mapped_column(NAME, default="")
    mandated: Mapped[bool] = mapped_column(default=False)
    reported: Mapped[bool] = mapped_column(default=False)
    ask_id: Mapped[str | None] = mapped_column(WORD)
    indicator_id: Mapped[str | None] = mapped_column(INDICATOR)
    owner: Mapped[str] = mapped_column(NAME, default="")


class FundingLine(Entry, Base):
    """One budget line in one financial year; an apportioned line says how it was apportioned."""

    __tablename__ = "funding_line"
    __table_args__ = (
        sa.UniqueConstraint(*VERSIONS),
        sa.CheckConstraint("amount >= 0", name="amount"),
        one_of("beneficiary", ("", *vocabulary.BENEFICIARIES)),
    )

    name: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(NAME)
    area_code: Mapped[str | None] = mapped_column(sa.String(12), sa.ForeignKey("area.area_code"))
    financial_year: Mapped[str] = mapped_column(sa.String(7))
    amount: Mapped[float]
    confirmed_until: Mapped[dt.date | None]
    recurrent: Mapped[bool] = mapped_column(default=False)
    preventative: Mapped[bool] = mapped_column(default=False)
    ring_fenced: Mapped[bool] = mapped_column(default=False)
    beneficiary: Mapped[str] = mapped_column(WORD, default="")
    apportionment: Mapped[str] = mapped_column(sa.Text, default="")


class TrainingPlan(Entry, Base):
    """Training places planned and filled for a workforce group in a quarter, with staff joining and leaving."""

    __tablename__ = "training_plan"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    workforce_group: Mapped[str] = mapped_column(NAME)
    sector: Mapped[str] = mapped_column(WORD, default="")
    employer: Mapped[str] = mapped_column(NAME, default="")
    course: Mapped[str] = mapped_column(NAME, default="")
    quarter_from: Mapped[dt.date]
    places_planned: Mapped[int | None]
    places_filled: Mapped[int | None]
    starters: Mapped[int | None]
    leavers: Mapped[int | None]


class Coproduction(Entry, Base):
    """Evidence that a service was made with families: who took part, at what level."""

    __tablename__ = "coproduction"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    service: Mapped[str] = mapped_column(sa.Text)
    level: Mapped[str] = mapped_column(WORD)
    group_name: Mapped[str] = mapped_column(NAME, default="")
    members: Mapped[int | None]
    plus_group_members: Mapped[int | None]
    meeting_date: Mapped[dt.date | None]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")


class Document(Entry, Base):
    """A published document that was read, such as a strategy or board paper."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    title: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(NAME)
    kind: Mapped[str] = mapped_column(WORD)
    published_on: Mapped[dt.date | None]
    url: Mapped[str] = mapped_column(sa.Text, default="")
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    pages: Mapped[int | None]
    words: Mapped[int | None]


class Passage(Entry, Base):
    """A passage of a document, with the page it stands on."""

    __tablename__ = "passage"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    document_id: Mapped[str] = mapped_column(WORD, index=True)
    page: Mapped[int | None]
    section: Mapped[str] = mapped_column(sa.Text, default="")
    text: Mapped[str] = mapped_column(sa.Text)
    words: Mapped[int]


REGISTERS: dict[str, type[Entry]] = {
    model.__tablename__: model
    for model in (
        Commitment,
        CommitmentStatus,
        DutyEvidence,
        SectorEvidence,
        Kpi,
        FundingLine,
        TrainingPlan,
        Coproduction,
        Document,
        Passage,
    )
}
