"""Which files somebody signs off, and how it is said whether that was done."""

from __future__ import annotations

import datetime as dt

from data.catalogue import source

NOT_YET = "Not signed off yet"
SIGNED_BY_SOMEBODY = ("local_return", "register")


def needs_sign_off(source_id: str, *, illustrative: bool) -> bool:
    """Whether a file is a real return: publications and illustrative figures are nobody's to sign off."""
    return not illustrative and source(source_id).kind in SIGNED_BY_SOMEBODY


def sign_off_words(source_id: str, signed_off_at: object, *, illustrative: bool) -> str:
    """Say whether a return was signed off and when; nothing of a file that needs no sign-off."""
    if not needs_sign_off(source_id, illustrative=illustrative):
        return ""
    if not isinstance(signed_off_at, str):
        return NOT_YET
    return f"Signed off on {dt.date.fromisoformat(signed_off_at[:10]):%-d %B %Y}"
