"""Sign-ins that were ended by signing out. Other tabs, and copies of the cookie, go on without that; here they stop."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

#: How long an ended sign-in is remembered: longer than a cookie of Streamlit's lasts.
REMEMBER_SECONDS: Final = 31 * 24 * 3600
#: What Streamlit adds to the claims of a sign-in, or takes from them.
_NOT_CLAIMS: Final = ("is_logged_in", "origin", "tokens")
_ENDED: dict[str, float] = {}
_LOCK: Final = Lock()


def end_sign_in(claims: Mapping[str, Any]) -> None:
    """Remember that this sign-in is over; another one of the same person is not touched."""
    if not claims.get("sub"):
        return
    now = time.time()
    with _LOCK:
        for old in [one for one, at in _ENDED.items() if at < now - REMEMBER_SECONDS]:
            del _ENDED[old]
        _ENDED[_name(claims)] = now


def has_ended(claims: Mapping[str, Any]) -> bool:
    """Say whether whoever signed in with these claims has signed out since."""
    return bool(_ENDED) and _name(claims) in _ENDED


def _name(claims: Mapping[str, Any]) -> str:
    """Name one sign-in; its nonce and time of issue tell it from the next one of the same person."""
    kept = {key: value for key, value in claims.items() if key not in _NOT_CLAIMS}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
