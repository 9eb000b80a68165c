# ruff: noqa: S608 (what is put into these statements stands in this file)
"""Keep views as they were on a day, and let the database itself refuse to change them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHANGED = "a fixed view is never changed"
#: Each table with the condition under which a new row would push out one that is there.
TABLES = {
    "frozen_view": "id = NEW.id",
    "frozen_release": "frozen_id = NEW.frozen_id AND indicator_id = NEW.indicator_id AND number = NEW.number",
    "frozen_withdrawal": "frozen_id = NEW.frozen_id",
}


def upgrade() -> None:
    op.create_table(
        "frozen_view",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("pack", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_frozen_view_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_view")),
    )
    op.create_index(op.f("ix_frozen_view_frozen_at"), "frozen_view", ["frozen_at"], unique=False)
    op.create_table(
        "frozen_release",
        sa.Column("frozen_id", sa.String(length=16), nullable=False),
        sa.Column("indicator_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_id"], ["frozen_view.id"], name=op.f("fk_frozen_release_frozen_id_frozen_view")
        ),
        sa.PrimaryKeyConstraint("frozen_id", "indicator_id", "number", name=op.f("pk_frozen_release")),
    )
    op.create_index(op.f("ix_frozen_release_indicator_id"), "frozen_release", ["indicator_id"], unique=False)
    op.create_table(
        "frozen_withdrawal",
        sa.Column("frozen_id", sa.String(length=16), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_id"], ["frozen_view.id"], name=op.f("fk_frozen_withdrawal_frozen_id_frozen_view")
        ),
        sa.PrimaryKeyConstraint("frozen_id", name=op.f("pk_frozen_withdrawal")),
    )
    for statement in sqlite() if op.get_bind().dialect.name == "sqlite" else postgresql():
        op.execute(statement)


def sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
    # a row that REPLACE pushes out fires no trigger for removing, so a key that is taken is refused here
    taken = [
        f"CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        for table, same in TABLES.items()
    ]
    changed = [
        f"CREATE TRIGGER {table}_is_not_{done} BEFORE {act} ON {table} {refuse}"
        for table in TABLES
        for done, act in (("changed", "UPDATE"), ("removed", "DELETE"))
    ]
    return [*taken, *changed]


def postgresql() -> list[str]:
    error = "USING ERRCODE = 'integrity_constraint_violation'"
    made = [
        "CREATE FUNCTION refuse_to_change_a_fixed_view() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{CHANGED}' {error}; END $$"
    ]
    for table in TABLES:
        for done, act, each in (
            ("changed", "UPDATE", "ROW"),
            ("removed", "DELETE", "ROW"),
            ("emptied", "TRUNCATE", "STATEMENT"),
        ):
            name = f"{table}_is_not_{done}"
            made.append(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_to_change_a_fixed_view()"
            )
            # also for a session that says it only replays another server's changes
            made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    return made
