"""Who comes in and as what, from claims and the table of roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.actions.admission import NotSignedIn, Rules, WrongSettings, admit, claim_values, read_rules
from data.actions.people import may
from data.errors import NotAllowed

NOW = 1_760_000_000
ANN = {
    "is_logged_in": True,
    "sub": "8f2b",
    "name": "Ann Example",
    "email": "Ann@icb.example",
    "email_verified": True,
    "iat": NOW - 60,
}
BY_GROUP = read_rules({"claim": "roles", "values": {"Stewards": "steward", "Board": "board"}})
BY_PERSON = read_rules({"people": {"ANN@icb.example": "strategy", "8f2b": "board"}})


def test_whoever_no_table_names_is_a_partner_who_may_do_nothing_but_look() -> None:
    person = admit(ANN, Rules(), NOW)
    assert (person.subject, person.name, person.role, person.local) == ("8f2b", "Ann Example", "partner", False)
    assert not may(person, "export")


def test_only_listed_refuses_whoever_no_table_names() -> None:
    rules = read_rules({"only_listed": True, "people": {"8f2b": "partner"}})
    assert admit(ANN, rules, NOW).role == "partner"
    with pytest.raises(NotAllowed, match="not on the list") as refused:
        admit({**ANN, "sub": "9a11", "email": "bob@icb.example"}, rules, NOW)
    assert not isinstance(refused.value, NotSignedIn)  # signing in again would not help


@pytest.mark.parametrize(
    ("held", "role"),
    [
        (["Board"], "board"),
        ("Board", "board"),
        (["Board", "Stewards"], "steward"),  # the role with the most rights
        (["Stewards", "Board", "Everyone"], "steward"),
        (["board"], "partner"),  # values are compared as they are written
        ([], "partner"),
        (None, "partner"),
        ({"Stewards": True}, "partner"),
        ([["Stewards"], 7], "partner"),
    ],
)
def test_a_claim_gives_the_role(held: object, role: str) -> None:
    assert admit({**ANN, "roles": held}, BY_GROUP, NOW).role == role


def test_a_claim_that_is_called_role_decides_nothing_by_itself() -> None:
    assert admit({**ANN, "role": "steward", "roles": ["steward"]}, BY_GROUP, NOW).role == "partner"


def test_a_dot_leads_into_a_claim_within_a_claim() -> None:
    claims = {"realm_access": {"roles": ["a", "b"]}, "https://icb.example/roles": ["c"]}
    assert claim_values(claims, "realm_access.roles") == ("a", "b")
    assert claim_values(claims, "https://icb.example/roles") == ("c",)
    assert claim_values(claims, "realm_access.roles.a") == ()


def test_the_table_of_people_gives_the_role_by_subject_or_by_verified_address() -> None:
    assert admit(ANN, BY_PERSON, NOW).role == "strategy"
    assert admit({**ANN, "email": "ann@elsewhere.example"}, BY_PERSON, NOW).role == "board"
    assert admit({**ANN, "sub": "9a11"}, BY_PERSON, NOW).role == "strategy"


@pytest.mark.parametrize("verified", [False, None, "false", "", 0])
def test_an_address_that_nobody_verified_gives_no_role(verified: object) -> None:
    claims = {**ANN, "sub": "9a11", "email_verified": verified}
    assert admit(claims, BY_PERSON, NOW).role == "partner"
    trusting = read_rules({"people": {"ann@icb.example": "strategy"}, "trust_email": True})
    assert admit(claims, trusting, NOW).role == "strategy"


def test_a_subject_that_looks_like_an_address_is_not_taken_for_one() -> None:
    claims = {"is_logged_in": True, "sub": "ann@icb.example", "iat": NOW}
    assert admit(claims, BY_PERSON, NOW).role == "partner"


@pytest.mark.parametrize(
    ("age_seconds", "comes_in"),
    [
        (2 * 3600 - 1, True),
        (2 * 3600, False),
        (2 * 3600 + 1, False),
        (-300, True),  # the clocks of two machines differ
        (-301, False),
    ],
)
def test_a_sign_in_ends_after_its_hours(age_seconds: int, comes_in: bool) -> None:
    claims = {**ANN, "iat": NOW - age_seconds}
    rules = read_rules({"hours": 2})
    if comes_in:
        assert admit(claims, rules, NOW).role == "partner"
        return
    with pytest.raises(NotSignedIn, match="has ended"):
        admit(claims, rules, NOW)


@pytest.mark.parametrize("issued", [None, "yesterday", True, float("nan")])
def test_a_sign_in_without_its_time_has_ended(issued: object) -> None:
    with pytest.raises(NotSignedIn, match="has ended"):
        admit({**ANN, "iat": issued}, Rules(), NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {**ANN, "is_logged_in": False},
        {**ANN, "is_logged_in": "true"},
        {key: value for key, value in ANN.items() if key != "is_logged_in"},
        {**ANN, "sub": ""},
        {**ANN, "sub": None},
    ],
)
def test_claims_that_are_not_of_a_sign_in_let_nobody_in(claims: Mapping[str, Any]) -> None:
    with pytest.raises(NotSignedIn, match="Nobody is signed in yet"):
        admit(claims, Rules(), NOW)


def test_the_trail_may_hold_another_claim_than_the_subject() -> None:
    rules = read_rules({"trail_claim": "preferred_username"})
    assert admit({**ANN, "preferred_username": "ann.example"}, rules, NOW).subject == "ann.example"
    assert admit(ANN, rules, NOW).subject == "8f2b"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"onlylisted": True}, "onlylisted"),
        ({"only_listed": "yes"}, "only_listed"),
        ({"only_listed": 1}, "only_listed"),
        ({"hours": 0}, "hours"),
        ({"hours": True}, "hours"),
        ({"hours": "8"}, "hours"),
        ({"claim": ["roles"]}, "claim"),
        ({"people": ["ann@icb.example"]}, "people"),
        ({"people": {"ann@icb.example": "admin"}}, "ann@icb.example"),
        ({"claim": "roles", "values": {"Stewards": ["steward"]}}, "Stewards"),
        ({"values": {"Stewards": "steward"}}, "names no claim"),
    ],
)
def test_a_slip_in_the_settings_is_refused_and_named(table: Mapping[str, Any], words: str) -> None:
    with pytest.raises(WrongSettings, match=words):
        read_rules(table)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["is_logged_in", "sub", "iat", "roles", "role", "email", "email_verified", "name"])


@given(claims=st.dictionaries(NAMES, JSON))
def test_no_claims_whatever_make_a_steward_of_whom_nothing_names(claims: dict[str, Any]) -> None:
    try:
        person = admit(claims, BY_PERSON, NOW)
    except NotAllowed:
        return
    assert person.role == "partner"
