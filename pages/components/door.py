"""The door of the server: who may ask it at all.

It stands before everything else, Streamlit's own addresses included. Public as they are, and open to whoever may ask:
the shells of pages, which hold no figure; the map's scripts; and the outlines of areas, which are published geography.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from data.actions.admission import NotSignedIn, WrongSettings
from data.actions.people import require
from data.errors import NotAllowed
from pages.components.answered import CALLBACK, Answered, claims_of, name_of
from pages.components.headers import security_headers
from pages.components.sign_in import admitted
from pages.components.sign_in_settings import LOOPBACK_NAMES, SignInSettings, sign_in_settings

LOG = logging.getLogger(__name__)
HEALTH: Final = "/_stcore/health"
UPLOADS: Final = "/_stcore/upload_file/"
#: What holds figures, takes files or tells of use: files made for downloads, uploads, the server's own counts.
FOR_THE_SIGNED_IN: Final = ("/media/", UPLOADS, "/_stcore/metrics", "/_stcore/agent/")
#: Headers that a proxy adds. Where no sign-in is set up there must be none between the reader and this machine.
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
#: Why a provider signs nobody in (OAuth 2.0, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6): any other words
#: come from whoever wrote the address, and don't go into the log.
REASONS: Final = (
    *("access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope"),
    *("server_error", "temporarily_unavailable", "login_required", "consent_required", "interaction_required"),
    "account_selection_required",
)
LOCAL_ONLY: Final = (
    "No sign-in is set up, so this dashboard is served to its own computer only. "
    "Open it there as http://localhost, or set sign-in up as docs/deploying.md says."
)
WRONG_HOST: Final = "This is not an address of the dashboard. Use the address that you were given."
WRONG_ORIGIN: Final = "Another site asked for this. Open the dashboard itself."
SET_UP_WRONG: Final = (
    "Sign-in is not set up right, so nobody is let in. Whoever runs the dashboard finds why in its log."
)
NOT_SIGNED_IN: Final = "Your organisation did not sign you in. Open the dashboard again to try once more."
FAILED: Final = "Something went wrong. Open the page again; if it stays so, tell whoever runs the dashboard."
SIGN_IN_FIRST: Final = "Sign in first, then ask for this again."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody is sent away."""

    status: int
    words: str


class Door:
    """Sends away whoever may not ask, and adds what every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at a request before anything else does."""
        if scope["type"] not in {"http", "websocket"}:
            say_how_it_stands()
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        settings, refusal = look(asked)
        answered = Answered(asked, settings, send)
        if refusal is None:
            await answered.before()
            await self.app(scope, receive, answered.send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.words})
        else:
            await PlainTextResponse(refusal.words, refusal.status)(scope, receive, answered.send)


DOOR: Final = Middleware(Door)


async def failed(asked: Request, error: Exception) -> PlainTextResponse:  # noqa: ARG001 (the server logs the error)
    """Say that something went wrong, and not what. Such an answer goes past the door, so it has its headers here."""
    return PlainTextResponse(FAILED, 500, headers=security_headers("", asked.scope["scheme"] == "https"))


def say_how_it_stands() -> None:
    """Say in the log of a start if nobody will be let in, or only this computer although others reach the server."""
    address = st.get_option("server.address") or "every address"
    try:
        settings = sign_in_settings()
    except WrongSettings as error:
        LOG.error("Nobody is let in, because sign-in is set up wrong: %s", error)
        return
    if settings is None and address not in LOOPBACK_NAMES:
        LOG.warning("The server listens on %s, but without sign-in it answers its own computer only.", address)


def look(asked: HTTPConnection) -> tuple[SignInSettings | None, Refusal | None]:
    """Read how sign-in is set up, and say why somebody may not ask. Anybody may ask whether the server is well."""
    settings, refusal = None, None
    try:
        settings = sign_in_settings()
        refusal = why_refused(asked, settings)
    except WrongSettings as error:
        LOG.error("Nobody is let in, because sign-in is set up wrong: %s", error)
        refusal = Refusal(503, SET_UP_WRONG)
    return settings, None if asked.scope["path"] == HEALTH and asked.scope["type"] == "http" else refusal


def why_refused(asked: HTTPConnection, settings: SignInSettings | None) -> Refusal | None:
    """Say why somebody may not ask; None where they may."""
    host = name_of(asked.headers.get("host", ""))
    if settings is None:
        proxied = any(name in asked.headers for name in FORWARDED)
        if proxied or host not in LOOPBACK_NAMES or not _is_loopback(asked.client.host if asked.client else ""):
            return Refusal(403, LOCAL_ONLY)
    elif not _is_allowed(host, st.get_option("server.allowedHosts") or [settings.host]):
        return Refusal(400, WRONG_HOST)
    origin = asked.headers.get("origin")
    if origin and asked.scope["type"] == "websocket" and urlsplit(origin).netloc != asked.headers.get("host"):
        return Refusal(403, WRONG_ORIGIN)
    return None if settings is None else why_not_for_them(asked, settings)


def why_not_for_them(asked: HTTPConnection, settings: SignInSettings) -> Refusal | None:
    """Say why somebody may not have what only people who are signed in get, or come in as the provider sends them."""
    path = asked.scope["path"]
    if path.startswith(FOR_THE_SIGNED_IN):
        try:
            who = admitted(claims_of(asked.cookies, settings))
            if path.startswith(UPLOADS):
                require(who, "check")
        except NotSignedIn:
            return Refusal(401, SIGN_IN_FIRST)
        except NotAllowed as error:
            return Refusal(403, str(error))
    if path == CALLBACK and "error" in asked.query_params:
        reason = asked.query_params["error"]
        LOG.warning("The provider signed nobody in: %s", reason if reason in REASONS else "for a reason of its own")
        return Refusal(403, NOT_SIGNED_IN)
    return None


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (inner or found).is_loopback


def _is_allowed(host: str, allowed: list[str]) -> bool:
    """Compare a name with the allowed ones; ``*.a.example`` stands for every name that ends so."""
    names = [name.strip().lower().rstrip(".") for name in allowed]
    return any(host.endswith(name[1:]) if name.startswith("*.") else host == name for name in names)
