"""Keep which sign-ins have ended, so that all processes behind one address agree on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_sign_in",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ended_sign_in")),
    )
    op.create_index(op.f("ix_ended_sign_in_ended_at"), "ended_sign_in", ["ended_at"], unique=False)
