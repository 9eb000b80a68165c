"""Hold the questionnaire to what HL7 FHIR R4 asks of a Questionnaire (hl7.org/fhir/R4/questionnaire.html).

Only what this project uses is allowed, so a new kind of element is a fault until somebody has thought about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

Node = dict[str, Any]

STATUSES: Final = {"draft", "active", "retired", "unknown"}
WITHOUT_ANSWER: Final = {"group", "display"}
TYPES: Final = WITHOUT_ANSWER | {"choice", "integer", "string", "date"}
OF_QUESTIONNAIRE: Final = {
    *("resourceType", "language", "url", "version", "name", "title", "status", "experimental", "subjectType", "date"),
    *("description", "purpose", "copyright", "item"),
}
OF_ITEM: Final = {
    *("extension", "linkId", "text", "type", "enableWhen", "enableBehavior", "required", "repeats", "maxLength"),
    *("answerOption", "item"),
}
#: Limits of a number, as the core specification's own extensions.
LIMITS: Final = {f"http://hl7.org/fhir/StructureDefinition/{name}Value" for name in ("min", "max")}
_LINK: Final = re.compile(r"[a-z][a-z0-9-]{1,60}")
_URI: Final = re.compile(r"(urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})|(https?://\S+)")
_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")


def faults_of(resource: Node, codes: dict[str, str]) -> list[str]:
    """Say everything that is wrong with a Questionnaire; ``codes`` are those of its code system, with their words."""
    return [*_head(resource), *_items(resource, codes)]


def items_of(node: Node) -> Iterator[Node]:
    """Give every item at every depth, in order."""
    for item in node.get("item", ()):
        yield item
        yield from items_of(item)


def _head(resource: Node) -> Iterator[str]:
    if resource.get("resourceType") != "Questionnaire":
        yield "resourceType is not Questionnaire"
    if resource.get("status") not in STATUSES:
        yield "status is none of FHIR's"
    if not _URI.fullmatch(str(resource.get("url"))):
        yield "url is no absolute address"
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(resource.get("version"))):
        yield "version is not three numbers"
    if not _NAME.fullmatch(str(resource.get("name"))):
        yield "name cannot be used by a program (que-0)"
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(resource.get("date"))):
        yield "date is no day"
    yield from (f"unknown element {key}" for key in sorted(set(resource) - OF_QUESTIONNAIRE))


def _items(resource: Node, codes: dict[str, str]) -> Iterator[str]:
    items = list(items_of(resource))
    links = [str(item.get("linkId")) for item in items]
    yield from (
        f"linkId {link} stands twice (que-2)" for link in sorted({one for one in links if links.count(one) > 1})
    )
    by_link = dict(zip(links, items, strict=True))
    for item in items:
        yield from (f"{item.get('linkId')}: {fault}" for fault in _item(item, by_link, codes))


def _item(item: Node, by_link: dict[str, Node], codes: dict[str, str]) -> Iterator[str]:
    kind = item.get("type")
    yield from (f"unknown element {key}" for key in sorted(set(item) - OF_ITEM))
    if not _LINK.fullmatch(str(item.get("linkId"))):
        yield "linkId is not in small letters, digits and dashes"
    if not item.get("text"):
        yield "there are no words"
    if kind not in TYPES:
        yield "type is none of those used here"
    if kind == "group" and not item.get("item"):
        yield "a group holds nothing (que-1)"
    if kind != "group" and "item" in item:
        yield "only a group holds items here (que-1)"
    if kind == "display" and ({"required", "repeats"} & set(item)):
        yield "a text to show is neither required nor repeated (que-6)"
    if "maxLength" in item and kind != "string":
        yield "only words have a greatest length (que-10)"
    yield from _options(item, codes)
    yield from _conditions(item, by_link)
    yield from _limits(item)


def _options(item: Node, codes: dict[str, str]) -> Iterator[str]:
    options = item.get("answerOption", [])
    if (item.get("type") == "choice") != bool(options):
        yield "a choice has options, and nothing else has (que-5)"
    codings = [option.get("valueCoding", {}) for option in options]
    if any(set(option) != {"valueCoding"} for option in options):
        yield "an option is no coding"
    if len({coding.get("code") for coding in codings}) != len(codings):
        yield "an option stands twice"
    for coding in codings:
        if codes.get(str(coding.get("code"))) != coding.get("display"):
            yield f"the code {coding.get('code')} is not in the code system in these words"


def _conditions(item: Node, by_link: dict[str, Node]) -> Iterator[str]:
    conditions = item.get("enableWhen", [])
    if len(conditions) > 1 and item.get("enableBehavior") not in {"all", "any"}:
        yield "several conditions do not say whether all must hold (que-12)"
    for one in conditions:
        if set(one) != {"question", "operator", "answerCoding"} or one["operator"] != "=":
            yield "a condition is not of the form question = code (que-7)"
            continue
        asked = by_link.get(one["question"], {})
        codes = {option["valueCoding"]["code"] for option in asked.get("answerOption", [])}
        if one["answerCoding"].get("code") not in codes:
            yield f"a condition names no answer of {one['question']}"
        if one["question"] == item.get("linkId"):
            yield "a condition rests on the item itself"


def _limits(item: Node) -> Iterator[str]:
    limits = {one.get("url"): one.get("valueInteger") for one in item.get("extension", [])}
    if limits and (item.get("type") != "integer" or set(limits) != LIMITS):
        yield "only a number has limits, a least and a greatest"
    if item.get("type") == "integer" and not all(isinstance(limit, int) for limit in limits.values() or [None]):
        yield "a number has no limits"
