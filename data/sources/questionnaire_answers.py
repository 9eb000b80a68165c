"""The answers of one person to the pregnancy questionnaire, held to its definition. They stay on the sender's side.

No sentence of this module, or of those that use it, repeats an answer, an identifier or a name of the file's own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from data.catalogue.questionnaire import Question, questionnaire
from data.errors import DataError, WrongValues

SOURCE: Final = "Pregnancy questionnaire"
COUNTED: Final = ("completed", "amended")
CONTACT: Final = "about-contact"
STOP: Final = "stop-contact"
#: The service's own part: a later copy of a form may complete it.
OFFICE: Final = "office-"
MOST_NAMED: Final = 20

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """One completed form: where it stands in the file, whose it is, when it was completed, and its coded answers."""

    entry: int
    person: str = field(repr=False)
    completed: dt.date = field(repr=False)
    answers: Answers = field(repr=False)


@dataclass
class Problems:
    """Problems of one file, each of which names the place and never what stands there."""

    file: str
    place: str = "entry"
    found: list[DataError] = field(default_factory=list)
    count: int = 0

    def add(self, entry: int, words: str, *, question: str = "", expected: str | None = None, todo: str = "") -> None:
        """Note a problem of one entry; beyond some, they are only counted."""
        self.count += 1
        if len(self.found) < MOST_NAMED:
            place = f"in {self.place} {entry}, " if self.place != "row" else ""
            self.found.append(
                WrongValues(
                    f"{place}{words}",
                    source=SOURCE,
                    file=self.file,
                    row=entry if self.place == "row" else None,
                    column=question or None,
                    expected=expected,
                    todo=todo or None,
                )
            )

    def all(self) -> list[DataError]:
        """Give them, with a last sentence for those that are not named."""
        more = self.count - len(self.found)
        return [*self.found, *([WrongValues(f"{more:,} more answers are wrong", file=self.file)] if more else [])]


def checked_answers(given: Mapping[str, Sequence[Any]], entry: int, problems: Problems) -> Answers:
    """Hold one person's answers, by linkId, to the questionnaire; what was not to be asked is left out."""
    asked = questionnaire()
    if unknown := [link for link in given if link not in asked.questions]:
        words = f"{len(unknown)} of the questions answered are not in version {asked.version}"
        problems.add(entry, words, todo="Export the responses of this version alone")
    answers: Answers = {}
    for link, question in asked.questions.items():
        values = [value for value in given.get(link, ()) if value not in (None, "")]
        if any(answers.get(other) != code for other, code in question.asked_when):
            continue
        if not values:
            if question.required:
                problems.add(entry, "a question that must be answered is not", question=link)
            continue
        answer = _answer(question, values)
        if answer is None:
            problems.add(entry, "this is no answer to the question", question=link, expected=_expected(question))
        else:
            answers[link] = answer
    return answers


def _answer(question: Question, values: Sequence[Any]) -> Any:
    """Give the answer in its one form, or None where it is none."""
    if len(values) > 1 and not question.repeats:
        return None
    read = [_READ[question.kind](question, value) for value in values]
    if None in read:
        return None
    return tuple(read) if question.repeats else read[0]


def _expected(question: Question) -> str:
    if question.kind == "choice":
        return f"one of {', '.join(question.options)}"
    if question.kind == "integer":
        return f"a whole number from {question.least} to {question.greatest}"
    return "a day such as 2025-12-31, not in the future" if question.kind == "date" else "a few letters and digits"


def _choice(question: Question, value: Any) -> str | None:
    """A code, or the words of the choice."""
    text = " ".join(str(value).split()).casefold()
    words = {display.casefold(): code for code, display in question.options.items()}
    return text if text in question.options else words.get(text)


def _whole(question: Question, value: Any) -> int | None:
    text = str(value).strip().removesuffix(".0")
    if isinstance(value, bool) or re.fullmatch(r"[0-9]{1,3}", text) is None:
        return None
    number = int(text)
    return number if (question.least or 0) <= number <= (question.greatest or number) else None


def _words(question: Question, value: Any) -> str | None:  # noqa: ARG001 (every kind of answer is read alike)
    text = " ".join(str(value).split())
    return text if text and len(text) <= 20 else None


def _date(question: Question, value: Any) -> dt.date | None:  # noqa: ARG001
    return day_of(value)


def day_of(value: Any) -> dt.date | None:
    """Read the day of a FHIR date or moment, or one written as in the United Kingdom; None where it is none."""
    text = str(value).strip()
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})([T ][0-9:.+\-Z]{5,30})?", text)
    try:
        day = dt.date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    return day if day and dt.date(2010, 1, 1) <= day <= dt.datetime.now(tz=dt.UTC).date() else None


_READ: Final = {"choice": _choice, "integer": _whole, "string": _words, "date": _date}
