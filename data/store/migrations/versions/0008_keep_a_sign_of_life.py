"""Keep a sign of life from whoever makes a release, so that nobody takes it for left and starts it again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    beats = op.create_table(
        "release_beat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_release_beat_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_beat")),
    )
    op.bulk_insert(beats, [{"id": 1, "beats": 0}])
