"""Runs migrations on the connection that ``data.store.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from data.store import register_models  # noqa: F401 (adds the registers to the tables)
from data.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
