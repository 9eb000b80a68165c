"""The command that writes an answer as a file: the same file as the page's download, and on the trail like it."""

from __future__ import annotations

import argparse
import getpass
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.answers.answer import Answer
from data.errors import DataError, UnknownName

KINDS = "xlsx, ods, csv, csvw, parquet, geojson, gpkg, or package; package without a question is all that is released"
EXAMPLE = "python -m data export --question over_time --filter name=NAME --filter area_code=CODE --format xlsx -o FILE"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Describe what may be said."""
    command.add_argument("--question", metavar="NAME", help="what is asked; --list names every question")
    command.add_argument(
        *("--filter", "--filters"), nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="what is chosen"
    )
    command.add_argument("--format", default="xlsx", metavar="KIND", help=KINDS)
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="named after what it holds otherwise")
    command.add_argument("--list", action="store_true", help="list the questions and what can be chosen of each")


def export(chosen: argparse.Namespace) -> dict[Path, bytes]:
    """Ask the question and give the files to write, with their content."""
    from data.actions.exporting import export_file, export_whole
    from data.actions.people import Person
    from data.exports.csv_file import csvw_bytes
    from data.exports.formats import file_name, format_of

    who = getpass.getuser()
    person = Person(who, who, "steward", local=True)
    if chosen.format == "package" and not chosen.question:
        name, content = export_whole(person)
        return {chosen.output or Path(name): content}
    if not chosen.question:
        raise DataError("no question is named", expected=EXAMPLE, todo="--list names every question")
    format_of(chosen.format)
    answers = answers_to(chosen.question, choices_of(chosen.filter))
    path = chosen.output or Path(file_name(answers, chosen.question, chosen.format))
    content = export_file(person, answers, chosen.question, chosen.format)
    made = {path: content}
    if chosen.format == "csv":
        (answer,) = answers.values()
        made[path.with_name(f"{path.name}-metadata.json")] = csvw_bytes(answer, path.name)
    return made


def choices_of(filters: list[str]) -> dict[str, str]:
    """Read what was chosen."""
    choices = {}
    for one in filters:
        name, sign, value = one.partition("=")
        if not sign:
            raise DataError("a filter has no value", found=one, expected="NAME=VALUE, such as area_code=E06000058")
        choices[name] = value
    return choices


def answers_to(name: str, choices: Mapping[str, str]) -> dict[str, Answer]:
    """Ask a question; what has no table, or no figures yet, is refused in words."""
    from data.answers.questions import question

    ask = question(name)
    may_choose = inspect.signature(ask).parameters
    for unknown in choices.keys() - may_choose.keys():
        raise UnknownName(f"{name} has no such filter", found=unknown, expected=", ".join(may_choose) or "no filter")
    needed = [one.name for one in may_choose.values() if one.default is inspect.Parameter.empty]
    if missing := [one for one in needed if one not in choices]:
        raise DataError(f"{name} needs a filter", expected=" ".join(f"--filter {one}=VALUE" for one in missing))
    return tables_of(name, ask(**choices))


def tables_of(name: str, found: Any) -> dict[str, Answer]:
    """Give the tables of what was answered."""
    if isinstance(found, Answer):
        return {name: found}
    if isinstance(found, tuple) and found and all(isinstance(one, Answer) for one in found):
        return {f"{name}-{number}": one for number, one in enumerate(found, start=1)}
    if found is None or found == ():
        raise DataError("There are no figures for this question yet", found=name)
    raise DataError("This question only lists what can be chosen", found=name, todo="--list names every question")


def lines_of_questions() -> list[str]:
    """List every question with what can be chosen of it; what must be chosen stands without brackets."""
    from data.answers.questions import QUESTIONS, question

    lines = []
    for name in QUESTIONS:
        said = [
            f"{one.name}=…" if one.default is inspect.Parameter.empty else f"[{one.name}=…]"
            for one in inspect.signature(question(name)).parameters.values()
        ]
        lines.append(" ".join((name, *said)))
    return lines
