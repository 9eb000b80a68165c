"""The register tables. An entry is never overwritten: each change is a new version of it.

The columns of each register are those of its return in the catalogue; the return's ``id`` is ``entry_id`` here.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from data.store.models import NAME, WORD, Base, Moment


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


def wording() -> Mapped[str]:
    """Words that may be left empty."""
    return mapped_column(sa.Text, default="")


VERSIONS = ("entry_id", "version")


class Commitment(Entry, Base):
    """A promise or a milestone of the plan: where it was made, who owns it, when it is due, what would show it."""

    __tablename__ = "commitment"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    register: Mapped[str] = mapped_column(WORD, default="commitments", index=True)
    kind: Mapped[str] = wording()
    point: Mapped[str] = wording()
    promise: Mapped[str] = wording()
    milestone: Mapped[str] = wording()
    asks: Mapped[str] = wording()
    source_document: Mapped[str] = wording()
    source_page: Mapped[str] = wording()
    partner_body: Mapped[str] = wording()
    owner_role: Mapped[str] = wording()
    made_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    indicator: Mapped[str] = wording()
    threshold: Mapped[float | None]
    status: Mapped[str] = wording()
    status_on: Mapped[dt.date | None]
    reviewed_on: Mapped[dt.date | None]
    closed_on: Mapped[dt.date | None]
    evidence: Mapped[str] = wording()
    budget_line: Mapped[str] = wording()


class CommitmentStatus(Entry, Base):
    """One step in a commitment's history, with its evidence; ``from_data`` where an indicator set it."""

    __tablename__ = "commitment_status"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    commitment: Mapped[str] = mapped_column(WORD, index=True)
    status: Mapped[str] = wording()
    status_on: Mapped[dt.date]
    evidence: Mapped[str] = wording()
    from_data: Mapped[bool] = mapped_column(default=False)


class DutyEvidence(Entry, Base):
    """What is on file for one item of a legal duty, from which document. Evidence, never a verdict."""

    __tablename__ = "duty_evidence"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    item: Mapped[str] = wording()
    year: Mapped[str] = wording()
    mentions_under_twos: Mapped[bool]
    document: Mapped[str] = wording()
    page: Mapped[str] = wording()
    quote: Mapped[str] = wording()
    link: Mapped[str] = wording()
    found_on: Mapped[dt.date]


class SectorEvidence(Entry, Base):
    """One cell of the sector matrix: what a sector has in place, with its evidence."""

    __tablename__ = "sector_evidence"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    sector: Mapped[str] = wording()
    what: Mapped[str] = wording()
    in_place: Mapped[bool]
    evidence: Mapped[str] = wording()
    since: Mapped[dt.date | None]
    review_on: Mapped[dt.date | None]
    place: Mapped[str] = wording()


class Kpi(Entry, Base):
    """A mandated or contracted measure, the asks it serves, and when it was last reported."""

    __tablename__ = "kpi"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    kpi: Mapped[str] = wording()
    mandated: Mapped[bool]
    contract: Mapped[str] = wording()
    organisation: Mapped[str] = wording()
    asks: Mapped[str] = wording()
    indicator: Mapped[str] = wording()
    threshold: Mapped[str] = wording()
    last_reported: Mapped[dt.date | None]


class FundingLine(Entry, Base):
    """One budget or outturn line in one year; an apportioned line says on what basis."""

    __tablename__ = "funding_line"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS), sa.CheckConstraint("amount >= 0", name="amount"))

    service: Mapped[str] = wording()
    payer: Mapped[str] = wording()
    funding_source: Mapped[str] = wording()
    council: Mapped[str] = wording()
    year: Mapped[str] = wording()
    budget_or_outturn: Mapped[str] = wording()
    amount: Mapped[float]
    share_0_to_2: Mapped[float]
    share_basis: Mapped[str] = wording()
    prevention: Mapped[str] = wording()
    beneficiary: Mapped[str] = wording()
    recurrent: Mapped[bool]
    confirmed_until: Mapped[dt.date | None]
    ring_fenced_locally: Mapped[bool]
    decision: Mapped[str] = wording()


class TrainingPlan(Entry, Base):
    """Staff of a workforce group in one organisation, the level they need, and the training planned for them."""

    __tablename__ = "training_plan"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    workforce_group: Mapped[str] = wording()
    organisation: Mapped[str] = wording()
    headcount: Mapped[int | None]
    wte: Mapped[float | None]
    vacancy_wte: Mapped[float | None]
    direct_contact_headcount: Mapped[int | None]
    level_required: Mapped[str] = wording()
    level_owner_role: Mapped[str] = wording()
    level_set_on: Mapped[dt.date | None]
    training_need: Mapped[int | None]
    target_share: Mapped[float | None]
    target_by: Mapped[dt.date | None]
    course: Mapped[str] = wording()
    places_planned: Mapped[int | None]
    topics: Mapped[str] = wording()
    plan_approved_on: Mapped[dt.date | None]
    plan_reviewed_on: Mapped[dt.date | None]


class Coproduction(Entry, Base):
    """One activity in which a service was made with families: who took part, at what level, what came of it."""

    __tablename__ = "coproduction"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    service: Mapped[str] = wording()
    activity: Mapped[str] = wording()
    held_on: Mapped[dt.date]
    level: Mapped[str] = wording()
    groups_present: Mapped[str] = wording()
    members: Mapped[int | None]
    members_plus_groups: Mapped[int | None]
    cohort_plus_share: Mapped[float | None]
    expenses_paid: Mapped[bool | None]
    you_said: Mapped[str] = wording()
    we_did: Mapped[str] = wording()


class Document(Entry, Base):
    """A published document, or how two readers scored it on one criterion, with the quote that shows it."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    title: Mapped[str] = wording()
    organisation: Mapped[str] = wording()
    kind: Mapped[str] = wording()
    published_on: Mapped[dt.date]
    link: Mapped[str] = wording()
    words: Mapped[int | None]
    criterion: Mapped[str] = wording()
    score: Mapped[str] = wording()
    reader_1: Mapped[str] = wording()
    reader_2: Mapped[str] = wording()
    page: Mapped[str] = wording()
    quote: Mapped[str] = wording()
    touches_under_twos: Mapped[bool | None]
    states_short_term: Mapped[bool | None]
    states_long_term: Mapped[bool | None]
    baby_mention_and_action: Mapped[bool | None]


class Passage(Entry, Base):
    """A passage of a document, with the page it stands on."""

    __tablename__ = "passage"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    document: Mapped[str] = mapped_column(WORD, index=True)
    page: Mapped[int | None]
    section: Mapped[str] = wording()
    text: Mapped[str] = wording()
    words: Mapped[int]


class LocalSetting(Entry, Base):
    """What has been agreed locally where nothing is published: by whom, and from which day it holds."""

    __tablename__ = "local_setting"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    setting: Mapped[str] = mapped_column(WORD, index=True)
    value: Mapped[float]
    in_force_from: Mapped[dt.date]
    agreed_on: Mapped[dt.date]
    owner_role: Mapped[str] = wording()
    agreed_by: Mapped[str] = wording()
    evidence: Mapped[str] = wording()


class CommunityOffer(Entry, Base):
    """What a local group says that it offers, and whether a moderator has accepted it; ``sender`` is a pseudonym."""

    __tablename__ = "community_offer"
    __table_args__ = (sa.UniqueConstraint(*VERSIONS),)

    group_name: Mapped[str] = wording()
    offers: Mapped[str] = wording()
    for_whom: Mapped[str] = wording()
    languages: Mapped[str] = wording()
    area_code: Mapped[str] = mapped_column(WORD, index=True)
    covers: Mapped[str] = wording()
    how_often: Mapped[str] = wording()
    since_year: Mapped[int | None]
    places: Mapped[int | None]
    free: Mapped[bool | None]
    how_found: Mapped[str] = wording()
    about: Mapped[str] = wording()
    told_on: Mapped[dt.date]
    status: Mapped[str] = wording()
    status_on: Mapped[dt.date]
    reason: Mapped[str] = wording()
    reason_words: Mapped[str] = wording()
    sender: Mapped[str] = mapped_column(WORD, default="", index=True)


REGISTERS: dict[str, sa.Table] = {
    model.__tablename__: cast("sa.Table", model.__table__)
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
        LocalSetting,
        CommunityOffer,
    )
}
