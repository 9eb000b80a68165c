"""Reduce responses to the pregnancy questionnaire to pseudonymised events and to counts, on the sender's own machine.

What goes in identifies people; what comes out is months, neighbourhoods, keyed hashes and counts. Nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from data.catalogue import ics
from data.catalogue.questionnaire import needs_rule, questionnaire
from data.intake.form_counts import Form
from data.intake.pseudonyms import pseudonym
from data.sources.questionnaire_answers import CONTACT, OFFICE, STOP, Response

WEEKS: Final = 40
#: Two forms whose due days lie closer than this are about one pregnancy.
SAME_PREGNANCY: Final = dt.timedelta(days=90)
CONTACT_ENDS: Final = dt.timedelta(days=330)
EventRow = tuple[str, str, str, str]


@dataclass
class Reduced:
    """What came out, and how many responses were left out and why; never whose."""

    events: list[EventRow] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, why: str) -> None:
        """Count a response that is not used."""
        self.left_out[why] = self.left_out.get(why, 0) + 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A response with the identifier in its one form and the neighbourhood; kept only while it is counted."""

    person: str = field(repr=False)
    response: Response = field(repr=False)
    lsoa: str = ""

    @property
    def stops(self) -> bool:
        """Whether the family asked for all contact to stop."""
        return self.response.answers.get(CONTACT) == STOP

    @property
    def role(self) -> str:
        """Which parent answered."""
        return str(self.response.answers.get("about-role", ""))

    @property
    def due(self) -> dt.date:
        """The day on which the baby is due, from the full weeks at completion."""
        weeks = WEEKS - int(self.response.answers["about-weeks"])
        return self.response.completed + dt.timedelta(weeks=weeks)


def reduce_responses(
    responses: Iterable[Response],
    *,
    key: bytes,
    plain: Callable[[object], str | None],
    place: Callable[[Response], str | None],
) -> Reduced:
    """Reduce the responses of all files together: one form for each parent and pregnancy.

    ``plain`` puts an identifier in its one form; every identifier has been held to it before.
    """
    reduced = Reduced()
    placed: list[Placed] = []
    for response in responses:
        person = plain(response.person)
        if person is None:
            raise ValueError("an identifier was not checked")
        found = Placed(person, response, place(response) or "")
        if found.lsoa or found.stops:
            placed.append(found)
        else:
            reduced.leave_out(f"without a neighbourhood of {ics().label} that could be found")
    stops: dict[str, list[dt.date]] = {}
    for one in [one for one in placed if one.stops]:
        stops.setdefault(one.person, []).append(one.response.completed)
    for one in first_forms([one for one in placed if not one.stops], reduced):
        take(one, reduced, key, ended_on(one.response.completed, stops.get(one.person, ())))
    reduced.events = sorted(set(reduced.events))
    return reduced


def first_forms(placed: list[Placed], reduced: Reduced) -> list[Placed]:
    """Keep each parent's first form of a pregnancy, completed by the service's part of later copies of it."""
    kept: dict[tuple[str, str], list[Placed]] = {}
    for one in sorted(placed, key=lambda one: (one.response.completed, one.response.entry)):
        earlier = kept.setdefault((one.person, one.role), [])
        at = next((at for at, held in enumerate(earlier) if abs(held.due - one.due) <= SAME_PREGNANCY), None)
        if at is None:
            earlier.append(one)
            continue
        reduced.leave_out("because an earlier form of the same parent and pregnancy counts")
        office = {link: answer for link, answer in one.response.answers.items() if link.startswith(OFFICE)}
        answers = {**earlier[at].response.answers, **office}
        earlier[at] = replace(earlier[at], response=replace(earlier[at].response, answers=answers))
    return [one for some in kept.values() for one in some]


def ended_on(completed: dt.date, stops: Iterable[dt.date]) -> dt.date | None:
    """Give the first day after a form on which the family asked for contact to stop, within that pregnancy."""
    later = [day for day in stops if dt.timedelta(0) <= day - completed <= CONTACT_ENDS]
    return min(later, default=None)


def take(one: Placed, reduced: Reduced, key: bytes, stopped: dt.date | None) -> None:
    """Take a form into the events and the counts, each only where the parent said yes to it."""
    answers = one.response.answers
    form = Form(answers, one.response.completed, one.lsoa, one.due)
    if one.role == "birthing-parent" and answers.get("about-consent-record") == "yes":
        name = pseudonym(one.person, key)
        reduced.events += [(name, event, f"{day:%Y-%m}", one.lsoa) for event, day in events_of(form)]
        if stopped is not None:
            reduced.events.append((name, STOP.replace("-", "_"), f"{stopped:%Y-%m}", one.lsoa))
    elif one.role == "birthing-parent":
        reduced.leave_out("from the events, because the parent did not agree to the record")
    if answers.get("about-consent-counts") != "yes":
        reduced.leave_out("from the counts, because the parent did not agree to them")
    elif stopped is not None:
        reduced.leave_out("from the counts, because the family asked for contact to stop")
    else:
        reduced.forms.append(form)


def events_of(form: Form) -> list[tuple[str, dt.date]]:
    """Give the events that a form of the birthing parent tells of."""
    answers, rule = form.answers, needs_rule()
    events = [("antenatal_form", form.completed)]
    levels = [level for level in rule.levels_of(answers).values() if level is not None]
    if max(levels, default=0) >= rule.counted_from:
        events.append(("need_found", form.completed))
    if answers.get("office-outcome") == "outcome-acted" and "office-outcome-date" in answers:
        events.append(("need_acted_on", answers["office-outcome-date"]))
    if answers.get("office-match") == "matched" and "office-match-date" in answers:
        events.append(("record_matched", answers["office-match-date"]))
    return events


def place_by(known: frozenset[str], postcodes: Mapping[str, str]) -> Callable[[Response], str | None]:
    """Give the neighbourhood of a response: the code that it holds, or that of its postcode, then forgotten."""

    def place(response: Response) -> str | None:
        code = str(response.answers.get("office-lsoa", "")).upper()
        if code:
            return code if code in known else None
        postcode = str(response.answers.get("about-postcode", "")).upper().replace(" ", "")
        return postcodes.get(postcode)

    return place


def made_with() -> str:
    """Name the versions that the counts rest on."""
    return f"Pregnancy questionnaire {questionnaire().version}, needs rule {needs_rule().version}"
