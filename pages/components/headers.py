"""What every response tells the browser to allow: this server's own files, and nothing of anybody else's."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import streamlit as st

from pages.components.server import shell

YEAR_SECONDS: Final = 365 * 24 * 3600
_INLINE: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
#: None of what a browser could hand over is asked for.
PERMISSIONS: Final = ", ".join(
    f"{name}=()"
    for name in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope"),
        *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get"),
        *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
    )
)


@cache
def inline_scripts() -> tuple[str, ...]:
    """Give the hash of each script that stands in the first file itself, so that no other such script can run."""
    index = Path(st.__file__).with_name("static").joinpath("index.html").read_bytes()
    scripts = dict.fromkeys(_INLINE.findall(index.replace(b"\r\n", b"\n")) + _INLINE.findall(shell()))
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(one).digest()).decode()}'" for one in scripts)


@lru_cache(maxsize=8)  # by the name that was asked for, which is anybody's to choose
def content_security_policy(host: str) -> str:
    """Say what a page may load and reach.

    Streamlit starts components from addresses of its own making (blob:), sets styles where they apply, and its map to
    explore brings WebAssembly, so these are allowed. Text is never run as code (no 'unsafe-eval'): nothing needs that.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "connect-src": f"'self' ws://{host} wss://{host}" if host else "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def security_headers(host: str, https: bool) -> dict[str, str]:
    """Give the headers of every response. ``host`` is the name, with its port, that the browser asked for."""
    headers = {
        "Content-Security-Policy": content_security_policy(host),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return headers
