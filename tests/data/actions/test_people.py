"""Roles: what each may do, refused where the act is done."""

from __future__ import annotations

from itertools import pairwise

import pytest

from data.actions.people import RIGHTS, Person, may, require, roles
from data.errors import NotAllowed, UnknownName


def person(role: str) -> Person:
    return Person("someone", "Someone", role)


def test_each_role_has_at_least_the_rights_of_the_one_before() -> None:
    rights = [role.rights for role in roles().values()]
    assert list(roles()) == ["partner", "board", "strategy", "steward"]
    assert all(less <= more for less, more in pairwise(rights))
    assert rights[0] == {"suggest"}
    assert rights[-1] == frozenset(RIGHTS)


def test_a_refusal_names_the_role_the_act_and_whom_to_ask() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(person("board"), "sign_off")
    assert str(refused.value) == "Your role, board member, can't sign a return off. Ask a data steward."


def test_a_right_that_the_role_has_is_granted() -> None:
    require(person("strategy"), "load")
    assert may(person("steward"), "see_trail")


@pytest.mark.parametrize(("role", "right"), [("chair", "load"), ("steward", "everything")])
def test_unknown_names_raise(role: str, right: str) -> None:
    with pytest.raises(UnknownName):
        may(person(role), right)
