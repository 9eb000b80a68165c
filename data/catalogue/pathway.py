"""The steps of the pathway from pregnancy to 2½ years: which events there are, and what counts as continuous."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.catalogue.definitions import Column
from data.errors import WrongValues

FOLDER: Final = Path(__file__).parent
FILE: Final = "pathway.toml"
#: Ends of a pathway: from that month on the family is counted nowhere, and nobody is to blame.
LEAVING: Final = ("stop_contact", "moved_out")
#: Counted from events as well, though at no age.
LINKED: Final = "form_linked"
NEEDS: Final = "needs_found_before_two"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of step, and in which months from the month of birth it belongs to a birth."""

    id: str
    meaning: str
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Point:
    """An age in months at which continuity is counted, and the steps that a family needs by then."""

    indicator: str
    age: int
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """Events, points and the columns of the return."""

    events: tuple[Event, ...]
    points: tuple[Point, ...]
    columns: tuple[Column, ...]

    def event(self, name: str) -> Event:
        """Give a kind of event by its id."""
        return next(one for one in self.events if one.id == name)


@cache
def pathway() -> Pathway:
    """Read the pathway, and refuse one that contradicts itself."""
    from data.catalogue.reading import build, read_toml

    content = read_toml(FOLDER, FILE, {"event", "point", "column"})
    events = tuple(Event(one["id"], one["meaning"], one["from"], one["to"]) for one in content["event"])
    points = tuple(Point(one["indicator"], one["age"], tuple(one["steps"])) for one in content["point"])
    columns = tuple(build(Column, one, file=FILE, name=one["name"]) for one in content["column"])
    _check(events, points)
    return Pathway(events, points, columns)


def counted_indicators() -> tuple[str, ...]:
    """Name the indicators that are counted from events."""
    return (*(point.indicator for point in pathway().points), LINKED, NEEDS)


def _check(events: tuple[Event, ...], points: tuple[Point, ...]) -> None:
    known: dict[str, Any] = {one.id: one for one in events}
    for point in points:
        if unknown := sorted(set(point.steps) - set(known)):
            raise WrongValues("a point names a step that there is not", file=FILE, found=", ".join(unknown))
        if late := [name for name in point.steps if known[name].latest > point.age]:
            raise WrongValues("a step may come after the age at which it counts", file=FILE, found=", ".join(late))
