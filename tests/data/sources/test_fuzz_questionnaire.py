"""Whatever stands in an export, reading it ends with responses or with one clear refusal, and repeats none of it."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalogue.questionnaire import questionnaire
from data.errors import DataError
from data.sources.questionnaire_answers import Problems
from data.sources.questionnaire_bundle import read_bundle

SECRET = "Zyxwv 9990000018"
NASTY = (
    *(None, True, 0, -1, 1e308, "", SECRET, "carry-on", "completed", [], {}, [[]], [SECRET], {"value": SECRET}),
    *(
        {"resourceType": SECRET},
        {"reference": SECRET},
        {"valueCoding": {"code": SECRET}},
        {"linkId": SECRET},
        "9" * 400,
    ),
)
CODING = {"system": questionnaire().code_system, "code": "carry-on"}
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "questionnaire": questionnaire().canonical,
    "status": "completed",
    "authored": "2025-05-10",
    "subject": {"reference": "Patient/1", "identifier": {"value": SECRET}},
    "item": [
        {"linkId": "start", "item": [{"linkId": "about-contact", "answer": [{"valueCoding": CODING}]}]},
        {"linkId": "about", "item": [{"linkId": "about-weeks", "answer": [{"valueInteger": 12}]}]},
    ],
}
PATIENT = {"resourceType": "Patient", "id": "1", "identifier": [{"value": SECRET}]}
BUNDLE = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"fullUrl": "urn:1", "resource": RESPONSE}]}


def spoiled(choose: Any, steps: int) -> Any:
    """Put something else, or nothing, in some places of a good export."""
    held: Any = copy.deepcopy(BUNDLE)
    for _ in range(steps):
        node, key = held, None
        for _ in range(1 + choose(9)):
            inner = node if key is None else node[key]
            if not isinstance(inner, dict | list) or not inner:
                break
            keys = list(inner) if isinstance(inner, dict) else range(len(inner))
            node, key = inner, keys[choose(len(keys))]
        if key is not None:
            node[key] = copy.deepcopy(NASTY[choose(len(NASTY))])
    return held


@settings(max_examples=150)
@given(st.data(), st.integers(0, 4))
def test_any_export_is_read_or_refused_without_repeating_it(data: st.DataObject, steps: int) -> None:
    held = spoiled(lambda most: data.draw(st.integers(0, most - 1)), steps)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        path.write_text(json.dumps(held), encoding="utf-8")
        problems = Problems(path.name)
        try:
            responses, _ = read_bundle(path, problems)
        except DataError as error:
            told = str(error)
        else:
            told = " ".join(map(str, [*problems.all(), *responses]))
    assert "Zyxwv" not in told
    assert "9990000018" not in told
