"""Every shared reference vector through COMPUTE, within the tolerance it states."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.reference_cases import COMPUTE

SHARED = Path(__file__).resolve().parents[3] / "shared" / "methods" / "shared_vectors.json"
METHODS = 46


def vectors() -> list[Any]:
    """Read the shared vectors, or give one case that is skipped where they are not at hand."""
    if not SHARED.is_file():
        absent = pytest.mark.skip(reason=f"the shared reference vectors are not at {SHARED}")
        return [pytest.param(None, id="absent", marks=absent)]
    return [pytest.param(vector, id=vector["id"]) for vector in json.loads(SHARED.read_text(encoding="utf-8"))]


def agrees(got: Any, wanted: Any, tolerance: Mapping[str, Any]) -> bool:
    if wanted is None:
        return got is None or (isinstance(got, float) and math.isnan(got))
    if isinstance(wanted, (str, bool)):
        return bool(got == wanted)
    if got is None:
        return False
    return bool(abs(float(got) - wanted) <= tolerance.get("abs", 0.0) + tolerance.get("rel", 0.0) * abs(wanted))


def tolerance_of(key: str, place: int, tolerance: Mapping[str, Any]) -> Mapping[str, Any]:
    """Simulated limits and permutation p-values have tolerances of their own."""
    if "lower" in key or "upper" in key:
        if key in tolerance.get("ci_abs", {}):
            return {"abs": tolerance["ci_abs"][key][place]}
        if "ci_rel" in tolerance:
            return {"rel": tolerance["ci_rel"]}
    if key.startswith("p_sim") and "p_sim_abs" in tolerance:
        return {"abs": tolerance["p_sim_abs"]}
    return tolerance


def differences(got: Any, wanted: Any, tolerance: Mapping[str, Any], path: str = "", key: str = "") -> Iterator[str]:
    """Name every place where a result leaves the expected one."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            if name not in got:
                yield f"{path}/{name}: not given"
            else:
                yield from differences(got[name], value, tolerance, f"{path}/{name}", name)
    elif isinstance(wanted, list):
        if len(got) != len(wanted):
            yield f"{path}: {len(got)} values for {len(wanted)}"
            return
        for place, (one, other) in enumerate(zip(got, wanted, strict=True)):
            allowed = tolerance_of(key, place, tolerance)
            yield from differences(one, other, allowed, f"{path}[{place}]", key)
    elif not agrees(got, wanted, tolerance_of(key, 0, tolerance)):
        yield f"{path}: found {got}, expected {wanted}"


@pytest.mark.parametrize("vector", vectors())
def test_agrees_with_reference(vector: dict[str, Any]) -> None:
    untouched = json.dumps(vector["inputs"])
    got = COMPUTE[vector["method"]](vector["inputs"])
    assert list(differences(got, vector["expected"], vector["tolerance"])) == []
    assert json.dumps(vector["inputs"]) == untouched


def test_every_method_is_computed() -> None:
    assert len(COMPUTE) == METHODS


def test_comparison_finds_a_wrong_value() -> None:
    tolerance = {"abs": 0.1, "ci_abs": {"lowercl": [0.5]}, "p_sim_abs": 0.2}
    wanted = {"value": [1.0, None], "lowercl": [2.0], "p_sim": [0.3], "word": "a", "flag": True}
    assert list(differences(wanted, wanted, tolerance)) == []
    wrong = {"value": [1.2, 5.0], "lowercl": [2.6], "p_sim": [0.6], "word": "b", "flag": False}
    assert len(list(differences(wrong, wanted, tolerance))) == 6
    assert list(differences({"value": [1.0]}, {"value": [1.0, 2.0], "gone": 1}, tolerance)) == [
        "/value: 1 values for 2",
        "/gone: not given",
    ]
    assert list(differences({"value": None}, {"value": 1.0}, tolerance)) == ["/value: found None, expected 1.0"]
