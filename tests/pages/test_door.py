"""The door of the server, asked without a server: who may ask, what goes along, what happens to cookies."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tomllib import loads
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages.components import sign_in_settings
from pages.components.door import (
    DOOR,
    FAILED,
    LOCAL_ONLY,
    NOT_SIGNED_IN,
    SET_UP_WRONG,
    SIGN_IN_FIRST,
    WRONG_HOST,
    WRONG_ORIGIN,
    Door,
    failed,
)
from pages.components.headers import inline_scripts
from pages.components.server import shell

SECRET = "only-for-tests-4f1c0a9be27d5386-only-for-tests"
AUTH = {
    "redirect_uri": "https://dashboard.example/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "dashboard",
    "client_secret": "only-for-tests",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}
Asked = tuple[int, dict[str, str], str]


class Secrets(dict[str, Any]):
    """What stands in secrets.toml."""

    def load_if_toml_exists(self) -> bool:
        return bool(self)


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``set_up(auth=…, roles=…)`` writes the secrets; without them there is no sign-in."""

    def write(**tables: Any) -> None:
        monkeypatch.setattr(st, "secrets", Secrets(tables))
        monkeypatch.setattr(
            "streamlit.web.server.starlette.starlette_websocket.get_cookie_secret",
            lambda: tables.get("auth", {}).get("cookie_secret", ""),
        )

    write()
    return write


@pytest.fixture
def option() -> Iterator[Callable[[str, Any], None]]:
    """``option(name, value)`` sets an option of the server until the test ends."""
    before: dict[str, Any] = {}

    def change(name: str, value: Any) -> None:
        before.setdefault(name, config.get_option(name))
        config.set_option(name, value)

    yield change
    for name, value in before.items():
        config.set_option(name, value)


async def inside(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What stands behind the door: it lets in, and sets the cookies that Streamlit sets."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept", "headers": []})
        return
    cookies = [b"_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax", b"_streamlit_xsrf=2|a; Path=/"]
    headers = [(b"set-cookie", one) for one in cookies]
    if scope["path"] == "/oauth2callback":
        headers.append((b"location", b"/"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inside"})


def scope_of(address: str, kind: str, peer: str | None, headers: dict[str, str]) -> dict[str, Any]:
    """Write a request as a server hands it on."""
    path, _, query = address.partition("?")
    return {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "scheme": {"http": "http", "websocket": "ws"}[kind],
        "headers": [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": (peer, 50000) if peer else None,
        "server": ("127.0.0.1", 8501),
    }


def apart(make: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run what the door does in a thread of its own: a browser's loop may be running in this one."""

    async def run() -> None:
        await make()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


def ask(path: str = "/", *, kind: str = "http", peer: str | None = "127.0.0.1", **headers: str) -> Asked:
    """Ask the door; ``host`` is this machine's unless given. A web socket that is refused has the status 403."""
    scope = scope_of(path, kind, peer, {"host": "127.0.0.1:8501", **headers})
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    apart(lambda: Door(inside)(scope, lambda: asyncio.sleep(0), send))
    first = sent[0]
    if first["type"] == "websocket.close":
        return 403, {}, first["reason"]
    answered: dict[str, str] = {}
    for name, value in first.get("headers", []):
        key = name.decode().lower()
        answered[key] = "\n".join(filter(None, (answered.get(key), value.decode("latin-1"))))
    return first.get("status", 101), answered, b"".join(one.get("body", b"") for one in sent[1:]).decode()


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("peer", "headers", "let_in"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {"host": "[::1]:8501"}, True),
        ("::ffff:127.0.0.1", {"host": "localhost"}, True),
        ("127.9.8.7", {"host": "LOCALHOST.:8501"}, True),
        ("192.168.1.7", {}, False),
        ("::ffff:192.168.1.7", {}, False),
        (None, {}, False),
        ("127.0.0.1", {"host": "dashboard.example"}, False),
        ("127.0.0.1", {"host": "localhost.evil.example"}, False),
        ("127.0.0.1", {"host": ""}, False),
        ("127.0.0.1", {"host": "localhost@evil.example"}, False),
        ("127.0.0.1", {"host": "evil.example/_stcore/health?"}, False),
        ("127.0.0.1", {"x_forwarded_for": "203.0.113.9"}, False),
        ("127.0.0.1", {"x_forwarded_proto": "https"}, False),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, False),
        ("127.0.0.1", {"x_real_ip": "127.0.0.1"}, False),
    ],
)
def test_without_sign_in_only_this_machine_is_served(
    set_up: Any, kind: str, peer: str | None, headers: dict[str, str], let_in: bool
) -> None:
    status, _, words = ask("/map", kind=kind, peer=peer, **headers)
    assert (status in {101, 200}) == let_in
    assert let_in or words == LOCAL_ONLY


def test_no_list_of_hosts_opens_a_dashboard_without_sign_in(set_up: Any, option: Any) -> None:
    option("server.allowedHosts", ["*", "dashboard.example"])
    assert ask(host="dashboard.example")[0] == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("allowed", "host", "let_in"),
    [
        ([], "dashboard.example", True),
        ([], "dashboard.example:443", True),
        ([], "other.example", False),
        ([], "127.0.0.1:8501", False),
        (["other.example"], "other.example", True),
        (["other.example"], "dashboard.example", False),
        (["*.icb.example"], "a.icb.example", True),
        (["*.icb.example"], "icb.example.evil.example", False),
        (["*.icb.example"], "evilicb.example", False),
    ],
)
def test_with_sign_in_only_the_dashboards_own_names_are_answered(
    set_up: Any, option: Any, kind: str, allowed: list[str], host: str, let_in: bool
) -> None:
    set_up(auth=AUTH)
    option("server.allowedHosts", allowed)
    status, _, words = ask("/map", kind=kind, peer="10.0.0.4", host=host, x_forwarded_for="203.0.113.9")
    assert (status in {101, 200}) == let_in
    assert let_in or words == WRONG_HOST


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("https://dashboard.example", True),
        ("https://evil.example", False),
        ("https://dashboard.example.evil.example", False),
        ("http://localhost:3000", False),  # Streamlit itself would let this one in
        ("null", False),
    ],
)
def test_another_site_opens_no_web_socket(set_up: Any, origin: str, let_in: bool) -> None:
    set_up(auth=AUTH)
    status, _, words = ask("/_stcore/stream", kind="websocket", host="dashboard.example", origin=origin)
    assert (status == 101) == let_in
    assert let_in or words == WRONG_ORIGIN


def test_anybody_may_ask_whether_the_server_is_well_and_nothing_else(set_up: Any) -> None:
    for tables in ({}, {"auth": AUTH}, {"auth": {}}):
        set_up(**tables)
        assert ask("/_stcore/health", peer="10.0.0.4", host="10.0.0.9:8501")[0] == 200
        assert ask("/_stcore/health", kind="websocket", peer="10.0.0.4", host="10.0.0.9:8501")[0] == 403
        assert ask("/", peer="10.0.0.4", host="evil.example/_stcore/health?")[0] != 200


def cookie(secret: str = SECRET, **changes: Any) -> str:
    import json
    import time

    claims = {"sub": "8f2b", "iat": int(time.time()), "is_logged_in": True, "provider": "default"}
    claims |= {"origin": "https://dashboard.example", **changes}
    return f"_streamlit_user={create_signed_value(secret, '_streamlit_user', json.dumps(claims)).decode()}"


@pytest.mark.parametrize("path", ["/media/0a1b.csv", "/_stcore/upload_file/1/2", "/_stcore/metrics"])
def test_files_are_for_those_who_are_signed_in(set_up: Any, path: str) -> None:
    set_up(auth=AUTH, roles={"people": {"8f2b": "strategy"}})
    host = "dashboard.example"
    assert ask(path, host=host)[::2] == (401, SIGN_IN_FIRST)
    assert ask(path, host=host, cookie=cookie())[0] == 200
    assert ask(path, host=host, cookie=cookie("another-secret-of-another-dashboard"))[0] == 401
    assert ask(path, host=host, cookie=cookie()[:60] + cookie()[60:].swapcase())[0] == 401
    assert ask(path, host=host, cookie=cookie(iat=1))[0] == 401
    assert ask(path, host=host, cookie=cookie(origin="https://other.example"))[0] == 401
    assert ask(path, host=host, cookie=cookie(provider="other"))[0] == 401
    set_up(auth=AUTH, roles={"only_listed": True, "people": {"9a11": "board"}})
    assert ask(path, host=host, cookie=cookie())[0] == 403


def test_a_file_is_taken_from_those_only_who_may_check_one(set_up: Any) -> None:
    address, host = "/_stcore/upload_file/1/2", "dashboard.example"
    for role, status in {"partner": 403, "board": 403, "strategy": 200, "steward": 200}.items():
        set_up(auth=AUTH, roles={"people": {"8f2b": role}})
        assert ask(address, host=host, cookie=cookie())[0] == status
    set_up()
    assert ask(address)[0] == 200  # whoever sits at this machine


def test_a_file_that_was_made_for_somebody_is_kept_by_nobody_on_the_way(set_up: Any) -> None:
    assert ask("/media/0a1b.csv")[1]["cache-control"] == "private, no-store"


def test_signing_out_ends_every_copy_of_the_cookie(set_up: Any) -> None:
    set_up(auth=AUTH)
    mine, next_one = cookie(nonce="one"), cookie(nonce="two")
    assert ask("/media/0", host="dashboard.example", cookie=mine)[0] == 200
    ask("/auth/logout", host="dashboard.example", cookie=mine)
    assert ask("/media/0", host="dashboard.example", cookie=mine)[0] == 401
    assert ask("/media/0", host="dashboard.example", cookie=next_one)[0] == 200


EVERY_ANSWER = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("path", "peer"), [("/map", "127.0.0.1"), ("/map", "10.0.0.4"), ("/_stcore/health", "10.0.0.4")]
)
def test_every_answer_and_every_refusal_tells_the_browser_what_to_allow(set_up: Any, path: str, peer: str) -> None:
    _, headers, _ = ask(path, peer=peer)
    assert {name: headers[name] for name in EVERY_ANSWER} == EVERY_ANSWER
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501"
    assert "unsafe" not in policy["script-src"].replace("wasm-unsafe-eval", "")
    assert "http" not in headers["content-security-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_a_failure_says_nothing_of_itself_and_carries_the_same_headers() -> None:
    from starlette.applications import Starlette
    from starlette.routing import Route

    def fail(_: Any) -> None:
        raise RuntimeError("the count was 3")

    inner = Starlette(routes=[Route("/", fail)], middleware=[DOOR], exception_handlers={Exception: failed})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = scope_of("/", "http", "127.0.0.1", {"host": "localhost"})
    with pytest.raises(RuntimeError):  # for the server's log
        apart(lambda: inner(scope, lambda: asyncio.sleep(0), send))
    assert sent[0]["status"] == 500
    assert EVERY_ANSWER.items() <= {name.decode(): value.decode() for name, value in sent[0]["headers"]}.items()
    assert sent[1]["body"].decode() == FAILED


def test_a_host_that_is_no_name_does_not_get_into_the_policy(set_up: Any) -> None:
    _, headers, _ = ask(host="evil.example; script-src *")
    assert "evil" not in headers["content-security-policy"]
    assert "connect-src 'self';" in headers["content-security-policy"]


def test_each_script_that_stands_in_the_first_file_is_named_by_its_hash() -> None:
    assert len(inline_scripts()) == len(re.findall(r"<script>", shell().decode()))


def test_behind_https_cookies_travel_encrypted_only_and_last_as_long_as_the_sign_in(set_up: Any) -> None:
    set_up(auth=AUTH, roles={"hours": 2})
    _, headers, _ = ask("/oauth2callback", host="dashboard.example")
    user, xsrf, back = headers["set-cookie"].split("\n")
    assert user == "_streamlit_user=x; HttpOnly; Max-Age=7200; Path=/; SameSite=lax; Secure"
    assert xsrf == "_streamlit_xsrf=2|a; Path=/; Secure"
    assert back == "first1001_return=; Path=/; HttpOnly; SameSite=lax; Max-Age=0; Secure"
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("https://dashboard.example/map?area=E01020479", "/map?area=E01020479"),
        ("https://dashboard.example/", "/"),
        ("https://dashboard.example/auth/logout", "/"),
        ("https://evil.example/map", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_the_page_opens_that_was_asked_for_before(set_up: Any, came_from: str, leads_to: str) -> None:
    set_up(auth=AUTH)
    _, headers, _ = ask("/auth/login", host="dashboard.example", referer=came_from)
    kept = headers["set-cookie"].split("\n")[-1].split(";")[0]
    assert ask("/oauth2callback", host="dashboard.example", cookie=kept)[1]["location"] == leads_to


@pytest.mark.parametrize(
    "page", ["//evil.example/map", "https://evil.example/map", "/map?a=%0d%0ax: y", "/\\evil.example"]
)
def test_a_forged_way_back_is_not_followed(set_up: Any, page: str) -> None:
    from urllib.parse import quote

    set_up(auth=AUTH)
    held = f"first1001_return={quote(page, safe='')}"
    location = ask("/oauth2callback", host="dashboard.example", cookie=held)[1]["location"]
    assert location in {"/", "/map?a=%0d%0ax: y"}  # still written as it was: no new line
    assert ask("/oauth2callback", host="dashboard.example", cookie=held.replace("%25", "%"))[1]["location"] in {
        "/",
        "/map?a=x: y",
    }


def test_what_the_provider_refuses_is_said_plainly_and_its_words_are_not_logged(
    set_up: Any, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(auth=AUTH)
    host = "dashboard.example"
    assert ask("/oauth2callback?error=access_denied&state=1", host=host)[::2] == (403, NOT_SIGNED_IN)
    assert ask("/oauth2callback?error=ann%40icb.example", host=host)[0] == 403
    assert [one.getMessage() for one in caplog.records] == [
        "The provider signed nobody in: access_denied",
        "The provider signed nobody in: for a reason of its own",
    ]


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ({**AUTH, "cookie_secret": "x" * 31}, "cookie_secret"),
        ({**AUTH, "redirect_uri": "http://dashboard.example/oauth2callback"}, "https"),
        ({**AUTH, "redirect_uri": "https://dashboard.example/"}, "oauth2callback"),
        ({**AUTH, "server_metadata_url": "http://id.example/.well-known/openid-configuration"}, "https"),
        ({key: value for key, value in AUTH.items() if key != "client_secret"}, "client_secret"),
        ({"cookie_secret": SECRET, "redirect_uri": AUTH["redirect_uri"]}, "no provider"),
        ({}, "cookie_secret"),
    ],
)
def test_sign_in_that_is_set_up_wrong_lets_nobody_in_and_the_log_says_why(
    set_up: Any, caplog: pytest.LogCaptureFixture, auth: dict[str, str], words: str
) -> None:
    set_up(auth=auth)
    assert ask(host="dashboard.example")[::2] == (503, SET_UP_WRONG)
    assert ask("/_stcore/stream", kind="websocket", host="dashboard.example")[0] == 403
    assert words in caplog.records[0].getMessage()
    assert "only-for-tests" not in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server.enableXsrfProtection", False),
        ("server.enableCORS", False),
        ("server.enableAgentApi", True),
        ("server.trustedUserHeaders", {"X-User": "sub"}),
    ],
)
def test_an_option_that_opens_a_way_round_the_sign_in_lets_nobody_in(
    set_up: Any, option: Any, name: str, value: Any
) -> None:
    set_up(auth=AUTH)
    option(name, value)
    assert ask(host="dashboard.example")[0] == 503


def test_roles_without_sign_in_and_secrets_that_cannot_be_read_let_nobody_in(
    set_up: Any, option: Any, tmp_path: Path
) -> None:
    set_up(roles={"people": {"8f2b": "steward"}})
    assert ask()[0] == 503
    set_up()
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n")
    option("secrets.files", [str(broken)])
    assert ask()[0] == 503


def test_of_several_providers_each_has_rules_of_its_own(set_up: Any) -> None:
    one = {key: AUTH[key] for key in ("client_id", "client_secret", "server_metadata_url")}
    two = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}
    set_up(auth={**two, "icb": one, "partners": one}, roles={"people": {"8f2b": "steward"}})
    assert ask(host="dashboard.example")[0] == 503
    tables = {"icb": {"people": {"8f2b": "steward"}}, "partners": {"only_listed": True}}
    set_up(auth={**two, "icb": one, "partners": one}, roles={"providers": tables})
    found = sign_in_settings.sign_in_settings()
    assert found is not None
    assert found.rules["icb"].people == {"8f2b": "steward"}
    assert ask("/media/0", host="dashboard.example", cookie=cookie(provider="icb"))[0] == 200
    assert ask("/media/0", host="dashboard.example", cookie=cookie(provider="partners"))[0] == 403
    assert ask("/media/0", host="dashboard.example", cookie=cookie(provider="default"))[0] == 401


def worked_examples() -> list[dict[str, Any]]:
    """The settings that docs/deploying.md writes out."""
    text = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")
    return [found for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "auth" in (found := loads(block))]


@pytest.mark.parametrize("tables", worked_examples(), ids=lambda tables: tables["auth"]["client_id"])
def test_the_settings_in_the_documents_work_once_their_secret_is_filled_in(set_up: Any, tables: dict[str, Any]) -> None:
    set_up(**tables)
    assert ask(host="dashboard.example")[::2] == (503, SET_UP_WRONG)  # nobody runs with the words of an example
    set_up(**{**tables, "auth": {**tables["auth"], "cookie_secret": SECRET}})
    assert ask(host="dashboard.example")[0] == 200
    found = sign_in_settings.sign_in_settings()
    assert found is not None
    assert set(found.rules["default"].values.values()) >= {"board", "strategy", "steward"}


def test_the_documents_have_an_example_for_any_provider_and_one_for_entra_id() -> None:
    addresses = [one["auth"]["server_metadata_url"] for one in worked_examples()]
    assert len(addresses) == 2
    assert addresses[1].startswith("https://login.microsoftonline.com/")
