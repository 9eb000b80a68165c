"""Where the store is: an address from the environment, the secrets file, or the embedded default."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import sqlalchemy as sa

from data.errors import StoreError

ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / ".store" / "first1001.sqlite"
SECRETS = ROOT / ".streamlit" / "secrets.toml"
KINDS = ("sqlite", "postgresql")


def locate(url: str | None = None) -> sa.URL:
    """Find the store's address: the argument, DATABASE_URL, the secrets file, or the embedded default."""
    text = url or os.environ.get("DATABASE_URL") or address_in_secrets(SECRETS) or f"sqlite:///{EMBEDDED}"
    if text.startswith("postgres://"):
        text = text.replace("postgres://", "postgresql://", 1)
    try:
        address = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError("The store's address cannot be read", expected="sqlite:///file or postgresql://…") from None
    if address.get_backend_name() not in KINDS:
        raise StoreError(
            "The store's address names a database that is not supported",
            found=address.get_backend_name(),
            expected="sqlite or postgresql",
        )
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("The store must be a file, because several processes share it", expected="sqlite:///file")
    return address


def address_in_secrets(path: Path) -> str | None:
    """Read ``[connections.store] url`` where the secrets file has one."""
    if not path.is_file():
        return None
    try:
        secrets = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise StoreError("The secrets file cannot be read", file=path.name, expected="valid TOML") from None
    url = secrets.get("connections", {}).get("store", {}).get("url")
    return str(url) if url else None


def shown(address: sa.URL) -> str:
    """Write the address without its password."""
    if address.get_backend_name() == "sqlite":
        return str(address.database)
    return address.render_as_string(hide_password=True)
