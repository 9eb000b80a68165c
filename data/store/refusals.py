"""What the database refused, and what to do about it, in plain sentences."""

from __future__ import annotations

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
    ("diskfull", "The disk is full, so nothing was changed", "Free some space and try again"),
    ("disk quota", "The disk is full, so nothing was changed", "Free some space and try again"),
    ("no space left", "The disk is full, so nothing was changed", "Free some space and try again"),
    ("file too large", "The file of the store may not grow any more, so nothing was changed", "Raise the limit"),
    ("disk i/o error", "The disk of the store refused to read or write", "Check its space and its health"),
    ("queuepool limit", "The store has more readers than it can serve at once", "Try again in a minute"),
    ("too many connections", "The store has more readers than it can serve at once", "Try again in a minute"),
    ("too many clients", "The store has more readers than it can serve at once", "Try again in a minute"),
    ("starting up", "The database is just starting", "Try again in a minute"),
    ("shutting down", "The database is just being stopped", "Try again in a few minutes"),
    ("too long for type", "The store refused a text that is too long", "Nothing was changed"),
    ("unable to open", "The file of the store cannot be opened", "Check DATABASE_URL and its permissions"),
    ("append-only", "The trail may be added to, and never changed", "Nothing was changed"),
    ("constraint", "The store refused a value that breaks one of its rules", "Nothing was changed"),
)
UNREACHABLE = ("The store cannot be reached", "Check that the database runs and that DATABASE_URL is right")


def explain(error: Exception) -> str:
    """Say what the database refused."""
    return _match(error)[0]


def remedy(error: Exception) -> str:
    """Say what the reader can do."""
    return _match(error)[1]


def _match(error: Exception) -> tuple[str, str]:
    cause = getattr(error, "orig", None) or error
    text = f"{type(cause).__name__} {cause}".lower()
    for sign, sentence, todo in EXPLANATIONS:
        if sign in text:
            return sentence, todo
    return UNREACHABLE
