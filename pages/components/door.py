"""The door of the server: who may ask it at all, and what goes along with every answer.

It stands before everything else, Streamlit's own addresses included. Public as they are, and open to whoever may ask:
the shells of pages, which hold no figure; the map's scripts; and the outlines of areas, which are published geography.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.actions.admission import WrongSettings
from data.errors import NotAllowed
from pages.components.ended import end_sign_in
from pages.components.headers import security_headers
from pages.components.server import LINKED
from pages.components.sign_in import admitted
from pages.components.sign_in_settings import LOOPBACK_NAMES, SignInSettings, sign_in_settings

LOG = logging.getLogger(__name__)
HEALTH: Final = "/_stcore/health"
#: What holds figures, takes files or tells of use: files made for downloads, uploads, the server's own counts.
FOR_THE_SIGNED_IN: Final = ("/media/", "/_stcore/upload_file/", "/_stcore/metrics", "/_stcore/agent/")
#: Headers that a proxy adds. Where no sign-in is set up there must be none between the reader and this machine.
FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
RETURN_COOKIE: Final = "first1001_return"
RETURN_SECONDS: Final = 600
_USER_COOKIE: Final = re.compile(r"^_streamlit_user(_tokens)?(_\d+)?=")
_LIFETIME: Final = re.compile(r"Max-Age=[1-9]\d*", re.IGNORECASE)
LOCAL_ONLY: Final = (
    "No sign-in is set up, so this dashboard is served to its own computer only. "
    "Open it there as http://localhost, or set sign-in up as docs/deploying.md says."
)
WRONG_HOST: Final = "This is not an address of the dashboard. Use the address that you were given."
WRONG_ORIGIN: Final = "Another site asked for this. Open the dashboard itself."
SET_UP_WRONG: Final = (
    "Sign-in is not set up right, so nobody is let in. Whoever runs the dashboard finds why in its log."
)
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
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        settings, refusal = look(asked)
        answered = Answered(asked, settings, send)
        if refusal is None:
            answered.before()
            await self.app(scope, receive, answered.send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.words})
        else:
            await PlainTextResponse(refusal.words, refusal.status)(scope, receive, answered.send)


DOOR: Final = Middleware(Door)


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
    host = _name_of(asked.headers.get("host", ""))
    if settings is None:
        proxied = any(name in asked.headers for name in FORWARDED)
        if proxied or host not in LOOPBACK_NAMES or not _is_loopback(asked.client.host if asked.client else ""):
            return Refusal(403, LOCAL_ONLY)
    elif not _is_allowed(host, st.get_option("server.allowedHosts") or [settings.host]):
        return Refusal(400, WRONG_HOST)
    origin = asked.headers.get("origin")
    if origin and asked.scope["type"] == "websocket" and urlsplit(origin).netloc != asked.headers.get("host"):
        return Refusal(403, WRONG_ORIGIN)
    if settings is not None and asked.scope["path"].startswith(FOR_THE_SIGNED_IN):
        try:
            admitted(claims_of(asked.cookies, settings))
        except NotAllowed:
            return Refusal(401, SIGN_IN_FIRST)
    return None


def _name_of(host: str) -> str:
    """Give the name in a Host header without its port, or nothing when it is no name."""
    try:
        parts = urlsplit(f"//{host}")
        plain = parts.netloc == host and parts.username is None and parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".") if plain else ""


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


def claims_of(cookies: Mapping[str, str], settings: SignInSettings) -> dict[str, Any]:
    """Read the claims from the signed cookie of a sign-in at this address; nothing where it was tampered with."""
    from streamlit.web.server.starlette import starlette_websocket as of_streamlit
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    signed = of_streamlit._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    return of_streamlit._parse_decoded_user_cookie(signed, settings.origin) if signed else {}


class Answered:
    """One answer on its way out: headers that every answer has, cookies made stricter, the way back after sign-in."""

    def __init__(self, asked: HTTPConnection, settings: SignInSettings | None, send: Send) -> None:
        self.asked, self.settings, self._send = asked, settings, send
        self.path = asked.scope["path"]
        https = asked.scope["scheme"] in {"https", "wss"} or (settings is not None and settings.https)
        host = asked.headers.get("host", "")
        self.https, self.headers = https, security_headers(host if _name_of(host) else "", https)

    def before(self) -> None:
        """End the sign-in of whoever asks to be signed out."""
        if self.settings is not None and self.path == "/auth/logout":
            end_sign_in(claims_of(self.asked.cookies, self.settings))

    async def send(self, message: Message) -> None:
        """Add to the beginning of an answer what goes with every answer."""
        if message["type"] in {"http.response.start", "websocket.accept"}:
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers[name] = value
            if self.path.startswith("/media/"):
                headers["Cache-Control"] = "private, no-store"
            self._lead_back(headers)
            message["headers"] = [(name, self._stricter(name, value)) for name, value in headers.raw]
        await self._send(message)

    def _stricter(self, name: bytes, value: bytes) -> bytes:
        """Let a cookie travel encrypted only, where all else does, and last no longer than the sign-in."""
        if name.lower() != b"set-cookie":
            return value
        cookie = value.decode("latin-1")
        if self.settings is not None and _USER_COOKIE.match(cookie):
            cookie = _LIFETIME.sub(f"Max-Age={int(self.settings.hours * 3600)}", cookie)
        if self.https and "; secure" not in cookie.lower():
            cookie = f"{cookie}; Secure"
        return cookie.encode("latin-1")

    def _lead_back(self, headers: MutableHeaders) -> None:
        """Remember the page that sign-in was asked for from, and lead there when it is done."""
        if self.path == "/auth/login":
            page = _own_page(self.asked.headers.get("referer", ""), self.asked.headers.get("host", ""))
            headers.append("Set-Cookie", _return_cookie(quote(page, safe=""), RETURN_SECONDS))
        elif self.path == "/oauth2callback" and "location" in headers:
            page = _own_page(unquote(self.asked.cookies.get(RETURN_COOKIE, "")))
            if page and headers["location"] == "/":
                headers["location"] = page
            headers.append("Set-Cookie", _return_cookie("", 0))


def _return_cookie(page: str, seconds: int) -> str:
    return f"{RETURN_COOKIE}={page}; Path=/; HttpOnly; SameSite=lax; Max-Age={seconds}"


def _own_page(address: str, host: str = "") -> str:
    """Give the path and choices of one of the dashboard's own pages; nothing for any other address."""
    parts = urlsplit(address)
    own = parts.netloc == host and parts.path in {"/", *(f"/{slug}" for slug in LINKED)}
    if not own or not (parts.query.isascii() and parts.query.isprintable()):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
