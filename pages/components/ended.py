"""Sign-ins that were ended by signing out. Other tabs, and copies of the cookie, go on without that; here they stop."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from data.actions import signed_out

#: What Streamlit adds to the claims of a sign-in, or takes from them.
_NOT_CLAIMS: Final = ("is_logged_in", "origin", "tokens")


def end_sign_in(claims: Mapping[str, Any]) -> None:
    """Remember that this sign-in is over; another one of the same person is not touched."""
    if claims.get("sub"):
        signed_out.end(_name(claims))


def has_ended(claims: Mapping[str, Any]) -> bool:
    """Say whether whoever signed in with these claims has signed out since."""
    return bool(claims.get("sub")) and signed_out.ended(_name(claims))


def _name(claims: Mapping[str, Any]) -> str:
    """Name one sign-in; its nonce and time of issue tell it from the next one of the same person."""
    kept = {key: value for key, value in claims.items() if key not in _NOT_CLAIMS}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
