"""Keep what local groups say that they offer, with what a moderator decided of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDS = ("group_name", "offers", "for_whom", "languages")
MORE_WORDS = ("reason", "reason_words")


def upgrade() -> None:
    op.create_table(
        "community_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        sa.Column("area_code", sa.String(length=40), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("how_often", sa.Text(), nullable=False),
        sa.Column("since_year", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("how_found", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in MORE_WORDS),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_community_offer_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_offer")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_community_offer_entry_id_version")),
    )
    for name in ("area_code", "sender"):
        op.create_index(op.f(f"ix_community_offer_{name}"), "community_offer", [name], unique=False)
