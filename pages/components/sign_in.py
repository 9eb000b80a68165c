"""Who is asking: whoever signed in, or, where no sign-in is set up, whoever sits at this machine."""

from __future__ import annotations

from data.actions.people import LOCAL, Person


def person() -> Person:
    """Say who is signed in on this page; everything that acts for somebody begins here."""
    return LOCAL
