"""Map layers, kept ready to serve."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from data.store.frames import upsert_rows
from data.store.models import Geometry

TABLE: sa.Table = Geometry.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Layer:
    """What is known of a layer without its content."""

    layer: str
    method: str
    edition: str
    sha256: str
    bytes: int
    submission_id: int

    @property
    def sha12(self) -> str:
        """The part of the hash that stands in the layer's address."""
        return self.sha256[:12]


FIELDS = (
    Geometry.layer,
    Geometry.method,
    Geometry.edition,
    Geometry.sha256,
    Geometry.bytes,
    Geometry.submission_id,
)


def select_geometry(connection: sa.Connection, layer: str) -> Layer | None:
    """Give a layer's method, edition, hash and size, or None where it has none."""
    row = connection.execute(sa.select(*FIELDS).where(Geometry.layer == layer)).one_or_none()
    return None if row is None else Layer(*row)


def select_layers(connection: sa.Connection) -> tuple[Layer, ...]:
    """Give every layer in the store."""
    return tuple(Layer(*row) for row in connection.execute(sa.select(*FIELDS).order_by(Geometry.layer)))


def select_geometry_content(connection: sa.Connection, sha12: str) -> bytes | None:
    """Give a layer's content by the first twelve letters of its hash, or None."""
    if len(sha12) != 12 or not set(sha12) <= set("0123456789abcdef"):
        return None
    statement = sa.select(Geometry.content).where(Geometry.sha256.like(f"{sha12}%"))
    content = connection.execute(statement).scalars().first()
    return None if content is None else bytes(content)


def replace_geometry(
    connection: sa.Connection, layer: str, content: bytes, *, method: str, edition: str, submission_id: int
) -> Layer:
    """Put a layer in place of the one that was there."""
    digest = hashlib.sha256(content).hexdigest()
    described = Layer(layer, method, edition, digest, len(content), submission_id)
    row = {
        "layer": layer,
        "method": method,
        "edition": edition,
        "sha256": digest,
        "content": content,
        "bytes": len(content),
        "submission_id": submission_id,
    }
    upsert_rows(connection, TABLE, [row])
    return described
