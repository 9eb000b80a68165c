# ruff: noqa: S608 (what is put into these statements stands in this file)
"""Let the database itself refuse to change the trail, and count its entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST = "0" * 64
CHANGED = "the trail is append-only"
OUT_OF_LINE = "the trail is append-only: an entry must follow the last one"


def upgrade() -> None:
    op.create_index(op.f("ix_audit_previous_hash"), "audit", ["previous_hash"], unique=True)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.execute(
        "INSERT INTO audit_head (id, entries, head_hash) SELECT 1, count(*), "
        f"coalesce((SELECT entry_hash FROM audit ORDER BY id DESC LIMIT 1), '{FIRST}') FROM audit"
    )
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        op.execute(statement)


REFUSE = f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"
SQLITE = (
    # a row that REPLACE pushes out fires no trigger for removing, so a number that is taken is refused here
    f"""CREATE TRIGGER audit_only_follows BEFORE INSERT ON audit
    WHEN NEW.previous_hash IS NOT (SELECT head_hash FROM audit_head)
      OR EXISTS (SELECT 1 FROM audit WHERE id >= NEW.id OR entry_hash = NEW.entry_hash)
    BEGIN SELECT RAISE(ABORT, '{OUT_OF_LINE}'); END""",
    """CREATE TRIGGER audit_is_counted AFTER INSERT ON audit
    BEGIN UPDATE audit_head SET entries = entries + 1, head_hash = NEW.entry_hash; END""",
    f"CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit {REFUSE}",
    f"CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit {REFUSE}",
    f"CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head {REFUSE}",
    f"""CREATE TRIGGER audit_head_only_counts BEFORE UPDATE ON audit_head
    WHEN NEW.id <> OLD.id OR NEW.entries <> OLD.entries + 1
      OR NEW.head_hash IS NOT (SELECT entry_hash FROM audit ORDER BY id DESC LIMIT 1)
      OR (SELECT previous_hash FROM audit ORDER BY id DESC LIMIT 1) IS NOT OLD.head_hash {REFUSE}""",
    f"CREATE TRIGGER audit_head_is_not_removed BEFORE DELETE ON audit_head {REFUSE}",
)

ERROR = "USING ERRCODE = 'integrity_constraint_violation'"
POSTGRESQL_FUNCTIONS = (
    f"""CREATE FUNCTION refuse_to_change_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{CHANGED}' {ERROR}; END $$""",
    f"""CREATE FUNCTION only_follow_in_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.previous_hash IS DISTINCT FROM (SELECT head_hash FROM audit_head)
         OR EXISTS (SELECT 1 FROM audit WHERE id >= NEW.id) THEN
        RAISE EXCEPTION '{OUT_OF_LINE}' {ERROR};
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE FUNCTION count_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN UPDATE audit_head SET entries = entries + 1, head_hash = NEW.entry_hash; RETURN NULL; END $$""",
    f"""CREATE FUNCTION only_count_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last audit%ROWTYPE;
    BEGIN
      SELECT * INTO last FROM audit ORDER BY id DESC LIMIT 1;
      IF NEW.id <> OLD.id OR NEW.entries <> OLD.entries + 1 OR NEW.head_hash IS DISTINCT FROM last.entry_hash
         OR last.previous_hash IS DISTINCT FROM OLD.head_hash THEN
        RAISE EXCEPTION '{CHANGED}' {ERROR};
      END IF;
      RETURN NEW;
    END $$""",
)
#: Name, when, on which table, for each what, and which function.
POSTGRESQL_TRIGGERS = (
    ("audit_only_follows", "BEFORE INSERT", "audit", "ROW", "only_follow_in_the_trail"),
    ("audit_is_counted", "AFTER INSERT", "audit", "ROW", "count_the_trail"),
    ("audit_is_not_changed", "BEFORE UPDATE", "audit", "ROW", "refuse_to_change_the_trail"),
    ("audit_is_not_removed", "BEFORE DELETE", "audit", "ROW", "refuse_to_change_the_trail"),
    ("audit_is_not_emptied", "BEFORE TRUNCATE", "audit", "STATEMENT", "refuse_to_change_the_trail"),
    ("audit_head_is_one", "BEFORE INSERT", "audit_head", "ROW", "refuse_to_change_the_trail"),
    ("audit_head_only_counts", "BEFORE UPDATE", "audit_head", "ROW", "only_count_the_trail"),
    ("audit_head_is_not_removed", "BEFORE DELETE", "audit_head", "ROW", "refuse_to_change_the_trail"),
    ("audit_head_is_not_emptied", "BEFORE TRUNCATE", "audit_head", "STATEMENT", "refuse_to_change_the_trail"),
)
POSTGRESQL = (
    *POSTGRESQL_FUNCTIONS,
    *(
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        for name, when, table, each, function in POSTGRESQL_TRIGGERS
    ),
    # also for a session that says it only replays another server's changes
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name, _, table, _, _ in POSTGRESQL_TRIGGERS),
)
