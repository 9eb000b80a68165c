"""The empty workbook of a return. It holds no figure, so everybody who may come in may have one."""

from __future__ import annotations

import tempfile
from pathlib import Path


def template_file(name: str) -> bytes:
    """Write a return's template and give it."""
    from data.sources.templates import write_template

    with tempfile.TemporaryDirectory(prefix="first1001-") as folder:
        return write_template(name, Path(folder) / "template.xlsx").read_bytes()


def questionnaire_file(name: str) -> bytes:
    """Give a file of the published pregnancy questionnaire: the questions, their codes, or the rule of need."""
    from data.catalogue.questionnaire import CODES, DEFINITION, FOLDER, RULE

    return {"questions": DEFINITION, "codes": CODES, "rule": FOLDER / RULE}[name].read_bytes()
