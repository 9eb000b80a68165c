"""Sign-in in a real browser, against a real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.catalogue import pages
from data.store.audit import select_audit
from data.store.engine import open_store, reading

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WAIT_MS = 60_000
COOKIE_SECRET = "only-for-tests-4f1c0a9be27d5386-only-for-tests"
CLIENT_SECRET = "only-for-tests-client-secret"
SETTINGS = """
[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "dashboard"
client_secret = "{client_secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[roles]
claim = "roles"
only_listed = true
hours = {hours}

[roles.values]
"Dashboard.Partner" = "partner"
"Dashboard.Board" = "board"
"Dashboard.Strategy" = "strategy"

[roles.people]
"{steward}" = "steward"
"""
PEOPLE: dict[str, dict[str, Any]] = {
    "pat-7c1": {"name": "Pat Partner", "roles": ["Dashboard.Partner"]},
    "bo-3e9": {"name": "Bo Board", "roles": ["Everyone", "Dashboard.Board"]},
    "sam-5d2": {"name": "Sam Strategy", "roles": ["Dashboard.Strategy"]},
    "ann-8f2": {"name": "Ann <b>Steward</b>", "email": "ann@icb.example", "email_verified": True},
    "una-0a0": {"name": "Una Unknown", "email": "una@icb.example", "email_verified": True, "roles": ["steward"]},
}
ROLES = {
    "pat-7c1": "community partner",
    "bo-3e9": "board member",
    "sam-5d2": "strategy lead",
    "ann-8f2": "data steward",
}
#: What a browser is sent before sign-in: how the page looks, its menu's names, the way in. And nothing else.
BEFORE = {"new_session", "navigation", "page_config_changed", "script_finished", "session_status_changed", "delta"}
WAY_IN = ["<style>", "Sign in", "Nobody is signed in yet. Your organisation checks who you are", "Sign in"]


@dataclass
class Served:
    """A running dashboard with sign-in, its provider, and where its settings and its log stand."""

    url: str
    provider: str
    secrets: Path
    log: Path
    store: str

    def set_up(self, *, hours: float = 8, steward: str = "ann@icb.example", secret: str = COOKIE_SECRET) -> None:
        """Write the settings; the server reads them anew while it runs."""
        words = {"app": self.url, "provider": self.provider, "cookie_secret": secret, "client_secret": CLIENT_SECRET}
        self.secrets.write_text(SETTINGS.format(hours=hours, steward=steward, **words), encoding="utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell(url: str, body: object) -> None:
    """Put something at an address of this machine."""
    content = json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"}, method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310 (own loopback address)


def wait_for(provider: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{provider}/.well-known/openid-configuration", timeout=2).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the provider did not start")


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An OpenID Connect provider that knows the people above."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with (tmp_path_factory.mktemp("provider") / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, process)
            for subject, claims in PEOPLE.items():
                tell(f"{url}/users/{subject}", claims)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture(scope="module")
def small_store(reference_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the embedded reference and no return: quick to read, and enough for every page."""
    copy = tmp_path_factory.mktemp("small") / "store.sqlite"
    shutil.copy(reference_file, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="module")
def served(
    provider: str, start_app: Callable[..., str], small_store: str, tmp_path_factory: pytest.TempPathFactory
) -> Served:
    """The dashboard with sign-in, on a server of its own that nobody has asked anything."""
    folder, port = tmp_path_factory.mktemp("settings"), free_port()
    one = Served(f"http://127.0.0.1:{port}", provider, folder / "secrets.toml", folder / "log.txt", small_store)
    one.set_up()
    env = {"DATABASE_URL": small_store, "STREAMLIT_SECRETS_FILES": str(one.secrets)}
    assert start_app(ROOT / "app.py", env, port, one.log) == one.url
    return one


@dataclass
class Frames:
    """All that came to a page over its web sockets, read."""

    messages: list[ForwardMsg] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self.read)

    def read(self, payload: str | bytes) -> None:
        content = payload if isinstance(payload, bytes) else payload.encode()
        message = ForwardMsg()
        message.ParseFromString(content)
        self.raw.append(content)
        self.messages.append(message)

    @property
    def kinds(self) -> set[str]:
        return {str(one.WhichOneof("type")) for one in self.messages}

    @property
    def words(self) -> list[str]:
        """The words of each element, in the order in which it came."""
        found = []
        for one in self.messages:
            if one.WhichOneof("type") != "delta" or one.delta.WhichOneof("type") != "new_element":
                continue
            element = one.delta.new_element
            content = getattr(element, element.WhichOneof("type"))
            found.append(next(str(getattr(content, name)) for name in ("body", "label") if hasattr(content, name)))
        return found


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here and asks nobody but this machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(WAIT_MS)
    context.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), lambda route: route.abort())
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def listen(page: Page) -> Frames:
    frames = Frames()
    page.on("websocket", frames.listen)
    return frames


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, served: Served, subject: str, path: str = "") -> None:
    """Ask for a page, press the button, and say at the provider who one is."""
    page.goto(f"{served.url}/{path}")
    asked = page.get_by_placeholder("sub")
    for _ in range(3):  # a press while the way in is drawn again is lost
        press(page, "Sign in")
        try:
            asked.wait_for(timeout=WAIT_MS / 3)
        except PlaywrightTimeoutError:
            continue
        break
    asked.fill(subject)
    press(page, "Authorize")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=WAIT_MS)


def question(slug: str) -> str:
    return next(page.question for page in pages() if page.slug == slug)


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Ask as a program would: status, headers and words."""
    try:
        with closing(urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20)) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read().decode("utf-8", "replace")


@pytest.mark.parametrize("slug", [page.slug for page in pages()])
def test_before_sign_in_no_page_sends_or_shows_anything_of_itself(served: Served, page: Page, slug: str) -> None:
    frames = listen(page)
    page.goto(f"{served.url}/{slug}")
    heading(page, "Sign in")
    page.wait_for_timeout(500)  # whatever else might come
    assert frames.kinds <= BEFORE
    sent = frames.words
    assert [words.startswith(start) for words, start in zip(sent, WAY_IN, strict=True)] == [True] * len(WAY_IN)
    assert question(slug).encode() not in b"".join(frames.raw)
    shown = page.locator("body").inner_text()
    assert question(slug) not in shown
    assert not re.search(r"\d", shown)
    assert page.get_by_test_id("stSidebarNavLink").count() == 0  # not even the menu


def test_sign_in_leads_back_to_the_view_that_was_asked_for_and_opens_every_page(
    served: Served, page: Page, axe: Callable[..., list[str]]
) -> None:
    sign_in(page, served, "ann-8f2", "map?view=Need+against+reach")
    heading(page, question("map"))
    assert page.url == f"{served.url}/map?view=Need+against+reach"
    for one in pages():
        page.goto(f"{served.url}/{one.slug}")
        heading(page, one.question)
    assert page.get_by_role("note").filter(has_text="Local mode").count() == 0
    assert axe(page) == []  # with the name of whoever is signed in and the way out beside the page


@pytest.mark.parametrize("subject", list(ROLES))
def test_a_role_comes_with_the_sign_in_and_decides_who_takes_figures_away(
    served: Served, page: Page, subject: str
) -> None:
    sign_in(page, served, subject, "take_away?role=steward")  # the address decides nothing
    heading(page, question("take_away"))
    who = f"Signed in as {PEOPLE[subject]['name']}, {ROLES[subject]}."
    expect(page.get_by_text("Signed in as").first).to_have_text(who)
    page.get_by_text("rows.").nth(3).wait_for()
    offered = page.get_by_text(re.compile("^Take away: "))
    if ROLES[subject] == "community partner":
        expect(page.get_by_text("Your role, community partner, can't take figures away.")).to_be_visible()
        assert offered.count() == page.get_by_role("button", name=re.compile("^Download")).count() == 0
        return
    expect(offered).to_have_count(4)
    offered.nth(2).click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download definitions (CSV)").click()
    content = Path(started.value.path()).read_bytes()
    store = open_store(served.store)
    with reading(store) as connection:
        entry = select_audit(connection).iloc[0]
    store.dispose()
    assert (entry["who"], entry["action"], entry["subject"]) == (subject, "export", started.value.suggested_filename)
    assert entry["file_sha256"] == hashlib.sha256(content).hexdigest()
    status, _, words = ask(started.value.url)
    assert (status, words) == (401, "Sign in first, then ask for this again.")


def test_whoever_no_table_names_is_refused_and_may_try_as_somebody_else(served: Served, page: Page) -> None:
    frames = listen(page)
    sign_in(page, served, "una-0a0")
    heading(page, "You can't come in yet")
    expect(page.get_by_text("you are not on the list of people who may use this dashboard")).to_be_visible()
    assert b'f1-finding">' not in b"".join(frames.raw)
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    press(page, "Sign out")
    page.wait_for_url(f"{served.provider}/**")


@pytest.mark.parametrize("changed", ["state", "nonce"])
def test_an_answer_to_somebody_elses_sign_in_signs_nobody_in(served: Served, page: Page, changed: str) -> None:
    page.goto(f"{served.url}/")
    press(page, "Sign in")
    page.wait_for_url(f"{served.provider}/**")
    page.goto(re.sub(rf"\b{changed}=[^&]+", f"{changed}=of-another-browser", page.url))
    page.get_by_placeholder("sub").fill("bo-3e9")
    press(page, "Authorize")
    heading(page, "Sign in")
    assert "_streamlit_user" not in {one["name"] for one in page.context.cookies()}


def test_whoever_calls_sign_in_off_is_told_and_what_the_address_says_is_not_logged(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/oauth2callback?error=call+0300&error_description=bo%40icb.example&state=x")
    expect(page.get_by_text("Your organisation did not sign you in.")).to_be_visible()
    page.goto(f"{served.url}/")
    heading(page, "Sign in")


def forged(context: BrowserContext, change: Callable[[str], str]) -> None:
    """Change the cookie that says who is signed in."""
    (cookie,) = [one for one in context.cookies() if one["name"] == "_streamlit_user"]
    context.add_cookies([{**cookie, "value": change(cookie["value"])}])


def test_a_cookie_that_was_tampered_with_or_signed_elsewhere_signs_nobody_in(
    served: Served, page: Page, context: BrowserContext
) -> None:
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    sign_in(page, served, "pat-7c1")
    heading(page, question("overview"))
    claims = {**PEOPLE["ann-8f2"], "sub": "ann-8f2", "iat": int(time.time()), "is_logged_in": True}
    claims |= {"origin": served.url, "provider": "default"}
    other = create_signed_value("another-secret-of-another-dashboard", "_streamlit_user", json.dumps(claims)).decode()
    for change in (lambda value: value[:40] + value[40:].swapcase(), lambda _: other, lambda _: "steward"):
        forged(context, change)
        page.goto(f"{served.url}/data")
        heading(page, "Sign in")
    real = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(claims)).decode()
    forged(context, lambda _: real)  # the same with the right secret opens: what was refused is the signature
    page.goto(f"{served.url}/data")
    heading(page, question("data"))


def test_the_cookies_can_not_be_read_by_scripts_and_last_as_long_as_the_sign_in(
    served: Served, page: Page, context: BrowserContext
) -> None:
    sign_in(page, served, "pat-7c1")
    heading(page, question("overview"))
    held = {one["name"]: one for one in context.cookies(served.url)}
    for name in ("_streamlit_user", "_streamlit_user_tokens"):
        assert held[name]["httpOnly"]
        assert held[name]["sameSite"] == "Lax"
        assert held[name]["expires"] - time.time() == pytest.approx(8 * 3600, abs=120)
    assert "first1001_return" not in held


def test_a_role_that_changes_at_the_provider_holds_from_the_next_sign_in(
    served: Served, page: Page, chromium: Browser
) -> None:
    sign_in(page, served, "bo-3e9")
    expect(page.get_by_text("Signed in as").first).to_contain_text("board member")
    tell(f"{served.provider}/users/bo-3e9", {**PEOPLE["bo-3e9"], "roles": ["Dashboard.Partner"]})
    try:
        later = chromium.new_context().new_page()
        sign_in(later, served, "bo-3e9")
        expect(later.get_by_text("Signed in as").first).to_contain_text("community partner")
        later.context.close()
    finally:
        tell(f"{served.provider}/users/bo-3e9", PEOPLE["bo-3e9"])


@pytest.fixture
def changing(served: Served) -> Iterator[Served]:
    """The same, with settings that the test may change."""
    yield served
    served.set_up()
    time.sleep(2)  # the server looks at the file now and then


def test_whoever_is_taken_off_the_table_is_out_at_their_next_press(changing: Served, page: Page) -> None:
    sign_in(page, changing, "ann-8f2")
    expect(page.get_by_text("Signed in as").first).to_contain_text("data steward")
    changing.set_up(steward="somebody.else@icb.example")
    time.sleep(2)
    page.get_by_test_id("stButtonGroup").get_by_text("No data yet").click()
    heading(page, "You can't come in yet")


def test_a_sign_in_that_is_too_old_ends_at_the_next_press(changing: Served, page: Page) -> None:
    sign_in(page, changing, "sam-5d2", "map")
    heading(page, question("map"))
    page.get_by_label("Find an area or town").wait_for()
    changing.set_up(hours=0.0001)
    time.sleep(2)
    page.get_by_text("Two side by side", exact=True).click()  # a part of the page that runs by itself
    heading(page, "Sign in")
    expect(page.get_by_text("Your sign-in has ended.")).to_be_visible()
    assert page.get_by_label("Find an area or town").count() == 0


def test_signing_out_in_one_tab_ends_the_other_before_it_answers_again(
    served: Served, page: Page, context: BrowserContext
) -> None:
    frames = listen(page)
    sign_in(page, served, "sam-5d2", "map")
    heading(page, question("map"))
    page.get_by_label("Find an area or town").wait_for()
    kept = context.cookies()
    other = context.new_page()
    other.goto(f"{served.url}/overview")
    heading(other, question("overview"))
    press(other, "Sign out")
    other.wait_for_url(f"{served.provider}/oauth2/end_session*")
    before = Frames(list(frames.messages))
    page.get_by_text("Two side by side", exact=True).click()  # a part of the page that runs by itself
    heading(page, "Sign in")
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    after = Frames(frames.messages[len(before.messages) :])
    assert [words.split(".")[0] for words in after.words] == ["Sign in", "You have signed out", "Sign in"]
    assert sum(one.WhichOneof("type") == "ref_hash" for one in after.messages) <= 1  # the style, which it has already
    assert page.get_by_label("Find an area or town").count() == 0
    context.add_cookies(kept)  # a copy of the cookie is worth nothing either
    page.goto(f"{served.url}/data")
    heading(page, "Sign in")


def test_sign_out_ends_at_the_provider_and_leads_back_to_the_way_in(served: Served, page: Page) -> None:
    sign_in(page, served, "pat-7c1")
    heading(page, question("overview"))
    press(page, "Sign out")
    page.wait_for_url(f"{served.provider}/oauth2/end_session*")
    assert f"post_logout_redirect_uri={urllib.parse.quote(served.url, safe='')}" in page.url
    page.get_by_role("button").first.click()
    heading(page, "Sign in")
    assert not {"_streamlit_user", "_streamlit_user_tokens"} & {one["name"] for one in page.context.cookies()}


PLACE = "reach?area=E01015272"  # Boscombe East 035A
GROUP, REFUSED = "Example group by the sea", "Ask Mrs J Example"


def pick(page: Page, field: str, *words: str) -> None:
    """Choose by keyboard, as a list of any length is used."""
    box = page.get_by_role("combobox", name=re.compile(field))
    for word in words:
        for _ in range(4):  # a list that opens while its part is drawn again closes
            box.click()
            box.fill(word)
            try:
                page.get_by_role("option", name=word, exact=True).click(timeout=WAIT_MS / 6)
            except PlaywrightTimeoutError:
                continue
            break
        else:
            raise AssertionError(f"{word!r} could not be chosen under {field!r}")
    box.press("Tab")


def fill_in_offer(page: Page) -> None:
    page.get_by_role("textbox", name=re.compile("Name of the group")).fill(GROUP)
    pick(page, "What it offers", "peer support", "stay and play")
    pick(page, "Whom it is mainly for", "dads and partners")
    pick(page, "How often it meets", "once a week")
    pick(page, "How families find it", "drop in")


def test_a_partner_sends_in_what_their_group_offers_and_it_is_shown_once_a_moderator_accepts(
    served: Served, page: Page, chromium: Browser, axe: Callable[..., list[str]]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, served, "pat-7c1", f"{PLACE}&send=true")
    heading(page, question("reach"))
    expect(page.get_by_text("Moderate what groups sent in")).to_have_count(0)
    fill_in_offer(page)
    words = page.get_by_role("textbox", name=re.compile("A few words more"))
    words.fill(REFUSED)
    press(page, "Send it in")
    expect(page.get_by_text("the name of a person stands here")).to_be_visible(timeout=WAIT_MS)
    assert axe(page, "[data-testid=stMain]") == []
    words.fill("Step-free")
    press(page, "Send it in")
    expect(page.get_by_text("It waits for a moderator now")).to_be_visible(timeout=WAIT_MS)
    own = page.get_by_role("table", name=re.compile("What you sent in"))
    expect(own).to_contain_text("Waits for a moderator; nobody else sees it", timeout=WAIT_MS)
    assert page.locator("[data-testid=stMain]").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    shown = page.get_by_role("list", name="What local groups told us")
    expect(shown).to_have_count(0)

    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(WAIT_MS)
    other = context.new_page()
    sign_in(other, served, "sam-5d2", f"{PLACE}&moderate=true")
    sent = other.get_by_role("list", name="What was sent in")
    expect(sent).to_contain_text(f"Name of the group: {GROUP}", timeout=WAIT_MS)
    assert "pat-7c1" not in other.locator("body").inner_text()  # a pseudonym stands in its place
    assert axe(other, "[data-testid=stMain]") == []
    other.get_by_text("Accept it: it is shown").click()
    press(other, "Save the decision")
    expect(other.get_by_text("Your decision is saved, and it is shown now.")).to_be_visible(timeout=WAIT_MS)
    context.close()

    page.goto(f"{served.url}/{PLACE}")
    expect(shown).to_contain_text(f"{GROUP}: peer support; stay and play, for dads and partners.", timeout=WAIT_MS)
    expect(shown).to_contain_text("not counted as a service figure", timeout=WAIT_MS)
    assert page.locator("[data-testid=stMain]").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    store = open_store(served.store)
    with reading(store) as connection:
        trail = select_audit(connection)
    store.dispose()
    acts = [one for one in zip(trail["who"], trail["action"], strict=True) if one[1].startswith("offer")]
    assert acts == [("sam-5d2", "offer_decided"), ("pat-7c1", "offer"), ("pat-7c1", "offer_refused")]  # newest first
    assert REFUSED not in trail.to_string()


@pytest.mark.parametrize(("subject", "slug"), [("", ""), ("pat-7c1", "reach"), ("ann-8f2", "accountability")])
def test_the_way_in_and_what_a_role_opens_pass_axe_in_the_dark_and_on_a_phone(
    served: Served, page: Page, axe: Callable[..., list[str]], subject: str, slug: str
) -> None:
    page.emulate_media(reduced_motion="reduce")
    if subject:
        sign_in(page, served, subject, slug)
        heading(page, question(slug))
        page.wait_for_selector(".f1-source")
    else:
        page.goto(served.url)
        heading(page, "Sign in")
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    assert axe(page) == []


def test_nothing_of_a_person_a_secret_or_an_address_stands_in_the_log(served: Served) -> None:
    """Runs last: by now people have signed in, failed, asked for views and signed out."""
    ask(f"{served.url}/oauth2callback?code=of-bo-3e9&state=eyJ")
    log = served.log.read_text(encoding="utf-8")
    assert "Missing provider for OAuth callback" in log  # what Streamlit says of that: the log is the right one
    people = [text for one in PEOPLE.values() for text in (one["name"], one.get("email")) if text]
    asked_for = [
        "call 0300",
        "Need+against+reach",
        "Need against reach",
        "role=steward",
        "?code=",
        "&state=",
        "?error=",
        REFUSED,
        GROUP,
    ]
    for words in [*people, *PEOPLE, COOKIE_SECRET, CLIENT_SECRET, "eyJ", *asked_for]:  # a token begins with eyJ
        assert words not in log, f"{words} stands in the log"
