"""How sign-in is set up: `[auth]` and `[roles]` of the secrets. Where they are missing, only this machine is served."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import streamlit as st

from data.actions.admission import SECRETS, Rules, WrongSettings, read_rules

#: What Streamlit calls a provider that has no name of its own.
UNNAMED: Final = "default"
#: Half of what the signature rests on; a shorter secret could be guessed.
SECRET_CHARACTERS: Final = 32
LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_OF_A_PROVIDER: Final = ("client_id", "client_secret", "server_metadata_url")
#: Settings of the server that would open a way round the sign-in, and what they must be.
_MUST_BE: Final[Mapping[str, Any]] = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.trustedUserHeaders": {},
    "server.enableAgentApi": False,
}


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """The rules for each provider, and the address at which readers reach the dashboard, such as https://a.example."""

    rules: Mapping[str, Rules]
    origin: str

    @property
    def host(self) -> str:
        """Give the name of the machine in the address."""
        return urlsplit(self.origin).hostname or ""

    @property
    def https(self) -> bool:
        """Say whether readers reach the dashboard over an encrypted connection."""
        return self.origin.startswith("https://")

    @property
    def hours(self) -> float:
        """Give how long the longest sign-in lasts."""
        return max(rules.hours for rules in self.rules.values())


def sign_in_settings() -> SignInSettings | None:
    """Read how sign-in is set up; None where it is not. Raises where it is set up wrong, so that nobody comes in."""
    secrets = _secrets()
    auth, roles = secrets.get("auth"), secrets.get("roles")
    if auth is None and roles is None:
        return None
    if not isinstance(auth, Mapping):
        raise WrongSettings("[roles] is there, but no [auth] that says who signs people in", file=SECRETS)
    for option, value in _MUST_BE.items():
        if st.get_option(option) != value:
            raise WrongSettings(f"{option} would open a way round the sign-in", expected=repr(value))
    if len(str(auth.get("cookie_secret", ""))) < SECRET_CHARACTERS:
        raise WrongSettings(f"cookie_secret in [auth] has fewer than {SECRET_CHARACTERS} characters", file=SECRETS)
    providers = dict(_providers(auth))
    if not providers:
        raise WrongSettings("[auth] names no provider", file=SECRETS, expected=" and ".join(_OF_A_PROVIDER))
    for name, provider in providers.items():
        _check_provider(name, provider)
    return SignInSettings(_rules(roles or {}, tuple(providers)), _origin(str(auth.get("redirect_uri", ""))))


def _secrets() -> Mapping[str, Any]:
    if st.secrets.load_if_toml_exists():
        return st.secrets
    if any(os.path.lexists(path) for path in st.get_option("secrets.files")):
        raise WrongSettings("the file can't be read as TOML", file=SECRETS)
    return {}


def _providers(auth: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if any(key in auth for key in _OF_A_PROVIDER):
        yield UNNAMED, auth
    for name, table in auth.items():
        if isinstance(table, Mapping) and name != "client_kwargs":
            yield name, table


def _check_provider(name: str, provider: Mapping[str, Any]) -> None:
    place = "[auth]" if name == UNNAMED else f"[auth.{name}]"
    if "_" in name:
        raise WrongSettings(f"the name of {place} has an underscore, which Streamlit does not allow", file=SECRETS)
    if missing := [key for key in _OF_A_PROVIDER if not provider.get(key)]:
        raise WrongSettings(f"{place} lacks {' and '.join(missing)}", file=SECRETS)
    _check_encrypted(urlsplit(str(provider["server_metadata_url"])), f"server_metadata_url in {place}")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.path != "/oauth2callback" or not parts.hostname:
        expected = "the dashboard's own address and then /oauth2callback"
        raise WrongSettings("redirect_uri in [auth] is not of this dashboard", file=SECRETS, expected=expected)
    _check_encrypted(parts, "redirect_uri in [auth]")
    return f"{parts.scheme}://{parts.netloc}"


def _check_encrypted(address: SplitResult, name: str) -> None:
    """Refuse an address that others on the way could read; on one machine there is no way."""
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK_NAMES):
        raise WrongSettings(f"{name} does not begin with https://", file=SECRETS)


def _rules(roles: Mapping[str, Any], providers: tuple[str, ...]) -> Mapping[str, Rules]:
    """Give each provider its rules: those of [roles] where there is one provider, else each a table of its own."""
    if len(providers) == 1:
        return {providers[0]: read_rules(roles)}
    tables = roles.get("providers", {})
    if set(roles) - {"providers"} or not isinstance(tables, Mapping) or set(tables) != set(providers):
        problem = (
            "several providers sign people in, so each needs a table of its own, and nothing else stands in [roles]"
        )
        raise WrongSettings(problem, file=SECRETS, expected=", ".join(f"[roles.providers.{one}]" for one in providers))
    return {name: read_rules(table, f"[roles.providers.{name}]") for name, table in tables.items()}
