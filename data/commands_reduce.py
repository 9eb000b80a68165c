"""The sender's command: responses to the pregnancy questionnaire in, pseudonymised events and counts out.

It runs on the sender's own machine. It opens no store, sends nothing, and never shows an answer or an identifier.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import DataError, DataErrors, UnreadableFile

if TYPE_CHECKING:
    from data.intake.reduced_files import Sender
    from data.intake.reduction import Reduced
    from data.sources.questionnaire_answers import Problems, Response

EVENTS, COUNTS = "pathway_events.csv", "long_return.csv"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Describe what may be said."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="FHIR bundles (JSON) or tables of answers")
    command.add_argument("--key-file", type=Path, required=True, metavar="KEY", help="the key, which stays with you")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--supplier", required=True, metavar="NAME", help="your organisation, the same every time")
    command.add_argument("--column", default="NHS number", metavar="NAME", help="the column of identifiers in a table")
    command.add_argument("--system", default="", metavar="NAME", help="whose numbers they are, if not the NHS's")
    command.add_argument("--postcodes", type=Path, metavar="FILE", help="the ONS postcode lookup (NSPL)")
    command.add_argument("--bookings", type=Path, metavar="FILE", help="booked pregnancies by lsoa21cd and period")
    command.add_argument(
        "--buddy-rule", metavar="FILE", help="count who might need a buddy: a return of local settings, or 'start'"
    )
    command.add_argument("--one-of-several", action="store_true", help="others send the same counts: add them up")
    command.add_argument("--illustrative", action="store_true", help="the responses are made up")


def reduce(chosen: argparse.Namespace) -> list[str]:
    """Read every file, reduce them together, and write both returns or neither; say what was done."""
    from data.intake.pseudonyms import key_check, read_key
    from data.intake.reduced_files import Sender

    key = read_key(chosen.key_file)
    sender = Sender(" ".join(chosen.supplier.split()), chosen.one_of_several, chosen.illustrative)
    refuse_unclear(chosen, sender)
    reduced = reduce_files(chosen, key)
    written = write_both(chosen, reduced, sender)
    last = f"The check of the key is {key_check(key)}. Send these two files, and nothing else."
    return [*written, *said_of(reduced), last]


def refuse_unclear(chosen: argparse.Namespace, sender: Sender) -> None:
    """Refuse what would end in a file that nobody accepts, before anything is read."""
    from data.intake.identifiers import identifiers_in

    if not sender.name or identifiers_in(sender.name):
        raise DataError("the supplier is missing or names a person", expected="the name of your organisation")
    for name in (EVENTS, COUNTS):
        if (chosen.output / name).exists():
            raise UnreadableFile("there is a file of this name already", file=name, todo="Choose another folder")


def reduce_files(chosen: argparse.Namespace, key: bytes) -> Reduced:
    """Reduce the responses of all files; every problem of all of them is told at once."""
    from data.intake.pseudonyms import plain_identifier, plain_nhs_number
    from data.intake.reduction import place_by, reduce_responses
    from data.sources.footprint import known_lsoa21
    from data.sources.questionnaire_answers import Problems
    from data.sources.reading import ReadingContext

    place = place_by(known_lsoa21(ReadingContext()), postcodes_in(chosen.postcodes))
    plain = plain_identifier(chosen.system) if chosen.system else plain_nhs_number
    problems: list[DataError] = []
    responses: list[Response] = []
    open_yet = 0
    for path in chosen.files:
        noted = Problems(path.name)
        found, waiting = read_responses(path, noted, chosen)
        for one in found:
            if plain(one.person) is None:
                noted.add(one.entry, "this is no valid identifier", todo="Correct it, or name its system with --system")
        responses, open_yet = responses + found, open_yet + waiting
        problems += noted.all()
    if problems:
        raise problems[0] if len(problems) == 1 else DataErrors(problems)
    reduced: Reduced = reduce_responses(responses, key=key, plain=plain, place=place)
    if open_yet:
        reduced.left_out["because they are not completed"] = open_yet
    return reduced


def read_responses(path: Path, problems: Problems, chosen: argparse.Namespace) -> tuple[list[Response], int]:
    """Read a file by what is in it: FHIR JSON, or a table."""
    from data.sources.formats import detect_kind
    from data.sources.questionnaire_bundle import read_bundle
    from data.sources.questionnaire_table import read_answer_table
    from data.sources.safe_opening import check_opening

    if detect_kind(path) == "json":
        return read_bundle(path, problems, chosen.system)
    check_opening(path)
    problems.place = "row"
    return read_answer_table(path, problems, chosen.column)


def postcodes_in(path: Path | None) -> dict[str, str]:
    """Read the postcode lookup, where one is named."""
    if path is None:
        return {}
    from data.sources.postcodes import read
    from data.sources.reading import ReadingContext

    frame = read(path, ReadingContext()).frames["postcode"]
    return dict(zip(frame["postcode"], frame["area_code"], strict=True))


def write_both(chosen: argparse.Namespace, reduced: Reduced, sender: Sender) -> list[str]:
    """Write the two returns: first aside, where they are checked as the door will check them, then in place."""
    from data.intake.buddy_need import read_settings
    from data.intake.reduced_files import check_written, count_rows, read_bookings, write_counts, write_events
    from data.sources.footprint import known_lsoa21
    from data.sources.reading import ReadingContext

    bookings = read_bookings(chosen.bookings, known_lsoa21(ReadingContext())) if chosen.bookings else None
    agreed = read_settings(chosen.buddy_rule) if chosen.buddy_rule else None
    rows, notes = count_rows(reduced.forms, bookings, sender, agreed)
    said = []
    try:
        chosen.output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=chosen.output) as aside:
            events, counts = Path(aside) / EVENTS, Path(aside) / COUNTS
            made = {events: write_events(events, reduced.events, sender), counts: write_counts(counts, rows)}
            for path in [path for path, lines in made.items() if lines]:
                check_written(path)
            for path, lines in made.items():
                if lines:
                    path.rename(chosen.output / path.name)
                said.append(f"{path.name} is written: {lines:,} rows." if lines else f"{path.name} would be empty.")
    except OSError:
        raise UnreadableFile("the files cannot be written here", todo="Choose another folder") from None
    return [*said, *notes]


def said_of(reduced: Reduced) -> list[str]:
    """Say how many responses were used and how many were left out, and why."""
    left_out = sorted(reduced.left_out.items())
    counted = len(reduced.forms)
    return [
        "1 form is counted." if counted == 1 else f"{counted:,} forms are counted.",
        *(f"Left out, {why}: {count:,}." for why, count in left_out),
    ]
