"""What is made from an answer is made once, and kept for as long as the answer itself is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from data.answers.answer import Answer

Made = TypeVar("Made")
Kind = TypeVar("Kind", bound=Answer)
Choices = ParamSpec("Choices")


def made_once(make: Callable[Concatenate[Kind, Choices], Made]) -> Callable[Concatenate[Kind, Choices], Made]:
    """Keep what ``make`` makes of an answer and its (hashable) choices; answers never change, so neither does it."""
    kept: WeakKeyDictionary[Answer, dict[Any, Any]] = WeakKeyDictionary()

    @wraps(make)
    def once(answer: Kind, /, *args: Choices.args, **kwargs: Choices.kwargs) -> Made:
        of_answer = kept.setdefault(answer, {})
        choices = (args, tuple(sorted(kwargs.items())))
        if choices not in of_answer:
            of_answer[choices] = make(answer, *args, **kwargs)
        made: Made = of_answer[choices]
        return made

    return once
