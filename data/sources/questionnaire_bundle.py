"""Read QuestionnaireResponses of HL7 FHIR R4 (JSON), as forms systems export them: on the sender's side, never here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from data.catalogue.questionnaire import questionnaire
from data.errors import EmptyFile, UnreadableFile, WrongValues
from data.sources.questionnaire_answers import COUNTED, SOURCE, Problems, Response, checked_answers, day_of
from data.sources.safe_opening import check_opening

NHS: Final = "https://fhir.nhs.uk/Id/nhs-number"
MAX_BYTES: Final = 200 * 1024**2
MAX_DEPTH: Final = 40
AGAIN: Final = "Export the responses again from the forms system"
VALUES: Final = ("valueCoding", "valueInteger", "valueString", "valueDate", "valueDateTime", "valueBoolean")

Node = dict[str, Any]


def read_bundle(path: Path, problems: Problems, system: str = "") -> tuple[list[Response], int]:
    """Read every completed response, and count those that are not completed."""
    held = open_json(path)
    resources = list(resources_of(held, path))
    patients = {key: one for key, one in resources if one.get("resourceType") == "Patient" and key}
    kept, open_yet = [], 0
    forms = [one for _, one in resources if one.get("resourceType") == "QuestionnaireResponse"]
    if not forms:
        raise EmptyFile("there is no QuestionnaireResponse in the file", source=SOURCE, file=path.name, todo=AGAIN)
    for entry, form in enumerate(forms, start=1):
        if form.get("status") not in COUNTED:
            open_yet += 1
        elif (response := response_of(form, entry, patients, problems, system)) is not None:
            kept.append(response)
    return kept, open_yet


def open_json(path: Path) -> Any:
    """Open a JSON file of bounded size and depth, and say what is wrong without repeating anything of it."""
    try:
        check_opening(path)
    except UnreadableFile as error:
        raise UnreadableFile(error.problem, source=SOURCE, file=path.name, todo=AGAIN) from None
    if path.stat().st_size > MAX_BYTES:
        expected = f"at most {MAX_BYTES // 1024**2} MB"
        raise UnreadableFile("the file is too large", source=SOURCE, file=path.name, expected=expected, todo=AGAIN)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise UnreadableFile("the file is no complete JSON", source=SOURCE, file=path.name, todo=AGAIN) from None


def _refuse_constant(_: str) -> None:
    raise ValueError("JSON has no such number")


def resources_of(held: Any, path: Path) -> Iterator[tuple[str, Node]]:
    """Give each resource of a Bundle, or the one resource, with the address by which others refer to it."""
    kind = held.get("resourceType") if isinstance(held, dict) else None
    if kind == "QuestionnaireResponse":
        yield "", held
        return
    entries = held.get("entry", []) if kind == "Bundle" else None
    if not isinstance(entries, list):
        words = "the file is neither a Bundle nor a QuestionnaireResponse of FHIR R4"
        raise WrongValues(words, source=SOURCE, file=path.name, todo=AGAIN)
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield from ((key, resource) for key in _addresses(entry, resource))


def _addresses(entry: Node, resource: Node) -> list[str]:
    """A form counts once; a patient is found by the full address and by the short one."""
    if resource.get("resourceType") != "Patient":
        return [""]
    return [str(entry.get("fullUrl", "")), f"Patient/{resource.get('id', '')}"]


def response_of(form: Node, entry: int, patients: dict[str, Node], problems: Problems, system: str) -> Response | None:
    """Read one completed form, or note what is wrong with it."""
    asked = questionnaire()
    before = problems.count
    if form.get("questionnaire") not in (asked.canonical, asked.url):
        words = "the response is to another questionnaire, or to another version"
        problems.add(entry, words, expected=asked.canonical)
        return None
    person = identifier_of(form.get("subject"), patients, system)
    if person is None:
        problems.add(entry, "nobody is named as the subject", expected="subject.identifier, or a Patient in the Bundle")
    completed = day_of(form.get("authored"))
    if completed is None:
        problems.add(entry, "the day of completion is missing or no day", expected="authored, not in the future")
    given: dict[str, list[Any]] = {}
    if not collect(form.get("item"), given):
        problems.add(entry, "the answers are not laid out as FHIR R4 says")
    answers = checked_answers(given, entry, problems)
    if person is None or completed is None or problems.count > before:
        return None
    return Response(entry, person, completed, answers)


def identifier_of(subject: Any, patients: dict[str, Node], system: str) -> str | None:
    """Find whose form it is: an identifier beside the form, or that of a patient in the same file."""
    if not isinstance(subject, dict):
        return None
    patient = patients.get(str(subject.get("reference", "")), {})
    listed = patient.get("identifier", [])
    known = [subject.get("identifier"), *(listed if isinstance(listed, list) else [])]
    usable = [one for one in known if isinstance(one, dict) and isinstance(one.get("value"), str)]
    wanted = system or NHS
    right = [one["value"] for one in usable if one.get("system", wanted) == wanted]
    return right[0] if right else None


def collect(items: Any, given: dict[str, list[Any]], depth: int = 0) -> bool:
    """Lay nested items out by linkId; False where they are not laid out as FHIR says."""
    if items is None:
        return True
    if not isinstance(items, list) or depth > MAX_DEPTH:
        return False
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
            return False
        answers = item.get("answer", [])
        if not isinstance(answers, list) or not all(isinstance(one, dict) for one in answers):
            return False
        if answers:
            given.setdefault(item["linkId"], []).extend(value_of(one) for one in answers)
        inner = [item.get("item"), *(one.get("item") for one in answers)]
        if not all(collect(one, given, depth + 1) for one in inner):
            return False
    return True


def value_of(answer: Node) -> Any:
    """Give what an answer says: the code of a choice of this questionnaire's own, or the value as it is."""
    value = next((answer[name] for name in VALUES if name in answer), None)
    if isinstance(value, dict):
        own = value.get("system", "") in ("", questionnaire().code_system)
        return value.get("code") if own and isinstance(value.get("code"), str) else object
    return value if isinstance(value, str | int) else object
