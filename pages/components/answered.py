"""What goes along with every answer of the server, and what is done to the cookies in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import Message, Send

from pages.components.ended import end_sign_in
from pages.components.headers import security_headers
from pages.components.server import LINKED
from pages.components.sign_in_settings import SignInSettings

LOGIN: Final = "/auth/login"
LOGOUT: Final = "/auth/logout"
CALLBACK: Final = "/oauth2callback"
RETURN_COOKIE: Final = "first1001_return"
RETURN_SECONDS: Final = 600
_HOST: Final = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII)
_USER_COOKIE: Final = re.compile(r"^_streamlit_user(_tokens)?(_\d+)?=")
_LIFETIME: Final = re.compile(r"Max-Age=[1-9]\d*", re.IGNORECASE)


class Answered:
    """One answer on its way out: headers that every answer has, cookies made stricter, the way back after sign-in."""

    def __init__(self, asked: HTTPConnection, settings: SignInSettings | None, send: Send) -> None:
        self.asked, self.settings, self._send = asked, settings, send
        self.path = asked.scope["path"]
        https = asked.scope["scheme"] in {"https", "wss"} or (settings is not None and settings.https)
        host = asked.headers.get("host", "")
        self.https, self.headers = https, security_headers(host if name_of(host) else "", https)

    async def before(self) -> None:
        """End the sign-in of whoever asks to be signed out; that is kept, which may wait for a load."""
        if self.settings is not None and self.path == LOGOUT:
            await run_in_threadpool(end_sign_in, claims_of(self.asked.cookies, self.settings))

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
        if self.path == LOGIN:
            page = _own_page(self.asked.headers.get("referer", ""), self.asked.headers.get("host", ""))
            headers.append("Set-Cookie", _return_cookie(quote(page, safe=""), RETURN_SECONDS))
        elif self.path == CALLBACK and "location" in headers:
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


def name_of(host: str) -> str:
    """Give the name in a Host header without its port and in small letters, or nothing when it is no name."""
    found = _HOST.fullmatch(host.lower())
    return found["name"].strip("[]").rstrip(".") if found else ""


def claims_of(cookies: Mapping[str, str], settings: SignInSettings) -> dict[str, Any]:
    """Read the claims from the signed cookie of a sign-in at this address; nothing where it was tampered with."""
    from streamlit.web.server.starlette import starlette_websocket as of_streamlit
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    signed = of_streamlit._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    return of_streamlit._parse_decoded_user_cookie(signed, settings.origin) if signed else {}
