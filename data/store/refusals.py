"""What the database refused, and what to do about it, in plain sentences."""

from __future__ import annotations

import sqlalchemy as sa

#: Sign in the database's own words, what it means, what to do; the first sign that is found counts.
EXPLANATIONS = (
    ("database is locked", "The store is busy with another load", "Try again in a minute"),
    ("lock timeout", "The store is busy with another load", "Try again in a minute"),
    ("locktimeout", "The store is busy with another load", "Try again in a minute"),
    ("readonly", "The store may be read but not written to", "Ask for write permission on the store"),
    ("read-only", "The store may be read but not written to", "Ask for write permission on the store"),
    ("permission denied", "The store's user lacks a permission", "Ask whoever keeps the database"),
    ("insufficientprivilege", "The store's user lacks a permission", "Ask whoever keeps the database"),
    ("password authentication failed", "The store refused the user name or password", "Check DATABASE_URL"),
    ("does not exist", "The store has no such database, user or table", "Check DATABASE_URL"),
    ("no such table", "The store has no such database, user or table", "Check DATABASE_URL"),
    ("not a database", "The file is not a store", "Check DATABASE_URL"),
    ("malformed", "The file of the store is damaged", "Put back a copy"),
    ("disk is full", "The disk is full, so nothing was changed", "Free some space and try again"),
    ("no space left", "The disk is full, so nothing was changed", "Free some space and try again"),
    ("unable to open", "The file of the store cannot be opened", "Check DATABASE_URL and its permissions"),
    ("append-only", "The trail may be added to, and never changed", "Nothing was changed"),
    ("constraint", "The store refused a value that breaks one of its rules", "Nothing was changed"),
)
UNREACHABLE = ("The store cannot be reached", "Check that the database runs and that DATABASE_URL is right")


def explain(error: sa.exc.DBAPIError) -> str:
    """Say what the database refused."""
    return _match(error)[0]


def remedy(error: sa.exc.DBAPIError) -> str:
    """Say what the reader can do."""
    return _match(error)[1]


def _match(error: sa.exc.DBAPIError) -> tuple[str, str]:
    text = f"{type(error.orig).__name__} {error.orig}".lower()
    for sign, sentence, todo in EXPLANATIONS:
        if sign in text:
            return sentence, todo
    return UNREACHABLE
