"""The command line. Exit status 0 on success, 1 when anything was refused; every problem goes to standard error."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from data.commands_audit import add_arguments as audit_arguments
from data.commands_audit import audit, mend
from data.commands_documents import add_particulars, particulars_for
from data.commands_example import add_arguments as example_arguments
from data.commands_example import example
from data.commands_export import add_arguments as export_arguments
from data.commands_pack import add_arguments as pack_arguments
from data.commands_reduce import add_arguments as reduce_arguments
from data.errors import DataError, DataErrors

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    chosen = parser().parse_args(arguments)
    run: Command = chosen.run
    try:
        return run(chosen)
    except DataError as error:
        tell(error)
        return 1
    except BrokenPipeError:
        # the reader of the output, such as head, has closed it: nothing more can be said
        sys.stderr.close()
        return 1


def parser() -> argparse.ArgumentParser:
    """Describe every command."""
    top = argparse.ArgumentParser(prog="python -m data", description="What the first 1001 days dashboard holds.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        return command

    command = add("load", load, "Check and load publications or returns: each file whole or not at all.")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--by", default=None, help="who loads, for the record; your user name otherwise")
    command.add_argument("--illustrative", action="store_true", help="the figures are made up")
    add_particulars(command)
    command = add("check", check, "Check a publication or return without loading it, and say what it would change.")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--marked", type=Path, metavar="FILE", help="write a copy with every problem marked")
    add_particulars(command)
    command = add("back", back, "Go back to an earlier return, or take a wrong one out; without a number, list them.")
    command.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="the number of the file in that list")
    command.add_argument("--take-out", action="store_true", help="take this file out, whatever came before it")
    command.add_argument("--by", default=None, help="who goes back, for the record; your user name otherwise")
    command = add("template", template, "Write the empty workbook of a return.")
    command.add_argument("name", nargs="?", metavar="NAME")
    command.add_argument("-o", "--output", type=Path, metavar="FILE")
    command.add_argument("--list", action="store_true", help="list the templates")
    command = add("status", status, "Say what is loaded, from which file, and what is illustrative.")
    command.add_argument("--json", action="store_true", help="as JSON")
    command = add("asks", asks, "List each of the 107 asks, its status and where it is answered.")
    command.add_argument("--json", action="store_true", help="as JSON")
    command = add("trail", trail, "List who loaded, changed, signed off and took away what, and check that list.")
    command.add_argument("--verify", action="store_true", help="only say whether the trail is still what was written")
    command.add_argument("--noted", metavar="NUMBER:HASH", help="a last entry that was noted outside the store before")
    command.add_argument("--csv", type=Path, metavar="FILE", help="write the whole trail, hashes included")
    command = add("pseudonym", pseudonym, "Put pseudonyms in place of NHS numbers, on the sender's side.")
    command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a CSV or XLSX table of people")
    command.add_argument("--column", default="NHS number", metavar="NAME", help="the column; NHS number otherwise")
    command.add_argument("--key", type=Path, metavar="FILE", help="the key, which stays with the senders")
    command.add_argument("--system", default="", metavar="NAME", help="whose numbers they are, if not the NHS's")
    command.add_argument("--new-key", type=Path, metavar="FILE", help="write a new key and do nothing else")
    command.add_argument("-o", "--output", type=Path, metavar="FILE")
    command = add("reduce", reduce, "Reduce pregnancy questionnaires to events and counts, on the sender's side.")
    reduce_arguments(command)
    audit_arguments(add("audit", audit, "Attack everything that is released, and say what could be worked out."))
    command = add(
        "mend", mend, "After a change of the illustrative figures: attack them, and keep what must be hidden."
    )
    command.add_argument("--workers", type=int, default=None, help="processes; as many as there are cores otherwise")
    command = add("export", export, "Write the answer to a question as a file: the same as the page's download.")
    export_arguments(command)
    command = add("pack", pack, "Make a board pack, as an accessible DOCX or as a tagged PDF.")
    pack_arguments(command)
    command = add("example", example, "Make an illustrative store of invented areas, of any size, for benchmarks.")
    example_arguments(command)
    add("prepare", prepare, "Make the store, with the embedded reference and illustrative returns.")
    return top


def open_prepared() -> Any:
    """Open the store, filling it first where it is new."""
    from data.intake.preparing import prepare_store
    from data.store.engine import open_store

    engine = open_store()
    if prepare_store(engine):
        release(engine)
    return engine


def release(engine: Any) -> None:
    """Protect and release again what a load has changed."""
    import os

    from data.answers.current import ensure_current
    from data.commands_progress import telling

    with telling() as progress:
        ensure_current(engine, os.cpu_count() or 1, progress)


def prepare(chosen: argparse.Namespace) -> int:  # noqa: ARG001 (every command takes what was chosen)
    """Make and fill the store, and release what it holds."""
    engine = open_prepared()
    release(engine)
    print("The store is ready.")
    return 0


def load(chosen: argparse.Namespace) -> int:
    """Load each file in a transaction of its own, lookups first."""
    from data.intake.loading import in_loading_order
    from data.intake.loading import load as load_file

    particulars = particulars_for(chosen, chosen.files)
    engine = open_prepared()
    by = chosen.by or getpass.getuser()
    changed, refused = False, 0
    for path in in_loading_order(chosen.files):
        try:
            report = load_file(path, engine, loaded_by=by, illustrative=chosen.illustrative, particulars=particulars)
        except DataError as error:
            tell(error)
            note_refusal(path, error, by)
            refused += 1
            continue
        print(" ".join(report.sentences()))
        changed |= report.loaded
    if changed:
        release(engine)
    return 1 if refused else 0


def note_refusal(path: Path, error: DataError, by: str) -> None:
    """Write to the trail that a file was refused; what was never a file, or met no store, leaves no entry."""
    from data.actions.people import Person
    from data.actions.sending import note_refusal as note
    from data.errors import StoreError
    from data.intake.loading import IdentifiersFound, fingerprint
    from data.intake.proposal import problems_of

    if path.is_file() and not isinstance(error, StoreError):
        identifies = isinstance(error, IdentifiersFound)
        note(Person(by, by, "steward", local=True), path, problems_of(error), fingerprint(path), identifies=identifies)


def check(chosen: argparse.Namespace) -> int:
    """Check each file against the store without writing: what is wrong, what is unlikely, what would change."""
    from data.intake.loading import in_loading_order
    from data.intake.proposal import marked_copy, propose

    particulars = particulars_for(chosen, chosen.files)
    engine = open_prepared()
    refused = 0
    for path in in_loading_order(chosen.files):
        try:
            proposal = propose(path, engine, particulars)
        except DataError as error:
            tell(error)
            refused += 1
            continue
        if proposal.report is None or proposal.changes is None:
            several = len(proposal.problems) > 1
            tell(DataErrors(proposal.problems, file=path.name) if several else proposal.problems[0])
            refused += 1
        else:
            changes = () if proposal.report.already_loaded else (proposal.changes.sentence(),)
            print(" ".join((*proposal.report.sentences(), *changes)))
        for warning in proposal.warnings:
            print(f"  Look at this: {warning}")
        if chosen.marked and (proposal.problems or proposal.warnings):
            write_file(chosen.marked, marked_copy(path, (*proposal.problems, *proposal.warnings)))
    return 1 if refused else 0


def back(chosen: argparse.Namespace) -> int:
    """Go back to an earlier file or take one out, and release what that changed."""
    from data.intake.history import earlier_files, go_back, take_back

    engine = open_prepared()
    if chosen.number is None:
        for file in earlier_files(engine).to_dict("records"):
            print(
                f"{file['id']:>5}  {file['loaded_at'][:10]}  {file['file_name']}, rows not used now: {file['rows']:,}"
            )
        return 0
    act = take_back if chosen.take_out else go_back
    outcome = act(engine, chosen.number, by=chosen.by or getpass.getuser())
    print(" ".join(outcome.sentences()))
    release(engine)
    return 0


def template(chosen: argparse.Namespace) -> int:
    """Write a return's workbook, or list those that there are."""
    from data.sources.templates import template_names, write_template

    if chosen.list:
        print("\n".join(template_names()))
        return 0
    if not chosen.name:
        problem = "no template is named"
        raise DataError(problem, expected="python -m data template NAME -o FILE.xlsx", todo="--list lists them")
    written = write_template(chosen.name, chosen.output or Path(f"{chosen.name}.xlsx"))
    print(f"{written} is written.")
    return 0


def pseudonym(chosen: argparse.Namespace) -> int:
    """Make a key, or write a table with pseudonyms; the store is not opened and no identifier is shown."""
    from data.intake.pseudonyms import key_check, read_key, write_new_key, write_pseudonyms

    if chosen.new_key:
        key = write_new_key(chosen.new_key)
        print(f"{chosen.new_key.name} is written. Keep it safe and never send it. Its check is {key_check(key)}.")
        return 0
    if not (chosen.file and chosen.key and chosen.output):
        problem = "a file, a key or the name of the new file is missing"
        raise DataError(problem, expected="python -m data pseudonym FILE --column NAME --key KEY -o NEW")
    key = read_key(chosen.key)
    written = write_pseudonyms(chosen.file, chosen.output, column=chosen.column, key=key, system=chosen.system)
    print(written.sentence(chosen.output, key))
    return 0


def reduce(chosen: argparse.Namespace) -> int:
    """Reduce the responses of people to what may be sent; the store is not opened and no answer is shown."""
    from data.commands_reduce import reduce as reduce_files

    print("\n".join(reduce_files(chosen)))
    return 0


def export(chosen: argparse.Namespace) -> int:
    """Write an answer as a file, or list the questions."""
    from data.commands_export import export as files_of
    from data.commands_export import lines_of_questions

    if chosen.list:
        print("\n".join(lines_of_questions()))
        return 0
    open_prepared()
    for path, content in files_of(chosen).items():
        write_file(path, content)
    return 0


def pack(chosen: argparse.Namespace) -> int:
    """Make a board pack, or list what one can hold."""
    from data.commands_pack import lines_of_parts
    from data.commands_pack import pack as files_of

    if chosen.list:
        print("\n".join(lines_of_parts()))
        return 0
    open_prepared()
    for path, content in files_of(chosen).items():
        write_file(path, content)
    return 0


def status(chosen: argparse.Namespace) -> int:
    """Say what is loaded."""
    from data.intake.status import status_of
    from data.store.engine import reading

    with reading(open_prepared()) as connection:
        held = status_of(connection)
    if chosen.json:
        print(json.dumps(held, ensure_ascii=False, indent=2))
        return 0
    for file in held["files"]:
        mark = "illustrative" if file["illustrative"] else "real"
        print(f"{file['loaded_at'][:10]}  {mark:<12}  {file['file_name']}: {file['publication']}, {file['edition']}")
        print(f"            {file['rows_accepted']:,} of {file['rows_read']:,} rows, SHA-256 {file['sha256'][:12]}…")
        if file["sign_off"]:
            print(f"            {file['sign_off']}")
    counts = held["indicators"]
    print(f"{counts['with_figures']} indicators have figures; {counts['illustrative']} of them rest on made-up ones.")
    return 0


def trail(chosen: argparse.Namespace) -> int:
    """List the trail, newest first, or check it: status 1 where it is broken."""
    from data.actions.trail import trail_of, write_out

    engine = open_prepared()
    if chosen.csv:
        write_file(chosen.csv, write_out(engine, getpass.getuser()))
    found = trail_of(engine, chosen.noted)
    if not (chosen.csv or chosen.verify or chosen.noted):
        for row in found.table.to_dict("records"):
            mark = f" (SHA-256 {row['file_sha256'][:12]}…)" if row["file_sha256"] else ""
            print(f"{row['number']:>5}  {row['at']}  {row['who']}: {row['act']}: {row['subject']}{mark}")
    print(found.sentence, file=sys.stdout if found.holds else sys.stderr)
    if found.holds:
        print(f"Note its last entry outside the store: {found.last}")
    return 0 if found.holds else 1


def asks(chosen: argparse.Namespace) -> int:
    """List each ask with its status and where it is answered."""
    from data.answers.scorecard import scorecard

    open_prepared()
    table = scorecard().table
    if chosen.json:
        print(json.dumps(asks_of(table), ensure_ascii=False, indent=2))
        return 0
    for row in asks_of(table):
        mark = " (illustrative)" if row["illustrative"] else ""
        print(f"{row['id']:<6} {row['status']}{mark}: {row['words']} [{row['page']}]")
    return 0


def asks_of(table: Any) -> list[dict[str, Any]]:
    """Join the scorecard's rows with where each ask is answered."""
    from data.catalogue import ask

    listed = []
    for row in table.to_dict("records"):
        known = ask(row["ask"])
        listed.append(
            {
                "id": known.id,
                "words": known.quote,
                "status": row["status"],
                "figure": row["figure"],
                "page": known.page,
                "view": row["address"],
                "template": row["template"],
                "indicators": list(known.indicators),
                "registers": list(known.registers),
                "illustrative": bool(row["illustrative"]),
            }
        )
    return listed


def write_file(path: Path, content: bytes) -> None:
    """Write a file and say so."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise DataError(f"the file cannot be written ({error.strerror})", file=str(path)) from None
    print(f"{path} is written.")


def tell(error: DataError) -> None:
    """Write a refusal, each of its problems on a line of its own."""
    print(error, file=sys.stderr)
    if isinstance(error, DataErrors):
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
