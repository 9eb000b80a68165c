"""The command that makes a board pack: the same paper as the one that the page Take away makes, and on the trail."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from urllib.parse import parse_qsl

from data.answers.answer import Answer
from data.catalogue.board_paper import Part, board_paper
from data.errors import DataError


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Describe what may be said."""
    command.add_argument("--format", default="docx", choices=("docx", "pdf"), help="an accessible document")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="named after its day otherwise")
    command.add_argument(
        "--question",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="a part that --list names, or any question as NAME?FILTER=VALUE&FILTER=VALUE",
    )
    command.add_argument(
        "--field", nargs="+", action="extend", default=[], metavar="NAME=TEXT", help="an entry of the cover sheet"
    )
    command.add_argument("--list", action="store_true", help="list the parts, and the entries of the cover sheet")


def pack(chosen: argparse.Namespace) -> dict[Path, bytes]:
    """Ask, make the pack, and give the file to write with its content."""
    from data.actions.packing import STANDING, make_pack
    from data.actions.people import Person
    from data.answers.questions import question

    fields = fields_of(chosen.field)
    standing = {name: question(name)() for name in STANDING}
    who = getpass.getuser()
    person = Person(who, who, "steward", local=True)
    made = make_pack(person, standing, parts_of(chosen.question), fields, chosen.format)
    return {chosen.output or Path(made.file): made.content}


def fields_of(entries: list[str]) -> dict[str, str]:
    """Read what is to stand on the cover."""
    found = {}
    for one in entries:
        name, sign, text = one.partition("=")
        if not sign:
            raise DataError(
                "an entry of the cover sheet has no text", expected='NAME=TEXT, such as purpose="For decision"'
            )
        found[name] = text
    return found


def parts_of(names: list[str]) -> dict[Part, Answer]:
    """Ask the chosen questions, or those that a pack holds unless something else is said."""
    form = board_paper()
    found: dict[Part, Answer] = {}
    for name in names or [one.id for one in form.parts if one.first]:
        known = next((one for one in form.parts if one.id == name), None)
        found |= asked(known) if known else asked_freely(name)
    return found


def asked(part: Part) -> dict[Part, Answer]:
    """Ask the question of a part that the form knows."""
    from data.answers.questions import question

    return {part: question(part.question)(**part.chosen)}


def asked_freely(text: str) -> dict[Part, Answer]:
    """Ask any question, with what is chosen behind a question mark; each of its tables becomes a part."""
    from data.commands_export import answers_to

    name, _, choices = text.partition("?")
    chosen = dict(parse_qsl(choices, keep_blank_values=True))
    return {Part(one, answer.question, name): answer for one, answer in answers_to(name, chosen).items()}


def lines_of_parts() -> list[str]:
    """List the parts, those of a pack of its own first said so, and the entries of the cover sheet."""
    form = board_paper()
    parts = [f"{one.id}: {one.label}{' (unless you choose)' if one.first else ''}" for one in form.parts]
    return [*parts, *(f"--field {one.id}=…: {one.label}, {one.prompt}" for one in form.fields)]
