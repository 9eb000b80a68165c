"""The pregnancy questionnaire as it is published, and the rule that says which of its answers make a need.

``questionnaire.json`` is an HL7 FHIR R4 Questionnaire that any forms system can run; ``needs_rule.toml`` is the rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.catalogue.questionnaire_rules import faults_of
from data.errors import UnknownName, WrongValues

FOLDER: Final = Path(__file__).parent
DEFINITION: Final = FOLDER / "questionnaire.json"
CODES: Final = FOLDER / "questionnaire_codes.json"
RULE: Final = "needs_rule.toml"
#: A person's choice to say nothing: answered, and nothing is known.
NOT_SAID: Final = "not-said"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what kind of answer it takes, which, and when it is asked."""

    link_id: str
    text: str
    kind: str
    section: str
    options: Mapping[str, str]
    required: bool
    repeats: bool
    least: int | None
    greatest: int | None
    asked_when: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A version of the questionnaire; ``questions`` are in the order in which they are asked."""

    url: str
    version: str
    title: str
    code_system: str
    questions: Mapping[str, Question]

    @property
    def canonical(self) -> str:
        """What a response names as its questionnaire."""
        return f"{self.url}|{self.version}"

    def question(self, link_id: str) -> Question:
        """Give a question by its linkId."""
        if link_id not in self.questions:
            raise UnknownName(f"there is no question {link_id!r} in version {self.version} of the questionnaire")
        return self.questions[link_id]


@dataclass(frozen=True, slots=True)
class NeedDomain:
    """A domain of need: the level of each answer, and of scores below a number.

    ``group`` is the value of the breakdown ``need_domain``; empty where the domain is counted in another way.
    """

    id: str
    name: str
    group: str
    answers: Mapping[str, Mapping[str, int]]
    scores: tuple[tuple[str, int, int], ...]

    def level(self, answers: Mapping[str, Any]) -> int | None:
        """Give the level of need, 0 to 3; None where nothing is known."""
        levels = [of.get(answers[link], 0) for link, of in self.answers.items() if said(answers.get(link))]
        for link in {link for link, _, _ in self.scores}:
            if answers.get(link) is not None:
                levels.append(self._score_level(link, int(answers[link])))
        return max(levels, default=None)

    def _score_level(self, link: str, score: int) -> int:
        return max((level for name, below, level in self.scores if name == link and score < below), default=0)


@dataclass(frozen=True, slots=True)
class NeedsRule:
    """The rule: which answers make a need. It is versioned, and may be changed by whoever the partners name."""

    version: str
    questionnaire: str
    status: str
    owner: str
    agreed_on: str
    statement: str
    counted_from: int
    low_preparedness_below: int
    acted_on_within_days: int
    levels: tuple[str, ...]
    domains: tuple[NeedDomain, ...]

    def domain(self, domain_id: str) -> NeedDomain:
        """Give a domain by its id."""
        found = next((one for one in self.domains if one.id == domain_id), None)
        if found is None:
            known = ", ".join(one.id for one in self.domains)
            raise UnknownName(f"there is no domain of need {domain_id!r}", file=RULE, expected=known)
        return found

    def levels_of(self, answers: Mapping[str, Any]) -> dict[str, int | None]:
        """Give the level of need in each domain from coded answers, by linkId."""
        return {one.id: one.level(answers) for one in self.domains}


def said(answer: object) -> bool:
    """Whether a question was answered, and not with the choice to say nothing."""
    return answer is not None and answer != NOT_SAID


@cache
def questionnaire() -> Questionnaire:
    """The published questionnaire, held to FHIR's structure."""
    codes = json.loads(CODES.read_text(encoding="utf-8"))
    resource = json.loads(DEFINITION.read_text(encoding="utf-8"))
    words = {one["code"]: one["display"] for one in codes["concept"]}
    if faults := faults_of(resource, words):
        raise WrongValues("the questionnaire is no valid FHIR R4", file=DEFINITION.name, found="; ".join(faults))
    asked = {question.link_id: question for question in _questions(resource["item"], "", ())}
    return Questionnaire(resource["url"], resource["version"], resource["title"], codes["url"], asked)


def _questions(items: list[dict[str, Any]], section: str, when: tuple[tuple[str, str], ...]) -> Iterator[Question]:
    """Lay the questions out, each with every condition that stands above it; all must hold."""
    for item in items:
        own = tuple((one["question"], one["answerCoding"]["code"]) for one in item.get("enableWhen", ()))
        if item["type"] == "group":
            yield from _questions(item["item"], section or item["linkId"], when + own)
        elif item["type"] != "display":
            limits = {one["url"].rsplit("/", 1)[-1]: one["valueInteger"] for one in item.get("extension", ())}
            coded = [one["valueCoding"] for one in item.get("answerOption", ())]
            yield Question(
                link_id=item["linkId"],
                text=item["text"],
                kind=item["type"],
                section=section,
                options={one["code"]: one["display"] for one in coded},
                required=item.get("required", False),
                repeats=item.get("repeats", False),
                least=limits.get("minValue"),
                greatest=limits.get("maxValue"),
                asked_when=when + own,
            )


@cache
def needs_rule() -> NeedsRule:
    """The rule as it stands, held to the questionnaire's own answers."""
    from data.catalogue.reading import read_toml

    keys = {*NeedsRule.__dataclass_fields__, "level", "domain"} - {"levels", "domains"}
    content = read_toml(FOLDER, RULE, keys)
    levels, domains = content.pop("level"), content.pop("domain")
    rule = NeedsRule(
        **content, levels=tuple(one["name"] for one in levels), domains=tuple(_domain(one) for one in domains)
    )
    _check_rule(rule)
    return rule


def _domain(entry: dict[str, Any]) -> NeedDomain:
    scores = tuple((one["question"], one["below"], one["level"]) for one in entry.get("scores", ()))
    return NeedDomain(entry["id"], entry["name"], entry["group"], entry.get("answers", {}), scores)


def _check_rule(rule: NeedsRule) -> None:
    """Refuse a rule that names a question, an answer or a level that there is not."""
    asked, highest = questionnaire(), len(rule.levels) - 1
    if rule.questionnaire != asked.version:
        problem = "the rule is for another version of the questionnaire"
        raise WrongValues(problem, file=RULE, found=rule.questionnaire, expected=asked.version)
    for domain in rule.domains:
        for link, levels in domain.answers.items():
            if unknown := sorted(set(levels) - set(asked.question(link).options)):
                raise WrongValues(f"{link!r} has no such answer", file=RULE, found=", ".join(unknown))
        for link, _, _ in domain.scores:
            if asked.question(link).kind != "integer":
                raise WrongValues(f"{link!r} is no score", file=RULE)
        given = [level for levels in domain.answers.values() for level in levels.values()]
        if any(not 0 <= level <= highest for level in (*given, *(level for _, _, level in domain.scores))):
            raise WrongValues(f"a level of {domain.id!r} is not 0 to {highest}", file=RULE)
